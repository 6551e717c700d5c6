"""The int8 scan against brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from germane.store import scan


@given(arrays.arrays(np.float32, st.integers(1, 3000), elements=st.integers(-50, 50)), st.integers(1, 40))
def test_best_is_a_top_set(scores: np.ndarray, count: int) -> None:
    rows = scan.best(scores, count)
    assert len(set(rows.tolist())) == len(rows) == min(count, len(scores))
    np.testing.assert_array_equal(np.sort(scores[rows]), np.sort(scores)[-count:])


def _table(n: int, d: int = 64) -> scan.Table:
    rng = np.random.default_rng(n)
    vectors = rng.standard_normal((n, d)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return scan.Table(np.arange(1, n + 1), *scan.quantise(vectors), vectors)


@pytest.mark.parametrize("n", [1, 299, 5000, 60_000])
def test_search_equals_brute_force(n: int) -> None:
    table = _table(n)
    query = _table(7).vectors[3]
    rows, scores = scan.search(table, query, 10)
    cosines = table.vectors @ query
    np.testing.assert_array_equal(rows, np.argsort(-cosines, kind="stable")[:10])
    np.testing.assert_allclose(scores, np.sort(cosines)[::-1][:10], atol=1e-6)


@pytest.mark.parametrize("step", [2, 100])
def test_a_filter_is_exact(step: int) -> None:
    table = _table(20_000)
    alive = np.arange(0, 20_000, step)
    rows, _ = scan.search(table, table.vectors[1], 20, alive)
    cosines = table.vectors[alive] @ table.vectors[1]
    np.testing.assert_array_equal(rows, alive[np.argsort(-cosines, kind="stable")[:20]])


def test_dead_rows_never_return() -> None:
    table = _table(500)
    scales = table.scales.copy()
    scales[:490] = 0
    rows, _ = scan.search(table._replace(scales=scales), table.vectors[0], 100)
    assert sorted(rows) == list(range(490, 500))


def test_zero_vectors() -> None:
    codes, scales = scan.quantise(np.zeros((2, 8), np.float32))
    assert not codes.any()
    assert (scales > 0).all()
