"""Whether a run of words is one phrase where it stands: 连接池 is, 写字楼搬进 and 客服接到 are not.

A logistic regression over what stands around the run, the classes and lengths of its words, and how its outer words
behave elsewhere (after 的, before 了, between noun and verb …). It adds up over the words, so that a text is weighed
once, and each run in it by a few additions. ``pipeline.wholeness`` fits it on runs judged by reading.

The file has a line of JSON, ``{feature: weight}``, and a table ``word<TAB>first<TAB>last<TAB>alone``: what a word adds
as the first of several, as the last of several, and alone, in tenths. Words of one character have two more columns:
what they add to a word that is not in the table and begins, or ends, with them (能点 is no word, since 能 is none).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

WHOLENESS_PATH = Path(__file__).parent.parent / "resources" / "wholeness.tsv"
MOST = 4
"""Words of the longest run that is told apart from longer ones."""
STEP = 10
_NOTHING = (0.0, 0.0)

# What stands beside a run, by its part of speech: marks and edges, 的, 了, 过, 着, nouns, names, verbs …
BORDER = "^"
_GROUPS = {
    **dict.fromkeys(("uj", "ul", "uz", "ug", "uv", "ud"), "u"), "uj": "uj", "x": BORDER,
    **dict.fromkeys(("n", "ng", "nw", "an", "l", "s", "k"), "N"), "vn": "vn", **dict.fromkeys(("v", "vi", "vg"), "V"),
    **dict.fromkeys(("nr", "nrt", "nrfg", "ns", "nt", "nz", "eng", "j"), "E"),
    **dict.fromkeys(("a", "b", "z", "zg", "ad", "ag"), "A"),
}  # fmt: skip


def group(pos: str) -> str:
    """Return the group of a part of speech."""
    return _GROUPS.get(pos, pos[:1])


@dataclass(frozen=True, slots=True)
class Wholeness:
    """The weights.

    Attributes:
        weights: of the features, by name.
        words: of a word in lower case: as the first of several, as the last of several, and alone.
        characters: what a character adds to a word that is not among these, as its first and as its last.
        unknown: of such a word.
        sizes: by the number of words, the bias included.
    """

    weights: Mapping[str, float] = field(repr=False)
    words: Mapping[str, tuple[float, float, float]] = field(repr=False)
    characters: Mapping[str, tuple[float, float]] = field(repr=False)
    unknown: tuple[float, float, float]
    sizes: tuple[float, ...]

    def of(self, word: str) -> tuple[float, float, float]:
        """Return what a word in lower case adds as the first of several, as the last of several, and alone."""
        if own := self.words.get(word):
            return own
        begin, end = self.characters.get(word[:1], _NOTHING)[0], self.characters.get(word[-1:], _NOTHING)[1]
        first, last, alone = self.unknown
        return first + begin + end, last + begin + end, alone + begin + end


def load_wholeness(path: Path | None = None) -> Wholeness:
    """Read the weights; None are those that come with the program."""
    head, *lines = (path or WHOLENESS_PATH).read_text(encoding="utf-8").splitlines()
    words = {}
    characters = {}
    for line in lines:
        word, *tenths = line.split("\t")
        first, last, alone, *edges = [int(value) / STEP for value in tenths]
        words[word] = (first, last, alone)
        if edges:
            characters[word] = (edges[0], edges[1])
    weights: dict[str, float] = json.loads(head)
    none = [weights.get(f"{place} none", 0.0) for place in ("first", "last", "alone")]
    sizes = [weights[""] + weights.get(f"n {n}", 0.0) for n in range(MOST + 1)]
    return Wholeness(weights, words, characters, (none[0], none[1], none[2]), tuple(sizes))


def first_features(kind: str, length: int, known: bool, before: str, *, several: bool) -> tuple[str, ...]:
    """Return the features of a run's first word: of class ``kind``, behind a word of group ``before``."""
    size = min(4, length)
    return (f"s {before} {kind}", f"s {before}", f"of {known} {kind} {several}", f"lf {size} {kind} {several}")


def last_features(kind: str, length: int, known: bool, after: str, *, several: bool) -> tuple[str, ...]:
    """Return the features of a run's last word: of class ``kind``, before a word of group ``after``."""
    size = min(4, length)
    return (f"e {kind} {after}", f"e {after}", f"ol {known} {kind} {several}", f"ll {size} {kind} {several}")


def joint_features(kind: str, length: int, next_kind: str, next_length: int) -> tuple[str, ...]:
    """Return the features of two neighbours in a run."""
    two, three = (min(2, length), min(2, next_length)), (min(3, length), min(3, next_length))
    return (f"j {kind} {next_kind}", f"jl {three[0]} {three[1]}", f"jc {kind} {two[0]} {next_kind} {two[1]}")


@dataclass(slots=True)
class Weighed:
    """What the words of a text add to the log-odds of the runs that they begin, end, hold and are.

    Made word by word with ``add``; ``of`` then tells of any run.
    """

    wholeness: Wholeness
    first: list[float] = field(default_factory=list)
    last: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)
    joined: list[float] = field(default_factory=list)
    """Sums of what neighbours add, up to each word."""
    _begins: dict[tuple[str, str, int, bool], tuple[float, float]] = field(default_factory=dict)
    _ends: dict[tuple[str, str, int, bool], tuple[float, float]] = field(default_factory=dict)
    _joints: dict[tuple[str, int, str, int], float] = field(default_factory=dict)
    _before: tuple[str, int] = ("?", 0)

    def add(self, word: str, key: str, kind: str, before: str, after: str, *, known: bool) -> None:
        """Add a word.

        Args:
            word, key: as it stands, and in lower case.
            kind: its class in a phrase.
            before, after: parts of speech of its neighbours in the sentence, empty where there is none.
            known: whether the background has it.
        """
        weights, size = self.wholeness.weights, min(4, len(word))
        opens = (group(before) if before else BORDER, kind, size, known)
        if (begin := self._begins.get(opens)) is None:
            begin = self._begins[opens] = (
                weigh(first_features(kind, size, known, opens[0], several=True), weights),
                weigh(first_features(kind, size, known, opens[0], several=False), weights),
            )
        closes = (group(after) if after else BORDER, kind, size, known)
        if (end := self._ends.get(closes)) is None:
            end = self._ends[closes] = (
                weigh(last_features(kind, size, known, closes[0], several=True), weights),
                weigh(last_features(kind, size, known, closes[0], several=False), weights),
            )
        joint = (*self._before, kind, size)
        if joint not in self._joints:
            self._joints[joint] = weigh(joint_features(*joint), weights)
        first, last, alone = self.wholeness.of(key)
        self.first.append(begin[0] + first)
        self.last.append(end[0] + last)
        self.alone.append(begin[1] + end[1] + alone + self.wholeness.sizes[1])
        self.joined.append((self.joined[-1] if self.joined else 0.0) + self._joints[joint])
        self._before = (kind, size)

    def of(self, p: int, q: int) -> float:
        """Return the log-odds that the words ``p:q`` are a phrase."""
        if q - p == 1:
            return self.alone[p]
        return (
            self.first[p]
            + self.last[q - 1]
            + self.joined[q - 1]
            - self.joined[p]
            + self.wholeness.sizes[min(q - p, MOST)]
        )


def weigh(names: Sequence[str], weights: Mapping[str, float]) -> float:
    """Return the sum of the weights of features; one that was not seen weighs nothing."""
    get = weights.get
    return sum([get(name, 0.0) for name in names])
