"""Where a node stands in the network: centralities and communities."""

from __future__ import annotations

from math import lcm

from pipeline.model import Network, Position

Link = tuple[int, int, int]


def positions(network: Network, *, seed: int = 0) -> dict[str, Position]:
    """Return the position of every node, in node order; the same network and seed give the same result.

    Communities: Louvain on the counts (Blondel et al. 2008, Fast unfolding of communities in large networks, J. Stat.
    Mech. P10008), numbered by size, then by their first node; a node without edges is one of its own. Betweenness:
    Brandes (2001), A faster algorithm for betweenness centrality, J. Math. Sociol. 25(2), 163-177, on the distances 1
    / count.
    """
    import networkx

    names = [node.name for node in network.nodes]
    number = {name: index for index, name in enumerate(names)}
    links: list[Link] = [(number[edge.source], number[edge.target], edge.count) for edge in network.edges]
    # Whole distances, so that two paths of equal length tie exactly; numbers for nodes, since the order of a set of
    # strings changes from process to process, and Louvain's result with it.
    unit = lcm(*{count for *_, count in links})
    graph: networkx.Graph[int] = networkx.Graph()
    graph.add_nodes_from(range(len(names)))
    graph.add_edges_from((a, b, {"count": count, "distance": unit // count}) for a, b, count in links)

    betweenness = networkx.betweenness_centrality(graph, normalized=True, weight="distance")
    found = networkx.community.louvain_communities(graph, weight="count", seed=seed)
    community: dict[int, int] = {}
    for index, members in enumerate(sorted(found, key=lambda group: (-len(group), min(group)))):
        community.update(dict.fromkeys(members, index))
    strength = [0] * len(names)
    for a, b, count in links:
        strength[a] += count
        strength[b] += count
    return {
        name: Position(graph.degree[index], strength[index], float(betweenness[index]), community[index])
        for index, name in enumerate(names)
    }
