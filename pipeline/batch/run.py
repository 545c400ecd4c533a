"""A run over a corpus: plan, shards, merge, page; it can be stopped at any time and goes on where it was."""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.batch.columns import CORPUS_COLUMNS, COUNTS, TABLES
from pipeline.batch.engine import check_scheduler, run_tasks
from pipeline.batch.merge import merge
from pipeline.batch.page import corpus_html
from pipeline.batch.shards import Task, finished, mark_path, part_path, program, versions
from pipeline.batch.sources import Shard, fingerprint, plan
from pipeline.batch.supervisor import Limits, ShardError, run_shard
from pipeline.config import Settings
from pipeline.formats.base import one_line
from pipeline.write.folder import OutputError, write_text

_MANIFEST, _PLAN, _LOCK = "manifest.json", "_plan.json", "_lock"

log = logging.getLogger("fupan.batch")


class IncompleteError(RuntimeError):
    """A run that could not do all shards: one line saying which, and that it can be run again."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: shards and documents so far, of those ``before`` done by an earlier run; seconds since its
    start."""

    shards: int
    of: int
    documents: int
    failed: int
    before: int
    seconds: float


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What a run did.

    Attributes:
        folder: with the corpus.
        documents, done, failed: of all shards; ``documents`` is the sum of the others.
        seconds: that it took.
    """

    folder: Path
    documents: int
    done: int
    failed: int
    seconds: float


def batch(
    sources: Sequence[str],
    out: Path,
    *,
    settings: Settings | None = None,
    scheduler: str = "processes",
    workers: int | None = None,
    limits: Limits | None = None,
    shard_bytes: int | None = None,
    shard_rows: int | None = None,
    memory: str = "2GB",
    progress: Callable[[Progress], None] | None = None,
) -> BatchResult:
    """Analyse a corpus into a folder of Parquet layers and corpus tables.

    Args:
        sources: JSONL, Parquet, or folders of readable files: paths, or URLs that fsspec knows.
        out: folder of the corpus. An unfinished run in it is gone on with, if it is of the same corpus and settings.
        settings: the user's choices.
        scheduler: ``"processes"``, ``"synchronous"`` or the address of a Dask cluster.
        workers: processes at a time; None for as many as there are cores.
        limits: what a document may take.
        shard_bytes, shard_rows: how much of a source is a shard; None as ``sources.plan`` says.
        memory: that the merge may take.
        progress: called after each shard.

    Raises:
        InputError: a source cannot be read.
        SchedulerError: there is no such scheduler.
        OutputError: the folder holds something else, a run of another corpus or settings, or one that is still going.
        IncompleteError: some shards could not be done; the others are.
    """
    began = time.monotonic()
    settings, limits = settings or Settings(), limits or Limits()
    check_scheduler(scheduler)
    out = out.absolute()
    shards = plan(sources, shard_bytes=shard_bytes, shard_rows=shard_rows)
    wanted = _plan(shards, settings, limits)
    try:
        with _locked(out):
            _accept(out, wanted)
            shutil.rmtree(out / "_writing", ignore_errors=True)
            marks = _shards(shards, out, settings, limits, scheduler, workers, progress, began)
            merge(out, memory=memory, threads=workers if scheduler in ("processes", "synchronous") else None)
            manifest = _manifest(out, wanted, marks)
            counts = manifest["documents"]
            write_text(out / "index.html", corpus_html(out, failed=counts["failed"], done=counts["done"]))
            shutil.rmtree(out / "_writing", ignore_errors=True)
            write_text(out / _MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
    except OSError as error:
        raise OutputError(
            f"{error.filename or out}: cannot be written: {error.strerror or error}; make room or choose another folder"
            " (what is done stays done)"
        ) from None
    seconds = time.monotonic() - began
    log.info("%s documents, %s done, %s failed in %.1f s", counts["in"], counts["done"], counts["failed"], seconds)
    return BatchResult(out, counts["in"], counts["done"], counts["failed"], seconds)


def _plan(shards: Sequence[Shard], settings: Settings, limits: Limits) -> dict[str, Any]:
    """Return what must be the same for a run to be gone on with."""
    own = (settings.dictionary, settings.concepts, settings.stopwords)
    return {
        "fupan": __version__,
        "program": program(),
        "corpus": fingerprint(shards),
        "shards": len(shards),
        "settings": settings.model_dump(mode="json"),
        "files": {str(path): _digest(path) for path in own if path},
        "limits": asdict(limits),
        "versions": versions(),
    }


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


@contextmanager
def _locked(out: Path) -> Iterator[None]:
    """Keep another run out of the folder while this one is in it."""
    if out.exists():
        inside = {path.name for path in out.iterdir()} if out.is_dir() else {""}
        if _PLAN not in inside and not inside <= {_LOCK}:
            raise OutputError(f"{out}: exists and is no corpus of fupan; choose another output folder or remove it")
    out.mkdir(parents=True, exist_ok=True)
    with (out / _LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OutputError(f"{out}: another run is writing there; wait for it, or choose another folder") from None
        try:
            yield
        finally:
            (out / _LOCK).unlink(missing_ok=True)


def _accept(out: Path, wanted: dict[str, Any]) -> None:
    """Refuse to go on with a run of something else; note what this one is of."""
    path = out / _PLAN
    if path.is_file():
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            raise OutputError(f"{path}: damaged; remove {out} and run again") from None
        other = [name for name, value in wanted.items() if found.get(name) != value]
        if other:
            raise OutputError(
                f"{out}: holds a run of other {', '.join(other)}; choose another output folder, or remove it"
            )
    else:
        write_text(path, json.dumps(wanted, ensure_ascii=False, indent=1) + "\n")


def _shards(
    shards: Sequence[Shard],
    out: Path,
    settings: Settings,
    limits: Limits,
    scheduler: str,
    workers: int | None,
    progress: Callable[[Progress], None] | None,
    began: float,
) -> list[dict[str, Any]]:
    """Do what is not done yet and return the marks of all shards, in order."""
    marks: dict[int, dict[str, Any]] = {}
    for shard in shards:
        if mark := finished(out, shard.number):
            marks[shard.number] = mark
        else:
            mark_path(out, shard.number).unlink(missing_ok=True)
    before = sum(mark["documents"] for mark in marks.values())
    if marks:
        log.info("%d of %d shards were done before (%d documents)", len(marks), len(shards), before)
    problems: list[str] = []

    def done(result: dict[str, Any] | str) -> None:
        if isinstance(result, str):
            log.error("%s", result)
            problems.append(result)
        else:
            marks[result["shard"]] = result
            log.info("shard %d: %d done, %d failed", result["shard"], result["done"], result["failed"])
        if progress:
            documents = sum(mark["documents"] for mark in marks.values())
            failed = sum(mark["failed"] for mark in marks.values())
            progress(Progress(len(marks), len(shards), documents, failed, before, time.monotonic() - began))

    text = settings.model_dump_json()
    tasks = [Task(shard, text, str(out), {}) for shard in shards if shard.number not in marks]
    log.info("%d shards to do", len(tasks))
    run_tasks(partial(_attempted, limits=limits), tasks, scheduler=scheduler, workers=workers, done=done)
    if problems:
        raise IncompleteError(
            f"{len(problems)} of {len(shards)} shards could not be done ({problems[0]}); mend that and run again:"
            " the others are kept"
        )
    return [marks[number] for number in sorted(marks)]


def _attempted(task: Task, *, limits: Limits) -> dict[str, Any] | str:
    """Return the mark of a shard, or what is wrong with it: one shard must not end the others."""
    try:
        return run_shard(task, limits)
    except ShardError as error:
        return str(error)
    except OSError as error:
        return f"shard {task.shard.number}: {one_line(error)}"


def _manifest(out: Path, wanted: dict[str, Any], marks: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return what went in and came out, counted twice: from the marks, and from the files themselves."""
    import pyarrow.parquet

    def rows(layer: str) -> int:
        return sum(int(pyarrow.parquet.read_metadata(part_path(out, layer, mark["shard"])).num_rows) for mark in marks)

    counts = {"in": sum(mark["documents"] for mark in marks), "done": rows("documents"), "failed": rows("failures")}
    if counts["in"] != counts["done"] + counts["failed"] or counts["done"] != sum(mark["done"] for mark in marks):
        raise OutputError(f"{out}: {counts} do not add up; remove the folder and run again")
    _gather_failures(out, marks)
    layers = {layer: rows(layer) for layer in CORPUS_COLUMNS}
    return wanted | {"documents": counts, "rows": layers, "tables": sorted(TABLES), "counts": sorted(COUNTS)}


def _gather_failures(out: Path, marks: Sequence[dict[str, Any]]) -> None:
    import pyarrow
    import pyarrow.parquet

    parts = [pyarrow.parquet.read_table(part_path(out, "failures", mark["shard"])) for mark in marks]
    pyarrow.parquet.write_table(pyarrow.concat_tables(parts), out / "failures.parquet", compression="zstd")
