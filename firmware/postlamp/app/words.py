"""The words a person sees, read one at a time from assets/words. Application layer.

A whole language costs 14 kB of heap as a dict; so the file stays on flash, with one
`"key": "text"` a line, and only the words in use are kept.
"""

import json

from micropython import const

_CHUNK_BYTES = const(256)  # what a scan reads at once
_LINE_BYTES = const(240)  # longer than any line; host tests check the files
_CACHED = const(12)  # a page needs at most eight


class Words:
    """The words of one language; OSError when its file is missing."""

    def __init__(self, path: str) -> None:
        open(path, "rb").close()
        self._path = path
        self._chunk = bytearray(_CHUNK_BYTES)
        self._cache: "dict[str, str]" = {}

    def say(self, key: str, **values: object) -> str:
        """The text of a key with its {slots} filled; an unknown key comes back as it is."""
        text = self._cache.get(key)
        if text is None:
            text = self._find(key)
            if len(self._cache) >= _CACHED:
                self._cache.clear()
            self._cache[key] = text
        return text.format(**values) if values else text

    def _find(self, key: str) -> str:
        """Scan the file for the key's line."""
        needle = b'"' + key.encode() + b'": '
        chunk = self._chunk
        at = 0
        with open(self._path, "rb") as file:
            while True:
                file.seek(at)
                size = file.readinto(chunk)
                found = chunk.find(needle, 0, size)
                if found >= 0:
                    file.seek(at + found + len(needle))
                    line = file.read(_LINE_BYTES)
                    text: str = json.loads(line[: line.find(b"\n")].rstrip(b",\r"))
                    return text
                if size < _CHUNK_BYTES:
                    return key
                # The key may lie across the chunk's end.
                at += size - len(needle)
