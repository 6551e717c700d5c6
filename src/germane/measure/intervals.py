"""How sure a number is: bootstrap and Wilson intervals, and paired comparison of two systems."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from germane.errors import InputError


def bootstrap_interval(
    values: ArrayLike, seed: int = 0, resamples: int = 10_000, level: float = 0.95
) -> tuple[float, float]:
    """The percentile bootstrap interval of the mean of ``values`` ``(queries,)``.

    Queries are drawn with replacement ``resamples`` times (Efron 1979; for retrieval: Sakai 2006).
    """
    means = _resampled_means(_checked(values), seed, resamples)
    tail = (1 - level) / 2
    low, high = np.quantile(means, [tail, 1 - tail])
    return float(low), float(high)


def _resampled_means(
    values: NDArray[np.float64], seed: int, resamples: int, block: int = 1_000_000
) -> NDArray[np.float64]:
    generator = np.random.default_rng(seed)
    n = len(values)
    means = np.empty(resamples)
    step = max(1, block // n)  # a block of draws at a time: 10,000 x 6,000 indices would be half a gigabyte
    for start in range(0, resamples, step):
        stop = min(start + step, resamples)
        means[start:stop] = values[generator.integers(0, n, (stop - start, n))].mean(axis=1)
    return means


def resampled_interval(
    measure: Callable[[NDArray[np.bool_], NDArray[np.float64]], float],
    labels: ArrayLike,
    scores: ArrayLike,
    groups: Sequence[Hashable] | None = None,
    seed: int = 0,
    resamples: int = 1000,
    level: float = 0.95,
) -> tuple[float, float]:
    """The percentile bootstrap interval of a measure that is no mean, from ``labels`` and ``scores``
    ``(items,)``.

    Items with equal ``groups`` are drawn together, as they are not independent (Field and Welsh 2007).
    Draws without positives or without negatives are left out.
    """
    truth, values = np.asarray(labels).astype(bool), _checked(scores)
    if truth.shape != values.shape or truth.all() or not truth.any():
        raise InputError("an interval needs positives and negatives, each with its score")
    members: dict[Hashable, list[int]] = {}
    for item, group in enumerate(range(len(values)) if groups is None else groups):
        members.setdefault(group, []).append(item)
    drawn_from = [np.array(items) for items in members.values()]
    generator = np.random.default_rng(seed)
    found = []
    for _ in range(resamples):
        chosen = generator.integers(0, len(drawn_from), len(drawn_from))
        items = np.concatenate([drawn_from[group] for group in chosen])
        if 0 < truth[items].sum() < len(items):
            found.append(measure(truth[items], values[items]))
    tail = (1 - level) / 2
    low, high = np.quantile(found, [tail, 1 - tail])
    return float(low), float(high)


class Comparison(NamedTuple):
    """``difference`` is mean(a) - mean(b); ``interval`` its 95 % bootstrap interval over the same
    queries; ``p`` the two-sided p of the sign-flip randomisation test."""

    difference: float
    interval: tuple[float, float]
    p: float


def compare_paired(a: ArrayLike, b: ArrayLike, seed: int = 0, resamples: int = 10_000) -> Comparison:
    """Compare two systems on the same queries, ``a`` and ``b`` of shape ``(queries,)``.

    p by ``scipy.stats.permutation_test`` (Fisher's randomisation; Smucker, Allan and Carterette 2007).
    """
    from scipy import stats

    left, right = _checked(a), _checked(b)
    if left.shape != right.shape:
        raise InputError(f"paired values must match: {len(left)} and {len(right)} queries")
    differences = left - right
    if not differences.any():
        return Comparison(0.0, (0.0, 0.0), 1.0)
    test = stats.permutation_test(
        (differences,),
        _mean,
        permutation_type="samples",
        n_resamples=resamples,
        batch=max(1, 1_000_000 // len(differences)),
        rng=np.random.default_rng(seed),
    )
    interval = bootstrap_interval(differences, seed, resamples)
    return Comparison(float(differences.mean()), interval, float(test.pvalue))


def _mean(values: NDArray[np.float64], axis: int = -1) -> NDArray[np.float64]:
    return np.asarray(np.mean(values, axis=axis))


def wilson_interval(successes: int, trials: int, level: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval of a proportion (Wilson 1927), by ``scipy.stats.binomtest``."""
    from scipy import stats

    if trials < 1 or not 0 <= successes <= trials:
        raise InputError(f"{successes} of {trials} is not a proportion")
    interval = stats.binomtest(successes, trials).proportion_ci(level, method="wilson")
    return float(interval.low), float(interval.high)


def _checked(values: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or array.size == 0 or not np.isfinite(array).all():
        raise InputError("an interval needs at least one finite value, in one row")
    return array
