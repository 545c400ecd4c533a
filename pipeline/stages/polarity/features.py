"""What the model sees of a sentence.

- n-grams of masked words and pairs of characters: what is spoken of, and what the grammar's operators came to;
- patterns, n-grams of the kinds of its tone words and of its function words (没有 … 一个 不 good): how it is put;
- sums over the grammar's findings, and the words these turn on: what the grammar makes of it.

Names are masked so that a score does not depend on who is spoken of: a person, place, firm or product, and every word
in Latin letters, becomes one placeholder, a number another. A word of the tone lexicon is no name, whatever its tag.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from operator import add

from pipeline.model import Token
from pipeline.stages.polarity.grammar import FRAMES, PLACES, RULES, Finding, Mark

NAME = "□"
NUMBER = "0"
START = "^"
"""What character n-grams see before the first character."""

_NAME_TAGS = frozenset(("nr", "nrt", "nrfg", "ns", "nt", "nz", "eng"))
_MASKED_TAGS = _NAME_TAGS | {"m", "x"}

SHORTEST = 6
"""Characters that a sentence is counted as having at least, in the norm of its n-grams."""


# Rules by which an operator (下降, 解决, 缺乏) has found what it acts on
_COMPOSED = frozenset(("removes problem", "lacks good", "more good", "more bad", "less good", "less bad", "negated"))
_OPERATORS = frozenset("UDRL")
BETTER, WORSE = "⊕", "⊖"
"""What n-grams read in the place of an operator that has found its object: whether it came out good."""
_OPERATED = frozenset((BETTER, WORSE, ""))
_OUTCOMES = frozenset((BETTER, WORSE))


def mask(tokens: Sequence[Token], known: Collection[str]) -> list[str]:
    """Return the words as the n-grams read them, one a token: names and numbers masked, white space empty.

    Args:
        tokens: of one sentence.
        known: words that are no names, whatever their tag: the lexicon's.
    """
    return mask_words([token.word for token in tokens], [token.pos for token in tokens], known)


def mask_words(words: Sequence[str], tags: Sequence[str], known: Collection[str]) -> list[str]:
    """Return what ``mask`` does, for words and their tags."""
    out: list[str] = []
    before = ""
    for masked, pos in zip(words, tags, strict=True):
        # Most words are of a tag that is never masked.
        if pos in _MASKED_TAGS or masked.isascii():
            if masked in known:
                pass
            elif pos == "m" and not masked.isalpha():
                masked = NUMBER
            elif masked.isspace():
                masked = ""
            elif pos in _NAME_TAGS or (pos == "x" and masked.isalnum()) or masked.isascii():
                masked = NUMBER if masked[0].isdigit() else NAME if masked[0].isalnum() else masked
            # A name of several words (智能 + Mix + 3) reads as one.
            if (masked == NAME and before == NAME) or (masked == NUMBER and before in (NAME, NUMBER)):
                masked = ""
        elif masked.isspace():
            masked = ""
        if masked in _OUTCOMES:
            masked = ""
        out.append(masked)
        before = masked or before
    return out


def mask_operators(masked: list[str], findings: Sequence[Finding], marks: Sequence[Mark]) -> None:
    """Put ``BETTER`` or ``WORSE`` in the place of the operators that the findings account for.

    降到 is good of waiting times and bad of yields; in what is written about either it is good more often. So what
    the grammar has made of it is read, and not the word.
    """
    at, size = 0, len(marks)
    for first, end, value, rule, _, _, _ in findings:
        if rule not in _COMPOSED:
            continue
        while at < size and marks[at][0] < first:
            at += 1
        k = at
        while k < size and marks[k][0] < end:
            begin, stop, kind, _ = marks[k]
            if kind in _OPERATORS:
                masked[begin] = BETTER if value > 0 else WORSE
                masked[begin + 1 : stop] = [""] * (stop - begin - 1)
            k += 1


def word_ngrams(masked: Sequence[str]) -> Iterator[str]:
    """Yield the words and the pairs of neighbours, joined by a space."""
    words = [word for word in masked if word]
    yield from words
    for first, second in pairwise(words):
        yield f"{first} {second}"


def character_pairs(text: str) -> Iterator[str]:
    """Yield the pairs of neighbouring characters."""
    return map(add, text, text[1:])


# The symbols of patterns: where a sentence begins and ends, words of no known tone, punctuation, and the kinds of the
# lexicon, by sign where they have one. Function words are symbols of their own, with the numbers after these.
_SIGNED = "EVUDRLX"
_PLAIN = "NHGPCFO"
SYMBOLS: tuple[str, ...] = (
    *("", "^", "$", "_", ",", "。", "?", "“", "”"),
    *(kind + sign for kind in _SIGNED for sign in "+-"),
    *(kind + force for kind in _PLAIN for force in ("", "2", "-")),
)
_NUMBER = {name: i for i, name in enumerate(SYMBOLS)}
_BEGINS, _ENDS, _OTHER, _STOP = _NUMBER["^"], _NUMBER["$"], _NUMBER["_"], _NUMBER["。"]
# Of a kind, by its value: below 0, up to 1, above 1.
_FORCES = {kind: (_NUMBER[kind + "-"], _NUMBER[kind + "+"], _NUMBER[kind + "+"]) for kind in _SIGNED}
_FORCES |= {kind: (_NUMBER[kind + "-"], _NUMBER[kind], _NUMBER[kind + "2"]) for kind in _PLAIN}
_FORCES |= {kind: (_NUMBER[kind],) * 3 for kind in ",?“”"}
_TONED = frozenset(_NUMBER[name] for name in SYMBOLS if name and name[0] in _SIGNED + "NPF")
PATTERN_N = (2, 4)
BITS = 10
"""Of a symbol's number in the key of a pattern."""


def symbols(words: Sequence[str], marks: Sequence[Mark], particles: Mapping[str, int]) -> tuple[list[int], list[int]]:
    """Return a sentence as patterns read it: the number of each symbol, and the token at which it stands.

    Args:
        words: the sentence's tokens.
        marks: of ``grammar.match``.
        particles: numbers of the function words that are read as they stand, from ``len(SYMBOLS)``.
    """
    out, places = [_BEGINS], [0]
    at = 0
    get = particles.get
    size = len(words)
    for first, end, kind, value in (*marks, (size, size, "", 0.0)):
        other = False
        for k in range(at, first):
            known = get(words[k])
            if known is not None:
                out.append(known)
                places.append(k)
                other = False
            elif not other and not words[k].isspace():
                out.append(_OTHER)
                places.append(k)
                other = True
        at = end
        if not kind:  # behind the last
            break
        if kind in _PLAIN and end - first == 1 and (known := get(words[first])) is not None:
            number = known
        elif kind == "," and value:
            number = _STOP
        else:
            low, middle, high = _FORCES[kind]
            number = low if value < 0 else high if value > 1 else middle
        out.append(number)
        places.append(first)
    out.append(_ENDS)
    places.append(max(0, size - 1))
    return out, places


def pattern_key(numbers: Sequence[int]) -> int:
    """Return the key of a pattern: its symbols' numbers, ``BITS`` bits each."""
    key = 0
    for number in numbers:
        key = key << BITS | number
    return key


def pattern_at(numbers: Sequence[int]) -> int:
    """Return which symbol of a pattern its weight is shown at: the first that carries tone, else the first word."""
    for i, number in enumerate(numbers):
        if number in _TONED:
            return i
    return int(numbers[0] == _BEGINS)


def patterns(numbers: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Yield the runs of 2 to 4 symbols."""
    low, high = PATTERN_N
    for i in range(len(numbers) - low + 1):
        for j in range(i + low, min(i + high, len(numbers)) + 1):
            yield tuple(numbers[i:j])


def finding_ngrams(findings: Sequence[Finding], masked: Sequence[str]) -> list[tuple[str, float, int]]:
    """Return (key, value, index of the finding): what a finding turns on, and its neighbours.

    Keys are ``"=word"`` for the last word of the finding, or its first where the last is an operator, with a value that
    has the finding's sign, so that a negated word counts against its plain use; ``"<+word"`` and ``">-word"`` for the
    word before and after a good or a bad finding, with value 1.
    """
    n = len(masked)
    out: list[tuple[str, float, int]] = []
    for k, (first, end, value, _, _, frame, place) in enumerate(findings):
        size = _PLACE_FACTOR[place] if frame == "fact" else 0.4 * _PLACE_FACTOR[place]
        good = value > 0
        last = masked[end - 1]
        if last in _OPERATED:
            last = masked[first]  # 续航 of 续航降到
        out.append(("=" + last, size if good else -size, k))
        if first and masked[first - 1]:
            out.append((("<+" if good else "<-") + masked[first - 1], 1.0, k))
        if end < n and masked[end]:
            out.append(((">+" if good else ">-") + masked[end], 1.0, k))
    return out


FINDING_SCALE = 0.3
"""Factor on the values of ``finding_ngrams``: how far they may go against the penalty."""


def norm(characters: int) -> float:
    """Return the factor on counts, 1 / sqrt(characters, or symbols), so that long sentences do not shout."""
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


# Which features a finding adds its size to, by its rule, frame and place and whether it is good; and how much it counts
# in the balance.
_SLOTS = {
    (rule, frame, place, sign == "+"): (
        tuple(_INDEX[name + sign] for name in (frame, *[rule] * (frame == "fact"), *[place] * (place != "plain"))),
        _FRAME_FACTOR[frame] * _PLACE_FACTOR[place],
    )
    for rule in RULES
    for frame in FRAMES
    for place in PLACES
    for sign in "+-"
}
_LAST = {True: _INDEX["last+"], False: _INDEX["last-"]}
# By whether good.
_SIDES = tuple(tuple(_INDEX[name + sign] for name in ("sum", "share", "only", "net")) for sign in "-+")


def dense(findings: Sequence[Finding]) -> list[tuple[int, float, float]]:
    """Return the grammar's features of a sentence that are not 0.

    Each is (index into ``DENSE``, value, sum of the sizes of the findings behind it). Values are log(1 + sum of
    |finding|) over the findings of one rule, frame or place and one sign. Of the balance, in which findings are weighed
    by frame and place, ``share`` is the part on one side, ``net`` the tanh of its lead, and ``only`` is 1 where the
    other side is silent.
    """
    if not findings:
        return []
    sums: dict[int, float] = {}
    get = sums.get
    balance = [0.0, 0.0]
    last = findings[-1].clause
    for _, _, value, rule, clause, frame, place in findings:
        good = value > 0
        size = value if good else -value
        slots, factor = _SLOTS[rule, frame, place, good]
        for index in slots:
            sums[index] = get(index, 0.0) + size
        if clause == last:
            index = _LAST[good]
            sums[index] = get(index, 0.0) + size
        balance[good] += size * factor
    out = [(index, math.log1p(total), total) for index, total in sums.items()]
    for side, (whole, share, only, net) in enumerate(_SIDES):
        total, other = balance[side], balance[1 - side]
        if total:
            out.append((whole, math.log1p(total), total))
            out.append((share, total / (total + other + 0.5), total))
            if not other:
                out.append((only, 1.0, total))
            if total > other:
                out.append((net, math.tanh(total - other), total))
    return out


def attribute(findings: Sequence[Finding], rates: Mapping[int, complex]) -> list[complex]:
    """Return what each finding contributes to the logits.

    Args:
        findings: of a sentence.
        rates: for each feature that ``dense`` returns, weight x value / sum of sizes.
    """
    if not findings:
        return []
    sides = [sum([rates[index] for index in side if index in rates]) for side in _SIDES]
    last = findings[-1].clause
    out: list[complex] = []
    for _, _, value, rule, clause, frame, place in findings:
        good = value > 0
        size = value if good else -value
        slots, factor = _SLOTS[rule, frame, place, good]
        rate = factor * sides[good]
        for index in slots:
            rate += rates[index]
        if clause == last:
            rate += rates[_LAST[good]]
        out.append(size * rate)
    return out
