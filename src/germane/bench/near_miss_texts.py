"""Pairs of texts with their vectors, and how a system scores them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from germane.encode.protocol import Encoded, Encoder

Scores = NDArray[np.float64]
Asks = Literal["same", "answers", "supports"]
"""Do both say the same (neither is the query), does the passage answer the query, or say yes to it?"""


class Texts(NamedTuple):
    """Queries and passages in two lists of one length, what the encoder made of them, and what is asked of
    them."""

    queries: Sequence[str]
    passages: Sequence[str]
    asked: Encoded
    said: Encoded
    asks: Asks

    def turned(self) -> Texts:
        """Each passage as the query of its query."""
        return Texts(self.passages, self.queries, self.said, self.asked, self.asks)


System = Callable[[Texts], Scores]


def encoded(
    encoder: Encoder, queries: Sequence[str], passages: Sequence[str], *, asks: Asks = "answers"
) -> Texts:
    """``queries`` and ``passages`` with their vectors; a text that stands in several pairs is read once."""
    place = {text: row for row, text in enumerate(dict.fromkeys([*queries, *passages]))}
    pooled, tokens = encoder.encode(list(place))

    def taken(texts: Sequence[str]) -> Encoded:
        rows = [place[text] for text in texts]
        return Encoded(pooled[rows], [tokens[row] for row in rows])

    return Texts(queries, passages, taken(queries), taken(passages), asks)


def score(system: System, texts: Texts) -> Scores:
    """The system's scores ``(pairs,)``; the mean of both directions where neither text is the query."""
    return (system(texts) + system(texts.turned())) / 2 if texts.asks == "same" else system(texts)
