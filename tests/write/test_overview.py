"""The page of articles side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.analysis import Analysis
from pipeline.comparison import compare
from pipeline.write.overview import index_html
from tests.write.sample import article_of, edge, sample
from tests.write.test_page import Page, forbidden, with_text


def test_articles_side_by_side() -> None:
    pair = [sample(), replace(article_of(sections=3, sentences=4), title="另一篇")]
    page = Page(index_html(compare(pair), ["a/report.html", "b/report.html"]))
    assert forbidden(page) == []
    assert "晨星手环复盘" in page.text
    assert "另一篇" in page.text
    assert {"./a/report.html", "./b/report.html"} <= set(page.values("href"))
    assert page.tags["circle"] == 2 * 4  # first, lowest, highest, last
    assert "没有读成的" not in page.text


@pytest.mark.parametrize(
    ("link", "href"),
    [
        ("第 1 篇/report.html", "./%E7%AC%AC%201%20%E7%AF%87/report.html"),
        ("a%20b/report.html", "./a%20b/report.html"),
        ("javascript:alert(1)", "./javascript%3Aalert%281%29"),
        ("//evil.example/x", ".///evil.example/x"),
        ('"><b>/r.html', "./%22%3E%3Cb%3E/r.html"),
        ("a#b?c/report.html", "./a%23b%3Fc/report.html"),
    ],
)
def test_links_stay_relative_paths(link: str, href: str) -> None:
    page = Page(index_html(compare([sample()]), [link]))
    assert href in page.values("href")
    assert forbidden(page) == []


def test_failures_are_listed_and_escaped() -> None:
    page = Page(index_html(compare([sample()]), ["a"], failures=[("坏.pdf", "坏.pdf: <img src=x> 读不出\ud800")]))
    assert "坏.pdf: <img src=x> 读不出\ufffd" in page.text
    assert forbidden(page) == []


def test_a_link_for_each_article() -> None:
    with pytest.raises(ValueError, match="1 articles need as many links, not 2"):
        index_html(compare([sample()]), ["a", "b"])


def numbered(count: int) -> list[Analysis]:
    """Articles that speak of the same, each with its own name and title."""
    base = sample()
    return [
        replace(base, title=f"第 {n} 篇", article=replace(base.article, name=f"a{n}"), mentions=base.mentions[n % 3 :])
        for n in range(count)
    ]


def overview(analyses: Sequence[Analysis], **more: Any) -> str:
    return index_html(compare(analyses), [f"{n}/report.html" for n in range(len(analyses))], **more)


def test_the_heat_table_holds_shares_and_tones() -> None:
    mentions = sample().mentions
    text = overview([replace(sample(), mentions=(*mentions, *mentions)), replace(sample(), mentions=mentions[:1])])
    part = text[text.index('class="heat beside"') :]
    rows = dict(re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', part, re.DOTALL))
    # 4 of 12 mentions, and none; one mention is all that the other has, too little for a colour
    assert '<td class="p2" title="提及 4 次，均分 +0.35">33%<span>+0.35</span></td>' in rows["品控"]
    assert '<td class="none">·</td>' in rows["品控"]
    assert '<td class="scarce" title="提及 1 次，均分 −0.80">100%<span>−0.80</span></td>' in rows["体验"]


def test_many_articles_are_rows_of_the_heat_table() -> None:
    for count, layout in ((8, "beside"), (9, "across")):
        text = overview(numbered(count))
        heat = text[text.index(f'<table class="heat {layout}">') :].split("</table>")[0]
        head, body = heat.split("<tbody>")
        assert head.count("<th ") == 1 + (count if layout == "beside" else 4)
        assert body.count("<tr>") == (4 if layout == "beside" else count)
        assert body.count("<td") == count * 4


def test_fifty_articles_are_all_on_the_page() -> None:
    text = overview(numbered(50), tables="compare")
    page = Page(text)
    assert forbidden(page) == []
    assert page.tags["caption"] == page.tags["table"]
    assert len(page.ids) == len(set(page.ids))
    assert {value[1:] for value in page.values("href") if value.startswith("#")} <= set(page.ids)
    assert "再看 38 篇" in page.text
    for part in ("articles", "concepts", "near"):
        section = text[text.index(f'id="{part}"') :].split("</section>")[0]
        assert all(f"./{n}/report.html" in section for n in range(50)), part
    assert len(text) < 400_000


def test_common_and_special_links_are_told_apart() -> None:
    base = sample()
    common = overview([base, replace(base, title="另一篇")])
    assert "1 对概念在每一篇里都连着" in common
    assert '<th scope="row">信任 — 品控</th><td class="scarce" title="连着 2 句，均分 +0.35">2' in common
    assert "没有够得上的（z ≥ 1.96，至少两句）" in common
    strong = replace(base, edges=(replace(base.edges[0], count=9), base.edges[1]))
    names = [node.name for node in base.nodes if node.kind == "concept"]
    other = replace(
        base,
        edges=tuple(
            replace(edge(one, two, 1, 1, 1, 1), count=10)
            for one, two in combinations(names, 2)
            if {one, two} != {"品控", "信任"}
        ),
    )
    special = overview([strong, *[other] * 4])
    assert "没有一对概念在每一篇里都连着" in special
    assert "信任 — 品控</b>" in special
    assert "本篇 9 句（它全部 " in special
    assert "别篇没有；语气" in special
    assert "其余 4 篇没有够得上的" in special
    assert "没有一对概念在两篇或更多文章里连着" in overview([base, replace(base, edges=())])


def test_the_nearest_come_with_their_reasons() -> None:
    pair = overview([sample(), replace(sample(), title="另一篇")])
    assert "两篇所谈的相似度是" in pair
    assert "1.00" in pair
    text = overview(numbered(4))
    near = text[text.index('id="near"') :].split("</section>")[0]
    assert near.count("<li>") == 4 * 3
    assert "都谈" in near
    assert "所谈最相近的是《第 0 篇》与《第 3 篇》" in text


def test_one_article_has_its_keywords_and_nothing_to_compare() -> None:
    page = Page(overview([sample()]))
    assert "体验、品控" in page.text
    assert not {"links", "apart", "near"} & set(page.ids)
    assert "compare/" not in page.text


def test_articles_of_one_title_are_told_apart() -> None:
    text = overview([replace(sample(), article=replace(sample().article, name=name)) for name in ("甲", "乙")])
    assert "晨星手环复盘（甲）" in text
    assert "晨星手环复盘（乙）" in text


def test_the_page_names_the_folder_with_the_numbers() -> None:
    assert "compare/ 里（CSV、Parquet、JSON）" in overview(numbered(2), tables="compare")
    assert "compare" not in overview(numbered(2))


@settings(max_examples=30, deadline=None)
@given(st.text(min_size=1, max_size=40))
@example("</script><script>alert(1)</script>")
@example("\ud800\" onload='x'")
def test_text_never_becomes_an_element_of_the_overview(text: str) -> None:
    wild = with_text(text)
    for articles in ([wild, sample()], [wild, sample(), *[wild] * 8]):
        page = Page(overview(articles, failures=[(text, text)], tables="compare"))
        assert forbidden(page) == []
        plain = Page(overview([with_text("文"), *articles[1:2], *[with_text("文")] * (len(articles) - 2)]))
        assert set(page.tags) - set(plain.tags) <= {"section"}


def drawn(*tones: Sequence[float]) -> str:
    """The page of articles whose lines have these scores."""
    comparison = compare(numbered(len(tones)))
    profiles = (replace(profile, tone=tuple(tone)) for profile, tone in zip(comparison.articles, tones, strict=True))
    return index_html(replace(comparison, articles=tuple(profiles)), ["r.html"] * len(tones))


def polylines(text: str) -> list[list[tuple[float, float]]]:
    found = re.findall(r'<polyline class="[^"]*" points="([^"]*)"', text)
    return [[(float(x), float(y)) for x, y in (place.split(",") for place in line.split())] for line in found]


def test_the_lines_of_all_articles_have_one_scale() -> None:
    above, below, strong, *_, weak = polylines(drawn([0.8] * 9, [-0.2] * 9))
    assert {y for _, y in strong} == {4.0}
    assert {y for _, y in weak} == {40 + 36 * 0.2 / 0.8}
    assert max(y for _, y in above) == 40
    assert {y for _, y in below} == {40.0}


def test_an_area_ends_where_the_line_crosses_zero() -> None:
    above, below, line = polylines(drawn([*[0.6] * 9, *[-0.6] * 9]))
    assert min(y for _, y in above) < 40 < max(y for _, y in below)
    assert all(y <= 40 for _, y in above)
    assert all(y >= 40 for _, y in below)
    assert (150.0, 40.0) in above
    assert [x for x, _ in line] == sorted(x for x, _ in line)


def test_a_line_says_where_it_is_lowest_and_highest() -> None:
    text = drawn([*[0.0] * 9, *[-0.9] * 9, *[0.0] * 9])
    assert 'aria-label="各句语气：开头 0.00，最低 −0.90，最高 0.00，结尾 0.00"' in text


@pytest.mark.parametrize("count", [0, 1])
def test_hardly_a_sentence_draws_no_broken_line(count: int) -> None:
    page = Page(drawn([0.5] * count, [0.1, -0.1]))
    assert forbidden(page) == []
    assert page.tags["circle"] == (count + 1) * 4


def test_pairs_with_hardly_a_sentence_give_way_to_those_with_more() -> None:
    base = sample()
    edges = (replace(base.edges[0], count=5), *(replace(one, count=1) for one in base.edges[1:]))
    text = overview([replace(base, edges=edges, title=str(n)) for n in range(2)])
    part = text[text.index('id="links"') :]
    assert part.split("</table>")[0].count('<th scope="row">') == 1
