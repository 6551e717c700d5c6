"""Encoded examples in batches of like size."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from germane.encode.onnx import OnnxEncoder
from germane.encode.protocol import Tokens
from germane.verify.inputs import Inputs, assemble
from germane.verify.lexicon import Lexicon


class Encodings:
    """Token matrices of many texts as float16, kept in ``folder`` from one run to the next."""

    def __init__(self, texts: Sequence[str], encoder: OnnxEncoder, folder: Path) -> None:
        wanted = sorted(set(texts))
        key = hashlib.sha256("\0".join([encoder.identity, *wanted]).encode("utf-8", "replace")).hexdigest()[
            :16
        ]
        path = folder / f"encodings-{key}.npz"
        if not path.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            vectors, ids, pooled = [], [], []
            for at in range(0, len(wanted), 4096):
                encoded = encoder.encode(wanted[at : at + 4096])
                vectors += [t.vectors.astype(np.float16) for t in encoded.tokens]
                ids += [t.ids for t in encoded.tokens]
                pooled.append(encoded.pooled.astype(np.float16))
            ends = np.cumsum([0, *map(len, ids)])
            np.savez(path, vectors=np.concatenate(vectors), ids=np.concatenate(ids), ends=ends,
                     pooled=np.concatenate(pooled), allow_pickle=False)  # fmt: skip
        with np.load(path, allow_pickle=False) as saved:
            self._vectors, self._ids, self._ends = saved["vectors"], saved["ids"], saved["ends"]
            self.pooled: NDArray[np.float16] = saved["pooled"]
        self.index = {text: i for i, text in enumerate(wanted)}

    def tokens(self, text: str) -> Tokens:
        i = self.index[text]
        span = slice(self._ends[i], self._ends[i + 1])
        ids = self._ids[span]
        return Tokens(self._vectors[span].astype(np.float32), ids, np.zeros((len(ids), 2), np.int32))

    def length(self, text: str) -> int:
        i = self.index[text]
        return int(self._ends[i + 1] - self._ends[i])

    def cosine(self, one: str, other: str) -> float:
        a, b = self.pooled[self.index[one]], self.pooled[self.index[other]]
        return float(a.astype(np.float32) @ b.astype(np.float32))


def plan(
    pairs: Sequence[tuple[str, str]], encodings: Encodings, cells: int, rng: np.random.Generator | None
) -> list[NDArray[np.int64]]:
    """Indices of ``pairs`` in batches of like lengths, each of at most ``cells`` map cells, in random
    order where ``rng`` is given."""
    sizes = np.array([(encodings.length(q), encodings.length(p)) for q, p in pairs]).reshape(-1, 2)
    sizes = np.clip(sizes, 1, None)
    noise = rng.uniform(0.8, 1.25, sizes.shape) if rng is not None else np.ones(sizes.shape)
    order = np.lexsort(((sizes * noise)[:, 0], np.log2((sizes * noise)[:, 1]) // 0.5))
    batches: list[list[int]] = []
    wide = tall = 0
    for i in order:
        tall, wide = max(tall, int(sizes[i, 0])), max(wide, int(sizes[i, 1]))
        if not batches or tall * wide * (len(batches[-1]) + 1) > cells or len(batches[-1]) >= 64:
            batches.append([])
            tall, wide = int(sizes[i, 0]), int(sizes[i, 1])
        batches[-1].append(int(i))
    if rng is not None:
        rng.shuffle(batches)
    return [np.array(batch) for batch in batches]


def batch(pairs: Sequence[tuple[str, str]], encodings: Encodings, lexicon: Lexicon) -> Inputs:
    """The head's inputs for ``pairs`` of query and passage."""
    return assemble([encodings.tokens(q) for q, _ in pairs], [encodings.tokens(p) for _, p in pairs], lexicon)


def batches(
    pairs: Sequence[tuple[str, str]], encodings: Encodings, lexicon: Lexicon, cells: int = 60_000
) -> Iterator[tuple[NDArray[np.int64], Inputs]]:
    """All of ``pairs``, in an order that wastes little padding, with their indices."""
    for chosen in plan(pairs, encodings, cells, None):
        yield chosen, batch([pairs[i] for i in chosen], encodings, lexicon)
