from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pyarrow
import pyarrow.parquet as parquet
import pytest

from pipeline.batch.run import BatchResult, IncompleteError, Progress, batch
from pipeline.batch.supervisor import Limits
from pipeline.config import Settings
from pipeline.write.folder import OutputError

TEXTS = (
    "一、问题\n这次发布的品控很差，用户反映体验糟糕，信任受损。\n二、改进\n团队重建了质量流程，用户满意度明显提高。",
    "复盘：供应链拖累了进度。参数很好看，体验却没有跟上，投诉很多。后来我们修好了系统，口碑慢慢回来。",
    "项目延期三个月，成本超支。沟通不畅是主要原因。我们建立了周会制度，协作顺畅了许多，交付质量稳定。",
)


def rows(count: int, *, first: int = 0) -> list[dict[str, str]]:
    return [
        {
            "id": f"文章{number}",
            "text": f"{TEXTS[number % 3]}第{number}次复盘到此为止，服务还要继续改善。",
            "date": f"{2019 + number % 4}-03-01",
        }
        for number in range(first, first + count)
    ]


def lines(path: Path, found: Sequence[object]) -> Path:
    text = "".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) + "\n" for line in found)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("source") / "corpus.jsonl"
    return lines(path, [*rows(12), "no json\n", {"id": "空", "text": " "}, *rows(6, first=12)])


@pytest.fixture(scope="module")
def finished(source: Path) -> Path:
    """The folder of an unbroken run; to be copied by who changes it."""
    run(source, source.parent / "out")
    return source.parent / "out"


def run(source: Path, out: Path, **options: object) -> BatchResult:
    options = {"scheduler": "synchronous", "shard_bytes": 2600, "shard_rows": 9, **options}
    return batch([str(source)], out, **options)  # type: ignore[arg-type]  # of different types each


def files(folder: Path) -> dict[str, bytes]:
    """All that a run wrote, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def layer(folder: Path, name: str) -> pyarrow.Table:
    return pyarrow.concat_tables(parquet.read_table(path) for path in sorted((folder / name).glob("*.parquet")))


def test_every_document_is_in_the_layers_or_among_the_failures(source: Path, tmp_path: Path) -> None:
    result = run(source, tmp_path / "out")
    assert (result.documents, result.done, result.failed) == (20, 18, 2)
    done = layer(tmp_path / "out", "documents")["id"].to_pylist()
    assert done == [f"文章{number}" for number in range(18)]
    failed = parquet.read_table(tmp_path / "out" / "failures.parquet").to_pylist()
    assert [row["id"].partition(":")[0] for row in failed] == ["corpus.jsonl", "空"]
    assert "no JSON" in failed[0]["message"]
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["documents"] == {"in": 20, "done": 18, "failed": 2}
    assert manifest["rows"]["sentences"] == layer(tmp_path / "out", "sentences").num_rows
    assert not [path for path in (tmp_path / "out").iterdir() if path.name in ("_writing", "_lock")]


def test_shards_do_not_matter(source: Path, finished: Path, tmp_path: Path) -> None:
    run(source, tmp_path / "one", shard_bytes=10**9)
    many, one = files(finished / "corpus"), files(tmp_path / "one" / "corpus")
    assert len(list((finished / "documents").iterdir())) > 1
    assert {name: data for name, data in many.items() if not name.startswith("typical")} == {
        name: data
        for name, data in one.items()
        if not name.startswith("typical")  # it has numbers of shards
    }


@pytest.mark.parametrize("form", ["parquet", "folder"])
def test_sources_of_other_kinds_give_the_same(finished: Path, tmp_path: Path, form: str) -> None:
    kept = rows(18)
    if form == "parquet":
        other = tmp_path / "corpus.parquet"
        parquet.write_table(pyarrow.Table.from_pylist(kept), other, row_group_size=7)
    else:
        other = tmp_path / "folder"
        other.mkdir()
        for number, row in enumerate(kept):
            (other / f"{number:02}.txt").write_text(row["text"], encoding="utf-8")
    result = run(other, tmp_path / "out")
    assert result.done == 18
    scores = [layer(folder, "sentences")["score"].to_pylist() for folder in (finished, tmp_path / "out")]
    assert scores[0] == scores[1]


def test_schedulers_give_the_same_bytes(source: Path, finished: Path, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    run(source, tmp_path / "processes", scheduler="processes", workers=2)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, local_directory=str(tmp_path / "dask")
    ) as cluster:
        run(source, tmp_path / "cluster", scheduler=cluster.scheduler_address)
    expected = files(finished)
    assert files(tmp_path / "processes") == expected
    assert files(tmp_path / "cluster") == expected


def test_a_finished_run_has_nothing_to_do(source: Path, finished: Path, tmp_path: Path) -> None:
    seen: list[Progress] = []
    shutil.copytree(finished, tmp_path / "out")
    before = files(tmp_path / "out")
    run(source, tmp_path / "out", progress=seen.append)
    assert files(tmp_path / "out") == before
    assert seen == []


@pytest.mark.parametrize("damage", ["cut", "gone", "mark"])
def test_a_damaged_shard_is_done_again(source: Path, finished: Path, tmp_path: Path, damage: str) -> None:
    shutil.copytree(finished, tmp_path / "out")
    before = files(tmp_path / "out")
    part = tmp_path / "out" / "sentences" / "part-00001.parquet"
    if damage == "cut":
        part.write_bytes(part.read_bytes()[:-7])
    elif damage == "gone":
        part.unlink()
    else:
        (tmp_path / "out" / "_done" / "00001.json").write_text("{", encoding="utf-8")
    seen: list[Progress] = []
    run(source, tmp_path / "out", progress=seen.append)
    assert files(tmp_path / "out") == before
    assert len(seen) == 1


def test_another_corpus_or_other_settings_are_refused(
    source: Path, finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(finished, tmp_path / "out")
    before = files(tmp_path / "out")
    with pytest.raises(OutputError, match="other settings"):
        run(source, tmp_path / "out", settings=Settings(keywords=5))
    with pytest.raises(OutputError, match="other corpus"):
        run(lines(tmp_path / "other.jsonl", rows(3)), tmp_path / "out")
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.batch.run.program", lambda: "of an edited file")
        with pytest.raises(OutputError, match="other program;"):
            run(source, tmp_path / "out")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="no corpus of fupan"):
        run(source, tmp_path / "mine")
    assert files(tmp_path / "out") == before
    assert files(tmp_path / "mine") == {"letter.txt": b"x"}


def test_a_document_that_takes_too_long_is_given_up_and_named(tmp_path: Path) -> None:
    poison = {"id": "毒", "text": "体验很差，信任没有了。" * 300_000}
    source = lines(tmp_path / "corpus.jsonl", [*rows(3), poison, *rows(3, first=3)])
    result = run(source, tmp_path / "out", shard_bytes=10**9, limits=Limits(seconds=1.5, megabytes=4000))
    assert (result.documents, result.done, result.failed) == (7, 6, 1)
    (failed,) = parquet.read_table(tmp_path / "out" / "failures.parquet").to_pylist()
    assert failed["id"] == "毒"
    assert failed["message"] == "gave up: it took more than 1.5 seconds"


def test_a_document_that_needs_too_much_memory_is_given_up_and_named(tmp_path: Path) -> None:
    poison = {"id": "毒", "text": "体验很差，信任没有了。\n" * 150_000}
    source = lines(tmp_path / "corpus.jsonl", [*rows(3), poison, *rows(3, first=3)])
    result = run(source, tmp_path / "out", shard_bytes=10**9, limits=Limits(seconds=60, megabytes=330))
    assert (result.documents, result.done, result.failed) == (7, 6, 1)
    (failed,) = parquet.read_table(tmp_path / "out" / "failures.parquet").to_pylist()
    assert failed["message"] == "gave up: it needed more than 330 MB of memory"


def _start(source: Path, out: Path) -> subprocess.Popen[bytes]:
    script = (
        "import sys\nfrom pathlib import Path\nfrom pipeline.batch.run import batch\n"
        "if __name__ == '__main__':\n"
        "    batch([sys.argv[1]], Path(sys.argv[2]), scheduler='processes', workers=2, shard_bytes=2600)\n"
    )
    program = out.with_suffix(".py")
    program.write_text(script, encoding="utf-8")
    return subprocess.Popen([sys.executable, str(program), str(source), str(out)], start_new_session=True)


def _wait_for(out: Path, shards: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if len(list((out / "_done").glob("*.json"))) >= shards or process.poll() is not None:
            return
        time.sleep(0.05)
    raise AssertionError("no shard was done in time")


def _below(process: int) -> list[int]:
    """The processes that a process has started, those of these, and so on."""
    path = Path(f"/proc/{process}/task/{process}/children")
    own = [int(number) for number in path.read_text(encoding="ascii").split()] if path.exists() else []
    return [*own, *(other for number in own for other in _below(number))]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="there is no /proc here to find processes by")
@pytest.mark.parametrize("victim", ["driver", "worker"])
def test_what_is_killed_is_made_up_for(tmp_path: Path, victim: str) -> None:
    source = lines(tmp_path / "corpus.jsonl", rows(24))
    run(source, tmp_path / "whole")
    out = tmp_path / "out"
    process = _start(source, out)
    _wait_for(out, 1, process)
    if victim == "driver":
        below = _below(process.pid)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        for _ in range(200):  # what it had started ends by itself
            if not any(
                Path(f"/proc/{number}/cmdline").exists() and b"worker" in Path(f"/proc/{number}/cmdline").read_bytes()
                for number in below
            ):
                break
            time.sleep(0.05)
        assert not (out / "manifest.json").exists()
        run(source, out)
    else:
        workers = [
            number
            for number in _below(process.pid)
            if b"pipeline.batch.worker" in Path(f"/proc/{number}/cmdline").read_bytes()
        ]
        for number in workers:
            os.kill(number, signal.SIGKILL)
        assert process.wait(timeout=120) == 0
    assert files(out) == files(tmp_path / "whole")


def test_a_shard_that_cannot_be_read_does_not_end_the_others(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    lines(folder / "a.jsonl", rows(3))
    lines(folder / "b.jsonl", rows(3, first=3))
    parquet.write_table(pyarrow.Table.from_pylist(rows(6)), folder / "c.parquet")
    data = (folder / "c.parquet").read_bytes()
    middle = len(data) // 3
    (folder / "c.parquet").write_bytes(data[:middle] + bytes(200) + data[middle + 200 :])
    with pytest.raises(IncompleteError, match="1 of 3 shards"):
        run(folder, tmp_path / "out", shard_rows=100)
    assert len(list((tmp_path / "out" / "_done").iterdir())) == 2
    assert not (tmp_path / "out" / "manifest.json").exists()


def test_a_full_disk_is_said_and_gone_on_from(source: Path, finished: Path, tmp_path: Path) -> None:
    # A limit on the size of files stands in for it: to the program it is a write that fails
    script = (
        "import resource, signal, sys\nfrom pathlib import Path\nfrom pipeline.batch.run import batch\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4000, resource.RLIM_INFINITY))\n"
        "batch([sys.argv[1]], Path(sys.argv[2]), scheduler='synchronous', shard_bytes=2600, shard_rows=9)\n"
    )
    out = tmp_path / "out"
    done = subprocess.run(
        [sys.executable, "-c", script, str(source), str(out)], capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "shards could not be done" in done.stderr
    assert not list((out / "sentences").glob("*")) if (out / "sentences").exists() else True
    assert not (out / "manifest.json").exists()
    run(source, out)
    assert files(out) == files(finished)
