"""Fisher's exact test against exact fractions and scipy."""

from __future__ import annotations

from fractions import Fraction
from math import comb, isclose

import pytest
from scipy.stats import false_discovery_control, fisher_exact

from pipeline.network.significance import benjamini_hochberg, fisher


def exact(both: int, first: int, second: int, units: int) -> Fraction:
    """Return P(X >= both) of the hypergeometric distribution, as a fraction."""
    ways = sum(comb(first, k) * comb(units - first, second - k) for k in range(both, min(first, second) + 1))
    return Fraction(ways, comb(units, second))


def test_every_table_of_small_articles_is_exact() -> None:
    for units in (1, 2, 5, 9, 14):
        for first in range(units + 1):
            for second in range(units + 1):
                for both in range(max(0, first + second - units), min(first, second) + 1):
                    value = fisher(both, first, second, units)
                    assert isclose(value, exact(both, first, second, units), rel_tol=1e-12), (
                        both,
                        first,
                        second,
                        units,
                    )


@pytest.mark.parametrize(
    "counts",
    [
        (3, 3, 3, 60),
        (18, 30, 25, 60),
        (1, 30, 25, 60),
        (0, 20, 30, 60),
        (12, 40, 60, 200),
        (150, 400, 900, 3_000),
        (90, 400, 900, 3_000),
    ],
)
def test_larger_tables(counts: tuple[int, int, int, int]) -> None:
    assert isclose(fisher(*counts), exact(*counts), rel_tol=1e-10)


def test_the_tea_tasting_lady() -> None:
    # Fisher's own example: 3 of 4 cups told right, p = 17/70
    assert isclose(fisher(3, 4, 4, 8), 17 / 70)


def test_agrees_with_scipy_on_a_corpus() -> None:
    both, first, second, units = 700, 9_000, 15_000, 400_000
    table = [[both, first - both], [second - both, units - first - second + both]]
    assert isclose(fisher(both, first, second, units), fisher_exact(table, alternative="greater").pvalue, rel_tol=1e-6)


def test_no_variation_no_evidence() -> None:
    assert fisher(6, 6, 6, 6) == 1.0
    assert fisher(0, 0, 4, 6) == 1.0
    assert fisher(0, 0, 0, 0) == 1.0


def test_far_out_it_underflows_quietly() -> None:
    assert fisher(5_000, 5_000, 5_000, 1_000_000) == 0.0
    assert fisher(1, 5_000, 5_000, 10_000) == 1.0


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="impossible counts"):
        fisher(4, 3, 5, 9)


# Benjamini & Hochberg (1995), section 3.2: 15 comparisons of treatments, of which the first four are found at q = 0.05
PUBLISHED = [
    *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459),
    *(0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0),
]


def test_the_published_example_of_the_false_discovery_rate() -> None:
    adjusted = benjamini_hochberg(PUBLISHED, 15)
    assert sum(q <= 0.05 for q in adjusted) == 4
    assert adjusted[3] == pytest.approx(0.0095 * 15 / 4)


def test_correction_is_that_of_scipy() -> None:
    values = [0.2, 0.01, 0.01, 0.9, 0.04, 0.0003, 1.0]
    assert benjamini_hochberg(values, 7) == pytest.approx(false_discovery_control(values).tolist())


def test_pairs_that_never_meet_count_as_tests() -> None:
    values = [0.01, 0.04]
    assert benjamini_hochberg(values, 5) == pytest.approx(false_discovery_control([*values, 1, 1, 1])[:2].tolist())
    assert benjamini_hochberg([], 3) == []
    with pytest.raises(ValueError, match="tests"):
        benjamini_hochberg(values, 1)
