"""What every measurement of quality is given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks.page import Cell
from benchmarks.peers import Peers

Rows = list[tuple[Cell, ...]]

SIGN = {"negative": -1, "neutral": 0, "positive": 1}
"""The gold's way of writing ``Polarity.label``."""


@dataclass(frozen=True, slots=True)
class Job:
    """What to measure.

    Attributes:
        data: folder of the labelled data.
        peers: what to compare with.
        limit: rows of each set at most, for a quick look; None is all.
    """

    data: Path
    peers: Peers
    limit: int | None = None


def side(score: float) -> int:
    """Return the sign of a score: -1, 0 or 1."""
    return (score > 0) - (score < 0)
