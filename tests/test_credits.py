"""Days, names and addresses, as credits have them."""

from __future__ import annotations

import time

import pytest

from pipeline.credits import authors, dates, day, host, is_body, is_person, is_place, is_source, people


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2021-01-07T12:00:00Z", "2021-01-07"), ("20210107", "2021-01-07"), ("2021年1月7日", "2021-01-07"),
        ("2021/3", "2021-03"), ("202103", "2021-03"), ("2021", "2021"), ("2021-13", "2021"), ("2021-02-40", "2021-02"),
        ("0101-01-01", None), ("昨天", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_a_date_that_a_text_begins_with(text: str | None, date: str | None) -> None:
    assert day(text) == date


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("写于2021.1.7，改于 2022/03/04", ["2021-01-07", "2022-03-04"]), ("2021 年 3 月", ["2021-03"]),
        ("二〇二一年十二月三十一日", ["2021-12-31"]), ("二零二一年一月", ["2021-01"]), ("2021年", ["2021"]),
        ("2021", ["2021"]), ("共 2021 字", []), ("2021-13-01", []), ("12021-01-02", []), ("2021-02-40", ["2021-02"]),
    ],
)  # fmt: skip
def test_dates_in_a_text(text: str, found: list[str]) -> None:
    assert [date.iso for date in dates(text)] == found


def test_a_date_has_a_place_and_perhaps_a_time() -> None:
    text = "于 2021-01-07 10:20:30 +08:00 发布"
    (date,) = dates(text)
    assert text[date.start : date.end] == "2021-01-07 10:20:30 +08:00"
    assert date.timed
    assert not next(dates("2021-01-07")).timed


def test_authors_are_people() -> None:
    assert authors(["张三; 李四", None, "王五、张三"]) == "张三、李四、王五"
    assert authors(["Jane Doe, PhD"]) == "Jane Doe, PhD"
    for nobody in (
        "Administrator", "user", "Microsoft Office User", "Microsoft", "WPS Office", "WPS_1507", "python-docx",
        "微软用户", "DESKTOP-7A", "Windows 用户", "calibre (5.1)", "12345", "x", "", "a\x00b", "佚名", "网络", "转载",
        "me@example.org", "字" * 90,
    ):  # fmt: skip
        assert authors([nobody]) is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("周小满 何大山", ["周小满", "何大山"]), ("周小满/何大山", ["周小满", "何大山"]),
        ("周小满 和 何大山", ["周小满", "何大山"]),
        ("Ada Zhou", ["Ada Zhou"]), ("Ada Zhou & Bob He", ["Ada Zhou", "Bob He"]),
        ("Ada Zhou, Bob He", ["Ada Zhou", "Bob He"]), ("Ada Zhou and Bob He", ["Ada Zhou", "Bob He"]),
        ("周小满 <zhou@a.example>", ["周小满"]), ("@河边阿木", ["河边阿木"]), ("周小满、周小满", ["周小满"]),
    ],
)  # fmt: skip
def test_names_in_a_text(text: str, names: list[str]) -> None:
    assert people([text]) == names
    assert people([text], longest=1) == []


@pytest.mark.parametrize("name", ["周小满", "何苗", "欧阳宁", "欧阳小满", "郑和"])
def test_persons(name: str) -> None:
    assert is_person(name)
    assert not is_body(name)


@pytest.mark.parametrize(
    "name", ["河边来信", "高考", "金融", "周五", "韩国", "杭州", "我们", "周小满等人", "Ada", "江边报"]
)
def test_no_persons(name: str) -> None:
    assert not is_person(name)


def test_bodies_and_places() -> None:
    assert all(map(is_body, ["采购部", "河边周刊", "市农业局信息科", "河边分公司", "客服中心"]))
    assert not any(map(is_body, ["项目", "全部", "河边来信"]))
    assert all(map(is_place, ["湖北", "湖北省", "中国香港", "日本"]))
    assert not is_place("河边")


def test_sources_say_where() -> None:
    assert is_source("河边周刊")
    assert not any(map(is_source, ["", "网络", "转载", "原创", "本网", "本站原创", "湖北"]))


def test_hosts() -> None:
    assert host("https://www.hebian.example:8080/a?b") == "hebian.example"
    assert host("hebian.example/a") == "hebian.example"
    assert host("http://[") == ""


@pytest.mark.parametrize("unit", ["、", "a;", "2021", "2021-1", " ", "wps ", "pc-", "<", "二", "2021 ", "周小满 "])
def test_time_is_linear(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    began = time.process_time()
    authors([text])
    day(text)
    host(text)
    is_person(text)
    is_body(text)
    list(dates(text))
    assert time.process_time() - began < 2
