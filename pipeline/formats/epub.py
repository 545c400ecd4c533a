"""The text of an EPUB file, in the order of its spine."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from pipeline.formats.base import MAX_BYTES, Extracted, InputError, member, printable
from pipeline.formats.encoding import decode
from pipeline.formats.web import parsed, walk, without_prolog


def epub(data: bytes, where: str) -> Extracted:
    """Return the text of an EPUB in the order of its spine."""
    from posixpath import dirname, join, normpath
    from urllib.parse import unquote

    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)

    def tree(raw: bytes) -> etree._Element:
        root = etree.fromstring(raw, parser)
        if root is None:
            raise InputError(f"{where}: a broken EPUB; save it anew")
        return root

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        container = tree(member(archive, "META-INF/container.xml", where))
        package = next((str(e.get("full-path")) for e in container.iter("{*}rootfile") if e.get("full-path")), None)
        if package is None or package not in archive.namelist():
            raise InputError(f"{where}: a broken EPUB (no package file); save it anew")
        book = tree(member(archive, package, where))
        files = {e.get("id"): e.get("href") for e in book.iter("{*}item")}
        title = next((e.text.strip() for e in book.iter("{*}title") if e.text and e.text.strip()), None)
        names = set(archive.namelist())
        parts: list[str] = []
        budget = 2 * MAX_BYTES
        for e in book.iter("{*}itemref"):
            href = files.get(e.get("idref"))
            name = normpath(join(dirname(package), unquote(href))) if href else ""
            if name not in names or Path(name).stem.lower() == "nav":
                continue
            raw = member(archive, name, where, budget)
            budget -= len(raw)
            page = without_prolog(decode(raw, None, f"{where} ({printable(name)})")[0])
            if text := walk(parsed(page)[0]).strip():
                parts.append(text)
    return Extracted("\n\n".join(parts) + "\n", title)
