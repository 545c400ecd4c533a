"""From mentions and key terms to a network with the sentences behind every edge."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, field
from math import fsum
from typing import TYPE_CHECKING

from pipeline.model import Edge, Keyword, Mention, Network, Node, NodeKind, Position, Sentence, Unit
from pipeline.network.association import log_likelihood, npmi, support
from pipeline.network.counting import Counts, Pair, count
from pipeline.network.significance import fisher

if TYPE_CHECKING:
    import networkx

TERM_EDGE_COUNT = 2
"""Units that a term must share with another node for an edge.

A term is chosen for being frequent, so that one meeting says little; a concept is chosen by the reader, and each of its
meetings is worth a look.
"""


@dataclass(slots=True)
class _Thing:
    """A concept or term while it is collected: where it occurs (headings too), how often, what is said of it."""

    name: str
    kind: NodeKind
    occurrences: int = 0
    sentences: set[int] = field(default_factory=set)
    scores: list[float] = field(default_factory=list)


def network(
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    keywords: Sequence[Keyword],
    *,
    unit: Unit,
    order: Sequence[str] = (),
) -> Network:
    """Return which concepts and key terms occur together, per ``unit``.

    Units: a ``"sentence"`` or a ``"paragraph"`` of running text or of a table (headings and code left out), or a
    ``"section"`` that has such text, its heading included. Co-occurrence is boolean per unit.

    Nodes: the concepts that occur anywhere, in ``order`` (the lexicon's; those it lacks follow in order of
    appearance), then the key terms that a unit holds, in the order given (by score). Where mentions of concepts cover
    an occurrence of a term wholly, it is theirs alone; a term with none left is no node. ``score`` is the mean
    polarity of a concept's mentions, and of the sentences that hold a term.

    Edges: every two concepts that share a unit. With a term, from ``TERM_EDGE_COUNT`` shared units on; below that
    only the strongest one that joins a term to a concept, or, where it meets none, to another term. None between two
    nodes of which one stands inside the other somewhere (高端用户, 用户): they meet by spelling. The strongest come
    first: by count, log-likelihood, node order. ``sentences`` are those that hold both; for paragraphs and sections,
    those of the shared units that hold either.

    Args:
        sentences: all of the article, in document order.
        mentions: in document order, as ``stages.concepts.mentions`` gives them, with their polarity.
        keywords: of the article.
        unit: within which two things must stand to occur together.
        order: names of the concepts in the order of the lexicon.
    """
    things = _concepts(sentences, mentions, order)
    terms, nested = _terms(sentences, mentions, keywords, things)
    unit_of, units = _units(sentences, unit)
    things |= {name: thing for name, thing in terms.items() if not thing.sentences.isdisjoint(unit_of)}

    members: dict[int, list[str]] = {key: [] for key in units}
    holders: dict[str, set[int]] = {}
    for name, thing in things.items():
        holders[name] = {unit_of[index] for index in thing.sentences if index in unit_of}
        for key in holders[name]:
            members[key].append(name)
    counts = count(members.values())

    number = {name: index for index, name in enumerate(things)}
    edges: list[Edge] = []
    # Most pairs are rare, and share their counts with others: each statistic is computed once
    known: dict[tuple[int, int, int, int], tuple[float, float, float, float]] = {}
    for source, target in _kept(counts, nested, things, number):
        quad = counts.of(source, target)
        if quad not in known:
            known[quad] = (support(*quad), npmi(*quad), log_likelihood(*quad), fisher(*quad))
        shared = holders[source] & holders[target]
        if unit == "sentence":
            behind = tuple(sorted(shared))
        else:
            either = things[source].sentences | things[target].sentences
            behind = tuple(sorted(index for index in either if unit_of.get(index) in shared))
        # the fields of Edge in order: source, target; counts, units; support, NPMI, log-likelihood, p; sentences
        edges.append(Edge(source, target, *quad, *known[quad], behind))
    edges.sort(key=lambda edge: (-edge.count, -edge.log_likelihood, number[edge.source], number[edge.target]))
    nodes = tuple(
        Node(thing.name, thing.kind, counts.single.get(thing.name, 0), thing.occurrences, _mean(thing.scores))
        for thing in things.values()
    )
    return Network(unit, counts.units, nodes, tuple(edges))


def to_graph(network: Network, positions: Mapping[str, Position]) -> networkx.Graph[str]:
    """Return a network as a ``networkx.Graph`` with typed attributes that GEXF and GraphML can hold.

    Graph: ``unit`` (str), ``units`` (int). Nodes: ``kind`` (str), ``units``, ``mentions`` (int), ``score`` (float),
    ``degree``, ``strength``, ``community`` (int), ``betweenness`` (float). Edges: ``count``, ``source_count``,
    ``target_count`` (int), ``weight`` (float, the count: what layouts go by), ``support``, ``npmi``,
    ``log_likelihood``, ``p_value`` (float), ``sentences`` (str: indices between blanks).

    Args:
        network: as ``network()`` gives it, or a part of it.
        positions: of the nodes of this network, from ``communities.positions``.

    Raises:
        KeyError: a node has no position.
    """
    import networkx

    graph: networkx.Graph[str] = networkx.Graph(unit=network.unit, units=network.units)
    for node in network.nodes:
        position = positions[node.name]
        graph.add_node(
            node.name,
            kind=node.kind,
            units=node.units,
            mentions=node.mentions,
            score=node.score,
            degree=position.degree,
            strength=position.strength,
            betweenness=position.betweenness,
            community=position.community,
        )
    for edge in network.edges:
        graph.add_edge(
            edge.source,
            edge.target,
            weight=float(edge.count),
            count=edge.count,
            source_count=edge.source_count,
            target_count=edge.target_count,
            support=edge.support,
            npmi=edge.npmi,
            log_likelihood=edge.log_likelihood,
            p_value=edge.p_value,
            sentences=" ".join(map(str, edge.sentences)),
        )
    return graph


def _concepts(sentences: Sequence[Sentence], mentions: Sequence[Mention], order: Sequence[str]) -> dict[str, _Thing]:
    found: dict[str, _Thing] = {}
    for mention in mentions:
        thing = found.get(mention.concept)
        if thing is None:
            thing = found[mention.concept] = _Thing(mention.concept, "concept")
        thing.occurrences += 1
        thing.sentences.add(mention.sentence)
        if sentences[mention.sentence].is_prose:
            thing.scores.append(mention.polarity.score)
    names = dict.fromkeys((*order, *found))
    return {name: found[name] for name in names if name in found}


def _terms(
    sentences: Sequence[Sentence], mentions: Sequence[Mention], keywords: Sequence[Keyword], taken: Collection[str]
) -> tuple[dict[str, _Thing], set[Pair]]:
    """Return the terms with the occurrences that are theirs, and the pairs of names that overlap in the text."""
    sentence_starts = [sentence.start for sentence in sentences]
    spans = [(mention.start, mention.end, mention.concept) for mention in mentions]
    mention_ends = [end for _, end, _ in spans]
    terms: dict[str, _Thing] = {}
    nested: set[Pair] = set()
    own: list[tuple[int, int, str]] = []
    for keyword in keywords:
        if keyword.term in taken or keyword.term in terms:
            continue
        thing = _Thing(keyword.term, "term")
        for start, end in keyword.spans:
            covered = 0
            inside: list[str] = []
            at = bisect_right(mention_ends, start)
            while at < len(spans) and spans[at][0] < end:
                covered += min(end, spans[at][1]) - max(start, spans[at][0])
                inside.append(spans[at][2])
                at += 1
            index = bisect_right(sentence_starts, start) - 1
            if covered >= end - start or index < 0 or sentences[index].kind == "code":
                continue
            thing.occurrences += 1
            thing.sentences.add(index)
            nested.update(_pair(keyword.term, concept) for concept in inside)
            own.append((start, end, keyword.term))
        if thing.occurrences:
            held = sorted(thing.sentences)
            thing.scores = [sentences[i].polarity.score for i in held if sentences[i].is_prose]
            terms[keyword.term] = thing
    own.sort()
    open_spans: list[tuple[int, str]] = []
    for start, end, term in own:
        open_spans = [span for span in open_spans if span[0] > start]
        nested.update(_pair(term, other) for _, other in open_spans)
        open_spans.append((end, term))
    return terms, nested


def _units(sentences: Sequence[Sentence], unit: Unit) -> tuple[dict[int, int], list[int]]:
    """Return the unit of each sentence that counts, and the units in document order."""
    unit_of: dict[int, int] = {}
    units: dict[int, None] = {}
    for index, sentence in enumerate(sentences):
        if sentence.is_prose:
            unit_of[index] = (
                index if unit == "sentence" else sentence.paragraph if unit == "paragraph" else sentence.section
            )
            units[unit_of[index]] = None
    if unit == "section":
        for index, sentence in enumerate(sentences):
            if sentence.kind == "heading" and sentence.section in units:
                unit_of[index] = sentence.section
    return unit_of, list(units)


def _kept(
    counts: Counts, nested: Set[Pair], things: Mapping[str, _Thing], number: Mapping[str, int]
) -> list[tuple[str, str]]:
    """Return the pairs that become edges, each in node order."""
    kept: list[tuple[str, str]] = []
    single: list[tuple[str, str]] = []
    joined: set[str] = set()  # with an edge to a concept
    linked: set[str] = set()  # with any edge
    for pair, both in counts.pair.items():
        if pair in nested:
            continue
        source, target = pair if number[pair[0]] < number[pair[1]] else (pair[1], pair[0])
        # concepts come before terms: the target is a term if either is, and the source a concept if either is
        if things[target].kind == "concept" or both >= TERM_EDGE_COUNT:
            kept.append((source, target))
            linked |= {source, target}
            if things[source].kind == "concept":
                joined.add(target)
        else:
            single.append((source, target))
    # below a count of 2 all have met once: what is left to rank them by is the log-likelihood
    best: dict[str, tuple[bool, float, int, int]] = {}
    for source, target in single:
        apart = things[source].kind == "term"  # from concepts
        loose = [name for name in (source, target) if name not in linked] if apart else [target]
        if not loose or (not apart and target in joined):
            continue
        key = (apart, -log_likelihood(*counts.of(source, target)), number[source], number[target])
        for name in loose:
            best[name] = min(best.get(name, key), key)
    names = list(number)
    return kept + sorted({(names[source], names[target]) for _, _, source, target in best.values()})


def _pair(first: str, second: str) -> Pair:
    return (first, second) if first < second else (second, first)


def _mean(values: Sequence[float]) -> float:
    return fsum(values) / len(values) if values else 0.0
