/**
 * The engine of the explorer: counts rows by bins while brushes move.
 *
 * Every column that is counted ignores its own brush and heeds all others. For each row a number
 * holds, a bit a brush, which brushes it fails. When a brush moves only rows whose bin enters or
 * leaves are looked at, unless they are so many that to count all anew in order is quicker.
 */

/** More rows than this part of all, and all are counted anew. */
const MANY_ROWS = 1 / 16;

const MOST_BRUSHES = 31;

/**
 * @typedef {object} Counted a column that is counted
 * @property {Uint8Array | Uint16Array | Uint32Array} bins of each row
 * @property {Int32Array} counts of each bin, of rows that meet all other brushes
 * @property {number} bit of its brush; 0 if it has none
 * @property {Uint8Array} allowed 1 for each bin that its brush lets through
 * @property {Uint32Array | null} order its rows by bin, once it was brushed
 * @property {Uint32Array | null} starts where each bin begins in that order
 */

export class Engine {
  /** @param {number} rows */
  constructor(rows) {
    this.rows = rows;
    /** How many rows meet all brushes. */
    this.selected = rows;
    /** @type {Map<string, Counted>} */
    this.columns = new Map();
    /** For each row, the brushes that it fails. */
    this.failed = new Uint32Array(rows);
    /** @type {(Counted | null)[]} the columns that are brushed, by the place of their bit */
    this.brushed = new Array(MOST_BRUSHES).fill(null);
  }

  /**
   * Count a column from now on.
   *
   * @param {string} name
   * @param {Uint8Array | Uint16Array | Uint32Array} bins of each row
   * @param {number} size one more than the highest bin
   * @returns {Int32Array} its counts, kept up to date
   */
  count(name, bins, size) {
    const known = this.columns.get(name);
    if (known) return known.counts;
    const allowed = new Uint8Array(size).fill(1);
    /** @type {Counted} */
    const column = { bins, counts: new Int32Array(size), bit: 0, allowed, order: null, starts: null };
    this.columns.set(name, column);
    countAll(column, this.failed);
    return column.counts;
  }

  /**
   * Count a column no more; its brush is lifted first.
   *
   * @param {string} name
   */
  forget(name) {
    this.brush(name, null);
    this.columns.delete(name);
  }

  /**
   * Let only some bins of a column through.
   *
   * @param {string} name
   * @param {((bin: number) => boolean) | null} lets which bins; null for all
   */
  brush(name, lets) {
    const column = /** @type {Counted} */ (this.columns.get(name));
    if (!lets && !column.bit) return;
    if (!column.bit) this.#begin(column);
    /** @type {number[]} */
    const turned = [];
    for (let bin = 0; bin < column.allowed.length; bin += 1) {
      const through = !lets || lets(bin) ? 1 : 0;
      if (through === column.allowed[bin]) continue;
      column.allowed[bin] = through;
      turned.push(bin);
    }
    this.#move(column, turned);
    if (!lets) {
      this.brushed[31 - Math.clz32(column.bit)] = null;
      column.bit = 0;
    }
  }

  /** @param {Counted} column */
  #begin(column) {
    const place = this.brushed.indexOf(null);
    if (place < 0) throw new RangeError(`more than ${MOST_BRUSHES} brushes`);
    this.brushed[place] = column;
    column.bit = 2 ** place;
    if (!column.order) sortRows(column);
  }

  /**
   * Rows of some bins begin or cease to fail a brush.
   *
   * @param {Counted} column
   * @param {number[]} turned its bins
   */
  #move(column, turned) {
    const starts = /** @type {Uint32Array} */ (column.starts);
    const moved = turned.reduce((sum, bin) => sum + starts[bin + 1] - starts[bin], 0);
    if (moved > this.rows * MANY_ROWS) this.#moveMany(column, turned);
    else this.#moveFew(column, turned);
  }

  /**
   * @param {Counted} column
   * @param {number[]} turned
   */
  #moveMany(column, turned) {
    const { order, starts, bit } = sorted(column);
    const { failed } = this;
    for (const bin of turned) {
      for (let place = starts[bin]; place < starts[bin + 1]; place += 1) failed[order[place]] ^= bit;
    }
    let selected = 0;
    for (let row = 0; row < this.rows; row += 1) selected += failed[row] === 0 ? 1 : 0;
    this.selected = selected;
    for (const each of this.columns.values()) if (each !== column) countAll(each, failed);
  }

  /**
   * @param {Counted} column
   * @param {number[]} turned
   */
  #moveFew(column, turned) {
    const { order, starts, bit } = sorted(column);
    const { failed } = this;
    const others = [...this.columns.values()].filter((each) => each !== column);
    for (const bin of turned) {
      const change = column.allowed[bin] ? 1 : -1;
      for (let place = starts[bin]; place < starts[bin + 1]; place += 1) {
        const row = order[place];
        failed[row] ^= bit;
        const rest = failed[row] & ~bit;
        if (rest === 0) {
          this.selected += change;
          for (const each of others) each.counts[each.bins[row]] += change;
        } else if ((rest & (rest - 1)) === 0) {
          // one other brush fails: the row counts in that column alone, which ignores its own
          const only = /** @type {Counted} */ (this.brushed[31 - Math.clz32(rest)]);
          only.counts[only.bins[row]] += change;
        }
      }
    }
  }
}

/**
 * Count a column anew.
 *
 * @param {Counted} column
 * @param {Uint32Array} failed
 */
function countAll({ bins, counts, bit }, failed) {
  counts.fill(0);
  const heeded = ~bit;
  for (let row = 0; row < bins.length; row += 1) {
    if ((failed[row] & heeded) === 0) counts[bins[row]] += 1;
  }
}

/**
 * Sort the rows of a column by bin.
 *
 * @param {Counted} column
 */
function sortRows(column) {
  const { bins } = column;
  const starts = new Uint32Array(column.allowed.length + 1);
  for (let row = 0; row < bins.length; row += 1) starts[bins[row] + 1] += 1;
  for (let bin = 0; bin < column.allowed.length; bin += 1) starts[bin + 1] += starts[bin];
  const next = starts.slice();
  const order = new Uint32Array(bins.length);
  for (let row = 0; row < bins.length; row += 1) order[next[bins[row]]++] = row;
  column.order = order;
  column.starts = starts;
}

/**
 * @param {Counted} column that was brushed
 * @returns {{order: Uint32Array, starts: Uint32Array, bit: number}}
 */
function sorted({ order, starts, bit }) {
  return /** @type {any} */ ({ order, starts, bit });
}
