"""Articles in any number, made by perturbing our own: for timing only, for what they say is not sense.

    python -m benchmarks.made 200000 articles.jsonl

Each takes paragraphs of two of our articles in a shuffled order, drops a sentence here and there, changes the figures
and some of the names, and ends near 2,000 characters. The same number and seed give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

from benchmarks.data import CORPUS
from pipeline.stages.read import read

OWN = ("founder-year.txt", "incident-payment-outage.md", "product-air-fryer-gb18030.txt", "project-erp-migration.txt")
LENGTH = 2_000
"""Characters after which no further section is begun, nearly."""
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"

_SENTENCE = re.compile(r"[^。!?]*[。!?]?")
_NUMBER = re.compile(r"\d+")
_NAME = re.compile(r"[老小][一-鿿](?=[说的在把和,])")


def articles(count: int, *, seed: int = 7) -> Iterator[dict[str, str]]:
    """Yield so many articles as ``id``, ``title``, ``date`` and ``text``."""
    sources = [_paragraphs(read(CORPUS / name).text) for name in OWN]
    for number in range(count):
        chance = random.Random(f"{seed} {number}")
        yield {
            "id": f"made-{number}",
            "title": f"第{number + 1}次复盘",
            "date": f"{chance.randint(2015, 2026)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
            "text": _article(chance, sources),
        }


def _paragraphs(text: str) -> list[str]:
    return [paragraph for paragraph in text.split("\n") if paragraph.strip()]


def _article(chance: random.Random, sources: list[list[str]]) -> str:
    """Return parts of two articles, perturbed."""
    pool = [paragraph for source in chance.sample(sources, 2) for paragraph in source[1:]]
    start = chance.randrange(len(pool))
    chosen: list[str] = []
    length = 0
    for paragraph in pool[start:] + pool[:start]:
        if length >= LENGTH:
            break
        said = "".join(s for s in _SENTENCE.findall(paragraph) if chance.random() < 0.93)
        said = _NUMBER.sub(lambda found: str(chance.randint(1, 10 ** len(found[0]))), said)
        said = _NAME.sub(lambda _: chance.choice(SURNAMES) + chance.choice(GIVEN), said)
        chosen.append(said)
        length += len(said)
    return "\n".join(chosen) + "\n"


def main() -> None:
    """Write the articles as JSON Lines."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.made", description="Make articles for timing.")
    parser.add_argument("count", type=int, help="how many")
    parser.add_argument("file", type=Path, help="JSON Lines to write")
    options = parser.parse_args()
    with options.file.open("w", encoding="utf-8") as file:
        for article in articles(options.count):
            file.write(json.dumps(article, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
