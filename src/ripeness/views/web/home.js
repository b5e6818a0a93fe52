/** The first page: starts runs, tells how they stand, and cancels them. */

/**
 * @typedef {object} Job
 * @property {string} id
 * @property {string} title
 * @property {"waiting" | "running" | "done" | "failed" | "cancelled"} state
 * @property {string} what what is being done
 * @property {number} done share of the whole, 0 to 1
 * @property {number} seconds how long it has been running
 * @property {string | null} run id of the run that came of it
 * @property {string | null} problem why it failed
 */

/**
 * @typedef {object} Pace
 * @property {number} start seconds of any run
 * @property {number} plan seconds each plan
 * @property {number} world seconds each world under each plan
 * @property {number} learn seconds to hold worlds to the record
 */

const BUSY_POLL = 500, IDLE_POLL = 5_000; // milliseconds
const BLOCK = 2_048; // worlds that are run together
const GONE = "Ripeness does not answer. If it was stopped, start it again in its terminal and open the link that it prints.";

/**
 * How long something takes, in words that promise no more than they know.
 *
 * @param {number} seconds
 */
export function durationInWords(seconds) {
  if (seconds < 90) return `some ${Math.max(10, Math.round(seconds / 10) * 10)} seconds`;
  if (seconds < 75 * 60) return `some ${Math.round(seconds / 60)} minutes`;
  return `some ${Math.round(seconds / 3600)} hours`;
}

/**
 * How long something has taken, as a clock shows it.
 *
 * @param {number} seconds
 */
function asClock(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/**
 * Where a job stands, in a few words.
 *
 * @param {Job} job
 */
function standing(job) {
  switch (job.state) {
    case "waiting": return "waits for the run before it";
    case "running": return `${job.what}, ${asClock(job.seconds)}`;
    case "done": return `done in ${asClock(job.seconds)}`;
    case "failed": return `failed: ${job.problem ?? ""}`;
    case "cancelled": return "cancelled; nothing was kept";
  }
}

/**
 * Ask the server something; what it says is wrong comes as an error.
 *
 * @param {string} address
 * @param {object} [content] to post; nothing is posted without it
 * @returns {Promise<any>}
 */
async function ask(address, content) {
  const accept = { Accept: "application/json" };
  const posted = content && {
    method: "POST",
    headers: { ...accept, "Content-Type": "application/json" },
    body: JSON.stringify(content),
  };
  /** @type {Response} */
  let answer;
  try {
    answer = await fetch(address, posted ?? { headers: accept });
  } catch {
    throw new Error(GONE);
  }
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.problem);
  return told;
}

/**
 * An element that the page has.
 *
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {T}
 */
function part(root, selector) {
  return /** @type {T} */ (root.querySelector(selector));
}

/**
 * The queue: shows each job in a line of its own and keeps it up to date.
 *
 * @param {Document} page
 */
function startQueue(page) {
  const list = part(page, "[data-jobs]"), idle = part(page, "[data-idle]");
  const said = part(page, "[data-said]");
  const template = /** @type {HTMLTemplateElement} */ (part(page, "template[data-job]"));
  /** @type {Map<string, HTMLElement>} */
  const lines = new Map();
  /** @type {Map<string, string>} */
  const lastSaid = new Map();
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let timer = 0;

  /** @param {Job} job */
  function newLine(job) {
    const line = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
    part(line, "[data-title]").textContent = job.title;
    part(line, "progress").setAttribute("aria-label", job.title);
    const cancel = /** @type {HTMLButtonElement} */ (part(line, "[data-cancel]"));
    cancel.setAttribute("aria-label", `Cancel ${job.title}`);
    cancel.addEventListener("click", async () => {
      cancel.disabled = true;
      await ask(`/jobs/${job.id}/cancel`, {}).catch(tellTrouble);
      await look();
    });
    list.append(line);
    lines.set(job.id, line);
    return line;
  }

  /** @param {Job} job */
  function show(job) {
    const line = lines.get(job.id) ?? newLine(job);
    const underWay = job.state === "waiting" || job.state === "running";
    line.dataset.state = job.state;
    part(line, "[data-standing]").textContent = standing(job);
    const bar = /** @type {HTMLProgressElement} */ (part(line, "progress"));
    bar.hidden = job.state !== "running";
    if (job.done > 0 || still) bar.value = job.done;
    else bar.removeAttribute("value"); // it moves, but nobody knows how far it has come
    const cancel = /** @type {HTMLButtonElement} */ (part(line, "[data-cancel]"));
    const open = /** @type {HTMLAnchorElement} */ (part(line, "[data-open]"));
    if (job.run) open.href = `/runs/${job.run}/`;
    open.hidden = !job.run;
    if (cancel === page.activeElement && job.run) open.focus();
    cancel.hidden = !underWay;
  }

  /**
   * Say what changed, and only that, to those who listen to the page.
   *
   * @param {Job[]} jobs
   */
  function sayChanges(jobs) {
    const news = [];
    for (const job of jobs) {
      const now = job.state === "running" ? job.what : standing(job);
      if (lastSaid.get(job.id) !== now) news.push(`${job.title}: ${now}.`);
      lastSaid.set(job.id, now);
    }
    if (news.length) said.textContent = news.join(" ");
  }

  /** @param {unknown} trouble */
  function tellTrouble(trouble) {
    idle.textContent = trouble instanceof Error ? trouble.message : GONE;
    idle.toggleAttribute("hidden", false);
  }

  /** Look how all jobs stand, and when to look again. */
  async function look() {
    clearTimeout(timer);
    let wait = IDLE_POLL;
    try {
      /** @type {Job[]} */
      const jobs = (await ask("/jobs")).jobs;
      const finished = jobs.some((job) => job.run && lines.get(job.id)?.dataset.state === "running");
      for (const [id, line] of lines) {
        if (jobs.some((job) => job.id === id)) continue;
        line.remove();
        lines.delete(id);
      }
      jobs.forEach(show);
      sayChanges(jobs);
      idle.textContent = "Nothing is being run.";
      idle.toggleAttribute("hidden", jobs.length > 0);
      if (jobs.some((job) => job.state === "waiting" || job.state === "running")) wait = BUSY_POLL;
      if (finished) await renewRuns(page);
    } catch (trouble) {
      tellTrouble(trouble);
    }
    clearTimeout(timer);
    timer = setTimeout(look, wait);
  }
  look();
  return look;
}

/**
 * Show the runs that are there by now.
 *
 * @param {Document} page
 */
async function renewRuns(page) {
  const text = await (await fetch(page.location.href)).text();
  const runs = new DOMParser().parseFromString(text, "text/html").querySelector("[data-runs]");
  if (runs) part(page, "[data-runs]").replaceWith(page.adoptNode(runs));
}

/**
 * The form: what it asks for, how long that takes, and its sending.
 *
 * @param {Document} page
 * @param {() => Promise<void>} look to be called when there is a new job
 */
function startForm(page, look) {
  const form = /** @type {HTMLFormElement | null} */ (page.querySelector("form[data-start]"));
  if (!form) return;
  /** @type {Pace} */
  const pace = JSON.parse(form.dataset.pace ?? "");
  const worlds = /** @type {HTMLInputElement} */ (part(form, "[name=worlds]"));
  const told = part(form, "[data-told]"), expected = part(form, "[data-expected]");
  const button = /** @type {HTMLButtonElement} */ (part(form, "button[type=submit]"));

  function asked() {
    const chosen = new FormData(form ?? undefined);
    return {
      case: String(chosen.get("case")),
      plans: chosen.getAll("plans").map(String),
      worlds: Number(chosen.get("worlds")),
      seed: Number(chosen.get("seed")),
      as_of: String(chosen.get("as_of") ?? "") || null,
    };
  }

  /** Keep the address and the expected time in step with what is chosen. */
  function chosenAnew() {
    const { case: name, plans, worlds: count, seed, as_of } = asked();
    const blocks = Math.ceil(count / BLOCK);
    const worldsAndPlans = plans.length * (pace.plan + pace.world * blocks * BLOCK);
    const seconds = pace.start + worldsAndPlans + (as_of ? pace.learn : 0);
    expected.textContent = !plans.length
      ? "Choose at least one plan."
      : `It takes ${durationInWords(seconds)} here.`;
    button.disabled = !plans.length;
    const query = new URLSearchParams({ case: name, worlds: String(count), seed: String(seed) });
    if (as_of) query.set("as_of", as_of);
    plans.forEach((plan) => query.append("plans", plan));
    history.replaceState(null, "", `?${query}${location.hash}`);
  }

  /** @param {string} [run] id of a run that is there already */
  function tell(text = "", run = "") {
    told.textContent = text;
    if (!run) return;
    const link = page.createElement("a");
    link.href = `/runs/${run}/`;
    link.textContent = "Open it";
    told.append(" ", link);
  }

  form.addEventListener("input", (event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    if (field.name === "preset" && field.value) worlds.value = field.value;
    if (field.name === "preset" && !field.value) worlds.focus();
    if (field.name === "worlds") {
      const preset = form.querySelector(`[name=preset][value="${Number(field.value)}"]`);
      const free = form.querySelector('[name=preset][value=""]');
      /** @type {HTMLInputElement} */ (preset ?? free).checked = true;
    }
    tell();
    chosenAnew();
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    tell();
    button.disabled = true;
    try {
      const { run } = await ask("/jobs", asked());
      if (run) tell("There is this very run already.", run);
      else await look();
    } catch (trouble) {
      tell(trouble instanceof Error ? trouble.message : GONE);
    }
    button.disabled = false;
  });
  chosenAnew();
}

/** @param {Document} page */
export function startHome(page) {
  startForm(page, startQueue(page));
}

startHome(document);
