"""The embedded store: SQLite is the truth, the caches beside it follow.

DIR/germane.sqlite      sources, documents, passages, vectors, token matrices
DIR/write.lock          held around every write transaction and checkpoint
DIR/refresh.lock        held by the one process that brings the caches up to date
DIR/cache/lexical/      Tantivy;  DIR/cache/matrix/  int8 and float32 rows
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from germane.encode.pack import WIDTHS
from germane.errors import InputError, StoreError
from germane.store import checking, reading, rows, sqlite, writing
from germane.store.caches import Caches
from germane.store.locks import hold
from germane.store.protocol import Counts, Entry, Keys, Ranked, Source, Stored, Where, Written
from germane.store.search import Search
from germane.store.session import DATABASE, WRITE_LOCK, Session
from germane.types import Document


class EmbeddedStore:
    """The ``Store`` of one folder on a local disk. Made by ``create`` or ``open``; safe to use from
    several threads (one at a time goes in) and beside other processes."""

    def __init__(self, session: Session, *, patience: float) -> None:
        self._session = session
        with session.reading() as connection:
            self._settings = dict(connection.execute("SELECT name, value FROM settings"))
        self._dimension = int(self._settings["dimension"])
        self._caches = Caches(session.connection, session.path, self._dimension, patience)
        self._search = Search(session, self._caches, self._dimension)

    @classmethod
    def create(cls, folder: str | Path, settings: Mapping[str, str], *, patience: float = 30.0) -> Self:
        """Make a store in ``folder``. ``settings`` are kept for good; ``dimension`` (of the pooled vectors)
        must be among them, ``token_format`` is "none" where it is not. ``InputError`` when there is one."""
        folder = Path(folder)
        settings = {"token_format": "none", **settings}
        if not settings.get("dimension", "").isdecimal() or int(settings["dimension"]) < 1:
            raise InputError("the settings must give the dimension of the vectors")
        if settings["token_format"] not in ("none", *WIDTHS):
            raise InputError(f"token_format must be none, {' or '.join(WIDTHS)}")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"cannot make {folder}: {error.strerror}", hint="choose another folder"
            ) from error
        with hold(folder / WRITE_LOCK, patience):
            sqlite.create(folder / DATABASE, settings)
        return cls.open(folder, patience=patience)

    @classmethod
    def open(cls, folder: str | Path, *, readonly: bool = False, patience: float = 30.0) -> Self:
        """Open the store in ``folder``. ``readonly`` never writes the record (caches are still healed where
        the disk allows). ``patience``: seconds to wait for another writer before ``StoreBusy``.

        Raises ``MissingIndex`` when there is none, ``StoreError`` when it cannot be used.
        """
        session = Session(Path(folder), readonly=readonly, patience=patience)
        try:
            return cls(session, patience=patience)
        except BaseException:
            session.close()
            raise

    @property
    def settings(self) -> Mapping[str, str]:
        return dict(self._settings)

    @property
    def change(self) -> int:
        with self._session.reading() as connection:
            return int(reading.meta(connection, "change"))

    @contextmanager
    def together(self) -> Iterator[None]:
        """See ``Store.together``."""
        with self._writing():
            yield

    @contextmanager
    def _writing(self) -> Iterator[tuple[sqlite3.Connection, int]]:
        """A transaction, or a part of the one that is open, and the number that its change will have."""
        with self._session.writing(self._caches.drop_ahead) as connection:
            yield connection, int(reading.meta(connection, "change")) + 1

    def put(self, source: Source, entries: Sequence[Entry]) -> Written:
        """See ``Store.put``. ``EncoderMismatch`` where vectors have another dimension than the store's."""
        token_format = self._settings["token_format"]
        ready = [(entry, rows.prepare(entry, self._dimension, token_format)) for entry in entries]
        added = updated = 0
        with self._writing() as (connection, change):
            row = writing.ensure_source(connection, source)
            for entry, made in ready:
                known = writing.known(connection, entry.document.id)
                if known is not None:
                    if known[1:] == (entry.fingerprint, row):
                        continue
                    writing.delete(connection, [known[0]], change)
                    if known[2] != row:
                        writing.reopen(connection, [known[2]])
                writing.insert(connection, source, row, entry, made)
                added, updated = added + (known is None), updated + (known is not None)
            if added or updated:
                writing.advance(connection, change)
        return Written(added, updated, len(ready) - added - updated)

    def finish(self, source: Source, documents: Sequence[str]) -> int:
        kept = set(documents)
        with self._writing() as (connection, change):
            row = writing.finish_source(connection, source)
            held = dict(connection.execute("SELECT name, id FROM documents WHERE source = ?", (row,)))
            if kept - held.keys():  # removed meanwhile, or moved to another source
                writing.reopen(connection, [row])
            return self._delete(connection, [held[name] for name in held.keys() - kept], change)

    def forget(self, sources: Sequence[str]) -> int:
        with self._writing() as (connection, change):
            held = "SELECT d.id FROM documents d JOIN sources s ON s.id = d.source WHERE s.name = ?"
            gone = [id for name in set(sources) for (id,) in connection.execute(held, (name,))]
            count = self._delete(connection, gone, change)
            connection.executemany("DELETE FROM sources WHERE name = ?", [(name,) for name in sources])
        return count

    def remove(self, documents: Sequence[str]) -> int:
        with self._writing() as (connection, change):
            found = (writing.known(connection, name) for name in dict.fromkeys(documents))
            known = [row for row in found if row is not None]
            writing.reopen(connection, {source for _, _, source in known})
            return self._delete(connection, [id for id, _, _ in known], change)

    @staticmethod
    def _delete(connection: sqlite3.Connection, rows: list[int], change: int) -> int:
        count = writing.delete(connection, rows, change)
        if count:
            writing.advance(connection, change)
        return count

    def sources(self) -> dict[str, Source]:
        with self._session.reading() as connection:
            rows = connection.execute("SELECT name, path, size, modified_ns, skipped FROM sources")
            return {row[0]: Source(*row) for row in rows}

    def fingerprints(self, source: str) -> dict[str, str]:
        with self._session.reading() as connection:
            rows = connection.execute(
                "SELECT d.name, d.fingerprint FROM documents d JOIN sources s ON s.id = d.source "
                "WHERE s.name = ?",
                (source,),
            )
            return dict(rows)

    def fetch(self, keys: Keys, *, tokens: bool = True) -> list[Stored]:
        with self._session.reading() as connection:
            return reading.stored(connection, np.asarray(keys, np.int64), tokens)

    def documents(self) -> Iterator[tuple[str, str, int]]:
        with self._session.reading() as connection:
            return iter(list(reading.documents(connection)))

    def document(self, id: str) -> Document:
        with self._session.reading() as connection:
            found = reading.document(connection, id)
        if found is None:
            raise InputError(
                f"there is no document {id!r} in the index", hint="its id is the path or record id"
            )
        return found

    def holds(self, documents: Sequence[str]) -> set[str]:
        with self._session.reading() as connection:
            return {name for name in documents if writing.known(connection, name) is not None}

    def fields(self) -> list[str]:
        with self._session.reading() as connection:
            return reading.fields(connection)

    def counts(self) -> Counts:
        with self._session.reading() as connection:
            return Counts(
                connection.execute("SELECT count(*) FROM documents").fetchone()[0],
                connection.execute("SELECT count(*) FROM passages").fetchone()[0],
            )

    def dense(self, vector: NDArray[np.float32], k: int, where: Where | None = None) -> Ranked:
        return self._search.dense(vector, k, where)

    def lexical(self, text: str, k: int, where: Where | None = None) -> Ranked:
        return self._search.lexical(text, k, where)

    def lexical_scores(self, text: str, keys: Keys) -> NDArray[np.float32]:
        return self._search.lexical_scores(text, keys)

    def refresh(self) -> int:
        """See ``Store.refresh``; waits for another refresher as long as for another writer."""
        with self._session.reading():
            return self._caches.refresh()

    def check(self) -> list[str]:
        with self._session.reading() as connection:
            return checking.record(connection) + checking.caches(
                self._caches.feed, self._caches.matrix, self._caches.lexical
            )

    def close(self) -> None:
        """Let go of everything."""
        self._session.close(self._caches.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()
