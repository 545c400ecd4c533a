"""What the searches for spam know: how well any text reads, how an article's words divide, what stands in it how often.

How well a text reads is the cost of its best division into words, where a word costs as much as it is rare, in nats.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.stages.spam.characters import CONTEXT, PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from pipeline.stages.keywords import Background
    from pipeline.stages.tokens import Segmenter

MOST = 5_000
"""Places of a kind that are looked into: an article has some dozens, and hostile text may have any number."""
RARE = 17.0
"""Cost of a word that only the dictionary knows: what costs more is no word."""
CHARACTER = 8.2
"""Cost of a character at random."""
# Costs, too: of a word beside its idf; of a character that is no word
_WORD = 4.5
_STRAY = 17.5
_NEVER = float("inf")
_HAN = "\u3400"  # the first Chinese character
_WORTH_PAIRS = 30_000  # characters
_LONGEST = 4  # characters of the longest word that comes back
JUNCTIONS = tuple((p, q) for p in range(1, _LONGEST) for q in range(1, _LONGEST - p + 1))
"""How many characters of a word stand before and after an insert in it."""
_LONG = 20_000  # characters of a text that is counted out
_RARE_WORD = 7.5  # idf of a word that is no label

_MANY = 4  # occurrences
_LOOSE = 0.06  # share of words that are stray characters, in common prose


_REMEMBERED = 200_000
"""Strings whose cost is kept at most: a corpus of millions has no end of them."""


class Costs(dict[str, float]):
    """The cost of each string as one word, worked out when first asked for; infinite for what is no word."""

    def __init__(self, has_word: Callable[[str], bool], idf: Mapping[str, float]) -> None:
        super().__init__()
        self._has_word = has_word
        self._idf = idf

    def __missing__(self, word: str) -> float:
        if len(self) >= _REMEMBERED:
            self.clear()
        idf = self._idf.get(word)
        if idf is not None:
            cost = idf + _WORD
        elif len(word) == 1:
            cost = _STRAY
        else:
            cost = RARE if self._has_word(word) else _NEVER
        self[word] = cost
        return cost

    def parse(self, text: str) -> float:
        """Return the cost of the best division of ``text`` into words."""
        # The costs of what ends one to four characters before
        near, second, third, fourth = 0.0, _NEVER, _NEVER, _NEVER
        for end in range(1, len(text) + 1):
            best = near + self[text[end - 1 : end]]
            if end > 1:
                best = min(best, second + self[text[end - 2 : end]])
                if end > 2:
                    best = min(best, third + self[text[end - 3 : end]])
                    if end > 3:
                        best = min(best, fourth + self[text[end - 4 : end]])
            near, second, third, fourth = best, near, second, third
        return near

    def gain(self, left: str, right: str) -> float:
        """Return how much better ``left`` and ``right`` read as one text than as two; 0 if no word comes back."""
        left, right = left[-CONTEXT:], right[:CONTEXT]
        bound = max(
            (self.parse(left[-p:]) + self.parse(right[:q]) - self[left[-p:] + right[:q]] for p, q in JUNCTIONS),
            default=0.0,
        )
        if bound <= 0:
            return 0.0
        return self.parse(left) + self.parse(right) - self.parse(left + right)


class Counts(dict[str, int]):
    """How often each string of ``size`` characters (1 or 2) stands in a text, counted when first asked for."""

    def __init__(self, text: str, size: int) -> None:
        super().__init__()
        self._text = text
        self._size = size
        self._whole = False

    def __missing__(self, string: str) -> int:
        # A few searches are faster than to count out a short text; in a long one any number of them must not be slow
        if len(self._text) <= _LONG:
            self[string] = count = self._text.count(string)
            return count
        if not self._whole:
            self._whole = True
            self.update(Counter(self._text if self._size == 1 else map("".join, pairwise(self._text))))
        return self.get(string, 0)


class Reader:
    """What tells how well a text reads; built once, for all articles.

    Attributes:
        parse: divides a text by the dictionary alone.
        costs: of strings as words.
        idf: of the common words.
    """

    def __init__(self, segmenter: Segmenter, background: Background) -> None:
        self.parse = segmenter.parse
        self.costs = Costs(segmenter.has_word, background.idf)
        self.idf = background.idf
        self._read = 0

    def pairs(self, characters: int) -> Collection[str] | None:
        """Return the pairs of characters that stand together in a common word, for a text of so many characters.

        They make the search faster, not different, and take time to collect: None until that much has been read.
        """
        self._read += characters
        return self._pairs if self._read >= _WORTH_PAIRS else None

    @cached_property
    def _pairs(self) -> frozenset[str]:
        return frozenset([word[k : k + 2] for word in self.idf if word >= _HAN for k in range(len(word) - 1)])


class Article:
    """The text that is looked at, and what the searches need to know of it."""

    def __init__(self, text: str, reader: Reader) -> None:
        self.text = text
        self.parse = reader.parse
        self.costs = reader.costs
        self.idf = reader.idf
        self.held = reader.pairs(len(text))
        self.words = 0
        self.loose = 0
        self.pairs = Counts(text, 2)
        self.characters = Counts(text, 1)

    @property
    def strangeness(self) -> float:
        """How much more evidence it takes in a text full of terms, names or dialect that no dictionary holds."""
        share = (self.loose + _LOOSE * 80) / (self.words + 80)
        return 60 * max(0.0, share - 0.02 - _LOOSE)

    def count(self, string: str) -> int:
        """Return how often ``string``, of two characters or more, stands in the text; a bound for a long text."""
        most = min(self.pairs[string[k : k + 2]] for k in range(len(string) - 1))
        return most if most <= 1 or len(string) == 2 or len(self.text) > _LONG else self.text.count(string)

    def foreign(self, string: str, times: int) -> bool:
        """Tell whether no two characters of ``string`` (half of them, for many occurrences) stand together anywhere but
        in its own ``times`` occurrences."""
        inside = Counter(map("".join, pairwise(string)))
        own = [self.pairs[pair] <= n * times for pair, n in inside.items()]
        # What stands at many places may hold a word of the article, as 某某智能 does in one on locks
        return all(own) if times < _MANY else sum(own) * 2 >= len(own) > 0


@dataclass(frozen=True, slots=True)
class Insert:
    """Something inside a word that may have been pushed in, and how much speaks for it, in nats."""

    start: int
    end: int
    score: float
    around: str  # the characters before and after it


def back(article: Article, left: str, right: str, *, halves: bool = True) -> list[str]:
    """Return the common words that come back where ``left`` and ``right`` meet; without ``halves`` not two by two."""
    ways = [(p, q) for p, q in JUNCTIONS if p <= len(left) and q <= len(right) and (halves or (p, q) != (2, 2))]
    words = [left[-p:] + right[:q] for p, q in ways]
    return [word for word in words if word in article.idf]


def may_meet(article: Article, left: str, right: str) -> bool:
    """Tell quickly whether a word could come back where ``left`` and ``right`` meet."""
    costs = article.costs
    return any(costs[left[-p:] + right[:q]] <= RARE for p, q in JUNCTIONS if p <= len(left) and q <= len(right))


def unlike_label(article: Article, name: str) -> bool:
    """Tell whether ``name`` holds something other than the common words that labels consist of."""
    return any(article.idf.get(word.lower(), 99.0) >= _RARE_WORD for word in article.parse(name) if word not in PLAIN)
