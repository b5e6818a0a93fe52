/** The page of one claim: worlds are asked about it when the reader comes to a question. */

import { drawCharts } from "./charts.js";

/** How near a question must be before worlds are asked, pixels: an answer takes seconds. */
const NEAR_QUESTION = 600;

/**
 * A question of the page, and the places for its answer and for what is said of it.
 *
 * @typedef {object} Question
 * @property {string} address
 * @property {HTMLElement} room
 * @property {HTMLElement} told
 * @property {string} worlds
 */

/**
 * Ask worlds what the page's questions ask, one after the other.
 *
 * @param {ParentNode} root
 */
export function startClaim(root) {
  const page = root.querySelector("[data-claim]");
  if (!page) return;
  /** @type {Question[]} */
  const waiting = [];
  /** @type {Set<Question>} */
  const asked = new Set();
  let busy = false;

  /**
   * @param {Question} question
   * @param {boolean} first whether it goes before those that wait
   */
  function want(question, first) {
    if (asked.has(question)) return;
    const place = waiting.indexOf(question);
    if (place >= 0 && !first) return;
    if (place >= 0) waiting.splice(place, 1);
    if (first) waiting.unshift(question);
    else waiting.push(question);
    question.told.textContent = `Asking ${question.worlds} worlds…`;
    next();
  }

  async function next() {
    const question = busy ? undefined : waiting.shift();
    if (!question) return;
    busy = true;
    asked.add(question);
    if (!(await answerQuestion(question))) {
      asked.delete(question);
      offerAgain(question, () => want(question, true));
    }
    busy = false;
    next();
  }

  /** @type {Map<Element, Question>} */
  const questions = new Map();
  const near = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        const question = questions.get(entry.target);
        if (!entry.isIntersecting || !question) continue;
        near.unobserve(entry.target);
        want(question, false);
      }
    },
    { rootMargin: `${NEAR_QUESTION}px 0px` },
  );
  for (const element of page.querySelectorAll("[data-ask]")) {
    const question = questionOf(/** @type {HTMLElement} */ (element));
    questions.set(element, question);
    near.observe(element);
    const link = question.room.querySelector("a");
    link?.addEventListener("focus", () => want(question, true));
    link?.addEventListener("click", (event) => {
      event.preventDefault();
      want(question, true);
    });
  }
}

/**
 * @param {HTMLElement} element
 * @returns {Question}
 */
function questionOf(element) {
  const room = /** @type {HTMLElement} */ (element.querySelector("[data-room]"));
  const told = /** @type {HTMLElement} */ (element.querySelector("[data-told]"));
  const worlds = room.querySelector("a")?.dataset.worlds ?? "";
  return { address: element.dataset.ask ?? "", room, told, worlds };
}

/**
 * Fetch an answer and put it into its room.
 *
 * @param {Question} question
 * @returns {Promise<boolean>} whether it came
 */
async function answerQuestion({ address, room, told, worlds }) {
  room.setAttribute("aria-busy", "true");
  told.textContent = `Asking ${worlds} worlds…`;
  const focused = room.contains(document.activeElement);
  const waits = room.querySelector("a");
  if (waits) waits.textContent = `Asking ${worlds} worlds…`;
  try {
    const response = await fetch(address, { headers: { accept: "text/html" } });
    if (!response.ok) throw new Error(response.statusText);
    const answer = new DOMParser().parseFromString(await response.text(), "text/html");
    room.replaceChildren(...answer.head.childNodes, ...answer.body.childNodes);
    // a short answer needs not all of its room, but what is in sight must not move
    if (room.getBoundingClientRect().bottom > innerHeight) room.classList.add("answered");
    if (focused) room.focus({ preventScroll: true });
    await drawCharts(room);
    told.textContent = "Done.";
    return true;
  } catch {
    told.textContent = "No answer came.";
    return false;
  } finally {
    room.removeAttribute("aria-busy");
  }
}

/**
 * Say that no answer came, and offer to ask again.
 *
 * @param {Question} question
 * @param {() => void} again
 */
function offerAgain({ room }, again) {
  const sentence = document.createElement("p");
  sentence.textContent = "No answer came: Ripeness may have been stopped, or it took too long. ";
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Try again";
  button.addEventListener("click", again);
  sentence.append(button);
  room.replaceChildren(sentence);
}
