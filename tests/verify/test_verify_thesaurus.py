"""What words are to one another, by the encoder's word pieces."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from germane.encode.onnx import OnnxEncoder
from germane.verify.thesaurus import RELATIONS, shipped


@pytest.fixture(scope="module")
def encoder() -> OnnxEncoder:
    return OnnxEncoder(threads=1)


def related(encoder: OnnxEncoder, one: str, other: str) -> set[str]:
    first, second = encoder.encode([one, other]).tokens
    codes = shipped().relations(first.ids, second.ids)
    return {RELATIONS[code - 1] for code in codes.ravel() if code}


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [
        ("import", "exports", "opposite"),
        ("mute", "unmute", "opposite"),
        ("unsubscribe", "subscribed", "opposite"),
        ("employer", "employees", "opposite"),
        ("overestimate", "underestimated", "opposite"),
        ("harmless", "harmful", "opposite"),
        ("huge", "tiny", "indirect"),
        ("buys", "purchased", "synonym"),
        ("Tuesday", "thursdays", "sibling"),
        ("copper", "silver", "sibling"),
        ("decided", "decision", "derived"),
        ("two", "2", "same"),
        ("three", "2", "other_number"),
        ("went", "goes", "same"),
    ],
)
def test_words_are_related_whatever_their_form(
    encoder: OnnxEncoder, one: str, other: str, relation: str
) -> None:
    assert relation in related(encoder, one, other)
    assert relation in related(encoder, other, one)


def test_unrelated_words_are_not(encoder: OnnxEncoder) -> None:
    assert not related(encoder, "violin", "harvest")


def test_a_word_of_several_pieces_is_one_word(encoder: OnnxEncoder) -> None:
    [tokens] = encoder.encode(["please unmute them"]).tokens
    words = shipped().words(tokens.ids)
    assert len(tokens.ids) > 3
    assert len(set(words.tolist())) == 3


@given(st.integers(0, 6))
def test_relations_do_not_depend_on_the_texts_beside(padding: int) -> None:
    encoder = OnnxEncoder(threads=1)
    query, passage = encoder.encode(["archive two letters", "unarchive three letters"]).tokens
    alone = shipped().relations(query.ids, passage.ids)
    rows = np.stack([np.pad(passage.ids, (0, padding)), np.pad(query.ids, (0, len(passage.ids) + padding))[
        : len(passage.ids) + padding]])  # fmt: skip
    together = shipped().relations(query.ids, rows)
    assert np.array_equal(together[:, 0, : len(passage.ids)], alone)
