from __future__ import annotations

import time
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Polarity, Sentence, SentenceKind, Token
from pipeline.stages.clean import clean
from pipeline.stages.keywords import load_background, load_stopwords
from pipeline.stages.sections import sections
from pipeline.stages.sentences import sentences
from pipeline.stages.summary import choose, passages, placed, summarize
from pipeline.stages.tokens import Segmenter, tokenize
from pipeline.stages.worth import load_worth

BACKGROUND = load_background()
STOPWORDS = load_stopwords()
WORTH = load_worth()

LINES = (
    "那是十一月的一个下午。",
    "本文从四个方面回顾门锁项目。",
    "门锁项目的失败源于低温测试的缺失，电池在低温下耗尽。",
    "此外，门锁的客服没有预案。",
    "低温测试为什么没有做呢？",
    "门锁的低温测试做了以下几项：",
    "为此，团队建立了低温测试的准入标准，门锁电池必须通过测试。",
    "门锁项目的失败源于低温测试的缺失，电池在低温下很快耗尽。",
    "午饭我们吃了面条。",
)


def parsed(lines: tuple[str, ...], segmenter: Segmenter, kinds: dict[int, SentenceKind] | None = None) -> Parsed:
    out, at = [], 0
    for number, line in enumerate(lines):
        out.append(Sentence(line, at, at + len(line), 0, number, (kinds or {}).get(number, "text"), line))
        at += len(line) + 1
    return out, [tokenize(sentence, segmenter) for sentence in out]


Parsed = tuple[list[Sentence], list[tuple[Token, ...]]]


def summary(parsed: Parsed, *, count: int | None = None, characters: int | None = None) -> list[str]:
    if characters is None:
        prepared = passages(*parsed, stopwords=STOPWORDS)
        chosen = choose(prepared, background=BACKGROUND, worth=WORTH, count=1 if count is None else count)
    else:
        chosen = summarize(*parsed, background=BACKGROUND, stopwords=STOPWORDS, characters=characters)
    return [sentence.text for sentence in chosen]


def test_takes_what_failed_and_what_was_done_and_says_it_once(segmenter: Segmenter) -> None:
    first, second = summary(parsed(LINES, segmenter), count=2)
    assert first in (LINES[2], LINES[7])
    assert second not in (LINES[2], LINES[7], LINES[0], LINES[1], LINES[8])


def test_whole_sentences_in_document_order(segmenter: Segmenter) -> None:
    chosen = summary(parsed(LINES, segmenter), count=5)
    assert len(chosen) == 5
    assert [LINES.index(text) for text in chosen] == sorted(LINES.index(text) for text in chosen)


def test_a_part_is_summarised_as_the_same_sentences_alone_are(segmenter: Segmenter) -> None:
    found, tokens = parsed(LINES, segmenter, {0: "heading"})
    prepared = passages(found, tokens, stopwords=STOPWORDS)
    for first, last in ((0, 9), (2, 6), (0, 1), (4, 4)):
        part = choose(prepared[first:last], background=BACKGROUND, worth=WORTH, count=2)
        assert [sentence.text for sentence in part] == summary((found[first:last], tokens[first:last]), count=2)


def test_questions_announcements_and_talk_about_the_text_come_last(segmenter: Segmenter) -> None:
    assert not {LINES[1], LINES[4], LINES[5]} & set(summary(parsed(LINES, segmenter), count=4))


def test_a_dangling_opening_loses_to_the_same_without_it(segmenter: Segmenter) -> None:
    lines = ("此外，网关的限流配置导致支付失败。", "当晚网关的限流配置导致支付失败。")
    assert summary(parsed(lines, segmenter), count=1) == [lines[1]]


def test_the_summary_of_a_section_speaks_for_its_tone_and_may_lean_on_its_heading(segmenter: Segmenter) -> None:
    lines = ("回滚只花了七分钟，比目标快了一半。", "一是找错了方向，值班的人在通道上耗了十六分钟。")
    found, tokens = parsed(lines, segmenter)
    good, bad = Polarity("positive", 0.8, 0, 0.1, 0.8), Polarity("negative", -0.8, 0.8, 0.1, 0)
    found = [replace(sentence, polarity=said) for sentence, said in zip(found, (good, bad), strict=True)]
    prepared = passages(found, tokens, stopwords=STOPWORDS)
    (whole,) = choose(prepared, background=BACKGROUND, worth=WORTH, count=1)
    (part,) = choose(prepared, background=BACKGROUND, worth=WORTH, count=1, tone=-0.5)
    assert (whole.plain, part.plain) == lines


@pytest.mark.parametrize(
    "line", ["但是项目因为延期导致失败了{}。", "项目因为延期导致失败了。", "第{}次发布延期，用户投诉了{}次。"]
)
def test_the_time_is_in_proportion_to_the_text_whatever_it_says(line: str, segmenter: Segmenter) -> None:
    seconds = []
    for size in (400, 1600):
        found, tokens = parsed(tuple(line.format(at, at) for at in range(size)), segmenter)
        prepared = passages(found, tokens, stopwords=STOPWORDS)
        began = time.process_time()
        choose(prepared, background=BACKGROUND, worth=WORTH, count=5)
        seconds.append(time.process_time() - began)
    assert seconds[1] < 12 * seconds[0] + 0.6  # a collection of garbage may fall into it
    assert seconds[1] < 2


def test_headings_are_neither_first_nor_last_sentence(segmenter: Segmenter) -> None:
    lines = tuple(f"第{at}组的交付记录在周报里。" for at in range(12))
    bare = passages(*parsed(lines, segmenter), stopwords=STOPWORDS)
    headed = passages(*parsed(("背景", *lines, "结论"), segmenter, {0: "heading", 13: "heading"}), stopwords=STOPWORDS)
    assert list(placed(headed, BACKGROUND)) == list(range(1, 13))
    ends = [[row[-2:] for row in placed(text, BACKGROUND).values()] for text in (bare, headed)]
    assert ends[0] == ends[1]


def test_headings_tables_and_code_are_not_chosen_while_there_is_text(segmenter: Segmenter) -> None:
    lines = ("门锁项目的失败", "门锁项目失败了，原因是低温测试的缺失。", "门锁 失败 低温测试", "run(低温测试)")
    kinds: dict[int, SentenceKind] = {0: "heading", 2: "table", 3: "code"}
    assert summary(parsed(lines, segmenter, kinds), count=4) == [lines[1]]
    assert summary(parsed(lines, segmenter, kinds), characters=500) == [lines[1]]


@pytest.mark.parametrize("topic", ["物流", "仓库"])
def test_a_heading_draws_its_topic(topic: str, segmenter: Segmenter) -> None:
    lines = (f"{topic}的延误", "仓库的盘点少了两个人。", "物流的盘点少了两个人。")
    (chosen,) = summary(parsed(lines, segmenter, {0: "heading"}), count=1)
    assert chosen.startswith(topic)


def test_a_summary_does_not_open_with_what_leans(segmenter: Segmenter) -> None:
    lines = (
        "低温测试被排到了量产之后。",
        "此外，门锁的电池在零下十度只剩一半容量，用户投诉在一月翻了三倍，项目因此失败。",
        "团队建立了低温测试的准入标准，门锁电池从三月起必须通过测试。",
    )
    assert summary(parsed(lines, segmenter), count=1) != [lines[1]]
    assert summary(parsed(lines, segmenter), count=2)[0] != lines[1]
    assert summary(parsed(lines, segmenter), count=3) == list(lines)
    assert summary(parsed(lines[1:2], segmenter), count=1) == [lines[1]]


@pytest.mark.parametrize("kind", ["heading", "table", "code"])
def test_never_empty_for_a_text_with_words(kind: SentenceKind, segmenter: Segmenter) -> None:
    only = parsed(("复盘",), segmenter, {0: kind})
    assert summary(only, count=1) == summary(only, characters=1) == ["复盘"]


def test_nothing_from_nothing(segmenter: Segmenter) -> None:
    assert summary(([], []), count=3) == []
    assert summary(parsed(("。。。", "——"), segmenter), characters=100) == []


def test_polar_sentences_are_preferred_where_polarity_is_known(segmenter: Segmenter) -> None:
    lines = ("甲组的交付记录在周报里。", "乙组的交付记录在周报里。")
    plain, tokens = parsed(lines, segmenter)
    for at in (0, 1):
        polar = [replace(s, polarity=Polarity("negative", -0.9, 0.95, 0, 0.05)) if i == at else s
                 for i, s in enumerate(plain)]  # fmt: skip
        assert summary((polar, tokens), count=1) == [lines[at]]


def test_a_budget_is_reached_but_crossed_by_the_last_only(segmenter: Segmenter) -> None:
    document = parsed(LINES, segmenter)
    for characters in (1, 20, 40, 80):
        chosen = summary(document, characters=characters)
        assert sum(map(len, chosen)) >= characters
    assert summary(document, characters=10_000) == list(LINES)


def test_a_budget_takes_complete_clauses(segmenter: Segmenter) -> None:
    line = "今天，产品经理表示，支付网关的超时配置写错了，导致支付网关的订单大量失败，有人在吃饭时接到电话。"
    chosen = summary(parsed((line, "支付网关的超时配置没有人看。"), segmenter), characters=20)
    # neither the adverbial nor who says it, and the consequence stays with its cause
    assert "支付网关的超时配置写错了，导致支付网关的订单大量失败，" in chosen


def test_numbers_and_times_are_not_cut(segmenter: Segmenter) -> None:
    document = parsed(("受故障影响的商户增加到1,127家,故障在晚上19:53才被发现。",), segmenter)
    for characters in range(1, 40):
        for text in summary(document, characters=characters):
            assert not text.endswith(("1,", "19:"))


def test_a_clause_points_to_where_it_stands(segmenter: Segmenter) -> None:
    source = "门锁在冬天\n耗电很快，**低温测试**没有做，用户投诉在一月增加了三倍。\n"
    cleaned = clean(source)
    found = sentences(cleaned, sections(cleaned), source)
    tokens = [tokenize(sentence, segmenter) for sentence in found]
    for characters in range(1, 40):
        chosen = summarize(found, tokens, background=BACKGROUND, stopwords=STOPWORDS, characters=characters)
        for sentence in chosen:
            assert source[sentence.start : sentence.end] == sentence.text
            assert len(sentence.offsets) in (0, len(sentence.plain))
            assert sentence.span(0, len(sentence.plain)) == (sentence.start, sentence.end)


@pytest.mark.parametrize("options", [{"count": 0}, {"characters": -5}])
def test_wrong_arguments(options: dict[str, int], segmenter: Segmenter) -> None:
    with pytest.raises(ValueError, match=f"at least 1, not {next(iter(options.values()))}"):
        summary(parsed(LINES, segmenter), **options)


def test_tokens_must_match_the_sentences(segmenter: Segmenter) -> None:
    found, tokens = parsed(LINES, segmenter)
    with pytest.raises(ValueError, match="9 sentences, but tokens of 8"):
        summary((found, tokens[1:]), characters=1)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.text(alphabet="用户体验很差，因为“质量”下降（了）：；。？a1 \u200b", min_size=1, max_size=40), max_size=8
    ),
    st.integers(1, 60),
)
def test_spans_are_in_order_apart_and_enough(segmenter: Segmenter, lines: list[str], characters: int) -> None:
    found, tokens = parsed(tuple(lines), segmenter)
    chosen = summarize(found, tokens, background=BACKGROUND, stopwords=STOPWORDS, characters=characters)
    text = "\n".join(lines)
    for sentence in chosen:
        assert text[sentence.start : sentence.end] == sentence.text == sentence.plain
    assert all(a.end <= b.start for a, b in pairwise(chosen))
    assert bool(chosen) == any(character.isalnum() for character in text)
    assert chosen == summarize(found, tokens, background=BACKGROUND, stopwords=STOPWORDS, characters=characters)
