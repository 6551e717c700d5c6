"""How well the shipped verifier tells what is right from what merely resembles it, on held-out test splits.

python benchmarks/verifier.py --data FOLDER [--limit 1500] [--out benchmarks/results/verifier.json]

Writes the JSON and, beside it, a Markdown table. AUROC of true paraphrases or answers against near-misses,
for the cosine of pooled vectors, MaxSim and the verifier's logit; nDCG@10 of the test
parts of the tasks of ``germane.learn.rankings``; calibration error of the probability.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from random import Random

import numpy as np

from germane.encode.onnx import OnnxEncoder
from germane.learn.calibrate import judge_ranking
from germane.learn.rankings import TASKS, Ranking, modules
from germane.learn.recalled import recall
from germane.measure.decisions import auroc, calibration_error, fpr_at_tpr
from germane.measure.intervals import bootstrap_interval
from germane.measure.pairs import load_cannot, load_paws
from germane.measure.questions import load_clinc, load_squad
from germane.verify.verifier import Verifier

SYSTEMS = ("cosine", "maxsim", "verifier")


def pair_sets(data: Path, limit: int, encoder: OnnxEncoder) -> dict[str, list[tuple[str, str, bool]]]:
    rng = Random(0)
    found: dict[str, list[tuple[str, str, bool]]] = {}
    paws = [p for p in load_paws(data / "paws-wiki-dev") if p.split == "test"]
    found["PAWS-wiki"] = [(p.first, p.second, bool(p.same)) for p in paws]
    anto = [p for p in load_cannot(data / "cannot", ["semantoneg"]) if p.split == "test"]
    found["CANNOT, SemAntoNeg"] = [(p.first, p.second, bool(p.same)) for p in anto]
    squad = [q for q in load_squad(data / "squad2") if q.split == "test"]
    found["SQuAD 2.0, answerable"] = [(q.question, q.passage, q.answerable) for q in squad]
    commands = [c for c in load_clinc(data / "clinc150") if c.split == "test" and c.intent != "oos"]
    asked = rng.sample(commands, min(limit // 2, len(commands)))
    vectors = encoder.encode([c.text for c in commands], tokens=False).pooled
    rows = []
    for command in asked:
        same = [c for c in commands if c.intent == command.intent and c != command]
        cosine = vectors @ vectors[commands.index(command)]
        near = [commands[i] for i in np.argsort(-cosine)[:200] if commands[i].intent != command.intent][:10]
        rows += [(command.text, rng.choice(same).text, True), (command.text, rng.choice(near).text, False)]
    found["CLINC150, intent"] = rows
    return {name: rng.sample(rows, min(limit, len(rows))) for name, rows in found.items()}


def auroc_interval(
    labels: np.ndarray, scores: np.ndarray, seed: int = 0, resamples: int = 500
) -> list[float]:
    rng = np.random.default_rng(seed)
    values = []
    for _ in range(resamples):
        chosen = rng.integers(0, len(labels), len(labels))
        if 0 < labels[chosen].sum() < len(labels):
            values.append(auroc(labels[chosen], scores[chosen]))
    return [round(float(v), 4) for v in np.quantile(values, [0.025, 0.975])]


def score_pairs(rows: list[tuple[str, str, bool]], verifier: Verifier, encoder: OnnxEncoder) -> dict:
    first, second = encoder.encode([r[0] for r in rows]), encoder.encode([r[1] for r in rows])
    labels = np.array([r[2] for r in rows])
    seen = [
        verifier.verify(q, row[0], [p], [row[1]], reasons=False)[0]
        for q, p, row in zip(first.tokens, second.tokens, rows, strict=True)
    ]
    scores = {
        "cosine": np.einsum("nd,nd->n", first.pooled, second.pooled).astype(float),
        "maxsim": np.array([v.maxsim for v in seen]),
        "verifier": np.array([v.logit for v in seen]),
    }
    probability = np.array([v.probability for v in seen])
    measures = {
        name: {"auroc": round(auroc(labels, s), 4), "interval": auroc_interval(labels, s),
               "fpr_at_95_tpr": round(fpr_at_tpr(labels, s), 4)}
        for name, s in scores.items()
    }  # fmt: skip
    accepted = np.array([v.verdict.value == "relevant" for v in seen])
    return {"n": len(rows), "positives": int(labels.sum()), "systems": measures,
            "ece": round(calibration_error(labels, probability), 4),
            "accepted": {"positives": round(float(accepted[labels].mean()), 4),
                         "near_misses": round(float(accepted[~labels].mean()), 4)}}  # fmt: skip


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
    head = (
        "pairs (test split), n, cosine, MaxSim, verifier, 95 %, FPR at 95 % TPR, accepted right / wrong, ECE"
    )
    lines = [f"| {head.replace(', ', ' | ')} |", "|" + "---|" * 9]
    for name, row in result["pairs"].items():
        s = row["systems"]
        low, high = s["verifier"]["interval"]
        a, fpr = row["accepted"], s["verifier"]["fpr_at_95_tpr"]
        lines.append(f"| {name} | {row['n']} | {s['cosine']['auroc']:.3f} | {s['maxsim']['auroc']:.3f} | "
                     f"{s['verifier']['auroc']:.3f} | {low:.3f}-{high:.3f} | {fpr:.2f} | "
                     f"{a['positives']:.2f} / {a['near_misses']:.2f} | {row['ece']:.3f} |")  # fmt: skip
    lines += [
        "",
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
    parser.add_argument("--limit", type=int, default=1500)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "verifier.json")
    arguments = parser.parse_args()
    encoder = OnnxEncoder(threads=1)
    verifier = (
        Verifier(arguments.model, encoder=encoder) if arguments.model else Verifier.load(encoder=encoder)
    )
    result: dict = {"encoder": encoder.identity, "pairs": {}, "rankings": {}}
    for name, rows in pair_sets(arguments.data, arguments.limit, encoder).items():
        result["pairs"][name] = score_pairs(rows, verifier, encoder)
        print(name, json.dumps(result["pairs"][name]), flush=True)
    limit = arguments.limit // 3
    for task in (*TASKS, modules):
        ranking = task(arguments.data, "test").sampled(limit)
        result["rankings"][ranking.name] = score_ranking(ranking, verifier, encoder)
        print(ranking.name, json.dumps(result["rankings"][ranking.name]), flush=True)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(result, indent=2) + "\n")
    arguments.out.with_suffix(".md").write_text(markdown(result))
    print(markdown(result))


if __name__ == "__main__":
    main()
