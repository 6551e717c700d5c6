"""How much the cosine of the pooled vectors should count for *same*: what ``verify.verifier.ALIKE`` rests on.

    python benchmarks/alike.py --data FOLDER

AUROC of the shipped verifier on *dev* parts, since a choice is made on them: SICK's train and trial pairs,
MRPC's train, STS-B's dev, the dev splits of PAWS-wiki, SemAntoNeg and the pairs written for this project,
those of commands and prompts apart; at most 600 pairs of each. The first columns, cosine alone and the
verifier without it, are the baselines. Writes ``alike.json`` and ``alike.md`` into ``results/``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from random import Random

import numpy as np

from germane.encode.onnx import OnnxEncoder
from germane.learn.written import written_groups
from germane.measure.decisions import auroc
from germane.measure.intervals import resampled_interval
from germane.measure.pairs import Pair, load_cannot, load_mrpc, load_paws, load_sick, load_stsb
from germane.verify.outputs import SAME
from germane.verify.verifier import ALIKE, Verifier

WEIGHTS = (0.0, 1.0, 2.0, 3.0, 4.0, 6.0)
MOST = 600
EVERYDAY = ("commands", "short", "prompts", "everyday")
Row = tuple[str, str, bool]


def dev_sets(data: Path) -> dict[str, list[Row]]:
    """The pairs of each set, drawn; a text, another, and whether they say the same."""
    sick = [p for p in load_sick(data / "sick") if p.split != "test"]
    against = "A_contradicts_B B_contradicts_A"
    scored = [p for p in load_stsb(data / "stsb", "dev") if p.score is not None]
    written = [
        (group.domain in EVERYDAY, (group.text, text, right))
        for group in written_groups("dev")
        for texts, right in ((group.same, True), (group.other, False))
        for text, _ in texts
    ]
    found = {
        "SICK": _rows(p for p in sick if p.same or p.label == against),
        "MRPC": _rows(load_mrpc(data / "mrpc", "train")),
        "STS-B": [(p.first, p.second, p.score >= 4.5) for p in scored
                  if p.score is not None and (p.score >= 4.5 or 1.5 <= p.score <= 3.5)],
        "PAWS-wiki": _rows(p for p in load_paws(data / "paws-wiki-dev") if p.split == "dev"),
        "SemAntoNeg": _rows(p for p in load_cannot(data / "cannot", ["semantoneg"]) if p.split == "dev"),
        "written, everyday": [row for everyday, row in written if everyday],
        "written, other": [row for everyday, row in written if not everyday],
    }  # fmt: skip
    rng = Random(0)
    return {name: rng.sample(rows, min(MOST, len(rows))) for name, rows in found.items()}


def _rows(pairs: Iterable[Pair]) -> list[Row]:
    return [(p.first, p.second, bool(p.same)) for p in pairs]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    arguments = parser.parse_args()
    encoder = OnnxEncoder(threads=1)
    verifier, table = Verifier(encoder=encoder), dict[str, dict[str, list[float]]]()
    for name, rows in dev_sets(arguments.data).items():
        right = np.array([label for _, _, label in rows])
        first, second = (encoder.encode([r[k] for r in rows], tokens=False).pooled for k in (0, 1))
        cosine = (first * second).sum(axis=1).astype(float)
        alone = verifier.logits([(a, b) for a, b, _ in rows])[:, SAME] - ALIKE * cosine
        scores = {"cosine": cosine} | {f"{w:g}": alone + w * cosine for w in WEIGHTS}
        table[name] = {"pairs": [len(rows)]} | {
            system: [
                round(v, 4) for v in (auroc(right, s), *resampled_interval(auroc, right, s, resamples=300))
            ]
            for system, s in scores.items()
        }
        print(name, table[name], flush=True)
    (arguments.out / "alike.json").write_text(json.dumps({"shipped": ALIKE, "sets": table}, indent=1) + "\n")
    names = ["cosine", *(f"{w:g}" for w in WEIGHTS)]
    heads = ["cosine alone", *(f"{w:g} (shipped)" if w == ALIKE else f"{w:g}" for w in WEIGHTS)]
    lines = [f"| dev part | pairs | {' | '.join(heads)} |", "|---|" + "---:|" * (len(heads) + 1)]
    for name, row in table.items():
        cells = [f"{row[n][0]:.3f} [{row[n][1]:.3f}, {row[n][2]:.3f}]" for n in names]
        lines.append(f"| {name} | {row['pairs'][0]} | {' | '.join(cells)} |")
    (arguments.out / "alike.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
