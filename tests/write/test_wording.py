from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Edge, Edit, EditKind, Label, Metadata, Relation, Stability, Unit
from pipeline.network.selection import Selection
from pipeline.stages.polarity.grammar import FRAMES, PLACES, RULES
from pipeline.write.wording import (
    EDITS,
    byline,
    concepts,
    cut,
    grouped_edits,
    link_finding,
    named,
    p_value,
    rule,
    selection,
    showable,
    signed,
    stated,
    strongest,
    tone,
)
from tests.write.sample import edge, sample


@given(st.text())
def test_what_is_shown_can_be_encoded_and_keeps_its_length(text: str) -> None:
    shown = showable(text)
    assert len(shown) == len(text)
    shown.encode("utf-8")
    assert not any(ord(character) < 32 and character not in "\t\n" for character in shown)


def test_ordinary_text_is_shown_as_it_is() -> None:
    text = "“体验”——V1.0，99.9%！\n\t𠮷👨‍👩‍👧 <b>&"
    assert showable(text) == text


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x85", "\u202e", "\u2066", "\ud800", "\uffff", "\u200b"])
def test_what_misleads_is_marked(character: str) -> None:
    assert showable(f"信{character}任") == "信\ufffd任"


def test_invisible_characters_are_named() -> None:
    assert named("品\u200b控") == "品U+200B控"
    assert named("ＡＢ") == "ＡＢ"
    assert named("\u3000") == "U+3000"


@pytest.mark.parametrize(
    ("value", "text"),
    [(-0.524, "−0.52"), (0.3, "+0.30"), (0.0, "0.00"), (-0.001, "0.00"), (1.0, "+1.00"), (float("nan"), "—")],
)
def test_scores_are_typeset(value: float, text: str) -> None:
    assert signed(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.5, "0.50"), (0.0341, "0.034"), (0.004, "0.004"), (1e-9, "< 0.001"), (1.0, "1.00")]
)
def test_p_values_keep_the_digits_that_matter(value: float, text: str) -> None:
    assert p_value(value) == text


@pytest.mark.parametrize(
    ("label", "score", "words"),
    [
        ("negative", -0.9, "明显负面"),
        ("negative", -0.3, "偏负面"),
        ("positive", 0.12, "略偏正面"),
        ("neutral", 0.3, "中性"),
    ],
)
def test_the_label_decides_the_side_and_the_score_how_far(label: Label, score: float, words: str) -> None:
    assert tone(label, score) == words


def test_rules_speak_chinese_part_by_part() -> None:
    assert rule("negated, plan, conceded") == "否定·计划·让步"
    assert rule("unheard of") == "unheard of"


def test_cut_ends_on_one_line_within_the_limit() -> None:
    assert cut("一二三\n四五六", 10) == "一二三 四五六"
    assert cut("一二三四五六", 4) == "一二三…"


def test_concepts_come_by_mentions_with_their_names() -> None:
    views = concepts(sample())
    assert [view.name for view in views] == ["信任", "品控", "体验", "参数"]
    assert views[0].aliases == [("信任", 1), ("口碑", 1)]
    assert views[1].score == pytest.approx(0.35)
    assert views[1].label == "positive"


def test_edges_between_concepts_and_the_others() -> None:
    between, others = strongest(sample().network())
    assert [(edge.source, edge.target) for edge in between] == [("品控", "信任")]
    assert [(edge.source, edge.target) for edge in others] == [("体验", "用户")]


class TestLinkFinding:
    def of(self, *edges: Edge, **stability: float) -> tuple[str, str]:
        base = sample()
        network = replace(base.network(), edges=edges, units=60)
        known = {(e.source, e.target): Stability(1, 9, stability.get("strongest", 0.48), 5) for e in edges}
        kept: dict[tuple[str, Unit], object] = {("network", "sentence"): network, ("stabilities", "sentence"): known}
        return link_finding(replace(base, _kept=kept), "sentence")

    def test_what_it_is_its_tone_and_how_sure(self) -> None:
        found = self.of(replace(edge("品控", "信任", 4, 8, 9, 60, tone=-0.3), p_value=0.03, p_adjusted=0.4))
        assert found == (
            "同句出现最多的两个概念是“品控”与“信任”：60 句里有 4 句，这几句总体偏负面（均分 −0.30）。",
            "换一批同样多的句（重抽样），次数有 95% 的机会在 1 到 9 之间，有 48% 的机会仍是最强的 5 对之一。"
            "单看不像碰巧（p = 0.030），但一次检验了许多对，校正后 p = 0.40，还不能排除碰巧。",
        )

    def test_equals_and_a_surer_one_are_told(self) -> None:
        first, second = edge("品控", "信任", 4, 30, 30, 60), edge("参数", "体验", 4, 5, 5, 60)
        text, sure = self.of(first, second)
        assert "（1 对与它同样多）" in text
        assert "照两者各自的次数，还不能排除碰巧" in sure
        assert "最不像碰巧的是“参数”与“体验”（4 句，p < 0.001；校正后仍显著，p < 0.001）" in sure

    def test_one_meeting_is_no_link(self) -> None:
        assert self.of(edge("品控", "信任", 1, 1, 1, 60)) == ("概念两两之间最多只在一句里遇见过一次，谈不上关联。", "")
        assert self.of() == ("没有两个概念出现在同一句里。", "")
        assert self.of(edge("体验", "用户", 3, 3, 3, 60)) == ("没有两个概念出现在同一句里。", "")


def test_relations_are_told_with_their_direction_and_share() -> None:
    cues = (
        Relation("cause", "导致", 0, 2, 0, forward=False),
        Relation("cause", "导致", 9, 11, 3, forward=False),
        Relation("opposition", "而非", 20, 22, 5),
    )
    found = stated(edge("体验", "硬件", 4, 8, 9, 60, relations=cues, sentences=(0, 3, 5, 7)))
    assert found == ["因果 硬件 → 体验（导致，4 句中 2 句）", "对立（而非，4 句中 1 句）"]


def test_what_is_drawn_is_said_with_its_reason() -> None:
    edges = sample().edges
    assert selection(Selection(edges, "whole", 1, 2, 0, "support"), "sentence") == "节点不多，2 条关联全部画出。"
    text = selection(Selection(edges, "support", 3, 90, 7, "significance"), "paragraph")
    assert text.startswith("校正后没有一条显著，改按次数：只画同段至少 3 次的 2 条，全部 90 条。另有 7 条也合条件")
    assert "p ≤ 0.05" in selection(Selection(edges, "significance", 0.05, 90, 0, "significance"), "sentence")
    assert "骨干" in selection(Selection(edges, "backbone", 0.05, 90, 0, "backbone"), "sentence")
    assert "只遇见一次的也画出" in selection(Selection(edges, "support", 1, 9, 0, "support"), "sentence")


def test_every_rule_of_the_grammar_has_a_name_for_readers() -> None:
    names = [*RULES, *(f"word, {part}" for part in (*FRAMES[1:], *PLACES[1:]))]
    assert [name for name in names if rule(name).isascii()] == []


def test_every_kind_of_edit_has_a_name() -> None:
    assert set(get_args(EditKind)) <= set(EDITS)


def test_hundreds_of_forms_of_one_kind_take_one_row_with_examples() -> None:
    edits = [Edit("width", 3 * n, 3 * n + 2, chr(0xFF10 + n % 10) + "０", f"{n % 10}0") for n in range(132)]
    edits.insert(5, Edit("space", 16, 17, "\u00a0", " "))
    width, space = grouped_edits(replace(sample(), edits=tuple(edits)))
    assert (width.kind, width.forms, len(width.offsets)) == ("width", 10, 132)
    assert (width.before, width.after) == ("００、１０、２０ 等 10 种", "00、10、20")
    assert (space.before, space.after, space.offsets) == ("U+00A0", "空格", (16,))


def test_injected_words_are_told_one_by_one() -> None:
    analysis = sample()
    edits = tuple(Edit("injection", at, at + 1, analysis.article.text[at], "") for at in range(1, 20))
    rows = grouped_edits(replace(analysis, edits=edits))
    assert sum(len(row.offsets) for row in rows) == 19
    assert all(row.forms == 1 for row in rows)


def test_a_byline_holds_what_is_known() -> None:
    assert byline(Metadata("周小满", "2021-03-05", "河边周刊")) == "周小满 · 2021-03-05 · 河边周刊"
    assert byline(Metadata(date="2021")) == "2021"
    assert byline(Metadata()) == ""
    assert len(byline(Metadata("周" * 500))) == 60
