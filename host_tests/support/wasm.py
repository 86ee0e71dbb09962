"""The 32-bit WebAssembly MicroPython: fetched by npm into .venv/wasm, checked, run by node.

It has no sockets, so it runs what is pure; it is the only 32-bit interpreter at hand.
"""

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from host_tests.support.micropython import IMPORT_FOLDERS, ROOT, TIMEOUT_S

NAME = "wasm32"
PACKAGE = "@micropython/micropython-webassembly-pyscript"
VERSION = "1.29.0-6"
SHA512 = "kLwGPJFsLY/2aUPmzZxpvauFSmKc0SlJWVvvEttULR0poVQ6W9HV//1fUJyxrGWAxCVDw9aYqJ0LAog0ZLjYVA=="
FOLDER = Path(sys.prefix) / "wasm"
FILES = ("micropython.mjs", "micropython.wasm")


def missing() -> str:
    """Return why it cannot run here, or nothing."""
    if shutil.which("node") is None:
        return "node is not installed"
    if not all((FOLDER / name).is_file() for name in FILES):
        return "the WebAssembly MicroPython is not installed: `make test` says why"
    return ""


def run_tests(file: Path, names: list[str]) -> str:
    """Run the named functions of one file in one process; return all it printed."""
    main = Path(__file__).with_name("wasm_main.mjs")
    paths = [str(main), str(FOLDER), str(ROOT), ",".join(IMPORT_FOLDERS)]
    command = ["node", *paths, file.stem, *names]
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=TIMEOUT_S,
    )
    return done.stdout.decode(errors="replace")


def install() -> str:
    """Fetch the pinned package, compare its hash, unpack what matters; return why not, if not."""
    if shutil.which("npm") is None:
        return "npm is not installed"
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", f"{PACKAGE}@{VERSION}"]
        packed = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        if packed.returncode != 0:
            return f"npm could not fetch {PACKAGE}: {packed.stderr.strip()}"
        archive = Path(folder) / packed.stdout.split()[-1]
        found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if found != SHA512:
            raise SystemExit(f"{PACKAGE} {VERSION} has another hash than pinned: {found}")
        FOLDER.mkdir(exist_ok=True)
        with tarfile.open(archive) as tar:
            for name in FILES:
                member = tar.extractfile(f"package/{name}")
                if member is None:
                    raise SystemExit(f"{PACKAGE} {VERSION} has no {name}")
                (FOLDER / name).write_bytes(member.read())
    return ""


if __name__ == "__main__":
    reason = install()
    if reason:
        print(f"{reason}\nThe tests on 32-bit MicroPython will be skipped.")
