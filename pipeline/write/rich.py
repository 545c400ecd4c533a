"""What values look like in a notebook (``_repr_html_``): a fragment of HTML each, in Chinese, that needs nothing else.

A fragment has neither script nor id nor link; its style binds what stands inside of it alone, and takes ink and ground
from the notebook, light or dark. The words of articles are escaped and shown as everywhere (``parts.environment``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from pipeline.model import Label, Network, Polarity, Section, Sentence
from pipeline.write.headline import finding
from pipeline.write.parts import (
    LEAST_MENTIONS,
    cell_of,
    curve_of,
    environment,
    evidence_marks,
    pieces_of,
    scale_of,
    telling,
    titles,
)
from pipeline.write.wording import UNITS, byline, comparison_finding, concepts, heading, side

if TYPE_CHECKING:
    from pipeline.analysis import Analysis
    from pipeline.comparison import Comparison

# What a fragment shows of a list; it says how many there are beyond
_SECTIONS = 30
_CONCEPTS = 24
_EDGES = 20
_ARTICLES = 50
_COLUMNS = 14


class SectionRow(NamedTuple):
    """A section as a row: ``counts`` are its negative, neutral and positive sentences; all 0 where it only encloses."""

    name: str
    depth: int
    polarity: Polarity
    counts: tuple[int, int, int]
    keywords: tuple[str, ...]
    summary: str


def analysis_html(analysis: Analysis) -> str:
    """Return an analysis as a fragment: the finding, the sections with their scores, the concepts."""
    labels: dict[int, Counter[Label]] = defaultdict(Counter)
    for sentence in analysis.sentences:
        if sentence.is_prose:
            labels[sentence.section][sentence.polarity.label] += 1
    rows = [
        SectionRow(
            heading(section, number),
            section.level,
            section.polarity,
            (labels[number]["negative"], labels[number]["neutral"], labels[number]["positive"]),
            tuple(keyword.term for keyword in section.keywords[:5]),
            section.summary[0].plain if section.summary else "",
        )
        for number, section in enumerate(analysis.sections[:_SECTIONS])
    ]
    views = concepts(analysis)
    return _render(
        "analysis",
        title=analysis.title,
        byline=byline(analysis.metadata),
        finding=finding(analysis),
        rows=rows,
        more_rows=len(analysis.sections) - len(rows),
        concepts=[(view, cell_of(len(view.mentions), 0.0, view.score)) for view in views[:_CONCEPTS]],
        more_concepts=max(0, len(views) - _CONCEPTS),
        least=LEAST_MENTIONS,
    )


def section_html(section: Section) -> str:
    """Return a section as a fragment: its score, the sentences that decided it, keywords and summary."""
    return _render("section", name=heading(section, 0), section=section)


def sentence_html(sentence: Sentence) -> str:
    """Return a sentence as a fragment: its words with those marked that decided the score, and their weights."""
    marks = evidence_marks(sentence, telling(sentence.polarity))
    return _render("sentence", sentence=sentence, pieces=pieces_of(sentence.plain, (marks,)))


def network_html(network: Network) -> str:
    """Return the strongest edges of a network as a fragment."""
    return _render(
        "network",
        network=network,
        unit=UNITS[network.unit],
        edges=[(edge, side(edge.tone)) for edge in network.edges[:_EDGES]],
        more=max(0, len(network.edges) - _EDGES),
    )


def comparison_html(comparison: Comparison) -> str:
    """Return a comparison as a fragment: the articles side by side, and the concepts of each with their tone."""
    shown = comparison.articles[:_ARTICLES]
    scale = scale_of(comparison)
    names = list(dict.fromkeys(use.concept for use in comparison.concepts))
    cells = {(use.article, use.concept): cell_of(use.mentions, use.share, use.score) for use in comparison.concepts}
    return _render(
        "comparison",
        finding=comparison_finding(comparison),
        rows=[
            (title, article, curve_of(article, scale), [cells.get((number, name)) for name in names[:_COLUMNS]])
            for number, (title, article) in enumerate(zip(titles(comparison), shown, strict=False))
        ],
        more=len(comparison.articles) - len(shown),
        concepts=names[:_COLUMNS],
        more_concepts=max(0, len(names) - _COLUMNS),
        least=LEAST_MENTIONS,
    )


def _render(what: str, **values: object) -> str:
    return environment().get_template("rich.html.j2").render(what=what, **values)
