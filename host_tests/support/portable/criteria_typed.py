"""What the checker of SEARCH criteria sends for a text, or says of it; runs on MicroPython too."""

from postlamp.errors import ConfigError
from postlamp.imap.criteria import check


def sent(text: str) -> str:
    """Return the words sent for criteria that need no literal."""
    pieces = check(text)
    assert len(pieces) == 1, pieces
    return pieces[0]


def says(text: str, column: int, words: str) -> None:
    """Hold the checker to a refusal at this column, in words that contain these."""
    try:
        pieces = check(text)
    except ConfigError as error:
        assert error.where == "column " + str(column), (text, error.where, error.problem)
        assert words in error.problem, (text, error.problem)
        return
    raise AssertionError("accepted: " + repr(pieces))
