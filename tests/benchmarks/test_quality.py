"""Quality on a small data folder of our own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import pipeline as fp
from benchmarks import data as gold
from benchmarks import polarity, quality, ranking, reading, sections, segmentation
from benchmarks.data import GoldReading, GoldUnit, Missing
from benchmarks.job import Job
from benchmarks.measures import Overlap
from benchmarks.page import Cell, Chapter, Part
from pipeline.background import HELD_OUT
from tests.benchmarks import fakes


@pytest.fixture(autouse=True)
def small(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a small challenge set and one pair of concepts in the place of those that come with the program."""
    monkeypatch.setattr(gold, "FROZEN", fakes.frozen(tmp_path_factory.mktemp("frozen")))


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return Job(fakes.everything(tmp_path), fakes.peers())


def row(chapter: Chapter, *start: Cell, table: int = 0) -> tuple[Cell, ...]:
    """Return the row that begins so."""
    return next(row for row in chapter.tables[table].rows if row[: len(start)] == start)


def answers(monkeypatch: pytest.MonkeyPatch, scores: dict[str, float]) -> None:
    """Let ``pipeline.polarity`` give these scores, and the label of their sign."""

    def score(texts: Sequence[str]) -> tuple[fp.Polarity, ...]:
        labels = {-1: "negative", 0: "neutral", 1: "positive"}
        values = [scores[text] for text in texts]
        return tuple(fp.Polarity(labels[(v > 0) - (v < 0)], v, 0, 0, 0) for v in values)  # type: ignore[arg-type]

    monkeypatch.setattr(fp, "polarity", score, raising=False)


def test_everything_is_measured_and_comes_out_the_same_again(job: Job) -> None:
    part = quality.measure(job)
    assert part.missing == ()
    assert [chapter.title for chapter in part.chapters] == [
        "What the data were used for",
        "Sections",
        "Polarity of sentences",
        "Calibration",
        "Challenge set",
        "Polarity of concepts",
        "Sentiment of public sets",
        "xiaomi11, annotated throughout",
        "Keywords",
        "Summaries",
        "Segmentation",
    ]
    assert all(target.met is not None for target in part.targets)
    assert quality.measure(job) == part


def test_an_empty_folder_measures_nothing_and_names_everything(tmp_path: Path) -> None:
    part = quality.measure(Job(tmp_path, fakes.peers()))
    assert part.chapters == ()
    assert [name.split(" (")[0] for name in part.missing] == [
        name for name, _, _ in quality.CHAPTERS if name not in quality.OWN
    ]
    assert {"challenge set", "concepts"} == set(quality.OWN) <= {name for name, _, _ in quality.CHAPTERS}


def test_what_is_missing_is_named_and_its_targets_stand_unmeasured(tmp_path: Path) -> None:
    fakes.segmentation(tmp_path)
    part = quality.measure(Job(tmp_path, fakes.peers()))
    assert "sections (there is no articles/sections_gold.json)" in part.missing
    assert "sentiment (there is no sentiment/*.tsv)" in part.missing
    unmeasured = {target.text for target in part.targets if target.met is None}
    assert unmeasured == {
        sections.WANTED,
        *polarity.WANTED_SENTENCES,
        *polarity.WANTED_SETS,
        *reading.WANTED,
    }


def test_an_article_that_is_not_the_labelled_one_is_not_measured(job: Job) -> None:
    path = job.data / "articles" / "own.txt"
    path.write_bytes(path.read_bytes().replace("三".encode(), "六".encode()))
    with pytest.raises(Missing, match=r"own\.txt as it was"):
        sections.sections(job)
    assert any(name.startswith("sections") for name in quality.measure(job).missing)


def test_line_ends_of_an_article_are_left_as_they_are(tmp_path: Path) -> None:
    fakes.write(tmp_path / "articles" / "own.txt", "一\r\n二")
    sections_gold = '{"articles": {"own": {"file": "own.txt", "sections": []}}}'
    fakes.write(tmp_path / "articles" / "sections_gold.json", sections_gold)
    assert gold.section_articles(tmp_path)[0].text == "一\r\n二"


def test_sections_are_found_and_counted(job: Job) -> None:
    chapter = sections.sections(job)
    assert row(chapter, "fupan") == ("fupan", 100, 100, 100, "1 of 1", 100)
    assert chapter.targets[0].met


def test_a_missed_section_lowers_the_figures(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fp, "split_sections", lambda text: (fp.Section(None, 1, "intro", 0, len(text)),), raising=False)
    chapter = sections.sections(job)
    assert row(chapter, "fupan")[1:4] == pytest.approx((50, 100, 100 / 3))
    assert chapter.targets[0].met is False


def test_headings_of_html_are_compared_by_their_words(job: Job, tmp_path: Path) -> None:
    body = "<h2>一、起因</h2><p>机房断电，服务中断两小时。</p><h2>二、补救</h2><p>备好电源，定期演练切换。</p>"
    path = tmp_path / "page.html"
    fakes.write(path, f"<html><body><article>{body}</article></body></html>")
    article = gold.GoldArticle("page", path, "", (), ("一、起因", "二、补救", "三、结语"))
    assert article.extracted
    assert sections._heading_overlap(article).wanted == 3


def test_polarity_figures_by_hand(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, {fakes.BAD: 0.5, fakes.GOOD: 0.0})
    chapter = polarity.polarity(job)
    # the bad one is put on the other side; the good one is called neutral, a fair reading
    assert row(chapter, "polarity_gold", "looked at seldom", 2, "fupan")[4:] == pytest.approx((0, 0, 50, 50))
    assert row(chapter, "polarity_gold", "–", 2, "SnowNLP")[4:] == pytest.approx((100 * (2 / 3) / 3, 50, 50, 50))
    assert row(chapter, "train", "trained on", 1, "fupan")[4:] == pytest.approx((0, 0, 0, 100))


@pytest.mark.parametrize(("bad", "met"), [(-0.5, [False, True]), (0.5, [False, False])])
def test_polarity_is_held_against_its_targets(
    job: Job, monkeypatch: pytest.MonkeyPatch, bad: float, met: list[bool]
) -> None:
    answers(monkeypatch, {fakes.BAD: bad, fakes.GOOD: 0.5})
    # no neutral sentence among the two, so that macro-F1 stays below 72
    assert [target.met for target in polarity.polarity(job).targets] == met


def probabilities(monkeypatch: pytest.MonkeyPatch, *triples: tuple[float, float, float]) -> None:
    """Let ``pipeline.polarity`` give these probabilities of negative, neutral and positive, in turns."""

    def score(texts: Sequence[str]) -> tuple[fp.Polarity, ...]:
        assert len(texts) == len(triples)
        return tuple(fp.Polarity("neutral", c - a, a, b, c) for a, b, c in triples)

    monkeypatch.setattr(fp, "polarity", score, raising=False)


def test_probabilities_and_scores_are_held_against_the_labels(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    # the bad one is rightly held for bad; the good one for neutral, which is fair as well, but not the label
    probabilities(monkeypatch, (0.85, 0.1, 0.05), (0.05, 0.65, 0.3))
    chapter = polarity.calibration(job)
    assert row(chapter, "0.8 to 0.9")[1:] == pytest.approx((1, 85, 100))
    assert row(chapter, "0.6 to 0.7")[1:] == pytest.approx((1, 65, 0))
    assert row(chapter, "0.0 to 0.4")[1:] == (0, None, None)
    assert chapter.tables[1].rows[0][0] == pytest.approx((15 + 65) / 2)
    assert row(chapter, "-1.00 to -0.75", table=2)[1:] == (1, "-0.80", "-1.00")
    assert row(chapter, "+0.25 to +0.50", table=2)[1:] == (1, "+0.25", "+1.00")
    assert len(chapter.tables[2].rows) == 8


def test_the_challenge_set_is_counted_by_phenomenon(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, {fakes.BAD: 0.5, fakes.INTRO: 0.0, fakes.GOOD: -0.5, "会议定在周三。": 0.0})
    chapter = polarity.challenge_set(job)
    # a label that is named as fair is right; the peer finds everything positive
    assert row(chapter, "negation")[1:] == (2, 50, 1, 0, 0)
    assert row(chapter, "question")[1:] == (2, 100, 1, 100, 50)
    assert row(chapter, "**all**")[1:] == (4, 75, 2, 50, 25)
    assert [(target.reached, target.met) for target in chapter.targets] == [("75.0", False), ("50.0 (negation)", False)]
    answers(monkeypatch, {fakes.BAD: -0.5, fakes.INTRO: 0.0, fakes.GOOD: -0.5, "会议定在周三。": 0.0})
    assert [target.met for target in polarity.challenge_set(job).targets] == [True, True]


def test_concepts_are_judged_each_for_itself(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    said = [
        (polarity.Said(0.3, 0.1), polarity.Said(-0.3, 0.1)),
        (polarity.Said(0.3, -0.1), polarity.Said(0.0, -0.1)),
        (polarity.Said(None, 0.1), polarity.Said(-0.3, 0.1)),
    ]
    monkeypatch.setattr(polarity, "concept_scores", lambda _: said)
    chapter = polarity.concepts(job)
    assert row(chapter, "fupan")[1:] == pytest.approx((6, 400 / 6, 3, 100 / 3))
    assert row(chapter, "the sentence's score for both")[1:] == pytest.approx((6, 50, 3, 0))
    assert "5 of 6 were found" in chapter.meaning[1]
    assert chapter.targets[0].met is False


def test_only_the_concepts_of_a_sentence_are_scored() -> None:
    pairs = [
        gold.Pair("屏幕", "电池", "屏幕非常清晰漂亮，电池却频频故障，投诉不断。"),
        gold.Pair("镜头", '"铰链"', "屏幕差，电池更差。"),
    ]
    (good, bad), (lens, hinge) = polarity.concept_scores(pairs)
    assert good.about is not None
    assert bad.about is not None
    assert good.about > bad.about
    assert good.sentence == bad.sentence
    assert lens.about is None
    assert hinge.about is None


def test_the_sign_of_the_score_is_measured_and_neutral_rows_are_left_out(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(monkeypatch, {"很满意": 0.01, "太差了": -0.9, "质量差": 0.0})
    chapter = polarity.sentiment(job)
    assert row(chapter, "shop")[1:5] == pytest.approx((3, 200 / 3, 100 * (1 + 2 / 3) / 2, 100 / 3))
    assert not any(cells[0] == "fin_forum" for cells in chapter.tables[0].rows)
    # the peer is right on one text of three, fupan on two
    assert chapter.targets[1].reached == "+33.3 on shop"


def test_public_sets_are_held_against_their_targets(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, {"很满意": 0.01, "太差了": -0.9, "质量差": -0.1})
    assert [target.met for target in polarity.sentiment(job).targets] == [False, True]  # one set is not the twelve
    monkeypatch.setattr(polarity, "SETS", 1)
    assert [target.met for target in polarity.sentiment(job).targets] == [True, True]
    answers(monkeypatch, {"很满意": -0.01, "太差了": 0.9, "质量差": 0.1})
    assert [target.met for target in polarity.sentiment(job).targets] == [False, False]


def test_reading_measures_sections_sentences_and_concepts(job: Job) -> None:
    chapter = reading.reading(job)
    assert row(chapter, "sections found")[1] == "3 of 3"
    assert row(chapter, "sentence starts found")[1] == "3 of 3"
    assert row(chapter, "concept recall")[1] == "100.0"
    # the peer finds everything positive: the two negative sentences are wrong, and one section of three on its side
    assert row(chapter, "polar sentences wrong")[2] == "2 of 3"
    assert row(chapter, "sections on the same side")[2] == "1 of 3"
    assert [cells[1] for cells in chapter.tables[1].rows] == ["-1.00", "-1.00", "+1.00"]


def test_arguable_concepts_count_neither_way() -> None:
    units = tuple(
        GoldUnit(i, (10 * i, 10 * i + 10), 0, (), core, arguable)
        for i, (core, arguable) in enumerate(
            [(frozenset({"品控"}), frozenset({"体验"})), (frozenset({"信任"}), frozenset()), (frozenset(), frozenset())]
        )
    )
    article = GoldReading(Path(), "", units[:2], units[2:], ("品控", "体验", "信任"))
    # right, right again in the same sentence, arguable, false in a heading, and a concept that is not annotated
    found = [(0, "品控"), (5, "品控"), (3, "体验"), (25, "信任"), (12, "成本")]
    assert reading.concept_overlap(article, found) == Overlap(1, 2, 2)


def test_other_names_leave_the_rest_of_a_text_alone() -> None:
    originals = [name for name, _ in reading.NAMES]
    assert all(name not in other for other in dict(reading.NAMES).values() for name in originals)
    # a name within another one must come after it, or the longer one is never found
    assert all(b not in a for at, a in enumerate(originals) for b in originals[:at])


def test_keywords_of_both_tools_on_one_document(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    found = (fp.Keyword("供应链管理", 1, 2, ()), fp.Keyword("采购", 1, 1, ()))
    monkeypatch.setattr(fp, "keywords", lambda *_, **__: found, raising=False)
    chapter = ranking.keywords(job)
    assert row(chapter, "csl", "reported", 1, "fupan")[4:] == pytest.approx((50, 100 / 3, 200 / 11))
    assert row(chapter, "csl", "reported", 1, "jieba TF-IDF")[4:] == (0, 0, 0)


def test_summaries_are_cut_at_the_budget(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "BUDGET", {"short": 4})
    chapter = ranking.summaries(job)
    # 支付系统 of 11 characters
    assert row(chapter, "short", "reported", 1, "lead")[4:] == pytest.approx((800 / 15, 600 / 13, 800 / 15))


def test_rows_are_reported_apart_from_those_that_were_tuned_on() -> None:
    for path, first in HELD_OUT:
        assert ranking.REPORTED[Path(path).stem] == first
    figures = [(0.0,)] * 250 + [(100.0,)] * 250
    assert ranking._by_use("lcsts", "fupan", figures) == [
        ("lcsts", "reported", 250, "fupan", 0),
        ("lcsts", "tuned on", 250, "fupan", 100),
        ("lcsts", "all", 500, "fupan", 50),
    ]
    assert [cells[1] for cells in ranking._by_use("lcsts", "fupan", figures[:100])] == ["reported", "all"]


def test_parity_and_words_are_held_against_jieba(job: Job) -> None:
    other = segmentation.segmentation(job)
    jieba = replace(job.peers, cut=lambda text: [token.word for token in fp.segment(text, parity=True)])
    same = segmentation.segmentation(Job(job.data, jieba))
    assert [target.met for target in same.targets] == [True, True]
    assert row(same, "a_gold") == ("a_gold", 2, 100, 100, 100)
    assert row(same, "b_pos")[1:] == (1, 100, 100, 100)  # tags taken off
    assert other.targets[0].met is False
    assert row(other, "a_gold")[4] == 0


def test_a_limit_cuts_every_set(job: Job) -> None:
    part: Part = quality.measure(Job(job.data, job.peers, limit=1))
    chapters = {chapter.title: chapter for chapter in part.chapters}
    assert row(chapters["Segmentation"], "a_gold")[1] == 1
    assert row(chapters["Polarity of sentences"], "polarity_gold")[2] == 1
    assert row(chapters["Sentiment of public sets"], "shop")[1] == 1
