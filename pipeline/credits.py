"""What credits are made of, in a file's properties, on a page or in an article: names, days and addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HAN = "\u3400-\u4dbf\u4e00-\u9fff"


def _words(text: str) -> str:
    return "|".join(text.split())


# ---------------------------------------------------------------------------------------------------------------------
# days

_CHINESE = "一二三四五六七八九"
_DIGITS = {c: str(n) for n, c in enumerate("〇" + _CHINESE)} | {"零": "0", "○": "0"}
_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?:\s{0,9}[-/.年]\s{0,9}(?P<month>\d{1,2})(?!\d)"
    r"(?:\s{0,9}[-/.月]\s{0,9}(?P<day>\d{1,2})(?!\d))?|年|(?=[\s|，。]|$))(?:\s{0,9}[日号月])?"
    r"(?:[T\s]{0,9}(?P<time>\d{1,2}[:：]\d\d)(?:[:：]\d\d)?(?:\.\d{1,9})?(?:\s?(?:Z|[+-]\d\d:?\d\d)(?!\d))?)?"
    rf"|(?P<han>[一二][〇零○{_CHINESE}]{{3}})年"
    rf"(?:(?P<han_month>[{_CHINESE}十]{{1,2}})月(?:(?P<han_day>[{_CHINESE}十]{{1,3}})日)?)?"
)


class Dated(NamedTuple):
    """A date in a text, at ``text[start:end]``: ``iso`` as ``2021-01-07``, ``2021-01`` or ``2021``; ``timed`` where a
    time of day stands behind it."""

    start: int
    end: int
    iso: str
    timed: bool


def dates(text: str) -> Iterator[Dated]:
    """Yield the days, months and years in a text; a number alone is a year only where nothing else stands there."""
    alone = text.strip()
    for m in _DATE.finditer(text):
        if m["han"]:
            year = "".join(_DIGITS[c] for c in m["han"])
            month, date = _counted(m["han_month"]), _counted(m["han_day"])
        else:
            year, month, date = m["year"], int(m["month"] or 0), int(m["day"] or 0)
            if not m["month"] and "年" not in m[0] and alone != year:
                continue
        if month <= 12:
            yield Dated(m.start(), m.end(), _iso(year, month, date), bool(m["time"]))


def day(text: str | None) -> str | None:
    """Return the date that ``text`` begins with as ``2021-01-07``, ``2021-01`` or ``2021``; None for what is none.

    Years before 1900 are what programs write for a date they do not know.
    """
    m = re.match(
        r"\s*((?:19|20)\d\d)(?:(?:\s*[-/.年]\s*|(?=(?:\d\d){1,2}(?!\d)))(\d{1,2})"
        r"(?:(?:\s*[-/.月]\s*|(?=\d\d(?!\d)))(\d{1,2})(?!\d))?)?",
        (text or "")[:60],
    )
    return _iso(m[1], int(m[2] or 0), int(m[3] or 0)) if m else None


def _iso(year: str, month: int, date: int) -> str:
    if not 1 <= month <= 12:
        return year
    return f"{year}-{month:02}-{date:02}" if 1 <= date <= 31 else f"{year}-{month:02}"


def _counted(text: str | None) -> int:
    """Return a Chinese number below 100; 0 for none."""
    tens, ten, ones = (text or "").rpartition("十")
    high = int(_DIGITS.get(tens, "1")) if ten else 0
    return 10 * high + int(_DIGITS.get(ones, "0"))


# ---------------------------------------------------------------------------------------------------------------------
# names

# What programs put where an author belongs, and what stands there for want of a name.
_NOBODY = re.compile(
    r"(?:administrators?|admin|root|guest|users?|owner|author|unknown|un-?named|anonymous|default|test|none|null|n/?a"
    r"|microsoft(?:\s+(?:office|corporation|windows))?(?:\s+user)?|(?:ms\s+)?office(?:\s+user)?"
    r"|windows(?:\s*(?:user|用户))?|wps(?:\s*office)?(?:[\s_]*\d*)"
    r"|kso\w*|kingsoft|python-docx|openpyxl|apache\s+poi|docx4j|aspose.*|calibre.*|pandoc|libreoffice.*|openoffice.*"
    r"|google(?:\s+docs)?|sigil|lenovo|thinkpad|dell|hp|asus|acer|huawei|xiaomi|apple"
    r"|mac(?:book)?|pc|computer|(?:desktop|laptop|win|pc)-[\w-]+|\d+|[a-z]|-+"
    r"|微软(?:用户|中国)?|(?:系统)?管理员|用户|作者|佚名|匿名(?:用户)?|未知(?:作者)?|无名氏?|不详|网络|互联网|网友|本站|转载|原创"
    r"|番茄花园|雨林木风|深度技术|系统之家|电脑公司)$",
    re.IGNORECASE,
)
_NOWHERE = re.compile(
    r"(?:佚名|匿名|未知|无名|不详|网络|互联网|网上|网友|综合(?:网络)?|转载|原创|投稿|本站(?:原创|整理)?|本[网报刊]"
    r"|(?:微信)?公众号|微信公众平台|unknown|anonymous|null|none|n/a|-+|\d+)$",
    re.IGNORECASE,
)
# Where one address of the network is said to be: provinces, and countries that many write from.
_PLACE = re.compile(
    r"(?:中国)?(?:"
    + _words(
        "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 "
        "贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门 中国 美国 英国 法国 德国 日本 韩国 加拿大 "
        "澳大利亚 新西兰 新加坡 马来西亚 泰国 越南 意大利 西班牙 荷兰 瑞士 瑞典 俄罗斯 海外 "
        "杭州 广州 深圳 成都 武汉 南京 苏州 西安 长沙 青岛 厦门 大连 宁波 郑州 沈阳 济南 合肥 福州 昆明 哈尔滨"
    )
    + r")[省市]?$"
)
_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严金魏陶姜戚谢邹喻柏窦章苏潘葛奚范彭郎鲁韦昌苗俞任袁柳鲍史唐费"
    "廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐傅卞齐康伍余元卜顾孟黄穆萧尹姚邵汪祁毛狄戴谈宋庞熊纪舒屈项祝董梁杜阮蓝闵席季贾路"
    "娄江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万柯管卢莫房裘缪解应丁宣邓郁单杭洪包诸左石崔吉龚程嵇邢裴陆荣翁荀甄曲封"
    "储靳段焦巴谷车侯全班仰秋仲伊宫宁仇栾甘厉武符刘景詹束龙叶幸司黎蒲卓蔺屠蒙池乔闻党翟谭劳申冉桑桂牛边燕冀尚温庄晏柴瞿阎"
    "慕连习艾鱼向古易廖耿匡文寇广欧沃蔚越师巩聂晁敖冷辛阚那简饶曾沙丰关查荆游权司竺盖益桓肖佟涂代付闫邸苑车迟楚白岳"
)
_DOUBLE = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "司徒",
        "夏侯",
        "端木",
        "长孙",
        "宇文",
        "轩辕",
    ]
)
# Surnames that also begin many words: 高考, 金融, 方案
_WORDY = frozenset("全车常安高方金白文房项关易简向古权代包应路乐元解单连祝查党马石万雷龙季计支")
_NOT_GIVEN = re.compile(
    r"[的了们我你他她它这那是在于很都就被把吗呢吧啊什么谁哪怎网报社刊站讯闻部处科局厂司区县评话说谈型码类]"
)
_BODY = re.compile(
    r"(?:网|报|社|刊|台|号|周刊|日报|杂志|公司|集团|学院|大学|研究院|研究所|实验室|科技|财经|评论|资讯|新闻|观察|传媒|编辑部"
    r"|博客|专栏|论坛|社区|[^负]部|部门|处|科|[^一-十几]室|组|中心|小组|团队|[厅局]|委|委员会|院|办公室|事业部)$"
)


def is_person(name: str) -> bool:
    """Tell whether a name looks like a Chinese person's: surname first, of two to four characters."""
    if (
        not re.fullmatch(rf"(?!周[一二三四五六日末]$|雷阵雨)[{_HAN}]{{2,4}}", name)
        or _PLACE.match(name)
        or _NOBODY.match(name)
    ):
        return False
    if name[:2] in _DOUBLE and len(name) > 2:
        return not _NOT_GIVEN.search(name[2:])
    known = name[0] in _SURNAMES and not (len(name) == 2 and name[0] in _WORDY)
    return known and len(name) <= 3 and not _NOT_GIVEN.search(name[1:])


def is_body(name: str) -> bool:
    """Tell whether a name is one of a paper, site, firm or department: of no person."""
    return len(name) > 2 and bool(_BODY.search(name))


def is_place(name: str) -> bool:
    """Tell whether a name is a province's, a large city's or a country's, and nothing more."""
    return bool(_PLACE.match(name))


def is_source(name: str) -> bool:
    """Tell whether a name says where something appeared: 网络, 转载 or a place does not."""
    return bool(name) and not _NOWHERE.match(name) and not is_place(name)


def people(names: Iterable[str | None], *, longest: int = 60) -> list[str]:
    """Return the people among names, each once; a string may hold several.

    A file's properties often hold the name of a program, a computer or an account instead of a person's. An address
    behind a name (``罗敏 <luomin@example.com>``) is left out.

    Args:
        names: as they are given.
        longest: characters that a name has at most.
    """
    found: dict[str, None] = {}
    for name in names:
        for part in _parts(re.sub(r"<[^<>]{0,100}>", "", (name or "")[:500])):
            part = " ".join(part.split()).strip("*_“”\"'").removeprefix("@").strip()
            if 0 < len(part) <= longest and part.isprintable() and not _NOBODY.match(part) and "@" not in part:
                found.setdefault(part)
    return list(found)


def _parts(text: str) -> Iterator[str]:
    """Yield the single names in a text: 王五 赵六 are two, Ada Lovelace is one, as is Jane Doe, PhD."""
    if not re.search(rf"[{_HAN}]", text):
        for part in re.split(r"[;；、]|\s(?:[&＆/／]|and)\s", text):
            names = re.split(r"[,，]", part)
            yield from names if all(len(name.split()) > 1 for name in names) else [part]
        return
    for part in re.split(r"[;；、,，/／&＆]|\s(?:and|和|与)\s", text):
        single = part.split()
        alone = len(single) > 1 and all(re.fullmatch(rf"[{_HAN}]{{2,4}}", name) for name in single)
        yield from single if alone else [part]


def authors(names: Iterable[str | None]) -> str | None:
    """Return the people among names that a file gives as its authors, joined by ``、``; None where there are none."""
    return "、".join(people(names)) or None


def host(address: str) -> str:
    """Return the host of an address without ``www.``; an empty string where there is none."""
    try:
        named = urlsplit(address if "://" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""
    return named.removeprefix("www.")
