"use strict";
(() => {
  const specs = JSON.parse(document.getElementById("specs").textContent);
  const figures = [...document.querySelectorAll("[data-chart]")];
  const PAGE_WIDTH_IN_PRINT = 680;

  /** Fit a specification to a width: small multiples wrap into even rows, other charts stretch. */
  function fitted(spec, width) {
    if (spec.facet) {
      const panels = spec.facet.sort.length;
      const gap = spec.spacing, beside = 105, smallest = 112;
      const most = Math.max(1, Math.floor((width - beside + gap) / (smallest + gap)));
      const columns = Math.ceil(panels / Math.ceil(panels / most));
      const panel = Math.floor((width - beside + gap) / columns - gap);
      return { ...spec, columns, spec: { ...spec.spec, width: panel } };
    }
    const wide = Math.min(width, 1.4 * spec.width);
    const aspect = spec.usermeta && spec.usermeta.aspect;
    const height = aspect ? Math.max(260, Math.round(wide * aspect)) : spec.height;
    return { ...spec, width: wide, height, autosize: { type: aspect ? "fit" : "fit-x", contains: "padding" } };
  }

  const drawn = new Map();
  const options = {
    renderer: "svg", actions: false, defaultStyle: false,
    tooltip: { disableDefaultStyle: true },
  };
  async function draw(figure, width) {
    const turn = (drawn.get(figure)?.turn ?? 0) + 1;
    drawn.get(figure)?.finalize?.();
    drawn.set(figure, { turn });
    const result = await vegaEmbed(figure, fitted(specs[figure.dataset.chart], width), options);
    if (drawn.get(figure).turn !== turn) return result.finalize();
    drawn.set(figure, { turn, finalize: () => result.finalize() });
  }
  const drawAll = (width) => figures.forEach((figure) => draw(figure, width ?? figure.clientWidth));
  drawAll();

  let drawnAt = document.body.clientWidth, pending;
  addEventListener("resize", () => {
    clearTimeout(pending);
    pending = setTimeout(() => {
      if (document.body.clientWidth === drawnAt) return;
      drawnAt = document.body.clientWidth;
      drawAll();
    }, 150);
  });

  let opened = [];
  // Drawing waits for nothing but microtasks, so the charts stand before the page is laid out for print.
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details.evidence:not([open])")];
    opened.forEach((details) => { details.open = true; });
    drawAll(PAGE_WIDTH_IN_PRINT);
  });
  addEventListener("afterprint", () => {
    opened.forEach((details) => { details.open = false; });
    drawAll();
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
