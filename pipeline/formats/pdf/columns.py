"""The columns of a page: the gap between two of them, their runs in reading order, and the edges of their lines."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.formats.pdf.rows import base_line, in_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.formats.pdf.model import Line, Page, Run

_LEAST_LINES = 5  # of a column: fewer side by side may as well be a table
_INSET = 2.5  # em; a line that begins so near the edge of its column, set in or not, begins at it


def gutters_of(pages: Sequence[Page], body: float) -> list[float | None]:
    """Return the gap between the columns of each page. A page with little text has the one of the page before it, where
    that parts its lines."""
    out: list[float | None] = []
    last: float | None = None
    for page in pages:
        gutter = _gutter(page.runs, body)
        if gutter is None and last is not None:
            left = [r for r in page.runs if r.x1 <= last + 1]
            right = [r for r in page.runs if r.x0 >= last - 1]
            low = min((r.x0 for r in left), default=0.0)
            full = sum(row[-1].x1 > last - _INSET * body for row in in_rows(left) if row[0].x0 < low + _INSET * body)
            across = len(page.runs) - len(left) - len(right)
            gutter = last if full >= 2 and full > 2 * across else None
        out.append(gutter)
        last = gutter or last
    return out


def _gutter(runs: Sequence[Run], body: float) -> float | None:
    """Return the middle of the gap between two columns of running text, None without."""
    if len(runs) < 4 * _LEAST_LINES:
        return None
    low, high = min(r.x0 for r in runs), max(r.x1 for r in runs)
    if high - low <= 20 * body:
        return None
    at = _widest_gap(runs, low, high, 0.6 * body)
    if at is None:
        return None
    lefts = [r for r in runs if r.x1 <= at + 1]
    rights = [r for r in runs if r.x0 >= at - 1]
    if len(lefts) < _LEAST_LINES or len(rights) < _LEAST_LINES:
        return None
    inner_left = -_supported(sorted(-r.x1 for r in lefts), 0.5 * body)
    inner_right = _supported(sorted(r.x0 for r in rights), 0.5 * body)
    both = _is_prose(lefts, low, inner_left, body) and _is_prose(rights, inner_right, high, body)
    return at if both else None


def _widest_gap(runs: Sequence[Run], low: float, high: float, least: float) -> float | None:
    """Return the middle of the stretch between two edges that the fewest runs cover, and of those the widest; None
    where it is no wider than ``least``. It lies in the middle of the page: the columns are of about one width."""
    span = high - low
    start, end = int(low + 0.3 * span), int(low + 0.7 * span)
    cover = [0] * (end - start + 2)  # how many runs more begin than end at each point
    for r in runs:
        a, b = max(int(r.x0), start) - start, min(int(r.x1) + 1, end) - start
        if b > a:
            cover[a] += 1
            cover[b] -= 1
    total, best, at = 0, (10**9, 0), None
    begin, value = 0, -1
    for k in range(end - start):
        total += cover[k]
        if total != value:
            begin, value = k, total
        if (value, -(k - begin)) < best:
            best, at = (value, -(k - begin)), start + (begin + k) / 2
    return at if -best[1] >= least else None


def _is_prose(side: Sequence[Run], low: float, high: float, body: float) -> bool:
    """Tell whether what stands between two edges is running text: lines below one another, many of them full."""
    rows = in_rows(side)
    full = sum(row[0].x0 - low < _INSET * body and high - row[-1].x1 < 2 * body for row in rows)
    letters = sum(len(r.text) for r in side)
    if len(rows) < _LEAST_LINES or full < 0.3 * len(rows) or letters < 10 * len(rows) or high - low < 8 * body:
        return False
    pitch = [base_line(b) - base_line(a) for a, b in pairwise(rows)]
    return sum(p < 3.2 * body for p in pitch) >= 0.7 * len(pitch)


def in_columns(page: Page, gutter: float | None) -> list[tuple[int, list[Run]]]:
    """Return the runs of a page in parts that are read one after the other, each with its side: 1 and 2 for the left
    and the right column, 0 for what goes across."""
    if gutter is None:
        return [(0, page.runs)] if page.runs else []
    out: list[tuple[int, list[Run]]] = []
    left: list[Run] = []
    right: list[Run] = []
    across: list[Run] = []

    def flush() -> None:
        for side, runs in ((1, left), (2, right)):
            if runs:
                out.append((side, list(runs)))
                runs.clear()

    for row in in_rows(page.runs):
        if any(r.x0 < gutter - 1 and r.x1 > gutter + 1 for r in row):
            flush()
            across += row
            continue
        if across:
            out.append((0, list(across)))
            across.clear()
        for run in row:
            (left if run.x1 <= gutter + 1 else right).append(run)
    flush()
    if across:
        out.append((0, across))
    return out


def set_edges(lines: Sequence[Line], body: float) -> None:
    """Find the edges of the columns: of left and right pages apart where there are enough lines."""
    groups: dict[tuple[int, int, int], list[Line]] = {}
    for line in lines:
        groups.setdefault((line.side, line.page % 2, round(line.width / 8)), []).append(line)
    merged: dict[tuple[int, int], list[Line]] = {}
    for (side, _, width), found in groups.items():
        merged.setdefault((side, width), []).extend(found)
    for (side, _, width), found in groups.items():
        plain = [x for x in found if abs(x.size - body) < 0.12 * body]
        if len(plain) < 12:
            plain = [x for x in merged[side, width] if abs(x.size - body) < 0.12 * body] or found
        left = _supported(sorted(x.x0 for x in plain), body)
        # Full stops and commas may hang over the edge.
        inside = [x for x in plain if x.text[-1:] not in "，。、；：！？,.;"]
        right = -_supported(sorted(-x.x1 for x in (inside if len(inside) > 3 else plain)), body)
        if side == 0 and right - left < 14 * body:
            right = max(right, found[0].width - left)  # short lines alone: they could have been longer
        for line in found:
            line.left, line.right = left, right


def _supported(values: Sequence[float], em: float) -> float:
    """Return the first of ascending values that is not alone."""
    return next((a for a, b in pairwise(values) if b - a < em), values[0])
