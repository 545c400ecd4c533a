"""Section starts and kinds, beside a plain splitter."""

from __future__ import annotations

from collections import Counter

import pipeline as fp
from benchmarks import measures
from benchmarks.data import GoldArticle, section_articles
from benchmarks.job import Job, Rows
from benchmarks.measures import Overlap
from benchmarks.page import Chapter, Table, Target
from benchmarks.peers import plain_sections

WANTED = "sections of the eight articles: F1 ≥ 85"


def sections(job: Job) -> Chapter:
    """Measure the sections of the real articles."""
    ours, theirs, headings = Overlap(), Overlap(), Overlap()
    kinds = exact = counted = 0
    rows: Rows = []
    for article in section_articles(job.data)[: job.limit]:
        if article.extracted:
            headings += _heading_overlap(article)
            continue
        found, right = measures.section_overlap(
            article.text, article.sections, {s.start: s.kind for s in fp.split_sections(article.text)}
        )
        plain, _ = measures.section_overlap(article.text, article.sections, dict.fromkeys(plain_sections(article.text)))
        counted += 1
        ours, theirs, kinds = ours + found, theirs + plain, kinds + right
        exact += found.hit == found.found == found.wanted
        rows.append((article.name, found.wanted, found.found, _f1(found), _f1(plain)))
    rows.append(("**all**", ours.wanted, ours.found, _f1(ours), _f1(theirs)))
    totals: Rows = [
        ("fupan", ours.f1, ours.precision, ours.recall, f"{exact} of {counted}", 100 * kinds / max(1, ours.hit)),
        ("plain splitter", theirs.f1, theirs.precision, theirs.recall, None, None),
    ]
    tables = [
        Table(("tool", "F1", "precision", "recall", "articles exact", "kind right"), tuple(totals)),
        Table(("article", "marked", "found", "F1 fupan", "F1 plain splitter"), tuple(rows)),
    ]
    if headings.wanted:
        tables.append(Table(("articles in HTML", "heading F1"), (("fupan", headings.f1),)))
    return Chapter(
        "Sections",
        tuple(tables),
        (
            "**F1**: of section starts, at the first character of the heading. A boundary that no mark in the text "
            "shows counts neither way; an article with only such ones has no F1. A second careful reader reaches 97 "
            "on other articles.",
            "**kind right**: intro, body or conclusion, of the starts that were found.",
            "**plain splitter**: a regular expression for lines that open with `#`, a number or a closing word.",
        ),
        (Target(WANTED, f"{ours.f1:.1f}", ours.f1 >= 85),),
    )


def _f1(overlap: Overlap) -> float | None:
    return overlap.f1 if overlap.found + overlap.wanted else None


def _heading_overlap(article: GoldArticle) -> Overlap:
    """Compare the headings' words where offsets can't be compared; a heading that stands there twice counts twice."""
    theirs = Counter(measures.bare(heading) for heading in article.headings)
    ours = Counter(measures.bare(section.heading) for section in fp.analyze(article.path).sections if section.heading)
    return Overlap((ours & theirs).total(), ours.total(), theirs.total())
