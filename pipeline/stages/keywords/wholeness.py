"""Whether a run of words is one phrase where it stands: 连接池 is, 写字楼搬进 and 客服接到 are not.

A logistic regression over what stands around the run, the classes and lengths of its words, and how its outer words
behave elsewhere (after 的, before 了, between noun and verb …). It adds up over the words, so that a text is weighed
once, and each run in it by a few additions. ``pipeline.wholeness`` fits it on runs judged by reading.

The file is JSON: the weights of features, and the tables of ``Wholeness``. For a word that is not in the table of words
the characters that it begins and ends with tell (能点 is no word, since 能 is none).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Literal

WHOLENESS_PATH = Path(__file__).parents[2] / "resources" / "wholeness.json"
STEP = 10
"""Parts of one in ``Wholeness.words``."""
MOST = 4
"""Words of the longest run that is told apart from longer ones."""
_NOTHING = (0.0, 0.0, 0.0)
_Three = tuple[float, float, float]

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


Familiarity = Literal[0, 1, 2]
"""Of a word: guessed from its characters, in the dictionary, or in the background, which is common."""


def shape(kind: str, length: int, familiar: Familiarity) -> str:
    """Return what words are told apart by, beside themselves.

    Args:
        kind: the class of the word, one character.
        length: its characters.
        familiar: where it is known from.
    """
    return f"{kind}{min(4, length)}{familiar}"


class _Edges(dict[tuple[str, str, str], tuple[float, float]]):
    """What a word of a shape adds beside two parts of speech, the nearer first: to a run of several words, and alone.

    Worked out when first asked for.
    """

    def __init__(self, weights: Mapping[str, float], features: Callable[..., tuple[str, ...]]) -> None:
        super().__init__()
        self._weights, self._features = weights, features

    def __missing__(self, item: tuple[str, str, str]) -> tuple[float, float]:
        near, far, look = item
        several, alone = [
            weigh(
                self._features(look[0], int(look[1]), int(look[2]), near, far, several=several),
                self._weights,
            )
            for several in (True, False)
        ]
        out = self[item] = (several, alone)
        return out


class _Joints(dict[tuple[str, str], float]):
    """What neighbours of two shapes add; worked out when asked for."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        super().__init__()
        self._weights = weights

    def __missing__(self, item: tuple[str, str]) -> float:
        one, two = item
        out = self[item] = weigh(joint_features(one[0], int(one[1]), two[0], int(two[1])), self._weights)
        return out


@dataclass(frozen=True, slots=True)
class Wholeness:
    """The weights.

    Attributes:
        weights: of the features, by name.
        ahead, behind: what a word adds to a run that it stands before, and to one that it stands after.
        words: of a word in lower case: as the first of several, as the last of several, and alone; in tenths, with
            blanks between them, since most are never asked for.
        begins, ends: what a word that is not among these gets of its first and of its last character.
        unknown: of such a word.
        sizes: by the number of words, the bias included.
        opening, closing: what a word of a shape adds behind, and before, two parts of speech, the nearer first.
        joint: what two neighbours in a run add, by their shapes.
    """

    weights: Mapping[str, float] = field(repr=False)
    ahead: Mapping[str, float] = field(repr=False)
    behind: Mapping[str, float] = field(repr=False)
    words: Mapping[str, str] = field(repr=False)
    begins: Mapping[str, _Three] = field(repr=False)
    ends: Mapping[str, _Three] = field(repr=False)
    unknown: tuple[float, float, float]
    sizes: tuple[float, ...]
    opening: _Edges = field(init=False, repr=False, compare=False)
    closing: _Edges = field(init=False, repr=False, compare=False)
    joint: _Joints = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "opening", _Edges(self.weights, first_features))
        object.__setattr__(self, "closing", _Edges(self.weights, last_features))
        object.__setattr__(self, "joint", _Joints(self.weights))

    def of(self, word: str) -> tuple[float, float, float]:
        """Return what a word in lower case adds as the first of several, as the last of several, and alone."""
        if own := self.words.get(word):
            one, two, three = own.split()
            return int(one) / STEP, int(two) / STEP, int(three) / STEP
        begin, end = self.begins.get(word[:1], _NOTHING), self.ends.get(word[-1:], _NOTHING)
        first, last, alone = self.unknown
        return first + begin[0] + end[0], last + begin[1] + end[1], alone + begin[2] + end[2]


def load_wholeness(path: Path | None = None) -> Wholeness:
    """Read the weights; None are those that come with the program."""
    tables = json.loads((path or WHOLENESS_PATH).read_text(encoding="utf-8"))
    weights: dict[str, float] = tables["weights"]
    none = [weights.get(f"{place} none", 0.0) for place in ("first", "last", "alone")]
    sizes = [weights[""] + weights.get(f"n {n}", 0.0) for n in range(MOST + 1)]
    return Wholeness(**tables, unknown=(none[0], none[1], none[2]), sizes=tuple(sizes))


def first_features(kind: str, length: int, familiar: int, near: str, far: str, *, several: bool) -> tuple[str, ...]:
    """Return the features of a run's first word, of class ``kind``, behind words of the parts of speech far, near."""
    size = min(4, length)
    before = group(near) if near else BORDER
    far = far or BORDER
    return (
        f"s {before} {kind}",
        f"s {before}",
        f"s2 {far} {before}",
        f"s2 {far} {before} {kind}",
        f"of {familiar} {size} {kind} {several}",
        f"lf {size} {kind} {several}",
    )


def last_features(kind: str, length: int, familiar: int, near: str, far: str, *, several: bool) -> tuple[str, ...]:
    """Return the features of a run's last word, of class ``kind``, before words of the parts of speech near, far."""
    size = min(4, length)
    after = group(near) if near else BORDER
    far = far or BORDER
    return (
        f"e {kind} {after}",
        f"e {after}",
        f"e2 {after} {far}",
        f"e2 {kind} {after} {far}",
        f"ol {familiar} {size} {kind} {several}",
        f"ll {size} {kind} {several}",
    )


def joint_features(kind: str, length: int, next_kind: str, next_length: int) -> tuple[str, ...]:
    """Return the features of two neighbours in a run."""
    two, three = (min(2, length), min(2, next_length)), (min(3, length), min(3, next_length))
    return (f"j {kind} {next_kind}", f"jl {three[0]} {three[1]}", f"jc {kind} {two[0]} {next_kind} {two[1]}")


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the words of a text add to the log-odds of the runs that they begin, end, hold and are.

    The log-odds of the run ``p:q`` are ``alone[p]`` for one word, and for several ``opens[p] + closes[q - 1] +
    sizes[q - p]``: what its neighbours add is summed up over the text, and is in both.
    """

    opens: Sequence[float]
    closes: Sequence[float]
    alone: Sequence[float]
    sizes: Sequence[float]

    def of(self, p: int, q: int) -> float:
        """Return the log-odds that the words ``p:q`` are a phrase."""
        return self.alone[p] if q - p == 1 else self.opens[p] + self.closes[q - 1] + self.sizes[min(q - p, MOST)]


def weighed(
    shapes: Sequence[str],
    own: Sequence[tuple[float, ...]],
    before: Sequence[tuple[str, str, str]],
    after: Sequence[tuple[str, str, str]],
    *,
    wholeness: Wholeness,
) -> Weighed:
    """Weigh the words of a text.

    Args:
        shapes: of each word (``shape``).
        own: of each, what ``Wholeness.of`` tells.
        before, after: of each, the word beside it in the sentence, its part of speech, and that of the next but one;
            empty where there is none.
        wholeness: the weights.
    """
    begin = [wholeness.opening[near, far, look] for (_, near, far), look in zip(before, shapes, strict=True)]
    end = [wholeness.closing[near, far, look] for (_, near, far), look in zip(after, shapes, strict=True)]
    ahead = [wholeness.ahead.get(word, 0.0) for word, _, _ in before]
    behind = [wholeness.behind.get(word, 0.0) for word, _, _ in after]
    joined = list(accumulate([wholeness.joint[item] for item in pairwise(shapes)], initial=0.0))
    return Weighed(
        [b[0] + w + o[0] - j for b, w, o, j in zip(begin, ahead, own, joined, strict=False)],
        [e[0] + w + o[1] + j for e, w, o, j in zip(end, behind, own, joined, strict=False)],
        [
            b[1] + e[1] + v + w + o[2] + wholeness.sizes[1]
            for b, e, v, w, o in zip(begin, end, ahead, behind, own, strict=True)
        ],
        wholeness.sizes,
    )


def weigh(names: Sequence[str], weights: Mapping[str, float]) -> float:
    """Return the sum of the weights of features; one that was not seen weighs nothing."""
    get = weights.get
    return sum([get(name, 0.0) for name in names])
