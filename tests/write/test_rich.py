"""What values look like in a notebook: right, escaped, and nothing that reaches beyond the fragment."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from typing import Protocol

import pytest

from pipeline.analysis import Analysis, analyze_text
from pipeline.comparison import compare
from pipeline.model import Evidence, Polarity, Section, Sentence
from tests.write.sample import HOSTILE, article_of, hostile, sample

NEUTRAL = Polarity("neutral", 0.0, 0.0, 1.0, 0.0)
# What a text may try: a script, an address that is code, an end of the element, text that shows in another order
ATTACK = "<script>alert(1)</script><a href='javascript:alert(2)'>\"</style></div> onload=x \u202etxt.exe\u2066 $x_1$"


class _Shown(Protocol):
    def _repr_html_(self) -> str: ...


class _Reader(HTMLParser):
    """Collects elements and attributes, and whether every element is closed where it should be."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "br":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def fragments(analysis: Analysis) -> list[str]:
    parts: tuple[_Shown, ...] = (
        analysis,
        *analysis.sections,
        *analysis.sentences,
        analysis.network(),
        compare([analysis, sample()]),
    )
    return [part._repr_html_() for part in parts]


def read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def shown(html: str) -> str:
    """The text that a reader sees, in one line, a blank where an element ends."""
    body = re.sub(r"<style>.*?</style>|<title>.*?</title>", "", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def attacked() -> Analysis:
    """Return the sample with an attack wherever an article's words stand."""
    whole = sample()
    evidence = Evidence(ATTACK, 0, 3, -0.5, "word")
    polarity = Polarity("negative", -0.5, 0.5, 0.5, 0.0, (evidence,))
    sentences = tuple(
        replace(s, text=ATTACK, plain=ATTACK, start=0, end=len(ATTACK), polarity=polarity) for s in whole.sentences
    )
    keyword = replace(whole.keywords[0], term=ATTACK)
    sections = tuple(
        replace(s, heading=ATTACK, keywords=(keyword,), summary=sentences[:1], polarity=polarity)
        for s in whole.sections
    )
    mentions = tuple(replace(m, concept=ATTACK, alias=ATTACK) for m in whole.mentions)
    return replace(whole, title=ATTACK, sections=sections, sentences=sentences, keywords=(keyword,), mentions=mentions)


@pytest.mark.parametrize("analysis", [attacked(), hostile()], ids=["attack", "hostile"])
def test_the_words_of_an_article_stay_words(analysis: Analysis) -> None:
    for html in fragments(analysis):
        reader = read(html)
        assert reader.elements <= {
            *("div", "style", "p", "b", "br", "span", "table", "thead", "tbody", "tr", "th", "td"),
            *("svg", "line", "rect", "polyline", "circle", "title"),
        }
        # No address, no handler, no id
        assert not reader.attributes & {"href", "src", "id"}
        assert not [name for name in reader.attributes if name.startswith("on")]
        # No control, no change of direction, no lone surrogate: only what is written here breaks lines
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x09\x0b-\x1f\ud800-\udfff]", html)
    assert "<script>alert(1)</script>" in shown(attacked()._repr_html_())
    assert HOSTILE[:4] in shown(hostile()._repr_html_())


@pytest.mark.parametrize("html", fragments(sample()))
def test_a_fragment_keeps_to_itself(html: str) -> None:
    assert html.count("<style>") == 1
    style = html.partition("<style>")[2].partition("</style>")[0]
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", style)
    assert len(rules) > 10
    for selectors, declarations in rules:
        assert all(selector.strip().startswith(".fupan") for selector in selectors.split(","))
        # Ink and ground are the notebook's, be they light or dark
        assert not re.search(r"(?<![-\w])color: (?!inherit)|background: (?!none|rgba)", declarations)
        assert "url(" not in declarations
        assert "@" not in declarations
    # A dollar sign in an article is a dollar sign
    assert re.match(r'\s*<div class="fupan tex2jax_ignore mathjax_ignore"', html)


def test_an_analysis_shows_its_finding_sections_and_concepts() -> None:
    html = sample()._repr_html_()
    text = shown(html)
    assert "晨星手环复盘" in text
    assert "全文" in text
    assert "一、问题出在哪里 −0.55 2 / 0 / 0 体验 屏幕漏光，用户的体验很差。" in text
    assert "二、怎样补救 +0.60 0 / 0 / 1 口碑 后来品控严了，口碑慢慢回来。" in text
    assert "信任 2 品控 2 体验 1" in text
    # The bar of −0.55 reaches from 20 to the middle, 42, to the left of it
    assert 'x="20.0" y="2" width="22.0" height="8" fill="#df7b2a"' in html
    assert 'x="42.0" y="2" width="24.0" height="8" fill="#3d8bcd"' in html
    assert html == sample()._repr_html_()


def test_what_is_neutral_has_neither_colour() -> None:
    section = Section("说明", 1, "body", 0, 2, None, NEUTRAL)
    body = section._repr_html_().partition("</style>")[2]
    assert "0.00" in body
    assert "中性" in body
    assert "#df7b2a" not in body
    assert "#3d8bcd" not in body


def test_a_section_shows_the_sentences_that_decided_its_score() -> None:
    decided = Polarity("negative", -0.5, 0.6, 0.3, 0.1, (Evidence("屏幕漏光。", 0, 5, -0.4, "sentence"),))
    section = replace(sample().sections[0], polarity=decided)
    text = shown(section._repr_html_())
    assert "屏幕漏光。 −0.40" in text
    assert "−0.50 偏负面" in text
    assert "体验 ×1" in text
    assert "正文" in shown(replace(section, heading=None)._repr_html_())


def test_a_sentence_shows_the_words_behind_its_score() -> None:
    (sentence,) = [s for s in sample().sentences if s.plain.startswith("屏幕")]
    html = sentence._repr_html_()
    assert '<span class="fp-en">漏光</span>' in html
    assert '<span class="fp-en">很差</span>' in html
    assert "漏光 用词 −0.50" in shown(html)
    assert "概率：负面 81%" in shown(html)
    heading = sample().sentences[0]
    assert "标题，不评分" in shown(heading._repr_html_())
    code = Sentence("x = 1", 0, 5, 0, 0, "code", "x = 1")
    assert "代码，不评分" in shown(code._repr_html_())


def test_a_network_shows_its_strongest_edges() -> None:
    text = shown(sample().network()._repr_html_())
    assert "5 个节点，2 条联系" in text
    assert "品控 — 信任 2 +0.35" in text
    assert "0 条联系" in shown(article_of(sections=0).network()._repr_html_())


def test_a_comparison_shows_articles_and_concepts() -> None:
    other = replace(article_of(sections=3), title="另一篇")
    html = compare([sample(), other])._repr_html_()
    text = shown(html)
    assert text.startswith("共 2 篇")
    assert "50% / 25% / 25%" in text
    assert html.count("<polyline") == 2
    assert html.count("<circle") == 6
    # 2 of 6 mentions
    assert re.search(r"晨星手环复盘 (\d+% )*33%", text)
    assert "关键词" in shown(compare([sample()])._repr_html_())


def test_nothing_is_shown_as_nothing() -> None:
    assert "没有可以评分的句子" in shown(analyze_text("")._repr_html_())
    empty = article_of(sections=0)
    assert "<table" not in empty._repr_html_()
    assert "—" in shown(compare([empty, sample()])._repr_html_())


def test_a_long_article_is_cut_and_says_so() -> None:
    text = shown(article_of(sections=45, sentences=2)._repr_html_())
    assert "第30部分" in text
    assert "第31部分" not in text
    assert "另有 15 节" in text
    many = compare([article_of(sections=1)] * 52)
    assert "另有 2 篇" in shown(many._repr_html_())
