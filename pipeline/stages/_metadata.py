"""Who wrote an article, when, and where it appeared: read from what stands around its text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline.model import Metadata

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LINES, _LENGTH = 60, 300
"""Lines of each kind and characters of a line that are looked at: credits are few and short."""
_NAME = 30
"""Characters of the longest name of a person, paper or account."""


def metadata_of(front: Sequence[str], lead: Sequence[str], tail: Sequence[str]) -> Metadata:
    """Return author, date and source as the lines around an article give them.

    Front matter wins over bylines, and these over what stands at the foot; each of the three fields by itself. A date
    of publication or writing wins over one of a change, and the name of a source over an address, of which the host is
    taken.

    Args:
        front: lines of YAML or TOML front matter, with or without its fences.
        lead: lines before the text that are no part of it (作者：…, 文/…, 来源：…), as the article has them.
        tail: likewise, after the text.
    """
    found: list[tuple[str, str]] = list(_fields(front[:_LINES]))
    for line in lead[:_LINES]:
        found += _credits(line)
    for line in tail[-_LINES:]:
        found += _credits(line)

    def first(*kinds: str) -> str | None:
        return next((value for kind in kinds for key, value in found if key == kind and value), None)

    return Metadata(first("author", "writer"), first("date", "changed"), first("source", "link"))


# ---------------------------------------------------------------------------------------------------------------------
# front matter

_KEYS = {
    "author": "author authors by writer byline creator 作者 撰文",
    "date": "date published publishdate publish_date pubdate date_published created created_at createdat datetime "
    "time 日期 时间 发布日期 发布时间",
    "changed": "updated lastmod modified last_modified updated_at 更新时间 更新日期",
    "source": "source from origin publisher site site_name sitename publication 来源 出处 公众号",
    "link": "source_url original original_url canonical canonical_url canonicalurl link url 原文链接 原文",
}
_KIND = {key: kind for kind, keys in _KEYS.items() for key in keys.split()}
_FIELD = re.compile(r"(\s*)(?:-\s+)?[\"']?([\w.-]{1,40})[\"']?\s*[:=](?:\s+|(?=[\"'\[{]|$)|(?<==))(.*)$")
_TABLE = re.compile(r"\[{1,2}\s*([\w.-]{1,40})\s*\]{1,2}$")
_PARTS = re.compile(r"\"([^\"]*)\"|'([^']*)'|([^,\[\]{}\"']+)")
_NESTED = ("name", "title", "姓名", "名称")


def _fields(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield what the fields of front matter give: plain or quoted values, lists and one level of nesting."""
    values: dict[str, list[str]] = {}
    kind, table, depth = "", False, 0
    for line in lines:
        line = line[:_LENGTH].rstrip()
        body = line.strip()
        if not body or body[0] == "#" or body in ("---", "+++", "..."):
            continue
        if m := _TABLE.match(body):
            kind = _KIND.get(m[1].lower().rpartition(".")[2], "")
            table = True
            continue
        m = _FIELD.match(line)
        inside = m is not None and (len(m[1]) > depth or body[0] == "-" or table)
        if m is None or (inside and kind):
            # an item of a list, or a field of a table or mapping that the last field opened
            if kind and (m is None or m[2].lower() in _NESTED):
                values.setdefault(kind, []).extend(_values(body.lstrip("- ") if m is None else m[3]))
            continue
        depth = len(m[1])
        kind = "" if inside else _KIND.get(m[2].lower(), "")
        if kind and m[3]:
            values.setdefault(kind, []).extend(_values(m[3]))
            if not m[3].startswith("["):
                kind = ""
    for key, parts in values.items():
        yield from _given(key, "、".join(parts) if key == "author" else parts[0] if parts else "")


def _values(text: str) -> list[str]:
    """Return the strings in a value: of a list, of a mapping with a name, or the value itself."""
    text = text.strip()
    if text[:1] == "{":
        named = re.search(r"[\"']?(?:name|title|姓名|名称)[\"']?\s*[:=]\s*[\"']?([^,\"'}]+)", text)
        return [named[1].strip()] if named else []
    if text[:1] not in ("[", '"', "'"):
        text = re.sub(r"\s#.*$", "", text)
        return [text.strip().rstrip("],").strip("\"'")] if text.strip("[], ") else []
    if text[:1] in "\"'":
        return [text[1:].partition(text[0])[0].strip()]
    parts = ((m[1] or m[2] or m[3] or "").strip() for m in _PARTS.finditer(text.rpartition("#")[0] or text))
    return [part for part in parts if part]


# ---------------------------------------------------------------------------------------------------------------------
# bylines

_LABELS = {
    "author": "本文作者 原作者 原创作者 原创 作者简介 作者介绍 关于作者 作者 撰文 撰稿人 撰稿 采写 执笔 口述 "
    "供稿 投稿 发布者 发布人 author",
    "writer": "文",
    "changed": "最后更新 更新时间 更新日期 更新于 更新 updated",
    "date": "发布时间 发布日期 发表时间 发表日期 首发时间 创建时间 写作时间 成文时间 发布于 发表于 写于 成文于 日期 "
    "时间 发布 发表 published date",
    "link": "原文链接 原文地址 原文出处 原文 本文链接 本文地址 链接",
    "source": "文章来源 本文来源 信息来源 内容来源 来源 出处 转载自 转自 摘自 来自 首发于 首发 原载于 原载 刊载于 刊于 "
    "微信公众号 公众号 source",
    "": "责任编辑 责编 编辑部 编辑 校对 排版 监制 策划 审核 审校 设计 视觉 运营 出品 译者 编译 翻译 采访 "
    "图片来源 图片 图源 题图 头图 封面 摄影 配图 图 字数 阅读时间 阅读量 阅读 浏览 标签 分类 微信号 微博 邮箱 原文标题 "
    "标题 tags? category categories editor",
}
_LABEL_KIND = {label: kind for kind, labels in _LABELS.items() for label in labels.split()}
_BY_LENGTH = sorted(_LABEL_KIND, key=len, reverse=True)
_PARTING = r"[\s|｜丨·•/／,，;；、。()（）【】\[\]*_>「」]"
# A label with its sign; or a verb that needs none, before a name or a quotation.
_LABEL = re.compile(
    rf"(?:(?<={_PARTING})|^)(?:本文)?(?P<label>{'|'.join(_BY_LENGTH)})\s*[】\])）*_]*\s*(?:[:：|｜丨/／@]|\bby\b)[*_\s]*"
    r"|(?P<verb>首发于|发表于|发布于|刊载于|刊于|原载于|转载自|转自|摘自|来自|写于|更新于)(?=[\s\w“「《\"【])"
    r"|(?:(?<=[，,；;。（(\s])|^)(?:本文)?(?P<writer>作者)(?=[\u4e00-\u9fff]{2,4}(?:[，,；;。）)\s]|$))"
    r"|(?P<reporter>(?:(?:本报|本刊|本网|本台)?(?:首席|特约|见习|实习)?)记者)[:：\s]\s*"
    r"|(?:^|(?<=\s))(?P<original>原创)\s+(?=\S)",
    re.IGNORECASE,
)
_NUMBER = {c: str(n) for n, c in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
_CHINESE_DAY = re.compile(
    r"([一二][〇零○一二三四五六七八九]{3})年(?:([一二三四五六七八九十]{1,2})月(?:([一二三四五六七八九十]{1,3})日)?)?"
)
_DAY = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2})(?!\d))?|年|$|(?=[\s|，。]))(?:\s*[日月])?"
    r"(?:[T\s]*\d{1,2}[:：]\d\d(?:[:：]\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?"
)
_LINK = re.compile(r"!?\[([^\[\]]{0,200})\]\([^()]{0,300}\)")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s，。；）)>\]\"'”]+", re.IGNORECASE)
_ENDS = re.compile(r"[|｜丨•·]|\s{2,}|\t|[;；。]|，|,(?=\s*[\u4e00-\u9fff])")
_ACCOUNT = re.compile(r"^(?:微信)?公众号\s*[:：]?\s*")
_SIGNED = re.compile(r"([\u4e00-\u9fff]{2,4})\s*[/／|｜]\s*文(?=\s|$)")
_BRACKETS = re.compile(r"[（(][^（()）]{0,60}[）)]")
_QUOTED = re.compile(r"[“「『《\"【]([^“”「」『』《》\"【】]{1,30})[”」』》\"】]")
_NOBODY = re.compile(
    r"(?:佚名|匿名|未知|无名|不详|网络|互联网|转载|本站|原创|admin|unknown|anonymous|null|none|n/a|-+)$", re.I
)
_PLACE_OF_NEWS = re.compile(r"\s+\S{0,6}(?:报道|摄影报道|电|摄)$")
_PERSON = re.compile(r"[\u4e00-\u9fff]{2,4}$|[A-Za-z][A-Za-z.'-]{0,20}(?:\s[A-Za-z][A-Za-z.'-]{0,20}){0,3}$")
_PAPER = re.compile(
    r"(?:网|报|社|刊|台|号|周刊|日报|杂志|公司|研究院|研究所|实验室|科技|财经|评论|资讯|新闻|观察|传媒|编辑部|博客|专栏|论坛)$"
)
_ROLE = re.compile(
    r"(?:负责人|经理|总监|工程师|主管|主任|编辑|记者|教授|顾问|创始人|合伙人|组长|老师|博士|CEO|CTO|COO|CFO)$"
)
_RIGHTS = re.compile(r"©|copyright|\(c\)\s*\d|上一篇|下一篇|版权", re.IGNORECASE)
_SENTENCE = re.compile(r"[。！？!?]")


def _credits(line: str) -> Iterator[tuple[str, str]]:
    """Yield what a byline or footer says: kind and value."""
    text = _LINK.sub(lambda m: m[1], line[:_LENGTH]).strip().lstrip("> #*_-—–").strip()
    if not text or _RIGHTS.search(text):
        return
    labels = list(_LABEL.finditer(text))
    if m := _SIGNED.match(text):
        yield from _given("writer", m[1])
    loose = text[: labels[0].start()] if labels else text
    if labels and _LABEL_KIND.get((labels[0]["label"] or labels[0]["verb"] or "").lower()) == "date":
        # <author> 发布于 <day>
        loose += f" {text[labels[0].end() : labels[1].start() if len(labels) > 1 else len(text)]}"
    if labels and labels[0]["original"]:
        # 原创 <author> <account> <day>
        loose = text[labels[0].end() : labels[1].start() if len(labels) > 1 else len(text)]
    if loose.strip() and not _SENTENCE.search(loose):
        yield from _unlabelled(loose)
    ends = [m.start() for m in labels[1:]] + [len(text)]
    for m, after in zip(labels, ends, strict=False):
        if m["original"]:
            continue
        value = text[m.end() : after]
        if m["reporter"]:
            yield from _given("author", _PLACE_OF_NEWS.sub("", _DAY.sub("", _ENDS.split(value, maxsplit=1)[0])))
            yield from _dated(value)
            continue
        label = (m["label"] or m["verb"] or m["writer"]).lower()
        kind = _LABEL_KIND.get(label, "author" if m["writer"] else "source")
        if kind == "date" and not _has_day(value) and m["verb"]:
            kind = "source"  # 发表于《…》
        if kind == "link" and not _ADDRESS.search(value):
            kind = "source"
        if kind in ("author", "writer", "source"):
            quoted = _QUOTED.search(value) if kind == "source" else None
            named = quoted[1] if quoted else _ENDS.split(value.strip(), maxsplit=1)[0]
            yield from _given(kind, _day_cut(named))
            yield from _dated(value)
        elif kind:
            yield from _given(kind, value)
        else:
            # an editor's or a photographer's name; a day may follow
            yield from ((key, day) for key, day in _dated(value) if "-" in day)


def _unlabelled(text: str) -> Iterator[tuple[str, str]]:
    """Yield what stands in a byline without labels: names before, and perhaps a place after the day."""
    text = _BRACKETS.sub("", text)
    day = _DAY.search(text) or _CHINESE_DAY.search(text)
    if day is None or not day[2]:
        return
    # A year alone may be what a title is about
    yield from ((key, found) for key, found in _dated(text) if "-" in found)
    before = re.split(r"[\s|｜丨·•]+", text[: day.start()].strip(" \t|｜丨·•,，"))
    names = [name.strip("@*_“”>") for name in before]
    names = [name for name in names if name and name not in _LABEL_KIND and not name.isdigit()]
    if not 1 <= len(names) <= 3 or any(len(name) > _NAME or re.search(r"[，,。：:]", name) for name in names):
        return
    if all(name.isascii() for name in names) and len(names) > 1:
        yield from _given("author", " ".join(names))
        return
    papers = [name for name in names if _PAPER.search(name)]
    people = [name for name in names if name not in papers and _PERSON.match(name) and not _ROLE.search(name)]
    if len(names) == 1:
        yield from _given("author" if people else "source", names[0])
        return
    if people:
        yield from _given("author", people[0])
    if papers:
        yield from _given("source", papers[0])
    elif len(people) == len(names) or people == names[:1]:
        # <author> <account>
        yield from _given("source", names[-1])


def _given(kind: str, value: str) -> Iterator[tuple[str, str]]:
    """Yield a value of a kind as it is kept, if there is anything in it."""
    value = value.strip()
    if kind in ("date", "changed"):
        yield from ((kind, day) for _, day in _dated(value))
        return
    if address := _ADDRESS.search(value):
        if kind not in ("author", "writer"):
            yield "link", _host(address[0])
        value = value[: address.start()]
    if kind == "link":
        return
    value = re.sub(r"[（(【\[].*$", "", value).strip(" \t*_`@,，、.。:：;；|｜丨/／-—–“”\"'「」『』《》>）)】]")
    if kind in ("author", "writer"):
        value = "、".join(_people(value))
    elif kind == "source":
        value = "" if _DAY.match(value) else _ACCOUNT.sub("", value)
    if value and len(value) <= 4 * _NAME and not _NOBODY.match(value) and not _SENTENCE.search(value):
        yield kind, value


def _people(value: str) -> list[str]:
    """Return the names in a value, each once."""
    parts = [part.strip(" @*_“”\"'") for part in re.split(r"\s*[、,，/／&＆;；]\s*|\s+(?:and|和|与)\s+", value)]
    names: list[str] = []
    for part in parts:
        single = part.split()
        # 王五 赵六 are two, Ada Lovelace is one
        names += (
            single if len(single) > 1 and all(re.match(r"[\u4e00-\u9fff]{2,4}$", name) for name in single) else [part]
        )
    return list(dict.fromkeys(name for name in names if name and len(name) <= _NAME and not _NOBODY.match(name)))


def _dated(text: str) -> Iterator[tuple[str, str]]:
    """Yield the first day, month or year in a text, as ``2021-01-07``, ``2021-01`` or ``2021``."""
    for m in (*_DAY.finditer(text), *_CHINESE_DAY.finditer(text)):
        year, month, day = m[1], m[2], m[3]
        if not year.isascii():
            year = "".join(_NUMBER[c] for c in year)
            month, day = (_counted(part) if part else None for part in (month, day))
        elif not (month or "年" in m[0] or text.strip() == year):
            continue
        if month and not 1 <= int(month) <= 12:
            continue
        if day and not 1 <= int(day) <= 31:
            day = None
        yield "date", "-".join([year, *(part.zfill(2) for part in (month, day) if part)])
        return


def _counted(text: str) -> str:
    """Return a Chinese number below 100 in digits."""
    tens, ten, ones = text.rpartition("十")
    high = int(_NUMBER.get(tens, "1")) if ten else 0
    return str(10 * high + int(_NUMBER.get(ones, "0")))


def _has_day(text: str) -> bool:
    return next(_dated(text), None) is not None


def _day_cut(text: str) -> str:
    """Return what stands before a day."""
    m = _DAY.search(text)
    return text[: m.start()] if m and m.start() else text


def _host(address: str) -> str:
    """Return the host of an address without ``www.``."""
    try:
        host = urlsplit(address if "://" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")
