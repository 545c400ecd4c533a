"""How positive or negative sentences, sections, articles and concepts are, and why.

``grammar`` finds in each clause what the words of the tone lexicon say together; ``features`` makes numbers of that
and of masked n-grams; ``model`` is the trained weights and their file; ``scoring`` applies them. ``pipeline.train``
trains.
"""

from pipeline.stages.polarity.model import PolarityModel, load_model
from pipeline.stages.polarity.scoring import Reading, about, aggregate, mean, read, score, score_snownlp

__all__ = [
    "PolarityModel",
    "Reading",
    "about",
    "aggregate",
    "load_model",
    "mean",
    "read",
    "score",
    "score_snownlp",
]
