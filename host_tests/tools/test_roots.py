"""Mozilla's roots as a board finds them: every one, by the very code that runs there."""

import hashlib
import ssl
from pathlib import Path

from click.testing import CliRunner

from postlamp.net import roots as on_board
from postlamp.net.issuer import issuer_of
from tools import build, roots
from tools.cli import main

_PEM_END = "-----END CERTIFICATE-----\n"


def _ders() -> list[bytes]:
    """All certificates of certifi's file, read by other means than tools/roots.py."""
    text = roots.source().read_text(encoding="utf-8")
    blocks = [block[block.find("-----BEGIN") :] for block in text.split(_PEM_END)[:-1]]
    return [ssl.PEM_cert_to_DER_cert(block + _PEM_END) for block in blocks]


def test_every_root_is_found_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "roots.bin"
    path.write_bytes(roots.mozilla().content)
    ders = _ders()
    assert len(ders) == roots.mozilla().number > 100
    for der in ders:
        issuer = hashlib.sha256(issuer_of(der)).digest()
        places = on_board.find(str(path), [issuer])
        assert der in [on_board.read(str(path), place) for place in places]


def test_every_board_gets_them() -> None:
    for board in ("SIM", "ESPRESSIF_ESP32_DEVKITC"):
        files = {file.path: file.content for file in build.deploy_set(board)}
        assert files["roots.bin"] == roots.mozilla().content


def test_the_command_writes_the_file_and_says_what_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "roots.bin"
    done = CliRunner().invoke(main, ["roots", str(path)])
    assert done.exit_code == 0
    assert path.read_bytes() == roots.mozilla().content
    assert f"{roots.mozilla().number} roots" in done.output


def test_the_command_explains_a_folder_that_is_not_there(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["roots", str(tmp_path / "none" / "roots.bin")])
    assert done.exit_code == 1
    assert "none" in done.output and "Traceback" not in done.output
