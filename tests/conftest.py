"""What the tests share: the corpus, and the resources, built once a process, and a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from pipeline.analysis import Analysis, analyze, default_resources
from pipeline.config import Settings
from pipeline.resources import Resources
from pipeline.stages.tokens import Segmenter
from tests.browser import Visitor, browser_path, started_browser

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "corpus"
ARTICLES = sorted(path for path in CORPUS.iterdir() if path.suffix in (".txt", ".md") and path.stem != "README")


@pytest.fixture(scope="session")
def resources() -> Resources:
    return default_resources(Settings())


@pytest.fixture(scope="session")
def segmenter(resources: Resources) -> Segmenter:
    return resources.segmenter


@pytest.fixture(scope="session")
def xiaomi11() -> Analysis:
    return analyze(CORPUS / "xiaomi11.txt")


@pytest.fixture(scope="session")
def analyses() -> dict[str, Analysis]:
    """Every article of the corpus, by the stem of its file."""
    return {path.stem: analyze(path) for path in ARTICLES}


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserContext]:
    # Not for the whole session: its event loop would stand in the way of the notebooks' tests in the same process
    with started_browser(browser_path()) as browser:
        yield browser


@pytest.fixture(scope="module")
def visitor(browser: BrowserContext, tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    return Visitor(browser, tmp_path_factory.mktemp("visits"))


@pytest.fixture
def visit(visitor: Visitor) -> Iterator[Visitor]:
    """Open pages in the browser, until the test ends."""
    yield visitor
    visitor.close()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write tests/golden/expected anew")
