"""The keywords: how much each weighs, how often it occurs, and where."""

from __future__ import annotations

import math
from bisect import bisect_right
from typing import TYPE_CHECKING

from pipeline.model import Label
from pipeline.write.figures.sheet import (
    Key,
    NewFigure,
    Sheet,
    legend,
    legend_height,
    message,
    on_screen,
    open_sheet,
    styled,
)
from pipeline.write.figures.style import BAND, BODY, COLOURS, FAINT, GRID, INK, SMALL
from pipeline.write.figures.text import fit, inches, label
from pipeline.write.figures.tone import fitted
from pipeline.write.wording import LABELS, heading

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pipeline.analysis import Analysis

_TITLE = "关键词及其分布"
_ROWS = 30
_WIDTH = 10.8
_BARS = 0.32
"""Part of the width beside the terms that the bars take, where the places stand beside them."""
_FILL = "#7A8CA0"
# As a thin mark neutral grey would hardly show
_MARKS: dict[Label, str] = COLOURS | {"neutral": "#7D7D7D"}
_KEYS = tuple(Key(f"在{LABELS[side]}的句子里", "s", colour) for side, colour in _MARKS.items())


@styled
def plot_keywords(analysis: Analysis, *, ax: Axes | None = None, new_figure: NewFigure = on_screen) -> Axes:
    """Draw the salience of the article's keywords as bars with their counts, and beside them where they occur.

    A mark has the colour of the sentence that it stands in; headings are neutral. Given axes less than 4.5 inches wide
    have the bars alone; where they are too low the last keywords are left out, which the note says.

    Args:
        analysis: of the article.
        ax: to draw on; None for a figure of its own.
        new_figure: makes that one.

    Returns:
        The axes: x is the salience (the terms stand below 0, the places beyond the largest), y the rank from 0.
    """
    if not analysis.keywords or not analysis.sections:
        return message(ax, new_figure, _TITLE, analysis.title, "文中没有找到关键词。")
    keywords = analysis.keywords[:_ROWS]
    names = [label(keyword.term) for keyword in keywords]
    wanted = max(inches(fit(name, 14), BODY) for name in names)
    begin, extent = analysis.sections[0].start, max(analysis.sections[-1].end - analysis.sections[0].start, 1)
    edges = [((section.start - begin) / extent, (section.end - begin) / extent) for section in analysis.sections]
    heads = [label(heading(section, number)) for number, section in enumerate(analysis.sections)]
    row, places = 0.27, (_WIDTH - wanted - 0.1) * (1 - _BARS) - 0.25
    lines = _lines(heads, edges, places, SMALL)
    sheet = open_sheet(
        ax,
        new_figure,
        _TITLE,
        analysis.title,
        width=_WIDTH,
        height=row * len(keywords) + lines * SMALL * 1.3 / 72 + 0.12 + 0.6,
    )
    small = min(SMALL, sheet.size)
    strip = sheet.width >= 4.5
    if not sheet.own:
        lines = min(lines, 2) if strip else 0
    above = lines * small * 1.3 / 72 + 0.12 if strip else 0.0
    line = small * 1.6 / 72 if strip else 0.0
    low = sheet.foot + (legend_height(sheet, _KEYS, sheet.width) if strip else 0.0) + line
    top = sheet.height - above
    rows = sheet.rows(len(keywords), top - low, row, of=len(analysis.keywords))
    column = min(wanted * rows.size / BODY, 0.4 * sheet.width)
    zero = column + 0.1
    bars = (sheet.width - zero) * (_BARS if strip else 1.0)
    finite = [keyword.score if math.isfinite(keyword.score) else 0.0 for keyword in keywords[: rows.shown]]
    limit = max(*finite, 1e-9)
    count = max(inches(str(keyword.count), small) for keyword in keywords) + 0.1
    unit = max(bars - count, 0.1) / limit  # inches a unit of salience
    axes = sheet.axes
    axes.set_xlim(-zero / unit, (sheet.width - zero) / unit)
    axes.set_ylim(top / rows.height - 0.5, (top - sheet.height) / rows.height - 0.5)
    axes.barh(range(rows.shown), [max(score, 0.0) for score in finite], height=0.66, color=_FILL)
    for place, (name, keyword, score) in enumerate(zip(names, keywords, finite, strict=False)):
        y = top - (place + 0.5) * rows.height
        text = fit(name, column * 72 / rows.size)
        sheet.write(column, y, text, size=rows.size, ha="right")
        sheet.write(
            zero + max(score, 0.0) * unit + 0.06, y, str(keyword.count), size=min(small, rows.size), color=FAINT
        )
    if strip:
        left = zero + bars + 0.25
        room = sheet.width - left
        end = top - rows.shown * rows.height
        _strip(sheet, analysis, rows.shown, rows.height, (left, end, room, top - end))
        labels = fitted(heads, [(right - start) * room * 72 / small for start, right in edges])
        for text, (start, right) in zip(labels, edges, strict=True):
            text = "\n".join(text.split("\n")[:lines]) if text else ""
            if text:
                x = left + (start + right) / 2 * room
                sheet.write(x, top + 0.06, text, size=small, color=FAINT, ha="center", va="bottom")
        for x, text, side in (
            (left, "文首", "left"),
            (left + room / 2, "50%", "center"),
            (left + room, "文末", "right"),
        ):
            sheet.write(x, end - 0.04, text, size=small, color=FAINT, ha=side, va="top")
        legend(sheet, _KEYS, left=0.0, bottom=sheet.foot, width=sheet.width)
    hidden = len(analysis.keywords) - rows.shown
    note = "条：重要度，右端数字为出现次数"
    note += "；竖线：在文中出现的位置，底色为章节（标题写不下时标编号）" if strip else ""
    sheet.annotate(note, left_out=f"另有 {hidden} 个关键词未画出" if hidden else "")
    return axes


def _lines(heads: list[str], edges: list[tuple[float, float]], room: float, size: float) -> int:
    labels = fitted(heads, [(right - left) * room * 72 / size for left, right in edges])
    return max(text.count("\n") + 1 for text in labels)


def _strip(sheet: Sheet, analysis: Analysis, shown: int, row: float, box: tuple[float, float, float, float]) -> None:
    """Draw where the keywords stand into a box (left, bottom, width, height in inches) as long as the article."""
    from matplotlib.collections import LineCollection
    from matplotlib.patches import Rectangle

    left, bottom, width, height = box
    begin, extent = analysis.sections[0].start, max(analysis.sections[-1].end - analysis.sections[0].start, 1)

    def at(offset: int) -> float:
        return left + (offset - begin) / extent * width

    for section in analysis.sections[::2]:
        band = Rectangle((at(section.start), bottom), at(section.end) - at(section.start), height, facecolor=BAND)
        band.set(linewidth=0, transform=sheet.inches, zorder=0)
        sheet.axes.add_artist(band)
    ys = [bottom + height - (place + 0.5) * row for place in range(shown)]
    lines = LineCollection([[(left, y), (left + width, y)] for y in ys], colors=GRID, linewidths=0.6)
    lines.set(transform=sheet.inches, zorder=0.5)
    sheet.axes.add_artist(lines)
    starts = [sentence.start for sentence in analysis.sentences]
    segments, colours = [], []
    for keyword, y in zip(analysis.keywords[:shown], ys, strict=True):
        for start, _ in keyword.spans:
            # A title stands before the first sentence
            index = bisect_right(starts, start) - 1
            side: Label = analysis.sentences[index].polarity.label if index >= 0 else "neutral"
            segments.append([(at(start), y - 0.36 * row), (at(start), y + 0.36 * row)])
            colours.append(_MARKS[side])
    marks = LineCollection(segments, colors=colours or INK, linewidths=1.8 if sheet.own else 1.2)
    marks.set(transform=sheet.inches)
    sheet.axes.add_artist(marks)
