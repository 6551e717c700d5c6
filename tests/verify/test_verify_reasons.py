"""Reasons name what stands in the two texts; the verdict is given, so that the naming alone is tested."""

from __future__ import annotations

import pytest

from germane.encode.onnx import OnnxEncoder
from germane.types import Verdict
from germane.verify.lexicon import shipped
from germane.verify.reasons import align, opposite, reason

ENCODER = OnnxEncoder(threads=1)


def why(verdict: Verdict, query: str, passage: str) -> str:
    asked, said = ENCODER.encode([query, passage]).tokens
    return reason(verdict, align(asked, query, said, passage, shipped()), shipped())


@pytest.mark.parametrize(
    ("query", "passage", "expected"),
    [
        ("import the contacts", "Export the contacts.", "other: import / Export"),
        (
            "export the contacts to a file",
            "To import contacts from a file, open Settings and choose Import.",
            "other: export / import",
        ),
        ("revenue in 2023", "The revenue in 2024 was 5 million.", "numbers differ: 2023 / 2024"),
        ("the drug is safe for children", "The drug is not safe for children.", "negated"),
        ("the dog bit the man", "The man bit the dog.", "roles swapped: dog and man"),
        ("strip whitespace only at the end", "Strip whitespace at the start.", "other: end / start"),
        (
            "who built the steam engine",
            "The steam engine changed the railways.",
            "about the topic, does not answer",
        ),
    ],
)
def test_a_near_miss_is_explained(query: str, passage: str, expected: str) -> None:
    assert why(Verdict.NEAR_MISS, query, passage) == expected


def test_a_reason_never_contradicts_the_verdict() -> None:
    assert why(Verdict.RELEVANT, "import the contacts", "export the contacts") == ""
    assert why(Verdict.OFF_TOPIC, "import the contacts", "export the contacts") == "off topic"


def test_what_is_the_same_is_not_called_different() -> None:
    same = "In 2023 the first train did not stop at the last station."
    assert why(Verdict.NEAR_MISS, same, same) == "about the topic, does not answer"


def test_the_place_in_a_long_passage_is_found() -> None:
    passage = (
        "Bread is baked from flour. " * 12 + "The office opens at 9 on Mondays. " + "Cats sleep a lot. " * 12
    )
    assert why(Verdict.NEAR_MISS, "the office opens at 8 on Mondays", passage) == "numbers differ: 8 / 9"


@pytest.mark.parametrize(
    ("query", "passage", "expected"),
    [
        ("It is not possible to return it.", "It is impossible to return it.", False),
        ("It is possible to return it.", "It is impossible to return it.", True),
        ("The lamp is not on.", "The lamp is off.", False),
    ],
)
def test_a_double_flip_is_no_opposite(query: str, passage: str, expected: bool) -> None:
    asked, said = ENCODER.encode([query, passage]).tokens
    assert bool(opposite(align(asked, query, said, passage, shipped()), shipped())) is expected
