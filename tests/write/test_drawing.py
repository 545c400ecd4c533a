from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from pipeline.model import Network, Node, Position
from pipeline.write.drawing import Drawing, draw
from tests.write.sample import edge


def made(pairs: list[tuple[int, int, int]], size: int) -> tuple[Network, dict[str, Position]]:
    """A network of ``size`` nodes with an edge for each (source, target, count)."""
    names = [f"第{number}个概念" if number % 2 else f"V{number}" for number in range(size)]
    nodes = tuple(
        Node(name, "concept" if number % 2 else "term", 1 + number % 7, 2, (number % 5 - 2) / 2)
        for number, name in enumerate(names)
    )
    edges = tuple(
        replace(edge(names[a], names[b], count, 9, 9, 40), p_value=0.01 * count)
        for a, b, count in sorted(pairs, key=lambda pair: -pair[2])
    )
    degree = [sum(name in (found.source, found.target) for found in edges) for name in names]
    return Network("sentence", 40, nodes, edges), {
        name: Position(d, d, 0.0, 1 / size, number % 3)
        for number, (name, d) in enumerate(zip(names, degree, strict=True))
    }


def wheel(size: int) -> list[tuple[int, int, int]]:
    return [(0, n, 1 + n % 4) for n in range(1, size)] + [(n, n + 1, 2) for n in range(1, size - 1)]


def drawn(pairs: list[tuple[int, int, int]], size: int, *, width: float = 900.0) -> Drawing:
    network, positions = made(pairs, size)
    drawing = draw(network, positions, network.edges, width=width, height=500.0)
    assert drawing is not None
    return drawing


PARTS = [(0, 1, 2), (2, 3, 2), (4, 5, 1), (6, 7, 3), (6, 8, 2), (7, 8, 2), (9, 10, 1)]


@pytest.mark.parametrize("width", [350.0, 900.0])
@pytest.mark.parametrize(("pairs", "size"), [(wheel(2), 2), (wheel(13), 13), (wheel(26), 26), (PARTS, 11)])
def test_names_do_not_overlap_and_stay_in_the_view(pairs: list[tuple[int, int, int]], size: int, width: float) -> None:
    if width < 500:
        pairs, size = [pair for pair in pairs if max(pair[:2]) < 13], min(size, 13)
    drawing = drawn(pairs, size, width=width)
    for a, b in combinations(drawing.boxes, 2):
        apart_x = abs(a.x - b.x) - a.half_width - b.half_width
        apart_y = abs(a.y - b.y) - a.half_height - b.half_height
        assert max(apart_x, apart_y) > -0.5, (a.name, b.name)
    for box in drawing.boxes:
        assert box.x - box.half_width >= drawing.left
        assert box.x + box.half_width <= drawing.left + drawing.width
        assert box.y - box.half_height >= drawing.top
        assert box.y + box.half_height <= drawing.top + drawing.height
    assert drawing.width < width + 40


def test_lines_join_the_names_that_they_belong_to() -> None:
    drawing = drawn(wheel(9), 9)
    place = {box.name: (box.x, box.y) for box in drawing.boxes}
    assert drawing.links
    for link in drawing.links:
        assert (link.x1, link.y1) == place[link.source]
        assert (link.x2, link.y2) == place[link.target]


def test_width_and_certainty_of_lines() -> None:
    links = {(link.source, link.target): link for link in drawn([(0, 1, 4), (1, 2, 9)], 3).links}
    assert links["V0", "第1个概念"].sure
    assert not links["第1个概念", "V2"].sure
    # However small p is, one meeting is no pattern
    assert not any(link.sure for link in drawn([(0, 1, 1), (1, 2, 1)], 3).links)
    assert links["V0", "第1个概念"].width < links["第1个概念", "V2"].width


def test_only_the_edges_given_are_drawn() -> None:
    network, positions = made(wheel(30), 30)
    drawing = draw(network, positions, network.edges[:3], width=900, height=500)
    assert drawing is not None
    assert {(link.source, link.target) for link in drawing.links} == {
        (edge.source, edge.target) for edge in network.edges[:3]
    }
    assert len(drawing.boxes) <= 4


def test_nothing_joined_nothing_drawn() -> None:
    network, positions = made([], 5)
    assert draw(network, positions, (), width=900, height=500) is None


def test_parts_that_no_edge_joins_are_drawn_beside_each_other() -> None:
    drawing = drawn(PARTS, 11)
    area = sum(4 * box.half_width * box.half_height for box in drawing.boxes)
    # Laid out as one, the parts would leave the middle empty and reach for the corners
    assert area / (drawing.width * drawing.height) > 0.03
    assert len(drawing.boxes) == 11
