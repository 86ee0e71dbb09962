"""Who wrote the newest message and what about. Layer mail; loaded when one comes, then dropped."""

from micropython import const

from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from postlamp.mail.session import Session


async def ask(session: "Session", uid: int) -> "tuple[int, str, str] | None":
    """(UID, sender, subject) as a display can show them; None when it has gone.

    One module at a time, for memory's sake.
    """
    from postlamp.imap.fetch import headers

    event = await session.finish(headers(session.engine, uid))
    del headers
    drop("postlamp.imap.fetch", "postlamp.imap.values")
    block = event[6]
    if block is None:
        return None
    from postlamp.mime import header

    sender, subject = header.sender(block), header.field(block, "subject")
    del header  # a name still in use would keep the module
    drop("postlamp.mime.header")
    return uid, _shown(sender), _shown(subject)


def _shown(raw: bytes) -> str:
    from postlamp.mime.words import decode

    text = decode(raw)
    del decode
    drop("postlamp.mime.words")
    from postlamp.mime.display import clean

    text = clean(text)
    drop("postlamp.mime.display")
    return text
