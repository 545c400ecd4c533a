"""Which edges to draw: a choice that is stated, with its reason, beside every drawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.model import Edge, Network

Choice = Literal["support", "significance", "backbone"]

_WHOLE = 8
"""Nodes up to which a network is shown whole: a reader takes in 28 lines, and uncertainty is written beside them."""
LEAST_SUPPORT = 2
"""Shared units: what met once is no pattern, whatever its statistics."""
_FEW = 6
"""Edges below which a drawing says nothing: then those that met once are drawn as well."""
ALPHA = 0.05
"""Level of p-values, adjusted or not, and of the disparity filter."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The edges to draw, and why these.

    Attributes:
        edges: strongest first.
        rule: ``"whole"`` (all edges of a small network), else the choice that was followed.
        threshold: least shared units for ``"support"``, highest adjusted p-value for ``"significance"``, highest
            disparity p-value for ``"backbone"``; 1 for ``"whole"``.
        total: edges that there are.
        left_out: edges that pass the rule, but for which the drawing has no room: the weakest, and those with names
            beyond the number that it holds.
        asked: the choice that was asked for; it differs from ``rule`` where nothing passes it (support is used
            instead), or where the network is small.
    """

    edges: tuple[Edge, ...]
    rule: Literal["whole", "support", "significance", "backbone"]
    threshold: float
    total: int
    left_out: int
    asked: Choice


def strength(edge: Edge) -> tuple[int, float]:
    """Return what edges are sorted by, the strongest first: by shared units, of equal ones by log-likelihood.

    The count is what a reader can check; whether it is more than chance is said beside it, by p and log-likelihood.
    """
    return -edge.count, -edge.log_likelihood


def sure(edge: Edge) -> bool:
    """Return whether a drawing shows an edge as a firm one: it met more than once, and Fisher's p < 0.05."""
    return edge.count >= LEAST_SUPPORT and edge.p_value < ALPHA


def select(
    network: Network,
    *,
    by: Choice = "support",
    disparity: Mapping[tuple[str, str], float] | None = None,
    nodes: int = 40,
    lines: int = 60,
) -> Selection:
    """Return the edges to draw.

    ``"support"``, the default: at least 2 shared units, and as many more as it takes for the drawing to stay legible
    (``nodes``, ``lines``). Of all measures it is the one that a reader can check by counting, and in an article of a
    few dozen sentences little else is left after a correction for testing hundreds of pairs. Where fewer than 6 pairs
    met twice, those that met once are drawn as well. ``"significance"``: adjusted p at most 0.05. ``"backbone"``:
    disparity filter at 0.05, for long texts. Where a network has at most 8 nodes, all its edges.

    Args:
        network: as counted.
        by: the choice.
        disparity: of each edge, from ``network.backbone.disparity``; needed for ``"backbone"``.
        nodes, lines: most that the drawing holds.

    Raises:
        ValueError: the backbone is asked for without ``disparity``.
    """
    if by == "backbone" and disparity is None:
        raise ValueError("the backbone needs the disparity of each edge")
    edges = network.edges
    if sum(1 for node in network.nodes if node.units) <= _WHOLE:
        return Selection(edges, "whole", 1, len(edges), 0, by)
    passing: list[Edge] = []
    if by == "significance":
        passing = [edge for edge in edges if edge.p_adjusted <= ALPHA]
    elif by == "backbone" and disparity is not None:
        passing = [edge for edge in edges if disparity[edge.source, edge.target] <= ALPHA]
    if passing:
        kept = _legible(passing, nodes, lines)
        return Selection(kept, by, ALPHA, len(edges), len(passing) - len(kept), by)
    least = LEAST_SUPPORT if sum(edge.count >= LEAST_SUPPORT for edge in edges) >= _FEW else 1
    passing = [edge for edge in edges if edge.count >= least]
    kept = _legible(passing, nodes, lines)
    while len(kept) < len(passing):
        fewer = [edge for edge in edges if edge.count > least]
        if len(fewer) < lines // 4:
            break  # a step further would leave almost nothing
        passing, least = fewer, least + 1
        kept = _legible(passing, nodes, lines)
    return Selection(kept, "support", least, len(edges), len(passing) - len(kept), by)


def _legible(edges: Sequence[Edge], nodes: int, lines: int) -> tuple[Edge, ...]:
    """Return the first edges that keep to so many nodes and lines."""
    chosen: list[Edge] = []
    held: set[str] = set()
    for edge in edges:
        if len(chosen) == lines:
            break
        if len(held | {edge.source, edge.target}) <= nodes:
            held |= {edge.source, edge.target}
            chosen.append(edge)
    return tuple(chosen)
