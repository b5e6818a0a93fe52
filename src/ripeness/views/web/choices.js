/** Choices in a panel: a change shows the panel anew, in place; without scripts a button does. */

import { drawCharts } from "./charts.js";

/**
 * The address of a page with the choices of a form in it.
 *
 * @param {HTMLFormElement} form
 */
function addressOf(form) {
  const address = new URL(form.action);
  for (const [name, value] of new FormData(form)) {
    if (value) address.searchParams.set(name, String(value));
  }
  return address;
}

/**
 * Where the same field is after the panel was shown anew.
 *
 * @param {ParentNode} root
 * @param {Element | null} field that had the focus
 * @returns {HTMLElement | null}
 */
function sameField(root, field) {
  const name = field?.getAttribute("name");
  return name ? root.querySelector(`form[data-choices] [name="${CSS.escape(name)}"]`) : null;
}

/**
 * Follow the choices of a page: only what its `<main>` holds changes, and nothing moves.
 *
 * @param {Document} root
 */
export function startChoices(root) {
  const main = root.querySelector("main");
  if (!main?.querySelector("form[data-choices]")) return;
  const said = root.createElement("p");
  said.className = "sr";
  said.setAttribute("role", "status");
  root.body.append(said);
  let latest = 0, asked = location.search;

  /**
   * Show the page of an address in place of what stands here.
   *
   * @param {URL} address
   * @returns {Promise<boolean>} whether that was possible; not if another choice came meanwhile
   */
  async function show(address) {
    latest += 1;
    const mine = latest;
    /** @type {Response} */
    let answer;
    try {
      answer = await fetch(address, { headers: { Accept: "text/html" } });
    } catch {
      return mine !== latest;
    }
    if (!answer.ok) return mine !== latest;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== latest) return true;
    const next = page.querySelector("main");
    if (!main || !next) return false;
    const chosen = root.activeElement, left = scrollX, top = scrollY;
    main.replaceChildren(...next.childNodes);
    sameField(main, chosen)?.focus({ preventScroll: true });
    scrollTo(left, top);
    const told = main.querySelector("[data-told]") ?? main.querySelector("figcaption p");
    said.textContent = told?.textContent ?? "";
    await drawCharts(main);
    return true;
  }

  main.addEventListener("change", async (event) => {
    const form = /** @type {Element} */ (event.target).closest("form");
    if (!form?.matches("[data-choices]")) return;
    const address = addressOf(form);
    asked = address.search;
    history.pushState(null, "", address);
    if (!(await show(address))) form.submit();
  });
  addEventListener("popstate", async () => {
    if (location.search === asked) return; // another place of the same page
    asked = location.search;
    if (!(await show(new URL(location.href)))) location.reload();
  });
}
