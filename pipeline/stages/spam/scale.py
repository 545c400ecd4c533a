"""Weighs whether what stands between two words of a text was pushed in there: names, words, two words, Latin words.

A made-up name between two words reads like any name that no dictionary knows. What tells them apart is what surrounds
them: some words follow one another as they do in running text, between others a name or a term is missing. How much
each character, word class and short sequence around and inside a candidate speaks for an insert is learned
(``pipeline.between`` builds the table); the weights add up to log-odds.
"""

from __future__ import annotations

import re
import zlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.stages.spam.characters import FUNCTION, HAN, PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

TABLE_PATH = Path(__file__).parents[2] / "resources" / "between.model"
BITS = 19
"""The table has ``2 ** BITS`` weights of one byte each; a feature's place in it is its checksum."""
STEP = 32
"""Steps of weight in one unit."""
REACH = 8
"""Characters on either side of a candidate that are read with it."""

NAME, WORD, PAIR, LATIN = range(4)
"""Kinds of candidates: characters that are no word; one word; two words; Latin letters and digits."""
_RARE = 6.5  # idf from which one word is a candidate
_RARER_OF_PAIR, _OTHER_OF_PAIR = 6.0, 4.5

_LATIN = re.compile(rf"(?<=[{HAN}])[A-Za-z0-9][A-Za-z0-9.]{{2,30}}(?=[{HAN}])", re.ASCII)

Candidate = tuple[int, int, int]
"""Kind, start and end."""


@lru_cache(maxsize=1)
def load_table() -> bytes:
    """Return the learned weights, each a byte: ``(byte - 128) / STEP``."""
    return TABLE_PATH.read_bytes()


def candidates(words: Sequence[str], idf: Mapping[str, float]) -> Iterator[Candidate]:
    """Yield what could be an insert in a run of Chinese characters that ``words`` join to, not at its ends.

    Args:
        words: the run divided by the dictionary alone, so that a made-up name leaves single characters.
        idf: how rare words are.
    """
    run = "".join(words)
    size = len(run)
    at = 0
    first = 1  # where the next name may start: one that holds an earlier single character has been yielded
    for k, word in enumerate(words):
        end = at + len(word)
        if len(word) == 1:
            if word not in PLAIN:
                for start in range(max(first, at - 4), end):
                    for stop in range(max(end, start + 2), min(start + 6, size)):
                        if FUNCTION.isdisjoint(run[start:stop]):
                            yield NAME, start, stop
                first = end
        elif at:
            if len(word) <= 4 and end < size and idf.get(word, 99.0) >= _RARE:
                yield WORD, at, end
            if k + 1 < len(words) and len(words[k + 1]) > 1 and 4 <= len(word) + len(words[k + 1]) <= 6:
                stop = end + len(words[k + 1])
                rare = sorted((idf.get(word, 99.0), idf.get(words[k + 1], 99.0)))
                if stop < size and rare[1] >= _RARER_OF_PAIR and rare[0] >= _OTHER_OF_PAIR:
                    yield PAIR, at, stop
        at = end


def latin(text: str) -> Iterator[Candidate]:
    """Yield the Latin words between Chinese characters that are no abbreviations and no numbers."""
    for m in _LATIN.finditer(text):
        if not m[0].isupper() and not m[0].replace(".", "").isdigit():
            yield LATIN, m.start(), m.end()


def classes(words: Sequence[str], idf: Mapping[str, float]) -> str:
    """Return a mark for each character: how rare its word is and where in it the character stands."""
    marks: list[str] = []
    for word in words:
        value = idf.get(word)
        rare = 65 + 4 * (6 if value is None else min(5, int(value / 2.2)))
        marks.append(chr(rare) if len(word) == 1 else chr(rare + 1) + chr(rare + 2) * (len(word) - 2) + chr(rare + 3))
    return "".join(marks)


def features(kind: int, left: str, insert: str, right: str, marks: tuple[str, str, str]) -> list[str]:
    """Return what is known of a candidate, as strings: its characters, those around it, and their classes.

    Args:
        kind: one of the kinds of candidates.
        left: what stands before it, up to ``REACH`` characters.
        insert: the candidate.
        right: what stands after it, up to ``REACH`` characters.
        marks: ``classes`` of the three.
    """
    before, inner, after = marks
    if kind == LATIN:
        insert = inner = "aa"
    a, aa, aaa, z, zz, zzz = left[-1:], left[-2:], left[-3:], right[:1], right[:2], right[:3]
    b, bb, y, yy = insert[:1], insert[:2], insert[-1:], insert[-2:]
    p, pp, q, qq = before[-1:], before[-2:], after[:1], after[:2]
    r, s = inner[:1], inner[-1:]
    form = f"{kind}{len(insert)}"
    return [
        "0" + a, "1" + aa, "2" + aaa, "3" + left[-2:-1], "4" + left[-3:-2],
        "5" + z, "6" + zz, "7" + zzz, "8" + right[1:2], "9" + right[2:3],
        f"a{a}|{z}", f"b{aa}|{z}", f"c{a}|{zz}", f"d{aa}|{zz}",
        f"e{a}|{b}", f"f{aa}|{b}", f"g{y}|{z}", f"h{y}|{zz}",
        "i" + b, "j" + bb, "k" + yy, "l" + y, f"m{b}|{y}",
        f"n{form}{p}", f"o{form}{q}", f"p{form}{p}|{q}", f"q{form}{pp}|{q}", f"r{form}{p}|{qq}", f"s{form}{pp}|{qq}",
        f"t{form}{before[-3:]}|{after[:3]}", f"u{form}{p}|{r}", f"v{form}{s}|{q}", f"w{form}{p}{r}{s}{q}",
        f"x{form}{inner}", f"y{form}{pp}{r}{s}{qq}",
        f"A{a}|{q}", f"B{z}|{p}", f"C{a}|{qq}", f"D{z}|{pp}", f"E{aa}|{q}", f"F{zz}|{p}",
        *("G" + character for character in insert),
    ]  # fmt: skip


def place(feature: str) -> int:
    """Return where in the table the weight of a feature stands."""
    return zlib.crc32(feature.encode("utf-8", "surrogatepass")) & ((1 << BITS) - 1)


class Scale:
    """Weighs candidates of a text."""

    def __init__(self, text: str, parse: Callable[[str], list[str]], idf: Mapping[str, float]) -> None:
        self._text = text
        self._parse = parse
        self._idf = idf
        self._table = load_table()

    def evidence(self, candidate: Candidate) -> float:
        """Return the log-odds that a candidate was pushed in rather than written there."""
        table = self._table
        found = [table[place(feature)] for feature in read(self._text, candidate, self._parse, self._idf)]
        return (sum(found) - 128 * len(found)) / STEP


def read(text: str, candidate: Candidate, parse: Callable[[str], list[str]], idf: Mapping[str, float]) -> list[str]:
    """Return the ``features`` of a candidate in ``text``; ``parse`` divides into words by the dictionary alone."""
    kind, start, end = candidate
    left, insert, right = text[max(0, start - REACH) : start], text[start:end], text[end : end + REACH]
    inner = "" if kind == LATIN else classes(parse(insert), idf)
    return features(kind, left, insert, right, (classes(parse(left), idf), inner, classes(parse(right), idf)))
