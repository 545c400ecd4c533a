"""The words and phrases that a text turns on.

Candidates are runs of one to four content words that end in something noun-like and hold no stop word. A log-linear
model ranks them. Its features are those that work on keyphrase extraction has settled on (occurrences, rarity, place,
title, length, cohesion, free borders: Witten et al. 1999, KEA; Florescu & Caragea 2017, PositionRank; Campos et al.
2020, YAKE); its weights were fitted by logistic regression on documents whose authors name their keywords. Where a
section is set against the rest of its article, the weighted log-odds ratio with an informative Dirichlet prior (Monroe,
Colaresi & Quinn 2008) is added. A last, greedy pass drops what only repeats a stronger one.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

from pipeline.model import Keyword, Token
from pipeline.stages.script import simplified_name
from pipeline.stages.wholeness import Weighed, Wholeness

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
    """Words that keep a phrase from being a keyword, in lower case.

    Attributes:
        never: no keyword is or holds one of these.
        alone: may stand in a phrase (供应链管理), but say little alone (管理).
        filler: may stand in a phrase (质量问题), but are no keyword alone (问题).
    """

    never: frozenset[str] = field(repr=False)
    alone: frozenset[str] = field(repr=False)
    filler: frozenset[str] = field(repr=False)

    def __contains__(self, word: object) -> bool:
        return word in self.never


def load_stopwords(path: Path | None = None) -> Stopwords:
    """Read the stop words that come with the program and, from ``path``, further words or phrases, one a line.

    Lines that open with ``#`` are comments.

    Raises:
        ValueError: ``path`` is not UTF-8.
        OSError: it cannot be read.
    """
    groups: dict[str, set[str]] = {"never": set(), "alone": set(), "filler": set()}
    never = group = groups["never"]
    for line in STOPWORDS_PATH.read_text(encoding="utf-8").splitlines():
        if line.startswith("~"):
            group = groups[line.strip("~ ")]
        elif not line.startswith("#"):
            group.update(line.lower().split())
    if path is not None:
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except UnicodeDecodeError:
            raise ValueError(f"{path}: stop words must be UTF-8 text; convert it first") from None
        # written as a phrase is compared, without blanks and in Simplified characters
        words = ["".join(line.lower().split()) for line in lines if not line.lstrip().startswith("#")]
        never.update(map(simplified_name, words))
        never.discard("")
    return Stopwords(*[frozenset(words) for words in (never, groups["alone"] - never, groups["filler"] - never)])


MAX_WORDS = 4
MIN_CHARACTERS, MAX_CHARACTERS = 2, 16
LONG = 400
"""Tokens from which a text counts as long: a phrase that stands once in it must stand between two borders to count."""

# What a part of speech may do in a phrase: E names, N nouns, V verbs, I idioms, A only ahead of its head; any other tag
# ends a phrase.
CLASSES = (
    dict.fromkeys(("n", "ng", "nw", "an", "l", "s", "vn", "k"), "N")
    | dict.fromkeys(("nr", "nrt", "nrfg", "ns", "nt", "nz", "eng", "j"), "E")
    | dict.fromkeys(("v", "vi"), "V")
    | dict.fromkeys(("i",), "I")
    | dict.fromkeys(("a", "b", "z", "zg", "ad"), "A")
)
# Between two Latin words these belong to the phrase (machine learning, e-mail); the dot between any (a foreign name).
_BRIDGES = frozenset(" -·")


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
_KEYNESS = 0.9
"""Per standard deviation by which a section uses a term more than the rest does (read)."""
_STANDS = 0.34
"""Share of its occurrences that a word must have outside of a stronger phrase that holds it, to stand beside it."""
_WHOLE, _WHOLE_LONG = 0.2, 1.0
"""Per unit of the log probability that a term is one phrase where it stands first; the other in a section and in a long
text, where most terms stand once (the one by CSL rows 500-999, the other by reading)."""
_LEAST_WHOLE = -0.5
"""Log-odds of being one from which a term of a long text is proposed at all."""
_PRIOR = 0.1
"""Weight of the Dirichlet prior, as a share of the section's words."""

# Particles after a verb that is its clause's predicate, and so part of no term. (An adverb before it says the same.)
_AFTER_PREDICATE = frozenset(("ul", "uz", "ug", "ud", "y"))
# The tagger guesses at words that no list holds; these show by their first or last character that they are none.
_FRAGMENT = re.compile(r"[我你他她它这那哪由把被让就都也很又还才是一二两几每某要只没从]|.*[是的了着们么吗呢吧得里说]$")

# Verbs that are predicates by their form: with a complement (发给, 追回来), or that link (算是); and 从那以后.
_PREDICATE = re.compile(r".+(?:[给住掉是]|[回出起过下上进][来去]|[以之][后来前])$")
_MAY_PREDICATE = frozenset(("v", "vn", "l"))

# 看不出来, 做得好
_COLLOQUIAL = frozenset(("l", "v", "i", "n"))
_COLLOQUIAL_MIDDLE = frozenset("不得")
# What the tagger takes for one word, and is a verb with its object or complement: 关了门, 返过工; 发邮件, 换回来
_PARTICLES = frozenset("了过着")
_GUESSED = frozenset(("l", "v", "nr"))
_VERBS = frozenset(
    "换发卖买搬打拿做写看说问修装拆送收交开关找查追退补填改加减掉丢等催派请教带接给推拉挂贴扔捡盯守熬扛估算报订租签"
)
# Words of one character that make terms; others that are so common (idf) do not: 人, 事, 时.
_AFFIX = frozenset("率性器机商力者化量度法型类式品员学论版表源点线面体值")
_COMMON = 3.7

_EDGE = "\x1f"
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
            words, each between edges (``_EDGE``).
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


def content(
    sentences: Sequence[Sequence[Token]],
    *,
    background: Background,
    stopwords: Stopwords,
    wholeness: Wholeness | None = None,
) -> Content:
    """Collect the content words; a phrase ends at a stop word, mark, number or predicate, and where a sentence does.

    Args:
        sentences: the tokens of each sentence.
        background: how common words are elsewhere.
        stopwords: what no keyword holds.
        wholeness: what tells phrases from words side by side; None takes all for phrases.
    """
    never = stopwords.never
    idf, unseen = background.idf, background.unseen
    words = Content(weighed=Weighed(wholeness) if wholeness else None)
    keys, kinds, begins, rarity, taken, places = (
        words.keys,
        words.kinds,
        words.begins,
        words.rarity,
        words.tokens,
        words.places,
    )
    classes = CLASSES
    at = 0
    for sentence in sentences:
        words.sentences.append((len(keys), at))
        joined = False
        glue = before = ""
        last = len(sentence)
        for number, token in enumerate(sentence, 1):
            word = token.word
            pos = token.pos
            kind = classes.get(pos)
            if kind is not None:
                if word in never or (pos == "eng" and word.lower() in never):
                    kind = None
                elif len(word) == 1:
                    if kind == "V" or (kind != "A" and word not in _AFFIX and idf.get(word, unseen) < _COMMON):
                        kind = None
                elif (pos in _MAY_PREDICATE and _PREDICATE.match(word)) or (
                    (word not in idf or word[1] in _COLLOQUIAL_MIDDLE) and _fragment(word, pos, idf, never)
                ):
                    kind = None
                elif kind == "V":
                    # 已恢复, 恢复了
                    if before == "d" or (number < last and sentence[number].pos in _AFTER_PREDICATE):
                        kind = None
                elif pos == "l" and len(word) == 3:
                    kind = "A"
            previous, before = before, pos
            if kind is None:
                if not joined:
                    continue
                if not glue and word in _BRIDGES:
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
            key = word.lower()
            if words.weighed is not None:
                after = sentence[number].pos if number < last else ""
                words.weighed.add(word, key, classes.get(pos, "?"), previous, after, known=key in idf)
            keys.append(key)
            rarity.append(idf.get(key, unseen))
            kinds.append(kind)
            taken.append(token)
            places.append(at + number)
            joined = True
        at += last
    words.sentences.append((len(keys), at))
    words.characters = list(accumulate(map(len, keys), initial=0))
    end = len(keys)
    ends = [0] * end
    for p in range(len(keys) - 1, -1, -1):
        ends[p] = end
        if begins[p]:
            end = p
    words.ends = ends
    _find_grams(words)
    return words


def _find_grams(words: Content) -> None:
    grams, first, offsets = words.grams, words.words, words.offsets
    edged = [_EDGE + key + _EDGE for key in words.keys]
    for p, end in enumerate(words.ends):
        offsets.append(len(grams))
        gram = ""
        for word in edged[p : min(end, p + MAX_WORDS)]:
            gram += word
            grams.append(gram)
            first.append(p)
    offsets.append(len(grams))


def _fragment(word: str, pos: str, known: Mapping[str, float], never: frozenset[str]) -> bool:
    """Whether a word is a number, a piece of talk or a wrong guess of the tagger's (导致用户)."""
    if word not in known and (
        word.isdigit()
        or _FRAGMENT.match(word)
        or (len(word) > 3 and word[:2] in never)
        or _PREDICATE.match(word)
        or (
            len(word) == 3
            and (
                (pos != "n" and word[1] in _PARTICLES) or (pos in _GUESSED and word[0] in _VERBS and word[1:] in known)
            )
        )
    ):
        return True
    return len(word) > 2 and word[1] in _COLLOQUIAL_MIDDLE and pos in _COLLOQUIAL


def _term(words: Content, p: int, q: int) -> str:
    if not words.glue:
        return "".join([token.word for token in words.tokens[p:q]])
    return "".join([words.glue.get(k, "") * (k > p) + words.tokens[k].word for k in range(p, q)])


def log_odds(count: int, size: int, other_count: int, other_size: int) -> float:
    """Return by how many standard deviations a text uses a word more than another text does.

    The z-score of the log-odds ratio with an informative Dirichlet prior: Monroe, Colaresi & Quinn (2008), "Fightin'
    Words", Political Analysis 16(4), section 3.4. The prior is the word's share in both texts together.

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
    wholeness: Wholeness | None = None,
) -> tuple[Keyword, ...]:
    """Return the words and phrases that a text turns on, the strongest first.

    Args:
        sentences: the tokens of each sentence.
        background: how common words are elsewhere.
        stopwords: what no keyword holds, and what is none alone.
        limit: the most to return.
        title: tokens of the title or heading. A phrase that stands there counts for more. Its occurrences there are not
            among the spans unless ``sentences`` hold the title too: a keyword of the title alone has ``count`` 0.
        wholeness: what tells phrases from words side by side; None takes all for phrases.

    Returns:
        Keywords by falling score, which is the estimated probability that an author would name the term, in (0, 1).
    """
    read = content((*sentences, title), background=background, stopwords=stopwords, wholeness=wholeness)
    size = len(sentences)
    return rank(read.candidates(0, size), stopwords=stopwords, limit=limit, title=read.candidates(size, size + 1))


def rank(
    text: Candidates,
    *,
    stopwords: Stopwords,
    limit: int = 10,
    title: Candidates | None = None,
    contrast: Candidates | None = None,
) -> tuple[Keyword, ...]:
    """Return what ``keywords`` does, of candidates found before.

    Args:
        text: of the sentences in question.
        stopwords: those that the candidates were found with.
        limit: the most to return.
        title: of the title or heading, from the same ``Content``.
        contrast: of the whole text of which ``text`` is a part, from the same ``Content``; the terms are then ranked
            also by what the rest of it uses less.
    """
    if limit <= 0:
        return ()
    words = text.content
    counts = dict(text.counts)
    if title:
        for gram, count in title.counts.items():
            counts[gram] = counts.get(gram, 0) + count
    part = contrast is not None and contrast.size > text.size
    scores = _salience(text, title, counts, stopwords, part=part)
    # nothing beyond the best few times `limit` can come through the last pass
    best = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[: 4 * limit + 20]
    if contrast is not None and part:
        best = _against(best, contrast, text)
    kept = _distinct(best, counts, stopwords.never, limit=limit, long=text.size >= LONG or part)
    at: dict[str, list[int]] = {gram: [] for gram, _ in kept}
    for k in text.span:
        if words.grams[k] in at:
            at[words.grams[k]].append(words.words[k])
    out = []
    for gram, score in kept:
        n = gram.count(_EDGE) // 2
        p = at[gram][0] if at[gram] else words.words[title.first[gram]] if title else 0
        spans = tuple([(words.tokens[p].start, words.tokens[p + n - 1].end) for p in at[gram]])
        out.append(Keyword(_term(words, p, p + n), round(1 / (1 + math.exp(-score)), 6), len(spans), spans))
    return tuple(out)


def _against(best: Sequence[tuple[str, float]], contrast: Candidates, text: Candidates) -> list[tuple[str, float]]:
    """Rank anew by what the rest of the text uses less."""
    out = []
    rest = contrast.size - text.size
    known: dict[tuple[int, int], float] = {}  # most terms share their counts with others
    for gram, score in best:
        here = text.counts.get(gram, 0)
        there = max(0, contrast.counts.get(gram, 0) - here)
        apart = known.get((here, there))
        if apart is None:
            apart = known[here, there] = log_odds(here, text.size, there, rest)
        out.append((gram, score + _KEYNESS * apart))
    out.sort(key=lambda item: (-item[1], item[0]))
    return out


def _salience(
    text: Candidates,
    title: Candidates | None,
    counts: Mapping[str, int],
    stopwords: Stopwords,
    *,
    part: bool,
) -> dict[str, float]:
    """Return the log-odds of each candidate to be a keyword.

    Args:
        text: the candidates.
        title: those of the title.
        counts: occurrences of both.
        stopwords: what is no keyword alone.
        part: the text is a section of a longer one.
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
    weights = _POST if not title_words and text.size < LONG and not part else _PROSE
    long = text.size >= LONG
    strict = long or part
    per_whole = _WHOLE_LONG if strict else _WHOLE
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
            if strict and whole < _LEAST_WHOLE and not titled:
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
        term = gram.replace(_EDGE, "")
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
