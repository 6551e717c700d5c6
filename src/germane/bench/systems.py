"""The systems that are compared: each a named function from an open index to a ranker of queries.

``bm25`` and ``dense`` are the two first stages alone, ``fusion`` their reciprocal rank fusion as it
is shipped. ``maxsim`` and ``cross-encoder`` re-rank fusion's candidates. ``germane`` is the whole
cascade as ``Index.search`` runs it: results followed by rejected. ``exact`` is a check of ``dense``
against a plain float32 product over every vector.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from germane.encode.protocol import Tokens
from germane.errors import InputError, MissingExtra
from germane.store.protocol import Stored

if TYPE_CHECKING:
    from germane.index import Index

DEPTH = 100  # how far every system ranks, and how many candidates are re-ranked


@dataclass(frozen=True, slots=True)
class Ranking:
    """Documents, best first, each once; ``results`` is the part of them that was not rejected
    (None for systems that reject nothing). ``milliseconds`` maps each stage to its time."""

    documents: Sequence[str]
    milliseconds: Mapping[str, float]
    results: Sequence[str] | None = None


Ranker = Callable[[str], Ranking]


@dataclass
class Clock:
    """Collects the time of named stages."""

    milliseconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        start = perf_counter()
        try:
            yield
        finally:
            spent = (perf_counter() - start) * 1e3
            self.milliseconds[stage] = self.milliseconds.get(stage, 0.0) + spent


def bm25(index: Index) -> Ranker:
    def rank(query: str) -> Ranking:
        clock = Clock()
        with clock("lexical"):
            keys = index.store.lexical(query, DEPTH).keys
        with clock("fetch"):
            stored = index.store.fetch(keys, tokens=False)
        return Ranking(_documents(stored), clock.milliseconds)

    return rank


def dense(index: Index) -> Ranker:
    def rank(query: str) -> Ranking:
        clock = Clock()
        with clock("encode"):
            vector = index.encoder.encode([query], kind="query", tokens=False).pooled[0]
        with clock("dense"):
            keys = index.store.dense(vector, DEPTH).keys
        with clock("fetch"):
            stored = index.store.fetch(keys, tokens=False)
        return Ranking(_documents(stored), clock.milliseconds)

    return rank


def fusion(index: Index) -> Ranker:
    def rank(query: str) -> Ranking:
        stored, clock = _fused(index, query, tokens=False)
        return Ranking(_documents(stored), clock.milliseconds)

    return rank


def maxsim(index: Index) -> Ranker:
    """Fusion's candidates by late interaction (Khattab and Zaharia 2020), over the stored tokens."""

    def rank(query: str) -> Ranking:
        stored, clock = _fused(index, query, tokens=True)
        with clock("encode tokens"):
            asked = index.encoder.encode([query], kind="query").tokens[0]
        with clock("maxsim"):
            scores = np.array([late_interaction(asked, each.tokens) for each in stored])
        return Ranking(_documents(_by_score(stored, scores)), clock.milliseconds)

    return rank


def cross_encoder(index: Index) -> Ranker:
    """Fusion's candidates by the cross-encoder peer. Raises ``MissingExtra`` without ``[bench]``."""
    from germane.bench.peers import CrossEncoder

    peer = CrossEncoder()

    def rank(query: str) -> Ranking:
        stored, clock = _fused(index, query, tokens=False)
        with clock("cross-encoder"):
            scores = peer.score(query, [each.passage.text for each in stored])
        return Ranking(_documents(_by_score(stored, scores)), clock.milliseconds)

    return rank


def germane(index: Index) -> Ranker:
    def rank(query: str) -> Ranking:
        evidence = index.search(query, k=DEPTH, candidates=DEPTH)
        results = _once(hit.passage.place.document for hit in evidence.results)
        everything = (*evidence.results, *evidence.rejected)
        times: dict[str, float] = {}
        for step in evidence.trace.steps:
            times[step.name] = times.get(step.name, 0.0) + step.milliseconds
        return Ranking(_once(hit.passage.place.document for hit in everything), times, results)

    return rank


def exact(index: Index) -> Ranker:
    """Every passage's vector, encoded afresh, against the query's in float32: what dense must equal."""
    ids, texts = zip(
        *((id, index.store.document(id).text) for id, _, _ in index.store.documents()), strict=True
    )
    vectors = index.encoder.encode(texts, tokens=False).pooled

    def rank(query: str) -> Ranking:
        clock = Clock()
        with clock("encode"):
            vector = index.encoder.encode([query], kind="query", tokens=False).pooled[0]
        with clock("dense"):
            order = np.argsort(-(vectors @ vector), kind="stable")[:DEPTH]
        return Ranking([ids[i] for i in order], clock.milliseconds)

    return rank


SYSTEMS: dict[str, Callable[[Index], Ranker]] = {
    "bm25": bm25,
    "dense": dense,
    "fusion": fusion,
    "maxsim": maxsim,
    "cross-encoder": cross_encoder,
    "germane": germane,
    "exact": exact,
}
SHOWN = ("bm25", "dense", "fusion", "maxsim", "cross-encoder", "germane")


def rankers(index: Index, names: Sequence[str] | None = None) -> tuple[dict[str, Ranker], list[str]]:
    """The named systems over ``index`` (default: ``SHOWN``), and a note for each that was left out.

    A system whose extra is not installed is left out of the default, and an error where it was named.
    """
    check_names(names or ())
    ready: dict[str, Ranker] = {}
    notes = []
    for name in names or SHOWN:
        try:
            ready[name] = SYSTEMS[name](index)
        except MissingExtra as error:
            if names:
                raise
            notes.append(f"{name} left out: {error.message} ({error.hint})")
    return ready, notes


def check_names(names: Sequence[str]) -> None:
    """Raises ``InputError`` for a system that does not exist."""
    unknown = [name for name in names if name not in SYSTEMS]
    if unknown:
        raise InputError(f"no system {', '.join(unknown)}", hint=f"systems: {', '.join(SYSTEMS)}")


def late_interaction(query: Tokens, passage: Tokens | None) -> float:
    """MaxSim: the mean over query tokens of the best cosine with a passage token; -1 without tokens."""
    if passage is None or not len(passage.vectors) or not len(query.vectors):
        return -1.0
    return float((query.vectors @ passage.vectors.T).max(axis=1).mean())


def _fused(index: Index, query: str, *, tokens: bool) -> tuple[list[Stored], Clock]:
    from germane.recall import recall

    clock = Clock()
    with clock("recall"):
        candidates = recall(index.store, index.encoder, query, DEPTH)
        keys = np.array([candidate.key for candidate in candidates], np.int64)
    with clock("fetch"):
        return index.store.fetch(keys, tokens=tokens), clock


def _by_score(stored: Sequence[Stored], scores: NDArray[np.floating]) -> list[Stored]:
    return [stored[i] for i in np.argsort(-scores, kind="stable")]


def _documents(stored: Sequence[Stored]) -> list[str]:
    return _once(each.passage.place.document for each in stored)


def _once(documents: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(documents))
