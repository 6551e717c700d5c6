"""The words of germane as plain values.

Every type here is frozen and holds no behaviour beyond ``to_dict`` and a useful ``print``.
Rooms exchange these values; none of them reaches into another room's state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple


class Verdict(StrEnum):
    """What the verifier says of one candidate."""

    RELEVANT = "relevant"
    UNSURE = "unsure"
    NEAR_MISS = "near_miss"
    OFF_TOPIC = "off_topic"


class Section(NamedTuple):
    """A stretch of a document's text under one heading path, ``text[start:end]``."""

    start: int
    end: int
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One file or record, as plain text.

    ``sections`` cover ``text`` in order without overlap; empty means one section without a heading.
    ``metadata`` holds exact-match fields for filters (text, numbers, booleans).
    """

    id: str
    text: str
    title: str = ""
    sections: tuple[Section, ...] = ()
    metadata: Mapping[str, str | int | float | bool] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.id} ({len(self.text):,} characters)"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands: its document, heading path, character offsets, and order in it."""

    document: str
    start: int
    end: int
    order: int
    headings: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "document": self.document,
            "headings": list(self.headings),
            "start": self.start,
            "end": self.end,
            "order": self.order,
        }

    def __str__(self) -> str:
        path = " > ".join((self.document, *self.headings))
        return f"{path} [{self.start}:{self.end}]"


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of a document that is indexed and returned.

    ``id`` is ``document#order``. ``group`` names the set of near-duplicates it belongs to:
    passages that share a group say the same words, almost (0: not known).
    """

    id: str
    text: str
    place: Place
    metadata: Mapping[str, str | int | float | bool] = field(default_factory=dict)
    group: int = 0

    def __str__(self) -> str:
        return f"{self.place}\n{self.text}"


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked, and optionally where it was asked or what came before."""

    text: str
    context: str = ""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Signals:
    """Everything known of one hit, side by side, never blended. None: not computed.

    ``similarity`` is the cosine of the pooled vectors, ``lexical`` the BM25 score,
    ``maxsim`` the mean over query tokens of the best token cosine, ``verification`` the
    verifier's raw score (a logit).
    """

    similarity: float | None = None
    lexical: float | None = None
    maxsim: float | None = None
    verification: float | None = None

    def to_dict(self) -> dict[str, float | None]:
        return {
            "similarity": self.similarity,
            "lexical": self.lexical,
            "maxsim": self.maxsim,
            "verification": self.verification,
        }


@dataclass(frozen=True, slots=True)
class Hit:
    """One candidate with its signals and, once verified, its verdict and the reason for it."""

    passage: Passage
    signals: Signals = field(default_factory=Signals)
    probability: float | None = None
    verdict: Verdict | None = None
    reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {
            "id": self.passage.id,
            "document": self.passage.place.document,
            "text": self.passage.text,
            "place": self.passage.place.to_dict(),
            "group": self.passage.group,
            "signals": self.signals.to_dict(),
            "probability": self.probability,
            "verdict": None if self.verdict is None else self.verdict.value,
            "reason": self.reason,
        }

    def __str__(self) -> str:
        probability = "" if self.probability is None else f" {self.probability:.2f}"
        verdict = "" if self.verdict is None else self.verdict.value
        return f"{verdict}{probability} {self.passage.id}: {self.passage.text[:80]!r} {self.reason}".strip()


class Step(NamedTuple):
    """One step of a run: its name, how long it took, and what it noted (counts, lags)."""

    name: str
    milliseconds: float
    notes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Trace:
    """The steps of a run in order, written by the run itself."""

    steps: tuple[Step, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "milliseconds": round(sum(step.milliseconds for step in self.steps), 3),
            "steps": [
                {"name": s.name, "milliseconds": round(s.milliseconds, 3), **s.notes} for s in self.steps
            ],
        }

    def __str__(self) -> str:
        return " -> ".join(f"{s.name} {s.milliseconds:.1f} ms" for s in self.steps)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The outcome of an operation: what serves, what was rejected and why, and how it was found."""

    query: Query
    results: tuple[Hit, ...] = ()
    rejected: tuple[Hit, ...] = ()
    trace: Trace = field(default_factory=Trace)
    operation: str = "lookup"

    @property
    def answered(self) -> bool:
        """Whether at least one result is relevant."""
        return any(hit.verdict is Verdict.RELEVANT for hit in self.results)

    def to_dict(self) -> dict[str, Any]:
        return {
            "query": self.query.text,
            "operation": self.operation,
            "answered": self.answered,
            "results": [hit.to_dict() for hit in self.results],
            "rejected": [hit.to_dict() for hit in self.rejected],
            "trace": self.trace.to_dict(),
        }

    def __str__(self) -> str:
        head = f"{self.query} -> {'answered' if self.answered else 'nothing relevant'}"
        rows = [f"  + {hit}" for hit in self.results] + [f"  - {hit}" for hit in self.rejected]
        return "\n".join([head, *rows])


class Skip(NamedTuple):
    """A file or record that was not read, and why, in words a person can act on."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What one indexing run did. Counts are of documents, but for ``passages``."""

    documents: int
    passages: int
    added: int
    updated: int
    removed: int
    unchanged: int
    skipped: tuple[Skip, ...]
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        return {
            "documents": self.documents,
            "passages": self.passages,
            "added": self.added,
            "updated": self.updated,
            "removed": self.removed,
            "unchanged": self.unchanged,
            "skipped": [skip._asdict() for skip in self.skipped],
            "seconds": round(self.seconds, 3),
        }
