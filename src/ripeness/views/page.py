"""Pages that open offline: one HTML file with its style, its charts and all that draws them."""

from __future__ import annotations

import base64
import gzip
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ripeness.errors import RipenessError
from ripeness.views import words

WEB = Path(__file__).parent / "web"
IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w-]+\.js)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export ", re.MULTILINE)
VEGA_LITE = "6.4"
EXPOSE = "window.vegaEmbed = vegaEmbed;"


def environment(*filters: Callable[..., object]) -> Environment:
    """The templates, with filters for numbers and dates and those given, by their names."""
    made = Environment(
        loader=PackageLoader("ripeness.views"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    written = (words.long_date, words.percent, words.plain, words.quantity, words.listed)
    made.filters |= {function.__name__: function for function in (*written, *filters)}
    return made


def style(*names: str) -> Markup:
    """Style sheets, to be put into a page."""
    return Markup("".join(_read(name) for name in names))


def script(entry: str) -> Markup:
    """A module and all that it imports, as one module to be put into a page.

    A page that is opened from a file may load no modules. So they follow each other in it, those
    that others need first; their names on the top level differ.
    """
    found: dict[str, str] = {}

    def add(name: str) -> None:
        text = _read(name)
        for needed in IMPORT.findall(text):
            if needed not in found:
                add(needed)
        found[name] = EXPORT.sub("", IMPORT.sub("", text))

    add(entry)
    return Markup("\n".join(found.values()))


def _read(name: str) -> str:
    return (WEB / name).read_text(encoding="utf-8")


def packed(content: bytes) -> str:
    """Compress what a page's script unpacks: gzip, in base 64, the same for the same content."""
    return base64.b64encode(gzip.compress(content, mtime=0)).decode("ascii")


def chart_bundle() -> Markup:
    """What draws charts in a browser; it takes seconds to make."""
    return Markup(vl_convert.javascript_bundle(EXPOSE, vl_version=VEGA_LITE))


def write_page(file: Path, page: str, what: str) -> Path:
    """Write a page to a file, whole or not at all.

    Parameters
    ----------
    what
        What the page is called if it cannot be written.

    Raises
    ------
    RipenessError
        If the file cannot be written.
    """
    beside = None
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=file.parent, prefix=f".{file.name}.", delete=False
        ) as part:
            beside = Path(part.name)
            part.write(page)
        beside.chmod(0o644)
        beside.replace(file)
    except OSError as error:
        if beside is not None:
            beside.unlink(missing_ok=True)
        reason = f"{what} cannot be written to '{file}': {error.strerror}"
        raise RipenessError(reason) from error
    return file
