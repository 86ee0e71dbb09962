"""SCRAM: every message of the server gone wrong, and what we refuse to be given."""

from postlamp.errors import GarbageError, MisuseError, PostlampError, ServerError
from postlamp.imap.scram import SCRAM
from raising import raises

if False:  # for type checkers
    from typing import Any

NONCE = b"rOprNGfwEbeRWgbNEkqO"  # here and below: RFC 7677 §3
SALT = b"W22ZaJ0SNY7soEsUEjb6gQ=="
FIRST = b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=" + SALT + b",i=4096"
FINAL = b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="

# What a server-first-message must not be; each with the password of RFC 7677.
BROKEN_FIRSTS = (
    b"",
    b"=",
    b",",
    b",,",
    b"r=,s=,i=",
    b"hello",
    FIRST.replace(b"r=", b"R="),
    FIRST.replace(b"i=4096", b""),
    FIRST.replace(b",i=4096", b""),
    FIRST.replace(b"s=", b"x="),
    b"m=ext," + FIRST,  # a mandatory extension must fail (RFC 5802 §5.1)
    FIRST.replace(b"EkqO%", b"EkqP%"),  # not our nonce
    FIRST.replace(b"r=rOpr", b"r=xrOpr"),
    FIRST.replace(b"%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0", b""),  # nothing added to it
    FIRST.replace(SALT, b""),
    FIRST.replace(SALT, b"="),
    FIRST.replace(SALT, b"===="),
    FIRST.replace(SALT, b"W22ZaJ0SNY7soEsUEjb6gQ"),  # no padding
    FIRST.replace(SALT, b"W22ZaJ0SNY7soEsUEjb6gR=="),  # bits left over
    FIRST.replace(SALT, b"W22Z aJ0SNY7soEsUEjb6gQ=="),
    FIRST.replace(SALT, b"W22Z\xff\0"),
    FIRST.replace(b"4096", b"0"),
    FIRST.replace(b"4096", b"04096"),
    FIRST.replace(b"4096", b"-1"),
    FIRST.replace(b"4096", b"+1"),
    FIRST.replace(b"4096", b"1_0"),
    FIRST.replace(b"4096", b"4096 "),
    FIRST.replace(b"4096", b"\xb2"),
)


def _rfc7677() -> SCRAM:
    return SCRAM("SCRAM-SHA-256", "user", "pencil", NONCE)


def _step(mechanism: SCRAM, challenge: bytes) -> "bytes | None":
    for slept in mechanism.work(challenge):
        assert slept is None
    return mechanism.answer


def _at(step: int) -> SCRAM:
    """The exchange of RFC 7677 before this step of the client."""
    mechanism = _rfc7677()
    for challenge in (b"", FIRST, FINAL)[:step]:
        _step(mechanism, challenge)
    return mechanism


def _fails(error: "type[PostlampError]", step: int, challenge: bytes) -> "Any":
    """What the step raises; the mechanism must then be neither satisfied nor open to another."""
    mechanism = _at(step)
    raised = raises(error, _step, mechanism, challenge)
    assert not mechanism.is_satisfied, challenge
    assert mechanism.answer is None, challenge
    raises(PostlampError, mechanism.verify, b"")
    _has_no_secret(raised)
    return raised


def _has_no_secret(error: PostlampError) -> None:
    for secret in ("pencil", "dHzbZap", "6rriTRB"):
        assert secret not in str(error) + repr(error) + repr(error.args)


def test_deriving_the_key_gives_way_to_others():
    mechanism = _at(1)
    assert sum(1 for _ in mechanism.work(FIRST)) == 127
    assert mechanism.answer.startswith(b"c=biws,")


def test_a_signature_may_come_with_the_tagged_ok():
    mechanism = _at(2)
    mechanism.verify(FINAL)
    assert mechanism.is_satisfied


def test_a_tagged_ok_without_a_signature_is_not_believed():
    for step in (0, 1, 2):
        mechanism = _at(step)
        for final in (b"", b"Logged in", b"v=", b"v=AAAA"):
            _has_no_secret(raises(GarbageError, mechanism.verify, final))
            assert not mechanism.is_satisfied


def test_a_challenge_after_the_end_is_cancelled():
    mechanism = _at(3)
    for challenge in (b"", FIRST, FINAL):
        assert _step(mechanism, challenge) is None


def test_extensions_behind_what_we_know_are_ignored():
    mechanism = _at(1)
    assert _step(mechanism, FIRST + b",x=1,y=2").startswith(b"c=biws,")
    assert _step(_at(2), FINAL + b",x=1") == b""


def test_the_first_challenge_is_not_read():
    assert _step(_rfc7677(), b"Go ahead") == b"n,,n=user,r=" + NONCE


def test_broken_first_messages_are_refused():
    for challenge in BROKEN_FIRSTS:
        _fails(GarbageError, 1, challenge)


def test_every_cut_of_the_first_message_before_its_count_is_refused():
    for size in range(len(FIRST) - 3):
        _fails(GarbageError, 1, FIRST[:size])


def test_every_changed_byte_of_the_signature_is_refused():
    for place in range(len(FINAL)):
        for byte in (0, 61, 65, 255):
            if byte != FINAL[place]:
                changed = FINAL[:place] + bytes([byte]) + FINAL[place + 1 :]
                mechanism = _rfc7677()
                mechanism._step, mechanism._final = 2, FINAL  # without deriving the key again
                raises(PostlampError, _step, mechanism, changed)
                assert not mechanism.is_satisfied


def test_every_cut_of_the_signature_is_refused():
    mechanism = _at(2)
    for size in range(len(FINAL)):
        raises(GarbageError, mechanism.verify, FINAL[:size])
    assert not mechanism.is_satisfied


def test_the_signature_of_another_password_is_refused():
    mechanism = SCRAM("SCRAM-SHA-256", "user", "pencils", NONCE)
    _step(mechanism, b"")
    _step(mechanism, FIRST)
    raises(GarbageError, _step, mechanism, FINAL)


def test_20000_iterations_are_worked_and_one_more_is_refused():
    mechanism = _at(1)
    work = mechanism.work(FIRST.replace(b"4096", b"20000"))
    assert next(work) is None  # it has begun
    for count in (b"20001", b"99999", b"100000", b"9" * 400):
        error = _fails(ServerError, 1, FIRST.replace(b"4096", count))
        assert error.cause == "command"
        assert "20000" in error.text


def test_errors_of_the_server_keep_their_cause_at_both_steps():
    for word, cause in (
        (b"invalid-proof", "password"),
        (b"unknown-user", "password"),
        (b"no-resources", "throttled"),
        (b"other-error", "command"),
        (b"extensions-not-supported", "command"),
        (b"", "command"),
    ):
        for step in (1, 2):
            error = _fails(ServerError, step, b"e=" + word)
            assert error.cause == cause
            assert error.text == "SCRAM: " + word.decode()


def test_an_error_of_the_server_is_shown_cut_and_printable():
    error = _fails(ServerError, 2, b"e=\x1b[2J\xff\n" + b"x" * 900 + b",v=1")
    assert error.text.startswith("SCRAM: ?[2J??xxx")
    assert len(error.text) < 60


def test_an_error_in_the_tagged_ok_is_raised():
    raises(ServerError, _at(2).verify, b"e=invalid-proof")


def test_names_with_a_comma_or_an_equals_sign_are_escaped():
    mechanism = SCRAM("SCRAM-SHA-256", "a=b,c=", "pencil", NONCE)
    assert _step(mechanism, b"") == b"n,,n=a=3Db=2Cc=3D,r=" + NONCE


def test_names_and_passwords_go_as_typed_in_utf8():
    mechanism = SCRAM("SCRAM-SHA-256", "Zażółć\u00aa\u00a0", "é", NONCE)
    assert _step(mechanism, b"") == b"n,,n=" + "Zażółć\u00aa\u00a0".encode() + b",r=" + NONCE


def test_control_characters_are_refused_without_naming_them():
    for user, password in (("user", "pencil\n"), ("us\0er", "pencil"), ("user", "\x7fpencil")):
        _has_no_secret(raises(MisuseError, SCRAM, "SCRAM-SHA-256", user, password, NONCE))


def test_a_weak_nonce_is_refused():
    SCRAM("SCRAM-SHA-256", "user", "pencil", b"0123456789abcdef")
    for nonce in (
        b"",
        b"0123456789abcde",
        b"0123456789,abcdef",
        b"0123456789abcdef\n",
        b"\xff" * 20,
    ):
        raises(MisuseError, SCRAM, "SCRAM-SHA-256", "user", "pencil", nonce)


def test_a_mechanism_that_is_not_here_is_refused():
    for name in ("SCRAM-SHA-512", "SCRAM-SHA-256-PLUS", "PLAIN", ""):
        raises(MisuseError, SCRAM, name, "user", "pencil", NONCE)


def test_the_password_is_forgotten_once_it_was_used():
    mechanism = _at(2)
    for name in dir(mechanism):
        assert "pencil" not in repr(getattr(mechanism, name)), name
