"""What the pages and the fragments for notebooks share: the templates' environment, tints, cells, curves, marks."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from pipeline.model import Evidence, Label, Polarity, Sentence
from pipeline.write.wording import EDITS, LABELS, RELATIONS, cut, p_value, rule, showable, side, signed, tone

if TYPE_CHECKING:
    import jinja2

    from pipeline.comparison import ArticleProfile, Comparison

LEAST_MENTIONS = 3
"""Mentions or sentences from which a mean score is coloured: one or two say little."""
_LEAST_SCALE = 0.3  # of the curves: what is near 0 must not look like a storm
_MARKED = 0.1  # share of a sentence's score from which a word is underlined


Mark = tuple[int, int, str]
"""Start and end in a sentence as shown, and the class of what stands there."""


class Piece(NamedTuple):
    """A run of text, and the classes it is set in."""

    text: str
    style: str


class Point(NamedTuple):
    """A section in the curve of an article."""

    x: float
    y: float
    tint: str
    note: str


class Cell(NamedTuple):
    """A concept, or a link, in an article; ``tint`` is empty where there are too few places for a mean."""

    places: int
    share: float
    score: float
    tint: str


@lru_cache(maxsize=1)
def environment() -> jinja2.Environment:
    """Return what renders a template; it escapes every value and makes it showable."""
    import jinja2
    from markupsafe import Markup

    script = (resources.files("pipeline.write") / "templates" / "page.js").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("pipeline", "write/templates"),
        autoescape=True,
        finalize=_finalize,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(signed=signed, tone=tone, rule=rule, cut=cut, tint=tint_of, p=p_value, ratio=_ratio)
    environment.globals.update(
        LABELS=LABELS,
        EDITS=EDITS,
        RELATIONS=RELATIONS,
        # The policy names the script by its hash: an article that got a script into the page could not run it
        page_script=Markup(script),  # our own file
        script_hash="sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )
    return environment


def _ratio(value: float) -> str:
    """Return a log-likelihood ratio with one digit, typeset, without the sign of a zero."""
    return f"{round(value, 1) + 0.0:.1f}".replace("-", "−")


def _finalize(value: object) -> object:
    """Make every text that a template shows showable; Jinja2 escapes it after this."""
    return value if isinstance(value, (int, float)) or hasattr(value, "__html__") else showable(str(value))


def tint_of(label: Label, score: float) -> str:
    """Return the class of a polarity: n1 to n3, p1 to p3, or empty; the label decides the side, the score how deep."""
    if label == "neutral":
        return ""
    size = abs(score)
    return ("n" if label == "negative" else "p") + ("3" if size >= 0.65 else "2" if size >= 0.35 else "1")


def pieces_of(
    text: str, layers: Sequence[Sequence[Mark]], removed: Sequence[tuple[int, str]] = ()
) -> tuple[Piece, ...]:
    """Cut a text where its style changes.

    Args:
        text: to be cut.
        layers: marks of different kinds, which may lie over each other; of marks of one layer that overlap the earlier
            one in the list stays.
        removed: where texts were taken out, and which; they come back as pieces of the style ``gone``.
    """
    kept: list[Mark] = []
    for layer in layers:
        own: list[Mark] = []
        for start, end, style in layer:
            if start < end and all(end <= other[0] or other[1] <= start for other in own):
                own.append((start, end, style))
        kept += own
    cuts = sorted({0, len(text), *(at for mark in kept for at in mark[:2]), *(at for at, _ in removed)})
    pieces = []
    for at, stop in zip(cuts, [*cuts[1:], len(text)], strict=True):
        pieces += [Piece(gone, "gone") for place, gone in removed if place == at]
        if at < stop:
            pieces.append(Piece(text[at:stop], " ".join(style for start, end, style in kept if start <= at < end)))
    return tuple(pieces)


def telling(polarity: Polarity) -> list[Evidence]:
    """Return the evidence of a sentence's polarity that is marked in it.

    What the neighbours add is not in the sentence.
    """
    return [piece for piece in polarity.evidence if abs(piece.weight) >= _MARKED and piece.rule != "context"]


def evidence_marks(sentence: Sentence, evidence: Iterable[Evidence]) -> list[Mark]:
    """Return where evidence stands in ``sentence.plain``, with its class: ``en`` (lowers the score) or ``ep``."""
    return [
        (sentence.within(piece.start), sentence.within(piece.end), "en" if piece.weight < 0 else "ep")
        for piece in evidence
    ]


def cell_of(places: int, share: float, score: float) -> Cell:
    """Return a cell of a heat table; below ``LEAST_MENTIONS`` places it is not coloured."""
    return Cell(places, share, score, tint_of(side(score), score) if places >= LEAST_MENTIONS else "")


def curve_of(profile: ArticleProfile, scale: float) -> tuple[Point, ...]:
    """Return the sections' scores as points in a space of 160 × 48 whose half height is ``scale``."""
    course = profile.course
    step = 148 / max(1, len(course) - 1)
    return tuple(
        Point(
            round(6 + step * at if len(course) > 1 else 80, 1),
            round(24 - 20 * point.score / scale, 1),
            tint_of(point.label, point.score),
            f"{point.heading or '（无标题）'} {signed(point.score)}",
        )
        for at, point in enumerate(course)
    )


def scale_of(comparison: Comparison) -> float:
    """Return the score at the upper edge of the articles' curves: one for all, so that they compare."""
    return max([_LEAST_SCALE, *(abs(point.score) for article in comparison.articles for point in article.course)])


def titles(comparison: Comparison) -> list[str]:
    """Return the articles' titles, cut; followed by the folder where two have the same."""
    counts = Counter(profile.title for profile in comparison.articles)
    return [
        cut(profile.title, 60) + (f"（{cut(label, 40)}）" if counts[profile.title] > 1 else "")
        for profile, label in zip(comparison.articles, comparison.labels, strict=True)
    ]
