"""The people, products and organisations that an article names.

A list knows what most readers know (``resources/names.tsv``). For all other names there are rules, each of which reads
a shape together with what stands beside it: a surname before 说 or after 总经理, a string before 有限公司, a title in
《》, a Latin word with a capital inside. A rule gives a weight, and a string is a name from ``_ENOUGH`` on, all its
places taken together; then it is one wherever it stands in the article as a word. What a typed node says falsely is
worse than what it leaves out, so rules are narrow. The words that they look for are in ``_name_cues``.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from pipeline.model import Name, NameKind, Sentence, Token
from pipeline.stages import _name_cues as cues

NAMES_PATH = Path(__file__).parent.parent / "resources" / "names.tsv"

_ENOUGH = 2.0
"""The weight from which on a string is a name."""
_ROUNDING = 1e-9
_RARE = 17.0
"""Cost of a word that only the dictionary knows (``spam.article.RARE``): what costs more is no word."""
_FAMILIAR_WORD = 13.0
"""Cost below which a word that the dictionary has as a name is a common word too."""
_REACH = 20
"""Characters of the longest name of an organisation, and of what is looked at beside a name."""

_MOST = 500
"""Names that are looked for at other places than those that speak for them; hostile text may have any number."""

_HAN = re.compile(f"[{cues.HAN}]")
_NAME_TAGS = frozenset(("nr", "nrt", "nrfg", "nz", "nt"))
_PERSON_TAGS = frozenset(("nr", "nrt", "nrfg"))
_PART_TAGS = frozenset(("ns", "nr", "nrt", "nrfg", "nz", "nt", "j", "n", "vn", "ng", "eng", "b", "an", "s"))
"""Of the words that names of organisations are made of."""
_LEADS = frozenset(("ns", "nt", "j"))
"""Of those that they begin with."""
_ENGLISH_TEXT = 7
"""Words of a run of Latin from which on it is a sentence, not names."""
_MARKS = ("common", "number", "case", "brand")
_Kind = NameKind | Literal["none"]


class Entry(NamedTuple):
    """What the list knows of a name; the marks are explained at its top."""

    kind: _Kind
    common: bool
    number: bool
    case: bool
    brand: bool


@dataclass(frozen=True, slots=True)
class KnownNames:
    """The names that most readers know.

    Attributes:
        entries: by name, as listed.
        folded: names in Latin letters by their lower case, but for those that count in their own case alone.
        openings: names that hold Chinese characters by their first two characters, the longest first.
        places: finds where one may begin.
    """

    entries: Mapping[str, Entry] = field(repr=False)
    folded: Mapping[str, str] = field(repr=False)
    openings: Mapping[str, tuple[str, ...]] = field(repr=False)
    places: re.Pattern[str] = field(repr=False)

    def latin(self, text: str) -> str | None:
        """Return a name in Latin letters as it is listed; None for what is not listed."""
        return text if text in self.entries else self.folded.get(text.lower())


def load_known_names(path: Path | None = None) -> KnownNames:
    """Read a list of names, ``name<TAB>kind[<TAB>marks]`` a line; None is the one that comes with the program.

    Raises:
        ValueError: a line is not of that form; the message names it.
    """
    source = path or NAMES_PATH
    entries: dict[str, Entry] = {}
    for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        name, kind, *rest = [*line.split("\t"), ""]
        marks = " ".join(rest).split()
        if not name.strip() or kind not in (*get_args(NameKind), "none") or set(marks) - set(_MARKS):
            raise ValueError(f"{source}, line {number}: expected 'name<TAB>kind[<TAB>marks]', found {line[:60]!r}")
        entries[name] = Entry(kind, *[mark in marks for mark in _MARKS])  # type: ignore[arg-type]
    folded: dict[str, str] = {}
    openings: defaultdict[str, list[str]] = defaultdict(list)
    for name, entry in entries.items():
        if _HAN.search(name):
            openings[name[:2]].append(name)
        elif not entry.common and not entry.case:
            folded.setdefault(name.lower(), name)
    first, second = ["".join(sorted({pair[k] for pair in openings})) for k in (0, 1)]
    return KnownNames(
        entries,
        folded,
        {pair: tuple(sorted(found, key=len, reverse=True)) for pair, found in openings.items()},
        re.compile(f"[{re.escape(first)}](?=[{re.escape(second)}])"),
    )


class _Find(NamedTuple):
    """A place where something speaks for a name, and how much."""

    start: int
    end: int
    kind: NameKind
    weight: float
    cue: str


@dataclass(frozen=True, slots=True)
class _Text:
    """What is read: the sentences but for code, a line each.

    Attributes:
        text: as read.
        first: where each sentence begins in it.
        sentences: themselves.
        words, tags, starts: of the tokens, line ends among them; ``starts`` has the end of the text as its last.
        edges: where tokens begin or end.
        costs: of words, see ``spam.article``.
        known: the list.
        alone: what ``stands_alone`` has found.
    """

    text: str
    first: Sequence[int]
    sentences: Sequence[Sentence]
    words: Sequence[str]
    tags: Sequence[str]
    starts: Sequence[int]
    edges: frozenset[int]
    costs: Mapping[str, float]
    known: KnownNames
    alone: dict[str, bool] = field(default_factory=dict)

    def stands_alone(self, stem: str) -> bool:
        """Whether the name of a firm also stands without 公司; looked up once for each."""
        if stem not in self.alone:
            self.alone[stem] = self.text.count(stem) > self.text.count(f"{stem}公司")
        return self.alone[stem]

    def is_firm(self, number: int) -> bool:
        """Whether a token is an organisation of the list, and no common word."""
        entry = self.known.entries.get(self.words[number])
        return entry is not None and entry.kind == "organisation" and not entry.common

    def token(self, at: int) -> int:
        """Return the number of the token that holds the character ``at``."""
        return bisect_right(self.starts, at) - 1

    def inside(self, start: int, end: int) -> range:
        """Return the numbers of the tokens that ``start:end`` touches."""
        return range(self.token(start), bisect_left(self.starts, end))

    def strange(self, number: int) -> bool:
        """Whether a token is no word of the dictionary, or one that it has as a name alone."""
        word, tag = self.words[number], self.tags[number]
        if not _HAN.match(word) or len(word) < 2:
            return False
        cost = self.costs[word]
        return cost > _RARE or (tag in _NAME_TAGS and cost > _FAMILIAR_WORD)


def names(
    sentences: Sequence[Sentence], words: Sequence[Sequence[Token]], *, known: KnownNames, costs: Mapping[str, float]
) -> tuple[Name, ...]:
    """Return the people, products and organisations that sentences name, in order of first occurrence.

    A name inside a longer one does not count (Word in Microsoft Word), nor does what a block of code holds. Forms that
    differ in case or blanks alone are one name. The time is linear in the text.

    Args:
        sentences: headings and tables included.
        words: the tokens of each.
        known: the names that most readers know (``load_known_names``).
        costs: of any string as one word, in nats; above 17 for what no dictionary has (``spam.article.Costs``).
    """
    text = _read(sentences, words, costs, known)
    if text is None:
        return ()
    finds = [*_works(text), *_listed(text), *_latin(text), *_organisations(text), *_people(text), *_called(text)]
    finds += _by_their_side(text, finds)
    chosen = _chosen(text, finds)
    return _named(text, chosen, finds) if chosen else ()


def _read(
    sentences: Sequence[Sentence], words: Sequence[Sequence[Token]], costs: Mapping[str, float], known: KnownNames
) -> _Text | None:
    parts: list[str] = []
    tokens: list[str] = []
    tags: list[str] = []
    read = [number for number, sentence in enumerate(sentences) if sentence.kind != "code" and words[number]]
    for number in read:
        parts.append(sentences[number].plain)
        own, pos, _, _ = zip(*words[number], strict=True)
        tokens += own
        tokens.append("\n")
        tags += pos
        tags.append("x")
    if not parts:
        return None
    text = "\n".join(parts)
    if "://" in text or "www." in text or "@" in text:
        text = cues.ADDRESS.sub(lambda match: "\x00" * len(match[0]), text)
    starts = list(accumulate(map(len, tokens), initial=0))
    first = list(accumulate([len(part) + 1 for part in parts], initial=0))
    return _Text(text, first, [sentences[n] for n in read], tokens, tags, starts, frozenset(starts), costs, known)


# ---------------------------------------------------------------------------------------------------------------------
# the rules


def _works(text: _Text) -> Iterator[_Find]:
    """Yield the titles in 《》, and those in other quotation marks after what says that they are of works."""
    source = text.text
    for match in cues.WORK.finditer(source):
        name = match["name"]
        if "标题" in source[max(0, match.start() - 12) : match.end() + 8]:
            continue
        if len(name) > 1 and not cues.PAPER.search(name):
            start = match.start("name")
            # 《三国志（上）》 is called without what is in brackets
            end = start + len(re.sub(r"\s*[（(][^（()）]*[)）]$", "", name))
            if end > start:
                yield _Find(start, end, "product", _ENOUGH, "title")
    for match in cues.LED_WORK.finditer(source) if "「" in source or "“" in source else ():
        group = "name" if match["name"] else "song"
        if not cues.PAPER.search(match[group]):
            author = text.tags[max(0, text.token(match.start()) - 1)] in _PERSON_TAGS
            yield _Find(*match.span(group), "product", _ENOUGH if group == "name" or author else 1.0, "title")


def _listed(text: _Text) -> Iterator[_Find]:
    """Yield the names of the list that hold Chinese characters, with the number of a model after them."""
    source, openings, edges = text.text, text.known.openings, text.edges
    free = 0
    for match in text.known.places.finditer(source):
        at = match.start()
        if at < free:
            continue
        for name in openings.get(source[at : at + 2], ()):
            end = at + len(name)
            if not source.startswith(name, at):
                continue
            entry = text.known.entries[name]
            number = (cues.SERIES.match(source, end) or cues.NUMBER.match(source, end)) if entry.number else None
            if number and not cues.UNITS.match(source, number.end()) and (at in edges or at == free):
                free = number.end()
                yield _Find(at, free, "product", _ENOUGH, "model number")
                break
            whole = end in edges and (at in edges or at == free)
            firm = entry.kind == "organisation" and at in edges and source.startswith("公司", end)
            if (entry.common and not whole and not firm) or (len(name) == 2 and at not in edges):
                continue
            # 红帽子, 教育部门; but 微信号
            if len(name) == 2 and end not in edges and source[end] not in cues.GOES_ON:
                continue
            if name[-1] == "部" and source.startswith("门", end):
                continue
            if entry.kind == "organisation" and (abroad := cues.ABROAD.match(source, end)):
                free = abroad.end()
                yield _Find(at, free, "organisation", _ENOUGH, "list")
                break
            free = end
            if entry.kind != "none":
                yield _Find(at, end, entry.kind, _listed_weight(text, at, end, entry), "list")
            break


def _listed_weight(text: _Text, start: int, end: int, entry: Entry) -> float:
    """Return what a listed name weighs: that of a common word needs someone to speak for it."""
    if not entry.common:
        return _ENOUGH
    source = text.text
    if entry.kind == "product":
        spoken = cues.THING_AFTER.match(source, end) or cues.APP_BEFORE.search(source, max(0, start - 4), start)
    elif entry.kind == "person":
        spoken = cues.NAME_ENDS.match(source, end) and cues.AFTER_TITLE.search(source, max(0, start - 8), start)
    else:
        spoken = cues.FIRM_AFTER.match(source, end)
    return _ENOUGH if spoken else 0.7 if text.tags[text.token(start)] in _NAME_TAGS else 0.4


def _organisations(text: _Text) -> Iterator[_Find]:
    """Yield what ends as the name of an organisation does, from where it begins."""
    for match in cues.SUFFIX.finditer(text.text):
        end = match.end()
        if end not in text.edges or (match[0] == "学会" and text.text[end : end + 1] in cues.LEARNT):
            continue
        last = text.token(end - 1)
        suffix = match[0]
        if text.starts[last] > match.start() and suffix not in cues.LEGAL:
            continue
        first = _beginning(text, last, suffix)
        start = text.starts[first]
        if text.words[last] in cues.GENERIC and text.words[last] not in cues.LEGAL:
            continue
        stem = text.text[start : match.start()].strip()
        if len(stem) < 2:
            continue
        weight = _body_weight(text, first, last, suffix, stem, start, end)
        if weight:
            yield _Find(start, end, "organisation", weight, "suffix")
    for match in cues.ORG_ROLE.finditer(text.text):
        qualified = cues.QUALIFIED.search(text.text, max(0, match.start() - 8), match.start())
        at = qualified.start() if qualified else match.start()
        if at not in text.edges:
            continue
        number = last = text.token(at) - 1
        while number >= 0 and last - number < 3 and (text.strange(number) or text.tags[number] in ("n", "ns")):
            if text.words[number] in cues.GENERIC:
                break
            number -= 1
        inside = range(number + 1, last + 1)
        start, end = text.starts[number + 1], text.starts[last + 1]
        if 3 <= end - start <= 8 and any(text.strange(k) for k in inside) and text.strange(inside[0]):
            market = qualified and qualified[0].startswith(("市场", "首席"))
            if len(inside) == 1 and end - start == 3 and text.text[start] in cues.SURNAMES and not market:
                continue  # 葛长林总经理
            yield _Find(start, end, "organisation", 1.2, "role")


def _beginning(text: _Text, last: int, suffix: str) -> int:
    """Return the number of the token that the name of an organisation begins with, whose last token is given."""
    end = text.starts[last + 1]
    number = last
    while number > 0 and end - text.starts[number - 1] <= _REACH:
        word, tag = text.words[number - 1], text.tags[number - 1]
        if not (tag in _PART_TAGS or text.strange(number - 1)) or not word.strip():
            break
        generic = word in cues.GENERIC and word not in cues.PLACES and suffix not in cues.LIMITED
        if generic and (number == last or suffix in cues.LEGAL):
            before = number - 2
            if before < 0 or not (text.strange(before) or text.tags[before] in _LEADS):
                break
        if not _HAN.match(word) and word not in text.known.entries:
            break
        number -= 1
    # It begins with a place or a name, not with a noun of the sentence, nor with the country that it is from
    while number < last and not (text.tags[number] in _LEADS or text.strange(number) or text.is_firm(number)):
        number += 1
    if text.words[number] in cues.COUNTRIES and number + 1 < last and text.strange(number + 1):
        number += 1
    return number


def _body_weight(text: _Text, first: int, last: int, suffix: str, stem: str, start: int, end: int) -> float:
    """Return what an organisation weighs that ends in ``suffix``; 0 for what is none."""
    entry = text.known.entries.get(stem)
    if entry is not None and entry.kind == "organisation" and suffix in cues.LEGAL:
        # Else the article calls it without 公司, which ``_listed`` finds
        return 0.0 if suffix == "公司" and text.stands_alone(stem) else _ENOUGH
    inside = range(first, last + 1)
    generic = stem in cues.GENERIC or (all(text.words[k] in cues.GENERIC for k in inside[:-1]) and len(inside) > 1)
    generic = generic and suffix not in cues.LIMITED
    placed = text.tags[first] == "ns"
    if not (generic or placed or suffix in cues.LIMITED or text.is_firm(first)) and text.costs[stem] <= _RARE:
        # 音乐学院, 法律咨询
        spoken = suffix in cues.TRADES and (first < last or cues.ORG_AFTER.match(text.text, end))
        generic = not spoken and not cues.BOUGHT.search(text.text, max(0, start - 4), start)
    if not cues.NO_NAME.isdisjoint(stem) or (generic and not (placed and suffix in cues.OF_PLACES)):
        return 0.0
    strange = [
        k
        for k in inside
        if text.strange(k)
        and (suffix in cues.TRADES or (text.tags[k] not in ("v", "vg", "d") and text.words[k][-1] not in cues.PARTS))
    ]
    if suffix in cues.LIMITED:
        return _ENOUGH if strange or placed else 0.0
    if suffix in cues.LEGAL:
        known = any(text.is_firm(k) for k in inside[:-1])
        return _ENOUGH if known or (strange and len(stem) >= 2) else 0.0
    if suffix in cues.BODIES:
        if strange or text.is_firm(first) or (placed and (len(inside) > 2 or suffix in cues.OF_PLACES)):
            return _ENOUGH
        return 0.0
    # A trade: what stands before it must be a name
    if first == last:
        near = text.strange(last) and len(stem) >= 2
    else:
        near = text.strange(last - 1) or text.is_firm(last - 1)
        near = near or (last - 1 > first and text.strange(first))
    if not near:
        bought = len(stem) < 5 and cues.BOUGHT.search(text.text, max(0, start - 4), start)
        return _ENOUGH if bought else 0.0
    if placed and strange:
        return _ENOUGH
    spoken = cues.ORG_AFTER.match(text.text, end) or cues.ORG_BEFORE.search(text.text, max(0, start - 6), start)
    return _ENOUGH if spoken else 1.0


def _people(text: _Text) -> Iterator[_Find]:
    """Yield people by surname, title and what they do."""
    source = text.text
    for match in cues.PEOPLE_AFTER_TITLE.finditer(source):
        if _is_full_name(text, *match.span("name")):
            yield _Find(*match.span("name"), "person", _ENOUGH, "title")
    for match in cues.FOREIGN_AFTER_TITLE.finditer(source):
        if any(text.tags[k] in _NAME_TAGS for k in text.inside(*match.span("name"))):
            yield _Find(*match.span("name"), "person", _ENOUGH, "title")
    for match in cues.PEOPLE_WHO_SAY.finditer(source):
        wordy = match[0][0] in cues.WORDY and text.tags[text.token(match.start())] not in _PERSON_TAGS
        nick = source[match.start() - 1 : match.start()] in ("老", "小", "阿")
        if match.start() in text.edges and not wordy and not nick and _is_full_name(text, *match.span()):
            yield _Find(*match.span(), "person", _ENOUGH if len(match[0]) > 2 else 1.2, "says")
    for match in cues.WITH_TITLE.finditer(source):
        yield from _titled(text, match)
    for match in cues.FAMILIAR.finditer(source):
        yield from _familiar(text, match.start(), match[0])
    for match in cues.FOREIGN.finditer(source) if any(map(source.__contains__, cues.DOTS)) else ():
        yield _Find(*match.span(), "person", _ENOUGH, "foreign")
        last = max(match[0].rfind(dot) for dot in cues.DOTS) + 1
        if len(match[0]) - last > 1:
            yield _Find(match.start() + last, match.end(), "person", _ENOUGH, "foreign")
    for match in cues.FOREIGN_SAYS.finditer(source):
        inside = text.inside(*match.span())
        if match.start() in text.edges and all(text.strange(k) for k in inside):
            yield _Find(*match.span(), "person", 1.5, "says")
    for match in cues.HANDLE.finditer(source) if "@" in source else ():
        greeted = cues.GREETED.search(source, max(0, match.start() - 4), match.start())
        yield _Find(*match.span("name"), "person", _ENOUGH if greeted else 1.0, "handle")
    for number in [k for k, tag in enumerate(text.tags) if tag in _PERSON_TAGS]:
        word = text.words[number]
        if word[-1] in cues.RUNS_ON and text.costs[word] > _RARE:
            if len(word) == 3:
                continue
            word = word[:-1]  # 韩若溪用
        if 2 < len(word) < 5 and text.costs[word] > _FAMILIAR_WORD:
            start = text.starts[number]
            end = start + len(word)
            if word[-1] in cues.NO_PERSON or not _is_full_name(text, start, end):
                continue
            if cues.WORK_BY.match(source, end):
                yield _Find(start, end, "person", _ENOUGH, "author")
            else:
                ends = cues.NAME_ENDS.match(source, end) is not None
                named = cues.AFTER_TITLE.search(source, max(0, start - 8), start)
                sure = word[0] not in cues.WORDY
                free = ends and sure and text.costs[word] > _RARE and _free_before(text, start)
                yield _Find(start, end, "person", _ENOUGH if named or free else 0.7 + 0.3 * (ends or sure), "surname")
        elif len(word) in (2, 3) and cues.KIN.match(source, text.starts[number] + len(word)):
            start = text.starts[number]
            yield _Find(start, start + len(word), "person", _ENOUGH, "title")
        elif len(word) == 2 and word[0] in "小阿" and text.strange(number):
            yield from _familiar(text, text.starts[number], word)


def _is_full_name(text: _Text, start: int, end: int) -> bool:
    """Whether surname and given name at ``start:end`` are no words of the sentence."""
    word = text.text[start:end]
    if word in text.known.entries:
        return False
    inside = text.inside(start, end)
    if len(inside) == 1 and text.starts[inside[0]] == start and text.starts[inside[0] + 1] == end:
        if not cues.TAGGED_NAME.match(word):
            return False
        return text.tags[inside[0]] in _PERSON_TAGS or text.costs[word] > _RARE
    if not cues.FULL_NAME.match(word) or (len(word) == 2 and text.costs[word] <= _RARE):
        return False
    if len(inside) == 2 and _cut_once(text, inside[0], start, end):
        return True
    for k in inside:
        own = text.words[k]
        if len(own) > 1 and text.tags[k] not in _NAME_TAGS and text.costs[own] <= _RARE:
            return False  # 高管人, 向团队
    lead = text.words[inside[0]]
    return not (len(lead) == 1 and text.tags[inside[0]] in ("p", "c", "d", "u", "m", "q", "r", "f", "uj"))


def _cut_once(text: _Text, first: int, start: int, end: int) -> bool:
    """Whether a name is cut into a surname, tagged as one, and a given name that is also a word: 裴|远航."""
    at, middle, after = text.starts[first : first + 3]
    return at == start and after == end and middle == start + 1 and text.tags[first] in _PERSON_TAGS


def _titled(text: _Text, match: re.Match[str]) -> Iterator[_Find]:
    """Yield who stands before a title: 陈立新老师 without it, 陈老师 and 王总 with it."""
    at, end = match.span()
    before = text.token(max(0, at - 1))
    start = text.starts[before]
    source = text.text[start:at]
    if text.starts[before + 1] == at and text.tags[before] in _PERSON_TAGS and at - start > 1:
        if len(match[0]) > 1 and _is_full_name(text, start, at) and (at - start > 2 or text.costs[source] > _RARE):
            yield _Find(start, at, "person", _ENOUGH, "title")
        return
    start, word = at - 1, text.text[max(0, at - 1) : end]
    number = text.token(max(0, start))
    if at == 0 or word[0] not in cues.SURNAMES or start not in text.edges:
        return
    if end not in text.edges and not (text.tags[number] in _PERSON_TAGS and text.costs[text.words[number]] > _RARE):
        return  # but the tagger makes one name of 王总在
    if number and text.tags[number - 1] in ("nr", "nrt", "m"):
        return
    unknown = text.costs[word] > _RARE or text.tags[number] in _PERSON_TAGS
    if len(word) > 2:
        wordy = word[0] in cues.WORDY and text.text[start - 1 : start] != "的" and not _free_before(text, start)
        if not wordy and (unknown or text.words[number] == word[0]):
            yield _Find(start, end, "person", _ENOUGH, "title")
    elif unknown and word[0] not in cues.WORDY and cues.NAME_ENDS.match(text.text, end):
        yield _Find(start, end, "person", 1.2 + 0.8 * _free_before(text, start), "title")


def _familiar(text: _Text, start: int, word: str) -> Iterator[_Find]:
    """Yield 老王 and 小李, where this is a word of its own."""
    end = start + len(word)
    if word in cues.NOT_FAMILIAR or text.words[text.token(start)] != word:
        return
    after = cues.NAME_ENDS.match(text.text, end)
    yield _Find(start, end, "person", 1.2 + 0.8 * (after is not None and _free_before(text, start)), "familiar")


def _free_before(text: _Text, at: int) -> bool:
    """Whether somebody may well be named at a place: it opens a clause, or 和, 跟, 找 … stand before it."""
    return at == 0 or text.text[at - 1] in "\n，。：“" or cues.WITH.search(text.text, max(0, at - 2), at) is not None


def _called(text: _Text) -> Iterator[_Find]:
    """Yield what the text introduces as a name: 一款叫画梦的游戏."""
    for match in cues.CALLED.finditer(text.text):
        what = match["what"]
        kind: NameKind = (
            "person" if what in cues.PEOPLE_WORDS else "organisation" if what in cues.ORG_WORDS else "product"
        )
        yield _Find(*match.span("name"), kind, _ENOUGH, "called")


# ---------------------------------------------------------------------------------------------------------------------
# names in Latin letters


def _latin(text: _Text) -> Iterator[_Find]:
    """Yield names in Latin letters: those of the list, and what looks like one."""
    source = text.text
    for run in cues.RUN.finditer(source):
        pieces = [piece.span() for piece in cues.PIECE.finditer(source, *run.span())]
        english = len(pieces) >= _ENGLISH_TEXT
        k = 0
        while k < len(pieces):
            start = pieces[k][0]
            listed, after = _longest(text, pieces, k)
            if listed is not None:
                entry = text.known.entries[listed]
                if entry.kind != "none" and not english:
                    find, after = _listed_latin(text, pieces, k, after, entry)
                    yield find
                k = after
                continue
            after = k + 1
            if source[start].isupper():
                while after < len(pieces) and _goes_on(text, pieces, after):
                    after += 1
            if not english:
                yield from _guess(text, start, pieces[after - 1][1], after - k)
            k = after


def _longest(text: _Text, pieces: Sequence[tuple[int, int]], k: int) -> tuple[str | None, int]:
    """Return the longest listed name that begins with a piece, and the number of the piece after it."""
    for after in range(min(len(pieces), k + 5), k, -1):
        listed = text.known.latin(text.text[pieces[k][0] : pieces[after - 1][1]])
        if listed is not None:
            return listed, after
    return None, k


def _goes_on(text: _Text, pieces: Sequence[tuple[int, int]], k: int) -> bool:
    """Whether a piece goes on with the name before it: capitals and numbers do."""
    piece = text.text[slice(*pieces[k])]
    if piece[0].isdigit():
        return len(piece) < 6 and not cues.UNITS.match(text.text, pieces[k][1]) and piece.count(".") == 0
    return piece[0].isupper() and _longest(text, pieces, k)[0] is None


def _listed_latin(
    text: _Text, pieces: Sequence[tuple[int, int]], k: int, after: int, entry: Entry
) -> tuple[_Find, int]:
    """Return a listed name with what belongs to it, and the number of the piece after that."""
    source = text.text
    start, end = pieces[k][0], pieces[after - 1][1]
    kind: NameKind = entry.kind if entry.kind != "none" else "product"
    if entry.number and (number := cues.NUMBER.match(source, end)) and not cues.UNITS.match(source, number.end()):
        end = number.end()
        while after < len(pieces) and pieces[after][0] < end:
            after += 1
        return _Find(start, end, "product", _ENOUGH, "model number"), after
    if entry.kind == "organisation" and after < len(pieces) and source[pieces[after][0]].isupper():
        listed, beyond = _longest(text, pieces, after)
        own = text.known.entries[listed] if listed else None
        if own is not None and own.kind == "product":
            find, beyond = _listed_latin(text, pieces, after, beyond, own)
            return _Find(start, find.end, "product", _ENOUGH, "brand"), beyond
        if own is None:
            beyond = after + 1
            while beyond < len(pieces) and _goes_on(text, pieces, beyond):
                beyond += 1
            return _Find(start, pieces[beyond - 1][1], "product", _ENOUGH, "brand"), beyond
    weight = _ENOUGH
    if entry.common:
        spoken = cues.THING_AFTER.match(source, end) or cues.THING_BEFORE.search(source, max(0, start - 8), start)
        weight = _ENOUGH if spoken else 1.0
    return _Find(start, end, kind, weight, "list"), after


def _guess(text: _Text, start: int, end: int, count: int) -> Iterator[_Find]:
    """Yield what a string of Latin letters that no list holds may be: ``count`` words."""
    source = text.text
    word = source[start:end]
    if (
        len(word) < 2
        or cues.VERSION.match(word)
        or cues.FILE.search(word)
        or "_" in word
        or "/" in (source[start - 1 : start], source[end : end + 1])
    ):
        return
    spoken = bool(cues.THING_AFTER.match(source, end)) + bool(
        cues.THING_BEFORE.search(source, max(0, start - 8), start)
    )
    first = word.split(" ", 1)[0]
    said = cues.PERSON_SAYS.match(source, end)
    if first in cues.FIRST_NAMES or (first.title() in cues.FIRST_NAMES and said):
        sure = (
            count > 1
            or said
            or cues.PERSON_AFTER.match(source, end)
            or cues.PERSON_BEFORE.search(source, max(0, start - 5), start)
        )
        yield _Find(start, end, "person", _ENOUGH if sure else 0.9, "first name")
        return
    if cues.PERSON_AFTER.match(source, end) or (said and count < 3 and word.istitle() and cues.SPEAKS.match(said[0])):
        yield _Find(start, end, "person", _ENOUGH, "says")
        return
    if cues.CODE_BESIDE.match(source, end):
        return
    body = cues.BODY_AFTER.match(source, end) or cues.BODY_END.search(word)
    kind: NameKind = "organisation" if body else "product"
    if word[0].islower():
        if cues.SMALL_CAMEL.match(word):
            yield _Find(start, end, kind, 1.3, "shape")
        elif spoken and (("-" in word and count == 1) or spoken == 2):
            yield _Find(start, end, kind, 0.7 * spoken, "context")
        return
    camel = any(cues.CAMEL.match(piece) for piece in word.split())
    if (cues.PROGRAM.search(word) if camel or count > 1 else cues.ENGLISH.search(word)) and not body:
        if spoken == 2:
            yield _Find(start, end, kind, 0.8, "context")
        return
    if cues.ADDRESS_END.search(word):
        yield _Find(start, end, kind, _ENOUGH, "address")
    elif word.isupper() and len(word) < 8 and not any(map(str.isdigit, word)):
        yield _Find(start, end, kind, 0.3 + 0.6 * spoken + 0.8 * (kind == "organisation"), "capitals")
    elif camel or any(map(str.isdigit, word)):
        long = len(cues.HUMP.findall(word)) > 2 and not spoken
        yield _Find(
            start,
            end,
            kind,
            1.2 if long else _ENOUGH if camel else 1.3 + 0.7 * (spoken > 0 or kind == "organisation"),
            "shape",
        )
    else:
        yield _Find(start, end, kind, 1.0 + 1.0 * spoken + 1.0 * (kind == "organisation"), "context")


# ---------------------------------------------------------------------------------------------------------------------
# what names beside them say


def _by_their_side(text: _Text, finds: Sequence[_Find]) -> list[_Find]:
    """Return what stands in a list of names, or in brackets behind one: 高德纳（Gartner）, 某某集团（简称某某）."""
    weights: defaultdict[str, float] = defaultdict(float)
    for find in finds:
        weights[text.text[find.start : find.end]] += find.weight
    sure = {find.end: find for find in finds if weights[text.text[find.start : find.end]] >= _ENOUGH}
    begins = {find.start: find for find in sure.values()}
    out: list[_Find] = list(_brands(text, finds))
    for match in cues.GLOSS.finditer(text.text):
        before = sure.get(
            len(text.text[max(0, match.start() - 2) : match.start()].rstrip()) + max(0, match.start() - 2)
        )
        start, end = match.span("name")
        short = cues.SHORT_FOR.search(match[0])
        if before is None or match["name"] in text.known.entries:
            continue
        latin = match["name"][0].isascii()
        if short or (latin and match["name"][0].isupper() and _HAN.match(text.text[before.start])):
            if not latin and before.kind == "product" and not short:
                continue
            out.append(_Find(start, end, before.kind, _ENOUGH, "alias"))
    if text.text.count("、") > 1:
        for match in cues.CLAUSE.finditer(text.text):
            if match[0].count("、") > 1:
                out += _listed_beside(text, match, sure, begins)
    return out


_NEAR = 16
"""Characters between a common word and the name that speaks for it."""


def _brands(text: _Text, finds: Sequence[_Find]) -> Iterator[_Find]:
    """Yield the common words of the list that stand near another name of it: 与苹果一样，三星….."""
    listed = sorted([find for find in finds if find.cue == "list"])
    for before, after in pairwise(listed):
        gap = text.text[before.end : after.start]
        if len(gap) > _NEAR or "\n" in gap or "。" in gap:
            continue
        for one, other in ((before, after), (after, before)):
            if one.weight >= _ENOUGH or other.weight < _ENOUGH:
                continue
            entry = text.known.entries.get(text.text[one.start : one.end])
            if entry is not None and (entry.brand or (one.kind == other.kind and cues.JOINED.fullmatch(gap))):
                yield _Find(one.start, one.end, one.kind, _ENOUGH, "beside")


def _listed_beside(
    text: _Text, match: re.Match[str], sure: Mapping[int, _Find], begins: Mapping[int, _Find]
) -> Iterator[_Find]:
    """Yield the items of a list whose other items are names of one kind."""
    items: list[tuple[int, int]] = []
    at = match.start()
    for item in match[0].split("、"):
        items.append((at, at + len(item)))
        at += len(item) + 1
    named = [begins.get(start) or sure.get(end) for start, end in items]
    kinds = Counter([find.kind for find in named if find is not None])
    if not kinds:
        return
    kind, count = kinds.most_common(1)[0]
    if count < 2 or 2 * count < len(items) - 1:
        return
    for number, (start, end) in enumerate(items[1:], 1):
        if named[number] is not None:
            continue
        if number == len(items) - 1:
            tail = cues.LIST_ENDS.search(text.text, start, end)
            if tail is None or tail.start() - start > 8:
                continue
            end = tail.start()
        word = text.text[start:end].strip()
        if len(word) < 2 or (word in text.known.entries and text.known.entries[word].kind == "none"):
            continue
        end = start + len(text.text[start:end].rstrip())
        start = end - len(word)
        latin = word[0].isascii() and word[0].isupper() and word.isascii() and len(word.split()) < 4
        inside = text.inside(start, end)
        listed = word in text.known.entries
        if (
            (latin and not cues.ENGLISH.search(word))
            or listed
            or (len(word) < 6 and all(text.strange(k) for k in inside))
        ):
            yield _Find(start, end, kind, _ENOUGH, "beside")


# ---------------------------------------------------------------------------------------------------------------------
# from finds to names


def _key(name: str) -> str:
    """Return what forms of one name share."""
    return name.replace(" ", "").casefold()


def _chosen(text: _Text, finds: Iterable[_Find]) -> dict[str, tuple[NameKind, tuple[str, ...]]]:
    """Return the keys of what is a name, each with its kind and what decided it."""
    votes: defaultdict[str, defaultdict[NameKind, float]] = defaultdict(lambda: defaultdict(float))
    told: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for find in finds:
        key = _key(text.text[find.start : find.end])
        votes[key][find.kind] += find.weight
        told[key][find.cue] += find.weight
    return {
        key: (max(own, key=own.__getitem__), tuple(sorted(told[key], key=told[key].__getitem__, reverse=True)))
        for key, own in votes.items()
        if sum(own.values()) >= _ENOUGH - _ROUNDING
    }


def _named(
    text: _Text, chosen: Mapping[str, tuple[NameKind, tuple[str, ...]]], finds: Iterable[_Find]
) -> tuple[Name, ...]:
    """Return the names with all their places: those found, and those where one stands as a word."""
    places = {(find.start, find.end) for find in finds if _key(text.text[find.start : find.end]) in chosen}
    places |= _elsewhere(text, {text.text[start:end] for start, end in places})
    spans: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    free = 0
    for start, end in sorted(places, key=lambda place: (place[0], -place[1])):
        if start >= free:
            spans[_key(text.text[start:end])].append((start, end))
            free = end
    out = []
    for key, own in spans.items():
        kind, told = chosen[key]
        forms = Counter([text.text[start:end] for start, end in own])
        out.append(
            Name(forms.most_common(1)[0][0], kind, len(own), tuple([_source(text, *span) for span in own]), told)
        )
    return tuple(sorted(out, key=lambda name: name.spans[0]))


def _elsewhere(text: _Text, forms: Iterable[str]) -> set[tuple[int, int]]:
    """Return where forms of names in Chinese characters stand as words; those in Latin letters are all found."""
    source, edges, entries = text.text, text.edges, text.known.entries
    out: set[tuple[int, int]] = set()
    for form in sorted(form for form in forms if len(form) > 1 and _HAN.search(form))[:_MOST]:
        common = form in entries and entries[form].common
        at = source.find(form)
        while at >= 0:
            end = at + len(form)
            whole = (at in edges) + (end in edges)
            if whole == 2 or (not common and (whole if len(form) == 3 else len(form) > 3)):
                out.add((at, end))
            at = source.find(form, end)
    return out


def _source(text: _Text, start: int, end: int) -> tuple[int, int]:
    """Return the source span of what is read at ``start:end``."""
    number = bisect_right(text.first, start) - 1
    first = text.first[number]
    return text.sentences[number].span(start - first, end - first)
