"""`make soak` says at once what it cannot do, before it simulates weeks."""

import pytest
from click.testing import CliRunner

from host_tests.soak import __main__ as command


@pytest.mark.parametrize("odd", ["--days=0", "--weeks=0", "--weeks=-1", "--reconnects=-5"])
def test_odd_numbers_are_refused(monkeypatch: pytest.MonkeyPatch, odd: str) -> None:
    monkeypatch.setattr(command, "_simulate", None)
    told = CliRunner().invoke(command.main, [odd])
    assert told.exit_code == 2
    assert "is not in the range" in told.output


def test_without_dovecot_nothing_is_simulated_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "_simulate", lambda *args: True)
    monkeypatch.setattr(command.dovecot, "missing", lambda: "Dovecot is not installed.")
    told = CliRunner().invoke(command.main, [])
    assert told.exit_code == 2
    assert "not installed. Or leave them: --reconnects 0" in told.output
    assert CliRunner().invoke(command.main, ["--reconnects=0"]).exit_code == 0
