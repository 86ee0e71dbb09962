"""Makes the file system of a board as one image: littlefs, as MicroPython's own mkfs lays it out.

Never writes anywhere. The same files always give the same bytes.
"""

from __future__ import annotations

from littlefs import LittleFS, LittleFSError

from tools.build import BoardFile
from tools.imagefile import ImageError

BLOCK_BYTES = 4096
# For the gadget's own writes: its configuration twice, its state, and the start of an update.
_SPARE_BYTES = 64 * 1024


def file_system(files: list[BoardFile], size: int) -> bytes:
    """These files in a littlefs of so many bytes. Raises ImageError when there is no room."""
    blocks = size // BLOCK_BYTES
    needed = sum(len(file.content) for file in files)
    no_room = ImageError(
        f"The file system is too small: {size // 1024} KiB. The firmware is {needed // 1024} KiB "
        f"in {len(files)} files, which take whole blocks of {BLOCK_BYTES // 1024} KiB, and "
        f"{_SPARE_BYTES // 1024} KiB are to be left free. Take an image for a board with more "
        "flash, or without OTA."
    )
    if blocks * BLOCK_BYTES < needed + _SPARE_BYTES:
        raise no_room
    # What the ESP32 port mounts with, and a version that it can read.
    system = LittleFS(
        block_size=BLOCK_BYTES,
        block_count=blocks,
        read_size=32,
        prog_size=32,
        cache_size=128,
        lookahead_size=32,
        name_max=255,
        disk_version=0x00020001,
        mount=False,
    )
    try:
        system.format()
        system.mount()
        for file in sorted(files, key=lambda file: file.path):
            folder, _, _ = file.path.rpartition("/")
            if folder:
                system.makedirs(folder, exist_ok=True)
            with system.open(file.path, "wb") as stream:
                stream.write(file.content)
        used = system.used_block_count
    except LittleFSError as error:
        raise no_room from error
    if (blocks - used) * BLOCK_BYTES < _SPARE_BYTES:
        raise no_room
    system.unmount()
    return bytes(system.context.buffer)
