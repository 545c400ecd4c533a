"""The article that a person annotated throughout: sections, sentences, concepts, polarity; and a renamed copy."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from statistics import mean

import pipeline as fp
from benchmarks import measures
from benchmarks.data import GoldReading, GoldUnit, Missing, annotated_article, section_articles
from benchmarks.job import SIGN, Job, Rows, side
from benchmarks.measures import Overlap
from benchmarks.page import Chapter, Table, Target
from benchmarks.peers import sign

ARTICLE = "xiaomi11"
NAMES = (
    ("小米11", "华星12"),
    ("小米", "华星"),
    ("卢伟冰", "林涛"),
    ("MIUI", "StarUI"),
    ("骁龙888", "天枢900"),
    ("苹果", "北辰"),
    ("华为", "云帆"),
)
"""What the copy calls the article's company, product, speaker, parts and rivals; longer names first."""
WANTED = (
    f"{ARTICLE}: all sections found, and no other",
    f"{ARTICLE}: every sentence start found",
    f"{ARTICLE}: concept precision ≥ 95",
    f"{ARTICLE}: concept recall ≥ 95",
    f"{ARTICLE}: all pairs of concepts counted between the reader's core and core with arguable",
    f"{ARTICLE}: sections 1 to 3 negative, 4 and 总结 positive",
    f"{ARTICLE}: every section on the side of the reader",
    f"{ARTICLE}: profile r ≥ 0.95",
    f"{ARTICLE}: at most 5 polar sentences wrong",
    f"{ARTICLE} with other names: section scores within 0.05",
)


def reading(job: Job) -> Chapter:
    """Measure everything that the annotation of the article speaks of."""
    article = annotated_article(job.data, ARTICLE)
    analysis = fp.analyze(article.path)

    starts = {measures.anchor(article.text, section.start) for section in analysis.sections}
    sections = measures.overlap(_section_starts(job), starts)
    concepts = concept_overlap(article, [(mention.start, mention.concept) for mention in analysis.mentions])
    pairs = pair_counts(article, analysis)
    between = sum(low <= count <= high for *_, low, count, high in pairs)
    labels = {sentence.start: SIGN[sentence.polarity.label] for sentence in analysis.sentences}
    found = sum(unit.span[0] in labels for unit in article.units)
    polar = [unit for unit in article.units if unit.polarity]
    wrong = _wrong(polar, [labels.get(unit.span[0]) for unit in polar])
    peer_labels = [sign(score) for score in job.peers.sentiment([article.text[slice(*unit.span)] for unit in polar])]

    profile = [(section, value) for section in analysis.sections if (value := _gold_mean(article, section)) is not None]
    gold = [value for _, value in profile]
    ours = [section.polarity.score for section, _ in profile]
    theirs = job.peers.sentiment([article.text[section.start : section.end] for section, _ in profile])
    r, side_by_side = measures.pearson(ours, gold), _same_side(ours, gold)

    copies = _renamed_scores(article.text)
    aligned = len(copies) == len(analysis.sections)
    shift = max(
        (abs(s.polarity.score - copy) for s, copy in zip(analysis.sections, copies, strict=aligned)), default=0.0
    )
    shifted = f"{shift:.3f}" if aligned else "other sections"

    figures: Rows = [
        ("sections found", f"{sections.hit} of {sections.wanted}", None),
        ("sentence starts found", f"{found} of {len(article.units)}", None),
        ("concept precision", f"{concepts.precision:.1f}", None),
        ("concept recall", f"{concepts.recall:.1f}", None),
        ("pairs of concepts counted within the reader's bounds", f"{between} of {len(pairs)}", None),
        ("polar sentences wrong", f"{wrong} of {len(polar)}", f"{_wrong(polar, peer_labels)} of {len(polar)}"),
        ("profile r", _r(r), _r(measures.pearson(theirs, gold))),
        ("sections on the same side", f"{side_by_side} of {len(gold)}", f"{_same_side(theirs, gold)} of {len(gold)}"),
        ("largest shift of a section's score under other names", shifted, None),
    ]
    by_start = {s.start: copy for s, copy in zip(analysis.sections, copies, strict=True)} if aligned else {}
    table: Rows = [
        (
            section.heading or "(opening)",
            f"{value:+.2f}",
            f"{section.polarity.score:+.2f}",
            f"{by_start[section.start]:+.2f}" if aligned else "–",
            f"{theirs[at]:+.2f}",
        )
        for at, (section, value) in enumerate(profile)
    ]
    reached = (
        (figures[0][1], sections.hit == sections.found == sections.wanted),
        (figures[1][1], found == len(article.units)),
        (figures[2][1], concepts.precision >= 95),
        (figures[3][1], concepts.recall >= 95),
        (figures[4][1], between == len(pairs)),
        (" ".join(f"{score:+.2f}" for score in ours[1:]), [side(score) for score in ours[1:]] == [-1, -1, -1, 1, 1]),
        (figures[7][1], side_by_side == len(gold)),
        (figures[6][1], r is not None and r >= 0.95),
        (figures[5][1], wrong <= 5),
        (figures[8][1], aligned and shift <= 0.05),
    )
    return Chapter(
        f"{ARTICLE}, annotated throughout",
        (
            Table(("measure", "fupan", "SnowNLP"), tuple(figures)),
            Table(("section", "reader's mean", "fupan", "other names", "SnowNLP"), tuple(table)),
            Table(("together in one", "concepts", "least", "fupan", "most"), tuple(pairs)),
        ),
        (
            "**concept precision, recall** (%): of (sentence, concept) for "
            f"{', '.join(article.concepts)}. Names that the reader calls arguable count neither way.",
            "**together**: sentences, or sections with their headings, that hold both; least by the names that the "
            "reader calls clear, most with those called arguable.",
            "**polar sentences wrong**: the label is neither the reader's nor one that the reader names as fair as "
            "well; a sentence whose start was not found is wrong.",
            "**profile r**: correlation over the sections of the score with the mean of the reader's polarities (−1, "
            "0, 1), from −1 to 1. **same side**: both are above 0, or both are not.",
            "**other names**: what is said stays the same, so the scores should: "
            + ", ".join(f"{name} → {other}" for name, other in NAMES)
            + ".",
            "SnowNLP reads each section whole, as its users have it do; its score is 2p − 1." + _flat(theirs),
        ),
        tuple(Target(text, str(figure), met) for text, (figure, met) in zip(WANTED, reached, strict=True)),
    )


def concept_overlap(article: GoldReading, mentions: Sequence[tuple[int, str]]) -> Overlap:
    """Compare (offset, concept) with the reader's by sentence; headings count as sentences here."""
    everywhere = (*article.units, *article.headings)
    ours = set()
    for start, concept in mentions:
        if concept in article.concepts:
            inside = (unit.number for unit in everywhere if unit.span[0] <= start < unit.span[1])
            ours.add((next(inside, None), concept))
    core = {(unit.number, concept) for unit in everywhere for concept in unit.core}
    arguable = {(unit.number, concept) for unit in everywhere for concept in unit.arguable}
    return measures.overlap(core, ours - arguable)


def pair_counts(article: GoldReading, analysis: fp.Analysis) -> list[tuple[str, str, int, int, int]]:
    """Return for each unit and pair of the annotated concepts the least count, ours, and the most that is right."""
    rows = []
    for unit, groups in (("sentence", [[unit] for unit in article.units]), ("section", _by_section(article, analysis))):
        ours = {
            frozenset((edge.source, edge.target)): edge.count
            for edge in analysis.network("sentence" if unit == "sentence" else "section").edges
        }
        for pair in combinations(article.concepts, 2):
            core = sum(set(pair) <= {name for part in group for name in part.core} for group in groups)
            most = sum(set(pair) <= {name for part in group for name in part.core | part.arguable} for group in groups)
            rows.append((unit, "–".join(pair), core, ours.get(frozenset(pair), 0), most))
    return rows


def _by_section(article: GoldReading, analysis: fp.Analysis) -> list[list[GoldUnit]]:
    units = (*article.units, *article.headings)
    return [[unit for unit in units if section.start <= unit.span[0] < section.end] for section in analysis.sections]


def _section_starts(job: Job) -> set[int]:
    """Return the starts of the article's sections, from the file that has those of all articles."""
    for article in section_articles(job.data):
        if article.name == ARTICLE:
            return {measures.anchor(article.text, boundary.start) for boundary in article.sections}
    raise Missing(f"{ARTICLE} in articles/sections_gold.json")


def _wrong(units: Sequence[GoldUnit], labels: Sequence[int | None]) -> int:
    return sum(label not in (unit.polarity, *unit.fair) for unit, label in zip(units, labels, strict=True))


def _gold_mean(article: GoldReading, section: fp.Section) -> float | None:
    inside = [unit.polarity for unit in article.units if section.start <= unit.span[0] < section.end]
    return mean(inside) if inside else None


def _renamed_scores(text: str) -> list[float]:
    """Return the section scores of the text with other names."""
    for name, other in NAMES:
        text = text.replace(name, other)
    return [section.polarity.score for section in fp.analyze_text(text).sections]


def _flat(scores: Sequence[float]) -> str:
    """Warn of a correlation between differences that nobody sees."""
    if len(scores) > 1 and max(scores) - min(scores) < 0.005:
        return " All its scores are the same to two decimals, so its r says nothing."
    return ""


def _same_side(x: Sequence[float], y: Sequence[float]) -> int:
    return sum((a > 0) == (b > 0) for a, b in zip(x, y, strict=True))


def _r(value: float | None) -> str:
    return "not defined" if value is None else f"{value:.2f}"
