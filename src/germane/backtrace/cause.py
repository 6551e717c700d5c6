"""What a backtrace says: where in a sequence the cause of a query most likely is, and whether it is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from germane.backtrace.turns import Turn

PRESENT = 0.5
"""Below this probability that the sequence holds the cause, the answer is: not in here."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A place that may have caused the query: the turn at ``position`` (counted from 0) of ``document``
    (empty where there is but one sequence).

    ``probability`` is that of this turn being a cause; of all turns, and none, they add up to 1. ``signals``
    say what it rests on, side by side: ``similarity`` (cosine), ``maxsim``, ``lexical`` (BM25), ``new``
    (how much of the query comes up here for the first time), ``distance`` (turns before the query, or the
    end).
    """

    position: int
    turn: Turn
    probability: float
    signals: Mapping[str, float]
    document: str = ""

    @property
    def text(self) -> str:
        return self.turn.text

    def to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "position": self.position,
            "text": self.text,
            "probability": self.probability,
        }
        found |= {"speaker": self.turn.speaker, "time": self.turn.time} if any(self.turn[1:]) else {}
        found |= {"document": self.document} if self.document else {}
        return found | {"signals": dict(self.signals)}


@dataclass(frozen=True, slots=True)
class Backtrace:
    """``causes``, best first; ``present``, the probability that the cause is in here at all; ``at``, the
    query's own place where it has one; ``searched``, how many turns were looked at.

    ``shares`` and ``similarities`` ``(searched,)`` have the probability and the cosine of every turn.
    """

    query: str
    causes: tuple[Cause, ...]
    present: float
    at: int | None
    searched: int
    shares: tuple[float, ...] = ()
    similarities: tuple[float, ...] = ()

    @property
    def found(self) -> bool:
        """Whether the cause is likely to be in here."""
        return self.present >= PRESENT

    def to_dict(self) -> dict[str, Any]:
        return {
            "query": self.query,
            "found": self.found,
            "present": self.present,
            "at": self.at,
            "searched": self.searched,
            "causes": [cause.to_dict() for cause in self.causes],
        }

    def __str__(self) -> str:
        head = "" if self.found else "not in here, most likely; the nearest places:\n"
        return head + "\n".join(f"{c.probability:.2f}  [{c.position}] {c.turn}" for c in self.causes)
