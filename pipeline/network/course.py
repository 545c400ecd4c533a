"""How links change along an article: where they appear, fade, and turn their tone."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum

from pipeline.model import Course, CourseEvent, CourseStep, Network, RelationKind, Sentence

TURNING = 0.1
"""A mean score within ± this has no side, as for sections and mentions: it neither turns a link nor is turned."""


def courses(network: Network, sentences: Sequence[Sentence]) -> tuple[Course, ...]:
    """Return the course of each edge of a network within sentences, in the order of its edges.

    A step is a section that holds the link; ``CourseStep`` says what the events are. A link that appears in the last
    section that has text does not fade, for nothing comes after it.

    Args:
        network: within sentences, of the whole article.
        sentences: of the article.

    Raises:
        ValueError: the network counts another unit.
    """
    if network.unit != "sentence":
        raise ValueError(f"the course of a link needs a network within sentences, not within {network.unit}s")
    filled = sorted({sentence.section for sentence in sentences if sentence.is_prose})
    place = {section: at for at, section in enumerate(filled)}
    found: list[Course] = []
    for edge in network.edges:
        inside: dict[int, list[int]] = {}
        for index in edge.sentences:
            inside.setdefault(sentences[index].section, []).append(index)
        said: dict[int, dict[RelationKind, None]] = {}
        for cue in edge.relations:
            said.setdefault(sentences[cue.sentence].section, {})[cue.kind] = None
        steps: list[CourseStep] = []
        before: int | None = None
        side = 0
        for at, (section, behind) in enumerate(inside.items()):
            tone = fsum(sentences[index].polarity.score for index in behind) / len(behind)
            events: list[CourseEvent] = []
            if before is None:
                events.append("appears")
            elif place[section] > place[before] + 1:
                events.append("returns")
            now = 1 if tone > TURNING else -1 if tone < -TURNING else 0
            if side and now == -side:
                events.append("turns")
            side = now or side
            if at == len(inside) - 1 and section != filled[-1]:
                events.append("fades")
            kinds = said.get(section, {})
            steps.append(CourseStep(section, len(behind), tone, tuple(kinds), tuple(events), tuple(behind)))
            before = section
        found.append(Course(edge.source, edge.target, tuple(steps)))
    return tuple(found)
