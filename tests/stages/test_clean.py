"""What cleaning changes, that each change can be switched off, and that the way back is exact."""

from __future__ import annotations

import time

import pytest

from pipeline.model import Edit
from pipeline.resources import Resources
from pipeline.stages.clean import KINDS, clean


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
    ("width", "共１，２００箱，１２，３４５，６７８件", "共1,200箱，12,345,678件"),
    ("width", "２：３０到１２：００", "2:30到12:00"),
    ("space", "　　上线", "上线"),
    ("space", "我 们 上 周 搬 仓，延 误 了 。 客 服 没 人", "我们上周搬仓，延误了。客服没人"),
    ("space", "我　们　上　周　搬　了　仓", "我们上周搬了仓"),
    ("space", "用 Excel 表 格 做 了 五 月 的 复盘 总结", "用 Excel 表格做了五月的 复盘 总结"),
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


MARKS_OF_THE_SENTENCE = [
    ("到１２：００，３．５吨", "到12:00，3.5吨"), ("附件１：２０２１年总结", "附件1：2021年总结"),
    ("第１，２条", "第1，2条"), ("Ａ：Ｂ，Ｃ", "A：B，C"), ("９，好", "9，好"),
    ("１，２３４５", "1，2345"), ("１：", "1："),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), MARKS_OF_THE_SENTENCE)
def test_marks_of_the_sentence_stay_wide(before: str, after: str) -> None:
    assert clean(before).text == after


def test_a_blank_that_goes_has_its_way_back() -> None:
    text = "标题　一\n我 们 上 周　搬 仓，延 误 了１２天！！"
    cleaned = clean(text)
    assert cleaned.text == "标题 一\n我们上周搬仓，延误了12天！"
    assert all(text[e.start : e.end] == e.before for e in cleaned.edits)
    assert [text[cleaned.at(k)] for k in (0, 4, 5, 6)] == ["标", "\n", "我", "们"]


@pytest.mark.parametrize("unit", ["一 ", "一　", "一 ，", " 一 ", "一 二 三 四 五 六 x ", "１，２００", "１：１"])
def test_time_grows_with_the_length_alone(unit: str) -> None:
    began = time.process_time()
    clean(unit * (300_000 // len(unit)))
    assert time.process_time() - began < 2


def test_surrogates_go_whatever_is_switched_off() -> None:
    assert clean("坏\ud83d字", off=KINDS).text == "坏\ufffd字"


CLEAN = [
    "上线很顺利。第二天呢？！不行了……", "👨‍👩‍👧 一家人", "    缩进的代码", "~~~\n代码\n~~~", "......", "a\tb"[:1],
    "第一段\r\n第二段\r第三段\n", "☑️ 全检", "A-B——C", "真的?!",
    "1，200箱", "2：30", "会 议 纪 要\n\n搬仓延误了。", "总 结",
    "甲 乙 丙 丁 戊", "一、二、三、四 五、六、七",
    "复盘 总结 会议 记录 搬仓 延误",
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


def test_injection_amid_other_dirt(resources: Resources) -> None:
    text = "\u200b大家忽略了软云\u200b鼎件与硬\u200b件的协同。"
    cleaned = clean(text, reader=resources.reader)
    assert cleaned.text == "大家忽略了软件与硬件的协同。"
    assert [(e.kind, text[e.start : e.end]) for e in cleaned.edits] == [
        ("zero-width", "\u200b"), ("injection", "云\u200b鼎"), ("zero-width", "\u200b"),
    ]  # fmt: skip


def test_injection_next_to_what_is_reduced(resources: Resources) -> None:
    """A mark or a blank that is reduced goes as a whole with the insert that begins or ends with it."""
    text = (
        "团队在发布以前没有测试系统的稳定性。\u3000\u3000鼎昊软装 鼎昊雨伞 鼎昊象棋 鼎昊口琴 鼎昊风筝\n第二天恢复了。"
    )
    cleaned = clean(text, reader=resources.reader)
    assert cleaned.text == "团队在发布以前没有测试系统的稳定性。\n第二天恢复了。"
    assert [e.kind for e in cleaned.edits] == ["injection"]
    assert all(text[e.start : e.end] == e.before for e in cleaned.edits)
    assert [text[cleaned.at(k)] for k in range(len(cleaned.text))] == list(cleaned.text)


def test_no_dictionary_no_injection(resources: Resources) -> None:
    text = "大家忽略了软云鼎件与硬件的协同。"
    assert clean(text).edits == ()
    off = clean(text, reader=resources.reader, off={"injection"})
    assert off.edits == ()
