from __future__ import annotations

import re
from dataclasses import replace

from pipeline import analyze_text
from pipeline.analysis import Analysis
from pipeline.write.lines import Lines
from pipeline.write.page import report_html, report_pages
from tests.write.sample import article_of, sample


def test_a_line_shows_its_sentence() -> None:
    for line in Lines(sample()).all:
        assert "".join(piece.text for piece in line.pieces if piece.style != "gone") == line.sentence.plain


def test_concepts_and_evidence_lie_over_each_other() -> None:
    base = sample()
    first = base.sentences[1]
    at = first.start + first.text.index("体验")
    evidence = replace(first.polarity.evidence[0], text="的体验很", start=at - 1, end=at + 3, weight=-0.6)
    changed = replace(first, polarity=replace(first.polarity, evidence=(evidence,)))
    line = Lines(replace(base, sentences=(base.sentences[0], changed, *base.sentences[2:]))).all[1]
    assert [(piece.text, piece.style) for piece in line.pieces if "en" in piece.style] == [
        ("的", "en"),
        ("体验", "c en"),
        ("很", "en"),
    ]


def long_analysis() -> Analysis:
    paragraph = "这次复盘里，用户反映体验很差，团队后来改进了品控。供应链的问题没有解决，信任受损。"
    section = "\n\n".join([paragraph * 4] * 12)
    return analyze_text(
        "\n\n".join(f"## 第{name}部分\n\n{section}" for name in "一二三四五六七八九十甲乙丙丁戊己庚辛壬癸")
    )


def test_the_text_of_a_long_article_stands_in_parts() -> None:
    analysis = long_analysis()
    assert len(analysis.article.text) > 30_000
    pages = report_pages(analysis)
    parts = [name for name in pages if name != "report.html"]
    assert parts == [f"text/{part}.html" for part in range(1, len(parts) + 1)]
    assert len(parts) > 1
    assert pages["report.html"] == report_html(analysis)
    # Every sentence is on one page; every link from the report leads there
    ids = {name: set(re.findall(r' id="([^"]+)"', page)) for name, page in pages.items()}
    held = [number for name in parts for number in ids[name] if re.fullmatch(r"t\d+", number)]
    assert sorted(held) == sorted(f"t{number}" for number in range(len(analysis.sentences)))
    for name, page in pages.items():
        for path, anchor in re.findall(r'href="(\./(?:text/\d+|\d+)\.html|)#([^"]+)"', page):
            target = path.removeprefix("./") if path else name
            assert anchor in ids[target], (name, path, anchor)
    assert len(pages["report.html"].encode()) < 1_500_000


def test_a_short_article_is_one_page() -> None:
    assert list(report_pages(article_of(sections=6, sentences=8, nodes=20))) == ["report.html"]
