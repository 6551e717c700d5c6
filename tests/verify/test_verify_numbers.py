"""Numbers are told apart by what they come to, not by how they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from germane.verify.numbers import stated


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
