from __future__ import annotations

import logging
import random
import subprocess
import sys
from pathlib import Path

import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Sentence
from pipeline.resources import Resources
from pipeline.stages.read import read
from pipeline.stages.tokens import Segmenter, load_segmenter, parse_dictionary, read_dictionary, segment, tokenize
from tests.conftest import ARTICLES, ROOT


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> jieba.Tokenizer:
    jieba.setLogLevel(logging.ERROR)
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(tmp_path_factory.mktemp("jieba"))
    tokenizer.initialize()
    return tokenizer


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_parity_cuts_the_corpus_as_jieba_does(path: Path, segmenter: Segmenter, reference: jieba.Tokenizer) -> None:
    for line in read(path).text.splitlines():
        assert segmenter.cut(line, parity=True) == list(reference.cut(line))


def test_parity_on_text_that_the_two_engines_read_differently(segmenter: Segmenter, reference: jieba.Tokenizer) -> None:
    pieces = [
        *"的了T恤火火火①Ａ𠀀㐀鿿é😀 \t\n,.-_%&#+",
        "火火火火火",
        "AT&T",
        "www.example.org",
        "2.5%",
        "C++",
        "卡拉OK",
        "V1.0",
    ]
    chance = random.Random(7)
    for _ in range(2000):
        text = "".join(chance.choice(pieces) for _ in range(chance.randint(1, 12)))
        assert segmenter.cut(text, parity=True) == list(reference.cut(text)), text


@pytest.mark.parametrize("word", ["小米11", "骁龙888", "卢伟冰", "MIUI系统", "品控", "用户共创"])
def test_domain_words_stay_whole(word: str, segmenter: Segmenter) -> None:
    assert word in segmenter.cut(f"他们在复盘中提到{word}的影响，以及{word}。")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("天玑900的功耗更低", "天玑900"),
        ("我们把ERP系统停了两天", "ERP系统"),
        ("华为2024年的利润", "华为"),
        ("小米3月发布", "小米"),
        ("特斯拉12%的份额", "特斯拉"),
        ("小米11 Pro也有问题", "小米11"),
    ],
)
def test_a_brand_takes_its_model_number_but_no_date_or_share(text: str, word: str, segmenter: Segmenter) -> None:
    assert word in segmenter.cut(text)


def test_names_are_tagged_as_names_and_words_are_not(segmenter: Segmenter) -> None:
    tags = dict(segmenter.tag("小米11频繁卡顿，雷军说口碑受损"))
    assert tags["小米11"] == "nz"
    assert tags["雷军"] == "nr"
    assert tags["卡顿"] == "v"  # the general dictionary takes it for a foreigner's name


def test_user_words_come_last_and_win() -> None:
    entries = parse_dictionary(["# mine", "", "云雀计划 nz", "发布云 100 n"], source="mine.txt")
    segmenter = load_segmenter([("云雀计划", None, "n")], entries)
    assert dict(segmenter.tag("我们启动云雀计划"))["云雀计划"] == "nz"
    assert "云雀计划" not in load_segmenter().cut("我们启动云雀计划")


@pytest.mark.parametrize("line", ["词 1 n 多余", "词 高", "词 100000000000000000000 n"])
def test_a_malformed_dictionary_line_is_named(line: str, tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text(f"好词 n\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"words\.txt, line 2"):
        read_dictionary(path)


def test_a_dictionary_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes("品控 n".encode("gb18030"))
    with pytest.raises(ValueError, match="UTF-8"):
        read_dictionary(path)


def test_the_reference_engine_gives_tags_too() -> None:
    pairs = load_segmenter([("品控", None, "n")], engine="jieba").tag("品控很差")
    assert ("品控", "n") in pairs


@given(st.text())
def test_words_join_to_the_text_and_offsets_hold(resources: Resources, text: str) -> None:
    for parity in (False, True):
        tokens = segment(text, resources.segmenter, parity=parity)
        assert "".join(token.word for token in tokens) == text
        assert all(text[token.start : token.end] == token.word for token in tokens)


def test_tokens_of_a_repaired_sentence_point_into_the_source(segmenter: Segmenter) -> None:
    source = "前言。软雷火件卡顿。"
    sentence = Sentence(source[3:], 3, 10, 0, 0, "text", "软件卡顿。", (3, 6, 7, 8, 9))
    tokens = tokenize(sentence, segmenter)
    first = tokens[0]
    assert (first.word, first.start, first.end) == ("软件", 3, 7)
    assert "".join(token.word for token in tokens) == sentence.plain


def test_rjieba_works_as_ever_in_a_process_that_has_a_segmenter() -> None:
    program = """
import sys
from pipeline.stages.tokens import load_segmenter
own = load_segmenter([("复盘词", 9000, "n")])
assert "rjieba" not in sys.modules  # its package builds a second dictionary
import rjieba
assert own.has_word("复盘词") and not rjieba.has_word("复盘词")
assert "".join(rjieba.cut("我们在复盘")) == "我们在复盘"
assert type(own._fast) is rjieba.Jieba
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60, cwd=ROOT)
