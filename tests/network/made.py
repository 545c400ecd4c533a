"""Counts and networks made by hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pipeline.model import Network, Node, NodeKind
from pipeline.network.counting import Counts, count
from tests.write.sample import edge


def counted(units: Sequence[Collection[str]]) -> Counts:
    """Return the counts of units given as the names in them."""
    names = sorted({name for unit in units for name in unit})
    flat = [(number, names.index(name)) for number, unit in enumerate(units) for name in unit]
    return count([unit for unit, _ in flat], [thing for _, thing in flat], names=names, units=len(units))


def net(names: str, *edges: tuple[str, str, int], units: int = 60) -> Network:
    """Return a network of concepts of one letter, each in 9 units, with edges of so many shared ones."""
    found = sorted((edge(a, b, both, 9, 9, units) for a, b, both in edges), key=lambda e: -e.count)
    return Network("sentence", units, tuple(Node(name, "concept", 9, 9, 0.0) for name in names), tuple(found))


def network_of(units: Sequence[Collection[str]], terms: Collection[str] = ()) -> Network:
    """Return the network of units given as the names in them; all are concepts but for ``terms``."""
    counts = counted(units)
    nodes = []
    for name in counts.names:
        places = tuple(number for number, unit in enumerate(units) if name in unit)
        kind: NodeKind = "term" if name in terms else "concept"
        nodes.append(Node(name, kind, len(places), len(places), 0.0, (0,), places))
    edges = [edge(counts.names[i], counts.names[j], *quad) for i, j, *quad in counts.quads()]
    edges.sort(key=lambda e: (-e.count, -e.log_likelihood))
    return Network("sentence", len(units), tuple(nodes), tuple(edges))
