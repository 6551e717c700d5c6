"""Which words of the query speak against a passage: the log-odds of relevant rise without them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from germane.encode.protocol import Tokens
from germane.verify.inputs import Inputs, assemble_one
from germane.verify.reasons import MARK, NEGATION, STOP, whole_words
from germane.verify.verifier import Verifier

MOST_TRIED = 64
SPEAKS = 0.1
"""What the log-odds must rise by for a word to be named."""


def words_against(
    verifier: Verifier, query: Tokens, query_text: str, passage: Tokens, *, most: int = 3
) -> list[str]:
    """At most ``most`` words, the one that speaks loudest first. A word is taken out of the map with all its
    pieces; punctuation and stop words are not tried, but negations are. Of a long query the first words."""
    if not len(query.ids) or not len(passage.ids):
        return []
    whole = assemble_one(query, [passage], verifier.lexicon)
    read = whole.query.shape[1]
    words = whole_words(query, query_text, verifier.lexicon)
    flags = verifier.lexicon.features[query.ids[words.first]]
    tried = (flags[:, [STOP, MARK]].max(axis=1) == 0) | (flags[:, NEGATION] > 0)
    chosen = [i for i in np.flatnonzero(tried) if words.last[i] <= read][:MOST_TRIED]
    if not chosen:
        return []
    without = Inputs(*(np.repeat(array, len(chosen), axis=0) for array in whole))
    for row, i in enumerate(chosen):
        pieces = slice(words.first[i], words.last[i])
        without.maps[row, :, pieces] = 0
        for array in (without.query, without.query_features, without.query_mask):
            array[row, pieces] = 0
    rises = _odds(verifier.run(without)) - _odds(verifier.run(whole))
    loudest = [words.texts[chosen[row]] for row in np.argsort(-rises) if rises[row] > SPEAKS]
    return list(dict.fromkeys(loudest))[:most]


def _odds(kinds: NDArray[np.float64]) -> NDArray[np.float64]:
    odds: NDArray[np.float64] = np.log(kinds[:, 0]) - np.log(kinds[:, 1:].sum(axis=1))
    return odds
