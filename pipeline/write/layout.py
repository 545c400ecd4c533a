"""Where the nodes of a network are drawn: distances on the paper follow distances in the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx

Point = tuple[float, float]

_ITERATIONS = 150


def layout(graph: networkx.Graph[str]) -> dict[str, Point]:
    """Return a point for each node, within [-1, 1] on both axes, the same on every run.

    The points minimise stress: the distance of two nodes follows their shortest path, where an edge is the shorter the
    larger its ``count`` (absent: 1), by majorization with weights d^-2 (Gansner, Koren, North 2004, Graph drawing by
    stress majorization). Parts without a path between them are kept a little further apart than the longest path. The
    start is a circle in order of ``community`` (absent: 0), so that there is no chance in it.
    """
    import numpy as np

    nodes = sorted(graph, key=lambda node: graph.nodes[node].get("community", 0))
    if not nodes:
        return {}
    if len(nodes) == 1:
        return {nodes[0]: (0.0, 0.0)}
    wanted = _distances(graph, nodes)
    size = len(nodes)
    weights = wanted**-2.0
    np.fill_diagonal(weights, 0.0)
    laplacian = np.diag(weights.sum(axis=1)) - weights
    inverse = np.linalg.inv(laplacian + 1.0 / size)  # the all-ones part only fixes the centre
    angle = 2 * np.pi * np.arange(size) / size
    points = np.stack([np.cos(angle), np.sin(angle)], axis=1) * wanted.max() / 2
    pull = weights * wanted
    for _ in range(_ITERATIONS):
        apart = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
        ratio = pull / np.maximum(apart, 1e-9)
        np.fill_diagonal(ratio, 0.0)
        points = inverse @ (ratio.sum(axis=1)[:, None] * points - ratio @ points)
    points -= (points.max(axis=0) + points.min(axis=0)) / 2
    points /= max(float(np.abs(points).max()), 1e-9)
    # Three decimals are finer than a pixel and hide what differs between linear algebra libraries
    return {
        node: (round(float(x), 3) + 0.0, round(float(y), 3) + 0.0) for node, (x, y) in zip(nodes, points, strict=True)
    }


def _distances(graph: networkx.Graph[str], nodes: list[str]) -> Any:
    """Return the matrix of shortest paths (Floyd 1962), without zeros."""
    import numpy as np

    place = {node: number for number, node in enumerate(nodes)}
    matrix = np.full((len(nodes), len(nodes)), np.inf)
    for source, target, data in graph.edges(data=True):
        first, second = place[source], place[target]
        matrix[first, second] = matrix[second, first] = max(float(data.get("count", 1)), 1.0) ** -0.5
    np.fill_diagonal(matrix, 0.0)
    for middle in range(len(nodes)):
        matrix = np.minimum(matrix, matrix[:, middle, None] + matrix[None, middle])
    finite = matrix[np.isfinite(matrix)]
    matrix[~np.isfinite(matrix)] = max(float(finite.max()), 1.0) * 1.25
    np.fill_diagonal(matrix, 1.0)
    return matrix
