"""A small data folder of our own writing, and peers that answer at once."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from benchmarks.peers import Peers

INTRO = "上线三个月，退货率一直居高不下。"
BAD = "品控没有跟上，首批产品故障频发。"
GOOD = "团队重建了质检流程，用户的信任逐步恢复。"
ARTICLE = f"{INTRO}\n\n## 问题\n\n{BAD}\n\n## 补救\n\n{GOOD}\n"


def peers() -> Peers:
    """Return peers that find everything positive, take the first characters for keywords, and cut by character."""
    return Peers(
        sentiment=lambda texts: [1.0] * len(texts),
        tfidf=lambda text, limit: [text[:2]][:limit],
        textrank=lambda text, limit: [text[-2:]][:limit],
        yake=lambda text, limit: [text[:3]][:limit],
        ranked_sentences=lambda text: [(text, 0)],
        ranked_clauses=lambda text: [(clause, rank) for rank, clause in enumerate(text.split("。"))],
        cut=list,
    )


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))


def rows(*records: object) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def articles(data: Path) -> None:
    """Write the article, its sections, and its annotation under the name that the benchmark looks for."""
    write(data / "articles" / "own.txt", ARTICLE)
    first, second = ARTICLE.index("## 问题"), ARTICLE.index("## 补救")
    entry = {
        "file": "own.txt",
        "sha256": hashlib.sha256(ARTICLE.encode("utf-8")).hexdigest(),
        "sections": [
            {"start": 0, "heading": None, "kind": "intro"},
            {"start": first, "heading": "问题", "heading_start": first + 3, "kind": "body"},
            {"start": second, "heading": "补救", "heading_start": second + 3, "kind": "body"},
        ],
    }
    write(data / "articles" / "sections_gold.json", json.dumps({"articles": {"xiaomi11": entry}}))
    at = {text: ARTICLE.index(text) for text in (INTRO, BAD, GOOD)}
    polar = [
        {"article": "xiaomi11", "start": at[BAD], "end": at[BAD] + len(BAD), "polarity": -1},
        {"article": "xiaomi11", "start": at[GOOD], "end": at[GOOD] + len(GOOD), "polarity": 1, "also_ok": [0]},
    ]
    write(data / "articles" / "polarity_gold.json", json.dumps({"units": polar}))
    sentences: list[tuple[str, int, list[dict[str, str]]]] = [
        (INTRO, -1, []),
        (BAD, -1, [{"concept": "品控", "tier": "core"}]),
        (GOOD, 1, [{"concept": "信任", "tier": "core"}]),
    ]
    annotation = {
        "file": "own.txt",
        "sha256": entry["sha256"],
        "aliases": {"品控": {}, "信任": {}},
        "sentences": [
            {"i": i, "type": "sentence", "start": at[text], "end": at[text] + len(text), "polarity": p, "concepts": c}
            for i, (text, p, c) in enumerate(sentences)
        ],
    }
    write(data / "articles" / "xiaomi11_gold.json", json.dumps(annotation))


def sentiment(data: Path) -> None:
    write(data / "sentiment" / "shop.tsv", "text\tlabel\n很满意\tpos\n太差了\tneg\n一般\tneu\n质量差\tneg\n")
    write(data / "sentiment" / "fin_forum.tsv", "text\tlabel\n涨停\tpos\n")


def frozen(folder: Path) -> Path:
    """Write a challenge set and pairs of concepts, which come with the program and not with the data."""
    hard = (
        f"negation\t-1\t\t1\t{BAD}\nnegation\t-1\t0\t0\t{INTRO}\nquestion\t1\t0,-1\t1\t{GOOD}\n"
        "question\t0\t\t0\t会议定在周三。\n"
    )
    write(folder / "challenge.tsv", f"phenomenon\tlabel\talso\ttrap\ttext\n{hard}")
    write(folder / "pairs.tsv", "good\tbad\ttext\n屏幕\t电池\t屏幕非常清晰漂亮，电池却频频故障，投诉不断。\n")
    return folder


def keywords(data: Path) -> None:
    text = "供应链管理决定交付。供应链管理要从采购开始。"
    write(data / "keywords" / "csl.jsonl", rows({"title": "供应链管理研究", "text": text, "keywords": ["供应链管理"]}))


def summaries(data: Path) -> None:
    text = "支付系统宕机两小时。原因是证书过期。团队已经补上告警。"
    write(data / "summaries" / "short.jsonl", rows({"text": text, "summary": "证书过期致支付系统宕机"}))


def segmentation(data: Path) -> None:
    write(data / "segmentation" / "a_gold.txt", "团队 复盘 问题\n质量 很 好\n")
    write(data / "segmentation" / "b_pos.txt", "团队/n 复盘/v\n")


def everything(data: Path) -> Path:
    for part in (articles, sentiment, keywords, summaries, segmentation):
        part(data)
    write(data / "polarity" / "train.jsonl", rows({"article": 1, "text": BAD, "polarity": -1, "also_ok": []}))
    return data
