"""How positive or negative sentences, sections, articles and concepts are, and why.

``grammar`` finds in each clause what the words of the tone lexicon say together; ``features`` makes numbers of that,
of masked n-grams and of patterns; ``model`` is the trained weights and their file; ``scoring`` applies them, and
``mentions`` asks them about the things in a sentence. ``pipeline.train`` trains.
"""

from pipeline.stages.polarity.mentions import about, about_each
from pipeline.stages.polarity.model import PolarityModel, load_model
from pipeline.stages.polarity.scoring import Reading, aggregate, mean, read, score, score_snownlp, score_words

__all__ = [
    "PolarityModel",
    "Reading",
    "about",
    "about_each",
    "aggregate",
    "load_model",
    "mean",
    "read",
    "score",
    "score_snownlp",
    "score_words",
]
