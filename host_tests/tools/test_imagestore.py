"""MicroPython's images come over verified TLS, are kept, and are never silently another."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from host_tests.support import madeup
from tools import imagestore
from tools.imagefile import ImageError
from tools.sim.certs import Authority, Leaf, self_signed, server_context

NAME = "ESP32_GENERIC-20251209-v1.27.0.bin"
WHOLE = madeup.image()
SHA256 = hashlib.sha256(WHOLE).hexdigest()


class Site:
    """An https server with one file; `pages` says what each path gives."""

    def __init__(self, leaf: Leaf) -> None:
        self.pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                code, headers, body = site.pages.get(self.path, (404, {}, b""))
                self.send_response(code)
                for key, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(key, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self._server.socket = server_context(leaf).wrap_socket(
            self._server.socket, server_side=True
        )
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        self.address = f"https://localhost:{self._server.server_port}/"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture
def site(authority: Authority) -> Iterator[Site]:
    running = Site(authority.issue())
    running.pages["/" + NAME] = (200, {}, WHOLE)
    yield running
    running.close()


@pytest.fixture
def get(site: Site, authority: Authority, tmp_path: Path) -> Any:
    """Gets the image as the tool does; facts are more of what the board's description says."""
    (tmp_path / "ca.pem").write_bytes(authority.pem)

    def run(**facts: Any) -> imagestore.Kept:
        return imagestore.kept(
            {"board": "B", "image": {"file": NAME, **facts}},
            lambda *seen: None,
            folder=tmp_path / "cache",
            site=site.address,
            authorities=str(tmp_path / "ca.pem"),
        )

    return run


def test_an_image_is_loaded_once_and_its_sum_remembered(get: Any, site: Site):
    first, second = get(), get()
    assert first.path.read_bytes() == WHOLE and first.is_new
    assert second == imagestore.Kept(first.path, SHA256, False)
    assert site.asked == ["/" + NAME]
    assert sorted(path.name for path in first.path.parent.iterdir()) == [NAME, NAME + ".sha256"]


def test_a_recorded_sum_is_enough_to_trust_it(get: Any):
    assert not get(sha256=SHA256).is_new


def test_another_file_than_the_recorded_one_is_not_kept(get: Any, tmp_path: Path):
    with pytest.raises(ImageError, match=f"SHA-256 {SHA256}, not {'0' * 64}"):
        get(sha256="0" * 64)
    assert not list((tmp_path / "cache").iterdir())


def test_a_file_that_changed_in_the_cache_is_removed_and_loaded_anew(get: Any, site: Site):
    path = get().path
    path.write_bytes(WHOLE[:-1] + b"x")
    with pytest.raises(ImageError, match="not what it was.*run the command again"):
        get()
    assert not path.exists()
    assert get().path.read_bytes() == WHOLE
    site.pages["/" + NAME] = (200, {}, madeup.image(version="v6.6.6"))
    path.unlink()
    with pytest.raises(ImageError, match="another file than is known of"):
        get()


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ((404, {}, b""), "the site says 404.*--image FILE"),
        ((200, {}, b"<html>login</html>" * 9), "no image for an ESP32"),
        ((200, {}, WHOLE[:-1]), "damaged"),
        ((200, {"Content-Length": str(len(WHOLE) + 1)}, WHOLE), "cut short|could not be loaded"),
        ((200, {}, bytes((16 << 20) + 1)), "larger than any flash"),
        ((302, {"Location": "http://localhost:1/x.bin"}, b""), "away from https"),
    ],
)
def test_what_is_not_the_image_is_told_and_not_kept(
    get: Any, site: Site, tmp_path: Path, page: tuple[int, dict[str, str], bytes], words: str
):
    site.pages["/" + NAME] = page
    with pytest.raises(ImageError, match=words):
        get()
    assert not list((tmp_path / "cache").iterdir())


def test_a_site_that_nobody_vouches_for_gives_nothing(tmp_path: Path, authority: Authority):
    site = Site(self_signed())
    site.pages["/" + NAME] = (200, {}, WHOLE)
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    try:
        with pytest.raises(ImageError, match="CERTIFICATE_VERIFY_FAILED"):
            imagestore.kept(
                {"board": "B", "image": {"file": NAME}},
                lambda *seen: None,
                folder=tmp_path / "cache",
                site=site.address,
                authorities=str(tmp_path / "ca.pem"),
            )
    finally:
        site.close()
    assert site.asked == []


def test_a_cache_that_cannot_be_made_is_told(get: Any, tmp_path: Path):
    (tmp_path / "cache").write_text("in the way")
    with pytest.raises(ImageError, match=r"cache cannot be used"):
        get()


def test_the_cache_is_where_the_system_has_caches(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert imagestore.cache() == Path("/somewhere/postlamp")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert imagestore.cache() == Path.home() / ".cache/postlamp"


def test_boards_name_files_of_micropython_s_own_site():
    assert imagestore.SITE.startswith("https://micropython.org/")
