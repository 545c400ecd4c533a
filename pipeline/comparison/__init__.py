"""Articles side by side: what they share, what sets each apart, and which are alike.

What is compared is what the analyses hold: keywords, mentions, the networks and the polarity of sentences. Terms are
looked for among the keywords of all articles and of their sections (``terms``), so no list of stop words is needed.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.comparison.links import links
from pipeline.comparison.nearest import nearest
from pipeline.comparison.terms import SIGNIFICANT, count_terms, distinctive, keyness
from pipeline.comparison.values import (
    SPECIAL,
    ArticleProfile,
    Comparison,
    ComparisonLayer,
    ConceptUse,
    Link,
    LinkUse,
    Neighbour,
    Reason,
    SectionScore,
    SharedConcept,
    Term,
)
from pipeline.smoothing import reach_of, smoothed, spaced

if TYPE_CHECKING:
    from pipeline.analysis import Analysis

__all__ = [
    "SIGNIFICANT",
    "SPECIAL",
    "ArticleProfile",
    "Comparison",
    "ComparisonLayer",
    "ConceptUse",
    "Link",
    "LinkUse",
    "Neighbour",
    "Reason",
    "SectionScore",
    "SharedConcept",
    "Term",
    "characters",
    "compare",
    "keyness",
]


_TONE_POINTS = 60  # of an article's line: more than a small picture can show


def compare(analyses: Sequence[Analysis], *, terms: int = 8, neighbours: int = 5) -> Comparison:
    """Set articles side by side.

    Made for two to fifty articles; the time grows with the square of their number. The order of the articles is that of
    the result and changes nothing else.

    Args:
        analyses: at least one; the same one twice is allowed.
        terms: at most so many terms that set an article apart.
        neighbours: at most so many articles that are most like one.

    Returns:
        The comparison; with one article nothing is shared, nothing sets it apart and nothing is near.

    Raises:
        ValueError: there is nothing to compare, or ``terms`` or ``neighbours`` is negative.
    """
    if not analyses:
        raise ValueError("nothing to compare: give at least one analysis")
    for name, value in (("terms", terms), ("neighbours", neighbours)):
        if value < 0:
            raise ValueError(f"{name} must be 0 or more, not {value}")
    counted = count_terms(analyses)
    apart = distinctive(counted, terms)
    near = nearest(analyses, counted, neighbours)
    uses = _uses(analyses)
    return Comparison(
        articles=tuple(_profile(*parts) for parts in zip(analyses, apart, near, strict=True)),
        concepts=tuple(use for group in uses.values() for use in group),
        shared=tuple(_shared(name, group) for name, group in uses.items() if len(group) > 1),
        links=links(analyses),
    )


def _profile(analysis: Analysis, apart: tuple[Term, ...], near: tuple[Neighbour, ...]) -> ArticleProfile:
    prose = [sentence for sentence in analysis.sentences if sentence.is_prose]
    labels = Counter(sentence.polarity.label for sentence in prose)
    sentences = len(prose)
    scores = [sentence.polarity.score for sentence in prose]
    places = sorted(sentence.section for sentence in prose)
    return ArticleProfile(
        title=analysis.title,
        name=analysis.article.name,
        characters=characters(analysis.article.text),
        sections=len(analysis.sections),
        sentences=sentences,
        score=analysis.polarity.score,
        label=analysis.polarity.label,
        negative=labels["negative"] / max(1, sentences),
        neutral=labels["neutral"] / max(1, sentences),
        positive=labels["positive"] / max(1, sentences),
        keywords=tuple(keyword.term for keyword in analysis.keywords),
        course=tuple(SectionScore(s.heading, s.polarity.score, s.polarity.label) for s in analysis.sections),
        mentions=len(analysis.mentions),
        distinctive=apart,
        nearest=near,
        tone=tuple(smoothed(scores, reach_of(sentences), spaced(sentences, _TONE_POINTS))),
        starts=tuple(bisect_left(places, number) / max(1, sentences) for number in range(len(analysis.sections))),
    )


def characters(text: str) -> int:
    """Return the length of a text as Chinese editors count it: without white space."""
    return sum(map(len, text.split()))


def _uses(analyses: Sequence[Analysis]) -> dict[str, list[ConceptUse]]:
    """Return the uses of each concept by article: concepts of most articles first, then the most mentioned."""
    uses: dict[str, list[ConceptUse]] = defaultdict(list)
    for number, analysis in enumerate(analyses):
        scores: dict[str, list[float]] = defaultdict(list)
        for mention in analysis.mentions:
            scores[mention.concept].append(mention.polarity.score)
        for concept, values in scores.items():
            share = len(values) / len(analysis.mentions)
            uses[concept].append(ConceptUse(number, concept, len(values), share, math.fsum(values) / len(values)))
    order = sorted(uses, key=lambda name: (-len(uses[name]), -sum(use.mentions for use in uses[name]), name))
    return {name: uses[name] for name in order}


def _shared(concept: str, uses: Sequence[ConceptUse]) -> SharedConcept:
    scores = [use.score for use in uses]
    return SharedConcept(
        concept=concept,
        articles=len(uses),
        mentions=sum(use.mentions for use in uses),
        score=math.fsum(scores) / len(scores),
        spread=max(scores) - min(scores),
    )
