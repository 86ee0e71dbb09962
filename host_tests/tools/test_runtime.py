"""Which micropython is run: what MICROPYTHON names, as a shell would take it, or the installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.sim.runtime import NoRuntimeError, find_micropython


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in the working folder."""
    path = tmp_path / "mine"
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    return path


@pytest.mark.parametrize("named", ["./mine", "{folder}/mine"])
def test_a_named_program_is_found_from_any_folder(
    program: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv("MICROPYTHON", named.format(folder=program.parent))
    assert find_micropython() == str(program)


def test_a_bare_name_is_looked_for_in_the_path(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(program.parent))
    monkeypatch.setenv("MICROPYTHON", "mine")
    assert find_micropython() == str(program)


@pytest.mark.parametrize("named", ["./nobody", ".", "./plain"])
def test_what_cannot_be_run_is_named(
    program: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    (program.parent / "plain").write_text("no program")
    monkeypatch.setenv("MICROPYTHON", named)
    with pytest.raises(NoRuntimeError, match="MICROPYTHON="):
        find_micropython()
