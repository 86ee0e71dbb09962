"""Runs test functions under MicroPython: plain functions, no pytest; a line of JSON for each.

Started by host_tests/support/micropython.py and wasm.py. Never imported under CPython.
"""

import io
import json
import sys


def run(module_name: str, names: list[str]) -> None:
    """Call each named function of the module and print `@test {"name", "error"}`."""
    module = __import__(module_name)
    for name in names:
        error = None
        try:
            getattr(module, name)()
        except Exception as e:  # noqa: BLE001 - whatever a test raises is its result
            text = io.StringIO()
            sys.print_exception(e, text)  # type: ignore[attr-defined]
            error = text.getvalue()
        print("@test " + json.dumps({"name": name, "error": error}))


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2:])
