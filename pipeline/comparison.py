"""Articles side by side: what they share, and what sets each apart.

What is compared is what the analyses hold: keywords, mentions and the polarity of sentences. Terms that set an article
apart are looked for among the keywords of all articles and of their sections, so no list of stop words is needed.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

from pipeline.model import Label, Script
from pipeline.stages.script import common_words, convert

if TYPE_CHECKING:
    import pandas

    from pipeline.analysis import Analysis

ComparisonLayer = Literal["articles", "concepts", "terms", "shared"]

# 95 % quantile of chi-squared with one degree of freedom: G² above it is seldom chance
SIGNIFICANT = 3.84
# Tokens in a keyword: four words, with what joins them (Android 14)
_LONGEST = 7


@dataclass(frozen=True, slots=True)
class SectionScore:
    """A point of an article's course: the heading (None without one) and the score of a section."""

    heading: str | None
    score: float
    label: Label


@dataclass(frozen=True, slots=True)
class Term:
    """A keyword that sets one article apart from the others.

    Attributes:
        term: as shown.
        count: occurrences in the article.
        elsewhere: occurrences in all the others together.
        ratio: its rate per word here divided by its rate per word in all articles together, >= 1.
        log_likelihood: Dunning's (1993) G² of the two counts against the two lengths, in the form that Rayson & Garside
            (2000) use to compare corpora; above 3.84 where p < 0.05.
    """

    term: str
    count: int
    elsewhere: int
    ratio: float
    log_likelihood: float


@dataclass(frozen=True, slots=True)
class ArticleProfile:
    """One article of a comparison.

    Attributes:
        title: the article's own; two articles may have the same.
        name: of its output folder.
        characters: without white space.
        sections: how many there are.
        sentences: how many count: headings and code do not.
        score, label: polarity of the whole article.
        negative, neutral, positive: shares of the sentences with that label, in [0, 1]; all 0 without sentences.
        keywords: strongest first.
        course: the sections' scores, in reading order.
        mentions: of all concepts.
        distinctive: what sets it apart from the others, strongest first; empty where there are no others.
    """

    title: str
    name: str
    characters: int
    sections: int
    sentences: int
    score: float
    label: Label
    negative: float
    neutral: float
    positive: float
    keywords: tuple[str, ...]
    course: tuple[SectionScore, ...]
    mentions: int
    distinctive: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class ConceptUse:
    """A concept in one article.

    Attributes:
        article: index of the article.
        concept: its name.
        mentions: how often; at least 1.
        share: of all concept mentions of the article, in (0, 1].
        score: mean score of the mentions, in [-1, 1].
    """

    article: int
    concept: str
    mentions: int
    share: float
    score: float


@dataclass(frozen=True, slots=True)
class SharedConcept:
    """A concept that at least two articles speak of.

    Attributes:
        concept: its name.
        articles: how many speak of it.
        mentions: in all of them.
        score: mean of the articles' mean scores, in [-1, 1].
        spread: highest minus lowest of these, in [0, 2].
    """

    concept: str
    articles: int
    mentions: int
    score: float
    spread: float


@dataclass(frozen=True)
class Comparison:
    """Articles side by side.

    Attributes:
        articles: in the order given.
        concepts: each concept in each article that speaks of it; ordered by concept (in most articles first, then most
            often mentioned), then by article.
        shared: concepts of at least two articles, in the same order.
    """

    articles: tuple[ArticleProfile, ...]
    concepts: tuple[ConceptUse, ...]
    shared: tuple[SharedConcept, ...]

    def frame(self, layer: ComparisonLayer = "articles") -> pandas.DataFrame:
        """Return a table: ``articles`` (a row each), ``concepts`` (concept × article), ``terms`` or ``shared``.

        ``article`` is the index of the article, since titles need not differ.

        Raises:
            ValueError: there is no such layer.
        """
        import pandas as pd

        names = {number: article.title for number, article in enumerate(self.articles)}
        if layer == "articles":
            scalar = ["title", "name", "characters", "sections", "sentences", "score", "label"]
            scalar += ["negative", "neutral", "positive", "mentions"]
            rows = [
                {field: getattr(article, field) for field in scalar}
                | {
                    "keywords": "、".join(article.keywords),
                    "distinctive": "、".join(term.term for term in article.distinctive),
                }
                for article in self.articles
            ]
            return pd.DataFrame(rows).rename_axis("article")
        if layer == "concepts":
            columns = ["article", "title", "concept", "mentions", "share", "score"]
            uses = [(u.article, names[u.article], u.concept, u.mentions, u.share, u.score) for u in self.concepts]
            return pd.DataFrame(uses, columns=columns)
        if layer == "terms":
            columns = ["article", "title", "term", "count", "elsewhere", "ratio", "log_likelihood"]
            terms = [
                (number, names[number], t.term, t.count, t.elsewhere, t.ratio, t.log_likelihood)
                for number, article in enumerate(self.articles)
                for t in article.distinctive
            ]
            return pd.DataFrame(terms, columns=columns)
        if layer == "shared":
            columns = ["concept", "articles", "mentions", "score", "spread"]
            shared = [(s.concept, s.articles, s.mentions, s.score, s.spread) for s in self.shared]
            return pd.DataFrame(shared, columns=columns)
        raise ValueError(f"unknown layer {layer!r}; known: articles, concepts, terms, shared")

    def __repr__(self) -> str:
        titles = ", ".join(repr(article.title) for article in self.articles[:3])
        more = ", …" if len(self.articles) > 3 else ""
        return f"Comparison({len(self.articles)} articles: {titles}{more}; {len(self.shared)} shared concepts)"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(article.title)}</td><td>{article.characters}</td><td>{article.sections}</td>"
            f"<td>{article.sentences}</td><td>{article.score:+.2f}</td>"
            f"<td>{article.negative:.0%} / {article.neutral:.0%} / {article.positive:.0%}</td>"
            f"<td>{escape('、'.join([t.term for t in article.distinctive] or article.keywords[:5]))}</td></tr>"
            for article in self.articles
        )
        return (
            "<table><tr><th>article</th><th>characters</th><th>sections</th><th>sentences</th><th>score</th>"
            f"<th>negative / neutral / positive</th><th>sets it apart</th></tr>{rows}</table>"
        )


def compare(analyses: Sequence[Analysis], *, terms: int = 8) -> Comparison:
    """Set articles side by side.

    Args:
        analyses: at least one; the same one twice is allowed.
        terms: at most so many terms that set an article apart.

    Returns:
        The comparison; with one article nothing is shared and nothing sets it apart.

    Raises:
        ValueError: there is nothing to compare, or ``terms`` is negative.
    """
    if not analyses:
        raise ValueError("nothing to compare: give at least one analysis")
    if terms < 0:
        raise ValueError(f"terms must be 0 or more, not {terms}")
    distinctive = _distinctive(analyses, terms)
    uses = _uses(analyses)
    return Comparison(
        articles=tuple(_profile(analysis, own) for analysis, own in zip(analyses, distinctive, strict=True)),
        concepts=tuple(use for group in uses.values() for use in group),
        shared=tuple(_shared(name, group) for name, group in uses.items() if len(group) > 1),
    )


def keyness(count: int, elsewhere: int, words: int, words_elsewhere: int) -> float:
    """Return the signed G² of a term: how surely its rate differs between two texts.

    ``G² = 2 Σ O ln(O / E)`` over the two counts, where ``E`` shares them out by the lengths (Dunning 1993; Rayson &
    Garside 2000). Negative where the term is rarer in the first text; 0 where either text has no words.

    Args:
        count, elsewhere: occurrences in the first and in the second text.
        words, words_elsewhere: lengths.
    """
    if words <= 0 or words_elsewhere <= 0 or count + elsewhere == 0:
        return 0.0
    expected = words * (count + elsewhere) / (words + words_elsewhere)
    rest = count + elsewhere - expected
    total = count * math.log(count / expected) if count else 0.0
    total += elsewhere * math.log(elsewhere / rest) if elsewhere else 0.0
    return math.copysign(2 * max(0.0, total), count - expected)


def _profile(analysis: Analysis, distinctive: tuple[Term, ...]) -> ArticleProfile:
    labels = Counter(sentence.polarity.label for sentence in analysis.sentences if sentence.is_prose)
    sentences = labels.total()
    return ArticleProfile(
        title=analysis.title,
        name=analysis.article.name,
        characters=characters(analysis.article.text),
        sections=len(analysis.sections),
        sentences=sentences,
        score=analysis.polarity.score,
        label=analysis.polarity.label,
        negative=labels["negative"] / max(1, sentences),
        neutral=labels["neutral"] / max(1, sentences),
        positive=labels["positive"] / max(1, sentences),
        keywords=tuple(keyword.term for keyword in analysis.keywords),
        course=tuple(SectionScore(s.heading, s.polarity.score, s.polarity.label) for s in analysis.sections),
        mentions=len(analysis.mentions),
        distinctive=distinctive,
    )


def characters(text: str) -> int:
    """Return the length of a text as Chinese editors count it: without white space."""
    return sum(map(len, text.split()))


def _uses(analyses: Sequence[Analysis]) -> dict[str, list[ConceptUse]]:
    """Return the uses of each concept by article: concepts of most articles first, then the most mentioned."""
    uses: dict[str, list[ConceptUse]] = defaultdict(list)
    for number, analysis in enumerate(analyses):
        scores: dict[str, list[float]] = defaultdict(list)
        for mention in analysis.mentions:
            scores[mention.concept].append(mention.polarity.score)
        for concept, values in scores.items():
            share = len(values) / len(analysis.mentions)
            uses[concept].append(ConceptUse(number, concept, len(values), share, math.fsum(values) / len(values)))
    order = sorted(uses, key=lambda name: (-len(uses[name]), -sum(use.mentions for use in uses[name]), name))
    return {name: uses[name] for name in order}


def _shared(concept: str, uses: Sequence[ConceptUse]) -> SharedConcept:
    scores = [use.score for use in uses]
    return SharedConcept(
        concept=concept,
        articles=len(uses),
        mentions=sum(use.mentions for use in uses),
        score=math.fsum(scores) / len(scores),
        spread=max(scores) - min(scores),
    )


def _distinctive(analyses: Sequence[Analysis], limit: int) -> list[tuple[Term, ...]]:
    vocabulary = {
        _join_key(keyword.term, analysis.script)
        for analysis in analyses
        for keywords in (analysis.keywords, *(section.keywords for section in analysis.sections))
        for keyword in keywords
    }
    # An article in Traditional characters shows its terms in these
    shown: dict[bool, dict[str, Counter[str]]] = {True: defaultdict(Counter), False: defaultdict(Counter)}
    counts: list[Counter[str]] = []
    lengths: list[int] = []
    for analysis in analyses:
        count: Counter[str] = Counter()
        words = 0
        forms = shown[analysis.script == "simplified"]
        for sentence, tokens in zip(analysis.sentences, analysis.tokens, strict=True):
            if sentence.is_prose:
                written = [token.word for token in tokens]
                words += sum(any(map(str.isalnum, word)) for word in written)
                for term, form in _occurrences(written, analysis.script, vocabulary):
                    count[term] += 1
                    forms[term][form] += 1
        counts.append(count)
        lengths.append(words)
    everywhere: Counter[str] = Counter()
    for count in counts:
        everywhere.update(count)
    total = sum(lengths)
    # The commonest spelling stands for a term; of equally common ones the first in code-point order
    spelling = {
        simple: {term: min(forms, key=lambda form: (-forms[form], form)) for term, forms in group.items()}
        for simple, group in shown.items()
    }

    chosen: list[tuple[Term, ...]] = []
    for analysis, count, words in zip(analyses, counts, lengths, strict=True):
        candidates = [
            Term(
                term=spelling[analysis.script == "simplified"][term],
                count=here,
                elsewhere=everywhere[term] - here,
                ratio=here * total / (words * everywhere[term]),
                log_likelihood=strength,
            )
            for term, here in count.items()
            if here > 1 and (strength := keyness(here, everywhere[term] - here, words, total - words)) >= SIGNIFICANT
        ]
        candidates.sort(key=lambda term: (-term.log_likelihood, -len(term.term), term.term))
        own: list[Term] = []
        for candidate in candidates:
            if len(own) == limit:
                break
            # 小米 says nothing new beside 小米11, nor 供应链管理 beside 供应链
            name = candidate.term.casefold()
            if not any(name in other.term.casefold() or other.term.casefold() in name for other in own):
                own.append(candidate)
        chosen.append(tuple(own))
    return chosen


def _join_key(term: str, script: Script) -> str:
    """Return what terms of two articles are compared by: not by case, nor by script."""
    return (term if script == "simplified" else common_words(convert(term))).casefold()


def _occurrences(words: Sequence[str], script: Script, vocabulary: set[str]) -> list[tuple[str, str]]:
    """Return the terms of the vocabulary that runs of words spell, each with its form here.

    It is the longest at each place, none inside another.
    """
    read = words
    if script != "simplified":
        whole = convert("".join(words))
        ends = list(accumulate(map(len, words)))
        read = [whole[end - len(word) : end] for word, end in zip(words, ends, strict=True)]
    found = []
    at = 0
    while at < len(words):
        step = 0
        term = hit = ""
        for size, word in enumerate(read[at : at + _LONGEST], 1):
            term += word
            key = (term if script == "simplified" else common_words(term)).casefold()
            if key in vocabulary:
                step, hit = size, key
        if step:
            found.append((hit, "".join(words[at : at + step])))
        at += step or 1
    return found
