"""What any encoder gave, as recall needs it: one finite vector a text, of norm 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from germane.encode.protocol import Encoder
from germane.errors import InputError


def unit_vectors(encoder: Encoder, pooled: ArrayLike, texts: int) -> NDArray[np.float32]:
    """The pooled vectors of ``texts`` texts as float32 ``(texts, dimension)``, each brought to norm 1 (a
    zero vector stays zero): dense recall is by cosine, and an encoder of one's own may not see to that.

    Raises ``InputError`` where they have another shape or are not finite.
    """
    vectors = np.asarray(pooled, np.float32)
    if vectors.shape != (texts, encoder.dimension):
        raise InputError(
            f"the encoder {encoder.identity} gave vectors of shape {vectors.shape} for {texts} texts, "
            f"not {(texts, encoder.dimension)}",
            hint="check its encode method",
        )
    norms = np.sqrt(np.einsum("td,td->t", vectors, vectors, dtype=np.float64))
    if not np.isfinite(norms).all():
        raise InputError(
            f"the encoder {encoder.identity} gave a vector that is not finite", hint="check its encode method"
        )
    scaled: NDArray[np.float32] = (vectors / np.where(norms > 0, norms, 1.0)[:, None]).astype(np.float32)
    return scaled
