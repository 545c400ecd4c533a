"""Where sentences end, what they look like without mark-up, and that they tile the sections."""

from __future__ import annotations

import pytest

from pipeline.model import Sentence
from pipeline.stages.clean import clean
from pipeline.stages.sections import sections
from pipeline.stages.sentences import boundaries, sentences


def found(text: str) -> tuple[Sentence, ...]:
    cleaned = clean(text)
    return sentences(cleaned, sections(cleaned), text)


def plain(text: str) -> list[str]:
    return [s.plain for s in found(text)]


# Each string is one paragraph; "|" marks where its sentences end.
SPLIT = [
    "上线很顺利。|第二天就不行了！|谁改的配置？|没人说话。",
    "真的没有办法了吗？！|我们又试了一次。",
    "怎么会这样???|后来才知道原因。",
    "他说“先别上线”，我们没听。|结果出了事。",
    "她强调：“质量是底线。”|会后大家各自去改方案。",
    "她强调：“质量是底线。速度是其次。”|会后大家各自去改方案。",
    "他说：“好。”然后走了。|会就散了。",
    "“我们判断错了。”他在会上说。|没有人反驳。",
    "“为什么没人报警？”是大家共同的疑问。|答案并不复杂。",
    "客户问：“谁负责？”|我们答不上来。",
    "「先稳住。」她说，「再找原因。」|那一夜没有人睡。",
    "书里写道：『错误不可怕。』|我们却很怕。",
    '他写下"先止血。再复盘。"这几个字。|那张纸还在墙上。',
    "这一版（修了三个问题。详见附录）还是没过。|又等了一周。",
    "我们等了很久……|电话终于响了。",
    "从设计、打样……到量产，全都返工。|一共花了两个月。",
    "返工、加班、道歉……等等，都经历了。|大家都累了。",
    "他想了想......|还是签了字。",
    "我们用Node.js写了V1.0版，可用率99.9%。|配置在config.yaml里。",
    "详情见https://a.example/b?c=d.e，别转发。|谢谢。",
    "失败了.|后来重做了一次.|成本翻倍.",
    "We shipped it. Then it broke. 用户很生气。".replace(". ", ". |"),
    "Mr. Lin told us. |He was right. ".strip(),
    "他只说了一个字：“改！”，然后挂了电话。|我们就改。",
    "排期一再压缩；测试一再让步；结果可想而知。|",
    "上线当天,流量涨了3倍;晚上9:30,数据库挂了。|",
    "他喊着“快！快！快！”冲进机房。|灯都灭了。",
    "1.5倍的流量就压垮了它。|这不是意外。",
    "“第一，不许甩锅。第二，不许瞒报。第三，当天写完。”|这是那年定下的规矩。",
    "没有收尾的引号“就这样。|后面照样断开。",
    "（这一段是后来补的。）|当时没人愿意写。",
]


@pytest.mark.parametrize("marked", SPLIT)
def test_boundaries(marked: str) -> None:
    expected = [part.strip() for part in marked.split("|") if part.strip()]
    text = marked.replace("|", "")
    ends = boundaries(text)
    assert [text[a:b].strip() for a, b in zip([0, *ends], ends, strict=False)] == expected


def test_a_long_quotation_is_cut_inside() -> None:
    inside = "那几个月我们每天开会，开到后来谁也不知道在讨论什么，只是不敢先走。" * 8
    assert len(boundaries(f"他回忆说：“{inside}”")) == 8


@pytest.mark.parametrize(("opening", "closing"), [("（", "）"), ("「", "」"), ("“", "”")])
def test_a_long_aside_that_holds_no_whole_sentence_is_not_cut(opening: str, closing: str) -> None:
    inside = "那几个月我们每天开会，开到后来谁也不知道在讨论什么，只是不敢先走，" * 8
    assert len(boundaries(f"那一年{opening}{inside}！？{closing}，谁都记得。")) == 1
    assert len(boundaries(f"那一年{opening}{inside}！？走吧{closing}，谁都记得。")) == 2


def test_a_linebreak_ends_a_sentence_in_plain_text() -> None:
    assert plain("没有句号的一行话就这样结束了\n下一行是另一句话，也没有句号\n") == [
        "没有句号的一行话就这样结束了",
        "下一行是另一句话，也没有句号",
    ]


def test_wrapped_lines_are_joined_even_inside_a_word() -> None:
    words = "这个项目从去年三月开始立项到今年五月才算真正上线中间换过两任负责人也换过三家供应商"
    line = words[:39]
    text = f"{line}\n{line}\n{line}\nMailToComm\n".replace("MailToComm", "x" * 29 + "MailToComm") + "enter结束。\n"
    made = plain(text)
    assert len(made) == 1
    assert "MailToCommenter结束。" in made[0]


def test_wraps_keep_the_blank_between_words() -> None:
    assert plain("## 记录\n\n我们用了 lazy\nwatch 和 lock-\nfree 两个\n特性。\n")[1:] == [
        "我们用了 lazy watch 和 lock-free 两个特性。"
    ]


def test_markup_is_left_out() -> None:
    text = "## 起因\n\n- **排期**太紧，见[记录](https://a.example/(1))和`make test`。\n> 没人*拍板*，~~谁都~~推。<br>\n"
    assert plain(text) == ["起因", "排期太紧，见记录和make test。", "没人拍板，谁都推。"]


def test_what_programs_write_into_markdown_is_left_out() -> None:
    text = (
        "## 动线 ^flow\n\n参见[[策划书|那份计划]]和[[开幕日]]。%% 补预算 %%第一眼太沉重。\n\n"
        "> [!warning]- 安全隐患\n> 木地板承重不足。\n\n"
        '{% post_link a 第一年 %}里写过，{{< ref "b.md" >}}也写过。![[a.jpg|400]]\n\n'
        "## 总部太远 {#hq}\n\n<table><tr><td>时间</td><td>事件</td></tr></table>\n"
    )
    assert plain(text) == [
        "动线", "参见那份计划和开幕日。", "第一眼太沉重。", "安全隐患", "木地板承重不足。",
        "里写过，也写过。", "总部太远", "时间 事件",
    ]  # fmt: skip


def test_a_sentence_set_line_by_line_goes_on_after_blank_lines() -> None:
    text = "不是不想写，\n\n是每次打开文档，\n\n都觉得脸上发烫。\n\n一、起因，\n\n- 排期，\n\n- 测试\n"
    assert plain(text)[0] == "不是不想写，是每次打开文档，都觉得脸上发烫。"
    assert plain(text)[-2:] == ["排期，", "测试"]


def test_hard_breaks_are_left_out() -> None:
    text = "## 起因\n\n排期太紧。\\\n测试太少。\\\n\n路径是D:\\。  \n没人拍板\\\n"
    assert plain(text) == ["起因", "排期太紧。", "测试太少。", "路径是D:\\。", "没人拍板"]


def test_what_closes_a_sentence_goes_with_it() -> None:
    text = "## 起因\n\n**排期太紧。**测试太少。[没人拍板。](https://a.example)**后来**改了。\n"
    assert [s.text for s in found(text)[1:]] == [
        "**排期太紧。**",
        "测试太少。",
        "[没人拍板。](https://a.example)",
        "**后来**改了。",
    ]


def test_stars_that_are_no_markup_stay() -> None:
    assert plain("一共2*3*4个，文件名是a_b_c.txt和_x。\n") == ["一共2*3*4个，文件名是a_b_c.txt和_x。"]


def test_lists_and_tables() -> None:
    text = "## 改进\n\n1. 全检\n2. 留白。写进制度。\n\n| 指标 | 数值 |\n|---|---|\n| 退货 | 6% |\n"
    assert [(s.kind, s.plain) for s in found(text)] == [
        ("heading", "改进"), ("text", "全检"), ("text", "留白。"), ("text", "写进制度。"), ("table", "指标 数值"),
        ("table", "退货 6%"),
    ]  # fmt: skip


def test_blanks_before_marks_are_left_out() -> None:
    text = "## 记录\n\n排期`太紧`，  \n测试 \t\n 太少。\n\n| 指标  |\t数值 |\n   \t|---|---|\n| 退货|6% |\n"
    assert plain(text) == ["记录", "排期太紧，测试太少。", "指标 数值", "退货 6%"]


def test_pictures_rules_and_code_are_no_text() -> None:
    text = "## 起因\n\n开头的话。\n\n![图](a.png)\n\n---\n\n```\n# x\n```\n\n结尾的话。\n"
    assert [s.kind for s in found(text)] == ["heading", "text", "code", "code", "code", "text"]


def test_offsets_point_at_the_characters_of_plain() -> None:
    text = "## 起因\n\n我们\u200b把**排期**压了又\n压，见[这里](https://a.example)。\n"
    s = found(text)[1]
    assert s.plain == "我们把排期压了又压，见这里。"
    assert "".join(text[i] for i in s.offsets) == s.plain
    first, last = s.span(s.plain.index("排期"), s.plain.index("排期") + 2)
    assert text[first:last] == "排期"


def test_plain_text_needs_no_offsets() -> None:
    assert [s.offsets for s in found("上线很顺利。第二天就不行了。")] == [(), ()]


def test_paragraphs_are_numbered_through() -> None:
    numbers = [s.paragraph for s in found("## 起因\n\n一句。两句。\n\n三句。\n\n## 经过\n\n四句。\n")]
    assert numbers == [0, 1, 1, 2, 3, 4]


def test_a_heading_is_one_sentence() -> None:
    text = "## 为什么？因为急。\n\n都想早点上线，谁也没有多问一句。\n\n### 2.1 排期 ##\n\n太紧了。\n"
    assert [(s.kind, s.plain) for s in found(text)] == [
        ("heading", "为什么？因为急。"), ("text", "都想早点上线，谁也没有多问一句。"), ("heading", "2.1 排期"),
        ("text", "太紧了。"),
    ]  # fmt: skip


def test_punctuation_alone_is_no_sentence() -> None:
    assert plain("就这样吧。。。！！\n\n……\n") == ["就这样吧。！", "……"]
    assert [s.kind for s in found("就这样吧。\n\n……\n")] == ["text", "code"]
