"""From fields as mail has them: (raw field, what is shown, why CPython's email shows another).

The forms are those of real mail, the content is invented. Where the reason is "" both show the
same: the first display name, else a comment, else the address. Runs on every interpreter.
"""

COMMA = "a name with a bare comma or bracket is a name all the same"
QUOTE = "a quote that never closes is passed over"
GROUP = "of an empty group the name is shown"
NAME = "what has no @ is a name, not an address"
BLANK = "a name of blanks, or an address of none, is nothing to show"
COMMENT = "brackets within a comment stay; one that never closes goes on to the end"

SENDERS = (
    (b"Anna <a@example.org>", "Anna", ""),
    (b"Anna Maria Kov\xc3\xa1cs <a@example.org>", "Anna Maria Kovács", ""),
    (b'"Kova, Anna" <a@example.org>', "Kova, Anna", ""),
    (b'"Anna \\"Ann\\" K." <a@example.org>', 'Anna "Ann" K.', ""),
    (b'"Anna"<a@example.org>', "Anna", ""),
    (b'Anna "von" Au <a@example.org>', "Anna von Au", ""),
    (b"a@example.org", "a@example.org", ""),
    (b"<a@example.org>", "a@example.org", ""),
    (b'"" <a@example.org>', "a@example.org", ""),
    (b'" " <a@example.org>', "a@example.org", BLANK),
    (b"=?utf-8?Q?_?= <a@example.org>", "a@example.org", BLANK),
    (b'"\xe2\x80\x8b" <a@example.org>', "a@example.org", BLANK),
    (b'"a@example.org" <a@example.org>', "a@example.org", ""),
    (b"a@example.org (Anna)", "Anna", ""),
    (b"a@example.org (Anna (at home))", "Anna (at home)", COMMENT),
    (b"(desk) Anna <a@example.org>", "Anna", ""),
    (b"Anna (desk) <a@example.org>", "Anna", ""),
    (b"a@example.org (=?utf-8?Q?J=C3=B6rg?=)", "Jörg", ""),
    (b"a@example.org, c@example.org", "a@example.org", ""),
    (b"Anna <a@example.org>, Bob <b@example.org>", "Anna", ""),
    (b"=?utf-8?Q?=D0=96=D0=B0=D0=BD=D0=BD=D0=B0?= <a@example.org>, b@example.org", "Жанна", ""),
    (b"=?utf-8?Q?J=C3=B6rg?= =?utf-8?Q?_M=C3=BCller?= <j@example.org>", "Jörg Müller", ""),
    (b"=?utf-8?B?0JbQsNC90L3QsA==?= (home) <a@example.org>", "Жанна", ""),
    (b'"=?utf-8?Q?J=C3=B6rg?=" <j@example.org>', "Jörg", ""),
    (b"=?koi8-r?B?4c7OwQ==?= <a@example.org>", "Анна", ""),
    (b"=?utf-8?Q?M=C3=BCller=2C_J=C3=B6rg?= <j@example.org>", "Müller, Jörg", ""),
    (b"=?utf-8?Q?M=C3=BCller,_J=C3=B6rg?= <j@example.org>", "Müller, Jörg", ""),
    (b'=?utf-8?Q?"Ann"_<x>?= <a@example.org>', '"Ann" <x>', ""),
    (b"<@relay.example.org:a@example.org>", "a@example.org", ""),
    (b"Team: Anna <a@example.org>, Bob <b@example.org>;", "Anna", ""),
    (b"Team: a@example.org;", "a@example.org", ""),
    (b"undisclosed-recipients:;", "undisclosed-recipients", GROUP),
    (b"=?utf-8?Q?L=C3=A4den?=: ;", "Läden", GROUP),
    (b", ,Anna <a@example.org>", "Anna", ""),
    (b"Kova, Anna <a@example.org>", "Kova, Anna", COMMA),
    (b"Anna; Bob <b@example.org>", "Anna", ""),
    (b"Anna [shop] <a@example.org>", "Anna [shop]", COMMA),
    (b'"open quote <a@example.org>', "open quote", QUOTE),
    (b'Anna" "K" <a@example.org>', "Anna K", QUOTE),
    (b"Anna <a@example.org", "Anna", ""),
    (b"Anna <>", "Anna", ""),
    (b"<>", "", BLANK),
    (b"Anna (unclosed <a@example.org>", "Anna", COMMENT),
    (b"MAILER-DAEMON", "MAILER-DAEMON", ""),
    (
        b"MAILER-DAEMON (Mail Delivery System)",
        "MAILER-DAEMON",
        NAME,
    ),
    (b"Anna <mailto:a@example.org>", "Anna", ""),
    (b"<\xd0\xb6@example.org>", "ж@example.org", ""),
    (b"Anna\x00\x07 <a@example.org>", "Anna", ""),
    ("\u202eannA <a@example.org>".encode(), "annA", "what turns the line is left out"),
    (b"((((a", "(((a", COMMENT),
    (b"", "", ""),
)
