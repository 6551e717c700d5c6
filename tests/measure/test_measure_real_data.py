"""Counts on the real data sets, which the data folder of GERMANE_DATA holds."""

from __future__ import annotations

from collections import Counter

import pytest

from germane.measure.beir import load_beir
from germane.measure.limit import load_limit
from germane.measure.pairs import load_cannot, load_mrpc, load_paws, load_sick, load_stsb
from germane.measure.questions import load_clinc, load_condaqa, load_squad
from germane.measure.smart import load_cacm, load_cisi, load_cranfield

pytestmark = pytest.mark.data


@pytest.mark.parametrize(
    ("load", "place", "documents", "queries", "judged"),
    [
        (load_beir, "scifact", 5_183, 300, 339),
        (load_cranfield, "smart/cran", 1_400, 225, 1_837),
        (load_cisi, "smart/cisi", 1_460, 76, 3_114),
        (load_cacm, "smart/cacm", 3_204, 52, 796),
        (load_limit, "limit", 46, 1_000, 2_000),
    ],
)
def test_retrieval_sets(data, load, place, documents, queries, judged):
    found = load(data / place)
    assert len(found.corpus) == documents
    assert len(found.queries) == len(found.qrels) == queries
    assert sum(map(len, found.qrels.values())) == judged
    assert all(document in found.corpus for grades in found.qrels.values() for document in grades)
    assert all(found.queries.values())


def test_cranfield_grades(data):
    grades = Counter(g for row in load_cranfield(data / "smart/cran").qrels.values() for g in row.values())
    assert grades == {4: 128, 3: 387, 2: 734, 1: 363, 0: 225}


@pytest.mark.parametrize(
    ("load", "place", "count"),
    [
        (load_paws, "paws-wiki-dev", 2_000),
        (load_cannot, "cannot", 25_948),
        (load_sick, "sick", 9_840),
        (load_mrpc, "mrpc", 1_725),
        (load_stsb, "stsb", 1_379),
        (load_squad, "squad2", 6_078),
        (load_condaqa, "condaqa-dev", 1_110),
        (load_clinc, "clinc150", 23_700),
    ],
)
def test_pair_and_question_sets(data, load, place, count):
    assert sum(1 for _ in load(data / place)) == count


def test_no_sentence_of_cannot_lies_in_two_splits(data):
    splits: dict[str, set[str]] = {}
    for pair in load_cannot(data / "cannot"):
        for sentence in (pair.first, pair.second):
            splits.setdefault(sentence, set()).add(pair.split)
    assert all(len(where) == 1 for where in splits.values())
