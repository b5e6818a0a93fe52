/** Tables that a chart's specification holds as text. */

/**
 * Read comma-separated values: a field is a number where it looks like one, and null where empty.
 *
 * Vega's own reader makes functions of text, which the page's policy forbids.
 *
 * @param {string} text
 * @returns {Record<string, string | number | null>[]}
 */
export function rowsOfText(text) {
  const [head, ...lines] = fieldsOfText(text);
  return lines.map((fields) =>
    Object.fromEntries(head.map((name, place) => [name, valueOf(fields[place])])),
  );
}

/**
 * @param {string} text
 * @returns {string[][]} the fields of each line
 */
function fieldsOfText(text) {
  /** @type {string[][]} */
  const lines = [];
  /** @type {string[]} */
  let fields = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/g)) {
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    if (fields.length > 1 || fields[0] !== "") lines.push(fields);
    fields = [];
  }
  return lines;
}

/**
 * @param {string | undefined} field
 * @returns {string | number | null}
 */
function valueOf(field) {
  if (field === undefined || field === "") return null;
  const number = Number(field);
  return Number.isNaN(number) ? field : number;
}

/**
 * Give a specification whose tables are rows wherever they were text.
 *
 * @param {Record<string, any>} spec with its tables by name, under `datasets`
 * @returns {Record<string, any>}
 */
export function withRows(spec) {
  /** @type {[string, any][]} */
  const tables = Object.entries(spec.datasets ?? {});
  const datasets = tables.map(([name, table]) => [
    name,
    typeof table !== "string" ? table : /^[[{]/.test(table) ? JSON.parse(table) : rowsOfText(table),
  ]);
  return { ...withoutFormat(spec), datasets: Object.fromEntries(datasets) };
}

/**
 * @param {any} part of a specification
 * @returns {any} the same, without what tells how a named table is written
 */
function withoutFormat(part) {
  if (Array.isArray(part)) return part.map(withoutFormat);
  if (part === null || typeof part !== "object") return part;
  if (typeof part.name === "string" && part.format) return { name: part.name };
  return Object.fromEntries(
    Object.entries(part)
      .filter(([key]) => key !== "datasets")
      .map(([key, value]) => [key, withoutFormat(value)]),
  );
}
