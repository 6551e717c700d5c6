"""The speed benchmark: what it measures on a few passages, and its table."""

from __future__ import annotations

from pathlib import Path

import pytest

from germane.bench import speed, workload
from germane.bench.result import measured
from germane.bench.speed_table import GROWTH, SpeedResult


def test_the_table_has_a_row_a_measure():
    ours = {
        "indexing/passages_per_second": [60.0, 62.0],
        "indexing/ratio": [0.93, 0.95],
        "verification/times_faster": [20.0, 22.0],
        "growth/100/bytes_per_passage": [24_000.0],
        "growth/1000/bytes_per_passage": [22_000.0],
    }
    systems = [measured("germane", ours), measured("bare encoder", {"indexing/passages_per_second": [65.0]})]
    lines = str(SpeedResult("speed", 2, systems, ["a note"])).splitlines()
    assert "| indexing, passages a second | 61 [60, 62] | 65 (bare encoder) |  |" in lines
    assert (
        "| indexing, share of the bare encoder's rate | 0.94 [0.93, 0.95] |  | at least 0.85: reached |"
        in lines
    )
    assert "| 100 candidates, token store on, times faster | 21 [20, 22] |  | at least 30: missed |" in lines
    assert "| by number of passages | 100 | 1,000 |" in lines
    assert "| bytes a passage, token store on | 24,000 | 22,000 |" in lines
    assert lines[-1] == "- a note"
    assert max(len(line) for line in lines) < 110


@pytest.mark.slow
def test_growth_of_a_few_passages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(speed, "COLD_RUNS", 1)
    row = speed.growth(tmp_path, 12, workload.queries(2))
    assert set(row) == {f"growth/12/{name}" for name in GROWTH}
    assert all(value > 0 for values in row.values() for value in values)
    kept, light = (row[f"growth/12/{which}bytes_per_passage"][0] for which in ("", "encoded_again/"))
    assert kept > light


@pytest.mark.slow
def test_indexing_beside_the_bare_encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(speed, "ROUNDS", 1)
    ours, bare = speed.indexing(tmp_path, 12)
    [ratio] = ours["indexing/ratio"]
    rate = "indexing/passages_per_second"
    assert ratio == pytest.approx(ours[rate][0] / bare[rate][0])
