"""Word files, as a reader sees them."""

from __future__ import annotations

import io
import time
import zipfile
from typing import TYPE_CHECKING

import pytest

from pipeline.formats._word_numbering import chinese, shown_number
from pipeline.formats.base import MAX_TAGS, Extracted, InputError
from pipeline.formats.word import docx
from pipeline.stages.read import read
from tests.linear import assert_linear

if TYPE_CHECKING:
    from pathlib import Path

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
SAID = "排期是倒推出来的，谁都觉得别人会兜底，等到联调才发现接口对不上。"
MORE = "仓库的扫码枪全部失灵，客服电话响了两个星期，最后花了九天才把数据补齐。"


def part(name: str, inner: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{name} {SPACES}>{inner}</w:{name}>'


def package(body: str, **parts: str | bytes) -> bytes:
    """A Word file: its body, and other parts by name (``styles`` stands for ``word/styles.xml``)."""
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships><Relationship Id="a" Type="{R}/officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="b" Type="x/core-properties" Target="docProps/core.xml"/></Relationships>',
        "word/document.xml": part("document", f"<w:body>{body}</w:body>"),
    }
    for name, inner in parts.items():
        plain = "/" in name or name.endswith(".xml")
        files[name if plain else f"word/{name}.xml"] = inner if plain or isinstance(inner, bytes) else part(name, inner)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in files.items():
            z.writestr(name, data)
    return out.getvalue()


def run(text: str, look: str = "") -> str:
    return f"<w:r>{f'<w:rPr>{look}</w:rPr>' if look else ''}<w:t xml:space='preserve'>{text}</w:t></w:r>"


def p(text: str, style: str = "", *, ppr: str = "", look: str = "") -> str:
    """A paragraph; ``text`` may be runs already."""
    style = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{style}{ppr}</w:pPr>{text if text[:1] == '<' else run(text, look)}</w:p>"


def table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<w:tc>{c if c[:1] == '<' else p(c)}</w:tc>" for c in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def style(key: str, name: str, base: str = "", ppr: str = "", rpr: str = "", kind: str = "paragraph") -> str:
    based = f'<w:basedOn w:val="{base}"/>' if base else ""
    return (
        f'<w:style w:type="{kind}" w:styleId="{key}"><w:name w:val="{name}"/>{based}'
        f"<w:pPr>{ppr}</w:pPr><w:rPr>{rpr}</w:rPr></w:style>"
    )


def lvl(ilvl: int, kind: str, text: str, more: str = "") -> str:
    shown = f'<w:numFmt w:val="{kind}"/>{more}<w:lvlText w:val="{text}"/>'
    return f'<w:lvl w:ilvl="{ilvl}"><w:start w:val="1"/>{shown}</w:lvl>'


def numbering(*levels: str, num: str = "") -> str:
    return (
        f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>{num}'
    )


def num(ilvl: int = 0, key: int = 1) -> str:
    return f'<w:numPr><w:ilvl w:val="{ilvl}"/><w:numId w:val="{key}"/></w:numPr>'


def told(body: str, **parts: str | bytes) -> Extracted:
    return docx(package(body, **parts), "a.docx")


def lines(body: str, **parts: str | bytes) -> list[str]:
    return [line for line in told(body, **parts).text.split("\n") if line]


SIZE = '<w:sz w:val="{}"/>'.format
BOLD = "<w:b/>"
CENTRE = '<w:jc w:val="center"/>'


def test_made_with_python_docx(tmp_path: Path) -> None:
    import docx as library

    document = library.Document()
    document.add_heading("一次失败的上线", 0)
    document.add_heading("起因", 1)
    document.add_paragraph("排期是倒推出来的，谁都觉得别人会兜底。")
    document.add_paragraph("测试太少", style="List Bullet")
    document.add_paragraph().add_run("经过").bold = True
    cells = document.add_table(2, 2)
    for cell, text in zip((c for row in cells.rows for c in row.cells), ("指标", "数值", "退货", "6%"), strict=True):
        cell.text = text
    document.add_paragraph("最后花了九天。")
    document.sections[0].header.paragraphs[0].text = "内部资料"
    path = tmp_path / "a.docx"
    document.save(str(path))
    article = read(path)
    assert (article.title, article.metadata.author, article.metadata.date) == ("一次失败的上线", None, None)
    assert article.text == (
        "# 一次失败的上线\n\n## 起因\n\n排期是倒推出来的，谁都觉得别人会兜底。\n\n- 测试太少\n\n**经过**\n\n"
        "| 指标 | 数值 |\n| 退货 | 6% |\n\n最后花了九天。\n"
    )


# ----------------------------------------------------------------------------------------------------------------------
# headings

OUTLINE = '<w:outlineLvl w:val="{}"/>'.format
STYLES = (
    style("2", "heading 1", ppr=OUTLINE(0))
    + style("3", "heading 2", ppr=OUTLINE(1))
    + style("own", "公司小节", "3")
    + style("calm", "公司正文", "3", ppr=OUTLINE(9))
    + style("named", "三级标题")
    + style("cn", "标题 1")
    + style("loop", "甲", "pool")
    + style("pool", "乙", "loop")
)


def test_headings_by_style() -> None:
    body = "".join(
        p(text, key) + p(SAID)
        for key, text in (
            ("2", "起因"), ("3", "排期"), ("own", "测试"), ("named", "回归"), ("cn", "经过"), ("calm", "不是标题"),
            ("loop", "绕圈"), ("none", "没有这个样式"),
        )
    )  # fmt: skip
    body += p("结语", ppr=OUTLINE(0)) + p(SAID)
    assert [line for line in lines(body, styles=STYLES) if line != SAID] == [
        "# 起因", "## 排期", "## 测试", "### 回归", "# 经过", "不是标题", "绕圈", "没有这个样式", "# 结语",
    ]  # fmt: skip


def test_a_paragraph_in_a_heading_style_is_a_paragraph() -> None:
    long = SAID + MORE + SAID
    assert lines(p("起因", "2") + p(long, "2"), styles=STYLES) == ["# 起因", long]


def test_headings_by_size() -> None:
    body = p("一次失败的上线", look=SIZE(44) + BOLD, ppr=CENTRE) + p("2021年1月7日", ppr=CENTRE)
    for chapter in ("起因", "经过"):
        body += p(chapter, look=SIZE(32)) + p(SAID * 2) + p("细节" + chapter, look=SIZE(28)) + p(MORE * 2)
    found = told(body, styles=f"<w:docDefaults><w:rPrDefault><w:rPr>{SIZE(24)}</w:rPr></w:rPrDefault></w:docDefaults>")
    assert found.title == "一次失败的上线"
    assert [x for x in found.text.split("\n") if x[:1] == "#"] == [
        "# 一次失败的上线", "## 起因", "### 细节起因", "## 经过", "### 细节经过",
    ]  # fmt: skip


def test_numbers_part_headings_of_one_size() -> None:
    look = SIZE(28) + BOLD
    body = "".join(
        p(text, look=look) + p(SAID)
        for text in ("前言", "一、起因", "（一）排期", "（二）测试", "二、经过", "（一）前三天")
    )
    assert [x for x in lines(body) if x[0] == "#"] == [
        "# 前言", "# 一、起因", "## （一）排期", "## （二）测试", "# 二、经过", "## （一）前三天",
    ]  # fmt: skip


@pytest.mark.parametrize("look", [BOLD, '<w:rFonts w:eastAsia="黑体"/>', '<w:rStyle w:val="strong"/>'])
def test_bold_lines_are_left_to_be_decided(look: str) -> None:
    styles = style("strong", "Strong", rpr=BOLD, kind="character")
    body = p("起因", look=look) + p(SAID) + p(run("排期：", look) + run("倒推出来的。")) + p(MORE)
    assert lines(body, styles=styles) == ["**起因**", SAID, "排期：倒推出来的。", MORE]


def test_where_all_is_bold_nothing_is_a_heading() -> None:
    assert lines(p("起因", look=BOLD) + p(SAID, look=BOLD) + p(MORE, look=BOLD)) == ["起因", SAID, MORE]


def test_where_much_is_large_it_is_no_heading() -> None:
    body = p(SAID * 9) + p(SAID * 3, look=SIZE(30)) + p("一句短话", look=SIZE(30)) + p(MORE, look=SIZE(30))
    assert not [x for x in lines(body) if x[0] == "#"]


def test_a_bold_line_before_a_soft_break_stands_alone() -> None:
    body = p(run("起因", BOLD) + "<w:r><w:br/></w:r>" + run(SAID)) + p(MORE)
    assert lines(body) == ["**起因**", SAID, MORE]


def test_title_in_two_lines_and_title_style_for_chapters() -> None:
    body = p("关于新仓库系统的", look=SIZE(44), ppr=CENTRE) + p("复盘报告", look=SIZE(44), ppr=CENTRE) + p(SAID * 3)
    assert told(body).title == "关于新仓库系统的复盘报告"
    styles = style("t", "Title")
    found = told(p("失败的上线", "t") + p(SAID) + p("起因", "t") + p(SAID), styles=styles)
    assert (found.title, found.text.count("\n# "), found.text.count("## ")) == ("失败的上线", 0, 1)


def test_title_of_the_properties() -> None:
    core = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
        "<dc:title>{}</dc:title><dc:creator>{}</dc:creator><dcterms:created>{}</dcterms:created>"
        "<dcterms:modified>2021-02-01T00:00:00Z</dcterms:modified></cp:coreProperties>"
    )

    def told_by(*values: str) -> tuple[str | None, str | None, str | None]:
        found = told(p(SAID), **{"docProps/core.xml": core.format(*values)})
        return found.title, found.metadata.author, found.metadata.date

    assert told_by("三年", "张三;李四", "2021-01-07T09:00:00Z") == ("三年", "张三、李四", "2021-01-07")
    assert told_by("文档1", "Microsoft Office User", "2009-01-07T09:00:00Z") == (None, None, None)
    assert told_by("PowerPoint 演示文稿", "WPS_1507", "gestern") == (None, None, "2021-02-01")


# ----------------------------------------------------------------------------------------------------------------------
# automatic numbers


def test_numbers_that_word_writes() -> None:
    styles = style("2", "heading 1", ppr=OUTLINE(0) + num(0)) + style("3", "heading 2", ppr=OUTLINE(1) + num(1))
    counted = numbering(
        lvl(0, "chineseCounting", "%1、"), lvl(1, "chineseCounting", "（%2）"), lvl(2, "decimal", "%3."),
        lvl(3, "decimal", "%1.%3.%4", "<w:isLgl/>"),
    )  # fmt: skip
    body = (
        p("起因", "2") + p("排期", "3") + p("测试", "3")
        + p("第一条", ppr=num(2)) + p("第二条", ppr=num(2)) + p("细", ppr=num(3))
        + p("经过", "2") + p("", "2") + p("改进", "3") + p("只此一条", ppr=num(2))
        + p("不编号", "2", ppr=num(0, 0))
    )  # fmt: skip
    assert lines(body, styles=styles, numbering=counted) == [
        "# 一、起因", "## （一）排期", "## （二）测试", "1. 第一条", "2. 第二条", "1.2.1 细", "# 二、经过",
        "## （一）改进", "1. 只此一条", "# 不编号",
    ]  # fmt: skip


def test_lists_that_start_anew() -> None:
    again = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
        '</w:lvlOverride></w:num><w:num w:numId="3"><w:abstractNumId w:val="0"/></w:num>'
    )
    counted = numbering(lvl(0, "decimal", "%1、"), num=again)
    body = "".join(p("条", ppr=num(0, key)) for key in (1, 1, 2, 2, 3))
    assert lines(body, numbering=counted) == ["1、条", "2、条", "1、条", "2、条", "3、条"]


def test_bullets_and_linked_numberings() -> None:
    counted = (
        '<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="zz"/></w:abstractNum>'
        f'<w:abstractNum w:abstractNumId="1">{lvl(0, "bullet", "·")}{lvl(1, "upperLetter", "%2)")}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="7"><w:abstractNumId w:val="1"/></w:num>'
    )
    styles = style("zz", "公司编号", ppr='<w:numPr><w:numId w:val="7"/></w:numPr>', kind="numbering")
    body = p("排期太紧", ppr=num(0)) + p("测试太少", ppr=num(1)) + p("起因", ppr=OUTLINE(0) + num(0))
    assert lines(body, styles=styles, numbering=counted) == ["- 排期太紧", "A) 测试太少", "# 起因"]


@pytest.mark.parametrize(
    ("n", "kind", "shown"),
    [
        (12, "chineseCountingThousand", "十二"), (105, "japaneseCounting", "一百零五"), (4, "upperRoman", "IV"),
        (28, "lowerLetter", "bb"), (3, "decimalEnclosedCircle", "③"), (7, "decimalZero", "07"),
        (20, "ideographDigital", "二〇"), (2, "ideographTraditional", "乙"), (11, "chineseLegalSimplified", "壹拾壹"),
        (10**9, "lowerLetter", "1000000000"),
        (5, "wordsNobodyKnows", "5"), (22, "ordinal", "22nd"),
    ],
)  # fmt: skip
def test_forms_of_numbers(n: int, kind: str, shown: str) -> None:
    assert shown_number(n, kind) == shown


def test_chinese_numbers() -> None:
    assert [chinese(n) for n in (0, 10, 19, 20, 110, 1001, 1010, 10_010, 10_000, 20_300)] == [
        "零", "十", "十九", "二十", "一百一十", "一千零一", "一千零一十", "一万零一十", "一万", "二万零三百",
    ]  # fmt: skip


# ----------------------------------------------------------------------------------------------------------------------
# what stands in a paragraph


def field(instruction: str, shown: str) -> str:
    kinds = {k: f'<w:r><w:fldChar w:fldCharType="{k}"/></w:r>' for k in ("begin", "separate", "end")}
    asked = f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
    return kinds["begin"] + asked + kinds["separate"] + shown + kinds["end"]


def begin(instruction: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{instruction}</w:instrText></w:r>'


END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
BOX = f"<w:txbxContent>{p('框里的话。')}</w:txbxContent>"
CHOICE = f"<mc:Choice Requires='wps'><w:drawing><wps:txbx>{BOX}</wps:txbx></w:drawing></mc:Choice>"
FALLBACK = f"<mc:Fallback><w:pict><v:textbox>{BOX}</v:textbox></w:pict></mc:Fallback>"
PROMPT = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('单击')}</w:sdtContent></w:sdt>"
RUBY = f"<w:r><w:ruby><w:rt>{run('fù')}</w:rt><w:rubyBase>{run('复')}</w:rubyBase></w:ruby></w:r>"
HALF = "<m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>"
COMMENT = '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'
INLINE = {
    "insertion": (f"{run('排期')}<w:ins>{run('是倒推的')}</w:ins>", "排期是倒推的"),
    "deletion": (
        f"{run('排期')}<w:del><w:r><w:delText>宽</w:delText></w:r>{run('松')}</w:del>{run('太紧')}",
        "排期太紧",
    ),
    "moved": (f"<w:moveFrom>{run('甲')}</w:moveFrom>{run('乙')}<w:moveTo>{run('丙')}</w:moveTo>", "乙丙"),
    "link": (f"{run('见')}<w:hyperlink>{run('报告')}</w:hyperlink>", "见报告"),
    "simple field": (f'<w:fldSimple w:instr=" REF a ">{run("图 2")}</w:fldSimple>', "图 2"),
    "field": (run("见") + field(" REF a \\h", run("第三节")), "见第三节"),
    "page": (run("第") + field(" PAGE ", run("7")) + run("页"), "第页"),
    "nested": (field(" IF ", field(" REF b ", run("乙"))), "乙"),
    "no end": (begin(" REF ") + run("还在"), "还在"),
    "circle": (begin(" eq \\o\\ac(○,三)") + END, "三"),
    "control": (
        f"{run('负责人：')}<w:sdt><w:sdtPr/><w:sdtContent>{run('老周')}</w:sdtContent></w:sdt>",
        "负责人：老周",
    ),
    "prompt": (run("甲") + PROMPT, "甲"),
    "hidden": (run("看得见") + run("看不见", "<w:vanish/>") + run("的", '<w:vanish w:val="0"/>'), "看得见的"),
    "tab": (run("甲") + "<w:r><w:tab/></w:r>" + run("乙"), "甲\t乙"),
    "break": (run("上一行") + "<w:r><w:br/></w:r>" + run("下一行"), "上一行\n下一行"),
    "break after a sentence": (run("完了。") + "<w:r><w:br/></w:r>" + run("下一段。"), "完了。\n\n下一段。"),
    "sign": ('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>' + run("完成"), "✓完成"),
    "ruby": (RUBY, "复"),
    "smart tag": (f"<w:smartTag><w:smartTagPr/>{run('北京')}</w:smartTag>", "北京"),
    "formula": (f"<m:oMath><m:r><m:t>a</m:t></m:r>{HALF}</m:oMath>", "a1/2"),
    "text box": (
        f"{run('外。')}<w:r><mc:AlternateContent>{CHOICE}{FALLBACK}</mc:AlternateContent></w:r>",
        "外。\n\n框里的话。",
    ),
    "comment": ('<w:commentRangeStart w:id="0"/>' + run("原文") + COMMENT, "原文"),
}


@pytest.mark.parametrize(("inner", "text"), INLINE.values(), ids=list(INLINE))
def test_inside_a_paragraph(inner: str, text: str) -> None:
    assert told(f"<w:p>{inner}</w:p>", comments="<w:comment><w:p/></w:comment>").text == text + "\n"


def test_a_deleted_end_of_paragraph_joins() -> None:
    gone = "<w:rPr><w:del/></w:rPr>"
    assert lines(p("排期是", ppr=gone) + p("倒推的。") + p("完", ppr=gone)) == ["排期是倒推的。", "完"]


def test_content_controls_around_paragraphs() -> None:
    def control(inner: str, gallery: str = "") -> str:
        kind = f'<w:docPartObj><w:docPartGallery w:val="{gallery}"/></w:docPartObj>' if gallery else ""
        return f"<w:sdt><w:sdtPr>{kind}</w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"

    body = (
        control(p("目录") + p("起因\t1"), "Table of Contents")
        + control(p("起因", "2") + p(SAID))
        + control(table(("甲", "乙")))
    )
    assert lines(body, styles=STYLES) == ["# 起因", SAID, "| 甲 | 乙 |"]


def test_tables_of_contents_are_left_out() -> None:
    typed = p("目　录") + "".join(p(f"{n}、第{n}节\t{n}") for n in range(1, 5))
    parts = [f'<w:r><w:fldChar w:fldCharType="{k}"/></w:r>' for k in ("begin", "separate", "end")]
    made = (
        p(f"{parts[0]}<w:r><w:instrText> TOC \\o </w:instrText></w:r>{parts[1]}{run('起因 1')}")
        + p("经过 2")
        + p(parts[2])
    )
    styled = p("起因 1", "toc") + p("经过 2", "toc")
    assert lines(typed + made + styled + p(SAID), styles=style("toc", "toc 1")) == [SAID]


def test_notes_stand_after_their_paragraph() -> None:
    notes = f'<w:footnote w:id="-1" w:type="separator">{p("线")}</w:footnote>' + "".join(
        f'<w:footnote w:id="{k}">{p(f"脚注{k}。")}</w:footnote>' for k in (1, 2, 3)
    )
    ends = f'<w:endnote w:id="1">{p("尾注。")}</w:endnote>'

    def noted(text: str, key: int, kind: str = "footnote") -> str:
        return run(text) + f'<w:r><w:{kind}Reference w:id="{key}"/></w:r>'

    bullet = numbering(lvl(0, "bullet", "·"))
    body = (
        p(noted("起因", 1), "2") + p(noted("正文。", 1, "endnote")) + p(noted("甲", 2), ppr=num()) + p("乙", ppr=num())
        + table((p(noted("格", 3)), "子"), ("又", "行")) + p("完。")
    )  # fmt: skip
    assert lines(body, styles=STYLES, footnotes=notes, endnotes=ends, numbering=bullet) == [
        "# 起因", "正文。", "脚注1。", "尾注。", "- 甲", "- 乙", "脚注2。", "| 格 | 子 |", "| 又 | 行 |",
        "脚注3。", "完。",
    ]  # fmt: skip


def test_strange_characters_and_lines() -> None:
    body = p("一行\n里的  \t  换行") + p("　　缩进两格。") + p("   ") + "<w:p/>"
    assert lines(body) == ["一行 里的\t换行", "缩进两格。"]


# ----------------------------------------------------------------------------------------------------------------------
# tables


def test_merged_and_nested_cells() -> None:
    merged = '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>'
    body = (
        f"<w:tbl><w:tr><w:tc>{merged}{p('仓库')}</w:tc><w:tc>{p('退货')}</w:tc></w:tr>"
        f"<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>{p('')}</w:tc><w:tc>{p('6%')}{p('上升')}</w:tc></w:tr>"
        f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{p('删了')}</w:tc></w:tr></w:tbl>"
    )
    assert lines(body) == ["| 仓库 | 退货 |", "| 6% 上升 |"]
    outer = table((table(("甲", "乙"), ("1", "2")) + p("表下面的话。"), p("起因", "2") + p(SAID)))
    assert lines(outer, styles=STYLES) == ["| 甲 | 乙 |", "| 1 | 2 |", "表下面的话。", "# 起因", SAID]


def test_a_form_with_prose_is_no_table() -> None:
    told_twice = SAID + MORE
    assert lines(table(("项目", "新仓库"), ("经过", told_twice), ("教训", MORE + SAID))) == [
        "| 项目 | 新仓库 |", "**经过**", told_twice, "**教训**", MORE + SAID,
    ]  # fmt: skip
    assert lines(table((p("起因", "2") + p(SAID),)), styles=STYLES) == ["# 起因", SAID]


def test_captions_are_no_headings() -> None:
    body = p("图 1 退货率", "c", look=BOLD) + p("表 2：时间线", look=SIZE(40)) + p(SAID)
    assert lines(body, styles=style("c", "caption")) == ["图 1 退货率", "表 2：时间线", SAID]


# ----------------------------------------------------------------------------------------------------------------------
# kinds of files, and hostile ones


def test_strict_and_macro_files_and_other_names() -> None:
    data = package(p("起因", "2") + p(SAID), styles=STYLES)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            raw = old.read(name).replace(W.encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main")
            if name == "_rels/.rels":
                raw = raw.replace(b"word/document.xml", b"/word/document2.xml").replace(
                    R.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships"
                )
            new.writestr(
                name.replace("document.xml", "document2.xml").replace("/", "\\" if "styles" in name else "/"), raw
            )
    assert docx(out.getvalue(), "a.docm").text == f"# 起因\n\n{SAID}\n"


def test_a_page_put_in_as_a_whole() -> None:
    relations = f'<Relationships><Relationship Id="x" Type="{R}/aFChunk" Target="a.mht"/></Relationships>'
    page = "<html><body><h1>起因</h1><p>排期是倒推出来的。</p></body></html>"
    mail = f"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{page}"
    for raw in (mail, page):
        parts: dict[str, str | bytes] = {"word/_rels/document.xml.rels": relations, "word/a.mht": raw.encode()}
        assert lines('<w:altChunk r:id="x"/>', **parts) == ["# 起因", "排期是倒推出来的。"]


def test_parts_that_are_missing_damaged_or_run_in_circles() -> None:
    circle = f'<Relationships><Relationship Id="x" Type="{R}/styles" Target="/word/document.xml"/></Relationships>'
    far = f'<Relationships><Relationship Id="x" Type="{R}/styles" Target="../../../../etc/passwd"/></Relationships>'
    relations = "word/_rels/document.xml.rels"
    cases: list[dict[str, str | bytes]] = [
        {"styles.xml": b"no"},
        {"word/styles.xml": b"<no", "word/numbering.xml": b"", "docProps/core.xml": b"<"},
        {relations: circle},
        {relations: far},
        {relations: b"<x"},
    ]
    for parts in cases:
        assert lines(p(SAID, ppr=num()), **parts) == [SAID]


def whole(body: str, prolog: str = "") -> bytes:
    return (prolog + part("document", f"<w:body>{body}</w:body>").split("?>")[1]).encode()


LAUGHS = "".join(f'<!ENTITY {y} "{f"&{x};" * 10}">' for x, y in zip("abcdefgh", "bcdefghi", strict=True))
NESTED = "<w:tbl><w:tr><w:tc>" * 10_000 + "</w:tc></w:tr></w:tbl>" * 10_000
BAD = {
    "no xml": (b"no xml at all", "a broken Word file"),
    "cut": (whole(p(SAID))[:-30], "a broken Word file"),
    "no body": (part("document", "").encode(), "has no body"),
    "deep": (whole("<w:p>" * 10_000 + "</w:p>" * 10_000), "a broken Word file"),
    "deep tables": (whole(NESTED), "a broken Word file"),
    "many tags": (b"<a>" + b"<b/>" * (MAX_TAGS + 1) + b"</a>", f"more than {MAX_TAGS:,} tags"),
    "laughs": (whole(p("&i;"), f'<!DOCTYPE a [<!ENTITY a "哈哈哈哈">{LAUGHS}]>'), "a broken Word file"),
    "laughs in a value": (
        whole('<w:p w:x="&i;"/>', f'<!DOCTYPE a [<!ENTITY a "哈哈哈哈">{LAUGHS}]>'),
        "a broken Word file",
    ),
    "file": (whole(p("&a;"), '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/hostname">]>'), "declares a DTD"),
}


@pytest.mark.parametrize(("data", "message"), BAD.values(), ids=list(BAD))
def test_hostile_documents(data: bytes, message: str) -> None:
    began = time.process_time()
    with pytest.raises(InputError, match=message) as caught:
        docx(package("", **{"word/document.xml": data}), "a.docx")
    assert str(caught.value).startswith("a.docx: ")
    assert "\n" not in str(caught.value)
    assert time.process_time() - began < 2


def test_a_document_that_unpacks_to_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.formats.word.MAX_BYTES", 1 << 16)
    with pytest.raises(InputError, match="unpacks to more than 128 MB; give the text alone"):
        told(p("字" * (1 << 18)))


def test_many_styles_in_a_row_and_a_deep_document() -> None:
    chain = "".join(style(f"s{k}", f"甲{k}", f"s{k + 1}") for k in range(20_000)) + style("s20000", "heading 2")
    deep = p(SAID, "s0")
    for _ in range(60):
        deep = table((deep,))
    began = time.process_time()
    assert lines(p("起因", "s0") + deep, styles=chain)[0] == "## 起因"
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    "unit", [p("起因", look=BOLD), run("甲") + "<w:r><w:br/></w:r>", field("REF", run("甲")), table(("甲",))]
)
def test_time_is_linear(unit: str) -> None:
    def work(size: int) -> None:
        docx(package(unit * size if unit[:4] in ("<w:p", "<w:t") else p(unit * size)), "a.docx")

    assert_linear(work, 1_500, floor=0.3)


def test_damaged_and_locked_archives() -> None:
    data = bytearray(package(p(SAID * 50)))
    at = data.index(b"word/document.xml") + 40
    data[at : at + 20] = b"\xff" * 20
    with pytest.raises(InputError, match=r"a\.docx: word/document\.xml in it is damaged .*; copy the file anew"):
        docx(bytes(data), "a.docx")
    data = bytearray(package(p(SAID)))
    for head, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = data.find(head)
        while at >= 0:
            data[at + place] |= 1
            at = data.find(head, at + 4)
    with pytest.raises(InputError, match="locked with a password"):
        docx(bytes(data), "a.docx")


def test_names_of_cover_and_title() -> None:
    """A company above the title, bold lines after bullets, and lines that Word counts together with headings."""
    styles = style("t", "Title") + style("by", "Author", rpr=SIZE(30))
    counted = numbering(lvl(0, "decimal", "第%1部分"), lvl(1, "decimal", "%1.%2"))
    body = (
        p("某某公司", look=SIZE(36), ppr=CENTRE) + p("失败的上线", "t") + p("张三", "by")
        + p("起因", look=SIZE(32), ppr=num(0)) + p(SAID) + p("排期", look=BOLD, ppr=num(1)) + p(MORE)
    )  # fmt: skip
    assert lines(body, styles=styles, numbering=counted) == [
        "# 失败的上线", "某某公司", "张三", "## 第1部分 起因", SAID, "### 1.1 排期", MORE,
    ]  # fmt: skip
    bullets = numbering(lvl(0, "bullet", "■"))
    body = (
        p("起因", look=BOLD, ppr=num())
        + p(SAID)
        + p("甲", look=BOLD, ppr=num())
        + p("乙", look=BOLD, ppr=num())
        + p(MORE)
    )
    assert lines(body, numbering=bullets) == ["**起因**", SAID, "- 甲", "- 乙", MORE]
