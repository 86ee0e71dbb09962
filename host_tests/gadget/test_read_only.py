"""The whole gadget changes nothing in the mailbox: a proxy hears all that it says under TLS."""

from host_tests.support.dovecot import Dovecot
from host_tests.support.lamp import account, config, on_lamp, shows
from host_tests.support.proxy import Proxy
from host_tests.support.read_only import harmful
from tools.sim.board import SimBoard
from tools.sim.certs import Authority, server_context


def test_the_gadget_sends_nothing_that_could_change_a_flag(server: Dovecot):
    authority = Authority()
    server.deliver()

    async def use(board: SimBoard) -> None:
        await shows(board, state="unread", unseen=1)
        server.deliver("Zoë <z@example.org>", "News")
        await shows(board, state="new", unseen=2)
        board.press()
        await shows(board, state="unread", unseen=2)
        server.mark_seen(1)
        await shows(board, unseen=1)
        server.expunge(2)
        await shows(board, state="nothing", unseen=0)

    with Proxy(server.tls_port, server.ca_pem, server_context(authority.issue())) as proxy:
        on_lamp(config(account(proxy.port)), use, authority.pem)
        sent = b"".join(bytes(exchange.sent) for exchange in proxy.exchanges)
    assert b" EXAMINE " in sent and b" UID FETCH " in sent
    assert harmful(sent) == []
