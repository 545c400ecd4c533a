from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from pipeline.analysis import Analysis
from pipeline.write.document import SCHEMA_VERSION, analysis_json, document, document_schema
from pipeline.write.graphs import exportable
from pipeline.write.tables import COLUMNS, LAYERS
from tests.write.sample import article_of, hostile, sample

# Without type stubs, and no dependency of the package itself
jsonschema: Any = import_module("jsonschema")

_DOC = Path(__file__).parents[2] / "docs" / "data-format.md"


def _objects(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """Every schema in a schema that describes an object, the outermost first."""
    found = [schema] if "properties" in schema else []
    for value in schema.values():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict):
                found += _objects(part)
    return found


@pytest.mark.parametrize(
    "analysis",
    [sample(), hostile(), article_of(sections=3, nodes=4), article_of(sections=0)],
    ids=["sample", "hostile", "made up", "empty"],
)
def test_output_follows_the_published_schema(analysis: Analysis) -> None:
    schema = document_schema()
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    validator.validate(json.loads(analysis_json(analysis)))


def test_real_articles_follow_the_published_schema(analyses: dict[str, Analysis]) -> None:
    validator = jsonschema.Draft202012Validator(document_schema())
    for analysis in analyses.values():
        validator.validate(json.loads(analysis_json(analysis)))


def test_schema_allows_nothing_else_and_explains_everything() -> None:
    for part in _objects(document_schema()):
        if "additionalProperties" in part:
            assert part["additionalProperties"] is False
            assert part["required"] == list(part["properties"])
            assert all("description" in value or "$ref" in value for value in part["properties"].values())
    assert document_schema()["properties"]["schema_version"]["const"] == SCHEMA_VERSION
    changed = document(sample()) | {"extra": 1}
    assert not jsonschema.Draft202012Validator(document_schema()).is_valid(changed)


def test_nothing_is_lost() -> None:
    analysis = sample()
    found = json.loads(analysis_json(analysis))
    assert found["article"]["text"] == analysis.article.text
    assert [s["text"] for s in found["sentences"]] == [s.text for s in analysis.sentences]
    assert found["sentences"][6]["plain"] == "信任要靠品控一点点攒。"
    assert found["sentences"][1]["plain"] is None
    assert found["sentences"][1]["tokens"] == [
        ["屏幕", "n", analysis.sentences[1].start, analysis.sentences[1].start + 2]
    ]
    assert found["sentences"][1]["polarity"]["evidence"][0] == {
        "text": "漏光",
        "start": analysis.article.text.index("漏光"),
        "end": analysis.article.text.index("漏光") + 2,
        "weight": -0.5,
        "rule": "word",
    }
    assert found["keywords"][1]["spans"] == [list(span) for span in analysis.keywords[1].spans]
    assert [edge["sentences"] for edge in found["edges"]] == [[4, 6], [1]]
    assert found["nodes"][2]["degree"] == 1
    assert found["names"] == [
        {"name": "晨星手环", "kind": "product", "count": 1, "spans": [[0, 4]], "cues": ["list", "title"]}
    ]
    assert found["edits"][0]["before"] == "\u200b"
    assert found["settings"]["unit"] == "sentence"
    counts = {
        key: len(found[key])
        for key in ("sections", "sentences", "mentions", "names", "nodes", "edges", "edits", "summary")
    }
    assert counts == {key: len(getattr(analysis, key)) for key in counts}


def test_text_form() -> None:
    text = analysis_json(sample())
    assert text == analysis_json(sample())
    assert "晨星手环" in text
    assert list(json.loads(text)) == list(document_schema()["properties"])
    # One item a line, so that two runs compare with diff
    assert sum(line.startswith('  {"text": ') for line in text.splitlines()) == 7 + 2


def test_numbers_are_finite_and_short() -> None:
    found = json.loads(analysis_json(hostile()), parse_constant=pytest.fail)
    assert found["keywords"][0]["score"] is None
    assert json.loads(analysis_json(sample()))["sentences"][1]["polarity"]["score"] == -0.812346


def test_lone_surrogates_do_not_move_offsets() -> None:
    analysis = hostile()
    found = json.loads(analysis_json(analysis).encode())
    assert len(found["article"]["text"]) == len(analysis.article.text)
    assert found["article"]["text"] == analysis.article.text.replace("\ud800", "\ufffd")


def test_paths_in_the_settings_are_strings(tmp_path: Path) -> None:
    settings = sample().settings.model_copy(update={"concepts": tmp_path / "own.toml"})
    found = json.loads(analysis_json(replace(sample(), settings=settings)))
    assert found["settings"]["concepts"] == str(tmp_path / "own.toml")


# docs/data-format.md against the code


def _table_under(heading: str) -> list[tuple[str, ...]]:
    """The cells of the first table under a heading of the document."""
    text = _DOC.read_text(encoding="utf-8")
    part = re.split(rf"(?m)^#+ {re.escape(heading)}$", text)
    assert len(part) == 2, f"no heading {heading!r}"
    lines = [line for line in re.split(r"(?m)^#", part[1])[0].splitlines() if line.startswith("|")]
    return [tuple(cell.strip() for cell in line.strip("|").split(" | ")) for line in lines[2:]]


@pytest.mark.parametrize("layer", LAYERS)
def test_document_lists_the_columns(layer: str) -> None:
    types = {"int": "int32", "float": "float64", "text": "string", "ints": "list of int32", "texts": "list of string"}
    listed = [(name.strip("`"), kind, meaning) for name, kind, meaning in _table_under(f"`{layer}`")]
    assert listed == [
        (column.name, types[column.kind] + (", null" if column.nullable else ""), column.description)
        for column in COLUMNS[layer]
    ]


def test_document_lists_the_keys() -> None:
    schema = document_schema()
    objects = {"analysis.json": schema} | schema["$defs"]
    for key, value in schema["properties"].items():
        inner = value.get("items", value)
        if "properties" in inner:
            objects[key] = inner
    objects["evidence"] = schema["$defs"]["polarity"]["properties"]["evidence"]["items"]
    for name, part in objects.items():
        if "properties" in part:
            listed = [row[0].strip("`") for row in _table_under(f"Keys of `{name}`")]
            assert listed == list(part["properties"]), name


def test_document_lists_the_attributes_of_the_graph_files() -> None:
    text = _DOC.read_text(encoding="utf-8").split("## Graph files")[1].split("\n## ")[0]
    nodes, edges = (
        set(re.findall(r"`(\w+)`", part)) for part in re.findall(r"(?ms)^- (?:Nodes|Edges) .*?(?=^- |^$)", text)
    )
    graph = exportable(sample().graph())
    assert set(next(iter(graph.nodes(data=True)))[1]) == nodes - {"nodes"}
    # an edge without a relation has no text for it
    assert {key for *_, data in graph.edges(data=True) for key in data} == edges - {"edges"}


def test_document_lists_the_files(tmp_path: Path) -> None:
    sample().write(tmp_path / "out")
    written = {
        path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()
    }
    listed: set[str] = set()
    for name, *_ in _table_under("Files"):
        for path in re.findall(r"`([^`]+)`", name):
            listed |= {path.replace("<layer>", layer) for layer in LAYERS} if "<layer>" in path else {path}
    assert written == listed - {"source.txt", "text/<n>.html"}  # of some articles only
