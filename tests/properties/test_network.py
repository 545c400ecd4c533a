"""What holds of every lexicon, text and network."""

from __future__ import annotations

from itertools import combinations
from math import log

from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Keyword, Sentence, SentenceKind, Unit
from pipeline.network.association import (
    association_strength,
    dice,
    jaccard,
    log_likelihood,
    npmi,
    odds_ratio,
    pmi,
    simpson,
    support,
)
from pipeline.network.build import network
from pipeline.network.counting import Counts, merge
from pipeline.network.significance import benjamini_hochberg, fisher
from pipeline.stages.concepts import Concept, Matcher, fold, mentions
from tests.network.made import counted

ALPHABET = "甲乙丙丁aBＡ1 ，"
WORDS = st.text("甲乙丙丁aBＡ1", min_size=1, max_size=4)
KINDS: tuple[SentenceKind, ...] = ("text", "text", "heading", "table", "code")
TEXTS = st.text(ALPHABET, max_size=40)
UNITS = st.lists(st.lists(st.sampled_from("abcdef"), max_size=5), max_size=12)
COUNTS = UNITS.map(counted)


@st.composite
def tables(draw: st.DrawFn) -> tuple[int, int, int, int]:
    """Return (both, first, second, units) that some text could have."""
    units = draw(st.integers(0, 300))
    first = draw(st.integers(0, units))
    second = draw(st.integers(0, units))
    return draw(st.integers(max(0, first + second - units), min(first, second))), first, second, units


@st.composite
def lexicons(draw: st.DrawFn) -> list[Concept]:
    words = draw(st.lists(WORDS, min_size=1, max_size=8, unique_by=fold))
    size = draw(st.integers(1, 3))
    parts = [words[part::size] for part in range(min(size, len(words)))]
    around = st.text("甲乙丙丁aBＡ1", max_size=2)
    return [
        Concept(
            f"概念{number}",
            tuple(part),
            tuple(draw(around) + draw(st.sampled_from(part)) + draw(around) for _ in range(draw(st.integers(0, 3)))),
        )
        for number, part in enumerate(parts)
    ]


@st.composite
def articles(draw: st.DrawFn) -> tuple[Sentence, ...]:
    """Return sentences of a few paragraphs and sections, in order."""
    out: list[Sentence] = []
    at = section = paragraph = 0
    for text in draw(st.lists(st.text(ALPHABET, min_size=1, max_size=12), max_size=10)):
        new = draw(st.sampled_from(("sentence", "paragraph", "section")))
        paragraph += new != "sentence"
        section += new == "section"
        kind: SentenceKind = draw(st.sampled_from(KINDS))
        out.append(Sentence(text, at, at + len(text), section, paragraph, kind, text))
        at += len(text) + 1
    return tuple(out)


@given(COUNTS, COUNTS, COUNTS)
def test_merge_is_associative_and_commutative_with_an_identity(a: Counts, b: Counts, c: Counts) -> None:
    assert merge(merge(a, b), c) == merge(a, merge(b, c)) == merge(a, b, c)
    assert merge(a, b) == merge(b, a)
    assert merge(a, merge()) == merge(a) == a
    assert merge() == counted([])


@given(UNITS, st.integers(0, 12))
def test_the_counts_of_two_halves_add_up_to_the_whole(units: list[list[str]], at: int) -> None:
    assert merge(counted(units[:at]), counted(units[at:])) == counted(units)
    assert counted(units) == counted(units[::-1])


@given(UNITS)
def test_counts_are_those_of_a_plain_double_loop(units: list[list[str]]) -> None:
    counts = counted(units)
    assert counts.units == len(units)
    for first, second in combinations("abcdef", 2):
        holds = [(first in unit, second in unit) for unit in units]
        expected = (holds.count((True, True)), sum(a for a, _ in holds), sum(b for _, b in holds), len(units))
        assert counts.of(first, second) == expected
        assert counts.of(second, first) == (expected[0], expected[2], expected[1], expected[3])


@given(COUNTS)
def test_a_pair_never_outweighs_its_ends(counts: Counts) -> None:
    for _, _, both, first, second, units in counts.quads():
        assert 0 < both <= min(first, second) <= max(first, second) <= units


@given(tables())
def test_statistics_stay_in_range_and_are_symmetric(table: tuple[int, int, int, int]) -> None:
    both, first, second, units = table
    turned = (both, second, first, units)
    assert 0.0 <= support(*table) <= 1.0
    assert -1.0 <= npmi(*table) <= 1.0
    assert 0.0 <= fisher(*table) <= 1.0
    assert abs(log_likelihood(*table)) <= 2 * units * log(2) + 1e-9
    assert 0.0 <= jaccard(*table) <= dice(*table) <= simpson(*table) <= 1.0
    assert association_strength(*table) >= 0.0
    low, high = odds_ratio(*table)[1:]
    assert 0.0 < low <= odds_ratio(*table)[0] <= high
    for measure in (jaccard, dice, simpson, association_strength, pmi):
        assert measure(*table) == measure(*turned)
    assert npmi(*table) == npmi(*turned)
    assert abs(log_likelihood(*table) - log_likelihood(*turned)) < 1e-9
    assert abs(fisher(*table) - fisher(*turned)) < 1e-9


@given(tables())
def test_npmi_and_log_likelihood_agree_on_the_side(table: tuple[int, int, int, int]) -> None:
    both, first, second, units = table
    if 0 < both < units:
        surplus = both * units - first * second
        assert (npmi(*table) > 0) == (surplus > 0)
    assert (log_likelihood(*table) < 0) <= (both * units < first * second)


@given(tables())
def test_more_meetings_are_never_less_significant(table: tuple[int, int, int, int]) -> None:
    both, first, second, units = table
    if both < min(first, second):
        assert fisher(both + 1, first, second, units) <= fisher(*table) + 1e-12


@given(st.lists(st.floats(0, 1), max_size=12), st.integers(0, 9))
def test_corrected_values_keep_the_order_and_never_fall(p_values: list[float], unseen: int) -> None:
    adjusted = benjamini_hochberg(p_values, len(p_values) + unseen)
    for p, q in zip(p_values, adjusted, strict=True):
        assert p <= q <= 1.0
    ordered = [q for _, q in sorted(zip(p_values, adjusted, strict=True))]
    assert ordered == sorted(ordered)


@given(lexicons(), TEXTS)
def test_spans_are_disjoint_and_each_is_an_alias(lexicon: list[Concept], text: str) -> None:
    aliases = {concept.name: {fold(alias) for alias in concept.aliases} for concept in lexicon}
    free = 0
    for start, end, concept in Matcher(lexicon).find(text):
        assert free <= start < end <= len(text)
        assert fold(text[start:end]) in aliases[concept]
        free = end


@given(lexicons(), TEXTS)
def test_matching_is_what_a_plain_search_finds(lexicon: list[Concept], text: str) -> None:
    folded = fold(text)

    def inside(concept: Concept, start: int, end: int) -> bool:
        return any(
            folded.startswith(fold(exclusion), at) and at <= start and end <= at + len(exclusion)
            for exclusion in concept.exclusions
            for at in range(len(folded))
        )

    def joined(at: int) -> bool:
        return 0 < at < len(folded) and all(character in "ab1" for character in folded[at - 1 : at + 1])

    expected = []
    at = 0
    while at < len(folded):
        candidates = [
            (at + len(alias), concept.name)
            for concept in lexicon
            for alias in concept.aliases
            if folded.startswith(fold(alias), at)
            and not inside(concept, at, at + len(alias))
            and not joined(at)
            and not joined(at + len(alias))
        ]
        if candidates:
            end, name = max(candidates)
            expected.append((at, end, name))
            at = end
        else:
            at += 1
    assert Matcher(lexicon).find(text) == expected


@given(lexicons(), TEXTS)
def test_an_unrelated_alias_changes_nothing(lexicon: list[Concept], text: str) -> None:
    more = [*lexicon, Concept("别的", ("戊己", "庚"), ("戊己庚",))]
    assert Matcher(more).find(text) == Matcher(lexicon).find(text)


@given(
    articles(),
    lexicons(),
    st.lists(WORDS, max_size=4, unique=True),
    st.sampled_from(("sentence", "paragraph", "section")),
)
def test_every_network_holds_together(
    sentences: tuple[Sentence, ...], lexicon: list[Concept], words: list[str], unit: Unit
) -> None:
    found = mentions(sentences, Matcher(lexicon))
    terms = [
        Keyword(word, 1.0, len(spans), spans)
        for word in words
        if (
            spans := tuple(
                (s.start + at, s.start + at + len(word))
                for s in sentences
                for at in range(len(s.text))
                if s.text.startswith(word, at)
            )
        )
    ]
    net = network(sentences, found, terms, unit=unit)
    nodes = {node.name: node for node in net.nodes}
    order = list(nodes)
    assert len(order) == len(net.nodes)
    assert {node.name for node in net.nodes if node.kind == "concept"} == {mention.concept for mention in found}
    for node in net.nodes:
        assert node.units <= net.units
        assert node.units <= node.mentions
    assert len({(edge.source, edge.target) for edge in net.edges}) == len(net.edges)
    for edge in net.edges:
        assert order.index(edge.source) < order.index(edge.target)
        assert 0 < edge.count <= min(edge.source_count, edge.target_count)
        assert (edge.source_count, edge.target_count) == (nodes[edge.source].units, nodes[edge.target].units)
        assert edge.units == net.units
        assert edge.sentences == tuple(sorted(set(edge.sentences)))
        behind = [sentences[index] for index in edge.sentences]
        assert all(sentence.kind != "code" for sentence in behind)
        if unit == "sentence":
            assert len(behind) == edge.count
        elif unit == "paragraph":
            assert len({sentence.paragraph for sentence in behind}) == edge.count
        else:
            assert len({sentence.section for sentence in behind}) == edge.count
