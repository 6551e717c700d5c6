"""Results: their JSON, their table, and the timing of stages."""

from __future__ import annotations

import json

import pytest

from germane.bench.result import BenchResult, measured, percentiles, render_markdown
from germane.measure.intervals import bootstrap_interval


def test_a_result_is_flat_and_json():
    values = [1.0, 0.0, 1.0, 1.0]
    system = measured("germane", {"nDCG@10": values}, percentiles([{"encode": 2.0}, {"encode": 4.0}]))
    row = json.loads(json.dumps(BenchResult("scifact", 4, [system]).to_dict()))["systems"][0]
    assert row["name"] == "germane"
    assert row["measures"] == {"nDCG@10": 0.75}
    assert row["interval"]["nDCG@10"] == pytest.approx(bootstrap_interval(values))
    assert row["milliseconds"]["encode"]["p50"] == 3


def test_a_stage_that_was_not_passed_took_no_time():
    times = percentiles([{"a": 1.0}, {"a": 1.0, "b": 8.0}, {"a": 1.0}])
    assert times["b"]["p50"] == 0
    assert times["total"]["p50"] == 1
    assert times["total"]["p95"] == pytest.approx(1 + 0.9 * 8)


def test_the_table_has_a_row_a_system_and_a_gap_where_nothing_was_measured():
    systems = [
        measured("bm25", {"R@2": [0.5, 1.0]}),
        measured("x", {"nDCG@10": [1.0]}, {"total": {"p50": 7}}),
    ]
    table = render_markdown(BenchResult("b", 2, systems, notes=["a note"])).splitlines()
    assert table[2] == "| system | R@2 | nDCG@10 | ms a query (p50) |"
    assert table[4] == "| bm25 | 0.7500 [0.5000, 1.0000] |  |  |"
    assert table[5] == "| x |  | 1.0000 [0.2065, 1.0000] | 7.0 |"
    assert table[-1] == "- a note"
