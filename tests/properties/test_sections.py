"""What is inserted into sections, and how their lines are set, changes no section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.stages.clean import clean
from pipeline.stages.sections import sections

if TYPE_CHECKING:
    from collections.abc import Sequence

PARAGRAPHS = [
    "我们把出厂检验从抽检改成全检，多花了九天，退货率降到了百分之一点二。供应商换了两家，模具重开了一套。",
    "排期是倒推出来的，测试时间被一再压缩，谁都觉得别人会兜底。回头看，问题并不出在某一个人身上，也不在某一天。",
]
WORDS = list(zip("1234", "一二三四", ("起因", "经过", "教训", "总结"), strict=True))
STYLES = [
    "## {t}", "##{t}", "### {n}. {t}", "## {c}、{t}", "{t}\n===", "<h2>{t}</h2>", "**{t}**", "**{n}、{t}**",
    "{n}. **{t}**", "{c}、{t}", "{c}", "（{c}）{t}", "（{n}）{t}", "{n}. {t}", "{n}、{t}", "{n}）{t}", "第{c}章 {t}",
    "第{c}部分：{t}", "第{n}天", "0{n} {t}", "0{n}", "0x0{n} {t}", "Part {n} {t}", "【{t}】", "■ {t}", "—— {t} ——",
    "教训{c}：{t}", "{t}的那几天", "{t}：", "{n}月", "201{n}年",
]  # fmt: skip
INSERTS = [
    "```\n# 不是标题\n1、也不是\n**也不是**\n\n一、更不是\n```",
    "~~~sh\n# 不是标题\n~~~",
    "    # 缩进的代码\n    make all",
    "- 一项\n- 又一项",
    "- [ ] 全检\n- [x] 留白",
    "- 甲\n  1. 乙\n  2. 丙\n- 丁",
    "1、甲\n2、乙\n3、丙",
    "1. 甲公司\n2. 乙公司\n3. 丙公司",
    "一、甲\n二、乙\n三、丙",
    "原因有三：\n\n1. 甲公司迟到\n2. 乙公司缺货\n3. 丙公司涨价",
    "(1)甲；(2)乙；(3)丙。",
    "一、" + PARAGRAPHS[0],
    "| a | b |\n|---|---|\n| 1 | 2 |",
    " id | 名称\n----+------\n  1 | 起因\n(1 row)",
    "> 引用的话，没有出处。\n> 又一行。",
    "![图](a.png)",
    "图1 三月的投诉量",
    "---",
    "***",
    "**这是我们今年最大的教训，没有之一。**",
    "**原因：**太急了，没有人说不。",
    "<!-- more -->",
    "[a]: https://a.example",
    "https://a.example/b",
    "#复盘# 聊聊退货。",
    "时间：三月\n地点：苏州\n人物：老林",
    "09:12 收到告警\n09:20 开始回滚",
    "“你们为什么不早说？”\n“我们说了。”",
]


def first_lines(text: str) -> list[str]:
    return [text[s.start :].split("\n")[0].strip("\r \u3000") for s in sections(clean(text)).sections]


def wrapped(text: str, width: int) -> str:
    return "\n".join(text[i : i + width] for i in range(0, len(text), width)) if width else text


@settings(max_examples=400, deadline=None)
@given(
    style=st.sampled_from(STYLES),
    inserts=st.lists(st.sampled_from([*INSERTS, None]), min_size=4, max_size=4),
    width=st.sampled_from([0, 0, 30, 34]),
    line_end=st.sampled_from(["\n", "\r\n"]),
    gap=st.sampled_from([2, 3]),
)
def test_inserts_and_wraps(style: str, inserts: Sequence[str | None], width: int, line_end: str, gap: int) -> None:
    heads = [style.format(n=n, c=c, t=t) for n, c, t in WORDS]
    parts: list[str] = []
    for head, insert in zip(heads, inserts, strict=True):
        parts += [head, wrapped(PARAGRAPHS[0] + PARAGRAPHS[1], width)]
        parts += [insert] if insert else []
        parts.append(wrapped(PARAGRAPHS[1], width))
    text = (("\n" * gap).join(parts) + "\n").replace("\n", line_end)
    assert first_lines(text) == [head.split("\n")[0] for head in heads]


@settings(max_examples=100, deadline=None)
@given(
    style=st.sampled_from([s for s in STYLES if "===" not in s and "<" not in s and "#" not in s]),
    indent=st.sampled_from(["", "　　"]),
    last=st.sampled_from(["总结", "写在最后", "Last"]),
)
def test_lines_without_blanks_between(style: str, indent: str, last: str) -> None:
    heads = [style.format(n=n, c=c, t=t) for n, c, t in WORDS[:3]]
    lines = [indent + line for head in heads for line in (head, PARAGRAPHS[0] + PARAGRAPHS[1], PARAGRAPHS[1])]
    text = "\n".join([*lines, indent + last, indent + PARAGRAPHS[0]]) + "\n"
    assert first_lines(text) == [*heads, last]
    assert sections(clean(text)).sections[-1].kind == "conclusion"
