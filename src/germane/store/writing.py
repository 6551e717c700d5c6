"""What a write transaction does to the tables. The caller holds the lock and the transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from germane.store import grouping
from germane.store.protocol import Entry, Source
from germane.store.rows import Row
from germane.types import Passage

UNFINISHED = -1  # size and time of a source that was not read to its end: equal to no file's
_PRUNE = 10_000


def text_of(value: str | int | float | bool) -> str:
    """A metadata value as filters compare it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def ensure_source(connection: sqlite3.Connection, source: Source) -> int:
    """The row of a source, made as unfinished where it is new."""
    connection.execute(
        "INSERT OR IGNORE INTO sources (name, path, size, modified_ns, skipped) VALUES (?, ?, ?, ?, '')",
        (source.name, source.path, UNFINISHED, UNFINISHED),
    )
    return int(connection.execute("SELECT id FROM sources WHERE name = ?", (source.name,)).fetchone()[0])


def finish_source(connection: sqlite3.Connection, source: Source) -> int:
    """Record a source as it was when read to its end; returns its row."""
    connection.execute(
        "INSERT INTO sources (name, path, size, modified_ns, skipped) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (name) DO UPDATE SET path = excluded.path, size = excluded.size, "
        "modified_ns = excluded.modified_ns, skipped = excluded.skipped",
        source_row(source),
    )
    return int(connection.execute("SELECT id FROM sources WHERE name = ?", (source.name,)).fetchone()[0])


def reopen(connection: sqlite3.Connection, rows: Iterable[int]) -> None:
    """Have sources read again when they are indexed next: not all that they hold is there any more."""
    connection.executemany(
        "UPDATE sources SET size = ?, modified_ns = ? WHERE id = ?",
        [(UNFINISHED, UNFINISHED, row) for row in rows],
    )


def source_row(source: Source) -> tuple[str, str, int, int, str]:
    return source.name, source.path, source.size, source.modified_ns, source.skipped


def known(connection: sqlite3.Connection, name: str) -> tuple[int, str, int] | None:
    """Row, fingerprint and source of a document, if it is there."""
    row: tuple[int, str, int] | None = connection.execute(
        "SELECT id, fingerprint, source FROM documents WHERE name = ?", (name,)
    ).fetchone()
    return row


def insert(connection: sqlite3.Connection, source: Source, row: int, entry: Entry, rows: list[Row]) -> None:
    """Write a document that is not there, with its passages."""
    document = entry.document
    metadata = _json(dict(document.metadata))
    id = connection.execute(
        "INSERT INTO documents (source, name, title, fingerprint, passages, sections, metadata, text) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            row,
            document.id,
            document.title,
            entry.fingerprint,
            len(rows),
            _json([[s.start, s.end, list(s.headings)] for s in document.sections]),
            metadata,
            document.text,
        ),
    ).lastrowid
    facets: dict[tuple[str, str], int] = {}
    for new in rows:
        place = new.passage.place
        own = _json(dict(new.passage.metadata))
        group = grouping.founder(connection, new.signature, new.bands)
        key = connection.execute(
            "INSERT INTO passages (document, place, start, stop, grp, headings, metadata, text) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                id,
                place.order,
                place.start,
                place.end,
                group or 0,
                _json(list(place.headings)),
                None if own == metadata else own,
                new.passage.text,
            ),
        ).lastrowid
        assert key is not None
        if group is None:
            connection.execute("UPDATE passages SET grp = key WHERE key = ?", (key,))
            grouping.found(connection, key, new.bands)
        connection.execute("INSERT INTO vectors VALUES (?, ?)", (key, new.pooled))
        if new.tokens is not None:
            connection.execute("INSERT INTO tokens VALUES (?, ?)", (key, new.tokens))
        for label in _labels(source, entry, new.passage):
            if label not in facets:
                facets[label] = _facet(connection, label)
            connection.execute("INSERT INTO labels VALUES (?, ?)", (facets[label], key))


def _labels(source: Source, entry: Entry, passage: Passage) -> set[tuple[str, str]]:
    """The fields of a passage: its document's, its own over them, and the two that are always there."""
    fields: Mapping[str, Any] = {
        **entry.document.metadata,
        **passage.metadata,
        "document": entry.document.id,
        "source": source.name,
    }
    return {(name, text_of(value)) for name, value in fields.items()}


def _facet(connection: sqlite3.Connection, label: tuple[str, str]) -> int:
    found = connection.execute("SELECT id FROM facets WHERE field = ? AND value = ?", label).fetchone()
    if found is None:
        return int(
            connection.execute("INSERT INTO facets (field, value) VALUES (?, ?)", label).lastrowid or 0
        )
    return int(found[0])


def delete(connection: sqlite3.Connection, documents: Iterable[int], change: int) -> int:
    """Remove documents by row, noting their passages as removed by ``change``. Returns how many."""
    count = 0
    remaining = iter(documents)
    while batch := list(islice(remaining, 200)):
        marks = ",".join("?" * len(batch))
        keys = [
            key
            for (key,) in connection.execute(f"SELECT key FROM passages WHERE document IN ({marks})", batch)
        ]
        facets: list[int] = []
        for few in _chunks(keys, 500):
            some = ",".join("?" * len(few))
            facets += [
                facet
                for (facet,) in connection.execute(
                    f"SELECT DISTINCT facet FROM labels WHERE passage IN ({some})", few
                )
            ]
        connection.executemany("INSERT INTO removed VALUES (?, ?)", [(key, change) for key in keys])
        count += connection.execute(f"DELETE FROM documents WHERE id IN ({marks})", batch).rowcount
        connection.executemany(
            "DELETE FROM facets WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM labels WHERE facet = ?1)",
            [(facet,) for facet in set(facets)],
        )
        grouping.orphans(connection, keys)
    return count


def advance(connection: sqlite3.Connection, change: int) -> None:
    """Set the change number; forget old removals once they outnumber what is there (caches that have not
    followed them are rebuilt)."""
    connection.execute("UPDATE meta SET value = ? WHERE name = 'change'", (change,))
    removed = connection.execute("SELECT count(*) FROM removed").fetchone()[0]
    if removed > _PRUNE and removed > connection.execute("SELECT count(*) FROM passages").fetchone()[0]:
        connection.execute("DELETE FROM removed")
        connection.execute("DELETE FROM bands WHERE passage NOT IN (SELECT key FROM passages)")
        connection.execute("UPDATE meta SET value = ? WHERE name = 'pruned'", (change,))


def _chunks(keys: Sequence[int], size: int) -> Iterable[Sequence[int]]:
    return (keys[i : i + size] for i in range(0, len(keys), size))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
