"""Builds ``resources/wholeness.json``: what tells a phrase from a run of words that only stand side by side.

    python -m pipeline.wholeness --data DIR

``resources/training/phrases.tsv`` has 21,930 runs of words that the ranker of keywords proposed, judged by reading
where they stand: 2 a whole and telling phrase, 1 a whole but weak one, 0 a broken one or a clause. It has no text:
``sentence`` is the beginning of the SHA-256 of a sentence of ``DIR/polarity`` or of ``resources/training/running.tsv``.
How words behave elsewhere is counted in all of ``DIR/polarity`` and ``resources/training`` and in the texts of
``DIR/summaries`` and ``DIR/keywords``, without the rows that quality is reported on. Only weights are kept.

The same input gives the same bytes; the figures printed are cross-validated, no sentence being in two folds.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from pipeline.model import Token
from pipeline.stages.keywords.vocabulary import CLASSES, familiarity, load_background
from pipeline.stages.keywords.wholeness import (
    BORDER,
    MOST,
    STEP,
    WHOLENESS_PATH,
    Familiarity,
    first_features,
    group,
    joint_features,
    last_features,
)
from pipeline.stages.tokens import segment
from pipeline.train import CONTRASTS, REMARKS, RUNNING, Segment, own_segmenter

PHRASES = RUNNING.with_name("phrases.tsv")
LEAST = 10
"""Occurrences from which a word's behaviour is known."""
PRIOR = 3.0
"""Occurrences that the behaviour of words in general counts for."""
C = 0.5
"""Inverse strength of the L2 penalty."""
WEAK = 0.8
"""What a whole but weak run counts as, between a broken one (0) and a telling one (1)."""
LEAST_WEIGHT = 0.1
"""Weights of single words from which they are kept."""
HELD_OUT = (("keywords/csl.jsonl", 500), ("keywords/weibo.jsonl", 354), ("summaries/vcsum.jsonl", 67))
"""Sets, with the number of their first rows on which quality is reported: these stay out of the counts."""
LONGEST = 20_000
"""Characters of a text that are counted."""
_NOMINAL = frozenset(("N", "E", "vn"))
_RATES = 11
_PLACES = ("first", "last", "alone")
_OWN = re.compile(rf"({'|'.join(_PLACES)})([=^$])(.+)")


def texts(data: Path) -> Iterator[str]:
    """Yield the texts in which the behaviour of words is counted."""
    for path in (RUNNING, CONTRASTS, REMARKS):
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            yield line.split("\t")[3]
    yield from (data / "polarity" / "unlabelled.txt").read_text(encoding="utf-8").splitlines()
    for line in (data / "polarity" / "train.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)["text"]
    for name, held_out in HELD_OUT:
        for line in (data / name).read_text(encoding="utf-8").splitlines()[held_out:]:
            yield json.loads(line)["text"][:LONGEST]


def behaviour(sentences: Iterable[Sequence[Token]]) -> dict[str, list[int]]:
    """Return for each word in lower case how often it occurs, and how often beside what (``_RATES`` counts)."""
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0] * (1 + _RATES))
    for tokens in sentences:
        groups = [BORDER, *[group(token.pos) for token in tokens], BORDER]
        for token, before, after in zip(tokens, groups, groups[2:], strict=False):
            if token.pos == "x":
                continue
            own = counts[token.word.lower()]
            seen = (
                True,
                before == "uj", before == "d", before in _NOMINAL, before in "mq", before == BORDER, before == "V",
                after == "uj", after == "u", after in _NOMINAL, after in "Vdp", after == BORDER,
            )  # fmt: skip
            for k, here in enumerate(seen):
                own[k] += here
    return counts


def leanings(counts: Mapping[str, Sequence[int]]) -> dict[str, list[float]]:
    """Return for each word that is frequent enough the log ratios of its rates to those of all words."""
    total = [sum(own[k] for own in counts.values()) for k in range(1 + _RATES)]
    rates = [count / max(1, total[0]) for count in total[1:]]
    return {
        word: [
            math.log(max(1e-6, (own[k + 1] + PRIOR * rate) / (own[0] + PRIOR) / max(rate, 1e-6)))
            for k, rate in enumerate(rates)
        ]
        for word, own in counts.items()
        if own[0] >= LEAST
    }


def features(
    tokens: Sequence[Token],
    first: int,
    end: int,
    lean: Mapping[str, Sequence[float]],
    familiar: Callable[[str], Familiarity],
) -> dict[str, float]:
    """Return the features of the run ``first:end`` of a sentence's tokens."""
    tags = ["", "", *[token.pos for token in tokens], "", ""]  # of token k at k + 2
    run = [token for token in tokens[first:end] if token.pos != "x"] or list(tokens[first:end])  # iPhone 15
    several = len(run) > 1
    kinds = [CLASSES.get(token.pos, "?") for token in run]
    words = [token.word for token in run]
    keys = [word.lower() for word in words]
    names = [
        f"n {min(len(run), MOST)}",
        *first_features(kinds[0], len(words[0]), familiar(words[0]), tags[first + 1], tags[first], several=several),
        *last_features(kinds[-1], len(words[-1]), familiar(words[-1]), tags[end + 2], tags[end + 3], several=several),
    ]
    for k in range(len(words) - 1):
        names += joint_features(kinds[k], len(words[k]), kinds[k + 1], len(words[k + 1]))
    if first:
        names.append(f"ahead {tokens[first - 1].word}")
    if end < len(tokens):
        names.append(f"behind {tokens[end].word}")
    out: dict[str, float] = defaultdict(float)
    for name in names:
        out[name] += 1.0
    for place, key in (("first", keys[0]), ("last", keys[-1])) if several else (("alone", keys[0]),):
        out[f"{place}^{key[0]}"] = out[f"{place}${key[-1]}"] = 1.0
        out[f"{place}={key}"] = 1.0
        if key in lean:
            out |= {f"{place} {k}": value for k, value in enumerate(lean[key])}
        else:
            out[f"{place} none"] = 1.0
            for edge, c in (("begin", key[0]), ("end", key[-1])):
                for k, value in enumerate(lean.get(c, ())):
                    out[f"{edge} {k}"] += value
    return dict(out)


def examples(data: Path, segment: Segment) -> Iterator[tuple[str, Sequence[Token], int, int, int]]:
    """Yield of each judged run its sentence's hash and tokens, first token, end and label."""
    sentences = (data / "polarity" / "unlabelled.txt").read_text(encoding="utf-8").splitlines()
    sentences += [line.split("\t")[3] for line in RUNNING.read_text(encoding="utf-8").splitlines()[1:]]
    lines = (data / "polarity" / "train.jsonl").read_text(encoding="utf-8").splitlines()
    sentences += [json.loads(line)["text"] for line in lines]
    by_hash = {hashlib.sha256(text.encode()).hexdigest()[:12]: text for text in sentences}
    for line in PHRASES.read_text(encoding="utf-8").splitlines()[1:]:
        name, start, end, label = line.split("\t")
        if name not in by_hash:
            continue
        tokens = segment(by_hash[name])
        starts, ends = [token.start for token in tokens], [token.end for token in tokens]
        if int(start) in starts and int(end) in ends:
            yield name, tokens, starts.index(int(start)), ends.index(int(end)) + 1, int(label)


def tables(
    named: Mapping[str, float], bias: float, lean: Mapping[str, Sequence[float]]
) -> dict[str, Mapping[str, object]]:
    """Return what the file holds: the weights by feature, with what they come to for each word worked out."""
    places = (*_PLACES, "begin", "end")
    rates = {place: [named.get(f"{place} {k}", 0.0) for k in range(_RATES)] for place in places}
    drop = {f"{place} {k}" for place in rates for k in range(_RATES)}
    beside: dict[str, dict[str, float]] = {"ahead": {}, "behind": {}}
    # of words, and of the characters that they begin and end with
    own: dict[str, defaultdict[str, dict[str, float]]] = {sign: defaultdict(dict) for sign in "=^$"}
    weights = {"": bias}
    for name, weight in named.items():
        place, _, word = name.partition(" ")
        if place in beside:
            beside[place] |= {word: round(weight, 2)} if abs(weight) >= LEAST_WEIGHT else {}
        elif (item := _OWN.fullmatch(name)) is not None:
            own[item[2]][item[3]][item[1]] = weight
        elif name not in drop:
            weights[name] = weight

    def leaning(word: str, place: str) -> float:
        return sum(a * b for a, b in zip(lean[word], rates[place], strict=True)) if word in lean else 0.0

    def edge(character: str, sign: str, side: str) -> list[float]:
        return [leaning(character, side) + own[sign][character].get(place, 0.0) for place in _PLACES]

    def told(side: Mapping[str, Sequence[float]]) -> dict[str, list[float]]:
        return {c: [round(v, 2) for v in row] for c, row in side.items() if max(map(abs, row)) >= LEAST_WEIGHT}

    characters = sorted({key[0] for key in lean} | own["^"].keys() | own["$"].keys())
    begins = {c: edge(c, "^", "begin") for c in characters}
    ends = {c: edge(c, "$", "end") for c in characters}
    none = [0.0, 0.0, 0.0]
    words: dict[str, str] = {}
    for word in sorted(lean.keys() | own["="].keys()):
        added = [own["="][word].get(place, 0.0) for place in _PLACES]
        if word not in lean and max(map(abs, added)) < LEAST_WEIGHT:
            continue
        if word in lean:
            edges = [own["^"][word[0]].get(p, 0.0) + own["$"][word[-1]].get(p, 0.0) + leaning(word, p) for p in _PLACES]
        else:
            sides = zip(begins.get(word[0], none), ends.get(word[-1], none), _PLACES, strict=True)
            edges = [a + b + named.get(f"{place} none", 0.0) for a, b, place in sides]
        words[word] = " ".join([str(round(STEP * (a + b))) for a, b in zip(added, edges, strict=True)])
    return {
        "weights": {name: round(w, 3) for name, w in weights.items()},
        **beside,
        "begins": told(begins),
        "ends": told(ends),
        "words": words,
    }


def build(data: Path, out: Path) -> dict[str, float]:
    """Fit the weights on what ``data`` has, and write them.

    Returns:
        Cross-validated figures, in per cent: area under the ROC curve of whole and broken runs, and of telling and weak
        ones; the broken and the weak among all, and among the half that is held whole with the highest probability.
    """
    import numpy as np
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import GroupKFold

    segmenter = own_segmenter()
    lean = leanings(behaviour(segment(text, segmenter) for text in texts(data)))
    idf = load_background().idf
    familiar = partial(familiarity, background=idf, is_word=segmenter.has_word)
    rows = list(examples(data, partial(segment, segmenter=segmenter)))
    found = [features(tokens, first, end, lean, familiar) for _, tokens, first, end, _ in rows]
    labels = np.array([label for *_, label in rows])
    whole = labels > 0
    weak = np.flatnonzero(labels == 1)
    target = np.append(whole, np.zeros(len(weak), bool))
    share = np.append(np.where(labels == 1, WEAK, 1.0), np.full(len(weak), 1 - WEAK))
    vectorizer = DictVectorizer()
    x = vectorizer.fit_transform(found)
    model = LogisticRegression(C=C, max_iter=2000)
    groups = [name for name, *_ in rows]
    both = np.append(np.arange(len(rows)), weak)
    p = np.zeros(len(rows))
    for train, test in GroupKFold(5).split(x, groups=groups):
        used = np.isin(both, train)
        model.fit(x[both[used]], target[used], sample_weight=share[used])
        p[test] = model.predict_proba(x[test])[:, 1]
    model.fit(x[both], target, sample_weight=share)
    named = dict(zip(vectorizer.get_feature_names_out().tolist(), model.coef_[0].tolist(), strict=True))
    fitted = tables(named, float(model.intercept_[0]), lean)
    # a table a line, so that a change shows where it is
    parts = [
        f"{json.dumps(name)}: {json.dumps(part, ensure_ascii=False, sort_keys=True)}" for name, part in fitted.items()
    ]
    out.write_text("{" + ",\n".join(parts) + "}\n", encoding="utf-8")
    best = np.argsort(-p, kind="stable")[: len(p) // 2]
    return {
        "runs": len(rows),
        "ROC area, whole": 100 * float(roc_auc_score(whole, p)),
        "ROC area, telling": 100 * float(roc_auc_score(labels[whole] == 2, p[whole])),
        "broken": 100 * float((labels == 0).mean()),
        "weak": 100 * float((labels == 1).mean()),
        "broken in the better half": 100 * float((labels[best] == 0).mean()),
        "weak in the better half": 100 * float((labels[best] == 1).mean()),
        "words": len(fitted["words"]),
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m pipeline.wholeness", description="Fit what tells a phrase from words that stand side by side."
    )
    parser.add_argument("--data", type=Path, required=True, help="folder that holds polarity/, keywords/, summaries/")
    parser.add_argument("--out", type=Path, default=WHOLENESS_PATH, help="where to write")
    options = parser.parse_args(argv)
    for name, value in build(options.data, options.out).items():
        print(f"{name:26} {value:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
