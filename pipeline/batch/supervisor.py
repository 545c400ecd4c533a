"""One shard under watch: its worker is a process that may be ended, a document that ends it is given up.

Time and memory are the worker's own: no document can hold back others, crash what runs the shards, or be lost. A worker
that ends at a document without being ended by a limit is tried again; where it does so twice at the same, the document
is what ends it.
"""

from __future__ import annotations

import multiprocessing
import os
import selectors
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from pipeline.batch.shards import Task, finished

_LOOK = 0.1  # seconds between looks at the clock and at the memory
_TRIES = 3  # of a worker that ends before its first document or after its last


@dataclass(frozen=True, slots=True)
class Limits:
    """What a document may take before it is given up.

    Attributes:
        seconds: of time.
        megabytes: of resident memory of the whole worker, some 200 of which it needs anyway.
    """

    seconds: float = 120.0
    megabytes: float = 2000.0


class ShardError(RuntimeError):
    """A shard that cannot be done: one line saying which and why."""


def run_shard(task: Task, limits: Limits) -> dict[str, Any]:
    """Do a shard in a process of its own and return its mark.

    Raises:
        ShardError: its source cannot be read, its files not be written, or the worker ends outside of any document.
    """
    deaths: Counter[int] = Counter()
    while True:
        at, reason, error = _attempt(task, limits)
        if not reason:
            mark = finished(Path(task.folder), task.shard.number)
            if mark is None:
                raise ShardError(f"shard {task.shard.number}: its files changed while they were written; run again")
            return mark
        deaths[at] += 1
        if at < 0:
            if error or deaths[at] >= _TRIES:
                raise ShardError(f"shard {task.shard.number}: {error or reason}")
        elif reason.startswith("gave up") or deaths[at] > 1:
            task = replace(task, given_up={**task.given_up, at: reason})


def _attempt(task: Task, limits: Limits) -> tuple[int, str, str]:
    """Run a worker; return the last document it began, why it ended before its end (else empty), and its last words."""
    environment = os.environ | {"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    with TemporaryFile() as errors:
        worker = subprocess.Popen(
            [sys.executable, "-m", "pipeline.batch.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment,
        )
        assert worker.stdin
        assert worker.stdout
        at, reason = -1, ""
        try:
            try:
                worker.stdin.write(task.as_json().encode())
                worker.stdin.close()
            except BrokenPipeError:
                pass  # it has ended: its status says how
            at, reason = _watch(worker, limits)
        finally:
            if worker.poll() is None:
                worker.kill()
            worker.wait()
            worker.stdout.close()
        if reason:
            return at, reason, ""
        if worker.returncode == 0:
            return at, "", ""
        errors.seek(0)
        last = errors.read().decode("utf-8", "replace").strip().rsplit("\n", 1)[-1]
        how = f"signal {-worker.returncode}" if worker.returncode < 0 else last or f"status {worker.returncode}"
        return at, f"the worker ended at it twice ({how})", last if worker.returncode > 0 else ""


def _watch(worker: subprocess.Popen[bytes], limits: Limits) -> tuple[int, str]:
    """Follow a worker to its end; return the last document it began, and why it has to be ended (else empty)."""
    assert worker.stdout
    output = worker.stdout.fileno()
    driver = multiprocessing.parent_process()  # None unless this process is one of several that a driver started
    at, since, rest = -1, time.monotonic(), b""
    with selectors.DefaultSelector() as selector:
        selector.register(output, selectors.EVENT_READ)
        while True:
            if driver and not driver.is_alive():
                worker.kill()
                os._exit(1)  # nobody waits for the result, and another run may be at the same shard soon
            if selector.select(_LOOK):
                data = os.read(output, 65536)
                if not data:
                    worker.wait()
                    return at, ""
                *lines, rest = (rest + data).split(b"\n")
                if lines:
                    at, since = int(lines[-1]), time.monotonic()
            if at >= 0 and time.monotonic() - since > limits.seconds:
                return at, f"gave up: it took more than {limits.seconds:g} seconds"
            if at >= 0 and _megabytes(worker.pid) > limits.megabytes:
                return at, f"gave up: it needed more than {limits.megabytes:g} MB of memory"


def _megabytes(process: int) -> float:
    """Return the resident memory of a process; 0 where the system does not tell."""
    try:
        pages = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except (OSError, ValueError, IndexError):
        return 0.0
