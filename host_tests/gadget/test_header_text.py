"""Senders and subjects in the charsets and forms of real mail, from Dovecot to the panel."""

from host_tests.support.dovecot import Dovecot
from host_tests.support.lamp import account, config, on_lamp, says, shows
from tools.sim.board import SimBoard

ANN = b"Ann <ann@example.org>"
# (From, Subject, what the panel says of each)
MAILS = (
    (b"=?utf-8?q?Za=C5=BC=C3=B3=C5=82=C4=87_G=C4=99=C5=9Bl=C4=85?= <z@example.org>",
     b"=?utf-8?B?0J3QvtCy0L7QtSDQv9C40YHRjNC80L46?=\r\n =?utf-8?B?INCf0YDQuNCy0LXRgg==?=",
     "Zażółć Gęślą", "Новое письмо: Привет"),
    (b"=?iso-8859-1?Q?J=F6rg_Gr=FC=DFer?= <j@example.org>", b"=?koi8-u?B?8NLJ18HU?=",
     "Jörg Grüßer", "Прив"),
    (b"=?windows-1251?B?zuvl7eA=?= <o@example.org>", b"=?cp866?Q?=8F=E0=A8=A2=A5=E2?=",
     "Олена", "Привет"),
    (ANN, "Καλημέρα".encode(), "Ann", "Καλημέρα"),
    (ANN, "Zu\u0308rich, Кои\u0306".encode(), "Ann", "Zürich, Кой"),
    (b"\xe1\xce\xce\xc1 <a@example.org>", b"\xf0\xd2\xc9\xd7\xc5\xd4", "Анна", "Привет"),
    (b'"=?utf-8?q?=E2=80=8F?=" <a@example.org>', b"=?gb2312?B?u+HS6Q==?= ok",
     "a@example.org", "□□ ok"),
)  # fmt: skip


def test_each_sender_and_subject_is_shown_as_it_was_meant(server: Dovecot):
    async def use(board: SimBoard) -> None:
        await shows(board, state="nothing")
        for number, (sender, subject, name, topic) in enumerate(MAILS, 1):
            mail = b"From: %s\r\nSubject: %s\r\n\r\nHello\r\n" % (sender, subject)
            server.deliver_raw(mail)
            await shows(board, 5, unseen=number)
            await says(board, name, topic)

    on_lamp(config(account(server.tls_port, charset="koi8-r")), use, server.ca_pem)
