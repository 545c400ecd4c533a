"""The numbers that Word writes before paragraphs: a reader sees them, but the text of the file does not hold them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.formats._word_styles import MC, Styles, W, number_of, on, val

_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_ENCLOSED = {
    "decimalEnclosedCircle": ("①", 20), "decimalEnclosedCircleChinese": ("①", 20), "decimalEnclosedParen": ("⑴", 20),
    "decimalEnclosedFullstop": ("⒈", 20), "ideographEnclosedCircle": ("㊀", 10),
}  # fmt: skip
_SIMPLE = ("零一二三四五六七八九", "十百千", "万")
_FORMAL = ("零壹贰叁肆伍陆柒捌玖", "拾佰仟", "万")
_FORMAL_TRADITIONAL = ("零壹貳參肆伍陸柒捌玖", "拾佰仟", "萬")


def chinese(n: int, figures: tuple[str, str, str] = _SIMPLE) -> str:
    """Return a number below a hundred million as Chinese writes it: 12 → 十二, 105 → 一百零五."""
    digits, units, myriad = figures
    out = ""
    for place in range(7, -1, -1):
        digit = n // 10**place % 10
        if digit:
            out += digits[digit] + (units[place % 4 - 1] if place % 4 else "")
        elif out and out[-1] != digits[0] and n % 10**place and place != 4:
            out += digits[0]
        if place == 4 and out:
            out = out.rstrip(digits[0]) + myriad
    return out[10 <= n < 20 and figures is _SIMPLE :] or digits[0]


def _roman(n: int) -> str:
    out = ""
    for value, letters in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    ):
        out += letters * (n // value)
        n %= value
    return out


def shown_number(n: int, kind: str) -> str:
    """Return a number in one of Word's formats; what has no such form comes as digits."""
    if not 0 <= n < 100_000_000:
        return str(n)
    if kind in ("none", "bullet"):
        return ""
    if kind in ("upperRoman", "lowerRoman") and 0 < n < 4000:
        return _roman(n) if kind == "upperRoman" else _roman(n).lower()
    if kind in ("upperLetter", "lowerLetter") and 0 < n <= 260:
        letters = chr(ord("A") + (n - 1) % 26) * ((n - 1) // 26 + 1)
        return letters if kind == "upperLetter" else letters.lower()
    if kind in ("decimalZero",):
        return f"{n:02}"
    if kind.startswith("decimalFullWidth"):
        return "".join(chr(ord(c) + 0xFEE0) for c in str(n))
    if kind == "numberInDash":
        return f"- {n} -"
    if kind in _ENCLOSED and 0 < n <= _ENCLOSED[kind][1]:
        return chr(ord(_ENCLOSED[kind][0]) + n - 1)
    if kind in ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital", "koreanDigital2"):
        return "".join("〇一二三四五六七八九"[int(c)] for c in str(n))
    if kind in (
        "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
        "taiwaneseCountingThousand", "ideographLegalSimplified",
    ):  # fmt: skip
        return chinese(n)
    if kind in ("chineseLegalSimplified",):
        return chinese(n, _FORMAL)
    if kind in ("ideographLegalTraditional", "japaneseLegal"):
        return chinese(n, _FORMAL_TRADITIONAL)
    if kind == "ideographTraditional" and 0 < n <= 10:
        return _STEMS[n - 1]
    if kind in ("ideographZodiac",) and 0 < n <= 12:
        return _BRANCHES[n - 1]
    if kind == "ideographZodiacTraditional" and 0 < n <= 60:
        return _STEMS[(n - 1) % 10] + _BRANCHES[(n - 1) % 12]
    if kind == "ordinal":
        ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
        return f"{n}{ending}"
    return str(n)


@dataclass(frozen=True, slots=True)
class _Level:
    """One level of a numbering, as the file defines it."""

    start: int = 1
    kind: str = "decimal"
    text: str = ""
    restart: int | None = None
    legal: bool = False
    space: str = " "
    style: str | None = None


def _level(e: Any) -> _Level:
    kind = val(e, f"{W}numFmt")
    if kind is None:
        choice = e.find(f"{MC}AlternateContent/{MC}Choice/{W}numFmt")
        kind = val(e, f"{MC}AlternateContent/{MC}Fallback/{W}numFmt") or "decimal"
        if choice is not None and re.match(r"0+1\b", choice.get(f"{W}format") or ""):
            kind = "decimalZero"
    start = number_of(val(e, f"{W}start"))
    return _Level(
        start=1 if start is None else start,
        kind=kind,
        text=(val(e, f"{W}lvlText") or "")[:60],
        restart=number_of(val(e, f"{W}lvlRestart")),
        legal=bool(on(e.find(f"{W}isLgl"))),
        space="" if val(e, f"{W}suff") == "nothing" else " ",
        style=val(e, f"{W}pStyle"),
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """What Word writes before a paragraph: nothing, a bullet, or a number (``text``) of a level of a numbering."""

    kind: Literal["", "bullet", "number"] = ""
    text: str = ""
    series: tuple[str, int] | None = None


UNCOUNTED = Counted()


class Numbering:
    """Counts the paragraphs that Word numbers, and says what number each shows."""

    def __init__(self, root: Any, styles: Styles) -> None:
        self.levels: dict[str, dict[int, _Level]] = {}
        self.nums: dict[str, tuple[str, dict[int, _Level], dict[int, int]]] = {}
        self.counts: dict[str, list[int | None]] = {}
        self.started: set[tuple[str, int]] = set()
        if root is None:
            return
        links: dict[str, str] = {}
        for e in root.iterchildren(f"{W}abstractNum"):
            key = e.get(f"{W}abstractNumId") or ""
            self.levels[key] = {_ilvl(x): _level(x) for x in e.iterchildren(f"{W}lvl") if 0 <= _ilvl(x) < 9}
            if (link := val(e, f"{W}numStyleLink")) and not self.levels[key]:
                links[key] = link
        for e in root.iterchildren(f"{W}num"):
            own: dict[int, _Level] = {}
            starts: dict[int, int] = {}
            for x in e.iterchildren(f"{W}lvlOverride"):
                if not 0 <= _ilvl(x) < 9:
                    continue
                if (start := number_of(val(x, f"{W}startOverride"))) is not None:
                    starts[_ilvl(x)] = start
                if (level := x.find(f"{W}lvl")) is not None:
                    own[_ilvl(x)] = _level(level)
            self.nums[e.get(f"{W}numId") or ""] = (val(e, f"{W}abstractNumId") or "", own, starts)
        for key, link in links.items():
            target = self.nums.get(styles.numbering.get(link, ""), ("", {}, {}))[0]
            self.levels[key] = self.levels.get(target, {})

    def count(self, num: str | None, ilvl: int | None, style: str | None) -> Counted:
        """Count a paragraph; return what stands before its text."""
        if num is None or num not in self.nums:
            return UNCOUNTED
        key, own, starts = self.nums[num]
        levels = {**self.levels.get(key, {}), **own}
        if ilvl is None:
            ilvl = next((k for k, x in levels.items() if style and x.style == style), 0)
        level = levels.get(ilvl)
        if level is None:
            return UNCOUNTED
        counts = self.counts.setdefault(key, [None] * 9)
        now = counts[ilvl]
        if ilvl in starts and (num, ilvl) not in self.started:
            counts[ilvl] = starts[ilvl]
        else:
            counts[ilvl] = level.start if now is None else now + 1
        self.started.add((num, ilvl))
        for k in range(ilvl + 1, 9):
            restart = levels[k].restart if k in levels else None
            if restart is None or ilvl < restart:
                counts[k] = None
        if level.kind == "bullet":
            return Counted("bullet")

        def figure(m: re.Match[str]) -> str:
            k = int(m[1]) - 1
            at = levels.get(k, level)
            n = counts[k]
            return shown_number(at.start if n is None else n, "decimal" if level.legal else at.kind)

        shown = re.sub(r"%([1-9])", figure, level.text).strip()
        if not shown:
            return UNCOUNTED
        if not re.search(r"\w|[①-⒛㊀-㊉]", shown):
            return Counted("bullet")
        return Counted("number", shown + ("" if shown[-1] in "、）．】〕，：" else level.space), (key, ilvl))


def _ilvl(e: Any) -> int:
    n = number_of(e.get(f"{W}ilvl"))
    return -1 if n is None else n
