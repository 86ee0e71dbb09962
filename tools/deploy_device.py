"""Runs on a board, once: puts the files of an update in their places, and starts the board anew.

`postlamp deploy` lays what changes into the folder new.part, each file at its own path, with this
module as install.mpy and the list `gone`; has the board check their SHA-256; and renames the
folder to `new`. That rename is the switch: before it the board starts the old version, after it
the new one. boot.py begins by importing new.install if `new` is there, and nothing else of the
firmware knows of updates: the installer comes with what it installs, and leaves with it.

Each file takes its place by a rename, boot.py first. When the power goes in between, the next
start goes on: what has moved is not in `new` any more. A folder does not go at once, so at the end
it gets another name first. To keep the previous version for a way back, each old file would be
renamed into a folder `old` before, and that, with this module, be an update like any other.
"""

import os

import machine

_FOLDER = 0x4000
_EXISTS, _ABSENT = 17, 2


def _files(folder):
    found = []
    for name, kind, *_ in os.ilistdir(folder):
        path = folder + "/" + name
        found += _files(path) if kind == _FOLDER else [path]
    return found


def _make_folders(path):
    at = path.find("/")
    while at > 0:
        try:
            os.mkdir(path[:at])
        except OSError as error:
            if error.errno != _EXISTS:
                raise
        at = path.find("/", at + 1)


def _remove(path):
    """A file, and the folders that it leaves empty."""
    try:
        os.remove(path)
    except OSError as error:
        if error.errno != _ABSENT:
            raise
    while "/" in path:
        path = path[: path.rfind("/")]
        try:
            os.rmdir(path)
        except OSError:
            return  # others are in it


def _clear(folder):
    for name, kind, *_ in os.ilistdir(folder):
        path = folder + "/" + name
        _clear(path) if kind == _FOLDER else os.remove(path)
    os.rmdir(folder)


def install():
    """However often it was cut: it goes on."""
    if "new.done" in os.listdir():
        _clear("new.done")
    names = [path[4:] for path in _files("new")]
    names.sort(key=lambda name: name != "boot.py")
    for name in names:
        if name not in ("install.mpy", "gone"):
            _make_folders(name)
            os.rename("new/" + name, name)
    with open("new/gone") as gone:
        for line in gone:
            _remove(line.strip())
    os.rename("new", "new.done")
    _clear("new.done")
    print("installed")
    machine.reset()


install()
