"""What the tests of the pages share: the corpus as the program writes it, and a server that should not be asked."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from pipeline.config import Settings
from pipeline.run import run
from tests.conftest import ARTICLES, CORPUS


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The page of each article of the corpus, by the stem of its file, and ``"index"``."""
    result = run([CORPUS], tmp_path_factory.mktemp("pages"), settings=Settings(), figures=False)
    found = {folder.name: folder / "report.html" for folder in result.folders}
    assert list(found) == [path.stem for path in ARTICLES]
    assert result.index is not None
    return found | {"index": result.index}


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine: its address, and what it has been asked for."""
    requests: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", requests
    server.shutdown()
    server.server_close()
