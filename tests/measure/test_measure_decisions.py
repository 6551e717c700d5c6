"""Measures of decisions against hand-computed values and scikit-free brute force."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from germane.errors import InputError
from germane.measure.decisions import (
    accuracy,
    auroc,
    calibration_error,
    fpr_at_tpr,
    reliability,
    risk_coverage,
)
from germane.measure.intervals import wilson_interval


def pairwise(labels, scores):
    positives = [s for s, y in zip(scores, labels, strict=True) if y]
    negatives = [s for s, y in zip(scores, labels, strict=True) if not y]
    wins = [1.0 if p > n else 0.5 if p == n else 0.0 for p, n in itertools.product(positives, negatives)]
    return sum(wins) / len(wins)


def test_auroc_by_hand():
    assert auroc([1, 1, 0, 0], [0.9, 0.4, 0.5, 0.1]) == 0.75


@given(st.lists(st.tuples(st.booleans(), st.integers(-3, 3)), min_size=2, max_size=40))
def test_auroc_is_the_share_of_pairs_won(rows):
    labels, scores = [y for y, _ in rows], [s for _, s in rows]
    if len(set(labels)) == 2:
        assert auroc(labels, scores) == pytest.approx(pairwise(labels, scores))
        assert auroc(labels, [-s for s in scores]) == pytest.approx(1 - auroc(labels, scores))


def test_one_kind_only_is_refused():
    with pytest.raises(InputError, match="positives and negatives"):
        auroc([True, True], [0.1, 0.2])


def test_fpr_at_tpr_keeps_enough_positives():
    labels = [True] * 20 + [False] * 4
    scores = [*range(20, 0, -1), 0, 1, 2, 30]
    assert fpr_at_tpr(labels, scores, 0.95) == 0.5  # threshold 2 keeps 19 of 20; 2 and 30 pass it
    assert fpr_at_tpr(labels, scores, 1.0) == 0.75


def test_accuracy_has_the_wilson_interval():
    value, (low, high) = accuracy([1] * 10, [1] * 8 + [0] * 2)
    assert value == 0.8
    # Wilson 1927: centre (p + z²/2n) / (1 + z²/n), half width z / (1 + z²/n) sqrt(p(1-p)/n + z²/4n²)
    z, n, p = 1.959964, 10, 0.8
    centre, half = (p + z * z / (2 * n)), z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    assert (low, high) == pytest.approx(
        ((centre - half) / (1 + z * z / n), (centre + half) / (1 + z * z / n))
    )


def test_calibration_error_by_hand():
    # bin [0.2, 0.3): 1 of 2 positive at mean 0.25; bin [0.9, 1]: 1 of 2 positive at mean 0.95
    assert calibration_error([1, 0, 1, 0], [0.25, 0.25, 0.9, 1.0]) == pytest.approx(0.35)
    assert calibration_error([1, 0], [1.0, 0.0]) == 0
    with pytest.raises(InputError, match="between 0 and 1"):
        calibration_error([1, 0], [1.2, 0.0])


def test_reliability_by_hand():
    low, high = reliability([1, 0, 1, 1], [0.25, 0.21, 0.9, 1.0])
    assert low[:3] == (0.2, 0.3, 2)
    assert (low.probability, low.share) == pytest.approx((0.23, 0.5))
    assert high[:3] == (0.9, 1.0, 2)
    assert (high.probability, high.share, high.interval) == (0.95, 1.0, wilson_interval(2, 2))


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=40))
def test_the_bins_add_up_to_the_calibration_error(rows):
    labels, probabilities = [y for y, _ in rows], [p for _, p in rows]
    gaps = [b.items * abs(b.share - b.probability) for b in reliability(labels, probabilities)]
    assert sum(gaps) / len(rows) == pytest.approx(calibration_error(labels, probabilities), abs=1e-9)


def test_risk_coverage_by_hand():
    coverage, risk, area = risk_coverage([True, False, True, True], [0.9, 0.8, 0.7, 0.6])
    assert coverage.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert risk == pytest.approx([0, 1 / 2, 1 / 3, 1 / 4])
    assert area == pytest.approx((1 / 2 + 1 / 3 + 1 / 4) / 4)


@given(st.permutations([True, True, False, False, True]))
def test_ties_in_confidence_cannot_flatter(correct):
    assert risk_coverage(correct, [0.5] * 5).area == pytest.approx(0.4)


def test_lengths_must_match_and_values_be_finite():
    with pytest.raises(InputError, match="do not match"):
        auroc([1, 0], [0.1])
    with pytest.raises(InputError, match="finite"):
        auroc([1, 0], [0.1, float("nan")])
