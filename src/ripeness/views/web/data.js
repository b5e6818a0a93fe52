/**
 * What the page says to its scripts: JSON in elements with ids that begin with `data-`.
 *
 * @param {string} name
 * @returns {any} its content, or null if the page has none of that name
 */
export function readData(name) {
  const element = document.getElementById(`data-${name}`);
  return element ? JSON.parse(element.textContent ?? "null") : null;
}
