"""Settings: a TOML file, validated; what it leaves out has the default shown here."""

from __future__ import annotations

import difflib
import reprlib
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from pipeline.model import EditKind, Unit
from pipeline.network.selection import Choice


class SettingsError(ValueError):
    """A settings file that cannot be used: one line saying what, where, and what to do."""


class Settings(BaseModel):
    """Everything that a user can choose for an analysis.

    Attributes:
        segmenter: ``"rjieba"`` (fast), or ``"jieba"``, the reference in pure Python.
        dictionary: own words, in jieba's format (``word [frequency] [tag]``).
        concepts: own concepts (TOML, as in ``pipeline/resources/concepts.toml``).
        stopwords: further words that are never keywords, one a line.
        polarity: ``"model"``, or ``"snownlp"`` for comparison (slow, and wrong on retrospectives).
        unit: within which two concepts must stand to count as occurring together in ``graph.*`` and the report.
        links: which of the network's edges are drawn: those of most shared units (``"support"``), those that stay
            significant after correction for all pairs (``"significance"``), or the disparity filter's
            (``"backbone"``). All are in the tables and graph files.
        keywords: how many for the article; a section gets half as many.
        summary: sentences in the summary of the article.
        keep: kinds of dirt to leave as they are (``"injection"``, ``"width"``, ``"zero-width"`` …).
        encoding: of the input files; found out where it is not given.
        seed: of the bootstrap and of the community detection.
    """

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                "".encode(value)
            except (LookupError, ValueError):
                raise ValueError("no such encoding; for example utf-8, gb18030, big5, utf-16") from None
        return value

    model_config = ConfigDict(frozen=True, extra="forbid")

    segmenter: Literal["rjieba", "jieba"] = "rjieba"
    dictionary: Path | None = None
    concepts: Path | None = None
    stopwords: Path | None = None
    polarity: Literal["model", "snownlp"] = "model"
    unit: Unit = "sentence"
    links: Choice = "support"
    keywords: int = Field(default=20, ge=1, le=500)
    summary: int = Field(default=3, ge=1, le=50)
    keep: tuple[EditKind, ...] = ()
    encoding: str | None = None
    seed: int = Field(default=0, ge=0, le=2**32 - 1)


def load_settings(path: Path) -> Settings:
    """Read a settings file; paths in it are relative to it.

    Raises:
        SettingsError: it cannot be read, is not TOML, or holds a bad value or an unknown key (the nearest known one is
            named).
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SettingsError(f"{path}: cannot read the settings: {error.strerror}; check the path") from None
    except (ValueError, RecursionError) as error:  # TOML or its characters are wrong, or a number is endless
        raise SettingsError(f"{path}: not valid TOML: {error}") from None
    for key in values:
        if key not in Settings.model_fields:
            near = difflib.get_close_matches(key, Settings.model_fields, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(Settings.model_fields)}"
            raise SettingsError(f"{path}: unknown setting {key!r}; {hint}")
    for key in ("dictionary", "concepts", "stopwords"):
        if isinstance(values.get(key), str):
            values[key] = path.parent / values[key]
    return _validated(values, str(path))


def with_encoding(settings: Settings, encoding: str) -> Settings:
    """Return the settings with another encoding of the inputs.

    Raises:
        SettingsError: there is no such encoding.
    """
    return _validated(settings.model_dump() | {"encoding": encoding}, "--encoding")


def with_keep(settings: Settings, kinds: Sequence[str]) -> Settings:
    """Return the settings with further kinds of dirt to leave as they are.

    Raises:
        SettingsError: there is no such kind.
    """
    known = get_args(EditKind)
    for kind in kinds:
        if kind not in known:
            near = difflib.get_close_matches(kind, known, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
            raise SettingsError(f"--keep: no kind {kind!r}; {hint}")
    return _validated(settings.model_dump() | {"keep": tuple(dict.fromkeys((*settings.keep, *kinds)))}, "--keep")


def _validated(values: dict[str, object], source: str) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"{source}: {where}: {message} (found {reprlib.repr(first['input'])})") from None
