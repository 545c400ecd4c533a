from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.write.tables import COLUMNS, LAYERS, ColumnKind, _array, schema, table, write_tables
from pipeline.write.values import one_line, rounded, well_formed
from tests.write.sample import HOSTILE, article_of, hostile, sample


def _read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("layer", LAYERS)
def test_every_layer_has_its_documented_columns(layer: str) -> None:
    for analysis in (sample(), hostile(), article_of(sections=0)):
        found = table(analysis, layer)
        assert found.column_names == [column.name for column in COLUMNS[layer]]
        found.validate(full=True)
        for field, column in zip(found.schema, COLUMNS[layer], strict=True):
            assert field.metadata == {b"description": column.description.encode()}
            assert column.nullable or found[field.name].null_count == 0


def test_spans_are_int32_offsets_into_the_source() -> None:
    analysis = sample()
    assert schema("sentences").field("start").type == pa.int32()
    for layer in ("sentences", "mentions", "edits"):
        for row in table(analysis, layer).to_pylist():
            source = analysis.article.text[row["start"] : row["end"]]
            assert source == {"sentences": row.get("text"), "edits": row.get("before")}.get(layer, source)
            assert source.replace("\u200b", "") == row.get("alias", source).replace("\u200b", "")
    for row in table(analysis, "keywords").to_pylist():
        for start, end in zip(row["starts"], row["ends"], strict=True):
            assert analysis.article.text[start:end].replace("\u200b", "") == row["term"]


def test_values() -> None:
    analysis = sample()
    sentence = table(analysis, "sentences").to_pylist()[1]
    assert sentence["score"] == -0.812346
    assert sentence["evidence"] == ["漏光 −0.50 (word)", "很差 −0.31 (degree)"]
    assert sentence["concepts"] == ["体验"]
    assert table(analysis, "sentences").to_pylist()[4]["evidence"] == ["回来 +0.40 (word)"]
    assert [row["sentences"] for row in table(analysis, "sections").to_pylist()] == [2, 1, 1]
    terms = [(row["section"], row["rank"], row["term"]) for row in table(analysis, "keywords").to_pylist()]
    assert terms == [(None, 1, "体验"), (None, 2, "品控"), (0, 1, "体验"), (1, 1, "口碑")]
    assert table(analysis, "names").to_pylist() == [
        {"name": "晨星手环", "kind": "product", "count": 1, "starts": [0], "ends": [4], "cues": ["list", "title"]}
    ]
    assert table(analysis, "nodes").to_pylist()[2]["strength"] == 2
    assert table(analysis, "edges").to_pylist()[0]["sentences"] == [4, 6]
    assert table(analysis, "edits").to_pylist()[0]["code_points"] == "U+200B"


def test_an_unknown_layer_names_the_nearest() -> None:
    with pytest.raises(ValueError, match="unknown layer 'sentence'; did you mean 'sentences'"):
        table(sample(), "sentence")
    with pytest.raises(ValueError, match="known are sections, sentences"):
        table(sample(), "zzz")


def test_csv_opens_in_excel(tmp_path: Path) -> None:
    write_tables(sample(), tmp_path)
    raw = (tmp_path / "tables" / "sentences.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfsentence,number,section,")
    assert raw.count(b"\r\n") == raw.count(b"\n") == 1 + 7
    row = _read_csv(tmp_path / "tables" / "edges.csv")[0]
    assert (row["source"], row["sentences"], row["p_value"]) == ("品控", "4 6", "0.166667")
    sections = _read_csv(tmp_path / "tables" / "sections.csv")
    assert sections[0]["parent"] == ""
    # A number below zero is a number, not a formula
    assert sections[0]["score"] == "-0.55"
    assert _read_csv(tmp_path / "tables" / "sentences.csv")[1]["evidence"] == "漏光 −0.50 (word)；很差 −0.31 (degree)"


def test_hostile_text_stays_in_its_cell(tmp_path: Path) -> None:
    write_tables(hostile(), tmp_path)
    for layer in LAYERS:
        rows = _read_csv(tmp_path / "tables" / f"{layer}.csv")
        assert len(rows) == table(hostile(), layer).num_rows
        kinds = {column.name: column.kind for column in COLUMNS[layer]}
        for row in rows:
            for name, cell in row.items():
                assert cell.isprintable()
                assert not (kinds[name] in ("text", "texts") and cell.startswith(("=", "+", "-", "@")))
    cell = _read_csv(tmp_path / "tables" / "mentions.csv")[0]["alias"]
    assert cell == "'=cmd|' /C calc'!A0<b>&\"'\ufffd, ]]>$x_1$"


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "\x00=1"])
def test_no_cell_is_a_formula(tmp_path: Path, start: str) -> None:
    from dataclasses import replace

    analysis = sample()
    changed = replace(analysis, sections=(replace(analysis.sections[0], heading=start), *analysis.sections[1:]))
    write_tables(changed, tmp_path)
    assert _read_csv(tmp_path / "tables" / "sections.csv")[0]["heading"].startswith("'")


def test_parquet_is_what_table_returns(tmp_path: Path) -> None:
    write_tables(hostile(), tmp_path)
    for layer in LAYERS:
        stored = pq.read_table(tmp_path / "tables" / f"{layer}.parquet")
        assert stored.equals(table(hostile(), layer))
        assert [field.metadata[b"description"] for field in stored.schema] == [
            column.description.encode() for column in COLUMNS[layer]
        ]
    assert stored["before"].to_pylist() == [HOSTILE.replace("\ud800", "\ufffd")]


def test_writing_does_not_import_pandas(tmp_path: Path) -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); import sample, pathlib; "
        "from pipeline.write.tables import write_tables; "
        f"write_tables(sample.sample(), pathlib.Path({str(tmp_path)!r})); "
        "assert 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_the_same_analysis_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_tables(sample(), tmp_path / name)
    for path in sorted((tmp_path / "a" / "tables").iterdir()):
        assert path.read_bytes() == (tmp_path / "b" / "tables" / path.name).read_bytes()


_NUMBER = st.integers(-(2**31), 2**31 - 1)
_TEXT = st.text(max_size=5)


@given(
    st.one_of(
        st.tuples(st.just("int"), st.lists(st.none() | _NUMBER, max_size=20), st.just(pa.int32())),
        st.tuples(st.just("float"), st.lists(st.none() | st.floats(allow_nan=False)), st.just(pa.float64())),
        st.tuples(st.just("text"), st.lists(st.none() | _TEXT, max_size=20), st.just(pa.string())),
        st.tuples(st.just("ints"), st.lists(st.lists(_NUMBER)), st.just(pa.list_(pa.int32()))),
        st.tuples(st.just("texts"), st.lists(st.lists(_TEXT)), st.just(pa.list_(pa.string()))),
    )
)
def test_arrays_are_those_of_pyarrow(case: tuple[ColumnKind, list[Any], Any]) -> None:
    kind, values, arrow = case
    found = _array(values, kind, arrow)
    found.validate(full=True)
    assert found.equals(pa.array(values, arrow))


@given(st.text(st.characters()))
def test_text_is_made_writable_without_moving_an_offset(text: str) -> None:
    formed = well_formed(text)
    assert len(formed) == len(text)
    formed.encode()
    line = one_line(text)
    line.encode()
    assert not {"\n", "\r", "\t", "\x00", "\x85", "\u2028"} & set(line)
    assert one_line(line) == line


@given(st.floats())
def test_numbers_keep_six_significant_digits(number: float) -> None:
    short = rounded(number)
    if short is None:
        assert number != number or abs(number) == float("inf")
    else:
        assert short == number or abs(short - number) <= 1e-5 * abs(number)
        assert rounded(short) == short


def test_sentences_have_the_numbers_of_the_report() -> None:
    analysis = sample()
    numbers = table(analysis, "sentences").column("number").to_pylist()
    prose = [sentence.is_prose for sentence in analysis.sentences]
    assert [number is not None for number in numbers] == prose
    assert [number for number in numbers if number] == list(range(1, sum(prose) + 1))
