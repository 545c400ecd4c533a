"""``index.html``: articles side by side on one page, offline, without scripts.

Python here chooses what is shown and where it stands; the template writes it down, and Jinja2 escapes every value.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from pipeline.write.parts import LEAST_MENTIONS, Cell, Point, cell_of, curve_of, environment, scale_of, titles
from pipeline.write.wording import comparison_finding, showable, tone

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
_APART = 0.2  # between the tones of two articles on a link, for both to be named


class ArticleRow(NamedTuple):
    """An article in the overview; ``title`` is followed by the folder where two articles have the same."""

    number: int
    profile: ArticleProfile
    title: str
    link: str
    tone: str
    curve: tuple[Point, ...]


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
    articles = _articles(comparison, links)
    beside = len(articles) <= _BESIDE
    names = list(dict.fromkeys(use.concept for use in comparison.concepts))
    shown = names[: _CONCEPTS if beside else _COLUMNS]
    cells = {(use.article, use.concept): cell_of(use.mentions, use.share, use.score) for use in comparison.concepts}
    heat = [[cells.get((row.number, name)) for row in articles] for name in shown]
    common = comparison.common
    several = [link for link in common or comparison.links if len(link.uses) > 1][:_LINKS]
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
            links=[_link_row(link, articles) for link in several],
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


def _articles(comparison: Comparison, links: Sequence[str]) -> list[ArticleRow]:
    scale = scale_of(comparison)
    return [
        ArticleRow(
            number,
            profile,
            title,
            # "./" keeps a path a path: without it javascript: and //host would be something else
            "./" + quote(showable(link), safe="/%"),
            tone(profile.label, profile.score),
            curve_of(profile, scale),
        )
        for number, (profile, title, link) in enumerate(
            zip(comparison.articles, titles(comparison), links, strict=True)
        )
    ]


def _link_row(link: Link, articles: Sequence[ArticleRow]) -> LinkRow:
    uses = {use.article: use for use in link.uses}
    found = [uses.get(row.number) for row in articles]
    cells = tuple(cell_of(use.count, 0.0, use.score) if use else None for use in found)
    firm = sorted((use for use in link.uses if use.count > 1), key=lambda use: use.score)
    ends = (firm[0], firm[-1]) if firm and firm[-1].score - firm[0].score >= _APART else ()
    return LinkRow(link, cells, tuple((articles[use.article], use) for use in ends))
