"""Speed beside the plain pipeline of jieba, SnowNLP and networkx (a peer script), in the same run, one thread each."""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import pipeline as fp
from benchmarks import breakdown, scale
from benchmarks.data import CORPUS, Document, Missing, keyword_sets, summary_sets
from benchmarks.job import Rows
from benchmarks.page import Cell, Chapter, Part, Table, Target
from benchmarks.peers import Peers
from benchmarks.timing import FUPAN, ONE_THREAD, Process, milliseconds, spend
from pipeline.stages.read import read

ARTICLE = CORPUS / "xiaomi11.txt"
MODEL = Path(fp.__file__).parent / "resources" / "polarity.model"
WARM_UP = CORPUS / "project-erp-migration.txt"
"""Another article, read before the clock runs, so that no figure profits from having seen the measured one."""

ROUNDS = 7
"""Rounds of work once loaded; each does one of the peer's and ``OWN`` of ours, so that both meet the same machine."""
OWN = 5
PROCESSES = 5
"""Whole processes of each kind, in turns; one more of each is started first and not counted."""
SENTENCES = 100
"""Sentences that SnowNLP scores in a round."""

WANTED_WORK = "analyze_text once loaded: at least 200 times as fast as the peer's work"
WANTED_PROCESS = "fupan analyze --no-figures, whole process: at most 1/4 of the peer's CPU time"
WANTED_FIGURES = "fupan analyze with figures, whole process: at most 1/2 of the peer's CPU time"
WANTED_SECONDS = "fupan analyze --no-figures, whole process: at most 1.5 s of CPU"
WANTED_DRAWN = "fupan analyze with figures, whole process: at most 4 s of CPU"
WANTED_HELP = "fupan --help: under 0.5 s of CPU"
WANTED_SENTENCES = "polarity: at least 12,000 sentences a second of CPU"
WANTED_KEYWORDS = "keywords: at least 0.5 × the documents a second of jieba TF-IDF, on every set"
WANTED_SUMMARIES = "summaries: at least 100 × the documents a second of SnowNLP, on every set"
WANTED_COUNTS = "network: 1,000,000 mentions over 200,000 sentences counted in under 2 s of CPU"
WANTED_DEAR = "network: bootstrap, communities, centralities, backbone and courses in at most 60 ms of CPU an article"
WANTED_SIZE = "polarity: model file ≤ 3 MB"
WANTED_LOAD = "polarity: model loads in ≤ 0.2 s of CPU"

DOCUMENTS, LONG_DOCUMENTS = 200, 20
"""Documents of a set at most of which keywords, and of which summaries are made: SnowNLP is slow."""
DOCUMENT_ROUNDS = 3
MENTIONS, UNITS, THINGS = 1_000_000, 200_000, 500
"""Mentions, sentences and concepts of the made-up corpus that is counted."""
LOADS = 5
"""Processes that load the model, the best of which counts."""
LOAD = """\
import time
from pipeline.stages.polarity import load_model
began = time.process_time()
load_model()
print(time.process_time() - began)
"""


Ask = Callable[[Document], object]


@dataclass(frozen=True, slots=True)
class Time:
    """What a piece of work took, in seconds."""

    cpu: float
    elapsed: float


def measure(peer: Path | None, peers: Peers, data: Path | None = None) -> Part:
    """Measure the speed of everything.

    Args:
        peer: the script to compare with; None or missing leaves it out.
        peers: further tools to compare with.
        data: folder of the labelled data, whose documents are read besides those of ``corpus/``.

    The script must offer ``analyse(text)`` when imported, and take an article's path as its argument.
    """
    missing: tuple[str, ...] = ()
    if peer is None or not peer.is_file():
        missing = (f"speed beside the peer (there is no {peer.name if peer else 'peer script'})",)
        peer = None
    began = time.perf_counter()
    work = _work(_load(peer) if peer else None, peers)
    chapters = (
        *work,
        _documents(data, peers),
        _network(),
        _processes(peer),
        breakdown.chapter(ARTICLE),
        *scale.chapters(),
        _machine(),
    )
    print(f"speed: {time.perf_counter() - began:.1f} s", file=sys.stderr, flush=True)
    return Part("Speed", chapters, missing)


# Work once loaded


def _work(peer: Callable[[str], object] | None, peers: Peers) -> list[Chapter]:
    """Measure an analysis, its stages, and the scoring of sentences, everything loaded."""
    text = ARTICLE.read_text(encoding="utf-8")
    fp.analyze(WARM_UP)
    first = _time(lambda: fp.analyze_text(text))
    stages: list[dict[str, float]] = []
    ours: list[Time] = []
    theirs: list[Time] = []
    if peer:
        peer(WARM_UP.read_text(encoding="utf-8"))
    for _ in range(ROUNDS):
        if peer:
            theirs.append(_time(lambda: peer(text)))
        for _ in range(OWN):
            ours.append(_time(lambda: fp.analyze_text(text)))
            stages.append(_stage_seconds(text))
    ratio = _cpu(theirs) / _cpu(ours) if theirs else None
    rows: Rows = [
        ("fupan, `analyze_text`", *_times(ours)),
        ("fupan, the first time it sees the article", *_times([first])),
        ("peer, `analyse`", *_times(theirs)),
    ]
    target = Target(WANTED_WORK) if ratio is None else Target(WANTED_WORK, f"{ratio:.0f} times", ratio >= 200)
    return [
        Chapter(
            "One article, everything loaded",
            (
                Table(("work", "runs", "CPU ms, median", "least to most", "elapsed ms, median"), tuple(rows)),
                Table(("", "times as fast"), (("fupan beside the peer", _ratio(ratio)),)),
            ),
            (
                f"`{ARTICLE.name}`, {len(text):,} characters, from text to the finished analysis (sections, sentences, "
                "words, polarity with evidence, keywords, concepts, summaries, network). The peer does less: a score a "
                "sentence, words, two keyword lists, a summary a section, counted pairs.",
                "In one process and in turns; loading dictionaries and models is left out on both sides. The ratio is "
                "of CPU time, which other work on the machine hardly touches.",
            ),
            (target,),
        ),
        _stage_chapter(stages),
        _sentence_chapter(peers),
    ]


def _stage_seconds(text: str) -> dict[str, float]:
    """Run an analysis with the clock on its stages."""
    from pipeline.analysis import analyze_article, default_resources
    from pipeline.stages.read import from_text

    settings = fp.Settings()
    timings: dict[str, float] = {}
    began = time.perf_counter()
    article = from_text(text)
    timings["read"] = time.perf_counter() - began
    analyze_article(article, default_resources(settings), settings, timings=timings)
    return timings


def _stage_chapter(runs: Sequence[dict[str, float]]) -> Chapter:
    middle = {name: median(run[name] for run in runs) for name in runs[0]}
    whole = sum(middle.values())
    rows: Rows = [(name, milliseconds(seconds), f"{100 * seconds / whole:.0f}") for name, seconds in middle.items()]
    rows.append(("**together**", milliseconds(whole), "100"))
    return Chapter(
        "The stages of that analysis",
        (Table(("stage", "elapsed ms, median", "share, %"), tuple(rows)),),
        ("Centralities, communities and other units of the network are left to when they are first asked for.",),
    )


def _sentence_chapter(peers: Peers) -> Chapter:
    """Measure sentences a second on the articles of ``corpus/``, repetitions left out; and what the model costs."""
    found = (sentence for path in _articles() for sentence in fp.analyze(path).sentences if sentence.kind == "text")
    texts = list(dict.fromkeys(sentence.plain for sentence in found))
    sample = texts[:: max(1, len(texts) // SENTENCES)][:SENTENCES]
    peers.sentiment(texts[:1])
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(len(texts) / _time(lambda: fp.polarity(texts)).cpu)
        theirs.append(len(sample) / _time(lambda: peers.sentiment(sample)).cpu)
    rows: Rows = [
        ("fupan", len(texts), f"{median(ours):,.0f}", f"{min(ours):,.0f} to {max(ours):,.0f}"),
        ("SnowNLP", len(sample), f"{median(theirs):,.0f}", f"{min(theirs):,.0f} to {max(theirs):,.0f}"),
    ]
    speed, size, loads = median(ours), MODEL.stat().st_size / 1e6, [_load_seconds() for _ in range(LOADS)]
    return Chapter(
        "Polarity of sentences",
        (
            Table(("tool", "sentences", "sentences a second of CPU, median", "least to most"), tuple(rows)),
            Table(("", "times as fast"), (("fupan beside SnowNLP", _ratio(speed / median(theirs))),)),
            Table(
                ("fupan's model", "MB", "CPU ms to load, best", "to the worst", "runs"),
                ((f"`{MODEL.name}`", f"{size:.2f}", milliseconds(min(loads)), milliseconds(max(loads)), len(loads)),),
            ),
        ),
        (
            "The articles of `corpus/`; both cut the sentences into words and score them, fupan with the evidence.",
            "**to load**: model and tone lexicon, in a fresh process each, imports left out.",
        ),
        (
            Target(WANTED_SENTENCES, f"{speed:,.0f}", speed >= 12_000),
            Target(WANTED_SIZE, f"{size:.2f} MB", size <= 3),
            Target(WANTED_LOAD, f"{min(loads):.3f} s", min(loads) <= 0.2),
        ),
    )


def _documents(data: Path | None, peers: Peers) -> Chapter:
    """Measure keywords and summaries of documents, of each set in turns with the peer."""
    own = [Document("", read(path).text) for path in _articles()]
    terms, texts = {"corpus": own}, {"corpus": own}
    for sets, documents_of, most in ((terms, keyword_sets, DOCUMENTS), (texts, summary_sets, LONG_DOCUMENTS)):
        try:
            sets |= {name: documents[:most] for name, documents in documents_of(data)} if data else {}
        except Missing:
            continue  # the chapter on their quality says so; the target stands unmeasured
    rows: Rows = []
    ratios: dict[str, list[float]] = {WANTED_KEYWORDS: [], WANTED_SUMMARIES: []}
    work: tuple[tuple[str, str, dict[str, list[Document]], Ask, str, Ask], ...] = (
        (
            WANTED_KEYWORDS, "keywords", terms, lambda d: fp.keywords(d.text, title=d.title or None),
            "jieba TF-IDF", lambda d: peers.tfidf(f"{d.title}\n{d.text}".strip(), 10),
        ),
        (
            WANTED_SUMMARIES, "summary", texts, lambda d: fp.summarize(d.text),
            "SnowNLP", lambda d: peers.ranked_clauses(d.text),
        ),
    )  # fmt: skip
    for wanted, what, sets, ours, tool, theirs in work:
        for name, documents in sets.items():
            fast, slow = _in_turns(documents, ours, theirs)
            ratios[wanted].append(slow / fast)
            length = f"{sum(len(d.text) for d in documents) / len(documents):,.0f}"
            speeds = (f"{1 / fast:,.0f}", tool, f"{1 / slow:,.1f}", _factor(slow / fast))
            rows.append((what, name, len(documents), length, *speeds))
    return Chapter(
        "Keywords and summaries of documents",
        (
            Table(
                ("work", "set", "documents", "characters each", "fupan, documents a second", "peer", "its", "ratio"),
                tuple(rows),
            ),
        ),
        ("`fp.keywords`, `fp.summarize` and the peers on texts, everything loaded, in turns; of CPU time.",),
        tuple(
            # on the articles of corpus/ alone it is not measured
            Target(wanted, f"{_factor(min(found))} to {_factor(max(found))}", min(found) >= least)
            if len(found) > 1
            else Target(wanted)
            for (wanted, found), least in zip(ratios.items(), (0.5, 100.0), strict=True)
        ),
    )


def _network() -> Chapter:
    """Measure the counting of a corpus beside a plain double loop, and what an article's network takes besides."""
    import numpy as np

    from pipeline.network.counting import count

    draw = np.random.default_rng(0)
    # a few things are common and most are rare, as words are
    unit, thing = draw.integers(0, UNITS, MENTIONS), draw.zipf(1.3, MENTIONS) % THINGS
    names = [f"n{number}" for number in range(THINGS)]
    where, what = unit.tolist(), thing.tolist()
    _double_loop(where[:1000], what[:1000])
    array, loop = [], []
    for _ in range(DOCUMENT_ROUNDS):
        array.append(_time(lambda: count(unit, thing, names=names, units=UNITS)))
        loop.append(_time(lambda: _double_loop(where, what)))
    dear: Rows = []
    worst = 0.0
    for path in _articles():
        times = [_time(partial(_dear, fp.analyze(path))) for _ in range(ROUNDS)]
        network = fp.analyze(path).network()
        worst = max(worst, _cpu(times))
        dear.append((path.stem, len(network.nodes), len(network.edges), *_times(times)[1:3]))
    seconds = _cpu(array)
    rows: Rows = [
        ("fupan, `network.counting.count`", *_times(array)),
        ("a plain loop over sentences and pairs", *_times(loop)),
    ]
    return Chapter(
        "The network",
        (
            Table(("work", "runs", "CPU ms, median", "least to most", "elapsed ms, median"), tuple(rows)),
            Table(("", "times as fast"), (("fupan beside the loop", _ratio(_cpu(loop) / seconds)),)),
            Table(("article", "nodes", "edges", "CPU ms, median", "least to most"), tuple(dear)),
        ),
        (
            f"{MENTIONS:,} mentions of {THINGS:,} things over {UNITS:,} sentences, made up; both give the same counts.",
            "**an article**: bootstrap of 1,000 resamples, communities from 20 seeds, centralities, backbone and "
            "courses, libraries loaded; they are left to when they are first asked for.",
        ),
        (
            Target(WANTED_COUNTS, f"{seconds:.2f} s", seconds < 2),
            Target(WANTED_DEAR, f"{1000 * worst:.0f} ms at most", worst <= 0.06),
        ),
    )


def _double_loop(unit: Sequence[int], thing: Sequence[int]) -> Counter[tuple[int, int]]:
    """Count pairs the way that comes to mind first."""
    members: dict[int, set[int]] = {}
    for where, what in zip(unit, thing, strict=True):
        members.setdefault(where, set()).add(what)
    pairs: Counter[tuple[int, int]] = Counter()
    for inside in members.values():
        ordered = sorted(inside)
        for at, first in enumerate(ordered):
            for second in ordered[at + 1 :]:
                pairs[first, second] += 1
    return pairs


def _dear(analysis: fp.Analysis) -> None:
    """Ask for what is computed when first asked for."""
    analysis.stabilities()
    analysis.positions()  # and communities
    analysis.backbone()
    analysis.courses()


def _in_turns(documents: Sequence[Document], ours: Ask, theirs: Ask) -> tuple[float, float]:
    """Return the median CPU seconds a document of two tools, which have read the first of them before."""
    seconds: dict[Ask, list[float]] = {ours: [], theirs: []}
    for ask in seconds:
        ask(documents[0])
    for _ in range(DOCUMENT_ROUNDS):
        for ask, took in seconds.items():
            took.append(_time(partial(list, map(ask, documents))).cpu / len(documents))
    return median(seconds[ours]), median(seconds[theirs])


def _factor(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def _articles() -> list[Path]:
    return sorted(path for path in CORPUS.iterdir() if path.suffix in (".txt", ".md") and path.stem != "README")


def _load_seconds() -> float:
    """Return the CPU seconds that a fresh process takes to load the polarity model."""
    done = subprocess.run(
        [sys.executable, "-c", LOAD], capture_output=True, text=True, env={**os.environ, **ONE_THREAD}, check=True
    )
    return float(done.stdout)


def _load(script: Path) -> Callable[[str], object]:
    """Import the peer's script and return its ``analyse``."""
    from benchmarks.peers import quiet_jieba

    quiet_jieba()
    spec = importlib.util.spec_from_file_location("peer_script", script)
    if spec is None or spec.loader is None:
        raise ImportError(f"{script}: is no Python script")
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    analyse: Callable[[str], object] = module.analyse
    return analyse


def _time(work: Callable[[], object]) -> Time:
    cpu, elapsed = time.process_time(), time.perf_counter()
    work()
    return Time(time.process_time() - cpu, time.perf_counter() - elapsed)


def _cpu(runs: Sequence[Time]) -> float:
    return median(run.cpu for run in runs)


def _times(runs: Sequence[Time]) -> tuple[Cell, ...]:
    """Return number, median and spread of runs as cells; nothing was measured where there are none."""
    if not runs:
        return 0, None, None, None
    least, most = min(run.cpu for run in runs), max(run.cpu for run in runs)
    spread = f"{milliseconds(least)} to {milliseconds(most)}" if len(runs) > 1 else None
    return len(runs), milliseconds(_cpu(runs)), spread, milliseconds(median(run.elapsed for run in runs))


# Whole processes


def _processes(peer: Path | None) -> Chapter:
    """Measure whole processes, imports and loading included, in turns."""
    with tempfile.TemporaryDirectory() as folder:
        plain, drawn = Path(folder) / "plain", Path(folder) / "drawn"
        commands = {
            "`fupan analyze --no-figures`": [*FUPAN, "analyze", str(ARTICLE), "-o", str(plain), "--no-figures"],
            "`fupan analyze`": [*FUPAN, "analyze", str(ARTICLE), "-o", str(drawn)],
            "`fupan --help`": [*FUPAN, "--help"],
        }
        if peer:
            commands["peer"] = [sys.executable, str(peer), str(ARTICLE)]
        runs: dict[str, list[Process]] = {name: [] for name in commands}
        writers: list[dict[str, float]] = []
        for turn in range(PROCESSES + 1):
            for name, command in commands.items():
                done = spend(command, folder)
                if turn:  # the first fills the file cache, and jieba's
                    runs[name].append(done)
            if turn:
                timings = (drawn / ARTICLE.stem / "timings.json").read_text(encoding="utf-8")
                writers.append(json.loads(timings))
    cpu = {name: median(run.cpu for run in found) for name, found in runs.items()}
    rows: Rows = [
        (
            name,
            len(found),
            f"{cpu[name]:.2f}",
            f"{min(run.cpu for run in found):.2f} to {max(run.cpu for run in found):.2f}",
            f"{median(run.elapsed for run in found):.2f}",
            f"{median(run.memory for run in found):.0f}",
            f"1/{cpu['peer'] / cpu[name]:.1f}" if peer and name != "peer" else "–",
        )
        for name, found in runs.items()
    ]
    columns = ("process", "runs", "CPU s, median", "least to most", "elapsed s", "peak MiB", "CPU beside the peer's")
    short, full = (cpu[name] / cpu["peer"] if peer else None for name in list(commands)[:2])
    help_cpu = cpu["`fupan --help`"]
    figures = median(run["write figures"] for run in writers)
    return Chapter(
        "One article, the whole process",
        (Table(columns, tuple(rows)),),
        (
            f"`{ARTICLE.name}`; imports, loading and every file written included. CPU is user and system time.",
            f"The second draws the figures, which takes {milliseconds(figures)} ms of it.",
        ),
        (
            Target(WANTED_PROCESS) if short is None else Target(WANTED_PROCESS, f"1/{1 / short:.1f}", short <= 1 / 4),
            Target(WANTED_FIGURES) if full is None else Target(WANTED_FIGURES, f"1/{1 / full:.1f}", full <= 1 / 2),
            *(
                Target(text, f"{cpu[name]:.2f} s", cpu[name] <= most)
                for text, name, most in zip((WANTED_SECONDS, WANTED_DRAWN), commands, (1.5, 4.0), strict=False)
            ),
            Target(WANTED_HELP, f"{help_cpu:.2f} s", help_cpu < 0.5),
        ),
    )


def _machine() -> Chapter:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return Chapter(
        "Where this was measured",
        (),
        (
            f"{cores} cores, of which one thread was used but where two processes are measured; Python "
            f"{platform.python_version()}. Only figures of one run may be compared: the ratios carry over to another "
            "machine, the seconds do not.",
        ),
    )


def _ratio(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.0f}"
