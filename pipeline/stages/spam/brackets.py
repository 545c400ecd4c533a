"""Finds names in 【】 after a sentence or amid one, and names after a dash at the end of one."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from pipeline.stages.spam.article import MOST, unlike_label
from pipeline.stages.spam.characters import ENDS, FUNCTION, HAN, is_han

if TYPE_CHECKING:
    from pipeline.model import Span
    from pipeline.stages.spam.article import Article

_BRACKET = re.compile(rf"(?<=[{ENDS}{HAN}])[ ]?【([{HAN}A-Za-z0-9.]{{2,12}})】", re.ASCII)
_EDITORIAL = frozenset("完续图注源按编摄译责校附例表")
_DASHED = re.compile(
    rf"(?<=[{HAN}])(?:[ ]?[\-_|–][ ]?|—)(?![\-—])([{HAN}A-Za-z0-9.]{{3,12}})(?=[{ENDS}]|[ ]?(?:\n|\Z))", re.ASCII
)
_CLAUSE = re.compile(rf"[{HAN}A-Za-z0-9，、]*\Z", re.ASCII)


def names_in_brackets(article: Article) -> list[Span]:
    """Find 【names】 after a sentence or amid one."""
    text = article.text
    if "【" not in text:
        return []
    places: defaultdict[str, list[Span]] = defaultdict(list)
    for m, _ in zip(_BRACKET.finditer(text), range(MOST), strict=False):
        places[m[1]].append(m.span())
    found: list[Span] = []
    for name, spans in places.items():
        if not _out_of_place(article, name, len(spans)):
            continue
        # Amid a sentence it could be set off, and before a text a label
        last = all(text[b : b + 1] in ("", "\n", *"。！？，；") for _, b in spans)
        amid = any(is_han(text[a - 1]) for a, _ in spans)
        if last or (unlike_label(article, name) and (len(spans) > 1 or not amid)):
            found += spans
    return found


def _out_of_place(article: Article, name: str, times: int) -> bool:
    """Tell whether the article knows nothing of ``name`` outside ``times`` places, and it is no editor's remark."""
    if not _EDITORIAL.isdisjoint(name) or not article.foreign(name, times):
        return False
    return times > 1 or unlike_label(article, name)


def names_after_dashes(article: Article) -> list[Span]:
    """Find names after a single dash at the end of a sentence."""
    text = article.text
    places: defaultdict[str, list[Span]] = defaultdict(list)
    for m, _ in zip(_DASHED.finditer(text), range(MOST), strict=False):
        places[m[1]].append(m.span())
    found: list[Span] = []
    for name, spans in places.items():
        if not _out_of_place(article, name, len(spans)) or not FUNCTION.isdisjoint(name) or name[0].isdigit():
            continue
        if len(spans) == 1 and text[spans[0][0]] in "—–":
            continue  # many type one dash where two belong
        # A sentence before it, not a title nor a range
        said = [len(_clause(text, a)) >= 8 for a, _ in spans]
        if all(said) and (len(spans) > 1 or text[spans[0][1] : spans[0][1] + 1] in tuple(ENDS)):
            found += spans
    return found


def _clause(text: str, at: int) -> str:
    """Return up to 40 characters before ``at`` that hold no mark but commas."""
    m = _CLAUSE.search(text[max(0, at - 40) : at])
    return m[0] if m else ""
