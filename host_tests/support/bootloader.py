"""An ESP32 in its ROM bootloader, on a pseudo-terminal: what esptool can be run against.

Its flash is NOR: writing only clears bits, so a forgotten erase shows. The stub that esptool
uploads is taken and "runs"; from then on it answers as the stub does.
"""

from __future__ import annotations

import hashlib
import os
import select
import struct
import tempfile
import threading
import tty
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import xor
from pathlib import Path

SECTOR_BYTES = 4096
_END, _ESCAPE = 0xC0, 0xDB
_INVALID, _BAD_CHECKSUM = 5, 7
_DEFLATED = 0x10
_REPLIES_TO_SYNC = 8
_CHECKSUM_SEED = 0xEF
_UART_CLKDIV = 347  # 115200 baud from the 40 MHz crystal
_READ_ID, _READ_SFDP = 0x9F, 0x5A
_SFDP = 0x50444653
_RUN = 1 << 18  # of the SPI command register


@dataclass(frozen=True)
class Chip:
    """What makes one chip another for esptool."""

    number: int | None  # None: it has no GET_SECURITY_INFO
    magic: int
    mac_at: int
    uart: int
    spi: int
    spi_usr2: int
    spi_w0: int


CHIPS = {
    "ESP32": Chip(None, 0x00F01D83, 0x3FF5A004, 0x3FF40014, 0x3FF42000, 0x24, 0x80),
    "ESP32-S2": Chip(None, 0x000007C6, 0x3F41A044, 0x3F400014, 0x3F402000, 0x20, 0x58),
    "ESP32-S3": Chip(9, 0x00000009, 0x60007044, 0x60000014, 0x60002000, 0x20, 0x58),
    "ESP32-C3": Chip(5, 0x1B31506F, 0x60008844, 0x60000014, 0x60002000, 0x20, 0x58),
}


class VirtualBoard:
    """A board at `port` for as long as the block lasts, with its flash in `flash`.

    cut_after: how many bytes of flash are written before the cable is pulled. flip_at: an address
    where a bit does not get written. is_silent: it is not in its bootloader, and says nothing.
    `port` is a name of its own that goes with the cable: the system gives the number of a closed
    terminal to whoever opens the next one, and esptool, trying again, would find a stranger there.
    """

    def __init__(
        self,
        chip: str = "ESP32",
        flash_bytes: int = 4 << 20,
        *,
        flash: bytearray | None = None,
        cut_after: int | None = None,
        flip_at: int | None = None,
        is_silent: bool = False,
    ) -> None:
        self.flash = flash if flash is not None else bytearray(b"\xff" * flash_bytes)
        self.written = 0
        self.ran_stub = False
        self._chip = CHIPS[chip]
        self._cut_after = cut_after
        self._flip_at = flip_at
        self._is_silent = is_silent
        self._is_stub = False
        self._registers = {self._chip.uart: _UART_CLKDIV, **self._efuses()}
        self._place = self._erased_to = 0
        self._inflate: zlib._Decompress | None = None
        self._master = self._slave = -1
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.port = ""

    def __enter__(self) -> VirtualBoard:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self._folder = tempfile.TemporaryDirectory(prefix="postlamp-port-")
        self.port = str(Path(self._folder.name) / "ttyUSB0")
        os.symlink(os.ttyname(self._slave), self.port)
        self._wake, self._waker = os.pipe()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        os.write(self._waker, b"x")
        self._thread.join()
        self._unplug()
        self._folder.cleanup()
        os.close(self._wake)
        os.close(self._waker)

    def _efuses(self) -> dict[int, int]:
        mac = bytes.fromhex("240ac4000001")
        low, high = int.from_bytes(mac[2:], "big"), int.from_bytes(mac[:2], "big")
        found = {0x40001000: self._chip.magic, self._chip.mac_at: low, self._chip.mac_at + 4: high}
        if self._chip.mac_at == 0x3FF5A004:  # revision 3 of the first ESP32
            found |= {0x3FF5A00C: 1 << 15, 0x3FF5A014: 1 << 20, 0x3FF6607C: 1 << 31}
        return found

    def _unplug(self) -> None:
        Path(self.port).unlink(missing_ok=True)
        for name in ("_master", "_slave"):
            handle = getattr(self, name)
            if handle >= 0:
                os.close(handle)
                setattr(self, name, -1)

    def _serve(self) -> None:
        frame, is_escaped, is_inside = bytearray(), False, False
        while self._master >= 0:
            ready, _, _ = select.select([self._master, self._wake], [], [])
            if self._wake in ready:
                return
            for byte in os.read(self._master, 65536):
                if byte == _END:
                    if is_inside and frame:
                        self._take(bytes(frame))
                        is_inside = False
                    else:
                        is_inside = True
                    frame.clear()
                    if self._master < 0:
                        return
                elif is_inside and is_escaped:
                    frame.append({0xDC: _END, 0xDD: _ESCAPE}[byte])
                    is_escaped = False
                elif is_inside and byte == _ESCAPE:
                    is_escaped = True
                elif is_inside:
                    frame.append(byte)

    def _say(self, frame: bytes) -> None:
        escaped = frame.replace(b"\xdb", b"\xdb\xdd").replace(b"\xc0", b"\xdb\xdc")
        if self._master >= 0:
            os.write(self._master, b"\xc0" + escaped + b"\xc0")

    def _answer(self, op: int, value: int = 0, data: bytes = b"", error: int = 0) -> None:
        status = bytes([error > 0, error]) + bytes(0 if self._is_stub else 2)
        body = data + status
        self._say(struct.pack("<BBHI", 1, op, len(body), value) + body)

    def _take(self, frame: bytes) -> None:
        if self._is_silent or len(frame) < 8:
            return
        _, op, size, checksum = struct.unpack_from("<BBHI", frame)
        data = frame[8 : 8 + size]
        work = self._works().get(op)
        if work is None:
            self._answer(op, error=_INVALID)
        else:
            work(op, data, checksum)

    def _works(self) -> dict[int, Callable[[int, bytes, int], None]]:
        works: dict[int, Callable[[int, bytes, int], None]] = {
            0x02: self._begin,
            0x03: self._program,
            0x04: self._end,
            0x05: self._acknowledge,  # MEM_BEGIN
            0x06: self._run_stub,
            0x07: self._acknowledge,  # MEM_DATA
            0x08: self._sync,
            0x09: self._write_register,
            0x0A: self._read_register,
            0x0B: self._acknowledge,  # SPI_SET_PARAMS
            0x0D: self._acknowledge,  # SPI_ATTACH
            0x0F: self._acknowledge,  # CHANGE_BAUDRATE
            0x10: self._begin,
            0x11: self._program,
            0x12: self._end,
            0x13: self._sum,
        }
        if self._chip.number is not None:
            works[0x14] = self._tell_security
        if self._is_stub:
            works |= {0xD0: self._erase_all, 0xD1: self._erase_region}
        return works

    def _acknowledge(self, op: int, data: bytes, checksum: int) -> None:
        self._answer(op)

    def _sync(self, op: int, data: bytes, checksum: int) -> None:
        for _ in range(_REPLIES_TO_SYNC):
            self._answer(op, value=0x20120707)

    def _read_register(self, op: int, data: bytes, checksum: int) -> None:
        (address,) = struct.unpack_from("<I", data)
        self._answer(op, value=self._registers.get(address, 0))

    def _write_register(self, op: int, data: bytes, checksum: int) -> None:
        address, value = struct.unpack_from("<II", data)
        chip = self._chip
        if address == chip.spi and value & _RUN:
            command = self._registers.get(chip.spi + chip.spi_usr2, 0) & 0xFF
            size = len(self.flash).bit_length() - 1
            found = {_READ_ID: size << 16 | 0x4020, _READ_SFDP: _SFDP}.get(command, 0)
            self._registers[chip.spi + chip.spi_w0] = found
            value = 0
        self._registers[address] = value
        self._answer(op)

    def _tell_security(self, op: int, data: bytes, checksum: int) -> None:
        facts = struct.pack("<IB7xII", 0, 0, self._chip.number, 0)
        self._answer(op, data=facts)

    def _run_stub(self, op: int, data: bytes, checksum: int) -> None:
        self._answer(op)
        if not struct.unpack_from("<I", data)[0]:
            self._is_stub = self.ran_stub = True
            self._say(b"OHAI")

    def _begin(self, op: int, data: bytes, checksum: int) -> None:
        size, _, _, self._place = struct.unpack_from("<IIII", data)
        self._erased_to = self._place
        self._inflate = zlib.decompressobj() if op == _DEFLATED else None
        if self._place + size > len(self.flash):
            self._answer(op, error=_INVALID)
            return
        if not self._is_stub:  # which erases as it writes
            self._erase_to(self._place + size)
        self._answer(op)

    def _program(self, op: int, data: bytes, checksum: int) -> None:
        block = data[16:]
        if reduce(xor, block, _CHECKSUM_SEED) != checksum:
            self._answer(op, error=_BAD_CHECKSUM)
            return
        plain = self._inflate.decompress(block) if self._inflate else block
        if self._cut_after is not None:
            plain = plain[: max(self._cut_after - self.written, 0)]
        end = self._place + len(plain)
        if self._is_stub:
            self._erase_to(end)
        self._clear_bits(plain)
        self._place = end
        self.written += len(plain)
        if self._cut_after is not None and self.written >= self._cut_after:
            self._unplug()
        else:
            self._answer(op)

    def _clear_bits(self, plain: bytes) -> None:
        place = slice(self._place, self._place + len(plain))
        before = int.from_bytes(self.flash[place], "little")
        after = before & int.from_bytes(plain, "little")
        self.flash[place] = after.to_bytes(len(plain), "little")
        if self._flip_at is not None and self._place <= self._flip_at < place.stop:
            self.flash[self._flip_at] ^= 1

    def _erase_to(self, end: int) -> None:
        """Whole sectors, those not yet erased since the last begin."""
        start = -(-self._erased_to // SECTOR_BYTES) * SECTOR_BYTES
        if self._erased_to == self._place:
            start = self._place // SECTOR_BYTES * SECTOR_BYTES
        stop = -(-end // SECTOR_BYTES) * SECTOR_BYTES
        if stop > start:
            self.flash[start:stop] = b"\xff" * (stop - start)
            self._erased_to = stop

    def _end(self, op: int, data: bytes, checksum: int) -> None:
        is_told_to_run = not struct.unpack_from("<I", data)[0]
        self._answer(op)
        if is_told_to_run:  # with no reset line it comes back to its ROM
            self._is_stub = False

    def _sum(self, op: int, data: bytes, checksum: int) -> None:
        at, size = struct.unpack_from("<II", data)
        digest = hashlib.md5(self.flash[at : at + size])
        found = digest.digest() if self._is_stub else digest.hexdigest().encode()
        self._answer(op, data=found)

    def _erase_all(self, op: int, data: bytes, checksum: int) -> None:
        self.flash[:] = b"\xff" * len(self.flash)
        self._answer(op)

    def _erase_region(self, op: int, data: bytes, checksum: int) -> None:
        at, size = struct.unpack_from("<II", data)
        self.flash[at : at + size] = b"\xff" * size
        self._answer(op)
