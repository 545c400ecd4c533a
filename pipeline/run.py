"""A run over files and folders: an output folder each, one page that compares them, and a table of what failed."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from pipeline.analysis import Analysis, analyze_article
from pipeline.comparison import Comparison, compare
from pipeline.config import Settings
from pipeline.formats.base import one_line, printable
from pipeline.formats.encoding import unreadable
from pipeline.resources import load_resources
from pipeline.stages.read import InputError, find_articles, read
from pipeline.write.folder import OutputError, write, write_text

if TYPE_CHECKING:
    from pipeline.proposals import Proposal

# What a run writes beside its articles' folders: no article may be called so
_INDEX, _FAILURES, _COMPARE = "index.html", "failures.csv", "compare"
_CANDIDATES = 60
"""Keywords of an article among which concepts are looked for."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that could not be analysed, or an output that could not be written, and one line saying why."""

    source: str
    message: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a run did: the analyses with their folders, in input order, and the failures.

    Attributes:
        index: the page that sets the articles side by side; None where there is none.
        notes: a line each on what was read in part only, or passed over.
    """

    analyses: tuple[Analysis, ...]
    folders: tuple[Path, ...]
    failures: tuple[Failure, ...]
    index: Path | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposed:
    """What so many articles propose for the lexicon, the inputs that failed, and a line each on what was left out."""

    proposals: tuple[Proposal, ...]
    articles: int
    failures: tuple[Failure, ...]
    notes: tuple[str, ...] = ()


def run(
    paths: Sequence[str | Path],
    out: Path,
    *,
    settings: Settings,
    figures: bool = True,
    scan_fonts: bool = True,
    progress: Callable[[int, int, str], None] | None = None,
) -> Result:
    """Analyse articles and folders of articles, writing into ``out``.

    Args:
        paths: files, folders (their articles, not recursive), or ``"-"`` for standard input.
        out: gets a folder for each article, ``index.html``, ``compare/`` if there are two articles or more, and
            ``failures.csv`` if something failed. A run of one article removes the ``compare/`` of an earlier one.
        settings: the user's choices.
        figures: whether to draw the figures.
        scan_fonts: whether matplotlib may list the system's fonts when the first figure is drawn (slow); a process that
            draws nothing of its own, as the command line, needs none.
        progress: called before each input with its number from 0, how many there are, and its name.

    Raises:
        SettingsError: a file that the settings name cannot be used.
        OutputError: ``out`` cannot be a folder, or nothing may be written into it.
    """
    inputs, unusable, notes = find_articles(paths)
    failures = [Failure(path, str(error)) for path, error in unusable]
    analyses: list[Analysis] = []
    folders: list[Path] = []
    taken = {_INDEX, _FAILURES, _COMPARE}
    resources = load_resources(settings) if inputs else None
    _make(out)
    for number, path in enumerate(inputs):
        if progress:
            progress(number, len(inputs), str(path))
        try:
            article = read(path, encoding=settings.encoding)
            article = replace(article, name=_unique(article.name, taken))
            timings: dict[str, float] = {}
            assert resources is not None
            analysis = analyze_article(article, resources, settings, timings=timings)
            if figures:
                from pipeline.write.figures import load_matplotlib

                load_matplotlib(scan_fonts=scan_fonts)
            folders.append(write(analysis, out / article.name, figures=figures, timings=timings))
            analyses.append(analysis)
            if lost := unreadable(article.text):
                places = "1 place" if lost == 1 else f"{lost} places"
                notes.append(f"{printable(str(path))}: {places} could not be decoded; the text is damaged there")
        except (InputError, OutputError) as error:
            failures.append(Failure(str(path), str(error)))
        except Exception as error:  # one article must not take the others with it
            failures.append(Failure(str(path), f"{path}: {type(error).__name__}: {error}; please report this article"))
    index = None
    problems: list[Failure] = []  # of the output: the tables and the page list what went wrong with the inputs
    try:
        _write_failures(out, failures)
        if analyses:
            comparison = compare(analyses)
            tables = None
            try:
                tables = _write_comparison(out, comparison, analyses)
            except OutputError as error:
                problems.append(Failure(str(out / _COMPARE), str(error)))
            index = _write_index(out, comparison, folders, failures, tables=tables)
    except OSError as error:
        problems.append(Failure(str(out), f"{error.filename or out}: cannot be written: {error.strerror or error}"))
    failures += problems
    return Result(tuple(analyses), tuple(folders), tuple(failures), index, tuple(notes))


def propose_concepts(
    paths: Sequence[str | Path],
    *,
    settings: Settings,
    limit: int = 20,
    progress: Callable[[int, int, str], None] | None = None,
) -> Proposed:
    """Return what articles turn on and the lexicon lacks (``proposals.propose``), and the inputs that failed.

    Args:
        paths: as of ``run``.
        settings: the user's choices; more keywords are looked at than they ask for.
        limit: new concepts at most.
        progress: as of ``run``.

    Raises:
        SettingsError: a file that the settings name cannot be used.
    """
    from pipeline.proposals import propose

    inputs, unusable, notes = find_articles(paths)
    failures = [Failure(path, str(error)) for path, error in unusable]
    resources = load_resources(settings)
    wide = settings.model_copy(update={"keywords": max(_CANDIDATES, settings.keywords)})
    analyses = []
    for number, path in enumerate(inputs):
        if progress:
            progress(number, len(inputs), str(path))
        try:
            analyses.append(analyze_article(read(path, encoding=settings.encoding), resources, wide))
        except InputError as error:
            failures.append(Failure(str(path), str(error)))
        except Exception as error:  # one article must not take the others with it
            failures.append(Failure(str(path), f"{path}: {type(error).__name__}: {error}; please report this article"))
    found = propose(analyses, resources.matcher, limit=limit)
    return Proposed(found, len(analyses), tuple(failures), tuple(notes))


def _make(out: Path) -> None:
    """Make the folder for the results, so that what is wrong with it is said once, not for each article."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise OutputError(f"{out}: a file stands there; choose another output folder") from None
    except (OSError, ValueError) as error:
        raise OutputError(f"{out}: cannot be made a folder ({one_line(error)}); choose another output folder") from None
    if not os.access(out, os.W_OK | os.X_OK):
        raise OutputError(f"{out}: no permission to write there; choose another output folder")


def _unique(name: str, taken: set[str]) -> str:
    """Two inputs of one name get folders of their own; names that differ in case only would collide on some systems."""
    candidate, number = name, 1
    while candidate.casefold() in taken:
        number += 1
        candidate = f"{name}-{number}"
    taken.add(candidate.casefold())
    return candidate


def _write_failures(out: Path, failures: Sequence[Failure]) -> None:
    from pipeline.write.tables import write_failures

    if failures:
        write_failures([(item.source, item.message) for item in failures], out / _FAILURES)
    else:
        (out / _FAILURES).unlink(missing_ok=True)


def _write_comparison(out: Path, comparison: Comparison, analyses: Sequence[Analysis]) -> str | None:
    """Write the folder of the comparison and return its name; of one article remove one that is out of date."""
    from pipeline.write.comparison import remove_comparison, write_comparison

    sources = [analysis.article.source for analysis in analyses]
    if len(analyses) > 1:
        return write_comparison(comparison, out / _COMPARE, sources=sources).name
    remove_comparison(out / _COMPARE, sources=sources)
    return None


def _write_index(
    out: Path,
    comparison: Comparison,
    folders: Sequence[Path],
    failures: Sequence[Failure],
    *,
    tables: str | None,
) -> Path:
    from pipeline.write.overview import index_html

    links = [f"{quote(folder.name)}/report.html" for folder in folders]
    told = [(item.source, item.message) for item in failures]
    write_text(out / _INDEX, index_html(comparison, links, failures=told, tables=tables))
    return out / _INDEX
