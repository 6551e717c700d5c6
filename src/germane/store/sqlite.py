"""The connection to the record of truth: how it is made, opened, and how it fails.

WAL with ``synchronous=FULL``: a commit that was reported survives ``kill -9``, and a power cut too where
the disk keeps its word. FULL rather than NORMAL because NORMAL may forget the last commits in a power
cut, and the caches would then stand at change numbers that are given out a second time.

Checkpoints run only under the write lock (``wal_autocheckpoint=0``, and ``checkpoint`` is called there):
SQLite before 3.51.3 has a rare race between checkpoints of several connections.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from germane.errors import InputError, MissingIndex, StoreBusy, StoreError
from germane.store import schema

_BUSY_MS = 15_000
_PAGE_BYTES = 8192  # five vectors of 384 dimensions a page; in the usual 4096, two and a gap
_LOG_BYTES = 16_000_000  # a longer log is moved into the database; kept that long for the next writes


@contextmanager
def guarded(path: Path) -> Iterator[None]:
    """Turn what SQLite and the disk raise into one clear ``StoreError``."""
    try:
        yield
    except UnicodeEncodeError as error:
        raise InputError(
            f"text that is not valid Unicode: {error}", hint="replace lone surrogates before indexing"
        ) from error
    except sqlite3.OperationalError as error:
        text = str(error)
        if "locked" in text or "busy" in text:
            raise StoreBusy(f"{path} is busy: {text}", hint="try again") from error
        if "full" in text:
            raise StoreError(
                f"no room left on the disk of {path}", hint="free some space and run again; nothing is lost"
            ) from error
        if "readonly" in text:
            raise StoreError(
                f"{path} cannot be written", hint="check its permissions and the space on its disk"
            ) from error
        raise StoreError(f"{path}: {text}", hint="germane doctor says more") from error
    except sqlite3.DatabaseError as error:
        raise StoreError(
            f"{path} is damaged or is not a germane index: {error}",
            hint="restore it, or delete its folder and index again",
        ) from error
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}", hint="check the disk and try again") from error


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{mode}", uri=True, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA wal_autocheckpoint=0")
        connection.execute(f"PRAGMA journal_size_limit={_LOG_BYTES}")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA cache_size=-32768")
    except BaseException:
        connection.close()
        raise
    return connection


def create(path: Path, settings: Mapping[str, str]) -> None:
    """Make the tables in one transaction; the caller holds the write lock."""
    with guarded(path):
        connection = _connect(path, "mode=rwc")
        try:
            if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                raise InputError(f"{path.parent} holds an index already", hint="open it, or choose another")
            connection.execute(f"PRAGMA page_size={_PAGE_BYTES}")
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("BEGIN IMMEDIATE")
            for statement in schema.TABLES.split(";\n"):
                connection.execute(statement)
            connection.execute(schema.START, (uuid.uuid4().hex,))
            connection.executemany("INSERT INTO settings VALUES (?, ?)", settings.items())
            connection.execute(f"PRAGMA application_id={schema.APPLICATION}")
            connection.execute(f"PRAGMA user_version={schema.VERSION}")
            connection.execute("COMMIT")
        finally:
            connection.close()


def connect(path: Path, *, readonly: bool) -> sqlite3.Connection:
    """Open what ``create`` made. ``MissingIndex`` when there is nothing, ``StoreError`` when unusable."""
    missing = MissingIndex(
        f"there is no index in {path.parent}", hint=f"germane index PATH --into {path.parent}"
    )
    with guarded(path):
        if not path.is_file() or path.stat().st_size == 0:
            raise missing
        connection = _open_any(path)
        try:
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                raise missing  # its maker was killed before the first commit
            if application != schema.APPLICATION:
                raise StoreError(f"{path} is not a germane index", hint="choose another folder")
            if version != schema.VERSION:
                raise StoreError(
                    f"{path} has layout {version}; this germane reads layout {schema.VERSION}",
                    hint="index again into a new folder, or use the germane that made it",
                )
            if readonly:
                connection.execute("PRAGMA query_only=ON")
        except BaseException:
            connection.close()
            raise
    return connection


def _open_any(path: Path) -> sqlite3.Connection:
    """A writable connection even for readers, since WAL needs its shared-memory file. Where the folder
    cannot be written: with the log that a killed writer left, or, as there is none, the file as it is."""
    try:
        return _probed(path, "mode=rw")
    except sqlite3.OperationalError as error:
        log = path.with_name(path.name + "-wal")
        try:
            return _probed(path, "mode=ro" if log.exists() and log.stat().st_size else "mode=ro&immutable=1")
        except sqlite3.OperationalError:
            raise error from None


def _probed(path: Path, mode: str) -> sqlite3.Connection:
    connection = _connect(path, mode)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection, path: Path, kind: str = "IMMEDIATE") -> Iterator[None]:
    """One transaction: commits at the end, rolls back on any error. ``kind="DEFERRED"`` to read."""
    with guarded(path):
        connection.execute(f"BEGIN {kind}")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


@contextmanager
def part(connection: sqlite3.Connection, path: Path) -> Iterator[None]:
    """A part of a transaction: an error ends all of it, so that whoever goes on cannot commit the rest."""
    with guarded(path):
        try:
            yield
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def checkpoint(connection: sqlite3.Connection, path: Path) -> None:
    """Move the log into the database once it is long; the caller holds the write lock."""
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        with guarded(path):
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
