"""An RGB LED on three PWM pins. Hardware layer; loaded only where one is fitted."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Sequence

    from postlamp.ui.led import DutyPin

_FULL = const(65535)


class RGBLED:
    """Shows one pixel's colour as three duty cycles."""

    pixels = 1

    def __init__(self, pwms: "Sequence[DutyPin]", brightness: int = 25, active: int = 1) -> None:
        """`pwms` of red, green and blue; `brightness` in %; `active` is the level that lights."""
        self.brightness = brightness
        self._pwms = pwms
        self._active = active
        self._shown = bytearray(3)
        self._is_told = False

    def show(self, colours: bytearray) -> None:
        """Show three bytes (255 = full brightness); allocates nothing."""
        for at in range(3):
            level = colours[at]
            if self._is_told and level == self._shown[at]:
                continue
            self._shown[at] = level
            duty = level * self.brightness * 257 // 100
            self._pwms[at].duty_u16(duty if self._active else _FULL - duty)
        self._is_told = True
