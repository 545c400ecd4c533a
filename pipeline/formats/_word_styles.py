"""The looks that a Word file's styles and direct formatting give to paragraphs and stretches of text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


@dataclass(frozen=True, slots=True)
class Look:
    """What styles and direct formatting say of a paragraph or a stretch of text; None where they say nothing."""

    size: float | None = None
    bold: bool | None = None
    heavy: bool | None = None
    hidden: bool | None = None
    centred: bool | None = None
    outline: int | None = None
    num: str | None = None
    level: int | None = None
    role: str | None = None

    def over(self, base: Look) -> Look:
        """Return this look where it says something, else the other."""
        if self == PLAIN:
            return base
        pairs = {name: getattr(self, name) for name in _FIELDS}
        return Look(**{name: getattr(base, name) if value is None else value for name, value in pairs.items()})


_FIELDS = Look.__slots__
PLAIN = Look()
_DIGITS = "一二三四五六七八九"
_LEVEL = re.compile(
    rf"(?:heading|标题|標題|überschrift|titre)[\s_-]*(?P<a>[1-9{_DIGITS}])(?:$|[\s,（(].*)"
    rf"|(?P<b>[1-9{_DIGITS}])级?(?:标题|標題)(?:$|\W.*)|(?P<c>[{_DIGITS}])[级級](?:标题|標題)(?:$|\W.*)"
    r"|(?P<d>[章节節条條])(?:标题|標題)$",
    re.IGNORECASE,
)
_HEAVY = re.compile(r"黑体|黑體|大黑|粗黑|小标宋|大标宋|simhei|heiti|stheiti|black", re.IGNORECASE)
_ROLES = (
    ("title", re.compile(r"title$|(?:文章|文档|论文|报告|报告书|封面)?[大主总]?(?:标题|標題|题目)$", re.IGNORECASE)),
    ("text", re.compile(r"subtitle$|author|date$|signature|副标题$|副標題$|作者|日期|署名|落款", re.IGNORECASE)),
    (
        "contents",
        re.compile(r"(?:toc|contents|目录|目錄|目次)(?:\s*(?:heading|标题|\d))?$|table of figures$|图表?目录$", re.I),
    ),
    ("caption", re.compile(r"caption|题注|題註|图注|表注", re.IGNORECASE)),
    ("bullet", re.compile(r"list bullet|列表项目符号|项目符号", re.IGNORECASE)),
)


def _level_of(name: str) -> int | None:
    """Return the level that a style's name speaks of."""
    if not (m := _LEVEL.match(name)):
        return None
    n = m["a"] or m["b"] or m["c"]
    if m["d"]:
        return {"章": 1}.get(m["d"], 2 if m["d"] in "节節" else 3)
    return int(n) if n.isdigit() else _DIGITS.index(n) + 1


def on(e: Any) -> bool | None:
    """Return what a property that is either on or off says."""
    return None if e is None else e.get(f"{W}val", "1").lower() not in ("0", "false", "off", "none")


def val(parent: Any, path: str) -> str | None:
    """Return the value of the property that ``path`` leads to, None where there is none."""
    e = None if parent is None else parent.find(path)
    value = None if e is None else e.get(f"{W}val")
    return value if isinstance(value, str) else None


def number_of(text: str | None) -> int | None:
    """Return a whole number that a property gives, None where it gives none or an absurd one."""
    m = re.match(r"\s*(-?\d{1,9})(?:\.\d*)?(?:pt)?\s*$", text or "")
    return int(m[1]) if m else None


def run_look(rpr: Any) -> Look:
    """Return what the properties of a run say."""
    if rpr is None or not len(rpr):
        return PLAIN
    fonts = rpr.find(f"{W}rFonts")
    face = None if fonts is None else fonts.get(f"{W}eastAsia") or fonts.get(f"{W}ascii")
    points = number_of(val(rpr, f"{W}sz"))
    return Look(
        size=points / 2 if points and 2 <= points <= 3300 else None,
        bold=on(rpr.find(f"{W}b")),
        heavy=bool(_HEAVY.search(face)) if face else None,
        hidden=on(rpr.find(f"{W}vanish")),
    )


def paragraph_look(ppr: Any) -> Look:
    """Return what the properties of a paragraph say, without those of its mark."""
    if ppr is None or not len(ppr):
        return PLAIN
    outline = number_of(val(ppr, f"{W}outlineLvl"))
    aligned = val(ppr, f"{W}jc")
    return Look(
        centred=None if aligned is None else aligned == "center",
        outline=None if outline is None else outline + 1 if 0 <= outline < 9 else 0,
        num=val(ppr, f"{W}numPr/{W}numId"),
        level=number_of(val(ppr, f"{W}numPr/{W}ilvl")),
    )


class Styles:
    """The looks of a document's styles, inherited."""

    def __init__(self, root: Any) -> None:
        self.own: dict[str, tuple[Look, str | None]] = {}
        self.whole: dict[str, Look] = {}
        self.default = ""
        self.numbering: dict[str, str] = {}
        self.base = Look(size=10.0)
        if root is None:
            return
        self.base = run_look(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")).over(self.base)
        for e in root.iterchildren(f"{W}style"):
            key, kind = e.get(f"{W}styleId") or "", e.get(f"{W}type") or "paragraph"
            look = run_look(e.find(f"{W}rPr"))
            if kind == "paragraph":
                name = " ".join((val(e, f"{W}name") or key).split())
                look = paragraph_look(e.find(f"{W}pPr")).over(look)
                role = next((r for r, pattern in _ROLES if pattern.match(name)), None)
                named = _level_of(name)
                if named and look.outline is None:
                    look = Look(outline=named).over(look)
                look = Look(role="heading" if named else role).over(look)
                if _on_attribute(e.get(f"{W}default")):
                    self.default = key
            elif kind == "numbering":
                self.numbering[key] = val(e, f"{W}pPr/{W}numPr/{W}numId") or ""
            elif kind != "character":
                continue
            self.own.setdefault(key, (look, val(e, f"{W}basedOn")))

    def look(self, key: str | None) -> Look:
        """Return the whole look of a style, what it is based on included; circles end where they close."""
        if key is None or key not in self.own:
            return PLAIN
        chain: list[str] = []
        at: str | None = key
        while at is not None and at in self.own and at not in self.whole:
            chain.append(at)
            self.whole[at] = self.own[at][0]
            at = self.own[at][1]
        whole = self.whole.get(at, PLAIN) if at is not None else PLAIN
        for name in reversed(chain):
            whole = self.own[name][0].over(whole)
            self.whole[name] = whole
        return self.whole[key]


def _on_attribute(value: str | None) -> bool:
    return value is not None and value.lower() in ("1", "true", "on")
