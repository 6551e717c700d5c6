"""Pairs of texts with their vectors, and how a system scores them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from germane.encode.protocol import Encoded, Encoder

Scores = NDArray[np.float64]


class Texts(NamedTuple):
    """Queries and passages in two lists of one length, beside what the encoder made of them; ``symmetric``
    where neither is the query."""

    queries: Sequence[str]
    passages: Sequence[str]
    asked: Encoded
    said: Encoded
    symmetric: bool

    def turned(self) -> Texts:
        """Each passage as the query of its query."""
        return Texts(self.passages, self.queries, self.said, self.asked, self.symmetric)


System = Callable[[Texts], Scores]


def encoded(
    encoder: Encoder, queries: Sequence[str], passages: Sequence[str], *, symmetric: bool = False
) -> Texts:
    """``queries`` and ``passages`` with their vectors; a text that stands in several pairs is read once."""
    place = {text: row for row, text in enumerate(dict.fromkeys([*queries, *passages]))}
    pooled, tokens = encoder.encode(list(place))

    def taken(texts: Sequence[str]) -> Encoded:
        rows = [place[text] for text in texts]
        return Encoded(pooled[rows], [tokens[row] for row in rows])

    return Texts(queries, passages, taken(queries), taken(passages), symmetric)


def score(system: System, texts: Texts) -> Scores:
    """The system's scores ``(pairs,)``; the mean of both directions where neither text is the query."""
    return (system(texts) + system(texts.turned())) / 2 if texts.symmetric else system(texts)
