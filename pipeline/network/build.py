"""From mentions, names and key terms to a network with the sentences behind every edge."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, field
from math import fsum
from typing import TYPE_CHECKING

from pipeline.model import Edge, Keyword, Mention, Name, Network, Node, NodeKind, Relation, Sentence, Span, Unit
from pipeline.network.association import statistics
from pipeline.network.counting import count
from pipeline.network.relations import Rule, applicable, closest, relation
from pipeline.network.selection import strength
from pipeline.network.significance import benjamini_hochberg, fisher

if TYPE_CHECKING:
    import networkx

    from pipeline.model import Position, Stability

_NAME_COUNT = 2
"""Occurrences from which a person, product or organisation is a node; one that is a keyword always is."""

_NAMES = 60
"""People, products and organisations that are nodes, at most: the most frequent, of equals the first."""
_LOOKED_AT = 20
"""Occurrences in one sentence among which relations are looked for: a line without an end may hold thousands."""

Pair = tuple[str, str]
Quad = tuple[int, int, int, int]


@dataclass(slots=True)
class _Thing:
    """A node while it is collected: where it occurs (headings too), how often, what is said of it."""

    name: str
    kind: NodeKind
    occurrences: int = 0
    spans: dict[int, list[Span]] = field(default_factory=dict)  # by sentence
    scores: list[float] = field(default_factory=list)
    read: dict[int, list[Span]] = field(default_factory=dict)  # the same in the sentence as read, once asked for

    def add(self, sentence: int, start: int, end: int) -> None:
        self.occurrences += 1
        self.spans.setdefault(sentence, []).append((start, end))

    def within(self, index: int, sentence: Sentence) -> list[Span]:
        """Return where it stands in a sentence as read, the first ``_LOOKED_AT`` places."""
        found = self.read.get(index)
        if found is None:
            spans = self.spans[index][:_LOOKED_AT]
            found = self.read[index] = [(sentence.within(start), sentence.within(end)) for start, end in spans]
        return found


def network(
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    keywords: Sequence[Keyword],
    *,
    unit: Unit,
    order: Sequence[str] = (),
    names: Sequence[Name] = (),
    sections: Collection[int] | None = None,
) -> Network:
    """Return which concepts, names and key terms occur together, per ``unit``.

    Units: a ``"sentence"`` or a ``"paragraph"`` of running text or of a table (headings and code left out), or a
    ``"section"`` that has such text, its heading included. Co-occurrence is boolean per unit.

    Nodes: the concepts that occur anywhere, in ``order`` (the lexicon's; those it lacks follow in order of
    appearance), then people, products and organisations that occur twice or are keywords (the 60 most frequent), then
    the other key terms,
    in the order given; names and terms that no unit holds are left out. Where mentions of concepts cover an occurrence
    of a name or term wholly, it is theirs alone; one with none left is no node. ``score`` is the mean polarity of a
    concept's mentions, and of the sentences that hold a name or term.

    Edges: every two nodes that share a unit, but for two of which one stands inside the other somewhere (高端用户,
    用户): they meet by spelling. The strongest come first (``selection.strength``). ``sentences`` are those that hold
    both; for paragraphs and sections, those of the shared units that hold either. Fisher's p is adjusted over all
    pairs of nodes that a unit holds, met or not: pairs of concepts are one family, pairs with a name or term another.

    Args:
        sentences: all of the article, in document order.
        mentions: in document order, as ``stages.concepts.mentions`` gives them, with their polarity.
        keywords: of the article.
        unit: within which two things must stand to occur together.
        order: names of the concepts in the order of the lexicon.
        names: people, products and organisations.
        sections: indices of sections; only these are counted. All, where None.
    """
    own = range(len(sentences)) if sections is None else [i for i, s in enumerate(sentences) if s.section in sections]
    inside = set(own)
    things = _concepts(sentences, [mention for mention in mentions if mention.sentence in inside], order)
    others, nested = _others(sentences, mentions, keywords, names, things, inside)
    unit_of, units = _units(sentences, unit, own)
    things |= {name: thing for name, thing in others.items() if not thing.spans.keys().isdisjoint(unit_of)}

    listed = list(things.values())
    place = {key: number for number, key in enumerate(units)}
    held = [sorted({place[unit_of[index]] for index in thing.spans if index in unit_of}) for thing in listed]
    counts = count(
        [at for places in held for at in places],
        [number for number, places in enumerate(held) for _ in places],
        names=[thing.name for thing in listed],
        units=len(units),
    )
    quads: dict[tuple[int, int], Quad] = {
        (i, j): (both, first, second, total)
        for i, j, both, first, second, total in counts.quads()
        if _pair(listed[i].name, listed[j].name) not in nested
    }
    # Most pairs are rare, and share their counts with others: each test is made once
    # … and in one order, so that rounding tells no two equal pairs apart
    tests = {quad: fisher(*_ordered(quad)) for quad in set(quads.values())}
    known = {quad: statistics(*_ordered(quad)) for quad in tests}
    adjusted = _adjusted(listed, held, quads, tests, nested)

    edges: list[Edge] = []
    rules: dict[int, tuple[Rule, ...]] = {}
    for (i, j), quad in quads.items():
        source, target = listed[i], listed[j]
        behind = source.spans.keys() & target.spans.keys()
        relations = _relations(sentences, source, target, behind, rules)
        if unit != "sentence":
            shared = set(held[i]) & set(held[j])
            behind = source.spans.keys() | target.spans.keys()
            behind = {index for index in behind if index in unit_of and place[unit_of[index]] in shared}
        shown = tuple(sorted(index for index in behind if index in unit_of))
        tone = _mean([sentences[index].polarity.score for index in shown if sentences[index].is_prose])
        # the fields of Edge in order
        edges.append(
            Edge(
                source.name,
                target.name,
                *quad,
                *known[quad],
                tests[quad],
                adjusted[i, j],
                tone,
                tuple(cue for cue in relations if cue.sentence in unit_of and sentences[cue.sentence].is_prose),
                shown,
            )
        )
    edges.sort(key=strength)  # of equals, the first in node order stays first
    nodes = tuple(
        Node(
            thing.name,
            thing.kind,
            len(places),
            thing.occurrences,
            _mean(thing.scores),
            tuple(sorted({sentences[index].section for index in thing.spans})),
            tuple(places),
        )
        for thing, places in zip(listed, held, strict=True)
    )
    return Network(unit, len(units), nodes, tuple(edges))


def to_graph(
    network: Network,
    positions: Mapping[str, Position],
    *,
    stabilities: Mapping[Pair, Stability] | None = None,
    backbone: Mapping[Pair, float] | None = None,
) -> networkx.Graph[str]:
    """Return a network as a ``networkx.Graph`` with typed attributes that every format can hold.

    Graph: ``unit`` (str), ``units`` (int). Nodes: ``kind`` (str), ``units``, ``mentions`` (int), ``score`` (float),
    ``sections`` (str: indices between blanks), and the fields of ``Position``. Edges: ``weight`` (float, the count:
    what layouts go by), the fields of ``Edge`` with ``relations`` as text (``cause 导致``) and ``sentences`` as indices
    between blanks, ``count_low``, ``count_high``, ``strongest`` of its ``Stability``, and ``disparity``.

    Args:
        network: as ``network()`` gives it, or a part of it.
        positions: of the nodes of this network.
        stabilities: of its edges; left out without.
        backbone: of its edges, as ``network.backbone.disparity`` gives it; left out without.

    Raises:
        KeyError: a node has no position, or an edge no stability or disparity where these are given.
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
            sections=" ".join(map(str, node.sections)),
            degree=position.degree,
            strength=position.strength,
            betweenness=position.betweenness,
            pagerank=position.pagerank,
            community=position.community,
            agreement=position.agreement,
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
            jaccard=edge.jaccard,
            dice=edge.dice,
            simpson=edge.simpson,
            association_strength=edge.association_strength,
            pmi=edge.pmi,
            npmi=edge.npmi,
            log_likelihood=edge.log_likelihood,
            odds_ratio=edge.odds_ratio,
            odds_low=edge.odds_low,
            odds_high=edge.odds_high,
            p_value=edge.p_value,
            p_adjusted=edge.p_adjusted,
            tone=edge.tone,
            relations="; ".join(f"{cue.kind} {cue.cue}" for cue in edge.relations),
            sentences=" ".join(map(str, edge.sentences)),
        )
        data = graph.edges[edge.source, edge.target]
        if stabilities is not None:
            stability = stabilities[edge.source, edge.target]
            data |= {"count_low": stability.low, "count_high": stability.high, "strongest": stability.strongest}
        if backbone is not None:
            data["disparity"] = backbone[edge.source, edge.target]
    return graph


def _concepts(sentences: Sequence[Sentence], mentions: Sequence[Mention], order: Sequence[str]) -> dict[str, _Thing]:
    found: dict[str, _Thing] = {}
    for mention in mentions:
        thing = found.get(mention.concept)
        if thing is None:
            thing = found[mention.concept] = _Thing(mention.concept, "concept")
        thing.add(mention.sentence, mention.start, mention.end)
        if sentences[mention.sentence].is_prose:
            thing.scores.append(mention.polarity.score)
    names = dict.fromkeys((*order, *found))
    return {name: found[name] for name in names if name in found}


def _others(
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    keywords: Sequence[Keyword],
    names: Sequence[Name],
    taken: Collection[str],
    inside: Set[int],
) -> tuple[dict[str, _Thing], set[Pair]]:
    """Return names and terms with the occurrences that are theirs, and the pairs of names that overlap in the text."""
    terms = {keyword.term for keyword in keywords}
    named = [name for name in names if name.count >= _NAME_COUNT or name.name in terms]
    kept = {name.name for name in sorted(named, key=lambda name: -name.count)[:_NAMES]}
    wanted: dict[str, tuple[NodeKind, Sequence[Span]]] = {
        name.name: (name.kind, name.spans) for name in named if name.name in kept
    }
    for keyword in keywords:
        wanted.setdefault(keyword.term, ("term", keyword.spans))
    sentence_starts = [sentence.start for sentence in sentences]
    spans = [(mention.start, mention.end, mention.concept) for mention in mentions]
    mention_ends = [end for _, end, _ in spans]
    others: dict[str, _Thing] = {}
    nested: set[Pair] = set()
    own: list[tuple[int, int, str]] = []
    for name, (kind, places) in wanted.items():
        if name in taken:
            continue
        thing = _Thing(name, kind)
        for start, end in places:
            covered = 0
            within: list[str] = []
            at = bisect_right(mention_ends, start)
            while at < len(spans) and spans[at][0] < end:
                covered += min(end, spans[at][1]) - max(start, spans[at][0])
                within.append(spans[at][2])
                at += 1
            index = bisect_right(sentence_starts, start) - 1
            if covered >= end - start or index not in inside or sentences[index].kind == "code":
                continue
            thing.add(index, start, end)
            nested.update(_pair(name, concept) for concept in within)
            own.append((start, end, name))
        if thing.occurrences:
            held = sorted(thing.spans)
            thing.scores = [sentences[i].polarity.score for i in held if sentences[i].is_prose]
            others[name] = thing
    own.sort()
    open_spans: list[tuple[int, str]] = []
    for start, end, name in own:
        open_spans = [span for span in open_spans if span[0] > start]
        nested.update(_pair(name, other) for _, other in open_spans if other != name)
        open_spans.append((end, name))
    return others, nested


def _units(sentences: Sequence[Sentence], unit: Unit, own: Sequence[int]) -> tuple[dict[int, int], list[int]]:
    """Return the unit of each sentence that counts, and the units in document order."""
    unit_of: dict[int, int] = {}
    units: dict[int, None] = {}
    for index in own:
        sentence = sentences[index]
        if sentence.is_prose:
            unit_of[index] = (
                index if unit == "sentence" else sentence.paragraph if unit == "paragraph" else sentence.section
            )
            units[unit_of[index]] = None
    if unit == "section":
        for index in own:
            if sentences[index].kind == "heading" and sentences[index].section in units:
                unit_of[index] = sentences[index].section
    return unit_of, list(units)


def _adjusted(
    things: Sequence[_Thing],
    held: Sequence[Sequence[int]],
    quads: Mapping[tuple[int, int], Quad],
    tests: Mapping[Quad, float],
    nested: Set[Pair],
) -> dict[tuple[int, int], float]:
    """Return each pair's p-value, adjusted over all pairs of its family that could have met."""
    present = [number for number, places in enumerate(held) if places]
    concepts = [number for number in present if things[number].kind == "concept"]
    names = {things[number].name for number in present}
    apart = [pair for pair in nested if pair[0] in names and pair[1] in names]
    total = _of_two(len(present)) - len(apart)
    of_concepts = _of_two(len(concepts))  # mentions of concepts do not overlap
    adjusted: dict[tuple[int, int], float] = {}
    for among, size in ((True, of_concepts), (False, total - of_concepts)):
        family = [key for key in quads if (things[key[0]].kind == things[key[1]].kind == "concept") is among]
        values = benjamini_hochberg([tests[quads[key]] for key in family], size)
        adjusted |= dict(zip(family, values, strict=True))
    return adjusted


def _relations(
    sentences: Sequence[Sentence],
    source: _Thing,
    target: _Thing,
    shared: Set[int],
    rules: dict[int, tuple[Rule, ...]],
) -> tuple[Relation, ...]:
    """Return what the sentences say of the two, in reading order; of one sentence the first thing that it says.

    ``rules`` keeps from pair to pair which rules each sentence can satisfy.
    """
    found: list[Relation] = []
    for index in sorted(shared):
        sentence = sentences[index]
        if index not in rules:
            rules[index] = applicable(sentence.plain)
        if not rules[index]:
            continue
        for one, other, own in closest(source.within(index, sentence), target.within(index, sentence)):
            cue = relation(sentence.plain, one, other, rules[index])
            if cue is not None:
                forward = None if cue.forward is None else cue.forward is own
                found.append(Relation(cue.kind, cue.text, *sentence.span(cue.start, cue.end), index, forward))
                break
    return tuple(found)


def _ordered(quad: Quad) -> Quad:
    both, first, second, units = quad
    return both, min(first, second), max(first, second), units


def _of_two(size: int) -> int:
    return size * (size - 1) // 2


def _pair(first: str, second: str) -> Pair:
    return (first, second) if first < second else (second, first)


def _mean(values: Sequence[float]) -> float:
    return fsum(values) / len(values) if values else 0.0
