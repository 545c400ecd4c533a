"""Floors for polarity on sentences that were written blind and frozen before the model was trained.

They are never read to choose words, rules or weights: a floor that falls is looked into on other sentences.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Literal

import pytest

import pipeline as fp
from benchmarks.data import challenges, concept_pairs
from benchmarks.polarity import Said, challenge_hits, concept_scores, right
from pipeline.stages.concepts import Concept, Matcher

FLOOR = 70
"""Per cent of the challenge set with a right label, at least."""
FLOOR_OF_A_PHENOMENON = 50
FLOOR_OF_CONCEPTS = 80
"""Per cent of the concepts of the pairs whose score is on the right side, at least."""


def share(hits: Sequence[bool]) -> float:
    return 100 * sum(hits) / len(hits)


def by_phenomenon(hits: Sequence[bool]) -> dict[str, float]:
    """Share of right labels of each phenomenon."""
    inside: defaultdict[str, list[bool]] = defaultdict(list)
    for case, hit in zip(challenges(), hits, strict=True):
        inside[case.phenomenon].append(hit)
    return {phenomenon: share(found) for phenomenon, found in inside.items()}


@pytest.fixture(scope="module")
def hits() -> list[bool]:
    return challenge_hits(challenges())


@pytest.fixture(scope="module")
def said() -> list[tuple[Said, Said]]:
    return concept_scores(concept_pairs())


def test_labels_of_the_challenge_set_keep_their_floor(hits: list[bool]) -> None:
    assert share(hits) >= FLOOR


def test_every_phenomenon_keeps_its_floor(hits: list[bool]) -> None:
    shares = by_phenomenon(hits)
    assert {name: value for name, value in shares.items() if value < FLOOR_OF_A_PHENOMENON} == {}


def test_concepts_are_on_their_side(said: list[tuple[Said, Said]]) -> None:
    ours = [hit for good, bad in said for hit in (right(good.about, 1), right(bad.about, -1))]
    assert share(ours) >= FLOOR_OF_CONCEPTS


def test_the_score_of_the_sentence_would_not_do_for_its_concepts(said: list[tuple[Said, Said]]) -> None:
    plain = [hit for good, bad in said for hit in (right(good.sentence, 1), right(bad.sentence, -1))]
    assert share(plain) < FLOOR_OF_CONCEPTS


@pytest.mark.parametrize("label", ["negative", "neutral", "positive"])
def test_one_label_for_everything_would_miss_the_floors(
    label: Literal["negative", "neutral", "positive"], monkeypatch: pytest.MonkeyPatch
) -> None:
    same = fp.Polarity(label, 0.0, 0.0, 1.0, 0.0)
    monkeypatch.setattr(fp, "polarity", lambda texts: (same,) * len(texts), raising=False)
    found = challenge_hits(challenges())
    assert share(found) < FLOOR
    assert min(by_phenomenon(found).values()) < FLOOR_OF_A_PHENOMENON


# --- the data


def test_every_phenomenon_has_enough_sentences_and_most_of_them_mislead() -> None:
    cases = challenges()
    phenomena = Counter(case.phenomenon for case in cases)
    assert len(phenomena) == 16
    assert min(phenomena.values()) >= 15
    traps = Counter(case.phenomenon for case in cases if case.trap)
    assert [name for name, n in phenomena.items() if traps[name] < n / 2] == []


def test_labels_are_labels_and_no_sentence_stands_there_twice() -> None:
    cases = challenges()
    assert {case.polarity for case in cases} == {-1, 0, 1}
    assert all(case.polarity not in case.fair and set(case.fair) <= {-1, 0, 1} for case in cases)
    texts = [case.text for case in cases]
    assert all(text == text.strip() != "" for text in texts)
    assert len(set(texts)) == len(texts)


def test_both_concepts_of_a_pair_are_found_in_its_sentence() -> None:
    pairs = concept_pairs()
    assert len({pair.text for pair in pairs}) == len(pairs) >= 150
    names = dict.fromkeys(name for pair in pairs for name in (pair.good, pair.bad))
    matcher = Matcher(Concept(name, (name,)) for name in names)
    for pair in pairs:
        assert pair.good != pair.bad
        assert {pair.good, pair.bad} <= {name for _, _, name in matcher.find(pair.text)}, pair
