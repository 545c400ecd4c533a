"""How fit a sentence is to stand for a text: whether it tells what happened, why, what was done, and can stand alone.

A linear model over what a sentence is (its length, how it opens and ends, figures, polarity, words that go with
problems, causes and remedies), what it holds of the text (the words that the text repeats, the rarer elsewhere the
better), and where it stands. ``pipeline.worth`` fits it on sentences of articles whose worth was judged by reading.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul
from pathlib import Path

from pipeline.model import Sentence, Token

WORTH_PATH = Path(__file__).parents[1] / "resources" / "worth.json"

# Openings that lean on a sentence before.
DANGLING = re.compile(
    r"[“”\"「『（(]*(?:此外|另外|可是|只是|毕竟|同时|因此|因而|所以|于是|然而|但|不过|而(?!立)|并且|并不|且|也|还|却|其中|其次|再次|再者|"
    r"最后|然后|接着|随后|例如|比如|这|那|该|此|他|她|它|其(?!他)|两者|前者|后者|首先|第[一二三四五六]|[一二三四五六]是|"
    r"反之|相反|换|总之|当然|其实|至于|与此|除此|如此|正因|为此|由此|以上|上述|尽管如此|即便如此|不仅如此|更重要的是|与之|"
    r"一方面|另一方面|另一(?:个|家|位|种|边)|做出这|作出这|结果(?!显示|表明)|后来|从那|从此|当时|可惜|同样|类似|还有|有的|对此|对方)"
)
# What points back wherever it stands.
_POINTING_BACK = re.compile(
    r"后者|前者|上述|这[一两三](?:点|项|个|问题|决定|现象|情况|结果|过程|做法|次)"
    r"|这边|这笔|这家|这段|这句|这两|这三"
)
# Sentences about the text, not of it.
META = re.compile(
    r"本文|下文|前文|这篇文章|接下来[^。]{0,6}(?:介绍|讨论|分析|展开|谈)|(?:如|见)[上下]?(?:图|表)"
    r"|[二两三四五六几]个(?:方面|维度|角度|层面|部分)|以下(?:几|是|为|将)|谢谢|感谢(?:大家|阅读)|链接|转载|点击|https?:"
)
QUESTION = re.compile(r"[？?][”」』\"）)]*$")
_FINISHED = re.compile(r"[。！!.；;][”」』\"’）)]*$")
_FULL_STOP = frozenset("。！!；;")  # a sentence that ends so is finished
FACETS = (
    # what went wrong (or right)
    re.compile(
        "失败|失误|失利|事故|故障|偏差|错误|教训|不足|缺乏|忽略|忽视|短板|漏洞|隐患|下降|下滑|受损|"
        "未能|没能|未达|延期|超支|流失|成功|超额|达成"
    ),
    # why
    re.compile("因为|由于|之所以|导致|造成|致使|使得|源于|根源|根因|原因|在于|归因|归咎|引发|反映出|暴露|说明|意味着"),
    # what was done, or must be
    re.compile(
        "改进|改革|整改|修复|解决|调整|优化|强化|建立|推出|重构|完善|补救|回滚|上线了|制定|规范|转向|转变|必须|下一步|今后"
    ),
)
_SHARE = re.compile("[%％成]|百分")
_THIRD = frozenset(("他", "她", "它", "他们", "她们", "它们"))
_POINTING = frozenset(("这", "那", "这个", "那个", "这样", "那样", "这些", "其"))
_ARTICLE = 10
"""Sentences from which a text has a beginning and an end that say less, or more, for being that."""
_SHORT, _USUAL = 6, 30
"""Characters that a sentence is held to have at least, and those of a usual one."""

OWN = (
    "length",  # ln(characters / 30)
    "length squared",
    "finished",  # ends in a full stop, not in a colon or a question mark
    "opens with a number",  # or with a time, not with an ordinal
    "opens with a pronoun",
    "third person",
    "pointing",  # 这个, 其
    "we",
    "said",
    "numbers",  # 0 to 1, for three of them
    "share",  # a percentage
    "clauses",  # ln(1 + commas)
    "pronouns",  # share of the words
    "positive",  # probability
    "negative",
    "problem",
    "cause",
    "remedy",
    "leaning",  # on a sentence before
)
"""Features of a sentence by itself, as ``own_features`` gives them."""
PLACED = (
    "mass",  # ln(weight of its words / that of a mean sentence)
    "density",  # the same a character
    "repeated",  # share of its words that other sentences have too
    "first",
    "last",
)
"""Features of a sentence among others, as ``placed_features`` gives them."""


@dataclass(frozen=True, slots=True)
class Worth:
    """The weights of ``OWN`` and ``PLACED``, in their order."""

    own: tuple[float, ...]
    placed: tuple[float, ...]


def load_worth(path: Path | None = None) -> Worth:
    """Read the weights, ``{feature: weight}``; None are those that come with the program."""
    weights = json.loads((path or WORTH_PATH).read_text(encoding="utf-8"))
    return Worth(tuple([weights[name] for name in OWN]), tuple([weights[name] for name in PLACED]))


def weigh(values: Sequence[float], weights: Sequence[float]) -> float:
    """Return the weighted sum."""
    return float(sum(map(mul, values, weights)))


def leans(text: str) -> bool:
    """Whether a sentence shows by its words that it leans on one before it."""
    return bool(DANGLING.match(text) or _POINTING_BACK.search(text))


def facets(text: str) -> tuple[int, ...]:
    """Return which of problem, cause and remedy (0 to 2) a sentence has words for."""
    return tuple([k for k, facet in enumerate(FACETS) if facet.search(text)])


def own_features(
    sentence: Sentence, tokens: Sequence[Token], told: Sequence[int], *, leaning: bool
) -> tuple[float, ...]:
    """Return the values of ``OWN``; ``told`` are the sentence's ``facets``, and ``leaning`` whether it ``leans``."""
    text = sentence.plain
    length = math.log(max(len(text), _SHORT) / _USUAL)
    words = {token.word for token in tokens}
    tags = [token.pos for token in tokens]
    opening = tags[0] if tags else ""
    return (
        length,
        length * length,
        text[-1:] in _FULL_STOP or bool(_FINISHED.search(text)),
        opening in ("t", "m") and text[0] != "第",
        opening == "r",
        not _THIRD.isdisjoint(words),
        not _POINTING.isdisjoint(words),
        "我们" in words,
        "说" in words or "：“" in text,
        min(3, tags.count("m")) / 3,
        bool(_SHARE.search(text)),
        math.log1p(text.count("，") + text.count("；")),
        tags.count("r") / max(1, len(tags)),
        sentence.polarity.positive,
        sentence.polarity.negative,
        0 in told,
        1 in told,
        2 in told,
        leaning,
    )


def placed_features(
    masses: Sequence[float], lengths: Sequence[int], repeated: Sequence[float]
) -> list[tuple[float, ...]]:
    """Return the values of ``PLACED`` for each of a text's sentences.

    Args:
        masses: the weight of the different words of each.
        lengths: characters of each.
        repeated: share of its words that other sentences have too.
    """
    size = len(masses)
    placed = size >= _ARTICLE
    mean = sum(masses) / max(1, size) or 1.0
    dense = sum(masses) / max(1, sum(lengths)) or 1.0
    return [
        (
            math.log(mass / mean + 0.05),
            math.log(mass / max(length, 2 * _SHORT) / dense + 0.1),
            again,
            placed and number == 0,
            placed and number == size - 1,
        )
        for number, (mass, length, again) in enumerate(zip(masses, lengths, repeated, strict=True))
    ]
