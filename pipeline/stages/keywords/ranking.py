"""Ranks the candidates, and keeps of them what does not only repeat a stronger one.

A log-linear model ranks them. Its features are those that work on keyphrase extraction has settled on (occurrences,
rarity, place, title, length, cohesion, free borders: Witten et al. 1999, KEA; Florescu & Caragea 2017, PositionRank;
Campos et al. 2020, YAKE); its weights were fitted by logistic regression on documents whose authors name their
keywords.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.model import Keyword
from pipeline.stages.keywords.candidates import EDGE, Candidates, term_of
from pipeline.stages.keywords.keyness import log_odds
from pipeline.stages.keywords.vocabulary import Stopwords

MIN_CHARACTERS, MAX_CHARACTERS = 2, 16
LONG = 400
"""Tokens from which a text counts as long: a phrase that stands once in it must stand between two borders to count."""


@dataclass(frozen=True, slots=True)
class _Weights:
    """The ranker: what adds to the log-odds of being a keyword.

    Attributes:
        count: per ln(occurrences, the title's included).
        rarest, final: per unit of idf of the commonest word in it, of its last word.
        words: by the number of words, from 0.
        two, middle, seven: by characters in all: 2, 4 to 6, 7 or more.
        title, title_share: it stands in the title; by the share of its words that do.
        place: by its first occurrence, 0 at the start to 1 at the end of the text.
        last, first: by class of the last word, and of the first of several.
        suffix: the last of several words has one character (供应 + 商).
        free: by the share of occurrences with a border on both sides.
        nested, never_free: by the share of occurrences inside the commonest longer candidate; where that share is 1.
        cohesion: per ln(occurrences / occurrences of its commonest word).
        alone: a single word that says little alone.
    """

    bias: float
    count: float
    rarest: float
    final: float
    words: tuple[float, float, float, float, float]
    two: float
    middle: float
    seven: float
    title: float
    title_share: float
    place: float
    last: Mapping[str, float]
    first: Mapping[str, float]
    suffix: float
    free: float
    nested: float
    never_free: float
    cohesion: float
    alone: float


# Fitted by logistic regression (L2) on CSL rows 500-999; and on Weibo rows 354-707 for short texts without a title,
# where counts, place and names must do the title's work. Weights of idioms (I) and of `alone` were set by reading.
_PROSE = _Weights(
    bias=-2.92,
    count=0.36,
    rarest=0.09,
    final=-0.05,
    words=(0.0, 0.0, 0.16, -0.67, -1.68),
    two=-0.68,
    middle=0.30,
    seven=-0.33,
    title=0.67,
    title_share=0.62,
    place=-0.03,
    last={"N": 0.0, "E": -0.10, "V": -0.20, "I": -0.41, "A": -0.41},
    first={"N": 0.0, "E": -0.33, "V": -0.34, "I": -0.34, "A": 0.05},
    suffix=0.26,
    free=0.20,
    nested=0.25,
    never_free=-0.95,
    cohesion=0.54,
    alone=-1.1,
)
_POST = _Weights(
    bias=-4.24,
    count=1.38,
    rarest=0.08,
    final=0.02,
    words=(0.0, 0.0, -0.26, -0.77, -1.50),
    two=-1.40,
    middle=0.16,
    seven=-0.20,
    title=0.0,
    title_share=0.0,
    place=-0.82,
    last={"N": 0.0, "E": 0.48, "V": -0.43, "I": -0.43, "A": -0.43},
    first={"N": 0.0, "E": 0.38, "V": -0.90, "I": -0.90, "A": 0.49},
    suffix=0.61,
    free=0.08,
    nested=0.52,
    never_free=-0.88,
    cohesion=-0.37,
    alone=-1.47,
)
_SHORT = 200
"""Tokens of the texts that these were fitted on; in longer ones the first occurrence says less, in proportion."""
_COUNT_LONG = 0.85
"""What the weight of a count comes to in a text of eight times that length, where most terms stand once (read)."""
_KEYNESS = 0.6
"""Per standard deviation by which a section uses a term more than the rest does (read)."""
_STANDS = 0.34
"""Share of its occurrences that a word must have outside of a stronger phrase that holds it, to stand beside it."""
_WHOLE, _WHOLE_STRICT = 0.2, 6.0
"""Per unit of the log probability that a term is one phrase where it stands first; the other where one is strict: in an
article and its sections, where most terms stand once (the one by CSL rows 500-999, the other by readers' marks)."""
_LEAST_WHOLE, _LEAST_WHOLE_ONCE = 1.0, 2.0
"""Log-odds of being one from which a term is proposed at all where one is strict; the other where it stands once."""


def rank(
    text: Candidates,
    *,
    stopwords: Stopwords,
    limit: int = 10,
    title: Candidates | None = None,
    contrast: Candidates | None = None,
    strict: bool = False,
) -> tuple[Keyword, ...]:
    """Return what ``keywords`` does, of candidates found before.

    Args:
        text: of the sentences in question.
        stopwords: those that the candidates were found with.
        limit: the most to return.
        title: of the title or heading, from the same ``Content``.
        contrast: of the whole text of which ``text`` is a part, from the same ``Content``; the terms are then ranked
            also by what the rest of it uses less.
        strict: rather fewer terms than one that is no whole phrase; of a long text and of its parts they are so anyhow.
    """
    if limit <= 0:
        return ()
    words = text.content
    counts = dict(text.counts)
    if title:
        for gram, count in title.counts.items():
            counts[gram] = counts.get(gram, 0) + count
    part = contrast is not None and contrast.size > text.size
    scores = _salience(text, title, counts, stopwords, contrast=contrast if part else None, strict=strict)
    # hardly anything beyond the best few times `limit` can come through what follows
    best = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[: 4 * limit + 20]
    apart: Mapping[str, float] = {}
    if contrast is not None and part:
        apart = _against([gram for gram, _ in best], contrast, text)
        best = sorted(
            [(gram, score + _KEYNESS * apart[gram]) for gram, score in best], key=lambda item: (-item[1], item[0])
        )
    kept = _distinct(best, counts, stopwords.never, limit=limit, long=text.size >= LONG or part)
    at: dict[str, list[int]] = {gram: [] for gram, _ in kept}
    for k in text.span:
        if words.grams[k] in at:
            at[words.grams[k]].append(words.words[k])
    out = []
    for gram, score in kept:
        n = gram.count(EDGE) // 2
        p = at[gram][0] if at[gram] else words.words[title.first[gram]] if title else 0
        spans = tuple([(words.tokens[p].start, words.tokens[p + n - 1].end) for p in at[gram]])
        salience = round(1 / (1 + math.exp(-score)), 6)
        out.append(Keyword(term_of(words, p, p + n), salience, len(spans), spans, apart.get(gram)))
    return tuple(out)


def _against(grams: Sequence[str], contrast: Candidates, text: Candidates) -> dict[str, float]:
    """Return how much more a part uses each term than the rest of the text does (``log_odds``)."""
    out = {}
    rest = contrast.size - text.size
    known: dict[tuple[int, int], float] = {}  # most terms share their counts with others
    for gram in grams:
        here = text.counts.get(gram, 0)
        there = max(0, contrast.counts.get(gram, 0) - here)
        apart = known.get((here, there))
        if apart is None:
            apart = known[here, there] = log_odds(here, text.size, there, rest)
        out[gram] = apart
    return out


def _salience(
    text: Candidates,
    title: Candidates | None,
    counts: Mapping[str, int],
    stopwords: Stopwords,
    *,
    contrast: Candidates | None,
    strict: bool,
) -> dict[str, float]:
    """Return the log-odds of each candidate to be a keyword.

    Args:
        text: the candidates.
        title: those of the title.
        counts: occurrences of both.
        stopwords: what is no keyword alone.
        contrast: those of the whole text, where this is a section of it.
        strict: as of ``rank``.
    """
    words = text.content
    keys, begins, ends, kinds, rarity = words.keys, words.begins, words.ends, words.kinds, words.rarity
    before, places = words.characters, words.places
    weighed = words.weighed
    alone, filler = stopwords.alone, stopwords.filler
    in_text = text.counts
    in_title: Mapping[str, int] = title.counts if title else {}
    free_in_title: Mapping[str, int] = title.free if title else {}
    first = {**title.first, **text.first} if title else text.first
    nested: dict[str, int] = {}  # occurrences of the commonest candidate that is one word longer
    single: dict[str, int] = {}  # occurrences of words
    title_words: set[str] = set()
    for gram, k in first.items():
        count = counts[gram]
        p = words.words[k]
        if k == words.offsets[p]:
            single[keys[p]] = count
            if gram in in_title:
                title_words.add(keys[p])
            continue
        n = k - words.offsets[p] + 1
        # the candidates without its last and without its first word
        for inner in (words.grams[k - 1], words.grams[words.offsets[p + 1] + n - 2]):
            if nested.get(inner, 0) < count:
                nested[inner] = count
    weights = _POST if not title_words and text.size < LONG and contrast is None else _PROSE
    long = text.size >= LONG
    strict = strict or long or contrast is not None
    everywhere = contrast.counts if contrast is not None else in_text
    per_whole = _WHOLE_STRICT if strict else _WHOLE
    per_count, per_place = weights.count, weights.place / max(1, text.size)
    if text.size > _SHORT:
        per_count += (_COUNT_LONG - per_count) * min(1.0, math.log(text.size / _SHORT) / 2)
        per_place *= _SHORT / text.size
    out: dict[str, float] = {}
    for gram, k in first.items():
        count = counts[gram]
        p = words.words[k]
        n = k - words.offsets[p] + 1
        q = p + n
        titled = gram in in_title
        if count == 1:
            free = int(begins[p] and ends[p] == q)
            if long and n > 1 and not free and not titled:
                continue
        else:
            free = text.free.get(gram, 0) + free_in_title.get(gram, 0)
        characters = before[q] - before[p]
        last, final = kinds[q - 1], rarity[q - 1]
        score = weights.bias
        if n == 1:
            word = keys[p]
            if characters < MIN_CHARACTERS or word in filler:
                continue
            rarest = final
            if word in alone:
                score += weights.alone
            if titled:
                score += weights.title_share
        else:
            if last == "A" or characters > MAX_CHARACTERS:
                continue
            held = keys[p:q]
            if len(set(held)) < n:
                continue
            rarest = min(rarity[p:q])
            score += weights.words[n]
            commonest = max([single[word] for word in held])
            if count < commonest:
                score += weights.cohesion * math.log(count / commonest)
            score += weights.first[kinds[p]]
            if long and count == 1 and kinds[p] == "V":
                # far more often a verb with its object than a term
                score += weights.first["V"]
            if len(held[-1]) == 1:
                score += weights.suffix
            if title_words:
                score += weights.title_share * len(title_words.intersection(held)) / n
        if weighed is not None:
            whole = weighed.of(p, q)
            if strict and not titled and whole < (_LEAST_WHOLE if everywhere.get(gram, 0) > 1 else _LEAST_WHOLE_ONCE):
                continue
            score -= per_whole * math.log1p(math.exp(-whole))
        score += per_count * math.log(count) + weights.rarest * rarest + weights.final * final
        score += weights.last[last] + weights.free * free / count
        if characters == 2:
            score += weights.two
        elif characters >= 7:
            score += weights.seven
        elif characters >= 4:
            score += weights.middle
        if titled:
            score += weights.title
        if gram in in_text:
            score += per_place * (places[p] - text.before)
        inside = nested.get(gram, 0)
        if inside:
            score += weights.nested * inside / count
            if inside == count:
                score += weights.never_free
        out[gram] = score
    return out


def _distinct(
    ranked: Sequence[tuple[str, float]], counts: Mapping[str, int], never: frozenset[str], *, limit: int, long: bool
) -> list[tuple[str, float]]:
    """Keep, best first, what does not only repeat a stronger one, and is no stop phrase.

    A word inside a phrase already kept stays if a good part of its occurrences is outside of it; a phrase around one
    already kept must, in a long text, stand more than once.
    """
    kept: list[tuple[str, float, int]] = []
    terms: set[str] = set()
    for gram, score in ranked:
        term = gram.replace(EDGE, "")
        if term in terms or term in never:
            continue
        count = counts[gram]
        for other, _, other_count in kept:
            if gram in other:
                if count - other_count < _STANDS * count:
                    break
            elif long and count < 2 and other in gram:
                break
        else:
            terms.add(term)
            kept.append((gram, score, count))
            if len(kept) == limit:
                break
    return [(gram, score) for gram, score, _ in kept]
