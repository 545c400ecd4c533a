"""What the readers of a PDF hand to one another: pages of runs, rows of parts, lines of columns, blocks of text.

Sizes are in points, places count from the upper left corner of the page; ``em`` is the size of the type at hand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

WIDE = re.compile(
    r"[\u2e80-\u303f\u3040-\ua4cf\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff“”‘’…—]"
)
"""A character as wide as a Chinese one: no blank stands between two of them, and a line breaks at any."""

CAPTION = re.compile(
    r"(?:图|表|圖|Fig(?:ure)?\.?|Table)\s*(?:\d|[一二三四五六七八九十]{1,3}(?:[\s:：、.]|$))", re.IGNORECASE
)
"""How the caption of a picture or a table begins: a line of its own, never a heading, never a row of a table."""

LARGE = 1.12
"""Times the size of the text from which on type is that of headings: a point more than ten is rounding and looks."""


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a page."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Mark:
    """Something drawn that is no character: a ruling line between rows or columns, or a bullet."""

    kind: Literal["row", "column", "bullet"]
    box: Box


@dataclass(frozen=True, slots=True)
class Run:
    """Characters side by side in one style; ``y`` is that of their base line. A blank before the first is part of
    ``text``."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool = False
    mono: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """What a page draws.

    Attributes:
        covered: pictures cover most of it.
        drawn: how many characters it draws, seen or not.
        unknown: how many of these nobody can tell.
    """

    width: float
    height: float
    runs: list[Run]
    marks: list[Mark] = field(default_factory=list)
    covered: bool = False
    drawn: int = 0
    unknown: int = 0


@dataclass(slots=True)
class Part:
    """A stretch of a row without a wide gap."""

    text: str
    x0: float
    x1: float
    runs: list[Run]


@dataclass(slots=True, eq=False)
class Line:
    """A line of a column.

    Attributes:
        left, right: edges of its column.
        bullet: a drawn bullet stands before it.
        note: it belongs to a footnote.
        cells: the stretches of it that stand apart.
        page, column, side: where it stands; see ``in_columns``.
        width: of the page.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    mono: bool
    page: int
    column: int
    side: int
    width: float
    left: float = 0.0
    right: float = 0.0
    bullet: bool = False
    note: bool = False
    cells: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class Block:
    """A paragraph, a row of a table, a stretch of code or a footnote; ``level`` is that of a heading."""

    kind: Literal["text", "item", "heading", "bold", "row", "code", "note"]
    text: str
    lines: list[Line]
    level: int = 0
