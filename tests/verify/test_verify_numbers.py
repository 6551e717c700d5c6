"""Numbers are told apart by what they come to, not by how they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from germane.encode.onnx import OnnxEncoder
from germane.verify.lexicon import shipped
from germane.verify.numbers import stated
from germane.verify.reasons import align, other_number

ENCODER = OnnxEncoder(threads=1)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Two tickets cost 30 euros.", [2, 30]),
        ("1,000 and 1000", [1000, 1000]),
        ("half a million of 500,000", [500_000, 500_000]),
        ("twenty-five of two hundred and five thousand", [25, 205_000]),
        ("in 2022 two people", [2022, 2]),
        ("the 17th of a dozen", [17, 12]),
        ("5 million, 2.5 %", [5_000_000, 2.5]),
        ("one of them, room 101b", []),
    ],
)
def test_values(text: str, values: list[float]) -> None:
    assert [number.value for number in stated(text)] == values


@given(st.text(max_size=60))
def test_every_number_is_where_it_says(text: str) -> None:
    for number in stated(text):
        assert text[number.start : number.end] == number.text
        assert number.value >= 0


@given(st.integers(0, 10**9))
def test_digits_and_digits_with_commas_are_one_value(value: int) -> None:
    assert [n.value for n in stated(f"{value} and {value:,}")] == [value, value]


@pytest.mark.parametrize(
    ("query", "passage", "said"),
    [
        ("What was the revenue in 2021?", "Revenue in 2022 was 41 million.", "numbers differ: 2021 / 2022"),
        ("What do 3 tickets cost?", "Two tickets cost 30 euros.", "numbers differ: 3 / Two"),
        ("What do 2 tickets cost?", "Two tickets cost 30 euros.", ""),
        ("a warranty of twelve months", "The warranty is 12 months.", ""),
        ("half a million people", "It has 500,000 people.", ""),
        ("What was the revenue in 2021?", "Revenue was 41 million euros.", ""),
    ],
)
def test_only_another_value_contradicts(query: str, passage: str, said: str) -> None:
    asked, read = ENCODER.encode([query, passage]).tokens
    assert other_number(align(asked, query, read, passage, shipped())) == said
