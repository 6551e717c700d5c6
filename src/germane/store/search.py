"""The two recall primitives: a query to the caches, under a filter that is an exact set of passages."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from germane.errors import EncoderMismatch, InputError
from germane.store import reading
from germane.store.caches import Caches
from germane.store.protocol import Keys, Ranked, Where
from germane.store.session import Session

_FILTERS = 8


class Search:
    """Asks the ``caches`` of one store, whose vectors have ``dimension`` numbers."""

    def __init__(self, session: Session, caches: Caches, dimension: int) -> None:
        self._session, self._caches, self._dimension = session, caches, dimension
        self._kept: tuple[int, dict[tuple[int, ...], Keys]] = (0, {})

    def dense(self, vector: NDArray[np.float32], k: int, where: Where | None) -> Ranked:
        """See ``Store.dense``."""
        query = self._unit(vector)
        with self._session.reading() as connection:
            cache, facets = self._caches.matrix, reading.facets(connection, where or {})
            if facets is None or k <= 0:
                return self._caches.nothing(cache)
            among = self._keys_of(facets) if facets else None
            return self._caches.ask(cache, lambda: cache.search(query, k, among))

    def lexical(self, text: str, k: int, where: Where | None) -> Ranked:
        """See ``Store.lexical``."""
        with self._session.reading() as connection:
            cache, facets = self._caches.lexical, reading.facets(connection, where or {})
            if facets is None or k <= 0:
                return self._caches.nothing(cache)
            return self._caches.ask(cache, lambda: cache.search(text, k, facets))

    def lexical_scores(self, text: str, keys: Keys) -> NDArray[np.float32]:
        """See ``Store.lexical_scores``."""
        with self._session.reading():
            cache, wanted = self._caches.lexical, np.asarray(keys, np.int64)
            return self._caches.ask(cache, lambda: (wanted, cache.scores(text, wanted))).scores

    def _unit(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        query = np.ascontiguousarray(vector, np.float32).reshape(-1)
        if len(query) != self._dimension:
            raise EncoderMismatch(
                f"a query of {len(query)} dimensions for an index of {self._dimension}",
                hint="use the encoder the index was made with",
            )
        norm = float(np.linalg.norm(query))
        if not np.isfinite(norm):
            raise InputError("the query's vector is not finite", hint="check the encoder's output")
        return query / np.float32(norm) if norm > 0 else query

    def _keys_of(self, facets: Sequence[int]) -> Keys:
        """The keys that carry all of ``facets``, kept until the next change: the same filter is mostly
        asked again, and reading the keys of a wide one takes longer than the scan."""
        connection = self._session.connection
        change = int(reading.meta(connection, "change"))
        if self._kept[0] != change or len(self._kept[1]) > _FILTERS:
            self._kept = (change, {})
        kept, wanted = self._kept[1], tuple(sorted(facets))
        if wanted not in kept:
            kept[wanted] = reading.matching(connection, wanted)
        return kept[wanted]
