"""The real watcher signs in: every mechanism, the strongest first, and when it gives up."""

import pytest

from host_tests.support import micropython
from host_tests.support.imap_steps import EXAMINE, IDLE, LOGIN, NEWEST, OK, ONE, SEARCH, SELECTED
from host_tests.support.peer import Peer, Step, expect, fin, hold, send
from host_tests.support.sasl_steps import ANSWER, asks, b64, cram, given, offering, scram
from host_tests.support.watch import watching

pytestmark = [
    pytest.mark.xdist_group("wire-sign-in"),
    pytest.mark.skipif(bool(micropython.missing()), reason=micropython.missing()),
]

IN = send(b"{tag} OK [CAPABILITY IMAP4rev1 IDLE] in\r\n")
NO = send(b"{tag} NO failed\r\n")
BAD = send(b"{tag} BAD what?\r\n")
KNOWN: list[Step] = [IN, EXAMINE, send(SELECTED), SEARCH, *ONE]
COUNTS: list[Step] = [*KNOWN, *NEWEST, IDLE]
PLAIN = given("PLAIN", b"\0me\0secret")
TOKEN = b"user=me\1auth=Bearer secret\1\1"
ALL = ("LOGIN", "PLAIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "XOAUTH2")
AGAIN = [send(b"+ \r\n"), expect(rb"\r\n")]
EXCHANGES = {
    "SCRAM-SHA-256": [*scram("SCRAM-SHA-256"), expect(rb"\r\n")],
    "SCRAM-SHA-1": [*scram("SCRAM-SHA-1"), expect(rb"\r\n")],
    "CRAM-MD5": cram(),
    "PLAIN": PLAIN,
    "LOGIN": given("LOGIN", b"me", b"secret"),
    "XOAUTH2": given("XOAUTH2", TOKEN),
    "ANONYMOUS": given("ANONYMOUS", b"me"),
}


@pytest.mark.parametrize("name", EXCHANGES)
def test_a_mechanism_that_is_asked_for_signs_in(name: str) -> None:
    offer = offering(*ALL, "ANONYMOUS")
    with Peer([offer, *EXCHANGES[name], *COUNTS, hold()]) as peer:
        with watching(peer.port, auth=name) as watch:
            assert watch.unseen(1)["reconnects"] == 0


def test_oauthbearer_names_the_server() -> None:
    offer = offering("OAUTHBEARER", more="SASL-IR")
    first = asks("OAUTHBEARER", rb"(?P<answer>\S+)")
    with Peer([offer, first, *COUNTS, hold()]) as peer:
        with watching(peer.port, auth="OAUTHBEARER") as watch:
            watch.unseen(1)
        port = b"%d" % peer.port
    words = b"n,a=me,\1host=localhost\1port=" + port + b"\1auth=Bearer secret\1\1"
    assert peer.lines[0].names["answer"] == b64(words)


@pytest.mark.parametrize("name", ["SCRAM-SHA-256", "PLAIN", "XOAUTH2"])
def test_an_initial_response_goes_along_where_it_is_offered(name: str) -> None:
    steps = {
        "SCRAM-SHA-256": [*scram(name, is_initial=True), expect(rb"\r\n")],
        "PLAIN": given(name, b"\0me\0secret", is_initial=True),
        "XOAUTH2": given(name, TOKEN, is_initial=True),
    }
    with Peer([offering(name, more="SASL-IR"), *steps[name], *COUNTS, hold()]) as peer:
        with watching(peer.port, auth=name) as watch:
            watch.unseen(1)


def test_the_strongest_mechanism_that_is_offered_is_used() -> None:
    for offered in (ALL, ALL[:-2], ALL[:3], ALL[:2], ALL[:1]):
        name = {6: "SCRAM-SHA-256", 4: "SCRAM-SHA-1", 3: "CRAM-MD5", 2: "PLAIN", 1: "LOGIN"}
        steps = EXCHANGES[name[len(offered)]]
        with Peer([offering(*offered), *steps, *COUNTS, hold()]) as peer:
            with watching(peer.port) as watch:
                watch.unseen(1)


def test_what_is_not_understood_is_followed_by_the_next_one_down_to_the_login_command() -> None:
    tries = [
        step for name in ("SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5") for step in (asks(name), BAD)
    ]
    tries += [asks("PLAIN"), BAD, asks("LOGIN"), BAD, LOGIN]
    with Peer([offering(*ALL), *tries, *COUNTS, hold()]) as peer, watching(peer.port) as watch:
        assert watch.unseen(1)["reconnects"] == 0


def test_a_bare_no_to_a_challenge_leads_straight_to_the_password() -> None:
    steps = [*scram("SCRAM-SHA-256")[:-1], NO, *PLAIN, *COUNTS]
    with Peer([offering(*ALL), *steps, hold()]) as peer, watching(peer.port) as watch:
        assert watch.unseen(1)["reconnects"] == 0


@pytest.mark.parametrize("first", ["CRAM-MD5", "PLAIN"])
def test_no_connection_carries_a_refused_password_three_times(first: str) -> None:
    then = {"CRAM-MD5": PLAIN, "PLAIN": EXCHANGES["LOGIN"]}[first]
    leave = [expect(rb"(?P<tag>\S+) LOGOUT\r\n"), send(b"* BYE bye\r\n"), OK]
    steps = [*EXCHANGES[first], NO, *then, send(b"{tag} NO still failed\r\n"), *leave]
    with Peer([offering(first, "PLAIN", "LOGIN"), *steps, hold()]) as peer:
        with watching(peer.port) as watch:
            told = watch.cause("password")
            assert (told["detail"], told["retry_ms"]) == ("still failed", 30000)


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        (b"AUTHENTICATIONFAILED", "password"),
        (b"AUTHORIZATIONFAILED", "password"),
        (b"EXPIRED", "password_expired"),
        (b"LIMIT", "throttled"),
        (b"CONTACTADMIN", "contact_admin"),
    ],
)
def test_a_certain_refusal_ends_it_at_once(code: bytes, cause: str) -> None:
    no = send(b"{tag} NO [" + code + b"] really\r\n")
    with Peer([offering(*ALL), *scram("SCRAM-SHA-256")[:-1], no, hold()]) as peer:
        with watching(peer.port) as watch:
            assert watch.cause(cause)["detail"] == "really"
    seen = bytes(peer.lines[0].seen)
    assert (seen.count(b"AUTHENTICATE"), seen.count(b"LOGIN")) == (1, 0)


def test_what_signed_in_before_is_tried_first_and_its_refusal_is_final() -> None:
    first = [*cram(), NO, *PLAIN, *COUNTS, fin()]
    changed = [*PLAIN, send(b"{tag} NO changed\r\n")]
    offer = offering("CRAM-MD5", "PLAIN", "LOGIN")
    second = [*PLAIN, *KNOWN, fin()]
    with (
        Peer([offer, *first], [offer, *second], [offer, *changed, hold()]) as peer,
        watching(peer.port) as watch,
    ):
        watch.cause("closed")
        watch.cause("closed")
        assert watch.cause("password")["detail"] == "changed"
    assert bytes(peer.lines[2].seen).count(b"AUTHENTICATE") == 1


def test_what_signed_in_before_and_is_not_understood_now_is_followed_by_the_others() -> None:
    known = [*PLAIN, *COUNTS, fin()]
    anew = [asks("PLAIN"), BAD, *cram(), *KNOWN, hold()]
    with Peer([offering("PLAIN"), *known], [offering("PLAIN", "CRAM-MD5"), *anew]) as peer:
        with watching(peer.port) as watch:
            watch.cause("closed")
            watch.unseen(1)


@pytest.mark.parametrize("name", ["SCRAM-SHA-256", "SCRAM-SHA-1"])
def test_a_server_that_proves_nothing_is_not_believed_and_told_no_password(name: str) -> None:
    for steps in (
        [*scram(name, secret=b"guess"), ANSWER],
        [*scram(name)[:-1], IN],  # an OK in place of the proof
        [asks(name), IN],
        [asks(name), send(b"+ \r\n"), ANSWER, send(b"+ " + b64(b"r=else,s=aaaa,i=1") + b"\r\n")],
    ):
        with Peer([offering("PLAIN", name), *steps, NO, hold()]) as peer:
            with watching(peer.port) as watch:
                watch.cause("garbage")
        assert b"PLAIN" not in peer.lines[0].seen


def test_too_much_work_is_cancelled_and_another_mechanism_signs_in() -> None:
    heavy = scram("SCRAM-SHA-256", iterations=20001)[:-3]
    steps = [*heavy, expect(rb"\*\r\n"), BAD, *PLAIN, *COUNTS]
    with Peer([offering("SCRAM-SHA-256", "PLAIN"), *steps, hold()]) as peer:
        with watching(peer.port) as watch:
            assert watch.unseen(1)["reconnects"] == 0


def test_too_much_work_is_told_where_there_is_nothing_else() -> None:
    heavy = scram("SCRAM-SHA-256", iterations=20001)[:-3]
    offer = offering("SCRAM-SHA-256", more="LOGINDISABLED")
    with Peer([offer, *heavy, expect(rb"\*\r\n"), BAD, hold()]) as peer:
        with watching(peer.port) as watch:
            assert "20000 iterations" in watch.cause("command")["detail"]


@pytest.mark.parametrize(
    ("word", "cause"), [(b"invalid-proof", "password"), (b"no-resources", "throttled")]
)
def test_an_error_that_scram_names_is_told(word: bytes, cause: str) -> None:
    steps = [*scram("SCRAM-SHA-1")[:-1], send(b"+ " + b64(b"e=" + word) + b"\r\n")]
    offer = offering("SCRAM-SHA-1", more="LOGINDISABLED")
    with Peer([offer, *steps, expect(rb"\*\r\n"), BAD, hold()]) as peer:
        with watching(peer.port) as watch:
            assert word.decode() in watch.cause(cause)["detail"]


@pytest.mark.parametrize(
    ("name", "answer"), [("XOAUTH2", rb"\r\n"), ("OAUTHBEARER", rb"AQ==\r\n")]
)
def test_a_token_that_has_run_out_is_told_as_a_sign_in(name: str, answer: bytes) -> None:
    error = send(b"+ " + b64(b'{"status":"401","schemes":"bearer"}') + b"\r\n")
    no = send(b"{tag} NO [AUTHENTICATIONFAILED] token expired\r\n")
    steps = [asks(name, rb"\S+"), error, expect(answer), no, hold()]
    with Peer([offering(name, more="SASL-IR"), *steps]) as peer:
        with watching(peer.port, auth=name) as watch:
            told = watch.cause("sign_in")
            assert (told["detail"], told["retry_ms"]) == ("token expired", 30000)


def test_a_mechanism_that_is_asked_for_and_not_offered_is_told() -> None:
    with Peer([offering("PLAIN"), hold()]) as peer:
        with watching(peer.port, auth="SCRAM-SHA-256") as watch:
            assert watch.cause("sign_in")["detail"] == "not offered"
    assert b"AUTHENTICATE" not in peer.lines[0].seen


def test_challenges_without_end_are_not_answered_for_ever() -> None:
    with Peer([offering("PLAIN"), asks("PLAIN"), send(b"+ \r\n" * 99), hold()]) as peer:
        with watching(peer.port, speed=20) as watch:
            watch.cause("silent")
    assert bytes(peer.lines[0].seen).count(b"*\r\n") == 1


def test_a_challenge_too_many_is_cancelled() -> None:
    steps = [*PLAIN, send(b"+ \r\n"), expect(rb"\*\r\n"), BAD, LOGIN]
    with Peer([offering("PLAIN"), *steps, *COUNTS, hold()]) as peer, watching(peer.port) as watch:
        watch.unseen(1)


def test_odd_prompts_do_not_lead_astray() -> None:
    prompts = [asks("LOGIN"), send(b"+ VXNlciBOYW1lAA==\r\n"), expect(b64(b"me") + rb"\r\n")]
    prompts += [send(b"+ what now?\r\n"), expect(b64(b"secret") + rb"\r\n")]
    with Peer([offering("LOGIN"), *prompts, *COUNTS, hold()]) as peer:
        with watching(peer.port) as watch:
            watch.unseen(1)


# --- before and after ---


def _identified(*then: Step) -> list[Step]:
    ident = expect(rb'(?P<tag>\S+) ID \("name" "Postlamp" "version" "[\d.]+"\)\r\n')
    return [offering(), LOGIN, send(b"{tag} OK [CAPABILITY IMAP4rev1 ID] in\r\n"), ident, *then]


@pytest.mark.parametrize("answer", [b"* ID NIL\r\n{tag} OK", b"{tag} BAD", b"{tag} NO"])
def test_a_server_that_has_id_is_told_who_comes_whatever_it_answers(answer: bytes) -> None:
    rest = [EXAMINE, send(SELECTED), SEARCH, *ONE, *NEWEST, hold()]
    with Peer(_identified(send(answer + b" so\r\n"), *rest)) as peer:
        with watching(peer.port) as watch:
            assert watch.unseen(1)["reconnects"] == 0


def test_capabilities_that_are_not_told_at_login_are_asked_for() -> None:
    ask = expect(rb"(?P<tag>\S+) CAPABILITY\r\n")
    tell = send(b"* CAPABILITY IMAP4rev1 IDLE\r\n{tag} OK\r\n")
    steps = [send(b"{tag} OK in\r\n"), ask, tell, *COUNTS[1:]]
    with Peer([offering("PLAIN"), *PLAIN, *steps, fin()], [hold()]) as peer:
        with watching(peer.port) as watch:
            watch.unseen(1)
            watch.cause("closed")
        peer.check()


def test_a_refused_login_ends_with_a_goodbye_so_that_it_is_not_counted_on() -> None:
    no = send(b"{tag} NO [LIMIT] Maximum number of connections exceeded\r\n")
    leave = [expect(rb"(?P<tag>\S+) LOGOUT\r\n"), send(b"* BYE bye\r\n"), OK]
    with Peer([offering(), LOGIN, no, *leave, hold()]) as peer, watching(peer.port) as watch:
        assert watch.cause("throttled")["retry_ms"] == 30000
        peer.check()
