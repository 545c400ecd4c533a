"""The people, products and organisations that an article names.

A list knows what most readers know (``resources/names.tsv``). For all other names there are rules, each of which reads a
shape together with what stands beside it: a surname before 说 or after 总经理, a string before 有限公司, a title in 《》,
a Latin word with a capital inside. A rule gives a weight, and a string is a name from ``_ENOUGH`` on, all its places
taken together; then it is one wherever it stands in the article as a word. What a typed node says falsely is worse than
what it leaves out, so rules are narrow.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from pipeline.model import Name, NameKind, Sentence, Token

NAMES_PATH = Path(__file__).parent.parent / "resources" / "names.tsv"

_ENOUGH = 2.0
"""The weight from which on a string is a name."""
_RARE = 17.0
"""Cost of a word that only the dictionary knows (``spam.article.RARE``): what costs more is no word."""
_FAMILIAR_WORD = 11.5
"""Cost below which a word that the dictionary has as a name is a common word too."""
_REACH = 20
"""Characters of the longest name of an organisation, and of what is looked at beside a name."""

_MOST = 500
"""Names that are looked for at other places than those that speak for them; hostile text may have any number."""

_H = "\u3400-\u9fff"
_MARKS = ("common", "number", "case", "brand")
_Kind = NameKind | Literal["none"]


def _any(words: str) -> str:
    """Return an alternation of words, the longest first."""
    return "|".join(map(re.escape, sorted(words.split(), key=len, reverse=True)))


class Entry(NamedTuple):
    """What the list knows of a name; the marks are explained at its top."""

    kind: _Kind
    common: bool
    number: bool
    case: bool
    brand: bool


@dataclass(frozen=True, slots=True)
class KnownNames:
    """The names that most readers know.

    Attributes:
        entries: by name, as listed.
        folded: names in Latin letters by their lower case, but for those that count in their own case alone.
        openings: names that hold Chinese characters by their first two characters, the longest first.
        places: finds where one may begin.
    """

    entries: Mapping[str, Entry] = field(repr=False)
    folded: Mapping[str, str] = field(repr=False)
    openings: Mapping[str, tuple[str, ...]] = field(repr=False)
    places: re.Pattern[str] = field(repr=False)

    def latin(self, text: str) -> str | None:
        """Return a name in Latin letters as it is listed; None for what is not listed."""
        return text if text in self.entries else self.folded.get(text.lower())


def load_known_names(path: Path | None = None) -> KnownNames:
    """Read a list of names, ``name<TAB>kind[<TAB>marks]`` a line; None is the one that comes with the program.

    Raises:
        ValueError: a line is not of that form; the message names it.
    """
    source = path or NAMES_PATH
    entries: dict[str, Entry] = {}
    for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        name, kind, *rest = line.split("\t")
        marks = " ".join(rest).split()
        if not name.strip() or kind not in (*get_args(NameKind), "none") or set(marks) - set(_MARKS):
            raise ValueError(f"{source}, line {number}: expected 'name<TAB>kind[<TAB>marks]', found {line[:60]!r}")
        entries[name] = Entry(kind, *[mark in marks for mark in _MARKS])  # type: ignore[arg-type]
    folded: dict[str, str] = {}
    openings: defaultdict[str, list[str]] = defaultdict(list)
    for name, entry in entries.items():
        if _HAN.search(name):
            openings[name[:2]].append(name)
        elif not entry.common and not entry.case:
            folded.setdefault(name.lower(), name)
    first, second = ["".join(sorted({pair[k] for pair in openings})) for k in (0, 1)]
    return KnownNames(
        entries,
        folded,
        {pair: tuple(sorted(found, key=len, reverse=True)) for pair, found in openings.items()},
        re.compile(f"[{re.escape(first)}](?=[{re.escape(second)}])"),
    )


class _Find(NamedTuple):
    """A place where something speaks for a name, and how much."""

    start: int
    end: int
    kind: NameKind
    weight: float
    cue: str


@dataclass(frozen=True, slots=True)
class _Text:
    """What is read: the sentences but for code, a line each.

    Attributes:
        text: as read.
        first: where each sentence begins in it.
        sentences: themselves.
        words, tags, starts: of the tokens, line ends among them; ``starts`` has the end of the text as its last.
        edges: where tokens begin or end.
        costs: of words, see ``spam.article``.
        known: the list.
        alone: what ``stands_alone`` has found.
    """

    text: str
    first: Sequence[int]
    sentences: Sequence[Sentence]
    words: Sequence[str]
    tags: Sequence[str]
    starts: Sequence[int]
    edges: frozenset[int]
    costs: Mapping[str, float]
    known: KnownNames
    alone: dict[str, bool] = field(default_factory=dict)

    def stands_alone(self, stem: str) -> bool:
        """Whether the name of a firm also stands without 公司; looked up once for each."""
        if stem not in self.alone:
            self.alone[stem] = self.text.count(stem) > self.text.count(f"{stem}公司")
        return self.alone[stem]

    def token(self, at: int) -> int:
        """Return the number of the token that holds the character ``at``."""
        return bisect_right(self.starts, at) - 1

    def inside(self, start: int, end: int) -> range:
        """Return the numbers of the tokens that ``start:end`` touches."""
        return range(self.token(start), bisect_left(self.starts, end))

    def strange(self, number: int) -> bool:
        """Whether a token is no word of the dictionary, or one that it has as a name alone."""
        word, tag = self.words[number], self.tags[number]
        if not _HAN.match(word) or len(word) < 2:
            return False
        cost = self.costs[word]
        return cost > _RARE or (tag in _NAME_TAGS and cost > _FAMILIAR_WORD)


# ---------------------------------------------------------------------------------------------------------------------
# words that speak for names

_HAN = re.compile(f"[{_H}]")
_NAME_TAGS = frozenset(("nr", "nrt", "nrfg", "nz", "nt"))
_PERSON_TAGS = frozenset(("nr", "nrt", "nrfg"))

_SURNAME = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严金魏陶姜戚谢邹喻柏窦章苏潘葛奚范彭郎鲁韦昌苗俞任袁柳鲍史唐费"
    "廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐傅卞齐康伍余元卜顾孟黄穆萧尹姚邵汪祁毛狄戴谈宋庞熊纪舒屈项祝董梁杜阮蓝闵席季贾路"
    "娄江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万柯管卢莫房裘缪解应丁宣邓郁单杭洪包诸左石崔吉龚程嵇邢裴陆荣翁荀甄曲封"
    "储靳段焦巴谷车侯全班仰秋仲伊宫宁仇栾甘厉武符刘景詹束龙叶幸司黎蒲卓蔺屠蒙池乔闻党翟谭劳申冉桑桂牛边燕冀尚温庄晏柴瞿阎"
    "慕连习艾鱼向古易廖耿匡文寇广欧沃蔚越师巩聂晁敖冷辛阚那简饶曾沙丰关查荆游权司竺盖益桓肖佟涂代付闫邸苑车迟楚白岳方马于叶巫"
)
_DOUBLE_SURNAME = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|端木|长孙|宇文"
_SURNAMES = frozenset(_SURNAME)
_FAMILY = f"(?:{_DOUBLE_SURNAME}|[{_SURNAME}])"
# Surnames that also begin many words: 高考, 金融, 方案
_WORDY = frozenset(
    "全车常安高方金白文房项关易简向古权代包应路乐元解单连祝查党马石万雷龙季计支曾那于何益广丰师班边越解付宁游温封盖"
)
_NOT_GIVEN = (
    "的了们我你他她它这那是在于很都就被把吗呢吧啊什么谁哪怎网报社刊站讯闻部处科局厂司区县评话说谈型码类也还又则称曾对向并等及与或从为给让"
    "跟由以即却才会能可要想去来到着过不没有后前里上下中个时候次年月日先总"
)
_GIVEN = f"[^\\W\\d_a-zA-Z{_NOT_GIVEN}]"
_SAYS = _any(
    "说 说道 说过 表示 认为 指出 称 透露 告诉 介绍 坦言 回忆 解释 强调 觉得 问 问道 回答 答道 补充 提出 建议 笑道 笑着 写道 分析 判断 预计 "
    "预测 直言 感叹 提醒 承认 回应 评价 反问 总结 吐槽 抱怨 主动 负责 提到 谈到 提议 拍板 补了 接着 反对 同意"
)
_BETWEEN = "(?:也|还|则|就|却|又|都|曾|曾经|随后|后来|当时|接着|对此|一直|总|常|最后|立刻|马上|在[^，。\\s]{2,8}[上中里时]|[对跟向和][^，。\\s]{1,4})?"
_ROLES = (
    "董事长 总经理 副总经理 经理 总监 副总裁 总裁 CEO CTO COO CFO 首席执行官 首席技术官 创始人 联合创始人 合伙人 分析师 研究员 工程师 架构师 "
    "记者 编辑 教授 副教授 主任 副主任 院长 副院长 局长 副局长 处长 副处长 理事长 会长 副会长 秘书长 部长 主席 校长 导演 编剧 作家 歌手 演员 "
    "主持人 设计师 程序员 作者 译者 博主 主播 专家 学者 负责人 发言人 董事 厂长 店长 组长 队长 教练 同事 同学 好友 朋友 学长 学姐 师兄 师姐 "
    "老板 产品经理 项目经理 组员 队友 网友 读者 室友 主编 店主 律师 医生 经济学家 科学家 企业家 投资人 院士 博士"
)
_TITLES_BEFORE = _any(_ROLES)
_TITLES_AFTER = _any(
    "先生 女士 小姐 老师 教授 博士 总监 经理 主管 主任 院士 律师 医生 师傅 校长 院长 局长 处长 部长 书记 队长 厂长 店长 组长 班长 同学 同志 "
    "学长 学姐 学弟 学妹 师兄 师姐 师弟 师妹 大哥 姐姐 阿姨 叔叔 董事长"
)
_SHORT_TITLES = "总工董姐哥导"
_FULL_NAME = re.compile(f"{_FAMILY}{_GIVEN}{{1,2}}$")
_TAGGED_NAME = re.compile(f"{_FAMILY}[^的了们我你他她它这那是很都就被吗呢吧啊么]{{1,2}}$")
_AFTER_NAME = f"(?=[，。、；：:！？!?“”（()）)\\s《」』]|$|[的和与是在对向把被跟给让将]|以及|等|[也还则就曾都]|{_BETWEEN}(?:{_SAYS}))"
_NAME_ENDS = re.compile(_AFTER_NAME)
_KIN = re.compile("学长|学姐|学弟|学妹|姐姐|哥哥|师兄|师姐|老师|同学|阿姨|叔叔")
_NOT_FAMILIAR = frozenset(
    "小时 小于 小方 小白 小米 小麦 小康 小马 小毛 小金 小龙 小高 小程 小江 小石 小孔 小雷 小车 小班 小包 小文 小单 小边 小何 小解 小全 小安 小路 "
    "小项 小党 小温 小关 小荷 小季 小武 小宁 小游 小房 小鱼 小牛 小谷 小沙 小巴 小池 小贾 小封 小幸 老方 老石 老金 老庄 老车 老单 老房 老边 "
    "老何 老路 老鱼 老牛 老巴 老班 老全 老解 老关 老温 老应 小应 小曲 老曲 小花 小说 小段 小梅 小景 小宫 小荣 小乐 老幸 小司 老司 小管 老管 "
    "老师 小师 阿里 老广 小广 小厉 小申 小束 小丰 小益 小简 老简 小越 阿段 阿万 小权 小查 老查 小盖".split()
)
# Characters that foreign names are written with
_SOUND = (
    "阿埃艾爱安昂奥澳巴白班邦保鲍贝本比彼别宾波博伯勃布采查昌楚茨次达戴丹当道德登邓狄迪蒂丁杜顿多恩尔法凡范菲费芬丰冯弗夫福富盖冈高戈哥格葛根古瓜圭"
    "哈海汉豪赫黑亨洪胡华怀惠霍基吉加佳嘉贾简杰金津卡凯坎康考柯科可克肯库夸奎昆拉莱赖兰朗劳勒雷蕾里理利莉丽力立连廉列林琳龙卢鲁露伦罗洛马玛迈麦曼芒"
    "毛梅门蒙米密敏明缪莫默姆木穆纳娜南内尼妮涅宁牛纽农努诺欧帕潘庞培佩彭皮珀平蒲普奇契恰强乔切琴丘让热日荣茹瑞若萨塞赛桑瑟森莎沙尚舍申圣施什史舒斯"
    "司丝苏索所塔泰坦汤唐陶特藤提汀廷通图托瓦万旺威韦维魏温文翁沃乌伍武西希锡夏香肖谢欣辛兴休许逊雅亚延扬耶叶伊依易因英尤于约泽扎詹珍朱祖佐尊兹孜"
)
_DOTS = "·•・‧"
_FOREIGN = re.compile(f"[{_SOUND}]{{1,7}}(?:[·•・‧][{_SOUND}]{{1,7}}){{1,3}}")
_FOREIGN_SAYS = re.compile(f"(?<=[{_H}，。“「：\\n])[{_SOUND}]{{3,6}}(?={_BETWEEN}(?:{_SAYS}))")

_PEOPLE_AFTER_TITLE = re.compile(f"(?:{_TITLES_BEFORE})(?P<name>{_FAMILY}{_GIVEN}{{1,2}}?){_AFTER_NAME}")
_FOREIGN_AFTER_TITLE = re.compile(f"(?:{_TITLES_BEFORE})(?P<name>[{_SOUND}]{{3,6}}){_AFTER_NAME}")
_PEOPLE_WHO_SAY = re.compile(f"(?P<name>{_FAMILY}{_GIVEN}{{1,2}}?)(?={_BETWEEN}(?:{_SAYS}))")
_WITH_TITLE = re.compile(f"{_TITLES_AFTER}|[{_SHORT_TITLES}]")
_FAMILIAR = frozenset(
    "小时 小于 小方 小白 小米 小麦 小康 小马 小毛 小金 小龙 小高 小程 小江 小石 小孔 小雷 小车 小班 小包 小文 小单 小边 小何 小解 小全 小安 小路 "
    "小项 小党 小温 小关 小荷 小季 小武 小宁 小游 小房 小鱼 小牛 小谷 小沙 小巴 小池 小贾 小封 小幸 老方 老石 老金 老庄 老车 老单 老房 老边 "
    "老何 老路 老鱼 老牛 老巴 老班 老全 老解 老关 老温 老应 小应 小曲 老曲 小花 小说 小段 小梅 小景 小宫 小荣 小乐 老幸 小司 老司 小管 老管 "
    "老师 小师 阿里 老广 小广 小厉 小申 小束 小丰 小益 小简 老简 小越 阿段 阿万 小权 小查 老查 小盖".split()
)
# Characters that foreign names are written with
_SOUND = (
    "阿埃艾爱安昂奥澳巴白班邦保鲍贝本比彼别宾波博伯勃布采查昌楚茨次达戴丹当道德登邓狄迪蒂丁杜顿多恩尔法凡范菲费芬丰冯弗夫福富盖冈高戈哥格葛根古瓜圭"
    "哈海汉豪赫黑亨洪胡华怀惠霍基吉加佳嘉贾简杰金津卡凯坎康考柯科可克肯库夸奎昆拉莱赖兰朗劳勒雷蕾里理利莉丽力立连廉列林琳龙卢鲁露伦罗洛马玛迈麦曼芒"
    "毛梅门蒙米密敏明缪莫默姆木穆纳娜南内尼妮涅宁牛纽农努诺欧帕潘庞培佩彭皮珀平蒲普奇契恰强乔切琴丘让热日荣茹瑞若萨塞赛桑瑟森莎沙尚舍申圣施什史舒斯"
    "司丝苏索所塔泰坦汤唐陶特藤提汀廷通图托瓦万旺威韦维魏温文翁沃乌伍武西希锡夏香肖谢欣辛兴休许逊雅亚延扬耶叶伊依易因英尤于约泽扎詹珍朱祖佐尊兹孜"
)
_FOREIGN = re.compile(f"[{_SOUND}]{{1,7}}(?:[·•・‧][{_SOUND}]{{1,7}}){{1,3}}")
_FOREIGN_SAYS = re.compile(f"(?<=[{_H}，。“「：\\n])[{_SOUND}]{{3,6}}(?={_BETWEEN}(?:{_SAYS}))")

_PEOPLE_AFTER_TITLE = re.compile(f"(?:{_TITLES_BEFORE})(?P<name>{_FAMILY}{_GIVEN}{{1,2}}?){_AFTER_NAME}")
_FOREIGN_AFTER_TITLE = re.compile(f"(?:{_TITLES_BEFORE})(?P<name>[{_SOUND}]{{3,6}}){_AFTER_NAME}")
_PEOPLE_WHO_SAY = re.compile(f"(?P<name>{_FAMILY}{_GIVEN}{{1,2}}?)(?={_BETWEEN}(?:{_SAYS}))")
_PEOPLE_WITH_TITLE = re.compile(
    f"(?P<name>{_FAMILY}{_GIVEN}{{1,2}})(?={_TITLES_AFTER})|(?P<short>{_FAMILY}(?:{_TITLES_AFTER}|[{_SHORT_TITLES}]))"
)
_FAMILIAR = re.compile(f"[老小阿][{_SURNAME}]")
_WORK_BY = re.compile(r"的?[《「]")
_HANDLE = re.compile(r"(?<![\w.@/])@(?P<name>[a-z][A-Za-z0-9_-]{2,20})(?![\w@]|\.[a-z])")

_WORK = re.compile(r"《(?P<name>[^《》\n]{1,40})》")
_LED_WORK = re.compile(
    r"(?:电影|小说|书|歌|歌曲|游戏|剧|电视剧|纪录片|动画|漫画|专辑|节目|综艺|播客)[「“](?P<name>[^「」“”\n]{2,20})[」”]"
    r"|的[「](?P<song>[^「」\n]{2,20})[」]"
)
_PAPER = re.compile(
    r"(?:通知|规定|办法|规则|细则|意见|条例|合同|协议|公告|函|法|法案|通报|批复|方案|决定|通知书|议案|预案|申请|申请书|计划书|说明书|章程|标准|"
    r"纲要|草案|声明|承诺书|清单|表)$|^(?:关于|致)|^\d{1,4}$"
)

# ---------------------------------------------------------------------------------------------------------------------
# organisations

_LEGAL = "有限责任公司 股份有限公司 有限公司 分公司 公司 集团"
_BODIES = (
    "大学 学院 医院 协会 学会 委员会 研究院 研究所 研究中心 交易所 法院 检察院 博物馆 图书馆 出版社 电视台 广播电台 日报 晚报 时报 周刊 银行 基金会 "
    "联合会 商会 中学 实验室 管理局 监管局 发展局 总局 教育局 公安局 工作室 事务所 通讯社 俱乐部 科技园 邮报"
)
_TRADES = (
    "科技 证券 投资 资本 基金 期货 保险 制药 药业 医药 生化 生物 能源 电子 股份 传媒 网络 地产 置业 物流 电商 咨询 资讯 卫浴 地板 空调 汽车 乳业 "
    "食品 服饰 家居 重工 化工 钢铁 石化 煤业 电气 电器 软件 通信 信息 数码 影业 娱乐 管理 半导体 教育 航空 光电 材料 陶瓷 酒业 控股 实业 快递 网"
)
_SUFFIX = re.compile(f"(?:{_any(_LEGAL)}|{_any(_BODIES)}|{_any(_TRADES)})")
_LEGAL_SET, _BODY_SET, _TRADE_SET = frozenset(_LEGAL.split()), frozenset(_BODIES.split()), frozenset(_TRADES.split())
_PART_TAGS = frozenset(("ns", "nr", "nrt", "nrfg", "nz", "nt", "j", "n", "vn", "ng", "eng", "b", "an", "s"))
_LEADS = frozenset(("ns", "nt", "j"))
_GENERIC = frozenset(
    "上市 互联网 创业 大型 小型 中小 国内 国外 外国 跨国 本地 当地 第三方 外包 母 子 总 分 老 新 大 小 原 前 该 本 我司 客户 同行 行业 知名 著名 "
    "外资 合资 民营 国有 国企 私营 控股 全资 软件 游戏 广告 咨询 投资 保险 证券 信托 物流 快递 基金 科技 技术 服务 供应商 合作 竞争 品牌 名牌 "
    "橱柜 地产 房地产 汽车 公关 运营 设计 电商 媒体 传统 初创 独角兽 头部 龙头 关联 目标 明星 重点 双一流 理工 综合 师范 独立 远程 开放 下属 "
    "旗下 所属 隶属 相关 其他 其它 部分 多数 大多数 许多 各大 两家 数家 主体 项目 母校 名校 高校 世界 全球 国际 亚洲 欧洲 西方 人工智能 数据 资产 "
    "管理 平台 开发 制造 生产 销售 贸易 代理 中介 经纪 租赁 建筑 装修 装饰 培训 教育 医疗 医药 能源 电力 通信 网络 企业 商业 股份 有限 责任 "
    "私募 公募 主权 对冲 指数 天使 创投 风险 政策性 商业性 地方 中央 村镇 城市 网上 手机 个人 学生 老师 员工 老板 领导 朋友 同学 部门 "
    "团队 子公司 分公司 总公司 母公司 上市公司 公司 集团 今年 去年 明年 早期 全部 一线 二线 三甲 社区 专科 私立 公立 附属 驻场 研究 国家 省级 市级 "
    "集装箱涂料 陶瓷卫浴 无线 移动 社交 虚拟 直播 短视频 计算机 系统 信息 安全 软硬件 软件开发 应用 智能 高新 高科技 低科技 黑科技 新科技 金融科技 "
    "生物科技 尖端 前沿 现代 信息技术 核心 中国 美国 我国 日本 德国 欧美 海外 英国 韩国 法国 全国 北京 上海 深圳 广州 硅谷".split()
)
_PLACES_ALONE = frozenset(
    "中国 国家 全国 国际 世界 美国 英国 日本 德国 法国 韩国 我国 亚洲 欧洲 全球 海外 国内".split()
)
_COUNTRIES = frozenset(
    "美国 英国 法国 德国 日本 韩国 瑞典 瑞士 荷兰 意大利 西班牙 加拿大 俄罗斯 印度 以色列 丹麦 芬兰 挪威 新加坡 澳大利亚".split()
)
_PARTS = frozenset("器机料件板品")
"""What a thing that a firm makes ends in, rather than its name."""
_ORG_AFTER = re.compile(
    r"(?:公司|集团|官方|官网|旗下|发布|宣布|推出|公告|回应|股价|股票|财报|总部|上市|董事|总裁|创始人|CEO|CTO|COO|CFO|总经理|首席|分析师|相关人士|有关负责人|"
    r"一负责人|负责人|发言人|的?(?:任何|所有|最新|新)?(?:软件|电脑|手机|员工|高管|股东|供应商|工程师|研究报告|产品|用户)|研究报告|报告指出|表示|指出|认为|预计|称|监测|持有|收购|研发|(?:\(|（)行情)"
)
_ORG_BEFORE = re.compile(
    r"(?:收购|并购|入股|投资了?|控股|加入|入职|离开|跳槽到|供应商|子公司|竞争对手|对手|合作伙伴|客户|甲方|乙方|公司|企业|如|像|包括|与|和|在)$"
)
_BOUGHT = re.compile(r"(?:收购|并购|入股|子公司)$")
_ABROAD = re.compile("(?:中国|大中华区|亚太)(?=有关|公司|总裁|董事|负责人|CEO|总经理|表示|宣布)")
_ORG_ROLE = re.compile("分析师|负责人|董事长|总经理|创始人|总裁|发言人|首席执行官|理事长|技术团队|相关人士|代理商")
_QUALIFIED = re.compile("(?:市场|首席|高级|资深|有关|相关|董事|副|一位|一名|一|技术|产品){1,4}$")
_THING_AFTER = re.compile(
    r"\s?(?:系统|框架|[Aa]pp|APP|平台|小程序|软件|工具|插件|服务器|客户端|浏览器|数据库|编程语言|语言|编辑器|网站|网|库|引擎|操作系统|模型|游戏|机器人|处理器|手机|"
    r"版本|项目|的?智能体|渲染器|主题|组件|集群|命令|编译器|虚拟机|芯片|相机|平板|耳机|输入法|公众号|专栏|官网|官方|文档|社区|团队|作者)"
)
_THING_BEFORE = re.compile(
    r"(?:使用|采用|安装|下载|叫|叫做|名为|称为|名叫|迁移到|迁到|换成|换到|借助|接入|引入|升级到|搭建|部署|打开|注册|玩|试用|学习|接触|卸载|集成|转向|替换|基于|用|"
    r"通过|运行|支持|推荐|出品的?|的)\s?[“「\"]?$"
)
_CODE_BESIDE = re.compile(
    r"\s?(?:方法|函数|类(?=[，。、的中里（]|$)|接口|参数|字段|变量|事件|对象|属性|指令|类型|关键字|选项|标签|语句|错误|异常|按钮|键(?!盘)|配置项|值(?!得)|节点|线程|协议|格式|标准|算法|模式|"
    r"策略|机制|规范|许可证|证书|签证|考试|分数|课程|请求|响应|状态|操作|接头|芯片组|冷媒|操作符|目录|文件|包(?=[，。、的中里（]|$)|逻辑|特性|性能|概念|团队|角色|权限|阶段)"
)
_GLOSS = re.compile(
    r"[（(]\s?(?:以下简称|下称|简称|以下称|又称|又名|英文名|英文)?[:：为]?[“「\"]?(?P<name>[A-Za-z][A-Za-z0-9 .&+-]{1,30}|[^（()），,。\s“”「」\"]{2,12})[”」\"]?\s?[)）]"
)
_SHORT_FOR = re.compile(r"简称|下称|以下称|又称|又名")
_CALLED = re.compile(
    r"(?:叫做?|名叫|名为|称作)\s?[“「《\"]?(?P<name>[A-Za-z][A-Za-z0-9.+_-]{1,20}(?: [A-Z][A-Za-z0-9.]{1,15}){0,2}|[^\W\d_a-zA-Z的了]{2,8})[”」》\"]?\s?的"
    r"(?:[^，。；！？\n的]{0,6})(?P<what>人|朋友|同事|同学|女孩|男孩|老师|网友|读者|女生|男生|小伙|工程师|游戏|软件|应用|App|APP|产品|工具|网站|平台|项目|系统|小程序|公众号|库|"
    r"框架|插件|组件|编辑器|浏览器|程序|服务|机器人|公司|团队|工作室|机构|组织|管理器)"
)
_PEOPLE_WORDS = frozenset("人 朋友 同事 同学 女孩 男孩 老师 网友 读者 女生 男生 小伙 工程师".split())
_ORG_WORDS = frozenset("公司 团队 工作室 机构 组织".split())

# ---------------------------------------------------------------------------------------------------------------------
# Latin

_ADDRESS = re.compile(
    r"(?:https?://|www\.)[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+|[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]{1,60}\.[A-Za-z0-9.-]{1,60}"
)
_ATOM = r"\.?[A-Za-z](?:[A-Za-z0-9]|['&_.·-](?=[A-Za-z0-9]))*(?:\+\+|#)?"
_RUN = re.compile(rf"(?<![A-Za-z0-9_\\$%@.<-]){_ATOM}(?: (?:{_ATOM}|\d[\d.]*[A-Za-z]*))*", re.ASCII)
_PIECE = re.compile(r"[^ ]+")
_FILE = re.compile(
    r"\.(?:asm|php|ini|json|ya?ml|xml|html?|css|jsx?|tsx?|py|rb|sh|md|txt|pdf|docx?|xlsx?|png|jpe?g|gif|svg|c|h|cpp|java|go|rs|lock|conf|cfg|log|exe|dll|zip|gz|jar|sql|csv)$"
)
_CAMEL = re.compile(r"[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*[A-Z]|[A-Z]{2,}[a-z]|i[A-Z][a-z]+$|[A-Z][a-z]+[-.]?[A-Z0-9]")
_ENGLISH = re.compile(
    r"(?:ing|tion|sion|ment|ness|ity|able|ible|ally|ive|ous|ed|ers?|ors?|ism|ists?|ful|less|ency|ance|ence|ture|ages?|ics?|als?|ates?|ies|ets?|ly|files?|logs?)$"
)
_PROGRAM = re.compile(
    r"(?:Set|Map|List|Error|Exception|Loaded|Type|Id|ID|Manager|Service|Client|Server|API|SDK|Name|Size|Node|Key|TSO|Factory|Handler|Listener|Config|Context|Builder|"
    r"Controller|Provider|Util|Utils|Helper|Info|Data|Value|View|Event|Token|Option|Options|Request|Response|Thread|Pool|Queue|Queues|Bean|Class|file|PC|GUI|UI|URL|Agent)$"
)
_BODY_END = re.compile(
    r"(?:Labs?|Soft|Tech|Corp|Inc\.?|Group|Bank|Capital|Ventures|Partners|Studios?|University|Foundation|Institute)$"
)
_NUMBER = re.compile(
    r"(?: ?-?[A-Za-z]{0,2}\d{1,5}[A-Za-z]{0,2}| [A-Z]\d{2,4}[A-Za-z]{0,2})(?![\dA-Za-z%％]|[.．]\d)"
    r"(?: ?(?:Pro|Max|Plus|Ultra|Lite|Mini|mini|Air|SE)(?![A-Za-z])| \d{4}[A-Z]{1,2}(?![A-Za-z]))*"
)
_UNITS = re.compile(
    r"\s?[年月日号时点分秒周天个人名位家台部款件只条次起项套岁度倍元块万亿千百米吨克升斤层楼章节期届代种批轮组例折成多余后前以至到比版股]"
)
_ENGLISH_TEXT = 7
"""Words of a run of Latin from which on it is a sentence, not names."""
_FIRST_NAMES = frozenset(
    "Aaron Adam Alan Albert Alex Alexander Alice Amy Andrew Andy Angela Anna Anne Anthony Ben Benjamin Bill Bob Brian Bruce Carl Caroline Catherine Charlie Chris "
    "Christina Christopher Cindy Claire Clara Coco Dan Daniel Dave David Dennis Diana Donald Doug Dustin Ed Eddie Edward Elena Elizabeth Ellen Emily Emma Eric "
    "Erik Eugene Eva Evan Fiona Francis Frank Fred Gary George Grace Greg Guido Hank Harry Helen Henry Howard Ian Ivan Ivy Jack Jacob James Jane Jason Jay Jeff "
    "Jeffrey Jennifer Jenny Jeremy Jerry Jessica Jim Jimmy Joan Joe Joel John Johnny Jonathan Jordan Joseph Josh Joshua Joyce Judy Julia Julian Karen Karl Kate "
    "Katherine Keith Kelly Ken Kenneth Kevin Kim Kyle Larry Laura Lauren Leo Leon Leslie Lily Linda Lisa Louis Lucas Lucy Luke Maggie Marc Marcus Margaret Maria "
    "Marie Mark Martin Mary Matt Matthew Max Megan Melissa Michael Michelle Mike Mona Nancy Nathan Neil Nicholas Nick Nicole Nina Nora Oliver Oscar Pamela Patrick "
    "Paul Peter Phil Philip Rachel Ralph Ray Rebecca Richard Rick Rob Robert Robin Roger Ron Rose Roy Russell Ryan Sally Sam Samuel Sandra Sandy Sarah Scott Sean "
    "Sharon Simon Sophia Sophie Stanley Stella Stephen Steve Steven Sue Susan Taylor Ted Teresa Terry Theo Thomas Tiffany Tim Timothy Tina Toby Todd Tom Tommy Tony "
    "Tracy Vera Victor Victoria Vincent Vivian Walter Wendy William Winnie Zach Zoe".split()
)
_PERSON_SAYS = re.compile(
    rf"\s?{_BETWEEN}(?:说|问|笑|告诉|回复|回答|觉得|收到|提醒|建议|跟我|对我|表示|认为|指出|不得不)"
)
_PERSON_AFTER = re.compile(rf"\s?(?:{_TITLES_AFTER})")
_PERSON_BEFORE = re.compile(rf"(?:{_TITLES_BEFORE}|我和|我跟|我问|问了|找到?|请|让|由|感谢)\s?$")
_BODY_AFTER = re.compile(
    r"\s?(?:公司|集团|分析师|指出|宣布|旗下|创始人|CEO|基金会|银行|大学|总部|股价|调查|发布的|发布自动)"
)


def names(
    sentences: Sequence[Sentence], words: Sequence[Sequence[Token]], *, known: KnownNames, costs: Mapping[str, float]
) -> tuple[Name, ...]:
    """Return the people, products and organisations that sentences name, in order of first occurrence.

    A name inside a longer one does not count (Word in Microsoft Word), nor does what a block of code holds. Forms that
    differ in case or blanks alone are one name. The time is linear in the text.

    Args:
        sentences: headings and tables included.
        words: the tokens of each.
        known: the names that most readers know (``load_known_names``).
        costs: of any string as one word, in nats; above 17 for what no dictionary has (``spam.article.Costs``).
    """
    text = _read(sentences, words, costs, known)
    if text is None:
        return ()
    finds = [*_works(text), *_listed(text), *_latin(text), *_organisations(text), *_people(text), *_called(text)]
    finds += _by_their_side(text, finds)
    chosen = _chosen(text, finds)
    return _named(text, chosen, finds) if chosen else ()


def _read(
    sentences: Sequence[Sentence], words: Sequence[Sequence[Token]], costs: Mapping[str, float], known: KnownNames
) -> _Text | None:
    parts: list[str] = []
    tokens: list[str] = []
    tags: list[str] = []
    read = [number for number, sentence in enumerate(sentences) if sentence.kind != "code" and words[number]]
    for number in read:
        parts.append(sentences[number].plain)
        own, pos, _, _ = zip(*words[number], strict=True)
        tokens += own
        tokens.append("\n")
        tags += pos
        tags.append("x")
    if not parts:
        return None
    text = "\n".join(parts)
    if "://" in text or "www." in text or "@" in text:
        text = _ADDRESS.sub(lambda match: "\x00" * len(match[0]), text)
    starts = list(accumulate(map(len, tokens), initial=0))
    first = list(accumulate([len(part) + 1 for part in parts], initial=0))
    return _Text(text, first, [sentences[n] for n in read], tokens, tags, starts, frozenset(starts), costs, known)


# ---------------------------------------------------------------------------------------------------------------------
# the rules


def _works(text: _Text) -> Iterator[_Find]:
    """Yield the titles in 《》, and those in other quotation marks after what says that they are of works."""
    source = text.text
    for match in _WORK.finditer(source):
        name = match["name"]
        if "标题" in source[max(0, match.start() - 12) : match.end() + 8]:
            continue
        if not _PAPER.search(name):
            start = match.start("name")
            # 《明朝那些事儿（1-9）》 is called without what is in brackets
            end = start + len(re.sub(r"\s*[（(][^（()）]*[)）]$", "", name))
            if end > start:
                yield _Find(start, end, "product", _ENOUGH, "title")
    for match in _LED_WORK.finditer(source) if "「" in source or "“" in source else ():
        group = "name" if match["name"] else "song"
        if not _PAPER.search(match[group]):
            author = text.tags[max(0, text.token(match.start()) - 1)] in _PERSON_TAGS
            yield _Find(*match.span(group), "product", _ENOUGH if group == "name" or author else 1.0, "title")


def _listed(text: _Text) -> Iterator[_Find]:
    """Yield the names of the list that hold Chinese characters, with the number of a model after them."""
    source, openings, edges = text.text, text.known.openings, text.edges
    free = 0
    for match in text.known.places.finditer(source):
        at = match.start()
        if at < free:
            continue
        for name in openings.get(source[at : at + 2], ()):
            end = at + len(name)
            if not source.startswith(name, at):
                continue
            entry = text.known.entries[name]
            number = _NUMBER.match(source, end) if entry.number else None
            if number and not _UNITS.match(source, number.end()) and (at in edges or at == free):
                free = number.end()
                yield _Find(at, free, "product", _ENOUGH, "model number")
                break
            whole = (at in edges) + (end in edges)
            if (
                whole < 2
                and at != free
                and (entry.common or len(name) < 3 and whole == 0)
                or (len(name) == 2 and at not in edges)
            ):
                continue
            if entry.kind == "organisation" and (abroad := _ABROAD.match(source, end)):
                free = abroad.end()
                yield _Find(at, free, "organisation", _ENOUGH, "list")
                break
            free = end
            if entry.kind != "none":
                yield _Find(at, end, entry.kind, _listed_weight(text, at, end, entry), "list")
            break


def _listed_weight(text: _Text, start: int, end: int, entry: Entry) -> float:
    """Return what a listed name weighs: that of a common word needs someone to speak for it."""
    if not entry.common:
        return _ENOUGH
    source = text.text
    if entry.kind == "product":
        spoken = _THING_AFTER.match(source, end) or _THING_BEFORE.search(source, max(0, start - 8), start)
    elif entry.kind == "person":
        spoken = _NAME_ENDS.match(source, end) and re.compile(f"(?:{_TITLES_BEFORE})$").search(
            source, max(0, start - 8), start
        )
    else:
        spoken = _ORG_AFTER.match(source, end)
    return _ENOUGH if spoken else 0.7 if text.tags[text.token(start)] in _NAME_TAGS else 0.4


def _organisations(text: _Text) -> Iterator[_Find]:
    """Yield what ends as the name of an organisation does, from where it begins."""
    for match in _SUFFIX.finditer(text.text):
        end = match.end()
        if end not in text.edges:
            continue
        last = text.token(end - 1)
        suffix = match[0]
        if text.starts[last] > match.start() and suffix not in _LEGAL_SET:
            continue
        first = _beginning(text, last, suffix)
        start = text.starts[first]
        if text.words[last] in _GENERIC and text.words[last] not in _LEGAL_SET:
            continue
        stem = text.text[start : match.start()].strip()
        if len(stem) < 2:
            continue
        weight = _body_weight(text, first, last, suffix, stem, start, end)
        if weight:
            yield _Find(start, end, "organisation", weight, "suffix")
    for match in _ORG_ROLE.finditer(text.text):
        qualified = _QUALIFIED.search(text.text, max(0, match.start() - 8), match.start())
        at = qualified.start() if qualified else match.start()
        if at not in text.edges:
            continue
        number = last = text.token(at) - 1
        while number >= 0 and last - number < 3 and (text.strange(number) or text.tags[number] in ("n", "ns")):
            if text.words[number] in _GENERIC:
                break
            number -= 1
        inside = range(number + 1, last + 1)
        start, end = text.starts[number + 1], text.starts[last + 1]
        if 3 <= end - start <= 8 and any(text.strange(k) for k in inside) and text.strange(inside[0]):
            if len(inside) == 1 and end - start == 3 and re.match(_FAMILY, text.text[start:end]):
                if not (qualified and qualified[0].startswith(("市场", "首席"))):
                    continue  # 王战军总经理
            yield _Find(start, end, "organisation", 1.2, "role")


def _beginning(text: _Text, last: int, suffix: str) -> int:
    """Return the number of the token that the name of an organisation begins with, whose last token is given."""
    end = text.starts[last + 1]
    number = last
    while number > 0 and end - text.starts[number - 1] <= _REACH:
        word, tag = text.words[number - 1], text.tags[number - 1]
        if not (tag in _PART_TAGS or text.strange(number - 1)) or not word.strip():
            break
        if word in _GENERIC and word not in _PLACES_ALONE and (number == last or suffix in _LEGAL_SET):
            before = number - 2
            if before < 0 or not (text.strange(before) or text.tags[before] in _LEADS):
                break
        if not _HAN.match(word) and word not in text.known.entries:
            break
        number -= 1
    # It begins with a place or a name, not with a noun of the sentence, nor with the country that it is from
    while number < last and not (text.tags[number] in _LEADS or text.strange(number)):
        number += 1
    if text.words[number] in _COUNTRIES and number + 1 < last and text.strange(number + 1):
        number += 1
    return number


def _body_weight(text: _Text, first: int, last: int, suffix: str, stem: str, start: int, end: int) -> float:
    """Return what an organisation weighs that ends in ``suffix``; 0 for what is none."""
    inside = range(first, last + 1)
    if stem in _GENERIC or all(text.words[k] in _GENERIC for k in inside[:-1]) and len(inside) > 1:
        if not (
            suffix in _BODY_SET and text.tags[first] == "ns" and suffix in ("大学", "日报", "晚报", "银行", "电视台")
        ):
            return 0.0
    strange = [
        k
        for k in inside
        if text.strange(k)
        and (suffix in _TRADE_SET or (text.tags[k] not in ("v", "vg", "d") and text.words[k][-1] not in _PARTS))
    ]
    placed = text.tags[first] == "ns"
    if suffix in ("有限公司", "有限责任公司", "股份有限公司"):
        return _ENOUGH if strange or placed else 0.0
    if suffix in _LEGAL_SET:
        if suffix == "公司" and stem in text.known.entries and text.stands_alone(stem):
            return 0.0  # the article calls it without
        known = any(
            text.words[k] in text.known.entries and not text.known.entries[text.words[k]].common for k in inside[:-1]
        )
        return _ENOUGH if known or strange and len(stem) >= 2 else 0.0
    if suffix in _BODY_SET:
        if strange or (placed and (len(inside) > 2 or suffix in ("大学", "日报", "晚报", "银行", "电视台"))):
            return _ENOUGH
        return 0.0
    # A trade: what stands before it must be a name
    if first == last:
        near = text.strange(last) and len(stem) >= 2
    else:
        entry = text.known.entries.get(text.words[last - 1])
        near = text.strange(last - 1) or (entry is not None and entry.kind == "organisation" and not entry.common)
        near = near or (last - 1 > first and text.strange(first))
    if not near:
        bought = len(stem) < 5 and _BOUGHT.search(text.text, max(0, start - 4), start)
        return _ENOUGH if bought else 0.0
    if placed and strange:
        return _ENOUGH
    spoken = _ORG_AFTER.match(text.text, end) or _ORG_BEFORE.search(text.text, max(0, start - 6), start)
    return _ENOUGH if spoken else 1.0


def _people(text: _Text) -> Iterator[_Find]:
    """Yield people by surname, title and what they do."""
    source = text.text
    for match in _PEOPLE_AFTER_TITLE.finditer(source):
        if _is_full_name(text, *match.span("name")):
            yield _Find(*match.span("name"), "person", _ENOUGH, "title")
    for match in _FOREIGN_AFTER_TITLE.finditer(source):
        if any(text.tags[k] in _NAME_TAGS for k in text.inside(*match.span("name"))):
            yield _Find(*match.span("name"), "person", _ENOUGH, "title")
    for match in _PEOPLE_WHO_SAY.finditer(source):
        if match.start() in text.edges and _is_full_name(text, *match.span()):
            yield _Find(*match.span(), "person", _ENOUGH if len(match[0]) > 2 else 1.2, "says")
    for match in _WITH_TITLE.finditer(source):
        yield from _titled(text, match)
    for match in _FAMILIAR.finditer(source):
        yield from _familiar(text, match.start(), match[0])
    for match in _FOREIGN.finditer(source) if any(map(source.__contains__, _DOTS)) else ():
        yield _Find(*match.span(), "person", _ENOUGH, "foreign")
        last = max(match[0].rfind(dot) for dot in _DOTS) + 1
        if len(match[0]) - last > 1:
            yield _Find(match.start() + last, match.end(), "person", _ENOUGH, "foreign")
    for match in _FOREIGN_SAYS.finditer(source):
        inside = text.inside(*match.span())
        if match.start() in text.edges and all(text.strange(k) for k in inside):
            yield _Find(*match.span(), "person", 1.5, "says")
    for match in _HANDLE.finditer(source) if "@" in source else ():
        yield _Find(*match.span("name"), "person", _ENOUGH, "handle")
    for number in [k for k, tag in enumerate(text.tags) if tag in _PERSON_TAGS]:
        word = text.words[number]
        if 2 < len(word) < 5 and text.costs[word] > _FAMILIAR_WORD:
            start = text.starts[number]
            end = start + len(word)
            if not _is_full_name(text, start, end):
                continue
            if _WORK_BY.match(source, end):
                yield _Find(start, end, "person", _ENOUGH, "author")
            else:
                yield _Find(start, end, "person", 0.7 + 0.3 * bool(_NAME_ENDS.match(source, end)), "surname")
        elif len(word) in (2, 3) and _KIN.match(source, text.starts[number] + len(word)):
            start = text.starts[number]
            yield _Find(start, start + len(word), "person", _ENOUGH, "title")
        elif len(word) == 2 and word[0] in "小阿" and text.strange(number):
            yield from _familiar(text, text.starts[number], word)


def _is_full_name(text: _Text, start: int, end: int) -> bool:
    """Whether surname and given name at ``start:end`` are no words of the sentence."""
    word = text.text[start:end]
    if word in text.known.entries:
        return False
    inside = text.inside(start, end)
    if len(inside) == 1 and text.starts[inside[0]] == start and text.starts[inside[0] + 1] == end:
        if not _TAGGED_NAME.match(word):
            return False
        return text.tags[inside[0]] in _PERSON_TAGS or text.costs[word] > _RARE
    if not _FULL_NAME.match(word) or len(word) == 2 and text.costs[word] <= _RARE:
        return False
    for k in inside:
        own = text.words[k]
        if len(own) > 1 and text.tags[k] not in _NAME_TAGS and text.costs[own] <= _RARE:
            return False  # 高管人, 向团队
    lead = text.words[inside[0]]
    return not (len(lead) == 1 and text.tags[inside[0]] in ("p", "c", "d", "u", "m", "q", "r", "f", "uj"))


def _titled(text: _Text, match: re.Match[str]) -> Iterator[_Find]:
    """Yield who stands before a title: 陈立新老师 without it, 陈老师 and 王总 with it."""
    at, end = match.span()
    before = text.token(max(0, at - 1))
    start = text.starts[before]
    if text.starts[before + 1] == at and text.tags[before] in _PERSON_TAGS and at - start > 1:
        if len(match[0]) > 1 and _is_full_name(text, start, at):
            yield _Find(start, at, "person", _ENOUGH, "title")
        return
    start, word = at - 1, text.text[max(0, at - 1) : end]
    if at == 0 or word[0] not in _SURNAMES or start not in text.edges or end not in text.edges:
        return
    number = text.token(start)
    if number and text.tags[number - 1] in ("nr", "nrt", "m"):
        return
    unknown = text.costs[word] > _RARE or text.tags[number] in _PERSON_TAGS
    if len(word) > 2:
        if unknown or text.words[number] == word[0]:
            yield _Find(start, end, "person", _ENOUGH, "title")
    elif unknown and word[0] not in _WORDY and _NAME_ENDS.match(text.text, end):
        yield _Find(start, end, "person", 1.2, "title")


_WITH = re.compile("(?:[和跟与找让叫问请由给把被是]|同事|朋友|，|。|：|“)$")


def _familiar(text: _Text, start: int, word: str) -> Iterator[_Find]:
    """Yield 老王 and 小李, where this is a word of its own."""
    end = start + len(word)
    if word in _NOT_FAMILIAR or text.words[text.token(start)] != word:
        return
    after = _NAME_ENDS.match(text.text, end)
    before = start == 0 or text.text[start - 1] == "\n" or _WITH.search(text.text, max(0, start - 2), start)
    yield _Find(start, end, "person", 1.2 + 0.8 * bool(after and before), "familiar")


def _called(text: _Text) -> Iterator[_Find]:
    """Yield what the text introduces as a name: 一款叫画梦的游戏."""
    for match in _CALLED.finditer(text.text):
        what = match["what"]
        kind: NameKind = "person" if what in _PEOPLE_WORDS else "organisation" if what in _ORG_WORDS else "product"
        yield _Find(*match.span("name"), kind, _ENOUGH, "called")


# ---------------------------------------------------------------------------------------------------------------------
# names in Latin letters


def _latin(text: _Text) -> Iterator[_Find]:
    """Yield names in Latin letters: those of the list, and what looks like one."""
    source = text.text
    for run in _RUN.finditer(source):
        pieces = [piece.span() for piece in _PIECE.finditer(source, *run.span())]
        english = len(pieces) >= _ENGLISH_TEXT
        k = 0
        while k < len(pieces):
            start = pieces[k][0]
            listed, after = _longest(text, pieces, k)
            if listed is not None:
                entry = text.known.entries[listed]
                if entry.kind != "none" and not english:
                    find, after = _listed_latin(text, pieces, k, after, entry)
                    yield find
                k = after
                continue
            after = k + 1
            if source[start].isupper():
                while after < len(pieces) and _goes_on(text, pieces, after):
                    after += 1
            if not english:
                yield from _guess(text, start, pieces[after - 1][1], after - k)
            k = after


def _longest(text: _Text, pieces: Sequence[tuple[int, int]], k: int) -> tuple[str | None, int]:
    """Return the longest listed name that begins with a piece, and the number of the piece after it."""
    for after in range(min(len(pieces), k + 5), k, -1):
        listed = text.known.latin(text.text[pieces[k][0] : pieces[after - 1][1]])
        if listed is not None:
            return listed, after
    return None, k


def _goes_on(text: _Text, pieces: Sequence[tuple[int, int]], k: int) -> bool:
    """Whether a piece goes on with the name before it: capitals and numbers do."""
    piece = text.text[slice(*pieces[k])]
    if piece[0].isdigit():
        return len(piece) < 6 and not _UNITS.match(text.text, pieces[k][1]) and piece.count(".") == 0
    return piece[0].isupper() and _longest(text, pieces, k)[0] is None


def _listed_latin(
    text: _Text, pieces: Sequence[tuple[int, int]], k: int, after: int, entry: Entry
) -> tuple[_Find, int]:
    """Return a listed name with what belongs to it, and the number of the piece after that."""
    source = text.text
    start, end = pieces[k][0], pieces[after - 1][1]
    kind: NameKind = entry.kind if entry.kind != "none" else "product"
    if entry.number and (number := _NUMBER.match(source, end)) and not _UNITS.match(source, number.end()):
        end = number.end()
        while after < len(pieces) and pieces[after][0] < end:
            after += 1
        return _Find(start, end, "product", _ENOUGH, "model number"), after
    if entry.kind == "organisation" and after < len(pieces) and source[pieces[after][0]].isupper():
        listed, beyond = _longest(text, pieces, after)
        own = text.known.entries[listed] if listed else None
        if own is not None and own.kind == "product":
            find, beyond = _listed_latin(text, pieces, after, beyond, own)
            return _Find(start, find.end, "product", _ENOUGH, "brand"), beyond
        if own is None:
            beyond = after + 1
            while beyond < len(pieces) and _goes_on(text, pieces, beyond):
                beyond += 1
            return _Find(start, pieces[beyond - 1][1], "product", _ENOUGH, "brand"), beyond
    weight = _ENOUGH
    if entry.common:
        spoken = _THING_AFTER.match(source, end) or _THING_BEFORE.search(source, max(0, start - 8), start)
        weight = _ENOUGH if spoken else 1.0
    return _Find(start, end, kind, weight, "list"), after


def _guess(text: _Text, start: int, end: int, count: int) -> Iterator[_Find]:
    """Yield what a string of Latin letters that no list holds may be: ``count`` words."""
    source = text.text
    word = source[start:end]
    if (
        len(word) < 2
        or word[0].isdigit()
        or _FILE.search(word)
        or "_" in word
        or "/" in (source[start - 1 : start], source[end : end + 1])
    ):
        return
    spoken = bool(_THING_AFTER.match(source, end)) + bool(_THING_BEFORE.search(source, max(0, start - 8), start))
    first = word.split(" ", 1)[0]
    said = _PERSON_SAYS.match(source, end)
    if first in _FIRST_NAMES or (first.title() in _FIRST_NAMES and said):
        sure = (
            count > 1
            or said
            or _PERSON_AFTER.match(source, end)
            or _PERSON_BEFORE.search(source, max(0, start - 5), start)
        )
        yield _Find(start, end, "person", _ENOUGH if sure else 0.9, "first name")
        return
    if _PERSON_AFTER.match(source, end) or (
        said and count < 3 and word.istitle() and re.match(r"\s?(?:说|问|笑|告诉)", said[0])
    ):
        yield _Find(start, end, "person", _ENOUGH, "says")
        return
    if _CODE_BESIDE.match(source, end):
        return
    body = _BODY_AFTER.match(source, end) or _BODY_END.search(word)
    kind: NameKind = "organisation" if body else "product"
    if word[0].islower():
        if re.match(r"[ie][A-Z][a-z]+$", word):
            yield _Find(start, end, kind, 1.3, "shape")
        elif spoken and (("-" in word and count == 1) or spoken == 2):
            yield _Find(start, end, kind, 0.7 * spoken, "context")
        return
    camel = any(_CAMEL.match(piece) for piece in word.split())
    if (_PROGRAM.search(word) if camel or count > 1 else _ENGLISH.search(word)) and not body:
        if spoken == 2:
            yield _Find(start, end, kind, 0.8, "context")
        return
    if re.search(r"\.(?:com|io|cn|net|org|ai|me|js)$", word):
        yield _Find(start, end, kind, _ENOUGH, "address")
    elif word.isupper() and len(word) < 8 and not any(map(str.isdigit, word)):
        yield _Find(start, end, kind, 0.3 + 0.6 * spoken + 0.8 * (kind == "organisation"), "capitals")
    elif camel or any(map(str.isdigit, word)):
        yield _Find(start, end, kind, _ENOUGH if camel else 1.3 + 0.7 * (spoken > 0 or kind == "organisation"), "shape")
    else:
        yield _Find(start, end, kind, 1.0 + 0.7 * spoken + 1.0 * (kind == "organisation"), "context")


# ---------------------------------------------------------------------------------------------------------------------
# what names beside them say


_CLAUSE = re.compile(r"[^，,。；;：:！？!?“”（）()\n]{5,400}")
_LIST_ENDS = re.compile(r"[等三四五六七八九两]|之类|这|的")


def _by_their_side(text: _Text, finds: Sequence[_Find]) -> list[_Find]:
    """Return what stands in a list of names, or in brackets behind one: 高德纳（Gartner）, 中国证券监督管理委员会（简称证监会）."""
    weights: defaultdict[str, float] = defaultdict(float)
    for find in finds:
        weights[text.text[find.start : find.end]] += find.weight
    sure = {find.end: find for find in finds if weights[text.text[find.start : find.end]] >= _ENOUGH}
    begins = {find.start: find for find in sure.values()}
    out: list[_Find] = list(_brands(text, finds))
    for match in _GLOSS.finditer(text.text):
        before = sure.get(
            len(text.text[max(0, match.start() - 2) : match.start()].rstrip()) + max(0, match.start() - 2)
        )
        start, end = match.span("name")
        short = _SHORT_FOR.search(match[0])
        if before is None or match["name"] in text.known.entries:
            continue
        latin = match["name"][0].isascii()
        if short or (latin and match["name"][0].isupper() and _HAN.match(text.text[before.start])):
            if not latin and before.kind == "product" and not short:
                continue
            out.append(_Find(start, end, before.kind, _ENOUGH, "alias"))
    if text.text.count("、") > 1:
        for match in _CLAUSE.finditer(text.text):
            if match[0].count("、") > 1:
                out += _listed_beside(text, match, sure, begins)
    return out


_NEAR = 16
"""Characters between a common word and the name that speaks for it."""


def _brands(text: _Text, finds: Sequence[_Find]) -> Iterator[_Find]:
    """Yield the common words of the list that stand near another name of it: 与苹果一样，三星….."""
    listed = sorted([find for find in finds if find.cue == "list"])
    for before, after in zip(listed, listed[1:], strict=False):
        gap = text.text[before.end : after.start]
        if len(gap) > _NEAR or "\n" in gap or "。" in gap:
            continue
        for one, other in ((before, after), (after, before)):
            if one.weight >= _ENOUGH or other.weight < _ENOUGH:
                continue
            entry = text.known.entries.get(text.text[one.start : one.end])
            if entry is not None and (entry.brand or (one.kind == other.kind and _JOINED.fullmatch(gap))):
                yield _Find(one.start, one.end, one.kind, _ENOUGH, "beside")


_JOINED = re.compile(r"\s?(?:[、/和与跟]|以及|或|还是)\s?")


def _listed_beside(
    text: _Text, match: re.Match[str], sure: Mapping[int, _Find], begins: Mapping[int, _Find]
) -> Iterator[_Find]:
    """Yield the items of a list whose other items are names of one kind."""
    items: list[tuple[int, int]] = []
    at = match.start()
    for item in match[0].split("、"):
        items.append((at, at + len(item)))
        at += len(item) + 1
    named = [begins.get(start) or sure.get(end) for start, end in items]
    kinds = Counter([find.kind for find in named if find is not None])
    if not kinds:
        return
    kind, count = kinds.most_common(1)[0]
    if count < 2 or 2 * count < len(items) - 1:
        return
    for number, (start, end) in enumerate(items[1:], 1):
        if named[number] is not None:
            continue
        if number == len(items) - 1:
            tail = _LIST_ENDS.search(text.text, start, end)
            if tail is None or tail.start() - start > 8:
                continue
            end = tail.start()
        word = text.text[start:end].strip()
        if len(word) < 2 or word in text.known.entries and text.known.entries[word].kind == "none":
            continue
        end = start + len(text.text[start:end].rstrip())
        start = end - len(word)
        latin = word[0].isascii() and word[0].isupper() and word.isascii() and len(word.split()) < 4
        inside = text.inside(start, end)
        listed = word in text.known.entries
        if (latin and not _ENGLISH.search(word)) or listed or (len(word) < 6 and all(text.strange(k) for k in inside)):
            yield _Find(start, end, kind, _ENOUGH, "beside")


# ---------------------------------------------------------------------------------------------------------------------
# from finds to names


def _key(name: str) -> str:
    """Return what forms of one name share."""
    return name.replace(" ", "").casefold()


def _chosen(text: _Text, finds: Iterable[_Find]) -> dict[str, tuple[NameKind, tuple[str, ...]]]:
    """Return the keys of what is a name, each with its kind and what decided it."""
    votes: defaultdict[str, Counter[NameKind]] = defaultdict(Counter)
    cues: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for find in finds:
        key = _key(text.text[find.start : find.end])
        votes[key][find.kind] += find.weight  # type: ignore[assignment]
        cues[key][find.cue] += find.weight  # type: ignore[assignment]
    return {
        key: (own.most_common(1)[0][0], tuple([cue for cue, _ in cues[key].most_common()]))
        for key, own in votes.items()
        if sum(own.values()) >= _ENOUGH - 1e-9
    }


def _named(
    text: _Text, chosen: Mapping[str, tuple[NameKind, tuple[str, ...]]], finds: Iterable[_Find]
) -> tuple[Name, ...]:
    """Return the names with all their places: those found, and those where one stands as a word."""
    places = {(find.start, find.end) for find in finds if _key(text.text[find.start : find.end]) in chosen}
    places |= _elsewhere(text, {text.text[start:end] for start, end in places})
    spans: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    free = 0
    for start, end in sorted(places, key=lambda place: (place[0], -place[1])):
        if start >= free:
            spans[_key(text.text[start:end])].append((start, end))
            free = end
    out = []
    for key, own in spans.items():
        kind, cues = chosen[key]
        forms = Counter([text.text[start:end] for start, end in own])
        out.append(
            Name(forms.most_common(1)[0][0], kind, len(own), tuple([_source(text, *span) for span in own]), cues)
        )
    return tuple(sorted(out, key=lambda name: name.spans[0]))


def _elsewhere(text: _Text, forms: Iterable[str]) -> set[tuple[int, int]]:
    """Return where forms of names in Chinese characters stand as words; those in Latin letters are all found."""
    source, edges, entries = text.text, text.edges, text.known.entries
    out: set[tuple[int, int]] = set()
    for form in sorted(form for form in forms if len(form) > 1 and _HAN.search(form))[:_MOST]:
        common = form in entries and entries[form].common
        at = source.find(form)
        while at >= 0:
            end = at + len(form)
            whole = (at in edges) + (end in edges)
            if whole == 2 or (not common and (whole if len(form) == 3 else len(form) > 3)):
                out.add((at, end))
            at = source.find(form, end)
    return out


def _source(text: _Text, start: int, end: int) -> tuple[int, int]:
    """Return the source span of what is read at ``start:end``."""
    number = bisect_right(text.first, start) - 1
    first = text.first[number]
    return text.sentences[number].span(start - first, end - first)
