"""Removes dirt that would mislead the later stages, and records each change.

Only deletions and replacements of one character by one, so that the way back to the source is a short list of shifts. A
text without dirt is returned as it is: nothing here walks over characters in Python but where a regular expression has
found some.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, get_args

from pipeline.model import CleanText, Edit, EditKind
from pipeline.stages.spam import injections

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pipeline.model import Span
    from pipeline.stages.spam.article import Reader

KINDS: tuple[EditKind, ...] = get_args(EditKind)
"""Kinds of ``Edit``; each can be switched off. ``control`` replaces lone surrogates even so: no file could hold
them."""

# A zero-width joiner between two emoji makes one picture of them and stays.
_PICTURE = "\u2600-\u27bf\ufe0f\U0001f000-\U0001faff"
_BLANKS = r"\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
# A comma before three digits, and a colon before as many at most; others between digits may be those of the sentence.
_IN_NUMBERS = "(?<=[０-９])(?:，(?=[０-９]{3}(?![０-９]))|：(?=[０-９]{1,3}(?![０-９])))[０-９]"
_CHARACTERS = re.compile(
    rf"""(?P<zero>(?:[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0001\U000e0020-\U000e007f]|(?<![{_PICTURE}])\u200d)+)
    |(?P<break>[\x0b\x0c\x85\u2028\u2029])
    |(?P<surrogate>[\ud800-\udfff])
    |(?P<control>[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff]+)
    |(?P<width>[０-９Ａ-Ｚａ-ｚ](?:[．－＿]?[０-９Ａ-Ｚａ-ｚ]|{_IN_NUMBERS})*％?)
    |(?P<indent>(?:^|(?<=[\r\n]))[ \t]*[{_BLANKS}][ \t{_BLANKS}]*)
    |(?P<space>[{_BLANKS}]+|(?<=\S)\t+(?=\S))
    |(?P<mark>(?P<one>[！？。，、；：～])(?P=one)+|(?P<ascii>[!?])(?P=ascii){{2,}}|(?<=[^\s~])~{{3,}}|…{{3,}}|\.{{7,}})
    |(?P<glyph>[\u2e80-\u2fd5\uf900-\ufad9])
    |(?P<bullet>[\uf06c\uf06e\uf075\uf0a7\uf0a8\uf0b7\uf0d8\uf0e0\uf0fc])""",
    re.VERBOSE,
)
# Two quick searches, and one for tabs, decide whether there may be anything to do. Each begins with a set of
# characters, which Python's regular expressions find fast.
_DIRT = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180e\u2000-\u200f\u2028-\u202f"
    r"\u205f-\u206f\u2e80-\u2fd5\u3000\ud800-\udfff\uf06c-\uf0fc\uf900-\ufad9\ufeff０-９Ａ-Ｚａ-ｚ\ufff9-\uffff"
    r"\U000e0001\U000e0020-\U000e007f]"
)
_REPEATED = re.compile(r"[！？。，、；：～!?~….](?:(?<=([！？。，、；：～]))\1|(?<=([!?~….]))\2\2)")
# Text whose characters stand apart, as copies from PDF files do: single characters, with a blank or marks between them.
_MARKS = "，。、；：！？“”‘’《》（）"
_HAN = r"[\u3400-\u4dbf\u4e00-\u9fff]"
_APART = r"[ \u00a0\u3000]"
_SPREAD = re.compile(
    rf"(?<!{_HAN}){_HAN}(?!{_HAN})(?:(?:{_APART}|{_APART}?[{_MARKS}]{{1,3}}{_APART}?){_HAN}(?!{_HAN}))++"
)
_SPREAD_SOMEWHERE = re.compile(rf"{_APART}{_HAN}{_APART}")
_BETWEEN = re.compile(rf"(?<={_HAN}){_APART}(?={_HAN})")
_LEAST_APART = 5
"""Blanks, each between two characters, that make a line spread; a title of two to four is only set wide."""
_HALF = {0xFF01 + i: 0x21 + i for i in range(94)}


def clean(
    text: str,
    *,
    reader: Reader | None = None,
    off: Collection[str] = (),
) -> CleanText:
    """Return ``text`` without dirt, with its way back and the list of changes.

    Args:
        text: the decoded source.
        reader: tells how well a text reads; without it injected spam is not looked for.
        off: kinds of :data:`KINDS` to leave alone.

    Raises:
        ValueError: ``off`` names a kind that does not exist.
    """
    if unknown := sorted(set(off) - set(KINDS)):
        raise ValueError(f"unknown kind of edit: {', '.join(unknown)}; known: {', '.join(KINDS)}")
    dirty = _DIRT.search(text) or _REPEATED.search(text) or "\t" in text
    edits = _character_edits(text, off) if dirty else []
    if "space" not in off and (blanks := _spread(text)):
        within = {edit.start for edit in blanks}
        edits = sorted([e for e in edits if e.start not in within] + blanks, key=lambda edit: edit.start)
    cleaned = _apply(text, edits)
    if reader is None or "injection" in off:
        return cleaned
    if found := injections(cleaned.text, reader):
        cleaned = _apply(text, _merged(text, edits, [cleaned.span(a, b) for a, b in found]))
    return cleaned


def _merged(text: str, edits: Sequence[Edit], spans: Sequence[Span]) -> list[Edit]:
    """Return the edits with one for each of ``spans``, which takes in those that begin inside it."""
    out: list[Edit] = []
    k = 0
    for start, end in spans:
        while k < len(edits) and edits[k].start < start:
            out.append(edits[k])
            k += 1
        while k < len(edits) and edits[k].start < end:
            # What a mark or a blank is reduced to stands at its beginning: the rest goes too
            end = max(end, edits[k].end)
            k += 1
        out.append(Edit("injection", start, end, text[start:end], ""))
    return out + list(edits[k:])


def _character_edits(text: str, off: Collection[str]) -> list[Edit]:
    edits = []
    for m in _CHARACTERS.finditer(text):
        before = m[0]
        match m.lastgroup:
            case "zero":
                kind, after = "zero-width", ""
            case "break":
                kind, after = "control", "\n"
            case "surrogate":
                kind, after = "control", "\ufffd"
            case "control":
                kind, after = "control", ""
            case "width":
                kind, after = "width", before.translate(_HALF)
            case "indent":
                kind, after = "space", ""
            case "space":
                kind, after = "space", " "
            case "glyph":
                kind, after = "glyph", unicodedata.normalize("NFKC", before)
                if len(after) != 1 or after == before:
                    continue
            case "bullet":
                kind, after = "glyph", "•"
            case _:
                kind = "punctuation"
                after = before[: 2 if before[0] == "…" else 6 if before[0] == "." else 1]
        if kind not in off or m.lastgroup == "surrogate":
            edits.append(Edit(kind, m.start(), m.end(), before, after))
    return edits


def _spread(text: str) -> list[Edit]:
    """Return the deletions of the blanks that hold the characters of a line apart."""
    if not _SPREAD_SOMEWHERE.search(text):
        return []
    blanks: list[int] = []
    line: list[int] = []
    sure, end = False, -1
    for m in _SPREAD.finditer(text):
        if m.start() >= end:
            blanks += line if sure else []
            line, sure = [], False
            end = text.find("\n", m.end())
            end = len(text) if end < 0 else end
        sure = sure or len(_BETWEEN.findall(m[0])) >= _LEAST_APART
        line += [m.start() + blank.start() for blank in re.finditer(_APART, m[0])]
    blanks += line if sure else []
    return [Edit("space", at, at + 1, text[at], "") for at in blanks]


def _apply(text: str, edits: list[Edit]) -> CleanText:
    """Carry out edits that are in order and do not overlap; ``after`` stands for the first characters of ``before``."""
    if not edits:
        return CleanText(text)
    pieces: list[str] = []
    starts, shifts = [0], [0]
    at = length = 0
    for edit in edits:
        pieces += (text[at : edit.start], edit.after)
        length += edit.start - at + len(edit.after)
        at = edit.end
        if at - length != shifts[-1]:
            if starts[-1] == length:
                shifts[-1] = at - length
            else:
                starts.append(length)
                shifts.append(at - length)
    pieces.append(text[at:])
    return CleanText("".join(pieces), tuple(edits), tuple(starts), tuple(shifts))
