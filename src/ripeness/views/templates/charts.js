"use strict";
(() => {
  const specs = JSON.parse(document.getElementById("specs").textContent);
  const places = [...document.querySelectorAll("[data-chart]")];
  const PAPER_WIDTH = 680, LEGEND_HEIGHT = 60;

  /** Fit a specification to a width: small multiples wrap into even rows, other charts stretch. */
  function fitted(spec, width) {
    if (spec.facet) {
      const panels = spec.facet.sort.length;
      // Labels of the axes stand out a little between panels and take room on the left.
      const gap = spec.spacing + 12, beside = 70, smallest = 100;
      const most = Math.max(1, Math.floor((width - beside + gap) / (smallest + gap)));
      const columns = Math.ceil(panels / Math.ceil(panels / most));
      const panel = Math.floor((width - beside + gap) / columns - gap);
      return { ...spec, columns, spec: { ...spec.spec, width: panel } };
    }
    const wide = Math.min(width, 1.4 * spec.width);
    const aspect = spec.usermeta && spec.usermeta.aspect;
    const height = aspect ? Math.round(wide * aspect) + LEGEND_HEIGHT : spec.height;
    return { ...spec, width: wide, height, autosize: { type: aspect ? "fit" : "fit-x", contains: "padding" } };
  }

  const options = {
    renderer: "svg", actions: false, defaultStyle: false,
    tooltip: { disableDefaultStyle: true },
  };
  const drawn = new Map();
  /** Draw a chart into a place at a width; a later drawing of the same place wins. */
  async function draw(place, name, width) {
    drawn.get(place)?.finalize();
    const mine = { finalize() {} };
    drawn.set(place, mine);
    const { finalize } = await vegaEmbed(place, fitted(specs[name], width), options);
    if (drawn.get(place) === mine) mine.finalize = finalize;
    else finalize();
  }
  const drawAll = () => Promise.all(places
    .filter((place) => place.clientWidth > 0)
    .map((place) => draw(place, place.dataset.chart, place.clientWidth)));

  /** Small multiples get a second drawing for paper, which is narrower than a screen. */
  function drawForPaper() {
    for (const place of places.filter((place) => specs[place.dataset.chart].facet)) {
      const paper = document.createElement("div");
      paper.className = "paper";
      place.after(paper);
      draw(paper, place.dataset.chart, PAPER_WIDTH);
    }
  }
  drawAll().then(drawForPaper);

  let drawnAt = document.body.clientWidth, pending;
  addEventListener("resize", () => {
    clearTimeout(pending);
    pending = setTimeout(() => {
      if (document.body.clientWidth === drawnAt) return;
      drawnAt = document.body.clientWidth;
      drawAll();
    }, 150);
  });
})();
