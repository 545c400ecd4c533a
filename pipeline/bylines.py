"""What the lines around an article say of it: 作者：…, 文/…, a name above a day."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from pipeline.credits import dates, host, is_body, is_person, is_place, is_source, people
from pipeline.model import Metadata

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_LINES, _LENGTH = 60, 300
"""Lines and characters of a line that are looked at: credits are few and short."""
_NAME = 30
"""Characters of the longest name of a person, paper or account."""

Credit = tuple[str, str]
"""What is said and its value: ``"author"``, ``"writer"`` or ``"recorder"`` (the later ones where none is before),
``"date"`` or ``"changed"``, ``"source"``, ``"unit"`` (a department) or ``"link"`` (a host)."""


def bylines(lead: Sequence[str], tail: Sequence[str] = ()) -> Iterator[Credit]:
    """Yield what the lines before and after a text say of it, those before it first.

    Args:
        lead: lines before the text that are no part of it, as the article has them.
        tail: likewise, after the text.
    """
    for line in _joined(lead[:_LINES], below=True):
        yield from _credits(line)
    yield from _alone(lead[:_LINES])
    for line in _joined(_own(tail[-_LINES:]), below=False):
        yield from _credits(line)


def chosen(found: Iterable[Credit]) -> Metadata:
    """Return author, date and source of all that is said, where what comes first wins.

    A date of publication or writing wins over one of a change, and the name of a source over an address. What is named
    as the author is not given as the source, too.
    """
    found = list(found)

    def named(*kinds: str) -> list[str]:
        return [value for kind in kinds for key, value in found if key == kind]

    authors, sources = named("author", "writer", "recorder"), named("source", "unit", "link")
    # An account is also named as the author of what it brings
    author = next((name for name in authors if name not in sources or is_person(name)), next(iter(authors), None))
    source = next((name for name in sources if name != author), None)
    return Metadata(author, next(iter(named("date", "changed")), None), source)


_LABELS = {
    "author": "本文作者 原作者 原创作者 原创 作者简介 作者介绍 关于作者 作者 撰文 撰稿人 撰稿 撰写人 撰写 采写 执笔 "
    "口述 整理 供稿 投稿 发布者 发布人 发件人 寄件人 汇报人 报告人 拟稿人 起草人 提交人 创建人 创建者 文档作者 "
    "文档所有者 所有者 author owner",
    "writer": "文 图文 文图 文/图 图/文 文字 from",
    "recorder": "记录人 记录员 姓名",
    "unit": "部门 所属部门",
    "changed": "最后更新 最近更新 最近修改 最后修改 最后编辑 更新时间 更新日期 修改时间 修改日期 更新于 更新 "
    "updated modified",
    "date": "发布时间 发布日期 发表时间 发表日期 首发时间 创建时间 创建日期 写作时间 成文时间 成文日期 汇报时间 "
    "汇报日期 发送时间 发布于 发表于 写于 成文于 日期 时间 发布 发表 published created date sent",
    "link": "原文链接 原文地址 原文出处 原文 本文链接 本文地址 链接",
    "source": "文章来源 本文来源 信息来源 内容来源 来源 出处 转载自 转自 摘自 来自 首发于 首发 原载于 原载 刊载于 刊于 "
    "微信公众号 公众号 source",
    "": "责任编辑 责编 编辑部 编辑 校对 排版 监制 策划 审核 审校 设计 视觉 运营 出品 译者 编译 翻译 采访 "
    "图片来源 图片 图源 题图 头图 封面 摄影 配图 图 字数 阅读时间 阅读量 阅读 浏览 标签 分类 微信号 微博 邮箱 原文标题 "
    "标题 收件人 抄送 主题 地点 主持人 参会人员 状态 "
    "tag tags category categories title status subject editor",
}
_LABEL_KIND = {label: kind for kind, labels in _LABELS.items() for label in labels.split()}
_BY_LENGTH = sorted(_LABEL_KIND, key=len, reverse=True)
_PARTING = r"[\s|｜丨·•/／∕⁄,，;；、。()（）【】\[\]*_>「」]"
_NAMED = r"[\u4e00-\u9fff]{2,4}(?:[，,；;。）)\s]|$)"
# A label with its sign; or a verb that needs none, before a name or a quotation.
_LABEL = re.compile(
    rf"(?:(?<={_PARTING})|^)(?:本文)?(?P<label>{'|'.join(_BY_LENGTH)})\s*[】\])）*_]*\s*"
    r"(?:[:：]{1,2}|[|｜丨/／∕⁄@]|\bby\b)[*_\s]*"
    r"|(?P<verb>首发于|发表于|发布于|刊载于|刊于|原载于|转载自|转自|摘自|来源于|(?<![图片])来自(?![^，。\s]{1,12}的)|写于|更新于|编辑于|修改于)(?=[\s\w“「《\"【])"
    rf"|(?:(?<=[，,；;。（(\s])|^)(?:本文)?(?P<writer>作者)(?={_NAMED})"
    r"|(?P<reporter>(?:(?:本报|本刊|本网|本台)?(?:首席|特约|见习|实习)?)记者(?=[:：\s])|(?:本报|本刊|本网|本台)(?:首席|特约|见习|实习)?"
    rf"记者(?={_NAMED})|(?:^|(?<=\s))通讯员(?=[:：\s]|{_NAMED}))[:：\s]*"
    r"|(?:^|(?<=\s))(?P<original>原创)\s+(?=\S)",
    re.IGNORECASE,
)
_TITLED = re.compile(r"复盘|总结|回顾|报告|日记|周报|月报|年报|反思|小结|始末|纪要|通知|记录|随笔|专题")
_LINK = re.compile(r"!?\[([^\[\]]{0,200})\]\([^()]{0,300}\)")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s，。；）)>\]\"'”]+", re.IGNORECASE)
_ENDS = re.compile(r"[|｜丨•·]|\s{2,}|\t|[;；。]|，|,(?=\s*[\u4e00-\u9fff])|\s(?=[A-Za-z\u4e00-\u9fff]{1,8}[:：])")
_ACCOUNT = re.compile(r"^(?:微信)?公众号\s*[:：]?\s*")
_SIGNED = re.compile(r"([\u4e00-\u9fff]{2,4})\s*[/／∕⁄|｜]\s*文(?=\s|$)")
_BY = re.compile(r"由\s*[@“「]?\s*([^\s，。、：:“”「」]{2,20})[”」]?\s*(?:独家)?(?:原创|授权|首发|投稿|撰写|供稿)")
_BLOGGER = re.compile(r"博主\s*[「“\"]([^「」“”\"]{2,30})[」”\"]")
_KNOWN_BY = re.compile(
    r"([^\s，。；;、：:“”\"「」（）()|｜]{2,20})[”\"」]?\s*[（(]\s*(?:微信|公众号)?\s*(?:ID|微信号)\s*[:：]", re.I
)
_BRACKETS = re.compile(r"[（(][^（()）]{0,60}[）)]")
_QUOTED = re.compile(r"[“「『《\"【]([^“”「」『』《》\"【】]{1,30})[”」』》\"】]")
_NEWS = re.compile(r"\s+\S{0,6}(?:报道|摄影报道|电|摄)$")
_ROLE = re.compile(
    r"(?:负责人|经理|总监|工程师|主管|主任|编辑|记者|教授|顾问|创始人|合伙人|组长|老师|博士|CEO|CTO|COO|CFO)$"
)
_RIGHTS = re.compile(r"©|copyright|\(c\)\s*\d|上一篇|下一篇|版权", re.IGNORECASE)
_SENTENCE = re.compile(r"[。！？!?]")
# 于 <day> 发布; a day on which others were recommended says nothing of this one
_ON = re.compile(r"(?P<other>\S{0,4}推荐\S{0,4})?已?(?<![布表写载刊新改辑源成发])于\s*$")
_DONE = re.compile(r"\s*(?:首次)?(?:(?P<date>发布|发表|首发)|修改|更新|编辑)")
_WHERE = re.compile(r"[\s・·]*(?:发[表布]于|IP\s?属地\s?[:：]?)\s*(?P<place>[\u4e00-\u9fff]{2,6})\s*$")
_BUTTON = re.compile(
    r"(?:登录|注册|首页|正文|关注|已关注|订阅|分享|收藏|搜索|返回|评论|更多|目录|下载|打印|字号|举报|推荐|热门|最新|会员|置顶|赞|点赞|点击|喜欢|人气|访问|回复|作者|楼主|匿名用户"
    r"|app|share|like|reply|follow|edit|views?|comments?|print|menu|home|login|search|facebook|twitter|v?\d.*|release|version"
    r"|posted|on|at|by)$",
    re.IGNORECASE,
)
_FOLLOW = re.compile(r"[+＋]?\s?(?:已?关注|关注(?:作者|TA|他|她))$", re.IGNORECASE)
_HANDLE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{2,20}$")


_How = Literal["original", "posted", "account", "credited", "plain"]


def _tidied(line: str) -> str:
    """Return a line without links' targets, the marks before it and brackets around it."""
    text = _LINK.sub(lambda m: m[1], line[:_LENGTH]).strip().lstrip("> #*_-—–:+◎●■◆◇▪·•@").strip()
    if text[:1] in "（(【[" and text[-1:] in "）)】]" and not re.search(r"[（(【\[）)】\]]", text[1:-1]):
        text = text[1:-1].strip()
    return text


def _joined(lines: Sequence[str], *, below: bool) -> list[str]:
    """Return lines tidied; names alone above a day, or below it, are put on its line, and so is a place below."""
    texts = [_tidied(line) for line in lines]
    out: list[str] = []
    k = 0
    while k < len(texts):
        text = texts[k]
        if not _begins_with_day(text):
            out.append(text)
            k += 1
            continue
        after = texts[k + 1] if k + 1 < len(texts) else ""
        where = after if is_place(after) or ((m := _WHERE.fullmatch(after)) and is_place(m["place"])) else ""
        posted = next(dates(text)).start != 0
        if out and k and _are_names(out[-1], known=not (where or posted)):
            text = f"{out.pop()} {text}"
        elif below and not where and (is_person(after) or (_HANDLE.match(after) and not _BUTTON.match(after))):
            text = f"{after} {text}"
            k += 1
        out.append(f"{text} {where}".strip())
        k += 2 if where else 1
    return out


_OTHERS = re.compile(
    r"[\W_]*(?:更多|相关|推荐|热门|精选|精彩|网友|往期|延伸|最新|全部|其他|猜你|喜欢此)"
    r"(?:回答|评论|留言|阅读|文章|推荐|精选|回顾|新闻|内容|排行|喜欢|.{0,4}还喜欢)"
)

_OF_THIS = re.compile(r"本文|(?:作者|来源|文|撰文|原文)\s*[:：|｜丨/／]")


def _own(tail: Sequence[str]) -> Sequence[str]:
    """Return the lines at the foot without those of other articles, answers or comments, unless they say 作者：…"""
    own = next((k for k, line in enumerate(tail) if len(line) <= _NAME and _OTHERS.match(line)), len(tail))
    return [*tail[:own], *(line for line in tail[own:] if _OF_THIS.match(_tidied(line)))]


def _begins_with_day(text: str) -> bool:
    """Tell whether a line begins with a day, or with a word on it, so that no name stands before it."""
    first = next(dates(text), None)
    return (
        first is not None
        and "-" in first.iso
        and bool(re.fullmatch(r"(?:(?:发[布表]|编辑)?于\s*)?", text[: first.start]))
    )


def _are_names(text: str, *, known: bool) -> bool:
    """Tell whether a line holds nothing but one to three names; ``known``: one that looks like a person's or firm's."""
    names = text.split()
    if not 1 <= len(names) <= 3 or not all(re.fullmatch(r"[\w·.-]{1,20}", n) and not _BUTTON.match(n) for n in names):
        return False
    if names[0] == "原创":
        return len(names) > 1
    if next(dates(text), None) or any(name.lower() in _LABEL_KIND for name in names):
        return False
    return any(is_person(name) or is_body(name) for name in names) if known else len(names) == 1 or is_person(names[0])


def _alone(lines: Sequence[str]) -> Iterator[Credit]:
    """Yield who signs in a line of the lead that holds nothing else: with ◎ or — before it, with a button to follow
    them below it, or where there are few lines in all."""
    for k, line in enumerate(lines):
        names = _tidied(line).split()
        persons = [name for name in names if is_person(name)]
        bodies = [name for name in names if is_body(name)]
        if not persons or len(persons) + len(bodies) != len(names) or len(names) > 2:
            continue
        marked = line.strip()[:1] in ("—", "–", "◎") or any(_FOLLOW.match(x.strip()) for x in lines[k + 1 : k + 4])
        if marked or (len(lines) <= 3 and len(persons[0]) > 2):
            yield "recorder", "、".join(persons)
            yield from (("unit", body) for body in bodies)


def _credits(text: str) -> Iterator[Credit]:
    """Yield what a byline or footer, tidied, says: kind and value."""
    if m := _BLOGGER.search(text):
        yield from given("recorder", m[1])
    if not text or _RIGHTS.search(text):
        return
    text, posts = _without_posts(text)
    yield from posts
    where = _WHERE.search(text)
    account = where is not None and is_place(where["place"])
    if where and account:
        text = text[: where.start()]
    if m := _SIGNED.match(text):
        yield from given("writer", m[1])
    if m := _BY.search(text):
        yield from given("source" if _ACCOUNT.match(m[1]) else "author", m[1])
    said = _said(text)
    yield from _unlabelled(text, said, "posted" if posts else "account" if account else "plain")
    reporters: list[str] = []
    for m, kind, value in said:
        if m["reporter"]:
            day = next(dates(value), None)
            named = value[: day.start] if day else value
            reporters.append(_NEWS.sub("", _ENDS.split(named.strip(), maxsplit=1)[0]))
            yield from _dated(value)
        elif kind in ("author", "writer", "recorder", "source", "unit") and not m["original"]:
            quoted = _QUOTED.search(value) if kind == "source" else None
            named = quoted[1] if quoted else _ENDS.split(value.strip(), maxsplit=1)[0]
            yield from given(kind, _day_cut(named))
            yield from _dated(value)
        elif kind and not m["original"]:
            yield from given(kind, value)
        elif not kind:
            # an editor's or a photographer's name; a day may follow
            yield from ((key, day) for key, day in _dated(value) if "-" in day)
    yield from given("author", "、".join(reporters))


_Said = tuple[re.Match[str], str, str]


def _said(text: str) -> list[_Said]:
    """Return the labels in a line, each with the kind of what it says, and that itself."""
    labels = list(_LABEL.finditer(text))
    ends = [*(m.start() for m in labels[1:]), len(text)]
    values = [text[m.end() : end] for m, end in zip(labels, ends, strict=False)]
    return [(m, _kind(m, value), value) for m, value in zip(labels, values, strict=True)]


def _unlabelled(text: str, said: Sequence[_Said], how: _How) -> Iterator[Credit]:
    """Yield what stands in a line before its first label, or behind it where that tells of a day or of 原创."""
    if not said:
        loose, first = text, "date"
    elif said[0][0]["original"]:
        yield from _named(said[0][2], "original")
        return
    else:
        m, first, value = said[0]
        loose = text[: m.start()]
        of_day = first in ("date", "changed")
        if of_day and m["verb"]:
            how = "posted"  # <author> 发布于 <day>
        if not of_day or _has_day(loose):
            first = "date"
        loose += f" {value}" if of_day else ""
        if how == "plain" and any(kind in ("author", "writer") for _, kind, _ in said):
            how = "credited"
    if not loose.strip() or _SENTENCE.search(loose):
        return
    if (known := _KNOWN_BY.search(loose)) and not is_person(known[1]):
        yield from given("source", known[1])
    yield from ((first if key == "date" else key, value) for key, value in _named(loose, how))


def _kind(m: re.Match[str], value: str) -> str:
    """Return what a label gives, in view of what follows it; an empty string for what is no matter here."""
    if m["writer"] and m.start() == 0 and not is_person(re.split(r"[\s，,；;。）)]", value, maxsplit=1)[0]):
        return ""  # 作者有话说
    if m["reporter"] or m["original"] or m["writer"]:
        return "author"
    label = (m["label"] or m["verb"]).lower()
    kind = _LABEL_KIND.get(label, "changed" if label in ("编辑于", "修改于") else "source")
    if kind in ("date", "changed") and m["verb"] and not _has_day(value):
        return "source" if label in ("发表于", "发布于") else ""  # 发表于《…》
    if (kind == "link" and not _ADDRESS.search(value)) or (label == "from" and "@" not in value):
        return "source"
    return kind


def _without_posts(text: str) -> tuple[str, list[Credit]]:
    """Return a line without 于 <day> 发布, 已于 <day> 修改 and their like, and what these say."""
    found: list[Credit] = []
    kept, at = "", 0
    for date in dates(text):
        before, after = _ON.search(text, at, date.start), _DONE.match(text, date.end)
        if before and after:
            kept += text[at : before.start()] + " "
            at = after.end()
            if not before["other"]:
                found.append(("date" if after["date"] else "changed", date.iso))
    return (kept + text[at:]).strip(), found


def _named(text: str, how: _How) -> Iterator[Credit]:
    """Yield what a byline without labels says: its day, and the names before it, or those of firms behind it.

    Args:
        text: the byline.
        how: ``"original"``: 原创 stands before author and account; ``"posted"``: it says that somebody published;
            ``"account"``: it says where an account is; ``"credited"``: the author is named elsewhere in the line.
    """
    if len(text) > _LENGTH or ">" in text or "»" in text:
        yield from ((key, found) for key, found in _dated(text) if "-" in found)
        return
    text = _BRACKETS.sub("", text)
    day = next((date for date in dates(text) if "-" in date.iso), None)  # a year alone may be what a title is about
    if day:
        yield "date", day.iso
    elif how not in ("original", "posted", "account"):
        return
    names = _names(text[: day.start] if day else text)
    if day and not names:
        names = [name for name in _names(text[day.end :]) if is_body(name)][:1]
    if not 1 <= len(names) <= 3 or any(len(name) > _NAME or re.search(r"[，,。：:]", name) for name in names):
        return
    if all(name.isascii() for name in names) and len(names) > 1:
        yield from given("author", " ".join(names))
        return
    persons = [name for name in names if is_person(name)]
    bodies = [name for name in names if is_body(name)]
    others = [name for name in names if name not in persons and name not in bodies and not _TITLED.search(name)]
    if how == "original" and (day or persons):
        # 原创 <author> <account>: the one may be the other
        if len(set(names)) == 1 < len(names):
            yield from given("author" if persons else "source", names[0])
            return
        yield from given("author", names[0])
        yield from given("source", names[1] if len(names) > 1 else "")
        return
    yield from given("author", "、".join(persons))
    yield from given("source", bodies[0] if bodies else "")
    if len(others) != 1 or len(persons) > 1 or bodies or how == "credited":
        return
    if not persons and (how == "posted" or _HANDLE.match(others[0])):
        yield from given("author", others[0])
    elif len(others[0]) > 2 and (how == "account" or (day and day.timed)):
        yield from given("source", others[0])


def _names(text: str) -> list[str]:
    """Return what may be names in a text, between spaces and bars: no labels, buttons, numbers, roles and places."""
    parts = (part.strip("@*_“”>#◎—") for part in re.split(r"[\s|｜丨·•]+", text.strip(" \t|｜丨·•,，")))
    return [part for part in parts if not (_is_furniture(part) or _ROLE.search(part) or is_place(part))]


def _is_furniture(part: str) -> bool:
    """Tell whether a word belongs to the page: 阅读, 阅读量1.2k, 登录, 12."""
    word = re.sub(r"(?<!\d)[\d.,]{1,12}[万wk+]{0,2}$", "", part, flags=re.IGNORECASE)
    return not word or word.lower() in _LABEL_KIND or bool(_BUTTON.match(word))


def given(kind: str, value: str) -> Iterator[Credit]:
    """Yield a value of a kind as it is kept, if there is anything in it."""
    value = value.strip()
    if kind in ("date", "changed"):
        yield from ((kind, day) for _, day in _dated(value))
        return
    if address := _ADDRESS.search(value):
        if kind in ("link", "source"):
            yield "link", host(address[0])
        value = value[: address.start()]
    if kind == "link":
        return
    value = re.sub(r"[（(【\[].*$", "", value).strip(" \t*_`@，,、.。:：;；|｜丨/／∕⁄-—–“”\"'「」『』《》）)】]")
    if kind in ("source", "unit"):
        words = _ACCOUNT.sub("", value).split()
        while len(words) > 1 and (is_place(words[-1]) or _BUTTON.match(words[-1])):
            words.pop()
        value = " ".join(words)
        value = value if is_source(value) and not any(date.start == 0 for date in dates(value)) else ""
    else:
        value = "、".join(people([value], longest=_NAME))
    if value and len(value) <= 4 * _NAME and not _SENTENCE.search(value):
        yield kind, value


def _dated(text: str) -> Iterator[Credit]:
    """Yield the first day, month or year in a text."""
    yield from (("date", date.iso) for date in [*dates(text)][:1])


def _has_day(text: str) -> bool:
    return next(dates(text), None) is not None


def _day_cut(text: str) -> str:
    """Return what stands before a day."""
    day = next(dates(text), None)
    return text[: day.start] if day and day.start else text
