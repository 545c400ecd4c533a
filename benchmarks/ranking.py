"""Keywords against authors' keywords, summaries against people's, beside jieba and SnowNLP."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import mean

import pipeline as fp
from benchmarks import measures
from benchmarks.data import Document, keyword_sets, summary_sets
from benchmarks.job import Job, Rows
from benchmarks.page import Chapter, Table
from benchmarks.peers import lead, pick

REPORTED = {"csl": 500, "weibo": 354, "vcsum": 67, "lcsts": 250}
"""First rows of each set, on which nothing was fitted; word statistics and weights come from the others."""
BUDGET = {"vcsum": 140, "sfzy": 270, "lcsts": 30}
"""Characters of a summary, about as many as the references have; other sets get ``DEFAULT_BUDGET``."""
DEFAULT_BUDGET = 140

Figures = tuple[float, ...]


def keywords(job: Job) -> Chapter:
    """Measure keywords of abstracts and posts."""
    rows: Rows = []
    for name, documents in keyword_sets(job.data):
        documents = documents[: job.limit]
        rows += _by_use(name, "fupan", [_keyword_figures(document, _own_terms(document)) for document in documents])
        reported = documents[: REPORTED.get(name)]
        for tool, ask in (("jieba TF-IDF", job.peers.tfidf), ("jieba TextRank", job.peers.textrank)):
            theirs = [_keyword_figures(d, ask(f"{d.title}\n{d.text}".strip(), 10)) for d in reported]
            rows.append((name, "reported", len(theirs), tool, *_means(theirs)))
    return Chapter(
        "Keywords",
        (Table(("set", "rows", "n", "tool", "F1@3", "F1@5", "F1@10"), tuple(rows)),),
        (
            "**F1@k**: of the first k keywords with the authors' own (CSL: abstracts of journals) or the hashtags "
            "(Weibo: posts), by exact match, mean over documents. 14 % of CSL's and 5 % of Weibo's do not stand in "
            "the text, and a document has five (CSL) or one (Weibo): a perfect ranker stays far below 100, below 20 "
            "at Weibo's F1@10.",
            "**reported**: nothing was fitted on these rows. **tuned on**: weights and word statistics come from them.",
        ),
    )


def _own_terms(document: Document) -> list[str]:
    return [keyword.term for keyword in fp.keywords(document.text, limit=10, title=document.title or None)]


def _keyword_figures(document: Document, found: Sequence[str]) -> Figures:
    return tuple(measures.keyword_f1(document.keywords, found, k) for k in (3, 5, 10))


def summaries(job: Job) -> Chapter:
    """Measure summaries of talk and of posts."""
    rows: Rows = []
    for name, documents in summary_sets(job.data):
        documents = documents[: job.limit]
        budget = BUDGET.get(name, DEFAULT_BUDGET)
        rows += _by_use(name, "fupan", _rouge(documents, budget, _own_summary))
        reported = documents[: REPORTED.get(name)]
        for tool, make in (("lead", lead), ("SnowNLP", _clauses(job.peers.ranked_clauses))):
            theirs = _rouge(reported, budget, make)
            rows.append((name, "reported", len(theirs), tool, *_means(theirs)))
    budgets = ", ".join(
        f"{name} {BUDGET.get(name, DEFAULT_BUDGET)}" for name in dict.fromkeys(str(row[0]) for row in rows)
    )
    return Chapter(
        "Summaries",
        (Table(("set", "rows", "n", "tool", "ROUGE-1", "ROUGE-2", "ROUGE-L"), tuple(rows)),),
        (
            "**ROUGE**: F1 of single characters, of pairs of them, and of the longest common subsequence, with a "
            f"person's summary (Lin 2004), cut at a budget of characters ({budgets}). People write theirs in words of "
            "their own: choosing sentences with the reference in hand reaches about 53 / 32 / 38 on VCSum.",
            "**lead**: the beginning of the text. **SnowNLP**: its best-ranked clauses, in the order of the text.",
            "**reported**: nothing was fitted on these rows. **tuned on**: weights and word statistics come from them.",
        ),
    )


def _rouge(documents: Sequence[Document], budget: int, make: Callable[[str, int], str]) -> list[Figures]:
    return [measures.rouge(make(document.text, budget)[:budget], document.summary) for document in documents]


def _own_summary(text: str, characters: int) -> str:
    return "".join(sentence.text for sentence in fp.summarize(text, characters=characters))


def _clauses(ranked: Callable[[str], list[tuple[str, int]]]) -> Callable[[str, int], str]:
    return lambda text, characters: pick(ranked(text), characters)


def _by_use(name: str, tool: str, figures: Sequence[Figures]) -> Rows:
    """Return the means over the rows that are reported on, over those that were tuned on, and over all."""
    cut = REPORTED.get(name)
    if cut is None:
        return [(name, "reported", len(figures), tool, *_means(figures))]
    parts = (("reported", figures[:cut]), ("tuned on", figures[cut:]), ("all", figures))
    return [(name, use, len(part), tool, *_means(part)) for use, part in parts if part]


def _means(figures: Sequence[Figures]) -> Figures:
    return tuple(mean(column) for column in zip(*figures, strict=True))
