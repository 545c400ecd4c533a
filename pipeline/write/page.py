"""``report.html``: one file, offline, where every number opens; a script only adds to it.

Python here chooses what is shown and where it stands; the templates write it down, and Jinja2 escapes every value. No
HTML is put together by hand, ids are numbers, and what cannot be shown is replaced (``wording.showable``), so that an
article can say what it likes without becoming part of the page.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pipeline import __version__
from pipeline.formats.encoding import unreadable
from pipeline.model import (
    Course,
    CourseEvent,
    CourseStep,
    Keyword,
    Polarity,
)
from pipeline.write.drawing import draw
from pipeline.write.explorer import NODES, data_block, network_data
from pipeline.write.headline import finding
from pipeline.write.lines import Line, Lines, Place, Term, part_name
from pipeline.write.parts import (
    environment,
    tint_of,
)
from pipeline.write.tables import LAYERS
from pipeline.write.tone_line import tone_line
from pipeline.write.wording import (
    EVENTS,
    RELATIONS,
    SCRIPTS,
    UNITS,
    ConceptView,
    byline,
    concepts,
    edges_file,
    grouped_edits,
    heading,
    link_finding,
    selection,
    side,
    signed,
    strongest,
    tone,
)

if TYPE_CHECKING:
    from pipeline.analysis import Analysis

# How much of a list a page shows; the rest is in tables/, and the page says so.
_EDGES = 24  # of each of the two kinds
_EDITS = 40
_OUTSIDE = 60  # lines that were not read
_PLACES = 5  # of an edit
_ROWS = 10  # of a table, before the rest is folded
_BRIEF = 5  # keywords of a section in the list of sections
_APART = 1.28  # standard deviations from which a keyword is said to set its section apart
_SURE = 1.96  # from which it is said as sure: less is chance one time in twenty (two-sided, normal)
_SECTIONS = 40  # in the list of sections, before the rest is folded
_DECIDED = 0.5  # probability of the likeliest label below which a sentence is called unsure
_UNSURE = 12  # of these sentences
_LISTED = 600  # sentences up to which each section lists its sentences with their evidence
_EVENT_MARKS: dict[CourseEvent, str] = {"turns": "↻", "fades": "⊣"}
_WIDE = (960.0, 540.0, 26, 45)  # drawing: width, height, nodes, lines
_TALL = (350.0, 480.0, 13, 20)
_COURSES = 40  # links whose course is shown; the first _ROWS of them at once


class ConceptRow(NamedTuple):
    """A concept with its first occurrences; ``share`` is of all mentions."""

    view: ConceptView
    tone: str
    share: float
    places: tuple[Place, ...]


class Stage(NamedTuple):
    """A link within one section: ``note`` says in words what it is like, and what happens to it there; ``href`` leads
    to its first sentence."""

    step: CourseStep
    href: str
    tint: str
    note: str
    marks: str


class CourseRow(NamedTuple):
    """A link along the sections; ``stages`` follow them, None where a section does not hold it."""

    course: Course
    stages: tuple[Stage | None, ...]


class SectionView(NamedTuple):
    """A section as shown.

    Attributes:
        number: its index (its anchor is ``s<number>``); ``href`` leads to its text.
        name: heading, or what stands in for one; ``above``: that of the enclosing section, or empty.
        polarity, tone: of the section; ``own`` says that they are of its own sentences, not of those below it.
        counts: negative, neutral and positive sentences.
        keywords, summary, evidence: as in the analysis; evidence with its share of the score.
        apart: keywords that it uses more than the rest does, most so first.
    """

    number: int
    href: str
    name: str
    above: str
    polarity: Polarity
    tone: str
    own: bool
    counts: tuple[int, int, int]
    keywords: tuple[Term, ...]
    apart: tuple[Keyword, ...]
    summary: tuple[Line, ...]
    evidence: tuple[tuple[Line, float], ...]


class SectionText(NamedTuple):
    """The text of a section, or what a page has of it: its paragraphs, and the index of the sentence that is the
    heading."""

    view: SectionView
    head: int | None
    blocks: tuple[tuple[Line, ...], ...]
    lines: tuple[Line, ...]


def report_pages(analysis: Analysis) -> dict[str, str]:
    """Return the report of one article as HTML pages, by their paths in the article's folder.

    Of most articles that is ``report.html`` alone; the text of a long one (from 30,000 characters) stands in parts of
    its own, ``text/1.html`` and on, to which the report links.

    The same analysis gives the same texts. They hold no character that UTF-8 cannot encode, need no network and no
    other file, and say all they have to say without their script. Their policy lets run that script alone, by its hash.
    """
    lines = Lines(analysis)
    views = _sections(analysis, lines)
    pages = {"report.html": _report(analysis, lines, views)}
    if lines.apart:
        for part, numbers in enumerate(lines.parts, 1):
            pages[part_name(part).removeprefix("./")] = _filled(
                "part.html.j2",
                analysis=analysis,
                part=part,
                parts=len(lines.parts),
                texts=_texts(views, [lines.all[number] for number in numbers]),
                listed=False,
            )
    return pages


def report_html(analysis: Analysis) -> str:
    """Return the report of one article as one HTML page; ``report_pages`` has the text of a long one, too."""
    lines = Lines(analysis)
    return _report(analysis, lines, _sections(analysis, lines))


def _report(analysis: Analysis, lines: Lines, views: Sequence[SectionView]) -> str:
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
    course_sections, courses = _courses(analysis, lines, views)
    return _filled(
        "report.html.j2",
        analysis=analysis,
        byline=byline(analysis.metadata),
        script=SCRIPTS.get(analysis.script),
        finding=finding(analysis),
        characters=sum(map(len, analysis.article.text.split())),
        counts=tuple(sum(view.counts[side] for view in views) for side in range(3)),
        line=tone_line(lines.counted),
        texts=_texts(views, lines.all) if not lines.apart else (),
        parts=_parts(lines, views),
        listed=len(lines.counted) <= _LISTED,
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
        data=data_block(network_data(analysis, lines) if drawings else None),
        edits=[(row, [lines.edited(offset) for offset in row.offsets[:_PLACES]]) for row in grouped_edits(analysis)],
        unreadable=unreadable(analysis.article.text),
        outside=[line for a, b in analysis.outside if any(map(str.isalnum, line := analysis.article.text[a:b]))],
        limits={
            "edits": _EDITS,
            "outside": _OUTSIDE,
            "rows": _ROWS,
            "concepts": _ROWS,
            "nodes": [most for most in (20, 40, 80, 150, NODES) if most == 20 or most < 2 * len(network.nodes)],
            "brief": _BRIEF,
            "sure": _SURE,
            "unsure": _UNSURE,
            "sections": _SECTIONS,
        },
        unsure=_unsure(lines.counted),
        settings=analysis.settings.model_dump(mode="json"),
        tables=LAYERS,
        version=__version__,
    )


def _unsure(lines: Iterable[Line]) -> list[Line]:
    """Return the sentences none of whose labels is more likely than the two others together."""
    found = []
    for line in lines:
        polarity = line.sentence.polarity
        if max(polarity.negative, polarity.neutral, polarity.positive) < _DECIDED:
            found.append(line)
    return found


def _filled(template: str, **values: object) -> str:
    return environment().get_template(template).render(**values)


def _parts(lines: Lines, views: Sequence[SectionView]) -> list[tuple[str, str, str]]:
    """Return the parts of a long text: where each is, and the sections that it begins and ends in."""
    if not lines.apart:
        return []
    return [
        (
            part_name(part),
            views[lines.all[numbers[0]].sentence.section].name,
            views[lines.all[numbers[-1]].sentence.section].name,
        )
        for part, numbers in enumerate(lines.parts, 1)
    ]


def _sections(analysis: Analysis, lines: Lines) -> list[SectionView]:
    inside: dict[int, list[Line]] = defaultdict(list)
    for line in lines.all:
        inside[line.sentence.section].append(line)
    views = []
    page = part_name(1) if lines.apart else ""
    for number, section in enumerate(analysis.sections):
        own = inside[number]
        if own:
            page = own[0].href.partition("#")[0]
        labels = Counter(line.sentence.polarity.label for line in own if line.ordinal and line.number != _head(own))
        evidence = ((lines.find(piece.start), piece.weight) for piece in section.polarity.evidence)
        parent = analysis.sections[section.parent] if section.parent is not None else None
        apart = sorted((word for word in section.keywords if (word.keyness or 0) >= _APART), key=_keyness)
        views.append(
            SectionView(
                number=number,
                href=f"{page}#s{number}",
                name=heading(section, number),
                above=(parent.heading or "") if parent else "",
                polarity=section.polarity,
                tone=tone(section.polarity.label, section.polarity.score),
                own=bool(labels),
                counts=(labels["negative"], labels["neutral"], labels["positive"]),
                keywords=lines.terms(section.keywords),
                apart=tuple(apart[:_BRIEF]),
                summary=tuple(lines.of(section.summary)),
                evidence=tuple((lines.all[at], weight) for at, weight in evidence if at is not None),
            )
        )
    return views


def _keyness(keyword: Keyword) -> tuple[float, str]:
    return -(keyword.keyness or 0.0), keyword.term


def _head(lines: Sequence[Line]) -> int | None:
    """Return the index of the sentence that is the heading of the section whose lines these are."""
    return next((line.number for line in lines[:1] if line.sentence.kind == "heading"), None)


def _texts(views: Sequence[SectionView], lines: Iterable[Line]) -> list[SectionText]:
    """Return the sections with those of their lines that a page has; without those that begin on another page."""
    inside: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        inside[line.sentence.section].append(line)
    if not inside:
        return [SectionText(view, None, (), ()) for view in views]
    texts = []
    for view in views[min(inside) : max(inside) + 1] if views[0].href.startswith(".") else views:
        own = inside[view.number]
        head = _head(own)
        shown = [line for line in own if line.number != head]
        texts.append(SectionText(view, head, _blocks(shown), tuple(line for line in shown if line.ordinal)))
    return texts


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


def _concepts(analysis: Analysis, lines: Lines) -> list[ConceptRow]:
    return [
        ConceptRow(
            view,
            tone(view.label, view.score),
            len(view.mentions) / len(analysis.mentions),
            lines.places((mention.start, mention.end) for mention in view.mentions),
        )
        for view in concepts(analysis)
    ]


def _courses(
    analysis: Analysis, lines: Lines, views: Sequence[SectionView]
) -> tuple[list[SectionView], list[CourseRow]]:
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
            stages[step.section] = Stage(
                step, lines.all[step.sentences[0]].href, tint_of(side(step.tone), step.tone), note, marks
            )
        rows.append(CourseRow(course, tuple(stages.get(view.number) for view in columns)))
    return columns, rows
