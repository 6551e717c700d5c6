"""A verifier of the same size that learnt entailment alone, on the sets of ``germane bench near-miss``.

    python benchmarks/entailment.py --data FOLDER --work FOLDER [--steps 1200]

The same model over the same token vectors, trained on the train and trial parts of SICK and on XNLI's English
dev set (does the first text entail the second?), whose licences keep it from being shipped. SICK's test pairs
are therefore no unseen set for it. Where neither text is the query, both directions count: their mean. Writes
``entailment.json`` and ``entailment.md`` into ``results/``.
"""

from __future__ import annotations

import argparse
import csv
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch

from germane.bench.near_miss import ordering
from germane.bench.near_miss_pairs import drawn
from germane.bench.near_miss_sets import SETS
from germane.encode.onnx import OnnxEncoder
from germane.learn.batches import Encodings
from germane.learn.examples import NO, YES, Example
from germane.learn.head import Head
from germane.learn.train import Plan, read, train
from germane.measure.pairs import load_sick
from germane.verify.outputs import SUPPORTS
from germane.verify.thesaurus import shipped


def entailing(data: Path) -> Iterator[Example]:
    """The hypothesis as the query, the premise as the passage."""
    for pair in load_sick(data / "sick"):
        if pair.split != "test":
            there, back = pair.label.split()
            for query, passage, said in ((pair.second, pair.first, there), (pair.first, pair.second, back)):
                yield Example(query, passage, "sick", supports=YES if "entails" in said else NO)
    with (data / "xnli-dev" / "dev-en.tsv").open(encoding="utf-8", newline="") as file:
        for premise, hypothesis, label in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield Example(hypothesis, premise, "xnli", supports=YES if label == "entailment" else NO)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in ("data", "work"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=1200)
    parser.add_argument("--limit", type=int, default=400)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.manual_seed(0)
    torch.set_num_threads(1)
    encoder, found = OnnxEncoder(), list(entailing(arguments.data))
    sets = {each: drawn(each.read(arguments.data), arguments.limit) for each in SETS}
    asked = {each: [Example(p.query, p.passage, each.name) for p in pairs] for each, pairs in sets.items()}
    texts = [t for e in (*found, *(e for part in asked.values() for e in part)) for t in e[:2]]
    kept = Encodings(texts, encoder, arguments.work)
    label = np.array([e.supports == YES for e in found])
    weight = np.where(label, 0.5 / label.sum(), 0.5 / (~label).sum())
    model = Head(encoder.token_dimension)
    train(model, found, [], kept, shipped(), Plan(arguments.steps, pairs=128), weight=weight)
    table = {}
    for each, pairs in sets.items():
        score = read(model, asked[each], kept, shipped())[:, SUPPORTS]
        if each.asks == "same":
            turned = [Example(e.passage, e.query, e.source) for e in asked[each]]
            score = (score + read(model, turned, kept, shipped())[:, SUPPORTS]) / 2
        table[each.name] = {
            name: [round(float(v), 4) for v in (value, *interval)]
            for name, (value, interval) in ordering(pairs, score).items()
        }
        print(each.name, table[each.name], flush=True)
    made = {"pairs": len(found), "steps": arguments.steps, "sets": table}
    (arguments.out / "entailment.json").write_text(json.dumps(made, indent=1) + "\n")
    names = ("auroc", "fpr95", "pairwise")
    lines = [f"| set | {' | '.join(names)} |", "|---|" + "---:|" * len(names)]
    for name, row in table.items():
        cells = [f"{row[n][0]:.3f} [{row[n][1]:.3f}, {row[n][2]:.3f}]" if n in row else "" for n in names]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    (arguments.out / "entailment.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
