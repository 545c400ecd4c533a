"""The command: what it writes, where, and with which exit status; and the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks import data, peers, speed, timing
from benchmarks.page import Chapter, Part, Table, Target, render
from tests.benchmarks import fakes


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put quick peers and a made-up speed in place; return where the page goes by default."""
    path = tmp_path / "docs" / "quality.md"
    monkeypatch.setattr(data, "FROZEN", fakes.frozen(tmp_path / "frozen"))
    monkeypatch.setattr(command, "PAGE", path)
    monkeypatch.setattr(peers, "installed", fakes.peers)
    target = Target("quick enough", "60 times", True)
    measured = Part("Speed", (Chapter("Work", (Table(("ms",), ((1.0,),)),), (), (target,)),))
    monkeypatch.setattr(speed, "measure", lambda *_: measured)
    monkeypatch.setattr(timing, "ONE_THREAD", {})
    return path


def test_a_whole_run_writes_the_page(page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--data", str(fakes.everything(tmp_path / "data"))]) == 0
    text = page.read_text(encoding="utf-8")
    assert "## Quality" in text
    assert "## Speed" in text
    assert "Nothing was left unmeasured." in text
    assert "| quick enough | 60 times | met |" in text
    assert "targets met" in capsys.readouterr().err


def test_an_empty_folder_fails_and_leaves_the_page(
    page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fakes.write(page, "earlier")
    (tmp_path / "empty").mkdir()
    assert command.main(["--data", str(tmp_path / "empty")]) == 1
    assert page.read_text(encoding="utf-8") == "earlier"
    error = capsys.readouterr().err
    assert "nothing measured" in error
    assert "keywords: not measured: there is no keywords/*.jsonl" in error


def test_what_is_missing_is_named_on_the_page(page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fakes.keywords(tmp_path / "data")
    assert command.main(["--data", str(tmp_path / "data")]) == 0
    text = page.read_text(encoding="utf-8")
    assert "**Not measured:** sections (there is no articles/sections_gold.json)" in text
    assert "| sections of the eight articles: F1 ≥ 85 | not measured | not measured |" in text
    assert "not measured: segmentation" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["quality"], ["--limit", "1"]])
def test_a_part_or_a_quick_look_is_printed_and_leaves_the_page(
    page: Path, tmp_path: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main([*arguments, "--data", str(fakes.everything(tmp_path / "data"))]) == 0
    assert "### Keywords" in capsys.readouterr().out
    assert not page.exists()


def test_out_says_where_a_part_goes(page: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "part.md"
    assert command.main(["speed", "--data", str(tmp_path), "--out", str(out)]) == 0
    assert "## Speed" in out.read_text(encoding="utf-8")
    assert not page.exists()


@pytest.mark.parametrize("arguments", [["qualty"], ["--limit", "0"]])
def test_wrong_usage_is_status_2(arguments: list[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        command.main([*arguments, "--data", str(tmp_path)])
    assert stopped.value.code == 2


def test_cells_are_escaped_and_figures_have_one_decimal() -> None:
    table = Table(("a|b", "n"), (("x|y\nz", 12.345), ("w", None)))
    text = render([Part("Quality", (Chapter("C", (table,)),))])
    assert "| a\\|b | n |\n| --- | ---: |\n| x\\|y z | 12.3 |\n| w | – |\n" in text


def test_a_target_missed_is_marked() -> None:
    part = Part("Quality", (Chapter("C", (), (), (Target("t", "1", False),)),), (), (Target("u"),))
    text = render([part])
    assert "| t | 1 | **not met** |" in text
    assert "| u | not measured | not measured |" in text


def test_a_quick_look_says_so() -> None:
    assert "at most the first 5 rows" in render([Part("Quality")], limit=5)
