"""Removes dirt that would mislead the later stages, and records each change.

Only deletions and replacements of one character by one, so that the way back to the source is a short list of shifts. A
text without dirt is returned as it is: nothing here walks over characters in Python but where a regular expression has
found some.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from typing import TYPE_CHECKING, get_args

from pipeline.model import CleanText, Edit, EditKind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

KINDS: tuple[EditKind, ...] = get_args(EditKind)
"""Kinds of ``Edit``; each can be switched off. ``control`` replaces lone surrogates even so: no file could hold
them."""

# A zero-width joiner between two emoji makes one picture of them and stays.
_PICTURE = "\u2600-\u27bf\ufe0f\U0001f000-\U0001faff"
_BLANKS = r"\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_CHARACTERS = re.compile(
    rf"""(?P<zero>(?:[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0001\U000e0020-\U000e007f]|(?<![{_PICTURE}])\u200d)+)
    |(?P<break>[\x0b\x0c\x85\u2028\u2029])
    |(?P<surrogate>[\ud800-\udfff])
    |(?P<control>[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff]+)
    |(?P<width>[０-９Ａ-Ｚａ-ｚ](?:[．－＿]?[０-９Ａ-Ｚａ-ｚ])*％?)
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
_HALF = {0xFF01 + i: 0x21 + i for i in range(94)}


def clean(text: str, *, has_word: Callable[[str], bool] | None = None, off: Collection[str] = ()) -> CleanText:
    """Return ``text`` without dirt, with its way back and the list of changes.

    Args:
        text: the decoded source.
        has_word: whether a string is a word of the dictionary; without it injected spam is not looked for.
        off: kinds of :data:`KINDS` to leave alone.

    Raises:
        ValueError: ``off`` names a kind that does not exist.
    """
    if unknown := sorted(set(off) - set(KINDS)):
        raise ValueError(f"unknown kind of edit: {', '.join(unknown)}; known: {', '.join(KINDS)}")
    dirty = _DIRT.search(text) or _REPEATED.search(text) or "\t" in text
    edits = _character_edits(text, off) if dirty else []
    cleaned = _apply(text, edits)
    if has_word is not None and "injection" not in off and (found := _injections(cleaned.text, has_word)):
        spans = [cleaned.span(a, b) for a, b in found]
        # What lies inside a removed insert is removed with it.
        kept = [e for e in edits if not any(a <= e.start and e.end <= b for a, b in _near(spans, e.start))]
        removed = [Edit("injection", a, b, text[a:b], "") for a, b in spans]
        cleaned = _apply(text, sorted(kept + removed, key=lambda e: e.start))
    return cleaned


def _near(spans: list[tuple[int, int]], offset: int) -> list[tuple[int, int]]:
    k = bisect_right(spans, (offset, 1 << 62)) - 1
    return spans[k : k + 1] if k >= 0 else []


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


# Injected spam: an insert of a few characters pushed into a word. What gives it away is the text without it: a word of
# the dictionary comes back, while the text as it stands reads badly there, because characters are left over that no
# word holds.

_HAN = re.compile(r"[\u4e00-\u9fff]{4,}")
# Function words and the commonest verbs and measures: an insert that holds one of them reads as Chinese, not as spam.
_PLAIN = frozenset(
    "的了是在我你他她它们有和就不人都一这那个上下来去到说要会着没看好自己也很而与及或但又被把对从向为以于其之则该每各某"
    "再还最更让使给将可能够想做用多少大小中里外前后内间年月日时分秒次位两二三四五六七八九零几第等比如若因所由当便即才却仍"
    "已曾未正令叫请先吗呢吧啊呀嘛哦么啦嗯哈全只太真挺非较极均皆得过起出进回开走地当总高低市此"
)


def _injections(text: str, has_word: Callable[[str], bool]) -> list[tuple[int, int]]:
    """Find inserts of two to four characters inside a word: the spans to remove, in order."""
    found: list[tuple[int, int]] = []
    for run in _HAN.finditer(text):
        a, b = run.span()
        loose = _loose(text, a, b, has_word)
        # An insert begins where a character is loose, or just after one
        free = a + 1
        for s in sorted(loose | {at + 1 for at in loose}):
            if not free <= s < b - 2:
                continue
            for e in range(min(s + 4, b - 1), s + 1, -1):
                if _is_insert(text, a, b, s, e, loose, has_word):
                    found.append((s, e))
                    free = e + 1
                    break
    if not found:
        return found
    places: dict[str, list[str]] = {}
    for a, b in found:
        places.setdefault(text[a:b], []).append(text[a - 1] + text[b])
    # An insert that the article also uses elsewhere, or always between the same characters, is a word of its own.
    foreign = {
        insert
        for insert, around in places.items()
        if text.count(insert) == len(around) and (len(around) == 1 or len(set(around)) > 1)
    }
    return [(a, b) for a, b in found if text[a:b] in foreign]


# Where a word of two to four characters can begin and end that holds the character at 0, the likeliest first.
_AROUND = ((0, 2), (-1, 1), (0, 3), (-1, 2), (-2, 1), (0, 4), (-1, 3), (-2, 2), (-3, 1))


def _loose(text: str, a: int, b: int, has_word: Callable[[str], bool]) -> set[int]:
    """Return the characters of ``a:b`` that are left over: not among the plain ones, and held by no word."""
    loose: set[int] = set()
    held = a  # where the last word found ends
    for at, character in enumerate(text[a:b], a):
        if at >= held and character not in _PLAIN:
            held = _word_around(text, a, b, at, has_word)
            if not held:
                loose.add(at)
    return loose


def _word_around(text: str, a: int, b: int, at: int, has_word: Callable[[str], bool]) -> int:
    """Return the end of a word of two to four characters within ``a:b`` that holds the one at ``at``, or 0."""
    for before, after in _AROUND:
        if at + before >= a and at + after <= b and has_word(text[at + before : at + after]):
            return at + after
    return 0


def _is_insert(text: str, a: int, b: int, s: int, e: int, loose: set[int], has_word: Callable[[str], bool]) -> bool:
    """Tell whether ``s:e``, inside the Chinese run ``a:b``, was pushed into a word."""
    if not _PLAIN.isdisjoint(text[s:e]):
        return False
    head, tail = text[s - 1], text[e]
    if loose.issuperset(range(s, e)):
        # No word holds any of it: a made-up name. Then any word that comes back will do, if it was really broken.
        head_held = _word_around(text, a, b, s - 1, has_word)
        tail_held = _word_around(text, a, b, e, has_word)
        for p in (1, 2, 3):
            for q in range(1, 5 - p):
                if s - p < a or e + q > b or (p == 1 and head_held) or (q == 1 and tail_held):
                    continue
                if p == q == 1 and head in _PLAIN and tail in _PLAIN:
                    continue
                if has_word(text[s - p : s] + text[e : e + q]):
                    return True
        return False
    # A word that does not belong here: its neighbours must be left over on both sides, and be no common words
    # themselves.
    if s - 1 not in loose or e - s > 3 or tail in _PLAIN or not has_word(text[s:e]):
        return False
    if e in loose and has_word(head + tail):
        return True
    return any(e + q <= b and has_word(head + text[e : e + q]) for q in (2, 3))
