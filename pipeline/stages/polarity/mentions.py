"""What a sentence says about one of the things in it: the clauses that hold it, read for themselves."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from pipeline.model import Polarity, Span
from pipeline.stages.polarity.grammar import Mark
from pipeline.stages.polarity.model import PolarityModel
from pipeline.stages.polarity.scoring import Reading, as_words, evidence_of, probabilities, side
from pipeline.stages.tokens import Words

BARE = 4
"""Tokens, its comma among them, of a clause that only names its subject (说到品控，): the sentence says the rest."""
APART = 0.7
"""Part of what contrasted clauses have in common that is taken from each."""
# Beside the lexicon's connectives: words that set one subject against another.
_CONTRASTS = frozenset((
    *("但", "但是", "却", "倒", "倒是", "则", "反倒", "反而", "反观", "可惜", "不过", "可是", "然而", "偏偏", "唯独"),
    *("好在", "虽然", "尽管", "虽说", "一边", "只不过"),
))  # fmt: skip
_PAUSES = frozenset("，,；;：:、—") | {"——"}
EARLY = 4
"""Tokens of a clause in which a word of contrast sets it against another."""
_THAN = frozenset(("比",))
_TOWARDS = "于过如及比给败"
"""What words end in that take the standard of a comparison behind them: 优于, 不如, 败给; not 领先, 超额."""
_NOT = frozenset(("不", "并不", "没", "没有"))
_EVEN = frozenset(("更", "更加", "更为", "还", "还要"))  # 比 A 更差: then A is bad already
STANDARD = 0.7
"""How much the standard of a comparison (比它好) has of the opposite of what the clause says of its subject."""
STANDARD_REACH = 2
"""Tokens from behind 比, 不如, 优于 … to the standard."""
EVEN_REACH = 12
"""Tokens behind 比 in which a 更 stands."""
_FRAMED = frozenset(("condition", "question", "quoted"))


def about(reading: Reading, spans: Sequence[Span], model: PolarityModel) -> tuple[Polarity, ...]:
    """Return the polarity of what a sentence says about each of its source spans.

    The clauses that a span touches are read as a sentence of their own; where they only name their subject, or what
    they say is framed from outside (a condition, a question, a quotation), the sentence's polarity is taken. Where a
    word of contrast opens or lies early in the clauses of several spans, ``APART`` of their mean score is taken from
    each, since what is contrasted leans apart. Where the clauses are the whole sentence, or the
    span lies outside it, the result is the sentence's, which its neighbours may have moved. The evidence is the
    sentence's that lies in the clauses, each piece with its share of the sentence's score; where there is none, all of
    the sentence's. Of the standard of a comparison (比它好, 不如它) the opposite is said, less strongly.

    Args:
        reading: of the sentence, by ``read``.
        spans: source offsets, of the mentions.
        model: the one that read it.
    """
    return about_each([(reading, spans)], model)[0]


def about_each(
    asked: Sequence[tuple[Reading, Sequence[Span]]], model: PolarityModel
) -> tuple[tuple[Polarity, ...], ...]:
    """Return what ``about`` does of many sentences, whose clauses are read together."""
    clauses = [_clauses_of(reading, spans) for reading, spans in asked]
    weighed = iter(probabilities([_as_sentence(one.words, *run) for one in clauses for run in one.alone], model))
    return tuple([_said(one, [next(weighed) for _ in one.alone]) for one in clauses])


class _Clauses(NamedTuple):
    """Which runs of clauses the spans of a sentence touch; runs are of tokens, by first and end."""

    reading: Reading
    words: Words
    firsts: list[int]
    """First token of each span."""
    where: list[tuple[int, int]]
    """Run of each span."""
    own: list[tuple[int, int]]
    """Runs, but for the whole sentence."""
    alone: list[tuple[int, int]]
    """Those of them that are read as a sentence."""


def _clauses_of(reading: Reading, spans: Sequence[Span]) -> _Clauses:
    words = as_words(reading.tokens)
    size = len(words.words)
    bounds = [*reading.parse.starts, size]
    firsts = [bisect_right(words.ends, start) for start, _ in spans]
    where: list[tuple[int, int]] = []
    for first, (_, end) in zip(firsts, spans, strict=True):
        last = bisect_left(words.starts, end)
        inside = first < last
        where.append(
            (bounds[bisect_right(bounds, first) - 1], bounds[bisect_left(bounds, last)]) if inside else (0, size)
        )
    own = [run for run in dict.fromkeys(where) if run != (0, size)]
    beginnings = [finding.first for finding in reading.parse.findings]
    alone: list[tuple[int, int]] = []
    for first, last in own:
        # No finding reaches over the bounds of its clause, but a frame may.
        here = reading.parse.findings[bisect_left(beginnings, first) : bisect_left(beginnings, last)]
        if not any(finding.frame in _FRAMED for finding in here) and (here or last - first > BARE):
            alone.append((first, last))
    return _Clauses(reading, words, firsts, where, own, alone)


def _said(clauses: _Clauses, weighed: Sequence[tuple[float, float, float]]) -> tuple[Polarity, ...]:
    """Return the polarity for each span, from the probabilities of the runs that are read alone."""
    reading, words, firsts, where, own, alone = clauses
    whole = reading.polarity
    # What its neighbours say is not about what it mentions
    own_evidence = tuple([piece for piece in whole.evidence if piece.rule != "context"])
    if len(own_evidence) < len(whole.evidence):
        whole = replace(whole, evidence=own_evidence)
    said = dict.fromkeys([(0, len(words.words)), *own], whole)
    for run, (negative, neutral, positive) in zip(alone, weighed, strict=True):
        score = positive - negative
        said[run] = Polarity(side(score), score, negative, neutral, positive)
    places = [piece[0] for piece in reading.pieces]
    for first, last in own:
        pieces = reading.pieces[bisect_left(places, first) : bisect_left(places, last)]
        value = said[first, last]
        evidence = evidence_of(words, pieces) or own_evidence
        said[first, last] = replace(value, label=side(value.score), evidence=evidence)
    if len(own) > 1 and any(word in _CONTRASTS for first, _ in own for word in words.words[first : first + EARLY]):
        shift = APART * sum(said[run].score for run in own) / len(own)
        for run in own:
            said[run] = _moved(said[run], -shift)
    standards = _standards(words.words, reading.parse.marks)
    return tuple([
        _opposite(said[run]) if standards and _is_standard(standards, words.words, at, run[0]) else said[run]
        for at, run in zip(firsts, where, strict=True)
    ])  # fmt: skip


def _as_sentence(words: Words, first: int, end: int) -> Words:
    """Return a clause as it would stand alone: the model knows no sentence that ends in a comma."""
    own = words.words[first:end]
    if own[-1] in _PAUSES:
        own[-1] = "。"
    return Words(own, words.tags[first:end], words.starts[first:end], words.ends[first:end])


def _standards(words: Sequence[str], marks: Sequence[Mark]) -> dict[int, int]:
    """Return where a comparison names its standard: the token behind 比, 不如, 优于 …, and that of the word itself."""
    found = {
        end: begin
        for begin, end, kind, _ in marks
        if kind == "X" and words[end - 1][-1] in _TOWARDS and words[begin] != "不比"
    }
    for at, word in enumerate(words):
        if word in _THAN and (not at or words[at - 1] not in _NOT):
            window = words[at + 1 : at + 1 + EVEN_REACH]
            stop = next((k for k, other in enumerate(window) if other in _PAUSES), len(window))
            if _EVEN.isdisjoint(window[:stop]):  # 比它更差: it is bad already
                found[at + 1] = at
    return found


def _is_standard(standards: Mapping[int, int], words: Sequence[str], at: int, first: int) -> bool:
    """Tell whether what begins with token ``at``, in clauses from token ``first``, is what something is measured by."""
    if at >= len(words):
        return False
    for behind in range(at, max(first, at - STANDARD_REACH), -1):
        begin = standards.get(behind)
        if begin is not None:
            # 比起它，… at the beginning only sets the topic
            return begin > first or words[begin] in _THAN
    return False


def _opposite(value: Polarity) -> Polarity:
    """Return what is said of the standard of a comparison."""
    positive, negative = STANDARD * value.negative, STANDARD * value.positive
    evidence = [replace(piece, weight=-STANDARD * piece.weight, rule="comparison") for piece in value.evidence]
    score = positive - negative
    return Polarity(side(score), score, negative, max(0.0, 1.0 - positive - negative), positive, tuple(evidence))


def _moved(value: Polarity, by: float) -> Polarity:
    """Return a polarity whose score is higher by ``by``, as far as probabilities allow."""
    positive = min(1.0, max(0.0, value.positive + by / 2))
    negative = min(1.0 - positive, max(0.0, value.negative - by / 2))
    score = positive - negative
    neutral = max(0.0, 1.0 - positive - negative)
    return replace(value, label=side(score), score=score, negative=negative, neutral=neutral, positive=positive)
