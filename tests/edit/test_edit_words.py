"""Edits that need no parser: each changes the text where it should, and carries its type."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from germane.edit import words
from germane.edit.opposites import PAIRS

EDITS = {"opposite": words.opposite, "preposition": words.preposition, "synonym": words.synonym}


@pytest.mark.parametrize(
    ("kind", "text", "outcomes"),
    [
        ("opposite", "Import the contacts", {"Export the contacts"}),
        ("preposition", "trains that run after noon", {"trains that run before noon"}),
    ],
)
def test_an_edit_does_what_its_name_says(kind: str, text: str, outcomes: set[str]) -> None:
    edit = EDITS[kind](text, Random(0))
    assert edit is not None
    assert edit.kind == kind
    assert edit.text in outcomes
    assert edit.keeps is (kind == "synonym")


def test_from_and_to_change_places() -> None:
    found = {words.preposition("fly from Oslo to Rome", Random(seed)).text for seed in range(20)}  # type: ignore[union-attr]
    assert "fly from Rome to Oslo" in found


def test_a_synonym_keeps_the_meaning_and_is_another_word() -> None:
    edit = words.synonym("Watch the battle", Random(0))
    assert edit is not None
    assert edit.keeps
    assert edit.before == "battle"
    assert edit.after in words.synonyms()["battle"]


@pytest.mark.parametrize("text", ["on the 17th of May", "the 4th time", "x86 and h264", "o'clock"])
def test_a_part_of_a_word_is_no_word(text: str) -> None:
    found = {edit.text for seed in range(50) if (edit := words.synonym(text, Random(seed))) is not None}
    assert not any("thursday" in other for other in found)


@given(st.text(max_size=200), st.sampled_from(sorted(EDITS)), st.integers(0, 10**6))
def test_no_text_breaks_an_edit(text: str, kind: str, seed: int) -> None:
    edit = EDITS[kind](text, Random(seed))
    assert edit is None or (edit.kind == kind and edit.before != edit.after)


@given(st.sampled_from(PAIRS))
def test_hand_written_pairs_are_two_lower_case_words(pair: tuple[str, str]) -> None:
    left, right = pair
    assert left != right
    assert left.islower() and right.islower()
