"""The polarity model: a multinomial logistic regression over n-grams and grammar features, and its file.

The file is plain. Line 1 is a JSON object (UTF-8, no line end inside):

- ``format``: ``"fupan polarity model"``, ``version``: 1
- ``words``, ``characters``, ``findings``: how many n-grams of words, of characters and of findings follow
- ``scale``: what one step of a quantised weight is worth
- ``bias``: [positive, negative] logits of a sentence without features; the logit of neutral is 0 throughout
- ``dense``: {name of a grammar feature: [positive, negative] weight}
- ``temperature``: what logits are divided by so that the probabilities are calibrated
- ``prior``: [negative, neutral, positive] factors on the probabilities in the choice of the label
- ``caution``: what taking bad for good, or good for bad, costs; taking either for neutral costs 1
- ``lexicon``: CRC-32 of the lexicon that it was trained with

Then one n-gram a line, in that order, each list in code-point order; then, after an empty line, a signed byte an
n-gram for positive and, after all of these, one for negative, in the same order.
"""

from __future__ import annotations

import json
import zlib
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.stages.polarity.features import DENSE
from pipeline.stages.polarity.grammar import Lexicon, load_lexicon

FORMAT = "fupan polarity model"
VERSION = 1
_RESOURCES = Path(__file__).parents[2] / "resources"

Pair = complex
"""A weight for positive (the real part) and one for negative (the imaginary): one addition sums both."""


@dataclass(frozen=True, slots=True)
class PolarityModel:
    """A loaded model; weights are for positive and for negative, against a neutral of 0.

    Attributes:
        words: weight of each word n-gram (pairs joined by a space).
        characters: weight of each character n-gram.
        findings: weight of each n-gram of ``features.finding_ngrams``.
        dense: weight of each of ``features.DENSE``.
        bias: logits of a sentence without features.
        temperature: > 0; logits are divided by it.
        prior: factors on (negative, neutral, positive) in the choice of the label.
        caution: cost of the opposite label, >= 1.
        lexicon: of the grammar.
    """

    words: Mapping[str, Pair] = field(repr=False)
    characters: Mapping[str, Pair] = field(repr=False)
    findings: Mapping[str, Pair] = field(repr=False)
    dense: tuple[Pair, ...] = field(repr=False)
    bias: Pair
    temperature: float
    prior: tuple[float, float, float]
    caution: float
    lexicon: Lexicon = field(repr=False)


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
        first, second = int(header["words"]), int(header["words"]) + int(header["characters"])
        count = second + int(header["findings"])
        text, weights = body[: -2 * count - 1], array("b", body[len(body) - 2 * count :])
        ngrams = text.decode("utf-8").split("\n")[:-1] if count else []
        if len(ngrams) != count or len(weights) != 2 * count:
            raise ValueError("cut short")
        scale = float(header["scale"])
        # One object for equal pairs: half as many places of memory to visit.
        known: dict[tuple[int, int], Pair] = {}
        pairs = [
            known.get(pair) or known.setdefault(pair, complex(pair[0] * scale, pair[1] * scale))
            for pair in zip(weights[:count], weights[count:], strict=True)
        ]
        named = header["dense"]
        return PolarityModel(
            words=dict(zip(ngrams[:first], pairs[:first], strict=True)),
            characters=dict(zip(ngrams[first:second], pairs[first:second], strict=True)),
            findings=dict(zip(ngrams[second:], pairs[second:], strict=True)),
            dense=tuple(complex(*map(float, named[name])) for name in DENSE),
            bias=complex(*map(float, header["bias"])),
            temperature=float(header["temperature"]),
            prior=(float(header["prior"][0]), float(header["prior"][1]), float(header["prior"][2])),
            caution=float(header["caution"]),
            lexicon=load_lexicon(),
        )
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise ValueError(f"{path}: not a polarity model of version {VERSION} ({error}); run `make model`") from None


def dump_model(
    *,
    words: Sequence[str],
    characters: Sequence[str],
    findings: Sequence[str],
    positive: Sequence[int],
    negative: Sequence[int],
    scale: float,
    header: Mapping[str, object],
) -> bytes:
    """Return the bytes of a model file: n-grams in file order, their weights in steps of ``scale`` (-127 … 127)."""
    ngrams = [*words, *characters, *findings]
    if not len(ngrams) == len(positive) == len(negative):
        raise ValueError(f"{len(ngrams)} n-grams, {len(positive)} and {len(negative)} weights")
    fixed = {"format": FORMAT, "version": VERSION, "scale": scale}
    counts = {"words": len(words), "characters": len(characters), "findings": len(findings)}
    head = json.dumps(fixed | counts | dict(header), ensure_ascii=False, sort_keys=True)
    body = "".join(f"{ngram}\n" for ngram in ngrams)
    return f"{head}\n{body}\n".encode() + array("b", positive).tobytes() + array("b", negative).tobytes()
