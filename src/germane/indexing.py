"""Documents into a store: read, split, encode, write, in one pipeline.

Reading and writing happen on the calling thread while the encoder works on its own threads, so
that indexing runs at about the encoder's rate.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from germane.encode.pack import Width, pack
from germane.encode.protocol import Encoder
from germane.errors import InputError
from germane.read import File, Hidden, crawl, read, split
from germane.recall.vectors import unit_vectors
from germane.store.protocol import Entry, Source, Store
from germane.types import Document, IndexReport, Passage, Skip

PASSAGES_A_BATCH = 192


class Progress(NamedTuple):
    """How far an indexing run is. ``total`` counts bytes of files, 0 where it is not known."""

    done: int
    total: int
    documents: int
    passages: int


class Work(NamedTuple):
    """A document that has to be encoded and written; the last one of its source closes it."""

    source: Source
    document: Document
    fingerprint: str
    passages: list[Passage]


class Pipeline:
    """The state of one run: what waits to be encoded, what is being encoded, what was written."""

    def __init__(
        self,
        store: Store,
        encoder: Encoder,
        token_encoder: Encoder,
        token_width: Width | None,
        passage_size: int | None,
        report: Callable[[Progress], None] | None = None,
    ) -> None:
        self.store, self.encoder, self.token_encoder = store, encoder, token_encoder
        self.token_width, self.passage_size = token_width, passage_size
        self.report = report
        self.added = self.updated = self.unchanged = self.removed = 0
        self.documents = self.passages = 0
        self.done = self.total = 0
        self.skipped: list[Skip] = []
        self._waiting: list[Work] = []
        self._weight = 0  # passages that wait; a document without one counts too
        self._closing: list[tuple[Source, list[str]]] = []
        self._running: tuple[list[Work], list[tuple[Source, list[str]]], Future[list[Entry]]] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="germane-index")

    def source(self, source: Source, documents: Iterable[Document | Skip]) -> None:
        """Queue what is new or changed in ``source``; keep what is not; note what was skipped."""
        known = self.store.fingerprints(source.name)
        seen: dict[str, None] = {}
        reason = ""
        for document in documents:
            print_ = "" if isinstance(document, Skip) else fingerprint(document)
            if not isinstance(document, Skip) and document.id in seen:
                document = Skip(document.id, "another document of this source has the same id")
            if isinstance(document, Skip):
                self.skipped.append(document)
                reason = reason or document.reason
                continue
            seen[document.id] = None
            if known.get(document.id) == print_:
                self.unchanged += 1
                continue
            passages = split(document, size=self.passage_size)
            self._waiting.append(Work(source, document, print_, passages))
            self._weight += max(1, len(passages))
            if self._weight >= PASSAGES_A_BATCH:
                self._advance()
        self._closing.append((source._replace(skipped=reason), list(seen)))

    def keep(self, source: Source) -> None:
        """Count what ``source`` gave when it was last read; it has not changed since."""
        self.done += source.size
        self.unchanged += len(self.store.fingerprints(source.name))
        if source.skipped:
            self.skipped.append(Skip(source.name, source.skipped))

    def hide(self, item: Hidden, sources: Sequence[Source]) -> None:
        """Note what cannot be seen now; ``sources`` are what it gave before."""
        documents = sum(len(self.store.fingerprints(source.name)) for source in sources)
        self.unchanged += documents
        kept = "; what was indexed of it is kept" if documents else ""
        self.skipped.append(Skip(item.id, item.reason + kept))

    def drain(self) -> None:
        """Encode and write all that waits."""
        while self._waiting or self._closing or self._running:
            self._advance()

    def close(self) -> None:
        """Let go of the encoder's thread; what is being encoded is finished and dropped."""
        self._thread.shutdown(cancel_futures=True)

    def _advance(self) -> None:
        """Hand the waiting batch to the encoder, and write the one before it."""
        before = self._running
        self._running = None
        if self._waiting or self._closing:
            batch, closing = self._waiting, self._closing
            self._waiting, self._closing, self._weight = [], [], 0
            self._running = (batch, closing, self._thread.submit(self._encode, batch))
        if before is not None:
            self._write(before[0], before[2].result(), before[1])

    def _encode(self, batch: Sequence[Work]) -> list[Entry]:
        """Each distinct text once: records and boilerplate repeat themselves."""
        texts = [passage.text for work in batch for passage in work.passages]
        place = {text: i for i, text in enumerate(dict.fromkeys(texts))}
        pooled, packed = self._vectors(list(place))
        entries, start = [], 0
        for work in batch:
            rows = [place[text] for text in texts[start : start + len(work.passages)]]
            own = None if packed is None else [packed[row] for row in rows]
            entries.append(Entry(work.document, work.fingerprint, work.passages, pooled[rows], own))
            start += len(rows)
        return entries

    def _vectors(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], list[bytes] | None]:
        """Pooled vectors ``(texts, dimension)`` and packed token matrices (None where none are kept), slice
        by slice: a long document may have thousands of passages."""
        pooled, packed = [np.zeros((0, self.encoder.dimension), np.float32)], list[bytes]()
        same = self.token_width is not None and self.token_encoder is self.encoder
        for start in range(0, len(texts), PASSAGES_A_BATCH):
            some = texts[start : start + PASSAGES_A_BATCH]
            encoded = self.encoder.encode(some, tokens=same)
            pooled.append(unit_vectors(self.encoder, encoded.pooled, len(some)))
            if self.token_width is not None:
                matrices = encoded.tokens if same else self.token_encoder.encode(some).tokens
                packed += [pack(matrix, self.token_width) for matrix in matrices]
        return np.concatenate(pooled), None if self.token_width is None else packed

    def _write(
        self, batch: Sequence[Work], entries: Sequence[Entry], closing: Sequence[tuple[Source, list[str]]]
    ) -> None:
        with self.store.together():
            for source, own in _by_source(batch, entries):
                written = self.store.put(source, own)
                self.added += written.added
                self.updated += written.updated
                self.unchanged += written.unchanged
            for source, documents in closing:
                self.removed += self.store.finish(source, documents)
                self.done += source.size
        self.documents += len(entries)
        self.passages += sum(len(entry.passages) for entry in entries)
        if self.report:
            self.report(Progress(self.done, self.total, self.documents, self.passages))


def index_paths(pipeline: Pipeline, paths: Sequence[Path | str], *, exclude: Sequence[str] = ()) -> None:
    """Bring what stands under ``paths`` into the store: new and changed files are read, files that
    are gone are removed, and what cannot be read is noted. What the system does not let us see, a folder
    without permission or a disk that fails, is not gone: what it gave before is kept.

    Raises ``InputError`` where a path does not exist.
    """
    found = list(crawl(paths, exclude=exclude))
    files = [item for item in found if isinstance(item, File)]
    pipeline.skipped += [item for item in found if isinstance(item, Skip)]
    hidden = [item for item in found if isinstance(item, Hidden)]
    known = pipeline.store.sources()
    pipeline.total = sum(file.size for file in files)
    named: set[str] = set()
    for file in files:
        file = replace(file, id=_free_id(file, known, named))
        named.add(file.id)
        source = Source(file.id, _text(file.path), file.size, file.modified_ns)
        before = known.get(source.name)
        if before is not None and before._replace(skipped="") == source:
            pipeline.keep(before)
        else:
            pipeline.source(source, read(file))
    missing = [s for s in known.values() if s.name not in named and _under(s.path, paths)]
    for item in hidden:
        kept = [s for s in missing if _under(s.path, [item.path])]
        pipeline.hide(item, kept)
        missing = [s for s in missing if s not in kept]
    if gone := [source.name for source in missing]:
        pipeline.removed += pipeline.store.forget(gone)


def _free_id(file: File, known: Mapping[str, Source], named: set[str]) -> str:
    """The file's id, with as many names of its folders before it as it takes to differ from every
    other file's: two folders that were indexed one after the other may both hold a ``readme.md``."""
    id, folders = file.id, list(file.path.parents)[len(Path(file.id).parts) - 1 :]
    for folder in folders:
        if id not in named and (id not in known or known[id].path == _text(file.path)):
            break
        id = f"{folder.name}/{id}"
    return id


def _text(path: Path) -> str:
    """The path as text that is valid Unicode, which a file's name need not be."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _under(path: str, roots: Sequence[Path | str]) -> bool:
    return any(Path(path).is_relative_to(_text(Path(os.path.abspath(root)))) for root in roots)  # noqa: PTH100


def index_documents(pipeline: Pipeline, documents: Iterable[Document], *, name: str) -> None:
    """Make the documents of the source ``name`` just these."""
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


def fingerprint(document: Document) -> str:
    """A digest of all that a document says and carries: equal digests need no new reading.

    Raises ``InputError`` where a part of it is not what ``Document`` says.
    """
    if not isinstance(document, Document) or not isinstance(document.text, str):
        raise InputError(f"not a Document with text: {document!r:.80}")
    for name, value in document.metadata.items():
        if not isinstance(value, str | int | float):
            raise InputError(
                f"{document.id}: the field {name} is {type(value).__name__}",
                hint="text, a number or a boolean",
            )
    said = json.dumps(
        [document.title, document.text, document.sections, dict(document.metadata)], sort_keys=True
    )
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def _by_source(batch: Sequence[Work], entries: Sequence[Entry]) -> Iterator[tuple[Source, list[Entry]]]:
    own: dict[Source, list[Entry]] = {}
    for work, entry in zip(batch, entries, strict=True):
        own.setdefault(work.source, []).append(entry)
    yield from own.items()
