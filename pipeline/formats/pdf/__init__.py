"""PDF files: what each page draws (``drawn``) is read as a person reads it (``layout``)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pipeline.credits import authors, day
from pipeline.formats.base import HAN, Extracted, InputError
from pipeline.formats.pdf.drawn import drawn_page
from pipeline.formats.pdf.layout import arranged
from pipeline.model import Metadata

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.formats.pdf.model import Page

_MAX_PAGES = 3000
_MAX_CHARACTERS = 20_000_000
_SCANNED = 20  # Chinese characters a page, below which a page covered by a picture counts as scanned
_NO_TEXT = "a PDF without text, probably scanned; run text recognition (OCR) on it first"


def pdf(data: bytes, where: str) -> Extracted:
    """Return the text of a PDF file: paragraphs, ``#`` headings, ``**bold**`` lines, lists, tables, code.

    Raises:
        InputError: the file is locked, broken, too long, scanned, or does not say which characters it draws.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = "assword" in str(error)
        reason = "locked with a password; save an open copy" if locked else "a broken PDF; save it anew"
        raise InputError(f"{where}: {reason}") from error
    try:
        if len(document) > _MAX_PAGES:
            raise InputError(f"{where}: more than {_MAX_PAGES} pages; give the article alone")
        if not len(document):
            raise InputError(f"{where}: a broken PDF without pages; save it anew")
        pages = _pages(document, where)
        info = document.get_metadata_dict()
    finally:
        document.close()
    _check(pages, where)
    printed = "Mozilla" in info.get("Creator", "") or "Skia" in info.get("Producer", "")
    text, title, address = arranged(pages, _title(info))
    return Extracted(text, title, _metadata(info, printed=printed, address=address))


def _pages(document: Any, where: str) -> list[Page]:
    """Return what the pages of a document draw."""
    import pypdfium2

    pages: list[Page] = []
    drawn = 0
    for number in range(len(document)):
        try:
            page = document[number]
            try:
                pages.append(drawn_page(page))
            finally:
                page.close()
        except pypdfium2.PdfiumError as error:
            raise InputError(f"{where}: a broken PDF (page {number + 1} cannot be read); save it anew") from error
        drawn += sum(len(run.text) for run in pages[-1].runs)
        if drawn > _MAX_CHARACTERS:
            raise InputError(f"{where}: more than {_MAX_CHARACTERS} characters; give the article alone")
    return pages


def _check(pages: list[Page], where: str) -> None:
    """Raise what is wrong with pages that hold no text to speak of."""
    chinese = sum(len(HAN.findall(run.text)) for page in pages for run in page.runs)
    drawn = sum(page.drawn for page in pages)
    unknown = sum(page.unknown for page in pages)
    if unknown > 20 and unknown > 0.4 * drawn:
        raise InputError(
            f"{where}: a PDF whose fonts do not say which characters they draw; "
            "export it anew from its source, or run text recognition (OCR) on it"
        )
    covered = sum(page.covered for page in pages)
    if covered >= max(1, 0.8 * len(pages)) and chinese < _SCANNED * len(pages):
        raise InputError(f"{where}: {_NO_TEXT}")


# ---------------------------------------------------------------------------------------------------------------------
# what the file says of itself

_FILE_NAME = re.compile(r"\.(?:docx?|wps|pptx?|xlsx?|pdf|html?|txt|md|tex|pages|odt|indd)$", re.IGNORECASE)
_MADE_WITH = re.compile(r"^(?:Microsoft\s+(?:Office\s+)?Word|WPS[^-]{0,20})\s*-\s*", re.IGNORECASE)
_PERSON = re.compile(r"[A-Z][A-Za-z'’.-]{0,20}(?:\s+[A-Z][A-Za-z'’.-]{0,20}){1,3}$")
_PROGRAM = re.compile(r"(?:microsoft|adobe|acrobat|wps|latex|word|office)\b", re.IGNORECASE)


def _title(info: Mapping[str, str]) -> str | None:
    title = " ".join(info.get("Title", "").split())
    title = _FILE_NAME.sub("", _MADE_WITH.sub("", title)).strip()
    return title if HAN.search(title) and len(title) <= 120 else None


def _metadata(info: Mapping[str, str], *, printed: bool, address: str | None) -> Metadata:
    """Return author, date and source.

    ``printed`` tells that a browser made the file, so that its date is that of the printing, not of the article.
    """
    names = [name.strip() for name in re.split(r"[,，;；、/]", info.get("Author", "")[:200])]
    made = info.get("CreationDate", "").removeprefix("D:")[:8]
    return Metadata(
        author=authors(n for n in names if HAN.search(n) or (_PERSON.match(n) and not _PROGRAM.match(n))),
        date=None if printed else day(made),
        source=address,
    )
