"""How strongly two things are associated, from four counts.

Everywhere ``both`` (n_ij) is the number of units that hold both, ``first`` (n_i) and ``second`` (n_j) those that hold
each, and ``units`` (N) all. NPMI flatters rare pairs: 3 of 3 and 3 of 60 scores higher than 25 of 30 and 25 of 30.
Read it beside the support and the log-likelihood ratio.
"""

from __future__ import annotations

from functools import lru_cache
from math import exp, inf, log, log2, sqrt
from typing import NamedTuple

_Z = 1.959963984540054
"""97.5 % quantile of the normal distribution."""


class Statistics(NamedTuple):
    """What four counts say of a pair, in the order of the fields of ``Edge``; each has its function below."""

    support: float
    jaccard: float
    dice: float
    simpson: float
    association_strength: float
    pmi: float
    npmi: float
    log_likelihood: float
    odds_ratio: float
    odds_low: float
    odds_high: float


@lru_cache(maxsize=1 << 15)  # pairs that meet once or twice are most, in every text
def statistics(both: int, first: int, second: int, units: int) -> Statistics:
    """Return all measures of one pair.

    Raises:
        ValueError: no text can have these counts.
    """
    quad = (both, first, second, units)
    return Statistics(
        support(*quad),
        jaccard(*quad),
        dice(*quad),
        simpson(*quad),
        association_strength(*quad),
        pmi(*quad),
        npmi(*quad),
        log_likelihood(*quad),
        *odds_ratio(*quad),
    )


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


def jaccard(both: int, first: int, second: int, units: int) -> float:
    """Return the share of the units with either that have both, in [0, 1]; 0 where neither occurs.

    ``n_ij / (n_i + n_j - n_ij)``. Source: Jaccard (1912), The distribution of the flora in the alpine zone. New
    Phytologist 11(2), 37-50.
    """
    check(both, first, second, units)
    either = first + second - both
    return both / either if either else 0.0


def dice(both: int, first: int, second: int, units: int) -> float:
    """Return the harmonic mean of the two shares ``n_ij / n_i`` and ``n_ij / n_j``, in [0, 1]; 0 where neither occurs.

    ``2 n_ij / (n_i + n_j)``. Source: Dice (1945), Measures of the amount of ecologic association between species.
    Ecology 26(3), 297-302.
    """
    check(both, first, second, units)
    return 2 * both / (first + second) if first + second else 0.0


def simpson(both: int, first: int, second: int, units: int) -> float:
    """Return the overlap coefficient, in [0, 1]: the share of the rarer one's units that have both; 0 without any.

    ``n_ij / min(n_i, n_j)``. Source: Szymkiewicz (1934), after Simpson (1943), Mammals and the nature of continents.
    American Journal of Science 241(1), 1-31.
    """
    check(both, first, second, units)
    return both / min(first, second) if min(first, second) else 0.0


def association_strength(both: int, first: int, second: int, units: int) -> float:
    """Return observed by expected meetings, >= 0: 1 where they meet as often as chance has it; 0 without any.

    ``n_ij N / (n_i n_j)``, also called lift, affinity or proximity index. Source: van Eck & Waltman (2009), How to
    normalize cooccurrence data? J. Am. Soc. Inf. Sci. Technol. 60(8), 1635-1651.
    """
    check(both, first, second, units)
    return both * units / (first * second) if first and second else 0.0


def pmi(both: int, first: int, second: int, units: int) -> float:
    """Return the pointwise mutual information in bits: -inf where they never meet, 0 where one never occurs.

    ``log2(p_ij / (p_i p_j))`` with p = n / N. Source: Church & Hanks (1990), Word association norms, mutual
    information, and lexicography. Computational Linguistics 16(1), 22-29.
    """
    check(both, first, second, units)
    if first == 0 or second == 0:
        return 0.0
    return log2(both * units / (first * second)) if both else -inf


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


def odds_ratio(both: int, first: int, second: int, units: int) -> tuple[float, float, float]:
    """Return the odds ratio of the 2 x 2 table and the ends of its 95 % interval, all > 0.

    How much larger the odds of one are in units that hold the other; 1 is chance. With half a unit added to each cell
    (Haldane 1956, Anscombe 1956), so that it is finite where a cell is 0; the interval is Woolf's (1955), exp(ln OR ±
    1.96 sqrt(sum 1 / cell)). With few units it is rough and wide: p and the bootstrap say more.

    Sources: Haldane (1956), The estimation and significance of the logarithm of a ratio of frequencies. Ann. Hum.
    Genet. 20, 309-311. Anscombe (1956), On estimating binomial response relations. Biometrika 43, 461-464. Woolf
    (1955), On estimating the relation between blood group and disease. Ann. Hum. Genet. 19, 251-253.
    """
    check(both, first, second, units)
    a, b, c = both + 0.5, first - both + 0.5, second - both + 0.5
    d = units - first - second + both + 0.5
    centre = log(a * d / (b * c))
    reach = _Z * sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    return exp(centre), exp(centre - reach), exp(centre + reach)
