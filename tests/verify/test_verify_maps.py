"""Padding and MaxSim: nothing is lost, and order changes nothing."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from germane.encode.protocol import Tokens
from germane.verify.maps import maxsim, pad


def made(count: int, seed: int, dimension: int = 8) -> Tokens:
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(count, dimension)).astype(np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return Tokens(vectors, rng.integers(0, 99, count).astype(np.int32), np.zeros((count, 2), np.int32))


@given(st.lists(st.integers(0, 9), min_size=1, max_size=5), st.integers(1, 7), st.integers(0, 99))
def test_padding_keeps_each_text_as_far_as_it_is_read(lengths: list[int], most: int, seed: int) -> None:
    texts = [made(n, seed + i) for i, n in enumerate(lengths)]
    padded = pad(texts, most=most)
    assert padded.mask.sum(axis=1).tolist() == [min(n, most) for n in lengths]
    for row, text in enumerate(texts):
        kept = min(len(text.ids), most)
        np.testing.assert_array_equal(padded.vectors[row, :kept], text.vectors[:kept])
        assert not padded.vectors[row, kept:].any() and not padded.ids[row, kept:].any()


@given(st.integers(1, 6), st.integers(1, 9), st.integers(0, 99))
def test_maxsim_does_not_see_the_order_of_the_passage(rows: int, columns: int, seed: int) -> None:
    query, passage = made(rows, seed), made(columns, seed + 1)
    mixed = np.random.default_rng(seed).permutation(columns)
    other = Tokens(passage.vectors[mixed], passage.ids[mixed], passage.offsets)
    assert abs(maxsim(query, passage) - maxsim(query, other)) < 1e-6


def test_maxsim_of_a_text_with_itself_is_one_and_of_nothing_zero() -> None:
    text = made(5, 0)
    assert abs(maxsim(text, text) - 1) < 1e-6
    assert maxsim(text, made(0, 1)) == 0.0
