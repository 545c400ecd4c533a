"""Sentences that stand for a text.

Extractive: nothing is rewritten. Whole sentences are chosen by their worth, which is learned (``worth``); none that
says what a chosen one has said, and none that would open the summary by pointing at what is not in it.

For a budget of characters clauses will do. One is worth the words it holds: words that the text repeats, the rarer
elsewhere the better, each counting less once a chosen one has it (centrality and redundancy in one: SumBasic, Nenkova &
Vanderwende 2005). They are chosen greedily by gain against length, as in budgeted maximisation of a submodular coverage
function (Lin & Bilmes 2011), in time linear in the text but for a heap.
"""

from __future__ import annotations

import heapq
import itertools
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.stages.worth import (
    DANGLING,
    META,
    QUESTION,
    Worth,
    facets,
    leans,
    own_features,
    placed_features,
    weigh,
)

if TYPE_CHECKING:
    from pipeline.model import Sentence, Token
    from pipeline.stages.keywords import Background, Stopwords

# Parts of speech without content: marks, particles, prepositions, conjunctions, pronouns, adverbs, locatives.
_EMPTY = frozenset(
    ("x", "u", "ud", "ug", "uj", "ul", "uv", "uz", "p", "c", "y", "e", "o", "r", "rr", "rz", "d", "q", "f")
)
_PREDICATE = frozenset(("v", "vd", "vg", "vi", "vn", "vq", "a", "ad", "an", "i", "l"))

# Worth of a word: occurrences ** _COUNT * idf ** _RARITY, times _AGAIN for each chosen span that has it already. Tuned
# for budgets of characters on VCSum rows 67-134 and LCSTS rows 250-499, where the optimum is flat. Whole sentences have
# the room to say what else happened, so there the most repeated words weigh less.
_COUNT, _COUNT_WHOLE, _RARITY, _AGAIN = 1.2, 0.7, 0.5, 0.6
_IN_HEADING = 2
"""Occurrences in the text that one in a heading is worth."""
_OPENS = 0.3
"""Share by which the first clause of a text is worth more than a later one; it falls off by e from clause to clause."""
_SAME, _SAID = 0.65, 0.05
"""Share of a span's words that a chosen one holds from which on it says the same, and the factor that it then gets."""
_LONG_SENTENCE, _TOO_LONG = 90, 1.0
"""Characters from which a whole sentence loses, and what it loses for twice as many (read)."""

_SAME_SECTION = 0.4
"""What each further sentence of a section loses in the summary of an article of several (read)."""
_OPENING_SECTION, _PARTS = 0.3, 2
"""What a sentence of the first section gains in an article of more than so many, since it tells how it came out (read).
"""
_NEUTRAL, _AGREES = 0.1, 0.6
"""Score beyond which a section has a tone, and what a sentence of full polarity on its side gains (read)."""
_LEANS = 0.8
"""What a sentence that leans on another loses in the summary of a section (read)."""
_SAID_AGAIN = 3.0
"""What a sentence that says what another has said loses."""
_ABOUT_TEXT = 2.0
"""What a sentence about the text loses, against a worth of 0 to 3 (read: the judged articles have hardly any)."""

# A clause that ends in one of these only names who speaks: what is said stands without it.
_REPORT = re.compile(
    "指出|表示|认为|承认|反思|强调|坦言|坦承|说|称|透露|介绍|说道|提到|写道|发现|觉得|知道|意识到|显示|表明|宣布|"
    "回应|回答|以为|相信|希望|建议|告诉|据悉|据说|获悉|了解|总结|补充|直言|解释|分析"
)
# A clause that opens with one of these has its subject, or its reason, in the one before.
_LEANING = re.compile(
    "导致|造成|使得?|从而|以|并且?|而且?|而是|让|致使|进而|以便|以及|和|与|或者?|甚至|包括|却|则|也|还|又|就|才|更|且|但是?"
)
_CLAUSE_END = frozenset("，,；;：:")
_OPENING, _CLOSING = frozenset("（(《【["), frozenset("）)》】]")
_QUOTES = (("“", "”"), ("‘", "’"), ("「", "」"), ("『", "』"))
_MIN_CLAUSE = 8
_ADVERBIAL, _ADVERB = 12, frozenset(("t", "tg", "m", "f", "d", "c", "p"))
"""Characters of an opening adverbial (近日，) that a clause can do without, and the tags that it may open with."""
_SHORT_CLAUSE = 10
"""Clauses are held to have at least so many characters, so that brevity alone wins nothing."""


@dataclass(frozen=True, slots=True)
class _Span:
    """A part of a sentence's plain text that may be chosen; ``words`` are what it covers."""

    sentence: Sentence
    start: int
    end: int
    words: tuple[str, ...]
    factor: float


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence as ``choose`` weighs it: what does not depend on the sentences around it.

    Attributes:
        sentence: itself.
        content: the content word of each token, "" for those without.
        worded: whether it holds any word at all.
        words: its different content words.
        features: ``worth.OWN``.
        leans: whether it shows that it leans on a sentence before it.
    """

    sentence: Sentence
    content: Sequence[str]
    worded: bool
    words: tuple[str, ...]
    features: tuple[float, ...]
    leans: bool


def summarize(
    sentences: Sequence[Sentence],
    tokens: Sequence[Sequence[Token]],
    *,
    background: Background,
    stopwords: Stopwords,
    characters: int,
) -> tuple[Sentence, ...]:
    """Return the clauses and sentences that stand for a text, in document order, until a budget is reached.

    Headings, tables and code are chosen only where there is nothing else; what headings say weighs in the choice.

    Args:
        sentences: of the text.
        tokens: of each sentence; they join to its plain text.
        background: how common words are elsewhere.
        stopwords: words of no weight.
        characters: the budget, which the last span may cross. A clause keeps the polarity of its sentence.

    Returns:
        Source spans (sentences, or complete clauses); never nothing for a text with words.

    Raises:
        ValueError: ``characters`` is below 1, or there is not one sequence of tokens a sentence.
    """
    if characters < 1:
        raise ValueError(f"characters is at least 1, not {characters}")
    if len(sentences) != len(tokens):
        raise ValueError(f"{len(sentences)} sentences, but tokens of {len(tokens)}")
    content = [_content(words, stopwords) for words in tokens]
    spans: list[_Span] = []
    for at in _pool(sentences, [_worded(words) for words in tokens]):
        spans.extend(_clauses(sentences[at], tokens[at], content[at], len(spans)))
    weights = _weights(sentences, content, background, _COUNT)
    return _cut(_cover(spans, weights, characters))


def passages(
    sentences: Sequence[Sentence], tokens: Sequence[Sequence[Token]], *, stopwords: Stopwords
) -> tuple[Passage, ...]:
    """Prepare sentences for ``choose``, once for the summaries of a text and of its parts."""
    out = []
    for sentence, words in zip(sentences, tokens, strict=True):
        content = _content(words, stopwords)
        leaning = leans(sentence.plain)
        values = own_features(sentence, words, facets(sentence.plain), leaning=leaning)
        out.append(Passage(sentence, content, _worded(words), _distinct(content), values, leaning))
    return tuple(out)


def placed(text: Sequence[Passage], background: Background) -> dict[int, tuple[float, ...]]:
    """Return ``worth.PLACED`` of each passage that may be chosen, by its number, among the others that may.

    What the words weigh, headings and all say.
    """
    weights = _weights([p.sentence for p in text], [p.content for p in text], background, _COUNT_WHOLE)
    pool = _pool([passage.sentence for passage in text], [passage.worded for passage in text])
    held = Counter([word for at in pool for word in text[at].words])
    values = placed_features(
        [sum([weights.get(word, 0.0) for word in text[at].words]) for at in pool],
        [len(text[at].sentence.plain) for at in pool],
        [sum([held[word] > 1 for word in text[at].words]) / max(1, len(text[at].words)) for at in pool],
    )
    return dict(zip(pool, values, strict=True))


def choose(
    text: Sequence[Passage], *, background: Background, worth: Worth, count: int, tone: float | None = None
) -> tuple[Sentence, ...]:
    """Return the ``count`` sentences, or fewer where there are no more, that stand for a text, in document order.

    Headings, tables and code are chosen only where there is nothing else. Two that say the same are not both chosen.
    For a whole text, the first is none that leans on what stands before it, unless there would then be fewer.

    Args:
        text: what ``passages`` has prepared.
        background: how common words are elsewhere.
        worth: how fit sentences are.
        count: at least 1.
        tone: of a section, its score: its sentences should speak for it, and may lean, if at a cost, on what its
            heading and the sections before it have said.

    Raises:
        ValueError: ``count`` is below 1.
    """
    if count < 1:
        raise ValueError(f"count is at least 1, not {count}")
    sections = [passage.sentence.section for passage in text]
    first = sections[0] if sections and sections[-1] - sections[0] >= _PARTS else None
    scores: dict[int, float] = {}
    for at, among in placed(text, background).items():
        passage = text[at]
        plain = passage.sentence.plain
        score = weigh(passage.features, worth.own) + weigh(among, worth.placed)
        score -= _TOO_LONG * max(0.0, math.log2(max(1, len(plain)) / _LONG_SENTENCE))
        if tone is not None:
            score -= _LEANS * passage.leans
            if abs(tone) > _NEUTRAL:
                score += math.copysign(_AGREES, tone) * passage.sentence.polarity.score
        if META.search(plain):
            score -= _ABOUT_TEXT
        if first is not None and passage.sentence.section == first:
            score += _OPENING_SECTION
        scores[at] = score
    chosen = _apart(text, scores, count)
    if tone is None and chosen and text[min(chosen)].leans:
        chosen = _opened(text, scores, chosen, count)
    return tuple([text[at].sentence for at in sorted(chosen)])


def _opened(text: Sequence[Passage], scores: Mapping[int, float], leaning: list[int], count: int) -> list[int]:
    """Return the best choice whose first sentence does not lean; ``leaning``, whose does, if there is none as long.

    It opens with the best sentence of all that do not lean, or with the best of those before ``leaning``.
    """
    free = [at for at in scores if not text[at].leans]
    options = []
    for openings in (free, [at for at in free if at < min(leaning)]):
        if openings:
            opening = max(openings, key=lambda at: (scores[at], -at))
            allowed = {at: score for at, score in scores.items() if at >= opening or not text[at].leans}
            options.append(_apart(text, allowed, count, opening=opening))
    best = max(options, key=lambda found: (len(found), sum([scores[at] for at in found])), default=[])
    return best if len(best) == len(leaning) else leaning


def _apart(
    text: Sequence[Passage], scores: Mapping[int, float], count: int, *, opening: int | None = None
) -> list[int]:
    """Return the ``count`` passages with the best scores, those last that say what another has said.

    Those of a section that has one already come after equals of other sections. ``opening`` is chosen in any case.
    Scores only fall: one that is still the best when renewed is the best.
    """
    chosen: list[int] = []
    covered: list[frozenset[str]] = []
    taken: Counter[int] = Counter()  # by section
    again: set[int] = set()
    heap = [(-score, at) for at, score in scores.items() if at != opening]
    heapq.heapify(heap)
    while len(chosen) < count and (heap or (opening is not None and not chosen)):
        if opening is not None and not chosen:
            at = opening
        else:
            was, at = heapq.heappop(heap)
            passage = text[at]
            now = scores[at] - _SAME_SECTION * taken[passage.sentence.section] - _SAID_AGAIN * (at in again)
            if -now > was:
                heapq.heappush(heap, (-now, at))
                continue
            words = passage.words
            if at not in again and any(
                len(other.intersection(words)) >= _SAME * min(len(words), len(other)) for other in covered if words
            ):
                again.add(at)
                heapq.heappush(heap, (_SAID_AGAIN - now, at))
                continue
        chosen.append(at)
        covered.append(frozenset(text[at].words))
        taken[text[at].sentence.section] += 1
    return chosen


def _content(tokens: Sequence[Token], stopwords: Stopwords) -> list[str]:
    """Return the content word of each token, "" for those without."""
    never = stopwords.never
    return ["" if token.pos in _EMPTY or token.word in never else token.word.lower() for token in tokens]


def _worded(tokens: Sequence[Token]) -> bool:
    return any(token.pos != "x" or token.word.isalnum() for token in tokens)


def _pool(sentences: Sequence[Sentence], worded: Sequence[bool]) -> list[int]:
    """Return the sentences to choose from: of text; failing that of tables, headings, code."""
    for kind in ("text", "table", "heading", "code"):
        pool = [at for at, sentence in enumerate(sentences) if sentence.kind == kind and worded[at]]
        if pool:
            return pool
    return []


def _weights(
    sentences: Sequence[Sentence], content: Sequence[Sequence[str]], background: Background, power: float
) -> dict[str, float]:
    counts: Counter[str] = Counter()
    for sentence, words in zip(sentences, content, strict=True):
        if sentence.kind == "text" or sentence.kind == "table":
            counts.update(words)
        elif sentence.kind == "heading":
            for word in words:
                counts[word] += _IN_HEADING
    counts.pop("", None)
    idf, unseen = background.idf, background.unseen
    return {word: n**power * idf.get(word, unseen) ** _RARITY for word, n in counts.items()}


def _distinct(content: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([word for word in content if word]))


def _clauses(sentence: Sentence, tokens: Sequence[Token], content: Sequence[str], before: int) -> list[_Span]:
    """Cut a sentence after commas and colons where both sides have a predicate; not inside brackets.

    ``before`` is the number of clauses in the sentences before.
    """
    cuts: list[tuple[int, int]] = [(0, 0)]  # offset in the plain text, token
    offset = depth = 0
    predicate = aside = False
    for number, token in enumerate(tokens, 1):
        word = token.word
        offset += len(word)
        if token.pos in _PREDICATE:
            predicate = True
        elif word in _OPENING:
            depth += 1
        elif word in _CLOSING:
            depth = max(0, depth - 1)
        elif word not in _CLAUSE_END or depth or number == len(tokens) or _LEANING.fullmatch(tokens[number].word):
            continue
        elif word in ",:" and tokens[number].word[0].isdigit() and tokens[number - 2].word[-1:].isdigit():
            continue  # 1,127 and 19:53
        elif predicate and (offset - cuts[-1][0] > _MIN_CLAUSE or _REPORT.fullmatch(tokens[number - 2].word)):
            cuts.append((offset, number))
            predicate = False
        elif not predicate and len(cuts) == 1 and offset <= _ADVERBIAL and tokens[0].pos in _ADVERB:
            cuts.append((offset, number))
            aside = True
    if len(cuts) > 1 and (not predicate or offset - cuts[-1][0] < _MIN_CLAUSE):
        cuts.pop()
    cuts.append((offset, len(tokens)))
    factor = 1.0
    if QUESTION.search(sentence.plain):
        factor *= 0.8
    if META.search(sentence.plain):
        factor *= 0.8
    out = []
    for nth, ((start, first), (end, last)) in enumerate(itertools.pairwise(cuts)):
        text = sentence.plain[start:end]
        worth = factor * (1 + _OPENS * math.exp(-before - nth)) / max(end - start, _SHORT_CLAUSE)
        if DANGLING.match(text):
            worth *= 0.9
        if last - first > 1 and last < len(tokens) and _REPORT.fullmatch(tokens[last - 2].word):
            worth *= 0.1
        if aside and not start:
            worth *= 0.1
        out.append(_Span(sentence, start, end, _distinct(content[first:last]), worth))
    return out


def _cover(spans: Sequence[_Span], weights: dict[str, float], characters: int) -> list[_Span]:
    """Choose spans greedily by gain, and return them in the order given.

    Gains only fall: one that is still the largest when renewed is the largest.
    """
    heap = [
        (-sum([weights.get(word, 0.0) for word in span.words]) * span.factor, number, 0)
        for number, span in enumerate(spans)
    ]
    heapq.heapify(heap)
    seen: Counter[str] = Counter()
    factors = [span.factor for span in spans]
    covered: list[frozenset[str]] = []
    chosen: list[int] = []
    taken = 0
    while heap and taken < characters:
        _, number, age = heapq.heappop(heap)
        span = spans[number]
        if age < len(chosen):
            gain = sum([weights.get(word, 0.0) * _AGAIN ** seen[word] for word in span.words])
            said = _SAME * len(span.words)
            if any(len(other.intersection(span.words)) >= said for other in covered[age:]):
                factors[number] *= _SAID
            heapq.heappush(heap, (-gain * factors[number], number, len(chosen)))
            continue
        chosen.append(number)
        start, end = span.sentence.span(span.start, span.end)
        taken += end - start
        seen.update(span.words)
        covered.append(frozenset(span.words))
    return [spans[number] for number in sorted(chosen)]


def _cut(spans: Sequence[_Span]) -> tuple[Sentence, ...]:
    """Return the spans as sentences, neighbours made one."""
    joined: list[tuple[Sentence, int, int]] = []
    for span in spans:
        if joined and joined[-1][0] is span.sentence and joined[-1][2] == span.start:
            joined[-1] = (span.sentence, joined[-1][1], span.end)
        else:
            joined.append((span.sentence, span.start, span.end))
    out = []
    for whole, start, end in joined:
        if start == 0 and end == len(whole.plain):
            out.append(whole)
            continue
        start, end = _trim(whole.plain, start, end)
        first, last = whole.span(start, end)
        out.append(
            replace(
                whole,
                text=whole.text[first - whole.start : last - whole.start],
                start=first,
                end=last,
                plain=whole.plain[start:end],
                offsets=whole.offsets[start:end],
            )
        )
    return tuple(out)


def _trim(plain: str, start: int, end: int) -> tuple[int, int]:
    """Leave blanks out at the ends of a clause, and a quotation mark whose other half is elsewhere."""
    text = plain[start:end]
    for opening, closing in _QUOTES:
        if text.startswith(opening) and closing not in text:
            start += 1
        if text.endswith(closing) and opening not in text:
            end -= 1
    while end - start > 1 and plain[start].isspace():
        start += 1
    while end - start > 1 and plain[end - 1].isspace():
        end -= 1
    return start, end
