from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline.analysis import Analysis
from pipeline.comparison import Comparison, compare
from pipeline.write.comparison import (
    COLUMNS,
    LAYERS,
    SCHEMA_VERSION,
    columns,
    comparison_json,
    remove_comparison,
    table,
    write_comparison,
)
from pipeline.write.folder import OutputError
from tests.write.sample import HOSTILE, article_of, hostile, sample
from tests.write.test_document import _table_under

FILES = {f"{layer}.{suffix}" for layer in LAYERS for suffix in ("csv", "parquet")} | {"comparison.json"}


def named(analysis: Analysis, name: str, title: str | None = None) -> Analysis:
    return replace(
        analysis, article=replace(analysis.article, name=name), title=analysis.title if title is None else title
    )


def three() -> Comparison:
    """Two articles that speak of the same things, one of them of less, and one that speaks of nothing."""
    less = replace(sample(), mentions=sample().mentions[:2])
    return compare([named(sample(), "a"), named(less, "b"), named(article_of(sections=1), "c")])


def wild() -> Comparison:
    return compare([hostile(), named(hostile(), HOSTILE, "=1+1"), sample()])


def _read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("layer", LAYERS)
def test_every_layer_has_its_documented_columns(layer: str) -> None:
    for comparison in (three(), wild(), compare([sample()]), compare([article_of(sections=0)])):
        found = table(comparison, layer)
        wanted = columns(comparison, layer)
        assert wanted[: len(COLUMNS[layer])] == COLUMNS[layer]
        assert len(wanted) - len(COLUMNS[layer]) == (len(comparison.articles) if layer in ("share", "polarity") else 0)
        assert found.column_names == [column.name for column in wanted]
        found.validate(full=True)
        for field, column in zip(found.schema, wanted, strict=True):
            assert field.metadata == {b"description": column.description.encode()}
            assert column.nullable or found[field.name].null_count == 0


def test_matrices() -> None:
    comparison = three()
    share = {row.pop("concept"): row for row in table(comparison, "share").to_pylist()}
    assert share["品控"] == {"a": pytest.approx(2 / 6, abs=1e-6), "b": 0.0, "c": 0.0}
    assert share["体验"] == {"a": pytest.approx(1 / 6, abs=1e-6), "b": 0.5, "c": 0.0}
    polarity = {row.pop("concept"): row for row in table(comparison, "polarity").to_pylist()}
    assert polarity["品控"] == {"a": 0.35, "b": None, "c": None}
    assert list(polarity) == list(share) == list(dict.fromkeys(use.concept for use in comparison.concepts))


def test_shares_add_up_to_one_or_to_nothing(analyses: dict[str, Analysis]) -> None:
    for comparison in (three(), compare(list(analyses.values()))):
        frame = comparison.frame("share")
        sums = [1.0 if article.mentions else 0.0 for article in comparison.articles]
        assert list(frame.columns) == list(comparison.labels)
        assert list(frame.sum()) == pytest.approx(sums, abs=1e-5)
        assert frame.index.name == "concept"
        polarity = comparison.frame("polarity")
        assert list(polarity.index) == list(frame.index)
        assert ((frame == 0) == polarity.isna()).all(axis=None)


def test_columns_of_articles_of_one_name_differ() -> None:
    comparison = compare([named(sample(), name) for name in ("a", "a", "a (2)", "concept", "a")])
    assert comparison.labels == ("a", "a (2)", "a (2) (2)", "concept (2)", "a (3)")
    assert table(comparison, "share").num_columns == 6


def test_rows() -> None:
    comparison = three()
    [link] = [row for row in table(comparison, "links").to_pylist() if row["article"] == 0]
    assert (link["source"], link["target"], link["count"], link["elsewhere"]) == ("信任", "品控", 2, 2)
    assert (link["articles"], link["score"], link["z"], link["special"]) == (2, 0.35, 0.0, 0)
    nearest = table(comparison, "nearest").to_pylist()
    assert [(row["article"], row["rank"], row["other"]) for row in nearest] == [(0, 1, 1), (1, 1, 0)]
    assert nearest[0]["similarity"] == nearest[1]["similarity"]
    assert nearest[0]["other_title"] == "晨星手环复盘"
    assert set(nearest[0]["why"]) == {"体验", "参数"}
    assert table(comparison, "articles").to_pylist()[0]["keywords"] == ["体验", "品控"]


def test_an_unknown_layer_names_the_nearest() -> None:
    with pytest.raises(ValueError, match="unknown layer 'link'; did you mean 'links'"):
        table(three(), "link")
    with pytest.raises(ValueError, match="known are articles, concepts"):
        table(three(), "zzz")


def test_csv_opens_in_excel(tmp_path: Path) -> None:
    write_comparison(three(), tmp_path / "compare")
    raw = (tmp_path / "compare" / "polarity.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfconcept,a,b,c\r\n")
    rows = {row["concept"]: row for row in _read_csv(tmp_path / "compare" / "polarity.csv")}
    assert (rows["品控"]["a"], rows["品控"]["b"], rows["品控"]["c"]) == ("0.35", "", "")
    assert {row["c"] for row in _read_csv(tmp_path / "compare" / "share.csv")} == {"0.0"}


def test_hostile_text_stays_in_its_cell(tmp_path: Path) -> None:
    comparison = wild()
    write_comparison(comparison, tmp_path / "compare")
    for layer in LAYERS:
        rows = _read_csv(tmp_path / "compare" / f"{layer}.csv")
        wanted = columns(comparison, layer)
        assert len(rows) == table(comparison, layer).num_rows
        for row in rows:
            for (name, cell), column in zip(row.items(), wanted, strict=True):
                assert name.isprintable()
                assert cell.isprintable()
                assert not name.startswith(("=", "+", "-", "@"))
                assert not (column.kind in ("text", "texts") and cell.startswith(("=", "+", "-", "@")))
    assert {row["title"] for row in _read_csv(tmp_path / "compare" / "articles.csv")} >= {"'=1+1"}


def test_parquet_is_what_table_returns(tmp_path: Path) -> None:
    for number, comparison in enumerate((three(), wild(), compare([article_of(sections=0)] * 2))):
        folder = write_comparison(comparison, tmp_path / str(number))
        assert {path.name for path in folder.iterdir()} == FILES
        for layer in LAYERS:
            assert pq.read_table(folder / f"{layer}.parquet").equals(table(comparison, layer))


def test_the_same_comparison_gives_the_same_bytes(tmp_path: Path) -> None:
    one, other = (three().write(tmp_path / name) for name in ("a", "b"))
    for path in sorted(one.iterdir()):
        assert path.read_bytes() == (other / path.name).read_bytes()


def test_writing_does_not_import_pandas(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib; from tests.write.sample import sample; from pipeline.comparison import compare; "
        f"compare([sample(), sample()]).write(pathlib.Path({str(tmp_path / 'compare')!r})); "
        "assert 'pandas' not in sys.modules"
    )
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60, cwd=root)


# The document


def test_the_document_holds_what_the_values_hold() -> None:
    comparison = three()
    found = json.loads(comparison_json(comparison))
    assert found["schema_version"] == SCHEMA_VERSION
    assert [article["name"] for article in found["articles"]] == ["a", "b", "c"]
    assert len(found["concepts"]) == len(comparison.concepts)
    assert [link["uses"][0]["count"] for link in found["links"]] == [link.uses[0].count for link in comparison.links]
    near = comparison.articles[0].nearest[0]
    assert found["articles"][0]["nearest"][0]["similarity"] == pytest.approx(near.similarity, rel=1e-5)
    assert found["articles"][0]["nearest"][0]["reasons"][0]["name"] == near.reasons[0].name
    text = comparison_json(wild())
    assert "\ud800" not in text
    assert "NaN" not in text
    json.loads(text)


def _keys(value: Any) -> dict[str, list[str]]:
    """The keys of each kind of object in the document, by the key of the list that holds it."""
    found: dict[str, list[str]] = {}
    for key, inner in value.items():
        if isinstance(inner, list) and inner and isinstance(inner[0], dict):
            found[key] = list(inner[0])
            for item in inner:
                found |= _keys(item)
    return found


def test_data_format_lists_the_columns() -> None:
    types = {"int": "int32", "float": "float64", "text": "string", "texts": "list of string"}
    comparison = three()
    for layer in LAYERS:
        listed = [(name.strip("`"), kind, meaning) for name, kind, meaning in _table_under(f"`compare/{layer}`")]
        wanted = list(columns(comparison, layer))
        if layer in ("share", "polarity"):
            wanted = [wanted[0], wanted[1]._replace(name="<article>")]
        assert listed == [
            (column.name, types[column.kind] + (", null" if column.nullable else ""), column.description)
            for column in wanted
        ], layer


def test_data_format_lists_the_keys(analyses: dict[str, Analysis]) -> None:
    document = json.loads(comparison_json(compare(list(analyses.values()))))
    assert [row[0].strip("`") for row in _table_under("Keys of `comparison.json`")] == list(document)
    objects = _keys(document)
    assert set(objects) == {
        *("articles", "course", "distinctive", "nearest", "reasons"),
        *("concepts", "shared", "links", "uses"),
    }
    for name, keys in objects.items():
        listed = [row[0].strip("`") for row in _table_under(f"`{name}` of `comparison.json`")]
        assert listed == keys, name


def test_data_format_names_the_version_and_the_files() -> None:
    text = (Path(__file__).parents[2] / "docs" / "data-format.md").read_text(encoding="utf-8")
    part = text.split("## `compare/`")[1].split("\n## ")[0]
    assert f"`schema_version` is `{SCHEMA_VERSION}`" in part
    assert set(re.findall(r"^### `compare/(\w+)`$", part, re.MULTILINE)) == set(LAYERS)


# The folder


def test_an_earlier_comparison_is_replaced_as_a_whole(tmp_path: Path) -> None:
    folder = three().write(tmp_path / "compare")
    (folder / "old.txt").touch()
    compare([sample(), sample()]).write(folder)
    assert {path.name for path in folder.iterdir()} == FILES
    assert len(_read_csv(folder / "articles.csv")) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["compare"]


@pytest.mark.parametrize("name", ["thesis.docx", "comparison.json", "manifest.json"])
def test_a_foreign_folder_is_neither_replaced_nor_removed(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "compare"
    folder.mkdir()
    (folder / name).write_text('{"results": "years of work"}', encoding="utf-8")
    with pytest.raises(OutputError, match="no earlier result"):
        three().write(folder)
    remove_comparison(folder)
    assert [path.name for path in folder.iterdir()] == [name]


def test_what_is_read_is_neither_replaced_nor_removed(tmp_path: Path) -> None:
    folder = three().write(tmp_path / "compare")
    article = folder / "a.txt"
    article.touch()
    with pytest.raises(OutputError, match="holds the article itself"):
        write_comparison(three(), folder, sources=["-", str(article)])
    remove_comparison(folder, sources=[str(article)])
    assert article.exists()
    remove_comparison(folder)
    assert list(tmp_path.iterdir()) == []
    remove_comparison(folder)  # there is none any more


def test_a_writer_that_fails_leaves_the_earlier_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = three().write(tmp_path / "compare")
    before = (folder / "articles.csv").read_bytes()

    def full(_: Comparison) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipeline.write.comparison.comparison_json", full)
    with pytest.raises(OutputError, match="No space left"):
        compare([sample()] * 2).write(folder)
    assert (folder / "articles.csv").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["compare"]
