"""What a store is. Every store, embedded or distributed, passes ``tests/contract_store.py``.

A store keeps the record of truth (sources, documents, passages, vectors) and answers the two
recall primitives. It knows no encoder, no reader and no verifier: vectors come in, keys go out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from germane.encode.protocol import Tokens
from germane.types import Document, Passage

Keys = NDArray[np.int64]
Where = Mapping[str, str | int | float | bool]


class Entry(NamedTuple):
    """A document as it is written: its passages with ``pooled`` ``(passages, dimension)`` float32
    unit vectors and, where the index keeps them, one token matrix a passage, packed in the store's
    ``token_format`` by ``germane.encode.pack``."""

    document: Document
    fingerprint: str
    passages: Sequence[Passage]
    pooled: NDArray[np.float32]
    tokens: Sequence[bytes] | None


class Source(NamedTuple):
    """A file that documents come from, as it was when it was last read to its end.

    ``path`` is where it lies, absolute (its name again, where it is no file); ``skipped`` the reason why
    it, or a record of it, gave nothing. A source that was put and not yet finished is kept with a size
    and a time of -1, which no file has, so that whoever compares reads it again.
    """

    name: str
    path: str
    size: int
    modified_ns: int
    skipped: str = ""


class Written(NamedTuple):
    """What one ``put`` changed, in documents."""

    added: int
    updated: int
    unchanged: int


class Ranked(NamedTuple):
    """Passage keys, best first, with their scores; ``lag`` counts changes not yet searchable."""

    keys: Keys
    scores: NDArray[np.float32]
    lag: int = 0


class Stored(NamedTuple):
    """A passage as it is kept; ``tokens`` is None where the index keeps no token matrices."""

    key: int
    passage: Passage
    pooled: NDArray[np.float32]
    tokens: Tokens | None


class Counts(NamedTuple):
    documents: int
    passages: int


class Store(Protocol):
    """Record of truth and recall primitives. All methods raise ``StoreError`` when unusable.

    ``where`` filters are exact: a passage counts only if every named metadata field equals the
    value given (compared as text; booleans as ``true``/``false``). A passage has its document's
    fields, and its own over them. The fields ``document`` and ``source`` are always there.

    A document's id is unique in the store: put by another source, it moves there. A passage's key is
    never used again. A source that lost a document to another, or by ``remove``, counts as not read to its
    end: indexed again, it brings the document back.
    """

    @property
    def settings(self) -> Mapping[str, str]:
        """What was fixed when the store was made: encoder identity, dimension, token format."""
        ...

    @property
    def change(self) -> int:
        """The number of the newest committed change."""
        ...

    def together(self) -> AbstractContextManager[None]:
        """All that is written inside is one transaction: a commit costs more than a small document, and an
        error undoes all of it. Only writes and plain reads belong inside, no recall."""
        ...

    def put(self, source: Source, entries: Sequence[Entry]) -> Written:
        """Write entries of one source in one transaction; replace those whose fingerprint differs.

        Raises ``EncoderMismatch`` where vectors have another dimension than the store's, ``InputError``
        where the parts of an entry do not belong together; nothing is written then.
        """
        ...

    def finish(self, source: Source, documents: Sequence[str]) -> int:
        """Record that ``source`` was read to its end and holds just ``documents``; remove the rest
        of what it held before. Returns how many documents were removed."""
        ...

    def forget(self, sources: Sequence[str]) -> int:
        """Remove sources that are gone, with their documents. Returns how many documents."""
        ...

    def remove(self, documents: Sequence[str]) -> int:
        """Remove documents by id. Returns how many were there."""
        ...

    def sources(self) -> dict[str, Source]:
        """Name -> source, of all there are."""
        ...

    def fingerprints(self, source: str) -> dict[str, str]:
        """Document id -> fingerprint, for one source."""
        ...

    def refresh(self) -> int:
        """Bring the derived caches to the newest change; returns the lag left (0: none)."""
        ...

    def dense(self, vector: NDArray[np.float32], k: int, where: Where | None = None) -> Ranked:
        """The ``k`` passages of highest cosine to ``vector`` ``(dimension,)``, re-ranked in float32."""
        ...

    def lexical(self, text: str, k: int, where: Where | None = None) -> Ranked:
        """The ``k`` passages of highest BM25 score for the words of ``text``."""
        ...

    def lexical_scores(self, text: str, keys: Keys) -> NDArray[np.float32]:
        """The BM25 score of each of ``keys`` for ``text``; 0 where no word is shared."""
        ...

    def fetch(self, keys: Keys, *, tokens: bool = True) -> list[Stored]:
        """What is stored under ``keys``, in their order; keys removed meanwhile are left out."""
        ...

    def documents(self) -> Iterator[tuple[str, str, int]]:
        """Each document's id, title and number of passages."""
        ...

    def document(self, id: str) -> Document:
        """A document as it was put. ``InputError`` where there is none of that id."""
        ...

    def holds(self, documents: Sequence[str]) -> set[str]:
        """Those of ``documents``, by id, that are there."""
        ...

    def fields(self) -> list[str]:
        """The names of the metadata fields that stand on any passage, in order."""
        ...

    def counts(self) -> Counts: ...

    def check(self) -> list[str]:
        """What is wrong with the store, a line each; empty when all is well."""
        ...

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None: ...
