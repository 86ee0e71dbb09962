"""Freezes Postlamp into a custom build: make BOARD=… FROZEN_MANIFEST=<here>/manifest.py.

The assets, board.json and the configuration stay on the file system.
"""

include("$(PORT_DIR)/boards/manifest.py")  # noqa: F821 (names of MicroPython's build)
package("postlamp", base_path=".", opt=2)  # noqa: F821
module("boot.py", base_path=".", opt=2)  # noqa: F821
module("main.py", base_path=".", opt=2)  # noqa: F821
