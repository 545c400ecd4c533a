"""Builds ``resources/background.tsv``: how common words are, against which a keyword stands out.

    python -m pipeline.background --data DIR

For each word, the share of documents that hold it is estimated in several kinds of text and averaged, each kind
weighing the same, so that a word that only one kind knows counts as rarer than one that all know:

- general prose: jieba's ``idf.txt`` (MIT), turned back from idf to shares;
- retrospectives and analyses: articles and runs of sentences in ``DIR/polarity``;
- abstracts: ``DIR/keywords/csl.jsonl``; talk: ``DIR/summaries/vcsum.jsonl``; both without the rows that quality is
  reported on.

Only figures are kept, no text. The result is a table ``idf<TAB>word word ...``, idf = -ln(share) in steps of 1/8; the
same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

from pipeline.stages.keywords.vocabulary import BACKGROUND_PATH

STEP = 8
"""Steps of idf in one unit."""
RUN = 12
"""Sentences of the unlabelled runs that are taken as one document."""
HELD_OUT = (("keywords/csl.jsonl", 500), ("summaries/vcsum.jsonl", 67))
"""Sets, with the number of their first rows on which quality is reported: these stay out of the figures."""
WORD = re.compile(r"[\u3400-\u9fff]+|[a-z][a-z0-9+#.\-]*")
"""What counts as a word: no marks, no numbers."""
LONGEST = 8
"""Characters of the longest word to keep."""
MINIMUM = 3
"""Documents of one kind in which a word must stand to count as seen there."""


def general() -> dict[str, float]:
    """Return the share of documents of general prose that hold each word, from jieba's ``idf.txt``."""
    spec = find_spec("jieba")
    if spec is None or spec.origin is None:
        raise SystemExit("jieba is not installed: its idf.txt is needed")
    path = Path(spec.origin).parent / "analyse" / "idf.txt"
    shares: dict[str, float] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        word, _, idf = line.rpartition(" ")
        shares[word.lower()] = math.exp(-float(idf))
    return shares


def shares(documents: Iterable[str], cut: Callable[[str], Iterable[str]]) -> dict[str, float]:
    """Return the share of ``documents`` that hold each word, of words that stand in ``MINIMUM`` of them or more."""
    count: Counter[str] = Counter()
    size = 0
    for text in documents:
        count.update({word.lower() for word in cut(text)})
        size += 1
    return {word: n / size for word, n in count.items() if n >= MINIMUM}


def rows(path: Path) -> list[dict[str, str]]:
    """Return the records of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def retrospectives(folder: Path) -> Iterator[str]:
    """Yield documents of ``DIR/polarity``: an article's labelled sentences, and runs of the unlabelled ones."""
    articles: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows(folder / "train.jsonl"):
        articles[row["article"]].append(row["text"])
    for sentences in articles.values():
        yield "\n".join(sentences)
    lines = (folder / "unlabelled.txt").read_text(encoding="utf-8").splitlines()
    for at in range(0, len(lines), RUN):
        yield "\n".join(lines[at : at + RUN])


def build(data: Path, cut: Callable[[str], Iterable[str]], *, size: int) -> str:
    """Return the table of the ``size`` commonest words."""
    kinds = [general(), shares(retrospectives(data / "polarity"), cut)]
    for name, first in HELD_OUT:
        texts = [f"{row['title']}\n{row['text']}" for row in rows(data / name)[first:]]
        kinds.append(shares(texts, cut))
    mixed: defaultdict[str, float] = defaultdict(float)
    for kind in kinds:
        for word, share in kind.items():
            if len(word) <= LONGEST and WORD.fullmatch(word):
                mixed[word] += share / len(kinds)
    kept = sorted(mixed.items(), key=lambda item: (-item[1], item[0]))[:size]
    levels: defaultdict[int, list[str]] = defaultdict(list)
    for word, share in kept:
        levels[round(-math.log(share) * STEP)].append(word)
    return "".join(f"{level / STEP:g}\t{' '.join(sorted(words))}\n" for level, words in sorted(levels.items()))


def main() -> None:
    """Write the table into the package."""
    parser = argparse.ArgumentParser(description="Builds resources/background.tsv.")
    parser.add_argument("--data", type=Path, required=True, help="holds polarity/, keywords/, summaries/")
    parser.add_argument("--size", type=int, default=60_000, help="words to keep")
    parser.add_argument("-o", "--out", type=Path, default=BACKGROUND_PATH)
    options = parser.parse_args()
    import rjieba

    options.out.write_text(build(options.data, rjieba.Jieba().cut, size=options.size), encoding="utf-8", newline="\n")
    print(f"{options.out}: {options.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
