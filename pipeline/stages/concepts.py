"""Where the concepts of the lexicon are named.

A concept (体验) is counted where the text uses one of its names (体验, 用户体验), not where it tells an instance of
it (卡顿). The lexicon is TOML: ``pipeline/resources/concepts.toml``, or the user's own file, which may extend it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.model import Mention, Sentence
from pipeline.stages.script import regional, simplified_name

CONCEPTS_PATH = Path(__file__).parent.parent / "resources" / "concepts.toml"

_FILE_KEYS = ("extends", "drop", "concept")
_CONCEPT_KEYS = ("name", "aliases", "exclusions")

# Letters, digits and the signs that join them in names; Chinese punctuation, which is as wide, is left alone.
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ＃＆＋－．／＿\u3000]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# Below this code point lie the scripts that put blanks between words (Latin, Greek, Cyrillic …).
_SPACED_SCRIPTS_END = "\u2000"


class ConceptError(ValueError):
    """A concept lexicon that cannot be used: one line saying what, where, and what to do."""


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept and how to find it.

    Attributes:
        name: as shown; unique in a lexicon.
        aliases: the strings that count as a mention. Width, case (``ＭＴＴＲ``, ``mttr``) and script (軟件, 软件) do
            not matter, and where one begins or ends in a Latin letter or a digit, so must the word in the text (UI is
            not in GUIDE).
        exclusions: longer strings in which an alias of this concept does not count (完成本次 has no 成本 in it), unless
            the alias reaches beyond the exclusion (造成本: not a cost; 制造成本: one).
    """

    name: str
    aliases: tuple[str, ...]
    exclusions: tuple[str, ...] = ()


def load_concepts(path: Path | None = None) -> tuple[Concept, ...]:
    """Read a lexicon; None is the one that comes with the program.

    A file holds ``[[concept]]`` tables with ``name``, ``aliases`` and ``exclusions``; the name counts as an alias,
    and the other two may be left out. Such a file replaces the default lexicon. With ``extends = "default"`` at its
    top it adds to it instead: a concept of a known name gains the aliases and exclusions, any other is new; an alias
    that the default gives to another concept moves to the file's; ``drop = ["价格"]`` leaves out default concepts
    first.

    Returns:
        The concepts in the order of the file, those of the default first; ``aliases`` begins with the name.

    Raises:
        ConceptError: the file cannot be read, is not TOML, has an unknown key (the nearest known one is named), an
        empty
            alias, an alias of two concepts (both are named), or an exclusion that can exclude nothing.
    """
    import tomllib

    source = path or CONCEPTS_PATH
    try:
        values = tomllib.loads(source.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConceptError(f"{source}: cannot read the concepts: {error.strerror}; check the path") from None
    except (ValueError, RecursionError) as error:  # a number of 5000 digits, a list 5000 deep
        raise ConceptError(f"{source}: not valid TOML: {error}") from None
    try:
        return _build(values, default=path is None)
    except ConceptError as error:
        raise ConceptError(f"{source}: {error}") from None


def fold(text: str) -> str:
    """Return ``text`` in half-width lower case, character for character: offsets into one hold in the other."""
    if _WIDE.search(text):
        text = _WIDE.sub(lambda match: " " if match[0] == "\u3000" else chr(ord(match[0]) - 0xFEE0), text)
    # İ is the one character whose lower case has two
    return text.replace("İ", "i").lower()


def _key(name: str) -> str:
    """Return a name as it is looked for: names that differ in width, case or script alone are the same."""
    return fold(simplified_name(name))


def with_regional_names(concepts: Iterable[Concept]) -> tuple[Concept, ...]:
    """Return concepts that are also found under the names that they have in Taiwan (用戶 is 使用者 there).

    A name that is another concept's stays with it.
    """
    concepts = tuple(concepts)
    taken = {_key(alias) for concept in concepts for alias in concept.aliases}
    out = []
    for concept in concepts:
        added = []
        for name in (name for alias in concept.aliases for name in regional(simplified_name(alias))):
            if _key(name) not in taken:
                taken.add(_key(name))
                added.append(name)
        excluded = [name for text in concept.exclusions for name in regional(simplified_name(text))]
        out.append(replace(concept, aliases=(*concept.aliases, *added), exclusions=(*concept.exclusions, *excluded)))
    return tuple(out)


class Matcher:
    """Finds the aliases of a lexicon; built once, never changed, safe to share and to pickle.

    At each character the strings that could begin there are looked up by their first two characters and their
    lengths: the time is linear in the text and does not depend on how many aliases there are.

    Attributes:
        concepts: the lexicon, in its order.

    Raises:
        ConceptError: two concepts share a name or an alias, or an alias is empty.
    """

    __slots__ = ("_exclusions", "_names", "_pairs", "_singles", "concepts")

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self.concepts = tuple(concepts)
        self._names = _owners(self.concepts)
        exclusions: dict[str, list[str]] = {}
        for concept in self.concepts:
            for exclusion in concept.exclusions:
                exclusions.setdefault(_key(exclusion), []).append(concept.name)
        self._exclusions: Mapping[str, Sequence[str]] = exclusions
        known = self._names.keys() | exclusions.keys()
        self._singles = frozenset(text for text in known if len(text) == 1)
        sizes: dict[str, set[int]] = {}
        for text in known:
            if len(text) > 1:
                sizes.setdefault(text[:2], {1} if text[0] in self._singles else set()).add(len(text))
        self._pairs = {pair: tuple(sorted(found, reverse=True)) for pair, found in sizes.items()}

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """Return ``(start, end, concept)`` of the mentions in ``text``: leftmost, then longest, none overlapping.

        A name inside a longer name does not count, whosever it is: 用户体验 mentions 体验, not 用户.
        """
        folded = fold(text)
        pairs, names, exclusions, singles = self._pairs, self._names, self._exclusions, self._singles
        out: list[tuple[int, int, str]] = []
        free = 0  # where the last mention ends
        reach: dict[str, int] = {}  # where the exclusions seen so far end, by concept
        for start in range(len(folded)):
            sizes = pairs.get(folded[start : start + 2])
            if sizes is None:
                if folded[start] not in singles:
                    continue
                sizes = (1,)
            for size in sizes:
                piece = folded[start : start + size]
                end = start + len(piece)
                for concept in exclusions.get(piece, ()):
                    reach[concept] = max(reach.get(concept, 0), end)
                owner = names.get(piece)
                if owner is None or start < free or reach.get(owner, 0) >= end:
                    continue
                if _joined(folded, start) or _joined(folded, end):
                    continue
                out.append((start, end, owner))
                free = end
        return out


def mentions(sentences: Sequence[Sentence], matcher: Matcher) -> tuple[Mention, ...]:
    """Return the mentions of concepts in document order, headings and tables included, blocks of code left out.

    They are looked for in ``Sentence.plain`` (repaired, without mark-up), one sentence at a time; the spans are the
    source's. ``alias`` is the name as the text has it. Polarity is for a later stage to add.
    """
    out: list[Mention] = []
    for index, sentence in enumerate(sentences):
        if sentence.kind == "code":
            continue
        for start, end, concept in matcher.find(sentence.plain):
            span = sentence.span(start, end)
            out.append(Mention(concept, sentence.plain[start:end], *span, index, sentence.section))
    return tuple(out)


def _joined(text: str, at: int) -> bool:
    """Whether ``text[at - 1]`` and ``text[at]`` are inside one word of a script that puts blanks between words."""
    return 0 < at < len(text) and _in_word(text[at - 1]) and _in_word(text[at])


def _in_word(character: str) -> bool:
    return character < _SPACED_SCRIPTS_END and (character.isalnum() or character == "_")


def _owners(concepts: Sequence[Concept]) -> dict[str, str]:
    """Return the concept of each folded alias, refusing what is ambiguous."""
    owners: dict[str, str] = {}
    names: set[str] = set()
    for concept in concepts:
        if concept.name in names:
            raise ConceptError(f"concept {concept.name!r} is there twice; put its aliases in one table")
        names.add(concept.name)
        for alias in concept.aliases:
            folded = _key(alias)
            if not folded.strip():
                raise ConceptError(f"concept {concept.name!r}: an alias is empty; remove it")
            other = owners.setdefault(folded, concept.name)
            if other != concept.name:
                raise ConceptError(f"alias {alias!r} is in two concepts, {other!r} and {concept.name!r}; keep one")
    return owners


def _build(values: Mapping[str, object], *, default: bool) -> tuple[Concept, ...]:
    """Check the values of a TOML file and return its concepts, with the default ones where it extends them."""
    _check_keys(values, _FILE_KEYS, "the file")
    tables = values.get("concept", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ConceptError("'concept' must be tables; write [[concept]] above each")
    concepts = tuple(_concept(table, number) for number, table in enumerate(tables, 1))
    owners = _owners(concepts)
    drop = _strings(values.get("drop", []), "drop")
    extends = values.get("extends")
    if extends is not None and (extends != "default" or default):
        raise ConceptError(f"extends: expected 'default', found {extends!r}")
    if extends is not None:
        concepts = _extend(load_concepts(), concepts, owners, drop)
    elif drop:
        raise ConceptError('drop needs extends = "default": without it the default concepts are not used at all')
    if not concepts:
        raise ConceptError("no concepts; add a [[concept]] table with a name")
    for concept in concepts:
        _check_exclusions(concept)
    return concepts


def _extend(
    base: Sequence[Concept], own: Sequence[Concept], owners: Mapping[str, str], drop: Sequence[str]
) -> tuple[Concept, ...]:
    known = [concept.name for concept in base]
    for name in drop:
        if simplified_name(name) not in known:
            raise ConceptError(f"drop: the default lexicon has no concept {name!r}; {_hint(name, known)}")
    dropped = {simplified_name(name) for name in drop}
    same = {simplified_name(concept.name): concept.name for concept in own}
    merged: dict[str, Concept] = {}
    for concept in base:
        if concept.name in dropped:
            continue
        owner = same.get(concept.name, concept.name)
        aliases = tuple(alias for alias in concept.aliases if owners.get(_key(alias), owner) == owner)
        kept = tuple(text for text in concept.exclusions if any(fold(alias) in fold(text) for alias in aliases))
        if aliases:
            merged[concept.name] = replace(concept, aliases=aliases, exclusions=kept)
    for concept in own:
        name = simplified_name(concept.name)
        before = merged.get(name)
        if before is not None:
            concept = replace(
                concept,
                aliases=_unique((*before.aliases, *concept.aliases)),
                exclusions=_unique((*before.exclusions, *concept.exclusions)),
            )
        merged[name] = concept
    return tuple(merged.values())


def _concept(table: Mapping[str, object], number: int) -> Concept:
    """Check one [[concept]] table."""
    name = table.get("name")
    where = f"concept {name!r}" if isinstance(name, str) and name.strip() else f"concept {number}"
    _check_keys(table, _CONCEPT_KEYS, where)
    if not isinstance(name, str) or not name.strip() or _CONTROL.search(name):
        raise ConceptError(f"{where}: needs a name, one line of text")
    name = name.strip()
    aliases = _unique((name, *_strings(table.get("aliases", []), f"{where}: aliases")))
    exclusions = _unique(_strings(table.get("exclusions", []), f"{where}: exclusions"))
    return Concept(name, aliases, exclusions)


def _check_exclusions(concept: Concept) -> None:
    folded = [_key(alias) for alias in concept.aliases]
    for exclusion in concept.exclusions:
        if _key(exclusion) in folded:
            raise ConceptError(f"concept {concept.name!r}: {exclusion!r} is an alias and an exclusion; keep one")
        if not any(alias in _key(exclusion) for alias in folded):
            raise ConceptError(
                f"concept {concept.name!r}: exclusion {exclusion!r} holds no alias, so it excludes nothing"
            )


def _strings(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ConceptError(f"{where}: expected a list of strings, found {value!r:.60}")
    for item in value:
        if not isinstance(item, str):
            raise ConceptError(f"{where}: expected strings, found {item!r:.60}")
        if not item.strip():
            raise ConceptError(f"{where}: an empty string; remove it")
        if _CONTROL.search(item):
            raise ConceptError(f"{where}: {item!r:.60} holds a control character or a line end; remove it")
    return tuple(item.strip() for item in value)


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the texts without those that differ from an earlier one in width, case or script only."""
    first: dict[str, str] = {}
    for text in texts:
        first.setdefault(_key(text), text)
    return tuple(first.values())


def _check_keys(table: Mapping[str, object], known: Sequence[str], where: str) -> None:
    for key in table:
        if key not in known:
            raise ConceptError(f"{where}: unknown key {key!r}; {_hint(key, known)}")


def _hint(word: str, known: Sequence[str]) -> str:
    import difflib

    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
