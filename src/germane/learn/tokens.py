"""Learns the projection of hidden states to token vectors: ``python -m germane.learn.tokens``.

A verifier is trained on short pairs together with a projection of the states of the encoder's
``token_layers``; the projection alone is kept, as ``projection.npy`` of the encoder's folder. What is stored
of a passage, and what ``search``, ``verify`` and ``guard`` read, are these vectors. The pooled vectors do not
depend on it.

Usage: python -m germane.learn.tokens --data FOLDER --work FOLDER --encoder FOLDER [--steps 4000]
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

import numpy as np
import torch

from germane.encode.onnx import OnnxEncoder
from germane.learn.batches import Encodings
from germane.learn.examples import Example, examples
from germane.learn.head import Projected
from germane.learn.train import Plan, train
from germane.learn.weights import drawn
from germane.verify.thesaurus import shipped

logger = logging.getLogger(__name__)
SHORT = 420
"""Characters of a text that is learnt from here, at most."""
DIMENSION = 112


def short(found: list[Example], count: int) -> list[Example]:
    """Examples of short texts, drawn by weight."""
    return drawn([e for e in found if max(len(e.query), len(e.passage)) <= SHORT], count)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in ("data", "work"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True, help="where projection.npy is written")
    parser.add_argument("--dimension", type=int, default=DIMENSION)
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--examples", type=int, default=100_000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    encoder, work = OnnxEncoder(arguments.encoder), arguments.work
    encoder.forget_projection()
    train_set = short(examples(arguments.data, "train", work, encoder), arguments.examples)
    dev_set = short(examples(arguments.data, "dev", work, encoder), 6000)
    texts = [t for e in (*train_set, *dev_set) for t in (e.query, e.passage)]
    logger.info("%d train and %d dev examples, %d texts", len(train_set), len(dev_set), len(set(texts)))
    states = Encodings(texts, encoder, work, "states")
    model = Projected(states.width, arguments.dimension)
    plan = Plan(arguments.steps, seed=arguments.seed)
    train(model, train_set, dev_set, states, shipped(), plan, checkpoint=work / "tokens.pt")
    weight = model.project.weight.detach().numpy().T
    np.save(arguments.encoder / "projection.npy", weight.astype(np.float16), allow_pickle=False)


if __name__ == "__main__":
    main()
