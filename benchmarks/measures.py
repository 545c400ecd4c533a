"""The measures: plain functions on plain values, in per cent unless they say otherwise."""

from __future__ import annotations

import random
import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import StatisticsError, correlation, fmean
from typing import TypeVar

T = TypeVar("T")
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Overlap:
    """How what was found meets what was wanted: ``hit`` items are in both. Adds up over documents."""

    hit: int = 0
    found: int = 0
    wanted: int = 0

    def __add__(self, other: Overlap) -> Overlap:
        return Overlap(self.hit + other.hit, self.found + other.found, self.wanted + other.wanted)

    @property
    def precision(self) -> float:
        """Share of what was found that was wanted; 0 where nothing was found."""
        return 100 * self.hit / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of what was wanted that was found; 0 where nothing was wanted."""
        return 100 * self.hit / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 0 where there is nothing to find and nothing was found."""
        return 200 * self.hit / (self.found + self.wanted) if self.found + self.wanted else 0.0


def overlap(wanted: Collection[Hashable], found: Collection[Hashable]) -> Overlap:
    """Compare two collections as sets."""
    ours, theirs = set(found), set(wanted)
    return Overlap(len(ours & theirs), len(ours), len(theirs))


def accuracy(gold: Sequence[object], guess: Sequence[object]) -> float:
    """Share of items with the right label."""
    return 100 * sum(g == p for g, p in zip(gold, guess, strict=True)) / len(gold) if gold else 0.0


def macro_f1(gold: Sequence[int], guess: Sequence[int], classes: Sequence[int]) -> float:
    """Mean of the F1 of each of ``classes``; a class that is neither in ``gold`` nor guessed counts as 0."""
    pairs = Counter(zip(gold, guess, strict=True))
    return _macro_f1(pairs, classes)


def _macro_f1(pairs: Mapping[tuple[int, int], int], classes: Sequence[int]) -> float:
    """Macro-F1 of a confusion table: how often each (gold, guess) occurs."""
    wanted: Counter[int] = Counter()
    found: Counter[int] = Counter()
    for (gold, guess), times in pairs.items():
        wanted[gold] += times
        found[guess] += times
    return sum(Overlap(pairs.get((c, c), 0), found[c], wanted[c]).f1 for c in classes) / len(classes)


def opposite_sign(gold: Sequence[int], guess: Sequence[int]) -> float:
    """Share of the truly polar items that are put on the other side; taking them for neutral is not counted."""
    polar = [(g, p) for g, p in zip(gold, guess, strict=True) if g]
    return 100 * sum(g == -p for g, p in polar) / len(polar) if polar else 0.0


@dataclass(frozen=True, slots=True)
class Bin:
    """Items whose ``x`` lies in [``low``, ``high``): how many, and the means of their ``x`` and ``y``; None of none."""

    low: float
    high: float
    n: int
    x: float | None
    y: float | None


def binned(x: Sequence[float], y: Sequence[float], edges: Sequence[float]) -> list[Bin]:
    """Sort items into bins between ascending ``edges``; the last bin holds its upper edge as well."""
    inside: list[list[tuple[float, float]]] = [[] for _ in edges[1:]]
    for pair in zip(x, y, strict=True):
        inside[min(max(bisect_right(edges, pair[0]) - 1, 0), len(inside) - 1)].append(pair)
    return [
        Bin(low, high, len(pairs), fmean(a for a, _ in pairs), fmean(b for _, b in pairs))
        if pairs
        else Bin(low, high, 0, None, None)
        for low, high, pairs in zip(edges, edges[1:], inside, strict=False)
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error (Guo et al. 2017) in per cent: mean |x - y| of the bins, weighed by their items."""
    total = sum(b.n for b in bins)
    return 100 * sum(b.n * abs(b.x - b.y) for b in bins if b.x is not None and b.y is not None) / max(1, total)


def error_by_chance(x: Sequence[float], edges: Sequence[float], *, draws: int = 1000, seed: int = 0) -> float:
    """Return the mean calibration error, in per cent, if each probability were right: what so few items show anyway."""
    dice = random.Random(seed)
    errors = (calibration_error(binned(x, [dice.random() < p for p in x], edges)) for _ in range(draws))
    return fmean(errors)


def bootstrap(
    groups: Sequence[Sequence[T]],
    statistic: Callable[[Sequence[T]], float],
    *,
    draws: int = 2000,
    share: float = 0.95,
    seed: int = 0,
) -> tuple[float, float]:
    """Return the percentile interval of a statistic (Efron & Tibshirani 1993, ch. 13).

    Args:
        groups: the items, by what is drawn together: one item a group for the plain bootstrap; an article's sentences
            in one group where they resemble each other, which gives the wider, honest interval.
        statistic: of the items of as many groups as there are, drawn with replacement.
        draws, share, seed: number of resamples, coverage, start of the random numbers.
    """
    dice = random.Random(seed)
    values = sorted(
        statistic([item for group in dice.choices(groups, k=len(groups)) for item in group]) for _ in range(draws)
    )
    cut = (1 - share) / 2
    return values[round(cut * (draws - 1))], values[round((1 - cut) * (draws - 1))]


def pearson(x: Sequence[float], y: Sequence[float]) -> float | None:
    """Return the correlation in [-1, 1]; None where there are fewer than three pairs, or one side is constant."""
    if len(x) < 3:
        return None
    try:
        return correlation(x, y)
    except StatisticsError:
        return None


# Sections


_MARKUP = frozenset("#*[\u200b\ufeff")


def anchor(text: str, offset: int) -> int:
    """Return the first character from ``offset`` on that is neither white space nor mark-up.

    Whether a heading begins at its ``##`` or at its first word is a convention, not a finding.
    """
    while offset < len(text) and (text[offset].isspace() or text[offset] in _MARKUP):
        offset += 1
    return offset


@dataclass(frozen=True, slots=True)
class Boundary:
    """A section of the gold: where it starts, where its heading's words start, its kind.

    ``soft``: no mark in the text shows it, so that finding it and not finding it are both right.
    """

    start: int
    heading: int
    kind: str
    soft: bool


def section_overlap(text: str, gold: Sequence[Boundary], found: Mapping[int, str | None]) -> tuple[Overlap, int]:
    """Compare section starts.

    Args:
        text: the source.
        gold: its sections.
        found: the kind of each section by its start; None where a peer knows no kinds.

    Returns:
        The overlap of starts, soft boundaries left out on both sides, and how many of the matched have the right kind.
    """
    same = {anchor(text, b.heading): anchor(text, b.start) for b in gold} | {
        anchor(text, b.start): anchor(text, b.start) for b in gold
    }
    soft = {anchor(text, b.start) for b in gold if b.soft}
    hard = {anchor(text, b.start): b.kind for b in gold if not b.soft}
    ours = {same.get(at, at): kind for at, kind in ((anchor(text, start), kind) for start, kind in found.items())}
    ours = {at: kind for at, kind in ours.items() if at not in soft}
    return overlap(hard, ours), sum(ours.get(at) == kind for at, kind in hard.items())


def bare(text: str) -> str:
    """Return a heading as compared for equality: NFKC, without blanks and mark-up."""
    return re.sub(r"[\s*_`#]+", "", unicodedata.normalize("NFKC", text))


# Keywords


_EDGE = ".,;:。,、;:\"'“”《》()()"


def bare_term(term: str) -> str:
    """Return a keyword as compared for equality: NFKC, lower case, without blanks and without marks at its ends."""
    return "".join(unicodedata.normalize("NFKC", term).split()).lower().strip(_EDGE)


def keyword_f1(gold: Iterable[str], found: Iterable[str], k: int) -> float:
    """F1 of the first ``k`` keywords found, by exact match; precision is over ``k``, even if fewer were found."""
    wanted = {bare_term(term) for term in gold} - {""}
    ours = list(dict.fromkeys(bare_term(term) for term in found))[:k]
    return Overlap(sum(term in wanted for term in ours), k, len(wanted)).f1


# Summaries


_UNIT = re.compile(r"[\u3400-\u9fff]|[a-z0-9]+")


def units(text: str) -> list[str]:
    """Return what ROUGE counts: Chinese characters, and runs of Latin letters and digits; marks are dropped."""
    return _UNIT.findall(unicodedata.normalize("NFKC", text).lower())


def rouge(summary: str, reference: str) -> tuple[float, float, float]:
    """Return the F1 of ROUGE-1, ROUGE-2 and ROUGE-L (Lin 2004) on ``units``."""
    ours, theirs = units(summary), units(reference)
    return _ngram_f1(ours, theirs, 1), _ngram_f1(ours, theirs, 2), _f1_of(_common(ours, theirs), len(ours), len(theirs))


def _ngram_f1(ours: Sequence[str], theirs: Sequence[str], n: int) -> float:
    a, b = (Counter(tuple(side[i : i + n]) for i in range(len(side) - n + 1)) for side in (ours, theirs))
    return _f1_of((a & b).total(), a.total(), b.total())


def _f1_of(hit: int, found: int, wanted: int) -> float:
    return Overlap(hit, found, wanted).f1


def _common(a: Sequence[str], b: Sequence[str]) -> int:
    """Return the length of the longest common subsequence."""
    best = [0] * (len(b) + 1)
    for x in a:
        before = 0
        for j, y in enumerate(b, 1):
            before, best[j] = best[j], before + 1 if x == y else max(best[j], best[j - 1])
    return best[-1]


# Segmentation


def spans(words: Iterable[str]) -> set[Span]:
    """Return the spans of words that follow one another without gaps."""
    out, at = set(), 0
    for word in words:
        out.add((at, at + len(word)))
        at += len(word)
    return out
