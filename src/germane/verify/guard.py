"""Is an answer that was cached for one text safe to serve for another? Fails closed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from germane.errors import GermaneError
from germane.verify.differences import differences
from germane.verify.same import MOST, SameVerifier, shipped_verifier

MOST_CHARACTERS = 4000
"""Longer texts are not compared: what the model does not read could be what differs."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """``same``: the cached answer may be served. ``probability`` that the two texts ask or say the same;
    ``reason`` says what speaks against it, where that was asked for and something does."""

    same: bool
    probability: float
    reason: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def guard(new: str, cached: str, *, explain: bool = False, verifier: SameVerifier | None = None) -> Guarded:
    """Whether what was answered to ``cached`` answers ``new`` as well.

    It fails closed: what cannot be compared (an empty text, one too long to be read whole, a model that is
    missing) is not the same, and ``reason`` says why; nothing is raised for it. ``explain`` names the words
    that speak against a pair that is turned down, which takes a second look at it.
    """
    try:
        return _compared(new, cached, explain, verifier)
    except GermaneError as error:
        hint = f" ({error.hint})" if error.hint else ""
        return Guarded(False, 0.0, f"cannot compare: {error.message}{hint}")


def _compared(new: str, cached: str, explain: bool, verifier: SameVerifier | None) -> Guarded:
    if not isinstance(new, str) or not isinstance(cached, str) or not new.strip() or not cached.strip():
        return Guarded(False, 0.0, "cannot compare: a text is empty")
    if " ".join(new.split()) == " ".join(cached.split()):
        return Guarded(True, 1.0, "")
    if max(len(new), len(cached)) > MOST_CHARACTERS:
        return Guarded(False, 0.0, f"cannot compare: a text is longer than {MOST_CHARACTERS} characters")
    verifier = verifier or shipped_verifier()
    pooled, states = verifier.encoder.states([new, cached])
    lengths = [len(tokens.ids) for tokens in states]
    if not min(lengths):
        return Guarded(False, 0.0, "cannot compare: a text has no words")
    if max(lengths) > MOST:
        return Guarded(False, 0.0, f"cannot compare: a text is longer than {MOST} word pieces")
    probability = verifier.of_states(pooled, states)
    same = probability >= verifier.threshold
    reason = "" if same or not explain else explained(verifier, new, cached)
    return Guarded(same, round(probability, 4), reason)


def explained(verifier: SameVerifier, new: str, cached: str) -> str:
    """One short clause: the words that speak loudest against the two being the same."""
    named = [
        f"the place of {d.first}" if d.first.lower() == d.second.lower()
        else f"{d.first or 'nothing'} / {d.second or 'nothing'}"
        for d in differences(verifier, new, cached)
    ]  # fmt: skip
    return f"differs in {', '.join(named)}" if named else "differs in what is said"
