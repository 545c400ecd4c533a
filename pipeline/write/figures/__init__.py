"""Figures of an article and of a comparison, as matplotlib axes and as files; one figure a module.

The Chinese of every text is drawn with Noto Sans SC from the package ``pylopdf-fonts-zh-cn``; in SVG as outlines, so
that it shows on a machine without a Chinese font. Nothing here imports matplotlib before something is drawn.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.write.figures.comparison import plot_articles, plot_shared
from pipeline.write.figures.concepts import plot_concepts
from pipeline.write.figures.keywords import plot_keywords
from pipeline.write.figures.network import plot_network
from pipeline.write.figures.sections import plot_sections
from pipeline.write.figures.sheet import for_file
from pipeline.write.figures.style import drawing, load_matplotlib
from pipeline.write.figures.tone import plot_tone

if TYPE_CHECKING:
    from pipeline.analysis import Analysis

__all__ = [
    "FIGURES",
    "load_matplotlib",
    "plot_articles",
    "plot_concepts",
    "plot_keywords",
    "plot_network",
    "plot_sections",
    "plot_shared",
    "plot_tone",
    "write_figures",
]

FIGURES = {
    "tone": plot_tone,
    "sections": plot_sections,
    "network": plot_network,
    "keywords": plot_keywords,
    "concepts": plot_concepts,
}
"""What draws each file of ``figures/``."""
_DPI = 150
_LEVEL = 3
"""Of compression: a third of the time of the usual 6, for files a few per cent larger."""


def write_figures(analysis: Analysis, folder: Path) -> None:
    """Draw the figures of an analysis into ``folder/figures``: ``FIGURES``, each as ``.svg`` and ``.png`` (150 dpi).

    The same analysis gives the same bytes. What an article lacks (sections, edges, keywords) its figure says in words.
    matplotlib's global state is left as it was.
    """
    target = folder / "figures"
    target.mkdir(parents=True, exist_ok=True)
    with drawing():
        from matplotlib.figure import Figure

        for name, plot in FIGURES.items():
            figure = plot(analysis, new_figure=for_file).figure
            assert isinstance(figure, Figure)
            figure.savefig(
                target / f"{name}.png", dpi=_DPI, metadata={"Software": None}, pil_kwargs={"compress_level": _LEVEL}
            )
            figure.savefig(target / f"{name}.svg", metadata={"Date": None, "Creator": "fupan"})
