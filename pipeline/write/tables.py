"""The layers of an analysis as Arrow tables, and as CSV and Parquet files."""

from __future__ import annotations

import csv
import difflib
import io
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pipeline.write.folder import write_text
from pipeline.write.values import one_line, rounded, well_formed

if TYPE_CHECKING:
    import pyarrow

    from pipeline.analysis import Analysis
    from pipeline.model import Keyword, Polarity, Relation, Sentence

Row = tuple[object, ...]
# Characters to each side of a mention that its row shows of the sentence
_CONTEXT = 200

ColumnKind = Literal["int", "long", "float", "text", "ints", "texts"]

LAYERS = ("sections", "sentences", "keywords", "mentions", "names", "nodes", "edges", "courses", "edits")

# How many code points of an edit are spelt out: a run of hidden characters may be as long as the article
_SPELT = 16
# A spreadsheet reads a cell that begins so as a formula; those set for East Asia accept the full-width forms too
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


class Column(NamedTuple):
    """A column: its kind decides its Arrow type and how a CSV cell is written.

    ``int`` is int32, ``long`` int64 (sums over a corpus),
    ``float`` float64, ``text`` string; ``ints`` and ``texts`` are lists of them.
    """

    name: str
    kind: ColumnKind
    description: str
    nullable: bool = False


_SPAN = (
    Column("start", "int", "first character: offset into the source text, in code points"),
    Column("end", "int", "offset after the last character"),
)
_POLARITY = (
    Column("label", "text", "negative, neutral or positive; of a sentence a decision of its own, else by score (0.1)"),
    Column("score", "float", "positive - negative, in [-1, 1]", nullable=True),
    Column(
        "negative", "float", "probability that it is negative; a mean where it covers several sentences", nullable=True
    ),
    Column("neutral", "float", "likewise, neutral", nullable=True),
    Column("positive", "float", "likewise, positive", nullable=True),
)

COLUMNS: dict[str, tuple[Column, ...]] = {
    "sections": (
        Column("section", "int", "index of the section, from 0, in reading order"),
        Column("heading", "text", "as shown, numbering kept, mark-up removed; null without one", nullable=True),
        Column("level", "int", "depth, 1 is the top"),
        Column("kind", "text", "intro (untitled, before the first heading), body or conclusion"),
        *_SPAN,
        Column("parent", "int", "index of the section that encloses it; null at the top", nullable=True),
        *_POLARITY,
        Column("sentences", "int", "sentences and table rows in it; headings and code are not counted"),
        Column("characters", "int", "end - start"),
        Column("keywords", "texts", "what sets it apart, strongest first"),
        Column("summary", "texts", "its one or two central sentences, in reading order"),
    ),
    "sentences": (
        Column("sentence", "int", "index of the sentence, from 0, in reading order"),
        Column("number", "int", "what the report calls it: from 1, headings and code left out", nullable=True),
        Column("section", "int", "index of its section"),
        Column("paragraph", "int", "number of its paragraph in the article, from 0"),
        Column("kind", "text", "heading, text, table (a row) or code; only text and table are scored"),
        *_SPAN,
        Column("text", "text", "the source from start to end"),
        Column("plain", "text", "the same as read: repaired, without mark-up, list marks and line breaks"),
        *_POLARITY,
        Column("evidence", "texts", "what decided the score, strongest first: text, signed weight, (rule)"),
        Column("concepts", "texts", "concepts that it mentions, in order of first mention"),
    ),
    "keywords": (
        Column("section", "int", "index of the section; null for the keywords of the article", nullable=True),
        Column("rank", "int", "1 is the strongest of its section, or of the article"),
        Column("term", "text", "word or phrase"),
        Column("score", "float", "salience; comparable within one section, or within the article, only", nullable=True),
        Column("count", "int", "occurrences in the section, or in the article"),
        Column(
            "keyness",
            "float",
            "standard deviations by which the section uses it more than the rest does; null for the whole article",
            nullable=True,
        ),
        Column("starts", "ints", "where each occurrence starts"),
        Column("ends", "ints", "where each occurrence ends"),
    ),
    "mentions": (
        Column("concept", "text", "name of the concept"),
        Column("alias", "text", "the name used here"),
        *_SPAN,
        Column("sentence", "int", "index of its sentence"),
        Column("section", "int", "index of its section"),
        *_POLARITY,
        Column("evidence", "texts", "what decided the score of the clauses about it: text, signed weight, (rule)"),
        Column("text", "text", "its sentence as read; of a very long one the source around it"),
    ),
    "names": (
        Column("name", "text", "person, product or organisation, as the article calls it"),
        Column("kind", "text", "person, product or organisation"),
        Column("count", "int", "occurrences, headings included"),
        Column("starts", "ints", "where each occurrence starts"),
        Column("ends", "ints", "where each occurrence ends"),
        Column("cues", "texts", "what decided it, strongest first: list, surname, title, says, suffix …"),
    ),
    "nodes": (
        Column("name", "text", "concept, name or key term"),
        Column("kind", "text", "concept, person, product, organisation or term"),
        Column("units", "int", "sentences that hold it"),
        Column("mentions", "int", "occurrences"),
        Column("score", "float", "mean polarity score of what is said about it, in [-1, 1]", nullable=True),
        Column("sections", "ints", "indices of the sections that it occurs in"),
        Column("degree", "int", "neighbours"),
        Column("strength", "int", "sum of the counts of its edges"),
        Column(
            "betweenness",
            "float",
            "share of shortest paths through it (distance 1 / count), in [0, 1]",
            nullable=True,
        ),
        Column(
            "pagerank",
            "float",
            "share of a random walk's visits along edges (damping 0.85), in [0, 1]; adds up to 1",
            nullable=True,
        ),
        Column("community", "int", "number of its community, from 0, the largest first"),
        Column(
            "agreement",
            "float",
            "share of 20 runs that put it with the others of its community, in [0, 1]",
            nullable=True,
        ),
    ),
    "edges": (
        Column("source", "text", "name of a node"),
        Column("target", "text", "name of a node that comes later in the nodes layer"),
        Column("count", "int", "sentences that hold both (n_ij): the weight"),
        Column("source_count", "int", "sentences that hold source (n_i)"),
        Column("target_count", "int", "sentences that hold target (n_j)"),
        Column("units", "int", "sentences in all (N)"),
        Column("support", "float", "n_ij / N", nullable=True),
        Column("jaccard", "float", "n_ij / (n_i + n_j - n_ij), in [0, 1]", nullable=True),
        Column("dice", "float", "2 n_ij / (n_i + n_j), in [0, 1]", nullable=True),
        Column("simpson", "float", "overlap coefficient, n_ij / min(n_i, n_j), in [0, 1]", nullable=True),
        Column("association_strength", "float", "observed by expected, n_ij N / (n_i n_j); 1 is chance", nullable=True),
        Column("pmi", "float", "pointwise mutual information in bits; 0 is chance", nullable=True),
        Column("npmi", "float", "normalised pointwise mutual information, in [-1, 1]", nullable=True),
        Column(
            "log_likelihood",
            "float",
            "signed log-likelihood ratio G2; negative: together less often than chance",
            nullable=True,
        ),
        Column("odds_ratio", "float", "odds ratio (Haldane-Anscombe); 1 is chance", nullable=True),
        Column("odds_low", "float", "lower end of its 95 % interval (Woolf)", nullable=True),
        Column("odds_high", "float", "upper end", nullable=True),
        Column("p_value", "float", "Fisher's exact test, one-sided (together more often than chance)", nullable=True),
        Column(
            "p_adjusted",
            "float",
            "the same, corrected over all pairs of its family (Benjamini-Hochberg)",
            nullable=True,
        ),
        Column("count_low", "int", "lower end of the 95 % interval of count (bootstrap over sentences)"),
        Column("count_high", "int", "upper end"),
        Column(
            "strongest",
            "float",
            "share of resamples in which it is among the strongest of its family, in [0, 1]",
            nullable=True,
        ),
        Column("rank", "int", "how many count as the strongest there"),
        Column("disparity", "float", "p-value of the disparity filter; at most 0.05: in the backbone", nullable=True),
        Column("tone", "float", "mean polarity score of the sentences behind it, in [-1, 1]", nullable=True),
        Column("relations", "texts", "what these sentences say of the two: kind, direction, cue (cause > 导致)"),
        Column("sentences", "ints", "indices of the sentences behind it"),
    ),
    "courses": (
        Column("source", "text", "name of a node"),
        Column("target", "text", "name of a node that comes later in the nodes layer"),
        Column("section", "int", "index of a section that holds the link"),
        Column("count", "int", "sentences of the section that hold both"),
        Column("tone", "float", "mean polarity score of these sentences, in [-1, 1]", nullable=True),
        Column("relations", "texts", "kinds of relation that they state: opposition, cause, means, priority"),
        Column(
            "events",
            "texts",
            "appears, returns, turns (its tone to the other side), fades (no later section holds it)",
        ),
        Column("sentences", "ints", "indices of these sentences"),
    ),
    "edits": (
        Column("kind", "text", "zero-width, control, width, space, punctuation, glyph or injection"),
        *_SPAN,
        Column("before", "text", "what the source has"),
        Column("after", "text", "what was read instead; empty where it was left out"),
        Column("code_points", "text", f"before, spelt out as U+XXXX, the first {_SPELT}"),
    ),
}
"""The columns of each layer, in the order of the files."""

_COSTLY = {
    "nodes": ("degree", "strength", "betweenness", "pagerank", "community", "agreement"),
    "edges": ("count_low", "count_high", "strongest", "rank", "disparity"),
}


@lru_cache(maxsize=len(LAYERS))
def schema(layer: str) -> pyarrow.Schema:
    """Return the Arrow schema of a layer; each field has its ``description`` as metadata.

    Raises:
        ValueError: there is no such layer; the nearest is named.
    """
    check_layer(layer, LAYERS)
    return arrow_schema(COLUMNS[layer])


def check_layer(layer: str, known: Sequence[str]) -> None:
    """Refuse a layer that is not among the known ones.

    Raises:
        ValueError: there is no such layer; the nearest is named.
    """
    if layer not in known:
        near = difflib.get_close_matches(layer, known, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
        raise ValueError(f"unknown layer {layer!r}; {hint}")


def arrow_schema(columns: Sequence[Column]) -> pyarrow.Schema:
    """Return the Arrow schema of columns; each field has its ``description`` as metadata."""
    import pyarrow as pa

    types = {
        "int": pa.int32(),
        "long": pa.int64(),
        "float": pa.float64(),
        "text": pa.string(),
        "ints": pa.list_(pa.field("item", pa.int32(), nullable=False)),
        "texts": pa.list_(pa.field("item", pa.string(), nullable=False)),
    }
    return pa.schema(
        pa.field(
            column.name, types[column.kind], nullable=column.nullable, metadata={"description": column.description}
        )
        for column in columns
    )


def table(analysis: Analysis, layer: str) -> pyarrow.Table:
    """Return a layer as an Arrow table with the columns of ``COLUMNS[layer]``.

    Numbers have six significant digits; lone surrogates in text are U+FFFD, so that offsets hold.

    Args:
        analysis: what to tabulate. ``nodes``, ``edges`` and ``courses`` are of its network within sentences.
        layer: one of ``LAYERS``.

    Raises:
        ValueError: there is no such layer; the nearest is named.
    """
    fields = schema(layer)  # knows which layers there are
    return arrow_table(COLUMNS[layer], _ROWS[layer](analysis), fields)


def counted_columns(layer: str) -> tuple[Column, ...]:
    """Return the columns of a layer without those that only resampling or the whole graph can tell."""
    return tuple(column for column in COLUMNS[layer] if column.name not in _COSTLY.get(layer, ()))


def counted_rows(analysis: Analysis, layer: str) -> Iterator[Row]:
    """Return the rows of a layer, values in the order of ``counted_columns(layer)``."""
    if layer == "nodes":
        return _nodes(analysis, counted=True)
    return _edges(analysis, counted=True) if layer == "edges" else _ROWS[layer](analysis)


def write_tables(analysis: Analysis, folder: Path) -> None:
    """Write each layer to ``folder/tables`` as ``<layer>.csv`` and ``<layer>.parquet``.

    CSV is UTF-8 with a byte-order mark (Excel takes it for the local code page otherwise) and quoted after RFC 4180. A
    cell is one line: line ends and tabs are a blank, control characters are left out; lists of text are joined by
    ``；``, lists of numbers by a blank; null is empty. Text that a spreadsheet would run as a formula begins with an
    apostrophe. Parquet has the values as they are.
    """
    target = folder / "tables"
    target.mkdir(parents=True, exist_ok=True)
    for layer in LAYERS:
        write_table(target / layer, COLUMNS[layer], _ROWS[layer](analysis), schema(layer))


def write_table(path: Path, columns: Sequence[Column], rows: Iterable[Row], fields: pyarrow.Schema) -> None:
    """Write rows to ``<path>.csv`` and ``<path>.parquet``, in the form of ``write_tables``.

    Args:
        path: without a suffix; its folder is there.
        columns: of the table.
        rows: a value for each column, rounded and well formed.
        fields: ``arrow_schema(columns)``.
    """
    import pyarrow.parquet

    values = _transposed(rows, columns)
    data = _to_arrow(columns, values, fields)
    parquet, text = (path.with_name(f"{path.name}.{suffix}") for suffix in ("parquet", "csv"))
    pyarrow.parquet.write_table(data, parquet, compression="zstd", write_statistics=False)
    cells = [[_cell(value, column.kind) for value in own] for column, own in zip(columns, values, strict=True)]
    _write_csv(text, [defused(column.name) for column in columns], zip(*cells, strict=True))


def arrow_table(columns: Sequence[Column], rows: Iterable[Row], fields: pyarrow.Schema) -> pyarrow.Table:
    """Return rows as an Arrow table; the arguments are those of ``write_table``."""
    return _to_arrow(columns, _transposed(rows, columns), fields)


def write_failures(failures: Iterable[tuple[str, str]], path: Path) -> None:
    """Write the inputs that failed, each with its message, as CSV in the form of ``write_tables``."""
    _write_csv(path, ("source", "message"), ((defused(source), defused(message)) for source, message in failures))


def csv_file(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return cells as a CSV file: UTF-8 with a byte-order mark, quoted after RFC 4180, CRLF.

    Cells are written as they are; text from an article is to be ``defused`` before.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return ("\ufeff" + file.getvalue()).encode("utf-8", errors="replace")


def defused(text: str) -> str:
    """Return text as a cell on one line; one that a spreadsheet would run as a formula begins with an apostrophe."""
    line = one_line(text)
    return "'" + line if line.lstrip().startswith(_FORMULA) else line


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    write_text(path, csv_file(header, rows).decode())


def _transposed(rows: Iterable[Row], columns: Sequence[Column]) -> list[tuple[Any, ...]]:
    """Return the values of each column."""
    found = list(rows)
    return list(zip(*found, strict=True)) if found else [()] * len(columns)


def _to_arrow(columns: Sequence[Column], values: Sequence[Sequence[Any]], fields: pyarrow.Schema) -> pyarrow.Table:
    import pyarrow as pa

    arrays = [_array(own, column.kind, field.type) for own, column, field in zip(values, columns, fields, strict=True)]
    return pa.Table.from_arrays(arrays, schema=fields)


def _array(values: Sequence[Any], kind: ColumnKind, arrow: pyarrow.DataType) -> pyarrow.Array:
    """Return values as an Arrow array.

    Built from its buffers (Arrow columnar format 1.5), since ``pyarrow.array`` imports pandas, 0.3 s of CPU, only to
    ask whether it was given a Series.
    """
    import pyarrow as pa

    if kind in ("ints", "texts"):
        item: ColumnKind = "int" if kind == "ints" else "text"
        child = _array([part for value in values for part in value], item, arrow.value_type)
        offsets = array("i", accumulate(map(len, values), initial=0))
        return pa.Array.from_buffers(arrow, len(values), [None, pa.py_buffer(offsets)], children=[child])
    valid = None
    if None in values:
        bits = bytearray(len(values) // 8 + 1)
        for place, value in enumerate(values):
            bits[place // 8] |= (value is not None) << place % 8
        valid = pa.py_buffer(bits)
    if kind == "text":
        encoded = [(value or "").encode() for value in values]
        ends = array("i", accumulate(map(len, encoded), initial=0))
        buffers = [valid, pa.py_buffer(ends), pa.py_buffer(b"".join(encoded))]
    else:
        plain = array({"int": "i", "long": "q"}.get(kind, "d"), (value or 0 for value in values))
        buffers = [valid, pa.py_buffer(plain)]
    return pa.Array.from_buffers(arrow, len(values), buffers)


def _cell(value: object, kind: ColumnKind) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return defused("；".join(value)) if kind == "texts" else " ".join(map(str, value))
    return defused(str(value)) if kind == "text" else str(value)


def _polarity(polarity: Polarity) -> Row:
    numbers = (polarity.score, polarity.negative, polarity.neutral, polarity.positive)
    return (polarity.label, *map(rounded, numbers))


def _evidence(polarity: Polarity) -> list[str]:
    return [
        f"{well_formed(piece.text)} {'−' if piece.weight < 0 else '+'}{abs(piece.weight):.2f} ({piece.rule})"
        for piece in polarity.evidence
    ]


def _sections(analysis: Analysis) -> Iterator[Row]:
    sizes = [0] * len(analysis.sections)
    for sentence in analysis.sentences:
        sizes[sentence.section] += sentence.is_prose
    for number, section in enumerate(analysis.sections):
        yield (
            number,
            None if section.heading is None else well_formed(section.heading),
            section.level,
            section.kind,
            section.start,
            section.end,
            section.parent,
            *_polarity(section.polarity),
            sizes[number],
            section.end - section.start,
            [well_formed(keyword.term) for keyword in section.keywords],
            [well_formed(sentence.plain) for sentence in section.summary],
        )


def _sentences(analysis: Analysis) -> Iterator[Row]:
    concepts: dict[int, dict[str, None]] = {}
    for mention in analysis.mentions:
        concepts.setdefault(mention.sentence, {})[well_formed(mention.concept)] = None
    shown = 0
    for number, sentence in enumerate(analysis.sentences):
        shown += sentence.is_prose
        yield (
            number,
            shown if sentence.is_prose else None,
            sentence.section,
            sentence.paragraph,
            sentence.kind,
            sentence.start,
            sentence.end,
            well_formed(sentence.text),
            well_formed(sentence.plain),
            *_polarity(sentence.polarity),
            _evidence(sentence.polarity),
            list(concepts.get(number, ())),
        )


def _keywords(analysis: Analysis) -> Iterator[Row]:
    lists: list[tuple[int | None, tuple[Keyword, ...]]] = [(None, analysis.keywords)]
    lists += [(number, section.keywords) for number, section in enumerate(analysis.sections)]
    for section, keywords in lists:
        for rank, keyword in enumerate(keywords, 1):
            yield (
                section,
                rank,
                well_formed(keyword.term),
                rounded(keyword.score),
                keyword.count,
                None if keyword.keyness is None else rounded(keyword.keyness),
                [start for start, _ in keyword.spans],
                [end for _, end in keyword.spans],
            )


def _mentions(analysis: Analysis) -> Iterator[Row]:
    for mention in analysis.mentions:
        yield (
            well_formed(mention.concept),
            well_formed(mention.alias),
            mention.start,
            mention.end,
            mention.sentence,
            mention.section,
            *_polarity(mention.polarity),
            _evidence(mention.polarity),
            well_formed(_around(analysis.sentences[mention.sentence], mention.start, mention.end)),
        )


def _around(sentence: Sentence, start: int, end: int) -> str:
    """Return the sentence as read; of one so long that every row would repeat pages, the source near the mention."""
    if len(sentence.plain) <= 2 * _CONTEXT:
        return sentence.plain
    first, last = max(sentence.start, start - _CONTEXT), min(sentence.end, end + _CONTEXT)
    text = sentence.text[first - sentence.start : last - sentence.start]
    return "…" * (first > sentence.start) + text + "…" * (last < sentence.end)


def _names(analysis: Analysis) -> Iterator[Row]:
    for name in analysis.names:
        yield (
            well_formed(name.name),
            name.kind,
            name.count,
            [start for start, _ in name.spans],
            [end for _, end in name.spans],
            list(name.cues),
        )


def _nodes(analysis: Analysis, *, counted: bool = False) -> Iterator[Row]:
    positions = {} if counted else analysis.positions("sentence")
    for node in analysis.nodes:
        row = (
            well_formed(node.name),
            node.kind,
            node.units,
            node.mentions,
            rounded(node.score),
            list(node.sections),
        )
        if counted:
            yield row
            continue
        position = positions[node.name]
        yield (
            *row,
            position.degree,
            position.strength,
            rounded(position.betweenness),
            rounded(position.pagerank),
            position.community,
            rounded(position.agreement),
        )


def _edges(analysis: Analysis, *, counted: bool = False) -> Iterator[Row]:
    stabilities = {} if counted else analysis.stabilities("sentence")
    disparity = {} if counted else analysis.backbone("sentence")
    for edge in analysis.edges:
        ends = edge.source, edge.target
        drawn: Row = ()
        if not counted:
            stability = stabilities[ends]
            drawn = (
                stability.low,
                stability.high,
                rounded(stability.strongest),
                stability.rank,
                rounded(disparity[ends]),
            )
        yield (
            well_formed(edge.source),
            well_formed(edge.target),
            edge.count,
            edge.source_count,
            edge.target_count,
            edge.units,
            rounded(edge.support),
            rounded(edge.jaccard),
            rounded(edge.dice),
            rounded(edge.simpson),
            rounded(edge.association_strength),
            rounded(edge.pmi),
            rounded(edge.npmi),
            rounded(edge.log_likelihood),
            rounded(edge.odds_ratio),
            rounded(edge.odds_low),
            rounded(edge.odds_high),
            rounded(edge.p_value),
            rounded(edge.p_adjusted),
            *drawn,
            rounded(edge.tone),
            [_relation(relation) for relation in edge.relations],
            list(edge.sentences),
        )


def _relation(relation: Relation) -> str:
    arrow = "" if relation.forward is None else ">" if relation.forward else "<"
    return " ".join(filter(None, (relation.kind, arrow, well_formed(relation.cue))))


def _courses(analysis: Analysis) -> Iterator[Row]:
    for course in analysis.courses():
        for step in course.steps:
            yield (
                well_formed(course.source),
                well_formed(course.target),
                step.section,
                step.count,
                rounded(step.tone),
                list(step.relations),
                list(step.events),
                list(step.sentences),
            )


def _edits(analysis: Analysis) -> Iterator[Row]:
    for edit in analysis.edits:
        spelt = " ".join(f"U+{ord(character):04X}" for character in edit.before[:_SPELT])
        yield (
            edit.kind,
            edit.start,
            edit.end,
            well_formed(edit.before),
            well_formed(edit.after),
            spelt + (" …" if len(edit.before) > _SPELT else ""),
        )


_ROWS: dict[str, Callable[[Analysis], Iterator[Row]]] = {
    "sections": _sections,
    "sentences": _sentences,
    "keywords": _keywords,
    "mentions": _mentions,
    "names": _names,
    "nodes": _nodes,
    "edges": _edges,
    "courses": _courses,
    "edits": _edits,
}
