"""Saved web archives and e-mails: what is taken as text, title, author and date, and what hostile ones do."""

from __future__ import annotations

import base64
import itertools
import quopri
import time
from contextlib import suppress
from email.header import Header
from email.message import EmailMessage
from pathlib import Path

import pytest

from pipeline.model import Metadata
from pipeline.stages.read import InputError, read

BODY = "各位好：\n\n周三的灌浆中断了四个小时，备用泵没有通电。\n\n以后开工之前先试两台泵。\n"
PAGE = (
    "<!DOCTYPE html><html><head><title>灌浆中断的四个小时</title></head><body><article><h1>灌浆中断的四个小时</h1>"
    "<p>周三的灌浆中断了四个小时，备用泵没有通电，班长到现场才发现配电箱是锁着的。</p>"
    "<h2>以后怎么办</h2><p>开工之前先试两台泵，钥匙交给值班的人，不再放在办公室里。</p></article></body></html>"
)


def saved(tmp_path: Path, data: bytes | str, name: str = "a.eml") -> Path:
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def archive(*parts: tuple[str, bytes], boundary: str = "----x--", extra: str = "") -> bytes:
    """A web archive as browsers save it: each part with its type and its bytes, quoted-printable."""
    out = [
        f"From: <Saved by Blink>\r\nSubject: {Header('别的名字', 'utf-8').encode()}\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="{boundary}"{extra}\r\n\r\n'.encode()
    ]
    for k, (kind, data) in enumerate(parts):
        head = f"--{boundary}\r\nContent-Type: {kind}\r\nContent-ID: <p{k}>\r\nContent-Transfer-Encoding: "
        out.append(head.encode() + b"quoted-printable\r\n\r\n" + quopri.encodestring(data) + b"\r\n")
    return b"".join(out) + f"--{boundary}--\r\n".encode()


def sent(**headers: str) -> EmailMessage:
    message = EmailMessage()
    for name, value in {
        "From": "罗敏 <l@example.com>",
        "To": "g@example.com",
        "Subject": "灌浆中断",
        **headers,
    }.items():
        message[name] = value
    message["Date"] = "Tue, 11 Apr 2023 23:22:00 +0800"
    return message


@pytest.mark.parametrize("name", ["a.mhtml", "a.mht", "a.txt", "a"])
def test_a_web_archive_is_its_page(tmp_path: Path, name: str) -> None:
    picture = ("image/png", b"\x89PNG" + bytes(200))
    article = read(saved(tmp_path, archive(("text/html", PAGE.encode()), picture), name))
    assert (article.format, article.encoding, article.extracted) == ("mhtml", "utf-8", True)
    assert article.title == "灌浆中断的四个小时"
    assert "# 灌浆中断的四个小时" in article.text
    assert "## 以后怎么办" in article.text
    assert "钥匙交给值班的人" in article.text


def test_the_encoding_of_an_archived_page(tmp_path: Path) -> None:
    """The part's, the page's own, or found out; the caller's before all."""
    gb = PAGE.encode("gb18030")
    for kind, data in (
        ("text/html; charset=gb2312", gb),
        ("text/html; charset=x-unheard-of", gb),
        ("text/html; charset=iso-8859-1", gb),
        ("text/html", PAGE.replace("<head>", '<head><meta charset="gbk">').encode("gb18030")),
    ):
        article = read(saved(tmp_path, archive((kind, data)), "a.mht"))
        assert "备用泵没有通电" in article.text, kind
        assert article.encoding == "gb18030" or kind.endswith("gb2312")
    path = saved(tmp_path, archive(("text/html; charset=big5", gb)), "a.mht")
    assert "备用泵没有通电" in read(path, encoding="gb18030").text


def test_the_page_of_an_archive_is_the_one_it_begins_with(tmp_path: Path) -> None:
    other = "<html><body><p>这是另外一个框里的广告，点了就能领取三百元的优惠券。</p></body></html>".encode()
    page = ("text/html", PAGE.encode())
    named = read(saved(tmp_path, archive(("text/html", other), page, extra=';\r\n\tstart="<p1>"'), "a.mht"))
    assert "备用泵" in named.text
    assert "优惠券" not in named.text
    first = read(saved(tmp_path, archive(page, ("text/html", other)), "a.mht"))
    assert "优惠券" not in first.text


def test_a_page_that_only_holds_a_frame(tmp_path: Path) -> None:
    frame = b"<html><body><iframe src='cid:p1'></iframe></body></html>"
    assert "备用泵" in read(saved(tmp_path, archive(("text/html", frame), ("text/html", PAGE.encode())), "a.mht")).text


def test_an_archive_that_is_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    data = archive(("text/html", PAGE.encode()), ("image/png", bytes(400)))
    assert "备用泵" in read(saved(tmp_path, data[:-300], "a.mht")).text


def test_a_plain_message(tmp_path: Path) -> None:
    message = sent()
    message.set_content(BODY)
    article = read(saved(tmp_path, message.as_bytes()))
    assert (article.format, article.title, article.extracted) == ("eml", "灌浆中断", True)
    assert article.metadata == Metadata("罗敏", "2023-04-11")
    assert article.text.strip() == BODY.strip()


@pytest.mark.parametrize(
    "subject",
    [
        "Re: 灌浆中断",
        "回复：灌浆中断",
        "转发: Re: 答复：灌浆中断",
        "RE[2]: 灌浆中断",
        "Fwd: 灌浆中断",
        "轉寄: 灌浆中断",
    ],
)
def test_the_title_is_the_subject_alone(tmp_path: Path, subject: str) -> None:
    message = sent(Subject=subject)
    message.set_content(BODY)
    assert read(saved(tmp_path, message.as_bytes())).title == "灌浆中断"


def test_headers_that_hold_bytes_as_they_are(tmp_path: Path) -> None:
    """Many programs write Subject and From without encoding them."""
    for charset in ("utf-8", "gb18030"):
        head = f"From: 罗敏 <l@example.com>\r\nSubject: 三号线的灌浆为什么中断了\r\nDate: {charset}\r\n"
        data = head.encode(charset) + b"MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n" + BODY.encode(charset)
        article = read(saved(tmp_path, data))
        assert (article.title, article.metadata) == ("三号线的灌浆为什么中断了", Metadata("罗敏"))
        assert "备用泵" in article.text


def test_an_encoded_subject_that_is_split_inside_a_character(tmp_path: Path) -> None:
    words = "灌浆中断".encode()
    pieces = " ".join(f"=?utf-8?B?{base64.b64encode(p).decode()}?=" for p in (words[:4], words[4:]))
    data = f"Subject: {pieces}\nFrom: l@example.com\nMIME-Version: 1.0\nContent-Type: text/plain\n\n{BODY}"
    article = read(saved(tmp_path, data))
    assert (article.title, article.metadata.author) == ("灌浆中断", None)


def test_dates(tmp_path: Path) -> None:
    for date, day in (
        ("Tue, 11 Apr 2023 23:22:00 +0800", "2023-04-11"),
        ("Tue, 11 Apr 2023 23:22:00 +0000", "2023-04-12"),
        ("Tue, 11 Apr 2023 23:22:00 -0500", "2023-04-11"),
        ("yesterday", None),
        ("Tue, 99 Apr 99999 23:22:00 +9999", None),
    ):
        data = f"Subject: x\nFrom: l@example.com\nDate: {date}\n\n{BODY}"
        assert read(saved(tmp_path, data)).metadata.date == day, date


def test_the_richest_version_of_a_message_is_read(tmp_path: Path) -> None:
    message = sent()
    message.set_content(BODY)
    message.add_alternative(PAGE, subtype="html")
    message.add_attachment("附件里面写的是另外一回事情。".encode(), maintype="text", subtype="plain", filename="b.txt")
    text = read(saved(tmp_path, message.as_bytes())).text
    assert "## 以后怎么办" in text
    assert "各位好" not in text
    assert "另外一回事" not in text


def test_a_version_that_says_less_is_not_taken(tmp_path: Path) -> None:
    message = sent()
    message.set_content(BODY * 3)
    message.add_alternative("<html><body><p>请打开附图查看本周通知。</p></body></html>", subtype="html")
    text = read(saved(tmp_path, message.as_bytes())).text
    assert "备用泵" in text
    assert "附图" not in text


def test_texts_around_a_picture_belong_together(tmp_path: Path) -> None:
    parts = "".join(f"--b\nContent-Type: {kind}; charset=utf-8\n\n{body}\n" for kind, body in (
        ("text/plain", "周三的灌浆中断了。"), ("image/png", "xx"), ("text/plain", "备用泵没有通电。"),
    ))  # fmt: skip
    data = (
        f"Subject: x\nFrom: l@example.com\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n{parts}--b--"
    )
    assert read(saved(tmp_path, data)).text == "周三的灌浆中断了。\n\n备用泵没有通电。"


def test_a_message_inside_a_message(tmp_path: Path) -> None:
    inner = sent(Subject="里面的灌浆记录")
    inner.set_content(BODY)
    outer = sent(Subject="转发")
    outer.make_mixed()
    outer.attach(wrapped(inner))
    article = read(saved(tmp_path, outer.as_bytes()))
    assert article.title == "里面的灌浆记录"
    assert "备用泵" in article.text


def wrapped(message: EmailMessage) -> EmailMessage:
    part = EmailMessage()
    part.set_content(message)
    return part


def test_lines_that_the_program_wrapped(tmp_path: Path) -> None:
    head = "Subject: x\nFrom: l@example.com\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8; format=flowed"
    body = "周三的灌浆中断了四个小时，备用泵 \n没有通电。\n> 引用的话 \n> 另一行\n-- \n罗敏\n"
    joined = read(saved(tmp_path, f"{head}; delsp=yes\n\n{body}")).text
    assert "备用泵没有通电。\n> 引用的话 \n> 另一行\n-- \n罗敏" in joined
    assert "备用泵 没有通电。" in read(saved(tmp_path, f"{head}\n\n{body}")).text


HEAD = "Subject: x\nFrom: l@example.com\nMIME-Version: 1.0\nContent-Type: "
MIXED = HEAD + "multipart/mixed; boundary="
BAD: list[tuple[str, str | bytes, str]] = [
    ("no boundary", HEAD + f"multipart/mixed\n\n{BODY}", "damaged, no boundary"),
    ("empty boundary", f'{MIXED}""\n\n--\n\n{BODY}', "damaged, no boundary"),
    ("no parts", f"{MIXED}b\n\n{BODY}", "none of its parts"),
    ("ended at once", f"{MIXED}b\n\n--b--\n{BODY}", "damaged, none of its parts"),
    ("many parts", f"{MIXED}b\n\n" + "--b\n\n" * 20_000, "more than 10,000 parts"),
    ("like parts", f"{MIXED}b\n\n" + "--bb\n" * 200_000, "more than 10,000 parts"),
    ("deep", "".join(f"{HEAD}multipart/mixed; boundary=b{k}\n\n--b{k}\n" for k in range(300)), "nested more than 12"),
    ("messages in messages", (HEAD + "message/rfc822\n\n") * 300 + BODY, "nested more than 12"),
    ("garbage", f"{HEAD}text/plain\nContent-Transfer-Encoding: base64\n\n{'/9j+gA' * 500}", "be decoded"),
    ("no base64", HEAD + "text/plain\nContent-Transfer-Encoding: base64\n\n，，，！！", "no Chinese text"),
    ("nothing", HEAD + "text/plain\n\n", "no Chinese text"),
    ("english", HEAD + "text/plain\n\nNothing to see here.", "no Chinese text"),
    ("attachment", f'{MIXED}b\n\n--b\nContent-Type: a/pdf; name="r.pdf"\n\nx\n--b--', r"its attachment r\.pdf"),
    ("script", HEAD + f"text/html\n\n<html><body><script>var a='{BODY * 9}'</script></body></html>", "inside a script"),
    ("text", BODY, "called .eml, but it is text; rename it .txt"),
    ("page", PAGE, ""),
]  # fmt: skip


@pytest.mark.parametrize(("data", "message"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_bad_messages(tmp_path: Path, data: str | bytes, message: str) -> None:
    path = saved(tmp_path, data)
    if not message:
        assert read(path).format == "html"
        return
    with pytest.raises(InputError, match=message) as caught:
        read(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_padding_is_forgiven(tmp_path: Path) -> None:
    head = f"{HEAD}text/plain; charset=utf-8\nContent-Transfer-Encoding: BASE64\n\n"
    for tail, more in itertools.product(("", "!", "!!"), ("", "A")):
        letters = base64.b64encode((BODY + tail).encode()).decode().rstrip("=") + more
        assert "备用泵" in read(saved(tmp_path, f"{head}*{letters[:40]}\n{letters[40:]}")).text


HOSTILE = [
    "Subject: " + "=?utf-8?B?" * 30_000,
    "Subject: " + "Re: " * 60_000,
    "From: " + '"' * 100_000 + "(" * 100_000,
    "X: 1\n" * 50_000,
    'Content-Disposition: inline; filename="' + ";" * 100_000,
    " folded\n" * 20_000,
]


@pytest.mark.parametrize("header", HOSTILE, ids=[h[:12] for h in HOSTILE])
def test_hostile_headers_take_no_time(tmp_path: Path, header: str) -> None:
    path = saved(tmp_path, f"From: l@example.com\nMIME-Version: 1.0\nContent-Type: text/plain\n{header}\n\n{BODY}")
    began = time.process_time()
    with suppress(InputError):
        read(path)
    assert time.process_time() - began < 2


def test_a_text_that_begins_like_a_message_is_a_text(tmp_path: Path) -> None:
    text = f"From: 罗敏\nSubject: 灌浆中断\nDate: 2023年4月11日\n\n{BODY}"
    assert read(saved(tmp_path, text, "a.txt")).format == "text"
