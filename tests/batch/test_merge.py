from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from dataclasses import asdict
from itertools import combinations
from pathlib import Path

import networkx
import numpy as np
import pyarrow.parquet as parquet
import pytest

from pipeline.batch.columns import CORPUS_COLUMNS, TABLES
from pipeline.batch.merge import concept_network, concept_positions
from pipeline.batch.run import batch
from pipeline.network.association import npmi
from pipeline.network.backbone import disparity
from pipeline.network.centrality import positions
from pipeline.network.communities import communities
from pipeline.network.significance import fisher
from pipeline.write.tables import Column
from tests.batch.test_run import layer, lines, rows

TYPES = {"int": "int32", "long": "int64", "float": "float64", "text": "string", "ints": "list of int32"}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    source = lines(folder / "corpus.jsonl", rows(16))
    batch([str(source)], folder / "out", scheduler="synchronous", shard_bytes=2500)
    return folder / "out"


def table(corpus: Path, name: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = parquet.read_table(corpus / "corpus" / f"{name}.parquet").to_pylist()
    return found


def test_the_tables_are_there_with_their_columns(corpus: Path) -> None:
    for name, columns in TABLES.items():
        data = parquet.read_table(corpus / "corpus" / f"{name}.parquet")
        assert data.column_names == [column.name for column in columns]
        assert data.num_rows > 0
        assert (corpus / "corpus" / f"{name}.csv").is_file()


def test_concepts_are_counted_as_the_layers_have_them(corpus: Path) -> None:
    mentions = layer(corpus, "mentions").to_pylist()
    prose = {
        (row["document"], row["shard"], row["sentence"])
        for row in layer(corpus, "sentences").to_pylist()
        if row["kind"] in ("text", "table")
    }
    found = Counter(row["concept"] for row in mentions)
    held = {
        (row["concept"], (row["document"], row["shard"], row["sentence"]))
        for row in mentions
        if (row["document"], row["shard"], row["sentence"]) in prose
    }
    units = Counter(concept for concept, _ in held)
    documents = Counter(
        concept for concept, *_ in {(row["concept"], row["shard"], row["document"]) for row in mentions}
    )
    for row in table(corpus, "concepts"):
        name = row["concept"]
        assert (row["mentions"], row["units"], row["documents"]) == (found[name], units[name], documents[name])
        scores = [mention["score"] for mention in mentions if mention["concept"] == name]
        assert row["score"] == pytest.approx(sum(scores) / len(scores), abs=1e-5)


def test_pairs_have_the_statistics_of_their_counts(corpus: Path) -> None:
    network = concept_network(corpus)
    units = {node.name: node.units for node in network.nodes}
    assert network.edges
    for edge in network.edges:
        quad = (edge.count, units[edge.source], units[edge.target], network.units)
        assert edge.count <= min(quad[1:3])
        assert edge.npmi == pytest.approx(npmi(*quad), rel=1e-5)
        assert edge.p_value == pytest.approx(fisher(*quad), rel=1e-5)
        assert edge.p_value <= edge.p_adjusted <= 1


def test_concepts_have_their_place_in_the_network(corpus: Path) -> None:
    network, places = concept_network(corpus), concept_positions(corpus)
    expected = positions(network, communities(network))
    assert list(places) == [node.name for node in network.nodes]
    for name, place in places.items():
        assert asdict(place) == pytest.approx(asdict(expected[name]), rel=1e-5)
    backbone = disparity(network)
    for row in table(corpus, "concept_edges"):
        assert row["disparity"] == pytest.approx(backbone[str(row["source"]), str(row["target"])], rel=1e-5)


def test_counts_have_the_interval_of_documents_drawn_anew(corpus: Path) -> None:
    own: defaultdict[tuple[str, str], Counter[tuple[int, int]]] = defaultdict(Counter)
    for row in layer(corpus, "edges").to_pylist():
        own[min(row["source"], row["target"]), max(row["source"], row["target"])][row["shard"], row["document"]] += row[
            "count"
        ]
    draws = np.random.default_rng(7).integers(0, 16, size=(4000, 16))
    for row in table(corpus, "concept_edges"):
        counts = np.zeros(16)
        found = list(own[str(row["source"]), str(row["target"])].values())
        counts[: len(found)] = found
        drawn = counts[draws].sum(axis=1)
        low, count, high = (float(str(row[name])) for name in ("count_low", "count", "count_high"))
        assert 0 <= low <= count <= high
        # drawn from the sample, whose variance is by 15/16 the smaller
        assert high - count == pytest.approx(1.96 * drawn.std() * (16 / 15) ** 0.5, rel=0.05)


def test_relations_are_those_that_sentences_state(tmp_path: Path) -> None:
    texts = (
        "体验不等于参数。参数不等于体验。品控下滑导致信任受损。",
        "信任流失是因为品控失守。参数不等于体验。信任和品控都要重建。",
        "品控重于进度。",
    )
    source = lines(tmp_path / "corpus.jsonl", [{"id": str(k), "text": text} for k, text in enumerate(texts)])
    batch([str(source)], tmp_path / "out", scheduler="synchronous", shard_bytes=150)
    assert [tuple(row.values()) for row in table(tmp_path / "out", "relations")] == [
        ("体验", "参数", "opposition", 3, 2, 1.0),
        ("品控", "信任", "cause", 2, 2, pytest.approx(2 / 3, rel=1e-5)),
        ("品控", "进度", "priority", 1, 1, 1.0),
    ]


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_the_network_is_a_file_for_other_programs(corpus: Path, form: str) -> None:
    reader = networkx.read_graphml if form == "graphml" else networkx.read_gexf
    graph = reader(corpus / "corpus" / f"graph.{form}")
    edges = {(row["source"], row["target"]): row for row in table(corpus, "concept_edges")}
    assert {tuple(sorted(ends)) for ends in graph.edges} == set(edges)
    for a, b, data in graph.edges(data=True):
        row = edges[min(a, b), max(a, b)]
        assert (data["count"], data["npmi"]) == (row["count"], pytest.approx(row["npmi"]))
    assert {row["concept"] for row in table(corpus, "concepts")} == set(graph.nodes)
    assert all("pagerank" in data for _, data in graph.nodes(data=True))


def test_pairs_of_keywords_are_those_of_the_documents(corpus: Path) -> None:
    first: dict[tuple[int, int], list[str]] = {}
    for row in layer(corpus, "keywords").to_pylist():
        if row["section"] is None and row["rank"] <= 12:
            first.setdefault((row["shard"], row["document"]), []).append(row["term"])
    pairs = Counter(pair for terms in first.values() for pair in combinations(sorted(set(terms)), 2))
    expected = {pair: count for pair, count in pairs.items() if count > 1}
    assert {(row["source"], row["target"]): row["count"] for row in table(corpus, "term_edges")} == expected


def test_years_add_up(corpus: Path) -> None:
    years = {row["year"]: row["documents"] for row in table(corpus, "years")}
    assert years == {2019: 4, 2020: 4, 2021: 4, 2022: 4}
    for row in table(corpus, "concept_years"):
        assert row["share"] == pytest.approx(int(str(row["documents"])) / 4)


def test_the_page_says_what_the_tables_have(corpus: Path) -> None:
    page = (corpus / "index.html").read_text(encoding="utf-8")
    assert "16 篇文章" in page
    for row in table(corpus, "concepts")[:5]:
        assert str(row["concept"]) in page
    assert "<script" not in page
    manifest = json.loads((corpus / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["documents"]["in"] == 16


def test_the_documentation_has_the_tables() -> None:
    text = Path("docs/data-format.md").read_text(encoding="utf-8").partition("## Corpora")[2]

    def documented(name: str) -> list[tuple[str, str, str]]:
        part = text.partition(f"### `{name}`\n")[2].partition("\n### ")[0]
        return re.findall(r"^\| `(\w+)` \| ([^|]+) \| (.+) \|$", part, re.MULTILINE)

    def described(columns: tuple[Column, ...]) -> list[tuple[str, str, str]]:
        return [
            (column.name, TYPES[column.kind] + (", null" if column.nullable else ""), column.description)
            for column in columns
        ]

    assert documented("documents/") == described(CORPUS_COLUMNS["documents"])
    for name, columns in TABLES.items():
        assert documented(f"corpus/{name}") == described(columns)
