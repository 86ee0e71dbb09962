"""Short names for what the firmware's modules share: functions, methods, attributes, parameters.

A name is shortened everywhere or nowhere. Left alone is whatever somebody else may know it by:
classes (logs tell them), names in texts, keyword arguments, modules, what boot.py and main.py use,
and every name that Python, MicroPython or the chip gives a meaning.
"""

from __future__ import annotations

import ast
import asyncio
import binascii
import builtins
import collections
import hashlib
import io
import json
import keyword
import os
import random
import re
import select
import socket
import ssl
import struct
import sys
import time
from collections.abc import Iterator, Mapping
from itertools import product
from string import ascii_letters
from types import ModuleType

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_MODULES: tuple[ModuleType, ...] = (
    *(asyncio, binascii, builtins, collections, hashlib, io, json, os, random, select, socket),
    *(ssl, struct, sys, time),
)
# What only MicroPython has, and no stand-in of a module of the chip (tools/sim/shims) names.
_MICROPYTHON = """
    a2b_base64 b2a_base64 blit bss_start const fill fill_rect framebuf heap_lock heap_unlock hline
    idf_heap_info ipoll load_verify_locations mem_alloc mem_free mem_info native pixel qstr_info
    queue_read queue_write readinto rect register schedule scroll server_hostname sizeof threshold
    ticks_add ticks_diff ticks_ms ticks_us sleep_ms sleep_us text verify_callback verify_mode viper
    vline wait_for_ms wrap_socket do_handshake_on_connect uctypes addressof
"""


def shared_names(
    modules: Mapping[str, str], started: str, shims: Mapping[str, str]
) -> dict[str, str]:
    """The short name of each that may have one.

    `modules` is the text of every module by full name, `started` that of boot.py and main.py,
    `shims` the texts that say how the modules of the chip name their things.
    """
    trees = [ast.parse(text, name) for name, text in modules.items()]
    fixed = _foreign() | set(_WORD.findall(started))
    for text in shims.values():
        fixed |= set(_WORD.findall(text))
    for name in modules:
        fixed |= set(name.split("."))
    for tree in trees:
        fixed |= set(_fixed(tree))
    wanted = {name for tree in trees for name in _given(tree)} - fixed
    used = {word for text in modules.values() for word in _WORD.findall(text)} | fixed
    ordered = sorted(name for name in wanted if len(name) > 2 and not name.startswith("_"))
    return dict(zip(ordered, (name for name in _candidates() if name not in used), strict=False))


def _given(tree: ast.Module) -> Iterator[str]:
    """Names of functions and parameters, of attributes of self, and of a module's variables."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            if isinstance(node.value, ast.Name) and node.value.id == "self":
                yield node.attr
    for statement in tree.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        yield from (target.id for target in targets if isinstance(target, ast.Name))


def _fixed(tree: ast.Module) -> Iterator[str]:
    """Names that something else than a name refers to, or that are somebody else's."""
    silent = set(map(id, _silent(tree)))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) not in silent:
                yield from _WORD.findall(node.value)
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg
        elif isinstance(node, ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield from (alias.asname or alias.name).split(".")
        elif isinstance(node, ast.ImportFrom) and not (node.module or "").startswith("postlamp"):
            for alias in node.names:
                yield alias.asname or alias.name


def _silent(tree: ast.Module) -> Iterator[ast.AST]:
    """Texts that no board ever sees: docstrings, and what stands in annotations."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            yield node.value
        for field in ("annotation", "returns"):
            annotation = getattr(node, field, None)
            if isinstance(annotation, ast.AST):
                yield from ast.walk(annotation)


def _foreign() -> set[str]:
    """Every name of the library, of its classes, and of what those give back."""
    names = {"self", *keyword.kwlist, *keyword.softkwlist, *_MICROPYTHON.split()}
    for module in _MODULES:
        names.add(module.__name__)
        for name in dir(module):
            names.add(name)
            found = getattr(module, name, None)
            if isinstance(found, type):
                names |= set(dir(found))
    return names


def _candidates() -> Iterator[str]:
    for length in (2, 3):
        for letters in product(ascii_letters, repeat=length):
            yield "".join(letters)
