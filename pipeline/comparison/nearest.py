"""Which articles are most alike, and in what."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.comparison.terms import Counted, join_key
from pipeline.comparison.values import Neighbour, Reason

if TYPE_CHECKING:
    from pipeline.analysis import Analysis

# A concept (True) or a term (False), by its name or key
_Feature = tuple[bool, str]
_Vector = dict[_Feature, float]

# Of what two articles have in common so much is named
_REASONS = 6


def nearest(analyses: Sequence[Analysis], counted: Counted, limit: int) -> list[tuple[Neighbour, ...]]:
    """Return for each article those that are most like it, nearest first: ``limit`` at most.

    An article is a vector of what it speaks of: the concepts, by mentions, and the terms of ``counted``, by
    occurrences. A term that names a concept is counted with the concept alone. A weight is
    ``(1 + ln count) · (1 + ln((1 + N) / (1 + n)))`` with N articles, n of which have it: the logarithm of the counts
    (Salton & Buckley 1988), since the tenth mention says less than the first; the inverse document frequency (Spärck
    Jones 1972), since what all have tells nothing apart, smoothed so that two articles with the same words are alike
    and not without any weight. Similarity is the cosine of two vectors. What a concept or term has in it is the product
    of its two weights, divided by both lengths; a reason's ``share`` is that of the similarity.

    Length, order and tone of the articles have no part in it. Adding an article changes the weights, and so the
    similarities of the others a little.
    """
    vectors = _vectors(analyses, counted)
    # Sums are exact before they are rounded (fsum), so that the order of the articles moves no digit
    lengths = [math.sqrt(math.fsum(weight * weight for weight in vector.values())) for vector in vectors]
    similar: dict[tuple[int, int], float] = {}
    parts: dict[tuple[int, int], list[tuple[float, _Feature]]] = {}
    for one, first in enumerate(vectors):
        for other in range(one):
            second = vectors[other]
            products = [(first[feature] * second[feature], feature) for feature in first.keys() & second.keys()]
            if products:
                total = math.fsum(product for product, _ in products)
                similar[one, other] = similar[other, one] = min(1.0, total / (lengths[one] * lengths[other]))
                parts[one, other] = parts[other, one] = products
    found = []
    for one, spelling in enumerate(counted.spelling):
        others = [other for other in range(len(analyses)) if (one, other) in similar]
        others.sort(key=lambda other: (-similar[one, other], analyses[other].article.name, other))
        found.append(
            tuple(
                Neighbour(other, similar[one, other], _reasons(parts[one, other], spelling)) for other in others[:limit]
            )
        )
    return found


def _vectors(analyses: Sequence[Analysis], counted: Counted) -> list[_Vector]:
    names = {join_key(mention.alias, analysis.script) for analysis in analyses for mention in analysis.mentions}
    names |= {mention.concept.casefold() for analysis in analyses for mention in analysis.mentions}
    counts: list[dict[_Feature, int]] = []
    for analysis, terms in zip(analyses, counted.counts, strict=True):
        own: dict[_Feature, int] = {(False, term): count for term, count in terms.items() if term not in names}
        concepts = Counter(mention.concept for mention in analysis.mentions)
        own |= {(True, name): count for name, count in concepts.items()}
        counts.append(own)
    spread = Counter(feature for own in counts for feature in own)
    rarity = {feature: 1 + math.log((1 + len(counts)) / (1 + number)) for feature, number in spread.items()}
    return [{feature: (1 + math.log(count)) * rarity[feature] for feature, count in own.items()} for own in counts]


def _reasons(products: Sequence[tuple[float, _Feature]], spelling: dict[str, str]) -> tuple[Reason, ...]:
    total = math.fsum(product for product, _ in products)
    strongest = sorted(products, key=lambda part: (-part[0], not part[1][0], part[1][1]))[:_REASONS]
    return tuple(
        Reason(name if is_concept else spelling[name], "concept" if is_concept else "term", product / total)
        for product, (is_concept, name) in strongest
    )
