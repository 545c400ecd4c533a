"""Where a node stands in the network: degree, strength, betweenness, PageRank, and its community."""

from __future__ import annotations

from collections.abc import Sequence
from math import lcm

from pipeline.model import Network, Position
from pipeline.network.communities import Communities

Link = tuple[int, int, int]

_DAMPING = 0.85


def positions(network: Network, communities: Communities) -> dict[str, Position]:
    """Return the position of every node, in node order; the same network gives the same result.

    Betweenness: Brandes (2001), A faster algorithm for betweenness centrality, J. Math. Sociol. 25(2), 163-177, on the
    distances 1 / count. PageRank: Brin & Page (1998), The anatomy of a large-scale hypertextual web search engine,
    Computer Networks 30, 107-117; damping 0.85, on the counts; a node without edges jumps.

    Args:
        network: as counted.
        communities: of the same network.
    """
    import networkx

    names = [node.name for node in network.nodes]
    number = {name: index for index, name in enumerate(names)}
    links: list[Link] = [(number[edge.source], number[edge.target], edge.count) for edge in network.edges]
    # Whole distances, so that two paths of equal length tie exactly
    unit = lcm(*{count for *_, count in links})
    graph: networkx.Graph[int] = networkx.Graph()
    graph.add_nodes_from(range(len(names)))
    graph.add_edges_from((a, b, {"distance": unit // count}) for a, b, count in links)
    betweenness = networkx.betweenness_centrality(graph, normalized=True, weight="distance")
    strength = [0] * len(names)
    for a, b, count in links:
        strength[a] += count
        strength[b] += count
    rank = _pagerank(links, strength)
    return {
        name: Position(
            graph.degree[index],
            strength[index],
            float(betweenness[index]),
            rank[index],
            communities.of[index],
            communities.agreement[index],
        )
        for index, name in enumerate(names)
    }


def _pagerank(links: Sequence[Link], strength: Sequence[int]) -> list[float]:
    """Return the PageRank of each node, as the solution of its linear system.

    networkx iterates, with scipy, whose import alone takes longer than all else here.
    """
    if not strength:
        return []
    import numpy as np

    size = len(strength)
    walk = np.zeros((size, size))
    for a, b, count in links:
        walk[b, a] = count / strength[a]
        walk[a, b] = count / strength[b]
    walk[:, [index for index, own in enumerate(strength) if not own]] = 1 / size
    rank = np.linalg.solve(np.eye(size) - _DAMPING * walk, np.full(size, (1 - _DAMPING) / size))
    return [float(value) for value in rank / rank.sum()]
