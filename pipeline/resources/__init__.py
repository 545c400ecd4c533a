"""What the program knows before it reads: dictionaries, concepts, frequencies, the polarity model.

``load_resources`` builds all of it once; the stages get their part passed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.config import Settings, SettingsError
from pipeline.stages.concepts import Matcher, load_concepts
from pipeline.stages.keywords import Vocabulary, load_vocabulary
from pipeline.stages.names import KnownNames, load_known_names
from pipeline.stages.polarity import PolarityModel, load_model
from pipeline.stages.spam.article import Reader
from pipeline.stages.tokens import Segmenter, load_segmenter, read_dictionary
from pipeline.stages.worth import Worth, load_worth

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Resources:
    """The expensive, unchanging things that an analysis needs; build one per process and pass it on."""

    segmenter: Segmenter
    reader: Reader
    model: PolarityModel
    matcher: Matcher
    vocabulary: Vocabulary
    worth: Worth
    names: KnownNames


def load_resources(settings: Settings) -> Resources:
    """Load what ``settings`` ask for.

    Raises:
        SettingsError: a file that they name is missing or malformed.
    """
    try:
        user = read_dictionary(settings.dictionary) if settings.dictionary else []
        domain = read_dictionary(FOLDER / "domain.txt")
        segmenter = load_segmenter(domain, user, engine=settings.segmenter)
        vocabulary = load_vocabulary(segmenter.has_word, settings.stopwords)
        return Resources(
            segmenter=segmenter,
            reader=Reader(segmenter, vocabulary.background),
            model=load_model(),
            matcher=Matcher(load_concepts(settings.concepts)),
            vocabulary=vocabulary,
            worth=load_worth(),
            names=load_known_names(),
        )
    except OSError as error:
        raise SettingsError(f"{error.filename}: cannot be read: {error.strerror}; check the settings") from None
    except ValueError as error:
        raise SettingsError(str(error)) from None
