"""Any sentence-transformers model, by its name on the hub or a local folder (extra ``[models]``)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from germane.encode.onnx import unit
from germane.encode.protocol import Encoded, Kind, Tokens
from germane.errors import InputError, MissingExtra, MissingModel

CONNECT_SECONDS = 3.0
_PROMPTS = {"query": ("query",), "passage": ("document", "passage", "corpus")}


class NamedEncoder:
    """An encoder run by sentence-transformers, with the model's own pooling and prompts.

    Raises ``MissingExtra`` without sentence-transformers and ``MissingModel`` where the model is
    neither a local folder, nor in the local cache, nor to be had from the hub.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._model = _load(name)
        self._identity = f"{Path(name).name}@{_fingerprint(self._model)}"

    @property
    def identity(self) -> str:
        """The model's name and a digest of its weights, so that a fine-tuned copy is another encoder."""
        return self._identity

    @property
    def dimension(self) -> int:
        return int(self._model.get_embedding_dimension())

    @property
    def token_dimension(self) -> int:
        return int(self._model.encode([""], output_value=None)[0]["token_embeddings"].shape[-1])

    def encode(self, texts: Sequence[str], *, kind: Kind = "passage", tokens: bool = True) -> Encoded:
        """See ``Encoder.encode``; the model's prompt for ``kind`` is put before each text, if it has one."""
        if any(not isinstance(text, str) for text in texts):
            raise InputError("a text to encode is not a string")
        prompts = self._model.prompts or {}
        prompt = next((prompts[name] for name in _PROMPTS[kind] if prompts.get(name)), "")
        if not texts:
            return Encoded(np.zeros((0, self.dimension), np.float32), [])
        rows = self._model.encode(
            list(texts), prompt=prompt or None, output_value=None, show_progress_bar=False
        )
        pooled = np.stack([_array(row["sentence_embedding"]) for row in rows])
        matrices = [self._tokens(t, prompt, r) for t, r in zip(texts, rows, strict=True)] if tokens else []
        return Encoded(unit(pooled), matrices)

    def _tokens(self, text: str, prompt: str, row: dict[str, Any]) -> Tokens:
        spelled = self._model.tokenizer(
            prompt + text,
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
            truncation=True,
            max_length=self._model.max_seq_length,
        )
        vectors = _array(row["token_embeddings"])[: len(spelled["input_ids"])]
        offsets = np.array(spelled["offset_mapping"], np.int32).reshape(-1, 2) - len(prompt)
        keep = (np.array(spelled["special_tokens_mask"]) == 0) & (offsets[:, 0] >= 0)
        return Tokens(unit(vectors[keep]), np.array(spelled["input_ids"], np.int32)[keep], offsets[keep])


def _array(tensor: Any) -> NDArray[np.float32]:
    array: NDArray[np.float32] = tensor.detach().cpu().numpy().astype(np.float32)
    return array


def _load(name: str) -> Any:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise MissingExtra("sentence-transformers", "models") from error
    try:
        # Local folders and the local cache first: no request leaves the machine for what is here.
        return SentenceTransformer(name, device="cpu", local_files_only=True)
    except (OSError, ValueError):
        if Path(name).exists():
            raise MissingModel(
                f"{name} is no sentence-transformers model folder",
                hint="name a folder with modules.json, or a model's name on the hub",
            ) from None
    if os.environ.get("HF_HUB_OFFLINE", "") not in ("", "0") or not _hub_answers():
        raise MissingModel(
            f"the model {name} is not on this machine and the model hub cannot be reached",
            hint="copy the model's folder here and name its path, or use the shipped encoder",
        )
    try:
        return SentenceTransformer(name, device="cpu")
    except (OSError, ValueError) as error:
        raise MissingModel(
            f"the model {name} cannot be had: {str(error).splitlines()[0]}", hint="check the name"
        ) from error


def _hub_answers() -> bool:
    """One short try, since the hub's own client retries for minutes where there is no network."""
    import socket
    from urllib.parse import urlsplit

    from huggingface_hub.constants import ENDPOINT

    address = urlsplit(ENDPOINT)
    try:
        with socket.create_connection((address.hostname, address.port or 443), CONNECT_SECONDS):
            return True
    except OSError:
        return False


def _fingerprint(model: Any) -> str:
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(_array(tensor).tobytes())
    return digest.hexdigest()[:12]
