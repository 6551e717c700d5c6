"""Going in and out of the record of truth: one thread at a time, one writer on the disk, and one transaction
for what belongs together."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

from germane.errors import InputError, StoreError
from germane.store import sqlite
from germane.store.locks import attempt, hold

DATABASE = "germane.sqlite"
WRITE_LOCK = "write.lock"


class Session:
    """The connection to the record in ``folder``. ``patience``: seconds to wait for another writer.

    Raises ``MissingIndex`` when there is none, ``StoreError`` when it cannot be used.
    """

    def __init__(self, folder: Path, *, readonly: bool, patience: float) -> None:
        self.folder, self.path = folder, folder / DATABASE
        self.connection = sqlite.connect(self.path, readonly=readonly)
        self._readonly, self._patience = readonly, patience
        self._guard = RLock()
        self._closed = self._written = False

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Nobody else reads or writes in this process meanwhile."""
        with self._guard:
            self._usable()
            with sqlite.guarded(self.path):
                yield self.connection

    @contextmanager
    def writing(self, begin: Callable[[], None]) -> Iterator[sqlite3.Connection]:
        """The write lock and a transaction under it, or a part of the one that is open already. ``begin`` is
        called under the lock before the first transaction of all."""
        with self._guard:
            self._usable()
            if self._readonly:
                raise InputError("the index was opened to read", hint="open it without readonly")
            if self.connection.in_transaction:
                with sqlite.part(self.connection, self.path):
                    yield self.connection
                return
            with hold(self.folder / WRITE_LOCK, self._patience):
                if not self._written:
                    begin()
                    self._written = True
                with sqlite.transaction(self.connection, self.path):
                    yield self.connection
                sqlite.checkpoint(self.connection, self.path)

    def close(self, end: Callable[[], None] = lambda: None) -> None:
        """Let go of the connection, once, after a call of ``end``. Under the write lock where it is free, as
        the last to close a WAL database checkpoints it; whoever holds the lock is open, so then this is not
        the last."""
        with self._guard:
            if self._closed:
                return
            self._closed = True
            end()
            with attempt(self.folder / WRITE_LOCK), sqlite.guarded(self.path):
                self.connection.close()

    def _usable(self) -> None:
        if self._closed:
            raise StoreError("the store is closed", hint="open it again")
