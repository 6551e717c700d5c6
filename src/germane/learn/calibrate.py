"""Fits the calibration of a trained verifier on held-out (dev) examples, and its thresholds.

Two kinds of held-out evidence, each with half of the weight: the dev examples, and rankings of SQuAD's
dev questions and of held-out docstrings over their whole corpus with real recall signals, which teach
how the verifier's logit and the recall signals trade off.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from germane.encode.onnx import OnnxEncoder
from germane.learn.examples import NEAR_MISS, OFF_TOPIC, RELEVANT, Example, _as_document, rephrased
from germane.learn.sources import descriptions
from germane.measure.questions import load_squad
from germane.measure.split import Split, split_of
from germane.verify.calibration import FORMS, Calibration, signals
from germane.verify.verifier import Verifier

logger = logging.getLogger(__name__)
SHARE = {RELEVANT: 0.42, NEAR_MISS: 0.36, OFF_TOPIC: 0.22}
"""Of the training weight, by kind."""
Table = dict[str, NDArray[np.float64]]


class Ranking(NamedTuple):
    """A retrieval task: queries with the passages that are right and those that look right and are not."""

    name: str
    queries: list[str]
    passages: list[str]
    relevant: list[set[int]]


def squad_ranking(data: Path, split: Split, limit: int, seed: int = 0) -> Ranking:
    """Questions over all paragraphs of the split; an unanswerable question has nothing relevant."""
    rows = [q for q in load_squad(data / "squad2") if q.split == split]
    passages = sorted({q.passage for q in rows})
    where = {p: i for i, p in enumerate(passages)}
    rows = Random(seed).sample(rows, min(limit, len(rows)))
    return Ranking(
        "squad",
        [q.question for q in rows],
        passages,
        [{where[q.passage]} if q.answerable else set() for q in rows],
    )


def docs_ranking(split: Split, limit: int, seed: int = 0) -> Ranking:
    """Rephrased first sentences over all docstrings of the split."""
    entries = [d for d in descriptions() if split_of(d.first.lower()) == split]
    rng = Random(seed)
    chosen = rng.sample(range(len(entries)), min(limit, len(entries)))
    queries = [rephrased(entries[i].first, rng) for i in chosen]
    return Ranking("docs", queries, [_as_document(d) for d in entries], [{i} for i in chosen])


class Recalled(NamedTuple):
    """For each query: candidates, and their dense and lexical scores (0 where a stage has not found one)."""

    candidates: list[NDArray[np.int64]]
    similarity: list[NDArray[np.float64]]
    lexical: list[NDArray[np.float64]]


def recall(ranking: Ranking, encoder: OnnxEncoder, depth: int = 50) -> Recalled:
    """The best ``depth`` of each stage together. BM25 in memory (bm25s, Lucene's variant)."""
    import bm25s  # type: ignore[import-untyped]

    pooled = encoder.encode(ranking.passages, tokens=False).pooled
    asked = encoder.encode(ranking.queries, tokens=False).pooled
    retriever = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    words = bm25s.tokenize(ranking.passages, show_progress=False, stemmer=None)
    retriever.index(words, show_progress=False)
    found = Recalled([], [], [])
    for query, vector in zip(ranking.queries, asked, strict=True):
        cosine = (pooled @ vector).astype(np.float64)
        tokens = bm25s.tokenize([query], show_progress=False, return_ids=False)[0]
        bm25 = np.asarray(retriever.get_scores(tokens), np.float64) if tokens else np.zeros(len(cosine))
        dense, lexical = np.argsort(-cosine)[:depth], np.argsort(-bm25)[:depth]
        candidates = np.union1d(dense, lexical[bm25[lexical] > 0])
        found.candidates.append(candidates)
        found.similarity.append(cosine[candidates])
        found.lexical.append(np.where(np.isin(candidates, lexical), bm25[candidates], 0.0))
    return found


def fit(
    features: Table, names: Sequence[str], labels: NDArray[np.bool_], weight: NDArray[np.float64]
) -> dict[str, float]:
    """Weighted logistic regression with non-negative slopes (a signal must not count against itself)."""
    from scipy.optimize import minimize

    columns = np.stack([features[name] for name in names], axis=1)
    mean, scale = columns.mean(axis=0), columns.std(axis=0) + 1e-9
    rows = (columns - mean) / scale
    share = weight / weight.sum()
    sign = np.where(labels, 1.0, -1.0)

    def loss(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = sign * (rows @ w[:-1] + w[-1])
        slope = -sign * share / (1 + np.exp(np.clip(margin, -60, 60)))
        value = float((share * np.logaddexp(0, -margin)).sum()) + 1e-4 * float((w[:-1] ** 2).sum())
        return value, np.append(rows.T @ slope + 2e-4 * w[:-1], slope.sum())

    bounds = [(0.0, None)] * len(names) + [(None, None)]
    best = minimize(loss, np.append(np.ones(len(names)), 0.0), jac=True, bounds=bounds, method="L-BFGS-B").x
    slopes = best[:-1] / scale
    fitted = {name: float(s) for name, s in zip(names, slopes, strict=True)}
    return {**fitted, "bias": float(best[-1] - (slopes * mean).sum())}


def thresholds(
    probability: NDArray[np.float64], labels: NDArray[np.bool_], weight: NDArray[np.float64]
) -> tuple[float, float]:
    """Relevant: the lowest threshold with a precision of at least 0.85 (at least 0.5). Unsure: the one below
    which 5 % of what is relevant lies."""
    order = np.argsort(-probability)
    share = weight[order]
    precision = np.cumsum(share * labels[order]) / np.cumsum(share)
    enough = np.flatnonzero(precision >= 0.85)
    high = float(probability[order][enough[-1]]) if len(enough) else 0.9
    right = np.sort(probability[labels])
    low = float(right[int(0.05 * len(right))])
    high = min(max(high, 0.5), 0.9)
    return round(high, 3), round(min(max(low, 0.05), high - 0.1), 3)


class Judged(NamedTuple):
    """Signals of many (query, passage) pairs, whether they are relevant, and what each counts."""

    features: Table
    labels: NDArray[np.bool_]
    weight: NDArray[np.float64]


def judge_ranking(verifier: Verifier, ranking: Ranking, recalled: Recalled, encoder: OnnxEncoder) -> Judged:
    """Every candidate of every query; each query counts the same."""
    passages = encoder.encode(ranking.passages).tokens
    columns: dict[str, list[NDArray[np.float64]]] = {name: [] for name in FORMS["recall"]}
    labels, weight = [], []
    for i, query in enumerate(encoder.encode(ranking.queries, kind="query").tokens):
        chosen = recalled.candidates[i]
        found = verifier.verify(
            query,
            ranking.queries[i],
            [passages[c] for c in chosen],
            [ranking.passages[c] for c in chosen],
            reasons=False,
        )
        logit, best = np.array([v.logit for v in found]), np.array([v.maxsim for v in found])
        for name, column in signals(logit, best, recalled.similarity[i], recalled.lexical[i]).items():
            columns[name].append(np.asarray(column, np.float64))
        labels.append(np.isin(chosen, list(ranking.relevant[i])))
        weight.append(np.full(len(chosen), 1.0))
    table = {name: np.concatenate(parts) for name, parts in columns.items()}
    total = np.concatenate(weight)
    return Judged(table, np.concatenate(labels), total / total.sum())


def judge_pairs(verifier: Verifier, found: list[Example], encoder: OnnxEncoder) -> Judged:
    """Single pairs, weighted as in training."""
    texts = sorted({t for e in found for t in (e.query, e.passage)})
    encoded = encoder.encode(texts)
    where = {text: i for i, text in enumerate(texts)}
    rows, cosines = [], []
    for e in found:
        q, p = where[e.query], where[e.passage]
        rows.append(
            verifier.verify(encoded.tokens[q], e.query, [encoded.tokens[p]], [e.passage], reasons=False)[0]
        )
        cosines.append(float(encoded.pooled[q] @ encoded.pooled[p]))
    table = signals(np.array([r.logit for r in rows]), np.array([r.maxsim for r in rows]), np.array(cosines))
    weight = weights(found).astype(np.float64)
    return Judged(
        {k: np.asarray(v, np.float64) for k, v in table.items()},
        np.array([e.kind == RELEVANT for e in found]),
        weight / weight.sum(),
    )


def calibrate(
    folder: Path, data: Path, found: list[Example], encoder: OnnxEncoder, *, limit: int = 300
) -> Calibration:
    """Fit and write ``folder/config.json`` for the head in ``folder``; ``found`` are dev examples."""
    start = {name: 0.0 for name in FORMS["recall"]} | {"logit": 1.0, "bias": 0.0}
    Calibration(encoder.identity, dict.fromkeys(FORMS, start), 0.5, 0.2).save(folder)
    verifier = Verifier(folder, encoder=encoder)
    pairs = judge_pairs(verifier, found, encoder)
    rankings = [squad_ranking(data, "dev", limit), docs_ranking("dev", limit)]
    lists = [judge_ranking(verifier, r, recall(r, encoder), encoder) for r in rankings]
    ranked = joined(lists)
    both = joined(
        [pairs, Judged({n: ranked.features[n] for n in FORMS["similarity"]}, ranked.labels, ranked.weight)]
    )
    made = {
        "alone": fit(pairs.features, FORMS["alone"], pairs.labels, pairs.weight),
        "similarity": fit(both.features, FORMS["similarity"], both.labels, both.weight),
        "recall": fit(ranked.features, FORMS["recall"], ranked.labels, ranked.weight),
    }
    alone = Calibration(encoder.identity, made, 0.5, 0.2)
    probability = alone.probability(pairs.features["logit"], pairs.features["maxsim"])
    limits = thresholds(probability, pairs.labels, pairs.weight)
    calibration = Calibration(encoder.identity, made, *limits)
    calibration.save(folder)
    logger.info("%s", calibration)
    return calibration


def joined(parts: Sequence[Judged]) -> Judged:
    """The parts together, each with the same share of the weight."""
    names = set.intersection(*(set(part.features) for part in parts))
    return Judged(
        {n: np.concatenate([part.features[n] for part in parts]) for n in names},
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.weight / part.weight.sum() for part in parts]),
    )


def weights(found: list[Example]) -> NDArray[np.float64]:
    """Each source counts with the square root of its size; each kind as in ``SHARE``."""
    names = np.array([e.source for e in found])
    kinds = np.array([e.kind for e in found])
    _, which, size = np.unique(names, return_inverse=True, return_counts=True)
    weight = 1 / np.sqrt(size[which])
    for kind, part in SHARE.items():
        if (kinds == kind).any():
            weight[kinds == kind] *= part / weight[kinds == kind].sum()
    return np.asarray(weight * len(found), np.float64)
