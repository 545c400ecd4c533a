"""Counts of occurrence and co-occurrence."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.network import counting
from pipeline.network.counting import count, merge
from tests.network.made import counted


def test_occurrence_is_boolean_per_unit() -> None:
    counts = counted([["体验", "参数", "体验"], ["体验"], []])
    assert counts.of("体验", "参数") == (1, 2, 1, 3)
    assert counts.single.tolist() == [2, 1]
    assert counts.pairs.tolist() == [[0, 1]]


def test_units_that_hold_nothing_count() -> None:
    counts = counted([[], (), set()])
    assert (counts.units, counts.names, len(counts.both)) == (3, (), 0)


def test_of_takes_a_pair_in_either_order_and_knows_the_absent() -> None:
    counts = counted([{"b", "a"}, {"a"}, {"c"}])
    assert counts.of("a", "b") == (1, 2, 1, 3)
    assert counts.of("b", "a") == (1, 1, 2, 3)
    assert counts.of("a", "z") == (0, 2, 0, 3)
    assert counts.of("a", "c") == (0, 2, 1, 3)


def test_quads_are_what_of_gives_for_every_pair_that_meets() -> None:
    counts = counted([{"a", "b", "c"}, {"a", "c"}, {"b"}])
    assert counts.quads() == [(0, 1, 1, 2, 2, 3), (0, 2, 2, 2, 2, 3), (1, 2, 1, 2, 2, 3)]


def test_mentions_come_in_any_order() -> None:
    names = ["a", "b", "c"]
    assert count([1, 0, 1, 0, 1], [2, 1, 0, 0, 2], names=names, units=2) == counted([{"a", "b"}, {"a", "c"}])


def test_merge_of_two_halves_is_the_whole() -> None:
    units = [{"a", "b"}, {"b", "c"}, {"a", "b", "c"}, set[str]()]
    assert merge(counted(units[:1]), counted(units[1:])) == counted(units)
    assert merge(counted(units[:1]), counted(units[1:])).names == ("a", "b", "c")


def test_a_name_that_never_occurs_makes_no_difference() -> None:
    assert count([0], [0], names=["a", "z"], units=1) == counted([{"a"}])
    assert count([0], [0], names=["a", "z"], units=1) != counted([{"z"}])
    assert counted([{"a"}]) != {"a": 1}


@pytest.mark.parametrize(
    ("unit", "thing", "message"),
    [([0], [0, 1], "each mention"), ([2], [0], "outside"), ([0], [2], "outside"), ([-1], [0], "outside")],
)
def test_what_is_no_mention_is_refused(unit: list[int], thing: list[int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        count(unit, thing, names=["a", "b"], units=2)


def test_large_counts_are_the_same_in_blocks_and_by_sorting(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(5)
    unit, thing = draw.integers(0, 300, 4000), draw.integers(0, 40, 4000)
    names = [f"n{number}" for number in range(40)]
    whole = count(unit, thing, names=names, units=300)
    monkeypatch.setattr(counting, "_BLOCK", 50)
    assert count(unit, thing, names=names, units=300) == whole
    monkeypatch.setattr(counting, "_DENSE", 0)
    assert count(unit, thing, names=names, units=300) == whole
    together = np.zeros((300, 40), dtype=int)
    together[unit, thing] = 1
    shared = together.T @ together
    assert all(shared[i, j] == both for i, j, both, *_ in whole.quads())
    assert len(whole.both) == np.count_nonzero(np.triu(shared, 1))
