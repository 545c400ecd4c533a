"""Cytoscape JSON: Cytoscape desktop and cytoscape.js."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import count
from typing import TYPE_CHECKING

from pipeline.write.graphs.look import CANVAS, Look, looks

if TYPE_CHECKING:
    import networkx


def cytoscape(graph: networkx.Graph[str], seen: Mapping[str, Look] | None = None) -> bytes:
    """Return an ``exportable`` graph as Cytoscape JSON (``data``, ``elements`` with ``nodes`` and ``edges``).

    ``data`` of a node has ``id``, ``name`` and ``value`` (all its name; the last is what networkx reads) and its
    attributes; of an edge ``id`` (its number after letters that keep it apart from the nodes', for cytoscape.js has
    one name space), ``source``, ``target`` and its attributes. ``position`` has y downwards, as a screen.

    Args:
        graph: as ``exportable`` gives it.
        seen: the look of each node, of which the place is taken; by default that of ``looks``.
    """
    seen = looks(graph) if seen is None else seen
    nodes = [
        {
            "data": {**data, "id": node, "name": node, "value": node},
            # + 0.0 makes -0.0 into 0.0
            "position": {"x": round(seen[node].x * CANVAS, 1) + 0.0, "y": round(-seen[node].y * CANVAS, 1) + 0.0},
        }
        for node, data in graph.nodes(data=True)
    ]
    letters = next(
        letters
        for letters in ("e" * length for length in count(1))
        if not any(f"{letters}{data['id']}" in graph for *_, data in graph.edges(data=True))
    )
    edges = [
        {"data": {**data, "id": f"{letters}{data['id']}", "source": source, "target": target}}
        for source, target, data in graph.edges(data=True)
    ]
    document = {
        "format_version": "1.0",
        "generated_by": "fupan",
        "target_cytoscapejs_version": "~2.1",
        "data": {**graph.graph, "name": "network"},
        "directed": False,
        "multigraph": False,
        "elements": {"nodes": nodes, "edges": edges},
    }
    return (json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()
