from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest

import pipeline as fp
from pipeline.analysis import Analysis, _merged
from pipeline.model import Metadata
from pipeline.stages.read import read
from tests.conftest import ARTICLES, CORPUS

RENAMED = {
    "小米11": "华星12",
    "小米": "华星",
    "卢伟冰": "林涛",
    "MIUI": "HXOS",
    "骁龙888": "天玑900",
    "苹果": "红杉",
    "华为": "北辰",
}


@pytest.mark.parametrize("stem", [path.stem for path in ARTICLES])
def test_every_span_points_into_the_source(stem: str, analyses: dict[str, Analysis]) -> None:
    a = analyses[stem]
    text = a.article.text
    assert all(text[s.start : s.end] == s.text for s in a.sentences)
    assert all(text[e.start : e.end] == e.before for e in a.edits)
    for tokens, sentence in zip(a.tokens, a.sentences, strict=True):
        assert "".join(token.word for token in tokens) == sentence.plain
        assert all(sentence.start <= token.start < token.end <= sentence.end for token in tokens)
    for mention in a.mentions:
        assert a.sentences[mention.sentence].start <= mention.start < mention.end <= a.sentences[mention.sentence].end
    for keyword in a.keywords:
        assert keyword.count == len(keyword.spans) > 0
    for edge in a.edges:
        assert edge.count <= min(edge.source_count, edge.target_count) <= edge.units
        assert edge.sentences


@pytest.mark.parametrize("stem", [path.stem for path in ARTICLES])
def test_sentences_tile_the_sections(stem: str, analyses: dict[str, Analysis]) -> None:
    a = analyses[stem]
    for number, section in enumerate(a.sections):
        inside = [s for s in a.sentences if s.section == number]
        rest = a.article.text[section.start : section.end]
        at = section.start
        for s in inside:
            assert at <= s.start < s.end <= section.end
            rest = rest.replace(s.text, "", 1)
            assert not a.article.text[at : s.start].strip()
            at = s.end
        assert not a.article.text[at : section.end].strip()
        assert not rest.strip()


def test_the_owners_article_has_the_course_that_a_reader_finds(xiaomi11: Analysis) -> None:
    """Problems in sections 1 to 3, repair in 4, a hopeful close; a plain script has 1.0 everywhere."""
    assert [s.kind for s in xiaomi11.sections] == ["intro", "body", "body", "body", "body", "conclusion"]
    scores = [s.polarity.score for s in xiaomi11.sections]
    assert max(scores[1:4]) < 0 < min(scores[4:])


def test_a_copy_under_other_names_scores_the_same(xiaomi11: Analysis) -> None:
    pattern = re.compile("|".join(map(re.escape, RENAMED)))
    copy = fp.analyze_text(pattern.sub(lambda found: RENAMED[found[0]], xiaomi11.article.text))
    for one, other in zip(xiaomi11.sections, copy.sections, strict=True):
        assert one.polarity.score == pytest.approx(other.polarity.score, abs=0.05)


def test_injected_spam_is_repaired_and_reported(xiaomi11: Analysis) -> None:
    (edit,) = [edit for edit in xiaomi11.edits if edit.kind == "injection"]
    assert (edit.before, edit.after) == ("雷火", "")
    sentence = next(s for s in xiaomi11.sentences if s.start <= edit.start < s.end)
    assert "软件生态" in sentence.plain
    assert "软雷火件生态" in sentence.text


def test_dirt_can_be_kept(xiaomi11: Analysis) -> None:
    kept = fp.analyze(CORPUS / "xiaomi11.txt", settings=fp.Settings(keep=("injection",)))
    assert not [edit for edit in kept.edits if edit.kind == "injection"]


def test_summary_and_section_summaries_are_whole_sentences_in_order(analyses: dict[str, Analysis]) -> None:
    for a in analyses.values():
        assert len(a.summary) == 3
        for chosen in (a.summary, *(s.summary for s in a.sections)):
            assert [s.start for s in chosen] == sorted({s.start for s in chosen})
            assert all(s.kind in ("text", "table") and s in a.sentences for s in chosen)
        for number, section in enumerate(a.sections):
            assert all(s.section == number for s in section.summary)
            prose = [s for s in a.sentences if s.section == number and s.kind == "text"]
            assert len(section.summary) in ((1, 2) if prose else (0, 1, 2))


def test_the_network_of_other_units_and_what_is_kept(xiaomi11: Analysis) -> None:
    assert xiaomi11.network() == xiaomi11.network("sentence")
    assert xiaomi11.network().edges == xiaomi11.edges
    for unit in ("sentence", "paragraph", "section"):
        network = xiaomi11.network(unit)
        assert network is xiaomi11.network(unit)
        graph = xiaomi11.graph(unit)
        assert set(graph) == {node.name for node in network.nodes}
        assert graph.number_of_edges() == len(network.edges)
        assert all("community" in graph.nodes[name] for name in graph)
    counts = {(edge.source, edge.target): edge.count for edge in xiaomi11.network("section").edges}
    assert counts["参数", "体验"] >= 2


def test_an_own_concept_is_found_beside_the_others(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("own") / "concepts.toml"
    path.write_text(
        'extends = "default"\n[[concept]]\nname = "发热"\naliases = ["过热", "散热"]\nexclusions = []\n',
        encoding="utf-8",
    )
    a = fp.analyze(CORPUS / "xiaomi11.txt", settings=fp.Settings(concepts=path))
    assert {m.alias for m in a.mentions if m.concept == "发热"} >= {"发热", "散热"}
    assert any(m.concept == "品控" for m in a.mentions)


def test_a_changed_file_of_concepts_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "concepts.toml"
    settings = fp.Settings(concepts=path)
    for name in ("宕机", "回滚"):
        path.write_text(f'[[concept]]\nname = "{name}"\naliases = []\nexclusions = []\n', encoding="utf-8")
        os.utime(path, ns=(0, ord(name[0]) * 10**9))
        found = fp.analyze_text("系统宕机后，我们决定回滚版本。", settings=settings)
        assert {mention.concept for mention in found.mentions} == {name}


def test_an_unknown_unit_is_named(xiaomi11: Analysis) -> None:
    with pytest.raises(ValueError, match="sentence, paragraph, section"):
        xiaomi11.network("word")  # type: ignore[arg-type]


def test_frames_have_a_row_an_item(xiaomi11: Analysis) -> None:
    assert len(xiaomi11.frame("sentences")) == len(xiaomi11.sentences)
    assert len(xiaomi11.frame("edges")) == len(xiaomi11.edges)
    with pytest.raises(ValueError, match="sentences"):
        xiaomi11.frame("sentence")


def test_the_reader_need_not_be_used(xiaomi11: Analysis) -> None:
    text = read(CORPUS / "xiaomi11.txt").text
    again = fp.analyze_text(text)
    assert again.sections == xiaomi11.sections
    assert again.edges == xiaomi11.edges


def test_a_megabyte_on_one_line_takes_seconds_not_minutes() -> None:
    text = "系统宕机，用户的信任受到损害；后来修复了，体验改善" * 8000
    began = time.perf_counter()
    fp.analyze_text(text)
    assert time.perf_counter() - began < 15


# A kind of dirt each, in a text of its own
DIRT = {
    "zero-width": "排期\u200b一改再改，没有人说出口。",
    "control": "排期\x01一改再改，没有人说出口。",
    "width": "排期改了１２次，没有人说出口。",
    "space": "排期\u00a0一改再改，没有人说出口。",
    "punctuation": "排期一改再改！！！没有人说出口。",
    "glyph": "排期一改再改，没有\u2f08说出口。",
    "injection": "我们一直在讨论供应云柚飞链的问题，但是没有结论，团队也很疲惫。",
}


@pytest.mark.parametrize("kind", DIRT)
def test_each_kind_of_dirt_can_be_kept(kind: str) -> None:
    text = DIRT[kind]
    assert [edit.kind for edit in fp.analyze_text(text).edits] == [kind]
    kept = fp.analyze_text(text, settings=fp.Settings.model_validate({"keep": (kind,)}))
    assert kept.edits == ()
    assert "".join(token.word for tokens in kept.tokens for token in tokens) == text
    others = tuple(other for other in DIRT if other != kind)
    rest = fp.analyze_text(text, settings=fp.Settings.model_validate({"keep": others}))
    assert [edit.kind for edit in rest.edits] == [kind]


def test_the_texts_own_word_on_its_author_wins_over_the_files() -> None:
    text = Metadata("周小满", None, "河边周刊")
    assert _merged(text, Metadata("admin", "2021-03", None)) == Metadata("周小满", "2021-03", "河边周刊")
