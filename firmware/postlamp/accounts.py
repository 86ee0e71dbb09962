"""Makes the watchers of the owner's accounts; dropped once they are made. Composition layer."""

from binascii import unhexlify

from micropython import const

from postlamp.app import states
from postlamp.errors import ConfigError
from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tls import SSLContext

    from postlamp.net.clock import Clock

_CA = "ca.pem"
_ROOTS = "roots.bin"
_SEARCH = "UNSEEN UNDELETED"  # the default needs no check, and no memory for one


def watchers_of(
    config: "dict[str, Any]",
    limit: int,
    clock: "Clock",
    on_change: "Callable[[], None]",
    memory: "Any",
) -> "list[Any]":
    """One watcher for each account, each with its connection; `memory` is a store.state.State."""
    from random import randrange

    from postlamp.mail.account import Account
    from postlamp.mail.watcher import Tries, Watcher
    from postlamp.mime.display import clean
    from postlamp.net.transport import Transport

    accounts = config["accounts"]
    for index, settings in enumerate(accounts):
        if settings["search"] != _SEARCH:
            settings["search"] = checked(settings["search"], "accounts[%d].search" % index)
    if len(accounts) > limit:
        where = "accounts[" + str(limit) + "]"
        raise ConfigError(where, "this board watches " + str(limit) + "; remove the others")
    watchers = []
    for settings in accounts:
        account = Account(clean(settings["name"]), settings["poll_s"], on_change)
        account.way = settings["tls"]
        transport = Transport(*_trusted(settings["trust"]))
        tries = Tries(randrange)
        watchers.append(
            Watcher(settings, account, transport, clock, tries, states.policy_of, memory)
        )
    drop("postlamp.mime.display")
    return watchers


def checked(search: str, where: str) -> "str | list[str]":
    """SEARCH criteria for Engine.search. ConfigError says in which column what is wrong."""
    from postlamp.imap.criteria import check

    try:
        pieces = check(search)
        return pieces if len(pieces) > 1 else pieces[0]
    except ConfigError as error:
        raise ConfigError(where + ", " + error.where, error.problem)
    finally:
        del check
        drop("postlamp.imap.criteria")


def _trusted(trust: str) -> "tuple[SSLContext, bytes, str]":
    """What an account trusts: a context, made now, while memory is in one piece; the digest of the
    one certificate, if it is pinned; the file to find a root in when connecting, if it must be.
    """
    from postlamp.net.dial import context_for, context_for_pin
    from postlamp.net.trust import load_certificates

    try:
        if trust == "mozilla":
            return context_for([]), b"", _ROOTS
        if trust == "ca":
            return context_for(load_certificates(_CA)), b"", ""
        return context_for_pin(), unhexlify(trust[4:]), ""
    finally:
        drop("postlamp.net.trust", "postlamp.net.dial")
