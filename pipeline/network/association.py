"""How strongly two things are associated, from four counts.

Everywhere ``both`` (n_ij) is the number of units that hold both, ``first`` (n_i) and ``second`` (n_j) those that hold
each, and ``units`` (N) all. NPMI flatters rare pairs: 3 of 3 and 3 of 60 scores higher than 25 of 30 and 25 of 30.
Read it beside the support and the log-likelihood ratio.
"""

from __future__ import annotations

from math import log


def check(both: int, first: int, second: int, units: int) -> None:
    """Refuse counts that no text can have.

    Raises:
        ValueError: unless max(0, first + second - units) <= both <= min(first, second) <= max(first, second) <= units.
    """
    if not (0 <= both <= first <= units and both <= second <= units and first + second - units <= both):
        raise ValueError(f"impossible counts: both {both}, first {first}, second {second}, units {units}")


def support(both: int, first: int, second: int, units: int) -> float:
    """Return the share of units that hold both, ``both / units``, in [0, 1]; 0 where there are no units."""
    check(both, first, second, units)
    return both / units if units else 0.0


def npmi(both: int, first: int, second: int, units: int) -> float:
    """Return the normalised pointwise mutual information, in [-1, 1].

    ``ln(p_ij / (p_i p_j)) / -ln p_ij`` with p = n / N: 1 where they only occur together, 0 where they meet as often
    as chance has it, -1 (the limit) where they never meet.

    Two cases have no value of their own and get 0, no evidence: one of them never occurs, or every unit holds both
    (there is nothing to compare with).

    Source: Bouma (2009), Normalized (pointwise) mutual information in collocation extraction. Proc. GSCL, 31-40.
    """
    check(both, first, second, units)
    if first == 0 or second == 0 or both == units:
        return 0.0
    if both == 0:
        return -1.0
    value = log(both * units / (first * second)) / log(units / both)
    return max(-1.0, min(1.0, value))


def log_likelihood(both: int, first: int, second: int, units: int) -> float:
    """Return the signed log-likelihood ratio G2 of independence, in [-2 N ln 2, 2 N ln 2].

    ``2 * sum(O * ln(O / E))`` over the four cells of the 2 x 2 table, E from the margins, 0 ln 0 = 0; negative where
    the two meet less often than chance has it. For large N |G2| > 3.84 is p < 0.05 (chi-squared, one degree of
    freedom); for small counts take Fisher's test. 0 where a margin is 0 or N.

    Source: Dunning (1993), Accurate methods for the statistics of surprise and coincidence.
    Computational Linguistics 19(1), 61-74.
    """
    check(both, first, second, units)
    other_first, other_second = units - first, units - second
    value = 0.0
    for observed, row, column in (
        (both, first, second),
        (first - both, first, other_second),
        (second - both, other_first, second),
        (units - first - second + both, other_first, other_second),
    ):
        if observed:
            value += observed * log(observed * units / (row * column))
    # each term is exact to rounding, and the sum is never below 0 but by rounding
    value = max(0.0, 2.0 * value)
    return -value if both * units < first * second else value
