"""Sentences to polarities: the model applied, its evidence, and aggregates."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from math import exp
from typing import NamedTuple

from pipeline.model import UNSCORED, Evidence, Label, Polarity, Sentence, Token
from pipeline.stages.polarity.features import (
    BITS,
    FINDING_SCALE,
    START,
    attribute,
    character_pairs,
    dense,
    finding_ngrams,
    mask_operators,
    mask_words,
    norm,
    symbols,
)
from pipeline.stages.polarity.grammar import Finding, Frame, Parse, Place, parse
from pipeline.stages.polarity.model import Pair, PolarityModel
from pipeline.stages.tokens import Words

EVIDENCE = 6
"""Most pieces of evidence a sentence keeps."""
BATCH = 512
"""Sentences that are read together."""
_LARGE = 500.0
"""Logits beyond which their exponential may be none of a float."""
LEAST = 0.02
"""Smallest share of the score that is worth showing."""
AGGREGATE_MARGIN = 0.1
"""An aggregate is neutral where |score| is not above this, as a mention is."""

# Gauss-Legendre on [0, 1] with three points: exact for polynomials of degree 5, and the path is smooth.
_PATH = ((0.1127016653792583, 5 / 18), (0.5, 8 / 18), (0.8872983346207417, 5 / 18))

# Tags of words that an analyst would mark: adjectives, verbs, nouns, adverbs, idioms, distinguishing words.
_CONTENT = frozenset("avndilbz")


Piece = tuple[int, int, float, str]
"""A candidate for evidence: first token, end, share of the score, rule."""


class Reading(NamedTuple):
    """A sentence as the model has read it.

    Attributes:
        tokens: as given.
        pointed: how far the sentence reads like a single remark, in [0, 1].
        parse: of the grammar.
        pieces: candidates for evidence, by first token.
        polarity: of the sentence.
    """

    tokens: Sequence[Token]
    pointed: float
    parse: Parse
    pieces: list[Piece]
    polarity: Polarity


class _Weighed(NamedTuple):
    """A sentence, and what its parts add to the logits: each finding, each token by its n-grams, and all of them."""

    words: Words
    masked: list[str]
    pointed: float
    parse: Parse
    by_finding: list[Pair]
    by_token: list[Pair]
    logits: Pair


def read(
    sentences: Sequence[Sequence[Token]], model: PolarityModel, *, passages: Sequence[int] | None = None
) -> tuple[Reading, ...]:
    """Return sentences as the model reads them; ``score`` tells of their polarity.

    Args:
        sentences: the tokens of each.
        model: of ``load_model``.
        passages: what passage each sentence is of. None: each is judged alone. Else they are in the order of the text,
            and the logits of the neighbours in the same passage count too, each times its weight in ``model.context``;
            the share of all these is a further piece of the evidence, under ``"context"``, which quotes the neighbour
            that weighs most.
    """
    weighed = list(_weigh(map(as_words, sentences), model))
    near = _neighbours(weighed, passages, model) if passages is not None else [()] * len(weighed)
    judged = [_judge(one, model, *around) for one, around in zip(weighed, near, strict=True)]
    return tuple([
        Reading(tokens, one.pointed, one.parse, pieces, said)
        for tokens, one, (pieces, said) in zip(sentences, weighed, judged, strict=True)
    ])  # fmt: skip


def as_words(tokens: Sequence[Token]) -> Words:
    """Return tokens as lists."""
    return Words(
        [token.word for token in tokens],
        [token.pos for token in tokens],
        [token.start for token in tokens],
        [token.end for token in tokens],
    )


def _weigh(sentences: Iterable[Words], model: PolarityModel) -> Iterator[_Weighed]:
    """Yield sentences with what their parts weigh.

    Step by step for ``BATCH`` of them at a time: each step has its own large table, which then stays in the processor's
    cache; and what a batch leaves behind is gone before the garbage collector has gone over it often.
    """
    rest = iter(sentences)
    while batch := list(islice(rest, BATCH)):
        parsed = [parse(own.words, model.lexicon) for own in batch]
        masked = [mask_words(own.words, own.tags, model.lexicon.entries) for own in batch]
        for seen, said in zip(masked, parsed, strict=True):
            if said.findings:
                mask_operators(seen, said.findings, said.marks)
        weighed = [_word_weights(seen, model) for seen in masked]
        for own, said, (weights, pointed) in zip(batch, parsed, weighed, strict=True):
            _add_patterns(own.words, said, weights, pointed, model)
        for own, seen, (weights, pointed), said in zip(batch, masked, weighed, parsed, strict=True):
            logits, by_finding = _weigh_findings(said.findings, seen, pointed, model)
            yield _Weighed(own, seen, pointed, said, by_finding, weights, logits + sum(weights))


def _has_words(words: Sequence[str]) -> bool:
    return any(word[:1].isalnum() for word in words)


def _neighbours(
    weighed: Sequence[_Weighed], passages: Sequence[int], model: PolarityModel
) -> list[tuple[()] | tuple[Pair, Words]]:
    """Return for each sentence what its neighbours add to its logits, and the words of the weightiest of them."""
    own = [
        one.logits + model.bias[0] + one.pointed * model.bias[1] if _has_words(one.words.words) else 0j
        for one in weighed
    ]
    out: list[tuple[()] | tuple[Pair, Words]] = []
    weights = model.context.weights
    reach = len(weights) // 2
    offsets = (*range(-reach, 0), *range(1, reach + 1))
    for at, passage in enumerate(passages):
        found = [
            (weight * own[at + offset], at + offset)
            for weight, offset in zip(weights, offsets, strict=True)
            if 0 <= at + offset < len(own) and passages[at + offset] == passage
        ]
        if found:
            total = sum([value for value, _ in found])
            side = 1.0 if total.real > total.imag else -1.0
            _, most = max(found, key=lambda pair: side * (pair[0].real - pair[0].imag))
            out.append((total, weighed[most].words))
        else:
            out.append(())
    return out


def _judge(
    weighed: _Weighed, model: PolarityModel, around: Pair = 0j, neighbour: Words | None = None
) -> tuple[list[Piece], Polarity]:
    """Return the pieces of evidence within a sentence, and its polarity.

    ``around`` is what its neighbours add to its logits, ``neighbour`` the one to quote for that.
    """
    words, masked, pointed, parsed, by_finding, by_token, logits = weighed
    if not _has_words(words.words):
        return [], UNSCORED
    temperature, prior = (model.temperature, model.prior) if neighbour is None else model.context[1:]
    heat = 1.0 / temperature
    start, path = heat * (model.bias[0] + pointed * model.bias[1]), heat * (logits + around)
    slope = heat * _slope(start, path)
    pieces = _pieces(
        parsed.findings,
        [(slope * weight).real for weight in by_finding],
        words.tags,
        masked,
        [(slope * weight).real for weight in by_token],
    )
    positive, negative = _softmax(start + path)
    neutral = max(0.0, 1.0 - positive - negative)
    label = _label(negative, neutral, positive, prior, model.caution)
    evidence = evidence_of(words, pieces)
    share = (slope * around).real
    if neighbour is not None and (share >= LEAST or share <= -LEAST):
        quoted = Evidence("".join(neighbour.words), neighbour.starts[0], neighbour.ends[-1], share, "context")
        evidence = tuple(sorted((*evidence, quoted), key=lambda piece: -round(abs(piece.weight), 9))[:EVIDENCE])
    return pieces, Polarity(label, positive - negative, negative, neutral, positive, evidence)


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
    return score_words(map(as_words, sentences), model)


def score_words(sentences: Iterable[Words], model: PolarityModel) -> tuple[Polarity, ...]:
    """Return what ``score`` does, from the words of sentences that may be cut one by one as they are asked for."""
    return tuple([_judge(weighed, model)[1] for weighed in _weigh(sentences, model)])


def probabilities(sentences: Iterable[Words], model: PolarityModel) -> list[tuple[float, float, float]]:
    """Return the probabilities of negative, neutral and positive that ``score`` gives each sentence."""
    heat = 1.0 / model.temperature
    out = []
    for one in _weigh(sentences, model):
        positive = negative = 0.0
        if _has_words(one.words.words):
            positive, negative = _softmax(heat * (model.bias[0] + one.pointed * model.bias[1] + one.logits))
        out.append((negative, max(0.0, 1.0 - positive - negative), positive))
    return out


def _weigh_findings(
    findings: Sequence[Finding], masked: Sequence[str], pointed: float, model: PolarityModel
) -> tuple[Pair, list[Pair]]:
    """Return what the findings add to the logits, together and each."""
    if not findings:
        return 0j, []
    rates: dict[int, Pair] = {}
    weights = model.dense
    for index, value, total in dense(findings):
        weight, more = weights[index]
        rates[index] = value / total * (weight + pointed * more)
    by_finding = attribute(findings, rates)
    get = model.findings.get
    for key, value, k in finding_ngrams(findings, masked):
        found = get(key)
        if found is not None:
            weight, more = found
            by_finding[k] += FINDING_SCALE * value * (weight + pointed * more)
    return sum(by_finding), by_finding


def _slope(start: Pair, path: Pair) -> Pair:
    """Return the mean slope of P(positive) - P(negative) along a path of logits.

    The share of a part of the path is the real part of its product with this.
    """
    to_positive = to_negative = 0.0
    for t, w in _PATH:
        p, q = _softmax(start + t * path)
        to_positive += w * p * (1.0 - p + q)
        to_negative += w * q * (1.0 + p - q)
    return complex(to_positive, to_negative)


def _word_weights(masked: Sequence[str], model: PolarityModel) -> tuple[list[Pair], float]:
    """Return for each token the weights of its word, half of those of the pairs of words that it is in, and those of
    the pairs of characters that end in it; and how pointed the sentence is."""
    text = START + "".join(masked)
    scale = complex(norm(len(text)))
    get = model.words.get
    hits = [*map(get, masked)]
    bias, slope = model.register
    own = sum([hit[2] for hit in hits if hit is not None])
    register = bias + slope * math.log(len(text)) + norm(len(text)) * own
    # no sentence is that much of one kind, but for a text of one word a hundred thousand times
    pointed = 1.0 / (1.0 + exp(-max(register, -_LARGE)))
    p = complex(pointed)  # a complex number times another is faster than times a float
    weights: list[Pair] = []
    add = weights.append
    before, before_at = "", 0
    for word, hit in zip(masked, hits, strict=True):
        if hit is None:
            if word:
                before = ""
            add(0j)
            continue
        weight, more, _ = hit
        weight += p * more
        if before:
            pair = get(f"{before} {word}")
            if pair is not None:
                half = 0.5 * (pair[0] + p * pair[1])
                weights[before_at] += half
                weight += half
        before, before_at = word, len(weights)
        add(weight)
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
    scale = complex(norm(len(numbers)))
    p = complex(pointed)  # as in ``_word_weights``
    get = model.patterns.get
    numbers += (0, 0, 0)  # no pattern holds the number 0, so that one that would run over the end is not found
    for i in range(len(places) - 1):
        # A pattern of the model has its beginnings in the model too.
        key = numbers[i] << BITS | numbers[i + 1]
        found = get(key)
        if found is not None:
            weight, more, at = found
            weights[places[i + at]] += scale * (weight + p * more)
            key = key << BITS | numbers[i + 2]
            found = get(key)
            if found is not None:
                weight, more, at = found
                weights[places[i + at]] += scale * (weight + p * more)
                found = get(key << BITS | numbers[i + 3])
                if found is not None:
                    weight, more, at = found
                    weights[places[i + at]] += scale * (weight + p * more)


def _softmax(logits: complex) -> tuple[float, float]:
    """Return the probabilities of positive and negative, the logit of neutral being 0."""
    a, b = logits.real, logits.imag
    one = 1.0
    if a > _LARGE or b > _LARGE:
        top = max(a, b)
        a, b, one = a - top, b - top, math.exp(-top)
    x, y = exp(a), exp(b)
    total = x + y + one
    return x / total, y / total


def _label(
    negative: float, neutral: float, positive: float, prior: tuple[float, float, float], caution: float
) -> Label:
    low, middle, high = prior
    low, middle, high = low * negative, middle * neutral, high * positive
    # The least expected cost: between good and bad a mistake costs ``caution``, next to neutral it costs 1.
    as_low, as_middle, as_high = middle + caution * high, low + high, middle + caution * low
    if as_middle <= as_low and as_middle <= as_high:
        return "neutral"
    return "positive" if as_high < as_low else "negative"


def _pieces(
    findings: Sequence[Finding],
    shares_of_findings: Sequence[float],
    tags: Sequence[str],
    masked: Sequence[str],
    shares_of_tokens: list[float],
) -> list[Piece]:
    pieces: list[Piece] = []
    # What the n-grams say about the words of a finding goes into its piece: a word is shown once.
    for (first, end, value, rule, _, frame, place), weight in zip(findings, shares_of_findings, strict=True):
        for k in range(first, end):
            weight += shares_of_tokens[k]
            shares_of_tokens[k] = 0.0
        if weight >= LEAST or weight <= -LEAST:
            # Where the n-grams turn it round, the rule is not what decided.
            pieces.append((first, end, weight, _rule_name(rule, frame, place) if weight * value > 0 else "n-gram"))
    for k, weight in enumerate(shares_of_tokens):
        if (weight >= LEAST or weight <= -LEAST) and len(masked[k]) > 1 and tags[k][:1] in _CONTENT:
            pieces.append((k, k + 1, weight, "n-gram"))
    pieces.sort()
    return pieces


def evidence_of(words: Words, pieces: Sequence[Piece]) -> tuple[Evidence, ...]:
    """Return the strongest of the pieces of a sentence."""
    own, _, starts, ends = words
    out = []
    # Rounded, so that equal shares stand in the order of the text.
    order = sorted([(-round(abs(piece[2]), 9), k) for k, piece in enumerate(pieces)])
    for _, k in order[:EVIDENCE]:
        first, end, weight, rule = pieces[k]
        text = own[first] if end - first == 1 else "".join(own[first:end])
        out.append(Evidence(text, starts[first], ends[end - 1], weight, rule))
    return tuple(out)


def _rule_name(rule: str, frame: Frame, place: Place) -> str:
    if frame != "fact":
        rule += f", {frame}"
    if place != "plain":
        rule += f", {place}"
    return rule


def side(value: float) -> Label:
    """Return the label of the score of what is no whole sentence."""
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
    return Polarity(side(round(value, 2)), value, negative, neutral, positive, evidence)


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
    return Polarity(side(value), value, negative, neutral, positive, tuple(evidence))


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
        out.append(Polarity(side(value), value, 1.0 - p, 0.0, p))
    return tuple(out)
