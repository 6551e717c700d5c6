"""What the model's logits are of, by their places."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

OUTPUTS = ("relevant", "near_miss", "off_topic", "same", "supports")
"""The first three exclude each other: what the passage is to the query. The last two stand alone: do both say
the same, and does the passage support the query, a claim or a yes/no question."""
RELEVANT, NEAR_MISS, OFF_TOPIC, SAME, SUPPORTS = range(5)


def relevant_odds(logits: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Log-odds of *relevant* against the two kinds beside it, ``(n,)`` from logits ``(n, 5)``."""
    exact = logits.astype(np.float64)
    return np.asarray(exact[:, RELEVANT] - np.logaddexp(exact[:, NEAR_MISS], exact[:, OFF_TOPIC]))
