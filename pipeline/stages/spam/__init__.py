"""Finds spam that a scraper pushed into an article: the spans to take out.

There is no list of brands. What gives an insert away is the text without it: a word comes back, and characters that no
word held are held again, while nothing else in the article knows the insert. How well a text reads is the cost of its
best division into words (``article``); the difference that taking out the insert makes weighs as evidence.

Each kind of insert has its module: ``names`` and words, ``latin`` words and single ``marks`` inside words;
``readings`` in brackets; names in ``brackets`` or after a dash; ``lists`` of keywords. Between two words none comes
back. There, what words follow one another is weighed (``between``, by the learned weights of ``scale``), and only in
articles that hold different inserts inside words.

A cheap pass over the article finds places where there may be something; the costs are worked out there alone.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from pipeline.stages._lines import scan
from pipeline.stages.spam.article import Article, Reader
from pipeline.stages.spam.between import between_words
from pipeline.stages.spam.brackets import names_after_dashes, names_in_brackets
from pipeline.stages.spam.latin import latin_in_words
from pipeline.stages.spam.lists import keyword_lists
from pipeline.stages.spam.marks import marks_in_words
from pipeline.stages.spam.names import names_in_words
from pipeline.stages.spam.readings import readings_in_brackets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.model import Span


def injections(text: str, reader: Reader) -> list[Span]:
    """Return the spans of ``text`` that were pushed into it, in order; they do not overlap."""
    article = Article(text, reader)
    found: list[Span] = []
    for search in (keyword_lists, names_in_brackets, names_after_dashes, readings_in_brackets, marks_in_words):
        found += search(article)
    inside = latin_in_words(article) + names_in_words(article)
    found += inside
    return _in_text(text, _disjoint(found + between_words(article, inside, found)))


def _in_text(text: str, spans: list[Span]) -> list[Span]:
    """Return the spans that do not begin in code or in a table, whose rows are lists of words by nature."""
    if not spans:
        return spans
    lines = scan(text)
    starts = [line.start for line in lines]
    at = (bisect_right(starts, start + (text[start : start + 1] == "\n")) - 1 for start, _ in spans)
    return [span for span, k in zip(spans, at, strict=True) if k < 0 or lines[k].role not in ("code", "table")]


def _disjoint(spans: Iterable[Span]) -> list[Span]:
    """Return the spans in order without those that begin inside an earlier one."""
    kept: list[Span] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept
