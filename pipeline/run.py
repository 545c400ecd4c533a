"""A run over files and folders: an output folder each, one page that compares them, and a table of what failed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from pipeline.analysis import Analysis, analyze_article
from pipeline.config import Settings
from pipeline.resources import load_resources
from pipeline.stages.read import InputError, find_articles, read
from pipeline.write.folder import OutputError, write, write_text

# Files of a run beside its articles' folders: no article may be called so
_INDEX, _FAILURES = "index.html", "failures.csv"


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that could not be analysed, and one line saying why."""

    source: str
    message: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a run did: the analyses with their folders, in input order, and the failures."""

    analyses: tuple[Analysis, ...]
    folders: tuple[Path, ...]
    failures: tuple[Failure, ...]
    index: Path | None


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
        out: gets a folder for each article, ``index.html``, and ``failures.csv`` if something failed.
        settings: the user's choices.
        figures: whether to draw the figures.
        scan_fonts: whether matplotlib may list the system's fonts when the first figure is drawn (slow); a process that
            draws nothing of its own, as the command line, needs none.
        progress: called before each input with its number from 0, how many there are, and its name.

    Raises:
        SettingsError: a file that the settings name cannot be used.
    """
    inputs, unusable = find_articles(paths)
    failures = [Failure(path, str(error)) for path, error in unusable]
    analyses: list[Analysis] = []
    folders: list[Path] = []
    taken = {_INDEX, _FAILURES}
    resources = load_resources(settings) if inputs else None
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
        except (InputError, OutputError) as error:
            failures.append(Failure(str(path), str(error)))
        except Exception as error:  # one article must not take the others with it
            failures.append(Failure(str(path), f"{path}: {type(error).__name__}: {error}; please report this article"))
    index = None
    try:
        _write_failures(out, failures)
        index = _write_index(out, analyses, folders, failures) if analyses else None
    except OSError as error:
        failures.append(Failure(str(out), f"{error.filename or out}: cannot be written: {error.strerror or error}"))
    return Result(tuple(analyses), tuple(folders), tuple(failures), index)


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
        out.mkdir(parents=True, exist_ok=True)
        write_failures([(item.source, item.message) for item in failures], out / _FAILURES)
    else:
        (out / _FAILURES).unlink(missing_ok=True)


def _write_index(out: Path, analyses: Sequence[Analysis], folders: Sequence[Path], failures: Sequence[Failure]) -> Path:
    from pipeline.comparison import compare
    from pipeline.write.page import index_html

    links = [f"{quote(folder.name)}/report.html" for folder in folders]
    page = index_html(compare(analyses), links, failures=[(item.source, item.message) for item in failures])
    write_text(out / _INDEX, page)
    return out / _INDEX
