/** What was chosen in the explorer, as the page's address keeps it. */

/** @typedef {import("./explorer_brush.js").Brush} Brush */
/** @typedef {import("./explorer_columns.js").Column} Column */

/**
 * Write brushes as the page's address says them.
 *
 * @param {Map<string, Brush>} brushes
 */
export function inAddress(brushes) {
  const bins = (/** @type {Brush} */ brush) =>
    "only" in brush ? [...brush.only].sort((a, b) => a - b).join("+") : `${brush.first}-${brush.last}`;
  return [...brushes].map(([name, brush]) => `${name}~${bins(brush)}`).join(" ");
}

/**
 * @param {HTMLSelectElement} select
 * @param {string | null} value chosen if it is one of the options
 */
export function choose(select, value) {
  if ([...select.options].some((option) => option.value === value)) select.value = String(value);
}

/**
 * @param {HTMLSelectElement} select
 * @returns {string} what is chosen; empty if the page chose it so
 */
export function unlessDefault(select) {
  return select.options[select.selectedIndex]?.defaultSelected ? "" : select.value;
}

/**
 * Read a brush from the page's address.
 *
 * @param {Column} column
 * @param {string} bins
 * @returns {Brush | null} null if it fits the column in no way
 */
export function brushOf(column, bins) {
  const separator = column.kind === "words" ? "+" : "-";
  const places = bins === "" ? [] : bins.split(separator).map(Number);
  const fits = (/** @type {number} */ bin) => Number.isInteger(bin) && bin >= 0 && bin < column.starts.length;
  if (!places.every(fits)) return null;
  if (column.kind === "words") return { only: new Set(places) };
  const [first, last] = places;
  return places.length === 2 && first <= last ? { first, last } : null;
}
