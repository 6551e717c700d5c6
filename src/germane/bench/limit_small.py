"""LIMIT-small: who likes what, 46 people in all pairs; no single vector can hold it (Weller et al. 2025)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from germane.bench.result import BenchResult
from germane.bench.retrieval import run_retrieval
from germane.measure.limit import load_limit

MEASURES = ("R@2", "R@10", "R@20", "nDCG@10")


def run(
    data: Path, systems: Sequence[str] | None = None, limit: int | None = None, index: Path | None = None
) -> BenchResult:
    """Over all 1,000 queries. ``data`` is the LIMIT folder, or ``limit-small`` inside it."""
    return run_retrieval(load_limit(data, "limit-small"), MEASURES, systems, limit, index)
