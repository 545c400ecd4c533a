"""Finds the headings of an article and what they enclose, by looking at the whole article.

Three steps. :func:`_scan` gives every line its role (text, code, table, rule, picture, front matter …). :func:`_marks` collects the
lines that *may* be headings, each with its style (``##``, bold, ``1、``, ``（一）``, a date, a short line that stands alone …).
:func:`_accept` then decides style by style: a numbering must run on from 1, its lines must be short, and text must follow each of
them (the items of a list follow one another); an unnumbered style must repeat. Levels come from Markdown, or from the order in
which the styles first appear, outermost first.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Literal

from pipeline.model import Section, SentenceKind
from pipeline.stages._inline import shown

if TYPE_CHECKING:
    from pipeline.model import CleanText, SectionKind

Role = Literal["blank", "text", "code", "table", "rule", "image", "outside"]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, table row or block of code.

    Attributes:
        start, end: offsets into ``CleanText.text``, without blanks at the ends. Line breaks inside are hard wraps.
        section: index of its section.
        kind: of the sentences it holds.
    """

    start: int
    end: int
    section: int
    kind: SentenceKind


@dataclass(frozen=True, slots=True)
class Layout:
    """How an article is made up.

    Attributes:
        title: its own title, as shown: from front matter, a lone first ``#`` heading or a first line that stands alone.
        markdown: the text uses Markdown, so that ``*``, ``_`` and the like are marks, not characters.
        sections: in reading order; ``start`` and ``end`` are offsets into the source.
        blocks: in reading order; they cover all that is in sections but white space.
        width: length of the lines of a text that was wrapped at a fixed length, even inside words; 0 elsewhere.
    """

    title: str | None
    markdown: bool
    sections: tuple[Section, ...]
    blocks: tuple[Block, ...]
    width: int = 0


@dataclass(slots=True)
class _Line:
    start: int  # of its first character that is no blank
    end: int  # after its last character that is no blank
    text: str  # without blanks at the ends
    indent: int  # columns
    role: Role = "text"
    hard: bool = False  # Markdown's hard break at its end


@dataclass(frozen=True, slots=True)
class _Mark:
    """A line that may be a heading: ``style`` names what it looks like, ``number`` what it counts, ``name`` what it says."""

    line: int
    last: int  # its last line (the underline of a setext heading)
    style: str
    number: tuple[int, ...] | None
    name: str
    shown: str
    sure: bool = False


# ---------------------------------------------------------------------------------------------------------------- lines and roles

_LINES = re.compile(r"([^\r\n]*)(?:\r\n|\r|\n|\Z)")
_FENCE = re.compile(r"(`{3,}|~{3,})[^`]*$")
_RULE = re.compile(r"(?:([-*_=—–~·•.＊#+─━═◆☆★])[ \t]*)(?:\1[ \t]*){2,}$")
# A row of stars or dashes with a few words in the middle divides as well as one without.
_DIVIDER = re.compile(r"(?=([-*=~—─━_]))(\1{4,})[^-*=~—─━_].{0,16}?\1{4,}$")
_DEFINITION = re.compile(r"\[[^\[\]^][^\[\]]{0,200}\]:\s*\S+(?:\s+[\"'(].{0,200}[\"')])?$")
_IMAGE = re.compile(
    r"(?:\s*(?:\[?!\[[^\[\]]{0,500}\](?:\([^()]{0,2000}\)|\[[^\[\]]{0,200}\])(?:\]\([^()]{0,2000}\))?|<img\b[^<>]{0,2000}>)\s*)+$", re.I
)
_ATTRIBUTES = re.compile(
    r"(?:\[toc\]|\{%.*%\}|\{\{.*\}\}|:{3,}\s*\w*.*|</?[a-z][a-z0-9]*(?:\s[^<>]{0,500})?/?>(?:\s*</?[a-z][a-z0-9]*(?:\s[^<>]{0,500})?/?>){0,20})$", re.I
)
_DELIMITER = re.compile(r"\|?\s*:?-{2,}:?\s*(?:[|+]\s*:?-{2,}:?\s*)+\|?$|\|\s*:?-{2,}:?\s*\|$|\+[-=+]{3,}\+$")
_ITEM = re.compile(r"(?:[-*+•·●○◦▪‣➢➤✓✔☑□]\s+|[●•▪◦➢➤✓✔☑]\S|[-*+]\s*\[[ xX]\]\s)")
_NUMBERED = re.compile(
    r"(?:[(（]?\d{1,3}[)）.、．](?![\d%])|[(（][一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}[、.．]|[①-⑳]|[a-zA-Z][.)）]\s)"
)
_TERMINAL = "。！？!?；;…”」』：:】.》〉)）~～”"
_END = re.compile(r"[。！？!?…；;：:]['\"”’」』）)】*_`~～]*$|[。！？!?…][^\w]*$|[~～]$")
_PAUSE = re.compile(r"[，、,——]$")


def _scan(text: str) -> list[_Line]:
    lines = []
    for m in _LINES.finditer(text):
        if m.start() == len(text) and lines:
            break
        raw = m[1]
        body = raw.strip()
        lead = len(raw) - len(raw.lstrip())
        start = m.start() + lead
        lines.append(
            _Line(
                start,
                start + len(body),
                body,
                len(raw[:lead].expandtabs(4)),
                "text" if body else "blank",
                bool(body) and (raw.endswith("  ") or body.endswith(("\\", "<br>", "<br/>"))),
            )
        )
    _fences(lines)
    _comments(lines)
    for i, line in enumerate(lines):
        if line.role != "text":
            continue
        if _RULE.match(line.text) or _DIVIDER.match(line.text):
            line.role = "rule"
        elif _IMAGE.match(line.text):
            line.role = "image"
        elif not line.text.strip("> \t"):
            line.role = "code"  # an empty line of a quotation
        elif _DEFINITION.match(line.text) or _ATTRIBUTES.match(line.text):
            line.role = "code"
        elif _DELIMITER.match(line.text) and ("|" in line.text or "+" in line.text):
            line.role = "table"
            if i and lines[i - 1].role == "text" and ("|" in lines[i - 1].text):
                lines[i - 1].role = "table"
        elif "|" in line.text and (
            (i and lines[i - 1].role == "table") or (line.text[0] == line.text[-1] == "|" and len(line.text) > 2)
        ):
            line.role = "table"
    return lines


def _fences(lines: list[_Line]) -> None:
    """Mark fenced code. A fence that is never closed is taken for a slip, and only its own line for code."""
    last = {mark: -1 for mark in "`~"}
    for i, line in enumerate(lines):
        if line.text[:3] in ("```", "~~~"):
            last[line.text[0]] = i
    opened = ""
    for i, line in enumerate(lines):
        if opened:
            if line.role != "blank":
                line.role = "code"
            mark = line.text
            if mark.startswith(opened) and not mark.strip(opened[0]):
                opened = ""
            elif i >= last[opened[0]]:
                opened = ""
        elif line.role == "text" and (m := _FENCE.match(line.text)):
            line.role = "code"
            if i < last[m[1][0]]:
                opened = m[1]


def _comments(lines: list[_Line]) -> None:
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


_FIELD = re.compile(r"[A-Za-z_][\w.-]{0,40}\s*[:=]")


def _front_matter(lines: list[_Line]) -> str | None:
    """Mark YAML or TOML front matter as outside; return its title."""
    first = next((i for i, line in enumerate(lines) if line.role != "blank"), None)
    if first is None:
        return None
    fence = lines[first].text
    bare = fence not in ("---", "+++")
    if bare and not re.match(r"(?:title|layout|date|tags|categories)\s*:", fence):
        return None
    start = first if bare else first + 1
    closers = ("---", "...") if bare or fence == "---" else ("+++",)
    for i in range(start, min(len(lines), start + 80)):
        if lines[i].text in closers:
            fields = [lines[k] for k in range(start, i)]
            if not any(_FIELD.match(f.text) for f in fields):
                return None
            for k in range(first, i + 1):
                if lines[k].role != "blank":
                    lines[k].role = "outside"
            for f in fields:
                if m := re.match(r"title\s*[:=]\s*(.+)$", f.text, re.IGNORECASE):
                    return m[1].strip().strip("\"'").strip() or None
            return None
        if i - start < 3 and lines[i].role == "blank" and not bare:
            return None
    return None


# ------------------------------------------------------------------------------------------------------------- headings by their look

_CN = "一二三四五六七八九十百零〇两"
_SEPARATOR = r"[\s、.．:：,，丨|\-—–·/]"
_STYLES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("第章", rf"第\s*(?P<n>[{_CN}]{{1,4}}|\d{{1,3}})\s*(?:部分|阶段|章节|[章节篇部回讲课点条步幕])(?:{_SEPARATOR}*)(?P<rest>.*)$"),
        ("part", rf"(?:part|chapter|section|step|act|phase)\s*\.?\s*(?P<n>\d{{1,2}}|[ivx]{{1,4}}|one|two|three|four|five|six)\b(?:{_SEPARATOR}*)(?P<rest>.*)$"),
        ("0x", rf"0x(?P<n>[0-9a-f]{{1,2}})(?:{_SEPARATOR}+)(?P<rest>.*)$"),
        ("一、", rf"(?P<n>[{_CN}]{{1,3}})\s*[、.．:：丨|](?P<rest>.*)$"),
        ("（一）", rf"[(（【\[]\s*(?P<n>[{_CN}]{{1,3}})\s*[)）】\]]{_SEPARATOR}*(?P<rest>.*)$"),
        ("1.1", r"(?P<n>[1-9]\d?(?:[.．][1-9]\d?){1,3})(?:[.．、]\s*|\s+|(?=[\u4e00-\u9fff]))(?P<rest>(?![\d%]).*)$"),
        ("1）", rf"(?P<n>\d{{1,2}})\s*[)）]{_SEPARATOR}*(?P<rest>.*)$"),
        ("（1）", rf"[(（【\[]\s*(?P<n>\d{{1,2}})\s*[)）】\]]{_SEPARATOR}*(?P<rest>.*)$"),
        ("01", rf"(?P<n>0\d)(?:{_SEPARATOR}+(?P<rest>.*)|(?P<none>))$"),
        ("1、", r"(?P<n>\d{1,2})\s*、\s*(?P<rest>.*)$"),
        ("1.", r"(?P<n>\d{1,2})[.．](?![\d%])\s*(?P<rest>.*)$"),
        ("①", r"(?P<n>[①-⑳])\s*(?P<rest>.*)$"),
        ("1⃣", r"(?P<n>\d)\ufe0f?\u20e3\s*(?P<rest>.*)$"),
        ("Ⅰ", rf"(?P<n>[Ⅰ-Ⅻ]|(?:IX|IV|V?I{{1,3}}|V|X)(?=[.、．\s])){_SEPARATOR}*(?P<rest>.*)$"),
        ("A.", r"(?P<n>[A-H])[.、．)）]\s*(?P<rest>\S.*)$"),
    )
)  # fmt: skip
_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}
_DATE = re.compile(
    r"(?:(?P<y>(?:19|20)\d\d)\s*(?:年|[-./](?=\d))?\s*(?:(?P<m>1[0-2]|0?[1-9])\s*(?:月(?:份)?|(?=[-./]\d|$))(?:\s*[-./]?\s*\d{1,2}\s*[日号]?)?)?"
    r"|(?P<month>1[0-2]|[1-9])\s*月(?:份|\s*\d{1,2}\s*[日号])?|(?P<cn>十[一二]?|[一二三四五六七八九])月(?:份)?|Q(?P<q>[1-4])|第(?P<quarter>[一二三四])季度"
    r"|(?P<half>[上下])半年|(?P<eng>January|February|March|April|May|June|July|August|September|October|November|December))"
    r"(?P<span>\s*(?:[-~—至到]+)\s*(?:今|(?:(?:19|20)\d\d)?\s*年?\s*(?:\d{1,2}\s*月?)?))?(?:[\s:：,，、丨|\-—–·]+(?P<rest>.*))?$"
)
_CLOSING = re.compile(
    r"(?:(?:最后的?)?(?:总结|小结|结语|结束语|结论|结尾|尾声|后记|结束|收尾|跋|总评|總結|小結|結語|結束語|結論|結尾|尾聲|後記)"
    r"(?:一下|陈词|語|语|词|和|与|及|&|、)?(?:展望|反思|思考|回顾|感悟|感想|建议|启示|教训|未来|致谢|心得|复盘|改进|下一步|計畫|计划)?"
    r"|(?:写|寫)在(?:最后|最後|后面|後面|结尾|文末)(?:的?话)?|(?:最|再)?最[后後](?:的?[话話])?(?:的?最[后後])?|(?:最[后後])?(?:一点)?(?:感想|感悟|寄语|反思与总结)"
    r"|(?:经验|复盘|全文|本文|回顾|反思|思考|项目|个人|年度|整体|教训|回顾与|反思与|经验与|展望与|最终)(?:和|与|及)?(?:总结|小结|總結|结论|結論)"
    r"|(?:展望|未来展望|总结与展望|回顾与展望|尾巴|结|完|写到最后|Last|The\s*End|End|Ending|Final(?:ly)?|Conclusions?|Summary|Epilogue|In the end|TL;?DR|Takeaways?|Closing|Wrap[- ]?up|One more thing))"
    r"$", re.IGNORECASE,
)  # fmt: skip
_OPENING = re.compile(
    r"(?:前言|引言|引子|序|序言|序章|导语|导言|導言|导读|楔子|开篇|开头|开场白?|缘起|緣起|起因|背景|项目背景|事件背景|背景介绍|写在前面|寫在前面|"
    r"写在开头|摘要|概述|概要|简介|Intro(?:duction)?|Background|Preface|Abstract|Overview)$", re.I,
)  # fmt: skip
_BOLD = re.compile(r"(?P<b>\*\*|__)(?=\S)(?P<inner>(?:(?!\*\*|__).)+?)(?<=\S)(?P=b)(?P<colon>[:：]?)$")
_BOLD_TAG = re.compile(r"<(?P<b>b|strong)>(?P<inner>[^<>]+)</(?P=b)>(?P<colon>[:：]?)(?:<br\s*/?>)?$", re.I)
_BRACKET = re.compile(r"【(?P<inner>[^【】]{1,30})】(?P<rest>.{0,30})$|[■▌▍▎█◆◇★☆▶►▲◎※❖✦✪]\s*(?P<inner2>[^■◆◇★☆▶►].{0,30})$")
_ATX = re.compile(r"(?P<hash>#{1,6})(?P<blank>[ \t]+|(?=[^#\s]))(?P<name>.*?)(?:[ \t]+#+)?$")
_HTML_HEAD = re.compile(r"<h(?P<n>[1-6])\b[^<>]{0,500}>(?P<name>.+?)</h(?P=n)>$", re.I)
_HASHTAG = re.compile(r"#[^#\s]{1,30}#|#[^#\s]+\s+#\S")
_CAPTION = re.compile(r"(?:[（(]?(?:图|表|圖|Fig(?:ure)?\.?|Table)\s*(?:\d|[一二三四五六七八九十]|[:：/丨|源片])|▲|△|↑|↓|注[:：]|[（(].*[）)]$|——|—|~|>|@|http|www\.)", re.I)
_META = re.compile(
    r"(?:作者|文|编辑|责编|責編|撰文|编译|译者|校对|采访|来源|來源|出处|原文|原文链接|原文地址|原文标题|转载|轉載|首发|首發|发布|发布于|发布时间|发表于|日期|时间|更新|更新于|更新时间|"
    r"本文(?:作者|来源|首发|转载|链接|原载|地址)|作者简介|微信公众号|公众号|微信号|封面|题图|头图|图源|图片来源|排版|监制|字数|阅读时间|标签|分类|"
    r"author|date|source|tags?|categor(?:y|ies)|published|updated|editor)\s*(?:[|丨:：/／@]|by\b)\s*\S", re.I,
)  # fmt: skip
_NOTICE = re.compile(r"[*_\[（(【]*(?:注意|声明|聲明|申明|免责|说明|提示|温馨提示|编者按|编者注|版权|版權|本文(?:首发|转载|来自|由|原载|系|约)|转载请|PS|P\.S\.|NOTE|Disclaimer|update)", re.I)
_FOOTER = re.compile(
    r"[*_\[（(【>\-\s]*(?:本文(?:作者|链接|首发|转载|来自|来源|原载|地址|采用|遵循|由.{1,20}(?:原创|发布|授权))|作者简介|关于作者|版权|版權|著作权|转载请|转载自|轉載|未经(?:许可|授权|允许)|原文(?:链接|地址|出处|标题)?\s*[:：]|"
    r"责任编辑|責任編輯|责编|编辑\s*[:：]|来源\s*[:：]|出处\s*[:：]|欢迎(?:关注|转载|扫码|加入|订阅)|关注(?:我|公众号|微信)|长按|扫码|扫描|微信公众号|公众号\s*[:：]|联系(?:我|方式|邮箱|作者)|商务合作|"
    r"点击(?:阅读原文|下方|关注)|阅读原文|点赞|分享到|如果(?:您|你)?觉得.{0,12}(?:有用|有帮助|不错)|copyright|©|\(c\)\s*\d|all rights reserved|cc[ -]by|creative commons|本作品采用|本作品|署名|许可协议|"
    r"the end\b|[（(]?(?:全文)?完[)）]?$|-+\s*(?:end|完|fin)\s*-+$|end$|posted by|上一篇|下一篇|相关阅读|相关文章|推荐阅读|延伸阅读|标签\s*[:：]|分类\s*[:：]|tags?\s*[:：])", re.I,
)  # fmt: skip
_NAMELESS = re.compile(r"[\W_]*$")


def _number(style: str, n: str) -> tuple[int, ...]:
    """Return what a numbering says, as numbers: ``2.3`` → (2, 3)."""
    low = n.lower()
    if style == "1.1":
        return tuple(int(x) for x in re.split(r"[.．]", n))
    if style == "0x":
        return (int(low, 16),)
    if style == "①":
        return (ord(n) - ord("①") + 1,)
    if style == "A.":
        return (ord(low) - ord("a") + 1,)
    if "Ⅰ" <= n[0] <= "Ⅻ":
        return (ord(n) - ord("Ⅰ") + 1,)
    if n.isdigit():
        return (int(n),)
    if low in _WORDS or low in _ROMAN:
        return (_WORDS.get(low) or _ROMAN[low],)
    return (chinese_number(n),)


def chinese_number(numeral: str) -> int:
    """Return the value of a Chinese numeral below 1,000 (二十三 → 23, 一百零五 → 105); 0 for what is none."""
    total = digit = 0
    for c in numeral:
        if c == "十":
            total, digit = total + (digit or 1) * 10, 0
        elif c == "百":
            total, digit = total + (digit or 1) * 100, 0
        elif c in "零〇":
            digit = 0
        elif c == "两":
            digit = 2
        elif c in "一二三四五六七八九":
            digit = "一二三四五六七八九".index(c) + 1
        else:
            return 0
    return total + digit


def _numbering(text: str) -> tuple[str, tuple[int, ...], str] | None:
    """Return style, number and what follows of a line that opens with a numbering."""
    for style, pattern in _STYLES:
        if m := pattern.match(text):
            return style, _number(style, m["n"]), (m["rest"] or "").strip()
    return None


def _date(text: str) -> tuple[str, tuple[int, ...], str] | None:
    m = _DATE.match(text)
    if not m or (m["rest"] and len(m["rest"]) > 24):
        return None
    if m["y"]:
        return "年", (int(m["y"]), int(m["m"] or 0)), m["rest"] or ""
    if m["q"] or m["quarter"]:
        return "季", (int(m["q"] or "一二三四".index(m["quarter"]) + 1),), m["rest"] or ""
    if m["half"]:
        return "半年", ("上下".index(m["half"]) + 1,), m["rest"] or ""
    month = m["month"] or (m["cn"] and str(chinese_number(m["cn"])))
    names = "january february march april may june july august september october november december".split()
    return "月", (int(month) if month else names.index(m["eng"].lower()) + 1,), m["rest"] or ""


def _weight(text: str) -> float:
    """Length in Chinese characters; an alphabetic word counts about as much as a character or two."""
    wide = sum(c > "\u2e7f" for c in text)
    return wide + (len(text) - wide) / 2.5


def _label(text: str) -> str:
    """Return a heading without numbering and marks at its ends, for comparison with openings and closings."""
    if found := _numbering(text):
        text = found[2] or text
    return text.strip(" \t:：。.!！、，,~—-【】[]（）()《》「」*_#…")


def is_closing(heading: str) -> bool:
    """Tell whether a heading names a closing (总结, 结语, 写在最后, Last …)."""
    return bool(_CLOSING.match(_label(heading)))


# ------------------------------------------------------------------------------------------------------------------------ candidates


def _marks(lines: list[_Line], *, markdown: bool, width: int) -> list[_Mark]:
    marks: list[_Mark] = []
    for i, line in enumerate(lines):
        if line.role != "text" or line.indent >= 4 and markdown:
            continue
        text = line.text
        if text[0] == "#" and (m := _ATX.match(text)):
            name = shown(m["name"])
            if _NAMELESS.match(name) or len(name) > 150:
                continue
            if m["blank"] or len(m["hash"]) > 1 or not _HASHTAG.match(text):
                marks.append(_Mark(i, i, f"h{len(m['hash'])}", None, _label(name), name, bool(m["blank"]) or len(m["hash"]) > 1))
            continue
        if text[0] == "<" and (m := _HTML_HEAD.match(text)):
            marks.append(_Mark(i, i, f"h{m['n']}", None, _label(shown(m["name"])), shown(m["name"]), True))
            continue
        if text[0] == ">" or len(text) > 160:
            continue
        before = lines[i - 1] if i else None
        opens = before is None or before.role != "text" or bool(_END.search(before.text)) or (bool(marks) and marks[-1].last == i - 1)
        if not opens and (markdown or width or (before is not None and _PAUSE.search(before.text))):
            continue
        if i + 1 < len(lines) and (under := lines[i + 1]).role == "rule" and _setext(lines, i):
            marks.append(_Mark(i, i + 1, "h1" if under.text[0] == "=" else "h2", None, _label(shown(text)), shown(text), True))
            continue
        if mark := _mark(i, text, markdown=markdown):
            marks.append(mark)
    return marks


def _setext(lines: list[_Line], i: int) -> bool:
    """Tell whether line ``i``, with a row of ``=`` or ``-`` below, is underlined by it (and not only followed by a rule)."""
    under, text = lines[i + 1].text, lines[i].text
    if not re.fullmatch(r"={3,}|-{2,}", under) or _weight(text) > 30 or _ITEM.match(text):
        return False
    single = i == 0 or lines[i - 1].role != "text"
    if re.search(r"[。；;，,、]$", text) or (under[0] == "-" and re.search(r"[。！？：:]", text)):
        return False
    after = next((x for x in lines[i + 2 :][:3] if x.role != "blank"), None)
    return single and after is not None


def _mark(i: int, text: str, *, markdown: bool) -> _Mark | None:
    bold = _BOLD.match(text) or _BOLD_TAG.match(text)
    prefix = ""
    if not bold and (found := _numbering(text)) and found[2][:2] in ("**", "__", "<b", "<s"):
        # 1. **…**: the numbering stands outside of the bold.
        if bold := _BOLD.match(found[2]) or _BOLD_TAG.match(found[2]):
            prefix = text[: len(text) - len(found[2])]
    if bold:
        name = shown(prefix + bold["inner"])
        if _weight(name) > 40 or re.search(r"[。；;，,、]$|[。！？].", name) or _CAPTION.match(name):
            return None
        found = _numbering(name) or _date(name)
        style = f"bold {found[0]}" if found else "bold"
        if bold["colon"] or name[-1] in ":：":
            style += ":"
        return _Mark(i, i, style, found[1] if found else None, _label(name), name)
    if _ITEM.match(text):
        return None
    name = shown(text, markdown=markdown)
    if not name or _weight(name) > 60:
        return None
    if found := _numbering(name):
        rest = found[2]
        if not rest and found[0] not in ("01", "part", "第章", "0x", "Ⅰ"):
            return None
        return _Mark(i, i, found[0], found[1], _label(name), name)
    if found := _date(name):
        return _Mark(i, i, found[0], found[1], name, name) if _weight(name) <= 24 and not re.search(r"[。；，,]", name) else None
    label = _label(name)
    if _CLOSING.match(label) and len(name) <= len(label) + 3:
        return _Mark(i, i, "closing", None, label, name)
    if _OPENING.match(label) and len(name) <= len(label) + 3:
        return _Mark(i, i, "opening", None, label, name)
    if m := _BRACKET.match(name):
        if m["inner"] and m["rest"] and re.search(r"[。，；,]", m["rest"]):
            return None
        return _Mark(i, i, "【】" if m["inner"] else "■", None, label, name)
    if _CAPTION.match(name) or _META.match(name) or not re.search(r"[\u4e00-\u9fffA-Za-z]{2}", name):
        return None
    if name[-1] in ":：":
        return _Mark(i, i, "short:", None, label, name) if 2 <= _weight(name) <= 12 and not re.search(r"[，。；,]", name) else None
    if 2 <= _weight(name) <= 24 and not re.search(r"[。！!；;，,、…~～”\"」』）)]$|[。；;！…]|https?:|[，,].*[，,]|^[a-z“\"「（(]|[了的呢吧啊]$", name):
        return _Mark(i, i, "short", None, label, name)
    return None


# -------------------------------------------------------------------------------------------------------------------------- decision


def _accept(lines: list[_Line], marks: list[_Mark], *, markdown: bool) -> list[_Mark]:
    """Return the marks that are headings, in order."""
    headings = [m for m in marks if m.style[0] == "h" and m.style[1:].isdigit()]
    sure = [m for m in headings if m.sure]
    # A hash without a blank after it is a heading where nothing else is, or where the others are written so.
    accepted = list(sure) if sure else headings if len(headings) > 1 else []
    loose = not accepted  # no heading is marked up as one
    body = _Body(lines)
    styles: dict[str, list[_Mark]] = {}
    for m in marks:
        if m.style not in ("closing", "opening") and m not in headings:
            styles.setdefault(m.style, []).append(m)
    fixed = {m.line for m in accepted}
    for style, group in styles.items():
        if group[0].number is not None:
            for run in _runs(group, fixed):
                if _numbered(run, body, fixed, bold=style.startswith("bold"), strict=not loose):
                    accepted += run
    marked = bool(accepted)
    for style in ("bold", "bold:", "【】", "■"):
        group = styles.get(style, [])
        if _repeated(group, body, fixed | {m.line for m in accepted}, colon=style.endswith(":")):
            accepted += group
    taken = {m.line for m in accepted}
    if not any(m.style[0] == "h" or m.style.startswith("bold") for m in accepted):
        for style in ("short", "short:"):
            group = _standing(styles.get(style, []), lines, body, taken, marked=marked)
            accepted += group
            taken |= {m.line for m in group}
    accepted += _ends(marks, lines, body, taken)
    return sorted({m.line: m for m in accepted}.values(), key=lambda m: m.line)


class _Body:
    """How much text follows a line, up to another: sums over lines, so that each question takes constant time."""

    def __init__(self, lines: list[_Line]) -> None:
        self.lines = lines
        self.total = [0]
        self.plain = [0]
        for line in lines:
            here = line.role in ("text", "table", "code", "image")
            self.total.append(self.total[-1] + (len(line.text) if here else 0))
            prose = line.role == "text" and line.indent < 2 and not _ITEM.match(line.text) and line.text[0] != ">"
            self.plain.append(self.plain[-1] + (len(line.text) if prose else 0))

    def all(self, first: int, last: int) -> int:
        """Return the characters between the lines ``first`` and ``last``, both left out."""
        return self.total[max(last, first + 1)] - self.total[first + 1]

    def prose(self, first: int, last: int) -> int:
        """Return the characters of running text between the lines: no list items, no quotations, no indented lines."""
        return self.plain[max(last, first + 1)] - self.plain[first + 1]


def _runs(group: list[_Mark], fixed: set[int]) -> list[list[_Mark]]:
    """Cut the marks of one style where their numbers start anew."""
    runs: list[list[_Mark]] = []
    for m in group:
        if runs and _follows(runs[-1][-1].number, m.number):
            runs[-1].append(m)
        else:
            runs.append([m])
    return runs


def _follows(a: tuple[int, ...] | None, b: tuple[int, ...] | None) -> bool:
    if a is None or b is None:
        return False
    if len(b) == 1 == len(a):
        return a[0] < b[0] <= a[0] + 2
    return a < b


def _numbered(run: list[_Mark], body: _Body, fixed: set[int], *, bold: bool, strict: bool) -> bool:
    """Tell whether a run of numbered lines are headings, not the items of a list."""
    first = run[0].number or (0,)
    dated = run[0].style.removeprefix("bold ").rstrip(":") in ("年", "月", "季", "半年")
    if len(run) < 2 or (first[0] > 2 and not dated):
        return False
    others = sorted(fixed)
    good = 0
    sizes = []
    for k, m in enumerate(run):
        end = run[k + 1].line if k + 1 < len(run) else len(body.lines)
        after = bisect_left(others, m.line + 1)
        if after < len(others):
            end = min(end, others[after])
        size = body.prose(m.last, end) if strict and not bold else body.all(m.last, end)
        sizes.append(size)
        short = _weight(m.shown) <= 40 and not re.search(r"[。；;，,、.…]$|[。；！].*[\w]", m.shown)
        good += short and size >= max(15, 0.7 * len(m.shown))
    if good < len(run) - (len(run) > 3) - (len(run) > 7):
        return False
    return median(sizes) >= (60 if strict and not bold else 24)


def _repeated(group: list[_Mark], body: _Body, taken: set[int], *, colon: bool) -> bool:
    """Tell whether an unnumbered look of its own (bold, 【…】) marks headings: it repeats, and text follows it."""
    if len(group) < 2:
        return False
    edges = sorted(taken | {m.line for m in group})
    good = 0
    for m in group:
        k = bisect_left(edges, m.line) + 1
        end = edges[k] if k < len(edges) else len(body.lines)
        size = body.prose(m.last, end) if colon else body.all(m.last, end)
        good += size >= max(10, len(m.shown) // 2)
    return good >= 0.7 * len(group)


def _standing(group: list[_Mark], lines: list[_Line], body: _Body, taken: set[int], *, marked: bool) -> list[_Mark]:
    """Return the short lines that stand alone as headings do: each before a paragraph, seldom, and evenly enough."""
    edges = sorted(taken | {m.line for m in group})
    spaced = sum(line.role == "blank" for line in lines) >= 0.25 * len(lines)
    out = []
    for m in group:
        k = bisect_left(edges, m.line) + 1
        end = edges[k] if k < len(edges) else len(lines)
        before = lines[m.line - 1] if m.line else None
        after = lines[m.line + 1] if m.line + 1 < len(lines) else None
        if after is None or (spaced and not (before is None or before.role != "text")):
            continue
        if spaced and after.role == "text" and _weight(after.text) < 30:
            continue
        if (m.style == "short:" and body.prose(m.line, end) < 60) or body.all(m.line, end) < 40:
            continue
        out.append(m)
    paragraphs = sum(line.role == "text" for line in lines)
    need = 3 if marked else 2
    if len(out) < need or len(out) * 2 > paragraphs or len(out) < 0.5 * len([m for m in group if m.line]):
        return []
    return out


def _ends(marks: list[_Mark], lines: list[_Line], body: _Body, taken: set[int]) -> list[_Mark]:
    """Return unmarked closings and openings (总结:, 前言) that stand alone and have text of their own."""
    out = []
    edges = sorted(taken)
    rich = any(m.style[0] == "h" for m in marks if m.line in taken)
    for m in marks:
        if m.line in taken or not (m.style in ("closing", "opening") or (m.style.startswith("bold") and _CLOSING.match(m.name))):
            continue
        k = bisect_left(edges, m.line)
        end = edges[k] if k < len(edges) else len(lines)
        alone = not m.line or lines[m.line - 1].role != "text" or _END.search(lines[m.line - 1].text)
        if not alone or body.all(m.line, end) < 15:
            continue
        if m.style == "opening" and (not edges or (edges and m.line > edges[0]) or rich):
            continue
        if m.style != "opening" and (k < len(edges) or body.total[m.line] < 0.4 * body.total[-1]):
            continue
        if m.style != "opening" and rich and m.shown[-1] in ":：" and not m.style.startswith("bold"):
            continue
        out.append(m)
    closings = [m for m in out if m.style != "opening"]
    return [m for m in out if m.style == "opening" or m is closings[-1]]


# ----------------------------------------------------------------------------------------------------------------- levels and the rest


def _levels(heads: list[_Mark]) -> list[int]:
    """Return the depth of each heading: Markdown's, or the order in which the styles first appear inside one another."""
    levels: list[int] = []
    stack: list[tuple[int, str]] = []  # rank, style
    depth = sorted({int(m.style[1]) for m in heads if m.style[0] == "h" and m.style[1:].isdigit()})
    order: list[str] = []
    for m in heads:
        style = m.style.rstrip(":")
        if style[0] == "h" and style[1:].isdigit():
            rank = depth.index(int(style[1]))
        elif style in ("closing", "opening") and not depth:
            rank = 0
        elif style in ("short", "bold", "closing", "opening") and not depth and (_CLOSING.match(m.name) or _OPENING.match(m.name)):
            rank = 0
        else:
            if style not in order:
                order.append(style)
            rank = len(depth) + order.index(style) + (len(m.number) - 2 if style.endswith("1.1") and m.number else 0)
        while stack and stack[-1][0] >= rank:
            stack.pop()
        stack.append((rank, style))
        levels.append(len(stack))
    return levels


def _wrap_width(lines: list[_Line]) -> int:
    """Return the length at which the text was wrapped, even inside words; 0 where it was not.

    Wrapping at a fixed length leaves many lines that are just as long as the longest or a word shorter, and that end in mid-sentence.
    A few longer ones (addresses, which are never broken) do not speak against it.
    """
    broken = [a.end - a.start for a, b in pairwise(lines) if a.role == b.role == "text" and not _END.search(a.text)]
    count = Counter(n for n in broken if 20 <= n <= 130)
    if len(broken) < 4 or not count:
        return 0
    top = max((n for n, k in count.items() if k > 1), default=0)
    near = sum(top - 12 <= n <= top for n in broken)
    return top if top and near >= 0.5 * len(broken) and sum(n > top for n in broken) <= 0.1 * len(broken) else 0


def sections(clean: CleanText) -> Layout:
    """Return title, sections and blocks of a cleaned article.

    ``Section.start`` is the first character of the heading's line, mark-up included, ``end`` where the next heading begins. Front
    matter, a title, notices, pictures before the first text, link definitions at the end and footers lie in no section.
    """
    text = clean.text
    lines = _scan(text)
    title = _front_matter(lines)
    fronted = any(line.role == "outside" for line in lines)
    markdown = fronted or _is_markdown(text, lines)
    width = _wrap_width(lines)
    _lead(lines)
    _tail(lines)
    marks = [m for m in _marks(lines, markdown=markdown, width=width) if lines[m.line].role == "text"]
    title, marks, heads = _title(lines, marks, title, markdown=markdown)
    body = [i for i, line in enumerate(lines) if line.role not in ("blank", "outside")]
    if not body:
        return Layout(title, markdown, (), (), width)
    _lead_images(lines, body, heads)
    body = [i for i in body if lines[i].role != "outside"]
    if not body:
        return Layout(title, markdown, (), (), width)
    return _assemble(clean, lines, heads, title, markdown=markdown, width=width, body=body)


def _is_markdown(text: str, lines: list[_Line]) -> bool:
    if any(line.text[:3] in ("```", "~~~") for line in lines if line.role == "code"):
        return True
    if any(line.role == "text" and line.text[0] == "#" and re.match(r"#{1,6}[ \t]+\S|#{2,6}\S", line.text) for line in lines):
        return True
    return bool(re.search(r"\]\(\S{1,2000}?\)|\*\*[^*\s][^*\n]{0,200}\*\*|^> ", text, re.MULTILINE))


def _lead(lines: list[_Line]) -> None:
    """Mark bylines and notices before the text as outside."""
    seen = 0
    pending: list[_Line] = []
    for i, line in enumerate(lines):
        if line.role in ("blank", "outside", "image"):
            continue
        if line.role == "rule":
            for p in (*pending, line):
                p.role = "outside"
            break
        if line.role != "text" or seen >= 4:
            break
        seen += 1
        if _META.match(line.text.lstrip("> *_")) and _weight(line.text) <= 50 or _byline(line.text):
            line.role = "outside"
        elif _NOTICE.match(line.text) and _weight(line.text) <= 120 and _alone(lines, i):
            pending.append(line)
            if not re.match(r"[*_\[（(【>]*(?:注意|说明|提示|PS|NOTE)", line.text, re.IGNORECASE):
                line.role = "outside"
        elif i > 8 or len(pending) or seen > 1:
            break
        elif _weight(line.text) > 40:
            break


def _byline(text: str) -> bool:
    return bool(re.fullmatch(r"(?:19|20)\d\d[-/.年]\s*\d{1,2}[-/.月]\s*\d{1,2}日?(?:\s+\d{1,2}:\d\d(?::\d\d)?)?(?:\s+\S{1,12}){0,3}", text))


def _alone(lines: list[_Line], i: int) -> bool:
    return (i == 0 or lines[i - 1].role != "text") and (i + 1 >= len(lines) or lines[i + 1].role != "text")


def _tail(lines: list[_Line]) -> None:
    """Mark link definitions, rules and footers at the end as outside."""
    at = len(lines) - 1
    cut = len(lines)
    seen = 0
    while at >= 0 and seen < 12:
        line = lines[at]
        definition = line.role == "code" and _DEFINITION.match(line.text)
        if line.role == "blank":
            at -= 1
            continue
        if line.role == "outside":
            break
        footer = line.role == "text" and _weight(line.text) <= 90 and bool(_FOOTER.match(line.text.lstrip("# ")))
        empty = line.role == "text" and bool(_NAMELESS.match(line.text)) and line.text[0] == "#"
        if definition or footer or empty or line.role == "rule" or re.match(r"#+\s*-{2,}$", line.text):
            cut = at
            seen += not definition
        elif not (line.role in ("image", "code") or (line.role == "text" and _weight(line.text) <= 40 and at and _short_tail(line.text))):
            break
        else:
            seen += 1
        at -= 1
    for line in lines[cut:]:
        if line.role != "blank":
            line.role = "outside"


def _short_tail(text: str) -> bool:
    """Tell whether a short line near the end looks like contact data: an address, a link, a handle."""
    return bool(re.search(r"https?://|www\.|@\w|微信|邮箱|公众号|微博|知乎|github", text, re.IGNORECASE)) and not re.search("[。！？]$", text)


def _lead_images(lines: list[_Line], body: list[int], heads: list[_Mark]) -> None:
    first = heads[0].line if heads else len(lines)
    caption = False
    for i in body:
        line = lines[i]
        if i >= first:
            break
        if line.role == "image" or line.role == "rule" or (line.role == "code" and line.text[0] in "<[{:"):
            line.role = "outside"
            caption = line.text[-1] in ")>"
        elif caption and re.match(r"<small>|<center>|<figcaption|[▲△]|[（(]?图[:：/源片\d]|\*[^*]+\*$", line.text) and _weight(line.text) < 60:
            line.role = "outside"
        else:
            break


def _title(
    lines: list[_Line], marks: list[_Mark], title: str | None, *, markdown: bool
) -> tuple[str | None, list[_Mark], list[_Mark]]:
    """Take the title's line out of the text; return title, marks and headings."""
    first = next((i for i, line in enumerate(lines) if line.role == "text"), None)
    heads = _accept(lines, marks, markdown=markdown)
    tops = [m for m in heads if m.style == "h1"]
    if tops and len(tops) == 1 and tops[0].line == first and not is_closing(tops[0].shown):
        mark = tops[0]
    elif title and heads and heads[0].line == first and _same(heads[0].shown, title):
        mark = heads[0]
    else:
        candidates = [m for m in marks if m.line == first and m.style in ("short", "【】", "年", "bold", "h1")]
        lone = candidates[0] if candidates else None
        if lone is None or first is None or title is not None and not _same(lone.shown, title):
            lone = None
        if lone and not _plain_title(lone, lines, heads):
            lone = None
        if lone is None:
            return title, marks, heads
        mark = lone
    for k in range(mark.line, mark.last + 1):
        lines[k].role = "outside"
    _lead(lines)
    marks = [m for m in marks if lines[m.line].role == "text"]
    return title or mark.shown, marks, _accept(lines, marks, markdown=markdown)


def _same(a: str, b: str) -> bool:
    a, b = (re.sub(r"\W+", "", x).lower() for x in (a, b))
    return bool(a) and bool(b) and (a in b or b in a)


def _plain_title(mark: _Mark, lines: list[_Line], heads: list[_Mark]) -> bool:
    """Tell whether the first line, which stands alone, is the article's title and not its first heading."""
    after = lines[mark.line + 1] if mark.line + 1 < len(lines) else None
    if after is None or _OPENING.match(mark.name) or _weight(mark.shown) < 4:
        return False
    following = next((i for i in range(mark.line + 1, len(lines)) if lines[i].role not in ("blank", "outside")), None)
    if following is None:
        return False
    if any(m.line == following for m in heads):
        return True
    if mark.line in {m.line for m in heads}:
        alike = [_weight(m.shown) for m in heads if m.style == mark.style and m.line != mark.line]
        if mark.style == "bold":
            return False
        return bool(re.search(r"复盘|总结|回顾|报告|反思|小结|启示|纪实|年终|往事|始末|復盤|總結", mark.shown)) or (
            bool(alike) and _weight(mark.shown) > 1.6 * max(alike)
        )
    return after.role != "text" or bool(heads) or _weight(after.text) > 40


def _assemble(
    clean: CleanText, lines: list[_Line], heads: list[_Mark], title: str | None, *, markdown: bool, width: int, body: list[int]
) -> Layout:
    heads = [m for m in heads if lines[m.line].role != "outside"]
    levels = _levels(heads)
    starts = [lines[m.line].start for m in heads]
    first = lines[body[0]].start
    stop = max(lines[i].end for i in body)
    tail = next((line.start for line in lines if line.role == "outside" and line.start >= stop), len(clean.text))
    made: list[Section] = []
    begin = [first] if not heads or first < starts[0] else []
    edges = [*begin, *starts, tail]
    source = [clean.at(e) if e < len(clean.text) else clean.span(0, len(clean.text))[1] for e in edges]
    if begin:
        made.append(Section(None, 1, "intro" if heads else "body", source[0], source[1]))
    shift = len(made)
    parents: list[int] = []
    for k, (m, level) in enumerate(zip(heads, levels, strict=True)):
        while parents and made[parents[-1]].level >= level:
            parents.pop()
        parent = parents[-1] if parents else None
        made.append(Section(m.shown, level, "body", source[k + shift], source[k + shift + 1], parent))
        parents.append(k + shift)
    made = _closing(made, len(clean.text))
    blocks = _blocks(lines, heads, edges[:-1], markdown=markdown, width=width, text=clean.text)
    return Layout(title, markdown, tuple(made), tuple(blocks), width)


_AFTER_CLOSING = re.compile(r"(?:参考|參考|附录|附錄|致谢|感谢|鸣谢|references?|appendix|链接|相关|延伸|推荐|更新|ps|p\.s|q&a|常见问题|faq|脚注|注释)", re.I)


def _closing(made: list[Section], size: int) -> list[Section]:
    """Mark the last section at its level as the conclusion where its heading says so, and what it encloses."""
    kinds: list[SectionKind] = [s.kind for s in made]
    end = made[-1].end
    seen = False
    for k in range(len(made) - 1, 0, -1):
        s = made[k]
        if s.heading is None:
            break
        if s.level > 1 and s.parent is not None:
            continue
        if is_closing(s.heading) and (s.start > 0.4 * end or not seen):
            kinds[k] = "conclusion"
            break
        if not _AFTER_CLOSING.match(_label(s.heading)) or seen:
            break
        seen = s.end - s.start > 0.3 * end
    out: list[Section] = []
    for s, kind in zip(made, kinds, strict=True):
        up: SectionKind = out[s.parent].kind if s.parent is not None else "body"
        out.append(replace(s, kind="conclusion" if up == "conclusion" else kind))
    return out


# ------------------------------------------------------------------------------------------------------------------------------ blocks


def _blocks(lines: list[_Line], heads: list[_Mark], edges: list[int], *, markdown: bool, width: int, text: str) -> list[Block]:
    heading = {k for m in heads for k in range(m.line, m.last + 1)}
    opening = {m.line for m in heads}
    blocks: list[Block] = []
    section = -1
    previous: _Line | None = None
    kind: SentenceKind = "text"
    for i, line in enumerate(lines):
        if line.role in ("blank", "outside"):
            if not (line.role == "blank" and kind == "code" and previous is not None and previous.role == "code"):
                previous = None
            continue
        if section + 1 < len(edges) and line.start >= edges[section + 1]:
            section += 1
            previous = None
        if section < 0:
            continue
        kind = "heading" if i in heading else "table" if line.role == "table" else "text" if line.role == "text" else "code"
        last = blocks[-1] if blocks else None
        if (
            last is not None
            and previous is not None
            and last.section == section
            and last.kind == kind
            and (
                (kind == "heading" and i not in opening)
                or (kind == "code" and previous.role == line.role == "code")
                or (kind == "table" and bool(_DELIMITER.match(line.text)))
                or (kind == "text" and _continues(previous, line, markdown=markdown, width=width))
            )
        ):
            blocks[-1] = replace(last, end=line.end)
        else:
            blocks.append(Block(line.start, line.end, section, kind))
        previous = line
    return blocks


def _continues(previous: _Line, line: _Line, *, markdown: bool, width: int) -> bool:
    """Tell whether a line of text goes on with the paragraph of the line before."""
    if _ITEM.match(line.text) and (line.text[0] != "+" or _END.search(previous.text) or _ITEM.match(previous.text)):
        return False
    if _NUMBERED.match(line.text) and (_END.search(previous.text) or not width):
        return False
    quoted, quoting = previous.text[0] == ">", line.text[0] == ">"
    if quoting != quoted and (quoting or not markdown):
        return False
    if quoting and (not line.text.strip("> \t") or not previous.text.strip("> \t") or _ITEM.match(line.text.lstrip("> "))):
        return False
    if previous.hard:
        return bool(_PAUSE.search(previous.text))
    if markdown:
        return True
    if _PAUSE.search(previous.text):
        return True
    if not width or line.indent >= 2 or _END.search(previous.text) and previous.end - previous.start < width - 2:
        return False
    return previous.end - previous.start >= 0.7 * width
