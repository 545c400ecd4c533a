"""The pages as a browser sees them: what the markup alone cannot tell."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from pipeline.comparison import compare
from pipeline.model import Unit
from pipeline.write.page import index_html, report_html
from tests.write.sample import article_of, sample
from tests.write.test_page import with_text

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
    *("--enable-logging=stderr", "--log-level=0", "--virtual-time-budget=1000"),
)


@dataclass(frozen=True)
class Seen:
    """A page after loading: its document as markup, and what it wrote to the console."""

    dom: str
    console: list[str]


Open = Callable[..., Seen]


@pytest.fixture(scope="module")
def browser() -> str:
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        message = f"NO BROWSER: the pages were not tried in one; install Chromium (looked for {', '.join(NAMES)})"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return found


@pytest.fixture
def look(browser: str, tmp_path: Path) -> Open:
    """Open a page in a browser of the given size; with ``picture`` it is also drawn there."""

    def look(html: str, *, width: int = 1200, height: int = 900, picture: Path | None = None) -> Seen:
        page = tmp_path / "page.html"
        page.write_text(html, encoding="utf-8")
        profile = f"--user-data-dir={tmp_path / 'profile'}"
        what = [f"--screenshot={picture}"] if picture else ["--dump-dom"]
        done = subprocess.run(
            [browser, *FLAGS, *what, profile, f"--window-size={width},{height}", page.as_uri()],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=True,
        )
        return Seen(done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line])

    return look


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


def framed(html: str, width: int) -> str:
    """The page in a frame of that width, and a script beside it that writes down what sticks out.

    A frame, since no window of a headless browser is narrower than 500 pixels; and the page stays as it is.
    """
    return f"""<!DOCTYPE html><iframe style="width:{width}px;height:800px;border:0" srcdoc="{escape(html)}"></iframe>
    <script>
    addEventListener("load", () => {{
        const page = document.querySelector("iframe").contentDocument, width = page.defaultView.innerWidth;
        const beyond = [...page.querySelectorAll("main *, header *, footer")].filter(e =>
            !e.closest(".wide, svg, nav, .articles thead, .lists thead")
            && e.getBoundingClientRect().right > width + 1);
        const names = beyond.slice(0, 3).map(e => e.outerHTML.slice(0, 90));
        document.body.dataset.width = [width, page.documentElement.scrollWidth, names].join("|");
    }});
    </script>"""


def test_a_report_opens_without_a_word_on_the_console(look: Open) -> None:
    seen = look(report_html(sample()))
    assert seen.console == []
    assert seen.dom.count('<article class="sec"') == 3
    assert "得分最低的一节是「一、问题出在哪里」" in seen.dom
    assert seen.dom.count("<svg") >= 4


def test_the_overview_opens_without_a_word_on_the_console(look: Open) -> None:
    pair = [sample(), article_of(sections=4, sentences=5)]
    seen = look(index_html(compare(pair), ["a/report.html", "b/report.html"], failures=[("c.pdf", "读不出")]))
    assert seen.console == []
    assert "读不出" in seen.dom


def test_the_console_would_be_seen(look: Open) -> None:
    # Guards the two tests above: an empty console proves nothing unless errors do arrive there
    seen = look(report_html(sample()).replace("</body>", "<script>alert(1)</script></body>"))
    assert any("Content Security Policy" in line for line in seen.console)


def test_hostile_text_runs_nothing_and_asks_for_nothing(look: Open, asked: tuple[str, list[str]]) -> None:
    address, requests = asked
    attack = (
        f'"\'></title></style></script><script>document.documentElement.id="owned"</script><img src={address}/img '
        f"onerror=\"document.documentElement.id='owned'\"><link rel=stylesheet href={address}/css><svg onload=alert(1)>"
    )
    seen = look(report_html(with_text(attack)))
    assert requests == []
    assert seen.console == []
    assert not re.search(r"<(script|img|svg onload|link rel=.stylesheet)", seen.dom)
    assert "owned" not in seen.dom.split("<head")[0]
    seen = look(index_html(compare([with_text(attack), sample()]), [attack, "b"], failures=[(attack, attack)]))
    assert requests == []
    assert seen.console == []
    assert not re.search(r"<(script|img|svg onload|link rel=.stylesheet)", seen.dom)


def test_the_server_would_be_asked(look: Open, asked: tuple[str, list[str]]) -> None:
    # Guards the test above: without policy and escaping the attack would arrive
    address, requests = asked
    look(f"<!DOCTYPE html><img src={address}/img>")
    assert requests == ["/img"]


@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("page", ["report", "overview", "fifty"])
def test_nothing_sticks_out(look: Open, width: int, page: str) -> None:
    long = replace(
        article_of(sections=12, sentences=6, nodes=26, heading="{}、" + "很长的标题" * 12),
        title="VeryLongUnbrokenLatinTitle" * 8,
        mentions=sample().mentions,
        edits=sample().edits,
    )
    network = long.network()
    network = replace(network, edges=tuple(replace(e, count=2, log_likelihood=5.0) for e in network.edges))
    kept: dict[tuple[str, Unit], object] = {
        ("network", "sentence"): network,
        ("positions", "sentence"): long.positions(),
    }
    long = replace(long, summary=long.sentences[1:3], _kept=kept)
    html = report_html(long)
    if page == "overview":
        many = [replace(sample(), title="标题" * 60), long, with_text("A" * 300), *[sample()] * 5]
        html = index_html(compare(many), [f"{n}/report.html" for n in range(8)], failures=[("x" * 300, "y" * 300)])
    elif page == "fifty":
        many = [replace(sample(), title="标题" * 60), long, with_text("A" * 300), *[sample()] * 47]
        html = index_html(compare(many), [f"{n}/report.html" for n in range(50)], tables="compare")
        html = html.replace("<details", "<details open")
    seen = look(framed(html, width), width=1300)
    found = re.search(r'data-width="(\d+)\|(\d+)\|([^"]*)"', seen.dom)
    assert found, seen.dom[:500]
    assert int(found[1]) == width
    assert int(found[2]) <= width, found[3]
    assert found[3] == ""


def test_both_colours_are_on_the_picture(look: Open, tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    picture = tmp_path / "page.png"
    look(report_html(sample()), picture=picture)
    colours = {colour for _, colour in image.open(picture).convert("RGB").getcolors(1 << 24)}
    assert (0xDF, 0x7B, 0x2A) in colours
    assert (0x3D, 0x8B, 0xCD) in colours
