"""Articles side by side: their courses on one scale, and what they say of the concepts that they share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.write.figures.concepts import Cell, heat_map
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
from pipeline.write.figures.style import BAND, BODY, COLOURS, FAINT, LETTERS, SMALL
from pipeline.write.figures.text import fit, inches, label
from pipeline.write.wording import LABELS, signed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pipeline.comparison import ArticleProfile, Comparison

_COURSES, _SHARED = "各篇的情感走势", "各篇怎样谈同一概念"
_ROWS, _COLUMNS = 50, 40
_ROW, _BAR = 0.72, 0.86
"""Height of a row in inches, and what part of it the scores from -1 to 1 take."""
_KEYS = tuple(Key(f"{LABELS[side]}的一节", "s", colour) for side, colour in COLOURS.items())


@styled
def plot_articles(comparison: Comparison, *, ax: Axes | None = None, new_figure: NewFigure = on_screen) -> Axes:
    """Draw the course of each article as a row of bars, one a section, all on one scale from -1 to 1.

    Sections of an article are equally wide, and all articles equally long. At the right stands the score of the whole.

    Args:
        comparison: of the articles.
        ax: to draw on; None for a figure of its own.
        new_figure: makes that one.

    Returns:
        The axes: x is the place in the article from 0 to 1 (titles stand before it), y the index of the article; a
        score s of article i stands at i - 0.43 s.
    """
    articles = comparison.articles[:_ROWS]
    titles = [label(article.title) for article in articles]
    wanted = max(inches(fit(title, 16, 2), BODY) for title in titles)
    sheet = open_sheet(ax, new_figure, _COURSES, "", width=wanted + 0.3 + 6.0 + 0.7, height=_ROW * len(articles) + 0.55)
    line = sheet.size * 1.5 / 72
    low = sheet.foot + legend_height(sheet, _KEYS, sheet.width) + 0.05
    top = sheet.height - line
    rows = sheet.rows(len(articles), top - low, _ROW, of=len(comparison.articles))
    column = min(wanted * rows.size / BODY, 0.4 * sheet.width)
    number = inches("−0.00", rows.size) + 0.1
    left = column + 0.3 * sheet.size / BODY
    room = sheet.width - left - number
    axes = sheet.axes
    axes.set_xlim(-left / room, (sheet.width - left) / room)
    axes.set_ylim(top / rows.height - 0.5, (top - sheet.height) / rows.height - 0.5)
    lines = 2 if rows.height * 72 > 2.4 * rows.size else 1
    small = min(SMALL, rows.size)
    for index, article in enumerate(articles[: rows.shown]):
        y = top - (index + 0.5) * rows.height
        sheet.write(0, y, fit(titles[index], column * 72 / rows.size, lines), size=rows.size)
        sheet.write(sheet.width, y, signed(article.score), size=rows.size, color=LETTERS[article.label], ha="right")
        _course(sheet, article, index)
        if rows.height * 72 > 4 * small:
            for side, text, edge in ((1, "1", "top"), (-1, "−1", "bottom")):
                at = y + side * _BAR / 2 * rows.height
                sheet.write(left - 0.04, at, text, size=small - 2, color=FAINT, ha="right", va=edge)
    heads = ((left, "文首", "left"), (left + room, "文末", "right"), (sheet.width, "全文", "right"))
    for x, text, side_ in heads if sheet.width > 3 else heads[:1]:
        sheet.write(x, top + line / 2, text, size=small, color=FAINT, ha=side_)
    legend(sheet, _KEYS, left=0.0, bottom=sheet.foot, width=sheet.width)
    hidden = len(comparison.articles) - rows.shown
    note = "柱：一节的得分，向上为正面，向下为负面；每篇等长，各节等宽"
    sheet.annotate(note, left_out=f"另有 {hidden} 篇未画出" if hidden else "")
    return axes


def _course(sheet: Sheet, article: ArticleProfile, index: int) -> None:
    axes = sheet.axes
    axes.fill_between([0, 1], index - _BAR / 2, index + _BAR / 2, color=BAND, linewidth=0, zorder=0)
    axes.hlines([index], 0, 1, colors=FAINT, linewidth=0.8)
    count = max(len(article.course), 1)
    gap = min(0.15, 0.006 * count)
    axes.bar(
        [(number + 0.5) / count for number in range(len(article.course))],
        [-_BAR / 2 * point.score for point in article.course],
        bottom=index,
        width=(1 - gap) / count,
        color=[COLOURS[point.label] for point in article.course],
    )


@styled
def plot_shared(comparison: Comparison, *, ax: Axes | None = None, new_figure: NewFigure = on_screen) -> Axes:
    """Draw a heat map of the 20 concepts that most articles speak of (rows) in the articles (columns).

    Colour, number and size of a cell are those of ``concepts.plot_concepts``.

    Args:
        comparison: of the articles.
        ax: to draw on; None for a figure of its own.
        new_figure: makes that one.

    Returns:
        The axes: x is the index of the article, y the rank of the concept from 0.
    """
    uses = comparison.concepts
    names = list(dict.fromkeys(use.concept for use in uses))
    if not names:
        return message(ax, new_figure, _SHARED, "", "各篇都没有提到词表里的概念。")
    place = {name: number for number, name in enumerate(names)}
    count = min(len(comparison.articles), _COLUMNS)
    cells = {(place[use.concept], use.article): Cell(use.mentions, use.score) for use in uses if use.article < count}
    totals = []
    for name in names:
        own = [use for use in uses if use.concept == name]
        mentions = sum(use.mentions for use in own)
        totals.append(Cell(mentions, sum(use.mentions * use.score for use in own) / mentions))
    hidden = len(comparison.articles) - count
    return heat_map(
        ax,
        new_figure,
        (_SHARED, ""),
        rows=names,
        columns=[article.title for article in comparison.articles[:count]],
        cells=cells,
        totals=totals,
        total="合计",
        left_out=[f"{hidden} 篇"] if hidden else [],
    )
