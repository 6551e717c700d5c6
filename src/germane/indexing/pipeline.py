"""What waits to be encoded, what is being encoded, what was written.

Reading and writing happen on the calling thread while the encoder works on its own threads, so
that indexing runs at about the encoder's rate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

from germane.encode.pack import Width
from germane.encode.protocol import Encoder
from germane.indexing.work import PASSAGES_A_BATCH, Encoding, Work, fingerprint
from germane.read import Hidden, split
from germane.store.protocol import Entry, Source, Store
from germane.types import Document, Skip


class Batch(NamedTuple):
    """Documents to write, and the sources that end with them, each with all that it holds."""

    works: list[Work]
    closing: list[tuple[Source, list[str]]]


class Progress(NamedTuple):
    """How far an indexing run is. ``total`` counts bytes of files, 0 where it is not known."""

    done: int
    total: int
    documents: int
    passages: int


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
        self.store, self._passage_size = store, passage_size
        self._encoding = Encoding(encoder, token_encoder, token_width)
        self.report = report
        self.added = self.updated = self.unchanged = self.removed = 0
        self.documents = self.passages = 0
        self.done = self.total = 0
        self.skipped: list[Skip] = []
        self._waiting = Batch([], [])
        self._weight = 0  # passages that wait; a document without one counts too
        self._running: tuple[Batch, Future[list[Entry]]] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="germane-index")

    def source(self, source: Source, documents: Iterable[Document | Skip | Hidden]) -> None:
        """Queue what is new or changed in ``source``; keep what is not; note what was skipped. Where a part
        of it cannot be seen now, nothing of it is gone, and it is not recorded as read."""
        known = self.store.fingerprints(source.name)
        seen: dict[str, None] = {}
        hidden, reason = False, ""
        for item in documents:
            if isinstance(item, Hidden):
                hidden = True
                self._hide(item, len(known.keys() - seen.keys()))
                continue
            if isinstance(item, Document) and item.id in seen:
                item = Skip(item.id, "another document of this source has the same id")
            if isinstance(item, Skip):
                self.skipped.append(item)
                reason = reason or item.reason
                continue
            now = fingerprint(item)
            seen[item.id] = None
            if known.get(item.id) == now:
                self.unchanged += 1
            else:
                self._queue(Work(source, item, now, split(item, size=self._passage_size)))
        if hidden:
            self.done += source.size
        else:
            self._waiting.closing.append((source._replace(skipped=reason), list(seen)))

    def _queue(self, work: Work) -> None:
        self._waiting.works.append(work)
        self._weight += max(1, len(work.passages))
        if self._weight >= PASSAGES_A_BATCH:
            self._advance()

    def keep(self, source: Source) -> None:
        """Count what ``source`` gave when it was last read; it has not changed since."""
        self.done += source.size
        self.unchanged += len(self.store.fingerprints(source.name))
        if source.skipped:
            self.skipped.append(Skip(source.name, source.skipped))

    def hide(self, item: Hidden, sources: Sequence[Source]) -> None:
        """Note what cannot be seen now; ``sources`` are what it gave before."""
        self._hide(item, sum(len(self.store.fingerprints(source.name)) for source in sources))

    def _hide(self, item: Hidden, documents: int) -> None:
        self.unchanged += documents
        kept = "; what was indexed of it is kept" if documents else ""
        self.skipped.append(Skip(item.id, item.reason + kept))

    def drain(self) -> None:
        """Encode and write all that waits."""
        while self._running or any(self._waiting):
            self._advance()

    def close(self) -> None:
        """Let go of the encoder's thread; what is being encoded is finished and dropped."""
        self._thread.shutdown(cancel_futures=True)

    def _advance(self) -> None:
        """Hand the waiting batch to the encoder, and write the one before it."""
        before, self._running = self._running, None
        if any(self._waiting):
            batch, self._waiting, self._weight = self._waiting, Batch([], []), 0
            self._running = (batch, self._thread.submit(self._encoding.entries, batch.works))
        if before is not None:
            batch, encoded = before
            self._write(batch, encoded.result())

    def _write(self, batch: Batch, entries: Sequence[Entry]) -> None:
        with self.store.together():
            for source, own in _by_source(batch.works, entries):
                written = self.store.put(source, own)
                self.added += written.added
                self.updated += written.updated
                self.unchanged += written.unchanged
            for source, documents in batch.closing:
                self.removed += self.store.finish(source, documents)
                self.done += source.size
        self.documents += len(entries)
        self.passages += sum(len(entry.passages) for entry in entries)
        if self.report:
            self.report(Progress(self.done, self.total, self.documents, self.passages))


def _by_source(batch: Sequence[Work], entries: Sequence[Entry]) -> Iterator[tuple[Source, list[Entry]]]:
    own: dict[Source, list[Entry]] = {}
    for work, entry in zip(batch, entries, strict=True):
        own.setdefault(work.source, []).append(entry)
    yield from own.items()
