"""Hidden states of many texts on disk, and batches of pairs made from them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from germane.encode.onnx import OnnxEncoder
from germane.encode.protocol import Tokens
from germane.learn.groups import Pair
from germane.verify.same import SameInputs, assemble
from germane.verify.thesaurus import Thesaurus

MOST = 64
"""Tokens kept of a text in training."""


class States:
    """The encoder's hidden states of ``texts`` as float16, kept in ``folder`` from one run to the next."""

    def __init__(self, texts: Sequence[str], encoder: OnnxEncoder, folder: Path) -> None:
        wanted = sorted(set(texts))
        digest = hashlib.sha256("\0".join([encoder.identity, *wanted]).encode("utf-8", "replace"))
        home = folder / f"states-{digest.hexdigest()[:16]}"
        if not (home / "rest.npz").is_file():
            self._make(wanted, encoder, home)
        self._vectors = np.load(home / "vectors.npy", mmap_mode="r", allow_pickle=False)
        with np.load(home / "rest.npz", allow_pickle=False) as rest:
            self._ids, self._ends, self._pooled = rest["ids"], rest["ends"], rest["pooled"]
        self._index = {text: i for i, text in enumerate(wanted)}

    @staticmethod
    def _make(wanted: list[str], encoder: OnnxEncoder, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        ids, pooled, parts = [], [], []
        for at in range(0, len(wanted), 2048):
            encoded = encoder.states(wanted[at : at + 2048])
            pooled.append(encoded.pooled.astype(np.float16))
            ids += [t.ids[:MOST] for t in encoded.tokens]
            parts.append(np.concatenate([t.vectors[:MOST] for t in encoded.tokens]).astype(np.float16))
        np.save(home / "vectors.npy", np.concatenate(parts), allow_pickle=False)
        ends = np.cumsum([0, *map(len, ids)])
        np.savez(home / "rest.npz", ids=np.concatenate(ids), ends=ends, pooled=np.concatenate(pooled),
                 allow_pickle=False)  # fmt: skip

    def tokens(self, text: str) -> Tokens:
        """As ``OnnxEncoder.states`` gives them, without the spans."""
        i = self._index[text]
        span = slice(int(self._ends[i]), int(self._ends[i + 1]))
        ids = self._ids[span]
        return Tokens(self._vectors[span].astype(np.float32), ids, np.zeros((len(ids), 2), np.int32))

    def length(self, text: str) -> int:
        i = self._index[text]
        return int(self._ends[i + 1] - self._ends[i])

    def batch(self, pairs: Sequence[Pair], thesaurus: Thesaurus) -> SameInputs:
        """The model's inputs for ``pairs``."""
        first, second = [p.first for p in pairs], [p.second for p in pairs]
        rows, columns = ([self._pooled[self._index[t]] for t in side] for side in (first, second))
        cosines = (np.array(rows, np.float32) * np.array(columns, np.float32)).sum(axis=1)
        return assemble([self.tokens(t) for t in first], [self.tokens(t) for t in second], cosines, thesaurus)

    def batches(
        self, pairs: Sequence[Pair], size: int, rng: np.random.Generator | None = None
    ) -> list[NDArray[np.int64]]:
        """Indices of ``pairs`` in batches of like lengths, in random order where ``rng`` is given."""
        longest = np.array([max(self.length(p.first), self.length(p.second)) for p in pairs], float)
        noise = rng.uniform(0.85, 1.18, len(pairs)) if rng is not None else 1.0
        order = np.argsort(longest * noise, kind="stable")
        found = [order[at : at + size] for at in range(0, len(order), size)]
        if rng is not None:
            rng.shuffle(found)
        return found
