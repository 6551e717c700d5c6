"""Several small networks of one shape, trained side by side: their mean is steadier than any of them.

``germane.backtrace.scorer.Network`` runs what comes out, in NumPy.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from germane.backtrace.scorer import CLIP

Array = NDArray[np.float32]
WIDTH, DROPOUT = 48, 0.2


class Ensemble(nn.Module):
    """``members`` networks side by side, ``(rows, inputs)`` to ``(members, rows)``."""

    def __init__(self, members: int, rows: Array, width: int = WIDTH) -> None:
        super().__init__()
        self.mean = torch.from_numpy(rows.mean(axis=0))
        self.scale = torch.from_numpy(rows.std(axis=0) + 1e-6)
        sizes = (rows.shape[1], width, width, 1)
        self.weights = nn.ParameterList(
            torch.randn(members, a, b) * (2 / a) ** 0.5 for a, b in pairwise(sizes)
        )
        self.biases = nn.ParameterList(torch.zeros(members, 1, b) for b in sizes[1:])
        self.drop = nn.Dropout(DROPOUT)

    def forward(self, rows: Tensor) -> Tensor:
        found = ((rows - self.mean) / self.scale).clamp(-CLIP, CLIP)[None]
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            found = found @ weight + bias
            if layer < len(self.weights) - 1:
                found = self.drop(torch.relu(found))
        return found[..., 0]

    def arrays(self, name: str) -> dict[str, Array]:
        found = {f"{name}_mean": self.mean.numpy(), f"{name}_scale": self.scale.numpy()}
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            found[f"{name}_weight{layer}"] = weight.detach().numpy()
            found[f"{name}_bias{layer}"] = bias.detach().numpy()[:, 0]
        return found
