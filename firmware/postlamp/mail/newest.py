"""Asks for a message's header. Layer mail; loaded when a message comes, then dropped."""

from micropython import const

from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from postlamp.mail.session import Session


async def fields(session: "Session", uid: int) -> "list[bytes] | None":
    """Its raw subject, sender's name and sender's address; None when it has gone."""
    from postlamp.imap.fetch import headers

    try:
        event = await session.finish(headers(session.engine, uid))
    finally:
        del headers  # a name still in use would keep the module
        drop("postlamp.imap.fetch", "postlamp.imap.values")
    block = event[6]
    if block is None:
        return None
    from postlamp.mime import header

    found = [header.field(block, "subject"), header.sender(block), header.address(block)]
    del header
    del event, block
    drop("postlamp.mime.header")
    return found
