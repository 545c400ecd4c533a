"""Cuts the blocks of an article into sentences that tile its sections.

Boundaries are found in the text as shown (without mark-up and wraps), then carried back: what closes a sentence (``”``,
``**``, the target of a link) goes with it. A sentence ends after 。！？ outside of quotation marks and parentheses,
after an ellipsis that is not in mid-clause, after a full stop or ``!`` ``?`` of an alphabetic script where it cannot be
part of a name or number, and at the end of its block.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from pipeline.model import Sentence, SentenceKind
from pipeline.stages._inline import Inline, strip

if TYPE_CHECKING:
    from pipeline.model import CleanText
    from pipeline.stages.sections import Block, Layout

_OPEN = {"“": "”", "「": "」", "『": "』", "‘": "’", "（": "）", "(": ")", "《": "》", "【": "】", "〈": "〉", "[": "]"}
_CLOSE = frozenset(_OPEN.values())
_QUOTES = frozenset('“「『‘"')
_CLOSERS = "”」』’\"'）)》】〉]"
_STOP = re.compile(r"[。！？!?]+(?:…+)?|…+|\.{3,}|(?<=[^\s.])\.(?!\.)|[“”「」『』‘’（）()《》【】〈〉\[\]\"]")
# A quotation longer than this that holds several sentences is cut inside; so is a parenthesis.
_LONG = 160
# What goes on with the sentence after a quotation: 他说：“好。”然后走了
_GOES_ON = re.compile(
    r"\s*(?:[，、；：,;:—…）)】》]|(?:然后|随后|接着|于是|便|就|再|才|却|的|地|得|之类|等|这样|这种|这类|这句|这话|之后|以后|后[，,]|时[，,]|是|也|都|成了|成为|变成|和|与|及|或|并|而|来|去)(?!是因为))"
)
# Who said it, told after the quotation: “我们错了。”他说。
_ATTRIBUTION = re.compile(
    r"[^，。！？；：,.!?;:“”「」]{0,14}(?:说|说道|道|问|问道|喊|答|回答|表示|指出|坦言|回忆|写道|补充|强调|认为|感叹|感慨|解释|承认|告诉|笑称|直言|称|說|問|寫道|補充|強調)"
    r"(?:[，。！？；：,.!?;:]|$|[^，。！？；：,.!?;:“”「」]{0,6}[。])"
)
_TEMPLATE = re.compile(r"(?:从|在|当|像|把|将|对|以|由|自|除了|因为|既|不是|无论|不管|如果|与其|只有|的|和|与|或)$")
_AFTER_DOTS = re.compile(r"\s*(?:[，、；：。！？,;:.!?）)】》”」』’]|的|等|吗|吧|呢|啊|了|之类|之后|到|才)")
_ABBREVIATION = re.compile(
    r"(?:^|[^A-Za-z])(?:Mr|Mrs|Ms|Dr|Prof|St|vs|etc|Inc|Ltd|Co|Corp|No|Fig|eg|ie|al|cf|Vol|pp|[A-Z]|e\.g|i\.e|U\.S|a\.m|p\.m)$"
)
_BULLET = r"[-*+•·●○◦▪‣➢➤✓✔☑□][ \t]+|[●•▪◦➢➤✓✔☑]"
_COUNT = (
    r"[(（]\d{1,3}[)）]|\d{1,3}[)）、]|\d{1,3}[.．](?![\d%])|[(（][一二三四五六七八九十]{1,3}[)）]"
    r"|[一二三四五六七八九十]{1,3}、|[①-⑳]"
)
# What stands before the text of a list item or a quotation.
_MARKER = re.compile(rf"(?:[ \t]*>[ \t]?)*[ \t]*(?:{_BULLET})?(?:\[[ xX]\][ \t]+)?(?:(?:{_COUNT})[ \t]*)?")
_WORD = re.compile(r"\w")
_SPACE = re.compile(r"\s*")


def sentences(clean: CleanText, layout: Layout, source: str) -> tuple[Sentence, ...]:
    """Return the sentences of all sections, in reading order.

    Spans are disjoint and hold every character of the sections that is no white space; ``text == source[start:end]``.
    ``plain`` is never empty for the kind ``"text"``: a block that shows no words (a picture, a rule) is of the kind
    ``"code"``.

    Args:
        clean: the cleaned text that ``layout`` speaks of.
        source: the text before cleaning, which the spans point into.
    """
    out: list[Sentence] = []
    for number, block in enumerate(layout.blocks):
        out += _block(clean, layout, block, number, source)
    return _tile(out, layout, source)


def _tile(found: list[Sentence], layout: Layout, source: str) -> tuple[Sentence, ...]:
    """Widen sentences over what cleaning removed at their edges, so that nothing of a section is left out."""
    out: list[Sentence] = []
    for k, s in enumerate(found):
        section = layout.sections[s.section]
        first = k == 0 or found[k - 1].section != s.section
        last = k + 1 == len(found) or found[k + 1].section != s.section
        start = section.start if first else out[-1].end
        end = section.end if last else found[k + 1].start
        if start == s.start and end == s.end:
            out.append(s)
            continue
        gap = source[start : s.start]
        start += len(gap) - len(gap.lstrip())
        tail = source[s.end : end]
        end = s.end + len(tail.rstrip()) if tail.strip() else s.end
        out.append(s if (start, end) == (s.start, s.end) else _moved(s, start, end, source))
    return tuple(out)


def _moved(s: Sentence, start: int, end: int, source: str) -> Sentence:
    offsets = s.offsets or tuple(range(s.start, s.end))
    text = source[start:end]
    return Sentence(text, start, end, s.section, s.paragraph, s.kind, s.plain, () if text == s.plain else offsets)


def _block(clean: CleanText, layout: Layout, block: Block, number: int, source: str) -> list[Sentence]:
    start, end, kind = block.start, block.end, block.kind
    if kind == "code":
        return [_sentence(clean, Inline(clean.text[start:end], range(start, end)), start, end, block, number, source)]
    lead, tail = start, end
    if kind == "heading":
        lead, tail = _heading(clean.text, start, end)
    elif kind == "table" and (m := _UNDERLINE.search(clean.text[start:end])):
        tail = start + len(clean.text[start : start + m.start()].rstrip())
    elif kind == "text" and (m := _MARKER.match(clean.text, start, end)) and clean.text[m.end() : end].strip():
        lead = m.end()
    inline = strip(
        clean.text,
        lead,
        tail,
        markdown=layout.markdown,
        table=kind == "table",
        width=layout.width if kind == "text" else 0,
    )
    if not inline.text.strip() or (kind != "heading" and not _WORD.search(inline.text)):
        whole = Inline(clean.text[start:end], range(start, end))
        return [
            _sentence(clean, whole, start, end, block, number, source, kind="heading" if kind == "heading" else "code")
        ]
    if kind == "heading":
        return [_sentence(clean, inline, start, end, block, number, source)]
    out = []
    cuts = _merge(inline.text, boundaries(inline.text))
    begin = start
    for k, (a, b) in enumerate(cuts):
        last = k + 1 == len(cuts)
        stop = end if last else _stop(inline, b)
        part = Inline(inline.text[a:b], inline.offsets[a:b])
        gap = clean.text[begin:stop]
        first = begin + len(gap) - len(gap.lstrip())
        out.append(_sentence(clean, part, first, first + len(gap.strip()), block, number, source))
        begin = stop
    return out


_HASHES = re.compile(r"#{1,6}[ \t]*")
_CLOSING_HASHES = re.compile(r"(?<![ \t])[ \t]+(?:#+$|(?:\r\n|\r|\n)[ \t]*[-=]+$)|(?:\r\n|\r|\n)[ \t]*[-=]+$")


# The row of dashes below the head of a table.
_UNDERLINE = re.compile(r"(?:^|[\r\n]\s*)(?:[|+][ \t]*)?:?-[-=:|+ \t]*$")


def _heading(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of a heading without ``#`` marks and underline."""
    if m := _HASHES.match(text, start, end):
        start = m.end()
    if m := _CLOSING_HASHES.search(text[start:end]):
        end = start + m.start()
    return start, end


def _stop(inline: Inline, b: int) -> int:
    """Return where the raw text of a sentence ends that ends before ``inline.text[b]``: after all that closes it."""
    last, following = inline.offsets[b - 1], inline.offsets[b]
    k = bisect_right(inline.closers, following) - 1
    return max(last + 1, inline.closers[k]) if k >= 0 else last + 1


def _sentence(
    clean: CleanText,
    shown: Inline,
    start: int,
    end: int,
    block: Block,
    number: int,
    source: str,
    *,
    kind: SentenceKind | None = None,
) -> Sentence:
    first, last = clean.span(start, end)
    lead = len(shown.text) - len(shown.text.lstrip())
    plain = shown.text.strip()
    text = source[first:last]
    offsets: tuple[int, ...] = ()
    if plain != text:
        places = shown.offsets[lead : lead + len(plain)]
        offsets = tuple(places) if not clean.edits else tuple(map(clean.at, places))
    return Sentence(text, first, last, block.section, number, kind or block.kind, plain, offsets)


def boundaries(text: str) -> list[int]:
    """Return where the sentences of a paragraph end: offsets, ascending, the last one its length."""
    ends: list[int] = []
    partner = _partners(text)
    stops: list[int] | None = None  # where sentences may end inside of quotations
    inside: list[int] = []  # closing places of what is open around here
    start = 0
    for m in _STOP.finditer(text):
        at, after = m.span()
        mark = m[0]
        if mark in partner_marks:
            if at in partner:
                if partner[at] > at:
                    whole = partner[at] - at <= _LONG
                    if not whole:
                        stops = _inner_stops(text) if stops is None else stops
                        whole = bisect_right(stops, at) == bisect_left(stops, partner[at])
                    if whole:
                        inside.append(partner[at])
                elif inside and inside[-1] == at:
                    inside.pop()
                    if not inside and _closed(text, partner[at], at, start):
                        ends.append(at + 1)
                        start = at + 1
            continue
        if inside and inside[-1] > at:
            continue
        if after < start or not _final(text, at, after, start, mark):
            continue
        while after < len(text) and text[after] in _CLOSERS and (after not in partner or partner[after] < after):
            after += 1
        ends.append(after)
        start = after
    if not ends or ends[-1] < len(text):
        ends.append(len(text))
    return ends


partner_marks = frozenset(_OPEN) | _CLOSE | {'"'}


def _partners(text: str) -> dict[int, int]:
    """Pair quotation marks and parentheses, both ways; what stays without a partner is left out."""
    pairs: dict[int, int] = {}
    stack: list[tuple[str, int]] = []
    depth: dict[str, int] = {}
    straight = text.count('"') % 2 == 0
    for m in _PAIRED.finditer(text):
        c, at = m[0], m.start()
        if c == '"':
            if not straight:
                continue
            c = '"close' if depth.get('"close') else '"'
        if c in _OPEN or c == '"':
            want = _OPEN.get(c, '"close')
            stack.append((want, at))
            depth[want] = depth.get(want, 0) + 1
        elif depth.get(c):
            while stack:
                want, opened = stack.pop()
                depth[want] -= 1
                if want == c:
                    pairs[opened], pairs[at] = at, opened
                    break
    return pairs


_PAIRED = re.compile(r"[“”「」『』‘’（）()《》【】〈〉\[\]\"]")


def _inner_stops(text: str) -> list[int]:
    """Return where, ascending, the marks end that end a sentence and close no quotation or parenthesis with it."""
    found = (m.end() for m in re.finditer(r"[。！？!?]+", text))
    return [end for end in found if text[end : end + 1] not in ("", *'”」』’"）)')]


def _final(text: str, at: int, after: int, start: int, mark: str) -> bool:
    """Tell whether the mark at ``at:after``, outside of quotations, ends a sentence."""
    following = text[after : after + 1]
    if mark[0] in "。！？":
        return not following or following not in "，、；：,;:"
    before = text[at - 1] if at else ""
    if mark[0] in "!?":
        if not before or before in "[(<":
            return False
        return not following or following.isspace() or following > "\u2e7f" or following in _CLOSERS
    if mark[0] == "…" or len(mark) >= 3:
        if at - start < 4 or not following:
            return not following
        return not (
            _AFTER_DOTS.match(text, after) or _TEMPLATE.search(text[max(start, at - 4) : at]) or following == "的"
        )
    if before > "\u2e7f":  # a full stop after Chinese
        return not following or following.isspace() or following > "\u2e7f"
    if not following:
        return True
    if following.isspace():
        return (
            before.isalpha()
            and not _ABBREVIATION.search(text[max(start, at - 8) : at])
            and bool(re.match(r"\s+[A-Z\u4e00-\u9fff“\"「]", text[after : after + 4]))
        )
    return following > "\u2e7f" and following.isalpha() and before.isalpha() and at - start >= 8


def _closed(text: str, opened: int, at: int, start: int) -> bool:
    """Tell whether the closing mark at ``at`` ends the sentence: what it closes ends like one, and nothing goes on
    after it."""
    final = text[at - 1] if at else ""
    if final in _CLOSE or final == '"':
        final = text[at - 2] if at > 1 else ""
    if final not in "。！？!?…" or at - opened < 2:
        return False
    quoted = text[opened] in _QUOTES
    after = text[at + 1 : at + 41]
    if not after.strip():
        return True
    if not quoted:
        # （…。） is a sentence of its own only where it stands between sentences.
        return text[opened] in "（(" and opened == start and final == "。"
    if _GOES_ON.match(after) or (final == "…" and after[0] not in _QUOTES):
        return False
    lead = opened
    while lead > start and text[lead - 1].isspace():
        lead -= 1
    if lead == start:
        return not _ATTRIBUTION.match(after)
    if text[lead - 1] in "：:，,":
        return not (final in "！？!?" and re.match(r"的|地|了", after))
    return (final == "。" and not re.match(r"[这那]", after)) or not after[0].isalnum()


def _merge(text: str, ends: list[int]) -> list[tuple[int, int]]:
    """Return the spans of the sentences; what holds no word goes with its neighbour."""
    spans: list[tuple[int, int]] = []
    start = 0
    for end in ends:
        if end <= start:
            continue
        if (spans and not _WORD.search(text, start, end)) or (spans and not _WORD.search(text, *spans[-1])):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
        start = end
    return spans
