"""What is typed becomes lines: echoed, mended, bounded, and never waited for."""

import sys

from postlamp import service
from postlamp.service import answers, console, overview
from postlamp.service import commands as _real_commands
from postlamp.service import line as _real_line
from postlamp.service.console import Console
from raising import raises

LIMIT = 200
ERASED = b"\b \b"
LOADED = {"commands": _real_commands, "answers": answers, "overview": overview, "line": _real_line}


class Port:
    """The serial port: gives what is typed byte by byte, then ends; keeps what is shown.

    Stands for `sys`, and for `asyncio`, whose waits end at once; `gives_up` after so many bytes.
    """

    TimeoutError = ValueError

    def __init__(self, typed, gives_up=-1):
        self.typed = typed
        self.shown = b""
        self.stdin = self.stdout = self.buffer = self
        self.slept = []
        self.left = gives_up
        self.is_short_lived = False

    def read(self, size):
        assert size == 1  # of more the chip would wait until all are there
        byte, self.typed = self.typed[:1], self.typed[1:]
        self.left -= 1
        return byte

    def write(self, data):
        self.shown += data

    async def readable(self):
        if self.is_short_lived and not self.typed:
            raise EOFError

    async def wait_for_ms(self, waiting, ms):
        await waiting
        if not self.left:
            raise ValueError(ms)

    async def sleep_ms(self, ms):
        self.slept.append(ms)


class Played:
    """The console and its reader play on a port; what they had comes back at the end."""

    def __init__(self, port):
        self.port = port

    def __enter__(self):
        self.kept = console.asyncio, console.sys, console.readable
        for module in (console, _real_line):
            module.asyncio = module.sys = self.port
            module.readable = self.port.readable

    def __exit__(self, *_):
        for module in (console, _real_line):
            module.asyncio, module.sys, module.readable = self.kept


class Commands:
    """Notes each line, with what was known; `error` is raised by the first."""

    def __init__(self, error=None):
        self.lines = []
        self.known = []
        self.error = error

    async def obey(self, line, *known):
        self.lines.append(line)
        self.known.append(known)
        error, self.error = self.error, None
        if error:
            raise error


def typing(typed, commands=None, *known, gives_up=-1):
    """Type into a console; the port and the commands it was told."""
    port = Port(typed, gives_up)
    commands = commands or Commands()
    dropped = []
    kept, console.drop = console.drop, lambda *names: dropped.extend(names)
    service.commands = commands
    try:
        with Played(port):
            running = Console(*known).run()
            raises(StopIteration, running.send, None)
    finally:
        console.drop = kept
        service.commands = _real_commands
    assert dropped.count("postlamp.service.commands") == len(commands.lines)
    return port, commands


def lines_of(typed):
    return typing(typed)[1].lines


def test_a_line_ends_with_cr_or_lf_or_both():
    for end in (b"\r", b"\n", b"\r\n"):
        assert lines_of(b"help" + end + b"log" + end) == [b"help", b"log"]


def test_an_empty_line_is_a_line():
    assert lines_of(b"\r\r\n\n") == [b"", b"", b""]


def test_a_line_is_obeyed_only_when_it_is_whole():
    assert lines_of(b"reboot") == []


def test_commands_are_handed_what_the_console_was():
    assert typing(b"a\nb\n", None, "watching", 7)[1].known == [("watching", 7)] * 2


def test_what_is_typed_is_shown_without_its_end():
    port, _ = typing(b"help\r\n")
    assert port.shown == b"help"


def test_what_a_tool_writes_is_not_shown_to_it():
    port, commands = typing(b"@json log\rhelp\r")
    assert (port.shown, commands.lines) == (b"help", [b"@json log", b"help"])


def test_backspace_takes_one_character_back():
    for key in (b"\b", b"\x7f"):
        port, commands = typing(b"hek" + key + b"lp\r")
        assert (port.shown, commands.lines) == (b"hek" + ERASED + b"lp", [b"help"])


def test_backspace_takes_back_a_character_of_several_bytes():
    for character in ("é", "ж", "€", "😀"):
        port, commands = typing(b"a" + character.encode() + b"\b\r")
        assert commands.lines == [b"a"]
        assert port.shown.endswith(ERASED) and not port.shown.endswith(ERASED + ERASED)


def test_backspace_at_the_start_does_nothing():
    port, commands = typing(b"\b\x7fa\b\b\blog\r")
    assert (port.shown, commands.lines) == (b"a" + ERASED + b"log", [b"log"])


def test_other_control_characters_are_ignored():
    noise = bytes([code for code in range(32) if code not in (8, 10, 13, 27)])
    port, commands = typing(b"he" + noise + b"lp\r")
    assert (port.shown, commands.lines) == (b"help", [b"help"])


def test_arrow_and_function_keys_leave_nothing():
    for keys in (b"\x1b[A", b"\x1b[3~", b"\x1bOP", b"\x1b[1;5C"):
        assert lines_of(b"he" + keys + b"lp\r") == [b"help"]


def test_enter_after_escape_ends_the_line():
    assert lines_of(b"help\x1b\r") == [b"help"]


def test_a_line_of_200_bytes_is_whole():
    assert lines_of(b"x" * LIMIT + b"\r") == [b"x" * LIMIT]


def test_a_longer_line_is_told_by_its_length_and_the_next_is_whole():
    for more in (1, 2, 1000):
        lines = lines_of(b"x" * (LIMIT + more) + b"\rhelp\r")
        assert [len(line) for line in lines] == [LIMIT + 1, 4]


def test_backspace_does_not_mend_a_line_that_was_too_long():
    lines = lines_of(b"x" * (LIMIT + 2) + b"\b" * 300 + b"reboot\r")
    assert [len(line) for line in lines] == [LIMIT + 1]


def test_bytes_that_are_no_text_are_left_to_the_commands():
    assert lines_of(b"\xff\xfe\r") == [b"\xff\xfe"]


def test_without_memory_for_the_answer_it_says_so_and_goes_on():
    printed = []
    console.print = lambda *words: printed.extend(words)
    try:
        _, commands = typing(b"status\rhelp\r", Commands(MemoryError()))
    finally:
        del console.print
    assert printed == ['@json {"ok": false, "error": "memory is short"}']
    assert commands.lines == [b"status", b"help"]


def test_half_a_line_that_nobody_ends_is_forgotten():
    printed = []
    _real_line.print = lambda *words: printed.append(words)
    try:
        _, commands = typing(b"rebooX\rhelp\r", gives_up=6)
    finally:
        del _real_line.print
    assert commands.lines == [b"", b"help"] and printed == [()]


def test_what_an_answer_took_is_given_back():
    port = Port(b"\r")
    port.is_short_lived = True  # the reader that would see the end is one loaded anew
    _real_commands.print = answers.print = lambda *words, **how: None
    try:
        with Played(port):
            raises(EOFError, Console("watching", None, None).run().send, None)
        left = [name for name in LOADED if "postlamp.service." + name in sys.modules]
    finally:
        for name, module in LOADED.items():  # other tests have them in their hands
            sys.modules["postlamp.service." + name] = module
            setattr(service, name, module)
        del _real_commands.print, answers.print
    assert not left
