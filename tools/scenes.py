"""What the gallery shows: a made-up status for every state and for every cause of trouble.

host_tests/tools/test_gallery.py fails when a state or a cause of the firmware has none.
"""

from __future__ import annotations

from typing import Any

Scene = tuple[str, dict[str, Any]]

_KNOWN = {
    "account": "work",
    "accounts": [["work", 2], ["home", 1]],
    "unseen": 3,
    "last_unseen": 3,
    "age_s": 12,
    "newest_account": "work",
    "newest_age_s": 240,
    "sender": "Zażółć Gęślą",
    "subject": "Новое письмо: Привет",
    "clock": "14:07",
    "day": [0, 23],
}
_ZERO = {
    **_KNOWN,
    "accounts": [["work", 0], ["home", 0]],
    "unseen": 0,
    "last_unseen": 0,
    "age_s": 40,
    "newest_age_s": None,
}
_UNKNOWN = {
    **_KNOWN,
    "accounts": [["work", None], ["home", None]],
    "unseen": None,
    "newest_age_s": None,
}
_FRESH = {**_UNKNOWN, "clock": "", "day": None, "last_unseen": None, "age_s": None}
_NOBODY = {**_FRESH, "account": "", "accounts": []}
_NEW = {**_KNOWN, "new_count": 3, "newest_age_s": 2}
_NOT_SURE = {**_UNKNOWN, "age_s": 900, "retry_in_s": 20}
_CRASH = "MemoryError in link"


def _scene(name: str, base: dict[str, Any], **more: Any) -> Scene:
    state = name.partition("-")[0]
    return name, {**base, "state": state, **more}


# A scene's name begins with its state; more than one for a state whose page looks otherwise.
STATES: list[Scene] = [
    _scene("starting", _NOBODY),
    _scene("connecting", _FRESH),
    _scene("connecting-trouble", _FRESH, link_trouble="wifi", detail="home", retry_in_s=20),
    _scene("not_set_up", _NOBODY),
    _scene("nothing", _ZERO),
    _scene("nothing-no_clock", _ZERO, clock="", day=None),
    _scene("reached_zero", _ZERO),
    _scene("unread", _KNOWN),
    _scene("unread-many", _KNOWN, unseen=4372, accounts=[["work", 4372]], newest_age_s=3540),
    _scene("unread-long", _KNOWN, subject="Новое письмо: Привет, мир, и ещё много слов"),
    _scene("unread-failing", _KNOWN, accounts=[["work", 3], ["home", None]], link_trouble="dns"),
    _scene("new", _NEW, sender="Anna Kovač", subject="Can you bring the keys at seven?"),
    _scene("new-greek", _NEW, sender="Ελένη Παππά", subject="Καλημέρα! Τα κλειδιά στις επτά;"),
    _scene("new-ukrainian", _NEW, sender="Їжак Ґалаґан", subject="Єдина ціна: 50 ₴ за ключі"),
    _scene("not_sure", _NOT_SURE, cause="wifi", detail="home"),
    _scene("not_sure-never", _FRESH, cause="dns", retry_in_s=0),
    _scene("needs_you", _UNKNOWN, cause="password"),
    _scene(
        "needs_you-config",
        _NOBODY,
        cause="config",
        detail="accounts[1].port: must be from 1 to 65535",
    ),
    _scene("refused", _UNKNOWN, cause="expired"),
    _scene("service", _NOBODY),
    _scene("safe", _NOBODY, detail=_CRASH),
]

_PATIENT = (
    "wifi_address dns refused unreachable silent closed bye garbage throttled unavailable "
    "mailbox_gone clock memory internal"
)
_ACTS = (
    "wifi_password password_expired sign_in login_disabled privacy contact_admin account alert "
    "mailbox charset command"
)
_UNSAFE = "unknown_issuer not_yet_valid wrong_host not_tls tls_version bad_certificate pin_changed"

# Causes that STATES shows already are not here again.
CAUSES: list[Scene] = [
    _scene(f"{state}-{cause}", base, cause=cause)
    for state, base, causes in (
        ("not_sure", _NOT_SURE, _PATIENT),
        ("needs_you", _UNKNOWN, _ACTS),
        ("refused", _UNKNOWN, _UNSAFE),
    )
    for cause in causes.split()
]

ALL = STATES + CAUSES
