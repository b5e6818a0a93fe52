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

/** So many claims are counted together: what they come to is one of 3⁸ patterns. */
const CLAIMS_TOGETHER = 8;

/**
 * Give every row the number of its pattern, for each few claims: a digit of base three a claim.
 *
 * To count the patterns is to count these claims at once.
 *
 * @param {Uint8Array[]} columns one a claim
 * @param {number} rows
 * @returns {{size: number, bins: Uint32Array}[]} how many patterns there may be, and each row's
 */
export function patternsOf(columns, rows) {
  const found = [];
  for (let first = 0; first < columns.length; first += CLAIMS_TOGETHER) {
    const together = columns.slice(first, first + CLAIMS_TOGETHER);
    const bins = new Uint32Array(rows);
    together.forEach((column, place) => {
      const digit = STATES ** place;
      for (let row = 0; row < rows; row += 1) bins[row] += digit * column[row];
    });
    found.push({ size: STATES ** together.length, bins });
  }
  return found;
}

/**
 * The share of worlds in which each claim holds.
 *
 * @param {Int32Array[]} counts of the patterns of each few claims
 * @param {number} claims how many
 * @returns {(Share | null)[]} null where too few worlds are asked to say
 */
export function sharesOf(counts, claims) {
  const held = new Float64Array(claims), asked = new Float64Array(claims);
  counts.forEach((patterns, together) => {
    const first = together * CLAIMS_TOGETHER;
    for (let pattern = 1; pattern < patterns.length; pattern += 1) {
      const count = patterns[pattern];
      if (!count) continue;
      for (let claim = first, rest = pattern; rest > 0; claim += 1) {
        const state = rest % STATES;
        if (state === HOLDS) held[claim] += count;
        if (state >= FAILS) asked[claim] += count;
        rest = (rest - state) / STATES;
      }
    }
  });
  return [...held].map((count, claim) =>
    asked[claim] < FEWEST_WORLDS ? null : wilsonShare(count, asked[claim]),
  );
}

/**
 * The claim whose verdict moved most, and its shares of worlds now and before.
 *
 * @typedef {object} Moved
 * @property {Claim} claim
 * @property {string} now
 * @property {string} was
 */

/**
 * @typedef {object} Verdicts
 * @property {(shares: (Share | null)[]) => void} draw
 * @property {(shares: (Share | null)[]) => void} sort those that moved most first
 * @property {(shares: (Share | null)[]) => Moved | null} mostMoved
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

  /** By how much a share moved beyond what chance does; 0 if it did not. */
  const change = (/** @type {Share | null} */ share, /** @type {number} */ place) => {
    const before = all[place];
    return share && before && apart(share, before) ? Math.abs(share.value - before.value) : 0;
  };

  return {
    draw(shares) {
      rows.forEach(({ row, told, fill, low }, place) => {
        const share = shares[place];
        row.classList.toggle("unknown", !share);
        row.classList.toggle("moved", change(share, place) > 0);
        told.textContent = share
          ? `${inTwenty(share.value)} · ${shareWithInterval(share)}`
          : "too few worlds to say";
        fill.style.width = `${(share?.value ?? 0) * 100}%`;
        low.style.left = `${(share?.low ?? 0) * 100}%`;
        low.style.width = `${((share?.high ?? 0) - (share?.low ?? 0)) * 100}%`;
      });
    },
    sort(shares) {
      const order = rows.map(({ row }, place) => ({ row, by: change(shares[place], place) }));
      order.sort((one, other) => other.by - one.by);
      const list = order[0]?.row.parentElement;
      if (!list || list.contains(document.activeElement)) return; // who reads there is not moved
      list.append(...order.map(({ row }) => row));
      list.scrollTop = 0;
    },
    mostMoved(shares) {
      const changes = shares.map(change);
      const most = changes.indexOf(Math.max(0, ...changes));
      const share = shares[most], before = all[most];
      if (!share || !before || !changes[most]) return null;
      return { claim: claims[most], now: inTwenty(share.value), was: inTwenty(before.value) };
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
