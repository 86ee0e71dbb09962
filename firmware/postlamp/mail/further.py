"""What is known of the mailboxes of an account beside its first. Layer mail.

Loaded only where an account has some, and stays; several.py counts them and is dropped again.
"""

from micropython import const

from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from postlamp.mail.session import Session
    from postlamp.net.clock import Clock


class Further:
    """`known`, by name, is several.py's; `is_seen`: since then all that waits was seen."""

    def __init__(self, settings: "dict[str, Any]", memory: "Any", clock: "Clock") -> None:
        from postlamp.mail.several import remembered

        self.is_seen = False
        self.settings = settings
        self.memory = memory
        self.clock = clock
        self.known: "dict[str, Any]" = remembered(settings, memory)
        del remembered
        drop("postlamp.mail.several")

    async def look(self, session: "Session", account: "Any") -> "Any":
        """Counts them; whom to tell of the first one."""
        from postlamp.mail.several import look

        try:
            return await look(self, session, account)
        finally:
            del look  # a name still in use would keep the module
            drop("postlamp.mail.several")
