"""Headings: the paragraphs in type larger than the text, their levels by size, and the title among them."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from pipeline.formats.base import HAN
from pipeline.formats.pdf.model import CAPTION, LARGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.formats.pdf.model import Block
_LARGE_BOLD = 1.06  # times the size of the text: in bold type half a point more is meant


def mark_headings(blocks: Sequence[Block], body: float) -> str | None:
    """Mark the headings among paragraphs, with their levels; return the title where the document opens with one."""
    heads = _heads(blocks, body)
    if not heads:
        return _bold_title(blocks)
    ranks = _ranks(heads)
    position = {block: k for k, block in enumerate(blocks)}
    title = _title(blocks, ranks, position)
    _set_levels(blocks, ranks, title, position)
    return title.text if title is not None else None


def _heads(blocks: Sequence[Block], body: float) -> list[Block]:
    """Return the paragraphs that may be headings by their size, and mark as bold those that are short and bold."""
    texts = [b for b in blocks if b.kind == "text"]
    written = sum(len(b.text) for b in texts) or 1
    # Where much of the text is bold, bold type tells nothing.
    loud = sum(len(b.text) for b in texts if all(x.bold for x in b.lines)) > 0.4 * written
    heads: list[Block] = []
    for k, block in enumerate(blocks):
        if block.kind != "text":
            continue
        size = block.lines[0].size
        bold = all(x.bold for x in block.lines) and not loud
        large = size >= LARGE * body or (size >= _LARGE_BOLD * body and bold)
        if large and _may_head(block) and not _beside(blocks, k):
            heads.append(block)
        elif bold and size >= 0.8 * body and len(block.lines) <= 2 and _stands_alone(block.text):
            block.kind = "bold"
    return heads


def _bold_title(blocks: Sequence[Block]) -> str | None:
    """Return the title of a document without large type: a bold line in the middle at its very beginning."""
    first = blocks[0] if blocks else None
    if first is None or first.kind != "bold" or not _centred(first):
        return None
    first.kind, first.level = "heading", 1
    return first.text


def _ranks(heads: Sequence[Block]) -> dict[Block, int]:
    """Return a rank for each heading, the largest first; those that differ by less than 2.5 % share one."""
    rank_of: dict[float, int] = {}
    leader, rank = 0.0, -1
    for size in sorted({head.lines[0].size for head in heads}, reverse=True):
        if rank < 0 or size < 0.975 * leader:
            leader, rank = size, rank + 1
        rank_of[size] = rank
    return {head: rank_of[head.lines[0].size] for head in heads}


def _title(blocks: Sequence[Block], ranks: dict[Block, int], position: dict[Block, int]) -> Block | None:
    """Return the heading that is the document's title: one larger than all others, with next to nothing before it."""
    first = next(iter(ranks))
    opening = position[first]
    if opening > 4 or sum(len(b.text) for b in blocks[:opening]) > 60:
        return None
    # A line above the title (a series, a department) may be large as well; the largest of the first ones is it.
    start = [first]
    for block in blocks[opening + 1 : opening + 4]:
        if block not in ranks or block.lines[0].page != first.lines[0].page:
            break
        start.append(block)
    top = max(start, key=lambda head: head.lines[0].size)
    largest = ranks[top] == 0 and list(ranks.values()).count(0) == 1
    return top if largest or len(ranks) == 1 else None


def _set_levels(
    blocks: Sequence[Block], ranks: dict[Block, int], title: Block | None, position: dict[Block, int]
) -> None:
    """Mark the headings, all but those beside the title that are alone in their size: a subtitle, an author."""
    count = Counter(ranks.values())
    chosen: list[Block] = []
    for head, rank in ranks.items():
        if title is not None and head is not title and count[rank] == 1:
            low, high = sorted((position[head], position[title]))
            if high - low <= 2 and all(b.kind == "text" for b in blocks[low : high + 1]):
                continue
        chosen.append(head)
    order = {rank: k for k, rank in enumerate(sorted({ranks[head] for head in chosen if head is not title}))}
    for head in chosen:
        head.kind = "heading"
        head.level = 1 if head is title else min(order[ranks[head]] + 1 + (title is not None), 6)


def _beside(blocks: Sequence[Block], k: int) -> bool:
    """Tell whether a paragraph stands beside another one, as the cells of a table do."""
    own = blocks[k].lines[0]
    near = [x for b in (*blocks[max(k - 1, 0) : k], *blocks[k + 1 : k + 2]) for x in (*b.lines[:1], *b.lines[-1:])]
    return any(
        (x.page, x.column) == (own.page, own.column) and abs(x.y - own.y) < 0.85 * min(x.size, own.size) for x in near
    )


def _stands_alone(text: str) -> bool:
    """Tell whether a bold paragraph may be a heading, if others decide so."""
    plain = not re.search(r"[。；;，,、]$", text) and not CAPTION.match(text)
    return len(text) <= 40 and plain and bool(HAN.search(text))


def _may_head(block: Block) -> bool:
    """Tell whether a large paragraph may be a heading: short, no sentence, no caption, no quotation."""
    text = block.text
    if (
        len(block.lines) > 3
        or len(text) > 70
        or len(block.lines[0].cells) > 2
        or CAPTION.match(text)
        or not re.search(r"[^\W\d_]", text)
    ):
        return False
    if re.search(r"[。；;，,、]$", text) or (text[0] in '“"「『' and text[-1] in '”"」』'):
        return False
    return not (len(text) > 30 and len(re.findall(r"[，。；,]", text)) >= 2) and "。" not in text


def _centred(block: Block) -> bool:
    return all(abs(x.x0 + x.x1 - x.left - x.right) < 1.2 * x.size and x.x0 - x.left > 2 * x.size for x in block.lines)
