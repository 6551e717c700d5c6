"""The systems that are compared: each a named function from an open index to a ranker of queries.

``bm25`` and ``dense`` are the two first stages alone, ``fusion`` their reciprocal rank fusion as it
is shipped. ``maxsim`` and ``cross-encoder`` re-rank fusion's candidates. ``germane`` is the whole
cascade as ``Index.search`` runs it: results followed by rejected. ``exact`` is a check of ``dense``
against a plain float32 product over every vector.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from germane.bench.ranker import (
    DEPTH,
    Ranker,
    Ranking,
    by_score,
    documents_in,
    once,
    stage_times,
)
from germane.errors import InputError, MissingExtra
from germane.recall import Mode, recall
from germane.store.protocol import Stored
from germane.trace import Recorder
from germane.verify import maps

if TYPE_CHECKING:
    from germane.index import Index


def bm25(index: Index) -> Ranker:
    return _first_stage(index, "lexical")


def dense(index: Index) -> Ranker:
    return _first_stage(index, "dense")


def fusion(index: Index) -> Ranker:
    return _first_stage(index, "fused")


def maxsim(index: Index) -> Ranker:
    """Fusion's candidates by late interaction (Khattab and Zaharia 2020), over the stored tokens."""
    if not index.keeps_tokens:
        raise InputError("this index keeps no token matrices", hint="leave the system maxsim out")

    def rank(query: str) -> Ranking:
        recorder = Recorder()
        with recorder.step("encode"):
            encoded = index.encoder.encode([query], kind="query")
        stored = recall(index.store, query, encoded.pooled[0], DEPTH, recorder=recorder).stored
        with recorder.step("maxsim"):
            scores = np.array(
                [maps.maxsim(encoded.tokens[0], each.tokens) for each in stored if each.tokens is not None]
            )
        return Ranking(documents_in(by_score(stored, scores)), stage_times(recorder.trace()))

    return rank


def cross_encoder(index: Index) -> Ranker:
    """Fusion's candidates by the cross-encoder peer. Raises ``MissingExtra`` without ``[bench]``."""
    from germane.bench.peers import CrossEncoder

    peer = CrossEncoder()

    def rank(query: str) -> Ranking:
        recorder = Recorder()
        stored = _recalled(index, query, "fused", recorder)
        with recorder.step("cross-encoder"):
            scores = peer.score(query, [each.passage.text for each in stored])
        return Ranking(documents_in(by_score(stored, scores)), stage_times(recorder.trace()))

    return rank


def germane(index: Index) -> Ranker:
    def rank(query: str) -> Ranking:
        evidence = index.search(query, k=DEPTH, candidates=DEPTH)
        results = once(hit.passage.place.document for hit in evidence.results)
        everything = (*evidence.results, *evidence.rejected)
        documents = once(hit.passage.place.document for hit in everything)
        return Ranking(documents, stage_times(evidence.trace), results, evidence.answered)

    return rank


def exact(index: Index) -> Ranker:
    """Every passage's vector, encoded afresh, against the query's in float32: what dense must equal."""
    ids, texts = zip(
        *((id, index.store.document(id).text) for id, _, _ in index.store.documents()), strict=True
    )
    vectors = index.encoder.encode(texts, tokens=False).pooled

    def rank(query: str) -> Ranking:
        recorder = Recorder()
        with recorder.step("encode"):
            vector = index.encoder.encode([query], kind="query", tokens=False).pooled[0]
        with recorder.step("dense"):
            order = np.argsort(-(vectors @ vector), kind="stable")[:DEPTH]
        return Ranking([ids[i] for i in order], stage_times(recorder.trace()))

    return rank


def _first_stage(index: Index, mode: Mode) -> Ranker:
    def rank(query: str) -> Ranking:
        recorder = Recorder()
        stored = _recalled(index, query, mode, recorder)
        return Ranking(documents_in(stored), stage_times(recorder.trace()))

    return rank


def _recalled(index: Index, query: str, mode: Mode, recorder: Recorder) -> list[Stored]:
    vector = np.zeros(index.encoder.dimension, np.float32)
    if mode != "lexical":
        with recorder.step("encode"):
            vector = index.encoder.encode([query], kind="query", tokens=False).pooled[0]
    return recall(index.store, query, vector, DEPTH, mode=mode, tokens=False, recorder=recorder).stored


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
