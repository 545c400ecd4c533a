"""Opens an input and returns its text: the only stage that touches files.

Text files are decoded and otherwise left alone. Web pages, e-mails, Word, PDF and EPUB files are extracted into lightly
marked-up text (``#`` before headings, ``-`` before list items, ``|`` between cells), which then is the source that all
offsets speak of. Whatever cannot be read is an :class:`InputError` with one line: what is wrong, where, and what to do.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import sys
import unicodedata
import zipfile
import zlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline.formats.base import HAN, MAX_BYTES, Extracted, InputError, one_line, printable
from pipeline.formats.encoding import check_encoding, declared, decode, decoded
from pipeline.model import Article

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

__all__ = ["SUFFIXES", "InputError", "find_articles", "from_text", "read", "safe_name"]

SUFFIXES = {
    ".txt": "text", ".text": "text", ".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html",
    ".xhtml": "html", ".mhtml": "mhtml", ".mht": "mhtml", ".eml": "eml",
    ".docx": "docx", ".docm": "docx", ".dotx": "docx", ".dotm": "docx", ".pdf": "pdf", ".epub": "epub",
}  # fmt: skip
"""File name endings that a folder is searched for, and the formats they stand for."""

_LEAST = 5  # Chinese characters that make a text worth reading
# Scripts of the languages that Chinese characters are written with too, and the share of them and Chinese characters
# from which a text is one of those languages: a Chinese article quotes less, and each is written with three times more.
_OTHERS = (
    ("Japanese", "kana", re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u31f0-\u31ff\uff66-\uff9d]")),
    ("Korean", "Hangul", re.compile(r"[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")),
)
_MUCH = 0.1


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
        elif kind in ("mhtml", "eml"):
            from pipeline.formats import mail

            found, used = (mail.mhtml if kind == "mhtml" else mail.eml)(data, where, encoding)
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
    han = len(HAN.findall(found.text))
    _check_language(found.text, han, where)
    if han < _LEAST:
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


def _check_language(text: str, han: int, where: str) -> None:
    for language, script, letters in _OTHERS:
        count = len(letters.findall(text)) if letters.search(text) else 0
        if count >= _LEAST and count > _MUCH * (count + han):
            raise InputError(f"{where}: {language} ({count} {script} letters in it); fupan reads Chinese articles")


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


def find_articles(
    paths: Sequence[str | Path],
) -> tuple[list[Path | str], list[tuple[str, InputError]], list[str]]:
    """Return the files that ``paths`` name; the other paths, as they were given, with what is wrong with them; and a
    line for each folder of which something was left out.

    A folder stands for its files that look like articles (see :data:`SUFFIXES`), by name, without those in sub-folders,
    hidden ones, ``README*`` and what fupan itself has written. A file is taken whatever it is called. ``"-"`` is kept;
    what is named twice, in whatever words, is taken once, by its first name.
    """
    found: dict[Path | str, Path | str] = {}
    errors: list[tuple[str, InputError]] = []
    beside: dict[str, _Left] = {}
    named: set[Path] = set()
    for path in paths:
        if str(path) == "-":
            found["-"] = "-"
            continue
        try:
            where = _where(path)
            place = Path(path)
            named.add(place.resolve())
            if place.is_dir():
                inside, left = _sorted_out(place)
                if not inside:
                    if left.results:
                        raise InputError(f"{where}: results that fupan wrote; name the folder with the articles")
                    kinds = " ".join(dict.fromkeys(SUFFIXES))
                    out = left.told(named)
                    raise InputError(
                        f"{where}: nothing to read in this folder{out and f' ({out})'}; articles end in {kinds}"
                    )
                for file in inside:
                    found.setdefault(file.resolve(), file)
                beside[where] = left
            elif place.exists():
                found.setdefault(place.resolve(), place)
            else:
                raise InputError(f"{where}: no such file; check the spelling")
        except InputError as error:
            errors.append((str(path), error))
        except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: links that run in a circle
            errors.append((str(path), InputError(f"{where}: cannot be opened ({one_line(error)})")))
    told = [(where, left.told(named)) for where, left in beside.items()]
    return list(found.values()), errors, [f"{where}: {out}; name them to have them tried" for where, out in told if out]


class _Left(NamedTuple):
    """What of a folder was left out: files that do not look like articles, sub-folders, and whether fupan's results."""

    files: list[Path]
    folders: list[Path]
    results: bool

    def told(self, named: Collection[Path]) -> str:
        """Return it in words, without what is ``named`` (by its full path) beside the folder."""
        files = [f for f in self.files if f.resolve() not in named]
        folders = [f for f in self.folders if f.resolve() not in named]
        endings = [e for e, _ in Counter(printable(f.suffix.lower())[:12] for f in files if f.suffix).most_common()]
        listed = f" ({' '.join(endings[:5])}{' …' if len(endings) > 5 else ''})" if endings else ""
        parts = [f"{len(files)} file{'s' * (len(files) > 1)}{listed}"] if files else []
        parts += [f"{len(folders)} sub-folder{'s' * (len(folders) > 1)}"] if folders else []
        return f"left out {' and '.join(parts)}" if parts else ""


def _sorted_out(folder: Path) -> tuple[list[Path], _Left]:
    """Return the articles in a folder by name, and what else is there for a reader."""
    articles: list[Path] = []
    other: list[Path] = []
    folders: list[Path] = []
    results = False
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        if _is_aside(path):
            continue
        if not path.is_dir():
            (articles if path.suffix.lower() in SUFFIXES and path.is_file() else other).append(path)
        elif _is_result(path):
            results = True
        elif not _is_run(path):
            folders.append(path)
    if _is_result(folder):
        return [p for p in articles if p.name not in _OF_A_RESULT], _Left([], [], True)
    own = _OF_A_RUN if results else frozenset()
    # Browsers put what a page needs into a folder beside it
    pages = {p.stem for p in articles}
    folders = [p for p in folders if not ((m := _PAGE_FOLDER.fullmatch(p.name)) and m[1] in pages)]
    return [p for p in articles if p.name not in own], _Left([p for p in other if p.name not in own], folders, results)


_PAGE_FOLDER = re.compile(r"(.+)(?:[_.]files|_文件)", re.DOTALL)
_OF_A_RESULT = frozenset(["report.html", "summary.md", "source.txt"])
_OF_A_RUN = frozenset(["index.html", "failures.csv"])


def _is_aside(path: Path) -> bool:
    """Return whether a file or folder is none that its owner wrote to be read."""
    name = path.name.lower()
    return name.startswith((".", "~$", "readme")) or name in ("thumbs.db", "desktop.ini")


_MARKS = {
    "manifest.json": re.compile(rb'\{\s*"fupan"\s*:'),
    "comparison.json": re.compile(rb'\{\s*"schema_version"\s*:\s*"[0-9.]+",\s*"fupan"\s*:'),
}


def wrote(folder: Path, mark: str) -> bool:
    """Return whether fupan wrote a folder: as the result of an article (``"manifest.json"``), or of a comparison
    (``"comparison.json"``).
    """
    try:
        with (folder / mark).open("rb") as file:
            return _MARKS[mark].match(file.read(80)) is not None
    except OSError:
        return False


def _is_result(folder: Path) -> bool:
    """Return whether fupan wrote a folder as the result of an article, or of a comparison."""
    return any(wrote(folder, mark) for mark in _MARKS)


def _is_run(folder: Path) -> bool:
    """Return whether fupan wrote a folder of results."""
    try:
        return (folder / "index.html").is_file() and any(map(_is_result, folder.iterdir()))
    except OSError:
        return False


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
            if sys.stdin is None:  # closed by whoever started the program
                raise InputError(f"{where}: closed; name a file, or pass a text through a pipe")
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
    (rb"\x89PNG", "a PNG picture"), (rb"\xff\xd8\xff", "a JPEG picture"), (rb"GIF8[79]a", "a GIF picture"),
    (rb"RIFF.{4}(?:WAVE|AVI |WEBP)", "a media file"), (rb"OggS\0", "a media file"),
    (rb"ID3[\x02-\x04]", "a media file"),
    (rb"\x7fELF", "a program"), (rb"MZ\x90", "a program"),
    (rb"7z\xbc\xaf", "a 7z archive"), (rb"Rar!\x1a", "a RAR archive"),
    (rb"BZh[1-9]1AY", "a bzip2 archive"), (rb"\xfd7zXZ", "an xz archive"),
    (rb"SQLite format 3\0", "a database"), (rb"PAR1[\0-\x1f]", "a Parquet file"),
    (rb"\{\\rtf", "an RTF file; save it as .docx or text"),
    (rb"bplist00", "a property list, as Safari's web archives are; save the page as HTML"),
)  # fmt: skip


_GZIP = b"\x1f\x8b\x08"


def _unpacked(data: bytes, where: str) -> bytes:
    """Return what a gzip file holds, all its parts, whatever size it claims."""
    try:
        with gzip.open(io.BytesIO(data)) as file:
            out = file.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{where}: a broken gzip archive, damaged or cut off; copy the file anew") from error
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
        if re.match(magic, data, re.DOTALL):
            advice = "" if ";" in what else "; give a text, Markdown, HTML, Word, PDF or EPUB file"
            raise InputError(f"{where}: {what}{advice}")
    # A page saved as text is a page, and a message is one
    page = re.match(rb"(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html)\b", head, re.I | re.S)
    kind = "html" if page else _message(data, suffix)
    called = SUFFIXES.get(suffix, "text")
    if called in ("docx", "pdf", "epub") or (called in ("mhtml", "eml") and not kind):
        raise InputError(f"{where}: called {suffix}, but {_in_truth(data, kind)}")
    return kind or called


# The headers of a message, which may begin with the line that sets it apart in a mailbox.
_HEADERS = re.compile(
    rb"(?:\xef\xbb\xbf)?+\s*+(?:>?From [^\r\n]*+\r?\n)?+"
    rb"((?:[!-9;-~]{1,70}+:[^\r\n]*+\r?\n(?:[ \t]++[^\s][^\r\n]*+\r?\n)*+)++)"
)
_MIME = re.compile(rb"^(?:mime-version|content-type)[ \t]*+:", re.IGNORECASE | re.MULTILINE)
_SENT = re.compile(rb"^(?:from|date|subject)[ \t]*+:", re.IGNORECASE | re.MULTILINE)


def _message(data: bytes, suffix: str) -> str:
    """Return ``"mhtml"`` or ``"eml"`` for what begins with a message's headers, else nothing."""
    m = _HEADERS.match(data, 0, 256 << 10)
    head = m[1] if m else b""
    plain = suffix == ".eml" and len({x.lower() for x in _SENT.findall(head)}) > 1
    if not plain and len({x.lower() for x in _MIME.findall(head)}) < 2:
        return ""
    from pipeline.formats.mail import kind_of

    return kind_of(data, suffix)


def _in_truth(data: bytes, kind: str) -> str:
    """Return what a file is that has another format's ending, and what to do."""
    if kind:
        what = {"html": "a web page", "mhtml": "a web archive", "eml": "an e-mail"}[kind]
        return f"it is {what}; rename it .{kind}"
    try:
        decode(data)
    except InputError:
        return "it is damaged or something else; open it with its program and save it anew"
    return "it is text; rename it .txt"


def _old_office(data: bytes, head: bytes) -> str:
    """Return what a word processor's file of another kind is, and what to do; nothing for other files."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return "a Word file locked with a password; save it without one"
        if "__substg1.0_".encode("utf-16-le") in data:
            return "an Outlook message (.msg); save it as .eml or text"
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
        raise InputError(f"{where}: a broken archive, damaged or cut off; copy the file anew") from error
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
