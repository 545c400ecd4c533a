"""The polarity model: a multinomial logistic regression for two registers, and its file.

A sentence is more or less *pointed*: p = sigmoid(register) says how far it reads like a single remark rather than like
running text. The logits of positive and of negative (that of neutral is 0) are those of running text and p times what a
remark adds: w + p d for each feature.

The file is plain. Line 1 is a JSON object (UTF-8, no line end inside):

- ``format``: ``"fupan polarity model"``, ``version``: 3
- ``words``, ``findings``, ``patterns``, ``characters``: how many n-grams of each follow
- ``scale``: what one step of a quantised weight is worth; ``register scale``: one of the register's
- ``bias``: [positive, negative, and what p adds to both] of a sentence without features
- ``dense``: {name of a grammar feature: the same four}
- ``register``: [bias, weight of log(characters)]
- ``particles``: the function words that patterns read as they stand
- ``temperature``: what logits are divided by so that the probabilities are calibrated
- ``context``: where the sentences around one are known, the ``weights`` of the logits of these, from the second before
  it to the second after, and the ``temperature`` and ``prior`` then
- ``prior``: [negative, neutral, positive] factors on the probabilities in the choice of the label
- ``caution``: what taking bad for good, or good for bad, costs; taking either for neutral costs 1
- ``lexicon``: CRC-32 of the lexicon that it was trained with

Then one n-gram a line, in that order, each list in code-point order (the symbols of a pattern are joined by spaces);
then, after an empty line, a signed byte an n-gram: positive for all of them, negative for all, what p adds to positive
and to negative for all but the characters, and the register's for the words.
"""

from __future__ import annotations

import json
import zlib
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from pipeline.stages.polarity.features import BITS, DENSE, SYMBOLS, pattern_at, pattern_key
from pipeline.stages.polarity.grammar import Lexicon, load_lexicon

FORMAT = "fupan polarity model"
VERSION = 3
_RESOURCES = Path(__file__).parents[2] / "resources"

Pair = complex
"""A weight for positive (the real part) and one for negative (the imaginary): one addition sums both."""


class Context(NamedTuple):
    """How the sentences around one count.

    Attributes:
        weights: of their logits, half of them of those before it.
        temperature, prior: as those of the model, where they count.
    """

    weights: tuple[float, ...]
    temperature: float
    prior: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class PolarityModel:
    """A loaded model; weights are for positive and for negative, against a neutral of 0.

    Attributes:
        words: of each word n-gram (pairs joined by a space) its weight, what p adds, and its part in the register.
        findings: of each n-gram of ``features.finding_ngrams`` its weight, and what p adds.
        patterns: by the key of a pattern its weight, what p adds, and the symbol that it is shown at.
        characters: weight of each pair of characters.
        dense: of each of ``features.DENSE`` its weight, and what p adds.
        bias: logits of a sentence without features, and what p adds.
        register: bias, and weight of log(characters), of the register.
        particles: numbers of the symbols that are function words.
        temperature: > 0; logits are divided by it.
        context: how the sentences around one count.
        prior: factors on (negative, neutral, positive) in the choice of the label.
        caution: cost of the opposite label, >= 1.
        lexicon: of the grammar.
    """

    words: Mapping[str, tuple[Pair, Pair, float]] = field(repr=False)
    findings: Mapping[str, tuple[Pair, Pair]] = field(repr=False)
    patterns: Mapping[int, tuple[Pair, Pair, int]] = field(repr=False)
    characters: Mapping[str, Pair] = field(repr=False)
    dense: tuple[tuple[Pair, Pair], ...] = field(repr=False)
    bias: tuple[Pair, Pair]
    register: tuple[float, float]
    particles: Mapping[str, int] = field(repr=False)
    temperature: float
    context: Context
    prior: tuple[float, float, float]
    caution: float
    lexicon: Lexicon = field(repr=False)


def particle_numbers(particles: Sequence[str]) -> dict[str, int]:
    """Return the symbols' numbers of function words, in their order.

    Raises:
        ValueError: there are more than patterns can number.
    """
    if len(SYMBOLS) + len(particles) > 1 << BITS:
        raise ValueError(f"{len(particles)} particles")
    return {word: number for number, word in enumerate(particles, len(SYMBOLS))}


def lexicon_checksum(path: Path | None = None) -> int:
    """Return the CRC-32 of the lexicon file, line ends taken as LF."""
    path = path or _RESOURCES / "tone.tsv"
    return zlib.crc32(path.read_bytes().replace(b"\r\n", b"\n"))


def load_model(path: str | Path | None = None) -> PolarityModel:
    """Load a model and the package's lexicon.

    Args:
        path: None for the model of the package.

    Raises:
        OSError: the file can't be read.
        ValueError: it is no polarity model of this version, or is cut short.
    """
    path = Path(path) if path is not None else _RESOURCES / "polarity.model"
    head, _, body = path.read_bytes().partition(b"\n")
    try:
        header = json.loads(head)
        if header["format"] != FORMAT or header["version"] != VERSION:
            raise ValueError(header["version"])
        sizes = [int(header[name]) for name in ("words", "findings", "patterns", "characters")]
        count, pointed = sum(sizes), sum(sizes[:3])
        weights = array("b", body[len(body) - 2 * count - 2 * pointed - sizes[0] :])
        ngrams = body[: -len(weights) - 1].decode("utf-8").split("\n")[:-1] if count else []
        if len(ngrams) != count or len(weights) != 2 * count + 2 * pointed + sizes[0]:
            raise ValueError("cut short")
        general = _pairs(weights[:count], weights[count : 2 * count], float(header["scale"]))
        rest = weights[2 * count :]
        added = _pairs(rest[:pointed], rest[pointed : 2 * pointed], float(header["scale"]))
        # One object for equal values: fewer places of memory to visit.
        steps = {r: float(header["register scale"]) * r for r in range(-128, 128)}
        first, second, third = sizes[0], sizes[0] + sizes[1], pointed
        particles = particle_numbers(header["particles"])
        numbers = particles | {name: number for number, name in enumerate(SYMBOLS)}
        runs = [[numbers[name] for name in ngram.split(" ")] for ngram in ngrams[second:third]]
        named = {name: [float(value) for value in four] for name, four in header["dense"].items()}
        bias = [float(value) for value in header["bias"]]
        return PolarityModel(
            words={
                name: (w, d, steps[r])
                for name, w, d, r in zip(
                    ngrams[:first], general[:first], added[:first], rest[2 * pointed :], strict=True
                )
            },
            findings={
                name: (w, d)
                for name, w, d in zip(ngrams[first:second], general[first:second], added[first:second], strict=True)
            },
            patterns={
                pattern_key(run): (w, d, pattern_at(run))
                for run, w, d in zip(runs, general[second:third], added[second:], strict=True)
            },
            characters=dict(zip(ngrams[third:], general[third:], strict=True)),
            dense=tuple((complex(*named[name][:2]), complex(*named[name][2:])) for name in DENSE),
            bias=(complex(*bias[:2]), complex(*bias[2:])),
            register=(float(header["register"][0]), float(header["register"][1])),
            particles=particles,
            temperature=float(header["temperature"]),
            context=Context(
                tuple(map(float, header["context"]["weights"])),
                float(header["context"]["temperature"]),
                _three(header["context"]["prior"]),
            ),
            prior=_three(header["prior"]),
            caution=float(header["caution"]),
            lexicon=load_lexicon(),
        )
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise ValueError(f"{path}: not a polarity model of version {VERSION} ({error}); run `make model`") from None


def _three(values: Sequence[float]) -> tuple[float, float, float]:
    low, middle, high = map(float, values)
    return low, middle, high


def _pairs(positive: Sequence[int], negative: Sequence[int], scale: float) -> list[Pair]:
    # One object for equal pairs, as above.
    known: dict[tuple[int, int], Pair] = {}
    return [
        known.get(pair) or known.setdefault(pair, complex(pair[0] * scale, pair[1] * scale))
        for pair in zip(positive, negative, strict=True)
    ]


def dump_model(
    *,
    words: Sequence[str],
    findings: Sequence[str],
    patterns: Sequence[str],
    characters: Sequence[str],
    general: tuple[Sequence[int], Sequence[int]],
    pointed: tuple[Sequence[int], Sequence[int]],
    register: Sequence[int],
    header: Mapping[str, object],
) -> bytes:
    """Return the bytes of a model file.

    Args:
        words, findings, patterns, characters: n-grams in file order.
        general: quantised weights (-127 … 127) of all n-grams for positive, and for negative.
        pointed: what p adds to them, for all but the characters.
        register: quantised weights of the words in the register.
        header: the rest of line 1.
    """
    ngrams = [*words, *findings, *patterns, *characters]
    sizes = (len(ngrams), len(ngrams), *[len(ngrams) - len(characters)] * 2, len(words))
    parts = (*general, *pointed, register)
    if sizes != tuple(map(len, parts)):
        raise ValueError(f"n-grams {sizes}, weights {tuple(map(len, parts))}")
    counts = {
        "words": len(words), "findings": len(findings), "patterns": len(patterns), "characters": len(characters),
    }  # fmt: skip
    head = json.dumps(
        {"format": FORMAT, "version": VERSION} | counts | dict(header), ensure_ascii=False, sort_keys=True
    )
    body = "".join(f"{ngram}\n" for ngram in ngrams)
    return f"{head}\n{body}\n".encode() + b"".join([array("b", part).tobytes() for part in parts])
