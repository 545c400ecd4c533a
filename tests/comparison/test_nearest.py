from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis import Analysis
from pipeline.comparison import compare
from pipeline.model import UNSCORED, Keyword, Mention, Sentence, Token
from tests.write.sample import article_of

WORDS = ("品控", "信任", "体验", "参数")


def spoken(concepts: dict[str, int], terms: dict[str, int] | None = None, *, name: str = "a") -> Analysis:
    """An article with so many mentions of each concept, and so many occurrences of each keyword."""
    base = article_of(sections=1, sentences=0)
    words = [term for term, count in (terms or {}).items() for _ in range(count)]
    at = 0
    sentences, tokens = [], []
    for word in words:
        sentences.append(Sentence(word, at, at + len(word), 0, 0, "text", word))
        tokens.append((Token(word, "n", at, at + len(word)),))
        at += len(word)
    return replace(
        base,
        article=replace(base.article, name=name),
        sentences=tuple(sentences),
        tokens=tuple(tokens),
        keywords=tuple(Keyword(term, 1.0, count, ()) for term, count in (terms or {}).items()),
        mentions=tuple(
            Mention(concept, concept, 0, len(concept), 0, 0, UNSCORED)
            for concept, count in concepts.items()
            for _ in range(count)
        ),
    )


def test_similarity_against_a_value_worked_out_by_hand() -> None:
    # 品控 2 and 信任 1 against 品控 1 and 体验 1. Both have 品控: 1 + ln(3 / 3) = 1; the others: 1 + ln(3 / 2).
    # (1 + ln 2) * 1 / (sqrt(1.693147² + 1.405465²) * sqrt(1² + 1.405465²)) = 1.693147 / (2.200473 * 1.724915)
    first, second = compare([spoken({"品控": 2, "信任": 1}), spoken({"品控": 1, "体验": 1})]).articles
    assert first.nearest[0].similarity == pytest.approx(0.446078, abs=1e-6)
    assert first.nearest[0].similarity == second.nearest[0].similarity
    assert [(reason.name, reason.kind, reason.share) for reason in first.nearest[0].reasons] == [
        ("品控", "concept", 1.0)
    ]


def test_terms_count_beside_concepts_and_reasons_come_strongest_first() -> None:
    pair = [spoken({"品控": 3}, {"厨房": 1, "花园": 9}), spoken({"品控": 3}, {"厨房": 2})]
    near = compare(pair).articles[0].nearest[0]
    assert [(reason.name, reason.kind) for reason in near.reasons] == [("品控", "concept"), ("厨房", "term")]
    assert sum(reason.share for reason in near.reasons) == pytest.approx(1)


def test_a_term_that_names_a_concept_is_not_counted_twice() -> None:
    plain = compare([spoken({"品控": 3}), spoken({"品控": 2, "信任": 1})])
    named = compare([spoken({"品控": 3}, {"品控": 3}), spoken({"品控": 2, "信任": 1}, {"品控": 2})])
    assert [article.nearest for article in plain.articles] == [article.nearest for article in named.articles]


def test_the_nearest_comes_first_and_one_with_nothing_in_common_not_at_all() -> None:
    articles = [
        spoken({"品控": 3, "信任": 2}),
        spoken({"参数": 1}),
        spoken({"品控": 3, "体验": 5}),
        spoken({"品控": 3}),
    ]
    comparison = compare(articles)
    assert [near.article for near in comparison.articles[0].nearest] == [3, 2]
    assert comparison.articles[1].nearest == ()
    assert [near.article for near in compare(articles, neighbours=1).articles[0].nearest] == [3]
    with pytest.raises(ValueError, match="neighbours"):
        compare(articles, neighbours=-1)


def test_the_same_article_twice_is_as_near_as_can_be() -> None:
    article = spoken({"品控": 3, "信任": 1}, {"厨房": 2})
    assert compare([article, article]).articles[0].nearest[0].similarity == pytest.approx(1)


def test_articles_without_anything_are_near_to_none() -> None:
    assert all(article.nearest == () for article in compare([article_of(sections=0)] * 3).articles)


counted = st.lists(st.dictionaries(st.sampled_from(WORDS), st.integers(1, 9), max_size=4), min_size=2, max_size=5)


@given(counted, counted)
def test_similarity_is_symmetric_and_in_range(concepts: list[dict[str, int]], terms: list[dict[str, int]]) -> None:
    pairs = zip(concepts, terms, strict=False)
    articles = [spoken(own, {f"{word}词": count for word, count in words.items()}) for own, words in pairs]
    comparison = compare(articles, neighbours=9)
    found = {
        (number, near.article): near.similarity
        for number, article in enumerate(comparison.articles)
        for near in article.nearest
    }
    for (one, other), value in found.items():
        assert one != other
        assert 0 < value <= 1
        assert found[other, one] == value
    for article in comparison.articles:
        assert [near.similarity for near in article.nearest] == sorted(
            (near.similarity for near in article.nearest), reverse=True
        )
        assert all(0 < sum(reason.share for reason in near.reasons) <= 1 + 1e-9 for near in article.nearest)


def test_the_order_of_the_articles_changes_nothing_but_their_numbers() -> None:
    articles = [
        spoken({"品控": 3, "信任": 2}, {"厨房": 4}, name="a"),
        spoken({"品控": 1, "体验": 5}, {"厨房": 1, "花园": 2}, name="b"),
        spoken({"参数": 2, "信任": 2}, {"花园": 3}, name="c"),
        spoken({"参数": 2, "信任": 2}, {"花园": 3}, name="d"),
    ]
    seen = set()
    for order in permutations(range(4)):
        comparison = compare([articles[number] for number in order])
        seen.add(
            frozenset(
                (article.name, tuple((order[n.article], n.similarity, n.reasons) for n in article.nearest))
                for article in comparison.articles
            )
        )
    assert len(seen) == 1
