from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis import Analysis
from pipeline.comparison import Comparison, compare, keyness
from pipeline.model import Keyword, Polarity, Sentence, Token
from tests.write.sample import article_of, sample

KITCHEN = "厨房重新设计过，厨房的灯也换了。厨房终于好用。客人喜欢厨房。客人还会再来。"
GARDEN = "花园没有人管，花园长满了草。花园让客人失望。花园里的灯坏了。客人不再来。"


def article(text: str, words: list[str], title: str = "院子") -> Analysis:
    """An article whose tokens are the given words, which are its keywords too, and single characters."""
    base = article_of(sections=1, sentences=0)
    sentences, tokens, at = [], [], 0
    for part in text.split("。"):
        if part:
            sentences.append(
                Sentence(part + "。", at, at + len(part) + 1, 0, 0, "text", part + "。", polarity=_negative(-0.4))
            )
            tokens.append(tuple(_cut(part, words, at)))
        at += len(part) + 1
    keywords = tuple(Keyword(word, 1.0, text.count(word), ()) for word in words)
    return replace(
        base,
        article=replace(base.article, text=text),
        title=title,
        sentences=tuple(sentences),
        tokens=tuple(tokens),
        keywords=keywords,
    )


def _negative(score: float) -> Polarity:
    return Polarity("negative", score, -score, 1 + score, 0.0)


def _cut(text: str, words: list[str], at: int) -> list[Token]:
    tokens, i = [], 0
    while i < len(text):
        word = next((word for word in words if text.startswith(word, i)), text[i])
        tokens.append(Token(word, "n", at + i, at + i + len(word)))
        i += len(word)
    return tokens


def test_nothing_to_compare_says_so() -> None:
    with pytest.raises(ValueError, match="at least one"):
        compare([])


def test_one_article_alone_shares_nothing() -> None:
    comparison = compare([sample()])
    assert len(comparison.articles) == 1
    assert comparison.shared == ()
    assert comparison.articles[0].distinctive == ()
    assert comparison.articles[0].keywords == ("体验", "品控")


def test_the_numbers_of_an_article_are_those_of_its_analysis() -> None:
    analysis = sample()
    profile = compare([analysis]).articles[0]
    assert (profile.title, profile.name) == ("晨星手环复盘", "chenxing")
    assert profile.characters == len("".join(analysis.article.text.split()))
    assert (profile.sections, profile.sentences, profile.mentions) == (3, 4, 6)
    # -0.81 and -0.3 negative, 0.6 positive, 0.1 neutral; the headings do not count
    assert (profile.negative, profile.neutral, profile.positive) == (0.5, 0.25, 0.25)
    assert [point.score for point in profile.course] == [-0.55, 0.6, 0.1]


def test_concepts_by_article() -> None:
    other = replace(sample(), mentions=sample().mentions[:1])
    comparison = compare([sample(), other])
    uses = {(use.article, use.concept): use for use in comparison.concepts}
    assert uses[0, "品控"].mentions == 2
    assert uses[0, "品控"].share == pytest.approx(2 / 6)
    assert uses[0, "品控"].score == pytest.approx((0.6 + 0.1) / 2)
    assert uses[1, "体验"].share == 1.0
    assert (1, "品控") not in uses
    assert [shared.concept for shared in comparison.shared] == ["体验"]
    assert comparison.shared[0].mentions == 2
    assert comparison.shared[0].spread == 0.0


def test_what_sets_an_article_apart_is_what_the_others_lack() -> None:
    kitchen, garden = article(KITCHEN, ["厨房", "客人"]), article(GARDEN, ["花园", "客人"])
    first, second = compare([kitchen, garden]).articles
    assert [term.term for term in first.distinctive] == ["厨房"]
    assert [term.term for term in second.distinctive] == ["花园"]
    assert (first.distinctive[0].count, first.distinctive[0].elsewhere) == (4, 0)
    assert first.distinctive[0].ratio > 1.5


def test_a_keyword_of_one_article_is_counted_in_the_others() -> None:
    # 灯 and 客人 stand in both: though only the first names 客人 a keyword, it does not set it apart
    kitchen, garden = article(KITCHEN, ["厨房", "客人"]), article(GARDEN, ["花园"])
    first, _ = compare([kitchen, garden]).articles
    assert [term.term for term in first.distinctive] == ["厨房"]


def test_a_term_inside_a_stronger_one_is_not_repeated() -> None:
    text = "旧厨房漏水。旧厨房拆了。旧厨房不在了。旧厨房。旧厨房。厨房。厨房。厨房。厨房。"
    first, _ = compare([article(text, ["旧厨房", "厨房"]), article(GARDEN, ["花园"])]).articles
    assert [term.term for term in first.distinctive] == ["旧厨房"]


def test_one_occurrence_sets_nothing_apart() -> None:
    # Among ten articles even a single occurrence passes the test of significance
    once = article(KITCHEN + "花园。", ["厨房", "客人", "花园"])
    comparison = compare([once, *[article(KITCHEN, ["厨房", "客人"])] * 9])
    assert keyness(1, 0, 30, 270) > 3.84
    assert comparison.articles[0].distinctive == ()


def test_phrases_are_found_across_tokens_and_case() -> None:
    analysis = article("Pay Core坏了。pay core又坏。PAY CORE还坏。pay core", ["坏"])
    phrase = replace(
        analysis,
        tokens=tuple(
            (Token("pay", "eng", 0, 3), Token(" ", "x", 3, 4), Token("core", "eng", 4, 8)) for _ in analysis.sentences
        ),
        keywords=(Keyword("Pay Core", 1.0, 4, ()),),
    )
    first, _ = compare([phrase, article(GARDEN, ["花园"])]).articles
    assert [(term.term, term.count) for term in first.distinctive] == [("pay core", 4)]


def test_z_of_a_term_stands_beside_its_log_likelihood() -> None:
    # 厨房 is 4 of 26 words here, none of 25 there: 5 * 26 = 130 words of prior, 130 * 4 / 51 = 10.196078 of them 厨房.
    # ln(14.196078 / 141.803922) - ln(10.196078 / 144.803922) = 0.351898, by sqrt(1 / 14.196078 + 1 / 10.196078)
    first, _ = compare([article(KITCHEN, ["厨房", "客人"]), article(GARDEN, ["花园", "客人"])]).articles
    [term] = first.distinctive
    assert (term.count, term.elsewhere) == (4, 0)
    assert term.z == pytest.approx(0.857220, abs=1e-5)
    assert term.log_likelihood > 3.84 > term.z**2  # the prior makes it the more careful one


def test_the_order_of_the_articles_changes_only_their_numbers() -> None:
    articles = [article(KITCHEN, ["厨房", "客人"]), article(GARDEN, ["花园", "客人"]), sample()]
    forward, backward = compare(articles), compare(articles[::-1])
    for one, other in zip(forward.articles, backward.articles[::-1], strict=True):
        assert replace(one, nearest=()) == replace(other, nearest=())
    assert forward.shared == backward.shared
    assert {(use.concept, use.share, use.score) for use in forward.concepts} == {
        (use.concept, use.share, use.score) for use in backward.concepts
    }


def test_fifty_articles_take_a_moment(analyses: dict[str, Analysis]) -> None:
    many = [replace(analysis, title=f"{title} {n}") for n in range(10) for title, analysis in analyses.items()]
    began = time.process_time()
    comparison = compare(many)
    assert time.process_time() - began < 1.5
    assert len(comparison.articles) == len(comparison.frame("nearest")) / 5 == 50
    assert comparison.frame("share").shape[1] == 50


def test_limit_of_terms() -> None:
    pair = [article(KITCHEN, ["厨房", "客人"]), article(GARDEN, ["花园"])]
    assert all(not profile.distinctive for profile in compare(pair, terms=0).articles)
    with pytest.raises(ValueError, match="terms"):
        compare(pair, terms=-1)


def test_two_articles_of_one_title_stay_two() -> None:
    comparison = compare([sample(), sample()])
    frame = comparison.frame()
    assert list(frame["title"]) == ["晨星手环复盘"] * 2
    assert list(frame.index) == [0, 1]
    assert set(comparison.frame("concepts")["article"]) == {0, 1}


def test_frames_hold_what_the_values_hold() -> None:
    comparison = compare([article(KITCHEN, ["厨房"]), article(GARDEN, ["花园"]), sample(), sample()])
    assert len(comparison.frame("articles")) == 4
    assert len(comparison.frame("concepts")) == len(comparison.concepts)
    assert list(comparison.frame("terms")["term"][:2]) == ["厨房", "花园"]
    assert list(comparison.frame("shared")["concept"]) == [shared.concept for shared in comparison.shared]
    with pytest.raises(ValueError, match="unknown layer 'nodes'; did you mean"):
        comparison.frame("nodes")  # type: ignore[arg-type]


def test_it_shows_itself_without_trusting_titles() -> None:
    comparison = compare([replace(sample(), title="<img src=x>")])
    assert "<img" not in comparison._repr_html_()
    assert "1 articles" in repr(comparison)


def test_an_article_without_text_compares() -> None:
    comparison = compare([article_of(sections=0), sample()])
    assert comparison.articles[0].sentences == 0
    assert (comparison.articles[0].negative, comparison.articles[0].positive) == (0.0, 0.0)
    assert isinstance(comparison, Comparison)


def test_keyness_against_a_value_worked_out_by_hand() -> None:
    # 10 of 100 words against 0 of 100: E = 5, G2 = 2 * 10 * ln 2
    assert keyness(10, 0, 100, 100) == pytest.approx(13.8629436)
    assert keyness(0, 10, 100, 100) == pytest.approx(-13.8629436)
    assert keyness(10, 10, 100, 100) == 0.0
    assert keyness(3, 0, 50, 0) == 0.0


@given(st.integers(0, 500), st.integers(0, 500), st.integers(500, 5000), st.integers(500, 5000))
def test_keyness_changes_sign_with_the_sides(count: int, elsewhere: int, words: int, others: int) -> None:
    assert keyness(count, elsewhere, words, others) == pytest.approx(
        -keyness(elsewhere, count, others, words), abs=1e-7
    )
