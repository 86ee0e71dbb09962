"""Puts the gadget together: hardware from board.json, the owner's configuration, the tasks.

The composition root, the one module that knows every layer. Never decides anything itself.
"""

import json

from micropython import const

from postlamp.app.log import Log
from postlamp.app.pulse import Pulse
from postlamp.app.status import Status
from postlamp.app.supervisor import Supervisor
from postlamp.app.words import Words
from postlamp.errors import ConfigError
from postlamp.modules import drop
from postlamp.net.clock import Clock
from postlamp.net.wifi import WiFi
from postlamp.service.console import Console
from postlamp.store.state import State

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from postlamp.heart import Heart

_SMALL_FONT = "assets/font5x8.bin"
_BODY_FONT = "assets/font6x13.bin"
_WORDS = "assets/words/{}.json"
_STATE = "state.json"
_MODES = ("watching", "service", "safe")
_SAFE = const(2)
_SMALL_HEIGHT = const(32)


def assemble(heart: "Heart") -> "Coroutine[Any, Any, None]":
    """The gadget as one coroutine to run, whatever the configuration is like.

    Nothing that it needs while running is defined here, so this module can be dropped.
    """
    with open("board.json") as file:
        board = json.load(file)
    config, error = _settings()
    clock = Clock(config.get("timezone"), servers=config.get("ntp", ()))
    log = Log(clock)
    heart.last_words = log.lines
    log.log("I", "start", _MODES[heart.start[0]] + ", start " + str(heart.start[1]))
    wifi = _wifi(config)
    status = Status(clock)
    words = _load_words(config.get("language", "en"))
    # What three crashes may have come from is left out in safe mode
    chosen = {} if heart.start[0] == _SAFE else config
    light, wrong_light = fitted(_fit_light, "light", board, chosen)
    screen, wrong_screen = fitted(_fit_screen, "screen", board, chosen)
    error = error or wrong_light or wrong_screen
    state = State(_STATE)
    pulse = Pulse(clock, heart, state, log, status)
    parts = (light, screen, _fit_button(board))
    supervisor = Supervisor(status, words, clock, wifi, parts, pulse)
    heart.last_act = supervisor.darken
    watchers: "list[Any]" = []
    if error is None and config and not heart.start[0]:
        try:
            watchers = _watchers(config, board, clock, supervisor.change, state)
        except ConfigError as found:
            error = found
    _judge(status, heart, error, bool(config))
    console = Console(
        _MODES[heart.start[0]], log, pulse.restart, status, watchers, wifi, clock, pulse.facts
    )
    return supervisor.run(watchers, console)


def _judge(
    status: Status, heart: "Heart", error: "ConfigError | None", is_configured: bool
) -> None:
    """What the gadget is in when it does not watch."""
    from postlamp.mime.display import clean

    if heart.start[0] == _SAFE:
        from postlamp.app.facts import last_crash

        status.state, status.detail = "safe", clean(last_crash())
        del last_crash
        drop("postlamp.app.facts")
    elif error is not None:
        status.state, status.cause, status.detail = "needs_you", error.cause, clean(str(error))
    elif not is_configured:
        status.state = "not_set_up"
    elif heart.start[0]:
        status.state = "service"
    del clean
    drop("postlamp.mime.display")


def _settings() -> "tuple[dict[str, Any], ConfigError | None]":
    from postlamp.settings import read

    try:
        return read()
    finally:
        del read  # a name still in use would keep the module
        drop("postlamp.settings")


def _watchers(*wanted: "Any") -> "list[Any]":
    from postlamp.accounts import watchers_of

    try:
        return watchers_of(*wanted)
    finally:
        del watchers_of
        drop("postlamp.accounts")


def _wifi(config: "dict[str, Any]") -> WiFi:
    """The station, under the gadget's name."""
    import network

    from postlamp.net.joining import host_name

    network.hostname(host_name(config.get("name", "")))
    del host_name  # a name still in use would keep the module
    drop("postlamp.net.joining")
    station = network.WLAN(network.STA_IF)
    wifi = WiFi(config.get("wifi", []), station)
    if station.isconnected():
        wifi.ssid = station.config("ssid")
    return wifi


def _load_words(language: str) -> Words:
    """The owner's language, or English when its file is missing."""
    try:
        return Words(_WORDS.format(language))
    except OSError:
        return Words(_WORDS.format("en"))


def fitted(
    fit: "Callable[[dict[str, Any]], Any]",
    key: str,
    board: "dict[str, Any]",
    config: "dict[str, Any]",
) -> "tuple[Any, ConfigError | None]":
    """What is fitted as the owner says or, if that cannot be, as the board has it; and why."""
    try:
        return fit(_merged(board[key], config.get(key))), None
    except (ValueError, OSError) as error:  # a pin this chip does not have, or only reads
        problem = "cannot be used on this board: " + str(error)
        return fit(board[key]), ConfigError(key, problem)


def _fit_light(fitted: "dict[str, Any]") -> "Any":
    from machine import PWM, Pin

    pin = Pin(fitted["pin"], Pin.OUT)
    active = fitted.get("active", 1)
    dark = 0 if active else 65535
    if fitted["kind"] == "led":
        from postlamp.ui.led import LED

        return LED(PWM(pin, freq=1000, duty_u16=dark), fitted["brightness"], active)
    if fitted["kind"] == "rgb":
        from postlamp.ui.rgb import RGBLED

        pins = [fitted["pin"], fitted.get("green"), fitted.get("blue")]
        if None in pins:
            raise ValueError("rgb needs green and blue, two more pins")
        pwms = [PWM(Pin(each, Pin.OUT), freq=1000, duty_u16=dark) for each in pins]
        return RGBLED(pwms, fitted["brightness"], active)
    from neopixel import NeoPixel

    from postlamp.ui.strip import Strip

    pixels, order = fitted["pixels"], fitted["order"]
    neopixel = NeoPixel(pin, pixels, len(order))
    return Strip(neopixel, pixels, fitted["brightness"], fitted["max_ma"], order)


def _fit_screen(fitted: "dict[str, Any]") -> "Any":
    if fitted["driver"] == "none":
        return None
    from machine import I2C, Pin

    from postlamp.ui.font import Font
    from postlamp.ui.ssd1306 import SSD1306

    bus = I2C(fitted["bus"], scl=Pin(fitted["scl"]), sda=Pin(fitted["sda"]), freq=fitted["hz"])
    offset = 2 if fitted["driver"] == "sh1106" else 0
    size = fitted.get("size")
    height = int(size[4:]) if size else fitted["height"]
    panel = SSD1306(bus, fitted["width"], height, fitted["address"], offset)
    fonts = Font(_SMALL_FONT), Font(_BODY_FONT)
    if height == _SMALL_HEIGHT:
        from postlamp.ui.small import SmallScreen

        return SmallScreen(panel, *fonts)
    from postlamp.ui.screens import Screen

    return Screen(panel, *fonts)


def _fit_button(board: "dict[str, Any]") -> "Any":
    from machine import Pin

    from postlamp.ui.button import Button

    fitted = board["button"]
    return Button(Pin(fitted["pin"], Pin.IN, Pin.PULL_UP), fitted["pressed"])


def _merged(board: "dict[str, Any]", owner: "dict[str, Any] | None") -> "dict[str, Any]":
    """What the board has fitted, with the owner's changes (None: as the board has it)."""
    merged = board.copy()
    for key, value in (owner or {}).items():
        if value is not None:
            merged[key] = value
    return merged
