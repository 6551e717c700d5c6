"""What the verifier says of one candidate."""

from __future__ import annotations

from dataclasses import dataclass

from germane.types import Verdict


@dataclass(frozen=True, slots=True)
class Verification:
    """The verifier's raw ``logit``; the calibrated ``probability`` that the candidate is relevant (with
    the recall signals where they were given); the verdict, its reason, and what they rest on.

    ``kinds`` are the head's own probabilities of relevant, near_miss and off_topic, in this order.
    """

    logit: float
    probability: float
    verdict: Verdict
    reason: str
    maxsim: float
    kinds: tuple[float, float, float]
