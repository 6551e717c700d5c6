"""What geometry cannot know of word pieces: opposites lie near each other, as synonyms do.

Tables over the encoder's vocabulary, compiled from WordNet and hand-written pairs by
``learn/lexicon.py``; a lookup by id at run time.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SHIPPED = Path(__file__).parent.parent / "models" / "lexicon"

FLAGS = ("number", "negation", "question", "quantifier", "direction", "stop", "continued", "mark")
RELATIONS = ("same", "synonym", "opposite", "other_number")
"""Code 0 is no relation known; code ``i + 1`` is ``RELATIONS[i]``."""


class Lexicon:
    """Tables by vocabulary id: ``features`` ``(ids, flags + 1)`` and the relation of pairs of ids."""

    def __init__(self, folder: Path | str = SHIPPED) -> None:
        with np.load(Path(folder) / "lexicon.npz", allow_pickle=False) as tables:
            self.lemma: NDArray[np.int32] = tables["lemma"]
            flags, rarity = tables["flags"], tables["rarity"]
            self._related = {name: _by_first(tables[f"{name}s"]) for name in ("synonym", "opposite")}
        self.features: NDArray[np.float32] = np.concatenate(
            [flags.astype(np.float32), rarity.astype(np.float32)[:, None]], axis=1
        )
        self._numbers = np.flatnonzero(flags[:, FLAGS.index("number")])

    def relations(self, query: NDArray[np.int32], passage: NDArray[np.int32]) -> NDArray[np.int8]:
        """Codes of ``RELATIONS`` for query ids ``(q,)`` against passage ids of any shape: ``(q, ...)``.

        Same: one lemma. Other number: both are numbers and they differ.
        """
        table = np.zeros((len(query), len(self.lemma)), np.int8)
        for row, word in enumerate(query):
            if self.features[word, 0]:
                table[row, self._numbers] = 4
            table[row, self._related["synonym"].get(int(word), _NONE)] = 2
            table[row, self._related["opposite"].get(int(word), _NONE)] = 3
            table[row, word] = 1
        same = self.lemma[query].reshape(-1, *[1] * passage.ndim) == self.lemma[passage]
        codes = table[:, passage]
        codes[same] = 1
        return codes


_NONE = np.zeros(0, np.int32)


def _by_first(pairs: NDArray[np.int32]) -> dict[int, NDArray[np.int32]]:
    """Sorted pairs ``(n, 2)`` as second members by first."""
    firsts, starts = np.unique(pairs[:, 0], return_index=True)
    return dict(zip(firsts.tolist(), np.split(pairs[:, 1], starts[1:]), strict=True))


@lru_cache(maxsize=1)
def shipped() -> Lexicon:
    """The lexicon that ships with the package, read once."""
    return Lexicon()
