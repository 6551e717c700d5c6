"""Fits the calibration of a trained verifier on held-out (dev) examples, and its thresholds.

Without recall signals, or with the cosine alone, it is fitted on the dev examples, which are single
pairs. With all recall signals it is fitted on the dev parts of the tasks of ``rankings``, each over its whole
corpus.

Usage: python -m germane.learn.calibrate --model FOLDER --data FOLDER --work FOLDER
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from germane.encode.onnx import OnnxEncoder
from germane.learn.examples import RELEVANT, Example
from germane.learn.rankings import TASKS, Ranking
from germane.learn.recalled import Recalled, recall
from germane.learn.weights import drawn, weights
from germane.verify.calibration import FORMS, Calibration, signals
from germane.verify.verifier import Verifier

logger = logging.getLogger(__name__)
COLUMNS = ("logit", "maxsim", "belief", "similarity", "fused", "evidence")
Table = dict[str, NDArray[np.float64]]


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
    rankings = [task(data, "dev").sampled(limit) for task in TASKS]
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


def main() -> None:
    from germane.learn.verifier import examples

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
