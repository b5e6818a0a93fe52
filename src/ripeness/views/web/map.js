/** The map: a slider of days, the record and then the worlds, close or from afar. */

import { readData } from "./data.js";
import { MAP_ARROWS, nextCell } from "./map_cells.js";
import { cellTold, changeIn, isoDay, longDay, showsWorlds, sourceOf, stepOf, toldOf, weekOf } from "./map_course.js";

/** @typedef {import("./map_course.js").MapData} MapData */
/** @typedef {import("./map_course.js").MapChoice} MapChoice */

const WEEKS_A_SECOND = 6;
const A_MONTH = 4;

/**
 * @param {ParentNode} root
 */
export function startMap(root) {
  const map = /** @type {HTMLElement | null} */ (root.querySelector("[data-map]"));
  /** @type {MapData | null} */
  const data = map && readData("map");
  if (map && data) bringToLife(map, data);
}

/**
 * @param {HTMLElement} map
 * @param {MapData} data
 */
function bringToLife(map, data) {
  const part = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (map.querySelector(selector));
  const form = /** @type {HTMLFormElement} */ (map.querySelector("form"));
  const slider = /** @type {HTMLInputElement} */ (part("[data-week]"));
  const play = part("[data-play]"), told = part("[data-told]"), cellText = part("[data-cell]");
  const picture = /** @type {SVGSVGElement} */ (map.querySelector("[data-picture]"));
  const pointed = /** @type {SVGPathElement} */ (map.querySelector("[data-pointed]"));
  const cells = /** @type {SVGPathElement[]} */ ([...picture.querySelectorAll(".cells path")]);
  const homes = picture.querySelectorAll(".at-home.cells path").length;
  const changes = [...map.querySelectorAll("[data-change]")];
  const tracks = /** @type {NodeListOf<HTMLInputElement>} */ (map.querySelectorAll("[name=track]"));
  const plans = /** @type {HTMLSelectElement | null} */ (form.elements.namedItem("plan"));
  const views = /** @type {HTMLSelectElement} */ (form.elements.namedItem("at"));
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const steps = cells.map(() => -1);
  /** @type {MapChoice} */
  const choice = { week: 0, worlds: false, plan: Math.max(plans?.selectedIndex ?? 0, 0) };
  let chosen = -1;
  /** @type {number | undefined} */
  let playing;

  function show() {
    const worlds = showsWorlds(data, choice), day = isoDay(data, choice.week);
    cells.forEach((cell, at) => {
      const step = stepOf(data, choice, at);
      if (step !== steps[at]) cell.setAttribute("class", `s${step}`);
      steps[at] = step;
    });
    map.classList.toggle("in-worlds", worlds);
    slider.value = String(choice.week);
    slider.setAttribute("aria-valuetext", `${longDay(day)}, ${worlds ? "worlds" : "record"}`);
    part("[data-date]").textContent = longDay(day);
    part("[data-track]").textContent = sourceOf(data, choice);
    part("[data-reading]").textContent = worlds ? ": median (80 % of worlds)" : "";
    changes.forEach((change, sector) => (change.textContent = changeIn(data, choice, sector)));
    told.textContent = toldOf(data, choice);
    sayCell();
  }

  function sayCell() {
    cellText.textContent = chosen < 0
      ? "Point at a cell to hear of it, or press the arrow keys on the map."
      : cellTold(data, choice, chosen, chosen >= homes);
    pointed.setAttribute("d", chosen < 0 ? "" : cells[chosen].getAttribute("d") ?? "");
  }

  function look() {
    const box = data.views[views.selectedIndex];
    picture.setAttribute("viewBox", box.join(" "));
    fitText();
  }

  /** Names keep their size on the screen, however close one looks. */
  function fitText() {
    const width = picture.getBoundingClientRect().width;
    if (!width) return;
    const unit = picture.viewBox.baseVal.width / width;
    picture.style.setProperty("--unit", `${unit}px`);
    picture.classList.toggle("far", unit > 16);
    picture.querySelector("pattern")?.setAttribute("patternTransform", `rotate(45) scale(${unit})`);
  }

  function keep() {
    keepInAddress({
      day: choice.week ? isoDay(data, choice.week) : null,
      track: choice.worlds ? "worlds" : null,
      plan: plans && plans.value !== map.dataset.plan ? plans.value : null,
      at: views.selectedIndex ? views.value : null,
    });
  }

  function takeFromAddress() {
    const query = new URL(location.href).searchParams;
    choice.week = weekOf(data, query.get("day")) ?? choice.week;
    choice.worlds = query.get("track") === "worlds" && tracks.length > 0;
    if (plans) choice.plan = plans.selectedIndex = placeOf(plans, query.get("plan")) ?? choice.plan;
    views.selectedIndex = placeOf(views, query.get("at")) ?? 0;
    markTrack();
  }

  function markTrack() {
    for (const track of tracks) track.checked = (track.value === "worlds") === choice.worlds;
    const from = choice.worlds ? 0 : data.record;
    const unknown = part("[data-unknown]");
    unknown.setAttribute("x", String(from));
    unknown.setAttribute("width", String(data.last - from));
  }

  /** @param {number} week */
  function goTo(week) {
    choice.week = Math.min(Math.max(week, data.first), data.last);
    show();
  }

  function stop() {
    clearInterval(playing);
    playing = undefined;
    play.textContent = calm ? "Four weeks on" : "Play";
    told.setAttribute("aria-live", "polite");
    cellText.setAttribute("aria-live", "polite");
    keep();
  }

  function start() {
    if (choice.week >= data.last) goTo(data.first);
    play.textContent = "Pause";
    told.setAttribute("aria-live", "off");
    cellText.setAttribute("aria-live", "off");
    playing = setInterval(() => {
      goTo(choice.week + 1);
      if (choice.week >= data.last) stop();
    }, 1000 / WEEKS_A_SECOND);
  }

  slider.addEventListener("input", () => {
    if (playing !== undefined) stop();
    goTo(Number(slider.value));
  });
  slider.addEventListener("change", keep);
  play.addEventListener("click", () => {
    if (calm) {
      goTo(choice.week >= data.last ? data.first : choice.week + A_MONTH);
      keep();
    } else if (playing === undefined) start();
    else stop();
  });
  map.addEventListener("change", ({ target }) => {
    if (target === slider) return;
    if (target === plans && plans) [choice.plan, choice.worlds] = [plans.selectedIndex, true];
    else if (target !== views) choice.worlds = [...tracks].some((track) => track.checked && track.value === "worlds");
    if (target === views) look();
    markTrack();
    show();
    keep();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  picture.addEventListener("pointermove", ({ target }) => {
    const at = cells.indexOf(/** @type {SVGPathElement} */ (target));
    if (at === chosen || at < 0) return;
    chosen = at;
    sayCell();
  });
  const frame = part("[data-frame]");
  frame.tabIndex = 0;
  frame.setAttribute("role", "group");
  frame.setAttribute("aria-label", "Cells of the map: the arrow keys go from one to the next");
  frame.addEventListener("keydown", (event) => {
    const arrow = MAP_ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    chosen = nextCell(cells, chosen, arrow, picture.viewBox.baseVal);
    sayCell();
  });
  new ResizeObserver(fitText).observe(picture);

  takeFromAddress();
  play.textContent = calm ? "Four weeks on" : "Play";
  look();
  show();
}

/**
 * @param {HTMLSelectElement} select
 * @param {string | null} value
 * @returns {number | null} its place among the options, if it is one
 */
function placeOf(select, value) {
  const place = [...select.options].findIndex((option) => option.value === value);
  return place < 0 ? null : place;
}

/** @param {Record<string, string | null>} wanted what is null leaves the address */
function keepInAddress(wanted) {
  const address = new URL(location.href);
  for (const [name, value] of Object.entries(wanted)) {
    if (value === null) address.searchParams.delete(name);
    else address.searchParams.set(name, value);
  }
  history.replaceState(null, "", address);
}
