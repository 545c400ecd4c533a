"""EPUB files, as a reader sees them."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from pipeline.formats.base import MAX_TAGS, Extracted, InputError
from pipeline.formats.epub import epub
from pipeline.stages.read import read
from tests.linear import assert_linear

if TYPE_CHECKING:
    from pathlib import Path

SAID = "排期是倒推出来的，谁都觉得别人会兜底，等到联调才发现接口对不上。"
MORE = "仓库的扫码枪全部失灵，客服电话响了两个星期，最后花了九天才补齐。"
XHTML = 'media-type="application/xhtml+xml"'
CONTAINER = "<container><rootfiles><rootfile full-path='o/b.opf'/></rootfiles></container>"
SPACES = 'xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf"'


def page(inner: str, body: str = "") -> str:
    space = 'xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
    return f"<?xml version='1.0' encoding='utf-8'?><html {space}><head><title/></head><body{body}>{inner}</body></html>"


def package(
    chapters: dict[str, str | bytes],
    *,
    metadata: str = "<dc:title>三年</dc:title>",
    spine: dict[str, str] | None = None,
    items: dict[str, str] | None = None,
    guide: str = "",
    files: dict[str, str | bytes] | None = None,
) -> bytes:
    """A book of chapters by file name, in that order; ``spine`` and ``items`` give more attributes of a chapter."""
    manifest = "".join(
        f'<item id="i{k}" href="{name}" {(items or {}).get(name, XHTML)}/>' for k, name in enumerate(chapters)
    )
    order = "".join(f'<itemref idref="i{k}" {(spine or {}).get(name, "")}/>' for k, name in enumerate(chapters))
    parts: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "o/b.opf": f"<package {SPACES}><metadata>{metadata}</metadata><manifest>{manifest}</manifest>"
        f"<spine>{order}</spine>{guide}</package>",
    }
    from urllib.parse import unquote

    parts |= {f"o/{unquote(name)}": data for name, data in chapters.items() if data != ""} | (files or {})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in parts.items():
            z.writestr(name, data)
    return out.getvalue()


def told(data: bytes) -> Extracted:
    return epub(data, "a.epub")


def lines(data: bytes) -> list[str]:
    return [line for line in told(data).text.split("\n") if line]


CHAPTERS: dict[str, str | bytes] = {
    "1.xhtml": page(f"<h1>起因</h1><p>{SAID}</p>"),
    "2.xhtml": page(f"<h1>经过</h1><h2>前三天</h2><p>{MORE}</p>"),
}
TEXT = f"# 起因\n\n{SAID}\n\n# 经过\n\n## 前三天\n\n{MORE}\n"


def test_chapters_in_the_order_of_the_spine(tmp_path: Path) -> None:
    path = tmp_path / "a.epub"
    path.write_bytes(package(CHAPTERS))
    article = read(path)
    assert (article.title, article.text) == ("三年", TEXT)
    assert lines(package(dict(reversed(CHAPTERS.items()))))[0] == "# 经过"


def test_pages_around_the_text_are_left_out() -> None:
    links = "".join(f"<p><a href='{k}.xhtml'>第{k}章 起因和经过</a></p>" for k in (1, 2, 3))
    chapters: dict[str, str | bytes] = {
        "cover.xhtml": page("<p>三年</p><p>张三 著</p>"),
        "copy.xhtml": page("<p>某某出版社，翻印必究。</p>"),
        "rights.xhtml": page("<p>保留所有权利。</p>", ' epub:type="copyright-page"'),
        "toc.xhtml": page(f"<h1>目录</h1>{links}"),
        "nav.xhtml": page(f"<nav epub:type='toc'><ol><li>{links}</li></ol></nav><p>目录页</p>"),
        **CHAPTERS,
        "side.xhtml": page("<p>旁边的一页，不在阅读顺序里。</p>"),
    }
    data = package(
        chapters,
        spine={"side.xhtml": 'linear="no"'},
        items={"nav.xhtml": 'media-type="application/xhtml+xml" properties="nav"'},
        guide='<guide><reference type="copyright-page" href="copy.xhtml"/></guide>',
    )
    assert told(data).text == TEXT


def test_a_book_of_one_page_is_read_whatever_it_calls_itself() -> None:
    data = package({"1.xhtml": page(f"<p>{SAID}</p>")}, spine={"1.xhtml": 'linear="no"'})
    assert lines(data) == [SAID]


NCX = "<ncx><navMap>{}</navMap></ncx>"


def point(name: str, src: str, inner: str = "") -> str:
    return f"<navPoint><navLabel><text>{name}</text></navLabel><content src='{src}'/>{inner}</navPoint>"


def test_headings_that_only_the_contents_know() -> None:
    chapters: dict[str, str | bytes] = {
        "front.xhtml": page("<p>某某出版社</p>"),
        "1.xhtml": page(f"<p><b>第一章　起因</b></p><p>{SAID}</p><p>排期</p><p>{MORE}</p>"),
        "1b.xhtml": page(f"<p>{MORE}</p>"),
        "2.xhtml": page(f"<p>{SAID}</p>"),
        "3.xhtml": page(f"<h1>改进</h1><h2>排期</h2><p>{SAID}</p>"),
        "toc.ncx": NCX.format(
            point("版权信息", "front.xhtml")
            + point("第一章 起因", "1.xhtml", point("排期", "1.xhtml#b"))
            + point("第二章 经过", "2.xhtml", point("改进", "3.xhtml"))
        ),
    }
    data = package(chapters, items={"toc.ncx": 'media-type="application/x-dtbncx+xml"'})
    assert lines(data) == [
        "# 第一章　起因", SAID, "## 排期", MORE, MORE, "# 第二章 经过", SAID, "## 改进", "### 排期", SAID,
    ]  # fmt: skip


def test_headings_of_the_new_contents() -> None:
    nav = page(
        "<nav epub:type='landmarks'><ol><li><a href='1.xhtml'>开始</a></li></ol></nav>"
        "<nav epub:type='toc'><ol><li><a href='1.xhtml'>起因</a>"
        "<ol><li><a href='2.xhtml'>排期</a></li></ol></li></ol></nav>"
    )
    chapters: dict[str, str | bytes] = {
        "n.xhtml": nav,
        "1.xhtml": page(f"<p>{SAID}</p>"),
        "2.xhtml": page(f"<p>{MORE}</p>"),
    }
    data = package(chapters, items={"n.xhtml": 'media-type="application/xhtml+xml" properties="scripted nav"'})
    assert lines(data) == ["# 起因", SAID, "## 排期", MORE]


def test_notes_and_their_marks() -> None:
    inner = (
        "<article><p>排期<a epub:type='noteref' href='#n1'>注</a>是倒推的<sup><a href='#n2'>[2]</a></sup>，"
        "<ruby>复<rt>fù</rt></ruby>盘<span epub:type='pagebreak'>12</span>见<a href='http://a.cn/'>1</a>号报告。</p></article>"
        "<aside epub:type='footnote' id='n1'><p>一条脚注。</p></aside><p><a href='#r2'>2</a>. 又一条脚注。</p>"
    )
    assert lines(package({"1.xhtml": page(inner)})) == ["排期是倒推的，复盘见1号报告。", "一条脚注。", "又一条脚注。"]


def test_empty_elements_hide_nothing() -> None:
    inner = f"<script src='a.js'/><a id='x'/><b/><h2 class='y' /><p>{SAID}</p><br/><p>{MORE}</p>"
    assert lines(package({"1.xhtml": page(inner)})) == [SAID, MORE]


def test_names_in_any_spelling() -> None:
    for href, name in (
        ("%E8%B5%B7%20%E5%9B%A0.xhtml#a", "o/起 因.xhtml"),
        ("../T/A.XHTML", "t/a.xhtml"),
        ("a%b.xhtml", "o/a%b.xhtml"),
    ):
        data = package({href: ""}, files={name: page(f"<p>{SAID}</p>")})
        assert lines(data) == [SAID]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "big5", "utf-8-sig"])
def test_encodings(encoding: str) -> None:
    said = "排期是倒推出來的，誰都覺得別人會兜底。" if encoding == "big5" else SAID
    name = {"utf-8-sig": "utf-8"}.get(encoding, encoding)
    raw = page(f"<h1>起因</h1><p>{said}</p>").replace("'utf-8'", f"'{name}'").encode(encoding)
    assert lines(package({"1.xhtml": raw})) == ["# 起因", said]


def test_what_is_broken_is_passed_over() -> None:
    chapters: dict[str, str | bytes] = {
        "0.xhtml": "",
        "1.xhtml": CHAPTERS["1.xhtml"],
        "b.xhtml": bytes(range(128, 256)) * 50,
        "p.jpg": b"\xff\xd8\xff",
        "e.xhtml": b" ",
        "2.xhtml": str(CHAPTERS["2.xhtml"]).encode(),
    }
    data = package(chapters, items={"p.jpg": 'media-type="image/jpeg"'})
    assert told(data).text == TEXT
    cut = page(f"<p>{SAID}</p><p>断").encode()[:-20]
    assert lines(package({"1.xhtml": cut + b"\xe6"}))[0] == SAID


def test_metadata() -> None:
    found = told(
        package(
            CHAPTERS,
            metadata="<dc:title id='s'>副题</dc:title><dc:title id='m'>三年</dc:title>"
            "<meta refines='#s' property='title-type'>subtitle</meta>"
            "<meta refines='#m' property='title-type'>main</meta><dc:creator opf:role='aut'>张三</dc:creator>"
            "<dc:creator opf:role='trl'>李四</dc:creator><dc:creator>calibre (5)</dc:creator>"
            "<dc:date opf:event='modification'>2023-01-01</dc:date>"
            "<dc:date opf:event='publication'>2021-03-04T00:00:00Z</dc:date>"
            "<dc:source>urn:isbn:9</dc:source><dc:publisher>某某出版社</dc:publisher>",
        )
    )
    assert found.title == "三年"
    assert (found.metadata.author, found.metadata.date, found.metadata.source) == ("张三", "2021-03-04", "某某出版社")
    unknown = told(
        package(
            CHAPTERS, metadata="<dc:title>Unknown</dc:title><dc:creator>未知</dc:creator><dc:date>0101-01-01</dc:date>"
        )
    )
    assert (unknown.title, unknown.metadata.author, unknown.metadata.date) == (None, None, None)


def encryption(name: str, algorithm: str) -> dict[str, str | bytes]:
    return {
        "META-INF/encryption.xml": f"<encryption><EncryptedData><EncryptionMethod Algorithm='{algorithm}'/>"
        f"<CipherData><CipherReference URI='{name}'/></CipherData></EncryptedData></encryption>"
    }


def test_locked_books_and_veiled_fonts() -> None:
    with pytest.raises(InputError, match=r"a\.epub: locked by the shop .*; give an open copy"):
        told(package(CHAPTERS, files=encryption("o/2.xhtml", "http://www.w3.org/2001/04/xmlenc#aes128-cbc")))
    assert told(package(CHAPTERS, files=encryption("o/f.otf", "http://www.idpf.org/2008/embedding"))).text == TEXT


def test_pages_that_are_pictures() -> None:
    chapters: dict[str, str | bytes] = {f"{k}.xhtml": page(f"<div><img src='{k}.jpg'/></div>") for k in range(3)}
    with pytest.raises(InputError, match="whose pages are pictures; run text recognition"):
        told(package(chapters))


LAUGHS = '<!DOCTYPE a [<!ENTITY a "哈哈哈哈">' + "".join(
    f'<!ENTITY {y} "{f"&{x};" * 10}">' for x, y in zip("abcdefgh", "bcdefghi", strict=True)
)
BAD: list[tuple[str, dict[str, str | bytes], str]] = [
    ("container", {"META-INF/container.xml": "no xml", "o/b.opf": "no xml"}, "no package file"),
    ("laughs", {"META-INF/container.xml": LAUGHS + "]><container>&i;</container>", "o/b.opf": "<"}, "no package file"),
    ("empty", {"o/1.xhtml": page(""), "o/2.xhtml": ""}, "none of its pages holds text"),
    ("tags", {"o/1.xhtml": "<p>字</p>" * (MAX_TAGS // 2 + 1)}, f"more than {MAX_TAGS:,} tags"),
]


@pytest.mark.parametrize(("name", "files", "message"), BAD, ids=[b[0] for b in BAD])
def test_hostile_books(name: str, files: dict[str, str | bytes], message: str) -> None:
    pages = CHAPTERS | {k.removeprefix("o/"): v for k, v in files.items() if k.endswith("xhtml")}
    data = package(pages, files={k: v for k, v in files.items() if not k.endswith("xhtml")})
    with pytest.raises(InputError, match=message) as caught:
        told(data)
    assert "\n" not in str(caught.value)


def test_a_book_that_unpacks_to_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that is too large is not passed over as a broken one is."""
    monkeypatch.setattr("pipeline.formats.epub.MAX_BYTES", 1 << 16)
    with pytest.raises(InputError, match="unpacks to more than 128 MB; give the text alone"):
        told(package(CHAPTERS | {"3.xhtml": b" " * (1 << 18)}))


def test_entities_and_files_from_outside_are_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "geheim.txt"
    secret.write_text("不该读到的话。", encoding="utf-8")
    outside = f'<!DOCTYPE html [<!ENTITY a SYSTEM "file://{secret}">]>'
    text = told(
        package({"1.xhtml": outside + page(f"<p>{SAID}&a;</p>").split("?>")[1], "../../../etc/passwd": ""})
    ).text
    assert SAID in text
    assert "不该" not in text
    title = told(package(CHAPTERS, metadata="<dc:title>三年</dc:title>"))
    assert title.title == "三年"


@pytest.mark.parametrize(
    "unit", ["<p>字<rt>a</rt></p>", "字<rt>a</rt>", "<a href='#x'>[1]</a>字", "<x ", "<p>起因</p>"]
)
def test_time_is_linear(unit: str) -> None:
    def work(size: int) -> None:
        ncx = NCX.format(point("起因", "1.xhtml") * (size // 10))
        chapters: dict[str, str | bytes] = {"1.xhtml": page(f"<p>{SAID}</p>" + unit * size), "t.ncx": ncx}
        told(package(chapters, items={"t.ncx": 'media-type="application/x-dtbncx+xml"'}))

    assert_linear(work, 6_000, floor=0.5)


@pytest.mark.parametrize("broken", ["</p>", "<!-- -->", '<html class="a<p>'])
def test_a_page_without_an_element_does_not_take_the_others_with_it(broken: str) -> None:
    assert told(package({"0.xhtml": broken, **CHAPTERS})).text == TEXT


@pytest.mark.parametrize("bare", ["<a href='#n'>1</a>&#1;. 起因", "<p><a href='#n'>1</a>&#1;. 起因</p>"])
def test_a_control_character_behind_the_mark_of_a_note(bare: str) -> None:
    assert "起因" in told(package({"0.xhtml": bare, **CHAPTERS})).text
