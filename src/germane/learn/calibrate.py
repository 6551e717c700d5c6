"""Fits the calibration of a trained verifier on held-out (dev) examples, and its thresholds.

Without recall signals, or with the cosine alone, it is fitted on the dev examples, which are single
pairs. With all recall signals it is fitted on rankings of SQuAD's dev questions (a part of which nothing
answers) and of held-out docstrings, each over its whole corpus.

Usage: python -m germane.learn.calibrate --model FOLDER --data FOLDER --work FOLDER
"""

from __future__ import annotations

import argparse
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
from germane.recall.fusion import reciprocal_rank_fusion
from germane.verify.calibration import FORMS, Calibration, signals
from germane.verify.verifier import Verifier

logger = logging.getLogger(__name__)
COLUMNS = ("logit", "maxsim", "close", "similarity", "fused", "evidence")
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
    """For each query: candidates, their cosines, and their sums of reciprocal ranks."""

    candidates: list[NDArray[np.int64]]
    similarity: list[NDArray[np.float64]]
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
    found = Recalled([], [], [])
    for query, vector in zip(ranking.queries, asked, strict=True):
        cosine, words = (pooled @ vector).astype(np.float64), bm25.scores(query)
        dense, lexical = np.argsort(-cosine)[:depth], np.argsort(-words)[:depth]
        candidates, fused = reciprocal_rank_fusion([dense, lexical[words[lexical] > 0]])
        found.candidates.append(candidates)
        found.similarity.append(cosine[candidates])
        found.fused.append(fused.astype(np.float64))
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


class Judged(NamedTuple):
    """Signals of many (query, passage) pairs, whether they are relevant, and what each counts."""

    features: Table
    labels: NDArray[np.bool_]
    weight: NDArray[np.float64]


def thresholds(judged: Judged, probability: NDArray[np.float64]) -> tuple[float, float]:
    """Relevant: where F1 is best, at least 0.25 and at most 0.6. Unsure: 10 % of what is relevant lies below
    (at least 0.02, at most two thirds of the other)."""
    order = np.argsort(-probability)
    share, right = judged.weight[order], judged.labels[order]
    hit = np.cumsum(share * right)
    f1 = 2 * hit / (np.cumsum(share) + (judged.weight * judged.labels).sum())
    high = float(np.clip(probability[order][int(np.argmax(f1))], 0.25, 0.6))
    low = float(np.quantile(probability[judged.labels], 0.1))
    return round(high, 3), round(float(np.clip(low, 0.02, high * 2 / 3)), 3)


def judge_ranking(verifier: Verifier, ranking: Ranking, recalled: Recalled, encoder: OnnxEncoder) -> Judged:
    """Every candidate of every query; each query counts the same."""
    passages = encoder.encode(ranking.passages).tokens
    columns: dict[str, list[NDArray[np.float64]]] = {name: [] for name in COLUMNS}
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
        for name, column in signals(logit, best, recalled.similarity[i], recalled.fused[i]).items():
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
    logit, best = np.array([r.logit for r in rows]), np.array([r.maxsim for r in rows])
    table = signals(logit, best, np.array(cosines))
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
    start = {name: 0.0 for name in COLUMNS} | {"logit": 1.0, "bias": 0.0}
    limits = dict.fromkeys(FORMS, 0.5)
    Calibration(encoder.identity, dict.fromkeys(FORMS, start), limits, limits).save(folder)
    verifier = Verifier(folder, encoder=encoder)
    pairs = judge_pairs(verifier, found, encoder)
    rankings = [squad_ranking(data, "dev", limit), docs_ranking("dev", limit)]
    lists = [judge_ranking(verifier, r, recall(r, encoder), encoder) for r in rankings]
    ranked = joined(lists)
    parts = {"alone": pairs, "similarity": pairs, "recall": ranked}
    made = {f: fit(part.features, FORMS[f], part.labels, part.weight) for f, part in parts.items()}
    bounds = {f: thresholds(part, applied(made[f], part.features)) for f, part in parts.items()}
    relevant, unsure = ({f: bound[i] for f, bound in bounds.items()} for i in (0, 1))
    calibration = Calibration(encoder.identity, made, relevant, unsure)
    calibration.save(folder)
    logger.info("%s", calibration)
    return calibration


def applied(weights: dict[str, float], features: Table) -> NDArray[np.float64]:
    """The probabilities of one fitted form."""
    score = sum((w * features[n] for n, w in weights.items() if n != "bias"), np.full(1, weights["bias"]))
    return np.asarray(1 / (1 + np.exp(-score)), np.float64)


def joined(parts: Sequence[Judged], shares: Sequence[float] | None = None) -> Judged:
    """The parts together, each with its share of the weight (default: the same)."""
    names = set.intersection(*(set(part.features) for part in parts))
    shares = shares or [1.0] * len(parts)
    weight = [s * part.weight / part.weight.sum() for s, part in zip(shares, parts, strict=True)]
    return Judged(
        {n: np.concatenate([part.features[n] for part in parts]) for n in names},
        np.concatenate([part.labels for part in parts]),
        np.concatenate(weight),
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


def main() -> None:
    from germane.learn.verifier import drawn, examples

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--dev", type=int, default=2500)
    parser.add_argument("--limit", type=int, default=150, help="queries of each ranking")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    encoder = OnnxEncoder(threads=1)
    found = drawn(examples(arguments.data, "dev", arguments.work, encoder), arguments.dev)
    calibrate(arguments.model, arguments.data, found, encoder, limit=arguments.limit)


if __name__ == "__main__":
    main()
