/** Charts: each place that names one is filled from its Vega-Lite specification. */

import { readData, readPacked } from "./data.js";
import { withRows } from "./rows.js";

/** @typedef {Record<string, any>} Spec */

const PAPER_WIDTH = 680;

const EMBED = {
  ast: true, // the page's policy forbids to make functions of text
  renderer: "svg",
  actions: false,
  defaultStyle: false,
  tooltip: { disableDefaultStyle: true },
};

/** @type {Map<Element, {finalize(): void}>} */
const drawn = new Map();

/**
 * Fit a specification to a width: small multiples wrap into even rows, other charts stretch.
 *
 * @param {Spec} spec
 * @param {number} width
 * @returns {Spec}
 */
export function fitted(spec, width) {
  if (spec.facet) {
    const panels = spec.facet.sort.length;
    // Labels of the axes stand out a little between panels and take room on the left.
    const gap = spec.spacing + 12, beside = 70, smallest = spec.usermeta?.smallest ?? 100;
    const most = Math.max(1, Math.floor((width - beside + gap) / (smallest + gap)));
    const columns = Math.ceil(panels / Math.ceil(panels / most));
    const panel = Math.floor((width - beside + gap) / columns - gap);
    return { ...spec, columns, spec: { ...spec.spec, width: panel } };
  }
  const wide = Math.min(width, 1.4 * spec.width);
  return { ...spec, width: wide, autosize: { type: "fit-x", contains: "padding" } };
}

/**
 * Draw a chart into a place at a width; a later drawing of the same place wins.
 *
 * @param {Element} place
 * @param {Spec} spec
 * @param {number} width
 */
async function draw(place, spec, width) {
  drawn.get(place)?.finalize();
  const mine = { finalize() {} };
  drawn.set(place, mine);
  try {
    const { finalize } = await vegaEmbed(place, fitted(withRows(spec), width), EMBED);
    if (drawn.get(place) !== mine) return finalize();
    mine.finalize = finalize;
    explain(place);
  } catch (error) {
    place.textContent = "This chart could not be drawn. What it shows stands in its table.";
    console.error(error);
  }
}

/**
 * Let the titles of axes and legends say what their words mean to who points at them.
 *
 * @param {Element} place
 */
function explain(place) {
  /** @type {Record<string, string>} */
  const terms = readData("terms") ?? {};
  const longestFirst = Object.keys(terms).sort((a, b) => b.length - a.length);
  for (const text of place.querySelectorAll(".role-axis-title text, .role-legend-title text")) {
    const word = longestFirst.find((each) => text.textContent?.includes(each));
    if (!word) continue;
    const title = document.createElementNS(text.namespaceURI, "title");
    title.textContent = `${word}: ${terms[word]}`;
    text.classList.add("term");
    text.append(title);
  }
}

/**
 * Draw every chart under a root: from those of the page, and what came later in elements `.specs`.
 *
 * @param {ParentNode} root
 */
export async function drawCharts(root) {
  const own = [...root.querySelectorAll(".specs")].map((each) => JSON.parse(each.textContent ?? "{}"));
  /** @type {Record<string, Spec>} */
  const specs = Object.assign({}, await specsOfPage(), ...own);
  const places = [...root.querySelectorAll("[data-chart]")]
    .map((place) => /** @type {HTMLElement} */ (place))
    .filter((place) => place.clientWidth > 0 && specs[place.dataset.chart ?? ""]);
  const seen = (/** @type {HTMLElement} */ place) => place.getBoundingClientRect().top < innerHeight;
  for (const place of [...places.filter(seen), ...places.filter((each) => !seen(each))]) {
    await draw(place, specs[place.dataset.chart ?? ""], place.clientWidth);
  }
}

/** @returns {Promise<Record<string, Spec>>} */
async function specsOfPage() {
  return (await readPacked("specs")) ?? readData("specs") ?? {};
}

/**
 * Small multiples get a second drawing for paper, which is narrower than a screen.
 *
 * @param {ParentNode} root
 */
async function drawForPaper(root) {
  const specs = await specsOfPage();
  for (const place of root.querySelectorAll("[data-chart]")) {
    const spec = specs[/** @type {HTMLElement} */ (place).dataset.chart ?? ""];
    if (!spec?.facet) continue;
    const paper = document.createElement("div");
    paper.className = "paper";
    place.after(paper);
    await draw(paper, spec, PAPER_WIDTH);
  }
}

/**
 * Draw all charts, and again when the page becomes wider or narrower.
 *
 * @param {Document} root
 */
export function startCharts(root) {
  if (!root.querySelector("[data-chart]")) return;
  drawCharts(root).then(() => {
    if (root.body.dataset.paper !== undefined) drawForPaper(root);
  });
  let drawnAt = root.body.clientWidth;
  /** @type {number | undefined} */
  let pending;
  addEventListener("resize", () => {
    clearTimeout(pending);
    pending = setTimeout(() => {
      if (root.body.clientWidth === drawnAt) return;
      drawnAt = root.body.clientWidth;
      drawCharts(root);
    }, 150);
  });
}
