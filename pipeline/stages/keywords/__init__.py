"""The words and phrases that a text turns on.

Candidates (``candidates``) are runs of one to four content words that end in something noun-like and hold no stop word;
what is known of a word beforehand is its ``vocabulary``. A log-linear model ranks them (``ranking``); whether a run is
one phrase at all is learned (``wholeness``). Where a section is set against the rest of its article, what it uses more
than the rest does is added (``keyness``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pipeline.model import Keyword, Token
from pipeline.stages.keywords.candidates import Candidates, Content, content
from pipeline.stages.keywords.ranking import rank
from pipeline.stages.keywords.vocabulary import (
    Background,
    Stopwords,
    Vocabulary,
    load_background,
    load_stopwords,
    load_vocabulary,
)

__all__ = [
    "Background",
    "Candidates",
    "Content",
    "Stopwords",
    "Vocabulary",
    "content",
    "keywords",
    "load_background",
    "load_stopwords",
    "load_vocabulary",
    "rank",
]


def keywords(
    sentences: Sequence[Sequence[Token]],
    *,
    vocabulary: Vocabulary,
    limit: int = 10,
    title: Sequence[Token] = (),
    own: Collection[str] = (),
) -> tuple[Keyword, ...]:
    """Return the words and phrases that a text turns on, the strongest first.

    Args:
        sentences: the tokens of each sentence.
        vocabulary: what is known of words.
        limit: the most to return.
        title: tokens of the title or heading. A phrase that stands there counts for more. Its occurrences there are not
            among the spans unless ``sentences`` hold the title too: a keyword of the title alone has ``count`` 0.
        own: words that the text itself shows to be some (``stages.discovery``).

    Returns:
        Keywords by falling score, which is the estimated probability that an author would name the term, in (0, 1).
    """
    read = content((*sentences, title), vocabulary, own)
    size = len(sentences)
    return rank(
        read.candidates(0, size),
        stopwords=vocabulary.stopwords,
        limit=limit,
        title=read.candidates(size, size + 1),
    )
