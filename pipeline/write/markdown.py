"""``summary.md``: the findings on two pages, in Chinese, for reading and for pasting into a message."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from pipeline.formats.encoding import unreadable
from pipeline.model import Edge, Metadata, Polarity, Section, Sentence, Stability
from pipeline.network.selection import LEAST_SUPPORT
from pipeline.stages.script import simplified_name
from pipeline.write.headline import finding
from pipeline.write.wording import (
    EDITS,
    SCRIPTS,
    UNITS,
    byline,
    concepts,
    cut,
    edges_file,
    grouped_edits,
    heading,
    link_finding,
    p_value,
    showable,
    side,
    signed,
    stated,
    strongest,
    tone,
)

if TYPE_CHECKING:
    from pipeline.analysis import Analysis

# How long what is quoted may be: nothing else in the outputs is trimmed.
_SENTENCE = 160
_HEADING = 60
_KEYWORDS = 6
_NESTED = 3
"""Brackets in brackets that are left out; what is nested more deeply is no prose."""
_CONCEPTS = 8
_EDGES = 5
_EDITS = 12

# What a sentence can do without where it stands alone
# … a bracket that is no call, no formula, no source of a figure
_BRACKETS = re.compile(r"(?<![A-Za-z0-9_\])])(?:（[^（）\d]{0,40}）|\((?=[^()]*[\u3400-\u9fff])[^()\d]{0,40}\))")
_LEADING = re.compile(
    r"(?:(?:然而|但是|可是)(?=[^，,])|(?:然而|但是?|不过|可是|此外|另外|同时|与此同时|除此之外|因此|因而|所以|于是|总之|首先|其次|再次|最后|其实|当然|事实上|"
    r"换句话说|也就是说|更重要的是|值得一提的是|由此可见|可以说|综上所述|具体来说|坦白说|说到底)[，,]\s*)+"
)
_ENDS = ("。", "！", "？", "!", "?", "；", ";", "…", "”", "」", "』", ".", "：", ":")

# Everything that CommonMark, GitHub's extensions or a mathematics plug-in would read as mark-up in running text
_MARKUP = re.compile(r"[\\`*\[\]|~$<>&_]|(?<=http)s?:|(?<=ftp):|(?<=www)\.|@", re.IGNORECASE)
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
# … and at the start of a line
_BLOCK = re.compile(r"^(?:[#+=-]|\d+(?=[.)]))")


def summary_markdown(analysis: Analysis) -> str:
    """Return the summary of an analysis as Markdown (CommonMark with GitHub's tables).

    It is for reading and for forwarding: what happened in three sentences, then each section with its tone, a sentence
    and its keywords, then concepts and links. Whatever comes from the article is escaped, so that its brackets, pipes
    and tags show as themselves. Only here sentences are trimmed: brackets and what leads over from the sentence before
    are left out.
    """
    lines = [
        f"# {_text(analysis.title, 200)}",
        "",
        *([escape(byline(analysis.metadata)), ""] if analysis.metadata != Metadata() else []),
        *([_paragraph(analysis.summary), ""] if analysis.summary else []),
        f"**{_text(str(finding(analysis)), 600)}**",
        "",
        *_sections(analysis),
        *_concepts(analysis),
        *_edges(analysis),
        *_edits(analysis),
        "## 怎样读这些数字",
        "",
        *_notes(analysis),
    ]
    return showable("\n".join(lines)) + "\n"


def escape(text: str) -> str:
    """Return ``text``, one line, so that Markdown shows it as it is, at the start of a line and in a table."""
    text = _MARKUP.sub(lambda m: _ENTITIES.get(m[0]) or (m[0][:-1] + "\\" + m[0][-1]), text)
    start = _BLOCK.match(text)
    if start is None:
        return text
    return f"\\{text}" if start[0] in "#+=-" else f"{start[0]}\\{text[start.end() :]}"


def _text(text: str, limit: int) -> str:
    return escape(cut(text, limit))


def _paragraph(sentences: Sequence[Sentence]) -> str:
    text = ""
    for sentence in sentences:
        said = _trimmed(sentence.plain)
        text += " " * (text[-1:].isascii() and said[:1].isascii() and bool(text)) + said
    return escape(text)


def _trimmed(plain: str) -> str:
    """Return a sentence as it can stand alone: without brackets and without what leads over to it."""
    text = plain
    for _ in range(_NESTED):
        text = _BRACKETS.sub("", text)
    # in the characters that the words above are written in, one for one
    leading = _LEADING.match(simplified_name(text))
    text = text[leading.end() if leading else 0 :].strip().rstrip("，、,")
    if not any(map(str.isalnum, text)):
        text = plain
    if len(text) > _SENTENCE:
        # at the end of a clause, if there is one
        end = max(text.rfind(mark, _SENTENCE // 2, _SENTENCE) for mark in "，；,;")
        text = f"{text[:end]}……" if end > 0 else cut(text, _SENTENCE)
    return text if text.endswith(_ENDS) else text + ("." if text.isascii() else "。")


def _tone(polarity: Polarity) -> str:
    return f"{tone(polarity.label, polarity.score)} {signed(polarity.score)}"


def _concepts(analysis: Analysis) -> list[str]:
    views = concepts(analysis)
    if not views:
        return []
    rows = ["## 概念", "", "| 概念 | 提及 | 得分 | 判断 | 文中的说法 |", "| --- | ---: | ---: | --- | --- |"]
    shown = [view for view in views if len(view.mentions) > 1][:_CONCEPTS] or views[:_CONCEPTS]
    for view in shown:
        names = "、".join(f"{_text(alias, 24)} {count}" for alias, count in view.aliases[:6])
        rows.append(
            f"| {_text(view.name, 24)} | {len(view.mentions)} | {signed(view.score)} "
            f"| {tone(side(view.score), view.score)} | {names} |"
        )
    if len(views) > len(shown):
        rows += ["", f"另有 {len(views) - len(shown)} 个概念，见 `tables/mentions.csv`。"]
    return [*rows, ""]


def _edges(analysis: Analysis) -> list[str]:
    network = analysis.network(analysis.settings.unit)
    # What met once is no pattern, whatever its figures
    between, others = ([edge for edge in edges if edge.count >= LEAST_SUPPORT] for edges in strongest(network))
    found = "".join(link_finding(analysis, network.unit))
    if not between and not others and not found:
        return []
    unit = UNITS[network.unit]
    rows = ["## 关联最强的概念与词", "", *([escape(found), ""] if found else [])]
    if not between and not others:
        return rows
    head = [
        f"| 同{unit}出现 | 次数 | 95% 区间 | 语气 | 关系 | p | 校正后 |",
        "| --- | ---: | ---: | ---: | --- | ---: | ---: |",
    ]
    stabilities = analysis.stabilities(network.unit)
    for title, edges in (("概念之间：", between[:_EDGES]), ("与名称或关键词：", others[:_EDGES])):
        if edges:
            rows += [title, "", *head, *(_edge(edge, stabilities[edge.source, edge.target]) for edge in edges), ""]
    rows.pop()
    hidden = len(network.edges) - min(len(between), _EDGES) - min(len(others), _EDGES)
    if hidden:
        rows += ["", f"共 {len(network.edges)} 条，其余见 `{edges_file(network.unit)}`。"]
    return [*rows, ""]


def _edge(edge: Edge, stability: Stability) -> str:
    said = escape("；".join(stated(edge)))
    return (
        f"| {_text(edge.source, 24)} — {_text(edge.target, 24)} | {edge.count} | {stability.low}–{stability.high} "
        f"| {signed(edge.tone)} | {said} | {p_value(edge.p_value)} | {p_value(edge.p_adjusted)} |"
    )


def _sections(analysis: Analysis) -> list[str]:
    if not analysis.sections:
        return []
    filled = {sentence.section for sentence in analysis.sentences if sentence.is_prose}
    said = {sentence.start for sentence in analysis.summary}
    lines = ["## 逐节", ""]
    for number, section in enumerate(analysis.sections):
        mark = "#" * min(2 + section.level, 6)
        lines += [f"{mark} {_text(heading(section, number), _HEADING)}（{_tone(section.polarity)}）", ""]
        if section.summary and len(filled) > 1:
            lines += [escape(_trimmed(_spokesman(section, said).plain)), ""]
        if section.keywords and number in filled:
            lines += ["关键词：" + "、".join(_text(keyword.term, 24) for keyword in section.keywords[:_KEYWORDS]), ""]
    return lines


def _spokesman(section: Section, said: Collection[int]) -> Sentence:
    """Return the sentence of a section's summary that speaks for its tone, rather one that was not quoted above."""
    side_ = 1 if section.polarity.score > 0 else -1
    return max(
        section.summary,
        key=lambda sentence: (
            side_ * sentence.polarity.score > 0,
            sentence.start not in said,
            side_ * sentence.polarity.score,
        ),
    )


def _edits(analysis: Analysis) -> list[str]:
    rows = grouped_edits(analysis)
    if not rows:
        return []
    lines = ["## 读前的修正", ""]
    for row in rows[:_EDITS]:
        became = escape(row.after) if row.after else "（删去）"
        count = len(row.offsets)
        where = "、".join(map(str, row.offsets[:3])) + (f" 等 {count} 处" if count > 3 else "")
        kind = EDITS.get(row.kind, row.kind)
        lines.append(f"- {kind}：{escape(row.before)} → {became}（字符位置 {where}）")
    if len(rows) > _EDITS:
        lines.append(f"- 另有 {len(rows) - _EDITS} 种，见 `tables/edits.csv`。")
    return [*lines, ""]


def _notes(analysis: Analysis) -> list[str]:
    unit = UNITS[analysis.settings.unit]
    script = SCRIPTS.get(analysis.script)
    lost = unreadable(analysis.article.text)
    return [
        *([f"- 字体：{script}"] if script else []),
        *([f"- 读不出的字：原文有 {lost} 处在存盘或转码时坏了，没有参与分析。"] if lost else []),
        "- 得分：正面概率减负面概率，从 −1（负面）到 +1（正面）；节与全文由句子汇总而来。",
        f"- 次数：两者同{unit}出现的{unit}数；区间是把{unit}重抽样一千次所得，越宽越靠不住。语气是这些句子的平均得分。",
        "- p：Fisher 精确检验（单侧），没有关系也会这样常见的概率；校正后按检验的全部词对计"
        "（Benjamini–Hochberg；概念之间为一族，其余为另一族）。",
    ]
