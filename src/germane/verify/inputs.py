"""What the head reads: maps with their lexical channels, token vectors, features and masks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from germane.encode.protocol import Tokens
from germane.verify.lexicon import RELATIONS, Lexicon
from germane.verify.maps import Padded, pad

CHANNELS = 1 + len(RELATIONS)
MOST_QUERY, MOST_PASSAGE = 128, 256
"""Tokens read of a query and of a passage; what is beyond is not seen."""
WINDOW = 8
"""Passages are padded to a multiple of it."""

Floats = NDArray[np.float32]


class Inputs(NamedTuple):
    """Arrays by the names of the head's inputs; b candidates, q query and p passage tokens."""

    maps: Floats
    query: Floats
    passage: Floats
    query_features: Floats
    passage_features: Floats
    query_mask: Floats
    passage_mask: Floats


def assemble(queries: Sequence[Tokens], passages: Sequence[Tokens], lexicon: Lexicon) -> Inputs:
    """Inputs for pairs of query and passage (training, single pairs)."""
    rows, columns = pad(queries, most=MOST_QUERY), _windowed(pad(passages, most=MOST_PASSAGE))
    cosines = rows.vectors @ columns.vectors.swapaxes(1, 2)
    codes = np.stack([lexicon.relations(i, j) for i, j in zip(rows.ids, columns.ids, strict=True)])
    return _inputs(rows, columns, cosines, codes, lexicon)


def assemble_one(query: Tokens, passages: Sequence[Tokens], lexicon: Lexicon) -> Inputs:
    """Inputs for one query and many passages: one matrix product, one look-up of relations."""
    row, columns = pad([query], most=MOST_QUERY), _windowed(pad(passages, most=MOST_PASSAGE))
    count, longest, dimension = columns.vectors.shape
    flat = row.vectors[0] @ columns.vectors.reshape(count * longest, dimension).T
    cosines = flat.reshape(-1, count, longest).swapaxes(0, 1)
    codes = lexicon.relations(row.ids[0], columns.ids).swapaxes(0, 1)
    return _inputs(row, columns, cosines, codes, lexicon)


def _inputs(
    rows: Padded, columns: Padded, cosines: Floats, codes: NDArray[np.int8], lexicon: Lexicon
) -> Inputs:
    count = len(columns.ids)
    row_mask, column_mask = rows.mask.astype(np.float32), columns.mask.astype(np.float32)
    maps = np.zeros((count, CHANNELS, rows.ids.shape[1], columns.ids.shape[1]), np.float32)
    maps[:, 0] = cosines
    inside = (row_mask[:, :, None] * column_mask[:, None, :]).astype(bool)
    for channel in range(1, CHANNELS):
        maps[:, channel] = (codes == channel) & inside
    query_features = lexicon.features[rows.ids] * row_mask[..., None]
    passage_features = lexicon.features[columns.ids] * column_mask[..., None]

    def each(array: Floats) -> Floats:
        return array if len(array) == count else np.repeat(array, count, axis=0)

    return Inputs(
        maps,
        each(rows.vectors),
        columns.vectors,
        each(query_features.astype(np.float32)),
        passage_features.astype(np.float32),
        each(row_mask),
        column_mask,
    )


def _windowed(padded: Padded) -> Padded:
    more = -padded.ids.shape[1] % WINDOW
    return Padded(
        np.pad(padded.vectors, ((0, 0), (0, more), (0, 0))),
        np.pad(padded.ids, ((0, 0), (0, more))),
        padded.lengths,
    )
