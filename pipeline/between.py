"""Builds ``resources/between.model``: what speaks for an insert between two words.

    python -m pipeline.between --data DIR

Inserts of this program's own invention (characters at random, words of the background, two of them, names and terms
taken from elsewhere) are pushed between the words of clean text, and a logistic regression learns to tell them from
what the text itself holds in such places. The text is retrospectives and news in ``DIR/polarity``, ``DIR/summaries``,
``DIR/keywords``, ``DIR/sentiment`` and ``DIR/segmentation``; every second document of the first three is left out, for
measuring. Only weights are kept, a byte each; the same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import SGDClassifier

from pipeline.config import Settings
from pipeline.resources import load_resources
from pipeline.stages.script import simplified
from pipeline.stages.spam import characters, scale
from pipeline.stages.tokens import Segmenter

SETS = ("summaries/lcsts.jsonl", "summaries/vcsum.jsonl", "keywords/csl.jsonl", "keywords/weibo.jsonl")
RUN = 40
"""Lines that are taken as one document."""
PIECE = 1500
"""Characters of a document that are read together."""
ALPHA = 3e-5
"""Strength of the L2 penalty; chosen on documents that were not trained on."""
EPOCHS = 5
INSERTS = 3
"""One place of so many between words gets an insert."""
NAMES = 3
"""One name of so many is kept: they overlap."""


def documents(data: Path) -> Iterator[str]:
    """Yield the documents to learn from."""
    grouped: list[list[str]] = []
    lines = (data / "polarity" / "unlabelled.txt").read_text(encoding="utf-8").splitlines()
    grouped.append(["\n".join(lines[at : at + RUN]) for at in range(0, len(lines), RUN)])
    articles: defaultdict[str, list[str]] = defaultdict(list)
    for line in (data / "polarity" / "train.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        articles[row["article"]].append(row["text"])
    grouped.append(["\n".join(sentences) for sentences in articles.values()])
    grouped.extend(
        [json.loads(line)["text"] for line in (data / name).read_text(encoding="utf-8").splitlines()] for name in SETS
    )
    for group in grouped:
        yield from group[::2]
    for path in sorted((data / "sentiment").glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            texts = [row[0] for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row]
        yield from ("\n".join(texts[at : at + RUN]) for at in range(1, len(texts), RUN))
    for path in sorted((data / "segmentation").glob("*.txt")):
        bare = re.sub(r"/[A-Za-z]+|[ \t\u3000]", "", path.read_text(encoding="utf-8"))
        lines = bare.splitlines()
        yield from ("\n".join(lines[at : at + RUN]) for at in range(0, len(lines), RUN))


class Inventor:
    """Invents inserts, by a seed."""

    def __init__(self, idf: Mapping[str, float], strangers: list[list[str]]) -> None:
        self.chance = random.Random(1)
        han = re.compile("[\u4e00-\u9fff]{2,3}")
        self._words = sorted(word for word, value in idf.items() if value >= 5 and han.fullmatch(word))
        codes = (bytes((high, low)) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF))
        self._characters = "".join(code.decode("gb2312", "ignore") for code in codes)
        self._strangers = strangers
        self._names = strangers[scale.NAME]

    def __call__(self) -> tuple[int, str]:
        """Return the kind of an insert and the insert."""
        chance = self.chance
        kind = chance.choices((scale.NAME, scale.WORD, scale.PAIR, scale.LATIN), (45, 20, 20, 15))[0]
        if kind == scale.LATIN:
            return kind, "aa"
        if chance.random() < 0.2 and self._strangers[kind]:
            return kind, chance.choice(self._strangers[kind])
        if kind == scale.NAME:
            if chance.random() < 0.5:
                return kind, "".join(
                    chance.choice(stranger)
                    for stranger in chance.sample(self._names, chance.choice((2, 2, 3, 3, 4, 5)))
                )
            return kind, "".join(chance.choices(self._characters, k=chance.choice((2, 2, 3, 3, 4, 5))))
        return kind, "".join(chance.sample(self._words, kind))


def candidates(text: str, segmenter: Segmenter, idf: Mapping[str, float]) -> Iterator[scale.Candidate]:
    """Yield the candidates of a text that stand there once."""
    for run in characters.RUN.finditer(text):
        for kind, start, end in scale.candidates(segmenter.parse(run[0]), idf):
            if text.count(run[0][start:end]) == 1:
                yield kind, run.start() + start, run.start() + end
    yield from scale.latin(text)


def gaps(text: str, segmenter: Segmenter) -> list[int]:
    """Return where between two words of Chinese characters something could be pushed in."""
    places: list[int] = []
    for run in characters.RUN.finditer(text):
        at = run.start()
        for word in segmenter.parse(run[0])[:-1]:
            at += len(word)
            places.append(at)
    return places


def build(data: Path) -> bytes:
    """Return the table of weights."""
    resources = load_resources(Settings())
    segmenter, idf = resources.segmenter, resources.vocabulary.background.idf
    pieces = [text[at : at + PIECE] for text in map(simplified, documents(data)) for at in range(0, len(text), PIECE)]
    chance = random.Random(0)
    chance.shuffle(pieces)
    found = [
        [c for c in candidates(piece, segmenter, idf) if c[0] != scale.NAME or chance.randrange(NAMES) == 0]
        for piece in pieces
    ]
    strangers: list[list[str]] = [[], [], [], []]
    for piece, own in zip(pieces, found, strict=True):
        for kind, start, end in own:
            strangers[kind].append(piece[start:end])
    invent = Inventor(idf, strangers)
    columns: list[int] = []
    ends, pushed = [0], []
    for piece, own in zip(pieces, found, strict=True):
        for candidate in own:
            columns += map(scale.place, scale.read(piece, candidate, segmenter.parse, idf))
            ends.append(len(columns))
            pushed.append(0)
        places = gaps(piece, segmenter)
        for at in chance.sample(places, len(places) // INSERTS):
            kind, insert = invent()
            text = piece[max(0, at - scale.REACH) : at] + insert + piece[at : at + scale.REACH]
            start = min(at, scale.REACH)
            candidate = (kind, start, start + len(insert))
            columns += map(scale.place, scale.read(text, candidate, segmenter.parse, idf))
            ends.append(len(columns))
            pushed.append(1)
    shape = (len(pushed), 1 << scale.BITS)
    table = csr_matrix((np.ones(len(columns), np.float32), np.array(columns, np.int32), np.array(ends)), shape=shape)
    learned = SGDClassifier(loss="log_loss", alpha=ALPHA, max_iter=EPOCHS, tol=None, random_state=0)
    learned.fit(table, np.array(pushed))
    weights = np.clip(np.rint(learned.coef_[0] * scale.STEP), -128, 127) + 128
    return bytes(weights.astype(np.uint8))


def main() -> None:
    """Write the table into the package."""
    parser = argparse.ArgumentParser(description="Builds resources/between.model.")
    parser.add_argument("--data", type=Path, required=True, help="holds polarity/, summaries/, keywords/ and others")
    parser.add_argument("-o", "--out", type=Path, default=scale.TABLE_PATH)
    options = parser.parse_args()
    options.out.write_bytes(build(options.data))
    print(f"{options.out}: {options.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
