"""Finds Latin words pushed into words of Chinese characters."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from pipeline.stages.spam.article import MOST, Insert, may_meet
from pipeline.stages.spam.characters import HAN, han_after, han_before, is_han

if TYPE_CHECKING:
    from pipeline.model import Span
    from pipeline.stages.spam.article import Article

_LATIN = re.compile(
    rf"(?<=[{HAN}])(?=[0-9.]{{0,10}}[A-Za-z]{{2}})[A-Za-z0-9][A-Za-z0-9.-]{{2,30}}(?=[{HAN}])", re.ASCII
)
_LATIN_GAIN = 3.0


def latin_in_words(article: Article) -> list[Span]:
    """Find Latin inserts inside a word, and between characters where the same one also stands in a word."""
    text, costs = article.text, article.costs
    groups: defaultdict[str, list[Insert]] = defaultdict(list)
    for m, _ in zip(_LATIN.finditer(text), range(MOST), strict=False):
        a, b = m.span()
        if m[0].isupper() and m[0].isalpha():
            continue  # an abbreviation, as in names of methods
        left, right = han_before(text, a), han_after(text, b)
        if may_meet(article, left, right) and (gain := costs.gain(left, right)) >= _LATIN_GAIN:
            groups[m[0]].append(Insert(a, b, gain, text[a - 1] + text[b]))
    found: list[Span] = []
    for name, inserts in groups.items():
        every = [m.span() for m in re.finditer(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", text)]
        inside = [(i.start, i.end) for i in inserts]
        around = {i.around for i in inserts}
        amid = all(is_han(text[a - 1 : a]) and is_han(text[b : b + 1]) for a, b in every)
        if len(every) == 1:
            found += inside
        elif len(around) > 1:
            found += every if amid or len(inside) * 4 >= len(every) else inside
        elif len(every) > len(inside) and amid:
            found += every
    return found
