from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import Settings, SettingsError, load_settings


def written(folder: Path, text: str) -> Path:
    path = folder / "fupan.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_values_are_read_and_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, 'unit = "paragraph"\nkeywords = 5\nconcepts = "mine.toml"\n'))
    assert settings == Settings(unit="paragraph", keywords=5, concepts=tmp_path / "mine.toml")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("keyword = 5", "did you mean 'keywords'"),
        ("zzz = 5", "known are segmenter"),
        ("keywords = 0", "keywords"),
        ('unit = "page"', "unit"),
        ('keep = ["typo"]', "injection"),
        ('encoding = "klingon"', "no such encoding"),
        ("keywords = ", "not valid TOML"),
    ],
)
def test_a_bad_settings_file_is_one_clear_line(text: str, says: str, tmp_path: Path) -> None:
    path = written(tmp_path, text)
    with pytest.raises(SettingsError) as caught:
        load_settings(path)
    message = str(caught.value)
    assert says in message
    assert str(path) in message
    assert "\n" not in message


def test_a_missing_settings_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nothing\.toml"):
        load_settings(tmp_path / "nothing.toml")


@pytest.mark.parametrize("text", ["keywords = " + "9" * 5_000, "keep = " + "[" * 5_000])
def test_hostile_settings_are_one_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(written(tmp_path, text))
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_that_no_generator_takes_is_refused(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "fupan.toml"
    path.write_text(f"seed = {seed}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="seed"):
        load_settings(path)
