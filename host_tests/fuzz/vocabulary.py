"""Words of each target's language, from which hypothesis and the fuzzer put inputs together."""

from host_tests.fuzz import grammar

_ENCODED = (
    *(b"=?utf-8?Q?", b"=?UTF-8?b?", b"=?iso-8859-1*en?q?", b"=?koi8-r?B?", b"?=", b"=?", b"? =?"),
    *(
        b"0J/RgNC4",
        b"=D0=9F",
        b"=D0",
        b"=-A",
        b"_",
        b"=",
        b"\xd0",
        b"\xd0\x9f",
        b"\xf0\x9f\x98\x80",
    ),
)
_FIELDS = (
    *(
        b"From: ",
        b"subject:",
        b"Subject : ",
        b"\r\n",
        b"\n ",
        b"\r\n\t",
        b"Ann ",
        b"<ann@example.org>",
    ),
    *(
        b'"',
        b"\\",
        b"(",
        b")",
        b"(a (b) c)",
        b",",
        b"<",
        b">",
        b";",
        b"group: ",
        b"=?utf-8?q?=0D=0A?=",
    ),
    *(
        "и\u0306e\u0301\u200b\u202e\u00a0\ufeff".encode(),
        b"=?gb2312?b?1tDOxA==?=",
        b"\x1b$B%a",
        b"\x7f",
        b"\xc2\x85",
        b"\x1b[31m",
    ),
)
_IN_CHARSETS = (
    *(
        b"a",
        b" ",
        b"=?",
        b"?=",
        b"\x80\x9f\xa0",
        b"\xad",
        b"\xf0\xd2\xc9\xd7\xc5\xd4",
        b"\x81\xff",
    ),
    *(b"\x1b$B", b"\0\r\n", b"\xa4\xbd" * 90, b"x" * 470),
)
_SHIFTED = (
    *(
        b"&",
        b"-",
        b"&-",
        b"&AOk-",
        b"&2D3eAA-",
        b"&2D0-",
        b"&3gA-",
        b"&AEE-",
        b"&BB4EQgQ,BEA-",
        b"/",
    ),
    *(b"AOk", b"=", b",", b"&AOk", b"+", b"\xc3\xa9", b"\xff", b"\0", b"\x7f", b"INBOX", b"&AAo-"),
)
_CRITERIA = (
    *(b"UNSEEN", b"NOT", b"OR", b"(", b")", b" ", b"  ", b"FROM", b"HEADER", b"SINCE", b"KEYWORD"),
    *(
        b"UID",
        b"LARGER",
        b"OLDER",
        b"X-GM-RAW",
        b"AND",
        b'"',
        b"\\",
        b'"boss"',
        b'"\\""',
        b"1-Feb-2026",
    ),
    *(
        b"29-Feb-2100",
        b"31-Apr-2026",
        b"1:*",
        b"4294967295",
        b"4294967296",
        b"0",
        b"*",
        b"{5}",
        b"\r\n",
    ),
    *(
        "привет".encode(),
        b'"',
        b"$Junk",
        b"unseen",
        b"%",
        b"2,4:7,9:*",
        "²".encode(),
        b"\xed\xa0\x80",
    ),
)
_SCRAM = (
    *(b"r=", b"r=NONCE", b"r=NONCEx", b",s=", b"QSXCR+Q6sek8bf92", b",i=", b"i=4096", b"i=20001"),
    *(
        b"i=0",
        b"i=1",
        b",",
        b"\n",
        b"v=",
        b"v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
        b"e=",
        b"1",
        b"m=ext",
    ),
    *(b"e=invalid-proof", b"e=no-resources", b"=", b"r=NONCEx,s=QSXCR+Q6sek8bf92,i=1"),
)
_REFUSALS = (
    *(b"ALERT", b"AUTHENTICATIONFAILED", b"UNAVAILABLE", b"LIMIT", b"NONEXISTENT", b"BADCHARSET"),
    *(
        b"\n",
        b" ",
        b"Suggested Backoff Time: ",
        b"92415",
        b" milliseconds",
        b"-1",
        b"9" * 30,
        b"throttled",
    ),
    *(
        b"Basic authentication is disabled",
        b"[",
        b"]",
        b"too many",
        "²".encode(),
        b"invalid credentials",
    ),
)

_FRAMES = (
    *(b"* ", b"SEARCH", b" ", b"\r\n", b"\n", b"\r", b"{", b"}", b"{0}", b"{3}", b"{2+}", b"{90}"),
    *(b"{5}\r\n", b"{0}\r\n", b"{200}\r\n", b"{16777217}\r\n", b"* search 1 2\r\n", b"x" * 90),
)

WORDS: dict[str, tuple[bytes, ...]] = {
    "engine": (*grammar.ATOMS, *grammar.NUMBERS, *grammar.CODES, *grammar.GOINGS_ON, b"\r\n"),
    "framer": (*_FRAMES, *grammar.ATOMS[:6]),
    "items": (*grammar.ATOMS, *grammar.NUMBERS, *grammar.ITEMS, b" ", b"(", b")", b'"', b"\r\n"),
    "header": (*_FIELDS, *_ENCODED),
    "charset": (*(bytes([number]) for number in range(11)), *_IN_CHARSETS),
    "utf7": _SHIFTED,
    "base64": (
        b"AAAA",
        b"AA==",
        b"AB==",
        b"AAA=",
        b"=",
        b"/",
        b"+",
        b"-",
        b"_",
        b"\n",
        b" ",
        b"z",
    ),
    "criteria": _CRITERIA,
    "scram": _SCRAM,
    "verdict": _REFUSALS,
}
