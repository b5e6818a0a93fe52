/** The list of claims: its filter, kept in the page's address. */

const FILTERS = ["essay", "kind", "verdict"];

/**
 * Show the claims that the filter lets through, and count them.
 *
 * @param {ParentNode} root
 */
export function startClaims(root) {
  const form = /** @type {HTMLFormElement | null} */ (root.querySelector("form[data-filter]"));
  if (!form) return;
  const claims = [...root.querySelectorAll(".claims tbody")].map(
    (claim) => /** @type {HTMLElement} */ (claim),
  );
  const output = /** @type {HTMLOutputElement} */ (form.querySelector("output"));

  function filter() {
    const wanted = Object.fromEntries(new FormData(/** @type {HTMLFormElement} */ (form)));
    for (const claim of claims) {
      claim.hidden = FILTERS.some((name) => {
        const given = (claim.dataset[name] ?? "").split("|");
        return wanted[name] && !given.includes(String(wanted[name]));
      });
    }
    const shown = claims.filter((claim) => !claim.hidden).length;
    output.textContent = shown
      ? `${shown} of ${claims.length} claims`
      : "No claim is of that kind; choose “all” again.";
  }

  function keep() {
    const address = new URL(location.href);
    for (const [name, value] of new FormData(/** @type {HTMLFormElement} */ (form))) {
      if (value) address.searchParams.set(name, String(value));
      else address.searchParams.delete(name);
    }
    history.replaceState(null, "", address);
  }

  function takeFromAddress() {
    const address = new URL(location.href);
    for (const name of FILTERS) {
      const field = /** @type {HTMLSelectElement} */ (form?.elements.namedItem(name));
      field.value = address.searchParams.get(name) ?? "";
      if (field.selectedIndex < 0) field.value = "";
    }
  }

  form.addEventListener("change", () => {
    filter();
    keep();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  /** A link to a claim that the filter hides shows all claims again. */
  addEventListener("hashchange", () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target?.hidden) return;
    form.reset();
    filter();
    target.scrollIntoView();
  });
  form.hidden = false;
  takeFromAddress();
  filter();
}
