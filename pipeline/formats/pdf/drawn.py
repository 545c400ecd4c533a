"""What a page of a PDF draws, upright: runs of characters, ruling lines, bullets, and whether a picture covers it."""

from __future__ import annotations

import ctypes
import re
from typing import Any

from pipeline.formats.pdf.characters import Piece, pieces_of
from pipeline.formats.pdf.model import Box, Mark, Page, Run

_MAX_OBJECTS = 200_000  # of a page: maps and charts have so many, articles have not
_MAX_AREAS = 2000  # coloured areas and pictures of a page: each is compared with each white text
_COVERED = 0.6  # of a page's area: pictures that take more of it are the page, as in a scan
_DARK, _OPAQUE = 240, 60  # of 255; paler and fainter areas do not let white text be seen
# Fixed-width fonts draw Chinese text as well, which is no code for that.
_CJK = re.compile(r"[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]")

_Frame = tuple[float, float, float, float]
"""The left, lower, right and upper edge of a page, in points of the file."""


def drawn_page(page: Any) -> Page:
    """Return what a page draws, upright, in points from its upper left corner."""
    import pypdfium2.raw as raw

    left, bottom, right, top = page.get_bbox()
    boxes, pictures, marks = _objects(page, raw)
    area = max((right - left) * (top - bottom), 1.0)
    seen = sum(
        max(0.0, min(b.x1, right) - max(b.x0, left)) * max(0.0, min(b.y1, top) - max(b.y0, bottom)) for b in pictures
    )
    covered = seen >= _COVERED * area
    text_page = page.get_textpage()
    try:
        pieces, drawn, unknown = pieces_of(page, text_page.raw, raw)
    finally:
        text_page.close()
    visible = sum(len(p.text) for p in pieces if not p.hidden)
    hidden = sum(len(p.text) for p in pieces if p.hidden)
    turns = [0, 0, 0, 0]
    kept: list[Piece] = []
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
        if count > _MAX_OBJECTS:
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
                    if min(red.value, green.value, blue.value) < _DARK and alpha.value > _OPAQUE:
                        areas.append(box)
                if stroke.value:  # a frame rules on all four sides
                    marks += [Mark("row", Box(box.x0, y, box.x1, y)) for y in (box.y0, box.y1)]
                    marks += [Mark("column", Box(x, box.y0, x, box.y1)) for x in (box.x0, box.x1)]
    return areas[:_MAX_AREAS], pictures[:_MAX_AREAS], marks


def _turned(box: Box, turn: int, frame: _Frame) -> Box:
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


def _run(piece: Piece, turn: int, frame: _Frame) -> Run:
    box = _turned(Box(piece.x0, piece.y0, piece.x1, piece.y1), turn, frame)
    base = frame[3] - piece.base if turn == 0 else box.y1 - 0.15 * piece.size
    mono = piece.font.mono and not _CJK.search(piece.text)
    return Run(piece.text, box.x0, box.x1, base, piece.size, piece.font.bold, mono)
