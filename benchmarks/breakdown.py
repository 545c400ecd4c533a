"""Where the time of one ``fupan analyze`` goes: imports, loading, stages and writers, in a process of their own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.job import Rows
from benchmarks.page import Chapter, Table
from benchmarks.timing import environment, milliseconds

RUNS = 5

_PARTS = """\
import json, sys, time
from pathlib import Path

last = 0.0
spent = {}

def mark(name):
    global last
    now = time.process_time()
    spent[name] = now - last
    last = now

mark("Python itself")
import numpy
mark("import of numpy")
import networkx
mark("import of networkx")
import pyarrow, pyarrow.parquet
mark("import of pyarrow")
import pydantic, typer, jinja2
mark("import of pydantic, typer and jinja2")
import pipeline.run, pipeline.write.folder, pipeline.write.page, pipeline.write.tables, pipeline.write.graphs
mark("import of fupan's modules")
from pipeline import resources
from pipeline.config import Settings

def counted(name, load):
    def call(*values, **options):
        began = time.process_time()
        found = load(*values, **options)
        spent[name] = time.process_time() - began
        return found
    return call

settings = Settings()
own = {
    "load_segmenter": "segmenter and its dictionary", "load_vocabulary": "what is known of words",
    "load_model": "polarity model and lexicon", "load_concepts": "concepts", "load_worth": "worth of sentences",
    "load_known_names": "names",
}
for function, name in own.items():
    setattr(resources, function, counted(f"load: {name}", getattr(resources, function)))
pipeline.run.run([Path(sys.argv[1])], Path(sys.argv[2]), settings=settings, figures=False)
whole = time.process_time()
(folder,) = (path for path in Path(sys.argv[2]).iterdir() if path.is_dir() and (path / "timings.json").is_file())
timings = json.loads((folder / "timings.json").read_text(encoding="utf-8"))
spent |= {f"stage: {name}" if " " not in name else name: took for name, took in timings.items()}
spent["all else"] = whole - sum(spent.values())
print(json.dumps(spent))
"""


def spent(article: Path) -> dict[str, float]:
    """Return the seconds of CPU that each part of one analysis takes, as it comes; all of them are the process's."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-c", _PARTS, str(article), str(Path(folder) / "out")],
            capture_output=True,
            text=True,
            env=environment(folder),
            check=True,
        )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def chapter(article: Path) -> Chapter:
    """Measure where the time of ``fupan analyze --no-figures`` goes."""
    spent(article)  # fills the file cache, and keeps bytecode
    runs = [spent(article) for _ in range(RUNS)]
    parts = {name: median(run[name] for run in runs) for name in runs[0]}
    whole = sum(parts.values())
    rows: Rows = [(name, milliseconds(took), f"{took / whole:.0%}") for name, took in parts.items()]
    rows.append(("**together**", milliseconds(whole), "100%"))
    return Chapter(
        "Where the time of one process goes",
        (Table(("part", "CPU ms, median", "of all"), tuple(rows)),),
        (
            f"`{article.name}`, as by `fupan analyze --no-figures`, in {RUNS} fresh processes. A library is counted "
            "where it is first imported; a stage's first call also pays for what it looks up for the first time.",
        ),
    )
