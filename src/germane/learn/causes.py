"""Trains the causal scorer on self-made sequences and writes the folder that ships.

Usage: python -m germane.learn.causes --data FOLDER --out FOLDER [--members 5]

From ``caused/*.jsonl`` and the articles of SQuAD 2.0 (``learn/caused.py``), divided by title: the train and
test parts to learn from, the dev part for the epochs and the temperature. The test is the benchmark of Wang
et al., which is never read here.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from germane.backtrace.scorer import DOMAINS, Scorer, softmax, standing_out, with_domain
from germane.backtrace.signals import NAMES, Read, read, signals
from germane.encode.onnx import OnnxEncoder
from germane.encode.protocol import Tokens
from germane.learn.caused import Caused, squad_causes, written_causes
from germane.learn.ensemble import Ensemble
from germane.measure.decisions import auroc
from germane.measure.split import Split

logger = logging.getLogger(__name__)
Array = NDArray[np.float32]
ARTICLES = 0.3
"""How much a question of SQuAD counts beside one that was written for this."""
FAR = 0.5
"""And of a conversation whose cause lies more than two turns back: those were written for twice as often as
everyday talk has them."""
UNKNOWN = 0.2
"""Share of the sequences whose domain is hidden while learning."""
RATE, DECAY, BATCH = 2e-3, 1e-2, 64
OTHERS = 2
"""Other sequences of its domain that each query is held against, to learn when no place stands out."""


class Seen(NamedTuple):
    """A query's signals of its own sequence and of others of the domain, each ``(turns, signals)``."""

    caused: Caused
    domain: str
    signals: Array
    others: list[Array]


def seen(rows: Sequence[Caused], encoder: OnnxEncoder, others: int = OTHERS, seed: int = 0) -> list[Seen]:
    rng = Random(seed)
    sequences: dict[tuple[str, str], Read] = {}
    for row in rows:
        if (row.domain, row.title) not in sequences:
            sequences[row.domain, row.title] = read(row.turns, encoder)
    by_domain = {d: [k for k in sequences if k[0] == d] for d in {k[0] for k in sequences}}
    pooled, tokens = encoder.encode([row.query for row in rows], kind="query")
    found = []
    for row, vector, pieces in zip(rows, pooled, tokens, strict=True):
        own = sequences[row.domain, row.title]
        held = [sequences[k] for k in by_domain[row.domain] if k != (row.domain, row.title)]
        far = [_signals(row, vector, pieces, other) for other in rng.sample(held, min(others, len(held)))]
        domain = row.domain if row.domain in DOMAINS else ""
        found.append(Seen(row, domain, _signals(row, vector, pieces, own), far))
    return found


def _signals(row: Caused, vector: Array, pieces: Tokens, sequence: Read) -> Array:
    """In another sequence the query stands where it stood in its own, or at the end of a shorter one."""
    at = None if row.at is None else min(row.at, len(sequence.turns))
    speaker = row.turns[row.at].speaker if row.at is not None else ""
    return signals(row.query, vector, pieces, sequence, at, speaker)


def counts(row: Seen) -> float:
    """How much a query counts."""
    at, latest = row.caused.at, max(row.caused.causes)
    far = row.domain == "conversation" and at is not None and at - latest > 2
    return (1.0 if row.caused.domain in DOMAINS else ARTICLES) * (FAR if far else 1.0)


def place_network(rows: Sequence[Seen], members: int, epochs: int, seed: int = 0) -> Ensemble:
    """Cross entropy over the turns of each sequence, shared by its causes."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    known = [with_domain(row.signals, row.domain) for row in rows]
    weight = np.array([counts(row) for row in rows])
    model = Ensemble(members, np.concatenate(known))
    optimiser = torch.optim.AdamW(model.parameters(), RATE, weight_decay=DECAY)
    steps = epochs * (-(-len(rows) // BATCH))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 2 * RATE, total_steps=steps + 1)
    for _ in range(steps):
        chosen = rng.choice(len(rows), BATCH, p=weight / weight.sum())
        loss = torch.zeros(())
        batch = [known[i] for i in chosen]
        inputs = torch.from_numpy(np.concatenate(batch))
        hidden = rng.random(BATCH) < UNKNOWN
        mask = torch.from_numpy(np.repeat(hidden, [len(b) for b in batch]))
        inputs[:, -len(DOMAINS) :] *= (~mask)[:, None]
        model.train()
        logits = model(inputs)
        at = 0
        for i, part in zip(chosen, batch, strict=True):
            share = logits[:, at : at + len(part)].log_softmax(dim=1)
            loss = loss - share[:, list(rows[i].caused.causes)].mean()
            at += len(part)
        optimiser.zero_grad()
        (loss / BATCH).backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
    return model.eval()


def presence_network(
    rows: Sequence[Seen], logits: Sequence[list[Array]], members: int, epochs: int, seed: int = 0
) -> Ensemble:
    """Whether a sequence holds the cause: each query's own against others of the domain."""
    torch.manual_seed(seed)
    inputs, labels, weight = presence_rows(rows, logits)
    model = Ensemble(members, inputs, width=24)
    optimiser = torch.optim.AdamW(model.parameters(), RATE, weight_decay=5 * DECAY)
    rng, wanted = np.random.default_rng(seed), torch.from_numpy(labels.astype(np.float32))
    everything = torch.from_numpy(inputs)
    for _ in range(epochs * (-(-len(inputs) // BATCH))):
        chosen = torch.from_numpy(rng.choice(len(inputs), BATCH, p=weight / weight.sum()))
        model.train()
        odds = model(everything[chosen])
        target = wanted[chosen].expand_as(odds)
        loss = nn.functional.binary_cross_entropy_with_logits(odds, target)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    return model.eval()


def presence_rows(
    rows: Sequence[Seen], logits: Sequence[list[Array]]
) -> tuple[Array, NDArray[np.bool_], NDArray[np.float64]]:
    """Inputs, whether the sequence is the query's own, and how much each counts (own and others alike)."""
    inputs, labels, weight = [], [], []
    for row, found in zip(rows, logits, strict=True):
        for i, (part, logit) in enumerate(zip((row.signals, *row.others), found, strict=True)):
            inputs.append(standing_out(part, logit, row.domain))
            labels.append(i == 0)
            weight.append(counts(row) if i == 0 else counts(row) / max(1, len(row.others)))
    return np.stack(inputs), np.array(labels), np.array(weight)


def read_logits(model: Ensemble, rows: Sequence[Seen]) -> list[list[Array]]:
    """Of each query's own sequence, then of the others."""
    with torch.no_grad():
        return [
            [
                model(torch.from_numpy(with_domain(part, row.domain))).mean(dim=0).numpy()
                for part in (row.signals, *row.others)
            ]
            for row in rows
        ]


def fitted_temperature(rows: Sequence[Seen], logits: Sequence[list[Array]]) -> float:
    """What makes the softmax most likely on these rows, by a scan."""
    scale = np.geomspace(0.5, 4, 40)
    written = [(row, x[0]) for row, x in zip(rows, logits, strict=True) if row.caused.domain in DOMAINS]

    def loss(t: float) -> float:
        return -float(np.mean([np.log(softmax(x / t)[[*r.caused.causes]].sum() + 1e-9) for r, x in written]))

    return float(min(scale, key=loss))


def report(rows: Sequence[Seen], logits: Sequence[list[Array]], presence: Ensemble) -> None:
    """acc@1 and acc@3 by domain, beside cosine's, and the AUROC of presence."""
    with torch.no_grad():
        for domain in dict.fromkeys(row.domain for row in rows):
            chosen = [(r, x) for r, x in zip(rows, logits, strict=True) if r.domain == domain]
            hits = np.array([_hits(r, x[0]) + _hits(r, r.signals[:, 0]) for r, x in chosen], float)
            inputs, labels, _ = presence_rows([r for r, _ in chosen], [x for _, x in chosen])
            odds = presence(torch.from_numpy(inputs)).mean(dim=0).numpy()
            logger.info("%s %d: acc@1, @3 %.3f %.3f (cosine %.3f %.3f), presence %.3f", domain or "article",
                        len(chosen), *hits.mean(axis=0), auroc(labels, odds))  # fmt: skip


def _hits(row: Seen, scores: Array) -> tuple[bool, bool]:
    order, causes = np.argsort(-scores, kind="stable"), set(row.caused.causes)
    return int(order[0]) in causes, bool(causes & set(order[:3].tolist()))


def rows_of(data: Path, split: Split) -> list[Caused]:
    found = [*written_causes(split), *squad_causes(data, split)]
    return [row for row in found if row.at is None or row.at > 0]


def fit(train: Sequence[Seen], dev: Sequence[Seen], members: int, epochs: int) -> dict[str, Any]:
    """The arrays of ``Scorer``; the temperature is fitted on ``dev``."""
    place = place_network(train, members, epochs)
    logits, dev_logits = read_logits(place, train), read_logits(place, dev)
    unsaid = [row._replace(domain="") for row in dev]
    temperature = fitted_temperature([*dev, *unsaid], [*dev_logits, *read_logits(place, unsaid)])
    logits, dev_logits = ([[x / temperature for x in f] for f in each] for each in (logits, dev_logits))
    # Some whose domain is not said, as most people will not say it.
    unsaid = [row._replace(domain="") for row in train[:: round(1 / UNKNOWN)]]
    unsaid_logits = [[x / temperature for x in f] for f in read_logits(place, unsaid)]
    presence = presence_network([*train, *unsaid], [*logits, *unsaid_logits], members, 6)
    report(dev, dev_logits, presence)
    return {"temperature": temperature, **place.arrays("place"), **presence.arrays("presence")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("data", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--members", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=15)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    encoder = OnnxEncoder(threads=1)
    train = seen([*rows_of(arguments.data, "train"), *rows_of(arguments.data, "test")], encoder)
    dev = seen(rows_of(arguments.data, "dev"), encoder)
    logger.info("%d train and %d dev queries", len(train), len(dev))
    arrays = fit(train, dev, arguments.members, arguments.epochs)
    arguments.out.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        arguments.out / "scorer.npz", encoder=encoder.identity, names=np.array(NAMES), **arrays
    )
    Scorer(arguments.out)


if __name__ == "__main__":
    main()
