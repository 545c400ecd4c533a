"""What sets a part of a text apart from the rest."""

from __future__ import annotations

import math

_PRIOR = 5.0
"""Weight of the Dirichlet prior, in multiples of the part. With a small one a term that only the part has would count
less than one that the rest has too, since its odds in the rest would be very unsure."""


def log_odds(count: int, size: int, other_count: int, other_size: int) -> float:
    """Return by how many standard deviations a text uses a word more than another text does.

    The z-score of the log-odds ratio with an informative Dirichlet prior: Monroe, Colaresi & Quinn (2008), "Fightin'
    Words", Political Analysis 16(4), section 3.4. The prior is the word's share in both texts together.

    Args:
        count: occurrences here, of ``size`` words.
        other_count: occurrences in the other text, of ``other_size`` words.
    """
    both = size + other_size
    total = count + other_count
    if not total or not size or not other_size:
        return 0.0
    strength = max(1.0, _PRIOR * size)
    prior = strength * total / both
    here, there = count + prior, other_count + prior
    odds = math.log(here / max(size + strength - here, 0.5)) - math.log(there / max(other_size + strength - there, 0.5))
    return odds / math.sqrt(1 / here + 1 / there)
