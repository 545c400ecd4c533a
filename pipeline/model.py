"""The values that travel between stages: frozen, slotted, and pointing back into the source text.

Every ``start`` and ``end`` here is an offset in code points, end exclusive, into ``Article.text``: the decoded source,
without its byte-order mark and with its line ends untouched. Stages may read a cleaned text, but what they hand on
speaks of the source.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Span = tuple[int, int]
Label = Literal["negative", "neutral", "positive"]
SectionKind = Literal["intro", "body", "conclusion"]
SentenceKind = Literal["heading", "text", "table", "code"]
NameKind = Literal["person", "product", "organisation"]
NodeKind = Literal["concept", "person", "product", "organisation", "term"]
RelationKind = Literal["opposition", "cause", "means", "priority"]
CourseEvent = Literal["appears", "returns", "turns", "fades"]
Unit = Literal["sentence", "paragraph", "section"]
Script = Literal["simplified", "traditional", "mixed"]
EditKind = Literal["zero-width", "control", "width", "space", "punctuation", "glyph", "injection"]


def _short(text: str, limit: int = 40) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


@dataclass(frozen=True, slots=True)
class Metadata:
    """Who wrote an article, when, and where it appeared, as far as a file or its text says so.

    Attributes:
        author: as written, several joined by ``、``.
        date: ``2021-01-07``, ``2021-01`` or ``2021``: of the publication, else of the writing.
        source: the paper, site or account that it appeared in.
    """

    author: str | None = None
    date: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One decoded input.

    Attributes:
        name: a file-system safe name, unique in a run; the output folder is called so.
        text: the decoded source; every span points into it.
        title: as the caller or the text gives it, never counted as a section.
        source: where it came from, as the user wrote it (``"-"`` for standard input, ``""`` for a string).
        format: ``"text"``, ``"markdown"``, ``"html"``, ``"mhtml"``, ``"eml"``, ``"docx"``, ``"pdf"``, ``"epub"``.
        encoding: the encoding found, as Python names it; ``""`` where there were no bytes to decode.
        sha256: of the input's bytes, hexadecimal.
        extracted: the text is not the input's own but was extracted from it (all but text and Markdown).
        metadata: what the file itself gives, beside its text.
    """

    name: str
    text: str
    title: str | None = None
    source: str = ""
    format: str = "text"
    encoding: str = ""
    sha256: str = ""
    extracted: bool = False
    metadata: Metadata = Metadata()

    def __repr__(self) -> str:
        return f"Article({_short(self.name)!r}, {self.format}, {len(self.text)} characters)"


@dataclass(frozen=True, slots=True)
class Edit:
    """A change made before reading: the source's ``start:end``, which is ``before``, was read as ``after``."""

    kind: str
    start: int
    end: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CleanText:
    """A cleaned text with its way back to the source.

    Cleaning only deletes characters or replaces one by one, so every character of ``text`` comes from exactly one of
    the source. ``starts[k]`` is the first offset in ``text`` from which ``shifts[k]`` characters of the source have
    been left out; both begin with 0.
    """

    text: str
    edits: tuple[Edit, ...] = ()
    starts: tuple[int, ...] = (0,)
    shifts: tuple[int, ...] = (0,)

    def __repr__(self) -> str:
        return f"CleanText({len(self.text)} characters, {len(self.edits)} edits)"

    def at(self, offset: int) -> int:
        """Return the source offset of the character ``text[offset]``."""
        return offset + self.shifts[bisect_right(self.starts, offset) - 1]

    def span(self, start: int, end: int) -> Span:
        """Return the source span of ``text[start:end]``; an empty span maps to an empty one."""
        first = self.at(start)
        return (first, self.at(end - 1) + 1) if end > start else (first, first)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of text that moved a score: ``weight`` is its signed share of the score, ``rule`` how it came to count.

    For a sentence the pieces are words and, under ``"context"``, a sentence beside it; for a section or an article they
    are whole sentences, as read (``Sentence.plain``).
    """

    text: str
    start: int
    end: int
    weight: float
    rule: str


@dataclass(frozen=True, slots=True)
class Polarity:
    """How negative or positive a text is, and why.

    Attributes:
        label: its own decision, which need not be the sign of ``score``.
        score: P(positive) - P(negative), in [-1, 1].
        negative, neutral, positive: the probabilities of a sentence (they add up to 1); for a section, an article or a
            concept the mean of its sentences' probabilities.
        evidence: what decided it, strongest first.
    """

    label: Label
    score: float
    negative: float
    neutral: float
    positive: float
    evidence: tuple[Evidence, ...] = ()

    def __repr__(self) -> str:
        return f"Polarity({self.label} {self.score:+.2f})"


UNSCORED = Polarity("neutral", 0.0, 0.0, 1.0, 0.0)
"""What a value carries before the polarity stage has seen it."""


class Token(NamedTuple):
    """A word with its part of speech in jieba's tag set (``"n"``, ``"v"``, ``"a"``, ``"nr"``, ``"x"`` …).

    ``word`` is as read; it differs from the source's ``start:end`` where an edit falls inside.
    """

    word: str
    pos: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, or a heading, a row of a table, a block of code: together they tile the sections but for white space.

    Attributes:
        text: the source's ``start:end``.
        section: index of its section.
        paragraph: number of its paragraph in the article, from 0.
        kind: see ``is_prose``.
        plain: the text as read: repaired, without mark-up and hard wraps. The later stages read this one.
        offsets: the source offset of each character of ``plain``; empty where ``plain`` is ``text``.
        polarity: of this sentence, read with its neighbours; headings and code are neutral.
    """

    text: str
    start: int
    end: int
    section: int
    paragraph: int
    kind: SentenceKind
    plain: str
    offsets: tuple[int, ...] = field(default=(), repr=False)
    polarity: Polarity = UNSCORED

    def __repr__(self) -> str:
        return f"Sentence({self.start}:{self.end}, {self.kind}, {self.polarity.label}, {_short(self.plain)!r})"

    def _repr_html_(self) -> str:
        from pipeline.write.rich import sentence_html

        return sentence_html(self)

    @property
    def is_prose(self) -> bool:
        """Whether polarity, summaries and the network read it: running text and tables; no headings, no code."""
        return self.kind in ("text", "table")

    def span(self, start: int, end: int) -> Span:
        """Return the source span of ``plain[start:end]`` (not empty)."""
        if not self.offsets:
            return self.start + start, self.start + end
        return self.offsets[start], self.offsets[end - 1] + 1

    def within(self, offset: int) -> int:
        """Return the position in ``plain`` of a source offset: of the first character that is not before it."""
        if self.offsets:
            return bisect_left(self.offsets, offset)
        return min(max(offset - self.start, 0), len(self.plain))


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word or phrase that a text turns on.

    Attributes:
        term: as shown.
        score: salience, larger is stronger; comparable within one list only.
        count: occurrences.
        spans: where they are; each reads ``term`` but for mark-up, wraps and repaired dirt.
        keyness: of a section's keyword: by how many standard deviations the section uses it more than the rest of the
            article does (log-odds ratio with a Dirichlet prior, Monroe, Colaresi & Quinn 2008), negative for less; from
            1.96 on it is seldom chance. None for a text as a whole, and where a section is all of it.
    """

    term: str
    score: float
    count: int
    spans: tuple[Span, ...]
    keyness: float | None = None

    def __repr__(self) -> str:
        return f"Keyword({self.term!r}, {self.score:.2f}, ×{self.count})"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with the text up to the next heading of any level; spans do not nest.

    Attributes:
        heading: as shown, numbering kept, mark-up and link targets removed; None without one.
        level: depth of meaning, 1 is the top.
        kind: ``"intro"`` is untitled text before the first heading, ``"conclusion"`` a closing.
        parent: index of the section that encloses it, None at the top.
        polarity: aggregate of its sentences.
        keywords: what sets it apart, strongest first.
        summary: one or two of its sentences, in document order.
    """

    heading: str | None
    level: int
    kind: SectionKind
    start: int
    end: int
    parent: int | None = None
    polarity: Polarity = UNSCORED
    keywords: tuple[Keyword, ...] = ()
    summary: tuple[Sentence, ...] = ()

    def _repr_html_(self) -> str:
        from pipeline.write.rich import section_html

        return section_html(self)

    def __repr__(self) -> str:
        terms = " ".join(keyword.term for keyword in self.keywords[:5])
        return f"Section({self.heading!r}, {self.kind}, {self.start}:{self.end}, {self.polarity}, {terms!r})"


@dataclass(frozen=True, slots=True)
class Mention:
    """An occurrence of a concept under one of its names (``alias``, as the text has it).

    ``polarity`` is of the clauses that are about it, not of the whole sentence; |score| <= 0.1 counts as neutral.
    """

    concept: str
    alias: str
    start: int
    end: int
    sentence: int
    section: int
    polarity: Polarity = UNSCORED

    def __repr__(self) -> str:
        return f"Mention({self.concept} as {self.alias!r}, {self.start}:{self.end}, {self.polarity})"


@dataclass(frozen=True, slots=True)
class Name:
    """A person, product or organisation that a text names.

    Attributes:
        name: as shown: of forms that differ in case or blanks (VSCode, VS Code) the commonest.
        kind: of which it is; works (books, films, games) and programming languages are products.
        count: occurrences; one inside a longer name is none.
        spans: where they are, headings included, code left out; each reads ``name`` but for case, blanks, mark-up,
            wraps and repaired dirt.
        cues: what decided it, strongest first: ``"list"``, ``"title"``, ``"says"``, ``"suffix"`` …
    """

    name: str
    kind: NameKind
    count: int
    spans: tuple[Span, ...]
    cues: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Name({self.name!r}, {self.kind}, ×{self.count})"


@dataclass(frozen=True, slots=True)
class Node:
    """A concept, a name or a key term in the network.

    Attributes:
        units: how many hold it (boolean per unit).
        mentions: how often it occurs, headings included.
        score: mean polarity score of what is said about it, in [-1, 1].
        sections: indices of the sections that it occurs in, headings included.
        places: the units that hold it, numbered from 0 in reading order among all units: what an edge is counted from.
    """

    name: str
    kind: NodeKind
    units: int
    mentions: int
    score: float
    sections: tuple[int, ...] = ()
    places: tuple[int, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Relation:
    """What a sentence says of two nodes that it holds, by the words that say it.

    Attributes:
        kind: ``"opposition"`` (one stands against the other), ``"cause"``, ``"means"`` (one serves the other) or
            ``"priority"`` (one is put above the other).
        cue: the words, as read; ``start``, ``end``: where the first of them stands in the source.
        sentence: index of the sentence.
        forward: True where the edge's source is the cause, the means or what is put first, False where its target is;
            None for an opposition.
    """

    kind: RelationKind
    cue: str
    start: int
    end: int
    sentence: int
    forward: bool | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """Two nodes that occur together, ``source`` before ``target`` in node order.

    All statistics but ``p_adjusted`` follow from the four counts (``network.association`` has the formulas and their
    sources). With n_ij = ``count``, n_i = ``source_count``, n_j = ``target_count``, N = ``units``:

    Attributes:
        count: units that hold both (boolean per unit); the weight of the edge.
        source_count, target_count: units that hold each.
        units: all units.
        support: n_ij / N, in [0, 1].
        jaccard: n_ij / (n_i + n_j - n_ij), in [0, 1].
        dice: 2 n_ij / (n_i + n_j), in [0, 1].
        simpson: n_ij / min(n_i, n_j), the overlap coefficient, in [0, 1].
        association_strength: n_ij N / (n_i n_j), observed by expected: 1 at chance.
        pmi: pointwise mutual information in bits, log2 of the former.
        npmi: normalised PMI, in [-1, 1] (Bouma 2009).
        log_likelihood: Dunning's (1993) G2 ratio, signed: negative where they meet less often than chance.
        odds_ratio, odds_low, odds_high: with the ends of its 95 % interval (Haldane-Anscombe, Woolf).
        p_value: Fisher's exact test, one-sided (together more often than chance).
        p_adjusted: the same after Benjamini and Hochberg's correction over all pairs of its family: the pairs of
            concepts, which were chosen before the article was read, or those with a name or term, which it chose.
        tone: mean polarity score of the sentences behind it, in [-1, 1].
        relations: what those sentences say of the two, where a cue says so.
        sentences: indices of the sentences behind it.
    """

    source: str
    target: str
    count: int
    source_count: int
    target_count: int
    units: int
    support: float
    jaccard: float
    dice: float
    simpson: float
    association_strength: float
    pmi: float
    npmi: float
    log_likelihood: float
    odds_ratio: float
    odds_low: float
    odds_high: float
    p_value: float
    p_adjusted: float
    tone: float
    relations: tuple[Relation, ...]
    sentences: tuple[int, ...]

    def __repr__(self) -> str:
        ends = f"{self.source}–{self.target}"
        return (
            f"Edge({ends}, ×{self.count} of {self.units}, tone {self.tone:+.2f}, NPMI {self.npmi:+.2f}, "
            f"p {self.p_value:.2g}, adjusted {self.p_adjusted:.2g})"
        )


@dataclass(frozen=True, slots=True)
class Network:
    """Which nodes occur together within ``units`` units of the kind ``unit``.

    Nodes are concepts in the order of the lexicon, then names, then key terms. Edges are all pairs that meet, the
    strongest first; which of them to draw is ``network.selection.select``'s to say.
    """

    unit: Unit
    units: int
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def __repr__(self) -> str:
        return f"Network({len(self.nodes)} nodes, {len(self.edges)} edges within {self.units} {self.unit}s)"

    def _repr_html_(self) -> str:
        from pipeline.write.rich import network_html

        return network_html(self)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a node stands in the network.

    Attributes:
        degree: neighbours.
        strength: sum of the counts of its edges.
        betweenness: share of shortest paths through it (distance 1 / count), normalised, in [0, 1].
        pagerank: share of the visits of a reader who walks from node to node along edges, in proportion to their
            counts, and jumps anywhere with probability 0.15; adds up to 1.
        community: number of its community, from 0, the largest first.
        agreement: how surely it belongs there: mean over the other members of the share of runs, each from another
            seed, that put the two together, in [0, 1]; 1 for a node that is alone.
    """

    degree: int
    strength: int
    betweenness: float
    pagerank: float
    community: int
    agreement: float = 1.0


@dataclass(frozen=True, slots=True)
class Stability:
    """How far an edge depends on which units happened to be written: bootstrap over units.

    Attributes:
        low, high: 95 % percentile interval of ``count``.
        strongest: share of the resamples in which it is among the ``rank`` strongest of its family, in [0, 1].
        rank: see ``strongest``.
    """

    low: int
    high: int
    strongest: float
    rank: int


@dataclass(frozen=True, slots=True)
class CourseStep:
    """A link within one section.

    Attributes:
        section: its index.
        count: sentences of the section that hold both.
        tone: mean polarity score of these, in [-1, 1].
        relations: kinds of relation that they state, each once.
        events: what happens to the link here: it ``"appears"``, ``"returns"`` after sections without it, its tone
            ``"turns"`` to the other side since the last section where it had one, it ``"fades"`` (no later section that
            has text holds it).
        sentences: indices.
    """

    section: int
    count: int
    tone: float
    relations: tuple[RelationKind, ...]
    events: tuple[CourseEvent, ...]
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """The course of a link through an article: one step for each section that holds it, in reading order."""

    source: str
    target: str
    steps: tuple[CourseStep, ...]
