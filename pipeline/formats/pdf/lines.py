"""The lines and tables of one column, from top to bottom, and which of the lines are footnotes."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from pipeline.formats.pdf.model import WIDE, Block, Box, Line, Page, Part, Run
from pipeline.formats.pdf.rows import base_line, in_parts, in_rows
from pipeline.formats.pdf.tables import (
    closer_cells,
    frames_of,
    is_typed,
    is_within,
    open_table,
    ruled_table,
    table_end,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

NOTE = re.compile(r"(?:\[\^|[\[［〔(（]?(?:\d{1,2}|[①-⑳*†‡])[\]］〕)）.、]?\s*\S|注[:：\d])")
"""How a footnote begins; a small line that begins otherwise goes on with the one before it."""

_MARKER = re.compile(r"[•●○◦▪‣∙·–—\-o*]|[（(]?(?:\d{1,2}|[a-zA-Z]|[一二三四五六七八九十]{1,3})[.、．)）:：]|[①-⑳]")
_LOOSE = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")
_TIGHT = re.compile(r"[\u3400-\u9fff](?=[\u3400-\u9fff])")
_MOST_MARKS = 2000  # of a kind on a page: drawings have more, and each is compared with each line


def read_column(runs: Sequence[Run], page: Page, number: int, column: int, side: int) -> list[Line | Block]:
    """Return the lines and the rows of tables of a column.

    ``number`` is that of the page, ``column`` that of the column on it; ``side`` as :func:`in_columns` gives it.
    """
    rows = in_rows(runs)
    borders = [m.box for m in page.marks if m.kind == "column"][:_MOST_MARKS]
    dots = [m.box for m in page.marks if m.kind == "bullet"][:_MOST_MARKS]
    split = [in_parts(row, borders) for row in rows]
    rows, split = [r for r, s in zip(rows, split, strict=True) if s], [s for s in split if s]
    split = [_without_marker(parts) for parts in split]
    out: list[Line | Block] = []
    k = 0
    frames = frames_of(page.marks)
    while k < len(rows):
        frame = next((f for f in frames if is_within(rows[k], f)), None)
        if frame is not None:
            end = next((i for i in range(k, len(rows)) if not is_within(rows[i], frame)), len(rows))
            out += ruled_table(frame, rows[k:end])
            k = end
            continue
        end = k
        columns: list[list[float]] = []
        if len(split[k]) > 1 and not is_typed(split[k]):
            end, columns = table_end(rows, split, k, borders)
        if end > k:
            head = closer_cells(rows[k - 1], columns) if out and isinstance(out[-1], Line) else None
            if head is not None and 0 < base_line(rows[k]) - base_line(rows[k - 1]) < 2.2 * rows[k][0].size:
                out.pop()  # its parts stand too close to one another to be told without those below
                k, split[k - 1] = k - 1, head
            out += open_table(rows[k:end], split[k:end], columns, page.marks)
            k = end
            continue
        out.append(_line(split[k], (number, column, side), page.width, dots))
        k += 1
    return out


def _without_marker(parts: list[Part]) -> list[Part]:
    """Join the mark of a list item with the item that stands a tab away."""
    if len(parts) == 2 and _MARKER.fullmatch(parts[0].text) and parts[1].x0 - parts[0].x1 < 5 * parts[0].runs[0].size:
        first, second = parts
        return [Part(f"{first.text} {second.text}", first.x0, second.x1, first.runs + second.runs)]
    return parts


def _line(parts: Sequence[Part], place: tuple[int, int, int], width: float, dots: Sequence[Box]) -> Line:
    runs = [r for p in parts for r in p.runs]
    weights: Counter[float] = Counter()
    for run in runs:
        weights[run.size] += len(run.text)
    size = max(weights, key=lambda s: (weights[s], s))
    letters = sum(len(r.text.strip()) for r in runs)
    bold = sum(len(r.text.strip()) for r in runs if r.bold) >= 0.9 * letters
    latin = sum(len(r.text.strip()) for r in runs if not WIDE.search(r.text))
    mono = sum(len(r.text.strip()) for r in runs if r.mono) >= 0.8 * latin and any(r.mono for r in runs)
    y = base_line([r for r in runs if r.size == size])
    x0 = parts[0].x0
    bullet = any(0 <= x0 - d.x1 < 1.8 * size and y - 0.9 * size < (d.y0 + d.y1) / 2 < y + 0.1 * size for d in dots)
    text = _grid(runs, size) if mono else _closed(" ".join(p.text for p in parts))
    return Line(
        text, x0, parts[-1].x1, y, size, bold, mono, *place, width, bullet=bullet, cells=tuple(p.text for p in parts)
    )


def _closed(text: str) -> str:
    """Return a line without the blanks of one that is set wide: where most of its Chinese characters stand apart."""
    loose = len(_LOOSE.findall(text))
    return _LOOSE.sub("", text) if loose and loose >= 2 * len(_TIGHT.findall(text)) else text


def _grid(runs: Sequence[Run], size: float) -> str:
    """Return a line in a fixed-width font with as many blanks as it has room for."""
    spread = [r for r in runs if r.mono and len(r.text.strip()) > 3]
    step = sum(r.x1 - r.x0 for r in spread) / sum(len(r.text.strip()) for r in spread) if spread else 0.6 * size
    text = ""
    end = runs[0].x0
    for run in runs:
        text += " " * max(round((run.x0 - end) / step), 1 if text and run.text[0] == " " else 0) + run.text.strip()
        end = run.x1
    return text


def mark_notes(items: Sequence[Line | Block], body: float) -> None:
    """Mark the footnotes: small lines at the end of a column, below text, the first of them with a mark."""
    by_column: dict[tuple[int, int], list[Line]] = {}
    for item in items:
        if isinstance(item, Line):
            by_column.setdefault((item.page, item.column), []).append(item)
    for lines in by_column.values():
        k = len(lines)
        while k > 0 and lines[k - 1].size < 0.92 * body:
            k -= 1
        while k < len(lines) and not NOTE.match(lines[k].text):
            k += 1
        if 0 < k < len(lines) and lines[k].y - lines[k - 1].y > 1.1 * body:
            for line in lines[k:]:
                line.note = True
