"""What can go wrong in the soak, and by when the gadget has to say so: the table of its faults."""

from __future__ import annotations

from dataclasses import dataclass

SILENCE = "silence"  # nothing comes, or nothing that leads to a count: told after 90 s
REFUSAL = "refusal"  # told at once
NONE = "none"  # need not be told: the count can still be had

BACKOFF_S = 300  # the longest wait between two tries
HOURLY_S = 3600
JOIN_S = 75  # Wi-Fi is looked for again every minute at least, and each time for some seconds
ATTEMPT_S = 190  # what a try takes at the most until it is given up: greeting 60 s, a SEARCH 120 s


@dataclass(frozen=True)
class Fault:
    """One line of the table.

    `how`: what becomes of the connection there is: fin, rst, bye, dead (no byte passes any more,
    and nobody is told), keep. `retry_s`: the longest wait between two tries while it lasts.
    """

    name: str
    how: str
    found: str
    words: str
    retry_s: int = BACKOFF_S
    whys: tuple[str, ...] = ("",)


_ALL = (
    Fault("kill", "rst", SILENCE, "the server is killed, its port refuses"),
    Fault("halfopen", "dead", SILENCE, "half-open: packets vanish both ways"),
    Fault("mute", "rst", SILENCE, "connections open and no greeting comes"),
    Fault("handshake", "rst", SILENCE, "the TLS handshake stalls"),
    Fault("dns", "fin", SILENCE, "the name server is gone"),
    Fault("wifi", "dead", SILENCE, "Wi-Fi is gone", JOIN_S),
    Fault("garbage", "fin", SILENCE, "the greeting is not IMAP"),
    Fault("limit", "bye", SILENCE, "too many connections"),
    Fault("throttle", "bye", SILENCE, "throttled, with a back-off time"),
    Fault("unavailable", "bye", SILENCE, "sign-in is temporarily unavailable"),
    Fault("drip", "keep", SILENCE, "one byte a second"),
    Fault("password", "bye", REFUSAL, "the password is refused", HOURLY_S),
    Fault("mailbox", "bye", REFUSAL, "the mailbox is gone"),
    Fault(
        "tls",
        "rst",
        REFUSAL,
        "the certificate is refused",
        whys=("expired", "unknown_issuer", "wrong_host", "not_tls"),
    ),
    Fault("flaky", "rst", NONE, "connections break after some hundred bytes"),
    Fault("slow", "keep", NONE, "30 bytes a second"),
    Fault("ntp", "keep", NONE, "time servers are gone"),
)
FAULTS = {fault.name: fault for fault in _ALL}

# What happens once, to the one connection, and is to be got over without a word of trouble: how,
# and within how many seconds there is a new connection (0: not judged by that).
BLIPS = {
    "fin": ("the stream ends", 2),
    "rst": ("a TCP reset", 2),
    "bye": ("BYE", 2),
    "dead": ("a NAT forgets the connection", 90),
    "line": ("the server stops in mid-line", 90),
    "literal": ("the server stops in mid-literal", 0),
    "endidle": ("the server ends IDLE by itself", 0),
}
