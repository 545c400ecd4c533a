"""Sentences that stand for a text.

Extractive: nothing is rewritten. A sentence is worth the words it holds: words that the text repeats, the rarer
elsewhere the better, each counting less once a chosen sentence has it (centrality and redundancy in one: SumBasic,
Nenkova & Vanderwende 2005). Sentences are chosen greedily by gain against length, as in budgeted maximisation of a
submodular coverage function (Lin & Bilmes 2011), in time linear in the text but for a heap. Of whole sentences, what a
reader of a retrospective marks (what went wrong, why, what was done) is covered in the same way: each of the three is
worth something once, and less after that.
"""

from __future__ import annotations

import heapq
import itertools
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

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
_FACET, _FACET_AGAIN = 0.6, 0.3
"""Worth of the first sentence on a facet, against the worth of a mean sentence; and the factor for each further one."""
_SAME, _SAID = 0.65, 0.05
"""Share of a span's words that a chosen one holds from which on it says the same, and the factor that it then gets."""
_TONE = 0.4
"""Share by which a sentence of full polarity is worth more than a neutral one (where polarity is known)."""

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
_SHORT_CLAUSE, _SHORT_SENTENCE, _LONG_SENTENCE = 10, 24, 90
"""Spans are held to have at least so many characters, so that brevity alone wins nothing; beyond the last they lose."""
_SENTENCE_LENGTH = 0.7
"""Exponent of length for whole sentences; for a budget of characters it is 1."""

# Openings that lean on a sentence before.
_DANGLING = re.compile(
    r"[“”\"「『（(]*(?:此外|另外|同时|因此|因而|所以|于是|然而|但|不过|而(?!立)|并且|并不|且|也|还|却|其中|其次|再次|再者|"
    r"最后|然后|接着|随后|例如|比如|这|那|该|此|他|她|它|其(?!他)|两者|前者|后者|首先|第[一二三四五六]|[一二三四五六]是|"
    r"反之|相反|换|总之|当然|其实|至于|与此|除此|如此|正因|为此|由此|以上|上述|尽管如此|即便如此|不仅如此|更重要的是|与之)"
)
# Sentences about the text, not of it.
_META = re.compile(
    r"本文|下文|前文|接下来[^。]{0,6}(?:介绍|讨论|分析|展开|谈)|(?:如|见)[上下]?(?:图|表)"
    r"|[三四五]个方面|以下(?:几|是|为|将)|谢谢|感谢(?:大家|阅读)|链接|转载|点击"
)
_QUESTION = re.compile(r"[？?][”」』\"）)]*$")
_UNFINISHED = re.compile(r"(?:[：:，,、]|——|…|\.{3}|如下)[”」』\"]*$")
_FINISHED = re.compile(r"[。！!.；;][”」』\"’）)]*$")
_FULL_STOP = frozenset("。！!；;")  # a sentence that ends so is finished
_FACETS = (
    # what went wrong (or right)
    re.compile(
        "失败|失误|失利|事故|故障|偏差|错误|教训|不足|缺乏|忽略|忽视|短板|漏洞|隐患|下降|下滑|受损|"
        "未能|没能|未达|延期|超支|流失|成功|超额|达成"
    ),
    # why
    re.compile("因为|由于|之所以|导致|造成|致使|使得|源于|根源|根因|原因|在于|归因|归咎|引发|反映出|暴露|说明|意味着"),
    # what was done, or must be
    re.compile(
        "改进|改革|整改|修复|解决|调整|优化|强化|建立|推出|重构|完善|补救|回滚|上线了|制定|规范|转向|转变|必须|下一步|今后"
    ),
)


@dataclass(frozen=True, slots=True)
class _Span:
    """A part of a sentence's plain text that may be chosen; ``facets`` and ``words`` are what it covers."""

    sentence: Sentence
    start: int
    end: int
    words: tuple[str, ...]
    facets: tuple[int, ...]
    factor: float


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence as ``choose`` weighs it: what does not depend on the sentences around it.

    Attributes:
        sentence: itself.
        content: the content word of each token, "" for those without.
        worded: whether it holds any word at all.
        whole: all of it, as what may be chosen.
    """

    sentence: Sentence
    content: Sequence[str]
    worded: bool
    whole: _Span


def summarize(
    sentences: Sequence[Sentence],
    tokens: Sequence[Sequence[Token]],
    *,
    background: Background,
    stopwords: Stopwords,
    count: int | None = None,
    characters: int | None = None,
) -> tuple[Sentence, ...]:
    """Return the sentences that stand for a text, in document order.

    Headings, tables and code are chosen only where there is nothing else; what headings say weighs in the choice.

    Args:
        sentences: of the text or section. Where they carry polarity, polar ones are preferred.
        tokens: of each sentence; they join to its plain text.
        background: how common words are elsewhere.
        stopwords: words of no weight.
        count: return so many whole sentences, or fewer where the text has no more.
        characters: instead, take source spans (sentences, or complete clauses) until they have so many characters; the
            last may cross it. A clause keeps the polarity of its sentence.

    Returns:
        Never nothing for a text with words.

    Raises:
        ValueError: not exactly one of ``count`` and ``characters`` is given, or it is below 1, or there is not one
            sequence of tokens a sentence.
    """
    limit = characters if count is None else count
    if limit is None or (count is not None and characters is not None):
        raise ValueError("give either count or characters")
    if limit < 1:
        raise ValueError(f"count and characters are at least 1, not {limit}")
    if len(sentences) != len(tokens):
        raise ValueError(f"{len(sentences)} sentences, but tokens of {len(tokens)}")
    if count is not None:
        return choose(passages(sentences, tokens, stopwords=stopwords), background=background, count=count)
    content = [_content(words, stopwords) for words in tokens]
    spans: list[_Span] = []
    for at in _pool(sentences, [_worded(words) for words in tokens]):
        spans.extend(_clauses(sentences[at], tokens[at], content[at], len(spans)))
    weights = _weights(sentences, content, background, _COUNT)
    return _cut(_cover(spans, weights, characters=characters))


def passages(
    sentences: Sequence[Sentence], tokens: Sequence[Sequence[Token]], *, stopwords: Stopwords
) -> tuple[Passage, ...]:
    """Prepare sentences for ``choose``, once for the summaries of a text and of its parts."""
    out = []
    for sentence, words in zip(sentences, tokens, strict=True):
        content = _content(words, stopwords)
        out.append(Passage(sentence, content, _worded(words), _whole(sentence, content)))
    return tuple(out)


def choose(text: Sequence[Passage], *, background: Background, count: int) -> tuple[Sentence, ...]:
    """Return what ``summarize`` does with ``count``, of sentences prepared before."""
    sentences = [passage.sentence for passage in text]
    spans = [text[at].whole for at in _pool(sentences, [passage.worded for passage in text])]
    weights = _weights(sentences, [passage.content for passage in text], background, _COUNT_WHOLE)
    return tuple([span.sentence for span in _cover(spans, weights, count=count)])


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


def _whole(sentence: Sentence, content: Sequence[str]) -> _Span:
    text = sentence.plain
    length = len(text)
    factor = (1 + _TONE * abs(sentence.polarity.score)) / max(length, _SHORT_SENTENCE) ** _SENTENCE_LENGTH
    if length > _LONG_SENTENCE:
        factor *= _LONG_SENTENCE / length
    if _DANGLING.match(text):
        factor *= 0.6
    if _META.search(text):
        factor *= 0.3
    if text[-1:] not in _FULL_STOP:  # as most do
        if _QUESTION.search(text) or _UNFINISHED.search(text):
            factor *= 0.2
        elif not _FINISHED.search(text):
            factor *= 0.5
    facets = tuple([k for k, facet in enumerate(_FACETS) if facet.search(text)])
    return _Span(sentence, 0, length, _distinct(content), facets, factor)


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
    if _QUESTION.search(sentence.plain):
        factor *= 0.8
    if _META.search(sentence.plain):
        factor *= 0.8
    out = []
    for nth, ((start, first), (end, last)) in enumerate(itertools.pairwise(cuts)):
        text = sentence.plain[start:end]
        worth = factor * (1 + _OPENS * math.exp(-before - nth)) / max(end - start, _SHORT_CLAUSE)
        if _DANGLING.match(text):
            worth *= 0.9
        if last - first > 1 and last < len(tokens) and _REPORT.fullmatch(tokens[last - 2].word):
            worth *= 0.1
        if aside and not start:
            worth *= 0.1
        out.append(_Span(sentence, start, end, _distinct(content[first:last]), (), worth))
    return out


def _cover(
    spans: Sequence[_Span],
    weights: dict[str, float],
    *,
    count: int | None = None,
    characters: int | None = None,
) -> list[_Span]:
    """Choose spans greedily by gain, and return them in the order given.

    Gains only fall: one that is still the largest when renewed is the largest.
    """
    if not spans:
        return []
    worth = [sum([weights.get(word, 0.0) for word in span.words]) for span in spans]
    facet = _FACET * sum(worth) / len(worth)
    heap = [
        (-(total + facet * len(span.facets)) * span.factor, number, 0)
        for number, (span, total) in enumerate(zip(spans, worth, strict=True))
    ]
    heapq.heapify(heap)
    seen: Counter[str] = Counter()
    facets = [0] * len(_FACETS)
    factors = [span.factor for span in spans]
    covered: list[frozenset[str]] = []
    chosen: list[int] = []
    taken = 0
    while heap and (len(chosen) < count if count is not None else taken < (characters or 0)):
        _, number, age = heapq.heappop(heap)
        span = spans[number]
        if age < len(chosen):
            gain = sum([weights.get(word, 0.0) * _AGAIN ** seen[word] for word in span.words])
            gain += facet * sum([_FACET_AGAIN ** facets[k] for k in span.facets])
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
        for k in span.facets:
            facets[k] += 1
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
