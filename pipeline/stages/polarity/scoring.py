"""Sentences to polarities: the model applied, its evidence, and aggregates."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from pipeline.model import UNSCORED, Evidence, Label, Polarity, Sentence, Span, Token
from pipeline.stages.polarity.features import (
    BITS,
    FINDING_SCALE,
    START,
    attribute,
    character_pairs,
    dense,
    finding_ngrams,
    mask,
    norm,
    symbols,
)
from pipeline.stages.polarity.grammar import Finding, Frame, Parse, Place, parse
from pipeline.stages.polarity.model import Pair, PolarityModel

EVIDENCE = 6
"""Most pieces of evidence a sentence keeps."""
LEAST = 0.02
"""Smallest share of the score that is worth showing."""
AGGREGATE_MARGIN = 0.1
"""An aggregate is neutral where |score| is not above this, as a mention is."""

# Gauss-Legendre on [0, 1] with three points: exact for polynomials of degree 5, and the path is smooth.
_PATH = ((0.1127016653792583, 5 / 18), (0.5, 8 / 18), (0.8872983346207417, 5 / 18))

SENTENCE_SAYS = 0.05
"""What the sentence counts for beside the clauses of a mention; a plain evaluation in these counts 1."""
NOUN_SAYS = 0.02
_BARE = frozenset(("good noun", "bad noun"))
# Tags of words that an analyst would mark: adjectives, verbs, nouns, adverbs, idioms, distinguishing words.
_CONTENT = frozenset("avndilbz")


Piece = tuple[int, int, float, str]
"""A candidate for evidence: first token, end, share of the score, rule."""


class Reading(NamedTuple):
    """A sentence as the model has read it.

    Attributes:
        tokens: as given.
        masked: the word of each as the n-grams read it.
        pointed: how far the sentence reads like a single remark, in [0, 1].
        weights: of the n-grams and patterns, each given to a token that it lies on.
        parse: of the grammar.
        pieces: candidates for evidence, by first token.
        polarity: of the sentence.
    """

    tokens: Sequence[Token]
    masked: list[str]
    pointed: float
    weights: list[Pair]
    parse: Parse
    pieces: list[Piece]
    polarity: Polarity


def read(sentences: Sequence[Sequence[Token]], model: PolarityModel) -> tuple[Reading, ...]:
    """Return sentences as the model reads them; ``score`` tells of their polarity.

    Step by step for all of them: each step has its own large table, which then stays in the processor's cache.
    """
    words = [[token.word for token in tokens] for tokens in sentences]
    parsed = [parse(own, model.lexicon) for own in words]
    masked = [mask(tokens, model.lexicon.entries) for tokens in sentences]
    weighed = [_word_weights(own, model) for own in masked]
    for own, said, (weights, pointed) in zip(words, parsed, weighed, strict=True):
        _add_patterns(own, said, weights, pointed, model)
    found = [
        _weigh_findings(said.findings, seen, pointed, model)
        for said, seen, (_, pointed) in zip(parsed, masked, weighed, strict=True)
    ]
    return tuple(
        [
            _judge(Reading(tokens, seen, pointed, weights, said, [], UNSCORED), sums, model)
            for tokens, seen, (weights, pointed), said, sums in zip(
                sentences, masked, weighed, parsed, found, strict=True
            )
        ]
    )


def _judge(reading: Reading, found: tuple[Pair, list[Pair]], model: PolarityModel) -> Reading:
    """Return the reading with its polarity and the pieces of evidence; ``found`` as ``_weigh_findings`` gives it."""
    tokens, masked, pointed, weights, parsed, _, _ = reading
    if not any(token.word[:1].isalnum() for token in tokens):
        return Reading(tokens, masked, pointed, [0j] * len(tokens), Parse([], [0], []), [], UNSCORED)
    logits, by_finding = found
    logits += sum(weights)
    heat = 1.0 / model.temperature
    start, path = heat * (model.bias[0] + pointed * model.bias[1]), heat * logits
    slope = heat * _slope(start, path)
    pieces = _pieces(
        parsed.findings,
        [(slope * weight).real for weight in by_finding],
        tokens,
        masked,
        [share.real for share in [slope * weight for weight in weights]],
    )
    positive, negative = _softmax(start + path)
    neutral = max(0.0, 1.0 - positive - negative)
    label = _label(negative, neutral, positive, model)
    said = Polarity(label, positive - negative, negative, neutral, positive, _evidence(tokens, pieces))
    return Reading(tokens, masked, pointed, weights, parsed, pieces, said)


def score(sentences: Sequence[Sequence[Token]], model: PolarityModel) -> tuple[Polarity, ...]:
    """Return the polarity of each sentence, from its tokens alone.

    ``score`` is P(positive) - P(negative) in [-1, 1], after temperature scaling (Guo et al. 2017). ``label`` is the
    class of least expected cost, where good taken for bad or bad for good costs ``model.caution`` and a mistake about
    neutral costs 1, with the probabilities multiplied by ``model.prior``. A sentence without words is neutral.

    The evidence explains the score by integrated gradients (Sundararajan et al. 2017) along the straight path from the
    bare bias to the sentence, so that the shares of all its features add up to score(sentence) - score(bias): findings
    of the grammar under their rule, with the n-grams within them, and other content words by their n-grams, as
    ``"n-gram"``. The strongest ``EVIDENCE`` that reach ``LEAST`` are kept.
    """
    return tuple([reading.polarity for reading in read(sentences, model)])


def _weigh_findings(
    findings: Sequence[Finding], masked: Sequence[str], pointed: float, model: PolarityModel
) -> tuple[Pair, list[Pair]]:
    """Return what the findings add to the logits, together and each."""
    rates: dict[int, Pair] = {}
    weights = model.dense
    for index, value, total in dense(findings):
        general, more = weights[index]
        rates[index] = value / total * (general + pointed * more)
    by_finding = attribute(findings, rates)
    get = model.findings.get
    for key, value, k in finding_ngrams(findings, masked):
        found = get(key)
        if found is not None:
            by_finding[k] += FINDING_SCALE * value * (found[0] + pointed * found[1])
    return sum(by_finding), by_finding


def _slope(start: Pair, path: Pair) -> Pair:
    """Return the mean slope of P(positive) - P(negative) along a path of logits.

    The share of a part of the path is the real part of its product with this.
    """
    to_positive = to_negative = 0.0
    for t, w in _PATH:
        p, q = _softmax(start + t * path)
        to_positive += w * p * (1.0 - p + q)
        to_negative -= w * q * (1.0 + p - q)
    return complex(to_positive, -to_negative)


def _word_weights(masked: Sequence[str], model: PolarityModel) -> tuple[list[Pair], float]:
    """Return for each token the weights of its word, half of those of the pairs of words that it is in, and those of
    the pairs of characters that end in it; and how pointed the sentence is."""
    text = START + "".join(masked)
    scale = norm(len(text))
    hits = [*map(model.words.get, masked)]
    bias, slope = model.register
    register = bias + slope * math.log(len(text)) + scale * sum([hit[2] for hit in hits if hit is not None])
    pointed = 1.0 / (1.0 + math.exp(-register))
    weights = [0j] * len(masked)
    get = model.words.get
    before, before_at = "", 0
    for at, hit in enumerate(hits):
        word = masked[at]
        if hit is None:
            if word:
                before = ""
            continue
        weights[at] += hit[0] + pointed * hit[1]
        if before:
            pair = get(f"{before} {word}")
            if pair is not None:
                half = 0.5 * (pair[0] + pointed * pair[1])
                weights[before_at] += half
                weights[at] += half
        before, before_at = word, at
    owner = [k for k, word in enumerate(masked) for _ in word]
    for at, found in zip(owner, map(model.characters.get, character_pairs(text)), strict=True):
        if found is not None:
            weights[at] += found
    return [scale * weight for weight in weights], pointed


def _add_patterns(
    words: Sequence[str], parsed: Parse, weights: list[Pair], pointed: float, model: PolarityModel
) -> None:
    """Add the weights of the patterns, each at the token that it is shown at."""
    if not words:
        return
    numbers, places = symbols(words, parsed.marks, model.particles)
    scale = norm(len(numbers))
    get = model.patterns.get
    numbers += (0, 0, 0)  # no pattern holds the number 0, so that one that would run over the end is not found
    for i in range(len(places) - 1):
        # A pattern of the model has its beginnings in the model too.
        key = numbers[i] << BITS | numbers[i + 1]
        found = get(key)
        if found is not None:
            weights[places[i + found[2]]] += scale * (found[0] + pointed * found[1])
            key = key << BITS | numbers[i + 2]
            found = get(key)
            if found is not None:
                weights[places[i + found[2]]] += scale * (found[0] + pointed * found[1])
                found = get(key << BITS | numbers[i + 3])
                if found is not None:
                    weights[places[i + found[2]]] += scale * (found[0] + pointed * found[1])


def _softmax(logits: complex) -> tuple[float, float]:
    """Return the probabilities of positive and negative, the logit of neutral being 0."""
    a, b = logits.real, logits.imag
    top = max(a, b, 0.0)
    x, y = math.exp(a - top), math.exp(b - top)
    total = x + y + math.exp(-top)
    return x / total, y / total


def _label(negative: float, neutral: float, positive: float, model: PolarityModel) -> Label:
    low, middle, high = model.prior
    low, middle, high = low * negative, middle * neutral, high * positive
    # The least expected cost: between good and bad a mistake costs ``caution``, next to neutral it costs 1.
    as_low, as_middle, as_high = middle + model.caution * high, low + high, middle + model.caution * low
    if as_middle <= as_low and as_middle <= as_high:
        return "neutral"
    return "positive" if as_high < as_low else "negative"


def _pieces(
    findings: Sequence[Finding],
    shares_of_findings: Sequence[float],
    tokens: Sequence[Token],
    masked: Sequence[str],
    shares_of_tokens: list[float],
) -> list[Piece]:
    pieces: list[Piece] = []
    # What the n-grams say about the words of a finding goes into its piece: a word is shown once.
    for (first, end, _, rule, _, frame, place), weight in zip(findings, shares_of_findings, strict=True):
        for k in range(first, end):
            weight += shares_of_tokens[k]
            shares_of_tokens[k] = 0.0
        if weight >= LEAST or weight <= -LEAST:
            pieces.append((first, end, weight, _rule_name(rule, frame, place)))
    for k, weight in enumerate(shares_of_tokens):
        if (weight >= LEAST or weight <= -LEAST) and len(masked[k]) > 1 and tokens[k].pos[:1] in _CONTENT:
            pieces.append((k, k + 1, weight, "n-gram"))
    pieces.sort()
    return pieces


def _evidence(tokens: Sequence[Token], pieces: Sequence[Piece]) -> tuple[Evidence, ...]:
    """Return the strongest pieces."""
    out = []
    # Rounded, so that equal shares stand in the order of the text.
    order = sorted([(-round(abs(piece[2]), 9), k) for k, piece in enumerate(pieces)])
    for _, k in order[:EVIDENCE]:
        first, end, weight, rule = pieces[k]
        head = tokens[first]
        if end - first == 1:
            out.append(Evidence(head.word, head.start, head.end, weight, rule))
        else:
            text = "".join([token.word for token in tokens[first:end]])
            out.append(Evidence(text, head.start, tokens[end - 1].end, weight, rule))
    return tuple(out)


def _rule_name(rule: str, frame: Frame, place: Place) -> str:
    if frame != "fact":
        rule += f", {frame}"
    if place != "plain":
        rule += f", {place}"
    return rule


def about(reading: Reading, spans: Sequence[Span], model: PolarityModel) -> tuple[Polarity, ...]:
    """Return the polarity of what a sentence says about each of its source spans.

    The clauses that a span touches are judged by what the model saw in them as it read the sentence: the n-grams whose
    middle lies there and the grammar's findings, each for itself, whatever its clause concedes to another. The result
    is drawn towards the sentence's where these clauses say little: their weight is k / (k + ``SENTENCE_SAYS``), k the
    sum of the sizes of the findings, where a noun that stands alone counts ``NOUN_SAYS`` times. Where the clauses are
    the whole sentence, or the span lies outside it, the result is the sentence's. The evidence is the sentence's that
    lies in the clauses, each piece with its share of the sentence's score; where there is none, all of the sentence's.

    Args:
        reading: of the sentence, by ``read``.
        spans: source offsets, of the mentions.
        model: the one that read it.
    """
    tokens, bounds = reading.tokens, reading.parse.starts
    size = len(tokens)
    if len(bounds) == 1 or bounds[1] == size:
        return (reading.polarity,) * len(spans)
    bounds = [*bounds, size]
    starts, ends = [token.start for token in tokens], [token.end for token in tokens]
    firsts = [f.first for f in reading.parse.findings]
    places = [piece[0] for piece in reading.pieces]
    known: dict[tuple[int, int], Polarity] = {(0, size): reading.polarity}
    out: list[Polarity] = []
    for start, end in spans:
        left, right = bisect_right(ends, start), bisect_left(starts, end)
        if left >= right:
            out.append(reading.polarity)
            continue
        clauses = bounds[bisect_right(bounds, left) - 1], bounds[bisect_left(bounds, right)]
        said = known.get(clauses)
        if said is None:
            # No finding reaches over the bounds of its clause.
            first, last = clauses
            findings = reading.parse.findings[bisect_left(firsts, first) : bisect_left(firsts, last)]
            pieces = reading.pieces[bisect_left(places, first) : bisect_left(places, last)]
            said = known[clauses] = _of_clauses(reading, findings, pieces, first, last, model)
        out.append(said)
    return tuple(out)


def _of_clauses(
    reading: Reading, findings: list[Finding], pieces: Sequence[Piece], first: int, last: int, model: PolarityModel
) -> Polarity:
    tokens, masked, pointed, weights, _, _, sentence = reading
    if not findings:  # they say nothing: what the sentence says, with what of its evidence lies here
        evidence = _evidence(tokens, pieces) or sentence.evidence
        return replace(sentence, label=_side(sentence.score), evidence=evidence)
    said = 0.0
    for k, f in enumerate(findings):
        if f.place != "plain":
            findings[k] = f._replace(place="plain")
        said += abs(f.value) * (NOUN_SAYS if f.rule in _BARE else 1.0)
    logits, _ = _weigh_findings(findings, masked, pointed, model)
    # What is said in fewer characters counts for more
    shorter = norm(len(START) + len("".join(masked[first:last]))) / norm(len(START) + len("".join(masked)))
    logits += shorter * sum(weights[first:last])
    positive, negative = _softmax((model.bias[0] + pointed * model.bias[1] + logits) / model.temperature)
    w = said / (said + SENTENCE_SAYS)
    neutral = w * max(0.0, 1.0 - positive - negative) + (1.0 - w) * sentence.neutral
    positive = w * positive + (1.0 - w) * sentence.positive
    negative = w * negative + (1.0 - w) * sentence.negative
    value = positive - negative
    evidence = _evidence(tokens, pieces) or sentence.evidence
    return Polarity(_side(value), value, negative, neutral, positive, evidence)


def _side(value: float) -> Label:
    return "positive" if value > AGGREGATE_MARGIN else "negative" if value < -AGGREGATE_MARGIN else "neutral"


def aggregate(parts: Sequence[tuple[Sentence, Polarity]]) -> Polarity:
    """Return the polarity of a section or an article from its sentences; headings and code do not count.

    Probabilities are the mean of the sentences', each weighed by sqrt(characters) and by its largest probability, so
    that neither one long sentence nor a guess rules. The label is positive where the score, rounded to two digits, is
    above ``AGGREGATE_MARGIN``, negative below its opposite. The evidence are the three sentences with the largest
    |weight x score|, each with its share of the aggregate's score.
    """
    used = [(s, p) for s, p in parts if s.is_prose and p != UNSCORED]
    weights = [math.sqrt(max(1, len(s.plain))) * max(p.negative, p.neutral, p.positive) for s, p in used]
    total = sum(weights)
    if not total:
        return UNSCORED
    negative = sum(w * p.negative for w, (_, p) in zip(weights, used, strict=True)) / total
    neutral = sum(w * p.neutral for w, (_, p) in zip(weights, used, strict=True)) / total
    positive = sum(w * p.positive for w, (_, p) in zip(weights, used, strict=True)) / total
    shares = sorted(
        ((w * p.score / total, s) for w, (s, p) in zip(weights, used, strict=True)),
        key=lambda pair: (-abs(pair[0]), pair[1].start),
    )
    evidence = tuple(Evidence(s.plain, s.start, s.end, share, "sentence") for share, s in shares[:3])
    value = positive - negative
    # By the score as it is shown, so that the same figure never has two labels
    return Polarity(_side(round(value, 2)), value, negative, neutral, positive, evidence)


def mean(parts: Sequence[Polarity]) -> Polarity:
    """Return the plain mean of polarities, as of a concept over its mentions, with the strongest of their evidence."""
    if not parts:
        return UNSCORED
    n = len(parts)
    negative, neutral, positive = (
        sum(p.negative for p in parts) / n,
        sum(p.neutral for p in parts) / n,
        sum(p.positive for p in parts) / n,
    )
    evidence = sorted((e for p in parts for e in p.evidence), key=lambda e: (-abs(e.weight), e.start))[:EVIDENCE]
    value = positive - negative
    return Polarity(_side(value), value, negative, neutral, positive, tuple(evidence))


def score_snownlp(texts: Sequence[str]) -> tuple[Polarity, ...]:
    """Return SnowNLP's view, for comparison: its probability p of a positive review maps to the score 2p - 1.

    SnowNLP knows no neutral; here |score| <= 0.1 is labelled so. No evidence: it gives none.
    """
    from snownlp import SnowNLP

    out: list[Polarity] = []
    for text in texts:
        if not text.strip():
            out.append(UNSCORED)
            continue
        p = float(SnowNLP(text).sentiments)
        value = 2.0 * p - 1.0
        out.append(Polarity(_side(value), value, 1.0 - p, 0.0, p))
    return tuple(out)
