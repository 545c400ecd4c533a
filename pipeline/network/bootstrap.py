"""How far edges depend on which units happened to be written: the bootstrap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.model import Edge, Network, Stability

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RESAMPLES = 1000
_RANK = 5
_BLOCK = 20_000_000
"""Cells that are laid out at a time, so that memory stays bounded in a text of any length."""


def stabilities(network: Network, *, seed: int = 0, resamples: int = RESAMPLES) -> dict[tuple[str, str], Stability]:
    """Return the stability of each edge by ``(source, target)``; the same network and seed give the same result.

    A resample draws as many units as there are, with replacement, and counts anew: an edge's count, those of its ends
    and its log-likelihood ratio. ``low`` and ``high`` are the 2.5 and 97.5 % quantiles of its count over all resamples
    (percentile method), ``strongest`` the share of resamples in which fewer than ``rank`` edges of its family are
    stronger, in the order of ``selection.strength``. Families: the edges between concepts, and the others. ``rank`` is
    5, or a third of the family's edges where these are fewer than 15, at least 1.

    Source: Efron (1979), Bootstrap methods: another look at the jackknife. Annals of Statistics 7(1), 1-26.

    Args:
        network: with the places of its nodes.
        seed: of the draws.
        resamples: how many.

    Raises:
        ValueError: there are no resamples.
    """
    if resamples < 1:
        raise ValueError(f"resamples must be at least 1, not {resamples}")
    if not network.edges:
        return {}
    import numpy as np

    kinds = {node.name: node.kind for node in network.nodes}
    places = {node.name: frozenset(node.places) for node in network.nodes}
    # Units that hold nothing are one heap: only how many of them are drawn could matter, and it does not
    used = sorted(frozenset[int]().union(*places.values()))
    column = {unit: number for number, unit in enumerate(used)}
    chances = np.full(len(used) + 1, 1 / network.units)
    chances[-1] = max(0.0, 1 - len(used) / network.units)
    draws = np.random.default_rng(seed).multinomial(network.units, chances / chances.sum(), size=resamples)

    number = {node.name: index for index, node in enumerate(network.nodes)}
    single = _totals(draws, [[column[unit] for unit in node.places] for node in network.nodes])
    found: dict[tuple[str, str], Stability] = {}
    for among in (True, False):
        family = [e for e in network.edges if (kinds[e.source] == kinds[e.target] == "concept") is among]
        if not family:
            continue
        both = _totals(draws, [[column[unit] for unit in places[e.source] & places[e.target]] for e in family])
        low, high = np.percentile(both, [2.5, 97.5], axis=0, method="inverted_cdf")
        rank = min(_RANK, max(1, len(family) // 3))
        score = _strengths(both, single, family, number, network.units)
        # the rank-th largest of each resample; what equals it is among the strongest as well
        least = np.partition(score, len(family) - rank, axis=1)[:, len(family) - rank]
        share = ((score >= least[:, None]) & (both > 0)).mean(axis=0)
        for edge, lower, upper, part in zip(family, low.tolist(), high.tolist(), share.tolist(), strict=True):
            found[edge.source, edge.target] = Stability(int(lower), int(upper), part, rank)
    return {(edge.source, edge.target): found[edge.source, edge.target] for edge in network.edges}


def _totals(draws: NDArray[np.int64], columns: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    """Return for each resample (row) and each list of columns how many of its units were drawn."""
    import numpy as np

    sizes = np.array([len(own) for own in columns])
    flat = np.array([at for own in columns for at in own], dtype=np.intp)
    total = np.zeros((len(draws), len(columns)), dtype=np.int64)
    filled = np.flatnonzero(sizes)
    if len(filled):
        starts = (np.cumsum(sizes) - sizes)[filled]
        step = max(1, _BLOCK // len(flat))
        for row in range(0, len(draws), step):
            total[row : row + step, filled] = np.add.reduceat(draws[row : row + step, flat], starts, axis=1)
    return total


def _strengths(
    both: NDArray[np.int64],
    single: NDArray[np.int64],
    family: Sequence[Edge],
    number: dict[str, int],
    units: int,
) -> NDArray[np.float64]:
    """Return a number for each resample and edge that orders the edges as ``selection.strength`` does."""
    import numpy as np

    one = single[:, [number[edge.source] for edge in family]]
    other = single[:, [number[edge.target] for edge in family]]
    # in one order, so that rounding tells no two equal pairs apart
    first, second = np.minimum(one, other), np.maximum(one, other)
    # k ln k of every count that can come up
    counts = np.arange(units + 1, dtype=np.float64)
    entropy = np.where(counts > 0, counts * np.log(np.maximum(counts, 1)), 0.0)
    cells = entropy[both] + entropy[first - both] + entropy[second - both] + entropy[units - first - second + both]
    margins = entropy[first] + entropy[units - first] + entropy[second] + entropy[units - second]
    ratio = 2 * np.maximum(cells + entropy[units] - margins, 0.0)
    ratio = np.where(both * units < first * second, -ratio, ratio)
    # |G2| is at most 2 N ln 2, less than what one more shared unit adds
    order: NDArray[np.float64] = both * (4.0 * units + 1) + ratio
    return order
