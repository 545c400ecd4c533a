"""What a benchmark returns, and how it becomes the page ``docs/quality.md``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table; a cell that is None was not measured."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure has to reach; ``met`` is None where it was not measured."""

    text: str
    reached: str = "not measured"
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """One kind of measurement: its tables, a line for what each figure means, and its targets."""

    title: str
    tables: tuple[Table, ...]
    meaning: tuple[str, ...] = ()
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """The chapters of quality or of speed, and the names of what could not be measured."""

    title: str
    chapters: tuple[Chapter, ...] = ()
    missing: tuple[str, ...] = ()
    unmeasured: tuple[Target, ...] = field(default=())

    @property
    def targets(self) -> tuple[Target, ...]:
        """All targets, those that could not be measured last."""
        return tuple(target for chapter in self.chapters for target in chapter.targets) + self.unmeasured


_INTRO = """\
# Quality and speed

Written by `make bench DATA=folder` (`python -m benchmarks --data folder`); do not edit. The folder holds `articles/`,
`polarity/`, `sentiment/`, `keywords/`, `summaries/` and `segmentation/`; what it lacks is named below as not measured.
The challenge set and the pairs of concepts come with the program, in `tests/data/`.
The peers are the tools of the base install, run on the same rows in the same run. Figures are percentages unless they
say otherwise. The quality figures come out the same on every run; times differ by some per cent.
"""


def render(parts: Sequence[Part], *, limit: int | None = None) -> str:
    """Return the page in Markdown; ``limit`` is what the data sets were cut to, None if they were not."""
    out = [_INTRO]
    if limit is not None:
        out.append(f"**A quick look:** at most the first {limit} rows of each data set.\n")
    if any(part.targets for part in parts):
        out += ["## Targets\n", _targets(parts)]
    missing = [name for part in parts for name in part.missing]
    out.append(f"**Not measured:** {'; '.join(missing)}.\n" if missing else "Nothing was left unmeasured.\n")
    for part in parts:
        if part.chapters:
            out.append(f"## {part.title}\n")
        for chapter in part.chapters:
            out.append(f"### {chapter.title}\n")
            out += [_table(table) for table in chapter.tables]
            if chapter.meaning:
                out.append("".join(f"- {line}\n" for line in chapter.meaning))
    return "\n".join(out)


def _targets(parts: Sequence[Part]) -> str:
    verdict = {True: "met", False: "**not met**", None: "not measured"}
    rows = tuple((target.text, target.reached, verdict[target.met]) for part in parts for target in part.targets)
    return _table(Table(("target", "reached", ""), rows))


def _table(table: Table) -> str:
    numbers = [all(not isinstance(row[i], str) for row in table.rows) for i in range(len(table.columns))]
    rule = ("---:" if number else "---" for number in numbers)
    return "".join(_row(row) for row in (map(_cell, table.columns), rule, *(map(_cell, row) for row in table.rows)))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _cell(cell: Cell) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, float):
        return f"{cell:.1f}"
    return str(cell).replace("|", "\\|").replace("\n", " ")
