"""Platt's scaling and the threshold, on dev pairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from germane.learn.groups import Pair
from germane.learn.same.pairs import shares
from germane.verify.same import calibrated

LET_THROUGH = 0.05
"""Share of near-misses that may be taken to say the same."""


def calibrate(pairs: Sequence[Pair], odds: NDArray[np.float64]) -> dict[str, Any]:
    """Slope and bias by weighted logistic regression, and the threshold at which ``LET_THROUGH`` of the wrong
    pairs are let through, each pair counting as in training."""
    from scipy.optimize import minimize

    share, sign = shares(pairs), np.where([p.same for p in pairs], 1.0, -1.0)

    def loss(weights: NDArray[np.float64]) -> float:
        return float((share * np.logaddexp(0, -sign * (weights[0] * odds + weights[1]))).sum())

    slope, bias = minimize(loss, np.array([1.0, 0.0]), method="L-BFGS-B").x
    calibration = {"slope": round(float(slope), 4), "bias": round(float(bias), 4)}
    probability = calibrated(odds, calibration)
    wrong = sign < 0
    order = np.argsort(-probability[wrong])
    through = np.cumsum(share[wrong][order]) / share[wrong].sum()
    threshold = probability[wrong][order][int(np.searchsorted(through, LET_THROUGH))]
    return {"calibration": calibration, "threshold": round(float(threshold), 4)}
