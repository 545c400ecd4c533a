"""From mentions and key terms to a network with the sentences behind every edge."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum
from typing import TYPE_CHECKING

from pipeline.model import Edge, Keyword, Mention, Network, Node, NodeKind, Position, Sentence, Span, Unit
from pipeline.network.association import log_likelihood, npmi, support
from pipeline.network.counting import count
from pipeline.network.significance import fisher

if TYPE_CHECKING:
    import networkx

# What a term must share with another node for an edge: a term is chosen because it is frequent, so that meeting once says
# little; a concept is chosen by the reader, and each of its meetings is worth a look.
TERM_EDGE_COUNT = 2


@dataclass(slots=True)
class _Thing:
    """A concept or term with where it occurs: sentences (headings too), how often, and what is said of it."""

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

    Units: a ``"sentence"`` or a ``"paragraph"`` is one of running text or of a table (headings and code left out); a
    ``"section"`` includes its heading. Co-occurrence is boolean per unit.

    Nodes: the concepts that occur anywhere, in ``order`` (of the lexicon; those it lacks follow in order of appearance),
    then the key terms that a unit holds, in the order given (by score). A term is left out where mentions of concepts
    cover it wholly: it would repeat the concept. ``score`` is the mean polarity of a concept's mentions, of the sentences
    that hold a term.

    Edges: every two concepts that share a unit; with a term, from 2 shared units on, and for a term that reaches that with
    no one its strongest single meeting, so that it hangs on. There is no edge where one of the two contains the other in
    the text (高端用户 and 用户): they meet by spelling, not by meaning. Strongest first: by count, then log-likelihood, then
    node order. ``sentences``: those that hold both; for paragraphs and sections those of the shared units that hold either.
    """
    things = _concepts(mentions, order)
    terms, contained = _terms(sentences, mentions, keywords, taken=things.keys())
    things |= terms
    names = list(things)

    unit_of, units = _units(sentences, unit)
    holders = {name: {unit_of[index] for index in things[name].sentences if index in unit_of} for name in names}
    for name in terms:
        if not holders[name]:
            del things[name], holders[name]
    members: dict[int, list[str]] = {key: [] for key in units}
    for name, held in holders.items():
        for key in held:
            members[key].append(name)
    counts = count(members.values())

    number = {name: index for index, name in enumerate(things)}
    edges: list[Edge] = []
    loose: dict[str, list[Edge]] = defaultdict(list)
    fast: set[str] = set()
    for pair, both in counts.pair.items():
        if pair in contained:
            continue
        source, target = sorted(pair, key=number.__getitem__)
        first, second, total = counts.single[source], counts.single[target], counts.units
        shared = holders[source] & holders[target]
        behind = _behind(things[source].sentences, things[target].sentences, shared, unit_of, unit)
        edge = Edge(
            source,
            target,
            both,
            first,
            second,
            total,
            support(both, first, second, total),
            npmi(both, first, second, total),
            log_likelihood(both, first, second, total),
            fisher(both, first, second, total),
            behind,
        )
        ends = [name for name in pair if things[name].kind == "term"]
        if not ends or both >= TERM_EDGE_COUNT:
            edges.append(edge)
            fast.update(ends)
        else:
            for name in ends:
                loose[name].append(edge)

    def rank(edge: Edge) -> tuple[float, float, int, int]:
        return -edge.count, -edge.log_likelihood, number[edge.source], number[edge.target]

    single = {(edge.source, edge.target): edge for name, found in loose.items() if name not in fast for edge in [min(found, key=rank)]}
    edges = sorted((*edges, *single.values()), key=rank)
    nodes = tuple(
        Node(thing.name, thing.kind, counts.single.get(thing.name, 0), thing.occurrences, _mean(thing.scores))
        for thing in things.values()
    )
    return Network(unit, counts.units, nodes, tuple(edges))
