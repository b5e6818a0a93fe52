/** The explorer: brushes on the left, what becomes of verdicts and plans on the right. */

import { readData } from "./data.js";
import { brushOf, choose, inAddress, unlessDefault } from "./explorer_address.js";
import { brushInWords, demandOf, letsThrough, makeHistogram } from "./explorer_brush.js";
import { fetchColumns, unpackColumns } from "./explorer_columns.js";
import { Engine, MOST_BRUSHES } from "./explorer_engine.js";
import { drawPlans, spreadsOf } from "./explorer_plans.js";
import { makeVerdicts, patternsOf, sharesOf } from "./explorer_verdicts.js";
import { FEWEST_WORLDS, quantityOf } from "./explorer_words.js";

/** @typedef {import("./explorer_columns.js").Column} Column */
/** @typedef {import("./explorer_brush.js").Brush} Brush */
/** @typedef {import("./explorer_brush.js").Histogram} Histogram */
/** @typedef {import("./explorer_verdicts.js").Claim} Claim */

/**
 * What the page says of the explorer.
 *
 * @typedef {object} Given
 * @property {string | null} address of the run's explorer on the server; none in the report
 * @property {string[]} names of the columns to begin with
 * @property {string | null} packed the columns, if they lie in the page
 * @property {number} worlds of the run
 * @property {string[]} plans the first is the one that the others are compared with
 * @property {Claim[]} claims
 */

const ANY_BIN = 256, REST = 300, TOLD = 400;

/**
 * @param {Document} root
 */
export async function startExplorer(root) {
  const place = /** @type {HTMLElement | null} */ (root.querySelector("[data-explorer]"));
  /** @type {Given | null} */
  const given = readData("explorer");
  if (!place || !given) return;
  try {
    const { rows, columns } = given.packed
      ? await unpackColumns(given.packed)
      : await fetchColumns(given.address ?? "", given.names);
    new Explorer(place, given, rows, columns);
    place.dataset.ready = "";
  } catch (error) {
    warn(place, `The worlds could not be had: ${error instanceof Error ? error.message : error}`);
  }
}

/**
 * Say what is wrong to those who look and to those who listen.
 *
 * @param {HTMLElement} place
 * @param {string} what
 */
function warn(place, what) {
  for (const line of place.querySelectorAll("[data-turned], [data-status]")) line.textContent = what;
}

class Explorer {
  /**
   * @param {HTMLElement} place
   * @param {Given} given
   * @param {number} rows
   * @param {Column[]} columns
   */
  constructor(place, given, rows, columns) {
    this.place = place;
    this.given = given;
    this.plans = given.plans;
    this.engine = new Engine(rows);
    /** @type {Map<string, Column>} */
    this.columns = new Map(columns.map((column) => [column.name, column]));
    /** The histograms on the page, by their column. @type {Map<string, Histogram>} */
    this.histograms = new Map();
    /** @type {Map<string, Brush>} */
    this.brushes = new Map();
    /** What the brushes were before each move. @type {Map<string, Brush>[]} */
    this.past = [];
    /** What they were before the move under way. @type {Map<string, Brush> | null} */
    this.before = null;
    /** The outcome under each plan. @type {Column[]} */
    this.compared = [];
    /** The column that says how it fares under the plans in the same world. */
    this.pairs = "";
    /** How often all worlds were asked. */
    this.asked = 0;
    /** @type {number | undefined} */
    this.telling = undefined;
    /** @type {number | undefined} */
    this.asking = undefined;
    const claims = given.claims.map(({ id }) => this.#column(`claim/${id}`).bins);
    /** Counts of what each few claims come to. */
    this.patterns = patternsOf(claims, rows).map(({ bins, size }, place) =>
      this.engine.count(`claims ${place}`, bins, size),
    );
    this.verdicts = makeVerdicts(place, given.claims, sharesOf(this.patterns, claims.length));
    this.status = this.#element("[data-status]");
    this.basis = this.#element("[data-basis]");
    this.plan = /** @type {HTMLSelectElement} */ (this.#element("[data-choose=plan]"));
    this.outcome = /** @type {HTMLSelectElement} */ (this.#element("[data-choose=outcome]"));
    const address = new URL(location.href).searchParams;
    choose(this.plan, address.get("under"));
    choose(this.outcome, address.get("by"));
    this.#listen();
    this.#compare();
    this.#cards();
    void this.#restore();
  }

  /**
   * @param {string} selector
   * @returns {HTMLElement}
   */
  #element(selector) {
    return /** @type {HTMLElement} */ (this.place.querySelector(selector));
  }

  /**
   * @param {string} name
   * @returns {Column}
   */
  #column(name) {
    const column = this.columns.get(name);
    if (!column) throw new Error(`there is no column ${name}`);
    return column;
  }

  #listen() {
    this.#element("[data-do=reset]").addEventListener("click", () => this.#set(new Map()));
    this.#element("[data-do=undo]").addEventListener("click", () => this.#undo());
    this.plan.addEventListener("change", () => {
      this.#cards();
      this.#rest();
    });
    this.outcome.addEventListener("change", () => {
      this.#compare();
      this.#follow(true);
    });
    const add = /** @type {HTMLSelectElement | null} */ (this.place.querySelector("[data-choose=more]"));
    add?.addEventListener("change", () => {
      const name = add.value;
      add.value = "";
      if (name) this.#add(name);
    });
  }

  /** Fill the cards: assumptions once, outcomes for the plan that is chosen. */
  #cards() {
    for (const card of this.place.querySelectorAll("[data-column]")) {
      const { column: base, outcome } = /** @type {HTMLElement} */ (card).dataset;
      const name = outcome === undefined ? String(base) : `${this.plan.value}:${base}`;
      this.#fill(/** @type {HTMLElement} */ (card), name);
    }
    this.#follow(false);
  }

  /**
   * @param {HTMLElement} card
   * @param {string} name of a column
   */
  #fill(card, name) {
    const shown = card.dataset.shows;
    if (shown === name) return;
    if (shown) this.histograms.delete(shown);
    if (shown) this.#forget(shown);
    card.dataset.shows = name;
    const column = this.#column(name);
    const counts = this.engine.count(name, column.bins, ANY_BIN);
    const all = new Int32Array(ANY_BIN);
    for (const bin of column.bins) all[bin] += 1;
    const plot = /** @type {HTMLElement} */ (card.querySelector("[data-plot]"));
    const histogram = makeHistogram(plot, column, all, (brush, done) => this.#moved(name, brush, done));
    histogram.show(this.brushes.get(name) ?? null);
    histogram.draw(counts);
    this.histograms.set(name, histogram);
  }

  /**
   * Put another column on the page.
   *
   * @param {string} base
   */
  async #add(base) {
    const more = /** @type {HTMLElement | null} */ (this.place.querySelector(`option[value="${CSS.escape(base)}"]`));
    if (!more) return;
    const outcome = more.dataset.outcome !== undefined;
    const names = outcome ? this.plans.map((plan) => `${plan}:${base}`) : [base];
    try {
      const { columns } = await fetchColumns(this.given.address ?? "", names);
      for (const column of columns) this.columns.set(column.name, column);
    } catch (error) {
      warn(this.place, `The column could not be had: ${error instanceof Error ? error.message : error}`);
      return;
    }
    const template = /** @type {HTMLTemplateElement} */ (this.#element("template"));
    const card = /** @type {HTMLElement} */ (template.content.cloneNode(true)).querySelector("article");
    if (!card) return;
    card.dataset.column = base;
    if (outcome) card.dataset.outcome = "";
    const title = card.querySelector("h4");
    const column = this.#column(names[0]);
    if (title) title.textContent = more.textContent;
    const assumed = card.querySelector(".soft");
    if (assumed) assumed.textContent = column.assumed ? `Assumed: ${column.assumed}` : "";
    this.#element(outcome ? "[data-cards=outcomes]" : "[data-cards=assumptions]").append(card);
    more.remove();
    this.#fill(card, outcome ? `${this.plan.value}:${base}` : base);
    card.scrollIntoView({ block: "nearest" });
    /** @type {HTMLElement | null} */ (card.querySelector("[role=slider], button"))?.focus();
  }

  /**
   * A brush moved.
   *
   * @param {string} name
   * @param {Brush | null} brush
   * @param {boolean} done
   */
  #moved(name, brush, done) {
    if (brush && !this.brushes.has(name) && this.brushes.size === MOST_BRUSHES) {
      this.histograms.get(name)?.show(null);
      warn(this.place, `${MOST_BRUSHES} parts are the most that can be taken at once.`);
      return;
    }
    this.#overtake();
    this.before ??= new Map(this.brushes);
    if (brush) this.brushes.set(name, brush);
    else this.brushes.delete(name);
    this.engine.brush(name, letsThrough(brush));
    if (done) {
      if (inAddress(this.before) !== inAddress(this.brushes)) this.past.push(this.before);
      this.before = null;
    }
    this.#follow(done);
  }

  /**
   * Set all brushes.
   *
   * @param {Map<string, Brush>} wanted
   * @param {boolean} keep whether what there was can be had again
   */
  #set(wanted, keep = true) {
    if (keep) this.past.push(new Map(this.brushes));
    for (const name of new Set([...this.brushes.keys(), ...wanted.keys()])) {
      const brush = wanted.get(name) ?? null;
      const column = this.#column(name);
      this.engine.count(name, column.bins, ANY_BIN);
      this.engine.brush(name, letsThrough(brush));
      this.histograms.get(name)?.show(brush);
    }
    this.brushes = new Map(wanted);
    this.#follow(true);
  }

  #undo() {
    const before = this.past.pop();
    if (before) this.#set(before, false);
  }

  /**
   * Let everything follow the brushes.
   *
   * @param {boolean} done whether they have come to rest
   */
  #follow(done) {
    for (const [name, histogram] of this.histograms) {
      histogram.draw(/** @type {any} */ (this.engine.columns.get(name)).counts);
    }
    const shares = sharesOf(this.patterns, this.given.claims.length);
    this.verdicts.draw(shares);
    this.#drawPlans();
    this.#tell(shares);
    if (!done) return;
    this.verdicts.sort(shares);
    this.#list();
    this.#rest();
  }

  /** List the brushes, also those of plans that are not chosen: each is a button that lifts it. */
  #list() {
    const items = [...this.brushes].map(([name, brush]) => {
      const column = this.#column(name);
      const plan = [...this.plan.options].find(({ value }) => name.startsWith(`${value}:`));
      const button = document.createElement("button");
      button.type = "button";
      button.title = "Let go";
      const under = plan ? ` (${plan.textContent})` : "";
      const means = column.means.replace(` (${column.unit})`, "");
      button.textContent = `${means}${under}: ${brushInWords(column, brush) || "none"} ✕`;
      button.addEventListener("click", () => {
        this.#set(new Map([...this.brushes].filter(([other]) => other !== name)));
        this.#element("[data-do=undo]").focus();
      });
      const item = document.createElement("li");
      item.append(button);
      return item;
    });
    this.#element("[data-kept]").replaceChildren(...items);
  }

  /** Count the outcome that plans are compared by. */
  #compare() {
    const before = [...this.compared.map(({ name }) => name), this.pairs];
    const outcome = this.outcome.value;
    this.pairs = `pairs/${outcome}`;
    this.compared = this.plans.map((plan) => this.#column(`${plan}:${outcome}`));
    for (const column of this.compared) this.engine.count(column.name, column.bins, ANY_BIN);
    const pairs = this.columns.get(this.pairs);
    if (pairs) this.engine.count(pairs.name, pairs.bins, ANY_BIN);
    for (const name of before) this.#forget(name);
    this.#drawPlans();
  }

  /**
   * Count a column no more if nothing on the page needs it.
   *
   * @param {string} name
   */
  #forget(name) {
    const compared = name === this.pairs || this.compared.some((each) => each.name === name);
    if (!compared && !this.histograms.has(name) && !this.brushes.has(name)) this.engine.forget(name);
  }

  #drawPlans() {
    const own = this.compared.map(({ name }) => this.engine.within(name));
    const pairs = this.engine.columns.get(this.pairs)?.counts ?? null;
    drawPlans(this.place, this.plans, spreadsOf(this.compared, own, pairs), this.#scale());
  }

  /** The ends that the plans' lines are drawn between: of all plans together. */
  #scale() {
    const ends = this.compared.flatMap(({ starts, end }) => [Number(starts[0]), Number(end ?? starts.at(-1))]);
    return [Math.min(...ends), Math.max(...ends)];
  }

  /** @param {(import("./explorer_words.js").Share | null)[]} shares */
  #tell(shares) {
    const { selected, rows } = this.engine;
    const undo = /** @type {HTMLButtonElement} */ (this.#element("[data-do=undo]"));
    const reset = /** @type {HTMLButtonElement} */ (this.#element("[data-do=reset]"));
    undo.disabled = this.past.length === 0;
    reset.disabled = this.brushes.size === 0;
    this.place.classList.toggle("empty", selected === 0);
    const sample = rows < this.given.worlds ? ` of a sample of all ${quantityOf(this.given.worlds)}` : "";
    const count = `${quantityOf(selected)} of ${quantityOf(rows)} worlds${sample}`;
    this.basis.textContent = count;
    const moved = this.verdicts.mostMoved(shares);
    const turned = moved && `${moved.claim.id} holds in ${moved.now} worlds, was ${moved.was}`;
    this.#element("[data-turned]").textContent = moved
      ? `${turned}: ${moved.claim.says}`
      : selected
        ? "No verdict has moved."
        : "No world is left. Undo the last step, or take less away.";
    clearTimeout(this.telling);
    this.telling = setTimeout(() => {
      this.status.textContent = selected
        ? `${count}. ${turned ? `Most moved: ${turned}.` : ""}`
        : "No world is left. Undo the last step, or take less away.";
    }, TOLD);
  }

  /** What all worlds were asked before is no longer of use. */
  #overtake() {
    clearTimeout(this.asking);
    this.asked += 1;
  }

  /** The brushes have come to rest: the address says so, and all worlds are asked. */
  #rest() {
    const address = new URL(location.href);
    const keep = (/** @type {string} */ name, /** @type {string} */ value) => {
      if (value) address.searchParams.set(name, value);
      else address.searchParams.delete(name);
    };
    keep("b", inAddress(this.brushes));
    keep("under", unlessDefault(this.plan));
    keep("by", unlessDefault(this.outcome));
    history.replaceState(null, "", address);
    this.#overtake();
    if (this.given.address) this.asking = setTimeout(() => this.#ask(), REST);
  }

  /** Ask the server for the answer from all worlds. */
  async #ask() {
    const { asked } = this;
    const ranges = Object.fromEntries(
      [...this.brushes].map(([name, brush]) => [name, demandOf(this.#column(name), brush)]),
    );
    const response = await fetch(`${this.given.address}/exact`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ranges, outcome: this.outcome.value }),
    }).catch(() => null);
    if (asked !== this.asked) return; // the brushes moved on meanwhile
    if (!response?.ok) {
      this.basis.textContent += "; the answer from all worlds did not come";
      return;
    }
    const found = await response.json();
    if (asked !== this.asked) return;
    const shares = this.given.claims.map(({ id }) => {
      const { share, low, high, worlds } = found.claims[id];
      return worlds < FEWEST_WORLDS ? null : { value: share, low, high, worlds };
    });
    this.verdicts.draw(shares);
    this.verdicts.sort(shares);
    const spreads = this.plans.map((plan) => {
      const spread = found.plans[plan];
      return spread ? { ...spread, more: spread.more.value, less: spread.less.value } : null;
    });
    spreads.forEach((spread, place) => {
      if (spread && !place) [spread.more, spread.less] = [null, null];
    });
    drawPlans(this.place, this.plans, spreads, this.#scale());
    this.basis.textContent = `${quantityOf(found.worlds)} of all ${quantityOf(found.of)} worlds, exactly`;
    this.place.dataset.exact = String(asked);
  }

  /** Take the brushes from the page's address; columns that they need are put on the page. */
  async #restore() {
    const told = new URL(location.href).searchParams.get("b");
    if (!told) return;
    /** @type {Map<string, Brush>} */
    const wanted = new Map();
    for (const part of told.split(" ")) {
      const [name, bins] = part.split("~");
      if (bins === undefined) continue;
      if (!this.columns.has(name)) await this.#add(name.slice(name.indexOf(":") + 1));
      const column = this.columns.get(name);
      const brush = column ? brushOf(column, bins) : null;
      if (brush) wanted.set(name, brush);
    }
    if (wanted.size) this.#set(wanted, false);
  }
}
