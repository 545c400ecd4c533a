"""How links change along an article."""

from __future__ import annotations

import pytest

from pipeline.model import Course
from pipeline.network.course import courses
from pipeline.stages.concepts import Concept, Matcher
from tests.network.test_build import article, build

MATCHER = Matcher([Concept("体验", ("体验",)), Concept("参数", ("参数",))])


def course(*rows: tuple[str, int, float]) -> Course:
    """Return the course of the first edge of sentences given as (text, section, score)."""
    sentences = article(*((text, section, number, score) for number, (text, section, score) in enumerate(rows)))
    return courses(build(sentences), sentences)[0]


BOTH, ONE = "体验与参数。", "体验。"


def test_a_link_appears_turns_and_fades() -> None:
    steps = course((BOTH, 0, -0.6), (ONE, 1, 0.0), (BOTH, 2, 0.5), (BOTH, 2, 0.7), (ONE, 3, 0.0)).steps
    assert [(step.section, step.count, step.events) for step in steps] == [
        (0, 1, ("appears",)),
        (2, 2, ("returns", "turns", "fades")),
    ]
    assert steps[1].tone == pytest.approx(0.6)
    assert steps[1].sentences == (2, 3)


def test_a_link_of_the_last_section_does_not_fade() -> None:
    assert course((ONE, 0, 0.0), (BOTH, 1, 0.5)).steps[0].events == ("appears",)


def test_a_link_that_goes_on_has_no_event() -> None:
    steps = course((BOTH, 0, 0.5), (BOTH, 1, 0.4)).steps
    assert [step.events for step in steps] == [("appears",), ()]


def test_what_has_no_side_turns_nothing_but_is_no_new_start() -> None:
    steps = course((BOTH, 0, 0.5), (BOTH, 1, 0.05), (BOTH, 2, -0.5)).steps
    assert [step.events for step in steps] == [("appears",), (), ("turns",)]


def test_relations_are_those_of_the_section() -> None:
    steps = course(("追求参数而非体验。", 0, -0.4), (BOTH, 1, 0.5)).steps
    assert [step.relations for step in steps] == [("opposition",), ()]


def test_only_sentences_have_a_course() -> None:
    sentences = article((BOTH, 0, 0, 0.0))
    with pytest.raises(ValueError, match="sentences"):
        courses(build(sentences, unit="section"), sentences)
