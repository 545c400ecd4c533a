"""Runs tasks on Dask and hands back each result as it comes; knows nothing of what they do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

_BREAKS = 5
"""Times that the local processes may break down one after the other without anything done in between."""
_PATIENCE = 10.0
"""Seconds until a cluster must have answered."""
_REMOTE = ("tcp://", "tls://", "inproc://", "ws://", "wss://")


class SchedulerError(ValueError):
    """A scheduler that cannot be used: one line saying which and what to give."""


def check_scheduler(scheduler: str) -> None:
    """Refuse what is no scheduler.

    Raises:
        SchedulerError: it is not.
    """
    if scheduler not in ("processes", "synchronous") and not scheduler.startswith(_REMOTE):
        raise SchedulerError(f"no scheduler {scheduler!r}; give processes, synchronous, or a cluster's tcp://host:port")


def run_tasks(
    do: Callable[[T], R], tasks: Sequence[T], *, scheduler: str, workers: int | None, done: Callable[[R], None]
) -> None:
    """Do each task, in any order.

    Args:
        do: a function that another process can import; its result travels back.
        tasks: what to do it for.
        scheduler: ``"processes"``, ``"synchronous"``, or the address of a Dask cluster (``tcp://…``, ``tls://…``).
        workers: processes; None for as many as there are cores. A cluster has its own.
        done: gets each result, in this process.

    Raises:
        SchedulerError: there is no such scheduler, or no cluster at that address, or it is lost, or its processes keep
            breaking down.
    """
    check_scheduler(scheduler)
    if scheduler.startswith(_REMOTE):
        _on_cluster(do, tasks, scheduler, done)
    else:
        _here(do, tasks, scheduler, workers, done)


def _here(
    do: Callable[[T], R], tasks: Sequence[T], scheduler: str, workers: int | None, done: Callable[[R], None]
) -> None:
    from dask.base import compute
    from dask.callbacks import Callback
    from dask.delayed import delayed

    waiting = dict(enumerate(tasks))
    breaks = 0
    while waiting:
        before = len(waiting)

        def note(key: str, result: R, *_: Any) -> None:
            waiting.pop(int(key.removeprefix("task-")), None)
            done(result)

        calls = [
            delayed(do, pure=False, traverse=False)(task, dask_key_name=f"task-{number}")
            for number, task in waiting.items()
        ]
        try:
            with Callback(posttask=note):
                compute(
                    *calls, scheduler=scheduler, num_workers=workers, chunksize=1, optimize_graph=False, traverse=False
                )
        except BrokenProcessPool as error:
            # One of them was killed; what it had not finished is done again
            breaks = breaks + 1 if len(waiting) == before else 0
            if breaks == _BREAKS:
                raise SchedulerError(f"the processes keep breaking down ({error}); try fewer with --workers") from error


def _on_cluster(do: Callable[[T], R], tasks: Sequence[T], address: str, done: Callable[[R], None]) -> None:
    try:
        from distributed import CancelledError, Client, KilledWorker, as_completed
        from distributed.comm.core import CommClosedError
    except ImportError:
        raise SchedulerError("a cluster needs the package distributed; install fupan[cluster]") from None
    try:
        client = Client(address, timeout=_PATIENCE)
    except (OSError, TimeoutError) as error:
        raise SchedulerError(f"{address}: no Dask scheduler answers there ({error}); check the address") from error
    with client:
        waiting = as_completed(client.map(do, tasks, pure=False, retries=2))
        for future in waiting:
            try:
                result: R = future.result()
            except KilledWorker as error:
                raise SchedulerError(
                    f"{address}: its workers keep dying, the last at {error.last_worker.address}; see their logs"
                ) from error
            except (CancelledError, CommClosedError) as error:
                raise SchedulerError(f"{address}: the scheduler was lost; run it again to go on") from error
            done(result)
            future.release()
