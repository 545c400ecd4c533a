"""What a process takes, measured from outside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FUPAN = (sys.executable, "-c", "from pipeline.cli import main; main()")
"""The command."""
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "ARROW_NUM_THREADS"), "1")
"""What is set for every measured process, so that CPU time and elapsed time speak of one thread."""


@dataclass(frozen=True, slots=True)
class Process:
    """What a process took: seconds of CPU (user and system), seconds elapsed, and its peak memory in MiB."""

    cpu: float
    elapsed: float
    memory: float


def environment(temporary: str) -> dict[str, str]:
    """Return what measured processes get: one thread, their temporary files there, and bytecode kept as is usual."""
    own = {**os.environ, **ONE_THREAD, "TMPDIR": temporary}
    own.pop("PYTHONDONTWRITEBYTECODE", None)  # else our modules alone would be compiled anew in each process
    return own


def spend(command: Sequence[str], temporary: str) -> Process:
    """Run a command with one thread and its temporary files in ``temporary``; return what it took.

    Raises:
        RuntimeError: it failed; a failed run is quick, and no measurement.
    """
    meter = [sys.executable, str(Path(__file__).with_name("meter.py"))]
    done = subprocess.run([*meter, *command], capture_output=True, text=True, env=environment(temporary), check=False)
    took = json.loads(done.stdout) if done.stdout else {"exit": done.returncode}
    if took["exit"]:
        last = done.stderr.strip().splitlines()[-1:]
        raise RuntimeError(f"{Path(command[0]).name} failed with {took['exit']}: {''.join(last)}")
    return Process(took["cpu"], took["elapsed"], took["memory"])


def milliseconds(seconds: float) -> str:
    """Return seconds as text."""
    return f"{1000 * seconds:.1f}" if seconds < 1 else f"{1000 * seconds:,.0f}"
