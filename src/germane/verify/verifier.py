"""The verifier: reads similarity maps, says which candidates are the right ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from germane.encode.protocol import Encoder, Tokens
from germane.types import Verdict
from germane.verify.maps import maxsim
from germane.verify.verification import Verification

SHIPPED = Path(__file__).parent.parent / "models" / "verifier"


class Verifier:
    """``Verifier.load()`` gives the shipped one. Raises ``EncoderMismatch`` when ``encoder`` is not the
    one that the weights and the calibration belong to."""

    def __init__(self, folder: Path | str = SHIPPED, *, encoder: Encoder | None = None) -> None:
        self.folder = Path(folder)
        self.encoder = encoder

    @classmethod
    def load(cls, folder: Path | str = SHIPPED, *, encoder: Encoder | None = None) -> Self:
        return cls(folder, encoder=encoder)

    def verify(
        self,
        query: Tokens,
        query_text: str,
        candidates: Sequence[Tokens],
        passages: Sequence[str],
        *,
        similarity: NDArray[np.floating] | None = None,
        lexical: NDArray[np.floating] | None = None,
    ) -> list[Verification]:
        """One ``Verification`` a candidate, in order; none depends on another."""
        return [
            Verification(0.0, 0.5, Verdict.UNSURE, "", maxsim(query, candidate), (1 / 3, 1 / 3, 1 / 3))
            for candidate in candidates
        ]

    def verify_texts(self, query: str, passage: str) -> Verification:
        """Encode both texts and verify."""
        raise NotImplementedError
