"""Subjects as mail has them: (raw field, what is shown, why CPython's email shows another).

The forms are those of real mail, the content is invented. Where the reason is "" both show the
same. Runs on every interpreter.
"""

TABLES = "bytes 128 to 159 are meant as Windows has them"
BOXES = "no table on the board: a box for each character"
UNKNOWN = "a charset nobody knows: a box for each byte above ASCII"
DROPPED = "what turns, hides or takes no column is left out"
UNCLOSED = "a word that was cut off is decoded as far as it goes"
LENIENT = "base64 is decoded as far as it makes sense"
TAIL = "UTF-8 cut within a character loses the rest of it"
NAMED = "what says ASCII, or nothing, is taken for the UTF-8 that it is"

SUBJECTS = (
    # ordinary
    (b"Lunch at noon?", "Lunch at noon?", ""),
    (b"", "", ""),
    (b"=?UTF-8?Q?Za=C5=BC=C3=B3=C5=82=C4=87_g=C4=99=C5=9Bl=C4=85?=", "Zażółć gęślą", ""),
    (b"=?utf-8?B?0J3QvtCy0L7QtSDQv9C40YHRjNC80L4=?=", "Новое письмо", ""),
    (b"=?utf-8?q?=CE=9A=CE=B1=CE=BB=CE=B7=CE=BC=CE=AD=CF=81=CE=B1?=", "Καλημέρα", ""),
    (b"=?utf-8?b?5Lya6K6uIOODoeODvOODqyDrqZTsnbw=?=", "会议 メール 메일", ""),
    (b"=?utf-8?q?=F0=9F=98=80?= party", "😀 party", ""),
    (b"Re: =?utf-8?q?Gr=C3=BC=C3=9Fe?= (2)", "Re: Grüße (2)", ""),
    # words beside words, and words cut in two
    (b"=?utf-8?Q?one?= =?utf-8?Q?_two?=", "one two", ""),
    (b"=?utf-8?Q?one?=\t  =?utf-8?B?dHdv?=", "onetwo", ""),
    (b"=?utf-8?B?0J8=?= =?iso-8859-1?Q?=E9?=", "Пé", ""),
    (b"=?utf-8?B?0A==?= =?utf-8?B?nw==?=", "П", ""),
    (b"=?UTF-8?Q?=F0=9F?= =?utf-8?Q?=98=80?=", "😀", ""),
    (b"=?utf-8?Q?a?==?utf-8?Q?b?=", "ab", ""),
    (b"=?utf-8?Q?a?=b=?utf-8?Q?c?=", "abc", ""),
    (b"=?utf-8?Q??= =?utf-8?Q?x?=", "x", ""),
    (b"=?gb2312?B?1tA=?= =?gb2312?B?zsQ=?=", "□□", BOXES),
    # charsets with a table
    (b"=?iso-8859-1?Q?caf=E9?=", "café", ""),
    (b"=?ISO-8859-2?Q?=A3=F3d=BC?=", "Łódź", ""),
    (b"=?iso-8859-5?B?v+DY0tXi?=", "Привет", ""),
    (b"=?iso-8859-9?Q?=DDstanbul_=FE?=", "İstanbul ş", ""),
    (b"=?iso-8859-15?Q?5_=A4_=BD?=", "5 € œ", ""),
    (b"=?windows-1250?Q?=8Elu=9Dou=E8k=FD?=", "Žluťoučký", ""),
    (b"=?windows-1251?B?z/Do4uXy?=", "Привет", ""),
    (b"=?Windows-1252?Q?=80_=93ok=94?=", "€ “ok”", ""),
    (b"=?koi8-r?B?8NLJ18XU?=", "Привет", ""),
    (b"=?KOI8-U?Q?=F0=D2=C9=D7=A6=D4?=", "Привіт", ""),
    (b"=?cp866?Q?=8F=E0=A8=A2=A5=E2?=", "Привет", ""),
    (b"=?ibm866?B?j+CooqXi?=", "Привет", ""),
    (b"=?latin1?Q?=FC?=", "ü", ""),
    (b"=?iso-8859-1*de?Q?f=FCr?=", "für", "CPython's legacy parser knows no language in a word"),
    (b"=?iso-8859-1?Q?=93ok=94_=80?=", "“ok” €", TABLES),
    (b"=?windows-1250?Q?a=81b?=", "a□b", ""),
    # charsets without
    (b"=?gb2312?B?u+HS6Q==?=", "□□", BOXES),
    (b"=?GB18030?B?lDbSMWE=?=", "□a", BOXES),
    (b"=?big5?B?t3zEsyBvaw==?=", "□□ ok", BOXES),
    (b"=?euc-kr?B?uN7AzyAx?=", "□□ 1", BOXES),
    (b"=?shift_jis?B?g4GBW4OLILHJ?=", "□□□ □□", BOXES),
    (b"=?euc-jp?B?peGhvKXrjrGPsKE=?=", "□□□□□", BOXES),
    (b"=?iso-2022-jp?B?GyRCJWEhPCVrGyhCIG9r?=", "□□□ ok", BOXES),
    (b"\x1b$B%a!<%k\x1b(B ok", "□□□ ok", BOXES),
    (b"=?x-klingon?Q?a=E9=E8b?=", "a□□b", UNKNOWN),
    (b"=?unknown-8bit?Q?=D0=9F?=", "П", NAMED),
    (b"=?us-ascii?Q?=D0=9F?=", "П", NAMED),
    # broken words
    (b"=?utf-8?B?0J/RgNC40LI?=", "Прив", ""),
    (b"=?utf-8?B?0J/RgNC40LI====?=", "Прив", ""),
    (b"=?utf-8?B?0J8=0YA=?=", "Пр", LENIENT),
    (b"=?utf-8?B?0J/R\t gNC4?=", "При", ""),
    (b"=?utf-8?B?!0J/RgA==?=", "Пр", ""),
    (b"=?utf-8?Q?two words?=", "two words", ""),
    (b"=?utf-8?Q?100=25=?=", "100%=", ""),
    (b"=?utf-8?Q?a=ZZb=4?=", "a=ZZb=4", ""),
    (b"=?utf-8?Q?what??=", "what?", ""),
    (b"=?utf-8?Q?=D0=9F=D1?=", "П□", ""),
    (b"=?utf-8?Q?=C0=80=ED=A0=80=F5?=", "□□□□□□", ""),
    (b"=?utf-8?X?abc?=", "=?utf-8?X?abc?=", ""),
    (b"=?utf-8?Q", "=?utf-8?Q", ""),
    (b"=??Q?abc?=", "=??Q?abc?=", "a word without a charset is none"),
    (b"=?utf-8?B?0J/RgNC", "Пр", UNCLOSED),
    (b"cut =?utf-8?Q?Pozn=C5=84 and more", "cut =?utf-8?Q?Pozn=C5=84 and more", ""),
    (b"=?=?utf-8?Q?a?=", "=?a", ""),
    (b"1 =? 2 ?= 3", "1 =? 2 ?= 3", ""),
    # 8-bit bytes that no word holds
    ("Привет, мир".encode(), "Привет, мир", ""),
    ("Grüße =?utf-8?Q?an_uns?=".encode(), "Grüße an uns", ""),
    (b"caf\xe9 noir", "caf□ noir", ""),
    ("Прив".encode() + b"\xd0", "Прив", TAIL),
    (b"\xff\xfe\x80", "□□□", ""),
    # what cannot be shown, or must not
    ("Кои\u0306 Мое\u0308 і\u0308".encode(), "Кой Моё ї", ""),
    ("Zu\u0308rich Sa\u0303o e\u0302\u0301".encode(), "Zürich São ế", ""),
    ("Κα\u0301τι ι\u0308\u0301".encode(), "Κάτι ΐ", ""),
    ("x\u0301\u0302\u0303y".encode(), "xy", "marks without a letter of their own are left out"),
    ("invoice\u202efdp.exe".encode(), "invoicefdp.exe", DROPPED),
    (b"=?utf-8?Q?a=E2=80=8Bb=EF=BB=BFc=C2=ADd?=", "abcd", DROPPED),
    ("1\ufe0f\u20e3 👍\U0001f3fd".encode(), "1 👍", DROPPED),
    (b"=?utf-8?Q?a=0D=0ABcc:_x=00=1B[2J?=", "a Bcc: x [2J", ""),
    (b"tab\there \xc2\xa0 and\xe3\x80\x80there", "tab here and there", ""),
)
