"""Token ids to padded batches: texts of like length together, each batch of bounded size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# Large enough to keep the matrix products busy, small enough to stay in the caches.
TOKENS_A_BATCH = 2048


class Batch(NamedTuple):
    """``ids`` and ``mask`` are int64 ``(texts, longest)``; ``indices`` say which texts these are."""

    indices: list[int]
    lengths: list[int]
    ids: NDArray[np.int64]
    mask: NDArray[np.int64]


def batches(encoded: Sequence[Sequence[int]], *, tokens: int = TOKENS_A_BATCH) -> list[Batch]:
    """Group ``encoded`` texts, longest first, so that no batch holds more than ``tokens`` cells
    (padding counted) unless one text alone does."""
    order = sorted(range(len(encoded)), key=lambda i: -len(encoded[i]))
    groups: list[list[int]] = []
    for i in order:
        if not groups or len(encoded[groups[-1][0]]) * (len(groups[-1]) + 1) > tokens:
            groups.append([])
        groups[-1].append(i)
    return [_pad(group, encoded) for group in groups]


def _pad(indices: list[int], encoded: Sequence[Sequence[int]]) -> Batch:
    lengths = [len(encoded[i]) for i in indices]
    ids = np.zeros((len(indices), max(lengths)), np.int64)
    mask = np.zeros_like(ids)
    for row, (i, length) in enumerate(zip(indices, lengths, strict=True)):
        ids[row, :length] = encoded[i]
        mask[row, :length] = 1
    return Batch(indices, lengths, ids, mask)
