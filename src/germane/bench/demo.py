"""The demo's questions: how often each system puts a right docstring first.

Most questions have a neighbour that reads much like the answer and is wrong; half of them have a twin
that differs in one word and has another answer. Some have no answer at all. For each split:

- ``first``: a right document is ranked first, over the questions that have one;
- ``one-word/first``: the same over the questions whose twin differs in one word;
- ``one-word/both``: both twins are right, by pair (as in NevIR, Weller et al. 2024);
- ``neighbour``: the wrong neighbour stands before every right document;
- ``answered``: something is called relevant, over the questions that have an answer;
- ``answered/right``: a right document is first, over all questions where something is called relevant (a
  system that always answers is wrong on those that nothing answers);
- ``absent/none``: nothing is called relevant, over the questions that nothing answers.

``germane/results`` counts only what was not rejected: a right document it rejected is not found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from germane.bench.ranker import Ranking
from germane.bench.result import BenchResult, SystemResult, measured, percentiles
from germane.bench.retrieval import compare, indexed, rank_all
from germane.bench.systems import check_names, rankers
from germane.demo import Question, demo_documents, load_questions

SPLITS = ("test", "dev")


def run(
    data: Path | None = None,
    systems: Sequence[str] | None = None,
    limit: int | None = None,
    index: Path | None = None,
) -> BenchResult:
    """Over the demo's own text and questions; ``data`` is not needed."""
    check_names(systems or ())
    questions = load_questions()[:limit]
    asked = {question.id: question.question for question in questions}
    with indexed(demo_documents(), index, whole=False) as opened:
        ready, notes = rankers(opened, systems)
        ranked = {name: rank_all(ranker, asked) for name, ranker in ready.items()}
    results: list[SystemResult] = []
    values: dict[str, dict[str, list[float]]] = {}
    for name, rankings in ranked.items():
        values[name] = score(questions, {q: r.documents for q, r in rankings.items()}, rankings)
        times = percentiles([ranking.milliseconds for ranking in rankings.values()])
        results.append(measured(name, values[name], times))
        if any(ranking.results is not None for ranking in rankings.values()):
            alone = {q: r.results or () for q, r in rankings.items()}
            results.append(measured(f"{name}/results", score(questions, alone, rankings)))
    comparisons = [row for split in SPLITS for row in _compared(values, f"{split}/first")]
    return BenchResult("demo", len(questions), results, notes, comparisons)


def score(
    questions: Sequence[Question],
    ranked: Mapping[str, Sequence[str]],
    rankings: Mapping[str, Ranking],
) -> dict[str, list[float]]:
    """Each measure's values, a value a question (a pair for ``both``); empty measures are left out."""
    values: dict[str, list[float]] = {}
    for split in SPLITS:
        here = [question for question in questions if question.split == split]
        right = {q.id: float(_is_right(q, ranked[q.id])) for q in here if q.answers}
        one_word = [q for q in here if q.id in right and q.differs == 1]
        # Twins share a split and name each other; each pair is taken at the twin whose id sorts first.
        pairs = [(q.id, q.pair) for q in one_word if q.id < q.pair and q.pair in right]
        values |= {
            f"{split}/first": list(right.values()),
            f"{split}/one-word/first": [right[q.id] for q in one_word],
            f"{split}/one-word/both": [right[a] * right[b] for a, b in pairs],
            f"{split}/neighbour": [
                float(_neighbour_leads(q, ranked[q.id])) for q in here if q.answers and q.neighbour
            ],
            f"{split}/answered": [float(rankings[q.id].answered) for q in here if q.answers],
            f"{split}/answered/right": [
                float(_is_right(q, ranked[q.id])) for q in here if rankings[q.id].answered
            ],
            f"{split}/absent/none": [float(not rankings[q.id].answered) for q in here if not q.answers],
        }
    return {name: each for name, each in values.items() if each}


def _is_right(question: Question, ranked: Sequence[str]) -> bool:
    return bool(ranked) and ranked[0] in question.answers


def _neighbour_leads(question: Question, ranked: Sequence[str]) -> bool:
    """Whether the neighbour is met before any right document."""
    for document in ranked:
        if document in question.answers:
            return False
        if document == question.neighbour:
            return True
    return False


def _compared(values: Mapping[str, Mapping[str, Sequence[float]]], measure: str) -> list[dict[str, object]]:
    if any(measure not in each for each in values.values()):
        return []
    return compare(values, measure)
