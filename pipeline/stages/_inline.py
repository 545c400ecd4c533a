"""Inline mark-up and hard wraps: what a reader does not see, left out with a way back.

Both ``sections`` (headings as shown) and ``sentences`` (``Sentence.plain``) read text through :func:`strip`. It knows
Markdown's emphasis, code spans, links and images, HTML tags and entities, back-slash escapes, line breaks and the pipes
of tables. It never guesses at nesting beyond pairs, and takes linear time on any input.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_TAGS = (
    "a|abbr|article|aside|b|big|blockquote|br|center|cite|code|dd|del|details|div|dl|dt|em|figcaption|figure|font|footer|"
    "h[1-6]|header|hr|i|iframe|img|ins|kbd|li|mark|ol|p|pre|q|s|section|small|span|strike|strong|sub|summary|sup|table|tbody|"
    "td|tfoot|th|thead|tr|tt|u|ul|video"
)
TAG = re.compile(rf"<(?:(?P<close>/)|(?=[A-Za-z]))(?:{_TAGS})(?=[\s/>])[^<>]{{0,2000}}>", re.IGNORECASE)
# The text of a link may hold one pair of brackets, its target one pair of parentheses; both may be hard-wrapped.
_LINK = re.compile(
    r"(?P<image>!?)\[(?P<text>[^\[\]]{0,1000}(?:\[[^\[\]]{0,200}\][^\[\]]{0,1000})?)\]"
    r"(?:\([^()]{0,2000}(?:\([^()]{0,500}\)[^()]{0,2000})?\)|\[[^\[\]\n]{0,200}\])"
)
_AUTOLINK = re.compile(r"<(?=(?:https?|ftp|mailto):)[^<>\s]{1,2000}>")
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]{1,40}\]:?")
_TICKS = re.compile(r"`+")
_STARS = re.compile(r"(?<!\\)\*+")
_UNDERSCORES = re.compile(r"(?<![A-Za-z0-9_\\])_{1,2}(?=[^\s_])|(?<=[^\s_\\])_{1,2}(?![A-Za-z0-9_])")
_TILDES = re.compile(r"(?<![~\\])~~(?!~)|(?<![=\\])==(?!=)")
_ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
_ENTITY = re.compile(r"&(?:nbsp|ensp|emsp|amp|lt|gt|quot|ldquo|rdquo|hellip|mdash|middot|#39);")
_ENTITIES = {
    "&nbsp;": " ", "&ensp;": " ", "&emsp;": " ", "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"',
    "&ldquo;": "“", "&rdquo;": "”", "&hellip;": "…", "&mdash;": "—", "&middot;": "·", "&#39;": "'",
}  # fmt: skip
# Blanks before a mark are looked at from their first on alone: from each of them takes time by the square.
_LEAD = r"(?:(?<![ \t])[ \t]+)?"
_BREAK = re.compile(_LEAD + r"\\?(?:\r\n|\r|\n)(?:[ \t]*(?:\r\n|\r|\n))*[ \t]*(?:>[ \t]?)*[ \t]*")
_PIPE = re.compile(_LEAD + r"\|[ \t]*")
_ANY = re.compile(r"[*_`\[\]<>\\~&|{^\r\n]|==|%%")
# What note-taking programs and site generators write into Markdown: [[page|words]], ![[file]], %%comment%%, ^block,
# {#anchor}, {{< shortcode >}}, {% tag %}, and the mark of a box (> [!note]-).
_WIKI = re.compile(r"(?P<image>!?)\[\[(?:[^\[\]|\n]{0,200}\|)?(?P<text>[^\[\]|\n]{1,200})\]\]")
_PROGRAM = re.compile(
    r"%%\s(?:(?!%%).){1,1000}?\s%%|[ \t]\^[A-Za-z0-9-]{1,40}(?=[ \t]*(?:[\r\n]|$))"
    r"|[ \t]?\{#[\w:.-]{1,80}[^{}\n]{0,80}\}"
    r"|\{\{[<%][^{}\n]{1,500}[%>]\}\}|\{%[^{}\n]{1,500}%\}|\[![A-Za-z]{2,20}\][+-]?[ \t]*"
)
# Characters that stand with a blank beside their own kind: letters and digits of alphabetic scripts, ASCII punctuation.
_SPACED = re.compile(r"[!-~\u00a1-\u1fff]")


@dataclass(frozen=True, slots=True)
class Inline:
    """A stretch of text as shown.

    Attributes:
        text: what is shown.
        offsets: the offset of each of its characters in the text it came from.
        closers: ends of left-out stretches that close something (``**`` after a bold word, a link's target), ascending:
            at the border of two sentences these go with the first.
    """

    text: str
    offsets: tuple[int, ...] | range
    closers: tuple[int, ...] = ()


Drop = tuple[int, int, bool, str]  # start, end, closes something, what is read instead


def strip(text: str, start: int, end: int, *, markdown: bool = True, table: bool = False, width: int = 0) -> Inline:
    """Return ``text[start:end]`` as shown: mark-up left out, hard wraps joined.

    ``markdown`` admits the marks that mean something else in plain text (single ``*`` and ``_``, escapes); ``table``
    turns pipes into blanks. ``width`` is the length of the lines that were broken inside a word, 0 where none were:
    between two alphabetic characters a break counts as a blank, unless its line is exactly that long.
    """
    if not _ANY.search(text, start, end):
        return Inline(text[start:end], range(start, end))
    drops = _drops(text, start, end, markdown=markdown, table=table)
    drops += _breaks(text, start, end, width)
    drops.sort()
    pieces: list[str] = []
    offsets: list[int] = []
    closers: list[int] = []
    at = start
    for first, last, closes, instead in drops:
        if first < at:
            continue
        pieces.append(text[at:first])
        offsets.extend(range(at, first))
        if instead:
            pieces.append(instead)
            offsets.append(first)
        if closes:
            closers.append(last)
        at = last
    pieces.append(text[at:end])
    offsets.extend(range(at, end))
    return Inline("".join(pieces), tuple(offsets), tuple(closers))


def shown(text: str, *, markdown: bool = True) -> str:
    """Return a single line as shown, without blanks at its ends."""
    return strip(text, 0, len(text), markdown=markdown).text.strip()


def _drops(text: str, start: int, end: int, *, markdown: bool, table: bool) -> list[Drop]:
    drops: list[Drop] = []
    code = _pairs([m.span() for m in _TICKS.finditer(text, start, end)])
    literal: list[tuple[int, int]] = []
    for (a, b), (c, d) in code:
        drops += [(a, b, False, ""), (c, d, True, "")]
        literal.append((a, d))
    free = _outside(literal)
    targets: list[tuple[int, int]] = []
    for m in _LINK.finditer(text, start, end):
        if not free(m.start()):
            continue
        if m["image"]:
            drops.append((m.start(), m.end(), True, ""))
        elif m["text"].strip():
            a, b = m.span("text")
            drops += [(m.start(), a, False, ""), (b, m.end(), True, "")]
            targets.append((b, m.end()))
    if markdown:
        for m in _WIKI.finditer(text, start, end):
            if not free(m.start()):
                continue
            a, b = m.span("text")
            drops += (
                [(m.start(), m.end(), True, "")] if m["image"] else [(m.start(), a, False, ""), (b, m.end(), True, "")]
            )
            targets.append((b, m.end()))
        drops += [(m.start(), m.end(), True, "") for m in _PROGRAM.finditer(text, start, end) if free(m.start())]
    for m in TAG.finditer(text, start, end):
        if free(m.start()):
            cell = m[0][:4].lower() in ("</td", "</th")
            drops.append((m.start(), m.end(), bool(m["close"]) or m[0][:3].lower() == "<br", " " if cell else ""))
    at = text.find("<!--", start, end)
    while at >= 0 and (close := text.find("-->", at + 4, end)) >= 0:
        if free(at):
            drops.append((at, close + 3, True, ""))
        at = text.find("<!--", close + 3, end)
    for m in _AUTOLINK.finditer(text, start, end):
        if free(m.start()):
            drops += [(m.start(), m.start() + 1, False, ""), (m.end() - 1, m.end(), True, "")]
            targets.append(m.span())
    untouched = _outside(sorted(targets))
    stars = [m.span() for m in _STARS.finditer(text, start, end) if free(m.start()) and untouched(m.start())]
    stars = [s for s in stars if s[1] - s[0] <= (3 if markdown else 2)]
    for first, second in _emphasis(text, stars, start, end, single=markdown):
        drops += [(*first, False, ""), (*second, True, "")]
    for m in _ENTITY.finditer(text, start, end):
        drops.append((m.start(), m.end(), False, _ENTITIES[m[0]]))
    if markdown:
        tildes = [m.span() for m in _TILDES.finditer(text, start, end) if free(m.start()) and untouched(m.start())]
        lines = [m.span() for m in _UNDERSCORES.finditer(text, start, end) if free(m.start()) and untouched(m.start())]
        for spans in (tildes, lines):
            for first, second in _emphasis(text, spans, start, end, single=True):
                drops += [(*first, False, ""), (*second, True, "")]
        drops += [(m.start(), m.end(), True, "") for m in _FOOTNOTE.finditer(text, start, end) if free(m.start())]
        drops += [(m.start(), m.end(), False, "") for m in _ESCAPE.finditer(text, start, end) if free(m.start())]
        if end - start > 1 and text[end - 1] == "\\" and text[end - 2] != "\\" and free(end - 1):
            drops.append((end - 1, end, True, ""))  # a hard break with nothing below it
    if table:
        for m in _PIPE.finditer(text, start, end):
            edge = m.start() == start or m.end() == end
            drops.append((m.start(), m.end(), True, "" if edge else " "))
    return drops


def _breaks(text: str, start: int, end: int, width: int) -> list[Drop]:
    drops: list[Drop] = []
    line = start
    for m in _BREAK.finditer(text, start, end):
        a, b = m.span()
        joined = not a > start or not b < end or not (_SPACED.match(text[a - 1]) and _SPACED.match(text[b]))
        inside = bool(width) and text[a - 1 : a].isalnum() and text[b : b + 1].isalnum() and a - line == width
        inside = inside or (
            a - 1 > start and text[a - 1] == "-" and text[a - 2].isalpha() and text[b : b + 1].isalpha()
        )
        drops.append((a, b, True, "" if joined or inside else " "))
        line = b
    return drops


def _pairs(runs: list[tuple[int, int]]) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Pair each run of back-ticks with the next of the same length."""
    following: dict[int, list[int]] = {}
    for i, (a, b) in enumerate(runs):
        following.setdefault(b - a, []).append(i)
    place = {i: (same, k) for same in following.values() for k, i in enumerate(same)}
    out = []
    i = 0
    while i < len(runs):
        same, k = place[i]
        if k + 1 < len(same):
            out.append((runs[i], runs[same[k + 1]]))
            i = same[k + 1]
        i += 1
    return out


def _emphasis(
    text: str, runs: list[tuple[int, int]], start: int, end: int, *, single: bool
) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Pair runs of the same length that can open (no blank after) with those that can close (no blank before)."""
    out = []
    opened: dict[int, tuple[int, int]] = {}
    for a, b in runs:
        before = text[a - 1] if a > start else " "
        after = text[b] if b < end else " "
        if b - a == 1 and (not single or (before.isdigit() and after.isdigit())):
            continue
        if not before.isspace() and (first := opened.pop(b - a, None)) is not None:
            out.append((first, (a, b)))
            opened.clear()
        elif not after.isspace():
            opened[b - a] = (a, b)
    return out


def _outside(spans: list[tuple[int, int]]) -> Callable[[int], bool]:
    """Return a test of whether an offset lies outside of ascending, disjoint spans."""
    starts = [a for a, _ in spans]

    def test(offset: int) -> bool:
        k = bisect_right(starts, offset) - 1
        return k < 0 or spans[k][1] <= offset

    return test
