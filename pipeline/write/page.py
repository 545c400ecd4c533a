"""``report.html``: one file, offline, where every number opens; a script only adds to it.

Python here chooses what is shown and where it stands; the templates write it down, and Jinja2 escapes every value. No
HTML is put together by hand, ids are numbers, and what cannot be shown is replaced (``wording.showable``), so that an
article can say what it likes without becoming part of the page.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pipeline.formats.encoding import unreadable
from pipeline.model import (
    Course,
    CourseEvent,
    CourseStep,
    Edge,
    Edit,
    Keyword,
    Polarity,
    Sentence,
    Span,
    Stability,
)
from pipeline.write.drawing import draw
from pipeline.write.explorer import NODES, data_block, network_data
from pipeline.write.parts import (
    Piece,
    environment,
    evidence_marks,
    pieces_of,
    telling,
    tint_of,
)
from pipeline.write.wording import (
    EVENTS,
    RELATIONS,
    SCRIPTS,
    UNITS,
    ConceptView,
    byline,
    concepts,
    cut,
    edges_file,
    finding,
    grouped_edits,
    heading,
    link_finding,
    selection,
    side,
    signed,
    stated,
    strongest,
    tone,
)

if TYPE_CHECKING:
    from pipeline.analysis import Analysis

# How much of a list a page shows; the rest is in tables/, and the page says so.
_LINES = 12  # occurrences of a term, sentences behind an edge
_EDGES = 24  # of each of the two kinds
_EDITS = 40
_OUTSIDE = 60  # lines that were not read
_PLACES = 5  # of an edit
_ROWS = 10  # of a table, before the rest is folded
_BARS = 240  # in the strip of sentences
_LISTED = 600  # sentences up to which each section lists its sentences with their evidence
_EVENT_MARKS: dict[CourseEvent, str] = {"turns": "↻", "fades": "⊣"}
_CONTEXT = 18  # characters on either side of an occurrence
_WIDE = (960.0, 540.0, 26, 45)  # drawing: width, height, nodes, lines
_TALL = (350.0, 480.0, 13, 20)
_COURSES = 40  # links whose course is shown; the first _ROWS of them at once


class Line(NamedTuple):
    """A sentence as shown.

    ``number`` is its index (its anchor is ``t<number>``), ``ordinal`` its number among those that count, 0 for others.
    """

    number: int
    ordinal: int
    sentence: Sentence
    tint: str
    tone: str
    note: str
    pieces: tuple[Piece, ...]


class Place(NamedTuple):
    """An occurrence in its context (key word in context)."""

    number: int
    ordinal: int
    tint: str
    left: str
    hit: str
    right: str


class Edited(NamedTuple):
    """Where an edit is: its source offset, and the sentence (None outside of any) with its number among those that
    count."""

    offset: int
    number: int | None
    ordinal: int


class Term(NamedTuple):
    """A keyword with its first occurrences."""

    keyword: Keyword
    places: tuple[Place, ...]


class ConceptRow(NamedTuple):
    """A concept with its first occurrences; ``share`` is of all mentions."""

    view: ConceptView
    tone: str
    share: float
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


class Stage(NamedTuple):
    """A link within one section: ``note`` says in words what it is like, and what happens to it there."""

    step: CourseStep
    tint: str
    note: str
    marks: str


class CourseRow(NamedTuple):
    """A link along the sections; ``stages`` follow them, None where a section does not hold it."""

    course: Course
    stages: tuple[Stage | None, ...]


class Bar(NamedTuple):
    """A sentence, or a few neighbouring ones, in the strip: from ``y`` on ``height`` of 100 high."""

    number: int
    y: float
    height: float
    tint: str
    note: str


class SectionView(NamedTuple):
    """A section as shown.

    Attributes:
        number: its index (its anchor is ``s<number>``).
        name: heading, or what stands in for one; ``above``: that of the enclosing section, or empty.
        polarity, tone: of the section; ``own`` says that they are of its own sentences, not of those below it.
        counts: negative, neutral and positive sentences.
        keywords, summary, evidence: as in the analysis; evidence with its share of the score.
        blocks: paragraphs.
        head: index of the sentence that is the heading.
    """

    number: int
    name: str
    above: str
    polarity: Polarity
    tone: str
    own: bool
    counts: tuple[int, int, int]
    keywords: tuple[Term, ...]
    summary: tuple[Line, ...]
    evidence: tuple[tuple[Line, float], ...]
    blocks: tuple[tuple[Line, ...], ...]
    lines: tuple[Line, ...]
    head: int | None


def report_html(analysis: Analysis) -> str:
    """Return the report of one article as an HTML page.

    The same analysis gives the same text. It holds no character that UTF-8 cannot encode, needs no network and no other
    file, and says all it has to say without its script. Its policy lets run that script alone, by its hash.
    """
    lines = _Lines(analysis)
    unit = analysis.settings.unit
    network, positions = analysis.network(unit), analysis.positions(unit)
    drawings = []
    for width, height, nodes, most in (_WIDE, _TALL):
        chosen = analysis.drawn(unit, nodes=nodes, lines=most)
        drawing = draw(network, positions, chosen.edges, width=width, height=height)
        if drawing:
            drawings.append((drawing, selection(chosen, unit)))
    # Behind every line there is a row
    drawn = {(link.source, link.target) for drawing, _ in drawings for link in drawing.links}
    between, others = (
        [edge for rank, edge in enumerate(edges) if rank < _EDGES or (edge.source, edge.target) in drawn]
        for edges in strongest(network)
    )
    rows = lines.edges([*between, *others], analysis.stabilities(unit))
    views = _sections(analysis, lines)
    course_sections, courses = _courses(analysis, views)
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            analysis=analysis,
            byline=byline(analysis.metadata),
            script=SCRIPTS.get(analysis.script),
            finding=finding(analysis),
            characters=sum(map(len, analysis.article.text.split())),
            counts=tuple(sum(view.counts[side] for view in views) for side in range(3)),
            bars=_bars(lines.counted),
            borders=_borders(lines.counted),
            sections=views,
            summary=[
                (line, heading(analysis.sections[line.sentence.section], line.sentence.section))
                for line in lines.of(analysis.summary)
            ],
            concepts=_concepts(analysis, lines),
            keywords=lines.terms(analysis.keywords),
            network=network,
            unit=UNITS[network.unit],
            link_finding=link_finding(analysis, unit),
            communities=analysis.communities(unit),
            course_sections=course_sections,
            courses=courses,
            edges_file=edges_file(network.unit),
            between=rows[: len(between)],
            others=rows[len(between) :],
            edge_rows={(row.edge.source, row.edge.target): row.number for row in rows},
            drawings=drawings,
            data=data_block(network_data(analysis) if drawings else None),
            edits=[
                (row, [lines.edited(offset) for offset in row.offsets[:_PLACES]]) for row in grouped_edits(analysis)
            ],
            unreadable=unreadable(analysis.article.text),
            outside=[line for a, b in analysis.outside if any(map(str.isalnum, line := analysis.article.text[a:b]))],
            limits={
                "lines": _LINES,
                "edits": _EDITS,
                "outside": _OUTSIDE,
                "rows": _ROWS,
                "concepts": _ROWS,
                "nodes": [most for most in (20, 40, 80, 150, NODES) if most == 20 or most < 2 * len(network.nodes)],
                "listed": len(lines.counted) <= _LISTED,
            },
        )
    )


class _Lines:
    """The sentences of an analysis as shown, and where source spans fall in them."""

    def __init__(self, analysis: Analysis) -> None:
        self.sentences = analysis.sentences
        self.starts = [sentence.start for sentence in analysis.sentences]
        self.sections = analysis.sections
        self.spans: dict[str, list[Span]] = defaultdict(list)
        for mention in analysis.mentions:
            self.spans[mention.concept].append((mention.start, mention.end))
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
        ordinal = 0
        self.all: list[Line] = []
        for number, sentence in enumerate(analysis.sentences):
            ordinal += sentence.is_prose
            self.all.append(_line(number, ordinal if sentence.is_prose else 0, sentence, cuts.get(number, ())))
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
        return Edited(offset, number, 0 if number is None else self.all[number].ordinal)

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
                    number,
                    line.ordinal,
                    line.tint,
                    ("…" if first > _CONTEXT else "") + before,
                    text[first:last],
                    after + ("…" if last + _CONTEXT < len(text) else ""),
                )
            )
            if len(places) == _LINES:
                break
        return tuple(places)

    def terms(self, keywords: Iterable[Keyword]) -> tuple[Term, ...]:
        """Return keywords with their occurrences."""
        return tuple(Term(keyword, self.places(keyword.spans)) for keyword in keywords)

    def edges(self, edges: Sequence[Edge], stabilities: Mapping[tuple[str, str], Stability]) -> list[EdgeRow]:
        """Return edges with their sentences, in which both names and the cues of relations are marked."""
        names = {name for edge in edges for name in (edge.source, edge.target)}
        marks: dict[tuple[str, int], list[Span]] = defaultdict(list)
        for name in sorted(names):
            for start, end in self.spans.get(name, ()):
                if (number := self.find(start)) is not None:
                    sentence = self.sentences[number]
                    marks[name, number].append((sentence.within(start), sentence.within(end)))
        rows = []
        for place, edge in enumerate(edges):
            lines = []
            for number in edge.sentences[:_LINES]:
                line = self.all[number]
                spans = [
                    (start, end, "hit")
                    for name in (edge.source, edge.target)
                    for start, end in marks.get((name, number), ())
                ]
                sentence = self.sentences[number]
                spans += [
                    (sentence.within(cue.start), sentence.within(cue.end), "cue")
                    for cue in edge.relations
                    if cue.sentence == number
                ]
                lines.append(line._replace(pieces=pieces_of(line.sentence.plain, spans, ())))
            # the sentence that states the relation speaks for it
            telling = {cue.sentence for cue in edge.relations}
            peek = min(lines, key=lambda line: (line.number not in telling, len(line.sentence.plain)), default=None)
            stability = stabilities[edge.source, edge.target]
            rows.append(
                EdgeRow(
                    place,
                    edge,
                    stability,
                    tone(side(edge.tone), edge.tone),
                    tuple(stated(edge)),
                    tuple(lines),
                    peek.sentence.plain if peek else "",
                )
            )
        return rows


def _line(number: int, ordinal: int, sentence: Sentence, edits: Sequence[Edit]) -> Line:
    polarity = sentence.polarity
    words = tone(polarity.label, polarity.score)
    shown = telling(polarity)
    note = ""
    if ordinal:
        note = f"第 {ordinal} 句 {signed(polarity.score)} {words}"
        if shown:
            note += "；依据：" + "、".join(f"{cut(piece.text, 20)} {signed(piece.weight)}" for piece in shown)
    marks = evidence_marks(sentence, shown)
    # What was taken out of a word is shown where it was
    removed = [(sentence.within(edit.end), edit.before) for edit in edits]
    text = sentence.text if sentence.kind == "code" else sentence.plain
    pieces = (Piece(text, ""),) if sentence.kind == "code" else pieces_of(text, marks, removed)
    return Line(
        number, ordinal, sentence, tint_of(polarity.label, polarity.score) if ordinal else "", words, note, pieces
    )


def _bars(lines: Sequence[Line]) -> list[Bar]:
    """Return a bar a sentence, or, of a long article, one for a few that follow each other."""
    step = -(-len(lines) // _BARS) or 1
    bars = []
    for at in range(0, len(lines), step):
        group = lines[at : at + step]
        score = sum(line.sentence.polarity.score for line in group) / len(group)
        height = max(2.0, abs(score) * 48)
        note = group[0].note if step == 1 else f"第 {group[0].ordinal}–{group[-1].ordinal} 句 {signed(score)}"
        tint = group[0].tint if step == 1 else tint_of(side(score), score)
        bars.append(Bar(group[0].number, round(50 - height if score > 0 else 50, 1), round(height, 1), tint, note))
    return bars


def _borders(lines: Sequence[Line]) -> list[float]:
    """Return where on the strip a section begins, in bars."""
    step = -(-len(lines) // _BARS) or 1
    return [
        round(at / step, 2)
        for at in range(1, len(lines))
        if lines[at].sentence.section != lines[at - 1].sentence.section
    ]


def _sections(analysis: Analysis, lines: _Lines) -> list[SectionView]:
    inside: dict[int, list[Line]] = defaultdict(list)
    for line in lines.all:
        inside[line.sentence.section].append(line)
    views = []
    for number, section in enumerate(analysis.sections):
        own = inside[number]
        head = next((line.number for line in own[:1] if section.heading and line.sentence.kind == "heading"), None)
        shown = [line for line in own if line.number != head]
        labels = Counter(line.sentence.polarity.label for line in shown if line.ordinal)
        evidence = ((lines.find(piece.start), piece.weight) for piece in section.polarity.evidence)
        parent = analysis.sections[section.parent] if section.parent is not None else None
        views.append(
            SectionView(
                number=number,
                name=heading(section, number),
                above=(parent.heading or "") if parent else "",
                polarity=section.polarity,
                tone=tone(section.polarity.label, section.polarity.score),
                own=bool(labels),
                counts=(labels["negative"], labels["neutral"], labels["positive"]),
                keywords=lines.terms(section.keywords),
                summary=tuple(lines.of(section.summary)),
                evidence=tuple((lines.all[at], weight) for at, weight in evidence if at is not None),
                blocks=_blocks(shown),
                lines=tuple(line for line in shown if line.ordinal),
                head=head,
            )
        )
    return views


def _blocks(lines: Sequence[Line]) -> tuple[tuple[Line, ...], ...]:
    """Return the paragraphs; what is no running text stands for itself."""
    blocks: list[list[Line]] = []
    for line in lines:
        last = blocks[-1][-1].sentence if blocks else None
        if last is not None and line.sentence.kind == last.kind == "text" and line.sentence.paragraph == last.paragraph:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return tuple(map(tuple, blocks))


def _concepts(analysis: Analysis, lines: _Lines) -> list[ConceptRow]:
    return [
        ConceptRow(
            view,
            tone(view.label, view.score),
            len(view.mentions) / len(analysis.mentions),
            lines.places((mention.start, mention.end) for mention in view.mentions),
        )
        for view in concepts(analysis)
    ]


def _courses(analysis: Analysis, views: Sequence[SectionView]) -> tuple[list[SectionView], list[CourseRow]]:
    """Return the links between concepts that more than one section holds, and the sections that hold any of them."""
    concepts = {node.name for node in analysis.nodes if node.kind == "concept"}
    shown = [
        course
        for course in analysis.courses()
        if len(course.steps) > 1 and course.source in concepts and course.target in concepts
    ]
    # those with a relation in so many words first, then those that turn: they have the most to tell
    shown.sort(
        key=lambda course: (
            not any(step.relations for step in course.steps),
            not any("turns" in step.events for step in course.steps),
        )
    )
    shown = shown[:_COURSES]
    held = {step.section for course in shown for step in course.steps}
    columns = [view for view in views if view.number in held]
    rows = []
    for course in shown:
        stages: dict[int, Stage] = {}
        for step in course.steps:
            words = "，".join([EVENTS[event] for event in step.events] + [RELATIONS[kind] for kind in step.relations])
            note = (
                f"{views[step.section].name}：{step.count} 句，均分 {signed(step.tone)}{'，' if words else ''}{words}"
            )
            marks = "".join(_EVENT_MARKS.get(event, "") for event in step.events)
            stages[step.section] = Stage(step, tint_of(side(step.tone), step.tone), note, marks)
        rows.append(CourseRow(course, tuple(stages.get(view.number) for view in columns)))
    return columns, rows
