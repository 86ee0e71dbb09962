"""What a board gets of the firmware's Python: linked and shortened, and kept for the next time.

To make it takes more than a second, and boards are started often. So what came of it is kept under
the hash of all that it was made from.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
import zlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tools import link, names, scopes, shorten


class Linked(NamedTuple):
    """The firmware as a board has it.

    files: the file of each module. long, short: the text of each file, before and after its names
    were shortened. programs: what imports them. shared: the long name of each that files share.
    """

    files: dict[str, str]
    long: dict[str, str]
    short: dict[str, str]
    programs: dict[str, str]
    shared: dict[str, str]


def linked(
    sources: Mapping[str, str], programs: Mapping[str, str], chip: Mapping[str, str], folder: Path
) -> Linked:
    """Of the texts of all modules, programs and modules of the chip; `folder` is where it is kept.

    Raises LinkError, or SyntaxError with the module's name as that of the file.
    """
    inputs = (_makers(), *(list(texts.items()) for texts in (sources, programs, chip)))
    path = folder / f"{hashlib.sha256(repr(inputs).encode()).hexdigest()}.z"
    if not path.is_file():
        made = _make(sources, programs, chip)
        publish(path, zlib.compress(json.dumps(made).encode()))
    return Linked(*json.loads(zlib.decompress(path.read_bytes())))


def _make(
    sources: Mapping[str, str], programs: Mapping[str, str], chip: Mapping[str, str]
) -> Linked:
    faults = shorten.trespasses(sources)
    if faults:
        raise link.LinkError("\n".join(faults))
    linker = link.Linker(sources)
    shared = names.shared_names(sources, "\n".join(programs.values()), chip)
    long = linker.link()
    return Linked(
        linker.files,
        long,
        {file: shorten.shorten(text, shared) for file, text in long.items()},
        {name: linker.relink(text) for name, text in programs.items()},
        {short: name for name, short in shared.items()},
    )


@cache
def _makers() -> str:
    """What changes the outcome beside the texts: we, and how this Python writes them."""
    ours = (__file__, link.__file__, names.__file__, scopes.__file__, shorten.__file__)
    return sys.version + "".join(Path(file).read_text("utf-8") for file in ours)


def publish(path: Path, content: bytes) -> None:
    """Writes by rename, so that a second process never reads half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
    os.replace(temporary, path)
