/**
 * A histogram that can be brushed: by pointer over it, or by two sliders, one at each end.
 *
 * The pale outline is all worlds, the filled shape those that the other brushes let through; both
 * are drawn to the same area, so that their forms can be compared.
 */

import { withinSpan } from "./explorer_words.js";

/** @typedef {import("./explorer_columns.js").Column} Column */

/** Of the drawing, in its own units: it stretches to its place. */
const WIDE = 240, HIGH = 64;

const MOST_BARS = 40;

/**
 * The bins from `first` to `last`, both in; or, of words, those in a set.
 *
 * @typedef {{first: number, last: number} | {only: Set<number>}} Brush
 */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @typedef {object} Histogram
 * @property {(counts: Int32Array) => void} draw
 * @property {(brush: Brush | null) => void} show a brush, without telling anyone
 */

/**
 * Make a histogram in a card's place.
 *
 * @param {HTMLElement} place
 * @param {Column} column
 * @param {Int32Array} all counts of all worlds
 * @param {(brush: Brush | null, done: boolean) => void} moved told of each move of the brush, and
 *   whether it has come to rest
 * @returns {Histogram}
 */
export function makeHistogram(place, column, all, moved) {
  place.replaceChildren();
  return column.kind === "words"
    ? makeWords(place, column, all, moved)
    : makeRange(place, column, all, moved);
}

/**
 * @param {Brush | null} brush
 * @returns {((bin: number) => boolean) | null} which bins it lets through
 */
export function letsThrough(brush) {
  if (!brush) return null;
  if ("only" in brush) return (bin) => brush.only.has(bin);
  return (bin) => bin >= brush.first && bin <= brush.last;
}

/**
 * What a brush demands, as the server reads it: two ends, or words.
 *
 * @param {Column} column
 * @param {Brush} brush
 * @returns {(number | string | null)[]}
 */
export function demandOf(column, brush) {
  if ("only" in brush) return [...brush.only].map((bin) => column.starts[bin]);
  const last = column.starts.length - 1;
  return [
    brush.first > 0 ? column.starts[brush.first] : null,
    brush.last < last ? column.starts[brush.last + 1] : null,
  ];
}

/**
 * Say what a brush lets through: "from 12 to under 40 thousand troops".
 *
 * @param {Column} column
 * @param {Brush} brush
 */
export function brushInWords(column, brush) {
  if ("only" in brush) return [...brush.only].map((bin) => column.starts[bin]).join(" or ");
  const [low, high] = demandOf(column, brush);
  const unit = column.unit === "word" ? "" : ` ${column.unit}`;
  const span = Number(column.end) - Number(column.starts[0]);
  const write = (/** @type {unknown} */ value) => withinSpan(Number(value), span);
  if (column.kind === "values") {
    const [from, to] = [column.starts[brush.first], column.starts[brush.last]].map(write);
    return (from === to ? from : `${from} to ${to}`) + unit;
  }
  if (low === null && high === null) return "all";
  if (low === null) return `under ${write(high)}${unit}`;
  if (high === null) return `${write(low)}${unit} and more`;
  return `${write(low)} to ${write(high)}${unit}`;
}

/**
 * @param {HTMLElement} place
 * @param {Column} column
 * @param {Int32Array} all
 * @param {(brush: Brush | null, done: boolean) => void} moved
 * @returns {Histogram}
 */
function makeRange(place, column, all, moved) {
  const size = column.starts.length, last = size - 1;
  const plot = document.createElement("div");
  plot.className = "plot";
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", `0 0 ${WIDE} ${HIGH}`);
  picture.setAttribute("preserveAspectRatio", "none");
  picture.setAttribute("aria-hidden", "true");
  const [whole, part, veil] = ["whole", "part", "veil"].map((name) => {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("class", name);
    picture.append(path);
    return path;
  });
  plot.append(picture);
  const ends = document.createElement("p");
  ends.className = "ends";
  const scale = [column.starts[0], column.end ?? column.starts[last]].map(Number);
  ends.append(...scale.map((value) => textIn("span", withinSpan(value, scale[1] - scale[0]))));
  const told = textIn("strong", ""); // no live region: the sliders and the page's line tell it
  ends.children[0].after(told);
  const thumbs = ["lower", "upper"].map((end) => makeThumb(plot, `${end} end: ${column.means}`, last));
  place.append(plot, ends);
  /** @type {{first: number, last: number} | null} */
  let brush = null;

  const bars = barsOf(all, size);
  const most = Math.max(...bars.map(([, , height]) => height));
  whole.setAttribute("d", outline(bars, most, true));

  /** @param {{first: number, last: number} | null} wanted */
  function show(wanted) {
    brush = wanted;
    const { first, last: upper } = brush ?? { first: 0, last };
    place.classList.toggle("brushed", brush !== null);
    const text = brush ? brushInWords(column, brush) : "";
    told.textContent = text;
    const from = (first / size) * WIDE, to = ((upper + 1) / size) * WIDE;
    const veiled = `M0 0H${from}V${HIGH}H0ZM${to} 0H${WIDE}V${HIGH}H${to}Z`;
    veil.setAttribute("d", brush ? veiled : "");
    for (const [thumb, bin, at] of /** @type {[HTMLElement, number, number][]} */ ([
      [thumbs[0], first, from],
      [thumbs[1], upper, to],
    ])) {
      thumb.style.left = `${(at / WIDE) * 100}%`;
      thumb.setAttribute("aria-valuenow", String(bin));
      thumb.setAttribute("aria-valuetext", text || "all");
    }
  }

  /**
   * @param {number} first
   * @param {number} upper
   * @param {boolean} done
   */
  function set(first, upper, done) {
    const all_ = first <= 0 && upper >= last;
    show(all_ ? null : { first: Math.max(0, first), last: Math.min(last, upper) });
    moved(brush, done);
  }

  thumbs.forEach((thumb, end) => {
    thumb.addEventListener("keydown", (event) => {
      const { first, last: upper } = brush ?? { first: 0, last };
      const mine = end === 0 ? first : upper;
      const [least, highest] = end === 0 ? [0, upper] : [first, last];
      const to = steppedTo(event.key, mine, least, highest, Math.max(1, Math.round(size / 10)));
      if (to === null) return;
      event.preventDefault();
      if (to === undefined) set(0, last, true);
      else if (end === 0) set(to, upper, true);
      else set(first, to, true);
    });
  });
  byPointer(plot, size, () => brush, set);
  show(null);
  return {
    draw(counts) {
      part.setAttribute("d", outline(barsOf(counts, size), most, false));
    },
    show: (wanted) => show(/** @type {{first: number, last: number} | null} */ (wanted)),
  };
}

/**
 * Where a key moves a slider to; undefined if it lifts the brush, null if it does nothing.
 *
 * @param {string} key
 * @param {number} now
 * @param {number} least
 * @param {number} most
 * @param {number} page
 * @returns {number | null | undefined}
 */
function steppedTo(key, now, least, most, page) {
  if (key === "Escape") return undefined;
  const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -page, PageUp: page }[key];
  if (step !== undefined) return Math.min(most, Math.max(least, now + step));
  if (key === "Home") return least;
  if (key === "End") return most;
  return null;
}

/**
 * Brush by pointer: draw a range, move one that is there, or lift it by a click.
 *
 * @param {HTMLElement} plot
 * @param {number} size how many bins
 * @param {() => {first: number, last: number} | null} now
 * @param {(first: number, last: number, done: boolean) => void} set
 */
function byPointer(plot, size, now, set) {
  let box = plot.getBoundingClientRect(); // to ask for it at every move would have all laid out anew
  const binAt = (/** @type {PointerEvent} */ event) => {
    const bin = Math.floor(((event.clientX - box.left) / box.width) * size);
    return Math.min(size - 1, Math.max(0, bin));
  };
  /** @type {{from: number, brush: {first: number, last: number} | null, end: number, drew: boolean} | null} */
  let drag = null;
  plot.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    box = plot.getBoundingClientRect();
    const thumb = /** @type {HTMLElement} */ (event.target).closest("[role=slider]");
    const from = binAt(event), brush = now();
    const end = thumb ? [...plot.querySelectorAll("[role=slider]")].indexOf(thumb) : -1;
    const inside = brush !== null && from >= brush.first && from <= brush.last;
    drag = { from, brush: thumb || inside ? brush ?? { first: 0, last: size - 1 } : null, end, drew: false };
    plot.setPointerCapture(event.pointerId);
    if (!thumb) event.preventDefault();
  });
  plot.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const at = binAt(event);
    if (at === drag.from && !drag.drew) return;
    drag.drew = true;
    if (!drag.brush) return set(Math.min(drag.from, at), Math.max(drag.from, at), false);
    const { first, last } = drag.brush;
    if (drag.end === 0) return set(Math.min(at, last), last, false);
    if (drag.end === 1) return set(first, Math.max(at, first), false);
    const by = Math.min(size - 1 - last, Math.max(-first, at - drag.from));
    return set(first + by, last + by, false);
  });
  const end = () => {
    if (!drag) return;
    const { drew, end: thumb } = drag;
    drag = null;
    const brush = now();
    if (drew) set(brush?.first ?? 0, brush?.last ?? size - 1, true);
    else if (thumb < 0) set(0, size - 1, true);
  };
  plot.addEventListener("pointerup", end);
  plot.addEventListener("pointercancel", end);
}

/**
 * @param {HTMLElement} plot
 * @param {string} name
 * @param {number} most
 */
function makeThumb(plot, name, most) {
  const thumb = document.createElement("span");
  thumb.className = "thumb";
  thumb.tabIndex = 0;
  thumb.setAttribute("role", "slider");
  thumb.setAttribute("aria-label", name);
  thumb.setAttribute("aria-valuemin", "0");
  thumb.setAttribute("aria-valuemax", String(most));
  plot.append(thumb);
  return thumb;
}

/**
 * @param {HTMLElement} place
 * @param {Column} column
 * @param {Int32Array} all
 * @param {(brush: Brush | null, done: boolean) => void} moved
 * @returns {Histogram}
 */
function makeWords(place, column, all, moved) {
  const bins = column.starts.map((_, bin) => bin).filter((bin) => all[bin] > 0);
  /** @type {Set<number>} */
  let only = new Set(bins);
  const list = document.createElement("div");
  list.className = "words";
  const rows = bins.map((bin) => {
    const button = document.createElement("button");
    button.type = "button";
    const bar = textIn("span", "");
    bar.className = "amount";
    const fill = textIn("span", "");
    bar.append(fill);
    button.append(textIn("span", String(column.starts[bin])), bar);
    button.addEventListener("click", () => {
      const wanted = new Set(only);
      if (!wanted.delete(bin)) wanted.add(bin);
      const brush = wanted.size === bins.length ? null : { only: wanted };
      show(brush);
      moved(brush, true);
    });
    list.append(button);
    return { bin, button, fill };
  });
  place.append(list);

  /** @param {Brush | null} brush */
  function show(brush) {
    only = brush && "only" in brush ? brush.only : new Set(bins);
    place.classList.toggle("brushed", brush !== null);
    for (const { bin, button } of rows) button.setAttribute("aria-pressed", String(only.has(bin)));
  }

  show(null);
  return {
    draw(counts) {
      const sum = bins.reduce((total, bin) => total + counts[bin], 0) || 1;
      for (const { bin, fill } of rows) fill.style.width = `${(counts[bin] / sum) * 100}%`;
    },
    show,
  };
}

/**
 * A bar of a histogram: from and to in bins, and its height, the part of all that lies in a bin.
 *
 * @typedef {[number, number, number]} Bar
 */

/**
 * Bars of several bins each where there are many: few worlds in many bins make a ragged shape.
 *
 * @param {Int32Array} counts
 * @param {number} size
 * @returns {Bar[]}
 */
function barsOf(counts, size) {
  let sum = 0;
  for (let bin = 0; bin < size; bin += 1) sum += counts[bin];
  const wide = Math.ceil(size / MOST_BARS);
  /** @type {Bar[]} */
  const bars = [];
  for (let from = 0; from < size; from += wide) {
    const to = Math.min(size, from + wide);
    let inside = 0;
    for (let bin = from; bin < to; bin += 1) inside += counts[bin];
    bars.push([from, to, sum ? inside / sum / (to - from) : 0]);
  }
  return bars;
}

/**
 * The outline of a histogram, its bars touching.
 *
 * @param {Bar[]} bars
 * @param {number} most height that fills most of the drawing; more than all of it is cut off
 * @param {boolean} open whether its foot is left out
 */
function outline(bars, most, open) {
  const size = bars[bars.length - 1][1];
  const tops = bars.map(([, to, height]) => {
    const top = HIGH - Math.min(1, height / (most * 1.25)) * HIGH;
    return `V${top.toFixed(1)}H${((to / size) * WIDE).toFixed(1)}`;
  });
  return `M0 ${HIGH}${tops.join("")}V${HIGH}${open ? "" : "Z"}`;
}

/**
 * @param {string} tag
 * @param {string} text
 * @returns {HTMLElement}
 */
function textIn(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}
