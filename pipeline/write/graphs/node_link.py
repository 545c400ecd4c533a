"""Node-link JSON, as networkx and d3 read it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx


def node_link(graph: networkx.Graph[str]) -> bytes:
    """Return an ``exportable`` graph as node-link JSON (``nodes``, ``edges``) for ``networkx.node_link_graph``."""
    import networkx as nx

    data = nx.node_link_data(graph, edges="edges")
    return (json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()
