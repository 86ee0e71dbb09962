"""Makes the watchers of the owner's accounts; dropped once they are made. Composition layer."""

from binascii import unhexlify

from micropython import const

from postlamp.app.status import policy_of
from postlamp.errors import ConfigError
from postlamp.modules import drop

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from postlamp.net.clock import Clock
    from postlamp.net.transport import Transport

_CA = "ca.pem"
_ROOTS = "roots.bin"
_SEARCH = "UNSEEN UNDELETED"  # the default needs no check, and no memory for one


def watchers_of(
    config: "dict[str, Any]",
    board: "dict[str, Any]",
    clock: "Clock",
    on_change: "Callable[[], None]",
    memory: "Any",
) -> "list[Any]":
    """One watcher for each account; `memory` is a store.state.State.

    Of more accounts than the board has connections the last ones share one by turns. ConfigError
    when there are more than it has memory for, and of what an account says of search and trust.
    """
    from random import randrange

    from postlamp.mail.watcher import Tries, Watcher

    accounts, limit = config["accounts"], board["max_connections"]
    if len(accounts) > board["max_accounts"]:
        problem = "must be at most %d on this board, not %d"
        raise ConfigError("accounts", problem % (board["max_accounts"], len(accounts)))
    alone = len(accounts) if len(accounts) <= limit else limit - 1
    place = None
    shared: "dict[str, Transport]" = {}  # one at a time is connected
    watchers = []
    for index, settings in enumerate(accounts):
        if settings["search"] != _SEARCH:
            settings["search"] = checked(settings["search"], "accounts[%d].search" % index)
        if index == alone:
            from postlamp.mail.turns import Place

            place = Place()
        trust = settings["trust"]
        transport = shared.get(trust) or _transport(trust)
        if place is not None:
            shared[trust] = transport
        account, tries = _account(settings, on_change, place is not None), Tries(randrange)
        watcher = Watcher(settings, account, transport, clock, tries, policy_of, memory, place)
        if len(settings["mailboxes"]) > 1:
            from postlamp.mail.further import Further

            watcher.further = Further(settings, memory, clock)
        watchers.append(watcher)
    drop("postlamp.mime.display")
    return watchers


def _account(
    settings: "dict[str, Any]", on_change: "Callable[[], None]", takes_turns: bool
) -> "Any":
    from postlamp.mail.account import Account
    from postlamp.mime.display import clean

    interval_s = settings["turn_s" if takes_turns else "poll_s"]
    grace_s = 2 * interval_s if takes_turns else 0
    account = Account(clean(settings["name"]), interval_s, on_change, grace_s)
    account.way = settings["tls"]
    return account


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


def _transport(trust: str) -> "Transport":
    """What an account trusts: a context, made now, while memory is in one piece; the digest of the
    one certificate, if it is pinned; the file to find a root in when connecting, if it must be.
    """
    from postlamp.net.contexts import context_for, context_for_pin
    from postlamp.net.transport import Transport
    from postlamp.net.trust import load_certificates

    try:
        if trust == "mozilla":
            return Transport(context_for([]), b"", _ROOTS)
        if trust == "ca":
            try:
                return Transport(context_for(load_certificates(_CA)))
            except ValueError:  # an Ed25519 one, for example
                raise ConfigError(_CA, "cannot be used: TLS here knows RSA and EC certificates")
        return Transport(context_for_pin(), unhexlify(trust[4:]))
    finally:
        drop("postlamp.net.trust", "postlamp.net.contexts")
