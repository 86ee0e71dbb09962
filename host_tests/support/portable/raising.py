"""`raises` for unit tests, which run without pytest on MicroPython too."""

if False:  # for type checkers: MicroPython has neither module
    from collections.abc import Callable
    from typing import TypeVar

    E = TypeVar("E", bound=BaseException)


def raises(error: "type[E]", call: "Callable[..., object]", *args: object) -> "E":
    """Call with the arguments, which must raise `error`; return what was raised."""
    try:
        call(*args)
    except error as e:
        return e
    raise AssertionError("nothing raised, expected " + error.__name__)


def failing(error: BaseException) -> "Callable[..., None]":
    """A function that raises this, whatever it is called with."""

    def call(*args: object, **named: object) -> None:
        raise error

    return call
