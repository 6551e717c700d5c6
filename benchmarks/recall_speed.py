"""Dense recall of the embedded store against an exact float32 scan by BLAS, in the same process and run.

    python benchmarks/recall_speed.py [--sizes 10000,100000,500000] [--out recall_speed.json]

Vectors are synthetic: clusters of unit vectors of 384 dimensions; a query is a stored vector with noise.
For each query germane and BLAS (``matrix @ vector``, then ``argpartition``) are timed in turns. Each size
is run twice, in a process of its own: BLAS on one thread, and on its default number; germane's scan always
takes one. ``OPENBLAS_CORETYPE`` is taken out of the environment, so that BLAS uses its best kernel. Writes
p50 and p95 in milliseconds, their ratio, and recall@100; ``rough`` is the spread of the machine:
p95 over p50 of BLAS.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from germane.store.feed import Position
from germane.store.matrix import Matrix

DIMENSION, K, CLUSTERS = 384, 100, 1000
RESULTS = Path(__file__).parent / "results"
BARS = {100_000: 0.5, 500_000: 0.35}
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def clustered(count: int, seed: int = 0) -> NDArray[np.float32]:
    """Unit vectors around ``CLUSTERS`` centres, ``(count, DIMENSION)``."""
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((CLUSTERS, DIMENSION), dtype=np.float32)
    vectors = rng.standard_normal((count, DIMENSION), dtype=np.float32)
    vectors += centres[rng.integers(0, CLUSTERS, count)]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


class ArrayFeed:
    """Stands for the record of truth, which would take minutes to fill and plays no part in the scan."""

    def __init__(self, vectors: NDArray[np.float32]) -> None:
        self._vectors = vectors

    def position(self) -> Position:
        return Position("benchmark", 1, len(self._vectors))

    def vectors(self, after: int) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        for start in range(after, len(self._vectors), 8192):
            page = self._vectors[start : start + 8192]
            yield np.arange(start + 1, start + 1 + len(page)), page


def exact(matrix: NDArray[np.float32], vector: NDArray[np.float32]) -> NDArray[np.int64]:
    """The keys of the ``K`` highest cosines, by BLAS."""
    scores = matrix @ vector
    rows = np.argpartition(scores, len(scores) - K)[-K:]
    return rows[np.argsort(-scores[rows])] + 1


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = call()
    return 1e3 * (time.perf_counter() - start), result


def measure(count: int, queries: int) -> dict[str, float]:
    """Both ways on ``count`` vectors, in this process."""
    vectors = clustered(count)
    rng = np.random.default_rng(1)
    asked = vectors[rng.integers(0, count, queries)] + 0.05 * rng.standard_normal(
        (queries, DIMENSION), dtype=np.float32
    )
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    with tempfile.TemporaryDirectory() as folder:
        cache = Matrix(Path(folder) / "matrix", DIMENSION)
        built, _ = timed(lambda: cache.rebuild(ArrayFeed(vectors)))  # type: ignore[arg-type]
        times: dict[str, list[float]] = {"germane": [], "blas": []}
        recalls = []
        for turn, vector in enumerate(np.concatenate([asked[:5], asked])):
            ours, (keys, _) = timed(lambda v=vector: cache.search(v, K, None))
            theirs, truth = timed(lambda v=vector: exact(vectors, v))
            if turn >= 5:  # the first turns warm up
                times["germane"].append(ours)
                times["blas"].append(theirs)
                recalls.append(len(np.intersect1d(keys, truth)) / K)
        cache.close()
    p50 = {name: float(np.median(values)) for name, values in times.items()}
    p95 = {name: float(np.quantile(values, 0.95)) for name, values in times.items()}
    return {
        "germane_p50": p50["germane"],
        "germane_p95": p95["germane"],
        "blas_p50": p50["blas"],
        "blas_p95": p95["blas"],
        "ratio_p50": p50["germane"] / p50["blas"],
        "ratio_p95": p95["germane"] / p95["blas"],
        "recall": float(np.mean(recalls)),
        "recall_least": float(np.min(recalls)),
        "rough": p95["blas"] / p50["blas"],
        "build_seconds": built / 1e3,
    }


def run(count: int, queries: int, threads: str) -> dict[str, Any]:
    """``measure`` in a fresh process with ``threads`` ("one" or "default") for BLAS."""
    environment = {k: v for k, v in os.environ.items() if k not in (*THREADS, "OPENBLAS_CORETYPE")}
    if threads == "one":
        environment |= dict.fromkeys(THREADS, "1")
    command = [sys.executable, __file__, "--one", str(count), "--queries", str(queries)]
    output = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    row = {"vectors": count, "blas_threads": threads, **json.loads(output)}
    bar = BARS.get(count)
    row["bar"] = bar
    row["reached"] = bar is None or (row["ratio_p50"] <= bar and row["recall"] >= 0.995)
    return row


def table(rows: list[dict[str, Any]]) -> str:
    """The rows as Markdown: germane on one thread beside BLAS on one, and on as many as it likes."""
    lines = [
        "| vectors | BLAS threads | germane p50 ms | BLAS p50 ms | ratio | bar | recall@100 |",
        "|---:|---|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        lines.append(
            "| {vectors:,} | {blas_threads} | {germane_p50:.2f} | {blas_p50:.2f} | {ratio_p50:.2f} | {said} "
            "| {recall:.4f} |".format(**row, said="" if row["bar"] is None else row["bar"])
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sizes", default="10000,100000,500000")
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--out", type=Path, default=RESULTS / "recall_speed.json")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measure(given.one, given.queries)))
        return
    rows = []
    for count in map(int, given.sizes.split(",")):
        for threads in ("one", "default"):
            rows.append(run(count, given.queries, threads))
            print(
                "{vectors:>7} vectors, BLAS threads {blas_threads:<7}: germane {germane_p50:7.2f} ms, "
                "BLAS {blas_p50:7.2f} ms, ratio {ratio_p50:.2f}, recall@100 {recall:.4f}".format(**rows[-1]),
                flush=True,
            )
    note = {"k": K, "dimension": DIMENSION, "queries": given.queries, "cores": os.cpu_count(), "rows": rows}
    given.out.parent.mkdir(exist_ok=True)
    given.out.write_text(json.dumps(note, indent=1) + "\n", "utf-8")
    given.out.with_suffix(".md").write_text(table(rows), "utf-8")


if __name__ == "__main__":
    main()
