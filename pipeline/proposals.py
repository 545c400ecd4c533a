"""What a lexicon of concepts lacks: terms that articles turn on, as new concepts or as further names of known ones.

A term is a further name where the text says so (``品质管控（简称品控）``), or where it is short for a name, or a name
for it (品质管控, 品控). A term that ends in a name (产品体验) is counted as that concept already, and is not
proposed. All others are new concepts, those first that most articles turn on.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.model import Span
from pipeline.stages.concepts import Matcher, fold, with_regional_names
from pipeline.stages.script import simplified_name
from pipeline.write.values import one_line
from pipeline.write.wording import cut, showable

if TYPE_CHECKING:
    from pipeline.analysis import Analysis

_CONTEXT = 16
"""Characters on either side of an occurrence that is quoted."""
_QUOTED = 3
"""Occurrences quoted, each of another sentence."""
_OF_SECTION = 0.5
"""What a keyword of a section alone counts, against one of the whole article."""
_PERSON = 0.3
"""What a person's name counts: it may be a concept, but seldom is what one looks for."""
_LEAST = 2
"""Occurrences of a new concept."""
_BESIDE = 2
"""Sentences that a concept must share with a term to be named beside it."""
_PERSONS = frozenset(("nr", "nrt", "nrfg"))
_LONGEST = 12
_SHORT, _FULL = 2, (4, 5)
"""Characters of a short form and of what it is short for."""
_OPENS = re.compile("[（(]|[称稱]|[叫名]")

_CUE = "以下简称|以下称|简称|又称|也称|也叫|又叫|又名|俗称|统称|亦称|即"
_NAME = r"[\w\u3400-\u9fff·+#.\-]"
_QUOTE, _UNQUOTE = '[“「『"‘]', '[”」』"’]'
_STATED = re.compile(
    rf"(?P<long>{_NAME}{{2,24}}){_UNQUOTE}?(?:"
    rf"[（(](?P<cue>{_CUE})?[为作：:]?{_QUOTE}?(?P<short>{_NAME}{{2,{_LONGEST}}}){_UNQUOTE}?[）)]"
    rf"|[，,]?(?P<said>{_CUE})[为作]?{_QUOTE}(?P<quoted>{_NAME}{{2,{_LONGEST}}}){_UNQUOTE})"
)
# Where a name begins in a run of characters: after the last of these (我们把|质量巡检中心)
_BEFORE_NAME = re.compile("[的了着过把将由被对在从向和与及或是为叫用给让使我你他她它们这那]")
_ACRONYM = re.compile("[A-Z][A-Za-z0-9]{1,7}")


@dataclass(frozen=True, slots=True)
class Context:
    """An occurrence: the article's title, and the text before, of and after it."""

    title: str
    before: str
    term: str
    after: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A term that the lexicon lacks.

    Attributes:
        term: as most articles write it.
        concept: the known concept of which it is another name; None for a new concept.
        reason: why it is one, in English; for a new concept empty.
        aliases: of a new concept, further names found in the same way.
        count: occurrences.
        articles: how many it is a keyword of.
        score: sum over the articles of its salience there, each in (0, 1), times ln(1 + count); less for persons.
        inside: known concepts whose names stand in it: it would take these mentions from them.
        beside: other known concepts that share most sentences with it, with their number.
        contexts: first occurrences.
    """

    term: str
    concept: str | None
    reason: str
    aliases: tuple[str, ...]
    count: int
    articles: int
    score: float
    inside: tuple[str, ...]
    beside: tuple[tuple[str, int], ...]
    contexts: tuple[Context, ...]


@dataclass(slots=True)
class _Term:
    """What is known of a term in all articles; ``places`` are article, sentence and span."""

    forms: Counter[str] = field(default_factory=Counter)
    salience: dict[int, float] = field(default_factory=dict)
    places: dict[tuple[int, Span], int] = field(default_factory=dict)
    person: bool = False

    @property
    def name(self) -> str:
        return max(sorted(self.forms), key=self.forms.__getitem__)

    @property
    def score(self) -> float:
        return sum(self.salience.values()) * math.log1p(len(self.places)) * (_PERSON if self.person else 1.0)


def propose(analyses: Sequence[Analysis], matcher: Matcher, *, limit: int = 20) -> tuple[Proposal, ...]:
    """Return what the articles turn on and the lexicon lacks: further names of its concepts, then new concepts.

    Args:
        analyses: of the articles, all made with this lexicon.
        matcher: of the lexicon.
        limit: new concepts at most.

    Raises:
        ValueError: ``limit`` is below 1.
    """
    if limit < 1:
        raise ValueError(f"limit must be 1 or more, not {limit}")
    if any(analysis.script != "simplified" for analysis in analyses):
        matcher = Matcher(with_regional_names(matcher.concepts))  # as they were read
    terms = _terms(analyses)
    owners = {fold(simplified_name(alias)): concept.name for concept in matcher.concepts for alias in concept.aliases}
    stated = dict(sorted(_stated(analyses).items()))
    used = sorted({fold(simplified_name(mention.alias)) for analysis in analyses for mention in analysis.mentions})
    aliases: list[Proposal] = []
    taken: set[str] = set()
    for key, term in _ranked(terms):
        if key in owners or _is_kind_of(key, matcher) or key in _CUE.split("|"):
            taken.add(key)
        elif (found := _owner(key, owners, used, stated)) is not None:
            taken.add(key)
            aliases.append(_proposal(term, analyses, matcher, *found))
    new: list[Proposal] = []
    for key, term in _ranked(terms):
        if len(new) == limit:
            break
        if key in taken or len(term.places) < _LEAST:
            continue
        free = [other for other in terms if other not in taken and other != key]
        others = {other: terms[other].name for other in free if _same(key, other)}
        others |= {b: name for (a, b), name in stated.items() if a == key and b not in taken and b not in owners}
        taken.update((key, *others))
        new.append(_proposal(term, analyses, matcher, None, "", tuple(sorted(others.values()))))
    return (*aliases, *new)


def to_toml(proposals: Sequence[Proposal], *, extends: bool = True) -> str:
    """Return proposals as a file of concepts, ready to be pasted; what speaks for each stands above it as a comment.

    Args:
        proposals: of ``propose``.
        extends: begin with the line that adds the file to the default lexicon; without it what is proposed is meant for
            the user's own file.
    """
    lines = [
        "# Proposed by fupan concepts. Keep what you want counted, rename, move aliases together, delete the rest;",
    ]
    if extends:
        lines += ['# then name this file in your settings: concepts = "this-file.toml".', "", 'extends = "default"']
    else:
        lines += [
            "# then add what is left to the concepts that your settings name. A concept stands there once only:",
            "# give the one that is there the further aliases.",
        ]
    known: dict[str, list[Proposal]] = defaultdict(list)
    for proposal in proposals:
        if proposal.concept is not None:
            known[proposal.concept].append(proposal)
    for concept, group in known.items():
        lines.append("")
        for proposal in group:
            lines += [f"# {one_line(proposal.term)}: {proposal.reason}; {_figures(proposal)}", *_comments(proposal)]
        lines += ["[[concept]]", f"name = {_quoted(concept)}", f"aliases = [{_list(p.term for p in group)}]"]
    for proposal in proposals:
        if proposal.concept is None:
            beside = "、".join(f"{name} {count}" for name, count in proposal.beside)
            lines += ["", f"# {_figures(proposal)}" + (f"; in sentences with {beside}" if beside else "")]
            if proposal.inside:
                lines.append(f"#   takes these mentions from {'、'.join(proposal.inside)}")
            if proposal.aliases:
                lines.append(
                    f"#   the text sets it equal to, or shortens it to, {one_line('、'.join(proposal.aliases))}"
                )
            lines += [*_comments(proposal), "[[concept]]", f"name = {_quoted(proposal.term)}"]
            if proposal.aliases:
                lines.append(f"aliases = [{_list(proposal.aliases)}]")
    if not proposals:
        lines += ["", "# Nothing: the lexicon has every term that these articles turn on."]
    return "\n".join(lines) + "\n"


def _terms(analyses: Sequence[Analysis]) -> dict[str, _Term]:
    """Return the keywords of articles and sections, by their names in Simplified half-width lower case."""
    terms: defaultdict[str, _Term] = defaultdict(_Term)
    for number, analysis in enumerate(analyses):
        tags = {(t.start, t.end): t.pos for tokens in analysis.tokens for t in tokens}
        starts = [sentence.start for sentence in analysis.sentences]
        lists = [(1.0, analysis.keywords)] + [(_OF_SECTION, section.keywords) for section in analysis.sections]
        for share, keywords in lists:
            for keyword in keywords:
                if not keyword.spans:
                    continue
                term = terms[fold(simplified_name(keyword.term))]
                term.salience[number] = max(term.salience.get(number, 0.0), share * keyword.score)
                for span in keyword.spans:
                    if (number, span) not in term.places:
                        term.places[number, span] = bisect_right(starts, span[0]) - 1
                        term.forms[keyword.term] += 1
                        term.person = term.person or tags.get(span) in _PERSONS
    return dict(terms)


def _ranked(terms: Mapping[str, _Term]) -> list[tuple[str, _Term]]:
    return sorted(terms.items(), key=lambda item: (-item[1].score, -len(item[1].places), item[0]))


def _is_kind_of(key: str, matcher: Matcher) -> bool:
    """Whether a term ends in a name of the lexicon, and so is counted as it."""
    return any(end == len(key) for _, end, _ in matcher.find(key))


def _stated(analyses: Sequence[Analysis]) -> dict[tuple[str, str], str]:
    """Return the pairs of names that a text sets equal, in both orders, with the second as it is written."""
    pairs: dict[tuple[str, str], str] = {}
    for analysis in analyses:
        for sentence in analysis.sentences:
            if sentence.kind == "code" or not _OPENS.search(sentence.plain):
                continue
            # cues and quotation marks of Taiwan are matched as those of the mainland
            text = simplified_name(sentence.plain)
            for match in _STATED.finditer(text):
                cued = bool(match["cue"] or match["said"])
                which = "short" if match["short"] else "quoted"
                short = fold(match[which])
                full = _BEFORE_NAME.split(match["long"])[-1]
                at = match.end("long") - len(full)
                short_form = _same(short, fold(full)) or (
                    _ACRONYM.fullmatch(match[which]) is not None and len(full) >= _FULL[0] and all(map(_is_han, full))
                )
                # without a cue a bracket may hold anything: a place, a person, a case in point
                if len(full) > 1 and fold(full) != short and (cued or short_form):
                    pairs[fold(full), short] = sentence.plain[match.start(which) : match.end(which)]
                    pairs[short, fold(full)] = sentence.plain[at : match.end("long")]
    return pairs


def _owner(
    key: str, owners: Mapping[str, str], used: Sequence[str], stated: Mapping[tuple[str, str], str]
) -> tuple[str, str] | None:
    """Return the concept that a term is another name of, and why; None if there is none.

    That one is short for the other is a guess, and only made where the articles use both.
    """
    for one, other in stated:
        if one == key and other in owners:
            return owners[other], f"the text sets it equal to {stated[one, other]}"
    for alias in used:
        if alias in owners and _same(key, alias):
            return owners[alias], f"short for {alias}" if len(key) < len(alias) else f"{alias} is short for it"
    return None


def _same(one: str, other: str) -> bool:
    """Whether one name may be short for the other: its first character, and one of its second half (品控, 品质管控)."""
    short, long = sorted((one, other), key=len)
    if len(short) != _SHORT or len(long) not in _FULL or not all(map(_is_han, long)) or short in long:
        return False
    half = len(long) // 2
    return short[0] == long[0] and short[1] in (long[half], long[-1]) and short[1] not in long[:half]


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"


def _proposal(
    term: _Term,
    analyses: Sequence[Analysis],
    matcher: Matcher,
    concept: str | None,
    reason: str,
    aliases: tuple[str, ...] = (),
) -> Proposal:
    places = sorted((number, sentence, span) for (number, span), sentence in term.places.items())
    inside = {(number, sentence) for number, sentence, _ in places}
    with_it: Counter[str] = Counter()
    for number in {number for number, _ in inside}:
        pairs = {(m.sentence, m.concept) for m in analyses[number].mentions if (number, m.sentence) in inside}
        with_it.update([name for _, name in pairs])
    held = {name for _, _, name in matcher.find(simplified_name(term.name))}
    beside = sorted(
        ((c, n) for c, n in with_it.items() if n >= _BESIDE and c not in held), key=lambda item: (-item[1], item[0])
    )
    return Proposal(
        term.name,
        concept,
        reason,
        aliases,
        len(places),
        len(term.salience),
        round(term.score, 6),
        tuple(sorted(held)),
        tuple(beside[:3]),
        tuple(_contexts(places, analyses)),
    )


def _contexts(places: Sequence[tuple[int, int, Span]], analyses: Sequence[Analysis]) -> Iterator[Context]:
    """Yield the first occurrences, each of another sentence, of as many articles as may be."""
    seen: set[tuple[int, int]] = set()
    turns: Counter[int] = Counter()
    ordered: list[tuple[int, int, int, Span]] = []  # its turn in its article, article, sentence, span
    for number, sentence, span in places:
        if (number, sentence) not in seen:
            seen.add((number, sentence))
            ordered.append((turns[number], number, sentence, span))
            turns[number] += 1
    for _, number, index, (start, end) in sorted(ordered)[:_QUOTED]:
        text = analyses[number].article.text
        first, last = analyses[number].sentences[index].start, analyses[number].sentences[index].end
        yield Context(
            analyses[number].title,
            ("…" if start - _CONTEXT > first else "") + text[max(first, start - _CONTEXT) : start],
            text[start:end],
            text[end : min(last, end + _CONTEXT)] + ("…" if end + _CONTEXT < last else ""),
        )


def _figures(proposal: Proposal) -> str:
    times = {1: "once", 2: "twice"}.get(proposal.count, f"{proposal.count} times")
    return times if proposal.articles == 1 else f"{times}, a keyword of {proposal.articles} articles"


def _comments(proposal: Proposal) -> list[str]:
    lines = []
    for context in proposal.contexts:
        said = f"{context.before}【{context.term}】{context.after}"
        lines.append(f"#   {showable(one_line(said))}  ({cut(one_line(context.title), 40)})")
    return lines


def _quoted(text: str) -> str:
    """Return a TOML basic string."""
    return '"' + one_line(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _list(terms: Iterable[str]) -> str:
    return ", ".join(map(_quoted, terms))
