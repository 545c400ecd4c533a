"""What the peers' answers are made into; the peers themselves, slow to load, run in ``make bench`` alone."""

from __future__ import annotations

from benchmarks import peers


def test_the_plain_splitter_takes_marked_lines_and_the_text_before_them() -> None:
    text = "开头。\n## 起因\n断电。\n一、补救\n备电。\n总结\n完。"
    assert peers.plain_sections(text) == [0, text.index("##"), text.index("一、"), text.index("总结")]


def test_the_plain_splitter_needs_no_text_before_the_first_heading() -> None:
    assert peers.plain_sections("1、起因\n断电。") == [0]
    assert peers.plain_sections("没有标题。") == [0]


def test_the_best_clauses_come_in_the_order_of_the_text() -> None:
    ranked = [("甲乙", 2), ("丙丁", 0), ("戊己", 1)]
    assert peers.pick(ranked, 3) == "丙丁戊"
    assert peers.pick(ranked, 5) == "甲乙丙丁戊"


def test_lead_is_the_beginning_without_line_ends() -> None:
    assert peers.lead("甲\n乙丙", 2) == "甲乙"


def test_a_score_near_zero_is_neutral() -> None:
    assert [peers.sign(score) for score in (-1.0, -0.1, 0.05, 0.11)] == [-1, 0, 0, 1]
