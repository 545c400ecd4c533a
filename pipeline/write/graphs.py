"""The network as files that Gephi, Cytoscape and networkx open: GEXF, GraphML, node-link JSON."""

from __future__ import annotations

import io
import json
import math
import numbers
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.write.layout import layout
from pipeline.write.values import one_line, rounded

if TYPE_CHECKING:
    import networkx

    from pipeline.analysis import Analysis

Scalar = bool | int | float | str

# Names to which one of the formats gives a meaning of its own
_RESERVED = frozenset(
    ("id", "label", "source", "target", "key", "type", "start", "end", "pid", "viz", "parents", "slices", "spells")
)
_INT64 = 2**63
# Paul Tol's "bright" scheme, safe for colour-blind readers; later communities share the grey
_PALETTE = ("4477AA", "EE6677", "228833", "CCBB44", "66CCEE", "AA3377")
_REST = "BBBBBB"
# Gephi's canvas: a layout in [-1, 1] becomes this many units, and node sizes are fit to it
_CANVAS = 400.0
_DATE = re.compile(rb' lastmodifieddate="[^"]*"')
_CREATOR = re.compile(rb"<creator>[^<]*</creator>")


def write_graphs(analysis: Analysis, folder: Path) -> None:
    """Write ``graph.gexf``, ``graph.graphml`` and ``graph.json`` of the network within the unit of the settings.

    All three hold the same nodes, edges and attributes (``exportable``); GEXF has besides for each node a colour (of
    its community), a size and a position, which Gephi shows at once.
    """
    graph = exportable(analysis.graph(analysis.settings.unit))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "graph.gexf").write_bytes(gexf(graph))
    (folder / "graph.graphml").write_bytes(graphml(graph))
    (folder / "graph.json").write_bytes(node_link(graph))


def exportable(graph: networkx.Graph[str]) -> networkx.Graph[str]:
    """Return a copy of ``graph`` that every format takes and gives back unchanged.

    Names are put on one line; those that become equal are told apart by " (2)", " (3)" …. Attributes are those of
    ``attributes``, of one type on all nodes and on all edges. Nodes get ``label`` (the name), edges ``id`` (their
    number, from 0) and, without a ``weight``, one of 1, as Gephi expects.
    """
    import networkx as nx

    names = _names(graph)
    copy: networkx.Graph[str] = nx.Graph()
    copy.graph.update(attributes(graph.graph))
    nodes = _one_type([attributes(data) for _, data in graph.nodes(data=True)])
    for node, own in zip(graph, nodes, strict=True):
        copy.add_node(names[node], label=names[node], **own)
    edges = _one_type([attributes(data) for *_, data in graph.edges(data=True)])
    for number, ((source, target), own) in enumerate(zip(graph.edges, edges, strict=True)):
        own["weight"] = _number(own.get("weight"), 1.0)
        copy.add_edge(names[source], names[target], id=str(number), **own)
    return copy


def attributes(data: Mapping[str, object]) -> dict[str, Scalar]:
    """Return attributes as plain ``bool``, 64-bit ``int``, finite ``float`` and one-line ``str``.

    numpy scalars become Python's; floats have six significant digits; a list or tuple is joined by blanks; anything
    else is its ``str``. None, numbers that are not finite and empty strings are left out, for GraphML gives none of
    them back. A name to which a format gives a meaning of its own (``id``, ``type`` …) gets an underscore.
    """
    found: dict[str, Scalar] = {}
    for key, value in data.items():
        plain = _scalar(value)
        if plain is not None and plain != "":
            name = one_line(str(key))
            found[f"{name}_" if name in _RESERVED else name] = plain
    return found


def gexf(graph: networkx.Graph[str]) -> bytes:
    """Return an ``exportable`` graph as GEXF 1.2, without the date that networkx writes into it."""
    import networkx as nx

    drawn = graph.copy()
    points = layout(graph)
    largest = max((_number(data.get("units"), 1.0) for _, data in graph.nodes(data=True)), default=1.0)
    for node, data in drawn.nodes(data=True):
        community = int(_number(data.get("community"), len(_PALETTE)))
        code = _PALETTE[community] if 0 <= community < len(_PALETTE) else _REST
        x, y = points[node]
        data["viz"] = {
            "color": {"r": int(code[:2], 16), "g": int(code[2:4], 16), "b": int(code[4:], 16), "a": 1.0},
            # Area follows the count, since the eye compares areas
            "size": round(8.0 + 24.0 * math.sqrt(_number(data.get("units"), 1.0) / max(largest, 1.0)), 2),
            "position": {"x": round(x * _CANVAS, 1), "y": round(y * _CANVAS, 1), "z": 0.0},
        }
    buffer = io.BytesIO()
    nx.write_gexf(drawn, buffer)
    # Both stand before the first text of the article, so the first match is networkx's own
    undated = _DATE.sub(b"", buffer.getvalue(), count=1)
    return _CREATOR.sub(b"<creator>fupan</creator>", undated, count=1) + b"\n"


def graphml(graph: networkx.Graph[str]) -> bytes:
    """Return an ``exportable`` graph as GraphML."""
    import networkx as nx

    buffer = io.BytesIO()
    # Not write_graphml, whose bytes depend on whether lxml is installed
    nx.write_graphml_xml(graph, buffer)
    return buffer.getvalue() + b"\n"


def node_link(graph: networkx.Graph[str]) -> bytes:
    """Return an ``exportable`` graph as node-link JSON (``nodes``, ``edges``) for ``networkx.node_link_graph``."""
    import networkx as nx

    data = nx.node_link_data(graph, edges="edges")
    return (json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def _names(graph: networkx.Graph[str]) -> dict[str, str]:
    """Return for each node a name that can be written, no two alike; one that can be written as it is stays."""
    plain = {node: one_line(str(node)) for node in graph}
    taken = {name for node, name in plain.items() if name == node}
    names: dict[str, str] = {}
    for node, name in plain.items():
        unique, number = name, 2
        while name != node and unique in taken:
            unique, number = f"{name} ({number})", number + 1
        taken.add(unique)
        names[node] = unique
    return names


def _one_type(rows: list[dict[str, Scalar]]) -> list[dict[str, Scalar]]:
    """Return rows in which an attribute has one type throughout, for GEXF declares it once: float, or else str."""
    types: dict[str, set[type[Scalar]]] = {}
    for row in rows:
        for key, value in row.items():
            types.setdefault(key, set()).add(type(value))
    wider = {key: float if found == {int, float} else str for key, found in types.items() if len(found) > 1}
    return [{key: wider[key](value) if key in wider else value for key, value in row.items()} for row in rows]


def _scalar(value: object) -> Scalar | None:
    # numpy's scalars have ``item``; numpy itself need not be imported to ask
    item = getattr(value, "item", None)
    if callable(item) and getattr(value, "ndim", None) == 0:
        value = item()
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, numbers.Integral):
        whole = int(value)
        return whole if -_INT64 <= whole < _INT64 else str(whole)
    if isinstance(value, numbers.Real):
        return rounded(float(value))
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, Iterable):
        parts = (_scalar(part) for part in value)
        return " ".join(str(part) for part in parts if part is not None)
    return one_line(str(value))


def _number(value: object, default: float) -> float:
    return float(value) if isinstance(value, int | float) else default
