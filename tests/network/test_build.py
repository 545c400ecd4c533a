"""The network of concepts and key terms, and the sentences behind its edges."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence

import networkx
import pytest

from pipeline.model import Edge, Keyword, Mention, Name, Network, Polarity, Sentence, SentenceKind, Unit
from pipeline.network.backbone import disparity
from pipeline.network.bootstrap import stabilities
from pipeline.network.build import network, to_graph
from pipeline.network.centrality import positions
from pipeline.network.communities import communities
from pipeline.stages.concepts import Concept, Matcher, mentions

MATCHER = Matcher(
    [Concept("体验", ("体验",)), Concept("参数", ("参数",)), Concept("品控", ("品控",)), Concept("用户", ("用户",))]
)
ORDER = [concept.name for concept in MATCHER.concepts]


def article(*rows: tuple[str, int, int, float] | tuple[str, int, int, float, SentenceKind]) -> tuple[Sentence, ...]:
    """Return sentences from (text, section, paragraph, score[, kind])."""
    out: list[Sentence] = []
    at = 0
    for text, section, paragraph, score, *kind in rows:
        polarity = Polarity("neutral", score, 0.0, 1.0, 0.0)
        out.append(
            Sentence(text, at, at + len(text), section, paragraph, kind[0] if kind else "text", text, (), polarity)
        )
        at += len(text) + 1
    return tuple(out)


def terms(sentences: Sequence[Sentence], *names: str) -> list[Keyword]:
    out = []
    for number, name in enumerate(names):
        spans = [
            (s.start + at, s.start + at + len(name))
            for s in sentences
            for at in range(len(s.text))
            if s.text.startswith(name, at)
        ]
        out.append(Keyword(name, 9.0 - number, len(spans), tuple(spans)))
    return out


def build(sentences: Sequence[Sentence], *names: str, unit: Unit = "sentence") -> Network:
    found = tuple(
        Mention(m.concept, m.alias, m.start, m.end, m.sentence, m.section, sentences[m.sentence].polarity)
        for m in mentions(sentences, MATCHER)
    )
    return network(sentences, found, terms(sentences, *names), unit=unit, order=ORDER)


def pairs(found: Network) -> dict[tuple[str, str], tuple[int, tuple[int, ...]]]:
    return {(edge.source, edge.target): (edge.count, edge.sentences) for edge in found.edges}


ARTICLE = article(
    ("一、品控与体验", 0, 0, 0.0, "heading"),
    ("参数领先，体验落后，体验没人管。", 0, 1, -0.5),
    ("云雀卖得不好。", 0, 1, -0.1),
    ("云雀的参数很高。", 0, 2, 0.3),
    ("参数与云雀", 1, 3, 0.0, "heading"),
    ("云雀重做了体验。", 1, 4, 0.9),
    ("体验 = 参数", 1, 5, 0.0, "code"),
    ("云雀|参数", 1, 6, 0.1, "table"),
)


def test_sentences_leave_headings_and_code_out() -> None:
    found = build(ARTICLE)
    assert found.units == 5
    assert pairs(found) == {("体验", "参数"): (1, (1,))}


def test_paragraphs_and_sections() -> None:
    found = build(ARTICLE, "云雀", unit="paragraph")
    assert found.units == 4
    assert pairs(found) == {
        ("参数", "云雀"): (3, (1, 2, 3, 7)),
        ("体验", "云雀"): (2, (1, 2, 5)),
        ("体验", "参数"): (1, (1,)),
    }
    found = build(ARTICLE, unit="section")
    assert found.units == 2
    # a section's heading is part of it
    assert pairs(found) == {
        ("体验", "参数"): (2, (0, 1, 3, 4, 5, 7)),
        ("体验", "品控"): (1, (0, 1)),
        ("参数", "品控"): (1, (0, 1, 3)),
    }


def test_a_section_with_nothing_but_a_heading_is_no_unit() -> None:
    rows = article(("一、体验", 0, 0, 0.0, "heading"), ("（一）参数", 1, 1, 0.0, "heading"), ("参数太高。", 1, 2, 0.0))
    assert build(rows, unit="section").units == 1


def test_nodes_are_concepts_in_lexicon_order_then_terms() -> None:
    found = build(ARTICLE, "云雀")
    assert [(n.name, n.kind, n.units, n.mentions) for n in found.nodes] == [
        ("体验", "concept", 2, 4),
        ("参数", "concept", 3, 4),
        ("品控", "concept", 0, 1),
        ("云雀", "term", 4, 5),
    ]


def test_scores_of_concepts_are_of_mentions_and_of_terms_of_sentences() -> None:
    found = {node.name: node.score for node in build(ARTICLE, "云雀").nodes}
    assert found["体验"] == pytest.approx((-0.5 - 0.5 + 0.9) / 3)
    assert found["云雀"] == pytest.approx((-0.1 + 0.3 + 0.9 + 0.1) / 4)
    assert found["品控"] == 0.0


def test_an_edge_carries_its_counts_and_statistics() -> None:
    edge = next(e for e in build(ARTICLE, "云雀").edges if e.target == "云雀")
    assert (edge.source, edge.count, edge.source_count, edge.target_count, edge.units) == ("参数", 2, 3, 4, 5)
    assert edge.sentences == (3, 7)
    assert edge.support == 0.4
    assert edge.npmi == pytest.approx(-0.1989, abs=1e-4)
    assert edge.log_likelihood < 0
    assert edge.p_value == 1.0


def test_every_pair_that_meets_is_an_edge() -> None:
    rows = article(("云雀和画眉，体验。", 0, 0, 0.0), ("云雀和画眉。", 0, 0, 0.0), ("百灵。", 0, 0, 0.0))
    found = build(rows, "云雀", "画眉", "百灵")
    assert pairs(found) == {("云雀", "画眉"): (2, (0, 1)), ("体验", "云雀"): (1, (0,)), ("体验", "画眉"): (1, (0,))}
    assert [node.name for node in found.nodes] == ["体验", "云雀", "画眉", "百灵"]


def test_tone_is_the_mean_of_the_shared_sentences() -> None:
    rows = article(("体验和参数。", 0, 0, -0.5), ("参数，体验。", 0, 1, 0.1), ("体验。", 0, 2, 0.9))
    assert build(rows).edges[0].tone == pytest.approx(-0.2)
    assert build(rows, unit="section").edges[0].tone == pytest.approx(0.5 / 3)


def test_relations_have_the_words_their_place_and_a_direction() -> None:
    rows = article(
        ("追求参数，而非体验。", 0, 0, 0.0), ("体验的落差源于品控。", 0, 1, 0.0), ("参数和体验。", 0, 2, 0.0)
    )
    found = {(edge.source, edge.target): edge.relations for edge in build(rows).edges}
    (against,) = found["体验", "参数"]
    assert (against.kind, against.cue, against.sentence, against.forward) == ("opposition", "而非", 0, None)
    assert rows[0].text[against.start : against.end] == "而非"
    (cause,) = found["体验", "品控"]
    assert (cause.kind, cause.cue, cause.forward) == ("cause", "源于", False)
    assert rows[1].text[cause.start - rows[1].start : cause.end - rows[1].start] == "源于"


def test_nodes_know_their_sections_and_places() -> None:
    found = {node.name: node for node in build(ARTICLE, "云雀").nodes}
    assert (found["品控"].sections, found["品控"].places) == ((0,), ())
    assert (found["参数"].sections, found["参数"].places) == ((0, 1), (0, 2, 4))


def test_one_section_by_itself() -> None:
    found = mentions(ARTICLE, MATCHER)
    alone = network(ARTICLE, found, (), unit="sentence", order=ORDER, sections=(1,))
    assert (alone.units, [node.name for node in alone.nodes]) == (2, ["体验", "参数"])
    parts = [network(ARTICLE, found, (), unit="sentence", sections=(number,)) for number in (0, 1)]
    whole = network(ARTICLE, found, (), unit="sentence")
    assert sum(part.units for part in parts) == whole.units
    assert sum(edge.count for part in parts for edge in part.edges) == sum(edge.count for edge in whole.edges)


def test_names_are_nodes_of_their_kind() -> None:
    rows = article(("云雀公司重做体验。", 0, 0, 0.0), ("云雀公司和方砚秋。", 0, 0, 0.5), ("画眉的参数。", 0, 0, 0.0))
    names = [
        Name("云雀公司", "organisation", 2, ((0, 4), (rows[1].start, rows[1].start + 4))),
        Name("方砚秋", "person", 1, ((rows[1].start + 5, rows[1].start + 8),)),
        Name("画眉", "product", 1, ((rows[2].start, rows[2].start + 2),)),
    ]
    found = network(rows, mentions(rows, MATCHER), terms(rows, "方砚秋", "重做"), unit="sentence", names=names)
    # a name counts from twice on, or where it is a keyword
    assert [(node.name, node.kind) for node in found.nodes[2:]] == [
        ("云雀公司", "organisation"),
        ("方砚秋", "person"),
        ("重做", "term"),
    ]


def test_only_so_many_names_are_nodes_the_most_frequent() -> None:
    letters = [chr(0x4E00 + 40 * number) * 2 for number in range(100)]
    rows = article(*((name, 0, number, 0.0) for number, name in enumerate([*letters, *letters, *letters[70:]])))
    spans: dict[str, list[tuple[int, int]]] = {}
    for row in rows:
        spans.setdefault(row.text, []).append((row.start, row.end))
    names = [Name(name, "product", len(own), tuple(own)) for name, own in spans.items()]
    found = network(rows, (), (), unit="sentence", names=names)
    assert [node.name for node in found.nodes] == [*letters[:30], *letters[70:]]


def test_equal_pairs_come_in_node_order_whichever_is_the_rarer() -> None:
    texts = ["体验参数品控用户"] * 4 + ["体验品控"] + ["参数用户"] * 2 + ["无"] * 10
    found = build(article(*((text, 0, number, 0.0) for number, text in enumerate(texts))))
    equal = [(e.source, e.target) for e in found.edges if {e.source_count, e.target_count} == {5, 6}]
    assert equal == [("体验", "参数"), ("体验", "用户"), ("参数", "品控"), ("品控", "用户")]


def test_p_is_corrected_over_all_pairs_of_a_family() -> None:
    rows = article(
        *(("体验和参数。", 0, n, 0.0) for n in range(4)),
        *(("品控。", 0, n, 0.0) for n in range(4, 9)),
        ("用户。", 0, 9, 0.0),
    )
    # four concepts are six pairs, of which one meets
    (edge,) = build(rows).edges
    assert edge.p_adjusted == pytest.approx(6 * edge.p_value)
    # a term makes a family of its own, and changes nothing for the concepts
    edges = build(rows, "和").edges
    assert {edge.p_adjusted for edge in edges if edge.target == "参数"} == {edge.p_adjusted}


def test_a_term_that_mentions_cover_is_no_node() -> None:
    rows = article(("用户体验差，体验度低。", 0, 0, 0.0), ("用户要体验度。", 0, 0, 0.0))
    found = build(rows, "体验", "用户体验", "体验度")
    assert [node.name for node in found.nodes] == ["体验", "用户", "体验度"]


def test_a_term_keeps_the_occurrences_that_no_mention_covers() -> None:
    rows = article(("函数参数写错。", 0, 0, 0.0), ("参数领先。", 0, 0, 0.0))
    matcher = Matcher([Concept("规格", ("参数",), ("函数参数",))])
    found = network(rows, mentions(rows, matcher), terms(rows, "参数"), unit="sentence")
    assert [(n.name, n.units, n.mentions) for n in found.nodes] == [("规格", 1, 1), ("参数", 1, 1)]
    assert found.edges == ()


def test_names_inside_one_another_do_not_meet() -> None:
    rows = article(("老用户走了，品控。", 0, 0, 0.0), ("老用户骂品控。", 0, 0, 0.0), ("老用户群散了。", 0, 0, 0.0))
    found = build(rows, "老用户", "老用户群")
    assert set(pairs(found)) == {("品控", "用户"), ("品控", "老用户")}


def test_a_term_that_only_headings_hold_is_no_node() -> None:
    rows = article(("云雀", 0, 0, 0.0, "heading"), ("体验差。", 0, 1, 0.0))
    assert [node.name for node in build(rows, "云雀").nodes] == ["体验"]


def test_strongest_first() -> None:
    rows = article(
        ("体验和参数。", 0, 0, 0.0),
        ("体验和参数，品控。", 0, 0, 0.0),
        ("体验和用户。", 0, 0, 0.0),
        ("品控和用户。", 0, 0, 0.0),
        ("体验。", 0, 0, 0.0),
    )
    found = build(rows)
    keys = [(-edge.count, -edge.log_likelihood) for edge in found.edges]
    assert keys == sorted(keys)
    assert (found.edges[0].source, found.edges[0].target) == ("体验", "参数")


@pytest.mark.parametrize("unit", ["sentence", "paragraph", "section"])
def test_nothing_to_connect(unit: Unit) -> None:
    assert build((), unit=unit) == Network(unit, 0, (), ())
    assert build(article(("天气很好。", 0, 0, 0.0)), unit=unit) == Network(unit, 1, (), ())


def test_without_an_order_concepts_come_as_they_appear() -> None:
    rows = article(("品控和体验。", 0, 0, 0.0))
    found = network(rows, mentions(rows, MATCHER), (), unit="sentence")
    assert [node.name for node in found.nodes] == ["品控", "体验"]
    assert [(edge.source, edge.target) for edge in found.edges] == [("品控", "体验")]


def test_a_line_without_an_end_takes_its_length() -> None:
    def seconds(times: int) -> float:
        rows = article(("参数很高体验品控用户、" * times, 0, 0, 0.0))
        found = mentions(rows, MATCHER)
        began = time.process_time()
        network(rows, found, terms(rows, "很高"), unit="sentence")
        return time.process_time() - began

    seconds(10)
    # quadratic, it would be 64 times
    assert seconds(16_000) < 20 * seconds(2_000) + 1.0


class TestGraph:
    def graph(self) -> networkx.Graph[str]:
        found = build(ARTICLE, "云雀", unit="paragraph")
        return to_graph(
            found,
            positions(found, communities(found)),
            stabilities=stabilities(found),
            backbone=disparity(found),
        )

    def test_attributes(self) -> None:
        graph = self.graph()
        assert graph.graph == {"unit": "paragraph", "units": 4}
        edge = graph.edges["体验", "云雀"]
        assert (edge["sentences"], edge["weight"], edge["relations"]) == ("1 2 5", 2.0, "")
        assert edge["count_low"] <= edge["count"] <= edge["count_high"]
        assert graph.nodes["云雀"]["kind"] == "term"
        assert graph.nodes["云雀"]["strength"] == 5
        assert graph.nodes["参数"]["sections"] == "0 1"
        assert {type(value) for _, data in graph.nodes(data=True) for value in data.values()} == {str, int, float}

    def test_every_field_of_an_edge_is_there(self) -> None:
        from dataclasses import fields

        data = self.graph().edges["体验", "云雀"]
        assert {field.name for field in fields(Edge)} - {"source", "target", "units"} <= data.keys()

    def test_without_what_is_dear(self) -> None:
        found = build(ARTICLE)
        data = to_graph(found, positions(found, communities(found))).edges["体验", "参数"]
        assert "disparity" not in data
        assert "count_low" not in data


def test_counting_does_not_import_networkx() -> None:
    program = "import sys, pipeline.network.build, pipeline.network.centrality; sys.exit('networkx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
