"""Pajek's network file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipeline.write.graphs.exportable import as_number
from pipeline.write.graphs.look import Look, looks

if TYPE_CHECKING:
    import networkx


def pajek(graph: networkx.Graph[str], seen: Mapping[str, Look] | None = None) -> bytes:
    """Return an ``exportable`` graph as a Pajek network: names, places and the counts of the edges.

    The format has no room for further attributes, and no way to write a double quote within a name: it becomes the
    full-width one, ``＂``. An edge's value is its ``count``, without one its ``weight``. Places are in [0, 1] with y
    downwards, as Pajek has them.

    Args:
        graph: as ``exportable`` gives it.
        seen: the look of each node, of which the place is taken; by default that of ``looks``.
    """
    seen = looks(graph) if seen is None else seen
    places = {node: place for place, node in enumerate(graph, 1)}
    # Pajek takes a file for UTF-8 by its byte-order mark only. Readers that do not know the mark skip the first line,
    # so that no line that they need stands there.
    lines = ["\ufeff*Network fupan", f"*Vertices {len(graph)}"]
    for node, place in places.items():
        x, y = (1 + seen[node].x) / 2, (1 - seen[node].y) / 2
        name = node.replace('"', "＂")
        lines.append(f'{place} "{name}" {x:.4f} {y:.4f} 0.5000')
    lines.append("*Edges")
    for source, target, data in graph.edges(data=True):
        value = as_number(data.get("count"), as_number(data.get("weight"), 1.0))
        lines.append(f"{places[source]} {places[target]} {value:.15g}")
    return ("\r\n".join(lines) + "\r\n").encode()
