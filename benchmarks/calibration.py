"""Are the verifier's probabilities right, and what does it gain by not deciding?

    python benchmarks/calibration.py --data FOLDER [--limit 400]

Every set of ``germane bench near-miss`` is drawn as there, from test parts. *Seen*: sets of whose train
parts the verifier learnt; *unseen*: sets that it never saw. By question and by that: the reliability
diagram, the calibration error, and the risk-coverage curve, the error rate among the pairs decided most
surely, from all to a tenth of them. Writes ``calibration.json``, ``calibration.md`` and
``calibration.png`` into ``results/``.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from numpy.typing import NDArray

from germane.bench.near_miss_pairs import drawn
from germane.bench.near_miss_sets import SETS
from germane.bench.near_miss_systems import germane
from germane.bench.near_miss_texts import encoded, score
from germane.encode.onnx import OnnxEncoder
from germane.measure.decisions import calibration_error, reliability, risk_coverage
from germane.measure.intervals import resampled_interval
from germane.verify.verifier import Verifier

SEEN = {"written", "written-answers", "written-yes-no", "paws-wiki", "semantoneg", "wikifactcheck",
        "clinc150", "condaqa", "squad2"}  # fmt: skip
SHARES = (1.0, 0.75, 0.5, 0.25, 0.1)


def judged(data: Path, limit: int) -> dict[str, tuple[NDArray[np.bool_], NDArray[np.float64]]]:
    """Labels and probabilities by question and by what was seen."""
    verifier = Verifier.load(encoder=OnnxEncoder(threads=1))
    system, found = germane(verifier), defaultdict[str, list[Any]](list)
    for each in SETS:
        if all((data / folder).is_dir() for folder in each.folders):
            pairs = drawn(each.read(data), limit)
            texts = encoded(
                verifier.encoder, [p.query for p in pairs], [p.passage for p in pairs], asks=each.asks
            )
            kept = f"{each.asks}, {'seen' if each.name in SEEN else 'unseen'}"
            found[kept] += zip([p.right for p in pairs], score(system, texts), strict=True)
            print(each.name, flush=True)
    return {
        name: (np.array([r for r, _ in rows]), np.array([p for _, p in rows])) for name, rows in found.items()
    }


def measured(right: NDArray[np.bool_], probability: NDArray[np.float64]) -> dict[str, Any]:
    curve = risk_coverage((probability >= 0.5) == right, np.abs(probability - 0.5))
    low, high = resampled_interval(calibration_error, right, probability, resamples=300)
    return {
        "pairs": len(right),
        "calibration error": [round(calibration_error(right, probability), 4), round(low, 4), round(high, 4)],
        "bins": [bin._asdict() for bin in reliability(right, probability)],
        "risk": {str(s): round(float(curve.risk[max(0, int(s * len(right)) - 1)]), 4) for s in SHARES},
        "curve": [np.round(a[:: max(1, len(right) // 100)], 4).tolist() for a in curve[:2]],
    }


def drawing(rows: dict[str, dict[str, Any]], path: Path) -> None:
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.6), layout="constrained")
    for name, row in rows.items():
        bins = row["bins"]
        line = left.plot([b["probability"] for b in bins], [b["share"] for b in bins], "o-", ms=4, label=name)
        for each in bins:
            left.plot([each["probability"]] * 2, each["interval"], color=line[0].get_color(), alpha=0.3)
        right.plot(*row["curve"], label=name)
    left.plot([0, 1], [0, 1], ":", color="grey")
    left.set(xlabel="probability", ylabel="share that is right", title="reliability (bars: 95 %)")
    right.set(
        xlabel="share of the pairs decided, the surest first", ylabel="error rate", title="risk and coverage"
    )
    left.legend(frameon=False)
    figure.savefig(path, dpi=110)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=400)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    arguments = parser.parse_args()
    rows = {name: measured(*each) for name, each in sorted(judged(arguments.data, arguments.limit).items())}
    (arguments.out / "calibration.json").write_text(json.dumps(rows, indent=1) + "\n")
    head = [f"error rate of the surest {float(share):.0%}" for share in SHARES]
    lines = ["| asked, of sets | pairs | calibration error [95 %] | " + " | ".join(head) + " |",
             "|---|" + "---:|" * (len(head) + 2)]  # fmt: skip
    for name, row in rows.items():
        value, low, high = row["calibration error"]
        cells = [f"{row['pairs']:,}", f"{value:.3f} [{low:.3f}, {high:.3f}]"]
        lines.append(f"| {name} | {' | '.join([*cells, *(f'{v:.3f}' for v in row['risk'].values())])} |")
    (arguments.out / "calibration.md").write_text("\n".join(lines) + "\n")
    drawing(rows, arguments.out / "calibration.png")


if __name__ == "__main__":
    main()
