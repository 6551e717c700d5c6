"""``germane demo``: index the text that every Python carries, then ask, side by side.

Nothing is scripted: the questions are ``questions.jsonl``, and both columns come from one search each.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from germane.demo import Question, demo_documents, load_questions
from germane.types import Evidence, Hit

if TYPE_CHECKING:
    from germane.index import Index
    from germane.indexing import Progress

# The five questions that the project started from, a topic of the language, and one that nothing answers.
SHOWN = (
    "lowest index of a substring, returning -1 if it is absent",
    "smallest item without popping it from the heap",
    "strip whitespace only at the end",
    "copy a file without its metadata",
    "clock that can go backwards",
)
ABSENT_SHOWN = 1
CANDIDATES = 100  # results asked for, so that none is left out and each signal's first is at hand
SIGNALS = ("lexical", "similarity", "maxsim")


def run_demo(
    folder: Path | None = None, *, progress: Callable[[Progress], None] | None = None
) -> dict[str, Any]:
    """Index the demo's documents into ``folder`` (default: the user's cache) and ask its questions.

    Returns the fields of the report, ``questions`` (those shown: what similarity alone returns beside the
    verified answer) and ``tally`` (over the whole test split).
    """
    from germane.index import Index

    with Index.make(folder or default_folder()) as index:
        done = index.add_documents(demo_documents(), source="demo", progress=progress)
        questions = load_questions()
        shown = [q for q in questions if q.question in SHOWN]
        shown += [q for q in questions if not q.answers][:ABSENT_SHOWN]
        return {
            **done.to_dict(),
            "questions": [_asked(index, question) for question in shown],
            "tally": _tally(index, [q for q in questions if q.split == "test"]),
        }


def default_folder() -> Path:
    """Where the demo's index is kept, so that a second run starts at once: one for each encoder."""
    from platformdirs import user_cache_path

    from germane import __version__
    from germane.encode.load import load_encoder

    made = load_encoder().identity.rpartition("@")[2]
    return user_cache_path("germane", appauthor=False) / f"demo-{__version__}-{made}"


def similar_first(found: Evidence) -> Hit | None:
    """The hit that similarity alone would have put first."""
    return _first(found, "similarity")


def _asked(index: Index, question: Question) -> dict[str, Any]:
    found = index.search(question.question, CANDIDATES, explain=True)
    verified, similar = next(iter(found.results), None), similar_first(found)
    return {
        "question": question.question,
        "right": list(question.answers),
        "answered": found.answered,
        "similarity": None if similar is None else similar.to_dict(),
        "similarity_right": _is_right(similar, question),
        "germane": None if verified is None else verified.to_dict(),
        "germane_right": _is_right(verified, question) if question.answers else not found.answered,
        "milliseconds": found.trace.to_dict()["milliseconds"],
    }


def _tally(index: Index, questions: list[Question]) -> dict[str, Any]:
    """Counts over ``questions``. ``right_first`` (by system): a right document is first, of the ``questions``
    that have one. ``called``: something is called relevant for such a question, and ``called_right``: the
    first of it is right. ``absent_none``: nothing is called relevant, of the ``absent`` that nothing answers;
    an order alone always has a first."""
    first = dict.fromkeys((*SIGNALS, "germane"), 0)
    counts = dict.fromkeys(("questions", "called", "called_right", "absent", "absent_none"), 0)
    for question in questions:
        found = index.search(question.question, CANDIDATES)
        if not question.answers:
            counts["absent"] += 1
            counts["absent_none"] += not found.answered
            continue
        counts["questions"] += 1
        for name in SIGNALS:
            first[name] += _is_right(_first(found, name), question)
        right = _is_right(next(iter((*found.results, *found.rejected)), None), question)
        first["germane"] += right
        counts["called"] += found.answered
        counts["called_right"] += found.answered and right
    return {"split": "test", **counts, "right_first": first}


def _first(found: Evidence, signal: str) -> Hit | None:
    """The candidate of the highest ``signal``."""
    hits = (*found.results, *found.rejected)
    return max(hits, key=lambda hit: hit.signals.to_dict()[signal] or 0.0, default=None)


def _is_right(hit: Hit | None, question: Question) -> bool:
    return hit is not None and hit.passage.place.document in question.answers
