"""Finds lists of keywords that have nothing to do with the article."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.stages.spam.article import MOST, unlike_label
from pipeline.stages.spam.characters import ENDS, FUNCTION, HAN, SURNAMES

if TYPE_CHECKING:
    from pipeline.model import Span
    from pipeline.stages.spam.article import Article

_TERM = rf"[{HAN}A-Za-z0-9]{{2,10}}"
_SEPARATOR = r"[ ]?[|｜,，、][ ]?|[ ]"
_EDGE = rf"[{HAN}A-Za-z0-9]"
_LIST = re.compile(
    rf"(?<!{_EDGE})[ ]{{0,3}}{_TERM}(?P<sep>{_SEPARATOR})(?:{_TERM}(?P=sep)){{2,40}}{_TERM}(?!{_EDGE})", re.ASCII
)
_LABELLED = re.compile("关键词|关键字|标签|主题词|tag|keyword", re.IGNORECASE)
_TERMS = 4


def keyword_lists(article: Article) -> list[Span]:
    """Find runs of four terms or more at the beginning or end of a paragraph, foreign to the article."""
    text = article.text
    found: list[Span] = []
    lists = [m for m, _ in zip(_LIST.finditer(text), range(MOST), strict=False)]
    starts, ends = {m.start() for m in lists}, {m.end() for m in lists}
    for m in lists:
        a, b = m.span()
        terms = [term for term in re.split(r"[ |｜,，、]+", m[0]) if term]
        opens = a == 0 or text[a - 1] in "\n" + ENDS
        rest = text[b : b + 2].lstrip(" ")
        closes = not rest or rest[0] == "\n" or (rest[0] in ENDS and not rest[1:].strip())
        first = a == 0 or text[a - 1] == "\n"
        if not opens or not (closes or (first and m["sep"] == " ")):
            continue
        if text[max(0, a - 6) : a].rstrip("\n ").endswith(("：", ":")):
            continue  # what the line before leads in
        table = b + 1 in starts or a - 1 in ends
        if _keywords(article, terms, blanks=m["sep"].strip() in ("", "|", "｜") and not table):
            if first and closes:
                # The whole line goes, and one line break with it
                if b < len(text):
                    b += 1
                elif a:
                    a -= 1
            found.append((a, b))
    return found


def _keywords(article: Article, terms: list[str], *, blanks: bool) -> bool:
    """Tell whether a list is of keywords that the article has nothing to do with."""
    if len(terms) < _TERMS or _LABELLED.search(terms[0]):
        return False
    if sum(not FUNCTION.isdisjoint(term) for term in terms) * 4 > len(terms):
        return False
    if sum(len(term) <= 3 and term[0] in SURNAMES for term in terms) * 2 >= len(terms):
        return False
    joined = Counter(pair for term in terms for pair in map("".join, pairwise(term)))
    # How often the article says the same outside the list
    known = sum(any(article.pairs[pair] > joined[pair] for pair in map("".join, pairwise(term))) for term in terms)
    if known * 4 > len(terms):
        return False
    stem = max(joined.values(), default=0)
    latin = any(term.isascii() for term in terms)
    odd = sum(unlike_label(article, term) for term in terms) * 2 >= len(terms)
    return stem >= 3 or (odd and ((blanks and not latin) or (known == 0 and len(terms) >= 6)))
