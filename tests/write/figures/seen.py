"""What a test sees of a figure: its texts with the boxes that they take, after drawing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pipeline.analysis import Analysis
from pipeline.model import Edge, Mention, Network, Polarity
from tests.write.sample import article_of, hostile, sample


def drawn(figure: Any) -> Any:
    """Draw a figure and return the renderer."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    return canvas.get_renderer()


def texts(figure: Any) -> list[tuple[str, Any]]:
    """Return the visible texts of a figure with their boxes, which are checked to lie within it."""
    from matplotlib.axes import Axes
    from matplotlib.text import Text

    renderer = drawn(figure)
    found = []
    hidden = {id(text) for axes in figure.findobj(Axes) if not axes.xaxis.get_visible() for text in _of_axis(axes)}
    for text in figure.findobj(Text):
        shown = text.get_text()
        if text.get_visible() and shown.strip() and id(text) not in hidden:
            box = Text.get_window_extent(text, renderer)  # of an annotation without its arrow
            assert box.x0 >= -1, f"{shown!r} is cut off on the left"
            assert box.y0 >= -1, f"{shown!r} is cut off below"
            assert box.x1 <= figure.bbox.width + 1, f"{shown!r} is cut off on the right"
            assert box.y1 <= figure.bbox.height + 1, f"{shown!r} is cut off above"
            found.append((shown, box) if not text.get_rotation() % 90 else (shown, _lower_end(box)))
    return found


def _of_axis(axes: Any) -> list[Any]:
    from matplotlib.text import Text

    return [*axes.xaxis.findobj(Text), *axes.yaxis.findobj(Text)]


def _lower_end(box: Any) -> Any:
    """Return the part of a slanted text's box that its neighbours must keep clear of: its lower left corner."""
    from matplotlib.transforms import Bbox

    size = min(box.width, box.height, 12)
    return Bbox.from_bounds(box.x0, box.y0, size, size)


def overlapping(found: list[tuple[str, Any]]) -> list[tuple[str, str]]:
    """Return the pairs of texts of which one covers the other by more than a pixel."""
    return [
        (text, other)
        for number, (text, box) in enumerate(found)
        for other, second in found[number + 1 :]
        if box.padded(-1).overlaps(second.padded(-1))
    ]


def mentioned(analysis: Analysis) -> Analysis:
    """Return an analysis where each node that is a concept is mentioned as often as it says, all over the sections."""
    mentions = []
    for number, node in enumerate(analysis.nodes):
        for turn in range(node.mentions):
            section = (number + turn * turn) % max(len(analysis.sections), 1)
            score = ((number + turn) % 21 - 10) / 10
            polarity = Polarity("neutral", score, 0.0, 1.0, 0.0)
            mentions.append(Mention(node.name, node.name, 0, 1, 0, section, polarity))
    return replace(analysis, mentions=tuple(mentions) if analysis.sections else ())


def with_edges(analysis: Analysis, edges: list[Edge]) -> Analysis:
    """Return an analysis with other edges in its network."""
    kept = dict(analysis._kept)
    for unit in ("sentence", "paragraph", "section"):
        old = kept["network", unit]
        assert isinstance(old, Network)
        kept["network", unit] = replace(old, edges=tuple(edges))
    return replace(analysis, edges=tuple(edges), _kept=kept)


_LONG = (
    "第{}部分：" + "一个长得没有道理的标题，里面还有VeryLongLatinWordsWithoutAnyBreakAtAll和100%的数字_$x^2$ & 👍" * 3
)
ARTICLES = {
    "sample": sample(),
    "hostile": hostile(),
    "one section": mentioned(article_of(sections=1, nodes=2)),
    "forty sections": mentioned(article_of(sections=40, sentences=3, nodes=26)),
    "sixty sections": mentioned(article_of(sections=64, sentences=1, nodes=40)),
    "long headings": mentioned(article_of(sections=7, sentences=9, nodes=5, heading=_LONG)),
    "many long headings": mentioned(article_of(sections=15, sentences=2, nodes=25, heading=_LONG)),
    "no edges": article_of(sections=2, nodes=30, linked=False),
    "many nodes": mentioned(article_of(sections=2, nodes=60)),
    "empty": article_of(sections=0),
    "long title": replace(article_of(sections=3, heading="", nodes=1), title=_LONG * 2),
}
