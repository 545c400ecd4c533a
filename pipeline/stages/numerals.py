"""The values of Chinese numerals."""

from __future__ import annotations

NUMERALS = "零〇一二两三四五六七八九十百千万亿"
"""What they are written with."""
LONGEST = 40
"""Characters beyond which it is none."""
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}


def chinese_number(numeral: str) -> int:
    """Return the value of a Chinese numeral; 0 for what is none.

    二十三 → 23, 一百零五 → 105, 三千二 → 3,200, 四万八 → 48,000, 二〇二一 → 2,021.
    """
    if len(numeral) > LONGEST:
        return 0
    if len(numeral) > 1 and all(c in _DIGITS for c in numeral):
        return int("".join([str(_DIGITS[c]) for c in numeral]))  # a year, a number read out
    total = section = 0
    digit: int | None = None
    last = 0  # the unit before the digit, 0 behind a zero: 三千二 is 3,200, 三千零二 is 3,002
    for c in numeral:
        if c in _DIGITS:
            digit = _DIGITS[c]
            last = 0 if not digit else last
        elif c in _TENS:
            section += (1 if digit is None else digit) * _TENS[c]
            digit, last = None, _TENS[c]
        elif c in _LARGE:
            section += digit or 0
            if c == "亿":
                total = (total + section or 1) * _LARGE[c]
            else:
                total += (section or 1) * _LARGE[c]
            section, digit, last = 0, None, _LARGE[c]
        else:
            return 0
    return total + section + (digit or 0) * (last // 10 if last > 10 else 1)
