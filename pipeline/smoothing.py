"""The tone along an article as a line: one smoothing for the figure and for the overview."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence


def reach_of(count: int) -> int:
    """Return how many sentences on each side the line of ``count`` sentences takes in."""
    return max(2, count // 25)


def smoothed(values: Sequence[float], reach: int, at: Iterable[int] | None = None) -> list[float]:
    """Return the mean of each value and ``reach`` on both sides, weights falling linearly; ends use what there is.

    Args:
        values: in reading order.
        reach: 0 or more.
        at: the indices that are wanted; None for all. A long article needs few of its thousands.
    """
    weights = [1 - abs(step) / (reach + 1) for step in range(-reach, reach + 1)]
    smooth = []
    for index in range(len(values)) if at is None else at:
        near = range(max(0, index - reach), min(len(values), index + reach + 1))
        own = [weights[place - index + reach] for place in near]
        smooth.append(math.fsum(w * values[place] for w, place in zip(own, near, strict=True)) / math.fsum(own))
    return smooth


def spaced(count: int, most: int) -> list[int]:
    """Return at most ``most`` (two or more) of ``count`` indices, evenly spaced, with the first and the last."""
    if count <= most:
        return list(range(count))
    return [place * (count - 1) // (most - 1) for place in range(most)]
