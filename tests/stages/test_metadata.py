from __future__ import annotations

import time

import pytest

from pipeline.model import Metadata
from pipeline.stages._metadata import metadata_of

M = Metadata


@pytest.mark.parametrize(
    ("front", "wanted"),
    [
        (
            "title: 一年\nauthor: 周小满\ndate: 2021-03-05 10:20:00 +0800\nsource: 河边周刊",
            M("周小满", "2021-03-05", "河边周刊"),
        ),
        ("author: '周小满'  # 笔名\ndate: \"2021-03\"", M("周小满", "2021-03")),
        ("author: [周小满, 何大山]\ntags: [复盘, 团队]", M("周小满、何大山")),
        ("authors:\n  - 周小满\n  - 何大山\ndate: 2021-03-05T10:20:00Z", M("周小满、何大山", "2021-03-05")),
        ("authors:\n- name: 周小满\n  url: https://a.example\n- name: 何大山\ntags:\n- 复盘", M("周小满、何大山")),
        (
            "author:\n  name: 周小满\n  email: a@b.example\nsource: https://www.hebian.example/1",
            M("周小满", None, "hebian.example"),
        ),
        ("author: {name: 周小满, email: a@b.example}", M("周小满")),
        ('+++\nauthor = "周小满"\ndate = 2021-03-05\nsource="河边周刊"\n+++', M("周小满", "2021-03-05", "河边周刊")),
        ('authors = ["周小满", "何大山"]\n[params]\nsource = "无关"', M("周小满、何大山")),
        ('[author]\nname = "周小满"\nurl = "https://a.example"', M("周小满")),
        ("lastmod: 2022-01-01\ndate: 2021-01-01", M(None, "2021-01-01")),
        ("layout: post\ntags:\n  - 作者\n  - 复盘", M()),
        ("author:\ndate:\n", M()),
    ],
)
def test_front_matter_says_it_too(front: str, wanted: Metadata) -> None:
    assert metadata_of(front.split("\n"), (), ()) == wanted


def test_front_matter_wins_over_bylines_and_these_over_the_foot_field_by_field() -> None:
    found = metadata_of(["author: 甲一"], ["作者：乙二", "来源：丙报"], ["来源：丁报", "作者：戊三", "2020年1月2日"])
    assert found == M("甲一", "2020-01-02", "丙报")


def test_a_publication_wins_over_a_change_and_a_name_over_an_address() -> None:
    lines = ["更新时间：2023-01-01", "原文链接：https://x.example/1", "发布时间：2021-01-01", "来源：河边周刊"]
    assert metadata_of((), lines, ()) == M(None, "2021-01-01", "河边周刊")


def test_an_address_behind_a_name_is_no_part_of_it() -> None:
    assert metadata_of(["author: 周小满 <zhou@a.example>"], (), ()) == M("周小满")


def test_nothing_says_nothing() -> None:
    assert metadata_of((), (), ()) == M()


@pytest.mark.parametrize("piece", ["author: ", "- ", "[", "'", '"', "{name: ", " ", "，"])
def test_hostile_front_matter_takes_no_time(piece: str) -> None:
    line = piece * (1_000_000 // len(piece))
    began = time.process_time()
    metadata_of([f"author: {line}", line] * 50, (), ())
    assert time.process_time() - began < 1
