"""GEXF, Gephi's own format."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipeline.write.graphs.look import CANVAS, Look, looks

if TYPE_CHECKING:
    import networkx

_DATE = re.compile(rb' lastmodifieddate="[^"]*"')
_CREATOR = re.compile(rb"<creator>[^<]*</creator>")
# The format has no name of a graph; networkx writes one all the same
_NAME = re.compile(rb'(<graph [^>]*?) name="[^"]*"')


def gexf(graph: networkx.Graph[str], seen: Mapping[str, Look] | None = None) -> bytes:
    """Return an ``exportable`` graph as GEXF 1.2draft with colours, sizes and positions, and without a date.

    Args:
        graph: as ``exportable`` gives it; what the graph itself has as attributes has no place in the format.
        seen: the look of each node; by default that of ``looks``.
    """
    import networkx as nx

    drawn = graph.copy()
    seen = looks(graph) if seen is None else seen
    for node, data in drawn.nodes(data=True):
        colour, size, x, y = seen[node]
        data["viz"] = {
            "color": {"r": int(colour[:2], 16), "g": int(colour[2:4], 16), "b": int(colour[4:], 16), "a": 1.0},
            "size": size,
            "position": {"x": round(x * CANVAS, 1), "y": round(y * CANVAS, 1), "z": 0.0},
        }
    buffer = io.BytesIO()
    nx.write_gexf(drawn, buffer)
    # All three stand before the first text of the article, so the first match is networkx's own
    content = _DATE.sub(b"", buffer.getvalue(), count=1)
    content = _CREATOR.sub(b"<creator>fupan</creator>", content, count=1)
    return _NAME.sub(rb"\1", content, count=1) + b"\n"
