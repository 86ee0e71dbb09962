"""What a single unit test needs, where its file does without: others do not have the test at all.

"micropython": not CPython. "unix": neither CPython nor WebAssembly, where asyncio belongs to the
browser and garbage is collected only between calls from JavaScript. A file that needs it as a
whole says NEEDS = "…" instead.
"""

if False:  # for type checkers: MicroPython has neither module
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T", bound=Callable[..., object])


def needs(what: str) -> "Callable[[T], T]":
    """Marks a test; support/unit_items.py reads it from the text of the file."""
    assert what in ("micropython", "unix")
    return lambda test: test
