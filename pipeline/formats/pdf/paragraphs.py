"""Paragraphs, list items and code: which line goes on with the one before it.

A line ends a paragraph where the beginning of the next one would still have fitted on it, where the next one is set in,
or where the distance is wider than that of lines.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.formats.pdf.joins import Spelling, join, joined, spelling_of
from pipeline.formats.pdf.lines import NOTE
from pipeline.formats.pdf.model import CAPTION, LARGE, WIDE, Block, Line

if TYPE_CHECKING:
    from collections.abc import Sequence

_BULLET = re.compile(r"(?:[•●○◦▪‣∙]\s*|[·*–—\-o]\s+)(?=\S)")
_NUMBER = re.compile(
    r"(?:(?:\d{1,2}(?:\.\d{1,2}){0,3}|[a-zA-Z])[.、．)）]\s*(?!\d)|[（(](?:\d{1,2}|[一二三四五六七八九十]{1,3}|[a-z])[)）]|[①-⑳]"
    r"|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十\d]{1,3}[章节部篇步点条])"
)
_STOP = re.compile(r"[。！？!?…：:；;][”’」』）)\]】]*$")
_OPENER = "（(“‘《「『【〈[{"
_CLOSER = "，。、；：？！,.;:?!）)”’》」』】〉]}%％…—"

_ONE_SIZE = 0.06  # of the size; type that differs by less is the same, rounded
_INSET = 1.2  # em; first lines are set in by two characters, hanging marks and rounding move a line by one at most
_CODE_GAP = 3.2  # em; more than one empty line between two lines of code parts two listings
_CODE_PITCH = 1.45  # em from one line of code to the next, nearly
_CODE_WIDTH = 0.6  # em; nearly all fixed-width fonts are so wide


@dataclass(frozen=True, slots=True)
class _Habits:
    """How a document sets its paragraphs.

    Attributes:
        pitch: distance of the lines of one paragraph, by size.
        body: the size of most of the text.
        indented: first lines of paragraphs begin further right.
        spelling: how words stand at the ends of lines.
    """

    pitch: dict[float, float]
    body: float
    indented: bool
    spelling: Spelling


@dataclass(slots=True)
class _Flow:
    """The blocks of a document while its lines are read.

    Attributes:
        out: the blocks so far.
        block, pieces: the last of them where it may still go on, and its text so far.
        waiting: footnotes; their place is behind the paragraph that goes on over the page.
    """

    out: list[Block] = field(default_factory=list)
    block: Block | None = None
    pieces: list[str] = field(default_factory=list)
    waiting: list[Block] = field(default_factory=list)

    def close(self) -> None:
        """End the open block."""
        if self.block is not None:
            self.block.text = "".join(self.pieces)
        self.block, self.pieces = None, []
        self.out += self.waiting
        self.waiting.clear()


def in_blocks(items: Sequence[Line | Block], body: float) -> list[Block]:
    """Return the paragraphs, list items, rows, footnotes and code of a document."""
    lines = [item for item in items if isinstance(item, Line) and not item.note]
    habits = _habits(lines, body)
    # Where most of the text is in a fixed-width font, it is no code.
    typed = sum(len(x.text) for x in lines if x.mono) > 0.5 * (sum(len(x.text) for x in lines) or 1)
    rights = _local_rights(lines)
    flow = _Flow()
    note: Block | None = None
    for item in items:
        if isinstance(item, Block):
            flow.close()
            flow.out.append(item)
            continue
        if item.note:
            note = _noted(flow, note, item, habits.spelling)
            continue
        code = item.mono and not typed
        more = _continued(flow, item, habits, rights, code=code)
        if more is not None and flow.block is not None:
            flow.pieces.append(more)
            flow.block.lines.append(item)
            continue
        flow.close()
        flow.block, text = _begun(item, code=code)
        flow.pieces = [text]
        flow.out.append(flow.block)
    flow.close()
    return flow.out


def _noted(flow: _Flow, note: Block | None, line: Line, spelling: Spelling) -> Block:
    """Return the footnote that a line belongs to: the last one, or another that begins with it."""
    if note is not None and note.lines[-1].page == line.page and not NOTE.match(line.text):
        note.text = joined(note.text, line.text, spelling)
        note.lines.append(line)
        return note
    note = Block("note", line.text, [line])
    flow.waiting.append(note)
    if flow.block is None:
        flow.close()
    return note


def _begun(line: Line, *, code: bool) -> tuple[Block, str]:
    """Return the block that begins with a line, and the line's text without its bullet."""
    if code:
        return Block("code", "", [line]), line.text
    bullet = _BULLET.match(line.text)
    text = line.text[bullet.end() :] if bullet else line.text
    return Block("item" if bullet or line.bullet else "text", "", [line]), text


def _continued(flow: _Flow, line: Line, habits: _Habits, rights: dict[Line, float], *, code: bool) -> str | None:
    """Return what a line adds to the open block; None where it begins another one."""
    block = flow.block
    if block is None or code != (block.kind == "code"):
        return None
    before = block.lines[-1]
    if not code:
        goes_on = _goes_on(block, before, line, habits, rights)
        return join(before.text, line.text, habits.spelling, flow.pieces) if goes_on else None
    skipped = 0
    if line.page == before.page:
        if line.y - before.y >= _CODE_GAP * line.size:
            return None
        skipped = round((line.y - before.y) / (_CODE_PITCH * line.size)) - 1
    inset = round((line.x0 - block.lines[0].x0) / (_CODE_WIDTH * line.size))
    return "\n" * (1 + min(max(skipped, 0), 1)) + " " * max(inset, 0) + line.text


def _habits(lines: Sequence[Line], body: float) -> _Habits:
    steps: dict[float, Counter[float]] = {}
    first = following = 0
    for a, b in pairwise(lines):
        step = b.y - a.y
        room = a.right - a.x1
        same = _in_one_column(a, b) and abs(a.size - b.size) < 0.1 * b.size
        if same and 0.8 * b.size < step < 3.2 * b.size:
            # Behind a full line hardly ever stands the room between two paragraphs.
            steps.setdefault(_half(b.size), Counter())[_half(step)] += 3 if room < 2.2 * b.size else 1
        if (room > 3 * b.size or _STOP.search(a.text[-4:])) and b.right - b.x1 < 3 * b.size:
            inset = (b.x0 - b.left) / b.size
            first += _INSET < inset < 4.5
            following += inset < 0.6 and room > 3 * b.size
    pitch = {
        size: max(count, key=lambda s: (count[s] + count[s + 0.5] + count[s - 0.5], count[s], -s))
        for size, count in steps.items()
    }
    return _Habits(pitch, body, first > following, spelling_of(line.text for line in lines))


def _half(points: float) -> float:
    """Return a length in half points: makers round differently from line to line."""
    return round(points * 2) / 2


def _local_rights(lines: Sequence[Line]) -> dict[Line, float]:
    """Return the right edge for each line: that of the lines around it where several of these end together further
    left (quotations, lines beside a picture), else that of its column."""
    out = [line.right for line in lines]
    start = 0
    for k in range(1, len(lines) + 1):
        if k < len(lines) and _is_close(lines[k - 1], lines[k]):
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
        along = k < len(lines) and _is_below(lines[k - 1], lines[k])
        if along and abs(lines[k].x1 - first.x1) < 0.8 * first.size:
            continue
        most = max(x.x1 for x in lines[start:k])
        if k - start >= 3 and most - min(x.x0 for x in lines[start:k]) > 10 * first.size:
            # Beside a picture: three lines that end together, and the last one of their paragraph.
            for i in range(start, k + (along and lines[k].x1 < most)):
                out[i] = min(out[i], most)
        start = k
    return dict(zip(lines, out, strict=True))


def _in_one_column(a: Line, b: Line) -> bool:
    return (a.page, a.column) == (b.page, b.column)


def _is_below(a: Line, b: Line) -> bool:
    return _in_one_column(a, b) and abs(a.size - b.size) < _ONE_SIZE * b.size and 0 < b.y - a.y < 2.1 * b.size


def _is_close(a: Line, b: Line) -> bool:
    """Tell whether two lines stand below one another, as those of a paragraph do."""
    return _is_below(a, b) and abs(a.x0 - b.x0) < 0.3 * b.size


def _goes_on(block: Block, a: Line, b: Line, habits: _Habits, rights: dict[Line, float]) -> bool:
    """Tell whether line ``b`` goes on with the paragraph that line ``a`` is the last of."""
    size, first = b.size, block.lines[0]
    if abs(a.size - size) > _ONE_SIZE * size or b.bullet or _BULLET.match(b.text):
        return False
    same = _in_one_column(a, b)
    if same:
        pitch = habits.pitch.get(_half(size), 1.5 * size)
        if not -0.5 * size < b.y - a.y <= 1.15 * pitch + 1:
            return False
    alone = len(block.lines) == 1
    stopped = bool(_STOP.search(a.text[-4:]))
    numbered = bool(_NUMBER.match(b.text))
    if CAPTION.match(b.text) or (CAPTION.match(a.text) and alone and stopped):
        return False
    fits = _would_fit(a, b, rights[a])
    middle = (b.left + b.right) / 2
    centred = all(abs((x.x0 + x.x1) / 2 - middle) < 0.6 * size and x.x0 - x.left > 1.5 * size for x in (a, b))
    if centred and same:
        return a.bold == b.bold and not fits
    if fits:
        return False
    if numbered and (stopped or _NUMBER.match(first.text)) and abs(b.x0 - first.x0) < 0.5 * size:
        return False
    if a.bold and not b.bold and alone and rights[a] - a.x1 > size:
        return False
    if same and size >= LARGE * habits.body and not numbered:
        return a.bold == b.bold  # a heading of two lines
    return _begins_as_it_must(block, a, b, rights[b], indented=habits.indented)


def _would_fit(a: Line, b: Line, right: float) -> bool:
    """Tell whether the beginning of line ``b`` would have fitted behind line ``a``, so that the break was meant."""
    size = b.size
    unit = _width(_first_unit(b.text), size)
    blank = 0.25 * size if b.text[:1] < "\u2e80" and a.text[-1:] < "\u2e80" else 0.0
    # A paragraph hardly ends in the middle of a sentence, never with a comma.
    running = a.text[-1:] in "，、," or (b.text[:1].islower() and a.text[-1:] < "\x7f")
    running = running or (a.x1 - a.x0 > max(15 * size, 0.7 * (a.right - a.left)) and abs(a.x0 - b.x0) < 2.5 * size)
    slack = 0.35 if _STOP.search(a.text[-4:]) else 4.0 if running else 1.0
    parted = bool(re.search(r"[A-Za-z]-$", a.text[-2:])) and b.text[:1].islower()
    return unit + blank < right - a.x1 - slack * size and not parted


def _begins_as_it_must(block: Block, a: Line, b: Line, right: float, *, indented: bool) -> bool:
    """Tell whether line ``b`` begins where the next line of the block does; ``right`` is the edge of the lines around
    it, ``indented`` tells that first lines are set in."""
    size, first = b.size, block.lines[0]
    inset, before = b.x0 - b.left, a.x0 - a.left
    if first.bullet or block.kind == "item" or _NUMBER.match(first.text):
        # The lines of an item stand below its first word, or below one another at the edge.
        inset -= first.x0 - first.left
        return abs(inset) < 0.8 * size if first.bullet else -4.5 * size < inset < 4.5 * size
    alone = len(block.lines) == 1
    if not _in_one_column(a, b):
        return inset < _INSET * size or not indented or abs(inset - (0 if alone else before)) < 0.3 * size
    if inset - before > _INSET * size:
        return False
    both = inset >= _INSET * size and abs(inset - before) < 0.3 * size
    if both and indented and alone and _STOP.search(a.text[-4:]):
        # Both are set in: first lines of two paragraphs, unless more lines are, as in a quotation.
        return right < b.right - 0.8 * size
    return True


def _width(text: str, size: float) -> float:
    """Return how wide a text is, nearly: Latin letters are half as wide as Chinese characters on average."""
    return size * sum(1.0 if WIDE.match(c) else 0.75 if c in "%@&mwMW" or c.isupper() else 0.53 for c in text)


def _first_unit(text: str) -> str:
    """Return what a line break cannot part at the beginning of a line: a word or a character with its marks."""
    m = re.match(r"[A-Za-z0-9_./:@#&=?+%$~'-]{1,200}", text.lstrip(_OPENER))
    lead = text[: len(text) - len(text.lstrip(_OPENER))][:4]
    rest = text[len(lead) :]
    unit = m[0] if m else rest[:1]
    after = re.match(f"[{re.escape(_CLOSER)}]{{0,3}}", rest[len(unit) : len(unit) + 3])
    return lead + unit + (after[0] if after else "")
