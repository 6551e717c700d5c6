"""Two texts, without an index: does this passage answer this query?"""

from __future__ import annotations

import numpy as np

from germane.errors import InputError
from germane.types import Hit, Passage, Place, Signals
from germane.verify.verifier import Verifier


def judge(query: str, passage: str, verifier: Verifier | None = None) -> Hit:
    """The passage as a hit of the query, with every signal that needs no index (``lexical`` needs one).

    Raises ``InputError`` for an empty query.
    """
    if not query.strip():
        raise InputError("the query is empty", hint="ask with at least one word")
    verifier = verifier or Verifier.load()
    pooled, [asked, said] = verifier.encoder.encode([query, passage])
    similarity = float(pooled[0] @ pooled[1])
    [found] = verifier.verify(asked, query, [said], [passage], similarity=np.array([similarity]))
    return Hit(
        Passage("passage", passage, Place("passage", 0, len(passage), 0)),
        Signals(similarity, None, found.maxsim, found.logit),
        found.probability,
        found.verdict,
        found.reason,
    )
