"""Centralities and communities."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from pipeline.model import Edge, Network, Node, Position
from pipeline.network.communities import positions


def edge(source: str, target: str, count: int) -> Edge:
    return Edge(source, target, count, 9, 9, 60, count / 60, 0.5, 3.0, 0.1, tuple(range(count)))


def net(names: str, *edges: tuple[str, str, int]) -> Network:
    return Network(
        "sentence", 60, tuple(Node(name, "concept", 9, 9, 0.0) for name in names), tuple(edge(*e) for e in edges)
    )


# two triangles with a bridge, and a node of its own
TWO = net(
    "xabcdef", ("a", "b", 4), ("a", "c", 4), ("b", "c", 4), ("d", "e", 4), ("d", "f", 4), ("e", "f", 4), ("c", "d", 1)
)


def test_degree_and_strength() -> None:
    found = positions(TWO)
    assert [(found[name].degree, found[name].strength) for name in "acx"] == [(2, 8), (3, 9), (0, 0)]


def test_betweenness_is_the_share_of_shortest_paths() -> None:
    star = net("mabc", ("m", "a", 2), ("m", "b", 2), ("m", "c", 2))
    assert {name: place.betweenness for name, place in positions(star).items()} == {
        "m": 1.0,
        "a": 0.0,
        "b": 0.0,
        "c": 0.0,
    }


def test_frequent_meetings_are_near() -> None:
    # a to c directly is 1 long, by way of b 1/4 + 1/4
    assert positions(net("abc", ("a", "c", 1), ("a", "b", 4), ("b", "c", 4)))["b"].betweenness == 1.0


def test_paths_of_equal_length_share() -> None:
    # a to d: 1/3 + 1/6 by b, 1/2 by itself; in floats these differ
    found = positions(net("abd", ("a", "b", 3), ("b", "d", 6), ("a", "d", 2)))
    assert found["b"].betweenness == 0.5


def test_communities_by_size_then_first_node() -> None:
    found = {name: place.community for name, place in positions(TWO).items()}
    assert found == {"a": 0, "b": 0, "c": 0, "d": 1, "e": 1, "f": 1, "x": 2}


def test_in_node_order_and_empty_networks() -> None:
    assert list(positions(TWO)) == list("xabcdef")
    assert positions(net("")) == {}
    assert positions(net("a")) == {"a": Position(0, 0, 0.0, 0)}


def test_the_same_in_every_process() -> None:
    program = (
        "from tests.network.test_communities import net; from pipeline.network.communities import positions\n"
        "names = [chr(0x4E00 + i) for i in range(24)]\n"
        "pairs = [(i, j) for i in range(24) for j in range(i) if (i * j) % 5 < 2]\n"
        "print(positions(net(''.join(names), *((names[i], names[j], 1 + (i * j) % 3) for i, j in pairs))))"
    )
    root = str(Path(__file__).parents[2])
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": root},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_only_the_seed_and_the_edges_decide() -> None:
    assert positions(TWO, seed=3) == positions(replace(TWO, unit="section"), seed=3)
