"""What recall finds for the queries of a ranking task: candidates with their signals, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from germane.encode.onnx import OnnxEncoder
from germane.learn.rankings import Ranking
from germane.recall.fusion import reciprocal_rank_fusion


class Recalled(NamedTuple):
    """For each query: candidates (best first by ``fused``), their cosines, their BM25 scores, and their
    sums of reciprocal ranks, each ``(candidates,)``."""

    candidates: list[NDArray[np.int64]]
    similarity: list[NDArray[np.float64]]
    lexical: list[NDArray[np.float64]]
    fused: list[NDArray[np.float64]]


class Lexical:
    """BM25 over texts in memory (bm25s, Lucene's variant)."""

    def __init__(self, texts: Sequence[str]) -> None:
        import bm25s

        self._tokenize = bm25s.tokenize
        self._bm25 = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        self._bm25.index(bm25s.tokenize(list(texts), show_progress=False), show_progress=False)
        self.count = len(texts)

    def scores(self, query: str) -> NDArray[np.float64]:
        """One score a text, ``(texts,)``."""
        words = self._tokenize([query], show_progress=False, return_ids=False)[0]
        if not words:
            return np.zeros(self.count)
        return np.asarray(self._bm25.get_scores(words), np.float64)


def recall(ranking: Ranking, encoder: OnnxEncoder, depth: int = 50) -> Recalled:
    """The best ``depth`` of each stage together."""
    pooled = encoder.encode(ranking.passages, tokens=False).pooled
    asked = encoder.encode(ranking.queries, tokens=False).pooled
    bm25 = Lexical(ranking.passages)
    found = Recalled([], [], [], [])
    for query, vector in zip(ranking.queries, asked, strict=True):
        cosine, words = (pooled @ vector).astype(np.float64), bm25.scores(query)
        dense, lexical = np.argsort(-cosine)[:depth], np.argsort(-words)[:depth]
        candidates, fused = reciprocal_rank_fusion([dense, lexical[words[lexical] > 0]])
        found.candidates.append(candidates)
        found.similarity.append(cosine[candidates])
        found.lexical.append(words[candidates])
        found.fused.append(fused.astype(np.float64))
    return found
