"""The power goes, or the room, at every single write of configuration, secrets and state.

Real MicroPython and real littlefs, on a flash in memory; the NVS is a small one of our own.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from host_tests.support import micropython

pytestmark = [
    pytest.mark.xdist_group("power-cut"),
    pytest.mark.skipif(bool(micropython.missing()), reason=micropython.missing()),
]
DRIVER = Path(__file__).with_name("power_driver.py")
FILES = ["config.good.json", "config.json"]
FEWEST_WRITES = 15  # of a configuration with its secrets; there are more, but never fewer
Life = dict[str, Any]
OLD = ["old of wifi", "old one", "old two"]
NEW = ["new of wifi", "new one", "new two"]
# NVS writes at once or at its commit; the last write of the flash is not done, or half of it
ENDINGS = {"at once": {"tears": False, "waits": True}, "torn": {"tears": True, "waits": False}}


def config(name: str, passwords: list[str]) -> str:
    """As its owner writes it."""
    wifi, one, two = passwords
    account = {"host": "imap.example.org", "user": "anna"}
    return json.dumps(
        {
            "name": name,
            "wifi": [{"ssid": "home", "password": wifi}],
            "accounts": [
                {**account, "name": "one", "password": one},
                {**account, "name": "two", "password": two, "user": "bob"},
            ],
        },
        indent=1,
    )


class Board:
    """Lives of a board in one MicroPython process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.said: list[str] = []

    def live(self, work: str, files: dict[str, str], **facts: Any) -> Life:
        """One life, and the boot after it: what power_driver.py answers."""
        order: dict[str, Any] = {"work": work, "files": files, "nvs": {}, "next": "boot"}
        order.update({"writes": -1, "is_full": False, "tears": False, "waits": True, **facts})
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        self.said = []
        for line in self._process.stdout:
            if line.startswith("{"):
                answer: Life = json.loads(line)
                return answer
            self.said.append(line)
            if "Traceback" in line:
                break
        raise AssertionError("".join([*self.said, self._process.stdout.read()]))

    def settled(self, text: str) -> Life:
        """Files and NVS of a board that has run with this configuration."""
        life = self.live("boot", {"config.json": text})
        return {"files": life["files"], "nvs": life["nvs"]}

    def each(self, work: str, fewest: int, **facts: Any) -> Iterator[Life]:
        """A life for every write at which something can happen."""
        for writes in range(1000):
            life = self.live(work, writes=writes, **facts)
            if not life["is_over"]:
                assert writes >= fewest
                return
            yield life
        raise AssertionError("it never stops writing")


@pytest.fixture(scope="module")
def board() -> Iterator[Board]:
    with micropython.started(DRIVER) as process:
        yield Board(process)


def is_settled(life: Life, name: str, passwords: list[str]) -> None:
    """Nothing is lost, nothing is left over, and no file holds a secret."""
    assert life["next"] == {"error": "", "name": name, "passwords": passwords}
    assert sorted(life["files"]) == FILES
    text = life["files"]["config.json"]
    assert life["files"]["config.good.json"] == text
    assert not any(secret in text for secret in OLD + NEW)
    assert len(life["nvs"]) == len(passwords)
    assert all(f'"{key}"' in text for key in life["nvs"])


def brought(board: Board, case: str) -> tuple[Life, list[str]]:
    """What a person has put on the board, and the passwords that count from then on."""
    if case == "first":
        return {"files": {"config.json": config("new", NEW)}, "nvs": {}}, NEW
    facts = board.settled(config("old", OLD))
    if case == "another":
        facts["files"]["config.json"] = config("new", NEW)
        return facts, NEW
    text = facts["files"]["config.json"].replace('"old"', '"new"')
    facts["files"]["config.json"] = text.replace('{"nvs": "secret01"}', '"new one"')
    return facts, [OLD[0], NEW[1], OLD[2]]


def test_what_is_as_it_should_be_is_not_written_again(board: Board):
    life = board.live("boot", writes=0, **board.settled(config("old", OLD)))
    assert not life["is_over"]
    is_settled(life, "old", OLD)


CASES = ["first", "another", "one password"]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("case", CASES)
def test_a_power_cut_at_every_write_of_the_configuration(case: str, ending: str, board: Board):
    facts, passwords = brought(board, case)
    for life in board.each("boot", FEWEST_WRITES, **facts, **ENDINGS[ending]):
        assert life["came"] == "cut"
        is_settled(life, "new", passwords)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_power_cut_while_one_configuration_replaces_another(ending: str, board: Board):
    facts = board.settled(config("old", OLD))
    found = set()
    for life in board.each("put", 5, text=config("new", NEW), **facts, **ENDINGS[ending]):
        name = life["next"]["name"]
        is_settled(life, name, OLD if name == "old" else NEW)
        found.add(name)
    assert "old" in found


def test_a_copy_that_was_interrupted_leaves_the_last_good_configuration(board: Board):
    facts = board.settled(config("old", OLD))
    good = facts["files"]["config.good.json"]
    text = config("new", NEW)
    for size in [*range(0, len(text), 29), len(text) - 1]:
        facts["files"]["config.json"] = text[:size]
        life = board.live("boot", **facts)
        assert life["came"] == {"error": "", "name": "old", "passwords": OLD} == life["next"]
        assert any("W (0) config: " in line and "the last good one" in line for line in board.said)
        assert life["files"] == {"config.json": text[:size], "config.good.json": good}
    del facts["files"]["config.json"]
    assert board.live("boot", **facts)["came"]["passwords"] == OLD
    facts["files"]["config.json"] = text
    is_settled(board.live("boot", **facts), "new", NEW)


@pytest.mark.parametrize("is_full", [False, True])
def test_the_one_that_is_kept_has_its_secrets_at_any_time(is_full: bool, board: Board):
    facts, _ = brought(board, "another")
    found = set()
    for life in board.each("boot", FEWEST_WRITES, **facts, is_full=is_full, next="rest"):
        files = {name: text for name, text in life["files"].items() if "good" in name}
        came = board.live("boot", {**files, "config.json": "{"}, nvs=life["nvs"])["came"]
        assert came["error"] == "" and came["passwords"] == (OLD if came["name"] == "old" else NEW)
        found.add(came["name"])
    assert found == {"old", "new"}


def test_any_other_mistake_is_shown_although_a_good_one_is_kept(board: Board):
    facts = board.settled(config("old", OLD))
    good = facts["files"]["config.good.json"]
    for text, words in (
        ("{'a': 1}", "straight double quotes"),
        ('{"a": 1}', "a: is not a known key"),
    ):
        facts["files"]["config.json"] = text
        life = board.live("boot", **facts)
        assert words in life["next"]["error"] and life["next"]["name"] is None
        assert life["files"]["config.good.json"] == good and len(life["nvs"]) == 3


def test_without_any_configuration_no_secret_is_kept(board: Board):
    nvs = board.settled(config("old", OLD))["nvs"]
    life = board.live("boot", {"config.json.new": config("new", NEW)}, nvs=nvs)
    assert life["came"] == {"error": "", "name": None, "passwords": []}
    assert (life["files"], life["nvs"]) == ({}, {})


@pytest.mark.parametrize("case", CASES)
def test_no_room_from_any_write_of_the_configuration_on(case: str, board: Board):
    facts, passwords = brought(board, case)
    for life in board.each("boot", FEWEST_WRITES, is_full=True, **facts):
        assert life["came"] == {"error": "", "name": "new", "passwords": passwords}
        assert any("W (0) config: not stored" in line for line in board.said)
        is_settled(life, "new", passwords)


def test_no_room_even_to_remove_what_a_cut_left_over(board: Board):
    facts, _ = brought(board, "another")
    facts["files"]["config.json.new"] = "half a passw"
    for life in board.each("boot", FEWEST_WRITES, is_full=True, **facts):
        assert life["came"] == {"error": "", "name": "new", "passwords": NEW}
        is_settled(life, "new", NEW)


@pytest.mark.parametrize("free", range(5))
def test_a_flash_with_so_many_blocks_free(free: int, board: Board):
    facts, passwords = brought(board, "first")
    life = board.live("boot", free=free, **facts)
    assert life["came"]["passwords"] == passwords
    assert "config.json.new" not in life["then"]
    assert free or "config.good.json" not in life["then"]
    is_settled(life, "new", passwords)


STATE = {"state.json": '{"work": [9, 8, 7, 6]}'}
BEFORE, AFTER = [9, 8, 7, 6], [1, 2, 3, None]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_power_cut_at_every_write_of_the_state(ending: str, board: Board):
    found = []
    for life in board.each("remember", 3, files=STATE, next="recall", **ENDINGS[ending]):
        assert life["came"] == "cut"
        found.append(life["next"]["state"])
    assert found[0] == BEFORE and all(state in (BEFORE, AFTER) for state in found)


def test_no_room_from_any_write_of_the_state_on(board: Board):
    for life in board.each("remember", 3, files=STATE, next="recall", is_full=True):
        assert life["came"] == {"failed": True, "again": False}
        assert life["next"]["state"] in (BEFORE, AFTER)
    life = board.live("remember", STATE, next="recall")
    assert life["came"] == {"failed": False, "again": False}
    assert life["next"]["state"] == AFTER
