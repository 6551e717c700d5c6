"""Fits the calibration of a trained verifier on held-out (dev) examples, and its thresholds.

Without recall signals, and of *same* and *supports*, it is fitted on the dev examples, single pairs. With
recall signals it is fitted on the dev parts of the tasks of ``rankings``, each over its whole corpus.

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
from germane.learn.examples import UNKNOWN, Example, examples
from germane.learn.rankings import TASKS, Ranking
from germane.learn.recalled import Recalled, recall
from germane.learn.weights import drawn, weights
from germane.verify.calibration import FORMS, Calibration, platt, signals
from germane.verify.maps import maxsim
from germane.verify.outputs import RELEVANT, SAME, SUPPORTS, relevant_odds
from germane.verify.verifier import Verifier

logger = logging.getLogger(__name__)
LEAST = {"similarity": 0.5, "recall": 0.25}
"""What a probability must come to, at least, to be called relevant. Of a single pair: likelier than not; of
many candidates few are relevant, and the model must hold it likelier than not besides."""
LET_THROUGH = 0.05
"""Share of near-misses that may be taken to say the same."""
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


def thresholds(
    judged: Judged, probability: NDArray[np.float64], least: float = LEAST["recall"]
) -> tuple[float, float]:
    """Relevant: where F1 is best, at least ``least`` and at most 0.6. Unsure: 10 % of what is relevant lies
    below (at least 0.02, at most two thirds of the other)."""
    order = np.argsort(-probability)
    share, right = judged.weight[order], judged.labels[order]
    hit = np.cumsum(share * right)
    f1 = 2 * hit / (np.cumsum(share) + (judged.weight * judged.labels).sum())
    high = float(np.clip(probability[order][int(np.argmax(f1))], least, 0.6))
    low = float(np.quantile(probability[judged.labels], 0.1))
    return round(high, 3), round(float(np.clip(low, 0.02, high * 2 / 3)), 3)


def judge_ranking(verifier: Verifier, ranking: Ranking, recalled: Recalled, encoder: OnnxEncoder) -> Judged:
    """Every candidate of every query; each query counts the same."""
    passages = encoder.encode(ranking.passages).tokens
    columns: dict[str, list[NDArray[np.float64]]] = {name: [] for name in COLUMNS}
    labels = []
    for i, query in enumerate(encoder.encode(ranking.queries, kind="query").tokens):
        chosen, cosines = recalled.candidates[i], recalled.similarity[i]
        found = verifier.verify(query, [passages[c] for c in chosen], cosines)
        logit, best = np.array([v.logit for v in found]), np.array([v.maxsim for v in found])
        for name, column in signals(logit, best, cosines, recalled.fused[i]).items():
            columns[name].append(np.asarray(column, np.float64))
        labels.append(np.isin(chosen, list(ranking.relevant[i])))
    table = {name: np.concatenate(parts) for name, parts in columns.items()}
    total = np.ones(sum(map(len, labels)))
    return Judged(table, np.concatenate(labels), total / total.sum())


def judge_pairs(verifier: Verifier, found: list[Example], logits: NDArray[np.float64]) -> Judged:
    """Single pairs, weighted as in training."""
    encoder = verifier.encoder
    texts = sorted({t for e in found for t in (e.query, e.passage)})
    pooled, tokens = encoder.encode(texts)
    where = {text: i for i, text in enumerate(texts)}
    rows, columns = [where[e.query] for e in found], [where[e.passage] for e in found]
    best = np.array([maxsim(tokens[i], tokens[j]) for i, j in zip(rows, columns, strict=True)])
    table = signals(relevant_odds(logits), best, (pooled[rows] * pooled[columns]).sum(axis=1))
    weight = weights(found)
    return Judged(
        {k: np.asarray(v, np.float64) for k, v in table.items()},
        np.array([e.kind == RELEVANT for e in found]),
        weight / weight.sum(),
    )


def fit_platt(
    odds: NDArray[np.float64], labels: NDArray[np.bool_], weight: NDArray[np.float64]
) -> dict[str, float]:
    """Slope and bias (Platt 1999), and the threshold at which ``LET_THROUGH`` of the wrong pairs pass, at
    least .5."""
    judged = Judged({"odds": odds}, labels, weight / weight.sum())
    made = fit(judged.features, ("odds",), labels, judged.weight)
    fitted = {"slope": round(made["odds"], 4), "bias": round(made["bias"], 4)}
    probability, wrong = platt(odds, fitted), ~labels
    order = np.argsort(-probability[wrong])
    through = np.cumsum(judged.weight[wrong][order]) / judged.weight[wrong].sum()
    threshold = probability[wrong][order][int(np.searchsorted(through, LET_THROUGH))]
    return {**fitted, "threshold": round(float(np.clip(threshold, 0.5, 0.999)), 4)}


def calibrate(
    folder: Path, data: Path, found: list[Example], encoder: OnnxEncoder, *, limit: int = 300
) -> Calibration:
    """Fit and write ``folder/config.json`` for the model in ``folder``; ``found`` are dev examples, ``limit``
    the queries of each ranking. Without any, what recall found is left as it starts."""
    start = {name: 0.0 for name in COLUMNS} | {"logit": 1.0, "bias": 0.0}
    limits, plain = dict.fromkeys(FORMS, 0.5), {"slope": 1.0, "bias": 0.0, "threshold": 0.5}
    Calibration(encoder.identity, dict.fromkeys(FORMS, start), limits, limits, plain, plain).save(folder)
    verifier = Verifier(folder, encoder=encoder)
    logits = verifier.logits([(e.query, e.passage) for e in found])
    read = np.isfinite(logits[:, SAME])
    found, logits = [e for e, r in zip(found, read, strict=True) if r], logits[read]
    known = [i for i, e in enumerate(found) if e.kind != UNKNOWN]
    pairs = judge_pairs(verifier, [found[i] for i in known], logits[known])
    rankings = [task(data, "dev").sampled(limit) for task in TASKS if limit]
    lists = [judge_ranking(verifier, r, recall(r, encoder), encoder) for r in rankings]
    parts = {"similarity": pairs} | ({"recall": joined(lists)} if lists else {})
    made = {f: fit(part.features, FORMS[f], part.labels, part.weight) for f, part in parts.items()}
    bounds = {f: thresholds(part, applied(made[f], part.features), LEAST[f]) for f, part in parts.items()}
    if not lists:
        made, bounds = made | {"recall": start}, bounds | {"recall": (0.5, 0.25)}
    relevant, unsure = ({f: bound[i] for f, bound in bounds.items()} for i in (0, 1))
    same, supports = (
        _of_question(found, logits[:, place], name)
        for place, name in ((SAME, "same"), (SUPPORTS, "supports"))
    )
    calibration = Calibration(encoder.identity, made, relevant, unsure, same, supports)
    calibration.save(folder)
    logger.info("%s", calibration)
    return calibration


def _of_question(found: list[Example], odds: NDArray[np.float64], name: str) -> dict[str, float]:
    """Platt's scaling of one of the questions, on the examples that answer it."""
    known = [i for i, e in enumerate(found) if getattr(e, name) != UNKNOWN]
    answered = [found[i] for i in known]
    labels = np.array([bool(getattr(e, name)) for e in answered])
    return fit_platt(odds[known], labels, weights(answered))


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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--dev", type=int, default=8000)
    parser.add_argument("--limit", type=int, default=150, help="queries of each ranking")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    encoder = OnnxEncoder()
    found = drawn(examples(arguments.data, "dev", arguments.work, encoder), arguments.dev)
    calibrate(arguments.model, arguments.data, found, encoder, limit=arguments.limit)


if __name__ == "__main__":
    main()
