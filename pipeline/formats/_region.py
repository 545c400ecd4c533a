"""Which part of a web page is its article: the node that holds it, and the elements in it that do not belong.

Sites name their parts (``comments``, ``sidebar``, ``entry-content``), so names are looked at first; how the prose is
spread over the page decides where names are missing or mislead. Prose is Chinese text that is no link and is more than
a label.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

NO_TEXT = frozenset([
    "script", "style", "noscript", "template", "head", "title", "select", "option", "textarea", "input", "svg",
    "canvas", "iframe", "object", "embed", "audio", "video", "map", "rp", "rt", "rtc", "annotation", "annotation-xml",
    "datalist", "mjx-assistive-mml", "noframes", "button", "dialog",
])  # fmt: skip
"""Elements whose text a reader does not see, or not as text of the page."""

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_MARKS = re.compile(r"[，。！？；：、,.!?;]")
_SPLIT = re.compile(r"[^\w]+|[_-]+")
_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TALK = _words(
    "comment comments cmt pinglun disqus gitalk gitment valine waline twikoo utterances giscus livere changyan "
    "artalk remark42 replies respond reply discuss"
)
_JUNK = _TALK | _words(
    "sidebar sidenav rightside aside widget widgets nav navbar navs navigation navigator menu menus breadcrumb "
    "breadcrumbs crumb crumbs pagination paginator paginav pager prevnext topbar toolbar toolbars toolbox footer "
    "foot copyright license licensing licence declare disclaimer signature share sharing sharebar shares social "
    "bdshare addthis addtoany sharedaddy related relate relates recommend recommended recommends recommendation "
    "recommendations recom relevant similar relatedposts popular trending toc catalog catalogue outline tocbot tags "
    "taglist tag keywords categories category author authors byline bio avatar profile userinfo reward rewards "
    "donate donation dashang zanshang zan like likes vote votes digg fav favorite subscribe subscription newsletter "
    "follow qrcode ewm login signin signup register modal popup popover toast tooltip overlay cookie cookies consent "
    "gdpr ad ads adv advert advertisement advertising adsense adsbygoogle sponsor sponsored promo promotion guanggao "
    "gotop totop backtop scrolltop search searchbar extra editsection skiplink pingback trackback postmeta meta "
    " feedback authentication appdownload banner"
)
# Two words next to each other, the first being any of a kind of page.
_PAIRS = re.compile(
    r"\b(?:(?:post|article|entry|news|page|blog|content|single|doc|chapter)s? (?:info|infos|nav|navs|meta|tool|tools|"
    r"extra|prev|previous|next|end|bottom|operate|actions?|source|editor)|edit (?:link|page|this|info)|last updated?|"
    r"read (?:more|count|num)|views? count|table of contents|sr only|screen reader|visually hidden|copy code|"
    r"back to top|(?:recent|latest|hot|more|new|next|prev|previous|other) (?:posts?|news|articles?|list|reading)|"
    r"(?:prev|pre|previous) next|next prev(?:ious)?|desc tags?|report (?:btn|button|link|box))\b"
)
_ADS = re.compile(r"(?:ads?|gg)[_-]?\d+(?:x\d+)?$", re.IGNORECASE)
# Names on which more than the name hangs: a layout that *has* a sidebar is none.
_ABOUT = frozenset(["has", "no", "with", "without", "is", "enable", "hide", "show", "use", "layout", "type", "hentry"])
_GUTTER = _words(
    "gutter lineno linenos linenum linenumber ln-numbers hljs-ln-numbers line-numbers line-number "
    "line-numbers-wrapper line-numbers-rows pre-numbering line-index code-snippet__line-index linenodiv "
    "rouge-gutter lang code-lang copy-code-btn hljs-button code-block-extension-header toolbar-item lang-label "
    "cnblogs_code_toolbar code-block-extension-copycodebtn copy-btn clipboard-button code-header"
)
_HOLD = _words(
    "content contents article articles post entry body text markdown richtext rich detail story main zoom doc "
    "editor single hentry artibody blogpost topic page htmledit essay reader viewer read container"
)
_SURE = _words(
    "js_content rich_media_content cnblogs_post_body content_views artibody mp-editor ucap-content trs_editor "
    "post-richtext post_body entry-content post-content article-content post-body markdown-body articledetailcontent "
    "articlebody article-body article_content post_content entry_content article-entry"
)
_KEEP = frozenset(["html", "body", "main"])
_BOXES = frozenset([
    "div", "section", "ul", "ol", "dl", "p", "header", "table", "figure", "form", "fieldset", "details", "article",
    "center", "aside", "footer", "nav", "address", "tbody", "tr", "td", "li",
])  # fmt: skip
_TEXTUAL = frozenset(["p", "li", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "dd", "dt", "pre"])
_ALWAYS = frozenset(["nav", "footer"])  # left out by their tag, unless they hold most of the page
_HIDDEN = re.compile(r"display:none|visibility:hidden|(?<![\w-])opacity:0(?:\.0+)?(?![.\d])")


# Editors make up elements of their own: <ne-h2>, <ne-p>.
_OWN = re.compile(r"[a-z]{1,12}-(h[1-6]|p|li|ul|ol|table|tr|td|th)$")
_HEADING = re.compile(r"(?:^|\s)(?:docx-)?heading-?h?([1-6])(?:-block)?(?:$|\s)")


def tag_of(element: HtmlElement) -> str:
    """Return an element's name in small letters without a namespace; ``""`` for comments and the like."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    tag = tag.rsplit("}", 1)[-1].lower()
    return m[1] if "-" in tag and (m := _OWN.match(tag)) else tag


def role_of(element: HtmlElement, tag: str) -> str:
    """Return the name of the element that an element acts as: a heading need not be called ``h2``."""
    if tag in ("div", "p", "section", "span"):
        if element.get("role") == "heading":
            level = element.get("aria-level") or "2"
            return f"h{level}" if level in "123456" else "h2"
        name = element.get("class")
        if name and "heading" in name[:200] and tag != "span" and (m := _HEADING.search(name[:200])):
            return f"h{m[1]}"
    return tag


@dataclass(slots=True)
class Names:
    """What an element's class and id say of it."""

    whole: frozenset[str]
    junk: bool
    talk: bool
    holds: bool


def _pieces(value: str) -> Iterator[tuple[str, list[str]]]:
    for name in value.split()[:40]:
        words: list[str] = []
        for piece in _SPLIT.split(name):
            if piece:
                words += [w.lower() for w in _CAMEL.findall(piece)] if piece.isalpha() else [piece.lower()]
        yield name.lower(), words


def _named(value: str, known: dict[str, Names]) -> Names:
    """Return what class and id say; pages repeat a few values many times, so ``known`` remembers them."""
    found = known.get(value)
    if found is None:
        whole: set[str] = set()
        words: set[str] = set()
        junk = False
        for name, parts in _pieces(value[:600]):
            whole.add(name)
            if not _ABOUT.isdisjoint(parts):
                words |= set(parts) & _HOLD
                continue
            words |= set(parts)
            junk = junk or bool(_PAIRS.search(" ".join(parts)) or _ADS.match(name))
        junk = junk or not _JUNK.isdisjoint(words) or "mw-editsection" in whole
        found = Names(frozenset(whole), junk, not _TALK.isdisjoint(words), not _HOLD.isdisjoint(words))
        known[value] = found
    return found


@dataclass(slots=True)
class _Seen:
    """What is known of an element: its prose, and whether it lies in something that is no part of the article."""

    element: HtmlElement
    tag: str
    parent: int
    names: Names
    prose: float = 0.0
    clean: float = 0.0
    direct: float = 0.0
    out: bool = False
    talk: bool = False


@dataclass(slots=True)
class Region:
    """Where a page's article is.

    Attributes:
        node: the element that holds it.
        out: elements in it that are no part of it.
        prose: how much prose it holds, in Chinese characters.
    """

    node: HtmlElement
    out: set[HtmlElement] = field(default_factory=set)
    prose: float = 0.0


def _prose(text: str | None) -> float:
    if not text or not text.strip():
        return 0.0
    n = len(_HAN.findall(text))
    return float(n) if n >= 20 or (n >= 6 and _MARKS.search(text)) else 0.25 * n


def is_hidden(element: HtmlElement) -> bool:
    """Tell whether an element says that it is not shown, or that it is a copy for the eyes alone."""
    style = element.get("style")
    if style and _HIDDEN.search(style[:2000].replace(" ", "").lower()):
        return True
    return element.get("hidden") is not None or element.get("aria-hidden") == "true"


def _survey(root: HtmlElement) -> list[_Seen]:
    """Return the elements of a page that may hold text, parents first, with the prose of each."""
    from lxml import etree

    seen: list[_Seen] = []
    known: dict[str, Names] = {}
    open_: list[int] = []
    linked = 0
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = tag_of(element)
        if event == "start":
            if not tag or tag in NO_TEXT:
                walk.skip_subtree()
                continue
            names = _named(f"{element.get('class') or ''} {element.get('id') or ''}", known)
            linked += tag == "a"
            own = 0.0 if linked else _prose(element.text)
            seen.append(_Seen(element, tag, open_[-1] if open_ else -1, names, own, direct=own))
            open_.append(len(seen) - 1)
            continue
        if tag and tag not in NO_TEXT:
            at = open_.pop()
            linked -= tag == "a"
            if open_:
                seen[open_[-1]].prose += seen[at].prose
        if open_ and not linked and element is not root:
            own = _prose(element.tail)
            seen[open_[-1]].prose += own
            seen[open_[-1]].direct += own
    return seen


def find_region(root: HtmlElement) -> Region:
    """Return where the article of a page is."""
    seen = _survey(root)
    if not seen:
        return Region(root)
    out = _mark(seen, by_name=True)
    talk = sum(s.prose for s in seen if s.names.talk and not (s.parent >= 0 and seen[s.parent].talk))
    if seen[0].clean < 0.25 * (seen[0].prose - talk):
        out = _mark(seen, by_name=False)  # the names mislead: those of the article's own parts are among them
    node = _holder(seen)
    return Region(node.element, out, node.clean)


def _mark(seen: list[_Seen], *, by_name: bool) -> set[HtmlElement]:
    """Return the elements that are no part of the article, and note how much prose is left in each."""
    total = seen[0].prose
    out: set[HtmlElement] = set()
    textual = [False] * len(seen)
    for k, s in enumerate(seen):
        up = seen[s.parent] if s.parent >= 0 else None
        s.out = up.out if up is not None else False
        s.talk = s.names.talk or (up is not None and up.talk)
        textual[k] = s.parent >= 0 and (textual[s.parent] or seen[s.parent].tag in _TEXTUAL)
        s.clean = 0.0
        if not s.out and s.tag not in _KEEP and _is_out(s, total, inside=textual[k], by_name=by_name):
            s.out = True
            out.add(s.element)
    for s in reversed(seen):
        if s.out:
            continue
        s.clean += s.direct
        if s.parent >= 0:
            seen[s.parent].clean += s.clean
    return out


def _is_out(s: _Seen, total: float, *, inside: bool, by_name: bool) -> bool:
    """Tell whether an element is no part of the article; ``inside``, of a paragraph or the like, names say little."""
    most = s.prose > 0.5 * total and s.prose > 0
    if not _GUTTER.isdisjoint(s.names.whole):
        return not most
    if is_hidden(s.element):
        return not most
    if most and not (s.talk and s.prose < 0.9 * total and _SURE.isdisjoint(s.names.whole)):
        return False
    if s.tag in _ALWAYS or (
        s.tag == "aside" and not s.names.whole & {"callout", "note", "tip", "admonition", "notice"}
    ):
        return True
    if s.tag == "article":
        return s.names.talk
    role = s.element.get("role") or ""
    if role in ("navigation", "search", "contentinfo", "complementary", "banner", "dialog", "alert"):
        return True
    if not (s.names.talk or (by_name and s.names.junk)) or not _SURE.isdisjoint(s.names.whole):
        return False
    return not inside or (s.tag in _BOXES and s.tag not in _TEXTUAL)


def _holder(seen: list[_Seen]) -> _Seen:
    """Return the element that holds the article: by name, else the smallest one that holds the prose."""
    top = seen[0]
    if not top.clean:
        return top
    candidates = [s for s in seen if not s.out and not s.talk and s.clean > 0]
    for share, names in ((0.3, _is_sure), (0.5, _may_hold)):
        named = [s for s in candidates if names(s)]
        most = max((s.clean for s in named), default=0.0)
        if most >= share * top.clean and most >= 40:
            # Of nested ones the innermost that has nearly all; what is called an article may leave more outside.
            return [s for s in named if s.clean >= (0.85 if s.tag == "article" else 0.95) * most][-1]
    children: dict[int, list[int]] = {}
    for k, s in enumerate(seen):
        if not s.out and s.clean:
            children.setdefault(s.parent, []).append(k)
    at = 0
    while True:
        below = children.get(at, [])
        best = max(below, key=lambda k: seen[k].clean, default=None)
        rest = [k for k in below if k != best and (seen[k].tag in _TEXTUAL or seen[k].clean >= 40)]
        if best is None or seen[best].clean < 0.85 * seen[at].clean or seen[best].tag in _TEXTUAL:
            return seen[at]
        if seen[at].direct >= 15 or any(seen[k].tag in _TEXTUAL and seen[k].clean >= 15 for k in rest):
            return seen[at]
        at = best


def _is_sure(s: _Seen) -> bool:
    return not _SURE.isdisjoint(s.names.whole) or s.element.get("itemprop") == "articleBody"


def _may_hold(s: _Seen) -> bool:
    return s.names.holds or s.tag in ("article", "main") or s.element.get("role") in ("main", "article")
