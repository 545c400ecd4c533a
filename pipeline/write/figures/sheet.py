"""A sheet to draw on: a figure of our own with its title, or the axes that somebody gave us."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, ParamSpec

from pipeline.write.figures.style import (
    BODY,
    FAINT,
    INK,
    LEADING,
    LEAST,
    SMALL,
    TITLE,
    drawing,
    letters,
    load_matplotlib,
    on,
    tint,
)
from pipeline.write.figures.text import fit, inches, label

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.transforms import Transform

P = ParamSpec("P")
NewFigure = Callable[[float, float], "Figure"]
"""Makes a white figure of so many inches."""

_EDGE = 0.3
"""Of a figure of our own, in inches."""
_ROOMY = (3.2, 2.2)
"""Inches from which a given axes has room for notes and legends."""


def on_screen(width: float, height: float) -> Figure:
    """Return a figure that a notebook, or ``plt.show()``, shows; where pyplot cannot be used, one that can be saved."""
    try:
        from matplotlib import pyplot

        return pyplot.figure(figsize=(width, height), facecolor="white")
    except ImportError:
        return for_file(width, height)


def for_file(width: float, height: float) -> Figure:
    """Return a figure that nobody else knows of, so that it is gone with its last user."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), facecolor="white")


def styled(plot: Callable[P, Axes]) -> Callable[P, Axes]:
    """Return a plot that draws in our style, whatever the user has set, and leaves that as it was."""

    @wraps(plot)
    def run(*args: P.args, **kwargs: P.kwargs) -> Axes:
        load_matplotlib()
        if kwargs.get("ax") is None and kwargs.get("new_figure", on_screen) is on_screen:
            # A notebook's backend, when first used, sets what must not be taken back with the style
            with suppress(ImportError):
                from matplotlib import pyplot

                pyplot.draw_if_interactive()  # type: ignore[no-untyped-call]
        with drawing():
            return plot(*args, **kwargs)

    return run


@dataclass(frozen=True)
class Sheet:
    """Axes with their measures.

    Attributes:
        axes: to draw on.
        width, height: of the axes, in inches.
        size: of body text, in points.
        own: whether the figure is ours, with a header for title and note.
        foot: inches at the bottom of given axes that ``annotate`` takes.
    """

    axes: Axes
    width: float
    height: float
    size: float
    own: bool
    foot: float

    @property
    def roomy(self) -> bool:
        """Whether there is room for notes and legends."""
        return self.own or (self.width >= _ROOMY[0] and self.height >= _ROOMY[1])

    @cached_property
    def inches(self) -> Transform:
        """From inches, counted from the lower left corner of the axes."""
        from matplotlib.transforms import Affine2D

        return Affine2D().scale(1 / self.width, 1 / self.height) + self.axes.transAxes

    def ems(self, width: float, size: float | None = None) -> float:
        """Return how many ems of type go into so many inches."""
        return width * 72 / (size or self.size)

    def write(self, x: float, y: float, text: str, *, size: float | None = None, color: str = INK, **more: Any) -> None:
        """Write a text at a point in inches; ``more`` is passed on to ``Axes.text``."""
        style: dict[str, Any] = {"transform": self.inches, "va": "center", "linespacing": 1.15} | more
        self.axes.text(x, y, text, **letters(size or self.size, color), **style)

    def rows(self, wanted: int, room: float, row: float, *, extra: float = 0.0, of: int = 0) -> Rows:
        """Return how rows go into ``room`` inches: type shrinks first, then rows are left out.

        Args:
            wanted: rows that there are.
            room: inches, of a sheet of our own always enough.
            row: height that a row should have, in inches.
            extra: further rows, or parts of one, that always stand there.
            of: how many there would be without a limit.
        """
        # Where no note can say what is left out, a row does
        remark = 0 if self.roomy else 1
        height = min(row, room / max(wanted + extra + (remark if of > wanted else 0), 1.0))
        least = LEAST * 1.2 / 72
        if self.own or height >= least:
            return Rows(wanted, height, min(self.size, max(LEAST, height * 72 / 1.2)))
        shown = min(wanted, max(1, int(room / least - extra) - remark))
        return Rows(shown, room / (shown + extra + remark), LEAST)

    def annotate(self, note: str, *more: str, left_out: str = "") -> None:
        """Write how to read the figure: below its title, or at the foot of given axes if these have room.

        What is ``left_out`` is said in any case, at the end of the note.
        """
        note += f"；{left_out}" if left_out else ""
        if self.own:
            figure = self.axes.figure
            width, height = figure.get_figwidth(), figure.get_figheight()  # type: ignore[union-attr]
            lines = "\n".join(fit(line, self.ems(width - 2 * _EDGE, 9.5)) for line in (note, *more) if line)
            # Its place is what the header has kept for it
            top = self.axes.get_position().y1 * height + _GAP + _line(9.5) * (1 + len(more))
            figure.text(_EDGE / width, top / height, lines, va="top", linespacing=1.2, **letters(9.5, FAINT))
        elif self.roomy:
            size = self.foot * 72 / 2 / LEADING
            text = fit("；".join(part.rstrip("。") for part in (note, *more) if part), self.ems(self.width, size), 2)
            self.write(0, 0, text, size=size, color=FAINT, va="bottom")
        elif left_out:
            self.write(0, 0, fit(left_out, self.ems(self.width, LEAST)), size=LEAST, color=FAINT, va="bottom")


class Rows(NamedTuple):
    """How many rows are shown, the height of one in inches, and the size of their type in points."""

    shown: int
    height: float
    size: float


_GAP = 0.16
"""Between the header of a figure and its axes, in inches."""


def _line(size: float) -> float:
    return size * LEADING / 72


def open_sheet(
    ax: Axes | None,
    new_figure: NewFigure,
    title: str,
    subject: str,
    *,
    width: float,
    height: float,
    notes: int = 1,
    left: float = _EDGE,
    bottom: float = _EDGE,
    canvas: bool = True,
) -> Sheet:
    """Return a sheet with its title.

    Args:
        ax: given axes, which keep their place; None for a figure of our own.
        new_figure: makes one.
        title: what is drawn.
        subject: of what: the title of an article.
        width, height: that the axes of a figure of our own have, in inches.
        notes: lines that the header has room for.
        left, bottom: margins of our own figure, in inches.
        canvas: whether the axes show nothing but what is drawn on them: no ticks, no frame.
    """
    whole = f"{title}　{label(subject)}" if subject else title
    if ax is None:
        across = width + left + _EDGE
        heading = fit(whole, (across - 2 * _EDGE) * 72 / TITLE, 2)
        header = 0.3 + _line(TITLE) * (1 + heading.count("\n")) + _line(9.5) * notes + _GAP
        figure = new_figure(across, height + bottom + header)
        up = height + bottom + header
        axes = figure.add_axes((left / across, bottom / up, width / across, height / up))
        figure.text(_EDGE / across, 1 - 0.26 / up, heading, va="top", linespacing=1.2, **letters(TITLE))
        sheet = Sheet(axes, width, height, BODY, own=True, foot=0.0)
    else:
        box = ax.get_window_extent()
        wide, high = box.width / ax.figure.dpi, box.height / ax.figure.dpi
        size = min(BODY, max(LEAST, 3.6 + 0.95 * wide))
        roomy = wide >= _ROOMY[0] and high >= _ROOMY[1]
        sheet = Sheet(
            ax, wide, high, size, own=False, foot=2 * _line(max(LEAST, size - 2)) if roomy and canvas else 0.0
        )
        ax.set_title(
            fit(whole, sheet.ems(wide, size + 1)), loc="left", **letters(size + 1, on(ax.figure.get_facecolor()))
        )
    sheet.axes.set_facecolor("white")
    if canvas:
        for item in (sheet.axes.xaxis, sheet.axes.yaxis, *sheet.axes.spines.values()):
            item.set_visible(False)
    sheet.axes.set_autoscale_on(False)
    return sheet


def message(ax: Axes | None, new_figure: NewFigure, title: str, subject: str, text: str) -> Axes:
    """Return axes that say why there is nothing to draw."""
    shown = label(text)
    lines = fit(shown, 8.0 * 72 / 11, 6).count("\n") + 1
    sheet = open_sheet(ax, new_figure, title, subject, width=8.0, height=_line(11) * lines, notes=0)
    size = min(11.0, sheet.size)
    most = max(1, int(sheet.height / _line(size)))
    sheet.write(0, sheet.height, fit(shown, sheet.ems(sheet.width, size), most), size=size, color=FAINT, va="top")
    return sheet.axes


# Legends


class Key(NamedTuple):
    """An entry of a legend: a mark of matplotlib's, ``"line"``, or ``"scale"`` for that of scores."""

    label: str
    mark: Literal["s", "o", "D", "line", "scale"] = "s"
    colour: str = INK
    edge: str = "none"
    size: float = 8.0


def legend_height(sheet: Sheet | None, keys: Sequence[Key], width: float) -> float:
    """Return the inches that ``legend`` takes up on a sheet, None for one of our own; 0 where there is no room."""
    if sheet and not sheet.roomy:
        return 0.0
    size = _legend_size(sheet) if sheet else SMALL
    return len(_wrapped(keys, width, size)) * _line(size) * 1.15


def legend(sheet: Sheet, keys: Sequence[Key], *, left: float, bottom: float, width: float) -> None:
    """Write a legend with its lower left corner at a point in inches, broken into lines of at most ``width``."""
    from matplotlib.lines import Line2D

    if not sheet.roomy:
        return
    size = _legend_size(sheet)
    lines = _wrapped(keys, width, size)
    scale = size / SMALL
    for number, line in enumerate(lines):
        y = bottom + (len(lines) - number - 0.5) * _line(size) * 1.15
        x = left
        for key in line:
            space = _mark_width(key, scale)
            if key.mark == "scale":
                mark: Artist = _scale(x, y, space, 0.11 * scale)
            elif key.mark == "line":
                mark = Line2D([x, x + space], [y, y], color=key.colour, linewidth=key.size)
            else:
                mark = Line2D(
                    [x + space / 2],
                    [y],
                    marker=key.mark,
                    linestyle="none",
                    markersize=key.size * scale,
                    markerfacecolor=key.colour,
                    markeredgecolor=key.edge,
                    markeredgewidth=0.8,
                )
            mark.set_transform(sheet.inches)
            sheet.axes.add_artist(mark)
            # Legends stand beside the axes as well
            mark.set_clip_on(False)
            sheet.write(x + space + 0.06 * scale, y, key.label, size=size, color=FAINT)
            x += _key_width(key, size)


def _scale(x: float, y: float, width: float, height: float) -> Artist:
    """Return the scale of scores as small rectangles; x and y are the middle of its left end."""
    from matplotlib.collections import PolyCollection

    steps, low, high = 40, y - height / 2, y + height / 2
    # A little wider than a step, lest a reader sees the ground between two
    ends = [(x + width * step / steps, x + width * min(step + 1.2, steps) / steps) for step in range(steps)]
    return PolyCollection(
        [[(left, low), (right, low), (right, high), (left, high)] for left, right in ends],
        facecolors=[tint(2 * step / (steps - 1) - 1) for step in range(steps)],
        linewidths=0,
    )


def _legend_size(sheet: Sheet) -> float:
    return SMALL if sheet.own else max(LEAST, sheet.size - 2)


def _mark_width(key: Key, scale: float) -> float:
    return {"scale": 1.1, "line": 0.3}.get(key.mark, 0.14) * scale


def _key_width(key: Key, size: float) -> float:
    scale = size / SMALL
    return _mark_width(key, scale) + inches(key.label, size) + 0.26 * scale


def _wrapped(keys: Sequence[Key], width: float, size: float) -> list[list[Key]]:
    lines: list[list[Key]] = []
    used = 0.0
    for key in keys:
        needed = _key_width(key, size)
        if not lines or used + needed > width:
            lines.append([])
            used = 0.0
        lines[-1].append(key)
        used += needed
    return lines
