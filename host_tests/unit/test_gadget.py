"""What the composition root does with an owner's choice that cannot be."""

from postlamp.accounts import checked
from postlamp.errors import ConfigError
from postlamp.gadget import fitted
from raising import raises

NEEDS = "micropython"
BOARD = {"light": {"pin": 13, "pixels": 12}}


def _fit(light):
    """As machine.Pin of a chip without GPIO 24, whose GPIO 34 is an input."""
    if light["pin"] == 24:
        raise ValueError("invalid pin")
    if light["pin"] == 34:
        raise OSError(22)
    return light


def test_what_the_owner_chose_is_fitted():
    assert fitted(_fit, "light", BOARD, {"light": {"pin": 4, "pixels": None}}) == (
        {"pin": 4, "pixels": 12},
        None,
    )
    assert fitted(_fit, "light", BOARD, {}) == (BOARD["light"], None)


def test_a_pin_that_cannot_be_is_told_on_what_the_board_has():
    for pin, word in ((24, "invalid pin"), (34, "22")):
        light, error = fitted(_fit, "light", BOARD, {"light": {"pin": pin}})
        assert light == BOARD["light"]
        assert error.where == "light" and word in error.problem


def test_criteria_are_checked_before_a_server_sees_them():
    assert checked('unseen from "Ann"', "here") == 'UNSEEN FROM "Ann"'
    assert checked('FROM "Анна" SEEN', "here") == ["FROM", "Анна", "SEEN"]
    error = raises(ConfigError, checked, "UNSEEN FORM ann", "accounts[0].search")
    assert error.where == "accounts[0].search, column 8"
    assert "did you mean FROM" in error.problem
