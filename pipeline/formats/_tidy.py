"""What is left to do once a page's article is found: its own headings that no tag marks, and the lines before and after
it that do not belong to it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.formats._blocks import Block

_LETTER = re.compile(r"[^\W_]")
_SENTENCE = re.compile(r"[。！？!?；;]")
_DATE = r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}"


def _any(words: str) -> str:
    return "|".join(words.split())


# Lines between the title and the text.
_SAYS = _any(
    "作者 记者 撰文 来源 来自 出处 发布 发布于 发布时间 发表 发表于 发表时间 时间 日期 更新 更新于 更新时间 创建时间 "
    "编辑 责编 责任编辑 阅读 阅读量 阅读数 阅读次数 浏览 浏览量 浏览次数 点击 点击数 点击量 访问 访问量 人气 评论 "
    "评论数 分类 分类于 分类专栏 文章标签 所属分类 标签 栏目 专栏 字数 字体 字号 本文字数 字数统计 字数总计 阅读时长 "
    "预计阅读 预计阅读时间 收藏 点赞 原标题 收录于 收录于合集 当前位置 您的位置 你的位置 您现在的位置 文/图 文 图 "
    "文字 原创 微信号 公众号 posted author by date tags? categories"
)
_META = re.compile(
    rf"[【\[（(·•]?\s*(?:(?:{_SAYS})\s*(?:[:：丨|｜/／(（]|by\b)|(?:{_SAYS})$"
    rf"|(?:{_SAYS})\s+(?:{_DATE}[^，。]{{0,30}}|[\d,.]+\s?[万wk+]?\s?(?:次|字|分钟)?|\S{{1,10}}(?:\s+{_DATE}.{{0,20}})?)$"
    rf"|(?:阅读|浏览|点击|评论|收藏|点赞|访问|人气|字数)[量数]?\s*\d|{_DATE}\s*[日号]?(?:\s*\d\d?:\d\d(?::\d\d)?)?"
    r"(?:[\s·|]+\S{1,12}){0,3}$|\d+\s*(?:阅读|评论|浏览|views?)|分享(?:到|至)?\s*[:：]?$|打印(?:本页)?$"
    r"|关闭(?:窗口)?$"
    r"|关注$|转载$|首页\s*[>›»/|]|.{1,12}\s[>›»]\s)",
    re.IGNORECASE,
)
_PROMO = re.compile(
    r"(?:[↑▲△☝👆]\s*)?(?:点击|点上方|请点|戳)?.{0,6}(?:上方|蓝字|下方|关注我们|设为星标|置顶公众号|星标|免费订阅)"
)
# Lines after it.
_AFTER = re.compile(
    r"[\s【\[（(●■◆▼▽·*—–\-=~～↓©]*(?:"
    + _any(
        "责任编辑 責任編輯 责编 编辑\\s*[:：/丨|] 编辑于 校对\\s*[:：/丨|] 审核\\s*[:：/丨|] 监制\\s*[:：/丨|] "
        "排版\\s*[:：/丨|] 版权(?:所有|声明|归|说明|\\s*[:：©]) 著作权 "
        "本文(?:作者|链接|来自|来源|首发|转载|标题|地址|由.{0,20}(?:创作|原创|发布|授权)|"
        "采用|系作者|为.{0,8}原创|永久链接) "
        "转载(?:请|自|须|声明|授权) 原文(?:链接|地址|出处) 未经.{0,8}(?:许可|授权|允许) "
        "欢迎(?:关注|转载|扫码|加入|订阅|点赞|分享|留言) 关注(?:我|我们|公众号|微信|\\s*$) 长按 扫码 扫描 扫一扫 "
        "识别二维码 微信(?:号|公众号|扫) 公众号\\s*[:：] 点击(?:阅读|下方|关注|上方|这里) 点个赞 阅读原文 "
        "阅读\\s*[\\d(（] 分享(?:到|至) 喜欢此 上一篇\\s*[:：] 下一篇\\s*[:：] 精选留言 "
        "最后(?:编辑|更新|修改)(?:于|时间) 标签\\s*[:：] 分类\\s*[:：] tags?\\s*[:：] categor(?:y|ies)\\s*[:：] "
        "返回(?:顶部|搜狐|首页|列表) 作者声明 免责声明 特别声明 平台声明 声明[:：] copyright all\\s+rights "
        "posted\\s+(?:by|on|in) powered\\s+by 喜欢作者 觉得(?:不错|有用|有帮助) 该文观点 文章关键词 关键词[:：] "
        "如果(?:你|您|大家|这篇|本文).{0,10}(?:喜欢|有用|有帮助|不错)"
    )
    + r")",
    re.IGNORECASE,
)
# Of these only what is no sentence.
_BUTTON = re.compile(
    r"[\s【\[（(●■◆▼▽·*—–\-=~～↓«»<>←→]*(?:"
    + _any(
        "点赞 赞 在看 分享 收藏 喜欢 上一篇 下一篇 上一页 下一页 上一章 下一章 相关 推荐 延伸阅读 扩展阅读 往期 更多 "
        "猜你喜欢 热门 评论 发表 发布于 编辑于 打印 关闭 返回 举报 打赏 赞赏 赞助 同类推荐 "
        "\\d+\\s*(?:人点赞|人赞同|评论|赞) "
        "关注 转发 回复 登录 写留言"
    )
    + r")[^，。！？；]{0,34}$",
    re.IGNORECASE,
)
_END = re.compile(r"[\s\-—–=~*·•_—]*(?:the\s+end|end|完|全文完|本文完|结束|fin)[\s\-—–=~*·•_。]*$", re.IGNORECASE)
_ENDED = re.compile(r"[-—–=~*·•_]\s*(?:the\s+end|end|fin|完)\s*[-—–=~*·•_]", re.IGNORECASE)
_MORE = re.compile(
    r"[\s【\[（(●■◆▼▽·*—–\-#|]*(?:"
    + _any(
        "往期(?:推荐|回顾|精彩|文章|精选|热文)?.{0,4} 相关(?:阅读|文章|推荐|链接|新闻|内容|报道|稿件|资讯) "
        "(?:热门|精彩|更多|好文|猜你|为你|编辑)推荐.{0,3} 推荐阅读 延伸阅读 拓展阅读 猜你喜欢 "
        "你可能(?:还|也)?(?:喜欢|感兴趣).{0,6} 更多(?:精彩|文章|内容|阅读).{0,4} 热门(?:文章|评论|推荐) "
        "最新(?:文章|评论) 近期文章 (?:全部|精选|热门|最新|网友)?(?:评论|留言)(?:区|列表)? 发表(?:评论|回复) "
        "分享(?:到|至)? 喜欢此内容的人还喜欢 文章导航 同类文章 作者最新文章 上一篇 下一篇"
    )
    + r")[\s】\])）●■◆▼▽·*—–\-#|:：\d]*$"
)
_TALK = re.compile(
    r"(?:全部|精选|热门|最新|网友|文章|用户)?(?:评论|留言|回复)(?:区|列表)?[\s(（]*\d*[\s)）条]*|发表(?:评论|回复)|添加新评论|"
    r"\d+\s*(?:条|个)(?:评论|回复|想法|留言|回应)|(?:leave a )?(?:comments?|repl(?:y|ies))"
    r"|已有\s*\d+\s*条.{0,6}|.{0,40}有\s*\d+\s*(?:个|条)(?:想法|评论|回复)",
    re.IGNORECASE,
)
_CONTENTS = re.compile(r"(?:文章|本文|内容|本页)?(?:目录|导航)|(?:table of )?contents|toc|on this page", re.IGNORECASE)


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def _weight(text: str) -> float:
    wide = sum(c > "\u2e7f" for c in text[:400])
    return wide + (len(text) - wide) / 2.5


def tidy(blocks: list[Block], title: str | None) -> tuple[list[Block], list[str]]:
    """Return the article's own blocks, and the lines about it that stood before its text."""
    blocks = [b for b in blocks if b.kind in ("code", "row") or _LETTER.search(b.text)]
    blocks = _without_contents(blocks)
    blocks, said = _without_lead(blocks, title)
    blocks = _without_tail(blocks)
    blocks = _boxed(_promoted(_numbered(_captioned(_referred(blocks)))))
    return blocks, said


def _referred(blocks: list[Block]) -> list[Block]:
    """Join the number of a reference that stands alone with what it refers to."""
    out: list[Block] = []
    for b in blocks:
        if out and out[-1].kind == b.kind == "text" and re.fullmatch(r"\[\d{1,3}\]", out[-1].text.strip("\xa0 ")):
            out[-1] = replace(b, text=f"{out[-1].text} {b.text}", bold=False)
        else:
            out.append(b)
    return out


def is_byline(b: Block) -> bool:
    """Tell whether a block only says who wrote an article, when, or where it appeared."""
    return b.kind == "text" and _weight(b.text) <= 80 and "。" not in b.text and bool(_META.match(b.text))


def is_dated(b: Block) -> bool:
    """Tell whether a block next to an article is little more than a date."""
    return b.kind == "text" and _weight(b.text) <= 36 and "。" not in b.text and re.search(_DATE, b.text) is not None


# What a sentence around an article speaks of: rights, the reader, the article itself.
_ADDRESSED = re.compile(
    r"[您你©]|敬?请|谢|本[文站号刊]|该文|原文|全文|转[载載发]|版[权權]|著作[权權]|授[权權]|许可|协议|声明|聲明|责任|观点|侵"
    r"|https?:|www\.|@|二维码|加群|回复|后台|领取|欢迎.{0,8}(?:转|关注|点赞|加入|留言|订阅|分享)(?!的|功能|按钮)",
    re.IGNORECASE,
)


def _tells(text: str) -> bool:
    """Tell whether a line that opens as a notice or a byline does is a sentence of the article all the same."""
    return (text[-1:] in ("。", "！", "？") or "，" in text) and not _ADDRESSED.search(text)


def _is_prose(b: Block) -> bool:
    return b.kind == "text" and len(b.text) >= 25 and bool(_SENTENCE.search(b.text)) and b.linked < 0.5


def _without_contents(blocks: list[Block]) -> list[Block]:
    """Leave out tables of contents: runs of links to places in the page, with the heading above."""
    out: list[Block] = []
    k = 0
    while k < len(blocks):
        end = k
        while end < len(blocks) and blocks[end].inner > 0.9 and blocks[end].kind in ("item", "text"):
            end += 1
        headed = (
            bool(out) and out[-1].kind in ("text", "head") and bool(_CONTENTS.fullmatch(out[-1].text.strip(" :：")))
        )
        if end - k >= 3 or (end > k and (headed or (end - k == 2 and blocks[k].kind == "item"))):
            if headed:
                out.pop()
            k = end
        else:
            if headed and blocks[k].kind == "head":
                out.pop()  # its list was made by a script
            out.append(blocks[k])
            k += 1
    return out


def _without_lead(blocks: list[Block], title: str | None) -> tuple[list[Block], list[str]]:
    """Leave out the title and the lines that name author, date and the like before the text."""
    name = _plain(title or "")
    out: list[Block] = []
    said: list[str] = []
    looked = 0
    for k, b in enumerate(blocks):
        if b.kind in ("code", "row") or looked >= 15 or (b.kind == "item" and not b.lead and not _META.match(b.text)):
            return out + blocks[k:], said
        looked += 1
        here = _plain(b.text)
        like = b.kind == "head" and (b.level == 1 or b.lead) and looked <= 4 and 2 * len(here) > len(name)
        if name and here and (here == name or (like and (here in name or name in here))):
            continue
        if _is_prose(b) or (b.kind == "head" and not b.lead):
            if b.kind == "text" and (_PROMO.match(b.text) and len(b.text) < 40):
                continue
            if not (
                b.kind == "text" and not b.bold and _META.match(b.text) and _weight(b.text) <= 60 and not _tells(b.text)
            ):
                return out + blocks[k:], said
        short = _weight(b.text) <= 60 and not b.text.endswith(("。", "！", "？"))
        if (
            short
            and not _tells(b.text)
            and (_META.match(b.text) or (b.lead and b.kind != "head") or re.search(_DATE + r"\s*\d\d?:\d\d", b.text))
        ):
            said.append(b.text)
        elif len(b.text) < 40 and _PROMO.match(b.text):
            pass
        else:
            out.append(b)
    return out, said


def _without_tail(blocks: list[Block]) -> list[Block]:
    """Leave out what follows the text: notices, links to other articles, calls to follow or share."""
    size = sum(len(b.text) for b in blocks)
    # How many of the blocks from each on are links, or no prose
    loose = [*accumulate((b.linked > 0.5 or not _is_prose(b) for b in reversed(blocks)), initial=0)][::-1]
    # The highest rank of the headings from each block on: a chapter on comments has others of its rank below it
    levels = (b.level if b.kind == "head" and not _MORE.match(b.text) else 9 for b in reversed(blocks))
    ranks = [*accumulate(levels, min, initial=9)][::-1]
    seen = 0
    for k, b in enumerate(blocks):
        late = seen >= 0.4 * size
        after = len(blocks) - k - 1
        ended = after > 0 and (_ENDED.search(b.text) or _END.match(b.text)) and size - seen <= 0.25 * size
        talk = late and (b.kind == "head" or b.bold or len(b.text) <= 12) and _TALK.fullmatch(b.text)
        if talk and not (b.kind == "head" and ranks[k + 1] <= b.level):
            blocks = blocks[:k]
            break
        alone = ended or (_MORE.match(b.text) and loose[k + 1] >= 0.8 * after)
        if late and len(b.text) <= 24 and alone:
            blocks = blocks[:k]
            break
        seen += len(b.text)
    end = len(blocks)
    while end > 1:
        b = blocks[end - 1]
        if b.kind == "head":  # nothing follows it
            end -= 1
            continue
        notice = len(b.text) <= 160 and bool(_AFTER.match(b.text) or _END.match(b.text) or _META.match(b.text))
        notice = bool(notice or _BUTTON.match(b.text)) and not _tells(b.text)
        if b.kind in ("code", "row") or not (notice or (b.linked > 0.9 and len(b.text) <= 40 and b.kind == "text")):
            break
        if not b.linked and _SENTENCE.search(b.text[:-1]) and not _AFTER.match(b.text):
            break
        end -= 1
    return blocks[:end]


# ---------------------------------------------------------------------------------------------------------------------
# headings that no tag marks

_ORNAMENT = re.compile(
    r"(?:0?\d|1\d|[一二三四五六七八九十]{1,2}|[①-⑩]|[Ⅰ-Ⅻ]"
    r"|(?:part|no|chapter|vol|step|section)[.·\s_-]*(?:\d{1,2}|one|two|three|four|five|six|seven|eight|[ivx]{1,4}))"
    r"[.、/|｜：:]?",
    re.IGNORECASE,
)


def _usual_size(blocks: list[Block]) -> float:
    sizes: Counter[float] = Counter()
    for b in blocks:
        if b.kind == "text":
            sizes[b.size] += len(b.text)
    return max(sizes, key=lambda s: (sizes[s], -s), default=0.0) or 16.0


def _captioned(blocks: list[Block]) -> list[Block]:
    """Mark the lines below pictures that are in small letters, or are but a few plain words, as their captions."""
    usual = _usual_size(blocks)
    out: list[Block] = []
    for b in blocks:
        small = 0 < b.size <= usual - 1 and _weight(b.text) <= 60
        plain = b.size <= usual and _could_head(b) and not _COUNTED.match(b.text)
        below = b.kind == "text" and b.pictured and not b.bold and b.look == ""
        out.append(replace(b, caption=True) if below and (small or plain) else b)
    return out


_COUNTED = re.compile(r"[\d一二三四五六七八九十第（(①-⑳Ⅰ-Ⅻ]")
_NO_HEAD = re.compile(r"[。，,；;、：:]$|[。；]")


def _could_head(b: Block) -> bool:
    if b.kind != "text" or b.quoted or b.caption or b.linked >= 0.5:
        return False
    return 2 <= _weight(b.text) <= 30 and not _NO_HEAD.search(b.text)


def _numbered(blocks: list[Block]) -> list[Block]:
    """Join a number that stands alone, as an ornament, with the heading's words below."""
    at = [k for k, b in enumerate(blocks[:-1]) if b.kind in ("text", "head") and _ORNAMENT.fullmatch(b.text.strip())]
    at = [k for k in at if blocks[k + 1].kind == "head" or _could_head(blocks[k + 1])]
    at = [k for k in at if not _ORNAMENT.fullmatch(blocks[k + 1].text)]
    if len(at) < 2:
        return blocks
    taken = set(at)
    out: list[Block] = []
    for k, b in enumerate(blocks):
        if k - 1 in taken:
            number = out.pop()
            text = f"{number.text.strip()} {b.text}"
            kind: Literal["head", "text"] = "head" if "head" in (b.kind, number.kind) else "text"
            level = b.level or number.level
            out.append(replace(b, kind=kind, level=level, text=text, bold=True, size=max(b.size, number.size)))
        else:
            out.append(b)
    return out


def _promoted(blocks: list[Block]) -> list[Block]:
    """Make headings of the short lines in larger letters, where no tags mark any."""
    if sum(b.kind == "head" for b in blocks) >= 2:
        return blocks
    body = _usual_size(blocks)
    large = [k for k, b in enumerate(blocks) if _could_head(b) and b.size >= max(1.1 * body, body + 1.5)]
    large = _apart(large)
    if not _divide(blocks, large):
        return blocks
    ranks = sorted({round(blocks[k].size) for k in large}, reverse=True)
    chosen = set(large)
    return [
        replace(b, kind="head", level=2 + min(2, ranks.index(round(b.size)))) if k in chosen else b
        for k, b in enumerate(blocks)
    ]


def _boxed(blocks: list[Block]) -> list[Block]:
    """Call the short lines bold that stand in a box or on a ground of their own, where nothing else divides a "
    "page."""
    if sum(b.kind == "head" or (b.bold and _could_head(b)) for b in blocks) >= 2:
        return blocks
    looks: Counter[str] = Counter()
    for b in blocks:
        looks[b.look] += len(b.text)
    usual = max(looks, key=lambda s: (looks[s], s), default="")
    boxed = [k for k, b in enumerate(blocks) if _could_head(b) and b.look and b.look != usual]
    boxed = _apart(boxed)
    if not _divide(blocks, boxed):
        return blocks
    chosen = set(boxed)
    return [replace(b, bold=True) if k in chosen else b for k, b in enumerate(blocks)]


def _divide(blocks: list[Block], lines: Sequence[int]) -> bool:
    """Tell whether lines divide a page as headings do: at least two, with text after them, and not too many."""
    chosen = set(lines)
    below = [(k + 1 in chosen, blocks[k + 1]) for k in lines if k + 1 < len(blocks)]
    followed = sum(too or len(b.text) >= 10 for too, b in below)
    texts = sum(b.kind == "text" for b in blocks)
    return len(lines) >= 2 and followed >= 0.7 * len(lines) and 2 * len(lines) <= texts


def _apart(lines: list[int]) -> list[int]:
    """Return lines without those that stand in rows of three or more, as the lines of a poem or a quotation "
    "do."""
    near = set(lines)
    return [k for k in lines if not any({j, j + 1, j + 2} <= near for j in (k - 2, k - 1, k))]
