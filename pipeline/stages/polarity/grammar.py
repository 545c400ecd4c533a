"""The clause grammar: from words that carry tone to findings, each a span with a signed value and the rule behind it.

The lexicon (``resources/tone.tsv``) gives words a *kind*; the grammar combines the kinds within a clause, and weighs
clauses against each other. In one pass over the sentence, from left to right:

1. the longest lexicon entries are matched at token boundaries;
2. punctuation and contrastive connectives (但, 却, 虽然 …) cut the sentence into clauses;
3. within a clause negators, degrees and operators (removes, lacks, goes up, goes down) look for the word they act on;
4. what remains alone counts with its own, smaller value;
5. each finding carries the *frame* it is told in (fact, plan, condition, hedge, quotation, question) and its *place*
   in the argument (conceded, or decisive after a contrast).

The kinds: E evaluation in the word itself (-2 … 2) · V noun of which more is good (> 0) or bad (< 0) · U goes up ·
D goes down · R removes or prevents what follows · L lacks, loses or neglects what follows · N negator (2: one that
tells a failure by itself, 未能) · G degree (a factor) · H hedge · P duty, wish, plan (2: one not met, 本可以) ·
C connective (1: what follows decides, -1: what follows is conceded) · X comparison (1: the left is better) · F
condition (2: against the facts, 如果当时) · O cause (no rule uses it).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

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
DEGREE_REACH = 3

_BREAKS = "，,；;：:。.！!—…（）()\n"
_STOPS = "。！!？?"
_OPEN_QUOTES = "“‘「『《"
_CLOSE_QUOTES = "”’」』》"
_ADVERBS = frozenset("却反偏仍")  # what connectives that follow the subject begin with
_SO_CALLED = frozenset(("所谓", "所谓的", "号称", "自称", "标榜", "美其名曰"))
_LISTING = frozenset(("、", "和", "与", "及", "或", "以及", "并", "且", "又", "/"))
# After these a direction names its goal, not its object: 降到冰点.
_GOAL = frozenset(("至", "到", "为", "成", "的"))
_HAVING = frozenset("有无没少乏么何是")  # what negators of a noun end in: 没有, 毫无, 没什么, 不是
_SIZES = frozenset("高低大小多少")


class Finding(NamedTuple):
    """Tokens ``first:end`` say something good (``value`` > 0) or bad (< 0), by ``rule``, in clause ``clause``."""

    first: int
    end: int
    value: float
    rule: str
    clause: int
    frame: Frame
    place: Place


class Lexicon(NamedTuple):
    """Entries by word, and the proper prefixes of entries, which let a match run over several tokens."""

    entries: dict[str, tuple[str, float]]
    prefixes: frozenset[str]


Mark = tuple[int, int, str, float]
"""Tokens ``first:end`` are an entry of this kind and value. A plain tuple: there is one for every third word."""


def load_lexicon(path: Path | None = None) -> Lexicon:
    """Read a tone lexicon: tab-separated ``word``, ``kind``, ``value`` with a header line; ``#`` starts a comment line.

    Args:
        path: None for the lexicon of the package.

    Raises:
        ValueError: a line that does not hold the three fields, or an unknown kind; it names file and line.
    """
    path = path or Path(__file__).parents[2] / "resources" / "tone.tsv"
    entries: dict[str, tuple[str, float]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[1:], 2):
        if not line or line[0] == "#":
            continue
        try:
            word, kind, value = line.split("\t")
            entries[word] = (kind, float(value))
        except ValueError:
            raise ValueError(f"{path}:{number}: expected word, kind and value, separated by tabs: {line!r}") from None
        if kind not in KINDS or not word:
            raise ValueError(f"{path}:{number}: unknown kind {kind!r}; known: {', '.join(KINDS)}")
    prefixes = frozenset(word[:i] for word in entries for i in range(1, len(word)))
    for mark in _BREAKS + _STOPS:
        entries[mark] = (",", 1.0 if mark in _STOPS else 0.0)
    for mark in "？?":
        entries[mark] = ("?", 1.0)
    for mark in _OPEN_QUOTES:
        entries[mark] = ("“", 0.0)
    for mark in _CLOSE_QUOTES:
        entries[mark] = ("”", 0.0)
    return Lexicon(entries, prefixes)


KINDS: tuple[str, ...] = tuple("EVUDRLNGHPCXFO")


def match(words: Sequence[str], lexicon: Lexicon) -> list[Mark]:
    """Return the longest entries, from left to right, that begin and end where tokens do."""
    entries, prefixes = lexicon
    get = entries.get
    marks: list[Mark] = []
    n = len(words)
    i = 0
    for at, word in enumerate(words):
        if at < i:
            continue  # inside the last match
        i = at + 1
        hit = get(word)
        if word in prefixes:
            joined, j = word, i
            while j < n:
                joined += words[j]
                j += 1
                longer = get(joined)
                if longer is not None:
                    hit, i = longer, j
                if joined not in prefixes:
                    break
        if hit is not None:
            marks.append((at, i, *hit))
        elif len(word) == 4:
            # The segmenter keeps some phrases whole (及时修复): two entries in one token.
            left, right = get(word[:2]), get(word[2:])
            if left is not None and right is not None:
                marks += ((at, i, *left), (at, i, *right))
    return marks


def parse(words: Sequence[str], marks: Sequence[Mark]) -> list[Finding]:
    """Return what the clauses of one sentence say, in order.

    Args:
        words: the sentence's tokens, white space and punctuation included.
        marks: of ``match``.
    """
    found: list[Finding] = []
    clause: list[Mark] = []
    number = 0
    place: Place = "plain"
    condition = 0  # clauses that a condition still covers: its own, and the one that tells the consequence
    question_from = conceded_from = 0
    settled = 0  # findings before this one have their place already
    quote = -1

    for mark in marks:
        first, end, kind, weight = mark
        if kind in ",?":
            if clause:
                _resolve(words, clause, number, place, condition > 0, found)
            if clause or kind == "?":
                number += 1
            condition -= condition > 0
            clause = []
            if kind == "?":
                found[question_from:] = [f._replace(frame="question") for f in found[question_from:]]
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
    return found


def _inside(connective: Sequence[str], clause: Sequence[Mark]) -> bool:
    """Return whether a connective stands within its clause, behind the subject (体验却很差), and so begins none."""
    return connective[0][0] in _ADVERBS and all([kind in "VvNGHP" for _, _, kind, _ in clause])


def clause_starts(words: Sequence[str], marks: Sequence[Mark]) -> list[int]:
    """Return the tokens with which the clauses of a sentence begin; the first is 0. A list with 、 is one clause.

    Args:
        words: the sentence's tokens.
        marks: of ``match``.
    """
    starts = [0]
    clause: list[Mark] = []
    for mark in marks:
        first, end, kind, _ = mark
        if kind in ",?":
            start = end
        elif kind == "C" and not _inside(words[first:end], clause):
            start = first
        else:
            clause.append(mark)
            continue
        clause = []
        if start > starts[-1]:
            starts.append(start)
    return starts


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

    def add(first: int, end: int, value: float, rule: str, quoted: bool = False) -> None:
        found.append(Finding(first, end, value, rule, clause, "quoted" if quoted else frame, place))

    def close_operator() -> None:
        nonlocal operator, used
        if operator is None or used:
            operator = None
            return
        at, to, kind, _ = operator
        operator, used = None, True
        # What it acts on may stand before it: 销量下滑, 问题得到解决.
        for k in range(len(found) - 1, start - 1, -1):
            f = found[k]
            noun = f.rule in ("good noun", "bad noun")
            if at - f.end > (BACK_REACH if noun or kind == "R" else 2):
                break
            value = (
                _combine(kind, f.value * (2.0 if noun else 1.0), operator_sign) if noun or f.rule == "word" else None
            )
            if value is not None:
                rule = value[1] if operator_sign > 0 else "negated"
                found[k] = f._replace(end=to, value=value[0], rule=rule)
                return
            if kind != "R":  # a remedy finds its problem beyond 得到, 有效
                break
        rule, value_alone = {"R": ("removes", 0.6), "L": ("lacks", -0.8), "U": ("up", 0.4), "D": ("down", -0.4)}[kind]
        add(at, to, value_alone * operator_sign, rule if operator_sign > 0 else "negated")

    for mark in marks:
        first, end, kind, value = mark
        if negator is not None and first - negator[1] > NEGATION_REACH:
            if negator[3] > 1 and parity < 0:
                add(negator[0], negator[1], -0.6, "fails")
            negator, parity = None, 1.0
        if kind == "N":
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
            close_operator()
            operator, operator_sign, used = mark, parity, False
            negator, parity = None, 1.0
            if kind in "UD" and (
                (end < len(words) and words[end] in _GOAL)
                or (words[end - 1][-1] in _SIZES and len(found) > start and first - found[-1].end <= 3)
            ):
                close_operator()  # its noun stands before it, if anywhere
        elif kind in "EVev":
            quoted = kind in "ev"
            noun = kind in "Vv"
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
                add(first, end, 0.5 * amount, "good noun" if amount > 0 else "bad noun", quoted)
            else:
                add(first, end, amount, "word", quoted)
    close_operator()
    if negator is not None and parity < 0 and negator[3] > 1:
        add(negator[0], negator[1], -0.6, "fails")


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
