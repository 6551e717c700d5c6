"""The default encoder: a BERT-class ONNX file with its tokenizer, mean pooling, projected tokens."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from germane.encode.batch import Batch, batches
from germane.encode.protocol import Encoded, Kind, Tokens
from germane.errors import InputError, MissingModel

if TYPE_CHECKING:
    import onnxruntime
    import tokenizers

Spans = Sequence[tuple[int, int]]
Keep = Callable[[int, NDArray[np.float32], NDArray[np.int32], Spans], None]

SHIPPED = Path(__file__).parent.parent / "models" / "encoder"


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """``vectors`` ``(..., dimension)`` scaled to norm 1; zero vectors stay zero."""
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: NDArray[np.float32] = vectors / np.maximum(norms, 1e-12)
    return scaled


class OnnxEncoder:
    """An encoder from a folder with ``model.onnx``, ``tokenizer.json`` and ``config.json`` (``name``,
    ``dimension``, ``max_tokens``, ``token_layers``: the outputs that tokens are made of, side by side);
    tokens are projected where there is a ``projection.npy`` ``(states, token_dimension)``.

    A batch runs on one thread; several batches run side by side on ``threads`` threads (default:
    all cores), so a single query never waits for a thread pool.

    Raises ``MissingModel`` where a file of the folder is not there.
    """

    def __init__(self, folder: Path | str = SHIPPED, *, threads: int | None = None) -> None:
        self.folder = Path(folder)
        for name in ("model.onnx", "tokenizer.json", "config.json"):
            if not (self.folder / name).is_file():
                raise MissingModel(
                    f"{self.folder} has no {name}", hint="reinstall germane, or name a complete model folder"
                )
        self.config: dict[str, Any] = json.loads((self.folder / "config.json").read_text())
        self.threads = threads or os.cpu_count() or 1
        projection = self.folder / "projection.npy"
        self._projection: NDArray[np.float32] | None = None
        if projection.is_file():
            self._projection = np.load(projection, allow_pickle=False).astype(np.float32)

    @cached_property
    def identity(self) -> str:
        """The model's name and the first digits of the SHA-256 over its weights and projection."""
        digest = hashlib.sha256((self.folder / "model.onnx").read_bytes())
        if self._projection is not None:
            digest.update(self._projection.tobytes())
        return f"{self.config['name']}@{digest.hexdigest()[:12]}"

    @property
    def dimension(self) -> int:
        return int(self.config["dimension"])

    @property
    def token_dimension(self) -> int:
        return self.dimension if self._projection is None else int(self._projection.shape[1])

    @property
    def max_tokens(self) -> int:
        """Word pieces read of one text, special tokens included; what is beyond is not seen."""
        return int(self.config["max_tokens"])

    def encode(self, texts: Sequence[str], *, kind: Kind = "passage", tokens: bool = True) -> Encoded:
        """See ``Encoder.encode``. ``kind`` makes no difference to this model.

        Raises ``InputError`` where a text is not a string.
        """
        matrices = [self._empty()] * (len(texts) if tokens else 0)

        def keep(index: int, hidden: NDArray[np.float32], ids: NDArray[np.int32], spans: Spans) -> None:
            matrices[index] = Tokens(unit(self._project(hidden)), ids, np.array(spans, np.int32))

        return Encoded(self._run(texts, keep if tokens else None), matrices)

    def forget_projection(self) -> None:
        """From now on as if there were no ``projection.npy`` (to learn a new one)."""
        self._projection = None

    @property
    def token_layers(self) -> list[str]:
        """The outputs whose states tokens are made of."""
        return list(self.config.get("token_layers", ["hidden"]))

    def states(self, texts: Sequence[str]) -> Encoded:
        """As ``encode``, but the tokens' vectors are the hidden states of ``token_layers`` side by side as
        they are, ``(tokens, layers * dimension)``: neither projected nor of unit norm."""
        none = np.zeros((0,), np.int32)
        wide = self.dimension * len(self.token_layers)
        empty = Tokens(np.zeros((0, wide), np.float32), none, none.reshape(0, 2))
        matrices = [empty] * len(texts)

        def keep(index: int, hidden: NDArray[np.float32], ids: NDArray[np.int32], spans: Spans) -> None:
            matrices[index] = Tokens(hidden, ids, np.array(spans, np.int32))

        return Encoded(self._run(texts, keep), matrices)

    def _run(self, texts: Sequence[str], keep: Keep | None) -> NDArray[np.float32]:
        """Pooled vectors ``(texts, dimension)``; ``keep`` is given each text's index, and the states of
        ``token_layers``, ids and spans of its inner tokens, where it has any."""
        pooled = np.zeros((len(texts), self.dimension), np.float32)
        encodings = self._tokenise(texts)
        names = ["hidden", *self.token_layers] if keep else ["hidden"]

        def run(batch: Batch) -> None:
            given = {"input_ids": batch.ids, "attention_mask": batch.mask}
            hidden, *layers = self._session.run(names, given)
            for row, (index, length) in enumerate(zip(batch.indices, batch.lengths, strict=True)):
                pooled[index] = hidden[row, :length].mean(0)
                if keep and length > 2:
                    inner = slice(1, length - 1)
                    states = np.concatenate([layer[row, inner] for layer in layers], axis=1)
                    ids = batch.ids[row, inner].astype(np.int32)
                    keep(index, states, ids, encodings[index].offsets[inner])

        work = batches([e.ids for e in encodings])
        if len(work) == 1 or self.threads == 1:
            for batch in work:
                run(batch)
        else:
            list(self._pool.map(run, work))
        return unit(pooled)

    def _project(self, hidden: NDArray[np.float32]) -> NDArray[np.float32]:
        return hidden if self._projection is None else hidden @ self._projection

    def _empty(self) -> Tokens:
        none = np.zeros((0,), np.int32)
        return Tokens(np.zeros((0, self.token_dimension), np.float32), none, none.reshape(0, 2))

    def _tokenise(self, texts: Sequence[str]) -> list[tokenizers.Encoding]:
        for text in texts:
            if not isinstance(text, str):
                raise InputError(f"a text to encode is {type(text).__name__}, not a string")
        # A lone surrogate (a broken escape in JSON, say) is no valid Unicode and would be refused.
        clean = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        return self._tokenizer.encode_batch(clean)

    @cached_property
    def _tokenizer(self) -> tokenizers.Tokenizer:
        import tokenizers

        tokenizer = tokenizers.Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(self.max_tokens)
        return tokenizer

    @cached_property
    def _session(self) -> onnxruntime.InferenceSession:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(
            str(self.folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        _ = self._session  # made here once, not by several threads at a time
        return ThreadPoolExecutor(self.threads, thread_name_prefix="germane-encode")
