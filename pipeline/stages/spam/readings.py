"""Finds readings of characters in brackets, as (xì)."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from pipeline.stages.spam.article import MOST
from pipeline.stages.spam.characters import HAN, han_after, han_before

if TYPE_CHECKING:
    from pipeline.model import Span
    from pipeline.stages.spam.article import Article

_BRACKETED = re.compile(rf"(?<=[{HAN}])[(（] ?([a-zA-Z\u00e0-\u00fc\u0101-\u01dc\u0300-\u030c'’ ]{{1,30}}?) ?[)）]")
_FINALS = (
    "iang iong uang ang eng ing ong ian iao uai uan ai an ao ei en er ia ie in iu ou ua ue ui un uo ve a e i o u v"
)
_SYLLABLES = frozenset(
    first + rest for first in ("", *"bpmfdtnlgkhjqxrzcsyw", "zh", "ch", "sh") for rest in _FINALS.split(" ")
)
_TEACHES = re.compile("拼音|读音|读作|念作|念成|读成|注音|声调|多音字|生字|发音|同音|谐音")
_PINYIN_GAIN = 4.0


def readings_in_brackets(article: Article) -> list[Span]:
    """Find readings in brackets; an article that speaks of readings keeps its own."""
    text = article.text
    found: list[Span] = []
    for m, _ in zip(_BRACKETED.finditer(text), range(MOST), strict=False):
        bare, toned = _toneless(m[1])
        before = han_before(text, m.start())
        sizes = {size for size in _syllables(bare) if size <= len(before)}
        if not sizes:
            continue
        spaced = len(bare.split()) if " " in bare else 0
        if toned:
            # How to read a rare character is worth saying
            sure = any(_common(character) for character in before[-min(sizes) :])
        elif spaced:
            sure = spaced in sizes
        else:
            sure = 1 in sizes and article.costs.gain(before, han_after(text, m.end())) >= _PINYIN_GAIN
        if sure:
            found.append(m.span())
    return [] if found and _TEACHES.search(text) else found


def _toneless(text: str) -> tuple[str, bool]:
    """Return pinyin without its marks, and whether it had any."""
    plain: list[str] = []
    toned = False
    for character in unicodedata.normalize("NFD", text.lower()):
        if character == "\u0308":
            plain[-1:] = ["v"]
        elif unicodedata.combining(character):
            toned = True
        else:
            plain.append(character)
    return "".join(plain), toned


def _syllables(text: str) -> set[int]:
    """Return of how many syllables of pinyin ``text`` could consist; nothing if of none."""
    counts: list[set[int]] = [{0}]
    for end in range(1, len(text) + 1):
        if text[end - 1] in " '’":
            counts.append(counts[-1])
        else:
            ways = (counts[k] for k in range(max(0, end - 6), end) if text[k:end] in _SYLLABLES)
            counts.append({n + 1 for way in ways for n in way})
    return counts[-1] - {0}


def _common(character: str) -> bool:
    """Tell whether a character is among the 3,755 that GB 2312 counts as common."""
    try:
        return character.encode("gb2312") < b"\xd8"
    except UnicodeEncodeError:
        return False
