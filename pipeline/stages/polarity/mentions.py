"""What a sentence says about one of the things in it: the clauses that hold it, read for themselves."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from pipeline.model import Polarity, Span
from pipeline.stages.polarity.model import PolarityModel
from pipeline.stages.polarity.scoring import Reading, as_words, evidence_of, read, side

BARE = 4
"""Tokens, its comma among them, of a clause that only names its subject (说到品控，): the sentence says the rest."""
APART = 0.5
"""Part of what contrasted clauses have in common that is taken from each."""
# Beside the lexicon's connectives: words that set one subject against another.
_CONTRASTS = frozenset((
    *("但", "但是", "却", "倒", "倒是", "则", "反倒", "反而", "反观", "可惜", "不过", "可是", "然而", "偏偏", "唯独"),
    *("好在", "虽然", "尽管", "虽说", "一边", "只不过"),
))  # fmt: skip
EARLY = 4
"""Tokens of a clause in which a word of contrast sets it against another."""
_FRAMED = frozenset(("condition", "question", "quoted"))


def about(reading: Reading, spans: Sequence[Span], model: PolarityModel) -> tuple[Polarity, ...]:
    """Return the polarity of what a sentence says about each of its source spans.

    The clauses that a span touches are read as a sentence of their own; where they only name their subject, or what
    they say is framed from outside (a condition, a question, a quotation), the sentence's polarity is taken. Where a
    word of contrast opens or lies early in the clauses of several spans, ``APART`` of their mean score is taken from
    each, since what is contrasted leans apart. Where the clauses are the whole sentence, or the
    span lies outside it, the result is the sentence's. The evidence is the sentence's that lies in the clauses, each
    piece with its share of the sentence's score; where there is none, all of the sentence's.

    Args:
        reading: of the sentence, by ``read``.
        spans: source offsets, of the mentions.
        model: the one that read it.
    """
    tokens, bounds = reading.tokens, reading.parse.starts
    words = as_words(tokens)
    size = len(tokens)
    if len(bounds) == 1 or bounds[1] == size:
        return (reading.polarity,) * len(spans)
    bounds = [*bounds, size]
    starts, ends = [token.start for token in tokens], [token.end for token in tokens]
    where: list[tuple[int, int]] = []
    for start, end in spans:
        left, right = bisect_right(ends, start), bisect_left(starts, end)
        inside = left < right
        where.append(
            (bounds[bisect_right(bounds, left) - 1], bounds[bisect_left(bounds, right)]) if inside else (0, size)
        )
    own = [clauses for clauses in dict.fromkeys(where) if clauses != (0, size)]
    said = {(0, size): reading.polarity}
    firsts = [finding.first for finding in reading.parse.findings]
    places = [piece[0] for piece in reading.pieces]
    for (first, last), alone in zip(own, read([tokens[a:b] for a, b in own], model), strict=True):
        # No finding reaches over the bounds of its clause, but a frame may.
        here = reading.parse.findings[bisect_left(firsts, first) : bisect_left(firsts, last)]
        framed = any(finding.frame in _FRAMED for finding in here)
        bare = not here and last - first <= BARE
        value = reading.polarity if framed or bare else alone.polarity
        pieces = reading.pieces[bisect_left(places, first) : bisect_left(places, last)]
        evidence = evidence_of(words, pieces) or reading.polarity.evidence
        said[first, last] = replace(value, label=side(value.score), evidence=evidence)
    if len(own) > 1 and any(token.word in _CONTRASTS for first, _ in own for token in tokens[first : first + EARLY]):
        shift = APART * sum(said[clauses].score for clauses in own) / len(own)
        for clauses in own:
            said[clauses] = _moved(said[clauses], -shift)
    return tuple([said[clauses] for clauses in where])


def _moved(value: Polarity, by: float) -> Polarity:
    """Return a polarity whose score is higher by ``by``, as far as probabilities allow."""
    positive = min(1.0, max(0.0, value.positive + by / 2))
    negative = min(1.0 - positive, max(0.0, value.negative - by / 2))
    score = positive - negative
    neutral = max(0.0, 1.0 - positive - negative)
    return replace(value, label=side(score), score=score, negative=negative, neutral=neutral, positive=positive)
