"""An encoder by name: the shipped one, or any sentence-transformers model."""

from __future__ import annotations

from functools import lru_cache

from germane.encode.protocol import Encoder

SHIPPED_NAME = "shipped"


@lru_cache(maxsize=4)
def load_encoder(name: str = SHIPPED_NAME) -> Encoder:
    """The encoder called ``name``: ``shipped``, a model's name on the hub, or a local folder.

    Raises ``MissingExtra`` without the extra ``[models]``, ``MissingModel`` where the model cannot
    be had.
    """
    if name == SHIPPED_NAME:
        from germane.encode.onnx import OnnxEncoder

        return OnnxEncoder()
    from germane.encode.named import NamedEncoder

    return NamedEncoder(name)
