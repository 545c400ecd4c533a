"""What every format asks of a value: text that can be encoded, numbers that are finite and not longer than exact."""

from __future__ import annotations

import math
import re

# Code points that no encoder accepts: halves of surrogate pairs, which reach a ``str`` from broken input only
_SURROGATE = re.compile("[\ud800-\udfff]")
# C0 and C1 controls and the two non-characters that XML 1.0 forbids (section 2.2); tab and line ends are among them
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff]")
_BLANK = re.compile("[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")


def well_formed(text: str) -> str:
    """Return ``text`` with each lone surrogate replaced by U+FFFD, so that it encodes and every offset still holds."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def one_line(text: str) -> str:
    """Return ``text`` on one line: line ends and tabs as a blank, other control characters left out, well formed.

    What comes out is valid in XML 1.0, in a CSV cell and in a label.
    """
    return _CONTROL.sub("", _BLANK.sub(" ", well_formed(text)))


def rounded(number: float) -> float | None:
    """Return ``number`` with six significant digits, None if it is not finite.

    Significant digits rather than decimals, since a p-value of 3e-9 is not 0.
    """
    return float(f"{number:.6g}") if math.isfinite(number) else None
