"""Terms of all articles counted in each, and which of them set an article apart."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from pipeline.comparison.values import Term
from pipeline.model import Script
from pipeline.stages.keywords.keyness import log_odds
from pipeline.stages.script import common_words, convert

if TYPE_CHECKING:
    from pipeline.analysis import Analysis

# 95 % quantile of chi-squared with one degree of freedom: G² above it is seldom chance
SIGNIFICANT = 3.84
# Tokens in a keyword: four words, with what joins them (Android 14)
_LONGEST = 7


@dataclass(frozen=True, slots=True)
class Counted:
    """The vocabulary of a comparison, counted in each article.

    Attributes:
        counts: of each article, by key (``join_key``).
        words: running words of each article.
        spelling: of each article, how a key is shown there.
    """

    counts: tuple[Counter[str], ...]
    words: tuple[int, ...]
    spelling: tuple[dict[str, str], ...]


def count_terms(analyses: Sequence[Analysis]) -> Counted:
    """Count the keywords of all articles and of their sections in the running text of each article."""
    vocabulary = {
        join_key(keyword.term, analysis.script)
        for analysis in analyses
        for keywords in (analysis.keywords, *(section.keywords for section in analysis.sections))
        for keyword in keywords
    }
    # An article in Traditional characters shows its terms in these
    shown: dict[bool, dict[str, Counter[str]]] = {True: defaultdict(Counter), False: defaultdict(Counter)}
    counts: list[Counter[str]] = []
    lengths: list[int] = []
    for analysis in analyses:
        count: Counter[str] = Counter()
        words = 0
        forms = shown[analysis.script == "simplified"]
        for sentence, tokens in zip(analysis.sentences, analysis.tokens, strict=True):
            if sentence.is_prose:
                written = [token.word for token in tokens]
                words += sum(any(map(str.isalnum, word)) for word in written)
                for term, form in _occurrences(written, analysis.script, vocabulary):
                    count[term] += 1
                    forms[term][form] += 1
        counts.append(count)
        lengths.append(words)
    # The commonest spelling stands for a term; of equally common ones the first in code-point order
    spelling = {
        simple: {term: min(forms, key=lambda form: (-forms[form], form)) for term, forms in group.items()}
        for simple, group in shown.items()
    }
    return Counted(
        tuple(counts), tuple(lengths), tuple(spelling[analysis.script == "simplified"] for analysis in analyses)
    )


def distinctive(counted: Counted, limit: int) -> list[tuple[Term, ...]]:
    """Return for each article the terms that set it apart from the others, by falling G²: ``limit`` at most.

    A term must stand there at least twice and have a G² (``keyness``) of 3.84 or more; one that holds a stronger one,
    or stands in it, is left out.
    """
    everywhere: Counter[str] = Counter()
    for count in counted.counts:
        everywhere.update(count)
    total = sum(counted.words)
    chosen: list[tuple[Term, ...]] = []
    for count, words, spelling in zip(counted.counts, counted.words, counted.spelling, strict=True):
        candidates = [
            Term(
                term=spelling[term],
                count=here,
                elsewhere=everywhere[term] - here,
                ratio=here * total / (words * everywhere[term]),
                log_likelihood=strength,
                z=log_odds(here, words, everywhere[term] - here, total - words),
            )
            for term, here in count.items()
            if here > 1 and (strength := keyness(here, everywhere[term] - here, words, total - words)) >= SIGNIFICANT
        ]
        candidates.sort(key=lambda term: (-term.log_likelihood, -len(term.term), term.term))
        own: list[Term] = []
        for candidate in candidates:
            if len(own) == limit:
                break
            # 小米 says nothing new beside 小米11, nor 供应链管理 beside 供应链
            name = candidate.term.casefold()
            if not any(name in other.term.casefold() or other.term.casefold() in name for other in own):
                own.append(candidate)
        chosen.append(tuple(own))
    return chosen


def keyness(count: int, elsewhere: int, words: int, words_elsewhere: int) -> float:
    """Return the signed G² of a term: how surely its rate differs between two texts.

    ``G² = 2 Σ O ln(O / E)`` over the two counts, where ``E`` shares them out by the lengths (Dunning 1993; Rayson &
    Garside 2000). Negative where the term is rarer in the first text; 0 where either text has no words.

    Args:
        count, elsewhere: occurrences in the first and in the second text.
        words, words_elsewhere: lengths.
    """
    if words <= 0 or words_elsewhere <= 0 or count + elsewhere == 0:
        return 0.0
    expected = words * (count + elsewhere) / (words + words_elsewhere)
    rest = count + elsewhere - expected
    total = count * math.log(count / expected) if count else 0.0
    total += elsewhere * math.log(elsewhere / rest) if elsewhere else 0.0
    return math.copysign(2 * max(0.0, total), count - expected)


def join_key(term: str, script: Script) -> str:
    """Return what terms of two articles are compared by: not by case, nor by script."""
    return (term if script == "simplified" else common_words(convert(term))).casefold()


def _occurrences(words: Sequence[str], script: Script, vocabulary: set[str]) -> list[tuple[str, str]]:
    """Return the terms of the vocabulary that runs of words spell, each with its form here.

    It is the longest at each place, none inside another.
    """
    read = words
    if script != "simplified":
        whole = convert("".join(words))
        ends = list(accumulate(map(len, words)))
        read = [whole[end - len(word) : end] for word, end in zip(words, ends, strict=True)]
    found = []
    at = 0
    while at < len(words):
        step = 0
        term = hit = ""
        for size, word in enumerate(read[at : at + _LONGEST], 1):
            term += word
            key = (term if script == "simplified" else common_words(term)).casefold()
            if key in vocabulary:
                step, hit = size, key
        if step:
            found.append((hit, "".join(words[at : at + step])))
        at += step or 1
    return found
