"""What is known of a word before any text is read: how common it is, whether it may stand in a keyword, and as what."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from pipeline.stages.keywords.wholeness import Familiarity, Wholeness, load_wholeness, shape
from pipeline.stages.script import simplified_name

_RESOURCES = Path(__file__).parents[2] / "resources"
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


# What a part of speech may do in a phrase: E names, N nouns, V verbs, I idioms, A only ahead of its head; any other tag
# ends a phrase.
CLASSES = (
    dict.fromkeys(("n", "ng", "nw", "an", "l", "s", "vn", "k"), "N")
    | dict.fromkeys(("nr", "nrt", "nrfg", "ns", "nt", "nz", "eng", "j"), "E")
    | dict.fromkeys(("v", "vi"), "V")
    | dict.fromkeys(("i",), "I")
    | dict.fromkeys(("a", "b", "z", "zg", "ad"), "A")
)
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
_HAN = re.compile("[\u3400-\u9fff]")
_AFFIX = frozenset("率性器机商力者化量度法型类式品员学论版表源点线面体值")
_COMMON = 3.7

_REMEMBERED = 200_000
"""Words that a vocabulary keeps at most: a corpus of millions has no end of them."""


class Word(NamedTuple):
    """What is known of a content word with its part of speech.

    Attributes:
        key: the word in lower case.
        kind: its class in a phrase (see ``CLASSES``).
        rarity: its idf.
        predicate: it may be the predicate of its clause, which only its neighbours tell.
        shape: what ``wholeness`` tells words apart by.
        first, last, alone: what it adds to the log-odds that a run is one phrase, as the first or the last of several
            words, and alone.
    """

    key: str
    kind: str
    rarity: float
    predicate: bool
    shape: str
    first: float
    last: float
    alone: float


class _Words(dict[tuple[str, str], Word | None]):
    """Words by themselves and their part of speech, looked up when first asked for; None for those without content."""

    def __init__(
        self, background: Background, stopwords: Stopwords, wholeness: Wholeness | None, is_word: Callable[[str], bool]
    ) -> None:
        super().__init__()
        self._background, self._never, self._wholeness = background, stopwords.never, wholeness
        self._is_word = is_word

    def __missing__(self, item: tuple[str, str]) -> Word | None:
        if len(self) >= _REMEMBERED:
            self.clear()
        kind = self._kind(*item)
        out = self[item] = None if kind is None else self.word(*item, kind)
        return out

    def own(self, word: str, pos: str) -> Word:
        """Return what is known of a noun or name that no list holds, once it is known to be one."""
        entry = self.word(word, pos, CLASSES.get(pos, "N"))
        return entry._replace(
            shape=shape(entry.kind, len(word), max(1, familiarity(word, self._background.idf, self._is_word)))
        )

    def word(self, word: str, pos: str, kind: str) -> Word:
        """Return what is known of a word of class ``kind``."""
        key = word.lower()
        idf = self._background.idf
        weights = self._wholeness.of(key) if self._wholeness else (0.0, 0.0, 0.0)
        look = shape(CLASSES.get(pos, "?"), len(word), familiarity(word, idf, self._is_word))
        return Word(key, kind, idf.get(key, self._background.unseen), kind == "V" and len(word) > 1, look, *weights)

    def _kind(self, word: str, pos: str) -> str | None:
        """Return the class of a word, None where no keyword holds it whatever is beside it."""
        kind = CLASSES.get(pos)
        never, idf = self._never, self._background.idf
        if kind is None or word in never or (pos == "eng" and word.lower() in never):
            return None
        if len(word) == 1:
            common = kind != "A" and word not in _AFFIX and idf.get(word, self._background.unseen) < _COMMON
            return None if kind == "V" or common else kind
        if (pos in _MAY_PREDICATE and _PREDICATE.match(word)) or (
            (word not in idf or word[1] in _COLLOQUIAL_MIDDLE) and _fragment(word, pos, idf, never)
        ):
            return None
        return "A" if pos == "l" and len(word) == 3 else kind


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What keywords know of words.

    Attributes:
        background: how common they are elsewhere.
        stopwords: which no keyword holds, and which are none alone.
        wholeness: what tells phrases from words side by side; None takes all for phrases.
        is_word: whether the dictionary has a word.
        words: what is known of a word with its part of speech; None for words without content.
    """

    background: Background
    stopwords: Stopwords
    wholeness: Wholeness | None
    is_word: Callable[[str], bool] = field(repr=False)
    words: _Words = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", _Words(self.background, self.stopwords, self.wholeness, self.is_word))


def familiarity(word: str, background: Mapping[str, float], is_word: Callable[[str], bool]) -> Familiarity:
    """Return where a word is known from; one that is not Chinese is not guessed."""
    if word.lower() in background:
        return 2
    return 1 if not _HAN.match(word) or is_word(word) else 0


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


def load_vocabulary(is_word: Callable[[str], bool], stopwords: Path | None = None) -> Vocabulary:
    """Load what comes with the program, with the user's own stop words.

    Args:
        is_word: whether the dictionary has a word.
        stopwords: a file of further ones.

    Raises:
        ValueError: ``stopwords`` is not UTF-8.
        OSError: it cannot be read.
    """
    return Vocabulary(load_background(), load_stopwords(stopwords), load_wholeness(), is_word)
