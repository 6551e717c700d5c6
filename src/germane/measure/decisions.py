"""Measures of yes/no decisions and of the probabilities behind them.

In all of them ``labels`` are booleans ``(items,)`` (True: positive) and ``scores`` or
``probabilities`` floats ``(items,)``, higher meaning more likely positive.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from germane.errors import InputError
from germane.measure.intervals import wilson_interval

Floats = NDArray[np.float64]


def auroc(labels: ArrayLike, scores: ArrayLike) -> float:
    """The chance that a random positive outscores a random negative, ties counting half.

    The Mann-Whitney form: (sum of the positives' mid-ranks - n(n + 1) / 2) / (n m).
    """
    from scipy import stats

    truth, values = _both_kinds(labels, scores)
    positives = int(truth.sum())
    negatives = truth.size - positives
    ranks = stats.rankdata(values)
    return float((ranks[truth].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def fpr_at_tpr(labels: ArrayLike, scores: ArrayLike, tpr: float = 0.95) -> float:
    """The share of negatives let through by the highest threshold that keeps ``tpr`` of the positives."""
    truth, values = _both_kinds(labels, scores)
    positives = np.sort(values[truth])[::-1]
    # A tiny slack keeps 0.95 * 20 = 19.000000000000004 from asking for the twentieth positive.
    threshold = positives[max(int(np.ceil(tpr * positives.size - 1e-9)), 1) - 1]
    return float((values[~truth] >= threshold).mean())


class Accuracy(NamedTuple):
    """A share of right decisions with its 95 % Wilson interval."""

    value: float
    interval: tuple[float, float]


def accuracy(labels: ArrayLike, decisions: ArrayLike) -> Accuracy:
    """The share of ``decisions`` equal to ``labels``."""
    truth, made = np.asarray(labels), np.asarray(decisions)
    if truth.shape != made.shape or truth.size == 0:
        raise InputError(f"labels {truth.shape} and decisions {made.shape} do not match")
    right = int((truth == made).sum())
    return Accuracy(right / truth.size, wilson_interval(right, truth.size))


def calibration_error(labels: ArrayLike, probabilities: ArrayLike, bins: int = 10) -> float:
    """Expected calibration error over ``bins`` of equal width (Naeini et al. 2015; Guo et al. 2017).

    sum over bins of (items in bin / items) * |share of positives - mean probability|.
    """
    truth, values, bin_of = _binned(labels, probabilities, bins)
    gaps = np.bincount(bin_of, weights=truth - values, minlength=bins)
    return float(np.abs(gaps).sum() / values.size)


class Bin(NamedTuple):
    """Items whose probabilities lie between ``low`` and ``high``: how many, their mean ``probability``, the
    ``share`` of positives among them and its 95 % Wilson interval."""

    low: float
    high: float
    items: int
    probability: float
    share: float
    interval: tuple[float, float]


def reliability(labels: ArrayLike, probabilities: ArrayLike, bins: int = 10) -> list[Bin]:
    """The bins of a reliability diagram, of equal width, empty ones left out (Niculescu-Mizil and Caruana
    2005). ``labels`` and ``probabilities`` ``(items,)``."""
    truth, values, bin_of = _binned(labels, probabilities, bins)
    found = []
    for number in np.unique(bin_of).tolist():
        inside = bin_of == number
        items, positives = int(inside.sum()), int(truth[inside].sum())
        edges = number / bins, (number + 1) / bins
        mean = float(values[inside].mean())
        found.append(Bin(*edges, items, mean, positives / items, wilson_interval(positives, items)))
    return found


def _binned(
    labels: ArrayLike, probabilities: ArrayLike, bins: int
) -> tuple[NDArray[np.bool_], Floats, NDArray[np.int64]]:
    """Labels, probabilities and the bin of each: a bin holds its lower edge, the last one 1.0 as well."""
    truth, values = _matched(labels, probabilities)
    if values.min() < 0 or values.max() > 1:
        raise InputError("probabilities lie between 0 and 1")
    return truth, values, np.minimum((values * bins).astype(np.int64), bins - 1)


class RiskCoverage(NamedTuple):
    """``risk[i]`` is the error rate over the ``coverage[i]`` share of items decided most surely;
    ``area`` their mean risk (AURC; Geifman and El-Yaniv 2017), smaller being better."""

    coverage: Floats
    risk: Floats
    area: float


def risk_coverage(correct: ArrayLike, confidence: ArrayLike) -> RiskCoverage:
    """The curve of a decider that may abstain: ``correct`` booleans, ``confidence`` floats ``(items,)``.

    Items of equal confidence are accepted together, so their order cannot flatter the curve: each
    counts with the mean error of its tie.
    """
    right, sure = _matched(correct, confidence)
    order = np.argsort(-sure, kind="stable")
    errors = (~right[order]).astype(np.float64)
    _, tie, size = np.unique(-sure[order], return_inverse=True, return_counts=True)
    shared = np.bincount(tie, weights=errors) / size
    items = np.arange(1, right.size + 1)
    risk = np.cumsum(shared[tie]) / items
    return RiskCoverage(items / right.size, risk, float(risk.mean()))


def _matched(labels: ArrayLike, values: ArrayLike) -> tuple[NDArray[np.bool_], Floats]:
    truth, floats = np.asarray(labels).astype(bool), np.asarray(values, dtype=np.float64)
    if truth.ndim != 1 or truth.shape != floats.shape or truth.size == 0:
        raise InputError(f"labels {truth.shape} and values {floats.shape} do not match")
    if not np.isfinite(floats).all():
        raise InputError("values must be finite")
    return truth, floats


def _both_kinds(labels: ArrayLike, scores: ArrayLike) -> tuple[NDArray[np.bool_], Floats]:
    truth, values = _matched(labels, scores)
    if truth.all() or not truth.any():
        raise InputError("this measure needs positives and negatives")
    return truth, values
