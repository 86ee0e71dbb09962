"""A flash and an NVS whose power can be cut at any write, or which have no room; runs on all."""

BLOCK_BYTES = 4096  # as the ESP32's littlefs has them
FULL = 28  # ENOSPC
_NOT_FOUND, _INVALID_LENGTH, _TOO_LONG, _NO_SPACE = -0x1102, -0x110C, -0x1109, -0x1105
_KEY_LETTERS = 15
_COUNT, _SIZE, _ERASE = 4, 5, 6  # of ioctl


class PowerCutError(Exception):
    """The power went away in the middle of a write."""


class Power:
    """Lasts for so many writes; the next one brings the end: a cut, or (is_full) no more room."""

    def __init__(self, writes: int = -1, is_full: bool = False) -> None:
        self.left = writes
        self.is_full = is_full
        self.is_over = False  # the end has come
        self.is_out = False  # by a cut

    def spend(self) -> None:
        """One write. Raises PowerCutError, the first time only; or OSError, for ever."""
        if self.left == 0:
            self.is_over = True
            if self.is_full:
                raise OSError(FULL)
            self.is_out = True
            raise PowerCutError
        self.left -= 1


class Flash:
    """A block device in memory, for vfs.VfsLfs2; `tears`: half of the last write is done."""

    def __init__(
        self, blocks: int, power: Power, content: bytes = b"", tears: bool = False
    ) -> None:
        self.content = bytearray(content or b"\xff" * (blocks * BLOCK_BYTES))
        self.power = power
        self._tears = tears

    def readblocks(self, block: int, buffer: bytearray, offset: int = 0) -> None:
        """Reading needs no luck."""
        at = block * BLOCK_BYTES + offset
        buffer[:] = memoryview(self.content)[at : at + len(buffer)]

    def writeblocks(self, block: int, buffer: bytes, offset: int = 0) -> int:
        """Programs erased bytes."""
        return self._change(block * BLOCK_BYTES + offset, bytes(buffer))

    def ioctl(self, op: int, arg: int) -> int:
        """Count and size of blocks, erasing one."""
        if op == _COUNT:
            return len(self.content) // BLOCK_BYTES
        if op == _SIZE:
            return BLOCK_BYTES
        if op == _ERASE:
            return self._change(arg * BLOCK_BYTES, b"\xff" * BLOCK_BYTES)
        return 0

    def _change(self, at: int, data: bytes) -> int:
        if self.power.is_out:
            return 0  # whoever tidies up after the cut
        try:
            self.power.spend()
        except OSError:
            return -FULL
        except PowerCutError:
            if self._tears:
                self.content[at : at + len(data) // 2] = data[: len(data) // 2]
            raise
        self.content[at : at + len(data)] = data
        return 0


class NVS:
    """esp32.NVS over the dict `stored`; `waits`: nothing is written before commit()."""

    def __init__(self, stored: "dict[str, bytes]", power: Power, waits: bool = False) -> None:
        self.stored = stored
        self._power = power
        self._waits = waits
        self._changes: list[tuple[str, bytes | None]] = []

    def set_blob(self, key: str, value: bytes) -> None:
        """Raises OSError for a key that is too long."""
        if len(key) > _KEY_LETTERS:
            raise OSError(_TOO_LONG)
        self._change(key, bytes(value))

    def get_blob(self, key: str, buffer: bytearray) -> int:
        """Raises OSError for an unknown key, and a buffer that is too small."""
        value = self._seen().get(key)
        if value is None:
            raise OSError(_NOT_FOUND)
        if len(value) > len(buffer):
            raise OSError(_INVALID_LENGTH)
        buffer[: len(value)] = value
        return len(value)

    def erase_key(self, key: str) -> None:
        """Raises OSError for an unknown key."""
        if self._seen().get(key) is None:
            raise OSError(_NOT_FOUND)
        self._change(key, None)

    def commit(self) -> None:
        """Writes what waits, one by one."""
        while self._changes:
            self._write(*self._changes.pop(0))

    def _seen(self) -> "dict[str, bytes | None]":
        seen: dict[str, bytes | None] = dict(self.stored)
        seen.update(self._changes)
        return seen

    def _change(self, key: str, value: "bytes | None") -> None:
        self._changes.append((key, value))
        if not self._waits:
            self.commit()

    def _write(self, key: str, value: "bytes | None") -> None:
        if self._power.is_out:
            return
        try:
            self._power.spend()
        except OSError as error:
            raise OSError(_NO_SPACE) from error
        if value is None:
            self.stored.pop(key)
        else:
            self.stored[key] = value
