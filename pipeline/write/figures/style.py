"""What all figures have in common: matplotlib itself, the Chinese font, colours, the sizes of type."""

from __future__ import annotations

import importlib
import os
import re
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.model import Label

if TYPE_CHECKING:
    from matplotlib.colors import Colormap
    from matplotlib.font_manager import FontProperties
    from matplotlib.typing import ColorType

# Okabe and Ito's vermilion and blue: told apart by colour-blind readers, and in grey by their side of zero
COLOURS: dict[Label, str] = {"negative": "#D55E00", "neutral": "#B4B4B4", "positive": "#0072B2"}
# The same for letters, dark enough on white
LETTERS: dict[Label, str] = {"negative": "#B24E00", "neutral": "#6B6B6B", "positive": "#0062A3"}
INK, FAINT, GRID, BAND = "#222222", "#6B6B6B", "#E3E3E3", "#F4F4F1"
MIDDLE = "#E4E4E4"
"""Of a score of 0 on the scale from vermilion to blue."""
TITLE, BODY, SMALL, LEAST = 15.0, 10.0, 9.0, 5.5
"""Sizes of type in points; ``LEAST`` is what a crowded subplot may go down to."""
LEADING = 1.3
"""Height of a line by its size of type."""
# Settings that are of the session, not of a style
_SESSION = frozenset(("backend", "backend_fallback", "interactive", "toolbar", "figure.max_open_warning"))


def load_matplotlib(*, scan_fonts: bool = True) -> None:
    """Import matplotlib; happens once, at the latest when a figure is drawn.

    matplotlib keeps a configuration and a cache folder; where nobody has imported it yet it is given a private one,
    which is gone when this returns, so that neither the user's home nor the temporary folder keeps anything. The user's
    own style is copied there before.

    Args:
        scan_fonts: whether matplotlib may list the fonts of the system, which takes it up to seconds. A process that
            draws nothing but these figures (the command line) needs none; in a notebook the user's own plots may.
    """
    if "matplotlib" in sys.modules:
        return
    before = os.environ.get("MPLCONFIGDIR")
    private = Path(tempfile.mkdtemp(prefix="fupan-matplotlib-"))
    os.environ["MPLCONFIGDIR"] = str(private)
    try:
        if scan_fonts:
            _copy_own(private, before)
        importlib.import_module("matplotlib")
        if not scan_fonts:
            _write_font_list(private)
        importlib.import_module("matplotlib.font_manager")
        if (private / "stylelib").is_dir():
            importlib.import_module("matplotlib.style")  # reads them when imported, and never again
    finally:
        if before is None:
            del os.environ["MPLCONFIGDIR"]
        else:
            os.environ["MPLCONFIGDIR"] = before
        shutil.rmtree(private, ignore_errors=True)
    if not scan_fonts:
        from matplotlib import get_data_path
        from matplotlib.font_manager import fontManager

        fontManager.addfont(Path(get_data_path(), "fonts", "ttf", "DejaVuSans.ttf"))


def _copy_own(folder: Path, configured: str | None) -> None:
    """Copy what the user has set for matplotlib, and the list of fonts that it may have made already."""
    try:
        home = Path.home()
    except RuntimeError:
        return
    config = os.environ.get("XDG_CONFIG_HOME") or home / ".config"
    cache = os.environ.get("XDG_CACHE_HOME") or home / ".cache"
    local = os.environ.get("LOCALAPPDATA") or home
    places = [Path(configured)] if configured else [Path(base, "matplotlib") for base in (config, cache, local)]
    for place in [home / ".matplotlib", *places] if not configured else places:
        try:
            for file in [*place.glob("matplotlibrc"), *place.glob("fontlist-*.json")]:
                shutil.copy(file, folder)
            if (place / "stylelib").is_dir():
                shutil.copytree(place / "stylelib", folder / "stylelib", dirs_exist_ok=True)
        except OSError:
            continue  # what cannot be read matplotlib would not have read either


def _write_font_list(folder: Path) -> None:
    """Put an empty font list where matplotlib looks for its cached one; where its form has changed it scans as ever."""
    import json
    from importlib.util import find_spec

    spec = find_spec("matplotlib.font_manager")
    if spec is None or spec.origin is None:
        return
    found = re.search(r"__version__ = '([\d.]+)'", Path(spec.origin).read_text(encoding="utf-8"))
    if found:
        empty: dict[str, object] = {
            "_version": found[1],
            "_FontManager__default_weight": "normal",
            "default_size": None,
            "defaultFamily": {"ttf": "DejaVu Sans", "afm": "Helvetica"},
            "afmlist": [],
            "ttflist": [],
            "__class__": "FontManager",
        }
        (folder / f"fontlist-v{found[1]}.json").write_text(json.dumps(empty), encoding="utf-8")


@contextmanager
def drawing() -> Iterator[None]:
    """Draw as if the user's matplotlibrc and style sheets said nothing; afterwards they are as before."""
    load_matplotlib()
    import matplotlib

    # Not ``rcdefaults``: it forgets the backend, and whether figures show by themselves
    defaults = {name: value for name, value in matplotlib.rcParamsDefault.items() if name not in _SESSION}
    with matplotlib.rc_context():
        with warnings.catch_warnings(action="ignore", category=matplotlib.MatplotlibDeprecationWarning):
            matplotlib.rcParams.update(defaults)
        # Of the bytes of an SVG: its identifiers, and letters as outlines
        matplotlib.rcParams["svg.hashsalt"] = "fupan"
        matplotlib.rcParams["svg.fonttype"] = "path"
        yield


def letters(size: float = BODY, color: str = INK) -> dict[str, Any]:
    """Return what makes a ``matplotlib.text.Text`` one of ours: the font's file, its size in points, its colour.

    The file, since its name would have to be made known to the whole process. What an article says is no formula.
    """
    return {"fontproperties": _font(size), "color": color, "parse_math": False, "usetex": False}


@lru_cache(maxsize=64)
def _font(size: float) -> FontProperties:
    from matplotlib.font_manager import FontProperties
    from pylopdf_fonts_zh_cn import sans_path

    # The file decides; the family is named lest the user's list of them has it looked for once a family
    return FontProperties(family="sans-serif", fname=str(sans_path()), size=size)


@lru_cache(maxsize=1)
def tones() -> Colormap:
    """Return the scale of scores: 0 is a score of -1, 0.5 of 0, 1 of 1."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("fupan", [COLOURS["negative"], MIDDLE, COLOURS["positive"]])


def tint(score: float) -> str:
    """Return the colour of a score in [-1, 1]; one that is no number has that of 0."""
    from matplotlib.colors import to_hex

    return to_hex(tones()((score + 1) / 2)) if abs(score) <= 1 else MIDDLE


def on(colour: ColorType) -> str:
    """Return the colour of letters on a ground: white on a dark one; what lies below a transparent one is light."""
    from matplotlib.colors import to_rgba

    red, green, blue, opaque = to_rgba(colour)
    return "#FFFFFF" if opaque > 0.5 and 0.3 * red + 0.59 * green + 0.11 * blue < 0.52 else INK
