"""Near-misses: does a system tell what is right from what merely resembles it?

By pairs from ten data sets, and by those written for this project, which come with the package.

Every set is drawn down to the same pairs for every system. For a set ``S``:

- ``S/auroc``: the chance that a right pair outscores a near-miss;
- ``S/fpr95``: the share of near-misses let through where 95 % of the right pairs are;
- ``S/pairwise``: of a right and a wrong text beside the same one, the right one scores higher;
- ``S/ece``: the calibration error of germane's probability, on as many right pairs as wrong ones where the
  set was drawn;
- ``S/accepted`` and ``S/let_through``: right pairs and near-misses at or above the shipped threshold.

Intervals draw pairs that share an anchor together, 1,000 times.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from germane.bench.near_miss_pairs import Judged, anchors_of, drawn
from germane.bench.near_miss_sets import SETS
from germane.bench.near_miss_systems import ready, threshold
from germane.bench.near_miss_table import NearMissResult
from germane.bench.near_miss_texts import Scores, encoded, score
from germane.bench.result import Interval, SystemResult
from germane.encode.onnx import OnnxEncoder
from germane.errors import InputError
from germane.measure.decisions import auroc, calibration_error, fpr_at_tpr
from germane.measure.intervals import bootstrap_interval, resampled_interval
from germane.measure.pairwise import pairwise_accuracy
from germane.verify.verifier import Verifier

LIMIT = 400
BOTH_WAYS = "neither text of these is a query: every system reads both directions and scores their mean"
Labels = NDArray[np.bool_]
Measure = Callable[[Labels, Scores], float]
Measured = dict[str, tuple[float, Interval]]


def run(
    data: Path, systems: Sequence[str] | None = None, limit: int | None = None, index: Path | None = None
) -> NearMissResult:
    """Over every set that ``data``, the folder of all data sets, holds; of each at most ``limit`` pairs.

    A set whose folder is not there is named in a note. No index is needed. Raises ``InputError`` where
    no set is there, or one is not in its official layout.
    """
    verifier = Verifier.load(encoder=OnnxEncoder(threads=1))
    chosen, notes = ready(verifier, systems)
    found: dict[str, Measured] = {name: {} for name in chosen}
    total, public, symmetric = 0, 0, []
    for each in SETS:
        missing = [folder for folder in each.folders if not (data / folder).is_dir()]
        if missing:
            notes.append(f"{each.name} left out: no folder {', '.join(missing)}")
            continue
        pairs = drawn(each.read(data), limit or LIMIT)
        right = sum(pair.right for pair in pairs)
        if not 0 < right < len(pairs):
            notes.append(f"{each.name} left out: {right} of {len(pairs)} pairs are right")
            continue
        notes.append(f"{each.name}: {right} right / {len(pairs) - right} near-misses: {each.about}")
        total += len(pairs)
        public += bool(each.folders)
        symmetric += [each.name] * (each.asks == "same")
        queries, passages = [pair.query for pair in pairs], [pair.passage for pair in pairs]
        texts = encoded(verifier.encoder, queries, passages, asks=each.asks)
        for name, system in chosen.items():
            values = score(system, texts)
            measured = ordering(pairs, values)
            if name == "germane":
                measured |= deciding(pairs, values, threshold(verifier, each.asks))
            found[name] |= {f"{each.name}/{measure}": value for measure, value in measured.items()}
    if not public:
        folders = sorted({folder for each in SETS for folder in each.folders})
        raise InputError(f"{data} holds no pair set", hint=f"looked for the folders {', '.join(folders)}")
    if symmetric:
        notes.append(f"{', '.join(symmetric)}: {BOTH_WAYS}")
    return NearMissResult("near-miss", total, [_result(name, row) for name, row in found.items()], notes)


def ordering(pairs: Sequence[Judged], scores: Scores) -> Measured:
    """What an order of pairs by ``scores`` ``(pairs,)`` is worth, each value with its interval."""
    found = _each({"auroc": auroc, "fpr95": fpr_at_tpr}, pairs, scores)
    wins = pairwise_accuracy([pair.right for pair in pairs], scores, anchors_of(pairs))
    if wins.size:
        found["pairwise"] = float(wins.mean()), bootstrap_interval(wins)
    return found


def deciding(pairs: Sequence[Judged], probabilities: Scores, threshold: float) -> Measured:
    """What probabilities ``(pairs,)`` and the threshold they are shipped with are worth."""

    def accepted(labels: Labels, values: Scores) -> float:
        return float((values[labels] >= threshold).mean())

    def let_through(labels: Labels, values: Scores) -> float:
        return accepted(~labels, values)

    measures: Mapping[str, Measure] = {
        "ece": calibration_error,
        "accepted": accepted,
        "let_through": let_through,
    }
    return _each(measures, pairs, probabilities)


def _each(measures: Mapping[str, Measure], pairs: Sequence[Judged], scores: Scores) -> Measured:
    labels, anchors = np.array([pair.right for pair in pairs]), anchors_of(pairs)
    return {
        name: (measure(labels, scores), resampled_interval(measure, labels, scores, anchors))
        for name, measure in measures.items()
    }


def _result(name: str, measured: Mapping[str, tuple[float, Interval]]) -> SystemResult:
    values = {measure: value for measure, (value, _) in measured.items()}
    return SystemResult(name, values, {measure: spread for measure, (_, spread) in measured.items()})
