/** The explorer's verdicts: in what share of the worlds that remain each claim holds. */

import { FEWEST_WORLDS, inTwenty, shareWithInterval, wilsonShare } from "./explorer_words.js";

/** @typedef {import("./explorer_words.js").Share} Share */

/**
 * @typedef {object} Claim
 * @property {string} id
 * @property {string} says
 * @property {string} essay
 * @property {string[]} against
 * @property {number} share over all worlds
 */

/** What a claim comes to in a world, as its column says it. */
const FAILS = 1, HOLDS = 2, STATES = 3;

/**
 * Give every row the number of its pattern: what all claims come to in it.
 *
 * There are far fewer patterns than rows, and to count them is to count all claims at once.
 *
 * @param {Uint8Array[]} columns one a claim
 * @param {number} rows
 * @returns {{bins: Uint32Array, states: Uint8Array[]}} the pattern of each row, and of each
 *   pattern what the claims come to
 */
export function patternsOf(columns, rows) {
  const bins = new Uint32Array(rows);
  /** @type {number[][]} */
  let states = [[]];
  for (const column of columns) {
    const known = new Int32Array(states.length * STATES).fill(-1);
    /** @type {number[][]} */
    const found = [];
    for (let row = 0; row < rows; row += 1) {
      const key = bins[row] * STATES + column[row];
      if (known[key] < 0) {
        known[key] = found.length;
        found.push([...states[bins[row]], column[row]]);
      }
      bins[row] = known[key];
    }
    states = found;
  }
  return { bins, states: states.map((each) => Uint8Array.from(each)) };
}

/**
 * The share of worlds in which each claim holds.
 *
 * @param {Int32Array} counts of each pattern
 * @param {Uint8Array[]} states of each pattern
 * @param {number} claims how many
 * @returns {(Share | null)[]} null where too few worlds are asked to say
 */
export function sharesOf(counts, states, claims) {
  const held = new Float64Array(claims), asked = new Float64Array(claims);
  for (let pattern = 0; pattern < counts.length; pattern += 1) {
    const count = counts[pattern];
    if (!count) continue;
    const of = states[pattern];
    for (let claim = 0; claim < claims; claim += 1) {
      if (of[claim] === HOLDS) held[claim] += count;
      if (of[claim] >= FAILS) asked[claim] += count;
    }
  }
  return [...held].map((count, claim) =>
    asked[claim] < FEWEST_WORLDS ? null : wilsonShare(count, asked[claim]),
  );
}

/**
 * @typedef {object} Verdicts
 * @property {(shares: (Share | null)[]) => void} draw
 * @property {(shares: (Share | null)[]) => string} mostMoved in a sentence; empty if none moved
 */

/**
 * Bring the list of claims to life, which is in the page already.
 *
 * @param {ParentNode} root
 * @param {Claim[]} claims
 * @param {(Share | null)[]} all their shares over all worlds
 * @returns {Verdicts}
 */
export function makeVerdicts(root, claims, all) {
  const rows = claims.map((claim) => {
    const row = /** @type {HTMLElement} */ (
      root.querySelector(`[data-verdict="${CSS.escape(claim.id)}"]`)
    );
    const part = (/** @type {string} */ name) =>
      /** @type {HTMLElement} */ (row.querySelector(`.${name}`));
    part("all").style.left = `${claim.share * 100}%`;
    return { row, told: part("told"), fill: part("held"), low: part("spread") };
  });

  return {
    draw(shares) {
      rows.forEach(({ row, told, fill, low }, place) => {
        const share = shares[place];
        row.classList.toggle("unknown", !share);
        const before = all[place];
        const moved = share && before && apart(share, before);
        row.classList.toggle("moved", Boolean(moved));
        told.textContent = share
          ? `${inTwenty(share.value)} · ${shareWithInterval(share)}`
          : "too few worlds to say";
        fill.style.width = `${(share?.value ?? 0) * 100}%`;
        low.style.left = `${(share?.low ?? 0) * 100}%`;
        low.style.width = `${((share?.high ?? 0) - (share?.low ?? 0)) * 100}%`;
      });
    },
    mostMoved(shares) {
      let most = -1, by = 0;
      shares.forEach((share, place) => {
        const before = all[place];
        if (!share || !before || !apart(share, before)) return;
        const change = Math.abs(share.value - before.value);
        if (change > by) [most, by] = [place, change];
      });
      const share = shares[most], before = all[most];
      if (!share || !before) return "";
      const { id } = claims[most];
      return `Most moved: ${id} holds in ${inTwenty(share.value)}, was ${inTwenty(before.value)}.`;
    },
  };
}

/**
 * @param {Share} one
 * @param {Share} other
 */
function apart(one, other) {
  return one.low > other.high || other.low > one.high;
}
