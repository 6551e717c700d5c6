"""Similarity maps: token-token cosines of a query and its candidates, and MaxSim, as pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from germane.encode.protocol import Tokens

Floats = NDArray[np.float32]


class Padded(NamedTuple):
    """Token matrices of several texts in one array: ``vectors`` ``(texts, longest, dimension)`` with
    zeros behind each text's end, ``ids`` ``(texts, longest)`` (0 there), ``lengths`` ``(texts,)``."""

    vectors: Floats
    ids: NDArray[np.int32]
    lengths: NDArray[np.int64]

    @property
    def mask(self) -> NDArray[np.bool_]:
        """True where there is a token, ``(texts, longest)``."""
        return np.arange(self.ids.shape[1]) < self.lengths[:, None]


def pad(texts: Sequence[Tokens], *, most: int) -> Padded:
    """Token matrices side by side; of each text the first ``most`` tokens. At least one column."""
    lengths = np.array([min(len(t.ids), most) for t in texts], np.int64)
    longest = max(int(lengths.max(initial=0)), 1)
    dimension = texts[0].vectors.shape[1] if texts else 0
    vectors = np.zeros((len(texts), longest, dimension), np.float32)
    ids = np.zeros((len(texts), longest), np.int32)
    for row, (text, length) in enumerate(zip(texts, lengths, strict=True)):
        vectors[row, :length] = text.vectors[:length]
        ids[row, :length] = text.ids[:length]
    return Padded(vectors, ids, lengths)


def similarity_map(query: Tokens, passage: Tokens) -> Floats:
    """Token-token cosines ``(1, query_tokens, passage_tokens)``; the vectors are of unit norm."""
    return cast(Floats, (query.vectors @ passage.vectors.T)[None])


def similarity_maps(query: Tokens, passages: Padded) -> Floats:
    """Cosines of one query with many passages, ``(passages, query_tokens, longest)``, 0 in the padding."""
    count, longest, dimension = passages.vectors.shape
    flat = passages.vectors.reshape(count * longest, dimension)
    cosines = query.vectors @ flat.T
    return np.ascontiguousarray(cosines.reshape(len(query.ids), count, longest).swapaxes(0, 1))


def maxsim(query: Tokens, passage: Tokens) -> float:
    """The mean over query tokens of the best cosine with a passage token; 0.0 where a text is empty.

    Khattab and Zaharia 2020 (ColBERT) take the sum; the mean does not grow with the query.
    """
    if not len(query.ids) or not len(passage.ids):
        return 0.0
    return float((query.vectors @ passage.vectors.T).max(axis=1).mean())


def maxsims(cosines: Floats, mask: NDArray[np.bool_]) -> Floats:
    """``maxsim`` from batched maps ``(passages, query_tokens, longest)`` and their column mask."""
    if not cosines.shape[1]:
        return np.zeros(len(cosines), np.float32)
    best = np.where(mask[:, None, :], cosines, np.float32(-2)).max(axis=2).mean(axis=1)
    return np.where(mask.any(axis=1), best, np.float32(0)).astype(np.float32)
