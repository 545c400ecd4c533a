"""Concepts: what counts as a mention, and what a lexicon may say."""

from __future__ import annotations

import pickle
import sys
import time
from pathlib import Path

import pytest

from pipeline.model import Sentence, SentenceKind
from pipeline.stages.concepts import Concept, ConceptError, Matcher, fold, load_concepts, mentions

DEFAULT = Matcher(load_concepts())
FOUR = ("参数", "体验", "品控", "信任")


def sentence(text: str, *, start: int = 0, kind: SentenceKind = "text", section: int = 0) -> Sentence:
    return Sentence(text, start, start + len(text), section, 0, kind, text)


def found(text: str, matcher: Matcher = DEFAULT) -> list[tuple[str, str]]:
    """Return (alias, concept) of the mentions in a text."""
    return [(text[start:end], concept) for start, end, concept in matcher.find(text)]


def named(text: str) -> list[str]:
    """Return the concepts of the owner that a text mentions."""
    return [concept for _, concept in found(text) if concept in FOUR]


def load(folder: Path, text: str) -> tuple[Concept, ...]:
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return load_concepts(path)


class TestMatching:
    def test_the_longest_alias_wins_whosever_it_is(self) -> None:
        assert found("用户体验变差。") == [("用户体验", "体验")]
        assert found("用户的体验变差。") == [("用户", "用户"), ("体验", "体验")]

    def test_leftmost_before_longest(self) -> None:
        matcher = Matcher([Concept("甲", ("天地",)), Concept("乙", ("地玄黄",))])
        assert found("天地玄黄", matcher) == [("天地", "甲")]

    def test_two_names_side_by_side_count_twice(self) -> None:
        assert found("用户信任回来了") == [("用户", "用户"), ("信任", "信任")]

    def test_an_exclusion_binds_its_own_concept_alone(self) -> None:
        matcher = Matcher([Concept("甲", ("质量",), ("质量守恒",)), Concept("乙", ("守恒",))])
        assert found("质量守恒，质量下降", matcher) == [("守恒", "乙"), ("质量", "甲")]

    def test_an_alias_that_reaches_beyond_an_exclusion_counts(self) -> None:
        matcher = Matcher([Concept("成本", ("成本", "制造成本"), ("造成本",))])
        assert found("造成本次停工", matcher) == []
        assert found("制造成本上升", matcher) == [("制造成本", "成本")]

    def test_an_exclusion_can_begin_inside_another_mention(self) -> None:
        matcher = Matcher([Concept("甲", ("山水",)), Concept("乙", ("火土",), ("水火土",))])
        assert found("山水火土", matcher) == [("山水", "甲")]

    def test_the_longer_of_two_exclusions_holds(self) -> None:
        matcher = Matcher([Concept("甲", ("火", "土石"), ("水火土石", "水火"))])
        assert found("水火土石", matcher) == []
        assert found("水火，土石", matcher) == [("土石", "甲")]

    def test_aliases_of_one_character(self) -> None:
        matcher = Matcher([Concept("钱", ("钱", "钱包夹"))])
        assert found("钱没了，钱包夹也空了，钱包呢", matcher) == [("钱", "钱"), ("钱包夹", "钱"), ("钱", "钱")]

    def test_an_alias_cut_off_by_the_end_of_the_text(self) -> None:
        matcher = Matcher([Concept("甲", ("压力测试",)), Concept("乙", ("压力",))])
        assert matcher.find("他说压力") == [(2, 4, "乙")]

    @pytest.mark.parametrize("text", ["mttr 太长", "MTTR太长", "ＭＴＴＲ太长", "平均Ｍttr太长", "(MTTR)"])
    def test_width_and_case_do_not_matter(self, text: str) -> None:
        assert [concept for _, concept in found(text)] == ["应急"]

    @pytest.mark.parametrize("text", ["GUIDE 写得好", "the suite", "UI2", "ui_kit", "ＧＵＩＤＥ"])
    def test_latin_aliases_need_word_borders(self, text: str) -> None:
        assert found(text) == []

    @pytest.mark.parametrize("text", ["新UI上手难", "UI/交付", "这套 UI，不好看"])
    def test_chinese_and_punctuation_are_borders(self, text: str) -> None:
        assert ("UI", "设计") in found(text)

    def test_folding_keeps_every_offset(self) -> None:
        everything = "".join(map(chr, range(sys.maxunicode + 1)))
        assert len(fold(everything)) == len(everything)
        assert all(len(fold(chr(code))) == 1 for code in range(0x3000))

    def test_hostile_text_takes_linear_time(self) -> None:
        # an exclusion and an alias at every second character
        began = time.perf_counter()
        short = len(DEFAULT.find("产品控制" * 5_000))
        middle = time.perf_counter()
        long = len(DEFAULT.find("产品控制" * 50_000))
        end = time.perf_counter()
        assert (short, long) == (0, 0)
        assert end - middle < 30 * (middle - began) + 0.1

    def test_thousands_of_aliases_cost_no_more(self) -> None:
        own = [
            # the number, since rare characters may be two forms of one
            Concept(f"概念{i}", tuple(f"{chr(0x4E00 + i * 20 + k)}{chr(0x5E00 + k)}词{i}" for k in range(20)))
            for i in range(300)
        ]
        big = Matcher([*load_concepts(), *own])
        text = "我们在复盘里反复谈到用户体验、品控和信任，也谈到成本与进度。" * 200

        def seconds(matcher: Matcher) -> float:
            times = []
            for _ in range(3):
                began = time.perf_counter()
                matcher.find(text)
                times.append(time.perf_counter() - began)
            return min(times)

        assert seconds(big) < 5 * seconds(DEFAULT)

    def test_a_matcher_pickles(self) -> None:
        again = pickle.loads(pickle.dumps(DEFAULT))
        assert again.find("用户体验") == DEFAULT.find("用户体验")


class TestMentions:
    def test_spans_point_into_the_source(self) -> None:
        text = "返工之后，**质**量问题少了"
        plain = "返工之后，质量问题少了"
        offsets = tuple(at for at, character in enumerate(text) if character != "*")
        marked = Sentence(text, 100, 100 + len(text), 2, 5, "text", plain, tuple(100 + at for at in offsets))
        (mention,) = mentions([sentence("先说别的。"), marked], DEFAULT)
        assert (mention.concept, mention.alias, mention.sentence, mention.section) == ("品控", "质量问题", 1, 2)
        assert text[mention.start - 100 : mention.end - 100] == "质**量问题"

    def test_headings_and_tables_count_and_code_does_not(self) -> None:
        rows = [
            sentence("三、品控", kind="heading"),
            sentence("品控|差", kind="table"),
            sentence("品控 = 1", kind="code"),
        ]
        assert [mention.sentence for mention in mentions(rows, DEFAULT)] == [0, 1]

    def test_nothing_runs_over_the_end_of_a_sentence(self) -> None:
        assert mentions([sentence("他谈体"), sentence("验收的事", start=3)], DEFAULT)[0].alias == "验收"

    def test_lone_surrogates_and_control_characters(self) -> None:
        assert [m.alias for m in mentions([sentence("\ud800品控\x00\udfff信任")], DEFAULT)] == ["品控", "信任"]


class TestDefaultLexicon:
    def test_has_the_four_first_and_what_retrospectives_turn_on(self) -> None:
        names = [concept.name for concept in load_concepts()]
        assert tuple(names[:4]) == FOUR
        assert {
            "成本",
            "进度",
            "沟通",
            "团队",
            "供应链",
            "战略",
            "需求",
            "测试",
            "技术债",
            "监控",
            "用户",
            "品牌",
        } < set(names)
        assert {"营销", "价格", "性能", "系统", "售后", "流程", "数据", "增长", "资金", "人才"} < set(names)

    @pytest.mark.parametrize(
        ("text", "concepts"),
        [
            ("我们把配置堆到最高，跑分第一，却没人买。", ["参数", "参数"]),
            ("发布会上念了二十分钟规格。", ["参数"]),
            ("手感和易用性都不如上一代，体验倒退。", ["体验", "体验", "体验"]),
            ("来料检验形同虚设，良率只有七成，做工粗糙。", ["品控", "品控", "品控"]),
            ("代码质量没人负责。", ["品控"]),
            ("老客户不再信任我们，信誉要重新攒。", ["信任", "信任"]),
        ],
    )
    def test_names_of_the_four(self, text: str, concepts: list[str]) -> None:
        assert named(text) == concepts

    @pytest.mark.parametrize(
        "text",
        [
            # other senses
            "运维改了配置文件，把限流配置推到全网。",
            "这个函数参数是可选的，请求参数没有校验。",
            "资源配置不合理。",
            "质量守恒不会骗人，空气质量也不会。",
            "他的睡眠质量不好，但生活品质很高。",
            "来体验店体验一下新款。",
            # words that only meet
            "整体验收安排在月底，具体验证由第三方做。",
            "产品控制权在对方手里，食品控股也没谈成。",
            "别相信任何承诺，通信任务也别接。",
            "主观感受很难说清。",
            "他做工作很细。",
            # instances, not names
            "卡顿、闪退、发热，一个没少。",
            "屏幕漏光，后盖开裂。",
        ],
    )
    def test_what_is_not_a_name_of_the_four(self, text: str) -> None:
        assert named(text) == []

    @pytest.mark.parametrize(
        ("text", "concept"),
        [
            ("为完成本次迁移，造成本来能避免的停机。", "成本"),
            ("这样的人才能走远，每个人才会安心。", "人才"),
            ("检测试剂没有到货。", "测试"),
            ("集团队伍很大，这是共同事业。", "团队"),
            ("垄断货源、准备货车。", "供应链"),
            ("产品出售后就没人管。", "售后"),
            ("项目标准和栏目标题都改了。", "目标"),
            ("三天没有提交流程。", "沟通"),
            ("线上线下都在卖。", "发布"),
            ("这不会造成长期影响。", "成长"),
        ],
    )
    def test_words_that_only_meet(self, text: str, concept: str) -> None:
        assert concept not in [name for _, name in found(text)]

    @pytest.mark.parametrize(
        ("text", "concept"),
        [
            ("制造成本涨了三成。", "成本"),
            ("可变成本没有算进去。", "成本"),
            ("用户体验过于糟糕。", "体验"),
            ("体验卡顿严重。", "体验"),
            ("质量数据没人看。", "品控"),
            ("性能够不够用，上线前没人知道。", "性能"),
            ("成本周期拉得太长。", "成本"),
            ("配置变更没有灰度。", "发布"),
            ("失去信任意味着失去市场。", "信任"),
            ("没人知道信任何时能恢复。", "信任"),
            ("他们要的是完整体验。", "体验"),
            ("客服负责收集体验反馈。", "体验"),
            ("配置成了摆设。", "参数"),
            ("重构成本没有算进预算。", "成本"),
            ("离职员工带走了经验。", "团队"),
            ("项目组成员换了三次。", "团队"),
            ("数据表明问题出在下单页。", "数据"),
            ("入口没有限流。", "应急"),
            ("昨晚上线的版本有问题。", "发布"),
        ],
    )
    def test_exclusions_do_not_reach_too_far(self, text: str, concept: str) -> None:
        assert concept in [name for _, name in found(text)]


class TestLexiconFiles:
    def test_the_name_counts_and_lists_may_be_left_out(self, tmp_path: Path) -> None:
        assert load(tmp_path, '[[concept]]\nname = "续费"\n') == (Concept("续费", ("续费",)),)

    def test_a_file_replaces_the_default(self, tmp_path: Path) -> None:
        concepts = load(tmp_path, '[[concept]]\nname = "续费"\naliases = ["续约", "续订"]\nexclusions = ["续费卡"]\n')
        assert concepts == (Concept("续费", ("续费", "续约", "续订"), ("续费卡",)),)

    def test_extends_adds_to_known_concepts_and_appends_new_ones(self, tmp_path: Path) -> None:
        text = (
            'extends = "default"\n[[concept]]\nname = "体验"\naliases = ["爽感"]\nexclusions = ["体验岛"]\n'
            '[[concept]]\nname = "续费"\n'
        )
        concepts = load(tmp_path, text)
        default = load_concepts()
        assert [concept.name for concept in concepts] == [*(concept.name for concept in default), "续费"]
        matcher = Matcher(concepts)
        assert found("爽感和体验都在，体验岛不算，续费算", matcher) == [
            ("爽感", "体验"),
            ("体验", "体验"),
            ("续费", "续费"),
        ]

    def test_an_alias_moves_from_the_default_to_the_own_concept(self, tmp_path: Path) -> None:
        text = 'extends = "default"\n[[concept]]\nname = "代码"\naliases = ["代码质量", "重试"]\n'
        assert found("代码质量差", Matcher(load(tmp_path, text))) == [("代码质量", "代码")]
        assert found("产品质量差", Matcher(load(tmp_path, text))) == [("产品质量", "品控")]

    def test_drop_leaves_default_concepts_out(self, tmp_path: Path) -> None:
        concepts = load(tmp_path, 'extends = "default"\ndrop = ["价格", "营销"]\n')
        names = {concept.name for concept in load_concepts()}
        assert {concept.name for concept in concepts} == names - {"价格", "营销"}

    def test_aliases_that_differ_in_width_or_case_are_one(self, tmp_path: Path) -> None:
        text = '[[concept]]\nname = "SLA"\naliases = ["sla", "ＳＬＡ", " 可用性 "]\n'
        assert load(tmp_path, text) == (Concept("SLA", ("SLA", "可用性")),)

    @pytest.mark.parametrize(
        ("text", "parts"),
        [
            ("", ["no concepts", "[[concept]]"]),
            ("concept = 3", ["'concept' must be tables"]),
            ('[[concept]]\nname = "甲"\nalias = ["乙"]', ["concept '甲'", "unknown key 'alias'", "'aliases'"]),
            ('extend = "default"', ["unknown key 'extend'", "'extends'"]),
            ('extends = "mine"\n[[concept]]\nname = "甲"', ["extends", "'default'", "'mine'"]),
            ('[[concept]]\naliases = ["乙"]', ["concept 1", "needs a name"]),
            ('[[concept]]\nname = "甲"\naliases = "乙"', ["concept '甲'", "aliases", "list"]),
            ('[[concept]]\nname = "甲"\naliases = [3]', ["concept '甲'", "aliases", "strings", "3"]),
            ('[[concept]]\nname = "甲"\naliases = [" "]', ["concept '甲'", "aliases", "empty"]),
            ('[[concept]]\nname = "甲"\naliases = ["乙\\n丙"]', ["concept '甲'", "line end"]),
            (
                '[[concept]]\nname = "甲"\naliases = ["ABC"]\n[[concept]]\nname = "乙"\naliases = ["abc"]',
                ["'abc'", "'甲'", "'乙'"],
            ),
            ('[[concept]]\nname = "甲"\n[[concept]]\nname = "甲"', ["'甲'", "twice"]),
            ('[[concept]]\nname = "甲"\nexclusions = ["乙丙"]', ["'甲'", "'乙丙'", "excludes nothing"]),
            ('[[concept]]\nname = "甲"\nexclusions = ["甲"]', ["'甲'", "alias and an exclusion"]),
            ('extends = "default"\ndrop = ["价各"]', ["drop", "'价各'", "'价格'"]),
            ('drop = ["价格"]\n[[concept]]\nname = "甲"', ["drop", 'extends = "default"']),
            ("a = = 3", ["not valid TOML"]),
        ],
    )
    def test_mistakes_give_one_clear_line(self, tmp_path: Path, text: str, parts: list[str]) -> None:
        with pytest.raises(ConceptError) as error:
            load(tmp_path, text)
        message = str(error.value)
        assert "own.toml" in message
        assert "\n" not in message
        for part in parts:
            assert part in message

    def test_a_file_that_cannot_be_read(self, tmp_path: Path) -> None:
        with pytest.raises(ConceptError, match=r"missing\.toml.*cannot read"):
            load_concepts(tmp_path / "missing.toml")
        (tmp_path / "gbk.toml").write_bytes('[[concept]]\nname = "体验"'.encode("gbk"))
        with pytest.raises(ConceptError, match="not valid TOML"):
            load_concepts(tmp_path / "gbk.toml")

    def test_a_matcher_refuses_an_ambiguous_lexicon(self) -> None:
        with pytest.raises(ConceptError, match=r"'乙'.*'甲'.*'丙'"):
            Matcher([Concept("甲", ("乙",)), Concept("丙", ("乙",))])
        with pytest.raises(ConceptError, match="empty"):
            Matcher([Concept("甲", ("",))])


@pytest.mark.parametrize("value", ["9" * 5000, "[" * 5000])
def test_a_value_that_python_cannot_hold_is_one_line(tmp_path: Path, value: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(f"concept = {value}", encoding="utf-8")
    with pytest.raises(ConceptError, match=r"mine\.toml: not valid TOML"):
        load_concepts(path)
