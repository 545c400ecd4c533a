"""What the characters of pages say when they are read as a person reads them.

A page comes as runs of characters with their places, and :func:`arranged` makes text of all pages: it leaves out
running heads and page numbers, finds columns, lines and tables, joins lines to paragraphs, and tells headings, lists,
code and footnotes by their looks. Sizes are in points, places count from the upper left corner of the page; ``em`` is
the size of the type at hand.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a page."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Mark:
    """Something drawn that is no character: a ruling line between rows or columns, or a bullet."""

    kind: Literal["row", "column", "bullet"]
    box: Box


@dataclass(frozen=True, slots=True)
class Run:
    """Characters side by side in one style; ``y`` is that of their base line. A blank before the first is part of
    ``text``."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool = False
    mono: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """What a page draws.

    Attributes:
        covered: pictures cover most of it.
        drawn: how many characters it draws, seen or not.
        unknown: how many of these nobody can tell.
    """

    width: float
    height: float
    runs: list[Run]
    marks: list[Mark] = field(default_factory=list)
    covered: bool = False
    drawn: int = 0
    unknown: int = 0


@dataclass(slots=True, eq=False)
class _Line:
    """A line of a column.

    Attributes:
        left, right: edges of its column.
        bullet: a drawn bullet stands before it.
        note: it belongs to a footnote.
        cells: the stretches of it that stand apart.
        page, column, side: where it stands; see ``_columns``.
        width: of the page.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    mono: bool
    page: int
    column: int
    side: int
    width: float
    left: float = 0.0
    right: float = 0.0
    bullet: bool = False
    note: bool = False
    cells: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class _Block:
    kind: Literal["text", "item", "heading", "bold", "row", "code", "note"]
    text: str
    lines: list[_Line]
    level: int = 0


_WIDE = re.compile(
    r"[\u2e80-\u303f\u3040-\ua4cf\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff“”‘’…—]"
)
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def spaced(before: str, after: str, gap: float, *, blank: bool) -> bool:
    """Tell whether a blank stands between two characters that are ``gap`` em apart; ``blank`` says that the file has
    one.

    Chinese characters have one where it is seen alone: text recognition puts blanks between all of them.
    """
    wide = bool(_WIDE.match(before)) + bool(_WIDE.match(after))
    if wide == 2:
        return gap > 0.3
    return blank or gap > (0.3 if wide else 0.16)


def arranged(pages: Sequence[Page], title: str | None) -> tuple[str, str | None, str | None]:
    """Return the text of pages, its title, and the site that a browser has printed below them.

    ``title`` is the one that the file gives itself; a title on the first page goes before.
    """
    pages = [_upright(page) for page in pages]
    body = _body_size(pages)
    pages, address = _without_furniture(pages, body)
    items: list[_Line | _Block] = []
    gutters = _gutters(pages, body)
    for number, page in enumerate(pages):
        for column, (side, runs) in enumerate(_columns(page, gutters[number])):
            items += _read_column(runs, page, number, column, side)
    items = _with_last_rows(_without_contents(items))
    lines = [item for item in items if isinstance(item, _Line)]
    _set_edges(lines, body)
    _mark_notes(items, body)
    blocks = _blocks(items, body)
    found = _mark_headings(blocks, body)
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
    return Page(page.height, page.width, runs, covered=page.covered, drawn=page.drawn, unknown=page.unknown)


# ---------------------------------------------------------------------------------------------------------------------
# rows and their parts


@dataclass(slots=True)
class _Part:
    """A stretch of a row without a wide gap."""

    text: str
    x0: float
    x1: float
    runs: list[Run]


def _rows(runs: Sequence[Run]) -> list[list[Run]]:
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
    if len(small) * len(line) > 400:
        return False
    return all(any(-0.2 < (s.x0 - r.x1) / size < 0.5 or -0.2 < (r.x0 - s.x1) / size < 0.5 for r in line) for s in small)


def _parts(row: Sequence[Run], borders: Sequence[Box] = (), gap: float = 1.4) -> list[_Part]:
    """Split a row at gaps wider than ``gap`` em and at ruling lines."""
    parts: list[_Part] = []
    texts: list[str] = []
    size = max((r.size for r in row), default=10.0)
    base = _base(row) if row else 0.0
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
        parts.append(_Part("", run.x0, run.x1, [run]))
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


# ---------------------------------------------------------------------------------------------------------------------
# running heads, page numbers, what a browser prints around a page

_N = r"(?:\d{1,4}|[ivxlc]{1,7}|[一二三四五六七八九十百]{1,5})"
_FOLIO = re.compile(
    rf"[-—–~·•|\[(（<〈\s]*(?:(?:第|page|p\.?|-)\s*)?{_N}\s*页?[,，]?\s*"
    rf"(?:(?:[/／|]|of|共|\(共|（共)\s*(?:共\s*)?{_N}\s*页?[)）]?)?[-—–~·•|\])）>〉\s]*",
    re.IGNORECASE,
)
_BARE = re.compile(r"\d{1,4}|[ivxlc]{1,7}|[一二三四五六七八九十百]{1,5}", re.IGNORECASE)
_CLOCK = re.compile(
    r"\d{1,4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,4}\s*日?\s*,?\s*(?:[AaPp][Mm]|[上下]午|[^\s\d]{1,3})?\s*"
    r"\d{1,2}:\d\d(?::\d\d)?\s*(?:[AaPp]\.?[Mm]\.?|[上下]午)?"
)
_ADDRESS = re.compile(r"(?:https?|file|about|data|chrome[\w-]*|blob):\S*")
_SITE = re.compile(r"https?://(?:www\.)?([\w.-]{3,80})(?=[/:?#]|$)")


@dataclass(slots=True)
class _Edge:
    """A row near the upper or lower edge of a page; ``depth`` counts from the edge."""

    page: int
    row: int
    depth: int
    top: bool
    y: float
    size: float
    parts: list[_Part]
    apart: bool


def _without_furniture(pages: Sequence[Page], body: float) -> tuple[list[Page], str | None]:
    """Return pages without running heads, page numbers and a browser's lines, and the site that those name."""
    edges: list[_Edge] = []
    rows_of: list[list[list[Run]]] = []
    for number, page in enumerate(pages):
        rows = _rows(page.runs)
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
            page = Page(
                page.width, page.height, [r for r in page.runs if id(r) not in gone], page.marks, page.covered,
                page.drawn, page.unknown,
            )  # fmt: skip
        kept.append(page)
    return kept, address


def _edges(number: int, rows: Sequence[Sequence[Run]], body: float) -> list[_Edge]:
    out: list[_Edge] = []
    steps = sorted(_base(b) - _base(a) for a, b in pairwise(rows))
    usual = max(steps[len(steps) // 2] if len(steps) > 6 else 1.9 * body, 1.1 * body)
    for depth in range(min(4, len(rows))):
        for top in (True, False):
            k = depth if top else len(rows) - 1 - depth
            inner = k + 1 if top else k - 1
            y = _base(rows[k])
            apart = not 0 <= inner < len(rows) or abs(_base(rows[inner]) - y) > 1.2 * usual
            size = max(r.size for r in rows[k])
            out.append(_Edge(number, k, depth, top, y, size, _parts(rows[k]), apart))
    return out


def _base(row: Sequence[Run]) -> float:
    return max(row, key=lambda r: len(r.text)).y


def _running(edges: Sequence[_Edge], pages: int, body: float) -> set[tuple[bool, int, str]]:
    """Return what stands in the same place of several pages, numbers aside: side, place and words; no words where small
    lines stand in that place of most pages, whatever they say."""
    places: dict[tuple[bool, int, str], set[int]] = {}
    seen: dict[tuple[bool, int, str], list[tuple[int, list[int], bool]]] = {}
    for edge in edges:
        if edge.size > 1.15 * body:
            continue
        clear = edge.size < 0.95 * body and edge.apart
        for part in edge.parts:
            if len(part.text) > (60 if clear else 25) or part.text[-1] in "。；，！":
                continue  # a line of the text that comes again
            words = _words(part.text)
            numbers = [int(n) for n in re.findall(r"\d{1,9}", part.text)]
            for place in {round((edge.y - 1) / 4), round((edge.y + 1) / 4)}:
                seen.setdefault((edge.top, place, words), []).append((edge.page, numbers, clear))
        if clear and edge.depth == 0 and len(edge.parts) < 4 and all(len(p.text) <= 40 for p in edge.parts):
            for place in {round((edge.y - 1) / 4), round((edge.y + 1) / 4)}:
                places.setdefault((edge.top, place, ""), set()).add(edge.page)
    least = 2 if pages <= 4 else 3
    running = {key for key, found in seen.items() if len({p for p, *_ in found}) >= _least(found, least)}
    running = {key for key in running if _runs_on(seen[key])}
    most = {key for key in running if len({p for p, *_ in seen[key]}) >= max(2, 0.6 * pages)}
    running |= {(top, place, _MOST + words) for top, place, words in most}
    return running | {key for key, found in places.items() if len(found) >= max(2, 0.6 * pages)}


def _words(text: str) -> str:
    """Return a running head without the page number beside it, and with other numbers all alike."""
    return re.sub(r"\d{1,9}", "0", re.sub(r"^\d{1,4}\s+|(?<=[^\d\s])\s+\d{1,4}$", "", text[:80]))


def _least(found: Sequence[tuple[int, list[int], bool]], least: int) -> int:
    return 2 if all(clear for *_, clear in found) else least


def _runs_on(found: Sequence[tuple[int, list[int], bool]]) -> bool:
    """Tell whether the numbers of a line stay the same from page to page, or count with the pages."""
    for (page, numbers, _), (following, others, _) in pairwise(found):
        for a, b in zip(numbers, others, strict=False):
            if a != b and b - a != following - page:
                return False
    return True


_MOST = "\n"  # before words that stand on most pages


def _set_off(edge: _Edge, page: Page, running: set[tuple[bool, int, str]], body: float) -> bool:
    """Tell whether the text plainly begins behind a row: behind a gap, in larger type, or far from the edge."""
    most = any(
        (edge.top, round((edge.y + d) / 4), _MOST + _words(part.text)) in running
        for d in (-1, 1)
        for part in edge.parts
    )
    return edge.apart or edge.size < 0.97 * body or _outer(edge, page, 0.085 if most else 0.055)


def _outer(edge: _Edge, page: Page, share: float) -> bool:
    """Tell whether a row lies in the outer ``share`` of its page."""
    return edge.y < share * page.height if edge.top else edge.y > (1 - share) * page.height


def _is_furniture(edge: _Edge, page: Page, running: set[tuple[bool, int, str]], body: float) -> bool:
    texts = [part.text for part in edge.parts]
    if not texts:
        return True
    outer = _outer(edge, page, 0.09)
    small = edge.size < 0.93 * body
    if outer and (small or edge.depth == 0) and edge.size <= 1.6 * body:
        printed = any(_CLOCK.fullmatch(t) for t in texts) and (small or len(texts) > 1)
        printed = printed or any(_ADDRESS.fullmatch(t) for t in (texts[0], texts[-1]))
        printed = printed or bool(re.fullmatch(_ADDRESS.pattern + r"\s+\d+/\d+", " ".join(texts)))
        if printed:
            return True
    changing = small and edge.apart and edge.depth == 0 and _outer(edge, page, 0.09)
    if changing and any((edge.top, round((edge.y + d) / 4), "") in running for d in (-1, 1)):
        return True  # heads that change from page to page stand in one place
    known = [
        any((edge.top, round((edge.y + d) / 4), _words(t)) in running for d in (-1, 1)) and not _BARE.fullmatch(t)
        for t in texts
    ]
    folio = [_is_folio(edge, t, running, page, body) for t in texts]
    return all(k or f for k, f in zip(known, folio, strict=True))


def _is_folio(edge: _Edge, text: str, running: set[tuple[bool, int, str]], page: Page, body: float) -> bool:
    """Tell whether a part of a row is a page number: by its form, its place, and its fellows on other pages."""
    if len(text) > 30 or not _FOLIO.fullmatch(text) or edge.size > 1.3 * body:
        return False
    outer = _outer(edge, page, 0.12)
    fellow = any((edge.top, round((edge.y + d) / 4), _words(text)) in running for d in (-1, 1))
    return (outer and (edge.apart or fellow)) or (fellow and edge.apart)


# ---------------------------------------------------------------------------------------------------------------------
# columns


def _gutters(pages: Sequence[Page], body: float) -> list[float | None]:
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
            full = sum(row[-1].x1 > last - 2.5 * body for row in _rows(left) if row[0].x0 < low + 2.5 * body)
            across = len(page.runs) - len(left) - len(right)
            gutter = last if full >= 2 and full > 2 * across else None
        out.append(gutter)
        last = gutter or last
    return out


def _columns(page: Page, gutter: float | None) -> list[tuple[int, list[Run]]]:
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

    for row in _rows(page.runs):
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


def _gutter(runs: Sequence[Run], body: float) -> float | None:
    """Return the middle of the gap between two columns of running text, None without."""
    if len(runs) < 20:
        return None
    low, high = min(r.x0 for r in runs), max(r.x1 for r in runs)
    span = high - low
    if span <= 20 * body:
        return None
    start, end = int(low + 0.3 * span), int(low + 0.7 * span)
    cover = [0] * (end - start + 2)
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
    if at is None or -best[1] < 0.6 * body:
        return None
    lefts = [r for r in runs if r.x1 <= at + 1]
    rights = [r for r in runs if r.x0 >= at - 1]
    if len(lefts) < 5 or len(rights) < 5:
        return None
    inner_left = -_supported(sorted(-r.x1 for r in lefts), 0.5 * body)
    inner_right = _supported(sorted(r.x0 for r in rights), 0.5 * body)
    for side, edge_low, edge_high in ((lefts, low, inner_left), (rights, inner_right, high)):
        rows = _rows(side)
        full = sum(row[0].x0 - edge_low < 2.5 * body and edge_high - row[-1].x1 < 2 * body for row in rows)
        letters = sum(len(r.text) for r in side)
        if len(rows) < 5 or full < 0.3 * len(rows) or letters < 10 * len(rows) or edge_high - edge_low < 8 * body:
            return None
        pitch = [_base(b) - _base(a) for a, b in pairwise(rows)]
        if sum(p < 3.2 * body for p in pitch) < 0.7 * len(pitch):
            return None
    return at


# ---------------------------------------------------------------------------------------------------------------------
# lines and tables of a column


def _read_column(runs: Sequence[Run], page: Page, number: int, column: int, side: int) -> list[_Line | _Block]:
    rows = _rows(runs)
    borders = [m.box for m in page.marks if m.kind == "column"][:2000]
    dots = [m.box for m in page.marks if m.kind == "bullet"][:2000]
    split = [_parts(row, borders) for row in rows]
    split = [[p for p in parts if p.text] for parts in split]
    rows, split = [r for r, s in zip(rows, split, strict=True) if s], [s for s in split if s]
    split = [_without_marker(parts) for parts in split]
    out: list[_Line | _Block] = []
    k = 0
    frames = _frames(page.marks)
    while k < len(rows):
        frame = next((f for f in frames if _within(rows[k], f)), None)
        if frame is not None:
            end = next((i for i in range(k, len(rows)) if not _within(rows[i], frame)), len(rows))
            out += _framed(frame, rows[k:end])
            k = end
            continue
        end = k
        columns: list[list[float]] = []
        if len(split[k]) > 1 and not _typed(split[k]):
            end, columns = _table_end(rows, split, k, borders)
        if end > k:
            head = _cells(rows[k - 1], columns) if out and isinstance(out[-1], _Line) else None
            if head is not None and 0 < _base(rows[k]) - _base(rows[k - 1]) < 2.2 * rows[k][0].size:
                out.pop()  # its parts stand too close to one another to be told without those below
                k, split[k - 1] = k - 1, head
            out += _table(rows[k:end], split[k:end], columns, page.marks)
            k = end
            continue
        out.append(_line(split[k], (number, column, side), page.width, dots))
        k += 1
    return out


def _within(row: Sequence[Run], frame: _Frame) -> bool:
    y, size = _base(row) - 0.3 * row[0].size, row[0].size
    inside = frame.box.y0 < y < frame.box.y1
    return inside and row[0].x0 > frame.box.x0 - size and row[-1].x1 < frame.box.x1 + size


_MARKER = re.compile(r"[•●○◦▪‣∙·–—\-o*]|[（(]?(?:\d{1,2}|[a-zA-Z]|[一二三四五六七八九十]{1,3})[.、．)）:：]|[①-⑳]")


def _without_marker(parts: list[_Part]) -> list[_Part]:
    """Join the mark of a list item with the item that stands a tab away."""
    if len(parts) == 2 and _MARKER.fullmatch(parts[0].text) and parts[1].x0 - parts[0].x1 < 5 * parts[0].runs[0].size:
        first, second = parts
        return [_Part(f"{first.text} {second.text}", first.x0, second.x1, first.runs + second.runs)]
    return parts


def _line(parts: Sequence[_Part], place: tuple[int, int, int], width: float, dots: Sequence[Box]) -> _Line:
    runs = [r for p in parts for r in p.runs]
    weights: Counter[float] = Counter()
    for run in runs:
        weights[run.size] += len(run.text)
    size = max(weights, key=lambda s: (weights[s], s))
    letters = sum(len(r.text.strip()) for r in runs) or 1
    bold = sum(len(r.text.strip()) for r in runs if r.bold) >= 0.9 * letters
    latin = sum(len(r.text.strip()) for r in runs if not _WIDE.search(r.text)) or 1
    mono = sum(len(r.text.strip()) for r in runs if r.mono) >= 0.8 * latin and any(r.mono for r in runs)
    y = _base([r for r in runs if r.size == size])
    x0 = parts[0].x0
    bullet = any(0 <= x0 - d.x1 < 1.8 * size and y - 0.9 * size < (d.y0 + d.y1) / 2 < y + 0.1 * size for d in dots)
    text = _grid(runs, size) if mono else _closed(" ".join(p.text for p in parts))
    return _Line(
        text, x0, parts[-1].x1, y, size, bold, mono, *place, width, bullet=bullet, cells=tuple(p.text for p in parts)
    )


_LOOSE = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")


def _closed(text: str) -> str:
    """Return a line without the blanks of one that is set wide: where most of its Chinese characters stand apart."""
    loose = len(_LOOSE.findall(text))
    return (
        _LOOSE.sub("", text)
        if loose and loose >= 2 * len(re.findall(r"[\u3400-\u9fff](?=[\u3400-\u9fff])", text))
        else text
    )


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


def _table_end(
    rows: Sequence[Sequence[Run]], split: list[list[_Part]], start: int, rules: Sequence[Box]
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
        gap = _base(rows[end]) - _base(rows[end - 1]) if end > start else 0.0
        if gap > 3.5 * size or _typed(parts) or (len(parts) == 1 and _CAPTION.match(parts[0].text)):
            break
        beside = gap < 1.1 * size and not any(parts[0].x0 < c[1] and parts[0].x1 > c[0] for c in columns)
        # Half a line further on stands another cell, in the middle of its own row.
        halved = end + 1 < len(rows) and _base(rows[end + 1]) - _base(rows[end]) < 0.85 * size
        if len(parts) == 1 and ((gap > 1.8 * size and not halved) or not (beside or _inside(parts[0], columns))):
            break
        grown = _stretched(columns, parts[0]) if len(parts) == 1 and beside else _grown(columns, parts)
        if len(columns) > 1 and len(grown) < len(columns) and (closer := _cells(rows[end], columns)):
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
            and _base(rows[end - 1]) - _base(rows[end - 2]) <= 1.05 * line
            and split[end - 1][0].x1 <= columns[0][1]
        ):
            break  # as close as the lines within the cells
        end -= 1  # a line below the first column may as well be text
    cells = [p.text for parts in split[start:end] if len(parts) > 1 for p in parts]
    prose = sum(len(text) for text in cells) > 18 * len(cells) and not rules
    return (end if several >= 2 and not prose else start), columns


def _cells(row: Sequence[Run], columns: Sequence[Sequence[float]]) -> list[_Part] | None:
    """Return the parts of a row that has one in each of the columns; None where it has not."""
    parts = _parts(row, gap=0.4)
    fitting = len(parts) == len(columns) and all(
        part.x0 < high and part.x1 > low for part, (low, high) in zip(parts, columns, strict=True)
    )
    apart = fitting and len(_grown(columns, parts)) == len(columns)
    return parts if apart else None


def _with_last_rows(items: Sequence[_Line | _Block]) -> list[_Line | _Block]:
    """Return what was read with lines behind a table as rows where they have as many cells: it goes over the page."""
    out: list[_Line | _Block] = []
    for item in items:
        if isinstance(item, _Line) and len(item.cells) > 1 and out:
            before = out[-1]
            if isinstance(before, _Block) and before.text.count("|") == len(item.cells) + 1:
                cells = (cell.replace("|", "／") for cell in item.cells)
                out.append(_Block("row", f"| {' | '.join(cells)} |", []))
                continue
        out.append(item)
    return out


def _typed(parts: Sequence[_Part]) -> bool:
    """Tell whether the parts of a row are in a fixed-width font, as code is, with its gaps."""
    runs = [run for part in parts for run in part.runs]
    return any(run.mono for run in runs) and all(run.mono or _WIDE.search(run.text) for run in runs)


def _inside(part: _Part, columns: Sequence[Sequence[float]]) -> bool:
    return sum(part.x0 < c[1] and part.x1 > c[0] for c in columns) == 1


def _grown(columns: Sequence[Sequence[float]], parts: Sequence[_Part]) -> list[list[float]]:
    """Return columns as wide as they must be for a further row; those that meet are one."""
    out: list[list[float]] = []
    for low, high in sorted([*((c[0], c[1]) for c in columns), *((p.x0, p.x1) for p in parts)]):
        if out and low < out[-1][1] + 0.5:
            out[-1][1] = max(out[-1][1], high)
        else:
            out.append([low, high])
    return out


def _line_steps(
    rows: Sequence[Sequence[Run]], split: Sequence[Sequence[_Part]], columns: Sequence[Sequence[float]]
) -> list[float]:
    """Return the distances between what stands above one another in a table."""
    last: dict[int, float] = {}
    out: list[float] = []
    for row, parts in zip(rows, split, strict=True):
        for part in parts:
            at = next((k for k, c in enumerate(columns) if part.x0 < c[1] and part.x1 > c[0]), 0)
            if at in last:
                out.append(_base(row) - last[at])
            last[at] = _base(row)
    return out


@dataclass(slots=True)
class _Frame:
    """A table within ruling lines: its place, and where its columns and rows are parted."""

    box: Box
    columns: list[float]
    rows: list[float]


def _frames(marks: Sequence[Mark]) -> list[_Frame]:
    """Return the tables of a page that are ruled both ways."""
    upright = sorted((m.box for m in marks if m.kind == "column"), key=lambda b: (b.y0, b.x0))[:5000]
    level = sorted((m.box for m in marks if m.kind == "row"), key=lambda b: (b.y0, b.x0))[:5000]
    groups: list[list[Box]] = []
    end = 0.0
    for box in upright:
        if groups and box.y0 <= end + 4:
            groups[-1].append(box)
            end = max(end, box.y1)
        else:
            groups.append([box])
            end = box.y1
    out: list[_Frame] = []
    for group in groups:
        low, high = min(b.x0 for b in group), max(b.x1 for b in group)
        top, bottom = min(b.y0 for b in group), max(b.y1 for b in group)
        columns = _places(((b.x0, b.y1 - b.y0) for b in group), 0.3 * (bottom - top))
        inside = [b for b in level if top - 4 <= b.y0 <= bottom + 4 and b.x0 >= low - 6 and b.x1 <= high + 6]
        rows = _places(((b.y0, b.x1 - b.x0) for b in inside), 0.5 * (high - low))
        if len(columns) >= 3 and len(rows) >= 2:
            out.append(_Frame(Box(low, top, high, bottom), columns, rows))
    return out


def _places(lines: Iterable[tuple[float, float]], least: float) -> list[float]:
    """Return where lines (place and length) lie that are at least so long together; those 4 points apart are one."""
    out: list[list[float]] = []
    for place, length in sorted(lines):
        if out and place - out[-1][0] <= 4:
            out[-1][1] += length
            out[-1][0] = place
        else:
            out.append([place, length])
    return [place for place, length in out if length >= least]


def _framed(frame: _Frame, rows: Sequence[Sequence[Run]]) -> list[_Block]:
    """Return the rows of a ruled table."""
    cells: dict[tuple[int, int], str] = {}
    for row in rows:
        by_column: dict[int, list[Run]] = {}
        for run in row:
            at = sum(x < (run.x0 + run.x1) / 2 for x in frame.columns[1:-1])
            by_column.setdefault(at, []).append(run)
        band = sum(y < _base(row) - 0.3 * row[0].size for y in frame.rows)
        for at, runs in by_column.items():
            text = " ".join(part.text for part in _parts(runs)).replace("|", "／")
            cells[band, at] = joined(cells.get((band, at), ""), text)
    return [
        _Block("row", "| " + " | ".join(cells.get((band, k), "") for k in range(len(frame.columns) - 1)) + " |", [])
        for band in sorted({band for band, _ in cells})
    ]


def _stretched(columns: Sequence[Sequence[float]], part: _Part) -> list[list[float]]:
    """Return columns, the one that is nearest to a part so wide that it holds it."""
    nearest = min(range(len(columns)), key=lambda k: max(columns[k][0] - part.x1, part.x0 - columns[k][1]))
    return [
        [min(low, part.x0), max(high, part.x1)] if k == nearest else [low, high]
        for k, (low, high) in enumerate(columns)
    ]


def _table(
    rows: Sequence[Sequence[Run]],
    split: Sequence[Sequence[_Part]],
    columns: Sequence[Sequence[float]],
    marks: Sequence[Mark],
) -> list[_Block]:
    """Return the rows of a table without ruling lines between its columns."""
    low, high = columns[0][0], columns[-1][1]
    tops, bottoms = _base(rows[0]) - rows[0][0].size, _base(rows[-1])
    rules = sorted(
        m.box.y0 for m in marks
        if m.kind == "row" and m.box.x0 < high and m.box.x1 > low and tops < m.box.y0 < bottoms
    )  # fmt: skip
    steps = [_base(b) - _base(a) for a, b in pairwise(rows)]
    line = min(_line_steps(rows, split, columns), default=0.0)
    spread = line > 0 and max(steps, default=0.0) > 1.15 * line
    out: list[list[str]] = []
    before = 0.0
    passed = 0
    for row, parts in zip(rows, split, strict=True):
        y = _base(row)
        cells = [""] * len(columns)
        for part in parts:
            at = next((k for k, c in enumerate(columns) if part.x0 < c[1] and part.x1 > c[0]), 0)
            cells[at] = joined(cells[at], part.text.replace("|", "／"))
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
    return [_Block("row", "| " + " | ".join(cells) + " |", []) for cells in out]


# ---------------------------------------------------------------------------------------------------------------------
# tables of contents

_CONTENTS = re.compile(r"(?:目\s*[录錄次]|(?:table\s+of\s+)?contents)\s*$", re.IGNORECASE)


def _without_contents(items: Sequence[_Line | _Block]) -> list[_Line | _Block]:
    """Return what was read without tables of contents: headings, each with the page that it stands on."""
    out: list[_Line | _Block] = []
    k = 0
    while k < len(items):
        item = items[k]
        named = isinstance(item, _Line) and len(item.text) < 30 and bool(_CONTENTS.match(item.text))
        end = start = k + named
        while end < len(items) and _names_page(items[end], gap=named):
            end += 1
        if end - start >= (2 if named else 4):
            k = end
            continue
        out.append(item)
        k += 1
    return out


def _names_page(item: _Line | _Block, *, gap: bool) -> bool:
    """Tell whether a line ends with a row of dots (or ``gap``: a wide gap) and a number."""
    if isinstance(item, _Block):
        cells = [cell.strip() for cell in item.text.strip("| ").split("|")]
        return gap and item.kind == "row" and len(cells) > 1 and bool(re.fullmatch(r"\d{1,4}", cells[-1]))
    text = item.text.rstrip("0123456789ivx")
    named = text.rstrip(" .．·…‥_-—⋯")
    return text != item.text and len(text) - len(named) >= (1 if "…" in text[len(named) :] else 4) and len(named) > 0


# ---------------------------------------------------------------------------------------------------------------------
# edges of columns, footnotes


def _set_edges(lines: Sequence[_Line], body: float) -> None:
    """Find the edges of the columns: of left and right pages apart where there are enough lines."""
    groups: dict[tuple[int, int, int], list[_Line]] = {}
    for line in lines:
        groups.setdefault((line.side, line.page % 2, round(line.width / 8)), []).append(line)
    merged: dict[tuple[int, int], list[_Line]] = {}
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


_NOTE = re.compile(r"(?:\[\^|[\[［〔(（]?(?:\d{1,2}|[①-⑳*†‡])[\]］〕)）.、]?\s*\S|注[:：\d])")


def _mark_notes(items: Sequence[_Line | _Block], body: float) -> None:
    """Mark the footnotes: small lines at the end of a column, below text, the first of them with a mark."""
    by_column: dict[tuple[int, int], list[_Line]] = {}
    for item in items:
        if isinstance(item, _Line):
            by_column.setdefault((item.page, item.column), []).append(item)
    for lines in by_column.values():
        k = len(lines)
        while k > 0 and lines[k - 1].size < 0.92 * body:
            k -= 1
        while k < len(lines) and not _NOTE.match(lines[k].text):
            k += 1
        if 0 < k < len(lines) and lines[k].y - lines[k - 1].y > 1.1 * body:
            for line in lines[k:]:
                line.note = True


# ---------------------------------------------------------------------------------------------------------------------
# paragraphs

_BULLET = re.compile(r"(?:[•●○◦▪‣∙]\s*|[·*–—\-o]\s+|\u2022\s*)(?=\S)")
_NUMBER = re.compile(
    r"(?:(?:\d{1,2}(?:\.\d{1,2}){0,3}|[a-zA-Z])[.、．)）]\s*(?!\d)|[（(](?:\d{1,2}|[一二三四五六七八九十]{1,3}|[a-z])[)）]|[①-⑳]"
    r"|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十\d]{1,3}[章节部篇步点条])"
)
_STOP = re.compile(r"[。！？!?…：:；;][”’」』）)\]】]*$")
_CAPTION = re.compile(
    r"(?:图|表|圖|Fig(?:ure)?\.?|Table)\s*(?:\d|[一二三四五六七八九十]{1,3}(?:[\s:：、.]|$))", re.IGNORECASE
)
_OPENER = "（(“‘《「『【〈[{"
_CLOSER = "，。、；：？！,.;:?!）)”’》」』】〉]}%％…—"


def _width(text: str, size: float) -> float:
    return size * sum(1.0 if _WIDE.match(c) else 0.75 if c in "%@&mwMW" or c.isupper() else 0.53 for c in text)


def _first_unit(text: str) -> str:
    """Return what a line break cannot part at the beginning of a line: a word or a character with its marks."""
    m = re.match(r"[A-Za-z0-9_./:@#&=?+%$~'-]{1,200}", text.lstrip(_OPENER))
    lead = text[: len(text) - len(text.lstrip(_OPENER))][:4]
    rest = text[len(lead) :]
    unit = m[0] if m else rest[:1]
    after = re.match(f"[{re.escape(_CLOSER)}]{{0,3}}", rest[len(unit) : len(unit) + 3])
    return lead + unit + (after[0] if after else "")


@dataclass(slots=True)
class _Habits:
    """How a document sets its paragraphs.

    Attributes:
        pitch: distance of the lines of one paragraph, by size.
        body: the size of most of the text.
        indented: first lines of paragraphs begin further right.
        words: the Latin words within lines.
        hyphened: those with a hyphen inside.
        blank: between a Chinese character and a Latin letter.
    """

    pitch: dict[float, float]
    body: float
    indented: bool
    words: frozenset[str]
    hyphened: frozenset[str]
    blank: bool


def _habits(lines: Sequence[_Line], body: float) -> _Habits:
    steps: dict[float, Counter[float]] = {}
    first = following = 0
    for a, b in pairwise(lines):
        size = round(b.size * 2) / 2
        step = b.y - a.y
        same = (a.page, a.column) == (b.page, b.column) and abs(a.size - b.size) < 0.1 * b.size
        if same and 0.8 * b.size < step < 3.2 * b.size:
            full = a.right - a.x1 < 2.2 * b.size
            steps.setdefault(size, Counter())[round(step * 2) / 2] += 3 if full else 1
        if a.right - a.x1 > 3 * b.size or _STOP.search(a.text[-4:]):
            inset = (b.x0 - b.left) / b.size
            if 1.2 < inset < 4.5 and b.right - b.x1 < 3 * b.size:
                first += 1
            elif inset < 0.6 and b.right - b.x1 < 3 * b.size and a.right - a.x1 > 3 * b.size:
                following += 1
    pitch: dict[float, float] = {}
    for size, count in steps.items():
        best = max(count, key=lambda s: (count[s] + count[s + 0.5] + count[s - 0.5], count[s], -s))
        pitch[size] = best
    words: set[str] = set()
    hyphened: set[str] = set()
    blanks = [0, 0]
    for line in lines:
        inside = re.findall(r"[A-Za-z][A-Za-z'-]{1,40}", line.text[:4000])
        words.update(w.lower() for w in inside[:-1] if "-" not in w)
        hyphened.update(w.lower() for w in inside[:-1] if "-" in w.strip("-"))
        blanks[0] += len(re.findall(r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]", line.text[:4000]))
        blanks[1] += len(re.findall(r"[\u4e00-\u9fff] [A-Za-z0-9]|[A-Za-z0-9] [\u4e00-\u9fff]", line.text[:4000]))
    return _Habits(pitch, body, first > following, frozenset(words), frozenset(hyphened), blanks[1] > blanks[0])


def _blocks(items: Sequence[_Line | _Block], body: float) -> list[_Block]:
    """Return the paragraphs, list items, rows and code of a document."""
    lines = [item for item in items if isinstance(item, _Line) and not item.note]
    habits = _habits(lines, body)
    typed = sum(len(x.text) for x in lines if x.mono) > 0.5 * (sum(len(x.text) for x in lines) or 1)
    out: list[_Block] = []
    waiting: list[_Block] = []  # footnotes: their place is behind the paragraph that goes on over the page
    pieces: list[str] = []
    open_block: _Block | None = None
    local: list[float] = _local_rights(lines)
    position = {id(line): k for k, line in enumerate(lines)}

    def close() -> None:
        nonlocal open_block, pieces
        if open_block is not None:
            open_block.text = "".join(pieces)
        open_block, pieces = None, []
        out.extend(waiting)
        waiting.clear()

    note: _Block | None = None
    for item in items:
        if isinstance(item, _Block):
            close()
            out.append(item)
            continue
        if item.note:
            if note is not None and note.lines[-1].page == item.page and not _NOTE.match(item.text):
                note.text = joined(note.text, item.text, habits)
                note.lines.append(item)
            else:
                note = _Block("note", item.text, [item])
                waiting.append(note)
                if open_block is None:
                    close()
            continue
        code = item.mono and not typed
        before = open_block.lines[-1] if open_block is not None else None
        if before is not None and open_block is not None and open_block.kind == "code" and code:
            near = item.page != before.page or item.y - before.y < 3.2 * item.size
            if near:
                skipped = round((item.y - before.y) / (1.45 * item.size)) - 1 if item.page == before.page else 0
                inset = round((item.x0 - open_block.lines[0].x0) / (0.6 * item.size))
                pieces.append("\n" * (1 + min(max(skipped, 0), 1)) + " " * max(inset, 0) + item.text)
                open_block.lines.append(item)
                continue
        elif (
            before is not None
            and open_block is not None
            and not code
            and open_block.kind != "code"
            and _goes_on(open_block, before, item, habits, local, position)
        ):
            pieces.append(_join(open_block.lines[-1].text, item.text, habits, pieces))
            open_block.lines.append(item)
            continue
        close()
        text = item.text
        kind: Literal["text", "item", "code"] = "code" if code else "text"
        m = None if code else _BULLET.match(text)
        if m or (item.bullet and not code):
            kind, text = "item", text[m.end() :] if m else text
        open_block = _Block(kind, "", [item])
        pieces = [text]
        out.append(open_block)
    close()
    return out


def _local_rights(lines: Sequence[_Line]) -> list[float]:
    """Return the right edge for each line: that of the lines around it where several of these end together further
    left (quotations), else that of its column."""
    out = [line.right for line in lines]
    start = 0
    for k in range(1, len(lines) + 1):
        if k < len(lines) and _close(lines[k - 1], lines[k]):
            continue
        group = lines[start:k]
        inner = [x for x in group[:-1] if not _STOP.search(x.text[-4:])]
        if len(inner) >= 2:
            most = max(x.x1 for x in group)
            size = group[0].size
            wide = most - group[0].x0 > 0.5 * (group[0].right - group[0].left)
            if wide and sum(most - x.x1 < 1.2 * size for x in inner) >= max(2, 0.7 * len(inner)):
                for i in range(start, k):
                    out[i] = min(out[i], most)
        start = k
    start = 0
    for k in range(1, len(lines) + 1):
        first = lines[start]
        along = k < len(lines) and _below(lines[k - 1], lines[k])
        if along and abs(lines[k].x1 - first.x1) < 0.8 * first.size:
            continue
        most = max(x.x1 for x in lines[start:k])
        if k - start >= 3 and most - min(x.x0 for x in lines[start:k]) > 10 * first.size:
            # Beside a picture: three lines that end together, and the last one of their paragraph.
            for i in range(start, k + (along and lines[k].x1 < most)):
                out[i] = min(out[i], most)
        start = k
    return out


def _below(a: _Line, b: _Line) -> bool:
    same = (a.page, a.column) == (b.page, b.column) and abs(a.size - b.size) < 0.06 * b.size
    return same and 0 < b.y - a.y < 2.1 * b.size


def _close(a: _Line, b: _Line) -> bool:
    """Tell whether two lines stand below one another, as those of a paragraph do."""
    return _below(a, b) and abs(a.x0 - b.x0) < 0.3 * b.size


def _goes_on(
    block: _Block, a: _Line, b: _Line, habits: _Habits, local: Sequence[float], position: dict[int, int]
) -> bool:
    """Tell whether line ``b`` goes on with the paragraph that line ``a`` is the last of."""
    size = b.size
    if abs(a.size - size) > 0.06 * size or b.bullet or _BULLET.match(b.text):
        return False
    same = (a.page, a.column) == (b.page, b.column)
    if same:
        pitch = habits.pitch.get(round(size * 2) / 2, 1.5 * size)
        if not -0.5 * size < b.y - a.y <= 1.15 * pitch + 1:
            return False
    if _CAPTION.match(b.text) or (_CAPTION.match(a.text) and len(block.lines) == 1 and _STOP.search(a.text[-4:])):
        return False
    right = local[position[id(a)]]
    unit = _width(_first_unit(b.text), size)
    blank = 0.25 * size if b.text[:1] < "\u2e80" and a.text[-1:] < "\u2e80" else 0.0
    # A paragraph hardly ends in the middle of a sentence, never with a comma.
    running = a.text[-1:] in "，、," or (b.text[:1].islower() and a.text[-1:] < "\x7f")
    running = running or (a.x1 - a.x0 > max(15 * size, 0.7 * (a.right - a.left)) and abs(a.x0 - b.x0) < 2.5 * size)
    slack = 0.35 if _STOP.search(a.text[-4:]) else 4.0 if running else 1.0
    parted = bool(re.search(r"[A-Za-z]-$", a.text[-2:])) and b.text[:1].islower()
    fits = unit + blank < right - a.x1 - slack * size and not parted
    middle = (b.left + b.right) / 2
    centred = all(abs((x.x0 + x.x1) / 2 - middle) < 0.6 * size and x.x0 - x.left > 1.5 * size for x in (a, b))
    if centred and same and (a.size > 1.1 * size or abs(a.size - size) < 0.1 * size):
        return a.bold == b.bold and not fits
    if fits:
        return False
    if (
        _NUMBER.match(b.text)
        and (_STOP.search(a.text[-4:]) or _NUMBER.match(block.lines[0].text))
        and (abs(b.x0 - block.lines[0].x0) < 0.5 * size)
    ):
        return False
    if a.bold != b.bold and a.bold and len(block.lines) == 1 and right - a.x1 > size:
        return False
    if same and size >= 1.12 * habits.body and not _NUMBER.match(b.text):
        return a.bold == b.bold  # a heading of two lines
    first = block.lines[0]
    inset, before = b.x0 - b.left, a.x0 - a.left
    if first.bullet or block.kind == "item" or _NUMBER.match(first.text):
        # The lines of an item stand below its first word, or below one another at the edge.
        inset -= first.x0 - first.left
        return abs(inset) < 0.8 * size if first.bullet else -4.5 * size < inset < 4.5 * size
    if not same:
        return (
            inset < 1.2 * size
            or not habits.indented
            or abs(inset - (before if len(block.lines) > 1 else 0)) < 0.3 * size
        )
    if inset - before > 1.2 * size:
        return False
    if (
        inset >= 1.2 * size
        and abs(inset - before) < 0.3 * size
        and habits.indented
        and len(block.lines) == 1
        and _STOP.search(a.text[-4:])
    ):
        # Both are set in: first lines of two paragraphs, unless more lines are, as in a quotation.
        k = position[id(b)]
        return local[k] < b.right - 0.8 * size
    return True


def joined(a: str, b: str, habits: _Habits | None = None) -> str:
    """Return two stretches of a text as one."""
    return a + _join(a, b, habits) if a and b else a or b


def _join(a: str, b: str, habits: _Habits | None, pieces: list[str] | None = None) -> str:
    """Return what stands for line ``b`` behind line ``a``; a hyphen that parts a word is taken off ``pieces``."""
    last, first = a[-1:], b[:1]
    tail = re.search(r"([A-Za-z]{1,40})-$", a[-42:])
    head = re.match(r"[a-z]{1,40}", b)
    if tail and head:
        whole = f"{tail[1]}{head[0]}".lower()
        kept = habits is not None and f"{tail[1]}-{head[0]}".lower() in habits.hyphened and whole not in habits.words
        if not kept and pieces is not None and pieces[-1].endswith("-"):
            pieces[-1] = pieces[-1][:-1]
        return b
    if last == "-" or not last or not first or first in "%)]},.;:!?°":
        return b
    wide = bool(_WIDE.match(last)) + bool(_WIDE.match(first))
    if wide == 2:
        return b
    if wide == 1:
        letter = first if _WIDE.match(last) else last
        other = last if _WIDE.match(last) else first
        return (
            " " + b
            if habits is not None and habits.blank and (letter.isalnum() or letter == "%") and _HAN.match(other)
            else b
        )
    broken = re.search(r"(?:https?://|www\.)\S*$", a[-300:])
    if broken and re.match(r"[\w./?=&%#-]+", b) and not re.search(r"[，。,;]$", a):
        return b
    left, right = re.search(r"[A-Za-z]{1,40}$", a[-40:]), re.match(r"[A-Za-z]{1,40}", b)
    if habits is not None and left and right:
        parts = (left[0].lower(), right[0].lower())
        if "".join(parts) in habits.words and not all(p in habits.words for p in parts):
            return b
    return " " + b


# ---------------------------------------------------------------------------------------------------------------------
# headings


def _mark_headings(blocks: Sequence[_Block], body: float) -> str | None:
    """Mark the headings among paragraphs, with their levels; return the title where the document opens with one."""
    texts = [b for b in blocks if b.kind == "text"]
    written = sum(len(b.text) for b in texts) or 1
    loud = sum(len(b.text) for b in texts if all(x.bold for x in b.lines)) > 0.4 * written
    heads: list[_Block] = []
    position = {block: k for k, block in enumerate(blocks)}
    for block in blocks:
        if block.kind != "text":
            continue
        size = block.lines[0].size
        bold = all(x.bold for x in block.lines) and not loud
        large = size >= 1.12 * body or (size >= 1.06 * body and bold)
        if large and _may_head(block) and not _beside(blocks, position[block]):
            heads.append(block)
        elif bold and size >= 0.8 * body and len(block.lines) <= 2 and _stands_alone(block.text):
            block.kind = "bold"
    if not heads:
        first = next((b for b in blocks if b.kind in ("text", "bold")), None)
        if first is not None and first is blocks[0] and first.kind == "bold" and _centred(first):
            first.kind, first.level = "heading", 1
            return first.text
        return None
    classes = _size_classes([h.lines[0].size for h in heads])
    count = Counter(classes[h.lines[0].size] for h in heads)
    opening = position[heads[0]]
    head_set = set(heads)
    lead = blocks[:opening]
    short = sum(len(b.text) for b in lead) <= 60 and len(lead) <= 4
    title: _Block | None = None
    if short:
        # A line above the title (a series, a department) may be large as well; the largest of the first ones is it.
        start = heads[:1]
        for block in blocks[opening + 1 : opening + 4]:
            if block not in head_set or block.lines[0].page != heads[0].lines[0].page:
                break
            start.append(block)
        top = max(start, key=lambda h: h.lines[0].size)
        rank = classes[top.lines[0].size]
        if (rank == 0 and count[0] == 1) or len(heads) == 1:
            title = top
    ranks: list[int] = []
    chosen: list[_Block] = []
    title_at = position[title] if title is not None else -9
    for head in heads:
        rank = classes[head.lines[0].size]
        at = position[head]
        beside = title is not None and head is not title and 0 < abs(at - title_at) <= 2
        if (
            beside
            and count[rank] == 1
            and all(b.kind == "text" for b in blocks[min(at, title_at) : max(at, title_at) + 1])
        ):
            continue  # a subtitle, an author
        chosen.append(head)
        if head is not title:
            ranks.append(rank)
    order = {rank: k for k, rank in enumerate(sorted(set(ranks)))}
    for head in chosen:
        head.kind = "heading"
        head.level = 1 if head is title else min(order[classes[head.lines[0].size]] + 1 + (title is not None), 6)
    return title.text if title is not None else None


def _beside(blocks: Sequence[_Block], k: int) -> bool:
    """Tell whether a paragraph stands beside another one, as the cells of a table do."""
    own = blocks[k].lines[0]
    near = [x for b in (*blocks[max(k - 1, 0) : k], *blocks[k + 1 : k + 2]) for x in (*b.lines[:1], *b.lines[-1:])]
    return any(
        (x.page, x.column) == (own.page, own.column) and abs(x.y - own.y) < 0.85 * min(x.size, own.size) for x in near
    )


def _stands_alone(text: str) -> bool:
    """Tell whether a bold paragraph may be a heading, if others decide so."""
    plain = not re.search(r"[。；;，,、]$", text) and not _CAPTION.match(text)
    return len(text) <= 40 and plain and bool(_HAN.search(text))


def _may_head(block: _Block) -> bool:
    """Tell whether a large paragraph may be a heading: short, no sentence, no caption, no quotation."""
    text = block.text
    if (
        len(block.lines) > 3
        or len(text) > 70
        or len(block.lines[0].cells) > 2
        or _CAPTION.match(text)
        or not re.search(r"[^\W\d_]", text)
    ):
        return False
    if re.search(r"[。；;，,、]$", text) or (text[0] in '“"「『' and text[-1] in '”"」』'):
        return False
    return not (len(text) > 30 and len(re.findall(r"[，。；,]", text)) >= 2) and "。" not in text


def _centred(block: _Block) -> bool:
    return all(abs(x.x0 + x.x1 - x.left - x.right) < 1.2 * x.size and x.x0 - x.left > 2 * x.size for x in block.lines)


def _size_classes(sizes: Iterable[float]) -> dict[float, int]:
    """Return a rank for each size, the largest first; those that differ by less than 2.5 % share one."""
    out: dict[float, int] = {}
    leader, rank = 0.0, -1
    for size in sorted(set(sizes), reverse=True):
        if rank < 0 or size < 0.975 * leader:
            leader, rank = size, rank + 1
        out[size] = rank
    return out


def _written(blocks: Sequence[_Block]) -> str:
    """Return blocks as text, one a paragraph."""
    out: list[str] = []
    before: _Block | None = None
    for block in blocks:
        text = block.text if block.kind == "code" else " ".join(block.text.split())
        if not text:
            continue
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
