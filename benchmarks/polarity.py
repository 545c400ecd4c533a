"""Polarity of labelled sentences, and the sign of the score on public sets, beside SnowNLP."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from statistics import mean

import pipeline as fp
from benchmarks import measures
from benchmarks.data import GoldSentence, Missing, polar_sentences, sentiment_sets, training_sentences
from benchmarks.job import SIGN, Job, Rows, side
from benchmarks.page import Chapter, Table
from benchmarks.peers import NEUTRAL, sign

LABELS = (-1, 0, 1)
MARKET_JARGON = frozenset({"fin_neg_news", "fin_forum", "fin_title"})
"""Sets that label what is good for a share price, not what the text says."""
SAMPLE = 200
"""Texts of each public set that SnowNLP reads (it manages about a hundred a second)."""


def polarity(job: Job) -> Chapter:
    """Measure the labels of single sentences of real articles."""
    sentences = polar_sentences(job.data)[: job.limit]
    ours = _labels(sentences)
    theirs = [sign(score) for score in job.peers.sentiment([sentence.text for sentence in sentences])]
    n = len(sentences)
    rows: Rows = [
        ("polarity_gold", "looked at seldom", n, "fupan", *_figures(sentences, ours)),
        ("polarity_gold", "–", n, "SnowNLP", *_figures(sentences, theirs)),
        ("polarity_gold", "–", n, "always neutral", *_figures(sentences, [0] * n)),
    ]
    try:
        seen = training_sentences(job.data)[: job.limit]
        rows.append(("train", "trained on", len(seen), "fupan", *_figures(seen, _labels(seen))))
    except Missing:
        rows.append(("train", "trained on", None, "fupan", None, None, None, None))
    columns = ("set", "use", "n", "tool", "macro-F1", "accuracy", "accuracy, fair readings", "opposite sign")
    return Chapter(
        "Polarity of sentences",
        (Table(columns, tuple(rows)), _intervals(sentences, {"fupan": ours, "SnowNLP": theirs})),
        (
            "**macro-F1**: mean of the F1 of negative, neutral and positive. Two people agree with each other at 94.",
            "**accuracy, fair readings**: the label is the gold's, or one that it names as fair as well.",
            "**opposite sign**: share of the truly polar sentences that are put on the other side; people do not.",
            "**train**: a fit, not a result, shown for the gap; `make model` prints cross-validated figures.",
            "**interval**: bootstrap percentiles of 2,000 resamples, of single sentences and of whole articles; an "
            "article's sentences resemble each other, so the second is the honest one, if coarse for few articles.",
            f"SnowNLP knows no neutral: |2p − 1| ≤ {NEUTRAL:g} is taken for it.",
        ),
    )


def _labels(sentences: Sequence[GoldSentence]) -> list[int]:
    return [SIGN[value.label] for value in fp.polarity([sentence.text for sentence in sentences])]


def _figures(sentences: Sequence[GoldSentence], guess: Sequence[int]) -> tuple[float, float, float, float]:
    truth = [sentence.polarity for sentence in sentences]
    fair = sum(p == s.polarity or p in s.fair for s, p in zip(sentences, guess, strict=True))
    return (
        measures.macro_f1(truth, guess, LABELS),
        measures.accuracy(truth, guess),
        100 * fair / max(1, len(truth)),
        measures.opposite_sign(truth, guess),
    )


def _intervals(sentences: Sequence[GoldSentence], guesses: Mapping[str, Sequence[int]]) -> Table:
    def figure(pairs: Sequence[tuple[int, int]]) -> float:
        return measures.macro_f1([gold for gold, _ in pairs], [guess for _, guess in pairs], LABELS)

    rows: Rows = []
    for tool, guess in guesses.items():
        articles: dict[str, list[tuple[int, int]]] = {}
        for sentence, label in zip(sentences, guess, strict=True):
            articles.setdefault(sentence.article, []).append((sentence.polarity, label))
        single = [[pair] for pairs in articles.values() for pair in pairs]
        intervals = (measures.bootstrap(groups, figure) for groups in (single, list(articles.values())))
        rows.append((tool, *(f"{low:.1f} to {high:.1f}" for low, high in intervals)))
    return Table(("tool", "macro-F1, 95 % interval over sentences", "over articles"), tuple(rows))


def sentiment(job: Job) -> Chapter:
    """Measure the sign of the score on public sets of reviews, posts and news."""
    rows: Rows = []
    figures: list[tuple[float, ...]] = []
    for name, texts in sentiment_sets(job.data, leave_out=MARKET_JARGON):
        texts = texts[: job.limit]
        gold = [label for _, label in texts]
        ours = [side(value.score) for value in fp.polarity([text for text, _ in texts])]
        sample = sorted(random.Random(0).sample(range(len(texts)), min(SAMPLE, len(texts))))
        theirs = [side(score) for score in job.peers.sentiment([texts[i][0] for i in sample])]
        own, labels = [ours[i] for i in sample], [gold[i] for i in sample]
        whole = (
            measures.accuracy(gold, ours),
            measures.macro_f1(gold, ours, (-1, 1)),
            100 * ours.count(0) / max(1, len(ours)),
        )
        compared = (
            measures.accuracy(labels, own),
            measures.accuracy(labels, theirs),
            measures.macro_f1(labels, own, (-1, 1)),
            measures.macro_f1(labels, theirs, (-1, 1)),
        )
        rows.append((name, len(texts), *whole, len(sample), *compared))
        figures.append((*whole, *compared))
    average = [mean(column) for column in zip(*figures, strict=True)]
    rows.append(("**mean**", None, *average[:3], None, *average[3:]))
    columns = ("set", "n", "accuracy", "macro-F1", "undecided", "sample")
    compared_columns = ("accuracy fupan", "accuracy SnowNLP", "macro-F1 fupan", "macro-F1 SnowNLP")
    return Chapter(
        "Sentiment of public sets",
        (Table((*columns, *compared_columns), tuple(rows)),),
        (
            "**accuracy**, **macro-F1**: of the sign of `score`, negative against positive. Neutral rows are left "
            "out, a score of exactly 0 (**undecided**) is wrong. Nothing was trained on these sets, and none is of "
            "retrospectives; models trained on the same kind of text reach about 87.",
            f"**sample**: SnowNLP is slow, so both tools are compared on up to {SAMPLE} rows of each set, drawn with a "
            "fixed seed: the four columns after it.",
            "`fin_neg_news`, `fin_forum` and `fin_title` are left out: they label what is good for a share price.",
        ),
    )
