"""Nodes and edges as the two spreadsheets that Gephi imports, and R, igraph and pandas make graphs of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.write.graphs.exportable import Scalar
from pipeline.write.tables import csv_file, defused

if TYPE_CHECKING:
    import networkx


FIRST_OF_NODES = ("Id", "Label")
"""The first columns of ``node_sheet``, called as Gephi wants them."""

FIRST_OF_EDGES = ("Source", "Target", "Type", "Id", "Weight")
"""Those of ``edge_sheet``."""


def node_sheet(graph: networkx.Graph[str]) -> bytes:
    """Return the nodes of an ``exportable`` graph as CSV: ``Id``, ``Label``, then their attributes.

    An attribute that a node lacks is an empty cell; truth values are ``true`` and ``false``. Text that a spreadsheet
    would run as a formula begins with an apostrophe, an ``Id`` too, and then likewise in ``edge_sheet``; ids that
    become equal by it get " (2)", " (3)" ….
    """
    ids = _ids(graph)
    rows = [{"Id": ids[node], "Label": node, **data} for node, data in graph.nodes(data=True)]
    return _sheet(FIRST_OF_NODES, ("label",), rows)


def edge_sheet(graph: networkx.Graph[str]) -> bytes:
    """Return the edges as CSV: ``Source``, ``Target``, ``Type`` (Undirected), ``Id``, ``Weight``, then attributes.

    ``Source`` and ``Target`` are ids of ``node_sheet``; cells are written as there.
    """
    ids = _ids(graph)
    rows = [
        {
            "Source": ids[source],
            "Target": ids[target],
            "Type": "Undirected",
            "Id": data["id"],
            "Weight": data["weight"],
            **data,
        }
        for source, target, data in graph.edges(data=True)
    ]
    return _sheet(FIRST_OF_EDGES, ("id", "weight"), rows)


def _ids(graph: networkx.Graph[str]) -> dict[str, str]:
    """Return for each node how it is called in both sheets; only what begins like a formula is not called by its name.

    "=a" beside "'=a" would be the same cell.
    """
    found: dict[str, str] = {node: node for node in graph if defused(node) == node}
    taken = set(found)
    for node in graph:
        if node not in found:
            unique, number = defused(node), 2
            while unique in taken:
                unique, number = f"{defused(node)} ({number})", number + 1
            taken.add(unique)
            found[node] = unique
    return found


def _sheet(first: Sequence[str], left_out: Sequence[str], rows: Sequence[dict[str, Scalar]]) -> bytes:
    columns = [key for key in dict.fromkeys((*first, *(key for row in rows for key in row))) if key not in left_out]
    cells = [[_cell(row.get(key)) for key in columns] for row in rows]
    return csv_file([defused(key) for key in columns], cells)


def _cell(value: Scalar | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return defused(value) if isinstance(value, str) else str(value)
