"""Which edges carry more of a node's weight than chance would give them: the disparity filter."""

from __future__ import annotations

from pipeline.model import Network


def disparity(network: Network) -> dict[tuple[str, str], float]:
    """Return the p-value of each edge by ``(source, target)``, in [0, 1].

    Were a node of degree k to share its strength s among its edges at random, one of weight w or more would come about
    with probability ``(1 - w / s)^(k - 1)``; an edge gets the smaller value of its two ends. An end with one edge says
    nothing (1). Edges of at most alpha are the network's backbone at that level.

    Source: Serrano, Boguñá & Vespignani (2009), Extracting the multiscale backbone of complex weighted networks. PNAS
    106(16), 6483-6488, equation 2, whose integral has this closed form.
    """
    degree: dict[str, int] = {}
    strength: dict[str, int] = {}
    for edge in network.edges:
        for name in (edge.source, edge.target):
            degree[name] = degree.get(name, 0) + 1
            strength[name] = strength.get(name, 0) + edge.count
    return {
        (edge.source, edge.target): min(
            (1 - edge.count / strength[name]) ** (degree[name] - 1) if degree[name] > 1 else 1.0
            for name in (edge.source, edge.target)
        )
        for edge in network.edges
    }
