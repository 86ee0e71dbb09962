"""A mail with a subject of any length and alphabet must not end the watch, only be cut."""

import email.header

from host_tests.support.dovecot import Dovecot
from host_tests.support.lamp import account, config, on_lamp, says, shows
from tools.sim.board import SimBoard


def _mail(subject: bytes) -> bytes:
    return b"From: Ann <ann@example.org>\r\nSubject: " + subject + b"\r\n\r\nHello\r\n"


def _encoded(text: str, charset: str) -> bytes:
    return email.header.Header(text, charset).encode(linesep="\r\n").encode()


# What stands at the beginning, and 820 bytes or more of it: more than the gadget keeps.
SUBJECTS = (
    ("AAAA", b"A" * 2000),
    ("BBBB", ("B" * 820 + " \U0001f600").encode()),
    ("Привет", ("Привет " * 100).encode()),
    ("Привет", ("Привет " * 100).encode("koi8-r")),
    ("Привет", _encoded("Привет " * 60, "koi8-r")),
    ("Привет", _encoded("Привет " * 60, "utf-8")),
    ("会议通知", ("会议通知" * 100).encode()),
    ("会议通知", _encoded("会议通知" * 60, "utf-8")),
    ("Zażółć", _encoded("Zażółć gęślą jaźń " * 40, "iso-8859-2")),
    ("CCCC", b"CCCC " + b"=?utf-8?q?" * 90),
)


def test_subjects_of_any_length_are_cut_and_the_watch_goes_on(server: Dovecot) -> None:
    async def use(board: SimBoard) -> None:
        await shows(board, state="nothing", unseen=0)
        for number, (start, subject) in enumerate(SUBJECTS, 1):
            server.deliver_raw(_mail(subject))
            await shows(board, unseen=number, cause=None)
            await says(board, start)
        server.mark_seen()
        await shows(board, unseen=0)
        assert board.status["reconnects"] == 0
        assert not [line for line in board.log if "MemoryError" in line], board.log

    on_lamp(config(account(server.tls_port, charset="koi8-r")), use, server.ca_pem)
