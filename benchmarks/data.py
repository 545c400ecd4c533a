"""Reads the labelled data; what is not there is said by name (``Missing``), never passed over."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measures import Boundary, Span
from pipeline.train import REVIEWS, is_review_half

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
FROZEN = Path(__file__).resolve().parent.parent / "tests" / "data"
"""Sentences that were written for measuring before the model was trained; they come with the program."""


class Missing(Exception):
    """A data set that is not there, or not the one that was labelled; one line."""


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """An article with its sections as a careful reader marked them; ``headings`` in reading order."""

    name: str
    path: Path
    text: str
    sections: tuple[Boundary, ...]
    headings: tuple[str, ...]

    @property
    def extracted(self) -> bool:
        """Its text is not the file's own (HTML), so that offsets cannot be compared."""
        return self.path.suffix.lower() in (".html", ".htm")


@dataclass(frozen=True, slots=True)
class GoldSentence:
    """A labelled sentence: ``polarity`` -1, 0, 1; ``fair`` holds the labels that a fair reader could give as well."""

    article: str
    text: str
    polarity: int
    fair: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Challenge:
    """A sentence of the challenge set: what it is a case of, its label, and the labels that are fair as well.

    ``trap``: its words, counted one by one, say something else than the sentence.
    """

    phenomenon: str
    polarity: int
    fair: tuple[int, ...]
    trap: bool
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence that says something good of one thing that it names and something bad of another."""

    good: str
    bad: str
    text: str


@dataclass(frozen=True, slots=True)
class GoldUnit:
    """A sentence of the annotated article; its concepts are ``core`` (must be found) or arguable (either is right)."""

    number: int
    span: Span
    polarity: int
    fair: tuple[int, ...]
    core: frozenset[str]
    arguable: frozenset[str]


@dataclass(frozen=True, slots=True)
class GoldReading:
    """The article that is annotated throughout; ``units`` are its sentences without headings."""

    path: Path
    text: str
    units: tuple[GoldUnit, ...]
    headings: tuple[GoldUnit, ...]
    concepts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A text with its reference keywords or its reference summary."""

    title: str
    text: str
    keywords: tuple[str, ...] = ()
    summary: str = ""


def section_articles(data: Path) -> list[GoldArticle]:
    """Read ``articles/sections_gold.json`` and the articles that it names."""
    gold = _json(data / "articles" / "sections_gold.json")
    out = []
    for name, article in gold["articles"].items():
        path = _article(data, name, article.get("file", f"{name}.md"), article.get("sha256"))
        sections = article["sections"]
        out.append(
            GoldArticle(
                name,
                path,
                _text(path) if path.suffix.lower() not in (".html", ".htm") else "",
                tuple(
                    Boundary(s["start"], s.get("heading_start", s["start"]), s["kind"], bool(s.get("soft")))
                    for s in sections
                ),
                tuple(s["heading"] for s in sections if s["heading"]),
            )
        )
    return out


def polar_sentences(data: Path) -> list[GoldSentence]:
    """Read ``articles/polarity_gold.json``; the texts are cut from the articles."""
    gold = _json(data / "articles" / "polarity_gold.json")
    files = _json(data / "articles" / "sections_gold.json")["articles"]
    texts: dict[str, str] = {}
    out = []
    for unit in gold["units"]:
        name = unit["article"]
        if name not in texts:
            entry = files.get(name, {})
            texts[name] = _text(_article(data, name, entry.get("file", f"{name}.md"), entry.get("sha256")))
        text = texts[name][unit["start"] : unit["end"]]
        out.append(GoldSentence(name, text, unit["polarity"], tuple(unit.get("also_ok") or ())))
    return out


def training_sentences(data: Path) -> list[GoldSentence]:
    """Read ``polarity/train.jsonl``."""
    return [
        GoldSentence(str(row["article"]), row["text"], row["polarity"], tuple(row.get("also_ok") or ()))
        for row in _rows(data / "polarity" / "train.jsonl")
    ]


def challenges() -> list[Challenge]:
    """Read ``tests/data/challenge.tsv``."""
    return [
        Challenge(
            row["phenomenon"],
            int(row["label"]),
            tuple(int(label) for label in row["also"].replace(",", " ").split()),
            row["trap"] == "1",
            row["text"],
        )
        for row in _table(FROZEN / "challenge.tsv")
    ]


def concept_pairs() -> list[Pair]:
    """Read ``tests/data/pairs.tsv``."""
    return [Pair(row["good"], row["bad"], row["text"]) for row in _table(FROZEN / "pairs.tsv")]


def annotated_article(data: Path, name: str) -> GoldReading:
    """Read ``articles/<name>_gold.json``."""
    gold = _json(data / "articles" / f"{name}_gold.json")
    path = _article(data, name, gold.get("file", f"{name}.txt"), gold.get("sha256"))
    units: list[GoldUnit] = []
    headings: list[GoldUnit] = []
    for row in gold["sentences"]:
        tiers = [(c["concept"], c["tier"]) for c in row["concepts"]]
        core = frozenset(concept for concept, tier in tiers if tier == "core")
        unit = GoldUnit(
            row["i"],
            (row["start"], row["end"]),
            row.get("polarity") or 0,
            tuple(row.get("polarity_also_ok") or ()),
            core,
            frozenset(concept for concept, _ in tiers) - core,
        )
        (units if row["type"] == "sentence" else headings).append(unit)
    return GoldReading(path, _text(path), tuple(units), tuple(headings), tuple(gold["aliases"]))


def sentiment_sets(data: Path, *, leave_out: frozenset[str]) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    """Yield the name and the (text, -1 or 1) of each table in ``sentiment/``.

    Neutral rows are left out, and of the tables that the model learns from the half that it learns from.
    """
    for path in _files(data / "sentiment", "*.tsv"):
        if path.stem not in leave_out:
            sides = {"pos": 1, "neg": -1}
            rows = [(row["text"], sides[row["label"]]) for row in _table(path) if row["label"] in sides]
            learnt = path.stem in REVIEWS
            yield path.stem, [(text, label) for text, label in rows if not (learnt and is_review_half(text))]


def keyword_sets(data: Path) -> Iterator[tuple[str, list[Document]]]:
    """Yield the name and the documents of each set in ``keywords/``."""
    for path in _files(data / "keywords", "*.jsonl"):
        yield (
            path.stem,
            [Document(row.get("title") or "", row["text"], tuple(row["keywords"])) for row in _rows(path)],
        )


def summary_sets(data: Path) -> Iterator[tuple[str, list[Document]]]:
    """Yield the name and the documents of each set in ``summaries/``; their titles are references too, and left out."""
    for path in _files(data / "summaries", "*.jsonl"):
        yield path.stem, [Document("", row["text"], summary=row["summary"]) for row in _rows(path)]


def segmented_sets(data: Path) -> Iterator[tuple[str, list[list[str]]]]:
    """Yield the name and the lines, as lists of words, of each set in ``segmentation/``."""
    for path in _files(data / "segmentation", "*.txt"):
        tagged = "pos" in path.stem
        yield (
            path.stem,
            [
                [word.rpartition("/")[0] if tagged and "/" in word else word for word in line.split()]
                for line in _text(path).splitlines()
            ],
        )


def _files(folder: Path, pattern: str) -> list[Path]:
    files = sorted(folder.glob(pattern))
    if not files:
        raise Missing(f"{folder.name}/{pattern}")
    return files


def _article(data: Path, name: str, file: str, sha256: str | None) -> Path:
    """Return where an article lies; the labels are offsets, so it must be the very one that was labelled."""
    for path in (CORPUS / Path(file).name, data / "articles" / file):
        if path.is_file() and (sha256 is None or hashlib.sha256(path.read_bytes()).hexdigest() == sha256):
            return path
    raise Missing(f"articles/{Path(file).name} as it was when {name} was labelled")


def _json(path: Path) -> Any:
    if not path.is_file():
        raise Missing(f"{path.parent.name}/{path.name}")
    return json.loads(_text(path))


def _rows(path: Path) -> list[Any]:
    if not path.is_file():
        raise Missing(f"{path.parent.name}/{path.name}")
    return [json.loads(line) for line in _text(path).split("\n") if line.strip()]


def _table(path: Path) -> list[dict[str, str]]:
    """Read tab-separated values under a line of names; quotation marks are text."""
    if not path.is_file():
        raise Missing(f"{path.parent.name}/{path.name}")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _text(path: Path) -> str:
    # Decoded as bytes: reading as text would change line ends, and with them the offsets
    return path.read_bytes().decode("utf-8")
