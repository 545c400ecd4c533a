"""What a comparison holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pipeline.model import Label

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes

ComparisonLayer = Literal["articles", "concepts", "share", "polarity", "links", "terms", "nearest", "shared"]


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
        count: occurrences in the article, at least 2.
        elsewhere: occurrences in all the others together.
        ratio: its rate per word here divided by its rate per word in all articles together, >= 1.
        log_likelihood: Dunning's (1993) G² of the two counts against the two lengths, in the form that Rayson & Garside
            (2000) use to compare corpora; above 3.84 where p < 0.05.
        z: standard deviations by which the article uses it more than the others do: the log-odds ratio with an
            informative Dirichlet prior (Monroe, Colaresi & Quinn 2008; ``log_odds``). The prior draws both rates to
            that of all articles, so that it is the more careful of the two where the counts are small; from 1.96 on it
            is seldom chance.
    """

    term: str
    count: int
    elsewhere: int
    ratio: float
    log_likelihood: float
    z: float


@dataclass(frozen=True, slots=True)
class Reason:
    """A concept or a term that makes two articles alike.

    Attributes:
        name: of the concept, or the term as the article that is looked at from writes it.
        kind: ``"concept"`` or ``"term"``.
        share: of the similarity, in (0, 1].
    """

    name: str
    kind: Literal["concept", "term"]
    share: float


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An article that is like another.

    Attributes:
        article: its index.
        similarity: cosine of the two articles' vectors of terms and concepts (``nearest``), in (0, 1]; the same in both
            directions.
        reasons: what the two have in common that counts most, strongest first.
    """

    article: int
    similarity: float
    reasons: tuple[Reason, ...]


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
        nearest: the articles that are most like it, nearest first; none that has nothing in common with it.
        tone: the smoothed scores of its sentences (``smoothing``), at most 60 of them, evenly spaced from the first
            sentence to the last; empty without sentences.
        starts: for each section of ``course`` the share of the sentences that stand before it, in [0, 1].
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
    nearest: tuple[Neighbour, ...]
    tone: tuple[float, ...] = ()
    starts: tuple[float, ...] = ()


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


@dataclass(frozen=True, slots=True)
class LinkUse:
    """A pair of concepts in one article that has sentences with both.

    Attributes:
        article: index of the article.
        count: sentences that hold both; at least 1.
        elsewhere: such sentences in all the other articles together.
        score: mean polarity score of the sentences that hold both, in [-1, 1].
        z: standard deviations by which the article links the two more than the others do, against all links between
            concepts here and there: the log-odds ratio with an informative Dirichlet prior (``log_odds``). 0 without
            other articles that link anything.
    """

    article: int
    count: int
    elsewhere: int
    score: float
    z: float

    @property
    def special(self) -> bool:
        """Whether the article is special in linking the two: ``z`` >= 1.96, and more than one sentence.

        1.96 is the 97.5 % quantile of the normal distribution. Of a pair that all articles link equally often, chance
        alone would take about one article in forty beyond it if counts were large; the prior (five times the article,
        spread as in all articles) makes it less. With small counts it is strict: among five articles of a hundred links
        each, five sentences here and none elsewhere are just enough (z = 2.03), four are not (1.81); between two such
        articles it takes 20 against none. One sentence is never called special: an article with two links altogether
        would have a z above 1.96 on it. The variance counts the pair alone, as in the source, which is right while the
        pair is a small part of what the article links; of one that is half of it z is too large. Where hundreds of
        pairs are looked at, a few are special by chance: read the sentences. And what is not special is not shown to be
        common: it may just be too rare to tell.
        """
        return self.count > 1 and self.z >= SPECIAL


@dataclass(frozen=True, slots=True)
class Link:
    """Two concepts that stand in one sentence in some article.

    Attributes:
        source, target: the concepts; the one that comes first in code-point order is ``source``. A link has no
            direction.
        count: sentences that hold both, in all articles.
        score: mean of the articles' mean scores, in [-1, 1].
        spread: highest minus lowest of these, in [0, 2].
        uses: one for each article that has it, in the order of the articles.
    """

    source: str
    target: str
    count: int
    score: float
    spread: float
    uses: tuple[LinkUse, ...]


SPECIAL = 1.96
"""97.5 % quantile of the normal distribution."""


@dataclass(frozen=True)
class Comparison:
    """Articles side by side.

    Attributes:
        articles: in the order given.
        concepts: each concept in each article that speaks of it; ordered by concept (in most articles first, then most
            often mentioned), then by article.
        shared: concepts of at least two articles, in the same order.
        links: pairs of concepts that stand in one sentence somewhere; those of most articles first, then by sentences.
    """

    articles: tuple[ArticleProfile, ...]
    concepts: tuple[ConceptUse, ...]
    shared: tuple[SharedConcept, ...]
    links: tuple[Link, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """What the columns of the matrices are called: the articles' names, made different by " (2)", " (3)" …."""
        from pipeline.write.values import one_line

        return tuple(_different(one_line(article.name) for article in self.articles))

    @property
    def common(self) -> tuple[Link, ...]:
        """The links that every article has, where there are at least two articles."""
        return tuple(link for link in self.links if len(link.uses) == len(self.articles) > 1)

    def special(self, article: int) -> tuple[tuple[Link, LinkUse], ...]:
        """Return the links that are special to an article (``LinkUse.special``), strongest first.

        Args:
            article: its index.
        """
        found = [(link, use) for link in self.links for use in link.uses if use.article == article and use.special]
        return tuple(sorted(found, key=lambda pair: (-pair[1].z, pair[0].source, pair[0].target)))

    def frame(self, layer: ComparisonLayer = "articles") -> pandas.DataFrame:
        """Return a table, with the columns that the files in ``compare/`` have.

        ``articles`` has a row an article, by its index; ``concepts``, ``links``, ``terms`` and ``nearest`` name the
        article by that index (and its title), since titles need not differ. ``share`` and ``polarity`` are matrices: a
        row a concept, by its name, and a column an article, called as in ``labels``. In ``share`` an article that does
        not speak of a concept has 0, and a column adds up to 1 (to 0 without mentions); in ``polarity``, which has the
        mean scores of the mentions, it has none (NaN). Numbers have six significant digits.

        Raises:
            ValueError: there is no such layer; the nearest is named.
        """
        from pipeline.write.comparison import table

        frame: pandas.DataFrame = table(self, layer).to_pandas()
        index = {"articles": "article", "share": "concept", "polarity": "concept"}.get(layer)
        return frame.set_index(index) if index else frame

    def plot_tone(self, ax: Axes | None = None) -> Axes:
        """Draw the course of each article as a row of bars, one a section, all on one scale.

        Args:
            ax: matplotlib axes to draw on; None for a new figure.

        Returns:
            The axes, one for all articles; x is the place in the article from 0 to 1, y its index: a score s of article
            i stands at i - 0.43 s.
        """
        from pipeline.write.figures import plot_articles

        return plot_articles(self, ax=ax)

    def plot_concepts(self, ax: Axes | None = None) -> Axes:
        """Draw a heat map of the concepts in the articles: colour is the mean score, the number counts mentions.

        Args:
            ax: matplotlib axes to draw on; None for a new figure.

        Returns:
            The axes; x is the index of the article, y the rank of the concept from 0: those of most articles first.
        """
        from pipeline.write.figures import plot_shared

        return plot_shared(self, ax=ax)

    def write(self, folder: str | Path) -> Path:
        """Write every table and ``comparison.json`` into ``folder``, which is replaced as a whole; return it.

        Raises:
            OutputError: the folder holds something else than an earlier comparison, or cannot be written.
        """
        from pipeline.write.comparison import write_comparison

        return write_comparison(self, Path(folder))

    def __repr__(self) -> str:
        titles = ", ".join(repr(article.title) for article in self.articles[:3])
        more = ", …" if len(self.articles) > 3 else ""
        return f"Comparison({len(self.articles)} articles: {titles}{more}; {len(self.shared)} shared concepts)"

    def _repr_html_(self) -> str:
        from pipeline.write.rich import comparison_html

        return comparison_html(self)


def _different(names: Iterable[str]) -> list[str]:
    """Return names in which each that is there already, or is that of a column beside them, has a number behind it."""
    taken = {"concept"}
    found = []
    for name in names:
        unique, number = name, 2
        while unique in taken:
            unique, number = f"{name} ({number})", number + 1
        taken.add(unique)
        found.append(unique)
    return found
