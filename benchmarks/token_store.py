"""What the dimension and the width of stored token vectors cost: verification's quality, MaxSim's, and bytes.

python benchmarks/token_store.py --data FOLDER --work FOLDER [--out benchmarks/results/token_store.json]

The projections are the leading directions that ``learn/projection.py`` fits on train text. For each dimension
a head is trained by ``learn.train`` with the same examples, lists, seed and steps (fewer than for the shipped
one), and judges dev pairs from vectors kept in each width: AUROC of relevant against near-misses and
against off-topic, each the mean over families of sources. MaxSim's quality on SQuAD's dev questions over all
dev paragraphs (nDCG@10) stands beside it. Dev, because the dimension is chosen by this table. ``--work`` is
the folder of ``learn.verifier``, whose examples are used.
"""

from __future__ import annotations

import argparse
import json
import logging
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch

from germane.encode.onnx import OnnxEncoder, unit
from germane.encode.protocol import Tokens
from germane.learn.batches import Encodings
from germane.learn.lists import Lists, pools
from germane.learn.projection import fit_projection
from germane.learn.rankings import TASKS
from germane.learn.sources import plain_texts
from germane.learn.train import kind_logits, report, train
from germane.learn.verifier import examples, new_head
from germane.learn.weights import drawn
from germane.measure.questions import load_squad
from germane.verify.lexicon import Lexicon

WIDTHS = ("float16", "int8")
OTHER_BYTES = 6
"""A token's id (2) and its offsets (4)."""


def int8(vectors: np.ndarray) -> np.ndarray:
    peak = np.abs(vectors).max(axis=1, keepdims=True)
    return unit(np.rint(vectors * (127 / np.where(peak > 0, peak, 1))).astype(np.float32))


def kept_as(vectors: np.ndarray, width: str) -> np.ndarray:
    return int8(vectors) if width == "int8" else unit(vectors.astype(np.float16).astype(np.float32))


class Kept:
    """``Encodings`` whose vectors are projected, and the passages' kept in ``width``."""

    def __init__(
        self, encodings: Encodings, projection: np.ndarray, passages: set[str] | None = None, width: str = ""
    ) -> None:  # fmt: skip
        self.encodings, self.projection, self.width = encodings, projection, width
        self.passages = passages or set()
        self.length = encodings.length

    def tokens(self, text: str) -> Tokens:
        found = self.encodings.tokens(text)
        vectors = unit(found.vectors @ self.projection)
        return found._replace(vectors=kept_as(vectors, self.width) if text in self.passages else vectors)


class Heads:
    """Trains one head a dimension on the same data, and judges dev pairs with it."""

    def __init__(self, arguments: argparse.Namespace, encoder: OnnxEncoder) -> None:
        data, work = arguments.data, arguments.work
        self.lexicon, self.steps = Lexicon(), arguments.steps
        self.train_set = drawn(examples(data, "train", work, encoder), arguments.examples)
        self.dev_set = drawn(examples(data, "dev", work, encoder), arguments.dev)
        self.lists = Lists([pools(task(data, "train").sampled(200), encoder) for task in TASKS])
        pairs = [*self.train_set, *self.dev_set]
        texts = {text for e in pairs for text in (e.query, e.passage)} | self.lists.texts
        encoder._projection = None
        self.encodings = Encodings(sorted(texts), encoder, work / "token_store")

    def judged(self, projection: np.ndarray) -> dict[str, dict[str, float]]:
        """For each width the mean AUROC against near-misses and off-topic."""
        torch.manual_seed(0)
        head = new_head(projection.shape[1], dropout=0.05)
        plain: Any = Kept(self.encodings, projection)
        train(head, self.train_set, self.lists, [], plain, self.lexicon, steps=self.steps)
        found = {}
        for width in WIDTHS:
            kept: Any = Kept(self.encodings, projection, {e.passage for e in self.dev_set}, width)
            measures = report(self.dev_set, kind_logits(head, self.dev_set, kept, self.lexicon))
            found[width] = {
                name: round(float(np.mean([v for k, v in measures.items() if k.endswith(name)])), 4)
                for name in ("near", "off")
            }
        return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--examples", type=int, default=12_000)
    parser.add_argument("--dev", type=int, default=4000)
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--queries", type=int, default=400)
    parser.add_argument("--dimensions", type=int, nargs="+", default=[384, 128, 112, 64])
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "token_store.json")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(1)
    rng = Random(0)
    encoder = OnnxEncoder(threads=1)
    heads = Heads(arguments, encoder)
    encoder._projection = None
    texts = rng.sample(sorted(set(plain_texts(arguments.data))), 2000)
    directions = fit_projection(np.concatenate([t.vectors for t in encoder.encode(texts).tokens]), 384)
    rows = [q for q in load_squad(arguments.data / "squad2") if q.split == "dev" and q.answerable]
    paragraphs = sorted({q.passage for q in rows})
    asked = rng.sample(rows, min(arguments.queries, len(rows)))
    passages = [t.vectors for t in encoder.encode(paragraphs).tokens]
    queries = [t.vectors for t in encoder.encode([q.question for q in asked]).tokens]
    gold = [paragraphs.index(q.passage) for q in asked]
    table = []
    for dimension in arguments.dimensions:
        projection = directions[:, :dimension]  # all 384 of them turn the space and lose nothing
        judged = heads.judged(projection)
        for width in WIDTHS:
            kept = [kept_as(unit(v @ projection), width) for v in passages]
            starts = np.cumsum([0, *(len(v) for v in kept)])[:-1]
            everything, gains = np.concatenate(kept).T, []
            for query, right in zip(queries, gold, strict=True):
                cosines = unit(query @ projection) @ everything
                score = np.maximum.reduceat(cosines, starts, axis=1).mean(axis=0)
                rank = int((score > score[right]).sum())
                gains.append(1 / np.log2(rank + 2) if rank < 10 else 0.0)
            size = dimension * (2 if width == "float16" else 1) + OTHER_BYTES
            table.append({
                "dimension": dimension,
                "width": width,
                "AUROC near-miss": judged[width]["near"],
                "AUROC off-topic": judged[width]["off"],
                "MaxSim nDCG@10": round(float(np.mean(gains)), 4),
                "bytes a token": size,
                "KiB a passage of 128 tokens": round(128 * size / 1024, 1),
            })  # fmt: skip
            print(json.dumps(table[-1]), flush=True)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(
        json.dumps(
            {
                "queries": len(queries),
                "pairs": len(heads.dev_set),
                "train": len(heads.train_set),
                "steps": heads.steps,
                "table": table,
            },
            indent=2,
        )
        + "\n"
    )
    head = list(table[0])
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(row[k]) for k in head) + " |" for row in table]
    arguments.out.with_suffix(".md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
