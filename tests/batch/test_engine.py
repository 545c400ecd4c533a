from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from pipeline.batch import engine
from pipeline.batch.engine import SchedulerError, check_scheduler, run_tasks

distributed = pytest.importorskip("distributed")


def double(number: int) -> int:
    return 2 * number


def slow(number: int) -> int:
    time.sleep(0.2)
    return number


def die(number: int) -> int:
    os._exit(1)


def results(scheduler: str, count: int) -> list[int]:
    found: list[int] = []
    run_tasks(double, range(count), scheduler=scheduler, workers=2, done=found.append)
    return sorted(found)


@pytest.mark.parametrize("scheduler", ["synchronous", "processes"])
@pytest.mark.parametrize("count", [0, 1, 5])
def test_each_task_is_done_once(scheduler: str, count: int) -> None:
    assert results(scheduler, count) == [2 * number for number in range(count)]


@pytest.mark.parametrize("scheduler", ["", "threads", "localhost:8786", "http://127.0.0.1"])
def test_what_is_no_scheduler_is_said(scheduler: str) -> None:
    with pytest.raises(SchedulerError, match="give processes, synchronous, or a cluster's"):
        check_scheduler(scheduler)


def test_a_cluster_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_PATIENCE", 0.3)
    with pytest.raises(SchedulerError, match=r"^tcp://127\.0\.0\.1:1: no Dask scheduler answers there"):
        results("tcp://127.0.0.1:1", 1)


def test_processes_that_keep_breaking_down_are_given_up() -> None:
    with pytest.raises(SchedulerError, match="keep breaking down"):
        run_tasks(die, [1], scheduler="processes", workers=1, done=lambda _: None)


def test_a_cluster_whose_workers_keep_dying_is_said(tmp_path: Path) -> None:
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, dashboard_address=None, local_directory=str(tmp_path)
        ) as cluster,
        pytest.raises(SchedulerError, match="workers"),
    ):
        run_tasks(die, [1], scheduler=cluster.scheduler_address, workers=None, done=lambda _: None)


def test_a_cluster_that_goes_away_is_said(tmp_path: Path) -> None:
    cluster = distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None, local_directory=str(tmp_path)
    )
    found: list[int] = []

    def close(result: int) -> None:
        found.append(result)
        cluster.close()

    with pytest.raises(SchedulerError, match="lost"):
        run_tasks(slow, range(20), scheduler=cluster.scheduler_address, workers=None, done=close)
    assert 0 < len(found) < 20
