from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import worth as fitting
from pipeline.model import Polarity, Sentence
from pipeline.resources import Resources
from pipeline.stages.tokens import tokenize
from pipeline.stages.worth import OWN, PLACED, facets, leans, load_worth, own_features, placed_features, weigh


def features(text: str, resources: Resources) -> dict[str, float]:
    sentence = Sentence(text, 0, len(text), 0, 0, "text", text, polarity=Polarity("negative", -0.5, 0.6, 0.3, 0.1))
    tokens = tokenize(sentence, resources.segmenter)
    return dict(zip(OWN, own_features(sentence, tokens, facets(text), leaning=leans(text)), strict=True))


def test_what_a_sentence_is(resources: Resources) -> None:
    found = features("7月退货率升到30%，因为涂层失败，他们后来补救。", resources)
    true = {"finished", "opens with a number", "third person", "share", "problem", "cause", "remedy"}
    assert {name for name in true if found[name]} == true
    assert not found["leaning"]
    assert not found["pointing"]
    assert found["negative"] == 0.6


@pytest.mark.parametrize(
    ("text", "leaning"),
    [
        ("这一问题拖了两周。", True),
        ("此外，客服没有预案。", True),
        ("我们最后选了后者。", True),
        ("可是没有人看告警。", True),
        ("其他部门没有参加。", False),
        ("结果显示，退货率升了。", False),
        ("网关的限流配置写错了。", False),
    ],
)
def test_what_leans_on_the_sentence_before(text: str, leaning: bool) -> None:
    assert leans(text) is leaning


def test_an_ordinal_is_no_figure_to_open_with(resources: Resources) -> None:
    assert not features("第一次在8月，只有71%。", resources)["opens with a number"]


def test_only_an_article_has_a_first_and_a_last_sentence() -> None:
    short, long = (placed_features([1.0] * n, [20] * n, [0.5] * n) for n in (3, 12))
    first, last = PLACED.index("first"), PLACED.index("last")
    assert not any(row[first] or row[last] for row in short)
    assert [row[first] for row in long].count(True) == [row[last] for row in long].count(True) == 1


def test_the_weights_that_come_along_are_those_that_the_judged_sentences_give(
    tmp_path: Path, resources: Resources
) -> None:
    figures = fitting.build(tmp_path / "worth.json")
    fitted, shipped = load_worth(tmp_path / "worth.json"), load_worth()
    assert fitted.own == pytest.approx(shipped.own, abs=1e-3)
    assert fitted.placed == pytest.approx(shipped.placed, abs=1e-3)
    # floors: by chance 15 and 32 of the sentences chosen, 28 lean
    assert figures["worth 3"] > 40
    assert figures["worth 2 or 3"] > 68
    assert figures["leaning"] < 20
    assert len(fitting.articles(resources)) == 210


def test_weighing_adds_up() -> None:
    assert weigh((1.0, True, 2.0), (0.5, 0.25, -1.0)) == -1.25
