from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis import Analysis
from pipeline.write.explorer import data_block, network_data
from pipeline.write.lines import Lines
from tests.write.sample import sample


def data_of(analysis: Analysis) -> Any:
    return json.loads(data_block(network_data(analysis, Lines(analysis))))


def test_marks_read_as_what_they_mark(analyses: dict[str, Analysis]) -> None:
    for analysis in analyses.values():
        data = data_of(analysis)
        aliases = {(mention.concept, mention.alias) for mention in analysis.mentions}
        marked = 0
        for name, places in data["marks"].items():
            for sentence, spans in places.items():
                text = data["sentences"][sentence][0]
                for start, end in spans:
                    assert 0 <= start < end <= len(text)
                    if any(concept == name for concept, _ in aliases):
                        assert any(alias in text for concept, alias in aliases if concept == name)
                    marked += 1
        assert marked


def test_edges_are_the_networks_of_all_units(analyses: dict[str, Analysis]) -> None:
    for analysis in analyses.values():
        data = data_of(analysis)
        assert data["unit"] == analysis.settings.unit
        for unit in ("sentence", "paragraph", "section"):
            shown, network = data["units"][unit], analysis.network(unit)
            names = [node[0] for node in shown["nodes"]]
            assert [node[2] for node in shown["nodes"]] == sorted((node.units for node in network.nodes), reverse=True)
            counts = {frozenset((edge.source, edge.target)): edge.count for edge in network.edges}
            assert len(shown["edges"]) == min(1500, len(network.edges))
            for first, second, count, *_, sentences in shown["edges"]:
                assert counts[frozenset((names[first], names[second]))] == count
                assert all(str(index) in data["sentences"] for index in sentences)


@given(st.text() | st.just("</script><!--<script>&\u2028"))
def test_no_text_ends_the_element(text: str) -> None:
    block = data_block({text: [text]})
    assert not set("<>&") & set(block)
    assert json.loads(block) == {text: [text]}


def test_every_number_is_one() -> None:
    assert "NaN" not in data_block(network_data(sample(), Lines(sample())))
