"""Token matrices side by side, and MaxSim, as pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

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


def maxsim(query: Tokens, passage: Tokens) -> float:
    """The mean over query tokens of the best cosine with a passage token; 0.0 where a text is empty.

    Khattab and Zaharia 2020 (ColBERT) take the sum; the mean does not grow with the query.
    """
    if not len(query.ids) or not len(passage.ids):
        return 0.0
    return float((query.vectors @ passage.vectors.T).max(axis=1).mean())
