"""A projection of token vectors to fewer dimensions that has learnt from no pair (``tokens`` learns one).

It is for what must not have seen some pairs: ``benchmarks/generalise.py``. The leading eigenvectors of the
second moment of unit token vectors: of all orthonormal projections the one that keeps most of their length,
hence of their cosines.

Usage: python -m germane.learn.projection --data FOLDER --encoder FOLDER [--dimension 112]
"""

from __future__ import annotations

import argparse
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from germane.encode.onnx import OnnxEncoder, unit
from germane.learn.sources import plain_texts


def fit_projection(vectors: NDArray[np.float32], dimension: int) -> NDArray[np.float32]:
    """``(full, dimension)`` orthonormal columns from unit ``vectors`` ``(tokens, full)``."""
    _, directions = np.linalg.eigh((vectors.T @ vectors).astype(np.float64) / len(vectors))
    leading = directions[:, ::-1][:, :dimension]
    signs = np.sign(leading[np.abs(leading).argmax(axis=0), np.arange(dimension)])
    return np.asarray(leading * signs, np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--dimension", type=int, default=112)
    parser.add_argument("--texts", type=int, default=8000)
    parser.add_argument("--encoder", type=Path, required=True, help="where projection.npy is written")
    arguments = parser.parse_args()
    encoder = OnnxEncoder(arguments.encoder)
    texts = Random(0).sample(sorted(set(plain_texts(arguments.data))), arguments.texts)
    vectors = np.concatenate([unit(t.vectors) for t in encoder.states(texts).tokens])
    np.save(arguments.encoder / "projection.npy", fit_projection(vectors, arguments.dimension))


if __name__ == "__main__":
    main()
