/** The explorer's plans: one outcome under each of them, in the worlds that remain. */

import { inTwenty, withinSpan } from "./explorer_words.js";

/** @typedef {import("./explorer_columns.js").Column} Column */

/**
 * An outcome under one plan.
 *
 * @typedef {object} Spread
 * @property {number} low a tenth of worlds lie under it
 * @property {number} middle
 * @property {number} high
 * @property {number | null} more share of worlds with more than under the first plan
 * @property {number | null} less
 */

const LESS = 0, MORE = 2, DIGITS = 3;

/**
 * Read spreads off counts: what a tenth, half, and nine tenths of worlds lie under.
 *
 * @param {Column[]} columns the outcome under each plan
 * @param {Int32Array[]} counts of each
 * @param {Int32Array | null} pairs how many worlds have which pattern against the first plan
 * @returns {(Spread | null)[]} null if no world remains
 */
export function spreadsOf(columns, counts, pairs) {
  const compared = pairs ? againstFirst(pairs, columns.length - 1) : null;
  return columns.map((column, plan) => {
    const worlds = sumOf(counts[plan], column.starts.length);
    if (!worlds) return null;
    const [low, middle, high] = [0.1, 0.5, 0.9].map((at) => quantileOf(column, counts[plan], at * worlds));
    const { more, less } = plan && compared ? compared[plan - 1] : { more: null, less: null };
    return { low, middle, high, more, less };
  });
}

/**
 * @param {Int32Array} pairs
 * @param {number} others how many plans are held against the first
 */
function againstFirst(pairs, others) {
  const found = Array.from({ length: others }, () => ({ more: 0, less: 0 }));
  let all = 0;
  for (let pattern = 0; pattern < DIGITS ** others; pattern += 1) {
    const count = pairs[pattern];
    all += count;
    let rest = pattern;
    for (const plan of found) {
      const digit = rest % DIGITS;
      if (digit === MORE) plan.more += count;
      if (digit === LESS) plan.less += count;
      rest = Math.floor(rest / DIGITS);
    }
  }
  return found.map(({ more, less }) => ({ more: all ? more / all : null, less: all ? less / all : null }));
}

/**
 * @param {Column} column
 * @param {Int32Array} counts
 * @param {number} reached
 */
function quantileOf(column, counts, reached) {
  let sum = 0;
  const starts = /** @type {number[]} */ (column.starts);
  for (let bin = 0; bin < starts.length; bin += 1) {
    if (sum + counts[bin] < reached) {
      sum += counts[bin];
      continue;
    }
    if (column.kind === "values" || !counts[bin]) return starts[bin];
    const end = starts[bin + 1] ?? column.end ?? starts[bin];
    return starts[bin] + ((end - starts[bin]) * (reached - sum)) / counts[bin];
  }
  return starts[starts.length - 1];
}

/**
 * @param {Int32Array} counts
 * @param {number} size
 */
function sumOf(counts, size) {
  let sum = 0;
  for (let bin = 0; bin < size; bin += 1) sum += counts[bin];
  return sum;
}

/**
 * Write the spreads into the table of plans, which is in the page already.
 *
 * @param {ParentNode} root
 * @param {string[]} plans
 * @param {(Spread | null)[]} spreads
 * @param {number[]} scale the ends of what is drawn
 */
export function drawPlans(root, plans, spreads, [least, most]) {
  const at = (/** @type {number} */ value) =>
    `${Math.min(100, Math.max(0, ((value - least) / (most - least || 1)) * 100))}%`;
  const write = (/** @type {number} */ value) => withinSpan(value, most - least);
  plans.forEach((plan, place) => {
    const row = /** @type {HTMLElement} */ (root.querySelector(`[data-plan="${CSS.escape(plan)}"]`));
    const spread = spreads[place];
    const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (row.querySelector(`.${name}`));
    part("told").textContent = spread
      ? `${write(spread.middle)} (${write(spread.low)} to ${write(spread.high)})`
      : "no world";
    const against = row.querySelector(".against");
    if (against) {
      against.textContent =
        spread && spread.more !== null && spread.less !== null
          ? `more in ${inTwenty(spread.more)}, less in ${inTwenty(spread.less)}`
          : "";
    }
    part("line").style.left = spread ? at(spread.low) : "0";
    part("line").style.width = spread ? `calc(${at(spread.high)} - ${at(spread.low)})` : "0";
    part("dot").style.left = spread ? at(spread.middle) : "0";
    part("dot").hidden = !spread;
  });
}
