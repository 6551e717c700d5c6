"""Intervals and paired tests against scipy and exact values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from germane.errors import InputError
from germane.measure.decisions import auroc
from germane.measure.intervals import (
    bootstrap_interval,
    compare_paired,
    resampled_interval,
    wilson_interval,
)

VALUES = np.random.default_rng(7).beta(2, 3, 300)


def test_bootstrap_agrees_with_scipy():
    theirs = stats.bootstrap(
        (VALUES,), np.mean, n_resamples=10_000, method="percentile", rng=np.random.default_rng(1)
    ).confidence_interval
    assert bootstrap_interval(VALUES) == pytest.approx((theirs.low, theirs.high), abs=0.002)


def test_bootstrap_is_repeatable_and_blocks_do_not_matter():
    assert bootstrap_interval(VALUES, seed=3) == bootstrap_interval(VALUES, seed=3)
    assert bootstrap_interval(VALUES, seed=3) != bootstrap_interval(VALUES, seed=4)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_bootstrap_stays_within_the_values(values):
    low, high = bootstrap_interval(values, resamples=200)
    assert min(values) - 1e-12 <= low <= high <= max(values) + 1e-12


def test_nothing_to_resample_is_refused():
    with pytest.raises(InputError, match="at least one"):
        bootstrap_interval([])


def share(labels, values):
    return float(values.mean())


def test_resampling_a_mean_agrees_with_the_bootstrap_of_means():
    labels = np.arange(300) < 150
    assert resampled_interval(share, labels, VALUES) == pytest.approx(bootstrap_interval(VALUES), abs=0.004)


def test_copies_that_are_drawn_together_do_not_make_it_surer():
    labels, scores = np.arange(300) % 2 == 0, VALUES + 0.1 * (np.arange(300) % 2 == 0)
    once = resampled_interval(auroc, labels, scores)
    groups = np.tile(np.arange(300), 4).tolist()
    fourfold = np.tile(labels, 4), np.tile(scores, 4)
    assert resampled_interval(auroc, *fourfold, groups) == pytest.approx(once)
    low, high = resampled_interval(auroc, *fourfold)
    assert high - low < 0.6 * (once[1] - once[0])


def test_draws_of_one_kind_are_left_out():
    low, high = resampled_interval(auroc, [True, False], [0.9, 0.1])
    assert (low, high) == (1, 1)
    with pytest.raises(InputError, match="positives and negatives"):
        resampled_interval(auroc, [True, True], [0.9, 0.1])


def test_wilson_at_the_edges():
    low, high = wilson_interval(0, 20)
    assert low == 0
    assert high == pytest.approx(1.959964**2 / (20 + 1.959964**2), abs=1e-6)
    with pytest.raises(InputError):
        wilson_interval(3, 2)


def test_paired_comparison_is_exact_on_few_queries():
    # 6 queries, all better by 0.1: of 64 sign patterns two are as extreme.
    difference, (low, high), p = compare_paired([0.6] * 6, [0.5] * 6)
    assert difference == pytest.approx(0.1)
    assert (low, high) == pytest.approx((0.1, 0.1))
    assert p == pytest.approx(2 / 64)


def test_paired_comparison_of_a_real_and_of_no_difference():
    noise = np.random.default_rng(2).normal(0, 0.05, 300)
    better = compare_paired(VALUES + 0.02 + noise, VALUES)
    assert better.p < 0.001
    assert better.interval[0] > 0
    none = compare_paired(VALUES + noise - noise.mean(), VALUES)
    assert none.p > 0.9
    assert none.interval[0] < 0 < none.interval[1]
    assert compare_paired(VALUES, VALUES) == (0.0, (0.0, 0.0), 1.0)


def test_pairs_must_match():
    with pytest.raises(InputError, match="match"):
        compare_paired([1.0], [1.0, 2.0])
