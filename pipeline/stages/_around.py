"""What stands around an article and is no part of it: front matter, bylines, notices, contents, footers.

Every function marks lines as outside, in place; :func:`pipeline.stages.sections.sections` calls them one after another.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.stages._inline import shown
from pipeline.stages._lines import DEFINITION, NAMELESS, ends, weight

if TYPE_CHECKING:
    from pipeline.stages._lines import Line

_FIELD = re.compile(r"[A-Za-z_][\w.-]{0,40}\s*[:=]")
_FIRST_FIELD = re.compile(r"(?:title|layout|date|tags|categories|author|slug)\s*:", re.IGNORECASE)
_PLAIN_FIELD = re.compile(r"[A-Za-z][\w -]{0,24}:(?:\s|$)")
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
    if end is None and bare:  # Pelican's: fields down to a blank line
        stop = next((i for i in range(first, len(lines)) if not lines[i].text), len(lines))
        if stop - first > 1 and all(_PLAIN_FIELD.match(line.text) for line in lines[first:stop]):
            end = stop - 1
    if end is None or not any(_FIELD.match(line.text) for line in lines[start:end]):
        return None
    if not bare and not lines[start].text:
        return None
    if any(
        line.text[-1:] in ("。", "！", "？") and not _FIELD.match(line.text) and not line.indent
        for line in lines[start:end]
    ):
        return None  # what the two rules part off is prose
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
    "汇报人 报告人 撰写人 记录人 主持人 参会人员 与会人员 出席人员 会议时间 会议地点 地点 文档所有者 最近更新 通讯员 "
    "微信公众号 公众号 微信号 封面 题图 头图 图源 图片来源 排版 监制 字数 阅读时间 标签 分类 "
    "author date source tags? category categories published updated editor"
)
CREDIT = re.compile(rf"(?:{_CREDITS})\s*(?:[|丨:：/／∕@]|by\b)\s*\S", re.IGNORECASE)
"""A line that names author, source, date and the like."""
_NOTICES = _words(
    "注意 声明 聲明 申明 免责 说明 提示 温馨提示 编者按 编者注 "
    "编辑导[读语] (?:小编)?导[读语]\\s*[:：|丨】\\]] 核心提示 "
    "摘要[】\\]] 版权(?:声明|所有|归|说明|信息|\\s*[:：©]) 版權(?:聲明|所有|歸|\\s*[:：©]) "
    "本文首发 本文转载 本文来自 本文由 "
    "本文原载 本文系 本文约 转载请 "
    "PS P\\.S\\. NOTE Disclaimer update"
)
_NOTICE = re.compile(rf"[*_\[（(【>\s]*(?:{_NOTICES})", re.IGNORECASE)
# What apps and sites put around an article, in lines of their own.
_WIDGETS = _words(
    "正文[:：]?$ 首发于 关注问题 已关注 写回答 邀请回答 登录后 [\\d,]+\\s*人赞同 等\\s*[\\d,]+\\s*人赞同 "
    "欢迎(?:关注|扫码|订阅)(?:$|[我本“「@:：！!，,]|公众号|微信) 设为(?:书签|首页) 加入收藏 首页\\s*[>»›/] "
    "(?:【(?:评论|打印|字体|收藏|分享|关闭|大|中|小)[^】]{0,8}】\\s*){1,9}$ "
    "(?:[您你]?(?:现在|当前|目前)?(?:所在)?的?(?:位置|栏目)\\s*[:：]) "
    "点击(?:上方|蓝字|标题下|右上) (?:点击)?关注(?:我们|公众号)(?:$|[，,！!。@]|获取|了解) "
    "设为星标 收录于 分享到 以下文章来源于 "
    "(?:预计)?阅读(?:时间|本文|约) 全文(?:约|共|字数) "
    "(?:字号|字体|大|中|小)(?:[\\s:：|]+(?:大|中|小|超大|标准))+$ (?:订阅|收藏|打印|举报|听新闻)$"
)
_WIDGET = re.compile(rf"[*_\[（(【>▲▼↑↓👆\s]*(?:{_WIDGETS})")
_LABELLED = re.compile(r"[^。，]{1,12}[:：丨|】\])]")
_SAID = re.compile(r"[*_\[（(【>]*(?:注意|说明|提示|编者按|PS|NOTE)", re.IGNORECASE)
_FOOTERS = _words(
    "本文(?:作者|链接|首发|转载|来自|来源|原载|地址|采用|遵循|由.{1,20}(?:原创|发布|授权)) 作者简介 关于作者 "
    "版权(?:声明|所有|归|说明|信息|\\s*[:：©]) 版權(?:聲明|所有|歸|\\s*[:：©]) 著作权 转载请 转载自 轉載 "
    "未经(?:许可|授权|允许) 原文(?:链接|地址|出处|标题)?\\s*[:：] 责任编辑 責任編輯 责编 编辑\\s*[:：] "
    "来源\\s*[:：] 出处\\s*[:：] "
    "欢迎(?:关注|转载|扫码|加入|订阅|点赞) 长按 扫码 扫描二维码 微信公众号 公众号\\s*[:：] "
    "关注(?:我们?|本?公众号|微信)(?:的?(?:公众号|微信|微博|频道|专栏|博客))?\\s*(?:[:：！!，,。~@]|$) "
    "联系(?:我们?|方式|邮箱|作者)\\s*(?:[:：（(]|邮箱|微信|qq|$) 商务合作 "
    "点击(?:阅读原文|下方|关注) 阅读原文 点赞(?:[、，！!]|和|收藏|关注|$) 分享到(?:\\s|[:：]|微|朋|$) "
    "如果(?:您|你)?觉得.{0,12}(?:有用|有帮助|不错) 本作品 署名\\s*[-－:：] "
    "许可协议 "
    "copyright © \\(c\\)\\s*\\d all\\s+rights cc[\\s-]by creative\\s+commons posted\\s+by "
    "[（(【]?(?:全文)?完[)）】]?$ [-—–=*~\\s]*(?:the\\s+end|end|完|fin)[-—–=*~\\s]*$ "
    "(?:上一篇|下一篇|相关阅读|相关文章|推荐阅读|延伸阅读)\\s*(?:[:：\\[<》>]|$) "
    "标签\\s*[:：] 分类\\s*[:：] tags?\\s*[:：] "
    "(?:本文|这篇文章|文章)(?:最初|最早|首先|首次|原)?(?:发表|刊登|发布|首发|刊|载)[于在] "
    "原(?:载|文发表|刊)于 在这里订阅 "
    "(?:(?:\\d{1,6}\\s?条)?(?:阅读|浏览|点击|赞同|赞|点赞|在看|好看|收藏|转发|分享|评论|写?留言|喜欢|收起|举报|打赏|赞赏)"
    "(?:数|量|次数)?[\\s:：]{0,3}(?:\\d[\\d.,]{0,9}\\s?[万wk+]{0,2})?\\s?){1,8}$ "
    "本邮件(?:及其?|及所有|包含|所含|可能|仅) 发自我的 收起$ "
    "(?:编辑于|发布于)\\s*(?:19|20)\\d\\d 本文来自微信公众号 本内容(?:为|由|仅|不) "
    "著作权归 免责声明 (?:[\\d,]+\\s*)?人赞同 "
    "预览时标签 继续滑动看 轻触阅读 喜欢此内容的人 微信扫一扫 已同步到看一看 人划线 投诉$ "
    " 返回搜狐 查看更多$ 举报/反馈 打开APP 特别声明"
)
_FOOTER = re.compile(rf"[*_\[（(【>#\-\s]*(?:{_FOOTERS})", re.IGNORECASE)
_CONTACT = re.compile(r"https?://|www\.|@\w|微信|邮箱|公众号|微博|知乎|github", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[\w./?=&#%:+~@!,-]+")
_DAY = r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?(?:\s*\d{1,2}:\d\d(?::\d\d)?)?"
_DATED = re.compile(rf"(?:.*\s)?{_DAY}(?:\s*\S{{1,24}}(?:\s+\S{{1,24}}){{0,7}})?$")
_DAY_ALONE = re.compile(_DAY)
_CHINESE_DAY = re.compile(
    r"[一二][〇零○Ｏ一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日$"
)
_PROSE = re.compile(r"[。，！？；,]")


_REPORTER = re.compile(r"(?:本报|本刊|本网|本台|特约)?(?:记者|通讯员|实习生|撰稿人?|特约作者)[\s丨|/／]+\S")
_QUOTED_FIELD = re.compile(r">\s*(?:[A-Za-z][A-Za-z ]{1,20}|\*\*[^*]{2,20}\*\*)\s*[:：]\s*\S")


def _unlinked(text: str) -> str:
    return _ADDRESS.sub("", text)


def is_byline(text: str) -> bool:
    """Tell whether a line says who wrote, when or where, and nothing else."""
    if text[0] == ">" and _QUOTED_FIELD.match(text) and weight(_unlinked(text)) <= 40:
        return True
    text = _unlinked(text.lstrip("> *_"))
    if weight(text) > 50:
        return False
    if _REPORTER.match(text) and not _PROSE.search(text):
        return True
    if text[-1:] in "。！？" and "，" in text:
        return False
    if text[:1] in "（(" and text[-1:] in "）)":
        text = text[1:-1]
    return bool(CREDIT.match(text) or _CHINESE_DAY.fullmatch(text)) or (
        text[:1] != "#" and weight(text) <= 36 and not _PROSE.search(text) and bool(_DATED.match(text))
    )


_TAGS = re.compile(r"#[^\s#]{1,30}(?:\s+#[^\s#]{1,30})+$")  # one alone may be a heading without its blank
_LETTER = re.compile(r"\w")
_HAN = re.compile(r"[一-鿿]")
_NAME = re.compile(r"[A-Za-z][\w .-]{0,20}")
_REPRINT = re.compile(r"首发|原文|转载|转自|转过来|出处|来源|原载|译自|原题|原标题")


def mark_lead(lines: list[Line], *, titled: bool = False) -> None:
    """Mark bylines and notices before the text as outside; ``titled`` where the line above is the title."""
    pending: list[Line] = []
    seen = 0
    bylined = False
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
        if _TAGS.match(line.text) or not _LETTER.search(line.text):
            line.role = "outside"
        elif is_byline(line.text):
            if _is_day_of_several(lines, i) or (seen == 1 and not titled and _may_name(line.text)):
                return  # a diary, whose days are its headings, a list of what happened when, a title with its day
            line.role = "outside"
            bylined = True
        elif titled and not bylined and _is_name(line) and _dated_below(lines, i):
            line.role = "outside"  # a person or an office, without a word on it
        elif bylined and lines[i - 1].role == "outside" and _NAME.fullmatch(line.text):
            line.role = "outside"  # the author, without a word on it
        elif (
            line.text[0] == ">"
            and _alone(lines, i)
            and _REPRINT.search(line.text)
            and weight(_unlinked(line.text)) <= 60
        ) or (_WIDGET.match(line.text) and weight(line.text) <= 30 and line.text[-1] not in "。！？"):
            line.role = "outside"
        elif (
            (m := _NOTICE.match(line.text))
            and (_LABELLED.match(line.text) or not _tells(line.text, m.end()))
            and weight(_unlinked(line.text)) <= 200
            and (_alone(lines, i) or (i > 0 and lines[i - 1].role == "outside" and ends(line.text)))
        ):
            # What is noted may be part of the article, unless a rule parts it off.
            if _SAID.match(line.text):
                pending.append(line)
            else:
                line.role = "outside"
        elif bylined and weight(line.text) <= 40 and _credited(lines, i):
            line.role = "outside"  # a standfirst among the bylines
        else:
            return


def _may_name(text: str) -> bool:
    """Tell whether words that could be a title stand before the day in a line, and not names alone."""
    m = _DAY_ALONE.search(text)
    if m is None or CREDIT.match(text) or _REPORTER.match(text):
        return False
    words = text[: m.start()].split()
    return len(words) == 1 and weight(words[0]) >= 4 and bool(_HAN.search(words[0]))


def _is_day_of_several(lines: list[Line], i: int) -> bool:
    """Tell whether a line opens with a day as others below it do; of a byline's days one is of the change."""
    if not _DAY_ALONE.match(lines[i].text):
        return False
    if _DAY_ALONE.fullmatch(lines[i].text):
        return any(_DAY_ALONE.fullmatch(x.text) for x in lines[i + 1 :])
    return any(x.role == "text" and _DAY_ALONE.match(x.text) for x in lines[i + 1 : i + 4])


def _dated_below(lines: list[Line], i: int) -> bool:
    """Tell whether the next line is a byline with a day."""
    below = next((line for line in lines[i + 1 : i + 4] if line.role != "blank"), None)
    return below is not None and below.role == "text" and is_byline(below.text) and _has_day(below.text)


def _has_day(text: str) -> bool:
    return bool(_DAY_ALONE.search(text) or _CHINESE_DAY.search(text))


def _credited(lines: list[Line], i: int) -> bool:
    """Tell whether one of the next two lines names author or source."""
    below = [x for x in lines[i + 1 : i + 6] if x.role != "blank"][:2]
    return any(x.role == "text" and weight(x.text) <= 30 and CREDIT.match(x.text) for x in below)


_CONTENTS = re.compile(r"[#*【\s]*(?:目\s*[录錄次]|(?:table\s+of\s+)?contents?|toc)[*】:：\s]*$", re.IGNORECASE)
_ANCHOR = re.compile(r"(?:[-*+]|\d{1,2}\.)\s+\[[^\[\]]{1,100}\]\(#[^()\s]{0,300}\)$")
_ENTRY = re.compile(
    r"(?:[-*+•]\s|\d{1,2}(?:\.\d{1,2})*[.、)）\s]|[一二三四五六七八九十]{1,3}[、.]|[（(]|第|\[|.*(?:\.{3}|…|·{3})\s*\d+$)"
)


_MAIL = re.compile(
    r"(?:发件人|收件人|发送时间|发件时间|抄送|密送|主题|日期|时间|from|to|cc|bcc|sent|date|subject)\s*[:：]",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"(?:主题|subject)\s*[:：]\s*(?:(?:re|fwd?|回复|答复|转发)\s*[:：]\s*)*(.+)$", re.IGNORECASE)


_FROM = re.compile(r"(?:发件人|收件人|from|to)\s*[:：]", re.IGNORECASE)


def _is_mail(lines: list[Line], at: int) -> bool:
    """Tell whether the head of a mail begins at a line: time and subject alone stand above minutes, too."""
    head = [line.text for line in lines[at : at + 6] if _MAIL.match(line.text)]
    return len(head) > 1 and bool(_MAIL.match(lines[at].text)) and any(map(_FROM.match, head))


def mark_mail(lines: list[Line]) -> str | None:
    """Mark the head of an e-mail as outside; return its subject."""
    head: list[Line] = []
    for line in lines[:20]:
        if line.role == "text" and _MAIL.match(line.text):
            head.append(line)
        elif line.role != "blank" or len(head) > 2:
            break
    if len(head) < 3 or not any(_FROM.match(line.text) for line in head):
        return None
    for line in head:
        line.role = "outside"
    return next((m[1] for line in head if (m := _SUBJECT.match(line.text))), None)


_SPEAKER = re.compile(
    rf"\S{{1,24}}(?:\s\S{{1,24}})?\s+(?:{_DAY}\s*|\d{{1,2}}[-/月]\d{{1,2}}日?\s+)?\d{{1,2}}:\d\d(?::\d\d)?[:：]?$"
)
_WHEN = re.compile(r"\s+\d")
_PLACEHOLDER = re.compile(r"\[(?:图片|表情|语音|视频|文件|链接|动画表情|红包)[^\[\]]{0,20}\]$")


def mark_chat(lines: list[Line]) -> bool:
    """Mark who speaks when in a copied chat as code: shown, not read. Tell whether it is one."""
    said = [line for line in lines if line.role == "text" and len(line.text) <= 80 and _SPEAKER.match(line.text)]
    names = {_WHEN.split(line.text, maxsplit=1)[0].strip() for line in said}
    if len(said) < 4 or len(said) * 8 < sum(line.role == "text" for line in lines) or 2 * len(names) > len(said):
        return False  # in a list of what happened when, nothing comes again; who speaks, does
    for line in said:
        line.role = "code"
    for line in lines:
        if line.role == "text" and _PLACEHOLDER.match(line.text):
            line.role = "code"
    return True


def mark_contents(lines: list[Line]) -> None:
    """Mark a table of contents, its heading and below it nothing but entries, as outside; after some text as code,
    which is shown but not read, since a section has no holes."""
    anchors = [i for i, line in enumerate(lines) if line.role == "text" and _ANCHOR.match(line.text)]
    if len(anchors) > 2 and anchors[-1] - anchors[0] <= 2 * len(anchors):
        inside = any(line.role in ("text", "table", "code") for line in lines[: anchors[0]])
        for i in anchors:
            lines[i].role = "code" if inside else "outside"
    for i, line in enumerate(lines):
        if line.role != "text" or not _CONTENTS.match(line.text):
            continue
        end, entries = i + 1, 0
        while end < len(lines) and (lines[end].role == "blank" or _is_entry(lines, end, entries)):
            entries += lines[end].role != "blank"
            end += 1
        if entries > 1 and _recur(lines[i + 1 : end], lines[end:]):
            inside = any(x.role in ("text", "table", "code") for x in lines[:i])
            for x in lines[i:end]:
                if x.role != "blank":
                    x.role = "code" if inside else "outside"
        return


_DOTS = re.compile(r"\s*(?:\.{3,}|…+|·{3,})\s*\d*$|\s+\d{1,4}$")


def _recur(entries: list[Line], below: list[Line]) -> bool:
    """Tell whether at least half of the entries are headings further down, as those of a table of contents are."""
    names = [re.sub(r"[\W_\d]+", "", _DOTS.sub("", shown(line.text))) for line in entries if line.role == "text"]
    heads = {re.sub(r"[\W_\d]+", "", shown(x.text)) for x in below if x.role == "text" and len(x.text) <= 80}
    return 2 * sum(bool(name) and name in heads for name in names) >= len(names)


def _is_entry(lines: list[Line], i: int, entries: int) -> bool:
    text = lines[i].text
    if lines[i].role != "text" or text[0] == "#" or weight(_unlinked(text)) > 40 or text[-1] in "。！？；":
        return False
    # The first heading may look like an entry; after a blank line it is one no more.
    below = lines[i + 1] if i + 1 < len(lines) else None
    opens_text = entries > 0 and lines[i - 1].role == "blank" and below is not None and below.role == "blank"
    return bool(_ENTRY.match(text)) and not (opens_text and text[0] not in "-*+•[")


_TITLE_LIKE = re.compile(r".*[^\s。；;，,、：:…|>»]$")


_AGREED = re.compile(r"人赞同了该(?:回答|文章)")
_MENU = re.compile(r"[^\s|｜/>»·]{1,8}(?:[\s|｜/>»·]+[^\s|｜/>»·]{1,8}){3,}\s*$|[^>»]*[>»]|原创(?:\s|$)")


def mark_chrome(lines: list[Line]) -> None:
    """Mark what a page or an app shows around an article's title as outside; the byline below tells where it is."""
    head: list[Line] = []
    for line in lines[:80]:
        if line.role in ("blank", "outside", "image"):
            continue
        if line.role != "text" or len(head) == 24 or line.text[0] == "#":
            break
        if weight(line.text) > 60 and not _WIDGET.match(line.text):
            break
        head.append(line)
    for at in (k for k, line in enumerate(head) if k > 1 and (is_byline(line.text) or _AGREED.search(line.text))):
        named = [k for k in range(at) if _may_be_title(head[k].text)][-4:]
        title = max(named, key=lambda k: (weight(head[k].text), k), default=at)
        above = head[: at + 1] if title == at else head[:title] + head[title + 1 : at]
        if sum(_DAY_ALONE.match(x.text) is not None for x in head) > 2:
            return  # a list of what happened when
        if all((weight(x.text) <= 20 and not ends(x.text)) or is_byline(x.text) or _is_widget(x.text) for x in above):
            for line in above:
                line.role = "outside"
            return


def _may_be_title(text: str) -> bool:
    return 4 <= weight(text) <= 40 and bool(_TITLE_LIKE.match(text)) and not _is_widget(text) and not is_byline(text)


def _is_widget(text: str) -> bool:
    return bool(_WIDGET.match(text) or _MENU.match(text))


def _alone(lines: list[Line], i: int) -> bool:
    return (i == 0 or lines[i - 1].role != "text") and (i + 1 >= len(lines) or lines[i + 1].role != "text")


def mark_tail(lines: list[Line]) -> None:
    """Mark link definitions, rules, footers and lists of other articles at the end as outside."""
    _mark_others(lines)
    _mark_signature(lines)
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


_OTHERS_OF = _words("相关 推荐 延伸 往期 热门 精彩 更多 精选 最新 猜你 网友 大家都在 你可能")
_OTHER = _words("回答 阅读 文章 推荐 回顾 精彩 精选 文章推荐 新闻 内容 评论 留言 喜欢 也喜欢 感兴趣的 看 还喜欢 报道")
_OTHERS = re.compile(rf"[/▎|■>\s]*(?:{_OTHERS_OF})(?:{_OTHER})\s*[:：»>]*$")


_ENDED = re.compile(
    r"[-—–=*~·\s（(【\[]{0,12}(?:the\s+end|end|fin|(?:全文|正文)?完)[-—–=*~·\s）)】\].]{0,12}$", re.IGNORECASE
)


def _mark_others(lines: list[Line]) -> None:
    """Mark what stands below a sign that the article ends (END, 推荐阅读, a quoted mail) as outside, unless it is
    most of the text or has marked headings of its own."""
    total = sum(len(line.text) for line in lines if line.role != "outside")
    below = 0
    told = False  # running text, which no list of other articles holds
    found = len(lines)
    for at in range(len(lines) - 1, -1, -1):
        line = lines[at]
        if line.role == "outside":
            continue
        if below * 2 > total or (line.role == "text" and line.text[0] == "#"):
            break
        quoted = _is_mail(lines, at)
        named = _OTHERS.match(line.text) and not told
        if line.role in ("text", "rule") and (_ENDED.match(line.text) or named or quoted):
            found = at
        told = told or (line.role == "text" and weight(line.text) > 40 and ends(line.text))
        below += len(line.text)
    for line in lines[found:]:
        if line.role != "blank":
            line.role = "outside"


def _mark_signature(lines: list[Line]) -> None:
    """Mark a signature, one or two names above a day, as outside; a few short lines (a contact, copies) may follow."""
    last = [line for line in lines if line.role not in ("blank", "outside")][-6:]
    for k in range(len(last) - 1, 0, -1):
        text = last[k].text.strip("（）()")
        if last[k].role == "text" and (_DAY_ALONE.fullmatch(text) or _CHINESE_DAY.match(text)):
            first = k
            while first > 1 and k - first < 2 and _is_name(last[first - 1]):
                first -= 1
            apart = lines[lines.index(last[first]) - 1].role == "blank"
            dated = any(_DAY_ALONE.search(line.text) for line in last[:k])
            if first < k and apart and not dated and all(weight(line.text) <= 40 for line in last[k + 1 :]):
                for line in last[first:]:
                    line.role = "outside"
            return


def _is_name(line: Line) -> bool:
    """Tell whether a line may hold the name of a person or an office and nothing else."""
    text = line.text
    return (
        line.role == "text"
        and weight(text) <= 20
        and not _PROSE.search(text)
        and not ends(text)
        and text[0] not in "#*->【[《“"
    )


def _is_footer(text: str) -> bool:
    if text[0] == "#" and NAMELESS.match(text):
        return True
    m = _FOOTER.match(text) if weight(text) <= 90 else None
    return m is not None and not _tells(text, m.end())


# What a sentence around an article goes on to speak of: rights, the reader, the article itself.
_ADDRESSED = re.compile(
    r"[您你©]|敬?请|谢|本[文站号刊]|原文|转[载載发]|版[权權]|著作[权權]|授[权權]|所有|保留|协议|声明|聲明|作者|观点|侵|注明|出处"
    r"|https?:|www\.|@|二维码|加群|回复|领取|公众号|首发|发布于|(?:如果|若).{0,12}(?:帮助|有用|不错|喜欢)"
    r"|关注(?:我|本|公众)|欢迎.{0,8}(?:转|关注|点赞|加入|留言|订阅)(?!的|功能|按钮)",
    re.IGNORECASE,
)
_OF_ITSELF = re.compile(r"[*_\[（(【>#\-\s]*(?:本[文站号刊]|本作品|本内容|本邮件|转载请|未经|作者简介|关于作者)")


def _tells(text: str, after: int) -> bool:
    """Tell whether a line that opens as a footer or a notice does, down to ``after``, is a sentence of the article all
    the same."""
    return (
        text[-1] in "。！？" and weight(text) > 8 and not _OF_ITSELF.match(text) and not _ADDRESSED.search(text, after)
    )


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
