"""The sentences of an article as a page shows them, and where source spans fall in them."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pipeline.model import Edge, Edit, Keyword, Mention, Sentence, Span, Stability
from pipeline.write.parts import Mark, Piece, evidence_marks, pieces_of, telling, tint_of
from pipeline.write.wording import cut, side, signed, stated, tone

if TYPE_CHECKING:
    from pipeline.analysis import Analysis

LINES = 12
"""Occurrences of a term, or sentences behind an edge, that a list shows; the rest is in ``tables/``."""

_CONTEXT = 18  # characters on either side of an occurrence
_QUOTED = 600  # characters of a sentence that a list quotes
_WHOLE = 30_000  # characters of text that stand on the report's own page; a longer text is linked in parts
_PART = 20_000  # characters of such a part


class Line(NamedTuple):
    """A sentence as shown.

    ``number`` is its index, ``href`` leads to it, ``ordinal`` is its number among those that count, 0 for others.
    """

    number: int
    href: str
    ordinal: int
    sentence: Sentence
    tint: str
    tone: str
    note: str
    pieces: tuple[Piece, ...]


class Place(NamedTuple):
    """An occurrence in its context (key word in context)."""

    href: str
    ordinal: int
    tint: str
    left: str
    hit: str
    right: str


class Edited(NamedTuple):
    """Where an edit is: its source offset, and the link to its sentence (None outside of any) with its number among
    those that count."""

    offset: int
    href: str | None
    ordinal: int


class Term(NamedTuple):
    """A keyword with its first occurrences."""

    keyword: Keyword
    places: tuple[Place, ...]


class EdgeRow(NamedTuple):
    """An edge with the first sentences behind it, both names marked; ``peek`` is the shortest of them.

    ``said`` are the relations that its sentences state, in words, each with its cue.
    """

    number: int
    edge: Edge
    stability: Stability
    tone: str
    said: tuple[str, ...]
    lines: tuple[Line, ...]
    peek: str


class Lines:
    """The sentences of an analysis as shown.

    Attributes:
        all: a line a sentence; ``counted``: those that are scored.
        spans: source spans of each concept, keyword and name.
        apart: the text does not stand on the report's page, but on pages of its own; ``parts``: as ranges of sentence
            indices, one a page.
    """

    def __init__(self, analysis: Analysis) -> None:
        self.sentences = analysis.sentences
        self.starts = [sentence.start for sentence in analysis.sentences]
        self.spans: dict[str, list[Span]] = defaultdict(list)
        inside: dict[int, list[Mention]] = defaultdict(list)
        for mention in analysis.mentions:
            self.spans[mention.concept].append((mention.start, mention.end))
            inside[mention.sentence].append(mention)
        for keyword in analysis.keywords:
            if keyword.term not in self.spans:
                self.spans[keyword.term].extend(keyword.spans)
        for name in analysis.names:
            if name.name not in self.spans:
                self.spans[name.name].extend(name.spans)
        cuts: dict[int, list[Edit]] = defaultdict(list)
        for edit in analysis.edits:
            if edit.kind == "injection" and (number := self.find(edit.start)) is not None:
                cuts[number].append(edit)
        self.parts = _parts(analysis.sentences)
        self.apart = sum(len(sentence.text) for sentence in analysis.sentences) > _WHOLE
        self.all: list[Line] = []
        ordinal = 0
        for part, numbers in enumerate(self.parts, 1):
            page = part_name(part) if self.apart else ""
            for number in numbers:
                sentence = self.sentences[number]
                ordinal += sentence.is_prose
                self.all.append(
                    _line(
                        number,
                        f"{page}#t{number}",
                        ordinal if sentence.is_prose else 0,
                        sentence,
                        inside.get(number, ()),
                        cuts.get(number, ()),
                    )
                )
        self.counted = [line for line in self.all if line.ordinal]

    def find(self, offset: int) -> int | None:
        """Return the index of the sentence that holds a source offset."""
        number = bisect_right(self.starts, offset) - 1
        return number if number >= 0 and offset < self.sentences[number].end else None

    def of(self, sentences: Iterable[Sentence]) -> list[Line]:
        """Return the lines of sentences of the analysis; a clause taken from one stands for the whole."""
        found = (self.find(sentence.start) for sentence in sentences)
        return [self.all[number] for number in found if number is not None]

    def edited(self, offset: int) -> Edited:
        """Return the place of an edit."""
        number = self.find(offset)
        return (
            Edited(offset, None, 0)
            if number is None
            else Edited(offset, self.all[number].href, self.all[number].ordinal)
        )

    def places(self, spans: Iterable[Span]) -> tuple[Place, ...]:
        """Return the first occurrences in their contexts."""
        places = []
        for start, end in spans:
            number = self.find(start)
            if number is None:
                continue
            line = self.all[number]
            text = line.sentence.plain
            first, last = line.sentence.within(start), line.sentence.within(end)
            before, after = text[max(0, first - _CONTEXT) : first], text[last : last + _CONTEXT]
            places.append(
                Place(
                    line.href,
                    line.ordinal,
                    line.tint,
                    ("…" if first > _CONTEXT else "") + before,
                    text[first:last],
                    after + ("…" if last + _CONTEXT < len(text) else ""),
                )
            )
            if len(places) == LINES:
                break
        return tuple(places)

    def terms(self, keywords: Iterable[Keyword]) -> tuple[Term, ...]:
        """Return keywords with their occurrences."""
        return tuple(Term(keyword, self.places(keyword.spans)) for keyword in keywords)

    def marked(self, names: Iterable[str]) -> dict[tuple[str, int], list[Span]]:
        """Return where names stand in sentences as shown, by name and index of the sentence."""
        marks: dict[tuple[str, int], list[Span]] = defaultdict(list)
        for name in names:
            for start, end in self.spans.get(name, ()):
                if (number := self.find(start)) is not None:
                    sentence = self.sentences[number]
                    marks[name, number].append((sentence.within(start), sentence.within(end)))
        return marks

    def edges(self, edges: Sequence[Edge], stabilities: Mapping[tuple[str, str], Stability]) -> list[EdgeRow]:
        """Return edges with their sentences, in which both names and the cues of relations are marked."""
        marks = self.marked(sorted({name for edge in edges for name in (edge.source, edge.target)}))
        rows = []
        for place, edge in enumerate(edges):
            lines = []
            for number in edge.sentences[:LINES]:
                line = self.all[number]
                sentence = line.sentence
                hits: list[Mark] = [
                    (start, end, "hit")
                    for name in (edge.source, edge.target)
                    for start, end in marks.get((name, number), ())
                ]
                cues: list[Mark] = [
                    (sentence.within(cue.start), sentence.within(cue.end), "cue")
                    for cue in edge.relations
                    if cue.sentence == number
                ]
                text, marked = excerpt(sentence.plain, [*hits, *cues])
                layers = [[mark for mark in marked if (mark[2] == "cue") is cue] for cue in (False, True)]
                lines.append(line._replace(pieces=pieces_of(text, layers)))
            # the sentence that states the relation speaks for it
            telling = {cue.sentence for cue in edge.relations}
            peek = min(lines, key=lambda line: (line.number not in telling, len(line.sentence.plain)), default=None)
            rows.append(
                EdgeRow(
                    place,
                    edge,
                    stabilities[edge.source, edge.target],
                    tone(side(edge.tone), edge.tone),
                    tuple(stated(edge)),
                    tuple(lines),
                    peek.sentence.plain if peek else "",
                )
            )
        return rows


def excerpt(text: str, marks: Sequence[Mark]) -> tuple[str, list[Mark]]:
    """Return a sentence as it is quoted, and where its marks are then: of a very long one what is around the first."""
    if len(text) <= _QUOTED:
        return text, list(marks)
    first = max(0, min((start for start, *_ in marks), default=0) - _CONTEXT)
    last = first + _QUOTED
    before = "…" if first else ""
    shift = first - len(before)
    kept = [(start - shift, end - shift, style) for start, end, style in marks if first <= start and end <= last]
    return before + text[first:last] + ("…" if last < len(text) else ""), kept


def part_name(part: int) -> str:
    """Return the path of a part of the text, counted from 1, from the report."""
    return f"./text/{part}.html"


def _parts(sentences: Sequence[Sentence]) -> list[range]:
    """Return the parts of a text as ranges of sentences: whole sections where these are not too long."""
    if sum(len(sentence.text) for sentence in sentences) <= _WHOLE:
        return [range(len(sentences))]
    parts, first, size = [], 0, 0
    for number, sentence in enumerate(sentences):
        new = number > 0 and sentence.section != sentences[number - 1].section
        if size >= _PART or (new and size >= _PART / 2) or (size and len(sentence.text) >= _PART):
            parts.append(range(first, number))
            first, size = number, 0
        size += len(sentence.text)
    return [*parts, range(first, len(sentences))]


def _line(
    number: int, href: str, ordinal: int, sentence: Sentence, mentions: Sequence[Mention], edits: Sequence[Edit]
) -> Line:
    polarity = sentence.polarity
    words = tone(polarity.label, polarity.score)
    shown = telling(polarity)
    note = ""
    if ordinal:
        note = f"第 {ordinal} 句 {signed(polarity.score)} {words}"
        if shown:
            note += "；依据：" + "、".join(f"{cut(piece.text, 20)} {signed(piece.weight)}" for piece in shown)
        if mentions:
            note += "；概念：" + "、".join(dict.fromkeys(mention.concept for mention in mentions))
    named: list[Mark] = [(sentence.within(mention.start), sentence.within(mention.end), "c") for mention in mentions]
    why = evidence_marks(sentence, shown)
    # What was taken out of a word is shown where it was
    removed = [(sentence.within(edit.end), edit.before) for edit in edits]
    cut_up = (
        (Piece(sentence.text, ""),) if sentence.kind == "code" else pieces_of(sentence.plain, (named, why), removed)
    )
    return Line(
        number,
        href,
        ordinal,
        sentence,
        tint_of(polarity.label, polarity.score) if ordinal else "",
        words,
        note,
        cut_up,
    )
