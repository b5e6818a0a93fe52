"""What YAML gets wrong, or lets people get wrong: each ends in one clear line."""

from __future__ import annotations

import math
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from ripeness.errors import InvalidFile, UsageError
from ripeness.yamlfile import read_model
from ripeness.yamlnodes import NotYaml, compose


class Anything(BaseModel):
    model_config = ConfigDict(extra="allow")


def plain(text: str) -> object:
    node, _ = compose(text)
    assert node is not None
    return node.plain()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("off", "off"),
        ("12:30", "12:30"),
        ("2024-08-06", "2024-08-06"),
        ("1_000", "1_000"),
        ("1,000", "1,000"),
        ("=", "="),
        ("0x1g", "0x1g"),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("", None),
        ("010", 10),
        ("0o10", 8),
        ("0x10", 16),
        ("+12", 12),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("-.inf", -math.inf),
        ('"104"', "104"),
        ("'true'", "true"),
        ("9" * 5000, math.inf),
    ],
)
def test_scalars_mean_what_yaml_1_2_says(written: str, meant: object) -> None:
    found = plain(f"value: {written}")
    assert found == {"value": meant}
    assert isinstance(found, dict)
    assert type(found["value"]) is type(meant)


# What is written, the line and column of the problem, and what it says.
TRAPS = {
    "tab": ("a:\n\tb: 1\n", 2, 1, "a tab; indent with spaces"),
    "unclosed quote": ("a: 1\nb: 'text\nc: 2\n", 2, 4, "this quote is never closed"),
    "unclosed bracket": ("a: [1, 2\nb: 3\n", 1, 4, "this '[' is not closed"),
    "unclosed brace": ("a: {b: 1\n", 1, 4, "this '{' is not closed"),
    "colon in text": ("because: first: second\n", 1, 15, "put text that holds ': ' in quotes"),
    "no space after the colon": ("a:1\nb: 2\n", 2, 2, "the space after each ':'"),
    "no colon": ("a: 1\nb\n", 2, 1, "add the ':' and a value"),
    "indentation": ("a: 1\n  b: 2\n", 2, 4, "check the indentation"),
    "list among fields": ("a: 1\n- b\n", 2, 1, "does not line up"),
    "forbidden first letter": ("a: `b`\n", 1, 4, "text may not begin with this character"),
    "control character": ("a: 1\nb: \x1b[31m\n", 2, 4, "a control character; remove it"),
    "tag": ("a: !!python/object:os.system x\n", 1, 4, "a tag"),
    "key that is a list": ("[a, b]: 1\n", 1, 1, "this key is not a word"),
    "unknown alias": ("a: *b\n", 1, 4, "'*b' refers to no '&b' before it"),
    "alias of itself": ("a: &b [*b]\n", 1, 8, "'*b' refers to itself"),
    "second document": ("a: 1\n---\nb: 2\n", 2, 1, "a second document"),
    "too deep": (f"a: {'[' * 25}{']' * 25}\n", 1, 24, "nested more than 20 deep"),
    "far too deep": (f"a: {'[' * 100_000}", 1, 24, "nested more than 20 deep"),
    "list at the top": ("- a\n- b\n", 1, 1, "not a list or a single value"),
    "text at the top": ("a case\n", 1, 1, "not a list or a single value"),
    "empty": ("", 1, 1, "the file is empty"),
    "comments only": ("# nothing yet\n", 1, 1, "the file is empty"),
}


@pytest.mark.parametrize(("text", "line", "column", "says"), TRAPS.values(), ids=TRAPS.keys())
def test_trap_is_named_at_its_place(
    text: str, line: int, column: int, says: str, tmp_path: Path
) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidFile) as caught:
        read_model(path, Anything)
    first = str(caught.value).splitlines()[0]
    assert first.startswith(f"{path}:{line}:{column}: ")
    assert says in first
    assert "\x1b" not in str(caught.value)


def test_too_many_aliases() -> None:
    with pytest.raises(NotYaml, match="more than 50 aliases"):
        compose(f"a: &a 1\nb: [{'*a, ' * 51}]")


def test_aliases_that_multiply() -> None:
    eightfold = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 8)}]" for n in range(1, 6)]
    lines = ["a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8]", *eightfold]
    with pytest.raises(NotYaml, match="more than 200,000 values"):
        compose("\n".join(lines))


def test_a_few_aliases_are_welcome() -> None:
    assert plain("a: &a [1, x]\nb: *a") == {"a": [1, "x"], "b": [1, "x"]}


def test_file_beyond_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(b"a: 1\n" + b"#" * 2_000_000)
    with pytest.raises(InvalidFile, match="the file has more than 2 MB"):
        read_model(path, Anything)


def test_file_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes("title: Überfall\nname: Köln\n".encode("latin-1"))
    with pytest.raises(InvalidFile) as caught:
        read_model(path, Anything)
    assert str(caught.value).startswith(f"{path}:1:8: not UTF-8 text (byte 0xdc); save the file as")


def test_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes("\ufeffa: 1\r\nb: x\r\n".encode())
    assert read_model(path, Anything).model_dump() == {"a": 1, "b": "x"}


def test_folder_missing_file_and_pipe(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a folder; name the file in it"):
        read_model(tmp_path, Anything)
    with pytest.raises(UsageError, match="there is no such file"):
        read_model(tmp_path / "nothing.yaml", Anything)
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    with pytest.raises(UsageError, match="is not an ordinary file"):
        read_model(pipe, Anything)


def test_a_long_line_is_cut_around_its_problem(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text("a: [" + "1, " * 5000 + "`]", encoding="utf-8")
    with pytest.raises(InvalidFile) as caught:
        read_model(path, Anything)
    _, source, carets = str(caught.value).split("\n")
    assert len(source) < 120
    assert source[carets.index("^")] == "`"


@given(st.text(alphabet=st.sampled_from("ab1:-[]{},&*!|>'\"%@`#?~ \n\t.\r\u2028é"), max_size=60))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    refused = None
    try:
        compose(text)
    except NotYaml as error:
        refused = error
    if refused:
        assert refused.what
        assert refused.place.line >= 1
        assert refused.place.column >= 1
