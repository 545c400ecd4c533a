from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis import Analysis
from pipeline.comparison import Comparison, compare
from pipeline.model import Node
from tests.write.sample import article_of, edge

Pairs = dict[tuple[str, str], tuple[int, ...]]


def linked(pairs: Pairs, *, name: str = "a", terms: tuple[str, ...] = ()) -> Analysis:
    """An article whose network within sentences has these edges, with the numbers of the sentences behind each."""
    names = list(dict.fromkeys(end for pair in pairs for end in pair))
    nodes = tuple(Node(end, "term" if end in terms else "concept", 1, 1, 0.0) for end in names)
    base = article_of(sections=1, sentences=300)
    edges = tuple(
        edge(one, other, len(behind), len(behind), len(behind), 300, tone=tone_of(base, behind), sentences=behind)
        for (one, other), behind in pairs.items()
    )
    return replace(base, article=replace(base.article, name=name), nodes=nodes, edges=edges)


def tone_of(analysis: Analysis, numbers: tuple[int, ...]) -> float:
    return fmean([analysis.sentences[number].polarity.score for number in numbers] or [0.0])


def counts(special: int, rest: int, name: str = "a") -> Analysis:
    """An article with so many sentences for 品控 — 信任, and so many for another pair."""
    return linked(
        {("品控", "信任"): tuple(range(1, special + 1)), ("体验", "参数"): tuple(range(1, rest + 1))}, name=name
    )


def z_of(comparison: Comparison, article: int, source: str = "信任", target: str = "品控") -> float:
    link = next(link for link in comparison.links if (link.source, link.target) == (source, target))
    return next(use.z for use in link.uses if use.article == article)


def test_a_link_has_its_counts_and_its_tone_in_each_article() -> None:
    first = linked({("品控", "信任"): (1, 2, 3), ("品控", "体验"): (4,)})
    second = linked({("信任", "品控"): (5, 6)})
    comparison = compare([first, second])
    link = comparison.links[0]
    assert (link.source, link.target, link.count) == ("信任", "品控", 5)
    assert [(use.article, use.count, use.elsewhere) for use in link.uses] == [(0, 3, 2), (1, 2, 3)]
    for use, analysis, behind in zip(link.uses, (first, second), ((1, 2, 3), (5, 6)), strict=True):
        scores = [analysis.sentences[at].polarity.score for at in behind]
        assert use.score == pytest.approx(sum(scores) / len(scores))
    assert link.score == pytest.approx((link.uses[0].score + link.uses[1].score) / 2)
    assert link.spread == pytest.approx(abs(link.uses[0].score - link.uses[1].score))


def test_common_are_the_links_of_every_article() -> None:
    comparison = compare([linked({("品控", "信任"): (1,), ("品控", "体验"): (2,)}), linked({("信任", "品控"): (3,)})])
    assert [(link.source, link.target) for link in comparison.common] == [("信任", "品控")]
    assert [len(link.uses) for link in comparison.links] == [2, 1]


def test_edges_with_a_term_are_no_links() -> None:
    comparison = compare([linked({("品控", "信任"): (1,), ("品控", "客服"): (2, 3)}, terms=("客服",))] * 2)
    assert [(link.source, link.target) for link in comparison.links] == [("信任", "品控")]


def test_z_against_a_value_worked_out_by_hand() -> None:
    # The example of docs/methods.md: 6 of 20 here, 4 of 180 elsewhere. In all 10 of 200; the prior is 5 * 20 = 100
    # links, 5 of them these. ln(11 / 109) - ln(9 / 271) = 1.11144, divided by sqrt(1 / 11 + 1 / 9) = 0.44947.
    comparison = compare([counts(6, 14), counts(4, 176)])
    assert z_of(comparison, 0) == pytest.approx(2.47280, abs=1e-5)
    # Seen from the other: prior 5 * 180 = 900 links, 45 of them these. ln(49 / 1031) - ln(51 / 869), by
    # sqrt(1 / 49 + 1 / 51)
    assert z_of(comparison, 1) == pytest.approx(-1.05452, abs=1e-5)
    assert [[link.source for link, _ in comparison.special(number)] for number in (0, 1)] == [["信任"], ["体验"]]


def test_what_the_docstring_says_of_small_counts() -> None:
    def among(articles: int, count: int) -> float:
        return z_of(compare([counts(count, 100 - count), *[counts(0, 100)] * (articles - 1)]), 0)

    assert among(5, 5) == pytest.approx(2.03, abs=0.005)
    assert among(5, 4) == pytest.approx(1.81, abs=0.005)
    assert among(2, 20) >= 1.96 > among(2, 19)


def test_one_sentence_is_never_special() -> None:
    comparison = compare([counts(1, 1), counts(1, 269)])
    assert z_of(comparison, 0) >= 1.96
    assert comparison.special(0) == ()
    assert not comparison.links[-1].uses[0].special


def test_special_links_come_strongest_first() -> None:
    first = linked({("品控", "信任"): tuple(range(1, 9)), ("供应链", "战略"): tuple(range(1, 13))})
    others = [linked({("品控", "体验"): tuple(range(1, 120))})] * 4
    found = compare([first, *others]).special(0)
    assert [(link.source, link.target) for link, _ in found] == [("供应链", "战略"), ("信任", "品控")]
    assert found[0][1].z > found[1][1].z >= 1.96


def test_alone_nothing_is_common_and_nothing_special() -> None:
    comparison = compare([counts(9, 1)])
    assert comparison.common == ()
    assert comparison.special(0) == ()
    assert len(comparison.links) == 2
    assert all(use.z == 0 for link in comparison.links for use in link.uses)


def test_the_order_of_the_articles_changes_nothing_but_their_numbers() -> None:
    articles = [counts(6, 14, "a"), counts(4, 176, "b"), linked({("品控", "体验"): (7, 8)}, name="c")]
    seen = set()
    for order in permutations(range(3)):
        comparison = compare([articles[number] for number in order])
        seen.add(
            tuple(
                (
                    link.source,
                    link.target,
                    link.count,
                    link.score,
                    link.spread,
                    tuple(
                        sorted((order[use.article], use.count, use.elsewhere, use.score, use.z) for use in link.uses)
                    ),
                )
                for link in comparison.links
            )
        )
    assert len(seen) == 1


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=2, max_size=5))
def test_counts_add_up(sizes: list[tuple[int, int]]) -> None:
    comparison = compare([counts(one, other) for one, other in sizes])
    for link in comparison.links:
        for use in link.uses:
            assert use.count + use.elsewhere == link.count
            assert -1 <= use.score <= 1
            assert not (use.special and use.count / sum(sizes[use.article]) < link.count / sum(map(sum, sizes)))
