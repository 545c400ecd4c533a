"""What a sentence says of two things, on sentences written for it."""

from __future__ import annotations

import pytest

from pipeline.network.relations import closest, relation

# The two in brackets, the relation (> the first brings about, serves or precedes the second, < the other way), the cue
STATED = [
    ("大家盯着【参数】，而非【体验】。", "opposition", "而非"),
    ("我们卖的是【服务】，而不是【硬件】。", "opposition", "而不是"),
    ("问题不是【渠道】，而是【品控】。", "opposition", "不是…而是"),
    ("这一年我们牺牲【质量】换来了【进度】。", "opposition", "牺牲…换来"),
    ("【销售】与【售后】长期脱节。", "opposition", "脱节"),
    ("【成本】和【体验】的矛盾一直没有解开。", "opposition", "矛盾"),
    ("【安全】永远优先于【进度】。", "priority >", "优先于"),
    ("在评审会上【价格】压倒了【质量】。", "priority >", "压倒"),
    ("【口碑】比【销量】更要紧。", "priority >", "比…更"),
    ("【体验】让位于【指标】。", "priority <", "让位于"),
    ("公司从【规模】转向【利润】。", "priority <", "从…转向"),
    ("【测试】不足导致【故障】频发。", "cause >", "导致"),
    ("【涨价】让【用户】寒了心。", "cause >", "让"),
    ("【排期】太紧，所以【测试】被砍掉了。", "cause >", "所以"),
    ("由于【监控】缺失，【故障】拖了两个小时。", "cause >", "由于"),
    ("如果【库存】再不清，【现金流】就断了。", "cause >", "如果…就"),
    ("【流程】混乱直接影响了【交付】。", "cause >", "影响了"),
    ("【故障】源于一次【变更】。", "cause <", "源于"),
    ("【交付】取决于【供应商】。", "cause <", "取决于"),
    ("【销量】下滑，是因为【品控】没跟上。", "cause <", "是因为"),
    ("【排期】受【采购】影响。", "cause <", "受…影响"),
    ("我们通过【抽检】提升了【质量】。", "means >", "通过…提升"),
    ("用【补贴】换取【增长】的路走不通。", "means >", "用…换取"),
    ("靠【服务】赢得【信任】。", "means >", "靠…赢得"),
    ("加密【数据】，以保证【安全】。", "means >", "以保证"),
    ("为了【增长】，我们放开了【补贴】。", "means <", "为了"),
    ("【信任】靠的是【品控】。", "means <", "靠的是"),
]
# A cue is there, but links something else, or nothing is said of the two
SILENT = [
    "【参数】、【体验】都要看。",
    "【用户】的【反馈】很多。",
    "【成本】降了，【销量】也涨了。",
    "这导致【质量】和【口碑】一起下滑。",
    "【质量】很好，后来却不行了，因为我们没有铺货，仓库离得远，运费也贵，【渠道】不肯接。",
    "【用户】影响力很大的【渠道】。",
    "每个【团队】负责的【系统】。",
    "【价格】没有变，【服务】也没有变。",
    "而非【参数】的【体验】。",
    "【硬件】和【软件】分开采购。",
    "【流程】不会导致【返工】。",
    "【团队】和【用户】并不对立。",
    "【流程】没有带来【成本】。",
    "【沟通】是否影响【质量】？",
    "【质量】并不取决于【流程】。",
    "【质量】比【成本】更低。",
    "【内存】的使用率超过了【阈值】。",
    "【经理】决定马上【回滚】。",
    "【返工】六十万元，延期带来的【驻场费】另算。",
    "公司通过【补贴】、延保、优化专项组等留住【用户】。",
]


def parts(marked: str) -> tuple[str, tuple[int, int], tuple[int, int]]:
    a, b, c, d = (i for i, character in enumerate(marked) if character in "【】")
    return marked.replace("【", "").replace("】", ""), (a, b - 1), (c - 2, d - 3)


@pytest.mark.parametrize(("marked", "kind", "cue"), STATED, ids=[row[0] for row in STATED])
def test_what_is_stated(marked: str, kind: str, cue: str) -> None:
    text, first, second = parts(marked)
    found = relation(text, first, second)
    assert found is not None
    arrow = {None: "", True: " >", False: " <"}[found.forward]
    assert (found.kind + arrow, found.text) == (kind, cue)
    assert text[found.start : found.end] == cue.split("…")[0]


@pytest.mark.parametrize("marked", SILENT)
def test_what_is_not_stated(marked: str) -> None:
    assert relation(*parts(marked)) is None


def test_only_neighbours_are_compared() -> None:
    assert closest([(0, 2), (10, 12)], [(4, 6)]) == [((0, 2), (4, 6), True), ((4, 6), (10, 12), False)]
    assert closest([(0, 2), (2, 4)], [(6, 8)]) == [((2, 4), (6, 8), True)]
    assert closest([(0, 4)], [(2, 6)]) == []  # they overlap
    assert closest([], [(2, 6)]) == []


def test_a_long_sentence_takes_no_longer_for_it() -> None:
    text = "参数" + "很高" * 200_000 + "体验"
    assert relation(text, (0, 2), (len(text) - 2, len(text))) is None
