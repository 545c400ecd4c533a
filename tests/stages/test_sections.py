"""Headings in many styles, and what only looks like one: every article here is written for these tests."""

from __future__ import annotations

import pytest

from pipeline.stages._headings import is_closing
from pipeline.stages.clean import clean
from pipeline.stages.sections import Layout, sections

A = "三月上线以后，客服电话响了整整两个星期，最多的一天接到四百多通，大家轮流顶班，没有人能准点下班。"
B = "回头看，问题并不出在某一个人身上。排期是倒推出来的，测试时间被一再压缩，谁都觉得别人会兜底。"
C = "我们把出厂检验从抽检改成全检，多花了九天，退货率从百分之六降到了百分之一点二。"
D = "供应商换了两家，模具重开了一套。钱花得心疼，可是不花这笔钱，后面的口碑就没有了。"
E = "最难的是承认自己判断错了。那次会开到凌晨，没有人摔门，也没有人说漂亮话。"


def layout(text: str) -> Layout:
    return sections(clean(text))


def outline(text: str) -> list[tuple[int, str, str | None]]:
    return [(s.level, s.kind, s.heading) for s in layout(text).sections]


def headings(text: str) -> list[str | None]:
    return [s.heading for s in layout(text).sections]


def article(*parts: str) -> str:
    return "\n\n".join(parts) + "\n"


# name, text, headings expected (None: text without one)
STYLES: list[tuple[str, str, list[str | None]]] = [
    ("atx", article(A, "## 起因", B, "## 经过", C), [None, "起因", "经过"]),
    ("atx without a blank", article(A, "##起因", B, "##经过", C), [None, "起因", "经过"]),
    ("atx closed", article("## 起因 ##", B, "## 经过 ##", C), ["起因", "经过"]),
    ("atx right above its text", f"## 起因\n{A}\n## 经过\n{B}\n", ["起因", "经过"]),
    ("atx with a link and code", article("## [起因](https://a.example/x)", A, "## 用 `make` 之后", B), ["起因",
    "用 make 之后"]),
    ("setext", article("前因\n====", A, "经过\n====", B, "排期\n----", C), ["前因", "经过", "排期"]),
    ("html", article("<h2>起因</h2>", A, '<h2 class="x">经过</h2>', B), ["起因", "经过"]),
    ("bold", article(A, "**起因**", B, "**经过**", C), [None, "起因", "经过"]),
    ("bold right above its text", f"{A}\n\n**起因**\n{B}\n\n**经过**\n{C}\n", [None, "起因", "经过"]),
    ("bold links",
     article("## 读书", A, "**[长期主义](https://a.example)**", B, "**[失败的逻辑](https://b.example)**", C),
     ["读书", "长期主义", "失败的逻辑"]),
    ("bold with numbers", article("**1、起因**", A, "**2、经过**", B), ["1、起因", "2、经过"]),
    ("numbers outside of bold", article("1. **起因**", A, "2. **经过**", B), ["1. 起因", "2. 经过"]),
    ("1、 in plain lines", f"{A}\n1、起因\n{B}\n2、经过\n{C}\n", [None, "1、起因", "2、经过"]),
    ("1. with blanks", article(A, "1. 起因", B, "2. 经过", C), [None, "1. 起因", "2. 经过"]),
    ("1）", article("1）起因", A, "2）经过", B), ["1）起因", "2）经过"]),
    ("（1）", article("（1）起因", A, "（2）经过", B), ["（1）起因", "（2）经过"]),
    ("一、", article("一、起因", A, "二、经过", B, "三、收获", C), ["一、起因", "二、经过", "三、收获"]),
    ("第一部分", article("第一部分 起因", A, "第二部分 经过", B), ["第一部分 起因", "第二部分 经过"]),
    ("第一章 alone", article("第一章", A, "第二章", B), ["第一章", "第二章"]),
    ("01", article("01", A, "02", B, "03", C), ["01", "02", "03"]),
    ("01 with words", article("01 起因", A, "02 经过", B), ["01 起因", "02 经过"]),
    ("01 with a bar", article("01丨起因", A, "02丨经过", B), ["01丨起因", "02丨经过"]),
    ("0x01", article("0x01 起因", A, "0x02 经过", B), ["0x01 起因", "0x02 经过"]),
    ("part", article("Part 1 起因", A, "Part 2 经过", B), ["Part 1 起因", "Part 2 经过"]),
    ("PART.01", article("PART.01", A, "PART.02", B), ["PART.01", "PART.02"]),
    ("brackets", article("【起因】", A, "【经过】", B), ["【起因】", "【经过】"]),
    ("squares", article("■ 起因", A, "■ 经过", B), ["■ 起因", "■ 经过"]),
    ("keycaps", article("1️⃣ 起因", A, "2️⃣ 经过", B), ["1️⃣ 起因", "2️⃣ 经过"]),
    ("months", article("### 3月", A, "### 4月", B), ["3月", "4月"]),
    ("months in plain lines", article("3月", A, "5月", B, "9月", C), ["3月", "5月", "9月"]),
    ("years with words", article("2019年：入行", A, "2020年：转岗", B, "2021年：离开", C), ["2019年：入行",
    "2020年：转岗", "2021年：离开"]),
    ("short lines", article(A, "那个冬天的订单", B, "车间里的争吵", C, "后来的路", D), [None, "那个冬天的订单",
    "车间里的争吵", "后来的路"]),
    ("short lines without blanks", f"{A}\n那个冬天的订单\n{B}\n车间里的争吵\n{C}\n后来的路\n{D}\n",
     [None, "那个冬天的订单", "车间里的争吵", "后来的路"]),
    ("questions", article("## 为什么会失败？", A, "## 还能做什么？", B), ["为什么会失败？", "还能做什么？"]),
    ("full-width digits", article("１、起因", A, "２、经过", B), ["1、起因", "2、经过"]),
    ("full-width indents", article("　　一、起因", "　　" + A, "　　二、经过", "　　" + B), ["一、起因", "二、经过"]),
    ("crlf", article("一、起因", A, "二、经过", B).replace("\n", "\r\n"), ["一、起因", "二、经过"]),
    ("首先, each before several paragraphs", article(D, "首先说排期。" + A, B, "其次是测试。" + C, D, "最后说人。" + E),
     [None] * 4),
    ("第一部分 in running text", article("第一部分讲排期。" + A, B, "第二部分讲测试。" + C, D, "第三部分讲人。" + E),
     [None] * 3),
    ("days", article("第1天", A, "第2天", B, "第3天", C), ["第1天", "第2天", "第3天"]),
    ("weeks", article("第一周", A, "第二周", B, "第三周", C), ["第一周", "第二周", "第三周"]),
    ("a diary", article("2021-03-01", A, "2021-03-09", B, "2021-04-02", C), ["2021-03-01", "2021-03-09", "2021-04-02"]),
    ("a word and its number", article("教训一：太急", A, "教训二：太慢", B, "教训三：太贵", C),
     ["教训一：太急", "教训二：太慢", "教训三：太贵"]),
    ("bare numbers", article("1", A, "2", B, "3", C), ["1", "2", "3"]),
    ("bare Chinese numbers", article("一", A, "二", B, "三", C), ["一", "二", "三"]),
    ("a number above its words", article("1\n起因", A, "2\n经过", B), ["1 起因", "2 经过"]),
    ("ornaments", article("—— 起因 ——", A, "—— 经过 ——", B), ["—— 起因 ——", "—— 经过 ——"]),
    ("dots around", article("· 起因 ·", A, "· 经过 ·", B), ["· 起因 ·", "· 经过 ·"]),
    ("spread characters", article("起 因", A, "经 过", B, "总 结", C), ["起 因", "经 过", "总 结"]),
    ("bold in HTML", article('<p><span style="x"><strong>起因</strong></span></p>', f"<p>{A}</p>",
     "<p><b>经过</b></p>", f"<p>{B}</p>"), ["起因", "经过"]),
    ("bold of four stars", article("****起因****", A, "****经过****", B), ["起因", "经过"]),
    ("setext parted from its row", article("起因", "====", A, "经过", "====", B), ["起因", "经过"]),
    ("stacked short lines", article(A, "那个冬天的订单", "车间里的争吵", B, "后来的路", C, "最后一批货", D),
     [None, "那个冬天的订单", "车间里的争吵", "后来的路", "最后一批货"]),
    ("lists numbered as their sections", article("1. 起因", A, "1. 排期太紧；\n2. 测试太少；\n3. 没人拍板；",
     "2. 经过", B, "1. 上线；\n2. 回滚；", "3. 后来", C), ["1. 起因", "2. 经过", "3. 后来"]),
    ("（一） with stops", article("一、起因", "（一）排期由上而下倒推,没有留余地。", A + B,
     "（二）测试的时间一压再压。", B + C, "二、经过", D + E),
     ["一、起因", "（一）排期由上而下倒推,没有留余地。", "（二）测试的时间一压再压。", "二、经过"]),
    ("Chinese numbers with a mark alone", article("一、", A, "二、", B, "三、", C), ["一、", "二、", "三、"]),
    ("months above indented lines", article(A, "5月：", "    姐姐结婚了。" + B, "6月：", "    新的小站上线", "7月：",
     "    房子收了。" + C, "8月：", "    供应商换了。" + D), [None, "5月：", "6月：", "7月：", "8月："]),
    ("rounds of an interview", article("一面：", A, "二面：", B, "三面", C), ["一面：", "二面：", "三面"]),
    ("quarters", article("一季度", A, "二季度", B, "三季度", C), ["一季度", "二季度", "三季度"]),
    ("bold with blanks inside", article("** 起因 **", A, "** 经过 **", B), ["起因", "经过"]),
    ("labels above long items", article("软件方面：", "1.这几天在写聊天室，刚刚搭好架子。" + A,
     "生活方面：", B,
     "游戏方面：", C), ["软件方面：", "生活方面：", "游戏方面："]),
    ("running text in fences", article("**起因**\n===", f"```\n{A}\n{B}\n```",
     "**经过**\n===", f"```\n{C}\n{D}\n```"),
     ["起因", "经过"]),
    ("a run of decimals that begins with 3.1", article("## 三 实施", "3.1 排期", A + D, "3.2 测试", B + E,
     "## 四 收尾", C),
     ["三 实施", "3.1 排期", "3.2 测试", "四 收尾"]),
    ("a date above a Markdown heading", article("2023-05-06", "## 起因", A, "## 经过", B), ["起因", "经过"]),
    ("titles in corner marks", article(A, "「林中小屋」", B, "「壁花少年」", C, "「环形使者」", D),
     [None, "「林中小屋」", "「壁花少年」", "「环形使者」"]),
    ("traditional", article("一、緣起", A, "二、經過", B, "三、總結", C), ["一、緣起", "二、經過", "三、總結"]),
]  # fmt: skip

# name, text, headings expected
TRAPS: list[tuple[str, str, list[str | None]]] = [
    ("none at all", article(A, B, C), [None]),
    ("a list in a section", article("## 改进", A, "1、全检改为默认\n2、排期留出两周\n3、每周通报一次"), ["改进"]),
    ("a list with blanks", article("## 改进", A, "1. 全检改为默认", "2. 排期留出两周", "3. 每周通报一次", B), ["改进"]),
    ("a list under numbered headings", article("一、起因", A, "1、排期太紧\n2、测试太少\n3、没人拍板", "二、经过", B),
     ["一、起因", "二、经过"]),
    ("paragraphs that open with numbers", article("一、" + A, "二、" + B, "三、" + C), [None]),
    ("paragraphs that open with 首先", article("首先，" + A, "其次，" + B, "最后，" + C), [None]),
    ("首先, a paragraph each", article(D, "首先说排期。" + A, "其次是测试。" + C, "最后说人。" + E), [None]),
    ("an interview", article("问：为什么会失败？", "答：" + A, "问：后来呢？", "答：" + B), [None]),
    ("a list with bold words below Markdown headings",
     article("## 起因", f"1. **排期太紧**\n{A}\n2. **测试太少**\n{B}\n3. **没人拍板**\n{C}"), ["起因"]),
    ("a bold exclamation", article("## 起因", A, "**排期**", B, "**这就是一切的开始！**", C, "**测试**", D),
     ["起因", "排期", "测试"]),
    ("a frame around the title", f"==========\n一次失败的上线\n==========\n\n{A}\n\n{B}\n", [None]),
    ("fields in brackets", article("【地点】 苏州\n【时间】 三月\n【人物】 老林", A, "【起因】", B, "【经过】", C),
     [None, "【起因】", "【经过】"]),
    ("a tag over several lines",
     f'<div class="\n  wide\n  left">\n<h3>起因</h3>\n<p>{A}</p>\n<h3>经过</h3>\n<p>{B}</p>\n',
     ["起因", "经过"]),
    ("contents", article("目录\n一、起因\n二、经过", "一、起因", A, "二、经过", B), ["一、起因", "二、经过"]),
    ("contents in Markdown", article(A, "## 目录", "- [起因](#a)\n- [经过](#b)", "## 起因", B, "## 经过", C),
     [None, "起因", "经过"]),
    ("items over lists of their own", article("**起因**", A, "1. 规划：",
     "    - 每周小结一次，每月回看\n    - 记下花了多少时间",
     "2. 学习：", "    - 把测试的书读完，做完习题\n    - 每天练一小时", "**经过**", B), ["起因", "经过"]),
    ("a sentence that stands alone", article("那个冬天的订单", A, "下面进入整个项目的复盘", B, "车间里的争吵",
     C, "后来的路", D), ["那个冬天的订单", "车间里的争吵", "后来的路"]),
    ("a picture's source", article("那个冬天的订单", A, "《处罚决定书》，图源网络", B, "车间里的争吵", C,
     "后来的路", D),
     ["那个冬天的订单", "车间里的争吵", "后来的路"]),
    ("words above pictures", article(A, "白塔", "![](a.png)", "牛奶海", "![](b.png)", "牦牛", "![](c.png)", B), [None]),
    ("hash in a fence", article("## 操作", A, "```\n# 不是标题\n## 也不是\n```", B), ["操作"]),
    ("hash in a fence of tildes", article("## 操作", "~~~sh\n# 不是标题\n~~~", B), ["操作"]),
    ("a version at a line's start",
    "## 发布\n\n新主题拖了很久，缝缝补补，到上个月才正式发布了一个能用的\n"
    "1.0版。之后每周都有人来信问什么时候更新\n99.999%的时间里它都在跑，大家渐渐忘了它。\n",
     ["发布"]),
    ("rules", article("## 起因", A, "---", B, "***", C), ["起因"]),
    ("a rule right below a paragraph", article("## 起因", A + "\n---", B), ["起因"]),
    ("front matter", "---\ntitle: 一年的总结\ndate: 2021-01-01\n---\n\n" + article(A, "## 起因", B), [None, "起因"]),
    ("link definitions", article("## 起因", A, "[a]: https://a.example\n[b]: https://b.example"), ["起因"]),
    ("a footer mark", article("## 起因", A, "######  --"), ["起因"]),
    ("psql", article("## 数据", "```\nselect 1;\n```", " id | 名称\n----+------\n  1 | 起因\n  2 | 经过", A), ["数据"]),
    ("a Markdown table", article("## 数据", "| 指标 | 数值 |\n|---|---|\n| 退货 | 6% |\n| 投诉 | 412 |", A), ["数据"]),
    ("bold sentences",
     article("**我们把唯一的旺季错过了，这是今年最大的教训。**", A, "**没有人应该为此负责，所有人都应该。**", B),
    [None]),
    ("captions", article("## 起因", A, "图1 三月的投诉量", B, "图2 四月的投诉量", C), ["起因"]),
    ("bold captions", article("## 起因", A, "**图1 三月的投诉量**", B, "**图2 四月的投诉量**", C), ["起因"]),
    ("bold lead-ins of lists", article("## 起因", A, "**原因：**", "- 排期太紧\n- 测试太少", "**措施：**",
    "- 全检\n- 留白"), ["起因"]),
    ("hashtags", article("#复盘# #供应链# 今天聊一聊退货的事。", A, B), [None]),
    ("an empty heading", article("## 起因", A, "##", B), ["起因"]),
    ("a quotation", article("## 起因", "> ## 别人的标题\n> 别人的话", A), ["起因"]),
    ("indented code", article("## 起因", A, "    # 注释\n    make all", B), ["起因"]),
    ("list with bodies", article("## 改进",
    "1. 全检改为默认\n\n   原来只抽百分之五，漏掉的都在客户手里。\n\n"
    "2. 排期留出两周\n\n   这两周不许挪作他用，谁要挪用谁来签字。"),
    ["改进"]),
    ("dashes of a dialogue", article("## 对话", "——你们为什么不早说？", "——我们说了。", A), ["对话"]),
    ("times", article("## 时间线", "09:12 收到告警\n09:20 开始回滚\n10:05 恢复", A), ["时间线"]),
    ("a comment", article("## 起因", A, "<!-- more -->", B, "<!--\n## 草稿\n-->", C), ["起因"]),
]  # fmt: skip


S = "排期是倒推出来的，谁都没有说不。"
T = "当天数据库就挂了，没有人值守。"
U = "下一次要把测试的时间留出来。"
STYLES += [
    (
        "一、 with a sentence each",
        article("一、起因", S, "二、经过", T, "三、办法", U),
        ["一、起因", "二、经过", "三、办法"],
    ),
    ("一、 up to a closing", f"一、起因\n{S}\n二、结语\n{U}\n", ["一、起因", "二、结语"]),
    (
        "（一） below 一、, with a sentence each",
        f"一、起因\n{S}\n二、经过\n（一）上线\n{T}\n（二）回滚\n{S}\n三、结语\n{U}\n",
        ["一、起因", "二、经过", "（一）上线", "（二）回滚", "三、结语"],
    ),
]
TRAPS += [
    ("a list of 一、", f"改进如下：\n一、全检改为默认\n二、排期留出两周\n三、每周通报一次\n{S}", [None]),
    ("a list of 一、 that ends 总结", f"议程如下：\n一、各组汇报\n二、讨论\n三、总结\n{S}", [None]),
    ("a list of 一、 with stops", f"改进如下：\n一、全部检查。\n二、留出两周。\n三、每周通报。\n{S}", [None]),
    (
        "a list of 一、 with remarks",
        "改进如下：\n一、全检改为默认\n不再抽检。\n二、排期留出两周\n不许挪用。\n三、每周通报一次\n发到全员。\n",
        [None],
    ),
    ("a list of 一、 with bodies", f"改进如下：\n一、全检\n  {S}\n二、留白\n  {T}\n三、通报\n  {U}\n", [None]),
    ("a list of 一、 with some remarks", f"改进如下：\n一、全检\n{S}\n二、留白\n三、通报\n{U}\n", [None]),
    ("two of 一、", f"一、全检\n{S}\n二、留白\n{T}\n", [None]),
    ("a list of 一、 in Markdown", article("## 改进", "一、全检", S, "二、留白", T, "三、通报", U), ["改进"]),
]


@pytest.mark.parametrize(("text", "expected"), [s[1:] for s in STYLES], ids=[s[0] for s in STYLES])
def test_style(text: str, expected: list[str | None]) -> None:
    assert headings(text) == expected


@pytest.mark.parametrize(("text", "expected"), [t[1:] for t in TRAPS], ids=[t[0] for t in TRAPS])
def test_trap(text: str, expected: list[str | None]) -> None:
    assert headings(text) == expected


CLOSINGS = (
    "总结",
    "总结：",
    "小结",
    "结语",
    "写在最后",
    "最后的话",
    "后记",
    "Last",
    "總結",
    "总结与展望",
    "五、总结",
    "最后",
)


@pytest.mark.parametrize("closing", CLOSINGS)
def test_closing_is_the_conclusion(closing: str) -> None:
    text = article(A, "## 起因", B, "## 经过", C, f"## {closing}", D)
    assert [s.kind for s in layout(text).sections] == ["intro", "body", "body", "conclusion"]
    assert is_closing(closing)


@pytest.mark.parametrize("closing", ["总结:", "结语", "写在最后", "小结："])
def test_closing_in_a_plain_line(closing: str) -> None:
    text = f"{A}\n1、起因\n{B}\n2、经过\n{C}\n{closing}\n{D}\n"
    assert outline(text)[-1] == (1, "conclusion", closing)
    assert len(outline(text)) == 4


@pytest.mark.parametrize("heading", ["总结会上的争吵", "最后一公里", "小结构大问题", "结语言之前"])
def test_what_begins_like_a_closing(heading: str) -> None:
    assert not is_closing(heading)


def test_a_summary_in_the_middle_is_no_conclusion() -> None:
    kinds = [s.kind for s in layout(article("## 一季度", A, "## 小结", B, "## 二季度", C, "## 三季度", D)).sections]
    assert kinds == ["body"] * 4


def test_levels_by_numbering_and_parents() -> None:
    text = article(A, "一、起因", B, "（一）排期", C, "（二）测试", D, "二、经过", E, "（一）上线", A, "（二）回滚", B)
    made = layout(text).sections
    assert [s.level for s in made] == [1, 1, 2, 2, 1, 2, 2]
    assert [s.parent for s in made] == [None, None, 1, 1, None, 4, 4]


def test_levels_of_markdown_are_relative() -> None:
    made = layout(article("### 起因", A, "#### 排期", B, "### 经过", C)).sections
    assert [(s.level, s.parent) for s in made] == [(1, None), (2, 0), (1, None)]


def test_numbers_below_chinese_numbers() -> None:
    text = article("一、起因", A, "1. 排期", B, "2. 测试", C, "二、经过", D, "1. 上线", E, "2. 回滚", A)
    assert [s.level for s in layout(text).sections] == [1, 2, 2, 1, 2, 2]


def test_decimal_numbers() -> None:
    text = article(
        "1 起因".replace("1 ", "1. "), A, "1.1 排期", B, "1.2 测试", C, "2. 经过", D, "2.1 上线", E, "2.2 回滚", A
    )
    assert [s.level for s in layout(text).sections] == [1, 2, 2, 1, 2, 2]


TITLES = [
    ("front matter", '---\ntitle: "一年的总结"\n---\n\n' + article("## 起因", A, "## 经过", B), "一年的总结"),
    ("lone first heading", article("# 一次失败的上线", A, "## 起因", B), "一次失败的上线"),
    ("lone first heading without others", article("# 一次失败的上线", A, B), "一次失败的上线"),
    ("first line", article("一次失败的上线复盘", A, "一、起因", B, "二、经过", C), "一次失败的上线复盘"),
    (
        "first line above a byline",
        article("一次失败的上线复盘", "作者：林涛", A, "一、起因", B, "二、经过", C),
        "一次失败的上线复盘",
    ),
    ("a field", article("标题：一次失败的上线", "作者：林涛", A, "一、起因", B, "二、经过", C), "一次失败的上线"),
    ("a list's opening", article("做得好的：", "- 全检\n- 留白", "做得不好的：", "- 太急\n- 太慢"), None),
    ("a question of an interview", article("问：为什么会失败？", "答：" + A, "问：后来呢？", "答：" + B), None),
    (
        "front matter with more than the first heading",
        "---\ntitle: 训练营第一阶段总结\n---\n\n" + article("# 总结", A, "# 致谢", B),
        "训练营第一阶段总结",
    ),
    ("several first-level headings", article("# 起因", A, "# 经过", B), None),
    ("none", article(A, B), None),
]


@pytest.mark.parametrize(("text", "title"), [t[1:] for t in TITLES], ids=[t[0] for t in TITLES])
def test_title(text: str, title: str | None) -> None:
    made = layout(text)
    assert made.title == title
    assert title is None or title not in [s.heading for s in made.sections]


def test_a_closing_is_no_title() -> None:
    assert layout(article("总结", A, B)).title is None


@pytest.mark.parametrize(
    "text",
    ["# 标题", "# 标题\n", "# 标题\n\n作者：林涛\n", "# 标题\n\n![图](a.png)\n", "## 标题\n", "# 标题 #\n\n---\n"],
)
def test_a_lone_heading_is_no_title(text: str) -> None:
    made = layout(text)
    assert made.title is None
    assert [s.heading for s in made.sections] == ["标题"]
    assert made.blocks[0].kind == "heading"


@pytest.mark.parametrize(
    ("line", "heading"),
    [("## 品 控", "品 控"), ("## 品 ##", "品"), ("## 品#", "品#"), ("## 品 # 控", "品 # 控"), ("##品 \t##", "品"),
     ("## C# ##", "C#"), ("## # #", None)],
)  # fmt: skip
def test_closing_hashes(line: str, heading: str | None) -> None:
    assert headings(article(A, line, B))[1:] == ([heading] if heading else [])


@pytest.mark.parametrize("length", [150, 151])
def test_what_is_too_long_for_a_heading(length: int) -> None:
    for text in (f"## {'长' * length}", f"<h2>{'长' * length}</h2>"):
        assert (len(headings(article(A, text, B))) == 2) == (length == 150)


def outside(text: str) -> str:
    """What no section covers, without white space."""
    covered = bytearray(len(text))
    for s in layout(text).sections:
        covered[s.start : s.end] = b"\1" * (s.end - s.start)
    return "".join(c for c, k in zip(text, covered, strict=True) if not k and not c.isspace())


def test_what_is_in_no_section() -> None:
    front = "---\ntitle: 一年的总结\ntags: [a]\n---"
    image = "![封面](a.png)\n<small>上线那天的办公室</small>"
    links = "[a]: https://a.example\n[b]: https://b.example"
    text = article(front, image, A, "## 起因", B, links)
    assert outside(text) == "".join((front + image + links).split())


def test_notice_above_a_rule() -> None:
    notice = "**注意：本文是年会发言的附件。**\n\n*********正文*********"
    assert outside(article(notice, A, B)) == "".join(notice.split())


def test_footer() -> None:
    footer = "---\n\n本文首发于某公众号，转载请注明出处。"
    assert outside(article("## 起因", A, footer)) == "".join(footer.split())


HEADS = [
    "首页 新闻 财经 科技 汽车 房产\n首页 > 财经 > 正文\n一次失败的上线\n2021-03-05 10:20 来源：某某财经报\n"
    "字号：小 中 大\n分享到：\n本报记者 林涛 苏州报道",
    "一次失败的上线\n原创 林涛 某某前线\n2021-03-05 10:20\n点击蓝字关注",
    "一次失败的上线\n某某部\n（2021年3月5日）",
    "一次失败的上线\n林小川\n2021-03-05",
    "👇\n一次失败的上线\n作者：林涛",
    "首发于 某某的自留地\n一次失败的上线\n关注问题\n写回答\n林涛\n已关注\n等 1,204 人赞同了该回答",
    "发件人: 林涛 <lin@a.example>\n发送时间: 2021年3月5日 18:22\n收件人: 全体\n主题: 回复: 一次失败的上线",
    "#复盘 #上线\n\n# 一次失败的上线",
    "# 一次失败的上线\n\n> **日期**: 2021-03-05\n> **严重程度**: 高，全站不可用",
    "Title: 一次失败的上线\nDate: 2021-03-05\nSlug: a-failed-launch",
    "一次失败的上线\n\n2021-03-05 10:20:31 +08:00\n softlane",
    "# 一次失败的上线\n\n> 直接从别处转过来了，[首发](https://a.example/x)",
    "# 一次失败的上线\n\n> Issue: #4\n> State: open",
    "首页 > 工作总结 > 正文\n一次失败的上线\n来源：本网 2021-03-05 10:20:30",
    "林涛\nV1\n2021/03/05阅读：35 主题：默认\n一次失败的上线\n一次失败的上线",
    "一次失败的上线\n\n编辑导读：上线失败并不可怕，可怕的是没有人去看。这一篇讲的是原因，也讲办法，希望对你有帮助。",
    "一次失败的上线\n2021-03-05 10:20  某某科技（ID：moumou）  林涛\n[摘要]上线失败并不可怕；",
    "一次失败的上线\n2021-03-05 10:20\n没有人说得清那一夜发生了什么。\n文/林涛 编辑/王芳\n来源/某某周刊",
    "# 一次失败的上线\n\n> 原文：<https://a.example/a-very-long-address/of-an-article/that-goes-on-and-on>",
]


@pytest.mark.parametrize("head", HEADS)
def test_what_stands_above_an_article(head: str) -> None:
    text = article(head, A, "一、起因", B, "二、经过", C)
    assert outside(text) == "".join(head.split())
    assert layout(text).title == "一次失败的上线"


def test_metadata_of_what_stands_around() -> None:
    front = "---\ntitle: 一次失败的上线\nimage:\n    url: https://pictures.example/a.png\nauthor: 林涛\n---"
    made = layout(article(front, A, B, "（来源：某某周刊）")).metadata
    assert (made.author, made.date, made.source) == ("林涛", None, "某某周刊")
    made = layout(article("2011年的总结", "2012-01-03", A, "一、起因", B, "二、经过", C)).metadata
    assert (made.author, made.date) == (None, "2012-01-03")


TAILS = [
    "- END -\n作者：林涛\n往期推荐\n工厂里的一年\n阅读 1234\n"
    "精选留言\n小周：写得真好，我们厂也是这样。\n老吴：看哭了。",
    "（完）\n本文来自微信公众号“某某前线”，作者林涛。",
    "某某市水务局建设处\n2021年3月5日",
    "林涛\n二〇二一年三月五日\n（联系人：林涛）",
    "编辑于 2021-03-05 10:20\n赞同 1204\n85 条评论\n分享 收藏 喜欢 收起",
    "更多回答\n王芳：我们也是这样失败的，排期从来都是倒推出来的。",
    "发件人: 王芳\n发送时间: 2021年3月4日\n请你牵头查清楚。",
]


@pytest.mark.parametrize("tail", TAILS)
def test_what_stands_below_an_article(tail: str) -> None:
    assert outside(article(A, "一、起因", B, "二、经过", C + D + E, tail)) == "".join(tail.split())


@pytest.mark.parametrize(
    "last",
    [
        "联系我们的客户之后，我们才知道问题在哪里。",
        "版权问题也让我们吃了亏，那张图后来赔了三千块。",
        "分享到这里就结束了，明年再见。",
        "点赞最多的那条留言说：你们早该这样。",
        "扫码支付的成功率只有八成，用户流失严重。",
        "来源：渠道流量大幅下降，占比从四成降到一成。",
        "分享到微信的功能没有测试，是这次事故的直接原因。",
        "长按手势没有人会用，下次不做了。",
        "微信公众号是我们最大的渠道，今年涨粉只有两千，低于预期。",
        "责编流程太长，一篇稿子要过七个人。",
        "打开APP要等八秒，没有人愿意等。",
        "免责条款没有写清楚，客户起诉了我们。",
        "声明变量的时候写错了名字。",
        "二〇二一年三月五日上线失败，我们连夜回滚。",
        "转载量创了新高，投诉量也是。",
    ],
)
def test_a_last_line_of_the_article_stays(last: str) -> None:
    assert outside(article(A, "一、起因", B, "二、经过", C, last)) == ""
    assert outside(article(last, "一、起因", B, "二、经过", C)) == ""
    assert outside(article("# 一次失败的上线", last, A, "## 起因", B)) == "#一次失败的上线"


@pytest.mark.parametrize(
    "title",
    [
        "欢迎订阅功能的复盘",
        "关注我们的用户说了什么",
        "点击关注按钮之后页面崩溃",
        "事故复盘 2021-01-03",
        "双十一事故复盘 2021年11月11日",
    ],
)
def test_titles_that_begin_or_end_as_other_lines_do(title: str) -> None:
    assert layout(article(title, A, "一、起因", B, "二、经过", C)).title == title
    assert layout(article(f"# {title}", A, "## 起因", B, "## 经过", C)).title == title


def test_a_timeline_is_neither_bylines_nor_a_chat() -> None:
    days = "2021-03-01 需求评审通过\n2021-03-08 开发完成\n2021-03-15 上线\n2021-03-16 回滚"
    assert outside(article("# 一次失败的上线", days, A, "## 起因", B)) == "#一次失败的上线"
    times = "收到告警 10:05\n定位原因 10:40\n开始回滚 11:20\n恢复服务 12:10"
    assert headings(article("## 经过", times, A, "## 起因", B)) == ["经过", "起因"]


def test_minutes_are_no_mail() -> None:
    minutes = "时间：三月五日\n主题：上线复盘"
    assert outside(article(A, B, "一、起因", minutes, C, "二、经过", D)) == ""


def test_contents_as_a_subject() -> None:
    text = article("## 起因", A, "## 目录", "- 目录层级太深\n- 目录名字太长", "## 经过", B)
    assert headings(text) == ["起因", "目录", "经过"]


def test_rules_around_prose_are_no_front_matter() -> None:
    text = article("---", "结论：我们太急了。\nnote: 没有人说不。\n谁都觉得别人会兜底。", "---", A, B)
    assert "谁都觉得" not in outside(text)


def test_a_last_line_without_a_stop_stays() -> None:
    assert outside(article(A, "一、起因", B, "二、经过", C, "来年我想把测试的时间留出来")) == ""


FOOTERS = """
本文作者：林涛|本文链接：https://a.example|本文首发于某某周刊。|本文转载自某某周刊，版权归原作者所有。
本文来自某某前线|本文采用知识共享协议。|本文由林涛原创发布于某某社区。|作者简介：林涛，做了十年硬件。
关于作者：林涛|版权声明：自由转载，注明出处。|版权所有，侵权必究。|著作权归作者所有。|转载请注明出处。
转载自某某周刊|未经允许不得转载。|原文链接：https://a.example|原文：https://a.example|责任编辑：王芳|责编：王芳
编辑：王芳|来源：某某周刊|出处：某某周刊|欢迎关注我的公众号。|欢迎转载，注明出处即可。|长按识别二维码|扫码加群
微信公众号：某某前线|公众号：某某前线|关注我们的公众号|关注我们！|联系我们：a@b.example|联系方式：a@b.example
商务合作请加微信|点击阅读原文|点击下方卡片关注|阅读原文|点赞、收藏、转发|分享到：|如果觉得有用，请点个赞。
如果你觉得不错，欢迎转发。|本作品采用某某许可协议。|署名-非商业性使用|许可协议：某某|Copyright 2021 某某
© 2021 某某|All rights reserved.|CC BY-NC 4.0|Posted by 林涛|（完）|全文完|- END -|The End|上一篇：仓库的一年
下一篇：工厂的一年|相关阅读：仓库的一年|推荐阅读|标签：复盘|分类：产品|Tags: 复盘|这篇文章发表于某某周刊
原载于某某周刊|阅读 1234|赞 12 在看 5|收藏|预览时标签不可点|继续滑动看下一个|轻触阅读原文|喜欢此内容的人还喜欢
微信扫一扫关注该公众号|编辑于 2021-03-05|发布于 2021-03-05 10:20|本内容由作者授权发布|著作权归作者所有
免责声明：本文仅代表作者观点。|12 人赞同|返回搜狐，查看更多|特别声明：本文为自媒体上传。|发自我的手机|收起
"""
SENTENCES = ("的功能没有做好，用户抱怨了很久。", "在这次事故里是最大的短板。", "这件事拖了两年，没有人管。")
BEGINNINGS = """
作者 编辑 责编 来源 原文 转载量 首发 发布 更新 封面 排版 标签 分类 声明 说明 提示 导读 摘要 版权 著作权 责任编辑
原文链接 扫码 扫描二维码 长按 公众号 微信公众号 联系我们 联系方式 商务合作 点击 阅读原文 点赞 分享 分享到微信
收藏 评论 留言 许可协议 全文检索 上一篇 相关阅读 推荐阅读 延伸阅读 文章 收起 编辑于 投诉 查看更多 打开APP 正文
首发于 写回答 登录后 加入收藏 首页 位置 收录于 阅读时间 字号 订阅 打印 往期回顾 更多内容 目录 记者 附件 参考资料
主题 发件人 致谢 感谢信
"""


@pytest.mark.parametrize("footer", [x.strip() for line in FOOTERS.split("\n") for x in line.split("|") if x.strip()])
def test_a_footer_is_outside(footer: str) -> None:
    assert outside(article("## 起因", A, "## 经过", B + C, footer)) == "".join(footer.split())


@pytest.mark.parametrize("beginning", BEGINNINGS.split())
def test_a_sentence_that_begins_as_furniture_does_stays(beginning: str) -> None:
    for rest in SENTENCES:
        line = beginning + rest
        assert outside(article(A, "一、起因", B, "二、经过", C, line)) == ""
        assert outside(article(line, "一、起因", B, "二、经过", C)) == ""
        assert outside(article("# 一次失败的上线", line, A, "## 起因", B)) == "#一次失败的上线"


def test_an_end_in_the_middle_ends_nothing() -> None:
    assert outside(article(A, "完", B + C + D, E + A + B)) == ""


def test_a_chat_has_speakers_and_no_headings() -> None:
    turns = [f"产品-小艾 21:0{k}\n{words}" for k, words in enumerate(("先说时间线吧", A, "[图片]", B, "下次要灰度"))]
    text = "\n\n".join(turns) + "\n"
    made = layout(text)
    assert (made.title, [s.heading for s in made.sections]) == (None, [None])
    read = [text[b.start : b.end] for b in made.blocks if b.kind == "text"]
    assert read == ["先说时间线吧", A, B, "下次要灰度"]


def test_a_list_of_anchors_is_no_text() -> None:
    anchors = "- [起因](#a)\n- [经过](#b)\n- [后来](#c)"
    assert outside(article(anchors, "## 起因", A, "## 经过", B)) == "".join(anchors.split())


def test_a_tail_under_headings() -> None:
    tail = "## 这篇文章发表在 [某刊](https://a.example) 上\n\n## 在这里订阅[我们的通讯](https://b.example)。"
    assert outside(article("## 起因", A, "## 经过", B, tail)) == "".join(tail.split())


def test_a_closing_under_markdown_headings() -> None:
    made = layout(article("## 起因", A, "**排期**", B, "**测试**", C, "**写在最后**", D)).sections
    assert [(s.level, s.kind) for s in made] == [(1, "body"), (2, "body"), (2, "body"), (1, "conclusion")]


def test_summaries_of_parts_are_no_conclusion() -> None:
    text = article("## 一季度", A, "### 小结", B, "## 二季度", C, "## 小结", D, "## 附带一说", E)
    assert [s.kind for s in layout(text).sections] == ["body"] * 5


def test_what_an_app_puts_around_an_article() -> None:
    head = "一次失败的上线\n原创 林涛 产品笔记 2021-03-05 21:30\n收录于合集 #复盘 12个\n点击上方蓝字关注我们"
    tail = "END\n阅读 1234\n赞 12 在看 5\n写留言\n预览时标签不可点"
    assert outside(article(head, A, B, tail)) == "".join((head + tail).split())


def test_what_a_news_site_puts_around_an_article() -> None:
    head = "某品牌召回的背后\n2021年01月07日 10:20 来源：某某科技 作者：林涛\n分享到："
    tail = "（责任编辑：王芳）\n相关阅读\n某品牌再出新品\n工厂里的一年"
    assert outside(article(head, A, B, tail)) == "".join((head + tail).split())
    assert outside(article(A, B, "这份清单在各组之间转了三遍。\n相关阅读理解起来并不难。")) == ""


def test_offsets_begin_at_the_mark() -> None:
    text = article(A, "## 起因", B)
    made = layout(text).sections
    assert text[made[1].start :].startswith("## 起因")
    assert made[0].end == made[1].start
    assert text[made[0].start :].startswith("三月上线")


def test_offsets_are_the_sources() -> None:
    text = "\u200b" + article(A, "#\u200b# 起\u200b因", B, "　　## 经过", C)
    made = layout(text).sections
    assert [s.heading for s in made] == [None, "起因", "经过"]
    assert [text[s.start : s.start + 2] for s in made[1:]] == ["#\u200b", "##"]


def test_unclosed_fence_does_not_swallow_the_article() -> None:
    assert headings(article("## 起因", A, "```", B, "## 经过", C)) == ["起因", "经过"]


@pytest.mark.parametrize("text", ["", "   \n\n", "---\ntitle: x\n---\n", "![a](b.png)\n", "***\n"])
def test_nothing_to_read(text: str) -> None:
    assert layout(text).blocks == ()


def test_blocks_know_their_sections() -> None:
    text = article(A, "## 起因", B, "- 一项\n- 又一项", "```\ncode\n\ncode\n```", "| a | b |\n|---|---|\n| 1 | 2 |")
    made = layout(text)
    assert [(b.section, b.kind) for b in made.blocks] == [
        (0, "text"), (1, "heading"), (1, "text"), (1, "text"), (1, "text"), (1, "code"), (1, "table"), (1, "table"),
    ]  # fmt: skip
