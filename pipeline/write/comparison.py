"""A comparison as Arrow tables, as CSV and Parquet files, and as one JSON document: the folder ``compare/``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import __version__
from pipeline.stages.read import wrote
from pipeline.write.document import item_a_line
from pipeline.write.folder import remove_folder, replace_folder, write_text
from pipeline.write.tables import Column, Row, arrow_schema, arrow_table, check_layer, write_table
from pipeline.write.values import rounded, well_formed

if TYPE_CHECKING:
    import pyarrow

    from pipeline.comparison import ArticleProfile, Comparison, ConceptUse, Link, LinkUse, Neighbour

SCHEMA_VERSION = "1.0"
"""Of ``comparison.json``: its first number changes when readers of the old form may fail, its second with new keys."""

LAYERS = ("articles", "concepts", "share", "polarity", "links", "terms", "nearest", "shared")

_DOCUMENT = "comparison.json"

_ARTICLE = Column("article", "int", "index of the article, from 0, in the order of the run")
_TITLE = Column("title", "text", "its title; two articles may have the same")

COLUMNS: dict[str, tuple[Column, ...]] = {
    "articles": (
        _ARTICLE,
        _TITLE,
        Column("name", "text", "its output folder"),
        Column("characters", "int", "without white space"),
        Column("sections", "int", "how many there are"),
        Column("sentences", "int", "sentences and table rows; headings and code are not counted"),
        Column("score", "float", "polarity of the whole article, positive - negative, in [-1, 1]", nullable=True),
        Column("label", "text", "negative, neutral or positive"),
        Column("negative", "float", "share of its sentences with that label, in [0, 1]"),
        Column("neutral", "float", "likewise, neutral"),
        Column("positive", "float", "likewise, positive"),
        Column("mentions", "int", "of all concepts"),
        Column("keywords", "texts", "what it turns on, strongest first"),
        Column("distinctive", "texts", "terms that set it apart from the others, strongest first"),
    ),
    "concepts": (
        _ARTICLE,
        _TITLE,
        Column("concept", "text", "name of the concept"),
        Column("mentions", "int", "how often the article mentions it, at least 1"),
        Column("share", "float", "of all concept mentions of the article, in (0, 1]"),
        Column("score", "float", "mean polarity score of the mentions, in [-1, 1]", nullable=True),
    ),
    "share": (Column("concept", "text", "name of the concept"),),
    "polarity": (Column("concept", "text", "name of the concept"),),
    "links": (
        _ARTICLE,
        _TITLE,
        Column("source", "text", "a concept"),
        Column("target", "text", "another, later in code-point order; a link has no direction"),
        Column("count", "int", "sentences of the article that hold both, at least 1"),
        Column("elsewhere", "int", "such sentences in all the other articles together"),
        Column("articles", "int", "articles that have such a sentence"),
        Column("score", "float", "mean polarity score of the article's sentences that hold both", nullable=True),
        Column("z", "float", "standard deviations by which the article links them more than the others do"),
        Column("special", "int", "1 where z >= 1.96 and count >= 2, else 0"),
    ),
    "terms": (
        _ARTICLE,
        _TITLE,
        Column("term", "text", "a keyword, as the article writes it"),
        Column("count", "int", "occurrences in the article, at least 2"),
        Column("elsewhere", "int", "occurrences in all the other articles together"),
        Column("ratio", "float", "its rate per word divided by that in all articles together, at least 1"),
        Column("log_likelihood", "float", "log-likelihood ratio G2 against the other articles, at least 3.84"),
        Column("z", "float", "standard deviations by which the article uses it more than the others do"),
    ),
    "nearest": (
        _ARTICLE,
        _TITLE,
        Column("rank", "int", "1 is the nearest"),
        Column("other", "int", "index of the article that is near it"),
        Column("other_title", "text", "its title"),
        Column("similarity", "float", "cosine of their vectors of terms and concepts, in (0, 1]"),
        Column("why", "texts", "what they have in common that counts most, strongest first"),
    ),
    "shared": (
        Column("concept", "text", "name of the concept"),
        Column("articles", "int", "how many speak of it, at least 2"),
        Column("mentions", "int", "in all of them"),
        Column("score", "float", "mean of the articles' mean scores, in [-1, 1]", nullable=True),
        Column("spread", "float", "highest minus lowest of these, in [0, 2]", nullable=True),
    ),
}
"""The columns of each layer, in the order of the files; in ``share`` and ``polarity`` one an article follows."""

_CELLS = {
    "share": ("of all concept mentions of the article, in [0, 1]; 0 where it does not speak of it", False),
    "polarity": ("mean polarity score of the mentions, in [-1, 1]; null where it does not speak of it", True),
}


def columns(comparison: Comparison, layer: str) -> tuple[Column, ...]:
    """Return the columns of a layer; those of a matrix depend on the articles (``Comparison.labels``).

    Raises:
        ValueError: there is no such layer; the nearest is named.
    """
    check_layer(layer, LAYERS)
    if layer not in _CELLS:
        return COLUMNS[layer]
    description, nullable = _CELLS[layer]
    return COLUMNS[layer] + tuple(Column(label, "float", description, nullable) for label in comparison.labels)


def table(comparison: Comparison, layer: str) -> pyarrow.Table:
    """Return a layer as an Arrow table. Numbers have six significant digits; lone surrogates in text are U+FFFD.

    Raises:
        ValueError: there is no such layer; the nearest is named.
    """
    named = columns(comparison, layer)
    return arrow_table(named, _ROWS[layer](comparison), arrow_schema(named))


def write_comparison(comparison: Comparison, folder: Path, *, sources: Iterable[str] = ()) -> Path:
    """Write each layer as ``<layer>.csv`` and ``<layer>.parquet``, and ``comparison.json``; return the folder.

    The same comparison gives the same bytes.

    Args:
        comparison: what to write.
        folder: is created; an earlier comparison there is replaced as a whole.
        sources: files that must not be lost with an earlier one: it is not replaced where it holds one of them.

    Raises:
        OutputError: the folder holds something else than an earlier comparison, or cannot be written.
    """

    def fill(fresh: Path) -> None:
        for layer in LAYERS:
            named = columns(comparison, layer)
            write_table(fresh / layer, named, _ROWS[layer](comparison), arrow_schema(named))
        write_text(fresh / _DOCUMENT, comparison_json(comparison))

    replace_folder(folder, fill, earlier=_is_comparison, sources=sources)
    return folder


def remove_comparison(folder: Path, *, sources: Iterable[str] = ()) -> None:
    """Remove an earlier comparison; a folder that is none, or that holds one of ``sources``, stays as it is.

    Raises:
        OutputError: it cannot be removed.
    """
    remove_folder(folder, earlier=_is_comparison, sources=sources)


def _is_comparison(folder: Path) -> bool:
    return wrote(folder, _DOCUMENT)


def comparison_json(comparison: Comparison) -> str:
    """Return a comparison as JSON text: one item a line, keys in a fixed order, Chinese as it is."""
    return item_a_line(document(comparison))


def document(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as plain dicts, lists, strings and numbers, as ``comparison_json`` writes it.

    Numbers have six significant digits; one that is not finite is null.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "fupan": __version__,
        "articles": [_article(article) for article in comparison.articles],
        "concepts": [_concept(use) for use in comparison.concepts],
        "shared": [
            {
                "concept": well_formed(shared.concept),
                "articles": shared.articles,
                "mentions": shared.mentions,
                "score": rounded(shared.score),
                "spread": rounded(shared.spread),
            }
            for shared in comparison.shared
        ],
        "links": [_link(link) for link in comparison.links],
    }


def _article(article: ArticleProfile) -> dict[str, Any]:
    return {
        "title": well_formed(article.title),
        "name": well_formed(article.name),
        "characters": article.characters,
        "sections": article.sections,
        "sentences": article.sentences,
        "score": rounded(article.score),
        "label": article.label,
        "negative": rounded(article.negative),
        "neutral": rounded(article.neutral),
        "positive": rounded(article.positive),
        "mentions": article.mentions,
        "keywords": [well_formed(term) for term in article.keywords],
        "course": [
            {
                "heading": None if point.heading is None else well_formed(point.heading),
                "score": rounded(point.score),
                "label": point.label,
            }
            for point in article.course
        ],
        "distinctive": [
            {
                "term": well_formed(term.term),
                "count": term.count,
                "elsewhere": term.elsewhere,
                "ratio": rounded(term.ratio),
                "log_likelihood": rounded(term.log_likelihood),
                "z": rounded(term.z),
            }
            for term in article.distinctive
        ],
        "nearest": [_neighbour(neighbour) for neighbour in article.nearest],
    }


def _neighbour(neighbour: Neighbour) -> dict[str, Any]:
    return {
        "article": neighbour.article,
        "similarity": rounded(neighbour.similarity),
        "reasons": [
            {"name": well_formed(reason.name), "kind": reason.kind, "share": rounded(reason.share)}
            for reason in neighbour.reasons
        ],
    }


def _concept(use: ConceptUse) -> dict[str, Any]:
    return {
        "article": use.article,
        "concept": well_formed(use.concept),
        "mentions": use.mentions,
        "share": rounded(use.share),
        "score": rounded(use.score),
    }


def _link(link: Link) -> dict[str, Any]:
    return {
        "source": well_formed(link.source),
        "target": well_formed(link.target),
        "articles": len(link.uses),
        "count": link.count,
        "score": rounded(link.score),
        "spread": rounded(link.spread),
        "uses": [_use(use) for use in link.uses],
    }


def _use(use: LinkUse) -> dict[str, Any]:
    return {
        "article": use.article,
        "count": use.count,
        "elsewhere": use.elsewhere,
        "score": rounded(use.score),
        "z": rounded(use.z),
        "special": use.special,
    }


def _titles(comparison: Comparison) -> list[str]:
    return [well_formed(article.title) for article in comparison.articles]


def _articles(comparison: Comparison) -> Iterator[Row]:
    for number, article in enumerate(comparison.articles):
        yield (
            number,
            well_formed(article.title),
            well_formed(article.name),
            article.characters,
            article.sections,
            article.sentences,
            rounded(article.score),
            article.label,
            rounded(article.negative),
            rounded(article.neutral),
            rounded(article.positive),
            article.mentions,
            [well_formed(term) for term in article.keywords],
            [well_formed(term.term) for term in article.distinctive],
        )


def _concepts(comparison: Comparison) -> Iterator[Row]:
    titles = _titles(comparison)
    for use in comparison.concepts:
        numbers = (use.mentions, rounded(use.share), rounded(use.score))
        yield (use.article, titles[use.article], well_formed(use.concept), *numbers)


def _share(comparison: Comparison) -> Iterator[Row]:
    for concept, uses in _by_concept(comparison.concepts).items():
        yield (
            well_formed(concept),
            *(rounded(uses[n].share) if n in uses else 0.0 for n in range(len(comparison.articles))),
        )


def _polarity(comparison: Comparison) -> Iterator[Row]:
    for concept, uses in _by_concept(comparison.concepts).items():
        yield (
            well_formed(concept),
            *(rounded(uses[n].score) if n in uses else None for n in range(len(comparison.articles))),
        )


def _by_concept(found: Sequence[ConceptUse]) -> dict[str, dict[int, ConceptUse]]:
    """Return the uses by concept and article, in the order of the concepts."""
    rows: dict[str, dict[int, ConceptUse]] = {}
    for use in found:
        rows.setdefault(use.concept, {})[use.article] = use
    return rows


def _links(comparison: Comparison) -> Iterator[Row]:
    titles = _titles(comparison)
    for link in comparison.links:
        for use in link.uses:
            yield (
                use.article,
                titles[use.article],
                well_formed(link.source),
                well_formed(link.target),
                use.count,
                use.elsewhere,
                len(link.uses),
                rounded(use.score),
                rounded(use.z),
                int(use.special),
            )


def _terms(comparison: Comparison) -> Iterator[Row]:
    for number, article in enumerate(comparison.articles):
        for term in article.distinctive:
            yield (
                number,
                well_formed(article.title),
                well_formed(term.term),
                term.count,
                term.elsewhere,
                rounded(term.ratio),
                rounded(term.log_likelihood),
                rounded(term.z),
            )


def _nearest(comparison: Comparison) -> Iterator[Row]:
    titles = _titles(comparison)
    for number, article in enumerate(comparison.articles):
        for rank, neighbour in enumerate(article.nearest, 1):
            yield (
                number,
                titles[number],
                rank,
                neighbour.article,
                titles[neighbour.article],
                rounded(neighbour.similarity),
                [well_formed(reason.name) for reason in neighbour.reasons],
            )


def _shared(comparison: Comparison) -> Iterator[Row]:
    for shared in comparison.shared:
        numbers = (rounded(shared.score), rounded(shared.spread))
        yield (well_formed(shared.concept), shared.articles, shared.mentions, *numbers)


_ROWS: dict[str, Callable[[Comparison], Iterator[Row]]] = {
    "articles": _articles,
    "concepts": _concepts,
    "share": _share,
    "polarity": _polarity,
    "links": _links,
    "terms": _terms,
    "nearest": _nearest,
    "shared": _shared,
}
