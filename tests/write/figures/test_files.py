from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from pipeline.analysis import Analysis
from pipeline.write.figures import write_figures
from tests.write.figures.seen import ARTICLES
from tests.write.sample import sample

NAMES = ["concepts", "keywords", "network", "sections", "tone"]


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
        assert width > 800
        assert height > 150
        assert not {b"tEXt", b"iTXt", b"tIME"} & set(re.findall(rb"tEXt|iTXt|tIME", png))


def test_style_and_state_stay_ours(tmp_path: Path) -> None:
    write_figures(sample(), tmp_path / "a")
    import matplotlib

    with matplotlib.rc_context({"font.size": 30, "svg.hashsalt": "other", "text.parse_math": True}):
        before = dict(matplotlib.rcParams)
        write_figures(sample(), tmp_path / "b")
        assert dict(matplotlib.rcParams) == before
    for path in (tmp_path / "a" / "figures").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / "figures" / path.name).read_bytes()


@pytest.mark.parametrize("analysis", ARTICLES.values(), ids=ARTICLES)
def test_the_same_bytes_on_repeat(analysis: Analysis, tmp_path: Path) -> None:
    for part in "ab":
        write_figures(analysis, tmp_path / part)
    for name in NAMES:
        for form in ("svg", "png"):
            first, second = (tmp_path / part / "figures" / f"{name}.{form}" for part in "ab")
            assert first.read_bytes() == second.read_bytes()


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


def test_a_fresh_process_leaves_nothing_behind_and_draws_the_same(tmp_path: Path) -> None:
    fonts = []
    for scan in (True, False):
        home, temporary, out = (tmp_path / f"{part}-{scan}" for part in ("home", "tmp", "out"))
        home.mkdir()
        temporary.mkdir()
        environment = {key: value for key, value in os.environ.items() if key not in ("MPLCONFIGDIR", "XDG_CACHE_HOME")}
        environment |= {"HOME": str(home), "TMPDIR": str(temporary), "PYTHONHASHSEED": str(int(scan))}
        program = _PROGRAM.format(tests=str(Path(__file__).parent.parent), scan=scan, out=str(out))
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


_SESSION = """
import sys
import pipeline as fp
assert "matplotlib" not in sys.modules
a = fp.analyze_text("一、开头\\n用户的体验很差。\\n二、结尾\\n后来品控很好。")
assert "matplotlib" not in sys.modules
a.plot_tone()
import matplotlib
from matplotlib import pyplot
print(pyplot.get_fignums(), matplotlib.rcParams["lines.linewidth"], "mine" in pyplot.style.available)
pyplot.style.use("mine")
"""


def test_a_session_has_the_style_that_its_user_has_set(tmp_path: Path) -> None:
    own = tmp_path / "matplotlib"
    (own / "stylelib").mkdir(parents=True)
    (own / "matplotlibrc").write_text("lines.linewidth: 7.5\n")
    (own / "stylelib" / "mine.mplstyle").write_text("lines.linewidth: 3\n")
    environment = {key: value for key, value in os.environ.items() if key != "XDG_CACHE_HOME"}
    environment |= {"MPLCONFIGDIR": str(own), "HOME": str(tmp_path)}
    ran = subprocess.run([sys.executable, "-c", _SESSION], env=environment, capture_output=True, text=True, check=True)
    assert ran.stdout == "[1] 7.5 True\n"
    assert sorted(path.name for path in own.iterdir()) == ["matplotlibrc", "stylelib"]
