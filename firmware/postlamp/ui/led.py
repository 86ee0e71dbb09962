"""One ordinary LED on a PWM pin. Hardware layer; shows the brightest primary of one pixel."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Protocol

    class DutyPin(Protocol):
        """What machine.PWM offers of use here."""

        def duty_u16(self, duty: int) -> object:
            """Set the duty cycle, 65535 = always on."""
            ...


_FULL = const(65535)


class LED:
    """Shows one pixel's level as a duty cycle."""

    pixels = 1

    def __init__(self, pwm: "DutyPin", brightness: int = 25, active: int = 1) -> None:
        """`brightness` in %; `active` is the level of the pin that lights it."""
        self.brightness = brightness
        self._pwm = pwm
        self._active = active
        self._duty = -1

    def show(self, colours: bytearray) -> None:
        """Show three bytes (255 = full brightness); allocates nothing."""
        level = max(colours[0], colours[1], colours[2])
        duty = level * self.brightness * 257 // 100
        if not self._active:
            duty = _FULL - duty
        if duty != self._duty:
            self._duty = duty
            self._pwm.duty_u16(duty)
