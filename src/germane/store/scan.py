"""The exact dense scan: int8 codes choose the candidates, float32 decides their order.

A code is the vector over its own greatest component, in 127 steps, so the int8 dot product times the
row's scale estimates the cosine to about 2e-3; re-ranking a few hundred rows in float32 makes the first
hundred exact but for ties. Pure functions on arrays.
"""

from __future__ import annotations

from typing import NamedTuple

import numkong
import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int8]
Scales = NDArray[np.float32]
Vectors = NDArray[np.float32]
Rows = NDArray[np.intp]


class Table(NamedTuple):
    """Passages as rows, by ascending key: ``keys`` ``(n,)``, ``codes`` ``(n, d)``, ``scales`` ``(n,)``,
    ``vectors`` ``(n, d)``. A row of scale 0 is dead."""

    keys: NDArray[np.int64]
    codes: Codes
    scales: Scales
    vectors: Vectors


_LEAST = 300  # candidates to re-rank, or four times k
_BLOCK = 64
_FEW = 4096  # so many rows are scored in float32 at once


def quantise(vectors: Vectors) -> tuple[Codes, Scales]:
    """Codes ``(n, d)`` and scales ``(n,)`` with ``vectors ~ codes * scales``. A zero row gets scale 1."""
    peak = np.abs(vectors).max(axis=1, initial=0.0)
    peak = np.where(peak > 0, peak, 127)
    scales = (peak / 127).astype(np.float32)
    return np.rint(vectors / scales[:, None]).astype(np.int8), scales


def estimate(codes: Codes, scales: Scales, vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """The estimated cosine of each row with ``vector`` ``(d,)``, up to one positive factor."""
    if not len(codes):
        return np.zeros(0, np.float32)
    query, _ = quantise(vector[None, :])
    dots = np.asarray(numkong.cdist(query, codes, "dot", out_dtype="float32"), np.float32).reshape(-1)
    return dots * scales


def best(scores: NDArray[np.float32], count: int) -> Rows:
    """The rows of the ``count`` highest scores, in no order; more where the last of them tie.

    The count-th highest of the maxima of blocks is a lower bound of the count-th highest score, and
    few scores pass it: that is five times faster than partitioning all of them.
    """
    if len(scores) > 4 * _BLOCK * count:
        whole = len(scores) // _BLOCK * _BLOCK
        maxima = scores[:whole].reshape(-1, _BLOCK).max(axis=1)
        bound = np.partition(maxima, len(maxima) - count)[len(maxima) - count]
        rows = np.flatnonzero(scores >= bound)
    else:
        rows = np.arange(len(scores))
    if len(rows) > count:
        rows = rows[np.argpartition(scores[rows], len(rows) - count)[-count:]]
    return rows


def search(
    table: Table, vector: NDArray[np.float32], k: int, alive: Rows | None = None
) -> tuple[Rows, NDArray[np.float32]]:
    """Rows and cosines of the ``k`` best, best first, ties by row. ``alive``: the only rows that count,
    ascending (None: those of a scale above 0)."""
    if alive is not None and len(alive) <= max(_FEW, 4 * k):
        rows = alive
    else:
        scores = estimate(table.codes, table.scales, vector)
        dead = np.flatnonzero(table.scales == 0) if alive is None else _others(alive, len(scores))
        scores[dead] = -np.inf
        rows = best(scores, max(_LEAST, 4 * k))
        rows = np.sort(rows[scores[rows] > -np.inf])
    exact = table.vectors[rows] @ vector
    order = np.argsort(-exact, kind="stable")[:k]
    return rows[order], exact[order].astype(np.float32)


def _others(rows: Rows, count: int) -> NDArray[np.bool_]:
    mask = np.ones(count, np.bool_)
    mask[rows] = False
    return mask
