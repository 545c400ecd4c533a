"""Chinese characters: those that names hold and those that they do not, and runs of them in a text."""

from __future__ import annotations

import re

HAN = "\u4e00-\u9fff"
"""The Chinese characters, as a range in a regular expression."""
RUN = re.compile(rf"[{HAN}]{{4,500}}")
"""A run of Chinese characters long enough to hold an insert."""
ENDS = "。！？!?；;…"
"""Marks at the end of a sentence."""
PLAIN = frozenset(
    "的了是在我你他她它们有和就不人都一这那个上下来去到说要会着没看好自己也很而与及或但又被把对从向为以于其之则该每各某"
    "再还最更让使给将可能够想做用多少大小中里外前后内间年月日时分秒次位两二三四五六七八九零几第等比如若因所由当便即才却仍"
    "已曾未正令叫请先吗呢吧啊呀嘛哦么啦嗯哈全只太真挺非较极均皆得过起出进回开走地当总高低市此十百千万亿"
)
"""Function words and the commonest verbs and measures, which a name seldom holds."""
FUNCTION = frozenset("的了是我你他她它们就也很但被吗呢吧啊呀嘛么这那")
"""Those of them that no name holds."""
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟"
    "谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
"""The commonest surnames."""
CONTEXT = 7
"""Characters on either side of an insert that are read with it."""


def is_han(character: str) -> bool:
    """Tell whether a character is Chinese; an empty string is not."""
    return "\u4e00" <= character <= "\u9fff"


def han_before(text: str, at: int) -> str:
    """Return up to ``CONTEXT`` Chinese characters that stand before ``at``."""
    start = at
    while start > 0 and at - start < CONTEXT and is_han(text[start - 1]):
        start -= 1
    return text[start:at]


def han_after(text: str, at: int) -> str:
    """Return up to ``CONTEXT`` Chinese characters from ``at`` on."""
    end = at
    while end < len(text) and end - at < CONTEXT and is_han(text[end]):
        end += 1
    return text[at:end]
