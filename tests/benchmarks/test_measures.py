"""The measures, against values worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import measures
from benchmarks.measures import Boundary, Overlap


def test_macro_f1_is_the_mean_over_classes() -> None:
    # positive: precision 1, recall 1/2; negative: both 1; neutral: precision 1/2, recall 1
    assert measures.macro_f1([1, 1, -1, 0], [1, 0, -1, 0], (-1, 0, 1)) == pytest.approx(100 * (2 / 3 + 1 + 2 / 3) / 3)


def test_macro_f1_counts_a_class_that_never_occurs_as_zero() -> None:
    assert measures.macro_f1([1, 1], [1, 1], (-1, 1)) == 50


def test_a_guess_outside_the_classes_is_a_miss_and_no_false_alarm() -> None:
    assert measures.macro_f1([1, -1], [1, 0], (-1, 1)) == 50


def test_opposite_sign_is_a_share_of_the_polar_items_and_spares_neutral() -> None:
    assert measures.opposite_sign([1, -1, 0, 1], [-1, -1, 1, 0]) == pytest.approx(100 / 3)
    assert measures.opposite_sign([0, 0], [1, -1]) == 0


def test_overlap_gives_precision_recall_and_their_harmonic_mean() -> None:
    both = measures.overlap({"a", "b", "c", "d"}, {"a", "x"})
    assert (both.precision, both.recall) == (50, 25)
    assert both.f1 == pytest.approx(2 * 50 * 25 / 75)
    assert both + Overlap(1, 1, 1) == Overlap(2, 3, 5)


def test_overlap_of_nothing_is_zero_not_an_error() -> None:
    assert (Overlap().precision, Overlap().recall, Overlap().f1) == (0, 0, 0)


TEXT = "## 起因\n机房断电。\n\n之后的事。\n\n## 结语\n下次备好电源。"
MIDDLE, LAST = TEXT.index("之后"), TEXT.index("## 结语")
GOLD = (
    Boundary(0, TEXT.index("起因"), "body", soft=False),
    Boundary(MIDDLE, MIDDLE, "body", soft=True),
    Boundary(LAST, TEXT.index("结语"), "conclusion", soft=False),
)


@pytest.mark.parametrize("found", [{0: "body", LAST: "conclusion"}, {0: "body", MIDDLE: "intro", LAST: "conclusion"}])
def test_a_soft_boundary_counts_neither_way(found: dict[int, str | None]) -> None:
    assert measures.section_overlap(TEXT, GOLD, found) == (Overlap(2, 2, 2), 2)


def test_a_section_may_be_said_to_start_at_its_markup_or_at_its_first_word() -> None:
    found = {3: "body", LAST + 3: "conclusion"}
    assert measures.section_overlap(TEXT, GOLD, found) == (Overlap(2, 2, 2), 2)


def test_a_wrong_start_and_a_wrong_kind_are_counted() -> None:
    found = {0: "intro", TEXT.index("断电"): "body"}
    assert measures.section_overlap(TEXT, GOLD, found) == (Overlap(1, 2, 2), 0)


def test_heading_texts_are_compared_without_markup_and_width() -> None:
    assert measures.bare("**１、 起 因**") == measures.bare("1、起因")


def test_keyword_f1_divides_by_k_and_by_the_gold() -> None:
    # one hit: precision 1/3, recall 1/2
    assert measures.keyword_f1(["灰度发布", "回滚"], ["回滚", "演练", "值班"], 3) == pytest.approx(40)


def test_keyword_f1_divides_by_k_even_where_fewer_were_found() -> None:
    assert measures.keyword_f1(["回滚"], ["回滚"], 3) == pytest.approx(50)


def test_keywords_match_across_width_case_blanks_and_marks() -> None:
    assert measures.keyword_f1(["ＡＰＩ 网关"], ["《api网关》"], 1) == 100
    assert measures.keyword_f1(["回滚", "演练"], ["回滚", "回 滚", "演练"], 2) == 100


def test_keywords_beyond_k_do_not_count() -> None:
    assert measures.keyword_f1(["演练"], ["回滚", "演练"], 1) == 0


def test_rouge_by_hand() -> None:
    # characters 服 务 器; pairs 服务 务器; longest common subsequence 服务器; of 5 and 5 characters
    assert measures.rouge("服务器宕机", "服务器恢复") == pytest.approx((60, 50, 60))


def test_rouge_l_is_about_order_and_rouge_1_is_not() -> None:
    assert measures.rouge("机宕", "宕机") == pytest.approx((100, 0, 50))


def test_rouge_counts_repeated_characters_as_often_as_both_have_them() -> None:
    assert measures.rouge("慢慢慢", "慢慢")[0] == pytest.approx(80)


def test_rouge_takes_a_latin_run_as_one_and_drops_marks() -> None:
    assert measures.rouge("Ｖ2，上线！", "v2上线") == (100, 100, 100)
    assert measures.units("用 K8s 扩容。") == ["用", "k8s", "扩", "容"]


def test_rouge_of_nothing_is_zero() -> None:
    assert measures.rouge("", "上线") == (0, 0, 0)


words = st.text(alphabet="服务器宕机恢复", min_size=0, max_size=12)


@given(words, words)
def test_rouge_is_a_symmetric_percentage_and_l_never_exceeds_1(a: str, b: str) -> None:
    one, two, long = measures.rouge(a, b)
    assert 0 <= two <= 100
    assert 0 <= long <= one <= 100
    assert measures.rouge(b, a) == pytest.approx((one, two, long))


@given(words.filter(lambda text: len(text) > 1))
def test_rouge_of_a_text_with_itself_is_100(text: str) -> None:
    assert measures.rouge(text, text) == (100, 100, 100)


def test_spans_of_words() -> None:
    assert measures.spans(["服务器", "宕机"]) == {(0, 3), (3, 5)}


def test_bins_hold_their_lower_edge_and_the_last_one_its_upper() -> None:
    bins = measures.binned([0.0, 0.5, 0.75, 1.0], [1, 0, 1, 0.5], (0.0, 0.5, 1.0))
    assert bins == [measures.Bin(0.0, 0.5, 1, 0.0, 1.0), measures.Bin(0.5, 1.0, 3, 0.75, 0.5)]
    assert measures.binned([-0.1], [0], (-1.0, 0.0, 1.0))[1] == measures.Bin(0.0, 1.0, 0, None, None)


def test_calibration_error_by_hand() -> None:
    # ten claims of 0.8 of which half are right, and ten of 0.4 of which four are
    bins = measures.binned([0.8] * 10 + [0.4] * 10, [1, 0] * 5 + [1] * 4 + [0] * 6, (0.0, 0.5, 1.0))
    assert measures.calibration_error(bins) == pytest.approx((30 + 0) / 2)
    assert measures.calibration_error([]) == 0


def test_few_items_show_an_error_by_chance_and_many_hardly_any() -> None:
    few, many = (measures.error_by_chance([0.7] * n, (0.0, 1.0), draws=200) for n in (20, 2000))
    # of n items: the mean absolute deviation of a share, sqrt(2 / pi * 0.21 / n)
    assert few == pytest.approx(8.2, abs=1.5)
    assert many == pytest.approx(0.82, abs=0.15)
    assert measures.error_by_chance([0.0, 1.0], (0.0, 0.5, 1.0)) == 0


def share(values: object) -> float:
    assert isinstance(values, list)
    return sum(values) / len(values)


def test_the_interval_holds_the_statistic_and_repeats() -> None:
    single = [[1]] * 60 + [[0]] * 40
    low, high = measures.bootstrap(single, share)
    # a share of 0.6 among 100 has a standard error of 0.049
    assert low == pytest.approx(0.6 - 1.96 * 0.049, abs=0.02)
    assert high == pytest.approx(0.6 + 1.96 * 0.049, abs=0.02)
    assert (low, high) == measures.bootstrap(single, share)


def test_items_that_go_together_make_a_wider_interval() -> None:
    single = [[1]] * 60 + [[0]] * 40
    articles = [[1] * 20] * 3 + [[0] * 20] * 2
    plain, clustered = measures.bootstrap(single, share), measures.bootstrap(articles, share)
    assert clustered[1] - clustered[0] > 2 * (plain[1] - plain[0])


def test_a_correlation_with_a_constant_is_not_defined() -> None:
    assert measures.pearson([1, 2, 3], [2, 4, 6]) == pytest.approx(1)
    assert measures.pearson([1, 1, 1], [2, 4, 6]) is None
    assert measures.pearson([1, 2], [2, 4]) is None
