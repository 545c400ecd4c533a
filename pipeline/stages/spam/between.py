"""Finds names, words and Latin words pushed between two words, where no word comes back without them.

What is learned of such places (``scale``) is weighed together with what the article knows of the insert, and only in
articles that hold different inserts inside words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.stages.spam.article import CHARACTER, MOST
from pipeline.stages.spam.characters import PLAIN, RUN, SURNAMES, han_after, han_before
from pipeline.stages.spam.scale import LATIN, NAME, PAIR, WORD, Scale, candidates, latin

if TYPE_CHECKING:
    from pipeline.model import Span
    from pipeline.stages.spam.article import Article
    from pipeline.stages.spam.scale import Candidate


@dataclass(frozen=True, slots=True)
class _Scales:
    """How the evidence for a kind of candidates adds up, and how much of it is enough.

    Attributes:
        learned: factor of the learned log-odds.
        slack: what the best division of the text loses by cutting at both ends, in nats.
        rare: how much rarer than characters at random the candidate's words are, in nats.
        known: of its characters, the share that the article holds elsewhere.
        border: for each end, that the same two characters stand together elsewhere.
        surname: that it may be a person's name.
        base: added.
        repeated: enough, on average, for one that stands three times or more, always between words.
        beside: for one that stands once, in an article with different inserts.
    """

    learned: float
    slack: float
    rare: float
    known: float
    border: float
    surname: float
    base: float
    repeated: float
    beside: float


# A logistic regression on inserts of this program's own invention and on what clean text holds in their place
_SCALES = {
    NAME: _Scales(0.63, -0.5, 0.14, -2.4, -2.4, -0.9, 0.7, 0.6, 3.5),
    WORD: _Scales(1.13, -0.1, 0.11, -1.2, -0.6, 0.6, 2.3, 1.8, 3.0),
    PAIR: _Scales(0.8, 0.5, 0.45, -2.6, -1.9, 0.0, 6.0, 1.0, 3.0),
    LATIN: _Scales(1.27, 0.0, 0.0, 0.0, 0.0, 0.0, 0.8, 3.0, 3.2),
}
_REPEATS = 3
_OTHERS = 2  # different inserts inside words that make one between words likely
_DENSE = 2_000  # characters of text for each of them at most: a long text has false alarms too
_FEW = 1.0  # more evidence for one that stands only so often
_APART = 120  # characters of text for each place: what stands more often is what the text is about


def between_words(article: Article, inside: list[Span], found: list[Span]) -> list[Span]:
    """Find inserts between words, in an article that holds different ones ``inside`` words: one name at many places
    makes no other likelier, different ones do. Clean text is not looked into, so that nothing in it is lost."""
    text = article.text
    if len({text[a:b] for a, b in inside}) < max(_OTHERS, len(text) // _DENSE):
        return []
    groups = _groups(article)
    scale = Scale(text, article.parse, article.idf)
    taken = {k for a, b in found for k in range(a - 1, b + 1)}
    out: list[Span] = []

    def take(spots: list[Candidate]) -> bool:
        free = all(taken.isdisjoint(range(a, b)) for _, a, b in spots)
        if free:
            for _, a, b in spots:
                taken.update(range(a - 1, b + 1))
                out.append((a, b))
        return free

    several = [spots for name, spots in groups.items() if _always_between(article, name, spots)]
    weighed = [
        (sum(_weight(article, scale, spot, len(spots)) for spot in spots) / len(spots), spots) for spots in several
    ]
    for weight, spots in sorted(weighed, key=lambda item: (-item[0], item[1][0][1])):
        if weight >= _SCALES[spots[0][0]].repeated + _FEW * (len(spots) == _REPEATS):
            take(spots)
    single = [spots[0] for name, spots in groups.items() if len(spots) == article.count(name) == 1]
    ranked = [(_weight(article, scale, spot, 1), spot) for spot in single]
    for weight, spot in sorted(ranked, key=lambda item: (-item[0], item[1])):
        if weight >= _SCALES[spot[0]].beside:
            take([spot])
    return out


def _groups(article: Article) -> dict[str, list[Candidate]]:
    """Return the candidates by what they are."""
    text = article.text
    groups: defaultdict[str, list[Candidate]] = defaultdict(list)
    left = 10 * MOST
    for m in RUN.finditer(text):
        at = m.start()
        for kind, a, b in candidates(article.parse(m[0]), article.idf):
            groups[m[0][a:b]].append((kind, at + a, at + b))
            left -= 1
        if left < 0:
            break
    for candidate, _ in zip(latin(text), range(MOST), strict=False):
        groups[text[candidate[1] : candidate[2]]].append(candidate)
    return groups


def _always_between(article: Article, name: str, spots: list[Candidate]) -> bool:
    """Tell whether ``name`` stands several times, each time between other words, and is not what the text is about."""
    times = len(spots)
    if times < _REPEATS or times * _APART > len(article.text) or article.count(name) != times:
        return False
    # A term stands beside the same word again, be it part of a longer one
    before = Counter(article.text[a - 1] for _, a, _ in spots)
    after = Counter(article.text[b] for _, _, b in spots)
    return all(n == 1 or (n * 2 <= times and c in PLAIN) for around in (before, after) for c, n in around.items())


def _weight(article: Article, scale: Scale, spot: Candidate, times: int) -> float:
    """Return how much speaks for an insert, in log-odds; the scales say how much is enough."""
    kind, a, b = spot
    scales = _SCALES[kind]
    text, costs = article.text, article.costs
    score = scales.base + scales.learned * scale.evidence(spot)
    if kind == LATIN:
        return score
    insert, left, right = text[a:b], han_before(text, a), han_after(text, b)
    apart = costs.parse(left) + costs.parse(right)
    whole = costs.parse(left + insert + right)
    slack = apart + costs.parse(insert + right) + costs.parse(left + insert) - 2 * whole
    known = sum(article.characters[character] > times for character in insert) / (b - a)
    border = (article.pairs[text[a - 1 : a + 1]] > 1) + (article.pairs[text[b - 1 : b + 1]] > 1)
    surname = text[a - 1] in SURNAMES or text[a] in SURNAMES
    return (
        score
        + scales.slack * slack
        + scales.rare * (whole - apart - CHARACTER * (b - a))
        + scales.known * known
        + scales.border * border
        + scales.surname * surname
    )
