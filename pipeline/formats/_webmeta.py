"""Title, author, date and source of a web page: from what it says for machines, else from what stands by its title."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta, timezone
from html import unescape
from typing import TYPE_CHECKING, Any

from pipeline.bylines import bylines, chosen
from pipeline.credits import authors, dates, is_source
from pipeline.formats._region import tag_of
from pipeline.model import Metadata

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

_CHINA = timezone(timedelta(hours=8))
_STAMP = re.compile(r"((?:19|20)\d\d-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d{1,9})?\s*(Z|[+-]00:?00)$")
_VARIABLE = re.compile(
    r"\b(nickname|author|ct|create_time|createTime|oriCreateTime|msg_title)\s{0,9}[=:]\s{0,9}(?:\w{1,20}\(\s{0,9})?"
    r"""(?:"([^"\n]{0,200})"|'([^'\n]{0,200})')"""
)
_SEPARATOR = re.compile(r"\s+[-–—|·•_]+\s+|\s*[|_｜]\s*|\s*[–—]\s+|-(?=[^-]{2,12}(?:网|氪|社区|博客|新闻|频道)$)")
_UNNAMED = re.compile(
    r"(?:无标题|未命名|新建|untitled|document|home|index|首页)(?:文档|网页|页面|document|page)?[\s\d]*$", re.IGNORECASE
)
_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:author|byline|authorname|author[_-]?name\w*|user-?name|nickname|follow-nickname)(?:$|\s)"
)
_BRACKETS = re.compile(r"^\s*(?:\(\d+[^)]{0,12}\)|（\d+[^）]{0,12}）)\s*")


def _squeezed(text: str | None) -> str:
    return " ".join((text or "")[:2000].replace("\u200b", " ").split())


def _text(element: HtmlElement | None) -> str:
    return "" if element is None else _squeezed("".join(element.itertext()))


def _same(a: str, b: str) -> bool:
    a, b = (re.sub(r"[\W_]+", "", x).lower() for x in (a, b))
    return bool(a and b) and (a in b or b in a)


def iso_date(text: str) -> str | None:
    """Return the first date in a text as ``2021-01-07`` or ``2021-01``; a time in UTC is told as China's."""
    text = text.strip()[:200]
    if m := _STAMP.match(text):
        try:
            moment = datetime.fromisoformat(f"{m[1]}T{m[2]}+00:00")
        except ValueError:
            return None
        return moment.astimezone(_CHINA).date().isoformat()
    if re.fullmatch(r"1\d{9}(?:\d{3})?", text):
        return datetime.fromtimestamp(int(text[:10]), _CHINA).date().isoformat()
    return next((date.iso for date in dates(text) if "-" in date.iso), None)


class Page:
    """What a page says of itself: its ``meta`` elements, linked data, variables of its scripts, and the elements before
    the article, or at its beginning, that name author and date. ``node`` is the element that holds the article."""

    def __init__(self, root: HtmlElement, node: HtmlElement) -> None:
        self.meta: dict[str, str] = {}
        self.variables: dict[str, str] = {}
        self.data: list[dict[str, Any]] = []
        self.by_id: dict[str, HtmlElement] = {}
        self.heads: list[HtmlElement] = []
        self.times: list[str] = []
        self.bylines: list[HtmlElement] = []
        self.title = ""
        self.publisher = ""
        scripts = 0
        near = 1 << 60  # elements until those that may name author and date of something else
        for element in root.iter():
            tag = tag_of(element)
            near = 40 if element is node else near - 1
            if tag == "meta":
                content = _squeezed(element.get("content"))
                for key in ("property", "name", "itemprop"):
                    if (name := element.get(key)) and content:
                        self.meta.setdefault(f"{key if key == 'itemprop' else ''}:{name.lower()[:80]}", content)
            elif tag == "title" and not self.title:
                self.title = _text(element)
            elif tag == "h1" and len(self.heads) < 5:
                self.heads.append(element)
            elif tag == "time" and near > 0 and len(self.times) < 10:
                self.times.append(element.get("datetime") or _text(element))
            elif tag == "script" and scripts < 60:
                scripts += 1
                self._script(element)
            if (name := element.get("id")) and len(name) < 60:
                self.by_id.setdefault(name, element)
            prop = (element.get("itemprop") or "")[:40]
            if prop == "publisher" and not self.publisher:
                named = element.find(".//meta[@itemprop='name']")
                self.publisher = "" if named is None else _squeezed(named.get("content"))
            if near > 0 and len(self.bylines) < 20:
                self._byline(element, tag, prop)

    def _byline(self, element: HtmlElement, tag: str, prop: str) -> None:
        name = f"{(element.get('class') or '')[:200]} {element.get('rel') or ''}".lower()
        named = tag in ("a", "span", "p", "div", "strong") and _BYLINE.search(name) is not None
        if "author" in prop or named:
            self.bylines.append(element)
        elif prop in ("datePublished", "dateCreated", "dateUpdate", "dateModified"):
            self.times.insert(0, element.get("datetime") or element.get("content") or _text(element))

    def _script(self, element: HtmlElement) -> None:
        text = (element.text or "")[:400_000]
        if "json" in (element.get("type") or ""):
            if "ld+json" in (element.get("type") or ""):
                try:
                    self.data += list(_objects(json.loads(text)))
                except (ValueError, RecursionError):
                    return
            return
        for m in _VARIABLE.finditer(text):
            value = _squeezed(unescape(m[2] or m[3] or ""))
            if value:
                self.variables.setdefault(m[1], value)

    def first(self, *names: str) -> str:
        """Return the first of some ``meta`` elements that the page has."""
        return next((self.meta[n] for n in names if n in self.meta), "")

    def datum(self, *names: str) -> str:
        """Return a value of the linked data, of its articles first."""
        for name in names:
            for item in self.data:
                value = item.get(name)
                value = value[0] if isinstance(value, list) and value else value
                value = value.get("name") if isinstance(value, dict) else value
                if isinstance(value, str) and value.strip():
                    return _squeezed(value)
        return ""

    def at(self, name: str) -> str:
        """Return the text of the element with an id."""
        return _text(self.by_id.get(name))


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Return the articles in linked data, then the rest."""
    items = value if isinstance(value, list) else [value]
    flat: list[dict[str, Any]] = []
    for item in items[:50]:
        if isinstance(item, dict):
            graph = item.get("@graph")
            flat += [x for x in (graph if isinstance(graph, list) else [item])[:50] if isinstance(x, dict)]
    return iter(sorted(flat, key=lambda x: "headline" not in x and "datePublished" not in x and "pubDate" not in x))


def title_of(page: Page) -> str | None:
    """Return the article's title, without the site's name."""
    told = [t for t in (page.first(":og:title", ":twitter:title", ":articletitle"), page.variables.get("msg_title", ""),
                        page.datum("headline"), page.title) if t]  # fmt: skip
    told = [t for t in (_BRACKETS.sub("", t) for t in told) if not _UNNAMED.match(t)]
    visible = [page.at("activity-name")] + [re.sub(r"^[#¶§\s]+(?=\w)|[#¶§\s]+$", "", _text(h)) for h in page.heads]
    visible = [n for n in visible if 2 <= len(n) <= 150]
    for t in told:
        first = _SEPARATOR.split(t)[0]
        # The site's name may be a heading, too: it is a later part of the title.
        fitting = [n for n in visible if _same(n, first) and len(n) >= 0.3 * len(first)]
        fitting = fitting or [n for n in visible if _same(n, t) and len(n) >= 2 * len(first)]
        if fitting:
            return max(fitting, key=len)
    if len(visible) == 1 and all(t == page.first(":og:site_name") or not _SEPARATOR.search(t) for t in told[:1]):
        shorter = told and len(told[0]) < len(visible[0]) and not page.first(":og:title")
        if shorter or not told:
            return visible[0]
    for t in told:
        first = _SEPARATOR.split(t)[0].strip()
        if len(first) >= 2:
            return first[:200]
    return None


def metadata_of(page: Page, said: Sequence[str]) -> Metadata:
    """Return author, date and source; ``said`` are the lines between title and text."""
    lines = chosen(bylines(said))
    return Metadata(_author(page, lines.author), _date(page, lines.date), _source(page, lines.source))


def _name(text: str) -> str | None:
    """Return a name without what leads it in; None for what is none."""
    text = re.sub(r"^(?:作者|文|撰文|by|author)\s*[:：丨|/]?\s*", "", _squeezed(text), flags=re.IGNORECASE).strip(
        " ·,，@"
    )
    if not 1 < len(text) <= 30 or re.search(r"https?:|\d{4}|[。！？]|关注|发布|阅读", text):
        return None
    return authors([text])


def _author(page: Page, said: str | None) -> str | None:
    site = page.first(":og:site_name")
    candidates = [page.at("js_author_name"), page.variables.get("author", "") if "js_content" in page.by_id else "",
                  page.first(":og:article:author", ":article:author", ":author", ":byl", ":dc.creator"),
                  page.datum("author", "creator")]  # fmt: skip
    candidates.append(said or "")
    for element in page.bylines:
        named = element.find(".//meta[@itemprop='name']")
        candidates.append(named.get("content") or "" if named is not None else _text(element))
    for text in candidates:
        if (name := _name(text)) and name != site:
            return name
    return None


def _date(page: Page, said: str | None) -> str | None:
    candidates = [page.variables.get(v, "") for v in ("ct", "create_time", "oriCreateTime", "createTime")]
    candidates += [page.first(":article:published_time", ":og:published_time", ":og:release_date", ":publishdate",
                              ":pubdate", ":publish_date", "itemprop:datepublished", "itemprop:dateupdate", ":date",
                              ":weibo:article:create_at", ":dc.date", ":bytedance:published_time",
                              ":_pubtime", ":published_time"),
                   page.datum("datePublished", "pubDate", "dateCreated"),
                   page.at("publish_time"), page.at("post-date"), page.at("news-time")]  # fmt: skip
    candidates += [*page.times, said or ""]
    return next((found for text in candidates if text and (found := iso_date(text))), None)


def _source(page: Page, said: str | None) -> str | None:
    candidates = [page.at("js_name"), page.variables.get("nickname", ""), page.at("post-user")]
    candidates += [page.first(":contentsource", ":source", ":mediaid")]
    candidates += [
        said or "",
        page.publisher,
        page.datum("publisher"),
        page.first(":og:site_name", ":sitename", ":application-name"),
    ]
    candidates += [str(x.get("name") or "") for x in page.data if x.get("@type") == "WebSite"]
    parts = _SEPARATOR.split(_BRACKETS.sub("", page.title))
    candidates += [parts[-1]] if len(parts) > 1 and 2 <= len(parts[-1]) <= 16 else []
    return next((c[:40] for c in map(_squeezed, candidates) if is_source(c)), None)
