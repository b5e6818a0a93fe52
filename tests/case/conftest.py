from collections.abc import Callable
from pathlib import Path

import pytest

from ripeness.case.load import load
from ripeness.errors import InvalidFile

MINIMAL = Path(__file__).parent / "minimal.yaml"


@pytest.fixture(scope="session")
def minimal() -> str:
    return MINIMAL.read_text(encoding="utf-8")


@pytest.fixture
def case_of(tmp_path: Path) -> Callable[[str], Path]:
    """Write text as the case.yaml of a folder named minimal, and return its path."""

    def write(text: str) -> Path:
        path = tmp_path / "minimal" / "case.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        return path

    return write


@pytest.fixture
def problem_of(case_of: Callable[[str], Path]) -> Callable[[str], str]:
    """Load text in which ▸ marks the place of its one problem; return what the problem says."""

    def load_broken(text: str) -> str:
        before, mark, after = text.partition("▸")
        assert mark
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        path = case_of(before + after)
        with pytest.raises(InvalidFile) as caught:
            load(path)
        assert len(caught.value.problems) == 1, str(caught.value)
        said, source, carets = caught.value.problems[0].split("\n")
        place = f"{path}:{line}:{column}: "
        assert said.startswith(place), said
        pointed = source[carets.index("^") :]
        assert after.startswith(pointed[: carets.count("^")])
        return said.removeprefix(place)

    return load_broken
