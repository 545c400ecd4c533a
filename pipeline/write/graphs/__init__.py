"""The network as files that other programs open, a module a format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.write.graphs.cytoscape import cytoscape
from pipeline.write.graphs.dot import dot
from pipeline.write.graphs.exportable import attributes, exportable
from pipeline.write.graphs.gexf import gexf
from pipeline.write.graphs.graphml import graphml
from pipeline.write.graphs.look import looks
from pipeline.write.graphs.node_link import node_link
from pipeline.write.graphs.pajek import pajek
from pipeline.write.graphs.sheets import edge_sheet, node_sheet

if TYPE_CHECKING:
    from pipeline.analysis import Analysis

__all__ = [
    "attributes",
    "cytoscape",
    "dot",
    "edge_sheet",
    "exportable",
    "gexf",
    "graphml",
    "looks",
    "node_link",
    "node_sheet",
    "pajek",
    "write_graphs",
]


def write_graphs(analysis: Analysis, folder: Path) -> None:
    """Write the network within the unit of the settings: ``graph.*``, ``nodes.csv`` and ``edges.csv``.

    All hold the same nodes and edges, and all but Pajek's, which has no room for them, the same attributes
    (``exportable``). Colours (of the communities), sizes and positions are in those that have a place for them.
    """
    graph = exportable(analysis.graph(analysis.settings.unit))
    seen = looks(graph)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (
        ("graph.gexf", gexf(graph, seen)),
        ("graph.graphml", graphml(graph)),
        ("graph.json", node_link(graph)),
        ("graph.cyjs", cytoscape(graph, seen)),
        ("graph.net", pajek(graph, seen)),
        ("graph.dot", dot(graph, seen)),
        ("nodes.csv", node_sheet(graph)),
        ("edges.csv", edge_sheet(graph)),
    ):
        (folder / name).write_bytes(content)
