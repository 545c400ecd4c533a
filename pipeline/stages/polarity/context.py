"""What the sentences beside a sentence add to its polarity.

Authors stay with a subject for a while: next to a complaint stands a complaint. In an article the logits of a sentence
take a part of those of the two sentences before and the two after it in its section (as the features of a linear chain
do, without its search).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from pipeline.model import UNSCORED, Polarity
from pipeline.stages.polarity.model import PolarityModel
from pipeline.stages.polarity.scoring import choose, softmax

WEIGHTS = {-2: 0.08, -1: 0.17, 1: 0.16, 2: 0.07}
"""Part of a neighbour's logits, by its place; fitted by cross-validation on sentences in runs, split by article."""
FLOOR = 1e-6
"""Least probability that is reckoned with, so that logits stay finite."""


def in_context(scores: Sequence[Polarity], sections: Sequence[int], model: PolarityModel) -> tuple[Polarity, ...]:
    """Return the polarities of an article's sentences, each seen among its neighbours.

    Labels are chosen anew; the evidence stays what the sentence itself says. A sentence without words stays neutral and
    adds nothing.

    Args:
        scores: of each sentence alone, in order.
        sections: of each sentence, by number; only sentences of the same one are neighbours.
        model: the one that scored them.
    """
    logits = [complex(_logit(p.positive, p.neutral), _logit(p.negative, p.neutral)) for p in scores]
    out: list[Polarity] = []
    for i, own in enumerate(scores):
        if own == UNSCORED:
            out.append(own)
            continue
        z = logits[i]
        for step, weight in WEIGHTS.items():
            j = i + step
            if 0 <= j < len(scores) and sections[j] == sections[i] and scores[j] != UNSCORED:
                z += weight * logits[j]
        positive, negative = softmax(z)
        neutral = max(0.0, 1.0 - positive - negative)
        out.append(
            replace(
                own,
                label=choose(negative, neutral, positive, model),
                score=positive - negative,
                negative=negative,
                neutral=neutral,
                positive=positive,
            )
        )
    return tuple(out)


def _logit(p: float, neutral: float) -> float:
    return math.log(max(FLOOR, p) / max(FLOOR, neutral))
