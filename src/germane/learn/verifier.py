"""Trains the verifier on licensed data, calibrates it, and writes the folder that ships.

Usage: python -m germane.learn.verifier --data FOLDER --work FOLDER --out FOLDER [--steps 6000]

``--work`` keeps the examples and their encodings from one run to the next. The same data, seed and library
versions give the same weights. ``--without`` holds out types of edits, ``--unseen`` sources or domains.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

import torch

from germane.encode.onnx import SHIPPED, OnnxEncoder
from germane.learn.batches import Encodings
from germane.learn.calibrate import calibrate
from germane.learn.examples import Example, examples
from germane.learn.export_verifier import save
from germane.learn.head import Head
from germane.learn.lists import Lists, pools
from germane.learn.rankings import TASKS
from germane.learn.train import Plan, train
from germane.learn.weights import drawn
from germane.verify.thesaurus import shipped

logger = logging.getLogger(__name__)


def held_out(found: list[Example], types: set[str], parts: set[str]) -> list[Example]:
    """Without the examples whose type of edit is in ``types``, or whose source or domain is in ``parts``."""
    return [
        e
        for e in found
        if not types & set(e.source.rpartition("/")[2].split("+")) and not parts & set(e.source.split("/"))
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("data", "work", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, default=SHIPPED)
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--pairs", type=int, default=192, help="single pairs a step")
    parser.add_argument("--lists", type=int, default=12, help="lists a step; 0 learns from pairs alone")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--examples", type=int, default=200_000, help="train examples, drawn by weight")
    parser.add_argument("--dev", type=int, default=8000, help="dev examples, drawn by weight")
    parser.add_argument("--start", type=Path, help="tokens.pt of germane.learn.tokens, to go on from")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--without", nargs="*", default=(), help="types of edits held out")
    parser.add_argument("--unseen", nargs="*", default=(), help="sources and domains held out")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    data, work, out = arguments.data, arguments.work, arguments.out
    encoder = OnnxEncoder(arguments.encoder)
    train_set = drawn(examples(data, "train", work, encoder), arguments.examples)
    dev_set = drawn(examples(data, "dev", work, encoder), arguments.dev)
    lists = Lists([pools(task(data, "train"), encoder) for task in TASKS]) if arguments.lists else None
    texts = {text for e in (*train_set, *dev_set) for text in (e.query, e.passage)}
    texts |= lists.texts if lists else set()
    logger.info("%d train and %d dev examples, %d lists, %d texts", len(train_set), len(dev_set),
                len(lists.pools) if lists else 0, len(texts))  # fmt: skip
    encodings = Encodings(sorted(texts), encoder, work)
    train_set = held_out(train_set, set(arguments.without), set(arguments.unseen))
    model = Head(encoder.token_dimension, dropout=arguments.dropout)
    if arguments.start:
        read = torch.load(arguments.start, weights_only=True)
        model.load_state_dict({n.removeprefix("head."): t for n, t in read.items() if n.startswith("head.")})
    logger.info("%d parameters", sum(p.numel() for p in model.parameters()))
    out.mkdir(parents=True, exist_ok=True)
    plan = Plan(arguments.steps, arguments.pairs, arguments.lists, arguments.rate, arguments.seed)
    train(model, train_set, dev_set, encodings, shipped(), plan, lists=lists, checkpoint=out / "last.pt")
    logger.info("ONNX differs by %.2g", save(model, encoder, out))
    calibrate(out, data, dev_set, encoder, limit=300 if lists else 0)


if __name__ == "__main__":
    main()
