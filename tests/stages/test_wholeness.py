"""Tests of ``pipeline.stages.wholeness`` and of how it is fitted."""

from __future__ import annotations

import hashlib
import itertools
import json
from pathlib import Path

import pytest

from pipeline import wholeness as fitting
from pipeline.resources import Resources
from pipeline.stages.keywords import CLASSES, content, keywords
from pipeline.stages.tokens import segment
from pipeline.stages.wholeness import (
    BORDER,
    WHOLENESS_PATH,
    Weighed,
    first_features,
    group,
    joint_features,
    last_features,
    load_wholeness,
    weigh,
)


def odds(sentence: str, term: str, resources: Resources) -> float:
    """Return the log-odds that ``term`` is a phrase where it first stands in ``sentence``."""
    words = content(
        [segment(sentence, resources.segmenter)],
        background=resources.background,
        stopwords=resources.stopwords,
        wholeness=resources.wholeness,
    )
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
    used, known = resources.wholeness, resources.background.idf
    weighed = Weighed(used)
    tags = ["", *[token.pos for token in tokens], ""]
    for number, token in enumerate(tokens):
        key = token.word.lower()
        kind = CLASSES.get(token.pos, "?")
        weighed.add(token.word, key, kind, tags[number], tags[number + 2], known=key in known)
    for p in range(len(tokens)):
        for q in range(p + 1, min(p + 4, len(tokens)) + 1):
            several = q - p > 1
            run = [(CLASSES.get(t.pos, "?"), len(t.word), t.word.lower()) for t in tokens[p:q]]
            before = group(tags[p]) if tags[p] else BORDER
            after = group(tags[q + 1]) if tags[q + 1] else BORDER
            names = [f"n {q - p}", *first_features(*run[0][:2], run[0][2] in known, before, several=several)]
            names += last_features(*run[-1][:2], run[-1][2] in known, after, several=several)
            for one, two in itertools.pairwise(run):
                names += joint_features(*one[:2], *two[:2])
            first, last = (used.of(one[2]) for one in (run[0], run[-1]))
            own = first[0] + last[1] if several else first[2]
            assert weighed.of(p, q) == pytest.approx(used.weights[""] + weigh(names, used.weights) + own)


def test_keywords_without_it_are_any_run(resources: Resources) -> None:
    sentences = [segment("昨天总部决定不再续约。", resources.segmenter)]
    plain = keywords(sentences, background=resources.background, stopwords=resources.stopwords)
    assert "总部决定" in [keyword.term for keyword in plain]


def test_the_judged_runs_are_well_formed() -> None:
    rows = [line.split("\t") for line in fitting.PHRASES.read_text(encoding="utf-8").splitlines()[1:]]
    assert len(rows) > 9000
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
        rows += [f"{name}\t3\t5\t2", f"{name}\t{text.rindex('决定') - 2}\t{text.rindex('决定') + 2}\t0"]
    phrases = tmp_path / "phrases.tsv"
    phrases.write_text("\n".join(rows), encoding="utf-8")
    for name in ("RUNNING", "CONTRASTS", "REMARKS"):
        (tmp_path / f"{name}.tsv").write_text("group\tlabel\talso\ttext\n", encoding="utf-8")
        monkeypatch.setattr(fitting, name, tmp_path / f"{name}.tsv")
    monkeypatch.setattr(fitting, "PHRASES", phrases)
    figures = fitting.build(data, tmp_path / "one.tsv")
    fitting.build(data, tmp_path / "two.tsv")
    assert (tmp_path / "one.tsv").read_bytes() == (tmp_path / "two.tsv").read_bytes()
    assert figures["runs"] == 12
    assert figures["ROC area"] > 90
    assert load_wholeness(tmp_path / "one.tsv").sizes


def test_the_file_is_small_and_complete() -> None:
    assert WHOLENESS_PATH.stat().st_size < 400_000
    head, *lines = WHOLENESS_PATH.read_text(encoding="utf-8").splitlines()
    assert "" in json.loads(head)
    assert all(line.count("\t") == (5 if line.index("\t") == 1 else 3) for line in lines)
