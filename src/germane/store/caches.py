"""The caches of a store and how they follow its record: one refresher at a time, under a file lock.

Whoever searches with a cache that lags brings it up to date first, unless somebody else is at it: then
what is there answers, and says by how many changes it lags. A cache that is missing, damaged or of another
store is made anew; that is waited for, as there is nothing to answer from.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from germane.errors import StoreError
from germane.store import sqlite
from germane.store.feed import CacheBroken, Feed
from germane.store.lexical import Lexical
from germane.store.locks import attempt, hold
from germane.store.matrix import Matrix
from germane.store.protocol import Keys, Ranked

Cache = Lexical | Matrix
_ATTEMPTS = 3  # at a cache that somebody deletes while it is made or asked


class Caches:
    """The lexical cache and the vector matrices beside the database ``path``, read by ``connection``.
    ``patience``: seconds to wait for another refresher where there is no way around it."""

    def __init__(self, connection: sqlite3.Connection, path: Path, dimension: int, patience: float) -> None:
        self._connection, self._path, self._patience = connection, path, patience
        self._lock = path.parent / "refresh.lock"
        self._folder = path.parent / "cache"
        self.feed = Feed(connection, dimension)
        self.matrix = Matrix(self._folder / "matrix", dimension)
        self.lexical = Lexical(self._folder / "lexical")

    def nothing(self, cache: Cache) -> Ranked:
        """An empty answer, with the lag."""
        return Ranked(np.zeros(0, np.int64), np.zeros(0, np.float32), self._follow(cache))

    def ask(self, cache: Cache, search: Callable[[], tuple[Keys, NDArray[np.float32]]]) -> Ranked:
        """Ask a cache once it has followed as far as it can; one that breaks under it is made anew."""
        for turn in range(_ATTEMPTS):
            lag = self._follow(cache, anew=turn > 0)
            try:
                keys, scores = search()
            except CacheBroken as error:
                broken = error
            else:
                return Ranked(keys, scores, lag)
        raise self._unusable(broken)

    def drop_ahead(self) -> None:
        """Delete caches that are ahead of the record, as after it was restored from a backup: once it has
        grown past them they would pass for its own. The caller holds the write lock."""
        change = self.feed.position().change
        both: tuple[Cache, Cache] = (self.lexical, self.matrix)
        for cache in both:
            with suppress(CacheBroken, OSError):
                cache.load()
                if cache.position is not None and cache.position.change > change:
                    cache.close()
                    shutil.rmtree(cache.folder, ignore_errors=True)

    def refresh(self) -> int:
        """Bring both to the newest change, waiting for another refresher; returns the lag left."""
        both: tuple[Cache, Cache] = (self.lexical, self.matrix)
        if all(self._lag(cache) == 0 for cache in both):
            return 0
        with hold(self._lock, self._patience):
            for cache in both:
                self._bring(cache)
        return max(self._lag(cache) or 0 for cache in both)

    def _follow(self, cache: Cache, *, anew: bool = False) -> int:
        """Bring a cache up to date unless somebody else is at it; returns the lag. A cache that is not
        there at all is waited for."""
        lag = None if anew else self._lag(cache)
        if lag == 0:
            return 0
        with attempt(self._lock) as had:
            if had:
                try:
                    self._bring(cache, anew=anew)
                except StoreError:  # a full disk, say: what is there can still answer
                    if lag is None:
                        raise
                return self._lag(cache) or 0
        if lag is not None:
            return lag
        with hold(self._lock, self._patience):
            self._bring(cache)
        return self._lag(cache) or 0

    def _lag(self, cache: Cache) -> int | None:
        """How many changes a cache is behind; None when it is of no use."""
        try:
            cache.load()
            if isinstance(cache, Matrix):
                cache.verify(self.feed)
        except (CacheBroken, OSError):
            return None
        if cache.position is None or not self.feed.follows(cache.position):
            return None
        return self.feed.position().change - cache.position.change

    def _bring(self, cache: Cache, *, anew: bool = False) -> None:
        """Bring a cache to the newest change, or make it anew. Under the refresher's lock."""
        with sqlite.transaction(self._connection, self._path, "DEFERRED"):
            for turn in range(_ATTEMPTS):
                try:
                    if anew or turn:
                        cache.rebuild(self.feed)
                    else:
                        cache.catch_up(self.feed)
                    return
                except (CacheBroken, OSError) as error:
                    broken = error
        raise self._unusable(broken)

    def _unusable(self, error: CacheBroken | OSError) -> StoreError:
        return StoreError(
            f"{self._folder} cannot be made: {error}", hint="free some space or check its permissions"
        )

    def close(self) -> None:
        """Let go of both."""
        self.matrix.close()
        self.lexical.close()
