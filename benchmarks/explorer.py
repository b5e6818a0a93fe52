"""How long a brush takes in the explorer, beside crossfilter2, in one run of Chromium.

Both count the same: 200,000 rows; twelve histograms of 128 bins, three columns of 6,561 patterns
(what eight claims come to in a world), and six columns for the comparison of plans. Ours also gives
the shares of the 24 claims. A usual move shifts both ends of a brush by a bin or so; the worst
takes a brush from all to a quarter and back.
crossfilter2 is taken from npm into a temporary folder.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from ripeness.views.page import script

ROWS, HISTOGRAMS, BINS, CLAIMS, PLANS = 200_000, 12, 128, 24, 6
PEER = "crossfilter2@1.5.4"

MEASURE = """
const [rows, histograms, bins, claims, plans] = %s;
let state = 1;
const random = () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32);
const column = (size, type) => type.from({ length: rows }, () => Math.floor(random() * size));
const brushed = Array.from({ length: histograms }, () => column(bins, Uint8Array));
const others = Array.from({ length: plans }, () => column(bins, Uint8Array));
const patterns = patternsOf(
  Array.from({ length: claims }, () => column(3, Uint8Array)), rows,
);

const engine = new Engine(rows);
brushed.forEach((of, n) => engine.count(`b${n}`, of, 256));
others.forEach((of, n) => engine.count(`o${n}`, of, 256));
const counts = patterns.map(({ bins: of, size }, n) => engine.count(`c${n}`, of, size));

const cross = crossfilter(Array.from({ length: rows }, (_, row) => row));
const dimensions = brushed.map((of) => cross.dimension((row) => of[row]));
const groups = dimensions.map((of) => of.group());
for (const of of [...others, ...patterns.map((each) => each.bins)]) {
  groups.push(cross.dimension((row) => of[row]).group());
}

const ours = (n, first, last) => {
  engine.brush(`b${n}`, (bin) => bin >= first && bin <= last);
  sharesOf(counts, claims);
};
const peer = (n, first, last) => {
  dimensions[n].filterRange([first, last + 1]);
  for (const group of groups) group.all(); // it counts when it is asked
};
const counted = () => engine.columns.get("b1").counts;
const same = () => groups[1].all().every(({ key, value }) => counted()[key] === value);

function timed(brush, moves) {
  return moves.map(([n, first, last]) => {
    const start = performance.now();
    brush(n, first, last);
    return performance.now() - start;
  });
}
const usual = [], worst = [];
for (let step = 0; step < 60; step += 1) {
  usual.push([0, 20 + (step %% 30), 100 - (step %% 17)]);
}
for (let step = 0; step < 12; step += 1) worst.push([0, 0, step %% 2 ? bins - 1 : bins / 4]);
const middle = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const found = {};
for (const [name, brush] of [["ours", ours], ["peer", peer]]) {
  brush(2, 10, 110); // another brush stands meanwhile
  brush(0, 20, 100); // and what has to be sorted once is sorted
  const [some, many] = [timed(brush, usual), timed(brush, worst)];
  found[name] = {
    usual: middle(some),
    usual_worst: Math.max(...some),
    worst: middle(many),
    worst_worst: Math.max(...many),
  };
}
ours(0, 5, 40);
peer(0, 5, 40);
({ ...found, same: same() });
"""


def measure() -> dict[str, dict[str, float]]:
    """Time both; milliseconds."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("the explorer is measured in Chromium: install it")
    with tempfile.TemporaryDirectory() as place:
        command = ["npm", "install", "--no-package-lock", "--no-audit", "--silent", PEER]
        subprocess.run(command, cwd=place, check=True)
        peer = (Path(place) / "node_modules/crossfilter2/crossfilter.js").read_text("utf-8")
    numbers = json.dumps([ROWS, HISTOGRAMS, BINS, CLAIMS, PLANS])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.add_script_tag(content=peer)
        modules = script("explorer_engine.js") + script("explorer_verdicts.js")
        names = "Object.assign(globalThis, { Engine, patternsOf, sharesOf });"
        page.add_script_tag(content=f"{modules};{names}")
        found = page.evaluate(MEASURE % numbers)
        browser.close()
    assert found.pop("same"), "the two count differently"
    return found


def main() -> None:
    """Print a table."""
    found = measure()
    print(f"{ROWS:,} rows, {HISTOGRAMS} histograms; milliseconds a move, median (slowest)")
    for name, told in (("usual", "both ends by a bin"), ("worst", "all to a quarter, and back")):
        ours, peer = (
            f"{found[who][name]:.1f} ({found[who][f'{name}_worst']:.1f})"
            for who in ("ours", "peer")
        )
        ratio = found["peer"][name] / found["ours"][name]
        print(f"{told:28} ours {ours:14} {PEER} {peer:14} ratio {ratio:.1f}")


if __name__ == "__main__":
    main()
