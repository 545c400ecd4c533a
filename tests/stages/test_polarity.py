from __future__ import annotations

import dataclasses
import hashlib
import json
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import train
from pipeline.model import Polarity, Sentence, SentenceKind, Token
from pipeline.resources import Resources
from pipeline.stages import polarity
from pipeline.stages.polarity import (
    PolarityModel,
    about,
    aggregate,
    grammar,
    load_model,
    mean,
    read,
    score,
    score_snownlp,
)
from pipeline.stages.polarity.features import (
    BITS,
    DENSE,
    SYMBOLS,
    attribute,
    character_pairs,
    dense,
    finding_ngrams,
    mask,
    mask_operators,
    norm,
    pattern_at,
    pattern_key,
    patterns,
    symbols,
    word_ngrams,
)
from pipeline.stages.polarity.model import dump_model, lexicon_checksum
from pipeline.stages.tokens import Segmenter, segment

MODEL = Path(polarity.__file__).parents[2] / "resources" / "polarity.model"


@pytest.fixture(scope="session")
def model(resources: Resources) -> PolarityModel:
    return resources.model


@pytest.fixture(scope="session")
def lexicon() -> grammar.Lexicon:
    return grammar.load_lexicon()


def judge(text: str, resources: Resources) -> Polarity:
    return score([segment(text, resources.segmenter)], resources.model)[0]


def rules(text: str, resources: Resources) -> list[tuple[str, str, int]]:
    """Rule, text and sign of what the grammar finds."""
    words = [token.word for token in segment(text, resources.segmenter)]
    return [
        (f.rule, "".join(words[f.first : f.end]), 1 if f.value > 0 else -1)
        for f in grammar.parse(words, resources.model.lexicon).findings
    ]


# --- what sentences mean


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("新品上市后，用户频繁反馈发热严重，掉帧明显。", "negative"),
        ("这款产品把参数堆到了极致，却忽视了用户的实际体验。", "negative"),
        ("供应商管理缺乏统一标准，不良率居高不下。", "negative"),
        ("虽然首月销量不错，但口碑急转直下。", "negative"),
        ("成本上涨，利润下滑。", "negative"),
        ("性能不如上一代，价格却更贵。", "negative"),
        ("未能第一时间向用户说明情况，信任进一步流失。", "negative"),
        ("问题并没有得到解决。", "negative"),
        ("为了赶进度，我们牺牲了测试时间。", "negative"),
        ("产品定义脱离用户需求，研发与市场部门各自为政。", "negative"),
        ("团队用三周时间修复了全部已知缺陷，投诉量下降了八成。", "positive"),
        ("新系统上线后运行稳定，没有出现任何故障。", "positive"),
        ("成本下降，利润回升。", "positive"),
        ("我们终于赢回了客户的信任。", "positive"),
        ("续航优于同类产品，拍照不再是短板。", "positive"),
        ("通过引入自动化测试，避免了重复犯错。", "positive"),
        ("虽然过程艰难，但项目最终按期交付。", "positive"),
        ("本次复盘分为三个部分。", "neutral"),
        ("会议于3月12日在上海召开。", "neutral"),
        ("这家公司成立于2010年，主要生产智能手表。", "neutral"),
        ("什么样的产品才算成功？", "neutral"),
        ("今后必须建立统一的测试标准。", "neutral"),
    ],
)
def test_label(text: str, label: str, resources: Resources) -> None:
    assert judge(text, resources).label == label


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("修复了卡顿。", "没有修复卡顿。"),
        ("页面很流畅。", "页面不流畅。"),
        ("虽然有瑕疵，但整体很成功。", "整体很成功，但有瑕疵。"),
        ("故障率降低了。", "故障率升高了。"),
        ("团队富有经验。", "团队缺乏经验。"),
        ("交付提前完成。", "如果交付提前完成就好了。"),
    ],
)
def test_composition_orders_sentences_with_the_same_words(better: str, worse: str, resources: Resources) -> None:
    assert judge(better, resources).score > judge(worse, resources).score


# --- the grammar


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("解决了用户反馈的卡顿", ("removes problem", "解决了用户反馈的卡顿", 1)),
        ("没有解决卡顿", ("negated", "解决卡顿", -1)),
        ("没有意识到问题", ("lacks", "没有意识到问题", -1)),
        ("问题得到了解决", ("removes problem", "问题得到了解决", 1)),
        ("缺乏经验", ("lacks good", "缺乏经验", -1)),
        ("没有耐心", ("lacks good", "没有耐心", -1)),
        ("没有故障", ("negated", "没有故障", 1)),
        ("不是没有问题", ("bad noun", "问题", -1)),
        ("利润下滑", ("less good", "利润下滑", -1)),
        ("成本下降", ("less bad", "成本下降", 1)),
        ("提高了效率", ("more good", "提高了效率", 1)),
        ("加剧矛盾", ("more bad", "加剧矛盾", -1)),
        ("效益与士气双双下滑", ("less good", "效益", -1)),
        ("故障与投诉都减少了", ("less bad", "故障", 1)),
        ("亏损总算收窄", ("less bad", "亏损总算收窄", 1)),
        ("修复率创新低", ("less good", "修复率创新低", -1)),
        ("管理很乱", ("word", "很乱", -1)),
        ("不如邻居", ("comparison", "不如", -1)),
        ("未能列席", ("fails", "未能", -1)),
    ],
)
def test_rule(text: str, expected: tuple[str, str, int], resources: Resources) -> None:
    assert expected in rules(text, resources)


@pytest.mark.parametrize(
    ("text", "said", "unsaid"),
    [
        # The domain of a problem is no merit …
        ("排期在质量与效率平衡上的失误", [("失误", -1)], ["质量", "效率", "平衡"]),
        ("暴露了流程、质量与创新层面的多重短板", [("短板", -1)], ["流程", "质量", "创新"]),
        ("团队对体验与口碑的忽视", [("口碑的忽视", -1)], ["体验"]),
        # … nor does it take the problem's remedy away; and praise stays praise.
        ("解决了质量与效率之间的矛盾", [("解决了质量与效率之间的矛盾", 1)], ["质量", "效率"]),
        ("出色的质量弥补了价格的不足", [("出色", 1), ("质量", 1)], []),
        ("优秀的团队也有失误", [("优秀", 1), ("失误", -1)], []),
        # What is neglected goes on to the end of its object, but not beyond the next verb.
        ("忽略了设计与测试之间的协同", [("忽略了设计与测试之间的协同", -1)], ["协同", "测试"]),
        ("牺牲质量换来效率", [("牺牲质量", -1), ("效率", 1)], []),
        # A shortfall takes the merit before it along.
        ("细节打磨不足", [("打磨不足", -1)], ["打磨", "不足"]),
        ("部门协同明显不足", [("协同明显不足", -1)], ["协同"]),
        ("团队协同不够，进度正常", [("协同不够", -1)], ["协同"]),
        ("体验流畅，产能不足", [("流畅", 1), ("产能不足", -1)], []),
        # How something is said tells nothing of it; a frank person is frank.
        ("他坦诚指出流程混乱", [("混乱", -1)], ["坦诚"]),
        ("他坦率地承认流程混乱", [("混乱", -1)], ["坦率"]),
        ("他为人坦诚", [("坦诚", 1)], []),
        # A class of goods is no praise, unless by degree.
        ("公司进入高端市场", [], ["高端"]),
        ("手感很高端", [("高端", 1)], []),
        # From here to there
        ("故障次数从每月九次降到一次", [("故障次数从每月九次降到", 1)], ["故障"]),
        ("复购率从四成掉到两成", [("复购率从四成掉到", -1)], ["复购率"]),
        # Losses
        ("亏了三百万，还没算人力成本", [("亏了", -1)], []),
        ("账目一分没欠", [("一分没欠", 1)], []),
    ],
)
def test_what_is_said_and_what_only_stands_there(
    text: str, said: list[tuple[str, int]], unsaid: list[str], resources: Resources
) -> None:
    found = [(words, sign) for _, words, sign in rules(text, resources)]
    assert not [pair for pair in said if pair not in found], found
    assert not [words for words, _ in found if words in unsaid], found


def test_a_problem_that_is_there_weighs_more_than_one_that_is_named(resources: Resources) -> None:
    def size(text: str) -> float:
        words = [token.word for token in segment(text, resources.segmenter)]
        return sum(f.value for f in grammar.parse(words, resources.model.lexicon).findings)

    assert size("审计指出一系列问题") < size("审计指出问题") < size("问题清单") < 0
    assert size("审计没有发现问题") > 0


@pytest.mark.parametrize(
    ("text", "frame"),
    [
        ("必须解决卡顿", "plan"),
        ("如果出现故障", "condition"),
        ("可能出现故障", "hedge"),
        ("自称“优秀”的方案", "quoted"),
        ("这算成功吗？", "question"),
        ("出现故障", "fact"),
        ("本文从质量、风险两方面展开讨论，不评价缺陷", "quoted"),
        ("本文件存在缺陷", "fact"),
        ("唯有持续创新", "condition"),
    ],
)
def test_frame(text: str, frame: str, lexicon: grammar.Lexicon, segmenter: Segmenter) -> None:
    findings = grammar.parse([token.word for token in segment(text, segmenter)], lexicon).findings
    assert [f.frame for f in findings][-1] == frame


def test_so_called_in_quotation_marks_is_irony(resources: Resources) -> None:
    assert ("word", "优秀", -1) in rules("所谓“优秀”的方案", resources)
    assert ("word", "优秀", 1) in rules("评为“优秀”的方案", resources)


def test_what_a_connective_concedes_and_what_decides(lexicon: grammar.Lexicon, segmenter: Segmenter) -> None:
    def places(text: str) -> list[str]:
        return [f.place for f in grammar.parse([token.word for token in segment(text, segmenter)], lexicon).findings]

    assert places("设计优秀，但卡顿") == ["conceded", "decisive"]
    assert places("虽然卡顿，设计依然优秀") == ["conceded", "decisive"]
    assert places("设计优秀，体验却糟糕") == ["conceded", "decisive", "decisive"]
    assert places("设计优秀，屏幕清晰") == ["plain", "plain"]
    assert places("设计优秀，但卡顿。屏幕清晰。") == ["conceded", "decisive", "plain"]


def test_a_noun_after_de_plans_nothing(lexicon: grammar.Lexicon, segmenter: Segmenter) -> None:
    findings = grammar.parse(
        [token.word for token in segment("辜负了用户的期待，口碑崩塌", segmenter)], lexicon
    ).findings
    assert {f.frame for f in findings} == {"fact"}


WORDS = (
    *("没有", "不", "解决", "问题", "卡顿", "，", "。", "但", "却", "虽然", "如果", "很", "缺乏", "经验", "上涨"),
    *("“", "”", "？", "、", "的", "必须", "所谓", "用户", "而是", "本可以", "\n"),
)


@given(st.lists(st.sampled_from(WORDS)))
def test_findings_lie_in_the_sentence_in_order_of_clauses(words: list[str]) -> None:
    lexicon = grammar.load_lexicon() if not _LEXICON else _LEXICON[0]
    _LEXICON[:] = [lexicon]
    findings, starts, _ = grammar.parse(words, lexicon)
    assert all(0 <= f.first < f.end <= len(words) and f.value for f in findings)
    assert [f.clause for f in findings] == sorted(f.clause for f in findings)
    assert [f.first for f in findings] == sorted(f.first for f in findings)
    assert starts == sorted(set(starts))
    assert starts[0] == 0
    assert starts[-1] <= len(words)
    features = dense(findings)
    assert all(value and total for _, value, total in features)
    # What the findings contribute adds up to what the features do.
    by_finding = attribute(findings, {index: complex(index, 1) * value / total for index, value, total in features})
    assert sum(by_finding) == pytest.approx(sum(complex(index, 1) * value for index, value, _ in features))


_LEXICON: list[grammar.Lexicon] = []


def test_an_endless_sentence_takes_linear_time(resources: Resources) -> None:
    def seconds(times: int) -> float:
        text = "但好问题“不错”却缺乏经验上涨虽然如果承诺" * times
        words = segment(text, resources.segmenter)
        began = time.process_time()
        (reading,) = read([words], resources.model)
        about(reading, [(at, at + 1) for at in range(len(text))], resources.model)
        return time.process_time() - began

    seconds(100)
    assert seconds(8000) < 20 * max(0.02, seconds(1000))


def test_an_operator_acts_back_only_on_what_stands_before(resources: Resources) -> None:
    """升级 is too far from 清清楚楚 to act on it, and does not act on it as on something before."""
    tokens = segment("升级说明在第四页的那一段里写得清清楚楚。", resources.segmenter)
    found = grammar.parse([token.word for token in tokens], resources.model.lexicon).findings
    assert len(found) == 2
    assert all(finding.first < finding.end for finding in found)


@pytest.mark.parametrize("line", ["好\tE", "好\tQ\t1", "好\tE\tgood", "\tE\t1"])
def test_a_malformed_lexicon_names_the_line(line: str, tmp_path: Path) -> None:
    path = tmp_path / "tone.tsv"
    path.write_text(f"word\tkind\tvalue\n坏\tE\t-1\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"tone\.tsv:3"):
        grammar.load_lexicon(path)


# --- names


ARTICLE = (
    "星海9上市之初备受期待。",
    "周明多次强调SeaOS的流畅体验。",
    "凌霄700发热严重，星海9的主板频频失灵。",
    "用户对星海的信任迅速流失。",
    "与华为、三星相比，星海的品控仍有明显差距。",
    "周明承认，星海在追求参数时忽略了体验。",
    "随后星海延长保修，SeaOS 12.5修复了大部分卡顿。",
)


@pytest.mark.parametrize(
    "names",
    [
        {"星海9": "小米11", "星海": "小米", "周明": "卢伟冰", "SeaOS": "MIUI", "凌霄700": "骁龙888"},
        {"星海9": "华星12", "星海": "华星", "周明": "林涛", "SeaOS": "HXOS", "凌霄700": "天玑900", "华为": "中兴"},
        {"星海9": "Vento5", "星海": "Vento", "周明": "Smith", "SeaOS": "VOS", "凌霄700": "A19", "三星": "Kappa"},
    ],
)
def test_scores_do_not_depend_on_names(names: dict[str, str], resources: Resources) -> None:
    renamed = list(ARTICLE)
    for old, new in names.items():
        renamed = [text.replace(old, new) for text in renamed]
    before = [judge(text, resources).score for text in ARTICLE]
    after = [judge(text, resources).score for text in renamed]
    assert before != [0.0] * len(before)
    assert abs(sum(before) - sum(after)) / len(before) <= 0.05
    assert max(abs(x - y) for x, y in zip(before, after, strict=True)) <= 0.15


def tokens(*pairs: tuple[str, str]) -> tuple[Token, ...]:
    out, at = [], 0
    for word, pos in pairs:
        out.append(Token(word, pos, at, at + len(word)))
        at += len(word)
    return tuple(out)


def test_mask() -> None:
    words = tokens(
        ("星海", "nz"), ("9", "m"), (" ", "x"), ("Pro", "eng"), ("在", "p"), ("上海", "ns"), ("卖", "v"), ("300", "m"),
        ("万", "m"), ("，", "x"), ("卡顿", "nrt"),
    )  # fmt: skip
    assert mask(words, {"卡顿"}) == ["□", "", "", "", "在", "□", "卖", "0", "万", "，", "卡顿"]


# --- scores and evidence


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_gives_a_polarity(text: str) -> None:
    loaded = _MODEL[0] if _MODEL else load_model()
    _MODEL[:] = [loaded]
    (result,) = score([tuple(Token(c, "x", i, i + 1) for i, c in enumerate(text))], loaded)
    assert -1 <= result.score <= 1
    assert result.score == pytest.approx(result.positive - result.negative)
    assert result.negative + result.neutral + result.positive == pytest.approx(1)
    assert min(result.negative, result.neutral, result.positive) >= 0
    for piece in result.evidence:
        assert text[piece.start : piece.end] == piece.text


_MODEL: list[PolarityModel] = []


def test_nothing_to_score_is_neutral(model: PolarityModel) -> None:
    for nothing in ((), tokens((" ", "x")), tokens(("！", "x"), ("。", "x"))):
        (result,) = score([nothing], model)
        assert (result.label, result.score, result.evidence) == ("neutral", 0.0, ())


def test_evidence_is_words_of_the_source_strongest_first(resources: Resources) -> None:
    text = "客服态度敷衍，问题迟迟没有解决，用户彻底失望。"
    result = judge(text, resources)
    assert 2 <= len(result.evidence) <= 6
    sizes = [abs(piece.weight) for piece in result.evidence]
    assert sizes == sorted(sizes, reverse=True)
    assert all(text[piece.start : piece.end] == piece.text for piece in result.evidence)
    assert any("失望" in piece.text for piece in result.evidence)
    spans = [(piece.start, piece.end) for piece in result.evidence]
    assert len(set(spans)) == len(spans)


def test_shares_add_up_to_the_distance_from_the_bias(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.stages.polarity import scoring

    monkeypatch.setattr(scoring, "EVIDENCE", 1000)
    monkeypatch.setattr(scoring, "LEAST", 0.0)
    monkeypatch.setattr(scoring, "_CONTENT", frozenset("abcdefghijklmnopqrstuvwxyz"))
    text = "系统崩溃，客户流失，损失惨重"
    (reading,) = read([segment(text, resources.segmenter)], resources.model)
    result, pointed = reading.polarity, reading.pointed
    bias, more = resources.model.bias
    p, q = scoring._softmax((bias + pointed * more) / resources.model.temperature)
    shown = sum(piece.weight for piece in result.evidence)
    # What is left out are the shares of commas and single characters.
    assert shown == pytest.approx(result.score - (p - q), abs=0.1)
    assert result.score < -0.8


def test_a_sentence_is_scored_alike_alone_and_among_others(resources: Resources) -> None:
    texts = ["发热严重。", "很成功。", "分为三部分。"]
    together = score([segment(text, resources.segmenter) for text in texts], resources.model)
    assert together == tuple(judge(text, resources) for text in texts)


# --- context


PASSAGE = ("系统崩溃，客户流失。", "大家都看到了。", "损失惨重，教训深刻。")


def test_the_tone_of_a_passage_runs_on(resources: Resources) -> None:
    words = [segment(text, resources.segmenter) for text in PASSAGE]
    alone = read(words, resources.model)
    together = read(words, resources.model, passages=[0, 0, 0])
    assert together[1].polarity.score < alone[1].polarity.score - 0.02
    (piece,) = (piece for piece in together[1].polarity.evidence if piece.rule == "context")
    assert piece.weight < 0
    assert piece.text in (PASSAGE[0], PASSAGE[2])


def test_a_passage_ends_where_another_begins(resources: Resources) -> None:
    words = [segment(text, resources.segmenter) for text in PASSAGE]
    assert read(words, resources.model, passages=[0, 1, 2]) == read(words, resources.model)


def test_the_context_is_that_of_the_training(resources: Resources) -> None:
    """What neighbours add is what ``train.neighbours`` times the weights of the model is."""
    from pipeline.stages.polarity import scoring

    model = resources.model
    texts = (*PASSAGE, "恢复得很快。", "用户满意。")
    passages = ["a", "a", "a", "b", "b"]
    words = [segment(text, resources.segmenter) for text in texts]
    logits = np.array([
        [(z := one.logits + model.bias[0] + one.pointed * model.bias[1]).imag, 0.0, z.real]
        for one in scoring._weigh(map(scoring.as_words, words), model)
    ])  # fmt: skip
    around = np.tensordot(np.array(model.context.weights), train.neighbours(logits, passages), 1)
    wanted = train.softmax((logits + around) / model.context.temperature)
    found = read(words, model, passages=[0, 0, 0, 1, 1])
    assert [(r.polarity.negative, r.polarity.positive) for r in found] == [
        pytest.approx((row[0], row[2])) for row in wanted
    ]


def test_context_is_found_where_there_is_one() -> None:
    """Weights of neighbours come out of sentences that lean as these do."""
    random = np.random.default_rng(0)
    tone = np.repeat(random.choice([-1, 1], 200), 5)
    names = [f"run {n // 5}" for n in range(1000)]
    logits = np.stack([-tone, np.zeros(1000), tone], axis=1) * 0.5 + random.normal(size=(1000, 3))
    context, p = train.fit_context(logits, tone, names)
    assert all(weight > 0.1 for weight in context.weights)
    assert context.temperature > 0
    assert (p.argmax(axis=1) - 1 == tone).mean() > (logits.argmax(axis=1) - 1 == tone).mean() + 0.1
    own = np.stack([-tone, np.zeros(1000), tone], axis=1) * 2.0
    at = train.neighbours(own, names)
    assert not at[0, ::5].any()  # the first of a run has none before it
    assert not at[-1, 4::5].any()


# --- concepts


@pytest.mark.parametrize(
    ("text", "subject", "standard"),
    [
        ("新版比旧版流畅。", "新版", "旧版"),
        ("旧版的流畅程度远胜于新版。", "旧版", "新版"),
    ],
)
def test_the_standard_of_a_comparison_is_the_other_side(
    text: str, subject: str, standard: str, resources: Resources
) -> None:
    (reading,) = read([segment(text, resources.segmenter)], resources.model)
    spans = [(text.index(name), text.index(name) + 2) for name in (subject, standard)]
    of_subject, of_standard = about(reading, spans, resources.model)
    assert of_subject.score > 0.1
    assert of_standard.score == pytest.approx(-0.7 * of_subject.score)
    assert of_standard.negative + of_standard.neutral + of_standard.positive == pytest.approx(1)


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("团队交付了较高质量的文档。", "质量"),
        ("系统暴露出较严重问题。", "问题"),
        ("我们交付了超出预期的体验。", "体验"),
        ("公司凭借领先技术赢得用户。", "技术"),
        ("新版不比旧版差。", "旧版"),
    ],
)
def test_what_is_no_standard_has_the_side_of_its_sentence(text: str, concept: str, resources: Resources) -> None:
    (reading,) = read([segment(text, resources.segmenter)], resources.model)
    at = text.index(concept)
    (value,) = about(reading, [(at, at + len(concept))], resources.model)
    assert value.score == reading.polarity.score


def test_a_concept_has_no_evidence_from_beside_its_sentence(resources: Resources) -> None:
    texts = ("体验非常糟糕，投诉很多，损失惨重。", "会上提到质量。")
    readings = read([segment(text, resources.segmenter) for text in texts], resources.model, passages=[0, 0])
    assert any(piece.rule == "context" for piece in readings[1].polarity.evidence)
    (value,) = about(readings[1], [(4, 6)], resources.model)
    assert not any(piece.rule == "context" for piece in value.evidence)


def test_what_a_comparison_adds_to_is_no_other_side(resources: Resources) -> None:
    """比旧版更糟: the old one was bad already; 比起旧版，…: only the topic."""
    for text in ("新版比旧版更糟糕。", "比起旧版，新版很糟糕。"):
        (reading,) = read([segment(text, resources.segmenter)], resources.model)
        at = text.index("旧版")
        (value,) = about(reading, [(at, at + 2)], resources.model)
        assert value.score <= 0.1


@pytest.mark.parametrize(
    ("text", "good", "bad"),
    [
        ("性能强劲，但品控糟糕。", "性能", "品控"),
        ("价格实惠，做工粗糙。", "价格", "做工"),
        ("虽然续航出色，发热却很严重。", "续航", "发热"),
        ("参数领先，体验却很差。", "参数", "体验"),
        ("界面精美却响应缓慢。", "界面", "响应"),
    ],
)
def test_about_reads_the_clause_of_the_mention(text: str, good: str, bad: str, resources: Resources) -> None:
    (reading,) = read([segment(text, resources.segmenter)], resources.model)
    spans = [(text.index(concept), text.index(concept) + len(concept)) for concept in (good, bad)]
    of_good, of_bad = about(reading, spans, resources.model)
    assert of_good.score > 0.1
    assert of_bad.score < -0.1


def test_about_keeps_what_frames_the_clause(resources: Resources) -> None:
    """A failure under a condition, or asked for, is none of the concept; only its own clause would say so."""
    for text in ("如果再不改，项目就会彻底失败。", "进度落后了，质量也糟糕透了吗？"):
        (reading,) = read([segment(text, resources.segmenter)], resources.model)
        at = text.index("，") + 1
        (result,) = about(reading, [(at, at + 2)], resources.model)
        assert result.score == pytest.approx(reading.polarity.score)


def test_a_contrast_sets_its_clauses_apart(resources: Resources) -> None:
    spans = [(0, 2), (5, 7)]
    for joined, plain in (("画面粗糙，剧情却还行。", "画面粗糙，剧情也还行。"),):
        (with_it,) = read([segment(joined, resources.segmenter)], resources.model)
        (without,) = read([segment(plain, resources.segmenter)], resources.model)
        apart = [p.score for p in about(with_it, spans, resources.model)]
        together = [p.score for p in about(without, spans, resources.model)]
        assert apart[1] - apart[0] > 0
        assert abs(sum(apart)) < abs(sum(together)) + 0.5
    assert all(-1 <= value <= 1 for value in apart)


def test_a_rule_is_named_only_where_it_decided(resources: Resources) -> None:
    """A piece with the name of a rule has the sign of what the rule found."""
    for text in ("费用由甲方承担。", "退款在七个工作日内到账。", "测试流程如下。", "系统崩溃，客户流失。"):
        (reading,) = read([segment(text, resources.segmenter)], resources.model)
        found = {(f.first, f.end): f.value for f in reading.parse.findings}
        for first, end, weight, rule in reading.pieces:
            if rule != "n-gram":
                assert weight * found[first, end] > 0


def test_about_falls_back_on_the_sentence(resources: Resources) -> None:
    text = "说到品控，问题频发，用户失望。"
    (reading,) = read([segment(text, resources.segmenter)], resources.model)
    result, outside, all_of_it = about(reading, [(2, 4), (900, 901), (0, len(text))], resources.model)
    assert result.score == pytest.approx(reading.polarity.score, abs=0.3)
    assert result.label == "negative"
    assert outside is reading.polarity
    assert all_of_it is reading.polarity


# --- aggregates


def sentence(text: str, start: int = 0, kind: SentenceKind = "text") -> Sentence:
    return Sentence(text, start, start + len(text), 0, 0, kind, text)


def certain(value: float) -> Polarity:
    return Polarity("positive" if value > 0 else "negative", value, max(0, -value), 1 - abs(value), max(0, value))


def test_aggregate_weighs_and_names_the_three_strongest() -> None:
    parts = [
        (sentence("甲" * 16, 0), certain(-0.9)),
        (sentence("乙" * 16, 20), certain(-0.8)),
        (sentence("丙" * 16, 40), certain(0.7)),
        (sentence("丁" * 16, 60), certain(0.05)),
        (sentence("标题" * 20, 80, "heading"), certain(1.0)),
        (sentence("代码" * 20, 120, "code"), certain(1.0)),
    ]
    result = aggregate(parts)
    assert result.label == "negative"
    assert result.negative + result.neutral + result.positive == pytest.approx(1)
    assert [piece.text[0] for piece in result.evidence] == ["甲", "乙", "丙"]
    assert result.score == pytest.approx(sum(piece.weight for piece in result.evidence), abs=0.02)
    assert aggregate(parts[:4]) == result


def test_a_word_said_a_hundred_thousand_times_is_scored() -> None:
    import pipeline as fp

    (found,) = fp.polarity(["·比尔" * 100_000])
    assert -1.0 <= found.score <= 1.0


def test_a_longer_sentence_weighs_more_but_not_in_proportion() -> None:
    long, short = (sentence("长" * 64), certain(-0.8)), (sentence("短" * 16, 70), certain(0.8))
    value = aggregate([long, short]).score
    assert value == pytest.approx(-0.8 * (8 - 4) / (8 + 4))


def test_aggregates_of_nothing_are_neutral() -> None:
    for nothing in (aggregate([]), aggregate([(sentence("题", kind="heading"), certain(1.0))]), mean([])):
        assert (nothing.label, nothing.score, nothing.neutral) == ("neutral", 0.0, 1.0)


def test_mean_is_neutral_within_a_tenth() -> None:
    assert mean([certain(0.5), certain(-0.35)]).label == "neutral"
    assert mean([certain(0.5), certain(-0.2)]).label == "positive"
    assert mean([certain(0.5), certain(-0.2)]).score == pytest.approx(0.15)


# --- the model and its file


def test_the_model_is_small_quick_and_trained_with_the_lexicon_at_hand() -> None:
    head = json.loads(MODEL.read_bytes().partition(b"\n")[0])
    assert head["lexicon"] == lexicon_checksum(), "the lexicon has changed: run `make model`"
    assert MODEL.stat().st_size <= 3_000_000
    began = time.process_time()
    load_model()
    assert time.process_time() - began < 0.5  # 0.05 s on an idle machine


def test_sixty_sentences_take_milliseconds(resources: Resources) -> None:
    words = [
        segment(f"第{n}次评审发现，供应商的来料不良率偏高，但团队及时拦截，避免了批量事故。", resources.segmenter)
        for n in range(60)
    ]
    best = min(_seconds(words, resources.model) for _ in range(5))
    assert best < 0.03  # 0.006 s on an idle machine


def _seconds(words: list[tuple[Token, ...]], model: PolarityModel) -> float:
    began = time.process_time()
    score(words, model)
    return time.process_time() - began


@pytest.mark.parametrize("damage", ["cut", "other", "empty"])
def test_a_damaged_model_is_refused(damage: str, tmp_path: Path) -> None:
    blob = MODEL.read_bytes()
    path = tmp_path / "damaged.model"
    path.write_bytes({"cut": blob[: len(blob) // 2], "other": b'{"format": "x"}\n', "empty": b""}[damage])
    with pytest.raises(ValueError, match=r"damaged\.model.*make model"):
        load_model(path)


def test_a_model_comes_back_from_its_file(tmp_path: Path) -> None:
    header = {
        "scale": 0.5,
        "register scale": 0.25,
        "bias": [0.5, -0.5, 1, 2],
        "dense": {name: [i, -i, 0, 1] for i, name in enumerate(DENSE)},
        "register": [-1.5, 0.5],
        "particles": ["都", "还"],
        "temperature": 1.5,
        "context": {"weights": [0.1, 0.2], "temperature": 1.75, "prior": [1.5, 1.0, 1.25]},
        "prior": [1.0, 1.0, 2.0],
        "caution": 2.0,
        "lexicon": 0,
    }
    path = tmp_path / "small.model"
    path.write_bytes(
        dump_model(
            words=["不 错", "好"], findings=["=好"], patterns=["^ 还 E+"], characters=["很好"],
            general=([1, 127, 3, 2, -127], [-1, 0, 7, 0, 5]), pointed=([0, 2, 4, 6], [0, 0, 0, 1]), register=[0, 8],
            header=header,
        )
    )  # fmt: skip
    loaded = load_model(path)
    assert loaded.words == {"不 错": (0.5 - 0.5j, 0j, 0.0), "好": (63.5 + 0j, 1 + 0j, 2.0)}
    assert loaded.findings == {"=好": (1.5 + 3.5j, 2 + 0j)}
    begins, still, good = SYMBOLS.index("^"), len(SYMBOLS) + 1, SYMBOLS.index("E+")
    assert loaded.patterns == {pattern_key([begins, still, good]): (1 + 0j, 3 + 0.5j, 2)}
    assert loaded.characters == {"很好": -63.5 + 2.5j}
    assert (loaded.bias, loaded.temperature, loaded.caution) == ((0.5 - 0.5j, 1 + 2j), 1.5, 2.0)
    assert (loaded.register, dict(loaded.particles)) == ((-1.5, 0.5), {"都": still - 1, "还": still})
    assert loaded.context == ((0.1, 0.2), 1.75, (1.5, 1.0, 1.25))
    assert loaded.dense[2] == (2 - 2j, 1j)


def test_a_model_with_too_few_weights_is_not_written() -> None:
    with pytest.raises(ValueError, match="n-grams"):
        dump_model(
            words=["好"], findings=[], patterns=[], characters=[],
            general=([1], []), pointed=([1], [1]), register=[0], header={},
        )  # fmt: skip


def test_caution_prefers_neutral_to_the_opposite(resources: Resources) -> None:
    """A sentence torn between good and bad is called neutral, however little neutral it is."""
    bare = dataclasses.replace(
        resources.model, words={}, characters={}, findings={}, patterns={}, prior=(1.0, 1.0, 1.0)
    )
    silent = dataclasses.replace(
        bare, dense=((0j, 0j),) * len(DENSE), bias=(2.0 + 1.9j, 0j), caution=1.0, temperature=1.0
    )
    words = [segment("项目复盘", resources.segmenter)]
    assert score(words, silent)[0].label == "positive"
    assert score(words, dataclasses.replace(silent, caution=3.0))[0].label == "neutral"


# --- training


def test_inference_and_training_see_the_same_features(resources: Resources) -> None:
    """The logits of the fast path are the dot product of the training's features with the weights."""
    from pipeline.stages.polarity import scoring

    loaded = resources.model
    function_words = sorted(loaded.particles)
    numbers = dict(loaded.particles) | {name: number for number, name in enumerate(SYMBOLS)}
    for text in ["客服态度敷衍，问题迟迟没有解决。", "虽然贵，但性能很强，没有短板！", "ABC 12.5%上涨", "的"]:
        words = segment(text, resources.segmenter)
        seen = train.view(words, loaded.lexicon, function_words)
        weights = {word: register for word, (_, _, register) in loaded.words.items()}
        bias, slope = loaded.register
        pointed = float(train.register([seen], weights | {"": bias, " ": slope})[0])
        logits = loaded.bias[0] + pointed * loaded.bias[1]
        for ngram, value in seen.words.items():
            w, d, _ = loaded.words.get(ngram, (0j, 0j, 0.0))
            logits += value * (w + pointed * d)
        for ngram, value in seen.findings.items():
            w, d = loaded.findings.get(ngram, (0j, 0j))
            logits += value * (w + pointed * d)
        for ngram, value in seen.patterns.items():
            key = pattern_key([numbers[name] for name in ngram.split(" ")])
            w, d, _ = loaded.patterns.get(key, (0j, 0j, 0))
            logits += value * (w + pointed * d)
        logits += sum(value * loaded.characters.get(pair, 0j) for pair, value in seen.characters.items())
        for index, value in seen.dense.items():
            w, d = loaded.dense[index]
            logits += value * (w + pointed * d)
        p, q = scoring._softmax(logits / loaded.temperature)
        (result,) = score([words], loaded)
        assert (result.positive, result.negative) == pytest.approx((p, q))


def test_ngrams() -> None:
    assert list(word_ngrams(["很", "", "好", "。"])) == ["很", "好", "。", "很 好", "好 。"]
    assert list(character_pairs("^很好")) == ["^很", "很好"]
    assert norm(100) == pytest.approx(0.1)
    assert norm(1) == norm(6)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("续航从十小时降到五小时", "续航 从 十小时 ⊖ 五小时"),
        ("返修率大幅下降", "返修率 ⊕"),
        ("没有解决卡顿", "没有 ⊖ 卡顿"),
        ("缺乏信任", "⊖ 信任"),
        ("加强了管理", "加强 了 管理"),  # nothing is known of what it acts on
    ],
)
def test_ngrams_see_what_operators_came_to(text: str, seen: str, resources: Resources) -> None:
    tokens = segment(text, resources.segmenter)
    found = grammar.parse([token.word for token in tokens], resources.model.lexicon)
    masked = mask(tokens, resources.model.lexicon.entries)
    mask_operators(masked, found.findings, found.marks)
    assert [word for word in masked if word] == seen.split()
    assert len(masked) == len(tokens)
    # What turns on the noun is read with the noun
    if seen.endswith("⊕"):
        assert finding_ngrams(found.findings, masked)[0][0] == "=返修率"


def test_symbols_tell_how_a_sentence_is_put(lexicon: grammar.Lexicon) -> None:
    particles = {"都": len(SYMBOLS), "没有": len(SYMBOLS) + 1}
    names = [*SYMBOLS, "都", "没有"]

    def read_as(words: list[str]) -> str:
        numbers, places = symbols(words, grammar.match(words, lexicon), particles)
        assert len(numbers) == len(places)
        assert places == sorted(places)
        return " ".join(names[number] for number in numbers)

    # A function word stands as it is, whether the lexicon has it or not; what has no tone is one gap.
    assert read_as(["大家", "都", "在", "窗口", "没有", "同事", "怠慢", "。"]) == "^ _ 都 _ 没有 _ E- 。 $"
    assert read_as(["流畅", "，", "崩溃", "？"]) == "^ E+ , E- ? $"
    assert read_as([]) == "^ $"


def test_a_pattern_is_shown_at_its_tone_word() -> None:
    number = {name: i for i, name in enumerate(SYMBOLS)}
    assert pattern_at([number["_"], number[","], number["E-"]]) == 2
    assert pattern_at([number["^"], number["_"]]) == 1
    assert pattern_at([number["_"], number["$"]]) == 0
    assert len({pattern_key(run) for run in patterns(range(1, 30))}) == 28 + 27 + 26


def test_a_pointed_remark_and_running_text_are_told_apart(resources: Resources) -> None:
    remark = segment("说好的三天，拖了三周。", resources.segmenter)
    running = segment(
        "本项目采用 Spring Boot 框架进行开发，并通过 Docker 部署到测试环境，相关的配置可以参考下面的代码。",
        resources.segmenter,
    )
    first, second = read([remark, running], resources.model)
    assert 0 <= second.pointed < 0.2 < 0.8 < first.pointed <= 1


def test_folds_never_split_an_article() -> None:
    articles = [f"a{n // 3}" for n in range(60)]
    fold = train.folds(articles)
    assert set(fold) == set(range(train.FOLDS))
    assert all(len({f for f, a in zip(fold, articles, strict=True) if a == name}) == 1 for name in set(articles))


def test_training_gives_the_same_bytes_and_learns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "data"
    (data / "polarity").mkdir(parents=True)
    good, bad, plain = (
        ["服务很好", "体验流畅", "顺利完成"],
        ["服务很差", "体验糟糕", "彻底失败"],
        ["在三月召开", "共有两章", "位于南方"],
    )
    rows = [
        {"article": f"a{n}", "text": f"{subject}{said}。", "polarity": sign, "also_ok": [0] if n % 4 == 0 else []}
        for n in range(12)
        for sign, told in ((1, good), (-1, bad), (0, plain))
        for subject, said in (("产品", told[n % 3]), ("团队", told[(n + 1) % 3]))
    ]
    (data / "polarity" / "train.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    files = []
    monkeypatch.setattr(train, "load_written", lambda *_, **__: [])
    monkeypatch.setattr(train, "load_entries", lambda *_: [])
    monkeypatch.setattr(train, "LEAST_WEIGHT", 0.1)  # of so few sentences little is learnt
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        figures = train.train(data, tmp_path / name)
        files.append([(tmp_path / name / file).read_bytes() for file in ("polarity.model", "polarity.card.md")])
    assert files[0] == files[1]
    assert figures["macro-F1"] > 80
    done, _ = load_model(tmp_path / "one" / "polarity.model").findings["=顺利完成"]
    assert done.real > done.imag


def test_labels_find_their_sentences(tmp_path: Path, resources: Resources) -> None:
    """The table of labels has no text: a sentence is known by its hash, an article by where it begins."""
    texts = ["上线很顺利。", "接口超时了。", "无标签的一句。", "会议在三月。"]
    names = [hashlib.sha256(text.encode()).hexdigest()[:12] for text in texts]
    (tmp_path / "sentences.txt").write_text("\n".join(texts), encoding="utf-8")
    (tmp_path / "readings.tsv").write_text(
        f"sentence\tnew\tlabel\talso\n{names[0]}\t1\t1\t\n{names[1]}\t0\t-1\t0\n{names[3]}\t1\t0\t-1,1\n",
        encoding="utf-8",
    )
    found = train.load_readings(
        tmp_path / "sentences.txt",
        lambda text: segment(text, resources.segmenter),
        tmp_path / "readings.tsv",
    )
    assert [(one.polarity, one.also) for one in found] == [(1, ()), (-1, (0,)), (0, (-1, 1))]
    assert found[0].article == found[1].article != found[2].article
    assert not any(one.pointed for one in found)


def test_one_half_of_the_reviews_is_learnt(tmp_path: Path, resources: Resources) -> None:
    rows = [f"第{n}件商品很好\tpos\t" for n in range(40)] + ["说不清的一件\tneutral\t"]
    (tmp_path / f"{train.REVIEWS[0]}.tsv").write_text("\n".join(["text\tlabel\taspect", *rows]), encoding="utf-8")
    found = train.load_reviews(tmp_path, lambda text: segment(text, resources.segmenter))
    texts = ["".join(token.word for token in one.tokens) for one in found]
    assert 5 < len(texts) < 35
    assert all(map(train.is_review_half, texts))
    assert all((one.polarity, one.pointed, one.weight) == (1, True, train.REVIEW) for one in found)


def test_entries_of_the_lexicon_are_examples(resources: Resources) -> None:
    lexicon = grammar.Lexicon({"好": ("E", 1.0), "糟": ("E", -2.0), "略": ("E", 0.5), "口碑": ("V", 1.0)}, {})
    found = train.load_entries(lexicon, lambda text: segment(text, resources.segmenter))
    assert [("".join(t.word for t in one.tokens), one.polarity) for one in found] == [("好。", 1), ("糟。", -1)]
    assert all(one.pointed and one.weight == train.ENTRY for one in found)


def test_the_sentences_written_for_the_model_are_no_test_sentences() -> None:
    """What the model learns from and what the tests ask of it do not meet; labels are well formed."""
    rows = [
        [path.stem, *line.split("\t")]
        for path in (train.CONTRASTS, train.REMARKS, train.RUNNING)
        for line in path.read_text(encoding="utf-8").splitlines()[1:]
    ]
    texts = [text for _, _, _, _, text in rows]
    assert len(texts) == len(set(texts)) > 10_000
    assert {label for _, _, label, _, _ in rows} == {"-1", "0", "1"}
    data = Path(__file__).parents[1] / "data"
    asked = {
        line.split("\t")[-1]
        for name in ("challenge", "pairs")
        for line in (data / f"{name}.tsv").open(encoding="utf-8")
    }
    assert not asked.intersection(texts)
    groups: dict[str, set[str]] = {}
    for table, group, label, _, _ in rows:
        groups.setdefault(f"{table} {group}", set()).add(label)
    assert sum(len(labels) > 1 for labels in groups.values()) > 0.9 * len(groups)


def test_what_is_kept_of_the_ngrams_can_be_looked_up(resources: Resources) -> None:
    """Scoring asks for a longer n-gram only where it knows its parts."""
    words, runs = resources.model.words, resources.model.patterns
    assert all(part in words for pair in words for part in pair.split(" "))
    assert all(key >> BITS in runs for key in runs if key >> 2 * BITS)


def test_training_without_data_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train.main(["--data", str(tmp_path)]) == 1
    assert "train.jsonl: no such file" in capsys.readouterr().err


# --- the peer


def test_snownlp_maps_to_the_same_scale() -> None:
    results = score_snownlp(["质量很好，非常满意", "", "垃圾，太差了"])
    assert results[0].score > 0.5
    assert results[0].label == "positive"
    assert (results[1].label, results[1].score) == ("neutral", 0.0)
    assert results[2].score < results[0].score


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("首屏加载时间缩短了一半。", 1),
        ("启动时间由4.2秒缩短到1.6秒。", 1),
        ("续航从十小时降到五小时。", -1),
        ("未解决的缺陷从213个降到19个。", 1),
        ("没人认领的事第三周就清零了。", 1),
        ("遗留问题至今没有清零。", -1),
        ("投诉少了八成。", 1),
        ("订单掉了六成。", -1),
    ],
)
def test_less_is_good_or_bad_by_what_it_is_less_of(text: str, side: int, resources: Resources) -> None:
    (value,) = score([segment(text, resources.segmenter)], resources.model)
    assert value.score * side > 0.1
