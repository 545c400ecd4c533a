"""Words of an article that the dictionary lacks: names, parts, jargon that only this article has.

A segmenter guesses at each place anew, so that one name comes out in several ways (方砚秋|说, 方砚秋开|了会). What
settles it is the article: a string of characters is a word where it comes back, where its parts seldom stand without
each other (cohesion), and where what is beside it changes (accessor variety: Feng, Chen, Deng & Zheng 2004, "Accessor
Variety Criteria for Chinese Word Extraction", Computational Linguistics 30(1)). Looked at is only what the segmenter
was unsure of: words that it guessed, single characters, and their neighbours.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import add
from typing import TYPE_CHECKING

from pipeline.model import Sentence, Token
from pipeline.stages.spam.article import RARE
from pipeline.stages.spam.characters import FUNCTION, SURNAMES

if TYPE_CHECKING:
    from pipeline.stages.spam.article import Reader
    from pipeline.stages.tokens import Segmenter

_HAN = re.compile(r"[\u3400-\u9fff]+")
_LONGEST = 5
"""Characters of the longest word that is looked for."""
_LEAST = 2
"""Occurrences of a word."""
_BORDERS = 2
"""Different neighbours that it must have on each side; an edge of the sentence or a mark is one each time."""
_COHESION = 0.6
"""However it is divided, one of the two parts must stand in it in such a share of its occurrences."""
_MOST = 500
"""Words of an article at most, the most frequent ones: hostile text may have any number."""

# Parts of speech of single characters that words are not made of: they are words of the sentence.
_GRAMMAR = frozenset(("u", "uj", "ul", "uz", "ug", "uv", "ud", "p", "c", "r", "rr", "rz", "d", "m", "q", "f", "y", "x"))
_EDGE = "\n"
_NAME = 3  # characters of a person's name
_NAMES = frozenset(("nr", "nrt", "nrfg"))
_NOMINAL = _NAMES | {"n", "nz", "nt", "ns", "ng", "j", "vn", "l"}
_VERBS = frozenset(("v", "vg", "a", "d", "zg", "p"))
# What a term neither begins nor ends with: 条连接, 六升, 账上
_MEASURES = frozenset("个条位名台件次批款部家张只项种份辆支根块套间座笔篇段句场第一二三四五六七八九十百千万两几半每")
_PLACES = frozenset("上下里中内外前后时间")
_FAMILIAR = frozenset("老小阿")
"""Before a surname: 老寇, 小尹."""


@dataclass(frozen=True, slots=True)
class Discovered:
    """A word that the dictionary lacks.

    Attributes:
        word: itself.
        pos: its part of speech.
        count: occurrences.
    """

    word: str
    pos: str
    count: int


@dataclass(frozen=True, slots=True)
class _Region:
    """A stretch of a sentence that the segmenter was unsure of, between one character more on either side.

    Attributes:
        text: with these; what is no Chinese character, and the edge of the sentence, is a line end.
        unsure: of each character, whether it is in a word that was guessed or stands alone.
        tokens: by their first character: end and part of speech.
    """

    text: str
    unsure: Sequence[bool]
    tokens: Mapping[int, tuple[int, str]]

    def spans(self, again: Collection[str]) -> Iterator[tuple[int, int]]:
        """Yield where words may be: where all pairs of neighbouring characters are in ``again``."""
        text = self.text
        for a in range(1, len(text) - 2):
            if text[a : a + 2] not in again or text[a] in FUNCTION:
                continue
            unsure = self.unsure[a]
            for b in range(a + 2, min(a + _LONGEST, len(text) - 1) + 1):
                if text[b - 2 : b] not in again or text[b - 1] in FUNCTION:
                    break
                unsure = unsure or self.unsure[b - 1]
                if unsure:
                    yield a, b


@dataclass(slots=True)
class _Uses:
    """How a string is used: what stands beside it, and what the segmenter made of it."""

    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    predicates: int = 0


def discover(sentences: Sequence[Sequence[Token]], reader: Reader) -> tuple[Discovered, ...]:
    """Return the words that the sentences use again and the dictionary lacks, the most frequent first.

    Args:
        sentences: the tokens of each.
        reader: knows the words of the dictionary.
    """
    # a word that comes back has pairs of characters that do, and of these most texts have few
    whole = "\n".join(["".join([token.word for token in tokens]) for tokens in sentences])
    again = {pair for pair, n in Counter(map(add, whole, whole[1:])).items() if n >= _LEAST}
    regions = [region for tokens in sentences for region in _regions(tokens, reader.costs, again)]
    counts: Counter[str] = Counter()
    for region in regions:
        text = region.text
        counts.update([text[a:b] for a, b in region.spans(again)])
    uses = {word: _Uses() for word, n in counts.items() if n >= _LEAST and reader.costs[word] > RARE}
    if not uses:
        return ()
    for region in regions:
        for a, b in region.spans(again):
            if (use := uses.get(region.text[a:b])) is not None:
                _note(use, region, a, b)
    free = [word for word, use in uses.items() if _free(use.before) and _free(use.after) and _nominal(word, use)]
    if not free:
        return ()
    times = cache(whole.count)
    found = []
    for word in sorted(free, key=lambda word: (-counts[word], word))[:_MOST]:
        n = counts[word]
        if all(n >= _COHESION * min(times(word[:k]), times(word[k:])) for k in range(1, len(word))):
            found.append(Discovered(word, _pos(word, uses[word].tags), times(word)))
    return tuple(sorted(found, key=lambda item: (-item.count, item.word)))


def recut(
    sentences: Sequence[Sentence],
    tokens: Sequence[tuple[Token, ...]],
    words: Sequence[Discovered],
    segmenter: Segmenter,
) -> tuple[tuple[Token, ...], ...]:
    """Return the tokens of each sentence with ``words`` whole where they stand.

    What is left of a token that one of them cuts is segmented alone. A word of the dictionary is only cut by what the
    article uses more often.
    """
    if not words:
        return tuple(tokens)
    known = {word.word: word for word in words}
    pattern = re.compile("|".join(map(re.escape, sorted(known, key=lambda word: (-len(word), word)))))
    uses = Counter([token.word for group in tokens for token in group])
    out = []
    for sentence, group in zip(sentences, tokens, strict=True):
        matches = list(pattern.finditer(sentence.plain))
        out.append(_recut(sentence, group, matches, known, uses, segmenter) if matches else group)
    return tuple(out)


def _recut(
    sentence: Sentence,
    tokens: tuple[Token, ...],
    matches: Sequence[re.Match[str]],
    known: Mapping[str, Discovered],
    uses: Mapping[str, int],
    segmenter: Segmenter,
) -> tuple[Token, ...]:
    text = sentence.plain
    out: list[Token] = []
    number = at = 0  # the next token, and where it begins
    for match in matches:
        a, b = match.span()
        if a < at:
            continue  # in what is left of a token that was cut
        while at + len(tokens[number].word) <= a:
            out.append(tokens[number])
            at += len(tokens[number].word)
            number += 1
        last, end = number, at + len(tokens[number].word)
        while end < b:
            last += 1
            end += len(tokens[last].word)
        word = known[match[0]]
        cut = [tokens[number].word] * (at < a) + [tokens[last].word] * (end > b)
        if any(len(piece) > 1 and segmenter.has_word(piece) and uses[piece] >= word.count for piece in cut):
            continue
        for piece, pos in (*segmenter.tag(text[at:a]), (word.word, word.pos), *segmenter.tag(text[b:end])):
            out.append(Token(piece, pos, *sentence.span(at, at + len(piece))))
            at += len(piece)
        number = last + 1
    return (*out, *tokens[number:])


def _regions(tokens: Sequence[Token], costs: Mapping[str, float], again: set[str]) -> Iterator[_Region]:
    """Yield the stretches of Chinese words that hold one that was guessed, or stands as a single character.

    Only those are looked at that share a pair of characters in ``again``, within them or with a neighbour.
    """
    unsure = [
        # costs tell at once of most words that they are known
        (pos not in _GRAMMAR and word not in FUNCTION if len(word) == 1 else costs[word] > RARE)
        and _HAN.fullmatch(word) is not None
        for word, pos, _, _ in tokens
    ]
    for k, own in enumerate(unsure):
        if own:
            before = tokens[k - 1].word[-1:] if k else ""
            after = tokens[k + 1].word[:1] if k + 1 < len(tokens) else ""
            around = before + tokens[k].word + after
            unsure[k] = not again.isdisjoint(map(add, around, around[1:]))
    if True not in unsure:
        return
    inside = [
        own
        or (
            True in unsure[max(0, k - 1) : k + 2]
            and token.pos not in _GRAMMAR
            and _HAN.fullmatch(token.word) is not None
        )
        for k, (token, own) in enumerate(zip(tokens, unsure, strict=True))
    ]
    k = 0
    while k < len(tokens):
        if not inside[k]:
            k += 1
            continue
        first = k
        while k < len(tokens) and inside[k]:
            k += 1
        yield _region(tokens, unsure, first, k)


def _region(tokens: Sequence[Token], unsure: Sequence[bool], first: int, end: int) -> _Region:
    before = tokens[first - 1].word[-1] if first else _EDGE
    after = tokens[end].word[0] if end < len(tokens) else _EDGE
    made: dict[int, tuple[int, str]] = {}
    flags = [False]
    for token, own in zip(tokens[first:end], unsure[first:end], strict=True):
        made[len(flags)] = (len(flags) + len(token.word), token.pos)
        flags += [own] * len(token.word)
    text = "".join([token.word for token in tokens[first:end]])
    sides = [side if _HAN.match(side) else _EDGE for side in (before, after)]
    return _Region(f"{sides[0]}{text}{sides[1]}", [*flags, False], made)


def _note(use: _Uses, region: _Region, a: int, b: int) -> None:
    """Note an occurrence at ``a:b`` of a region."""
    use.before.append(region.text[a - 1])
    use.after.append(region.text[b])
    end, pos = region.tokens.get(a, (0, ""))
    if end == b:
        use.tags.append(pos)
    elif end == a + 1 and pos in _VERBS:
        use.predicates += 1  # 换炸篮, 没电
    elif pos not in _NAMES and any(
        at >= a and end == b and end - at == 1 and pos in _VERBS for at, (end, pos) in region.tokens.items()
    ):
        use.predicates += 1  # 钱花


def _free(neighbours: Sequence[str]) -> bool:
    """Whether what is beside a string changes."""
    return len(set(neighbours) - {_EDGE}) + neighbours.count(_EDGE) >= _BORDERS


def _nominal(word: str, use: _Uses) -> bool:
    """Whether a string is a name or term, and no predicate, number or place where it is used."""
    if word[0] in _MEASURES or word[-1] in _PLACES:
        return False
    others = sum(tag not in _NOMINAL for tag in use.tags)
    return 2 * (use.predicates + others) < len(use.before)


def _pos(word: str, tags: Sequence[str]) -> str:
    """Return the part of speech that the segmenter most often gave a word; a name's for what looks like one."""
    if tags:
        return max(sorted(set(tags)), key=tags.count)
    named = (word[0] in SURNAMES and len(word) <= _NAME) or (word[0] in _FAMILIAR and word[1] in SURNAMES)
    return "nr" if named else "n"
