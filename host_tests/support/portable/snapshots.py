"""Snapshots of the gadget's status for tests of what the screen says; runs on MicroPython too."""

from postlamp.app import states

NOT_SURE = (
    "wifi wifi_address dns refused unreachable silent closed bye garbage mailbox_gone throttled "
    "unavailable clock memory internal"
)
CAUSES = (NOT_SURE + states.ACCOUNT + states.SETTINGS + states.REFUSED).split()


class Snapshot:
    """A status as pages.compose reads it: one account, two unread, everything known."""

    def __init__(self, state: str, **changes: object) -> None:
        self.state = state
        self.cause: str | None = None
        self.detail = ""
        self.account = "work"
        self.unseen: int | None = 2
        self.known = 0
        self.last_unseen: int | None = None
        self.age_s: int | None = 12
        self.accounts: list[tuple[str, int | None]] = [("work", 2)]
        self.new_count = 0
        self.newest_account = "work"
        self.sender = "Zażółć Gęślą"
        self.subject = "Новое письмо: Привет из Праги"
        self.newest_age_s: int | None = 240
        self.retry_in_s: int | None = None
        self.clock = "14:07"
        self.day: tuple[int, int] | None = (0, 23)
        self.link_trouble: str | None = None
        self.troubled: tuple[object, object] = (None, None)
        for name in changes:
            setattr(self, name, changes[name])

    def page(self) -> str:
        """As Status has it."""
        return states.page_of(self.state)


def everything() -> "list[Snapshot]":
    """One snapshot for every text that can be said."""
    shown = [Snapshot(state) for state in states.STATES if state not in ("needs_you", "refused")]
    shown += [Snapshot(states.state_of(cause), cause=cause) for cause in CAUSES]
    shown += [Snapshot("unread", link_trouble=cause) for cause in CAUSES]
    shown += [Snapshot("nothing", age_s=age_s) for age_s in (None, 59, 3599, 86399, 864000)]
    shown += [Snapshot("nothing", day=(weekday, 23)) for weekday in range(7)]
    shown += [
        Snapshot("new", new_count=3, sender="", subject="", newest_age_s=0),
        Snapshot("not_sure", cause="wifi", detail="home", last_unseen=3, retry_in_s=20, clock=""),
        Snapshot("not_sure", cause="dns", last_unseen=3, age_s=900, retry_in_s=720),
        Snapshot("not_sure", cause="closed", last_unseen=None, retry_in_s=0),
    ]
    return shown
