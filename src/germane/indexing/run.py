"""One indexing run, from its beginning to its report."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from germane.errors import InputError
from germane.indexing.pipeline import Pipeline
from germane.store.protocol import Source
from germane.types import Document, IndexReport


def index_documents(pipeline: Pipeline, documents: Iterable[Document], *, name: str) -> None:
    """Make the documents of the source ``name`` just these.

    Raises ``InputError`` where a file was indexed under that name: its documents would be removed.
    """
    before = pipeline.store.sources().get(name)
    if before is not None and before.path != name:
        raise InputError(f"{name} is a file of the index, {before.path}", hint="name another source")
    pipeline.source(Source(name, name, 0, 0), documents)


def run(pipeline: Pipeline, fill: Callable[[Pipeline], None]) -> IndexReport:
    """Fill the pipeline, drain it, bring the store's caches up to date, and say what was done."""
    start = time.perf_counter()
    try:
        fill(pipeline)
        pipeline.drain()
    finally:
        pipeline.close()
    pipeline.store.refresh()
    counts = pipeline.store.counts()
    return IndexReport(
        documents=counts.documents,
        passages=counts.passages,
        added=pipeline.added,
        updated=pipeline.updated,
        removed=pipeline.removed,
        unchanged=pipeline.unchanged,
        skipped=tuple(pipeline.skipped),
        seconds=time.perf_counter() - start,
    )
