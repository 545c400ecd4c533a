from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.analysis import Analysis, analyze_article, analyze_text
from pipeline.config import Settings, SettingsError
from pipeline.model import Article
from pipeline.run import run
from pipeline.write.folder import OutputError, write_text
from tests.conftest import CORPUS, ROOT

GOOD = "这次发布失败了。测试不足，沟通混乱，用户的信任受到损害。后来我们修复了问题，体验明显改善。\n"

# Each: what stands in the folder, and what the line must say of it.
BAD: dict[str, tuple[Callable[[Path], Path], str]] = {}


def bad(says: str) -> Callable[[Callable[[Path], Path]], Callable[[Path], Path]]:
    def register(make: Callable[[Path], Path]) -> Callable[[Path], Path]:
        BAD[make.__name__] = (make, says)
        return make

    return register


@bad("no such file")
def missing(folder: Path) -> Path:
    return folder / "missing.txt"


@bad("empty")
def empty(folder: Path) -> Path:
    path = folder / "empty.txt"
    path.touch()
    return path


@bad("nothing")
def folder_with_nothing_readable(folder: Path) -> Path:
    path = folder / "pictures"
    path.mkdir()
    (path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    return path


@bad("binary")
def binary(folder: Path) -> Path:
    path = folder / "binary.txt"
    path.write_bytes(bytes(range(256)) * 40)
    return path


@bad("UTF-8")
def broken_utf8(folder: Path) -> Path:
    path = folder / "broken.txt"
    path.write_bytes(b"\xe5\x88\xff\xfe".join([GOOD.encode()] * 20))
    return path


@bad("Chinese")
def no_chinese(folder: Path) -> Path:
    path = folder / "english.txt"
    path.write_text("Nothing here is written in the language that this program reads. " * 20, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", sorted(BAD))
def test_a_bad_input_is_one_line_and_the_others_are_done(name: str, tmp_path: Path) -> None:
    make, says = BAD[name]
    path = make(tmp_path)
    good = tmp_path / "good.txt"
    good.write_text(GOOD, encoding="utf-8")
    out = tmp_path / "out"

    result = run([path, good], out, settings=Settings(), figures=False)

    assert [folder.name for folder in result.folders] == ["good"]
    (failure,) = result.failures
    assert says.lower() in failure.message.lower()
    assert path.name in failure.message
    assert "\n" not in failure.message
    # nothing half-written: the article, the page, the table of failures, and nothing hidden
    assert sorted(item.name for item in out.iterdir()) == ["failures.csv", "good", "index.html"]
    with (out / "failures.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows == [{"source": failure.source, "message": failure.message}]
    assert path.name in (out / "index.html").read_text(encoding="utf-8")


def test_only_bad_input_writes_the_table_of_failures_alone(tmp_path: Path) -> None:
    result = run([missing(tmp_path)], tmp_path / "out", settings=Settings(), figures=False)
    assert result.index is None
    assert [item.name for item in (tmp_path / "out").iterdir()] == ["failures.csv"]


def test_what_was_passed_over_or_read_in_part_is_noted(tmp_path: Path) -> None:
    inputs = tmp_path / "in"
    inputs.mkdir()
    (inputs / "a.txt").write_bytes((GOOD * 20).encode() + b"\xff" + GOOD.encode())
    (inputs / "b.txt").write_text(GOOD, encoding="utf-8")
    (inputs / "c.doc").write_bytes(b"x")
    result = run([inputs], tmp_path / "out", settings=Settings(), figures=False)
    assert not result.failures
    assert result.notes == (
        f"{inputs}: left out 1 file (.doc); name them to have them tried",
        f"{inputs / 'a.txt'}: 1 place could not be decoded; the text is damaged there",
    )


def test_results_are_not_read_as_articles(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(GOOD, encoding="utf-8")
    run([tmp_path], tmp_path / "out", settings=Settings(), figures=False)
    run([tmp_path], tmp_path, settings=Settings(), figures=False)
    again = run([tmp_path], tmp_path, settings=Settings(), figures=False)
    assert [folder.name for folder in again.folders] == ["a"]
    assert again.notes == ()
    for folder in (tmp_path / "out", tmp_path / "out" / "a"):
        [failure] = run([folder], tmp_path / "other", settings=Settings(), figures=False).failures
        assert "results that fupan wrote" in failure.message


def test_an_article_cannot_take_the_place_of_the_runs_own_files(tmp_path: Path) -> None:
    for name in ("index.html.txt", "failures.csv.md", "Compare.txt"):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
    result = run([tmp_path], tmp_path / "out", settings=Settings(), figures=False)
    assert not result.failures
    assert [folder.name for folder in result.folders] == ["Compare-2", "failures.csv-2", "index.html-2"]
    assert (tmp_path / "out" / "index.html").is_file()


def two(folder: Path) -> list[Path]:
    paths = [folder / "one.txt", folder / "other.txt"]
    for path in paths:
        path.write_text(GOOD, encoding="utf-8")
    return paths


def test_two_articles_are_compared_and_one_is_not(tmp_path: Path) -> None:
    paths, out = two(tmp_path), tmp_path / "out"
    result = run(paths, out, settings=Settings(), figures=False)
    assert not result.failures
    assert sorted(item.name for item in out.iterdir()) == ["compare", "index.html", "one", "other"]
    document = json.loads((out / "compare" / "comparison.json").read_text(encoding="utf-8"))
    assert [article["name"] for article in document["articles"]] == ["one", "other"]
    assert "compare/" in (out / "index.html").read_text(encoding="utf-8")
    # One article alone: what is left of an earlier comparison would be out of date
    run(paths[:1], out, settings=Settings(), figures=False)
    assert sorted(item.name for item in out.iterdir()) == ["index.html", "one", "other"]
    assert "compare/" not in (out / "index.html").read_text(encoding="utf-8")


def test_a_run_over_its_own_output_does_not_read_the_comparison(tmp_path: Path) -> None:
    two(tmp_path)
    for _ in range(2):
        result = run([tmp_path], tmp_path, settings=Settings(), figures=False)
        assert [folder.name for folder in result.folders] == ["one", "other"]
        assert result.notes == ()
        assert result.failures == ()
    [failure] = run([tmp_path / "compare"], tmp_path / "x", settings=Settings(), figures=False).failures
    assert "results that fupan wrote" in failure.message


def test_a_foreign_folder_called_compare_stays_and_is_named(tmp_path: Path) -> None:
    paths, out = two(tmp_path), tmp_path / "out"
    (out / "compare").mkdir(parents=True)
    (out / "compare" / "thesis.docx").write_text("years of work", encoding="utf-8")
    for chosen in (paths, paths[:1]):
        result = run(chosen, out, settings=Settings(), figures=False)
        assert [item.name for item in (out / "compare").iterdir()] == ["thesis.docx"]
        assert result.index is not None
        page = result.index.read_text(encoding="utf-8")
        assert "compare/" not in page
        assert "没有读成" not in page
        assert ["no earlier result" in failure.message for failure in result.failures] == [True] * (len(chosen) - 1)
    assert not (out / "failures.csv").exists()


def test_a_comparison_that_holds_an_article_is_not_removed_with_it(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(two(tmp_path), out, settings=Settings(), figures=False)
    article = out / "compare" / "mine.txt"
    article.write_text(GOOD, encoding="utf-8")
    result = run([article], out, settings=Settings(), figures=False)
    assert not result.failures
    assert article.read_text(encoding="utf-8") == GOOD


def test_what_a_long_line_writes_grows_with_its_length_alone(tmp_path: Path) -> None:
    sizes = []
    for times in (100, 400):
        analysis = analyze_text("系统宕机，用户的信任受到损害；后来修复了，体验改善" * times)
        folder = analysis.write(tmp_path / str(times), figures=False)
        sizes.append(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()))
    assert sizes[1] < 6 * sizes[0]


def test_a_later_run_without_failures_removes_the_table(tmp_path: Path) -> None:
    good = tmp_path / "good.txt"
    good.write_text(GOOD, encoding="utf-8")
    out = tmp_path / "out"
    run([good, missing(tmp_path)], out, settings=Settings(), figures=False)
    assert (out / "failures.csv").exists()
    run([good], out, settings=Settings(), figures=False)
    assert not (out / "failures.csv").exists()


def test_two_inputs_of_one_name_get_two_folders(tmp_path: Path) -> None:
    for part in ("a", "b", "c"):
        (tmp_path / part).mkdir()
        (tmp_path / part / ("Note.txt" if part == "c" else "note.txt")).write_text(GOOD, encoding="utf-8")
    paths = [tmp_path / "a" / "note.txt", tmp_path / "b" / "note.txt", tmp_path / "c" / "Note.txt"]
    result = run(paths, tmp_path / "out", settings=Settings(), figures=False)
    assert [folder.name for folder in result.folders] == ["note", "note-2", "Note-3"]


def test_a_foreign_folder_is_never_replaced(tmp_path: Path) -> None:
    good = tmp_path / "good.txt"
    good.write_text(GOOD, encoding="utf-8")
    own = tmp_path / "out" / "good"
    own.mkdir(parents=True)
    (own / "thesis.docx").write_text("years of work", encoding="utf-8")
    result = run([good], tmp_path / "out", settings=Settings(), figures=False)
    assert "no earlier result" in result.failures[0].message
    assert (own / "thesis.docx").read_text(encoding="utf-8") == "years of work"


def test_an_output_that_cannot_be_a_folder_is_named(tmp_path: Path) -> None:
    good = tmp_path / "good.txt"
    good.write_text(GOOD, encoding="utf-8")
    for out in (good, good / "results"):
        with pytest.raises(OutputError, match=r"good\.txt.*: a file stands there; choose another output folder"):
            run([good], out, settings=Settings(), figures=False)
    assert good.read_text(encoding="utf-8") == GOOD


def test_a_failing_writer_leaves_nothing_and_keeps_the_old_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = tmp_path / "good.txt"
    good.write_text(GOOD, encoding="utf-8")
    out = tmp_path / "out"
    run([good], out, settings=Settings(), figures=False)
    before = (out / "good" / "analysis.json").read_bytes()
    monkeypatch.setattr("pipeline.write.page.report_pages", lambda _: 1 / 0)
    result = run([good], out, settings=Settings(), figures=False)
    assert "ZeroDivisionError" in result.failures[0].message
    assert (out / "good" / "analysis.json").read_bytes() == before
    assert not [item.name for item in out.iterdir() if item.name.startswith(".")]


def test_an_error_in_a_stage_does_not_take_the_others_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")

    def failing(article: Article, *rest: Any, **more: Any) -> Analysis:
        if article.name == "a":
            raise KeyError("x")
        return analyze_article(article, *rest, **more)

    monkeypatch.setattr("pipeline.run.analyze_article", failing)
    result = run([tmp_path / "a.txt", tmp_path / "b.txt"], tmp_path / "out", settings=Settings(), figures=False)
    assert [folder.name for folder in result.folders] == ["b"]
    assert "please report" in result.failures[0].message


def test_a_bad_concepts_file_stops_the_run_with_one_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('[[concept]]\nnme = "x"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=r"mine\.toml"):
        run([CORPUS], tmp_path / "out", settings=Settings(concepts=path), figures=False)


def test_every_file_of_the_format_is_there_and_twice_the_same(tmp_path: Path) -> None:
    wanted = {
        "analysis.json", "summary.md", "report.html", "graph.gexf", "graph.graphml", "graph.json", "graph.cyjs",
        "graph.net", "graph.dot", "nodes.csv", "edges.csv", "manifest.json", "timings.json",
    }  # fmt: skip
    contents = []
    for out in (tmp_path / "one", tmp_path / "two"):
        result = run([CORPUS], out, settings=Settings())
        assert not result.failures
        assert len(result.folders) == 5
        for folder in result.folders:
            names = {item.name for item in folder.iterdir()}
            assert wanted <= names
            assert {"tables", "figures"} <= names
        files = {
            path.relative_to(out).as_posix(): path.read_bytes()
            for path in sorted(out.rglob("*"))
            if path.is_file() and path.name != "timings.json"
        }
        contents.append(files)
    assert contents[0].keys() == contents[1].keys()
    assert [name for name in contents[0] if contents[0][name] != contents[1][name]] == []


def test_the_manifest_says_what_went_in(tmp_path: Path) -> None:
    result = run([CORPUS / "product-air-fryer-gb18030.txt"], tmp_path / "out", settings=Settings(), figures=False)
    manifest = json.loads((result.folders[0] / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["input"]["encoding"].lower().replace("-", "") == "gb18030"
    assert len(manifest["input"]["sha256"]) == 64
    assert (manifest["input"]["script"], manifest["input"]["unreadable"]) == ("simplified", 0)
    assert set(manifest["metadata"]) == {"author", "date", "source"}
    assert manifest["settings"]["figures"] is False
    timings = json.loads((result.folders[0] / "timings.json").read_text(encoding="utf-8"))
    assert {"clean", "polarity", "network", "write tables"} <= timings.keys()


def test_nothing_is_left_in_the_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setattr("tempfile.tempdir", None)
    run([CORPUS / "xiaomi11.txt"], tmp_path / "out", settings=Settings(), figures=False)
    assert list(scratch.iterdir()) == []


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_output_is_named(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir(mode=0o500)
    with pytest.raises(OutputError, match="no permission to write there"):
        run([CORPUS / "xiaomi11.txt"], out, settings=Settings(), figures=False)


def test_an_analysis_writes_itself(tmp_path: Path) -> None:
    import pipeline as fp

    analysis = fp.analyze_text(GOOD, title="一次发布")
    folder = analysis.write(tmp_path / "result", figures=False)
    assert (folder / "report.html").is_file()
    analysis.write(folder, figures=False)  # an earlier result is replaced
    with pytest.raises(OutputError):
        analysis.write(shutil.copytree(ROOT / "docs", tmp_path / "docs"), figures=False)


def test_what_a_link_in_the_output_points_to_is_never_written(tmp_path: Path) -> None:
    good = tmp_path / "good.txt"
    good.write_text(GOOD, encoding="utf-8")
    precious = tmp_path / "precious.txt"
    precious.write_text("years of work", encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()
    for name in ("index.html", "failures.csv"):
        (out / name).symlink_to(precious)
    run([good, missing(tmp_path)], out, settings=Settings(), figures=False)
    assert precious.read_text(encoding="utf-8") == "years of work"
    assert sorted(item.name for item in out.iterdir()) == ["failures.csv", "good", "index.html"]
    assert not any((out / name).is_symlink() for name in ("index.html", "failures.csv"))


def test_a_file_that_cannot_be_written_leaves_the_old_one_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "index.html"
    write_text(path, "old")

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device", "elsewhere")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match=r"No space left.*index\.html"):
        write_text(path, "new")
    assert [(item.name, item.read_text(encoding="utf-8")) for item in tmp_path.iterdir()] == [("index.html", "old")]


def test_an_article_inside_an_earlier_result_is_not_replaced_with_it(tmp_path: Path) -> None:
    folder = run([CORPUS / "founder-year.txt"], tmp_path, settings=Settings(), figures=False).folders[0]
    article = folder / "founder-year.txt"
    article.write_text(GOOD, encoding="utf-8")
    result = run([article], tmp_path, settings=Settings(), figures=False)
    assert "holds the article itself" in result.failures[0].message
    assert article.read_text(encoding="utf-8") == GOOD
