"""Single stages on plain strings, for use from Python; ``pipeline.analysis`` runs them all on an article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.analysis import default_resources
from pipeline.config import Settings
from pipeline.model import CleanText, Keyword, Polarity, Section, Sentence, Token
from pipeline.stages import keywords as _keywords
from pipeline.stages import polarity as _polarity
from pipeline.stages import sections as _sections
from pipeline.stages import sentences as _sentences
from pipeline.stages import summary as _summary
from pipeline.stages import tokens as _tokens
from pipeline.stages.clean import clean
from pipeline.stages.discovery import discover, recut
from pipeline.stages.script import Written, simplified, written


def split_sections(text: str, *, settings: Settings | None = None) -> tuple[Section, ...]:
    """Return the sections of a text; Markdown is detected. Their polarity, keywords and summary are not filled in."""
    cleaned, back = _clean(text, settings)
    found = _sections.sections(cleaned).sections
    return found if back is None else tuple([back.section(section) for section in found])


def segment(text: str, *, parity: bool = False, settings: Settings | None = None) -> tuple[Token, ...]:
    """Return the words of a text, white space included; with ``parity`` exactly those of ``jieba.cut`` 0.42.1."""
    read = text if parity else simplified(text)
    tokens = _tokens.segment(read, default_resources(settings or Settings()).segmenter, parity=parity)
    return tokens if read is text else Written(text, text, read).tokens(tokens, text)


def keywords(
    text: str, *, limit: int = 10, title: str | None = None, settings: Settings | None = None
) -> tuple[Keyword, ...]:
    """Return the words and phrases that a text turns on, strongest first, at most ``limit``.

    One that stands only in the title (``title``, else the text's own) has ``count`` 0 and no spans.
    """
    resources = default_resources(settings or Settings())
    layout, found, back = _read(text, settings)
    named = simplified(title) if title else layout.title
    read = [sentence for sentence in found if sentence.kind != "code"]
    words = [_tokens.tokenize(sentence, resources.segmenter) for sentence in read]
    own = discover(words, resources.reader)
    terms = _keywords.keywords(
        recut(read, words, own, resources.segmenter),
        vocabulary=resources.vocabulary,
        own={word.word for word in own},
        limit=limit,
        title=_tokens.segment(named, resources.segmenter) if named else (),
    )
    if title and named and named != title:
        asked = Written(title, title, named)
        terms = tuple(
            [term if term.spans else replace(term, term=asked.quote(term.term, 0, len(title))) for term in terms]
        )
    return terms if back is None else tuple([back.keyword(term) for term in terms])


def polarity(texts: Sequence[str], *, settings: Settings | None = None) -> tuple[Polarity, ...]:
    """Return the polarity of each of ``texts``, taken as one sentence; evidence holds offsets into it.

    Raises:
        TypeError: ``texts`` is a single string.
    """
    if isinstance(texts, str):
        raise TypeError("polarity takes a list of sentences, not one string: polarity([text])")
    settings = settings or Settings()
    if settings.polarity == "snownlp":
        return _polarity.score_snownlp([simplified(text) for text in texts])
    resources = default_resources(settings)
    segmenter = resources.segmenter
    read = [simplified(text) for text in texts]
    scores = _polarity.score_words((_tokens.words_of(text, segmenter) for text in read), resources.model)
    return tuple(
        [
            score if below is text else Written(text, text, below).polarity(score)
            for text, below, score in zip(texts, read, scores, strict=True)
        ]
    )


def summarize(text: str, *, characters: int = 140, settings: Settings | None = None) -> tuple[Sentence, ...]:
    """Return sentences or complete clauses of a text, in its order, until ``characters`` are reached."""
    resources = default_resources(settings or Settings())
    _, found, back = _read(text, settings)
    chosen = _summary.summarize(
        found,
        [_tokens.tokenize(sentence, resources.segmenter) for sentence in found],
        background=resources.vocabulary.background,
        stopwords=resources.vocabulary.stopwords,
        characters=characters,
    )
    return chosen if back is None else tuple([back.sentence(sentence) for sentence in chosen])


def _clean(text: str, settings: Settings | None) -> tuple[CleanText, Written | None]:
    """Return the text to read, and the way back to what was written where that is in another script."""
    settings = settings or Settings()
    read = simplified(text)
    resources = default_resources(settings)
    cleaned = clean(read, reader=resources.reader, off=settings.keep)
    return (cleaned, None) if read is text else written(text, read, cleaned)


def _read(text: str, settings: Settings | None) -> tuple[_sections.Layout, tuple[Sentence, ...], Written | None]:
    cleaned, back = _clean(text, settings)
    layout = _sections.sections(cleaned)
    return layout, _sentences.sentences(cleaned, layout, text if back is None else back.below), back
