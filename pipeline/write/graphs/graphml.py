"""GraphML, the format that most programs share."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx


def graphml(graph: networkx.Graph[str]) -> bytes:
    """Return an ``exportable`` graph as GraphML 1.0 with its attributes extension.

    Nodes are called by their names. The standard asks for a name token there, which one with a blank or a quote is
    not; programs take it all the same, and show it.
    """
    import networkx as nx

    buffer = io.BytesIO()
    # Not write_graphml, whose bytes depend on whether lxml is installed
    nx.write_graphml_xml(graph, buffer)
    return buffer.getvalue() + b"\n"
