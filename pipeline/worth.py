"""Builds ``resources/worth.json``: which sentences of an article are fit for its summary.

    python -m pipeline.worth

``resources/training/summaries.tsv`` has the 4,107 sentences of 210 articles of ``running.tsv``, judged by readers who
saw the articles alone: 3 one of the three sentences that they would take for a summary, 2 as fit, 1 a detail, 0 unfit;
and whether a sentence leans on one before it. Fitted is the worth, less a part where it leans, by ridge regression.

The same input gives the same bytes; the figures printed are cross-validated, no article being in two folds.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from pipeline.config import Settings
from pipeline.model import Sentence
from pipeline.resources import Resources, load_resources
from pipeline.stages import polarity
from pipeline.stages.summary import Passage, choose, passages, placed
from pipeline.stages.tokens import segment
from pipeline.stages.worth import OWN, PLACED, WORTH_PATH, Worth
from pipeline.train import RUNNING

SUMMARIES = RUNNING.with_name("summaries.tsv")
LEANS = 1.0
"""What a sentence that leans on another loses."""
PENALTY = 100.0
"""Weight of the L2 penalty."""
FOLDS = 5
COUNT = 3
"""Sentences of the summaries by which the figures are measured."""


@dataclass(frozen=True, slots=True)
class _Article:
    """Passages of an article, with worth and leaning of each."""

    read: tuple[Passage, ...]
    worth: tuple[int, ...]
    leans: tuple[int, ...]


def articles(resources: Resources) -> list[_Article]:
    """Return the judged articles, read as an analysis reads them."""
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for line in RUNNING.read_text(encoding="utf-8").splitlines()[1:]:
        group, _, _, text = line.split("\t")
        texts[group].append(text)
    judged: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for line in SUMMARIES.read_text(encoding="utf-8").splitlines()[1:]:
        group, _, worth, leans = line.split("\t")
        judged[group].append((int(worth), int(leans)))
    out = []
    for group, labels in judged.items():
        tokens = [segment(text, resources.segmenter) for text in texts[group]]
        scores = polarity.read(tokens, resources.model, passages=[0] * len(tokens))
        sentences = []
        at = 0
        for text, score in zip(texts[group], scores, strict=True):
            sentences.append(Sentence(text, at, at + len(text), 0, 0, "text", text, polarity=score.polarity))
            at += len(text) + 1
        read = passages(sentences, tokens, stopwords=resources.vocabulary.stopwords)
        out.append(_Article(read, *zip(*labels, strict=True)))
    return out


def fit(found: Sequence[_Article], resources: Resources) -> dict[str, float]:
    """Return the weight of each feature, for its values as they are."""
    import numpy as np
    from sklearn.linear_model import Ridge

    x = np.array(
        [
            (*p.features, *row)
            for a in found
            for p, row in zip(a.read, placed(a.read, resources.vocabulary.background).values(), strict=True)
        ],
        float,
    )
    y = np.array([w - LEANS * lean for a in found for w, lean in zip(a.worth, a.leans, strict=True)])
    scale = x.std(axis=0)
    scale[scale == 0] = 1.0
    model = Ridge(PENALTY).fit(x / scale, y)
    return dict(zip((*OWN, *PLACED), (model.coef_ / scale).tolist(), strict=True))


def build(out: Path) -> dict[str, float]:
    """Fit the weights and write them.

    Returns:
        Cross-validated figures on the summaries of three sentences that are chosen with them: their mean worth, and in
        per cent those of worth 3, of worth 2 at least, of worth 0, and those that lean.
    """
    resources = load_resources(Settings())
    found = articles(resources)
    chosen: list[tuple[int, int]] = []
    for fold in range(FOLDS):
        weights = fit([a for k, a in enumerate(found) if k % FOLDS != fold], resources)
        worth = Worth(tuple([weights[name] for name in OWN]), tuple([weights[name] for name in PLACED]))
        for article in found[fold::FOLDS]:
            best = choose(article.read, background=resources.vocabulary.background, worth=worth, count=COUNT)
            starts = {sentence.start for sentence in best}
            chosen += [
                (w, lean)
                for p, w, lean in zip(article.read, article.worth, article.leans, strict=True)
                if p.sentence.start in starts
            ]
    weights = {name: round(weight, 4) for name, weight in fit(found, resources).items()}
    out.write_text(json.dumps(weights, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return {
        "sentences": sum(len(a.read) for a in found),
        "mean worth": mean(w for w, _ in chosen),
        "worth 3": 100 * mean(w == 3 for w, _ in chosen),
        "worth 2 or 3": 100 * mean(w >= 2 for w, _ in chosen),
        "worth 0": 100 * mean(w == 0 for w, _ in chosen),
        "leaning": 100 * mean(lean for _, lean in chosen),
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m pipeline.worth", description="Fit which sentences are fit for a summary."
    )
    parser.add_argument("--out", type=Path, default=WORTH_PATH, help="where to write")
    for name, value in build(parser.parse_args(argv).out).items():
        print(f"{name:14} {value:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
