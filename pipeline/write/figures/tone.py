"""The tone along an article: a bar a sentence, a smoothed line, the sections behind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.model import Sentence
from pipeline.smoothing import reach_of, smoothed
from pipeline.write.figures.sheet import Key, NewFigure, Sheet, legend, message, on_screen, open_sheet, styled
from pipeline.write.figures.style import BAND, COLOURS, FAINT, GRID, INK, LETTERS, SMALL, letters, on
from pipeline.write.figures.text import fit, inches, label
from pipeline.write.figures.text import width as ems_of
from pipeline.write.wording import LABELS, heading

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pipeline.analysis import Analysis

_TITLE = "情感走势"
_KEYS = (
    *(Key(LABELS[side], "s", colour) for side, colour in COLOURS.items()),
    Key("平滑后的走势", "line", INK, size=1.8),
)
_LIMIT = 1.42
"""Of the y axis: a score is at most 1, and above it stands what is said there."""


@styled
def plot_tone(analysis: Analysis, *, ax: Axes | None = None, new_figure: NewFigure = on_screen) -> Axes:
    """Draw the score of each sentence as a bar in reading order, with a smoothed line and the sections behind.

    The bar has the colour of the sentence's label. The line is the mean of a sentence and those around it, weights
    falling linearly. The lowest and the highest sentence are written beside their bars.

    Args:
        analysis: of the article.
        ax: to draw on; None for a figure of its own.
        new_figure: makes that one.

    Returns:
        The axes: x is the index of the sentence, y the score in [-1, 1].
    """
    scored = [(index, sentence) for index, sentence in enumerate(analysis.sentences) if sentence.is_prose]
    if not scored:
        return message(ax, new_figure, _TITLE, analysis.title, "文中没有可以评分的句子。")
    reach = reach_of(len(scored))
    sheet = open_sheet(
        ax, new_figure, _TITLE, analysis.title, width=10.2, height=4.1, left=0.75, bottom=0.8, canvas=False
    )
    axes, count = sheet.axes, len(analysis.sentences)
    axes.set_xlim(-0.5, count - 0.5)
    small = min(SMALL, sheet.size)
    top = _sections(sheet, analysis, small)
    axes.set_ylim(-_LIMIT, top)
    for side, colour in COLOURS.items():
        own = [(index, sentence.polarity.score) for index, sentence in scored if sentence.polarity.label == side]
        # One line collection a colour: an article may have thousands of sentences
        axes.vlines(
            [index for index, _ in own],
            0,
            [score for _, score in own],
            colors=colour,
            linewidth=max(0.4, min(9.0, 0.7 * sheet.width * 72 / count)),
        )
    smooth = smoothed([sentence.polarity.score for _, sentence in scored], reach)
    thick = min(1.8, 0.8 + 0.15 * sheet.width)
    # A white rim, so that the line shows on the bars as well
    for colour, width in (("white", 1.9 * thick), (INK, thick)):
        axes.plot([index for index, _ in scored], smooth, color=colour, linewidth=width)
    axes.axhline(0, color=FAINT, linewidth=0.8)
    _frame(sheet, count, small)
    for side_of_zero, (index, sentence) in (
        (-1, min(scored, key=lambda item: item[1].polarity.score)),
        (1, max(scored, key=lambda item: item[1].polarity.score)),
    ):
        if sentence.polarity.score * side_of_zero > 0:
            _say(sheet, index, sentence, side_of_zero, count, small)
    if sheet.own:
        legend(sheet, _KEYS, left=sheet.width - 3.5, bottom=-0.62, width=sheet.width)
        sheet.annotate(
            f"柱：每句的得分，颜色为判定的倾向；曲线：与前后各 {reach} 句的加权平均；底色：章节；编号同 sentences 表"
        )
    return axes


def _frame(sheet: Sheet, count: int, size: float) -> None:
    from matplotlib.ticker import MaxNLocator

    axes = sheet.axes
    axes.set_axisbelow(True)
    axes.grid(visible=False)
    axes.hlines([-1, -0.5, 0.5, 1], -0.5, count - 0.5, colors=GRID, linewidth=0.8, zorder=0.5)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set(visible=True, color=FAINT, linewidth=0.8)
    # What stands outside the axes stands on the ground of the figure
    ground = on(axes.figure.get_facecolor())
    outside = letters(size, FAINT if ground == INK else ground)
    ys = [-1, -0.5, 0, 0.5, 1] if sheet.height > 1.2 else [-1, 0, 1]
    axes.set_yticks(ys, [f"{y:g}".replace("-", "−") for y in ys], **outside)
    steps = MaxNLocator(nbins=max(2, min(10, int(sheet.width * 1.4))), integer=True, steps=[1, 2, 5, 10])
    ticks = [int(tick) for tick in steps.tick_values(0, max(count - 1, 1)) if 0 <= tick < count]
    axes.set_xticks(ticks, [str(tick) for tick in ticks], **outside)
    axes.tick_params(length=2, color=FAINT)
    if sheet.roomy:
        axes.set_ylabel("得分", **outside)
        axes.set_xlabel("句子编号", **outside)


def _say(sheet: Sheet, index: int, sentence: Sentence, side: int, count: int, size: float) -> None:
    """Write a sentence above or below its bar, centred on it unless it would leave the axes."""
    ems = min(24.0, sheet.ems(sheet.width * 0.9, size))
    text = fit(label(sentence.plain), ems, 2 if sheet.height > 3 else 1)
    half = (inches(text, size) + size / 72) / sheet.width * count / 2
    centre = min(max(float(index), half - 0.5), max(count - 0.5 - half, half - 0.5))
    sheet.axes.annotate(
        text,
        (index, sentence.polarity.score),
        (centre, 1.23 * side),
        ha="center",
        va="center",
        linespacing=1.15,
        arrowprops={
            "arrowstyle": "-",
            "color": FAINT,
            "linewidth": 0.6,
            "shrinkB": 1,
            "relpos": (min(max(0.5 + (index - centre) / (2 * half), 0.0), 1.0), 0.5),
        },
        **letters(size, LETTERS["positive" if side > 0 else "negative"]),
    )


def _sections(sheet: Sheet, analysis: Analysis, size: float) -> float:
    """Shade every other section, write the headings above the scores; return where the y axis ends.

    A heading is left out where hardly a word of it fits; where that happens to most, all sections have their numbers
    instead, as in the tables.
    """
    count = len(analysis.sentences)
    first = {sentence.section: index for index, sentence in reversed(list(enumerate(analysis.sentences)))}
    numbers = sorted(first)
    starts = [first[number] - 0.5 for number in numbers]
    edges = list(zip(starts, [*starts[1:], count - 0.5], strict=True))
    names = [label(heading(analysis.sections[number], number)) for number in numbers]
    labels = fitted(names, [(right - left) / count * sheet.width * 72 / size for left, right in edges])
    lines = max((text.count("\n") + 1 for text in labels if text), default=0)
    # Inches that the headings take, as a part of the axis
    taken = min((lines * size * 1.25 + 8) / 72, sheet.height * 0.4) if lines else 0.0
    top = _LIMIT + 2 * _LIMIT * taken / (sheet.height - taken)
    for number, (text, (left, right)) in enumerate(zip(labels, edges, strict=True)):
        if number % 2 == 0:
            sheet.axes.axvspan(left, right, color=BAND, linewidth=0, zorder=0)
        if text:
            x = ((left + right) / 2 + 0.5) / count * sheet.width
            sheet.write(x, sheet.height - 0.04, text, size=size, color=FAINT, ha="center", va="top")
    return top


def fitted(names: Sequence[str], rooms: Sequence[float]) -> list[str]:
    """Return headings that stand side by side, broken into up to three lines.

    Args:
        names: in reading order.
        rooms: ems that each has.
    """
    fits = [room - 1.2 >= min(4.0, ems_of(name)) for name, room in zip(names, rooms, strict=True)]
    if sum(fits) * 2 < len(fits):
        return _numbers(rooms)
    return [fit(name, room - 1.2, 3) if ok else "" for name, room, ok in zip(names, rooms, fits, strict=True)]


def _numbers(rooms: Sequence[float]) -> list[str]:
    """Return numbers that do not run into each other: all but those of the narrowest, or every second, fifth …."""
    for every in (1, 2, 5, 10, 20, 50):
        labels, end, middle = [""] * len(rooms), 0.0, 0.0
        for number, room in enumerate(rooms):
            half = ems_of(str(number)) / 2 + 0.15
            if number % every == 0 and middle + room / 2 - half >= end:
                labels[number] = str(number)
                end = middle + room / 2 + half
            middle += room
        if sum(map(bool, labels)) * every * 4 >= 3 * len(rooms):
            break
    return labels
