"""What the compiled firmware weighs: bytes of .mpy, which cost RAM 1.3 to 1.55 times on a chip."""

from __future__ import annotations

from collections.abc import Iterator

from tools import build
from tools.bench.figure import Figure

# Loaded for a moment and given back (the modules that load them also drop them), or
# not fitted on the simulator; the rest stays while it watches.
_DROPPED = (
    "postlamp/store/",
    "postlamp/mime/",
    "postlamp/app/trouble",
    "postlamp/gadget",
    "postlamp/heap",
    "postlamp/imap/base64",
    "postlamp/imap/command",
    "postlamp/imap/criteria",
    "postlamp/imap/crypto",
    "postlamp/imap/items",
    "postlamp/imap/mechanisms",
    "postlamp/imap/sasl",
    "postlamp/imap/scram",
    "postlamp/imap/utf7",
    "postlamp/mail/opening",
    "postlamp/mail/verdict",
    "postlamp/net/blame",
    "postlamp/net/dial",
    "postlamp/net/joining",
    "postlamp/net/ntp",
    "postlamp/net/zone",
    "postlamp/net/trust",
    "postlamp/ui/led",
)


def measure() -> Iterator[Figure]:
    """The engine, what stays loaded while watching, and everything on the flash."""
    files = {file.path: len(file.content) for file in build.deploy_set("SIM")}
    modules = {path: size for path, size in files.items() if path.endswith(".mpy")}
    engine = {path: size for path, size in modules.items() if path.startswith("postlamp/imap/")}
    stays = {path: size for path, size in modules.items() if not path.startswith(_DROPPED)}
    resident = sum(stays.values())
    engine_resident = sum(size for path, size in engine.items() if path in stays)
    yield Figure(".mpy of the IMAP engine", sum(engine.values()) / 1024, "KiB", 24)
    yield Figure(".mpy of the IMAP engine, resident", engine_resident / 1024, "KiB", 12)
    yield Figure(".mpy resident while watching, OLED and ring", resident / 1024, "KiB", 32)
    yield Figure("everything on the board", sum(files.values()) / 1024, "KiB", 160)
