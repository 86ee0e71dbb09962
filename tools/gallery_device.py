"""Runs under MicroPython in place of main.py: shows the scenes of scenes.json, one after another.

The firmware's own words, pages, fonts, screen, looks and drivers over the board's own buses; only
what is known is made up. One pin tells each step of the light, another the end of a scene.
"""

import json

from machine import I2C, Pin
from neopixel import NeoPixel

from postlamp.app import pages, patterns, states
from postlamp.app.status import Status
from postlamp.app.words import Words
from postlamp.ui.font import Font
from postlamp.ui.screens import Screen
from postlamp.ui.small import SmallScreen
from postlamp.ui.ssd1306 import SSD1306
from postlamp.ui.strip import Strip

_ELLIPSIS = 0x2026


class WatchedFont:
    """A font that notices when a line is cut."""

    def __init__(self, path):
        self._font = Font(path)
        self.width, self.height = self._font.width, self._font.height
        self.has_cut = False

    def draw(self, panel, code, x, y):
        """Draw as the font does."""
        self.has_cut = self.has_cut or code == _ELLIPSIS
        self._font.draw(panel, code, x, y)


class StoppedClock:
    """No time passes while somebody looks at a picture."""

    def now_s(self):
        """Seconds since the start."""
        return 0


def snapshot(facts):
    """The status that a scene is made of."""
    status = Status(StoppedClock())
    for name, value in facts.items():
        if not hasattr(status, name):
            raise ValueError("a status has no " + name)
        setattr(status, name, value)
    return status


class Stage:
    """The panel and the light that the board has."""

    def __init__(self, board, order):
        fitted = board["screen"]
        bus = I2C(fitted["bus"], scl=Pin(fitted["scl"]), sda=Pin(fitted["sda"]), freq=4000000)
        self._fonts = [WatchedFont("assets/font5x8.bin"), WatchedFont("assets/font6x13.bin")]
        offset = 2 if fitted["driver"] == "sh1106" else 0
        panel = SSD1306(bus, fitted["width"], fitted["height"], fitted["address"], offset)
        self._screen = (Screen if panel.height == 64 else SmallScreen)(panel, *self._fonts)
        fitted = board["light"]
        pixels = NeoPixel(Pin(fitted["pin"], Pin.OUT), fitted["pixels"], len(fitted["order"]))
        self._strip = Strip(
            pixels, fitted["pixels"], fitted["brightness"], fitted["max_ma"], fitted["order"]
        )
        self._colours = bytearray(3 * fitted["pixels"])
        self._draw = patterns.drawing(fitted["pixels"])
        self._steps, self._step_ms = order["steps"], order["step_ms"]
        self._step_pin = Pin(order["step_pin"], Pin.OUT)
        self._scene_pin = Pin(order["scene_pin"], Pin.OUT)

    def play(self, name, facts, words):
        """Show one scene, then four seconds of its light."""
        status = snapshot(facts)
        for font in self._fonts:
            font.has_cut = False
        self._screen.show(pages.compose(status, words))
        while self._screen.step():
            pass
        if self._fonts[0].has_cut or self._fonts[1].has_cut:
            print("@cut", name)
        look = states.look_of(status.state)
        for step in range(self._steps):
            counts = status.unseen or 0, status.last_unseen or 0
            self._draw(look, step * self._step_ms, self._colours, *counts)
            self._strip.show(self._colours)
            self._step_pin.on()
        self._scene_pin.on()


def main():
    """Show them all."""
    with open("board.json") as file:
        board = json.load(file)
    with open("scenes.json") as file:
        order = json.load(file)
    stage = Stage(board, order)
    for language in order["languages"]:
        words = Words("assets/words/" + language + ".json")
        for name, facts in order["scenes"]:
            stage.play(language + "/" + name, facts, words)
    print("@end")


main()
