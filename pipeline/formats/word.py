"""The text of a Word file (.docx)."""

from __future__ import annotations

import io
import re

from pipeline.formats.base import HAN, Extracted


def docx(data: bytes, _where: str) -> Extracted:
    """Return the text of a Word file; headings by style, by outline level, or (bold, alone in a paragraph) by look."""
    from docx import Document
    from docx.table import Table

    document = Document(io.BytesIO(data))
    blocks: list[tuple[str, str]] = []
    title: str | None = None
    for item in document.iter_inner_content():
        if isinstance(item, Table):
            for row in item.rows:
                cells = list(dict.fromkeys(" ".join(c.text.split()) for c in row.cells))
                if any(cells):
                    blocks.append(("table", "| " + " | ".join(cells) + " |"))
            continue
        text = item.text.strip()
        if not text:
            continue
        style = item.style.name if item.style is not None and item.style.name else ""
        level = _outline(item, style)
        if style.lower() in ("title", "标题") and title is None and not blocks:
            title = " ".join(text.split())
            blocks.append(("heading", f"# {title}"))
        elif level:
            blocks.append(("heading", "#" * min(level + (title is not None), 6) + " " + " ".join(text.split())))
        elif style.lower().startswith(("list", "列表", "列出")) or item._p.xpath("./w:pPr/w:numPr"):
            blocks.append(("list", "- " + text))
        elif len(text) <= 40 and item.runs and all(r.bold for r in item.runs if r.text.strip()) and "\n" not in text:
            blocks.append(("heading", f"**{text}**"))
        else:
            blocks.append(("text", text))
    lines: list[str] = []
    for k, (kind, text) in enumerate(blocks):
        if k and not (kind == blocks[k - 1][0] and kind in ("table", "list")):
            lines.append("")
        lines.append(text)
    if title is None:
        title = (document.core_properties.title or "").strip() or None
        title = None if title and not HAN.search(title) else title
    return Extracted("\n".join(lines) + "\n", title)


def _outline(paragraph: object, style: str) -> int:
    """Return the outline level of a Word paragraph, from 1; 0 for body text."""
    if m := re.fullmatch(r"(?:heading|标题|標題)\s*([1-9])(?:\s.*)?", style, re.IGNORECASE):
        return int(m[1])
    element = getattr(paragraph, "_p", None)
    found = element.xpath("./w:pPr/w:outlineLvl/@w:val") if element is not None else []
    return int(found[0]) + 1 if found and str(found[0]).isdigit() and int(found[0]) < 9 else 0
