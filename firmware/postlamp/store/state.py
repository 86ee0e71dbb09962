"""A few numbers that outlive a reboot, written seldom. Layer store; stays loaded.

A write comes at most every 600 s, an urgent one at most every 60 s: at the worst 144 a day, or
1,440 if a server made them all urgent. Measured on littlefs, ten of them erase one block, and
littlefs moves on after a hundred erases: with 100,000 erases for each of 512 blocks the flash
lasts longer than anybody; even one block that took them all would last 19 years, or two.
"""

from micropython import const

from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

_APART_S = const(600)
_URGENT_S = const(60)


class State:
    """Lists of small numbers by key. A damaged or absent file is an empty state."""

    def __init__(self, path: str) -> None:
        from postlamp.store.saving import read

        self._path = path
        self._before: "dict[str, Any]" = read(path)
        self._values: "dict[str, Any]" = {}
        del read
        drop("postlamp.store.saving", "postlamp.store.files")
        self._wait_s = -1  # from a write to the next; -1: all is written
        self._written_s = -_APART_S
        self._is_told = False

    def get(self, key: str) -> "list[int | None] | None":
        """What was put there last, or before the reboot.

        What nobody asks for between two reboots (an account that is gone) is forgotten.
        """
        if key in self._before:
            self._values[key] = self._before.pop(key)
        return self._values.get(key)

    def put(self, key: str, value: "list[int | None]", is_urgent: bool = False) -> None:
        """Remembers a list that nobody changes any more; save() writes it in time."""
        if self.get(key) != value:
            self._values[key] = value
            if self._wait_s != _URGENT_S:
                self._wait_s = _URGENT_S if is_urgent else _APART_S

    def save(self, now_s: int, is_last: bool = False) -> "Exception | None":
        """Writes what is due, before a planned restart (is_last) all. Called every second or so.

        An error (disk full, no memory for it) comes back once; the write is tried again when the
        next one is due.
        """
        if self._wait_s < 0 or not is_last and now_s - self._written_s < self._wait_s:
            return None
        self._written_s = now_s
        saving: "Any" = None
        try:
            from postlamp.store import saving

            saving.write(self._path, self._values)
            self._wait_s = -1
            self._is_told = False
            return None
        except (OSError, MemoryError) as error:
            was_told, self._is_told = self._is_told, True
            return None if was_told else error
        finally:
            del saving
            drop("postlamp.store.saving", "postlamp.store.files")
