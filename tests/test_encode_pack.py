"""Token matrices to bytes and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from germane.encode.pack import WIDTHS, Width, pack, unpack
from germane.encode.protocol import Tokens
from germane.errors import InputError, StoreError


def tokens(count: int, dimension: int, top: int = 30_000, gap: int = 5) -> Tokens:
    rng = np.random.default_rng(count * 1000 + dimension)
    vectors = rng.standard_normal((count, dimension)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    starts = np.cumsum(rng.integers(0, gap + 1, count)) + np.arange(count)
    spans = np.stack([starts, starts + 1], axis=1).astype(np.int32)
    return Tokens(vectors, rng.integers(0, top + 1, count).astype(np.int32), spans)


@given(
    st.integers(0, 40), st.integers(1, 64), st.sampled_from(WIDTHS),
    st.sampled_from([10, 65_535, 2_000_000]), st.sampled_from([1, 100_000]),
)  # fmt: skip
def test_round_trip(count: int, dimension: int, width: Width, top: int, gap: int) -> None:
    before = tokens(count, dimension, top, gap)
    after = unpack(pack(before, width))
    np.testing.assert_array_equal(after.ids, before.ids)
    np.testing.assert_array_equal(after.offsets, before.offsets)
    assert [a.dtype for a in after] == [np.float32, np.int32, np.int32]
    np.testing.assert_allclose(after.vectors, before.vectors, atol=1e-3 if width == "float16" else 8e-3)
    np.testing.assert_allclose(np.linalg.norm(after.vectors, axis=1), 1, atol=1e-5)


def test_shared_and_overlapping_spans() -> None:
    spans = np.array([[0, 3], [0, 3], [2, 6], [9, 9]], np.int32)
    made = tokens(4, 8)._replace(offsets=spans)
    np.testing.assert_array_equal(unpack(pack(made, "int8")).offsets, spans)


def test_size() -> None:
    assert len(pack(tokens(128, 96), "int8")) == 8 + 128 * (96 + 2 + 4)
    assert len(pack(tokens(128, 96), "float16")) == 8 + 128 * (2 * 96 + 2 + 4)


def test_damage_is_named() -> None:
    blob = pack(tokens(5, 8), "int8")
    for bad in (b"", blob[:4], blob[:-1], blob + b"x", b"\x07" + blob[1:]):
        with pytest.raises(StoreError):
            unpack(bad)
    with pytest.raises(InputError):
        pack(tokens(5, 8), "int4")  # type: ignore[arg-type]
