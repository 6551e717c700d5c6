"""A document made ready to be written, outside of the transaction, so that the lock is held for a short
time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from germane.encode.pack import WIDTHS, width
from germane.errors import EncoderMismatch, InputError
from germane.read.near_duplicate import bands, signature
from germane.store.grouping import Signature
from germane.store.protocol import Entry
from germane.types import Passage


class Row(NamedTuple):
    """A passage with what is written beside it."""

    passage: Passage
    pooled: bytes
    tokens: bytes | None
    signature: Signature
    bands: list[int]


def prepare(entry: Entry, dimension: int, token_format: str) -> list[Row]:
    """Check an entry against the store's settings and make its rows. ``EncoderMismatch`` when it is of
    another dimension, ``InputError`` when its parts do not belong together."""
    count, name = len(entry.passages), entry.document.id
    pooled = np.ascontiguousarray(entry.pooled, np.float32).reshape(count, -1) if count else None
    if pooled is not None and pooled.shape[1] != dimension:
        raise EncoderMismatch(
            f"{name}: vectors of {pooled.shape[1]} dimensions for an index of {dimension}",
            hint="use the encoder the index was made with, or index into a new folder",
        )
    if pooled is not None and not np.isfinite(pooled).all():
        raise InputError(f"{name}: a vector is not finite", hint="check the encoder's output")
    if any(passage.place.document != name for passage in entry.passages):
        raise InputError(f"{name}: a passage belongs to another document")
    keep = token_format in WIDTHS
    if keep and (entry.tokens is None or len(entry.tokens) != count):
        raise InputError(f"{name}: the index keeps token matrices, and they are not one a passage")
    rows = []
    for i, passage in enumerate(entry.passages):
        matrix = entry.tokens[i] if keep and entry.tokens is not None else None
        if matrix is not None and width(matrix) != token_format:
            raise InputError(f"{name}: a token matrix is not packed as {token_format}")
        own = signature(passage.text)
        vector = b"" if pooled is None else pooled[i].tobytes()
        rows.append(Row(passage, vector, matrix, own, bands(own)))
    return rows
