"""Encoded texts on disk, and batches of pairs of like size made from them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from germane.encode.onnx import OnnxEncoder
from germane.encode.protocol import Tokens
from germane.verify.inputs import Inputs, assemble
from germane.verify.thesaurus import Thesaurus

What = Literal["tokens", "states"]
AT_ONCE = 2048


class Encodings:
    """What the encoder makes of ``texts``, as float16: token vectors, or hidden states (``what``). Kept in
    ``folder`` from one run to the next."""

    def __init__(
        self, texts: Sequence[str], encoder: OnnxEncoder, folder: Path, what: What = "tokens"
    ) -> None:
        wanted = sorted(set(texts))
        key = "\0".join([encoder.identity, *wanted]).encode("utf-8", "replace")
        home = folder / f"{what}-{hashlib.sha256(key).hexdigest()[:16]}"
        if not (home / "rest.npz").is_file():
            home.mkdir(parents=True, exist_ok=True)
            _make(wanted, encoder, home, what)
        size, self.width = (int(n) for n in np.load(home / "shape.npy", allow_pickle=False))
        self._vectors = np.memmap(home / "vectors.bin", np.float16, "r", shape=(size, self.width))
        with np.load(home / "rest.npz", allow_pickle=False) as rest:
            self._ids, self._ends, self._pooled = rest["ids"], rest["ends"], rest["pooled"]
        self._index = {text: i for i, text in enumerate(wanted)}

    def tokens(self, text: str) -> Tokens:
        """As the encoder gives them, without the spans."""
        i = self._index[text]
        span = slice(int(self._ends[i]), int(self._ends[i + 1]))
        ids = self._ids[span]
        return Tokens(self._vectors[span].astype(np.float32), ids, np.zeros((len(ids), 2), np.int32))

    def length(self, text: str) -> int:
        i = self._index[text]
        return int(self._ends[i + 1] - self._ends[i])

    def batch(self, pairs: Sequence[tuple[str, str]], thesaurus: Thesaurus) -> Inputs:
        """The model's inputs for ``pairs`` of query and passage."""
        asked, said = ([self._index[pair[k]] for pair in pairs] for k in (0, 1))
        cosines = (self._pooled[asked].astype(np.float32) * self._pooled[said]).sum(axis=1)
        queries, passages = ([self.tokens(pair[k]) for pair in pairs] for k in (0, 1))
        return assemble(queries, passages, cosines, thesaurus)

    def plan(
        self, pairs: Sequence[tuple[str, str]], cells: int, rng: np.random.Generator | None = None
    ) -> list[NDArray[np.int64]]:
        """Indices of ``pairs`` in batches of like lengths, each of at most ``cells`` map cells, in random
        order where ``rng`` is given."""
        sizes = np.array([(self.length(q), self.length(p)) for q, p in pairs]).reshape(-1, 2)
        sizes = np.clip(sizes, 1, None)
        noise = rng.uniform(0.8, 1.25, sizes.shape) if rng is not None else np.ones(sizes.shape)
        order = np.lexsort(((sizes * noise)[:, 0], np.log2((sizes * noise)[:, 1]) // 0.5))
        batches: list[list[int]] = []
        wide = tall = 0
        for i in order:
            tall, wide = max(tall, int(sizes[i, 0])), max(wide, int(sizes[i, 1]))
            if not batches or tall * wide * (len(batches[-1]) + 1) > cells or len(batches[-1]) >= 256:
                batches.append([])
                tall, wide = int(sizes[i, 0]), int(sizes[i, 1])
            batches[-1].append(int(i))
        if rng is not None:
            rng.shuffle(batches)
        return [np.array(batch) for batch in batches]


def _make(texts: list[str], encoder: OnnxEncoder, home: Path, what: What) -> None:
    encode = encoder.encode if what == "tokens" else encoder.states
    ids, pooled, size, width = [], [], 0, 0
    with (home / "vectors.bin").open("wb") as file:
        for at in range(0, len(texts), AT_ONCE):
            encoded = encode(texts[at : at + AT_ONCE])
            pooled.append(encoded.pooled.astype(np.float16))
            for tokens in encoded.tokens:
                file.write(np.ascontiguousarray(tokens.vectors, np.float16).tobytes())
                ids.append(tokens.ids)
                size, width = size + len(tokens.ids), tokens.vectors.shape[1]
    np.save(home / "shape.npy", np.array([size, width]), allow_pickle=False)
    ends = np.cumsum([0, *map(len, ids)])
    np.savez(home / "rest.npz", ids=np.concatenate(ids), ends=ends, pooled=np.concatenate(pooled),
             allow_pickle=False)  # fmt: skip
