"""Text that fits: what the font can draw, how wide it is, where it breaks."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.write.values import one_line

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font

# Marks that begin, or end, no line
_CLOSING = frozenset("，。、；：！？）》」』”’％,.;:!?)]%")
_OPENING = frozenset("（《「『“‘([")
_EM = 100
# A line fits into the width that was measured for it
_ROUNDING = 1e-6


def label(text: str) -> str:
    """Return ``text`` on one line, with what the font can draw.

    Marks that are not there to be seen and pictures that the font lacks are left out; a letter that it lacks is a 〓,
    the printers' mark for one. Where nothing is left it is a dash.
    """
    shown = [
        character if _has(character) else "〓"
        for character in one_line(text)
        if (category := unicodedata.category(character)) != "Cf" and (_has(character) or category[0] in "LN")
    ]
    return " ".join("".join(shown).split()) or "—"


def width(text: str) -> float:
    """Return how wide a line of ``label`` is, in units of the size of its type."""
    return sum(map(_ems, text))


def inches(text: str, size: float) -> float:
    """Return how wide the widest line of a text is at a size in points."""
    return max(map(width, text.split("\n"))) * size / 72


def fit(text: str, ems: float, lines: int = 1) -> str:
    """Return a ``label`` broken into at most ``lines`` lines of at most ``ems``, what is left over as an ellipsis.

    Lines are about equally long, so that the last is not a single character.
    """
    made = _break(text, ems, lines)
    for step in range(1, int(ems) if len(made) > 1 else 1):
        narrower = _break(text, ems - step / 2, lines)
        cut = any((a[-1:] + b[:1]).isascii() and (a[-1:] + b[:1]).isalnum() for a, b in pairwise(narrower))
        if len(narrower) != len(made) or narrower[-1].endswith("…") or cut:
            break
        made = narrower
    return "\n".join(made)


@lru_cache(maxsize=1)
def _font() -> FT2Font:
    """Return the font at a size to measure with; a copy of its own, since matplotlib sets the size of its one."""
    from matplotlib.ft2font import FT2Font
    from pylopdf_fonts_zh_cn import sans_path

    font = FT2Font(str(sans_path()))
    font.set_size(_EM, 72)
    return font


@lru_cache(maxsize=4096)
def _has(character: str) -> bool:
    return _font().get_char_index(ord(character)) != 0


@lru_cache(maxsize=4096)
def _ems(character: str) -> float:
    from matplotlib.ft2font import LoadFlags

    return float(_font().load_char(ord(character), flags=LoadFlags.NO_HINTING).linearHoriAdvance) / 65536 / _EM


def _break(text: str, ems: float, lines: int) -> list[str]:
    made: list[str] = []
    rest = text
    while rest and width(rest) > ems + _ROUNDING and len(made) < lines:
        last = len(made) == lines - 1
        room, used = (ems - 1.0 if last else ems), 0
        while used < len(rest) and (room := room - _ems(rest[used])) >= -_ROUNDING:
            used += 1
        if not last:
            used = _breakable(rest, used)
        made.append(rest[: max(used, 1)].rstrip() + ("…" if last else ""))
        rest = rest[max(used, 1) :].lstrip()
    return [*made, rest] if rest and len(made) < lines else made


def _breakable(text: str, used: int) -> int:
    """Return where to break at or before ``used``: not within a Latin word or number, nor before a closing mark.

    It is ``used`` itself where there is no such place.
    """
    for cut in range(used, 0, -1):
        pair = text[cut - 1 : cut + 1]
        whole = pair.isascii() and (pair.isalnum() or (pair[0] in ".," and pair[1:].isdigit()))
        if not whole and pair[1:] not in _CLOSING and pair[0] not in _OPENING:
            return cut
    return used
