"""Train the polarity model: ``python -m pipeline.train --data DIR``, where DIR holds ``polarity/train.jsonl``.

The same data give the same bytes: one thread, no clock, no random start, weights rounded to 8 bits. What was chosen by
cross-validation (the regularisation, the weight of a second reading, the least number of articles an n-gram must occur in) is a
constant here; the temperature and the label's prior are fitted at each run, on predictions for articles the model had not seen.
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
from pipeline.stages.polarity.features import DENSE, character_ngrams, dense, mask, norm, word_ngrams
from pipeline.stages.polarity.grammar import Lexicon, load_lexicon, parse
from pipeline.stages.polarity.model import dump_model, lexicon_checksum

if TYPE_CHECKING:
    import numpy as np
    from scipy.sparse import csr_matrix

    Vector = np.ndarray[Any, np.dtype[Any]]

FOLDS = 5
LEAST_ARTICLES = 3
"""An n-gram must occur in so many articles: what fewer hold is a name or chance."""
C = 1.0
"""Inverse strength of the L2 penalty."""
SECOND_READING = 0.25
"""Weight that a label named in ``also_ok`` takes from the first one, all of these together."""
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
    from pipeline.stages.tokens import load_segmenter, segment

    segmenter = load_segmenter()
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
    """The features: n-grams of words, then of characters, then ``DENSE``."""

    words: tuple[str, ...]
    characters: tuple[str, ...]
    known: frozenset[str]


def ngram_counts(tokens: Sequence[Token], known: frozenset[str]) -> tuple[Counter[str], Counter[str], float]:
    """Return the n-grams of words and of characters of a sentence, and the norm of their counts."""
    masked = mask(tokens, known)
    text = "^" + "".join(masked)
    words = Counter(ngram for ngram, _, _ in word_ngrams(masked))
    return words, Counter(ngram for ngram, _, _ in character_ngrams(text)), norm(len(text))


def space(examples: Sequence[Example]) -> Space:
    """Choose the features: n-grams that occur in at least ``LEAST_ARTICLES`` articles."""
    known: frozenset[str] = frozenset()
    words: defaultdict[str, set[str]] = defaultdict(set)
    characters: defaultdict[str, set[str]] = defaultdict(set)
    for example in examples:
        w, c, _ = ngram_counts(example.tokens, known)
        for ngram in w:
            words[ngram].add(example.article)
        for ngram in c:
            characters[ngram].add(example.article)
    return Space(
        tuple(sorted(ngram for ngram, seen in words.items() if len(seen) >= LEAST_ARTICLES)),
        tuple(sorted(ngram for ngram, seen in characters.items() if len(seen) >= LEAST_ARTICLES)),
        known,
    )


def matrix(examples: Sequence[Example], features: Space, lexicon: Lexicon) -> csr_matrix:
    """Return the feature values, a row a sentence."""
    import numpy as np
    from scipy.sparse import csr_matrix

    word_at = {ngram: i for i, ngram in enumerate(features.words)}
    character_at = {ngram: i for i, ngram in enumerate(features.characters, len(word_at))}
    first_dense = len(word_at) + len(character_at)
    columns: list[int] = []
    values: list[float] = []
    ends = [0]
    for example in examples:
        words, characters, scale = ngram_counts(example.tokens, features.known)
        for counts, where in ((words, word_at), (characters, character_at)):
            for ngram, count in counts.items():
                at = where.get(ngram)
                if at is not None:
                    columns.append(at)
                    values.append(count * scale)
        for index, value, _ in dense(parse([token.word for token in example.tokens], lexicon)):
            columns.append(first_dense + index)
            values.append(value)
        ends.append(len(columns))
    shape = (len(examples), first_dense + len(DENSE))
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
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=c, max_iter=1000, tol=1e-4)
    model.fit(x[rows], labels, sample_weight=weights)
    return model.coef_, model.intercept_


def cross_validate(examples: Sequence[Example], lexicon: Lexicon, seed: int = 0) -> Vector:
    """Return the logits of every sentence (sentence x class), each from a model that saw nothing of its article."""
    import numpy as np

    fold = np.array(folds([example.article for example in examples], seed=seed))
    logits = np.zeros((len(examples), len(CLASSES)))
    for k in range(FOLDS):
        train = [example for example, f in zip(examples, fold, strict=True) if f != k]
        test = [example for example, f in zip(examples, fold, strict=True) if f == k]
        features = space(train)
        coefficients, intercepts = fit(matrix(train, features, lexicon), *readings(train))
        logits[fold == k] = matrix(test, features, lexicon) @ coefficients.T + intercepts
    return logits


def softmax(logits: Vector) -> Vector:
    """Return probabilities, a row a sentence."""
    import numpy as np

    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True))


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


def calibrate(logits: Vector, gold: Vector) -> tuple[float, tuple[float, float, float]]:
    """Return the temperature with the least log loss, and the prior factors with the highest macro-F1, both on a fixed grid."""
    import numpy as np

    at = np.searchsorted(CLASSES, gold)

    def loss(temperature: float) -> float:
        p = softmax(logits / temperature)
        return float(-np.log(p[np.arange(len(at)), at]).mean())

    temperature = min((round(0.5 + 0.02 * i, 2) for i in range(76)), key=loss)
    p = softmax(logits / temperature)
    grid = [round(0.7 + 0.05 * i, 2) for i in range(15)]

    def quality(factors: tuple[float, float]) -> float:
        guess = np.array(CLASSES)[(p * np.array([factors[0], 1.0, factors[1]])).argmax(axis=1)]
        return macro_f1(gold, guess) - 0.1 * opposite(gold, guess)

    low, high = max(((a, b) for a in grid for b in grid), key=quality)
    return temperature, (low, 1.0, high)


def calibration_error(p: Vector, gold: Vector, bins: int = 10) -> float:
    """Return the expected calibration error of the likeliest class (Naeini et al. 2015), in per cent."""
    import numpy as np

    sure, right = p.max(axis=1), np.array(CLASSES)[p.argmax(axis=1)] == gold
    at = np.minimum((sure * bins).astype(int), bins - 1)
    gaps = [abs(sure[at == b].sum() - right[at == b].sum()) for b in range(bins)]
    return float(100 * sum(gaps) / len(gold))


def train(data: Path, out: Path) -> dict[str, float]:
    """Train on ``data/polarity/train.jsonl``, write ``out/polarity.model``; return the cross-validated figures.

    Raises:
        OSError: a file can't be read or written.
    """
    import numpy as np

    lexicon = load_lexicon()
    examples = load_examples(data / "polarity" / "train.jsonl")
    gold = np.array([example.polarity for example in examples])
    logits = cross_validate(examples, lexicon)
    temperature, prior = calibrate(logits, gold)
    p = softmax(logits / temperature)
    guess = np.array(CLASSES)[(p * np.array(prior)).argmax(axis=1)]

    features = space(examples)
    coefficients, intercepts = fit(matrix(examples, features, lexicon), *readings(examples))
    # Only differences to neutral matter to a softmax.
    positive, negative = coefficients[2] - coefficients[1], coefficients[0] - coefficients[1]
    count = len(features.words) + len(features.characters)
    top = float(max(np.abs(positive[:count]).max(), np.abs(negative[:count]).max()))
    scale = round(top / 127, 6)
    steps = [np.clip(np.rint(side[:count] / scale), -127, 127).astype(int).tolist() for side in (positive, negative)]
    blob = dump_model(
        words=features.words,
        characters=features.characters,
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
            "lexicon": lexicon_checksum(),
            "known": sorted(features.known),
        },
    )
    (out / "polarity.model").write_bytes(blob)
    return {
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


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; 1 where the data are missing."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.train", description="Train the polarity model.")
    parser.add_argument("--data", type=Path, required=True, help="folder that holds polarity/train.jsonl")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "resources", help="where to write")
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
