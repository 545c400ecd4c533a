from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis import Analysis
from pipeline.model import Label, Polarity
from pipeline.write.headline import FLAT, Profile, concept_clause, course, finding
from pipeline.write.wording import ConceptView, side
from tests.write.sample import article_of, sample


def _polarity(score: float) -> Polarity:
    label: Label = "negative" if score < -0.1 else "positive" if score > 0.1 else "neutral"
    return Polarity(label, score, max(-score, 0.0), 1 - abs(score), max(score, 0.0))


def with_scores(*scores: float) -> Analysis:
    """An article whose sections have these scores."""
    base = article_of(sections=len(scores), sentences=2, heading="第{}部分")
    sections = tuple(
        replace(section, polarity=_polarity(score)) for section, score in zip(base.sections, scores, strict=True)
    )
    return replace(base, sections=sections)


def profile_of(*scores: float, sizes: tuple[int, ...] | None = None) -> Profile:
    names = tuple("甲乙丙丁戊己庚辛"[: len(scores)])
    return Profile(names, scores, sizes or (4,) * len(scores))


@pytest.mark.parametrize(
    ("kind", "scores", "words"),
    [
        ("flat", (-0.05, 0.02, 0.1), "各节的语气相差不大。"),
        ("flat and low", (-0.5, -0.45, -0.6), "各节的语气相差不大。"),
        ("low, then high", (-0.5, -0.2, 0.3, 0.4), "先抑后扬，从「丙」起转为正面。"),
        ("the same inverted", (0.5, 0.2, -0.3, -0.4), "先扬后抑，从「丙」起转为负面。"),
        ("two sections", (-0.5, 0.5), "此前偏负面，到最后的「乙」才转为正面。"),
        ("low on the whole, then high", (0.15, -0.5, -0.2, 0.3, 0.4), "此前总体偏负面，从「丁」起转为正面。"),
        ("only the last turns", (0.4, 0.3, -0.3), "此前偏正面，到最后的「丙」才转为负面。"),
        ("a last section like one before", (0.4, 0.5, -0.2, 0.3, -0.3), "各节时褒时贬，没有一定的走向。"),
        ("V", (0.4, -0.5, 0.0, -0.3, 0.3), "开头与结尾偏正面，中间的「乙」到「丁」偏负面。"),
        ("Λ", (-0.4, 0.1, 0.5, -0.3), "开头与结尾偏负面，中间的「丙」偏正面。"),
        ("zigzag", (0.4, -0.4, 0.4, -0.4, 0.4), "各节时褒时贬，没有一定的走向。"),
        ("low and rising", (-0.8, -0.6, -0.4), "负面的语气一节比一节轻。"),
        ("low and falling", (-0.3, -0.5, -0.8), "负面的语气一节比一节重。"),
        ("high and rising", (0.3, 0.5, 0.8), "正面的语气一节比一节强。"),
        ("high and falling", (0.8, 0.5, 0.3), "正面的语气一节比一节弱。"),
        ("low, no direction", (-0.8, -0.3, -0.6), ""),
        ("from neutral to high", (0.0, 0.05, 0.4), ""),
        ("one section", (0.7,), ""),
        ("none", (), ""),
    ],
)
def test_the_course_in_words(kind: str, scores: tuple[float, ...], words: str) -> None:
    assert course(profile_of(*scores)) == words, kind


def test_a_turn_by_a_single_sentence_is_said_to_be_that() -> None:
    found = course(profile_of(-0.4, -0.5, 0.9, sizes=(6, 8, 1)))
    assert found == "此前偏负面，到最后的「丙」（只有一句）才转为正面。"


def test_what_was_before_a_turn_is_judged_by_sentences() -> None:
    # By sections the mean of the first three is positive; by sentences it is not
    scores = (0.6, 0.6, -0.4, 0.5, 0.5)
    assert course(profile_of(*scores, sizes=(1, 1, 40, 9, 9))) == "此前总体偏负面，从「丁」起转为正面。"
    assert course(profile_of(*scores, sizes=(9, 9, 9, 9, 9))) == "开头与结尾偏正面，中间的「丙」偏负面。"


@given(st.lists(st.tuples(st.floats(-1, 1), st.integers(1, 50)), max_size=8))
def test_what_is_said_holds(sections: list[tuple[float, int]]) -> None:
    scores, sizes = tuple(score for score, _ in sections), tuple(size for _, size in sections)
    profile = profile_of(*scores, sizes=sizes)
    words = course(profile)
    named = [place for place, name in enumerate(profile.names) if f"「{name}」" in words]
    sides = [side(score) for score in scores]
    if words == "各节的语气相差不大。":
        assert max(scores) - min(scores) < FLAT
    elif "先抑后扬" in words or words.endswith("转为正面。"):
        assert set(sides[named[0] :]) == {"positive"}
        assert min(scores[: named[0]]) < -0.1
        assert "先抑后扬" not in words or "positive" not in sides[: named[0]]
    elif "先扬后抑" in words or words.endswith("转为负面。"):
        assert set(sides[named[0] :]) == {"negative"}
        assert max(scores[: named[0]]) > 0.1
    elif words.startswith("开头与结尾"):
        assert sides[0] == sides[-1] != sides[named[0]]
        assert sides[0] not in sides[named[0] : named[-1] + 1]
    elif "时褒时贬" in words:
        assert {"positive", "negative"} <= set(sides)
    elif words:
        assert len(set(sides)) == 1
        assert len({one < other for one, other in pairwise(scores)}) == 1


def test_finding_counts_the_sentences_and_names_the_extremes() -> None:
    found = finding(with_scores(-0.5, 0.05, 0.3))
    assert "6 句里" in found.overall
    assert "「第1部分」（−0.50）" in found.extremes
    assert "「第3部分」（+0.30）" in found.extremes
    assert (found.lowest, found.highest) == (0, 2)
    assert str(found) == found.overall + found.extremes + found.course + found.concepts


def test_one_sided_articles_are_said_to_be_so() -> None:
    assert finding(with_scores(-0.5, -0.2)).extremes.startswith("各节都偏负面")
    assert finding(with_scores(0.5, 0.2)).extremes.startswith("各节都偏正面")
    assert finding(with_scores(0.2, 0.2)).extremes == ""


def test_a_text_without_sentences_has_no_finding() -> None:
    assert str(finding(article_of(sections=0))) == "没有可以评分的句子。"
    assert str(finding(article_of(sections=2, sentences=0))) == "没有可以评分的句子。"


def view(name: str, count: int, score: float) -> ConceptView:
    return ConceptView(name, sample().mentions[:1] * count, score)


@pytest.mark.parametrize(
    ("views", "words"),
    [
        ([], ""),
        ([view("体验", 2, -0.9)], ""),
        ([view("体验", 9, 0.05)], "谈得最多的概念是“体验”（9 处，均分 +0.05）。"),
        (
            [view("体验", 9, -0.4), view("品控", 3, -0.2)],
            "谈得最多的概念是“体验”（9 处，均分 −0.40），谈到它的语气也最负面。",
        ),
        (
            [view("体验", 9, 0.0), view("品控", 3, -0.7), view("信任", 3, 0.5), view("参数", 2, -1.0)],
            "谈得最多的概念是“体验”（9 处，均分 0.00）；谈到时语气最负面的是“品控”（3 处，均分 −0.70）；"
            "谈到时语气最正面的是“信任”（3 处，均分 +0.50）。",
        ),
    ],
)
def test_concepts_are_named_where_there_is_enough_of_them(views: list[ConceptView], words: str) -> None:
    assert concept_clause(views) == words
