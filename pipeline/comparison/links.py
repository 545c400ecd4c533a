"""Concepts that stand in one sentence: which articles link them, and whose link it is above all."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.comparison.values import Link, LinkUse
from pipeline.stages.keywords.keyness import log_odds

if TYPE_CHECKING:
    from pipeline.analysis import Analysis


def links(analyses: Sequence[Analysis]) -> tuple[Link, ...]:
    """Return the pairs of concepts that the networks within sentences link, those of most articles first.

    Edges with a key term are left out: a term is a node in the article that it is a keyword of only, so that its
    absence elsewhere would mean nothing. How much an article links a pair more than the others do (``LinkUse.z``) is
    judged by the sentences that hold both, against the sum of these counts over all pairs of concepts of the article
    and of all the others together.
    """
    found: dict[tuple[str, str], list[tuple[int, int, float]]] = defaultdict(list)
    sizes = [0] * len(analyses)
    for number, analysis in enumerate(analyses):
        concepts = {node.name for node in analysis.nodes if node.kind == "concept"}
        for edge in analysis.edges:
            if edge.source in concepts and edge.target in concepts:
                source, target = sorted((edge.source, edge.target))
                found[source, target].append((number, edge.count, edge.tone))
                sizes[number] += edge.count
    both = sum(sizes)
    out = []
    for (source, target), own in found.items():
        total = sum(count for _, count, _ in own)
        tones = [score for *_, score in own]
        uses = tuple(
            LinkUse(
                article=number,
                count=count,
                elsewhere=total - count,
                score=score,
                z=log_odds(count, sizes[number], total - count, both - sizes[number]),
            )
            for number, count, score in own
        )
        out.append(Link(source, target, total, math.fsum(tones) / len(tones), max(tones) - min(tones), uses))
    return tuple(sorted(out, key=lambda link: (-len(link.uses), -link.count, link.source, link.target)))
