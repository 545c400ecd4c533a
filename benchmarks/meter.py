"""Runs a command and prints as JSON what it took: ``python meter.py COMMAND …`` (POSIX).

A program of its own with nothing but the standard library: on Linux a process starts with the peak memory of the one
that started it, so that from a process that holds a model every command would seem to need as much.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence


def meter(command: Sequence[str]) -> dict[str, float]:
    """Run a command, its output dropped.

    Returns:
        ``cpu`` seconds (user and system), ``elapsed`` seconds, ``memory`` at its peak in MiB, and the ``exit`` status.
    """
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    elapsed = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    # Linux counts in KiB, macOS in bytes
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return {
        "cpu": usage.ru_utime + usage.ru_stime,
        "elapsed": elapsed,
        "memory": usage.ru_maxrss / unit,
        "exit": process.returncode,
    }


if __name__ == "__main__":
    print(json.dumps(meter(sys.argv[1:])))
