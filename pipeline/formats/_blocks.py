"""The blocks of a web page in reading order: paragraphs, headings, list items, rows of tables, code; and how they are
written as marked-up text."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal

from pipeline.formats._region import NO_TEXT, role_of, tag_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Kind = Literal["text", "head", "item", "row", "code"]

_BREAKS = frozenset([
    "p", "div", "section", "article", "main", "header", "footer", "nav", "aside", "h1", "h2", "h3", "h4", "h5", "h6",
    "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "table", "tbody", "thead", "tfoot", "tr", "td", "th",
    "caption", "figure", "figcaption", "hr", "body", "center", "address", "details", "summary", "form", "fieldset",
    "legend", "picture",
])  # fmt: skip
_HEADS = {f"h{n}": n for n in range(1, 7)}
_FONT = {"1": 10.0, "2": 13.0, "3": 16.0, "4": 18.0, "5": 24.0, "6": 32.0, "7": 48.0}
_SIZE = re.compile(r"(?<![\w-])font-size\s*:\s*(\d{1,4}(?:\.\d{1,6})?|\.\d{1,6})\s*(px|pt|rem|em|%|)(?![\w.])")
_WEIGHT = re.compile(r"(?<![\w-])font-weight\s*:\s*(bold|bolder|normal|lighter|\d{3})")
_ALIGN = re.compile(r"(?<![\w-])text-align\s*:\s*(-webkit-)?(\w{1,10})")
_LOOK = re.compile(r"(?<![\w-])(?:background(?:-color)?|border(?:-left|-bottom)?)\s*:\s*([^;]{1,80})")
_NO_LOOK = re.compile(
    r"(?:none|transparent|inherit|initial|unset|0|#fff(?:fff)?|white|rgb\(255,\s*255,\s*255\))(?![\w.])"
)
_CAPTION = re.compile(
    r"(?:^|[\s_-])(?:caption|figcaption|img[_-]?desc\w*|image-desc\w*|pic-?desc|img-?note)(?:$|[\s_-])"
)
_WIDE = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef，。！？；：、“”‘’（）《》【】…—"
_WRAP = re.compile(rf"(?<=[{_WIDE}])[ \t]*[\r\n][ \t\r\n\f]*(?=[{_WIDE}])")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_ANCHOR = re.compile(r"^[#¶§🔗\u200b\s]+(?=\w)|[#¶§🔗\u200b\s]+$")
_REFERENCE = re.compile(r"[\[(（【]?\s*(?:注\s*)?(?:\d{1,3}|[a-z*†‡]|[①-⑳])\s*[\])）】]?$", re.IGNORECASE)
_BREAK = "\n"


@dataclass(slots=True)
class Block:
    """A piece of a page that stands on lines of its own.

    Attributes:
        kind: what it is.
        text: one line, or the lines of ``code``.
        level: of a heading, from 1; of a list item, how deep it lies, from 1.
        mark: what a list item opens with (``-``, ``2.``); empty for its further paragraphs.
        quoted: it lies in a quotation.
        bold, centred: all of it is.
        size: its smallest letters, in pixels; 0 where nothing says.
        linked: share of its characters that are links; ``inner``, that are links to places in the page itself.
        look: background and border of what it lies in.
        lead: it lies in the ``header`` of a page or article.
        caption: it belongs to a picture; ``pictured``, it follows one.
    """

    kind: Kind
    text: str
    level: int = 0
    mark: str = ""
    quoted: bool = False
    bold: bool = False
    centred: bool = False
    size: float = 0.0
    linked: float = 0.0
    inner: float = 0.0
    look: str = ""
    lead: bool = False
    caption: bool = False
    pictured: bool = False


@dataclass(frozen=True, slots=True)
class _Style:
    bold: bool = False
    centred: bool = False
    size: float = 0.0
    link: int = 0  # 1: a link, 2: one to a place in this page
    look: str = ""
    lead: bool = False
    quoted: bool = False
    caption: bool = False


def _styled(element: HtmlElement, tag: str, above: _Style) -> _Style:
    """Return how the text of an element looks, given how the text around it does."""
    bold, centred, size, link, look = above.bold, above.centred, above.size, above.link, above.look
    if tag in ("b", "strong"):
        bold = True
    elif tag == "center":
        centred = True
    elif tag == "a":
        href = element.get("href") or ""
        link = 2 if "#" in href[:2000] and not href.endswith(("#wechat_redirect", "#rd")) else 1
    elif tag == "font":
        size = _FONT.get(element.get("size") or "", size)
    css = (element.get("style") or "")[:2000].lower()
    if css:
        if m := _SIZE.search(css):
            unit = {"pt": 4 / 3, "rem": 16.0, "em": size or 16.0, "%": (size or 16.0) / 100}.get(m[2], 1.0)
            size = float(m[1]) * unit or -1.0
        if m := _WEIGHT.search(css):
            bold = m[1].startswith("bold") or (m[1].isdigit() and int(m[1]) >= 600)
        if m := _ALIGN.search(css):
            centred = m[2] == "center"
        if "background" in css or "border" in css:
            looks = [m[1].strip() for m in _LOOK.finditer(css) if not _NO_LOOK.match(m[1].strip())]
            look = "|".join(looks) or look
    if (align := element.get("align")) is not None:
        centred = align.lower() == "center"
    name = element.get("class") or ""
    if not bold and len(name) < 200 and re.search(r"(?:^|[\s_-])(?:strong|bold)(?:$|\s)", name):
        bold = True
    lead = above.lead or tag == "header"
    caption = above.caption or tag == "figcaption" or (len(name) < 200 and _CAPTION.search(name) is not None)
    return _Style(bold, centred, size, link, look, lead, above.quoted or tag == "blockquote", caption)


def read_blocks(
    node: HtmlElement, out: Collection[HtmlElement] = (), *, until: HtmlElement | None = None
) -> list[Block]:
    """Return the blocks of a part of a page, without the elements ``out``, up to the element ``until``."""
    from lxml import etree

    writer = _Writer()
    styles = [_Style()]
    roles: list[str] = []
    walk = etree.iterwalk(node, events=("start", "end"))
    for event, element in walk:
        tag = tag_of(element)
        if element is until:
            break
        if event == "start":
            if not tag or tag in NO_TEXT or (element in out and element is not node) or _is_reference(element, tag):
                walk.skip_subtree()
                continue
            styles.append(_styled(element, tag, styles[-1]))
            roles.append(tag if writer.head else role_of(element, tag))
            writer.start(element, roles[-1], styles[-1])
            writer.text(element.text, styles[-1])
        else:
            skipped = not tag or tag in NO_TEXT or (element in out and element is not node)
            if not skipped and not _is_reference(element, tag):
                writer.end(roles.pop())
                styles.pop()
            if element is not node:
                writer.text(element.tail, styles[-1])
    writer.flush()
    return writer.blocks


def _is_reference(element: HtmlElement, tag: str) -> bool:
    """Tell whether an element only points to a footnote or back from one."""
    if tag == "sup":
        text = "".join(islice(element.itertext(), 8)).strip()
        linked = element.find(".//a") is not None or element.get("data-numero") is not None
        return len(text) <= 8 and bool(_REFERENCE.match(text)) and (linked or text[0] in "[【")
    if tag == "a":
        name = f"{element.get('class') or ''} {element.get('rev') or ''}"
        return len(name) < 300 and ("backref" in name or "footnote-back" in name)
    return False


def _is_data(table: HtmlElement) -> bool:
    """Tell whether a table holds data, and does not only place things side by side: judged by how it begins."""
    cells = most = 0
    for element in islice(table.iter(), 1, 300):
        tag = tag_of(element)
        if tag in ("table", "pre", "ul", "ol", "blockquote") or tag in _HEADS:
            return False
        if tag == "tr":
            cells = 0
        elif tag in ("td", "th"):
            cells += 1
            most = max(most, cells)
            if sum(len(t) for t in islice(element.itertext(), 40)) > 300:
                return False
    return most > 1


class _Writer:
    """Collects blocks while a page is walked through."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.runs: list[tuple[str, _Style]] = []
        self.head = 0
        self.lists: list[int] = []  # the next number of each open list; -1 where they have none
        self.mark = ""  # of the item that has just begun
        self.inside_item = 0
        self.verbatim = 0
        self.tables: list[bool] = []  # whether each open table holds data
        self.cells: list[str] = []
        self.rowed = 0
        self.image = False  # the block has begun with a picture
        self.pictured = False  # the block before held nothing else

    def start(self, element: HtmlElement, tag: str, style: _Style) -> None:
        if tag in ("img", "picture", "amp-img"):
            bare = not any(t.strip() for t, _ in self.runs)
            self.image = bare and not (self.rowed or self.head or self.verbatim)
        elif tag == "br":
            self.runs.append((_BREAK, style))
        elif self.verbatim:
            self.verbatim += tag == "pre"
            if tag in _BREAKS and self.runs and not self.runs[-1][0].endswith("\n"):
                self.runs.append((_BREAK, style))
        elif tag in _BREAKS:
            self._open(element, tag)

    def _open(self, element: HtmlElement, tag: str) -> None:
        if self.rowed and tag != "table":
            if tag in ("td", "th"):
                self.runs = []
            elif tag == "tr":
                self.cells = []
            else:
                self.runs.append((" ", _Style()))
            return
        self.flush()
        if tag == "pre":
            self.verbatim = 1
        elif tag in _HEADS:
            self.head = _HEADS[tag]
        elif tag in ("ul", "ol"):
            # The items of a list in which lists lie would look like numbered headings.
            plain = tag == "ul" or any(tag_of(e) in ("ul", "ol") for e in islice(element.iter(), 1, 200))
            start = (element.get("start") or "1")[:6]
            self.lists.append(-1 if plain else int(start) if start.isdecimal() else 1)
        elif tag == "li":
            self.inside_item += 1
            self.mark = "-"
            if self.lists and self.lists[-1] >= 0:
                self.mark = f"{self.lists[-1]}."
                self.lists[-1] += 1
        elif tag == "table":
            data = _is_data(element)
            self.tables.append(data)
            self.rowed += data

    def end(self, tag: str) -> None:
        if self.verbatim:
            self.verbatim -= tag == "pre"
            if not self.verbatim:
                self._code()
            return
        if tag not in _BREAKS:
            return
        if self.rowed and tag != "table":
            if tag in ("td", "th"):
                self.cells.append(" ".join("".join(t for t, _ in self.runs).split()))
                self.runs = []
            elif tag == "tr" and any(self.cells):
                self.blocks.append(Block("row", f"| {' | '.join(self.cells)} |"))
                self.cells = []
            return
        self.flush()
        if tag in _HEADS:
            self.head = 0
        elif tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif tag == "li":
            self.inside_item = max(0, self.inside_item - 1)
            self.mark = ""
        elif tag == "table" and self.tables:
            self.rowed -= self.tables.pop()

    def text(self, text: str | None, style: _Style) -> None:
        if not text or style.size < 0:
            return
        if not self.verbatim:
            text = _BLANKS.sub(" ", _WRAP.sub("", text) if "\n" in text else text)
        self.runs.append((text, style))

    def _code(self) -> None:
        body = "".join(t for t, _ in self.runs).replace("\xa0", " ").strip("\n")
        self.runs = []
        if body.strip():
            self.blocks.append(Block("code", "\n".join(line.rstrip() for line in body.splitlines())))

    def flush(self) -> None:
        """End the block; a line break in it ends a paragraph, but after a comma."""
        runs, self.runs = self.runs, []
        lines: list[list[tuple[str, _Style]]] = [[]]
        for run in runs:
            if run[0] != _BREAK:
                lines[-1].append(run)
            elif self.head or self.inside_item or _pauses(lines[-1]):
                lines[-1].append((" " if self.inside_item else "", run[1]))
            else:
                lines.append([])
        made = len(self.blocks)
        for line in lines:
            self._line(line)
        self.pictured = (self.image or self.pictured) and len(self.blocks) == made
        self.image = False

    def _line(self, line: list[tuple[str, _Style]]) -> None:
        text = _BLANKS.sub(" ", "".join(t for t, _ in line)).strip(" \u3000\xa0\u200b\ufeff")
        if not text:
            return
        shown = [(len(t.strip()), s) for t, s in line if t.strip(" \u3000\xa0\u200b\ufeff")]
        length = sum(n for n, _ in shown) or 1
        style = shown[0][1]
        block = Block(
            "text",
            text,
            quoted=style.quoted,
            bold=all(s.bold for _, s in shown),
            centred=style.centred,
            size=min(s.size for _, s in shown),
            linked=sum(n for n, s in shown if s.link) / length,
            inner=sum(n for n, s in shown if s.link == 2) / length,
            look=style.look,
            lead=style.lead,
            caption=style.caption,
            pictured=self.pictured,
        )
        if self.head:
            block.kind, block.level, block.text = "head", self.head, _ANCHOR.sub("", text)
            if not block.text:
                return
        elif self.inside_item:
            block.kind, block.level, block.mark = "item", max(1, len(self.lists)), self.mark
            self.mark = ""
        self.blocks.append(block)


def _pauses(line: list[tuple[str, _Style]]) -> bool:
    return bool(line) and line[-1][0].rstrip()[-1:] in ("，", "、", ",")


_LIKE_MARK = re.compile(r"#{1,6}(?:\s|[^\s#]*$)|>\s|(?:```|~~~)")


def write(blocks: list[Block]) -> str:
    """Return blocks as marked-up text, with a blank line between any two but items and rows."""
    lines: list[str] = []
    before: Block | None = None
    for b in blocks:
        if before is not None and not (
            b.kind == before.kind and b.kind in ("item", "row") and (b.mark or b.kind == "row")
        ):
            lines.append("")
        lines.append(_written(b))
        before = b
    return "\n".join(lines) + "\n"


def _written(b: Block) -> str:
    if b.kind == "head":
        return f"{'#' * b.level} {b.text}"
    if b.kind == "code":
        fence = "`" * max(3, 1 + max((len(m) for m in re.findall(r"`{3,}", b.text)), default=0))
        return f"{fence}\n{b.text}\n{fence}"
    if b.kind == "item":
        return "  " * (b.level - 1) + (f"{b.mark} {b.text}" if b.mark else f"  {b.text}")
    if b.quoted or b.caption:  # so that no short line among them is taken for a heading
        return f"> {b.text}"
    if b.bold and "**" not in b.text:
        return f"**{b.text}**"
    # What looks like a mark is none: the page has its own
    return f"\\{b.text}" if _LIKE_MARK.match(b.text) else b.text
