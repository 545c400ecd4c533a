"""Finds single marks and blanks pushed into words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.stages.spam.article import MOST, back, may_meet
from pipeline.stages.spam.characters import HAN, han_after, han_before

if TYPE_CHECKING:
    from pipeline.model import Span
    from pipeline.stages.spam.article import Article

_MARK = re.compile(
    rf"(?<=[{HAN}])([^\w\s，。、；：？！,;:?!\"'“”‘’（）()《》〈〉【】「」『』—–…％%]\ufe0f?|[_ ])(?=[{HAN}])"
    rf"(?:[{HAN}]\1(?=[{HAN}]))*"
)
_USUAL = frozenset("-./·~+&*－／∕|｜")  # marks that also stand between words
_MARK_GAIN = 2.5  # for each mark
_NAME_MARKS = frozenset("·•・")  # and those between the parts of a name
_USUAL_GAIN = 6.0
_BLANK_GAIN = 9.0


def marks_in_words(article: Article) -> list[Span]:
    """Find marks and blanks between the characters of a word."""
    text, costs = article.text, article.costs
    found: list[Span] = []
    for m, _ in zip(_MARK.finditer(text), range(MOST), strict=False):
        mark = m[1]
        marks = [(k, k + len(mark)) for k in range(m.start(), m.end(), len(mark) + 1)]
        if len(marks) > 12:
            continue
        left, right = han_before(text, m.start()), han_after(text, m.end())
        middle = m[0].replace(mark, "")
        least = _BLANK_GAIN if mark in " /-－" else _USUAL_GAIN if mark in _USUAL else _MARK_GAIN
        for (a, b), before, after in zip(
            marks,
            (left + middle[:k] for k in range(len(marks))),
            (middle[k:] + right for k in range(len(marks))),
            strict=True,
        ):
            if mark in _NAME_MARKS and before[-1] + after[0] not in article.idf:
                continue
            if mark == " " and not _amid_prose(text, a):
                continue
            if mark in "-－/" and (len(before) == 1 or not back(article, before[-3:], after[:3], halves=False)):
                continue  # 左-右, 甲/乙双方, 皮埃-罗蒂
            if may_meet(article, before, after) and costs.gain(before, after) >= least:
                found.append((a, b))
    return found


def _amid_prose(text: str, at: int) -> bool:
    """Tell whether the line around ``at`` is prose with a stray blank: few blanks among many characters."""
    start = max(text.rfind("\n", max(0, at - 60), at) + 1, at - 60, 0)
    end = text.find("\n", at, at + 60)
    around = text[start : end if end >= 0 else at + 60]
    return len(around) >= 12 and around.count(" ") * 6 <= len(around)
