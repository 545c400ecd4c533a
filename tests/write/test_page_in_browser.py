"""The pages as a browser sees them: what the markup alone cannot tell.

What is asked of every page is here. Each detector has a test in which it finds something, since one that sees nothing
would look the same as a page without fault.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from pipeline.analysis import Analysis
from pipeline.comparison import compare
from pipeline.config import Settings
from pipeline.model import Unit
from pipeline.run import run
from pipeline.write.overview import index_html
from pipeline.write.page import report_html, report_pages
from pipeline.write.wording import showable
from tests.browser import (
    WIDTHS,
    Visit,
    Visitor,
    audit,
    browser_path,
    light_of,
    open_all,
    timing_of,
    walk_by_tab,
    what_sticks_out,
)
from tests.conftest import ARTICLES
from tests.write.sample import article_of, sample
from tests.write.test_page import with_text

PAGES = (*(path.stem for path in ARTICLES), "index")
MOST_MILLISECONDS = 1500
MOST_BYTES = 2_500_000


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_in_silence_and_nothing_sticks_out(
    visit: Visitor, pages: dict[str, Path], name: str, width: int
) -> None:
    seen = visit(pages[name], width=width)
    assert what_sticks_out(seen.page) == []
    open_all(seen.page)
    assert what_sticks_out(seen.page) == []
    seen.assert_quiet()


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)], ids=["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_readers_who_cannot_see_it_well_get_along(
    visit: Visitor, pages: dict[str, Path], name: str, width: int, dark: bool
) -> None:
    seen = visit(pages[name], width=width, dark=dark)
    serious = audit(seen.page).serious
    assert not serious, "\n".join(serious)
    seen.assert_quiet()


@pytest.mark.parametrize("name", PAGES)
def test_the_keyboard_reaches_everything(visit: Visitor, pages: dict[str, Path], name: str) -> None:
    seen = visit(pages[name], width=390 if name == "xiaomi11" else 1440)
    walk = walk_by_tab(seen.page)
    assert len(walk.controls) > 10
    walk.assert_whole()
    seen.assert_quiet()


def test_the_keyboard_unfolds_and_folds(visit: Visitor, pages: dict[str, Path]) -> None:
    page = visit(pages["xiaomi11"]).page
    summary = page.locator("summary:visible").first
    opened = summary.locator("xpath=..")
    summary.focus()
    for key, state in (("Enter", True), ("Space", False)):
        page.keyboard.press(key)
        assert opened.evaluate("details => details.open") is state


def test_the_tone_line_reads_out_what_is_pointed_at(visit: Visitor, pages: dict[str, Path]) -> None:
    seen = visit(pages["xiaomi11"])
    page = seen.page
    bars = page.locator(".strip a")
    for number in (3, bars.count() - 1):
        bars.nth(number).locator("rect.hit").hover()
        told = bars.nth(number).locator("title").text_content() or ""
        assert page.locator(".readout").inner_text().replace(" 看原文\n", "：") == told
    bars.nth(3).locator("rect.hit").click()
    assert page.url.endswith(bars.nth(3).get_attribute("href") or "?")
    assert page.locator(":target").is_visible()
    seen.assert_quiet()


def test_the_tone_line_can_be_walked_by_the_keyboard(visit: Visitor, pages: dict[str, Path]) -> None:
    page = visit(pages["xiaomi11"]).page
    slider = page.locator(".scrub input")
    slider.focus()
    page.keyboard.press("Home")
    for ordinal in (1, 2, 3):
        assert (slider.get_attribute("aria-valuetext") or "").startswith(f"第 {ordinal} 句 ")
        page.keyboard.press("ArrowRight")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    assert page.url.endswith(page.locator(".strip a").last.get_attribute("href") or "?")


def test_behind_a_node_are_its_sentences_with_its_words_marked(visit: Visitor, pages: dict[str, Path]) -> None:
    seen = visit(pages["xiaomi11"])
    page = seen.page
    node = page.locator("#explorer .node").first
    name = node.locator("text").text_content()
    node.click()
    assert page.locator(".panel h3").inner_text() == name
    quotes = page.locator(".panel .quotes li")
    assert quotes.count() > 0
    for quote in quotes.all():
        assert quote.locator(".hit").count() > 0
        number = (quote.locator(".at").get_attribute("href") or "").removeprefix("#")
        whole = page.evaluate(
            "id => [...document.getElementById(id).childNodes].filter(node => !node.matches?.('del'))"
            ".map(node => node.textContent).join('')",
            number,
        )
        assert quote.locator("span").first.inner_text().strip() == whole.strip()
    page.locator(".panel .near button").first.click()
    assert " — " in page.locator(".panel h3").inner_text()
    assert page.locator(".panel .quotes li").first.locator(".hit").count() > 1
    seen.assert_quiet()


def test_behind_a_line_are_the_sentences_of_both_ends(visit: Visitor, pages: dict[str, Path]) -> None:
    page = visit(pages["xiaomi11"]).page
    edge = page.locator("#explorer .edge").first
    ends, rest = (edge.locator("title").text_content() or "").split("：")
    edge.dispatch_event("click")
    assert page.locator(".panel h3").inner_text() == ends
    count = int(rest.split(" ")[1])
    assert page.locator(".panel .quotes li").count() == min(count, 8)
    marked = page.locator(".panel .quotes li").first.locator(".hit").all_inner_texts()
    assert len(set(marked)) > 1


def test_the_network_shows_what_is_asked_for(visit: Visitor, pages: dict[str, Path]) -> None:
    seen = visit(pages["xiaomi11"])
    page = seen.page
    nodes, edges = page.locator("#explorer .node"), page.locator("#explorer .edge")

    def shown() -> tuple[int, int]:
        return nodes.count(), edges.count()

    usual = shown()
    page.select_option("[name=kinds]", "concepts")
    assert page.locator("#explorer .node:not(.concept)").count() == 0
    assert 0 < shown()[1] < usual[1]
    page.select_option("[name=kinds]", "all")
    assert shown() == usual
    page.select_option("[name=level]", "all")
    everything = shown()
    assert everything[1] > usual[1]
    page.select_option("[name=level]", "p")
    assert 0 < shown()[1] < everything[1]
    page.select_option("[name=level]", "all")
    page.select_option("[name=most]", "20")
    assert shown()[0] == 20
    page.select_option("[name=unit]", "section")
    assert "同节" in (edges.first.locator("title").text_content() or "")
    page.select_option("[name=level]", "adjusted")
    status = page.locator("#explorer .status").inner_text()
    assert f"{nodes.count()} 个节点、{edges.count()} 条线" in status if nodes.count() else "请放宽条件" in status
    seen.assert_quiet()


def test_a_node_can_be_dragged_and_the_drawing_zoomed(visit: Visitor, pages: dict[str, Path]) -> None:
    page = visit(pages["xiaomi11"]).page
    node = page.locator("#explorer .node").first
    node.scroll_into_view_if_needed()
    box = node.locator("circle, rect, path").first.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 40, steps=4)
    page.mouse.up()
    moved = node.locator("circle, rect, path").first.bounding_box()
    assert moved
    assert moved["x"] - box["x"] == pytest.approx(60, abs=3)
    assert moved["y"] - box["y"] == pytest.approx(40, abs=3)
    page.click("[data-zoom='0.75']")
    closer = node.locator("circle, rect, path").first.bounding_box()
    assert closer
    assert closer["width"] == pytest.approx(moved["width"] * 4 / 3, rel=0.05)


def test_arrows_lead_through_the_network(visit: Visitor, pages: dict[str, Path]) -> None:
    page = visit(pages["xiaomi11"]).page
    nodes = page.locator("#explorer .node")
    nodes.first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.locator(".panel h3").inner_text() == nodes.nth(1).locator("text").text_content()


@pytest.mark.parametrize("many", [4, 50, 300])
def test_the_names_in_the_network_are_legible(visit: Visitor, many: int) -> None:
    seen = visit(report_html(article_of(sections=6, sentences=2 * many, nodes=many)))
    page = seen.page
    page.select_option("[name=level]", "all")
    page.select_option("[name=most]", index=page.locator("[name=most] option").count() - 1)
    assert page.locator("#explorer .node").count() > 0.7 * many
    boxes = page.evaluate(
        """() => [...document.querySelectorAll('#explorer .node text:not(.culled)')].map(text => {
            const box = text.getBoundingClientRect();
            return [box.left, box.top, box.right, box.bottom];
        })"""
    )
    assert len(boxes) >= min(many, 20)
    stage = page.locator("#explorer svg").bounding_box()
    assert stage
    for left, top, right, bottom in boxes:
        assert left >= stage["x"] - 1
        assert right <= stage["x"] + stage["width"] + 1
        assert bottom - top > 10
    # One name over another by more than the space around its letters
    over = [
        (one, other)
        for at, one in enumerate(boxes)
        for other in boxes[:at]
        if min(one[2], other[2]) - max(one[0], other[0]) > 4 and min(one[3], other[3]) - max(one[1], other[1]) > 6
    ]
    assert over == []
    seen.assert_quiet()


def test_the_search_finds_every_place_in_its_context(visit: Visitor, pages: dict[str, Path]) -> None:
    seen = visit(pages["xiaomi11"])
    page = seen.page
    text = "".join(page.locator("#text .text [id^=t], #text h3[id^=t]").all_text_contents())
    page.fill("[name=find]", "体验")
    found = page.locator("#finder li")
    assert found.count() == text.count("体验")
    assert set(found.locator(".hit").all_inner_texts()) == {"体验"}
    assert page.locator(".found-count").inner_text() == f"{found.count()} 处"
    page.click("[data-fold=close]")
    found.nth(2).locator("a").click()
    assert page.locator(":target").is_visible()
    assert "体验" in (page.locator(":target").text_content() or "")
    page.fill("[name=find]", "没有这个词的")
    assert page.locator(".found-count").inner_text() == "没有找到"
    assert found.count() == 0
    seen.assert_quiet()


def test_a_sentence_tells_its_evidence_to_the_pointer(visit: Visitor, pages: dict[str, Path]) -> None:
    page = visit(pages["xiaomi11"]).page
    sentence = page.locator("#text .s.n3").first
    note = sentence.get_attribute("title")
    sentence.hover()
    assert page.locator(".tip").inner_text() == note
    assert sentence.get_attribute("title") is None
    page.mouse.move(2, 2)
    assert not page.locator(".tip").is_visible()
    assert sentence.get_attribute("title") == note


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("name", ["xiaomi11", "index"])
def test_a_link_of_the_bar_shows_its_part_of_the_page(
    visit: Visitor, pages: dict[str, Path], name: str, width: int
) -> None:
    seen = visit(pages[name], width=width)
    links = seen.page.locator("nav a[href^='#']")
    assert links.count() > 3
    for link in links.all():
        link.focus()
        seen.page.keyboard.press("Enter")
        seen.settle()
        # The heading is in the window, and not behind the bar
        assert seen.page.evaluate(
            """() => {
                const heading = document.querySelector(location.hash).querySelector('h2').getBoundingClientRect();
                const under = document.elementFromPoint(heading.left + 5, heading.top + heading.height / 2);
                return heading.top >= 0 && heading.bottom <= innerHeight && under.matches('h2');
            }"""
        ), link.get_attribute("href")
    seen.assert_quiet()


def test_the_links_of_the_overview_lead_to_the_reports(visit: Visitor, pages: dict[str, Path]) -> None:
    page = visit(pages["index"]).page
    addresses: list[str] = page.evaluate(
        "[...document.querySelectorAll('a[href]:not([href^=\"#\"])')].map(link => link.href.split('#')[0])"
    )
    assert set(addresses) == {path.as_uri() for name, path in pages.items() if name != "index"}
    page.locator("a[href*='/report.html']").first.click()
    page.wait_for_url("**/report.html*")
    assert page.locator("h1").count() == 1


@pytest.mark.parametrize("name", ["xiaomi11", "index"])
def test_dark_pages_are_dark_and_light_ones_light(visit: Visitor, pages: dict[str, Path], name: str) -> None:
    for dark in (False, True):
        page = visit(pages[name], dark=dark).page
        for selector in ("body", ".card"):
            ink, paper = light_of(page, selector)
            assert (paper < 0.05 and ink > 0.6) if dark else (paper > 0.85 and ink < 0.1), selector


@pytest.mark.parametrize("name", ["xiaomi11", "index"])
def test_paper_is_white_and_has_no_bar(visit: Visitor, pages: dict[str, Path], name: str) -> None:
    # A4 less its margins; of a reader who prefers dark screens
    seen = visit(pages[name], width=718, height=1000, dark=True, media="print")
    assert seen.page.locator("nav").count() == 1
    assert not seen.page.locator("nav").is_visible()
    ink, paper = light_of(seen.page)
    assert paper == 1
    assert ink < 0.05
    seen.assert_quiet()


def test_the_overview_is_printed_unfolded(visit: Visitor, pages: dict[str, Path]) -> None:
    many = [replace(sample(), title=f"第{number}篇") for number in range(20)]
    html = index_html(compare(many), [f"{number}/report.html" for number in range(20)])
    page = visit(html).page
    rows = page.locator("details.fold tbody tr")
    assert rows.count() > 5
    assert not rows.last.is_visible()
    page.emulate_media(media="print")
    assert rows.last.is_visible()
    assert not page.locator("details.fold > summary").first.is_visible()


def test_a_report_shows_what_was_found(visit: Visitor) -> None:
    seen = visit(report_html(sample()))
    assert seen.page.locator("details.sec").count() == 3
    assert seen.page.get_by_text("得分最低的一节是「一、问题出在哪里」").first.is_visible()
    assert seen.page.locator("svg:visible").count() >= 4
    seen.assert_quiet()


def test_the_overview_shows_what_failed(visit: Visitor) -> None:
    pair = [sample(), article_of(sections=4, sentences=5)]
    html = index_html(compare(pair), ["a/report.html", "b/report.html"], failures=[("c.pdf", "读不出")])
    seen = visit(html)
    assert seen.page.get_by_text("读不出").is_visible()
    seen.assert_quiet()


def test_both_colours_are_on_the_picture(visit: Visitor) -> None:
    image = pytest.importorskip("PIL.Image")
    picture = visit(report_html(sample())).page.screenshot()
    colours = {colour for _, colour in image.open(BytesIO(picture)).convert("RGB").getcolors(1 << 24)}
    assert (0xDF, 0x7B, 0x2A) in colours
    assert (0x3D, 0x8B, 0xCD) in colours


# Pages that nobody would write


def long_words() -> Analysis:
    """Headings, a title and a network that are wider than any window."""
    long = replace(
        article_of(sections=12, sentences=6, nodes=26, heading="{}、" + "很长的标题" * 12),
        title="VeryLongUnbrokenLatinTitle" * 8,
        mentions=sample().mentions,
        edits=sample().edits,
    )
    network = long.network()
    network = replace(network, edges=tuple(replace(e, count=2, log_likelihood=5.0) for e in network.edges))
    kept: dict[tuple[str, Unit], object] = {
        ("network", "sentence"): network,
        ("positions", "sentence"): long.positions(),
    }
    return replace(long, summary=long.sentences[1:3], _kept=kept)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["report", "overview", "fifty"])
def test_nothing_sticks_out_however_long_the_words(visit: Visitor, width: int, name: str) -> None:
    html = report_html(long_words())
    if name == "overview":
        many = [replace(sample(), title="标题" * 60), long_words(), with_text("A" * 300), *[sample()] * 5]
        html = index_html(compare(many), [f"{n}/report.html" for n in range(8)], failures=[("x" * 300, "y" * 300)])
    elif name == "fifty":
        many = [replace(sample(), title="标题" * 60), long_words(), with_text("A" * 300), *[sample()] * 47]
        html = index_html(compare(many), [f"{n}/report.html" for n in range(50)], tables="compare")
    seen = visit(html, width=width)
    open_all(seen.page)
    assert what_sticks_out(seen.page) == []
    seen.assert_quiet()


# Articles that mean harm

ATTACKS = {
    "elements": (
        "\"'></title></style></textarea></script><script>window.owned=1</script><img src={address}/img "
        'onerror="window.owned=1"><svg onload=window.owned=1><iframe src={address}/frame></iframe><base href={address}>'
        "<link rel=stylesheet href={address}/css><meta http-equiv=refresh content=0;url={address}/meta>"
        "<object data={address}/object></object><style>@import url({address}/import);*{{display:none}}</style>"
    ),
    "comments": "<!--<script>window.owned=1//--><!-- --!> ]]> <![CDATA[<script>window.owned=1</script>]]> <?x ?>",
    "addresses": "javascript:window.owned=1//\"onclick=window.owned=1 '><a href=javascript:window.owned=1>x</a>",
    "strings": '\\"}};window.owned=1;//${{window.owned=1}}`\u2028\\u003cscript>window.owned=1</script>{{{{7*7}}}}',
    "directions": "正文\u202e\u2066\u2067txt.exe\u200f\u061c\u0000\ufeff\ud800\u2069",
}

_PROVOKE = """() => {
    addEventListener('click', event => event.preventDefault(), true);
    const events = ['pointerover', 'pointerenter', 'mouseover', 'mouseenter', 'focus', 'focusin', 'click', 'toggle'];
    for (const element of document.querySelectorAll('body *'))
        for (const name of events)
            element.dispatchEvent(new MouseEvent(name, {bubbles: !name.endsWith('enter'), cancelable: true}));
}"""

# What could run, load or lead astray; none may come from an article
_ACTIVE = """() => {
    const counts = {};
    for (const element of document.querySelectorAll(
            'script, style, link, meta, base, iframe, frame, object, embed, img, image, video, audio, form, template,'
            + 'portal, use, foreignObject, animate, set'))
        counts[element.localName] = (counts[element.localName] || 0) + 1;
    const handlers = [...document.querySelectorAll('*')].flatMap(element => [...element.attributes])
        .filter(attribute => attribute.name.startsWith('on')).map(attribute => attribute.name);
    const protocols = [...new Set([...document.links].map(link => link.protocol))];
    return {counts, handlers, protocols, own: Object.getOwnPropertyNames(window).sort()};
}"""


def provoke(seen: Visit, text: str) -> None:
    """Unfold, touch and click everything, and type the text wherever one can type."""
    open_all(seen.page)
    for box in seen.page.locator("input:not([type=checkbox]):not([type=radio]):visible, textarea:visible").all():
        box.fill(text.replace("\x00", "").encode("utf-8", "replace").decode())
    seen.page.evaluate(_PROVOKE)
    seen.settle()


def active(seen: Visit, text: str = "文") -> dict[str, object]:
    """What is on the page that can run, load or lead astray, and the names in its window, when all has been touched."""
    provoke(seen, text)
    seen.assert_quiet()
    found: dict[str, object] = seen.page.evaluate(_ACTIVE)
    return found


def assert_harmless(seen: Visit, usual: dict[str, object], text: str) -> None:
    """Fail if a page does anything that the same one with ordinary words does not, whatever the reader touches."""
    assert active(seen, text) == usual
    assert usual["handlers"] == []
    assert usual["protocols"] == ["file:"]
    shown: str = seen.page.evaluate("document.title + document.documentElement.textContent")
    assert not re.search("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\x00]", shown)
    assert seen.page.locator("h1").is_visible()


def report_and_overview(text: str) -> tuple[str, str]:
    """The two pages, with the text wherever one can get in, the links to the reports included."""
    pair = [with_text(text), sample()]
    return report_html(pair[0]), index_html(compare(pair), [text, "b"], failures=[(text, text)])


@pytest.fixture(scope="module")
def usual(visitor: Visitor) -> list[dict[str, object]]:
    """What is active on the two pages of harmless articles."""
    return [active(visitor(html)) for html in report_and_overview("文" * 60)]


@pytest.mark.parametrize("kind", ATTACKS)
def test_hostile_text_stays_text(
    visit: Visitor, asked: tuple[str, list[str]], usual: list[dict[str, object]], kind: str
) -> None:
    address, requests = asked
    text = ATTACKS[kind].format(address=address)
    for html, expected in zip(report_and_overview(text), usual, strict=True):
        seen = visit(html)
        assert_harmless(seen, expected, text)
        assert showable(text) in (seen.page.locator("main" if expected is usual[1] else "h1").text_content() or "")
    assert requests == []


CONCEPTS = """[[concept]]
name = '</title><script>window.owned=1</script>'
aliases = ["品控", "<img src={address}/concept onerror=window.owned=1>"]

[[concept]]
name = '"onmouseover="window.owned=1" x="'
aliases = ["信任", "口碑"]
"""
HOSTILE_ARTICLE = """<!--<script>window.owned=1</script> {mark}

一、</script><script>window.owned=1</script> {mark}
品控出了问题，口碑很差，<img src={address}/text onerror=window.owned=1>用户很失望。javascript:window.owned=1 也不行。
王小明</b><svg/onload=window.owned=1>说，品控和信任都没有了。{mark}\u202e反过来\u2066的字
二、" onmouseover="window.owned=1
后来品控做得很好，信任回来了。<style>*{{display:none}}</style>团队很努力。品控带来信任。
[点这里](javascript:window.owned=1) 品控让口碑慢慢变好，用户很满意。
"""


def test_a_hostile_article_stays_text_from_file_to_page(
    visit: Visitor, asked: tuple[str, list[str]], tmp_path: Path
) -> None:
    address, requests = asked
    concepts = tmp_path / "concepts.toml"
    articles = tmp_path / "articles"
    articles.mkdir()
    pages = {}
    for kind, names in {
        "hostile": ('javascript:window.owned=1&x="><img src=x onerror=window.owned=1>.md', "..%2f..%2f#?a&b.txt"),
        "plain": ("one.md", "two.txt"),
    }.items():
        mark = "<b>粗</b>"
        text = HOSTILE_ARTICLE.format(address=address, mark=mark)
        own = CONCEPTS.format(address=address)
        if kind == "plain":
            text, own = re.sub(r"[<>\"\u202e\u2066]", "，", text), re.sub(r"</title>|<[^'\"]*>", "某", own)
        concepts.write_text(own, encoding="utf-8")
        for name in names:
            (articles / name).write_text(text, encoding="utf-8")
        result = run(
            [articles / name for name in names],
            tmp_path / kind,
            settings=Settings(concepts=concepts, keep=("injection",)),
            figures=False,
        )
        assert result.failures == ()
        assert result.index is not None
        pages[kind] = [result.index, *(folder / "report.html" for folder in result.folders)]
    overview, *reports = (active(visit(page)) for page in pages["plain"][:2])
    for hostile, expected in zip(pages["hostile"], [overview, *reports, *reports], strict=True):
        seen = visit(hostile)
        # The concepts' names are on the page, as text
        assert "<script>window.owned=1</script>" in (seen.page.locator("#concepts").text_content() or "")
        assert_harmless(seen, expected, "<script>window.owned=1</script>")
        assert all(path.is_file() for path in targets(seen))
    assert requests == []


def targets(seen: Visit) -> Iterator[Path]:
    """The files that the page links to."""
    addresses: list[str] = seen.page.evaluate("[...document.links].map(link => link.href)")
    for address in addresses:
        yield Path(unquote(urlsplit(address).path))


def test_a_million_characters_in_one_line_open(visit: Visitor) -> None:
    base = sample()
    text = "很" * 1_000_000
    last = base.sentences[-1]
    long = replace(last, text=text, plain=text, end=last.start + len(text), offsets=())
    analysis = replace(base, sentences=(*base.sentences[:-1], long), summary=(long,))
    pages = report_pages(analysis)
    assert len(pages["report.html"]) < 400_000
    for name, page in pages.items():
        seen = visit(page, width=390)
        assert (text in (seen.page.locator("#text").text_content() or "")) is (name == f"text/{len(pages) - 1}.html")
        assert what_sticks_out(seen.page) == []
        seen.assert_quiet()


# Speed


def long_article() -> str:
    """20,000 characters of the corpus's sentences under headings, no two alike."""
    texts = [path.read_text(encoding="utf-8") for path in ARTICLES if "gb18030" not in path.name]
    sentences = [s for s in re.findall(r"[^\n。！？]{8,}[。！？]", "".join(texts)) if "，" in s]
    parts = ["一年的复盘\n"]
    for number, sentence in enumerate(islice(cycle(sentences), 10_000)):
        if number % 25 == 0:
            parts.append(f"\n{number // 25 + 1}、第{number // 25 + 1}段的经过\n")
        parts.append(sentence[:-1] + (f"，第{number}回" if number >= len(sentences) else "") + sentence[-1])
        if sum(map(len, parts)) > 20_000:
            break
    return "".join(parts)


def ready_visit(visit: Visitor, path: Path, width: int) -> Visit:
    """Of three visits the first that is ready in time, so that a busy machine is not taken for a slow page."""
    taken = []
    for _ in range(3):
        seen = visit(path, width=width)
        taken.append(timing_of(seen.page))
        if taken[-1].ready < MOST_MILLISECONDS:
            return seen
    pytest.fail(f"{path.name} took {taken}")


@pytest.mark.parametrize("name", ["xiaomi11", "index"])
def test_a_page_is_ready_at_once(visit: Visitor, pages: dict[str, Path], name: str) -> None:
    ready_visit(visit, pages[name], 1440)


def test_a_long_article_is_ready_at_once_too(visit: Visitor, tmp_path: Path) -> None:
    text = long_article()
    assert len(text) >= 20_000
    (tmp_path / "long.txt").write_text(text, encoding="utf-8")
    result = run([tmp_path / "long.txt"], tmp_path / "out", settings=Settings(), figures=False)
    assert len(result.analyses[0].sections) > 10
    page = result.folders[0] / "report.html"
    assert page.stat().st_size <= MOST_BYTES
    for width in (1440, 390):
        seen = ready_visit(visit, page, width)
        assert what_sticks_out(seen.page) == []
        seen.assert_quiet()


# The detectors


def bare(body: str, head: str = "") -> str:
    """A page without a policy."""
    return f"<!DOCTYPE html><html lang=zh><head><title>页</title>{head}</head><body><main>{body}</main></body></html>"


def test_a_message_is_seen(visit: Visitor) -> None:
    policy = visit(report_html(sample()).replace("</body>", "<script>alert(1)</script></body>"))
    assert any("Content Security Policy" in line for line in policy.console)
    assert policy.dialogs == []
    assert visit(bare("<script>console.log('嗯')</script>")).console == ["log: 嗯"]


def test_an_error_and_a_dialog_are_seen(visit: Visitor) -> None:
    seen = visit(bare("<script>alert(1)</script><script>nothing()</script>"))
    assert seen.dialogs == ["1"]
    assert "nothing is not defined" in seen.errors[0]
    with pytest.raises(AssertionError):
        seen.assert_quiet()


def test_a_request_is_seen(visit: Visitor, asked: tuple[str, list[str]]) -> None:
    address, requests = asked
    seen = visit(bare(f"<img alt='' src={address}/img>"))
    assert requests == ["/img"]
    assert seen.requests == [f"{address}/img"]
    seen = visit(bare("<img alt='' src=data:,><img alt='' src=beside.png>"))
    assert [request.rsplit("/")[-1] for request in seen.requests] == ["beside.png"]


def test_an_attack_that_arrives_is_seen(visit: Visitor, asked: tuple[str, list[str]]) -> None:
    text = ATTACKS["elements"].format(address=asked[0])
    page = bare("<h1>文</h1><a href=#x>文</a>")
    seen = visit(page.replace("</body>", f"{text}</body>"))
    assert seen.page.evaluate("window.owned") == 1
    assert seen.requests
    with pytest.raises(AssertionError):
        assert_harmless(seen, active(visit(page)), "文")
    # … and when it only waits for the pointer
    waiting = visit(page.replace("<a ", "<a onmouseover=window.owned=1 "))
    provoke(waiting, "文")
    assert waiting.page.evaluate("window.owned") == 1


def test_what_sticks_out_is_seen(visit: Visitor) -> None:
    wide = "<p style='width:600px'>文</p>"
    assert len(what_sticks_out(visit(bare(wide), width=390).page)) == 2
    # Cut off by the page, it is still beyond its edge
    cut = bare(wide, "<style>html, body {overflow-x: hidden}</style>")
    assert [found[:2] for found in what_sticks_out(visit(cut, width=390).page)][-1:] == ["<p"]
    assert what_sticks_out(visit(bare(f"<div style='overflow-x:auto'>{wide}</div>"), width=390).page) == []


def test_faults_are_found_by_axe(visit: Visitor) -> None:
    seen = visit(bare("<h1>页</h1><p style='color:#bbb'>看不清</p><button></button>"))
    found = audit(seen.page).serious
    assert [line.split(":")[0] for line in found] == ["button-name", "color-contrast"]
    # The policy of the page does not keep it out
    html = report_html(sample()).replace("</main>", "<p style='color:#bbb;background:#fff'>看不清</p></main>")
    assert any("color-contrast" in line and "#bbbbbb" in line for line in audit(visit(html).page).serious)


LINKS = "".join(f"<a href='#x{number}'>{number}</a> " for number in range(3))


@pytest.mark.parametrize(
    ("fault", "head"),
    [
        (f"{LINKS}<a href='#y' tabindex=-1>文</a>", ""),
        (f"{LINKS}<a href='#y' tabindex=1>文</a>", ""),
        (LINKS, "<style>a:focus {outline: none}</style>"),
        (f"<a href='#y' style='position:absolute; left:-999px'>文</a>{LINKS}", ""),
        (f"<nav style='position:fixed; top:0; width:100%; height:90px'>文</nav>{LINKS}", ""),
        (f"{LINKS}<div tabindex=0>文</div><input onkeydown='event.preventDefault()'>{LINKS}", ""),
    ],
    ids=["unreachable", "out of order", "invisible", "aside", "behind", "trap"],
)
def test_what_the_keyboard_does_not_reach_is_seen(visit: Visitor, fault: str, head: str) -> None:
    with pytest.raises(AssertionError):
        walk_by_tab(visit(bare(fault, head)).page).assert_whole()


def test_the_keyboard_is_not_asked_for_more_than_it_can(visit: Visitor) -> None:
    # A second link to the same place; a region that the browser lets one scroll
    more = "<a href='#x1' tabindex=-1>又</a><div style='width:90px; overflow:auto'><p style='width:900px'>文</p></div>"
    walk = walk_by_tab(visit(bare(LINKS + more)).page)
    walk.assert_whole()
    assert len(walk.controls) == 3


def test_no_browser_is_no_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="NO BROWSER"):
        browser_path()
    monkeypatch.setitem(os.environ, "CI", "true")
    with pytest.raises(pytest.fail.Exception, match="NO BROWSER"):
        browser_path()
