"""What is printed around the text: running heads, page numbers, the lines of a browser, tables of contents.

A row near the edge of a page is left out where it stands in the same place of several pages, has the form of a page
number, or is what browsers print. What lies further in is left out only together with what lies further out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.formats.pdf.model import Block, Line, Page, Part, Run
from pipeline.formats.pdf.rows import base_line, in_parts, in_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

_N = r"(?:\d{1,4}|[ivxlc]{1,7}|[一二三四五六七八九十百]{1,5})"
_FOLIO = re.compile(
    rf"[-—–~·•|\[(（<〈\s]*(?:(?:第|page|p\.?|-)\s*)?{_N}\s*页?[,，]?\s*"
    rf"(?:(?:[/／|]|of|共|\(共|（共)\s*(?:共\s*)?{_N}\s*页?[)）]?)?[-—–~·•|\])）>〉\s]*",
    re.IGNORECASE,
)
_BARE = re.compile(_N, re.IGNORECASE)
_CLOCK = re.compile(
    r"\d{1,4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,4}\s*日?\s*,?\s*(?:[AaPp][Mm]|[上下]午|[^\s\d]{1,3})?\s*"
    r"\d{1,2}:\d\d(?::\d\d)?\s*(?:[AaPp]\.?[Mm]\.?|[上下]午)?"
)
_ADDRESS = re.compile(r"(?:https?|file|about|data|chrome[\w-]*|blob):\S*")
_SITE = re.compile(r"https?://(?:www\.)?([\w.-]{3,80})(?=[/:?#]|$)")
_CONTENTS = re.compile(r"(?:目\s*[录錄次]|(?:table\s+of\s+)?contents)\s*$", re.IGNORECASE)
_LINED_UP = re.compile(_ADDRESS.pattern + r"\s+\d+/\d+")  # address and page number, where no gap parts them

_GRID = 4  # points; rows of different pages that lie closer stand in the same place
_OUTER = 0.09  # of the height of a page: here browsers print, and running heads that change stand
_FOLIO_OUTER = 0.12  # of the height: page numbers below the text area of a page with wide margins
_MOST_PAGES = 0.6  # of the pages: chapters may open without a running head, left and right pages may differ
_MOST = "\n"  # before words that stand on most pages

_Key = tuple[bool, int, str]
"""Where something runs, and its words: the upper edge, the place in steps of ``_GRID``, the words without numbers."""


@dataclass(slots=True)
class _Edge:
    """A row near the upper or lower edge of a page; ``depth`` counts from the edge."""

    page: int
    row: int
    depth: int
    top: bool
    y: float
    size: float
    parts: list[Part]
    apart: bool


def without_furniture(pages: Sequence[Page], body: float) -> tuple[list[Page], str | None]:
    """Return pages without running heads, page numbers and a browser's lines, and the site that those name."""
    edges: list[_Edge] = []
    rows_of: list[list[list[Run]]] = []
    for number, page in enumerate(pages):
        rows = in_rows(page.runs)
        rows_of.append(rows)
        edges += _edges(number, rows, body)
    running = _running(edges, len(pages), body)
    kept: list[Page] = []
    address: str | None = None
    by_page: dict[int, list[_Edge]] = {}
    for edge in edges:
        by_page.setdefault(edge.page, []).append(edge)
    for number, page in enumerate(pages):
        drop: set[int] = set()
        for top in (True, False):
            found: list[_Edge] = []
            for edge in sorted((e for e in by_page.get(number, []) if e.top == top), key=lambda e: e.depth):
                if not _is_furniture(edge, page, running, body):
                    break
                found.append(edge)
            # The text begins behind a gap, in larger type, or far enough from the edge.
            while found and not _set_off(found[-1], page, running, body):
                found.pop()
            drop.update(edge.row for edge in found)
            for edge in found:
                if address is None and edge.parts and (m := _SITE.match(edge.parts[0].text)):
                    address = m[1]
        if drop:
            gone = {id(run) for k in drop for run in rows_of[number][k]}
            page = replace(page, runs=[r for r in page.runs if id(r) not in gone])
        kept.append(page)
    return kept, address


def _edges(number: int, rows: Sequence[Sequence[Run]], body: float) -> list[_Edge]:
    """Return the first and the last four rows of a page."""
    out: list[_Edge] = []
    steps = sorted(base_line(b) - base_line(a) for a, b in pairwise(rows))
    usual = max(steps[len(steps) // 2] if len(steps) > 6 else 1.9 * body, 1.1 * body)
    for depth in range(min(4, len(rows))):
        for top in (True, False):
            k = depth if top else len(rows) - 1 - depth
            inner = k + 1 if top else k - 1
            y = base_line(rows[k])
            apart = not 0 <= inner < len(rows) or abs(base_line(rows[inner]) - y) > 1.2 * usual
            size = max(r.size for r in rows[k])
            out.append(_Edge(number, k, depth, top, y, size, in_parts(rows[k]), apart))
    return out


def _running(edges: Sequence[_Edge], pages: int, body: float) -> set[_Key]:
    """Return what stands in the same place of several pages, numbers aside; no words where small lines stand in that
    place of most pages, whatever they say."""
    places: dict[_Key, set[int]] = {}
    seen: dict[_Key, list[tuple[int, list[int], bool]]] = {}
    for edge in edges:
        if edge.size > 1.15 * body:
            continue
        clear = edge.size < 0.95 * body and edge.apart
        for part in edge.parts:
            if len(part.text) > (60 if clear else 25) or part.text[-1] in "。；，！":
                continue  # a line of the text that comes again
            words = _words(part.text)
            numbers = [int(n) for n in re.findall(r"\d{1,9}", part.text)]
            for place in _places(edge):
                seen.setdefault((edge.top, place, words), []).append((edge.page, numbers, clear))
        if clear and edge.depth == 0 and len(edge.parts) < 4 and all(len(p.text) <= 40 for p in edge.parts):
            for place in _places(edge):
                places.setdefault((edge.top, place, ""), set()).add(edge.page)
    running: set[_Key] = set()
    for (top, place, words), found in seen.items():
        times = len({page for page, *_ in found})
        # In a long document a line of the text may stand in the same place twice, small and set off it hardly does.
        least = 2 if pages <= 4 or all(clear for *_, clear in found) else 3
        if times >= least and _runs_on(found):
            running.add((top, place, words))
            if times >= max(2, _MOST_PAGES * pages):
                running.add((top, place, _MOST + words))
    return running | {key for key, found_on in places.items() if len(found_on) >= max(2, _MOST_PAGES * pages)}


def _places(edge: _Edge) -> set[int]:
    """Return the places of a row: two where it lies between them, so that rows a point apart share one."""
    return {round((edge.y - 1) / _GRID), round((edge.y + 1) / _GRID)}


def _runs(edge: _Edge, words: str, running: set[_Key]) -> bool:
    return any((edge.top, place, words) in running for place in _places(edge))


def _words(text: str) -> str:
    """Return a running head without the page number beside it, and with other numbers all alike."""
    return re.sub(r"\d{1,9}", "0", re.sub(r"^\d{1,4}\s+|(?<=[^\d\s])\s+\d{1,4}$", "", text[:80]))


def _runs_on(found: Sequence[tuple[int, list[int], bool]]) -> bool:
    """Tell whether the numbers of a line stay the same from page to page, or count with the pages."""
    for (page, numbers, _), (following, others, _) in pairwise(found):
        for a, b in zip(numbers, others, strict=False):
            if a != b and b - a != following - page:
                return False
    return True


def _set_off(edge: _Edge, page: Page, running: set[_Key], body: float) -> bool:
    """Tell whether the text plainly begins behind a row: behind a gap, in larger type, or far from the edge."""
    most = any(_runs(edge, _MOST + _words(part.text), running) for part in edge.parts)
    return edge.apart or edge.size < 0.97 * body or _outer(edge, page, 0.085 if most else 0.055)


def _outer(edge: _Edge, page: Page, share: float) -> bool:
    """Tell whether a row lies in the outer ``share`` of its page."""
    return edge.y < share * page.height if edge.top else edge.y > (1 - share) * page.height


def _is_furniture(edge: _Edge, page: Page, running: set[_Key], body: float) -> bool:
    """Tell whether all parts of a row are what browsers print, running heads or page numbers."""
    texts = [part.text for part in edge.parts]
    if not texts:
        return True
    outer = _outer(edge, page, _OUTER)
    small = edge.size < 0.93 * body
    if outer and (small or edge.depth == 0) and edge.size <= 1.6 * body:
        printed = any(_CLOCK.fullmatch(t) for t in texts) and (small or len(texts) > 1)
        printed = printed or any(_ADDRESS.fullmatch(t) for t in (texts[0], texts[-1]))
        if printed or _LINED_UP.fullmatch(" ".join(texts)):
            return True
    if small and outer and edge.apart and edge.depth == 0 and _runs(edge, "", running):
        return True  # heads that change from page to page stand in one place
    return all(
        (_runs(edge, _words(t), running) and not _BARE.fullmatch(t)) or _is_folio(edge, t, running, page, body)
        for t in texts
    )


def _is_folio(edge: _Edge, text: str, running: set[_Key], page: Page, body: float) -> bool:
    """Tell whether a part of a row is a page number: by its form, its place, and its fellows on other pages."""
    if len(text) > 30 or not _FOLIO.fullmatch(text) or edge.size > 1.3 * body:
        return False
    outer = _outer(edge, page, _FOLIO_OUTER)
    return outer + edge.apart + _runs(edge, _words(text), running) >= 2


def without_contents(items: Sequence[Line | Block]) -> list[Line | Block]:
    """Return what was read without tables of contents: headings, each with the page that it stands on."""
    out: list[Line | Block] = []
    k = 0
    while k < len(items):
        item = items[k]
        named = isinstance(item, Line) and len(item.text) < 30 and bool(_CONTENTS.match(item.text))
        end = start = k + named
        while end < len(items) and _names_page(items[end], gap=named):
            end += 1
        if end - start >= (2 if named else 4):
            k = end
            continue
        out.append(item)
        k += 1
    return out


def _names_page(item: Line | Block, *, gap: bool) -> bool:
    """Tell whether a line ends with a row of dots (or ``gap``: a wide gap) and a number."""
    if isinstance(item, Block):
        cells = [cell.strip() for cell in item.text.strip("| ").split("|")]
        return gap and item.kind == "row" and len(cells) > 1 and bool(re.fullmatch(r"\d{1,4}", cells[-1]))
    text = item.text.rstrip("0123456789ivx")
    named = text.rstrip(" .．·…‥_-—⋯")
    return text != item.text and len(text) - len(named) >= (1 if "…" in text[len(named) :] else 4) and len(named) > 0
