"""What a node looks like in the formats that can say so."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from pipeline.write.graphs.exportable import as_number
from pipeline.write.layout import layout

if TYPE_CHECKING:
    import networkx

CANVAS = 400.0
"""Half the side of a drawing, in the unit of node sizes: a position in [-1, 1] times this is one in the drawing."""

# Paul Tol's "bright" scheme, safe for colour-blind readers; later communities share the grey
_PALETTE = ("4477AA", "EE6677", "228833", "CCBB44", "66CCEE", "AA3377")
_REST = "BBBBBB"


class Look(NamedTuple):
    """Colour as RRGGBB, diameter in [8, 32], place within [-1, 1] on both axes, y upwards."""

    colour: str
    size: float
    x: float
    y: float


def looks(graph: networkx.Graph[str]) -> dict[str, Look]:
    """Return the look of each node: the colour is its ``community``'s, the area follows its ``units``.

    A node without ``community`` is grey, one without ``units`` counts as having 1.
    """
    points = layout(graph)
    largest = max((as_number(data.get("units"), 1.0) for _, data in graph.nodes(data=True)), default=1.0)
    found: dict[str, Look] = {}
    for node, data in graph.nodes(data=True):
        community = int(as_number(data.get("community"), len(_PALETTE)))
        colour = _PALETTE[community] if 0 <= community < len(_PALETTE) else _REST
        # Area follows the count, since the eye compares areas
        share = min(max(as_number(data.get("units"), 1.0) / max(largest, 1.0), 0.0), 1.0)
        found[node] = Look(colour, round(8.0 + 24.0 * math.sqrt(share), 2), *points[node])
    return found
