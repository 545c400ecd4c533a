"""A small analysis made by hand from the model's dataclasses, so that the writers are tested without the stages.

``sample()`` is an ordinary article. ``hostile()`` has everything that could break a file format in its strings.
``article_of(sections=…, …)`` has as many sections, sentences and nodes as asked for. ``hostile_graph()`` is a network
alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, pairwise

import networkx as nx
import numpy as np

from pipeline.analysis import Analysis
from pipeline.config import Settings
from pipeline.model import (
    Article,
    Edge,
    Edit,
    Evidence,
    Keyword,
    Label,
    Mention,
    Name,
    Network,
    Node,
    Polarity,
    Position,
    Relation,
    Section,
    SectionKind,
    Sentence,
    SentenceKind,
    Span,
    Stability,
    Token,
    Unit,
)
from pipeline.network.association import statistics
from pipeline.network.communities import Communities
from pipeline.network.significance import fisher

_TEXT = """晨星手环复盘

一、问题出在哪里
屏幕漏光，用户的体验很差。我们却只宣传参数。
二、怎样补救
后来品控严了，口碑慢慢回来。
总结
信任要靠品\u200b控一点点攒。
"""


def _find(text: str, part: str, after: int = 0) -> Span:
    start = text.index(part, after)
    return start, start + len(part)


def _polarity(score: float, *evidence: Evidence) -> Polarity:
    label: Label = "negative" if score < -0.2 else "positive" if score > 0.2 else "neutral"
    neutral = 1 - abs(score)
    return Polarity(label, score, max(-score, 0.0), neutral, max(score, 0.0), evidence)


def _sentence(
    text: str, part: str, section: int, paragraph: int, kind: SentenceKind, score: float, *evidence: Evidence
) -> Sentence:
    start, end = _find(text, part)
    return Sentence(
        part, start, end, section, paragraph, kind, part.replace("\u200b", ""), polarity=_polarity(score, *evidence)
    )


def _evidence(text: str, part: str, weight: float, rule: str) -> Evidence:
    return Evidence(part, *_find(text, part), weight, rule)


def sample() -> Analysis:
    """Return the analysis of a text of three sections, four sentences, three concepts and one term."""
    text = _TEXT
    sentences = (
        _sentence(text, "一、问题出在哪里", 0, 0, "heading", 0.0),
        _sentence(
            text,
            "屏幕漏光，用户的体验很差。",
            0,
            1,
            "text",
            -0.8123456789,
            _evidence(text, "漏光", -0.5, "word"),
            _evidence(text, "很差", -0.31, "degree"),
        ),
        _sentence(text, "我们却只宣传参数。", 0, 1, "text", -0.3),
        _sentence(text, "二、怎样补救", 1, 2, "heading", 0.0),
        _sentence(text, "后来品控严了，口碑慢慢回来。", 1, 3, "text", 0.6, _evidence(text, "回来", 0.4, "word")),
        _sentence(text, "总结", 2, 4, "heading", 0.0),
        _sentence(text, "信任要靠品\u200b控一点点攒。", 2, 5, "text", 0.1),
    )
    starts = [sentences[0].start, sentences[3].start, sentences[5].start, len(text)]
    kinds: tuple[SectionKind, ...] = ("body", "body", "conclusion")
    keywords = (
        Keyword("体验", 2.5, 1, (_find(text, "体验"),)),
        Keyword("品控", 1.25, 2, (_find(text, "品控"), _find(text, "品\u200b控"))),
    )
    own = ((keywords[0],), (Keyword("口碑", 1.5, 1, (_find(text, "口碑"),)),), ())
    scores = (-0.55, 0.6, 0.1)
    sections = tuple(
        Section(
            sentences[index].text,
            1,
            kinds[number],
            starts[number],
            starts[number + 1],
            None,
            _polarity(scores[number]),
            own[number],
            (sentences[index + 1],),
        )
        for number, index in enumerate((0, 3, 5))
    )
    mentions = (
        Mention("体验", "体验", *_find(text, "体验"), 1, 0, _polarity(-0.8)),
        Mention("参数", "参数", *_find(text, "参数"), 2, 0, _polarity(-0.3)),
        Mention("品控", "品控", *_find(text, "品控"), 4, 1, _polarity(0.6, _evidence(text, "严", 0.6, "word"))),
        Mention("信任", "口碑", *_find(text, "口碑"), 4, 1, _polarity(0.6)),
        Mention("信任", "信任", *_find(text, "信任"), 6, 2, _polarity(0.1)),
        Mention("品控", "品控", *_find(text, "品\u200b控"), 6, 2, _polarity(0.1)),
    )
    nodes = (
        Node("参数", "concept", 1, 1, -0.3, (0,), (1,)),
        Node("体验", "concept", 1, 1, -0.8, (0,), (0,)),
        Node("品控", "concept", 2, 2, 0.35, (1, 2), (2, 3)),
        Node("信任", "concept", 2, 2, 0.35, (1, 2), (2, 3)),
        Node("用户", "term", 1, 1, -0.8, (0,), (0,)),
    )
    edges = (
        edge("品控", "信任", 2, 2, 2, 4, tone=0.35, relations=(_cue(text, "攒", 6),), sentences=(4, 6)),
        edge("体验", "用户", 1, 1, 1, 4, tone=-0.8123456789, sentences=(1,)),
    )
    at = text.index("\u200b")
    return Analysis(
        article=Article("chenxing", text, "晨星手环复盘", "articles/chenxing.txt", "text", "utf-8", "ab" * 32),
        title="晨星手环复盘",
        sections=sections,
        sentences=sentences,
        tokens=tuple(
            () if s.kind == "heading" else (Token(s.plain[:2], "n", s.start, s.start + 2),) for s in sentences
        ),
        polarity=_polarity(-0.1, _evidence(text, "屏幕漏光，用户的体验很差。", -0.2, "sentence")),
        keywords=keywords,
        mentions=mentions,
        nodes=nodes,
        edges=edges,
        summary=(sentences[1], sentences[4]),
        edits=(Edit("zero-width", at, at + 1, "\u200b", ""),),
        settings=Settings(),
        names=(Name("晨星手环", "product", 1, ((0, 4),), ("list", "title")),),
        _kept=_kept(nodes, edges, 4),
    )


HOSTILE = "=cmd|' /C calc'!A0<b>&\"'\x00\x1b\ud800,\r\n]]>$x_1$"
"""A string that a spreadsheet would run, XML and UTF-8 cannot hold, and matplotlib would typeset."""


def hostile() -> Analysis:
    """Return an analysis where every free string is ``HOSTILE``, and two nodes differ in a control character only."""
    text = HOSTILE + "。" + HOSTILE
    polarity = Polarity("negative", -0.5, 0.5, 0.5, 0.0, (Evidence(HOSTILE, 0, 3, -0.5, "word"),))
    sentence = Sentence(text, 0, len(text), 0, 0, "text", text, polarity=polarity)
    keyword = Keyword(HOSTILE, float("inf"), 1, ((0, len(HOSTILE)),))
    nodes = (
        Node(HOSTILE, "concept", 1, 2**31 - 1, float("nan")),
        Node("品控", "concept", 1, 1, 0.0),
        Node("品\x07控", "term", 1, 1, 0.0),
    )
    first = replace(edge(HOSTILE, "品控", 1, 1, 1, 1), npmi=float("nan"), pmi=float("-inf"))
    cue = Relation("cause", HOSTILE, 0, 3, 0, forward=True)
    edges = (replace(first, relations=(cue,)), edge("品控", "品\x07控", 1, 1, 1, 1))
    return Analysis(
        article=Article("hostile", text, HOSTILE, HOSTILE),
        title=HOSTILE,
        sections=(Section(HOSTILE, 1, "body", 0, len(text), None, polarity, (keyword,), (sentence,)),),
        sentences=(sentence,),
        tokens=((Token(HOSTILE, "x", 0, len(HOSTILE)),),),
        polarity=polarity,
        keywords=(keyword,),
        mentions=(Mention(HOSTILE, HOSTILE, 0, len(HOSTILE), 0, 0, polarity),),
        nodes=nodes,
        edges=edges,
        summary=(sentence,),
        edits=(Edit("control", 0, len(HOSTILE), HOSTILE, ""),),
        settings=Settings(),
        names=(Name(HOSTILE, "person", 1, ((0, len(HOSTILE)),), ("says",)),),
        _kept=_kept(nodes, edges, 1),
    )


def article_of(
    *, sections: int = 1, sentences: int = 4, nodes: int = 0, heading: str = "第{}部分", linked: bool = True
) -> Analysis:
    """Return an analysis of a made-up size.

    Args:
        sections: how many; 0 for an empty article.
        sentences: in each section, scored in waves from -0.9 to 0.9.
        nodes: of the network.
        heading: of a section, ``{}`` is its number.
        linked: whether each node has an edge to the next three.
    """
    text = ""
    found: list[Sentence] = []
    parts: list[Section] = []
    for number in range(sections):
        title, start = heading.format(number + 1), len(text)
        found.append(Sentence(title, start, start + len(title), number, 2 * number, "heading", title))
        text += title + "\n"
        own: list[Sentence] = []
        for index in range(sentences):
            score = ((number * 5 + index * 3) % 19 - 9) / 10
            words = f"第{index + 1}句话说了一些事情。"
            at = len(text)
            own.append(
                Sentence(words, at, at + len(words), number, 2 * number + 1, "text", words, polarity=_polarity(score))
            )
            text += words
        found += own
        text += "\n"
        score = sum(sentence.polarity.score for sentence in own) / max(len(own), 1)
        positive = sum(sentence.polarity.positive for sentence in own) / max(len(own), 1)
        label: Label = "positive" if score > 0 else "negative"
        polarity = Polarity(label, score, positive - score, 1 - 2 * positive + score, positive)
        parts.append(Section(title, 1 + (number % 3 > 0), "body", start, len(text), None, polarity))
    names = [f"关键词{number}号" if number % 2 else f"概念{number}" for number in range(nodes)]
    things = tuple(
        Node(name, "term" if number % 2 else "concept", 1 + number % 9, 1 + number % 9, (number % 11 - 5) / 5)
        for number, name in enumerate(names)
    )
    edges = (
        tuple(edge(a, b, 1, 1, 1, 1) for (i, a), (j, b) in combinations(enumerate(names), 2) if j - i <= 3)
        if linked
        else ()
    )
    spans = [(sentence.start, sentence.start + 2) for sentence in found if sentence.kind == "text"]
    return Analysis(
        article=Article("made-up", text),
        title="虚构文章",
        sections=tuple(parts),
        sentences=tuple(found),
        tokens=((),) * len(found),
        polarity=parts[0].polarity if parts else _polarity(0.0),
        keywords=tuple(
            Keyword(name, 30.0 - i, 1 + i % 7, tuple(spans[i :: 3 + i][:40])) for i, name in enumerate(names[:20])
        ),
        mentions=(),
        nodes=things,
        edges=edges,
        summary=(),
        edits=(),
        settings=Settings(),
        _kept=_kept(things, edges, len(found)),
    )


def edge(
    source: str,
    target: str,
    both: int,
    first: int,
    second: int,
    units: int,
    *,
    tone: float = 0.0,
    relations: tuple[Relation, ...] = (),
    sentences: tuple[int, ...] = (0,),
) -> Edge:
    """Return an edge with the statistics of its four counts; p is corrected as if it were the only pair."""
    counts = (both, first, second, units)
    p = fisher(*counts)
    return Edge(source, target, *counts, *statistics(*counts), p, p, tone, relations, sentences)


def _cue(text: str, words: str, sentence: int) -> Relation:
    return Relation("means", words, *_find(text, words), sentence, forward=True)


def _kept(nodes: Sequence[Node], edges: Sequence[Edge], units: int) -> dict[tuple[str, Unit], object]:
    """Return what an analysis keeps of its network, so that it is not counted from the sentences."""
    strength = {node.name: [edge.count for edge in edges if node.name in (edge.source, edge.target)] for node in nodes}
    positions = {
        name: Position(len(counts), sum(counts), 0.25 if len(counts) > 1 else 0.0, 1 / len(nodes), number % 4, 0.75)
        for number, (name, counts) in enumerate(strength.items())
    }
    kept: dict[tuple[str, Unit], object] = {}
    for unit in ("sentence", "paragraph", "section"):
        kept["network", unit] = Network(unit, units, tuple(nodes), tuple(edges))
        kept["positions", unit] = positions
        kept["communities", unit] = Communities(
            tuple(position.community for position in positions.values()), (0.75,) * len(nodes), 0.5, 0.25
        )
        kept["stabilities", unit] = {
            (edge.source, edge.target): Stability(0, 2 * edge.count, 0.625, 1) for edge in edges
        }
    return kept


# Escapes, entities, key words and comments of the formats; what looks like a number, a formula or nothing; emoji
_NAMES = (
    *("a\\b", "ends\\", "\\N", '\\"', "&amp;", "&#38;", "a & b", "$x$", "'", "`", "{", "%x", "*Edges", "# x", "graph"),
    *(
        "'=cmd()",
        "'=cmd() (2)",
        "+1",
        "-1",
        "＝1",
        "NA",
        "null",
        "7",
        "007",
        "e0",
        "n0",
        "a,b;c",
        "😀",
        "👨‍👩‍👧",
        "e\u0301",
    ),
)


def hostile_graph() -> nx.Graph[str]:
    """Return a network whose names and values some format has a meaning for, or cannot hold."""
    graph: nx.Graph[str] = nx.Graph(name="x\x00y")
    for name in ("<b>&\"'", "=cmd()", "品控", "品\x07控", "品控 (2)", "\ud800", "", "  ", "]]>", "a\r\nb", *_NAMES):
        graph.add_node(
            name,
            id=name,
            kind=name,
            none=None,
            many=[1, "a\x00", None],
            big=2**63 - 1,
            huge=2**70,
            small=np.int64(7),
            real=np.float32(0.5),
            flag=True,
            bad=float("nan"),
        )
    graph.add_edge("<b>&\"'", "品\x07控", type="x", source="y", label="z", count=np.int64(3))
    graph.add_edge("品控", "品\x07控", weight=2)
    graph.add_edges_from(pairwise(_NAMES), count=2, weight=2.0, relation='"\\\\" & <i>')
    return graph
