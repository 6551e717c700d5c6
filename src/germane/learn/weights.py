"""How much each example counts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from germane.learn.examples import NEAR_MISS, OFF_TOPIC, RELEVANT, Example

SHARE = {RELEVANT: 0.42, NEAR_MISS: 0.36, OFF_TOPIC: 0.22}
"""Of the training weight, by kind."""


def weights(found: list[Example]) -> NDArray[np.float64]:
    """Each source counts with the square root of its size; each kind as in ``SHARE``. Their mean is 1."""
    names = np.array([e.source for e in found])
    kinds = np.array([e.kind for e in found])
    _, which, size = np.unique(names, return_inverse=True, return_counts=True)
    weight = 1 / np.sqrt(size[which])
    for kind, part in SHARE.items():
        if (kinds == kind).any():
            weight[kinds == kind] *= part / weight[kinds == kind].sum()
    return np.asarray(weight * len(found) / weight.sum(), np.float64)


def drawn(found: list[Example], count: int) -> list[Example]:
    """``count`` of the examples without repetition, each as likely as it weighs; always the same ones."""
    if count >= len(found):
        return found
    share = weights(found)
    chosen = np.random.default_rng(0).choice(len(found), count, replace=False, p=share / share.sum())
    return [found[i] for i in sorted(chosen)]
