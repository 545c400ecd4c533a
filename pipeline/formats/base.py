"""What every format needs: the error for inputs that cannot be read, the limits, and what reading hands back."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field

from pipeline.model import Metadata

MAX_BYTES = 64 << 20
"""Inputs larger than this are refused, and so are archives that unpack to more than four times of it."""

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


class InputError(Exception):
    """An input that cannot be read. The message is one line: what, where, what to do."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """What was found in a file that is no plain text.

    Attributes:
        text: lightly marked-up text (``#`` before headings, ``-`` before list items, ``|`` between cells).
        title, metadata: as the file gives them.
    """

    text: str
    title: str | None = None
    metadata: Metadata = field(default_factory=Metadata)


def printable(text: str) -> str:
    """Return a name as it can stand in a message: one line, no control characters, not endless."""
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return text if len(text) <= 200 else f"{text[:120]}…{text[-60:]}"


def one_line(error: BaseException) -> str:
    """Return what went wrong in an error, as it can stand in a message: one line."""
    return " ".join((getattr(error, "strerror", None) or str(error) or type(error).__name__).split())[:160]


def member(archive: zipfile.ZipFile, name: str, where: str, budget: int = 2 * MAX_BYTES) -> bytes:
    """Read one file of an archive, whatever size its header claims."""
    with archive.open(name) as file:
        data = file.read(budget + 1)
    if len(data) > budget:
        raise InputError(f"{where}: unpacks to more than {budget >> 20} MB; give the text alone")
    return data


# ---------------------------------------------------------------------------------------------------------------------
