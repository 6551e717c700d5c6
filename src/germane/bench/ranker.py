"""What a system gives back for one query, and the small steps that systems share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from germane.store.protocol import Stored
from germane.types import Trace

DEPTH = 100  # how far every system ranks, and how many candidates are re-ranked


@dataclass(frozen=True, slots=True)
class Ranking:
    """Documents, best first, each once; ``results`` is the part of them that was not rejected
    (None for systems that reject nothing), ``answered`` whether any of it was called relevant.
    ``milliseconds`` maps each stage to its time."""

    documents: Sequence[str]
    milliseconds: Mapping[str, float]
    results: Sequence[str] | None = None
    answered: bool = True


Ranker = Callable[[str], Ranking]


def stage_times(trace: Trace) -> dict[str, float]:
    """Milliseconds of each step of ``trace`` by name; steps of one name add up."""
    times: dict[str, float] = {}
    for step in trace.steps:
        times[step.name] = times.get(step.name, 0.0) + step.milliseconds
    return times


def by_score(stored: Sequence[Stored], scores: NDArray[np.floating]) -> list[Stored]:
    return [stored[i] for i in np.argsort(-scores, kind="stable")]


def documents_in(stored: Sequence[Stored]) -> list[str]:
    return once(each.passage.place.document for each in stored)


def once(documents: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(documents))
