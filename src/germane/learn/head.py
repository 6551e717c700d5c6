"""The verifier in torch (training only): a small Transformer over a similarity map.

Token vectors of both texts give the map of their cosines. Beside it: the thesaurus's relation of each pair
of words, its features of both sides, and the cosine of the pooled vectors. A 3x3 convolution reads the map;
each query token becomes a row token (its best match, what it is softly aligned with, and in which order),
each stretch of eight passage tokens a column token; a pre-norm Transformer reads ``[CLS]`` and both. What it
finds is set beside a summary: how much of either text is matched, how well, and by which relations.

Rows and columns as tokens instead of the 8x8 patches of arXiv 2604.16351 (F4): a row is a query token,
which is what must be accounted for, and it costs less.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, normalize, one_hot, pad

from germane.verify.inputs import WINDOW
from germane.verify.outputs import OUTPUTS
from germane.verify.thesaurus import FLAGS, RELATIONS

SHARPNESS = 12.0
"""Of the soft alignment: softmax over passage tokens of SHARPNESS * cosine."""
FAR = -1e4
WEAK = 0.5
"""A word whose best cosine is lower, and which no relation matches, has no match."""
FEATURES = len(FLAGS) + 1
_STOP, _MARK = FLAGS.index("stop"), FLAGS.index("mark")


class Projected(nn.Module):
    """A head that reads hidden states ``(b, tokens, states)``, projected (learnt) to token vectors."""

    def __init__(self, states: int, token_dimension: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.project = nn.Linear(states, token_dimension, bias=False)
        self.head = Head(token_dimension, dropout=dropout)

    def forward(
        self, query: Tensor, passage: Tensor, relations: Tensor, query_features: Tensor,
        passage_features: Tensor, query_mask: Tensor, passage_mask: Tensor, similarity: Tensor,
    ) -> tuple[Tensor, Tensor]:  # fmt: skip
        q = normalize(self.project(query), dim=-1) * query_mask[..., None]
        p = normalize(self.project(passage), dim=-1) * passage_mask[..., None]
        read: tuple[Tensor, Tensor] = self.head(
            q, p, relations, query_features, passage_features, query_mask, passage_mask, similarity
        )
        return read


class Head(nn.Module):
    """See the module. ``forward`` returns logits of ``OUTPUTS`` ``(batch, 5)`` and MaxSim ``(batch,)``."""

    def __init__(
        self,
        token_dimension: int,
        *,
        width: int = 64,
        layers: int = 2,
        convolution: int = 16,
        projected: int = 24,
        embedded: int = 4,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        related = len(RELATIONS)
        self.relation = nn.Embedding(related + 1, embedded)
        self.first = nn.Conv2d(1 + embedded, convolution, 3, padding=1)
        self.project = nn.Linear(token_dimension, projected, bias=False)
        self.near = nn.Conv1d(FEATURES, FEATURES, 5, padding=2, groups=FEATURES)
        row = convolution + 1 + related + 2 + 3 * FEATURES + 4 * projected + 3
        column = convolution + 1 + related + 2 * FEATURES + projected
        self.drop = nn.Dropout(dropout)
        self.row = nn.Sequential(nn.Linear(row, width), nn.GELU(), nn.Linear(width, width))
        self.column = nn.Linear(column, width)
        self.kind = nn.Parameter(torch.zeros(3, width))
        self.place = nn.Conv1d(width, width, 3, padding=1, groups=width)
        layer = nn.TransformerEncoderLayer(
            width, 4, 2 * width, dropout, activation="gelu", batch_first=True, norm_first=True
        )
        self.body = nn.TransformerEncoder(layer, layers, norm=nn.LayerNorm(width), enable_nested_tensor=False)
        summary = 2 * (related + 3) + 4
        self.out = nn.Sequential(
            nn.Linear(width + summary, width), nn.GELU(), nn.Dropout(dropout), nn.Linear(width, len(OUTPUTS))
        )

    def forward(
        self,
        query: Tensor,
        passage: Tensor,
        relations: Tensor,
        query_features: Tensor,
        passage_features: Tensor,
        query_mask: Tensor,
        passage_mask: Tensor,
        similarity: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """The shapes are those of ``germane.verify.inputs.Inputs``."""
        cosines = query @ passage.transpose(1, 2)
        cells = query_mask[:, :, None] * passage_mask[:, None, :]
        away = (1 - cells) * FAR
        codes = relations.long()
        related = one_hot(codes, len(RELATIONS) + 1)[..., 1:].to(cosines.dtype) * cells[..., None]
        known = self.relation(codes).permute(0, 3, 1, 2)
        # Cells outside are zeroed, so that the padding's width changes nothing.
        channels = torch.cat([cosines[:, None], known * cells[:, None]], dim=1)
        grid = torch.relu(self.first(channels)) * cells[:, None]
        weights = torch.softmax(SHARPNESS * cosines + away, dim=-1) * cells
        row_best, row_related = (cosines + away).amax(2) * query_mask, related.amax(2)
        column_best, column_related = (cosines + away).amax(1) * passage_mask, related.amax(1)
        near = self.near(passage_features.transpose(1, 2)).transpose(1, 2) * passage_mask[..., None]
        q, p = self.project(query), self.project(passage)
        aligned = torch.bmm(weights, torch.cat([p, passage_features, near], dim=-1))
        mine, features = torch.split(aligned, [p.shape[-1], 2 * near.shape[-1]], dim=-1)
        rows = torch.cat(
            [
                grid.amax(dim=-1).transpose(1, 2), row_best[..., None], row_related,
                *_along(cosines, weights),
                query_features, features, q, mine, q * mine, (q - mine).abs(), _order(weights, query_mask),
            ],
            dim=-1,
        )  # fmt: skip
        columns = torch.cat(
            [
                grid.amax(dim=2).transpose(1, 2), column_best[..., None], column_related,
                passage_features, near, p,
            ],
            dim=-1,
        )  # fmt: skip
        row_tokens = self.row(self.drop(rows)) * query_mask[..., None]
        segments, segment_mask = self._segments(columns, passage_mask)
        row_tokens = row_tokens + self._placed(row_tokens) * query_mask[..., None]
        segments = segments + self._placed(segments) * segment_mask[..., None]
        start = torch.zeros_like(row_tokens[:, :1]) + self.kind[0]
        tokens = torch.cat([start, row_tokens + self.kind[1], segments + self.kind[2]], dim=1)
        present = torch.cat([torch.ones_like(query_mask[:, :1]), query_mask, segment_mask], dim=1)
        read: Tensor = self.body(tokens, src_key_padding_mask=(1 - present) * FAR)
        summary = [
            matched(row_best, row_related, query_features, query_mask),
            matched(column_best, column_related, passage_features, passage_mask),
            lengths(query_mask, passage_mask),
            (_mean(query, query_mask) * _mean(passage, passage_mask)).sum(-1, keepdim=True),
            similarity,
        ]
        logits: Tensor = self.out(torch.cat([read[:, 0], *summary], dim=-1))
        return logits, (row_best * query_mask).sum(1) / query_mask.sum(1).clamp(min=1)

    def _segments(self, columns: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        tokens = gelu(self.column(self.drop(columns))) + (1 - mask[..., None]) * FAR
        b, length, width = tokens.shape
        segments = tokens.reshape(b, length // WINDOW, WINDOW, width).amax(dim=2)
        present = mask.reshape(b, length // WINDOW, WINDOW).amax(dim=-1)
        return torch.where(present[..., None] > 0, segments, torch.zeros_like(segments)), present

    def _placed(self, tokens: Tensor) -> Tensor:
        """What a token's neighbours are: a position that does not depend on the length."""
        moved: Tensor = self.place(tokens.transpose(1, 2)).transpose(1, 2)
        return moved


def _along(cosines: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
    """How well the neighbours of a row match the neighbours of what it is aligned with."""
    wide = pad(cosines, (1, 1, 1, 1))
    before, after = wide[:, :-2, :-2], wide[:, 2:, 2:]
    return (weights * before).sum(-1, keepdim=True), (weights * after).sum(-1, keepdim=True)


def _order(weights: Tensor, query_mask: Tensor) -> Tensor:
    """Per row: how far its match lies from where the row before it pointed, and how spread it is."""
    places = torch.arange(weights.shape[-1], dtype=weights.dtype, device=weights.device)
    expected = weights @ places
    forward = torch.tanh(pad((expected[:, 1:] - expected[:, :-1] - 1), (1, 0)) / 4)
    spread = (weights * weights).sum(-1)
    return torch.stack([forward, forward.abs(), spread], dim=-1) * query_mask[..., None]


def matched(best: Tensor, related: Tensor, features: Tensor, mask: Tensor) -> Tensor:
    """Of one text, ``(b, 3 + relations)``: mean best cosine, over content words by rarity and over all;
    share of content words without a match, and with each relation."""
    plain = torch.maximum(features[..., _STOP], features[..., _MARK])
    share = mask * (1 - plain) * (0.3 + features[..., -1]) + 1e-3 * mask
    share = share / share.sum(1, keepdim=True).clamp(min=1e-6)
    alone = (1 - related[..., :4].amax(-1)) * (best < WEAK).to(best.dtype)
    plainly = (best * mask).sum(1, keepdim=True) / mask.sum(1, keepdim=True).clamp(min=1)
    by_rarity = (best * share).sum(1, keepdim=True)
    unmatched = (alone * share).sum(1, keepdim=True)
    return torch.cat([by_rarity, plainly, unmatched, (related * share[..., None]).sum(1)], dim=-1)


def lengths(query_mask: Tensor, passage_mask: Tensor) -> Tensor:
    query, passage = query_mask.sum(1, keepdim=True), passage_mask.sum(1, keepdim=True)
    return torch.cat([torch.log((query + 1) / (passage + 1)), torch.log(query + passage + 1) / 4], dim=-1)


def _mean(vectors: Tensor, mask: Tensor) -> Tensor:
    return normalize((vectors * mask[..., None]).sum(1), dim=-1)
