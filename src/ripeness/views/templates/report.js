"use strict";
(() => {
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details.evidence:not([open])")];
    opened.forEach((details) => { details.open = true; });
  });
  addEventListener("afterprint", () => {
    opened.forEach((details) => { details.open = false; });
  });

  const form = document.getElementById("filter");
  const claims = [...document.querySelectorAll(".claims tbody")];
  function filter() {
    const { essay, kind } = Object.fromEntries(new FormData(form));
    for (const claim of claims) {
      const kinds = claim.dataset.kinds.split(" ");
      claim.hidden = (essay && claim.dataset.essay !== essay) || (kind && !kinds.includes(kind));
    }
    const shown = claims.filter((claim) => !claim.hidden).length;
    form.querySelector("output").textContent = `${shown} of ${claims.length} claims`;
  }
  form.addEventListener("change", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  filter();
  /** A link to a claim that the filter hides shows all claims again. */
  addEventListener("hashchange", () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target?.hidden) return;
    form.reset();
    filter();
    target.scrollIntoView();
  });
})();
