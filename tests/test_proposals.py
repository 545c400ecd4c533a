from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.analysis import Analysis, analyze_text
from pipeline.config import Settings
from pipeline.proposals import Context, Proposal, _stated, propose, to_toml
from pipeline.resources import Resources
from pipeline.run import propose_concepts
from pipeline.stages.concepts import Matcher, fold, load_concepts
from pipeline.stages.script import simplified

STATED = """# 质检复盘

我们把质量巡检中心（简称质检部）并进了品质管控部，质检部从此只剩四个人。

品质管控部管三条产线。品质管控部的人手不够，质量巡检中心的报告没有人看。

连接池满了两次。连接池的上限写错了，没有人看连接池。供应链也受了影响，品控更难。
"""


@pytest.fixture(scope="module")
def stated() -> Analysis:
    return analyze_text(STATED)


def by_term(analyses: list[Analysis], resources: Resources, limit: int = 20) -> dict[str, Proposal]:
    return {item.term: item for item in propose(analyses, resources.matcher, limit=limit)}


def test_a_term_of_the_article_is_proposed_with_its_places(stated: Analysis, resources: Resources) -> None:
    mine = by_term([stated], resources)["连接池"]
    assert mine.concept is None
    assert mine.count == STATED.count("连接池") == 3
    assert mine.articles == 1
    assert all(context.term == "连接池" for context in mine.contexts)
    for context in mine.contexts:
        assert (context.before.lstrip("…") + context.term + context.after.rstrip("…")) in STATED


def test_what_the_lexicon_has_is_not_proposed(stated: Analysis, resources: Resources) -> None:
    known = {alias for concept in resources.matcher.concepts for alias in concept.aliases}
    assert not known & by_term([stated], resources).keys()


def test_a_kind_of_a_concept_is_counted_already(resources: Resources) -> None:
    text = "门锁体验很差，门锁体验没有人管。后来门锁体验好了，连接池也好了，连接池不再满。"
    assert "门锁体验" not in by_term([analyze_text(text)], resources)


def test_a_long_form_of_a_name_is_another_name_of_its_concept(resources: Resources) -> None:
    text = "品质管控没有人做。\n\n品质管控交给了新来的人，品质管控从此有人签字，品控有了数。"
    mine = by_term([analyze_text(text)], resources)
    assert mine["品质管控"].concept == "品控"
    assert "品控" in mine["品质管控"].reason


def test_names_that_the_text_sets_equal_go_together(stated: Analysis, resources: Resources) -> None:
    mine = by_term([stated], resources)
    pair = {"质量巡检中心", "质检部"}
    (one,) = [item for name, item in mine.items() if name in pair]
    assert {one.term, *one.aliases} == pair


def test_more_articles_put_a_term_first(resources: Resources) -> None:
    first = analyze_text("扫码枪坏了三把。扫码枪没有备件，扫码枪要等两周。打印机也坏了，打印机要换。")
    second = analyze_text("打印机装不上驱动。打印机有五台坏了，打印机拖慢了发货。")
    mine = [item for item in propose([first, second], resources.matcher) if item.concept is None]
    assert mine[0].term == "打印机"
    assert mine[0].articles == 2


def test_a_term_that_stands_once_is_no_concept(resources: Resources) -> None:
    assert "扫码枪" not in by_term([analyze_text("扫码枪坏了。\n打印机坏了，打印机要换。")], resources)


def test_the_limit_counts_new_concepts(stated: Analysis, resources: Resources) -> None:
    assert len([p for p in propose([stated], resources.matcher, limit=1) if p.concept is None]) == 1
    with pytest.raises(ValueError, match="1 or more, not 0"):
        propose([stated], resources.matcher, limit=0)


def test_names_that_are_counted_in_traditional_text_are_not_proposed(resources: Resources) -> None:
    found = analyze_text("使用者不滿意。使用者的介面很慢，介面要重做。連接池滿了，連接池要換，使用者走了。")
    assert "用户" in {mention.concept for mention in found.mentions}
    mine = by_term([found], resources)
    assert "連接池" in mine
    assert not {"使用者", "介面"} & mine.keys()


def test_nothing_from_nothing(resources: Resources) -> None:
    assert propose([], resources.matcher) == ()
    assert "Nothing" in to_toml(())


def test_what_is_written_is_a_lexicon_that_finds_them(stated: Analysis, resources: Resources, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(to_toml(propose([stated], resources.matcher)), encoding="utf-8")
    names = {concept.name for concept in load_concepts(path)}
    assert {"连接池", "品控", "体验"} <= names
    mentioned = analyze_text(STATED, settings=Settings(concepts=path)).mentions
    assert sum(mention.concept == "连接池" for mention in mentioned) == 3


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=5, unique=True))
def test_hostile_names_and_places_stay_valid_toml(tmp_path_factory: pytest.TempPathFactory, terms: list[str]) -> None:
    context = Context(terms[0], terms[-1], terms[0], "\n[[concept]]\nname = 'x'")
    proposals = [
        Proposal(f"甲{number}{term}", None, "", (f"乙{number}{term}",), 2, 1, 0.5, (), (), (context,))
        for number, term in enumerate(terms)
    ]
    path = tmp_path_factory.mktemp("toml") / "mine.toml"
    path.write_text(to_toml(proposals, extends=False), encoding="utf-8")
    assert len(load_concepts(path)) == len(terms)
    Matcher(load_concepts(path))


def test_the_others_are_done_where_one_fails(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STATED, encoding="utf-8")
    (tmp_path / "b.docx").write_bytes(b"PK no archive")
    found = propose_concepts([tmp_path], settings=Settings())
    assert "连接池" in [proposal.term for proposal in found.proposals]
    assert found.articles == 1
    (failure,) = found.failures
    assert "b.docx" in failure.message


@pytest.mark.parametrize(
    ("said", "pair"),
    [
        ("熔断器又称“断路器”。", ("熔断器", "断路器")),
        ("我们把平均修复时间（MTTR）减半。", ("平均修复时间", "MTTR")),
        ("「熔斷器」又稱「斷路器」。", ("熔斷器", "斷路器")),
        ("质量巡检（简称质检）没有人做。", ("质量巡检", "质检")),
        ("供应商（华信）断货了。", None),
        ("仓储中心（上海）停电。", None),
        ("调用 hash(key) 时出错。", None),
    ],
)
def test_names_are_set_equal_by_what_the_text_says_not_by_brackets_alone(
    said: str, pair: tuple[str, str] | None
) -> None:
    found = _stated([analyze_text(said)])
    assert {(fold(a), b) for (a, _), b in found.items()} >= ({(fold(simplified(pair[0])), pair[1])} if pair else set())
    assert bool(found) is (pair is not None)


def test_a_term_that_holds_a_known_name_says_whose_mentions_it_takes(resources: Resources) -> None:
    text = "用户共创没有做。用户共创停了两年，用户共创才重新开始。"
    mine = by_term([analyze_text(text)], resources)
    assert all("用户" in item.inside for name, item in mine.items() if name.startswith("用户"))
    assert "takes these mentions from" in to_toml(list(mine.values())) or not mine
