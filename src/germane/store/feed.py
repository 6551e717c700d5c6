"""What a derived cache needs of the record of truth to catch up, read in one snapshot."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from germane.store.protocol import Keys
from germane.store.reading import meta

_PAGE = 2048


class CacheBroken(Exception):
    """A cache is missing, damaged, or of another store: it must be made anew. Never leaves the store."""


class Position(NamedTuple):
    """Where a cache stands: the store it was derived from, that store's change number, and the highest
    key it has seen. As keys are never used again, all that came later has a higher one."""

    store: str
    change: int
    last: int


class Text(NamedTuple):
    """The words of a passage under which it is found, and the facets it carries."""

    key: int
    body: str
    facets: list[int]


@dataclass(frozen=True)
class Feed:
    """The truth as a cache reads it; a cache that follows reads it inside one read transaction."""

    connection: sqlite3.Connection
    dimension: int

    def position(self) -> Position:
        """Where a cache stands once it has read all there is."""
        last = self.connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'passages'").fetchone()
        change = int(meta(self.connection, "change"))
        return Position(str(meta(self.connection, "store")), change, last[0] if last else 0)

    def follows(self, position: Position) -> bool:
        """Whether a cache at ``position`` can catch up; else it must be made anew."""
        now = self.position()
        pruned = int(meta(self.connection, "pruned"))
        return position.store == now.store and pruned <= position.change <= now.change

    def removed(self, position: Position) -> Keys:
        """The keys at or below ``position.last`` removed since, ascending."""
        rows = self.connection.execute(
            "SELECT passage FROM removed WHERE change > ? AND passage <= ? ORDER BY passage",
            (position.change, position.last),
        )
        return np.fromiter((key for (key,) in rows), np.int64)

    def vectors(self, after: int) -> Iterator[tuple[Keys, NDArray[np.float32]]]:
        """Keys above ``after``, ascending, and their vectors ``(rows, dimension)``, a page at a time."""
        rows = self.connection.execute(
            "SELECT passage, pooled FROM vectors WHERE passage > ? ORDER BY passage", (after,)
        )
        while page := rows.fetchmany(_PAGE):
            keys = np.array([key for key, _ in page], np.int64)
            joined = b"".join(pooled for _, pooled in page)
            yield keys, np.frombuffer(joined, "<f4").reshape(len(page), self.dimension)

    def vector(self, key: int) -> NDArray[np.float32] | None:
        """The vector of one passage ``(dimension,)``; None where it is gone."""
        row = self.connection.execute("SELECT pooled FROM vectors WHERE passage = ?", (key,)).fetchone()
        return None if row is None else np.frombuffer(row[0], "<f4")

    def texts(self, after: int) -> Iterator[Text]:
        """Passages of a key above ``after``, ascending."""
        rows = self.connection.execute(
            "SELECT p.key, d.title, p.headings, p.text, (SELECT group_concat(facet) FROM labels "
            "WHERE passage = p.key) FROM passages p JOIN documents d ON d.id = p.document "
            "WHERE p.key > ? ORDER BY p.key",
            (after,),
        )
        for key, title, headings, text, facets in rows:
            # A title is often the first heading too: said once, it counts once.
            names = dict.fromkeys(name for name in (title, *json.loads(headings)) if name)
            yield Text(key, "\n".join((*names, text)), [int(facet) for facet in facets.split(",")])

    def keys(self) -> Keys:
        """All keys, ascending."""
        rows = self.connection.execute("SELECT passage FROM vectors ORDER BY passage")
        return np.fromiter((key for (key,) in rows), np.int64)
