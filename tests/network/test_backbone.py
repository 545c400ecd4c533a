"""The disparity filter."""

from __future__ import annotations

import pytest

from pipeline.network.backbone import disparity
from tests.network.made import net


def test_a_worked_example() -> None:
    # m has 4 edges of weight 7, 1, 1, 1: (1 - 7/10)^3 = 0.027, (1 - 1/10)^3 = 0.729; the others have one edge each
    found = disparity(net("mabcd", ("m", "a", 7), ("m", "b", 1), ("m", "c", 1), ("m", "d", 1)))
    assert found["m", "a"] == pytest.approx(0.027)
    assert found["m", "d"] == pytest.approx(0.729)


def test_the_closed_form_is_the_integral_of_the_source() -> None:
    from scipy.integrate import quad

    share, degree = 0.4, 5
    integral = 1 - (degree - 1) * quad(lambda x: (1 - x) ** (degree - 2), 0, share)[0]
    found = disparity(net("mabcde", ("m", "a", 4), ("m", "b", 2), ("m", "c", 2), ("m", "d", 1), ("m", "e", 1)))
    assert found["m", "a"] == pytest.approx(integral)


def test_an_edge_by_itself_says_nothing() -> None:
    assert disparity(net("ab", ("a", "b", 5))) == {("a", "b"): 1.0}
    assert disparity(net("ab")) == {}


def test_four_equal_links_cannot_be_told_apart() -> None:
    square = disparity(net("abcd", ("a", "b", 2), ("b", "c", 2), ("c", "d", 2), ("a", "d", 2)))
    assert set(square.values()) == {0.5}
