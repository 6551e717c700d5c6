"""Near-duplicate groups, kept while passages come and go.

A passage joins the group of the first passage it resembles, else it founds its own. The founder has the
smallest key of its group and lends the group its number; only founders have rows in ``bands``. When a
founder is removed the next of its group takes its place.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from germane.read.near_duplicate import THRESHOLD, bands, signature, similar

Signature = NDArray[np.uint64]


def founder(connection: sqlite3.Connection, own: Signature, own_bands: Sequence[int]) -> int | None:
    """The key of the founder that a text of signature ``own`` resembles most; None where it is the first."""
    rows = connection.execute(
        "SELECT DISTINCT p.key, p.text FROM bands b JOIN passages p ON p.key = b.passage AND p.grp = p.key "
        f"WHERE b.band IN ({','.join('?' * len(own_bands))}) ORDER BY p.key",
        own_bands,
    )
    best, most = None, THRESHOLD
    for key, text in rows:
        likeness = similar(own, signature(text))
        if likeness > most or (best is None and likeness == most):
            best, most = int(key), likeness
    return best


def found(connection: sqlite3.Connection, key: int, own_bands: Iterable[int]) -> None:
    """Make the passage ``key`` findable as the founder of its group."""
    connection.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", [(band, key) for band in own_bands])


def orphans(connection: sqlite3.Connection, removed: Iterable[int]) -> None:
    """Give groups whose founder is among ``removed`` (already deleted) a new founder."""
    for key in removed:
        heir, text = connection.execute(
            "SELECT min(key), text FROM passages WHERE grp = ?", (key,)
        ).fetchone()
        if heir is not None:
            connection.execute("UPDATE passages SET grp = ? WHERE grp = ?", (heir, key))
            found(connection, heir, bands(signature(text)))
