"""Which lines of an article are its headings, and how deep they lie.

:func:`find_marks` collects the lines that *may* be headings, each with its style (``##``, bold, ``1、``, ``（一）``, a
date, a short line that stands alone …). :func:`accept` then decides style by style, looking at the whole article: a
numbering must run on from 1, its lines must be short, and text must follow each of them (the items of a list follow one
another); an unnumbered style must repeat. Levels come from Markdown, or from the order in which the styles first
appear, outermost first.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from pipeline.stages._around import CREDIT
from pipeline.stages._inline import shown
from pipeline.stages._lines import ITEM, NAMELESS, PAUSE, closes_block, ends, weight
from pipeline.stages.numerals import chinese_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.stages._lines import Line


@dataclass(frozen=True, slots=True)
class Mark:
    """A line that may be a heading.

    Attributes:
        line, last: its first line, and its last (the underline of a setext heading, the words below a bare number).
        style: what it looks like; headings of one style are decided on together.
        number: what it counts, None for unnumbered styles.
        name: what it says, without numbering.
        shown: the heading as a reader sees it.
        sure: marked up as a heading beyond doubt.
        listed: its number stands outside of its bold words, as that of a list's item does.
    """

    line: int
    last: int
    style: str
    number: tuple[int, ...] | None
    name: str
    shown: str
    sure: bool = False
    listed: bool = False


# -------------------------------------------------------------------------------------------------------------
# numberings

_CN = "一二三四五六七八九十百零〇两"
_SEP = r"[\s、.．:：,，丨|\-—–·/]"
_NUMERAL = r"\d{1,2}|[ivx]{1,4}|one|two|three|four|five|six"
_STYLES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        (
            "第章",
            rf"第\s*(?P<n>[{_CN}]{{1,4}}|\d{{1,3}})\s*(?:部分|阶段|章节|[章节篇部回讲课点条步幕天日周月年关站轮层集场]){_SEP}*(?P<rest>.*)$",
        ),
        (
            "part",
            rf"(?:part|chapter|section|step|act|phase|day|week|round|lesson)\s*\.?\s*(?P<n>{_NUMERAL})\b{_SEP}*(?P<rest>.*)$",
        ),
        ("0x", rf"0x(?P<n>[0-9a-f]{{1,2}})(?:{_SEP}+(?P<rest>.*)|(?P<none>))$"),
        ("一、", rf"(?P<n>[{_CN}]{{1,3}})\s*[、.．:：丨|](?P<rest>.*)$"),
        ("一", rf"(?P<n>[{_CN}]{{1,3}})\s+(?P<rest>\S.*)$"),
        ("（一）", rf"[(（【\[]\s*(?P<n>[{_CN}]{{1,3}})\s*[)）】\]]{_SEP}*(?P<rest>.*)$"),
        ("1.1", r"(?P<n>[1-9]\d?(?:[.．][1-9]\d?){1,3})(?:[.．、]\s*|\s+|(?=[一-鿿]))(?P<rest>(?![\d%]).*)$"),
        ("1）", rf"(?P<n>\d{{1,2}})\s*[)）]{_SEP}*(?P<rest>.*)$"),
        ("（1）", rf"[(（【\[]\s*(?P<n>\d{{1,2}})\s*[)）】\]]{_SEP}*(?P<rest>.*)$"),
        ("01", rf"(?P<n>0\d)(?![:：]\d)(?:{_SEP}+(?P<rest>.*)|(?P<none>))$"),
        ("1、", r"(?P<n>\d{1,2})\s*、\s*(?P<rest>.*)$"),
        ("1.", r"(?P<n>\d{1,2})[.．](?![\d%])\s*(?P<rest>.*)$"),
        ("1", r"(?P<n>[1-9]\d?)[ \t]+(?P<rest>(?![\d年月日个%]).*)$"),
        ("①", r"(?P<n>[①-⑳])\s*(?P<rest>.*)$"),
        ("1⃣", r"(?P<n>\d)\ufe0f?\u20e3\s*(?P<rest>.*)$"),
        ("Ⅰ", rf"(?P<n>[Ⅰ-Ⅻ]|(?:IX|IV|V?I{{1,3}}|V|X)(?=[.、．\s])){_SEP}*(?P<rest>.*)$"),
        ("A.", r"(?P<n>[A-H])[.、．)）]\s*(?P<rest>\S.*)$"),
        ("一面", rf"(?P<n>[{_CN}]{{1,2}})(?:面|轮|季度)(?:[:：\s]+(?P<rest>.*)|(?P<none>))$"),
        ("N", rf"(?P<n>[1-9]\d?|[{_CN}]{{1,2}})(?P<rest>)$"),
    )
)
# A quick look at the first characters spares most lines the list above.
_COUNTED = re.compile(
    rf"[第{_CN}\d(（【\[①-⑳Ⅰ-ⅫIVXA-H]|part|chapter|section|step|act|phase|day|week|round|lesson", re.IGNORECASE
)
_BARE = ("一面", "一、", "（一）", "01", "part", "第章", "0x", "Ⅰ", "N")  # styles whose number may stand without words
# 阶段一：…, 教训2：…: what is counted stands before the number, and makes the style.
_NAMED = re.compile(rf"(?P<word>[一-鿿]{{2,4}}?)\s?(?P<n>[{_CN}]{{1,2}}|\d{{1,2}})\s*[：:、丨|]\s*(?P<rest>\S.*)$")
_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}


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
    return (_WORDS.get(low) or _ROMAN.get(low) or chinese_number(n),)


def _numbering(text: str) -> tuple[str, tuple[int, ...], str] | None:
    """Return style, number and what follows of a line that opens with a numbering."""
    if not _COUNTED.match(text):
        return _named(text)
    for style, pattern in _STYLES:
        if m := pattern.match(text):
            return style, _number(style, m["n"]), (m["rest"] or "").strip()
    return None


def _named(text: str) -> tuple[str, tuple[int, ...], str] | None:
    m = _NAMED.match(text)
    return (m["word"] + "一", _number("", m["n"]), m["rest"]) if m else None


_MONTHS = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
]  # fmt: skip
_DATE = re.compile(
    rf"""(?:(?P<year>(?:19|20)\d\d)\s*(?:年|[-./](?=\d))?\s*
            (?:(?P<m>1[0-2]|0?[1-9])\s*(?:月(?:份)?|(?=[-./]\d|$))(?:\s*[-./]?\s*(?P<d>\d{{1,2}})\s*[日号]?)?)?
        |(?P<month>1[0-2]|[1-9])\s*月(?:份|\s*(?P<day>\d{{1,2}})\s*[日号])?
        |(?P<cn>十[一二]?|[一二三四五六七八九])月(?:份)?
        |Q(?P<q>[1-4])|第(?P<quarter>[一二三四])季度|(?P<half>[上下])半年
        |(?P<english>{"|".join(_MONTHS)}))
    (?:\s*[-~—至到]+\s*(?:今|(?:(?:19|20)\d\d)?\s*年?\s*(?:\d{{1,2}}\s*月?)?))?
    (?:[\s:：,，、丨|\-—–·]+(?P<rest>.*))?$""",
    re.VERBOSE | re.IGNORECASE,
)


def _date(text: str) -> tuple[str, tuple[int, ...]] | None:
    """Return style and number of a line that is a date, with a few words at most."""
    m = _DATE.match(text)
    if not m or weight(text) > 24 or re.search(r"[。；，,]", m["rest"] or ""):
        return None
    if m["year"]:
        return "年", (int(m["year"]), int(m["m"] or 0), int(m["d"] or 0))
    if m["q"] or m["quarter"]:
        return "季", (int(m["q"] or chinese_number(m["quarter"])),)
    if m["half"]:
        return "半年", ("上下".index(m["half"]) + 1,)
    month = m["month"] or (m["cn"] and chinese_number(m["cn"])) or _MONTHS.index(m["english"].lower()) + 1
    return "月", (int(month), int(m["day"] or 0))


def _dated(style: str) -> bool:
    return style.removeprefix("bold ").rstrip(":") in ("年", "月", "季", "半年")


# ---------------------------------------------------------------------------------------------------------------------
# openings and closings


def _any(words: str) -> str:
    return "|".join(words.split())


_ENDS = _any("总结 小结 结语 结束语 结论 结尾 尾声 后记 结束 收尾 跋 總結 小結 結語 結束語 結論 結尾 尾聲 後記")
_ALSO = _any(
    "经验 展望 反思 思考 回顾 感悟 感想 建议 启示 教训 未来 致谢 心得 复盘 改进 下一步 计划 規劃 改進 啟示 教訓 建議"
)
_BEFORE = _any("经验 复盘 全文 本文 回顾 反思 思考 项目 个人 年度 整体 教训 展望 最终 经验教训 經驗 復盤 反思 整體")
_LASTS = _any(
    "展望 未来展望 展望未来 总结与展望 回顾与展望 尾巴 结 完 写到最后 感想 感悟 寄语 一点感想 一点感悟 几点感想 "
    "一些感想 一些感悟 反思与总结 最后的最后 展望\\s*\\d{4}年? 总而言之 言而总之 总之 "
    "Last The\\s*End End Ending Final Finally Conclusions? Summary Epilogue TL;?DR Takeaways? Closing Wrap[-\\s]?up "
    "In\\s+the\\s+end One\\s+more\\s+thing Final\\s+thoughts"
)
_CLOSING = re.compile(
    rf"(?:(?:最[后後]的?)?(?:{_ENDS})(?:一下|陈词|词|和|与|及|&|、|與)*(?:{_ALSO})?"
    rf"|[写寫说說]在(?:最[后後]|[后後]面|结尾|結尾|文末)(?:的?[话話])?"
    rf"|最{{1,3}}[后後](?:的?[话話])?|最[后後]再?(?:说|聊|谈|想|写|讲|說|談|寫|講).{{0,6}}"
    rf"|(?:{_BEFORE})(?:和|与|及|與)?(?:总结|小结|總結|小結|结论|結論)"
    rf"|(?:\d{{4}}年?|明年|来年|新年|新的一年|下半年|明天|将来|对?未来|今后|后续)的?(?:一些)?(?:展望|期望|期许|期待|寄语|愿望|祝愿)"
    rf"|(?:{_LASTS}))$",
    re.IGNORECASE,
)
# Closings as headings; lines that begin so are seldom headings where no mark says it.
_THANKS = re.compile(
    r"(?:致谢|鸣谢|感谢(?:有你|大家|你们|您|各位|一路|所有人|名单)?)$|Thanks?(?:\s+for\s.{1,16})?$",
    re.IGNORECASE,
)
_OPENINGS = _any(
    "前言 引言 引子 序 序言 序章 导语 导言 導言 导读 楔子 开篇 开头 开场 开场白 缘起 緣起 起因 背景 项目背景 "
    "事件背景 背景介绍 写在前面 寫在前面 "
    "写在开头 摘要 概述 概要 简介 Intro Introduction Background Preface Abstract Overview"
)
_OPENING = re.compile(rf"(?:{_OPENINGS})$", re.IGNORECASE)


def label(text: str) -> str:
    """Return a heading without numbering and without marks at its ends."""
    if found := _numbering(text):
        text = found[2] or text
    return re.sub(r"^[\W_]+|(?<![\W_])[\W_]+$", "", text)


def is_closing(heading: str) -> bool:
    """Tell whether a heading names a closing (总结, 结语, 写在最后, Last …)."""
    return bool(_CLOSING.match(label(heading)) or _THANKS.match(label(heading)))


def is_opening(heading: str) -> bool:
    """Tell whether a heading names an opening (前言, 背景, 写在前面 …)."""
    return bool(_OPENING.match(label(heading)))


# -------------------------------------------------------------------------------------------------------------
# candidates

_ATX = re.compile(r"(?P<hash>#{1,6})(?P<blank>[ \t]+|(?=[^#\s]))")
_HTML = re.compile(r"<h(?P<n>[1-6])\b[^<>]{0,500}>(?P<name>.+?)</h(?P=n)>$", re.IGNORECASE)
_HASHTAG = re.compile(r"#[^#\s]{1,30}#|#[^#\s]+\s+#\S")
_BOLD = re.compile(
    r"(?P<b>\*\*(?:\*\*?)?|__)(?=[^\s*]| [^\s*].* (?P=b)$)(?P<inner>(?:(?!\*\*|__).)+?)(?P=b)(?P<colon>[:：]?)(?: -)?$"
)
_BOLD_TAG = re.compile(r"<(?P<b>b|strong)>(?P<inner>[^<>]+)</(?P=b)>(?P<colon>[:：]?)(?:<br\s*/?>)?$", re.IGNORECASE)
_BRACKET = re.compile(r"【{1,2}(?P<inner>[^【】]{1,30})】(?P<rest>[^。，；,]{0,30})$")
_CORNERS = re.compile(r"[「『《〈][^「」『』《》〈〉，。；！]{1,30}[」』》〉]$")
_SQUARE = re.compile(r"[■▌▍▎█◆◇★☆▶►▲◎※❖✦✪]\s*[^■◆◇★☆▶►\s].{0,30}$")
_ORNAMENT = re.compile(
    r"([^\w\s#>|“”\"（）()《》「」『』【】\[\]`$%&+:：，。；、？！?!…]{1,6})\s*(?P<inner>[^\W_].{0,24}?)\s*(?:[^\w\s]{1,6})$"
)
_SPREAD = re.compile(r"[一-鿿](?:\s{1,4}[一-鿿]){1,5}$")
_CAPTION = re.compile(
    r"[（(]?(?:图|表|圖|Fig(?:ure)?\.?|Table)\s*(?:\d|[一二三四五六七八九十]|[:：/丨源片])"
    r"|[▲△↑↓~>@]|注[:：]|[左右上下](?:图|为)|.*(?:图源|图片来源|资料图|供图|摄影?)[^，。]{0,12}$|[（(].*[）)]$|——|—|http|www\.",
    re.IGNORECASE,
)
_SPEAKER = re.compile(r"(?:问|答|Q|A|Q\d+|A\d+|记者|主持人|[^\s:：]{1,4})\s*[:：]", re.IGNORECASE)
_LETTERS = re.compile(r"[一-鿿A-Za-z]{2}")
# What a short line that stands alone must not hold if it is to be a heading.
_SENTENCE = re.compile(
    r"[。！!；;，,、…~～”\"」』）)]$|[。；;！…]|https?:|[，,].*[，,]|^[a-z“\"「（(]|[了的呢吧啊]$"
    r"|^(?:下面|接下来|以下|那么|所以|但是?|不过|于是|其实|当然|此外|另外|因此|而且|然而)",
)
_UNDERLINE = re.compile(r"={3,}$|-{2,}$")
_LIST_END = re.compile(r"[。；;，,、]$")


def find_marks(lines: list[Line], *, markdown: bool, width: int) -> list[Mark]:
    """Return the lines that may be headings, in order. ``width`` as from ``wrap_width``."""
    marks: list[Mark] = []
    for i, line in enumerate(lines):
        if line.role != "text" or (line.indent >= 4 and markdown):
            continue
        if marks and marks[-1].last >= i:
            continue
        text = line.text
        mark = _marked_up(i, text)
        if (
            mark is None
            and text[0] not in "#>"
            and len(text) <= (1000 if text[0] == "<" else 160)
            and _opens(lines, i, marks, markdown or width > 0)
        ):
            mark = _setext(lines, i) or _looks(i, text, markdown=markdown)
            if (
                mark is not None
                and mark.number
                and mark.shown == line.text
                and label(mark.shown) == mark.shown.strip(" .、:：")
            ):
                mark = _with_words(lines, mark)
        if mark is not None:
            marks.append(mark)
    return marks


def _opens(lines: list[Line], i: int, marks: list[Mark], wrapped: bool) -> bool:
    """Tell whether line ``i`` opens a paragraph: a heading never stands in the middle of a sentence."""
    if i == 0 or lines[i - 1].role != "text" or (marks and marks[-1].last == i - 1):
        return True
    before = lines[i - 1].text
    return ends(before) or closes_block(before) or not (wrapped or PAUSE.search(before))


def _marked_up(i: int, text: str) -> Mark | None:
    """Return the mark of a line that Markdown or HTML calls a heading."""
    if text[0] == "#" and (m := _ATX.match(text)):
        name = shown(_without_closing(text[m.end() :]))
        spaced = bool(m["blank"]) or len(m["hash"]) > 1
        if NAMELESS.match(name) or len(name) > 150 or not (spaced or not _HASHTAG.match(text)):
            return None
        return Mark(i, i, f"h{len(m['hash'])}", None, label(name), name, spaced)
    if text[0] == "<" and (m := _HTML.match(text)):
        name = shown(m["name"])
        return Mark(i, i, f"h{m['n']}", None, label(name), name, True) if 0 < len(name) <= 150 else None
    return None


def _without_closing(name: str) -> str:
    """Return what follows the ``#`` marks of a heading without those that close it."""
    rest = name.rstrip("#")
    return rest.rstrip(" \t") if rest[-1:] in (" ", "\t") else name


def _setext(lines: list[Line], i: int) -> Mark | None:
    """Return the mark of a line that the row of ``=`` or ``-`` below underlines (and does not only follow as a
    rule)."""
    row = next((k for k in range(i + 1, min(i + 4, len(lines))) if lines[k].role != "blank"), None)
    if row is None or lines[row].role != "rule" or not _UNDERLINE.match(lines[row].text):
        return None
    under, text = lines[row].text, lines[i].text
    above = next((x for x in reversed(lines[max(0, i - 3) : i]) if x.role != "blank"), None)
    # Some programs part the row from the words; a row of = above too makes a frame.
    if row > i + 1 and (under[0] != "=" or (above is not None and above.role == "rule")):
        return None
    alone = i == 0 or lines[i - 1].role != "text"
    followed = any(line.role != "blank" for line in lines[row + 1 : row + 4])
    if not alone or not followed or weight(text) > 30 or ITEM.match(text) or _LIST_END.search(text):
        return None
    if under[0] == "-" and re.search(r"[。！？：:]", text):
        return None
    return Mark(i, row, "h1" if under[0] == "=" else "h2", None, label(shown(text)), shown(text), True)


def _with_words(lines: list[Line], mark: Mark) -> Mark:
    """Join a number that stands in a line of its own with the words of the heading in the next."""
    following = next(
        (k for k in range(mark.last + 1, min(len(lines), mark.last + 3)) if lines[k].role != "blank"), None
    )
    if following is None or lines[following].role != "text" or len(lines[following].text) > 160:
        return mark
    below = lines[following]
    if _dated(mark.style) or below.text[0] == "#" or below.indent > lines[mark.line].indent:
        return mark
    words = _looks(following, below.text, markdown=True)
    if words is None and weight(below.text) <= 30 and not re.search(r"[，,。；;：:]", below.text):
        name = shown(below.text)  # what a number announces may read like a sentence
        words = Mark(following, following, "short", None, label(name), name)
    if words is None or words.number is not None or not words.style.startswith(("short", "bold", "closing", "opening")):
        return mark
    return replace(mark, last=following, name=words.name, shown=f"{mark.shown} {words.shown}")


def _looks(i: int, text: str, *, markdown: bool) -> Mark | None:
    """Return the mark of a line that looks like a heading."""
    if text[0] == "<" and (inner := _strong(text)):
        return _bold(i, inner, colon=False)
    bold = _BOLD.match(text) or _BOLD_TAG.match(text)
    prefix = ""
    if not bold and (found := _numbering(text)) and found[2][:2] in ("**", "__", "<b", "<s"):
        # 1. **…**: the numbering stands outside of the bold.
        bold = _BOLD.match(found[2]) or _BOLD_TAG.match(found[2])
        prefix = text[: len(text) - len(found[2])]
    if bold:
        return _bold(i, shown(prefix + bold["inner"]), colon=bool(bold["colon"]), listed=bool(prefix))
    name = shown(text, markdown=markdown)
    if not name or weight(name) > 60:
        return None
    if (m := _ORNAMENT.match(name)) and m[1] in (name[-len(m[1]) :], name[-len(m[1]) :][::-1]):
        return Mark(i, i, "— —", None, label(m["inner"]), name) if weight(m["inner"]) >= 1.5 else None
    if ITEM.match(text):
        return None
    if dated := _date(name):
        return Mark(i, i, dated[0], dated[1], name, name)
    if numbered := _numbering(name):
        style, number, rest = numbered
        return Mark(i, i, style, number, label(rest), name) if rest or style in _BARE else None
    if m := _BRACKET.match(name):
        return Mark(i, i, "【】…" if m["rest"].strip(" 】") else "【】", None, label(name), name)
    if _CORNERS.match(name):
        return Mark(i, i, "「」", None, label(name), name)
    if _SQUARE.match(name):
        return Mark(i, i, "■", None, label(name), name)
    core = label("".join(name.split()) if _SPREAD.match(name) else name)
    colon = ":" if name[-1] in ":：" else ""
    if len("".join(name.split())) <= len(core) + 3 and (_CLOSING.match(core) or _OPENING.match(core)):
        return Mark(i, i, ("closing" if _CLOSING.match(core) else "opening") + colon, None, core, name)
    if _CAPTION.match(name) or CREDIT.match(name) or not _LETTERS.search(core):
        return None
    if colon:
        short = 2 <= weight(name) <= 12 and not re.search(r"[，。；,]", name)
        return Mark(i, i, "short:", None, core, name) if short else None
    if 2 <= weight(name) <= 24 and not _SENTENCE.search(name) and not _SPEAKER.match(name):
        return Mark(i, i, "short", None, core, name)
    return None


_TAGS = re.compile(r"<(/?)(\w+)[^<>]*>|([^<]+)")


def _strong(text: str) -> str:
    """Return what a line of HTML shows if all of it is bold, else nothing."""
    depth = 0
    parts: list[str] = []
    for close, tag, words in _TAGS.findall(text[:1000]):
        if tag.lower() in ("b", "strong"):
            depth += -1 if close else 1
        elif words.strip() and words.strip() != "&nbsp;":
            if not depth:
                return ""
            parts.append(words)
    return shown("".join(parts))


def _bold(i: int, name: str, *, colon: bool, listed: bool = False) -> Mark | None:
    if not name or weight(name) > 40 or re.search(r"[。；;，,、]$|[。！？].", name) or _CAPTION.match(name):
        return None
    dated, numbered = _date(name), _numbering(name)
    found = dated or (numbered and (numbered[0], numbered[1]))
    # A bold exclamation is a heading only among its like.
    mark = ":" if colon or name[-1] in ":：" else "!" if name[-1] in "！!" else ""
    style = ("bold " + found[0] if found else "bold") + mark
    return Mark(i, i, style, found[1] if found else None, label(name), name, listed=listed)


# ---------------------------------------------------------------------------------------------------------------
# decision


class _Body:
    """How much text stands between two lines: running sums, so that each question takes constant time."""

    def __init__(self, lines: list[Line]) -> None:
        self.size = len(lines)
        self._all = [0]
        self._pictures = [0]
        self._nested = [0]
        self._prose = [0]
        self._said = [0]
        for line in lines:
            nested = line.indent >= 2 and ITEM.match(line.text) is not None
            here = line.role in ("text", "table", "code", "image") and not nested
            prose = line.role == "text" and line.indent < 2 and not ITEM.match(line.text) and line.text[0] != ">"
            self._pictures.append(self._pictures[-1] + (line.role == "image") * len(line.text))
            self._all.append(self._all[-1] + here * len(line.text))
            self._nested.append(self._nested[-1] + nested * len(line.text))
            self._prose.append(self._prose[-1] + prose * len(line.text))
            self._said.append(self._said[-1] + (prose and _SAID.search(line.text) is not None) * len(line.text))

    def all(self, first: int, last: int) -> int:
        """Return the characters between the lines ``first`` and ``last``, both left out; items of lists that belong to
        another item do not count."""
        return self._all[max(last, first + 1)] - self._all[first + 1]

    def read(self, first: int, last: int) -> int:
        """Return the same without pictures."""
        return self.all(first, last) - self._pictures[max(last, first + 1)] + self._pictures[first + 1]

    def filled(self, first: int, last: int) -> bool:
        """Tell whether anything stands between the lines."""
        nested = self._nested[max(last, first + 1)] - self._nested[first + 1]
        return self.all(first, last) + nested > 0

    def prose(self, first: int, last: int) -> int:
        """Return the characters of running text between the lines: no list items, quotations or indented lines."""
        return self._prose[max(last, first + 1)] - self._prose[first + 1]

    def said(self, first: int, last: int) -> int:
        """Return the characters of running text between the lines whose lines end as sentences do."""
        return self._said[max(last, first + 1)] - self._said[first + 1]

    def share_before(self, line: int) -> float:
        """Return how much of the article stands before a line, in [0, 1]."""
        return self._all[line] / (self._all[-1] or 1)


def is_marked_up(mark: Mark) -> bool:
    """Tell whether Markdown or HTML calls it a heading."""
    return mark.style[0] == "h" and mark.style[1:].isdigit()


def accept(lines: list[Line], marks: Sequence[Mark]) -> list[Mark]:
    """Return the marks that are headings, in order."""
    marked_up = [m for m in marks if is_marked_up(m)]
    sure = [m for m in marked_up if m.sure]
    # A single hash without a blank after it is a heading only where it is the usual way.
    accepted = sure or (marked_up if len(marked_up) > 1 else [])
    structured = bool(accepted)
    body = _Body(lines)
    styles: dict[str, list[Mark]] = {}
    for m in marks:
        if not is_marked_up(m):
            styles.setdefault(m.style, []).append(m)
    edges = sorted(m.line for m in accepted)
    accepted = list(accepted)
    for style, group in styles.items():
        if group[0].number is not None:
            bold = style.startswith("bold")
            chapters = [m.line for m in accepted if m.style.endswith("一、")]
            for run in _runs(_without_lists(group, lines, body)):
                if structured and run[0].listed and _tight(run, lines):
                    continue  # a Markdown list whose items open with bold words
                strict = structured and not bold
                if _numbered(run, body, edges, strict=strict) or (not structured and _brief(run, body, chapters)):
                    accepted += run
    numbered = bool(accepted)
    for style in ("bold", "bold:", "bold!", "【】", "【】…", "「」", "■", "— —"):
        group = styles.get(style, [])
        if _repeated(group, body, {m.line for m in accepted}, colon=style[-1] == ":"):
            accepted += group
    if not any(is_marked_up(m) or m.style.startswith("bold") for m in accepted):
        for colon in ("", ":"):
            group = sorted((m for s in ("short", "opening", "closing") for m in styles.get(s + colon, [])), key=_line)
            accepted += _standing(group, lines, body, {m.line for m in accepted}, numbered=numbered, colon=bool(colon))
    accepted += _ends(marks, lines, body, accepted)
    return sorted({m.line: m for m in accepted}.values(), key=_line)


def _line(mark: Mark) -> int:
    return mark.line


def _next(edges: Sequence[int], line: int, default: int) -> int:
    k = bisect_left(edges, line + 1)
    return edges[k] if k < len(edges) else default


def _runs(group: list[Mark]) -> list[list[Mark]]:
    """Cut the marks of one style where their numbers start anew."""
    runs: list[list[Mark]] = []
    for m in group:
        if runs and _follows(runs[-1][-1].number or (), m.number or (), gaps=_dated(m.style)):
            runs[-1].append(m)
        else:
            runs.append([m])
    return runs


def _tight(run: list[Mark], lines: list[Line]) -> bool:
    """Tell whether most lines of a run go straight on with text, as the items of a Markdown list do."""
    return 2 * sum(m.last + 1 < len(lines) and lines[m.last + 1].role == "text" for m in run) > len(run)


def _without_lists(group: list[Mark], lines: list[Line], body: _Body) -> list[Mark]:
    """Return the marks of one style without the lists, and the paragraphs that open with a number, inside of the
    sections that they number: 1 [1 2 3] 2 [1 2] 3."""
    items: set[int] = set()
    tight = False  # the last two items stood one right below the other: then a blank line ends their list
    for a, b in pairwise(group):
        near = _follows(a.number or (), b.number or (), gaps=False) and not body.filled(a.last, b.line)
        blank = any(line.role == "blank" for line in lines[a.last + 1 : b.line])
        if near and not (blank and tight):
            items |= {a.line, b.line}
            tight = not blank
        else:
            tight = False
    chain: list[Mark] = []
    for m in group:
        runs_on = bool(chain) and _follows(chain[-1].number or (), m.number or (), gaps=False)
        if m.line not in items and (runs_on or not chain or not m.name or not _WHOLE.search(m.shown)):
            chain.append(m)
    return chain if len(chain) > 1 else group


def _follows(a: tuple[int, ...], b: tuple[int, ...], *, gaps: bool) -> bool:
    if len(a) == len(b) == 1 and not gaps:
        return a[0] < b[0] <= a[0] + 2
    return a < b


_SAID = re.compile(r"[。！？!?…][”」』’\"）)]?$")
_WHOLE = re.compile(r"[。；;，,、.…]$|[。；！].*\w")


def _numbered(run: list[Mark], body: _Body, edges: list[int], *, strict: bool) -> bool:
    """Tell whether a run of numbered lines are headings, not the items of a list.

    Headings are short and followed by text of their own; ``strict``, where Markdown already marks headings, asks for
    paragraphs.
    """
    first = run[0].number or (0,)
    if len(run) < 2 or (first[-1] > 2 and not _dated(run[0].style)):
        return False
    # Official papers end their headings in a full stop: then all of them do, and all are short.
    stopped = all(m.shown[-1] == "。" and weight(m.shown) <= 26 for m in run)
    good = 0
    sizes = []
    for k, m in enumerate(run):
        end = run[k + 1].line if k + 1 < len(run) else body.size
        end = min(end, _next(edges, m.line, end))
        size = body.prose(m.last, end) if strict else body.all(m.last, end)
        sizes.append(size)
        short = weight(m.shown) <= 40 and not (m.name and _WHOLE.search(m.shown[:-1] if stopped else m.shown))
        good += short and size >= max(15, 0.7 * len(m.shown))
    if good < len(run) - (len(run) > 3) - (len(run) > 7):
        return False
    return median(sizes) >= (60 if strict or stopped else 24)


def _brief(run: list[Mark], body: _Body, chapters: Sequence[int]) -> bool:
    """Tell whether a run of ``一、`` (or of ``（一）`` inside of such) are headings although little text follows each.

    Here each must name something in a few words, and be followed by a whole sentence that is longer than it: the items
    of a list are sentences themselves, or have a remark below some of them. ``chapters`` are the lines, ascending, of
    the ``一、`` that are headings.
    """
    style = run[0].style.removeprefix("bold ").rstrip(":")
    if style == "（一）":
        if len(run) < 2 or not chapters:
            return False
    elif style != "一、" or not (len(run) > 2 or (len(run) > 1 and _CLOSING.match(run[-1].name))):
        return False
    for k, m in enumerate(run):
        if m.number != (k + 1,) or weight(m.shown) > 20 or _WHOLE.search(m.shown):
            return False
        end = run[k + 1].line if k + 1 < len(run) else _next(chapters, m.line, body.size)
        least = 4 if _CLOSING.match(m.name) else max(10, len(m.shown) + 1)
        if body.said(m.last, end) < least:
            return False
    return True


def _repeated(group: list[Mark], body: _Body, taken: set[int], *, colon: bool) -> bool:
    """Tell whether an unnumbered look of its own (bold, 【…】) marks headings: it repeats, and text follows it."""
    if len(group) < (3 if group and group[0].style == "「」" else 2):  # a title alone may stand for what it names
        return False
    edges = sorted(taken | {m.line for m in group})
    good = 0
    for m in group:
        end = _next(edges, m.line, body.size)
        size = body.prose(m.last, end) if colon else body.all(m.last, end)
        good += size >= max(10, len(m.shown) // 2)
    return good >= 0.7 * len(group)


def _is_item(text: str) -> bool:
    return weight(text) < 20 and bool(ITEM.match(text) or _numbering(text))


def _standing(
    group: list[Mark], lines: list[Line], body: _Body, taken: set[int], *, numbered: bool, colon: bool
) -> list[Mark]:
    """Return the short lines that stand alone as headings do: each before a paragraph, and not too many of them."""
    group = [m for m in group if m.line not in taken]
    edges = sorted(taken | {m.line for m in group})
    spaced = sum(line.role == "blank" for line in lines) >= 0.25 * len(lines)
    depth: dict[int, int] = {}  # how many headings each has right below it
    for m in reversed(group):
        end = _next(edges, m.line, body.size)
        after = lines[m.line + 1] if m.line + 1 < body.size else None
        following = next((k for k in range(m.last + 1, min(m.last + 4, body.size)) if lines[k].role != "blank"), None)
        if after is None or following is None:
            continue
        above = depth.get(following, 9) + 1
        if body.read(m.line, end) < 30 and not (spaced and above <= 2):
            continue
        if colon and (body.prose(m.line, end) < 30 or _is_item(lines[following].text)):
            continue  # it leads in a list
        if spaced and m.line and lines[m.line - 1].role == "text":
            continue
        if spaced and after.role == "text" and weight(after.text) < 30:
            continue
        depth[m.line] = above if above <= 2 else 0
    out = [m for m in group if m.line in depth]
    paragraphs = sum(line.role == "text" for line in lines)
    enough = len(out) >= (3 if numbered else 2)
    seldom = len(out) * 2 <= paragraphs and len(out) * 2 >= len([m for m in group if m.line])
    return out if enough and seldom else []


def _ends(marks: Sequence[Mark], lines: list[Line], body: _Body, accepted: list[Mark]) -> list[Mark]:
    """Return an unmarked opening and closing (前言, 总结:) that stand alone and have text of their own."""
    edges = sorted(m.line for m in accepted)
    structured = any(is_marked_up(m) for m in accepted)
    taken = set(edges)
    opening: list[Mark] = []
    closing: list[Mark] = []
    for m in marks:
        end = _next(edges, m.line, body.size)
        if m.line in taken or is_marked_up(m) or body.all(m.last, end) < 8:
            continue
        if m.line and lines[m.line - 1].role == "text" and not ends(lines[m.line - 1].text):
            continue
        loud = m.style.startswith(("bold", "【】", "■")) and m.number is None
        if m.style.startswith("opening") and edges and m.line < edges[0] and not structured:
            opening.append(m)
        elif m.style.startswith("closing") or (loud and _CLOSING.match(m.name)):
            lead_in = structured and m.shown[-1] in ":：" and not loud
            if end == body.size and body.share_before(m.line) >= 0.4 and not lead_in:
                closing.append(m)
    return opening[:1] + closing[-1:]


_FIRST = re.compile(r"(?:首先)?[，,]?(?P<counted>第一(?:[，,、：:]|部分|阶段|件事|个|点|步|方面)|其一[，,、：:])|首先")
_COUNTED_NEXT = re.compile(rf"第[{_CN}](?:[，,、：:]|部|阶段|件事|个|点|步|方面)|其[二三四五六][，,、：:]")
_NEXT = re.compile(r"其次|再次|再者|然后|接着|接下来|随后|另外|此外")
_LAST = re.compile(r"(?:最后|最終|最终|最後|末了|总之|總之|综上|綜上)")


def soft_marks(lines: list[Line], *, wrapped: bool) -> list[Mark]:
    """Return the paragraphs that open the parts of an article without headings: 首先 … 其次 … 最后.

    Such a word is a mark where it governs several paragraphs, as a heading would; where each stands before a single
    one, the article enumerates. (The last part may be one paragraph.)
    """
    openers = [i for i, line in enumerate(lines) if line.role == "text" and _opens(lines, i, [], wrapped)]
    found = next(((i, m) for i in openers if (m := _FIRST.match(lines[i].text))), None)
    if found is None:
        return []
    first, following = found[0], _COUNTED_NEXT if found[1]["counted"] else _NEXT
    parts = [first] + [i for i in openers if i > first and following.match(lines[i].text)]
    last = next((i for i in reversed(openers) if i > parts[-1] and _LAST.match(lines[i].text)), None)
    parts += [last] if last is not None else []
    body = _Body(lines)
    several = all(sum(a <= i < b for i in openers) > 1 for a, b in pairwise(parts))
    if len(parts) < 3 or not several or body.share_before(first) > 0.4:
        return []
    return [Mark(i, i, "soft", None, "", "") for i in parts]


# -----------------------------------------------------------------------------------------------------------------
# levels


def levels(heads: Sequence[Mark]) -> list[int]:
    """Return the depth of each heading, from 1: Markdown's, or the order in which styles first appear in one
    another."""
    depth = sorted({int(m.style[1]) for m in heads if is_marked_up(m)})
    order: list[str] = []
    stack: list[int] = []
    out: list[int] = []
    for k, m in enumerate(heads):
        style = m.style.rstrip(":!")
        plain = style in ("soft", "short", "bold", "closing", "opening", "【】", "【】…", "「」", "■", "— —")
        if is_marked_up(m):
            rank = depth.index(int(style[1]))
        elif plain and (
            (not depth and (_CLOSING.match(m.name) or _OPENING.match(m.name)))
            or (k == len(heads) - 1 and _CLOSING.match(m.name))
        ):
            rank = 0
        else:
            base = "1." if style in ("1.1", "1", "1、") and m.number else style
            if base not in order:
                order.append(base)
            rank = len(depth) + 4 * order.index(base) + (len(m.number) - 1 if style == "1.1" and m.number else 0)
        while stack and stack[-1] >= rank:
            stack.pop()
        stack.append(rank)
        out.append(len(stack))
    return out
