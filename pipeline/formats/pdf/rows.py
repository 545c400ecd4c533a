"""The rows of a page: runs of characters that stand on one base line, and the parts into which wide gaps split them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.formats.pdf.model import WIDE, Box, Part, Run

if TYPE_CHECKING:
    from collections.abc import Sequence

_CLEAR = 0.3  # em; characters so far apart have a blank between them, not only room at the sides of a Chinese one
_LATIN = 0.16  # em; blanks between words that are set tight are hardly wider
_WIDE_GAP = 1.4  # em; a blank between Chinese characters is one wide, more is a gap between cells
_MOST_PAIRS = 400  # of runs that are compared: marks are few, and so are the runs of a line they stand in


def spaced(before: str, after: str, gap: float, *, blank: bool) -> bool:
    """Tell whether a blank stands between two characters that are ``gap`` em apart; ``blank`` says that the file has
    one.

    Chinese characters have one where it is seen alone: text recognition puts blanks between all of them.
    """
    wide = bool(WIDE.match(before)) + bool(WIDE.match(after))
    if wide == 2:
        return gap > _CLEAR
    return blank or gap > (_CLEAR if wide else _LATIN)


def in_rows(runs: Sequence[Run]) -> list[list[Run]]:
    """Return runs by base line, each row from left to right; what is raised or lowered goes with its line."""
    rows: list[list[Run]] = []
    bases: list[tuple[float, float]] = []
    for run in sorted(runs, key=lambda r: (r.y, r.x0)):
        if rows and run.y - bases[-1][0] <= 0.3 * min(run.size, bases[-1][1]):
            rows[-1].append(run)
            if run.size > bases[-1][1]:
                bases[-1] = (run.y, run.size)
        else:
            rows.append([run])
            bases.append((run.y, run.size))
    out: list[list[Run]] = []
    out_bases: list[tuple[float, float]] = []
    for row, (y, size) in zip(rows, bases, strict=True):
        if out:
            above, big = out_bases[-1]
            raised = big < 0.88 * size and y - above < 0.6 * size and _touch(out[-1], row, size)
            lowered = size < 0.88 * big and y - above < 0.4 * big and _touch(row, out[-1], big)
            if raised or lowered:
                out[-1] += row
                out_bases[-1] = (y, size) if raised else (above, big)
                continue
        out.append(list(row))
        out_bases.append((y, size))
    for row in out:
        row.sort(key=lambda r: r.x0)
    return out


def _touch(small: Sequence[Run], line: Sequence[Run], size: float) -> bool:
    """Tell whether every small run stands right behind or before a run of a line. Long rows are not looked at."""
    if len(small) * len(line) > _MOST_PAIRS:
        return False
    return all(any(-0.2 < (s.x0 - r.x1) / size < 0.5 or -0.2 < (r.x0 - s.x1) / size < 0.5 for r in line) for s in small)


def base_line(row: Sequence[Run]) -> float:
    """Return where a row stands: as its longest run does, small raised ones aside."""
    return max(row, key=lambda r: len(r.text)).y


def in_parts(row: Sequence[Run], borders: Sequence[Box] = (), gap: float = _WIDE_GAP) -> list[Part]:
    """Split a row at gaps wider than ``gap`` em and at ruling lines."""
    parts: list[Part] = []
    texts: list[str] = []
    size = max(r.size for r in row)
    base = base_line(row)
    near = [b for b in borders if b.y0 <= base <= b.y1 + 0.5 * size]
    for run in row:
        text = run.text.strip()
        if not text:
            continue
        if parts:
            before = parts[-1]
            last = before.runs[-1]
            if last.text.strip() == text and abs(last.x0 - run.x0) < 0.1 * size:  # drawn twice to look bold
                before.runs[-1] = Run(last.text, last.x0, last.x1, last.y, last.size, True, last.mono)
                continue
            apart = run.x0 - before.x1
            ruled = any(before.x1 - 1 <= (b.x0 + b.x1) / 2 <= run.x0 + 1 for b in near)
            if apart <= gap * size and not ruled:
                mark = _reference(last, texts[-1][-1], run)
                if not mark and spaced(texts[-1][-1], text[0], apart / size, blank=run.text[0] == " "):
                    texts.append(" ")
                texts.append(mark or text)
                before.x1 = max(before.x1, run.x1)
                before.runs.append(run)
                continue
            before.text = "".join(texts)
        parts.append(Part("", run.x0, run.x1, [run]))
        texts = [text]
    if parts:
        parts[-1].text = "".join(texts)
    return parts


def _reference(last: Run, before: str, run: Run) -> str:
    """Return the mark of a footnote, where a run is one: a small raised number behind a word that ends with
    ``before``."""
    text = run.text.strip()
    raised = run.size <= 0.9 * last.size and last.y - run.y >= 0.15 * last.size
    if not raised or len(text) > 5 or re.match(r"[\dA-Za-z)）]", before):
        return ""
    m = re.fullmatch(r"[\[［〔(（]?(\d{1,3}|[①-⑳*†‡])[\]］〕)）]?", text)
    return f"[^{m[1]}]" if m else ""
