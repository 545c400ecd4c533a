"""In how many units things occur, alone and in pairs: counts only, which add up over texts in any order.

Mentions come as two arrays, the unit and the thing of each. A pair is an array row as well: nothing here walks over
pairs in Python, so that an article and a corpus share this code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_BLOCK = 4_000_000
"""Pairs that are laid out at a time: memory stays bounded (about 100 MB) however long the text is."""
_DENSE = 4_000_000
"""Cells up to which pairs are added up in a table, instead of being sorted."""


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Boolean occurrence per unit: a thing that a unit holds three times counts once there.

    Attributes:
        names: of the things; what no unit holds may be among them.
        units: how many units were looked at, those that hold nothing included (N).
        single: units that hold a thing (n_i), int64 of shape (things,).
        pairs: things that meet, int64 of shape (pairs, 2): indices into ``names``, the smaller first, in order.
        both: units that hold both (n_ij), int64 of shape (pairs,); at least 1.
    """

    names: tuple[str, ...]
    units: int
    single: NDArray[np.int64]
    pairs: NDArray[np.int64]
    both: NDArray[np.int64]

    def __eq__(self, other: object) -> bool:
        """Whether the counts are the same, whatever the order of the names; a thing that never occurs is none."""
        return isinstance(other, Counts) and _plain(self) == _plain(other)

    __hash__ = None  # type: ignore[assignment]  # arrays can change

    def of(self, first: str, second: str) -> tuple[int, int, int, int]:
        """Return ``(n_ij, n_i, n_j, N)`` of two different things, in either order: what the statistics take.

        For one pair; ``quads`` has them all.
        """
        place = {name: number for number, name in enumerate(self.names)}
        a, b = place.get(first), place.get(second)
        n_i = int(self.single[a]) if a is not None else 0
        n_j = int(self.single[b]) if b is not None else 0
        if a is None or b is None:
            return 0, n_i, n_j, self.units
        hit = np.flatnonzero((self.pairs[:, 0] == min(a, b)) & (self.pairs[:, 1] == max(a, b)))
        return int(self.both[hit[0]]) if len(hit) else 0, n_i, n_j, self.units

    def quads(self) -> list[tuple[int, int, int, int, int, int]]:
        """Return ``(i, j, n_ij, n_i, n_j, N)`` of every pair that meets, in the order of ``pairs``."""
        first, second = self.pairs[:, 0], self.pairs[:, 1]
        columns = (first, second, self.both, self.single[first], self.single[second])
        return list(zip(*(column.tolist() for column in columns), [self.units] * len(first), strict=True))


def count(unit: ArrayLike, thing: ArrayLike, *, names: Sequence[str], units: int) -> Counts:
    """Count occurrences over units; linear in the mentions and in the pairs that units hold.

    Args:
        unit: of each mention, from 0 to ``units`` - 1.
        thing: of each mention, an index into ``names``; a mention may come more than once.
        names: of the things, no two alike.
        units: how many there are.

    Raises:
        ValueError: the arrays differ in length, or an index is out of range.
    """
    where = np.asarray(unit, dtype=np.int64).ravel()
    what = np.asarray(thing, dtype=np.int64).ravel()
    things = len(names)
    if len(where) != len(what):
        raise ValueError(f"{len(where)} units for {len(what)} things: each mention needs one of both")
    if len(where) and (where.min() < 0 or where.max() >= units or what.min() < 0 or what.max() >= things):
        raise ValueError(f"a mention is outside of the {units} units or the {things} things")
    # each thing once a unit, units in order, and in a unit the things in order
    held = _distinct(where * things + what) if things else where
    where, what = held // max(things, 1), held % max(things, 1)
    single = np.bincount(what, minlength=things).astype(np.int64)
    pairs, both = _pairs(where, what, things)
    return Counts(tuple(names), units, single, pairs, both)


def merge(*parts: Counts) -> Counts:
    """Return the counts of all parts together: associative and commutative, ``merge()`` is the identity.

    The parts must not share units: merging the counts of two halves gives those of the whole. Names come out in
    code-point order.
    """
    names = sorted({name for part in parts for name in part.names})
    place = {name: number for number, name in enumerate(names)}
    things = len(names)
    single = np.zeros(things, dtype=np.int64)
    keys: list[NDArray[np.int64]] = []
    for part in parts:
        own = np.array([place[name] for name in part.names], dtype=np.int64)
        single[own] += part.single
        a, b = own[part.pairs[:, 0]], own[part.pairs[:, 1]]
        keys.append(np.minimum(a, b) * things + np.maximum(a, b))
    pairs, both = _summed(keys, [part.both for part in parts], things)
    return Counts(tuple(names), sum(part.units for part in parts), single, pairs, both)


def _pairs(where: NDArray[np.int64], what: NDArray[np.int64], things: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the pairs of things that share a unit, and in how many; both arrays in order of unit, then thing."""
    # how many further things the unit of each entry holds: as many pairs begin there
    last = np.searchsorted(where, where, side="right") if len(where) else where
    begins = last - np.arange(len(where)) - 1
    ends = np.cumsum(begins)
    keys: list[NDArray[np.int64]] = []
    sums: list[NDArray[np.int64]] = []
    table = np.zeros(things * things, dtype=np.int64) if things * things <= _DENSE else None
    start = 0
    while start < len(where):
        done = int(ends[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, done + _BLOCK, side="right")))
        own = begins[start:stop]
        left = np.repeat(np.arange(start, stop), own)
        # 1, 2, … within the entries that begin at the same place
        step = np.arange(len(left)) - np.repeat(ends[start:stop] - own - done, own) + 1
        key = what[left] * things + what[left + step]
        if table is not None:
            table += np.bincount(key, minlength=things * things)
        else:
            found, sizes = np.unique(key, return_counts=True)
            keys.append(found)
            sums.append(sizes)
        start = stop
    if table is None:
        return _summed(keys, sums, things)
    found = np.flatnonzero(table)
    return _split(found, things), table[found]


def _summed(
    keys: Sequence[NDArray[np.int64]], sums: Sequence[NDArray[np.int64]], things: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return pairs, each once, with the sum of what stands beside them."""
    if not keys:
        return np.zeros((0, 2), dtype=np.int64), np.zeros(0, dtype=np.int64)
    key, amount = np.concatenate(keys), np.concatenate(sums)
    order = np.argsort(key, kind="stable")
    key, amount = key[order], amount[order]
    first = np.flatnonzero(np.diff(key, prepend=-1))
    return _split(key[first], things), np.add.reduceat(amount, first) if len(first) else amount


def _split(key: NDArray[np.int64], things: int) -> NDArray[np.int64]:
    return np.stack([key // max(things, 1), key % max(things, 1)], axis=1)


def _distinct(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return each value once, in order (as ``np.unique``, which is slower for integers in some versions)."""
    ordered = np.sort(values)
    return ordered[np.flatnonzero(np.diff(ordered, prepend=-1))]


def _plain(counts: Counts) -> tuple[int, dict[str, int], dict[frozenset[str], int]]:
    names = counts.names
    return (
        counts.units,
        {name: amount for name, amount in zip(names, counts.single.tolist(), strict=True) if amount},
        {
            frozenset((names[a], names[b])): amount
            for (a, b), amount in zip(counts.pairs.tolist(), counts.both.tolist(), strict=True)
        },
    )
