"""The network as every format can hold it: plain names, plain values, one type an attribute."""

from __future__ import annotations

import numbers
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from pipeline.write.values import one_line, rounded

if TYPE_CHECKING:
    import networkx

Scalar = bool | int | float | str

# Names to which one of the formats gives a meaning of its own: GEXF, GraphML, node-link and spreadsheets; Cytoscape;
# Graphviz, whatever its layouts read of graphs, nodes and edges. In lower case, for spreadsheets do not tell case apart
_MEANT = """
    id label source target key type start end pid viz parents slices spells
    name value parent position selected shared_name suid

    _background area arrowhead arrowsize arrowtail bb beautify bgcolor center charset class cluster clusterrank color
    colorscheme comment compound concentrate constraint damping decorate defaultdist dim dimen dir diredgeconstraints
    distortion dpi edgehref edgetarget edgetooltip edgeurl epsilon esep fillcolor fixedsize fontcolor fontname
    fontnames fontpath fontsize forcelabels gradientangle group head_lp headclip headhref headlabel headport
    headtarget headtooltip headurl height href image imagepath imagepos imagescale inputscale k label_scheme
    labelangle labeldistance labelfloat labelfontcolor labelfontname labelfontsize labelhref labeljust labelloc
    labeltarget labeltooltip labelurl landscape layer layerlistsep layers layerselect layersep layout len levels
    levelsgap lhead lheight linelength lp ltail lwidth margin maxiter mclimit mindist minlen mode model newrank
    nodesep nojustify normalize notranslate nslimit nslimit1 oneblock ordering orientation outputorder overlap
    overlap_scaling overlap_shrink pack packmode pad page pagedir pencolor penwidth peripheries pin pos quadtree
    quantum radius rank rankdir ranksep ratio rects regular remincross repulsiveforce resolution root rotate rotation
    samehead sametail samplepoints scale searchsize sep shape shapefile showboxes sides size skew smoothing sortv
    splines style stylesheet tail_lp tailclip tailhref taillabel tailport tailtarget tailtooltip tailurl tbbalance
    tooltip truecolor url vertices viewport voro_margin width xdotversion xlabel xlp z
"""
_RESERVED = frozenset(_MEANT.split())
_INT64 = 2**63


def exportable(graph: networkx.Graph[str]) -> networkx.Graph[str]:
    """Return a copy of ``graph`` that every format takes and gives back unchanged.

    Names are put on one line, a blank one becomes U+FFFD; those that become equal are told apart by " (2)", " (3)" ….
    Attributes are those of ``attributes``, of one type on all nodes and on all edges. Nodes get ``label`` (the name),
    edges ``id`` (their number, from 0) and, without a ``weight``, one of 1, as Gephi expects.
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
        own["weight"] = as_number(own.get("weight"), 1.0)
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
            found[f"{name}_" if name.lower() in _RESERVED else name] = plain
    return found


def _names(graph: networkx.Graph[str]) -> dict[str, str]:
    """Return for each node a name that can be written, no two alike; one that can be written as it is stays."""
    plain = {node: one_line(str(node)) for node in graph}
    # igraph refuses a node without a name, and nobody sees a blank one
    plain = {node: name if name.strip() else "\ufffd" for node, name in plain.items()}
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


def as_number(value: object, default: float) -> float:
    """Return an attribute as a float, ``default`` where it is absent or no number."""
    return float(value) if isinstance(value, int | float) else default
