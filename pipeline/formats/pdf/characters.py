"""The characters of a PDF page, gathered to pieces of one style: their fonts, sizes, turns, and whether they show."""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.formats.pdf.rows import spaced

_MAX_TAGS = 20_000  # elements of a page's structure that are looked at
_BOLD = re.compile(
    r"bold|heavy|black(?!adder)|semibold|demi(?!r)|SimHei|黑体|STHeiti|FZHei|HeiTi|xbs|粗", re.IGNORECASE
)
_MONO = re.compile(
    r"mono|courier|consol|menlo|monaco|fira\s*code|source\s*code|inconsolata|typewriter|cmtt|lmtt", re.IGNORECASE
)
_SYMBOL = re.compile(r"wingding|symbol|dingbat|webding", re.IGNORECASE)
_LEAST_SIZE, _MOST_SIZE = 2.0, 2000.0  # points; other type is not there to be read
_GAP = 0.28  # em; characters further apart are different runs: a cell, a word set wide, a column
_BULLET, _HYPHEN, _REPLACED = 0x2022, 0x2D, 0xFFFD


@dataclass(frozen=True, slots=True)
class _Font:
    """What the name and the flags of a font say; ``named`` tells that it has a name at all."""

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


@dataclass(slots=True)
class Piece:
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


@dataclass(slots=True)
class _Pens:
    """How the text objects of a page draw, each looked at once.

    Attributes:
        headed: the marks of texts that the file calls headings; None before they are looked for.
    """

    page: Any
    handle: Any
    raw: Any
    fonts: dict[int, _Font] = field(default_factory=dict)
    styles: dict[int, _Style | None] = field(default_factory=dict)
    headed: set[int] | None = None


def pieces_of(page: Any, handle: Any, raw: Any) -> tuple[list[Piece], int, int]:
    """Return the pieces of a page in the order in which they are drawn, the number of characters, and how many of
    these nobody can tell."""
    pens = _Pens(page, handle, raw)
    rect = raw.FS_RECTF()
    by_rect = ctypes.byref(rect)
    unicode_of, object_of, box_of = raw.FPDFText_GetUnicode, raw.FPDFText_GetTextObject, raw.FPDFText_GetLooseCharBox
    pieces: list[Piece] = []
    last: Piece | None = None
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
            code, high = (0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00), 0) if high else (_REPLACED, 0)
        style = _style_of(pens, k, pointer)
        if style is None:
            continue
        drawn += 1
        char, told = _character(code, style)
        unknown += not told
        if not char:
            blank = True
            continue
        if not box_of(handle, k, by_rect):
            continue
        x0, x1, y0, y1 = rect.left, rect.right, rect.bottom, rect.top
        if style.turn == 0 and "\u3400" <= char <= "\u9fff":
            # Fonts made of drawings (Type 3) give the box of the strokes, not of the character.
            x0 = min(x0, style.x) if style.first == k else x0
            x1 = max(x1, x0 + style.wide)
        gap = _gap(last, style, x0, y0, x1, y1) if last is not None else None
        if last is not None and gap is not None:
            if spaced(parts[-1], char, gap / style.size, blank=blank):
                parts.append(" ")
            parts.append(char)
            last.x0, last.x1 = min(last.x0, x0), max(last.x1, x1)
            last.y0, last.y1 = min(last.y0, y0), max(last.y1, y1)
        else:
            if last is not None:
                last.text = "".join(parts)
            last = Piece("", x0, y0, x1, y1, style.y, style.size, style.turn, style.font, style.hidden, style.white)
            pieces.append(last)
            parts = [" ", char] if blank else [char]
        blank = False
    if last is not None:
        last.text = "".join(parts)
    return pieces, drawn, unknown


def _character(code: int, style: _Style) -> tuple[str, bool]:
    """Return the character that a code stands for, none for control codes, and whether anybody can tell it."""
    if code in (2, 0xAD):
        code = _HYPHEN  # the library marks hyphens that part a word at a line's end
    control = code < 0x20 or code == _REPLACED
    private = (0xE000 <= code <= 0xF8FF or code >= 0xF0000) and not style.font.symbol
    told = not (style.lost or control or private)
    if style.font.symbol or 0xF000 <= code <= 0xF0FF:
        return chr(_BULLET), told
    return "" if control else chr(code), told


def _gap(last: Piece, style: _Style, x0: float, y0: float, x1: float, y1: float) -> float | None:
    """Return the gap between a piece and a character that goes on with it; None where it begins another one."""
    size = style.size
    if style.turn != last.turn or abs(size - last.size) >= 0.1 or style.font != last.font:
        return None
    if style.hidden != last.hidden or style.white != last.white:
        return None
    if style.turn == 0:
        gap = x0 - last.x1
        return gap if abs(style.y - last.base) < 0.1 * size and -0.6 * size < gap < _GAP * size else None
    if style.turn == 2:
        gap, off = last.x0 - x1, abs(y0 - last.y0)
    elif style.turn == 1:
        gap, off = y0 - last.y1, abs((x0 + x1) - (last.x0 + last.x1)) / 2
    else:
        gap, off = last.y0 - y1, abs((x0 + x1) - (last.x0 + last.x1)) / 2
    return gap if off < 0.4 * size and -0.5 * size < gap < _GAP * size else None


def _style_of(pens: _Pens, k: int, pointer: Any) -> _Style | None:
    """Return how a text object draws, looked at with the first of its characters that is asked for."""
    address = ctypes.addressof(pointer.contents)
    if address in pens.styles:
        return pens.styles[address]
    style = pens.styles[address] = _style(pens, k, pointer)
    if style is not None and not style.font.named:
        # Fonts made of drawings do not tell bold type, but those who use them say which texts are headings.
        if pens.headed is None:
            pens.headed = _headed(pens.page, pens.raw)
        if pens.headed and pens.raw.FPDFPageObj_GetMarkedContentID(pointer) in pens.headed:
            style.font = replace(style.font, bold=True)
    return style


def _style(pens: _Pens, k: int, pointer: Any) -> _Style | None:
    """Return how the text object of character ``k`` draws; None where it draws nothing that can be seen."""
    raw, handle, matrix, fonts = pens.raw, pens.handle, pens.raw.FS_MATRIX(), pens.fonts
    raw.FPDFText_GetMatrix(handle, k, matrix)
    a, b, c, d = matrix.a, matrix.b, matrix.c, matrix.d
    tall = (c * c + d * d) ** 0.5
    size = raw.FPDFText_GetFontSize(handle, k) * tall
    if size < _LEAST_SIZE or size > _MOST_SIZE:
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
