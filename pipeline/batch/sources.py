"""Where the documents of a corpus come from: lines (JSONL), rows (Parquet), or files of any readable kind.

A source is a path, a folder or a URL that fsspec knows. ``plan`` cuts sources into shards without reading their texts;
``documents`` reads one shard, a document at a time.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pipeline.formats.base import InputError, one_line
from pipeline.stages.read import SUFFIXES, from_text, read
from pipeline.write.values import one_line as plain_line

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

    from pipeline.model import Article

Form = Literal["jsonl", "parquet", "files"]

SHARD_BYTES = 4_000_000
"""Bytes of JSONL in a shard of a large source: some 700 articles of 2,000 characters."""
SHARD_ROWS = 500
"""Rows of Parquet, or files, in a shard of a large source."""
_PARTS, _FINEST = 16, 5
"""A small source is cut into so many parts, that all cores have work, but none below this part of a whole shard: a
worker takes a second to start."""
_LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz", ".jsonl.zst", ".jsonl.xz", ".jsonl.bz2")
_BATCH = 32  # rows of Parquet that are in memory at a time
_FIELDS = ("id", "text", "title", "date", "source")
_DATE = re.compile(r"\s*(\d{4})(?:[-/年.](\d{1,2})(?:[-/月.](\d{1,2}))?)?")


@dataclass(frozen=True, slots=True)
class Shard:
    """A part of a corpus that is done as one.

    Attributes:
        number: from 0, in the order of the sources.
        form: of its sources.
        paths: the file that it is a part of, or the files that it consists of.
        start, stop: bytes of JSONL (a line belongs where it begins) or rows of Parquet; ``stop`` is None for the end.
        names: of files, what they are called in the results.
    """

    number: int
    form: Form
    paths: tuple[str, ...]
    start: int = 0
    stop: int | None = None
    names: tuple[str, ...] = ()


class Document(NamedTuple):
    """A document as read; ``article`` is None where it cannot be, and ``problem`` says why."""

    id: str
    article: Article | None
    date: str | None = None
    source: str | None = None
    problem: str = ""


def plan(sources: Sequence[str], *, shard_bytes: int | None = None, shard_rows: int | None = None) -> list[Shard]:
    """Cut sources into shards: the same sources give the same shards.

    Args:
        sources: files, folders (searched through, in order of path) and URLs.
        shard_bytes: of JSONL in a shard, about; a compressed file is one shard.
        shard_rows: of Parquet, or files, in a shard.
            Where either is None, ``SHARD_BYTES`` or ``SHARD_ROWS``, and less of a small source.

    Raises:
        InputError: there is no such source, or nothing in it that could be read.
    """
    shards: list[Shard] = []

    def add(
        form: Form, paths: Sequence[str], start: int = 0, stop: int | None = None, names: Sequence[str] = ()
    ) -> None:
        shards.append(Shard(len(shards), form, tuple(paths), start, stop, tuple(names)))

    for source in sources:
        files, names = _files(source)
        loose = [pair for pair in zip(files, names, strict=True) if _form(pair[0]) == "files"]
        for path in files:
            form = _form(path)
            if form == "jsonl":
                size = (
                    None if path.endswith((".gz", ".zst", ".xz", ".bz2")) else _system(path)[0].size(_system(path)[1])
                )
                step = shard_bytes or _step(size or 0, SHARD_BYTES)
                if size is None or size <= step:
                    add("jsonl", [path])
                else:
                    for start in range(0, size, step):
                        add("jsonl", [path], start, min(size, start + step))
            elif form == "parquet":
                rows = _parquet_rows(path)
                step = shard_rows or _step(rows, SHARD_ROWS)
                for start in range(0, rows, step):
                    add("parquet", [path], start, min(rows, start + step))
        step = shard_rows or _step(len(loose), SHARD_ROWS)
        for at in range(0, len(loose), step):
            part = loose[at : at + step]
            add("files", [path for path, _ in part], names=[name for _, name in part])
    if not shards:
        raise InputError(f"{', '.join(sources)}: no documents; give JSONL, Parquet, or a folder of articles")
    return shards


def _step(size: int, whole: int) -> int:
    """Return how much of a source of some size is a shard, where ``whole`` is that of a large one."""
    return min(whole, max(whole // _FINEST, -(-size // _PARTS)))


def fingerprint(shards: Sequence[Shard]) -> str:
    """Return what tells one corpus from another: a digest of its shards with the sizes of their files."""
    digest = hashlib.sha256()
    sizes: dict[str, int] = {}
    for shard in shards:
        for path in shard.paths:
            if path not in sizes:
                sizes[path] = _size(path)
        digest.update(json.dumps([shard.form, shard.start, shard.stop, [(p, sizes[p]) for p in shard.paths]]).encode())
    return digest.hexdigest()


def documents(shard: Shard, *, encoding: str | None = None) -> Iterator[Document]:
    """Read the documents of a shard, one at a time; one that cannot be read comes with its problem.

    Args:
        shard: as planned.
        encoding: of text files, where it is known.

    Raises:
        OSError: a source of the shard cannot be opened.
    """
    if shard.form == "jsonl":
        return _lines(shard)
    return _rows(shard) if shard.form == "parquet" else _loose(shard, encoding)


def year_of(date: str | None) -> int | None:
    """Return the year of a date such as 2021-03-04, 2021年3月 or 2021; None where there is none."""
    found = _DATE.match(date or "")
    return int(found[1]) if found else None


def _system(path: str) -> tuple[AbstractFileSystem, str]:
    from fsspec.core import url_to_fs

    system, inside = url_to_fs(path)
    return system, inside


def _size(path: str) -> int:
    system, inside = _system(path)
    return int(system.size(inside) or 0)


def _files(source: str) -> tuple[list[str], list[str]]:
    """Return the files of a source, and what they are called: their path within it."""
    try:
        system, inside = _system(source)
        if not system.exists(inside):
            raise InputError(f"{source}: no such file or folder; check the path")
        if not system.isdir(inside):
            return [source], [inside.rsplit("/", 1)[-1]]
        found = sorted(system.find(inside))
    except InputError:
        raise
    except (OSError, ValueError, ImportError) as error:
        raise InputError(f"{source}: cannot be opened ({one_line(error)}); check the path") from error
    files, names = [], []
    for path in found:
        name = path.removeprefix(inside).lstrip("/")
        if any(part.startswith((".", "_")) for part in name.split("/")) or name.upper().startswith("README"):
            continue
        if _form(path) != "files" or Path(path.removesuffix(".gz")).suffix.lower() in SUFFIXES:
            files.append(system.unstrip_protocol(path) if "://" in source else path)
            names.append(name)
    return files, names


def _form(path: str) -> Form:
    lower = path.lower()
    return "jsonl" if lower.endswith(_LINES) else "parquet" if lower.endswith((".parquet", ".pq")) else "files"


def _parquet_rows(path: str) -> int:
    import pyarrow
    import pyarrow.parquet

    system, inside = _system(path)
    try:
        with system.open(inside, "rb") as file:
            data = pyarrow.parquet.ParquetFile(file)
            if "text" not in data.schema_arrow.names:
                raise InputError(f"{path}: no column 'text' (it has {', '.join(data.schema_arrow.names)}); rename one")
            return int(data.metadata.num_rows)
    except (pyarrow.ArrowException, OSError) as error:
        raise InputError(f"{path}: no Parquet file that can be read ({one_line(error)})") from error


def _lines(shard: Shard) -> Iterator[Document]:
    import fsspec

    (path,) = shard.paths
    name = path.rsplit("/", 1)[-1]
    with fsspec.open(path, "rb", compression="infer") as file:
        at = shard.start
        if at:
            file.seek(at - 1)
            at += len(file.readline()) - 1  # the line that begins before belongs to the shard before
        while shard.stop is None or at < shard.stop:
            line = file.readline()
            if not line:
                return
            if line.strip():
                yield _parsed(line, f"{name}:{at}")
            at += len(line)


def _parsed(line: bytes, place: str) -> Document:
    try:
        row = json.loads(line)
    except ValueError as error:
        return Document(place, None, problem=f"no JSON: {one_line(error)}")
    if not isinstance(row, dict):
        return Document(place, None, problem=f"a JSON object is wanted, not {type(row).__name__}")
    return _document(row, place)


def _document(row: dict[str, Any], place: str) -> Document:
    name = _text(row.get("id")) or place
    text = row.get("text")
    date, source = _text(row.get("date")), _text(row.get("source"))
    if not isinstance(text, str):
        return Document(name, None, date, source, problem="no 'text', or one that is no string")
    if not text.strip():
        return Document(name, None, date, source, problem="the text is empty")
    return Document(name, from_text(text, title=_text(row.get("title")), name=name), date, source)


def _text(value: object) -> str | None:
    return None if value is None or value == "" else plain_line(str(value))


def _rows(shard: Shard) -> Iterator[Document]:
    import pyarrow.parquet

    (path,) = shard.paths
    name = path.rsplit("/", 1)[-1]
    system, inside = _system(path)
    with system.open(inside, "rb") as file:
        data = pyarrow.parquet.ParquetFile(file)
        columns = [column for column in _FIELDS if column in data.schema_arrow.names]
        stop = data.metadata.num_rows if shard.stop is None else shard.stop
        first, wanted = 0, []
        for group in range(data.metadata.num_row_groups):
            size = data.metadata.row_group(group).num_rows
            if first < stop and first + size > shard.start:
                wanted.append((group, first))
            first += size
        for group, row in wanted:
            for batch in data.iter_batches(_BATCH, row_groups=[group], columns=columns):
                if row + batch.num_rows > shard.start and row < stop:
                    for at, values in enumerate(batch.to_pylist(), row):
                        if shard.start <= at < stop:
                            yield _document(values, f"{name}:{at}")
                row += batch.num_rows


def _loose(shard: Shard, encoding: str | None) -> Iterator[Document]:
    for path, name in zip(shard.paths, shard.names, strict=True):
        try:
            article = _read(path, encoding)
        except InputError as error:
            yield Document(name, None, problem=str(error))
        except OSError as error:
            yield Document(name, None, problem=f"{path}: cannot be read ({one_line(error)})")
        else:
            yield Document(name, article, article.metadata.date, article.metadata.source)


def _read(path: str, encoding: str | None) -> Article:
    if "://" not in path:
        return read(path, encoding=encoding)
    system, inside = _system(path)
    with tempfile.TemporaryDirectory(prefix="fupan-") as folder:
        local = Path(folder) / inside.rsplit("/", 1)[-1]
        system.get_file(inside, str(local))
        return read(local, encoding=encoding)
