"""What every format needs: the error for inputs that cannot be read, the limits, and what reading hands back."""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from dataclasses import dataclass, field

from pipeline.model import Metadata

MAX_BYTES = 64 << 20
"""Inputs larger than this are refused, and so are archives that unpack to more than four times of it."""

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


class InputError(Exception):
    """An input that cannot be read. The message is one line: what, where, what to do."""


class TooLargeError(InputError):
    """An input that is refused for its size."""


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
    """Return what went wrong in an error, as it can stand in a message: one line, no control characters."""
    return printable(" ".join((getattr(error, "strerror", None) or str(error) or type(error).__name__).split())[:160])


MAX_TAGS = 1_500_000
"""A page or document with more mark-up than this is refused: as a tree it would fill the memory."""


def member(archive: zipfile.ZipFile, name: str, where: str, budget: int = 2 * MAX_BYTES) -> bytes:
    """Read one file of an archive, whatever size its header claims.

    Raises:
        TooLargeError: it is larger than ``budget`` bytes.
        InputError: it is damaged, locked, or packed in a way that Python does not know.
    """
    try:
        with archive.open(name) as file:
            data = file.read(budget + 1)
    except RuntimeError as error:  # locked, or (NotImplementedError) packed in an unknown way
        unknown = isinstance(error, NotImplementedError)
        reason = "packed in a way that is not known; save it anew" if unknown else "locked with a password; unlock it"
        raise InputError(f"{where}: {printable(name)} in it is {reason}") from error
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError) as error:
        raise InputError(
            f"{where}: {printable(name)} in it is damaged ({one_line(error)}); copy the file anew"
        ) from error
    if len(data) > budget:
        raise TooLargeError(f"{where}: unpacks to more than {2 * MAX_BYTES >> 20} MB; give the text alone")
    return data


def check_tags(tags: int, where: str) -> None:
    """Raise a TooLargeError where a document has more mark-up than :data:`MAX_TAGS`."""
    if tags > MAX_TAGS:
        raise TooLargeError(f"{where}: more than {MAX_TAGS:,} tags in it; give the article alone")
