/**
 * The engine of the explorer: counts rows by bins while brushes move.
 *
 * Every column that is counted ignores its own brush and heeds all others. For each row a number
 * holds, a bit a brush, which brushes it fails. When a brush moves only rows whose bin enters or
 * leaves are looked at, unless they are so many that to count all anew in order is quicker.
 */

/** More rows than this part of all, and all are counted anew. */
const MANY_ROWS = 1 / 16;

/** So many bits does a row's number have. */
export const MOST_BRUSHES = 31;

/**
 * @typedef {object} Counted a column that is counted
 * @property {Uint8Array | Uint32Array} bins of each row
 * @property {Int32Array} counts of each bin, of rows that meet all other brushes
 * @property {Int32Array} all counts of each bin, of all rows
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
    /** Rows that were listed, for all columns and for one. */
    this.listed = new Uint32Array(rows);
    this.own = new Uint32Array(rows);
    /** @type {(Counted | null)[]} the columns that are brushed, by the place of their bit */
    this.brushed = new Array(MOST_BRUSHES).fill(null);
  }

  /**
   * Count a column from now on.
   *
   * @param {string} name
   * @param {Uint8Array | Uint32Array} bins of each row
   * @param {number} size one more than the highest bin
   * @returns {Int32Array} its counts, kept up to date
   */
  count(name, bins, size) {
    const known = this.columns.get(name);
    if (known) return known.counts;
    const allowed = new Uint8Array(size).fill(1);
    const all = new Int32Array(size);
    for (let row = 0; row < this.rows; row += 1) all[bins[row]] += 1;
    const counts = all.slice();
    /** @type {Counted} */
    const column = { bins, counts, all, bit: 0, allowed, order: null, starts: null };
    this.columns.set(name, column);
    if (this.selected < this.rows) this.#countAll([column]);
    return counts;
  }

  /**
   * Count the rows that meet all brushes, the column's own too, by its bins.
   *
   * @param {string} name
   * @returns {Int32Array}
   */
  within(name) {
    const { counts, allowed } = /** @type {Counted} */ (this.columns.get(name));
    return counts.map((count, bin) => count * allowed[bin]);
  }

  /**
   * Count a column no more; its brush is lifted first.
   *
   * @param {string} name
   */
  forget(name) {
    if (!this.columns.has(name)) return;
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
    this.#countAll([...this.columns.values()].filter((each) => each !== column));
  }

  /**
   * Count columns anew: the rows that meet all brushes, or, if they are most, all rows but the rest.
   *
   * @param {Counted[]} columns
   */
  #countAll(columns) {
    const { failed, rows, listed } = this;
    let met = 0;
    for (let row = 0; row < rows; row += 1) met += failed[row] === 0 ? 1 : 0;
    this.selected = met;
    const rest = met > rows / 2;
    list(failed, 0, rest, listed);
    for (const column of columns) {
      if (column.bit) {
        const count = list(failed, column.bit, false, this.own);
        column.counts.fill(0);
        add(column, this.own, count, 1);
      } else {
        if (rest) column.counts.set(column.all);
        else column.counts.fill(0);
        add(column, listed, rest ? rows - met : met, rest ? -1 : 1);
      }
    }
  }

  /**
   * @param {Counted} column
   * @param {number[]} turned
   */
  #moveFew(column, turned) {
    const { order, starts, bit } = sorted(column);
    const { failed } = this;
    for (const change of [1, -1]) {
      let count = 0;
      for (const bin of turned) {
        if ((column.allowed[bin] ? 1 : -1) !== change) continue;
        for (let place = starts[bin]; place < starts[bin + 1]; place += 1) {
          const row = order[place];
          failed[row] ^= bit;
          const rest = failed[row] & ~bit;
          if (rest === 0) {
            this.listed[count] = row;
            count += 1;
          } else if ((rest & (rest - 1)) === 0) {
            // one other brush fails: the row counts in that column alone, which ignores its own
            const only = /** @type {Counted} */ (this.brushed[31 - Math.clz32(rest)]);
            only.counts[only.bins[row]] += change;
          }
        }
      }
      this.selected += change * count;
      for (const each of this.columns.values()) {
        if (each !== column) add(each, this.listed, count, change);
      }
    }
  }
}

/**
 * List the rows that meet all brushes but one, or those that do not.
 *
 * @param {Uint32Array} failed
 * @param {number} ignored the bit of the brush that does not count
 * @param {boolean} rest
 * @param {Uint32Array} into
 * @returns {number} how many
 */
function list(failed, ignored, rest, into) {
  const heeded = ~ignored;
  let count = 0;
  for (let row = 0; row < failed.length; row += 1) {
    into[count] = row;
    count += ((failed[row] & heeded) === 0) === rest ? 0 : 1;
  }
  return count;
}

/**
 * Add to a column's counts for some rows.
 *
 * @param {Counted} column
 * @param {Uint32Array} rows
 * @param {number} count how many of them
 * @param {number} by
 */
function add({ bins, counts }, rows, count, by) {
  if (bins instanceof Uint8Array) addBytes(bins, counts, rows, count, by);
  else addWide(bins, counts, rows, count, by);
}

// Two of one kind, because a loop over arrays of several types runs several times as long.

/**
 * @param {Uint8Array} bins
 * @param {Int32Array} counts
 * @param {Uint32Array} rows
 * @param {number} count
 * @param {number} by
 */
function addBytes(bins, counts, rows, count, by) {
  for (let place = 0; place < count; place += 1) counts[bins[rows[place]]] += by;
}

/**
 * @param {Uint32Array} bins
 * @param {Int32Array} counts
 * @param {Uint32Array} rows
 * @param {number} count
 * @param {number} by
 */
function addWide(bins, counts, rows, count, by) {
  for (let place = 0; place < count; place += 1) counts[bins[rows[place]]] += by;
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
