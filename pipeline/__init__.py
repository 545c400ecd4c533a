"""fupan (复盘): reads Chinese retrospective articles and returns what an analyst would mark, with the evidence.

    import pipeline as fp
    a = fp.analyze("corpus/xiaomi11.txt")
    a.sections, a.keywords, a.edges, a.summary

The names below are the public ones; each is loaded when first used, so that ``import pipeline`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.analysis import Analysis, analyze, analyze_text
    from pipeline.api import keywords, polarity, segment, split_sections, summarize
    from pipeline.comparison import Comparison, compare
    from pipeline.config import Settings, SettingsError, load_settings
    from pipeline.model import (
        Article,
        Edge,
        Edit,
        Evidence,
        Keyword,
        Mention,
        Network,
        Node,
        Polarity,
        Position,
        Section,
        Sentence,
        Token,
    )
    from pipeline.stages.read import InputError

__version__ = "0.1.0"

__all__ = [
    "Analysis",
    "Article",
    "Comparison",
    "Edge",
    "Edit",
    "Evidence",
    "InputError",
    "Keyword",
    "Mention",
    "Network",
    "Node",
    "Polarity",
    "Position",
    "Section",
    "Sentence",
    "Settings",
    "SettingsError",
    "Token",
    "__version__",
    "analyze",
    "analyze_text",
    "compare",
    "keywords",
    "load_settings",
    "polarity",
    "segment",
    "split_sections",
    "summarize",
]

_HOME = {
    **dict.fromkeys(("Analysis", "analyze", "analyze_text"), "pipeline.analysis"),
    **dict.fromkeys(("keywords", "polarity", "segment", "split_sections", "summarize"), "pipeline.api"),
    **dict.fromkeys(("Comparison", "compare"), "pipeline.comparison"),
    **dict.fromkeys(("Settings", "SettingsError", "load_settings"), "pipeline.config"),
    "InputError": "pipeline.stages.read",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'pipeline' has no attribute {name!r}")
    return getattr(import_module(_HOME.get(name, "pipeline.model")), name)


def __dir__() -> list[str]:
    return sorted(__all__)
