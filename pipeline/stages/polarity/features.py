"""What the model sees of a sentence: n-grams of masked words and characters, and sums over the grammar's findings.

Names are masked so that a score does not depend on who is spoken of: a person, place, firm or product, and every word
in Latin letters, becomes one placeholder, a number another. A word of the tone lexicon is no name, whatever its tag.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from pipeline.model import Token
from pipeline.stages.polarity.grammar import FRAMES, RULES, Finding

NAME = "□"
NUMBER = "0"
START = "^"
"""What character n-grams see before the first character."""

_NAME_TAGS = frozenset(("nr", "nrt", "nrfg", "ns", "nt", "nz", "eng"))

WORD_N = (1, 2)
CHARACTER_N = (2, 4)
SHORTEST = 6
"""Characters that a sentence is counted as having at least, in the norm of its n-grams."""


def mask(tokens: Sequence[Token], known: Collection[str]) -> list[str]:
    """Return the words as the n-grams read them, one a token: names and numbers masked, white space empty.

    Args:
        tokens: of one sentence.
        known: words that are no names, whatever their tag: the lexicon's.
    """
    out: list[str] = []
    before = ""
    for token in tokens:
        word, pos = token.word, token.pos
        if word in known:
            masked = word
        elif pos == "m" and not word.isalpha():
            masked = NUMBER
        elif word.isspace():
            masked = ""
        elif pos in _NAME_TAGS or (pos == "x" and word.isalnum()) or word.isascii():
            masked = NUMBER if word[0].isdigit() else NAME if word[0].isalnum() else word
        else:
            masked = word
        # A name of several words (智能 + Mix + 3) reads as one.
        if (masked == NAME and before == NAME) or (masked == NUMBER and before in (NAME, NUMBER)):
            masked = ""
        out.append(masked)
        before = masked or before
    return out


def word_ngrams(masked: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Yield the words and the pairs of neighbours (joined by a space), with the first token and the end of each."""
    places = [i for i, word in enumerate(masked) if word]
    for i in places:
        yield masked[i], i, i + 1
    for i, j in pairwise(places):
        yield f"{masked[i]} {masked[j]}", i, j + 1


def character_ngrams(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the runs of 2 to 4 characters of ``text`` with their spans."""
    n = len(text)
    low, high = CHARACTER_N
    for i in range(n - low + 1):
        for j in range(i + low, min(i + high, n) + 1):
            yield text[i:j], i, j


def finding_ngrams(findings: Sequence[Finding], masked: Sequence[str]) -> Iterator[tuple[str, float, int]]:
    """Yield (key, value, index of the finding): what a finding turns on, and its neighbours.

    Keys are ``"=word"`` for the last word of the finding, with a value that has the finding's sign, so that a negated
    word counts against its plain use; ``"<+word"`` and ``">-word"`` for the word before and after a good or a bad
    finding, with value 1.
    """
    n = len(masked)
    for k, f in enumerate(findings):
        sign = "+" if f.value > 0 else "-"
        size = (1.0 if f.frame == "fact" else 0.4) * _PLACE_FACTOR[f.place]
        yield "=" + masked[f.end - 1], size if f.value > 0 else -size, k
        if f.first and masked[f.first - 1]:
            yield f"<{sign}{masked[f.first - 1]}", 1.0, k
        if f.end < n and masked[f.end]:
            yield f">{sign}{masked[f.end]}", 1.0, k


FINDING_SCALE = 0.3
"""Factor on the values of ``finding_ngrams``: how far they may go against the penalty."""


def norm(characters: int) -> float:
    """Return the factor on the counts of n-grams, 1 / sqrt(characters), so that long sentences do not shout."""
    return 1.0 / math.sqrt(max(SHORTEST, characters))


def _dense_names() -> tuple[str, ...]:
    names = [rule + sign for rule in RULES for sign in "+-"]
    names += [frame + sign for frame in FRAMES for sign in "+-"]
    names += [place + sign for place in ("conceded", "decisive", "last") for sign in "+-"]
    names += [name + sign for name in ("sum", "share", "only", "net") for sign in "+-"]
    return tuple(names)


DENSE: tuple[str, ...] = _dense_names()
_INDEX = {name: i for i, name in enumerate(DENSE)}

# How much a finding counts in the sentence's balance (the features "sum", "share", "only", "net"); judged from the
# grammar, not fitted: a plan or a condition asserts little, what is conceded is outweighed.
_FRAME_FACTOR = {"fact": 1.0, "plan": 0.35, "condition": 0.3, "hedge": 0.7, "quoted": 0.3, "question": 0.3}
_PLACE_FACTOR = {"plain": 1.0, "conceded": 0.35, "decisive": 1.3}


def dense(findings: Sequence[Finding]) -> list[tuple[int, float, list[tuple[int, float]]]]:
    """Return the grammar's features of a sentence that are not 0.

    Each is (index into ``DENSE``, value, [(index into ``findings``, share of the value)]); the shares add up to 1.
    Values are log(1 + sum of |finding|) over the findings of one rule, frame or place and one sign. Of the balance, in
    which findings are weighed by frame and place, ``share`` is the part on one side, ``net`` the tanh of its lead, and
    ``only`` is 1 where the other side is silent.
    """
    sums: dict[str, list[tuple[int, float]]] = {}
    last = findings[-1].clause if findings else -1
    for k, f in enumerate(findings):
        sign = "+" if f.value > 0 else "-"
        size = abs(f.value)
        names = [f.frame + sign]
        if f.frame == "fact":
            names.append(f.rule + sign)
        if f.place != "plain":
            names.append(f.place + sign)
        if f.clause == last:
            names.append("last" + sign)
        for name in names:
            sums.setdefault(name, []).append((k, size))
        weighed = size * _FRAME_FACTOR[f.frame] * _PLACE_FACTOR[f.place]
        sums.setdefault("sum" + sign, []).append((k, weighed))
    totals = {name: sum(v for _, v in parts) for name, parts in sums.items()}
    out: list[tuple[int, float, list[tuple[int, float]]]] = []
    for name, parts in sums.items():
        total = totals[name]
        shares = [(k, v / total) for k, v in parts]
        out.append((_INDEX[name], math.log1p(total), shares))
        if name[:-1] == "sum":
            sign = name[-1]
            other = totals.get("sum" + ("-" if sign == "+" else "+"), 0.0)
            out.append((_INDEX["share" + sign], total / (total + other + 0.5), shares))
            if not other:
                out.append((_INDEX["only" + sign], 1.0, shares))
            if total > other:
                out.append((_INDEX["net" + sign], math.tanh(total - other), shares))
    return out
