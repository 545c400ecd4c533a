from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Sentence, Token
from pipeline.resources import Resources
from pipeline.stages.discovery import Discovered, discover, recut
from pipeline.stages.tokens import tokenize

NAMES = (
    "方砚秋开了一次会，会上方砚秋说要查通道。",
    "后来由方砚秋写了报告，报告交给贺知远负责。",
    "贺知远问为什么没有人看告警，方砚秋没有回答。",
)


def parsed(lines: tuple[str, ...], resources: Resources) -> tuple[list[Sentence], list[tuple[Token, ...]]]:
    out, at = [], 0
    for number, line in enumerate(lines):
        out.append(Sentence(line, at, at + len(line), 0, number, "text", line))
        at += len(line) + 1
    return out, [tokenize(sentence, resources.segmenter) for sentence in out]


def found(lines: tuple[str, ...], resources: Resources) -> dict[str, Discovered]:
    return {item.word: item for item in discover(parsed(lines, resources)[1], resources.reader)}


def test_names_that_come_back_are_found_with_their_count(resources: Resources) -> None:
    mine = found(NAMES, resources)
    assert mine["方砚秋"].count == 4
    assert mine["贺知远"].count == 2
    assert mine["方砚秋"].pos == "nr"


def test_a_part_of_a_word_is_none(resources: Resources) -> None:
    assert not {"方砚", "砚秋", "知远", "贺知"} & set(found(NAMES, resources))


def test_a_term_is_found_inside_what_was_guessed(resources: Resources) -> None:
    lines = ("客服说炸篮掉漆。", "两次换炸篮都失败了。", "新炸篮由工厂发货。")
    sentences, tokens = parsed(lines, resources)
    own = discover(tokens, resources.reader)
    assert [item.word for item in own] == ["炸篮"]
    words = [[token.word for token in row] for row in recut(sentences, tokens, own, resources.segmenter)]
    assert all("炸篮" in row for row in words)


@pytest.mark.parametrize(
    ("lines", "none"),
    [
        (("系统有三条连接。", "只剩八条连接。", "一条连接也没有。"), "条连接"),  # a measure
        (("账上没有钱。", "账上只有三万。", "他看账上的数。"), "账上"),  # a place
        (("用户体验变差。", "重视用户体验。", "用户体验在下降。"), "用户体验"),  # of the dictionary's words
        (("我们换芯片。", "他们换芯片。", "谁在换芯片？"), "换芯片"),  # a verb and its object
        (("方砚秋说。",), "方砚秋"),  # once
    ],
)
def test_what_is_no_word_is_not_found(lines: tuple[str, ...], none: str, resources: Resources) -> None:
    assert none not in found(lines, resources)


def test_a_word_of_the_dictionary_is_cut_only_by_what_is_more_frequent(resources: Resources) -> None:
    sentences, tokens = parsed(("葛长林带着班长开单。", "林带很宽。"), resources)
    cut = recut(sentences, tokens, [Discovered("葛长林", "nr", 4)], resources.segmenter)
    assert [token.word for token in cut[0]][:2] == ["葛长林", "带"]
    assert cut[1] == tokens[1]
    rare = recut(sentences, tokens, [Discovered("葛长林", "nr", 1)], resources.segmenter)
    assert rare == tuple(tokens)


def test_a_text_of_endless_names_takes_no_endless_time(resources: Resources) -> None:
    names = ["".join(chr(0x4E00 + (7 * at + 131 * k) % 20_000) for k in range(4)) for at in range(4000)]
    _, tokens = parsed(tuple(f"{a}，{b}。" for a, b in zip(names, names[::-1], strict=True)), resources)
    began = time.process_time()
    assert len(discover(tokens, resources.reader)) <= 500
    assert time.process_time() - began < 5


def test_nothing_found_changes_nothing(resources: Resources) -> None:
    sentences, tokens = parsed(NAMES, resources)
    assert recut(sentences, tokens, (), resources.segmenter) == tuple(tokens)
    assert discover([], resources.reader) == ()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(alphabet="方砚秋炸篮换的了林带Aa1，。 \u200b\ud800", max_size=24), max_size=6),
    st.lists(st.sampled_from(["方砚秋", "炸篮", "砚秋", "秋炸", "林带A"]), unique=True, max_size=4),
)
def test_tokens_still_join_to_the_sentence(resources: Resources, lines: list[str], words: list[str]) -> None:
    sentences, tokens = parsed(tuple(lines), resources)
    own = [Discovered(word, "n", 9) for word in words]
    for sentence, row in zip(sentences, recut(sentences, tokens, own, resources.segmenter), strict=True):
        edges = [token.start for token in row] + [row[-1].end] if row else []
        assert edges == [sentence.start, *[token.end for token in row]][: len(edges)]
        if "\ud800" not in sentence.text:  # the segmenter has put another character for it
            assert "".join(token.word for token in row) == sentence.plain
    discover(tokens, resources.reader)
