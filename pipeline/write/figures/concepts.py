"""The concepts in the sections: how often each is mentioned there, and in what tone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

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
from pipeline.write.figures.style import BODY, FAINT, GRID, LEAST, MIDDLE, SMALL, on, tint
from pipeline.write.figures.text import fit, inches, label, width
from pipeline.write.wording import concepts, heading

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pipeline.analysis import Analysis

FEW = 3
"""Mentions from which a mean says something."""
_TITLE = "概念在各节里的说法"
_ROWS, _COLUMNS = 20, 40
_LEAST_WIDTH = 5.6
"""Inches that the note of our own figure needs."""
_NOTE = "格内数字：提到的次数；颜色：提到它的那些话的平均得分"
_KEYS = (
    Key("平均得分 −1 到 +1", "scale"),
    Key(f"满格：{FEW} 次以上", "s", MIDDLE, size=11.0),
    Key("小格：只有 1–2 次，均分不足为凭", "s", MIDDLE, size=6.5),
    Key("空白：没有提到", "s", "white", edge=GRID, size=9.0),
)


class Cell(NamedTuple):
    """How often something is mentioned somewhere, and the mean score of these mentions in [-1, 1]."""

    mentions: int
    score: float


@styled
def plot_concepts(analysis: Analysis, *, ax: Axes | None = None, new_figure: NewFigure = on_screen) -> Axes:
    """Draw a heat map of the 20 concepts mentioned most often (rows) in the sections (columns).

    The colour of a cell is the mean score of the mentions, the number their count; a cell of fewer than 3 mentions is
    drawn small, one without is blank. The last column is the whole article. Given axes that are too small leave out
    rows, which the note says; columns whose headings find no room have their numbers.

    Args:
        analysis: of the article.
        ax: to draw on; None for a figure of its own.
        new_figure: makes that one.

    Returns:
        The axes: x is the index of the section, y the rank of the concept from 0.
    """
    views = concepts(analysis)
    if not views or not analysis.sections:
        return message(ax, new_figure, _TITLE, analysis.title, "文中没有提到词表里的概念。")
    count = min(len(analysis.sections), _COLUMNS)
    cells: dict[tuple[int, int], Cell] = {}
    for row, view in enumerate(views):
        for column in range(count):
            scores = [mention.polarity.score for mention in view.mentions if mention.section == column]
            if scores:
                cells[row, column] = Cell(len(scores), math.fsum(scores) / len(scores))
    names = [heading(section, number) for number, section in enumerate(analysis.sections[:count])]
    hidden = len(analysis.sections) - count
    return heat_map(
        ax,
        new_figure,
        (_TITLE, analysis.title),
        rows=[view.name for view in views],
        columns=names,
        cells=cells,
        totals=[Cell(len(view.mentions), view.score) for view in views],
        total="全文",
        left_out=[f"{hidden} 节"] if hidden else [],
    )


def heat_map(
    ax: Axes | None,
    new_figure: NewFigure,
    titles: tuple[str, str],
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Mapping[tuple[int, int], Cell],
    totals: Sequence[Cell],
    total: str,
    left_out: Sequence[str],
) -> Axes:
    """Draw a heat map of concepts and return its axes; x counts columns, y rows.

    Args:
        ax, new_figure: as of ``plot_concepts``.
        titles: what is drawn, and of what.
        rows: names of concepts, the first 20 of which are drawn.
        columns: headings; what is too long is cut.
        cells: by row and column.
        totals: of each row.
        total: heading of these; a single column has none beside it.
        left_out: of the columns, in words; rows are counted here.
    """
    count, shown = len(columns), min(len(rows), _ROWS)
    names, heads = [label(name) for name in rows[:shown]], [label(name) for name in columns]
    wanted = max(inches(fit(name, 12), BODY) for name in names)
    row = 0.31
    # A single column is the whole
    beside = 1.4 if count > 1 else 0.1
    step = max(_step(count), min(2.8, (_LEAST_WIDTH - wanted - 0.15) / (count + beside)))
    plan = _headings(heads, step, SMALL, 1.6)
    wide = max(wanted + 0.15 + step * (count + beside) + plan.beyond, _LEAST_WIDTH)
    high = row * shown + plan.height + legend_height(None, _KEYS, wide) + 0.25
    sheet = open_sheet(ax, new_figure, *titles, width=wide, height=high)
    column = wanted
    if not sheet.own:
        column = min(wanted * sheet.size / BODY, 0.3 * sheet.width)
        step = (sheet.width - column - 0.08) / (count + beside)
        plan = _headings(heads, step, min(SMALL, sheet.size), 0.3 * sheet.height)
        step = (sheet.width - column - 0.08 - max(0.0, plan.beyond - beside * step)) / (count + beside)
        plan = _headings(heads, step, min(SMALL, sheet.size), 0.3 * sheet.height)
    left = column + 0.1
    low = sheet.foot + legend_height(sheet, _KEYS, sheet.width) + (0.12 if sheet.roomy else 0.0)
    top = sheet.height - plan.height
    made = sheet.rows(shown, top - low, row, of=len(rows) + len(left_out))
    axes = sheet.axes
    axes.set_xlim(-left / step - 0.5, (sheet.width - left) / step - 0.5)
    axes.set_ylim(top / made.height - 0.5, (top - sheet.height) / made.height - 0.5)
    ends = [-0.5, count - 0.5, *([count - 0.1, count + 0.9] if count > 1 else [])]
    for y in range(made.shown + 1):
        axes.hlines([y - 0.5] * (len(ends) // 2), ends[::2], ends[1::2], colors=GRID, linewidth=0.6, zorder=0)
    xs = [number - 0.5 for number in range(count + 1)] + ends[2:]
    axes.vlines(xs, -0.5, made.shown - 0.5, colors=GRID, linewidth=0.6, zorder=0)
    for y in range(made.shown):
        at = top - (y + 0.5) * made.height
        text = fit(names[y], column * 72 / made.size)
        sheet.write(column, at, text, size=made.size, ha="right")
        if count > 1:
            _cell(sheet, totals[y], count + 0.4, y, step, made.height)
        for x in range(count):
            if found := cells.get((y, x)):
                _cell(sheet, found, x, y, step, made.height)
    _write_headings(sheet, plan, total if count > 1 else "", left, top, step)
    legend(sheet, _KEYS, left=0.0, bottom=sheet.foot, width=sheet.width)
    hidden = len(rows) - made.shown
    missing = "、".join([*([f"{hidden} 个概念"] if hidden else []), *left_out])
    sheet.annotate(_NOTE, left_out=f"另有 {missing}未画出" if missing else "")
    return axes


class _Headings(NamedTuple):
    """Column headings as broken, how they stand, what they take above the cells and to the right of the last."""

    labels: list[str]
    slanted: bool
    size: float
    height: float
    beyond: float


def _step(columns: int) -> float:
    """Return the width of a column of our own figure, in inches."""
    return 1.1 if columns <= 7 else 0.9 if columns <= 9 else 0.62 if columns <= 14 else 0.42


def _headings(heads: Sequence[str], step: float, size: float, most: float) -> _Headings:
    """Return headings for columns ``step`` inches wide: level in up to four lines, else slanted, else numbers.

    Args:
        heads: on one line each.
        step: of a column.
        size: of type.
        most: inches that there are above the cells.
    """
    ems = step * 72 / size - 0.5
    line = size * 1.3 / 72
    if ems >= 4.4 or (heads and max(map(width, heads)) <= ems):
        labels = [fit(head, ems, max(1, min(4, int((most - 0.1) / line)))) for head in heads]
        return _Headings(labels, False, size, max(text.count("\n") + 1 for text in labels) * line + 0.1, 0.0)
    # At 45 degrees a line takes as much in height as in width, and its neighbour begins 0.7 columns further
    room = min(12.0, (most - 0.15) * 1.41 * 72 / size - 1)
    if step * 0.7 * 72 >= size * 1.05 and room >= 4:
        labels = [fit(head, room) for head in heads]
        long = (max(map(width, labels)) + 1) * size / 72 * 0.71
        last = max(
            0.0,
            *((width(text) + 1) * size / 72 * 0.71 - (len(labels) - n - 0.5) * step for n, text in enumerate(labels)),
        )
        return _Headings(labels, True, size, long + 0.1, last)
    numbers = [str(number) for number in range(len(heads))]
    every = max(1, math.ceil((width(numbers[-1]) + 0.4) * size / 72 / step))
    labels = [text if n % every == 0 else "" for n, text in enumerate(numbers)]
    return _Headings(labels, False, size, line + 0.08, 0.0)


def _write_headings(sheet: Sheet, plan: _Headings, total: str, left: float, top: float, step: float) -> None:
    """Write the headings above the columns, which begin at ``left`` (inches); ``total`` stands apart, if at all."""
    ends = left + (len(plan.labels) + 0.9) * step
    if total:
        # Of narrow columns it is wider than its own
        ends = min(ends, sheet.width - inches(total, plan.size) / 2)
    for number, text in enumerate(plan.labels):
        at = left + (number + 0.5) * step
        if plan.slanted:
            style = {"rotation": 45, "rotation_mode": "anchor", "ha": "left", "va": "baseline"}
            sheet.write(at, top + 0.06, text, size=plan.size, color=FAINT, **style)
        elif text and (not total or at + (inches(text, plan.size) + inches(total, plan.size)) / 2 + 0.02 < ends):
            sheet.write(at, top + 0.06, text, size=plan.size, color=FAINT, ha="center", va="bottom")
    if total:
        sheet.write(ends, top + 0.06, total, size=plan.size, color=FAINT, ha="center", va="bottom")


def _cell(sheet: Sheet, found: Cell, x: float, y: int, step: float, row: float) -> None:
    from matplotlib.patches import Rectangle

    colour = tint(found.score)
    # Of few mentions a square in the middle of the cell
    part = (0.94, 0.9) if found.mentions >= FEW else (min(0.62, 0.62 * row / step), 0.62)
    box = Rectangle((x - part[0] / 2, y - part[1] / 2), *part, facecolor=colour, linewidth=0)
    sheet.axes.add_patch(box)
    text = str(found.mentions)
    size = min(SMALL, sheet.size, row * 72 * part[1] / 1.15, step * 72 / (width(text) + 0.4))
    if size >= LEAST - 1.5:
        sheet.write(x, y, text, size=size, color=on(colour), ha="center", transform=sheet.axes.transData)
