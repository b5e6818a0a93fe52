"""A war between two sides that differ in nothing, over a stake that can be divided finely."""

from __future__ import annotations

import re
from pathlib import Path

MINIMAL = Path(__file__).parent.parent / "case" / "minimal.yaml"
STEPS = (1, 2, 4, 8)
"""Points of the stake that can change hands by a term: together they make every whole number."""

HEAD = """\
id: even
title: The even war
question: Does it matter who begins?
summary: Two sides that differ in nothing but their names.
decision_date: 2030-05-06
weeks: 52
milestones: [13, 26, 52]
sources:
  invention: {title: Invented for tests, confidence: judgement}
sides:
  arden: {name: Arden, adjective: Ardenian, dictates: arden_dictates}
  borea: {name: Borea, adjective: Borean, dictates: borea_dictates}
sectors:
  west:
    name: The west
    own_soil_of: arden
    area: {value: 4000, unit: km², sources: [invention], confidence: judgement}
    held_by_first: {value: 3000, unit: km², sources: [invention], confidence: judgement}
  east:
    name: The east
    own_soil_of: borea
    area: {value: 4000, unit: km², sources: [invention], confidence: judgement}
    held_by_first: {value: 1000, unit: km², sources: [invention], confidence: judgement}
"""

PLANS = """\
plans:
  wait: {name: Wait, meaning: Nobody does anything new., moves: []}
  arden-goes:
    name: Arden goes
    meaning: Arden sends troops east.
    moves:
      - {do: commit, side: arden, sector: east, from_week: 2, to_week: 40, dig_in: true}
  borea-goes:
    name: Borea goes
    meaning: Borea sends troops west.
    moves:
      - {do: commit, side: borea, sector: west, from_week: 2, to_week: 40, dig_in: true}
"""

INVENTED = "because: invented, sources: [invention], confidence: judgement"


def write(folder: Path) -> Path:
    """Write the case: minimal.yaml's figures, the same for both sides."""
    given = dict(
        re.findall(r"^  ([a-z_]+)(?:\.\w+)*: (\{.*\})$", _assumptions(), flags=re.MULTILINE)
    )
    for gone in ("gain_scale", "troops", "commitment", "term_worth"):
        given.pop(gone, None)
    own = other = "{between: [50, 100]"
    thousand = f"unit: thousand troops, {INVENTED}}}"
    lines = [f"  {name}: {body}" for name, body in given.items()]
    for side, (home, away) in {"arden": ("west", "east"), "borea": ("east", "west")}.items():
        lines += [
            f"  troops.{side}.{home}: {own}, {thousand}",
            f"  troops.{side}.{away}: {other}, {thousand}",
            f"  commitment.{side}.{away}: {{between: [10, 20], {thousand}",
            f"  tolerance_luck.{side}: {{between: [0, 1], unit: share, {INVENTED}}}",
        ]
    lines.append(f"  gain_scale: {{between: [100, 200], unit: km² a week, {INVENTED}}}")
    for side in ("arden", "borea"):
        lines += [
            f"  term_worth.to_{side}_{n}: {{value: {n}, unit: points of the stake, {INVENTED}}}"
            for n in STEPS
        ]
    (folder / "even").mkdir()
    file = folder / "even" / "case.yaml"
    text = f"{HEAD}{_terms()}{_deals()}{PLANS}assumptions:\n" + "\n".join(lines) + "\n"
    file.write_text(text, encoding="utf-8")
    return file


def _assumptions() -> str:
    return MINIMAL.read_text(encoding="utf-8").split("\nassumptions:\n")[1]


def _terms() -> str:
    lines = [
        f"  to_{side}_{n}: {{name: {n} points to {side}, benefits: {side}}}"
        for side in ("arden", "borea")
        for n in STEPS
    ]
    return "terms:\n" + "\n".join(lines) + "\n"


def _deals() -> str:
    """A freeze with every whole number of points from one side to the other."""
    lines = []
    for points in range(-sum(STEPS), sum(STEPS) + 1):
        side = "arden" if points > 0 else "borea"
        terms = [f"to_{side}_{n}" for n in STEPS if abs(points) & n]
        name = f"{side}_{abs(points)}" if points else "freeze"
        lines.append(
            f"  {name}: {{name: {name}, meaning: '.', control: line, terms: [{', '.join(terms)}]}}"
        )
    lines += [
        f"  {side}_dictates: {{name: {side}, meaning: '.', control: {side}}}"
        for side in ("arden", "borea")
    ]
    return "deals:\n" + "\n".join(lines) + "\n"
