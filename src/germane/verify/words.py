"""Word pieces put together again."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from germane.encode.protocol import Tokens
from germane.verify.thesaurus import FLAGS, Thesaurus

CONTINUED, STOP, MARK, NEGATION, NUMBER, QUESTION = (
    FLAGS.index(name) for name in ("continued", "stop", "mark", "negation", "number", "question")
)


class Words(NamedTuple):
    """A text's words without punctuation: the pieces of each, its characters, and the thesaurus's features
    ``(words, flags + 1)``."""

    pieces: list[slice]
    spans: list[tuple[int, int]]
    features: NDArray[np.float32]

    @property
    def first(self) -> list[int]:
        """The first piece of each."""
        return [pieces.start for pieces in self.pieces]

    @property
    def content(self) -> NDArray[np.bool_]:
        """What says something by itself: no stop words, but negations and numbers."""
        flags = self.features
        return np.asarray((flags[:, STOP] == 0) | (flags[:, NEGATION] > 0) | (flags[:, NUMBER] > 0))


def words_of(tokens: Tokens, thesaurus: Thesaurus, *, most: int) -> Words:
    """The words among the first ``most`` tokens of a text."""
    flags = thesaurus.described(tokens.ids[:most])
    starts = [i for i in range(len(flags)) if i == 0 or not flags[i, CONTINUED]]
    pieces = [slice(a, b) for a, b in zip(starts, [*starts[1:], len(flags)], strict=True)]
    kept = [span for span in pieces if not flags[span.start, MARK]]
    spans = [(int(tokens.offsets[s.start, 0]), int(tokens.offsets[s.stop - 1, 1])) for s in kept]
    return Words(kept, spans, flags[[span.start for span in kept]])
