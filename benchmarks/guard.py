"""The guard before a plain semantic cache, its reasons, and its cost.

    python benchmarks/guard.py --data DATA_FOLDER --work FOLDER [--limit 700]

A cache holds the texts of the written pairs' test part. Asked are what says the same as one of them (to be
served) and what does not (not to be served). A plain cache serves the nearest text at or above a threshold
of the cosine; here at several thresholds, and with ``guard`` before it: the nearest three are tried.
``reasons``: of edits of test text (``germane.learn.edited``) that are turned down, how often a word that the
guard names is one that the edit changed; beside it, how often a word drawn from those without an equal in
the other text is.
``--work`` keeps the edits. Writes ``guard.json`` and ``guard.md`` into ``results/``.
"""

from __future__ import annotations

import argparse
import json
import time
from difflib import SequenceMatcher
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from germane.encode.onnx import OnnxEncoder
from germane.learn.edited import edits
from germane.learn.written import written_groups
from germane.measure.intervals import bootstrap_interval
from germane.measure.overlap import words
from germane.verify.differences import differences
from germane.verify.guard import guard
from germane.verify.verifier import Verifier

THRESHOLDS = (0.6, 0.7, 0.8, 0.85, 0.9, 0.95)
NEAREST = 3
NONE = [0.0, 0.0, 0.0]
APART = ("neighbour", "random")


def share(hits: NDArray[np.bool_]) -> list[float]:
    """A share with its 95 % interval."""
    low, high = bootstrap_interval(hits.astype(float))
    return [round(float(v), 4) for v in (hits.mean(), low, high)]


def cache(verifier: Verifier, limit: int) -> dict[str, dict[str, list[float]]]:
    groups = written_groups("test")[:limit]
    held = [g.text for g in groups]
    asked = [(t, i, True) for i, g in enumerate(groups) for t, _ in g.same]
    asked += [(t, i, False) for i, g in enumerate(groups) for t, _ in g.other]
    pooled = verifier.encoder.encode(held, tokens=False).pooled
    scores = verifier.encoder.encode([t for t, _, _ in asked], tokens=False).pooled @ pooled.T
    own, right = np.array([i for _, i, _ in asked]), np.array([label for _, _, label in asked])
    best = scores.argmax(axis=1)
    near = np.argsort(-scores, axis=1)[:, :NEAREST]
    pairs = [(text, held[j]) for (text, _, _), row in zip(asked, near, strict=True) for j in row]
    probability = verifier.same(pairs).reshape(len(asked), NEAREST)
    found: dict[str, dict[str, list[float]]] = {}

    def row(name: str, served: NDArray[np.bool_], what: NDArray[np.int64]) -> None:
        found[name] = {
            "served, of what is cached": share((served & (what == own))[right]),
            "served wrongly, of what is not": share(served[~right]),
            "wrong, of what is served": share((~right | (what != own))[served]) if served.any() else NONE,
        }

    for threshold in THRESHOLDS:
        row(f"cosine from {threshold}", scores.max(axis=1) >= threshold, best)
    chosen = near[np.arange(len(asked)), probability.argmax(axis=1)]
    threshold = verifier.calibration.same["threshold"]
    row("guard on the nearest three", probability.max(axis=1) >= threshold, chosen)
    for threshold in (0.5, 0.9, 0.95):
        row(f"guard from {threshold}", probability.max(axis=1) >= threshold, chosen)
    return found


def reasons(verifier: Verifier, data: Path, work: Path, limit: int) -> dict[str, list[float] | int]:
    rng, named, drawn = Random(0), [], []
    groups = edits(data, "test", work, OnnxEncoder())
    pairs = [(g.text, t) for g in groups for t, k in g.other if k not in APART]
    for text, edited in rng.sample(pairs, min(limit, len(pairs))):
        changed = _changed(text, edited)
        pooled, tokens = verifier.encoder.encode([text, edited])
        sides, alike = (tokens[0], tokens[1]), float(pooled[0] @ pooled[1])
        found = differences(
            verifier.same_odds, sides, (text, edited), alike, verifier.thesaurus, directed=False, most=1
        )
        if guard(edited, text, verifier=verifier).same or not changed or not found:
            continue
        named.append(bool(changed & set(words(f"{found[0].first} {found[0].second}"))))
        apart = sorted(set(words(text)) ^ set(words(edited))) or sorted(set(words(text)))
        drawn.append(rng.choice(apart) in changed)
    return {"pairs": len(named), "named words are edited ones": share(np.array(named)),
            "a word drawn at random is": share(np.array(drawn))}  # fmt: skip


def _changed(text: str, edited: str) -> set[str]:
    one, other = words(text), words(edited)
    found = set[str]()
    for kind, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind != "equal":
            found |= {*one[a:b], *other[c:d]}
    return found


def cost(verifier: Verifier, calls: int = 200) -> dict[str, float]:
    """Milliseconds of one call, for texts of about 30 tokens, on one thread."""
    text = (
        "please book a table for two at the italian restaurant near the station for tomorrow evening at "
        "half past seven under the name of my sister who arrives by train"
    )
    spent: dict[bool, list[float]] = {False: [], True: []}
    for explain, times in spent.items():
        for call in range(calls):
            start = time.perf_counter()
            guard(f"{text} {call}", text.replace("two", "five"), explain=explain, verifier=verifier)
            times.append(1e3 * (time.perf_counter() - start))
    return {
        "p50": round(float(np.median(spent[False])), 2),
        "p95": round(float(np.quantile(spent[False], 0.95)), 2),
        "p50 with the reason": round(float(np.median(spent[True])), 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=700)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    arguments = parser.parse_args()
    verifier = Verifier(encoder=OnnxEncoder(threads=1))
    found = {
        "milliseconds": cost(verifier),
        "cache": cache(verifier, arguments.limit),
        "reasons": reasons(verifier, arguments.data, arguments.work, arguments.limit),
    }
    (arguments.out / "guard.json").write_text(json.dumps(found, indent=1) + "\n")
    columns = list(next(iter(found["cache"].values())))
    lines = [f"| cache | {' | '.join(columns)} |", "|---|" + "---:|" * len(columns)]
    for name, row in found["cache"].items():
        cells = [f"{value:.3f} [{low:.3f}, {high:.3f}]" for value, low, high in row.values()]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    spent, said = found["milliseconds"], dict(found["reasons"])
    times = ", ".join(f"{name} {value:.1f} ms" for name, value in spent.items())
    lines += ["", f"One call on one thread, two texts of 30 word pieces: {times}.", ""]
    count = said.pop("pairs")
    hits = ", ".join(f"{name} {v[0]:.3f} [{v[1]:.3f}, {v[2]:.3f}]" for name, v in said.items())
    lines.append(f"Reasons, {count} edits that were turned down: {hits}.")
    (arguments.out / "guard.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
