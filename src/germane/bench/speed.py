"""Rates, times, bytes and memory, each beside what it has to be compared with, in the same run.

- ``indexing``: passages a second, of the whole pipeline and of the bare encoder on the same texts,
  taken in turns; the measure is the ratio.
- ``verification``: 100 candidates of one query: encoding the query, fetching and verifying, against
  the cross-encoder peer on the same texts with the same number of threads (one); with the stored
  token matrices, and without them.
- ``startup``: fresh processes; ``memory``: peak of a process that indexes, and of one that searches.
- ``growth``: what 1,000 and 10,000 passages cost in bytes a passage, indexing and search time.

Recall against an exact float32 scan at 10k, 100k and 500k vectors is measured by
``benchmarks/recall_speed.py``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING

from germane.bench import workload
from germane.bench.ranker import DEPTH, stage_times
from germane.bench.result import BenchResult, measured
from germane.bench.startup import memory, startup
from germane.errors import MissingExtra

if TYPE_CHECKING:
    from germane.index import Index

Row = Mapping[str, Sequence[float]]
SIZES = (1_000, 10_000)
QUERIES = 30
ROUNDS = 3
FORMATS = {"kept": "int8", "not-kept": "none"}
RECALL_STAGES = ("dense", "lexical")


def run(
    data: Path | None = None,
    systems: Sequence[str] | None = None,
    limit: int | None = None,
    index: Path | None = None,
) -> BenchResult:
    """Measure everything; ``limit`` is the number of queries, and with it the sizes shrink to 100 and
    1,000 passages where it is below ten (for a quick look)."""
    quick = limit is not None and limit < 10
    sizes = (100, 1_000) if quick else SIZES
    asked = workload.queries(limit or QUERIES)
    rows: dict[str, dict[str, Sequence[float]]] = {"germane": {}, "bare encoder": {}, "cross-encoder": {}}
    notes = []
    if os.environ.get("OMP_NUM_THREADS") != "1":
        notes.append("OMP_NUM_THREADS is not 1: numpy may have used more threads than the peer")
    with TemporaryDirectory(prefix="germane-bench-") as temporary:
        place = Path(temporary)
        _merge(rows, indexing(place / "rate", sizes[0]))
        _merge(rows, {"germane": growth(place, sizes, asked)})
        try:
            _merge(rows, verification(place, sizes, asked))
        except MissingExtra as error:
            notes.append(f"cross-encoder left out: {error.message} ({error.hint})")
        _merge(rows, {"germane": startup(place / f"kept-{sizes[-1]}", asked[0])})
        _merge(rows, {"germane": memory(place, sizes[-1], asked[0])})
    results = [measured(name, values) for name, values in rows.items() if values and _wanted(name, systems)]
    return BenchResult("speed", len(asked), results, notes)


def indexing(folder: Path, count: int) -> dict[str, Row]:
    """Passages a second of the pipeline and of its encoder alone, ``ROUNDS`` times in turns."""
    documents = workload.passages(count)
    texts = [document.text for document in documents]
    whole, bare = [], []
    for turn in range(ROUNDS):
        with _created(folder / str(turn)) as index:
            index.encoder.encode(texts[:8])
            bare.append(count / _seconds(partial(index.encoder.encode, texts)))
            whole.append(count / _seconds(partial(index.add_documents, documents)))
    ratio = [ours / theirs for ours, theirs in zip(whole, bare, strict=True)]
    return {
        "germane": {"indexing/passages_per_second": whole, "indexing/ratio": ratio},
        "bare encoder": {"indexing/passages_per_second": bare},
    }


def growth(place: Path, sizes: Sequence[int], asked: Sequence[str]) -> dict[str, Sequence[float]]:
    """Bytes a passage, indexing seconds and search milliseconds at each size, tokens kept and not."""
    values: dict[str, Sequence[float]] = {}
    for size in sizes:
        documents = workload.passages(size)
        for name, token_format in FORMATS.items():
            folder = place / f"{name}-{size}"
            with _created(folder, token_format) as index:
                values[f"growth/{size}/{name}/indexing_seconds"] = [
                    _seconds(partial(index.add_documents, documents))
                ]
                index.search(asked[0])
                spent = [_seconds(partial(index.search, text)) * 1e3 for text in asked]
                values[f"growth/{size}/{name}/search_ms"] = spent
            values[f"growth/{size}/{name}/bytes_per_passage"] = [_bytes(folder) / size]
    return values


def verification(place: Path, sizes: Sequence[int], asked: Sequence[str]) -> dict[str, Row]:
    """Milliseconds for ``DEPTH`` candidates, query by query, and how many times faster than the peer.

    Everything of a search but the two recall scans counts as ours. Both sides have one thread.
    """
    from germane.bench.peers import CrossEncoder
    from germane.encode.onnx import OnnxEncoder
    from germane.index import Index

    peer, encoder = CrossEncoder(threads=1), OnnxEncoder(threads=1)
    folders = [place / f"{name}-{sizes[-1]}" for name in FORMATS]
    ours: dict[str, list[float]] = {"kept": [], "not-kept": []}
    theirs: list[float] = []
    with Index.open(folders[0], encoder=encoder) as kept, Index.open(folders[1], encoder=encoder) as bare:
        for index in (kept, bare):
            index.search(asked[0], k=DEPTH, candidates=DEPTH)
        for text in asked:
            for name, index in (("kept", kept), ("not-kept", bare)):
                evidence = index.search(text, k=DEPTH, candidates=DEPTH)
                stages = stage_times(evidence.trace).items()
                ours[name].append(sum(spent for stage, spent in stages if stage not in RECALL_STAGES))
            passages = [hit.passage.text for hit in (*evidence.results, *evidence.rejected)]
            theirs.append(_seconds(partial(peer.score, text, passages)) * 1e3)
    row: dict[str, Sequence[float]] = {}
    for name, spent in ours.items():
        row[f"verification/{name}/ms"] = spent
        row[f"verification/{name}/times_faster"] = [b / a for a, b in zip(spent, theirs, strict=True)]
    return {"germane": row, "cross-encoder": {"verification/ms": theirs}}


@contextmanager
def _created(folder: Path, token_format: str = "int8") -> Iterator[Index]:
    from germane.index import Index

    with Index.create(folder, passage_size=None, token_format=token_format) as index:
        yield index


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _merge(rows: dict[str, dict[str, Sequence[float]]], more: Mapping[str, Row]) -> None:
    for name, values in more.items():
        rows.setdefault(name, {}).update(values)


def _wanted(name: str, systems: Sequence[str] | None) -> bool:
    return systems is None or name in systems
