"""Reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

RANK_CONSTANT = 60


def reciprocal_rank_fusion(
    rankings: Sequence[NDArray[np.int64]],
    weights: Sequence[float] | None = None,
    *,
    constant: int = RANK_CONSTANT,
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Fuse rankings of keys, each best first, into one: ``score(key) = sum w / (constant + rank)``.

    Ranks count from 1. Ties go to the key that stands earlier in the earlier ranking, so the
    outcome does not depend on chance. Returns keys best first and their scores.
    """
    scores: dict[int, float] = {}
    for ranking, weight in zip(rankings, weights or [1.0] * len(rankings), strict=True):
        for rank, key in enumerate(ranking.tolist(), start=1):
            scores[key] = scores.get(key, 0.0) + weight / (constant + rank)
    ordered = sorted(scores, key=lambda key: -scores[key])
    return np.array(ordered, np.int64), np.array([scores[key] for key in ordered], np.float32)
