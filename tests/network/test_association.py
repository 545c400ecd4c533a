"""Measures of association against values worked out by other means."""

from __future__ import annotations

from math import isclose, log

import pytest
from scipy.stats import chi2_contingency

from pipeline.network.association import log_likelihood, npmi, support

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
