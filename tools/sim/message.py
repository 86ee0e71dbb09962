"""Composes the messages that somebody sends to the gadget, from what a person typed."""

from __future__ import annotations

import email.utils
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP


def compose(sender: str, recipient: str, subject: str, body: str) -> bytes:
    """One message as it goes over the wire, its headers in RFC 2047 words where they need it.

    `sender` is an address, or a name and an address in angle brackets.
    Raises ValueError, in words for the person who typed it.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(sender)
    message["To"] = recipient
    message["Subject"] = _one_line("subject", subject)
    message["Date"] = email.utils.format_datetime(email.utils.localtime())
    message["Message-ID"] = email.utils.make_msgid(domain="postlamp.example")
    message.set_content(body)
    return message.as_bytes()


def _address(sender: str) -> Address:
    name, spec = email.utils.parseaddr(_one_line("sender", sender))
    try:
        address = Address(display_name=name, addr_spec=spec)
    except (ValueError, IndexError):
        address = Address()
    if not (address.username and address.domain and spec.isascii()):
        raise ValueError("the sender needs an address, such as Anna Kovač <anna@example.org>")
    return address


def _one_line(what: str, text: str) -> str:
    if not text.isprintable():
        raise ValueError(f"the {what} must be one line of printable text")
    return text
