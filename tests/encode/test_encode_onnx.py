"""The shipped encoder: vectors that depend on the text alone, places that point into the text."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from germane.encode.load import load_encoder
from germane.encode.onnx import OnnxEncoder
from germane.encode.pack import pack
from germane.encode.protocol import Encoder
from germane.errors import InputError, MissingModel

TEXTS = [
    "import the contacts",
    "export the contacts",
    "Return the lowest index in S where substring sub is found, such that sub is contained within S.",
    "strip",
]


@cache
def encoder() -> OnnxEncoder:
    return OnnxEncoder(threads=1)


def test_it_is_an_encoder() -> None:
    assert isinstance(encoder(), Encoder)
    assert load_encoder() is load_encoder()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(max_size=80), max_size=4))
def test_vectors_do_not_depend_on_the_batch(neighbours: list[str]) -> None:
    alone = encoder().encode(TEXTS[:1])
    together = encoder().encode([TEXTS[0], *neighbours])
    np.testing.assert_allclose(together.pooled[0], alone.pooled[0], atol=1e-5)
    np.testing.assert_allclose(together.tokens[0].vectors, alone.tokens[0].vectors, atol=1e-5)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gives_unit_vectors_and_spans_inside_the_text(text: str) -> None:
    pooled, [tokens] = encoder().encode([text])
    assert np.linalg.norm(pooled[0]) == pytest.approx(1, abs=1e-4)
    np.testing.assert_allclose(np.linalg.norm(tokens.vectors, axis=1), 1, atol=1e-4)
    assert len(tokens.vectors) == len(tokens.ids) == len(tokens.offsets)
    assert ((tokens.offsets >= 0) & (tokens.offsets <= len(text))).all()


def test_spans_spell_the_words() -> None:
    text = "Return -1 on failure"
    [tokens] = encoder().encode([text]).tokens
    assert [text[a:b] for a, b in tokens.offsets] == ["Return", "-", "1", "on", "failure"]


def test_empty_text_has_no_tokens_and_an_empty_list_no_rows() -> None:
    assert encoder().encode([""]).tokens[0].vectors.shape == (0, encoder().token_dimension)
    assert encoder().encode([]).pooled.shape == (0, encoder().dimension)


def test_a_lone_surrogate_and_a_very_long_text_are_encoded() -> None:
    pooled, tokens = encoder().encode(["\ud800 broken", "word " * 500_000])
    assert np.isfinite(pooled).all()
    assert len(tokens[1].vectors) == encoder().max_tokens - 2


def test_threads_do_not_change_the_vectors() -> None:
    texts = [f"{text} {i}" for i in range(40) for text in TEXTS]
    one, two = encoder().encode(texts), OnnxEncoder(threads=2).encode(texts)
    np.testing.assert_array_equal(one.pooled, two.pooled)


def test_tokens_can_be_left_out() -> None:
    encoded = encoder().encode(TEXTS, tokens=False)
    assert encoded.tokens == []
    np.testing.assert_array_equal(encoded.pooled, encoder().encode(TEXTS).pooled)


def test_what_is_near_stays_near() -> None:
    """Cosines of the float32 reference, computed once with sentence-transformers 6.2 on the same weights."""
    pooled = encoder().encode(["import the contacts", "export the contacts", "a recipe for bread"]).pooled
    cosines = pooled @ pooled.T
    assert cosines[0, 1] == pytest.approx(REFERENCE_NEAR, abs=0.02)
    assert cosines[0, 2] == pytest.approx(REFERENCE_FAR, abs=0.02)


REFERENCE_NEAR, REFERENCE_FAR = 0.7954, -0.0174


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(InputError, match="not a string"):
        encoder().encode([b"bytes"])  # type: ignore[list-item]


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingModel, match=r"model\.onnx"):
        OnnxEncoder(tmp_path)


def test_what_verification_reads_of_a_passage_of_128_tokens_takes_at_most_16_kib() -> None:
    [tokens] = encoder().encode(["word " * 128]).tokens
    assert len(tokens.ids) == 128
    assert 14 * 1024 < len(pack(tokens, "int8")) <= 16 * 1024


def test_the_pooled_vector_knows_nothing_of_the_projection() -> None:
    plain = OnnxEncoder(threads=1)
    plain.forget_projection()
    np.testing.assert_array_equal(plain.encode(TEXTS).pooled, encoder().encode(TEXTS).pooled)
