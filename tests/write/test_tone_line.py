from __future__ import annotations

import pytest

from pipeline.write.lines import Lines
from pipeline.write.tone_line import tone_line
from tests.write.sample import article_of, sample


def test_a_bar_a_sentence_on_its_side() -> None:
    lines = Lines(sample())
    drawn = tone_line(lines.counted)
    assert drawn is not None
    assert drawn.step == 1
    assert [bar.line.number for bar in drawn.bars] == [line.number for line in lines.counted]
    for bar in drawn.bars:
        score = bar.line.sentence.polarity.score
        assert (bar.y < 50) is (score > 0)
        assert bar.y + bar.height == pytest.approx(50) if score > 0 else bar.y == 50
        assert bar.note.startswith(f"第 {bar.line.ordinal} 句")


def test_bands_tile_the_bars() -> None:
    for sections, sentences in ((1, 5), (6, 8), (20, 60)):
        lines = Lines(article_of(sections=sections, sentences=sentences, nodes=4)).counted
        drawn = tone_line(lines)
        assert drawn is not None
        assert len(drawn.bars) <= 240
        assert len(drawn.bars) == len(drawn.curve) == -(-len(lines) // drawn.step)
        end = 0.0
        for band in drawn.bands:
            assert band.start == pytest.approx(end, abs=0.02)
            end = band.start + band.size
        assert end == pytest.approx(len(lines) / drawn.step, abs=0.05)


def test_one_sentence_is_no_line() -> None:
    lines = Lines(sample()).counted
    assert tone_line(lines[:1]) is None
    assert tone_line([]) is None
