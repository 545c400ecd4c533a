"""Train the polarity model: ``python -m pipeline.train --data DIR``, where DIR holds ``polarity/train.jsonl``.

The same data give the same bytes: one thread, no clock, no random start, weights rounded to 8 bits. The regularisation
and the caution were chosen by cross-validation and are constants here; the temperature and the label's prior are fitted
at each run, on predictions for articles the model had not seen.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.model import Token
from pipeline.stages.polarity.features import (
    CHARACTER_N,
    DENSE,
    FINDING_SCALE,
    START,
    character_ngrams,
    dense,
    finding_ngrams,
    mask,
    norm,
    word_ngrams,
)
from pipeline.stages.polarity.grammar import KINDS, Lexicon, load_lexicon, parse
from pipeline.stages.polarity.model import dump_model, lexicon_checksum

if TYPE_CHECKING:
    import numpy as np
    from scipy.sparse import csr_matrix

    Vector = np.ndarray[Any, np.dtype[Any]]

RESOURCES = Path(__file__).parent / "resources"
FOLDS = 5
LEAST_ARTICLES = 3
"""An n-gram must occur in so many articles: what fewer hold is a name or chance."""
LEAST_WEIGHT = 0.15
"""An n-gram is dropped where no class is told from neutral by so much: most are, and no figure is the worse for it."""
C = 1.0
"""Inverse strength of the L2 penalty."""
SECOND_READING = 0.25
"""Weight that a label named in ``also_ok`` takes from the first one, all of these together."""
CAUTION = 1.8
"""Cost of an opposite label, where one of neutral for good or bad, or the reverse, costs 1."""
CLASSES = (-1, 0, 1)


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled sentence: ``polarity`` -1, 0 or 1, ``also`` the labels that a fair reader could give as well."""

    article: str
    tokens: tuple[Token, ...]
    polarity: int
    also: tuple[int, ...]


def load_examples(path: Path) -> list[Example]:
    """Read and segment the labelled sentences of a JSON Lines file."""
    from pipeline.stages.tokens import load_segmenter, read_dictionary, segment

    segmenter = load_segmenter(read_dictionary(RESOURCES / "domain.txt"))
    out = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        tokens = segment(row["text"], segmenter)
        out.append(Example(row["article"], tokens, row["polarity"], tuple(row["also_ok"])))
    return out


def folds(articles: Sequence[str], count: int = FOLDS, seed: int = 0) -> list[int]:
    """Return a fold number for each sentence; an article is never split."""
    import random

    names = sorted(set(articles))
    random.Random(seed).shuffle(names)
    number = {name: i % count for i, name in enumerate(names)}
    return [number[article] for article in articles]


@dataclass(frozen=True, slots=True)
class Space:
    """The features: n-grams of words, of characters, of findings, then ``DENSE``."""

    words: tuple[str, ...]
    characters: tuple[str, ...]
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class View:
    """What the model sees of a sentence, by name; values already scaled."""

    words: dict[str, float]
    characters: dict[str, float]
    findings: dict[str, float]
    dense: dict[int, float]


def view(tokens: Sequence[Token], lexicon: Lexicon) -> View:
    """Return all the features of a sentence, known to a model or not."""
    masked = mask(tokens, lexicon.entries)
    text = START + "".join(masked)
    scale = norm(len(text))
    found = parse([token.word for token in tokens], lexicon).findings
    words: Counter[str] = Counter(ngram for ngram, _, _ in word_ngrams(masked))
    characters: Counter[str] = Counter(ngram for ngram, _, _ in character_ngrams(text))
    findings: defaultdict[str, float] = defaultdict(float)
    for key, value, _ in finding_ngrams(found, masked):
        findings[key] += FINDING_SCALE * value
    return View(
        {ngram: scale * count for ngram, count in words.items()},
        {ngram: scale * count for ngram, count in characters.items()},
        dict(findings),
        {index: value for index, value, _ in dense(found)},
    )


def space(examples: Sequence[Example], views: Sequence[View]) -> Space:
    """Choose the features: n-grams that occur in at least ``LEAST_ARTICLES`` articles."""

    def frequent(kind: str) -> tuple[str, ...]:
        seen: defaultdict[str, set[str]] = defaultdict(set)
        for example, one in zip(examples, views, strict=True):
            for ngram in getattr(one, kind):
                seen[ngram].add(example.article)
        return tuple(sorted(ngram for ngram, articles in seen.items() if len(articles) >= LEAST_ARTICLES))

    return Space(frequent("words"), frequent("characters"), frequent("findings"))


def matrix(views: Sequence[View], features: Space) -> csr_matrix:
    """Return the feature values, a row a sentence."""
    import numpy as np
    from scipy.sparse import csr_matrix

    tables: list[dict[str, int]] = []
    size = 0
    for names in (features.words, features.characters, features.findings):
        tables.append({name: i for i, name in enumerate(names, size)})
        size += len(names)
    columns: list[int] = []
    values: list[float] = []
    ends = [0]
    for one in views:
        for table, there in zip(tables, (one.words, one.characters, one.findings), strict=True):
            for ngram, value in there.items():
                at = table.get(ngram)
                if at is not None:
                    columns.append(at)
                    values.append(value)
        for index, value in one.dense.items():
            columns.append(size + index)
            values.append(value)
        ends.append(len(columns))
    shape = (len(views), size + len(DENSE))
    return csr_matrix((np.array(values), np.array(columns), np.array(ends)), shape=shape)


def readings(examples: Sequence[Example]) -> tuple[Vector, Vector, Vector]:
    """Return row numbers, labels and weights: a row for each label that a sentence may bear."""
    import numpy as np

    rows, labels, weights = [], [], []
    for i, example in enumerate(examples):
        also = [label for label in example.also if label != example.polarity]
        rows += [i] * (1 + len(also))
        labels += [example.polarity, *also]
        weights += [1.0 - SECOND_READING * bool(also)] + [SECOND_READING / max(1, len(also))] * len(also)
    return np.array(rows), np.array(labels), np.array(weights)


def fit(x: csr_matrix, rows: Vector, labels: Vector, weights: Vector, c: float = C) -> tuple[Vector, Vector]:
    """Return the coefficients (class x feature) and intercepts of a multinomial logistic regression."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=c, max_iter=1000, tol=1e-4)
    model.fit(x[rows], labels, sample_weight=weights)
    coefficients: Vector = np.asarray(model.coef_)
    intercepts: Vector = np.asarray(model.intercept_)
    return coefficients, intercepts


def prune(features: Space, coefficients: Vector) -> tuple[Space, Vector]:
    """Drop the n-grams of little weight, but for the beginnings of others and the words of pairs, and their columns."""
    import numpy as np

    names = [*features.words, *features.characters, *features.findings]
    large = (np.abs(coefficients - coefficients[1])[:, : len(names)].max(axis=0) >= LEAST_WEIGHT).tolist()
    first, second = len(features.words), len(features.words) + len(features.characters)
    # Scoring looks a longer n-gram up only after its parts.
    words = {
        part for pair, kept in zip(names[:first], large, strict=False) if kept for part in (pair, *pair.split(" "))
    }
    characters = {
        ngram[:n]
        for ngram, kept in zip(features.characters, large[first:second], strict=True)
        if kept
        for n in range(CHARACTER_N[0], len(ngram) + 1)
    }
    findings = {name for name, kept in zip(features.findings, large[second:], strict=True) if kept}
    kept = [name in words for name in features.words]
    kept += [name in characters for name in features.characters]
    kept += [name in findings for name in features.findings]
    columns = np.flatnonzero(np.array(kept + [True] * len(DENSE)))
    return Space(tuple(sorted(words)), tuple(sorted(characters)), tuple(sorted(findings))), coefficients[:, columns]


def cross_validate(examples: Sequence[Example], views: Sequence[View], seed: int = 0, c: float = C) -> Vector:
    """Return the logits of every sentence (sentence x class), each from a model that saw nothing of its article."""
    import numpy as np

    fold = np.array(folds([example.article for example in examples], seed=seed))
    logits = np.zeros((len(examples), len(CLASSES)))
    for k in range(FOLDS):
        inside, outside = np.flatnonzero(fold != k).tolist(), np.flatnonzero(fold == k).tolist()
        train, seen = [examples[i] for i in inside], [views[i] for i in inside]
        features = space(train, seen)
        coefficients, intercepts = fit(matrix(seen, features), *readings(train), c)
        features, coefficients = prune(features, coefficients)
        logits[fold == k] = matrix([views[i] for i in outside], features) @ coefficients.T + intercepts
    return logits


def softmax(logits: Vector) -> Vector:
    """Return probabilities, a row a sentence."""
    import numpy as np

    e: Vector = np.exp(logits - logits.max(axis=1, keepdims=True))
    p: Vector = e / e.sum(axis=1, keepdims=True)
    return p


def macro_f1(gold: Vector, guess: Vector) -> float:
    """Return the mean F1 of the three classes, in per cent."""
    total = 0.0
    for c in CLASSES:
        both = int(((gold == c) & (guess == c)).sum())
        total += 2 * both / max(1, int((gold == c).sum() + (guess == c).sum()))
    return 100 * total / len(CLASSES)


def opposite(gold: Vector, guess: Vector) -> float:
    """Return the share of the polar sentences that are given the opposite sign, in per cent."""
    polar = gold != 0
    return float(100 * ((gold == -guess) & polar).sum() / max(1, polar.sum()))


def decide(p: Vector, prior: Sequence[float], caution: float) -> Vector:
    """Return the labels of least expected cost, as ``stages.polarity.score`` chooses them."""
    import numpy as np

    low, middle, high = (p * np.array(prior)).T
    # Neutral first: it wins ties.
    costs = np.stack([low + high, middle + caution * high, middle + caution * low])
    labels: Vector = np.array([0, -1, 1])[costs.argmin(axis=0)]
    return labels


def calibrate(logits: Vector, gold: Vector) -> tuple[float, tuple[float, float, float]]:
    """Return the temperature with the least log loss and the prior with the best labels, both on a fixed grid."""
    import numpy as np

    at = np.searchsorted(CLASSES, gold)

    def loss(temperature: float) -> float:
        p = softmax(logits / temperature)
        return float(-np.log(p[np.arange(len(at)), at]).mean())

    temperature = min((round(0.5 + 0.02 * i, 2) for i in range(76)), key=loss)
    p = softmax(logits / temperature)
    grid = [round(0.8 + 0.05 * i, 2) for i in range(19)]

    def quality(factors: tuple[float, float]) -> float:
        guess = decide(p, (factors[0], 1.0, factors[1]), CAUTION)
        return macro_f1(gold, guess) - 0.25 * opposite(gold, guess)

    low, high = max(((a, b) for a in grid for b in grid), key=quality)
    return temperature, (low, 1.0, high)


def calibration_error(p: Vector, gold: Vector, bins: int = 10) -> float:
    """Return the expected calibration error of the likeliest class (Naeini et al. 2015), in per cent."""
    import numpy as np

    sure, right = p.max(axis=1), np.array(CLASSES)[p.argmax(axis=1)] == gold
    at = np.minimum((sure * bins).astype(int), bins - 1)
    gaps = [abs(sure[at == b].sum() - right[at == b].sum()) for b in range(bins)]
    return float(100 * sum(gaps) / len(gold))


CARD = """\
# Model card: polarity of sentences in Chinese retrospectives

Written by `python -m pipeline.train`; do not edit by hand.

**What it is.** A multinomial logistic regression (negative, neutral, positive) over n-grams of masked words (1-2) and
characters (2-4), sums over what a clause grammar finds with the tone lexicon (`tone.tsv`, {entries:,} entries), and
what these findings turn on. {ngrams:,} n-grams (those of weight below {least} are dropped), 8-bit weights,
{size:,} bytes, no library needed to run it.

**Trained on.** {sentences:,} sentences of {articles} real articles (business and product analysis, incident reports,
project and year reviews, essays; part of them translated), labelled by reading, one reader a sentence:
{share_negative:.0f} % negative, {share_neutral:.0f} % neutral, {share_positive:.0f} % positive. A label that a second
fair reading allows counts with weight {second}. The sentences are not in the package.

**What it scores**, by {folds}-fold cross-validation on these sentences, split by article (every sentence judged by a
model that saw nothing of its article; temperature {temperature} and prior {prior} fitted on these
predictions):

| macro-F1 | accuracy | opposite sign, of the polar | expected calibration error |
| ---: | ---: | ---: | ---: |
| {macro:.1f} | {accuracy:.1f} | {opposite:.1f} % | {ece:.1f} % |

| class | precision | recall |
| --- | ---: | ---: |
{classes}

How sure it is of its likeliest class, against how often it is right:

| probability | sentences | mean | right |
| --- | ---: | ---: | ---: |
{reliability}

The training sentences were chosen dense in evaluation and hard for an earlier model; on plain running text it does
better. Figures on articles kept apart are in `docs/quality.md`.

**What it is for.** Sentences of retrospectives, and means over them. A neutral fact, a question, an instruction and a
general principle are neutral; a problem is negative even if told calmly; a remedy carried out is positive, one that is
only called for is neutral.

**Where it fails.**

- A judgement that no word carries: bare figures (市占率不到一成), comparison with a figure named before, allusion.
- Sarcasm without a mark; irony is seen only in short quotations after 所谓, 号称, 自称.
- Good or bad *for whom*: a competitor's gain, a rise in prices are judged as they are worded.
- What depends on the sentence before: each sentence is judged alone.
- Counterfactuals without 本可以, 如果当时 and the like; negation that reaches over a long relative clause.
- A brand that is an everyday word (石榴, 云雀) and that the segmenter doesn't tag as a name is read as that word; its
  effect on a sentence's score is at most about 0.1.
- Literary and classical Chinese, dialect, chat language; Traditional characters (convert them first).
"""


def train(data: Path, out: Path) -> dict[str, float]:
    """Train on ``data/polarity/train.jsonl``; write ``polarity.model`` and ``polarity.card.md`` into ``out``.

    Returns the cross-validated figures, macro-F1, accuracy, opposite sign and calibration error in per cent.

    Raises:
        OSError: a file can't be read or written.
    """
    import numpy as np

    lexicon = load_lexicon()
    examples = load_examples(data / "polarity" / "train.jsonl")
    views = [view(example.tokens, lexicon) for example in examples]
    gold = np.array([example.polarity for example in examples])
    logits = cross_validate(examples, views)
    temperature, prior = calibrate(logits, gold)
    p = softmax(logits / temperature)
    guess = decide(p, prior, CAUTION)

    features = space(examples, views)
    coefficients, intercepts = fit(matrix(views, features), *readings(examples))
    features, coefficients = prune(features, coefficients)
    # Only differences to neutral matter to a softmax.
    positive, negative = coefficients[2] - coefficients[1], coefficients[0] - coefficients[1]
    count = len(features.words) + len(features.characters) + len(features.findings)
    top = float(max(np.abs(positive[:count]).max(), np.abs(negative[:count]).max()))
    scale = round(top / 127, 6)
    steps = [np.clip(np.rint(side[:count] / scale), -127, 127).astype(int).tolist() for side in (positive, negative)]
    blob = dump_model(
        words=features.words,
        characters=features.characters,
        findings=features.findings,
        positive=steps[0],
        negative=steps[1],
        scale=scale,
        header={
            "bias": [round(float(intercepts[2] - intercepts[1]), 4), round(float(intercepts[0] - intercepts[1]), 4)],
            "dense": {
                name: [round(float(positive[count + i]), 4), round(float(negative[count + i]), 4)]
                for i, name in enumerate(DENSE)
            },
            "temperature": temperature,
            "prior": prior,
            "caution": CAUTION,
            "lexicon": lexicon_checksum(),
        },
    )
    (out / "polarity.model").write_bytes(blob)
    figures: dict[str, float] = {
        "sentences": len(examples),
        "articles": len({example.article for example in examples}),
        "macro-F1": macro_f1(gold, guess),
        "accuracy": float(100 * (gold == guess).mean()),
        "opposite sign": opposite(gold, guess),
        "calibration error": calibration_error(p, gold),
        "temperature": temperature,
        "prior negative": prior[0],
        "prior positive": prior[2],
        "n-grams": count,
        "bytes": len(blob),
    }
    card = _card(figures, gold, guess, p, sum(kind in KINDS for kind, _ in lexicon.entries.values()), prior)
    (out / "polarity.card.md").write_text(card, encoding="utf-8")
    return figures


def _card(
    figures: dict[str, float], gold: Vector, guess: Vector, p: Vector, entries: int, prior: tuple[float, float, float]
) -> str:
    import numpy as np

    classes = []
    for c, name in zip(CLASSES, ("negative", "neutral", "positive"), strict=True):
        both = int(((gold == c) & (guess == c)).sum())
        precision, recall = 100 * both / max(1, int((guess == c).sum())), 100 * both / max(1, int((gold == c).sum()))
        classes.append(f"| {name} | {precision:.0f} | {recall:.0f} |")
    sure, right = p.max(axis=1), np.array(CLASSES)[p.argmax(axis=1)] == gold
    reliability = []
    for low in range(3, 10):
        inside = (sure >= low / 10) & (sure < (low + 1) / 10 + (low == 9))
        if inside.any():
            mean, hit = 100 * sure[inside].mean(), 100 * right[inside].mean()
            reliability.append(f"| {low / 10:.1f}-{(low + 1) / 10:.1f} | {inside.sum()} | {mean:.0f} % | {hit:.0f} % |")
    return CARD.format(
        entries=entries,
        ngrams=figures["n-grams"],
        size=figures["bytes"],
        sentences=figures["sentences"],
        articles=figures["articles"],
        share_negative=100 * (gold == -1).mean(),
        share_neutral=100 * (gold == 0).mean(),
        share_positive=100 * (gold == 1).mean(),
        second=SECOND_READING,
        least=LEAST_WEIGHT,
        folds=FOLDS,
        temperature=figures["temperature"],
        prior=", ".join(map(str, prior)),
        macro=figures["macro-F1"],
        accuracy=figures["accuracy"],
        opposite=figures["opposite sign"],
        ece=figures["calibration error"],
        classes="\n".join(classes),
        reliability="\n".join(reliability),
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; 1 where the data are missing."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.train", description="Train the polarity model.")
    parser.add_argument("--data", type=Path, required=True, help="folder that holds polarity/train.jsonl")
    parser.add_argument("--out", type=Path, default=RESOURCES, help="where to write")
    options = parser.parse_args(argv)
    source = options.data / "polarity" / "train.jsonl"
    if not source.is_file():
        print(f"{source}: no such file; --data names the folder that holds polarity/train.jsonl", file=sys.stderr)
        return 1
    for name, value in train(options.data, options.out).items():
        print(f"{name:20} {value:g}" if isinstance(value, int) else f"{name:20} {value:.2f}")
    return 0


if __name__ == "__main__":
    # Threads add up sums in any order; one keeps the bytes.
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = "1"
    sys.exit(main())
