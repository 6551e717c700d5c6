"""What an encoder is: text in, pooled vectors and token matrices out, from one pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Kind = Literal["query", "passage"]


class Tokens(NamedTuple):
    """The token matrix of one text, special tokens left out.

    ``vectors`` are unit-norm float32 of shape ``(tokens, token_dimension)``; ``ids`` are vocabulary
    ids of shape ``(tokens,)``; ``offsets`` are character spans in the text, shape ``(tokens, 2)``.
    An empty text has zero tokens.
    """

    vectors: NDArray[np.float32]
    ids: NDArray[np.int32]
    offsets: NDArray[np.int32]


class Encoded(NamedTuple):
    """A batch of texts: ``pooled`` is unit-norm float32 ``(texts, dimension)``; one ``Tokens`` each."""

    pooled: NDArray[np.float32]
    tokens: list[Tokens]


@runtime_checkable
class Encoder(Protocol):
    """Anything that turns texts into vectors. A text's vectors never depend on its batch.

    ``identity`` names the weights, the pooling and the projection: two encoders with the same
    identity give the same vectors. Calibrations and indexes are tied to it.
    """

    @property
    def identity(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    @property
    def token_dimension(self) -> int: ...

    def encode(self, texts: Sequence[str], *, kind: Kind = "passage", tokens: bool = True) -> Encoded:
        """Encode ``texts`` in order. With ``tokens=False`` the token list is empty."""
        ...
