"""Which edges are drawn, and what is said of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.model import Network
from pipeline.network.backbone import disparity
from pipeline.network.selection import select
from tests.network.made import net

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def star(counts: list[int]) -> Network:
    """Return a network of a node with neighbours that it meets so often."""
    return net(LETTERS[: len(counts) + 1], *(("a", name, n) for name, n in zip(LETTERS[1:], counts, strict=False)))


def test_a_small_network_is_shown_whole() -> None:
    chosen = select(star([3, 1, 1]), by="significance")
    assert (chosen.rule, chosen.threshold, len(chosen.edges), chosen.total) == ("whole", 1, 3, 3)


def test_support_leaves_out_what_met_once() -> None:
    chosen = select(star([5, 4, 3, 2, 2, 2, 1, 1, 1, 1]))
    assert (chosen.rule, chosen.threshold, chosen.total, chosen.left_out) == ("support", 2, 10, 0)
    assert [edge.count for edge in chosen.edges] == [5, 4, 3, 2, 2, 2]


def test_where_little_met_twice_single_meetings_are_drawn() -> None:
    chosen = select(star([2, 2, 1, 1, 1, 1, 1, 1, 1]))
    assert (chosen.rule, chosen.threshold, len(chosen.edges)) == ("support", 1, 9)


def test_support_rises_until_the_drawing_has_room() -> None:
    chosen = select(star([4] * 8 + [3] * 4 + [2] * 8), lines=13)
    assert (chosen.threshold, len(chosen.edges), chosen.left_out) == (3, 12, 0)


def test_what_has_no_room_is_said() -> None:
    chosen = select(star([2] * 20), lines=12)
    assert (chosen.threshold, len(chosen.edges), chosen.left_out) == (2, 12, 8)
    assert len({name for edge in select(star([2] * 20), nodes=5).edges for name in (edge.source, edge.target)}) == 5


def test_significance_and_backbone() -> None:
    network = star([5, 4, 3, 2, 2, 2, 1, 1, 1, 1])
    network = replace(network, edges=tuple(replace(e, p_adjusted=0.01 if e.count > 3 else 0.4) for e in network.edges))
    chosen = select(network, by="significance")
    assert (chosen.rule, chosen.threshold, len(chosen.edges)) == ("significance", 0.05, 2)
    strong = star([9, *[1] * 9])
    chosen = select(strong, by="backbone", disparity=disparity(strong))
    assert (chosen.rule, [edge.count for edge in chosen.edges]) == ("backbone", [9])
    with pytest.raises(ValueError, match="disparity"):
        select(strong, by="backbone")


def test_where_nothing_passes_support_is_used_and_both_are_told() -> None:
    network = star([2] * 9)
    network = replace(network, edges=tuple(replace(e, p_adjusted=1.0) for e in network.edges))
    chosen = select(network, by="significance")
    assert (chosen.rule, chosen.asked, len(chosen.edges)) == ("support", "significance", 9)
