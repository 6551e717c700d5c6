"""What the tables give back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence

import numpy as np

from germane.encode.pack import unpack
from germane.store.protocol import Keys, Stored, Where
from germane.store.writing import text_of
from germane.types import Document, Passage, Place, Section

_CHUNK = 500


def meta(connection: sqlite3.Connection, name: str) -> str | int:
    value: str | int = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()[0]
    return value


def facets(connection: sqlite3.Connection, where: Where) -> list[int] | None:
    """The facet of each field of a filter; None when one of them stands on no passage at all."""
    found = []
    for field, value in where.items():
        row = connection.execute(
            "SELECT id FROM facets WHERE field = ? AND value = ?", (field, text_of(value))
        ).fetchone()
        if row is None:
            return None
        found.append(int(row[0]))
    return found


def fields(connection: sqlite3.Connection) -> list[str]:
    """The names of all fields, in order: a step along the index for each, since one name may have as many
    values as there are documents."""
    rows = connection.execute(
        "WITH RECURSIVE names(name) AS (SELECT min(field) FROM facets UNION ALL "
        "SELECT (SELECT min(field) FROM facets WHERE field > name) FROM names WHERE name IS NOT NULL) "
        "SELECT name FROM names WHERE name IS NOT NULL"
    )
    return [name for (name,) in rows]


def matching(connection: sqlite3.Connection, facets: Sequence[int]) -> Keys:
    """The keys, ascending, of the passages that carry all of ``facets`` (at least one)."""
    query = " INTERSECT ".join("SELECT passage FROM labels WHERE facet = ?" for _ in facets)
    keys = np.fromiter((key for (key,) in connection.execute(query, list(facets))), np.int64)
    keys.sort()
    return keys


def stored(connection: sqlite3.Connection, keys: Keys, tokens: bool) -> list[Stored]:
    """What is kept under ``keys``, in their order; keys that are gone are left out."""
    found: dict[int, Stored] = {}
    wanted = [int(key) for key in keys]
    matrix, join = ("t.matrix", "LEFT JOIN tokens t ON t.passage = p.key") if tokens else ("NULL", "")
    for i in range(0, len(wanted), _CHUNK):
        some = wanted[i : i + _CHUNK]
        rows = connection.execute(
            "SELECT p.key, d.name, p.place, p.start, p.stop, p.grp, p.headings, "
            f"coalesce(p.metadata, d.metadata), p.text, v.pooled, {matrix} "
            "FROM passages p JOIN documents d ON d.id = p.document JOIN vectors v ON v.passage = p.key "
            f"{join} WHERE p.key IN ({','.join('?' * len(some))})",
            some,
        )
        for key, name, order, start, stop, group, headings, metadata, text, pooled, blob in rows:
            place = Place(name, start, stop, order, tuple(json.loads(headings)))
            passage = Passage(f"{name}#{order}", text, place, json.loads(metadata), group)
            vector = np.frombuffer(pooled, "<f4")
            found[key] = Stored(key, passage, vector, None if blob is None else unpack(blob))
    return [found[key] for key in wanted if key in found]


def document(connection: sqlite3.Connection, name: str) -> Document | None:
    row = connection.execute(
        "SELECT text, title, sections, metadata FROM documents WHERE name = ?", (name,)
    ).fetchone()
    if row is None:
        return None
    text, title, sections, metadata = row
    parts = tuple(Section(start, end, tuple(path)) for start, end, path in json.loads(sections))
    return Document(name, text, title, parts, json.loads(metadata))


def documents(connection: sqlite3.Connection) -> Iterator[tuple[str, str, int]]:
    """Each document's name, title and number of passages, in pages so that no read stays open."""
    last = 0
    while page := connection.execute(
        "SELECT id, name, title, passages FROM documents WHERE id > ? ORDER BY id LIMIT 1000", (last,)
    ).fetchall():
        for last, name, title, passages in page:  # noqa: B007 (where the next page begins)
            yield name, title, passages
