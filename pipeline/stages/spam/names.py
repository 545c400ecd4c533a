"""Finds names and words pushed into words: without the insert a word comes back."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from pipeline.stages.spam.article import CHARACTER, JUNCTIONS, MOST, RARE, Insert, back
from pipeline.stages.spam.characters import CONTEXT, FUNCTION, PLAIN, RUN, SURNAMES, is_han

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Span
    from pipeline.stages.spam.article import Article

# A noun after one of them is no stranger: 因汗水而, 据某人介绍
_PREPOSITIONS = frozenset("据在从因对于向往由为与和把将按当以随")
_NUMERALS = frozenset("一二三四五六七八九十百千万亿两几数")  # what they count is said, and may stand before any noun
_BESIDE = 4  # characters
_NAMES = 300  # different inserts at most
_SIZES = range(2, 6)  # characters of an insert
_LEAST_GAIN = 2.0
_SURE = (6.0, 5.5, 2.0)  # evidence for an insert that stands once: a made-up name, a word, two words
_LEAST = (2.0, 4.0, 2.0)  # for each place, of the same three
_NEIGHBOUR = 3.0  # less, for a neighbour that stands beside it elsewhere too
_REPEATED = 8.0  # for all places together, where there are several
_AMID_WORDS = 4.0  # more than _SURE, for one that also stands between words
_FOREIGN_WORD = 13.5  # nats, cost of a word at random


def names_in_words(article: Article) -> list[Span]:
    """Find names and words pushed into words, and between words where the same one also stands in a word."""
    groups: defaultdict[str, list[Insert]] = defaultdict(list)
    for run, at, spots in _spots(article):
        for s, e in spots:
            score = _evidence(article, run, s, e)
            if score >= _LEAST[_words(article, run[s:e])]:
                groups[run[s:e]].append(Insert(at + s, at + e, score, run[s - 1] + run[e]))
    chosen = [(sum(i.score for i in spots), spots) for name, spots in groups.items() if _stands(article, name, spots)]
    chosen.sort(key=lambda item: (-item[0], item[1][0].start))
    taken: set[int] = set()
    found: list[Span] = []
    for _, inserts in chosen[:_NAMES]:
        for a, b in _occurrences(article, inserts):
            # The evidence for what stands beside an insert was read with it
            if taken.isdisjoint(range(a - _BESIDE, b + _BESIDE)):
                taken.update(range(a, b))
                found.append((a, b))
    return found


def _spots(article: Article) -> Iterator[tuple[str, int, list[Span]]]:
    """Yield runs of Chinese characters, their offsets, and where in them a common word comes back without an insert."""
    held = article.held
    left = 10 * MOST + len(article.text) // 2
    for m in RUN.finditer(article.text):
        run = m[0]
        words = article.parse(run)
        article.words += len(words)
        article.loose += sum([len(word) == 1 and word not in PLAIN for word in words])
        places = set(_places(words))
        size = len(run)
        spots = {
            (s, e)
            for s, e in places
            # a word that comes back holds the two characters that meet: most do not stand together in any
            if s > 0
            and e < size
            and (held is None or run[s - 1] + run[e] in held)
            and FUNCTION.isdisjoint(run[s:e])
            and _comes_back(article, run, s, e)
        }
        if spots:
            yield run, m.start(), sorted(spots)
        left -= len(places) + 20 * len(spots)
        if left < 0:
            return


def _places(words: list[str]) -> Iterator[Span]:
    """Yield where inserts could be, by the words that the text as it stands is read as.

    Single characters are what an insert leaves of a word, and what a made-up name is read as.
    """
    at = 0
    sizes = [0, 0, 0]  # of the three words before
    for word in words:
        size = len(word)
        if size == 1:
            if word not in PLAIN:
                for k in _SIZES:
                    yield at, at + k
                    yield at + 1, at + 1 + k
                    yield at - k, at
            if sizes[1] == 1 < sizes[2]:
                yield at - sizes[2], at
            elif sizes[0] == 1 < sizes[1] and sizes[2] > 1:
                yield at - sizes[1] - sizes[2], at
        sizes = [*sizes[1:], size]
        at += size


def _comes_back(article: Article, run: str, s: int, e: int) -> bool:
    """Tell whether a common word that reads better than its parts comes back without ``run[s:e]``."""
    idf = article.idf
    a, b, one, two = run[s - 1], run[e], run[s - 2 : s], run[e : e + 2]
    # The lengths of the junctions written out: this is asked some hundred times in an article
    if not (
        a + b in idf
        or a + two in idf
        or one + b in idf
        or one + two in idf
        or a + run[e : e + 3] in idf
        or run[s - 3 : s] + b in idf
    ):
        return False
    costs = article.costs
    return any(
        s >= p
        and (word := run[s - p : s] + run[e : e + q]) in idf
        and costs.parse(run[s - p : s]) + costs.parse(run[e : e + q]) - costs[word] >= _LEAST_GAIN
        for p, q in JUNCTIONS
    )


def _evidence(article: Article, run: str, s: int, e: int) -> float:
    """Return how much more likely ``run[s:e]`` is an insert than part of the text."""
    costs, pairs = article.costs, article.pairs
    left, insert, right = run[max(0, s - CONTEXT) : s], run[s:e], run[e : e + CONTEXT]
    apart = costs.parse(left) + costs.parse(right)
    gain = apart - costs.parse(left + right)
    if gain < _LEAST_GAIN or insert[0] in _NUMERALS:
        return 0.0
    whole = costs.parse(left + insert + right)
    # An insert does not make words with its neighbours
    slack = apart + costs.parse(insert + right) + costs.parse(left + insert) - 2 * whole
    size = e - s
    score = gain - slack / 2
    if any(all(pairs[word[k : k + 2]] for k in range(len(word) - 1)) for word in back(article, left, right)):
        score += 3
    if left[-1] in _PREPOSITIONS:
        score -= 3
    parts = _words(article, insert)
    if parts == 2 and left[-1] in PLAIN and right[0] in PLAIN:
        score -= 3
    if parts == 1:
        score += min(whole - apart - _FOREIGN_WORD, 5) - 3 * (not PLAIN.isdisjoint(insert))
    else:
        usual = min(CHARACTER * size, _FOREIGN_WORD * 1.6 if parts == 2 else 100)
        score += min((whole - apart - usual) / 2, 4)
        score -= sum(1.5 for character in insert if character in PLAIN)
        # A term of the article is made of the article's characters
        score -= 1.5 * sum(article.characters[character] > 1 for character in insert) / max(1, article.count(insert))
        if left[-1] in SURNAMES and size == 2:  # a person's name
            score -= 14
    return score


def _words(article: Article, insert: str) -> int:
    """Return of how many words an insert consists: 1, 2, or 0 for one that is no word nor two."""
    costs = article.costs
    if costs[insert] <= RARE:
        return 1
    return 2 if any(costs[insert[:k]] <= RARE and costs[insert[k:]] <= RARE for k in range(2, len(insert) - 1)) else 0


def _stands(article: Article, name: str, inserts: list[Insert]) -> bool:
    """Tell whether ``name`` is an insert at all, by all the places where it stands."""
    times = article.count(name)
    sure = _SURE[_words(article, name)] + article.strangeness
    around = {insert.around for insert in inserts}
    best = max(insert.score for insert in inserts)
    pairs = article.pairs
    if times == 1:
        # What stands next to its neighbour elsewhere too may belong to it
        a, b = inserts[0].start, inserts[0].end
        again = (pairs[article.text[a - 1 : a + 1]] > 1) + (pairs[article.text[b - 1 : b + 1]] > 1)
        return best - _NEIGHBOUR * again >= sure
    if len(around) > 1:
        if len(around) * 3 < times:
            return False  # a word of the article
        return best >= sure and sum(max(i.score for i in inserts if i.around == each) for each in around) >= _REPEATED
    return times > len(inserts) and best >= sure + _AMID_WORDS


def _occurrences(article: Article, inserts: list[Insert]) -> list[Span]:
    """Return the places where to take out an insert that ``_stands``."""
    text = article.text
    name = text[inserts[0].start : inserts[0].end]
    inside = [(i.start, i.end) for i in inserts]
    if article.count(name) == len(inside):
        return inside
    every = [m.span() for m in re.finditer(re.escape(name), text)]
    around = [(text[a - 1 : a], text[b : b + 1]) for a, b in every]
    amid = all(is_han(before) and is_han(after) for before, after in around)
    if len({i.around for i in inserts}) > 1:
        return every if amid or len(inside) * 2 >= len(every) else inside
    # In one word only: elsewhere it could be a word that the article uses
    alike = max(Counter(before for before, _ in around).most_common(1)[0][1], len(around) - len(set(around)) + 1)
    return every if amid and len(inside) * 4 >= len(every) and alike * 2 <= max(2, len(around)) else []
