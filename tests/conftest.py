"""What the tests share: the corpus, and the resources, built once a process."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.analysis import Analysis, analyze, default_resources
from pipeline.config import Settings
from pipeline.resources import Resources
from pipeline.stages.tokens import Segmenter

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


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write tests/golden/expected anew")
