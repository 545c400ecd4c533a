from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from pipeline.analysis import analyze_text
from pipeline.batch import shards
from pipeline.batch.shards import Task, write_shard
from pipeline.batch.sources import plan
from pipeline.batch.supervisor import Limits, ShardError, run_shard
from pipeline.config import Settings
from tests.batch.test_run import TEXTS, files, layer, lines, rows


def peak(folder: Path, count: int) -> int:
    """Bytes that a shard of so many documents takes at most."""
    folder.mkdir()
    source = lines(folder / "corpus.jsonl", rows(count))
    (shard,) = plan([str(source)], shard_bytes=10**9)
    tracemalloc.start()
    try:
        write_shard(Task(shard, Settings().model_dump_json(), str(folder), {}), folder, tell=lambda _: None)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert layer(folder, "documents").num_rows == count
    return most


def test_memory_does_not_grow_with_a_shard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    analysis = analyze_text("".join(TEXTS))
    monkeypatch.setattr(shards, "analyze_article", lambda *_: analysis)  # the same for each, which takes no time
    peak(tmp_path / "first", 1)  # what is imported and built once
    one, five = peak(tmp_path / "one", 64), peak(tmp_path / "five", 320)
    assert one > 100_000  # the rows are there
    assert five < 1.1 * one


def test_a_worker_with_another_program_refuses(tmp_path: Path) -> None:
    source = lines(tmp_path / "corpus.jsonl", rows(1))
    (shard,) = plan([str(source)])
    task = Task(shard, Settings().model_dump_json(), str(tmp_path), {}, "another")
    with pytest.raises(ShardError, match=r"^shard 0: ValueError: this worker has another fupan, .* install the same$"):
        run_shard(task, Limits())
    assert files(tmp_path).keys() == {"corpus.jsonl"}
