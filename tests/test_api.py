from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipeline as fp

TEXT = """一、出了什么问题
发布当晚系统宕机，用户的信任受到损害。测试没有覆盖老用户的数据。
二、怎么补救
团队当夜修复了缺陷，第二天补上了测试。客户的体验明显改善！
总结
品控要从设计开始。
"""


def test_every_public_name_is_there() -> None:
    assert [name for name in fp.__all__ if not hasattr(fp, name)] == []
    assert [name for name in fp.__all__ if isinstance(getattr(fp, name), ModuleType)] == []
    assert set(fp.__all__) <= set(dir(fp))
    with pytest.raises(AttributeError, match="analyse"):
        _ = fp.analyse


def test_split_sections() -> None:
    found = fp.split_sections(TEXT)
    assert [section.heading for section in found] == ["一、出了什么问题", "二、怎么补救", "总结"]
    assert found[-1].kind == "conclusion"
    assert TEXT[found[1].start :].startswith("二、")


def test_segment() -> None:
    tokens = fp.segment("小米11的品控")
    assert [token.word for token in tokens] == ["小米11", "的", "品控"]
    assert [token.word for token in fp.segment("小米11的品控", parity=True)][:2] == ["小米", "11"]


def test_keywords_heed_the_limit_and_point_to_their_places() -> None:
    found = fp.keywords(TEXT, limit=3)
    assert len(found) == 3
    assert all(TEXT[start:end] == keyword.term for keyword in found for start, end in keyword.spans)


def test_polarity_of_sentences() -> None:
    bad, good = fp.polarity(["系统频繁卡顿，用户投诉不断。", "问题当天就解决了，体验明显改善。"])
    assert (bad.label, good.label) == ("negative", "positive")
    assert bad.score < 0 < good.score
    assert bad.evidence
    with pytest.raises(TypeError, match="list of sentences"):
        fp.polarity("一句话")
    assert fp.polarity([]) == ()


def test_snownlp_stays_for_comparison() -> None:
    (value,) = fp.polarity(["服务很好，我很满意"], settings=fp.Settings(polarity="snownlp"))
    assert value.score > 0


def test_summarize_heeds_the_budget() -> None:
    short, long = fp.summarize(TEXT, characters=15), fp.summarize(TEXT, characters=60)
    assert short
    assert sum(len(sentence.text) for sentence in short) < sum(len(sentence.text) for sentence in long)
    assert all(TEXT[sentence.start : sentence.end] == sentence.text for sentence in long)
    assert fp.summarize("") == ()


@given(st.text(max_size=60))
def test_no_text_is_too_odd(text: str) -> None:
    analysis = fp.analyze_text(text)
    assert analysis.polarity.label in ("negative", "neutral", "positive")
    fp.keywords(text)
    fp.summarize(text)
    fp.split_sections(text)


def test_representations_are_short_and_escaped() -> None:
    analysis = fp.analyze_text("<script>\n\n" + TEXT, title="<b>复盘</b>")
    assert "<script>" not in analysis._repr_html_()
    assert "<b>复盘</b>" not in analysis._repr_html_()
    assert "<script>" not in "".join(section._repr_html_() for section in analysis.sections)
    assert "体验" in analysis.network()._repr_html_()
    parts = (*analysis.sections, *analysis.sentences, *analysis.keywords, *analysis.mentions, *analysis.edges)
    for value in (analysis, analysis.article, analysis.network(), analysis.polarity, *parts):
        assert len(repr(value)) < 250


def test_a_name_stays_what_it_is_once_its_module_is_loaded() -> None:
    """A submodule of the same name would take the place of the function."""
    analysis = fp.analyze_text(TEXT)
    for _ in range(2):
        assert len(fp.compare([analysis, analysis]).articles) == 2
    assert not [name for name in fp.__all__ if (Path(fp.__file__).parent / f"{name}.py").exists()]
