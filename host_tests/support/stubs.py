"""Copy the type stubs of MicroPython out of the installed packages into .build/stubs.

There mypy reads them for firmware/ alone: they contradict the standard library's own types.
"""

import shutil
from importlib.metadata import files
from pathlib import Path

TARGET = Path(".build") / "stubs"
PACKAGES = ("micropython-stdlib-stubs", "micropython-esp32-stubs")


def copy_stubs(target: Path) -> int:
    """Lay out both packages as mypy's custom_typeshed_dir wants it; return the number of files."""
    count = 0
    for package in PACKAGES:
        for file in files(package) or []:
            if file.suffix == ".pyi" or file.name == "VERSIONS":
                destination = target / file
                destination.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(str(file.locate()), destination)
                count += 1
    return count


if __name__ == "__main__":
    shutil.rmtree(TARGET, ignore_errors=True)
    print(f"{copy_stubs(TARGET)} stubs in {TARGET}")
