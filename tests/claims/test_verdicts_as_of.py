"""Record verdicts on what was known on a day: those stated stand on that day and need no later."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ripeness.case.load import load
from ripeness.case.schema import CaseFile
from ripeness.claims import checks
from ripeness.claims.database import open_record
from ripeness.claims.language import Claims, read_claims
from ripeness.claims.record import judge_record
from ripeness.record.measures import write
from ripeness.record.tables import cut


@pytest.fixture(scope="module")
def claims(case: Path) -> Claims:
    return read_claims(case / "claims.yaml")


@pytest.fixture(scope="module")
def declared(case: Path) -> CaseFile:
    return load(case)


@pytest.fixture(scope="module")
def whole(claims: Claims, record: Path) -> dict[str, str | None]:
    with open_record(record) as tables:
        return {claim.id: judge_record(claim, tables).record_verdict for claim in claims.claims}


DAYS = [
    "2022-02-24",
    "2024-08-05",
    "2024-08-12",
    "2024-08-13",
    "2024-08-16",
    "2024-08-31",
    "2024-09-14",
    "2024-11-14",
    "2024-12-31",
    "2025-01-14",
    "2025-02-28",
    "2025-03-31",
    "2025-06-30",
    "2025-12-31",
    "2026-02-28",
]


def test_every_day_on_which_a_verdict_stands_is_tried(claims: Claims):
    days = {claim.record.as_of for claim in claims.claims if claim.record}
    assert sorted(day.isoformat() for day in days) == DAYS


@pytest.mark.parametrize("day", DAYS)
def test_a_verdict_stands_on_its_day(
    claims: Claims,
    case: Path,
    declared: CaseFile,
    whole: dict[str, str | None],
    tmp_path: Path,
    day: str,
):
    as_of = date.fromisoformat(day)
    cut(case / "record", as_of, tmp_path / "record")
    write(declared, tmp_path / "record", as_of)
    with open_record(tmp_path / "record") as tables:
        if day in (DAYS[0], DAYS[-1]):  # of columns that hold nothing yet too
            assert not list(checks.sql(claims.model_dump(mode="json"), None, None, tables))
        for claim in claims.claims:
            if claim.record is None:
                continue
            found = judge_record(claim, tables, as_of)
            if as_of < claim.record.begins:
                assert found.record_verdict == "not yet", claim.id
            else:
                assert found.record_verdict in ("supported", "contradicted", "mixed"), claim.id
            if as_of == claim.record.as_of:
                assert found.record_verdict == whole[claim.id], claim.id


def test_the_record_turned_two_verdicts(
    claims: Claims, case: Path, declared: CaseFile, tmp_path: Path
):
    """L6 before the strikes of autumn 2024 and after; L23 before talks of 2025 kept exchanges."""
    verdicts = {}
    for day in ("2024-08-31", "2025-12-31"):
        as_of = date.fromisoformat(day)
        cut(case / "record", as_of, tmp_path / day)
        write(declared, tmp_path / day, as_of)
        with open_record(tmp_path / day) as tables:
            for claim in claims.claims:
                if claim.id in ("L6", "L23"):
                    verdicts[claim.id, day] = judge_record(claim, tables, as_of).record_verdict
    assert verdicts == {
        ("L6", "2024-08-31"): "supported",
        ("L6", "2025-12-31"): "mixed",
        ("L23", "2024-08-31"): "supported",
        ("L23", "2025-12-31"): "mixed",
    }
