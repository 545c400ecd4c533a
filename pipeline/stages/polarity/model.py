"""The polarity model: a multinomial logistic regression over n-grams and grammar features, and its file.

The file is plain. Line 1 is a JSON object (UTF-8, no line end inside):

- ``format``: ``"fupan polarity model"``, ``version``: 1
- ``words``, ``characters``: how many n-grams of words and of characters follow
- ``scale``: what one step of a quantised weight is worth
- ``bias``: [positive, negative] logits of a sentence without features; the logit of neutral is 0 throughout
- ``dense``: {name of a grammar feature: [positive, negative] weight}
- ``temperature``: what logits are divided by so that the probabilities are calibrated
- ``prior``: [negative, neutral, positive] factors on the probabilities in the choice of the label
- ``lexicon``: CRC-32 of the lexicon that it was trained with
- ``known``: words of the training articles that no name is (tags notwithstanding)

Then one n-gram a line, words first, each list in code-point order; then, after an empty line, a signed byte an n-gram for
positive and, after all of these, one for negative, in the same order.
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

Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class PolarityModel:
    """A loaded model; weights are [positive, negative] against a neutral of 0.

    Attributes:
        words: weight of each word n-gram (pairs joined by a space).
        characters: weight of each character n-gram.
        dense: weight of each of ``features.DENSE``.
        bias: logits of a sentence without features.
        temperature: > 0; logits are divided by it.
        prior: factors on (negative, neutral, positive) in the choice of the label.
        known: words that are no names.
        lexicon: of the grammar.
    """

    words: Mapping[str, Pair] = field(repr=False)
    characters: Mapping[str, Pair] = field(repr=False)
    dense: tuple[Pair, ...] = field(repr=False)
    bias: Pair
    temperature: float
    prior: tuple[float, float, float]
    known: frozenset[str] = field(repr=False)
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
        count_words, count = int(header["words"]), int(header["words"]) + int(header["characters"])
        text, weights = body[: -2 * count - 1], array("b", body[len(body) - 2 * count :])
        ngrams = text.decode("utf-8").split("\n")[:-1] if count else []
        if len(ngrams) != count or len(weights) != 2 * count:
            raise ValueError("cut short")
        scale = float(header["scale"])
        steps = [step * scale for step in range(-128, 128)]
        pairs = [(steps[a + 128], steps[b + 128]) for a, b in zip(weights[:count], weights[count:], strict=True)]
        named = header["dense"]
        return PolarityModel(
            words=dict(zip(ngrams[:count_words], pairs[:count_words], strict=True)),
            characters=dict(zip(ngrams[count_words:], pairs[count_words:], strict=True)),
            dense=tuple((float(named[name][0]), float(named[name][1])) for name in DENSE),
            bias=(float(header["bias"][0]), float(header["bias"][1])),
            temperature=float(header["temperature"]),
            prior=(float(header["prior"][0]), float(header["prior"][1]), float(header["prior"][2])),
            known=frozenset(header["known"]),
            lexicon=load_lexicon(),
        )
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise ValueError(f"{path}: not a polarity model of version {VERSION} ({error}); run `make model`") from None


def dump_model(
    *,
    words: Sequence[str],
    characters: Sequence[str],
    positive: Sequence[int],
    negative: Sequence[int],
    scale: float,
    header: Mapping[str, object],
) -> bytes:
    """Return the bytes of a model file: n-grams in file order, their weights in steps of ``scale`` (-127 … 127)."""
    ngrams = [*words, *characters]
    if not len(ngrams) == len(positive) == len(negative):
        raise ValueError(f"{len(ngrams)} n-grams, {len(positive)} and {len(negative)} weights")
    fixed = {"format": FORMAT, "version": VERSION, "words": len(words), "characters": len(characters), "scale": scale}
    head = json.dumps(fixed | dict(header), ensure_ascii=False, sort_keys=True)
    body = "".join(f"{ngram}\n" for ngram in ngrams)
    return f"{head}\n{body}\n".encode() + array("b", positive).tobytes() + array("b", negative).tobytes()
