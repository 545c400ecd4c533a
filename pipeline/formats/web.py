"""The article of a web page, without menus, comments and advertising."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.formats.base import HAN, Extracted

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SKIP = frozenset([
    "script", "style", "noscript", "template", "nav", "aside", "footer", "form", "button", "select", "svg", "iframe",
    "object", "embed", "head",
])  # fmt: skip
_BLOCK = frozenset([
    "p", "div", "section", "article", "main", "header", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl",
    "dt", "dd", "blockquote", "pre", "table", "tr", "figure", "figcaption", "hr", "br", "body", "center", "address",
])  # fmt: skip
# What stands before the page: libxml2 takes the inner part of a DOCTYPE, which XHTML may have, for text.
_PROLOG = re.compile(
    r"""\s*+(?:<\?xml[^>]{0,200}\?>)?+(?:\s++|<!--.*?-->)*+
    (?P<doctype><!DOCTYPE(?:[^<>\["']|"[^"]*"|'[^']*')*+
        (?:\[(?:<!--.*?-->|"[^"]*"|'[^']*'|[^\]"'<]|<(?!!--))*+\]\s*+)?+>)?+""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
# Elements that only hold others, or change how they look, and that may be nested to any depth.
_HOLDERS = re.compile(
    r"</?(?P<tag>div|section|center|blockquote|ul|ol|dl|table|header|figure|span|font|b|strong|em|i|u|s|a|big|small|sub|sup)"
    r"(?=[\s/>])[^<>]*>",
    re.IGNORECASE,
)


def html(page: str) -> Extracted:
    """Return the article of a web page as marked-up text, and its title."""
    import logging

    import trafilatura

    page = without_prolog(page)
    root, whole = parsed(page)
    title = None
    if m := re.search(r"<title[^>]{0,200}>([^<]{1,500})</title>", page, re.IGNORECASE):
        from html import unescape

        title = " ".join(unescape(m[1]).split()) or None
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    main: str | None = None
    try:
        main = None if not whole else trafilatura.extract(
            page, output_format="markdown", include_comments=False, include_tables=True, include_links=False,
            include_formatting=True, include_images=False, favor_recall=True, with_metadata=False,
        )  # fmt: skip
    except (RecursionError, ValueError, TypeError, AttributeError, IndexError, KeyError):
        main = None  # the plain walk below takes what trafilatura cannot
    walked = walk(root)
    if not main or len(HAN.findall(main)) < 0.3 * len(HAN.findall(walked)):
        main = walked
    first = re.search(r"^#[ \t]+(.+)$", main, re.MULTILINE)
    if first and len(re.findall(r"^#[ \t]", main, re.MULTILINE)) == 1:
        title = first[1].strip()
    elif title:
        # 标题 - 栏目 - 网站: the first part is the article's.
        title = re.split(r"\s+[-|_–—]\s+|\s*[|_]\s*", title)[0].strip() or title
    return Extracted(main, title)


def without_prolog(page: str) -> str:
    """Return a page without what stands before its first element."""
    return _PROLOG.sub(lambda m: "<!DOCTYPE html>" if m["doctype"] else "", page.replace("\0", ""), count=1)


def parsed(page: str) -> tuple[HtmlElement, bool]:
    """Return a page as a tree, and whether that is all of it.

    libxml2 leaves out, without a word, what lies deeper than 255 elements and what follows ten million characters
    without a tag. Such a page is parsed anew without the elements that only hold others.

    Raises:
        ValueError: the page is too deep even so.
    """
    from lxml import html

    for huge in (False, True):
        parser = html.HTMLParser(recover=True, no_network=True, huge_tree=huge, remove_comments=True, remove_pis=True)
        root = html.fromstring(page or "<p></p>", parser=parser)
        if not any("XML_PARSE_HUGE" in entry.message for entry in parser.error_log):
            return root, not huge
        page = _HOLDERS.sub(lambda m: "<hr>" if m["tag"].lower() in _BLOCK else "", page)
    raise ValueError("elements nested more than 2000 deep")


def walk(root: HtmlElement) -> str:
    """Return the text of a page, block by block, without what is no text; headings, list items and tables keep a
    mark."""
    from lxml import etree

    main = root.find(".//article")
    if main is None or len("".join(main.itertext())) < 200:
        main = root.find(".//main")
    node = main if main is not None and len("".join(main.itertext())) >= 200 else root
    out = _Writer()
    walk = etree.iterwalk(node, events=("start", "end"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        tag = tag.rsplit("}", 1)[-1].lower()
        if event == "start":
            style = (element.get("style") or "").replace(" ", "").lower()
            if tag in _SKIP or not tag or "display:none" in style or element.get("hidden") is not None:
                walk.skip_subtree()
                continue
            out.start(tag)
            out.text(element.text)
        else:
            if tag not in _SKIP:
                out.end(tag)
            if element is not node:
                out.text(element.tail)
    return out.finish()


class _Writer:
    """Collects the text of a page in blocks."""

    def __init__(self) -> None:
        self.blocks: list[str] = []
        self.parts: list[str] = []
        self.prefix = ""
        self.bold = 0
        self.plain = False  # the block holds text that is not bold
        self.verbatim = 0

    def start(self, tag: str) -> None:
        if tag == "br":
            self.parts.append("\n")
        elif tag in _BLOCK and not self.verbatim:
            self.flush()
            if tag == "pre":
                self.verbatim = 1
            elif tag[0] == "h" and tag[1:].isdigit():
                self.prefix = "#" * int(tag[1:]) + " "
            elif tag == "li":
                self.prefix = "- "
            elif tag == "blockquote":
                self.prefix = "> "
        elif tag in ("td", "th"):
            self.parts.append("| ")
        elif tag in ("b", "strong"):
            self.bold += 1

    def end(self, tag: str) -> None:
        if tag in ("b", "strong"):
            self.bold = max(0, self.bold - 1)
        elif tag == "tr":
            self.parts.append("|")
            self.flush()
        elif tag == "pre":
            body = "".join(self.parts).strip("\n")
            self.verbatim, self.parts = 0, []
            if body.strip():
                self.blocks.append(f"```\n{body}\n```")
        elif tag in _BLOCK and tag != "br" and not self.verbatim:
            self.flush()

    def text(self, text: str | None) -> None:
        if not text:
            return
        self.parts.append(text if self.verbatim else re.sub(r"[ \t\r\n\f]+", " ", text))
        self.plain = self.plain or (not self.bold and bool(text.strip()))

    def flush(self) -> None:
        body = "\n".join(line.strip() for line in "".join(self.parts).split("\n")).strip()
        if body and body != "|":
            if not self.plain and not self.prefix and "\n" not in body and body[0] != "|":
                body = f"**{body}**"
            if self.prefix[:1] == "#":
                body = " ".join(body.split())
            self.blocks.append(self.prefix + body)
            self.prefix = ""
        self.parts, self.plain = [], False
        if not body and self.prefix[:1] == "#":
            self.prefix = ""

    def finish(self) -> str:
        self.flush()
        lines: list[str] = []
        for a in self.blocks:
            same = lines and a[:1] == lines[-1][:1] and a[:2] in ("- ", "| ")
            lines += [a] if same or not lines else ["", a]
        return "\n".join(lines) + "\n"
