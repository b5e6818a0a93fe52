/** Going from cell to cell of the map by the arrow keys. */

/** @typedef {[right: number, down: number]} MapArrow */

/** @type {Record<string, MapArrow>} */
export const MAP_ARROWS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/**
 * The next cell in a direction: the nearest of those that lie more that way than aside.
 *
 * @param {SVGPathElement[]} cells
 * @param {number} from its place among them; below 0 for none, which leads to the middle of the view
 * @param {MapArrow} arrow
 * @param {DOMRect} view
 * @returns {number} the cell's place, or `from` if there is none further on
 */
export function nextCell(cells, from, [right, down], view) {
  const [x, y] = from < 0 ? middleOf(view) : middleOf(cells[from].getBBox());
  let best = from, least = Infinity;
  cells.forEach((cell, place) => {
    if (place === from) return;
    const [cellX, cellY] = middleOf(cell.getBBox()), dx = cellX - x, dy = cellY - y;
    const along = dx * right + dy * down, aside = Math.abs(dx * down) + Math.abs(dy * right);
    const ahead = along > 0 && along >= aside ? along + 2 * aside : Infinity;
    const far = from < 0 ? Math.hypot(dx, dy) : ahead;
    if (far < least) [best, least] = [place, far];
  });
  return best;
}

/** @param {{x: number, y: number, width: number, height: number}} box */
function middleOf({ x, y, width, height }) {
  return [x + width / 2, y + height / 2];
}
