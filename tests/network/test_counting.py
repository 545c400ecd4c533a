"""Counts of occurrence and co-occurrence."""

from __future__ import annotations

from pipeline.network.counting import Counts, count, merge


def test_occurrence_is_boolean_per_unit() -> None:
    counts = count([["体验", "参数", "体验"], ["体验"], []])
    assert counts == Counts(
        3, {"体验": 2, "参数": 1}, {("体验", "参数"): 1} if "体验" < "参数" else {("参数", "体验"): 1}
    )


def test_units_that_hold_nothing_count() -> None:
    assert count([[], (), set()]) == Counts(3, {}, {})


def test_of_takes_a_pair_in_either_order_and_knows_the_absent() -> None:
    counts = count([{"b", "a"}, {"a"}, {"c"}])
    assert counts.of("a", "b") == (1, 2, 1, 3)
    assert counts.of("b", "a") == (1, 1, 2, 3)
    assert counts.of("a", "z") == (0, 2, 0, 3)


def test_merge_of_two_halves_is_the_whole() -> None:
    units = [{"a", "b"}, {"b", "c"}, {"a", "b", "c"}, set[str]()]
    assert merge(count(units[:1]), count(units[1:])) == count(units)


def test_merge_leaves_its_parts_alone() -> None:
    part = count([{"a", "b"}])
    merge(part, part)
    assert part == Counts(1, {"a": 1, "b": 1}, {("a", "b"): 1})
