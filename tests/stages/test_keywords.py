from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Keyword, Token
from pipeline.stages.keywords import (
    Background,
    Stopwords,
    Vocabulary,
    content,
    keywords,
    load_background,
    load_stopwords,
    rank,
)
from pipeline.stages.keywords.keyness import log_odds
from pipeline.stages.keywords.ranking import MAX_CHARACTERS, MIN_CHARACTERS
from pipeline.stages.tokens import Segmenter, segment

BACKGROUND = load_background()
STOPWORDS = load_stopwords()
VOCABULARY = Vocabulary(BACKGROUND, STOPWORDS, None, bool)

ARTICLE = """智能门锁的首批用户在冬天遇到了同一个问题：电池耗尽得太快。
项目组的复盘把原因归到硬件选型。硬件选型阶段没有做低温测试，低温测试被排到了量产之后。
供应商提供的电池在零下十度只剩一半容量。低温测试的缺失让用户投诉在一月翻了三倍。
客服团队没有应急预案，用户投诉积压了两周。应急预案后来由客服团队和供应商一起补上。
我们决定进行整改：硬件选型必须通过低温测试，供应商必须提交测试报告。"""


def tokens_of(text: str, segmenter: Segmenter) -> list[tuple[Token, ...]]:
    """Tokens of each line, with offsets into the whole."""
    out, at = [], 0
    for line in text.splitlines(keepends=True):
        out.append(tuple(Token(t.word, t.pos, t.start + at, t.end + at) for t in segment(line, segmenter)))
        at += len(line)
    return out


def found(text: str, segmenter: Segmenter, *, limit: int = 10, title: str = "") -> tuple[Keyword, ...]:
    return keywords(
        tokens_of(text, segmenter),
        vocabulary=VOCABULARY,
        limit=limit,
        title=segment(title, segmenter) if title else (),
    )


def terms(keywords: tuple[Keyword, ...]) -> list[str]:
    return [keyword.term for keyword in keywords]


def test_phrases_that_the_text_repeats_come_first(segmenter: Segmenter) -> None:
    assert set(terms(found(ARTICLE, segmenter, limit=8))) >= {"低温测试", "硬件选型", "供应商", "用户投诉"}


def test_every_occurrence_is_given_and_reads_as_the_term(segmenter: Segmenter) -> None:
    for keyword in found(ARTICLE, segmenter):
        assert [ARTICLE[start:end] for start, end in keyword.spans] == [keyword.term] * keyword.count
        assert keyword.count == ARTICLE.count(keyword.term) >= 1


def test_scores_fall_and_are_probabilities(segmenter: Segmenter) -> None:
    scores = [keyword.score for keyword in found(ARTICLE, segmenter, limit=30)]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score < 1 for score in scores)


def test_no_stop_words_fillers_numbers_or_fragments(segmenter: Segmenter) -> None:
    mine = terms(found(ARTICLE, segmenter, limit=100))
    assert not {"进行", "问题", "原因", "一月", "三", "我们", "必须", "测"} & set(mine)
    assert not any("进行" in term or "必须" in term for term in mine)
    assert all(MIN_CHARACTERS <= len(term) <= MAX_CHARACTERS for term in mine)


def test_a_word_found_only_inside_a_stronger_phrase_is_left_out(segmenter: Segmenter) -> None:
    assert "选型" not in terms(found(ARTICLE, segmenter, limit=100))


def test_a_word_that_stands_on_its_own_as_well_is_kept(segmenter: Segmenter) -> None:
    text = ARTICLE + "\n电池是门锁的心脏。电池不行，门锁就是摆设。电池的采购归硬件。电池的余量要看得见。"
    assert "电池" in terms(found(text, segmenter, limit=15))


def test_a_noun_that_only_links_a_clause_is_in_no_term(segmenter: Segmenter) -> None:
    linked = terms(found("风道沿用旧模具，结果噪声升到六十八分贝。", segmenter))
    assert "噪声" in linked
    assert not any("结果" in term for term in linked)
    assert "结果" in " ".join(terms(found("测试结果没有人看，测试结果写在附录里。", segmenter)))


def test_a_filler_may_stand_in_a_phrase(segmenter: Segmenter) -> None:
    text = "质量问题拖住了发布。质量问题来自代工厂。"
    assert "质量问题" in terms(found(text, segmenter))
    assert "问题" not in terms(found(text, segmenter))


def test_a_predicate_is_not_part_of_a_term(segmenter: Segmenter) -> None:
    assert not [term for term in terms(found("团队重构了支付网关。", segmenter)) if "重构" in term]
    assert "支付网关" in terms(found("团队重构了支付网关。", segmenter))


@pytest.mark.parametrize("term", ["machine learning", "Android 14", "e-mail"])
def test_latin_terms_of_several_words_stay_whole(term: str, segmenter: Segmenter) -> None:
    text = f"新版{term}的支持晚了一个月。{term}的适配由外包完成，{term}的测试没有人做。"
    first = found(text, segmenter)[:3]
    assert term in terms(first)


def test_case_does_not_split_a_term(segmenter: Segmenter) -> None:
    text = "Redis的迁移很慢。redis的备份没有做。REDIS的监控也缺。"
    (keyword,) = [keyword for keyword in found(text, segmenter) if keyword.term == "Redis"]
    assert keyword.count == 3
    assert [text[start:end] for start, end in keyword.spans] == ["Redis", "redis", "REDIS"]


def test_the_title_raises_a_term(segmenter: Segmenter) -> None:
    one, other = "应急预案的教训", "指纹模组的教训"
    with_it = {keyword.term: keyword.score for keyword in found(ARTICLE, segmenter, limit=40, title=one)}
    without = {keyword.term: keyword.score for keyword in found(ARTICLE, segmenter, limit=40, title=other)}
    assert with_it["应急预案"] > without["应急预案"]
    assert with_it["低温测试"] == without["低温测试"]


def test_a_term_of_the_title_alone_has_no_occurrences(segmenter: Segmenter) -> None:
    keyword = next(k for k in found(ARTICLE, segmenter, limit=30, title="指纹模组复盘") if k.term == "指纹模组")
    assert keyword.count == 0
    assert keyword.spans == ()


def test_contrast_puts_first_what_sets_a_section_apart(segmenter: Segmenter) -> None:
    sections = [
        tokens_of("项目组发现退款接口超时。退款接口没有限流，项目组当晚扩容。项目组复查了退款接口。", segmenter),
        tokens_of("项目组整理了客服话术。客服话术前后不一，项目组重写。项目组培训客服。", segmenter),
    ]
    first, size = len(sections[0]), len(sections[0] + sections[1])
    words = content(sections[0] + sections[1], VOCABULARY)
    part, whole = words.candidates(0, first), words.candidates(0, size)
    apart = terms(rank(part, stopwords=STOPWORDS, limit=20, contrast=whole))
    alone = terms(rank(part, stopwords=STOPWORDS, limit=20))
    assert apart[0] == "退款接口"
    assert apart.index("项目组") > alone.index("项目组")


def test_a_part_is_ranked_as_the_same_sentences_alone_are(segmenter: Segmenter) -> None:
    tokens = tokens_of(ARTICLE, segmenter)
    words = content(tokens, VOCABULARY)
    for first, last in ((0, 2), (1, 4), (3, 5), (2, 2), (0, 5)):
        alone = keywords(tokens[first:last], vocabulary=VOCABULARY, title=tokens[0])
        inside = rank(words.candidates(first, last), stopwords=STOPWORDS, title=words.candidates(0, 1))
        assert inside == alone


def test_log_odds_is_symmetric_grows_and_is_zero_without_a_difference() -> None:
    assert log_odds(10, 100, 40, 400) == pytest.approx(0, abs=0.05)
    assert log_odds(10, 100, 0, 400) > log_odds(5, 100, 0, 400) > 1
    assert log_odds(0, 100, 40, 400) < -1
    assert log_odds(5, 0, 5, 100) == log_odds(0, 100, 0, 100) == 0


def test_empty_and_wordless_texts_have_none(segmenter: Segmenter) -> None:
    assert found("", segmenter) == ()
    assert found("，。！……12 34\n——", segmenter) == ()
    assert found(ARTICLE, segmenter, limit=0) == ()


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="用户体验产品质量供应链了的不，。 aB-·12\n\x00\u200b=@", max_size=120), st.integers(1, 12))
def test_spans_read_the_term_whatever_the_text(segmenter: Segmenter, text: str, limit: int) -> None:
    mine = keywords(tokens_of(text, segmenter), vocabulary=VOCABULARY, limit=limit)
    assert len(mine) <= limit
    assert len({keyword.term.lower() for keyword in mine}) == len(mine)
    for keyword in mine:
        assert [text[start:end].lower() for start, end in keyword.spans] == [keyword.term.lower()] * keyword.count
    assert mine == keywords(tokens_of(text, segmenter), vocabulary=VOCABULARY, limit=limit)


def test_own_stop_words_are_added_words_and_phrases(tmp_path: Path, segmenter: Segmenter) -> None:
    path = tmp_path / "stop.txt"
    path.write_text("# ours\n\n低温 测试\n供应商\n", encoding="utf-8")
    own = load_stopwords(path)
    mine = keywords(tokens_of(ARTICLE, segmenter), vocabulary=Vocabulary(BACKGROUND, own, None, bool), limit=100)
    assert "低温测试" not in terms(mine)
    assert not [term for term in terms(mine) if "供应商" in term]
    assert "硬件选型" in terms(mine)
    assert "进行" in own.never
    assert "" not in own.never


def test_stop_words_that_are_not_utf8_are_named(tmp_path: Path) -> None:
    path = tmp_path / "stop.txt"
    path.write_bytes("的".encode("gb18030"))
    with pytest.raises(ValueError, match=r"stop\.txt: stop words must be UTF-8"):
        load_stopwords(path)


def test_the_groups_of_stop_words_are_apart() -> None:
    assert not STOPWORDS.never & STOPWORDS.alone
    assert not STOPWORDS.never & STOPWORDS.filler
    assert not STOPWORDS.alone & STOPWORDS.filler
    assert isinstance(STOPWORDS, Stopwords)


def test_the_background_ranks_words_by_how_common_they_are() -> None:
    idf = BACKGROUND.idf
    assert idf["的"] < idf["问题"] < idf["供应链"] < BACKGROUND.unseen
    assert "没有这个词" not in idf
    assert len(BACKGROUND.idf) > 30_000
    assert all(0 <= value < BACKGROUND.unseen and math.isfinite(value) for value in BACKGROUND.idf.values())


def test_a_background_of_ones_own_is_read(tmp_path: Path) -> None:
    path = tmp_path / "background.tsv"
    path.write_text("0.5\t的 了\n3\t用户\n", encoding="utf-8")
    own = load_background(path)
    assert (own.idf["的"], own.idf["用户"], own.unseen) == (0.5, 3.0, 3.5)
    assert isinstance(own, Background)
