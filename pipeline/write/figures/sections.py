"""The sections: their scores as bars, and how many of their sentences are negative, neutral, positive."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pipeline.model import Label, Polarity
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
from pipeline.write.figures.style import BODY, COLOURS, FAINT, GRID, INK, LETTERS, SMALL, on
from pipeline.write.figures.text import fit, inches, label
from pipeline.write.wording import LABELS, heading, signed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pipeline.analysis import Analysis

_TITLE = "各节的情感倾向"
# More rows than this make a strip that nobody reads; the tables have them all
_ROWS = 60
_SCORE, _NUMBER, _SHARE = 3.4, 0.62, 3.0
_BREAK = 0.4
"""Rows between the last section and the article as a whole."""
_KEYS = tuple(Key(LABELS[side], "s", colour) for side, colour in COLOURS.items())


@styled
def plot_sections(analysis: Analysis, *, ax: Axes | None = None, new_figure: NewFigure = on_screen) -> Axes:
    """Draw the score of each section as a bar, and beside it the shares of its sentences by polarity.

    The bar has the colour of the section's label; the last row is the article. A section without sentences of its own
    (its sub-sections have them) has a score, but no shares. On given axes that are too small rows are left out, which
    the note says.

    Args:
        analysis: of the article.
        ax: to draw on; None for a figure of its own.
        new_figure: makes that one.

    Returns:
        The axes: x is the score in [-1, 1] (beyond it stand headings and shares), y the index of the section.
    """
    if not analysis.sections:
        return message(ax, new_figure, _TITLE, analysis.title, "文中没有可以分析的章节。")
    count = min(len(analysis.sections), _ROWS)
    names = [label(heading(section, number)) for number, section in enumerate(analysis.sections[:count])]
    indents = ["　" * min(max(section.level - 1, 0), 3) for section in analysis.sections[:count]]
    whole = [_indented(fit(name, 24 - len(indent), 2), indent) for name, indent in zip(names, indents, strict=True)]
    wanted = max(inches(name, BODY) for name in [*whole, "全文"])
    row = 0.42 if any("\n" in name for name in whole) else 0.34
    sheet = open_sheet(
        ax,
        new_figure,
        _TITLE,
        analysis.title,
        width=wanted + 0.2 + _SCORE + _NUMBER + 0.3 + _SHARE,
        height=row * (count + 1 + _BREAK) + 0.82,
    )
    # From top to bottom: what the columns are called, rows, ticks, legend, foot
    line = sheet.size * 1.5 / 72
    base = sheet.foot + legend_height(sheet, _KEYS, sheet.width) + (line if sheet.roomy else 0.0)
    top = sheet.height - line
    rows = sheet.rows(count, top - base, row, extra=1 + _BREAK, of=len(analysis.sections))
    column = min(wanted * rows.size / BODY, 0.42 * sheet.width)
    number = inches("−0.00", rows.size) + 0.14
    rest = sheet.width - column - 0.1 - number
    share = rest * _SHARE / (_SHARE + _SCORE) if rest > 2.0 else 0.0
    unit = (rest - share - (0.2 if share else 0.0)) / 2
    zero = column + 0.1 + unit
    axes = sheet.axes
    axes.set_xlim(-zero / unit, (sheet.width - zero) / unit)
    axes.set_ylim(top / rows.height - 0.5, (top - sheet.height) / rows.height - 0.5)
    polarities = [section.polarity for section in analysis.sections[: rows.shown]] + [analysis.polarity]
    places = [*range(rows.shown), rows.shown + _BREAK]
    _scores(sheet, polarities, places, zero + unit + number - 0.04, rows.size)
    lines = 2 if rows.height * 72 > 2.3 * rows.size else 1
    for place, name, indent in zip(places, [*names[: rows.shown], "全文"], [*indents[: rows.shown], ""], strict=True):
        ems = column * 72 / rows.size - len(indent)
        text = _indented(fit(name, ems, lines), indent)
        sheet.write(0, top - (place + 0.5) * rows.height, text, size=rows.size)
    small = min(SMALL, sheet.size)
    last = top - (places[-1] + 1) * rows.height
    heads = []
    if unit > inches("负面", small) + 0.05:
        heads = [(zero - unit / 2, "负面", LETTERS["negative"]), (zero + unit / 2, "正面", LETTERS["positive"])]
    ticks = [(zero - unit, "−1"), (zero, "0"), (zero + unit, "1")]
    if share:
        left = sheet.width - share
        counts = [_counts(analysis, at) for at in range(rows.shown)] + [_counts(analysis, None)]
        _shares(sheet, counts, [top - (place + 0.5) * rows.height for place in places], left, share, rows.height)
        heads.append((left + share / 2, fit("各倾向的句数", sheet.ems(share, small)), FAINT))
    for x, text, colour in heads:
        sheet.write(x, top + line / 2, text, size=small, color=colour, ha="center")
    for x, text in ticks if sheet.roomy else []:
        sheet.write(x, last - 0.03, text, size=small, color=FAINT, ha="center", va="top")
    keys_base = sheet.foot + 0.02
    legend(sheet, _KEYS, left=0.0, bottom=keys_base, width=sheet.width)
    hidden = len(analysis.sections) - rows.shown
    note = "左：得分 = 正面概率 − 负面概率，节内各句的平均；右：节内负面、中性、正面的句数及其比例"
    sheet.annotate(note, left_out=f"另有 {hidden} 节未画出" if hidden else "")
    return axes


def _indented(text: str, indent: str) -> str:
    return "\n".join(indent + line for line in text.split("\n"))


def _scores(sheet: Sheet, polarities: list[Polarity], places: list[float], numbers: float, size: float) -> None:
    """Draw the bars in the axes' own coordinates; the scores as numbers end at ``numbers`` (inches)."""
    axes = sheet.axes
    low, high = -0.5, places[-1] + 0.5
    axes.vlines([-1, -0.5, 0.5, 1], low, high, colors=GRID, linewidth=0.8, zorder=0)
    axes.barh(
        places,
        [polarity.score for polarity in polarities],
        height=0.62,
        color=[COLOURS[polarity.label] for polarity in polarities],
    )
    axes.vlines([0], low, high, colors=INK, linewidth=0.9)
    left, right = axes.get_xlim()
    axes.hlines([places[-1] - 0.5 - _BREAK / 2], left, right, colors=GRID, linewidth=1, zorder=0)
    bottom, top = axes.get_ylim()
    for place, polarity in zip(places, polarities, strict=True):
        y = sheet.height * (place - bottom) / (top - bottom)
        colour = LETTERS[polarity.label]
        sheet.write(numbers, y, signed(polarity.score), size=size, color=colour, ha="right")


def _counts(analysis: Analysis, section: int | None) -> Counter[Label]:
    return Counter(
        sentence.polarity.label
        for sentence in analysis.sentences
        if sentence.is_prose and section in (None, sentence.section)
    )


def _shares(sheet: Sheet, counts: list[Counter[Label]], ys: list[float], left: float, width: float, row: float) -> None:
    """Draw bars of full width from ``left`` (inches), the numbers in them where these fit."""
    from matplotlib.patches import Rectangle

    size = min(SMALL, row * 72 * 0.62 / 1.25)
    for found, y in zip(counts, ys, strict=True):
        x = left
        for side, colour in COLOURS.items():
            part = width * found[side] / max(found.total(), 1)
            if part:
                box = Rectangle((x, y - 0.31 * row), part, 0.62 * row, facecolor=colour, edgecolor="white")
                box.set(linewidth=0.8, transform=sheet.inches)
                sheet.axes.add_artist(box)
                if size >= 4.5 and part > inches(str(found[side]), size) + 0.05:
                    sheet.write(x + part / 2, y, str(found[side]), size=size, color=on(colour), ha="center")
            x += part
        if not found:
            sheet.write(left, y, "没有自己的句子", size=size, color=FAINT)
