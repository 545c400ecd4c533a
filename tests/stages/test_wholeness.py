"""Tests of ``pipeline.stages.wholeness`` and of how it is fitted."""

from __future__ import annotations

import hashlib
import itertools
import json
from pathlib import Path

import pytest

from pipeline import wholeness as fitting
from pipeline.resources import Resources
from pipeline.stages.keywords import Vocabulary, content, keywords
from pipeline.stages.keywords.vocabulary import CLASSES, familiarity
from pipeline.stages.keywords.wholeness import (
    MOST,
    WHOLENESS_PATH,
    first_features,
    joint_features,
    last_features,
    load_wholeness,
    weigh,
    weighed,
)
from pipeline.stages.tokens import segment


def odds(sentence: str, term: str, resources: Resources) -> float:
    """Return the log-odds that ``term`` is a phrase where it first stands in ``sentence``."""
    words = content([segment(sentence, resources.segmenter)], resources.vocabulary)
    assert words.weighed is not None
    for k, gram in enumerate(words.grams):
        if gram.replace("\x1f", "") == term:
            p = words.words[k]
            return words.weighed.of(p, p + gram.count("\x1f") // 2)
    raise AssertionError(f"{term} is no candidate")


@pytest.mark.parametrize(
    ("whole", "term", "broken", "run"),
    [
        ("这次改造的重点是供应链管理。", "供应链管理", "客服接到投诉后才上报。", "客服接到"),
        ("我们重写了数据清洗流程。", "数据清洗流程", "昨天总部决定不再续约。", "总部决定"),
    ],
)
def test_a_phrase_is_told_from_words_side_by_side(
    whole: str, term: str, broken: str, run: str, resources: Resources
) -> None:
    assert odds(whole, term, resources) > odds(broken, run, resources) + 1


def test_a_run_weighs_what_its_features_do(resources: Resources) -> None:
    """What adds up over the words is the sum over the features of the fit."""
    text = "新仓库的分拣效率下降了。"
    tokens = segment(text, resources.segmenter)
    known = resources.vocabulary
    used = known.wholeness
    assert used is not None
    entries = [known.words.word(token.word, token.pos, "N") for token in tokens]
    tags = ["", "", *[token.pos for token in tokens], "", ""]
    words = ["", *[token.word for token in tokens], ""]
    own = [entry[-3:] for entry in entries]
    before = [(words[p], tags[p + 1], tags[p]) for p in range(len(tokens))]
    after = [(words[p + 2], tags[p + 3], tags[p + 4]) for p in range(len(tokens))]
    found = weighed([entry.shape for entry in entries], own, before, after, wholeness=used)
    for p in range(len(tokens)):
        for q in range(p + 1, min(p + MOST, len(tokens)) + 1):
            several = q - p > 1
            run = [
                (CLASSES.get(t.pos, "?"), len(t.word), familiarity(t.word, known.background.idf, known.is_word))
                for t in tokens[p:q]
            ]
            names = [f"n {q - p}", *first_features(*run[0], *before[p][1:], several=several)]
            names += last_features(*run[-1], *after[q - 1][1:], several=several)
            for one, two in itertools.pairwise(run):
                names += joint_features(*one[:2], *two[:2])
            beside = used.ahead.get(words[p], 0.0) + used.behind.get(words[q + 1], 0.0)
            more = own[p][0] + own[q - 1][1] if several else own[p][2]
            assert found.of(p, q) == pytest.approx(used.weights[""] + weigh(names, used.weights) + beside + more)


def test_keywords_without_it_are_any_run(resources: Resources) -> None:
    sentences = [segment("昨天总部决定不再续约。", resources.segmenter)]
    known = resources.vocabulary
    plain = keywords(sentences, vocabulary=Vocabulary(known.background, known.stopwords, None, known.is_word))
    assert "总部决定" in [keyword.term for keyword in plain]


def test_the_judged_runs_are_well_formed() -> None:
    rows = [line.split("\t") for line in fitting.PHRASES.read_text(encoding="utf-8").splitlines()[1:]]
    assert len(rows) > 21_000
    assert {label for *_, label in rows} == {"0", "1", "2"}
    assert all(len(name) == 12 and int(start) < int(end) for name, start, end, _ in rows)


def test_fitting_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, resources: Resources) -> None:
    texts = [
        f"{place}的{thing}很稳定，后来{place}决定停用{thing}。"
        for place in ("总部", "工厂")
        for thing in ("系统", "设备", "平台")
    ]
    data = tmp_path / "data"
    for folder in ("polarity", "keywords", "summaries"):
        (data / folder).mkdir(parents=True)
    (data / "polarity" / "unlabelled.txt").write_text("\n".join(texts), encoding="utf-8")
    (data / "polarity" / "train.jsonl").write_text("", encoding="utf-8")
    for name, _ in fitting.HELD_OUT:
        (data / name).write_text("", encoding="utf-8")
    rows = ["sentence\tstart\tend\tlabel"]
    for text in texts:
        name = hashlib.sha256(text.encode()).hexdigest()[:12]
        rows += [
            f"{name}\t3\t5\t2",
            f"{name}\t{text.rindex('决定') - 2}\t{text.rindex('决定') + 2}\t0",
            f"{name}\t{len(text) - 3}\t{len(text) - 1}\t1",
        ]
    phrases = tmp_path / "phrases.tsv"
    phrases.write_text("\n".join(rows), encoding="utf-8")
    for name in ("RUNNING", "CONTRASTS", "REMARKS"):
        (tmp_path / f"{name}.tsv").write_text("group\tlabel\talso\ttext\n", encoding="utf-8")
        monkeypatch.setattr(fitting, name, tmp_path / f"{name}.tsv")
    monkeypatch.setattr(fitting, "PHRASES", phrases)
    figures = fitting.build(data, tmp_path / "one.json")
    fitting.build(data, tmp_path / "two.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    assert figures["runs"] == 18
    assert figures["ROC area, whole"] > 90
    assert load_wholeness(tmp_path / "one.json").words


def test_the_file_is_small_and_complete() -> None:
    assert WHOLENESS_PATH.stat().st_size < 600_000
    tables = json.loads(WHOLENESS_PATH.read_text(encoding="utf-8"))
    assert tables.keys() == {"weights", "ahead", "behind", "begins", "ends", "words"}
    assert "" in tables["weights"]
    assert len(tables["words"]) > 10_000
    assert all(len(row.split()) == 3 for row in tables["words"].values())
