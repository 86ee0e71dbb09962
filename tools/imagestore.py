"""MicroPython's images on this computer: loaded down once, kept, and never silently another.

Where a board's description records the SHA-256, a file must have it. Otherwise that of the first
download is shown and remembered beside the file. The only user of the network among these tools.
"""

from __future__ import annotations

import hashlib
import os
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any

import certifi

from tools import imagefile
from tools.imagefile import ImageError

SITE = "https://micropython.org/resources/firmware/"
_LIMIT_BYTES = 16 << 20  # the flash of the largest board
_CHUNK_BYTES = 64 << 10
_TIMEOUT_S = 30


@dataclass(frozen=True)
class Kept:
    """An image of the cache; `is_new`: nobody could check it before, its sum is remembered now."""

    path: Path
    sha256: str
    is_new: bool


def cache() -> Path:
    """The folder of the images ($XDG_CACHE_HOME/postlamp, or ~/.cache/postlamp)."""
    above = os.environ.get("XDG_CACHE_HOME")
    return (Path(above) if above else Path.home() / ".cache") / "postlamp"


def kept(
    board: dict[str, Any],
    on_progress: Callable[[int, int], None],
    *,
    folder: Path | None = None,
    site: str = SITE,
    authorities: str | None = None,
) -> Kept:
    """The image of a board's description, loaded down when it is not in the cache yet.

    on_progress gets bytes so far and in all. Raises ImageError.
    """
    folder = folder or cache()
    facts = board["image"] or {}
    name = facts.get("file", "")
    if not name:
        raise ImageError(f"{board['board']} has no MicroPython image to load down: use --image.")
    path, remembered = folder / name, folder / f"{name}.sha256"
    try:
        if path.is_file():
            known = facts.get("sha256") or _words(remembered)
            return _checked(path, known)
        folder.mkdir(parents=True, exist_ok=True)
        content = _load(site, name, on_progress, authorities)
        return _keep(path, remembered, content, facts.get("sha256"))
    except OSError as error:
        raise ImageError(
            f"The cache cannot be used: {error.strerror}: {error.filename}"
        ) from error


def _checked(path: Path, known: str) -> Kept:
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    if known and sha256 != known:
        path.unlink()
        raise ImageError(
            f"{path} is not what it was (SHA-256 {sha256}, not {known}). It has been removed: "
            "run the command again to load it anew."
        )
    return Kept(path, sha256, False)


def _keep(path: Path, remembered: Path, content: bytes, known: str | None) -> Kept:
    """Puts a download into the cache, which never has half a file."""
    sha256 = hashlib.sha256(content).hexdigest()
    before = known or _words(remembered)
    if before and sha256 != before:
        raise ImageError(
            f"What came for {path.name} is another file than is known of (SHA-256 {sha256}, not "
            f"{before}). It was not kept. Try again in another network; if it stays so, tell "
            "Postlamp's maintainers."
        )
    imagefile.read(content)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    new.write_bytes(content)
    os.replace(new, path)
    remembered.write_text(sha256 + "\n")
    return Kept(path, sha256, not before)


def _words(path: Path) -> str:
    return path.read_text().strip() if path.is_file() else ""


def _load(
    site: str, name: str, on_progress: Callable[[int, int], None], authorities: str | None
) -> bytes:
    context = ssl.create_default_context(cafile=authorities or certifi.where())
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context), _OnlyTLS())
    content = bytearray()
    try:
        with opener.open(site + name, timeout=_TIMEOUT_S) as answer:
            total = int(answer.headers.get("Content-Length") or 0)
            while chunk := answer.read(_CHUNK_BYTES):
                content += chunk
                on_progress(len(content), total)
                if len(content) > _LIMIT_BYTES:
                    raise ImageError(f"{site}{name} is no image: it is larger than any flash.")
    except (OSError, HTTPException) as error:
        raise ImageError(
            f"{site}{name} could not be loaded ({_reason(error)}). Try again, or load it down "
            "by any other way and name it: --image FILE."
        ) from error
    if total and len(content) != total:
        raise ImageError(f"{name} was cut short at {len(content)} of {total} bytes. Try again.")
    return bytes(content)


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"the site says {error.code}"
    return str(getattr(error, "reason", None) or error)


class _OnlyTLS(urllib.request.HTTPRedirectHandler):
    """Follows no redirection that leaves https."""

    def redirect_request(self, *asked: Any) -> urllib.request.Request | None:
        request = super().redirect_request(*asked)
        if request is not None and request.type != "https":
            raise urllib.error.URLError("it leads away from https")
        return request
