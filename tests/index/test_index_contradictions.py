"""What recall puts first and contradicts the question is not called relevant, and the answer says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from germane import Index, Verdict
from germane.types import Document

TEXTS = (
    "Revenue in 2022 was 41.2 million euros, up from the year before.",
    "To import contacts, open Settings, choose Contacts and pick a file.",
    "The office in Leeds opens at nine and closes at six.",
    "Annual leave is 30 days; it must be taken by the end of March.",
    "The air cleaner is switched on with the round button.",
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    made = Index.create(tmp_path_factory.mktemp("contradictions") / "index")
    made.add_documents(Document(id=str(i), text=text) for i, text in enumerate(TEXTS))
    return made


@pytest.mark.parametrize(
    ("query", "document", "why"),
    [
        ("What was the revenue in 2021?", "0", "numbers differ: 2021 / 2022"),
        ("How do I export contacts to a file?", "1", "opposite: export / import"),
    ],
)
def test_a_contradiction_is_not_relevant(index: Index, query: str, document: str, why: str) -> None:
    found = index.search(query, explain=True)
    hit = next(h for h in (*found.results, *found.rejected) if h.passage.place.document == document)
    assert hit.verdict is not Verdict.RELEVANT
    assert hit.reason == why
    assert not found.answered


def test_the_same_without_it_is(index: Index) -> None:
    found = index.search("What was the revenue in 2022?")
    assert found.answered
    assert found.results[0].passage.place.document == "0"


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("flight from Madrid to Berlin", "Flight LH 204 leaves Berlin for Madrid at 9:40."),
        ("trains from Rome to Milan", "Trains from Milan to Rome leave every hour."),
        ("emails that Alice sent to Bob", "Emails sent from Bob to Alice are kept for a year."),
    ],
)
def test_swapped_roles_are_not_relevant_for_standing_first(tmp_path: Path, query: str, wrong: str) -> None:
    with Index.create(tmp_path / "index") as index:
        index.add_documents(Document(id=str(i), text=text) for i, text in enumerate((wrong, *TEXTS)))
        found = index.search(query)
        assert not found.answered
        assert "0" in {hit.passage.place.document for hit in (*found.results, *found.rejected)}


def test_what_is_relevant_stands_before_what_contradicts(tmp_path: Path) -> None:
    with Index.create(tmp_path / "index") as index:
        texts = ("Revenue in 2022 was 41.2 million euros.", "Revenue in 2021 was 38.0 million euros.")
        index.add_documents(Document(id=str(i), text=text) for i, text in enumerate(texts))
        found = index.search("What was the revenue in 2021?")
        assert found.answered
        assert found.results[0].passage.place.document == "1"
