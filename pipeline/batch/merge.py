"""From the counts of shards to the tables of the corpus: sums by DuckDB, out of core; statistics on the sums.

What DuckDB adds up are whole numbers, and every table is in order of its keys: the number of threads, and which shard
was done first, change nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.batch.columns import COUNTS, MEASURES, MICRO, POSITION, TABLES
from pipeline.model import Edge, Network, Node, Position
from pipeline.network.association import statistics
from pipeline.network.backbone import disparity
from pipeline.network.build import to_graph
from pipeline.network.centrality import positions
from pipeline.network.communities import communities
from pipeline.network.significance import benjamini_hochberg, fisher
from pipeline.stages.keywords.keyness import log_odds
from pipeline.write.graphs import exportable, gexf, graphml, looks
from pipeline.write.tables import arrow_schema, write_table
from pipeline.write.values import rounded

if TYPE_CHECKING:
    import duckdb

    Row = tuple[Any, ...]
    _Fetch = Callable[[str], list[Row]]

_TERM_EDGES = 100_000
"""Pairs of keywords that the corpus table holds, those of most documents; all are in ``_counts``."""
_PARTITION = 20_000_000
"""Rows of partial counts that are added up at a time: more are split by a hash of their key."""
_APART = 30  # words that set a year apart
_LEAST = 5  # documents that such a word needs, in all
_ENDS = 50  # most typical and most unusual documents

_NORMAL = 1.959964
"""Quantile of the normal distribution for 95 %."""


def merge(folder: Path, *, memory: str = "2GB", threads: int | None = None) -> None:
    """Write ``corpus/<table>.parquet`` and ``.csv`` from the parts of all shards.

    Args:
        folder: of the corpus; its shards are done.
        memory: that DuckDB may take before it uses the disk (in the folder).
        threads: of DuckDB; None for as many as there are cores.
    """
    import duckdb

    scratch = folder / "_writing" / "merge"
    scratch.mkdir(parents=True, exist_ok=True)
    target = folder / "corpus"
    target.mkdir(exist_ok=True)
    config: dict[str, str | int] = {"memory_limit": memory, "temp_directory": str(scratch)}
    if threads:
        config["threads"] = threads
    with duckdb.connect(config=config) as database:  # type: ignore[arg-type]  # its stubs want strings only
        database.execute("SET preserve_insertion_order = false")
        for name, rows in _tables(database, folder):
            write_table(target / name, TABLES[name], rows, arrow_schema(TABLES[name]))
    network, places = concept_network(folder), concept_positions(folder)
    graph = exportable(to_graph(network, places, backbone=disparity(network)))
    (target / "graph.graphml").write_bytes(graphml(graph))
    (target / "graph.gexf").write_bytes(gexf(graph, looks(graph)))


def concept_network(folder: Path) -> Network:
    """Return the merged network of concepts within sentences, as that of an article is, its edges strongest first."""
    import pyarrow.parquet

    concepts, edges = _read(folder, "concepts"), _read(folder, "concept_edges")
    units = 0
    for path in sorted((folder / "_counts" / "totals").glob("part-*.parquet")):
        units += sum(pyarrow.parquet.read_table(path)["units"].to_pylist())
    return _network(concepts, edges, units)


def concept_positions(folder: Path) -> dict[str, Position]:
    """Return the positions of the nodes of ``concept_network``."""
    names = [column.name for column in POSITION]
    return {row["concept"]: Position(**{name: row[name] for name in names}) for row in _read(folder, "concepts")}


def _read(folder: Path, name: str) -> list[dict[str, Any]]:
    import pyarrow.parquet

    found: list[dict[str, Any]] = pyarrow.parquet.read_table(folder / "corpus" / f"{name}.parquet").to_pylist()
    return found


def _network(concepts: Sequence[Mapping[str, Any]], edges: Sequence[Mapping[str, Any]], units: int) -> Network:
    names = [column.name for column in MEASURES]
    return Network(
        "sentence",
        units,
        tuple([
            Node(row["concept"], "concept", row["units"], row["mentions"], row["score"] or 0.0) for row in concepts
        ]),
        tuple([
            Edge(
                source=row["source"],
                target=row["target"],
                count=row["count"],
                source_count=row["source_count"],
                target_count=row["target_count"],
                units=units,
                tone=row["tone"] or 0.0,
                relations=(),
                sentences=(),
                **{name: math.nan if row[name] is None else row[name] for name in names},
            )
            for row in edges
        ]),
    )  # fmt: skip


def _tables(database: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[tuple[str, Iterable[Row]]]:
    def fetch(query: str) -> list[Row]:
        found: list[Row] = database.execute(query).fetchall()
        return found

    def parts(name: str) -> str:
        return "read_parquet('" + str(folder / name / "part-*.parquet").replace("'", "''") + "')"

    counts = {name: parts(f"_counts/{name}") for name in COUNTS}
    ((units, documents),) = fetch(
        f"SELECT coalesce(sum(units), 0)::BIGINT, coalesce(sum(documents), 0)::BIGINT FROM {counts['totals']}"
    )
    database.execute(
        f"CREATE TABLE words AS SELECT word, year, sum(documents)::BIGINT AS documents, sum(count)::BIGINT AS count"
        f" FROM {counts['words']} GROUP BY ALL"
    )
    words = fetch("SELECT word, sum(documents)::BIGINT, sum(count)::BIGINT FROM words GROUP BY word ORDER BY 2 DESC, 1")
    yield "words", ((word, held, rounded(held / documents), count) for word, held, count in words)

    rows = fetch(
        "SELECT concept, sum(documents)::BIGINT, sum(units)::BIGINT, sum(mentions)::BIGINT, sum(score)::BIGINT"
        f" FROM {counts['concepts']} GROUP BY concept ORDER BY 4 DESC, 1"
    )
    concepts = [
        (name, many, rounded(many / documents), own, mentions, _mean(score, mentions))
        for name, many, own, mentions, score in rows
    ]
    held = {row[0]: row[2] for row in rows}
    pairs = fetch(
        "SELECT source, target, sum(count)::BIGINT, sum(documents)::BIGINT, sum(squares)::BIGINT, sum(tone)::BIGINT"
        f" FROM {counts['concept_pairs']} GROUP BY ALL ORDER BY 3 DESC, 1, 2"
    )
    measured = _measured([(both, held[a], held[b]) for a, b, both, *_ in pairs], units, _tests(list(held.values())))
    edges = [
        (
            *(a, b, both, *_interval(both, squares, documents), held[a], held[b], units),
            *(many, _mean(tone, both), *measures),
        )
        for (a, b, both, many, squares, tone), measures in zip(pairs, measured, strict=True)
    ]
    network = _network(_named("concepts", concepts), _named("concept_edges", edges), units)
    places = positions(network, communities(network))
    yield (
        "concepts",
        [(*row, *[_shown(getattr(places[row[0]], column.name)) for column in POSITION]) for row in concepts],
    )
    backbone = disparity(network)
    yield "concept_edges", [(*row, rounded(backbone[row[0], row[1]])) for row in edges]
    told = fetch(
        "SELECT source, target, kind, sum(count)::BIGINT, sum(documents)::BIGINT"
        f" FROM {counts['relations']} GROUP BY ALL ORDER BY 5 DESC, 4 DESC, 1, 2, 3"
    )
    both_in = {row[:2]: row[2] for row in edges}
    yield "relations", [(*row, rounded(row[3] / both_in[min(row[:2]), max(row[:2])])) for row in told]
    yield "term_edges", _term_edges(fetch, counts, documents)
    yearly = fetch(
        f"SELECT year, sum(documents)::BIGINT, sum(score)::BIGINT FROM {counts['years']} GROUP BY year ORDER BY year"
    )
    of_year = {year: many for year, many, _ in yearly}
    yield "years", [(year, many, _mean(score, many)) for year, many, score in yearly]
    rows = fetch(
        "SELECT concept, year, sum(documents)::BIGINT, sum(mentions)::BIGINT, sum(score)::BIGINT"
        f" FROM {counts['concepts']} WHERE year > 0 GROUP BY ALL ORDER BY concept, year"
    )
    yield (
        "concept_years",
        [
            (name, year, many, rounded(many / of_year[year]), mentions, _mean(score, mentions))
            for name, year, many, mentions, score in rows
        ],
    )
    yield "keyness", _keyness(fetch)
    yield "typical", _typical(database, fetch, parts, counts)


def _term_edges(fetch: _Fetch, counts: dict[str, str], documents: int) -> list[Row]:
    """Return the pairs of keywords of most documents with their statistics."""
    pairs = counts["keyword_pairs"]
    ((size,),) = fetch(f"SELECT count(*) FROM {pairs}")
    split = -(-size // _PARTITION) or 1
    for part in range(split):
        fetch(
            f"{'INSERT INTO best' if part else 'CREATE TABLE best AS'}"
            f" SELECT source, target, sum(documents)::BIGINT AS met FROM {pairs}"
            f" WHERE hash(source, target) % {split} = {part} GROUP BY ALL HAVING met > 1"
            f" ORDER BY met DESC, source, target LIMIT {_TERM_EDGES}"
        )
    firsts = counts["keyword_firsts"]
    rows = fetch(
        f"WITH top AS (SELECT * FROM best ORDER BY met DESC, source, target LIMIT {_TERM_EDGES}),"
        f" own AS (SELECT word, sum(documents)::BIGINT AS held FROM {firsts}"
        " WHERE word IN (SELECT source FROM top UNION SELECT target FROM top) GROUP BY word)"
        " SELECT source, target, met, a.held, b.held FROM top JOIN own a ON a.word = source"
        " JOIN own b ON b.word = target ORDER BY met DESC, source, target"
    )
    ((words,),) = fetch(f"SELECT count(DISTINCT word) FROM {firsts}")
    measured = _measured([row[2:] for row in rows], documents, words * (words - 1) // 2)
    return [(*row, documents, *measures) for row, measures in zip(rows, measured, strict=True)]


def _measured(pairs: Sequence[Sequence[int]], units: int, tests: int) -> list[tuple[float | None, ...]]:
    """Return the measures of pairs, each given as n_ij, n_i and n_j, among so many that could have met."""
    keys = [(both, min(first, second), max(first, second)) for both, first, second in pairs]
    known = {key: (*statistics(*key, units), fisher(*key, units)) for key in set(keys)}
    values = [known[key] for key in keys]
    adjusted = benjamini_hochberg([value[-1] for value in values], max(tests, len(values)))
    return [tuple(rounded(one) for one in (*value, p)) for value, p in zip(values, adjusted, strict=True)]


def _tests(held: Iterable[int]) -> int:
    """Return how many pairs there are of what some unit holds."""
    many = sum(own > 0 for own in held)
    return many * (many - 1) // 2


def _keyness(fetch: _Fetch) -> list[Row]:
    """Return the words that set a year apart from the others, most so first."""
    query = "SELECT year, sum(documents)::BIGINT FROM words WHERE year > 0 GROUP BY year ORDER BY year"
    sizes: dict[int, int] = {int(year): int(size) for year, size in fetch(query)}
    if len(sizes) < 2:
        return []
    whole = sum(sizes.values())
    rows = fetch(
        "SELECT year, word, documents, sum(documents) OVER (PARTITION BY word)::BIGINT AS every FROM words"
        f" WHERE year > 0 QUALIFY every >= {_LEAST} ORDER BY year, word"
    )
    found: dict[int, list[Row]] = {year: [] for year in sizes}
    for year, word, own, every in rows:
        z = log_odds(own, sizes[year], every - own, whole - sizes[year])
        if z > 0:
            found[year].append((year, word, own, every - own, rounded(z)))
    return [row for year in sizes for row in sorted(found[year], key=lambda row: (-row[4], row[1]))[:_APART]]


def _typical(
    database: duckdb.DuckDBPyConnection, fetch: _Fetch, parts: Callable[[str], str], counts: dict[str, str]
) -> list[Row]:
    """Return the documents whose mentions are spread over the concepts most and least as the corpus's are."""
    database.execute(
        "CREATE TABLE spread AS SELECT shard, document, concept, count(*)::DOUBLE AS own"
        f" FROM {parts('mentions')} GROUP BY ALL"
    )
    rows: list[Row] = []
    for kind, order in (("typical", "DESC"), ("unusual", "ASC")):
        found = fetch(
            "WITH whole AS (SELECT concept, sum(mentions)::DOUBLE AS every"
            f" FROM {counts['concepts']} GROUP BY concept),"
            " near AS (SELECT shard, document, round(sum(own * every) / (sqrt(sum(own * own)) *"
            " (SELECT sqrt(sum(every * every)) FROM whole)), 6) AS similarity, sum(own)::BIGINT AS told"
            f" FROM spread JOIN whole USING (concept) GROUP BY ALL HAVING told >= {_LEAST})"
            f" SELECT shard, document, id, title, similarity, told FROM near JOIN {parts('documents')}"
            f" USING (shard, document) ORDER BY similarity {order}, shard, document LIMIT {_ENDS}"
        )
        rows += [(kind, rank, *row) for rank, row in enumerate(found, 1)]
    return rows


def _named(table: str, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return rows by the names of the first columns of their table."""
    names = [column.name for column in TABLES[table]]
    return [dict(zip(names, row, strict=False)) for row in rows]


def _interval(count: int, squares: int, documents: int) -> tuple[float | None, float | None]:
    """Return the 95 % interval of a sum over documents, by the variance of what each adds to it.

    This is what the bootstrap over documents comes to where there are many: Efron & Tibshirani (1993), An introduction
    to the bootstrap, section 5.3. Sentences of one document are not independent, so that the interval is wider than one
    over sentences would be.
    """
    if documents < 2:
        return None, None
    reach = _NORMAL * math.sqrt(max(0.0, squares - count**2 / documents) * documents / (documents - 1))
    return rounded(max(0.0, count - reach)), rounded(count + reach)


def _shown(value: float) -> float | None:
    return value if isinstance(value, int) else rounded(value)


def _mean(total: int, count: int) -> float | None:
    return rounded(total / MICRO / count) if count else None
