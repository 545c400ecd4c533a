"""Finds what may become a keyword: runs of one to four content words that hold no stop word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from pipeline.model import Token
from pipeline.stages.keywords.vocabulary import Vocabulary, Word
from pipeline.stages.keywords.wholeness import Weighed, weighed

MAX_WORDS = 4
# Between two Latin words these belong to the phrase (machine learning, e-mail); the dot between any (a foreign name).
_BRIDGES = frozenset(" -·")
_BORDERS = frozenset(("", "x"))  # before the first word of a clause
_LINKING = frozenset(("结果",))  # nouns that link a clause to the one before where they open it
_VERSION = 3  # characters of a version number
# Particles after a verb that is its clause's predicate, and so part of no term. (An adverb before it says the same.)
_AFTER_PREDICATE = frozenset(("ul", "uz", "ug", "ud", "y"))
EDGE = "\x1f"
"""Stands at both edges of each word of a candidate, so that one holds another exactly where its string does."""


@dataclass(slots=True)
class Content:
    """The content words of a text in one line, found once for all the lists of keywords that are made of it.

    Made by ``content``; word p may be followed by p + 1 in a phrase while p + 1 < ends[p].

    Attributes:
        keys: the words in lower case.
        kinds, rarity: their classes and idf.
        tokens: what they come from.
        begins: whether a border is just before.
        places: positions among all tokens.
        glue: what stands between p - 1 and p where that is not nothing.
        characters: for each word and for the end, how many characters the words before it have.
        sentences: for each sentence and for the end, how many content words and how many tokens are before it.
        grams: the candidates in order of their first word, then of length, as often as they occur. A candidate is its
            words, each between edges (``EDGE``).
        words: the first word of each of ``grams``.
        offsets: for each word and for the end, where in ``grams`` those that it begins are.
        weighed: of the words, what they add to the phrases that they are in.
    """

    keys: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    rarity: list[float] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    begins: list[bool] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    glue: dict[int, str] = field(default_factory=dict)
    characters: list[int] = field(default_factory=list)
    sentences: list[tuple[int, int]] = field(default_factory=list)
    grams: list[str] = field(default_factory=list)
    words: list[int] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)
    weighed: Weighed | None = None

    def candidates(self, first: int, last: int) -> Candidates:
        """Return what may become a keyword of the sentences ``first:last``."""
        (begin, before), (end, after) = self.sentences[first], self.sentences[last]
        start, stop = self.offsets[begin], self.offsets[end]
        grams = self.grams[start:stop]
        return Candidates(
            self,
            # all three by functions that loop in C
            Counter(grams),
            dict(zip(reversed(grams), range(stop - 1, start - 1, -1), strict=True)),
            Counter([self.grams[self.offsets[p + 1] - 1] for p in range(begin, end) if self._alone(p)]),
            range(start, stop),
            before,
            after - before,
        )

    def _alone(self, p: int) -> bool:
        """Whether the longest candidate that begins with word p has a border on both sides."""
        return self.begins[p] and self.ends[p] - p <= MAX_WORDS


@dataclass(frozen=True, slots=True)
class Candidates:
    """What may become a keyword of some sentences of a text.

    Attributes:
        content: of the whole text.
        counts: how often each candidate occurs here.
        first: where in ``content.grams`` it does so first.
        free: how often with a border on both sides.
        span: where in ``content.grams`` these sentences are.
        before: tokens before these sentences.
        size: tokens that they have.
    """

    content: Content = field(repr=False)
    counts: Mapping[str, int] = field(repr=False)
    first: Mapping[str, int] = field(repr=False)
    free: Mapping[str, int] = field(repr=False)
    span: range
    before: int
    size: int


def content(sentences: Sequence[Sequence[Token]], vocabulary: Vocabulary, own: Collection[str] = ()) -> Content:
    """Collect the content words; a phrase ends at a stop word, mark, number or predicate, and where a sentence does.

    Args:
        sentences: the tokens of each sentence.
        vocabulary: what is known of words.
        own: words that the text itself shows to be some, though no list holds them.
    """
    out = Content()
    entries: list[Word] = []
    before: list[tuple[str, str, str]] = []
    after: list[tuple[str, str, str]] = []
    begins, taken, places = out.begins, out.tokens, out.places
    known = vocabulary.words
    at = 0
    for sentence in sentences:
        out.sentences.append((len(entries), at))
        joined = False
        glue = ""
        word = near = tag = ""
        size = len(sentence)
        for number, token in enumerate(sentence, 1):
            far, near, tag = near, tag, token.pos
            previous, word = word, token.word
            entry = known.own(word, tag) if word in own else known[word, tag]
            # 已恢复, 恢复了
            if (
                entry is not None
                and entry.predicate
                and (near == "d" or (number < size and sentence[number].pos in _AFTER_PREDICATE))
            ):
                entry = None
            # 结果噪声升到68分贝: "so"; 结果的偏差: a result
            if word in _LINKING and near in _BORDERS and not (number < size and sentence[number].pos == "uj"):
                entry = None
            if entry is None:
                if not joined:
                    continue
                if not glue and word in _BRIDGES:
                    glue = word
                    continue
                last = entries[-1]
                if not (
                    glue == " " and last.kind == "E" and last.key.isascii() and word.isdigit() and len(word) <= _VERSION
                ):
                    joined, glue = False, ""
                    continue
                entry = known.word(word, tag, "E")  # a version belongs to the Latin name before it: Android 14
            if glue:
                if glue == "·" or (word.isascii() and entries[-1].key.isascii()):
                    out.glue[len(entries)] = glue
                else:
                    joined = False
                glue = ""
            begins.append(not joined)
            entries.append(entry)
            before.append((previous, near, far))
            if number < size:
                beside = sentence[number]
                after.append((beside.word, beside.pos, sentence[number + 1].pos if number + 1 < size else ""))
            else:
                after.append(("", "", ""))
            taken.append(token)
            places.append(at + number)
            joined = True
        at += size
    out.sentences.append((len(entries), at))
    out.keys = [entry.key for entry in entries]
    out.kinds = [entry.kind for entry in entries]
    out.rarity = [entry.rarity for entry in entries]
    out.characters = list(accumulate(map(len, out.keys), initial=0))
    if vocabulary.wholeness is not None:
        out.weighed = weighed(
            [entry.shape for entry in entries],
            [entry[-3:] for entry in entries],
            before,
            after,
            wholeness=vocabulary.wholeness,
        )
    end = len(entries)
    out.ends = [0] * end
    for p in range(len(entries) - 1, -1, -1):
        out.ends[p] = end
        if begins[p]:
            end = p
    _find_grams(out)
    return out


def _find_grams(words: Content) -> None:
    grams, first, offsets = words.grams, words.words, words.offsets
    edged = [EDGE + key + EDGE for key in words.keys]
    for p, end in enumerate(words.ends):
        offsets.append(len(grams))
        gram = ""
        for word in edged[p : min(end, p + MAX_WORDS)]:
            gram += word
            grams.append(gram)
            first.append(p)
    offsets.append(len(grams))


def term_of(words: Content, p: int, q: int) -> str:
    """Return the words ``p:q`` as they stand, with the marks that belong between them."""
    if not words.glue:
        return "".join([token.word for token in words.tokens[p:q]])
    return "".join([words.glue.get(k, "") * (k > p) + words.tokens[k].word for k in range(p, q)])
