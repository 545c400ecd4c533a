"""Finds the headings of an article and what they enclose, by looking at the whole article.

``_lines`` says what each line is, ``_headings`` which of them are headings; here sections, title and blocks are made of
them.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pipeline.model import Metadata, Section
from pipeline.stages._around import (
    front_matter,
    is_byline,
    mark_chat,
    mark_chrome,
    mark_contents,
    mark_lead,
    mark_lead_images,
    mark_mail,
    mark_tail,
)
from pipeline.stages._headings import Mark, accept, find_marks, is_closing, is_opening, label, levels, soft_marks
from pipeline.stages._inline import shown
from pipeline.stages._lines import (
    DELIMITER,
    ITEM,
    PAUSE,
    Line,
    closes_block,
    ends,
    is_markdown,
    scan,
    weight,
    wrap_width,
)
from pipeline.stages._metadata import metadata_of

if TYPE_CHECKING:
    from pipeline.model import CleanText, SectionKind, SentenceKind, Span


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, table row or block of code.

    Attributes:
        start, end: offsets into ``CleanText.text``, without blanks at the ends. Line breaks inside are hard wraps.
        section: index of its section.
        kind: of the sentences it holds.
    """

    start: int
    end: int
    section: int
    kind: SentenceKind


@dataclass(frozen=True, slots=True)
class Layout:
    """How an article is made up.

    Attributes:
        title: its own title, as shown: from front matter, a lone first ``#`` heading or a first line that stands alone.
        markdown: the text uses Markdown, so that ``*``, ``_`` and the like are marks, not characters.
        sections: in reading order; ``start`` and ``end`` are offsets into the source.
        blocks: in reading order; they cover all that is in sections but white space.
        width: length of the lines of a text that was wrapped at a fixed length, even inside words; 0 elsewhere.
        metadata: author, date and source, as far as the text says so.
        outside: spans of the source that no section holds: title, bylines, notices, contents, footers; line by line.
    """

    title: str | None
    markdown: bool
    sections: tuple[Section, ...]
    blocks: tuple[Block, ...]
    width: int = 0
    metadata: Metadata = field(default_factory=Metadata)
    outside: tuple[Span, ...] = ()


def sections(clean: CleanText) -> Layout:
    """Return title, sections and blocks of a cleaned article.

    ``Section.start`` is the first character of the heading's line, mark-up included, ``end`` where the next heading
    begins. Front matter, a title, notices, pictures before the first text, link definitions at the end and footers lie
    in no section.
    """
    text = clean.text
    lines = scan(text)
    title = front_matter(lines)
    front = sum(line.role == "outside" for line in lines)
    markdown = front > 0 or is_markdown(text, lines)
    width = wrap_width(lines)
    title = title or mark_mail(lines)
    chat = mark_chat(lines)
    mark_chrome(lines)
    mark_lead(lines)
    mark_contents(lines)
    mark_tail(lines)
    marks = find_marks(lines, markdown=markdown, width=width)
    title, heads = (title, []) if chat else _headed(lines, marks, title, width)
    heads = heads or soft_marks(lines, wrapped=markdown or width > 0)
    mark_lead_images(lines, heads[0].line if heads else len(lines))
    metadata = _metadata(lines, front, title)
    outside = tuple(clean.span(line.start, line.end) for line in lines if line.role == "outside")
    if not any(line.role not in ("blank", "outside") for line in lines):
        return Layout(title, markdown, (), (), width, metadata, outside)
    made, edges = _enclosed(clean, lines, heads)
    blocks = _blocks(lines, heads, edges, markdown=markdown, width=width)
    return Layout(title, markdown, made, blocks, width, metadata, outside)


def _metadata(lines: list[Line], front: int, title: str | None) -> Metadata:
    """Return what the lines outside of the article say of it; the first ``front`` of them are its front matter."""
    said = [line for line in lines if line.role != "blank"]
    lead = next((k for k, line in enumerate(said) if line.role != "outside"), len(said))
    byline = [shown(line.text) for line in said[front:lead]]
    byline = [text for text in byline if not title or not _same(text, title)]
    tail = [line.text for line in said[lead:] if line.role == "outside"]
    return metadata_of([" " * line.indent + line.text for line in said[:front]], byline, tail)


# ------------------------------------------------------------------------------------------------------------------
# title

_TITLE_STYLES = ("short", "【】", "年", "bold", "h1")
_TITLE_WORDS = re.compile(r"复盘|总结|回顾|报告|反思|小结|启示|纪实|年终|往事|始末|復盤|總結|回顧|報告")
_NO_TITLE = re.compile(r"[。；;，,、：:…]$|[。；;]|https?:|(?:问|答|Q|A)\d*\s*[:：]", re.IGNORECASE)
_TITLE_FIELD = re.compile(r"(?:(?:文章|原文|原)?(?:标题|题目|標題|題目)|会议主题|主题)\s*[:：]\s*(?=\S)")


def _headed(lines: list[Line], marks: list[Mark], title: str | None, width: int) -> tuple[str | None, list[Mark]]:
    """Return title and headings; the title's line, which is none of them, is marked as outside."""
    first = next((i for i, line in enumerate(lines) if line.role == "text"), None)
    heads = accept(lines, marks)
    tops = [m for m in heads if m.style == "h1"]
    mark: Mark | None
    if len(tops) == 1 and tops[0].line == first and not is_closing(tops[0].shown):
        mark = tops[0]
    elif title and heads and heads[0].line == first and _same(heads[0].shown, title):
        mark = heads[0]
    elif first is None:
        mark = None
    else:
        mark = next((m for m in marks if m.line == first), _first_line(lines, first))
        fitting = mark is not None and mark.style in _TITLE_STYLES and (title is None or _same(mark.shown, title))
        mark = mark if mark is not None and fitting and _is_title(mark, lines, heads, width) else None
    if mark is None:
        return title, heads
    named = lines[mark.line : mark.last + 1]
    roles = [line.role for line in named]
    for line in named:
        line.role = "outside"
    again = next((line for line in lines[mark.last + 1 :] if line.role not in ("blank", "outside")), None)
    if again is not None and again.role == "text" and shown(again.text) == mark.shown:
        again.role = "outside"
    mark_lead(lines, titled=True)
    if not any(line.role in ("text", "table", "code") for line in lines):  # a heading that nothing follows is no title
        for line, role in zip(named, roles, strict=True):
            line.role = role
        return title, heads
    return title or _TITLE_FIELD.sub("", mark.shown), accept(lines, [m for m in marks if lines[m.line].role == "text"])


def _first_line(lines: list[Line], first: int) -> Mark | None:
    """Return the first line of text as a possible title: titles may be questions, exclamations and clauses."""
    name = shown(lines[first].text)
    if not 2 <= weight(name) <= 36 or _NO_TITLE.search(name) or ITEM.match(name) or name[0] in ">|":
        return None
    return (
        None if label(name) != re.sub(r"^[\W_]+|[\W_]+$", "", name) else Mark(first, first, "short", None, name, name)
    )


def _same(a: str, b: str) -> bool:
    a, b = (re.sub(r"[\W_]+", "", x).lower() for x in (a, b))
    return bool(a and b) and (a in b or b in a) and 2 * min(len(a), len(b)) >= max(len(a), len(b))


def _is_title(mark: Mark, lines: list[Line], heads: list[Mark], width: int) -> bool:
    """Tell whether the first line, which stands alone, is the article's title and not its first heading."""
    if is_opening(mark.name) or is_closing(mark.name) or weight(mark.shown) < 4:
        return False
    following = next((i for i in range(mark.line + 1, len(lines)) if lines[i].role not in ("blank", "outside")), None)
    if following is None:
        return False
    if is_byline(lines[following].text) or any(m.line == following for m in heads):
        return True
    if any(m.line == mark.line for m in heads):
        if mark.style == "bold":
            return False
        alike = [weight(m.shown) for m in heads if m.style == mark.style and m.line != mark.line]
        return bool(_TITLE_WORDS.search(mark.shown) or (alike and weight(mark.shown) > 1.6 * max(alike)))
    if lines[mark.line + 1].role != "text":
        return True
    return not width and (bool(heads) or weight(lines[mark.line + 1].text) > 40)


# ---------------------------------------------------------------------------------------------------------------
# sections

_APPENDED = re.compile(
    r"参考|參考|附录|附錄|附件|链接|相关|延伸|推荐|更新|常见问题|脚注|注释|references?|appendix|ps|p\.s|q&a|faq|update",
    re.IGNORECASE,
)


def _enclosed(clean: CleanText, lines: list[Line], heads: list[Mark]) -> tuple[tuple[Section, ...], list[int]]:
    """Return the sections, and where each begins in the cleaned text."""
    inside = [line for line in lines if line.role not in ("blank", "outside")]
    first, last = inside[0].start, inside[-1].end
    tail = next((line.start for line in lines if line.role == "outside" and line.start >= last), len(clean.text))
    starts = [lines[m.line].start for m in heads]
    edges = ([first] if not heads or first < starts[0] else []) + starts
    source = [clean.at(e) for e in edges]
    source.append(clean.at(tail) if tail < len(clean.text) else clean.span(0, tail)[1])
    made: list[Section] = []
    if len(edges) > len(starts):
        made.append(Section(None, 1, "intro" if heads else "body", source[0], source[1]))
    shift = len(made)
    open_: list[int] = []
    for k, (m, level) in enumerate(zip(heads, levels(heads), strict=True), shift):
        while open_ and made[open_[-1]].level >= level:
            open_.pop()
        made.append(Section(m.shown or None, level, "body", source[k], source[k + 1], open_[-1] if open_ else None))
        open_.append(k)
    return _concluded(made), edges


def _concluded(made: list[Section]) -> tuple[Section, ...]:
    """Call the closings at the end conclusions, where their headings say so, with what they enclose.

    A reference list or the like may follow them; of other sections one may, if the closing stands in the last third and
    is the only one of its name.
    """
    first, end = made[0].start, made[-1].end
    kinds: list[SectionKind] = [s.kind for s in made]
    named = Counter(label(s.heading) for s in made if s.heading)
    after = 0
    for k in range(len(made) - 1, 0, -1):
        s = made[k]
        if s.heading is None or (s.level > 1 and s.parent is not None):
            continue
        late = s.start - first > 0.66 * (end - first) and named[label(s.heading)] == 1
        if is_closing(s.heading) and (after == 0 or (after == 1 and late)):
            kinds[k] = "conclusion"
        elif not _APPENDED.match(label(s.heading)):
            after += 1
            if after > 1:
                break
    out: list[Section] = []
    for s, kind in zip(made, kinds, strict=True):
        closing = s.parent is not None and out[s.parent].kind == "conclusion"
        out.append(replace(s, kind="conclusion" if closing else kind))
    return tuple(out)


# -----------------------------------------------------------------------------------------------------------------
# blocks

_NUMBERED = re.compile(
    r"[(（]?\d{1,3}[)）.、．](?![\d%])|[(（][一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}[、.．]|[①-⑳]|[a-zA-Z][.)）]\s"
)


_PAUSED = re.compile(r"[，、]$")
_BOX = re.compile(r">\s*\[![A-Za-z]{2,20}\]")
_KINDS: dict[str, SentenceKind] = {"text": "text", "table": "table"}


def _blocks(lines: list[Line], heads: list[Mark], edges: list[int], *, markdown: bool, width: int) -> tuple[Block, ...]:
    opening = {m.line for m in heads if m.shown}
    heading = {k for m in heads if m.shown for k in range(m.line, m.last + 1)}
    spans: list[tuple[int, int, int, SentenceKind]] = []
    section = -1
    previous: Line | None = None
    for i, line in enumerate(lines):
        if line.role == "blank" and previous is not None and spans[-1][3] == "text" and _PAUSED.search(previous.text):
            continue  # a sentence set line by line goes on below
        if line.role in ("blank", "outside"):
            # Code, and a heading whose number stands above its words, go on after a blank line.
            if line.role == "outside" or not (i in heading or (previous is not None and previous.role == "code")):
                previous = None
            continue
        while section + 1 < len(edges) and line.start >= edges[section + 1]:
            section += 1
            previous = None
        kind: SentenceKind = "heading" if i in heading else _KINDS.get(line.role, "code")
        if (
            previous is not None
            and spans[-1][3] == kind
            and _joins(kind, previous, line, i in opening, markdown, width)
        ):
            spans[-1] = (spans[-1][0], line.end, section, kind)
        else:
            spans.append((line.start, line.end, section, kind))
        previous = line
    return tuple(Block(*span) for span in spans)


def _joins(kind: SentenceKind, previous: Line, line: Line, opening: bool, markdown: bool, width: int) -> bool:
    """Tell whether a line goes on with the block of the line before, which is of the same kind."""
    if kind == "heading":
        return not opening
    if kind == "code":
        return previous.role == line.role == "code"
    if kind == "table":
        return bool(DELIMITER.match(line.text))
    return _continues(previous, line, markdown=markdown, width=width)


def _continues(previous: Line, line: Line, *, markdown: bool, width: int) -> bool:
    """Tell whether a line of text goes on with the paragraph of the line before."""
    if closes_block(previous.text) or _BOX.match(previous.text):
        return False
    ended = ends(previous.text)
    if ITEM.match(line.text) and (line.text[0] != "+" or ended or ITEM.match(previous.text)):
        return False
    if _NUMBERED.match(line.text) and (ended or not width):
        return False
    quoted, quoting = previous.text[0] == ">", line.text[0] == ">"
    if quoting != quoted and (quoting or not markdown):
        return False
    if quoting and ITEM.match(line.text.lstrip("> ")):
        return False
    if previous.hard:
        return bool(PAUSE.search(previous.text))
    if markdown or PAUSE.search(previous.text):
        return True
    length = previous.end - previous.start
    if not width or line.indent >= 2 or (ended and length < width - 2):
        return False
    return length >= 0.7 * width
