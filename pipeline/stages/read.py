"""Opens an input and returns its text: the only stage that touches files.

Text files are decoded and otherwise left alone. Web pages, Word, PDF and EPUB files are extracted into lightly
marked-up text (``#`` before headings, ``-`` before list items, ``|`` between cells), which then is the source that all
offsets speak of. Whatever cannot be read is an :class:`InputError` with one line: what is wrong, where, and what to do.
"""

from __future__ import annotations

import codecs
import hashlib
import io
import re
import sys
import unicodedata
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.model import Article

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

MAX_BYTES = 64 << 20
"""Inputs larger than this are refused, and so are archives that unpack to more than four times of it."""

SUFFIXES = {
    ".txt": "text", ".text": "text", ".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html",
    ".xhtml": "html",
    ".docx": "docx", ".pdf": "pdf", ".epub": "epub",
}  # fmt: skip
"""File name endings that a folder is searched for, and the formats they stand for."""

_LEAST = 5  # Chinese characters that make a text worth reading
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


class InputError(Exception):
    """An input that cannot be read. The message is one line: what, where, what to do."""


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
        _check_encoding(encoding)
    data = _bytes(path, where)
    if not data.strip(b" \t\r\n\0"):
        raise InputError(f"{where}: empty file; give one with text in it")
    suffix = "" if str(path) == "-" else Path(path).suffix.lower()
    kind = _format(data, suffix, where)
    title: str | None = None
    used = ""
    try:
        if kind in ("text", "markdown"):
            text, used = _decoded(data, encoding, where)
        elif kind == "html":
            text, used = _decoded(data, encoding or _declared(data), where)
            text, title = _html(text)
        else:
            text, title = {"docx": _docx, "pdf": _pdf, "epub": _epub}[kind](data, where)
    except (InputError, MemoryError):
        raise
    except Exception as error:  # a parser met a file that its authors did not foresee
        if kind in ("text", "markdown"):
            raise
        raise InputError(
            f"{where}: broken {kind} file ({_one_line(error)}); open and save it anew, or give it as text"
        ) from error
    if len(_HAN.findall(text)) < _LEAST:
        if kind == "pdf" and not text.strip():
            raise InputError(f"{where}: a PDF without text, probably scanned; run text recognition (OCR) on it first")
        raise InputError(
            f"{where}: no Chinese text (fewer than {_LEAST} Chinese characters); fupan reads Chinese articles"
        )
    return Article(
        name=safe_name("stdin" if str(path) == "-" else Path(path).stem),
        text=text,
        title=title,
        source=str(path),
        format=kind,
        encoding=used,
        sha256=hashlib.sha256(data).hexdigest(),
        extracted=kind not in ("text", "markdown"),
    )


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
            errors.append((str(path), InputError(f"{where}: cannot be opened ({_one_line(error)})")))
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
    return "standard input" if str(path) == "-" else _printable(str(path))


def _printable(text: str) -> str:
    """Return a name as it can stand in a message: one line, no control characters, not endless."""
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return text if len(text) <= 200 else f"{text[:120]}…{text[-60:]}"


def _one_line(error: BaseException) -> str:
    return " ".join((getattr(error, "strerror", None) or str(error) or type(error).__name__).split())[:160]


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
        raise InputError(f"{where}: cannot be opened ({_one_line(error)})") from error
    if len(data) > MAX_BYTES:
        raise InputError(f"{where}: larger than {MAX_BYTES >> 20} MB; split it, one article a file")
    return data


# --------------------------------------------------------------------------------------------------------------------
# what it is

_MAGIC = (
    (b"\x89PNG", "a PNG picture"), (b"\xff\xd8\xff", "a JPEG picture"), (b"GIF8", "a GIF picture"),
    (b"RIFF", "a media file"), (b"OggS", "a media file"), (b"ID3", "a media file"),
    (b"\x7fELF", "a program"), (b"MZ\x90", "a program"),
    (b"\x1f\x8b", "a gzip archive"), (b"7z\xbc\xaf", "a 7z archive"), (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"), (b"\xfd7zXZ", "an xz archive"),
    (b"SQLite format 3", "a database"), (b"PAR1", "a Parquet file"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (.doc); save it as .docx"),
    (b"{\\rtf", "an RTF file; save it as .docx or text"),
)  # fmt: skip


def _format(data: bytes, suffix: str, where: str) -> str:
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _archive(data, where)
    for magic, what in _MAGIC:
        if data.startswith(magic):
            advice = "" if ";" in what else "; give a text, Markdown, HTML, Word, PDF or EPUB file"
            raise InputError(f"{where}: {what}{advice}")
    kind = SUFFIXES.get(suffix, "")
    if kind in ("docx", "pdf", "epub"):
        raise InputError(f"{where}: called {suffix}, but it is none; give it the ending that it has a right to")
    if kind:
        return kind
    return (
        "html"
        if re.match(rb"(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html)\b", head, re.I | re.S)
        else "text"
    )


def _archive(data: bytes, where: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            names = {e.filename for e in entries}
            if len(entries) > 20_000 or sum(e.file_size for e in entries) > 4 * MAX_BYTES:
                raise InputError(f"{where}: unpacks to more than {4 * MAX_BYTES >> 20} MB; give the text alone")
    except (zipfile.BadZipFile, ValueError, OverflowError) as error:
        raise InputError(f"{where}: a broken archive ({_one_line(error)}); copy the file anew") from error
    if "word/document.xml" in names:
        return "docx"
    if "META-INF/container.xml" in names:
        return "epub"
    raise InputError(f"{where}: a zip archive that is no Word or EPUB file; unpack it first")


def _member(archive: zipfile.ZipFile, name: str, where: str, budget: int = 2 * MAX_BYTES) -> bytes:
    """Read one file of an archive, whatever size its header claims."""
    with archive.open(name) as file:
        data = file.read(budget + 1)
    if len(data) > budget:
        raise InputError(f"{where}: unpacks to more than {budget >> 20} MB; give the text alone")
    return data


# ---------------------------------------------------------------------------------------------------------------------
# encodings

# The commonest characters of written Chinese, both scripts: most of any Chinese text, and hardly any of a text read in
# a wrong encoding.
_COMMON = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学"
    "如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将"
    "两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及"
    "比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统"
    "区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共"
    "确传师观清今切院让识候带导争运笔户供应链质控信任复盘问题反馈团队"
    "這個們來為國說時會對過發後裡種經麼學現當沒動還進樣開從實軍無與長機關點業將兩間問很並應戰向頭體見產或給門話聲東兒員論處義幾認條係氣題爾"
    "別變總電數報結務場計資許統區隊書則聽達強難權設記類據邊張該規萬覺術領確傳師觀識帶導爭運質復盤團"
    "，。、；：！？“”（）《》「」"
)


def _plausible(text: str) -> float:
    """Return how much a text looks like Chinese: the share of common characters in those beyond ASCII, less what never
    occurs."""
    sample = text if len(text) <= 60_000 else text[:30_000] + text[-30_000:]
    others = [c for c in sample if c > "\x7f"]
    if not others:
        return 0.0
    odd = sum(unicodedata.category(c) in ("Co", "Cn", "Cs", "Cc") or "\uff61" <= c <= "\uff9f" for c in others)
    odd += len(re.findall(r"[\x00-\x08\x0e-\x1f\x7f]", sample))
    return (sum(c in _COMMON for c in others) - 3 * odd) / len(others)


def _check_encoding(encoding: str) -> None:
    try:
        known = codecs.lookup(encoding)
        "".encode(encoding)
    except (LookupError, ValueError, TypeError) as error:
        raise InputError(
            f"--encoding {_printable(encoding)}: no such text encoding; try utf-8, gb18030, big5 or utf-16"
        ) from error
    del known


def _decoded(data: bytes, encoding: str | None, where: str) -> tuple[str, str]:
    text, used = decode(data, encoding, where)
    if not text.strip():
        raise InputError(f"{where}: empty file; give one with text in it")
    return text, used


def decode(data: bytes, encoding: str | None = None, where: str = "input") -> tuple[str, str]:
    """Return the text of ``data`` without a byte-order mark, and the encoding's name as Python knows it.

    Without ``encoding``, a byte-order mark decides, then strict UTF-8, then the one of GB18030, Big5 and UTF-16 that
    gives the most plausible Chinese.

    Raises:
        InputError: no encoding gives text, or a few bytes are broken; the first of them is named.
    """
    if encoding is not None:
        try:
            return data.decode(encoding).removeprefix("\ufeff"), codecs.lookup(encoding).name
        except UnicodeDecodeError as error:
            raise InputError(
                f"{where}: byte {error.start} is not valid {encoding}; leave out --encoding or name another one"
            ) from error
        except (LookupError, ValueError) as error:
            raise InputError(
                f"{where}: cannot be decoded as {encoding}; leave out --encoding or name another one"
            ) from error
    for mark, name in _MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(name), name
            except UnicodeDecodeError as error:
                raise _broken(where, len(mark) + error.start, name) from error
    broken: UnicodeDecodeError | None = None
    try:
        text = data.decode("utf-8")
        if "\0" not in text and (_plausible(text) > 0 or text.isascii() or _HAN.search(text)):
            return text, "utf-8"
    except UnicodeDecodeError as error:
        broken = error
        rough = data.decode("utf-8", "replace")
        if len(_HAN.findall(rough)) > 4 * rough.count("\ufffd"):
            raise _broken(where, error.start, "utf-8") from error
    best, score, used = "", 0.0, ""
    for name in ("gb18030", "big5", "cp950", "big5hkscs", "utf-16-le", "utf-16-be"):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if (s := _plausible(text)) > score + 1e-9:
            best, score, used = text, s, name
    if score >= 0.2:
        return best, used
    if broken is None and b"\0" not in data:
        return data.decode("utf-8"), "utf-8"
    return _last_resort(data, where)


_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"), (b"\x84\x31\x95\x33", "gb18030"),
)  # fmt: skip


def _broken(where: str, offset: int, name: str) -> InputError:
    return InputError(
        f"{where}: broken {name.upper()} at byte {offset}; mend the file, or name its encoding with --encoding"
    )


def _last_resort(data: bytes, where: str) -> tuple[str, str]:
    """Name the reason why nothing fits: broken bytes in a Chinese encoding, an encoding unheard of, or no text at
    all."""
    for name in ("gb18030", "big5"):
        rough = data.decode(name, "replace")
        if rough.count("\ufffd") * 20 < len(rough) and _plausible(rough.replace("\ufffd", "")) > 0.3:
            try:
                data.decode(name)
            except UnicodeDecodeError as error:
                raise _broken(where, error.start, name) from error
    if data.count(b"\0") == 0 and len(re.findall(rb"[\x01-\x08\x0e-\x1f\x7f]", data)) * 50 < len(data):
        from charset_normalizer import from_bytes

        guess = from_bytes(data[:200_000]).best()
        if guess is not None and guess.encoding != "ascii":
            try:
                text = data.decode(guess.encoding)
            except (UnicodeDecodeError, LookupError):
                text = ""
            if _plausible(text) > 0.1:
                return text.removeprefix("\ufeff"), guess.encoding
        raise InputError(f"{where}: encoding not recognised; name it with --encoding (gb18030, big5, utf-16 …)")
    raise InputError(f"{where}: a binary file, not text; give a text, Markdown, HTML, Word, PDF or EPUB file")


def _declared(data: bytes) -> str | None:
    """Return the encoding that a web page declares, where Python knows it and it is right."""
    m = re.search(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", data[:4096])
    if not m or data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    name = m[1].decode("ascii").lower()
    name = "gb18030" if name in ("gb2312", "gbk", "gb_2312-80", "x-gbk") else name
    try:
        data.decode(name)
    except (LookupError, ValueError):
        return None
    return name


# ---------------------------------------------------------------------------------------------------------------------
# web pages

_SKIP = frozenset([
    "script", "style", "noscript", "template", "nav", "aside", "footer", "form", "button", "select", "svg", "iframe",
    "object", "embed", "head",
])  # fmt: skip
_BLOCK = frozenset([
    "p", "div", "section", "article", "main", "header", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl",
    "dt", "dd", "blockquote", "pre", "table", "tr", "figure", "figcaption", "hr", "br", "body", "center", "address",
])  # fmt: skip
# What stands before the page: libxml2 takes the inner part of a DOCTYPE, which XHTML may have, for text.
_PROLOG = re.compile(
    r"""\s*+(?:<\?xml[^>]{0,200}\?>)?+(?:\s++|<!--.*?-->)*+
    (?P<doctype><!DOCTYPE(?:[^<>\["']|"[^"]*"|'[^']*')*+
        (?:\[(?:<!--.*?-->|"[^"]*"|'[^']*'|[^\]"'<]|<(?!!--))*+\]\s*+)?+>)?+""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
# Elements that only hold others, or change how they look, and that may be nested to any depth.
_HOLDERS = re.compile(
    r"</?(?P<tag>div|section|center|blockquote|ul|ol|dl|table|header|figure|span|font|b|strong|em|i|u|s|a|big|small|sub|sup)"
    r"(?=[\s/>])[^<>]*>",
    re.IGNORECASE,
)


def _html(page: str) -> tuple[str, str | None]:
    """Return the article of a web page as marked-up text, and its title."""
    import logging

    import trafilatura

    page = _without_prolog(page)
    root, whole = _parsed(page)
    title = None
    if m := re.search(r"<title[^>]{0,200}>([^<]{1,500})</title>", page, re.IGNORECASE):
        from html import unescape

        title = " ".join(unescape(m[1]).split()) or None
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    main: str | None = None
    try:
        main = None if not whole else trafilatura.extract(
            page, output_format="markdown", include_comments=False, include_tables=True, include_links=False,
            include_formatting=True, include_images=False, favor_recall=True, with_metadata=False,
        )  # fmt: skip
    except (RecursionError, ValueError, TypeError, AttributeError, IndexError, KeyError):
        main = None  # the plain walk below takes what trafilatura cannot
    walked = _walk(root)
    if not main or len(_HAN.findall(main)) < 0.3 * len(_HAN.findall(walked)):
        main = walked
    first = re.search(r"^#[ \t]+(.+)$", main, re.MULTILINE)
    if first and len(re.findall(r"^#[ \t]", main, re.MULTILINE)) == 1:
        title = first[1].strip()
    elif title:
        # 标题 - 栏目 - 网站: the first part is the article's.
        title = re.split(r"\s+[-|_–—]\s+|\s*[|_]\s*", title)[0].strip() or title
    return main, title


def _without_prolog(page: str) -> str:
    return _PROLOG.sub(lambda m: "<!DOCTYPE html>" if m["doctype"] else "", page.replace("\0", ""), count=1)


def _parsed(page: str) -> tuple[HtmlElement, bool]:
    """Return a page as a tree, and whether that is all of it.

    libxml2 leaves out, without a word, what lies deeper than 255 elements and what follows ten million characters
    without a tag. Such a page is parsed anew without the elements that only hold others.

    Raises:
        ValueError: the page is too deep even so.
    """
    from lxml import html

    for huge in (False, True):
        parser = html.HTMLParser(recover=True, no_network=True, huge_tree=huge, remove_comments=True, remove_pis=True)
        root = html.fromstring(page or "<p></p>", parser=parser)
        if not any("XML_PARSE_HUGE" in entry.message for entry in parser.error_log):
            return root, not huge
        page = _HOLDERS.sub(lambda m: "<hr>" if m["tag"].lower() in _BLOCK else "", page)
    raise ValueError("elements nested more than 2000 deep")


def _walk(root: HtmlElement) -> str:
    """Return the text of a page, block by block, without what is no text; headings, list items and tables keep a
    mark."""
    from lxml import etree

    main = root.find(".//article")
    if main is None or len("".join(main.itertext())) < 200:
        main = root.find(".//main")
    node = main if main is not None and len("".join(main.itertext())) >= 200 else root
    out = _Writer()
    walk = etree.iterwalk(node, events=("start", "end"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        tag = tag.rsplit("}", 1)[-1].lower()
        if event == "start":
            style = (element.get("style") or "").replace(" ", "").lower()
            if tag in _SKIP or not tag or "display:none" in style or element.get("hidden") is not None:
                walk.skip_subtree()
                continue
            out.start(tag)
            out.text(element.text)
        else:
            if tag not in _SKIP:
                out.end(tag)
            if element is not node:
                out.text(element.tail)
    return out.finish()


class _Writer:
    """Collects the text of a page in blocks."""

    def __init__(self) -> None:
        self.blocks: list[str] = []
        self.parts: list[str] = []
        self.prefix = ""
        self.bold = 0
        self.plain = False  # the block holds text that is not bold
        self.verbatim = 0

    def start(self, tag: str) -> None:
        if tag == "br":
            self.parts.append("\n")
        elif tag in _BLOCK and not self.verbatim:
            self.flush()
            if tag == "pre":
                self.verbatim = 1
            elif tag[0] == "h" and tag[1:].isdigit():
                self.prefix = "#" * int(tag[1:]) + " "
            elif tag == "li":
                self.prefix = "- "
            elif tag == "blockquote":
                self.prefix = "> "
        elif tag in ("td", "th"):
            self.parts.append("| ")
        elif tag in ("b", "strong"):
            self.bold += 1

    def end(self, tag: str) -> None:
        if tag in ("b", "strong"):
            self.bold = max(0, self.bold - 1)
        elif tag == "tr":
            self.parts.append("|")
            self.flush()
        elif tag == "pre":
            body = "".join(self.parts).strip("\n")
            self.verbatim, self.parts = 0, []
            if body.strip():
                self.blocks.append(f"```\n{body}\n```")
        elif tag in _BLOCK and tag != "br" and not self.verbatim:
            self.flush()

    def text(self, text: str | None) -> None:
        if not text:
            return
        self.parts.append(text if self.verbatim else re.sub(r"[ \t\r\n\f]+", " ", text))
        self.plain = self.plain or (not self.bold and bool(text.strip()))

    def flush(self) -> None:
        body = "\n".join(line.strip() for line in "".join(self.parts).split("\n")).strip()
        if body and body != "|":
            if not self.plain and not self.prefix and "\n" not in body and body[0] != "|":
                body = f"**{body}**"
            if self.prefix[:1] == "#":
                body = " ".join(body.split())
            self.blocks.append(self.prefix + body)
            self.prefix = ""
        self.parts, self.plain = [], False
        if not body and self.prefix[:1] == "#":
            self.prefix = ""

    def finish(self) -> str:
        self.flush()
        lines: list[str] = []
        for a in self.blocks:
            same = lines and a[:1] == lines[-1][:1] and a[:2] in ("- ", "| ")
            lines += [a] if same or not lines else ["", a]
        return "\n".join(lines) + "\n"


# ---------------------------------------------------------------------------------------------------------------------
# Word, PDF, EPUB


def _docx(data: bytes, _where: str) -> tuple[str, str | None]:
    """Return the text of a Word file; headings by style, by outline level, or (bold, alone in a paragraph) by look."""
    import docx
    from docx.table import Table

    document = docx.Document(io.BytesIO(data))
    blocks: list[tuple[str, str]] = []
    title: str | None = None
    for item in document.iter_inner_content():
        if isinstance(item, Table):
            for row in item.rows:
                cells = list(dict.fromkeys(" ".join(c.text.split()) for c in row.cells))
                if any(cells):
                    blocks.append(("table", "| " + " | ".join(cells) + " |"))
            continue
        text = item.text.strip()
        if not text:
            continue
        style = item.style.name if item.style is not None and item.style.name else ""
        level = _outline(item, style)
        if style.lower() in ("title", "标题") and title is None and not blocks:
            title = " ".join(text.split())
            blocks.append(("heading", f"# {title}"))
        elif level:
            blocks.append(("heading", "#" * min(level + (title is not None), 6) + " " + " ".join(text.split())))
        elif style.lower().startswith(("list", "列表", "列出")) or item._p.xpath("./w:pPr/w:numPr"):
            blocks.append(("list", "- " + text))
        elif len(text) <= 40 and item.runs and all(r.bold for r in item.runs if r.text.strip()) and "\n" not in text:
            blocks.append(("heading", f"**{text}**"))
        else:
            blocks.append(("text", text))
    lines: list[str] = []
    for k, (kind, text) in enumerate(blocks):
        if k and not (kind == blocks[k - 1][0] and kind in ("table", "list")):
            lines.append("")
        lines.append(text)
    if title is None:
        title = (document.core_properties.title or "").strip() or None
        title = None if title and not _HAN.search(title) else title
    return "\n".join(lines) + "\n", title


def _outline(paragraph: object, style: str) -> int:
    """Return the outline level of a Word paragraph, from 1; 0 for body text."""
    if m := re.fullmatch(r"(?:heading|标题|標題)\s*([1-9])(?:\s.*)?", style, re.IGNORECASE):
        return int(m[1])
    element = getattr(paragraph, "_p", None)
    found = element.xpath("./w:pPr/w:outlineLvl/@w:val") if element is not None else []
    return int(found[0]) + 1 if found and str(found[0]).isdigit() and int(found[0]) < 9 else 0


def _pdf(data: bytes, where: str) -> tuple[str, str | None]:
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
    return join_pages(pages), title if title and _HAN.search(title) else None


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


def _epub(data: bytes, where: str) -> tuple[str, str | None]:
    """Return the text of an EPUB in the order of its spine."""
    from posixpath import dirname, join, normpath
    from urllib.parse import unquote

    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)

    def tree(raw: bytes) -> etree._Element:
        root = etree.fromstring(raw, parser)
        if root is None:
            raise InputError(f"{where}: a broken EPUB; save it anew")
        return root

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        container = tree(_member(archive, "META-INF/container.xml", where))
        package = next((str(e.get("full-path")) for e in container.iter("{*}rootfile") if e.get("full-path")), None)
        if package is None or package not in archive.namelist():
            raise InputError(f"{where}: a broken EPUB (no package file); save it anew")
        book = tree(_member(archive, package, where))
        files = {e.get("id"): e.get("href") for e in book.iter("{*}item")}
        title = next((e.text.strip() for e in book.iter("{*}title") if e.text and e.text.strip()), None)
        names = set(archive.namelist())
        parts: list[str] = []
        budget = 2 * MAX_BYTES
        for e in book.iter("{*}itemref"):
            href = files.get(e.get("idref"))
            name = normpath(join(dirname(package), unquote(href))) if href else ""
            if name not in names or Path(name).stem.lower() == "nav":
                continue
            raw = _member(archive, name, where, budget)
            budget -= len(raw)
            page = _without_prolog(decode(raw, None, f"{where} ({_printable(name)})")[0])
            if text := _walk(_parsed(page)[0]).strip():
                parts.append(text)
    return "\n\n".join(parts) + "\n", title
