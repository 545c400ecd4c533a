"""A headless Chromium for the tests: what a visit to a page shows, and detectors for what no page may do.

The fixtures are in ``tests/conftest.py``. A test of an interaction takes ``visit`` and ``pages``::

    seen = visit(pages["xiaomi11"], width=390, dark=True)
    seen.page.locator("summary").first.click()
    seen.assert_quiet()
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import pytest
from playwright.sync_api import BrowserContext, Dialog, Page, Request, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    *("--no-sandbox", "--no-first-run", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--disable-gpu", "--disable-dev-shm-usage"),
)
WIDTHS = (1440, 820, 390)
"""Pixels: a screen, a tablet held upright, a telephone."""
MOST_WAIT = 20_000
"""Milliseconds until an action that cannot be done fails."""

Media = Literal["screen", "print"]


def browser_path() -> str:
    """Return the browser's executable; where there is none, skip, or fail under CI, which must have one."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        message = f"NO BROWSER: the pages were not tried in one; install Chromium (looked for {', '.join(NAMES)})"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return found


@contextmanager
def started_browser(path: str) -> Iterator[BrowserContext]:
    """A browser with a fresh profile, which leaves nothing behind.

    While it runs, the thread counts as one with a running event loop: what starts a loop of its own in the same
    process (``asyncio.run``, a notebook's client) works only after it has ended.
    """
    with TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True) as folder:
        # The driver takes it from its environment, the browser from the driver's
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TMPDIR", folder)
            manager = sync_playwright()
            playwright = manager.start()
        try:
            browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
            try:
                # Motion would only be waited for
                context = browser.new_context(reduced_motion="reduce")
                context.set_default_timeout(MOST_WAIT)
                yield context
            finally:
                browser.close()
        finally:
            playwright.stop()


@dataclass
class Visit:
    """A page that is open, and what it did that could be noticed since the visit began.

    Attributes:
        console: messages, each with its kind before it.
        errors: of scripts, which nobody caught.
        requests: addresses asked for, but for the page's own and ``data:``.
        dialogs: what alerts and the like said.
    """

    page: Page
    address: str
    console: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def listen(self) -> Callable[[], None]:
        """Write down what happens from now on, until what is returned is called."""

        def dismiss(dialog: Dialog) -> None:
            self.dialogs.append(dialog.message)
            dialog.dismiss()

        listeners: dict[str, Callable[[Any], object]] = {
            "console": lambda message: self.console.append(f"{message.type}: {message.text}"),
            "pageerror": lambda error: self.errors.append(str(error)),
            "request": self._asked,
            "popup": lambda page: self.requests.append(f"a window: {page.url}"),
            "websocket": lambda socket: self.requests.append(socket.url),
            "download": lambda download: self.requests.append(f"to keep: {download.url}"),
            "dialog": dismiss,
        }
        events: Any = self.page  # its methods are typed for each event by itself
        for event, listener in listeners.items():
            events.on(event, listener)

        def stop() -> None:
            for event, listener in listeners.items():
                events.remove_listener(event, listener)

        return stop

    def _asked(self, request: Request) -> None:
        own = request.is_navigation_request() and request.url.split("#")[0] == self.address
        if not own and not request.url.startswith("data:"):
            self.requests.append(request.url)

    def settle(self) -> None:
        """Wait until what the page has set going is drawn and reported."""
        self.page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")

    def assert_quiet(self) -> None:
        """Fail if there was a message, an error, a request or a dialog."""
        self.settle()
        assert (self.console, self.errors, self.requests, self.dialogs) == ([], [], [], [])


class Visitor:
    """Opens pages, each in a tab of its own; tabs are used again, emptied of what the last page stored.

    A profile for each page would be safer still, but takes longer to set up than a page to open.
    """

    def __init__(self, context: BrowserContext, folder: Path) -> None:
        self._context = context
        self._folder = folder
        self._numbers = count()
        self._free: list[Page] = []
        self._used: list[tuple[Page, Callable[[], None]]] = []

    def __call__(
        self,
        what: str | Path,
        *,
        width: int = 1440,
        height: int = 900,
        dark: bool = False,
        media: Media = "screen",
        fragment: str = "",
    ) -> Visit:
        """Open a file, or a page given as text, in a window of that size, and wait until it has loaded.

        Args:
            what: path of the page, or its HTML.
            width: of the window in CSS pixels.
            height: of the window.
            dark: whether the reader prefers dark pages.
            media: ``"print"`` lays it out as on paper.
            fragment: of the address, without the ``#``.
        """
        if isinstance(what, str):
            path = self._folder / f"page-{next(self._numbers)}.html"
            path.write_text(what, encoding="utf-8")
        else:
            path = what
        page = self._free.pop() if self._free else self._context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(media=media, color_scheme="dark" if dark else "light")
        seen = Visit(page, path.as_uri())
        self._used.append((page, seen.listen()))
        page.goto(seen.address + (f"#{fragment}" if fragment else ""))
        seen.settle()
        return seen

    def close(self) -> None:
        """Leave every page, and close the windows that pages opened."""
        for page, stop in self._used:
            stop()
            if page.url.startswith("file:"):
                page.evaluate("localStorage.clear(); sessionStorage.clear(); name = ''")
            page.goto("about:blank")
            self._free.append(page)
        self._used.clear()
        for page in self._context.pages:
            if page not in self._free:
                page.close()


def open_all(page: Page) -> None:
    """Unfold everything that folds."""
    page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")


_BEYOND = """() => {
    const width = document.documentElement.clientWidth;
    // Inside of a region that scrolls on its own, text that ends in an ellipsis, a drawing, or what only readers aloud
    // get, nothing is lost
    const contained = element => {
        for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
            const style = getComputedStyle(at);
            if (at instanceof SVGElement || ['auto', 'scroll'].includes(style.overflowX) || style.clipPath !== 'none'
                || (style.overflowX === 'hidden' && style.textOverflow === 'ellipsis')) return true;
        }
        return false;
    };
    const found = [...document.querySelectorAll('body *')].filter(element => {
        // What is folded is not even measured
        if (!element.checkVisibility()) return false;
        const box = element.getBoundingClientRect();
        return box.width && (box.right > width + 1 || box.left < -1)
            && getComputedStyle(element).clipPath === 'none' && !contained(element);
    }).map(element => element.outerHTML.slice(0, 90));
    const scrolled = document.documentElement.scrollWidth;
    return scrolled > width ? [`the document is ${scrolled} wide in ${width}`, ...found] : found;
}"""


def what_sticks_out(page: Page) -> list[str]:
    """Return what makes the document scroll sideways, or lies beyond its edge; the first few."""
    found: list[str] = page.evaluate(_BEYOND)
    return found[:4]


@dataclass(frozen=True)
class Audit:
    """What axe-core found.

    Attributes:
        applied: rules that had something to look at.
        serious: a line for each element with a finding that is serious or critical.
    """

    applied: frozenset[str]
    serious: list[str]


@lru_cache(maxsize=1)
def _axe() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


_AUDIT = """async () => {
    // What passes is only counted, and selectors are written when there is a fault: both take long
    const options = {resultTypes: ["violations"], preload: false, iframes: false, selectors: false};
    const serious = found => found.violations.filter(rule => ["serious", "critical"].includes(rule.impact));
    let found = await axe.run(document, options);
    if (serious(found).length) found = await axe.run(document, {...options, selectors: true});
    return {
        applied: [...found.passes, ...found.violations, ...found.incomplete].map(rule => rule.id),
        serious: serious(found).flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.target.join(" ")}: ${
            [...node.any, ...node.all, ...node.none].map(check => check.message).join("; ")}`)),
    };
}"""


def audit(page: Page) -> Audit:
    """Have axe-core look at the page as it is now; fail if it did not get to work."""
    page.evaluate(_axe())  # through the debugger, which no policy of the page stops
    found = page.evaluate(_AUDIT)
    applied = frozenset(found["applied"])
    assert len(applied) > 10
    assert "color-contrast" in applied
    return Audit(applied, found["serious"])


@dataclass(frozen=True)
class Stop:
    """Where the Tab key led.

    Attributes:
        place: index among the controls, or -1 for something else that takes the focus.
        name: the element, in short.
        scrolls: it is a region that scrolls, which the browser itself makes a stop.
        marked: there is an outline or a shadow around it.
        in_sight: it is in the window, and not all behind what sticks to its edges.
    """

    place: int
    name: str
    scrolls: bool
    marked: bool
    in_sight: bool


@dataclass(frozen=True)
class Walk:
    """A walk by the Tab key through a page.

    Attributes:
        controls: visible links, buttons, fields and summaries, in the page's order, in short.
        out_of_reach: visible controls that the keyboard passes over and that no other one stands for.
        stops: in the order of the walk.
        left: the walk came out at the end of the page.
    """

    controls: list[str]
    out_of_reach: list[str]
    stops: list[Stop]
    left: bool

    def assert_whole(self) -> None:
        """Fail unless the walk reached every control once and in order, visibly each time, and came out again."""
        assert self.out_of_reach == []
        assert self.left, f"the walk ends nowhere: … {[stop.name for stop in self.stops[-3:]]}"
        reached = [stop.place for stop in self.stops if stop.place >= 0]
        missing = [name for place, name in enumerate(self.controls) if place not in set(reached)]
        assert missing == []
        assert reached == sorted(reached)
        assert len(reached) == len(set(reached))
        assert [stop.name for stop in self.stops if stop.place < 0 and not stop.scrolls] == []
        assert [stop.name for stop in self.stops if not stop.marked] == []
        assert [stop.name for stop in self.stops if not stop.in_sight] == []


_PREPARE = """() => {
    const all = [...document.querySelectorAll(
        'a[href], button, input, select, textarea, summary, [tabindex], [contenteditable]')];
    const name = element => element.outerHTML.slice(0, 100).replace(/\\s+/g, ' ');
    const usable = element => !element.disabled && element.type !== 'hidden'
        && !(element.matches('summary') && element.parentElement.matches('details')
            && element.parentElement.querySelector(':scope > summary') !== element);
    // Of radio buttons of one name the checked one is the stop, the arrows lead to the others
    const aside = element => element.matches('input[type=radio]:not(:checked)')
        && all.some(other => other.type === 'radio' && other.name === element.name && other.checked);
    const seen = all.filter(element => usable(element) && element.checkVisibility({visibilityProperty: true}));
    const stops = all.filter(element => usable(element) && element.tabIndex >= 0);
    const controls = seen.filter(element => element.tabIndex >= 0 && !aside(element));
    // A link passed over is no loss if another one leads there, or if its target has a stop in it; nor is a part of a
    // widget in which the arrows lead on
    const replaced = element => {
        const to = element.getAttribute('href');
        const target = to && to.length > 1 && to.startsWith('#') && document.getElementById(to.slice(1));
        const widget = element.parentElement.closest('[role]:not([role=img]):not([role=presentation])');
        return stops.some(stop => (to && stop.getAttribute('href') === to) || (target && target.contains(stop))
            || (widget && widget.contains(stop)));
    };
    const lost = seen.filter(element => element.tabIndex < 0 && !replaced(element)
        && element.matches('a[href], button, input, select, textarea, summary'));
    const places = new Map(controls.map((element, place) => [element, place]));
    const sticky = [...document.querySelectorAll('body *')].filter(element =>
        element.checkVisibility() && ['sticky', 'fixed'].includes(getComputedStyle(element).position)
        && !element.matches('th, td'));
    const visible = element => {
        const box = element.getBoundingClientRect();
        let top = 0, bottom = innerHeight;
        for (const bar of sticky) {
            const edge = bar.getBoundingClientRect();
            if (bar.contains(element) || edge.width < innerWidth / 2) continue;
            if (edge.top <= 0) top = Math.max(top, edge.bottom);
            else if (edge.bottom >= innerHeight) bottom = Math.min(bottom, edge.top);
        }
        return box.bottom > top && box.top < bottom && box.right > 0 && box.left < innerWidth;
    };
    const steps = window.stepsOfTheWalk = [];
    let last = null;
    document.addEventListener('focusin', ({target: element}) => {
        const style = getComputedStyle(element);
        const step = {
            place: places.get(element) ?? -1,
            name: name(element),
            scrolls: [style.overflowX, style.overflowY].some(kind => kind === 'auto' || kind === 'scroll'),
            marked: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none',
            in_sight: true,
        };
        steps.push(step);
        last = [element, step];
    });
    // The browser scrolls to it after that event: by the next key it has
    addEventListener('keydown', () => {
        if (last && last[0] === document.activeElement) last[1].in_sight = visible(last[0]);
    }, true);
    return {controls: controls.map(name), lost: lost.map(name)};
}"""

_BATCH = 20
"""Keys pressed before a look at where they led: a look takes as long as a few of them."""


def walk_by_tab(page: Page) -> Walk:
    """Press Tab from the beginning of the page until it leads out of it and in again, or nowhere."""
    found = page.evaluate(_PREPARE)
    stops: list[Stop] = []
    for _ in range(2 * len(found["controls"]) // _BATCH + 4):
        for _ in range(_BATCH):
            page.keyboard.press("Tab")
        stops = [Stop(**step) for step in page.evaluate("stepsOfTheWalk")]
        first = (stops[0].place, stops[0].name)
        again = next((at for at in range(1, len(stops)) if (stops[at].place, stops[at].name) == first), None)
        if again:
            return Walk(found["controls"], found["lost"], stops[:again], True)
    return Walk(found["controls"], found["lost"], stops, False)


_LIGHT = """selector => {
    const channel = value => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    const light = text => {
        const [red, green, blue] = text.match(/[\\d.]+/g).map(Number);
        return 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);
    };
    const style = getComputedStyle(document.querySelector(selector));
    return [light(style.color), light(style.backgroundColor)];
}"""


def light_of(page: Page, selector: str = "body") -> tuple[float, float]:
    """Return the relative luminance, from 0 to 1, of an element's text and of its background."""
    ink, paper = page.evaluate(_LIGHT, selector)
    return ink, paper


@dataclass(frozen=True)
class Timing:
    """Milliseconds from the start of the navigation: until something was drawn, and until all had loaded."""

    painted: float
    loaded: float

    @property
    def ready(self) -> float:
        return max(self.painted, self.loaded)


_TIMING = """() => new Promise(done => {
    const answer = () => {
        const drawn = performance.getEntriesByName('first-contentful-paint')[0];
        if (drawn) done([drawn.startTime, performance.getEntriesByType('navigation')[0].loadEventEnd]);
        else requestAnimationFrame(answer);
    };
    answer();
})"""


def timing_of(page: Page) -> Timing:
    """Return how long the page took, by its own clock."""
    painted, loaded = page.evaluate(_TIMING)
    assert painted > 0
    assert loaded > 0
    return Timing(painted, loaded)
