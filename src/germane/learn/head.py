"""The verifier's head: a small Transformer over a similarity map, in torch (training only).

Input, per candidate: ``map`` ``(1 + relations, query, passage)`` whose first channel is the cosine and
the others the lexicon's relations one-hot; the token vectors and the lexicon's features of both sides.
A 3x3 convolution reads the map; each query token becomes a row token (its best match, what it is
softly aligned with, and in which order), each stretch of eight passage tokens a column token; a
pre-norm Transformer reads ``[CLS]`` and both, and gives relevant, near_miss, off_topic.

Rows and columns as tokens instead of the 8x8 patches of arXiv 2604.16351 (F4): a row is a query token,
which is what must be accounted for, and it costs less.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

WINDOW = 8
SHARPNESS = 12.0
"""Of the soft alignment: softmax over passage tokens of SHARPNESS * cosine."""
FAR = -1e4


class Head(nn.Module):
    """See the module. ``forward`` returns logits ``(batch, 3)``."""

    def __init__(
        self,
        token_dimension: int,
        channels: int,
        features: int,
        *,
        width: int = 64,
        layers: int = 2,
        convolution: int = 16,
        projected: int = 24,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, convolution, 3, padding=1)
        self.project = nn.Linear(token_dimension, projected, bias=False)
        self.near = nn.Conv1d(features, features, 5, padding=2, groups=features)
        row = convolution + channels + 2 + 3 * features + 4 * projected + 3
        column = convolution + channels + 2 * features + projected
        self.drop = nn.Dropout(dropout)
        self.row = nn.Sequential(nn.Linear(row, width), nn.GELU(), nn.Linear(width, width))
        self.column = nn.Linear(column, width)
        self.kind = nn.Parameter(torch.zeros(3, width))
        self.place = nn.Conv1d(width, width, 3, padding=1, groups=width)
        layer = nn.TransformerEncoderLayer(
            width, 4, 2 * width, dropout, activation="gelu", batch_first=True, norm_first=True
        )
        self.body = nn.TransformerEncoder(layer, layers, norm=nn.LayerNorm(width), enable_nested_tensor=False)
        self.out = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Dropout(dropout), nn.Linear(width, 3))

    def forward(
        self,
        maps: Tensor,
        query: Tensor,
        passage: Tensor,
        query_features: Tensor,
        passage_features: Tensor,
        query_mask: Tensor,
        passage_mask: Tensor,
    ) -> Tensor:
        """``maps`` (b, c, q, p); vectors (b, q, d) and (b, p, d); features (b, q, f) and (b, p, f); masks
        float, 1 for a token, (b, q) and (b, p); p a multiple of WINDOW."""
        cells = query_mask[:, None, :, None] * passage_mask[:, None, None, :]
        away = (1 - cells) * FAR
        # Cells outside are zeroed, so that the padding's width changes nothing.
        grid = torch.relu(self.first(maps)) * cells
        weights = torch.softmax(SHARPNESS * maps[:, 0] + away[:, 0], dim=-1) * cells[:, 0]
        best_of_row = (maps + away).amax(dim=-1).transpose(1, 2) * query_mask[..., None]
        found = grid.amax(dim=-1).transpose(1, 2)
        before, after = self._along(maps[:, 0], weights)
        near = self.near(passage_features.transpose(1, 2)).transpose(1, 2) * passage_mask[..., None]
        q, p = self.project(query), self.project(passage)
        aligned = torch.bmm(weights, torch.cat([p, passage_features, near], dim=-1))
        mine, features = torch.split(aligned, [p.shape[-1], 2 * near.shape[-1]], dim=-1)
        order = self._order(weights, query_mask)
        rows = torch.cat(
            [
                found,
                best_of_row,
                before,
                after,
                query_features,
                features,
                q,
                mine,
                q * mine,
                (q - mine).abs(),
                order,
            ],
            dim=-1,
        )
        columns = torch.cat(
            [
                grid.amax(dim=2).transpose(1, 2),
                (maps + away).amax(dim=2).transpose(1, 2),
                passage_features,
                near,
                p,
            ],
            dim=-1,
        )
        row_tokens = self.row(self.drop(rows)) * query_mask[..., None]
        column_tokens = (
            torch.nn.functional.gelu(self.column(self.drop(columns))) + (1 - passage_mask[..., None]) * FAR
        )
        b, length, width = column_tokens.shape
        segments = column_tokens.reshape(b, length // WINDOW, WINDOW, width).amax(dim=2)
        segment_mask = passage_mask.reshape(b, length // WINDOW, WINDOW).amax(dim=-1)
        segments = torch.where(segment_mask[..., None] > 0, segments, torch.zeros_like(segments))
        row_tokens = row_tokens + self._placed(row_tokens) * query_mask[..., None]
        segments = segments + self._placed(segments) * segment_mask[..., None]
        start = torch.zeros_like(row_tokens[:, :1]) + self.kind[0]
        tokens = torch.cat([start, row_tokens + self.kind[1], segments + self.kind[2]], dim=1)
        present = torch.cat([torch.ones_like(query_mask[:, :1]), query_mask, segment_mask], dim=1)
        read: Tensor = self.body(tokens, src_key_padding_mask=(1 - present) * FAR)
        logits: Tensor = self.out(read[:, 0])
        return logits

    def _placed(self, tokens: Tensor) -> Tensor:
        """What a token's neighbours are: a position that does not depend on the length."""
        moved: Tensor = self.place(tokens.transpose(1, 2)).transpose(1, 2)
        return moved

    @staticmethod
    def _along(cosines: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
        """How well the neighbours of a row match the neighbours of what it is aligned with."""
        wide = torch.nn.functional.pad(cosines, (1, 1, 1, 1))
        before, after = wide[:, :-2, :-2], wide[:, 2:, 2:]
        return (weights * before).sum(-1, keepdim=True), (weights * after).sum(-1, keepdim=True)

    @staticmethod
    def _order(weights: Tensor, query_mask: Tensor) -> Tensor:
        """Per row: how far its match lies from where the row before it pointed, and how spread it is."""
        places = torch.arange(weights.shape[-1], dtype=weights.dtype, device=weights.device)
        expected = weights @ places
        step = torch.nn.functional.pad((expected[:, 1:] - expected[:, :-1] - 1), (1, 0))
        spread = (weights * weights).sum(-1)
        forward = torch.tanh(step / 4)
        return torch.stack([forward, forward.abs(), spread], dim=-1) * query_mask[..., None]
