"""The clause grammar: from words that carry tone to findings, each a span with a signed value and the rule behind it.

The lexicon (``resources/tone.tsv``) gives words a *kind*; the grammar combines the kinds within a clause, and weighs
clauses against each other. In one pass over the sentence, from left to right:

1. the longest lexicon entries are matched at token boundaries;
2. punctuation and contrastive connectives (但, 却, 虽然 …) cut the sentence into clauses;
3. within a clause negators, degrees and operators (removes, lacks, goes up, goes down) look for the word they act on;
4. good words that only name the domain of a problem (质量与效率之间的矛盾), go on in the object of neglect, say how
   something was said (坦诚指出) or which class of goods is meant (高端市场) count for nothing; a shortfall takes the
   merit before it along (打磨不足);
5. what remains alone counts with its own, smaller value;
6. each finding carries the *frame* it is told in (fact, plan, condition, hedge, quotation, question) and its *place*
   in the argument (conceded, or decisive after a contrast).

The kinds: E evaluation in the word itself (-2 … 2) · V noun of which more is good (> 0) or bad (< 0) · U goes up ·
D goes down · R removes or prevents what follows · L lacks, loses or neglects what follows · N negator (2: one that
tells a failure by itself, 未能) · G degree (a factor) · H hedge · P duty, wish, plan (2: one not met, 本可以) ·
C connective (1: what follows decides, -1: what follows is conceded) · X comparison (1: the left is better) · F
condition (2: against the facts, 如果当时) · O read by no rule: causes, and what would else be misread (还没算, no
negator).
"""

from __future__ import annotations

from bisect import bisect_right
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from pipeline.stages.polarity.figures import FROM, movements

if TYPE_CHECKING:
    from collections.abc import Sequence

Frame = Literal["fact", "plan", "condition", "hedge", "quoted", "question"]
Place = Literal["plain", "conceded", "decisive"]

FRAMES: tuple[Frame, ...] = ("fact", "plan", "condition", "hedge", "quoted", "question")
PLACES: tuple[Place, ...] = ("plain", "conceded", "decisive")
RULES: tuple[str, ...] = (
    "word",  # an evaluation in the word itself: 流畅, 崩溃
    "negated",  # a negator turns what follows: 没有问题, 不稳定
    "removes problem",  # 解决了卡顿, 问题得到修复
    "lacks good",  # 缺乏信任, 没有耐心, 牺牲体验
    "more good",  # 销量上涨, 提高效率
    "more bad",  # 成本过高, 加剧矛盾
    "less good",  # 份额下滑, 削弱信任
    "less bad",  # 减少投诉, 故障率降低
    "good noun",  # 口碑, on its own
    "bad noun",  # 风险, on its own
    "asserted",  # 暴露出风险: a bad noun that the clause says there is
    "removes",  # 避免 + something of no known tone
    "lacks",  # 忽视 + something of no known tone
    "fails",  # 未能, 无法 + something of no known tone
    "up",  # 上升, of what is not known
    "down",  # 减少, of what is not known
    "comparison",  # 优于, 不如
    "missed",  # 本可以, 如果当时: what was not done
)

# Reach, in tokens, of what acts on a later word of the clause. Removing and lacking reach far, since long attributes
# stand before a Chinese noun (解决了用户反馈最多的发热问题); a direction takes its noun close by.
REACH = {"R": 12, "L": 9, "U": 5, "D": 5}
BACK_REACH = 6
NEGATION_REACH = 5
FROM_REACH = 12
DEGREE_REACH = 3

_BREAKS = "，,；;：:。.！!—…（）()\n"
_STOPS = "。！!？?"
_OPEN_QUOTES = "“‘「『《"
_CLOSE_QUOTES = "”’」』》"
_ADVERBS = frozenset("却反偏仍")  # what connectives that follow the subject begin with
# Negators of a verb alone; 没有, 不是 may reach over an attribute to its noun
_CLAUSAL = frozenset(("未", "没", "没人", "无人", "没有人", "尚未", "还没", "从未", "未曾", "不曾"))
_SO_CALLED = frozenset(("所谓", "所谓的", "号称", "自称", "标榜", "美其名曰"))
_LISTING = frozenset(("、", "和", "与", "及", "或", "以及", "并", "且", "又", "/"))
# After these a direction names its goal, not its object: 降到冰点.
_GOAL = frozenset(("至", "到", "为", "成", "的"))
_HAVING = frozenset("有无没少乏么何是")  # what negators of a noun end in: 没有, 毫无, 没什么, 不是
_SIZES = frozenset("高低大小多少")
# Problems that the lexicon has as evaluations.
_PROBLEMS = frozenset((
    *("失误", "不足", "偏差", "缺失", "错误", "误判", "缺陷", "失败", "教训", "误区", "弊端", "失衡", "脱节", "混乱"),
    *("薄弱", "滞后", "缺位", "短视", "冲突", "失控", "失职", "疏漏", "疏忽", "漏洞", "硬伤", "软肋", "困境", "隐患"),
))  # fmt: skip

# Where the attribute of a noun begins, read from its 的 to the left: 在质量与效率平衡上的失误, 暴露了设计、体验的短板.
_ATTRIBUTE_STARTS = frozenset((
    *("在", "对", "对于", "于", "关于", "针对", "就", "从", "由", "因", "因为", "由于", "将", "把", "被", "让", "使"),
    *("了", "出", "过", "着", "是", "有", "存在", "面临", "暴露", "反映", "暴露出", "反映出", "指出", "承认", "发现"),
    *("来自", "带来", "导致", "造成", "出现", "引发", "形成", "解决", "弥补", "消除", "化解", "分析", "讨论", "梳理"),
))  # fmt: skip
_PREPOSITIONS = frozenset(("在", "对", "对于", "于", "关于", "针对"))
# What a problem may lie on, at the end of such an attribute.
_PLACES_OF_PROBLEMS = frozenset((
    *("上", "中", "里", "间", "方面", "层面", "之间", "环节", "领域", "过程", "维度", "端", "侧", "等", "之上"),
    *("方面上", "过程中", "环节上", "层面上"),
))  # fmt: skip
ATTRIBUTE_REACH = 14
"""Tokens that the attribute of a problem is followed to the left."""
_CHAIN = frozenset(("、", "和", "与", "及", "以及", "跟", "同", "或"))
# Verbs whose object is there: 暴露出问题, 面临风险.
_ASSERTING = frozenset((
    *("暴露", "暴露出", "反映", "反映出", "存在", "存在着", "面临", "面临着", "发现", "指出", "承认", "来自", "出现"),
    *("遇到", "遭遇", "带来", "造成", "导致", "引发", "有", "留下", "陷入", "显露出", "折射出", "凸显", "凸显出"),
    *("源于", "看到", "查出", "埋下"),
))  # fmt: skip
ASSERTION_REACH = 8
# A shortfall behind a merit takes it along: 打磨不足, 协同很不够.
_SHORTFALLS = frozenset((
    *("不足", "有限", "不够", "还不够", "远远不够", "不充分", "不到位", "不力", "不及时", "不完善", "不健全", "不清晰"),
    *("过长", "过慢", "过低", "过少", "过短", "过窄", "薄弱", "匮乏", "欠佳", "滞后", "缺位", "缺失", "欠缺", "较弱"),
    *("太弱", "太差", "太少", "很差", "较差", "不强", "不高", "不佳", "不畅", "不稳", "不严", "不明", "不清", "不深"),
    *("不透", "不全", "不牢", "不实", "失衡", "失灵", "失效", "严重不足", "明显不足", "相对不足"),
))  # fmt: skip
# A sentence about the text itself names its subjects, whatever they are: 本文从质量、口碑两方面展开.
_TEXTS = frozenset((
    *("本文", "下文", "全文", "以下", "下面", "本章", "本节", "本报告", "本篇", "这篇", "文章", "该文", "文中", "本书"),
))  # fmt: skip
_OUTLINING = frozenset((
    *("分为", "展开", "旨在", "讨论", "介绍", "梳理", "探讨", "围绕", "试图", "论述", "阐述", "聚焦", "依次", "逐一"),
    *("分析", "剖析", "论及", "尝试", "讲述", "解读", "方面"),
))  # fmt: skip
# Classes of goods, no praise unless by degree: 高端市场, but 很高端.
_TIERS = frozenset(("高端", "低端", "中高端", "中低端", "高档", "低档", "高级", "初级"))
# How something is said tells nothing of the matter: 坦诚指出.
_SAYING = frozenset((
    *("指出", "承认", "表示", "说", "说道", "认为", "告诉", "回答", "写道", "反思", "强调", "坦言", "谈到", "提到"),
    *("讲", "回应", "总结", "回顾", "评价", "面对", "交代", "告知", "分析", "复盘", "剖析", "解释"),
))  # fmt: skip
# Verbs that begin something new behind the object of neglect: 忽视质量导致口碑下滑.
_NEW_VERBS = frozenset(
    (
        "导致",
        "造成",
        "使",
        "使得",
        "让",
        "令",
        "引发",
        "带来",
        "换来",
        "来",
        "去",
        "以",
        "而",
        "就",
        "把",
        "将",
        "情况",
        "时",
    )
)
# What makes a measure of what stands before it: 投诉量, 修复率, 延误次数
_MEASURES = frozenset((
    *("率", "数", "量", "额", "值", "数量", "次数", "人数", "件数", "起数", "单量", "总数", "总量", "总额"),
    *("比例", "占比", "概率", "频次", "频率", "比率", "几率", "天数", "时长", "时间"),
))  # fmt: skip
_TIMES = frozenset(("时间", "时长", "天数"))
SUBJECT_MARKS = 12
"""Entries of the lexicon in a subject, at most."""
OBJECT_GAP = 5
"""Tokens from one good word to the next in the object of neglect."""


Mark = tuple[int, int, str, float]
"""Tokens ``first:end`` are an entry of this kind and value. A plain tuple: there is one for every third word."""


class Finding(NamedTuple):
    """Tokens ``first:end`` say something good (``value`` > 0) or bad (< 0), by ``rule``, in clause ``clause``."""

    first: int
    end: int
    value: float
    rule: str
    clause: int
    frame: Frame
    place: Place


class Parse(NamedTuple):
    """Findings in order, the tokens with which clauses begin, and the entries matched.

    The first clause begins with token 0. A list with 、 is one clause.
    """

    findings: list[Finding]
    starts: list[int]
    marks: list[Mark]


class Lexicon(NamedTuple):
    """Entries, (kind, value) by word, and what ``match`` asks.

    ``starts`` has every entry and every beginning of one: its own entry, if any, and whether longer ones begin so.
    """

    entries: dict[str, tuple[str, float]]
    starts: dict[str, tuple[tuple[str, float] | None, bool]]


def load_lexicon(path: Path | None = None) -> Lexicon:
    """Read a tone lexicon: tab-separated ``word``, ``kind``, ``value`` with a header line; ``#`` starts a comment line.

    Args:
        path: None for the lexicon of the package.

    Raises:
        ValueError: a line that does not hold the three fields, or an unknown kind; it names file and line.
    """
    path = path or Path(__file__).parents[2] / "resources" / "tone.tsv"
    entries: dict[str, tuple[str, float]] = {}
    # One object for equal entries: few places of memory to visit.
    known: dict[str, tuple[str, float]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[1:], 2):
        if not line or line[0] == "#":
            continue
        try:
            word, _, said = line.partition("\t")
            if said not in known:
                kind, value = said.split("\t")
                known[said] = (kind, float(value))
            entries[word] = known[said]
        except ValueError:
            raise ValueError(f"{path}:{number}: expected word, kind and value, separated by tabs: {line!r}") from None
        if entries[word][0] not in KINDS or not word:
            raise ValueError(f"{path}:{number}: unknown kind {entries[word][0]!r}; known: {', '.join(KINDS)}")
    prefixes = {word[:i] for word in entries for i in range(1, len(word))}
    for mark in _BREAKS + _STOPS:
        entries[mark] = (",", 1.0 if mark in _STOPS else 0.0)
    for mark in "？?":
        entries[mark] = ("?", 1.0)
    for mark in _OPEN_QUOTES:
        entries[mark] = ("“", 0.0)
    for mark in _CLOSE_QUOTES:
        entries[mark] = ("”", 0.0)
    ends = {entry: (entry, False) for entry in entries.values()}
    goes_on = {entry: (entry, True) for entry in entries.values()}
    starts: dict[str, tuple[tuple[str, float] | None, bool]] = {
        word: goes_on[entry] if word in prefixes else ends[entry] for word, entry in entries.items()
    }
    starts |= dict.fromkeys(prefixes - entries.keys(), (None, True))
    return Lexicon(entries, starts)


KINDS: tuple[str, ...] = tuple("EVUDRLNGHPCXFO")


def _measure(kind: str, value: float, measure: str) -> float:
    """Return the side of a measure of what an entry counts, 0 where it has none: 失误数 is bad, 修复率 good."""
    if measure not in _MEASURES or kind not in "EVRL":
        return 0.0
    good = kind == "R" or (kind != "L" and value > 0)
    if measure in _TIMES:
        # How long a remedy takes is bad as well; of a merit it is not known
        return -1.0 if kind == "R" or not good else 0.0
    return 1.0 if good else -1.0


def match(words: Sequence[str], lexicon: Lexicon) -> list[Mark]:
    """Return the longest entries, from left to right, that begin and end where tokens do."""
    entries, starts = lexicon
    marks: list[Mark] = []
    n = len(words)
    i = 0
    for at, there in enumerate(map(starts.get, words)):
        if there is None:
            word = words[at]
            if len(word) == 4 and at >= i:
                # The segmenter keeps some phrases whole (及时修复): two entries in one token.
                left, right = entries.get(word[:2]), entries.get(word[2:])
                if left is not None and right is not None:
                    marks += ((at, at + 1, *left), (at, at + 1, *right))
                elif right is not None and right[0] == "E":
                    marks.append((at, at + 1, *right))  # 管理混乱
                elif left is not None and (side := _measure(*left, word[2:])):
                    marks.append((at, at + 1, "V", side))
            elif len(word) == 3 and at >= i and word[2] in _MEASURES:
                left = entries.get(word[:2])
                if left is not None and (side := _measure(*left, word[2])):
                    marks.append((at, at + 1, "V", side))
            elif len(word) == 2 and at >= i:
                # 很糟, 太慢, 不稳: an adverb and what it stands before
                left, right = entries.get(word[0]), entries.get(word[1])
                if left is not None and right is not None and left[0] in "GN" and right[0] == "E":
                    marks += ((at, at + 1, *left), (at, at + 1, *right))
            continue
        if at < i:
            continue  # inside the last match
        hit, more = there
        i = at + 1
        if more:
            joined, j = words[at], i
            while j < n:
                joined += words[j]
                j += 1
                longer = starts.get(joined)
                if longer is None:
                    break
                if longer[0] is not None:
                    hit, i = longer[0], j
                if not longer[1]:
                    break
        if hit is not None:
            kind, value = hit
            if i < n and words[i] in _MEASURES and (side := _measure(kind, value, words[i])):
                # 失误数, 修复率: of what there may be more or less
                kind, value = "V", side
                i += 1
            marks.append((at, i, kind, value))
    return marks


def _with_movements(words: Sequence[str], marks: list[Mark]) -> list[Mark]:
    """Return the marks with a direction where only figures tell one: 从三天到四小时."""
    firsts = [mark[0] for mark in marks]
    added: list[Mark] = []
    gone: set[int] = set()
    for start, at, kind, dimension in movements(words):
        near = range(max(0, bisect_right(firsts, start) - 1), bisect_right(firsts, at))
        if any(marks[k][1] > start and marks[k][2] in "UDRL" for k in near):
            continue  # a verb says it
        # What has no known noun: less time is better, as with 缩短
        added.append((at, at + 1, kind, -1.0 if dimension == "time" else 1.0))
        gone.update([k for k in near if marks[k][1] > at])
    return sorted([*[mark for k, mark in enumerate(marks) if k not in gone], *added]) if added else marks


def parse(words: Sequence[str], lexicon: Lexicon) -> Parse:
    """Return what the clauses of one sentence say.

    Args:
        words: the sentence's tokens, white space and punctuation included.
        lexicon: of ``load_lexicon``.
    """
    starts = [0]
    found: list[Finding] = []
    clause: list[Mark] = []
    number = 0
    place: Place = "plain"
    condition = 0  # clauses that a condition still covers: its own, and the one that tells the consequence
    question_from = conceded_from = 0
    settled = 0  # findings before this one have their place already
    quote = -1
    outline = -1  # findings before the first full stop, once it has come

    marks = match(words, lexicon)
    if not FROM.isdisjoint(words):
        marks = _with_movements(words, marks)
    for mark in marks:
        first, end, kind, weight = mark
        if kind in ",?":
            if clause:
                _resolve(words, clause, number, place, condition > 0, found)
            if clause or kind == "?":
                number += 1
            condition -= condition > 0
            clause = []
            if end > starts[-1]:
                starts.append(end)
            if kind == "?":
                found[question_from:] = [f._replace(frame="question") for f in found[question_from:]]
            if weight and outline < 0:
                outline = len(found)
            if weight:  # the end of a sentence: nothing reaches over it
                place, condition, question_from, settled = "plain", 0, len(found), len(found)
            elif place == "conceded" and number > conceded_from:
                place = "decisive"  # 尽管难，我们做成了: the main clause need not begin with 但
        elif kind == "C":
            inside = _inside(words[first:end], clause)
            if clause and not inside:
                _resolve(words, clause, number, place, condition > 0, found)
                number += 1
            if not inside:
                clause = []
                if first > starts[-1]:
                    starts.append(first)
            if weight < 0:
                place, conceded_from = "conceded", number
            else:
                # 不是运气, 而是 …: the first half only clears the ground.
                denied = words[first] == "而是"
                for k in range(settled, len(found)):
                    f = found[k]
                    value = 0.3 * f.value if denied and f.clause == number - 1 else f.value
                    found[k] = f._replace(place="conceded", value=value)
                settled = len(found)
                place = "decisive"
        elif kind == "F":
            condition = 2
            clause.append(mark)
        elif kind == "“":
            quote = end
        elif kind == "”":
            # A short quotation is a term or irony: its words are mentioned, not said. A long one is speech.
            if quote >= 0 and first - quote <= 3:
                ironic = any(word in _SO_CALLED for word in words[max(0, quote - 3) : quote - 1])
                for k in range(len(clause) - 1, -1, -1):
                    at, to, said, value = clause[k]
                    if at < quote:
                        break
                    clause[k] = (at, to, said.lower(), -abs(value) if ironic else value)
            quote = -1
        else:
            clause.append(mark)
    if clause:
        _resolve(words, clause, number, place, condition > 0, found)
    if found and not _TEXTS.isdisjoint(words[:3]) and not _OUTLINING.isdisjoint(words):
        # Up to the end of the sentence proper
        found = [f._replace(frame="quoted") if outline < 0 or k < outline else f for k, f in enumerate(found)]
    return Parse(found, starts, marks)


def _inside(connective: Sequence[str], clause: Sequence[Mark]) -> bool:
    """Return whether a connective stands within its clause, behind the subject (体验却很差), and so begins none."""
    # A subject is short; so that a clause that never ends is not gone over at each of its connectives.
    return (
        connective[0][0] in _ADVERBS
        and len(clause) <= SUBJECT_MARKS
        and all(kind in "VvNGHP" for _, _, kind, _ in clause)
    )


def _resolve(
    words: Sequence[str],
    marks: list[Mark],
    clause: int,
    place: Place,
    condition: bool,
    found: list[Finding],
) -> None:
    """Combine the marks of one clause and append its findings."""
    frame: Frame = "condition" if condition else "fact"
    start = len(found)
    negator: Mark | None = None  # the open negator
    parity = 1.0  # -1 under an odd number of negators
    degree, degree_end = 1.0, -99
    operator: Mark | None = None
    operator_sign = 1.0
    used = True  # whether the operator has found something to act on
    neglect: Finding | None = None  # the last of an operator that lacks something, whose object may go on

    def add(first: int, end: int, value: float, rule: str, quoted: bool = False) -> None:
        found.append(Finding(first, end, value, rule, clause, "quoted" if quoted else frame, place))

    for mark in marks:
        first, end, kind, value = mark
        if (
            negator is not None
            and (
                first - negator[1] > NEGATION_REACH
                # 没人认领的事清零了: the negator stays in its attribute
                or (words[negator[0]] in _CLAUSAL and "的" in words[negator[1] : first])
            )
        ):
            if negator[3] > 1 and parity < 0:
                add(negator[0], negator[1], -0.6, "fails")
            negator, parity = None, 1.0
        if kind == "N":
            if (
                words[end - 1] in _SHORTFALLS
                and (end == len(words) or words[end] in _BREAKS)
                and len(found) > start
                and found[-1].end == first
                and found[-1].rule in ("good noun", "word")
                and found[-1].value > 0
            ):
                found[-1] = found[-1]._replace(end=end, value=-max(1.0, found[-1].value), rule="lacks good")
                continue
            parity = -parity if negator is not None else -1.0
            negator = mark
        elif kind == "G":
            if found and len(found) > start and found[-1].end == first and degree_end != first:
                found[-1] = found[-1]._replace(value=found[-1].value * value)  # 问题严重: the degree follows
            degree, degree_end = value, end
        elif kind == "P":
            if value > 1:
                add(first, end, -0.6, "missed")
            # 对质量的承诺, 用户的期待: a noun, which plans nothing
            if (first and words[first - 1] == "的") or (end == len(words) or words[end] in _BREAKS + _STOPS):
                continue
            if negator is None:
                frame = "plan" if frame == "fact" or frame == "hedge" else frame
        elif kind == "H":
            frame = "hedge" if frame == "fact" else frame
        elif kind == "F":
            if value > 1:
                add(first, end, -0.6, "missed")
            frame = "condition"
        elif kind in "Xx":
            add(first, end, 0.7 * value * parity, "comparison" if parity > 0 else "negated", kind == "x")
            negator, parity = None, 1.0
        elif kind in "URLD":
            if operator is not None and not used:
                _close(operator, operator_sign, words, clause, frame, place, found, start)
            operator, operator_sign, used = mark, parity, False
            negator, parity = None, 1.0
            if kind in "UD" and (
                (end < len(words) and words[end] in _GOAL)
                or words[end - 1][-1] in "到至"
                or (words[end - 1][-1] in _SIZES and len(found) > start and first - found[-1].end <= 3)
            ):
                # Its noun stands before it, if anywhere
                _close(mark, operator_sign, words, clause, frame, place, found, start)
                operator, used = None, True
        elif kind in "EVev":
            quoted = kind in "ev"
            noun = kind in "Vv"
            if not noun and words[end - 1] in _TIERS and degree_end != first:
                continue
            if value > 0:
                after = end + (end < len(words) and words[end] == "地")
                if not noun and after < len(words) and words[after] in _SAYING:
                    continue
                if (
                    used
                    and neglect is not None
                    and first - neglect.end <= OBJECT_GAP
                    and found
                    and found[-1] is neglect
                    and negator is None
                    and not any(word in _NEW_VERBS for word in words[neglect.end : first])
                ):
                    neglect = found[-1] = neglect._replace(end=end)
                    continue
            else:
                shortfall = words[end - 1] in _SHORTFALLS
                if shortfall and len(found) > start and negator is None and operator is None:
                    f = found[-1]
                    gap = first - f.end
                    if (
                        f.value > 0
                        and f.rule in ("good noun", "word")
                        and (gap == 0 or (gap == 1 and degree_end == first))
                    ):
                        by = degree if gap else 1.0
                        found[-1] = f._replace(end=end, value=-by * max(1.0, f.value, -value), rule="lacks good")
                        degree_end = -99
                        continue
                if noun or words[end - 1] in _PROBLEMS:
                    _drop_attribute(first, words, found, start)
            amount = value * (degree if first - degree_end <= DEGREE_REACH else 1.0)
            degree_end = -99
            combined = None
            if operator is not None and first - operator[1] <= REACH[operator[2]]:
                combined = _combine(operator[2], amount, operator_sign * parity)
            if combined is not None and operator is not None:
                listed = words[first - 1] in _LISTING
                if not used or listed or (operator[2] == "R" and amount < 0):
                    rule = combined[1] if operator_sign * parity > 0 else "negated"
                    add(first if used else operator[0], end, combined[0], rule, quoted)
                    neglect = found[-1] if operator[2] == "L" and amount > 0 else None
                    used = True
                    negator, parity = None, 1.0
                    continue
            # 没有经验 lacks it; 不会影响经验 negates the verb between.
            if noun and negator is not None and first > negator[1] and words[negator[1] - 1][-1] not in _HAVING:
                add(first, end, 0.5 * amount, "good noun" if amount > 0 else "bad noun", quoted)
            elif parity < 0 and negator is not None:
                # A denied merit weighs as much as the merit; a denied fault less than the fault.
                turned = -amount if amount > 0 else -0.7 * amount
                add(negator[0], end, turned, "lacks good" if noun and amount > 0 else "negated", quoted)
                negator, parity = None, 1.0
            elif noun:
                if amount < 0 and _ASSERTING.intersection(words[max(0, first - ASSERTION_REACH) : first]):
                    add(first, end, 0.8 * amount, "asserted", quoted)
                else:
                    add(first, end, 0.5 * amount, "good noun" if amount > 0 else "bad noun", quoted)
            else:
                add(first, end, amount, "word", quoted)
    if operator is not None and not used:
        _close(operator, operator_sign, words, clause, frame, place, found, start)
    if negator is not None and parity < 0 and negator[3] > 1:
        add(negator[0], negator[1], -0.6, "fails")
    if len(found) > start + 1:
        # What counts alone was added last, wherever it stands
        found[start:] = sorted(found[start:], key=itemgetter(0))


def _close(
    operator: Mark,
    sign: float,
    words: Sequence[str],
    clause: int,
    frame: Frame,
    place: Place,
    found: list[Finding],
    start: int,
) -> None:
    """Find what an operator acts on before it, among the findings from ``start``, or let it count alone.

    ``sign`` is -1 where a negator stands over it.
    """
    at, to, kind, alone = operator
    if kind in "UD" and len(found) > start + 1 and found[-1].rule == "word" and found[-1].end == at:
        noun_before = found[-2]
        if noun_before.rule in ("good noun", "bad noun") and at - noun_before.end <= BACK_REACH:
            found.pop()  # 亏损总算收窄: what stands between is how it went, not what
    # 销量下滑, 问题得到解决
    for k in range(len(found) - 1, start - 1, -1):
        f = found[k]
        noun = f.rule in ("good noun", "bad noun")
        gap = at - f.end
        if gap < 0:
            continue  # it stands behind, out of reach
        if gap > FROM_REACH:
            break
        # 故障从九次降到一次: what goes from here to there stands before.
        ranging = kind in "UD" and not FROM.isdisjoint(words[f.end : at])
        if gap > (BACK_REACH if noun or kind == "R" else 2) and not ranging:
            break
        # 未解决的缺陷 降到九个: what is not done is a bad thing of which there may be less.
        undone = f.rule == "negated" and f.value < 0 and kind in "DR" and "的" in words[f.first : at]
        value = _combine(kind, f.value * (2.0 if noun else 1.0), sign) if noun or undone or f.rule == "word" else None
        if value is not None:
            rule = value[1] if sign > 0 else "negated"
            found[k] = f._replace(end=to, value=value[0], rule=rule)
            if kind in "UD" and noun:
                _share(k, value[1], rule, words, found, start)
            if kind == "L" and words[at - 1] == "的":
                _drop_attribute(at, words, found, start)
            return
        if kind != "R":  # a remedy finds its problem beyond 得到, 有效
            break
    rule, value_alone = {"R": ("removes", 0.6), "L": ("lacks", -0.8), "U": ("up", 0.4), "D": ("down", -0.4)}[kind]
    # 缩短 has the value -1: what gets shorter is a time, and better for it
    value_alone *= alone * sign
    found.append(Finding(at, to, value_alone, rule if sign > 0 else "negated", clause, frame, place))


def _share(k: int, came_to: str, rule: str, words: Sequence[str], found: list[Finding], start: int) -> None:
    """Let the nouns listed before finding ``k`` go the same way: 销量和口碑双双下滑.

    ``came_to`` is the rule without a negator, ``rule`` the one to show.
    """
    good = found[k].value > 0
    for j in range(k - 1, start - 1, -1):
        before = found[j]
        listed = before.end + 1 == found[j + 1].first and words[before.end] in _CHAIN
        bad = before.rule == "bad noun" or (before.rule == "word" and before.value < 0)
        if not listed or not (before.rule == "good noun" if came_to.endswith("good") else bad):
            break
        size = abs(before.value) * (1.0 if before.rule == "word" else 2.0)
        found[j] = before._replace(value=size if good else -size, rule=rule)


def _drop_attribute(noun: int, words: Sequence[str], found: list[Finding], start: int) -> None:
    """Drop the good words in the attribute of a problem, from finding ``start`` on: its domain, no merits."""
    to = noun
    while to > 0 and words[to - 1] != "的":
        to -= 1
        if noun - to > 3 or words[to] in _BREAKS:
            return
    to -= 1  # the 的
    low = max(to - ATTRIBUTE_REACH, 0)
    at = to
    while at > low and words[at - 1] not in _ATTRIBUTE_STARTS and words[at - 1] not in _BREAKS:
        at -= 1
    if at >= to:
        return
    domain = words[to - 1] in _PLACES_OF_PROBLEMS or (at > 0 and words[at - 1] in _PREPOSITIONS)
    k = len(found) - 1
    while k >= start and found[k].first >= at:
        f = found[k]
        if f.value > 0 and f.end <= to:
            # What is listed, or leads straight up to 的; an adjective before 的 is praise: 不错的方案的问题.
            listed = words[f.end] in _CHAIN or words[f.end] in _PLACES_OF_PROBLEMS
            if f.rule == "good noun":
                if domain or listed or f.end == to:
                    del found[k]
            elif f.rule == "word" and domain and f.end < to and (listed or words[f.first - 1] in _CHAIN):
                del found[k]
        k -= 1


def _combine(kind: str, value: float, sign: float) -> tuple[float, str] | None:
    """Return value and rule of an operator over a word of ``value``, or None where they do not combine.

    ``sign`` is -1 where a negator stands over the operator: 没有解决问题 is bad, 不缺经验 is good.
    """
    size = max(0.5, abs(value))
    if kind == "R":
        return (sign * size, "removes problem") if value < 0 else None
    if kind == "L":
        return (-sign * size, "lacks good") if value > 0 else (-0.6 * sign * size, "lacks")
    good = value > 0
    if kind == "U":
        return (sign * size, "more good") if good else (-sign * size, "more bad")
    return (-sign * size, "less good") if good else (sign * size, "less bad")
