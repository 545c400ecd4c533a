"""Tables: those within ruling lines, and those that only the gaps between their cells tell."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.formats.pdf.joins import joined
from pipeline.formats.pdf.model import CAPTION, WIDE, Block, Box, Line, Mark, Part, Run
from pipeline.formats.pdf.rows import base_line, in_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MOST_RULES = 5000  # one way on a page: drawings have more, and each is compared with each table
_MET = 4  # points; ruling lines that lie closer are one, drawn in stretches


def table_end(
    rows: Sequence[Sequence[Run]], split: list[list[Part]], start: int, rules: Sequence[Box]
) -> tuple[int, list[list[float]]]:
    """Return the row behind a table that begins at row ``start``, and the table's columns; ``start`` where there is
    none.

    A table has two rows with parts at least, its parts lie above one another in columns, and no part reaches over two
    of them. Long texts side by side are none, unless ``rules`` stand between columns.
    """
    columns: list[list[float]] = []
    end, several = start, 0
    size = max(r.size for r in rows[start])
    while end < len(rows):
        parts = split[end]
        gap = base_line(rows[end]) - base_line(rows[end - 1]) if end > start else 0.0
        if gap > 3.5 * size or is_typed(parts) or (len(parts) == 1 and CAPTION.match(parts[0].text)):
            break
        beside = gap < 1.1 * size and not any(parts[0].x0 < c[1] and parts[0].x1 > c[0] for c in columns)
        # Half a line further on stands another cell, in the middle of its own row.
        halved = end + 1 < len(rows) and base_line(rows[end + 1]) - base_line(rows[end]) < 0.85 * size
        if len(parts) == 1 and ((gap > 1.8 * size and not halved) or not (beside or _inside(parts[0], columns))):
            break
        grown = _stretched(columns, parts[0]) if len(parts) == 1 and beside else _grown(columns, parts)
        if len(columns) > 1 and len(grown) < len(columns) and (closer := closer_cells(rows[end], columns)):
            parts = split[end] = closer
            grown = _grown(columns, parts)
        if len(grown) < max(2, len(parts)) or (len(columns) > 1 and len(grown) < len(columns)):
            break
        columns = grown
        several += len(parts) > 1
        end += 1
    steps = _line_steps(rows[start:end], split[start:end], columns)
    line = min(steps, default=0.0) if min(steps, default=0.0) < 0.87 * max(steps, default=0.0) else 0.0
    while end > start and len(split[end - 1]) == 1 and not _inside(split[end - 1][0], columns[1:]):
        if (
            steps
            and base_line(rows[end - 1]) - base_line(rows[end - 2]) <= 1.05 * line
            and split[end - 1][0].x1 <= columns[0][1]
        ):
            break  # as close as the lines within the cells
        end -= 1  # a line below the first column may as well be text
    cells = [p.text for parts in split[start:end] if len(parts) > 1 for p in parts]
    prose = sum(len(text) for text in cells) > 18 * len(cells) and not rules
    return (end if several >= 2 and not prose else start), columns


def closer_cells(row: Sequence[Run], columns: Sequence[Sequence[float]]) -> list[Part] | None:
    """Return the parts of a row that has one in each of the columns; None where it has not."""
    parts = in_parts(row, gap=0.4)
    fitting = len(parts) == len(columns) and all(
        part.x0 < high and part.x1 > low for part, (low, high) in zip(parts, columns, strict=True)
    )
    apart = fitting and len(_grown(columns, parts)) == len(columns)
    return parts if apart else None


def _inside(part: Part, columns: Sequence[Sequence[float]]) -> bool:
    """Tell whether a part lies above or below one of the columns alone."""
    return sum(part.x0 < c[1] and part.x1 > c[0] for c in columns) == 1


def _column_of(part: Part, columns: Sequence[Sequence[float]]) -> int:
    """Return the first of the columns that a part reaches into."""
    return next((k for k, c in enumerate(columns) if part.x0 < c[1] and part.x1 > c[0]), 0)


def _grown(columns: Sequence[Sequence[float]], parts: Sequence[Part]) -> list[list[float]]:
    """Return columns as wide as they must be for a further row; those that meet are one."""
    out: list[list[float]] = []
    for low, high in sorted([*((c[0], c[1]) for c in columns), *((p.x0, p.x1) for p in parts)]):
        if out and low < out[-1][1] + 0.5:
            out[-1][1] = max(out[-1][1], high)
        else:
            out.append([low, high])
    return out


def _stretched(columns: Sequence[Sequence[float]], part: Part) -> list[list[float]]:
    """Return columns, the one that is nearest to a part so wide that it holds it."""
    nearest = min(range(len(columns)), key=lambda k: max(columns[k][0] - part.x1, part.x0 - columns[k][1]))
    return [
        [min(low, part.x0), max(high, part.x1)] if k == nearest else [low, high]
        for k, (low, high) in enumerate(columns)
    ]


def _line_steps(
    rows: Sequence[Sequence[Run]], split: Sequence[Sequence[Part]], columns: Sequence[Sequence[float]]
) -> list[float]:
    """Return the distances between what stands above one another in a table."""
    last: dict[int, float] = {}
    out: list[float] = []
    for row, parts in zip(rows, split, strict=True):
        for part in parts:
            at = _column_of(part, columns)
            if at in last:
                out.append(base_line(row) - last[at])
            last[at] = base_line(row)
    return out


def open_table(
    rows: Sequence[Sequence[Run]],
    split: Sequence[Sequence[Part]],
    columns: Sequence[Sequence[float]],
    marks: Sequence[Mark],
) -> list[Block]:
    """Return the rows of a table without ruling lines between its columns."""
    low, high = columns[0][0], columns[-1][1]
    tops, bottoms = base_line(rows[0]) - rows[0][0].size, base_line(rows[-1])
    rules = sorted(
        m.box.y0 for m in marks
        if m.kind == "row" and m.box.x0 < high and m.box.x1 > low and tops < m.box.y0 < bottoms
    )  # fmt: skip
    steps = [base_line(b) - base_line(a) for a, b in pairwise(rows)]
    line = min(_line_steps(rows, split, columns), default=0.0)
    spread = line > 0 and max(steps, default=0.0) > 1.15 * line
    out: list[list[str]] = []
    before = 0.0
    passed = 0
    for row, parts in zip(rows, split, strict=True):
        y = base_line(row)
        cells = [""] * len(columns)
        for part in parts:
            at = _column_of(part, columns)
            cells[at] = joined(cells[at], _without_bars(part.text))
        seen = passed
        while passed < len(rules) and rules[passed] < y - 0.3 * row[0].size:
            passed += 1
        if rules:
            new = passed > seen
        elif spread:  # rows of the table lie further apart than the lines within its cells
            new = y - before > 1.1 * line
        else:
            new = bool(cells[0])
        if new or not out:
            out.append(cells)
        else:
            out[-1] = [joined(a, b) for a, b in zip(out[-1], cells, strict=True)]
        before = y
    return [_row(cells) for cells in out]


def _row(cells: Sequence[str]) -> Block:
    return Block("row", f"| {' | '.join(cells)} |", [])


def _without_bars(text: str) -> str:
    """Return the text of a cell without what stands between cells."""
    return text.replace("|", "／")


def with_last_rows(items: Sequence[Line | Block]) -> list[Line | Block]:
    """Return what was read with lines behind a table as rows where they have as many cells: it goes over the page."""
    out: list[Line | Block] = []
    for item in items:
        if isinstance(item, Line) and len(item.cells) > 1 and out:
            before = out[-1]
            if isinstance(before, Block) and before.text.count("|") == len(item.cells) + 1:
                out.append(_row([_without_bars(cell) for cell in item.cells]))
                continue
        out.append(item)
    return out


def is_typed(parts: Sequence[Part]) -> bool:
    """Tell whether the parts of a row are in a fixed-width font, as code is, with its gaps."""
    runs = [run for part in parts for run in part.runs]
    return any(run.mono for run in runs) and all(run.mono or WIDE.search(run.text) for run in runs)


@dataclass(slots=True)
class Frame:
    """A table within ruling lines: its place, and where its columns and rows are parted."""

    box: Box
    columns: list[float]
    rows: list[float]


def frames_of(marks: Sequence[Mark]) -> list[Frame]:
    """Return the tables of a page that are ruled both ways."""
    upright = sorted((m.box for m in marks if m.kind == "column"), key=lambda b: (b.y0, b.x0))[:_MOST_RULES]
    level = sorted((m.box for m in marks if m.kind == "row"), key=lambda b: (b.y0, b.x0))[:_MOST_RULES]
    groups: list[list[Box]] = []
    end = 0.0
    for box in upright:
        if groups and box.y0 <= end + _MET:
            groups[-1].append(box)
            end = max(end, box.y1)
        else:
            groups.append([box])
            end = box.y1
    out: list[Frame] = []
    for group in groups:
        low, high = min(b.x0 for b in group), max(b.x1 for b in group)
        top, bottom = min(b.y0 for b in group), max(b.y1 for b in group)
        columns = _places(((b.x0, b.y1 - b.y0) for b in group), 0.3 * (bottom - top))
        inside = [b for b in level if top - _MET <= b.y0 <= bottom + _MET and b.x0 >= low - 6 and b.x1 <= high + 6]
        rows = _places(((b.y0, b.x1 - b.x0) for b in inside), 0.5 * (high - low))
        if len(columns) >= 3 and len(rows) >= 2:
            out.append(Frame(Box(low, top, high, bottom), columns, rows))
    return out


def _places(lines: Iterable[tuple[float, float]], least: float) -> list[float]:
    """Return where lines (place and length) lie that are at least so long together; those that meet are one."""
    out: list[list[float]] = []
    for place, length in sorted(lines):
        if out and place - out[-1][0] <= _MET:
            out[-1][1] += length
            out[-1][0] = place
        else:
            out.append([place, length])
    return [place for place, length in out if length >= least]


def is_within(row: Sequence[Run], frame: Frame) -> bool:
    """Tell whether a row stands in a ruled table."""
    y, size = base_line(row) - 0.3 * row[0].size, row[0].size
    inside = frame.box.y0 < y < frame.box.y1
    return inside and row[0].x0 > frame.box.x0 - size and row[-1].x1 < frame.box.x1 + size


def ruled_table(frame: Frame, rows: Sequence[Sequence[Run]]) -> list[Block]:
    """Return the rows of a ruled table."""
    cells: dict[tuple[int, int], str] = {}
    for row in rows:
        by_column: dict[int, list[Run]] = {}
        for run in row:
            at = sum(x < (run.x0 + run.x1) / 2 for x in frame.columns[1:-1])
            by_column.setdefault(at, []).append(run)
        band = sum(y < base_line(row) - 0.3 * row[0].size for y in frame.rows)
        for at, runs in by_column.items():
            text = _without_bars(" ".join(part.text for part in in_parts(runs)))
            cells[band, at] = joined(cells.get((band, at), ""), text)
    return [
        _row([cells.get((band, k), "") for k in range(len(frame.columns) - 1)])
        for band in sorted({band for band, _ in cells})
    ]
