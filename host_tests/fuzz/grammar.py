"""What a server may say, well and badly: random lines, streams of them, and how to spoil them.

Everything is drawn from a random.Random: hypothesis lends one that it can shrink, the fuzzer's
mutator a seeded one.
"""

from collections.abc import Callable
from random import Random

BEGINNINGS = (
    *(b"login examine", b"login select", b"capability login examine", b"starttls login examine"),
    *(b"authenticate select", b"small login examine", b"login", b"noop logout login"),
)
GOINGS_ON = (
    *(b"search", b"newer", b"esearch", b"literal", b"numbers", b"search+noop", b"search+fetch"),
    *(b"headers", b"fetch", b"headers+search+capability", b"idle", b"idle", b"noop", b"examine"),
    *(b"list", b"lsub+status", b"namespace", b"myrights", b"getacl", b"status", b"list+getacl"),
    *(b"rename", b"append", b"store+move", b"copy", b"expunge+search", b"close"),
)
NUMBERS = (
    *(b"0", b"1", b"2", b"3", b"9", b"10", b"23", b"65536", b"4294967295", b"4294967296"),
    *(b"18446744073709551616", b"-1", b"9.3736e+06", b"007", b"", b"1" * 40, "²".encode()),
)
ATOMS = (
    *(
        b"INBOX",
        b"NIL",
        b"nil",
        b"\\Seen",
        b"\\Noselect",
        b"*",
        b"%",
        b"a[b]c",
        b"a]b",
        b"(",
        b")",
    ),
    *(b"[", b'"', b"\\", b"{", b"}", b"{3}", b"{1+}", b"\0", b"\xff\xfe", "ж€😀".encode(), b"&-"),
    *(b"&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-", b"UID", b"FLAGS", b"BODY[]<0>", b"X" * 70),
)
CODES = (
    *(b"ALERT", b"CAPABILITY IMAP4rev1 IDLE SASL-IR", b"CAPABILITY IMAP4rev2 LOGINDISABLED"),
    *(b"UIDVALIDITY 7", b"UIDNEXT 9", b"UIDVALIDITY x", b"READ-ONLY", b"READ-WRITE", b"CLOSED"),
    *(b"AUTHENTICATIONFAILED", b"UNSEEN 3", b"PERMANENTFLAGS (\\*)", b"APPENDUID 7 9", b""),
)
CAPABILITIES = (
    *(b"IMAP4rev1", b"IMAP4REV2", b"IDLE", b"LITERAL+", b"LITERAL-", b"LITERAL +", b"SASL-IR"),
    *(b"LOGINDISABLED", b"STARTTLS", b"ID", b"ESEARCH", b"AUTH=PLAIN", b"X" * 30, b""),
)
ITEMS = (
    *(b"FLAGS", b"UID", b"INTERNALDATE", b"RFC822.SIZE", b"ENVELOPE", b"BODY[]<0>", b"MODSEQ"),
    *(b"BODY[HEADER.FIELDS (FROM SUBJECT DATE)]", b'BODY[HEADER.FIELDS ("From")]', b"body[", b""),
)
_OTHERS = (
    *(b"LIST", b"LSUB", b"STATUS", b"FLAGS", b"ID", b"NAMESPACE", b"MYRIGHTS", b"ACL", b"ENABLED"),
    *(b"VANISHED", b"XLIST", b"QUOTA", b"list", b""),
)


def script(random: Random) -> bytes:
    """A script as play.py takes it: what we ask, and a server that mostly answers that."""
    asked = random.choice(BEGINNINGS).split()
    for _ in range(random.randint(0, 4)):
        asked.append(random.choice(GOINGS_ON))
    if random.randrange(4) == 0:
        asked.append(b"logout")
    is_in = random.randrange(3) == 0
    said = [_greeting(random, b"PREAUTH" if is_in else b"OK")]
    tag = 0
    for step in asked:
        if step == b"small" or is_in and step in (b"login", b"authenticate", b"starttls"):
            continue
        said += [line(random) for _ in range(random.choice((0, 0, 1, 1, 2, 5)))]
        for name in step.split(b"+"):
            tag += 1
            said.append(_answer(random, name, tag))
    return b" ".join(asked) + b"\n" + b"".join(said)


def _answer(random: Random, name: bytes, tag: int) -> bytes:
    """What a command is answered by: a prompt, a response, the tag; each may miss or be wrong."""
    said = b""
    if name in _PROMPTED:
        said += _continuation(random) + b"\r\n" if random.randrange(4) else b""
    if name in _RESPONSES:
        for _ in range(random.choice((0, 1, 1, 1, 2))):
            said += _RESPONSES[name](random) + b"\r\n"
    for _ in range(random.choice((0, 0, 0, 1, 2))):
        said += line(random)
    status = random.choice(
        (b"OK", b"OK", b"OK", b"OK", b"OK", b"OK", b"NO", b"BAD", b"ok", b"BYE")
    )
    if random.randrange(12) == 0:
        tag += random.choice((-1, 1))
    return said + b"p%d " % tag + status + _words(random) + b"\r\n"


def line(random: Random) -> bytes:
    """One response that has no tag."""
    return random.choice(_LINES)(random) + (b"\n" if random.randrange(9) == 0 else b"\r\n")


def spoil(random: Random, data: bytes) -> bytes:
    """The bytes with one thing wrong, or one more line, in a random place."""
    start = random.randint(0, len(data))
    stop = min(len(data), start + random.choice((1, 2, 9, 60)))
    middle = data[start:stop]
    change = random.randrange(7)
    if change == 0:
        middle = b""
    elif change == 1:
        middle += middle
    elif change == 2:
        middle = bytes([byte ^ 1 << random.randrange(8) for byte in middle[:1]]) + middle[1:]
    elif change == 3:
        middle = random.choice(ATOMS + NUMBERS) + middle
    elif change == 4:
        middle = middle.replace(b"\r\n", b"\n").upper()
    elif change == 5:
        start = stop = data.rfind(b"\n", 0, start) + 1
        middle = line(random)
    else:
        stop = len(data)
    return data[:start] + middle + data[stop:]


def cuts(random: Random, size: int) -> list[int]:
    """Sizes of the pieces in which `size` bytes come; they repeat when they do not suffice."""
    return [random.choice((1, 1, 2, 3, 7, 20, 90, 400)) for _ in range(min(size, 20) + 1)]


def _greeting(random: Random, status: bytes) -> bytes:
    if random.randrange(16) == 0:
        status = random.choice((b"BYE", b"NO", b"ok", b"OK (", b""))
    return b"* " + status + _words(random) + b"\r\n"


def _words(random: Random) -> bytes:
    code = b" [" + random.choice(CODES) + b"]" if random.randrange(2) else b""
    return code + random.choice((b" done", b"", b" ", b" words of a server", b" ]["))


def _status(random: Random) -> bytes:
    return b"* " + random.choice((b"OK", b"NO", b"BAD", b"ok", b"BYE")) + _words(random)


def _numbered(random: Random) -> bytes:
    name = random.choice((b"EXISTS", b"EXPUNGE", b"EXPUNGED", b"RECENT", b"exists", b"OTHER"))
    return b"* " + random.choice(NUMBERS) + b" " + name


def _search(random: Random) -> bytes:
    """Often short, seldom long, rising; now and then something odd inside."""
    last = 0
    words = [random.choice((b"* SEARCH", b"* SEARCH", b"* search", b"* SEARCHING"))]
    for _ in range(random.choice((0, 1, 3, 30, 120))):
        last += random.choice((1, 1, 2, 1000))
        words.append(b"%d" % last)
    if random.randrange(4) == 0:
        words.insert(random.randint(1, len(words)), random.choice(NUMBERS + ATOMS))
    return b" ".join(words) + random.choice((b"", b"", b" ", b" (MODSEQ 917)"))


def _esearch(random: Random) -> bytes:
    words = [b"* ESEARCH", b'(TAG "p%d")' % random.randint(1, 5), b"UID"]
    for name in (b"COUNT", b"MAX", b"ALL"):
        if random.randrange(3):
            words += [name, random.choice(NUMBERS)]
    return b" ".join(words)


def _fetch(random: Random) -> bytes:
    items = []
    for _ in range(random.randint(0, 3)):
        items.append(random.choice(ITEMS) + b" " + value(random))
    return b"* " + random.choice(NUMBERS) + b" FETCH (" + b" ".join(items) + b")"


def _other(random: Random) -> bytes:
    return _data(random, random.choice(_OTHERS))


def _data(random: Random, name: bytes) -> bytes:
    values = [value(random) for _ in range(random.randint(0, 4))]
    return b" ".join([b"*", name, *values])


def _list(random: Random) -> bytes:
    attributes = random.choice((b"()", b"(\\HasNoChildren \\Sent)", b"NIL", b"", b"\\Sent"))
    delimiter = random.choice((b'"/"', b'"."', b"NIL", b'"\\\\"', b'""', b"/"))
    name = random.choice((b"LIST", b"LIST", b"LSUB"))
    return b" ".join((b"*", name, attributes, delimiter, value(random)))


def _counts(random: Random) -> bytes:
    items = []
    for name in (b"MESSAGES", b"UNSEEN", b"UIDNEXT", b""):
        if random.randrange(2):
            items += [name, random.choice(NUMBERS)]
    return b"* STATUS " + value(random) + b" (" + b" ".join(items) + b")"


def _capability(random: Random) -> bytes:
    names = [random.choice(CAPABILITIES) for _ in range(random.randint(0, 40))]
    return b"* CAPABILITY " + b" ".join(names)


def _continuation(random: Random) -> bytes:
    return random.choice((b"+", b"+ ", b"+ idling", b"+ VXNlciBOYW1lAA==", b"+OK", b"+ \xff"))


def _noise(random: Random) -> bytes:
    return b" ".join([random.choice(ATOMS + NUMBERS) for _ in range(random.randint(0, 4))])


def value(random: Random, depth: int = 0) -> bytes:
    """An atom, a number, a string, a literal or a list of these, not always as it should be."""
    kind = random.randrange(7)
    if kind == 0:
        return random.choice(NUMBERS)
    if kind == 1:
        return b'"' + random.choice(ATOMS) + b'"'
    if kind == 2:
        return _literal(random)
    if kind == 3 and depth < 4:
        inside = [value(random, depth + 1) for _ in range(random.randint(0, 3))]
        return b"(" + b" ".join(inside) + b")"
    if kind == 4:
        times = random.choice((1, 15, 16, 17, 40))
        return b"(" * times + b")" * times
    return random.choice(ATOMS)


def _literal(random: Random) -> bytes:
    size = random.choice((0, 1, 5, 60, 1100))
    data = (b"From: Ann <ann@example.org>\r\n" * 40)[:size]
    told = size if random.randrange(5) else random.choice((0, 1, 3, 16777217))
    return b"{%d%s}\r\n" % (told, random.choice((b"", b"", b"+"))) + data


_LINES: tuple[Callable[[Random], bytes], ...] = (
    *(_status, _numbered, _numbered, _search, _search, _esearch, _fetch, _fetch),
    *(_other, _list, _counts, _capability, _continuation, _noise),
)
_PROMPTED = (b"idle", b"authenticate", b"literal", b"login", b"rename", b"append", b"myrights")
_RESPONSES: dict[bytes, Callable[[Random], bytes]] = {
    b"capability": _capability,
    b"search": _search,
    b"newer": _search,
    b"literal": _search,
    b"numbers": _search,
    b"esearch": _esearch,
    b"headers": _fetch,
    b"fetch": _fetch,
    b"examine": _numbered,
    b"expunge": _numbered,
    b"list": _list,
    b"lsub": _list,
    b"status": _counts,
    b"namespace": lambda random: _data(random, b"NAMESPACE"),
    b"myrights": lambda random: _data(random, b"MYRIGHTS"),
    b"getacl": lambda random: _data(random, b"ACL"),
    b"idle": _numbered,
}
