"""Which nodes belong together, and how surely: Leiden communities over several seeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.model import Network

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SEEDS = 20
_ITERATIONS = 10
_RANDOMNESS = 0.001


@dataclass(frozen=True, slots=True)
class Communities:
    """A division of the nodes.

    Attributes:
        of: number of the community of each node in node order, from 0, the largest first (of equal ones, that of the
            first node); a node without edges is one of its own.
        agreement: for each node, the mean over the other members of the share of runs that put the two together, in
            [0, 1]; 1 where it is alone.
        overall: mean adjusted Rand index (Hubert & Arabie 1985, Comparing partitions, J. Classif. 2, 193-218) of all
            pairs of runs: 1 where every seed gives the same, 0 as far as chance would agree.
        modularity: of the division shown (Newman & Girvan 2004), in [-0.5, 1].
    """

    of: tuple[int, ...]
    agreement: tuple[float, ...]
    overall: float
    modularity: float


def communities(network: Network, *, seed: int = 0, runs: int = SEEDS) -> Communities:
    """Return the best division of so many runs from different seeds, and how far the runs agree.

    Leiden, by modularity on the counts (Traag, Waltman & van Eck 2019, From Louvain to Leiden: guaranteeing
    well-connected communities. Scientific Reports 9, 5233). Of the runs the one of highest modularity is shown, of
    equal ones the first. The same network and seed give the same result.

    Raises:
        ValueError: there are no runs.
    """
    if runs < 1:
        raise ValueError(f"runs must be at least 1, not {runs}")
    names = [node.name for node in network.nodes]
    if not network.edges:
        return Communities(tuple(range(len(names))), (1.0,) * len(names), 1.0, 0.0)
    import numpy as np
    from graspologic_native import leiden

    number = {name: index for index, name in enumerate(names)}
    # numbers for names, so that no spelling has a say in the order
    links = sorted((str(number[e.source]), str(number[e.target]), float(e.count)) for e in network.edges)
    best: tuple[float, list[int]] | None = None
    together: list[NDArray[np.bool_]] = []
    upper = np.triu_indices(len(names), 1)
    for run in range(runs):
        quality, found = leiden(links, None, 1.0, _RANDOMNESS, _ITERATIONS, True, seed * runs + run, 1)
        # what has no edge is not in the result: a community of its own
        division = [found.get(str(index), -1 - index) for index in range(len(names))]
        if best is None or quality > best[0] + 1e-12:
            best = (quality, division)
        labels = np.array(division)
        together.append(labels[upper[0]] == labels[upper[1]])
    assert best is not None
    shown = _numbered(best[1])
    pairs = np.stack(together).astype(np.float64)
    share = np.zeros((len(names), len(names)))
    share[upper] = pairs.mean(axis=0)
    share += share.T
    same = np.equal.outer(shown, shown)
    np.fill_diagonal(same, val=False)
    size = same.sum(axis=1)
    agreement = np.where(size > 0, (share * same).sum(axis=1) / np.maximum(size, 1), 1.0)
    return Communities(tuple(shown), tuple(agreement.tolist()), _rand_index(pairs), best[0])


def _numbered(division: list[int]) -> list[int]:
    members: dict[int, list[int]] = {}
    for index, label in enumerate(division):
        members.setdefault(label, []).append(index)
    ordered = sorted(members.values(), key=lambda group: (-len(group), group[0]))
    place = {index: community for community, group in enumerate(ordered) for index in group}
    return [place[index] for index in range(len(division))]


def _rand_index(pairs: NDArray[np.float64]) -> float:
    """Return the mean adjusted Rand index of divisions, each a row that says which pairs of nodes are together."""
    import numpy as np

    runs, total = pairs.shape
    if runs < 2 or not total:
        return 1.0
    shared = pairs @ pairs.T
    own = np.diag(shared)
    expected = np.outer(own, own) / total
    most = np.add.outer(own, own) / 2
    # two divisions without any choice (all together, or all apart) agree wholly
    spread = np.maximum(most - expected, 1e-12)
    index = np.where(most - expected > 1e-9, (shared - expected) / spread, 1.0)
    return float(index[np.triu_indices(runs, 1)].mean())
