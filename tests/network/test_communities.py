"""Leiden communities, and how far the seeds agree."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from sklearn.metrics import adjusted_rand_score

from pipeline.network.communities import _rand_index, communities
from tests.network.made import net

# two triangles with a bridge, and a node of its own
TWO = net(
    "xabcdef", ("a", "b", 4), ("a", "c", 4), ("b", "c", 4), ("d", "e", 4), ("d", "f", 4), ("e", "f", 4), ("c", "d", 1)
)


def test_by_size_then_first_node() -> None:
    found = communities(TWO)
    assert found.of == (2, 0, 0, 0, 1, 1, 1)
    assert found.overall == 1.0
    assert found.agreement == (1.0,) * 7


def test_modularity_of_a_worked_example() -> None:
    # m = 25; each triangle has 12 inside and a degree of 25: Q = 2 (12/25 - (25/50)^2)
    assert communities(TWO).modularity == pytest.approx(2 * (12 / 25 - 0.25))


def test_where_nothing_is_clear_the_runs_disagree() -> None:
    # a ring of equal links can be cut anywhere
    ring = "abcdefghijklmnop"
    found = communities(net(ring, *((a, b, 1) for a, b in zip(ring, ring[1:] + ring[0], strict=True))))
    assert found.overall < 0.9
    assert min(found.agreement) < 1.0
    assert all(0.0 <= share <= 1.0 for share in found.agreement)


def test_the_index_is_that_of_scikit_learn() -> None:
    import numpy as np

    divisions = [(0, 0, 1, 1, 2), (0, 0, 0, 1, 1), (0, 1, 2, 3, 4)]
    pairs = np.array([[a == b for a, b in combinations(division, 2)] for division in divisions], dtype=float)
    expected = [adjusted_rand_score(a, b) for a, b in combinations(divisions, 2)]
    assert _rand_index(pairs) == pytest.approx(sum(expected) / 3)


def test_small_networks() -> None:
    assert communities(net("")).of == ()
    assert communities(net("ab")).of == (0, 1)
    assert communities(net("ab", ("a", "b", 2))).of == (0, 0)
    with pytest.raises(ValueError, match="runs"):
        communities(TWO, runs=0)


def test_the_same_in_every_process() -> None:
    program = (
        "from tests.network.made import net; from pipeline.network.communities import communities\n"
        "names = [chr(0x4E00 + i) for i in range(24)]\n"
        "pairs = [(i, j) for i in range(24) for j in range(i) if (i * j) % 5 < 2]\n"
        "print(communities(net(''.join(names), *((names[i], names[j], 1 + (i * j) % 3) for i, j in pairs))))"
    )
    root = str(Path(__file__).parents[2])
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": root},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_only_the_seed_and_the_edges_decide() -> None:
    assert communities(TWO, seed=3) == communities(replace(TWO, unit="section"), seed=3)
