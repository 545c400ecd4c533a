"""The page of a corpus, as a reader gets it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pipeline.batch.run import batch
from tests.batch.test_run import lines, rows
from tests.browser import WIDTHS, Visitor, audit, open_all, what_sticks_out

HOSTILE = "<img src=x onerror=alert(1)>{{ 7 * 7 }}</script>\"'&"
YEAR_WORD = "疫情"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a corpus with every part of the page: trends, words of a year, ends, failures."""
    folder = tmp_path_factory.mktemp("corpus")
    found: list[dict[str, str]] = [
        {**row, "title": HOSTILE, "source": HOSTILE, "id": f"{row['id']}{HOSTILE}"} for row in rows(48)
    ]
    for row in found:
        if row["date"].startswith("2020"):
            row["text"] += f"\n{YEAR_WORD}打乱了计划。{YEAR_WORD}期间客户流失，{YEAR_WORD}过后订单才恢复。"
    source = lines(folder / "corpus.jsonl", [*found, f"{HOSTILE}\n", {"id": HOSTILE, "text": " "}])
    batch([str(source)], folder / "out", scheduler="synchronous")
    return folder / "out"


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", WIDTHS)
def test_it_is_whole_on_every_screen(corpus: Path, visit: Visitor, width: int, dark: bool) -> None:
    seen = visit(corpus / "index.html", width=width, dark=dark)
    assert what_sticks_out(seen.page) == []
    open_all(seen.page)
    assert what_sticks_out(seen.page) == []
    assert audit(seen.page).serious == []
    seen.assert_quiet()


@pytest.mark.parametrize("width", WIDTHS)
def test_names_in_the_network_can_be_read(corpus: Path, visit: Visitor, width: int) -> None:
    page = visit(corpus / "index.html", width=width).page
    heights = page.evaluate("[...document.querySelectorAll('.map text')].map(e => e.getBoundingClientRect().height)")
    assert len(heights) > 3
    assert min(heights) >= 10


def test_years_stay_on_one_line(corpus: Path, visit: Visitor) -> None:
    page = visit(corpus / "index.html", width=390).page
    lines = page.evaluate("""[...document.querySelectorAll('#years th[scope=row]')].map(cell => {
        const range = document.createRange();
        range.selectNodeContents(cell);
        return range.getClientRects().length;
    })""")
    assert lines == [1] * len(lines)
    assert len(lines) >= 4


def test_what_articles_say_stays_text(corpus: Path, visit: Visitor) -> None:
    seen = visit(corpus / "index.html")
    assert seen.page.locator("img").count() == 0
    assert "49" not in {text.strip() for text in seen.page.locator("#typical td").all_inner_texts()}
    assert HOSTILE[:20] in seen.page.locator("#typical").inner_text()
    seen.assert_quiet()


def test_only_words_that_set_a_year_apart_are_named(corpus: Path) -> None:
    page = (corpus / "index.html").read_text(encoding="utf-8")
    part = page[page.index("各年格外多的关键词") :].partition("</table>")[0]
    assert re.findall(r'class="year">(\d+)<', part) == ["2020"]
    assert YEAR_WORD in part


def test_failures_are_counted_by_reason(corpus: Path, visit: Visitor) -> None:
    part = visit(corpus / "index.html").page.locator("#failures").inner_text()
    assert "2 篇" in part
    assert "no JSON" in part


def test_a_corpus_without_a_document_has_a_page(tmp_path: Path, visit: Visitor) -> None:
    source = lines(tmp_path / "corpus.jsonl", [{"id": "空", "text": ""}])
    result = batch([str(source)], tmp_path / "out", scheduler="synchronous")
    assert (result.done, result.failed) == (0, 1)
    seen = visit(tmp_path / "out" / "index.html", width=390)
    assert "没有一篇读得成" in seen.page.locator("header").inner_text()
    assert what_sticks_out(seen.page) == []
    assert audit(seen.page).serious == []
    seen.assert_quiet()
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["documents"] == {"in": 1, "done": 0, "failed": 1}
