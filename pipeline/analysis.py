"""The flow: from an article to its analysis, as one function (``analyze_article``)."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar, get_args

from pipeline.collector import collector_paused
from pipeline.config import Settings
from pipeline.model import (
    Article,
    Course,
    Edge,
    Edit,
    Keyword,
    Mention,
    Metadata,
    Name,
    Network,
    Node,
    Polarity,
    Position,
    Script,
    Section,
    Sentence,
    Span,
    Stability,
    Token,
    Unit,
)
from pipeline.network.backbone import disparity
from pipeline.network.bootstrap import stabilities
from pipeline.network.build import network, to_graph
from pipeline.network.centrality import positions
from pipeline.network.communities import Communities, communities
from pipeline.network.course import courses
from pipeline.network.selection import Selection, select
from pipeline.resources import Resources, load_resources
from pipeline.stages import polarity
from pipeline.stages.clean import clean
from pipeline.stages.concepts import Matcher, mentions, with_regional_names
from pipeline.stages.discovery import Discovered, discover, recut
from pipeline.stages.keywords import content, rank
from pipeline.stages.names import names
from pipeline.stages.read import from_text, read
from pipeline.stages.script import Written, convert, script_of, simplified, written
from pipeline.stages.sections import sections
from pipeline.stages.sentences import sentences
from pipeline.stages.summary import choose, passages
from pipeline.stages.tokens import segment, tokenize

if TYPE_CHECKING:
    import networkx
    import pandas
    from matplotlib.axes import Axes

T = TypeVar("T")

# What ``Analysis.nodes`` and ``edges`` count
_UNIT: Unit = "sentence"
# A section long enough for two summary sentences
_LONG_SECTION = 5
# A section has as many keywords as it has something to say, so that the last are no worse than the first
_LEAST_KEYWORDS, _TOKENS_A_KEYWORD = 3, 18


@collector_paused()
def analyze_article(
    article: Article, resources: Resources, settings: Settings, *, timings: dict[str, float] | None = None
) -> Analysis:
    """Run every stage on one article.

    Args:
        article: the decoded input.
        resources: built by ``load_resources`` from the same settings.
        settings: the user's choices.
        timings: if given, receives the seconds that each stage took.
    """
    lap = _stopwatch(timings)
    text = article.text
    script = script_of(text)
    # Traditional characters are read as Simplified ones and put back at the end
    below = text if script == "simplified" else convert(text)
    cleaned = clean(below, reader=resources.reader, off=settings.keep)
    back: Written | None = None
    if script != "simplified":
        cleaned, back = written(text, below, cleaned)
        below = back.below
    lap("clean", cleaned)
    layout = lap("sections", sections(cleaned))
    title = simplified(article.title) if article.title else layout.title
    bare = lap("sentences", sentences(cleaned, layout, below))
    words = lap("tokens", tuple(tokenize(sentence, resources.segmenter) for sentence in bare))
    own = discover(words, resources.reader)
    words = lap("discovery", recut(bare, words, own, resources.segmenter))
    scored, readings = lap("polarity", _score(bare, words, resources, settings))
    said = lap("polarity", _aggregates(layout.sections, scored))
    terms = lap("keywords", _keywords(title, layout.sections, scored, words, own, resources, settings))
    matcher = resources.matcher if back is None else Matcher(with_regional_names(resources.matcher.concepts))
    named = lap("concepts", _mentions(scored, readings, matcher, resources.model))
    known = lap("names", names(scored, words, known=resources.names, costs=resources.reader.costs))
    marked = lap("summary", _summaries(layout.sections, scored, words, said, resources, settings))
    analysis = Analysis(
        article=article,
        title=title or article.name,
        sections=tuple(
            replace(section, polarity=score, keywords=keys, summary=summary)
            for section, score, keys, summary in zip(
                layout.sections, said.sections, terms.sections, marked.sections, strict=True
            )
        ),
        sentences=scored,
        tokens=words,
        polarity=said.article,
        keywords=terms.article,
        mentions=named,
        names=known,
        nodes=(),
        edges=(),
        summary=marked.article,
        edits=cleaned.edits,
        settings=settings,
        concepts=tuple(concept.name for concept in resources.matcher.concepts),
        script=script,
        metadata=_merged(layout.metadata, article.metadata),
        outside=layout.outside,
    )
    if back is not None:
        analysis = lap("script", _as_written(analysis, back))
    linked = lap("network", analysis.network(_UNIT))
    return replace(analysis, nodes=linked.nodes, edges=linked.edges)


@dataclass(frozen=True)
class Analysis:
    """What was found in one article; every item points back into ``article.text``.

    Attributes:
        article: the source.
        title: the article's own, else the file's name.
        sections, sentences: in reading order; ``Sentence.section`` is an index into ``sections``.
        tokens: of each sentence.
        polarity: of the whole article.
        keywords: of the whole article, strongest first; each section has its own.
        mentions: of concepts, in reading order, headings included.
        nodes, edges: the network within sentences; ``network(unit=…)`` gives the others.
        summary: sentences, in document order.
        edits: what cleaning changed.
        settings: under which it was made.
        concepts: the names that were looked for, in the order of the lexicon.
        script: the article's. Traditional Chinese, or a mix, was converted character for character to be read; all that
            is shown here is in the article's own characters, but for the names of concepts, which are the lexicon's.
        metadata: author, date and source: what the text says, else what the file says.
        outside: spans of lines that no section holds and that were not read: title, bylines, notices, footers.
        names: people, products and organisations, in order of first occurrence.
    """

    article: Article
    title: str
    sections: tuple[Section, ...]
    sentences: tuple[Sentence, ...]
    tokens: tuple[tuple[Token, ...], ...]
    polarity: Polarity
    keywords: tuple[Keyword, ...]
    mentions: tuple[Mention, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    summary: tuple[Sentence, ...]
    edits: tuple[Edit, ...]
    settings: Settings
    concepts: tuple[str, ...] = ()
    script: Script = "simplified"
    metadata: Metadata = field(default_factory=Metadata)
    outside: tuple[Span, ...] = ()
    names: tuple[Name, ...] = ()
    _kept: dict[tuple[str, Unit], object] = field(default_factory=dict, repr=False, compare=False)

    def network(self, unit: Unit = "sentence", *, section: int | None = None) -> Network:
        """Return who occurs with whom within sentences, paragraphs or sections; counted when first asked for.

        Args:
            unit: within which two must stand.
            section: index of a section: only its own text is counted. The whole article, where None.

        Raises:
            ValueError: there is no such unit.
            IndexError: there is no such section.
        """
        if unit not in get_args(Unit):
            raise ValueError(f"no unit {unit!r}; known are {', '.join(get_args(Unit))}")
        if section is not None and not 0 <= section < len(self.sections):
            raise IndexError(f"no section {section}; there are {len(self.sections)}, from 0")
        return self._keep(
            "network" if section is None else f"network {section}",
            unit,
            lambda: network(
                self.sentences,
                self.mentions,
                self.keywords,
                unit=unit,
                order=self.concepts,
                names=self.names,
                sections=None if section is None else (section,),
            ),
        )

    def communities(self, unit: Unit = "sentence") -> Communities:
        """Return which nodes belong together, and how far 20 seeds agree; computed when first asked for."""
        return self._keep("communities", unit, lambda: communities(self.network(unit), seed=self.settings.seed))

    def positions(self, unit: Unit = "sentence") -> dict[str, Position]:
        """Return centralities and community of each node by name; computed when first asked for."""
        return self._keep("positions", unit, lambda: positions(self.network(unit), self.communities(unit)))

    def stabilities(self, unit: Unit = "sentence") -> dict[tuple[str, str], Stability]:
        """Return how far each edge depends on chance, by its two names (bootstrap); computed when first asked for."""
        return self._keep("stabilities", unit, lambda: stabilities(self.network(unit), seed=self.settings.seed))

    def backbone(self, unit: Unit = "sentence") -> dict[tuple[str, str], float]:
        """Return the p-value of the disparity filter of each edge, by its two names; computed when first asked for."""
        return self._keep("backbone", unit, lambda: disparity(self.network(unit)))

    def courses(self) -> tuple[Course, ...]:
        """Return how each edge changes along the article's sections, in the order of ``edges``."""
        return self._keep("courses", _UNIT, lambda: courses(self.network(_UNIT), self.sentences))

    def drawn(self, unit: Unit = "sentence", *, nodes: int = 40, lines: int = 60) -> Selection:
        """Return the edges that a drawing of so many nodes and lines shows by ``settings.links``, and why these."""
        return select(
            self.network(unit),
            by=self.settings.links,
            disparity=self.backbone(unit) if self.settings.links == "backbone" else None,
            nodes=nodes,
            lines=lines,
        )

    def graph(self, unit: Unit = "sentence") -> networkx.Graph[str]:
        """Return the network as a new ``networkx.Graph`` with every statistic as an attribute."""
        return to_graph(
            self.network(unit),
            self.positions(unit),
            stabilities=self.stabilities(unit),
            backbone=self.backbone(unit),
        )

    def frame(self, layer: str) -> pandas.DataFrame:
        """Return a layer as a table: sections, sentences, keywords, mentions, names, nodes, edges, courses or edits.

        Raises:
            ValueError: there is no such layer.
        """
        from pipeline.write.tables import table

        frame: pandas.DataFrame = table(self, layer).to_pandas()
        return frame

    def plot_tone(self, ax: Axes | None = None) -> Axes:
        """Draw the score of each sentence as a bar in reading order, with a smoothed line and the sections behind.

        This and the other ``plot_…`` draw on given axes of any size, or on a figure of their own, which a notebook or
        ``plt.show()`` shows. Chinese is right without a Chinese font, and matplotlib's settings stay as they are.

        Args:
            ax: matplotlib axes to draw on; None for a new figure.

        Returns:
            The axes; x is the index of the sentence, y the score in [-1, 1].
        """
        from pipeline.write.figures import plot_tone

        return plot_tone(self, ax=ax)

    def plot_sections(self, ax: Axes | None = None) -> Axes:
        """Draw the score of each section as a bar, and the shares of its sentences by polarity.

        Args:
            ax: matplotlib axes to draw on; None for a new figure.

        Returns:
            The axes; x is the score in [-1, 1] (headings and shares stand beyond), y the index of the section.
        """
        from pipeline.write.figures import plot_sections

        return plot_sections(self, ax=ax)

    def plot_network(
        self, ax: Axes | None = None, *, unit: Unit | None = None, nodes: int = 26, lines: int = 45
    ) -> Axes:
        """Draw the network: concepts as circles, names as diamonds, key terms as squares; firm edges are dark.

        Args:
            ax: matplotlib axes to draw on; None for a new figure.
            unit: within which two must stand; None for ``settings.unit``.
            nodes, lines: at most so many, at least 2 and 1; ``settings.links`` says which.

        Returns:
            The axes; x and y are inches on the paper.

        Raises:
            ValueError: there is no such unit, or ``nodes`` or ``lines`` is too small.
        """
        from pipeline.write.figures import plot_network

        return plot_network(self, ax=ax, unit=unit, nodes=nodes, lines=lines)

    def plot_keywords(self, ax: Axes | None = None) -> Axes:
        """Draw the salience of the keywords as bars with their counts, and where in the article they occur.

        Args:
            ax: matplotlib axes to draw on; None for a new figure.

        Returns:
            The axes; x is the salience (the places stand beyond the largest), y the rank from 0.
        """
        from pipeline.write.figures import plot_keywords

        return plot_keywords(self, ax=ax)

    def plot_concepts(self, ax: Axes | None = None) -> Axes:
        """Draw a heat map of the concepts in the sections: colour is the mean score, the number counts mentions.

        Args:
            ax: matplotlib axes to draw on; None for a new figure.

        Returns:
            The axes; x is the index of the section, y the rank of the concept from 0.
        """
        from pipeline.write.figures import plot_concepts

        return plot_concepts(self, ax=ax)

    def write(self, folder: str | Path, *, figures: bool = True) -> Path:
        """Write every file of the analysis into ``folder``, which is replaced as a whole; return it."""
        from pipeline.write.folder import write

        return write(self, Path(folder), figures=figures)

    def _keep(self, name: str, unit: Unit, make: Callable[[], T]) -> T:
        if (name, unit) not in self._kept:
            self._kept[name, unit] = make()
        return self._kept[name, unit]  # type: ignore[return-value]

    def __repr__(self) -> str:
        return (
            f"Analysis({self.title!r}: {len(self.sections)} sections, {len(self.sentences)} sentences, "
            f"{self.polarity.label} {self.polarity.score:+.2f}, {len(self.mentions)} mentions, {len(self.edges)} edges)"
        )

    def _repr_html_(self) -> str:
        from pipeline.write.rich import analysis_html

        return analysis_html(self)


def analyze(path: str | Path, *, settings: Settings | None = None) -> Analysis:
    """Read an article from a file (``"-"``: standard input) and analyse it.

    Raises:
        InputError: the input cannot be used; the message says why, and what to do.
        SettingsError: a file that the settings name cannot be used.
    """
    settings = settings or Settings()
    return analyze_article(read(path, encoding=settings.encoding), default_resources(settings), settings)


def analyze_text(text: str, *, title: str | None = None, settings: Settings | None = None) -> Analysis:
    """Analyse a text."""
    settings = settings or Settings()
    return analyze_article(from_text(text, title=title), default_resources(settings), settings)


def default_resources(settings: Settings) -> Resources:
    """Return the resources for ``settings``, built once per process and again when a file that they name has changed.

    Raises:
        SettingsError: a file that the settings name is missing or malformed.
    """
    files = (settings.dictionary, settings.concepts, settings.stopwords)
    # What else is set does not matter here, and must not make a second copy
    lean = Settings(
        segmenter=settings.segmenter,
        dictionary=settings.dictionary,
        concepts=settings.concepts,
        stopwords=settings.stopwords,
    )
    return _kept_resources(lean, tuple(_stamp(path) for path in files))


@lru_cache(maxsize=4)
def _kept_resources(settings: Settings, _stamps: tuple[tuple[int, int] | None, ...]) -> Resources:
    return load_resources(settings)


def _stamp(path: Path | None) -> tuple[int, int] | None:
    """Return what shows that a file has changed; None where there is none, which loading will say."""
    try:
        status = path.stat() if path else None
    except OSError:
        return None
    return (status.st_mtime_ns, status.st_size) if status else None


@dataclass(frozen=True, slots=True)
class _Both(Generic[T]):
    """A result for the article, and one for each of its sections."""

    article: T
    sections: tuple[T, ...]


def _stopwatch(timings: dict[str, float] | None) -> Callable[[str, T], T]:
    """Return a function that passes a value through and notes the time since its last call under a name."""
    last = time.perf_counter()

    def lap(name: str, value: T) -> T:
        nonlocal last
        if timings is not None:
            now = time.perf_counter()
            timings[name] = timings.get(name, 0.0) + now - last
            last = now
        return value

    return lap


def _merged(text: Metadata, file: Metadata) -> Metadata:
    """Return what the text says of itself, field by field, and where it says nothing, what the file does.

    A byline is read by the readers; what a program has put into a file's properties is often its user, or a template's
    author, and the day of the last change.
    """
    return Metadata(text.author or file.author, text.date or file.date, text.source or file.source)


def _as_written(analysis: Analysis, back: Written) -> Analysis:
    """Return an analysis of converted text in the article's own characters; its network is still to be made."""
    scored = tuple([back.sentence(sentence) for sentence in analysis.sentences])
    found = analysis.metadata
    return replace(
        analysis,
        title=analysis.article.title or back.named(analysis.title) or analysis.title,
        sections=tuple([back.section(section) for section in analysis.sections]),
        sentences=scored,
        tokens=tuple([back.tokens(words, s.plain) for words, s in zip(analysis.tokens, scored, strict=True)]),
        polarity=back.polarity(analysis.polarity),
        keywords=tuple([back.keyword(keyword) for keyword in analysis.keywords]),
        mentions=tuple([back.mention(mention) for mention in analysis.mentions]),
        names=tuple([back.name(name) for name in analysis.names]),
        summary=tuple([back.sentence(sentence) for sentence in analysis.summary]),
        edits=tuple([back.edit(edit) for edit in analysis.edits]),
        metadata=Metadata(back.named(found.author), found.date, back.named(found.source)),
    )


def _score(
    found: Sequence[Sentence], words: Sequence[Sequence[Token]], resources: Resources, settings: Settings
) -> tuple[tuple[Sentence, ...], dict[int, polarity.Reading]]:
    """Score the prose; return all sentences, and by number what our own model has read."""
    prose = [number for number, sentence in enumerate(found) if sentence.is_prose]
    readings: dict[int, polarity.Reading] = {}
    if settings.polarity == "snownlp":
        scores = polarity.score_snownlp([found[number].plain for number in prose])
    else:
        read = polarity.read(
            [words[number] for number in prose], resources.model, passages=[found[number].section for number in prose]
        )
        readings = dict(zip(prose, read, strict=True))
        scores = tuple([reading.polarity for reading in readings.values()])
    scored = list(found)
    for number, value in zip(prose, scores, strict=True):
        scored[number] = replace(found[number], polarity=value)
    return tuple(scored), readings


def _by_section(layout: Sequence[Section], scored: Sequence[Sentence]) -> list[list[int]]:
    """Return the numbers of each section's sentences."""
    numbers: list[list[int]] = [[] for _ in layout]
    for number, sentence in enumerate(scored):
        numbers[sentence.section].append(number)
    return numbers


def _aggregates(layout: Sequence[Section], scored: Sequence[Sentence]) -> _Both[Polarity]:
    """Aggregate the sentences: a section's own, or, where it has none, those of the sections that it encloses."""
    own = [[number for number in inside if scored[number].is_prose] for inside in _by_section(layout, scored)]
    enclosed = [numbers[::-1] for numbers in own]  # last sentence first: then each step only adds at the end
    for number in range(len(layout) - 1, -1, -1):  # children come after their parent
        parent = layout[number].parent
        if parent is not None and not own[parent]:
            enclosed[parent] += enclosed[number]
    return _Both(
        polarity.aggregate([(sentence, sentence.polarity) for sentence in scored if sentence.is_prose]),
        tuple(polarity.aggregate([(scored[n], scored[n].polarity) for n in reversed(group)]) for group in enclosed),
    )


def _keywords(
    title: str | None,
    layout: Sequence[Section],
    scored: Sequence[Sentence],
    words: Sequence[tuple[Token, ...]],
    own: Sequence[Discovered],
    resources: Resources,
    settings: Settings,
) -> _Both[tuple[Keyword, ...]]:
    """Return the keywords of the article, and those of each section against the rest of the article."""
    stopwords = resources.vocabulary.stopwords
    read = [number for number, sentence in enumerate(scored) if sentence.kind != "code"]
    titled = segment(title, resources.segmenter) if title else ()
    words_of = content((*[words[number] for number in read], titled), resources.vocabulary, {word.word for word in own})
    text = words_of.candidates(0, len(read))
    own_title = words_of.candidates(len(read), len(read) + 1)
    whole = rank(text, stopwords=stopwords, limit=settings.keywords, title=own_title, strict=True)
    # A term of the title alone has nothing to show: the title stands outside the sections
    whole = tuple(keyword for keyword in whole if keyword.count)
    apart: list[tuple[Keyword, ...]] = []
    first = 0
    for inside in _by_section(layout, [scored[number] for number in read]):
        # Sentences are in reading order: those of a section follow one another, its heading first
        last = first + len(inside)
        headed = bool(inside) and scored[read[first]].kind == "heading"
        part = words_of.candidates(first, last)
        apart.append(
            rank(
                part,
                stopwords=stopwords,
                limit=min((settings.keywords + 1) // 2, max(_LEAST_KEYWORDS, part.size // _TOKENS_A_KEYWORD)),
                title=words_of.candidates(first, first + 1) if headed else None,
                contrast=text,
                strict=True,
            )
        )
        first = last
    return _Both(whole, tuple(apart))


def _mentions(
    scored: Sequence[Sentence],
    readings: Mapping[int, polarity.Reading],
    matcher: Matcher,
    model: polarity.PolarityModel,
) -> tuple[Mention, ...]:
    """Find the concepts, and what the clauses around each say about it; without a reading, what the sentence says."""
    found = mentions(scored, matcher)
    inside: dict[int, list[Mention]] = {}
    for mention in found:
        inside.setdefault(mention.sentence, []).append(mention)
    asked = [
        (readings[number], [(mention.start, mention.end) for mention in group])
        for number, group in inside.items()
        if number in readings
    ]
    answers = iter(polarity.about_each(asked, model))
    said: list[Polarity] = []
    for number, group in inside.items():
        said += next(answers) if number in readings else [scored[number].polarity] * len(group)
    return tuple([replace(mention, polarity=value) for mention, value in zip(found, said, strict=True)])


def _summaries(
    layout: Sequence[Section],
    scored: Sequence[Sentence],
    words: Sequence[tuple[Token, ...]],
    said: _Both[Polarity],
    resources: Resources,
    settings: Settings,
) -> _Both[tuple[Sentence, ...]]:
    """Return the summary of the article, and one or two sentences for each section."""
    read = passages(scored, words, stopwords=resources.vocabulary.stopwords)
    background, worth = resources.vocabulary.background, resources.worth
    own: list[tuple[Sentence, ...]] = []
    for inside, tone in zip(_by_section(layout, scored), said.sections, strict=True):
        prose = sum([scored[number].is_prose for number in inside])
        count = 2 if prose >= _LONG_SECTION else 1
        own.append(
            choose(
                [read[number] for number in inside],
                background=background,
                worth=worth,
                count=count,
                tone=tone.score,
            )
            if prose
            else ()
        )
    return _Both(choose(read, background=background, worth=worth, count=settings.summary), tuple(own))
