"""Whether two things meet more often than chance has it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import exp, lgamma

from pipeline.network.association import check


@lru_cache(maxsize=1 << 15)  # as ``association.statistics``
def fisher(both: int, first: int, second: int, units: int) -> float:
    """Return the p-value of Fisher's exact test, one-sided (together more often than chance), in [0, 1].

    With both margins fixed the number of shared units is hypergeometric; the value is P(X >= both) = sum over k >=
    both of C(n_i, k) C(N - n_i, n_j - k) / C(N, n_j). 1 where ``both`` is the least that the margins allow (thus also
    where something never occurs or is in every unit). Very small values may come out as 0.

    The first term is taken from ``lgamma`` and the others from the ratio of neighbours, away from the mode, so that
    they only get smaller; where ``both`` is below the mean, that is the complement of the lower tail. The relative
    error stays below 1e-15 N ln N.

    Source: Fisher (1935), The logic of inductive inference. Journal of the Royal Statistical Society 98(1), 39-82.
    """
    check(both, first, second, units)
    least, most = max(0, first + second - units), min(first, second)
    if both == least:
        return 1.0
    rest = units - first - second  # units that hold neither are rest + k
    if both * units >= first * second:
        term = total = _probability(both, first, second, units)
        for k in range(both, most):
            term *= (first - k) * (second - k) / ((k + 1) * (rest + k + 1))
            total += term
            if term < total * 1e-17:
                break
        return min(1.0, total)
    term = total = _probability(both - 1, first, second, units)
    for k in range(both - 1, least, -1):
        term *= k * (rest + k) / ((first - k + 1) * (second - k + 1))
        total += term
        if term < total * 1e-17:
            break
    return max(0.0, min(1.0, 1.0 - total))


def benjamini_hochberg(p_values: Sequence[float], tests: int) -> list[float]:
    """Return the p-values adjusted for that so many pairs were tested, in the order given, each in [p, 1].

    Of the pairs whose adjusted value is at most q, a share of at most q is expected to be there by chance (false
    discovery rate). The k-th smallest p becomes min over j >= k of p_j m / j. Pairs left out of ``p_values`` count as
    tests with p = 1: those that never meet need not be listed.

    Source: Benjamini & Hochberg (1995), Controlling the false discovery rate. J. R. Stat. Soc. B 57(1), 289-300.

    Args:
        p_values: of the pairs that meet.
        tests: how many pairs there are in all (m).

    Raises:
        ValueError: there are more p-values than tests.
    """
    if len(p_values) > tests:
        raise ValueError(f"{len(p_values)} p-values of {tests} tests")
    adjusted = [1.0] * len(p_values)
    least = 1.0
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    for rank in range(len(order), 0, -1):
        index = order[rank - 1]
        least = min(least, p_values[index] * tests / rank)
        adjusted[index] = max(least, p_values[index])  # m / m may round below 1
    return adjusted


def _probability(k: int, first: int, second: int, units: int) -> float:
    """Return the hypergeometric probability of exactly ``k`` shared units."""
    return exp(
        _log_choose(first, k) + _log_choose(units - first, second - k) - _log_choose(units, second),
    )


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
