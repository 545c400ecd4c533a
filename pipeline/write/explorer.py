"""What the page's script draws the network from: nodes, edges and their sentences, for each unit of co-occurrence."""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from pipeline.model import Network, NodeKind, Unit
from pipeline.write.lines import Lines, excerpt
from pipeline.write.wording import UNITS, showable

if TYPE_CHECKING:
    from pipeline.analysis import Analysis

NODES: Final = 300
"""Nodes that can be explored; more cannot be told apart on a screen. Graph files have all."""
_EDGES = 1500  # of a unit, the strongest
_Edge = tuple[int, int, int, float | None, float | None, float | None, list[int]]
_QUOTES = 8  # sentences behind an edge; the tables have all
_KINDS: dict[NodeKind, str] = {
    "concept": "概念",
    "person": "人物",
    "product": "产品",
    "organisation": "机构",
    "term": "关键词",
}


def network_data(analysis: Analysis, lines: Lines) -> dict[str, object]:
    """Return the networks of an analysis as plain values for JSON.

    Args:
        analysis: of the article.
        lines: its sentences as shown.

    Returns:
        ``units``: by name of the unit its Chinese word, nodes ``[name, kind, units, score]``, and edges
        ``[node, node, count, p, adjusted p, tone, sentences]`` with nodes by number and sentences by index.
        ``kinds``: node kinds in Chinese. ``sentences``: by index ``[text, ordinal, score, href]``, those of edges.
        ``marks``: by name, by sentence, where the name stands in that text. ``unit``: the one of the settings.
    """
    units: dict[Unit, object] = {}
    quoted: set[int] = set()
    shown: set[str] = set()
    for unit in UNITS:
        network = analysis.network(unit)
        nodes = sorted(network.nodes, key=lambda node: (-node.units, node.name))[:NODES]
        number = {node.name: place for place, node in enumerate(nodes)}
        edges = _edges(network, number)
        units[unit] = {
            "word": UNITS[unit],
            "total": network.units,
            "nodes": [[showable(node.name), node.kind, node.units, _number(node.score, 2)] for node in nodes],
            "edges": edges,
        }
        shown.update(number)
        for row in edges:
            quoted.update(row[6])
    marks = _marks(analysis, shown, quoted)
    sentences = {}
    for index in sorted(quoted):
        line = lines.all[index]
        # Each name is marked in what is left of a sentence as quoted
        own = [(start, end, name) for name in marks for start, end in marks[name].get(index, ())]
        text, kept = excerpt(line.sentence.plain, sorted(own))
        for name in {name for *_, name in own}:
            marks[name][index] = [(start, end) for start, end, of in kept if of == name]
        sentences[index] = [showable(text), line.ordinal, _number(line.sentence.polarity.score, 2), line.href]
    return {
        "unit": analysis.settings.unit,
        "units": units,
        "kinds": _KINDS,
        "sentences": sentences,
        "marks": {
            showable(name): {index: where for index, where in places.items() if where} for name, places in marks.items()
        },
    }


def data_block(values: object) -> str:
    """Return values as JSON that can stand in a ``<script type="application/json">``, whatever texts they hold.

    No character of it can end the element or begin a comment: ``<``, ``>`` and ``&`` are written as escapes, which JSON
    reads as the same text. Texts have to be showable: the escape of a control is read as that control.
    """
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _number(value: float, digits: int) -> float | None:
    """Return a number as JSON can hold it: None for what is none."""
    return round(value, digits) if math.isfinite(value) else None


def _edges(network: Network, number: dict[str, int]) -> list[_Edge]:
    found = [edge for edge in network.edges if edge.source in number and edge.target in number]
    return [
        (
            number[edge.source],
            number[edge.target],
            edge.count,
            _number(edge.p_value, 4),
            _number(edge.p_adjusted, 4),
            _number(edge.tone, 2),
            list(edge.sentences[:_QUOTES]),
        )
        for edge in found[:_EDGES]
    ]


def _marks(analysis: Analysis, names: set[str], quoted: set[int]) -> dict[str, dict[int, list[tuple[int, int]]]]:
    """Return where names stand in the quoted sentences, as read."""
    spans = [(mention.concept, mention.start, mention.end) for mention in analysis.mentions]
    spans += [(key.term, *span) for key in analysis.keywords for span in key.spans]
    spans += [(name.name, *span) for name in analysis.names for span in name.spans]
    marks: dict[str, dict[int, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    inside = {index: analysis.sentences[index] for index in sorted(quoted)}
    starts = {sentence.start: index for index, sentence in inside.items()}
    ordered = sorted(starts)
    for name, start, end in spans:
        at = bisect_right(ordered, start) - 1
        if name not in names or at < 0:
            continue
        index = starts[ordered[at]]
        sentence = inside[index]
        if end <= sentence.end and (span := (sentence.within(start), sentence.within(end))) not in marks[name][index]:
            marks[name][index].append(span)
    return {name: {index: sorted(where) for index, where in places.items()} for name, places in marks.items()}
