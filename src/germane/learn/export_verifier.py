"""A trained model as an ONNX file, checked against torch."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

from germane.encode.onnx import OnnxEncoder
from germane.learn.head import Head
from germane.learn.train import tensors
from germane.verify.inputs import WINDOW, Inputs, assemble
from germane.verify.session import session
from germane.verify.thesaurus import shipped

OPSET = 18
TOLERANCE = 1e-4
TEXTS = ("import the contacts", "export the contacts", "how long may a train be late before it is cancelled",
         "Trains that are more than an hour late are cancelled. " * 3)  # fmt: skip


def save(model: Head, encoder: OnnxEncoder, folder: Path) -> float:
    """Write ``folder/model.onnx`` and ``folder/model.safetensors``, from which training goes on; returns the
    largest difference from torch, which must be below ``TOLERANCE`` (``ValueError`` otherwise)."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    pooled, tokens = encoder.encode(TEXTS)

    def inputs(pairs: list[tuple[int, int]]) -> Inputs:
        rows, columns = (list(side) for side in zip(*pairs, strict=True))
        similarity = (pooled[rows] * pooled[columns]).sum(axis=1)
        return assemble([tokens[i] for i in rows], [tokens[j] for j in columns], similarity, shipped())

    chosen = [(0, 1), (2, 3), (3, 0)]
    batch = torch.export.Dim("batch", max=4096)
    one = WINDOW * torch.export.Dim("query_windows", max=64)
    other = WINDOW * torch.export.Dim("passage_windows", max=64)
    shapes = ({0: batch, 1: one}, {0: batch, 1: other}, {0: batch, 1: one, 2: other}, {0: batch, 1: one},
              {0: batch, 1: other}, {0: batch, 1: one}, {0: batch, 1: other}, {0: batch})  # fmt: skip
    with _quiet():
        program = torch.onnx.export(
            model.eval(),
            tuple(tensors(inputs(chosen))),
            dynamo=True,
            opset_version=OPSET,
            input_names=list(Inputs._fields),
            output_names=["logits", "maxsim"],
            dynamic_shapes=shapes,
            verbose=False,
        )
    assert program is not None
    program.save(str(folder / "model.onnx"), external_data=False)
    without_traces(folder / "model.onnx")
    save_file(model.state_dict(), folder / "model.safetensors")
    made = session(folder / "model.onnx")
    worst = max(_difference(model, made, inputs(p)) for p in ([(0, 1)], chosen, [(3, 2), (1, 2)]))
    if worst > TOLERANCE:
        raise ValueError(f"the ONNX file differs from torch by {worst:.2g}")
    return worst


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what the exporter says of itself, which no user can do anything about."""
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def _difference(model: Head, made: onnxruntime.InferenceSession, inputs: Inputs) -> float:
    with torch.no_grad():
        wanted = model(*tensors(inputs))
    given = made.run(["logits", "maxsim"], inputs._asdict())
    return max(float(np.abs(w.numpy() - g).max()) for w, g in zip(wanted, given, strict=True))


def without_traces(path: Path) -> None:
    """Take out what the exporter notes of where each node came from: paths of the machine it ran on."""
    model = onnx.load(path)
    parts = [model.graph, *model.functions]
    for part in [model, *parts, *(node for p in parts for node in p.node), *model.graph.value_info]:
        part.doc_string = ""
        del part.metadata_props[:]
    onnx.save(model, path)
