"""The training loop, and what it reports."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import binary_cross_entropy_with_logits

from germane.learn.groups import Pair
from germane.learn.same.head import Same
from germane.learn.same.pairs import shares
from germane.learn.same.states import States
from germane.measure.decisions import auroc
from germane.verify.same import SameInputs
from germane.verify.thesaurus import Thesaurus

logger = logging.getLogger(__name__)
BATCH = 192
ROUND = 100
"""Steps for which pairs are drawn at once."""
UNRELATED = 0.1
"""Share of pairs whose words' relations are hidden, so that the vectors are learnt from, too."""
SMOOTH = 0.02
"""Labels are this far from 0 and 1: some are wrong."""


def tensors(inputs: SameInputs) -> list[torch.Tensor]:
    return [torch.from_numpy(np.ascontiguousarray(array)) for array in inputs]


def train(
    model: Same, pairs: Sequence[Pair], dev: Sequence[Pair], states: States, thesaurus: Thesaurus, *,
    steps: int, rate: float = 2e-3, seed: int = 0, checkpoint: Path | None = None,
) -> Same:  # fmt: skip
    """AdamW, one cycle of the rate, the projection at half of it; cross entropy on pairs drawn as in
    ``pairs.shares``, read in one direction. The last state is kept."""
    rng = np.random.default_rng(seed)
    share = shares(pairs)
    groups = [
        {"params": list(model.head.parameters()), "lr": rate},
        {"params": list(model.project.parameters()), "lr": rate / 2},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [rate, rate / 2], total_steps=steps + 1, pct_start=0.08
    )
    running, started, done = 0.0, time.time(), 0
    while done < steps:
        count = min(ROUND, steps - done)
        drawn = rng.choice(len(pairs), count * BATCH, p=share)
        for rows in states.batches([pairs[i] for i in drawn], BATCH, rng):
            model.train()
            optimiser.zero_grad()
            loss = _loss(model, [pairs[i] for i in drawn[rows]], states, thesaurus)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            done += 1
            running = loss.item() if done == 1 else 0.98 * running + 0.02 * loss.item()
        left = (time.time() - started) / done * (steps - done) / 60
        logger.info("step %d of %d, loss %.3f, %.1f min left", done, steps, running, left)
        if done % (10 * ROUND) == 0 or done == steps:
            logger.info("dev %s", report(dev, log_odds(model, dev, states, thesaurus)))
            if checkpoint:
                torch.save(model.state_dict(), checkpoint)
    return model.eval()


def _loss(model: Same, pairs: Sequence[Pair], states: States, thesaurus: Thesaurus) -> torch.Tensor:
    first, second, relations, *rest = tensors(states.batch(pairs, thesaurus))
    shown = torch.rand(len(pairs), 1, 1) >= UNRELATED
    odds = model.one_way(first, second, relations * shown, *rest)
    labels = torch.tensor([float(p.same) for p in pairs])
    return binary_cross_entropy_with_logits(odds, labels * (1 - 2 * SMOOTH) + SMOOTH)


def log_odds(model: Same, pairs: Sequence[Pair], states: States, thesaurus: Thesaurus) -> NDArray[np.float64]:
    """Both directions' mean, ``(pairs,)``."""
    model.eval()
    found = np.zeros(len(pairs))
    with torch.no_grad():
        for rows in states.batches(pairs, BATCH):
            found[rows] = model(*tensors(states.batch([pairs[i] for i in rows], thesaurus))).numpy()
    return found


def report(pairs: Sequence[Pair], odds: NDArray[np.float64]) -> dict[str, float]:
    """AUROC by source and domain."""
    rows: dict[str, list[int]] = defaultdict(list)
    for i, pair in enumerate(pairs):
        rows[f"{pair.source}/{pair.domain}"].append(i)
        rows[pair.source].append(i)
    right = np.array([p.same for p in pairs])
    return {
        name: round(float(auroc(right[chosen], odds[chosen])), 3)
        for name, chosen in sorted(rows.items())
        if len(set(right[chosen].tolist())) == 2
    }
