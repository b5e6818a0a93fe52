"""One file from a server, whole or not at all: limits on time and size, patience with faults."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from ripeness.errors import RipenessError

CHUNK = 65_536  # bytes
BUSY = 429
COMPRESSED = (b"\x1f\x8b", b"PK\x03\x04")  # how gzip and zip begin


@dataclass(frozen=True)
class Client:
    """How patient a download is.

    Attributes
    ----------
    timeout
        Seconds to wait for a connection, and then for each next piece of data.
    total
        Seconds for one file, all its tries and pauses together.
    size
        Largest file taken, bytes.
    tries
        How often a file is asked for when the server fails, the connection is cut or time runs out.
    pause
        Seconds before the second try, on average; each further pause is twice as long.
    chance
        Draws from 0 to 1; a pause is its mean times 0.5 to 1.5.
    sleep
        Waits for as many seconds.
    """

    timeout: float = 20.0
    total: float = 120.0
    size: int = 50_000_000
    tries: int = 4
    pause: float = 1.0
    chance: Callable[[], float] = random.random
    sleep: Callable[[float], object] = time.sleep


@dataclass(frozen=True)
class Download:
    """A file as it came: its address, its bytes and their SHA-256 checksum."""

    url: str
    body: bytes

    @property
    def sha256(self) -> str:
        """Checksum of the bytes, as hexadecimal digits."""
        return sha256(self.body).hexdigest()


class DownloadError(RipenessError):
    """A file could not be had."""


class Missing(DownloadError):
    """The server has no such file (404 or 410)."""


class _PassingError(Exception):
    """A fault that may be gone at the next try."""


class _Redirects(HTTPRedirectHandler):
    max_redirections = 5

    def redirect_request(
        self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> Request | None:
        if not newurl.lower().startswith(("http://", "https://")):
            raise HTTPError(newurl, code, msg, headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def download(url: str, client: Client) -> Download:
    """Download a file of data.

    Raises
    ------
    Missing
        If the server says that there is no such file.
    DownloadError
        If it cannot be had whole within the limits, or is a web page or compressed.
    """
    end = time.monotonic() + client.total
    fault = ""
    for attempt in range(client.tries):
        if attempt:
            pause = client.pause * 2.0 ** (attempt - 1) * (0.5 + client.chance())
            if time.monotonic() + pause > end:
                break
            client.sleep(pause)
        try:
            body = _asked(url, client, end)
        except _PassingError as error:
            fault = str(error)
            continue
        return Download(url, _data(body))
    raise DownloadError(fault)


def _asked(url: str, client: Client, end: float) -> bytes:
    request = Request(url, headers={"User-Agent": "ripeness", "Accept-Encoding": "identity"})
    timeout = max(min(client.timeout, end - time.monotonic()), 0.001)  # 0 would not wait at all
    try:
        with build_opener(_Redirects).open(request, timeout=timeout) as response:
            return _read(response, client, end)
    except HTTPError as error:
        error.close()
        if error.code >= 500 or error.code == BUSY:
            raise _PassingError(f"the server answered {error.code} ({error.reason})") from None
        if error.code in (404, 410):
            raise Missing("the server has no such file (404)") from None
        if 300 <= error.code < 400:
            raise DownloadError("the server sent us on too often, or to no web address") from None
        raise DownloadError(f"the server answered {error.code} ({error.reason})") from None
    except TimeoutError:
        raise _PassingError(f"the server said nothing for {timeout:.2g} s") from None
    except URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise _PassingError(f"no connection within {timeout:.2g} s") from None
        raise _PassingError(f"the server cannot be reached ({error.reason})") from None
    except (OSError, HTTPException):
        raise _PassingError("the connection was cut before the file was whole") from None


def _read(response: HTTPResponse, client: Client, end: float) -> bytes:
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise DownloadError("the server sent compressed data, which was not asked for")
    if response.headers.get_content_type() == "text/html":
        raise DownloadError("the server sent a web page instead of data")
    body = bytearray()
    # Not read(CHUNK): it waits for a whole chunk, for as long as one byte comes now and then.
    while piece := response.read1(CHUNK):
        body += piece
        if len(body) > client.size:
            raise DownloadError(f"the file is larger than {client.size / 1e6:g} MB")
        if time.monotonic() > end:
            raise DownloadError(f"the file was not whole after {client.total:g} s")
    said = response.headers.get("Content-Length", "")
    if said.isdigit() and len(body) < int(said):
        raise _PassingError("the connection was cut before the file was whole")
    return bytes(body)


def _data(body: bytes) -> bytes:
    if body.startswith(COMPRESSED):
        raise DownloadError("the server sent compressed data, which was not asked for")
    if body.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        raise DownloadError("the server sent a web page instead of data")
    if not body.strip():
        raise DownloadError("the server sent an empty file")
    return body
