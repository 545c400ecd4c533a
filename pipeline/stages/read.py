"""Opens an input and returns its text: the only stage that touches files.

Text files are decoded and otherwise left alone. Web pages, Word, PDF and EPUB files are extracted into lightly
marked-up text (``#`` before headings, ``-`` before list items, ``|`` between cells), which then is the source that all
offsets speak of. Whatever cannot be read is an :class:`InputError` with one line: what is wrong, where, and what to do.
"""

from __future__ import annotations

import hashlib
import io
import re
import sys
import unicodedata
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.formats.base import HAN, MAX_BYTES, Extracted, InputError, one_line, printable
from pipeline.formats.encoding import check_encoding, declared, decoded
from pipeline.model import Article

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["SUFFIXES", "InputError", "find_articles", "from_text", "read", "safe_name"]

SUFFIXES = {
    ".txt": "text", ".text": "text", ".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html",
    ".xhtml": "html",
    ".docx": "docx", ".docm": "docx", ".dotx": "docx", ".dotm": "docx", ".pdf": "pdf", ".epub": "epub",
}  # fmt: skip
"""File name endings that a folder is searched for, and the formats they stand for."""

_LEAST = 5  # Chinese characters that make a text worth reading


def read(path: str | Path, *, encoding: str | None = None) -> Article:
    """Read an article.

    Args:
        path: a file, or ``"-"`` for the bytes of standard input.
        encoding: of a text or web page, where it is known; otherwise it is found out.

    Raises:
        InputError: the path is empty, there is no such file, or nothing in it that can be read as a Chinese article.
    """
    where = _where(path)
    if encoding is not None:
        check_encoding(encoding)
    data = _bytes(path, where)
    if not data.strip(b" \t\r\n\0"):
        raise InputError(f"{where}: empty file; give one with text in it")
    digest = hashlib.sha256(data).hexdigest()
    named = Path("stdin" if str(path) == "-" else path)
    if data.startswith(_GZIP):
        data = _unpacked(data, where)
        named = named.with_suffix("") if named.suffix.lower() == ".gz" else named
    kind = _format(data, named.suffix.lower(), where)
    used = ""
    try:
        if kind in ("text", "markdown"):
            text, used = decoded(data, encoding, where)
            found = Extracted(text)
        elif kind == "html":
            text, used = decoded(data, encoding or declared(data), where)
            from pipeline.formats.web import html

            try:
                found = html(text)
            except ValueError as error:
                raise InputError(f"{where}: {one_line(error)}") from error
        else:
            found = _extracted(kind, data, where)
    except (InputError, MemoryError):
        raise
    except Exception as error:  # a parser met a file that its authors did not foresee
        if kind in ("text", "markdown"):
            raise
        raise InputError(
            f"{where}: broken {kind} file ({one_line(error)}); open and save it anew, or give it as text"
        ) from error
    if len(HAN.findall(found.text)) < _LEAST:
        if kind == "pdf" and not found.text.strip():
            raise InputError(f"{where}: a PDF without text, probably scanned; run text recognition (OCR) on it first")
        raise InputError(
            f"{where}: no Chinese text (fewer than {_LEAST} Chinese characters); fupan reads Chinese articles"
        )
    return Article(
        name=safe_name(named.stem),
        text=found.text,
        title=found.title,
        metadata=found.metadata,
        source=str(path),
        format=kind,
        encoding=used,
        sha256=digest,
        extracted=kind not in ("text", "markdown"),
    )


def _extracted(kind: str, data: bytes, where: str) -> Extracted:
    # Imported where needed: their libraries take time to load
    if kind == "docx":
        from pipeline.formats.word import docx

        return docx(data, where)
    if kind == "pdf":
        from pipeline.formats.pdf import pdf

        return pdf(data, where)
    from pipeline.formats.epub import epub

    return epub(data, where)


def from_text(text: str, *, title: str | None = None, name: str = "text") -> Article:
    """Return a string as an article; ``sha256`` is that of its UTF-8 form.

    Raises:
        TypeError: ``text`` is no string.
    """
    if not isinstance(text, str):
        raise TypeError(
            f"text must be a str, not {type(text).__name__}; decode bytes first, and read files by their path"
        )
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Article(name=safe_name(name), text=text, title=title, sha256=digest)


def find_articles(paths: Sequence[str | Path]) -> tuple[list[Path | str], list[tuple[str, InputError]]]:
    """Return the files that ``paths`` name, and the other paths, as they were given, with what is wrong with them.

    A folder stands for its files that look like articles (see :data:`SUFFIXES`), by name, without those in sub-folders,
    hidden ones and ``README*``. A file is taken whatever it is called. ``"-"`` is kept; what is named twice, in
    whatever words, is taken once, by its first name.
    """
    found: dict[Path | str, Path | str] = {}
    errors: list[tuple[str, InputError]] = []
    for path in paths:
        if str(path) == "-":
            found["-"] = "-"
            continue
        try:
            where = _where(path)
            place = Path(path)
            if place.is_dir():
                inside = [p for p in sorted(place.iterdir(), key=lambda p: p.name) if _is_article(p)]
                if not inside:
                    kinds = " ".join(dict.fromkeys(SUFFIXES))
                    raise InputError(f"{where}: nothing to read in this folder; articles end in {kinds}")
                for file in inside:
                    found.setdefault(file.resolve(), file)
            elif place.exists():
                found.setdefault(place.resolve(), place)
            else:
                raise InputError(f"{where}: no such file; check the spelling")
        except InputError as error:
            errors.append((str(path), error))
        except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: links that run in a circle
            errors.append((str(path), InputError(f"{where}: cannot be opened ({one_line(error)})")))
    return list(found.values()), errors


def _is_article(path: Path) -> bool:
    hidden = path.name.startswith((".", "~$")) or path.name.lower().startswith("readme")
    return not hidden and path.suffix.lower() in SUFFIXES and path.is_file()


_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\..*)?$", re.IGNORECASE)


def safe_name(name: str) -> str:
    """Return ``name`` as one that any file system takes: a single path component of at most 80 characters and 200
    bytes.

    >>> safe_name("../../复盘: 小米?")
    '复盘_ 小米_'
    """
    name = unicodedata.normalize("NFC", name)
    name = "".join(
        "_" if unicodedata.category(c)[0] in "C" or c in '/\\:*?"<>|' else " " if c.isspace() else c for c in name
    )
    name = name.lstrip("._ ").rstrip(". ")
    if _RESERVED.match(name):
        name = "_" + name
    name = name[:80]
    while len(name.encode()) > 200:
        name = name[:-1]
    return name.rstrip(". ") or "article"


def _where(path: str | Path) -> str:
    """Return how messages call a path."""
    if not str(path):
        raise InputError('"": an empty path; name a file or a folder')
    return "standard input" if str(path) == "-" else printable(str(path))


def _bytes(path: str | Path, where: str) -> bytes:
    try:
        if str(path) == "-":
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with Path(path).open("rb") as file:
                data = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise InputError(f"{where}: no such file; check the spelling") from error
    except IsADirectoryError as error:
        raise InputError(f"{where}: a folder, not an article; name a file in it") from error
    except PermissionError as error:
        raise InputError(f"{where}: no permission to read it") from error
    except (OSError, ValueError) as error:
        raise InputError(f"{where}: cannot be opened ({one_line(error)})") from error
    if len(data) > MAX_BYTES:
        raise InputError(f"{where}: larger than {MAX_BYTES >> 20} MB; split it, one article a file")
    return data


# --------------------------------------------------------------------------------------------------------------------
# what it is

_MAGIC = (
    (b"\x89PNG", "a PNG picture"), (b"\xff\xd8\xff", "a JPEG picture"), (b"GIF8", "a GIF picture"),
    (b"RIFF", "a media file"), (b"OggS", "a media file"), (b"ID3", "a media file"),
    (b"\x7fELF", "a program"), (b"MZ\x90", "a program"),
    (b"7z\xbc\xaf", "a 7z archive"), (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"), (b"\xfd7zXZ", "an xz archive"),
    (b"SQLite format 3", "a database"), (b"PAR1", "a Parquet file"),
    (b"{\\rtf", "an RTF file; save it as .docx or text"),
)  # fmt: skip


_GZIP = b"\x1f\x8b\x08"


def _unpacked(data: bytes, where: str) -> bytes:
    """Return what a gzip file holds, whatever size it claims."""
    try:
        out = zlib.decompressobj(wbits=31).decompress(data, MAX_BYTES + 1)
    except zlib.error as error:
        raise InputError(f"{where}: a broken gzip archive ({one_line(error)}); copy the file anew") from error
    if len(out) > MAX_BYTES:
        raise InputError(f"{where}: unpacks to more than {MAX_BYTES >> 20} MB; give the text alone")
    return out


def _format(data: bytes, suffix: str, where: str) -> str:
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _archive(data, where)
    if advice := _old_office(data, head):
        raise InputError(f"{where}: {advice}")
    for magic, what in _MAGIC:
        if data.startswith(magic):
            advice = "" if ";" in what else "; give a text, Markdown, HTML, Word, PDF or EPUB file"
            raise InputError(f"{where}: {what}{advice}")
    kind = SUFFIXES.get(suffix, "")
    if kind in ("docx", "pdf", "epub"):
        raise InputError(f"{where}: called {suffix}, but it is none; give it the ending that it has a right to")
    # A page saved as text is a page
    page = re.match(rb"(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html)\b", head, re.I | re.S)
    return "html" if page else kind or "text"


def _old_office(data: bytes, head: bytes) -> str:
    """Return what a word processor's file of another kind is, and what to do; nothing for other files."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return "a Word file locked with a password; save it without one"
        return "an old Office or WPS file (.doc, .wps); save it as .docx"
    if data[60:68] == b"BOOKMOBI":
        return "a Kindle book (.mobi, .azw); convert it to EPUB"
    if head.startswith(b"<?xml") and (b"<w:wordDocument" in head or b"<pkg:package" in head):
        return "a Word file in one XML; save it as .docx"
    return ""


# Files of other programs that are zip archives, too: what tells them, what they are and what to do.
_OTHER_ARCHIVES = (
    ("xl/workbook.xml", "an Excel file; save the text as .docx or text"),
    ("ppt/presentation.xml", "a PowerPoint file; save the text as .docx or text"),
    ("index/document.iwa", "a Pages file; export it as Word or PDF"),
    ("index.zip", "a Pages file; export it as Word or PDF"),
)


def _archive(data: bytes, where: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > 20_000:
                raise InputError(f"{where}: more than 20,000 files in it; give the text alone")
            if sum(e.file_size for e in entries) > 4 * MAX_BYTES:
                raise InputError(f"{where}: unpacks to more than {4 * MAX_BYTES >> 20} MB; give the text alone")
            names = {e.filename.replace("\\", "/").lower() for e in entries}
            said = next((e for e in entries if e.filename == "mimetype" and e.file_size < 200), None)
            kind = archive.read(said) if said else b""
    except (
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        RuntimeError,
        NotImplementedError,
        ValueError,
        OverflowError,
        EOFError,
    ) as error:
        raise InputError(f"{where}: a broken archive ({one_line(error)}); copy the file anew") from error
    if "word/document.xml" in names or (
        "[content_types].xml" in names and any(name.startswith("word/") for name in names)
    ):
        return "docx"
    if kind.startswith(b"application/epub+zip") or any(
        name == "meta-inf/container.xml" or name.endswith(".opf") for name in names
    ):
        return "epub"
    if kind.startswith(b"application/vnd.oasis.opendocument"):
        raise InputError(f"{where}: an OpenDocument file (.odt); save it as .docx")
    for name, what in _OTHER_ARCHIVES:
        if name in names:
            raise InputError(f"{where}: {what}")
    raise InputError(f"{where}: a zip archive that is no Word or EPUB file; unpack it first")
