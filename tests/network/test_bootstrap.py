"""How far edges depend on chance."""

from __future__ import annotations

import pytest
from scipy.stats import binom

from pipeline.network.bootstrap import stabilities
from tests.network.made import net, network_of

UNITS = [{"a", "b"}] * 6 + [{"c", "d"}] * 2 + [{"a", "c"}] + [{"a"}, {"b"}, {"c"}, set[str]()] * 5


def test_the_interval_of_a_count_is_that_of_the_binomial() -> None:
    # drawing N of N units with replacement, each holds both with n_ij / N
    found = stabilities(network_of(UNITS), resamples=20_000)["a", "b"]
    low, high = binom.ppf([0.025, 0.975], len(UNITS), 6 / len(UNITS))
    assert abs(found.low - low) <= 1
    assert abs(found.high - high) <= 1


def test_the_clearly_strongest_stays_so() -> None:
    found = stabilities(network_of(UNITS))
    assert found["a", "b"].strongest > 0.9
    assert found["a", "c"].strongest < 0.2
    assert {stability.rank for stability in found.values()} == {1}


def test_families_are_ranked_apart() -> None:
    found = stabilities(network_of(UNITS, "d"))
    assert found["c", "d"].strongest > 0.8  # alone among the pairs with a term, but where it is not drawn
    assert found["a", "b"].rank == 1


def test_an_edge_that_every_unit_holds_cannot_change() -> None:
    found = stabilities(network_of([{"a", "b"}] * 5))["a", "b"]
    assert (found.low, found.high, found.strongest) == (5, 5, 1.0)


def test_the_same_seed_gives_the_same_and_another_another() -> None:
    network = network_of(UNITS)
    assert stabilities(network) == stabilities(network)
    assert stabilities(network, seed=1) != stabilities(network, seed=2)
    assert list(stabilities(network)) == [(edge.source, edge.target) for edge in network.edges]


def test_without_edges_and_without_resamples() -> None:
    assert stabilities(net("ab")) == {}
    with pytest.raises(ValueError, match="resamples"):
        stabilities(network_of(UNITS), resamples=0)
