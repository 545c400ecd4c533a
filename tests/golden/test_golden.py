"""What is written, held against what a person has looked at.

After a change that is meant to change it: ``pytest tests/golden --update-golden``, then read the difference.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import pipeline as fp

HERE = Path(__file__).parent
FILES = (
    "summary.md",
    "analysis.json",
    "graph.json",
    "graph.graphml",
    "graph.gexf",
    "graph.cyjs",
    "graph.net",
    "graph.dot",
    "nodes.csv",
    "edges.csv",
    "report.html",
    "tables/sections.csv",
    "tables/sentences.csv",
    "tables/keywords.csv",
    "tables/mentions.csv",
    "tables/names.csv",
    "tables/nodes.csv",
    "tables/edges.csv",
    "tables/edits.csv",
)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fp.analyze(HERE / "article.md").write(tmp_path_factory.mktemp("golden") / "article", figures=False)


# Numbers with a fraction may differ in their last digits from one mathematics library to another
NUMBER = re.compile(r"(-?\d+\.\d+(?:e-?\d+)?)")


@pytest.mark.parametrize("name", FILES)
def test_what_is_written_is_what_was_looked_at(name: str, written: Path, request: pytest.FixtureRequest) -> None:
    golden = HERE / "expected" / name
    # The folder it was read from depends on the machine
    fresh = (written / name).read_bytes().replace(str(HERE).encode(), b"GOLDEN")
    if request.config.getoption("--update-golden"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_bytes(fresh)
    was, now = (NUMBER.split(text.decode()) for text in (golden.read_bytes(), fresh))
    told = f"{name} has changed: look at it, then pytest tests/golden --update-golden"
    assert now[::2] == was[::2], told
    assert [float(number) for number in now[1::2]] == pytest.approx([float(number) for number in was[1::2]], 1e-3), told
