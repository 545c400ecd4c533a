"""Inserted spam is found by what the text without it would be: names at random, real words, and what surrounds them.

The texts, the words and the names here share nothing with the detector, which knows of no spam at all.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable

import pytest

from pipeline.resources import Resources
from pipeline.stages.clean import clean

Clean = Callable[[str], str]
Insert = tuple[int, str]

TEXTS = [
    """这次系统升级从三月初开始准备，原计划两个星期完成，最后用了将近一个月。上线当天晚上，客服电话响个不停，很多用户
反映无法登录，还有人发现订单重复扣款。团队连夜排查，凌晨四点才找到原因。
问题出在数据迁移这一步。旧系统里有一部分账号没有手机号码，新系统却把手机号码当作唯一的标识。测试环境里的数据都是
人工整理过的，没有覆盖这种情况。开发人员知道旧数据不完整，但是没有写进文档；测试人员以为开发已经处理。双方都觉得
对方会负责，结果谁也没有检查。
另一个教训是沟通。项目经理每周开一次会议，会议记录发到邮件里，很少有人认真阅读。真正重要的决定往往在走廊里做出，
没有留下任何记录。等到出了事故，大家才发现彼此的理解完全不同。
接下来我们准备做三件事。第一，所有迁移必须使用真实数据的副本进行演练。第二，重要的决定必须当天写进文档，并且由负责
人确认。第三，上线以后保留旧系统两个星期，一旦出现严重问题可以马上切换回去。
这些措施并不复杂，难的是坚持。过去几年我们写过不少总结，提出过很多改进计划，真正执行下去的不到一半。希望这一次能够
有所不同。""",
    """餐厅开业半年，总算盈利了，但是过程比想象中艰难得多。选址的时候我们看中了地铁口的客流，忽略了租金的压力。前三个
月每天营业到深夜，员工疲惫不堪，服务质量直线下降，网上的评价越来越差。
第四个月我们做了一次调整。首先缩短营业时间，把早餐取消，集中力量做好午餐和晚餐。其次精简菜单，原来有八十多道菜，
很多菜一个星期也卖不出去几份，食材只好浪费。精简以后只保留三十道，采购成本下降了两成，出餐速度明显提高。
服务方面，我们请有经验的店长来培训新员工，要求每个人熟悉菜单，能够主动介绍特色菜。顾客投诉必须当天回复，店长亲自
道歉并且提出补偿方案。两个月以后，评价分数从三点六上升到四点五。
回头来看，最大的失误是准备不足。我们以为味道好就会有客人，没有认真研究周围的竞争对手，也没有准备足够的流动资金。
如果没有朋友及时帮忙，餐厅可能坚持不到今天。
明年的目标是稳定现有的利润，暂时不考虑开分店。先把基础打牢，再谈扩张。""",
    """今年读书会一共举办了二十场活动，参加的人数超过五百。与去年相比，活动数量增加了一倍，但是平均每场的人数有所减少。
我们原本希望通过增加场次来吸引更多的居民，结果发现很多人只是在不同的时间段之间分散开来。
活动的内容也需要反思。上半年以文学作品为主，讨论比较热烈；下半年尝试了历史和科学题材，参与者的反应差别很大。有的
读者认为内容太难，跟不上讨论的节奏；也有的读者表示终于找到了感兴趣的话题。主持人的经验非常关键，好的主持人能够让
沉默的人开口说话。
场地问题始终没有解决。图书馆的会议室需要提前一个月预约，社区中心的房间隔音效果很差。我们联系过几家咖啡馆，对方愿意
提供场地，但是要求最低消费，这对学生来说负担太重。
志愿者的流失同样值得重视。年初有十二名志愿者，到年底只剩下五名。大家都很热情，但是分工不明确，少数人承担了大部分
工作，时间一长自然感到疲倦。
明年计划减少场次，提高每一场的质量，并且给志愿者安排轮流休息的时间。""",
]  # fmt: skip
WORDS = (
    "火锅", "篮球", "钢琴", "骆驼", "葡萄", "沙漠", "海鸥", "宝塔", "雨伞", "象棋", "彩虹", "琥珀", "灯笼", "蜂蜜",
    "珊瑚", "风筝", "口琴", "竹笋", "龙虾", "陶瓷", "樱桃", "狮子", "轮胎", "芭蕾", "滑雪", "冰川", "孔雀", "麻将",
    "牡丹", "鲸鱼", "唢呐", "瀑布", "蜡烛", "纽扣", "围棋", "烟花", "企鹅", "摩托车", "西红柿", "萨克斯", "向日葵",
    "马拉松",
)  # fmt: skip


@pytest.fixture(scope="module")
def cleaner(resources: Resources) -> Clean:
    return lambda text: clean(text, reader=resources.reader).text


def common_characters() -> str:
    """The 3,755 common characters of GB 2312."""
    codes = (bytes((high, low)) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF))
    return "".join(code.decode("gb2312", "ignore") for code in codes)


CHARACTERS = common_characters()


class Spammer:
    """Pushes spam of its own invention into a text, by a seed."""

    def __init__(self, resources: Resources, seed: int) -> None:
        self.parse = resources.segmenter.parse
        self.chance = random.Random(seed)

    def name(self) -> str:
        return "".join(self.chance.choices(CHARACTERS, k=self.chance.choice([2, 2, 3, 3, 4, 5])))

    def word(self) -> str:
        return self.chance.choice(WORDS)

    def pair(self) -> str:
        return "".join(self.chance.sample([word for word in WORDS if len(word) == 2], 2))

    def latin(self) -> str:
        letters = "".join(self.chance.choice("bdfgklmnpst") + self.chance.choice("aeiou") for _ in range(3))
        return self.chance.choice([letters, letters.capitalize(), f"{letters[:4]}{self.chance.randrange(10, 999)}"])

    def inside(self, text: str) -> list[int]:
        """Offsets inside words of Chinese characters."""
        return [at for start, word in self._words(text) for at in range(start + 1, start + len(word))]

    def between(self, text: str) -> list[int]:
        """Offsets between words of which no mark stands."""
        return [start for start, _ in self._words(text) if start and "\u4e00" <= text[start - 1] <= "\u9fff"]

    def _words(self, text: str) -> list[tuple[int, str]]:
        words = []
        for run in re.finditer("[\u4e00-\u9fff]+", text):
            at = run.start()
            for word in self.parse(run[0]):
                words.append((at, word))
                at += len(word)
        return words

    def apart(self, offsets: list[int], count: int) -> list[int]:
        """Choose offsets that are not next to each other."""
        chosen: list[int] = []
        for at in self.chance.sample(offsets, len(offsets)):
            if len(chosen) < count and all(abs(at - other) > 12 for other in chosen):
                chosen.append(at)
        return chosen


def push(text: str, inserts: list[Insert]) -> str:
    for at, insert in sorted(inserts, reverse=True):
        text = text[:at] + insert + text[at:]
    return text


def restored(cleaner: Clean, dirty: list[tuple[str, str]]) -> float:
    """Share of dirty texts that come back exactly as they were."""
    return sum(cleaner(after) == before for before, after in dirty) / len(dirty)


ONE = [("name", 0.85), ("word", 0.8), ("pair", 0.8), ("latin", 0.85)]


@pytest.mark.parametrize(("kind", "least"), ONE)
def test_one_inside_a_word(resources: Resources, cleaner: Clean, kind: str, least: float) -> None:
    spammer = Spammer(resources, 11)
    dirty = []
    for text in TEXTS * 40:
        at = spammer.chance.choice(spammer.inside(text))
        dirty.append((text, push(text, [(at, getattr(spammer, kind)())])))
    assert restored(cleaner, dirty) >= least


@pytest.mark.parametrize("kind", ["name", "word", "pair", "latin"])
def test_the_same_inside_words_and_between_them(resources: Resources, cleaner: Clean, kind: str) -> None:
    """What no word holds would read as a name between words: only that it also stands inside words tells."""
    spammer = Spammer(resources, 5)
    dirty = []
    for text in TEXTS * 20:
        insert = getattr(spammer, kind)()
        places = spammer.apart(spammer.inside(text), 3)
        places += [at for at in spammer.apart(spammer.between(text), 3) if all(abs(at - p) > 12 for p in places)]
        dirty.append((text, push(text, [(at, insert) for at in places])))
    assert restored(cleaner, dirty) >= 0.85


def test_different_ones_between_words_beside_those_inside(resources: Resources) -> None:
    """Sure inserts make doubtful ones likelier: some are found that alone are not, and little else is taken."""
    spammer = Spammer(resources, 7)
    text = TEXTS[0] + "\n" + TEXTS[1]
    pushed = found = wrong = 0
    for _ in range(20):
        inside = spammer.apart(spammer.inside(text), 3)
        amid = [at for at in spammer.apart(spammer.between(text), 3) if all(abs(at - p) > 12 for p in inside)]
        inserts = [(at, spammer.name()) for at in inside + amid]
        dirty = push(text, inserts)
        cleaned = clean(dirty, reader=resources.reader)
        taken = {edit.before for edit in cleaned.edits}
        pushed += len(amid)
        found += len(taken & {insert for _, insert in inserts[len(inside) :]})
        wrong += len(taken - {insert for _, insert in inserts})
    assert found >= 0.35 * pushed
    assert wrong <= 8


def test_once_inside_a_word_and_once_between(cleaner: Clean) -> None:
    text = "大家忽略了软件与硬件的协同，后来团队重新测试了系统，两个星期以后才恢复。"
    dirty = text.replace("软件", "软琨翮件").replace("团队重新", "团队琨翮重新")
    assert cleaner(dirty) == text


def sentence_ends(text: str) -> list[int]:
    return [m.start() for m in re.finditer("(?<=[\u4e00-\u9fff]{6})。", text)]


@pytest.mark.parametrize(
    ("after", "form", "count"),
    [
        (after, form, count)
        for after, form in (
            (True, "【{}】"),
            (False, "【{}】"),
            (False, "-{}官网"),
            (False, "—{}平台"),
            (False, "|{}在线"),
        )
        for count in (1, 3)
        if "—" not in form or count > 1  # one alone may be the author's
    ],
)
def test_at_the_end_of_sentences(resources: Resources, cleaner: Clean, after: bool, form: str, count: int) -> None:
    spammer = Spammer(resources, 3)
    dirty = []
    for text in TEXTS * 15:
        insert = form.format(spammer.pair() if spammer.chance.random() < 0.6 else spammer.name())
        ends = spammer.chance.sample(sentence_ends(text), count)
        dirty.append((text, push(text, [(at + after, insert) for at in ends])))
    assert restored(cleaner, dirty) >= 0.85


READINGS = {
    "系": "xì", "统": "tǒng", "数": "shù", "据": "jù", "问": "wèn", "题": "tí", "质": "zhì", "量": "liàng",
    "会": "huì", "议": "yì", "时": "shí", "间": "jiān", "活": "huó", "动": "dòng", "菜": "cài", "单": "dān",
}  # fmt: skip
READ_WORDS = ["系统", "数据", "问题", "质量", "会议", "时间", "活动", "菜单"]


@pytest.mark.parametrize("brackets", ["({})", "（{}）"])
@pytest.mark.parametrize("where", ["inside", "after"])
def test_readings_in_brackets(cleaner: Clean, where: str, brackets: str) -> None:
    dirty = []
    for text in TEXTS:
        for word in READ_WORDS:
            for m in re.finditer(word, text):
                readings = [READINGS[character] for character in word]
                if where == "inside":
                    dirty.append((text, push(text, [(m.start() + 1, brackets.format(readings[0]))])))
                else:
                    dirty.append((text, push(text, [(m.end(), brackets.format(" ".join(readings)))])))
    assert restored(cleaner, dirty) >= 0.95


@pytest.mark.parametrize("separator", [" ", "|", ",", "，", "、"])
@pytest.mark.parametrize("where", ["first line", "last line", "a line between", "tail"])
def test_lists_of_keywords(resources: Resources, cleaner: Clean, where: str, separator: str) -> None:
    spammer = Spammer(resources, 8)
    dirty = []
    for text in TEXTS * 6:
        stem = spammer.name()[:2]
        terms = separator.join(stem + word for word in spammer.chance.sample(WORDS, spammer.chance.randint(5, 9)))
        breaks = [m.start() for m in re.finditer("(?<=。)\n", text)]
        if where == "first line":
            insert = (0, terms + "\n")
        elif where == "last line":
            insert = (len(text), "\n" + terms)
        elif where == "a line between":
            insert = (spammer.chance.choice(breaks) + 1, terms + "\n")
        else:
            insert = (spammer.chance.choice(breaks), " " + terms)
        dirty.append((text, push(text, [insert])))
    assert restored(cleaner, dirty) >= 0.85


@pytest.mark.parametrize(("marks", "least"), [("★☆◆■●♥🔥^=#|_", 0.85), (".~+*", 0.7), ("-/", 0.3)])
def test_marks_inside_words(resources: Resources, cleaner: Clean, marks: str, least: float) -> None:
    """A mark that never stands between words is taken out of weaker words too."""
    spammer = Spammer(resources, 4)
    dirty = []
    for text in TEXTS * 30:
        at = spammer.chance.choice(spammer.inside(text))
        dirty.append((text, push(text, [(at, spammer.chance.choice(marks))])))
    assert restored(cleaner, dirty) >= least


@pytest.mark.parametrize(
    ("dirty", "text"),
    [
        ("我们的软★件没有通过验收，大家都很意外。", "我们的软件没有通过验收，大家都很意外。"),
        ("我们的供-应-链没有通过验收，大家都很意外。", "我们的供应链没有通过验收，大家都很意外。"),
        ("我们的软 件没有通过验收，大家都很意外。", "我们的软件没有通过验收，大家都很意外。"),
        ("大家忽略了软云鼎件与硬件的协同。", "大家忽略了软件与硬件的协同。"),
        ("大家忽略了软kuvo88件与硬件的协同。", "大家忽略了软件与硬件的协同。"),
    ],
)
def test_short_texts(cleaner: Clean, dirty: str, text: str) -> None:
    assert cleaner(dirty) == text


LEGITIMATE = [
    *TEXTS,
    "大家忽略了软云鼎件与硬件的协同。云鼎是一家供应商，云鼎的报价最低。",  # a word that the article uses
    "软云鼎件是一个牌子。软云鼎件卖得不好。",  # always in the same place: a name
    "这个月赚不到钱，也帮不上忙，洗了个热水澡就睡了。",
    "负责测试的软件(software)由 iPhone13 和K8s集群组成，用C++写成，接口是3.5mm，文件名叫`a-b`。",
    "前端用Vue重写，后端用Go语言，数据库从MySQL换成了PostgreSQL集群，日志走ELK平台。",
    "【背景】上个月系统升级。【原因】数据没有备份。【措施】每天备份两次。",
    "- 【必须】每天备份\n- 【建议】每周演练\n- 【可选】邀请外部专家",
    "关键词：复盘 备份 演练 流程 沟通\n正文从这里开始，讲的是一次失败的升级。",
    "标签：读书，咖啡，旅行，摄影，手账\n今天想聊一聊时间管理。",
    "孔乙己的名字取自描红纸。这个字念作“彳（chì）”，那个字读作“亍（chù）”，拼音课上会教。",
    "多音字要看词语：重(zhòng)量和重(chóng)复，长(zhǎng)大和长(cháng)度，老师带着全班一起念。",
    "今天的会议讨论了三个问题，我 们认为第一个最重要，其他的下 次再谈，大 家都同意这个安排。",
    "验收结束以后大家去了鼎昊茶馆。气氛很好。【鼎昊茶馆】\n第二天照常上班，鼎昊茶馆的老板还打来电话道谢。",
    "上半年的报告已经写完。【未完待续】\n下半年的报告由另一个小组负责。【责任编辑】",
    "村口的石碑上刻着一个“犇（bēn）”字，很少有人认得。",
    "奥斯特洛夫斯基写过一本书，主人公叫保尔·柯察金，朋友都劝他休息。",
    "世上本没有路，走的人多了，也便成了路。——鲁迅",
    "目　录\n前　言\n第 一 章 开 端\n我们从头说起。",
    "服务★★★★☆，环境★★★☆☆，味道**非常**好，价格*偏高*，营业时间10:00-22:00，北京-上海往返。",
    "小红、小明、小刚、小丽都来了，带着苹果、香蕉、葡萄、西瓜。",
    "山重水复疑无路 柳暗花明又一村\n日暮苍山远 天寒白屋贫",
    "姓名 部门 职务 电话\n张三 研发 经理 一二三\n李四 测试 主管 四五六",
    "侬晓得伐，阿拉今朝勿开心，伊拉讲闲话忒难听，覅再讲哉。",
    "左-右、上-下、主-从两套方案都试过，甲/乙双方各出一半。",
    "他想了很久……最后说：“算了吧。”于是大家各自散去，第二天照常上班。",
    "，".join(f"{before}沐岚{after}" for before, after in [("昨天", "来了"), ("后来", "走了"), ("因为", "病了")]),
    "策划 王小明 摄影 李文静 剪辑 赵大海 统筹 周建国",
    "连锁面馆的测算以每月新开三十家店为前提，没有人算过，如果新开店开不出来会怎样。",
    "文／林小川\n搬仓那天下着雨，仓库的门开了一夜。",
    "岗位 | 薪水 | 学历 | 年龄\n---|---|---|---\n司机 | 六千 | 不限 | 四十以下",
    "参与部门：\n财务部 法务部 采购部 行政部",
    "这件事拖了两年，最后方案就此定了下来—灰度发布。",
]  # fmt: skip


@pytest.mark.parametrize("text", LEGITIMATE)
def test_clean_text_stays(cleaner: Clean, text: str) -> None:
    assert cleaner(text).replace("　", " ") == text.replace("　", " ")


def test_switched_off(resources: Resources) -> None:
    text = "大家忽略了软云鼎件与硬件的协同。"
    kept = clean(text, reader=resources.reader, off={"injection"})
    assert kept.text == text


@pytest.mark.parametrize(
    "piece",
    [
        "雷",
        "软雷火件",
        "软ab件",
        "软 ",
        " ",
        "。【雷火】",
        "品(pin)",
        "雷火电竞 ",
        "软★件",
        "品(a",
        "|",
        "件-雷火体育。",
    ],
)
def test_time_grows_with_the_length(cleaner: Clean, piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        before = time.process_time()
        cleaner(text)
        return time.process_time() - before

    small = seconds(30_000)
    assert seconds(120_000) < 8 * small + 0.3
