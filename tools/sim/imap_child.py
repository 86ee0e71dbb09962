"""Runs pymap in a process of its own: mail in memory, plain text, loopback, any free port.

Started by tools.sim.mailserver only. Reads one JSON line {"user", "password"} from standard
input, prints the port, and ends when standard input ends, so that it never outlives its parent,
however that one dies. Nothing secret is on its command line.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys

from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import DictBackend
from pymap.backend.dict.mailbox import MailboxData
from pymap.concurrent import Event
from pymap.imap import IMAPServer
from pymap.selected import SelectedMailbox
from pysasl.hashing import BuiltinHash

_wait_and_update = MailboxData.update_selected


async def _update_selected(
    self: MailboxData, selected: SelectedMailbox, *, wait_on: Event | None = None
) -> SelectedMailbox:
    """Tell an idling client at once of what changed while it was being told of something else.

    pymap 0.36.7 waits for the next change first: 6 of 150 pushes of new mail were lost when
    somebody opened the mailbox a moment before; with this none of 300.
    """
    is_current = selected.mod_sequence == self._mod_sequences.highest
    return await _wait_and_update(self, selected, wait_on=wait_on if is_current else None)


def _options(user: str, password: str) -> argparse.Namespace:
    """What pymap's own command line would have made of `--no-tls dict --demo-user …`."""
    return argparse.Namespace(
        host="127.0.0.1",
        port=0,
        debug=False,
        cert=None,
        key=None,
        tls=False,
        proxy_protocol=None,
        passlib_cfg=None,
        demo_data=False,
        demo_user=user,
        demo_password=password,
    )


async def _serve(user: str, password: str) -> None:
    # One round: the password is made up for this run, and 500,000 rounds cost 0.2 s a sign-in.
    backend, config = await DictBackend.init(
        _options(user, password), hash_context=BuiltinHash(rounds=1)
    )
    config.apply_context()
    session = IMAPServer(backend.login, config)
    accept = ProxyProtocolReader(config.proxy_protocol).get_callback(session)
    server = await asyncio.start_server(accept, host=config.host, port=config.port)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.buffer.read)


def main() -> None:
    """Serve until standard input ends."""
    MailboxData.update_selected = _update_selected  # type: ignore[method-assign]
    # Without it pymap asks the resolver for this machine's name, which may take seconds.
    os.environ["FQDN"] = "localhost"
    account = json.loads(sys.stdin.buffer.readline())
    asyncio.run(_serve(account["user"], account["password"]))


if __name__ == "__main__":
    main()
