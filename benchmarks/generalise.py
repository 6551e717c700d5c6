"""Does the verifier generalise, asked whether two texts say the same: to edits and domains it never saw?

    python benchmarks/generalise.py --data DATA --work WORK --types FOLDER --domain FOLDER --plain FOLDER

``--types`` and ``--domain`` are models trained (``python -m germane.learn.verifier --lists 0 --steps 1500
--pairs 160 --examples 100000``) with the types of edits ``HELD`` (``--without``) and PAWS-wiki (``--unseen
paws``) held out, and with ``COMMANDS`` (``--unseen``); the third is what ships. The first two read token
vectors by ``germane.learn.projection``, which has learnt from no pair: the shipped projection has seen every
type and domain. ``--plain`` is the encoder's folder with it.
Tried on the test split: each type of edit against all paraphrases of the same domains, and the written pairs
by domain; beside it the cosine of the pooled vectors and the words shared. Intervals draw texts with all
their pairs. Writes ``generalise.json`` and ``generalise.md`` into ``results/``.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from germane.encode.onnx import OnnxEncoder
from germane.learn.edited import edits
from germane.learn.groups import Group, Pair, pairs
from germane.learn.written import written_groups
from germane.measure.decisions import auroc
from germane.measure.intervals import resampled_interval
from germane.measure.overlap import content_words, jaccard
from germane.measure.pairs import load_paws
from germane.verify.outputs import SAME
from germane.verify.verifier import Verifier

HELD = ("modality", "superlative", "before_after", "entity", "attribute", "affix", "unit", "month")
COMMANDS = ("command", "commands", "short", "prompts", "everyday", "clinc")
APART = ("neighbour", "random")
FEWEST = 10
Floats = NDArray[np.float64]


def rows(groups: Iterable[Group], rng: Random, most: int) -> list[tuple[Pair, str]]:
    """Pairs with the text that they are of."""
    return [(pair, group.text) for group in groups for pair in pairs(group, rng, most=most)]


def measured(right: NDArray[np.bool_], score: Floats, anchors: list[str]) -> list[float]:
    low, high = resampled_interval(auroc, right, score, anchors, resamples=300)
    return [round(float(v), 4) for v in (auroc(right, score), low, high)]


def families(found: list[tuple[Pair, str]]) -> dict[str, list[int]]:
    """Which pairs each row of the table is of: a type of edit against every paraphrase by edit, a domain."""
    chosen: dict[str, list[int]] = defaultdict(list)
    right = [i for i, (p, _) in enumerate(found) if p.source == "edited" and p.same]
    for i, (pair, _) in enumerate(found):
        if pair.source == "written":
            chosen[f"written: {pair.domain}"].append(i)
            chosen["written: all"].append(i)
            if pair.domain in COMMANDS:
                chosen["written: commands, short, prompts, everyday"].append(i)
        elif pair.source == "paws":
            chosen["PAWS-wiki"].append(i)
        elif not pair.same:
            chosen[f"edit: {pair.kind}"].append(i)
        if pair.source == "edited" and pair.domain == "command":
            chosen["edits of commands"].append(i)
    return {n: rows + right if n.startswith("edit: ") else rows for n, rows in sorted(chosen.items())}


def tabled(found: list[tuple[Pair, str]], scores: dict[str, Floats]) -> dict[str, dict[str, list[float]]]:
    table: dict[str, dict[str, list[float]]] = {}
    for name, members in families(found).items():
        right = np.array([found[i][0].same for i in members])
        if min(right.sum(), (~right).sum()) >= FEWEST:
            anchors = [found[i][1] for i in members]
            table[name] = {s: measured(right, score[members], anchors) for s, score in scores.items()}
            print(name, table[name], flush=True)
    for name, held in (("held-out", True), ("other", False)):
        kinds = [row for key, row in table.items()
                 if key.startswith("edit: ") and (key.removeprefix("edit: ") in HELD) == held]  # fmt: skip
        mean = {s: [round(float(np.mean([kind[s][0] for kind in kinds])), 4)] for s in scores}
        table[f"mean of the {len(kinds)} {name} types"] = mean
    return table


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in ("data", "work", "types", "domain", "plain"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    arguments = parser.parse_args()
    encoder, plain, rng = OnnxEncoder(threads=1), OnnxEncoder(arguments.plain, threads=1), Random(0)
    found = rows(edits(arguments.data, "test", arguments.work, encoder), rng, 3)
    found = [(p, t) for p, t in found if p.kind not in APART]
    found += rows(written_groups("test"), rng, 6)
    for pair in load_paws(arguments.data / "paws-wiki-dev"):
        if pair.split == "test":
            found.append(
                (Pair(pair.first, pair.second, bool(pair.same), "order", "paws", "text"), pair.first)
            )
    texts = [(p.first, p.second) for p, _ in found]
    first, second = (encoder.encode([t[k] for t in texts], tokens=False).pooled for k in (0, 1))
    scores: dict[str, Floats] = {
        "shared words": np.array([jaccard(content_words(a), content_words(b)) for a, b in texts]),
        "cosine": np.einsum("nd,nd->n", first, second).astype(float),
        "shipped": Verifier(encoder=encoder).logits(texts)[:, SAME],
        "types held out": Verifier(arguments.types, encoder=plain).logits(texts)[:, SAME],
        "commands held out": Verifier(arguments.domain, encoder=plain).logits(texts)[:, SAME],
    }
    table = tabled(found, scores)
    (arguments.out / "generalise.json").write_text(json.dumps(table, indent=1) + "\n")
    lines = ["| AUROC [95 %] | " + " | ".join(scores) + " |", "|---|" + "---:|" * len(scores)]
    for name, row in table.items():
        cells = [f"{v[0]:.3f}" + (f" [{v[1]:.3f}, {v[2]:.3f}]" if len(v) > 1 else "") for v in row.values()]
        held = " (held out in *types*)" if name.removeprefix("edit: ") in (*HELD, "PAWS-wiki") else ""
        lines.append(f"| {name}{held} | {' | '.join(cells)} |")
    (arguments.out / "generalise.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
