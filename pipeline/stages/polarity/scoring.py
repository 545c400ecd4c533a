"""Sentences to polarities: the model applied, its evidence, and aggregates."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from pipeline.model import UNSCORED, Evidence, Label, Polarity, Sentence, Span, Token
from pipeline.stages.polarity.features import FINDING_SCALE, START, dense, finding_ngrams, mask, norm
from pipeline.stages.polarity.grammar import Finding, clause_starts, match, parse
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


class _Reading(NamedTuple):
    """A sentence as the model sees it.

    ``upto[k]`` is the sum of the weights of the n-grams before token k, each given to the tokens it lies on, so that
    any run of tokens costs one subtraction.
    """

    tokens: Sequence[Token]
    masked: list[str]
    upto: list[Pair]
    findings: list[Finding]


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
    return tuple([_score(tokens, model) for tokens in sentences])


def _score(tokens: Sequence[Token], model: PolarityModel) -> Polarity:
    words = [token.word for token in tokens]
    if not _has_word(words):
        return UNSCORED
    reading = _read(tokens, words, parse(words, match(words, model.lexicon)), model)
    negative, neutral, positive, evidence = _conclude(reading, reading.findings, 0, len(tokens), model)
    return Polarity(
        _label(negative, neutral, positive, model), positive - negative, negative, neutral, positive, evidence
    )


def _has_word(words: Sequence[str]) -> bool:
    for word in words:
        if word[:1].isalnum():
            return True
    return False


def _read(tokens: Sequence[Token], words: Sequence[str], findings: list[Finding], model: PolarityModel) -> _Reading:
    masked = mask(tokens, model.lexicon.entries)
    by_character = list(accumulate(_character_weights(START + "".join(masked), model)))
    ends = accumulate([len(word) for word in masked], initial=0)
    by_token = accumulate(_word_weights(masked, model), initial=0j)
    return _Reading(tokens, masked, [by_character[end] + own for end, own in zip(ends, by_token, strict=True)], findings)


def _conclude(
    reading: _Reading, findings: Sequence[Finding], first: int, last: int, model: PolarityModel
) -> tuple[float, float, float, tuple[Evidence, ...]]:
    """Return the probabilities of negative, neutral and positive for the tokens ``first:last``, and the evidence.

    Args:
        reading: of the sentence.
        findings: those among the tokens.
        first: token.
        last: token, exclusive.
        model: of ``load_model``.
    """
    masked, upto = reading.masked, reading.upto
    share = norm(len(START) + sum([len(word) for word in masked[first:last]]))
    logits = share * (upto[last] - upto[first])

    by_finding = [0j] * len(findings)
    weights = model.dense
    for features, parts in dense(findings):
        weight = 0j
        for index, value in features:
            weight += value * weights[index]
        logits += weight
        for k, part in parts:
            by_finding[k] += part * weight
    get = model.findings.get
    for key, value, k in finding_ngrams(findings, masked):
        found = get(key)
        if found is not None:
            weight = FINDING_SCALE * value * found
            logits += weight
            by_finding[k] += weight

    heat = 1.0 / model.temperature
    start, path = heat * model.bias, heat * logits
    p, q = _softmax(start + path)
    slope_positive = slope_negative = 0.0
    for t, w in _PATH:
        a, b = _softmax(start + t * path)
        slope_positive += w * a * (1.0 - a + b)
        slope_negative -= w * b * (1.0 + a - b)
    # The share of a weight is the real part of its product with this.
    slope = complex(heat * slope_positive, -heat * slope_negative)
    evidence = _evidence(reading, findings, first, last, [(slope * w).real for w in by_finding], share * slope)
    return q, max(0.0, 1.0 - p - q), p, evidence


def _character_weights(text: str, model: PolarityModel) -> list[complex]:
    """Return for each character the weights of the n-grams whose middle it is."""
    weights = [0j] * (len(text) + 1)
    get = model.characters.get
    padded = text + "\n\n"  # no n-gram holds a line end, so that one that would run over the end is not found
    for i in range(len(text) - 1):
        # An n-gram of the model has its beginnings in the model too.
        found = get(padded[i : i + 2])
        if found is not None:
            weights[i + 1] += found
            found = get(padded[i : i + 3])
            if found is not None:
                weights[i + 1] += found
                found = get(padded[i : i + 4])
                if found is not None:
                    weights[i + 2] += found
    return weights


def _word_weights(masked: Sequence[str], model: PolarityModel) -> list[complex]:
    """Return for each token the weights of its word, and half of those of the pairs that it is in."""
    weights = [0j] * len(masked)
    get = model.words.get
    before, before_at = "", 0
    for at, word in enumerate(masked):
        if not word:
            continue
        found = get(word)
        if found is None:
            before = ""
            continue
        weights[at] += found
        if before:
            found = get(f"{before} {word}")
            if found is not None:
                weights[before_at] += 0.5 * found
                weights[at] += 0.5 * found
        before, before_at = word, at
    return weights


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


def _evidence(
    reading: _Reading,
    findings: Sequence[Finding],
    first: int,
    last: int,
    shares_of_findings: Sequence[float],
    slope: Pair,
) -> tuple[Evidence, ...]:
    tokens, masked, upto, _ = reading
    pieces: list[tuple[float, int, int, float, str]] = []
    # What the n-grams say about the words of a finding goes into its piece: a word is shown once.
    taken = set()
    for f, weight in zip(findings, shares_of_findings, strict=True):
        for k in range(f.first, f.end):
            if k not in taken:
                taken.add(k)
                weight += (slope * (upto[k + 1] - upto[k])).real
        if weight >= LEAST or weight <= -LEAST:
            pieces.append((-abs(weight), f.first, f.end, weight, _rule_name(f)))
    for k in range(first, last):
        if len(masked[k]) > 1 and k not in taken:
            weight = (slope * (upto[k + 1] - upto[k])).real
            if (weight >= LEAST or weight <= -LEAST) and tokens[k].pos[:1] in _CONTENT:
                pieces.append((-abs(weight), k, k + 1, weight, "n-gram"))
    pieces.sort()
    out = []
    for _, first, end, weight, rule in pieces[:EVIDENCE]:
        head = tokens[first]
        if end - first == 1:
            out.append(Evidence(head.word, head.start, head.end, weight, rule))
        else:
            text = "".join([token.word for token in tokens[first:end]])
            out.append(Evidence(text, head.start, tokens[end - 1].end, weight, rule))
    return tuple(out)


def _rule_name(f: Finding) -> str:
    name = f.rule
    if f.frame != "fact":
        name += f", {f.frame}"
    if f.place != "plain":
        name += f", {f.place}"
    return name


def about(
    tokens: Sequence[Token], spans: Sequence[Span], model: PolarityModel, sentence: Polarity
) -> tuple[Polarity, ...]:
    """Return the polarity of what a sentence says about each of its source spans.

    The clauses that a span touches are judged by what the model saw in them as it read the sentence: the n-grams whose
    middle lies there and the grammar's findings, each for itself, whatever its clause concedes to another. The result
    is drawn towards the sentence's where these clauses say little: their weight is k / (k + ``SENTENCE_SAYS``), k the
    sum of the sizes of the findings, where a noun that stands alone counts ``NOUN_SAYS`` times. Where the clauses are
    the whole sentence, or the span lies outside it, the result is the sentence's.

    Args:
        tokens: of the sentence.
        spans: source offsets, of the mentions.
        model: of ``load_model``.
        sentence: the polarity of the whole sentence.
    """
    words = [token.word for token in tokens]
    marks = match(words, model.lexicon)
    bounds = clause_starts(words, marks)
    size = len(tokens)
    if len(bounds) == 1 or bounds[1] == size:
        return (sentence,) * len(spans)
    bounds.append(size)
    starts, ends = [token.start for token in tokens], [token.end for token in tokens]
    reading: _Reading | None = None
    known: dict[tuple[int, int], Polarity] = {}
    out: list[Polarity] = []
    for start, end in spans:
        left, right = bisect_right(ends, start), bisect_left(starts, end)
        if left >= right:
            out.append(sentence)
            continue
        first, last = bounds[bisect_right(bounds, left) - 1], bounds[bisect_left(bounds, right)]
        if last - first == size:
            out.append(sentence)
            continue
        said = known.get((first, last))
        if said is None:
            if reading is None:
                reading = _read(tokens, words, parse(words, marks), model)
            said = known[first, last] = _of_clauses(reading, first, last, model, sentence)
        out.append(said)
    return tuple(out)


def _of_clauses(reading: _Reading, first: int, last: int, model: PolarityModel, sentence: Polarity) -> Polarity:
    findings = [
        f if f.place == "plain" else f._replace(place="plain")
        for f in reading.findings
        if f.first >= first and f.end <= last
    ]
    said = sum([abs(f.value) * (NOUN_SAYS if f.rule in _BARE else 1.0) for f in findings])
    w = said / (said + SENTENCE_SAYS)
    negative, neutral, positive, evidence = _conclude(reading, findings, first, last, model)
    negative = w * negative + (1.0 - w) * sentence.negative
    neutral = w * neutral + (1.0 - w) * sentence.neutral
    positive = w * positive + (1.0 - w) * sentence.positive
    value = positive - negative
    return Polarity(_side(value), value, negative, neutral, positive, evidence or sentence.evidence)


def _side(value: float) -> Label:
    return "positive" if value > AGGREGATE_MARGIN else "negative" if value < -AGGREGATE_MARGIN else "neutral"


def aggregate(parts: Sequence[tuple[Sentence, Polarity]]) -> Polarity:
    """Return the polarity of a section or an article from its sentences; headings and code do not count.

    Probabilities are the mean of the sentences', each weighed by sqrt(characters) and by its largest probability, so
    that neither one long sentence nor a guess rules. The label is positive above ``AGGREGATE_MARGIN``, negative below
    its opposite. The evidence are the three sentences with the largest |weight x score|, each with its share of the
    aggregate's score.
    """
    used = [(s, p) for s, p in parts if s.kind in ("text", "table") and p != UNSCORED]
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
    evidence = tuple(Evidence(s.text, s.start, s.end, share, "sentence") for share, s in shares[:3])
    value = positive - negative
    return Polarity(_side(value), value, negative, neutral, positive, evidence)


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
