"""``index.html`` of a corpus: what its tables say, on one page without scripts."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.batch.merge import concept_network, concept_positions
from pipeline.network.selection import select
from pipeline.write.drawing import Drawing, draw
from pipeline.write.parts import environment
from pipeline.write.wording import RELATIONS, selection, side

_CONCEPTS, _FIRST = 40, 15
_PAIRS = 15
_RELATIONS = 12
_WORDS = 60
_TRENDS = 12
_APART = 12  # words of a year
_LEAST_Z = 2.0
"""Of a word of a year: where years were drawn at random, no word of 2,000 articles reached 1.8."""
_ENDS = 10  # typical and unusual documents
_REASONS = 12
_LEAST_YEAR = 5  # documents of a year whose share says something
_WIDTH, _HEIGHT = 160.0, 48.0  # of a trend


class Trend(NamedTuple):
    """The share of documents that mention a concept, year by year: ``points`` of a line, ``notes`` in words."""

    concept: str
    points: tuple[tuple[float, float], ...]
    notes: tuple[str, ...]
    first: float
    last: float


def corpus_html(folder: Path, *, failed: int, done: int) -> str:
    """Return the page of a merged corpus.

    Args:
        folder: with ``corpus/`` and ``failures.parquet``.
        failed, done: documents.
    """
    import pyarrow.parquet

    def rows(name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = pyarrow.parquet.read_table(folder / f"{name}.parquet").to_pylist()
        return found

    labels: Counter[str] = Counter()
    for path in sorted((folder / "documents").glob("part-*.parquet")):
        labels.update(pyarrow.parquet.read_table(path, columns=["label"])["label"].to_pylist())
    network = concept_network(folder)
    chosen = select(network, nodes=30, lines=60)
    drawing: Drawing | None = None
    if chosen.edges:
        drawing = draw(network, concept_positions(folder), chosen.edges, width=960.0, height=560.0)
    years = [row for row in rows("corpus/years") if row["year"]]
    concepts = rows("corpus/concepts")
    kept = [row["year"] for row in years if row["documents"] >= _LEAST_YEAR]
    apart: dict[int, list[dict[str, Any]]] = {}
    for row in rows("corpus/keyness"):
        if row["z"] < _LEAST_Z:
            continue
        apart.setdefault(row["year"], []).append(row)
    ends = rows("corpus/typical")
    reasons: Counter[str] = Counter()
    with pyarrow.parquet.ParquetFile(folder / "failures.parquet") as failures:  # there may be many
        for part in failures.iter_batches(columns=["message"]):
            reasons.update(map(_reason, part["message"].to_pylist()))
    return (
        environment()
        .get_template("corpus.html.j2")
        .render(
            documents=done,
            failed=failed,
            counts=tuple(labels[label] for label in ("negative", "neutral", "positive")),
            units=network.units,
            concepts=[(row, side(row["score"] or 0.0)) for row in concepts[:_CONCEPTS]],
            all_concepts=len(concepts),
            first=_FIRST,
            drawing=drawing,
            why=selection(chosen, "sentence") if drawing else "",
            pairs=rows("corpus/concept_edges")[:_PAIRS],
            relations=[(row, RELATIONS[row["kind"]]) for row in rows("corpus/relations")[:_RELATIONS]],
            words=rows("corpus/words")[:_WORDS],
            years=[(row, side(row["score"] or 0.0)) for row in years],
            trends=_trends(rows("corpus/concept_years"), concepts, kept),
            first_year=kept[0] if kept else None,
            last_year=kept[-1] if kept else None,
            least_z=f"{_LEAST_Z:g}",
            apart=[(year, found[:_APART]) for year, found in sorted(apart.items())],
            typical=[row for row in ends if row["kind"] == "typical"][:_ENDS],
            unusual=[row for row in ends if row["kind"] == "unusual"][:_ENDS],
            reasons=reasons.most_common(_REASONS),
        )
    )


def _reason(message: str) -> str:
    """Return a message without what is particular to a document, so that equal ones can be counted."""
    return "".join("#" if character.isdigit() else character for character in message.partition(": ")[0])[:80]


def _trends(found: list[dict[str, Any]], concepts: list[dict[str, Any]], kept: list[int]) -> list[Trend]:
    """Return the concepts of most mentions over the years ``kept``, which have enough documents."""
    if len(kept) < 2:
        return []
    shares = {(row["concept"], row["year"]): row for row in found}
    span = max(1, kept[-1] - kept[0])
    trends = []
    for concept in [row["concept"] for row in concepts[:_TRENDS]]:
        own = [float(shares[concept, year]["share"]) if (concept, year) in shares else 0.0 for year in kept]
        points = tuple(
            (round((year - kept[0]) / span * _WIDTH, 1), round(_HEIGHT * (1 - share), 1))
            for year, share in zip(kept, own, strict=True)
        )
        notes = tuple(f"{year} 年 {share:.0%} 的文章谈到" for year, share in zip(kept, own, strict=True))
        trends.append(Trend(concept, points, notes, own[0], own[-1]))
    return trends
