"""Stands in for the ESP32's `machine`: sends raw facts to the host and decodes nothing itself."""

import os
import time

import _wire
import utime
from micropython import const

PWRON_RESET = 1
HARD_RESET = 2
WDT_RESET = 3
DEEPSLEEP_RESET = 4
SOFT_RESET = 5

_RTC_BYTES = const(2048)
_NO_DEVICE = const(19)  # ENODEV, what the chip raises when nothing acknowledges


class Pin:
    """A pin: outputs are told to the host, inputs are what the host said last."""

    IN = 1
    OUT = 3
    OPEN_DRAIN = 7
    PULL_DOWN = 1
    PULL_UP = 2
    IRQ_RISING = 1
    IRQ_FALLING = 2

    _levels = {}
    _handlers = {}

    def __init__(self, id, mode=-1, pull=-1, *, value=None, drive=None, hold=None):
        self._id = id
        self.init(mode, pull, value=value)

    def init(self, mode=-1, pull=-1, *, value=None):
        if mode != -1:
            self._mode = mode
        elif not hasattr(self, "_mode"):
            self._mode = Pin.IN
        if self._id not in Pin._levels:
            Pin._levels[self._id] = 1 if pull == Pin.PULL_UP else 0
        if value is not None:
            self.value(value)

    def value(self, level=None):
        if level is None:
            _wire.poll()
            return Pin._levels[self._id]
        level = 1 if level else 0
        if Pin._levels[self._id] != level or self._mode != Pin.IN:
            Pin._levels[self._id] = level
            _wire.send(79, self._id, b"\x01" if level else b"\x00")  # O

    __call__ = value

    def on(self):
        self.value(1)

    def off(self):
        self.value(0)

    def irq(self, handler=None, trigger=3, *, wake=None, hard=False):
        Pin._handlers[self._id] = (handler, trigger, self)

    def __repr__(self):
        return "Pin(" + str(self._id) + ")"


def _pin_changed(pin, payload):
    level = payload[0]
    before = Pin._levels.get(pin)
    Pin._levels[pin] = level
    handler, trigger, source = Pin._handlers.get(pin, (None, 0, None))
    edge = Pin.IRQ_RISING if level else Pin.IRQ_FALLING
    if handler is not None and level != before and trigger & edge:
        handler(source)


_wire.on(66, _pin_changed)  # B


class PWM:
    """Duty and frequency of one pin, told to the host whenever they change."""

    def __init__(self, pin, freq=5000, duty_u16=0, duty=None, duty_ns=None):
        self._pin = pin
        self._freq = freq
        self._duty = duty_u16 if duty is None else duty * 65535 // 1023
        self._tell()

    def init(self, freq=None, duty_u16=None):
        if freq is not None:
            self._freq = freq
        if duty_u16 is not None:
            self._duty = duty_u16
        self._tell()

    def freq(self, value=None):
        if value is None:
            return self._freq
        self._freq = value
        self._tell()

    def duty_u16(self, value=None):
        if value is None:
            return self._duty
        self._duty = max(0, min(65535, value))
        self._tell()

    def duty(self, value=None):
        if value is None:
            return self._duty * 1023 // 65535
        self.duty_u16(value * 65535 // 1023)

    def deinit(self):
        self._duty = 0
        self._tell()

    def _tell(self):
        payload = self._duty.to_bytes(2, "little") + self._freq.to_bytes(4, "little")
        _wire.send(80, self._pin._id, payload)  # P


class I2C:
    """A bus master: every write goes to the host byte by byte and takes the time it would take."""

    def __init__(self, id=0, *, scl=None, sda=None, freq=400000, timeout=50000):
        self._freq = freq
        fitted = os.getenv("POSTLAMP_SIM_I2C") or ""  # "scl sda address" of what is wired up
        numbers = [int(word) for word in fitted.split()]
        wired = len(numbers) == 3 and scl._id == numbers[0] and sda._id == numbers[1]
        self._address = numbers[2] if wired else -1

    def scan(self):
        return [self._address] if self._address >= 0 else []

    def writeto(self, address, data, stop=True):
        self._begin(address, len(data))
        _wire.send(73, address, data)  # I
        return len(data)

    def writevto(self, address, vector, stop=True):
        data = b"".join([bytes(part) for part in vector])
        return self.writeto(address, data, stop)

    def writeto_mem(self, address, register, data, *, addrsize=8):
        self.writeto(address, register.to_bytes(addrsize // 8, "big") + bytes(data))

    def readfrom_into(self, address, buffer, stop=True):
        self._begin(address, len(buffer))
        for index in range(len(buffer)):
            buffer[index] = 0

    def readfrom(self, address, size, stop=True):
        buffer = bytearray(size)
        self.readfrom_into(address, buffer, stop)
        return bytes(buffer)

    def _begin(self, address, size):
        if address != self._address:
            raise OSError(_NO_DEVICE)
        # 8 bits and an acknowledge each, the address and start and stop on top.
        utime.sleep_us((size + 1) * 9000000 // self._freq)


SoftI2C = I2C


class WDT:
    """A watchdog: the host resets the board when it is not fed in time."""

    def __init__(self, id=0, timeout=5000):
        self._timeout = timeout.to_bytes(4, "little")
        self.feed()

    def feed(self):
        _wire.send(87, 0, self._timeout)  # W


class RTC:
    """The chip's calendar clock, and its memory, which only a power-off empties."""

    _memory = bytes.fromhex(os.getenv("POSTLAMP_SIM_RTC") or "")

    def memory(self, data=None):
        if data is None:
            return RTC._memory
        if len(data) > _RTC_BYTES:
            raise ValueError("buffer too long")
        RTC._memory = bytes(data)
        _wire.send(77, 0, RTC._memory)  # M
        return None

    def datetime(self, when=None):
        if when is None:
            now = time.gmtime()
            return (now[0], now[1], now[2], now[6], now[3], now[4], now[5], 0)
        seconds = time.mktime((when[0], when[1], when[2], when[4], when[5], when[6], 0, 0))
        time.set_clock(seconds)


def bitstream(pin, encoding, timing, data):
    """Sends a strip's bytes as they are on the wire, in the time that they take there."""
    utime.sleep_us(len(data) * 10)  # 800 kHz
    _wire.send(78, pin._id, data)  # N


def unique_id():
    return b"\x24\x6f\x28\x50\x4c\x01"


def freq(hz=None):
    return 160000000 if hz is None else None


def reset_cause():
    return int(os.getenv("POSTLAMP_SIM_RESET") or "1")


def reset():
    """The host ends this process and starts it again; nothing here runs on, as on the chip."""
    _wire.send(82, 0)  # R
    while True:
        utime.sleep_ms(5)
        _wire.poll()  # ends when the host is gone, before it could end us


soft_reset = reset


def idle():
    time.sleep_ms(1)
