"""The network: concepts, names and key terms, joined where they occur together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from pipeline.model import Edge, Node, NodeKind, Unit
from pipeline.network.selection import Selection, sure
from pipeline.write.drawing import Box, placed
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
from pipeline.write.figures.style import BODY, INK, LEADING, LEAST, MIDDLE, letters, tint
from pipeline.write.figures.text import fit, label, width
from pipeline.write.wording import UNITS, selection

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pipeline.analysis import Analysis

_TITLE = "概念、名称与关键词网络"
_SURE, _UNSURE = "#5A5A5A", "#C4C4C4"
_Mark = Literal["o", "D", "s"]
_MARKS: dict[NodeKind, _Mark] = {"concept": "o", "person": "D", "product": "D", "organisation": "D", "term": "s"}
# Marks of one area seem equally large
_SIDES: dict[_Mark, float] = {"o": 1.0, "D": 0.86, "s": 0.89}
_WIDTH = 10.4
_LABEL = 10
"""Ems of a name."""


class _Plan(NamedTuple):
    """What is drawn, the boxes of its marks with their names (in points, y downwards), and by how much it shrank."""

    chosen: Selection
    nodes: list[Node]
    boxes: dict[str, Box]
    width: float
    height: float
    scale: float


@styled
def plot_network(
    analysis: Analysis,
    *,
    ax: Axes | None = None,
    unit: Unit | None = None,
    nodes: int = 26,
    lines: int = 45,
    new_figure: NewFigure = on_screen,
) -> Axes:
    """Draw the network: which edges, ``settings.links`` says, and the note why these.

    Concepts are circles, people, products and organisations diamonds, key terms squares; the size grows with the units
    that hold them, the colour is the mean score of what is said about them. A line is the wider the more units hold
    both ends, and dark where they met more than once and Fisher's p < 0.05. No mark or name covers another: where given
    axes are too small for all, type and marks shrink, then the weakest edges are left out.

    Args:
        analysis: of the article.
        ax: to draw on; None for a figure of its own.
        unit: within which two must stand; None for that of the settings.
        nodes, lines: at most so many are drawn, at least 2 and 1.
        new_figure: makes a figure.

    Returns:
        The axes; x and y are places on the paper, in inches.

    Raises:
        ValueError: there is no such unit, or ``nodes`` or ``lines`` is too small.
    """
    if nodes < 2 or lines < 1:
        raise ValueError(f"a network has at least 2 nodes and 1 line, not {nodes} and {lines}")
    unit = unit or analysis.settings.unit
    network = analysis.network(unit)
    name = UNITS[unit]
    if not network.nodes:
        return message(ax, new_figure, _TITLE, analysis.title, "文中没有出现概念或关键词。")
    chosen = analysis.drawn(unit, nodes=nodes, lines=lines)
    if not chosen.edges:
        names = "、".join(label(node.name) for node in network.nodes)
        text = f"没有两个概念或关键词出现在同一{name}中。文中有：{names}"
        return message(ax, new_figure, _TITLE, analysis.title, text)
    joined = {end for edge in chosen.edges for end in (edge.source, edge.target)}
    keys = _keys([node for node in network.nodes if node.name in joined], chosen.edges, name)
    if ax is None:
        plan = _roomy(analysis, unit, chosen, len(joined))
        sheet = open_sheet(
            None, new_figure, _TITLE, analysis.title, width=_WIDTH, height=plan.height / 72 + 0.75, notes=2
        )
    else:
        sheet = open_sheet(ax, new_figure, _TITLE, analysis.title, width=1.0, height=1.0)
        below = (sheet.foot + legend_height(sheet, keys, sheet.width)) or LEAST * LEADING / 72
        plan = _shrunk(analysis, unit, chosen, sheet, sheet.height - below)
    keys = _keys(plan.nodes, plan.chosen.edges, name)
    _draw(sheet, plan)
    legend(sheet, keys, left=0.0, bottom=sheet.foot, width=sheet.width)
    met = {end for edge in network.edges for end in (edge.source, edge.target)}
    alone = [label(node.name) for node in network.nodes if node.name not in met]
    note = f"大小：出现的{name}数；颜色：相关说法的平均得分；线的粗细：同{name}出现的次数"
    note += f"；未与其他词同{name}出现：{'、'.join(alone)}" if alone else ""
    said = selection(plan.chosen, unit)
    if sheet.own:
        sheet.annotate(note, said)
    else:
        sheet.annotate(said, note, left_out="" if sheet.roomy else said)
    return sheet.axes


def _keys(nodes: Sequence[Node], edges: Sequence[Edge], unit: str) -> list[Key]:
    """Return the entries of the legend for what is there."""
    marks = {_MARKS[node.kind] for node in nodes}
    names: dict[_Mark, str] = {"o": "概念", "D": "人物、产品、机构", "s": "关键词"}
    keys = [Key(names[mark], mark, MIDDLE, edge=INK, size=9 * _SIDES[mark]) for mark in names if mark in marks]
    firm = {sure(edge) for edge in edges}
    if True in firm:
        keys.append(Key(f"同{unit}两次以上且 p < 0.05", "line", _SURE, size=2.2))
    if False in firm:
        keys.append(Key("其余：可能碰巧", "line", _UNSURE, size=2.2))
    return [*keys, Key("得分 −1 到 +1", "scale")]


def _roomy(analysis: Analysis, unit: Unit, chosen: Selection, count: int) -> _Plan:
    """Return a plan for a figure of our own, whose height follows what is drawn."""
    height = (1.4 + 4.2 * math.sqrt(count / 26)) * 72
    plan = _plan(analysis, unit, chosen, _WIDTH * 72, height, 1.0)
    for _ in range(6):
        if not _overlapping(plan):
            break
        height *= 1.25
        plan = _plan(analysis, unit, chosen, _WIDTH * 72, height, 1.0)
    return plan


def _shrunk(analysis: Analysis, unit: Unit, chosen: Selection, sheet: Sheet, height: float) -> _Plan:
    """Return a plan that finds room in given axes, of which ``height`` inches are free."""
    lines = len(chosen.edges)
    scales: tuple[float, ...] = (sheet.size / BODY, 0.8 * sheet.size / BODY, LEAST / BODY)
    while True:
        for scale in scales:
            plan = _plan(analysis, unit, chosen, sheet.width * 72, height * 72, scale)
            if plan.width <= sheet.width * 72 and plan.height <= height * 72 and not _overlapping(plan):
                return plan._replace(height=height * 72)
        if lines > 1:
            lines = max(1, lines * 2 // 3)
            chosen = analysis.drawn(unit, nodes=max(2, len(plan.nodes) * 3 // 4), lines=lines)
        else:
            scales = tuple(scale * 0.7 for scale in scales)  # nobody reads this, but nothing covers another


def _plan(analysis: Analysis, unit: Unit, chosen: Selection, width_: float, height: float, scale: float) -> _Plan:
    network, positions = analysis.network(unit), analysis.positions(unit)
    joined = {end for edge in chosen.edges for end in (edge.source, edge.target)}
    nodes = [node for node in network.nodes if node.name in joined]
    most = max(node.units for node in nodes)
    boxes = placed(
        nodes,
        chosen.edges,
        positions,
        lambda node: _box(node, most, scale),
        width=width_,
        height=height,
    )
    left = min(box.x - box.half_width for box in boxes)
    top = min(box.y - box.half_height for box in boxes)
    right = max(box.x + box.half_width for box in boxes)
    bottom = max(box.y + box.half_height for box in boxes)
    centred = {box.name: box._replace(x=box.x - left, y=box.y - top) for box in boxes}
    return _Plan(chosen, nodes, centred, right - left, bottom - top, scale)


def _radius(units: int, most: int, scale: float) -> float:
    """Return half the height of a mark in points; its area grows with the units."""
    return (6.0 + 15.0 * math.sqrt(units / max(most, 1))) * scale


def _box(node: Node, most: int, scale: float) -> Box:
    """Return a mark with its name below as a box in points."""
    size = BODY * scale
    text = fit(label(node.name), _LABEL)
    radius = _radius(node.units, most, scale)
    half_width = max(radius, width(text) * size / 2) + 3 * scale
    half_height = radius + size * 0.75 + 2 * scale
    return Box(node.name, text, 0.0, 0.0, half_width, half_height, size, "neutral", node.kind, "")


def _overlapping(plan: _Plan) -> bool:
    boxes = list(plan.boxes.values())
    return any(
        abs(a.x - b.x) < a.half_width + b.half_width - 0.5 and abs(a.y - b.y) < a.half_height + b.half_height - 0.5
        for number, a in enumerate(boxes)
        for b in boxes[number + 1 :]
    )


def _draw(sheet: Sheet, plan: _Plan) -> None:
    from matplotlib.collections import LineCollection
    from matplotlib.patheffects import withStroke

    axes = sheet.axes
    axes.set_xlim(0, sheet.width)
    axes.set_ylim(0, sheet.height)
    # In the middle of what is free
    left = max(0.0, sheet.width - plan.width / 72) / 2
    used = max(box.y + box.half_height for box in plan.boxes.values())
    top = sheet.height - (max(0.0, plan.height - used) / 72) / 2
    most = max(node.units for node in plan.nodes)
    marks: dict[str, tuple[float, float, float]] = {}
    for node in plan.nodes:
        box = plan.boxes[node.name]
        radius = _radius(node.units, most, plan.scale)
        x, y = left + box.x / 72, top - (box.y - box.half_height + radius + plan.scale) / 72
        marks[node.name] = (x, y, radius)
    strongest = max(edge.count for edge in plan.chosen.edges)
    shown = sorted(plan.chosen.edges, key=lambda edge: (sure(edge), edge.count))
    axes.add_collection(
        LineCollection(
            [(marks[edge.source][:2], marks[edge.target][:2]) for edge in shown],
            linewidths=[(1.0 + 4.0 * (edge.count - 1) / max(strongest - 1, 4)) * plan.scale for edge in shown],
            colors=[_SURE if sure(edge) else _UNSURE for edge in shown],
            capstyle="round",
            zorder=1,
        ),
        autolim=False,
    )
    rim = [withStroke(linewidth=2.4 * plan.scale, foreground="white")]
    for node in plan.nodes:
        x, y, radius = marks[node.name]
        mark = _MARKS[node.kind]
        axes.plot(
            [x],
            [y],
            marker=mark,
            markersize=2 * radius * _SIDES[mark] * (0.82 if mark == "D" else 1.0),
            markerfacecolor=tint(node.score),
            markeredgecolor=INK,
            markeredgewidth=0.9 * min(1.0, plan.scale + 0.2),
            linestyle="none",
            zorder=2,
            clip_on=False,
        )
        box = plan.boxes[node.name]
        below = y - (radius + 2 * plan.scale) / 72
        style = letters(box.size)
        axes.text(x, below, box.label, ha="center", va="top", zorder=3, path_effects=rim, **style)
