/** The explorer's columns: a byte a world each, from the server or from the page itself. */

import { unpack } from "./data.js";

/**
 * @typedef {object} Column
 * @property {string} name
 * @property {"range" | "values" | "words" | "claim" | "pairs"} kind
 * @property {(number | string)[]} starts where each bin begins, or its word
 * @property {number | null} end where the last bin ends
 * @property {string} unit
 * @property {string} means
 * @property {string} assumed
 * @property {number} [beside] the place of the column from which its bins were told apart
 * @property {Uint8Array} bins of each row; 255 where it has no value
 */

/** The bin of a row without a value. */
export const NO_VALUE = 255;

/**
 * Take columns apart that come as one: the length of a head, the head, a byte a row and column.
 *
 * @param {ArrayBuffer} content
 * @returns {{rows: number, columns: Column[]}}
 */
export function columnsOf(content) {
  const length = new DataView(content).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(content, 4, length)));
  /** @type {Column[]} */
  const columns = [];
  head.columns.forEach((/** @type {Column} */ about, /** @type {number} */ place) => {
    const told = new Uint8Array(content, 4 + length + place * head.rows, head.rows);
    const base = about.beside === undefined ? null : columns[about.beside].bins;
    columns.push({ ...about, bins: base ? told.map((by, row) => base[row] + by) : told });
  });
  return { rows: head.rows, columns };
}

/**
 * Ask the server for columns.
 *
 * @param {string} address of the run's explorer
 * @param {string[]} names
 */
export async function fetchColumns(address, names) {
  const response = await fetch(`${address}/columns?${new URLSearchParams({ names: names.join(",") })}`);
  if (!response.ok) throw new Error(`the columns did not come (${response.status})`);
  return columnsOf(await response.arrayBuffer());
}

/**
 * Unpack the columns that lie in the page.
 *
 * @param {string} packed compressed, in base 64
 */
export async function unpackColumns(packed) {
  return columnsOf(await unpack(packed));
}
