from __future__ import annotations

import time

import pytest

from pipeline.model import Metadata
from pipeline.stages._metadata import metadata_of

M = Metadata


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("作者：周小满 | 来源：慢慢谈 | 2021-01-07", M("周小满", "2021-01-07", "慢慢谈")),
        ("作者 | 周小满", M("周小满")),
        ("作者｜周小满 编辑｜何大山", M("周小满")),
        ("**作者**：周小满、何大山", M("周小满、何大山")),
        ("文/周小满", M("周小满")),
        ("文丨周小满 图丨何大山", M("周小满")),
        ("撰文：周小满　编辑：何大山", M("周小满")),
        ("本报记者 周小满 何大山 杭州报道", M("周小满、何大山")),
        ("记者：周小满", M("周小满")),
        ("周小满 2021年3月5日 10:20", M("周小满", "2021-03-05")),
        ("2021-03-05 21:30", M(None, "2021-03-05")),
        ("2021 年 3 月", M(None, "2021-03")),
        ("二〇二一年十二月三十一日", M(None, "2021-12-31")),
        ("来源: 河边周刊", M(None, None, "河边周刊")),
        ("文章来源：河边周刊（ID：hebian）", M(None, None, "河边周刊")),
        ("编辑|何大山", M()),
        ("责任编辑：何大山", M()),
        ("发布于 2021-03-05", M(None, "2021-03-05")),
        ("发布时间：2021/3/5", M(None, "2021-03-05")),
        ("发表于《河边周刊》", M(None, None, "河边周刊")),
        ("> 原文链接：https://www.hebian.example/a/1.html", M(None, None, "hebian.example")),
        ("> 作者：[周小满](https://a.example/zhou)", M("周小满")),
        ("原创 周小满 河边来信 2021-03-05 21:30 北京", M("周小满", "2021-03-05", "河边来信")),
        ("原创：周小满", M("周小满")),
        ("河边研究院 2021-03-05", M(None, "2021-03-05", "河边研究院")),
        ("本文首发于微信公众号「河边来信」，作者周小满，转载请注明。", M("周小满", None, "河边来信")),
        ("作者简介：周小满，某厂工程师，写过三本书。", M("周小满")),
        ("作者：佚名　来源：网络", M()),
        ("作者：Ada Zhou & Bob He", M("Ada Zhou、Bob He")),
        ("更新于 2022-08-01", M(None, "2022-08-01")),
        ("字数：2021", M()),
        ("2021年终总结", M()),
        ("阅读 1234 2021-03-05", M(None, "2021-03-05")),
        ("首页 > 科技 > 管理 > 正文 2021-03-05 10:20", M(None, "2021-03-05")),
        ("Copyright © 2015-2021 河边公司", M()),
        ("声明：这是一句说明，不代表任何立场。", M()),
        ("日期：2021-13-45", M()),
        ("首发：2021-01-02", M(None, "2021-01-02")),
        ("周小满 发表于 2021-01-02", M("周小满", "2021-01-02")),
        ("周小满（某厂总监） 2021-01-02", M("周小满", "2021-01-02")),
        ("作者：周小满，某厂总监", M("周小满")),
        ("周小满/文", M("周小满")),
        ("仓储负责人 周小满 2021年3月5日", M("周小满", "2021-03-05")),
        ("河边周刊 周小满 2021-03-05", M("周小满", "2021-03-05", "河边周刊")),
        ("文 | 河边来信，作者 | 周小满", M("周小满")),
        ("本文来自微信公众号：河边来信（ID：hb），作者：周小满，题图来自：某图库", M("周小满", None, "河边来信")),
    ],
)
def test_a_byline_says_who_when_and_where(line: str, wanted: Metadata) -> None:
    assert metadata_of((), (line,), ()) == wanted
    assert metadata_of((), (), (line,)) == wanted


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


def test_nothing_says_nothing() -> None:
    assert metadata_of((), (), ()) == M()


@pytest.mark.parametrize("piece", ["作者", "作者：", "|", "原创 ", "2021-", "[(", "“", " ", "来自", "记者 "])
def test_hostile_lines_take_no_time(piece: str) -> None:
    line = piece * (1_000_000 // len(piece))
    began = time.perf_counter()
    metadata_of([line] * 100, [line] * 100, [line] * 100)
    assert time.perf_counter() - began < 2
