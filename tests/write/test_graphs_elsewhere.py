"""The files of the network, opened by programs that have no part in writing them.

What is written by networkx or by ourselves is read by igraph (C), Graphviz (C), pandas and gexfpy, whose classes were
generated from GEXF's published schema and which is told to refuse whatever those do not have. A file that only its
writer understands would pass any test of our own.
"""

from __future__ import annotations

import io
import json
import math
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline.write.graphs import (
    cytoscape,
    dot,
    edge_sheet,
    exportable,
    gexf,
    graphml,
    looks,
    node_sheet,
    pajek,
)
from pipeline.write.graphs.look import CANVAS
from pipeline.write.graphs.sheets import FIRST_OF_EDGES, FIRST_OF_NODES
from pipeline.write.tables import defused
from tests.write.sample import article_of, hostile, hostile_graph, sample

# Without type stubs
igraph: Any = import_module("igraph")

SCHEMAS = Path(__file__).parents[1] / "data" / "schemas"


Rows = list[dict[str, Any]]
Edges = list[tuple[str, str, dict[str, Any]]]

GRAPHS = {
    "sample": sample().graph(),
    "hostile article": hostile().graph(),
    "hostile names": hostile_graph(),
    "nine": article_of(nodes=9).graph(),
    "no edges": article_of(nodes=2, linked=False).graph(),
    "empty": nx.Graph(),
}
every_graph = pytest.mark.parametrize("graph", list(GRAPHS.values()), ids=list(GRAPHS))

# Each piece means something in one of the formats; the rest of Unicode joins in
_PIECES = (
    '"',
    "\\",
    "'",
    "&",
    "&lt;",
    "<b>",
    "]]>",
    "\n",
    "\r\n",
    "\t",
    "\x00",
    "\x07",
    "😀",
    "=",
    "@",
    "#",
    " ",
    "，",
)
NAMES = st.lists(
    st.lists(st.sampled_from(_PIECES) | st.characters(), max_size=5).map("".join),
    min_size=1,
    max_size=12,
    unique=True,
)
# Writing is fast; the programs that are started for each example are not
_few = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
_some = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def named(names: Iterable[str]) -> nx.Graph[str]:
    """A network of nodes with these names, written as a value too, in a row."""
    graph: nx.Graph[str] = nx.Graph()
    names = list(names)
    graph.add_nodes_from((name, {"kind": name, "units": place}) for place, name in enumerate(names))
    graph.add_edges_from(pairwise(names), count=2, relation=names[-1])
    return exportable(graph)


def same(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """Hold attributes as another program has read them against ours.

    Programs have types of their own (igraph only floats, Graphviz only text), and those that know no absence a stand-in
    for it: the value is what counts.
    """
    given = {key: value for key, value in found.items() if value is not None and value != "" and value == value}
    assert set(given) == set(wanted)
    for key, value in wanted.items():
        if isinstance(value, bool):
            assert str(given[key]).lower() in (str(value).lower(), str(float(value)))
        elif isinstance(value, str):
            assert str(given[key]) == value
        else:
            assert float(given[key]) == float(value)


def same_graph(nodes: Rows, edges: Edges, written: nx.Graph[str]) -> None:
    """Hold nodes (in order, each with its ``label``) and edges (between labels) against ours."""
    assert [row["label"] for row in nodes] == list(written)
    for row in nodes:
        same(row, written.nodes[row["label"]])
    assert len(edges) == written.size()
    for source, target, row in edges:
        assert written.has_edge(source, target)
        same(row, written.edges[source, target])


# GraphML


def from_graphml(content: bytes, folder: Path) -> tuple[Rows, Edges]:
    path = folder / "graph.graphml"
    path.write_bytes(content)
    found = igraph.Graph.Read_GraphML(str(path))
    assert not found.is_directed()
    # The id is left out: igraph 1.0 gives an ampersand in it as "&#38;", whoever wrote the file
    nodes = [{key: value for key, value in vertex.attributes().items() if key != "id"} for vertex in found.vs]
    edges = [(nodes[edge.source]["label"], nodes[edge.target]["label"], edge.attributes()) for edge in found.es]
    return nodes, edges


@every_graph
def test_igraph_reads_the_graphml(graph: nx.Graph[str], tmp_path: Path) -> None:
    written = exportable(graph)
    same_graph(*from_graphml(graphml(written), tmp_path), written)


@_some
@given(NAMES)
def test_igraph_reads_any_names_from_the_graphml(tmp_path: Path, names: list[str]) -> None:
    written = named(names)
    same_graph(*from_graphml(graphml(written), tmp_path), written)


# Pajek


def from_pajek(content: bytes, folder: Path) -> Any:
    path = folder / "graph.net"
    path.write_bytes(content)
    found = igraph.Graph.Read_Pajek(str(path))
    assert not found.is_directed() or not found.ecount()
    return found


def same_pajek(found: Any, written: nx.Graph[str]) -> None:
    names = [name.replace('"', "＂") for name in written]
    assert (found.vs["name"] if names else []) == names
    counts = {
        frozenset((names.index(a.replace('"', "＂")), names.index(b.replace('"', "＂")))): data.get(
            "count", data["weight"]
        )
        for a, b, data in written.edges(data=True)
    }
    if len(set(names)) == len(names):
        assert {frozenset(edge.tuple): edge["weight"] for edge in found.es} == counts
    assert found.ecount() == written.size()


@every_graph
def test_igraph_reads_the_pajek_file(graph: nx.Graph[str], tmp_path: Path) -> None:
    written = exportable(graph)
    found = from_pajek(pajek(written), tmp_path)
    same_pajek(found, written)
    for vertex, look in zip(found.vs, looks(written).values(), strict=True):
        # Downwards, from 0 to 1
        assert (vertex["x"], vertex["y"]) == pytest.approx(((1 + look.x) / 2, (1 - look.y) / 2), abs=1e-3)


@_some
@given(NAMES)
def test_igraph_reads_any_names_from_the_pajek_file(tmp_path: Path, names: list[str]) -> None:
    written = named(names)
    same_pajek(from_pajek(pajek(written), tmp_path), written)


def test_the_pajek_file_is_as_pajek_and_networkx_want_it() -> None:
    content = pajek(exportable(sample().graph()))
    assert content.startswith(b"\xef\xbb\xbf*Network fupan\r\n*Vertices 5\r\n"), "Pajek knows UTF-8 by its mark"
    assert b"\r\n3 4 2\r\n" in content, "weights are whole numbers"
    found: nx.Graph[str] = nx.Graph(nx.read_pajek(io.BytesIO(content)))
    assert set(found) == set(sample().graph())
    assert found.edges["品控", "信任"]["weight"] == 2


# DOT


@pytest.fixture(scope="module")
def graphviz() -> Callable[..., Any]:
    """Return a function that has Graphviz draw a DOT file and returns what it drew, as its JSON."""
    if shutil.which("dot") is None:
        message = "NO GRAPHVIZ: graph.dot was not read by it; install the package graphviz (looked for dot)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)

    def draw(content: bytes, *command: str) -> Any:
        done = subprocess.run([*command, "-Tjson"], input=content, capture_output=True, check=True, timeout=60)
        assert done.stderr == b"", "Graphviz has something to complain about"
        return json.loads(done.stdout)

    return draw


# What we tell Graphviz besides the attributes, and what it adds
_DRAWING = {
    *("_gvid", "name", "tail", "head", "_draw_", "_ldraw_", "fillcolor", "fixedsize", "height", "shape", "style"),
    *("width", "pos", "penwidth", "color"),
}


def from_dot(drawn: Any) -> tuple[Rows, Edges]:
    def attributes(element: dict[str, Any]) -> dict[str, Any]:
        own = {key: value for key, value in element.items() if key not in _DRAWING}
        return {key: value.replace("\\\\", "\\") for key, value in own.items()}

    nodes = [attributes(node) for node in drawn.get("objects", ())]
    for node, row in zip(drawn.get("objects", ()), nodes, strict=True):
        # The name, the label and what stands on the paper are three ways to the same text
        assert re.sub(r"\\(.)", r"\1", node["name"]) == row["label"].replace("&amp;", "&")
        row["label"] = row["label"].replace("&amp;", "&")
        shown = [part["text"] for part in node["_ldraw_"] if part["op"] == "T"]
        assert shown == [row["label"]]
    edges = [
        (nodes[edge["tail"]]["label"], nodes[edge["head"]]["label"], attributes(edge))
        for edge in drawn.get("edges", ())
    ]
    return nodes, edges


@every_graph
def test_graphviz_reads_the_dot_file(graph: nx.Graph[str], graphviz: Callable[..., Any]) -> None:
    written = exportable(graph)
    same_graph(*from_dot(graphviz(dot(written), "dot")), written)


@_few
@given(NAMES)
def test_graphviz_reads_any_names(graphviz: Callable[..., Any], names: list[str]) -> None:
    written = named(names)
    same_graph(*from_dot(graphviz(dot(written), "dot")), written)


@pytest.mark.parametrize("command", [["dot"], ["neato"], ["neato", "-n"], ["dot", "-Kneato"]], ids=" ".join)
def test_graphviz_keeps_colours_sizes_and_places(command: list[str], graphviz: Callable[..., Any]) -> None:
    written = exportable(article_of(nodes=9).graph())
    drawn = graphviz(dot(written), *command)
    seen = list(looks(written).values())
    places = [tuple(map(float, node["pos"].split(","))) for node in drawn["objects"]]
    for (first, look), (second, other) in pairwise(zip(places, seen, strict=True)):
        # Graphviz moves the whole into the corner of the paper
        assert second[0] - first[0] == pytest.approx((other.x - look.x) * CANVAS, abs=0.2)
        assert second[1] - first[1] == pytest.approx((other.y - look.y) * CANVAS, abs=0.2)
    for node, look in zip(drawn["objects"], seen, strict=True):
        (circle,) = (part["rect"] for part in node["_draw_"] if part["op"] == "E")
        assert 2 * circle[2] == pytest.approx(look.size, abs=1)  # Graphviz draws whole points
        assert node["fillcolor"] == f"#{look.colour}"
    assert {float(edge["penwidth"]) for edge in drawn["edges"]} <= {0.5, *(x / 100 for x in range(50, 401))}


# GEXF


@pytest.fixture(scope="module")
def gexfpy() -> Any:
    if sys.version_info >= (3, 13):
        pytest.skip("NO GEXFPY: its parser, xsdata 21.9, does not run on Python 3.13; the schema is still tried")
    return import_module("gexfpy")


def from_gexf(content: bytes, gexfpy: Any) -> tuple[Rows, Edges, list[Any]]:
    parsers: Any = import_module("xsdata.formats.dataclass.parsers")
    config: Any = import_module("xsdata.formats.dataclass.parsers.config")
    # The published schema, and so gexfpy, has colours, sizes and positions in the main namespace by mistake; the primer
    # and every program have them in viz
    moved = re.sub(rb"<(/?)viz:", rb"<\1", content)
    parser = parsers.XmlParser(config=config.ParserConfig(fail_on_unknown_properties=True))
    graph = parser.from_bytes(moved, gexfpy.Gexf).graph
    titles = {str(one.id): one.title for block in graph.attributes for one in block.attribute}
    assert graph.defaultedgetype.value == "undirected"

    def values(element: Any) -> dict[str, Any]:
        return {titles[str(one.for_value)]: one.value for block in element.attvalues for one in block.attvalue}

    found = [node for block in graph.nodes for node in block.node]
    # Ids are text or whole numbers in the schema, so that "007" comes as 7; labels are text
    labels = {node.id: node.label for node in found}
    nodes = [{"label": node.label, **values(node)} for node in found]
    edges = [
        (labels[edge.source], labels[edge.target], {"id": edge.id, "weight": edge.weight, **values(edge)})
        for block in graph.edges
        for edge in block.edge
    ]
    return nodes, edges, found


def without_numbers(graph: nx.Graph[str]) -> nx.Graph[str]:
    """Leave out nodes that gexfpy takes for numbers, and then for each other."""
    return graph.subgraph([node for node in graph if not any(letter.isdecimal() for letter in node)])


@every_graph
def test_gexfpy_reads_the_gexf(graph: nx.Graph[str], gexfpy: Any) -> None:
    written = exportable(without_numbers(graph) if "7" in graph else graph)
    nodes, edges, found = from_gexf(gexf(written), gexfpy)
    same_graph(nodes, edges, written)
    for node, look in zip(found, looks(written).values(), strict=True):
        (colour,), (size,), (place,) = node.color, node.size, node.position
        assert f"{colour.r:02X}{colour.g:02X}{colour.b:02X}" == look.colour
        assert size.value == look.size
        assert (place.x, place.y) == pytest.approx((look.x * CANVAS, look.y * CANVAS), abs=0.1)


@_some
@given(NAMES.map(lambda names: [re.sub(r"\d", "", name) for name in names]))
def test_gexfpy_reads_any_names(gexfpy: Any, names: list[str]) -> None:
    written = without_numbers(named(dict.fromkeys(names)))
    same_graph(*from_gexf(gexf(written), gexfpy)[:2], written)


# Cytoscape


@every_graph
def test_networkx_reads_the_cytoscape_json(graph: nx.Graph[str]) -> None:
    written = exportable(graph)
    found = nx.cytoscape_graph(json.loads(cytoscape(written)))
    assert type(found) is nx.Graph
    nodes = [{key: value for key, value in data.items() if key not in ("id", "name", "value")} for data in _data(found)]
    edges = [
        (source, target, {key: value for key, value in data.items() if key not in ("source", "target")})
        for source, target, data in found.edges(data=True)
    ]
    for _, _, data in edges:
        data["id"] = data["id"].lstrip("e")
    same_graph(nodes, edges, written)


def _data(graph: nx.Graph[str]) -> Rows:
    return [dict(data) for _, data in graph.nodes(data=True)]


@every_graph
def test_the_cytoscape_json_is_of_the_documented_shape(graph: nx.Graph[str]) -> None:
    """As js.cytoscape.org has it (Notation, Elements JSON) and Cytoscape's manual (Cytoscape.js JSON)."""
    written = exportable(graph)
    document = json.loads(cytoscape(written))
    assert document["format_version"] == "1.0"
    assert isinstance(document["data"], dict)
    nodes, edges = document["elements"]["nodes"], document["elements"]["edges"]
    ids = [element["data"]["id"] for element in (*nodes, *edges)]
    assert len(set(ids)) == len(ids), "nodes and edges share a name space"
    assert all(isinstance(one, str) and one for one in ids)
    known = set(ids[: len(nodes)])
    for node, look in zip(nodes, looks(written).values(), strict=True):
        assert set(node) == {"data", "position"}
        assert node["data"]["name"] == node["data"]["label"] == node["data"]["id"]
        assert (node["position"]["x"], node["position"]["y"]) == pytest.approx(
            (look.x * CANVAS, -look.y * CANVAS), abs=0.1
        )
    for edge in edges:
        assert set(edge) == {"data"}
        assert {edge["data"]["source"], edge["data"]["target"]} <= known
    for element in (*nodes, *edges):
        for key, value in element["data"].items():
            assert isinstance(value, str | int | float), key


# Spreadsheets


def from_sheets(nodes: bytes, edges: bytes) -> tuple[pd.DataFrame, pd.DataFrame]:
    # Read as text: pandas takes a name such as NA for a gap, and 007 for 7
    return (
        pd.read_csv(io.BytesIO(nodes), dtype=str, keep_default_na=False),
        pd.read_csv(io.BytesIO(edges), dtype=str, keep_default_na=False),
    )


def same_sheets(written: nx.Graph[str]) -> None:
    nodes, edges = from_sheets(node_sheet(written), edge_sheet(written))
    assert list(nodes)[:2] == list(FIRST_OF_NODES)
    assert list(edges)[:5] == list(FIRST_OF_EDGES)
    assert nodes["Id"].is_unique
    found = igraph.Graph.DataFrame(edges, directed=False, vertices=nodes, use_vids=False) if len(nodes) else None
    assert (found.vcount(), found.ecount()) == (len(written), written.size()) if found else not written
    # A cell that begins with an apostrophe may be a defused one, or a name that does so
    for node, row in zip(written, nodes.to_dict("records"), strict=True):
        wanted = {key: _as_cell(value) for key, value in written.nodes[node].items()}
        same({"label": row["Label"], **_without(row, *FIRST_OF_NODES)}, wanted)
    names = dict(zip(nodes["Id"], written, strict=True))
    for row in edges.to_dict("records"):
        source, target = names[row["Source"]], names[row["Target"]]
        assert row["Type"] == "Undirected"
        wanted = {key: _as_cell(value) for key, value in written.edges[source, target].items()}
        same({"id": row["Id"], "weight": row["Weight"], **_without(row, *FIRST_OF_EDGES)}, wanted)


def _without(row: Mapping[Any, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in names}


def _as_cell(value: Any) -> Any:
    return defused(value) if isinstance(value, str) else value


@every_graph
def test_pandas_and_igraph_make_the_network_of_the_sheets(graph: nx.Graph[str]) -> None:
    same_sheets(exportable(graph))


@_some
@given(NAMES)
def test_pandas_and_igraph_make_a_network_of_any_names(names: list[str]) -> None:
    same_sheets(named(names))


def test_no_cell_of_the_sheets_is_a_formula_and_ids_still_join() -> None:
    written = exportable(nx.Graph([("=a", "'=a"), ("=a", "+b"), ("'=a", "c")]))
    nodes, edges = from_sheets(node_sheet(written), edge_sheet(written))
    assert list(nodes["Id"]) == ["'=a (2)", "'=a", "'+b", "c"]
    assert list(zip(edges["Source"], edges["Target"], strict=True)) == [
        ("'=a (2)", "'=a"),
        ("'=a (2)", "'+b"),
        ("'=a", "c"),
    ]


def test_the_sheets_of_an_ordinary_article_need_no_care() -> None:
    """As Gephi's and R's users do it: types as the program guesses them."""
    written = exportable(sample().graph())
    nodes = pd.read_csv(io.BytesIO(node_sheet(written)))
    edges = pd.read_csv(io.BytesIO(edge_sheet(written)))
    found = igraph.Graph.DataFrame(edges, directed=False, vertices=nodes, use_vids=False)
    assert found.vs["name"] == list(written)
    assert found.es["Weight"] == [data["weight"] for *_, data in written.edges(data=True)]
    assert found.vs["units"] == [data["units"] for _, data in written.nodes(data=True)]


def test_what_a_node_lacks_is_left_out_or_an_empty_cell(tmp_path: Path) -> None:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_node("a", p_adjusted=0.5, tone=None, interval=[0.1, 0.2])
    graph.add_node("b", p_adjusted=None, tone=-0.5)
    graph.add_edge("a", "b", count=3, p_adjusted=math.nan, relation="a 影响 b")
    written = exportable(graph)
    assert (
        node_sheet(written).decode("utf-8-sig")
        == "Id,Label,p_adjusted,interval,tone\r\na,a,0.5,0.1 0.2,\r\nb,b,,,-0.5\r\n"
    )
    same_sheets(written)
    same_graph(*from_graphml(graphml(written), tmp_path), written)


# The schemas


def schema_of(name: str) -> Any:
    return etree.XMLSchema(etree.parse(SCHEMAS / f"{name}.xsd"))


def with_plain_ids(content: bytes) -> Any:
    """Return GraphML with names that are no name tokens replaced by some: the one thing in which ours go beyond it."""
    tree = etree.fromstring(content)
    plain = {node.get("id"): f"n{place}" for place, node in enumerate(tree.iter("{*}node"))}
    for element in tree.iter("{*}node", "{*}edge"):
        for key in ("id", "source", "target"):
            if key in element.attrib:
                element.set(key, plain[element.get(key)])
    return tree


@every_graph
def test_the_gexf_is_valid(graph: nx.Graph[str]) -> None:
    schema_of("gexf-1.2draft").assertValid(etree.fromstring(gexf(exportable(graph))))


@every_graph
def test_the_graphml_is_valid(graph: nx.Graph[str]) -> None:
    content = graphml(exportable(graph))
    schema = schema_of("graphml-1.0")
    schema.assertValid(with_plain_ids(content))
    if all(re.fullmatch(r"[\w.:-]+", node) for node in graph):
        schema.assertValid(etree.fromstring(content))


@_some
@given(NAMES)
def test_both_are_valid_with_any_names(names: list[str]) -> None:
    written = named(names)
    schema_of("gexf-1.2draft").assertValid(etree.fromstring(gexf(written)))
    schema_of("graphml-1.0").assertValid(with_plain_ids(graphml(written)))


_GRAPHML_FAULTS = {
    "edgedefault missing": ('<graph edgedefault="undirected">', "<graph>"),
    "edgedefault unknown": ('edgedefault="undirected"', 'edgedefault="both"'),
    "unknown element": ("</graph>", "<arc/></graph>"),
    "unknown attribute": ("<node ", '<node label="x" '),
    "element of another namespace": ("</graph>", '<x xmlns="y"/></graph>'),
    "unknown type": ('attr.type="string"', 'attr.type="text"'),
    "unknown domain": ('for="node"', 'for="vertex"'),
    "key without a name": (' attr.name="kind"', ""),
    "node id twice": ('<node id="信任"', '<node id="品控"'),
    "node without an id": ('<node id="信任"', "<node"),
    "id no name token": ('<node id="参数"', '<node id="参 数"'),
    "edge to nowhere": ('target="信任"', 'target="信"'),
    "edge without a target": (' target="信任"', ""),
    "data of no key": ('<data key="d0"', '<data key="d99"'),
    "key twice": ('<key id="d1"', '<key id="d0"'),
    "a value twice": ('<data key="d2">品控</data>', '<data key="d2">品控</data><data key="d2">品控</data>'),
    "key after the graph": ("</graphml>", '<key id="z" for="node" attr.name="z" attr.type="int"/></graphml>'),
}
_GEXF_FAULTS = {
    "version missing": (' version="1.2"', ""),
    "another version": (' version="1.2"', ' version="1.3"'),
    "unknown edge type": ('defaultedgetype="undirected"', 'defaultedgetype="both"'),
    "a name of the graph": ("<graph ", '<graph name="x" '),
    "unknown element": ("</nodes>", "<vertex/></nodes>"),
    "unknown class": ('class="node"', 'class="vertex"'),
    "unknown type": ('type="string"', 'type="text"'),
    "node id twice": ('<node id="信任"', '<node id="品控"'),
    "node without an id": ('<node id="信任"', "<node"),
    "edge id twice": ('id="1" weight', 'id="0" weight'),
    "edge to nowhere": ('target="信任"', 'target="信"'),
    "edge without a source": (' source="品控"', ""),
    "weight no number": ('weight="2.0"', 'weight="two"'),
    "value of no attribute": ('<attvalue for="0"', '<attvalue for="99"'),
    "attribute id twice": ('<attribute id="1"', '<attribute id="0"'),
    "attribute twice": ('title="units"', 'title="kind"'),
    "colour out of range": ('r="68"', 'r="256"'),
    "opacity out of range": ('a="1.0"', 'a="1.5"'),
    "colour in the main namespace": ("<viz:color ", "<color "),
    "position without z": (' z="0.0"', ""),
    "negative size": ('<viz:size value="', '<viz:size value="-'),
}


@pytest.mark.parametrize(("before", "after"), _GRAPHML_FAULTS.values(), ids=_GRAPHML_FAULTS)
def test_the_schema_of_graphml_sees_faults(before: str, after: str) -> None:
    _fault_is_seen("graphml-1.0", graphml(exportable(sample().graph())), before, after)


@pytest.mark.parametrize(("before", "after"), _GEXF_FAULTS.values(), ids=_GEXF_FAULTS)
def test_the_schema_of_gexf_sees_faults(before: str, after: str) -> None:
    _fault_is_seen("gexf-1.2draft", gexf(exportable(sample().graph())), before, after)


def _fault_is_seen(name: str, content: bytes, before: str, after: str) -> None:
    schema, text = schema_of(name), content.decode()
    assert schema.validate(etree.fromstring(content)), schema.error_log
    assert before in text
    assert not schema.validate(etree.fromstring(text.replace(before, after, 1).encode()))
