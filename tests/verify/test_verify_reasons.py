"""Reasons name words of the two texts that the model was moved by; the verdict is given here."""

from __future__ import annotations

import pytest

from germane.encode.onnx import OnnxEncoder
from germane.types import Verdict
from germane.verify.differences import differences
from germane.verify.reasons import reason
from germane.verify.verifier import Verifier

VERIFIER = Verifier.load(encoder=OnnxEncoder(threads=1))


def why(verdict: Verdict, query: str, passage: str) -> str:
    pooled, [asked, said] = VERIFIER.encoder.encode([query, passage])
    return reason(VERIFIER, verdict, (asked, said), (query, passage), float(pooled[0] @ pooled[1]))


@pytest.mark.parametrize(
    ("query", "passage", "words"),
    [
        ("import the contacts", "Export the contacts.", ("import", "Export")),
        ("export the contacts to a file", "Import the contacts from a file.", ("export", "Import")),
        ("revenue in 2023", "The revenue in 2024 was 5 million.", ("2023", "2024")),
        ("the shop is open on Mondays", "The shop is closed on Mondays.", ("open", "closed")),
    ],
)
def test_a_near_miss_is_explained_by_its_words(query: str, passage: str, words: tuple[str, str]) -> None:
    said = why(Verdict.NEAR_MISS, query, passage)
    assert all(word in said for word in words), said


def test_a_reason_never_contradicts_the_verdict() -> None:
    assert why(Verdict.RELEVANT, "import the contacts", "export the contacts") == ""
    assert why(Verdict.OFF_TOPIC, "import the contacts", "export the contacts") == "off topic"


def test_the_place_in_a_long_passage_is_found() -> None:
    passage = (
        "Bread is baked from flour. " * 12 + "The office opens at 9 on Mondays. " + "Cats sleep a lot. " * 8
    )
    assert "8 / 9" in why(Verdict.NEAR_MISS, "the office opens at 8 on Mondays", passage)


@pytest.mark.parametrize("texts", [("of the", ""), ("", "the office"), ("a city", "!")])
def test_nothing_speaks_against_where_there_is_nothing_to_take_out(texts: tuple[str, str]) -> None:
    pooled, [asked, said] = VERIFIER.encoder.encode(list(texts))
    found = differences(VERIFIER.relevant_odds, (asked, said), texts, float(pooled[0] @ pooled[1]),
                        VERIFIER.thesaurus, directed=True)  # fmt: skip
    assert found == [] or all(d.first in texts[0] for d in found)


def test_words_are_named_whole_and_where_they_stand() -> None:
    texts = ("the hyperparathyroidism newsletter!", "To subscribe to the gardening newsletter, sign.")
    pooled, [asked, said] = VERIFIER.encoder.encode(list(texts))
    found = differences(VERIFIER.relevant_odds, (asked, said), texts, float(pooled[0] @ pooled[1]),
                        VERIFIER.thesaurus, directed=True)  # fmt: skip
    assert "hyperparathyroidism" in {d.first for d in found}
    for difference in found:
        for text, word, span in zip(texts, difference[:2], difference.spans, strict=True):
            assert (text[slice(*span)] if span else "") == word
