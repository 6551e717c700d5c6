"""How the demo's questions are scored."""

from __future__ import annotations

import pytest

from germane.bench.demo import score
from germane.bench.ranker import Ranking
from germane.demo import Question, demo_documents, load_questions


def question(id, answers, *, neighbour="", pair="", differs=0, split="test"):
    return Question(id, f"{id}?", tuple(answers), neighbour, "side", pair, differs, split)


QUESTIONS = [
    question("a1", ["find"], neighbour="index", pair="a2", differs=1),
    question("a2", ["rfind"], neighbour="rindex", pair="a1", differs=1),
    question("b1", ["x", "y"], neighbour="z", pair="b2", differs=2),
    question("b2", ["z"], neighbour="x", pair="b1", differs=2),
    question("none", []),
    question("d", ["q"], split="dev"),
]
RANKED = {
    "a1": ["find", "index"],
    "a2": ["find", "rindex", "rfind"],
    "b1": ["y", "z"],
    "b2": [],
    "none": ["find"],
    "d": ["q"],
}


def rankings(answered):
    return {q: Ranking(documents, {}, documents, q in answered) for q, documents in RANKED.items()}


def test_scores_by_hand():
    values = score(QUESTIONS, RANKED, rankings(answered={"a1", "none"}))
    assert values == {
        "test/first": [1, 0, 1, 0],
        "test/one-word/first": [1, 0],
        "test/one-word/both": [0],  # a1 is right and its twin is not
        "test/neighbour": [0, 1, 0, 0],  # rindex stands before rfind; b2 found neither
        "test/answered": [1, 0, 0, 0],
        "test/answered/right": [1, 0],  # a1, and what nothing answers
        "test/absent/none": [0],
        "dev/first": [1],
        "dev/answered": [0],
    }


def test_saying_nothing_where_nothing_answers_is_right():
    assert score(QUESTIONS, RANKED, rankings(answered=set()))["test/absent/none"] == [1]


def test_the_shipped_questions_have_every_measure():
    questions = load_questions()
    perfect = {q.id: list(q.answers[:1]) for q in questions}
    values = score(questions, perfect, {q.id: Ranking((), {}, (), bool(q.answers)) for q in questions})
    for split in ("test", "dev"):
        for measure in ("first", "one-word/first", "one-word/both", "absent/none"):
            assert set(values[f"{split}/{measure}"]) == {1.0}
        assert set(values[f"{split}/neighbour"]) == {0.0}
    pairs = len(values["test/one-word/both"]) + len(values["dev/one-word/both"])
    assert pairs == sum(q.differs == 1 for q in questions) / 2


@pytest.mark.slow
def test_every_right_answer_is_a_document_or_of_another_python():
    documents = {document.id for document in demo_documents()}
    assert all(any(a in documents for a in q.answers) for q in load_questions() if q.answers)
