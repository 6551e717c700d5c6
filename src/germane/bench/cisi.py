"""CISI: information science abstracts and long requests (Fox 1983)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from germane.bench.result import BenchResult
from germane.bench.retrieval import run_retrieval
from germane.measure.smart import load_cisi

MEASURES = ("nDCG@10", "R@100", "RR@10", "Success@1")


def run(
    data: Path, systems: Sequence[str] | None = None, limit: int | None = None, index: Path | None = None
) -> BenchResult:
    """Over the judged queries. ``data`` is the SMART folder of CISI."""
    return run_retrieval(load_cisi(data), MEASURES, systems, limit, index)
