"""Keywords against authors' keywords, summaries against people's, beside jieba and SnowNLP."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import mean

import pipeline as fp
from benchmarks import measures
from benchmarks.data import Document, keyword_sets, summary_sets
from benchmarks.job import Job, Rows
from benchmarks.page import Chapter, Table, Target
from benchmarks.peers import lead, pick

REPORTED = {"csl": 500, "weibo": 354, "vcsum": 67, "lcsts": 250}
"""First rows of each set, on which nothing was fitted; word statistics and weights come from the others."""
BUDGET = {"vcsum": 140, "sfzy": 270, "lcsts": 30}
"""Characters of a summary, about as many as the references have; other sets get ``DEFAULT_BUDGET``."""
DEFAULT_BUDGET = 140

WANTED = {
    "csl": ("csl, reported: F1@3, @5, @10 at least", (26.0, 26.5, 24.0)),
    "weibo": ("weibo, reported: F1@3, @5, @10 at least", (12.5, 10.0, 7.3)),
    "vcsum": ("vcsum, reported: ROUGE-1, -2, -L at least", (36.0, 15.0, 21.5)),
    "lcsts": ("lcsts, reported: ROUGE-1, -2, -L at least", (26.0, 14.2, 22.7)),
}

Figures = tuple[float, ...]


def keywords(job: Job) -> Chapter:
    """Measure keywords of abstracts and posts."""
    rows: Rows = []
    targets: list[Target] = []
    peers = {"jieba TF-IDF": job.peers.tfidf, "jieba TextRank": job.peers.textrank, "YAKE": job.peers.yake}
    for name, documents in keyword_sets(job.data):
        documents = documents[: job.limit]
        reported = documents[: REPORTED.get(name)]
        own = list(map(_own_terms, documents))
        rows += _by_use(name, "fupan", list(map(_keyword_figures, documents, own)))
        targets += _reached(name, _means(list(map(_keyword_figures, reported, own))))
        for tool, ask in peers.items():
            theirs = [ask(f"{d.title}\n{d.text}".strip(), 10) for d in reported]
            rows.append((name, "reported", len(theirs), tool, *_means(list(map(_keyword_figures, reported, theirs)))))
    return Chapter(
        "Keywords",
        (Table(("set", "rows", "n", "tool", "F1@3", "F1@5", "F1@10"), tuple(rows)),),
        (
            "**F1@k**: of the first k keywords with the authors' own (CSL: abstracts of journals) or the hashtags "
            "(Weibo: posts), by exact match, mean over documents. 14 % of CSL's and 5 % of Weibo's do not stand in "
            "the text, and a document has five (CSL) or one (Weibo): a perfect ranker stays far below 100, below 20 "
            "at Weibo's F1@10.",
            "**reported**: nothing was fitted on these rows. **tuned on**: weights and word statistics come from them.",
            "YAKE reads jieba's words with blanks between them. It takes words of fewer than three letters for stop "
            "words, which most Chinese words are.",
        ),
        tuple(targets),
    )


def _reached(name: str, figures: Figures) -> list[Target]:
    """Return the target of a set, reached where all figures are, as they are shown."""
    if name not in WANTED:
        return []
    text, least = WANTED[name]
    wanted = f"{text} {', '.join(f'{value:g}' for value in least)}"
    met = all(round(value, 1) >= bound for value, bound in zip(figures, least, strict=True))
    return [Target(wanted, " ".join(f"{value:.1f}" for value in figures), met)]


def _own_terms(document: Document) -> list[str]:
    return [keyword.term for keyword in fp.keywords(document.text, limit=10, title=document.title or None)]


def _keyword_figures(document: Document, found: Sequence[str]) -> Figures:
    return tuple(measures.keyword_f1(document.keywords, found, k) for k in (3, 5, 10))


def summaries(job: Job) -> Chapter:
    """Measure summaries of talk and of posts."""
    rows: Rows = []
    targets: list[Target] = []
    peers = {
        "lead": lead,
        "SnowNLP": _picking(job.peers.ranked_clauses),
        "LexRank": _picking(job.peers.ranked_sentences),
    }
    for name, documents in summary_sets(job.data):
        documents = documents[: job.limit]
        budget = BUDGET.get(name, DEFAULT_BUDGET)
        reported = documents[: REPORTED.get(name)]
        own = [_own_summary(document.text, budget) for document in documents]
        rows += _by_use(name, "fupan", _rouge(documents, own, budget))
        targets += _reached(name, _means(_rouge(reported, own, budget)))
        for tool, make in peers.items():
            theirs = [make(document.text, budget) for document in reported]
            rows.append((name, "reported", len(theirs), tool, *_means(_rouge(reported, theirs, budget))))
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
            "**lead**: the beginning of the text. **SnowNLP**: its best-ranked clauses, in the order of the text. "
            "**LexRank**: sumy's best-ranked sentences, likewise.",
            "**reported**: nothing was fitted on these rows. **tuned on**: weights and word statistics come from them.",
        ),
        tuple(targets),
    )


def _rouge(documents: Sequence[Document], summaries: Sequence[str], budget: int) -> list[Figures]:
    return [measures.rouge(text[:budget], d.summary) for d, text in zip(documents, summaries, strict=False)]


def _own_summary(text: str, characters: int) -> str:
    return "".join(sentence.text for sentence in fp.summarize(text, characters=characters))


def _picking(ranked: Callable[[str], list[tuple[str, int]]]) -> Callable[[str, int], str]:
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
