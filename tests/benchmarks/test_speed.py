"""Speed: the meter, and what is made of its figures. The real processes and peers run in ``make bench`` alone."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import made, scale, speed, timing
from benchmarks.timing import Process
from tests.benchmarks import fakes

MODEL_TARGETS = [speed.WANTED_SENTENCES, speed.WANTED_SIZE, speed.WANTED_LOAD]
BUSY = "import time\nend = time.process_time() + 0.2\nwhile time.process_time() < end: pass"


def test_the_meter_counts_cpu_and_not_waiting(tmp_path: Path) -> None:
    busy = timing.spend([sys.executable, "-S", "-c", BUSY], str(tmp_path))
    waiting = timing.spend([sys.executable, "-S", "-c", "import time; time.sleep(0.4)"], str(tmp_path))
    assert busy.cpu >= 0.2
    assert waiting.cpu < 0.2 < 0.4 <= waiting.elapsed


def test_the_meter_does_not_see_the_memory_of_its_caller(tmp_path: Path) -> None:
    ballast = bytearray(150 * 2**20)
    assert timing.spend([sys.executable, "-S", "-c", "pass"], str(tmp_path)).memory < len(ballast) / 2**20


def test_a_command_that_fails_is_no_measurement(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="failed with 3: out of paper"):
        timing.spend(
            [sys.executable, "-c", "print('out of paper', file=__import__('sys').stderr); exit(3)"], str(tmp_path)
        )


def test_measured_processes_have_one_thread(tmp_path: Path) -> None:
    code = "import os, sys; sys.exit(os.environ['OMP_NUM_THREADS'] != '1' or os.environ['TMPDIR'] != sys.argv[1])"
    assert timing.spend([sys.executable, "-c", code, str(tmp_path)], str(tmp_path)).cpu > 0


def _busy(_: str) -> None:
    end = time.process_time() + 0.01
    while time.process_time() < end:
        pass


def test_work_is_compared_with_the_peer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "ROUNDS", 1)
    monkeypatch.setattr(speed, "OWN", 1)
    monkeypatch.setattr(speed, "_load_seconds", lambda: 0.1)
    work, stages, sentences = speed._work(_busy, fakes.peers())
    # A peer that takes 10 ms is not 50 times slower
    assert work.targets[0].met is False
    assert stages.tables[0].rows[-1][0] == "**together**"
    assert {"clean", "polarity", "keywords", "network"} <= {row[0] for row in stages.tables[0].rows}
    assert [row[0] for row in sentences.tables[0].rows] == ["fupan", "SnowNLP"]
    assert [target.text for target in sentences.targets] == MODEL_TARGETS


@pytest.mark.parametrize(
    ("seconds", "size", "load", "met"),
    [(0.001, 3_000_000, 0.2, [True, True, True]), (10.0, 3_000_001, 0.21, [False, False, False])],
)
def test_the_model_is_held_against_its_targets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: float, size: int, load: float, met: list[bool]
) -> None:
    loads = iter([0.9, 0.8, load, 0.7, 0.6])
    (tmp_path / "own.model").write_bytes(bytes(size))
    monkeypatch.setattr(speed, "MODEL", tmp_path / "own.model")
    monkeypatch.setattr(speed, "_load_seconds", lambda: next(loads))
    monkeypatch.setattr(speed, "_time", lambda _: speed.Time(seconds, seconds))
    chapter = speed._sentence_chapter(fakes.peers())
    assert [target.met for target in chapter.targets] == met
    assert chapter.tables[2].rows[0][0] == "`own.model`"


def test_loading_the_model_takes_some_time_in_a_process_of_its_own() -> None:
    assert 0 < speed._load_seconds() < 10


def test_without_a_peer_the_targets_stand_unmeasured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "ROUNDS", 1)
    monkeypatch.setattr(speed, "OWN", 1)
    monkeypatch.setattr(speed, "_load_seconds", lambda: 0.1)
    monkeypatch.setattr(speed, "MENTIONS", 2_000)
    processes(monkeypatch, {"--no-figures": 1.0, "analyze": 2.0, "--help": 0.3})
    monkeypatch.setattr(speed, "DOCUMENT_ROUNDS", 1)
    monkeypatch.setattr(scale, "chapters", lambda: ())
    part = speed.measure(tmp_path / "absent.py", fakes.peers())
    assert part.missing == ("speed beside the peer (there is no absent.py)",)
    found = {target.text: target.met for target in part.targets if target.text not in MODEL_TARGETS}
    assert found[speed.WANTED_COUNTS] is not None
    assert found[speed.WANTED_DEAR] is not None
    found = {text: met for text, met in found.items() if text not in (speed.WANTED_COUNTS, speed.WANTED_DEAR)}
    assert found == {
        speed.WANTED_WORK: None,
        speed.WANTED_KEYWORDS: None,  # on corpus/ alone
        speed.WANTED_SUMMARIES: None,
        speed.WANTED_PROCESS: None,
        speed.WANTED_FIGURES: None,
        speed.WANTED_SECONDS: True,
        speed.WANTED_DRAWN: True,
        speed.WANTED_HELP: True,
    }


def test_documents_are_timed_in_turns_on_every_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "DOCUMENT_ROUNDS", 1)
    fakes.keywords(tmp_path)
    fakes.summaries(tmp_path)

    def slow(text: str) -> list[tuple[str, int]]:
        end = time.process_time() + 0.5
        while time.process_time() < end:
            pass
        return [(text, 0)]

    chapter = speed._documents(tmp_path, replace(fakes.peers(), ranked_clauses=slow))
    (table,) = chapter.tables
    assert [row[:2] for row in table.rows] == [
        ("keywords", "corpus"),
        ("keywords", "csl"),
        ("summary", "corpus"),
        ("summary", "short"),
    ]
    met = {target.text: target.met for target in chapter.targets}
    assert met[speed.WANTED_KEYWORDS] is False
    least = min(float(str(row[-1])) for row in table.rows if row[0] == "summary")
    assert least > 1
    assert met[speed.WANTED_SUMMARIES] is (least >= 100)


def processes(monkeypatch: pytest.MonkeyPatch, cpu: dict[str, float]) -> None:
    """Let a command take the seconds of the first name that stands among its arguments."""

    def spend(command: Sequence[str], temporary: str) -> Process:
        assert Path(temporary).is_dir()
        if "-o" in command:
            folder = Path(command[list(command).index("-o") + 1]) / "xiaomi11"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "timings.json").write_text(json.dumps({"write figures": 0.9}), encoding="utf-8")
        seconds = next(value for name, value in cpu.items() if name in command)
        return Process(seconds, seconds, 100)

    monkeypatch.setattr(speed, "spend", spend)


@pytest.mark.parametrize(
    ("plain", "drawn", "shown", "met"),
    [(1.0, 2.0, 0.4, [True] * 5), (1.6, 4.1, 0.5, [False] * 5)],
)
def test_processes_are_held_against_the_peer(
    monkeypatch: pytest.MonkeyPatch, plain: float, drawn: float, shown: float, met: list[bool]
) -> None:
    peer = Path(tempfile.gettempdir()) / "peer.py"
    processes(monkeypatch, {"--no-figures": plain, "analyze": drawn, "--help": shown, str(peer): 4.0})
    chapter = speed._processes(peer)
    assert [target.met for target in chapter.targets] == met
    assert [row[0] for row in chapter.tables[0].rows][-1] == "peer"


def test_nothing_says_where_it_was_measured_but_cores_and_python() -> None:
    line = speed._machine().meaning[0]
    assert "cores" in line
    assert "Python 3." in line
    assert "/" not in line


def test_counting_is_compared_with_a_loop_that_counts_the_same() -> None:
    import numpy as np

    from pipeline.network.counting import count

    draw = np.random.default_rng(1)
    unit, thing = draw.integers(0, 50, 400), draw.integers(0, 9, 400)
    counts = count(unit, thing, names=[str(number) for number in range(9)], units=50)
    loop = speed._double_loop(unit.tolist(), thing.tolist())
    assert {(i, j): both for i, j, both, *_ in counts.quads()} == loop


def test_a_corpus_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"FEW": 1, "MANY": 4, "SHARED": 4, "SHARDS": 2, "ROUNDS": 1, "MEGABYTES": 0.02}.items():
        monkeypatch.setattr(scale, name, value)
    monkeypatch.setattr(scale, "LOOP", "sum(range(3_000_000))")
    corpus, long = scale.chapters()
    assert [target.text for target in corpus.targets] == [scale.WANTED_RATE, scale.WANTED_TWO]
    assert [target.met for target in long.targets] == [True, True]
    costs = [float(str(row[1])) for row in corpus.tables[0].rows]
    assert 0 < costs[0] < 60


def test_made_articles_are_alike_and_never_the_same() -> None:
    first, again = list(made.articles(5)), list(made.articles(5))
    assert first == again
    assert len({article["text"] for article in first}) == 5
    assert all(2_000 <= len(article["text"]) < 2_600 for article in first)
