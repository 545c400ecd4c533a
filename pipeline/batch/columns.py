"""What a corpus is written as: layers of documents, counts of shards, tables of the whole, and their columns."""

from __future__ import annotations

from pipeline.write.tables import COLUMNS, LAYERS, Column, counted_columns

MICRO = 1_000_000
"""Scores are added up as millionths: whole numbers have one sum, whatever the order."""


def _columns(layer: str, *names: str) -> tuple[Column, ...]:
    """Return columns of a layer of an article, in its order."""
    return tuple([column for column in COLUMNS[layer] if column.name in names])


_WHICH = (
    Column("shard", "int", "number of the shard"),
    Column("document", "int", "number of the document within its shard, from 0, failed ones counted"),
    Column("id", "text", "of the document: its own, else its file with its place in it"),
)
CORPUS_COLUMNS: dict[str, tuple[Column, ...]] = {
    "documents": (
        *_WHICH,
        Column("title", "text", "its own, else the text's"),
        Column("date", "text", "as given, else as the text says", nullable=True),
        Column("year", "int", "of the date", nullable=True),
        Column("source", "text", "as given, else as the text says", nullable=True),
        Column("sha256", "text", "of the text as UTF-8, or of the file"),
        Column("characters", "int", "of the text, without white space"),
        Column("sections", "int", "sections"),
        Column("sentences", "int", "sentences that count: headings and code left out"),
        Column("label", "text", "of the whole: negative, neutral or positive"),
        Column("score", "float", "of the whole, in [-1, 1]"),
        Column("mentions", "int", "of concepts"),
    ),
    **{layer: (*_WHICH, *counted_columns(layer)) for layer in LAYERS},
}
"""The layers of a corpus, and their columns: the document's, then those of an article.

Of the network of each article there is what can be counted: centralities, communities and resampling are of interest
for an article that someone looks at, and take as long as all else.
"""

COUNTS: dict[str, tuple[Column, ...]] = {
    "totals": (
        Column("units", "long", "sentences that count"),
        Column("documents", "long", "documents"),
        Column("score", "long", "sum of the documents' scores, in millionths"),
    ),
    "words": (
        Column("word", "text", "a keyword of at least one document"),
        Column("year", "long", "of the documents, 0 without a date"),
        Column("documents", "long", "in which it is a keyword"),
        Column("count", "long", "its occurrences there"),
    ),
    "keyword_firsts": (
        Column("word", "text", "a keyword"),
        Column("documents", "long", "among whose first twelve keywords it is"),
    ),
    "keyword_pairs": (
        Column("source", "text", "a keyword"),
        Column("target", "text", "another, later in code-point order"),
        Column("documents", "long", "among whose first twelve keywords both are"),
    ),
    "concepts": (
        Column("concept", "text", "name"),
        Column("year", "long", "of the documents, 0 without a date"),
        Column("documents", "long", "that mention it"),
        Column("units", "long", "sentences that hold it"),
        Column("mentions", "long", "occurrences"),
        Column("score", "long", "sum of its mentions' scores, in millionths"),
    ),
    "concept_pairs": (
        Column("source", "text", "a concept"),
        Column("target", "text", "another, later in code-point order"),
        Column("count", "long", "sentences that hold both"),
        Column("documents", "long", "documents with such a sentence"),
        Column("squares", "long", "sum of the squares of the documents' counts"),
        Column("tone", "long", "sum of those sentences' scores, in millionths"),
    ),
    "relations": (
        Column("source", "text", "a concept: the cause, the means or what is put first; of an opposition either"),
        Column("target", "text", "another"),
        Column("kind", "text", "opposition, cause, means or priority"),
        Column("count", "long", "sentences that say so"),
        Column("documents", "long", "documents with such a sentence"),
    ),
    "years": (
        Column("year", "long", "of the documents, 0 without a date"),
        Column("documents", "long", "documents"),
        Column("score", "long", "sum of their scores, in millionths"),
    ),
}
"""What is counted in a shard: sums that add up over shards in any order."""

FAILURES = (*_WHICH, Column("message", "text", "what is wrong, in one line"))

MEASURES = _columns(
    "edges",
    *("support", "jaccard", "dice", "simpson", "association_strength", "pmi", "npmi", "log_likelihood"),
    *("odds_ratio", "odds_low", "odds_high", "p_value", "p_adjusted"),
)
POSITION = _columns("nodes", "degree", "strength", "betweenness", "pagerank", "community", "agreement")
"""Of a pair of nodes, and of a node in the network."""
TABLES: dict[str, tuple[Column, ...]] = {
    "words": (
        Column("word", "text", "a keyword of at least one document"),
        Column("documents", "long", "in which it is a keyword"),
        Column("share", "float", "of all documents, in [0, 1]"),
        Column("count", "long", "its occurrences there"),
    ),
    "concepts": (
        Column("concept", "text", "name"),
        Column("documents", "long", "that mention it"),
        Column("share", "float", "of all documents, in [0, 1]"),
        Column("units", "long", "sentences that hold it"),
        Column("mentions", "long", "occurrences"),
        Column("score", "float", "mean of the mentions' scores, in [-1, 1]"),
        *[column._replace(kind="long") if column.kind == "int" else column for column in POSITION],
    ),
    "concept_edges": (
        Column("source", "text", "a concept"),
        Column("target", "text", "another"),
        Column("count", "long", "sentences that hold both (n_ij): the weight"),
        Column(
            "count_low",
            "float",
            "lower end of its 95 % interval, were as many documents drawn anew (normal approximation); at least 0",
            nullable=True,
        ),
        Column("count_high", "float", "upper end", nullable=True),
        Column("source_count", "long", "sentences that hold source (n_i)"),
        Column("target_count", "long", "sentences that hold target (n_j)"),
        Column("units", "long", "sentences in all (N)"),
        Column("documents", "long", "documents with such a sentence"),
        Column("tone", "float", "mean score of those sentences, in [-1, 1]"),
        *MEASURES,
        *_columns("edges", "disparity"),
    ),
    "relations": (
        *COUNTS["relations"],
        Column("share", "float", "of the sentences that hold both, in [0, 1]"),
    ),
    "term_edges": (
        Column("source", "text", "a keyword"),
        Column("target", "text", "another"),
        Column("count", "long", "documents among whose first twelve keywords both are (n_ij)"),
        Column("source_count", "long", "documents among whose first twelve keywords source is (n_i)"),
        Column("target_count", "long", "the same of target (n_j)"),
        Column("units", "long", "documents in all (N)"),
        *MEASURES,
    ),
    "concept_years": (
        Column("concept", "text", "name"),
        Column("year", "long", "of the documents"),
        Column("documents", "long", "of that year that mention it"),
        Column("share", "float", "of that year's documents, in [0, 1]"),
        Column("mentions", "long", "occurrences"),
        Column("score", "float", "mean of the mentions' scores, in [-1, 1]"),
    ),
    "years": (
        Column("year", "long", "of the documents; 0 for those without a date"),
        Column("documents", "long", "documents"),
        Column("score", "float", "mean of their scores, in [-1, 1]"),
    ),
    "keyness": (
        Column("year", "long", "of the documents"),
        Column("word", "text", "a keyword"),
        Column("documents", "long", "of that year, in which it is a keyword"),
        Column("others", "long", "of other years"),
        Column("z", "float", "log-odds ratio with a Dirichlet prior over its standard deviation (Monroe et al. 2008)"),
    ),
    "typical": (
        Column("kind", "text", "typical: speaks of the concepts as the corpus does; unusual: least so"),
        Column("rank", "long", "from 1"),
        Column("shard", "long", "number of the shard"),
        Column("document", "long", "number of the document within it"),
        Column("id", "text", "of the document"),
        Column("title", "text", "of the document"),
        Column("similarity", "float", "cosine of its mentions by concept and the corpus's, in [0, 1]"),
        Column("mentions", "long", "of concepts; documents of fewer than five are left out"),
    ),
}
"""The tables of a corpus and their columns."""
