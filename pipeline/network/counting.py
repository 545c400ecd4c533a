"""In how many units things occur, alone and in pairs: counts only, which add up over texts in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Counts:
    """Boolean occurrence per unit: a thing that a unit holds three times counts once there.

    Attributes:
        units: how many units were looked at, those that hold nothing included (N).
        single: units that hold a thing (n_i); what no unit holds is left out.
        pair: units that hold both (n_ij), by the two names in code-point order; pairs that never meet are left out.
    """

    units: int = 0
    single: Mapping[str, int] = field(default_factory=dict)
    pair: Mapping[Pair, int] = field(default_factory=dict)

    def of(self, first: str, second: str) -> tuple[int, int, int, int]:
        """Return ``(n_ij, n_i, n_j, N)`` of two different things, in either order: what the statistics take."""
        key = (first, second) if first < second else (second, first)
        return self.pair.get(key, 0), self.single.get(first, 0), self.single.get(second, 0), self.units


def count(units: Iterable[Collection[str]]) -> Counts:
    """Count occurrences over units, each given as the names in it (repeats do not matter).

    Linear in the pairs that the units hold.
    """
    total = 0
    single: Counter[str] = Counter()
    pair: Counter[Pair] = Counter()
    for unit in units:
        total += 1
        if unit:
            names = sorted(set(unit))
            single.update(names)
            pair.update(combinations(names, 2))
    return Counts(total, dict(single), dict(pair))


def merge(*parts: Counts) -> Counts:
    """Return the counts of all parts together: associative and commutative, ``merge()`` is the identity.

    The parts must not share units: merging the counts of two halves gives those of the whole.
    """
    single: Counter[str] = Counter()
    pair: Counter[Pair] = Counter()
    for part in parts:
        single.update(part.single)
        pair.update(part.pair)
    return Counts(sum(part.units for part in parts), dict(single), dict(pair))
