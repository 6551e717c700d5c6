"""The projection of token vectors to fewer dimensions, fitted on licensed text.

The leading eigenvectors of the second moment of unit token vectors: of all orthonormal projections
the one that keeps most of their length, hence of their cosines.

Usage: python -m germane.learn.projection --data FOLDER [--dimension 112] [--out FILE]
"""

from __future__ import annotations

import argparse
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from germane.encode.onnx import SHIPPED, OnnxEncoder
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
    parser.add_argument("--out", type=Path, default=SHIPPED / "projection.npy")
    arguments = parser.parse_args()
    encoder = OnnxEncoder()
    encoder._projection = None  # the vectors as the model gives them
    texts = Random(0).sample(sorted(set(plain_texts(arguments.data))), arguments.texts)
    vectors = np.concatenate([t.vectors for t in encoder.encode(texts).tokens])
    np.save(arguments.out, fit_projection(vectors, arguments.dimension))


if __name__ == "__main__":
    main()
