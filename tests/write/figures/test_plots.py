from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import pipeline as fp
from pipeline.analysis import Analysis
from pipeline.comparison import Comparison, compare
from pipeline.network.selection import sure
from pipeline.write.figures import (
    FIGURES,
    load_matplotlib,
    plot_articles,
    plot_concepts,
    plot_keywords,
    plot_network,
    plot_sections,
    plot_shared,
    plot_tone,
)
from pipeline.write.figures.sheet import for_file
from tests.write.figures.seen import ARTICLES, drawn, mentioned, overlapping, texts, with_edges
from tests.write.sample import article_of, edge, sample

# matplotlib is imported by the code under test only, since it would leave its cache in the home folder
load_matplotlib()

ROOT = Path(__file__).parents[3]
PLOTS: dict[str, Callable[..., Any]] = dict(FIGURES)


@pytest.fixture(autouse=True)
def _no_warnings() -> Iterator[None]:
    """A letter without a glyph is a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.fixture(scope="module")
def comparison(analyses: dict[str, Analysis]) -> Comparison:
    return compare(list(analyses.values()))


def own(plot: Callable[..., Any], thing: object, **more: object) -> Any:
    return plot(thing, new_figure=for_file, **more).figure


def read(plot: Callable[..., Any], thing: object, **more: object) -> list[str]:
    return [text for text, _ in texts(own(plot, thing, **more))]


@pytest.mark.parametrize("name", PLOTS)
@pytest.mark.parametrize("analysis", ARTICLES.values(), ids=ARTICLES)
def test_no_text_is_cut_off_covered_or_without_a_glyph(analysis: Analysis, name: str) -> None:
    found = texts(own(PLOTS[name], analysis))
    assert found
    assert overlapping(found) == []


@pytest.mark.parametrize("name", PLOTS)
def test_real_articles(analyses: dict[str, Analysis], name: str) -> None:
    for analysis in analyses.values():
        found = texts(own(PLOTS[name], analysis))
        assert len(found) > 5
        assert overlapping(found) == []


@pytest.mark.parametrize("size", [(12.0, 9.0), (6.4, 4.8), (3.0, 2.5)], ids=str)
@pytest.mark.parametrize("name", PLOTS)
@pytest.mark.parametrize("analysis", ARTICLES.values(), ids=ARTICLES)
def test_given_axes_of_any_size(analysis: Analysis, name: str, size: tuple[float, float]) -> None:
    figure = for_file(*size)
    ax, other = figure.subplots(1, 2)
    before = list(other.get_children())
    place = ax.get_position().bounds
    assert PLOTS[name](analysis, ax=ax) is ax
    assert figure.axes == [ax, other]
    assert other.get_children() == before
    assert not figure.texts
    assert ax.get_position().bounds == place
    other.remove()
    assert overlapping(texts(figure)) == []


@pytest.mark.parametrize("name", PLOTS)
def test_a_layout_engine_and_sub_figures(name: str) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 6), layout="constrained")
    halves: Any = figure.subfigures(1, 2)
    assert PLOTS[name](ARTICLES["forty sections"], ax=halves[0].subplots())
    texts(figure)


@pytest.mark.parametrize("name", PLOTS)
def test_settings_stay_and_do_not_matter(name: str, xiaomi11: Analysis) -> None:
    import matplotlib
    from matplotlib.font_manager import fontManager

    fonts = len(fontManager.ttflist)
    plain = [text for text, _ in texts(own(PLOTS[name], xiaomi11))]
    odd: Any = {"font.size": 30, "text.color": "red", "axes.grid": True, "font.family": ["serif", "monospace"]}
    with matplotlib.rc_context(odd):
        before = dict(matplotlib.rcParams)
        figure = own(PLOTS[name], xiaomi11)
        # Drawn later, when the user's settings hold again
        assert [text for text, _ in texts(figure)] == plain
        assert dict(matplotlib.rcParams) == before
    assert len(fontManager.ttflist) == fonts


def test_on_a_dark_figure(xiaomi11: Analysis) -> None:
    figure = for_file(6, 4)
    figure.set_facecolor("black")
    ax = plot_tone(xiaomi11, ax=figure.add_subplot())
    assert ax.get_facecolor() == (1.0, 1.0, 1.0, 1.0)
    assert ax.get_title(loc="left")
    outside = [ax.xaxis.label, ax.yaxis.label, *ax.get_xticklabels(), *ax.get_yticklabels()]
    assert {text.get_color() for text in outside} == {"#FFFFFF"}


@pytest.mark.parametrize("method", ["plot_tone", "plot_sections", "plot_network", "plot_keywords", "plot_concepts"])
def test_methods_show_one_figure_or_draw_on_axes(method: str, xiaomi11: Analysis) -> None:
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot
    from matplotlib.axes import Axes

    pyplot.close("all")
    try:
        axes = getattr(xiaomi11, method)()
        assert isinstance(axes, Axes)
        assert [pyplot.figure(number) for number in pyplot.get_fignums()] == [axes.figure]
        _, ax = pyplot.subplots()
        assert getattr(xiaomi11, method)(ax=ax) is ax
        assert getattr(xiaomi11, method)(ax) is ax
        assert len(pyplot.get_fignums()) == 2
    finally:
        pyplot.close("all")


@pytest.mark.parametrize("plot", [plot_articles, plot_shared])
def test_comparison(plot: Callable[..., Any], comparison: Comparison) -> None:
    found = texts(own(plot, comparison))
    assert overlapping(found) == []
    assert any("支付中断" in text for text, _ in found)
    figure = for_file(4.0, 3.0)
    ax = figure.add_subplot()
    assert (comparison.plot_tone if plot is plot_articles else comparison.plot_concepts)(ax) is ax
    assert overlapping(texts(figure)) == []


@pytest.mark.parametrize("plot", [plot_articles, plot_shared])
def test_comparison_of_all_sorts_and_of_many(plot: Callable[..., Any]) -> None:
    for made in (compare(list(ARTICLES.values())), compare([article_of(sections=0)]), compare([sample()] * 60)):
        assert overlapping(texts(own(plot, made))) == []


# What each shows


def test_what_is_lacking_is_said() -> None:
    empty = article_of(sections=0)
    assert "文中没有可以分析的章节。" in read(plot_sections, empty)
    assert "文中没有可以评分的句子。" in read(plot_tone, empty)
    assert "文中没有出现概念或关键词。" in read(plot_network, empty)
    assert "文中没有找到关键词。" in read(plot_keywords, empty)
    assert "文中没有提到词表里的概念。" in read(plot_concepts, empty)
    alone = "\n".join(read(plot_network, article_of(nodes=3, linked=False)))
    assert "没有两个概念或关键词出现在同一句中" in alone
    assert "概念0、关键词1号、概念2" in alone


def test_what_is_left_out_is_counted() -> None:
    # 60 nodes have 174 edges that met once; 26 nodes find room
    assert any("为看得清没有画" in text for text in read(plot_network, article_of(nodes=60)))
    assert any("另有 12 节未画出" in text for text in read(plot_sections, article_of(sections=72, sentences=1)))
    assert any("另有 6 个概念未画出" in text for text in read(plot_concepts, mentioned(article_of(nodes=26))))
    for plot in (plot_keywords, plot_sections, plot_concepts):
        figure = for_file(3, 1.5)
        plot(mentioned(article_of(nodes=26, sections=30)), ax=figure.add_axes((0.02, 0.02, 0.96, 0.8)))
        assert any("未画出" in text for text, _ in texts(figure))


def test_sections_show_scores_and_shares() -> None:
    shown = read(plot_sections, sample())
    assert {"一、问题出在哪里", "总结", "全文", "−0.55", "+0.60"} <= set(shown)
    ax = plot_sections(sample(), new_figure=for_file)
    bars: Any = ax.containers[0]
    assert [round(bar.get_width(), 2) for bar in bars] == [-0.55, 0.6, 0.1, -0.1]
    assert [bar.get_y() + bar.get_height() / 2 for bar in bars][:3] == [0, 1, 2]


def test_tone_marks_the_lowest_and_the_highest_sentence() -> None:
    shown = "\n".join(read(plot_tone, sample()))
    assert "屏幕漏光，用户的体验很差。" in shown
    assert "后来品控严了，口碑慢慢回来。" in shown
    ax = plot_tone(sample(), new_figure=for_file)
    assert ax.get_xlim() == (-0.5, 6.5)
    (line,) = {tuple(line.get_xdata()) for line in ax.lines if len(line.get_xdata()) > 2}  # type: ignore[arg-type]
    assert line == (1, 2, 4, 6)


def test_network_marks_kinds_and_firm_edges(xiaomi11: Analysis) -> None:
    ax = plot_network(xiaomi11, new_figure=for_file)
    edges = xiaomi11.drawn(nodes=26, lines=45).edges
    lines: Any = ax.collections[0]
    assert len(lines.get_segments()) == len(edges)
    dark = sum(tuple(colour) == tuple(lines.get_edgecolor()[-1]) for colour in lines.get_edgecolor())
    assert 0 < dark == sum(map(sure, edges)) < len(edges)
    shown = read(plot_network, xiaomi11)
    assert {"概念", "人物、产品、机构", "同句两次以上且 p < 0.05", "其余：可能碰巧"} <= set(shown)
    assert any("全部 288 条" in text for text in shown)
    assert len(set(lines.get_linewidth())) == len({edge.count for edge in edges})


def test_single_meetings_are_said() -> None:
    pairs = [edge(f"概念{2 * n}", f"关键词{2 * n + 1}号", 1 + (n < 2), 3, 3, 40) for n in range(8)]
    shown = read(plot_network, with_edges(article_of(nodes=16), pairs))
    assert any("只遇见一次的也画出" in text for text in shown)


@pytest.mark.parametrize("nodes", [2, 4, 13, 26, 40])
def test_marks_and_names_do_not_cover_each_other(nodes: int) -> None:
    figure = own(plot_network, article_of(nodes=nodes), nodes=40, lines=120)
    renderer = drawn(figure)
    ax = figure.axes[0]
    names = [text for text in ax.texts if text.get_path_effects()]
    marks = [line for line in ax.lines if len(line.get_xdata()) == 1 and line.get_transform() is ax.transData]
    assert len(names) == min(nodes, 40)
    boxes = [item.get_window_extent(renderer) for item in [*names, *marks]]
    for number, box in enumerate(boxes):
        for other in boxes[number + 1 :]:
            assert not box.padded(-1).overlaps(other.padded(-1))


def test_network_of_another_unit_and_wrong_arguments(xiaomi11: Analysis) -> None:
    assert any("同节" in text or "节" in text for text in read(plot_network, xiaomi11, unit="section", nodes=8))
    for more in ({"unit": "page"}, {"nodes": 1}, {"lines": 0}):
        with pytest.raises(ValueError, match=r"page|nodes"):
            plot_network(xiaomi11, **more)


def test_concepts_count_mentions_and_draw_few_of_them_small() -> None:
    analysis = mentioned(article_of(sections=3, nodes=9))
    ax = plot_concepts(analysis, new_figure=for_file)
    sizes: dict[bool, set[float]] = {True: set(), False: set()}
    patches: Any = ax.patches
    for patch in patches:
        x, y = round(patch.get_x() + patch.get_width() / 2), round(patch.get_y() + patch.get_height() / 2)
        if x < 3:
            (text,) = [text for text in ax.texts if text.get_position() == (x, y) and text.get_text().isdigit()]
            sizes[int(text.get_text()) < 3].add(round(patch.get_height(), 2))
    assert max(sizes[True]) < min(sizes[False])
    names = [node.name for node in sorted(analysis.nodes, key=lambda node: (-node.mentions, node.name))]
    assert [text.get_text() for text in ax.texts if text.get_text() in names] == names


def test_keywords_of_a_small_subplot_are_bars_alone(xiaomi11: Analysis) -> None:
    figure = for_file(4, 4)
    ax = plot_keywords(xiaomi11, ax=figure.add_subplot())
    bars: Any = ax.containers[0]
    assert [bar.get_width() for bar in bars] == [keyword.score for keyword in xiaomi11.keywords]
    assert "文首" not in [text.get_text() for text in ax.texts]


def test_articles_stand_on_one_scale(comparison: Comparison) -> None:
    ax = plot_articles(comparison, new_figure=for_file)
    containers: Any = ax.containers
    heights = [bar.get_height() for bars in containers for bar in bars]
    scores = [point.score for article in comparison.articles for point in article.course]
    assert heights == pytest.approx([-0.43 * score for score in scores])


def test_a_title_of_markup_is_text() -> None:
    analysis = replace(sample(), title="$x_1$ & _a_ ^b^ \\frac{1}{2}")
    assert any("$x_1$ & _a_ ^b^ \\frac{1}{2}" in text for text in read(plot_tone, analysis))


def test_importing_the_program_imports_no_matplotlib() -> None:
    import subprocess

    program = "import sys, pipeline, pipeline.write.figures; print('matplotlib' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", program], text=True) == "False\n"
    assert fp.Analysis.plot_tone.__doc__


def test_a_notebook_shows_each_figure_once_and_those_of_its_user_as_before() -> None:
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    sources = (
        "import pipeline as fp\na = fp.analyze('corpus/xiaomi11.txt')",
        "a.plot_tone();",
        "a.plot_sections();",
        "import matplotlib.pyplot as plt\nfigure, ax = plt.subplots()\na.plot_keywords(ax=ax);",
        "plt.plot([1, 2]);",
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    with warnings.catch_warnings(action="ignore"):
        nbclient.NotebookClient(
            notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}}
        ).execute()
    shown = [[output for output in cell.outputs if "image/png" in output.get("data", {})] for cell in notebook.cells]
    assert [len(images) for images in shown] == [0, 1, 1, 1, 1]
