"""The article of a web page, without menus, comments and advertising."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.formats._blocks import Block, read_blocks, write
from pipeline.formats._region import find_region, is_hidden
from pipeline.formats._tidy import is_byline, is_dated, tidy
from pipeline.formats._webmeta import Page, iso_date, metadata_of, title_of
from pipeline.formats.base import HAN, Extracted

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LEAST = 5  # Chinese characters that make a text worth reading
# Elements that open a line of their own: where one is left out, a line ends.
_BLOCK = frozenset(["div", "section", "center", "blockquote", "ul", "ol", "dl", "table", "header", "figure"])
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


# libxml2 takes time by the square of a tag's attributes. A picture written into an attribute has hardly an equals sign.
_ATTRIBUTES = 5_000
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{20000,}")


def html(page: str) -> Extracted:
    """Return the article of a web page as marked-up text, with its title, author, date and source.

    Raises:
        ValueError: the page has no text of its own, is nested too deep, or has a tag of thousands of attributes.
    """
    page = without_prolog(page)
    if any(m[0].count("=") > _ATTRIBUTES for m in _LONG_TAG.finditer(page)):
        raise ValueError(f"a tag with more than {_ATTRIBUTES:,} attributes; save the page anew")
    root, _ = parsed(page)
    region = find_region(root)
    about = Page(root, region.node)
    title = title_of(about)
    before = read_blocks(root, until=region.node) if region.node is not root else []
    blocks, said = tidy(read_blocks(region.node, region.out), title)
    said = [b.text for b in before[-20:] if is_byline(b)] + said
    if region.node is not root and not any(map(iso_date, said)):
        after = read_blocks(root, [region.node])[len(before) :]
        said += [b.text for b in before[-6:] + after[:6] if is_dated(b)]
    if sum(len(HAN.findall(b.text)) for b in blocks) < _LEAST:
        if why := _missing(root, blocks):
            raise ValueError(why)
        return Extracted(write(blocks), title)  # a title alone is no article
    tops = [b for b in blocks if b.kind == "head" and b.level == 1]
    if title is None and len(tops) == 1 and blocks[0] is tops[0]:
        title = blocks.pop(0).text
    text = write(_below(blocks, title))
    return Extracted(text, title, metadata_of(about, said))


def _below(blocks: list[Block], title: str | None) -> list[Block]:
    """Return blocks with the title above them, alone on its level."""
    if not title:
        return blocks
    shift = any(b.kind == "head" and b.level == 1 for b in blocks)
    lower = [replace(b, level=min(6, b.level + 1)) if shift and b.kind == "head" else b for b in blocks]
    return [Block("head", title, level=1), *lower]


def _missing(root: HtmlElement, blocks: list[Block]) -> str | None:
    """Return why a page has no text, where its author cannot know."""
    if root.find(".//frame") is not None:
        return "it only holds frames; save the frame with the article"
    scripts = sum(len(HAN.findall(e.text or "")) + 100 * (e.get("src") is not None) for e in root.iter("script"))
    empty = sum(len(b.text) for b in blocks) < 50
    return "its text is only inside a script; save the page once it has loaded" if empty and scripts >= 100 else None


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
    from lxml import etree, html

    for huge in (False, True):
        parser = html.HTMLParser(recover=True, no_network=True, huge_tree=huge, remove_comments=True, remove_pis=True)
        try:
            root = html.document_fromstring(page or "<p></p>", parser=parser)
        except etree.ParserError:  # no element at all: end tags alone, or a tag that never ends
            return html.document_fromstring("<p></p>"), True
        if not any("XML_PARSE_HUGE" in entry.message for entry in parser.error_log):
            return root, not huge
        page = _HOLDERS.sub(lambda m: "<hr>" if m["tag"].lower() in _BLOCK else "", page)
    raise ValueError("elements nested more than 2000 deep")


def walk(root: HtmlElement) -> str:
    """Return the text of a page, block by block, without what is no text; headings, list items and tables keep a
    mark."""
    out = {e for e in root.iter("nav", "aside", "footer", "form") if isinstance(e.tag, str)}
    out |= {e for e in root.iter() if isinstance(e.tag, str) and is_hidden(e)}
    return write(read_blocks(root, out))
