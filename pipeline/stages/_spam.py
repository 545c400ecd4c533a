"""Finds spam that a scraper pushed into an article: the spans to take out.

There is no list of brands. What gives an insert away is the text without it: a word comes back, and characters that no
word held are held again, while nothing else in the article knows the insert. How well a text reads is the cost of its
best division into words, where a word costs as much as it is rare; the difference that taking out the insert makes
weighs as evidence, in nats.

Between two words none comes back. There, what words follow one another is weighed (``_between``), and only in articles
that hold different inserts inside words.

A cheap pass over the article finds places where there may be something; the costs are worked out there alone.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.stages import _between as between
from pipeline.stages._lines import scan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pipeline.model import Span
    from pipeline.stages.keywords import Background
    from pipeline.stages.tokens import Segmenter

_HAN = "\u4e00-\u9fff"
# Function words and the commonest verbs and measures, which a name seldom holds.
PLAIN = frozenset(
    "的了是在我你他她它们有和就不人都一这那个上下来去到说要会着没看好自己也很而与及或但又被把对从向为以于其之则该每各某"
    "再还最更让使给将可能够想做用多少大小中里外前后内间年月日时分秒次位两二三四五六七八九零几第等比如若因所由当便即才却仍"
    "已曾未正令叫请先吗呢吧啊呀嘛哦么啦嗯哈全只太真挺非较极均皆得过起出进回开走地当总高低市此十百千万亿"
)
# Those of them that no name holds.
FUNCTION = frozenset("的了是我你他她它们就也很但被吗呢吧啊呀嘛么这那")
# A noun after one of them is no stranger: 因汗水而, 据某人介绍
_PREPOSITIONS = frozenset("据在从因对于向往由为与和把将按当以随")
_NUMERALS = frozenset("一二三四五六七八九十百千万亿两几数")  # what they count is said, and may stand before any noun
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟"
    "谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_LONGEST = 4  # characters of the longest word that comes back
_CONTEXT = 7  # characters on either side of an insert that are read with it
_LONG = 20_000  # characters of a text that is counted out
# Places of a kind that are looked into: an article has some dozens, and hostile text may have any number.
_MOST = 5_000

# Costs of words, in nats: their idf and what a word costs at all; a word that only the dictionary knows; a character
# that is no word; one at random.
_WORD = 4.5
_RARE = 17.0
_STRAY = 17.5
_NEVER = float("inf")
_CHARACTER = 8.2
_FOREIGN_WORD = 13.5

_MANY = 4  # occurrences
_LOOSE = 0.06  # share of words that are stray characters, in common prose


class Costs(dict[str, float]):
    """The cost of each string as one word, worked out when first asked for; infinite for what is no word."""

    def __init__(self, has_word: Callable[[str], bool], idf: Mapping[str, float]) -> None:
        super().__init__()
        self._has_word = has_word
        self._idf = idf

    def __missing__(self, word: str) -> float:
        idf = self._idf.get(word)
        if idf is not None:
            cost = idf + _WORD
        elif len(word) == 1:
            cost = _STRAY
        else:
            cost = _RARE if self._has_word(word) else _NEVER
        self[word] = cost
        return cost

    def parse(self, text: str) -> float:
        """Return the cost of the best division of ``text`` into words."""
        # The costs of what ends one to four characters before
        near, second, third, fourth = 0.0, _NEVER, _NEVER, _NEVER
        for end in range(1, len(text) + 1):
            best = near + self[text[end - 1 : end]]
            if end > 1:
                best = min(best, second + self[text[end - 2 : end]])
                if end > 2:
                    best = min(best, third + self[text[end - 3 : end]])
                    if end > 3:
                        best = min(best, fourth + self[text[end - 4 : end]])
            near, second, third, fourth = best, near, second, third
        return near

    def gain(self, left: str, right: str) -> float:
        """Return how much better ``left`` and ``right`` read as one text than as two; 0 if no word comes back."""
        left, right = left[-_CONTEXT:], right[:_CONTEXT]
        bound = max(
            (self.parse(left[-p:]) + self.parse(right[:q]) - self[left[-p:] + right[:q]] for p, q in _JUNCTIONS),
            default=0.0,
        )
        if bound <= 0:
            return 0.0
        return self.parse(left) + self.parse(right) - self.parse(left + right)


# How many characters of a word stand before and after the insert.
_JUNCTIONS = tuple((p, q) for p in range(1, _LONGEST) for q in range(1, _LONGEST - p + 1))


class Counts(dict[str, int]):
    """How often each string of ``size`` characters (1 or 2) stands in a text, counted when first asked for."""

    def __init__(self, text: str, size: int) -> None:
        super().__init__()
        self._text = text
        self._size = size
        self._whole = False

    def __missing__(self, string: str) -> int:
        # A few searches are faster than to count out a short text; in a long one any number of them must not be slow
        if len(self._text) <= _LONG:
            self[string] = count = self._text.count(string)
            return count
        if not self._whole:
            self._whole = True
            self.update(Counter(self._text if self._size == 1 else map("".join, pairwise(self._text))))
        return self.get(string, 0)


class Article:
    """The text that is looked at, and what the searches need to know of it."""

    def __init__(self, text: str, segmenter: Segmenter, background: Background) -> None:
        self.text = text
        self.parse = segmenter.parse
        self.costs = Costs(segmenter.has_word, background.idf)
        self.idf = background.idf
        self.words = 0
        self.loose = 0
        self.pairs = Counts(text, 2)
        self.characters = Counts(text, 1)

    @property
    def strangeness(self) -> float:
        """How much more evidence it takes in a text full of terms, names or dialect that no dictionary holds."""
        share = (self.loose + _LOOSE * 80) / (self.words + 80)
        return 60 * max(0.0, share - 0.02 - _LOOSE)

    def count(self, string: str) -> int:
        """Return how often ``string``, of two characters or more, stands in the text; a bound for a long text."""
        most = min(self.pairs[string[k : k + 2]] for k in range(len(string) - 1))
        return most if most <= 1 or len(string) == 2 or len(self.text) > _LONG else self.text.count(string)

    def foreign(self, string: str, times: int) -> bool:
        """Tell whether no two characters of ``string`` (half of them, for many occurrences) stand together anywhere but
        in its own ``times`` occurrences."""
        inside = Counter(map("".join, pairwise(string)))
        own = [self.pairs[pair] <= n * times for pair, n in inside.items()]
        # What stands at many places may hold a word of the article, as 某某智能 does in one on locks
        return all(own) if times < _MANY else sum(own) * 2 >= len(own) > 0


def injections(text: str, segmenter: Segmenter, background: Background) -> list[Span]:
    """Return the spans of ``text`` that were pushed into it, in order; they do not overlap."""
    article = Article(text, segmenter, background)
    found: list[Span] = []
    for search in (_keyword_lists, _brackets, _dashes, _pinyin, _symbols):
        found += search(article)
    inside = _latin(article) + _names(article)
    found += inside
    return _in_text(text, _disjoint(found + _between_words(article, inside, found)))


def _in_text(text: str, spans: list[Span]) -> list[Span]:
    """Return the spans that do not begin in code or in a table, whose rows are lists of words by nature."""
    if not spans:
        return spans
    lines = scan(text)
    starts = [line.start for line in lines]
    at = (bisect_right(starts, start + (text[start : start + 1] == "\n")) - 1 for start, _ in spans)
    return [span for span, k in zip(spans, at, strict=True) if k < 0 or lines[k].role not in ("code", "table")]


def _disjoint(spans: Iterable[Span]) -> list[Span]:
    """Return the spans in order without those that begin inside an earlier one."""
    kept: list[Span] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


# --- Names and words of Chinese characters ---

_RUN = re.compile(rf"[{_HAN}]{{4,500}}")
_BESIDE = 4  # characters
_NAMES = 300  # different inserts at most
_SIZES = range(2, 6)  # characters of an insert
_LEAST_GAIN = 2.0
_SURE = (6.0, 5.5, 2.0)  # evidence for an insert that stands once: a made-up name, a word, two words
_LEAST = (2.0, 4.0, 2.0)  # for each place, of the same three
_NEIGHBOUR = 3.0  # less, for a neighbour that stands beside it elsewhere too
_REPEATED = 8.0  # for all places together, where there are several
_AMID_WORDS = 4.0  # more than _SURE, for one that also stands between words


@dataclass(frozen=True, slots=True)
class _Insert:
    start: int
    end: int
    score: float
    around: str  # the characters before and after it


def _names(article: Article) -> list[Span]:
    """Find names and words pushed into words, and between words where the same one also stands in a word."""
    groups: defaultdict[str, list[_Insert]] = defaultdict(list)
    for run, at, spots in _spots(article):
        for s, e in spots:
            score = _evidence(article, run, s, e)
            if score >= _LEAST[_words(article, run[s:e])]:
                groups[run[s:e]].append(_Insert(at + s, at + e, score, run[s - 1] + run[e]))
    chosen = [(sum(i.score for i in spots), spots) for name, spots in groups.items() if _stands(article, name, spots)]
    chosen.sort(key=lambda item: (-item[0], item[1][0].start))
    taken: set[int] = set()
    found: list[Span] = []
    for _, inserts in chosen[:_NAMES]:
        for a, b in _occurrences(article, inserts):
            # The evidence for what stands beside an insert was read with it
            if taken.isdisjoint(range(a - _BESIDE, b + _BESIDE)):
                taken.update(range(a, b))
                found.append((a, b))
    return found


def _spots(article: Article) -> Iterator[tuple[str, int, list[Span]]]:
    """Yield runs of Chinese characters, their offsets, and where in them a common word comes back without an insert."""
    left = 10 * _MOST + len(article.text) // 2
    for m in _RUN.finditer(article.text):
        run = m[0]
        words = article.parse(run)
        article.words += len(words)
        article.loose += sum([len(word) == 1 and word not in PLAIN for word in words])
        places = set(_places(words))
        spots = {
            (s, e)
            for s, e in places
            if s > 0 and e < len(run) and FUNCTION.isdisjoint(run[s:e]) and _comes_back(article, run, s, e)
        }
        if spots:
            yield run, m.start(), sorted(spots)
        left -= len(places) + 20 * len(spots)
        if left < 0:
            return


def _places(words: list[str]) -> Iterator[Span]:
    """Yield where inserts could be, by the words that the text as it stands is read as.

    Single characters are what an insert leaves of a word, and what a made-up name is read as.
    """
    at = 0
    sizes = [0, 0, 0]  # of the three words before
    for word in words:
        size = len(word)
        if size == 1:
            if word not in PLAIN:
                for k in _SIZES:
                    yield at, at + k
                    yield at + 1, at + 1 + k
                    yield at - k, at
            if sizes[1] == 1 < sizes[2]:
                yield at - sizes[2], at
            elif sizes[0] == 1 < sizes[1] and sizes[2] > 1:
                yield at - sizes[1] - sizes[2], at
        sizes = [*sizes[1:], size]
        at += size


def _comes_back(article: Article, run: str, s: int, e: int) -> bool:
    """Tell whether a common word that reads better than its parts comes back without ``run[s:e]``."""
    idf = article.idf
    a, b, one, two = run[s - 1], run[e], run[s - 2 : s], run[e : e + 2]
    # The lengths of the junctions written out: this is asked some hundred times in an article
    if not (
        a + b in idf
        or a + two in idf
        or one + b in idf
        or one + two in idf
        or a + run[e : e + 3] in idf
        or run[s - 3 : s] + b in idf
    ):
        return False
    costs = article.costs
    return any(
        s >= p
        and (word := run[s - p : s] + run[e : e + q]) in idf
        and costs.parse(run[s - p : s]) + costs.parse(run[e : e + q]) - costs[word] >= _LEAST_GAIN
        for p, q in _JUNCTIONS
    )


def _evidence(article: Article, run: str, s: int, e: int) -> float:
    """Return how much more likely ``run[s:e]`` is an insert than part of the text."""
    costs, pairs = article.costs, article.pairs
    left, insert, right = run[max(0, s - _CONTEXT) : s], run[s:e], run[e : e + _CONTEXT]
    apart = costs.parse(left) + costs.parse(right)
    gain = apart - costs.parse(left + right)
    if gain < _LEAST_GAIN or insert[0] in _NUMERALS:
        return 0.0
    whole = costs.parse(left + insert + right)
    # An insert does not make words with its neighbours
    slack = apart + costs.parse(insert + right) + costs.parse(left + insert) - 2 * whole
    size = e - s
    score = gain - slack / 2
    if any(all(pairs[word[k : k + 2]] for k in range(len(word) - 1)) for word in _back(article, left, right)):
        score += 3
    if left[-1] in _PREPOSITIONS:
        score -= 3
    parts = _words(article, insert)
    if parts == 2 and left[-1] in PLAIN and right[0] in PLAIN:
        score -= 3
    if parts == 1:
        score += min(whole - apart - _FOREIGN_WORD, 5) - 3 * (not PLAIN.isdisjoint(insert))
    else:
        usual = min(_CHARACTER * size, _FOREIGN_WORD * 1.6 if parts == 2 else 100)
        score += min((whole - apart - usual) / 2, 4)
        score -= sum(1.5 for character in insert if character in PLAIN)
        # A term of the article is made of the article's characters
        score -= 1.5 * sum(article.characters[character] > 1 for character in insert) / max(1, article.count(insert))
        if left[-1] in _SURNAMES and size == 2:  # a person's name
            score -= 14
    return score


def _back(article: Article, left: str, right: str, *, halves: bool = True) -> list[str]:
    """Return the common words that come back where ``left`` and ``right`` meet; without ``halves`` not two by two."""
    ways = [(p, q) for p, q in _JUNCTIONS if p <= len(left) and q <= len(right) and (halves or (p, q) != (2, 2))]
    words = [left[-p:] + right[:q] for p, q in ways]
    return [word for word in words if word in article.idf]


def _words(article: Article, insert: str) -> int:
    """Return of how many words an insert consists: 1, 2, or 0 for one that is no word nor two."""
    costs = article.costs
    if costs[insert] <= _RARE:
        return 1
    return 2 if any(costs[insert[:k]] <= _RARE and costs[insert[k:]] <= _RARE for k in range(2, len(insert) - 1)) else 0


def _stands(article: Article, name: str, inserts: list[_Insert]) -> bool:
    """Tell whether ``name`` is an insert at all, by all the places where it stands."""
    times = article.count(name)
    sure = _SURE[_words(article, name)] + article.strangeness
    around = {insert.around for insert in inserts}
    best = max(insert.score for insert in inserts)
    pairs = article.pairs
    if times == 1:
        # What stands next to its neighbour elsewhere too may belong to it
        a, b = inserts[0].start, inserts[0].end
        again = (pairs[article.text[a - 1 : a + 1]] > 1) + (pairs[article.text[b - 1 : b + 1]] > 1)
        return best - _NEIGHBOUR * again >= sure
    if len(around) > 1:
        if len(around) * 3 < times:
            return False  # a word of the article
        return best >= sure and sum(max(i.score for i in inserts if i.around == each) for each in around) >= _REPEATED
    return times > len(inserts) and best >= sure + _AMID_WORDS


def _occurrences(article: Article, inserts: list[_Insert]) -> list[Span]:
    """Return the places where to take out an insert that ``_stands``."""
    text = article.text
    name = text[inserts[0].start : inserts[0].end]
    inside = [(i.start, i.end) for i in inserts]
    if article.count(name) == len(inside):
        return inside
    every = [m.span() for m in re.finditer(re.escape(name), text)]
    around = [(text[a - 1 : a], text[b : b + 1]) for a, b in every]
    amid = all(_is_han(before) and _is_han(after) for before, after in around)
    if len({i.around for i in inserts}) > 1:
        return every if amid or len(inside) * 2 >= len(every) else inside
    # In one word only: elsewhere it could be a word that the article uses
    alike = max(Counter(before for before, _ in around).most_common(1)[0][1], len(around) - len(set(around)) + 1)
    return every if amid and len(inside) * 4 >= len(every) and alike * 2 <= max(2, len(around)) else []


def _is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


# --- Between two words ---


@dataclass(frozen=True, slots=True)
class _Scales:
    """How the evidence for a kind of candidates adds up, and how much of it is enough.

    Attributes:
        learned: factor of the learned log-odds.
        slack: what the best division of the text loses by cutting at both ends, in nats.
        rare: how much rarer than characters at random the candidate's words are, in nats.
        known: of its characters, the share that the article holds elsewhere.
        border: for each end, that the same two characters stand together elsewhere.
        surname: that it may be a person's name.
        base: added.
        repeated: enough, on average, for one that stands three times or more, always between words.
        beside: for one that stands once, in an article with different inserts.
    """

    learned: float
    slack: float
    rare: float
    known: float
    border: float
    surname: float
    base: float
    repeated: float
    beside: float


# A logistic regression on inserts of this program's own invention and on what clean text holds in their place
_SCALES = {
    between.NAME: _Scales(0.63, -0.5, 0.14, -2.4, -2.4, -0.9, 0.7, 0.6, 3.5),
    between.WORD: _Scales(1.13, -0.1, 0.11, -1.2, -0.6, 0.6, 2.3, 1.8, 3.0),
    between.PAIR: _Scales(0.8, 0.5, 0.45, -2.6, -1.9, 0.0, 6.0, 1.0, 3.0),
    between.LATIN: _Scales(1.27, 0.0, 0.0, 0.0, 0.0, 0.0, 0.8, 3.0, 3.2),
}
_REPEATS = 3
_OTHERS = 2  # different inserts inside words that make one between words likely
_DENSE = 2_000  # characters of text for each of them at most: a long text has false alarms too
_FEW = 1.0  # more evidence for one that stands only so often
_APART = 120  # characters of text for each place: what stands more often is what the text is about


def _between_words(article: Article, inside: list[Span], found: list[Span]) -> list[Span]:
    """Find inserts between words, in an article that holds different ones ``inside`` words: one name at many places
    makes no other likelier, different ones do. Clean text is not looked into, so that nothing in it is lost."""
    text = article.text
    if len({text[a:b] for a, b in inside}) < max(_OTHERS, len(text) // _DENSE):
        return []
    groups = _groups(article)
    scale = between.Scale(text, article.parse, article.idf)
    taken = {k for a, b in found for k in range(a - 1, b + 1)}
    out: list[Span] = []

    def take(spots: list[between.Candidate]) -> bool:
        free = all(taken.isdisjoint(range(a, b)) for _, a, b in spots)
        if free:
            for _, a, b in spots:
                taken.update(range(a - 1, b + 1))
                out.append((a, b))
        return free

    several = [spots for name, spots in groups.items() if _always_between(article, name, spots)]
    weighed = [
        (sum(_weight(article, scale, spot, len(spots)) for spot in spots) / len(spots), spots) for spots in several
    ]
    for weight, spots in sorted(weighed, key=lambda item: (-item[0], item[1][0][1])):
        if weight >= _SCALES[spots[0][0]].repeated + _FEW * (len(spots) == _REPEATS):
            take(spots)
    single = [spots[0] for name, spots in groups.items() if len(spots) == article.count(name) == 1]
    ranked = [(_weight(article, scale, spot, 1), spot) for spot in single]
    for weight, spot in sorted(ranked, key=lambda item: (-item[0], item[1])):
        if weight >= _SCALES[spot[0]].beside:
            take([spot])
    return out


def _groups(article: Article) -> dict[str, list[between.Candidate]]:
    """Return the candidates by what they are."""
    text = article.text
    groups: defaultdict[str, list[between.Candidate]] = defaultdict(list)
    left = 10 * _MOST
    for m in between.RUN.finditer(text):
        at = m.start()
        for kind, a, b in between.candidates(article.parse(m[0]), article.idf, PLAIN, FUNCTION):
            groups[m[0][a:b]].append((kind, at + a, at + b))
            left -= 1
        if left < 0:
            break
    for candidate, _ in zip(between.latin(text), range(_MOST), strict=False):
        groups[text[candidate[1] : candidate[2]]].append(candidate)
    return groups


def _always_between(article: Article, name: str, spots: list[between.Candidate]) -> bool:
    """Tell whether ``name`` stands several times, each time between other words, and is not what the text is about."""
    times = len(spots)
    if times < _REPEATS or times * _APART > len(article.text) or article.count(name) != times:
        return False
    # A term stands beside the same word again, be it part of a longer one
    before = Counter(article.text[a - 1] for _, a, _ in spots)
    after = Counter(article.text[b] for _, _, b in spots)
    return all(n == 1 or (n * 2 <= times and c in PLAIN) for around in (before, after) for c, n in around.items())


def _weight(article: Article, scale: between.Scale, spot: between.Candidate, times: int) -> float:
    """Return how much speaks for an insert, in log-odds; the scales say how much is enough."""
    kind, a, b = spot
    scales = _SCALES[kind]
    text, costs = article.text, article.costs
    score = scales.base + scales.learned * scale.evidence(spot)
    if kind == between.LATIN:
        return score
    insert, left, right = text[a:b], _han_before(text, a), _han_after(text, b)
    apart = costs.parse(left) + costs.parse(right)
    whole = costs.parse(left + insert + right)
    slack = apart + costs.parse(insert + right) + costs.parse(left + insert) - 2 * whole
    known = sum(article.characters[character] > times for character in insert) / (b - a)
    border = (article.pairs[text[a - 1 : a + 1]] > 1) + (article.pairs[text[b - 1 : b + 1]] > 1)
    surname = text[a - 1] in _SURNAMES or text[a] in _SURNAMES
    return (
        score
        + scales.slack * slack
        + scales.rare * (whole - apart - _CHARACTER * (b - a))
        + scales.known * known
        + scales.border * border
        + scales.surname * surname
    )


# --- Latin words and single marks in a Chinese word ---

_LATIN = re.compile(
    rf"(?<=[{_HAN}])(?=[0-9.]{{0,10}}[A-Za-z]{{2}})[A-Za-z0-9][A-Za-z0-9.-]{{2,30}}(?=[{_HAN}])", re.ASCII
)
_LATIN_GAIN = 3.0


def _latin(article: Article) -> list[Span]:
    """Find Latin inserts inside a word, and between characters where the same one also stands in a word."""
    text, costs = article.text, article.costs
    groups: defaultdict[str, list[_Insert]] = defaultdict(list)
    for m, _ in zip(_LATIN.finditer(text), range(_MOST), strict=False):
        a, b = m.span()
        if m[0].isupper() and m[0].isalpha():
            continue  # an abbreviation, as in names of methods
        left, right = _han_before(text, a), _han_after(text, b)
        if _may_meet(article, left, right) and (gain := costs.gain(left, right)) >= _LATIN_GAIN:
            groups[m[0]].append(_Insert(a, b, gain, text[a - 1] + text[b]))
    found: list[Span] = []
    for name, inserts in groups.items():
        every = [m.span() for m in re.finditer(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", text)]
        inside = [(i.start, i.end) for i in inserts]
        around = {i.around for i in inserts}
        amid = all(_is_han(text[a - 1 : a]) and _is_han(text[b : b + 1]) for a, b in every)
        if len(every) == 1:
            found += inside
        elif len(around) > 1:
            found += every if amid or len(inside) * 4 >= len(every) else inside
        elif len(every) > len(inside) and amid:
            found += every
    return found


def _han_before(text: str, at: int) -> str:
    """Return up to ``_CONTEXT`` Chinese characters that stand before ``at``."""
    start = at
    while start > 0 and at - start < _CONTEXT and _is_han(text[start - 1]):
        start -= 1
    return text[start:at]


def _han_after(text: str, at: int) -> str:
    """Return up to ``_CONTEXT`` Chinese characters from ``at`` on."""
    end = at
    while end < len(text) and end - at < _CONTEXT and _is_han(text[end]):
        end += 1
    return text[at:end]


def _may_meet(article: Article, left: str, right: str) -> bool:
    """Tell quickly whether a word could come back where ``left`` and ``right`` meet."""
    costs = article.costs
    return any(costs[left[-p:] + right[:q]] <= _RARE for p, q in _JUNCTIONS if p <= len(left) and q <= len(right))


_MARK = re.compile(
    rf"(?<=[{_HAN}])([^\w\s，。、；：？！,;:?!\"'“”‘’（）()《》〈〉【】「」『』—–…％%]\ufe0f?|[_ ])(?=[{_HAN}])"
    rf"(?:[{_HAN}]\1(?=[{_HAN}]))*"
)
_USUAL = frozenset("-./·~+&*－／∕|｜")  # marks that also stand between words
_MARK_GAIN = 2.5  # for each mark
_NAME_MARKS = frozenset("·•・")  # and those between the parts of a name
_USUAL_GAIN = 6.0
_BLANK_GAIN = 9.0


def _symbols(article: Article) -> list[Span]:
    """Find marks and blanks between the characters of a word."""
    text, costs = article.text, article.costs
    found: list[Span] = []
    for m, _ in zip(_MARK.finditer(text), range(_MOST), strict=False):
        mark = m[1]
        marks = [(k, k + len(mark)) for k in range(m.start(), m.end(), len(mark) + 1)]
        if len(marks) > 12:
            continue
        left, right = _han_before(text, m.start()), _han_after(text, m.end())
        middle = m[0].replace(mark, "")
        least = _BLANK_GAIN if mark in " /-－" else _USUAL_GAIN if mark in _USUAL else _MARK_GAIN
        for (a, b), before, after in zip(
            marks,
            (left + middle[:k] for k in range(len(marks))),
            (middle[k:] + right for k in range(len(marks))),
            strict=True,
        ):
            if mark in _NAME_MARKS and before[-1] + after[0] not in article.idf:
                continue
            if mark == " " and not _amid_prose(text, a):
                continue
            if mark in "-－/" and (len(before) == 1 or not _back(article, before[-3:], after[:3], halves=False)):
                continue  # 左-右, 甲/乙双方, 皮埃-罗蒂
            if _may_meet(article, before, after) and costs.gain(before, after) >= least:
                found.append((a, b))
    return found


def _amid_prose(text: str, at: int) -> bool:
    """Tell whether the line around ``at`` is prose with a stray blank: few blanks among many characters."""
    start = max(text.rfind("\n", max(0, at - 60), at) + 1, at - 60, 0)
    end = text.find("\n", at, at + 60)
    around = text[start : end if end >= 0 else at + 60]
    return len(around) >= 12 and around.count(" ") * 6 <= len(around)


# --- Pinyin in brackets ---

_BRACKETED = re.compile(rf"(?<=[{_HAN}])[(（] ?([a-zA-Z\u00e0-\u00fc\u0101-\u01dc\u0300-\u030c'’ ]{{1,30}}?) ?[)）]")
_FINALS = (
    "iang iong uang ang eng ing ong ian iao uai uan ai an ao ei en er ia ie in iu ou ua ue ui un uo ve a e i o u v"
)
_SYLLABLES = frozenset(
    first + rest for first in ("", *"bpmfdtnlgkhjqxrzcsyw", "zh", "ch", "sh") for rest in _FINALS.split(" ")
)
_TEACHES = re.compile("拼音|读音|读作|念作|念成|读成|注音|声调|多音字|生字|发音|同音|谐音")
_PINYIN_GAIN = 4.0


def _pinyin(article: Article) -> list[Span]:
    """Find readings in brackets; an article that speaks of readings keeps its own."""
    text = article.text
    found: list[Span] = []
    for m, _ in zip(_BRACKETED.finditer(text), range(_MOST), strict=False):
        bare, toned = _toneless(m[1])
        before = _han_before(text, m.start())
        sizes = {size for size in _syllables(bare) if size <= len(before)}
        if not sizes:
            continue
        spaced = len(bare.split()) if " " in bare else 0
        if toned:
            # How to read a rare character is worth saying
            sure = any(_common(character) for character in before[-min(sizes) :])
        elif spaced:
            sure = spaced in sizes
        else:
            sure = 1 in sizes and article.costs.gain(before, _han_after(text, m.end())) >= _PINYIN_GAIN
        if sure:
            found.append(m.span())
    return [] if found and _TEACHES.search(text) else found


def _toneless(text: str) -> tuple[str, bool]:
    """Return pinyin without its marks, and whether it had any."""
    plain: list[str] = []
    toned = False
    for character in unicodedata.normalize("NFD", text.lower()):
        if character == "\u0308":
            plain[-1:] = ["v"]
        elif unicodedata.combining(character):
            toned = True
        else:
            plain.append(character)
    return "".join(plain), toned


def _syllables(text: str) -> set[int]:
    """Return of how many syllables of pinyin ``text`` could consist; nothing if of none."""
    counts: list[set[int]] = [{0}]
    for end in range(1, len(text) + 1):
        if text[end - 1] in " '’":
            counts.append(counts[-1])
        else:
            ways = (counts[k] for k in range(max(0, end - 6), end) if text[k:end] in _SYLLABLES)
            counts.append({n + 1 for way in ways for n in way})
    return counts[-1] - {0}


def _common(character: str) -> bool:
    """Tell whether a character is among the 3,755 that GB 2312 counts as common."""
    try:
        return character.encode("gb2312") < b"\xd8"
    except UnicodeEncodeError:
        return False


# --- Names in brackets or after a dash at the end of a sentence ---

_ENDS = "。！？!?；;…"
_BRACKET = re.compile(rf"(?<=[{_ENDS}{_HAN}])[ ]?【([{_HAN}A-Za-z0-9.]{{2,12}})】", re.ASCII)
_EDITORIAL = frozenset("完续图注源按编摄译责校附例表")
_RARE_WORD = 7.5  # idf of a word that is no label


def _brackets(article: Article) -> list[Span]:
    """Find 【names】 after a sentence or amid one."""
    text = article.text
    if "【" not in text:
        return []
    places: defaultdict[str, list[Span]] = defaultdict(list)
    for m, _ in zip(_BRACKET.finditer(text), range(_MOST), strict=False):
        places[m[1]].append(m.span())
    found: list[Span] = []
    for name, spans in places.items():
        if not _out_of_place(article, name, len(spans)):
            continue
        # Amid a sentence it could be set off, and before a text a label
        last = all(text[b : b + 1] in ("", "\n", *"。！？，；") for _, b in spans)
        amid = any(_is_han(text[a - 1]) for a, _ in spans)
        if last or (_unlike_label(article, name) and (len(spans) > 1 or not amid)):
            found += spans
    return found


def _out_of_place(article: Article, name: str, times: int) -> bool:
    """Tell whether the article knows nothing of ``name`` outside ``times`` places, and it is no editor's remark."""
    if not _EDITORIAL.isdisjoint(name) or not article.foreign(name, times):
        return False
    return times > 1 or _unlike_label(article, name)


def _unlike_label(article: Article, name: str) -> bool:
    """Tell whether ``name`` holds something other than the common words that labels consist of."""
    return any(article.idf.get(word.lower(), 99.0) >= _RARE_WORD for word in article.parse(name) if word not in PLAIN)


_DASHED = re.compile(
    rf"(?<=[{_HAN}])(?:[ ]?[\-_|–][ ]?|—)(?![\-—])([{_HAN}A-Za-z0-9.]{{3,12}})(?=[{_ENDS}]|[ ]?(?:\n|\Z))", re.ASCII
)


def _dashes(article: Article) -> list[Span]:
    """Find names after a single dash at the end of a sentence."""
    text = article.text
    places: defaultdict[str, list[Span]] = defaultdict(list)
    for m, _ in zip(_DASHED.finditer(text), range(_MOST), strict=False):
        places[m[1]].append(m.span())
    found: list[Span] = []
    for name, spans in places.items():
        if not _out_of_place(article, name, len(spans)) or not FUNCTION.isdisjoint(name) or name[0].isdigit():
            continue
        if len(spans) == 1 and text[spans[0][0]] in "—–":
            continue  # many type one dash where two belong
        # A sentence before it, not a title nor a range
        said = [len(_clause(text, a)) >= 8 for a, _ in spans]
        if all(said) and (len(spans) > 1 or text[spans[0][1] : spans[0][1] + 1] in tuple(_ENDS)):
            found += spans
    return found


_CLAUSE = re.compile(rf"[{_HAN}A-Za-z0-9，、]*\Z", re.ASCII)


def _clause(text: str, at: int) -> str:
    """Return up to 40 characters before ``at`` that hold no mark but commas."""
    m = _CLAUSE.search(text[max(0, at - 40) : at])
    return m[0] if m else ""


# --- Lists of keywords ---

_TERM = rf"[{_HAN}A-Za-z0-9]{{2,10}}"
_SEPARATOR = r"[ ]?[|｜,，、][ ]?|[ ]"
_EDGE = rf"[{_HAN}A-Za-z0-9]"
_LIST = re.compile(
    rf"(?<!{_EDGE})[ ]{{0,3}}{_TERM}(?P<sep>{_SEPARATOR})(?:{_TERM}(?P=sep)){{2,40}}{_TERM}(?!{_EDGE})", re.ASCII
)
_LABELLED = re.compile("关键词|关键字|标签|主题词|tag|keyword", re.IGNORECASE)
_TERMS = 4


def _keyword_lists(article: Article) -> list[Span]:
    """Find runs of four terms or more at the beginning or end of a paragraph, foreign to the article."""
    text = article.text
    found: list[Span] = []
    lists = [m for m, _ in zip(_LIST.finditer(text), range(_MOST), strict=False)]
    starts, ends = {m.start() for m in lists}, {m.end() for m in lists}
    for m in lists:
        a, b = m.span()
        terms = [term for term in re.split(r"[ |｜,，、]+", m[0]) if term]
        opens = a == 0 or text[a - 1] in "\n" + _ENDS
        rest = text[b : b + 2].lstrip(" ")
        closes = not rest or rest[0] == "\n" or (rest[0] in _ENDS and not rest[1:].strip())
        first = a == 0 or text[a - 1] == "\n"
        if not opens or not (closes or (first and m["sep"] == " ")):
            continue
        if text[max(0, a - 6) : a].rstrip("\n ").endswith(("：", ":")):
            continue  # what the line before leads in
        table = b + 1 in starts or a - 1 in ends
        if _keywords(article, terms, blanks=m["sep"].strip() in ("", "|", "｜") and not table):
            if first and closes:
                # The whole line goes, and one line break with it
                if b < len(text):
                    b += 1
                elif a:
                    a -= 1
            found.append((a, b))
    return found


def _keywords(article: Article, terms: list[str], *, blanks: bool) -> bool:
    """Tell whether a list is of keywords that the article has nothing to do with."""
    if len(terms) < _TERMS or _LABELLED.search(terms[0]):
        return False
    if sum(not FUNCTION.isdisjoint(term) for term in terms) * 4 > len(terms):
        return False
    if sum(len(term) <= 3 and term[0] in _SURNAMES for term in terms) * 2 >= len(terms):
        return False
    joined = Counter(pair for term in terms for pair in map("".join, pairwise(term)))
    # How often the article says the same outside the list
    known = sum(any(article.pairs[pair] > joined[pair] for pair in map("".join, pairwise(term))) for term in terms)
    if known * 4 > len(terms):
        return False
    stem = max(joined.values(), default=0)
    latin = any(term.isascii() for term in terms)
    odd = sum(_unlike_label(article, term) for term in terms) * 2 >= len(terms)
    return stem >= 3 or (odd and ((blanks and not latin) or (known == 0 and len(terms) >= 6)))
