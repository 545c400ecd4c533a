"""Tests of ``pipeline.stages.polarity.figures``."""

from __future__ import annotations

import time

import pytest

from pipeline.resources import Resources
from pipeline.stages.polarity.figures import movements, quantity
from pipeline.stages.polarity.grammar import parse
from pipeline.stages.tokens import segment

DAY = 86400


@pytest.mark.parametrize(
    ("text", "value", "dimension"),
    [
        ("三天", 3 * DAY, "time"),
        ("平均十一小时", 11 * 3600, "time"),
        ("两小时四十分钟", 9600, "time"),
        ("四个半小时", 4.5 * 3600, "time"),
        ("两个半月", 75 * DAY, "time"),
        ("半天", DAY / 2, "time"),
        ("300ms", 0.3, "time"),
        ("去年的3%", 0.03, "share"),
        ("百分之零点五", 0.005, "share"),
        ("三分之一", 1 / 3, "share"),
        ("两成一", 0.21, "share"),
        ("一半", 0.5, "share"),
        ("3,200元", 3200, "count"),
        ("四百多万", 4_000_000, "count"),
        ("1.5万台", 15_000, "count"),
        ("八五折", 0.85, "share"),
        ("七八成", 0.78, "share"),
        ("4.8分", 4.8, "count"),
        ("3个多小时", 3 * 3600, "time"),
    ],
)
def test_a_quantity_has_a_value_and_a_dimension(text: str, value: float, dimension: str) -> None:
    found = quantity(text)
    assert found is not None
    assert found[0] == pytest.approx(value)
    assert found[1] == dimension


@pytest.mark.parametrize("text", ["2019年", "三月", "第三季度", "周三", "12日", "星期五", "2019", "没有", ""])
def test_dates_and_words_are_no_quantities(text: str) -> None:
    assert quantity(text) is None


def test_first_and_last_quantity() -> None:
    assert quantity("一百人里有六十人") == (100, "count")
    assert quantity("一百人里有六十人", last=True) == (60, "count")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("从 三天 变成 四小时 。", [(0, 2, "D", "time")]),
        ("复购 从 两成 一路 到 三成", [(1, 4, "U", "share")]),
        ("从 三天 到 三天", []),
        ("从 三天 到 4%", []),  # not of one dimension
        ("会议 从 周三 改到 周五", []),
        ("从 三天 ， 到 四天", []),  # in another clause
        ("从 头 到 尾", []),
        ("从 1 到 5 打分", []),  # a range
        ("评分 从 4.2 分到 4.8 分", [(1, 3, "U", "count")]),
        ("亏损 从 2019   年 到 2021   年", []),
        ("从", []),
    ],
)
def test_figures_move_from_here_to_there(words: str, found: list[tuple[int, int, str, str]]) -> None:
    assert movements(words.split()) == found


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("解决天数从九天降到三天。", 1),
        ("故障率从百分之三变成百分之一。", 1),
        ("故障率从百分之一变成百分之三。", -1),
        ("销量从两万台变成五万台。", 1),
        ("销量从五万台变成两万台。", -1),
    ],
)
def test_the_noun_decides_whether_a_movement_is_good(text: str, sign: int, resources: Resources) -> None:
    words = [token.word for token in segment(text, resources.segmenter)]
    (finding,) = parse(words, resources.model.lexicon).findings
    assert finding.value * sign > 0


def test_endless_figures_take_linear_time(resources: Resources) -> None:
    def seconds(n: int) -> float:
        began = time.process_time()
        for words in (["从", "一天", "到", "三天", "好"] * n, ["从"] * n, ["从", "1" * n, "到", "一" * n]):
            parse(words, resources.model.lexicon)
        return time.process_time() - began

    seconds(100)
    assert seconds(16000) < 20 * max(0.02, seconds(2000))
