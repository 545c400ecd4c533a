from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.comparison import compare
from pipeline.smoothing import reach_of, smoothed, spaced
from tests.write.sample import article_of, sample


def test_weights_fall_linearly_and_ends_use_what_there_is() -> None:
    assert smoothed([0, 0, 6, 0, 0], 1) == [0, 1.5, 3, 1.5, 0]
    assert smoothed([3, 0], 1) == [2, 1]
    assert smoothed([], 2) == []


@given(st.lists(st.floats(-1, 1), max_size=300), st.integers(2, 60))
def test_single_places_are_those_of_the_whole_line(values: list[float], most: int) -> None:
    reach, places = reach_of(len(values)), spaced(len(values), most)
    whole = smoothed(values, reach)
    assert smoothed(values, reach, places) == [whole[place] for place in places]
    assert len(places) == min(most, len(values)) == len(set(places))
    assert not places or (places[0], places[-1]) == (0, len(values) - 1)


def test_a_profile_holds_the_line_of_its_sentences_and_where_sections_begin() -> None:
    short, long = compare([sample(), article_of(sections=4, sentences=200)]).articles
    assert len(short.tone) == short.sentences
    assert len(long.tone) == 60
    assert list(long.starts) == [0, 0.25, 0.5, 0.75]
    assert len(short.starts) == len(short.course)
