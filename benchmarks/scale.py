"""Speed and memory of a corpus and of one very long text, both made up (``benchmarks.made``)."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from statistics import median

from benchmarks.job import Rows
from benchmarks.made import articles
from benchmarks.page import Chapter, Table, Target
from benchmarks.timing import FUPAN, spend

WANTED_RATE = "fupan batch: at least 60 articles of 2,000 characters a second of CPU, all layers"
WANTED_TWO = "fupan batch: two processes gain at least 0.85 × what a loop does, median of five"
WANTED_LONG = "a text of 5 MB: in under 15 s"
WANTED_MEMORY = "a text of 5 MB: in under 1 GB"

FEW, MANY = 100, 500
"""Articles of two corpora: the cost of another article is the difference, without starting and merging."""
SHARED, SHARDS = 208, 8
"""Articles that one and then two processes analyse, and into how many shards they are cut."""
ROUNDS = 5
MEGABYTES = 5.0
LOOP = "x = 1\nfor n in range(40_000_000): x = x * 3 % 1000003"
"""What uses a processor and no memory."""
LONG = "import sys, pathlib, pipeline; pipeline.analyze_text(pathlib.Path(sys.argv[1]).read_text(encoding='utf-8'))"
_STAMP = re.compile(r"^(\S+ \S+) INFO (\d+ shards to do|shard )", re.MULTILINE)


def chapters() -> tuple[Chapter, ...]:
    """Measure both."""
    with tempfile.TemporaryDirectory() as folder:
        return _corpus(Path(folder)), _long(Path(folder))


def _corpus(folder: Path) -> Chapter:
    """Measure a corpus: what an article costs, and what a second process gains."""
    rows: Rows = []
    cpu: list[float] = []
    for count in (FEW, MANY):
        source = _written(folder / f"{count}.jsonl", count)
        done = spend([*FUPAN, *_batch(source, folder / f"{count}", 1)], str(folder))
        cpu.append(done.cpu)
        rows.append((f"{count}", f"{done.cpu:.1f}", f"{done.elapsed:.1f}", f"{done.memory:.0f}"))
    rate = (MANY - FEW) / (cpu[1] - cpu[0])
    source = _written(folder / "shared.jsonl", SHARED)
    gains, loops = [], []
    for turn in range(ROUNDS):
        one, two = (_seconds(source, folder / f"{turn} {workers}", workers) for workers in (1, 2))
        gains.append(one / two)
        loops.append(2 * _loops(1) / _loops(2))
    parts = [own / loop for own, loop in zip(gains, loops, strict=True)]
    return Chapter(
        "A corpus",
        (
            Table(("articles", "CPU s", "elapsed s", "peak MiB of a process"), tuple(rows)),
            Table(("", "articles a second of CPU"), (("each further article", f"{rate:.0f}"),)),
            Table(
                ("work", "rounds", "two processes beside one, median", "least to most"),
                (
                    ("`fupan batch`, its shards", ROUNDS, *_spread(gains)),
                    ("a loop that only computes", ROUNDS, *_spread(loops)),
                    ("the one beside the other", ROUNDS, *_spread(parts)),
                ),
            ),
        ),
        (
            "Articles of some 2,090 characters, made from those of `corpus/` (`benchmarks/made.py`); every layer, "
            "table and page is written. One process at a time in the first table.",
            "**each further article**: the difference of the two corpora, so without starting, merging and the page.",
            f"**two processes**: {SHARED} articles in {SHARDS} shards, from the plan to the last shard.",
        ),
        (
            Target(WANTED_RATE, f"{rate:.0f}", rate >= 60),
            Target(WANTED_TWO, f"{median(parts):.2f} ×", median(parts) >= 0.85),
        ),
    )


def _batch(source: Path, out: Path, workers: int) -> list[str]:
    return ["batch", str(source), "-o", str(out), "--workers", str(workers), "--log", f"{out}.log"]


def _written(path: Path, count: int) -> Path:
    with path.open("w", encoding="utf-8") as file:
        for article in articles(count):
            file.write(json.dumps(article, ensure_ascii=False) + "\n")
    return path


def _seconds(source: Path, out: Path, workers: int) -> float:
    """Return the seconds from the plan to the last shard, by the log."""
    rows = str(max(1, source.stat().st_size // SHARDS // 8000 + 1))
    spend([*FUPAN, *_batch(source, out, workers), "--shard", rows], str(out.parent))
    stamps = _STAMP.findall(Path(f"{out}.log").read_text(encoding="utf-8"))
    times = [datetime.strptime(stamp, "%Y-%m-%d %H:%M:%S,%f") for stamp, _ in stamps]
    return (times[-1] - times[0]).total_seconds()


def _loops(count: int) -> float:
    """Return the seconds that so many loops take at once."""
    began = time.perf_counter()
    running = [subprocess.Popen([sys.executable, "-S", "-c", LOOP]) for _ in range(count)]
    for process in running:
        process.wait()
    return time.perf_counter() - began


def _spread(values: Sequence[float]) -> tuple[str, str]:
    return f"{median(values):.2f}", f"{min(values):.2f} to {max(values):.2f}"


def _long(folder: Path) -> Chapter:
    """Measure one text of ``MEGABYTES``, in a process of its own."""
    parts: list[str] = []
    size = 0
    for article in articles(10**6):
        parts.append(article["text"])
        size += len(article["text"].encode())
        if size >= MEGABYTES * 1e6:
            break
    path = folder / "long.txt"
    path.write_text("\n".join(parts), encoding="utf-8")
    done = spend([sys.executable, "-c", LONG, str(path)], str(folder))
    return Chapter(
        "One very long text",
        (
            Table(
                ("MB", "characters", "CPU s", "elapsed s", "peak MiB"),
                (
                    (
                        f"{size / 1e6:.1f}",
                        f"{sum(map(len, parts)):,}",
                        f"{done.cpu:.1f}",
                        f"{done.elapsed:.1f}",
                        f"{done.memory:.0f}",
                    ),
                ),
            ),
        ),
        ("`analyze_text` of the same made articles as one text, in a fresh process; loading included.",),
        (
            Target(WANTED_LONG, f"{done.elapsed:.1f} s", done.elapsed < 15),
            Target(WANTED_MEMORY, f"{done.memory:.0f} MiB", done.memory < 1e9 / 2**20),
        ),
    )
