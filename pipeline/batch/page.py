"""``index.html`` of a corpus: what its tables say, on one page."""

from __future__ import annotations

from pathlib import Path


def corpus_html(folder: Path) -> str:
    """Return the page of a merged corpus."""
    return ""
