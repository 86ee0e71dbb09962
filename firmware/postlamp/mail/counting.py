"""Searches and counts, of the watcher's criteria or a part of them. Layer mail.

The server may count for us (ESEARCH, RFC 4731), once it was found to count right: some answer with
the size of the mailbox, without a count, or with all the numbers. Loaded for a search, then
dropped; what was found is kept in the session: `is_believed` until the mailbox is opened again,
`lies` for good.
"""

from micropython import const

from postlamp.errors import GarbageError, ServerError
from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from postlamp.imap.engine import Criteria
    from postlamp.mail.session import Session

    Count = tuple[int, int]

_SEARCH_S = const(120)
_NEVER = const(2)
_TRIES = const(3)


async def count(
    session: "Session", criteria: "Criteria", uid_from: int, is_part: bool, is_short: bool
) -> "Count":
    """As Session.count; unless the answer `is_short`, in few bytes where the server is believed.

    Raises ServerError(charset) when criteria that are not ASCII are refused.
    """
    try:
        if is_short:
            return await _search(session, criteria, uid_from, is_part)
        return await _count(session, criteria, uid_from)
    except ServerError as error:
        if error.cause == "command" and not isinstance(criteria, str):
            raise ServerError("charset", error.code, error.text)
        raise error
    finally:
        drop("postlamp.imap.searching", "postlamp.imap.values", "postlamp.imap.command")


async def _search(
    session: "Session", criteria: "Criteria", uid_from: int, is_part: bool = False
) -> "Count":
    """Asked again while mail came in between."""
    count = highest = 0
    for _ in range(_TRIES):
        if not is_part:  # what comes while a part is searched makes the whole count old
            session.is_hinted = False
        tag = session.engine.search(criteria, uid_from)
        event = await session.expect_ok(tag, "command", _SEARCH_S)
        count, highest, is_stale = event[6]
        if count is None:  # of a server that knows only ESEARCH
            raise GarbageError("no count", 0)
        if not is_stale:
            break
    return count, highest


async def _count(session: "Session", criteria: "Criteria", uid_from: int) -> "Count":
    if "ESEARCH" not in session.engine.capabilities:
        session.lies = _NEVER
    elif session.is_believed:
        found = await _believed(session, criteria, uid_from)
        if found is not None:
            return found
        session.lies += 1
    truth = await _search(session, criteria, uid_from)
    # Nothing is proved by a server that may have told the size of the mailbox
    is_telling = truth[0] != session.engine.exists and not session.is_hinted
    if is_telling and not session.is_believed and session.lies < _NEVER:
        found, _ = await _extended(session, criteria, uid_from)
        if not session.is_hinted:
            session.is_believed = found == truth
            session.lies += found != truth
    return truth


async def _believed(session: "Session", criteria: "Criteria", uid_from: int) -> "Count | None":
    """Asked again while mail came in between; None when it is not to be believed any more."""
    found = None
    for _ in range(_TRIES):
        session.is_hinted = False
        found, is_stale = await _extended(session, criteria, uid_from)
        if not is_stale:
            break
    session.is_believed = found is not None
    return found


async def _extended(
    session: "Session", criteria: "Criteria", uid_from: int
) -> "tuple[Count | None, bool]":
    """(count, highest UID), None unless it was answered so, and whether it is outdated."""
    tag = session.engine.search(criteria, uid_from, True)
    is_extended = False
    event = await session.finish(tag, _SEARCH_S, "other")
    while event[0] != "completed":
        is_extended = is_extended or event[1] == "ESEARCH"
        event = await session.finish(tag, _SEARCH_S, "other")
    if event[3] != "OK" or not is_extended or event[6][0] is None:
        return None, False
    return event[6][:2], event[6][2]
