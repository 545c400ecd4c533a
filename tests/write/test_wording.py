from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis import Analysis
from pipeline.model import Edit, EditKind, Label, Metadata, Polarity
from pipeline.stages.polarity.grammar import FRAMES, PLACES, RULES
from pipeline.write.wording import (
    EDITS,
    byline,
    concepts,
    cut,
    finding,
    grouped_edits,
    named,
    p_value,
    rule,
    showable,
    signed,
    strongest,
    tone,
)
from tests.write.sample import article_of, sample


def with_scores(*scores: float) -> Analysis:
    """An article whose sections have these scores."""
    base = article_of(sections=len(scores), sentences=2, heading="第{}部分")
    sections = tuple(
        replace(section, polarity=_polarity(score)) for section, score in zip(base.sections, scores, strict=True)
    )
    return replace(base, sections=sections)


def _polarity(score: float) -> Polarity:
    label: Label = "negative" if score < -0.1 else "positive" if score > 0.1 else "neutral"
    return Polarity(label, score, max(-score, 0.0), 1 - abs(score), max(score, 0.0))


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


def test_finding_counts_the_sentences_and_names_the_extremes() -> None:
    found = finding(with_scores(-0.5, 0.05, 0.3))
    assert "6 句里" in found.overall
    assert "「第1部分」（−0.50）" in found.extremes
    assert "「第3部分」（+0.30）" in found.extremes
    assert (found.lowest, found.highest) == (0, 2)


@pytest.mark.parametrize(
    ("scores", "course"),
    [
        ((-0.5, -0.2, 0.3, 0.4), "先抑后扬，从「第3部分」起转为正面。"),
        ((0.3, -0.5, -0.2, 0.3, 0.4), "此前总体为负面，从「第4部分」起转为正面。"),
        ((0.4, 0.3, -0.3), "先扬后抑，从「第3部分」起转为负面。"),
        ((0.4, -0.2, 0.3, -0.3), ""),  # the last section alone, and there was one like it before
        ((-0.5, 0.3, -0.2), ""),
        ((-0.5, -0.4, -0.2), ""),
        ((0.0, 0.05, 0.4), ""),
    ],
)
def test_a_turn_is_named_only_where_everything_after_it_is_on_the_other_side(
    scores: tuple[float, ...], course: str
) -> None:
    assert finding(with_scores(*scores)).course == course


def test_one_sided_articles_are_said_to_be_so() -> None:
    assert finding(with_scores(-0.5, -0.2)).extremes.startswith("各节都偏负面")
    assert finding(with_scores(0.5, 0.2)).extremes.startswith("各节都偏正面")
    assert finding(with_scores(0.2, 0.2)).extremes == ""


def test_a_text_without_sentences_has_no_finding() -> None:
    assert str(finding(article_of(sections=0))) == "没有可以评分的句子。"
    assert str(finding(article_of(sections=2, sentences=0))) == "没有可以评分的句子。"


def test_concepts_come_by_mentions_with_their_names() -> None:
    views = concepts(sample())
    assert [view.name for view in views] == ["信任", "品控", "体验", "参数"]
    assert views[0].aliases == [("信任", 1), ("口碑", 1)]
    assert views[1].score == pytest.approx(0.35)
    assert views[1].label == "positive"


def test_single_meetings_come_after_the_others() -> None:
    network = sample().network()
    once = replace(network.edges[0], source="参数", target="体验", count=1, log_likelihood=99.0)
    never = replace(network.edges[0], source="参数", target="品控", log_likelihood=-2.0)
    between, others = strongest(replace(network, edges=(once, never, *network.edges)))
    assert [(edge.source, edge.target) for edge in between] == [("品控", "信任"), ("参数", "体验")]
    assert [(edge.source, edge.target) for edge in others] == [("体验", "用户")]


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
