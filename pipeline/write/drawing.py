"""The network as a drawing: names in boxes that do not overlap, joined by lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import log, sqrt
from typing import TYPE_CHECKING, NamedTuple

from pipeline.model import Edge, Network, Node, Position
from pipeline.network.selection import sure
from pipeline.write.layout import layout
from pipeline.write.wording import cut, side, signed

if TYPE_CHECKING:
    import networkx

_GAP = 7.0
_TIGHT = 0.8
_PHONE = 500.0
_BETWEEN = 26.0
"""Space between parts of the network that no edge joins."""
_PASSES = 120


class Box(NamedTuple):
    """A node as drawn: centre, half its width and height, the size of its type, and the side of its score."""

    name: str
    label: str
    x: float
    y: float
    half_width: float
    half_height: float
    size: float
    side: str
    kind: str
    note: str


class Link(NamedTuple):
    """An edge as drawn; ``sure`` as in ``network.selection``."""

    source: str
    target: str
    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    sure: bool


class Drawing(NamedTuple):
    """A view box (left, top, width, height) with what stands in it."""

    left: float
    top: float
    width: float
    height: float
    boxes: tuple[Box, ...]
    links: tuple[Link, ...]


def draw(
    network: Network, positions: Mapping[str, Position], edges: Sequence[Edge], *, width: float, height: float
) -> Drawing | None:
    """Return the drawing of edges of a network with their nodes; None where there are none.

    Args:
        network: that they belong to.
        positions: of its nodes; neighbours in a community start next to each other.
        edges: that are drawn, strongest first (``network.selection.select``).
        width, height: of the space in pixels; boxes that find no room may reach a little beyond the height.
    """
    joined = {name for edge in edges for name in (edge.source, edge.target)}
    shown = [node for node in network.nodes if node.name in joined]
    if not shown:
        return None
    most = max(node.units for node in shown)
    boxes = placed(
        shown, edges, positions, lambda node: _box(node, most, small=width < _PHONE), width=width, height=height
    )
    place = {box.name: box for box in boxes}
    top_count = max(edge.count for edge in edges)
    links = tuple(
        Link(
            edge.source,
            edge.target,
            place[edge.source].x,
            place[edge.source].y,
            place[edge.target].x,
            place[edge.target].y,
            round(1.0 + 4.0 * sqrt(edge.count / top_count), 1),
            sure(edge),
        )
        for edge in reversed(edges)  # the strongest on top
    )
    left = min(box.x - box.half_width for box in boxes) - 4
    top = min(box.y - box.half_height for box in boxes) - 4
    right = max(box.x + box.half_width for box in boxes) + 4
    bottom = max(box.y + box.half_height for box in boxes) + 4
    # A few short names are centred in the space, not blown up to fill it
    spare = max(0.0, width - (right - left)) / 2
    return Drawing(
        round(left - spare, 1), round(top, 1), round(right - left + 2 * spare, 1), round(bottom - top, 1), boxes, links
    )


def placed(
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    positions: Mapping[str, Position],
    box: Callable[[Node], Box],
    *,
    width: float,
    height: float,
) -> tuple[Box, ...]:
    """Return boxes, one a node, at places where they do not overlap: those that are joined near each other.

    Args:
        nodes: each with an edge, at least one.
        edges: strongest first.
        positions: of the nodes; neighbours in a community start next to each other.
        box: of a node, wherever; its size counts, with a margin of 3.5 around it.
        width, height: of the space; boxes that find no room may reach beyond the height.
    """
    import networkx

    graph = _graph(nodes, edges, positions)
    parts = []
    for part in networkx.connected_components(graph):
        # A part gets its share of the space; laid out together, small parts would push each other to the far corners
        share = sqrt(len(part) / len(nodes))
        members = [node for node in nodes if node.name in part]
        # Not graph.subgraph: it iterates over a set, in another order in each process
        points = layout(_graph(members, [edge for edge in edges if edge.source in part], positions))
        room = width if len(part) == len(nodes) else width * share * _TIGHT
        boxes = [_moved(box(node), points[node.name], room, height * share) for node in members]
        parts.append(_separate(boxes, room))
    return _pack(parts, width)


def _graph(nodes: Sequence[Node], edges: Sequence[Edge], positions: Mapping[str, Position]) -> networkx.Graph[str]:
    import networkx

    graph: networkx.Graph[str] = networkx.Graph()
    for node in nodes:
        graph.add_node(node.name, community=positions[node.name].community)
    graph.add_edges_from((edge.source, edge.target, {"count": edge.count}) for edge in edges)
    return graph


def _moved(box: Box, point: tuple[float, float], width: float, height: float) -> Box:
    """Return a box at a point of the layout, stretched to ``width`` × ``height``."""
    x, y = (
        (at + 1) / 2 * (room - 2 * half) + half
        for at, room, half in zip(point, (width, height), (box.half_width, box.half_height), strict=True)
    )
    return box._replace(x=x, y=y)


def _box(node: Node, most: int, *, small: bool) -> Box:
    """Return the box of a node, not placed yet; ``most`` units make the largest type, ``small`` is for a phone."""
    least, largest = (11.0, 17.0) if small else (12.5, 23.0)
    size = least + (largest - least) * log(1 + node.units) / log(1 + max(1, most))
    if node.kind != "concept":
        size = max(least, size - 2)
    label = cut(node.name, 10)
    return Box(
        node.name,
        label,
        0.0,
        0.0,
        round((size * _ems(label) + size * 0.9) / 2, 1),
        round(size * 0.82, 1),
        round(size, 1),
        side(node.score),
        node.kind,
        f"{node.name}：{node.mentions} 次，均分 {signed(node.score)}",
    )


def _ems(text: str) -> float:
    """Return the width of a text in ems: Chinese characters are 1 wide, Latin ones a little over half."""
    return sum(0.6 if character < "\u2e80" else 1.0 for character in text)


def _separate(boxes: Sequence[Box], width: float) -> tuple[Box, ...]:
    """Push overlapping boxes apart, each pair along the axis on which it overlaps less, keeping within the width.

    What has found no room on its line after half of the passes moves up or down, where there is room without end.
    """
    size = len(boxes)
    xs, ys = [box.x for box in boxes], [box.y for box in boxes]
    halves = [(box.half_width + _GAP / 2, box.half_height + _GAP / 2) for box in boxes]
    for turn in range(_PASSES):
        moved = False
        for i in range(size):
            for j in range(i + 1, size):
                dx, dy = xs[j] - xs[i], ys[j] - ys[i]
                over_x = halves[i][0] + halves[j][0] - abs(dx)
                over_y = halves[i][1] + halves[j][1] - abs(dy)
                if over_x <= 0.05 or over_y <= 0.05:
                    continue
                moved = True
                if over_x < over_y and turn < _PASSES // 2:
                    push = over_x / 2 if dx > 0 else -over_x / 2
                    xs[i] -= push
                    xs[j] += push
                else:
                    push = over_y / 2 if dy > 0 else -over_y / 2
                    ys[i] -= push
                    ys[j] += push
        for i in range(size):
            xs[i] = min(max(xs[i], halves[i][0]), max(width - halves[i][0], halves[i][0]))
        if not moved:
            break
    return tuple(box._replace(x=round(x, 1), y=round(y, 1)) for box, x, y in zip(boxes, xs, ys, strict=True))


def _pack(parts: Sequence[Sequence[Box]], width: float) -> tuple[Box, ...]:
    """Set the parts side by side, the largest first, small ones below each other where the row is high enough."""
    placed: list[Box] = []
    top = left = row_height = 0.0
    column_top = column_width = 0.0
    for part in sorted(parts, key=lambda boxes: -len(boxes)):
        x0 = min(box.x - box.half_width for box in part)
        y0 = min(box.y - box.half_height for box in part)
        wide = max(box.x + box.half_width for box in part) - x0
        high = max(box.y + box.half_height for box in part) - y0
        if column_top > top and (column_top + high > top + row_height or left + wide > width):
            left += column_width + _BETWEEN  # the next column
            column_top, column_width = top, 0.0
        if left and left + wide > width:
            top += row_height + _BETWEEN  # the next row
            left = row_height = column_width = 0.0
            column_top = top
        placed += [box._replace(x=round(box.x - x0 + left, 1), y=round(box.y - y0 + column_top, 1)) for box in part]
        column_top += high + _BETWEEN
        column_width = max(column_width, wide)
        row_height = max(row_height, high)
    return tuple(placed)
