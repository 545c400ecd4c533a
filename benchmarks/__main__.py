"""The command: ``python -m benchmarks [quality] [speed] --data DIR``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "quality.md"
PARTS = ("quality", "speed")


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, and write the page; 1 if a part that was asked for could measure nothing, and then write nothing."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measures quality on labelled data, and speed beside a peer in the same run, and writes both down.",
    )
    parser.add_argument("parts", nargs="*", metavar="quality | speed", help="what to measure (default: both)")
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled data")
    parser.add_argument("--peer", type=Path, help="script to time against (default: DIR/../bench/naive_card.py)")
    parser.add_argument("--limit", type=int, help="rows of each data set at most, for a quick look")
    parser.add_argument(
        "--out",
        type=Path,
        help="page to write (default: docs/quality.md; standard output where only a part or a limit is asked for)",
    )
    options = parser.parse_args(argv)
    unknown = [part for part in options.parts if part not in PARTS]
    if unknown:
        parser.error(f"no such part: {', '.join(unknown)}; there are {' and '.join(PARTS)}")
    if options.limit is not None and options.limit < 1:
        parser.error("--limit must be at least 1")
    wanted = [part for part in PARTS if part in options.parts or not options.parts]

    # Before anything imports numpy: its threads are as many as these say at that moment
    from benchmarks.timing import ONE_THREAD

    os.environ.update(ONE_THREAD)
    from benchmarks import quality, speed
    from benchmarks.job import Job
    from benchmarks.page import render
    from benchmarks.peers import installed

    peers = installed()
    found = []
    for name in wanted:
        if name == "quality":
            part = quality.measure(Job(options.data, peers, options.limit))
        else:
            part = speed.measure(options.peer or options.data / ".." / "bench" / "naive_card.py", peers, options.data)
        if not part.chapters:
            print(f"{options.data}: nothing measured: no data for {name} there; nothing was written", file=sys.stderr)
            return 1
        found.append(part)
    page = render(found, limit=options.limit)
    whole = len(found) == len(PARTS) and options.limit is None
    if options.out is None and not whole:
        print(page)
    else:
        out = options.out or PAGE
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(page, encoding="utf-8", newline="\n")
        print(out)
    targets = [target for part in found for target in part.targets]
    print(f"{sum(target.met is True for target in targets)} of {len(targets)} targets met", file=sys.stderr)
    for name in (name for part in found for name in part.missing):
        print(f"not measured: {name}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
