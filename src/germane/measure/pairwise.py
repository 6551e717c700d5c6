"""Right against wrong where both stand beside the same text: which of two scores higher."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from germane.errors import InputError


def pairwise_accuracy(
    labels: ArrayLike, scores: ArrayLike, anchors: Sequence[Hashable]
) -> NDArray[np.float64]:
    """For each anchor that has both kinds, the share of its (right, wrong) pairs in which the right one
    scores higher, ties counting half: ``(anchors with both,)``, may be empty. Their mean is the accuracy.

    ``labels`` booleans and ``scores`` floats ``(items,)``; items with equal ``anchors`` belong together.
    """
    truth, values = np.asarray(labels).astype(bool), np.asarray(scores, dtype=np.float64)
    if not truth.shape == values.shape == (len(anchors),):
        raise InputError(
            f"labels {truth.shape}, scores {values.shape} and {len(anchors)} anchors do not match"
        )
    members: dict[Hashable, list[int]] = {}
    for item, anchor in enumerate(anchors):
        members.setdefault(anchor, []).append(item)
    found = []
    for group in map(np.array, members.values()):
        right, wrong = values[group[truth[group]]], values[group[~truth[group]]]
        if right.size and wrong.size:
            gaps = right[:, None] - wrong
            found.append(float(((gaps > 0) + 0.5 * (gaps == 0)).mean()))
    return np.array(found, dtype=np.float64)
