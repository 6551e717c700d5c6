"""What the dimension and the width of stored token vectors cost: MaxSim's quality and bytes a passage.

python benchmarks/token_store.py --data FOLDER [--out benchmarks/results/token_store.json]

The projections are the leading directions that ``learn/projection.py`` fits on train text. Quality is that of
MaxSim, on SQuAD's dev questions over all dev paragraphs (nDCG@10) and AUROC on dev pairs: dev, because the
dimension is chosen by this table.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from random import Random

import numpy as np

from germane.encode.onnx import OnnxEncoder, unit
from germane.learn.projection import fit_projection
from germane.learn.sources import plain_texts
from germane.measure.decisions import auroc
from germane.measure.pairs import load_paws
from germane.measure.questions import load_squad

OTHER_BYTES = 6
"""A token's id (2) and its offsets (4)."""


def int8(vectors: np.ndarray) -> np.ndarray:
    peak = np.abs(vectors).max(axis=1, keepdims=True)
    return unit(np.rint(vectors * (127 / np.where(peak > 0, peak, 1))).astype(np.float32))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--queries", type=int, default=400)
    parser.add_argument("--dimensions", type=int, nargs="+", default=[384, 128, 112, 96, 64])
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "token_store.json")
    arguments = parser.parse_args()
    rng = Random(0)
    encoder = OnnxEncoder(threads=1)
    encoder._projection = None
    texts = rng.sample(sorted(set(plain_texts(arguments.data))), 2000)
    directions = fit_projection(np.concatenate([t.vectors for t in encoder.encode(texts).tokens]), 384)
    rows = [q for q in load_squad(arguments.data / "squad2") if q.split == "dev"]
    paragraphs = sorted({q.passage for q in rows})
    asked = rng.sample(rows, min(arguments.queries, len(rows)))
    passages = [t.vectors for t in encoder.encode(paragraphs).tokens]
    queries = [t.vectors for t in encoder.encode([q.question for q in asked]).tokens]
    gold = [paragraphs.index(q.passage) for q in asked]
    paws = [p for p in load_paws(arguments.data / "paws-wiki-dev") if p.split == "dev"]
    sides = [
        [t.vectors for t in encoder.encode([getattr(p, s) for p in paws]).tokens] for s in ("first", "second")
    ]
    table = []
    for dimension in arguments.dimensions:
        for width in ("float16", "int8"):
            size = dimension * (2 if width == "float16" else 1) + OTHER_BYTES

            def stored(vectors: np.ndarray, d: int = dimension, w: str = width) -> np.ndarray:
                cut = unit(vectors @ directions[:, :d]) if d < 384 else vectors
                return int8(cut) if w == "int8" else unit(cut.astype(np.float16).astype(np.float32))

            def asked_as(vectors: np.ndarray, d: int = dimension) -> np.ndarray:
                return unit(vectors @ directions[:, :d]) if d < 384 else vectors

            kept = [stored(v) for v in passages]
            starts = np.cumsum([0, *(len(v) for v in kept)])[:-1]
            everything = np.concatenate(kept).T
            gains, own = [], []
            for query, right in zip(queries, gold, strict=True):
                score = np.maximum.reduceat(asked_as(query) @ everything, starts, axis=1).mean(axis=0)
                own.append(score[right])
                rank = int((score > score[right]).sum())
                gains.append(1 / np.log2(rank + 2) if rank < 10 else 0.0)
            keep = [i for i, q in enumerate(asked) if q.answerable]
            pairs = [
                float((asked_as(a) @ stored(b).T).max(axis=1).mean()) for a, b in zip(*sides, strict=True)
            ]
            table.append({
                "dimension": dimension, "width": width,
                "nDCG@10": round(float(np.mean([gains[i] for i in keep])), 4),
                "answerable": round(auroc([q.answerable for q in asked], own), 4),
                "PAWS-wiki": round(auroc([p.same for p in paws], pairs), 4),
                "bytes_a_token": size,
                "KiB_128_tokens": round(128 * size / 1024, 1),
            })  # fmt: skip
            print(json.dumps(table[-1]), flush=True)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(
        json.dumps({"queries": len(queries), "pairs": len(paws), "table": table}, indent=2) + "\n"
    )
    head = list(table[0])
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(row[k]) for k in head) + " |" for row in table]
    arguments.out.with_suffix(".md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
