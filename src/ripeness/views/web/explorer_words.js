/** How the explorer writes numbers: as the rest of the pages do. */

/** Two-sided 95 %. */
const Z_95 = 1.959964;

/** Fewer worlds than this say nothing of a claim. */
export const FEWEST_WORLDS = 50;

/**
 * @typedef {object} Share a share of worlds with its 95 % interval
 * @property {number} value
 * @property {number} low
 * @property {number} high
 * @property {number} worlds how many it is of
 */

/**
 * Give a share its score interval (Wilson 1927).
 *
 * @param {number} held
 * @param {number} worlds more than none
 * @returns {Share}
 */
export function wilsonShare(held, worlds) {
  const value = held / worlds, z = Z_95;
  const centre = (value + (z * z) / (2 * worlds)) / (1 + (z * z) / worlds);
  const spread = (value * (1 - value)) / worlds + (z * z) / (4 * worlds * worlds);
  const half = (z * Math.sqrt(Math.max(0, spread))) / (1 + (z * z) / worlds);
  return {
    value,
    low: Math.max(0, Math.min(centre - half, value)),
    high: Math.min(1, Math.max(centre + half, value)),
    worlds,
  };
}

/** @param {number} share */
export function inTwenty(share) {
  const dots = Math.round(share * 20);
  if (dots < 1) return "fewer than 1 in 20";
  if (dots >= 20) return "more than 19 in 20";
  return `${dots} in 20`;
}

/** @param {number} share */
export function percentOf(share) {
  if (share < 0.005) return "below 1\u00a0%";
  if (share > 0.995) return "above 99\u00a0%";
  return `${Math.round(share * 100)}\u00a0%`;
}

/** @param {Share} share */
export function shareWithInterval({ value, low, high }) {
  return `${percentOf(value)} (${Math.floor(low * 100)}–${Math.ceil(high * 100)}\u00a0%)`;
}

/**
 * Write a number no finer than a hundredth of a span.
 *
 * @param {number} value
 * @param {number} span
 */
export function withinSpan(value, span) {
  const place = span > 0 ? Math.max(0, 2 - Math.floor(Math.log10(span))) : 0;
  return quantityOf(Number(value.toFixed(Math.min(20, place))));
}

/** Made once, as making one takes longer than writing a hundred numbers. */
const THREE_DIGITS = new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 3 });
const WHOLE = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });

/**
 * Write a number with three significant digits, a true minus, and commas at thousands.
 *
 * @param {number} value
 */
export function quantityOf(value) {
  const text = (Number.isInteger(value) ? WHOLE : THREE_DIGITS).format(Math.abs(value));
  return value < 0 ? `−${text}` : text;
}
