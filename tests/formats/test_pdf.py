"""PDF files: what is written on their pages, read as a person reads it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.formats.base import Extracted, InputError
from pipeline.formats.pdf import pdf
from pipeline.formats.pdf.joins import joined
from pipeline.model import Metadata
from tests.browser import FLAGS, NAMES
from tests.linear import assert_linear

SIZE = 10.0
WIDE = 40  # characters of a full line
LEFT, TOP, PITCH = 97.0, 750.0, 16.0
FONTS = {
    "song": "/STSong-Light", "hei": "/SimHei", "latin": "/Helvetica", "mono": "/Courier", "bold": "/Helvetica-Bold",
}  # fmt: skip


@dataclass(frozen=True)
class Put:
    """Text at a place, from the lower left; ``before`` is written into the page as it is."""

    text: str
    x: float = LEFT
    y: float = TOP
    size: float = SIZE
    font: str = "song"
    before: str = ""


def written(pages: Sequence[Sequence[Put]], *, info: str = "", page: str = "", picture: bytes = b"null") -> bytes:
    """A PDF file of pages of texts, in fonts that need not be in it."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", f"<< {info} >>".encode("latin-1")]
    fonts = ""
    for name, base in FONTS.items():
        if name in ("song", "hei"):
            objects.append(
                f"<< /Type /Font /Subtype /CIDFontType0 /BaseFont {base} /DW 1000 /W [1 95 500 814 939 500] "
                "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>".encode()
            )
            objects.append(
                f"<< /Type /Font /Subtype /Type0 /BaseFont {base} /Encoding /UniGB-UTF16-H "
                f"/DescendantFonts [{len(objects)} 0 R] >>".encode()
            )
        else:
            objects.append(f"<< /Type /Font /Subtype /Type1 /BaseFont {base} >>".encode())
        fonts += f"/{name} {len(objects)} 0 R "
    objects.append(picture)
    image = len(objects)
    kids = ""
    for puts in pages:
        stream = "".join(
            f"{p.before}\nBT /{p.font} {p.size} Tf {p.x:.2f} {p.y:.2f} Td {shown(p)} Tj ET\n" for p in puts
        ).encode("latin-1")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R {page} "
            f"/Resources << /Font << {fonts} >> /XObject << /im {image} 0 R >> >> >>".encode()
        )
        kids += f"{len(objects)} 0 R "
    objects[1] = f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode()
    out = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer\n<< /Size %d /Root 1 0 R /Info 3 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )


def shown(put: Put) -> str:
    if put.font in ("song", "hei"):
        return f"<{put.text.encode('utf-16-be').hex()}>"
    return "(" + put.text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") + ")"


def wrapped(
    text: str, y: float, *, x: float = LEFT, wide: int = WIDE, indent: int = 2, pitch: float = PITCH
) -> list[Put]:
    """A paragraph broken into lines of ``wide`` characters, the first set in."""
    lines = [text[: wide - indent]]
    lines += [text[k : k + wide] for k in range(wide - indent, len(text), wide)]
    return [
        Put(line, x + (indent * SIZE if not k else 0.0), y - k * pitch)
        for k, line in enumerate(lines)
    ]  # fmt: skip


def flowed(paragraphs: Sequence[str | Put], *, indent: int = 2, gap: float = 0.0, rows: int = 40) -> list[list[Put]]:
    """Paragraphs on as many pages as they need; a Put stands in a line of its own, at its x, with room around it."""
    pages: list[list[Put]] = [[]]
    y = TOP
    for paragraph in paragraphs:
        if isinstance(paragraph, Put):
            y -= 0.8 * paragraph.size
            pages[-1].append(Put(paragraph.text, paragraph.x, y, paragraph.size, paragraph.font))
            y -= PITCH + 0.6 * paragraph.size
            continue
        for put in wrapped(paragraph, 0.0, indent=indent):
            if y < TOP - PITCH * rows:
                pages.append([])
                y = TOP
            pages[-1].append(Put(put.text, put.x, y))
            y -= PITCH
        y -= gap
    return pages


def read(pages: Sequence[Sequence[Put]], *, info: str = "", page: str = "") -> Extracted:
    return pdf(written(pages, info=info, page=page), "a.pdf")


def blocks(pages: Sequence[Sequence[Put]], *, page: str = "") -> list[str]:
    return [block for block in read(pages, page=page).text.rstrip("\n").split("\n\n") if block]


FIRST = (
    "排期是从发布会那天倒推出来的，中间没有留下一天空白，测试环境只有两台机器，三个小组轮流使用，"
    "谁都觉得别人会兜底。上线第三天，仓库的扫码枪全部失灵，退货单堆满了整条走廊。"
)
SECOND = (
    "客服电话响了两个星期，最长的一位客户等了四十七分钟。我们后来才知道，供应商早就发过一封提醒邮件，只是没有人读完它，"
    "那封信至今还躺在群组的收件箱里。"
)
THIRD = (
    "复盘会上没有人指责别人，大家只是一条一条地把时间线补齐，谁在几点做了什么，都写在同一块白板上，一直写到半夜才散。"
)
SHORT = "回滚花了九个小时。"


@pytest.mark.parametrize(("indent", "gap"), [(2, 0.0), (0, 9.0), (2, 6.0)])
def test_lines_are_joined_to_paragraphs(indent: int, gap: float) -> None:
    paragraphs = [FIRST, SHORT, SECOND, THIRD, SHORT, FIRST + SECOND, THIRD]
    assert blocks(flowed(paragraphs, indent=indent, gap=gap)) == paragraphs


def test_short_lines_stay_lines() -> None:
    lines = ["凌晨三点，电话响了", "我知道，出事了", "扫码枪全部失灵", "没有人说话", "后来我们花了九天", "才把数据补齐"]
    assert blocks([[Put(line, LEFT, TOP - k * PITCH) for k, line in enumerate(lines)]]) == lines


def test_lines_beside_a_picture_are_joined() -> None:
    narrow = wrapped(FIRST, TOP, wide=18)
    assert blocks([[*narrow, *wrapped(SECOND + THIRD, narrow[-1].y - PITCH)]]) == [FIRST, SECOND + THIRD]


def test_quotations_are_joined() -> None:
    quoted = wrapped(SECOND, TOP - 80, x=LEFT + 40, wide=32, indent=0)
    assert blocks([[*wrapped(FIRST, TOP), *quoted, *wrapped(THIRD, TOP - 160)]]) == [FIRST, SECOND, THIRD]


@pytest.mark.parametrize("rows", [7, 8, 9, 10, 11, 12])
def test_paragraphs_go_on_over_pages(rows: int) -> None:
    paragraphs = [FIRST, SHORT, SECOND, THIRD, FIRST, SHORT, THIRD, SECOND]
    assert blocks(flowed(paragraphs, rows=rows)) == paragraphs


def test_words_are_whole_again() -> None:
    lines = [
        ("We had rolled out the new scheduler, with all of its hidden settings, to every single ware-", "latin"),
        ("house at once, and by that time nobody at all could say any more what had become of the long-", "latin"),
        ("term plan that we had agreed on with them; a long-term fix took us two days of really very", "latin"),
        ("hard work.", "latin"),
    ]  # fmt: skip
    pages = [[Put(text, LEFT, TOP - k * PITCH, font=font) for k, (text, font) in enumerate(lines)]]
    pages[0] += wrapped(FIRST, TOP - 100)
    text = read(pages).text
    assert "every single warehouse at once" in text
    assert "become of the long-term plan that we" in text
    assert "two days of really very hard work.\n\n" in text


# ---------------------------------------------------------------------------------------------------------------------
# what is printed around the text

FURNITURE: dict[str, Callable[[int, int], list[Put]]] = {
    "centred": lambda n, _: [Put(f"- {n} -", 285, 40, 9)],
    "of all": lambda n, of: [Put(f"第 {n} 页 共 {of} 页", 260, 40, 9), Put("年度项目复盘报告", 97, 800, 9)],
    "slash": lambda n, of: [Put(f"{n} / {of}", 285, 40, 9), Put("内部资料", 450, 800, 9)],
    "left and right": lambda n, _: [
        Put("仓储部", 97, 800, 9) if n % 2 else Put("一次失败的上线", 400, 800, 9),
        Put(str(n), 97 if n % 2 else 490, 40, 9),
    ],
    "same size": lambda n, _: [Put(f"第{n}页", 285, 40), Put("项目复盘第3期", 97, 805)],
    "browser": lambda n, of: [
        Put("2024/3/5 10:22", 24, 820, 8), Put("一次失败的上线", 300, 820, 8),
        Put("https://blog.example.cn/a/1.html", 24, 18, 8), Put(f"{n}/{of}", 575, 18, 8),
    ],
}  # fmt: skip


# On a single page nothing but its form tells a running head.
PAGED = [(kind, rows) for kind in FURNITURE for rows in (40, 12, 8, 3) if rows < 40 or kind in ("centred", "browser")]


@pytest.mark.parametrize(("kind", "rows"), PAGED)
def test_running_heads_and_page_numbers_are_left_out(kind: str, rows: int) -> None:
    paragraphs = [FIRST, SHORT, SECOND, THIRD, SHORT, FIRST, THIRD, SECOND]
    pages = flowed(paragraphs, rows=rows)
    pages = [[*page, *FURNITURE[kind](n, len(pages))] for n, page in enumerate(pages, 1)]
    assert blocks(pages) == paragraphs


def test_what_a_browser_prints_names_the_site() -> None:
    [page] = flowed([FIRST, SECOND])
    assert read([[*page, *FURNITURE["browser"](1, 1)]]).metadata.source == "blog.example.cn"


def test_numbers_in_the_text_are_no_page_numbers() -> None:
    pages = [[*wrapped(FIRST, TOP), Put("2021", LEFT, TOP - 80), *wrapped(SECOND, TOP - 96)]]
    assert "2021" in blocks(pages)
    pages = flowed(["第1天", FIRST, "第2天", SECOND, "第3天", THIRD])
    assert blocks(pages) == ["第1天", FIRST, "第2天", SECOND, "第3天", THIRD]


# ---------------------------------------------------------------------------------------------------------------------
# headings


def centred(text: str, size: float, font: str = "song") -> Put:
    return Put(text, LEFT + (WIDE * SIZE - len(text) * size) / 2, 0, size, font)


def test_headings_by_size() -> None:
    pages = flowed([
        centred("一次失败的上线", 22), FIRST, Put("一、起因", size=16), SECOND, Put("排期", size=13), THIRD,
        Put("测试", size=13), SHORT, Put("二、经过", size=16), FIRST,
    ])  # fmt: skip
    found = read(pages)
    assert found.title == "一次失败的上线"
    assert found.text.rstrip("\n").split("\n\n") == [
        "# 一次失败的上线", FIRST, "## 一、起因", SECOND, "### 排期", THIRD, "### 测试", SHORT, "## 二、经过", FIRST,
    ]  # fmt: skip


def test_a_long_heading_is_one() -> None:
    title = "从立项到关停的十八个月里我们究竟做错了什么又学到了什么"
    pages = flowed([FIRST, Put("起因", size=16), SECOND])
    head = [Put(title[:20], LEFT, TOP + 60, 20), Put(title[20:], LEFT + 130, TOP + 30, 20)]
    assert blocks([[*head, *pages[0]], *pages[1:]])[0] == f"# {title}"


def test_bold_lines_that_stand_alone() -> None:
    pages = flowed(
        [FIRST, Put("做错了什么", font="hei"), SECOND, Put("这是一句加粗的话，它并不是标题。", font="hei"), THIRD]
    )
    assert blocks(pages) == [FIRST, "**做错了什么**", SECOND, "这是一句加粗的话，它并不是标题。", THIRD]


def test_bold_words_within_a_line() -> None:
    [page] = flowed([FIRST, SECOND])
    first = page[0]
    split = [Put(first.text[:9], first.x, first.y, font="hei"), Put(first.text[9:], first.x + 90, first.y)]
    assert blocks([[*split, *page[1:]]]) == [FIRST, SECOND]


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("“先止血，再找人，最后再说是谁的错。”", 14),
        ("图 3 退货率的变化", 12),
        ("我们以为自己在追赶别人；", 14),
        ("12", 30),
    ],
)
def test_no_headings(text: str, size: float) -> None:
    pages = flowed([FIRST, Put("起因", size=16), SECOND, Put(text, size=size), THIRD, Put("经过", size=16), FIRST])
    assert [b for b in blocks(pages) if b.startswith(("#", "**"))] == ["# 起因", "# 经过"]


def test_numbered_lines_of_the_size_of_the_text_stay_plain() -> None:
    paragraphs = ["一、起因", FIRST, "二、经过", SECOND, "（一）回滚", THIRD]
    assert blocks(flowed(paragraphs)) == paragraphs


def test_a_title_with_its_author_below() -> None:
    pages = flowed([centred("三年复盘", 22), centred("仓储部 张三", 12), FIRST, Put("起因", size=16), SECOND])
    assert blocks(pages) == ["# 三年复盘", "仓储部 张三", FIRST, "## 起因", SECOND]


# ---------------------------------------------------------------------------------------------------------------------
# lists, tables, columns, notes, code

ITEM = "决策链太长，一个小问题也要三级审批才能动手，等批下来的时候用户早就走光了，没有人再回来。"


@pytest.mark.parametrize("bullet", ["•", "●", "–", "◦", "-"])
def test_lists(bullet: str) -> None:
    y = TOP - 100
    items = [Put(bullet, LEFT + 6, y), Put("排期太紧", LEFT + 20, y), Put(bullet, LEFT + 6, y - PITCH)]
    items += [Put(p.text, p.x, p.y) for p in wrapped(ITEM, y - PITCH, x=LEFT + 20, wide=38, indent=0)]
    items += [Put(bullet, LEFT + 6, y - 3 * PITCH), Put("测试太少", LEFT + 20, y - 3 * PITCH)]
    pages = [[*wrapped(FIRST, TOP), *items, *wrapped(SECOND, y - 4 * PITCH)]]
    assert blocks(pages) == [FIRST, f"- 排期太紧\n- {ITEM}\n- 测试太少", SECOND]


def test_drawn_bullets() -> None:
    y = TOP - 100
    dots = f"{LEFT + 8} {y + 2} 4 4 re f {LEFT + 8} {y - PITCH + 2} 4 4 re f"
    items = [Put("排期太紧", LEFT + 20, y, before=dots), Put("测试太少", LEFT + 20, y - PITCH)]
    pages = [[*wrapped(FIRST, TOP), *items, *wrapped(SECOND, y - 3 * PITCH)]]
    assert blocks(pages) == [FIRST, "- 排期太紧\n- 测试太少", SECOND]


def test_numbered_items_are_lines() -> None:
    y = TOP - 100
    items = [
        Put(f"{k + 1}. {text}", LEFT + 20, y - k * PITCH) for k, text in enumerate(["排期太紧", "测试太少", "文档缺失"])
    ]
    pages = [[*wrapped(FIRST, TOP), *items, *wrapped(SECOND, y - 4 * PITCH)]]
    assert blocks(pages) == [FIRST, "1. 排期太紧", "2. 测试太少", "3. 文档缺失", SECOND]


TABLE = [("指标", "目标", "实际"), ("退货率", "2%", "6.3%"), ("日活", "12 万", ""), ("预算", "120 万", "158 万")]


def test_tables_by_gaps() -> None:
    y = TOP - 100
    cells = [
        Put(cell, LEFT + 120 * k, y - 18 * row)
        for row, cells in enumerate(TABLE)
        for k, cell in enumerate(cells)
        if cell
    ]
    pages = [[*wrapped(FIRST, TOP), *cells, *wrapped(SECOND, y - 100)]]
    rows = "\n".join("| " + " | ".join(row) + " |" for row in TABLE).replace("|  |", "| |")
    assert blocks(pages) == [FIRST, rows, SECOND]


def test_long_cells_without_rules_are_whole() -> None:
    y = TOP - 100
    cells = [Put("问题", LEFT, y), Put("措施", LEFT + 80, y), Put("结果", LEFT + 340, y)]
    for k, (name, done) in enumerate((("退货率高", "有效"), ("交付太慢", "有效"), ("口径不一", "无效"))):
        top = y - 24 - 40 * k
        cells += [Put(name, LEFT, top), Put(ITEM[:24], LEFT + 80, top), Put(done, LEFT + 340, top)]
        cells.append(Put(ITEM[24:], LEFT + 80, top - 14))
    pages = [[*wrapped(FIRST, TOP), *cells, *wrapped(SECOND, y - 180)]]
    rows = [
        ("问题", "措施", "结果"),
        *((n, ITEM, d) for n, d in (("退货率高", "有效"), ("交付太慢", "有效"), ("口径不一", "无效"))),
    ]
    assert blocks(pages) == [FIRST, "\n".join("| " + " | ".join(row) + " |" for row in rows), SECOND]


def test_cells_in_the_middle_of_their_row() -> None:
    y = TOP - 100
    cells = [Put("问题", LEFT, y), Put("措施", LEFT + 80, y), Put("结果", LEFT + 340, y)]
    for k, name in enumerate(("退货", "交付")):
        top = y - 24 - 40 * k
        cells += [Put(ITEM[:24], LEFT + 80, top), Put(name, LEFT, top - 7), Put("有效", LEFT + 340, top - 7)]
        cells.append(Put(ITEM[24:], LEFT + 80, top - 14))
    pages = [[*wrapped(FIRST, TOP), *cells, *wrapped(SECOND, y - 180)]]
    rows = [("问题", "措施", "结果"), ("退货", ITEM, "有效"), ("交付", ITEM, "有效")]
    assert blocks(pages) == [FIRST, "\n".join("| " + " | ".join(row) + " |" for row in rows), SECOND]


def test_a_table_goes_on_over_the_page() -> None:
    cells = [[Put(cell, LEFT + 120 * k, 0) for k, cell in enumerate(row) if cell] for row in TABLE]
    first = [Put(p.text, p.x, TOP - 100 - 18 * k) for k, row in enumerate(cells[:3]) for p in row]
    last = [Put(p.text, p.x, TOP) for p in cells[3]]
    pages = [[*wrapped(FIRST, TOP), *first], [*last, *wrapped(SECOND, TOP - 40)]]
    rows = "\n".join("| " + " | ".join(row) + " |" for row in TABLE).replace("|  |", "| |")
    assert blocks(pages) == [FIRST, rows, SECOND]


def test_long_cells_between_rules_are_whole() -> None:
    y = TOP - 100
    rules = " ".join(f"{LEFT} {y + 12 - d} m {LEFT + 400} {y + 12 - d} l S" for d in (0, 18, 52, 86))
    rules += " " + " ".join(f"{LEFT + d} {y + 12} m {LEFT + d} {y - 74} l S" for d in (0, 60, 400))
    left, right = ITEM[:30], ITEM[30:]
    cells = [Put("问题", LEFT + 4, y, before=rules), Put("措施", LEFT + 66, y)]
    for k, name in enumerate(("排期", "测试")):
        cells += [Put(name, LEFT + 4, y - 26 - 34 * k), Put(left, LEFT + 66, y - 18 - 34 * k)]
        cells.append(Put(right, LEFT + 66, y - 34 - 34 * k))
    pages = [[*wrapped(FIRST, TOP), *cells, *wrapped(SECOND, y - 120)]]
    assert blocks(pages) == [FIRST, f"| 问题 | 措施 |\n| 排期 | {ITEM} |\n| 测试 | {ITEM} |", SECOND]


def test_two_columns_are_read_one_after_the_other() -> None:
    texts = [FIRST + SECOND, THIRD + FIRST, SECOND + THIRD, FIRST + THIRD]
    columns = []
    for k, texts_of in enumerate((texts[:2], texts[2:])):
        y = 650.0
        for text in texts_of:
            puts = wrapped(text, y, x=60 + 250 * k, wide=22)
            columns += puts
            y = puts[-1].y - PITCH
    pages = [[Put("两栏的复盘", 200, 780, 20), *columns]]
    assert blocks(pages) == ["# 两栏的复盘", *texts]
    mixed = sorted(columns, key=lambda put: (-put.y, put.x))
    assert blocks([[*mixed, Put("两栏的复盘", 200, 780, 20)]]) == ["# 两栏的复盘", *texts]


def test_footnotes_stand_behind_their_paragraph() -> None:
    pages = flowed([FIRST, SECOND, THIRD], rows=3)
    first, last = pages[0][0], pages[0][-1]
    assert last.text == SECOND[:38]  # the paragraph goes on over the page
    pages[0] += [Put("①", LEFT, 90, 7.5), Put("数字来自财务部的月报，未经审计。", LEFT + 9, 90, 7.5)]
    pages[0][0] = Put(first.text[:37], first.x, first.y)
    pages[0].append(Put("①", first.x + 370, first.y + 4, 5))
    found = blocks(pages)
    assert found[1:] == [SECOND, "① 数字来自财务部的月报，未经审计。", THIRD]
    assert found[0] == f"{FIRST[:37]}[^①]{FIRST[38:]}"


@pytest.mark.parametrize("leader", ["." * 60, "…" * 20, ""])
def test_a_table_of_contents_is_left_out(leader: str) -> None:
    names = ["起因", "经过", "教训", "后来"]
    puts = [Put("目 录", 260, TOP, 16)]
    for k, name in enumerate(names):
        y = TOP - 40 - 20 * k
        puts += [Put(f"{name} {leader}".strip(), LEFT, y), Put(str(3 * k + 1), 480, y)]
    pages = [puts, *flowed([Put("起因", size=16), FIRST, Put("经过", size=16), SECOND])]
    assert blocks(pages) == ["# 起因", FIRST, "# 经过", SECOND]


def test_captions_below_full_lines_stay_lines() -> None:
    full = (FIRST * 2)[: 4 * WIDE - 2]
    below = Put("图 1 退货率的变化", LEFT, TOP - 4 * PITCH)
    assert blocks([[*wrapped(full, TOP), below, *wrapped(SECOND, TOP - 6 * PITCH)]]) == [full, below.text, SECOND]


def test_captions_stay_lines() -> None:
    pages = flowed([FIRST, centred("图 1 退货率的变化", 9), SECOND])
    assert blocks(pages) == [FIRST, "图 1 退货率的变化", SECOND]


def test_code_stays_as_it_is() -> None:
    code = ["def roll_back(version):", "    if version > 3:", "        return stop()", "    return version - 1"]
    lines = [Put(line, LEFT, TOP - 100 - 12 * k, 9, "mono") for k, line in enumerate(code)]
    pages = [[*wrapped(FIRST, TOP), *lines, *wrapped(SECOND, TOP - 180)]]
    assert blocks(pages) == [FIRST, "```\n" + "\n".join(code) + "\n```", SECOND]


def test_code_without_blanks_of_its_own() -> None:
    code = ["for job in jobs:", "    job.stop()"]
    lines = [Put(line.strip(), LEFT + (len(line) - len(line.lstrip())) * 5.4, TOP - 100 - 12 * k, 9, "mono")
             for k, line in enumerate(code)]  # fmt: skip
    pages = [[*wrapped(FIRST, TOP), *lines, *wrapped(SECOND, TOP - 180)]]
    assert blocks(pages) == [FIRST, "```\n" + "\n".join(code) + "\n```", SECOND]


# ---------------------------------------------------------------------------------------------------------------------
# what cannot be seen, or not be read


def test_unseen_text_is_left_out() -> None:
    [page] = flowed([FIRST, SECOND])
    spam = [Put("免费领取大礼包", LEFT, 100, before="1 1 1 rg"), Put("点击抽奖", LEFT, 80, 1, before="0 0 0 rg")]
    assert blocks([[*page, *spam]]) == [FIRST, SECOND]
    banner = "0 0.4 0.2 rg 90 620 400 24 re f 1 1 1 rg"
    assert "改进措施" in read([[*page, Put("改进措施", LEFT, 628, before=banner)]]).text


PICTURE = (
    b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>\n"
    b"stream\n\x80\nendstream"
)


def scanned(pages: Sequence[Sequence[Put]]) -> Extracted:
    """Read pages that are one picture each, with texts upon it."""
    whole = Put("", before="q 595 0 0 842 0 0 cm /im Do Q")
    return pdf(written([[whole, *page] for page in pages], picture=PICTURE), "a.pdf")


def test_a_scan_is_said_to_be_one() -> None:
    with pytest.raises(InputError, match=r"^a\.pdf: a PDF without text, probably scanned; run text recognition"):
        scanned([[Put("扫描全能王创建", 400, 20, 8), Put(str(n), 290, 40)] for n in range(1, 5)])


def test_the_text_that_recognition_put_below_a_scan_is_kept() -> None:
    [page] = flowed([FIRST, SECOND])
    hidden = [Put(p.text, p.x, p.y, p.size, before="3 Tr") for p in page]
    assert scanned([hidden]).text == f"{FIRST}\n\n{SECOND}\n"


def test_hidden_text_beside_seen_text_is_left_out() -> None:
    [page] = flowed([FIRST, SECOND])
    assert blocks([[*page, Put("看不见的话", LEFT, 300, before="3 Tr")]]) == [FIRST, SECOND]


def test_fonts_without_characters() -> None:
    private = "".join(chr(0xE000 + k) for k in range(30))
    with pytest.raises(InputError, match="fonts do not say which characters") as caught:
        read([[Put(private, LEFT, TOP - k * PITCH) for k in range(5)]])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("turn", ["0 1 -1 0 300 300 cm", "0.7 0.7 -0.7 0.7 200 200 cm", "-1 0 0 -1 400 400 cm"])
def test_turned_text_beside_the_text(turn: str) -> None:
    [page] = flowed([FIRST, SECOND])
    found = blocks([[*page, Put("内部资料请勿外传", 0, 0, 30, before=f"q {turn}"), Put("", before="Q")]])
    assert [b for b in found if "内部资料" not in b] == [FIRST, SECOND]


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_turned_pages(rotate: int) -> None:
    [page] = flowed([FIRST, SECOND])
    matrix = {90: "0 1 -1 0 800 0", 180: "-1 0 0 -1 595 842", 270: "0 -1 1 0 -200 842"}[rotate]
    page[0] = Put(page[0].text, page[0].x, page[0].y, before=f"{matrix} cm")
    assert blocks([page], page=f"/Rotate {rotate}") == [FIRST, SECOND]


def test_upright_columns_do_not_crash() -> None:
    puts = [Put(c, 500 - 20 * (k // 30), 760 - 12 * (k % 30)) for k, c in enumerate(FIRST)]
    assert read([puts]).text.replace("\n", "") == FIRST


WHOLE = written(flowed([FIRST, SECOND]))
LOCK = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%b> /U <%b> >> /ID [<00> <00>]" % (b"11" * 32, b"22" * 32)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (WHOLE[: len(WHOLE) // 3], "a broken PDF; save it anew"),
        (written([]), "a broken PDF; save it anew"),
        (WHOLE.replace(b"/Root 1 0 R", b"/Root 1 0 R " + LOCK), "locked with a password; save an open copy"),
        (WHOLE.replace(b"/Type /Page /Parent", b"/Type /Cage /Parent"), "a broken PDF"),
    ],
    ids=["cut", "no pages", "locked", "no page"],
)
def test_broken_files(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=f"^a.pdf: {message}") as caught:
        pdf(data, "a.pdf")
    assert "\n" not in str(caught.value)


def test_pages_that_hold_themselves() -> None:
    data = WHOLE.replace(b"/Kids [", b"/Kids [2 0 R ").replace(b"/Count 1", b"/Count 2")
    with pytest.raises(InputError, match="broken PDF"):
        pdf(data, "a.pdf")


def test_too_many_pages() -> None:
    with pytest.raises(InputError, match="more than 3000 pages"):
        pdf(written([[] for _ in range(3001)]), "a.pdf")


# ---------------------------------------------------------------------------------------------------------------------
# what the file says of itself


def utf16(text: str) -> str:
    return "<feff" + text.encode("utf-16-be").hex() + ">"


@pytest.mark.parametrize(
    ("info", "title", "metadata"),
    [
        (f"/Title {utf16('三年复盘')} /Author {utf16('张三；李四')} /CreationDate (D:20210107093000+08'00')",
         "三年复盘", Metadata(author="张三、李四", date="2021-01-07")),
        (f"/Title {utf16('Microsoft Word - 三年复盘.docx')} /Author (Administrator)", "三年复盘", Metadata()),
        ("/Title (Untitled) /Author (Li Lei)", None, Metadata(author="Li Lei")),
        ("/Author (Microsoft Office User) /CreationDate (D:00000000)", None, Metadata()),
        ("/Producer (Skia/PDF m120) /CreationDate (D:20240305102200Z)", None, Metadata()),
    ],
)  # fmt: skip
def test_metadata(info: str, title: str | None, metadata: Metadata) -> None:
    found = read(flowed([FIRST]), info=info)
    assert (found.title, found.metadata) == (title, metadata)


def test_the_same_bytes_give_the_same_text() -> None:
    data = written(flowed([FIRST, Put("起因", size=16), SECOND] * 10))
    assert pdf(data, "a.pdf") == pdf(data, "b.pdf")


# ---------------------------------------------------------------------------------------------------------------------
# time


def test_time_is_linear() -> None:
    def work(size: int) -> None:
        data = written(flowed([FIRST, Put("起因", size=16), SECOND, THIRD] * size))
        assert pdf(data, "a.pdf").text.count("\n\n") == 4 * size - 1

    assert_linear(work, 100, floor=0.3)


@pytest.mark.parametrize("unit", ["品", "a", "word ", "1 ", "-", "（", "|"])
def test_a_page_of_one_long_line(unit: str) -> None:
    assert_linear(lambda size: read([[Put(unit * (size // len(unit)), LEFT, TOP)]]), 10_000, floor=0.3)


# ---------------------------------------------------------------------------------------------------------------------
# a browser's own files

PAGE = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>一次失败的上线</title></head><body>
<h1>一次失败的上线</h1><p>{FIRST}</p><p>{SHORT}</p><h2>起因</h2><p>{SECOND}</p>
<h4>清单</h4><ul><li>排期太紧</li><li>{ITEM}</li></ul><h3>数据</h3>
<table border="1"><tr><td>指标</td><td>数值</td></tr><tr><td>退货率</td><td>6.3%</td></tr></table>
<h2>经过</h2>{"".join(f"<p>{text}</p>" for text in (FIRST, SECOND, THIRD) * 6)}</body></html>"""


def test_what_a_browser_prints(tmp_path: Path) -> None:
    browser = next((path for name in NAMES if (path := shutil.which(name))), None)
    if browser is None:
        message = f"NO BROWSER: no page was printed; install Chromium (looked for {', '.join(NAMES)})"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    page, out = tmp_path / "page.html", tmp_path / "page.pdf"
    page.write_text(PAGE, encoding="utf-8")
    subprocess.run(
        [
            browser,
            "--headless",
            "--disable-gpu",
            *FLAGS,
            f"--user-data-dir={tmp_path / 'profile'}",
            f"--print-to-pdf={out}",
            page.as_uri(),
        ],
        capture_output=True,
        timeout=120,
        check=True,
    )
    found = pdf(out.read_bytes(), "page.pdf")
    assert found.title == "一次失败的上线"
    assert found.text.rstrip("\n").split("\n\n") == [
        "# 一次失败的上线", FIRST, SHORT, "## 起因", SECOND, "**清单**", f"- 排期太紧\n- {ITEM}",
        "### 数据", "| 指标 | 数值 |\n| 退货率 | 6.3% |", "## 经过", *[FIRST, SECOND, THIRD] * 6,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("above", "below", "whole"),
    [
        (
            "见https://a.example/version-12-with-",
            "appendix.html。",
            "见https://a.example/version-12-with-appendix.html。",
        ),
        ("全部返", "工", "全部返工"),
        ("lazy", "watch", "lazy watch"),
    ],
)
def test_what_stands_between_lines(above: str, below: str, whole: str) -> None:
    assert joined(above, below) == whole
