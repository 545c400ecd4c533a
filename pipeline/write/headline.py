"""The headline: what the numbers say in a few Chinese sentences, each of them only where its condition holds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.write.wording import LABELS, ConceptView, concepts, heading, side, signed, tone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.analysis import Analysis

FLAT: Final = 0.2
"""Range of the sections' scores below which they are said to differ little: twice the margin of a neutral score."""
STEADY: Final = 0.3
"""Range from which a tone that only rises, or only falls, is said to do so."""
LEAST: Final = 3
"""Sections that a course needs, and mentions that a concept's mean needs: two points are no line, one or two mentions
are chance."""


class Profile(NamedTuple):
    """What the course of an article is judged by: its sections with scored sentences, in order.

    Attributes:
        names: of the sections.
        scores: in [-1, 1].
        sizes: scored sentences of each, at least 1.
    """

    names: tuple[str, ...]
    scores: tuple[float, ...]
    sizes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a report says first.

    Attributes:
        overall: tone of the whole article in words and number, with the sentences counted.
        extremes: the most negative and the most positive section; empty where there are no two to compare.
        course: the way that the tone goes along the sections; empty where none of ``course`` 's conditions holds.
        concepts: the concepts most spoken of, and spoken of in the most negative and the most positive tone; empty
            where none is mentioned often enough.
        lowest, highest: indices of these sections, None where ``extremes`` is empty.
    """

    overall: str
    extremes: str
    course: str
    concepts: str
    lowest: int | None
    highest: int | None

    def __str__(self) -> str:
        return "".join((self.overall, self.extremes, self.course, self.concepts))


def finding(analysis: Analysis) -> Finding:
    """Return what was found about an article, in whole sentences that only say what its numbers hold."""
    labels = Counter(sentence.polarity.label for sentence in analysis.sentences if sentence.is_prose)
    sizes = Counter(sentence.section for sentence in analysis.sentences if sentence.is_prose)
    whole = analysis.polarity
    if not sizes:
        return Finding("没有可以评分的句子。", "", "", "", None, None)
    parts = "、".join(
        f"{labels[label]} 句{LABELS[label]}" for label in ("negative", "neutral", "positive") if labels[label]
    )
    balanced = whole.label == "neutral" and labels["neutral"] < labels.total() / 2
    words = "褒贬相当" if balanced else tone(whole.label, whole.score)
    overall = f"全文{words}（{signed(whole.score)}）：{labels.total()} 句里 {parts}。"
    about = concept_clause(concepts(analysis))
    numbers = sorted(sizes)
    profile = Profile(
        tuple(heading(analysis.sections[number], number) for number in numbers),
        tuple(analysis.sections[number].polarity.score for number in numbers),
        tuple(sizes[number] for number in numbers),
    )
    scores = profile.scores
    if len(numbers) < 2 or signed(min(scores)) == signed(max(scores)):
        return Finding(overall, "", "", about, None, None)
    low, high = scores.index(min(scores)), scores.index(max(scores))
    lowest, highest = (f"「{profile.names[at]}」（{signed(scores[at])}）" for at in (low, high))
    if side(min(scores)) == "positive":
        extremes = f"各节都偏正面，最高的是{highest}，最低的是{lowest}。"
    elif side(max(scores)) == "negative":
        extremes = f"各节都偏负面，最低的是{lowest}，最高的是{highest}。"
    else:
        extremes = f"得分最低的一节是{lowest}，最高的是{highest}。"
    return Finding(overall, extremes, course(profile), about, numbers[low], numbers[high])


def course(profile: Profile) -> str:
    """Return the way that the tone goes along the sections, in one sentence; empty where nothing below holds.

    Sides are those of ``wording.side``: a score within 0.1 of 0 is neutral. A mean is one by sentences. The first that
    holds, of three sections or more (a turn: two):

    1. Flat: the range of the scores is below ``FLAT``.
    2. A turn: from some section on all are on one side, and those before are, by their mean, on the other. Where
       several would do it is the first. A single section at the end is no turn where one before it was on its side
       already. Of a last section that is a single sentence it is said that it is.
    3. Both ends on one side, and in between sections of the other, none of the ends' side among those.
    4. Back and forth: the side changes three times or more, neutral sections left out.
    5. Steady: all on one side, each score above (or each below) the one before, the range at least ``STEADY``.
    """
    scores = profile.scores
    many = len(scores)
    if many >= LEAST and max(scores) - min(scores) < FLAT:
        return "各节的语气相差不大。"
    if turned := _turn(profile):
        return turned
    if many < LEAST:
        return ""
    sides = [side(score) for score in scores]
    first, last = sides[0], sides[-1]
    if first == last != "neutral":
        other = [at for at, here in enumerate(sides) if here not in (first, "neutral")]
        if other and first not in sides[other[0] : other[-1]]:
            names = f"「{profile.names[other[0]]}」"
            if len(other) > 1:
                names += f"到「{profile.names[other[-1]]}」"
            return f"开头与结尾偏{LABELS[first]}，中间的{names}偏{LABELS[sides[other[0]]]}。"
    told = [here for here in sides if here != "neutral"]
    if sum(one != other for one, other in pairwise(told)) >= LEAST:
        return "各节时褒时贬，没有一定的走向。"
    if len(set(sides)) == 1 and first != "neutral" and max(scores) - min(scores) >= STEADY:
        words = {"negative": "轻", "positive": "强"} if scores[0] < scores[-1] else {"negative": "重", "positive": "弱"}
        steps = [one < other for one, other in pairwise(scores)]
        if all(steps) or (not any(steps) and len(set(scores)) == many):
            return f"{LABELS[first]}的语气一节比一节{words[first]}。"
    return ""


def _turn(profile: Profile) -> str:
    """Return the second of the conditions of ``course`` in words."""
    names, scores, sizes = profile
    for at in range(1, len(scores)):
        before, after = scores[:at], scores[at:]
        here = side(scores[at])
        if here == "neutral" or {side(score) for score in after} != {here}:
            continue
        mean = _mean(before, sizes)
        if side(mean) in (here, "neutral"):
            continue
        if len(after) == 1 and here in {side(score) for score in before}:
            return ""
        other = side(mean)
        pure = here not in {side(score) for score in before}
        if len(after) == 1:
            single = "（只有一句）" if sizes[at] == 1 else ""
            start = f"此前{'' if pure else '总体'}偏{LABELS[other]}"
            return f"{start}，到最后的「{names[at]}」{single}才转为{LABELS[here]}。"
        start = ("先抑后扬" if here == "positive" else "先扬后抑") if pure else f"此前总体偏{LABELS[other]}"
        return f"{start}，从「{names[at]}」起转为{LABELS[here]}。"
    return ""


def _mean(scores: Sequence[float], sizes: Sequence[int]) -> float:
    """Return the mean of scores by sentences."""
    return sum(score * size for score, size in zip(scores, sizes, strict=False)) / sum(sizes[: len(scores)])


def concept_clause(views: Sequence[ConceptView]) -> str:
    """Return which concepts are most spoken of, and in which tone the most extreme ones are; empty without any.

    Only concepts of ``LEAST`` mentions count; the lowest is named only if it is negative, the highest only if it is
    positive, by ``wording.side``. It is the tone of what is said where a concept is mentioned, not a verdict on it.

    Args:
        views: concepts, the most mentioned first.
    """
    often = [view for view in views if len(view.mentions) >= LEAST]
    if not often:
        return ""
    most = often[0]
    text = f"谈得最多的概念是“{most.name}”（{len(most.mentions)} 处，均分 {signed(most.score)}）"
    lowest = min(often, key=lambda view: (view.score, view.name))
    highest = max(often, key=lambda view: (view.score, view.name))
    ends = [
        (words, view)
        for words, view, wanted in (("最负面", lowest, "negative"), ("最正面", highest, "positive"))
        if view.label == wanted
    ]
    for words, view in ends:
        if view is most:
            text += f"，谈到它的语气也{words}"
        else:
            text += f"；谈到时语气{words}的是“{view.name}”（{len(view.mentions)} 处，均分 {signed(view.score)}）"
    return text + "。"
