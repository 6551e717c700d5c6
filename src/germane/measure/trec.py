"""Runs, and the TREC run format ``query Q0 document rank score tag``.

trec_eval ignores the written rank: it sorts by score, and equal scores by document id, both
descending. Files are written in that order, so that rank and score always tell the same story.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from germane.errors import InputError
from germane.measure.sets import lines

Scored = Mapping[str, Mapping[str, float]]


def ordered(scores: Mapping[str, float]) -> list[str]:
    """Document ids, best first, ties as trec_eval breaks them."""
    return sorted(scores, key=lambda document: (scores[document], document), reverse=True)


def from_rankings(rankings: Mapping[str, Sequence[str]]) -> dict[str, dict[str, float]]:
    """A run in which the order alone counts: of n documents the first scores n, the last 1."""
    return {q: {d: float(len(ranked) - i) for i, d in enumerate(ranked)} for q, ranked in rankings.items()}


def format_run(run: Scored, tag: str) -> Iterable[str]:
    """The lines of a run file, ranks from 1. Ids and the tag must hold no white space."""
    for query, scores in run.items():
        for rank, document in enumerate(ordered(scores), 1):
            if any(len(part.split()) != 1 for part in (query, document, tag)):
                raise InputError(f"a TREC run cannot hold the id {document!r} (query {query!r})")
            yield f"{query} Q0 {document} {rank} {float(scores[document])!r} {tag}"


def write_run(path: Path | str, run: Scored, tag: str) -> None:
    """Write ``run`` as a TREC run file."""
    Path(path).write_text("".join(f"{line}\n" for line in format_run(run, tag)), encoding="utf-8")


def read_run(path: Path | str) -> dict[str, dict[str, float]]:
    """Read a TREC run file; raises ``InputError`` naming the line that is not one."""
    run: dict[str, dict[str, float]] = {}
    for number, line in enumerate(lines(Path(path)), 1):
        if not line.strip():
            continue
        try:
            query, _, document, _, score, _ = line.split()
            run.setdefault(query, {})[document] = float(score)
        except ValueError as error:
            raise InputError(f"{path}:{number} is not 'query Q0 document rank score tag'") from error
    return run
