"""The training loop of the verifier's head: single pairs by kind, and lists by order."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import cross_entropy

from germane.learn.batches import Encodings, batch, batches, plan
from germane.learn.examples import NEAR_MISS, OFF_TOPIC, RELEVANT, Example
from germane.learn.head import Head
from germane.learn.lists import LENGTH, Lists
from germane.learn.weights import weights
from germane.measure.decisions import auroc
from germane.verify.inputs import Inputs
from germane.verify.lexicon import Lexicon

logger = logging.getLogger(__name__)
CELLS = 60_000
"""Of similarity maps, in one pass of the head."""
PAIRS, LISTS = 96, 12
"""Examples, and lists, a step."""
ROUND = 250
"""Steps for which examples are drawn at once, and after which the head is tried on dev data."""
HINTS = (9 * 60.0, 9.0)
"""What recall's reciprocal ranks and MaxSim count beside the head's log-odds at the start of training."""


def tensors(inputs: Inputs) -> list[torch.Tensor]:
    return [torch.from_numpy(np.ascontiguousarray(array)) for array in inputs]


def log_odds(kinds: torch.Tensor) -> torch.Tensor:
    """Of relevant against the two others, ``(n,)`` from logits ``(n, 3)``."""
    return kinds[:, RELEVANT] - torch.logsumexp(kinds[:, [NEAR_MISS, OFF_TOPIC]], dim=1)


class Hints(torch.nn.Module):
    """What recall knows, added to the head's log-odds in half of the list loss: the head learns to order
    lists by itself, and to mend the order that recall gives. Not shipped; calibration weighs anew."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = torch.nn.Parameter(torch.tensor(HINTS).log())

    def forward(self, fused: torch.Tensor, maxsim: torch.Tensor) -> torch.Tensor:
        fused_scale, maxsim_scale = self.scale.exp()
        added: torch.Tensor = fused_scale * fused + maxsim_scale * maxsim
        return added


def train(
    head: Head, train_set: list[Example], lists: Lists, dev_set: list[Example], encodings: Encodings,
    lexicon: Lexicon, *, steps: int, rate: float = 2e-3, seed: int = 0, checkpoint: Path | None = None,
) -> Head:  # fmt: skip
    """AdamW, one cycle of the rate; cross entropy of kinds on pairs drawn by weight, and of the right
    passage within lists (ListNet's top one, Cao et al. 2007). The last state is kept."""
    rng = np.random.default_rng(seed)
    pairs = [(e.query, e.passage) for e in train_set]
    kinds = torch.tensor([e.kind for e in train_set])
    share = weights(train_set)
    hints = Hints()
    parameters = [*head.parameters(), *hints.parameters()]
    optimiser = torch.optim.AdamW(parameters, rate, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps + 1, pct_start=0.08)
    running, started = np.zeros(2), time.time()
    for done in range(1, steps + 1):
        if (done - 1) % ROUND == 0:
            drawn = rng.choice(len(pairs), ROUND * PAIRS, p=share / share.sum())
            chosen = _alike([pairs[i] for i in drawn], encodings, rng)
        head.train()
        optimiser.zero_grad()
        rows = drawn[next(chosen)]
        logits = _forward(head, [pairs[i] for i in rows], encodings, lexicon)[0]
        by_kind = cross_entropy(logits, kinds[rows], label_smoothing=0.02)
        by_list = _list_loss(head, hints, lists, encodings, lexicon, rng)
        (by_kind + by_list).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        schedule.step()
        now = np.array([by_kind.item(), by_list.item()])
        running = now if done == 1 else 0.98 * running + 0.02 * now
        if done % 50 == 0:
            spent = time.time() - started
            left = spent / done * (steps - done) / 60
            logger.info("step %d of %d, loss %.3f %.3f, %.1f min left", done, steps, *running, left)
        if done % ROUND == 0 or done == steps:
            logger.info("dev %s, hints %s", report(dev_set, kind_logits(head, dev_set, encodings, lexicon)),
                        hints.scale.exp().tolist())  # fmt: skip
            if checkpoint:
                torch.save(head.state_dict(), checkpoint)
    return head.eval()


def _list_loss(
    head: Head, hints: Hints, lists: Lists, encodings: Encodings, lexicon: Lexicon, rng: np.random.Generator
) -> torch.Tensor:
    found = lists.draw(LISTS, rng)
    logits, best = _forward(head, found.pairs, encodings, lexicon)
    alone = log_odds(logits).reshape(LISTS, LENGTH)
    added = hints(torch.from_numpy(found.fused), best.reshape(LISTS, LENGTH))
    first = torch.zeros(LISTS, dtype=torch.long)
    return (cross_entropy(alone, first) + cross_entropy(alone + added, first)) / 2


def _forward(
    head: Head, pairs: Sequence[tuple[str, str]], encodings: Encodings, lexicon: Lexicon
) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits ``(pairs, 3)`` and MaxSims ``(pairs,)``, in their order."""
    parts, places = [], []
    for chosen in plan(pairs, encodings, CELLS, None):
        given = tensors(batch([pairs[i] for i in chosen], encodings, lexicon))
        maps, row_mask, column_mask = given[0][:, 0], given[5], given[6]
        best = (maps - 9 * (1 - column_mask[:, None])).amax(2) * row_mask
        parts.append((head(*given), best.sum(1) / row_mask.sum(1).clamp(min=1)))
        places.append(chosen)
    back = torch.from_numpy(np.argsort(np.concatenate(places)))
    return torch.cat([p[0] for p in parts])[back], torch.cat([p[1] for p in parts])[back]


def _alike(
    pairs: Sequence[tuple[str, str]], encodings: Encodings, rng: np.random.Generator
) -> Iterator[NDArray[np.int64]]:
    """Indices of ``pairs`` in steps of ``PAIRS``, in groups of like lengths so that little is padding,
    each step of several groups, since one length alone would be of few sources."""
    groups = plan(pairs, encodings, CELLS, rng)
    order = np.concatenate(groups)
    for at in range(0, len(order), PAIRS):
        yield order[at : at + PAIRS]


def kind_logits(
    head: Head, found: list[Example], encodings: Encodings, lexicon: Lexicon
) -> NDArray[np.float32]:
    """Logits ``(examples, 3)`` in the order of ``found``."""
    head.eval()
    scores = np.zeros((len(found), 3), np.float32)
    with torch.no_grad():
        for chosen, inputs in batches([(e.query, e.passage) for e in found], encodings, lexicon):
            scores[chosen] = head(*tensors(inputs)).numpy()
    return scores


def report(found: list[Example], logits: NDArray[np.float32]) -> dict[str, float]:
    """AUROC of relevant against near-misses and off-topic, by family of sources."""
    score, kinds = log_odds(torch.from_numpy(logits)).numpy(), np.array([e.kind for e in found])
    family = np.array([e.source.partition("/")[0] for e in found])
    measures = {}
    for name in sorted(set(family)):
        for label, negative in (("near", NEAR_MISS), ("off", OFF_TOPIC)):
            kept = (family == name) & ((kinds == RELEVANT) | (kinds == negative))
            if len({RELEVANT, negative} & set(kinds[kept].tolist())) == 2:
                measures[f"{name}/{label}"] = round(auroc(kinds[kept] == RELEVANT, score[kept]), 3)
    return measures
