"""The text of a PDF file: what each page draws, character by character, handed to ``_pdf_layout`` to be read."""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pipeline.formats._pdf_layout import Box, Mark, Page, Run, arranged, spaced
from pipeline.formats.base import HAN, Extracted, InputError, authors, day
from pipeline.model import Metadata

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAX_PAGES = 3000
_MAX_CHARACTERS = 20_000_000
_MAX_TAGS = 20_000  # elements of a page's structure that are looked at
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
        pages: list[Page] = []
        drawn = 0
        for number in range(len(document)):
            try:
                page = document[number]
            except pypdfium2.PdfiumError as error:
                raise InputError(f"{where}: a broken PDF (page {number + 1} cannot be read); save it anew") from error
            try:
                pages.append(_page(page))
            except pypdfium2.PdfiumError as error:
                raise InputError(f"{where}: a broken PDF (page {number + 1} cannot be read); save it anew") from error
            finally:
                page.close()
            drawn += sum(len(run.text) for run in pages[-1].runs)
            if drawn > _MAX_CHARACTERS:
                raise InputError(f"{where}: more than {_MAX_CHARACTERS} characters; give the article alone")
        info = document.get_metadata_dict()
    finally:
        document.close()
    _check(pages, where)
    printed = "Mozilla" in info.get("Creator", "") or "Skia" in info.get("Producer", "")
    text, title, address = arranged(pages, _title(info))
    return Extracted(text, title, _metadata(info, printed=printed, address=address))


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


# ---------------------------------------------------------------------------------------------------------------------
# what a page draws

_BOLD = re.compile(
    r"bold|heavy|black(?!adder)|semibold|demi(?!r)|SimHei|黑体|STHeiti|FZHei|HeiTi|xbs|粗", re.IGNORECASE
)
_MONO = re.compile(
    r"mono|courier|consol|menlo|monaco|fira\s*code|source\s*code|inconsolata|typewriter|cmtt|lmtt", re.IGNORECASE
)
_SYMBOL = re.compile(r"wingding|symbol|dingbat|webding", re.IGNORECASE)
_LEAST_SIZE = 2.0  # points; smaller type is not there to be read
_CJK = re.compile(r"[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]")


@dataclass(frozen=True, slots=True)
class _Font:
    named: bool
    bold: bool
    mono: bool
    symbol: bool


@dataclass(slots=True)
class _Style:
    """How a text object draws.

    Attributes:
        turn: quarter turns; None is askew.
        first, x, y: its first character and where that stands.
        wide: the width of a Chinese character, nearly.
        lost: the font does not say which characters these are.
    """

    size: float
    turn: int | None
    first: int
    x: float
    y: float
    wide: float
    font: _Font
    hidden: bool
    white: bool
    lost: bool


def _page(page: Any) -> Page:
    """Return what a page draws, upright, in points from its upper left corner."""
    import pypdfium2.raw as raw

    left, bottom, right, top = page.get_bbox()
    boxes, pictures, marks = _objects(page, raw)
    area = max((right - left) * (top - bottom), 1.0)
    seen = sum(
        max(0.0, min(b.x1, right) - max(b.x0, left)) * max(0.0, min(b.y1, top) - max(b.y0, bottom)) for b in pictures
    )
    covered = seen >= 0.6 * area
    text_page = page.get_textpage()
    try:
        pieces, drawn, unknown = _pieces(page, text_page.raw, raw)
    finally:
        text_page.close()
    visible = sum(len(p.text) for p in pieces if not p.hidden)
    hidden = sum(len(p.text) for p in pieces if p.hidden)
    turns = [0, 0, 0, 0]
    kept: list[_Piece] = []
    for piece in pieces:
        x, y = (piece.x0 + piece.x1) / 2, (piece.y0 + piece.y1) / 2
        if not (left - 1 <= x <= right + 1 and bottom - 1 <= y <= top + 1):
            continue
        if piece.hidden and not covered and visible > hidden:
            continue  # what a maker hid beside the text, not what text recognition found below a picture
        if piece.white and not any(b.x0 <= x <= b.x1 and b.y0 <= y <= b.y1 for b in (*boxes, *pictures)):
            continue
        if piece.turn is not None:
            turns[piece.turn] += len(piece.text)
            kept.append(piece)
    turn = max(range(4), key=lambda k: (turns[k], k == (4 - page.get_rotation() // 90) % 4))
    frame = (left, bottom, right, top)
    runs = [_run(p, turn, frame) for p in kept if p.turn == turn]
    width, height = (right - left, top - bottom) if turn % 2 == 0 else (top - bottom, right - left)
    upright = [Mark(m.kind, _turned(m.box, turn, frame)) for m in marks]
    return Page(width, height, runs, upright, covered=covered, drawn=drawn, unknown=unknown)


def _objects(page: Any, raw: Any) -> tuple[list[Box], list[Box], list[Mark]]:
    """Return the coloured areas of a page, its pictures, and its ruling lines and drawn bullets."""
    areas: list[Box] = []
    pictures: list[Box] = []
    marks: list[Mark] = []
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    for count, item in enumerate(page.get_objects(max_depth=4)):
        if count > 200_000:
            break
        kind = item.type
        if kind == raw.FPDF_PAGEOBJ_TEXT or kind == raw.FPDF_PAGEOBJ_FORM:
            continue
        box = Box(*item.get_bounds())
        wide, high = box.x1 - box.x0, box.y1 - box.y0
        if kind in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING):
            pictures.append(box)
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            if high <= 3 and wide >= 10:
                marks.append(Mark("row", box))
            elif wide <= 3 and high >= 8:
                marks.append(Mark("column", box))
            elif wide <= 8 and high <= 8 and 0.7 <= wide / max(high, 0.1) <= 1.4:
                marks.append(Mark("bullet", box))
            elif wide >= 10 and high >= 8:
                mode, stroke = ctypes.c_int(), ctypes.c_int()
                raw.FPDFPath_GetDrawMode(item.raw, mode, stroke)
                if mode.value:
                    raw.FPDFPageObj_GetFillColor(item.raw, red, green, blue, alpha)
                    if min(red.value, green.value, blue.value) < 240 and alpha.value > 60:
                        areas.append(box)
                if stroke.value:  # a frame rules on all four sides
                    marks += [
                        Mark("row", Box(box.x0, box.y0, box.x1, box.y0)),
                        Mark("row", Box(box.x0, box.y1, box.x1, box.y1)),
                        Mark("column", Box(box.x0, box.y0, box.x0, box.y1)),
                        Mark("column", Box(box.x1, box.y0, box.x1, box.y1)),
                    ]
    return areas[:2000], pictures[:2000], marks


@dataclass(slots=True)
class _Piece:
    """Characters side by side on one baseline, drawn in one style."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    size: float
    turn: int | None
    font: _Font
    hidden: bool
    white: bool


def _pieces(page: Any, handle: Any, raw: Any) -> tuple[list[_Piece], int, int]:
    """Return the pieces of a page in the order in which they are drawn, the number of characters, and how many of
    these nobody can tell."""
    fonts: dict[int, _Font] = {}
    headed: set[int] | None = None
    styles: dict[int, _Style | None] = {}
    rect, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    by_rect = ctypes.byref(rect)
    unicode_of, object_of, box_of = raw.FPDFText_GetUnicode, raw.FPDFText_GetTextObject, raw.FPDFText_GetLooseCharBox
    pieces: list[_Piece] = []
    last: _Piece | None = None
    parts: list[str] = []
    blank = False
    high = 0
    drawn = unknown = 0
    for k in range(raw.FPDFText_CountChars(handle)):
        code = unicode_of(handle, k)
        pointer = object_of(handle, k)
        if not pointer:  # made up by the library between two characters: a blank or a line's end
            blank = blank or code == 0x20
            continue
        if code in (0x20, 0xA0, 0x09):
            blank = True
            continue
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code, high = (0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00), 0) if high else (0xFFFD, 0)
        address = ctypes.addressof(pointer.contents)
        if address in styles:
            style = styles[address]
        else:
            style = styles[address] = _style(handle, k, pointer, matrix, fonts, raw)
            if style is not None and not style.font.named:
                # Fonts made of drawings do not tell bold type, but those who use them say which texts are headings.
                headed = _headed(page, raw) if headed is None else headed
                if headed and raw.FPDFPageObj_GetMarkedContentID(pointer) in headed:
                    style.font = replace(style.font, bold=True)
        if style is None:
            continue
        drawn += 1
        if code in (2, 0xAD):
            code = 0x2D  # the library marks hyphens that part a word at a line's end
        symbol = style.font.symbol or 0xF000 <= code <= 0xF0FF
        control = code < 0x20 or code == 0xFFFD
        private = 0xE000 <= code <= 0xF8FF or code >= 0xF0000
        unknown += style.lost or control or (private and not style.font.symbol)
        if symbol:
            code = 0x2022
        elif control:
            blank = True
            continue
        if not box_of(handle, k, by_rect):
            continue
        x0, x1, y0, y1 = rect.left, rect.right, rect.bottom, rect.top
        size = style.size
        if style.turn == 0 and 0x3400 <= code <= 0x9FFF:
            # Fonts made of drawings (Type 3) give the box of the strokes, not of the character.
            x0 = min(x0, style.x) if style.first == k else x0
            x1 = max(x1, x0 + style.wide)
        if last is not None and style.turn == last.turn and abs(size - last.size) < 0.1 and style.font == last.font:
            if style.turn == 0:
                near = abs(style.y - last.base) < 0.1 * size and -0.6 * size < x0 - last.x1 < 0.28 * size
                gap = x0 - last.x1
            else:
                near, gap = _goes_on(last, x0, y0, x1, y1, size)
            if near and style.hidden == last.hidden and style.white == last.white:
                if spaced(parts[-1], chr(code), gap / size, blank=blank):
                    parts.append(" ")
                parts.append(chr(code))
                last.x0, last.x1 = min(last.x0, x0), max(last.x1, x1)
                last.y0, last.y1 = min(last.y0, y0), max(last.y1, y1)
                blank = False
                continue
        if last is not None:
            last.text = "".join(parts)
        last = _Piece("", x0, y0, x1, y1, style.y, size, style.turn, style.font, style.hidden, style.white)
        pieces.append(last)
        parts = [" ", chr(code)] if blank else [chr(code)]
        blank = False
    if last is not None:
        last.text = "".join(parts)
    return pieces, drawn, unknown


def _headed(page: Any, raw: Any) -> set[int]:
    """Return the marks of the texts of a page that its file calls headings."""
    tree = raw.FPDF_StructTree_GetForPage(page.raw)
    if not tree:
        return set()
    out: set[int] = set()
    try:
        count = min(raw.FPDF_StructTree_CountChildren(tree), _MAX_TAGS)
        stack = [(raw.FPDF_StructTree_GetChildAtIndex(tree, k), False) for k in range(count)]
        seen = len(stack)
        while stack:
            element, inside = stack.pop()
            if not element:
                continue
            inside = inside or _is_heading(element, raw)
            count = raw.FPDF_StructElement_CountChildren(element)
            if seen + count > _MAX_TAGS:
                break
            seen += max(count, 0)
            for k in range(count):
                stack.append((raw.FPDF_StructElement_GetChildAtIndex(element, k), inside))
                if inside:
                    out.add(raw.FPDF_StructElement_GetChildMarkedContentID(element, k))
    finally:
        raw.FPDF_StructTree_Close(tree)
    return out - {-1}


def _is_heading(element: Any, raw: Any) -> bool:
    buffer = ctypes.create_string_buffer(8)
    size = raw.FPDF_StructElement_GetType(element, buffer, 8)
    return size == 6 and bool(re.fullmatch("H[1-6]", buffer.raw[:4].decode("utf-16-le", "replace")))


def _goes_on(last: _Piece, x0: float, y0: float, x1: float, y1: float, size: float) -> tuple[bool, float]:
    """Tell whether a turned character goes on after a piece, and the gap between them."""
    if last.turn == 2:
        gap, off = last.x0 - x1, abs(y0 - last.y0)
    elif last.turn == 1:
        gap, off = y0 - last.y1, abs((x0 + x1) - (last.x0 + last.x1)) / 2
    else:
        gap, off = last.y0 - y1, abs((x0 + x1) - (last.x0 + last.x1)) / 2
    return off < 0.4 * size and -0.5 * size < gap < 0.28 * size, gap


def _style(handle: Any, k: int, pointer: Any, matrix: Any, fonts: dict[int, _Font], raw: Any) -> _Style | None:
    """Return how the text object of character ``k`` draws; None where it draws nothing that can be seen."""
    raw.FPDFText_GetMatrix(handle, k, matrix)
    a, b, c, d = matrix.a, matrix.b, matrix.c, matrix.d
    tall = (c * c + d * d) ** 0.5
    size = raw.FPDFText_GetFontSize(handle, k) * tall
    if size < _LEAST_SIZE or size > 2000:
        return None
    steep = (a * a + b * b) ** 0.5 or 1.0
    cos, sin = a / steep, b / steep
    turn = 0 if cos > 0.98 else 1 if sin > 0.98 else 2 if cos < -0.98 else 3 if sin < -0.98 else None
    font = raw.FPDFTextObj_GetFont(pointer)
    key = ctypes.addressof(font.contents) if font else 0
    if key not in fonts:
        fonts[key] = _font(font, raw)
    mode = raw.FPDFTextObj_GetTextRenderMode(pointer)
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    known = raw.FPDFText_GetFillColor(handle, k, red, green, blue, alpha)
    white = bool(known) and min(red.value, green.value, blue.value) >= 250 and mode in (0, 4)
    shown = fonts[key] if mode != 2 else replace(fonts[key], bold=True)
    wide = 0.9 * raw.FPDFText_GetFontSize(handle, k) * steep
    hidden = mode in (3, 7) or (bool(known) and alpha.value < 8)
    lost = raw.FPDFText_HasUnicodeMapError(handle, k) == 1
    return _Style(size, turn, k, matrix.e, matrix.f, wide, shown, hidden, white, lost)


def _font(font: Any, raw: Any) -> _Font:
    if not font:
        return _Font(named=False, bold=False, mono=False, symbol=False)
    buffer = ctypes.create_string_buffer(256)
    raw.FPDFFont_GetBaseFontName(font, buffer, 256)
    name = buffer.value.decode("utf-8", "replace").rsplit("+", 1)[-1]
    flags = raw.FPDFFont_GetFlags(font)
    bold = bool(_BOLD.search(name)) or (flags > 0 and bool(flags & 1 << 18)) or raw.FPDFFont_GetWeight(font) >= 600
    return _Font(bool(name), bold, bool(_MONO.search(name)), bool(_SYMBOL.search(name)))


def _turned(box: Box, turn: int, frame: tuple[float, float, float, float]) -> Box:
    """Return a box of the file (upwards from the lower left) as read: downwards from the upper left, turned
    upright."""
    left, bottom, right, top = frame
    if turn == 0:
        return Box(box.x0 - left, top - box.y1, box.x1 - left, top - box.y0)
    if turn == 1:
        return Box(box.y0 - bottom, box.x0 - left, box.y1 - bottom, box.x1 - left)
    if turn == 2:
        return Box(right - box.x1, box.y0 - bottom, right - box.x0, box.y1 - bottom)
    return Box(top - box.y1, right - box.x1, top - box.y0, right - box.x0)


def _run(piece: _Piece, turn: int, frame: tuple[float, float, float, float]) -> Run:
    box = _turned(Box(piece.x0, piece.y0, piece.x1, piece.y1), turn, frame)
    base = frame[3] - piece.base if turn == 0 else box.y1 - 0.15 * piece.size
    mono = piece.font.mono and not _CJK.search(piece.text)
    return Run(piece.text, box.x0, box.x1, base, piece.size, piece.font.bold, mono)
