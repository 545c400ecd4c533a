"""Encodings, formats, names and what cannot be read."""

from __future__ import annotations

import gzip
import io
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pipeline.formats.encoding import decode
from pipeline.stages.read import InputError, find_articles, from_text, read, safe_name

TEXT = (
    "上线第三天，仓库的扫码枪全部失灵。\r\n排期是倒推出来的，谁都觉得别人会兜底。\n"
    "最后花了九天才把数据补齐，客服电话响了两个星期。\n"
)
TRADITIONAL = "上線第三天，倉庫的掃碼槍全部失靈。\n排期是倒推出來的，誰都覺得別人會兜底，最後花了九天才把數據補齊。\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
@pytest.mark.parametrize("text", [TEXT, TEXT[:60], TRADITIONAL], ids=["text", "short", "traditional"])
def test_encodings(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "文章.txt"
    path.write_bytes(text.encode(encoding))
    article = read(path)
    assert article.text == text
    assert "".encode(article.encoding) == b""
    assert article.text.encode(article.encoding) in path.read_bytes()


def test_big5(tmp_path: Path) -> None:
    path = tmp_path / "文章.txt"
    path.write_bytes(TRADITIONAL.encode("big5"))
    article = read(path)
    assert (article.text, article.encoding) == (TRADITIONAL, "big5")


def test_named_encoding_wins(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(TEXT.encode("gb18030"))
    assert read(path, encoding="gb18030").text == TEXT
    with pytest.raises(InputError, match=r"byte \d+ is not valid utf-8"):
        read(path, encoding="utf-8")
    for unknown in ("klingon", "base64", "a\0b"):
        with pytest.raises(InputError, match="no such text encoding"):
            read(path, encoding=unknown)


def test_what_an_article_carries(tmp_path: Path) -> None:
    path = tmp_path / "复盘.md"
    path.write_text(TEXT, encoding="utf-8", newline="")
    article = read(path)
    assert (article.name, article.source, article.format, article.encoding) == ("复盘", str(path), "markdown", "utf-8")
    assert not article.extracted
    assert len(article.sha256) == 64
    assert article.sha256 == from_text(TEXT).sha256


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode("gb18030"))))
    article = read("-")
    assert (article.text, article.name, article.source) == (TEXT, "stdin", "-")


def archive(**files: bytes | str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in files.items():
            z.writestr(name, data)
    return out.getvalue()


BROKEN = TEXT.encode()[:89] + b"\xff" + TEXT.encode()[89:119] + b"\xff" + TEXT.encode()[119:]
GB = TEXT.encode("gb18030")
BROKEN_GB = GB[:60] + b"\xff" + GB[60:97] + b"\xff" + GB[97:]
BAD: list[tuple[str, bytes, str]] = [
    ("empty.txt", b"", "empty file"),
    ("blank.txt", b" \r\n\t\n", "empty file"),
    ("marked.txt", b"\xef\xbb\xbf", "empty file"),
    ("broken.txt", BROKEN, "broken UTF-8 at byte 89; .*--encoding"),
    ("gb.txt", BROKEN_GB, "broken GB18030 at byte 60"),
    ("english.txt", b"Nothing to read here, in Chinese.", "no Chinese text"),
    ("few.txt", "Only 四个汉字 here.".encode(), "no Chinese text"),
    ("noise.txt", bytes(range(256)) * 8, "a binary file"),
    ("zeros.txt", b"\x01\x00\x00\x02" * 100, "a binary file|no Chinese text|empty"),
    ("picture.md", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "a PNG picture"),
    ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 50, "save it as .docx"),
    ("locked.docx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "locked with a password"),
    ("book.azw", b"x" * 60 + b"BOOKMOBI" + b"\0" * 50, "convert it to EPUB"),
    ("one.xml", b'<?xml version="1.0"?><w:wordDocument xmlns:w="a"/>', "save it as .docx"),
    ("a.odt", archive(mimetype="application/vnd.oasis.opendocument.text"), "save it as .docx"),
    ("a.pages", archive(**{"Index/Document.iwa": "x"}), "export it as Word or PDF"),
    ("a.xlsx", archive(**{"[Content_Types].xml": "x", "xl/workbook.xml": "x"}), "an Excel file"),
    ("a.pptx", archive(**{"[Content_Types].xml": "x", "ppt/presentation.xml": "x"}), "a PowerPoint file"),
    ("fake.docx", TEXT.encode(), "called .docx, but it is text; rename it .txt"),
    ("fake.pdf", b"<html><body>" + TEXT.encode(), "called .pdf, but it is a web page; rename it .html"),
    (
        "fake.epub",
        b"MIME-Version: 1.0\nContent-Type: text/plain\nTo: a\n\n" + TEXT.encode(),
        "an e-mail; rename it .eml",
    ),
    ("noise.pdf", bytes(range(256)) * 8, "called .pdf, but it is damaged or something else"),
    ("fake.mht", TEXT.encode(), "called .mht, but it is text"),
    ("mail.msg", b"\xd0\xcf\x11\xe0" + "__substg1.0_0037001F".encode("utf-16-le"), "an Outlook message"),
    ("a.webarchive", b"bplist00" + b"\0" * 50, "save the page as HTML"),
    (
        "japanese.txt",
        "昨年の秋、私たちは新しい製品を回収しました。原因は設計の見落としです。".encode(),
        "Japanese .*reads Chinese",
    ),
    ("kana.txt", "これはすべてひらがなです。".encode(), "Japanese"),
    (
        "korean.txt",
        "지난 가을 新製品 을 회수했습니다. 原因은 설계 단계의 실수였습니다.".encode(),
        "Korean .*reads Chinese",
    ),
    ("broken.pdf", b"%PDF-1.7\nnothing", "broken PDF"),
    ("other.zip", archive(a="b"), "a zip archive"),
    (
        "cut.docx",
        archive(**{"word/document.xml": "<w"})[:60],
        "a broken archive, damaged or cut off; copy the file anew$",
    ),
    ("empty.docx", archive(**{"word/document.xml": "<w:document/>"}), "broken Word file"),
    ("empty.epub", archive(**{"META-INF/container.xml": "<container/>"}), "broken EPUB"),
    ("page.html", b"<html><body><p>Hello</p></body></html>", "no Chinese text"),
]


@pytest.mark.parametrize(("name", "data", "message"), BAD, ids=[b[0] for b in BAD])
def test_bad_input(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputError, match=message) as caught:
        read(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "opening", ["RIFF是一种容器。", "ID3标签写错了。", "BZh打头的文件很多。", "PAR1不是我们的格式。"]
)
def test_text_that_begins_as_other_files_do(tmp_path: Path, opening: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(opening + TEXT, encoding="utf-8", newline="")
    assert read(path).text == opening + TEXT


def test_no_such_file_and_folder(tmp_path: Path) -> None:
    for path, message in (
        (tmp_path / "no.txt", "no such file"),
        (tmp_path, "a folder"),
        ("a\0b", "cannot be opened"),
        ("x" * 5000, "cannot be"),
    ):
        with pytest.raises(InputError, match=message):
            read(path)


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.docx"
    path.write_bytes(archive(**{"word/document.xml": b"\0" * (300 << 20)}))
    with pytest.raises(InputError, match="unpacks to more than"):
        read(path)


def test_an_entity_bomb_is_not_expanded(tmp_path: Path) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE c [<!ENTITY a "哈哈哈哈哈哈">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    path = tmp_path / "bomb.epub"
    path.write_bytes(archive(**{"META-INF/container.xml": bomb + "]><container>&i;</container>"}))
    with pytest.raises(InputError):
        read(path)


def test_a_doctype_with_an_inner_part_is_no_text(tmp_path: Path) -> None:
    page = (
        '<?xml version="1.0"?>\n<!-- 稿 -->\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "a.dtd" [\n'
        "<!ENTITY a \"]>\">\n<!-- don't ]> -->\n<!ENTITY b '甲'>\n]>\n<html xmlns='http://www.w3.org/1999/xhtml'>"
        "<head><title>起因</title></head><body><p>排期是倒推出来的，谁都没说。</p></body></html>"
    )
    path = tmp_path / "a.epub"
    path.write_bytes(epub(**{"a.xhtml": page}))
    assert read(path).text.strip() == "排期是倒推出来的，谁都没说。"


def epub(**chapters: str) -> bytes:
    """A book of chapters by file name, in that order."""
    items = "".join(f"<item id='{k}' href='{name}'/>" for k, name in enumerate(chapters))
    spine = "".join(f"<itemref idref='{k}'/>" for k in range(len(chapters)))
    return archive(
        **{
            "META-INF/container.xml": "<container><rootfiles><rootfile full-path='b.opf'/></rootfiles></container>",
            "b.opf": f"<package><manifest>{items}</manifest><spine>{spine}</spine></package>",
        },
        **chapters,
    )


NAMES = [
    ("复盘", "复盘"), ("../../x", "x"), ("CON", "_CON"), ("con.txt", "_con.txt"), ("COM1", "_COM1"),
    (".hidden", "hidden"), ("a/b\\c", "a_b_c"), ("", "article"), ("..", "article"), ("a\x00b\u202ec\n", "a_b_c_"),
    ('a<b>:"|?*', "a_b______"), ("a. .", "a"), ("\udcff\udcfe", "article"), ("e\u0301", "é"),
    ("复" + " " * 50_000 + "盘", "复"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "safe"), NAMES)
def test_safe_names(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.parametrize("name", ["复" * 300, "a" * 300, "😀" * 300])
def test_long_names(name: str) -> None:
    safe = safe_name(name)
    assert name.startswith(safe)
    assert 0 < len(safe) <= 80
    assert len(safe.encode()) <= 200


def test_find_articles(tmp_path: Path) -> None:
    for name in ("b.md", "a.txt", "README.md", ".hidden.txt", "c.png", "~$d.docx", "e.HTML", "f.eml"):
        (tmp_path / name).write_text("x")
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "f.txt").write_text("x")
    (tmp_path / "none").mkdir()
    found, errors, _ = find_articles(
        [tmp_path, "-", tmp_path / "c.png", tmp_path / "a.txt", tmp_path / "none", tmp_path / "no.txt"]
    )
    assert found == [*(tmp_path / name for name in ("a.txt", "b.md", "e.HTML", "f.eml")), "-", tmp_path / "c.png"]
    assert [(path, str(e).removeprefix(f"{path}: ").split(";")[0]) for path, e in errors] == [
        (str(tmp_path / "none"), "nothing to read in this folder"),
        (str(tmp_path / "no.txt"), "no such file"),
    ]


def test_what_is_left_out_of_a_folder_is_told(tmp_path: Path) -> None:
    names = ("a.txt", "b.doc", "c.RTF", "d.rtf", "e", "README.doc", ".DS_Store", "Thumbs.db", "~$b.doc", "p.html")
    for name in names:
        (tmp_path / name).write_text("x")
    for name in ("more", "p_files", ".git"):
        (tmp_path / name).mkdir()
    assert find_articles([tmp_path])[2] == [
        f"{tmp_path}: left out 4 files (.rtf .doc) and 1 sub-folder; name them to have them tried"
    ]
    rest = [tmp_path / name for name in ("b.doc", "c.RTF", "d.rtf", "more")]
    assert find_articles([tmp_path, *rest])[2] == [f"{tmp_path}: left out 1 file; name them to have them tried"]
    assert find_articles([tmp_path / "a.txt"])[2] == []
    (tmp_path / "more" / "x.doc").write_text("x")
    [(_, error)] = find_articles([tmp_path / "more"])[1]
    assert "nothing to read in this folder (left out 1 file (.doc))" in str(error)


def test_the_list_of_what_is_left_out_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    for k in range(30):
        (tmp_path / f"{k}.e\x1b\n{'x' * 80}{k}").write_text("x")
    [note] = find_articles([tmp_path])[2]
    assert note.isprintable()
    assert "30 files" in note
    assert len(note) < len(str(tmp_path)) + 200


def result(folder: Path) -> Path:
    """A folder as fupan writes one for an article."""
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text('{\n "fupan": "0.1",\n "input": {}\n}')
    for name in ("report.html", "summary.md", "source.txt", "graph.gexf"):
        (folder / name).write_text("x")
    return folder


def test_own_results_are_no_articles(tmp_path: Path) -> None:
    one = result(tmp_path / "outputs" / "a")
    (tmp_path / "outputs" / "index.html").write_text("x")
    (tmp_path / "outputs" / "failures.csv").write_text("x")
    for folder in (one, tmp_path / "outputs"):
        [(_, error)] = find_articles([folder])[1]
        assert "results that fupan wrote; name the folder with the articles" in str(error)
    (tmp_path / "outputs" / "mine.txt").write_text("x")
    assert find_articles([tmp_path / "outputs"]) == ([tmp_path / "outputs" / "mine.txt"], [], [])
    (tmp_path / "b.txt").write_text("x")
    assert find_articles([tmp_path]) == ([tmp_path / "b.txt"], [], [])
    assert find_articles([one / "report.html"])[0] == [one / "report.html"]


def test_other_programs_manifests_and_indexes_are_not_fupans(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    for name in ("manifest.json", "app/manifest.json"):
        (tmp_path / name).write_text('{"name": "fupan", "fupan": 1}')
    for name in ("index.html", "report.html", "summary.md"):
        (tmp_path / name).write_text("x")
    found, errors, notes = find_articles([tmp_path])
    assert [Path(f).name for f in found] == ["index.html", "report.html", "summary.md"]
    assert errors == []
    assert notes == [f"{tmp_path}: left out 1 file (.json) and 1 sub-folder; name them to have them tried"]


def test_what_is_named_twice_is_taken_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("x")
    (tmp_path / "in" / "b.txt").write_text("x")
    monkeypatch.chdir(tmp_path)
    paths: list[str | Path] = ["in/a.txt", tmp_path / "in" / "a.txt", "in/../in/a.txt", "./in", "-", "-"]
    assert find_articles(paths) == ([Path("in/a.txt"), Path("in/b.txt"), "-"], [], [])


def test_an_empty_path_is_not_this_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    found, errors, _ = find_articles(["", "."])
    assert found == [Path("a.txt")]
    assert [(path, str(e)) for path, e in errors] == [("", '"": an empty path; name a file or a folder')]
    with pytest.raises(InputError, match="an empty path"):
        read("")


def test_paths_with_colons_are_told_whole(tmp_path: Path) -> None:
    path = str(tmp_path / "复盘: 一\n二.txt")
    [(source, error)] = find_articles([path])[1]
    assert source == path
    assert "\n" not in str(error)


def test_from_text() -> None:
    article = from_text(TEXT, title="上线", name="../x")
    assert (article.text, article.title, article.name, article.source, article.encoding) == (TEXT, "上线", "x", "", "")
    assert from_text("\ud800").sha256


@pytest.mark.parametrize(
    ("value", "name"), [(None, "NoneType"), (TEXT.encode(), "bytes"), (Path("a.txt"), "PosixPath")]
)
def test_from_text_takes_text_alone(value: Any, name: str) -> None:
    with pytest.raises(TypeError, match=f"text must be a str, not {name}"):
        from_text(value)


def test_decode_keeps_line_ends() -> None:
    assert decode("一\r\n二\r三\n四五六".encode()) == ("一\r\n二\r三\n四五六", "utf-8")


def test_all_parts_of_a_gzip_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt.gz"
    first, second = TEXT[:40].encode(), TEXT[40:].encode()
    path.write_bytes(gzip.compress(first) + gzip.compress(second))
    assert read(path).text == TEXT
    path.write_bytes(gzip.compress(TEXT.encode() * 50)[:-20])
    with pytest.raises(InputError, match="broken gzip archive"):
        read(path)


def test_standard_input_that_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(InputError, match="standard input: closed"):
        read("-")


def test_what_a_broken_file_holds_does_not_steer_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(archive(**{"word/document.xml": '<a xmlns:b="http://\x7f\u202e\u200b/"><b:c></a>'}))
    with pytest.raises(InputError) as caught:
        read(path)
    assert str(caught.value).isprintable()


def test_a_chinese_article_may_quote_other_languages(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    text = TEXT * 3 + "工厂的牌子上写着「ありがとうございます」，合同最后一页写着 감사합니다。\n"
    path.write_text(text, encoding="utf-8", newline="")
    assert read(path).text == text
