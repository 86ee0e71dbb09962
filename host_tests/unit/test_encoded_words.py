"""Encoded words: what RFC 2047 allows, what mail really holds, and nothing that raises."""

from needs import needs
from postlamp.imap.response import text
from showing import decode

CASES = (
    (b"plain", "plain"),
    (b"", ""),
    (b"=?utf-8?q?Za=C5=BC=C3=B3=C5=82=C4=87?=", "Zażółć"),
    (b"=?UTF-8?B?0J/RgNC40LLQtdGC?=", "Привет"),
    (b"=?utf-8?Q?a_b?= c", "a b c"),
    (b"a =?utf-8?q?b?=  =?utf-8?q?c?= d", "a bc d"),
    (b"=?utf-8?q?b?==?utf-8?q?c?=", "bc"),
    (b"=?utf-8?B?0J8=?= =?utf-8?B?0YA=?=", "Пр"),
    (b"=?utf-8?B?0A==?= =?utf-8?B?nw==?=", "П"),  # one letter split over two words
    (b"=?utf-8?B?0J/RgNC40LI?=", "Прив"),  # padding missing
    (b"=?utf-8?B?0J/RgA===?=", "Пр"),
    (b"=?utf-8*ru?q?=D0=9F?=", "П"),
    (b"=?iso-8859-1?q?caf=E9?=", "café"),
    (b"=?utf-8?B?0J8=0YA=?=", "Пр"),  # padded in the middle
    (b"=?utf-8?B?0J/-R_g A!?=", "Пр"),  # letters of no base64
    (b"=?utf-8?B?A?=", ""),  # too little for a byte
    (b"=?utf-8?q?=2?= =?utf-8?q?=F?=", "=2=F"),
    (b"=?utf-8?q?a?=\r\n\t =?utf-8?q?b?=", "ab"),
    (b"=?utf-8?q?a?=\xa0=?utf-8?q?b?=", "a□b"),
    (b"=?utf 8?q?a?=", "=?utf 8?q?a?="),
    (b"=?iso-8859-1?q?=E9?= =?utf-8?q?=C3=A9?=", "éé"),
    (b"=?koi8-r?q?=F0a?=", "□a"),
    ("привет".encode(), "привет"),
    (b"caf\xe9 \xd0\x9f", "caf□ П"),
    (b"=?utf-8?q?=D0?=", "□"),
    (b"=?utf-8?q?a=ZZb=4?=", "a=ZZb=4"),
    (b"=?utf-8?q?=-A=+1=_1?=", "=-A=+1= 1"),
    (b"=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
    (b"=?utf-8?q?open", "open"),  # the field was cut
    (b"=?utf-8?q?open and", "=?utf-8?q?open and"),
    (b"=??q?a?=", "=??q?a?="),
    (b"=?", "=?"),
    (b"1 =? 2 ?= 3", "1 =? 2 ?= 3"),
)


def test_every_case_decodes_as_written():
    for raw, expected in CASES:
        assert decode(raw) == expected, (raw, decode(raw))


def test_any_cut_of_any_case_decodes_without_an_error():
    for raw, _ in CASES:
        for stop in range(len(raw)):
            assert isinstance(decode(raw[:stop]), str)
            assert isinstance(decode(raw[stop:]), str)


@needs("unix")
def test_letters_never_seen_before_leave_nothing_in_memory():
    import gc

    for read in (text, decode, lambda raw: decode(b"=?iso-8859-1?q?" + raw + b"?=")):
        read(b"warm up \xff")
        gc.collect()
        before = gc.mem_alloc()
        read(bytes(range(64, 256)))
        gc.collect()
        assert gc.mem_alloc() - before < 200
