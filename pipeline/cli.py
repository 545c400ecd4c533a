"""The command line; what it does is in ``pipeline.run``."""

from __future__ import annotations

import gc
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pipeline.batch.run import Progress
    from pipeline.run import Failure

app = typer.Typer(
    name="fupan",
    help="Reads Chinese retrospective articles (复盘) and returns what an analyst would mark, with the evidence.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        from pipeline import __version__

        typer.echo(f"fupan {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None: ...


@app.command()
def analyze(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH", help="Articles, or folders of articles; - reads standard input.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the results.")] = Path("outputs"),
    config: Annotated[Path | None, typer.Option("--config", "-c", help="Settings (TOML).")] = None,
    encoding: Annotated[str | None, typer.Option(help="Encoding of the inputs, where it is found out wrongly.")] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option(help="Kind of dirt to leave as it is (injection, width, punctuation …); may be repeated."),
    ] = None,
    figures: Annotated[bool, typer.Option("--figures/--no-figures", help="Draw figures/ (the slowest step).")] = True,
) -> None:
    """Analyse articles and folders of them.

    Writes a folder of results for each and index.html, which compares them; its numbers are in compare/.

    Exit status: 0; 1 when some input failed (the others are done); 2 for wrong usage.
    """
    from pipeline.config import Settings, SettingsError, load_settings, with_encoding, with_keep
    from pipeline.formats.base import InputError
    from pipeline.formats.encoding import check_encoding
    from pipeline.run import run
    from pipeline.write.folder import OutputError

    try:
        settings = load_settings(config) if config else Settings()
        if encoding:
            check_encoding(encoding)
            settings = with_encoding(settings, encoding)
        if keep:
            settings = with_keep(settings, keep)
        if figures:
            from pipeline.write.figures import load_matplotlib

            # This process draws nothing of its own: it needs no list of the system's fonts, which takes long to make
            load_matplotlib(scan_fonts=False)
        with _progress() as progress:
            result = run(paths, out, settings=settings, figures=figures, progress=progress)
    except (SettingsError, InputError, OutputError) as error:
        typer.echo(f"fupan: {error}", err=True)
        raise typer.Exit(2) from None
    for analysis, folder in zip(result.analyses, result.folders, strict=True):
        polarity = analysis.polarity
        typer.echo(f"{polarity.score:+.2f} {polarity.label:8}  {folder / 'report.html'}  {_printable(analysis.title)}")
    if result.index:
        typer.echo(f"Side by side: {result.index}")
    _tell(result.notes, result.failures, len(result.analyses))


@app.command()
def batch(
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCE", help="JSONL, Parquet, or folders of articles: paths or URLs.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the results.")],
    config: Annotated[Path | None, typer.Option("--config", "-c", help="Settings (TOML).")] = None,
    scheduler: Annotated[
        str, typer.Option(help="processes, synchronous, or the address of a Dask cluster (tcp://host:port).")
    ] = "processes",
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; as many as there are cores.")] = None,
    seconds: Annotated[float, typer.Option(min=0.1, help="Time after which a document is given up.")] = 120.0,
    megabytes: Annotated[float, typer.Option(min=1, help="Memory of a process above which one is.")] = 2000.0,
    shard: Annotated[
        int | None,
        typer.Option(
            min=1, help="Rows or files in a shard; of JSONL 8,000 bytes for each. 500, fewer of a small source."
        ),
    ] = None,
    memory: Annotated[str, typer.Option(help="Memory that the merge may take, as in 2GB.")] = "2GB",
    log: Annotated[Path | None, typer.Option(help="File to which it is noted what is done.")] = None,
) -> None:
    """Analyse a corpus into Parquet tables, with a page of what they say; a stopped run goes on where it was.

    Exit status: 0; 1 when some document failed or some shard could not be done; 2 for wrong usage.
    """
    from pipeline.batch.engine import SchedulerError
    from pipeline.batch.run import IncompleteError
    from pipeline.batch.run import batch as run_batch
    from pipeline.batch.supervisor import Limits
    from pipeline.config import Settings, SettingsError, load_settings
    from pipeline.formats.base import InputError
    from pipeline.write.folder import OutputError

    try:
        settings = load_settings(config) if config else Settings()
        with _logged(log), _shard_progress() as progress:
            result = run_batch(
                sources,
                out,
                settings=settings,
                scheduler=scheduler,
                workers=workers,
                limits=Limits(seconds, megabytes),
                shard_bytes=8000 * shard if shard else None,
                shard_rows=shard,
                memory=memory,
                progress=progress,
            )
    except (SettingsError, InputError, OutputError, SchedulerError) as error:
        typer.echo(f"fupan: {error}", err=True)
        raise typer.Exit(2) from None
    except OSError as error:
        typer.echo(f"fupan: {error.filename}: {error.strerror}; give another file", err=True)
        raise typer.Exit(2) from None
    except IncompleteError as error:
        typer.echo(f"fupan: {error}", err=True)
        raise typer.Exit(1) from None
    typer.echo(
        f"{result.documents} documents: {result.done} done, {result.failed} failed, in {result.seconds:.1f} s"
        f"  {result.folder / 'index.html'}"
    )
    if result.failed:
        typer.echo(f"fupan: what failed is in {result.folder / 'failures.parquet'}", err=True)
        raise typer.Exit(1)


@app.command()
def concepts(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH", help="Articles, or folders of articles; - reads standard input.")
    ],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File to write (TOML), else standard output.")] = None,
    config: Annotated[Path | None, typer.Option("--config", "-c", help="Settings (TOML).")] = None,
    encoding: Annotated[str | None, typer.Option(help="Encoding of the inputs, where it is found out wrongly.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="New concepts to propose, at most.")] = 20,
) -> None:
    """Propose concepts, and names of concepts, that the articles use and the lexicon lacks.

    What is printed is a file of concepts: each proposal under the places that speak for it. Keep what you want, and
    name the file in your settings (concepts = "my-concepts.toml").

    Exit status: 0; 1 when some input failed (the others are done); 2 for wrong usage.
    """
    from pipeline.config import Settings, SettingsError, load_settings, with_encoding
    from pipeline.formats.base import InputError
    from pipeline.formats.encoding import check_encoding
    from pipeline.proposals import to_toml
    from pipeline.run import propose_concepts
    from pipeline.write.folder import OutputError, write_text

    try:
        # An input, or concepts made by hand, may stand there
        if out is not None and (out.exists() or out.is_symlink()):
            raise OutputError(f"{out}: stands there already; name a new file, or remove it first")
        settings = load_settings(config) if config else Settings()
        if encoding:
            check_encoding(encoding)
            settings = with_encoding(settings, encoding)
        with _progress() as progress:
            found = propose_concepts(paths, settings=settings, limit=limit, progress=progress)
        text = to_toml(found.proposals, extends=settings.concepts is None)
        if not found.articles:
            pass
        elif out is None:
            typer.echo(text, nl=False)
        else:
            write_text(out, text)
            count = len(found.proposals)
            typer.echo(f"{count} proposal{'s' * (count != 1)}: {_printable(str(out), 200)}", err=True)
    except (SettingsError, InputError, OutputError) as error:
        typer.echo(f"fupan: {error}", err=True)
        raise typer.Exit(2) from None
    except OSError as error:
        where = out or "standard output"
        typer.echo(f"fupan: {where}: cannot be written: {error.strerror or error}; choose another file", err=True)
        raise typer.Exit(2) from None
    _tell(found.notes, found.failures, found.articles)


@app.command()
def show(
    folder: Annotated[Path, typer.Argument(metavar="OUTPUT_FOLDER", help="A folder that analyze wrote.")],
) -> None:
    """Open the report of a result in the browser."""
    import webbrowser

    page = next((folder / name for name in ("report.html", "index.html") if (folder / name).is_file()), None)
    if page is None:
        typer.echo(
            f"fupan: {folder}: no report there; run fupan analyze first, or name a folder that it wrote", err=True
        )
        raise typer.Exit(1)
    typer.echo(str(page))
    if not webbrowser.open(page.resolve().as_uri()):
        typer.echo("fupan: no browser found; open the file above in one", err=True)


def _tell(notes: Sequence[str], failures: Sequence[Failure], done: int) -> None:
    """Print what was left out and what failed, a line each; the exit status is 1 where something did."""
    for note in notes:
        typer.echo(f"fupan: {_printable(note, 400)}", err=True)
    for failure in failures:
        typer.echo(f"fupan: {_printable(failure.message, 400)}", err=True)
    if failures:
        typer.echo(f"fupan: {len(failures)} of {done + len(failures)} inputs failed", err=True)
        raise typer.Exit(1)


def _printable(text: str, limit: int = 60) -> str:
    """A title from an article must not steer the terminal: control characters go, and it stays on its line."""
    text = "".join(character if character.isprintable() else " " for character in text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


@contextmanager
def _progress() -> Iterator[Callable[[int, int, str], None] | None]:
    """Show a progress bar on standard error, on a terminal only, and only once the work takes longer than a second."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}", markup=False))
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("")
    began = time.monotonic()

    def step(number: int, total: int, name: str) -> None:
        if time.monotonic() - began > 1:
            bar.start()
        bar.update(task, completed=number, total=total, description=_printable(name))

    try:
        yield step
    finally:
        bar.stop()


@contextmanager
def _logged(path: Path | None) -> Iterator[None]:
    """Note in a file, if one is given, what a run over a corpus does."""
    if path is None:
        yield
        return
    import logging

    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger = logging.getLogger("fupan.batch")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        handler.close()


@contextmanager
def _shard_progress() -> Iterator[Callable[[Progress], None] | None]:
    """Yield what writes how far a corpus is on one line of a terminal's error stream; None where there is no one to
    read it."""
    if not sys.stderr.isatty():
        yield None
        return

    def show(now: Progress) -> None:
        rate = (now.documents - now.before) / max(now.seconds, 1e-9)
        left = (now.of - now.shards) * now.seconds / max(now.shards, 1)
        line = f"{now.shards}/{now.of} shards, {now.documents} documents, {now.failed} failed, {rate:.0f}/s"
        sys.stderr.write(f"\r\x1b[K{line}, {left / 60:.0f} min left")
        sys.stderr.flush()

    try:
        yield show
    finally:
        sys.stderr.write("\r\x1b[K")


def main() -> None:
    """Run the command line."""
    # Ended from outside, a run clears up as it does after an error: nothing half-written stays
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    for stream in (sys.stdout, sys.stderr):
        # A terminal or a pipe that cannot show Chinese must not end the run
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    # A run is short, and most of what it makes stays until its end: looking for garbage after every 700 new objects
    # would take a tenth of its time
    gc.set_threshold(50_000)
    app()


if __name__ == "__main__":
    main()
