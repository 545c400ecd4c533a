"""What a sentence says of two things that it holds: a cue that stands where it must, between or before them.

Cues are looked for with the grammar in view: 而非 opposes what stands directly around it, 由于 opens the clause of the
cause, 以 … 赢得 that of the means. A cue that stands elsewhere links something else, and counts for nothing: of what
is found most should be true, and a pair without a cue is no claim.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from pipeline.model import RelationKind

_LONGEST = 24
"""Characters between the two: further apart, a cue between them mostly links others."""
_AHEAD = 14
"""Characters before the first: where a cue that opens its clause must stand."""

_Span = tuple[int, int]


_DENYING = 4
"""Characters before a cue in which a word that denies it stands."""
_DENIES = re.compile(r"不(?!断|仅|但|光|只|同|足)|没|未(?!来)|无(?!论)|别(?!的)|勿|并非|避免|防止|难以|是否|能否")


class Cue(NamedTuple):
    """A relation of two spans of a text.

    Attributes:
        kind: see ``Relation``.
        start, end: the first of the words that say it.
        text: the words, several joined by ``…``.
        forward: whether the first span is the cause, the means or what is put first; None for an opposition.
    """

    kind: RelationKind
    start: int
    end: int
    text: str
    forward: bool | None


class Rule(NamedTuple):
    """A pattern for what stands between the two, with another for what must stand before or after, if any.

    ``cue`` finds the words without which it cannot hold.
    """

    kind: RelationKind
    forward: bool | None
    cue: re.Pattern[str]
    between: re.Pattern[str]
    before: re.Pattern[str] | None = None
    after: re.Pattern[str] | None = None


def _rule(kind: RelationKind, forward: bool | None, between: str, before: str = "", after: str = "") -> Rule:
    return Rule(
        kind,
        forward,
        re.compile(_group(before or after or between)),
        re.compile(between),
        re.compile(before) if before else None,
        re.compile(after) if after else None,
    )


def _group(pattern: str) -> str:
    """Return what stands in the first group of a pattern that is kept."""
    start = re.search(r"(?<!\\)\((?!\?)", pattern)
    assert start is not None, pattern
    depth = 1
    for at in range(start.end(), len(pattern)):
        depth += {"(": 1, ")": -1}.get(pattern[at], 0)
        if not depth:
            return pattern[start.end() : at]
    raise AssertionError(pattern)


# A word that joins clauses opens its clause; what stands between it and the comma is part of it
_CLAUSE = r"^[^。；;！？!?]*[，,]"
# Verbs whose object is an end that one works for
_ENDS = (
    "提升|提高|改善|改进|优化|保证|保障|确保|加强|增强|强化|满足|赢得|赢回|换取|换来|换回|换得|争取|获得|获取|重建|修复|重塑|建立|"
    "树立|挽回|恢复|巩固|降低|减少|压低|控制|避免|防止|实现|达成|达到|完成|支撑|推动|促进|带动|拉动|吸引|留住|积累|解决|应对"
)
_BRINGS = (
    "导致|造成|致使|引发|引起|带来|助长|拖累|拖慢|拖垮|拉低|削弱|伤害|损害|损伤|透支|挤压|侵蚀|蚕食|破坏|动摇|危及|推高|催生|"
    "促成|毁掉|毁了|葬送|消除"
)

_RULES = (
    # one stands for the other's opposite
    _rule(
        "opposition",
        None,
        r"^[^，,。；;]{0,6}[，,]?(而非|而不是|并不等于|不等于|并不代表|不代表|掩盖)[^，,。；;]{0,6}$",
    ),
    _rule(
        "opposition",
        None,
        r"[，,]\s*(而是|却是)[^，,。；;]{0,8}$",
        before=r"(不是|并非|不在于|不止于)[^，,。；;]{0,8}$",
    ),
    _rule(
        "opposition",
        None,
        r"(换来|换取|换|来换|以换取|为代价)[^，,。；;]{0,8}$",
        before=r"(牺牲|以牺牲)[^，,。；;]{0,6}$",
    ),
    _rule(
        "opposition",
        None,
        r"^[^，,。；;、]{0,4}(?:和|与|跟|同|、)[^，,。；;、]{0,4}$",
        after=r"^[^，,。；;]{0,4}(矛盾|冲突|失衡|脱节|对立|背离|割裂|两张皮|错位|落差|不匹配|不成比例|两难|顾此失彼)",
    ),
    # one is put above the other
    _rule(
        "priority",
        True,
        r"^[^，,。；;]{0,8}?(优先于|高于|大于|重于|先于|胜过|胜于|强于|压倒|凌驾于|盖过)[^，,。；;]{0,5}$",
    ),
    _rule(
        "priority",
        False,
        r"^[^，,。；;]{0,8}(让位于|让位给|不如|次于|不及|服从于|服从|落后于|落后|低于)[^，,。；;]{0,5}$",
    ),
    _rule(
        "priority",
        False,
        r"^[^，,。；;]{0,6}(转向|转为|转到|转变为|变为|变成|回到|走向|升级为)[^，,。；;]{0,5}$",
        before=r"(从|由)[^，,。；;]{0,6}$",
    ),
    _rule(
        "priority",
        False,
        r"(更关注|更看重|更重视|多)[^，,。；;]{0,8}$",
        before=r"(不关注|不看重|更少|少)[^，,。；;]{0,6}$",
    ),
    _rule(
        "priority", True, r"^(比)[^，,。；;]{0,4}$", after=r"^[^，,。；;]{0,3}?(更(?!低|少|差|不|慢|弱)|重要|要紧|优先)"
    ),
    # one brings the other about
    _rule("cause", True, rf"^[^。；;]{{0,12}}({_BRINGS})(?!的)(?:了|着)?[^，,。；;、]{{0,10}}$"),
    _rule(
        "cause",
        True,
        r"^[^，,。；;]{0,8}[，,]?[^，,。；;]{0,3}(使得|使(?!用|命|者)|让(?!步|利)|令(?!人|牌)|迫使)[^，,。；;]{0,4}$",
    ),
    _rule(
        "cause",
        True,
        r"^[^，,。；;]{0,14}(决定了(?!要)|影响到?了?(?!力)|意味着|助推|推动|拉动|带动|促进)[^，,。；;]{0,6}$",
    ),
    _rule("cause", True, _CLAUSE + r"[^，,。；;]{0,2}(所以|因此|因而|以致|以至于)[^。；;]{0,12}$"),
    _rule("cause", True, _CLAUSE + r"[^。；;]{0,12}$", before=r"(由于|因为)[^，,。；;]{0,8}$"),
    _rule(
        "cause",
        True,
        _CLAUSE + r"[^。；;]{0,3}(就|那么|那|则|便|会|将)[^，,。；;]{0,8}$",
        before=r"(如果|若是?|要是|一旦|只有|唯有)[^，,。；;]{0,8}$",
    ),
    _rule(
        "cause",
        True,
        r"^[^，,。；;]{0,14}[，,][^，,。；;]{0,4}$",
        before=r"(如果|若是?|要是|一旦)[^，,。；;]{0,8}$",
        after=r"^[^，,。；;]{0,3}(就|便|将会?|会)",
    ),
    _rule("cause", True, _CLAUSE + r"[^。；;]{0,12}$", before=r"(随着)[^，,。；;]{0,6}$"),
    _rule(
        "cause",
        False,
        r"^[^。；;]{0,12}(源于|源自|来自于?|来源于|归因于|归咎于|归功于|得益于|取决于|取决|依赖于|受制于|受限于|是因为|原因是|原因在于|根源在于|根源是)[^，,。；;]{0,10}$",
    ),
    _rule("cause", False, r"^[^，,。；;]{0,8}[，,]?[^，,。；;]{0,3}(因为|由于)[^，,。；;]{0,10}$"),
    _rule(
        "cause",
        False,
        r"^[^，,。；;]{0,4}(?:也|都|会)?(受到?)[^，,。；;]{0,6}$",
        after=r"^[^，,。；;]{0,5}(影响|限制|拖累|制约|冲击|推动)",
    ),
    # one serves the other
    _rule(
        "means",
        True,
        rf"^[^。；;]{{0,10}}[，,]?((?:以此|以便|以|来|从而|进而|用来|去)(?:更好地?|不断|全面|有效|最大化)?(?:{_ENDS}))[^，,。；;]{{0,8}}$",
    ),
    _rule(
        "means",
        True,
        rf"^[^。；;、]{{0,16}}({_ENDS})(?:了|到)?[^，,。；;、]{{0,8}}$",
        before=r"(通过|借助|依靠|靠着?|凭借|利用|(?<![所可难加予得])以(?![及上下内外前后来])|(?<![使利采作应费信引])用(?![户于途来]))[^，,。；;、]{0,8}$",
    ),
    _rule("means", False, r"^[^。；;]{0,14}[，,][^。；;]{0,16}$", before=r"(为了|为保证|为确保)[^，,。；;]{0,8}$"),
    _rule("means", False, r"^[^，,。；;]{0,10}(要靠|靠的是|依靠|靠|离不开|借助)[^，,。；;]{0,6}$"),
)


def applicable(text: str) -> tuple[Rule, ...]:
    """Return the rules whose cue a text holds: what ``relation`` is to try on its pairs."""
    return tuple([rule for rule in _RULES if rule.cue.search(text)])


def relation(text: str, first: _Span, second: _Span, rules: Sequence[Rule] | None = None) -> Cue | None:
    """Return what a sentence says of two things, by the words that say it; None where it says nothing of them.

    Args:
        text: the sentence as read.
        first, second: where the two stand in it, in this order, not overlapping.
        rules: of the sentence, where ``applicable`` has been asked already.
    """
    if rules is None:
        rules = applicable(text)
    if second[0] - first[1] > _LONGEST:
        return None
    between = text[first[1] : second[0]]
    before = text[max(0, first[0] - _AHEAD) : first[0]]
    after = text[second[1] : second[1] + _AHEAD]
    for rule in rules:
        # what must stand around is the rarer
        ahead = rule.before.search(before) if rule.before else None
        behind = rule.after.match(after) if rule.after else None
        if (rule.before and ahead is None) or (rule.after and behind is None):
            continue
        middle = rule.between.search(between)
        if middle is None:
            continue
        if _denied(text, first, second, ahead, middle, behind, before):
            return None
        parts: list[_Span] = []
        if ahead is not None:
            parts.append((first[0] - len(before) + ahead.start(1), first[0] - len(before) + ahead.end(1)))
        if middle.re.groups and middle.start(1) >= 0:
            parts.append((first[1] + middle.start(1), first[1] + middle.end(1)))
        if behind is not None:
            parts.append((second[1] + behind.start(1), second[1] + behind.end(1)))
        return Cue(rule.kind, *parts[0], "…".join(text[a:b] for a, b in parts), rule.forward)
    return None


def _denied(
    text: str,
    first: _Span,
    second: _Span,
    ahead: re.Match[str] | None,
    middle: re.Match[str],
    behind: re.Match[str] | None,
    before: str,
) -> bool:
    """Return whether what a rule found is negated, averted or asked: 不会导致, 并不对立, 是否影响."""
    places = []
    if ahead is not None:
        places.append(first[0] - len(before) + ahead.start(1))
    if middle.re.groups and middle.start(1) >= 0:
        places.append(first[1] + middle.start(1))
    if behind is not None:
        places.append(second[1] + behind.start(1))
    return any(_DENIES.search(text[max(0, at - _DENYING) : at]) for at in places)


def closest(first: Sequence[_Span], second: Sequence[_Span]) -> list[tuple[_Span, _Span, bool]]:
    """Return the pairs of spans with neither thing between them: (earlier, later, whether the earlier is of ``first``).

    Linear in the spans once they are sorted. Overlapping spans make no pair.
    """
    if len(first) == len(second) == 1:  # most often
        (one,), (other,) = first, second
        if one[1] <= other[0]:
            return [(one, other, True)]
        return [(other, one, False)] if other[1] <= one[0] else []
    spans = sorted([(span, True) for span in first] + [(span, False) for span in second])
    return [
        (one, other, own) for (one, own), (other, others) in pairwise(spans) if own != others and one[1] <= other[0]
    ]
