"""Tests of ``pipeline.stages.numerals``."""

from __future__ import annotations

import pytest

from pipeline.stages.numerals import chinese_number


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("七", 7), ("十", 10), ("十二", 12), ("三十", 30), ("四十五", 45), ("一百零六", 106), ("人", 0), ("", 0),
        ("三千二", 3200), ("三千零二", 3002), ("四万八", 48_000), ("一亿两千万", 120_000_000),
        ("两千三百万", 23_000_000), ("二〇二一", 2021), ("零", 0), ("百", 100), ("五人", 0),
    ],
)  # fmt: skip
def test_chinese_number(numeral: str, value: int) -> None:
    assert chinese_number(numeral) == value
