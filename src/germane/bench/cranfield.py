"""Cranfield: abstracts of aerodynamics and the questions of their authors (Cleverdon 1967).

Each question has one document with the unexplained code -1. It looks like the paper whose author
asked the question: BM25 puts it first for 41 % of the questions (documents of the best grade: 10 %).
nDCG@10 counts it as not relevant, as trec_eval does; ``condensed/nDCG@10`` takes it out of the
ranking, so that a system is neither paid nor fined for finding it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from germane.bench.result import BenchResult
from germane.bench.retrieval import run_retrieval
from germane.measure.smart import load_cranfield

MEASURES = ("nDCG@10", "R@100", "RR@10", "Success@1", "condensed/nDCG@10")


def run(
    data: Path, systems: Sequence[str] | None = None, limit: int | None = None, index: Path | None = None
) -> BenchResult:
    """Over all 225 queries, with four grades. ``data`` is the SMART folder of Cranfield."""
    return run_retrieval(load_cranfield(data), MEASURES, systems, limit, index)
