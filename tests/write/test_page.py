from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.analysis import Analysis
from pipeline.model import Edit, Metadata, Sentence
from pipeline.write.page import report_html
from tests.write.sample import HOSTILE, article_of, hostile, sample

VOID = {"meta", "link", "br", "input"}
TAGS = {
    *("script", "label", "select", "option", "button", "input", "code", "polyline"),
    *("html", "head", "meta", "link", "title", "style", "body", "header", "nav", "main", "section", "article", "aside"),
    *(
        "footer",
        "div",
        "p",
        "span",
        "b",
        "i",
        "del",
        "a",
        "br",
        "h1",
        "h2",
        "h3",
        "h4",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
    ),
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "details", "summary", "pre"),
    *("svg", "g", "rect", "line", "text", "circle", "polyline"),
}


class Page(HTMLParser):
    """A page taken apart; an element that is not closed where it should be fails at once."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str]] = []
        self.ids: list[str] = []
        self.text = ""
        self.headings: list[int] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, name, value or "") for name, value in attributes]
        self.ids += [value or "" for name, value in attributes if name == "id"]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] not in (["style"], ["script"]):
            self.text += data

    def values(self, name: str) -> list[str]:
        return [value for _, attribute, value in self.attributes if attribute == name]


def with_text(text: str) -> Analysis:
    """The sample with ``text`` wherever an article can put text."""
    base = sample()
    sentences = tuple(
        Sentence(text, s.start, s.start + len(text), s.section, s.paragraph, s.kind, text, polarity=s.polarity)
        for s in base.sentences
    )
    network = base.network()
    rename = {"品控": text + "甲", "信任": text + "乙", "体验": "体验", "用户": "用户", "参数": "参数"}
    renamed = replace(
        network,
        nodes=tuple(replace(node, name=rename[node.name]) for node in network.nodes),
        edges=tuple(replace(e, source=rename[e.source], target=rename[e.target]) for e in network.edges),
    )
    positions = {rename[name]: position for name, position in base.positions().items()}
    return replace(
        base,
        title=text,
        metadata=Metadata(text, text, text),
        article=replace(base.article, name=text, encoding=text, sha256=text, text=text * 20),
        sections=tuple(
            replace(
                section,
                heading=text,
                keywords=tuple(replace(keyword, term=text) for keyword in section.keywords),
                summary=sentences[number : number + 1],
            )
            for number, section in enumerate(base.sections)
        ),
        sentences=sentences,
        keywords=tuple(replace(keyword, term=text) for keyword in base.keywords),
        mentions=tuple(replace(mention, concept=text, alias=text) for mention in base.mentions),
        summary=sentences[:2],
        edits=(Edit("injection", 1, 2, text, text), Edit(text, 1, 2, text, text)),
        _kept={("network", "sentence"): renamed, ("positions", "sentence"): positions},
    )


def forbidden(page: Page) -> list[str]:
    """Whatever on a page could fetch, run or send something."""
    found = [tag for tag in page.tags if tag not in TAGS]
    for tag, name, value in page.attributes:
        if name.startswith("on") or name in ("src", "srcset", "action", "formaction", "data", "poster", "background"):
            found.append(f"{tag} {name}")
        if name in ("href", "xlink:href") and not (value == "data:," or value.startswith(("#", "./"))):
            found.append(f"{tag} {name}={value}")
        if name == "style" and "url(" in value:
            found.append(f"{tag} {name}={value}")
    return found


def test_it_says_what_was_found() -> None:
    page = Page(report_html(sample()))
    assert page.tags["h1"] == 1
    assert "晨星手环复盘" in page.text
    assert "4 句里" in page.text
    assert "得分最低的一节是「一、问题出在哪里」（−0.55），最高的是「二、怎样补救」（+0.60）。" in page.text
    for sentence in sample().sentences:
        assert sentence.plain in page.text


def test_nothing_on_it_fetches_or_runs() -> None:
    text = report_html(sample())
    page = Page(text)
    assert forbidden(page) == []
    assert "://" not in text
    policy = next(value for value in page.values("content") if "default-src" in value)
    assert "default-src 'none'" in policy
    scripts = re.findall("<script>(.*?)</script>", text, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    assert re.findall("script-src [^;]*", policy) == [f"script-src 'sha256-{digest}'" for digest in digests]


def test_ids_are_unique_and_every_link_has_its_target() -> None:
    for analysis in (sample(), article_of(sections=6, sentences=8, nodes=20)):
        page = Page(report_html(analysis))
        assert len(page.ids) == len(set(page.ids))
        targets = {value[1:] for value in page.values("href") if value.startswith("#")}
        assert targets
        assert targets <= set(page.ids)


def test_it_can_be_read_aloud() -> None:
    text = report_html(sample())
    page = Page(text)
    assert ("html", "lang", "zh-CN") in page.attributes
    assert page.headings[0] == 1
    assert all(after - before <= 1 for before, after in zip(page.headings, page.headings[1:], strict=False))
    assert page.tags["caption"] == page.tags["table"] > 0
    assert page.values("scope").count("col") + page.values("scope").count("row") == page.tags["th"]
    for svg in re.findall("<svg[^>]*>", text):
        assert "aria-label=" in svg or "aria-hidden" in svg


def test_behind_a_concept_are_its_occurrences_and_behind_an_edge_its_sentences() -> None:
    text = report_html(sample())
    concept = text[text.index('id="c0"') :].split("</tbody>")[0]
    assert 'href="#t4"' in concept
    assert 'href="#t6"' in concept
    edge = text[text.index('id="e0"') :].split("</tbody>")[0]
    assert "品控 — 信任" in edge
    assert '<b class="hit">品控</b>' in edge
    assert '<b class="hit">口碑</b>' in edge


def test_behind_a_score_are_its_words() -> None:
    text = report_html(sample())
    assert '<b class="en">漏光</b>' in text
    assert '<b class="ep">回来</b>' in text
    assert 'title="第 1 句 −0.81 明显负面；依据：漏光 −0.50、很差 −0.31；概念：' in text


def test_words_that_overlap_are_marked_once() -> None:
    base = sample()
    first = base.sentences[1]
    at = first.start + first.text.index("很差")
    wide = replace(first.polarity.evidence[1], text="体验很差", start=at - 2, weight=0.2)
    polarity = replace(first.polarity, evidence=(*first.polarity.evidence, wide))
    sentences = (base.sentences[0], replace(first, polarity=polarity), *base.sentences[2:])
    text = report_html(replace(base, sentences=sentences))
    assert '<b class="c">体验</b><b class="en">很差</b>。' in text


def test_removed_spam_is_struck_out_in_its_place() -> None:
    base = sample()
    sentence = base.sentences[1]  # 屏幕漏光，用户的体验很差。
    at = sentence.start + 1
    text = base.article.text[:at] + "广告" + base.article.text[at:]
    plain = sentence.plain
    offsets = (sentence.start, *range(at + 2, at + 1 + len(plain)))
    dirty = replace(
        sentence,
        text=text[sentence.start : sentence.end + 2],
        end=sentence.end + 2,
        offsets=offsets,
        polarity=replace(sentence.polarity, evidence=()),
    )
    page = report_html(
        replace(
            base,
            article=replace(base.article, text=text),
            sentences=(base.sentences[0], dirty),
            mentions=(),
            summary=(),
            sections=base.sections[:1],
            edits=(Edit("injection", at, at + 2, "广告", ""),),
            _kept=article_of(sections=0)._kept,
        )
    )
    assert '屏<del title="读前去掉的异文">广告</del>幕' in page
    assert "屏广告幕</td><td>屏幕</td>" in page


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=60))
@example("</script><script>alert(1)</script>")
@example("</style><style>*{display:none}")
@example("--><!-- <!DOCTYPE html> <![CDATA[")
@example("\" onmouseover=alert(1) x='")
@example("{{ 7*7 }}{% raw %}")
@example("&lt;b&gt;&#0;&amp")
@example("\x00\x1b[31m\u202e\ud800\udfff\uffff")
@example(HOSTILE)
def test_text_never_becomes_an_element(text: str) -> None:
    plain, hostile_page = Page(report_html(with_text("文" * len(text)))), report_html(with_text(text))
    hostile_page.encode("utf-8")
    page = Page(hostile_page)
    assert forbidden(page) == []
    # What is shown may be cut in more or fewer pieces, but no other kind of element turns up
    assert set(page.tags) <= set(plain.tags) | {"del", "b"}
    assert page.tags["p"] == plain.tags["p"]
    assert page.tags["section"] == plain.tags["section"]


def test_braces_are_no_template() -> None:
    assert "49" not in Page(report_html(with_text("{{ 7*7 }}"))).text


def test_values_that_are_no_numbers() -> None:
    Page(report_html(hostile()))


@pytest.mark.parametrize("sections", [0, 1])
def test_articles_with_nothing_in_them(sections: int) -> None:
    page = Page(report_html(article_of(sections=sections, sentences=0)))
    assert "没有可以评分的句子" in page.text
    assert forbidden(page) == []


def test_code_and_tables_are_shown_as_what_they_are() -> None:
    base = sample()
    code = replace(base.sentences[2], kind="code", text="a:\n  b: <1>\n", plain="a: b: <1>")
    table = replace(base.sentences[4], kind="table")
    text = report_html(
        replace(base, sentences=(*base.sentences[:2], code, base.sentences[3], table, *base.sentences[5:]))
    )
    assert "a:\n  b: &lt;1&gt;\n</pre>" in text
    assert '<p class="row"><span id="t4"' in text


def test_a_long_article_is_long_but_not_longer_than_it_must_be() -> None:
    small = len(report_html(article_of(sections=10, sentences=40, nodes=20)))
    large = len(report_html(article_of(sections=100, sentences=40, nodes=20)))
    assert large < 11 * small
    assert Page(report_html(article_of(sections=100, sentences=40))).tags["rect"] < 1000


def test_an_article_of_three_thousand_characters_stays_small(analyses: dict[str, Analysis]) -> None:
    assert analyses
    for name, analysis in analyses.items():
        assert len(report_html(analysis).encode("utf-8")) <= 500_000, name


def test_every_line_of_a_real_article_is_on_its_page(analyses: dict[str, Analysis]) -> None:
    for name, analysis in analyses.items():
        page = Page(report_html(analysis))
        shown = "".join(page.text.split())
        for sentence in analysis.sentences:
            if sentence.kind == "text" and not any(e.kind == "injection" for e in analysis.edits):
                assert "".join(sentence.plain.split()) in shown, (name, sentence)
        assert forbidden(page) == []
        assert {value[1:] for value in page.values("href") if value[:1] == "#"} <= set(page.ids), name


def test_the_same_analysis_gives_the_same_bytes_in_every_process() -> None:
    script = (
        "import hashlib\nfrom tests.write.sample import article_of, sample\n"
        "from pipeline.write.page import report_html\n"
        "pages = report_html(sample()) + report_html(article_of(sections=3, nodes=24))\n"
        "print(hashlib.sha256(pages.encode()).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", script],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


def test_author_date_and_source_stand_below_the_title_where_they_are_known() -> None:
    known = replace(sample(), metadata=Metadata("周小满", "2021-03-05", "河边周刊"))
    assert '<p class="byline">周小满 · 2021-03-05 · 河边周刊</p>' in report_html(known)
    assert '<p class="byline">' not in report_html(sample())


def test_the_page_says_how_traditional_text_was_read() -> None:
    assert "逐字转为简体" in Page(report_html(replace(sample(), script="traditional"))).text
    assert "兼用繁简" in Page(report_html(replace(sample(), script="mixed"))).text
    assert "繁体" not in Page(report_html(sample())).text


def test_the_page_says_what_could_not_be_read() -> None:
    base = sample()
    lost = replace(base, article=replace(base.article, text=base.article.text + "\ufffd坏\ufffd"))
    assert "原文有 2 处" in Page(report_html(lost)).text
    assert "读不出" not in Page(report_html(base)).text


def test_edits_lead_to_their_sentences() -> None:
    base = sample()
    at = base.sentences[4].start
    page = report_html(
        replace(base, edits=(Edit("width", at, at + 1, "１", "1"), Edit("space", 10**6, 10**6 + 1, " ", "")))
    )
    assert f'{at} <a class="at" href="#t4">' in page
    assert "1000000</td>" in page


def test_a_sections_keyword_tells_how_it_sets_the_section_apart() -> None:
    analysis = sample()
    first = analysis.sections[0]
    apart = replace(first.keywords[0], keyness=2.34)
    page = report_html(replace(analysis, sections=(replace(first, keywords=(apart,)), *analysis.sections[1:])))
    assert 'title="本节比其余部分多用 2.3 个标准差"' in page
