"""Measures of association against values worked out by other means."""

from __future__ import annotations

from dataclasses import fields
from math import inf, isclose, log

import pytest
from scipy.stats import chi2_contingency
from scipy.stats.contingency import odds_ratio as odds_ratio_of_scipy

from pipeline.model import Edge
from pipeline.network.association import (
    Statistics,
    association_strength,
    dice,
    jaccard,
    log_likelihood,
    npmi,
    odds_ratio,
    pmi,
    simpson,
    statistics,
    support,
)
from pipeline.network.significance import fisher

TABLES = [
    (3, 3, 3, 60),
    (2, 3, 3, 60),
    (18, 30, 25, 60),
    (1, 30, 25, 60),
    (5, 10, 20, 40),
    (1, 1, 1, 2),
    (700, 900, 1500, 40_000),
]


def test_npmi_of_a_worked_example() -> None:
    # p_ij = 2/60, p_i = p_j = 3/60: ln(2/60 * 20 * 20) / -ln(2/60)
    assert isclose(npmi(2, 3, 3, 60), log(40 / 3) / log(30))
    assert round(npmi(2, 3, 3, 60), 2) == 0.76
    assert round(npmi(18, 30, 25, 60), 2) == 0.30


def test_npmi_at_its_ends() -> None:
    assert npmi(7, 7, 7, 50) == 1.0
    assert npmi(0, 7, 9, 50) == -1.0
    assert npmi(5, 10, 20, 40) == 0.0


def test_npmi_is_no_evidence_where_it_has_no_value() -> None:
    assert npmi(6, 6, 6, 6) == 0.0  # every unit holds both
    assert npmi(0, 0, 4, 6) == 0.0  # one never occurs
    assert npmi(0, 0, 0, 0) == 0.0


@pytest.mark.parametrize(("both", "first", "second", "units"), TABLES)
def test_log_likelihood_is_the_g_statistic_of_scipy(both: int, first: int, second: int, units: int) -> None:
    table = [[both, first - both], [second - both, units - first - second + both]]
    expected = chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
    assert isclose(abs(log_likelihood(both, first, second, units)), expected, rel_tol=1e-9, abs_tol=1e-9)


def test_log_likelihood_is_negative_where_two_things_avoid_each_other() -> None:
    assert log_likelihood(1, 30, 25, 60) < -3.84
    assert log_likelihood(18, 30, 25, 60) > 3.84
    assert log_likelihood(5, 10, 20, 40) == 0.0


def test_log_likelihood_reaches_its_bounds() -> None:
    assert isclose(log_likelihood(20, 20, 20, 40), 80 * log(2))
    assert isclose(log_likelihood(0, 20, 20, 40), -80 * log(2))


@pytest.mark.parametrize("counts", [(0, 0, 5, 9), (5, 9, 5, 9), (9, 9, 9, 9), (0, 0, 0, 0)])
def test_margins_without_variation_say_nothing(counts: tuple[int, int, int, int]) -> None:
    assert log_likelihood(*counts) == 0.0


def test_support() -> None:
    assert support(3, 5, 6, 12) == 0.25
    assert support(0, 0, 0, 0) == 0.0


@pytest.mark.parametrize("measure", [support, npmi, log_likelihood])
@pytest.mark.parametrize("counts", [(4, 3, 5, 9), (0, 6, 6, 9), (2, 3, 10, 9), (-1, 3, 3, 9)])
def test_impossible_counts_are_refused(measure: object, counts: tuple[int, int, int, int]) -> None:
    assert callable(measure)
    with pytest.raises(ValueError, match="impossible counts"):
        measure(*counts)


# The worked example of docs/methods.md: 60 sentences, 体验 in 10, 品控 in 6, both in 4
WORKED = (4, 10, 6, 60)


def test_the_worked_example_of_the_documentation() -> None:
    values = statistics(*WORKED)._asdict()
    assert {name: round(value, 3) for name, value in values.items()} == {
        "support": 0.067,
        "jaccard": 0.333,
        "dice": 0.5,
        "simpson": 0.667,
        "association_strength": 4.0,
        "pmi": 2.0,
        "npmi": 0.512,
        "log_likelihood": 8.755,
        "odds_ratio": 13.431,
        "odds_low": 2.335,
        "odds_high": 77.243,
    }
    assert round(fisher(*WORKED), 4) == 0.0054


def test_every_statistic_is_in_the_order_of_the_edge() -> None:
    names = [field.name for field in fields(Edge)]
    first = names.index("support")
    assert tuple(names[first : first + len(Statistics._fields)]) == Statistics._fields
    assert names[2:6] == ["count", "source_count", "target_count", "units"]


@pytest.mark.parametrize(("both", "first", "second", "units"), TABLES)
def test_shares_against_sets(both: int, first: int, second: int, units: int) -> None:
    a, b = set(range(first)), set(range(first - both, first - both + second))
    assert isclose(jaccard(both, first, second, units), len(a & b) / len(a | b))
    assert isclose(dice(both, first, second, units), 2 * len(a & b) / (len(a) + len(b)))
    assert isclose(simpson(both, first, second, units), len(a & b) / min(len(a), len(b)))
    assert isclose(association_strength(both, first, second, units), 2 ** pmi(both, first, second, units))


def test_pmi_at_its_ends() -> None:
    assert pmi(1, 1, 1, 8) == 3.0
    assert pmi(5, 10, 20, 40) == 0.0
    assert pmi(0, 3, 4, 9) == -inf
    assert pmi(0, 0, 4, 9) == 0.0


def test_odds_ratio_of_a_large_table_is_that_of_scipy() -> None:
    both, first, second, units = 700, 9_000, 15_000, 400_000
    table = [[both, first - both], [second - both, units - first - second + both]]
    reference = odds_ratio_of_scipy(table, kind="sample")
    interval = reference.confidence_interval(0.95)
    for mine, theirs in zip(
        odds_ratio(both, first, second, units), (reference.statistic, interval.low, interval.high), strict=True
    ):
        assert isclose(mine, theirs, rel_tol=2e-3)


def test_odds_ratio_of_a_table_with_a_gap_is_finite() -> None:
    # Haldane and Anscombe: (3.5 * 57.5) / (0.5 * 0.5)
    centre, low, high = odds_ratio(3, 3, 3, 60)
    assert isclose(centre, 3.5 * 57.5 / 0.25)
    assert 1 < low < centre < high < inf
