"""The output folder of an article: complete or absent.

Everything is first written into a hidden folder beside the target, which then takes its place; what a failed or
interrupted run leaves is removed.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import __version__

if TYPE_CHECKING:
    from pipeline.analysis import Analysis

_MARK = "manifest.json"
# Whatever has a hand in the bytes
_VERSIONED = (
    "charset-normalizer",
    "jieba",
    "jinja2",
    "matplotlib",
    "networkx",
    "numpy",
    "opencc",
    "pyarrow",
    "pypdfium2",
    "python-docx",
    "rjieba",
    "snownlp",
    "lxml",
)


class OutputError(Exception):
    """A folder that cannot be written: one line saying what, where, and what to do."""


def write(analysis: Analysis, folder: Path, *, figures: bool = True, timings: dict[str, float] | None = None) -> Path:
    """Write every file of an analysis into ``folder`` and return it.

    Args:
        analysis: what to write.
        folder: is created; an earlier result there is replaced as a whole.
        figures: whether to draw ``figures/`` (the slowest step).
        timings: seconds that the stages took; written with those of the writers to ``timings.json``.

    Raises:
        OutputError: the folder holds something else than an earlier result, or cannot be written.
    """
    seconds = dict(timings or {})

    def fill(fresh: Path) -> None:
        for name, step in _steps(analysis, figures=figures):
            began = time.perf_counter()
            step(fresh)
            seconds[f"write {name}"] = time.perf_counter() - began
        _write_json(fresh / "timings.json", {name: round(value, 6) for name, value in seconds.items()})

    replace_folder(folder, fill, earlier=lambda old: (old / _MARK).is_file(), sources=[analysis.article.source])
    return folder


def replace_folder(
    folder: Path, fill: Callable[[Path], None], *, earlier: Callable[[Path], bool], sources: Iterable[str] = ()
) -> None:
    """Put a new folder in the place of an earlier one: all of it or nothing.

    Args:
        folder: is created; its parents too.
        fill: writes everything into the new folder, which it is given while it stands aside.
        earlier: whether a folder is an earlier result, which may be replaced; an empty one always may.
        sources: files that are read, as the user wrote them (``"-"``: none); no folder that holds one is replaced.

    Raises:
        OutputError: the folder holds something else than an earlier result, or cannot be written.
    """
    try:
        if _holds(folder, sources):
            raise OutputError(f"{folder}: holds the article itself; choose another output folder")
        if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not earlier(folder))):
            raise OutputError(f"{folder}: exists and is no earlier result; choose another output folder or remove it")
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder.parent))
        try:
            fill(fresh)
            fresh.chmod(0o777 & ~_umask())
            _replace(fresh, folder)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    except OSError as error:
        raise OutputError(
            f"{error.filename or folder}: cannot be written: {error.strerror or error}; choose another output folder"
        ) from None


def remove_folder(folder: Path, *, earlier: Callable[[Path], bool], sources: Iterable[str] = ()) -> None:
    """Remove an earlier result: all of it at once. Anything else, and one that holds a source, stays.

    Args:
        folder, earlier, sources: as of ``replace_folder``.

    Raises:
        OutputError: it cannot be removed.
    """
    try:
        if not folder.is_dir() or not earlier(folder) or _holds(folder, sources):
            return
        aside = Path(tempfile.mkdtemp(prefix=".replaced-", dir=folder.parent))
        try:
            folder.rename(aside / "old")
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise OutputError(
            f"{error.filename or folder}: cannot be removed: {error.strerror or error}; remove it, it is out of date"
        ) from None


def _holds(folder: Path, sources: Iterable[str]) -> bool:
    """Return whether one of the files that are read lies in a folder."""
    inside = folder.resolve()
    return any(Path(source).resolve().is_relative_to(inside) for source in sources if source and source != "-")


def write_text(path: Path, text: str) -> None:
    """Write a text as UTF-8, line ends as they are; lone surrogates, which no file can hold, become ``?``.

    The file is complete or as before. A link is replaced, never followed: what it points to may lie anywhere.
    """
    aside = path.with_name(f".writing-{path.name}")
    try:
        aside.unlink(missing_ok=True)
        with aside.open("xb") as file:
            file.write(text.encode("utf-8", errors="replace"))
        aside.replace(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        aside.unlink(missing_ok=True)


def _steps(analysis: Analysis, *, figures: bool) -> list[tuple[str, Callable[[Path], None]]]:
    from pipeline.write.document import analysis_json
    from pipeline.write.graphs import write_graphs
    from pipeline.write.markdown import summary_markdown
    from pipeline.write.page import report_pages
    from pipeline.write.tables import write_tables

    steps: list[tuple[str, Callable[[Path], None]]] = [
        ("tables", lambda folder: write_tables(analysis, folder)),
        ("graphs", lambda folder: write_graphs(analysis, folder)),
        ("analysis.json", lambda folder: write_text(folder / "analysis.json", analysis_json(analysis))),
        ("summary.md", lambda folder: write_text(folder / "summary.md", summary_markdown(analysis))),
        ("report.html", lambda folder: _write_pages(report_pages(analysis), folder)),
        ("manifest.json", lambda folder: _write_json(folder / _MARK, _manifest(analysis, figures=figures))),
    ]
    if analysis.article.extracted:
        steps.append(("source.txt", lambda folder: write_text(folder / "source.txt", analysis.article.text)))
    if figures:
        from pipeline.write.figures import write_figures

        steps.append(("figures", lambda folder: write_figures(analysis, folder)))
    return steps


def _write_pages(pages: Mapping[str, str], folder: Path) -> None:
    for name, page in pages.items():
        (folder / name).parent.mkdir(exist_ok=True)
        write_text(folder / name, page)


def _manifest(analysis: Analysis, *, figures: bool) -> dict[str, object]:
    """What went in, under which settings and versions: enough to make the same bytes again."""
    from pipeline.formats.encoding import unreadable
    from pipeline.write.document import metadata

    article = analysis.article
    return {
        "fupan": __version__,
        "input": {
            "source": article.source,
            "name": article.name,
            "format": article.format,
            "encoding": article.encoding,
            "sha256": article.sha256,
            "characters": len(article.text),
            "script": analysis.script,
            "unreadable": unreadable(article.text),
            "outside": sum(end - start for start, end in analysis.outside),
        },
        "metadata": metadata(analysis),
        "settings": analysis.settings.model_dump(mode="json") | {"figures": figures},
        "versions": {"python": platform.python_version()} | {name: version(name) for name in _VERSIONED},
    }


def _umask() -> int:
    """Return the mask of file modes; it can only be read by setting it. ``mkdtemp`` lets nobody else in."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _write_json(path: Path, value: object) -> None:
    write_text(path, json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def _replace(fresh: Path, folder: Path) -> None:
    """Put ``fresh`` in the place of ``folder``; a folder is renamed onto nothing only, so an old one steps aside."""
    if not folder.exists():
        fresh.rename(folder)
        return
    aside = Path(tempfile.mkdtemp(prefix=".replaced-", dir=folder.parent))
    try:
        folder.rename(aside / "old")
        try:
            fresh.rename(folder)
        except OSError:
            (aside / "old").rename(folder)
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
