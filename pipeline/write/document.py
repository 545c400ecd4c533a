"""The whole analysis as one JSON document with a published schema."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.write.values import rounded, well_formed

if TYPE_CHECKING:
    from pipeline.analysis import Analysis
    from pipeline.model import Edge, Evidence, Keyword, Polarity, Sentence, Stability, Token

SCHEMA_VERSION = "1.3"
"""Of ``analysis.json``: its first number changes when readers of the old form may fail, its second with new keys."""

_SCHEMA = Path(__file__).with_name("analysis.schema.json")


def analysis_json(analysis: Analysis) -> str:
    """Return the analysis as JSON text: one item a line, keys in a fixed order, Chinese as it is.

    Numbers have six significant digits; one that is not finite is null. Lone surrogates are U+FFFD, so that offsets
    hold. ``document_schema()`` describes every key.
    """
    return item_a_line(document(analysis))


def item_a_line(values: Mapping[str, object]) -> str:
    """Return values as a JSON object, an item of its lists a line, so that files can be compared line by line."""
    parts: list[str] = []
    for key, value in values.items():
        if isinstance(value, list) and value:
            items = ",\n".join(f"  {_dump(item)}" for item in value)
            parts.append(f" {_dump(key)}: [\n{items}\n ]")
        else:
            parts.append(f" {_dump(key)}: {_dump(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def document_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of ``analysis_json``."""
    schema: dict[str, Any] = json.loads(_SCHEMA.read_text(encoding="utf-8"))
    return schema


def document(analysis: Analysis) -> dict[str, Any]:
    """Return the analysis as plain dicts, lists, strings and numbers, as ``analysis_json`` writes it."""
    article = analysis.article
    positions = analysis.positions("sentence")
    return {
        "schema_version": SCHEMA_VERSION,
        "title": well_formed(analysis.title),
        "metadata": metadata(analysis),
        "script": analysis.script,
        "article": {
            "name": well_formed(article.name),
            "title": _text(article.title),
            "source": well_formed(article.source),
            "format": article.format,
            "encoding": article.encoding,
            "sha256": article.sha256,
            "extracted": article.extracted,
            "characters": len(article.text),
            "text": well_formed(article.text),
        },
        "settings": _plain(analysis.settings.model_dump(mode="json")),
        "polarity": _polarity(analysis.polarity),
        "summary": [_excerpt(sentence) for sentence in analysis.summary],
        "keywords": [_keyword(keyword) for keyword in analysis.keywords],
        "sections": [
            {
                "heading": _text(section.heading),
                "level": section.level,
                "kind": section.kind,
                "start": section.start,
                "end": section.end,
                "parent": section.parent,
                "polarity": _polarity(section.polarity),
                "keywords": [_keyword(keyword) for keyword in section.keywords],
                "summary": [_excerpt(sentence) for sentence in section.summary],
            }
            for section in analysis.sections
        ],
        "sentences": [
            {
                "text": well_formed(sentence.text),
                "start": sentence.start,
                "end": sentence.end,
                "section": sentence.section,
                "paragraph": sentence.paragraph,
                "kind": sentence.kind,
                "plain": None if sentence.plain == sentence.text else well_formed(sentence.plain),
                "polarity": _polarity(sentence.polarity),
                "tokens": [_token(token) for token in tokens],
            }
            for sentence, tokens in zip(analysis.sentences, analysis.tokens, strict=True)
        ],
        "mentions": [
            {
                "concept": well_formed(mention.concept),
                "alias": well_formed(mention.alias),
                "start": mention.start,
                "end": mention.end,
                "sentence": mention.sentence,
                "section": mention.section,
                "polarity": _polarity(mention.polarity),
            }
            for mention in analysis.mentions
        ],
        "names": [
            {
                "name": well_formed(name.name),
                "kind": name.kind,
                "count": name.count,
                "spans": [list(span) for span in name.spans],
                "cues": list(name.cues),
            }
            for name in analysis.names
        ],
        "nodes": [
            {
                "name": well_formed(node.name),
                "kind": node.kind,
                "units": node.units,
                "mentions": node.mentions,
                "score": rounded(node.score),
                "sections": list(node.sections),
                "degree": positions[node.name].degree,
                "strength": positions[node.name].strength,
                "betweenness": rounded(positions[node.name].betweenness),
                "pagerank": rounded(positions[node.name].pagerank),
                "community": positions[node.name].community,
                "agreement": rounded(positions[node.name].agreement),
            }
            for node in analysis.nodes
        ],
        "edges": [
            _edge(edge, analysis.stabilities()[edge.source, edge.target], analysis.backbone()[edge.source, edge.target])
            for edge in analysis.edges
        ],
        "courses": [
            {
                "source": well_formed(course.source),
                "target": well_formed(course.target),
                "steps": [
                    {
                        "section": step.section,
                        "count": step.count,
                        "tone": rounded(step.tone),
                        "relations": list(step.relations),
                        "events": list(step.events),
                        "sentences": list(step.sentences),
                    }
                    for step in course.steps
                ],
            }
            for course in analysis.courses()
        ],
        "communities": {
            "agreement": rounded(analysis.communities().overall),
            "modularity": rounded(analysis.communities().modularity),
        },
        "edits": [
            {
                "kind": edit.kind,
                "start": edit.start,
                "end": edit.end,
                "before": well_formed(edit.before),
                "after": well_formed(edit.after),
            }
            for edit in analysis.edits
        ],
        "outside": [
            {"start": start, "end": end, "text": well_formed(analysis.article.text[start:end])}
            for start, end in analysis.outside
        ],
    }


def metadata(analysis: Analysis) -> dict[str, str | None]:
    """Return who wrote the article, when, and where it appeared; null where neither its text nor its file says so."""
    found = analysis.metadata
    return {"author": _text(found.author), "date": _text(found.date), "source": _text(found.source)}


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _text(value: str | None) -> str | None:
    return None if value is None else well_formed(value)


def _polarity(polarity: Polarity) -> dict[str, Any]:
    return {
        "label": polarity.label,
        "score": rounded(polarity.score),
        "negative": rounded(polarity.negative),
        "neutral": rounded(polarity.neutral),
        "positive": rounded(polarity.positive),
        "evidence": [_piece(piece) for piece in polarity.evidence],
    }


def _piece(piece: Evidence) -> dict[str, Any]:
    return {
        "text": well_formed(piece.text),
        "start": piece.start,
        "end": piece.end,
        "weight": rounded(piece.weight),
        "rule": piece.rule,
    }


def _keyword(keyword: Keyword) -> dict[str, Any]:
    return {
        "term": well_formed(keyword.term),
        "score": rounded(keyword.score),
        "count": keyword.count,
        "keyness": None if keyword.keyness is None else rounded(keyword.keyness),
        "spans": [list(span) for span in keyword.spans],
    }


def _edge(edge: Edge, stability: Stability, disparity: float) -> dict[str, Any]:
    return {
        "source": well_formed(edge.source),
        "target": well_formed(edge.target),
        "count": edge.count,
        "source_count": edge.source_count,
        "target_count": edge.target_count,
        "units": edge.units,
        "support": rounded(edge.support),
        "jaccard": rounded(edge.jaccard),
        "dice": rounded(edge.dice),
        "simpson": rounded(edge.simpson),
        "association_strength": rounded(edge.association_strength),
        "pmi": rounded(edge.pmi),
        "npmi": rounded(edge.npmi),
        "log_likelihood": rounded(edge.log_likelihood),
        "odds_ratio": rounded(edge.odds_ratio),
        "odds_low": rounded(edge.odds_low),
        "odds_high": rounded(edge.odds_high),
        "p_value": rounded(edge.p_value),
        "p_adjusted": rounded(edge.p_adjusted),
        "count_low": stability.low,
        "count_high": stability.high,
        "strongest": rounded(stability.strongest),
        "rank": stability.rank,
        "disparity": rounded(disparity),
        "tone": rounded(edge.tone),
        "relations": [
            {
                "kind": relation.kind,
                "cue": well_formed(relation.cue),
                "start": relation.start,
                "end": relation.end,
                "sentence": relation.sentence,
                "forward": relation.forward,
            }
            for relation in edge.relations
        ],
        "sentences": list(edge.sentences),
    }


def _excerpt(sentence: Sentence) -> dict[str, Any]:
    return {
        "text": well_formed(sentence.text),
        "start": sentence.start,
        "end": sentence.end,
        "section": sentence.section,
    }


def _token(token: Token) -> list[object]:
    return [well_formed(token.word), token.pos, token.start, token.end]


def _plain(value: object) -> object:
    """Return JSON-like data with every text well formed."""
    if isinstance(value, str):
        return well_formed(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Iterable):
        return [_plain(item) for item in value]
    return value
