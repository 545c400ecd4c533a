"""What others reach: the plain tools of the base install, called as their manuals say, on the same rows."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

NEUTRAL = 0.1
"""SnowNLP knows no neutral; a score 2p - 1 that is no farther from 0 than this is taken for neutral."""


@dataclass(frozen=True, slots=True)
class Peers:
    """The peers as functions, so that tests can put quick ones in their place.

    Attributes:
        sentiment: the score in [-1, 1] of each text.
        tfidf, textrank, yake: at most so many keywords of a text, strongest first.
        ranked_clauses, ranked_sentences: the clauses, or sentences, of a text in its order, each with its rank from 0.
        cut: the words of a text.
    """

    sentiment: Callable[[Sequence[str]], list[float]]
    tfidf: Callable[[str, int], list[str]]
    textrank: Callable[[str, int], list[str]]
    yake: Callable[[str, int], list[str]]
    ranked_clauses: Callable[[str], list[tuple[str, int]]]
    ranked_sentences: Callable[[str], list[tuple[str, int]]]
    cut: Callable[[str], list[str]]


def installed() -> Peers:
    """Return SnowNLP, jieba, YAKE and sumy's LexRank; each is loaded when it is first called."""
    return Peers(
        _snownlp_scores, _jieba_tfidf, _jieba_textrank, _yake, _snownlp_clauses, _lexrank_sentences, _jieba_cut
    )


def sign(score: float) -> int:
    """Return the label -1, 0 or 1 of a score of SnowNLP."""
    return 0 if abs(score) <= NEUTRAL else 1 if score > 0 else -1


_OPENING = re.compile(
    r"^(?:#{1,6}\s|\d{1,2}[、.．)）]|[（(]?[一二三四五六七八九十]+[、）)]|第[一二三四五六七八九十\d]+[章节部分点]|总结|小结|结语)",
    re.MULTILINE,
)


def plain_sections(text: str) -> list[int]:
    """Return section starts as a plain splitter finds them: lines that open with ``#``, a number or a closing word."""
    starts = [match.start() for match in _OPENING.finditer(text)]
    lead = text[: starts[0]] if starts else text
    return ([0] if lead.strip() else []) + starts


def lead(text: str, characters: int) -> str:
    """Return the beginning of a text."""
    return text.replace("\n", "")[:characters]


def pick(ranked: Sequence[tuple[str, int]], characters: int) -> str:
    """Return the best-ranked clauses, in the text's order, until so many characters are reached."""
    chosen: set[int] = set()
    size = 0
    for index in sorted(range(len(ranked)), key=lambda index: ranked[index][1]):
        if size >= characters:
            break
        chosen.add(index)
        size += len(ranked[index][0])
    return "".join(ranked[index][0] for index in sorted(chosen))[:characters]


def _snownlp_scores(texts: Sequence[str]) -> list[float]:
    from snownlp import SnowNLP

    return [2 * float(SnowNLP(text).sentiments) - 1 if text.strip() else 0.0 for text in texts]


def _snownlp_clauses(text: str) -> list[tuple[str, int]]:
    from snownlp import SnowNLP

    document = SnowNLP(text)
    clauses: list[str] = document.sentences
    # The summary of all clauses is their ranking; equal clauses take their ranks in order
    ranks: dict[str, list[int]] = {}
    for rank, clause in enumerate(document.summary(len(clauses))):
        ranks.setdefault(clause, []).append(rank)
    return [(clause, ranks[clause].pop(0)) for clause in clauses]


def _lexrank_sentences(text: str) -> list[tuple[str, int]]:
    quiet_jieba()
    from sumy.nlp.tokenizers import Tokenizer
    from sumy.parsers.plaintext import PlaintextParser
    from sumy.summarizers.lex_rank import LexRankSummarizer

    # Its parser takes a line without a full stop for the beginning of a sentence that goes on below
    document = PlaintextParser.from_string(text.replace("\n", "\n\n"), Tokenizer("chinese")).document
    sentences = list(document.sentences)
    # The steps of its call, which returns the best sentences but not in which order they are the best
    ranks: dict[int, int] = {}
    summarizer = LexRankSummarizer()
    words = [summarizer._to_words_set(sentence) for sentence in sentences]
    if sentences:
        tf, idf = summarizer._compute_tf(words), summarizer._compute_idf(words)
        matrix = summarizer._create_matrix(words, summarizer.threshold, tf, idf)
        scores = summarizer.power_method(matrix, summarizer.epsilon).tolist()
        order = sorted(range(len(sentences)), key=lambda at: (-scores[at], at))
        ranks = {at: rank for rank, at in enumerate(order)}
    return [(str(sentence), ranks[at]) for at, sentence in enumerate(sentences)]


_MARKS = str.maketrans("，。！？；：、“”‘’（）《》", ',.!?;:,""\'\'()""')


def _yake(text: str, limit: int) -> list[str]:
    quiet_jieba()
    import jieba

    # It reads words with blanks between them, and the marks of English
    words = " ".join(jieba.cut(text.translate(_MARKS)))
    return [str(term).replace(" ", "") for term, _ in _yake_extractor(limit).extract_keywords(words)]


@cache
def _yake_extractor(limit: int) -> Any:
    import yake

    return yake.KeywordExtractor(lan="zh", n=3, top=limit)


@cache
def quiet_jieba() -> None:
    """Load jieba without its messages, its cache in a folder of its own that goes with the process."""
    import jieba

    jieba.setLogLevel("ERROR")
    with tempfile.TemporaryDirectory() as folder:
        jieba.dt.tmp_dir = folder
        jieba.initialize()


def _jieba_tfidf(text: str, limit: int) -> list[str]:
    quiet_jieba()
    import jieba.analyse

    return [str(term) for term in jieba.analyse.extract_tags(text, topK=limit)]


def _jieba_textrank(text: str, limit: int) -> list[str]:
    quiet_jieba()
    import jieba.analyse

    return [str(term) for term in jieba.analyse.textrank(text, topK=limit)]


def _jieba_cut(text: str) -> list[str]:
    quiet_jieba()
    import jieba

    return list(jieba.cut(text))
