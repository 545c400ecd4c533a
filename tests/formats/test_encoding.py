"""Whatever encoding a text comes in, it is read as it was written."""

from __future__ import annotations

import contextlib
import gzip
import time
from typing import TYPE_CHECKING

import opencc
import pytest

from pipeline.formats.base import InputError
from pipeline.formats.encoding import check_encoding, decode, unreadable
from pipeline.stages.read import read
from tests.conftest import ARTICLES

if TYPE_CHECKING:
    from pathlib import Path

SIMPLIFIED = (
    "utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be",
)  # fmt: skip
TRADITIONAL = ("utf-8", "big5", "cp950", "big5hkscs", "gb18030", "utf-16-le")
TEXT = "排期一改再改，谁都没有把风险说出口。上线前一晚，仓库的同事还在手工对账，错了四十多笔。\n"
HAN = "排期一改再改，誰都沒有把風險說出口。上線前一晚，倉庫的同事還在手工對帳，錯了四十多筆。\n"


def _held(text: str, encoding: str) -> bytes | None:
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return None


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_every_article_comes_back_from_every_encoding_that_holds_it(path: Path) -> None:
    text = read(path).text
    for script, encodings in ((None, SIMPLIFIED), ("s2tw", TRADITIONAL), ("s2hk", TRADITIONAL)):
        written = opencc.OpenCC(script).convert(text) if script else text
        # short pieces too: headlines, notes
        pieces = [written, *(written[at : at + size] for size in (60, 40) for at in range(0, len(written) - size, 400))]
        for encoding in encodings:
            for piece in pieces:
                if (data := _held(piece, encoding)) is not None and sum("\u4e00" <= c <= "\u9fff" for c in piece) > 15:
                    assert decode(data)[0] == piece, encoding


@pytest.mark.parametrize("encoding", SIMPLIFIED)
def test_a_few_words_among_much_code_are_enough(encoding: str) -> None:
    text = "for (int i = 0; i < n; i++) { total += rows[i]; }  // none\n" * 30 + "// 这里的重试没有上限，出过事故\n"
    assert decode(text.encode(encoding))[0] == text


@pytest.mark.parametrize(("name", "encoding"), [("hz", "hz"), ("utf-7", "utf-7"), ("gb2312", "gbk"), ("big5", "cp950")])
def test_a_named_encoding_is_taken(tmp_path: Path, name: str, encoding: str) -> None:
    text = {"gbk": "鎔" + TEXT, "cp950": "裏" + HAN}.get(encoding, TEXT)
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode(encoding))
    article = read(path, encoding=name)
    assert (article.text, article.encoding) == (text, encoding)
    with pytest.raises(InputError, match="no such text encoding"):
        check_encoding("euc-tw-x")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "cp950", "utf-16-le"])
def test_a_file_cut_off_in_mid_character_is_read_to_its_last_whole_one(encoding: str) -> None:
    text = (HAN if encoding == "cp950" else TEXT) * 20
    data = text[:-1].encode(encoding)[:-1]
    found, _ = decode(data)
    assert found == text[:-2] + "\ufffd"
    assert unreadable(found) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_bad_byte_in_a_long_file_costs_the_characters_around_it_alone(encoding: str) -> None:
    data = (TEXT * 800).encode(encoding)
    at = len(data) // 2
    found, _ = decode(data[:at] + b"\xff" + data[at + 1 :])
    assert 1 <= unreadable(found) <= 2
    assert found[:1000] == (TEXT * 800)[:1000]
    assert found[-1000:] == (TEXT * 800)[-1000:]


@pytest.mark.parametrize("name", [None, "utf-8"])
def test_many_bad_bytes_are_an_error_that_names_the_first(name: str | None) -> None:
    data = TEXT.encode()
    data = b"".join(data[:90] + b"\xff" + data[90:] for _ in range(20))
    with pytest.raises(InputError, match="byte 90"):
        decode(data, name)


def test_a_long_run_of_bad_bytes_is_an_error() -> None:
    data = (TEXT * 200).encode()
    with pytest.raises(InputError, match="broken UTF-8 at byte 90"):
        decode(data[:90] + b"\xff" * 500 + data[90:])


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_zeros_in_a_text_do_not_make_it_binary(encoding: str) -> None:
    text = TEXT + "\0" * 4096
    assert decode(text.encode(encoding))[0] == text
    broken = TEXT[:20] + "\0" + TEXT[20:]
    assert decode(broken.encode(encoding))[0] == broken


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ((TEXT * 3).encode().decode("gb18030", "ignore").encode(), "UTF-8 .* GB18030.*iconv"),
        ((TEXT * 3).encode().decode("cp1252", "ignore").encode(), "garbled"),
        ((TEXT * 3).encode("gbk").decode("latin-1").encode(), "garbled, GB18030"),
        (("锟斤拷" * 20 + "。").encode(), "lost in a wrong conversion"),
    ],
)
def test_what_was_garbled_before_it_was_saved_is_told(data: bytes, told: str) -> None:
    with pytest.raises(InputError, match=told):
        decode(data)


def test_a_wrong_name_of_an_encoding_is_told() -> None:
    with pytest.raises(InputError, match="leave out --encoding"):
        decode((TEXT * 3).encode(), "latin-1")


@pytest.mark.parametrize("text", [TEXT, TEXT[:20], "没有"])
def test_a_text_in_another_encoding_is_not_mended(text: str) -> None:
    with pytest.raises(InputError, match="not valid utf-8"):
        decode(text.encode("gb18030"), "utf-8")


def test_a_page_that_names_the_wrong_encoding_is_read_all_the_same(tmp_path: Path) -> None:
    for even in ("", "。"):
        path = tmp_path / "a.html"
        page = f"<html><head><meta charset='latin-1'></head><body><p>{TEXT}{even}</p></body></html>"
        path.write_bytes(page.encode("gb18030"))
        assert TEXT.strip() in read(path).text


def test_a_lost_word_or_two_is_no_reason_to_refuse() -> None:
    text = TEXT * 3 + "锟斤拷锟斤拷" + TEXT
    assert decode(text.encode()) == (text, "utf-8")
    assert unreadable(text) == 1


@pytest.mark.parametrize("name", ["a.txt", "a.md", "page"])
def test_a_page_saved_as_text_is_a_page(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(f"<!DOCTYPE html><html><body><h1>复盘</h1><p>{TEXT}</p></body></html>", encoding="utf-8")
    article = read(path)
    assert article.format == "html"
    assert "<p>" not in article.text


def test_a_packed_text_is_read(tmp_path: Path) -> None:
    path = tmp_path / "年终复盘.txt.gz"
    path.write_bytes(gzip.compress(TEXT.encode("gb18030"), mtime=0))
    article = read(path)
    assert (article.text, article.name, article.encoding, article.format) == (TEXT, "年终复盘", "gb18030", "text")
    path.write_bytes(path.read_bytes()[:20] + b"\xff\xff\xff")
    with pytest.raises(InputError):
        read(path)


def test_a_packed_text_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(b"\n" * (65 << 20), compresslevel=9, mtime=0))
    with pytest.raises(InputError, match="unpacks to more than 64 MB"):
        read(path)


@pytest.mark.parametrize("piece", [b"\xff", b"\x81", b"\x00", b"\xe6\x8e", b"a\x00", b"\xb4\xed"])
def test_hostile_bytes_take_no_time(piece: bytes) -> None:
    data = piece * (2_000_000 // len(piece))
    began = time.perf_counter()
    with contextlib.suppress(InputError):
        decode(data)
    assert time.perf_counter() - began < 5
