"""What a server says while somebody signs in as me/secret, in steps for the scripted peer."""

import base64
import hashlib
import hmac
from collections.abc import Callable

from host_tests.support.peer import Line, ScriptError, Step, expect, send

Names = dict[str, bytes]
_SALT = b"0123456789abcdef"
_HASHES = {"SCRAM-SHA-256": "sha256", "SCRAM-SHA-1": "sha1"}
ANSWER = expect(rb"(?P<answer>[^\r]*)\r\n")


def b64(data: bytes) -> bytes:
    """As it stands in a line of AUTHENTICATE."""
    return base64.b64encode(data)


def offering(*mechanisms: str, more: str = "") -> Step:
    """The greeting of a server that has these mechanisms."""
    names = " ".join(["IMAP4rev1", *["AUTH=" + name for name in mechanisms], *more.split()])
    return send(f"* OK [CAPABILITY {names}] hello\r\n".encode())


def asks(name: str, initial: bytes = b"") -> Step:
    """The client wants this mechanism, with this initial response if any."""
    words = b" " + initial if initial else b""
    return expect(rb"(?P<tag>\S+) AUTHENTICATE " + name.encode() + words + rb"\r\n")


def compute(work: Callable[[Names], Names]) -> Step:
    """Adds to what send() fills in."""

    def step(line: Line) -> None:
        line.names.update(work(line.names))

    return step


def scram(
    name: str, *, is_initial: bool = False, iterations: int = 4096, secret: bytes = b"secret"
) -> list[Step]:
    """All of an exchange but its end; with another `secret` the server proves nothing."""
    first = [asks(name), send(b"+ \r\n"), expect(rb"(?P<first>\S+)\r\n")]
    if is_initial:
        first = [asks(name, rb"(?P<first>\S+)")]
    return [
        *first,
        compute(lambda names: _challenge(names, iterations)),
        send(b"+ {challenge}\r\n"),
        expect(rb"(?P<final>\S+)\r\n"),
        compute(lambda names: _verdict(names, _HASHES[name], iterations, secret)),
        send(b"+ {verdict}\r\n"),
    ]


def _challenge(names: Names, iterations: int) -> Names:
    bare = base64.b64decode(names["first"])
    if not bare.startswith(b"n,,n=me,r="):
        raise ScriptError(f"no client-first-message: {bare!r}")
    nonce = bare.partition(b"r=")[2] + b"server"
    words = b"r=%s,s=%s,i=%d" % (nonce, b64(_SALT), iterations)
    return {"bare": bare[3:], "words": words, "challenge": b64(words)}


def _verdict(names: Names, kind: str, iterations: int, secret: bytes) -> Names:
    """Checks the client's proof; what the server proves with `secret` (RFC 5802 §3)."""
    final, _, proof = base64.b64decode(names["final"]).partition(b",p=")
    message = b",".join((names["bare"], names["words"], final))

    def sign(key: bytes, words: bytes) -> bytes:
        return hmac.digest(key, words, kind)

    salted = hashlib.pbkdf2_hmac(kind, b"secret", _SALT, iterations)
    client_key = sign(salted, b"Client Key")
    signature = sign(hashlib.new(kind, client_key).digest(), message)
    if bytes(a ^ b for a, b in zip(client_key, signature, strict=True)) != base64.b64decode(proof):
        raise ScriptError("the client's proof is wrong")
    salted = hashlib.pbkdf2_hmac(kind, secret, _SALT, iterations)
    return {"verdict": b64(b"v=" + b64(sign(sign(salted, b"Server Key"), message)))}


def cram() -> list[Step]:
    """CRAM-MD5 (RFC 2195), all but its end."""
    challenge = b"<1896.697170952@postoffice.example.org>"
    digest = hmac.new(b"secret", challenge, "md5").hexdigest().encode()
    return [
        asks("CRAM-MD5"),
        send(b"+ " + b64(challenge) + b"\r\n"),
        expect(b64(b"me " + digest).replace(b"+", rb"\+") + rb"\r\n"),
    ]


def given(name: str, *answers: bytes, is_initial: bool = False) -> list[Step]:
    """An exchange of prepared answers, all but its end."""
    steps: list[Step] = [asks(name, b64(answers[0]) if is_initial else b"")]
    for answer in answers[is_initial:]:
        steps += [send(b"+ \r\n"), expect(b64(answer).replace(b"+", rb"\+") + rb"\r\n")]
    return steps
