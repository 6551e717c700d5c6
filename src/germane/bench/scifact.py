"""BEIR SciFact: scientific claims and the abstracts that bear on them (Wadden et al. 2020)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from germane.bench.result import BenchResult
from germane.bench.retrieval import run_retrieval
from germane.measure.beir import load_beir

MEASURES = ("nDCG@10", "R@100", "RR@10", "Success@1")


def run(
    data: Path, systems: Sequence[str] | None = None, limit: int | None = None, index: Path | None = None
) -> BenchResult:
    """Over the test split. ``data`` is the BEIR folder."""
    return run_retrieval(load_beir(data, "test", "scifact"), MEASURES, systems, limit, index)
