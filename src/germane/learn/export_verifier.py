"""A trained head as an ONNX file, checked against torch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from germane.encode.onnx import OnnxEncoder
from germane.learn.head import Head
from germane.verify.inputs import WINDOW, Inputs, assemble
from germane.verify.lexicon import Lexicon
from germane.verify.session import run_session, session

OPSET = 18
TOLERANCE = 1e-4


def save(head: Head, encoder: OnnxEncoder, folder: Path) -> float:
    """Write ``folder/model.onnx``; returns the largest difference from torch, which must be below
    ``TOLERANCE`` (``ValueError`` otherwise)."""
    folder.mkdir(parents=True, exist_ok=True)
    lexicon = Lexicon()
    texts = ["import the contacts", "how long may a train be late before it is cancelled"]
    passages = ["export the contacts", "Trains that are more than an hour late are cancelled. " * 3]
    encoded = encoder.encode(texts + passages).tokens
    inputs = assemble(encoded[:2], encoded[2:], lexicon)
    names = list(Inputs._fields)
    batch, query = torch.export.Dim("batch", max=4096), torch.export.Dim("query", max=512)
    windows = torch.export.Dim("windows", max=512)
    passage = WINDOW * windows
    shapes = (
        {0: batch, 2: query, 3: passage},
        {0: batch, 1: query},
        {0: batch, 1: passage},
        {0: batch, 1: query},
        {0: batch, 1: passage},
        {0: batch, 1: query},
        {0: batch, 1: passage},
    )
    example = tuple(torch.from_numpy(np.ascontiguousarray(array)) for array in inputs)
    program = torch.onnx.export(
        head.eval(),
        example,
        dynamo=True,
        opset_version=OPSET,
        input_names=names,
        output_names=["kinds"],
        dynamic_shapes=shapes,
        verbose=False,
    )
    assert program is not None
    program.save(str(folder / "model.onnx"), external_data=False)
    without_traces(folder / "model.onnx")
    worst = 0.0
    made = session(folder / "model.onnx")
    for rows, columns in (
        (encoded[:1], encoded[2:3]),
        (encoded[:2], encoded[2:]),
        (encoded[2:] * 4, encoded[:2] * 4),
    ):
        inputs = assemble(rows, columns, lexicon)
        with torch.no_grad():
            wanted = head(*(torch.from_numpy(np.ascontiguousarray(array)) for array in inputs)).numpy()
        worst = max(worst, float(np.abs(run_session(made, inputs) - wanted).max()))
    if worst > TOLERANCE:
        raise ValueError(f"the ONNX file differs from torch by {worst:.2g}")
    return worst


def without_traces(path: Path) -> None:
    """Take out what the exporter notes of where each node came from: paths of the machine it ran on."""
    import onnx

    model = onnx.load(path)
    parts = [model.graph, *model.functions]
    for part in [model, *parts, *(node for p in parts for node in p.node), *model.graph.value_info]:
        part.doc_string = ""
        del part.metadata_props[:]
    onnx.save(model, path)
