/** What the map shows on a day: shares of cells, and what is said of them. */

/**
 * @typedef {object} MapPlan
 * @property {string} id
 * @property {string} name
 * @property {string[]} courses a digit of base 36 a week, twentieths of the worlds
 * @property {([low: number[], median: number[], high: number[]] | null)[]} sectors km² by week
 *
 * @typedef {object} MapData as `ripeness.views.map_data.payload` writes it
 * @property {string} decision
 * @property {number} first
 * @property {number} record
 * @property {number} last
 * @property {string[]} known
 * @property {number[]} held
 * @property {string[]} oblasts
 * @property {[oblast: number, course: number, changes: number[]][]} cells
 * @property {MapPlan[]} plans
 * @property {{name: string, record: number[] | null}[]} sectors
 * @property {[string, string]} sides
 * @property {[number, number, number, number][]} views
 *
 * @typedef {object} MapChoice
 * @property {number} week since the decision
 * @property {boolean} worlds whether the worlds are wanted where both have something to say
 * @property {number} plan its place among the plans
 */

const MOST = 20;
const A_DAY = 86400000;
const MINUS = "\u2212";

/**
 * @param {MapData} data
 * @param {number} week since the decision
 */
export function isoDay(data, week) {
  return new Date(Date.parse(data.decision) + 7 * week * A_DAY).toISOString().slice(0, 10);
}

/**
 * @param {MapData} data
 * @param {string | null} day such as 2024-08-06
 * @returns {number | null} the nearest week of which there is anything to show
 */
export function weekOf(data, day) {
  const time = Date.parse(day ?? "");
  if (Number.isNaN(time)) return null;
  const week = Math.round((time - Date.parse(data.decision)) / (7 * A_DAY));
  return Math.min(Math.max(week, data.first), data.last);
}

/**
 * @param {string} day such as 2024-08-06
 * @returns {string} such as 6 August 2024
 */
export function longDay(day) {
  const options = /** @type {const} */ ({ day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  return new Date(day).toLocaleDateString("en-GB", options);
}

/**
 * Whether the worlds are shown: from the decision on if they are wanted, and where the record ends.
 *
 * @param {MapData} data
 * @param {MapChoice} choice
 */
export function showsWorlds(data, choice) {
  return data.plans.length > 0 && (choice.week > data.record || (choice.worlds && choice.week >= 0));
}

/**
 * Since which week a cell has had which share.
 *
 * @param {number[]} changes
 * @param {number} week
 * @returns {[since: number, step: number]}
 */
function lastChange(changes, week) {
  let at = 0;
  while (at + 2 < changes.length && changes[at + 2] <= week) at += 2;
  return [changes[at], changes[at + 1]];
}

/**
 * The second side's share of a cell, or of the worlds in which it holds most of it, in twentieths.
 *
 * @param {MapData} data
 * @param {MapChoice} choice
 * @param {number} cell
 */
export function stepOf(data, choice, cell) {
  const [, course, changes] = data.cells[cell];
  if (!showsWorlds(data, choice)) return lastChange(changes, choice.week)[1];
  if (course >= 0) return parseInt(data.plans[choice.plan].courses[course][choice.week], 36);
  return 2 * lastChange(changes, 0)[1] >= MOST ? MOST : 0;
}

/**
 * @param {number} km2
 * @returns {string} to tens, or to hundreds from a thousand on
 */
function roundKm2(km2) {
  const to = Math.abs(km2) >= 1000 ? 100 : 10;
  return Math.abs(Math.round(km2 / to) * to).toLocaleString("en-GB");
}

/** @param {number} km2 */
function signedKm2(km2) {
  const text = roundKm2(km2);
  return text === "0" ? text : (km2 < 0 ? MINUS : "+") + text;
}

/**
 * How much more the first side holds in a sector than at the decision.
 *
 * @param {MapData} data
 * @param {MapChoice} choice
 * @param {number} sector
 */
export function changeIn(data, choice, sector) {
  if (showsWorlds(data, choice)) {
    const found = data.plans[choice.plan].sectors[sector];
    if (!found) return "–";
    const [low, median, high] = found.map((of) => signedKm2(of[choice.week]));
    return low === high ? median : `${median} (${low} to ${high})`;
  }
  const record = data.sectors[sector].record;
  return record ? signedKm2(record[choice.week - data.first]) : "–";
}

/**
 * Where what is shown comes from.
 *
 * @param {MapData} data
 * @param {MapChoice} choice
 */
export function sourceOf(data, choice) {
  if (showsWorlds(data, choice)) {
    return `Worlds, plan ‘${data.plans[choice.plan].name}’, week ${choice.week}`;
  }
  return `Record, as known on ${longDay(data.known[choice.week - data.first])}`;
}

/**
 * Say what is shown, in one or two sentences.
 *
 * @param {MapData} data
 * @param {MapChoice} choice
 */
export function toldOf(data, choice) {
  const [first, second] = data.sides, day = longDay(isoDay(data, choice.week));
  if (showsWorlds(data, choice)) {
    const plan = data.plans[choice.plan], medians = plan.sectors.map((of) => of?.[1][choice.week] ?? 0);
    const most = medians.reduce((best, km2, at) => (Math.abs(km2) > Math.abs(medians[best]) ? at : best), 0);
    if (roundKm2(medians[most]) === "0") return `All worlds begin as the record stands on ${longDay(data.decision)}. Move on in time to see them part.`;
    const by = `${roundKm2(medians[most])} km² ${medians[most] < 0 ? "less" : "more"}`;
    return `On ${day} the line has moved most in ${data.sectors[most].name}: in the median world of the plan ‘${plan.name}’ ${first} holds ${by} there than on ${longDay(data.decision)}.`;
  }
  const held = data.held[choice.week - data.first], then = data.held[-data.first];
  const by = roundKm2(held - then);
  const change = choice.week === 0 || by === "0" ? "" : `, ${by} km² ${held > then ? "more" : "less"} than on ${longDay(data.decision)}`;
  return `On ${day} ${second} held about ${roundKm2(held)} km² of ${first}${change}.`;
}

/**
 * Say what is known of one cell.
 *
 * @param {MapData} data
 * @param {MapChoice} choice
 * @param {number} cell
 * @param {boolean} abroad whether it is on the second side's soil
 */
export function cellTold(data, choice, cell, abroad) {
  const [oblast, , changes] = data.cells[cell], [first, second] = data.sides;
  const step = stepOf(data, choice, cell), where = data.oblasts[oblast];
  if (showsWorlds(data, choice)) {
    const share = step < 1 ? "fewer than 1 in 20" : step >= MOST ? "more than 19 in 20" : `${step} in 20`;
    return `${where}: ${second} holds most of this cell in ${share} worlds.`;
  }
  const [since] = lastChange(changes, choice.week);
  const when = since > data.first ? `, since the week to ${longDay(isoDay(data, since))}` : "";
  if (abroad && step < MOST) {
    return `${where}: ${first} held some ${100 - 5 * step} % of this cell${when}, if what it held lay nearest to its way in.`;
  }
  if (step === 0 || step === MOST) return `${where}: held by ${step ? second : first}${when}.`;
  return `${where}: ${second} holds about ${5 * step} % of this cell${when}.`;
}
