"""Whether a store is whole: the record by SQLite's own checks, the caches against the record."""

from __future__ import annotations

import sqlite3

import numpy as np

from germane.store.feed import CacheBroken, Feed
from germane.store.lexical import Lexical
from germane.store.matrix import Matrix
from germane.store.scan import Table

_ALONE = (
    ("SELECT count(*) FROM passages p LEFT JOIN vectors v ON v.passage = p.key WHERE v.passage IS NULL",
     "{} passages have no vector"),
    ("SELECT count(*) FROM documents d "
     "WHERE d.passages != (SELECT count(*) FROM passages WHERE document = d.id)",
     "{} documents have lost passages"),
    ("SELECT count(*) FROM passages p WHERE NOT EXISTS (SELECT 1 FROM labels WHERE passage = p.key)",
     "{} passages have lost their fields"),
    ("SELECT count(*) FROM passages p LEFT JOIN passages f ON f.key = p.grp AND f.grp = f.key "
     "WHERE f.key IS NULL", "{} passages name a group that is not there"),
    ("SELECT count(*) FROM removed r JOIN passages p ON p.key = r.passage",
     "{} removed keys are still there"),
)  # fmt: skip


def record(connection: sqlite3.Connection) -> list[str]:
    """What is wrong with the record of truth, a line each."""
    wrong = [row[0] for row in connection.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
    if wrong:
        return [f"integrity: {line}" for line in wrong]
    keys = connection.execute("PRAGMA foreign_key_check").fetchall()
    wrong += [
        f"{table} row {row} refers to a row of {parent} that is gone" for table, row, parent, _ in keys[:20]
    ]
    for query, line in _ALONE:
        if count := connection.execute(query).fetchone()[0]:
            wrong.append(line.format(count))
    return wrong


def caches(feed: Feed, matrix: Matrix, lexical: Lexical) -> list[str]:
    """What is wrong with the caches, a line each. Lagging or missing is not: they heal at the next search."""
    wrong = []
    keys = feed.keys()
    if _current(feed, matrix) and matrix.table is not None:
        table = matrix.table
        if not np.array_equal(table.keys[table.scales != 0], keys):
            wrong.append("the vector matrices hold other passages than the record: delete the cache folder")
        elif not _same_vectors(feed, table):
            wrong.append("the vector matrices hold other vectors than the record: delete the cache folder")
    if _current(feed, lexical):
        try:
            same = np.array_equal(lexical.keys(), keys)
        except CacheBroken:
            same = False
        if not same:
            wrong.append("the lexical cache holds other passages than the record: delete the cache folder")
    return wrong


def _current(feed: Feed, cache: Matrix | Lexical) -> bool:
    try:
        cache.load()
    except CacheBroken:
        return False
    return cache.position == feed.position()


def _same_vectors(feed: Feed, table: Table) -> bool:
    rows = np.flatnonzero(table.scales != 0)
    at = 0
    for keys, vectors in feed.vectors(0):
        if not np.array_equal(table.vectors[rows[at : at + len(keys)]], vectors):
            return False
        at += len(keys)
    return True
