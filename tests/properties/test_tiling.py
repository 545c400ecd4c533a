"""For any input: sentences tile the sections, spans say what they hold, nothing raises, and time grows with the length
alone."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.analysis import default_resources
from pipeline.config import Settings
from pipeline.model import CleanText, Sentence
from pipeline.stages.clean import KINDS, clean
from pipeline.stages.sections import Layout, sections
from pipeline.stages.sentences import sentences

PIECES = [
    "上线以后客服电话响了两个星期", "没有人拍板", "。", "！", "？", "……", "，", "：", "；", "“", "”", "「", "」",
    "（", "）", '"', "'", "\n", "\n\n", "\r\n", "\r",
    " ", "　", "\t", "    ", "# ", "## ", "##", "###### --", "**", "*", "_", "__", "`", "```\n", "~~~", "~~", "- ",
    "+ ", "> ", "1. ", "1、", "2、", "（1）",
    "一、", "二、", "（一）", "第一章", "01 ", "Part 1 ", "【", "】", "3月", "2019年", "总结",
    "目录\n", "分享到\n", "来源：某报", "2021-03-01 10:20", "结语：", "写在最后",
    "---\n", "===\n", "title: 标题\n", "| a | b |\n",
    "|---|---|\n", "|", "[a](b)", "![a](b)", "[a]: http://b\n", "[", "](", "<b>", "</b>", "<br>", "<!--", "-->",
    "&nbsp;", "\\", "\u200b", "\u200d", "\ufeff",
    "\x00", "\x0b", "\u2028", "\x85", "\x1c", "\ud800", "１２", "Ｂ", "V1.0", "99.9%", "a.b", "Node.js",
    "http://a.cn/b", "😀", "图1", "作者：林涛", "转载请注明", "１、", "⽤",
]  # fmt: skip
texts = st.one_of(st.lists(st.sampled_from(PIECES), max_size=60).map("".join), st.text(max_size=200))


def run(text: str, off: frozenset[str] = frozenset()) -> tuple[CleanText, Layout, tuple[Sentence, ...]]:
    resources = default_resources(Settings())
    cleaned = clean(text, reader=resources.reader, off=off)
    layout = sections(cleaned)
    return cleaned, layout, sentences(cleaned, layout, text)


@settings(max_examples=400, deadline=None)
@given(text=texts, off=st.sets(st.sampled_from(KINDS), max_size=3).map(frozenset))
@example(text="\u200b# a\u200b\n\u200b", off=frozenset())
@example(text="a\n\u200b\nb\n\n\u3000\n", off=frozenset())
def test_tiling(text: str, off: frozenset[str]) -> None:
    cleaned, layout, found = run(text, off)
    at = 0
    for s in layout.sections:
        assert at <= s.start < s.end <= len(text)
        assert not text[s.start].isspace() or cleaned.edits
        assert s.parent is None or layout.sections[s.parent].level < s.level
        at = s.end
    covered = bytearray(len(text))
    at = 0
    for x in found:
        section = layout.sections[x.section]
        assert at <= x.start < x.end
        assert section.start <= x.start
        assert x.end <= section.end
        assert x.text == text[x.start : x.end]
        assert x.plain or x.kind != "text"
        if x.offsets:
            assert len(x.offsets) == len(x.plain)
            assert list(x.offsets) == sorted(x.offsets)
            assert x.start <= x.offsets[0] <= x.offsets[-1] < x.end
        else:
            assert x.plain == x.text
        covered[x.start : x.end] = b"\1" * (x.end - x.start)
        at = x.end
    for s in layout.sections:
        for i in range(s.start, s.end):
            assert covered[i] or text[i].isspace() or not_shown(cleaned, i)


def not_shown(cleaned: CleanText, offset: int) -> bool:
    """Whether cleaning left this character out."""
    return any(e.start <= offset < e.end for e in cleaned.edits)


@settings(max_examples=300, deadline=None)
@given(text=texts)
def test_clean_leads_back(text: str) -> None:
    cleaned = clean(text)
    changed = {i for e in cleaned.edits for i in range(e.start, e.end)}
    for k, c in enumerate(cleaned.text):
        assert cleaned.at(k) in changed or text[cleaned.at(k)] == c
    assert all(text[e.start : e.end] == e.before != e.after for e in cleaned.edits)
    assert all(a.end <= b.start for a, b in zip(cleaned.edits, cleaned.edits[1:], strict=False))


HOSTILE = [
    "我", "*", "**a", "[", "[a](", "](", "`", "“", "（", "“。", "<", "<!--", "|", "-", ">", "1.", "...", "a.", "&amp;",
    "\\", "（一", "\u200b", "！", "_a", "。，", "。 ", "“好呀！”品", "![a](b) ", "| ", "~", "<b ", "「品。", "\n\n",
    "> ",
]  # fmt: skip
# What comes before, what is repeated, what comes after: the end, where a pattern fails at last, is what makes it slow.
HARD = [
    ("", "。，", "啊\n啊啊"),
    ("", "！？", "”啊\n啊啊"),
    ("（" * 9_000, "品。控", "）" * 9_000),
    ("「" * 3_000, "品。控", "」" * 3_000),
    ("“好。", "！？", "”，品控"),
    ("品`", " ", "控"),
    ("|品", " ", "控|"),
    ("| 品 | 控 |\n", " ", "|--|--|\n|--|--|\n| 品 | 控 |"),
    ("# 品", " ", "控"),
    ("## 品控\n\n品\n\n## 品", " ", "控 #"),
    ("# 品", " #", "控"),
    ("<h2>品", "。，", "控</h2>\n品"),
    ("品\n\n", "~", "`\n品"),
    ("", "![a](b) ", "图"),
    ("", "[![a](b)](c)  ", "品 控"),
    ("", "<img src=a> ", "图"),
    ("一、品\n", "“好呀！”品", "控"),
    (
        "一、起因\n排期是倒推出来的，没人说不。\n二、经过\n",
        "（一）上线\n当天数据库就挂了，没人值守。\n（二）回滚\n回滚花了九天，没人睡好。\n",
        "三、总结\n下次早说。\n",
    ),
]


def elapsed(text: str) -> float:
    began = time.process_time()
    run(text)
    return time.process_time() - began


@pytest.mark.parametrize(("before", "unit", "after"), [*(("", unit, "") for unit in HOSTILE), *HARD])
def test_time_is_linear(before: str, unit: str, after: str) -> None:
    """Twice the text takes at most three times as long (two, but for noise), and less than a second."""
    for _ in range(3):  # a busy machine may stumble, a quadratic pattern always does
        small = elapsed(before + unit * (20_000 // len(unit)) + after)
        large = elapsed(before + unit * (40_000 // len(unit)) + after)
        if large < 1 and large < 3 * max(small, 0.02):
            return
    pytest.fail(f"{small:.3f} s for 20,000 characters, {large:.3f} s for 40,000")


@pytest.mark.parametrize(
    ("image", "blanks", "times"),
    [("![a](b)", " ", 22), ("[![a](https://b/c.svg)](https://d)", "  ", 18), ("<img src=a>", "    ", 9)],
)
def test_pictures_before_words_take_no_time(image: str, blanks: str, times: int) -> None:
    """Their number must not be an exponent."""
    assert elapsed((image + blanks) * times + "图") < 0.1
