"""The text of a PDF file: lines joined to paragraphs, running heads and page numbers left out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.formats.base import HAN, Extracted, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence


def pdf(data: bytes, where: str) -> Extracted:
    """Return the text of a PDF file."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = "assword" in str(error)
        reason = "locked with a password; save an open copy" if locked else "a broken PDF; save it anew"
        raise InputError(f"{where}: {reason}") from error
    try:
        if len(document) > 3000:
            raise InputError(f"{where}: more than 3000 pages; give the article alone")
        pages: list[list[str]] = []
        for page in document:
            text_page = page.get_textpage()
            pages.append(
                [
                    line.strip()
                    for line in text_page.get_text_range().replace("\r\n", "\n").replace("\r", "\n").split("\n")
                ]
            )
            text_page.close()
            page.close()
        title = (document.get_metadata_dict().get("Title") or "").strip() or None
    finally:
        document.close()
    return Extracted(join_pages(pages), title if title and HAN.search(title) else None)


def join_pages(pages: Sequence[Sequence[str]]) -> str:
    """Return the lines of pages joined to paragraphs, without page numbers and running heads.

    A line goes on with the next where it is nearly as wide as the widest ones and does not end a sentence.
    """
    heads: dict[str, int] = {}
    for page in pages:
        for line in {_frame(x) for x in (*page[:2], *page[-2:]) if x}:
            heads[line] = heads.get(line, 0) + 1
    running = {line for line, n in heads.items() if n >= 3 and n >= 0.5 * len(pages)}
    lines: list[str] = []
    for page in pages:
        last = len(page) - 1
        for k, line in enumerate(page):
            edge = k < 2 or k > last - 2
            number = re.fullmatch(r"[-—–\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／共]\s*\d{1,4}\s*页?)?[-—–\s]*", line)
            if line and not (edge and (_frame(line) in running or number)):
                lines.append(line)
    widths = sorted(map(_width, lines))
    full = widths[int(0.9 * (len(widths) - 1))] if widths else 0
    out: list[str] = []
    joined = False
    for k, line in enumerate(lines):
        if joined:
            before = lines[k - 1][-1]
            out.append(" " if "!" <= line[0] <= "~" and "!" <= before <= "~" and before != "-" else "")
        elif k:
            out.append("\n")
        out.append(line)
        joined = _width(line) >= 0.88 * full and not (
            re.search(r"[。！？!?：:”」]$", line) and _width(line) < 0.97 * full
        )
        joined = joined and not re.search(r"[。！？]$", line)
    return "".join(out) + "\n"


def _frame(line: str) -> str:
    return re.sub(r"\d+", "0", line)


def _width(line: str) -> int:
    return sum(2 if c > "\u2e7f" else 1 for c in line)
