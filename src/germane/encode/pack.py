"""Token matrices as bytes: one blob a passage, small and quick to read.

Layout (little-endian): a header of 8 bytes (``width``, ``wide``, ``dimension`` uint16, ``tokens``
uint32), then the vectors, the ids (uint16 where they fit), and the offsets as steps from one end of
a span to the next, two small integers a token. ``int8`` uses the full range for each token and
keeps no scale: vectors are of unit norm, so bringing the codes back to unit norm restores them.
"""

from __future__ import annotations

import struct
from typing import Literal

import numpy as np

from germane.encode.protocol import Tokens
from germane.errors import InputError, StoreError

Width = Literal["float16", "int8"]
WIDTHS: tuple[Width, ...] = ("float16", "int8")

_HEADER = struct.Struct("<BBHI")


def pack(tokens: Tokens, width: Width) -> bytes:
    """The bytes of a token matrix."""
    if width not in WIDTHS:
        raise InputError(f"token width {width!r} is not known", hint=f"choose one of {', '.join(WIDTHS)}")
    count, dimension = tokens.vectors.shape
    # Steps from each start to its end and on to the next start; these may be negative, as some
    # tokenizers give two tokens the same span.
    steps = np.diff(tokens.offsets.astype(np.int64).reshape(-1), prepend=0)
    wide = bool(count and (tokens.ids.max() > 0xFFFF or np.abs(steps).max() > 0x7FFF or tokens.ids.min() < 0))
    parts = [_HEADER.pack(WIDTHS.index(width), wide, dimension, count)]
    if width == "float16":
        parts.append(tokens.vectors.astype("<f2").tobytes())
    else:
        peak = np.abs(tokens.vectors).max(axis=1, initial=0.0, keepdims=True)
        codes = np.rint(tokens.vectors * (127 / np.where(peak > 0, peak, 1.0)))
        parts.append(codes.astype(np.int8).tobytes())
    parts.append(tokens.ids.astype("<i4" if wide else "<u2").tobytes())
    parts.append(steps.astype("<i4" if wide else "<i2").tobytes())
    return b"".join(parts)


def width(blob: bytes) -> Width:
    """How ``blob`` was packed. ``StoreError`` where it was not packed here."""
    if len(blob) < _HEADER.size or blob[0] >= len(WIDTHS):
        raise StoreError("a token matrix is cut short", hint="delete the index folder and index again")
    return WIDTHS[blob[0]]


def unpack(blob: bytes) -> Tokens:
    """What ``pack`` made, vectors as float32 of unit norm. ``StoreError`` when the bytes do not add up."""
    if len(blob) < _HEADER.size:
        raise StoreError("a token matrix is cut short", hint="delete the index folder and index again")
    kind, wide, dimension, count = _HEADER.unpack_from(blob)
    cell = count * dimension
    ids_type, step_type, size = ("<i4", "<i4", 4) if wide else ("<u2", "<i2", 2)
    ids_at = _HEADER.size + cell * (2 if kind == 0 else 1)
    steps_at = ids_at + count * size
    if kind >= len(WIDTHS) or len(blob) != steps_at + 2 * count * size:
        raise StoreError("a token matrix is damaged", hint="delete the index folder and index again")
    codes = np.frombuffer(blob, "<f2" if kind == 0 else np.int8, cell, _HEADER.size)
    vectors = codes.astype(np.float32).reshape(count, dimension)
    norm = np.sqrt(np.einsum("td,td->t", vectors, vectors))
    vectors *= (1 / np.where(norm > 0, norm, 1.0)).astype(np.float32)[:, None]
    ids = np.frombuffer(blob, ids_type, count, ids_at).astype(np.int32)
    steps = np.frombuffer(blob, step_type, 2 * count, steps_at)
    return Tokens(vectors, ids, np.cumsum(steps, dtype=np.int32).reshape(count, 2))
