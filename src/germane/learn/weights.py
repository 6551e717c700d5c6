"""How much each example counts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from germane.learn.examples import UNKNOWN, Example
from germane.verify.outputs import NEAR_MISS, OFF_TOPIC, RELEVANT

SAID = {1: 0.28, 0: 0.28}
"""Of the training weight: pairs of which it is known whether they say the same, by label."""
ASKED = {RELEVANT: 0.21, NEAR_MISS: 0.16, OFF_TOPIC: 0.07}
"""The others, by kind."""
COUNTS = {"written": 2.0, "paws": 1.5, "cannot": 2.5}
"""How much a source counts beside others."""
MORE = {"neighbour": 3.0, "random": 3.0, "yes": 3.0, "no": 3.0, "answered": 2.0, "not_answered": 2.0,
        "negation_in": 2.0, "negation_out": 2.0}  # fmt: skip
"""How much more some parts and types count. Texts that are no edits of each other: few teach that texts with
other words often say something else, which edits alone do not. Questions with passages, of which there are
few of everyday kinds. Negations, which are most of what people's near-misses are."""


def weights(found: list[Example]) -> NDArray[np.float64]:
    """Each source, domain and type of edit counts with the square root of its size; labels as in ``SAID`` and
    ``ASKED``. Their mean is 1."""
    part = [(e.same, -1) if e.same != UNKNOWN else (UNKNOWN, e.kind) for e in found]
    families = [f"{p} {e.source.partition('+')[0]}" for p, e in zip(part, found, strict=True)]
    _, which, size = np.unique(families, return_inverse=True, return_counts=True)
    weight = np.array([_counts(e.source) for e in found]) / np.sqrt(size[which])
    shares = {(same, -1): s for same, s in SAID.items()} | {(UNKNOWN, k): s for k, s in ASKED.items()}
    for label, share in shares.items():
        chosen = np.array([p == label for p in part])
        if chosen.any():
            weight[chosen] *= share / weight[chosen].sum()
    return np.asarray(weight * len(found) / weight.sum(), np.float64)


def _counts(source: str) -> float:
    name, part = source.partition("/")[0], source.rpartition("/")[2].lower()
    return COUNTS.get(name, 1.0) * MORE.get(part, 1.0)


def drawn(found: list[Example], count: int) -> list[Example]:
    """``count`` of the examples without repetition, each as likely as it weighs; always the same ones."""
    if count >= len(found):
        return found
    share = weights(found)
    chosen = np.random.default_rng(0).choice(len(found), count, replace=False, p=share / share.sum())
    return [found[i] for i in sorted(chosen)]
