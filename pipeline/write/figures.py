"""Static figures: polarity by section and by sentence, the network, the keywords; each as SVG and PNG.

The Chinese of every label is drawn with Noto Sans SC from the package ``pylopdf-fonts-zh-cn``; in SVG as outlines, so
that it shows on a machine without a Chinese font.
"""

from __future__ import annotations

import importlib
import math
import os
import re
import shutil
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.write.layout import layout
from pipeline.write.values import one_line
from pipeline.write.wording import UNITS, selection

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from pipeline.analysis import Analysis
    from pipeline.model import Label, Node, Section

# A name of its own, so that a Noto of another version on the system cannot take its place
_FAMILY = "fupan Noto Sans SC"
# Okabe and Ito's vermilion and blue: told apart by colour-blind readers, and in grey by their side of zero
_COLOURS: dict[Label, str] = {"negative": "#D55E00", "neutral": "#B4B4B4", "positive": "#0072B2"}
_MIDDLE = "#E4E4E4"
# The same for letters, dark enough on white
_LETTERS: dict[Label, str] = {"negative": "#B24E00", "neutral": "#6B6B6B", "positive": "#0062A3"}
_INK, _FAINT, _GRID, _BAND = "#222222", "#6B6B6B", "#E3E3E3", "#F4F4F1"
_STYLE: dict[str, Any] = {
    "font.family": [_FAMILY, "DejaVu Sans"],
    "font.size": 10,
    "text.parse_math": False,
    "text.color": _INK,
    "axes.edgecolor": _FAINT,
    "axes.labelcolor": _FAINT,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": _FAINT,
    "ytick.color": _FAINT,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "svg.fonttype": "path",
    "svg.hashsalt": "fupan",
}
# Marks that begin, or end, no line
_CLOSING = frozenset("，。、；：！？）》」』”’％,.;:!?)]%")
_OPENING = frozenset("（《「『“‘([")
_DPI = 150
_SMALL = 9.0
# More rows than this make a strip that nobody reads; the tables have them all
_ROWS = 60
_NODES = 40
_LINES = 60


def write_figures(analysis: Analysis, folder: Path) -> None:
    """Draw the figures of an analysis into ``folder/figures``: ``sections``, ``sentences``, ``network``, ``keywords``.

    Each is written as ``.svg`` and ``.png`` (150 dpi); the same analysis gives the same bytes. What an article lacks
    (sections, edges, keywords) its figure says in words. matplotlib's global state is left as it was.
    """
    target = folder / "figures"
    target.mkdir(parents=True, exist_ok=True)
    with _drawing():
        for name, draw in _FIGURES.items():
            figure = draw(analysis)
            figure.savefig(target / f"{name}.png", dpi=_DPI, metadata={"Software": None})
            figure.savefig(target / f"{name}.svg", metadata={"Date": None, "Creator": "fupan"})


def load_matplotlib(*, scan_fonts: bool = True) -> None:
    """Import matplotlib and make the Chinese font known to it; happens once, at the latest when a figure is drawn.

    matplotlib keeps a configuration and a cache folder; where nobody has imported it yet it is given a private one,
    which is gone when this returns, so that neither the user's home nor the temporary folder keeps anything.

    Args:
        scan_fonts: whether matplotlib may list the fonts of the system, which takes it up to seconds. A process that
            draws nothing but these figures (the command line) needs none; in a notebook the user's own plots may.
    """
    if "matplotlib" not in sys.modules:
        before = os.environ.get("MPLCONFIGDIR")
        private = tempfile.mkdtemp(prefix="fupan-matplotlib-")
        os.environ["MPLCONFIGDIR"] = private
        try:
            importlib.import_module("matplotlib")
            if not scan_fonts:
                _write_font_list(Path(private))
            importlib.import_module("matplotlib.font_manager")
        finally:
            if before is None:
                del os.environ["MPLCONFIGDIR"]
            else:
                os.environ["MPLCONFIGDIR"] = before
            shutil.rmtree(private, ignore_errors=True)
    from dataclasses import replace

    from matplotlib import get_data_path
    from matplotlib.font_manager import fontManager
    from pylopdf_fonts_zh_cn import sans_path

    fonts = fontManager.ttflist
    if any(font.name == _FAMILY for font in fonts):
        return
    if not any(font.name == "DejaVu Sans" for font in fonts):
        fontManager.addfont(Path(get_data_path(), "fonts", "ttf", "DejaVuSans.ttf"))
    known = len(fonts)
    fontManager.addfont(sans_path())
    fonts[known:] = [replace(fonts[known], name=_FAMILY)]


def _write_font_list(folder: Path) -> None:
    """Put an empty font list where matplotlib looks for its cached one; where its form has changed it scans as ever."""
    import json
    from importlib.util import find_spec

    spec = find_spec("matplotlib.font_manager")
    if spec is None or spec.origin is None:
        return
    found = re.search(r"__version__ = '([\d.]+)'", Path(spec.origin).read_text(encoding="utf-8"))
    if found:
        empty: dict[str, object] = {
            "_version": found[1],
            "_FontManager__default_weight": "normal",
            "default_size": None,
            "defaultFamily": {"ttf": "DejaVu Sans", "afm": "Helvetica"},
            "afmlist": [],
            "ttflist": [],
            "__class__": "FontManager",
        }
        (folder / f"fontlist-v{found[1]}.json").write_text(json.dumps(empty), encoding="utf-8")


@contextmanager
def _drawing() -> Iterator[None]:
    """Draw under this module's own style, whatever the user's matplotlibrc says."""
    load_matplotlib()
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        style: Any = _STYLE  # the stubs ask for a dict of literal keys
        matplotlib.rcParams.update(style)
        yield


# Labels


@lru_cache(maxsize=1)
def _glyphs() -> frozenset[int]:
    from matplotlib.font_manager import get_font
    from pylopdf_fonts_zh_cn import sans_path

    return frozenset(get_font(str(sans_path())).get_charmap())


def _label(text: str) -> str:
    """Return ``text`` on one line, with what the font can draw.

    Marks that are not there to be seen and pictures that the font lacks are left out; a letter that it lacks is a 〓,
    the printers' mark for one.
    """
    glyphs = _glyphs()
    shown = [
        character if ord(character) in glyphs else "〓"
        for character in one_line(text)
        if (category := unicodedata.category(character)) != "Cf" and (ord(character) in glyphs or category[0] in "LN")
    ]
    return " ".join("".join(shown).split()) or "—"


def _ems(character: str) -> float:
    """Return about how wide a character of Noto Sans SC is, in units of the font size."""
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    return 0.7 if character.isupper() else 0.58


def _width(text: str) -> float:
    return sum(map(_ems, text))


def _fit(text: str, ems: float, lines: int = 1) -> str:
    """Return ``text`` broken into at most ``lines`` lines of at most ``ems``, what is left over as an ellipsis.

    Lines are about equally long, so that the last is not a single character.
    """
    made = _break(text, ems, lines)
    for step in range(1, int(ems) if len(made) > 1 else 1):
        narrower = _break(text, ems - step / 2, lines)
        cut = any((a[-1:] + b[:1]).isascii() and (a[-1:] + b[:1]).isalnum() for a, b in pairwise(narrower))
        if len(narrower) != len(made) or narrower[-1].endswith("…") or cut:
            break
        made = narrower
    return "\n".join(made)


def _break(text: str, ems: float, lines: int) -> list[str]:
    made: list[str] = []
    rest = text
    while rest and _width(rest) > ems and len(made) < lines:
        last = len(made) == lines - 1
        room, used = (ems - 1.0 if last else ems), 0
        while used < len(rest) and (room := room - _ems(rest[used])) >= 0:
            used += 1
        if not last:
            used = _breakable(rest, used)
        made.append(rest[: max(used, 1)].rstrip() + ("…" if last else ""))
        rest = rest[max(used, 1) :].lstrip()
    return [*made, rest] if rest and len(made) < lines else made


def _breakable(text: str, used: int) -> int:
    """Return where to break at or before ``used``: not within a Latin word or number, nor before a closing mark.

    It is ``used`` itself where there is no such place.
    """
    for cut in range(used, 0, -1):
        pair = text[cut - 1 : cut + 1]
        if not (pair.isascii() and pair.isalnum()) and pair[1:] not in _CLOSING and pair[0] not in _OPENING:
            return cut
    return used


def _heading(section: Section) -> str:
    return _label(section.heading) if section.heading else "开篇" if section.kind == "intro" else "（无标题）"


def _signed(number: float) -> str:
    return f"{number:+.2f}".replace("-", "−") if abs(number) >= 0.005 else "0.00"


def _more(hidden: int, what: str) -> str:
    return f"；另有 {hidden} {what}未画出" if hidden > 0 else ""


# Figures


def _sheet(width: float, height: float, analysis: Analysis, title: str, note: str) -> Figure:
    """Return an empty figure (inches) with its title and a line that says how to read it."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height))
    room = (width - 0.5) * 72
    _text(figure, 0.25, height - 0.38, _fit(f"{title}　{_label(analysis.title)}", room / 15), size=15)
    _text(figure, 0.25, height - 0.66, _fit(note, room / 9.5), size=9.5, color=_FAINT)
    return figure


def _text(figure: Figure, x: float, y: float, text: str, **style: Any) -> None:
    """Write a text with its base line at a point in inches."""
    width, height = figure.get_size_inches()
    figure.text(x / width, y / height, text, **style)


def _axes(figure: Figure, left: float, bottom: float, right: float, top: float) -> Axes:
    """Return axes between margins in inches."""
    width, height = figure.get_size_inches()
    box = (left / width, bottom / height, (width - left - right) / width, (height - bottom - top) / height)
    return figure.add_axes(box)


def _message(analysis: Analysis, title: str, message: str) -> Figure:
    text = _fit(_label(message), 47, lines=6)
    height = 1.2 + 0.2 * text.count("\n")
    figure = _sheet(8, height, analysis, title, "")
    _text(figure, 0.25, height - 0.62, text, size=11, color=_FAINT, va="top")
    return figure


def _draw_sections(analysis: Analysis) -> Figure:
    """Draw for each section the mean probabilities as a bar to both sides, and their difference as a dot."""
    title = "各节的情感倾向"
    if not analysis.sections:
        return _message(analysis, title, "文中没有可以分析的章节。")
    sections = analysis.sections[:_ROWS]
    size, most = 10.0, 24.0
    labels = []
    for section in sections:
        indent = "　" * min(max(section.level - 1, 0), 3)
        lines = _fit(_heading(section), most - len(indent), lines=2).split("\n")
        labels.append("\n".join(indent + line for line in lines))
    labels.append("全文")
    polarities = [section.polarity for section in sections] + [analysis.polarity]
    column = max(4.0, *(_width(line) for label in labels for line in label.split("\n"))) * size / 72
    row = 0.42 if any("\n" in label for label in labels) else 0.34
    # A little room before the row of the article as a whole
    places = [*range(len(sections)), len(sections) + 0.35]
    note = "左：负面，右：正面（节内各句概率的平均值，其余为中性）；菱形：净分 = 正面 − 负面"
    note += _more(len(analysis.sections) - len(sections), "节")
    top, bottom = 1.0, 0.55
    height = top + bottom + row * (places[-1] + 1)
    figure = _sheet(column + 6.4, height, analysis, title, note)
    axes = _axes(figure, 0.25 + column + 0.12, bottom, 0.95, top)
    axes.barh(places, [-p.negative for p in polarities], height=0.62, color=_COLOURS["negative"])
    axes.barh(places, [p.positive for p in polarities], height=0.62, color=_COLOURS["positive"])
    axes.plot(
        [p.score for p in polarities], places, "D", color="white", markeredgecolor=_INK, markersize=6, clip_on=False
    )
    axes.axvline(0, color=_INK, linewidth=0.9)
    axes.axhline(len(sections) - 0.33, color=_GRID, linewidth=1)
    axes.set_xlim(-1, 1)
    axes.set_ylim(places[-1] + 0.5, -0.5)
    # Flush left, so that the indent shows the level
    axes.set_yticks(places, labels, fontsize=size, color=_INK, ha="left")
    axes.tick_params(axis="y", pad=column * 72 + 8)
    axes.set_xticks([-1, -0.5, 0, 0.5, 1], ["−1", "−0.5", "0", "0.5", "1"])
    axes.grid(axis="x", color=_GRID, linewidth=0.8)
    axes.tick_params(length=0)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.text(
        -0.5, 1, "负面", transform=axes.get_xaxis_transform(), ha="center", va="bottom", color=_LETTERS["negative"]
    )
    axes.text(
        0.5, 1, "正面", transform=axes.get_xaxis_transform(), ha="center", va="bottom", color=_LETTERS["positive"]
    )
    axes.text(1.04, 1, "净分", transform=axes.get_xaxis_transform(), va="bottom", color=_FAINT)
    for place, polarity in zip(places, polarities, strict=True):
        axes.text(1.04, place, _signed(polarity.score), va="center", color=_LETTERS[polarity.label])
    return figure


def _draw_sentences(analysis: Analysis) -> Figure:
    """Draw the score of each sentence as a bar in reading order, with a smoothed curve and the sections behind."""
    from matplotlib.patches import Patch
    from matplotlib.ticker import MaxNLocator

    title = "逐句情感曲线"
    scored = [(i, s) for i, s in enumerate(analysis.sentences) if s.is_prose]
    if not scored:
        return _message(analysis, title, "文中没有可以评分的句子。")
    reach = max(2, len(scored) // 25)
    note = f"柱：每句的得分，颜色为判定的倾向；曲线：与前后各 {reach} 句的加权平均；底色：章节；句子编号同 sentences 表"
    count = len(analysis.sentences)
    first = {s.section: i for i, s in reversed(list(enumerate(analysis.sentences)))}
    numbers = sorted(first)
    starts = [first[number] - 0.5 for number in numbers]
    edges = list(zip(starts, [*starts[1:], count - 0.5], strict=True))
    shaded, above = _headings([analysis.sections[number] for number in numbers], edges, 10.0 / count)
    figure = _sheet(11, 4.7 + above, analysis, title, note)
    axes = _axes(figure, 0.75, 0.75, 0.25, 0.95 + above)
    _shade(axes, shaded)
    names: dict[Label, str] = {"negative": "负面", "neutral": "中性", "positive": "正面"}
    for label, colour in _COLOURS.items():
        own = [(i, s.polarity.score) for i, s in scored if s.polarity.label == label]
        # One line collection a colour: an article may have thousands of sentences
        axes.vlines(
            [i for i, _ in own],
            0,
            [score for _, score in own],
            colors=colour,
            linewidth=max(0.4, min(9.0, 0.7 * 720 / count)),
        )
    axes.plot([i for i, _ in scored], _smooth([s.polarity.score for _, s in scored], reach), color=_INK, linewidth=1.8)
    axes.axhline(0, color=_FAINT, linewidth=0.8)
    axes.set_xlim(-0.5, count - 0.5)
    axes.set_ylim(-1.25, 1.25)
    axes.set_yticks([-1, -0.5, 0, 0.5, 1], ["−1", "−0.5", "0", "0.5", "1"])
    axes.set_ylabel("得分")
    axes.set_xlabel("句子编号")
    ticks = MaxNLocator(integer=True, steps=[1, 2, 5, 10]).tick_values(0, max(count - 1, 1))
    axes.set_xticks([int(tick) for tick in ticks if 0 <= tick < count])
    axes.tick_params(length=2)
    axes.grid(axis="y", color=_GRID, linewidth=0.8)
    axes.legend(
        handles=[Patch(color=colour, label=names[label]) for label, colour in _COLOURS.items()],
        loc="upper right",
        bbox_to_anchor=(1, -0.08),
        ncols=3,
        frameon=False,
        fontsize=_SMALL,
        handlelength=0.9,
        borderpad=0,
    )
    low = min(scored, key=lambda item: item[1].polarity.score)
    high = max(scored, key=lambda item: item[1].polarity.score)
    for (index, sentence), side in ((low, -1), (high, 1)):
        if sentence.polarity.score * side > 0:
            text = _fit(_label(sentence.plain), 24)
            # Centred on its sentence unless it would leave the axes; the line stays upright
            half = (_width(text) + 1) * 8.5 / 720 * count / 2
            centre = min(max(float(index), half - 0.5), max(count - 0.5 - half, half - 0.5))
            axes.annotate(
                text,
                (index, sentence.polarity.score),
                (centre, 1.15 * side),
                fontsize=8.5,
                ha="center",
                va="center",
                color=_LETTERS["positive" if side > 0 else "negative"],
                arrowprops={
                    "arrowstyle": "-",
                    "color": _FAINT,
                    "linewidth": 0.6,
                    "shrinkB": 1,
                    "relpos": (0.5 + (index - centre) / (2 * half), 0.5),
                },
            )
    return figure


def _shade(axes: Axes, sections: Sequence[tuple[str, float, float]]) -> None:
    """Shade every other section, given as label, left and right edge on the x axis; the labels stand above."""
    for number, (label, left, right) in enumerate(sections):
        if number % 2 == 0:
            axes.axvspan(left, right, color=_BAND, linewidth=0, zorder=0)
        if label:
            axes.text(
                (left + right) / 2,
                1.02,
                label,
                transform=axes.get_xaxis_transform(),
                ha="center",
                va="bottom",
                fontsize=_SMALL,
                color=_FAINT,
            )


def _headings(
    sections: Sequence[Section], edges: Sequence[tuple[float, float]], inches: float
) -> tuple[list[tuple[str, float, float]], float]:
    """Return sections for ``_shade`` with their headings, and the inches that these take up.

    A heading is left out where hardly a word of it fits; where that happens to most, all sections have their numbers
    instead, as in the tables.

    Args:
        sections: in reading order.
        edges: left and right edge of each on the x axis.
        inches: width of one unit of the x axis.
    """
    rooms = [(right - left) * inches * 72 / _SMALL - 0.4 for left, right in edges]
    whole = [_heading(section) for section in sections]
    fits = [room >= min(4.0, _width(heading)) for room, heading in zip(rooms, whole, strict=True)]
    if sum(fits) * 2 < len(fits):
        labels = [str(n) if _width(str(n)) <= room else "" for n, room in enumerate(rooms)]
    else:
        labels = [_fit(h, room, lines=3) if fit else "" for h, room, fit in zip(whole, rooms, fits, strict=True)]
    lines = max((label.count("\n") + 1 for label in labels if label), default=0)
    shaded = [(label, left, right) for label, (left, right) in zip(labels, edges, strict=True)]
    return shaded, lines * _SMALL * 1.2 / 72 + 0.1


def _smooth(values: Sequence[float], reach: int) -> list[float]:
    """Return the mean of each value and ``reach`` on both sides, weights falling linearly; ends use what there is."""
    weights = [1 - abs(step) / (reach + 1) for step in range(-reach, reach + 1)]
    smooth = []
    for index in range(len(values)):
        near = range(max(0, index - reach), min(len(values), index + reach + 1))
        own = [weights[place - index + reach] for place in near]
        smooth.append(sum(w * values[place] for w, place in zip(own, near, strict=True)) / sum(own))
    return smooth


def _draw_network(analysis: Analysis) -> Figure:
    """Draw concepts as circles and key terms as squares: size by units, colour by mean score, lines by count."""
    from matplotlib.collections import LineCollection
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.patheffects import withStroke

    title = "概念、名称与关键词网络"
    unit = analysis.settings.unit
    network = analysis.network(unit)
    name = UNITS[unit]
    if not network.nodes:
        return _message(analysis, title, "文中没有出现概念或关键词。")
    chosen = analysis.drawn(unit, nodes=_NODES, lines=_LINES)
    edges = chosen.edges
    if not edges:
        names = "、".join(_label(node.name) for node in network.nodes)
        return _message(analysis, title, f"没有两个概念或关键词出现在同一{name}中。文中有：{names}")
    joined = {end for edge in edges for end in (edge.source, edge.target)}
    nodes = [node for node in network.nodes if node.name in joined]

    met = {end for edge in network.edges for end in (edge.source, edge.target)}
    alone = [_label(node.name) for node in network.nodes if node.name not in met]
    left, bottom, right, top = 0.3, 1.0 if alone else 0.75, 0.3, 1.15
    width, height = 10.0, bottom + 3.0 + 4.4 * math.sqrt(len(nodes) / _NODES)
    note = f"大小：出现的{name}数；颜色：相关说法的平均得分；线：同{name}出现的次数"
    figure = _sheet(width, height, analysis, title, note)
    _text(figure, 0.25, height - 0.86, _fit(selection(chosen, unit), (width - 0.5) * 72 / 9.5), size=9.5, color=_FAINT)
    axes = _axes(figure, left, bottom, right, top)
    room = (width - left - right, height - bottom - top)
    axes.set_xlim(0, room[0])
    axes.set_ylim(0, room[1])
    axes.axis("off")
    most = max(node.units for node in nodes)
    radius = {node.name: 0.09 + 0.25 * math.sqrt(node.units / max(most, 1)) for node in nodes}
    size = 10.0
    labels = {node.name: _fit(_label(node.name), 10) for node in nodes}
    graph = analysis.graph(unit).edge_subgraph([(edge.source, edge.target) for edge in edges])
    points = _spread(
        layout(graph), nodes, radius, {key: _width(text) * size / 72 for key, text in labels.items()}, room
    )

    strongest = max(edge.count for edge in edges)
    shown = sorted(edges, key=lambda edge: edge.count)
    axes.add_collection(
        LineCollection(
            [(points[edge.source], points[edge.target]) for edge in shown],
            linewidths=[0.8 + 4.2 * (edge.count - 1) / max(strongest - 1, 4) for edge in shown],
            colors="#A9A9A9",
            alpha=0.7,
            capstyle="round",
            zorder=1,
        )
    )
    colours = LinearSegmentedColormap.from_list("fupan", [_COLOURS["negative"], _MIDDLE, _COLOURS["positive"]])
    halo = [withStroke(linewidth=2.5, foreground="white")]
    for node in nodes:
        x, y = points[node.name]
        _mark(
            axes,
            node.kind == "concept",
            x,
            y,
            radius[node.name],
            colours((node.score + 1) / 2) if math.isfinite(node.score) else _MIDDLE,
        )
        below = y - radius[node.name] - 0.04
        label = labels[node.name]
        axes.text(x, below, label, ha="center", va="top", fontsize=size, zorder=3, path_effects=halo)
    _network_legend(figure, colours, f"未与其他词同{name}出现：{'、'.join(alone)}" if alone else "")
    return figure


def _mark(axes: Axes, concept: bool, x: float, y: float, radius: float, colour: Any) -> None:
    from matplotlib.patches import Circle, FancyBboxPatch

    style: dict[str, Any] = {"facecolor": colour, "edgecolor": _INK, "linewidth": 0.9, "zorder": 2}
    if concept:
        axes.add_patch(Circle((x, y), radius, **style))
    else:
        half = radius * 0.8
        box = FancyBboxPatch((x - half, y - half), 2 * half, 2 * half, boxstyle="square,pad=0", **style)
        axes.add_patch(box)


def _network_legend(figure: Figure, colours: Any, remark: str) -> None:
    from matplotlib.patches import Rectangle

    width, height = figure.get_size_inches()
    bottom = 0.3 if remark else 0.05
    low = _axes(figure, 0.3, bottom, 0.3, height - bottom - 0.6)
    low.set_xlim(0, width - 0.6)
    low.set_ylim(0, 0.6)
    low.axis("off")
    _mark(low, True, 0.12, 0.45, 0.1, _MIDDLE)
    low.text(0.3, 0.45, "概念", va="center")
    _mark(low, False, 0.97, 0.45, 0.1, _MIDDLE)
    low.text(1.15, 0.45, "名称、关键词", va="center")
    steps = 60
    for step in range(steps):
        low.add_patch(
            Rectangle((2.6 + step * 0.03, 0.38), 0.031, 0.14, facecolor=colours(step / (steps - 1)), linewidth=0)
        )
    low.text(2.52, 0.45, "负面 −1", va="center", ha="right", color=_FAINT, fontsize=9)
    low.text(2.6 + steps * 0.03 + 0.08, 0.45, "+1 正面", va="center", color=_FAINT, fontsize=9)
    low.text(0, 0.08, _fit(remark, (width - 0.6) * 72 / _SMALL), va="center", color=_FAINT, fontsize=_SMALL)


def _spread(
    points: dict[str, tuple[float, float]],
    nodes: Sequence[Node],
    radius: dict[str, float],
    widths: dict[str, float],
    room: tuple[float, float],
) -> dict[str, tuple[float, float]]:
    """Return points in inches within ``room`` such that no mark or label covers another.

    Each node is a box around its mark and the label below; overlapping boxes push each other apart along the axis where
    that takes least, until none overlap or 400 rounds have passed.
    """
    import numpy as np

    label = 0.22
    names = [node.name for node in nodes]
    half = np.array([[max(radius[name], widths[name] / 2) + 0.07, radius[name] + label / 2 + 0.04] for name in names])
    # The centre of a box lies half a label below that of its mark
    shift = np.array([0.0, -label / 2])
    lower, upper = half, np.array(room) - half
    raw = np.array([points[name] for name in names])
    place = (raw - raw.min(axis=0)) / np.maximum(raw.max(axis=0) - raw.min(axis=0), 1e-9)
    # Halfway to equal steps: a far outlier must not press all others into a corner
    order = np.argsort(np.argsort(raw, axis=0, kind="stable"), axis=0, kind="stable") / max(len(names) - 1, 1)
    where = (place + order) / 2 * (upper - lower).clip(0.1) + lower
    size = len(names)
    for _ in range(400):
        gap = where[:, None] - where[None]
        overlap = half[:, None] + half[None] - np.abs(gap)
        hit = (overlap > 1e-3).all(axis=2) & ~np.eye(size, dtype=bool)
        if not hit.any():
            break
        along = np.argmin(overlap, axis=2)
        direction = np.where(gap >= 0, 1.0, -1.0)
        # Two boxes on one spot part by their order
        tie = (gap == 0) & (np.arange(size)[:, None] < np.arange(size)[None])[:, :, None]
        direction = np.where(tie, -1.0, direction)
        push = np.zeros_like(gap)
        for axis in (0, 1):
            push[:, :, axis] = np.where(hit & (along == axis), overlap[:, :, axis] * direction[:, :, axis], 0.0)
        where = np.clip(where + 0.5 * push.sum(axis=1).clip(-0.4, 0.4), lower, np.maximum(upper, lower))
    where = where - shift
    return {name: (float(x), float(y)) for name, (x, y) in zip(names, where, strict=True)}


def _draw_keywords(analysis: Analysis) -> Figure:
    """Draw the salience of the article's keywords as bars, and beside each where in the article it occurs."""
    title = "关键词及其分布"
    keywords = analysis.keywords[:30]
    if not keywords or not analysis.sections:
        return _message(analysis, title, "文中没有找到关键词。")
    note = "左：重要度（右端数字为出现次数）；右：在文中出现的位置，底色为章节（标题写不下时标编号）"
    note += _more(len(analysis.keywords) - len(keywords), "个关键词")
    size = 10.0
    labels = [_fit(_label(keyword.term), 12) for keyword in keywords]
    column = max(map(_width, labels)) * size / 72
    width, bars = 11.0, 3.0
    left = 0.25 + column + 0.12
    begin, end = analysis.sections[0].start, analysis.sections[-1].end
    extent = max(end - begin, 1)
    edges = [((section.start - begin) / extent, (section.end - begin) / extent) for section in analysis.sections]
    shaded, above = _headings(analysis.sections, edges, width - left - bars - 0.5)
    top, bottom, row = 0.95 + above, 0.5, 0.27
    height = top + bottom + row * len(keywords)
    figure = _sheet(width, height, analysis, title, note)
    axes = _axes(figure, left, bottom, width - left - bars, top)
    places = range(len(keywords))
    finite = [keyword.score if math.isfinite(keyword.score) else 0.0 for keyword in keywords]
    limit = max(*finite, 1e-9, key=abs)
    axes.barh(places, finite, height=0.66, color="#7A8CA0")
    for place, (keyword, score) in enumerate(zip(keywords, finite, strict=True)):
        axes.text(max(score, 0) + limit * 0.02, place, f"{keyword.count}", va="center", fontsize=9, color=_FAINT)
    axes.set_xlim(min(0.0, *finite), limit * 1.12)
    axes.set_yticks(places, labels, fontsize=size, color=_INK)
    axes.set_xticks([])
    axes.tick_params(length=0)
    axes.spines[["bottom"]].set_visible(False)
    strip = _axes(figure, left + bars + 0.25, bottom, 0.25, top)
    _shade(strip, shaded)
    for number in places:
        strip.axhline(number, color=_GRID, linewidth=0.6, zorder=0.5)
    xs = [(start - begin) / extent for keyword in keywords for start, _ in keyword.spans]
    ys = [place for place, keyword in enumerate(keywords) for _ in keyword.spans]
    strip.vlines(xs, [y - 0.33 for y in ys], [y + 0.33 for y in ys], colors=_INK, linewidth=1.6, alpha=0.75)
    strip.set_xlim(0, 1)
    strip.set_yticks([])
    strip.set_xticks([0, 0.25, 0.5, 0.75, 1], ["文首", "25%", "50%", "75%", "文末"])
    strip.tick_params(length=0)
    strip.spines[["left", "bottom"]].set_visible(False)
    for one in (axes, strip):
        one.set_ylim(len(keywords) - 0.4, -0.6)
    return figure


_FIGURES: dict[str, Callable[[Analysis], Figure]] = {
    "sections": _draw_sections,
    "sentences": _draw_sentences,
    "network": _draw_network,
    "keywords": _draw_keywords,
}
