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

/**
 * What the page says to its scripts in less room: compressed JSON, in an element with an id that
 * begins with `packed-`.
 *
 * @param {string} name
 * @returns {Promise<any>} its content, or null if the page has none of that name
 */
export async function readPacked(name) {
  const packed = document.getElementById(`packed-${name}`)?.textContent;
  return packed ? JSON.parse(new TextDecoder().decode(await unpack(packed))) : null;
}

/**
 * @param {string} packed compressed bytes, in base 64
 * @returns {Promise<ArrayBuffer>}
 */
export async function unpack(packed) {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}
