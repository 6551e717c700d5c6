"""Which query tokens decided: what the logit does when a token's row is taken out of the map."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from germane.encode.protocol import Tokens
from germane.verify.inputs import Inputs, assemble_one
from germane.verify.verifier import Verifier

MOST = 64
"""Rows tried; a longer query is read in strides."""


def decisive_rows(verifier: Verifier, query: Tokens, passage: Tokens) -> NDArray[np.float64]:
    """For each query token how much the log-odds of relevant rise without it, ``(query_tokens,)``:
    positive for a token that speaks against the passage. Zeros where there is nothing to take out."""
    count = len(query.ids)
    changes = np.zeros(count)
    if count < 2 or not len(passage.ids):
        return changes
    whole = assemble_one(query, [passage], verifier.lexicon)
    rows = np.unique(np.linspace(0, min(count, whole.query.shape[1]) - 1, min(count, MOST)).astype(int))
    without = _repeated(whole, len(rows))
    for i, row in enumerate(rows):
        without.maps[i, :, row] = 0
        without.query[i, row] = 0
        without.query_features[i, row] = 0
        without.query_mask[i, row] = 0
    kinds = verifier.run(without)
    start = verifier.run(whole)
    changes[rows] = _odds(kinds) - _odds(start)
    return changes


def _repeated(inputs: Inputs, times: int) -> Inputs:
    return Inputs(*(np.repeat(array, times, axis=0) for array in inputs))


def _odds(kinds: NDArray[np.float64]) -> NDArray[np.float64]:
    odds: NDArray[np.float64] = np.log(kinds[:, 0]) - np.log(kinds[:, 1:].sum(axis=1))
    return odds
