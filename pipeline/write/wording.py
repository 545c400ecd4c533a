"""What the reports say in the same way: scores in words, the finding, which edges come first, text safe to show."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pipeline.model import CourseEvent, Edge, Label, Mention, Metadata, Network, RelationKind, Script, Section, Unit
from pipeline.network.selection import ALPHA, LEAST_SUPPORT, Selection

if TYPE_CHECKING:
    from pipeline.analysis import Analysis
    from pipeline.comparison import Comparison

LABELS: dict[Label, str] = {"negative": "负面", "neutral": "中性", "positive": "正面"}
UNITS: dict[Unit, str] = {"sentence": "句", "paragraph": "段", "section": "节"}


RELATIONS: dict[RelationKind, str] = {"opposition": "对立", "cause": "因果", "means": "手段", "priority": "先后"}
EVENTS: dict[CourseEvent, str] = {"appears": "出现", "returns": "再现", "turns": "转向", "fades": "此后不再"}


def edges_file(unit: Unit) -> str:
    """Return the file that holds all edges: the tables count sentences, the graph files the unit of the settings."""
    return "tables/edges.csv" if unit == "sentence" else "graph.json"


EDITS = {
    "injection": "夹杂的异文",
    "zero-width": "零宽字符",
    "control": "控制字符",
    "width": "全角字母数字",
    "space": "特殊空格",
    "punctuation": "重复标点",
    "glyph": "异体字形",
}
_RULES = {
    "word": "用词",
    "n-gram": "用词",
    "context": "上下文",
    "negated": "否定",
    "removes problem": "消除问题",
    "lacks good": "缺少好处",
    "more good": "好的增加",
    "more bad": "坏的增加",
    "less good": "好的减少",
    "less bad": "坏的减少",
    "good noun": "正向名词",
    "bad noun": "负向名词",
    "removes": "消除",
    "lacks": "缺失",
    "fails": "未能",
    "up": "上升",
    "down": "下降",
    "comparison": "比较",
    "missed": "本可做到",
    "asserted": "指明问题",
    "sentence": "整句",
    "plan": "计划",
    "condition": "假设",
    "hedge": "推测",
    "quoted": "引语",
    "question": "疑问",
    "conceded": "让步",
    "decisive": "转折后",
}

# Characters of an author or a source: a report is no place for a list of fifty
_BYLINE = 60
# Below this a score says neither yes nor no; the stages draw the same line for aggregates and mentions.
_NEUTRAL = 0.1
# Controls but tab and line feed, direction overrides (they would show text in another order than it is), lone
# surrogates (no file can hold them), and characters that are none.
_UNSHOWABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)


def showable(text: str) -> str:
    """Return ``text`` with U+FFFD for each character that cannot be shown or would mislead about the others."""
    return _UNSHOWABLE.sub("\ufffd", text) if _UNSHOWABLE.search(text) else text


def named(text: str) -> str:
    """Return ``text`` with the invisible characters in it spelled out (``U+200B``), so that an edit can be seen."""
    return "".join(
        character if character.isprintable() and character not in " \u3000" else f"U+{ord(character):04X}"
        for character in text
    )


def cut(text: str, limit: int) -> str:
    """Return ``text`` on one line, cut to ``limit`` characters with an ellipsis."""
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def signed(value: float) -> str:
    """Return a score with its sign and two digits, typeset: ``−0.52``, ``+0.30``, ``0.00``; a dash for NaN."""
    if not math.isfinite(value):
        return "—"
    text = f"{value:+.2f}"
    return "0.00" if text in ("+0.00", "-0.00") else text.replace("-", "−")


def p_value(value: float) -> str:
    """Return a p-value with as many digits as matter: ``0.21``, ``0.034``, ``0.004``, ``< 0.001``."""
    return "< 0.001" if value < 0.001 else f"{value:.3f}" if value < 0.1 else f"{value:.2f}"


def tone(label: Label, score: float) -> str:
    """Return a polarity in words, e.g. 明显负面, 偏负面, 略偏正面, 中性; the label decides the side."""
    if label == "neutral":
        return "中性"
    size = abs(score)
    return ("明显" if size >= 0.6 else "偏" if size >= 0.25 else "略偏") + LABELS[label]


def rule(name: str) -> str:
    """Return how a piece of evidence came to count, in Chinese: ``"negated, plan"`` → 否定·计划; unknown parts stay."""
    return "·".join(_RULES.get(part, part) for part in name.split(", "))


def heading(section: Section, number: int) -> str:
    """Return a section's heading without its colon, or what stands in for one."""
    if name := (section.heading or "").rstrip(" :："):
        return name
    return "开篇" if section.kind == "intro" else "正文" if number == 0 else f"第 {number + 1} 节（无标题）"


def byline(metadata: Metadata) -> str:
    """Return author, date and source in one line, as far as they are known."""
    return " · ".join(cut(part, _BYLINE) for part in (metadata.author, metadata.date, metadata.source) if part)


SCRIPTS: dict[Script, str] = {
    "traditional": "原文是繁体字：读时逐字转为简体来分析，这里的引文、关键词都照原文；概念的名称照词表。",
    "mixed": "原文兼用繁简：读时繁体字逐字转为简体来分析，这里的引文、关键词都照原文；概念的名称照词表。",
}
"""How an article in another script than the dictionaries' was read."""


def comparison_finding(comparison: Comparison) -> str:
    """Return what the comparison found, in a sentence."""
    articles = comparison.articles
    if len(articles) < 2:
        return "只有一篇，没有可以对照的。"
    labels = Counter(article.label for article in articles)
    parts = "、".join(f"{labels[label]} 篇整体{words}" for label, words in LABELS.items() if labels[label])
    text = f"共 {len(articles)} 篇：{parts}。"
    low, high = min(articles, key=lambda a: a.score), max(articles, key=lambda a: a.score)
    if signed(low.score) != signed(high.score):
        text += f"得分最低的是《{cut(low.title, 40)}》（{signed(low.score)}），"
        text += f"最高的是《{cut(high.title, 40)}》（{signed(high.score)}）。"
    everywhere = [shared.concept for shared in comparison.shared if shared.articles == len(articles)]
    if everywhere:
        text += f"每篇都谈到{'、'.join(everywhere[:6])}。"
    pairs = [(near, one) for one, article in enumerate(articles) for near in article.nearest[:1]]
    if pairs and len(articles) > 2:
        near, one = max(pairs, key=lambda pair: pair[0].similarity)
        text += f"所谈最相近的是《{cut(articles[one].title, 40)}》与《{cut(articles[near.article].title, 40)}》。"
    return text


@dataclass(frozen=True, slots=True)
class ConceptView:
    """A concept with its mentions in reading order and the mean of their scores."""

    name: str
    mentions: tuple[Mention, ...]
    score: float

    @property
    def label(self) -> Label:
        """The side of the score, by the line that mentions are judged by."""
        return side(self.score)

    @property
    def aliases(self) -> list[tuple[str, int]]:
        """The names it goes by in the article with their counts, most frequent first."""
        counts = Counter(mention.alias for mention in self.mentions)
        return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def concepts(analysis: Analysis) -> list[ConceptView]:
    """Return the concepts that an article speaks of, the most mentioned first."""
    groups: dict[str, list[Mention]] = {}
    for mention in analysis.mentions:
        groups.setdefault(mention.concept, []).append(mention)
    views = [
        ConceptView(name, tuple(group), math.fsum(mention.polarity.score for mention in group) / len(group))
        for name, group in groups.items()
    ]
    return sorted(views, key=lambda view: (-len(view.mentions), view.name))


def side(score: float) -> Label:
    """Return the label of a mean score, which has none of its own."""
    return "positive" if score > _NEUTRAL else "negative" if score < -_NEUTRAL else "neutral"


def strongest(network: Network) -> tuple[list[Edge], list[Edge]]:
    """Return the edges between concepts, and those with names and key terms, each the strongest first."""
    names = {node.name for node in network.nodes if node.kind == "concept"}
    between = [edge for edge in network.edges if edge.source in names and edge.target in names]
    return between, [edge for edge in network.edges if edge.source not in names or edge.target not in names]


def selection(chosen: Selection, unit: Unit) -> str:
    """Return in a sentence which edges a drawing shows, and why."""
    name = UNITS[unit]
    drawn = len(chosen.edges)
    if chosen.rule == "whole":
        return f"节点不多，{chosen.total} 条关联全部画出。"
    asked = {"significance": "校正后没有一条显著", "backbone": "没有一条过得了骨干筛选"}
    text = f"{asked[chosen.asked]}，改按次数：" if chosen.rule != chosen.asked and chosen.asked in asked else ""
    if chosen.rule == "significance":
        text += f"只画校正后 p ≤ {chosen.threshold:g} 的 {drawn} 条"
    elif chosen.rule == "backbone":
        text += f"只画骨干 {drawn} 条（差异过滤 p ≤ {chosen.threshold:g}）"
    elif chosen.threshold > 1:
        text += f"只画同{name}至少 {chosen.threshold:g} 次的 {drawn} 条"
    else:
        text += f"遇见两次以上的很少，只遇见一次的也画出，共 {drawn} 条"
    text += "。" if drawn == chosen.total else f"，全部 {chosen.total} 条。"
    if chosen.left_out:
        text += f"另有 {chosen.left_out} 条也合条件，为看得清没有画。"
    if chosen.rule == "support" and chosen.threshold > LEAST_SUPPORT:
        text += "次数数得出来，所以按它选；再放宽，线就多得看不清。"
    elif chosen.rule == "support" and chosen.threshold == LEAST_SUPPORT:
        text += f"次数数得出来，所以按它选；只在一{name}里遇见的，难说是关联。"
    return text


def link_finding(analysis: Analysis, unit: Unit) -> tuple[str, str]:
    """Return what the strongest link between concepts is, with its tone; and how sure that is. Empty without concepts.

    Strongest is the one of most shared units. Where another is the least likely to be chance it is named as well.
    """
    network = analysis.network(unit)
    name = UNITS[unit]
    between, _ = strongest(network)
    if not between:
        several = sum(node.kind == "concept" for node in network.nodes) > 1
        return (f"没有两个概念出现在同一{name}里。" if several else ""), ""
    first = between[0]
    equal = sum(edge.count == first.count for edge in between) - 1
    if first.count < LEAST_SUPPORT:
        return f"概念两两之间最多只在一{name}里遇见过一次，谈不上关联。", ""
    stability = analysis.stabilities(unit)[first.source, first.target]
    text = f"同{name}出现最多的两个概念是{_ends(first)}：{network.units} {name}里有 {first.count} {name}"
    text += f"（{equal} 对与它同样多）" if equal else ""
    said = "这几句" if unit == "sentence" else "谈到它们的句子"
    text += f"，{said}总体{tone(side(first.tone), first.tone)}（均分 {signed(first.tone)}）。"
    among = "最强的一对" if stability.rank == 1 else f"最强的 {stability.rank} 对之一"
    sure = (
        f"换一批同样多的{name}（重抽样），次数有 95% 的机会在 {stability.low} 到 {stability.high} 之间，"
        f"有 {stability.strongest:.0%} 的机会仍是{among}。"
    )
    sure += _chance(first, first=True)
    surest = min(between, key=lambda edge: (edge.count < LEAST_SUPPORT, edge.p_value))
    if surest is not first and surest.count >= LEAST_SUPPORT and surest.p_value <= ALPHA < first.p_value:
        chance = _chance(surest, first=False)
        sure += f"遇见两次以上的里面，最不像碰巧的是{_ends(surest)}（{surest.count} {name}，{chance}）。"
    return text, sure


def stated(edge: Edge) -> list[str]:
    """Return what the sentences of an edge say of its two ends, each thing once: 硬件 → 体验（导致，4 句中 1 句）."""
    said: dict[tuple[str, str], int] = {}
    for cue in edge.relations:
        source, target = (edge.source, edge.target) if cue.forward is not False else (edge.target, edge.source)
        ends = RELATIONS[cue.kind] if cue.forward is None else f"{RELATIONS[cue.kind]} {source} → {target}"
        said[ends, cue.cue] = said.get((ends, cue.cue), 0) + 1
    return [f"{ends}（{cut(cue, 16)}，{len(edge.sentences)} 句中 {count} 句）" for (ends, cue), count in said.items()]


def _ends(edge: Edge) -> str:
    return f"“{edge.source}”与“{edge.target}”"


def _chance(edge: Edge, *, first: bool) -> str:
    """Return whether an edge could be chance, as a sentence, or as a phrase."""
    p, adjusted = f"p {_equals(edge.p_value)}", f"p {_equals(edge.p_adjusted)}"
    if not first:
        sure = "校正后仍显著" if edge.p_adjusted <= ALPHA else "但一次检验了许多对，校正后不显著"
        return f"{p}；{sure}，{adjusted}"
    if edge.p_adjusted <= ALPHA:
        return f"这不像碰巧：多重检验校正后 {adjusted}。"
    if edge.p_value <= ALPHA:
        return f"单看不像碰巧（{p}），但一次检验了许多对，校正后 {adjusted}，还不能排除碰巧。"
    return f"照两者各自的次数，还不能排除碰巧（{p}）。"


def _equals(value: float) -> str:
    words = p_value(value)
    return words if words.startswith("<") else f"= {words}"


class EditRow(NamedTuple):
    """Edits that did the same thing; where one kind did too many things, all of that kind.

    Attributes:
        kind: of the edits.
        examples: what was read as what, invisible characters spelt out; the first few.
        forms: how many there are in all.
        offsets: where each edit is.
    """

    kind: str
    examples: tuple[tuple[str, str], ...]
    forms: int
    offsets: tuple[int, ...]

    @property
    def before(self) -> str:
        """What the source has, in all examples."""
        more = f" 等 {self.forms} 种" if self.forms > len(self.examples) else ""
        return "、".join(cut(before, _EXAMPLE) for before, _ in self.examples) + more

    @property
    def after(self) -> str:
        """What was read instead; empty where it was left out."""
        return "、".join(cut(after, _EXAMPLE) for _, after in self.examples if after)


# Forms of a kind that have rows of their own; of more, which are figures and the like, a few examples say enough.
_FORMS, _EXAMPLES = 6, 3
_EXAMPLE = 60


def grouped_edits(analysis: Analysis) -> list[EditRow]:
    """Return what cleaning did, the same edits together, in order of the first; spam stands inside the word it split.

    Of a kind that took many forms (１２, ３４ …) there is one row. What was injected is always told one by one.
    """
    text = analysis.article.text
    kinds: dict[str, dict[tuple[str, str], list[int]]] = {}
    for edit in analysis.edits:
        before, after = edit.before, edit.after
        if edit.kind == "injection":
            left, right = text[max(0, edit.start - 1) : edit.start], text[edit.end : edit.end + 1]
            before, after = left + before + right, left + after + right
        kinds.setdefault(edit.kind, {}).setdefault((named(before), _spelt(after)), []).append(edit.start)
    rows = []
    for kind, forms in kinds.items():
        if kind != "injection" and len(forms) > _FORMS:
            offsets = sorted(at for places in forms.values() for at in places)
            rows.append(EditRow(kind, tuple(forms)[:_EXAMPLES], len(forms), tuple(offsets)))
        else:
            rows += [EditRow(kind, (form,), 1, tuple(offsets)) for form, offsets in forms.items()]
    return sorted(rows, key=lambda row: row.offsets[0])


def _spelt(text: str) -> str:
    """Return what was read instead of something, so that a blank can be seen."""
    return _BLANKS.get(text) or named(text)


_BLANKS = {" ": "空格", "\n": "换行", "\t": "制表符"}
