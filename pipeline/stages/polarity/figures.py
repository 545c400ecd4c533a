"""What figures say goes up or down: 从三天降到四小时, from 3% to 0.5%, with no verb that says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from pipeline.stages.numerals import NUMERALS, chinese_number

Dimension = Literal["time", "share", "count"]

FROM = frozenset(("从", "由", "自"))
_ARROWS = frozenset("→⇒")
_RANGES = frozenset("到至")
REACH = 12
"""Tokens from 从 to the figure's goal, and from there to the end of what it goes to."""
_STOPS = "，,；;：:。.！!？?—…（）()、\n"
_ENDS = "到至成为" + _STOPS  # 到, 变成, 降为

_SECONDS = {
    "微秒": 1e-6, "毫秒": 1e-3, "ms": 1e-3, "秒": 1.0, "秒钟": 1.0, "s": 1.0, "分": 60.0, "分钟": 60.0, "min": 60.0,
    "小时": 3600.0, "钟头": 3600.0, "h": 3600.0, "天": 86400.0, "周": 604800.0, "星期": 604800.0, "礼拜": 604800.0,
    "月": 2592000.0, "年": 31536000.0,
}  # fmt: skip
# Bounded: what is longer is no figure, and takes no time
_NUMBER = rf"\d[\d,]{{0,20}}(?:\.\d{{1,9}})?|[{NUMERALS}半]{{1,20}}(?:点[零〇一二三四五六七八九]{{1,9}}(?![十百千]))?"
_QUANTITY = re.compile(
    rf"百分之(?P<percent>{_NUMBER})"
    rf"|(?P<whole>[{NUMERALS}]{{1,9}}|\d{{1,9}})分之(?P<part>[{NUMERALS}]{{1,9}}|\d{{1,9}})"
    rf"|(?P<number>{_NUMBER})(?P<many>[百千万亿]{{0,3}})(?:个(?=[多余来几]))?[多余来几]?(?P<myriads>[万亿]?)"
    r"(?P<half>个半(?=小时|钟头|月|星期))?"
    r"(?P<unit>个?(?:微秒|毫秒|秒钟?|分钟|分(?!之)|小时|钟头|天|星期|礼拜|周(?!年)|月|年)|成|折|[%％‰]|ms|min|[sh]\b)?"
    rf"(?P<more>半|[{NUMERALS}](?![{NUMERALS}]))?(?P<date>[月日号点届期楼层]|季度)?",
    re.ASCII,
)
_ORDINAL = ("第", "周", "期", "拜")  # 周三, 星期三, 礼拜三


def quantity(text: str, *, last: bool = False) -> tuple[float, Dimension] | None:
    """Return the value and dimension of the first quantity in ``text``, or of the last; a date is none.

    Times are in seconds, shares between 0 and 1 (成, 折: tenths), everything else is a count.
    """
    found: list[tuple[float, Dimension, int, int]] = []
    for match in _QUANTITY.finditer(text):
        read = _read(text, match)
        if read is None:
            continue
        value, dimension = read
        if match["unit"] == "分" and not (found and found[-1][1] == "time" and found[-1][3] == match.start()):
            value, dimension = value / _SECONDS["分"], "count"  # a mark
        if dimension == "time" and found and found[-1][1] == "time" and found[-1][3] == match.start():
            before = found.pop()  # 两小时四十分钟
            value += before[0]
        found.append((value, dimension, match.start(), match.end()))
        if not last and dimension != "time":
            break
    if not found:
        return None
    value, dimension, _, _ = found[-1 if last else 0]
    return value, dimension


def _read(text: str, match: re.Match[str]) -> tuple[float, Dimension] | None:
    if match["percent"]:
        return _number(match["percent"]) / 100, "share"
    if match["whole"]:
        return _number(match["part"]) / max(1.0, _number(match["whole"])), "share"
    unit, date = match["unit"] or "", match["date"]
    value = _number(match["number"])
    for many in (match["many"], match["myriads"]):
        value *= chinese_number("一" + many if many[0] in "百千" else many) if many else 1.0
    value += 0.5 * bool(match["half"])
    if (
        date
        or text[max(0, match.start() - 1) : match.start()] in _ORDINAL
        or (unit == "年" and value >= 1000)
        or (unit == "月" and not match["half"])
    ):
        return None
    if match["number"] == "一半":
        return 0.5, "share"
    more = 0.0
    if match["more"]:
        more = 0.5 if match["more"] == "半" else chinese_number(match["more"]) / 10
    if unit.lstrip("个") in _SECONDS:
        return (value + more) * _SECONDS[unit.lstrip("个")], "time"
    if unit in ("成", "折"):
        # 八五折, 七八成
        return value / 100 if value >= 10 else (value + more) / 10, "share"
    if unit:
        return value / (1000 if unit == "‰" else 100), "share"
    if 1900 <= value <= 2100 and not match["many"]:
        return None  # a year
    return value + (0.5 if match["more"] == "半" else 0.0), "count"


def _number(text: str) -> float:
    if text[0].isdigit():
        return float(text.replace(",", ""))
    whole, _, part = text.partition("点")
    if whole == "半":
        return 0.5
    value = float(chinese_number(whole.replace("半", "")))
    if part:
        value += float("0." + "".join([str(chinese_number(c)) for c in part]))
    return value


def movements(words: Sequence[str]) -> list[tuple[int, int, Literal["U", "D"], Dimension]]:
    """Return where figures of one dimension go from here to there.

    Each is (token of 从, token of 到, ``"U"`` for up or ``"D"`` for down, dimension).
    """
    out: list[tuple[int, int, Literal["U", "D"], Dimension]] = []
    size = len(words)
    at = 0
    while at < size:
        if words[at] not in FROM:
            at += 1
            continue
        goal = at + 2
        stop = min(size, at + REACH)
        while goal < stop and words[goal][-1] not in _ENDS and words[goal] not in _ARROWS:
            goal += 1
        if goal >= stop or words[goal][-1] in _STOPS:
            at += 1
            continue
        end = goal + 1
        while end < min(size, goal + REACH) and words[end][-1] not in _STOPS:
            end += 1
        # Typeset with blanks or not; 4.2 分到 4.8 分
        before = quantity("".join([*words[at + 1 : goal], words[goal][:-1]]).replace(" ", ""), last=True)
        after = quantity("".join(words[goal + 1 : end]).replace(" ", ""))
        # 从一到五 is a range
        ranging = words[goal] in _RANGES and before is not None and before[1] == "count"
        if before and after and before[1] == after[1] and before[0] != after[0] and not ranging:
            out.append((at, goal, "U" if after[0] > before[0] else "D", after[1]))
        at = end
    return out
