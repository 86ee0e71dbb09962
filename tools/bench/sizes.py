"""What the compiled firmware weighs: bytes of .mpy, which cost RAM 1.3 to 1.55 times on a chip."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tools import build
from tools.bench.figure import Figure

# Loaded for a moment and given back (the modules that load them also drop them), or
# not fitted on the simulator; the rest stays while it watches.
_DROPPED = (
    "postlamp/store/account",
    "postlamp/store/config",
    "postlamp/store/files",
    "postlamp/store/saving",
    "postlamp/store/scan",
    "postlamp/store/schema",
    "postlamp/store/secrets",
    "postlamp/store/syntax",
    "postlamp/store/wifi",
    "postlamp/store/zone",
    "postlamp/mime/",
    "postlamp/app/crash",
    "postlamp/app/facts",
    "postlamp/app/ladder",
    "postlamp/app/parting",
    "postlamp/app/tending",
    "postlamp/app/looks",
    "postlamp/app/report",
    "postlamp/app/states",
    "postlamp/app/trouble",
    "postlamp/accounts",
    "postlamp/gadget",
    "postlamp/settings",
    "postlamp/heap",
    "postlamp/memory",
    "postlamp/starting",
    "postlamp/imap/access",
    "postlamp/imap/base64",
    "postlamp/imap/command",
    "postlamp/imap/criteria",
    "postlamp/imap/crypto",
    "postlamp/imap/mechanisms",
    "postlamp/imap/fetch",
    "postlamp/imap/mailboxes",
    "postlamp/imap/messages",
    "postlamp/imap/sasl",
    "postlamp/imap/scram",
    "postlamp/imap/searching",
    "postlamp/imap/utf7",
    "postlamp/imap/values",
    "postlamp/mail/backoff",
    "postlamp/mail/choosing",
    "postlamp/mail/counting",
    "postlamp/mail/leaving",
    "postlamp/mail/making",
    "postlamp/mail/newest",
    "postlamp/mail/opening",
    "postlamp/mail/proving",
    "postlamp/mail/securing",
    "postlamp/mail/steps",
    "postlamp/mail/telling",
    "postlamp/mail/turns",
    "postlamp/mail/verdict",
    "postlamp/mail/waiting",
    "postlamp/net/blame",
    "postlamp/net/contexts",
    "postlamp/net/dial",
    "postlamp/net/handshake",
    "postlamp/net/issuer",
    "postlamp/net/joining",
    "postlamp/net/ntp",
    "postlamp/net/zone",
    "postlamp/net/roots",
    "postlamp/net/trust",
    "postlamp/service/commands",
    "postlamp/service/line",
    "postlamp/service/overview",
    "postlamp/ui/led",
    "postlamp/ui/rgb",
    "postlamp/ui/small",
)


def resident(files: list[build.BoardFile]) -> dict[str, int]:
    """Names and .mpy bytes of the modules that stay loaded while watching."""
    return {
        file.path.removesuffix(".mpy").removesuffix("/__init__").replace("/", "."): len(
            file.content
        )
        for file in files
        if file.path.endswith(".mpy") and not file.path.startswith(_DROPPED)
    }


def measure() -> Iterator[Figure]:
    """The engine, what stays loaded while watching, and everything on the flash."""
    files = build.deploy_set("SIM")
    in_imap = [file for file in files if file.path.startswith("postlamp/imap/")]
    yield _kib(".mpy of the IMAP engine", (len(file.content) for file in in_imap), 24)
    yield _kib(".mpy of the IMAP engine, resident", resident(in_imap).values(), 12)
    yield _kib(".mpy resident while watching, OLED and ring", resident(files).values(), 32)
    ours = [len(file.content) for file in files if file.path != "roots.bin"]
    yield _kib("everything on the board but Mozilla's roots", ours, 160)


def _kib(name: str, sizes: Iterable[int], budget_kib: int) -> Figure:
    return Figure(name, sum(sizes) / 1024, "KiB", budget_kib)
