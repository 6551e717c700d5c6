"""Trains the model that tells whether two texts say the same, calibrates it, and writes what ships.

Usage: python -m germane.learn.same --data FOLDER --work FOLDER --out FOLDER [--steps 4000]

``--work`` keeps edits and hidden states from one run to the next. The same data, seed and library versions
give the same weights. ``--without`` holds out types of edits, ``--unseen`` sources or domains.
"""

from __future__ import annotations

import argparse
import json
import logging
from pathlib import Path
from random import Random

import torch

from germane.encode.onnx import OnnxEncoder
from germane.learn.edited import edits
from germane.learn.groups import Pair
from germane.learn.same.calibrate import calibrate
from germane.learn.same.export import save
from germane.learn.same.head import Same
from germane.learn.same.pairs import all_pairs
from germane.learn.same.states import States
from germane.learn.same.train import log_odds, train
from germane.measure.split import Split
from germane.verify.thesaurus import shipped

logger = logging.getLogger(__name__)
TOKEN_DIMENSION = 112
DEV = 8000
"""Dev pairs that are tried, and calibrated on."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--without", nargs="*", default=(), help="types of edits held out")
    parser.add_argument("--unseen", nargs="*", default=(), help="sources and domains held out")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    encoder = OnnxEncoder(threads=arguments.threads)

    def pairs(split: Split) -> list[Pair]:
        groups = edits(arguments.data, split, arguments.work, encoder)
        return all_pairs(arguments.data, split, groups, encoder)

    everything, held = pairs("train"), set(arguments.without)
    train_set = [
        p for p in everything
        if not held & set(p.kind.split("+")) and not {p.source, p.domain} & set(arguments.unseen)
    ]  # fmt: skip
    dev = Random(0).sample(found := pairs("dev"), min(DEV, len(found)))
    logger.info("%d train and %d dev pairs", len(train_set), len(dev))
    states = States([t for p in (*everything, *dev) for t in (p.first, p.second)], encoder, arguments.work)
    model = Same(encoder.dimension, TOKEN_DIMENSION)
    logger.info("%d parameters", sum(p.numel() for p in model.parameters()))
    arguments.out.mkdir(parents=True, exist_ok=True)
    train(model, train_set, dev, states, shipped(), steps=arguments.steps, rate=arguments.rate,
          seed=arguments.seed, checkpoint=arguments.out / "last.pt")  # fmt: skip
    config = calibrate(dev, log_odds(model, dev, states, shipped())) | {"encoder": encoder.identity}
    (arguments.out / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    logger.info("ONNX differs by %.2g; %s", save(model, encoder, arguments.out), config)


if __name__ == "__main__":
    main()
