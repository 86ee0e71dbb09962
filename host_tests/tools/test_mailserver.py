"""The simulator's mail server as a mail client, and as its parent's death, see it."""

from __future__ import annotations

import asyncio
import email
import email.policy
import imaplib
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tools.sim.mailserver import MailServer, MailServerError
from tools.sim.message import compose

_HOSTILE_PASSWORD = r'two words "quoted" back\slash пароль'


def _with_server(act: Callable[[MailServer], Awaitable[None]], **options: str) -> None:
    """Run `act` on a server of its own, ended whatever happens."""

    async def run() -> None:
        server = MailServer(**options)
        await server.start()
        try:
            await act(server)
        finally:
            await server.close()

    asyncio.run(run())


def _connect(server: MailServer) -> imaplib.IMAP4_SSL:
    trusting = ssl.create_default_context(cadata=server.ca_pem.decode())
    return imaplib.IMAP4_SSL(server.host, server.port, ssl_context=trusting, timeout=5)


def _newest(server: MailServer) -> email.message.EmailMessage:
    """The last message, fetched over TLS as any client would."""
    with _connect(server) as imap:
        imap.login(server.user, server.password)
        imap.select("INBOX", readonly=True)
        _, data = imap.fetch("*", "(BODY.PEEK[])")
        return email.message_from_bytes(data[0][1], policy=email.policy.default)


def _unseen_numbers(server: MailServer) -> list[bytes]:
    with _connect(server) as imap:
        imap.login(server.user, server.password)
        imap.select("INBOX", readonly=True)
        return imap.search(None, "UNSEEN")[1]


def test_a_non_ascii_mail_arrives_whole_over_verified_tls() -> None:
    async def act(server: MailServer) -> None:
        await server.deliver("Anna Kovač <anna@example.org>", "Новое письмо: Привет", "Zażółć")
        message = await asyncio.to_thread(_newest, server)
        assert message["From"] == "Anna Kovač <anna@example.org>"
        assert message["Subject"] == "Новое письмо: Привет"
        assert message.get_content().strip() == "Zażółć"

    _with_server(act)


def test_counting_reading_and_expunging() -> None:
    async def act(server: MailServer) -> None:
        for number in range(3):
            await server.deliver("anna@example.org", f"mail {number}")
        assert await server.unseen() == 3
        assert await server.mark_read(1) == 1
        assert await server.unseen() == 2
        assert await server.mark_all_read() == 2
        assert await server.mark_all_read() == 0
        assert await server.unseen() == 0
        await server.deliver("anna@example.org", "one more")
        await server.expunge_all()
        await server.expunge_all()
        assert await server.unseen() == 0

    _with_server(act)


def test_mark_read_takes_the_oldest_first() -> None:
    async def act(server: MailServer) -> None:
        for subject in ("old", "new"):
            await server.deliver("anna@example.org", subject)
        await server.mark_read(1)
        assert await asyncio.to_thread(_unseen_numbers, server) == [b"2"]

    _with_server(act)


def test_going_away_cuts_connections_refuses_new_ones_and_keeps_the_mail() -> None:
    async def act(server: MailServer) -> None:
        await server.deliver("anna@example.org", "kept")
        port = server.port
        client = await asyncio.to_thread(_connect, server)
        await server.stop_listening()
        with pytest.raises((imaplib.IMAP4.abort, OSError)):
            await asyncio.to_thread(client.noop)
        with pytest.raises(ConnectionRefusedError):
            await asyncio.to_thread(_connect, server)
        await server.deliver("anna@example.org", "while nobody could look")
        await server.start_listening()
        assert server.port == port
        message = await asyncio.to_thread(_newest, server)
        assert message["Subject"] == "while nobody could look"
        assert await server.unseen() == 2

    _with_server(act)


def test_a_password_with_everything_awkward_in_it_signs_in() -> None:
    async def act(server: MailServer) -> None:
        await server.deliver("anna@example.org", "signed in")
        assert await server.unseen() == 1

    _with_server(act, password=_HOSTILE_PASSWORD)


def test_a_wrong_password_is_refused_in_words() -> None:
    async def act(server: MailServer) -> None:
        client = await asyncio.to_thread(_connect, server)
        with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"):
            await asyncio.to_thread(client.login, server.user, "wrong")

    _with_server(act)


@pytest.mark.parametrize(
    ("sender", "subject", "hint"),
    [
        ("", "hello", "sender needs an address"),
        ("Anna", "hello", "sender needs an address"),
        ("anna@", "hello", "sender needs an address"),
        ("<anna@пример.рф>", "hello", "sender needs an address"),
        ("a@b.c\r\nBcc: x@y.z", "hello", "sender must be one line"),
        ("a@b.c", "hello\r\nBcc: x@y.z", "subject must be one line"),
        ("a@b.c", "nul\0", "subject must be one line"),
    ],
)
def test_what_cannot_be_a_mail_is_refused_in_words(sender: str, subject: str, hint: str) -> None:
    with pytest.raises(ValueError, match=hint):
        compose(sender, "me@example.org", subject, "")


def test_headers_are_ascii_on_the_wire() -> None:
    head, _, _ = compose("Ź <a@b.c>", "me@example.org", "Я" * 200, "").partition(b"\r\n\r\n")
    assert head.isascii()
    assert max(map(len, head.split(b"\r\n"))) <= 78


def test_a_server_that_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.sim.mailbox._CHILD", Path("no_such_file.py"))
    with pytest.raises(MailServerError, match="no_such_file"):
        asyncio.run(MailServer().start())


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_a_parent_that_is_killed(how: signal.Signals) -> None:
    code = (
        "import asyncio; from tools.sim.mailserver import MailServer\n"
        "async def run():\n"
        "    server = MailServer(); await server.start()\n"
        "    print(server._mailbox._process.pid, flush=True); await asyncio.sleep(60)\n"
        "asyncio.run(run())"
    )
    root = str(Path(__file__).resolve().parents[2])
    parent = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=root, text=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.send_signal(how)
    parent.wait(5)
    parent.stdout.close()
    deadline = time.monotonic() + 5
    while _is_running(child):
        assert time.monotonic() < deadline, "the mail server outlived its parent"
        time.sleep(0.02)


def _is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    # Without an init process that collects it (a container), a dead orphan stays as a zombie.
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(process_id)], capture_output=True, text=True, check=False
    ).stdout
    return bool(state) and not state.startswith("Z")
