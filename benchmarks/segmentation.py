"""Words against four standards, beside jieba, and whether ``parity=True`` is jieba to the letter."""

from __future__ import annotations

import pipeline as fp
from benchmarks import measures
from benchmarks.data import segmented_sets
from benchmarks.job import Job, Rows
from benchmarks.measures import Overlap
from benchmarks.page import Chapter, Table, Target

WANTED = ("segmentation: parity on 100 % of lines", "segmentation: F1 at most 1 below jieba's on each set")


def segmentation(job: Job) -> Chapter:
    """Measure the words of the four gold sets."""
    rows: Rows = []
    gaps: list[float] = []
    lines = same = 0
    for name, sentences in segmented_sets(job.data):
        sentences = sentences[: job.limit]
        ours, theirs, equal = Overlap(), Overlap(), 0
        for words in sentences:
            text, gold = "".join(words), measures.spans(words)
            jieba = measures.spans(job.peers.cut(text))
            ours += measures.overlap(gold, {(token.start, token.end) for token in fp.segment(text)})
            theirs += measures.overlap(gold, jieba)
            equal += {(token.start, token.end) for token in fp.segment(text, parity=True)} == jieba
        rows.append((name, len(sentences), ours.f1, theirs.f1, 100 * equal / max(1, len(sentences))))
        gaps.append(ours.f1 - theirs.f1)
        lines, same = lines + len(sentences), same + equal
    return Chapter(
        "Segmentation",
        (Table(("set", "lines", "F1 fupan", "F1 jieba", "lines with parity"), tuple(rows)),),
        (
            "**F1**: of words. The standards differ (a person's name is one word or two), so compare tools within a "
            "set; models trained on a set's own standard are published with 96 to 98 on it.",
            "**lines with parity**: those that `segment(text, parity=True)` cuts as `jieba.cut` of 0.42.1 does.",
        ),
        (
            Target(WANTED[0], f"{same} of {lines}", same == lines),
            Target(WANTED[1], f"{min(gaps):+.2f} on the worst", min(gaps) >= -1),
        ),
    )
