"""Which paragraphs of a Word file are headings by their look, which is the title, and the text made of them all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from pipeline.formats.base import HAN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text in one look."""

    text: str
    size: float
    bold: bool


@dataclass(slots=True)
class Block:
    """A paragraph, a line that stands alone in one, a row of a table.

    Attributes:
        kind: ``"list"`` is an item of a list; ``"title"`` a paragraph in the style of titles.
        text: as read, with its number, without marks.
        mark: what is written before it.
        level: of a heading, by its style or outline; 0 for what is none.
        size, bold, centred: how it looks.
        goes_on: it goes on with the paragraph of the block before it, in a new line.
        plain: its style says that it is no heading (a caption, a subtitle, an author).
        note: it is a footnote or endnote.
        series: the numbering that Word counts it in, and the level there.
    """

    kind: Literal["text", "list", "table", "title", "heading", "bold"]
    text: str
    mark: str = ""
    level: int = 0
    size: float = 0.0
    bold: bool = False
    centred: bool = False
    goes_on: bool = False
    plain: bool = False
    note: bool = False
    series: tuple[str, int] | None = None


_WIDE = re.compile(r"[^\x00-\u2e7f]")
STOP = re.compile(r"[。！？!?；;]")
_NO_HEADING = re.compile(
    r".*(?:[。；;，,、…]|\.{3})$|.*[。；;].|(?:图|表|圖|附图|附表)\s*\d|[（(].*[）)]$|(?:https?:|www\.)"
    r"|(?:作者|文|撰稿|编辑|日期|时间|来源|单位|部门|姓名|汇报人|报告人|整理|记录|版本|编号|密级)\s*[:：/|丨]"
    r"|(?:(?:19|20)\d\d|[二〇○零一九]{4})\s*[-/.年]\s*(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s*(?:[-/.月日]\s*[\d一二三四五六七八九十]*\s*[日号]?)?$",
    re.DOTALL,
)
_KINDS = tuple(
    re.compile(pattern)
    for pattern in (
        r"第\s*[一二三四五六七八九十百\d]{1,4}\s*[章部篇编]", r"第\s*[一二三四五六七八九十百\d]{1,4}\s*[节節]",
        r"[一二三四五六七八九十]{1,3}\s*[、.．:：]", r"[(（][一二三四五六七八九十]{1,3}[)）]",
        r"\d{1,2}[.．]\d{1,2}[.．]\d{1,2}", r"\d{1,2}[.．]\d{1,2}(?!\d)", r"\d{1,2}\s*[、.．](?!\d)|\d{1,2}\s",
        r"[(（]?\d{1,2}[)）]", r"[①-⑳]", r"[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]", r"[A-H][.、．]",
    )
)  # fmt: skip


def weight(text: str) -> float:
    """Return the length of a line in Chinese characters; two or three letters or digits count as one."""
    wide = len(_WIDE.findall(text))
    return wide + (len(text) - wide) / 2.5


def is_prose(text: str) -> bool:
    """Tell whether a line that is marked as a heading is a paragraph all the same."""
    long = weight(text)
    return long > 60 or (long > 24 and text[-1] in "。；;") or len(STOP.findall(text)) > 2


def is_told(cell: Sequence[Block]) -> bool:
    """Tell whether a cell holds running text, not an entry of a table."""
    if any(b.kind in ("table", "heading") for b in cell):
        return True
    text = "".join(b.text for b in cell)
    sentences = sum(1 for _ in STOP.finditer(text))
    return sentences >= 2 and (weight(text) >= 60 or sum(_is_sentence(b.text) for b in cell) >= 2)


def _is_sentence(text: str) -> bool:
    return bool(STOP.search(text[-3:]))


def joined(a: str, b: str) -> str:
    """Join two lines of a heading."""
    tight = HAN.match(a[-1]) and HAN.match(b[0]) and not re.search(r"第.{1,4}[章节部篇]$", a)
    return a + b if tight else f"{a} {b}"


def weighed(pieces: Sequence[Piece]) -> tuple[float, bool]:
    """Return the size of most of a line's characters, and whether all that matter are bold."""
    sizes: dict[float, int] = {}
    bold = plain = 0
    for x in pieces:
        told = len(x.text) - x.text.count(" ")
        sizes[x.size] = sizes.get(x.size, 0) + told
        if re.search(r"\w", x.text):
            bold += x.bold
            plain += not x.bold
    return max(sizes, key=lambda k: (sizes[k], k)) if sizes else 0.0, bool(bold) and not plain


def structured(blocks: list[Block]) -> tuple[list[Block], str | None]:
    """Decide which blocks are headings by their look, and which is the title; return both."""
    blocks = _without_contents(blocks)
    texts = [b for b in blocks if b.kind in ("text", "list")]
    sizes: dict[float, int] = {}
    heavy = 0
    for b in texts:
        sizes[b.size] = sizes.get(b.size, 0) + len(b.text)
        heavy += len(b.text) if b.bold else -len(b.text)
    body = max(sizes, key=lambda k: (sizes[k], -k)) if sizes else 0.0
    items = {id(x) for a, b in pairwise(blocks) if a.mark and b.mark and _alike(a, b) for x in (a, b)}
    items |= {id(b) for b in blocks[-1:]}
    alone = _alone(blocks)
    short = [
        b
        for b in texts
        if id(b) in alone
        and not b.plain
        and not b.note
        and weight(b.text) <= 36
        and not _NO_HEADING.match(b.text)
        and not (b.mark and id(b) in items)  # one bullet alone, and text below it: a heading
    ]
    large = [b for b in short if b.size >= 1.08 * body]
    said: dict[float, int] = {}
    for b in large:
        said[b.size] = said.get(b.size, 0) + len(b.text)
    # Where much is said in a size, it is no size of headings.
    large = [b for b in large if 2 * said[b.size] >= sizes[b.size]]
    bold = [b for b in short if b.bold and heavy < 0 and not b.size < 0.92 * body]
    title = _title(blocks, large, bold, body)
    if title is not None:  # on a cover, names may stand above it
        blocks = [b for b in blocks if b.kind == "title"] + [b for b in blocks if b.kind != "title"]
    _levelled(blocks, [b for b in large if b.kind != "title"], titled=title is not None)
    _numbered_on(blocks, bold)
    for b in bold:
        if b.kind in ("text", "list"):
            b.kind = "bold"
    return blocks, title


def _alike(a: Block, b: Block) -> bool:
    return (a.size, a.bold, a.centred) == (b.size, b.bold, b.centred)


def _alone(blocks: Sequence[Block]) -> set[int]:
    """Return the ids of the blocks that share a paragraph with no other text of their look."""
    out = set()
    for k, b in enumerate(blocks):
        before = blocks[k - 1] if b.goes_on else None
        after = blocks[k + 1] if k + 1 < len(blocks) and blocks[k + 1].goes_on else None
        if not any(x is not None and (x.size, x.bold) == (b.size, b.bold) for x in (before, after)):
            out.add(id(b))
    return out


_CONTENTS = re.compile(r"目\s*[录錄次]$|contents$|table of contents$", re.IGNORECASE)
_ENTRY = re.compile(r".{1,80}?(?:\t|[.．·…]{3})[.．·…\s]*(?P<page>\d{1,4}|[ivxIVX]{1,6})$")


def _without_contents(blocks: list[Block]) -> list[Block]:
    """Leave out a table of contents that was typed, and the heading of one that has been left out."""
    out: list[Block] = []
    k = 0
    while k < len(blocks):
        end = k
        while end < len(blocks) and _ENTRY.match(blocks[end].text[:120]) and blocks[end].kind != "table":
            end += 1
        if end - k >= 3 and _count_up(blocks[k:end]):
            k = end
            continue
        if not (_CONTENTS.match(blocks[k].text) and blocks[k].kind != "table"):
            out.append(blocks[k])
        k += 1
    return out


def _count_up(entries: Sequence[Block]) -> bool:
    """Tell whether the numbers behind entries are those of pages, which never go back; other lists hold figures."""
    pages = [int(m["page"]) for b in entries if (m := _ENTRY.match(b.text[:120])) and m["page"].isdecimal()]
    return all(a <= b for a, b in pairwise(pages))


def _title(blocks: Sequence[Block], large: Sequence[Block], bold: Sequence[Block], body: float) -> str | None:
    """Find the title, mark it and what it goes on with, and return it."""
    styled = [b for b in blocks if b.kind == "title"]
    for k, b in enumerate(blocks):
        if b.kind == "title":
            before = blocks[:k]
            if any(x.kind in ("heading", "table") or weight(x.text) > 60 for x in before):
                break
            return _named(blocks, k)
    for b in styled:
        b.kind, b.level = "heading", 1
    first: list[Block] = []
    for b in blocks:
        if (
            len(first) == 8
            or b.kind not in ("text", "title")
            or weight(b.text) > 40
            or STOP.search(b.text[-1])
            or b.level
        ):
            break
        first.append(b)
    stands_out = {id(b) for b in (*large, *bold)}
    named = [b for b in first if id(b) in stands_out]
    if not named:
        return None
    best = max(named, key=lambda b: b.size)
    others = [b for b in (*large, *bold) if b is not best and not any(b is x for x in first)]
    others += [b for b in blocks if b.kind == "heading"]
    larger = best.size > max((b.size for b in others), default=body)
    centred = best.centred and not any(b.centred and b.size >= best.size for b in others)
    if not (larger or centred) or any(p.match(best.text) for p in _KINDS[2:]):
        return None
    k = next(i for i, b in enumerate(blocks) if b is best)
    return _named(blocks, k)


def _named(blocks: Sequence[Block], k: int) -> str:
    """Make block ``k`` the title, with the lines after it that look the same; return it."""
    top = blocks[k]
    text = top.text
    top.kind = "title"
    for b in blocks[k + 1 : k + 3]:
        alike = (b.kind == "title" or (b.kind == "text" and top.centred)) and _alike(top, b)
        if not alike or b.size <= 0 or weight(text + b.text) > 50 or _NO_HEADING.match(b.text):
            break
        text = joined(text, b.text)
        b.kind, b.text = "title", ""
    top.text = text
    for b in blocks[k + 1 :]:
        if b.kind == "title" and b.text:
            b.kind, b.level = "heading", 1
    return text


def _kind(text: str) -> int:
    """Return which kind of number a heading opens with, -1 for none."""
    return next((k for k, pattern in enumerate(_KINDS) if pattern.match(text)), -1)


def _levelled(blocks: Sequence[Block], large: Sequence[Block], *, titled: bool) -> None:
    """Make headings of lines in a larger size; say how deep each lies, by size and by the kind of its number."""
    styled = [b for b in blocks if b.kind == "heading"]
    at = next((k for k, b in enumerate(blocks) if b.kind == "heading" or weight(b.text) > 40), len(blocks))
    lead = {id(b) for b in blocks[:at]}
    large = [
        b for b in large if not (titled and b.centred and id(b) in lead and not any(p.match(b.text) for p in _KINDS))
    ]
    kinds: dict[tuple[float, bool], dict[int, int]] = {}
    for b in large:
        known = kinds.setdefault((b.size, b.bold), {-1: 0})
        if (kind := _kind(b.text)) not in known:
            known[kind] = len(known) - 1
    bases: dict[tuple[float, bool], int] = {}
    base = 1
    for look in sorted(kinds, reverse=True):
        bases[look] = base
        base += max(1, len(kinds[look]) - 1)
    sizes: dict[float, int] = {}
    for b in styled:
        sizes[b.size] = min(b.level, sizes.get(b.size, 9))
    beside: dict[float, int] = {}
    deepest = max((b.level for b in styled), default=0) + 1
    for size in {b.size for b in large} if styled else ():
        below = [level for other, level in sizes.items() if other < size]
        beside[size] = sizes.get(size) or (max(1, min(below) - 1) if below else deepest)
    for b in large:
        look = (b.size, b.bold)
        level = bases[look] + kinds[look][_kind(b.text)]
        b.kind, b.level = "heading", beside.get(b.size, level)
    if titled:
        for b in blocks:
            if b.kind == "heading":
                b.level += 1


def _numbered_on(blocks: Sequence[Block], bold: Sequence[Block]) -> None:
    """Make headings of bold lines that Word counts together with headings."""
    known: dict[str, dict[int, int]] = {}
    for b in blocks:
        if b.kind == "heading" and b.series is not None:
            known.setdefault(b.series[0], {}).setdefault(b.series[1], b.level)
    for b in bold:
        if b.kind == "list" and b.series is not None and (levels := known.get(b.series[0])):
            at = b.series[1]
            near = min((abs(k - at), k) for k in levels)[1]
            b.kind, b.level = "heading", max(1, levels[near] + at - near)


def _settled(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the blocks that have text; notes come after the paragraph, list or table that they hang on."""
    waiting: list[Block] = []
    last: Block | None = None
    for b in blocks:
        if not b.text:
            continue
        if b.note:
            waiting.append(b)
            continue
        if waiting and last is not None:
            inside = (b.kind == last.kind and b.kind in ("list", "table")) or b.goes_on
            if not inside and last.kind in ("text", "list", "table"):
                yield from waiting
                waiting = []
        yield b
        last = b
    yield from waiting


def written(blocks: Sequence[Block]) -> str:
    """Return the blocks as marked-up text."""
    lines: list[str] = []
    last: Block | None = None
    for b in _settled(blocks):
        text = b.text
        if b.kind == "title":
            text = "# " + " ".join(text.split())
        elif b.kind == "heading":
            text = "#" * min(b.level, 6) + " " + " ".join(text.split())
        elif b.kind == "bold":
            text = f"**{text.strip('*')}**"
        else:
            text = b.mark + text
        if last is not None:
            one = b.kind == last.kind and b.kind in ("table", "list") and (not b.goes_on or bool(b.mark or last.mark))
            wrapped = b.goes_on and b.kind in ("text", "list") and last.kind == b.kind and not _is_sentence(last.text)
            if not (one or wrapped):
                lines.append("")
        lines.append(text)
        last = b
    return "\n".join(lines) + "\n"
