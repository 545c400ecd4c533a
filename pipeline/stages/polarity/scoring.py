"""Sentences to polarities: the model applied, its evidence, and aggregates."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pipeline.model import Evidence, Label, Polarity, Sentence, Token
from pipeline.stages.polarity.features import CHARACTER_N, dense, mask, norm
from pipeline.stages.polarity.grammar import Finding, parse
from pipeline.stages.polarity.model import PolarityModel

EMPTY = Polarity("neutral", 0.0, 0.0, 1.0, 0.0)
EVIDENCE = 6
"""Most pieces of evidence a sentence keeps."""
LEAST = 0.02
"""Smallest share of the score that is worth showing."""
AGGREGATE_MARGIN = 0.1
"""An aggregate is neutral where |score| is not above this, as a mention is."""

# Gauss-Legendre on [0, 1] with three points: exact for polynomials of degree 5, and the path is smooth.
_PATH = ((0.1127016653792583, 5 / 18), (0.5, 8 / 18), (0.8872983346207417, 5 / 18))

_CLAUSE_BREAKS = frozenset("，,；;：:。！!？?…—（）()\n")
_LOW, _HIGH = CHARACTER_N


def score(sentences: Sequence[Sequence[Token]], model: PolarityModel) -> tuple[Polarity, ...]:
    """Return the polarity of each sentence, from its tokens alone.

    ``score`` is P(positive) - P(negative) in [-1, 1], after temperature scaling (Guo et al. 2017). ``label`` is the class with the
    largest product of probability and the model's prior factor. A sentence without words is neutral.

    The evidence explains the score by integrated gradients (Sundararajan et al. 2017) along the straight path from the bare
    bias to the sentence, so that the shares of all its features add up to score(sentence) - score(bias): findings of the grammar
    under their rule, the n-grams summed by word as ``"n-gram"``. The strongest ``EVIDENCE`` that reach ``LEAST`` are kept.
    """
    return tuple(_score(tokens, model) for tokens in sentences)


def _score(tokens: Sequence[Token], model: PolarityModel) -> Polarity:
    words = [token.word for token in tokens]
    if not any(word[:1].isalnum() for word in words):
        return EMPTY
    findings = parse(words, model.lexicon)
    masked = mask(tokens, model.known)
    text = "^" + "".join(masked)
    share = norm(len(text))

    # Sum the logits of the n-grams, and remember the hits.
    positive = negative = 0.0
    hits: list[tuple[int, int, tuple[float, float]]] = []
    get = model.characters.get
    n = len(text)
    for i in range(n - 1):
        pair = get(text[i : i + 2])
        if pair is None:  # an n-gram is in the model only with its beginnings
            continue
        j = i + 2
        while pair is not None:
            hits.append((i, j, pair))
            positive += pair[0]
            negative += pair[1]
            j += 1
            if j > i + _HIGH or j > n:
                break
            pair = get(text[i:j])
    word_hits: list[tuple[int, int, tuple[float, float]]] = []
    get = model.words.get
    before, before_at = "", 0
    for at, word in enumerate(masked):
        if not word:
            continue
        pair = get(word)
        if pair is not None:
            word_hits.append((at, at, pair))
            positive += pair[0]
            negative += pair[1]
            if before:
                pair = get(f"{before} {word}")
                if pair is not None:
                    word_hits.append((before_at, at, pair))
                    positive += pair[0]
                    negative += pair[1]
            before, before_at = word, at
        else:
            before = ""
    positive *= share
    negative *= share

    weights = [[0.0, 0.0] for _ in findings]
    for index, value, shares in dense(findings):
        a, b = model.dense[index]
        a *= value
        b *= value
        positive += a
        negative += b
        for k, part in shares:
            weights[k][0] += part * a
            weights[k][1] += part * b

    heat = 1.0 / model.temperature
    bias_positive, bias_negative = model.bias
    p, q = _softmax((bias_positive + positive) * heat, (bias_negative + negative) * heat)
    slope_positive = slope_negative = 0.0
    for t, w in _PATH:
        a, b = _softmax((bias_positive + t * positive) * heat, (bias_negative + t * negative) * heat)
        s = a - b
        slope_positive += w * a * (1.0 - s)
        slope_negative -= w * b * (1.0 + s)
    slope_positive *= heat
    slope_negative *= heat

    evidence = _evidence(
        tokens, masked, findings, weights, hits, word_hits, slope_positive, slope_negative, share
    )
    return Polarity(_label(q, 1.0 - p - q, p, model), p - q, q, max(0.0, 1.0 - p - q), p, evidence)


def _softmax(a: float, b: float) -> tuple[float, float]:
    """Return the probabilities of positive and negative, whose logits are ``a`` and ``b`` against 0 for neutral."""
    top = a if a > b else b
    if top < 0.0:
        top = 0.0
    x, y = math.exp(a - top), math.exp(b - top)
    total = x + y + math.exp(-top)
    return x / total, y / total


def _label(negative: float, neutral: float, positive: float, model: PolarityModel) -> Label:
    low, middle, high = model.prior
    low, middle, high = low * negative, middle * neutral, high * positive
    if middle >= low and middle >= high:
        return "neutral"
    return "positive" if high > low else "negative"


def _evidence(
    tokens: Sequence[Token],
    masked: Sequence[str],
    findings: Sequence[Finding],
    weights: Sequence[Sequence[float]],
    hits: Sequence[tuple[int, int, tuple[float, float]]],
    word_hits: Sequence[tuple[int, int, tuple[float, float]]],
    slope_positive: float,
    slope_negative: float,
    share: float,
) -> tuple[Evidence, ...]:
    # Character n-grams: each spreads its share evenly; running sums of where shares begin and end give a share a character.
    size = 1 + sum(map(len, masked))
    steps = [0.0] * (size + 1)
    p, q = slope_positive * share, slope_negative * share
    for i, j, (a, b) in hits:
        each = (p * a + q * b) / (j - i)
        steps[i] += each
        steps[j] -= each
    token_share = [0.0] * len(tokens)
    level, at = steps[0], 1
    for k, word in enumerate(masked):
        total = 0.0
        for at in range(at, at + len(word)):
            level += steps[at]
            total += level
        at += bool(word)
        token_share[k] = total
    for i, j, (a, b) in word_hits:
        value = p * a + q * b
        if i == j:
            token_share[i] += value
        else:
            token_share[i] += 0.5 * value
            token_share[j] += 0.5 * value

    pieces: list[tuple[float, int, int, str]] = []
    for f, (a, b) in zip(findings, weights, strict=True):
        weight = slope_positive * a + slope_negative * b
        if abs(weight) >= LEAST:
            pieces.append((weight, f.first, f.end, _rule_name(f)))
    pieces += [
        (weight, k, k + 1, "n-gram")
        for k, weight in enumerate(token_share)
        if (weight >= LEAST or weight <= -LEAST) and tokens[k].word[0].isalnum()
    ]
    pieces.sort(key=lambda piece: (-abs(piece[0]), piece[1]))
    return tuple(
        Evidence(
            "".join(token.word for token in tokens[first:end]), tokens[first].start, tokens[end - 1].end, weight, rule
        )
        for weight, first, end, rule in pieces[:EVIDENCE]
    )


def _rule_name(f: Finding) -> str:
    name = f.rule
    if f.frame != "fact":
        name += f", {f.frame}"
    if f.place != "plain":
        name += f", {f.place}"
    return name


def about(
    tokens: Sequence[Token], start: int, end: int, model: PolarityModel, sentence: Polarity
) -> Polarity:
    """Return the polarity of what a sentence says about its source span ``start:end``.

    The clauses that the span touches are scored as a sentence of their own, and the result is drawn towards the sentence's where
    these clauses say little: with weight ``k / (k + 1)``, k the sum of the sizes of what the grammar found in them.

    Args:
        tokens: of the sentence.
        start: source offset of the mention.
        end: source offset, exclusive.
        model: of ``load_model``.
        sentence: the polarity of the whole sentence.
    """
    entries = model.lexicon.entries
    bounds = [0]
    depth_list = False
    for i, token in enumerate(tokens):
        word = token.word
        if word in _CLAUSE_BREAKS:
            bounds.append(i + 1)
        else:
            entry = entries.get(word)
            if entry is not None and entry[0] == "C" and i > bounds[-1]:
                bounds.append(i)
    del depth_list
    bounds.append(len(tokens))
    inside = [i for i, token in enumerate(tokens) if token.start < end and token.end > start]
    if not inside:
        return sentence
    first = max(b for b in bounds if b <= inside[0])
    last = min(b for b in bounds if b > inside[-1])
    if first == 0 and last == len(tokens):
        return sentence
    part = tokens[first:last]
    findings = parse([token.word for token in part], model.lexicon)
    said = sum(abs(f.value) for f in findings)
    own = _score(part, model)
    w = said / (said + 1.0)
    mixed = [
        w * x + (1.0 - w) * y
        for x, y in zip(
            (own.negative, own.neutral, own.positive),
            (sentence.negative, sentence.neutral, sentence.positive),
            strict=True,
        )
    ]
    negative, neutral, positive = mixed
    return Polarity(
        _side(positive - negative), positive - negative, negative, neutral, positive, own.evidence or sentence.evidence
    )


def _side(value: float) -> Label:
    return "positive" if value > AGGREGATE_MARGIN else "negative" if value < -AGGREGATE_MARGIN else "neutral"


def aggregate(parts: Sequence[tuple[Sentence, Polarity]]) -> Polarity:
    """Return the polarity of a section or an article from its sentences; headings and code do not count.

    Probabilities are the mean of the sentences', each weighed by sqrt(characters) and by its largest probability, so that neither
    one long sentence nor a guess rules. The label is positive above ``AGGREGATE_MARGIN``, negative below its opposite. The evidence
    are the three sentences with the largest |weight x score|, each with its share of the aggregate's score.
    """
    used = [(s, p) for s, p in parts if s.kind in ("text", "table") and p is not EMPTY]
    weights = [math.sqrt(max(1, len(s.plain))) * max(p.negative, p.neutral, p.positive) for s, p in used]
    total = sum(weights)
    if not total:
        return EMPTY
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
    """Return the plain mean of polarities, as of a concept over its mentions; the evidence is the strongest of theirs."""
    if not parts:
        return EMPTY
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
            out.append(EMPTY)
            continue
        p = float(SnowNLP(text).sentiments)
        value = 2.0 * p - 1.0
        out.append(Polarity(_side(value), value, 1.0 - p, 0.0, p))
    return tuple(out)
