"""Candidates of one query from a store, each with both recall signals."""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from germane.errors import InputError
from germane.recall.fusion import reciprocal_rank_fusion
from germane.store.protocol import Keys, Ranked, Store, Stored, Where
from germane.trace import Recorder

Mode = Literal["dense", "lexical", "fused"]
STAGES = 2


class Candidates(NamedTuple):
    """What recall found, best first. The arrays have one entry a candidate: ``similarity`` is the
    cosine to the query, ``lexical`` the BM25 score (0: no shared word), ``fused`` the sum of reciprocal
    ranks they are ordered by (where one stage ran alone it counts twice)."""

    stored: list[Stored]
    similarity: NDArray[np.float32]
    lexical: NDArray[np.float32]
    fused: NDArray[np.float32]


def recall(
    store: Store,
    text: str,
    vector: NDArray[np.float32],
    k: int,
    *,
    mode: Mode = "fused",
    where: Where | None = None,
    tokens: bool = True,
    recorder: Recorder | None = None,
) -> Candidates:
    """The ``k`` best passages for ``text``, whose pooled vector is ``vector`` ``(dimension,)``.

    Raises ``InputError`` for a mode that is none.
    """
    if mode not in get_args(Mode):
        raise InputError(f"no mode {mode!r}", hint=f"modes: {', '.join(get_args(Mode))}")
    recorder = recorder or Recorder()
    rankings: list[Ranked] = []
    if mode != "lexical":
        with recorder.step("dense") as notes:
            rankings.append(_noted(store.dense(vector, k, where), notes))
    if mode != "dense":
        with recorder.step("lexical") as notes:
            rankings.append(_noted(store.lexical(text, k, where), notes))
    keys, scores = _fused(rankings)
    with recorder.step("fetch") as notes:
        stored = store.fetch(keys[:k], tokens=tokens)
        by_key = dict(zip(keys.tolist(), scores.tolist(), strict=True))
        found = np.array([s.key for s in stored], np.int64)
        pooled = np.array([s.pooled for s in stored], np.float32).reshape(len(stored), len(vector))
        lexical = _lexical_scores(store, text, found, rankings[-1] if mode != "dense" else None)
        notes["candidates"] = len(stored)
        if where and not stored:
            notes["unknown_fields"] = sorted(where.keys() - store.fields())
    fused = np.array([by_key[key] for key in found.tolist()], np.float32)
    return Candidates(stored, pooled @ vector, lexical, fused)


def _fused(rankings: list[Ranked]) -> tuple[Keys, NDArray[np.float32]]:
    weights = [STAGES / len(rankings)] * len(rankings)
    return reciprocal_rank_fusion([ranked.keys for ranked in rankings], weights)


def _lexical_scores(store: Store, text: str, keys: Keys, known: Ranked | None) -> NDArray[np.float32]:
    """BM25 scores of ``keys``: those the lexical ranking gave, the rest asked for."""
    scores: dict[int, float] = {}
    if known is not None:
        scores = dict(zip(known.keys.tolist(), known.scores.tolist(), strict=True))
    rest = np.array([key for key in keys.tolist() if key not in scores], np.int64)
    if len(rest):
        scores.update(zip(rest.tolist(), store.lexical_scores(text, rest).tolist(), strict=True))
    return np.array([scores[key] for key in keys.tolist()], np.float32)


def _noted(ranked: Ranked, notes: dict[str, object]) -> Ranked:
    notes["found"] = len(ranked.keys)
    if ranked.lag:
        notes["lag"] = ranked.lag
    return ranked
