"""``index.html``: articles side by side on one page, offline, without scripts.

Python here chooses what is shown and where it stands; the template writes it down, and Jinja2 escapes every value.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from pipeline.write.parts import LEAST_MENTIONS, Cell, Point, cell_of, environment, titles
from pipeline.write.wording import comparison_finding, showable, side, signed, tone

if TYPE_CHECKING:
    from pipeline.comparison import ArticleProfile, Comparison, Link, LinkUse

# How much of a list the page shows; the rest is in compare/, and the page says so.
_BESIDE = 8  # articles that stand in columns; more are rows
_COLUMNS = 14  # concepts in the heat table, where they are columns
_CONCEPTS = 60  # the same, where they are rows …
_FIRST = 16  # … before the rest is folded
_LINKS = 12  # that several articles have
_OPEN = 12  # articles of a table on the page of many, before the rest is folded
_SPECIAL = 6  # links that are special to an article
_NEIGHBOURS = 3
_WIDTH, _HEIGHT = 300, 80  # of the lines of tone
_LEAST_SCALE = 0.3  # of them: what is near 0 must not look like a storm
_APART = 0.2  # between the tones of two articles on a link, for both to be named


class Band(NamedTuple):
    """A section behind a line: from ``x`` on, ``width`` wide."""

    x: float
    width: float
    note: str


class Mark(NamedTuple):
    """A place on a line that is named: where it is, what it is called, its score and section."""

    point: Point
    name: str
    score: float
    section: str


class ToneLine(NamedTuple):
    """The tone along an article in a space of 300 × 80, 0 at half its height.

    ``line``, ``above`` and ``below`` are the points of polylines: the latter two are the areas between the line and 0.
    ``marks`` are the first, the lowest, the highest and the last place.
    """

    line: str
    above: str
    below: str
    bands: tuple[Band, ...]
    marks: tuple[Mark, ...]


class ArticleRow(NamedTuple):
    """An article in the overview; ``title`` is followed by the folder where two articles have the same."""

    number: int
    profile: ArticleProfile
    title: str
    link: str
    tone: str
    line: ToneLine


class LinkRow(NamedTuple):
    """A link that several articles have, in each of them.

    ``ends`` are the two articles where its tone is lowest and highest, of those with more than one sentence for it;
    empty where these do not differ.
    """

    link: Link
    cells: tuple[Cell | None, ...]
    ends: tuple[tuple[ArticleRow, LinkUse], ...]


def index_html(
    comparison: Comparison,
    links: Sequence[str],
    *,
    failures: Sequence[tuple[str, str]] = (),
    tables: str | None = None,
) -> str:
    """Return the page that shows articles side by side.

    Up to eight articles stand in columns beside each other; more of them are rows, the first dozen of each table open.

    Args:
        comparison: of the articles.
        links: the report of each, as a path relative to the page; percent-encoded where it is not yet.
        failures: inputs that could not be analysed, each with the reason.
        tables: name of the folder that has all numbers, where there is one.

    Raises:
        ValueError: there are not as many links as articles.
    """
    if len(links) != len(comparison.articles):
        raise ValueError(f"{len(comparison.articles)} articles need as many links, not {len(links)}")
    scale = _scale(comparison)
    articles = _articles(comparison, links, scale)
    beside = len(articles) <= _BESIDE
    names = list(dict.fromkeys(use.concept for use in comparison.concepts))
    shown = names[: _CONCEPTS if beside else _COLUMNS]
    cells = {(use.article, use.concept): cell_of(use.mentions, use.share, use.score) for use in comparison.concepts}
    heat = [[cells.get((row.number, name)) for row in articles] for name in shown]
    common = comparison.common
    several = [link for link in common or comparison.links if len(link.uses) > 1]
    # A pair with one sentence in two articles is mostly chance: where others have more, these are left to the table
    firm = [link for link in several if link.count >= LEAST_MENTIONS] or several
    linked = Counter({row.number: 0 for row in articles})
    for link in comparison.links:
        for use in link.uses:
            linked[use.article] += use.count
    return (
        environment()
        .get_template("index.html.j2")
        .render(
            articles=articles,
            beside=beside,
            concepts=shown,
            heat_rows=heat,
            hidden=len(names) - len(shown),
            linked=len(articles) > 1 and bool(comparison.links),
            common=len(common),
            links=[_link_row(link, articles) for link in firm[:_LINKS]],
            several=len(several),
            linkings=linked,
            scale=scale,
            special=[(row, found) for row in articles if (found := comparison.special(row.number))],
            apart=[row for row in articles if row.profile.distinctive],
            near=[row for row in articles if row.profile.nearest],
            failures=failures,
            tables=tables,
            overall=comparison_finding(comparison),
            limits={
                "rows": _OPEN,
                "concepts": _FIRST,
                "least": LEAST_MENTIONS,
                "special": _SPECIAL,
                "neighbours": _NEIGHBOURS,
            },
        )
    )


def _articles(comparison: Comparison, links: Sequence[str], scale: float) -> list[ArticleRow]:
    return [
        ArticleRow(
            number,
            profile,
            title,
            # "./" keeps a path a path: without it javascript: and //host would be something else
            "./" + quote(showable(link), safe="/%"),
            tone(profile.label, profile.score),
            _tone_line(profile, scale),
        )
        for number, (profile, title, link) in enumerate(
            zip(comparison.articles, titles(comparison), links, strict=True)
        )
    ]


def _scale(comparison: Comparison) -> float:
    """Return the score at the edges of the lines: one for all, so that they compare."""
    most = max((abs(score) for article in comparison.articles for score in article.tone), default=0.0)
    return min(1.0, max(_LEAST_SCALE, math.ceil(most * 10) / 10))


def _tone_line(profile: ArticleProfile, scale: float) -> ToneLine:
    scores = profile.tone
    if not scores:
        return ToneLine("", "", "", (), ())
    # A single sentence is a level line
    places = [index / (len(scores) - 1) for index in range(len(scores))] if len(scores) > 1 else [0.0, 1.0]
    drawn = list(zip(places, scores if len(scores) > 1 else scores * 2, strict=True))
    crossed = drawn[:1]
    for (a, one), (b, two) in pairwise(drawn):
        # Where it crosses 0 the line has a corner of both areas
        if one * two < 0:
            crossed.append((a + (b - a) * one / (one - two), 0.0))
        crossed.append((b, two))
    borders = [*profile.starts, 1.0]
    names = [point.heading or "（无标题）" for point in profile.course]
    bands = tuple(
        Band(round(a * _WIDTH, 1), round((b - a) * _WIDTH, 1), f"{name} {signed(point.score)}")
        for (a, b), name, point in zip(pairwise(borders), names, profile.course, strict=True)
        if a < b
    )
    lowest, highest = scores.index(min(scores)), scores.index(max(scores))
    last = len(scores) - 1
    return ToneLine(
        _points(drawn, scale),
        _area([(x, max(score, 0.0)) for x, score in crossed], scale),
        _area([(x, min(score, 0.0)) for x, score in crossed], scale),
        bands,
        tuple(
            _mark(name, places[index], scores[index], names, profile.starts, scale)
            for name, index in (("开头", 0), ("最低", lowest), ("最高", highest), ("结尾", last))
        ),
    )


def _mark(name: str, x: float, score: float, names: Sequence[str], starts: Sequence[float], scale: float) -> Mark:
    section = names[max(0, bisect_right(starts, min(x, 1 - 1e-9)) - 1)] if names else ""
    return Mark(Point(*_place(x, score, scale), side(score), f"{name} {signed(score)}"), name, score, section)


def _place(x: float, score: float, scale: float) -> tuple[float, float]:
    return round(x * _WIDTH, 1), round(_HEIGHT / 2 - (_HEIGHT / 2 - 4) * score / scale, 1)


def _points(places: Iterable[tuple[float, float]], scale: float) -> str:
    return " ".join("{:g},{:g}".format(*_place(x, score, scale)) for x, score in places)


def _area(places: Sequence[tuple[float, float]], scale: float) -> str:
    return _points([(places[0][0], 0.0), *places, (places[-1][0], 0.0)], scale)


def _link_row(link: Link, articles: Sequence[ArticleRow]) -> LinkRow:
    uses = {use.article: use for use in link.uses}
    found = [uses.get(row.number) for row in articles]
    cells = tuple(cell_of(use.count, 0.0, use.score) if use else None for use in found)
    firm = sorted((use for use in link.uses if use.count > 1), key=lambda use: use.score)
    ends = (firm[0], firm[-1]) if firm and firm[-1].score - firm[0].score >= _APART else ()
    return LinkRow(link, cells, tuple((articles[use.article], use) for use in ends))
