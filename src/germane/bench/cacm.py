"""CACM: titles and abstracts of the CACM, half of them titles only (Fox 1983)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from germane.bench.result import BenchResult
from germane.bench.retrieval import run_retrieval
from germane.measure.smart import load_cacm

MEASURES = ("nDCG@10", "R@100", "RR@10", "Success@1")


def run(
    data: Path, systems: Sequence[str] | None = None, limit: int | None = None, index: Path | None = None
) -> BenchResult:
    """Over the judged queries. ``data`` is the SMART folder of CACM."""
    return run_retrieval(load_cacm(data), MEASURES, systems, limit, index)
