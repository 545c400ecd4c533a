"""DOT, the language of Graphviz."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipeline.write.graphs.exportable import Scalar, as_number
from pipeline.write.graphs.look import CANVAS, Look, looks

if TYPE_CHECKING:
    import networkx

_POINTS = 72  # an inch, the unit of Graphviz's widths


def dot(graph: networkx.Graph[str], seen: Mapping[str, Look] | None = None) -> bytes:
    r"""Return an ``exportable`` graph in DOT: what Graphviz draws where the other files have it.

    Places are fixed (``pos="x,y!"``, in points), so that ``dot``, ``neato`` and ``neato -n`` all keep them; widths of
    lines follow the weights. In every quoted text a backslash is doubled, for Graphviz reads ``\n`` and the like in
    labels, and has no other way to end a name with a backslash. In ``label`` an ampersand is ``&amp;`` besides. A node
    is called by its name; before a ``%`` that opens it stands a backslash, for Graphviz takes every mention of such a
    name for another node without one.

    Args:
        graph: as ``exportable`` gives it.
        seen: the look of each node; by default that of ``looks``.
    """
    seen = looks(graph) if seen is None else seen
    largest = max((as_number(data.get("weight"), 1.0) for *_, data in graph.edges(data=True)), default=1.0)
    settings: dict[str, Scalar] = {"layout": "neato", "inputscale": _POINTS, "outputorder": "edgesfirst"}
    lines = [
        "graph network {",
        f"  graph{_list(settings | graph.graph)};",
        # fixedsize=shape: a label may be larger than its node
        '  node [fixedsize="shape", shape="circle", style="filled"];',
        '  edge [color="#00000055"];',
    ]
    for node, data in graph.nodes(data=True):
        colour, size, x, y = seen[node]
        drawn: dict[str, Scalar] = {
            "fillcolor": f"#{colour}",
            "width": round(size / _POINTS, 3),
            "pos": f"{round(x * CANVAS, 1) + 0.0},{round(y * CANVAS, 1) + 0.0}!",
        }
        lines.append(f"  {_id(node)}{_list(data | drawn)};")
    for source, target, data in graph.edges(data=True):
        share = min(max(as_number(data.get("weight"), 1.0) / max(largest, 1e-9), 0.0), 1.0)
        drawn = {"penwidth": round(0.5 + 3.5 * math.sqrt(share), 2)}
        lines.append(f"  {_id(source)} -- {_id(target)}{_list(data | drawn)};")
    return ("\n".join([*lines, "}"]) + "\n").encode()


def _id(node: str) -> str:
    return '"\\' + _quoted(node)[1:] if node.startswith("%") else _quoted(node)


def _list(values: Mapping[str, Scalar]) -> str:
    return " [" + ", ".join(f"{_name(key)}={_value(key, value)}" for key, value in values.items()) + "]"


def _name(key: str) -> str:
    return key if key.isascii() and key.isidentifier() and key.lower() not in _KEYWORDS else _quoted(key)


_KEYWORDS = frozenset(("node", "edge", "graph", "digraph", "subgraph", "strict"))


def _value(key: str, value: Scalar) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return _quoted(value.replace("&", "&amp;") if key == "label" else value)
    # dot wants whole weights, and a float that is one has no need of its ".0"; DOT knows no exponents outside of quotes
    text = f"{value:.15g}" if isinstance(value, float) else str(value)
    return f'"{text}"' if "e" in text else text


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
