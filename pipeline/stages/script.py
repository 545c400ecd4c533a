"""Traditional Chinese is read as Simplified, character for character, and shown as it was written.

Dictionaries, lexicon, concepts and background are Simplified. An article in Traditional characters is converted before
it is read, into a text of the same length, so that every offset holds in both. The stages see the converted text; what
they found is put back into the article's own characters at the end (``Written``).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import opencc

    from pipeline.model import CleanText, Edit, Keyword, Mention, Name, Polarity, Script, Section, Sentence, Token

_SAMPLE = 1000
_ALIKE = 0.98
"""Share of a sample that the character set of Simplified Chinese must hold for the text not to be counted out."""
_SOME, _MOST = 0.1, 0.9
"""Of the characters that only one script has, the share of Traditional ones from which a text is mixed, Traditional."""
_HAN = re.compile(r"[\u4e00-\u9fff]")
# What a converter written in C++ stops at, or cannot be given.
_FOREIGN = re.compile(r"([\0\ud800-\udfff]+)")
# What is another word in Taiwan or Hong Kong but the same one here, and what OpenCC leaves alone.
_SPELT = {"覆盘": "复盘", "甚么": "什么", "覆核": "复核"}
_VARIANT = re.compile("|".join(_SPELT))

# What things are called in Taiwan, in Simplified characters, and what they are called here. They are used for articles
# in Traditional characters alone; words that mean much else there too (影片, 档案, 支援前线) are left out.
_WORDS = """
软体/软件 硬体/硬件 韧体/固件 应用程式/应用程序 程式码/代码 程式/程序 作业系统/操作系统 资料库/数据库
资料结构/数据结构 资料/数据 伺服器/服务器 网际网路/互联网 网路/网络 频宽/带宽 快取/缓存 记忆体/内存 执行绪/线程
伫列/队列 演算法/算法 介面/界面 组态/配置 效能/性能 除错/调试 当机/宕机 存取/访问 登入/登录 汇入/导入 汇出/导出
外挂程式/插件 解析度/分辨率 主机板/主板 萤幕/屏幕 晶片/芯片 人工智慧/人工智能 智慧型手机/智能手机 行动装置/移动设备
数位化/数字化 数位转型/数字化转型 部落格/博客 简讯/短信 讯息/消息 资讯/信息 使用者/用户 专案/项目 时程/进度
最佳化/优化 回馈/反馈 营运/运营 行销/营销 通路/渠道 客诉/投诉 品管/质检 品质/质量 释出/发布 良率/良品率
计程车/出租车
"""
_REGIONAL = dict(pair.split("/") for pair in _WORDS.split())
_REGIONAL_WORDS = re.compile("|".join(_REGIONAL))
# Characters that GB 2312 has too but that become others in most words, and two that no character set of Traditional
# Chinese has.
_DOUBTFUL = re.compile("[乾著菸薹拚捱摺吒後徵夥榘於袷麴醣麽説爲]")


def script_of(text: str) -> Script:
    """Tell which script a text is written in; one that says nothing either way counts as Simplified.

    A look at a thousand characters settles it for most Simplified texts; the others are counted out.
    """
    sample = text[:: max(1, len(text) // _SAMPLE)]
    try:
        sample.encode("gb2312")
        return "simplified"
    except UnicodeEncodeError:
        pass
    plain = len(sample.encode("ascii", "ignore"))
    # Two bytes a character: GB 2312 was made for Simplified Chinese and has next to none of the other script
    held = (len(sample.encode("gb2312", "ignore")) - plain) / 2
    if held >= _ALIKE * (len(sample) - plain):
        return "simplified"
    own = other = 0
    for character, count in Counter(text).items():
        if _HAN.match(character):
            simple, traditional = _held(character, "gb2312"), _held(character, "big5")
            own += count * (simple and not traditional)
            other += count * (traditional and not simple)
    share = other / max(1, own + other)
    return "simplified" if share < _SOME else "mixed" if share < _MOST else "traditional"


def simplified(text: str) -> str:
    """Return ``text`` in Simplified characters, one for each of its own; Simplified text comes back as it is.

    What a character becomes depends on the words around it (乾淨 is 干净, 乾坤 is 乾坤).
    """
    if not text or script_of(text) == "simplified":
        return text
    return convert(text)


def convert(text: str) -> str:
    """Return what ``simplified`` does, without looking first whether there is anything to convert."""
    if not _FOREIGN.search(text):
        return _converted(text)
    return "".join([part if at % 2 else _converted(part) for at, part in enumerate(_FOREIGN.split(text))])


def simplified_name(name: str) -> str:
    """Return a name, a word or the like in Simplified characters, however short it is."""
    if _DOUBTFUL.search(name):
        return convert(name)
    if _held(name, "gb2312"):
        return name
    traditional = any(_HAN.match(c) and not _held(c, "gb2312") and _held(c, "big5hkscs") for c in name)
    return convert(name) if traditional else name


def common_words(text: str) -> str:
    """Return a text in Simplified characters with the words of Taiwan replaced by those used here."""
    return _REGIONAL_WORDS.sub(lambda match: _REGIONAL[match[0]], text)


def regional(name: str) -> list[str]:
    """Return what a name, in Simplified characters, is in the words of Taiwan; nothing where it is the same."""
    found = [(here, there) for there, here in _REGIONAL.items() if here in name]
    names = [name.replace(here, there) for here, there in found]
    if len(found) > 1:
        for here, there in found:
            name = name.replace(here, there)
        names.append(name)
    return names


def _held(text: str, charset: str) -> bool:
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=1)
def _converters() -> tuple[opencc.OpenCC, ...]:
    import opencc

    # Hong Kong's forms become common ones; these and Taiwan's, which are the commoner, become Simplified
    return opencc.OpenCC("hk2t"), opencc.OpenCC("tw2s")


def _converted(text: str) -> str:
    """Convert ``text``; what would change its length, line by line, and such a line character by character."""
    for converter in _converters():
        whole = converter.convert(text)
        if len(whole) != len(text):
            whole = "".join([_line(line, converter) for line in text.splitlines(keepends=True)])
        text = whole
    return _VARIANT.sub(lambda match: _SPELT[match[0]], text)


def _line(line: str, converter: opencc.OpenCC) -> str:
    whole: str = converter.convert(line)
    if len(whole) == len(line):
        return whole
    single = {character: converter.convert(character) for character in set(line)}
    return "".join([single[c] if len(single[c]) == 1 else c for c in line])


@dataclass(frozen=True, slots=True)
class Written:
    """The way back from what was read to what was written; ``shown`` and ``read`` are as long as ``source``.

    Attributes:
        source: the article's text.
        shown: the same with what cleaning replaced, in the article's own script.
        read: the same in Simplified characters.
    """

    source: str
    shown: str
    read: str

    @property
    def below(self) -> str:
        """The source as read, but for what cleaning replaced, which is the source's own."""
        if self.shown == self.source:
            return self.read
        return "".join([r if w == s else s for s, w, r in zip(self.source, self.shown, self.read, strict=True)])

    def quote(self, text: str, start: int, end: int) -> str:
        """Return ``text``, which was read at ``start:end`` of the source (marks left out, perhaps), as it is written
        there."""
        at = self.read.find(text, start, end)
        if at >= 0:
            return self.shown[at : at + len(text)]
        out = []
        for character in text:
            at = self.read.find(character, start, end)
            out.append(self.shown[at] if at >= 0 else character)
            start = at + 1 if at >= 0 else start
        return "".join(out)

    def named(self, text: str | None) -> str | None:
        """Return a title or name that stands somewhere in the text as it is written there."""
        if text is None:
            return None
        reach = 3 * len(text) + _LEAD
        at = self.read.find(text)
        first = self.read.find(text[:1]) if at < 0 else -1
        tries = 0
        while at < 0 <= first and tries < _TRIES:
            place = first
            for character in text:
                place = self.read.find(character, place, first + reach) + 1
                if not place:
                    break
            else:
                at = first
            first = self.read.find(text[:1], first + 1)
            tries += 1
        return text if at < 0 else self.quote(text, at, at + reach)

    def section(self, section: Section) -> Section:
        """Return a section with all it shows as written."""
        heading = section.heading
        if heading is not None:
            heading = self.quote(heading, section.start, min(section.end, section.start + 3 * len(heading) + _LEAD))
        return replace(
            section,
            heading=heading,
            polarity=self.polarity(section.polarity),
            keywords=tuple([self.keyword(keyword) for keyword in section.keywords]),
            summary=tuple([self.sentence(sentence) for sentence in section.summary]),
        )

    def sentence(self, sentence: Sentence) -> Sentence:
        """Return a sentence, or a part of one, with its text as written."""
        start, end = sentence.start, sentence.end
        plain = self.shown[start:end]
        if sentence.offsets:
            shown, read = self.shown, self.read
            plain = "".join(
                [
                    shown[at] if read[at] == character else character
                    for at, character in zip(sentence.offsets, sentence.plain, strict=True)
                ]
            )
        return replace(sentence, text=self.source[start:end], plain=plain, polarity=self.polarity(sentence.polarity))

    def tokens(self, tokens: Sequence[Token], plain: str) -> tuple[Token, ...]:
        """Return the tokens of a sentence whose ``plain`` text is given as written."""
        out = []
        at = 0
        for token in tokens:
            end = at + len(token.word)
            out.append(token._replace(word=plain[at:end]))
            at = end
        return tuple(out)

    def polarity(self, polarity: Polarity) -> Polarity:
        """Return a polarity whose evidence is quoted as written."""
        if not polarity.evidence:
            return polarity
        return replace(
            polarity,
            evidence=tuple(
                [replace(piece, text=self.quote(piece.text, piece.start, piece.end)) for piece in polarity.evidence]
            ),
        )

    def keyword(self, keyword: Keyword) -> Keyword:
        """Return a keyword in the form of its first occurrence."""
        if not keyword.spans:
            return keyword
        return replace(keyword, term=self.quote(keyword.term, *keyword.spans[0]))

    def mention(self, mention: Mention) -> Mention:
        """Return a mention with its alias as written."""
        return replace(
            mention,
            alias=self.quote(mention.alias, mention.start, mention.end),
            polarity=self.polarity(mention.polarity),
        )

    def name(self, name: Name) -> Name:
        """Return a name in the form of its first occurrence."""
        return replace(name, name=self.quote(name.name, *name.spans[0]))

    def edit(self, edit: Edit) -> Edit:
        """Return an edit of the source as written."""
        return replace(
            edit, before=self.source[edit.start : edit.end], after=self.shown[edit.start : edit.start + len(edit.after)]
        )


_LEAD = 200
"""Characters of marks and the like that may stand before a heading or between the lines of a title."""
_TRIES = 100
"""Places that are tried for a title."""


def written(source: str, read: str, clean: CleanText) -> tuple[CleanText, Written]:
    """Return a cleaned text, and the way back from it to the article's own characters.

    Args:
        source: the article's text.
        read: ``simplified(source)``.
        clean: ``read``, cleaned. It is converted anew from the article's own characters: dirt may have parted words.
    """
    if clean.text == read:
        return clean, Written(source, source, read)
    text = "".join(_own(clean, source, read))
    renewed = convert(text)
    shown, as_read = list(source), list(read)
    for start, end, shift in _runs(clean):
        shown[start + shift : end + shift] = text[start:end]
        as_read[start + shift : end + shift] = renewed[start:end]
    return replace(clean, text=renewed), Written(source, "".join(shown), "".join(as_read))


def _own(clean: CleanText, source: str, read: str) -> Iterator[str]:
    """Yield the cleaned text in the article's own characters, in pieces."""
    for start, end, shift in _runs(clean):
        piece, under = clean.text[start:end], read[start + shift : end + shift]
        if piece == under:
            yield source[start + shift : end + shift]
        else:
            yield from [
                source[at] if c == u else c for at, (c, u) in enumerate(zip(piece, under, strict=True), start + shift)
            ]


def _runs(clean: CleanText) -> Iterator[tuple[int, int, int]]:
    """Yield the runs of the cleaned text that nothing was left out of: start, end, and shift to the source."""
    ends = (*clean.starts[1:], len(clean.text))
    yield from zip(clean.starts, ends, clean.shifts, strict=True)
