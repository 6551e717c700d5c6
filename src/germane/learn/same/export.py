"""A trained model as an ONNX file, checked against torch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from germane.encode.onnx import OnnxEncoder
from germane.learn.export_verifier import OPSET, TOLERANCE, without_traces
from germane.learn.same.head import Same
from germane.learn.same.train import tensors
from germane.verify.same import WINDOW, SameVerifier, assemble
from germane.verify.thesaurus import shipped

TEXTS = ("import the contacts", "export the contacts", "how long may a train be late before it is cancelled",
         "Trains that are more than an hour late are cancelled. " * 3)  # fmt: skip


def save(model: Same, encoder: OnnxEncoder, folder: Path) -> float:
    """Write ``folder/model.onnx``; returns the largest difference from torch, which must be below
    ``TOLERANCE`` (``ValueError`` otherwise). ``folder/config.json`` must be there."""
    pooled, states = encoder.states(TEXTS)
    chosen = [(0, 1), (2, 3), (3, 0)]

    def inputs(pairs: list[tuple[int, int]]) -> list[torch.Tensor]:
        rows, columns = zip(*pairs, strict=True)
        similarity = (pooled[list(rows)] * pooled[list(columns)]).sum(axis=1)
        return tensors(
            assemble([states[i] for i in rows], [states[j] for j in columns], similarity, shipped())
        )

    names = ["first", "second", "relations", "first_features", "second_features", "first_mask", "second_mask",
             "similarity"]  # fmt: skip
    batch = torch.export.Dim("batch", max=4096)
    one = WINDOW * torch.export.Dim("first_windows", max=64)
    other = WINDOW * torch.export.Dim("second_windows", max=64)
    shapes = ({0: batch, 1: one}, {0: batch, 1: other}, {0: batch, 1: one, 2: other}, {0: batch, 1: one},
              {0: batch, 1: other}, {0: batch, 1: one}, {0: batch, 1: other}, {0: batch})  # fmt: skip
    program = torch.onnx.export(
        model.eval(),
        tuple(inputs(chosen)),
        dynamo=True,
        opset_version=OPSET,
        input_names=names,
        output_names=["same"],
        dynamic_shapes=shapes,
        verbose=False,
    )
    assert program is not None
    program.save(str(folder / "model.onnx"), external_data=False)
    without_traces(folder / "model.onnx")
    verifier, worst = SameVerifier(folder, encoder=encoder), 0.0
    for pairs in ([(0, 1)], chosen, [(3, 2), (1, 2)]):
        with torch.no_grad():
            wanted = model(*inputs(pairs)).numpy()
        given = verifier.log_odds([(TEXTS[i], TEXTS[j]) for i, j in pairs])
        worst = max(worst, float(np.abs(given - wanted).max()))
    if worst > TOLERANCE:
        raise ValueError(f"the ONNX file differs from torch by {worst:.2g}")
    return worst
