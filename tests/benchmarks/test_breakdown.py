from __future__ import annotations

import pytest

from benchmarks import breakdown
from tests.conftest import CORPUS


def test_the_parts_of_a_process_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breakdown, "RUNS", 1)
    *rows, together = breakdown.chapter(CORPUS / "xiaomi11.txt").tables[0].rows
    spent = {str(name): float(str(took).replace(",", "")) for name, took, _ in rows}
    assert {"Python itself", "load: polarity model and lexicon", "stage: polarity", "write report.html"} <= spent.keys()
    assert all(took >= 0 for took in spent.values())
    assert float(str(together[1]).replace(",", "")) == pytest.approx(sum(spent.values()), rel=0.01)
    # What has no name is little
    assert spent["all else"] < 0.2 * sum(spent.values())
