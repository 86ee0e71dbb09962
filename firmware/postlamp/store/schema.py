"""Every key of config.json: type, default, limits, what it is. Layer store; data only.

A row is (key, kind, default, limits, help). `...` as a default means that the key must be given,
None that it is left out: another key or the board decides. Limits by kind:
  str, secret  (fewest, most) bytes in UTF-8       int    (lowest, highest)
  choice       (values built, values planned)      bool   None
  list         (rows or kind of an item, its limits, fewest, most); most 0: not built yet
  object       rows; none: not built yet
A secret is never shown, in no message and no log; it may be {"nvs": its key} (store/secrets.py).
"""

_WIFI = (
    ("ssid", "str", ..., (1, 32), "name of the network, as the router shows it"),
    ("password", "secret", "", (0, 64), 'its password, 8 to 63 characters; "" if it is open'),
    ("hidden", "bool", False, None, "true if the network does not show its name"),
    ("address", "str", "", (0, 18), "a fixed one, like 192.168.1.50/24; or the router's choice"),
    ("gateway", "str", "", (0, 15), "with a fixed address: the router's"),
    ("dns", "str", "", (0, 15), "with a fixed address: who knows names; else the gateway"),
    (
        "power_save",
        "choice",
        "performance",
        (("none", "performance", "powersave"), ()),
        "of the radio; none takes more current and answers sooner",
    ),
)

_ACCOUNT = (
    ("name", "str", "", (0, 16), "what the screen calls it; by default the user's name"),
    ("host", "str", ..., (1, 253), "the IMAP server, for example imap.example.org"),
    ("port", "int", None, (1, 65535), "993, or 143 when tls is starttls or none"),
    ("tls", "choice", "implicit", (("implicit", "starttls", "none"), ()), "how it is secured"),
    ("user", "str", ..., (1, 255), "the login name, often the mail address"),
    ("password", "secret", ..., (1, 4096), "often an app password; for OAUTH the access token"),
    (
        "auth",
        "choice",
        "auto",
        (
            (
                "auto",
                "SCRAM-SHA-256",
                "SCRAM-SHA-1",
                "CRAM-MD5",
                "PLAIN",
                "LOGIN",
                "XOAUTH2",
                "OAUTHBEARER",
                "ANONYMOUS",
            ),
            (),
        ),
        "how to sign in; XOAUTH2 and OAUTHBEARER take an access token as the password",
    ),
    ("mailboxes", "list", ("INBOX",), ("str", (1, 255), 1, 8), "what to watch"),
    ("search", "str", "UNSEEN UNDELETED", (1, 400), "what counts, as an IMAP SEARCH"),
    (
        "baseline",
        "choice",
        "all",
        (("all", "now"), ()),
        "count all unread, or only what comes later",
    ),
    ("access", "choice", "read-only", (("read-only", "read-write"), ()), "EXAMINE or SELECT"),
    ("idle", "bool", True, None, "let the server tell of new mail at once"),
    ("poll_s", "int", 60, (5, 3600), "seconds between two counts"),
    ("turn_s", "int", 300, (60, 3600), "the same where accounts take turns with a connection"),
    (
        "charset",
        "choice",
        "windows-1252",
        (
            (
                "utf-8",
                "windows-1250",
                "windows-1251",
                "windows-1252",
                "iso-8859-1",
                "iso-8859-2",
                "iso-8859-5",
                "iso-8859-9",
                "iso-8859-15",
                "koi8-r",
                "koi8-u",
                "cp866",
            ),
            (),
        ),
        "of senders and subjects that say none and are no UTF-8",
    ),
    ("trust", "str", "mozilla", (2, 118), "mozilla, ca, or pin: and the certificate's SHA-256"),
)

# What is None here is as boards/*/board.json says.
_LIGHT = (
    ("kind", "choice", None, (("ring", "strip", "led", "rgb"), ()), "what is fitted"),
    ("pin", "int", None, (0, 48), "GPIO of its data line, or of red"),
    ("green", "int", None, (0, 48), "GPIO of green, where kind is rgb"),
    ("blue", "int", None, (0, 48), "GPIO of blue, where kind is rgb"),
    ("pixels", "int", None, (1, 300), "how many"),
    ("brightness", "int", None, (1, 100), "per cent at the most, 25 by default"),
    ("max_ma", "int", None, (20, 5000), "mA at the most, 300 by default"),
    (
        "order",
        "choice",
        None,
        (("GRB", "RGB", "BGR", "BRG", "GBR", "RBG", "GRBW", "RGBW"), ()),
        "of the bytes",
    ),
)

_SCREEN = (
    ("driver", "choice", None, (("ssd1306", "sh1106", "none"), ()), "what is fitted"),
    ("size", "choice", None, (("128x64", "128x32"), ()), "of the display, in pixels"),
    ("sda", "int", None, (0, 48), "GPIO of I2C data"),
    ("scl", "int", None, (0, 48), "GPIO of I2C clock"),
    ("address", "int", None, (8, 119), "I2C address: 60, or 61"),
)

ROWS = (
    ("version", "int", 1, (1, 1), "of this file"),
    ("name", "str", "postlamp", (1, 32), "the gadget's name in the network"),
    ("language", "choice", "en", (("en", "ru"), ()), "of the screen"),
    ("timezone", "str", "", (0, 64), "a POSIX rule such as CET-1CEST,M3.5.0,M10.5.0/3"),
    ("wifi", "list", (), (_WIFI, None, 0, 4), "networks, the first one found is used"),
    ("ntp", "list", (), ("str", (1, 253), 0, 4), "time servers, else public ones and the router"),
    # each one takes 3 kB of a plain ESP32's 83
    ("accounts", "list", ..., (_ACCOUNT, None, 1, 4), "mail accounts"),
    ("rules", "list", (), ((), None, 0, 0), "looks for certain mail"),
    ("quiet", "list", (), ((), None, 0, 0), "hours in which it stays dark"),
    ("light", "object", ..., _LIGHT, "the light"),
    ("screen", "object", ..., _SCREEN, "the display"),
    ("sound", "object", ..., (), "the buzzer"),
    ("privacy", "choice", "full", (("full",), ("sender", "count")), "what the screen shows"),
)
