"""How the shipped verifier orders what recall finds, on the test parts of ``germane.learn.rankings``.

    python benchmarks/rankings.py --data FOLDER [--limit 500]

nDCG@10 with its 95 % interval, and the calibration error of the probability. Writes ``rankings.json`` and
``rankings.md`` into ``results/``.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from germane.encode.onnx import OnnxEncoder
from germane.learn.calibrate import judge_ranking
from germane.learn.rankings import TASKS, Ranking, modules
from germane.learn.recalled import recall
from germane.measure.decisions import calibration_error
from germane.measure.intervals import bootstrap_interval
from germane.verify.verifier import Verifier


def ndcg(ranked: np.ndarray, right: int, depth: int = 10) -> float:
    """Binary nDCG of ``ranked`` (bool, best first) where ``right`` passages are relevant in all."""
    discount = 1 / np.log2(np.arange(depth) + 2)
    top = ranked[:depth]
    return float((top * discount[: len(top)]).sum() / discount[: min(right, depth)].sum())


def score_ranking(ranking: Ranking, verifier: Verifier, encoder: OnnxEncoder) -> dict:
    keep = [i for i, right in enumerate(ranking.relevant) if right]
    ranking = Ranking(
        ranking.name,
        [ranking.queries[i] for i in keep],
        ranking.passages,
        [ranking.relevant[i] for i in keep],
    )
    recalled = recall(ranking, encoder)
    judged = judge_ranking(verifier, ranking, recalled, encoder)
    ends = np.cumsum([0, *map(len, recalled.candidates)])
    table = judged.features
    probability = verifier.calibration.probability(
        table["logit"], table["maxsim"], table["similarity"], table["fused"]
    )
    values: dict[str, list[float]] = {}
    for i in range(len(ranking.queries)):
        span = slice(ends[i], ends[i + 1])
        scores = {
            "dense": table["similarity"][span],
            "bm25": recalled.lexical[i],
            "fusion": table["fused"][span],
            "maxsim": table["maxsim"][span],
            "verifier": table["logit"][span],
            "probability": probability[span],
        }
        gold, right = judged.labels[span], len(ranking.relevant[i])
        for name, score in scores.items():
            values.setdefault(name, []).append(ndcg(gold[np.argsort(-score, kind="stable")], right))
    return {
        "n": len(ranking.queries),
        "passages": len(ranking.passages),
        "systems": {
            name: {
                "nDCG@10": round(float(np.mean(v)), 4),
                "interval": [round(x, 4) for x in bootstrap_interval(v, resamples=2000)],
            }
            for name, v in values.items()
        },
        "ece": round(calibration_error(judged.labels, probability), 4),
    }


def markdown(result: dict) -> str:
    lines = [
        "| ranking, nDCG@10 | n | dense | BM25 | fusion | MaxSim | verifier alone | probability | 95 % |",
        "|" + "---|" * 9,
    ]
    for name, row in result["rankings"].items():
        s = row["systems"]
        names = ("dense", "bm25", "fusion", "maxsim", "verifier", "probability")
        cells = " | ".join(f"{s[k]['nDCG@10']:.3f}" for k in names)
        low, high = s["probability"]["interval"]
        lines.append(f"| {name} | {row['n']} | {cells} | {low:.3f}-{high:.3f} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=500)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "rankings.json")
    arguments = parser.parse_args()
    encoder = OnnxEncoder(threads=1)
    verifier = (
        Verifier(arguments.model, encoder=encoder) if arguments.model else Verifier.load(encoder=encoder)
    )
    result: dict = {"encoder": encoder.identity, "rankings": {}}
    for task in (*TASKS, modules):
        ranking = task(arguments.data, "test").sampled(arguments.limit)
        result["rankings"][ranking.name] = score_ranking(ranking, verifier, encoder)
        print(ranking.name, json.dumps(result["rankings"][ranking.name]), flush=True)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(result, indent=2) + "\n")
    arguments.out.with_suffix(".md").write_text(markdown(result))
    print(markdown(result))


if __name__ == "__main__":
    main()
