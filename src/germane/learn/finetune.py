"""Trains the shipped verifier further on a user's own pairs or logged outcomes; kept where it is better.

The pairs are divided by query (``outcomes.divided``): a part to learn from, one to calibrate on, and one that
is held out, on which the verifier before and after is compared. Half of what it learns from are the pairs
written for this project, which come with the package: it must not forget them.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import onnxscript  # noqa: F401  (the exporter needs it, after all the training)
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file

from germane.errors import InputError, MissingModel
from germane.learn.batches import Encodings
from germane.learn.calibrate import fit, fit_platt, judge_pairs
from germane.learn.examples import NO, UNKNOWN, YES, Example
from germane.learn.export_verifier import save
from germane.learn.groups import pairs
from germane.learn.head import Head
from germane.learn.outcomes import divided, read_outcomes
from germane.learn.train import Plan, train
from germane.learn.written import written_answers, written_groups
from germane.measure.decisions import auroc
from germane.measure.intervals import resampled_interval
from germane.measure.split import Split
from germane.verify.calibration import FORMS
from germane.verify.outputs import NEAR_MISS, RELEVANT, SAME, relevant_odds
from germane.verify.thesaurus import shipped
from germane.verify.verifier import SHIPPED, Verifier

FEWEST = 10
"""Held-out pairs of either label, at least, for a comparison to say anything."""
FORGOTTEN = 0.02
"""What the AUROC on the written pairs may lose."""
REPLAYED, JUDGED = 3000, 1200
"""Written pairs that are learnt from again, at least; and that it is calibrated on, or must not forget."""
FORGOT, NO_BETTER = "it forgot pairs that it knew", "no better than before on held-out queries"
STEPS = (60, 600)
"""At least, and at most: about four times through the user's pairs."""


@dataclass(frozen=True)
class Trained:
    """Whether the new verifier was ``saved``, the held-out AUROCs ``before`` and ``after`` (by question, and
    of the pairs written for this project), the 95 % interval of the latter, how many pairs there were in each
    part, and why nothing was saved."""

    saved: bool
    before: dict[str, float]
    after: dict[str, float]
    interval: dict[str, tuple[float, float]]
    pairs: dict[str, int]
    reason: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def train_verifier(
    data: Path,
    out: Path,
    *,
    start: Path | None = None,
    steps: int | None = None,
    rate: float = 5e-4,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Trained:
    """Learn from ``data`` (see ``outcomes``), starting at the verifier of ``start``, by default what ships;
    write ``out`` where the mean AUROC on held-out queries is better and the written pairs are not forgotten.

    Raises ``InputError`` where there are too few pairs, or ``out`` is something else than a verifier.
    """
    _place(out)
    parts = divided(read_outcomes(data))
    _enough(parts)
    start = start or SHIPPED
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    before = Verifier(start)
    model = Head(before.encoder.token_dimension)
    try:
        model.load_state_dict(load_file(start / "model.safetensors"))
    except Exception as error:  # safetensors' own error has no base of its own
        raise MissingModel(
            f"{start} has no model.safetensors that can be read", hint="start from another verifier"
        ) from error
    own = parts["train"]
    kept = written(seed, max(REPLAYED, 2 * len(own)))
    with tempfile.TemporaryDirectory(prefix="germane-") as work:
        made = Path(work) / "verifier"
        texts = [t for e in (*own, *kept["train"]) for t in (e.query, e.passage)]
        encodings = Encodings(texts, before.encoder, Path(work))  # type: ignore[arg-type]
        count = steps or int(np.clip(4 * len(own) / 48, *STEPS))
        plan = Plan(count, pairs=96, lists=0, rate=rate, seed=seed)
        train(model, [*own, *kept["train"]], [], encodings, shipped(), plan, progress=progress,
              weight=_halves(own, kept["train"]))  # fmt: skip
        save(model, before.encoder, made)  # type: ignore[arg-type]
        after = _calibrated(made, before, [*parts["dev"], *kept["dev"]], _halves(parts["dev"], kept["dev"]))
        held = _questions(parts["test"])
        held |= {f"written, {name}": rows for name, rows in _questions(kept["test"]).items()}
        scores = {name: (_scores(before, rows), _scores(after, rows)) for name, rows in held.items()}
        found = _compared(held, scores)
        mean = [np.mean([v for name, v in row.items() if not name.startswith("written")]) for row in found]
        forgotten = (
            max(found[0][name] - found[1][name] for name in held if name.startswith("written")) > FORGOTTEN
        )
        better = bool(mean[1] > mean[0]) and not forgotten
        reason = FORGOT if forgotten else "" if better else NO_BETTER
        if better:
            out.mkdir(parents=True, exist_ok=True)
            _moved(made, out)
    counts = {str(split): len(rows) for split, rows in parts.items()}
    return Trained(better, found[0], found[1], _intervals(held, scores), counts, reason)


FILES = ("model.onnx", "model.safetensors", "config.json")


def _place(out: Path) -> None:
    """The folder, made and tried before anything is trained. Raises ``InputError``."""
    if out.exists() and (
        not out.is_dir() or any(f.name.removesuffix(".part") not in FILES for f in out.iterdir())
    ):
        raise InputError(f"{out} is no folder of a verifier", hint="name a new folder")
    try:
        new = not out.exists()
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
        if new:
            out.rmdir()
    except OSError as error:
        raise InputError(f"cannot write into {out}: {error.strerror}", hint="name another folder") from error


def written(seed: int, most: int) -> dict[Split, list[Example]]:
    """Pairs and passages written for this project, by split; ``most`` to learn from."""
    found: dict[Split, list[Example]] = {}
    splits: tuple[Split, ...] = ("train", "dev", "test")
    for split in splits:
        rng, rows = Random(f"{seed} {split}"), list[Example]()
        for group in written_groups(split):
            for pair in pairs(group, rng, most=2):
                kind, same = (RELEVANT, YES) if pair.same else (NEAR_MISS, NO)
                rows.append(Example(pair.first, pair.second, "written/groups", kind, same))
        for row in written_answers(split):
            rows += [Example(q, row.passage, "written/answers", RELEVANT) for q in row.answered]
            rows += [Example(q, row.passage, "written/answers", NEAR_MISS) for q in row.not_answered]
        found[split] = rng.sample(rows, min(most if split == "train" else JUDGED, len(rows)))
    return found


def _enough(parts: dict[Split, list[Example]]) -> None:
    asked = _questions([e for rows in parts.values() for e in rows])
    for split in ("train", "test"):
        found = _questions(parts[split])
        for question in asked:
            some = found.get(question, [])
            right = sum(e.kind == RELEVANT for e in some)
            if min(right, len(some) - right) < FEWEST:
                raise InputError(
                    f"too few pairs: of {question}, {right} right and {len(some) - right} wrong ones fall to "
                    f"the {split} part, and each needs {FEWEST}",
                    hint="give more queries, each with right and wrong pairs",
                )


def _questions(rows: Sequence[Example]) -> dict[str, list[Example]]:
    """By what is asked: *same* or *relevant*."""
    parts = {
        "same": [e for e in rows if e.same != UNKNOWN],
        "relevant": [e for e in rows if e.same == UNKNOWN],
    }
    return {name: found for name, found in parts.items() if found}


def _halves(own: Sequence[Example], kept: Sequence[Example]) -> NDArray[np.float64]:
    """A weight for each: the user's pairs together as much as the others, and right as much as wrong ones."""
    right = np.array([e.kind == RELEVANT for e in (*own, *kept)])
    mine = np.arange(len(right)) < len(own)
    weight = np.zeros(len(right))
    for part in (mine, ~mine):
        for label in (right, ~right):
            weight[part & label] = 1 / max(int((part & label).sum()), 1)
    return np.asarray(weight / weight.sum())


def _scores(verifier: Verifier, rows: Sequence[Example]) -> NDArray[np.float64]:
    """Log-odds of what each example asks."""
    logits = verifier.logits([(e.query, e.passage) for e in rows])
    logits = np.clip(logits, -60, 60)
    found = np.where([e.same != UNKNOWN for e in rows], logits[:, SAME], relevant_odds(logits))
    return np.asarray(np.clip(np.nan_to_num(found, nan=-60, neginf=-60), -60, 60))


def _compared(
    held: dict[str, list[Example]], scores: dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]]
) -> tuple[dict[str, float], dict[str, float]]:
    def each(k: int) -> dict[str, float]:
        return {
            name: round(float(auroc([e.kind == RELEVANT for e in rows], scores[name][k])), 4)
            for name, rows in held.items()
        }

    return each(0), each(1)


def _intervals(
    held: dict[str, list[Example]], scores: dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]]
) -> dict[str, tuple[float, float]]:
    """Of the AUROCs after; queries are drawn with all their pairs."""
    return {
        name: resampled_interval(
            auroc, [e.kind == RELEVANT for e in rows], scores[name][1], [e.query for e in rows], resamples=300
        )
        for name, rows in held.items()
    }


def _calibrated(folder: Path, before: Verifier, rows: list[Example], weight: NDArray[np.float64]) -> Verifier:
    """The new verifier with *same* and *relevant* of single pairs calibrated anew; the rest is as before."""
    before.calibration.save(folder)
    verifier = Verifier(folder, encoder=before.encoder)
    read = [i for i, e in enumerate(rows) if e.query.strip() and e.passage.strip()]
    logits = verifier.logits([(rows[i].query, rows[i].passage) for i in read])
    fine = np.isfinite(logits[:, SAME])
    rows, weight, logits = (
        [rows[i] for i, f in zip(read, fine, strict=True) if f],
        weight[read][fine],
        logits[fine],
    )
    calibration = before.calibration
    alike = np.array([e.same != UNKNOWN for e in rows])
    right = np.array([e.kind == RELEVANT for e in rows])
    if len(set(right[alike].tolist())) == 2:
        same = fit_platt(logits[alike, SAME], right[alike], weight[alike])
        calibration = replace(calibration, same=same)
    if len(set(right[~alike].tolist())) == 2:
        judged = judge_pairs(verifier, [e for e, a in zip(rows, alike, strict=True) if not a], logits[~alike])
        made = fit(judged.features, FORMS["similarity"], judged.labels, weight[~alike])
        calibration = replace(calibration, weights={**calibration.weights, "similarity": made})
    calibration.save(folder)
    return Verifier(folder, encoder=before.encoder)


def _moved(made: Path, out: Path) -> None:
    """File by file, each whole, once all are on the disk. The configuration, without which the folder is no
    verifier, is taken away first and put in place last: what was killed in between is no verifier, rather
    than half of one."""
    parts = {name: out / f"{name}.part" for name in FILES}
    for name, part in parts.items():
        shutil.copyfile(made / name, part)  # a full disk is found here, where nothing is lost
    (out / "config.json").unlink(missing_ok=True)
    for name, part in parts.items():
        part.replace(out / name)
