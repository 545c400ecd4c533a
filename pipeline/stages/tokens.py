"""Words with their parts of speech.

The work is done by rjieba, jieba's algorithm and dictionary in Rust. Around it stand a domain dictionary, the user's
own words, and rules for names that no dictionary can hold: a brand with its model number (``云雀12``), a system under a
Latin name (``ERP系统``).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from pipeline.model import Sentence, Token
from pipeline.stages.script import simplified_name

if TYPE_CHECKING:
    import jieba
    import rjieba

Engine = Literal["rjieba", "jieba"]

# jieba 0.42.1 segments runs of these characters and takes every other one singly; rjieba's runs hold more
# (the CJK extensions).
_BLOCK = re.compile(r"([\u4E00-\u9FD5a-zA-Z0-9+#&._%\-]+)")
_SPACE = re.compile(r"(\r\n|\s)")
# How jieba cuts a run of ASCII that its dictionary does not know; rjieba leaves it whole.
_ASCII = re.compile(r"([a-zA-Z0-9]+(?:\.\d+)?%?)")
_ASCII_RUN = re.compile(r"[a-zA-Z0-9+#&._%\-]{2,}")
# Paths of equal probability, which occur only where a character repeats: the two engines break the tie differently.
_REPEATED = re.compile(r"([\u4E00-\u9FD5])\1{3}")

_SURROGATE = re.compile(r"[\ud800-\udfff]")
_MODEL_DIGITS = 4
_MODEL_SUFFIX = frozenset(("Pro", "Max", "Plus", "Ultra", "SE", "Lite", "Mini", "S", "X", "T", "e", "s"))
_NAME_ENDS = _MODEL_SUFFIX | {"系统"}
_LATIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9+#\-]*")
_HAN = re.compile(r"[\u3400-\u9fff]")
# What follows a number that counts or dates something, rather than naming a model.
_UNIT = frozenset(
    "年月日号时点分秒周天个人名位家台部款件只条次起项套岁度倍元块万亿千百米吨克升斤米层楼层页章节期届代种批轮版组例折成多余后前内以至到比"
)
_NAME_TAGS = frozenset(("nz", "nr", "nrt", "nrfg", "nt", "eng"))

# What ``Token._make`` does, without its turn through Python: tokens are the most numerous values of the program
_token: Callable[[tuple[str, str, int, int]], Token] = partial(tuple.__new__, Token)

DictionaryEntry = tuple[str, int | None, str | None]


class Words(NamedTuple):
    """The words of a sentence as four lists of one length: what ``Token`` holds, without an object for each."""

    words: list[str]
    tags: list[str]
    starts: list[int]
    ends: list[int]


# Ten times that of the commonest word in jieba's dictionary (的)
_MOST_FREQUENT = 10_000_000


def parse_dictionary(lines: Iterable[str], *, source: str) -> list[DictionaryEntry]:
    """Return the entries of a dictionary in jieba's format: ``word [frequency] [tag]``, ``#`` opens a comment line.

    Raises:
        ValueError: a line is not of that form; the message names ``source`` and the line.
    """
    entries: list[DictionaryEntry] = []
    for number, line in enumerate(lines, 1):
        line = line.strip().lstrip("\ufeff")
        if not line or line.startswith("#"):
            continue
        word, *rest = line.split()
        frequency = int(rest.pop(0)) if rest and rest[0].isascii() and rest[0].isdigit() else None
        tag = rest.pop(0) if rest and re.fullmatch(r"[A-Za-z]{1,5}", rest[0]) else None
        if rest:
            raise ValueError(f"{source}, line {number}: expected 'word [frequency] [tag]', found {line[:60]!r}")
        if frequency is not None and frequency > _MOST_FREQUENT:
            raise ValueError(f"{source}, line {number}: the frequency of {word!r} is above {_MOST_FREQUENT}")
        entries.append((word, frequency, tag))
    return entries


@dataclass(frozen=True)
class Segmenter:
    """A private segmenter, never changed once built (``load_segmenter`` builds it); it does not pickle.

    Attributes:
        engine: ``"rjieba"``, or ``"jieba"``, the reference in pure Python.
        brands: words to which a following model number belongs.
        tags: parts of speech that override the engine's.
    """

    engine: Engine
    tags: dict[str, str]
    brands: frozenset[str]
    _fast: rjieba.Jieba = field(repr=False)
    _slow: jieba.posseg.POSTokenizer | None = field(default=None, repr=False)

    def has_word(self, word: str) -> bool:
        """Whether the dictionary, the domain's and the user's words included, holds ``word``."""
        try:
            return bool(self._fast.has_word(word))
        except UnicodeEncodeError:
            return bool(self._fast.has_word(_encodable(word)))

    def cut(self, text: str, *, parity: bool = False) -> list[str]:
        """Return the words of ``text``; they join to it. With ``parity`` they are exactly those of jieba 0.42.1."""
        if parity:
            return self._cut_as_jieba(_encodable(text))
        return [word for word, _ in self.tag(text)]

    def parse(self, text: str) -> list[str]:
        """Return the words of ``text`` by the dictionary alone, unknown ones in single characters; they join to it."""
        return self._fast.cut(_encodable(text), False)

    def tag(self, text: str) -> list[tuple[str, str]]:
        """Return the words of ``text`` with their parts of speech; the words join to the text."""
        text = _encodable(text)
        pairs: list[tuple[str, str]]
        if self._slow is not None:
            pairs = [(pair.word, pair.flag) for pair in self._slow.cut(text)]
        else:
            pairs = self._fast.tag(text)
        return self._join_names(pairs)

    @cached_property
    def _bare(self) -> rjieba.Jieba:
        return _new_engine()

    @cached_property
    def _reference(self) -> jieba.Tokenizer:
        return _private_jieba().tokenizer

    def _cut_as_jieba(self, text: str) -> list[str]:
        bare = self._bare
        out: list[str] = []
        for at, block in enumerate(_BLOCK.split(text)):
            if at % 2 == 0:
                for part in _SPACE.split(block):
                    if _SPACE.fullmatch(part):
                        out.append(part)
                    else:
                        out.extend(part)
            elif _REPEATED.search(block):
                out.extend(self._reference.cut(block))
            else:
                for word in bare.cut(block):
                    if _ASCII_RUN.fullmatch(word) and not bare.has_word(word):
                        out.extend(part for part in _ASCII.split(word) if part)
                    else:
                        out.append(word)
        return out

    def _join_names(self, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
        tags = self.tags
        words = [word for word, _ in pairs]
        if _NAME_ENDS.isdisjoint(words) and not any(map(str.isdecimal, words)):
            # Nothing to join, in most sentences
            return pairs if tags.keys().isdisjoint(words) else [(word, tags.get(word, pos)) for word, pos in pairs]
        out: list[tuple[str, str]] = []
        for at, (word, pos) in enumerate(pairs, 1):
            pos = tags.get(word, pos)
            # Few words can go on with a name: look at those alone
            if out and (word in _NAME_ENDS or word.isdecimal()):
                follows = pairs[at][0][:1] if at < len(pairs) else ""
                if self._is_one_name(*out[-1], word, pos, follows):
                    out[-1] = (out[-1][0] + word, "nz")
                    continue
            out.append((word, pos))
        return out

    def _is_one_name(self, before: str, before_pos: str, word: str, pos: str, follows: str) -> bool:
        """Tell whether ``word`` goes on with the name ``before``; ``follows`` is the character after it."""
        # MIUI + 系统
        if word == "系统":
            return before_pos in ("eng", "nz") and bool(_LATIN_NAME.fullmatch(before))
        # 小米11 + Pro
        if word in _MODEL_SUFFIX:
            return before_pos == "nz" and before[-1].isdigit()
        # 小米 + 11, 云雀 + 12; not 2024 + 年, nor 3 + 个
        return (
            pos in ("m", "eng", "x")
            and (before in self.brands or (before_pos in _NAME_TAGS and len(before) > 1))
            and bool(_HAN.match(before))
            and len(word) <= _MODEL_DIGITS
            and follows not in _UNIT
            and follows not in ("%", "％", ".", "．")
        )


def load_segmenter(
    domain: Iterable[DictionaryEntry] = (), user: Iterable[DictionaryEntry] = (), *, engine: Engine = "rjieba"
) -> Segmenter:
    """Build a segmenter from the engine's dictionary, the domain's words and the user's; later entries win."""
    fast = _new_engine()
    tags: dict[str, str] = {}
    brands: set[str] = set()
    slow = None
    if engine == "jieba":
        slow = _private_jieba()
    for word, frequency, tag in (*domain, *user):
        word = _encodable(word)
        if frequency is not None or not fast.has_word(word):
            fast.add_word(word, frequency, tag)
            if slow is not None:
                slow.tokenizer.add_word(word, frequency, tag)
        if tag:
            # rjieba and jieba keep the tag of a word that they know already
            tags[word] = tag
            (brands.add if tag == "nz" else brands.discard)(word)
    return Segmenter(engine, tags, frozenset(brands), fast, slow)


def _new_engine() -> rjieba.Jieba:
    """Return a new rjieba segmenter with the dictionary it comes with.

    The class is taken from rjieba's extension module: the package around it builds another segmenter at import, which
    nothing here uses (0.1 s and 60 MB). A later ``import rjieba`` finds the module loaded and works as ever.
    """
    name = "rjieba.rjieba"
    if name not in sys.modules and (package := find_spec("rjieba")) is not None:
        spec = PathFinder.find_spec(name, package.submodule_search_locations)
        if spec is not None and spec.loader is not None:
            module = module_from_spec(spec)
            spec.loader.exec_module(module)
            sys.modules[name] = module
    if name not in sys.modules:
        import rjieba

        return rjieba.Jieba()
    engine: rjieba.Jieba = sys.modules[name].Jieba()
    return engine


def read_dictionary(path: Path) -> list[DictionaryEntry]:
    """Read a dictionary file in jieba's format (UTF-8).

    Raises:
        ValueError: the file is not UTF-8 or a line is malformed.
        OSError: it cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise ValueError(f"{path}: a dictionary must be UTF-8 text; convert it first") from None
    entries = parse_dictionary(lines, source=str(path))
    # Words are looked for in Simplified characters
    return [(simplified_name(word), frequency, tag) for word, frequency, tag in entries]


def segment(text: str, segmenter: Segmenter, *, parity: bool = False) -> tuple[Token, ...]:
    """Return the tokens of ``text``, white space included, with offsets into it.

    With ``parity`` they are exactly those of ``jieba.cut`` 0.42.1, without parts of speech (``""``).
    """
    pairs = [(word, "") for word in segmenter.cut(text, parity=True)] if parity else segmenter.tag(text)
    return _located(text, pairs, 0)


def words_of(text: str, segmenter: Segmenter) -> Words:
    """Return what ``segment`` does, as lists: for a stage that goes through many sentences fast."""
    pairs = segmenter.tag(text)
    words = [word for word, _ in pairs]
    places = list(accumulate(map(len, words), initial=0))
    ends = places[1:]
    if _SURROGATE.search(text):  # the segmenter has put another character for it
        words = [text[start:end] for start, end in zip(places, ends, strict=False)]
    return Words(words, [pos for _, pos in pairs], places[:-1], ends)


def tokenize(sentence: Sentence, segmenter: Segmenter) -> tuple[Token, ...]:
    """Return the tokens of a sentence's plain text, with offsets into the source; the words join to the plain text."""
    plain, offsets = sentence.plain, sentence.offsets
    pairs = segmenter.tag(plain)
    if not offsets:
        return _located(plain, pairs, sentence.start)
    tokens: list[Token] = []
    at = 0
    for word, pos in pairs:
        end = at + len(word)
        tokens.append(Token(plain[at:end], pos, offsets[at], offsets[end - 1] + 1))
        at = end
    return tuple(tokens)


def _located(text: str, pairs: Sequence[tuple[str, str]], start: int) -> tuple[Token, ...]:
    """Return tokens for words that join to ``text``, which begins at ``start``."""
    words = [word for word, _ in pairs]
    places = list(accumulate(map(len, words), initial=start))
    if _SURROGATE.search(text):  # the segmenter has put another character for it
        words = [text[a - start : b - start] for a, b in pairwise(places)]
    return tuple(map(_token, zip(words, [pos for _, pos in pairs], places[:-1], places[1:], strict=True)))


def _encodable(text: str) -> str:
    """Lone surrogates cannot pass into Rust: replaced one for one, so that offsets hold."""
    return _SURROGATE.sub("\ufffd", text) if _SURROGATE.search(text) else text


def _private_jieba() -> jieba.posseg.POSTokenizer:
    """Return jieba's own tagger on a private tokenizer; its cache file goes to a folder that is removed at once."""
    import logging
    import tempfile

    import jieba
    import jieba.posseg

    jieba.setLogLevel(logging.ERROR)
    tokenizer = jieba.Tokenizer()
    with tempfile.TemporaryDirectory(prefix="fupan-") as folder:
        tokenizer.tmp_dir = folder
        tokenizer.initialize()
    return jieba.posseg.POSTokenizer(tokenizer)
