"""Every error Postlamp raises. Bottom layer: imports nothing.

PostlampError
├── ConfigError      the configuration cannot be used; says where, what and how to mend it
├── MisuseError      our own mistake: a command that is not legal in this state
├── LinkError        nothing was learned: Wi-Fi, DNS, TCP, silence, end of stream
├── TrustError       the server could not be trusted; nothing secret was sent
├── GarbageError     the server broke the protocol or one of our limits
└── ServerError      the server said NO, BAD or BYE, in words we keep

`cause` is the key of the words a person sees (assets/words) and of the row in app/states.py.
`args` hold data, never a password and never text of a mail.
"""


class PostlampError(Exception):
    """Base of all errors raised here; `cause` names the row of words to show."""

    cause = "internal"
    wait_s = 0  # not sooner than so, says the server


class ConfigError(PostlampError):
    """The configuration is unusable: `where` (a path such as accounts[0].host), `problem`."""

    cause = "config"

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(where, problem)
        self.where = where
        self.problem = problem

    def __str__(self) -> str:
        return self.where + ": " + self.problem


class MisuseError(PostlampError):
    """A caller's mistake, raised before anything is sent."""


class LinkError(PostlampError):
    """Nothing was learned.

    Causes: wifi, wifi_password, wifi_address, clock, dns, refused, unreachable, silent, closed,
    memory.
    """

    def __init__(self, cause: str, detail: str = "") -> None:
        super().__init__(cause, detail)
        self.cause = cause


class TrustError(PostlampError):
    """The peer was refused before a secret was sent.

    Causes: unknown_issuer, expired, not_yet_valid, wrong_host, not_tls, tls_version,
    bad_certificate, pin_changed.
    """

    def __init__(self, cause: str, detail: str = "") -> None:
        super().__init__(cause, detail)
        self.cause = cause


class GarbageError(PostlampError):
    """The server broke the protocol or a limit of ours; the connection cannot go on."""

    cause = "garbage"


class ServerError(PostlampError):
    """The server refused.

    Causes: password, password_expired, sign_in, login_disabled, privacy, contact_admin, account,
    alert, mailbox, mailbox_gone, charset, throttled, unavailable, bye, command.
    `code` is the response code without brackets (RFC 9051 §7.1) or "", `text` the server's words,
    `wait_s` what it suggests to wait before the next try.
    """

    def __init__(self, cause: str, code: str = "", text: str = "", wait_s: int = 0) -> None:
        super().__init__(cause, code, text)
        self.wait_s = wait_s
        self.cause = cause
        self.code = code
        self.text = text
