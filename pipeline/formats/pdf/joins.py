"""What stands between two lines that are one text: nothing, a blank, or no hyphen any more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.formats.base import HAN
from pipeline.formats.pdf.model import WIDE

if TYPE_CHECKING:
    from collections.abc import Iterable


_LOOKED_AT = 4000  # characters of a line: a longer one is no line of a book, and adds nothing to the words


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a document writes what may be broken at a line's end.

    Attributes:
        words: the Latin words within lines.
        hyphened: those with a hyphen inside.
        blank: between a Chinese character and a Latin letter.
    """

    words: frozenset[str]
    hyphened: frozenset[str]
    blank: bool


def spelling_of(texts: Iterable[str]) -> Spelling:
    """Return how lines write their words; the last word of a line may be a part of one and does not count."""
    words: set[str] = set()
    hyphened: set[str] = set()
    close = apart = 0
    for line in texts:
        text = line[:_LOOKED_AT]
        inside = re.findall(r"[A-Za-z][A-Za-z'-]{1,40}", text)[:-1]
        words.update(w.lower() for w in inside if "-" not in w)
        hyphened.update(w.lower() for w in inside if "-" in w.strip("-"))
        close += len(re.findall(r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]", text))
        apart += len(re.findall(r"[\u4e00-\u9fff] [A-Za-z0-9]|[A-Za-z0-9] [\u4e00-\u9fff]", text))
    return Spelling(frozenset(words), frozenset(hyphened), apart > close)


def joined(a: str, b: str, spelling: Spelling | None = None) -> str:
    """Return two stretches of a text as one."""
    return a + join(a, b, spelling) if a and b else a or b


def join(a: str, b: str, spelling: Spelling | None, pieces: list[str] | None = None) -> str:
    """Return what stands for line ``b`` behind line ``a``; a hyphen that parts a word is taken off ``pieces``."""
    if _address_goes_on(a, b):
        return b
    last, first = a[-1:], b[:1]
    tail = re.search(r"([A-Za-z]{1,40})-$", a[-42:])
    head = re.match(r"[a-z]{1,40}", b)
    if tail and head:
        whole = f"{tail[1]}{head[0]}".lower()
        compound = f"{tail[1]}-{head[0]}".lower()
        kept = spelling is not None and compound in spelling.hyphened and whole not in spelling.words
        if not kept and pieces is not None and pieces[-1].endswith("-"):
            pieces[-1] = pieces[-1][:-1]
        return b
    if last == "-" or not last or not first or first in "%)]},.;:!?°":
        return b
    wide = bool(WIDE.match(last)) + bool(WIDE.match(first))
    if wide == 2:
        return b
    if wide == 1:
        letter, other = (first, last) if WIDE.match(last) else (last, first)
        set_apart = spelling is not None and spelling.blank and (letter.isalnum() or letter == "%")
        return f" {b}" if set_apart and HAN.match(other) else b
    if spelling is not None and _word_goes_on(a, b, spelling):
        return b
    return f" {b}"


def _address_goes_on(a: str, b: str) -> bool:
    """Tell whether line ``a`` ends within a web address."""
    broken = re.search(r"(?:https?://|www\.)\S*$", a[-300:])
    return bool(broken and re.match(r"[\w./?=&%#-]+", b) and not re.search(r"[，。,;]$", a))


def _word_goes_on(a: str, b: str, spelling: Spelling) -> bool:
    """Tell whether a word is broken without a hyphen: the whole stands in the document, one of the parts does not."""
    left, right = re.search(r"[A-Za-z]{1,40}$", a[-40:]), re.match(r"[A-Za-z]{1,40}", b)
    if not left or not right:
        return False
    parts = (left[0].lower(), right[0].lower())
    return "".join(parts) in spelling.words and not all(p in spelling.words for p in parts)
