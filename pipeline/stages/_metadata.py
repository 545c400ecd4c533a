"""Who wrote an article, when, and where it appeared: read from what stands around its text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.bylines import bylines, chosen, given

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.bylines import Credit
    from pipeline.model import Metadata

_LINES, _LENGTH = 60, 300
"""Lines of front matter, and characters of a line, that are looked at."""


def metadata_of(front: Sequence[str], lead: Sequence[str], tail: Sequence[str]) -> Metadata:
    """Return author, date and source as the lines around an article give them.

    Front matter wins over bylines, and these over what stands at the foot; each of the three fields by itself. A date
    of publication or writing wins over one of a change, and the name of a source over an address, of which the host is
    taken.

    Args:
        front: lines of YAML or TOML front matter, with or without its fences.
        lead: lines before the text that are no part of it (作者：…, 文/…, 来源：…), as the article has them.
        tail: likewise, after the text.
    """
    return chosen([*_fields(front[:_LINES]), *bylines(lead, tail)])


# ---------------------------------------------------------------------------------------------------------------------
# front matter

_KEYS = {
    "author": "author authors by writer byline creator 作者 撰文",
    "date": "date published publishdate publish_date pubdate date_published created created_at createdat datetime "
    "time 日期 时间 发布日期 发布时间",
    "changed": "updated lastmod modified last_modified updated_at 更新时间 更新日期",
    "source": "source from origin publisher site site_name sitename publication 来源 出处 公众号",
    "link": "source_url original original_url canonical canonical_url canonicalurl link url 原文链接 原文",
}
_KIND = {key: kind for kind, keys in _KEYS.items() for key in keys.split()}
_FIELD = re.compile(r"(\s*)(?:-\s+)?[\"']?([\w.-]{1,40})[\"']?\s*[:=](?:\s+|(?=[\"'\[{]|$)|(?<==))(.*)$")
_TABLE = re.compile(r"\[{1,2}\s*([\w.-]{1,40})\s*\]{1,2}$")
_PARTS = re.compile(r"\"([^\"]*)\"|'([^']*)'|([^,\[\]{}\"']+)")
_NESTED = ("name", "title", "姓名", "名称")


def _fields(lines: Sequence[str]) -> Iterator[Credit]:
    """Yield what the fields of front matter give: plain or quoted values, lists and one level of nesting."""
    values: dict[str, list[str]] = {}
    kind, table, depth = "", False, 0
    for line in lines:
        line = line[:_LENGTH].rstrip()
        body = line.strip()
        if not body or body[0] == "#" or body in ("---", "+++", "..."):
            continue
        if m := _TABLE.match(body):
            kind = _KIND.get(m[1].lower().rpartition(".")[2], "")
            table = True
            continue
        m = _FIELD.match(line)
        inside = m is not None and (len(m[1]) > depth or body[0] == "-" or table)
        if m is None or (inside and kind):
            # an item of a list, or a field of a table or mapping that the last field opened
            if kind and (m is None or m[2].lower() in _NESTED):
                values.setdefault(kind, []).extend(_values(body.lstrip("- ") if m is None else m[3]))
            continue
        depth = len(m[1])
        kind = "" if inside else _KIND.get(m[2].lower(), "")
        if kind and m[3]:
            values.setdefault(kind, []).extend(_values(m[3]))
            if not m[3].startswith("["):
                kind = ""
    for key, parts in values.items():
        yield from given(key, "、".join(parts) if key == "author" else parts[0] if parts else "")


def _values(text: str) -> list[str]:
    """Return the strings in a value: of a list, of a mapping with a name, or the value itself."""
    text = text.strip()
    if text[:1] == "{":
        named = re.search(r"[\"']?(?:name|title|姓名|名称)[\"']?\s*[:=]\s*[\"']?([^,\"'}]+)", text)
        return [named[1].strip()] if named else []
    if text[:1] not in ("[", '"', "'"):
        text = re.sub(r"\s#.*$", "", text)
        return [text.strip().rstrip("],").strip("\"'")] if text.strip("[], ") else []
    if text[:1] in "\"'":
        return [text[1:].partition(text[0])[0].strip()]
    parts = ((m[1] or m[2] or m[3] or "").strip() for m in _PARTS.finditer(text.rpartition("#")[0] or text))
    return [part for part in parts if part]
