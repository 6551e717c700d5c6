"""The demo's documents and questions: whole, in order, honest, and read without side effects."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import pytest

from germane.demo import Question, demo_documents, load_questions
from germane.types import Document


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    return {document.id: document for document in demo_documents()}


@pytest.fixture(scope="module")
def questions() -> dict[str, Question]:
    return {question.id: question for question in load_questions()}


def test_corpus_is_the_same_each_time_and_ordered(
    documents: dict[str, Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "excepthook", lambda *error: None)  # as the command line does
    again = demo_documents()
    assert again == list(documents.values())
    assert [document.id for document in again] == sorted(documents)


def test_corpus_is_big_enough_to_be_hard_and_small_enough_to_index(documents: dict[str, Document]) -> None:
    assert 1_500 <= len(documents) <= 4_000
    assert sum(1 + len(document.text) // 900 for document in documents.values()) <= 4_000


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("docstrings/str.index", "ValueError"),  # compiled
        ("docstrings/shutil.copy2", "metadata"),  # from source
        ("docstrings/os.makedirs", "intermediate"),  # a source whose __all__ is added to
        ("docstrings/os.getpid", "process id"),  # compiled, behind a module written in Python
        ("docstrings/random.choice", "non-empty sequence"),  # a method offered as a function
        ("docstrings/pathlib.Path.rglob", "ecursive"),  # moved between files in 3.13
        ("docstrings/heapq", "without popping"),  # a module's own docstring
        ("topics/global", "declaration"),
        ("topics/string-methods/str.find", "lowest index"),
        ("topics/typesmapping/dict.popitem", "LIFO"),
    ],
)
def test_corpus_holds(documents: dict[str, Document], name: str, words: str) -> None:
    assert words in documents[name].text


def test_docstring_text_opens_with_its_name_and_signature(documents: dict[str, Document]) -> None:
    assert documents["docstrings/str.find"].text.startswith("str.find(sub[, start[, end]])")
    assert documents["docstrings/shutil.copy2"].text.startswith("shutil.copy2(src, dst, ")
    assert all(d.text.startswith(d.title) for d in documents.values() if d.metadata["kind"] == "docstring")


def test_docstrings_have_public_names_only(documents: dict[str, Document]) -> None:
    titles = [d.title for d in documents.values() if d.metadata["kind"] == "docstring"]
    assert [title for title in titles if any(part.startswith("_") for part in title.split("."))] == []
    assert [title for title in titles if "test." in f"{title}." and not title.startswith("unittest")] == []


def test_sections_cover_the_text_in_order(documents: dict[str, Document]) -> None:
    for document in documents.values():
        ends = [0, *(section.end for section in document.sections)]
        assert [section.start for section in document.sections] == ends[:-1]
        assert not document.sections or ends[-1] == len(document.text)
    assert ("The standard type hierarchy", "None") in [s.headings for s in documents["topics/types"].sections]


def test_no_topic_says_again_what_a_shorter_one_said(documents: dict[str, Document]) -> None:
    told = documents["topics/while"].text.split("\n\n")[1]
    assert [d.id for d in documents.values() if told in d.text] == ["topics/while"]


def test_reading_the_corpus_imports_nothing_with_side_effects() -> None:
    code = (
        "import sys; from germane.demo import demo_documents; demo_documents();print(*sys.modules, sep='\\n')"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert "germane.demo.corpus" in loaded
    assert not loaded & {
        "antigravity",
        "this",
        "idlelib",
        "tkinter",
        "turtle",
        "shelve",
        "webbrowser",
        "smtplib",
    }


def test_there_are_enough_questions_and_enough_of_them_in_pairs(questions: dict[str, Question]) -> None:
    answered = [question for question in questions.values() if question.answers]
    assert len(answered) >= 140
    assert sum(question.differs == 1 for question in answered) >= len(answered) / 2
    assert sum(not question.answers for question in questions.values()) >= 12
    assert sum(question.answers[0].startswith("topics/") for question in answered) >= 20


def test_ids_and_wordings_are_unique(questions: dict[str, Question]) -> None:
    assert len(questions) == len(load_questions())
    assert len({question.question for question in questions.values()}) == len(questions)


def test_every_answer_and_neighbour_is_in_the_corpus(
    questions: dict[str, Question], documents: dict[str, Document]
) -> None:
    for question in questions.values():
        assert [answer for answer in question.answers if answer not in documents] == []
        assert not question.neighbour or question.neighbour in documents
        assert question.neighbour not in question.answers
        assert bool(question.answers) == (question.kind != "absent")


def test_twins_differ_in_the_words_they_say_and_in_their_answers(questions: dict[str, Question]) -> None:
    for question in questions.values():
        if not question.pair:
            assert question.differs == 0
            continue
        twin = questions[question.pair]
        words, other = question.question.split(), twin.question.split()
        assert len(words) == len(other), question.id
        assert sum(a != b for a, b in zip(words, other, strict=True)) == question.differs, question.id
        assert question.differs in (1, 2)
        assert twin.pair == question.id
        assert twin.split == question.split
        assert not set(twin.answers) & set(question.answers), question.id


def test_splits_follow_from_the_ids(questions: dict[str, Question]) -> None:
    for question in questions.values():
        stem = question.id.removesuffix("-a").removesuffix("-b") if question.pair else question.id
        share = int(hashlib.sha256(stem.encode()).hexdigest()[:8], 16) / 2**32
        assert question.split == ("dev" if share < 0.4 else "test"), question.id


def test_the_questions_that_started_it_are_there(questions: dict[str, Question]) -> None:
    answers = {question.question: question.answers for question in questions.values()}
    assert "docstrings/str.find" in answers["lowest index of a substring, returning -1 if it is absent"]
    assert "docstrings/heapq" in answers["smallest item without popping it from the heap"]
    assert "docstrings/str.rstrip" in answers["strip whitespace only at the end"]
    assert "docstrings/shutil.copyfile" in answers["copy a file without its metadata"]
    assert "docstrings/time.time" in answers["clock that can go backwards"]
