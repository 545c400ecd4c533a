from __future__ import annotations

import gzip
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import fsspec
import pyarrow
import pyarrow.parquet as parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.batch.sources import Document, documents, fingerprint, plan, year_of
from pipeline.formats.base import InputError


def read(sources: list[str], **options: int) -> list[Document]:
    return [document for shard in plan(sources, **options) for document in documents(shard)]


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(["短。", "这一行长得多，" * 9, "\u2028行", ""]), min_size=1, max_size=12),
    st.integers(1, 400),
    st.sampled_from(["\n", "\r\n", "\n\n"]),
    st.booleans(),
)
def test_however_lines_are_cut_each_is_read_once(texts: list[str], size: int, end: str, last: bool) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.jsonl"
        data = [json.dumps({"id": str(number), "text": text}, ensure_ascii=False) for number, text in enumerate(texts)]
        path.write_bytes((end.join(data) + (end if last else "")).encode())
        found = read([str(path)], shard_bytes=size)
    assert [document.id for document in found] == [str(number) for number in range(len(texts))]
    assert [document.article.text if document.article else "" for document in found] == texts


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 40), st.integers(1, 15), st.integers(1, 15))
def test_however_rows_are_cut_each_is_read_once(count: int, group: int, size: int) -> None:
    rows = [{"id": number, "text": f"第{number}篇", "date": None} for number in range(count)]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.parquet"
        parquet.write_table(pyarrow.Table.from_pylist(rows), path, row_group_size=group)
        found = read([str(path)], shard_rows=size)
    assert [document.id for document in found] == [str(number) for number in range(count)]


def test_what_is_no_document_is_named_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "好"}\n[1]\n{"text": 5}\n{"id": "x", "text": ""}\n{\n', encoding="utf-8")
    found = read([str(path)])
    assert [(document.id, document.problem.split(" (")[0]) for document in found] == [
        ("a.jsonl:0", ""),
        ("a.jsonl:16", "a JSON object is wanted, not list"),
        ("a.jsonl:20", "no 'text', or one that is no string"),
        ("x", "the text is empty"),
        ("a.jsonl:56", found[4].problem.split(" (")[0]),
    ]
    assert found[4].problem.startswith("no JSON: ")


def test_a_folder_is_searched_through(tmp_path: Path) -> None:
    (tmp_path / "b" / ".hidden").mkdir(parents=True)
    for name in ("a.txt", "b/c.md", "b/.hidden/d.txt", "README.md", "picture.png"):
        (tmp_path / name).write_text("这是一篇复盘文章。", encoding="utf-8")
    (tmp_path / "z.jsonl").write_text('{"id": "z", "text": "好"}\n', encoding="utf-8")
    assert [document.id for document in read([str(tmp_path)])] == ["z", "a.txt", "b/c.md"]


def test_compressed_lines_are_one_shard(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"id": "1", "text": "x"}\n{"id": "2", "text": "y"}\n'))
    assert len(plan([str(path)], shard_bytes=1)) == 1
    assert [document.id for document in read([str(path)])] == ["1", "2"]


def test_urls_are_read_like_paths() -> None:
    memory = fsspec.filesystem("memory")
    memory.pipe("/fupan-corpus/a.jsonl", b'{"id": "1", "text": "x"}\n' * 3)
    memory.pipe("/fupan-corpus/b.txt", "这是一篇复盘文章。".encode())
    try:
        found = read(["memory://fupan-corpus"], shard_bytes=30)
    finally:
        memory.rm("/fupan-corpus", recursive=True)
    assert [document.id for document in found] == ["1", "1", "1", "b.txt"]


@pytest.mark.parametrize("name", ["nothing", "empty"])
def test_no_source_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=name):
        plan([str(tmp_path / name)])


def test_a_table_without_texts_is_said(tmp_path: Path) -> None:
    parquet.write_table(pyarrow.table({"body": ["x"]}), tmp_path / "a.parquet")
    with pytest.raises(InputError, match=r"no column 'text' \(it has body\)"):
        plan([str(tmp_path / "a.parquet")])


def test_another_corpus_has_another_fingerprint(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "x"}\n', encoding="utf-8")
    first = fingerprint(plan([str(path)]))
    assert first == fingerprint(plan([str(path)]))
    path.write_text('{"text": "xy"}\n', encoding="utf-8")
    assert first != fingerprint(plan([str(path)]))


@pytest.mark.parametrize(
    ("date", "year"), [("2021-03-04", 2021), ("2021年3月", 2021), (" 1999 ", 1999), ("去年", None), (None, None)]
)
def test_years(date: str | None, year: int | None) -> None:
    assert year_of(date) == year


def test_a_small_source_is_cut_so_that_all_cores_have_work(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    line = '{"text": "' + "品" * 600 + '"}\n'  # some 1,800 bytes
    for lines, least, most in ((10, 1, 1), (2_000, 4, 16), (9_000, 16, 16)):
        path.write_text(line * lines, encoding="utf-8")
        shards = plan([str(path)])
        assert least <= len(shards) <= most
        assert sum(1 for shard in shards for _ in documents(shard)) == lines
