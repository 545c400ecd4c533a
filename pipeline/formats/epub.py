"""The text of an EPUB file, in the order in which it is read."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from pipeline.credits import authors, day
from pipeline.formats.base import HAN, MAX_BYTES, Extracted, InputError, TooLargeError, check_tags, member, printable
from pipeline.formats.encoding import declared, decode
from pipeline.formats.web import parsed, walk, without_prolog
from pipeline.model import Metadata

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_OPF = "{http://www.idpf.org/2007/opf}"
_TYPE = "{http://www.idpf.org/2007/ops}type"
_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document")
_NO_TITLE = re.compile(
    r"(?:unknown|untitled|未知|无标题|未命名|title|document|book)?(?:\s+(?:title|document|book))?\s*\d*$", re.IGNORECASE
)
# Pages around the text, as tables of contents call them.
_AROUND = re.compile(
    r"(?:封面|封底|书名页|扉页|版权(?:信息|页|声明)?|目\s*[录錄次]|書名頁|版權(?:信息|頁|聲明)?"
    r"|(?:front\s*)?cover|title\s*page|copyright(?:\s*page)?|(?:table\s+of\s+)?contents)$",
    re.IGNORECASE,
)
_AROUND_TYPES = frozenset(
    ["cover", "toc", "landmarks", "page-list", "copyright-page", "titlepage", "title-page", "index"]
)


def epub(data: bytes, where: str) -> Extracted:
    """Return the text of an EPUB in the order of its spine, with its title, authors, date and publisher.

    Covers, tables of contents and pages that stand outside of the reading order are left out; a chapter without a
    heading gets the one that the table of contents gives it; what is missing or broken is passed over.

    Raises:
        InputError: the book is damaged, locked, too large, or none of its pages holds text.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book = _Book(archive, where)
        texts: list[str] = []
        pictures = 0
        for page in book.pages():
            text, seen = book.text(page)
            pictures += seen
            if text:
                texts.append(text)
        if not texts:
            if book.error is not None:
                raise book.error
            reason = (
                "an EPUB whose pages are pictures; run text recognition (OCR) on it first"
                if pictures
                else "a broken EPUB (none of its pages holds text); save it anew"
            )
            raise InputError(f"{where}: {reason}")
        return Extracted("\n\n".join(texts) + "\n", book.title, book.metadata())


@dataclass(frozen=True, slots=True)
class _Label:
    """An entry of the table of contents: what it is called, and how deep it lies, from 1."""

    name: str
    depth: int


class _Book:
    """An opened EPUB."""

    def __init__(self, archive: zipfile.ZipFile, where: str) -> None:
        self.archive, self.where = archive, where
        self.names: dict[str, str] = {}
        for name in archive.namelist():
            self.names.setdefault(name, name)
            self.names.setdefault(name.replace("\\", "/").lstrip("/").lower(), name)
        self.budget = 2 * MAX_BYTES
        self.tags = 0
        self.error: InputError | None = None
        container = self.tree("META-INF/container.xml")
        roots = [] if container is None else [e.get("full-path") or "" for e in container.iter("{*}rootfile")]
        found = next((place for root in roots if (place := self.place("", root))), None)
        found = found or next((n for n in archive.namelist() if n.lower().endswith(".opf")), None)
        package = None if found is None else self.tree(found)
        if found is None or package is None:
            raise InputError(f"{where}: a broken EPUB (no package file); save it anew")
        self.package = package
        self.folder = posixpath.dirname(found.replace("\\", "/"))
        self.items = {e.get("id"): e for e in self.package.iter("{*}item") if e.get("href") and e.get("id") is not None}
        self.locked = self._locked()
        self.around = {
            place
            for e in self.package.iter("{*}reference")
            if (e.get("type") or "").lower() in _AROUND_TYPES and (place := self.place(self.folder, e.get("href")))
        }
        self.labels = self._labels()
        self.title = self._title()

    def place(self, folder: str, href: str | None) -> str | None:
        """Return the name in the archive that an address in a file of ``folder`` means, None where there is none."""
        bare = (href or "").strip().split("#")[0]
        for address in (unquote(bare), bare, bare.split("?")[0]):
            name = posixpath.normpath(posixpath.join("/", folder, address.replace("\\", "/"))).lstrip("/")
            if address and (found := self.names.get(name) or self.names.get(name.lower())):
                return found
        return None

    def bytes(self, name: str) -> bytes:
        """Return a file of the archive, taken from the budget."""
        raw = member(self.archive, name, self.where, self.budget)
        self.budget -= len(raw)
        self.tags += raw.count(b"<")
        check_tags(self.tags, self.where)
        return raw

    def tree(self, name: str) -> Any:
        """Return a file as XML, mended where it can be; None where there is none or nothing of it can be used."""
        from lxml import etree

        stored = self.names.get(name) or self.names.get(name.lower())
        if stored is None:
            return None
        raw = self.bytes(stored)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
        try:
            return etree.fromstring(raw, parser)
        except (etree.XMLSyntaxError, ValueError):
            return None

    def _locked(self) -> set[str]:
        """Return the names of the files that are locked; fonts that are only veiled are none of them."""
        listed = self.tree("META-INF/encryption.xml")
        out = set()
        for e in () if listed is None else listed.iter("{*}EncryptedData"):
            method = next((x.get("Algorithm") or "" for x in e.iter("{*}EncryptionMethod")), "")
            if method.endswith(("/2008/embedding", "/pdf/enc#RC")):
                continue
            for reference in e.iter("{*}CipherReference"):
                if found := self.place("", reference.get("URI")):
                    out.add(found)
        return out

    def _labels(self) -> dict[str, list[_Label]]:
        """Return what the table of contents calls the pages, by their names in the archive."""
        out: dict[str, list[_Label]] = {}
        nav = next((e for e in self.items.values() if "nav" in (e.get("properties") or "").split()), None)
        ncx = next((e for e in self.items.values() if e.get("media-type") == "application/x-dtbncx+xml"), None)
        for item, entries in ((nav, _nav_entries), (ncx, _ncx_entries)):
            place = None if item is None else self.place(self.folder, item.get("href"))
            root = None if place is None or place in self.locked else self.tree(place)
            if place is None or root is None:
                continue
            for href, label in entries(root):
                page = self.place(posixpath.dirname(place), href)
                if page is not None and label.name:
                    out.setdefault(page, []).append(label)
            if out:
                break
        return out

    def _title(self) -> str | None:
        kinds = self._refined("title-type")
        titles = [(e.get("id"), " ".join("".join(e.itertext()).split())) for e in _dc(self.package, "title")]
        titles = [(key, text[:200]) for key, text in titles if not _NO_TITLE.match(text)]
        titles.sort(key=lambda t: kinds.get(t[0], "main") != "main")
        return titles[0][1] if titles else None

    def _refined(self, name: str) -> dict[str | None, str]:
        """Return what the package says, in a line of its own, of its other lines, by their ids."""
        return {
            (e.get("refines") or "").lstrip("#"): (e.text or "").strip().lower()
            for e in self.package.iter("{*}meta")
            if e.get("property") == name
        }

    def metadata(self) -> Metadata:
        """Return the book's authors, day of publication and publisher."""
        roles = self._refined("role")
        people = [
            (e.get(f"{_OPF}role") or roles.get(e.get("id")) or "aut", e.text) for e in _dc(self.package, "creator")
        ]
        dates = [(e.get(f"{_OPF}event") or "", day(e.text)) for e in _dc(self.package, "date")]
        dates.sort(key=lambda d: (d[0] != "publication", d[0] == "modification"))
        sources = [
            " ".join((e.text or "").split()) for name in ("publisher", "source") for e in _dc(self.package, name)
        ]
        return Metadata(
            author=authors(name for role, name in people if role == "aut"),
            date=next((found for _, found in dates if found), None),
            source=next(
                (s[:100] for s in sources if authors([s]) and not re.match(r"urn:|https?:|isbn|[\d\s-]+$", s, re.I)),
                None,
            ),
        )

    def pages(self) -> list[str]:
        """Return the names of the pages in the order in which they are read."""
        references = list(self.package.iter("{*}itemref"))
        read = [e for e in references if (e.get("linear") or "yes").lower() != "no"] or references
        items = [x for e in read if (x := self.items.get(e.get("idref"))) is not None]
        if not any(self.place(self.folder, e.get("href")) for e in items):
            items = [e for e in self.items.values() if e.get("media-type") in _PAGES]
        found: dict[str, None] = {}
        for e in items:
            place = self.place(self.folder, e.get("href"))
            kind = e.get("media-type") or ""
            if place is None or "nav" in (e.get("properties") or "").split() or kind == "application/x-dtbncx+xml":
                continue
            if place in self.locked:
                raise InputError(f"{self.where}: locked by the shop that sold it (DRM); give an open copy")
            if not (kind.startswith(("image/", "audio/", "video/", "font/")) and kind != "image/svg+xml"):
                found.setdefault(place)
        if len(found) > 1:
            for place in self.around & set(found):
                del found[place]
        return list(found)

    def text(self, page: str) -> tuple[str, int]:
        """Return the text of a page, empty where it has none or stands around the text, and how many pictures it
        holds."""
        labels = self.labels.get(page, [])
        try:
            raw = self.bytes(page)
        except TooLargeError:
            raise
        except InputError as error:
            self.error = error
            return "", 0
        source = _decoded(raw, f"{self.where} ({printable(page)})")
        if source is None or not source.strip():
            return "", 0
        try:
            root = parsed(without_prolog(source))[0]
        except (ValueError, AssertionError):
            return "", 0
        pictures = sum(1 for _ in root.iter("img", "image", "svg"))
        if _is_around(root):
            return "", 0
        _prepare(root)
        text = walk(root).strip()
        around = len(text) < 600 and any(_AROUND.match(label.name) for label in labels[:1])
        if around or self._is_title_page(text):
            return "", 0
        return (_headed(text, labels) if text else ""), pictures

    def _is_title_page(self, text: str) -> bool:
        """Tell whether a page shows the book's title and hardly more."""
        bare = _bare(text)
        title = _bare(self.title or "")
        return (
            bool(title)
            and bare.startswith(title)
            and len(bare) < len(title) + 40
            and not re.search(r"[。！？，]", text)
        )


def _dc(package: Any, name: str) -> list[Any]:
    """Return the lines of a package's metadata that are called ``name``."""
    metadata = next(package.iter("{*}metadata"), None)
    return [] if metadata is None else [e for e in metadata.iter(f"{{*}}{name}") if isinstance(e.tag, str)]


def _ncx_entries(root: Any) -> Iterator[tuple[str, _Label]]:
    """Yield the entries of an old table of contents: address, name and depth."""
    for point in root.iter("{*}navPoint"):
        name = next((" ".join("".join(x.itertext()).split()) for x in point.iterchildren("{*}navLabel")), "")
        href = next((x.get("src") or "" for x in point.iterchildren("{*}content")), "")
        depth = 1 + sum(1 for _ in point.iterancestors("{*}navPoint"))
        yield href, _Label(name[:150], min(depth, 6))


def _nav_entries(root: Any) -> Iterator[tuple[str, _Label]]:
    """Yield the entries of a table of contents: address, name and depth."""
    for nav in root.iter("{*}nav"):
        if (nav.get(_TYPE) or "toc") != "toc":
            continue
        for a in nav.iter("{*}a"):
            name = " ".join("".join(a.itertext()).split())
            depth = sum(1 for _ in a.iterancestors("{*}ol", "{*}ul"))
            yield a.get("href") or "", _Label(name[:150], min(max(depth, 1), 6))


def _decoded(raw: bytes, where: str) -> str | None:
    """Return the text of a page; a few broken bytes are passed over, a page that is broken all over is None."""
    try:
        return decode(raw, declared(raw), where)[0]
    except InputError:
        text = raw.decode("utf-8", "replace")
        return text.replace("\ufffd", "") if text.count("\ufffd") <= 0.01 * len(text) else None


_MARK = re.compile(r"[\[（(〔【]?\s*(?:注\s*)?\d{1,3}\s*[\]）)〕】]?[.．]?|[*†‡↩↑⏎^①-⑳\ufe0e]+|注|返回")


def _words(e: Any, name: str = "epub:type") -> set[str]:
    return set((e.get(name) or "").lower().split())


def _is_around(root: Any) -> bool:
    """Tell whether a page is a cover, a table of contents or the like: it says so, or is made of links within the
    book."""
    body = root if root.tag == "body" else next(root.iter("body"), root)
    holders = [body, *body]
    if any(_words(e) & _AROUND_TYPES for e in (holders if len(holders) == 2 else holders[:1])):
        return True
    links = [a for a in body.iter("a") if a.get("href") and not re.match(r"\w+:", a.get("href"))]
    if len(links) < 3:
        return False
    entries = ["".join("".join(a.itertext()).split()) for a in links]
    said = "".join("".join(body.itertext()).split())
    pages = {a.get("href").split("#")[0] for a in links}
    return len(pages) >= 2 and sum(map(len, entries)) >= 0.7 * len(said)


# What a page may hold, as &#1; too, and its tree takes back no more.
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _beginning(e: Any) -> str:
    """Return the text of an element, or its first part where it is no short one."""
    text = ""
    for piece in e.itertext():
        text += piece[:40].strip()
        if len(text) > 12:
            break
    return text


def _prepare(root: Any) -> None:
    """Take out of a page what is not read (marks of notes, page numbers), and make plain what a web page would mean
    otherwise."""
    gone = []
    for e in root.iter("a", "sup", "span", "div", "aside", "article", "main", "header", "footer"):
        tag = e.tag
        if tag == "a":
            inside = (e.get("href") or "").split("#")[0].strip() == "" or "#" in (e.get("href") or "")
            noted = _words(e) & {"noteref", "backlink"} or _words(e, "role") & {"doc-noteref", "doc-backlink"}
            text = _beginning(e) if inside else ""
            if noted or (inside and e.get("href") and len(text) <= 12 and _MARK.fullmatch(text)):
                gone.append(e)
        elif _words(e) & {"pagebreak"} or _words(e, "role") & {"doc-pagebreak"}:
            gone.append(e)
        elif tag in ("aside", "article", "main", "header", "footer"):
            e.tag = "div"
    for e in gone:
        parent = e.getparent()
        if e.tag == "a" and parent is not None and e.getprevious() is None and not (parent.text or "").strip():
            e.tail = _NOT_XML.sub("", e.tail or "").lstrip(".．、:： \t\r\n")  # 1. before a note
        e.clear(keep_tail=True)  # taking it out would copy what follows it, each time
        e.tag = "span"


_HEADING = re.compile(r"(#{1,6}) +(.+)")


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def _headed(text: str, labels: Sequence[_Label]) -> str:
    """Return the text of a page with the headings that the table of contents knows."""
    if not labels:
        return text
    lines = text.split("\n")
    fenced = False
    heads: list[int] = []
    for k, line in enumerate(lines):
        fenced ^= line.startswith("```")
        if not fenced and _HEADING.match(line):
            heads.append(k)
    if heads:
        first = _HEADING.match(lines[heads[0]])
        label = next((x for x in labels if first and _bare(x.name) == _bare(first[2])), None)
        shift = label.depth - len(first[1]) if label is not None and first is not None else 0
        for k in heads if shift > 0 else ():
            m = _HEADING.match(lines[k])
            if m is not None:
                lines[k] = "#" * min(6, len(m[1]) + shift) + " " + m[2]
        return "\n".join(lines)
    places: dict[str, list[int]] = {}
    for k in reversed(range(len(lines))):
        line = lines[k]
        if 0 < len(line) <= 170:
            places.setdefault(_bare(line), []).append(k)
    for n, label in enumerate(labels):
        found = next(reversed(places.get(_bare(label.name), [])), None)
        if found is not None:
            name = lines[found].strip().strip("*").strip()
            lines[found] = "\n" * bool(found) + "#" * label.depth + " " + name + "\n"
            places[_bare(label.name)].pop()
        elif not n and HAN.search(label.name):  # programs make up names of their own, in English
            lines[0] = "#" * label.depth + " " + label.name + "\n\n" + lines[0]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
