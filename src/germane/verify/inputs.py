"""What the verifier reads of a pair of texts: token vectors, relations of their words, features, masks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from germane.encode.protocol import Tokens
from germane.verify.maps import Padded, pad
from germane.verify.thesaurus import Thesaurus

MOST_QUERY, MOST_PASSAGE = 128, 256
"""Tokens read of a query and of a passage; what is beyond is not seen."""
WINDOW = 8
"""Texts are padded to a multiple of it."""

Floats = NDArray[np.float32]


class Inputs(NamedTuple):
    """Arrays by the names of the model's inputs; b pairs, q query and p passage tokens, multiples of WINDOW:
    unit vectors ``(b, q, d)`` and ``(b, p, d)``, codes of the thesaurus's relations ``(b, q, p)``, its
    features ``(b, q, f)`` and ``(b, p, f)``, 1 for a token ``(b, q)`` and ``(b, p)``, and the cosine of the
    pooled vectors ``(b, 1)``."""

    query: Floats
    passage: Floats
    relations: NDArray[np.int32]
    query_features: Floats
    passage_features: Floats
    query_mask: Floats
    passage_mask: Floats
    similarity: Floats

    def turned(self) -> Inputs:
        """The passage as the query and the other way round."""
        return Inputs(
            self.passage,
            self.query,
            np.ascontiguousarray(self.relations.swapaxes(1, 2)),
            self.passage_features,
            self.query_features,
            self.passage_mask,
            self.query_mask,
            self.similarity,
        )

    def masked(self) -> Inputs:
        """With nothing left of the tokens that the masks leave out."""
        query, passage = self.query_mask[..., None], self.passage_mask[..., None]
        inside = (query * self.passage_mask[:, None, :]).astype(np.int32)
        return self._replace(
            query=self.query * query,
            passage=self.passage * passage,
            relations=self.relations * inside,
            query_features=self.query_features * query,
            passage_features=self.passage_features * passage,
        )


def assemble(
    queries: Sequence[Tokens],
    passages: Sequence[Tokens],
    similarity: NDArray[Any],
    thesaurus: Thesaurus,
    *,
    most: tuple[int, int] = (MOST_QUERY, MOST_PASSAGE),
) -> Inputs:
    """Inputs of pairs of query and passage; of each ``most`` tokens are read."""
    rows, columns = _windowed(pad(queries, most=most[0])), _windowed(pad(passages, most=most[1]))
    codes = np.zeros((len(queries), rows.ids.shape[1], columns.ids.shape[1]), np.int32)
    for i, (q, p) in enumerate(zip(rows.lengths, columns.lengths, strict=True)):
        codes[i, :q, :p] = thesaurus.relations(rows.ids[i, :q], columns.ids[i, :p])
    return _inputs(rows, columns, codes, similarity, thesaurus)


def assemble_one(
    query: Tokens, passages: Sequence[Tokens], similarity: NDArray[Any], thesaurus: Thesaurus
) -> Inputs:
    """Inputs of one query and many passages, with one look-up of relations. The query is not padded: it is
    the passages that the model reads by windows (so these inputs cannot be ``turned``)."""
    row = pad([query], most=MOST_QUERY)
    columns = _windowed(pad(passages, most=MOST_PASSAGE))
    codes = thesaurus.relations(row.ids[0], columns.ids).swapaxes(0, 1)
    inside = row.mask[0][:, None] & columns.mask[:, None, :]
    return _inputs(row, columns, (codes * inside).astype(np.int32), similarity, thesaurus)


def _inputs(
    rows: Padded, columns: Padded, codes: NDArray[np.int32], similarity: NDArray[Any], thesaurus: Thesaurus
) -> Inputs:
    count = len(columns.ids)
    row_mask, column_mask = rows.mask.astype(np.float32), columns.mask.astype(np.float32)

    def each(array: Floats) -> Floats:
        return array if len(array) == count else np.repeat(array, count, axis=0)

    return Inputs(
        each(rows.vectors),
        columns.vectors,
        codes,
        each(thesaurus.described(rows.ids) * row_mask[..., None]),
        thesaurus.described(columns.ids) * column_mask[..., None],
        each(row_mask),
        column_mask,
        np.asarray(similarity, np.float32).reshape(count, 1),
    )


def _windowed(padded: Padded) -> Padded:
    more = -padded.ids.shape[1] % WINDOW
    return Padded(
        np.pad(padded.vectors, ((0, 0), (0, more), (0, 0))),
        np.pad(padded.ids, ((0, 0), (0, more))),
        padded.lengths,
    )
