"""The tone line: the sentences of an article as bars, with the curve of their mean and the sections as bands."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from pipeline.smoothing import reach_of, smoothed
from pipeline.write.lines import Line
from pipeline.write.parts import tint_of
from pipeline.write.wording import side, signed

_BARS = 240  # bars that can be told apart on a screen
_HALF = 46  # height of a score of 1, of the 100 that the drawing is high
_LEAST = 1.5  # height of a score of 0: there is a sentence


class Bar(NamedTuple):
    """A sentence, or a few neighbouring ones with their mean: from ``y`` on ``height`` of 100 high."""

    line: Line
    score: float
    y: float
    height: float
    tint: str
    note: str


class Band(NamedTuple):
    """The bars of a section: from ``start`` on ``size`` bars."""

    section: int
    start: float
    size: float


class ToneLine(NamedTuple):
    """What is drawn: a bar a unit of x, y from 0 (a score of +1) to 100 (−1); ``curve`` as x and y of its points.

    ``step`` is how many sentences a bar stands for, the last perhaps for fewer.
    """

    bars: tuple[Bar, ...]
    bands: tuple[Band, ...]
    curve: tuple[tuple[float, float], ...]
    step: int


def tone_line(lines: Sequence[Line]) -> ToneLine | None:
    """Return the drawing of scored sentences in reading order; None for fewer than two."""
    if len(lines) < 2:
        return None
    step = -(-len(lines) // _BARS)
    bars = []
    for at in range(0, len(lines), step):
        group = lines[at : at + step]
        score = sum(line.sentence.polarity.score for line in group) / len(group)
        height = max(_LEAST, abs(score) * _HALF)
        note = f"第 {group[0].ordinal} 句" if step == 1 else f"第 {group[0].ordinal}–{group[-1].ordinal} 句"
        shade = group[0].tint if step == 1 else tint_of(side(score), score)
        top = round(50 - height if score > 0 else 50, 1)
        bars.append(Bar(group[0], round(score, 2), top, round(height, 1), shade, f"{note} {signed(score)}"))
    bands, start = [], 0.0
    for section, inside in groupby(lines, key=lambda line: line.sentence.section):
        size = sum(1 for _ in inside) / step
        bands.append(Band(section, round(start, 2), round(size, 2)))
        start += size
    places = range(0, len(lines), step)
    smooth = smoothed([line.sentence.polarity.score for line in lines], reach_of(len(lines)), places)
    points = [((at + 0.5) / step, 50 - _HALF * value) for at, value in zip(places, smooth, strict=True)]
    return ToneLine(tuple(bars), tuple(bands), tuple((round(x, 2), round(y, 1)) for x, y in points), step)
