from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis import Analysis
from pipeline.write import figures
from pipeline.write.figures import write_figures
from tests.write.sample import article_of, hostile, sample

NAMES = ["keywords", "network", "sections", "sentences"]


# matplotlib is imported by the code under test only, since it would leave its cache in the home folder


def _drawn(analysis: Analysis, name: str) -> tuple[Any, Any]:
    """A figure with its renderer, after drawing."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure = figures._FIGURES[name](analysis)
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    return figure, canvas.get_renderer()


def _texts(analysis: Analysis, name: str) -> list[str]:
    """The texts of a figure as drawn, with their boxes checked to lie within the figure."""
    with figures._drawing():
        from matplotlib.text import Text

        figure, renderer = _drawn(analysis, name)
        found = []
        for text in figure.findobj(Text):
            assert isinstance(text, Text)
            shown = text.get_text()
            if text.get_visible() and shown.strip():
                box = text.get_window_extent(renderer)
                assert box.x0 >= 0, f"{shown!r} is cut off on the left"
                assert box.y0 >= 0, f"{shown!r} is cut off below"
                assert box.x1 <= figure.bbox.width, f"{shown!r} is cut off on the right"
                assert box.y1 <= figure.bbox.height, f"{shown!r} is cut off above"
                found.append(shown)
        return found


_LONG = "第{}部分：" + "一个长得没有道理的标题，里面还有VeryLongLatinWords和100%的数字" * 3
_ARTICLES = {
    "sample": sample(),
    "hostile": hostile(),
    "one section": article_of(sections=1, nodes=2),
    "forty sections": article_of(sections=40, sentences=3, nodes=26),
    "long headings": article_of(sections=7, sentences=9, nodes=5, heading=_LONG),
    "no edges": article_of(sections=2, nodes=30, linked=False),
    "many nodes": article_of(sections=2, nodes=60),
    "empty": article_of(sections=0),
    "long title": article_of(sections=3, heading="", nodes=1),
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("analysis", _ARTICLES.values(), ids=_ARTICLES)
def test_no_text_is_cut_off_or_without_a_glyph(analysis: Analysis, name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert _texts(analysis, name)


@pytest.mark.parametrize("name", NAMES)
def test_no_text_is_cut_off_on_real_articles(analyses: dict[str, Analysis], name: str) -> None:
    for analysis in analyses.values():
        assert len(_texts(analysis, name)) > 5


def test_files(tmp_path: Path) -> None:
    write_figures(sample(), tmp_path)
    names = sorted(path.name for path in (tmp_path / "figures").iterdir())
    assert names == sorted(f"{name}.{form}" for name in NAMES for form in ("png", "svg"))
    for name in NAMES:
        svg = (tmp_path / "figures" / f"{name}.svg").read_text(encoding="utf-8")
        # Outlines only: nothing depends on the reader's fonts
        assert ElementTree.fromstring(svg).tag.endswith("svg")
        assert "<text" not in svg
        assert not re.search(r"<dc:date>", svg)
        png = (tmp_path / "figures" / f"{name}.png").read_bytes()
        width, height = struct.unpack(">II", png[16:24])
        assert width > 1000
        assert height > 150
        assert not {b"tEXt", b"iTXt", b"tIME"} & set(re.findall(rb"tEXt|iTXt|tIME", png))


def test_what_is_lacking_is_said() -> None:
    empty = article_of(sections=0)
    assert "文中没有可以分析的章节。" in _texts(empty, "sections")
    assert "文中没有可以评分的句子。" in _texts(empty, "sentences")
    assert "文中没有出现概念或关键词。" in _texts(empty, "network")
    assert "文中没有找到关键词。" in _texts(empty, "keywords")
    alone = "\n".join(_texts(article_of(nodes=3, linked=False), "network"))
    assert "没有两个概念或关键词出现在同一句中" in alone
    assert "概念0、关键词1号、概念2" in alone


def test_what_is_left_out_is_counted() -> None:
    # 60 nodes have 174 edges that met once; 40 nodes and 60 lines find room
    assert any("为看得清没有画" in text for text in _texts(article_of(nodes=60), "network"))
    assert any("另有 12 节未画出" in text for text in _texts(article_of(sections=72, sentences=1), "sections"))


def test_figures_show_the_numbers() -> None:
    texts = _texts(sample(), "sections")
    assert {"一、问题出在哪里", "总结", "全文", "−0.55", "+0.60"} <= set(texts)
    assert {"参数", "体验", "品控", "信任", "用户"} & set(_texts(sample(), "network")) == {
        "体验",
        "品控",
        "信任",
        "用户",
    }
    assert any("未与其他词同句出现：参数" in text for text in _texts(sample(), "network"))


@pytest.mark.parametrize("nodes", [2, 13, 40])
def test_marks_and_labels_do_not_cover_each_other(nodes: int) -> None:
    analysis = article_of(nodes=nodes)
    with figures._drawing():
        figure, renderer = _drawn(analysis, "network")
        axes = figure.axes[0]
        boxes = [item.get_window_extent(renderer) for item in [*axes.texts, *axes.patches]]
    assert len(boxes) == 2 * min(nodes, 23)  # as far as 60 lines reach
    for number, box in enumerate(boxes):
        for other in boxes[number + 1 :]:
            assert not box.padded(-1).overlaps(other.padded(-1))


def test_style_and_state_stay_ours(tmp_path: Path) -> None:
    write_figures(sample(), tmp_path / "a")
    import matplotlib

    with matplotlib.rc_context({"font.size": 30, "svg.hashsalt": "other", "text.parse_math": True}):
        before = dict(matplotlib.rcParams)
        write_figures(sample(), tmp_path / "b")
        assert dict(matplotlib.rcParams) == before
    for path in (tmp_path / "a" / "figures").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / "figures" / path.name).read_bytes()


_PROGRAM = """
import sys
sys.path.insert(0, {tests!r})
import sample
from pathlib import Path
from pipeline.write.figures import load_matplotlib, write_figures
assert "matplotlib" not in sys.modules
load_matplotlib(scan_fonts={scan})
write_figures(sample.sample(), Path({out!r}))
import os
assert "MPLCONFIGDIR" not in os.environ
from matplotlib.font_manager import fontManager
print(len(fontManager.ttflist))
"""


def test_the_font_is_added_once() -> None:
    from matplotlib.font_manager import fontManager

    for scan in (True, False, True):
        figures.load_matplotlib(scan_fonts=scan)
    assert sum(font.name == figures._FAMILY for font in fontManager.ttflist) == 1


def test_a_fresh_process_leaves_nothing_behind_and_draws_the_same(tmp_path: Path) -> None:
    fonts = []
    for scan in (True, False):
        home, temporary, out = (tmp_path / f"{part}-{scan}" for part in ("home", "tmp", "out"))
        home.mkdir()
        temporary.mkdir()
        environment = {key: value for key, value in os.environ.items() if key not in ("MPLCONFIGDIR", "XDG_CACHE_HOME")}
        environment |= {"HOME": str(home), "TMPDIR": str(temporary), "PYTHONHASHSEED": str(int(scan))}
        program = _PROGRAM.format(tests=str(Path(__file__).parent), scan=scan, out=str(out))
        ran = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True, timeout=120
        )
        assert ran.stderr == ""
        assert not list(home.iterdir())
        assert not list(temporary.iterdir())
        fonts.append(int(ran.stdout))
    # Without a scan it knows the fonts of the figures only; otherwise the form of matplotlib's font list has changed
    assert fonts[1] < 5 < fonts[0]
    for path in (tmp_path / "out-True" / "figures").iterdir():
        assert path.read_bytes() == (tmp_path / "out-False" / "figures" / path.name).read_bytes()


@given(st.text(st.characters() | st.sampled_from("，。（A1 "), max_size=40), st.floats(-2, 30), st.integers(1, 4))
def test_fit(text: str, ems: float, lines: int) -> None:
    label = " ".join(text.split())
    fitted = figures._fit(label, ems, lines)
    made = fitted.split("\n") if fitted else []
    assert len(made) <= lines
    if ems >= 3:
        assert all(figures._width(line) <= ems for line in made)
    if "…" not in fitted:
        assert "".join(made).replace(" ", "") == label.replace(" ", "")


def test_lines_break_where_a_reader_would() -> None:
    assert figures._fit("（1）起初，越说越错", 6, 3) == "（1）起初，\n越说越错"
    assert figures._fit("升级到Kubernetes集群", 7, 3) == "升级到\nKubernetes\n集群"
    assert figures._fit("一二三四五六七八九十", 9, 2) == "一二三四五\n六七八九十"
    assert figures._fit("一二三四五六七八九十", 4, 2) == "一二三四\n五六七…"


def test_labels_are_drawable() -> None:
    with figures._drawing():
        assert figures._label("品控\x00\u200b👍\u202e A") == "品控 A"
        assert figures._label("\U0002f80a") == "〓"
        assert figures._label("\n") == "—"
