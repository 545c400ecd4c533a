"""What each line of an article is: text, code, table, rule, picture, or outside of the article (front matter, bylines,
footers)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

Role = Literal["blank", "text", "code", "table", "rule", "image", "outside"]


@dataclass(slots=True)
class Line:
    """A line of a cleaned text.

    Attributes:
        start, end: of what it holds, without blanks at its ends.
        text: what it holds.
        indent: columns of blanks before it.
        role: what it is.
        hard: it ends in one of Markdown's hard breaks.
    """

    start: int
    end: int
    text: str
    indent: int
    role: Role = "text"
    hard: bool = False


_LINES = re.compile(r"([^\r\n]*)(?:\r\n|\r|\n|\Z)")
_FENCE = re.compile(r"(`{3,}+|~{3,}+)[^`]*$")
_RULE = re.compile(r"(?:([-*_=—–~·•.＊#+─━═◆☆★])[ \t]*)(?:\1[ \t]*){2,}$")
# A row of stars or dashes with a few words in the middle divides as well as one without.
_DIVIDER = re.compile(r"(?!\*{4}[^*])(?=([-*=~—─━_]))(\1{4,})[^-*=~—─━_].{0,16}?\1{4,}$")
DEFINITION = re.compile(r"\[[^\[\]^][^\[\]]{0,200}\]:\s*\S+(?:\s+[\"'(].{0,200}[\"')])?$")
_PICTURE = r"!\[[^\[\]]{0,500}\](?:\([^()]{0,2000}\)|\[[^\[\]]{0,200}\])"
_IMAGE = re.compile(rf"(?:(?:\[{_PICTURE}\]\([^()]{{0,2000}}\)|{_PICTURE}|<img\b[^<>]{{0,2000}}>)\s*)+$", re.IGNORECASE)
_TAG = r"</?[a-z][a-z0-9]*(?:\s[^<>]{0,500})?/?>"
# Lines that speak to a site generator or hold tags alone.
_MACHINE = re.compile(
    rf"(?:\[toc\]|\.\. \S.*|\{{%.*%\}}|\{{\{{.*\}}\}}|:{{3,}}\s*\w*.*|{_TAG}(?:\s*{_TAG}){{0,20}})$", re.IGNORECASE
)
DELIMITER = re.compile(r"\|?\s*:?-{2,}:?\s*(?:[|+]\s*:?-{2,}:?\s*)+\|?$|\|\s*:?-{2,}:?\s*\|$|\+[-=+]{3,}\+$")
ITEM = re.compile(r"(?:[-*+•·●○◦▪‣➢➤✓✔☑□]\s+|[●•▪◦➢➤✓✔☑]\S|[-*+]\s*\[[ xX]\]\s)")
_END = re.compile(r"[。！？!?…；;：:]['\"”’」』）)】*_`~～]*$|[。！？!?…]\W*$|[~～]$")
PAUSE = re.compile(r"[，、,—]$")
NAMELESS = re.compile(r"[\W_]*$")
_POINTS = re.compile(r"[，。！？]")
_WIDE = re.compile(r"[^\x00-\u2e7f]")


@lru_cache(maxsize=1024)  # the same line is weighed for one purpose after another
def weight(text: str) -> float:
    """Return the length of a line in Chinese characters; two or three letters or digits count as one."""
    if len(text) > 400:
        return float(len(text))
    wide = len(_WIDE.findall(text))
    return wide + (len(text) - wide) / 2.5


def ends(text: str) -> bool:
    """Tell whether a line ends a sentence, or leads in what follows."""
    # More marks than these never close a sentence, and looking at all of a line of marks takes time by its square.
    return bool(_END.search(text, max(0, len(text) - 40)))


_BLOCK_END = re.compile(
    r"</(?:p|div|li|ul|ol|h[1-6]|tr|table|section|center|blockquote|figure|pre)\s*>$", re.IGNORECASE
)


def closes_block(text: str) -> bool:
    """Tell whether a line ends in the end of an HTML block, so that no paragraph goes on below it."""
    return text[-1] == ">" and bool(_BLOCK_END.search(text, max(0, len(text) - 20)))


def scan(text: str) -> list[Line]:
    """Return the lines of a text with their roles, as far as each tells by itself and its neighbours."""
    lines: list[Line] = []
    for m in _LINES.finditer(text):
        if m.start() == len(text) and lines:
            break
        raw = m[1]
        body = raw.strip()
        lead = len(raw) - len(raw.lstrip())
        start = m.start() + lead
        indent = len(raw[:lead].expandtabs(4)) if lead else 0
        hard = raw.endswith(("  ", "\\", "<br>", "<br/>")) and bool(body)
        lines.append(Line(start, start + len(body), body, indent, "text" if body else "blank", hard))
    _fences(lines)
    _comments(lines)
    _open_tags(lines)
    for i, line in enumerate(lines):
        if line.role == "text":
            line.role = _role(lines, i)
    return lines


_COMMENT = re.compile(r"<!--[^<>]{0,500}-->")
_ANY_TAG = re.compile(r"</?[A-Za-z][\w:-]{0,30}(?:\s[^<>]{0,500})?/?>")


def _role(lines: list[Line], i: int) -> Role:
    text = lines[i].text
    if text[0] == "<" and text[-1] == ">" and len(text) <= 1000:
        text = _COMMENT.sub("", _ANY_TAG.sub("", text)).replace("&nbsp;", " ").strip()
        if not text:
            return "image" if "<img" in lines[i].text.lower() else "code"
    before = lines[i - 1] if i else None
    if _RULE.match(text) or _DIVIDER.match(text):
        return "rule"
    if _IMAGE.match(text):
        return "image"
    if DEFINITION.match(text) or _MACHINE.match(text) or not text.strip("> \t"):
        return "code"
    if DELIMITER.match(text):
        if before is not None and before.role == "text" and "|" in before.text:
            before.role = "table"
        return "table"
    if "|" in text:
        inside = before is not None and before.role == "table"
        if inside or (text[0] == text[-1] == "|" and len(text) > 2):
            return "table"
    return "text"


def _fences(lines: list[Line]) -> None:
    """Mark fenced code. A fence that is never closed is taken for a slip, and only its own line for code."""
    last = dict.fromkeys("`~", -1)
    for i, line in enumerate(lines):
        if line.text[:3] in ("```", "~~~"):
            last[line.text[0]] = i
    opened = ""
    first = 0
    for i, line in enumerate(lines):
        if opened:
            if line.role != "blank":
                line.role = "code"
            closed = line.text.startswith(opened) and not line.text.strip(opened[0])
            if closed and lines[first].text == opened and _is_prose(lines[first + 1 : i]):
                for inside in lines[first + 1 : i]:
                    inside.role, inside.indent = ("text", 0) if inside.text else ("blank", 0)
            if closed or i >= last[opened[0]]:
                opened = ""
        elif line.role == "text" and (m := _FENCE.match(line.text)):
            line.role = "code"
            if i < last[m[1][0]]:
                opened, first = m[1], i


def _is_prose(lines: list[Line]) -> bool:
    """Tell whether what stands in a fence is running text, which some set so for its look, and no code."""
    text = "".join(line.text for line in lines)
    return len(_WIDE.findall(text)) > 0.6 * len(text) > 36 and len(_POINTS.findall(text)) * 60 > len(text)


_OPEN_TAG = re.compile(
    r"<(?:div|p|span|section|article|table|td|img|a|iframe|font|center|figure)\b[^<>]*$", re.IGNORECASE
)


def _open_tags(lines: list[Line]) -> None:
    """Mark tags whose attributes go on over the next lines as code."""
    for i, line in enumerate(lines):
        if line.role == "text" and line.text[0] == "<" and _OPEN_TAG.match(line.text):
            close = next((k for k in range(i + 1, min(i + 12, len(lines))) if ">" in lines[k].text), None)
            if (
                close is not None
                and lines[close].text[-1] == ">"
                and all("<" not in x.text for x in lines[i + 1 : close])
            ):
                for inside in lines[i : close + 1]:
                    if inside.role != "blank":
                        inside.role = "code"


def _comments(lines: list[Line]) -> None:
    closing = max((i for i, line in enumerate(lines) if "-->" in line.text), default=-1)
    inside = False
    for i, line in enumerate(lines):
        if not inside and line.role == "text" and line.text.startswith("<!--"):
            inside = i <= closing
            if not inside:
                continue
        if inside:
            if line.role != "blank":
                line.role = "code"
            inside = "-->" not in line.text


def is_markdown(text: str, lines: list[Line]) -> bool:
    """Tell whether a text uses Markdown, so that ``*``, ``_`` and ``#`` are marks."""
    for line in lines:
        if line.role == "code" and line.text[:3] in ("```", "~~~"):
            return True
        if line.role == "text" and line.text[0] == "#" and re.match(r"#{1,6}[ \t]+\S|#{2,6}\S", line.text):
            return True
    return bool(
        re.search(r"\]\([^\s()]{1,300}\)|\*\*[^*\s][^*\n]{0,200}\*\*|^> |^\*[^*\s][^*\n]{0,60}\*$", text, re.MULTILINE)
    )


def wrap_width(lines: list[Line]) -> int:
    """Return the length at which the text was wrapped, even inside words; 0 where it was not.

    Wrapping at a fixed length leaves many lines that are just as long as the longest or a word shorter, and that end in
    mid-sentence. A few longer ones (addresses, which are never broken) do not speak against it.
    """
    broken = [a.end - a.start for a, b in pairwise(lines) if a.role == b.role == "text" and not ends(a.text)]
    count = Counter(n for n in broken if 20 <= n <= 130)
    if len(broken) < 4 or not count:
        return 0
    top = max((n for n, k in count.items() if k > 1), default=0)
    near = sum(top - 12 <= n <= top for n in broken)
    return top if top and near >= 0.5 * len(broken) and sum(n > top for n in broken) <= 0.1 * len(broken) else 0
