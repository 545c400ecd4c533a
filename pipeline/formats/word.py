"""The text of a Word file (.docx, .docm, .dotx) as a reader sees it.

The parts that hold text are walked as trees, not as python-docx's paragraphs: those leave out content controls, text
boxes, insertions, notes and the numbers that Word writes itself. The package is opened here too, because python-docx
reads every part of it, follows every relation, and refuses templates, files with macros and Strict files; its parser
and its reading of the properties serve here.

A note stands after the paragraph that it hangs on: which lines are headings is decided later, and at the end of the
file a note would speak of the wrong section.
"""

from __future__ import annotations

import datetime
import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from pipeline.credits import authors, day
from pipeline.formats._word_headings import Block, Piece, is_prose, is_told, joined, structured, weighed, written
from pipeline.formats._word_numbering import UNCOUNTED, Counted, Numbering
from pipeline.formats._word_styles import MC, PLAIN, Look, Styles, W, on, paragraph_look, run_look, val
from pipeline.formats.base import HAN, MAX_BYTES, Extracted, InputError, check_tags, member, one_line
from pipeline.model import Metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
# Strict files name the same things otherwise.
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", _M[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", _R[1:-1].encode()),
)


def docx(data: bytes, where: str) -> Extracted:
    """Return the text of a Word file with its title, author and date.

    Headings are told by style, by outline level, or by look: larger than the body (``#``, levels by size) or bold and
    alone in a line (``**…**``).

    Raises:
        InputError: the file is damaged, locked, too large, or holds no document.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        package = _Package(archive, where)
        story = _Story(package)
        blocks = story.read()
        core = package.properties()
    blocks, title = structured(blocks)
    return Extracted(written(blocks), title or core[0], core[1])


# ---------------------------------------------------------------------------------------------------------------------
# the package


class _Package:
    """The parts of a Word file: read when asked for, from one budget."""

    def __init__(self, archive: zipfile.ZipFile, where: str) -> None:
        self.archive, self.where = archive, where
        self.names = {n.replace("\\", "/").lstrip("/").lower(): n for n in archive.namelist()}
        self.budget = 2 * MAX_BYTES
        self.tags = 0
        self.main = next((t for k, t in self.relations("").values() if k == "officeDocument"), "word/document.xml")
        self.related = self.relations(self.main)

    def bytes(self, name: str) -> bytes | None:
        """Return a part, None where there is none."""
        stored = self.names.get(name.lower())
        if stored is None:
            return None
        raw = member(self.archive, stored, self.where, self.budget)
        self.budget -= len(raw)
        self.tags += raw.count(b"<")
        check_tags(self.tags, self.where)
        return raw

    def tree(self, name: str) -> Any:
        """Return a part as a tree, None where there is none."""
        from docx.oxml import parse_xml
        from lxml import etree

        raw = self.bytes(name)
        if raw is None:
            return None
        if b"purl.oclc.org" in raw:
            for strict, usual in _STRICT:
                raw = raw.replace(strict, usual)
        try:
            root = parse_xml(raw)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise InputError(
                f"{self.where}: a broken Word file ({name}: {one_line(error)}); open it in Word and save it anew"
            ) from error
        if root.getroottree().docinfo.internalDTD is not None:
            raise InputError(f"{self.where}: a broken Word file ({name} declares a DTD); open it in Word, save it anew")
        return root

    def optional(self, kind: str) -> Any:
        """Return the first part of a kind that the main part names, as a tree; None where it is missing or damaged."""
        name = next((t for k, t in self.related.values() if k == kind), None)
        try:
            return self.tree(name or posixpath.join(posixpath.dirname(self.main), f"{kind}.xml"))
        except InputError:
            return None

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return kind and target of what a part (``""``: the package) refers to inside of the package, by their ids."""
        folder, name = posixpath.split(part)
        try:
            root = self.tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        except InputError:
            return {}
        out: dict[str, tuple[str, str]] = {}
        for e in () if root is None else root.iter("{*}Relationship"):
            if e.get("TargetMode") != "External" and e.get("Target"):
                target = posixpath.normpath(posixpath.join("/", folder, unquote(e.get("Target")))).lstrip("/")
                out.setdefault(e.get("Id") or "", ((e.get("Type") or "").rpartition("/")[2], target))
        return out

    def properties(self) -> tuple[str | None, Metadata]:
        """Return title and metadata that the file's properties give."""
        from docx.opc.coreprops import CoreProperties

        name = next((t for k, t in self.relations("").values() if k == "core-properties"), "docProps/core.xml")
        try:
            root = self.tree(name)
            if root is None:
                return None, Metadata()
            core = CoreProperties(root)
            title = " ".join((core.title or "").split())[:200]
            created, modified = core.created, core.modified
            author = authors([core.author])
            template = (core.author or "").strip().lower() == "python-docx"
        except (InputError, ValueError, AttributeError, TypeError):
            return None, Metadata()
        # A file that was made over a year before it was saved was made from another one: neither day is the article's.
        apart = created and modified and abs((modified - created).days) > 366
        date = None if template or apart else created or modified
        if date is not None and date.date() == _TEMPLATE_DAY:
            date = None
        return (
            title if HAN.search(title) and not _NO_TITLE.match(title) else None,
            Metadata(author=author, date=day(date.isoformat() if date else None)),
        )


_TEMPLATE_DAY = datetime.date(2013, 12, 23)  # of python-docx's template, which files made with it keep
_NO_TITLE = re.compile(
    r"(?:power\s*point\s*)?(?:演示文稿|幻灯片|文档|新建.{0,20}文档|无标题|未命名|标题|单位名称|题目)\s*[\d一]*$"
    r"|microsoft word|.*\.(?:docx?|wps)$",
    re.IGNORECASE,
)

# ---------------------------------------------------------------------------------------------------------------------
# the story


@dataclass(slots=True)
class _Field:
    """A field whose end has not been read yet."""

    words: list[str] = field(default_factory=list)
    asked: bool = True
    mute: bool = False


# Elements that hold no text of the article.
_NO_TEXT = frozenset(
    W + name
    for name in (
        "pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "del", "moveFrom", "delText",
        "customXmlPr", "smartTagPr", "rt", "rubyPr", "pgNum", "annotationRef", "footnoteRef", "endnoteRef",
        "separator", "continuationSeparator", "tblPrEx", "ffData", "fldData",
    )
)  # fmt: skip
_NO_FIELD = re.compile(r"\s*(?:toc|index|toa|rd|page|numpages|sectionpages)\b", re.IGNORECASE)
_EQ_CIRCLE = re.compile(r"eq\s*\\o\s*\\a[cd]\s*\([^,，()]{1,4}[,，]\s*([^()\s]{1,4})\s*\)", re.IGNORECASE)
# What the characters of fonts of signs show.
_SIGNS = {
    "fc": "✓", "fb": "✗", "fe": "☑", "fd": "☒", "a8": "□", "6f": "□", "71": "□", "6c": "●", "6e": "■", "75": "◆",
    "d8": "➢", "e0": "→", "e8": "→", "df": "←", "e1": "↑", "e2": "↓", "4a": "☺", "4c": "☹", "ab": "★",
}  # fmt: skip
_SYMBOLS = {
    "b7": "•",
    "ae": "→",
    "b4": "×",
    "a3": "≤",
    "b3": "≥",
    "b1": "±",
    "b9": "≠",
    "bb": "≈",
    "d7": "·",
    "b8": "÷",
}
_JOINS = {f"{_M}f": "/", f"{_M}sSup": "^", f"{_M}sSub": "_"}


class _Story:
    """Walks a document and collects its blocks."""

    def __init__(self, package: _Package) -> None:
        self.package = package
        self.styles = Styles(package.optional("styles"))
        self.numbering = Numbering(package.optional("numbering"), self.styles)
        self.notes = {kind: _notes(package.optional(kind + "s"), kind) for kind in ("footnote", "endnote")}
        self.blocks: list[Block] = []
        self.lines: list[list[Piece]] = [[]]
        self.carried: list[list[Piece]] | None = None
        self.boxes: list[Any] = []
        self.hanging: list[Any] = []
        self.fields: list[_Field] = []
        self.mute = 0
        self.loose: frozenset[Any] = frozenset()
        self.runs: dict[tuple[str | None, str | None], Look] = {}

    def read(self) -> list[Block]:
        """Return the blocks of the main part."""
        root = self.package.tree(self.package.main)
        if root is None:
            raise InputError(f"{self.package.where}: a broken Word file (no document in it); save it anew")
        body = root.find(f"{W}body")
        if body is None:
            raise InputError(f"{self.package.where}: a broken Word file (its document has no body); save it anew")
        self.loose = _loose(body)
        self.walk(body)
        self.flush()
        return self.blocks

    def flush(self) -> None:
        """Write what stands before a deleted end of paragraph that no paragraph follows."""
        if self.carried is not None:
            self.lines, self.carried = self.carried, None
            self.finish(PLAIN, UNCOUNTED)

    def walk(self, parent: Any) -> None:
        """Read what stands in a body, a cell, a text box or a note."""
        for e in parent:
            tag = e.tag
            if tag == f"{W}p":
                self.paragraph(e)
            elif tag == f"{W}tbl":
                self.flush()
                self.table(e)
            elif tag == f"{W}altChunk":
                self.chunk(e.get(f"{_R}id"))
            elif isinstance(tag, str) and tag not in _NO_TEXT:
                for inner in _inside(e):
                    self.walk(inner)

    def apart(self, parent: Any) -> list[Block]:
        """Return what stands in a cell, a text box or a note, as blocks of its own."""
        kept = self.blocks, self.lines, self.carried, self.boxes, self.hanging
        self.blocks, self.lines, self.carried, self.boxes, self.hanging = [], [[]], None, [], []
        self.walk(parent)
        self.flush()
        found = self.blocks
        self.blocks, self.lines, self.carried, self.boxes, self.hanging = kept
        return found

    def paragraph(self, p: Any) -> None:
        """Read a paragraph, the text boxes that hang on it and its notes."""
        ppr = p.find(f"{W}pPr")
        style = val(ppr, f"{W}pStyle")
        style = style if style in self.styles.own else self.styles.default
        look = paragraph_look(ppr).over(self.styles.look(style)).over(self.styles.base)
        self.lines = self.carried or [[]]
        self.carried = None
        self.inline(p, look, style)
        boxes, self.boxes = self.boxes, []
        mark = None if ppr is None else ppr.find(f"{W}rPr")
        if mark is not None and (mark.find(f"{W}del") is not None or mark.find(f"{W}moveFrom") is not None):
            self.carried = self.lines
        elif look.role == "contents":
            pass
        else:
            said = any(piece.text.strip() for line in self.lines for piece in line)
            number = UNCOUNTED if self.mute else self.numbering.count(look.num, look.level, style)
            if said:
                self.finish(look, number)
        for box in boxes:
            self.blocks += self.apart(box)
        notes, self.hanging = self.hanging, []
        for note in notes:
            for block in self.apart(note):
                block.note = True
                self.blocks.append(block)

    def finish(self, look: Look, number: Counted) -> None:
        """Make blocks of a paragraph's lines."""
        lines = [
            (" ".join("".join(x.text for x in line).replace("\t", " \t ").split(" ")).strip(), line)
            for line in self.lines
        ]
        lines = [(re.sub(r" *\t *", "\t", re.sub(r"  +", " ", text)), line) for text, line in lines if text]
        if not lines:
            return
        if (look.outline or look.role == "title") and sum(len(text) for text, _ in lines) <= 150:
            text = lines[0][0]
            for following, _ in lines[1:]:
                text = joined(text, following)
            text = " ".join((number.text + text).split())
            if not is_prose(text):
                size, bold = weighed([piece for _, line in lines for piece in line])
                level = look.outline or 0
                title = look.role == "title" and not level
                self.blocks.append(
                    Block("title" if title else "heading", text, level=level or 1, size=size, bold=bold,
                           centred=bool(look.centred), series=number.series)
                )  # fmt: skip
                return
        item = number.kind == "bullet" or (look.role == "bullet" and not number.kind)
        for k, (text, line) in enumerate(lines):
            size, bold = weighed(line)
            self.blocks.append(
                Block(
                    "list" if item or number.kind else "text",
                    text if k else number.text + text,
                    mark="- " if item and not k else "",
                    size=size,
                    bold=bold,
                    centred=bool(look.centred),
                    goes_on=k > 0,
                    plain=look.role in ("caption", "text"),
                    series=None if k else number.series,
                )
            )

    def inline(self, parent: Any, look: Look, style: str | None) -> None:
        """Read what stands in a paragraph, a link, an insertion …"""
        for e in parent:
            tag = e.tag
            if tag == f"{W}r":
                self.run(e, style)
            elif tag == f"{W}fldSimple":
                mute = bool(_NO_FIELD.match(e.get(f"{W}instr") or ""))
                self.mute += mute
                self.inline(e, look, style)
                self.mute -= mute
            elif tag in (f"{_M}oMath", f"{_M}oMathPara"):
                self.add(_formula(e), look)
            elif isinstance(tag, str) and tag not in _NO_TEXT:
                for inner in _inside(e):
                    self.inline(inner, look, style)

    def run(self, r: Any, style: str | None) -> None:
        """Read a run."""
        rpr = r.find(f"{W}rPr")
        key = (style, val(rpr, f"{W}rStyle"))
        if key not in self.runs:
            self.runs[key] = self.styles.look(key[1]).over(self.styles.look(style)).over(self.styles.base)
        self.pieces(r, run_look(rpr).over(self.runs[key]), style)

    def pieces(self, r: Any, look: Look, style: str | None) -> None:
        """Read what stands in a run."""
        for e in r:
            tag = e.tag
            name = tag[len(W) :] if isinstance(tag, str) and tag.startswith(W) else ""
            if name == "t":
                self.add(re.sub(r"[\r\n]+", " ", e.text or ""), look)
            elif name in ("tab", "ptab"):
                self.add("\t", look)
            elif name in ("br", "cr"):
                if not self.mute and not look.hidden:
                    self.lines.append([])
            elif name == "noBreakHyphen":
                self.add("-", look)
            elif name == "sym":
                self.add(_sign(e), look)
            elif name == "ruby":
                for base in e.iterchildren(f"{W}rubyBase"):
                    self.inline(base, look, style)
            elif name in ("footnoteReference", "endnoteReference"):
                note = self.notes[name.removesuffix("Reference")].pop(e.get(f"{W}id") or "", None)
                if note is not None and not self.mute and not look.hidden:
                    self.hanging.append(note)
            elif name == "fldChar":
                self.field(e, look)
            elif name == "instrText":
                if self.fields and self.fields[-1].asked:
                    self.fields[-1].words.append(e.text or "")
            elif name in ("drawing", "pict", "object"):
                self.box(e, look)
            elif isinstance(tag, str) and tag not in _NO_TEXT:
                for inner in _inside(e):
                    self.pieces(inner, look, style)

    def box(self, e: Any, look: Look) -> None:
        """Keep the text boxes of a drawing for the end of the paragraph."""
        if self.mute or look.hidden:
            return
        for inner in _inside(e):
            for x in inner:
                if x.tag == f"{W}txbxContent":
                    self.boxes.append(x)
                elif isinstance(x.tag, str):
                    self.box(x, look)

    def add(self, text: str, look: Look) -> None:
        """Add text to the line, if a reader sees it."""
        if text and not self.mute and not look.hidden:
            self.lines[-1].append(Piece(text, look.size or 10.0, bool(look.bold or look.heavy)))

    def field(self, e: Any, look: Look) -> None:
        """Follow the beginning, middle and end of fields, which may stand in different paragraphs."""
        step = e.get(f"{W}fldCharType")
        if step == "begin" and e not in self.loose:
            self.fields.append(_Field())
            self.mute += 1
        elif step == "separate" and self.fields and self.fields[-1].asked:
            top = self.fields[-1]
            top.asked = False
            top.mute = bool(_NO_FIELD.match("".join(top.words)))
            self.mute -= not top.mute
        elif step == "end" and self.fields:
            top = self.fields.pop()
            self.mute -= top.asked or top.mute
            if top.asked and (m := _EQ_CIRCLE.search("".join(top.words))):
                self.add(m[1], look)

    def table(self, tbl: Any) -> None:
        """Read a table: row by row, each merged cell once; what is only laid out as a table comes as paragraphs."""
        rows: list[list[list[Block]]] = []
        notes: list[Block] = []
        for tr in _children(tbl, f"{W}tr"):
            trpr = tr.find(f"{W}trPr")
            if trpr is not None and (trpr.find(f"{W}del") is not None or on(trpr.find(f"{W}hidden"))):
                continue
            cells = []
            for tc in _children(tr, f"{W}tc"):
                merged = next((x for x in tc.iterfind(f"{W}tcPr/*") if x.tag in (f"{W}vMerge", f"{W}hMerge")), None)
                if merged is not None and merged.get(f"{W}val", "continue") == "continue":
                    continue
                cell = self.apart(tc)
                notes += [b for b in cell if b.note]
                cells.append([b for b in cell if not b.note])
            if any(cells):
                rows.append(cells)
        if not rows or self.mute:
            return
        long = sum(len(b.text) for row in rows for cell in row if is_told(cell) for b in cell)
        laid_out = max(map(len, rows)) == 1 or 2 * long >= sum(len(b.text) for row in rows for c in row for b in c)
        for row in rows:
            if laid_out and (len(row) == 1 or any(map(is_told, row))):
                for k, cell in enumerate(row):
                    named = k == 0 and len(row) == 2 and len(cell) == 1 and cell[0].kind == "text"
                    if named and len(cell[0].text) <= 20 and not is_prose(cell[0].text):
                        cell[0].kind = "bold"
                    self.blocks += cell
            else:
                texts = [" ".join(" ".join(b.text.split()) for b in cell) for cell in row]
                if any(texts):
                    self.blocks.append(Block("table", "| " + " | ".join(texts) + " |"))
        self.blocks += notes

    def chunk(self, key: str | None) -> None:
        """Read a web page that a program put into the document as a whole."""
        name = self.package.related.get(key or "", ("", ""))[1]
        raw = self.package.bytes(name) if name else None
        if raw is None or raw[:4] == b"PK\x03\x04":
            return
        from email import message_from_bytes, policy

        from pipeline.formats.encoding import declared, decoded
        from pipeline.formats.web import parsed, walk, without_prolog

        if re.match(rb"(?:mime-version|content-type|from):", raw[:200].lstrip(), re.IGNORECASE):
            message = message_from_bytes(raw, policy=policy.default)
            part = next((x for x in message.walk() if x.get_content_type() == "text/html"), None)
            content = b"" if part is None else part.get_payload(decode=True)
            raw = content if isinstance(content, bytes) else b""
        if not raw.strip():
            return
        page = without_prolog(decoded(raw, declared(raw), self.package.where)[0])
        for line in walk(parsed(page)[0]).split("\n"):
            if m := re.match(r"(#{1,6}) +(.+)", line):
                self.blocks.append(Block("heading", m[2], level=len(m[1])))
            elif line.strip():
                self.blocks.append(Block("list" if line[:2] == "- " else "table" if line[0] == "|" else "text", line))


def _notes(root: Any, kind: str) -> dict[str, Any]:
    """Return the notes of a part by their ids, without the rules that part them off."""
    if root is None:
        return {}
    usual = [e for e in root.iterchildren(W + kind) if e.get(f"{W}type", "normal") == "normal"]
    return {e.get(f"{W}id") or "": e for e in usual}


def _loose(body: Any) -> frozenset[Any]:
    """Return the beginnings of fields that have no end, which Word passes over."""
    begun: list[Any] = []
    for e in body.iter(f"{W}fldChar"):
        step = e.get(f"{W}fldCharType")
        if step == "begin":
            begun.append(e)
        elif step == "end" and begun:
            begun.pop()
    return frozenset(begun)


def _inside(e: Any) -> Iterator[Any]:
    """Yield the parts of an element that a reader sees: of alternatives one, of content controls no prompts."""
    if e.tag == f"{MC}AlternateContent":
        choices = [x for x in e if isinstance(x.tag, str)]
        told = next((x for x in choices if next(x.iter(f"{W}t"), None) is not None), None)
        if told is not None:
            yield told
        return
    if e.tag == f"{W}sdt":
        properties = e.find(f"{W}sdtPr")
        gallery = val(properties, f"{W}docPartObj/{W}docPartGallery") or ""
        prompt = None if properties is None else properties.find(f"{W}showingPlcHdr")
        if on(prompt) or "table of contents" in gallery.lower():
            return
    yield e


def _children(parent: Any, tag: str) -> Iterator[Any]:
    """Yield the rows of a table or the cells of a row, whatever they are wrapped in."""
    for e in parent:
        if e.tag == tag:
            yield e
        elif isinstance(e.tag, str) and e.tag not in _NO_TEXT and e.tag not in (f"{W}tc", f"{W}p", f"{W}tbl"):
            for inner in _inside(e):
                yield from _children(inner, tag)


def _formula(e: Any) -> str:
    """Return a formula in one line."""
    if e.tag == f"{_M}t":
        return e.text or ""
    parts = [_formula(x) for x in e if isinstance(x.tag, str) and x.tag.startswith(_M)]
    parts = [x for x in parts if x]
    joined = _JOINS.get(e.tag, "").join(parts)
    if e.tag == f"{_M}d":
        return f"({joined})"
    return "√" + joined if e.tag == f"{_M}rad" else joined


def _sign(e: Any) -> str:
    """Return a character that is given by its place in a font of signs."""
    code = (e.get(f"{W}char") or "").lower()
    if not re.fullmatch(r"[0-9a-f]{2,5}", code):
        return ""
    n = int(code, 16)
    if 0xF000 <= n <= 0xF0FF or n < 0x100:
        font = (e.get(f"{W}font") or "").lower()
        known = _SYMBOLS if font == "symbol" else _SIGNS if font.startswith("wingdings") else {}
        if found := known.get(f"{n & 0xFF:02x}"):
            return found
        return chr(n) if 0x20 <= n < 0x7F and font == "symbol" else ""
    return "" if 0xD800 <= n < 0xF900 else chr(n)
