"""Rates, times, bytes and memory, each beside what it has to be compared with, in the same run.

- ``indexing``: passages a second, of the whole pipeline and of the bare encoder on the same texts, taken in
  turns; the measure is the ratio.
- ``verification``: 100 candidates of one query: encoding the query, fetching and verifying, against the
  cross-encoder peer on the same texts with the same number of threads (one); with the stored token
  matrices, and without them (``encoded_again``).
- ``startup``: fresh processes.
- ``growth``: what 100, 1,000 and 10,000 passages cost: indexing (in a fresh process, its peak memory too),
  searching warm and cold, bytes a passage.

The encoder is most of the time, so each workload is encoded once: the index without token matrices is made
from the vectors of the one that has them. About seven minutes on two idle cores. Recall against an exact
float32 scan at 10k, 100k and 500k vectors is measured by ``benchmarks/recall_speed.py``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from germane.bench import startup, workload
from germane.bench.ranker import DEPTH, stage_times
from germane.bench.result import BenchResult, measured
from germane.bench.speed_table import SpeedResult
from germane.encode.load import load_encoder
from germane.encode.protocol import Encoded, Kind
from germane.errors import MissingExtra

if TYPE_CHECKING:
    from germane.index import Index

Row = dict[str, Sequence[float]]
SIZES = (100, 1_000, 10_000)
QUERIES = 30
FEW = 10  # queries for the peer, which takes seconds for each
FEWER = 5  # searches that encode their candidates again, at each size
ROUNDS = 3
COLD_RUNS = 5
RECALL_STAGES = ("dense", "lexical")


def run(
    data: Path | None = None,
    systems: Sequence[str] | None = None,
    limit: int | None = None,
    index: Path | None = None,
) -> BenchResult:
    """Measure everything; ``limit`` is the number of queries, and where it is below ten the sizes stop at
    1,000 passages (for a quick look)."""
    sizes = SIZES if limit is None or limit >= 10 else SIZES[:-1]
    asked = workload.queries(limit or QUERIES)
    rows, notes = measures(sizes, asked)
    results = [
        measured(name, values) for name, values in rows.items() if values and (not systems or name in systems)
    ]
    return SpeedResult("speed", len(asked), results, notes)


def measures(sizes: Sequence[int], asked: Sequence[str]) -> tuple[dict[str, Row], list[str]]:
    """The values of every measure, system by system, and what a reader must know."""
    notes = [f"verification: {min(FEW, len(asked))} queries; startup: {startup.RUNS} runs"]
    if os.environ.get("OMP_NUM_THREADS") != "1":
        notes.append("OMP_NUM_THREADS is not 1: numpy may have used more threads than the peer")
    with TemporaryDirectory(prefix="germane-bench-") as temporary:
        place = Path(temporary)
        ours, bare = indexing(place / "rate", sizes[min(1, len(sizes) - 1)])
        for size in sizes:
            ours |= growth(place, size, asked)
        rows = {"germane": ours, "bare encoder": bare}
        try:
            verified, rows["cross-encoder"] = verification(place, sizes[-1], asked[:FEW])
            ours |= verified
        except MissingExtra as error:
            notes.append(f"cross-encoder left out: {error.message} ({error.hint})")
        ours["startup/help_seconds"] = startup.command_seconds(["--help"])
        ours["startup/import_seconds"] = startup.import_seconds()
        ours["startup/search_seconds"] = ours[f"growth/{sizes[-1]}/cold_search_seconds"]
    return rows, notes


def indexing(place: Path, count: int) -> tuple[Row, Row]:
    """Passages a second of the pipeline and of its encoder alone, ``ROUNDS`` times in turns."""
    from germane.index import Index

    documents = workload.passages(count)
    texts = [document.text for document in documents]
    bare: list[float] = []
    whole: list[float] = []
    for turn in range(ROUNDS):
        with Index.create(place / str(turn), passage_size=None) as index:
            index.encoder.encode(texts[:8])
            bare.append(count / _seconds(partial(index.encoder.encode, texts)))
            whole.append(count / _seconds(partial(index.add_documents, documents)))
    ratio = [ours / theirs for ours, theirs in zip(whole, bare, strict=True)]
    rate = "indexing/passages_per_second"
    return {rate: whole, "indexing/ratio": ratio}, {rate: bare}


def growth(place: Path, size: int, asked: Sequence[str]) -> Row:
    """Seconds, milliseconds, bytes and memory of an index of ``size`` passages, tokens kept and not."""
    from germane.index import Index

    kept, light, name = place / f"kept-{size}", place / f"light-{size}", f"growth/{size}"
    seconds, peak = startup.built(kept, size)
    row: Row = {
        f"{name}/indexing_seconds": [seconds],
        f"{name}/passages_per_second": [size / seconds],
        f"{name}/index_mb": [peak],
        f"{name}/bytes_per_passage": [_bytes(kept) / size],
    }
    with Index.open(kept) as index:
        row[f"{name}/search_ms"] = _searched(index, asked)
        documents = [index.store.document(id) for id, _, _ in index.store.documents()]
        known = _Known(index, size)
    with Index.create(light, encoder=known, passage_size=None, token_format="none") as index:
        index.add_documents(documents)
    row[f"{name}/encoded_again/bytes_per_passage"] = [_bytes(light) / size]
    with Index.open(light) as index:
        row[f"{name}/encoded_again/search_ms"] = _searched(index, asked[:FEWER])
    row[f"{name}/cold_search_seconds"] = startup.cold_search_seconds(kept, asked[0], COLD_RUNS)
    row[f"{name}/search_mb"] = [startup.peak_megabytes(startup.SEARCH, str(kept), asked[0])]
    return row


def verification(place: Path, size: int, asked: Sequence[str]) -> tuple[Row, Row]:
    """Milliseconds for ``DEPTH`` candidates, query by query, and how many times faster than the peer.

    Everything of a search but the two recall scans counts as ours. Both sides have one thread.
    """
    from germane.bench.peers import CrossEncoder
    from germane.encode.onnx import OnnxEncoder
    from germane.index import Index

    peer, encoder = CrossEncoder(threads=1), OnnxEncoder(threads=1)
    ours: dict[str, list[float]] = {"verification": [], "verification/encoded_again": []}
    theirs: list[float] = []
    kept = Index.open(place / f"kept-{size}", encoder=encoder)
    light = Index.open(place / f"light-{size}", encoder=encoder)
    with kept, light:
        for index in (kept, light):
            index.search(asked[0], k=DEPTH, candidates=DEPTH)
        for text in asked:
            for name, index in zip(ours, (kept, light), strict=True):
                evidence = index.search(text, k=DEPTH, candidates=DEPTH)
                stages = stage_times(evidence.trace).items()
                ours[name].append(sum(spent for stage, spent in stages if stage not in RECALL_STAGES))
            passages = [hit.passage.text for hit in (*evidence.results, *evidence.rejected)]
            theirs.append(_seconds(partial(peer.score, text, passages)) * 1e3)
    row: Row = {}
    for name, spent in ours.items():
        row[f"{name}/ms"] = spent
        row[f"{name}/times_faster"] = [b / a for a, b in zip(spent, theirs, strict=True)]
    return row, {"verification/ms": theirs}


class _Known:
    """The shipped encoder on passages that an index holds: it looks their vectors up."""

    def __init__(self, index: Index, size: int) -> None:
        encoder = load_encoder()
        self.identity, self.dimension = encoder.identity, encoder.dimension
        self.token_dimension = encoder.token_dimension
        keys = index.store.dense(np.ones(self.dimension, np.float32), size).keys
        self._vectors = {each.passage.text: each.pooled for each in index.store.fetch(keys, tokens=False)}

    def encode(self, texts: Sequence[str], *, kind: Kind = "passage", tokens: bool = True) -> Encoded:
        return Encoded(np.array([self._vectors[text] for text in texts], np.float32), [])


def _searched(index: Index, asked: Sequence[str]) -> list[float]:
    """Milliseconds of each search, one untimed search first."""
    index.search(asked[0])
    return [_seconds(partial(index.search, text)) * 1e3 for text in asked]


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
