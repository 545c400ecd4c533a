"""What cleaning changes, that each change can be switched off, and that the way back is exact."""

from __future__ import annotations

import random

import pytest

from pipeline.model import Edit
from pipeline.stages.clean import KINDS, clean

WORDS = frozenset(
    [
        "软件",
        "硬件",
        "品质",
        "质量",
        "供应",
        "供应链",
        "用户",
        "体验",
        "系统",
        "稳定",
        "团队",
        "产品",
        "问题",
        "管控",
        "生态",
        "协同",
        "发布",
        "测试",
        "投诉",
        "上线",
        "检验",
        "出厂",
        "雷火",
        "云鼎",
    ]
)


def edits(text: str, **options: object) -> list[tuple[str, str, str]]:
    return [(e.kind, e.before, e.after) for e in clean(text, **options).edits]  # type: ignore[arg-type]


DIRT = [
    ("zero-width", "软\u200b件", "软件"),
    ("zero-width", "\ufeff软件\u2060", "软件"),
    ("zero-width", "软\u202e件", "软件"),
    ("zero-width", "软\u200d件", "软件"),
    ("control", "软\x00\x07件", "软件"),
    ("control", "第一段\x0b第二段", "第一段\n第二段"),
    ("control", "第一段\u2028第二段", "第一段\n第二段"),
    ("control", "坏\ud83d字", "坏\ufffd字"),
    ("width", "２０２１年用了Ｖ１．０", "2021年用了V1.0"),
    ("width", "合格率９９．９％", "合格率99.9%"),
    ("space", "　　上线", "上线"),
    ("space", "上线\u00a0以后", "上线 以后"),
    ("space", "上线\t以后", "上线 以后"),
    ("punctuation", "快停！！！！", "快停！"),
    ("punctuation", "好吧。。。", "好吧。"),
    ("punctuation", "为什么???", "为什么?"),
    ("punctuation", "等………………着", "等……着"),
    ("glyph", "\uf0b7 全检", "• 全检"),
    ("glyph", "⽤户", "用户"),
]


@pytest.mark.parametrize(("kind", "before", "after"), DIRT)
def test_dirt(kind: str, before: str, after: str) -> None:
    cleaned = clean(before)
    assert cleaned.text == after
    assert {e.kind for e in cleaned.edits} == {kind}


@pytest.mark.parametrize(("kind", "before", "after"), [d for d in DIRT if "\ud83d" not in d[1]])
def test_switched_off(kind: str, before: str, after: str) -> None:
    assert clean(before, off={kind}).text == before


def test_surrogates_go_whatever_is_switched_off() -> None:
    assert clean("坏\ud83d字", off=KINDS).text == "坏\ufffd字"


CLEAN = [
    "上线很顺利。第二天呢？！不行了……", "👨‍👩‍👧 一家人", "    缩进的代码", "~~~\n代码\n~~~", "......", "a\tb"[:1],
    "第一段\r\n第二段\r第三段\n", "☑️ 全检", "A-B——C", "真的?!",
]  # fmt: skip


@pytest.mark.parametrize("text", CLEAN)
def test_clean_text_is_returned_as_it_is(text: str) -> None:
    cleaned = clean(text)
    assert cleaned.edits == ()
    assert cleaned.text is text


def test_edits_speak_of_the_source() -> None:
    text = "软\u200b件\u200b很好！！用了１２天"
    cleaned = clean(text)
    assert cleaned.text == "软件很好！用了12天"
    assert cleaned.edits[0] == Edit("zero-width", 1, 2, "\u200b", "")
    assert all(text[e.start : e.end] == e.before for e in cleaned.edits)
    source = [cleaned.at(k) for k in range(len(cleaned.text))]
    assert [text[i] for i in source] == ["软", "件", "很", "好", "！", "用", "了", "１", "２", "天"]
    assert cleaned.span(0, 2) == (0, 3)


def test_unknown_kind() -> None:
    with pytest.raises(ValueError, match="unknown kind of edit: spam; known: zero-width"):
        clean("软件", off={"spam"})


def test_injection() -> None:
    text = "大家忽略了软云鼎件与硬件的协同。"
    cleaned = clean(text, has_word=WORDS.__contains__)
    assert cleaned.text == "大家忽略了软件与硬件的协同。"
    assert cleaned.edits == (Edit("injection", 6, 8, "云鼎", ""),)


def test_injection_amid_other_dirt() -> None:
    text = "\u200b大家忽略了软云\u200b鼎件与硬\u200b件的协同。"
    cleaned = clean(text, has_word=WORDS.__contains__)
    assert cleaned.text == "大家忽略了软件与硬件的协同。"
    assert [(e.kind, text[e.start : e.end]) for e in cleaned.edits] == [
        ("zero-width", "\u200b"), ("injection", "云\u200b鼎"), ("zero-width", "\u200b"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "大家忽略了软云鼎件与硬件的协同。云鼎是一家供应商。",  # a word that the article uses
        "软云鼎件是一个牌子。软云鼎件卖得不好。",  # always in the same place: a name
        "这个月赚不到钱。",  # a verb and its object
        "软件与硬件都有问题。",
        "软的硬的件件都要查。",
    ],
)
def test_no_injection(text: str) -> None:
    words = WORDS | {"赚钱"}
    assert clean(text, has_word=words.__contains__).text == text


def test_no_dictionary_no_injection() -> None:
    assert clean("大家忽略了软云鼎件与硬件的协同。").edits == ()
    assert clean("大家忽略了软云鼎件。", has_word=WORDS.__contains__, off={"injection"}).edits == ()


# Stems of invented brand names, none of which the detector knows of.
SYLLABLES = "鑫腾旺盈彩娱泰昊瑞捷凯皓晟灏玖亿博威澳翡"
SENTENCES = [
    "团队在发布以前没有测试系统的稳定性", "用户的投诉集中在软件与硬件的协同", "供应商的品质管控出了问题",
    "产品上线以后体验下降", "出厂检验没有发现质量问题",
]  # fmt: skip


def test_injected_names_are_found() -> None:
    """At least 85 in 100 of random names pushed into words of the dictionary are found and taken out."""
    chance = random.Random(7)
    words = sorted(w for w in WORDS if len(w) == 2)
    hit = total = 0
    for _ in range(300):
        sentence = chance.choice(SENTENCES)
        inside = [w for w in words if w in sentence]
        word = chance.choice(inside)
        at = sentence.index(word) + 1
        name = "".join(chance.sample(SYLLABLES, chance.choice([2, 3])))
        dirty = f"{sentence[:at]}{name}{sentence[at:]}。"
        total += 1
        hit += clean(dirty, has_word=WORDS.__contains__).text == sentence + "。"
    assert hit >= 0.85 * total
