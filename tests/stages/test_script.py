"""Traditional Chinese is analysed like Simplified, and shown as it was written."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import opencc
import pytest

import pipeline as fp
from pipeline.analysis import Analysis, analyze_article
from pipeline.config import Settings
from pipeline.stages.read import from_text
from pipeline.stages.script import common_words, convert, regional, script_of, simplified, simplified_name
from tests.conftest import ARTICLES

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.resources import Resources

TEXT = """倉儲系統上線復盤

一、哪裡出了問題

上線當晚，軟體團隊沒有做完測試，資料庫當機兩次，使用者體驗很糟。客訴電話響了一整夜，信任受到損害。

二、後來怎麼辦

我們重寫了發布流程，監控終於補齊，品質大幅提升。

三、結語

乾淨的流程比乾著急可靠，這是我們付了學費才明白的。
"""
CONFIGS = ("s2t", "s2tw", "s2hk")


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("", "simplified"),
        ("hello, world", "simplified"),
        ("我们的体验很糟。", "simplified"),
        ("一二三上下", "simplified"),
        ("🙂 “引号”——破折号…… café ①", "simplified"),
        ("周杰镕的复盘 🙂", "simplified"),
        ("軟體團隊沒有測試。", "traditional"),
        (TEXT, "traditional"),
        ("我们没有做完测试，体验很糟。" + "軟體團隊沒有做完測試，體驗很糟。", "mixed"),
        ("我们没有做完测试，体验很糟。" * 30 + "書名叫《體驗》。", "simplified"),
        ("x = 1;\n" * 300 + "軟體團隊沒有測試，資料庫當機。", "traditional"),
    ],
)
def test_the_script_is_told(text: str, script: str) -> None:
    assert script_of(text) == script
    assert fp.analyze_text(text).script == script


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("乾淨，乾坤，干預", "干净，乾坤，干预"),
        ("皇后後來", "皇后后来"),
        ("頭髮發展", "头发发展"),
        ("哪裡、哪裏、里程", "哪里、哪里、里程"),
        ("麵條面臨", "面条面临"),
        ("看著，著名", "看着，著名"),
        ("衛生、衞生，說明、説明", "卫生、卫生，说明、说明"),
        ("甚麼時候覆盤", "什么时候复盘"),
        ("於是\0藉口\ud800瞭解\r\n徵求", "于是\0借口\ud800了解\r\n征求"),
    ],
)
def test_characters_become_what_the_words_around_them_say(written: str, read: str) -> None:
    assert convert(written) == read


def test_simplified_text_is_handed_back_itself() -> None:
    text = "我们没有做完测试，体验很糟。"
    assert simplified(text) is text
    assert simplified_name("周鸿祎") == "周鸿祎"


def test_words_of_another_region() -> None:
    assert common_words(convert("軟體與資料庫")) == "软件与数据库"
    assert regional("软件质量") == ["软体质量", "软件品质", "软体品质"]
    assert regional("复盘") == []


def test_to_tell_simplified_costs_next_to_nothing() -> None:
    text = "我们没有做完测试，体验很糟。“下次”——一定改😀\n" * 2000
    script_of(text)
    began = time.perf_counter()
    for _ in range(20):
        script_of(text)
    assert (time.perf_counter() - began) / 20 < 0.0005


def test_simplified_articles_do_not_load_the_converter() -> None:
    code = (
        "import sys, pipeline as fp; fp.analyze_text('我们没有做完测试，体验很糟。'); sys.exit('opencc' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def _shape(analysis: Analysis) -> list[object]:
    """What must not depend on the script: all but the characters."""
    return [
        [(s.start, s.end, s.level, s.kind, s.parent, s.polarity.score) for s in analysis.sections],
        [(s.start, s.end, s.kind, s.polarity.label, s.polarity.score) for s in analysis.sentences],
        [[(t.start, t.end, t.pos) for t in tokens] for tokens in analysis.tokens],
        [(k.spans, k.score) for k in analysis.keywords],
        [s.start for s in analysis.summary],
        [(e.start, e.end, e.kind) for e in analysis.edits],
    ]


@pytest.mark.parametrize("config", CONFIGS)
@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_an_article_in_either_script_is_the_same_article(
    path: Path, config: str, analyses: dict[str, Analysis], resources: Resources
) -> None:
    here = analyses[path.stem]
    text = opencc.OpenCC(config).convert(here.article.text)
    assert len(text) == len(here.article.text)
    there = analyze_article(from_text(text), resources, Settings())
    assert there.script == "traditional"
    assert _shape(there) == _shape(here)
    assert {(m.start, m.concept) for m in here.mentions} <= {(m.start, m.concept) for m in there.mentions}
    assert convert(there.title) == convert(here.title) or there.title == "text"


@pytest.mark.parametrize("config", CONFIGS)
def test_everything_shown_is_the_articles_own(config: str, analyses: dict[str, Analysis], resources: Resources) -> None:
    for stem, here in analyses.items():
        text = opencc.OpenCC(config).convert(here.article.text)
        there = analyze_article(from_text(text), resources, Settings())
        assert all(text[s.start : s.end] == s.text for s in there.sentences)
        assert all(s.offsets or s.plain == s.text for s in there.sentences)
        assert all(text[e.start : e.end] == e.before for e in there.edits)
        for tokens, sentence in zip(there.tokens, there.sentences, strict=True):
            assert "".join(token.word for token in tokens) == sentence.plain
        shown = [there.title if there.title != "text" else "", *(s.heading or "" for s in there.sections)]
        shown += [k.term for k in there.keywords] + [m.alias for m in there.mentions]
        shown += [e.text for s in there.sentences for e in s.polarity.evidence]
        shown += [n.name for n in there.nodes if n.kind == "term"]
        for piece in shown:
            assert _held(piece, text), (stem, piece)


def _held(piece: str, text: str) -> bool:
    """Whether the characters of a piece stand in a text, in their order and near each other."""
    at = text.find(piece)
    if at >= 0:
        return True
    at = -1
    for character in piece:
        at = text.find(character, at + 1)
        if at < 0:
            return False
    return True


def test_a_text_in_the_words_of_taiwan() -> None:
    found = fp.analyze_text(TEXT)
    assert found.title == "倉儲系統上線復盤"
    assert [s.heading for s in found.sections] == ["一、哪裡出了問題", "二、後來怎麼辦", "三、結語"]
    assert found.sections[-1].kind == "conclusion"
    names = {m.alias: m.concept for m in found.mentions}
    assert {
        "軟體": "系统",
        "資料庫": "系统",
        "使用者體驗": "体验",
        "品質": "品控",
        "當機": "故障",
    }.items() <= names.items()
    first, second = found.sections[0].polarity, found.sections[1].polarity
    assert (first.label, second.label) == ("negative", "positive")
    assert "資料庫" in [k.term for k in found.keywords]
    assert "當機" in {e.text for s in found.sentences for e in s.polarity.evidence} | {m.alias for m in found.mentions}
    assert "系統" in " ".join(t.word for tokens in found.tokens for t in tokens) + found.title


def test_dirt_in_traditional_text() -> None:
    text = "上線當晚資\u200b料庫當機１２次，使\u2f64者體驗很糟！！！\n"
    found = fp.analyze_text(text)
    assert [e.before for e in found.edits] == ["\u200b", "１２", "\u2f64", "！！！"]
    assert found.sentences[0].plain == "上線當晚資料庫當機12次，使用者體驗很糟！"
    assert "資料庫" in [m.alias for m in found.mentions]
    assert "使用者體驗" in [m.alias for m in found.mentions]


def test_a_radical_in_the_place_of_a_character_is_read_as_the_character() -> None:
    found = fp.analyze_text("各部\u2fa8都沒有把風險說出口。")
    assert [(e.kind, e.before, e.after) for e in found.edits] == [("glyph", "\u2fa8", "門")]
    assert [t.word for t in found.tokens[0]][:2] in (["各", "部門"], ["各部門", "都"])


def test_single_stages_read_it_too() -> None:
    assert [t.word for t in fp.segment("軟體團隊很滿意")] == ["軟體", "團隊", "很", "滿意"]
    scores = fp.polarity(["這個版本的體驗很糟糕，問題嚴重。", "這個版本的體驗很好。"])
    here = fp.polarity(["这个版本的体验很糟糕，问题严重。", "这个版本的体验很好。"])
    assert [score.score for score in scores] == [score.score for score in here]
    assert {"糟糕", "問題", "嚴重"} <= set(
        re.findall("糟糕|問題|嚴重", " ".join(piece.text for piece in scores[0].evidence))
    )
    assert fp.split_sections(TEXT)[0].heading == "一、哪裡出了問題"
    assert any("體驗" in keyword.term for keyword in fp.keywords(TEXT))
    assert any(keyword.term.startswith("倉儲") for keyword in fp.keywords(TEXT, title="倉儲的一年"))
    assert fp.summarize(TEXT, characters=20)[0].text in TEXT


def test_own_concepts_in_either_script(tmp_path: Path) -> None:
    own = tmp_path / "concepts.toml"
    own.write_text(
        'extends = "default"\ndrop = ["價格"]\n[[concept]]\nname = "體驗"\naliases = ["觀感", "手感", "合夥人"]\n'
        '[[concept]]\nname = "仓位"\naliases = ["库存深度"]\n',
        encoding="utf-8",
    )
    settings = Settings(concepts=own)
    here = fp.analyze_text("用户体验和观感都差，合伙人不满，库存深度不够，价格太高。", settings=settings)
    there = fp.analyze_text("用戶體驗和觀感都差，合夥人不滿，庫存深度不夠，價格太高。", settings=settings)
    assert [m.concept for m in here.mentions] == [m.concept for m in there.mentions]
    assert [m.concept for m in here.mentions].count("體驗") == 3
    assert "仓位" in [m.concept for m in there.mentions]
    assert "价格" not in [m.concept for m in there.mentions]


def test_own_words_in_either_script(tmp_path: Path) -> None:
    words, stop = tmp_path / "words.txt", tmp_path / "stop.txt"
    words.write_text("倉儲雲圖 1000 nz\n", encoding="utf-8")
    stop.write_text("團隊\n", encoding="utf-8")
    settings = Settings(dictionary=words, stopwords=stop)
    for text in ("仓储云图是我们团队做的，团队不满意。", "倉儲雲圖是我們團隊做的，團隊不滿意。"):
        found = fp.analyze_text(text, settings=settings)
        assert simplified(found.tokens[0][0].word) == "仓储云图"
        assert "团队" not in {simplified(k.term) for k in found.keywords}


def test_articles_in_two_scripts_join() -> None:
    here = fp.analyze_text("软件体验很糟，软件质量差。用户投诉软件，软件团队沉默。沟通不够，沟通太晚。")
    there = fp.analyze_text("軟體體驗很糟，軟體品質差。使用者投訴軟體，軟體團隊沉默。測試不夠，測試太晚。")
    found = fp.compare([here, there])
    assert {"体验", "系统", "品控"} <= {shared.concept for shared in found.shared}
    assert not any("软件" in term.term for term in found.articles[0].distinctive)
    assert not any("軟體" in term.term for term in found.articles[1].distinctive)


def test_a_term_of_one_script_is_shown_as_its_article_has_it() -> None:
    texts = (
        "倉庫一直沒有人管。第二季，倉庫的門鎖壞了兩週。年底大家才承認，倉庫早該搬走，倉庫的租約也早該重談。",
        "天气很好，路上没人，我们走了很久，谁也没说话。到了桥边，老周先开口，说这一年过得太快。我问他明年怎么打算，"
        "他指着对岸的灯，说还没想好。风大起来，我们往回走，一路都在聊孩子。",
    )
    found = fp.compare([fp.analyze_text(text) for text in texts], terms=20)
    assert found.articles[0].distinctive
    assert all(term.term in texts[0] for term in found.articles[0].distinctive)


def test_a_part_in_traditional_is_read_with_the_rest() -> None:
    text = "我们的测试没有做完，用户体验很糟。\n\n後來監控補齊，品質大幅提升，客戶也滿意了。\n"
    found = fp.analyze_text(text)
    assert found.script == "mixed"
    assert found.sentences[1].polarity.label == "positive"
    assert [m.alias for m in found.mentions][:1] == ["测试"]
    assert {m.alias for m in found.mentions} >= {"監控", "品質", "客戶"}


def test_long_lines_take_linear_time() -> None:
    for text in ("乾" * 300_000, "軟體" * 150_000, "後後\0" * 100_000):
        began = time.perf_counter()
        assert len(convert(text)) == len(text)
        assert time.perf_counter() - began < 3


def test_a_title_that_the_caller_gives_is_kept() -> None:
    article = replace(from_text(TEXT), title="倉儲的一年")
    assert fp.analyze_text(article.text, title=article.title).title == "倉儲的一年"
