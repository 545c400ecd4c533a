from __future__ import annotations

import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pipeline as fp
from pipeline.model import Name, Sentence
from pipeline.resources import Resources
from pipeline.stages.names import load_known_names, names
from pipeline.stages.tokens import tokenize

DATA = Path(__file__).parents[1] / "data" / "names.tsv"
KINDS = {"p": "person", "t": "product", "o": "organisation"}


def found(text: str, resources: Resources) -> dict[str, Name]:
    sentences, at = [], 0
    for line in text.split("\n"):
        sentences.append(Sentence(line, at, at + len(line), 0, 0, "text", line))
        at += len(line) + 1
    words = [tokenize(sentence, resources.segmenter) for sentence in sentences]
    out = names(sentences, words, known=resources.names, costs=resources.reader.costs)
    return {name.name: name for name in out}


def kinds(text: str, resources: Resources) -> dict[str, str]:
    return {name: item.kind for name, item in found(text, resources).items()}


# ---------------------------------------------------------------------------------------------------------------------
# how good it is


def _rows() -> list[tuple[str, set[tuple[str, str]]]]:
    rows = []
    for line in DATA.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            text, *listed = line.split("\t")
            pairs = [item.rsplit("/", 1) for item in listed]
            rows.append((text, {(name, KINDS[kind]) for name, kind in pairs}))
    return rows


def test_quality_on_written_sentences(resources: Resources) -> None:
    rows = _rows()
    assert sum(len(wanted) for _, wanted in rows) >= 120
    right = told = wanted_all = 0
    for text, wanted in rows:
        got = {(name, item.kind) for name, item in found(text, resources).items()}
        right += len(got & wanted)
        told += len(got)
        wanted_all += len(wanted)
    assert right / told >= 0.96
    assert right / wanted_all >= 0.92


@pytest.mark.parametrize("text", [text for text, wanted in _rows() if not wanted])
def test_words_that_look_like_names_are_none(text: str, resources: Resources) -> None:
    assert found(text, resources) == {}


# ---------------------------------------------------------------------------------------------------------------------
# what it does


def test_a_person_is_told_by_what_stands_beside(resources: Resources) -> None:
    assert kinds("架构师裴远航说，先停下来。", resources) == {"裴远航": "person"}
    assert found("架构师裴远航说，先停下来。", resources)["裴远航"].cues[0] == "title"
    assert kinds("马上就说不行，方案又退了回来。", resources) == {}


def test_full_names_come_without_their_title_and_surnames_with_it(resources: Resources) -> None:
    assert kinds("陈可欣老师讲了一节课，赵老师听了。", resources) == {"陈可欣": "person", "赵老师": "person"}


def test_the_last_part_of_a_foreign_name_stands_for_a_person(resources: Resources) -> None:
    mine = found("史蒂夫·鲍尔默离开了。后来鲍尔默买了球队。", resources)
    assert mine["史蒂夫·鲍尔默"].count == 1
    assert mine["鲍尔默"].count == 1


def test_a_firm_begins_with_its_place_or_name(resources: Resources) -> None:
    text = "合同是跟宁波海砚机械有限公司签的。"
    assert kinds(text, resources) == {"宁波海砚机械有限公司": "organisation"}
    assert kinds("上市公司和外包公司都不愿意接，互联网公司也一样。", resources) == {}


def test_short_names_in_brackets_have_the_kind_of_the_long_one(resources: Resources) -> None:
    mine = found("苏州恒沛电子有限公司（简称恒沛）违约，恒沛没有道歉。", resources)
    assert mine["恒沛"].kind == "organisation"
    assert mine["恒沛"].count == 2
    assert mine["恒沛"].cues == ("alias",)


def test_a_brand_with_its_number_is_one_product(resources: Resources) -> None:
    assert kinds("小米11 和 iPhone 12 Pro 都测过。", resources) == {"小米11": "product", "iPhone 12 Pro": "product"}
    assert "小米 3" not in kinds("小米 3 月发布财报，小米公司的股价没有动。", resources)


def test_titles_are_works_but_papers_are_none(resources: Resources) -> None:
    assert kinds("读了《人月神话》，又看了《采购管理办法》。", resources) == {"人月神话": "product"}


def test_a_name_inside_a_longer_one_does_not_count(resources: Resources) -> None:
    mine = found("我们装了 Microsoft Word，又装了 Word。书是《我在谷歌的日子》。", resources)
    assert mine["Microsoft Word"].count == 1
    assert mine["Word"].count == 1
    assert "谷歌" not in mine


def test_forms_that_differ_in_case_or_blanks_are_one(resources: Resources) -> None:
    mine = found("B 站的播放量涨了。B站的粉丝也涨了。B站还送了奖牌。", resources)
    assert list(mine) == ["B站"]
    assert mine["B站"].count == 3
    assert list(found("先装 VSCode，再给 VSCode 配插件，VS Code 很快。", resources)) == ["VSCode"]


def test_common_words_need_someone_to_speak_for_them(resources: Resources) -> None:
    assert kinds("早上吃了一个苹果，喝了小米粥。", resources) == {}
    assert kinds("苹果公司开了发布会。", resources) == {"苹果公司": "organisation"}
    assert kinds("苹果和三星都降了价。", resources) == {"苹果": "organisation", "三星": "organisation"}


def test_unknown_programs_by_shape_or_use(resources: Resources) -> None:
    assert kinds("演示的是 QuietDesk，界面很干净。", resources) == {"QuietDesk": "product"}
    assert kinds("安装 Zolwick 以后，Zolwick 的界面一直打不开。", resources) == {"Zolwick": "product"}
    assert kinds("Leader 节点切换以后，Session 全部失效，API 也超时。", resources) == {}


def test_kind_passes_along_a_list(resources: Resources) -> None:
    mine = kinds("试过的数据库有 MySQL、Redis、Zolwick 等。", resources)
    assert mine["Zolwick"] == "product"


def test_what_the_text_calls_by_a_name(resources: Resources) -> None:
    assert kinds("我做过一个叫拾光账本的小程序。", resources) == {"拾光账本": "product"}
    assert kinds("带我的是一个叫阿澈的同事。", resources) == {"阿澈": "person"}


def test_addresses_and_files_hold_no_names(resources: Resources) -> None:
    assert found("看 https://github.com/python/java 和 www.google.com，写信到 linda@google.com。", resources) == {}
    assert found("配置在 nginx.conf 里，说明在 README.md 里。", resources) == {}


# ---------------------------------------------------------------------------------------------------------------------
# in an analysis


def test_names_come_in_order_with_headings_and_without_code() -> None:
    text = (
        "## 从 Jenkins 说起\n\n后来用了 Docker，孟晓棠说很好。\n\n"
        "```\nimport redis  # Kafka\n```\n\n孟晓棠没有再提 Jenkins。\n"
    )
    analysis = fp.analyze_text(text)
    assert [(name.name, name.count) for name in analysis.names] == [("Jenkins", 2), ("Docker", 1), ("孟晓棠", 2)]
    for name in analysis.names:
        assert [text[start:end] for start, end in name.spans] == [name.name] * name.count


def test_a_span_reads_the_name_but_for_dirt_and_wraps() -> None:
    text = "负责人孟晓\u200b棠说，先停。\n\n后来用了 **Docker** 部署，孟晓棠说很好。"
    found = {name.name: name for name in fp.analyze_text(text).names}
    assert [text[start:end] for start, end in found["孟晓棠"].spans] == ["孟晓\u200b棠", "孟晓棠"]
    assert [text[start:end] for start, end in found["Docker"].spans] == ["Docker"]


def test_traditional_text_is_read_converted_and_put_back() -> None:
    text = "負責人陳國華說，這個問題不能再拖。微軟和臉書都沒有回應。我們後來讀了《創新者的窘境》，陳國華說很有啟發。"
    analysis = fp.analyze_text(text)
    assert analysis.script == "traditional"
    found = {name.name: name for name in analysis.names}
    assert {name: item.kind for name, item in found.items()} == {
        "陳國華": "person",
        "微軟": "organisation",
        "臉書": "organisation",
        "創新者的窘境": "product",
    }
    for name in analysis.names:
        assert [text[start:end] for start, end in name.spans] == [name.name] * name.count


def test_as_a_table() -> None:
    frame = fp.analyze_text("雷军说，小米公司会继续投入。").frame("names")
    assert list(frame.columns) == ["name", "kind", "count", "starts", "ends", "cues"]
    assert frame["name"].tolist()[0] == "雷军"


# ---------------------------------------------------------------------------------------------------------------------
# any text at all

_PIECES = """
孟晓棠 说 ， 。 张 老师 王总 小李 史蒂夫·乔布斯 · 微软 公司 有限公司 苏州 恒沛 《 》 「 」 （简称 ） 、 Docker iPhone 12
Pro GitHub Go API 用 叫 的 游戏 @ming ** ``` # 苹果 小米11 11 年 B 站 谷歌 https://a.cn/b 分析师 学会 部 门 系统
"""
PIECES = [*_PIECES.split(), " ", "\n\n", "\u200b", "\x07", "\ud800"]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_every_span_reads_its_name(text: str) -> None:
    analysis = fp.analyze_text(text)
    bounds = []
    for name in analysis.names:
        assert name.count == len(name.spans) > 0
        assert name.spans == tuple(sorted(name.spans))
        for start, end in name.spans:
            assert 0 <= start < end <= len(text)
            read = _bare(text[start:end])
            assert read == _bare(name.name) or _reads(read, _bare(name.name), analysis.edits != ())
            bounds.append((start, end))
    bounds.sort()
    assert all(one[1] <= other[0] for one, other in pairwise(bounds))


def _bare(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum() or c in "·#+")


def _reads(source: str, name: str, edited: bool) -> bool:
    """Where cleaning took something out, the source has it still."""
    left = Counter(source)
    left.subtract(name)
    return edited and min(left.values()) >= 0


@pytest.mark.parametrize(
    "piece",
    [
        "微软的张伟说，",
        "·比尔",
        "、甲乙",
        "《",
        "Ab Cd ",
        "微软公司",
        "王总、",
        "@abcd ",
        "（简称",
        "\x00\x07",
        "a'",
        "www.",
        "iPhone 1 ",
    ],
)
def test_hostile_text_takes_linear_time(piece: str, resources: Resources) -> None:
    def taken(size: int) -> float:
        text = (piece * (size // len(piece) + 1))[:size]
        sentence = Sentence(text, 0, size, 0, 0, "text", text)
        words = [tokenize(sentence, resources.segmenter)]
        seconds = []
        for _ in range(2):  # the better of two: a collection of garbage, or a neighbour, is no growth
            start = time.process_time()
            names([sentence], words, known=resources.names, costs=resources.reader.costs)
            seconds.append(time.process_time() - start)
        return min(seconds)

    taken(1_000)
    # quadratic, it would be 36 times
    assert taken(180_000) < 12 * taken(30_000) + 1.0


def test_a_million_characters_in_one_line(resources: Resources) -> None:
    text = "分析师张西说，微软、谷歌和 Zolwick 都降了价。" * 40_000
    start = time.process_time()
    mine = found(text[:1_000_000], resources)
    assert time.process_time() - start < 30
    assert mine["张西"].kind == "person"


# ---------------------------------------------------------------------------------------------------------------------
# the list


def test_the_list_is_well_formed() -> None:
    known = load_known_names()
    counts = Counter(entry.kind for entry in known.entries.values())
    assert min(counts["person"], counts["product"], counts["organisation"]) > 100
    assert all(name == name.strip() and len(name) > 1 for name in known.entries)


@pytest.mark.parametrize("line", ["微软", "微软\tfirm", "微软\torganisation\tloud", "\tperson"])
def test_a_malformed_list_is_refused(line: str, tmp_path: Path) -> None:
    path = tmp_path / "names.tsv"
    path.write_text(f"# a comment\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 2"):
        load_known_names(path)
