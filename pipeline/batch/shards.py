"""A shard's documents through all stages into files: a Parquet file a layer, one a table of counts, and a mark at last.

Files are written beside their place and moved there; the mark (``_done/<number>.json``) comes last, with the digest of
each file: a shard without a mark, or whose files are not those, is not done.
"""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.metadata import version
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.analysis import Analysis, analyze_article, default_resources
from pipeline.batch.columns import CORPUS_COLUMNS, COUNTS, FAILURES, MICRO
from pipeline.batch.sources import Document, Shard, documents, year_of
from pipeline.config import Settings
from pipeline.formats.base import one_line
from pipeline.write.tables import LAYERS, arrow_schema, counted_rows
from pipeline.write.values import rounded, well_formed

if TYPE_CHECKING:
    import pyarrow.parquet

_FLUSH = 64  # documents whose rows are in memory at a time
_VERSIONED = ("rjieba", "numpy", "pyarrow", "duckdb", "opencc")
_KEYWORDS = 12  # of a document, that pairs are made of


def versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that decide what comes out."""
    return {"python": platform.python_version()} | {name: version(name) for name in _VERSIONED}


@cache
def program() -> str:
    """Return the SHA-256 of all that decides what comes out: the package's modules and resources, and ``versions``."""
    package = Path(__file__).parents[1]
    whole = hashlib.sha256(json.dumps(versions()).encode())
    for path in sorted(package.rglob("*")):
        if path.is_file() and path.suffix != ".pyc" and "training" not in path.parts[len(package.parts) :]:
            whole.update(f"{path.relative_to(package).as_posix()}\n{_digest(path)}\n".encode())
    return whole.hexdigest()


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker needs.

    Attributes:
        shard: what to do.
        settings: as JSON.
        folder: of the corpus.
        given_up: documents to pass over, each with the reason.
        program: of the one that planned it; a worker with another refuses, so that a corpus is never of two.
    """

    shard: Shard
    settings: str
    folder: str
    given_up: Mapping[int, str]
    program: str = field(default_factory=program)

    def as_json(self) -> str:
        """Return what ``task_from`` reads."""
        return json.dumps(asdict(self))


def task_from(values: dict[str, Any]) -> Task:
    """Return the task that ``Task.as_json`` wrote."""
    shard = values["shard"]
    return Task(
        Shard(**shard | {"paths": tuple(shard["paths"]), "names": tuple(shard["names"])}),
        values["settings"],
        values["folder"],
        {int(number): reason for number, reason in values["given_up"].items()},
        values["program"],
    )


def mark_path(folder: Path, number: int) -> Path:
    """Return where the mark of a finished shard is."""
    return folder / "_done" / f"{number:05}.json"


def part_path(folder: Path, layer: str, number: int) -> Path:
    """Return where a shard's part of a layer is."""
    return folder / layer / f"part-{number:05}.parquet"


def finished(folder: Path, number: int) -> dict[str, Any] | None:
    """Return the mark of a shard, if it is done and its files are what the mark says."""
    try:
        mark: dict[str, Any] = json.loads(mark_path(folder, number).read_text(encoding="utf-8"))
        if all(_digest(folder / name) == digest for name, digest in mark["files"].items()):
            return mark
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        pass
    return None


def write_shard(task: Task, folder: Path, *, tell: Callable[[int], None]) -> None:
    """Analyse the documents of a shard and write its files.

    Args:
        task: what to do.
        folder: of the corpus.
        tell: called with the number of each document before it is begun.

    Raises:
        OSError: a source cannot be opened, or a file not be written; nothing half-written stays in its place.
        ValueError: the task is of another fupan than this one.
    """
    if task.program != program():
        raise ValueError("this worker has another fupan, Python or library than the planner; install the same")
    settings = Settings.model_validate_json(task.settings)
    number = task.shard.number
    aside = folder / "_writing" / f"{number:05}"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        counts = _Counts()
        layers = _Layers(aside)
        total = failed = 0
        for at, document in enumerate(documents(task.shard, encoding=settings.encoding)):
            tell(at)
            total += 1
            which = (number, at, well_formed(document.id))
            problem = task.given_up.get(at) or document.problem
            if not problem:
                try:
                    analysis = _analysis(document, settings)
                    layers.add(which, document, analysis)
                    counts.add(document, analysis)
                except MemoryError:
                    raise
                except Exception as error:  # one document must not end the others
                    problem = f"{type(error).__name__}: {one_line(error)}"
            if problem:
                failed += 1
                layers.fail((*which, well_formed(problem)))
        tell(-1)
        layers.close()
        counts.write(aside)
        names = sorted(path.relative_to(aside).as_posix() for path in aside.rglob("*.parquet"))
        files = {}
        for name in names:
            target = part_path(folder, name.removesuffix(".parquet"), number)
            target.parent.mkdir(parents=True, exist_ok=True)
            (aside / name).replace(target)
            files[target.relative_to(folder).as_posix()] = _digest(target)
        mark = {"shard": number, "documents": total, "done": total - failed, "failed": failed, "files": files}
        text = json.dumps(mark, indent=1, sort_keys=True)
        (aside / "mark.json").write_text(text, encoding="utf-8")
        mark_path(folder, number).parent.mkdir(exist_ok=True)
        (aside / "mark.json").replace(mark_path(folder, number))
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _analysis(document: Document, settings: Settings) -> Analysis:
    article = document.article
    assert article is not None  # a document without one has a problem
    analysis = analyze_article(article, default_resources(settings), settings)
    if not any(sentence.is_prose for sentence in analysis.sentences):
        raise ValueError("no sentence to read; the text is headings, code, or no Chinese")
    return analysis


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Layers:
    """The rows of a shard on their way into files, some documents' at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows: dict[str, list[tuple[object, ...]]] = defaultdict(list)
        self._writers: dict[str, pyarrow.parquet.ParquetWriter] = {}
        self._waiting = 0
        self._columns = CORPUS_COLUMNS | {"failures": FAILURES}

    def add(self, which: tuple[int, int, str], document: Document, analysis: Analysis) -> None:
        """Take the rows of a document, all or none."""
        date = document.date or analysis.metadata.date
        source = document.source or analysis.metadata.source
        rows: dict[str, list[tuple[object, ...]]] = {
            layer: [(*which, *row) for row in counted_rows(analysis, layer)] for layer in LAYERS
        }
        rows["documents"] = [
            (
                *which,
                well_formed(analysis.title),
                well_formed(date) if date else None,
                year_of(date),
                well_formed(source) if source else None,
                analysis.article.sha256,
                sum(map(len, analysis.article.text.split())),
                len(analysis.sections),
                sum(sentence.is_prose for sentence in analysis.sentences),
                analysis.polarity.label,
                rounded(analysis.polarity.score),
                len(analysis.mentions),
            )
        ]
        for layer, own in rows.items():
            self._rows[layer] += own
        self._waiting += 1
        if self._waiting == _FLUSH:
            self._flush()

    def fail(self, row: tuple[object, ...]) -> None:
        """Take a document that failed."""
        self._rows["failures"].append(row)

    def close(self) -> None:
        """Write what waits, and end the files; a layer without rows has a file, too."""
        self._flush()
        for writer in self._writers.values():
            writer.close()

    def _flush(self) -> None:
        import pyarrow.parquet

        from pipeline.write.tables import arrow_table

        for layer, columns in self._columns.items():
            schema = arrow_schema(columns)
            if layer not in self._writers:
                self._writers[layer] = pyarrow.parquet.ParquetWriter(
                    self._folder / f"{layer}.parquet", schema, compression="zstd"
                )
            if rows := self._rows.pop(layer, None):
                self._writers[layer].write_table(arrow_table(columns, rows, schema))
        self._waiting = 0


class _Counts:
    """Sums over the documents of a shard."""

    def __init__(self) -> None:
        self._sums: dict[str, dict[tuple[object, ...], list[int]]] = {name: {} for name in COUNTS}

    def add(self, document: Document, analysis: Analysis) -> None:
        """Count a document."""
        year = year_of(document.date or analysis.metadata.date) or 0
        score = _micro(analysis.polarity.score)
        network = analysis.network("sentence")
        self._plus("totals", (), network.units, 1, score)
        self._plus("years", (year,), 1, score)
        for keyword in analysis.keywords:
            self._plus("words", (well_formed(keyword.term), year), 1, keyword.count)
        terms = sorted({well_formed(keyword.term) for keyword in analysis.keywords[:_KEYWORDS]})
        for term in terms:
            self._plus("keyword_firsts", (term,), 1)
        for pair in combinations(terms, 2):
            self._plus("keyword_pairs", pair, 1)
        concepts = set(analysis.concepts)
        mentions: dict[str, list[int]] = defaultdict(list)
        for mention in analysis.mentions:
            mentions[mention.concept].append(_micro(mention.polarity.score))
        units = {node.name: node.units for node in network.nodes}
        for concept, scores in mentions.items():
            self._plus("concepts", (concept, year), 1, units.get(concept, 0), len(scores), sum(scores))
        for edge in network.edges:
            if edge.source in concepts and edge.target in concepts:
                ends = tuple(sorted((edge.source, edge.target)))
                self._plus("concept_pairs", ends, edge.count, 1, edge.count**2, _micro(edge.tone * edge.count))
                stated: Counter[tuple[object, ...]] = Counter()
                for told in edge.relations:
                    first, last = (
                        ends if told.forward is None else (edge.source, edge.target)[:: 1 if told.forward else -1]
                    )
                    stated[first, last, told.kind] += 1
                for key, count in stated.items():
                    self._plus("relations", key, count, 1)

    def write(self, folder: Path) -> None:
        """Write each table, in order of its keys."""
        import pyarrow.parquet

        from pipeline.write.tables import arrow_table

        (folder / "_counts").mkdir()
        for name, columns in COUNTS.items():
            schema = arrow_schema(columns)
            rows = list(self._rows(name))
            data = arrow_table(columns, rows, schema)
            pyarrow.parquet.write_table(data, folder / "_counts" / f"{name}.parquet", compression="zstd")

    def _rows(self, name: str) -> Iterator[tuple[object, ...]]:
        sums = self._sums[name]
        return ((*key, *sums[key]) for key in sorted(sums))

    def _plus(self, name: str, key: tuple[object, ...], *values: int) -> None:
        sums = self._sums[name]
        if key in sums:
            own = sums[key]
            for at, value in enumerate(values):
                own[at] += value
        else:
            sums[key] = list(values)


def _micro(score: float) -> int:
    return round(score * MICRO)
