"""The words and phrases that a text turns on.

Candidates are runs of one to four content words that end in something noun-like and do not hold a stop word. A log-linear
model ranks them: its features are the ones that the literature on keyphrase extraction has settled on (occurrences, rarity,
place, title, length, cohesion: Witten et al. 1999, KEA; Campos et al. 2020, YAKE; Florescu & Caragea 2017, PositionRank) and
its weights were fitted by logistic regression on documents whose authors name their keywords. Where a section is set against
the rest of its article, the weighted log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008) is
added. A last, greedy pass drops what only repeats a stronger one.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.model import Keyword, Token

_RESOURCES = Path(__file__).parent.parent / "resources"
BACKGROUND_PATH = _RESOURCES / "background.tsv"
STOPWORDS_PATH = _RESOURCES / "stopwords.txt"


@dataclass(frozen=True, slots=True)
class Background:
    """How common words are in general and retrospective text.

    Attributes:
        idf: -ln(share of documents that hold the word), by lower-case word.
        unseen: of a word that is not in ``idf``.
    """

    idf: Mapping[str, float] = field(repr=False)
    unseen: float

    def __call__(self, word: str) -> float:
        """Return the idf of ``word``, in [0, ``unseen``]."""
        return self.idf.get(word.lower(), self.unseen)


def load_background(path: Path | None = None) -> Background:
    """Read a table of ``idf<TAB>word word …``; None is the one that comes with the program."""
    idf: dict[str, float] = {}
    level = 0.0
    for line in (path or BACKGROUND_PATH).read_text(encoding="utf-8").splitlines():
        value, _, words = line.partition("\t")
        level = float(value)
        idf.update(dict.fromkeys(words.split(" "), level))
    return Background(idf, level + 0.5)


@dataclass(frozen=True, slots=True)
class Stopwords:
    """Words that keep a phrase from being a keyword.

    Attributes:
        never: no keyword holds one of these.
        alone: may stand in a phrase (质量问题), but say nothing alone (问题).
    """

    never: frozenset[str] = field(repr=False)
    alone: frozenset[str] = field(repr=False)

    def __contains__(self, word: object) -> bool:
        return word in self.never


def load_stopwords(path: Path | None = None) -> Stopwords:
    """Read a list of words between blanks, ``#`` opening a comment line, ``~`` the line before those of ``alone``."""
    groups: tuple[set[str], set[str]] = set(), set()
    at = 0
    for line in (path or STOPWORDS_PATH).read_text(encoding="utf-8").splitlines():
        if line.startswith("~"):
            at = 1
        elif not line.startswith("#"):
            groups[at].update(line.split())
    return Stopwords(frozenset(groups[0] - groups[1]), frozenset(groups[1]))

MAX_WORDS = 4
MIN_CHARACTERS, MAX_CHARACTERS = 2, 16
LONG = 400
"""Tokens from which a text counts as long: there a phrase that stands once must stand alone between two borders to be weighed."""

# What a part of speech may do in a phrase: E names, N nouns, V verbs, I idioms, A only ahead of its head; any other tag ends a phrase.
_CLASS = (
    dict.fromkeys(("n", "ng", "nw", "an", "l", "s", "vn", "k"), "N")
    | dict.fromkeys(("nr", "nrt", "nrfg", "ns", "nt", "nz", "eng", "j"), "E")
    | dict.fromkeys(("v", "vi"), "V")
    | dict.fromkeys(("i",), "I")
    | dict.fromkeys(("a", "b", "z", "zg", "ad"), "A")
)
# Between two Latin words these belong to the phrase (machine learning, e-mail); the dot between any two (a foreigner's name).
_BRIDGES = frozenset(" -·")

# The ranker: log-odds of being a keyword. Fitted by logistic regression (L2) on CSL rows 500-999 and Weibo rows 354-707.
_BIAS = -3.39
_COUNT = 0.42  # per ln(occurrences, the title's included)
_SHORT = 200  # tokens of the texts it was fitted on; in a longer one an occurrence more says more, as far more stands once
_RAREST, _LAST = 0.09, -0.07  # per unit of idf: of the commonest word in it, of its last word
_WORDS = (0.0, 0.0, 0.0, -0.93, -1.92)  # by the number of words
_TWO, _FOUR_TO_SIX = -0.81, 0.34  # characters in all
_TITLE, _TITLE_SHARE = 0.56, 0.80  # stands in the title; share of its words that do
_PLACE = -0.18  # first occurrence, 0 at the start to 1 at the end of the text
_HEAD = {"N": 0.0, "E": 0.04, "V": -0.30, "I": -0.66, "A": -0.66}  # class of the last word
_HEAD_SHORT = 0.32  # the last word has one character (a suffix: 供应 + 商)
_FIRST_VERB = -0.42  # a verb ahead of its object
_FREE = 0.65  # share of occurrences with a border on both sides
_NESTED, _NEVER_FREE = 1.14, -1.36  # share of occurrences inside the commonest longer candidate; that share is 1
_COHESION = 0.43  # per ln(occurrences / occurrences of its commonest word)
_ALONE = -0.70  # a single word that says nothing alone
_KEYNESS = 0.5  # per standard deviation by which a section uses it more than the rest (not fitted: read on articles)

_PRIOR = 0.1
"""Weight of the Dirichlet prior, as a share of the section's words."""

Gram = tuple[str, ...]


@dataclass(slots=True)
class _Words:
    """The content words of a text in one line; word p may be followed by p + 1 in a phrase while p + 1 < ends[p].

    ``kinds`` are classes, ``begins`` whether a border is just before, ``places`` positions among all tokens, of which there
    are ``size``; ``glue`` holds what stands between p - 1 and p where that is not nothing.
    """

    keys: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    begins: list[bool] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    glue: dict[int, str] = field(default_factory=dict)
    size: int = 0


def _content(sentences: Sequence[Sequence[Token]], never: frozenset[str]) -> _Words:
    """Collect the content words; a phrase ends at a stop word, a mark, a number, and where a sentence does."""
    words = _Words()
    keys, kinds, begins = words.keys, words.kinds, words.begins
    classes = _CLASS
    at = 0
    for sentence in sentences:
        joined = False
        glue = ""
        for token in sentence:
            at += 1
            word = token.word
            kind = classes.get(token.pos)
            if kind is None or word in never or word.isdigit() or (kind == "V" and len(word) == 1):
                if joined and not glue and word in _BRIDGES:
                    glue = word
                    continue
                if not (glue == " " and kinds[-1] == "E" and keys[-1].isascii() and word.isdigit() and len(word) <= 3):
                    joined, glue = False, ""
                    continue
                kind = "E"  # a version belongs to the Latin name before it: Android 14
            if glue:
                if glue == "·" or (word.isascii() and keys[-1].isascii()):
                    words.glue[len(keys)] = glue
                else:
                    joined = False
                glue = ""
            begins.append(not joined)
            keys.append(word.lower())
            kinds.append(kind)
            words.tokens.append(token)
            words.places.append(at)
            joined = True
    words.size = at
    end = len(keys)
    ends = [0] * end
    for p in range(len(keys) - 1, -1, -1):
        ends[p] = end
        if begins[p]:
            end = p
    words.ends = ends
    return words


def _grams(words: _Words) -> dict[Gram, list[int]]:
    """Return the candidates with the positions where they begin."""
    found: defaultdict[Gram, list[int]] = defaultdict(list)
    keys = words.keys
    for p, end in enumerate(words.ends):
        for q in range(p + 1, min(end, p + MAX_WORDS) + 1):
            found[tuple(keys[p:q])].append(p)
    return found


def _term(words: _Words, p: int, q: int) -> str:
    if not words.glue:
        return "".join([token.word for token in words.tokens[p:q]])
    return "".join([words.glue.get(k, "") * (k > p) + words.tokens[k].word for k in range(p, q)])


def _marked(keys: Sequence[str]) -> str:
    """Join words so that one sequence holds another exactly where its string does."""
    return "\x1f" + "\x1f\x1f".join(keys) + "\x1f"


def keyness(count: int, size: int, other_count: int, other_size: int) -> float:
    """Return by how many standard deviations a text uses a word more than another text does.

    The z-score of the log-odds ratio with an informative Dirichlet prior, equations 16 to 22 of Monroe, Colaresi & Quinn (2008),
    "Fightin' Words", Political Analysis 16(4). The prior is the word's share in both texts together.

    Args:
        count: occurrences here, of ``size`` words.
        other_count: occurrences in the other text, of ``other_size`` words.
    """
    both = size + other_size
    total = count + other_count
    if not total or not size or not other_size:
        return 0.0
    strength = max(1.0, _PRIOR * size)
    prior = strength * total / both
    here, there = count + prior, other_count + prior
    odds = math.log(here / max(size + strength - here, 0.5)) - math.log(there / max(other_size + strength - there, 0.5))
    return odds / math.sqrt(1 / here + 1 / there)


def keywords(
    sentences: Sequence[Sequence[Token]],
    *,
    background: Background,
    stopwords: Stopwords,
    limit: int = 10,
    title: Sequence[Token] = (),
    contrast: Sequence[Sequence[Token]] = (),
) -> tuple[Keyword, ...]:
    """Return the words and phrases that a text turns on, the strongest first.

    Args:
        sentences: the tokens of each sentence.
        background: how common words are elsewhere.
        stopwords: what no keyword holds, and what is none alone.
        limit: the most to return.
        title: tokens of the title or heading. A phrase that stands there counts for more; its occurrences there are not
            among the spans, so that a keyword that stands in the title alone has ``count`` 0 and no spans.
        contrast: the sentences against which this text is set; it is then ranked also by what they use less.

    Returns:
        Keywords by falling score, which is the estimated probability that an author would name the term, in (0, 1).
    """
    if limit <= 0:
        return ()
    text = _content(sentences, stopwords.never)
    head = _content((title,), stopwords.never)
    found = _grams(text)
    in_title = _grams(head)
    scores = _salience(text, head, found, in_title, background, stopwords)
    # nothing beyond the best few times `limit` can come through the last pass
    best = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[: 6 * limit + 20]
    if contrast:
        there = _marked([token.word for sentence in contrast for token in sentence]).lower()
        there_size = sum(map(len, contrast))
        best = [
            (
                gram,
                score
                + _KEYNESS * keyness(len(found.get(gram, ())), text.size, there.count(_marked(gram)), there_size),
            )
            for gram, score in best
        ]
        best.sort(key=lambda item: (-item[1], item[0]))
    out = []
    for gram, score in _distinct(best, found, in_title, limit):
        at = found.get(gram, ())
        n = len(gram)
        term = _term(text, at[0], at[0] + n) if at else _term(head, in_title[gram][0], in_title[gram][0] + n)
        spans = tuple([(text.tokens[p].start, text.tokens[p + n - 1].end) for p in at])
        out.append(Keyword(term, round(1 / (1 + math.exp(-score)), 6), len(at), spans))
    return tuple(out)


def _salience(
    text: _Words,
    head: _Words,
    found: Mapping[Gram, Sequence[int]],
    in_title: Mapping[Gram, Sequence[int]],
    background: Background,
    stopwords: Stopwords,
) -> dict[Gram, float]:
    """Return the log-odds of each candidate to be a keyword."""
    counts = {gram: len(at) for gram, at in found.items()}
    for gram, at in in_title.items():
        counts[gram] = counts.get(gram, 0) + len(at)
    nested: dict[Gram, int] = {}
    for gram, count in counts.items():
        if len(gram) > 1:
            for inner in (gram[:-1], gram[1:]):
                if nested.get(inner, 0) < count:
                    nested[inner] = count
    title_words = set(head.keys)
    idf, unseen = background.idf, background.unseen
    rarity = {key: idf.get(key, unseen) for key in {*text.keys, *title_words}}
    long = text.size >= LONG
    per_count = _COUNT * (1 + max(0.0, math.log(text.size / _SHORT)) / 2) if text.size else _COUNT
    out: dict[Gram, float] = {}
    for gram, count in counts.items():
        n = len(gram)
        at = found.get(gram)
        if at:
            words, p = text, at[0]
        else:
            words, p = head, in_title[gram][0]
        q = p + n
        titled = gram in in_title
        free = 0
        begins, ends = words.begins, words.ends
        if count == 1:
            free = begins[p] and ends[p] == q
            if long and n > 1 and not free and not titled:
                continue
        else:
            for k in at or ():
                if text.begins[k] and text.ends[k] == k + n:
                    free += 1
            if titled:
                for k in in_title[gram]:
                    if head.begins[k] and head.ends[k] == k + n:
                        free += 1
        kinds = words.kinds
        last = kinds[q - 1]
        if n == 1:
            word = gram[0]
            characters = len(word)
            if characters < MIN_CHARACTERS:
                continue
            rarest = final = rarity[word]
            score = _BIAS + (_ALONE if word in stopwords.alone else 0.0)
            if title_words and word in title_words:
                score += _TITLE_SHARE
        else:
            characters = sum(map(len, gram))
            if last == "A" or characters > MAX_CHARACTERS:
                continue
            rare = [rarity[word] for word in gram]
            rarest, final = min(rare), rare[-1]
            score = _BIAS + _WORDS[n] + _COHESION * math.log(count / max([counts[word,] for word in gram]))
            if kinds[p] == "V":
                score += _FIRST_VERB
            if len(gram[-1]) == 1:
                score += _HEAD_SHORT
            if title_words:
                score += _TITLE_SHARE * sum([word in title_words for word in gram]) / n
        score += per_count * math.log(count) + _RAREST * rarest + _LAST * final + _HEAD[last] + _FREE * free / count
        if characters == 2:
            score += _TWO
        elif 4 <= characters <= 6:
            score += _FOUR_TO_SIX
        if titled:
            score += _TITLE
        if at:
            score += _PLACE * text.places[p] / text.size
        inside = nested.get(gram, 0)
        if inside:
            score += _NESTED * inside / count
            if inside == count:
                score += _NEVER_FREE
        out[gram] = score
    return out


def _distinct(
    ranked: Sequence[tuple[Gram, float]],
    found: Mapping[Gram, Sequence[int]],
    in_title: Mapping[Gram, Sequence[int]],
    limit: int,
) -> list[tuple[Gram, float]]:
    """Keep, best first, what does not only repeat a stronger one.

    A word inside a phrase already kept stays if a good part of its occurrences is outside of it.
    """
    kept: list[tuple[Gram, float, str, int]] = []
    for gram, score in ranked:
        mark = _marked(gram)
        count = len(found.get(gram, ())) + len(in_title.get(gram, ()))
        for _, _, other, other_count in kept:
            if mark in other:
                if count - other_count < _STANDS * count:
                    break
            elif other in mark and count < _ADDS * other_count:
                break
        else:
            kept.append((gram, score, mark, count))
            if len(kept) == limit:
                break
    return [(gram, score) for gram, score, _, _ in kept]


_STANDS = 0.3
"""Share of its occurrences that a word must have outside of a stronger phrase that holds it."""
_ADDS = 0.0
"""Share of a stronger word's occurrences that a longer phrase around it must reach."""
