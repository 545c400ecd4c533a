"""Whether two things meet more often than chance has it."""

from __future__ import annotations

from math import exp, lgamma

from pipeline.network.association import check


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


def _probability(k: int, first: int, second: int, units: int) -> float:
    """Return the hypergeometric probability of exactly ``k`` shared units."""
    return exp(
        _log_choose(first, k) + _log_choose(units - first, second - k) - _log_choose(units, second),
    )


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
