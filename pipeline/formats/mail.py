"""The article of a saved web archive (.mhtml, .mht) or of an e-mail (.eml): both are MIME messages.

A message is divided here, by offsets, since a file may claim any nesting and any number of parts; headers are read by
the standard library.
"""

from __future__ import annotations

import base64
import quopri
import re
from dataclasses import dataclass
from datetime import UTC, timedelta, timezone
from email.errors import HeaderParseError
from email.header import decode_header
from email.parser import HeaderParser
from email.utils import collapse_rfc2231_value, parseaddr, parsedate_to_datetime
from typing import TYPE_CHECKING, Literal

from pipeline.credits import authors
from pipeline.formats.base import HAN, Extracted, InputError, TooLargeError, one_line, printable
from pipeline.formats.encoding import declared, decode
from pipeline.model import Metadata

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

_LEAST = 5  # Chinese characters that make a text worth reading
_DEEPEST = 12  # parts within parts
_MOST = 10_000  # parts in a message
_HEAD = 256 << 10  # bytes of headers at the top of a message; its parts have a few lines
_PART_HEAD = 8 << 10
_LONGEST = 1000  # characters of a header that are looked at
_FULL = 0.6
"""Share of the Chinese characters of a message's fullest version that a richer version must hold to be taken."""
_CHINA = timezone(timedelta(hours=8))
_START = re.compile(rb"(?:\xef\xbb\xbf)?+\s*+")
_EMPTY = re.compile(rb"\r?\n")
_BLANK_LINE = re.compile(rb"\r?\n[ \t]*+\r?\n")
_POSTED = ("received", "to", "cc", "message-id", "return-path", "delivered-to", "reply-to", "in-reply-to")
_REPLY = re.compile(
    r"\s*+(?:(?:re|fwd?|答复|答覆|回复|回覆|回信|转发|轉發|轉寄)\s*+(?:[\[(（]\d{1,3}[\])）])?+\s*+[:：]\s*+)++",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a message: its headers, and where in the file its body stands."""

    head: Message
    start: int
    end: int
    depth: int = 0

    @property
    def kind(self) -> str:
        return self.head.get_content_type()


@dataclass(frozen=True, slots=True)
class _Found:
    """What a part holds, and the encoding it was in; ``lost`` is why it holds nothing, where that is known."""

    extracted: Extracted
    encoding: str = ""
    lost: str = ""

    @property
    def han(self) -> int:
        return HAN.subn("", self.extracted.text)[1]  # without a list of them all, which may be millions


_NOTHING = _Found(Extracted(""))


def kind_of(data: bytes, suffix: str) -> Literal["mhtml", "eml"]:
    """Tell a saved web page from a message that somebody sent: by its headers, else by the name's ending."""
    head = _message(data, 0, len(data), _HEAD).head
    saved = "snapshot-content-location" in head or (head["from"] or "").startswith("<Saved by")
    if saved or any(name in head for name in _POSTED):
        return "mhtml" if saved else "eml"
    if suffix in (".mht", ".mhtml"):
        return "mhtml"
    return "mhtml" if suffix != ".eml" and head.get_content_type() == "multipart/related" else "eml"


def mhtml(data: bytes, where: str, encoding: str | None = None) -> tuple[Extracted, str]:
    """Return the article of a web page saved with its pictures in one file, and the encoding of the page.

    Raises:
        InputError: there is no page in it that can be read.
    """
    reader = _Reader(data, where, encoding)
    top = _message(data, 0, len(data), _HEAD)
    found = reader.read(top)
    if found.han < _LEAST and found.lost:
        raise InputError(f"{where}: {found.lost}")
    page = found.extracted
    title = page.title or (_words(top.head["subject"] or "", found.encoding) if page.text else None) or None
    return Extracted(page.text, title, page.metadata), found.encoding


def eml(data: bytes, where: str, encoding: str | None = None) -> tuple[Extracted, str]:
    """Return the text of an e-mail, and its encoding. The subject is the title, the sender the author.

    A message that only holds another one is that other one.

    Raises:
        InputError: there is no text in it that can be read.
    """
    reader = _Reader(data, where, encoding)
    top = _message(data, 0, len(data), _HEAD)
    found = reader.read(top)
    while found.han < _LEAST and reader.enclosed:
        top = reader.enclosed.pop(0)
        found = reader.read(top)
    if found.han < _LEAST:
        if found.lost:
            raise InputError(f"{where}: {found.lost}")
        if reader.attached:
            raise InputError(
                f"{where}: an e-mail without Chinese text of its own; save its attachment {printable(reader.attached)} "
                "and give that"
            )
    subject = _REPLY.sub("", _words(top.head["subject"] or "", found.encoding), count=1).strip()
    name = _name(top.head, found.encoding)
    about = Metadata(author=authors([name]) if name else None, date=_date(top.head))
    return Extracted(found.extracted.text, subject or found.extracted.title, about), found.encoding


class _Reader:
    """Reads the parts of one message; collects the names of attachments and the messages enclosed."""

    def __init__(self, data: bytes, where: str, encoding: str | None) -> None:
        self.data = data
        self.where = where
        self.encoding = encoding
        self.parts = 0
        self.attached = ""
        self.enclosed: list[_Part] = []

    def read(self, part: _Part) -> _Found:
        """Return the text of a part and of those in it."""
        if part.depth > _DEEPEST:
            raise TooLargeError(f"{self.where}: parts nested more than {_DEEPEST} deep; give the text alone")
        kind = part.kind
        name = part.head.get_filename() if "name" in self._params(part) else None
        if part.head.get_content_disposition() == "attachment" or (name and kind == "text/plain" and part.depth):
            self.attached = self.attached or (_words(name) if name else "")
            if kind == "message/rfc822":
                self._enclose(part)
            return _NOTHING
        if kind.startswith("multipart/"):
            return self._several(part, kind.removeprefix("multipart/"))
        if kind == "message/rfc822":
            self._enclose(part)
        elif kind in ("text/html", "application/xhtml+xml"):
            return self._page(part)
        elif kind == "text/plain":
            text, used, lost = self._text(part)
            if part.head.get_param("format", "") == "flowed":
                text = _unflowed(text, part.head.get_param("delsp", "") == "yes")
            return _Found(Extracted(text), used, lost)
        elif name:
            self.attached = self.attached or _words(name)
        return _NOTHING

    @staticmethod
    def _params(part: _Part) -> str:
        return f"{part.head['content-type'] or ''} {part.head['content-disposition'] or ''}".lower()

    def _enclose(self, part: _Part) -> None:
        if len(self.enclosed) < 10:
            self.enclosed.append(_message(self.data, part.start, part.end, _HEAD, part.depth + 1))

    def _several(self, part: _Part, kind: str) -> _Found:
        children = self._children(part)
        if kind == "related":
            wanted = _bare(part.head.get_param("start"))
            root = next((c for c in children if wanted and _bare(c.head["content-id"]) == wanted), children[0])
            first = self.read(root)
            if first.han >= _LEAST:
                return first
            # The page may only hold a frame, which is a part of its own
            pages = [c for c in children if c is not root and c.kind == "text/html"][:20]
            return max([first, *map(self.read, pages)], key=lambda found: found.han)
        found = [self.read(child) for child in children]
        if kind == "alternative":
            most = max(f.han for f in found)
            if not most:
                return next((f for f in found if f.lost), found[0])
            # The last version is the richest; but a page is read without what surrounds an article
            return next(f for f in reversed(found) if f.han >= _FULL * most)
        full = [f for f in found if f.extracted.text.strip()]
        if len(full) <= 1:
            return full[0] if full else next((f for f in found if f.lost), _NOTHING)
        text = "\n\n".join(f.extracted.text.strip("\r\n") for f in full)
        return _Found(Extracted(text, full[0].extracted.title, full[0].extracted.metadata), full[0].encoding)

    def _children(self, part: _Part) -> list[_Part]:
        """Divide a part at its boundary, into one part at least."""
        told = part.head.get_param("boundary")
        mark = b"--" + collapse_rfc2231_value(told or "").strip().encode("latin-1", "replace")
        if not told or len(mark) < 3:
            raise self._damaged("no boundary is named between its parts")
        begun = -1
        spans: list[tuple[int, int]] = []
        for start, end, last in self._marks(mark, part):
            if begun >= 0:
                spans.append((begun, start))
            begun = end
            if last:
                break
        else:
            if begun >= 0:  # cut off
                spans.append((begun, part.end))
        self.parts += len(spans)
        if self.parts > _MOST:
            raise TooLargeError(f"{self.where}: more than {_MOST:,} parts in it; give the text alone")
        if not spans:
            raise self._damaged("none of its parts is there")
        return [_message(self.data, begun, end, _PART_HEAD, part.depth + 1) for begun, end in spans]

    def _marks(self, mark: bytes, part: _Part) -> Iterator[tuple[int, int, bool]]:
        """Yield where the lines between parts begin and end, with the line end before, and whether it is the last."""
        data, looked = self.data, 0
        at = part.start - 1  # of the line end before
        if not data.startswith(mark, part.start, part.end):
            at = data.find(b"\n" + mark, part.start, part.end)
        while at >= 0:
            looked += 1
            if looked > 10 * _MOST:
                raise TooLargeError(f"{self.where}: more than {_MOST:,} parts in it; give the text alone")
            after = at + 1 + len(mark)
            stop = data.find(b"\n", after, part.end)
            stop = part.end if stop < 0 else stop + 1
            rest = data[after : min(stop, after + 80)].strip()
            if rest in (b"", b"--"):
                yield max(part.start, at - (data[at - 1 : at] == b"\r")), stop, rest == b"--"
            at = data.find(b"\n" + mark, stop - 1, part.end)

    def _damaged(self, what: str) -> InputError:
        return InputError(f"{self.where}: damaged, {what}; save it anew")

    def _bytes(self, part: _Part) -> bytes:
        """Return a body without its transfer encoding; what is no base64 in base64 is passed over."""
        body = self.data[part.start : part.end]
        match (part.head["content-transfer-encoding"] or "").strip().lower():
            case "base64":
                letters = re.sub(rb"[^A-Za-z0-9+/]+", b"", body)
                # One letter too many says nothing; cut-off ones lack their padding
                letters = letters[: len(letters) - (len(letters) % 4 == 1)]
                return base64.b64decode(letters + b"=" * (-len(letters) % 4))
            case "quoted-printable":
                return quopri.decodestring(body)
        return body

    def _text(self, part: _Part) -> tuple[str, str, str]:
        """Return a part's text and its encoding: the caller's, the part's, the page's, else the one found out; without
        a text, why."""
        data = self._bytes(part)
        if not data.strip():
            return "", "", ""
        if self.encoding is not None:
            return (*decode(data, self.encoding, self.where), "")
        named = part.head.get_content_charset()
        own = declared(data) if part.kind != "text/plain" else None
        for charset in (named if named != "us-ascii" else own, own, None):
            try:
                "".encode(charset or "ascii")
                return (*decode(data, charset, self.where), "")
            except (InputError, LookupError, ValueError, TypeError):
                continue
        return "", "", "the text in it cannot be decoded; save it anew, or name its encoding with --encoding"

    def _page(self, part: _Part) -> _Found:
        text, used, lost = self._text(part)
        if not text.strip():
            return _Found(Extracted(""), used, lost)
        from pipeline.formats.web import html

        try:
            return _Found(html(text), used)
        except ValueError as error:
            return _Found(Extracted(""), used, one_line(error))


def _message(data: bytes, start: int, end: int, most: int, depth: int = 0) -> _Part:
    """Return the message or part that stands at ``start:end``: its headers end at the first blank line."""
    if depth == 0:
        start = _START.match(data).end()  # type: ignore[union-attr]
    empty = _EMPTY.match(data, start, end)
    if empty:  # no headers at all
        head, body = b"", empty.end()
    else:
        m = _BLANK_LINE.search(data, start, min(end, start + most))
        head, body = (data[start : m.start()], m.end()) if m else (data[start : min(end, start + most)], end)
    message = HeaderParser().parsestr(head.decode("latin-1"))
    for name in ("content-type", "content-disposition", "content-id", "content-transfer-encoding"):
        # The standard library looks for the ends of quoted values in time that grows with the square of their length
        if len(message[name] or "") > _LONGEST:
            message.replace_header(name, message[name][:_LONGEST])
    return _Part(message, body, end, depth)


def _words(raw: str, likely: str = "") -> str:
    """Return a header as text: encoded words, and bytes that stand in it as they are (as Latin-1 here), decoded.
    ``likely`` is the encoding of the text below."""
    raw = re.sub(r"\r?\n[ \t]*", " ", raw[:_LONGEST])
    out = []
    try:
        pieces = decode_header(raw)
    except (HeaderParseError, ValueError):
        pieces = [(raw, None)]
    for piece, charset in pieces:
        if isinstance(piece, str):
            if not piece.isascii() and max(piece) <= "\xff":
                piece = piece.encode("latin-1")
            else:  # plain, or a parameter that the standard library has decoded
                out.append(piece)
                continue
        out.append(_decoded(piece, charset, likely))
    return " ".join("".join(c if c.isprintable() else " " for c in "".join(out)).split())


def _decoded(data: bytes, charset: str | None, likely: str) -> str:
    """Decode a few words: too few to find their encoding out, if another than UTF-8 or the ``likely`` one."""
    for name in (charset, "utf-8", likely):
        try:
            if name and "".encode(name) == b"":
                return decode(data, name)[0]
        except (InputError, LookupError, ValueError, TypeError):
            continue
    return data.decode("utf-8", "replace")


def _bare(name: object) -> str:
    """Return an identifier without its angle brackets."""
    return name.strip().removeprefix("<").removesuffix(">") if isinstance(name, str) else ""


def _name(head: Message, likely: str) -> str:
    """Return the sender's name; nothing where there is an address alone."""
    raw = re.sub(r"\r?\n[ \t]*", " ", (head["from"] or "")[:_LONGEST])
    return _words(parseaddr(raw)[0], likely)


def _date(head: Message) -> str | None:
    """Return the day a message was sent, by its sender's clock; a time in UTC is told as China's."""
    try:
        moment = parsedate_to_datetime((head["date"] or "")[:100])
        moment = moment if moment.utcoffset() else moment.replace(tzinfo=UTC).astimezone(_CHINA)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return moment.date().isoformat() if 1970 <= moment.year < 2100 else None


def _unflowed(text: str, close: bool) -> str:
    """Join lines that a mail program has wrapped (RFC 3676): they end with a blank, which goes if ``close``."""
    out: list[list[str]] = []
    joins = False
    for line in text.splitlines():
        line = line.removeprefix(" ")  # put before what would be taken for a mark
        alone = line == "-- " or line.startswith(">")
        soft = line.endswith(" ") and not alone
        piece = line[:-1] if soft and close else line
        if joins and not alone:
            out[-1].append(piece)
        else:
            out.append([piece])
        joins = soft
    return "\n".join(map("".join, out))
