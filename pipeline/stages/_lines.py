"""What each line of an article is: text, code, table, rule, picture, or outside of the article (front matter, bylines,
footers)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from pipeline.stages._inline import TAG

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
_DIVIDER = re.compile(r"(?=([-*=~—─━_]))(\1{4,})[^-*=~—─━_].{0,16}?\1{4,}$")
DEFINITION = re.compile(r"\[[^\[\]^][^\[\]]{0,200}\]:\s*\S+(?:\s+[\"'(].{0,200}[\"')])?$")
_PICTURE = r"!\[[^\[\]]{0,500}\](?:\([^()]{0,2000}\)|\[[^\[\]]{0,200}\])"
_IMAGE = re.compile(rf"(?:(?:\[{_PICTURE}\]\([^()]{{0,2000}}\)|{_PICTURE}|<img\b[^<>]{{0,2000}}>)\s*)+$", re.IGNORECASE)
_TAG = r"</?[a-z][a-z0-9]*(?:\s[^<>]{0,500})?/?>"
# Lines that speak to a site generator or hold tags alone.
_MACHINE = re.compile(
    rf"(?:\[toc\]|\{{%.*%\}}|\{{\{{.*\}}\}}|:{{3,}}\s*\w*.*|{_TAG}(?:\s*{_TAG}){{0,20}})$", re.IGNORECASE
)
DELIMITER = re.compile(r"\|?\s*:?-{2,}:?\s*(?:[|+]\s*:?-{2,}:?\s*)+\|?$|\|\s*:?-{2,}:?\s*\|$|\+[-=+]{3,}\+$")
ITEM = re.compile(r"(?:[-*+•·●○◦▪‣➢➤✓✔☑□]\s+|[●•▪◦➢➤✓✔☑]\S|[-*+]\s*\[[ xX]\]\s)")
_END = re.compile(r"[。！？!?…；;：:]['\"”’」』）)】*_`~～]*$|[。！？!?…]\W*$|[~～]$")
PAUSE = re.compile(r"[，、,—]$")
NAMELESS = re.compile(r"[\W_]*$")
_WIDE = re.compile(r"[^\x00-\u2e7f]")


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


def _role(lines: list[Line], i: int) -> Role:
    text = lines[i].text
    if text[0] == "<" and text[-1] == ">" and len(text) <= 1000:
        text = TAG.sub("", text).replace("&nbsp;", " ").strip()
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
    for i, line in enumerate(lines):
        if opened:
            if line.role != "blank":
                line.role = "code"
            closed = line.text.startswith(opened) and not line.text.strip(opened[0])
            if closed or i >= last[opened[0]]:
                opened = ""
        elif line.role == "text" and (m := _FENCE.match(line.text)):
            line.role = "code"
            if i < last[m[1][0]]:
                opened = m[1]


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


# ---------------------------------------------------------------------------------------------------------------------
# around the article

_FIELD = re.compile(r"[A-Za-z_][\w.-]{0,40}\s*[:=]")
_FIRST_FIELD = re.compile(r"(?:title|layout|date|tags|categories)\s*:")
_TITLE_FIELD = re.compile(r"title\s*[:=]\s*(.+)$", re.IGNORECASE)


def front_matter(lines: list[Line]) -> str | None:
    """Mark YAML or TOML front matter as outside; return its title."""
    first = next((i for i, line in enumerate(lines) if line.text), None)
    if first is None:
        return None
    fence = lines[first].text
    bare = fence not in ("---", "+++")  # some generators leave the first fence out
    if bare and not _FIRST_FIELD.match(fence):
        return None
    start = first if bare else first + 1
    closers = ("+++",) if fence == "+++" else ("---", "...")
    end = next((i for i in range(start, min(len(lines), start + 80)) if lines[i].text in closers), None)
    if end is None or not any(_FIELD.match(line.text) for line in lines[start:end]):
        return None
    if not bare and not lines[start].text:
        return None
    for line in lines[first : end + 1]:
        if line.role != "blank":
            line.role = "outside"
    title = next((m[1] for line in lines[start:end] if (m := _TITLE_FIELD.match(line.text))), "")
    return title.strip().strip("\"'").strip() or None


def _words(text: str) -> str:
    return "|".join(text.split())


_CREDITS = _words(
    "作者 文 图 编辑 编辑部 责编 責編 撰文 编译 译者 校对 采访 来源 來源 出处 原文 原文链接 原文地址 原文标题 转载 "
    "轉載 首发 首發 原创 发布 发布于 "
    "发布时间 发表于 发表时间 日期 时间 更新 更新于 更新时间 最后更新 创建时间 本文作者 本文来源 本文首发 本文转载 "
    "本文链接 本文原载 本文地址 作者简介 "
    "微信公众号 公众号 微信号 封面 题图 头图 图源 图片来源 排版 监制 字数 阅读时间 标签 分类 "
    "author date source tags? category categories published updated editor"
)
CREDIT = re.compile(rf"(?:{_CREDITS})\s*(?:[|丨:：/／@]|by\b)\s*\S", re.IGNORECASE)
"""A line that names author, source, date and the like."""
_NOTICES = _words(
    "注意 声明 聲明 申明 免责 说明 提示 温馨提示 编者按 编者注 编辑导[读语] (?:小编)?导[读语]\\s*[:：|丨】\\]] 核心提示 摘要[】\\]] 版权 版權 本文首发 本文转载 本文来自 本文由 "
    "本文原载 本文系 本文约 转载请 "
    "PS P\\.S\\. NOTE Disclaimer update"
)
_NOTICE = re.compile(rf"[*_\[（(【>\s]*(?:{_NOTICES})", re.IGNORECASE)
# What apps and sites put around an article, in lines of their own.
_WIDGETS = _words(
    "正文$ 欢迎(?:关注|扫码|订阅) 设为(?:书签|首页) 加入收藏 (?:【(?:评论|打印|字体|收藏|分享|关闭|大|中|小)[^】]{0,8}】\\s*)+$ (?:[您你]?(?:现在|当前|目前)?(?:所在)?的?(?:位置|栏目)\\s*[:：]) 首页\\s*[>»›/] "
    "点击(?:上方|蓝字|标题下|关注|右上) 关注(?:我们|并|公众号) 设为星标 收录于 分享到 以下文章来源于 "
    "(?:预计)?阅读(?:时间|本文|约) 全文(?:约|共|字数) "
    "(?:字号|字体|大|中|小)(?:[\\s:：|]+(?:大|中|小|超大|标准))+$ (?:订阅|收藏|打印|举报|听新闻)$"
)
_WIDGET = re.compile(rf"[*_\[（(【>▲▼↑↓👆\s]*(?:{_WIDGETS})")
_SAID = re.compile(r"[*_\[（(【>]*(?:注意|说明|提示|编者按|PS|NOTE)", re.IGNORECASE)
_FOOTERS = _words(
    "本文(?:作者|链接|首发|转载|来自|来源|原载|地址|采用|遵循|由.{1,20}(?:原创|发布|授权)) 作者简介 关于作者 版权 "
    "版權 著作权 转载请 转载自 轉載 "
    "未经(?:许可|授权|允许) 原文(?:链接|地址|出处|标题)?\\s*[:：] 责任编辑 責任編輯 责编 编辑\\s*[:：] "
    "来源\\s*[:：] 出处\\s*[:：] "
    "欢迎(?:关注|转载|扫码|加入|订阅|点赞) 关注(?:我们?|本?公众号|微信)(?:的?(?:公众号|微信|微博|频道|专栏|博客))?\\s*(?:[:：！!，,。~@]|$) 长按 扫码 扫描 微信公众号 公众号\\s*[:：] "
    "联系(?:我们?|方式|邮箱|作者)\\s*(?:[:：（(]|邮箱|微信|qq|$) 商务合作 "
    "点击(?:阅读原文|下方|关注) 阅读原文 点赞 分享到 如果(?:您|你)?觉得.{0,12}(?:有用|有帮助|不错) 本作品 署名 "
    "许可协议 "
    "copyright © \\(c\\)\\s*\\d all\\s+rights cc[\\s-]by creative\\s+commons posted\\s+by "
    "[（(【]?(?:全文)?完[)）】]?$ [-—–=*~\\s]*(?:the\\s+end|end|完|fin)[-—–=*~\\s]*$ (?:上一篇|下一篇|相关阅读|相关文章|推荐阅读|延伸阅读)\\s*(?:[:：\\[<》>]|$) "
    "标签\\s*[:：] 分类\\s*[:：] tags?\\s*[:：] "
    "(?:本文|这篇文章|文章)(?:最初|最早|首先|首次|原)?(?:发表|刊登|发布|首发|刊|载)[于在] 原(?:载|文发表|刊)于 在这里订阅 "
    "(?:(?:阅读|浏览|点击|赞|点赞|在看|好看|收藏|转发|分享|评论|写?留言|喜欢|举报|打赏|赞赏)"
    "(?:数|量|次数)?[\\s:：]{0,3}(?:\\d[\\d.,]{0,9}\\s?[万wk+]{0,2})?\\s?){1,8}$ "
    "预览时标签 继续滑动看 轻触阅读 喜欢此内容的人 微信扫一扫 已同步到看一看 人划线 投诉$ 返回搜狐 查看更多$ 举报/反馈 打开APP 特别声明"
)
_FOOTER = re.compile(rf"[*_\[（(【>#\-\s]*(?:{_FOOTERS})", re.IGNORECASE)
_CONTACT = re.compile(r"https?://|www\.|@\w|微信|邮箱|公众号|微博|知乎|github", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[\w./?=&#%:+~@!,-]+")
_DAY = r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?(?:\s*\d{1,2}:\d\d(?::\d\d)?)?"
_DATED = re.compile(rf"(?:.*\s)?{_DAY}(?:\s+\S{{1,12}}){{0,3}}$")
_DAY_ALONE = re.compile(_DAY)
_PROSE = re.compile(r"[。，！？；,]")


def _unlinked(text: str) -> str:
    return _ADDRESS.sub("", text)


def is_byline(text: str) -> bool:
    """Tell whether a line says who wrote, when or where, and nothing else."""
    text = _unlinked(text.lstrip("> *_"))
    if weight(text) > 50:
        return False
    return bool(CREDIT.match(text)) or (weight(text) <= 26 and not _PROSE.search(text) and bool(_DATED.match(text)))


def mark_lead(lines: list[Line]) -> None:
    """Mark bylines and notices before the text as outside."""
    pending: list[Line] = []
    seen = 0
    for i, line in enumerate(lines):
        if line.role in ("blank", "outside", "image"):
            continue
        if line.role == "rule" and (pending or not seen):
            for p in (*pending, line):
                p.role = "outside"
            return
        if line.role != "text" or seen >= 10:
            return
        seen += 1
        if is_byline(line.text):
            if _DAY_ALONE.fullmatch(line.text) and any(_DAY_ALONE.fullmatch(x.text) for x in lines[i + 1 :]):
                return  # a diary: days are its headings
            line.role = "outside"
        elif _WIDGET.match(line.text) and weight(line.text) <= 30 and line.text[-1] not in "。！？":
            line.role = "outside"
        elif _NOTICE.match(line.text) and weight(_unlinked(line.text)) <= 200 and _alone(lines, i):
            # What is noted may be part of the article, unless a rule parts it off.
            if _SAID.match(line.text):
                pending.append(line)
            else:
                line.role = "outside"
        else:
            return


def _alone(lines: list[Line], i: int) -> bool:
    return (i == 0 or lines[i - 1].role != "text") and (i + 1 >= len(lines) or lines[i + 1].role != "text")


def mark_tail(lines: list[Line]) -> None:
    """Mark link definitions, rules, footers and lists of other articles at the end as outside."""
    _mark_others(lines)
    cut = len(lines)
    seen = 0
    for at in range(len(lines) - 1, -1, -1):
        line = lines[at]
        if line.role in ("blank", "outside"):
            continue
        if seen >= 12:
            break
        text = line.text
        definition = line.role == "code" and bool(DEFINITION.match(text))
        seen += not definition
        if definition or line.role == "rule" or (line.role == "text" and _is_footer(text)):
            cut = at
        elif line.role not in ("image", "code") and not (line.role == "text" and _is_contact(text)):
            break
    for line in lines[cut:]:
        if line.role != "blank":
            line.role = "outside"


_OTHERS = re.compile(
    rf"(?:[/▎|■>\s]*)(?:{_words('相关 推荐 延伸 往期 热门 精彩 更多 精选 最新 猜你 网友 大家都在 你可能')})"
    rf"(?:{_words('阅读 文章 推荐 回顾 精彩 精选 文章推荐 新闻 内容 评论 留言 喜欢 也喜欢 感兴趣的 看 还喜欢 报道')})\s*[:：»>]*$"
)


def _mark_others(lines: list[Line]) -> None:
    """Mark a list of other articles (相关阅读 …), of comments and the like below the article as outside."""
    for at in range(len(lines) - 1, -1, -1):
        line = lines[at]
        if line.role in ("blank", "outside", "image", "rule"):
            continue
        if line.role != "text" or weight(line.text) > 40 or line.text[-1] in "。！？!?…；":
            return
        if _OTHERS.match(line.text):
            for below in lines[at:]:
                if below.role != "blank":
                    below.role = "outside"
            return


def _is_footer(text: str) -> bool:
    if text[0] == "#" and NAMELESS.match(text):
        return True
    return weight(text) <= 90 and bool(_FOOTER.match(text))


def _is_contact(text: str) -> bool:
    """Tell whether a short line near the end looks like contact data: an address, a link, a handle."""
    return weight(text) <= 40 and bool(_CONTACT.search(text)) and text[-1] not in "。！？"


_LEGEND = re.compile(r"<small>|<center>|<figcaption|[▲△]|[（(]?图[:：/源片\d]|\*[^*]+\*$")


def mark_lead_images(lines: list[Line], stop: int) -> None:
    """Mark pictures, with their legends, that stand before the first text as outside; look no further than line
    ``stop``."""
    legend = tag = False
    for line in lines[:stop]:
        if line.role in ("blank", "outside"):
            continue
        if tag or (line.role == "code" and line.text[0] == "<"):
            tag = ">" not in line.text  # attributes go on over lines
            line.role = "outside"
            legend = True
        elif line.role in ("image", "rule") or (line.role == "code" and line.text[0] in "<[{:"):
            line.role = "outside"
            legend = True
        elif legend and line.role == "text" and weight(line.text) < 60 and _LEGEND.match(line.text):
            line.role = "outside"
        else:
            return
