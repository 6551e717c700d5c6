"""Why a candidate is not the right one, as a short sentence: the words that the model was moved by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from germane.types import Verdict
from germane.verify.differences import TRIED, Difference, Sides, Texts, differences
from germane.verify.thesaurus import OPPOSITE, OTHER_NUMBER

if TYPE_CHECKING:
    from germane.verify.verifier import Verifier

TOPICAL = "about the topic, does not answer"
OFF_TOPIC = "off topic"
UNSURE = "close, not certain"
GENERAL = {
    Verdict.RELEVANT: "",
    Verdict.UNSURE: UNSURE,
    Verdict.NEAR_MISS: TOPICAL,
    Verdict.OFF_TOPIC: OFF_TOPIC,
}


def general(verdict: Verdict) -> str:
    """What the verdict alone says; empty for what is relevant."""
    return GENERAL[verdict]


def reason(
    verifier: Verifier, verdict: Verdict, sides: Sides, texts: Texts, similarity: float, *, quick: int = 0
) -> str:
    """One short clause about query and passage: ``sides`` are their tokens. Where no word stands out it says
    no more than the verdict does. ``quick`` tries only so many words, and each only once."""
    if verdict not in (Verdict.NEAR_MISS, Verdict.UNSURE):
        return general(verdict)
    found = differences(
        verifier.relevant_odds,
        sides,
        texts,
        similarity,
        verifier.thesaurus,
        directed=True,
        tried=quick or TRIED,
        again=not quick,
    )
    return said(found) or general(verdict)


def said(found: list[Difference]) -> str:
    """Differences in words; empty where there are none."""
    return "; ".join(_one(difference) for difference in found)


def _one(difference: Difference) -> str:
    first, second = difference.first, difference.second
    if difference.relation == OPPOSITE:
        return f"opposite: {first} / {second}"
    if difference.relation == OTHER_NUMBER:
        return f"numbers differ: {first} / {second}"
    if not first or not second:
        return f"only one has: {first or second}"
    return f"the place of: {first}" if first.lower() == second.lower() else f"other: {first} / {second}"
