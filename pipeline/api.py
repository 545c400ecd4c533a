"""Single stages on plain strings, for use from Python; ``pipeline.analysis`` runs them all on an article."""

from __future__ import annotations

from collections.abc import Sequence

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


def split_sections(text: str, *, settings: Settings | None = None) -> tuple[Section, ...]:
    """Return the sections of a text; Markdown is detected. Their polarity, keywords and summary are not filled in."""
    return _sections.sections(_clean(text, settings)).sections


def segment(text: str, *, parity: bool = False, settings: Settings | None = None) -> tuple[Token, ...]:
    """Return the words of a text, white space included; with ``parity`` exactly those of ``jieba.cut`` 0.42.1."""
    return _tokens.segment(text, default_resources(settings or Settings()).segmenter, parity=parity)


def keywords(
    text: str, *, limit: int = 10, title: str | None = None, settings: Settings | None = None
) -> tuple[Keyword, ...]:
    """Return the words and phrases that a text turns on, strongest first, at most ``limit``.

    One that stands only in the title (``title``, else the text's own) has ``count`` 0 and no spans.
    """
    resources = default_resources(settings or Settings())
    layout, found = _read(text, settings)
    title = title or layout.title
    return _keywords.keywords(
        [_tokens.tokenize(sentence, resources.segmenter) for sentence in found if sentence.kind != "code"],
        background=resources.background,
        stopwords=resources.stopwords,
        limit=limit,
        title=_tokens.segment(title, resources.segmenter) if title else (),
    )


def polarity(texts: Sequence[str], *, settings: Settings | None = None) -> tuple[Polarity, ...]:
    """Return the polarity of each of ``texts``, taken as one sentence; evidence holds offsets into it.

    Raises:
        TypeError: ``texts`` is a single string.
    """
    if isinstance(texts, str):
        raise TypeError("polarity takes a list of sentences, not one string: polarity([text])")
    settings = settings or Settings()
    if settings.polarity == "snownlp":
        return _polarity.score_snownlp(texts)
    resources = default_resources(settings)
    return _polarity.score([_tokens.segment(text, resources.segmenter) for text in texts], resources.model)


def summarize(text: str, *, characters: int = 140, settings: Settings | None = None) -> tuple[Sentence, ...]:
    """Return sentences or complete clauses of a text, in its order, until ``characters`` are reached."""
    resources = default_resources(settings or Settings())
    _, found = _read(text, settings)
    return _summary.summarize(
        found,
        [_tokens.tokenize(sentence, resources.segmenter) for sentence in found],
        background=resources.background,
        stopwords=resources.stopwords,
        characters=characters,
    )


def _clean(text: str, settings: Settings | None) -> CleanText:
    settings = settings or Settings()
    return clean(text, has_word=default_resources(settings).segmenter.has_word, off=settings.keep)


def _read(text: str, settings: Settings | None) -> tuple[_sections.Layout, tuple[Sentence, ...]]:
    cleaned = _clean(text, settings)
    layout = _sections.sections(cleaned)
    return layout, _sentences.sentences(cleaned, layout, text)
