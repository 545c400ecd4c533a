from __future__ import annotations

import io
import json
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.write.graphs import attributes, exportable, gexf, graphml, node_link, write_graphs
from pipeline.write.layout import layout
from tests.write.sample import article_of, hostile, hostile_graph, sample


def _data(graph: nx.Graph[str]) -> tuple[dict[str, Any], dict[frozenset[str], Any]]:
    nodes = {name: {key: value for key, value in data.items() if key != "viz"} for name, data in graph.nodes(data=True)}
    return nodes, {frozenset((a, b)): data for a, b, data in graph.edges(data=True)}


def _read_all(graph: nx.Graph[str]) -> list[nx.Graph[str]]:
    return [
        nx.read_gexf(io.BytesIO(gexf(graph))),
        nx.read_graphml(io.BytesIO(graphml(graph))),
        nx.node_link_graph(json.loads(node_link(graph)), edges="edges"),
    ]


@pytest.mark.parametrize(
    "graph",
    [
        sample().graph(),
        hostile().graph(),
        hostile_graph(),
        nx.Graph(),
        article_of(nodes=9).graph(),
        article_of(nodes=2, linked=False).graph(),
    ],
    ids=["sample", "hostile", "attributes", "empty", "nine", "no edges"],
)
def test_every_format_gives_back_nodes_edges_and_attributes(graph: nx.Graph[str]) -> None:
    written = exportable(graph)
    assert (len(written), written.size()) == (len(graph), graph.size())
    for found in _read_all(written):
        assert type(found) is nx.Graph
        assert _data(found) == _data(written)
        for node in written:
            for key, value in written.nodes[node].items():
                assert type(found.nodes[node][key]) is type(value)


def test_names_stay_apart_and_those_that_can_be_written_stay() -> None:
    names = list(exportable(hostile_graph()))
    assert len(set(names)) == len(names)
    assert {"<b>&\"'", "=cmd()", "品控", "品控 (2)", "品控 (3)", "\ufffd"} <= set(names)


def test_attributes_are_plain() -> None:
    found = attributes(hostile_graph().nodes["=cmd()"])
    assert found == {
        "id_": "=cmd()",
        "kind": "=cmd()",
        "many": "1 a",
        "big": 2**63 - 1,
        "huge": str(2**70),
        "small": 7,
        "real": 0.5,
        "flag": True,
    }
    assert type(found["small"]) is int
    assert type(found["real"]) is float


def test_an_attribute_has_one_type_in_a_file() -> None:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_node("a", mixed=1, wide=1)
    graph.add_node("b", mixed="x", wide=0.5)
    assert _data(exportable(graph))[0] == {
        "a": {"label": "a", "mixed": "1", "wide": 1.0},
        "b": {"label": "b", "mixed": "x", "wide": 0.5},
    }


def test_statistics_of_the_edges_are_in_the_files() -> None:
    _, edges = _data(exportable(sample().graph()))
    edge = edges[frozenset(("品控", "信任"))]
    assert edge["count"] == 2
    assert edge["weight"] == 2.0
    assert edge["p_value"] == 0.166667
    assert edge["sentences"] == "4 6"


def test_gephi_gets_colour_size_and_place() -> None:
    found = nx.read_gexf(io.BytesIO(gexf(exportable(sample().graph()))))
    viz = {name: data["viz"] for name, data in found.nodes(data=True)}
    assert viz["品控"]["size"] > viz["体验"]["size"]
    assert len({(v["position"]["x"], v["position"]["y"]) for v in viz.values()}) == len(viz)
    assert len({tuple(v["color"].values()) for v in viz.values()}) > 1


def test_the_same_bytes_on_any_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_graphs(sample(), tmp_path / "a")
    monkeypatch.setattr(time, "strftime", lambda *_: "2031-01-01")
    write_graphs(sample(), tmp_path / "b")
    names = [
        *("edges.csv", "graph.cyjs", "graph.dot", "graph.gexf", "graph.graphml", "graph.json", "graph.net"),
        "nodes.csv",
    ]
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == names
    for name in names:
        content = (tmp_path / "a" / name).read_bytes()
        assert content == (tmp_path / "b" / name).read_bytes()
        assert b"NetworkX" not in content
        assert b"lastmodified" not in content


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.text(st.characters(), max_size=6), st.integers() | st.floats() | st.text(st.characters()), max_size=6
    )
)
def test_any_names_and_values_come_back(values: dict[str, Any]) -> None:
    graph: nx.Graph[str] = nx.Graph()
    nodes = list(values)
    for name in nodes:
        graph.add_node(name, value=values[name], **{"x": name})
    graph.add_edges_from(pairwise(nodes), value=next(iter(values.values()), 0))
    written = exportable(graph)
    for found in _read_all(written):
        assert _data(found) == _data(written)


def test_layout_keeps_neighbours_near_and_is_the_same_each_time() -> None:
    graph = article_of(nodes=20).graph()
    points = layout(graph)
    assert points == layout(graph)
    assert all(abs(x) <= 1 and abs(y) <= 1 for x, y in points.values())

    def distance(a: str, b: str) -> float:
        return float(np.hypot(points[a][0] - points[b][0], points[a][1] - points[b][1]))

    near = np.mean([distance(a, b) for a, b in graph.edges])
    far = np.mean([distance(a, b) for a in graph for b in graph if a < b and not graph.has_edge(a, b)])
    assert near < 0.5 * far


def test_layout_of_parts_and_of_nothing() -> None:
    assert layout(nx.Graph()) == {}
    assert layout(nx.Graph([("a", "a")])) == {"a": (0.0, 0.0)}
    points = layout(article_of(nodes=5, linked=False).graph())
    assert len(set(points.values())) == 5
