"""What the characters of pages say when they are read as a person reads them.

A page comes as runs of characters with their places, and :func:`arranged` makes text of all pages. Each step has a
module: what is printed around the text (``furniture``), columns (``columns``), rows (``rows``), lines
(``lines``), tables (``tables``), paragraphs (``paragraphs``, ``joins``), headings
(``headings``).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.formats.pdf.columns import gutters_of, in_columns, set_edges
from pipeline.formats.pdf.furniture import without_contents, without_furniture
from pipeline.formats.pdf.headings import mark_headings
from pipeline.formats.pdf.lines import mark_notes, read_column
from pipeline.formats.pdf.model import Block, Line, Page, Run
from pipeline.formats.pdf.paragraphs import in_blocks
from pipeline.formats.pdf.tables import with_last_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def arranged(pages: Sequence[Page], title: str | None) -> tuple[str, str | None, str | None]:
    """Return the text of pages, its title, and the site that a browser has printed below them.

    ``title`` is the one that the file gives itself; a title on the first page goes before.
    """
    pages = [_upright(page) for page in pages]
    body = _body_size(pages)
    pages, address = without_furniture(pages, body)
    items: list[Line | Block] = []
    gutters = gutters_of(pages, body)
    for number, page in enumerate(pages):
        for column, (side, runs) in enumerate(in_columns(page, gutters[number])):
            items += read_column(runs, page, number, column, side)
    items = with_last_rows(without_contents(items))
    lines = [item for item in items if isinstance(item, Line)]
    set_edges(lines, body)
    mark_notes(items, body)
    blocks = in_blocks(items, body)
    found = mark_headings(blocks, body)
    return _written(blocks), found or title, address


def _body_size(pages: Iterable[Page]) -> float:
    """Return the size in which most of the text is set."""
    count: Counter[float] = Counter()
    for page in pages:
        for run in page.runs:
            count[round(run.size * 4) / 4] += len(run.text)
    return max(count, key=lambda size: (count[size], -size), default=10.0)


def _upright(page: Page) -> Page:
    """Return a page of upright columns, read from the right, as one of lines: turned by a quarter."""
    below = sum(
        abs(b.x0 - a.x0) < 0.3 * a.size and 0.7 * a.size < b.y - a.y < 1.6 * a.size and len(a.text.strip()) == 1
        for a, b in pairwise(page.runs)
    )
    if below < 0.6 * len(page.runs) or below < 5:
        return page
    runs = [
        Run(r.text.strip(), r.y - 0.88 * r.size, r.y + 0.12 * r.size, page.width - r.x0, r.size, r.bold, r.mono)
        for r in page.runs
    ]
    return replace(page, width=page.height, height=page.width, runs=runs, marks=[])


def _written(blocks: Sequence[Block]) -> str:
    """Return blocks as text, one a paragraph."""
    out: list[str] = []
    before: Block | None = None
    for block in blocks:
        text = block.text if block.kind == "code" else " ".join(block.text.split())
        text = {"heading": "#" * block.level + " ", "item": "- "}.get(block.kind, "") + text
        if block.kind == "bold":
            text = f"**{text}**"
        elif block.kind == "code":
            fence = "`" * max(3, 1 + max((len(m) for m in re.findall(r"`{3,}", text)), default=0))
            text = f"{fence}\n{text}\n{fence}"
        if out:
            same = before is not None and before.kind == block.kind and block.kind in ("item", "row")
            out.append("\n" if same else "\n\n")
        out.append(text)
        before = block
    return "".join(out) + "\n" if out else ""
