"""`postlamp sim` as a program: its lines, what it refuses in plain words, and how it ends."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
from pathlib import Path
from typing import Any

import pytest

from host_tests.support.command import LINE_KEYS, leftovers, start
from host_tests.tools.small_firmware import TIMEOUT_S, flash_with
from tools.sim.board import SimBoard
from tools.sim.frames import FrameFolder, png
from tools.sim.report import FrameReport, JSONReport
from tools.sim.run import trust_ca

BOUND = ("--seconds", "40")  # a test that fails must not leave it running for ever
CHANGING = """
import json, machine, neopixel, time
strip = neopixel.NeoPixel(machine.Pin(13), 1)
bus = machine.I2C(0, scl=machine.Pin(22), sda=machine.Pin(21))
bus.writeto(60, b"\\x00\\x20\\x00\\xa1\\xc8\\x8d\\x14\\xaf")
def tell(unseen, age):
    screen = [str(unseen)]
    print("@status", json.dumps({"state": "unread", "unseen": unseen, "proven_age_s": age,
                                 "screen": screen, "reconnects": 0, "heap_free": 5}))
for unseen in (1, 1, 2):
    tell(unseen, 0)
    time.sleep_ms(200)  # console and wires are two pipes, read in any order
    strip[0] = (0, 0, unseen)
    strip.write()
    bus.writeto(60, b"\\x40" + bytes((unseen,)) * 1024)
    time.sleep_ms(400)
print("done")
time.sleep(60)
"""


def is_refused(tmp_path: Path, *arguments: str) -> str:
    """Runs it, expects exit code 2 and no traceback; returns the words."""
    with start(tmp_path, "sim", *arguments) as process:
        out, words = process.communicate(timeout=30)
    assert (process.returncode, out) == (2, "")
    assert "Traceback" not in words
    return words


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"accounts": [}', "is not JSON"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"", "is not JSON"),
        (b"[" * 200_000, "nested too deep"),
        (b'{"name": "\\ud800"}', "half of a character"),
    ],
    ids=["broken", "not-utf-8", "empty", "nested", "surrogate"],
)
def test_a_configuration_that_is_not_json_is_refused(
    tmp_path: Path, content: bytes, words: str
) -> None:
    (tmp_path / "my.json").write_bytes(content)
    assert words in is_refused(tmp_path, "--config", str(tmp_path / "my.json"))


def test_a_configuration_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    assert "No such file" in is_refused(tmp_path, "--config", str(tmp_path / "none.json"))
    assert "directory" in is_refused(tmp_path, "--config", str(tmp_path)).lower()


def test_an_authority_needs_a_configuration_and_a_file(tmp_path: Path) -> None:
    assert "--config" in is_refused(tmp_path, "--ca", str(tmp_path / "ca.pem"))
    (tmp_path / "my.json").write_text("{}")
    words = is_refused(
        tmp_path, "--config", str(tmp_path / "my.json"), "--ca", str(tmp_path / "ca.pem")
    )
    assert "ca.pem cannot be read" in words


def test_an_authority_that_nobody_named_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "my.json").write_text('{"accounts": [{}, {"trust": "ca"}]}')
    words = is_refused(tmp_path, "--config", str(tmp_path / "my.json"))
    assert "accounts[1].trust is ca" in words and "--ca" in words


def test_the_authority_is_trusted_where_nothing_else_was_asked_for() -> None:
    accounts: list[Any] = [{"name": "a"}, {"trust": "mozilla"}, {"trust": "pin:00"}, 7]
    config = {"accounts": accounts}
    trusted = trust_ca(config)
    assert trusted["accounts"] == [
        {"name": "a", "trust": "ca"},
        {"trust": "mozilla"},
        {"trust": "pin:00"},
        7,
    ]
    assert accounts[0] == {"name": "a"}
    for nonsense in ([], None, {"accounts": 3}):
        assert trust_ca(nonsense) == nonsense


def test_a_line_for_every_change_of_state_or_light_and_none_for_the_same() -> None:
    lines: list[dict[str, Any]] = []

    async def run() -> None:
        async with SimBoard(None, files=flash_with(CHANGING)) as board:
            report = JSONReport(board, lambda line: lines.append(json.loads(line)))
            await board.wait_for(lambda b: "done" in b.log, TIMEOUT_S, "done")
            report.close()

    asyncio.run(run())
    assert all(list(line) == LINE_KEYS for line in lines)
    seen = [(line["unseen"], line["light"]) for line in lines]
    assert seen == [(1, []), (1, [[0, 0, 1]]), (2, [[0, 0, 1]]), (2, [[0, 0, 2]])]
    assert lines[0]["screen"] == ["1"]


def test_each_picture_of_the_panel_is_kept_once(tmp_path: Path) -> None:
    last = []

    async def run() -> None:
        async with SimBoard(None, files=flash_with(CHANGING)) as board:
            report = FrameReport(board, FrameFolder(tmp_path / "frames"), print)
            await board.wait_for(lambda b: "done" in b.log, TIMEOUT_S, "done")
            report.close()
            last.append(png(board.panel.pixels(), board.panel.width, board.panel.height))

    asyncio.run(run())
    pictures = [path.read_bytes() for path in sorted((tmp_path / "frames").iterdir())]
    assert len(set(pictures)) == len(pictures) >= 2
    assert pictures[-1:] == last


@pytest.mark.parametrize("seconds", ["nan", "-1"])
def test_a_time_that_is_none_is_refused(tmp_path: Path, seconds: str) -> None:
    assert "--seconds" in is_refused(tmp_path, "--headless", "--seconds", seconds)


def test_a_configuration_that_the_gadget_refuses_is_told_at_the_end(tmp_path: Path) -> None:
    (tmp_path / "my.json").write_text('{"version": 1, "accounts": [{"host": "localhost"}]}')
    named = ("--config", str(tmp_path / "my.json"), "--headless", "--json", *BOUND)
    with start(tmp_path, "sim", *named) as process:
        assert process.stdout is not None
        while json.loads(process.stdout.readline())["cause"] != "config":
            continue
        process.terminate()
        _, words = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "my.json was refused: accounts[0]." in words and "Traceback" not in words
    assert leftovers(tmp_path) == []


def test_json_lines_and_nothing_else_on_standard_output(tmp_path: Path) -> None:
    with start(tmp_path, "sim", "--headless", "--quiet", "--json", *BOUND) as process:
        assert process.stdout is not None
        lines = [json.loads(process.stdout.readline())]
        while (lines[-1]["state"], lines[-1]["unseen"]) != ("nothing", 0):
            lines.append(json.loads(process.stdout.readline()))
        process.send_signal(signal.SIGINT)
        lines += [json.loads(line) for line in process.stdout]
    assert all(list(line) == LINE_KEYS for line in lines)
    assert leftovers(tmp_path) == []


def test_it_ends_by_itself_after_so_many_seconds(tmp_path: Path) -> None:
    with start(tmp_path, "sim", "--headless", "--quiet", "--seconds", "1") as process:
        _, words = process.communicate(timeout=30)
    assert process.returncode == 0, words
    assert leftovers(tmp_path) == []


def test_pictures_that_cannot_be_kept_are_told_once(tmp_path: Path) -> None:
    told: list[str] = []

    async def run() -> None:
        async with SimBoard(None, files=flash_with(CHANGING)) as board:
            FrameReport(board, FrameFolder(tmp_path / "frames"), told.append)
            (tmp_path / "frames").rmdir()
            await board.wait_for(lambda b: "done" in b.log, TIMEOUT_S, "done")

    asyncio.run(run())
    assert len(told) == 1 and "No such file" in told[0]


def test_a_port_in_use_is_refused_in_words(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"Port {port}: Address already in use" in is_refused(tmp_path, "--port", port)


def test_a_noisy_browser_that_never_comes_back_disturbs_nothing(tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text('#!/bin/sh\necho noise\necho "$1" >"$0.address"\nexec sleep 5\n')
    browser.chmod(0o755)
    with start(tmp_path, "sim", "--json", *BOUND, BROWSER=str(browser)) as process:
        assert process.stdout is not None
        lines = (json.loads(line) for line in process.stdout)
        assert next(line for line in lines if line["state"] == "new")["unseen"] == 1
        process.terminate()
        _, words = process.communicate(timeout=15)
    assert (tmp_path / "browser.address").read_text().strip() in words


def test_a_sender_no_terminal_can_show_breaks_nothing(tmp_path: Path) -> None:
    latin = {"PYTHONIOENCODING": "latin-1", "BROWSER": "true"}
    with start(tmp_path, "sim", "--headless", "--json", *BOUND, **latin) as process:
        assert process.stdout is not None
        lines = (json.loads(line) for line in process.stdout)
        assert "Anna Kovač" in next(line for line in lines if line["state"] == "new")["screen"]
        process.terminate()
        _, words = process.communicate(timeout=15)
    assert (process.returncode, words) == (0, "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_ends_when_told_and_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    with start(tmp_path, "sim", "--quiet", "--json", *BOUND) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("{")
        process.send_signal(number)
        process.send_signal(number)  # an impatient second Ctrl-C must not spoil the end
        _, words = process.communicate(timeout=15)
    assert process.returncode == 0
    assert "Traceback" not in words
    assert leftovers(tmp_path) == []


def test_it_ends_when_nobody_reads_its_lines_any_more(tmp_path: Path) -> None:
    with start(tmp_path, "sim", "--headless", "--json", *BOUND) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(timeout=20) == 0
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()
    assert leftovers(tmp_path) == []
