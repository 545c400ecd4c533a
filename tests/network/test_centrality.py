"""Degree, strength, betweenness, PageRank."""

from __future__ import annotations

import networkx
import pytest

from pipeline.model import Network, Position
from pipeline.network.centrality import positions
from pipeline.network.communities import communities
from tests.network.made import net


def placed(network: Network) -> dict[str, Position]:
    return positions(network, communities(network))


TWO = net(
    "xabcdef", ("a", "b", 4), ("a", "c", 4), ("b", "c", 4), ("d", "e", 4), ("d", "f", 4), ("e", "f", 4), ("c", "d", 1)
)


def test_degree_and_strength() -> None:
    found = placed(TWO)
    assert [(found[name].degree, found[name].strength) for name in "acx"] == [(2, 8), (3, 9), (0, 0)]


def test_betweenness_is_the_share_of_shortest_paths() -> None:
    star = net("mabc", ("m", "a", 2), ("m", "b", 2), ("m", "c", 2))
    assert {name: place.betweenness for name, place in placed(star).items()} == {"m": 1.0, "a": 0.0, "b": 0.0, "c": 0.0}


def test_frequent_meetings_are_near() -> None:
    # a to c directly is 1 long, by way of b 1/4 + 1/4
    assert placed(net("abc", ("a", "c", 1), ("a", "b", 4), ("b", "c", 4)))["b"].betweenness == 1.0


def test_paths_of_equal_length_share() -> None:
    # a to d: 1/3 + 1/6 by b, 1/2 by itself; in floats these differ
    assert placed(net("abd", ("a", "b", 3), ("b", "d", 6), ("a", "d", 2)))["b"].betweenness == 0.5


def test_pagerank_is_that_of_networkx() -> None:
    graph: networkx.Graph[str] = networkx.Graph()
    graph.add_nodes_from("xabcdef")
    graph.add_weighted_edges_from((edge.source, edge.target, edge.count) for edge in TWO.edges)
    expected = networkx.pagerank(graph, alpha=0.85, tol=1e-12)
    found = placed(TWO)
    assert {name: place.pagerank for name, place in found.items()} == pytest.approx(expected, abs=1e-9)
    assert sum(place.pagerank for place in found.values()) == pytest.approx(1)


def test_in_node_order_with_their_communities_and_empty_networks() -> None:
    assert list(placed(TWO)) == list("xabcdef")
    assert [place.community for place in placed(TWO).values()] == [2, 0, 0, 0, 1, 1, 1]
    assert placed(net("")) == {}
    assert placed(net("a")) == {"a": Position(0, 0, 0.0, 1.0, 0, 1.0)}
