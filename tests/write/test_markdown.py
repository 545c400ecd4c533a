from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pipeline.analysis import Analysis
from pipeline.model import Edit, Metadata, Section
from pipeline.write.markdown import escape, summary_markdown
from tests.write.sample import article_of, hostile, sample

RENDER = MarkdownIt("commonmark").enable("table").enable("strikethrough")

TEXT = st.text(st.sampled_from("产品失败 #*_`~[]()<>|\\!&;:$@-+=.1aB/'\"") | st.characters(codec="utf-8"), max_size=40)


def one_line(text: str) -> str:
    """What of a text can stand on a line."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def kinds(markdown: str) -> set[str]:
    """Every kind of block and inline token that a renderer sees."""
    found = set()
    for token in RENDER.parse(markdown):
        found.add(token.type)
        found |= {child.type for child in token.children or ()}
    return found


def shown(markdown: str) -> str:
    """The text of a document as a reader sees it."""
    return "\n".join(
        "".join(child.content for child in token.children or ())
        for token in RENDER.parse(markdown)
        if token.type == "inline"
    )


@given(TEXT)
@example("# 标题")
@example("1. 一")
@example("- 项")
@example("=")
@example("<script>alert(1)</script>")
@example("[点我](http://e.example)")
@example("&lt;b&gt;")
@example("2024. 年")
def test_escaped_text_shows_as_itself(text: str) -> None:
    text = one_line(text)
    if text:
        assert kinds(escape(text)) <= {"paragraph_open", "paragraph_close", "inline", "text", "text_special"}
        assert shown(escape(text)) == text


@pytest.mark.parametrize(
    "text", ["见 http://evil.example/a", "www.evil.example", "a@evil.example", "HTTPS://x.example"]
)
def test_addresses_do_not_turn_into_links(text: str) -> None:
    # GitHub and most viewers link what looks like an address; the escape breaks its look, not its reading
    assert escape(text) != text
    assert shown(escape(text)) == text


@given(TEXT)
@example("|")
@example("a\\|b")
def test_a_cell_stays_one_cell(text: str) -> None:
    text = one_line(text)
    rows = RENDER.parse(f"| x | y |\n| --- | --- |\n| {escape(text)} | 末 |")
    cells = [rows[at + 1].content for at, token in enumerate(rows) if token.type == "td_open"]
    assert len(cells) == 2
    assert cells[1] == "末"


def test_it_says_what_was_found() -> None:
    text = shown(summary_markdown(sample()))
    title, said, found, *_ = text.splitlines()
    assert title == "晨星手环复盘"
    assert said == "屏幕漏光，用户的体验很差。后来品控严了，口碑慢慢回来。"
    assert found.startswith("全文")
    assert "得分最低的一节是「一、问题出在哪里」（−0.55）" in found
    assert "最高的是「二、怎样补救」（+0.60）" in found
    assert "品控 — 信任" in text


def test_a_section_shows_tone_one_sentence_and_keywords() -> None:
    analysis = sample()
    first = analysis.sections[0]
    calm, polar = (replace(s, polarity=replace(s.polarity, score=score)) for s, score in (
        (analysis.sentences[1], 0.1), (analysis.sentences[2], -0.9)))  # fmt: skip
    first = replace(first, summary=(calm, polar))
    lines = shown(summary_markdown(replace(analysis, sections=(first, *analysis.sections[1:])))).splitlines()
    at = lines.index("一、问题出在哪里（偏负面 −0.55）")
    assert lines[at + 1] == polar.plain
    assert lines[at + 2].startswith("关键词：体验")


def test_sections_below_others_have_smaller_headings() -> None:
    analysis = sample()
    below = replace(analysis.sections[1], level=2, parent=0)
    text = summary_markdown(replace(analysis, sections=(analysis.sections[0], below, *analysis.sections[2:])))
    assert "\n### 一、问题出在哪里" in text
    assert "\n#### 二、怎样补救" in text


@pytest.mark.parametrize(
    ("plain", "told"),
    [
        ("然而，退货率升到三成。", "退货率升到三成。"),
        ("与此同时，此外，退货率升到三成。", "退货率升到三成。"),
        ("退货率（按出货算）升到三成。", "退货率升到三成。"),
        ("退货率（按出货（含赠品）算）升到三成", "退货率升到三成。"),
        ("但愿退货率降下来。", "但愿退货率降下来。"),
        ("然而，（略）", "然而，（略）。"),
        ("他问：“谁签的字？”", "他问：“谁签的字？”"),
        ("與此同時，退貨率升到三成。", "退貨率升到三成。"),
        ("退货率升到三成，", "退货率升到三成。"),
        ("The launch slipped", "The launch slipped."),
        ("（" * 4000 + "略" + "）" * 4000 + "退货率升了。", None),
    ],
)
def test_sentences_are_trimmed_to_stand_alone(plain: str, told: str | None) -> None:
    analysis = sample()
    sentence = replace(analysis.summary[0], plain=plain, offsets=())
    line = shown(summary_markdown(replace(analysis, summary=(sentence,)))).splitlines()[1]
    assert line == told if told else len(line) < 200


def test_sentences_of_latin_letters_stand_apart() -> None:
    analysis = sample()
    two = tuple(replace(s, plain=f"It failed {at}.", offsets=()) for at, s in enumerate(analysis.summary[:2]))
    assert "It failed 0. It failed 1." in shown(summary_markdown(replace(analysis, summary=two)))


def test_spam_is_shown_inside_the_word_that_it_split() -> None:
    text = "我们的硬广告件卖得很好。"
    base = sample()
    edit = Edit("injection", 4, 6, "广告", "")
    shown_text = shown(
        summary_markdown(replace(base, article=replace(base.article, text=text), edits=(edit,), mentions=()))
    )
    assert "硬广告件 → 硬件（字符位置 4）" in shown_text


def test_invisible_edits_are_named() -> None:
    assert "零宽字符：U+200B → （删去）" in shown(summary_markdown(sample()))


def test_many_edits_of_one_kind_take_one_line() -> None:
    edits = tuple(Edit("width", at, at + 1, "Ａ", "A") for at in range(500))
    text = summary_markdown(replace(sample(), edits=edits))
    assert text.count("全角字母数字") == 1
    assert "等 500 处" in text


def test_hostile_text_adds_no_mark_up() -> None:
    text = summary_markdown(hostile())
    text.encode("utf-8")
    assert not {"html_inline", "html_block", "link_open", "image", "code_block"} & kinds(text)
    assert "\x00" not in text


@pytest.mark.parametrize(
    "analysis",
    [article_of(sections=0), article_of(sections=1, sentences=0), article_of(sections=3, sentences=1, nodes=3)],
)
def test_articles_with_little_in_them(analysis: Analysis) -> None:
    text = summary_markdown(analysis)
    assert text.startswith("# 虚构文章\n")
    assert text.endswith("\n")
    assert "怎样读这些数字" in text


def test_a_section_without_heading_is_named() -> None:
    analysis = sample()
    text = analysis.article.text
    opening = Section(None, 1, "intro", 0, len(text))
    assert "### 开篇" in summary_markdown(replace(analysis, sections=(opening, *analysis.sections[1:])))


def test_long_text_is_trimmed_here() -> None:
    analysis = sample()
    long = replace(analysis.sentences[1], plain="很" * 5000)
    text = summary_markdown(replace(analysis, summary=(long,), title="长" * 5000))
    assert max(map(len, text.splitlines())) < 700


def test_the_same_analysis_gives_the_same_text() -> None:
    assert summary_markdown(sample()) == summary_markdown(sample())


def test_author_date_source_and_script_are_told() -> None:
    text = summary_markdown(replace(sample(), metadata=Metadata("周*小满", None, "河边周刊"), script="traditional"))
    assert "周*小满 · 河边周刊" in shown(text)
    assert "字体：原文是繁体字" in shown(text)
    assert "字体" not in summary_markdown(sample())
