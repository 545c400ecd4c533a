"""That work grows with its input, not with its square; told apart from a busy machine and Python's collector."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

import pytest


def assert_linear(work: Callable[[int], object], small: int, *, floor: float) -> None:
    """Fail unless ``work(2 * small)`` takes less than three times ``work(small)``, or less than ``floor`` seconds.

    Tried three times: a machine may stumble, what is quadratic always does.
    """
    for _ in range(3):
        seconds = []
        for size in (small, 2 * small):
            gc.collect()  # what earlier tests have left is not this one's time
            began = time.process_time()
            work(size)
            seconds.append(time.process_time() - began)
        if seconds[1] < max(3 * seconds[0], floor):
            return
    pytest.fail(f"{seconds[0]:.3f} s, and {seconds[1]:.3f} s for twice as much")
