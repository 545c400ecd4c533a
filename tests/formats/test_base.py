"""What all formats share: dates, authors, parts of archives."""

from __future__ import annotations

import io
import time
import zipfile

import pytest

from pipeline.formats.base import InputError, TooLargeError, authors, day, member


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2021-01-07T12:00:00Z", "2021-01-07"), ("20210107", "2021-01-07"), ("2021年1月7日", "2021-01-07"),
        ("2021/3", "2021-03"), ("202103", "2021-03"), ("2021", "2021"), ("2021-13", "2021"), ("2021-02-40", "2021-02"),
        ("0101-01-01", None), ("昨天", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_days(text: str | None, date: str | None) -> None:
    assert day(text) == date


def test_authors_are_people() -> None:
    assert authors(["张三; 李四", None, "王五、张三"]) == "张三、李四、王五"
    assert authors(["Jane Doe, PhD"]) == "Jane Doe, PhD"
    for nobody in (
        "Administrator", "user", "Microsoft Office User", "Microsoft", "WPS Office", "WPS_1507", "python-docx",
        "微软用户", "DESKTOP-7A", "Windows 用户", "calibre (5.1)", "12345", "x", "", "a\x00b",
        "me@example.org", "字" * 90,
    ):  # fmt: skip
        assert authors([nobody]) is None


def test_time_is_linear() -> None:
    began = time.process_time()
    for unit in ("、", "a;", "2021", " ", "wps ", "pc-"):
        authors([unit * 1_000_000])
        day(unit * 1_000_000)
    assert time.process_time() - began < 0.5


def test_parts_of_archives() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("起因.txt", "排期" * 5_000)
    with zipfile.ZipFile(out) as archive:
        assert member(archive, "起因.txt", "a.zip").decode() == "排期" * 5_000
        with pytest.raises(TooLargeError, match="unpacks to more than"):
            member(archive, "起因.txt", "a.zip", 29_999)
    data = out.getvalue()
    broken = data[:50] + b"\xff" * 10 + data[60:]
    with (
        zipfile.ZipFile(io.BytesIO(broken)) as archive,
        pytest.raises(InputError, match=r"a\.zip: 起因\.txt in it is damaged"),
    ):
        member(archive, "起因.txt", "a.zip")
