"""The training loop of the verifier: single pairs by label, and lists by order."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from germane.learn.batches import Encodings
from germane.learn.examples import UNKNOWN, Example
from germane.learn.lists import LENGTH, Drawn, Lists
from germane.learn.weights import weights
from germane.measure.decisions import auroc
from germane.verify.inputs import Inputs
from germane.verify.outputs import NEAR_MISS, OFF_TOPIC, RELEVANT, SAME, SUPPORTS
from germane.verify.thesaurus import Thesaurus

logger = logging.getLogger(__name__)
CELLS = 60_000
"""Of similarity maps, in one pass of the model."""
ROUND = 250
"""Steps for which examples are drawn at once."""
HINTS = (9 * 60.0, 9.0)
"""What recall's reciprocal ranks and MaxSim count beside the model's log-odds at the start of training."""
UNRELATED = 0.1
"""Share of pairs whose words' relations are hidden, so that the vectors are learnt from, too."""
SMOOTH = 0.02
"""Labels are this far from 0 and 1: some are wrong."""


@dataclass(frozen=True)
class Plan:
    """How long and how fast: ``pairs`` and ``lists`` a step; the projection, where there is one, learns at
    half the rate."""

    steps: int
    pairs: int = 192
    lists: int = 12
    rate: float = 2e-3
    seed: int = 0


def tensors(inputs: Inputs) -> list[Tensor]:
    return [torch.from_numpy(np.ascontiguousarray(array)) for array in inputs]


def log_odds(logits: Tensor) -> Tensor:
    """Of relevant against near_miss and off_topic, ``(n,)``."""
    return logits[:, RELEVANT] - torch.logsumexp(logits[:, [NEAR_MISS, OFF_TOPIC]], dim=1)


class Hints(nn.Module):
    """What recall knows, added to the model's log-odds in half of the list loss: it learns to order lists by
    itself, and to mend the order that recall gives. Not shipped; calibration weighs anew."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.tensor(HINTS).log())

    def forward(self, fused: Tensor, maxsim: Tensor) -> Tensor:
        fused_scale, maxsim_scale = self.scale.exp()
        added: Tensor = fused_scale * fused + maxsim_scale * maxsim
        return added


def train(
    model: nn.Module, found: list[Example], dev: list[Example], encodings: Encodings, thesaurus: Thesaurus,
    plan: Plan, *, lists: Lists | None = None, checkpoint: Path | None = None,
    weight: NDArray[np.float64] | None = None, progress: Callable[[int, int], None] | None = None,
) -> nn.Module:  # fmt: skip
    """AdamW, one cycle of the rate; cross entropy of what is known of pairs drawn by weight, and of the right
    passage within lists (ListNet's top one, Cao et al. 2007). The last state is kept. ``weight`` ``(found,)``
    is how likely each is drawn, by default as in ``weights``; ``progress`` is told the steps done and all."""
    labels, hints = Labels(found), Hints()
    slow = [p for n, p in model.named_parameters() if n == "project.weight" and hasattr(model, "head")]
    fast = [p for p in model.parameters() if all(p is not s for s in slow)]
    groups = [{"params": [*fast, *hints.parameters()]}, *([{"params": slow}] if slow else [])]
    rates = [plan.rate, plan.rate / 2][: len(groups)]
    optimiser = torch.optim.AdamW(groups, plan.rate, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, rates, total_steps=plan.steps + 1, pct_start=0.08
    )
    running, started = np.zeros(2), time.time()
    for done, (step, rows, ranked) in enumerate(
        _steps(found, encodings, thesaurus, plan, lists, weights(found) if weight is None else weight), 1
    ):
        model.train()
        optimiser.zero_grad()
        by_pair = torch.zeros(())
        for chosen, inputs in step:
            part = rows[chosen]
            by_pair = by_pair + labels.loss(_shown(model, inputs), part) * len(part) / len(rows)
        by_list = torch.zeros(()) if ranked is None else _list_loss(model, hints, *ranked)
        (by_pair + by_list).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_([p for g in groups for p in g["params"]], 1.0)
        optimiser.step()
        schedule.step()
        now = np.array([by_pair.item(), by_list.item()])
        running = now if done == 1 else 0.98 * running + 0.02 * now
        if done % 50 == 0:
            left = (time.time() - started) / done * (plan.steps - done) / 60
            logger.info("step %d of %d, loss %.3f %.3f, %.1f min left", done, plan.steps, *running, left)
        if progress:
            progress(done, plan.steps)
        if dev and (done % (4 * ROUND) == 0 or done == plan.steps):
            logger.info("dev %s", report(dev, read(model, dev, encodings, thesaurus)))
            if checkpoint:
                torch.save(model.state_dict(), checkpoint)
    return model.eval()


class Labels:
    """What is known of each example, and the loss of logits ``(n, 5)`` against it."""

    def __init__(self, found: Sequence[Example]) -> None:
        self.kinds, self.same, self.supports = (
            torch.tensor([getattr(e, name) for e in found]) for name in ("kind", "same", "supports")
        )

    def loss(self, logits: Tensor, rows: NDArray[np.int64]) -> Tensor:
        """Each question counts by the share of the examples that answer it."""
        kinds = self.kinds[rows]
        total = cross_entropy(
            logits[:, :3], kinds, ignore_index=UNKNOWN, label_smoothing=SMOOTH, reduction="sum"
        )
        for place, labels in ((SAME, self.same[rows]), (SUPPORTS, self.supports[rows])):
            known = labels != UNKNOWN
            wanted = labels[known].float() * (1 - 2 * SMOOTH) + SMOOTH
            total = total + binary_cross_entropy_with_logits(logits[known, place], wanted, reduction="sum")
        return total / len(rows)


Step = list[tuple[NDArray[np.int64], Inputs]]
Ranked = tuple[Step, Drawn]


def _steps(
    found: list[Example],
    encodings: Encodings,
    thesaurus: Thesaurus,
    plan: Plan,
    lists: Lists | None,
    share: NDArray[np.float64],
) -> Iterator[tuple[Step, NDArray[np.int64], Ranked | None]]:
    """The batches of every step, put together one step ahead in a thread of their own."""
    rng = np.random.default_rng(plan.seed)
    pairs = [(e.query, e.passage) for e in found]
    share = share / share.sum()

    def made(rows: NDArray[np.int64], drawn: Drawn | None) -> tuple[Step, NDArray[np.int64], Ranked | None]:
        step = _batched([pairs[i] for i in rows], encodings, thesaurus)
        ranked = (_batched(drawn.pairs, encodings, thesaurus), drawn) if drawn else None
        return step, rows, ranked

    def orders() -> Iterator[tuple[NDArray[np.int64], Drawn | None]]:
        for at in range(0, plan.steps, ROUND):
            drawn = rng.choice(len(pairs), min(ROUND, plan.steps - at) * plan.pairs, p=share)
            # Groups of like lengths, so that little is padding; each step of several groups, since one
            # length alone would be of few sources.
            order = np.concatenate(encodings.plan([pairs[i] for i in drawn], 20_000, rng))
            for start in range(0, len(order), plan.pairs):
                yield drawn[order[start : start + plan.pairs]], lists.draw(plan.lists, rng) if lists else None

    with ThreadPoolExecutor(1) as ahead:
        waiting = None
        for order in orders():
            coming = ahead.submit(made, *order)
            if waiting is not None:
                yield waiting.result()
            waiting = coming
        if waiting is not None:
            yield waiting.result()


def _batched(pairs: Sequence[tuple[str, str]], encodings: Encodings, thesaurus: Thesaurus) -> Step:
    chosen = encodings.plan(pairs, CELLS)
    return [(rows, encodings.batch([pairs[i] for i in rows], thesaurus)) for rows in chosen]


def _shown(model: nn.Module, inputs: Inputs) -> Tensor:
    """Logits, the relations of some pairs hidden."""
    query, passage, relations, *rest = tensors(inputs)
    shown = torch.rand(len(relations), 1, 1) >= UNRELATED
    logits: Tensor = model(query, passage, relations * shown, *rest)[0]
    return logits


def _list_loss(model: nn.Module, hints: Hints, batches: Step, found: Drawn) -> Tensor:
    parts = [(rows, model(*tensors(inputs))) for rows, inputs in batches]
    back = torch.from_numpy(np.argsort(np.concatenate([rows for rows, _ in parts])))
    logits, best = (torch.cat([read[k] for _, read in parts])[back] for k in (0, 1))
    alone = log_odds(logits).reshape(-1, LENGTH)
    added = hints(torch.from_numpy(found.fused), best.reshape(-1, LENGTH))
    first = torch.zeros(len(alone), dtype=torch.long)
    return (cross_entropy(alone, first) + cross_entropy(alone + added, first)) / 2


def read(
    model: nn.Module, found: Sequence[Example], encodings: Encodings, thesaurus: Thesaurus
) -> NDArray[np.float64]:
    """Logits ``(examples, 5)`` in the order of ``found``; *same* is the mean of both directions."""
    model.eval()
    logits = np.zeros((len(found), 5))
    with torch.no_grad():
        for rows, inputs in _batched([(e.query, e.passage) for e in found], encodings, thesaurus):
            logits[rows] = model(*tensors(inputs))[0].numpy()
            turned = model(*tensors(inputs.turned()))[0].numpy()
            logits[rows, SAME] = (logits[rows, SAME] + turned[:, SAME]) / 2
    return logits


def report(found: Sequence[Example], logits: NDArray[np.float64]) -> dict[str, float]:
    """AUROC of each question by source, and by source and domain."""
    score = {
        "same": logits[:, SAME],
        "supports": logits[:, SUPPORTS],
        "kind": log_odds(torch.from_numpy(logits)).numpy(),
    }
    rows: dict[tuple[str, str], list[tuple[bool, float]]] = defaultdict(list)
    for i, e in enumerate(found):
        name = e.source.split("/")
        known = {"same": e.same, "supports": e.supports, "kind": e.kind}
        for question, label in known.items():
            if label != UNKNOWN and (question != "kind" or e.same == UNKNOWN):
                known_right = label == RELEVANT if question == "kind" else bool(label)
                rows[question, name[0]].append((known_right, score[question][i]))
                if name[0] == "written":
                    rows[question, "/".join(name[:2])].append((known_right, score[question][i]))
    measures = {}
    for (question, source), both in sorted(rows.items()):
        right, value = np.array([b for b, _ in both]), np.array([v for _, v in both])
        if 5 <= right.sum() <= len(right) - 5:
            measures[f"{question} {source}"] = round(float(auroc(right, value)), 3)
    return measures
