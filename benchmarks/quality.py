"""Quality: what comes out of ``pipeline``'s public names, held against what careful readers and authors wrote."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from benchmarks import polarity, ranking, reading, sections, segmentation
from benchmarks.data import Missing
from benchmarks.job import Job, Rows
from benchmarks.page import Chapter, Part, Table, Target
from pipeline.train import REVIEWS

CHAPTERS: tuple[tuple[str, Callable[[Job], Chapter], tuple[str, ...]], ...] = (
    ("sections", sections.sections, (sections.WANTED,)),
    ("polarity", polarity.polarity, polarity.WANTED_SENTENCES),
    ("calibration", polarity.calibration, ()),
    ("challenge set", polarity.challenge_set, polarity.WANTED_CHALLENGES),
    ("concepts", polarity.concepts, polarity.WANTED_CONCEPTS),
    ("sentiment", polarity.sentiment, polarity.WANTED_SETS),
    (reading.ARTICLE, reading.reading, reading.WANTED),
    ("keywords", ranking.keywords, ()),
    ("summaries", ranking.summaries, ()),
    ("segmentation", segmentation.segmentation, segmentation.WANTED),
)
"""Name, measurement, and the targets that stand unmeasured where its data are missing."""
OWN = ("challenge set", "concepts")
"""What is measured on files of the program itself."""


def measure(job: Job) -> Part:
    """Measure what the data allow and name the rest; there are no chapters where the folder holds nothing at all."""
    chapters: list[Chapter] = []
    measured = False
    missing: list[str] = []
    unmeasured: list[Target] = []
    for name, chapter, wanted in CHAPTERS:
        began = time.perf_counter()
        try:
            chapters.append(chapter(job))
            measured |= name not in OWN
            done = f"{time.perf_counter() - began:.1f} s"
        except Missing as error:
            missing.append(f"{name} (there is no {error})")
            unmeasured += [Target(text) for text in wanted]
            done = f"not measured: there is no {error}"
        print(f"{name}: {done}", file=sys.stderr, flush=True)
    found = (uses(), *chapters) if measured else ()
    return Part("Quality", found, tuple(missing), tuple(unmeasured))


def uses() -> Chapter:
    """Say what each data set was used for, which decides how much its figures are worth."""
    kept = ranking.REPORTED
    rest = "; weights come from the rest"
    more = "; word statistics and weights come from the rest"
    rows: Rows = [
        ("`polarity/train.jsonl`", "polarity", "trained on"),
        ("`lexicon/tone.tsv`", "nothing", "part of the program, judged without these sets"),
        (
            "`polarity/unlabelled.txt`",
            "nothing",
            "labelled by reading for this project (labels in `pipeline/resources/training/readings.tsv`), trained on; "
            "word statistics",
        ),
        ("`pipeline/resources/training/*.tsv`", "nothing", "written for the model, trained on"),
        (
            "`tests/data/challenge.tsv`",
            "polarity",
            "written blind, frozen before training; its sentences not read, its figures looked at about ten times",
        ),
        (
            "`tests/data/pairs.tsv`",
            "concepts",
            "written blind, frozen before training; how clauses are read was chosen on the first 80 of the 160",
        ),
        ("`articles/polarity_gold.json`", "polarity", "never trained on; looked at about fifteen times on the way"),
        (
            f"`articles/{reading.ARTICLE}_gold.json`",
            "polarity, concepts, sentences",
            "labels: neither in training nor in lexicon or thresholds. But the article was in sight while words and "
            "clause rules were written, and the gold's names of the four concepts were read: figures of development",
        ),
        ("`articles/sections_gold.json`", "sections", "read while the rules were written"),
        (
            "`sentiment/*.tsv`",
            "polarity",
            f"one half of {', '.join(REVIEWS)}, by the hash of the text, trained on; the rest only measured",
        ),
        ("`keywords/csl.jsonl`", "keywords", f"rows 0–{kept['csl'] - 1} only reported{more}"),
        ("`keywords/weibo.jsonl`", "keywords", f"rows 0–{kept['weibo'] - 1} only reported{rest}"),
        ("`summaries/vcsum.jsonl`", "summaries", f"rows 0–{kept['vcsum'] - 1} only reported{more}"),
        ("`summaries/lcsts.jsonl`", "summaries", f"rows 0–{kept['lcsts'] - 1} only reported{rest}"),
        ("`segmentation/*.txt`", "segmentation", "only measured"),
    ]
    columns = ("data", "measures", "use in making the program")
    return Chapter("What the data were used for", (Table(columns, tuple(rows)),))
